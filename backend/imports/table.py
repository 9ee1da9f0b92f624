"""Finds the table in a file: which sheet, which row is the heading, which rows are data (D-H3)."""

import datetime
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import workbench
from .dates import NotADate, parse_when
from .headings import normal_heading, score
from .refused import ImportRefused, Limits, refused
from .spec import KINDS, load, message, plain, words
from .spool import Cell, Spool

LOOK_AHEAD = 40
ENOUGH = 2
Row = tuple[int, list[Cell]]


@dataclass
class Table:
    """A table found in a file. `columns` are headings ("" where none), `header_line` counts from 1 as
    Excel does.

    A nil report (「今日无交车」, D-H1) has no columns and `nil` set. Close it (or use `with`) to drop its
    temporary file.
    """

    filename: str
    sheet: str
    header_line: int
    columns: list[str]
    nil: bool = False
    notes: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    spool: Spool | None = None
    number: int = 0
    folder: Any = None

    @property
    def rows(self) -> Iterator[Row]:
        """`(line, cells)` of every data row, from the start each time; totals, footers, repeated headings
        left out."""
        self.skipped.clear()
        heading = [normal_heading(column) for column in self.columns]
        for line, cells in self.spool.rows(self.number) if self.spool else ():
            if line <= self.header_line:
                continue
            reason = _not_data(cells, heading)
            if reason:
                self.skipped[reason] += 1
            else:
                yield line, cells

    def close(self) -> None:
        """Remove the temporary files; the table cannot be read afterwards."""
        if self.folder is not None:
            self.folder.cleanup()

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_table(
    path: Path | str,
    filename: str,
    limits: Limits | None = None,
    kind: str | None = None,
    mapping: dict[str, Any] | None = None,
) -> Table:
    """Read a spreadsheet or text table and find the heading; `kind` and `mapping` help to recognise it.

    :raise ImportRefused: any `import.*` code; `import.no_header` when no row looks like a heading.
    """
    limits = limits or Limits()
    folder = tempfile.TemporaryDirectory(prefix="chedang-import-")
    try:
        spool = workbench.read(Path(path), Path(folder.name), limits)
        table = _best(spool, filename, [kind] if kind else list(KINDS), _headings_of(mapping), limits)
    except BaseException:
        folder.cleanup()
        raise
    table.folder = folder
    return table


def _headings_of(mapping: dict[str, Any] | None) -> set[str]:
    found: set[str] = set()
    for choice in (mapping or {}).values():
        found |= {
            normal_heading(item)
            for item in (choice if isinstance(choice, list) else [choice])
            if isinstance(item, str)
        }
    return found


@dataclass(frozen=True)
class _Heading:
    score: int
    line: int
    columns: tuple[str, ...]


def _best(spool: Spool, filename: str, kinds: list[str], hints: set[str], limits: Limits) -> Table:
    found = [(number, _heading(_first(spool, number), kinds, hints)) for number in range(len(spool.sheets))]
    fitting = [(number, heading) for number, heading in found if heading and heading.score >= ENOUGH]
    if not fitting:
        return _nil_or_refuse(spool, filename, kinds)

    def rank(item: tuple[int, _Heading]) -> tuple[int, bool, int, int]:
        number, heading = item
        sheet = spool.sheets[number]
        return heading.score, sheet["visible"], min(1, sheet["rows"] - 1), -number

    number, heading = max(fitting, key=rank)
    sheet = spool.sheets[number]
    _check_size(sheet, heading, limits)
    table = Table(filename, sheet["name"], heading.line, list(heading.columns), spool=spool, number=number)
    table.notes = [message(code) for code in spool.notes]
    others = [spool.sheets[n]["name"] for n, other in fitting if n != number and spool.sheets[n]["visible"]]
    if others:
        table.notes.append(message("note.other_sheets", sheet=table.sheet, others="、".join(others)))
    return table


def _check_size(sheet: dict[str, Any], heading: _Heading, limits: Limits) -> None:
    if sheet["cut"] or sheet["rows"] > limits.max_rows + 1:
        raise refused("import.too_many_rows", limit=limits.max_rows)
    if len(heading.columns) > limits.max_columns:
        raise refused("import.too_many_columns", columns=f"{limits.max_columns} 多", limit=limits.max_columns)


def _first(spool: Spool, number: int) -> list[Row]:
    rows: list[Row] = []
    for row in spool.rows(number):
        rows.append(row)
        if len(rows) >= LOOK_AHEAD:
            break
    return rows


def _nil_or_refuse(spool: Spool, filename: str, kinds: list[str]) -> Table:
    for number, sheet in enumerate(spool.sheets):
        for line, cells in _first(spool, number):
            if is_nil(cells):
                return Table(filename, sheet["name"], line, [], nil=True)
    if not any(sheet["rows"] for sheet in spool.sheets):
        raise refused("import.empty")
    examples = [row.label for row in load(kinds[0]).fields.values()][:4]
    raise refused("import.no_header", examples="、".join(examples))


def _heading(rows: list[Row], kinds: list[str], hints: set[str]) -> _Heading | None:
    """The best heading among the first rows: one row, or two with merged groups above (客户信息 / 姓名).

    At equal score one row is better, so that a title is no group, unless the groups tell equal names apart.
    """
    found: list[tuple[int, int, _Heading]] = []
    for at, (line, cells) in enumerate(rows):
        single = _texts(cells)
        below = rows[at + 1][1] if at + 1 < len(rows) and rows[at + 1][0] == line + 1 else []
        options = [(line, single, 1)]
        if below and not any(isinstance(cell, datetime.datetime) for cell in below):
            groups = len([name for name in single if name]) > 1 and _has_doubles(_texts(below))
            options.append((line + 1, _joined(single, _texts(below)), 2 if groups else 0))
        for last, columns, preference in options:
            value = score(columns, kinds) + sum(normal_heading(name) in hints for name in columns if name)
            found.append((value, preference, _Heading(value, last, tuple(columns))))
    return max(found, key=lambda item: (*item[:2], -item[2].line))[2] if found else None


def _has_doubles(names: list[str]) -> bool:
    named = [name for name in names if name]
    return len(set(named)) < len(named)


def _texts(cells: list[Cell]) -> list[str]:
    return [cell if isinstance(cell, str) else "" if cell is None else str(cell) for cell in cells]


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """Two heading rows as one: `group\\nname`; a merged group reaches right until the next one begins."""
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    joined, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above or (group if below else "")
        joined.append(f"{group}\n{below}" if group and below else group or below)
    return joined


def _not_data(cells: list[Cell], heading: list[str]) -> str | None:
    first = next((cell for cell in cells if cell is not None), None)
    if isinstance(first, str):
        start = plain(first[:100])
        if start.rstrip(":") in words("totals"):
            return "total"
        if len(cells) - cells.count(None) <= 2:
            if _is_footer(start):
                return "footer"
            if is_nil(cells):
                return "nil"
    return "heading" if _repeats(cells, heading) else None


def _is_footer(text: str) -> bool:
    start = re.split(r"[:(（]", text)[0]
    return (
        start in words("footers") or re.fullmatch(r"(第\d+页)?[/,，]?共\d+[页条行台辆单].*", text) is not None
    )


def _repeats(cells: list[Cell], heading: list[str]) -> bool:
    same = other = 0
    for index, cell in enumerate(cells):
        if cell is None:
            continue
        known = heading[index] if index < len(heading) else ""
        form = normal_heading(cell) if isinstance(cell, str) else ""
        if known and form and (form == known or (known.endswith(form) and len(form) > 1)):
            same += 1
        else:
            other += 1
            if other > same + ENOUGH:
                return False
    return same >= ENOUGH and same > other


def _is_date(cell: Cell) -> bool:
    try:
        parse_when(cell)
    except (NotADate, OverflowError):
        return False
    return True


def is_nil(cells: list[Cell]) -> bool:
    """The row says that there was nothing that day: 「今日无交车」, 「本日没有维修工单」 (D-H1)."""
    filled = [cell for cell in cells if cell is not None]
    said = [cell for cell in filled if not _is_date(cell)]
    if len(said) != 1 or len(filled) > 2 or not isinstance(said[0], str):
        return False
    text = re.sub(r"[。.!！,，、:：]", "", plain(said[0][:100]))
    for prefix in words("nil_prefix"):
        text = text.replace(prefix, "", 1)
    return text in words("nil")


__all__ = ["ImportRefused", "Row", "Table", "is_nil", "read_table"]
