"""What an import would do, kept in files: rows and ops as JSON lines, so that 100,000 of them need no
memory and the
commit, another request, finds them again."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
STATES = ("new", "changed", "same", "error")
Entry = dict[str, Any]


@dataclass
class Preview:
    """A prepared import. `mapping` as `Mapping.as_json`; rows `{line, state, problems, warnings, summary,
    cells?}`
    with the original cells (texts) of error rows; ops ready for the door. `counts` has every state and
    `total`."""

    folder: Path
    kind: str
    part: str
    import_id: str
    mapping: dict[str, Any]
    columns: list[str]
    sheet: str
    header_line: int
    counts: dict[str, int] = field(default_factory=dict)
    nil: bool = False
    notes: list[str] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    warned: int = 0

    @property
    def rows(self) -> Iterator[Entry]:
        """Every row in the order of the file, from the start each time."""
        return _read_lines(self.folder / "rows.jsonl")

    @property
    def ops(self) -> Iterator[Entry]:
        """The ops of rows that are new or changed, `{id, kind, v, part, body, at}`."""
        return _read_lines(self.folder / "ops.jsonl")

    def page(self, states: tuple[str, ...] = STATES, offset: int = 0, limit: int = 200) -> list[Entry]:
        """Some rows for the screen, without the original cells."""
        found: list[Entry] = []
        for row in self.rows:
            if row["state"] not in states:
                continue
            if offset > 0:
                offset -= 1
                continue
            if len(found) >= limit:
                break
            found.append({key: value for key, value in row.items() if key != "cells"})
        return found

    def as_json(self, limit: int = 500) -> Entry:
        """The answer of POST /api/v1/imports; `rows` begin with those in error, `rows_left_out` says how
        many more."""
        rows = self.page(("error",), limit=limit)
        rows += self.page(("new", "changed", "same"), limit=limit - len(rows))
        return {
            "id": self.import_id, "kind": self.kind, "mapping": self.mapping, "counts": self.counts, "nil":
            self.nil,
            "rows": rows, "rows_left_out": self.counts["total"] - len(rows), "warned": self.warned,
            "columns": self.columns, "sheet": self.sheet, "header_line": self.header_line,
            "notes": self.notes, "skipped": self.skipped,
        }  # fmt: skip

    def save(self) -> None:
        """Keep everything but rows and ops (already written) beside them."""
        own = {key: value for key, value in vars(self).items() if key != "folder"}
        (self.folder / "preview.json").write_text(json.dumps(own, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Preview":
        """The preview kept in a folder. :raise FileNotFoundError: there is none."""
        return cls(folder=folder, **json.loads((folder / "preview.json").read_text(encoding="utf-8")))


def _read_lines(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


class PreviewWriter:
    """Writes rows and ops as they are decided, and counts them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.counts: Counter[str] = Counter()
        self.warned = 0
        self._rows = (self.folder / "rows.jsonl").open("w", encoding="utf-8")
        self._ops = (self.folder / "ops.jsonl").open("w", encoding="utf-8")

    def __enter__(self) -> "PreviewWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()
        self._ops.close()

    def row(self, entry: Entry) -> None:
        """Add a row."""
        self.counts[entry["state"]] += 1
        self.warned += bool(entry["warnings"])
        self._rows.write(_ENCODE(entry) + "\n")

    def op(self, op: Entry) -> None:
        """Add an op."""
        self._ops.write(_ENCODE(op) + "\n")

    def totals(self) -> dict[str, int]:
        """Rows by state, and `total`."""
        return {state: self.counts[state] for state in STATES} | {"total": self.counts.total()}
