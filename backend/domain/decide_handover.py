"""The daily hand-over: sent every day, also when there was nothing, and confirmed (D-H1, D-H2)."""

from typing import Any

from .canonical import same
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
    noop,
    parked,
    problem,
)
from .schema import without_derived

_BY_RECEIVER = ("received_by", "received_at", "received_count")


def send(case: Case) -> Decision:
    """handover.send: rows counted, or a signed 「今日无交车」; sent once per kind and day."""
    body = _prepare(case, case.op.get("body"))
    problems = body_problems(case, body) or _nil_problems(body["handover"])
    if problems:
        return invalid(problems)
    handover = body["handover"]
    stored = case.records.get("handover", handover["id"])
    if stored is None:
        return accepted([change("handover", handover)])
    mine, theirs = _as_sent(case, handover), _as_sent(case, stored)
    return noop() if same(mine, theirs) else parked({"code": "op.exists"})


def _prepare(case: Case, body: Any) -> Any:
    if not isinstance(body, dict) or not isinstance(body.get("handover"), dict):
        return body
    given = {key: value for key, value in body["handover"].items() if key not in _BY_RECEIVER}
    if not case.actor.get("system"):  # history keeps the people who made it
        given["sent_by"] = case.actor["id"]
    return {**body, "handover": filled(given, sent_by=case.actor["id"], sent_at=case.op.get("at"))}


def _as_sent(case: Case, handover: Doc) -> Doc:
    skipped = (*_BY_RECEIVER, "note", "sent_at")
    return {k: v for k, v in without_derived(case.schema, "handover", handover).items() if k not in skipped}


def _nil_problems(handover: Doc) -> list[Problem]:
    """「今日无」 means a count of 0 and a signature under it; anything else is a count above 0."""
    if handover["nil"] != (handover["count"] == 0):
        return [problem("handover.nil", "field.range")]
    if handover["nil"] and not handover.get("signature"):
        return [problem("handover.signature", "field.required")]
    return []


def receive(case: Case) -> Decision:
    """handover.receive: customer service confirms, with its own count; a second confirmation parks."""
    body = case.op.get("body")
    problems = body_problems(case, body)
    if problems or not isinstance(body, dict):
        return invalid(problems)
    handover = case.records.get("handover", body["id"])
    if handover is None:
        return parked({"code": "op.missing", "field": "id"})
    receipt = {"received_by": case.actor["id"], **{k: body[k] for k in ("received_at", "received_count")}}
    if handover.get("received_at"):
        again = all(handover.get(key) == value for key, value in receipt.items())
        return noop() if again else parked({"code": "op.stale_step"})
    return _received(handover, receipt, body.get("note"))


def _received(handover: Doc, receipt: Doc, note: str | None) -> Decision:
    notes = [text for text in (handover.get("note"), note) if text]
    joined = "；".join(notes)
    if len(joined) > 300:
        return invalid([problem("note", "field.too_long")])
    return accepted([change("handover", {**handover, **receipt, "note": joined or None})])
