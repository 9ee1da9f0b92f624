"""Whole files and stories for the sheets: the shapes that the tablet shows, read through the scope."""

from backend.db import chunked
from backend.domain.timing import add_days, at_local
from backend.models import reports
from backend.models.base import Record
from backend.models.files import Customer, Delivery, Party, RepairOrder, Vehicle
from backend.models.scope import Scope
from backend.models.service import Attempt, Complaint, Task

FILE_PARTS = (
    ("deliveries", Delivery),
    ("repair_orders", RepairOrder),
    ("tasks", Task),
    ("attempts", Attempt),
)


def vehicle_file(scope: Scope, vehicle_id: str) -> tuple[str, dict]:
    """(part, `{vehicle, people, deliveries, repair_orders, tasks, attempts, complaints}`) (D-F1).

    :raise Refused: 404 `not_found`.
    """
    vehicle = scope.get(Vehicle, vehicle_id)
    own = Scope([vehicle.part])
    complaints = [row.doc() for row in _of(own, Complaint, vehicle_id)]
    steps = reports.steps_of(own, [doc["id"] for doc in complaints])
    return vehicle.part, {
        "vehicle": vehicle.doc(),
        "people": _people(own, vehicle_id),
        **{name: [row.doc() for row in _of(own, model, vehicle_id)] for name, model in FILE_PARTS},
        "complaints": [{**doc, "steps": steps.get(doc["id"], [])} for doc in complaints],
    }


def complaint(scope: Scope, complaint_id: str) -> tuple[str, dict]:
    """(part, `{complaint, steps, vehicle, customer}`) (D-K1).

    :raise Refused: 404 `not_found`.
    """
    row = scope.get(Complaint, complaint_id)
    own = Scope([row.part])
    return row.part, {
        "complaint": row.doc(),
        "steps": reports.steps_of(own, [row.id]).get(row.id, []),
        "vehicle": own.get(Vehicle, row.vehicle_id).doc(),
        "customer": own.get(Customer, row.customer_id).doc(),
    }


def call(scope: Scope, attempt_id: str) -> tuple[str, dict]:
    """(part, `{attempt, vehicle, customer}`) of one call (D-X5).

    :raise Refused: 404 `not_found`.
    """
    row = scope.get(Attempt, attempt_id)
    return row.part, _calls(Scope([row.part]), [row.doc()])[0]


def calls_between(scope: Scope, part: str, first: str, last: str) -> list[dict]:
    """`{attempt, vehicle, customer}` of a branch's calls from one date to another, both included (D-X4)."""
    own = Scope([scope.require(part)])
    start, end = at_local(first, "00:00"), at_local(add_days(last, 1), "00:00")
    return _calls(own, [doc for _part, doc in reports.attempts_between(own, start, end)])


def _of(scope: Scope, model: type[Record], vehicle_id: str) -> list[Record]:
    return list(scope.select(model).where(model.vehicle_id == vehicle_id).order_by(model.id))


def _people(scope: Scope, vehicle_id: str) -> list[dict]:
    parties = _of(scope, Party, vehicle_id)
    found = _by_id(scope, Customer, {party.customer_id for party in parties})
    return [{**found[p.customer_id], "role": p.role} for p in parties if p.customer_id in found]


def _calls(scope: Scope, attempts: list[dict]) -> list[dict]:
    vehicles = _by_id(scope, Vehicle, {doc["vehicle_id"] for doc in attempts})
    customers = _by_id(scope, Customer, {doc["customer_id"] for doc in attempts if doc.get("customer_id")})
    return [
        {
            "attempt": doc,
            "vehicle": vehicles.get(doc["vehicle_id"]),
            "customer": customers.get(doc.get("customer_id")),
        }
        for doc in attempts
    ]


def _by_id(scope: Scope, model: type[Record], ids: set[str]) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for some in chunked(sorted(ids), 500):
        rows = scope.select(model).where(model.id.in_(some))
        found |= {row.id: row.doc() for row in rows}
    return found


# The sheets that are about one record, by form: `read(scope, id) -> (part, records)`.
ONE_RECORD = {"complaint": complaint, "callback_record": call, "vehicle_file": vehicle_file}
