"""A big branch for the measurements: the demo group, and in SZ01 as many plain files more as are wanted.

Each plain file is a car, its owner, two repair orders and two callbacks: rows as real ones, 190 to 570 bytes.
`python -m tests.bench.branch FOLDER [VEHICLES]` makes one.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from backend import clock, db, setup
from backend.config import Config
from backend.demo import branches, words
from backend.demo.people import Names, born_id, customer
from backend.demo.shop import Shop, instant
from backend.demo.vehicles import Plates, vehicle
from backend.domain.ids import content_id
from backend.domain.timing import MINUTE_MS
from backend.sync import door, people, state

SEED, DEMO, FIRST_SERIAL = 7, 600, 100_000
DAYS, OLDEST_TASK, CALL_AFTER = 1_000, 40, 3  # what is older needs no task any more
ROWS_PER_OP = 700
NODES = ("7RC", "1RC")
QUESTIONS = ("on_time",)


def make(data_dir: Path, vehicles: int) -> Path:
    """A data folder with a branch SZ01 of so many vehicles: seven records each with people and parties."""
    data_dir.mkdir(parents=True, exist_ok=True)
    config, now = Config(data_dir), clock.now()
    db.connect(config.database)
    state.prepare()
    setup.load_demo(SEED, min(DEMO, 2 * vehicles), now, lambda _text: None)
    with db.write_transaction():
        for op in _ops(Shop(SEED, branches()[0], now), vehicles - min(DEMO, 2 * vehicles) // 2):
            assert door.submit([op], people.SYSTEM, now)[0]["status"] == "applied"
    db.database.close()
    return data_dir


def _ops(shop: Shop, vehicles: int) -> Iterator[dict]:
    """`history.load` ops of the files, oldest delivery first."""
    names, plates = Names(shop.rng), Plates(shop.rng, shop.code)
    body: dict[str, list[dict]] = {}
    size = 0
    for serial in range(vehicles):
        for kind, doc in _file(
            shop, names, plates, serial, DAYS - serial * (DAYS - OLDEST_TASK) // max(vehicles, 1)
        ):
            body.setdefault(kind, []).append(doc)
            size += 1
        if size >= ROWS_PER_OP or serial == vehicles - 1:
            yield _op(shop, body, str(serial))
            body, size = {}, 0


def _op(shop: Shop, body: dict, key: str) -> dict:
    op_id = content_id(shop.part, "bench", key)
    return {"id": op_id, "kind": "history.load", "v": 1, "part": shop.part, "body": body, "at": shop.now}


def _file(shop: Shop, names: Names, plates: Plates, serial: int, ago: int) -> Iterator[tuple[str, dict]]:
    car = vehicle(shop.rng, shop.code, FIRST_SERIAL + serial, shop.date(ago), plates, shop.today)
    owner = customer(shop.rng, names, shop.code, shop.moment(ago, 9 * 60 + serial % 480))
    ids = {"vehicle_id": car["id"], "customer_id": owner["id"]}
    yield "vehicle", car
    yield "customer", owner
    key = content_id(shop.part, "party", car["id"], owner["id"], "owner")
    yield "party", {"id": key, **ids, "role": "owner", "since": car["delivered_on"]}
    for number in (1, 2):
        visit = OLDEST_TASK + (ago - OLDEST_TASK) * (3 - number) // 3
        yield "repair_order", _visit(shop, ids, f"WB{shop.code}{serial:06}{number}", visit)
        yield "attempt", _call(shop, ids, owner["phones"][0], number, visit - CALL_AFTER)


def _visit(shop: Shop, ids: dict, number: str, ago: int) -> dict:
    rng, said = shop.rng, words.load()
    kind, advisor = rng.choice(said["later_visits"]), rng.choice(shop.team.all("service_advisor"))
    arrived = shop.moment(ago, shop.open_minute + rng.randrange(24) * 15)
    fen = rng.randrange(180, 3200) * 100
    return {
        **{"id": content_id(shop.part, "repair_order", number), **ids, "number": number, "type": kind},
        **{"in_at": instant(arrived), "out_at": instant(arrived + rng.randrange(4, 20) * 15 * MINUTE_MS)},
        **{"items": said["repairs"][kind][:2], "mileage_km": rng.randrange(3_000, 90_000), "consent": True},
        **{
            "advisor": advisor["name"],
            "advisor_id": advisor["id"],
            "technician": rng.choice(said["technicians"]),
        },
        **{"estimate_fen": fen, "amount_fen": fen},
    }


def _call(shop: Shop, ids: dict, phone: str, number: int, ago: int) -> dict:
    rng, agent = shop.rng, shop.rng.choice(shop.team.all("cs_agent"))
    begun = shop.moment(ago, 9 * 60 + rng.randrange(480))
    return {
        **{"id": born_id(rng, begun), **ids, "node": NODES[number - 1], "staff_id": agent["id"]},
        **{"staff_name": agent["name"], "channel": "phone", "phone": phone, "outcome": "complete"},
        **{"started_at": instant(begun), "ended_at": instant(begun + rng.randrange(60, 600) * 1000)},
        **{"answers": [{"question": code, "value": rng.choice(("yes", "yes", "no"))} for code in QUESTIONS]},
    }


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 30_000)
