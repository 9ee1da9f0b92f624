"""Photos, scans and recordings of a vehicle's file: the op says what was captured, its bytes travel apart
(D-F2, SYNC.md 17).
"""

from typing import Any

from .decision import (
    Case,
    Decision,
    Doc,
    Problem,
    accepted,
    body_problems,
    change,
    filled,
    invalid,
    known,
    noop,
    parked,
    problem,
)
from .rules import item_of


def add(case: Case) -> Decision:
    """attachment.add: a fact of a vehicle known here; the op's `blobs` name its bytes by their hash."""
    body = _prepare(case, case.op.get("body"))
    problems = body_problems(case, body) or _content_problems(case, body["attachment"])
    if problems:
        return invalid(problems)
    doc = body["attachment"]
    if case.records.get("vehicle", doc["vehicle_id"]) is None:
        return parked({"code": "op.missing", "field": "attachment.vehicle_id"})
    state = known(case, "attachment", doc)
    if state == "new":
        return accepted([change("attachment", doc)])
    return noop() if state == "same" else parked({"code": "op.exists"})


def _prepare(case: Case, body: Any) -> Any:
    if not isinstance(body, dict) or not isinstance(body.get("attachment"), dict):
        return body
    by = {"by_id": case.actor["id"], "by_name": case.actor["name"]}
    given = body["attachment"] if case.actor.get("system") else {**body["attachment"], **by}
    return {**body, "attachment": filled(given, **by, taken_at=case.op.get("at"))}


def _content_problems(case: Case, doc: Doc) -> list[Problem]:
    """The kind fits the medium, a document is named, and the op carries the bytes it speaks of."""
    medium = item_of(case.schema, "media_type", doc["media_type"])["kind"]
    found = []
    if medium not in item_of(case.schema, "attachment_kind", doc["kind"])["media"]:
        found.append(problem("attachment.media_type", "field.not_in_list"))
    if (doc["kind"] == "document") != (doc.get("document") is not None):
        code = "field.required" if doc["kind"] == "document" else "field.unknown"
        found.append(problem("attachment.document", code))
    if doc["sha256"] not in (case.op.get("blobs") or []):
        found.append(problem("attachment.sha256", "field.not_in_list"))
    return found


def void(case: Case) -> Decision:
    """attachment.void: its author or a manager takes it out of sight, with a reason; it stays on record."""
    body = case.op.get("body")
    problems = body_problems(case, body)
    if problems or not isinstance(body, dict):
        return invalid(problems)
    doc = case.records.get("attachment", body["id"])
    if doc is None:
        return parked({"code": "op.missing", "field": "id"})
    if doc.get("voided_at"):
        return noop()
    held = {*case.actor["roles"], *case.actor.get("deputy_roles", [])}
    own = doc["by_id"] == case.actor["id"] or case.actor.get("system")
    if not own and held.isdisjoint(case.spec["managers"]):
        return parked({"code": "op.not_allowed"})
    gone = {"voided_at": case.now, "voided_by": case.actor["id"], "void_reason": body["reason"]}
    return accepted([change("attachment", {**doc, **gone})])
