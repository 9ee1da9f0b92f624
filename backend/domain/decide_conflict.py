"""Two fillings of a field: somebody keeps what stands, or restores the other (invariant 14)."""

import json

from .decide_generic import changed_problems
from .decision import Case, Decision, Doc, accepted, body_problems, change, invalid, noop, parked, problem
from .losers import losers
from .merge import merge_set


def settle(case: Case) -> Decision:
    """The body is `{id, record_id, choice: keep|restore}`, the base `{field: value seen}`.

    A restored value is merged like any edit: what somebody else wrote meanwhile is kept in its turn.
    """
    body, base = case.op.get("body"), case.op.get("base")
    problems = body_problems(case, body)
    if not problems and not isinstance(base, dict | None):
        problems = [problem("base", "field.type")]
    if problems or not isinstance(body, dict):
        return invalid(problems)
    found = case.records.get("conflict", body["id"])
    if found is None or found["record_id"] != body["record_id"]:
        return parked({"code": "op.missing"})
    if found["state"] == "settled" and body["choice"] in ("keep", found.get("choice")):
        return noop()
    done = {**found, "state": "settled", "choice": body["choice"], "settled_at": case.op["at"]}
    done |= {"settled_by_id": case.actor["id"], "settled_by_name": case.actor["name"]}
    if body["choice"] == "keep":
        return accepted([change("conflict", done)])
    return _restored(case, found, done)


def _restored(case: Case, found: Doc, done: Doc) -> Decision:
    name, field = found["kind"], found["field"]
    current = case.records.get(name, found["record_id"])
    if current is None:
        return parked({"code": "op.missing"})
    base = {field: _value(found.get("value")), **(case.op.get("base") or {})}
    result = merge_set(case.schema, name, current, {field: _value(found.get("other"))}, base)
    problems = changed_problems(case, name, result)
    if problems:
        return invalid(problems)
    changes = [change(name, result["doc"])] if result["changed"] else []
    changes += [change("conflict", done), *losers(case, name, result["doc"], result["conflicts"])]
    conflicts = [{"kind": name, "id": found["record_id"], **conflict} for conflict in result["conflicts"]]
    return accepted(changes, "merged" if result["merged"] else "applied", conflicts)


def _value(text: str | None) -> object:
    return None if text is None else json.loads(text)
