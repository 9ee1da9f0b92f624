"""Who last gave a field the value it has: the op log knows, and a merge tells it to those who choose."""

import json

from backend.domain.canonical import same
from backend.domain.text import is_id
from backend.models.sync import Op
from backend.sync import feed, reference

MOST = 200
HOLDS = ("applied", "merged")
SETTLES = ("conflict.settle", "conflict.settle_group")


def record_of(op: dict) -> str | None:
    """The id of the one record that an op is about, as the log is searched by it; None when it names none."""
    body = op["body"] if isinstance(op["body"], dict) else {}
    found = body.get("record_id") or body.get("id")
    return found if isinstance(found, str) and is_id(found) else None


def author_of(part: str, kind: str, record_id: str, field: str, value: object) -> dict | None:
    """`{id, name, at}` of the latest logged op that gave a record's field this value, or None."""
    rows = (
        Op.select(Op.text, Op.ran, Op.author_id)
        .where((Op.part == part) & (Op.record_id == record_id) & Op.status.in_(HOLDS))
        .order_by(Op.received_at.desc(), Op.n.desc())
        .limit(MOST)
    )
    for row in rows:
        op = json.loads(row.ran or row.text)
        if said(op, kind, field, value):
            who = reference.find("staff", id=row.author_id) or {}
            return {"id": row.author_id, "name": who.get("name"), "at": op["at"]}
    return None


def said(op: dict, kind: str, field: str, value: object) -> bool:
    """Did this op give the field this value?"""
    body = op["body"]
    if op["kind"] == f"{kind}.set":
        return field in body["set"] and same(body["set"][field], value)
    if op["kind"] == f"{kind}.add":
        return same(body.get(field), value)
    if op["kind"] not in SETTLES or body["choice"] != "restore":
        return False
    found = feed.latest(op["part"], "conflict", [body["id"]]).get(body["id"])
    doc = found and found[0]
    return bool(doc) and doc["field"] == field and same(json.loads(doc.get("other", "null")), value)
