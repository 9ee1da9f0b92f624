"""How many schedules the machine needs to find a seeded bug (TRUST.md, test plan 14)."""

import json
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from tests import postgres
from tests.sync.machine.bugs import BUGS, Bug, seeded
from tests.sync.machine.game import Game
from tests.sync.machine.ledger import Broken
from tests.sync.machine.runs import play, playing
from tests.sync.machine.tour import Tour

ROOT = Path(__file__).parents[3]
SEED = 7
AT_ONCE = 10


def hunt(bug: Bug, cluster: object = None, most: int = 100) -> dict:
    """`{name, found: invariant | error | None, schedules, message}`: the tour first, then drawn schedules."""
    failure, begun = None, 0
    try:
        with playing(bug.kind, cluster, bug.client) as game, seeded(bug):
            try:
                _search(game, most)
            finally:
                begun = game.begun
    except Exception as first:
        failure = first
    found = failure.number if isinstance(failure, Broken) else failure and type(failure).__name__
    return {"name": bug.name, "found": found, "schedules": begun, "message": str(failure or "")[:200]}


def _search(game: Game, most: int) -> None:
    Tour(game).walk()
    for number in range(most // AT_ONCE):
        play(game, SEED + number, AT_ONCE)


def in_own_process(name: str) -> dict:
    """What a hunt comes to; whatever the bug leaves behind ends with its process."""
    command = [sys.executable, "-m", "tests.sync.machine.hunt", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main(*names: str) -> None:
    """Hunt the named bugs, or all, and say what came of it: a line of JSON each."""
    chosen = [BUGS[name] for name in names or BUGS]
    needed = any(bug.kind == "postgresql" for bug in chosen)
    with postgres.start() if needed else nullcontext() as cluster:
        for bug in chosen:
            begun = time.monotonic()
            told = {**hunt(bug, cluster), "seconds": round(time.monotonic() - begun)}
            print(json.dumps(told, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
