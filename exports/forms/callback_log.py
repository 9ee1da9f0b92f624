"""回访登记表 (D-X4): every call of a period, one line each, for the manager to sign (D-V1).

Records: `{from, to, calls: [{attempt, vehicle, customer}]}` (dates, both included); blank: `{}`.
"""

from exports.forms.common import head, in_order, is_long, items_of, label, node_name, remarks, tally

EMPTY_LINES = 11
LONG_LINE = 200


def payload(records: dict, ctx: dict) -> dict:
    """The register with its totals; the QR names the period: `<from>/<to>`."""
    period = f"{records['from']}/{records['to']}" if records.get("from") else None
    calls = records.get("calls") or []
    by_id = {call["attempt"]["id"]: call for call in calls}
    attempts = in_order([call["attempt"] for call in calls], "started_at")
    return {
        **head("callback_log", period, ctx),
        "from": records.get("from"),
        "to": records.get("to"),
        "calls": [_line(no, by_id[attempt["id"]], ctx) for no, attempt in enumerate(attempts, 1)],
        "totals": _totals(attempts, ctx) if period else None,
        "spare": EMPTY_LINES if period is None else 0,
    }


def _line(no: int, call: dict, ctx: dict) -> dict:
    said = remarks(call["attempt"].get("answers"))
    attempt, vehicle, customer = call["attempt"], call.get("vehicle") or {}, call.get("customer") or {}
    return {
        "no": no,
        "started_at": attempt["started_at"],
        "plate": vehicle.get("plate"),
        "vin": vehicle.get("vin"),
        "model": vehicle.get("model"),
        "name": customer.get("name"),
        "phone": attempt.get("phone"),
        "node": node_name(ctx, attempt.get("node")),
        "channel": label(ctx, "channel", attempt["channel"]),
        "outcome": label(ctx, "outcome", attempt["outcome"]),
        **tally(attempt.get("answers")),
        "remarks": said,
        "note": attempt.get("note"),
        "long": is_long(LONG_LINE, *said, attempt.get("note")),
        "call_again": attempt.get("call_again") is True,
        "staff": attempt["staff_name"],
        "pending": not attempt.get("synced_at"),
    }


def _totals(attempts: list[dict], ctx: dict) -> dict:
    """Counts by what the outcome list says of each outcome (D-S6): `{calls, reached, success, again}`."""
    flags = {item["code"]: item for item in items_of(ctx, "outcome")}
    rows = [flags.get(attempt["outcome"], {}) for attempt in attempts]
    return {
        "calls": len(attempts),
        "reached": sum(1 for row in rows if row.get("reached")),
        "success": sum(1 for row in rows if row.get("success")),
        "again": sum(1 for attempt in attempts if attempt.get("call_again")),
    }
