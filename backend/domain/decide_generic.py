"""`<record>.add` and `<record>.set`: driven by `shared_schema`, for records without a life of their own."""

from typing import Any

from .decision import Case, Decision, Doc, Problem, accepted, change, invalid, known, noop, parked, problem
from .group_rules import record_problems
from .losers import losers
from .merge import merge_set
from .schema import check_fields, check_new, check_set, compact

_ID_ONLY: Doc = {"id": {"type": "id", "label": "", "required": True}}


def add(case: Case) -> Decision:
    """The body is the record; the same id with the same content is a noop, with other content it parks."""
    name, body = case.spec["record"], case.op.get("body")
    problems = check_new(case.schema, name, body) or record_problems(case, name, body or {})
    if problems:
        return invalid(problems)
    doc = compact(body or {})
    state = known(case, name, doc)
    if state == "new":
        return accepted([change(name, doc)])
    return noop() if state == "same" else parked({"code": "op.exists"})


def change_fields(case: Case) -> Decision:
    """The body is `{id, set}`, the base what the author saw; merged per field (invariant 14)."""
    name, body, base = case.spec["record"], case.op.get("body"), case.op.get("base") or {}
    problems = _set_problems(case, name, body, base)
    if problems or not isinstance(body, dict):
        return invalid(problems)
    current = case.records.get(name, body["id"])
    if current is None:
        return parked({"code": "op.missing"})
    result = merge_set(case.schema, name, current, body["set"], base)
    if not result["changed"]:
        return noop()
    problems = changed_problems(case, name, result)
    if problems:
        return invalid(problems)
    conflicts = [{"kind": name, "id": body["id"], **conflict} for conflict in result["conflicts"]]
    changes = [change(name, result["doc"]), *losers(case, name, result["doc"], result["conflicts"])]
    return accepted(changes, "merged" if result["merged"] else "applied", conflicts)


def changed_problems(case: Case, name: str, result: Doc) -> list[Problem]:
    """What is wrong with a merge: two valid edits can join to something invalid, such as too many phones."""
    values = {field: result["doc"].get(field) for field in result["changed"]}
    return check_set(case.schema, name, values) or record_problems(
        case, name, result["doc"], result["changed"]
    )


def _set_problems(case: Case, name: str, body: Any, base: Any) -> list[Problem]:
    if not isinstance(body, dict):
        return [problem("", "field.type")]
    found = [problem(key, "field.unknown") for key in sorted(body.keys() - {"id", "set"})]
    if not isinstance(base, dict):
        found.append(problem("base", "field.type"))
    id_problems = check_fields(case.schema, _ID_ONLY, {"id": body.get("id")})
    return id_problems + found + check_set(case.schema, name, body.get("set"))
