"""A branch's records in memory, and the ops of an import, for the tests of the domain."""

import copy

import shared_schema
from backend.domain.decide import decide
from tests.cast import BRANCHES, SZ01, Cast, customer, fixed_id, vehicle
from tests.domain.filed import Filed

SCHEMA = shared_schema.load()
NOW = "2026-11-20T02:00:00.000Z"  # Friday, 10:00 in Shenzhen


class Shop(Filed):
    """Records that `decide` may look at; `run` applies what it decides."""

    def __init__(self, **refs: list[dict]) -> None:
        self.docs: dict[tuple[str, str], dict] = {}
        self.refs = {"branch": BRANCHES, "staff": [p.doc() for p in Cast()], **refs}

    def get(self, kind: str, id: str) -> dict | None:
        return copy.deepcopy(self.docs.get((kind, id)))

    def ref(self, kind: str) -> list[dict]:
        return self.refs.get(kind, [])

    def author(self, kind: str, id: str, field: str, value: object) -> dict | None:
        return None

    def all(self, kind: str) -> list[dict]:
        return [doc for (name, _), doc in self.docs.items() if name == kind]

    def run(self, kind: str, body: object, person=Cast.bob, base: dict | None = None) -> dict:
        op = {"id": fixed_id(1, 9), "kind": kind, "v": 1, "part": SZ01, "body": body, "base": base, "at": NOW}
        result = decide(SCHEMA, op, self, person.actor(), NOW)
        self.docs |= {(c["kind"], c["id"]): c["doc"] for c in result["changes"]}
        return result


def plan(*nodes: dict, version: int = 1, code: str = "standard") -> dict:
    """A published plan of these nodes."""
    return {
        "id": fixed_id(version, 14),
        "code": code,
        "version": version,
        "title": "标准",
        "nodes": list(nodes),
    }


def node(code: str, **fields: object) -> dict:
    """A node three days after delivery; every field can be set."""
    return {
        **{
            "code": code,
            "name": code,
            "anchor": "delivery",
            "from_days": 2,
            "due_days": 3,
            "channel": "phone",
        },
        **{"owner_role": "sales_consultant", "owner_field": "consultant_id", "script": "sales_call"},
        **{"purpose": "satisfaction", "why": "问候", **fields},
    }


def delivery(number: int = 1, **fields: object) -> dict:
    """The body of a delivery.import; `fields` are of the delivery."""
    who = {"vehicle_id": fixed_id(number, 3), "customer_id": fixed_id(number, 4)}
    return {
        "vehicle": vehicle(number),
        "customer": customer(number),
        "party": {"id": fixed_id(number, 15), **who, "role": "owner"},
        "delivery": {
            **{"id": fixed_id(number, 6), **who, "delivered_on": "2026-11-18", "consultant": "陈晓东"},
            **fields,
        },
    }


def repair(number: int = 1, **fields: object) -> dict:
    """The body of a repair_order.import; `fields` are of the repair order."""
    body = delivery(number)
    who = {"vehicle_id": fixed_id(number, 3), "customer_id": fixed_id(number, 4)}
    order = {
        **{"id": fixed_id(number, 16), **who, "number": f"WX{number:06d}", "type": "repair"},
        **{"out_at": "2026-11-18T07:15:00.000Z", "advisor": "沈山", "mileage_km": 12000, **fields},
    }
    return {
        "vehicle": body["vehicle"],
        "customer": body["customer"],
        "party": body["party"],
        "repair_order": order,
    }
