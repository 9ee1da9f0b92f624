"""What every schedule begins with: two branches with a few vehicles each."""

from flask import Flask

from backend.domain.ids import content_id
from backend.domain.timing import add_days
from backend.jobs import tasks
from backend.sync import door, people
from tests.cast import SZ01, SZ02, Cast, customer, fixed_id, vehicle

VEHICLES = {SZ01: range(1, 9), SZ02: range(21, 26)}


def fill(app: Flask, now: str) -> None:
    """Import the vehicles and make their callback tasks, as the server itself does."""
    for part, numbers in VEHICLES.items():
        results = door.submit(
            [delivery(part, n, add_days(now[:10], -(n % 9))) for n in numbers], people.SYSTEM, now
        )
        assert [r for r in results if r["status"] == "parked"] == []
    tasks.run_all(app.config["CHEDANG"], now)


def delivery(part: str, number: int, day: str) -> dict:
    """An imported hand-over of a new vehicle as an op; the same number is the same vehicle."""
    made, owner = vehicle(number, delivered_on=day), customer(number, name=f"车主{number}")
    seller = (Cast.alice if part == SZ01 else Cast.zoe).name
    links = {"vehicle_id": made["id"], "customer_id": owner["id"]}
    body = {
        "vehicle": made,
        "customer": owner,
        "party": {"id": fixed_id(number, 0x51), "role": "owner", **links},
        "delivery": {"id": fixed_id(number, 0x52), "delivered_on": day, "consultant": seller, **links},
    }
    op_id = content_id(part, "op", str(number), day)
    return {
        "id": op_id,
        "kind": "delivery.import",
        "v": 1,
        "part": part,
        "body": body,
        "at": f"{day}T10:00:00.000Z",
    }
