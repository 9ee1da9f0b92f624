"""The shapes every decision has, and the checks all kinds share: what `decide` and its kinds speak in."""

from dataclasses import dataclass
from typing import Any, Protocol

from .canonical import same
from .schema import check_fields, compact, without_derived

Doc = dict[str, Any]
Problem = dict[str, Any]
Decision = dict[str, Any]


class Records(Protocol):
    """What a decision may look at; handed in by the caller."""

    def get(self, kind: str, id: str) -> Doc | None:
        """The document of this id in the op's partition, or None."""

    def ref(self, kind: str) -> list[Doc]:
        """All documents of a group record."""

    def at(self, part: str) -> "Records":
        """Another partition's records; for what only the server decides."""

    def file(self, vehicle_id: str) -> list[tuple[str, Doc]]:
        """`(kind, document)` of everything in a vehicle's file; for what only the server decides."""

    def vehicles_of(self, customer_id: str) -> list[str]:
        """The vehicles a customer is named with; for what only the server decides."""

    def author(self, kind: str, id: str, field: str, value: Any) -> Doc | None:
        """Who last gave a field this value: `{id?, name?, at?}`, as far as the caller knows."""


@dataclass(frozen=True)
class Case:
    """One op to decide, with everything it depends on."""

    schema: Doc
    op: Doc
    spec: Doc
    records: Records
    actor: Doc
    now: str

    @property
    def part(self) -> str:
        """The partition the op is for."""
        return str(self.op["part"])

    @property
    def branch_code(self) -> str:
        """`SZ01` of `B:SZ01`; empty for the group."""
        return self.part[2:] if self.part.startswith("B:") else ""


def change(kind: str, doc: Doc) -> Doc:
    """One record as it is to be stored."""
    return {"kind": kind, "id": doc["id"], "doc": compact(doc)}


def accepted(changes: list[Doc], status: str = "applied", conflicts: list[Doc] | None = None) -> Decision:
    """The op holds; `status` is applied or merged."""
    return {"status": status, "changes": changes, "problems": [], "conflicts": conflicts or []}


def noop() -> Decision:
    """The op holds and there is nothing left to do."""
    return {"status": "noop", "changes": [], "problems": [], "conflicts": []}


def parked(*problems: Problem) -> Decision:
    """The op does not hold; nothing changes, and it stays whole with its problems (invariant 4)."""
    return {"status": "parked", "changes": [], "problems": list(problems), "conflicts": []}


def invalid(fields: list[Problem]) -> Decision:
    """Parked because of its content: `op.invalid` first, then the fields."""
    return parked({"code": "op.invalid"}, *fields)


def problem(field: str, code: str) -> Problem:
    """A problem of one field of the body."""
    return {"field": field, "code": code}


def body_problems(case: Case, body: Any) -> list[Problem]:
    """Problems of a body against the catalogue's declaration."""
    return check_fields(case.schema, case.spec["body"], body)


def stamped(case: Case, fact: Doc) -> Doc:
    """A fact with the time the server took it in; a tablet leaves that open (D-K2)."""
    return {**fact, "synced_at": case.now} if case.actor["place"] == "server" else fact


def known(case: Case, kind: str, doc: Doc) -> str:
    """`new`, `same` or `other`: how a document stands to what is stored under its id."""
    stored = case.records.get(kind, doc["id"])
    if stored is None:
        return "new"
    mine, theirs = (without_derived(case.schema, kind, item) for item in (doc, stored))
    return "same" if same(mine, theirs) else "other"


def filled(doc: Any, **values: Any) -> Doc:
    """The document with these values where it has none itself."""
    return {**doc, **{key: value for key, value in values.items() if doc.get(key) is None}}


def repeated(items: list[Doc], field: str, path: str) -> list[Problem]:
    """A problem for every item whose code an earlier item has already."""
    seen: set[str] = set()
    found = []
    for at, item in enumerate(items):
        if item[field] in seen:
            found.append(problem(f"{path}.{at}.{field}", "field.format"))
        seen.add(item[field])
    return found
