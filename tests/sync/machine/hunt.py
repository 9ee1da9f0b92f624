"""How many schedules the machine needs to find a seeded bug (TRUST.md, test plan 14)."""

import sys
import time

from tests import postgres
from tests.sync.machine.bugs import BUGS, Bug, seeded
from tests.sync.machine.game import Game
from tests.sync.machine.ledger import Broken
from tests.sync.machine.runs import play, playing, telling
from tests.sync.machine.tour import Tour

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
    with telling(game):
        Tour(game).walk()
    for number in range(most // AT_ONCE):
        play(game, SEED + number, AT_ONCE)


def main(*names: str) -> None:
    """Hunt the named bugs, or all, and say what came of it."""
    with postgres.start() as cluster:
        for name in names or BUGS:
            begun = time.monotonic()
            print(hunt(BUGS[name], cluster), f"{time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
