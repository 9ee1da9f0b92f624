"""Which car and whom an op is about, in words, for people who have to decide on it."""

from collections.abc import Iterator

from backend.domain.text import is_id
from backend.models.base import RECORDS
from backend.models.scope import Scope

BY_VEHICLE = ("complaint", "task", "party", "delivery", "repair_order")


def labels(part: str, bodies: list[object]) -> list[str]:
    """A label per body: plate (or VIN) and name, such as `粤B12345 张伟`; empty when it names neither.

    What the body itself brings counts before what is stored. A few queries, however many bodies.
    """
    ids = {value for body in bodies for _key, value in _texts(body) if is_id(value)}
    known = _known(Scope([part]), sorted(ids))
    return [_label(list(_texts(body)), known) for body in bodies]


def _texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    items = (
        value.items()
        if isinstance(value, dict)
        else ((key, item) for item in value)
        if isinstance(value, list)
        else ()
    )
    for name, item in items:
        yield from _texts(item, name)


def _known(scope: Scope, ids: list[str]) -> dict[str, dict[str, str]]:
    """`{plate?, name?}` by id, of what is stored; a customer has the plate of their first car."""
    cars: dict[str, str] = {}
    for kind in BY_VEHICLE:
        model = RECORDS[kind]
        cars |= {row.id: row.vehicle_id for row in scope.select(model).where(model.id.in_(ids))}
    vehicle, customer, party = RECORDS["vehicle"], RECORDS["customer"], RECORDS["party"]
    for row in scope.select(party).where(party.customer_id.in_(ids)).order_by(party.id):
        cars.setdefault(row.customer_id, row.vehicle_id)
    found = scope.select(vehicle).where(vehicle.id.in_([*ids, *cars.values()]))
    plates = {row.id: {"plate": row.plate or row.vin} for row in found}
    names = {row.id: {"name": row.name} for row in scope.select(customer).where(customer.id.in_(ids))}
    return plates | {
        key: names.get(key, {}) | plates.get(cars.get(key, ""), {}) for key in {*names, *cars} - plates.keys()
    }


def _label(texts: list[tuple[str, str]], known: dict[str, dict[str, str]]) -> str:
    told: dict[str, str] = {}
    for key, value in texts:
        if key in ("plate", "vin", "name"):
            told.setdefault("plate" if key == "vin" else key, value)
    for _key, value in texts:
        told = known.get(value, {}) | told
    return " ".join(told[key] for key in ("plate", "name") if told.get(key))
