"""What can be imported, as data: field tables and words of `shared_schema/imports/`, ready for use."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import shared_schema
from backend.domain import text

FOLDER = shared_schema.HERE / "imports"
KINDS = ("deliveries", "repair_orders")


def _read(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@cache
def texts() -> dict[str, str]:
    """Chinese texts by code: `row.*` say why a row is refused, `warn.*` and `note.*` what to look at."""
    return {code: str(text) for code, text in _read("texts").items()}


def status(code: str) -> int:
    """The HTTP status of a refusal, `import.*`."""
    return int(shared_schema.load()["codes"][code]["status"])


def message(code: str, /, **details: Any) -> str:
    """The Chinese text of a code with its details filled in; what it says and what to do next."""
    found = texts().get(code) or shared_schema.load()["codes"][code]["message"]
    return str(found).format(**details)


@dataclass(frozen=True)
class Field:
    """One thing a column can hold: where it goes (`record.field`), how it is read, how columns name it."""

    name: str
    label: str
    kind: str
    spec: dict[str, Any]
    required: bool
    synonyms: tuple[str, ...]
    values: dict[str, str]
    absent: frozenset[str]
    time_if_missing: str
    choices: dict[str, str] = field(default_factory=dict)

    @property
    def multiple(self) -> bool:
        """Several columns may feed it: 电话1, 电话2, …"""
        return self.kind == "phones"


@dataclass(frozen=True)
class ImportSpec:
    """One kind of import: its op, the record it is about, its fields by name."""

    name: str
    label: str
    op: str
    record: str
    fields: dict[str, Field]
    merge_list: str | None


def plain(value: str) -> str:
    """Text for comparing with a word list: half width, upper case, no white space."""
    return text.upper_ascii(re.sub(f"[{text.SPACE}]", "", text.half_width(value)))


def kind_of(spec: dict[str, Any]) -> str:
    """How cells of a record's field are read: the type of the field, or `phones`, `items`, `money`."""
    if spec["type"] == "list":
        return "phones" if spec["of"]["type"] == "phone" else "items"
    return "money" if spec.get("unit") == "fen" else str(spec["type"])


def _field(name: str, data: dict[str, Any], schema: dict[str, Any]) -> Field:
    record, of = data["to"].split(".")
    spec = schema["records"][record]["fields"][of]
    items = schema["lists"][spec["list"]]["items"] if "list" in spec else []
    choices = {item["code"]: item["label"] for item in items}
    return Field(
        name=name,
        label=data.get("label", data["synonyms"][0]),
        kind=kind_of(spec),
        spec=spec,
        required=data.get("required", False),
        synonyms=tuple(data["synonyms"]),
        values={plain(word): code for word, code in data.get("values", {}).items()},
        absent=frozenset(plain(word) for word in data.get("absent", [])),
        time_if_missing=data.get("time_if_missing", ""),
        choices=choices,
    )


@cache
def load(kind: str) -> ImportSpec:
    """The import of a kind, `deliveries` or `repair_orders`. :raise KeyError: for any other kind."""
    if kind not in KINDS:
        raise KeyError(kind)
    data, schema = _read(kind), shared_schema.load()
    return ImportSpec(
        name=kind,
        label=data["label"],
        op=data["op"],
        record=data["record"],
        fields={name: _field(name, row, schema) for name, row in data["fields"].items()},
        merge_list=data.get("merge_lines", {}).get("list"),
    )


@cache
def words(name: str) -> frozenset[str]:
    """A word list (`blank`, `no_plate`, `yes`, `no`, `totals`, `footers`, `nil`, …) in its plain form."""
    return frozenset(plain(word) for word in _read("words")[name])
