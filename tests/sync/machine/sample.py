"""A seeded sample of schedules, played once however many tests look at it, in however many processes."""

import fcntl
import json
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.sync.machine.ledger import CHECKED, Broken
from tests.sync.machine.net import INJECTED
from tests.sync.machine.runs import play, playing
from tests.sync.machine.tour import Tour

NAMES = {
    1: "no loss",
    2: "at most once",
    3: "terminal",
    4: "parked is whole",
    5: "device order",
    6: "atomic",
    7: "no skip",
    8: "monotone",
    9: "cursor atomicity",
    10: "convergence",
    11: "overlay",
    12: "isolation",
    13: "workflow",
    14: "merge",
    15: "tasks",
    16: "reset",
    17: "blobs",
    18: "clocks",
    19: "versions",
    20: "honest status",
}


def played(kind: str, cluster: object, seed: int, schedules: int, hosts: int = 1) -> dict:
    """`{checked: {number: count}, injected: {fault: count}, broken: number | None, error: text | None}`."""
    CHECKED.clear()
    INJECTED.clear()
    broken = error = None
    try:
        with playing(kind, cluster, hosts=hosts) as game:
            Tour(game).walk()
            play(game, seed, schedules - 1)
    except BaseException as failure:
        broken = failure.number if isinstance(failure, Broken) else None
        notes = "\n".join(getattr(failure, "__notes__", []))
        error = f"seed {seed} on {kind}\n{traceback.format_exc(limit=-4)}\n{notes}"
    counts = {"checked": dict(Counter(CHECKED)), "injected": dict(Counter(INJECTED))}
    return {**json.loads(json.dumps(counts)), "broken": broken, "error": error}


def once(folder: Path, name: str, make: Callable[[], dict]) -> dict:
    """What `make` gave to the first process that asked for `name`; the others wait for it."""
    kept = folder / f"{name}.json"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_text(json.dumps(make()))
        return json.loads(kept.read_text())
