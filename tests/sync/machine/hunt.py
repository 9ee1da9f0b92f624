"""How many schedules the machine needs to find a seeded bug (TRUST.md, test plan 14)."""

import sys
import time

from tests.sync.machine.bugs import BUGS, Bug, seeded
from tests.sync.machine.ledger import Broken
from tests.sync.machine.runs import play, playing

SEED = 7
AT_ONCE = 10


def hunt(bug: Bug, cluster: object = None, most: int = 100) -> dict:
    """`{name, found: invariant | error | None, schedules, message}`: played until something is found."""
    told = {"name": bug.name, "found": None, "schedules": most, "message": ""}
    with playing(bug.kind, cluster, bug.client) as game, seeded(bug):
        for number in range(most // AT_ONCE):
            try:
                play(game, SEED + number, AT_ONCE)
            except Exception as failure:
                name = failure.number if isinstance(failure, Broken) else type(failure).__name__
                return {**told, "found": name, "schedules": game.begun, "message": str(failure)[:200]}
    return told


def main(*names: str) -> None:
    """Hunt the named bugs, or all of SQLite's, and say what came of it."""
    for name in names or [name for name, bug in BUGS.items() if bug.kind == "sqlite"]:
        begun = time.monotonic()
        print(hunt(BUGS[name]), f"{time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
