"""A tablet of a released version comes back during a schedule (SYNC.md 19); see `test_outboxes.py`."""

from backend.sync import door, people
from tests.sync.machine import histories
from tests.sync.machine.game import CAST, Game
from tests.sync.machine.ledger import require
from tests.sync.test_outboxes import OUTBOXES, read

NEVER = {"op.unknown", "op.version", "op.invalid", "op.hash"}


def replay(game: Game) -> None:
    """Hand in what each release's tablets had in their queues: some may park by now, all are known."""
    for path in OUTBOXES:
        box = read(path)
        door.submit(box["before"], people.SYSTEM, game.now)
        sessions = {
            name: game.net.log_in(getattr(CAST, name), 0x9A) for name in {r["as"] for r in box["outbox"]}
        }
        for row in box["outbox"]:
            session, op = sessions[row["as"]], row["op"]
            histories.OLD_DEVICES.add(session["device"])
            answer = game.net.post("/api/v1/sync/push", {"ops": [op], "pending": 0}, session)
            game.net.ledger.pushed(session["device"], [op], answer)
            code = answer["results"][0].get("code")
            require(19, code not in NEVER, f"{box['version']} {op['kind']}: {code}")
