"""A call and everything that follows from it, decided as one gesture (D-S2, D-S6, D-S7, D-S8)."""

from typing import Any

from . import decide_complaint
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
    stamped,
)
from .rules import item_of
from .text import is_blank
from .timing import add_hours, parse_instant


def record(case: Case) -> Decision:
    """Stores the attempt; moves its task on; takes back consent; opens a complaint when one comes with it."""
    body = prepare(case, case.op.get("body"))
    problems = body_problems(case, body) or attempt_problems(case.schema, body)
    if problems:
        return invalid(problems)
    attempt = body["attempt"]
    state = known(case, "attempt", attempt)
    if state != "new":
        return noop() if state == "same" else parked({"code": "op.exists"})
    if not _own_call(case, attempt):
        return parked({"code": "op.wrong_person", "field": "attempt.staff_id"})
    missing = _missing(case, attempt)
    if missing:
        return parked(missing)
    return _follow(case, body, attempt)


def _own_call(case: Case, attempt: Doc) -> bool:
    """Nobody records another person's call, except from that person's paper (D-X15)."""
    written_down = case.actor.get("system") or attempt.get("from_paper")
    return bool(written_down) or attempt["staff_id"] == case.actor["id"]


def prepare(case: Case, body: Any) -> Any:
    """The body with what the op itself tells: who called, and the links of the complaint."""
    if not isinstance(body, dict) or not isinstance(body.get("attempt"), dict):
        return body
    attempt = filled(body["attempt"], staff_id=case.actor["id"], staff_name=case.actor["name"])
    body = {**body, "attempt": attempt}
    complaint = body.get("complaint")
    if not isinstance(complaint, dict):
        return body
    links = {key: attempt.get(key) for key in ("vehicle_id", "customer_id")}
    links |= {"attempt_id": attempt.get("id"), "heard_at": attempt.get("ended_at")}
    links["heard_channel"] = "callback"
    return decide_complaint.prepare_opening(case, {**body, "complaint": filled(complaint, **links)})


def attempt_problems(schema: Doc, body: Doc) -> list[Problem]:
    """What a declaration cannot say: reasons for 否, a booked time, a pinned questionnaire, times."""
    attempt, found = body["attempt"], []
    answers = attempt.get("answers") or []
    for at, answer in enumerate(answers):
        if answer["value"] == "no" and is_blank(answer.get("reason") or ""):
            found.append(problem(f"attempt.answers.{at}.reason", "field.required"))
    for name in ("questionnaire", "questionnaire_version"):
        if answers and attempt.get(name) is None:
            found.append(problem(f"attempt.{name}", "field.required"))
    if parse_instant(attempt["ended_at"]) < parse_instant(attempt["started_at"]):
        found.append(problem("attempt.ended_at", "field.range"))
    if item_of(schema, "outcome", attempt["outcome"]).get("books") and not attempt.get("booked_at"):
        found.append(problem("attempt.booked_at", "field.required"))
    for name, other in (("complaint", "step"), ("step", "complaint")):
        if body.get(other) and not body.get(name):
            found.append(problem(name, "field.required"))
    return found


def _missing(case: Case, attempt: Doc) -> Problem | None:
    for kind in ("vehicle", "customer", "task"):
        id = attempt.get(f"{kind}_id")
        if id and case.records.get(kind, id) is None:
            return {"code": "op.missing", "field": f"attempt.{kind}_id"}
    return None


def _follow(case: Case, body: Doc, attempt: Doc) -> Decision:
    changes, status = [change("attempt", stamped(case, attempt))], "applied"
    if attempt.get("task_id"):
        task = case.records.get("task", attempt["task_id"]) or {}
        if task["state"] == "open":
            changes.append(change("task", task_after(case.schema, task, attempt)))
        else:
            status = "merged"
    customer = _consent_taken_back(case, attempt)
    if customer:
        changes.append(change("customer", customer))
    if body.get("complaint"):
        opened = decide_complaint.opening(case, body["complaint"], body["step"])
        if opened["problems"]:
            return opened
        changes += opened["changes"]
    return accepted(changes, status)


def task_after(schema: Doc, task: Doc, attempt: Doc) -> Doc:
    """The task after one attempt, by the outcome's row: ended, booked, to be retried, or given up (D-S6)."""
    row = item_of(schema, "outcome", attempt["outcome"])
    after = {**task, "tries": task["tries"] + 1, "last_outcome": attempt["outcome"], "booked_at": None}
    if row["ends"]:
        return {**after, "state": "done", "attempt_id": attempt["id"], "done_at": attempt["ended_at"]}
    if after["tries"] >= row["max_tries"]:
        return {**after, "state": "unreached", "done_at": attempt["ended_at"]}
    booked = attempt.get("booked_at")
    if not booked and "retry_hours" in row:
        booked = add_hours(attempt["ended_at"], row["retry_hours"])
    return {**after, "booked_at": booked}


def _consent_taken_back(case: Case, attempt: Doc) -> Doc | None:
    if attempt["outcome"] != "refused" or attempt.get("consented") is not False:
        return None
    if not attempt.get("customer_id"):
        return None
    customer = case.records.get("customer", attempt["customer_id"]) or {}
    return {**customer, "consent": False} if customer.get("consent") is not False else None


def later(case: Case) -> Decision:
    """Books another time for an open task; a task somebody finished meanwhile parks the booking (D-S1)."""
    body = case.op.get("body")
    problems = body_problems(case, body)
    if problems or not isinstance(body, dict):
        return invalid(problems)
    task = case.records.get("task", body["id"])
    if task is None:
        return parked({"code": "op.missing", "field": "id"})
    if task["state"] != "open":
        return parked({"code": "op.stale_step"})
    if task.get("booked_at") == body["booked_at"]:
        return noop()
    return accepted([change("task", {**task, "booked_at": body["booked_at"]})])
