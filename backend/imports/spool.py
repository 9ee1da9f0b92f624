"""Rows on their way out of the reader process: one JSON line per row, so that neither side holds a whole
sheet."""

import datetime
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .refused import Limits

_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
Cell = str | int | float | bool | datetime.datetime | None
MAX_TEXT = 4000
EXACT = 10**15


def _plain(value: Any) -> Any:
    """A cell as JSON: dates as `{"d": iso}`, whole floats as integers, blanks as null."""
    if isinstance(value, str):
        return value.strip()[:MAX_TEXT] or None
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value == int(value) and abs(value) < EXACT else value
    if isinstance(value, datetime.datetime):
        return {"d": value.replace(tzinfo=None).isoformat()}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat() + "T00:00:00"}
    return value if isinstance(value, int) else str(value)


def _cell(value: dict[str, str]) -> datetime.datetime:
    return datetime.datetime.fromisoformat(value["d"])


class SpoolWriter:
    """Writes `[sheet, line, cells]` lines, and at the end what the sheets are called and how long they
    are."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self.sheets: list[dict[str, Any]] = []
        self._file = path.open("w", encoding="utf-8")

    def sheet(self, name: str, visible: bool = True) -> int | None:
        """Begin a sheet; its number, or None when the file holds more sheets than are read."""
        if len(self.sheets) >= self.limits.max_sheets:
            return None
        self.sheets.append({"name": name, "visible": visible, "rows": 0, "cut": False})
        return len(self.sheets) - 1

    def row(self, sheet: int, line: int, values: list[Any]) -> bool:
        """Add a row unless it is blank; False when the sheet is longer than is read."""
        cells = [_plain(value) for value in values[: self.limits.max_columns + 1]]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            return True
        entry = self.sheets[sheet]
        if entry["rows"] > self.limits.max_rows + 100:
            entry["cut"] = True
            return False
        entry["rows"] += 1
        self._file.write(_ENCODE([sheet, line, cells]) + "\n")
        return True

    def close(self, **more: Any) -> None:
        """Finish: the manifest is written last, so a reader that died leaves none."""
        self._file.close()
        manifest = {"sheets": self.sheets, **more}
        self.path.with_suffix(".manifest").write_text(
            json.dumps(manifest, ensure_ascii=False), encoding="utf-8"
        )


class Spool:
    """What the reader process left: sheets and their rows, as often as wanted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        manifest = json.loads(path.with_suffix(".manifest").read_text(encoding="utf-8"))
        self.sheets: list[dict[str, Any]] = manifest["sheets"]
        self.notes: list[str] = manifest.get("notes", [])

    def rows(self, sheet: int) -> Iterator[tuple[int, list[Cell]]]:
        """`(line, cells)` of a sheet; `line` is the row number as Excel shows it, or the line of the text
        file."""
        prefix = f"[{sheet}, "
        with self.path.open(encoding="utf-8") as file:
            for text in file:
                if text.startswith(prefix):
                    _, line, cells = json.loads(text, object_hook=_cell)
                    yield line, cells
