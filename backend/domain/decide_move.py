"""A vehicle goes to another branch, and its whole file with it (server only; SYNC.md, Scope change)."""

from .decision import Case, Decision, Doc, accepted, body_problems, change, invalid, noop, parked, problem


def move(case: Case) -> Decision:
    """vehicle.move: the file's records end in this partition and go on in the other one, ids unchanged.

    A customer who keeps another vehicle here is copied; one whom the other branch knows stays as is there.
    """
    body = case.op.get("body")
    problems = body_problems(case, body)
    if problems or not isinstance(body, dict):
        return invalid(problems)
    target = f"B:{body['to']}"
    known = any(
        branch["code"] == body["to"] and branch.get("active") for branch in case.records.ref("branch")
    )
    if not known or target == case.part:
        return invalid([problem("to", "field.not_in_list")])
    there = case.records.at(target)
    if case.records.get("vehicle", body["id"]) is None:
        return noop() if there.get("vehicle", body["id"]) else parked({"code": "op.missing", "field": "id"})
    return accepted([row for found in _rows(case, body["id"]) for row in _moved(case, target, *found)])


def _rows(case: Case, vehicle_id: str) -> list[tuple[str, Doc, bool]]:
    """`(kind, document, ends here)` of the vehicle's file and of the people in it."""
    rows = case.records.file(vehicle_id)
    people = sorted({doc["customer_id"] for kind, doc in rows if kind == "party"})
    found = [(kind, doc, True) for kind, doc in rows]
    for customer_id in people:
        customer = case.records.get("customer", customer_id)
        if customer:
            stays = any(other != vehicle_id for other in case.records.vehicles_of(customer_id))
            found.append(("customer", customer, not stays))
            own = [] if stays else case.records.file(customer_id)
            found += [(kind, doc, True) for kind, doc in own if kind != "customer"]
    return found


def _moved(case: Case, target: str, kind: str, doc: Doc, ends: bool) -> list[Doc]:
    here = [{"kind": kind, "id": doc["id"], "doc": None, "to": target}] if ends else []
    if kind == "customer" and case.records.at(target).get(kind, doc["id"]):
        return here
    return [*here, {**change(kind, doc), "part": target}]
