"""Tables as Excel files; what a user typed stays text, never a formula or a link (TRUST.md, files out)."""

import re
from datetime import date, datetime, timedelta
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
WIDTHS = {"text": 20, "integer": 10, "date": 12, "instant": 17, "money": 13}
FORMATS = {
    "text": "@",
    "integer": "0",
    "date": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm",
    "money": "¥#,##0.00",
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_767
LOCAL = timedelta(hours=8)


def table(sheet_title: str, columns: list[dict], rows: list[list]) -> bytes:
    """An .xlsx of one sheet with a fixed heading row and filters.

    `columns` = `[{label, type, width?}]`, type one of text, integer, date (`YYYY-MM-DD`), instant (shown as
    local time, UTC+8) and money (fen, shown as yuan); `rows` = lists of values in that order, None for an
    empty cell. A value that is not of its column's type is written as text.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheet = book.add_worksheet(_sheet_name(sheet_title))
        _head(book, sheet, columns)
        looks = {
            kind: book.add_format({"num_format": code, "valign": "top"}) for kind, code in FORMATS.items()
        }
        guard = book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True})
        for number, row in enumerate(rows, 1):
            for index, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write(sheet, number, index, value, column["type"], looks, guard)
        sheet.autofilter(0, 0, max(len(rows), 1), max(len(columns) - 1, 0))
    return out.getvalue()


def _head(book: xlsxwriter.Workbook, sheet: Worksheet, columns: list[dict]) -> None:
    look = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F2F2F2", "num_format": "@"})
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.get("width") or WIDTHS[column["type"]])
        sheet.write_string(0, index, column["label"], look)
    sheet.freeze_panes(1, 0)


def _write(
    sheet: Worksheet, row: int, column: int, value: object, kind: str, looks: dict[str, Format], guard: Format
) -> None:
    if value is None:
        return
    found = _typed(value, kind)
    if isinstance(found, datetime):
        sheet.write_datetime(row, column, found, looks[kind])
    elif isinstance(found, int | float):
        sheet.write_number(row, column, found, looks[kind])
    else:
        text = str(value)[:LONGEST_CELL]
        sheet.write_string(row, column, text, guard if text.startswith(FORMULA_STARTS) else looks["text"])


def _typed(value: object, kind: str) -> datetime | int | float | None:
    """The value as Excel stores its kind, or None when it is text."""
    if kind in ("integer", "money") and isinstance(value, int) and not isinstance(value, bool):
        return value / 100 if kind == "money" else value
    try:
        if kind == "date" and isinstance(value, str):
            return datetime.combine(date.fromisoformat(value), datetime.min.time())
        if kind == "instant" and isinstance(value, str):
            return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ") + LOCAL
    except ValueError:
        return None
    return None


def _sheet_name(title: str) -> str:
    """A title as a sheet name: at most 31 characters, none of `[]:*?/\\`, no quote at either end."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip("' ")[:31] or "表"
