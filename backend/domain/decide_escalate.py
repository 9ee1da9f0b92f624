"""A complaint whose clock was broken rises to the next tier by itself, once: a job is the author (D-K5)."""

from .decision import Case, Decision, accepted, body_problems, change, invalid, noop, parked


def escalate(case: Case) -> Decision:
    """complaint.escalate: `{id, tier, clock, breached_at}`; a tier that is reached already is left alone."""
    body = case.op["body"]
    problems = body_problems(case, body)
    if problems:
        return invalid(problems)
    complaint = case.records.get("complaint", body["id"])
    if complaint is None:
        return parked({"code": "op.missing", "field": "id"})
    if complaint["tier"] >= body["tier"] or complaint["state"] == "closed":
        return noop()
    return accepted([change("complaint", {**complaint, "tier": body["tier"]})])
