"""A past taken over in bulk: the demo group, or the records of an earlier system (server only)."""

from .decision import Case, Decision, Doc, accepted, body_problems, change, invalid, known, noop, parked

# When a fact of the past was entered: it counts as synced then, or loading it would make it late.
_ENTERED = {"attempt": "ended_at", "complaint_step": "entered_at"}


def load(case: Case) -> Decision:
    """history.load: `{<record>: [doc, …], …}`, every doc checked against its record; known ones stay.

    One stored with other content parks the whole op (`op.exists`): the past is not rewritten (D-S6).
    """
    body = case.op.get("body")
    problems = body_problems(case, body)
    if problems or not isinstance(body, dict):
        return invalid(problems)
    changes: dict[tuple[str, str], Doc] = {}
    for kind, docs in body.items():
        for at, doc in enumerate(docs or []):
            state = known(case, kind, doc)
            if state == "other" or (kind, doc["id"]) in changes:
                return parked({"code": "op.exists", "field": f"{kind}.{at}.id"})
            if state == "new":
                changes[kind, doc["id"]] = change(kind, _dated(kind, doc))
    return accepted(list(changes.values())) if changes else noop()


def _dated(kind: str, doc: Doc) -> Doc:
    return {**doc, "synced_at": doc[_ENTERED[kind]]} if kind in _ENTERED else doc
