"""Changes on the server while it runs: what tablets then pull, and what the next snapshot must take in."""

from pathlib import Path

from backend import clock, db
from backend.config import Config
from backend.domain.ids import new_id
from backend.sync import door, people

PART = "B:SZ01"
NEWEST = "SELECT id, plate, color FROM vehicle WHERE part = ? ORDER BY delivered_on DESC LIMIT ?"
BATCH = 50


def change(data_dir: Path, count: int, salt: int) -> str:
    """Give the newest `count` vehicles another colour, the first of them another plate, which is returned.

    A transaction for fifty, as imports and tablets bring them.
    """
    db.connect(Config(data_dir).database)
    db.ensure_usable()
    plate, ops = f"粤Z{salt:05}", []
    for number, (vehicle_id, old, color) in enumerate(db.rows(NEWEST, PART, count)):
        base = {"color": color} | ({"plate": old} if number == 0 else {})
        new = {"color": f"色{salt}"} | ({"plate": plate} if number == 0 else {})
        body = {"id": vehicle_id, "set": new}
        ops.append({"id": new_id(), "kind": "vehicle.set", "v": 1, "part": PART, "body": body, "base": base})
    for at in range(0, len(ops), BATCH):
        some = [{**op, "at": clock.now()} for op in ops[at : at + BATCH]]
        statuses = {result["status"] for result in door.submit(some, people.SYSTEM, clock.now())}
        assert statuses <= {"applied", "merged"}, statuses
    db.database.close()
    return plate
