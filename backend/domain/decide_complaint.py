"""Opening a complaint and moving it along its eight steps (D-K1, D-K2; invariant 13)."""

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
    noop,
    parked,
    stamped,
)
from .schema import compact
from .text import is_id
from .timing import is_instant, local_date
from .workflow import apply_step, find_row, opening_row, role_for, step_problems

# Only steps write these; a complaint that is being opened has none of them.
_BY_STEPS = ("handler_id", "closed_at", "compensation_fen")


def open_one(case: Case) -> Decision:
    """complaint.open: `{complaint, step}`; number, state, round and the step's stamps are filled in here."""
    body = prepare_opening(case, case.op.get("body"))
    problems = body_problems(case, body)
    if problems:
        return invalid(problems)
    return opening(case, body["complaint"], body["step"])


def number_of(complaint: Doc) -> str:
    """「TS260102-1A2B」: local date heard and the end of the id, so that it is known offline."""
    day = local_date(complaint["heard_at"]).replace("-", "")[2:]
    return f"TS{day}-{complaint['id'][-4:].upper()}"


def prepare_opening(case: Case, body: Any) -> Any:
    """The body with all that follows from the way the actor opens: state, round, number, who and what."""
    if not isinstance(body, dict) or not isinstance(body.get("complaint"), dict):
        return body
    row = opening_row(case.schema, case.actor)
    given = {key: value for key, value in body["complaint"].items() if key not in _BY_STEPS}
    complaint = _signed_for(case, {**given, "state": row["to"], "round": 1})
    id, heard_at = complaint.get("id"), complaint.get("heard_at")
    if isinstance(id, str) and is_id(id) and isinstance(heard_at, str) and is_instant(heard_at):
        complaint["number"] = number_of(complaint)
    step = body.get("step")
    if not isinstance(step, dict):
        return {**body, "complaint": complaint}
    return {**body, "complaint": complaint, "step": _draft_step(case, row, complaint, step)}


def _signed_for(case: Case, complaint: Doc) -> Doc:
    """With tier 1, and heard by an active colleague or else by the actor; history keeps what it says."""
    if case.actor.get("system"):
        return filled(complaint, tier=1, heard_by=case.actor["id"])
    heard = _staff(case, complaint.get("heard_by"))
    return {**complaint, "tier": 1, "heard_by": heard["id"] if heard else case.actor["id"]}


def _draft_step(case: Case, row: Doc, complaint: Doc, step: Doc) -> Doc:
    """The step with the stamps the server decides, so that a client need not send them."""
    role = role_for(row, complaint, case.actor)
    stamps = {
        "complaint_id": complaint.get("id"),
        "vehicle_id": complaint.get("vehicle_id"),
        "round": complaint.get("round"),
        "step": row["code"],
        "from_state": row["from"],
        "to_state": row["to"],
    }
    held = case.actor["roles"] or case.actor.get("deputy_roles") or ["admin"]
    rest = {
        "actor_id": case.actor["id"],
        "actor_name": case.actor["name"],
        "actor_role": role[0] if role else held[0],
        "happened_at": case.op.get("at"),
        "entered_at": case.op.get("at"),
    }
    return filled(compact({**step, **stamps}), **rest)


def opening(case: Case, complaint: Doc, step: Doc) -> Decision:
    """The decision on a prepared complaint and its first step; also used by callback.record."""
    stored = case.records.get("complaint_step", step["id"])
    if stored and _same_move(stored, step):
        return noop()
    if stored or case.records.get("complaint", complaint["id"]):
        return parked({"code": "op.exists"})
    missing = _missing(case, complaint)
    if missing:
        return parked(missing)
    row = opening_row(case.schema, case.actor)
    problems = step_problems(case.schema, row, complaint, step, {}, "complaint")
    if problems:
        return invalid(problems)
    return _moved(case, complaint, row, step, {})


def _same_move(stored: Doc, step: Doc) -> bool:
    return all(stored.get(key) == step.get(key) for key in ("complaint_id", "step", "from_state", "to_state"))


def _missing(case: Case, complaint: Doc) -> Problem | None:
    for kind in ("vehicle", "customer"):
        if case.records.get(kind, complaint[f"{kind}_id"]) is None:
            return {"code": "op.missing", "field": f"complaint.{kind}_id"}
    return None


def _moved(case: Case, complaint: Doc, row: Doc, step: Doc, changes: Doc) -> Decision:
    after = apply_step(case.schema, complaint, row, step, changes, case.actor)
    fact = stamped(case, after["step"])
    return accepted([change("complaint", after["complaint"]), change("complaint_step", fact)])


def step(case: Case) -> Decision:
    """complaint.step: `{id, from, step, set?}`: one move by someone who may, from the state they saw."""
    body = case.op.get("body")
    problems = _outer_problems(case, body)
    if problems or not isinstance(body, dict):
        return invalid(problems)
    complaint = case.records.get("complaint", body["id"])
    if complaint is None:
        return parked({"code": "op.missing", "field": "id"})
    row = find_row(case.schema, body["from"], body["step"].get("step"))
    if row is None:
        return parked({"code": "op.wrong_step" if complaint["state"] == body["from"] else "op.stale_step"})
    draft = _draft_step(case, row, complaint, body["step"])
    problems = body_problems(case, {**body, "step": draft})
    if problems:
        return invalid(problems)
    return _step(case, complaint, row, draft, compact(body.get("set") or {}))


def _outer_problems(case: Case, body: Any) -> list[Problem]:
    """Problems of the body without the inside of its step, which is looked at once its row is known."""
    found = body_problems(case, body)
    shaped = isinstance(body, dict) and isinstance(body.get("step"), dict)
    return [item for item in found if not (shaped and item["field"].startswith("step."))]


def _step(case: Case, complaint: Doc, row: Doc, draft: Doc, changes: Doc) -> Decision:
    stored = case.records.get("complaint_step", draft["id"])
    if stored:
        return noop() if _same_move(stored, draft) else parked({"code": "op.exists"})
    if complaint["state"] != row["from"]:
        return parked({"code": "op.stale_step"})
    if not case.actor.get("system") and role_for(row, complaint, case.actor) is None:
        return parked({"code": "op.wrong_person" if row.get("actor_field") else "op.not_allowed"})
    problems = step_problems(case.schema, row, complaint, draft, changes, "set")
    problems += _handler_problems(case, draft)
    if problems:
        return invalid(problems)
    return _moved(case, complaint, row, _named(case, draft), changes)


def _handler_problems(case: Case, draft: Doc) -> list[Problem]:
    """A complaint goes only to somebody who can return it: an active colleague (D-K1 step 4)."""
    if not draft.get("handler_id") or _staff(case, draft["handler_id"]):
        return []
    return [{"field": "step.handler_id", "code": "field.not_in_list"}]


def _staff(case: Case, id: Any) -> Doc | None:
    return next((doc for doc in case.records.ref("staff") if doc["id"] == id and doc["active"]), None)


def _named(case: Case, draft: Doc) -> Doc:
    colleague = _staff(case, draft.get("handler_id"))
    return filled(draft, handler_name=colleague["name"]) if colleague else draft
