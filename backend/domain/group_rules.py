"""Rules of single records that a field declaration cannot say: of rules, staff and branches."""

from collections.abc import Collection

from .decision import Case, Doc, Problem, problem

_EVERYWHERE = "*"


def record_problems(case: Case, name: str, doc: Doc, changed: Collection[str] | None = None) -> list[Problem]:
    """Problems of a document that fits its declaration; `changed` names the fields a `.set` changed.

    What an edit leaves alone is not judged again, so that an old record can still be mended or retired.
    """
    if name == "rule":
        return _rule(case, doc, "" if changed is None else "set.")
    if name == "staff":
        return _lasting(case, name, "username", doc, changed) + _posts(case, doc, changed)
    if name == "branch":
        return _lasting(case, name, "code", doc, changed) + _deputies(case, doc, changed)
    return []


def _rule(case: Case, doc: Doc, prefix: str) -> list[Problem]:
    rows = {item["code"]: item for item in case.schema["lists"]["rules"]["items"]}
    row = rows.get(doc["code"])
    if row is None:
        return [problem(prefix + "code", "field.not_in_list")]
    fits = row["min"] <= doc["value"] <= row["max"]
    return [] if fits else [problem(prefix + "value", "field.range")]


def _lasting(case: Case, name: str, field: str, doc: Doc, changed: Collection[str] | None) -> list[Problem]:
    """A name others go by: nobody else has it, and it is never changed."""
    if changed is not None:
        return [problem(f"set.{field}", "field.fixed")] if field in changed else []
    others = (other for other in case.records.ref(name) if other["id"] != doc["id"])
    taken = any(other.get(field) == doc[field] for other in others)
    return [problem(field, "field.taken")] if taken else []


def _posts(case: Case, doc: Doc, changed: Collection[str] | None) -> list[Problem]:
    """A head-office role counts at head office only, any other in a branch there is (D-P12)."""
    group_roles = _group_roles(case)
    known = {branch["code"] for branch in case.records.ref("branch")}
    found = []
    for path, post in _rows("posts", doc, changed):
        in_group = post["role"] in group_roles
        if not (post["branch"] == _EVERYWHERE if in_group else post["branch"] in known):
            found.append(problem(f"{path}.branch", "field.not_in_list"))
    return found


def _deputies(case: Case, doc: Doc, changed: Collection[str] | None) -> list[Problem]:
    """Nobody stands in for head office: its roles are no branch's to lend (D-K2)."""
    group_roles = _group_roles(case)
    rows = _rows("deputies", doc, changed)
    return [problem(f"{path}.role", "field.not_in_list") for path, row in rows if row["role"] in group_roles]


def _rows(field: str, doc: Doc, changed: Collection[str] | None) -> list[tuple[str, Doc]]:
    """`[(path, row)]` of a list, when it is new or changed."""
    if changed is not None and field not in changed:
        return []
    path = field if changed is None else f"set.{field}"
    return [(f"{path}.{at}", row) for at, row in enumerate(doc.get(field) or [])]


def _group_roles(case: Case) -> set[str]:
    return {item["code"] for item in case.schema["lists"]["role"]["items"] if item.get("group")}
