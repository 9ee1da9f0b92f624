"""One line of the table → one normalised row: values by field, problems that stop it, warnings that do
not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from backend.domain.timing import local_date

from .cells import read_cell
from .headings import Mapping
from .reading import Problem, Read, said
from .spec import Field, ImportSpec, load, message
from .spool import Cell


@dataclass
class Parsed:
    """A line read: `row` holds JSON values of fields that are there; problems and warnings `{field, code,
    message}`."""

    line: int
    cells: list[Cell]
    row: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    merged: list[int] = field(default_factory=list)

    def refuse(self, name: str, code: str, /, **details: Any) -> None:
        """Add a problem: the row is not imported."""
        self.problems.append({"field": name, "code": code, "message": message(code, **details)})

    def warn(self, name: str, code: str, /, **details: Any) -> None:
        """Add a warning: the row is imported, the user should look."""
        self.warnings.append({"field": name, "code": code, "message": message(code, **details)})

    def note(self, name: str, read: Read) -> None:
        """Take over what reading a cell gave."""
        if read.value is not None:
            self.row[name] = read.value
        for found, kept in ((read.problem, self.problems), (read.warning, self.warnings)):
            if found:
                kept.append({"field": name, "code": found[0], "message": found[1]})


def parse_row(mapping: Mapping, line: int, cells: list[Cell]) -> Parsed:
    """Read the mapped columns of a line; required fields are not asked for yet (`require`)."""
    spec, parsed = load(mapping.kind), Parsed(line, cells)
    for name, columns in mapping.of.items():
        values = [cells[column] if column < len(cells) else None for column in columns]
        reads = [read_cell(spec.fields[name], value) for value in values]
        parsed.note(name, reads[0] if len(reads) == 1 else _together(spec.fields[name], reads))
    return parsed


def _together(row: Field, reads: list[Read]) -> Read:
    """Several columns of phones as one list; a bad one beside a good one is only a warning."""
    found = list(dict.fromkeys(phone for read in reads for phone in read.value or []))
    problem = next((read.problem for read in reads if read.problem), None)
    warning = next((read.warning for read in reads if read.warning), None)
    if found and problem:
        return Read(found[: row.spec["max"]], None, ("warn.phone_dropped", problem[1]))
    if len(found) > row.spec["max"]:
        return said(row, found[0], "row.too_many", count=len(found), max=row.spec["max"])
    return Read(found or None, problem, warning)


def require(parsed: Parsed, spec: ImportSpec, today: str) -> None:
    """Ask for required fields, and look at the row as a whole."""
    told = {problem["field"] for problem in parsed.problems}
    for row in spec.fields.values():
        if row.required and row.name not in parsed.row and row.name not in told:
            parsed.refuse(row.name, "row.required", label=row.label)
    if "vin" not in parsed.row and "plate" not in parsed.row and not {"vin", "plate"} & told:
        if not spec.fields["vin"].required:
            parsed.refuse("vin", "row.required", label="车架号或车牌号")
    elif "vin" in told:
        parsed.row.pop("plate", None)
    _look_at_times(parsed, spec, today)


def _look_at_times(parsed: Parsed, spec: ImportSpec, today: str) -> None:
    done = parsed.row.get("delivered_on") or parsed.row.get("out_at")
    if done:
        day, name = (done, "delivered_on") if len(done) == 10 else (local_date(done), "out_at")
        if day > today:
            parsed.warn(name, "warn.future", label=spec.fields[name].label, value=day)
        if name == "out_at" and parsed.row.get("in_at", done) > done:
            parsed.warn("out_at", "warn.out_before_in")
    if not any(name.endswith("phones") and parsed.row.get(name) for name in spec.fields):
        told = {problem["field"] for problem in parsed.problems}
        if not any(name.endswith("phones") for name in told):
            parsed.warn("phones" if "phones" in spec.fields else "owner_phones", "warn.no_phone")


def merge_lines(parsed: Iterator[Parsed], spec: ImportSpec) -> Iterator[Parsed]:
    """Put lines that are one repair order in several lines together: the same number and everything else
    the same,
    or only the item filled in (merged cells). Only lines that follow each other; others are judged as
    duplicates."""
    if spec.merge_list is None:
        yield from parsed
        return
    head: Parsed | None = None
    for line in parsed:
        if head is not None and _continues(head, line, spec.merge_list):
            items = [*head.row.get(spec.merge_list, []), *line.row.get(spec.merge_list, [])]
            head.row[spec.merge_list] = list(dict.fromkeys(items))
            head.merged.append(line.line)
            continue
        if head is not None:
            yield head
        head = line
    if head is not None:
        yield head


def _continues(head: Parsed, line: Parsed, name: str) -> bool:
    if line.problems or head.problems:
        return False
    rest = {key: value for key, value in line.row.items() if key != name}
    if not rest:
        return name in line.row
    same = {key: value for key, value in head.row.items() if key != name}
    joined = len(head.row.get(name, [])) + len(line.row.get(name, []))
    return rest == same and "number" in rest and joined <= load("repair_orders").fields[name].spec["max"]
