"""Two people edited one record: different fields both survive, a loser is kept (invariant 14)."""

from typing import Any

from .canonical import same

Doc = dict[str, Any]


def merge_set(schema: Doc, record_name: str, current: Doc, changes: Doc, base: Doc) -> Doc:
    """Three-way per field: `{doc, changed:[field], conflicts:[{field, mine, theirs, base}], merged:bool}`.

    `base` holds what the author saw (absent = null). `merge:"set"` fields join both edits.
    Where both changed one field differently, this (later) change wins and `theirs` is kept as a conflict.
    """
    specs = schema["records"][record_name]["fields"]
    doc, changed, conflicts, merged = dict(current), [], [], False
    for name in sorted(changes):
        mine, theirs, seen = changes[name], current.get(name), base.get(name)
        is_set = specs[name].get("merge") == "set"
        if is_set:
            mine = merge_sets(*map(_listed, (mine, theirs, seen))) or None
        if same(mine, theirs):
            continue
        moved = not same(_listed(theirs), _listed(seen)) if is_set else not same(theirs, seen)
        if moved and not is_set:
            conflicts.append({"field": name, "mine": mine, "theirs": theirs, "base": seen})
        merged = merged or moved
        changed.append(name)
        doc[name] = mine
    kept = {key: value for key, value in doc.items() if value is not None}
    return {"doc": kept, "changed": changed, "conflicts": conflicts, "merged": merged}


def merge_sets(mine: list[Any], theirs: list[Any], base: list[Any]) -> list[Any]:
    """What the others have, without what I removed, with what I added; in their order, then mine."""
    if same(theirs, base):
        return _unique(mine)
    kept = [item for item in theirs if _has(mine, item) or not _has(base, item)]
    return _unique([*kept, *(item for item in mine if not _has(base, item))])


def _listed(value: Any) -> list[Any]:
    """The items of a set; none for what is no list, since nobody checks what an author says to have seen."""
    return value if isinstance(value, list) else []


def _has(items: list[Any], wanted: Any) -> bool:
    return any(same(item, wanted) for item in items)


def _unique(items: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if not _has(found, item):
            found.append(item)
    return found
