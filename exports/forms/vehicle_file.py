"""一车一档 (D-X9): cover with the place of the paper file, then everything known about one vehicle.

Records: the worker's `file(vehicle_id)`: vehicle, people, deliveries, repair_orders, attempts, complaints.
"""

from exports.forms.common import (
    customer_of,
    head,
    in_order,
    is_long,
    label,
    node_name,
    remarks,
    tally,
    vehicle_of,
)

MORE_LINES = 3
EMPTY_LINES = 8
LONG_LINE = 200
LONG_ARCHIVE_NO = 14


def payload(records: dict, ctx: dict) -> dict:
    """Cover, people, sale, repairs, callbacks and complaints, oldest first as a paper file grows (D-F1).

    Every table ends in empty lines to write on: 3 after known rows, 8 on a blank sheet.
    """
    vehicle = records.get("vehicle") or {}
    docs = records.get("people") or []
    people = [_person(doc, ctx) for doc in docs]

    def rows(name: str, key: str) -> list[dict]:
        return in_order(records.get(name) or [], key)

    return {
        **head("vehicle_file", vehicle.get("id"), ctx),
        "vehicle": vehicle_of(vehicle),
        "archive_long": is_long(LONG_ARCHIVE_NO, vehicle.get("archive_no")),
        "owner": _owner(docs),
        "people": people,
        "deliveries": [_delivery(doc, people) for doc in rows("deliveries", "delivered_on")],
        "repairs": [_repair(doc, people, ctx) for doc in rows("repair_orders", "out_at")],
        "callbacks": [_callback(doc, ctx) for doc in rows("attempts", "started_at")],
        "complaints": [_complaint(doc, ctx) for doc in rows("complaints", "heard_at")],
        "spare": MORE_LINES if vehicle else EMPTY_LINES,
    }


def _person(doc: dict, ctx: dict) -> dict:
    return {"id": doc.get("id"), "role": label(ctx, "party_role", doc.get("role")), **customer_of(doc, ctx)}


def _owner(docs: list[dict]) -> str | None:
    """The owner's name; without one, the first person's."""
    owners = [doc for doc in docs if doc.get("role") == "owner"]
    return next((doc["name"] for doc in owners or docs), None)


def _name(people: list[dict], customer_id: str | None) -> str | None:
    return (
        next((person["name"] for person in people if person["id"] == customer_id), None)
        if customer_id
        else None
    )


def _delivery(doc: dict, people: list[dict]) -> dict:
    return {
        "delivered_on": doc["delivered_on"],
        "customer": _name(people, doc.get("customer_id")),
        "consultant": doc.get("consultant"),
        "note": doc.get("note"),
    }


def _repair(doc: dict, people: list[dict], ctx: dict) -> dict:
    names = ("number", "in_at", "out_at", "mileage_km", "advisor", "technician", "amount_fen", "note")
    return {
        **{name: doc.get(name) for name in names},
        "type": label(ctx, "repair_type", doc["type"]),
        "items": "、".join(doc.get("items") or []),
        "customer": _name(people, doc.get("customer_id")),
        "long": is_long(LONG_LINE, *(doc.get("items") or []), doc.get("note")),
    }


def _callback(doc: dict, ctx: dict) -> dict:
    said = remarks(doc.get("answers"))
    return {
        "started_at": doc["started_at"],
        "node": node_name(ctx, doc.get("node")),
        "channel": label(ctx, "channel", doc["channel"]),
        "outcome": label(ctx, "outcome", doc["outcome"]),
        **tally(doc.get("answers")),
        "remarks": said,
        "note": doc.get("note"),
        "long": is_long(LONG_LINE, *said, doc.get("note")),
        "staff": doc["staff_name"],
    }


def _complaint(doc: dict, ctx: dict) -> dict:
    names = ("number", "heard_at", "content", "demand", "round", "closed_at", "compensation_fen")
    return {
        **{name: doc.get(name) for name in names},
        "state": label(ctx, "complaint_state", doc["state"]),
        "cause": label(ctx, "complaint_cause", doc.get("cause")),
        "severity": label(ctx, "complaint_severity", doc.get("severity")),
        "handler": ctx["staff"].get(doc.get("handler_id")),
        "long": is_long(LONG_LINE, doc.get("content"), doc.get("demand")),
    }
