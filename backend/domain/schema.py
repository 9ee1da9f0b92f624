"""Checks documents against `shared_schema`: one declaration, one validator, problems as the answer."""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields

from .fields import SHAPES, Boolean, Code, Integer, Items, Nested, Shaped, Strict, Text, errors_of

Doc = dict[str, Any]
Problem = dict[str, Any]
# Built once per declaration; the declaration is kept beside it so that its id() stays its own.
_built: dict[tuple[int, bool], tuple[Doc, Schema]] = {}


def check(schema: Doc, record_name: str, doc: Any) -> list[Problem]:
    """Problems of a whole document of a record, `[{field, code}]`, in the order fields are declared."""
    return _problems(_record_schema(schema, record_name), doc, "")


def check_fields(schema: Doc, specs: Doc, doc: Any, prefix: str = "") -> list[Problem]:
    """Problems of a document against loose declarations (an op's body); derived fields are not writable."""
    return _problems(_schema_of(schema, specs, writable=True), doc, prefix)


def check_new(schema: Doc, record_name: str, doc: Any, prefix: str = "") -> list[Problem]:
    """Problems of a document somebody hands in: as `check`, and derived fields are unknown."""
    return check_fields(schema, schema["records"][record_name]["fields"], doc, prefix)


def check_set(schema: Doc, record_name: str, changes: Any, prefix: str = "set.") -> list[Problem]:
    """Problems of new values for fields of a record; null clears; id and derived fields cannot be set."""
    if not isinstance(changes, dict):
        return [{"field": prefix.rstrip("."), "code": "field.type"}]
    known = _schema_of(schema, schema["records"][record_name]["fields"], writable=True).fields
    found: list[Problem] = []
    for name, field in known.items():
        if name in changes and name != "id":
            found += _flat(errors_of(field, changes[name]), prefix + name)
    unknown = sorted(name for name in changes if name not in known or name == "id")
    return found + [{"field": prefix + name, "code": "field.unknown"} for name in unknown]


def marshmallow_schema(schema: Doc, record_name: str) -> Schema:
    """The record as a marshmallow schema (unknown=RAISE), for the HTTP edge and the OpenAPI document."""
    return _record_schema(schema, record_name)


def without_derived(schema: Doc, record_name: str, doc: Doc) -> Doc:
    """The document as its author wrote it: without derived fields and without nulls."""
    specs = schema["records"][record_name]["fields"]
    return {k: v for k, v in doc.items() if v is not None and not specs.get(k, {}).get("derived")}


def compact(doc: Doc) -> Doc:
    """The document as stored: without null fields."""
    return {key: value for key, value in doc.items() if value is not None}


def _record_schema(schema: Doc, record_name: str) -> Schema:
    return _schema_of(schema, schema["records"][record_name]["fields"], writable=False)


def _schema_of(schema: Doc, specs: Doc, *, writable: bool) -> Schema:
    key = (id(specs), writable)
    if key not in _built:
        own = {n: s for n, s in specs.items() if not (writable and s.get("derived"))}
        made = {name: _field(schema, spec, writable) for name, spec in own.items()}
        _built[key] = (specs, Strict.from_dict(made)())
    return _built[key][1]


def _field(schema: Doc, spec: Doc, writable: bool) -> fields.Field[Any]:
    kind = spec["type"]
    if kind in SHAPES:
        fits, longest = SHAPES[kind]
        return Shaped(spec, fits, longest)
    if kind == "code":
        return Code(spec, frozenset(item["code"] for item in schema["lists"][spec["list"]]["items"]))
    if kind == "list":
        return Items(spec, _field(schema, {**spec["of"], "required": True}, writable))
    if kind == "object":
        return Nested(spec, _schema_of(schema, spec["fields"], writable=writable))
    if kind == "record":
        inner = schema["records"][spec["record"]]["fields"]
        return Nested(spec, _schema_of(schema, inner, writable=writable))
    return SIMPLE[kind](spec)


SIMPLE: dict[str, Callable[[Doc], fields.Field[Any]]] = {"text": Text, "integer": Integer, "boolean": Boolean}


def _problems(made: Schema, doc: Any, prefix: str) -> list[Problem]:
    if not isinstance(doc, dict):
        return [{"field": prefix.rstrip("."), "code": "field.type"}]
    return _flat(made.validate(doc), prefix.rstrip("."))


def _flat(errors: Any, path: str) -> list[Problem]:
    if not errors:
        return []
    if isinstance(errors, list):
        return [{"field": path, "code": errors[0]}]
    found: list[Problem] = []
    unknown = sorted(key for key, value in errors.items() if value == ["field.unknown"])
    for key in [*(key for key in errors if key not in unknown), *unknown]:
        found += _flat(errors[key], f"{path}.{key}" if path else str(key))
    return found
