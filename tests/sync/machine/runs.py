"""Runs schedules by seed; `python -m tests.sync.machine.runs sqlite 7 1 20` plays one run by hand."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import machine, postgres
from tests.sync.machine.game import Game
from tests.sync.machine.host import Host
from tests.sync.machine.ledger import CHECKED
from tests.sync.machine.net import INJECTED
from tests.sync.machine.peer import Peer
from tests.sync.machine.schedule import Schedule
from tests.sync.machine.tablets import Node, Tablets, Wire

STEPS = 50


@contextmanager
def playing(
    kind: str, cluster: object = None, bug: dict | None = None, hosts: int = 1, wire: Wire | None = None
) -> Iterator[Game]:
    """A game on a database of `kind`, prepared, with tablets in Node, `bug` loaded, or behind another `wire`;
    a second host may serve.
    """
    folder = Path(tempfile.mkdtemp(prefix="machine", dir=machine.fast_folder()))
    wire = wire or Node(bug)
    tablets = Tablets(wire)
    try:
        with Host(folder, kind, cluster).prepared() as host:
            game = Game(host, tablets)
            tablets.trace = [] if os.environ.get("MACHINE_TRACE") else None
            game.prepare()
            with peers(host) if hosts > 1 else nullcontext():
                yield game
    finally:
        wire.close()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def peers(host: Host) -> Iterator[None]:
    """A second host on the same database takes its share of the requests."""
    host.peer = Peer(host)
    try:
        yield
    finally:
        host.peer.close()
        host.peer = None


@contextmanager
def telling(game: Game) -> Iterator[None]:
    """A failure comes with the schedule that led to it, and is the first one."""
    try:
        yield
    except BaseException:
        if game.trace:
            Path(os.environ["MACHINE_TRACE"]).write_text("\n".join(game.trace))
        if game.failure:
            failure, log = game.failure
            failure.add_note("\n".join(f"{name} {given}" for name, given in log))
            raise failure from None
        raise


def play(game: Game, number: int, schedules: int, steps: int = STEPS, shrink: bool = False) -> None:
    """Play schedules drawn from a seed.

    :raise Broken: when an invariant does not hold; any other exception when something failed that must not.
    """
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    machine = type("Schedule", (Schedule,), {"game": game})
    chosen = settings(
        max_examples=schedules,
        stateful_step_count=steps,
        phases=phases,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    with telling(game):
        run_state_machine_as_test(seed(number)(machine), settings=chosen)


def main(kind: str = "sqlite", first: str = "1", count: str = "1", schedules: str = "20") -> None:
    """Play runs from a seed on, and say what was counted."""
    with (
        postgres.start() if kind == "postgresql" else nullcontext() as cluster,
        playing(kind, cluster) as game,
    ):
        for number in range(int(first), int(first) + int(count)):
            begun, cpu = time.monotonic(), time.process_time()
            play(game, number, int(schedules))
            print(
                number,
                f"{time.monotonic() - begun:.1f} s, {time.process_time() - cpu:.1f} s here",
                flush=True,
            )
    print(dict(sorted(CHECKED.items())), dict(INJECTED))


if __name__ == "__main__":
    main(*sys.argv[1:])
