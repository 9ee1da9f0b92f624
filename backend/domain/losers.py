"""Both values of a field that two people filled in differently are kept, with who and when (invariant 14)."""

from .canonical import canonical
from .decision import Case, Doc, change

_PLACE, _VERSION_AT = 4, 14


def losers(case: Case, name: str, doc: Doc, conflicts: list[Doc], number: int = 0) -> list[Doc]:
    """The changes that keep what a merge set aside: an open `conflict` record per field.

    `doc` is the record as merged, `number` tells the records of one op apart. The id is a function of op,
    record and field, so that tablet and server make the same record.
    """
    places = list(case.schema["records"][name]["fields"])
    return [
        change("conflict", _loser(case, name, doc, found, f"{number:02x}{places.index(found['field']):02x}"))
        for found in conflicts
    ]


def conflict_id(op_id: str, place: str) -> str:
    """A UUIDv8 (RFC 9562): the op's id; its first four hex digits say which record and field."""
    return f"{place}{op_id[_PLACE:_VERSION_AT]}8{op_id[_VERSION_AT + 1 :]}"


def _loser(case: Case, name: str, doc: Doc, found: Doc, place: str) -> Doc:
    file = case.schema["records"][name]["file"]
    before = case.records.author(name, doc["id"], found["field"], found["theirs"]) or {}
    return {
        **{"id": conflict_id(case.op["id"], place), "kind": name, "record_id": doc["id"]},
        **{"file_id": doc.get(file) if file else None, "field": found["field"], "state": "open"},
        **{"value": _text(found["mine"]), "by_id": case.actor["id"], "by_name": case.actor["name"]},
        **{"at": case.op["at"], "other": _text(found["theirs"]), "other_by_id": before.get("id")},
        **{"other_by_name": before.get("name"), "other_at": before.get("at")},
    }


def _text(value: object) -> str | None:
    """A value of any type as text; nothing stays nothing."""
    return None if value is None else canonical(value)
