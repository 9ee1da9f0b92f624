"""The sheet of rows that were not imported: original cells and the reason, to correct and import again
(D-H3)."""

import io

import xlsxwriter

from .preview import Entry, Preview

HEADINGS = ("原表行号", "原因（请改正后重新导入本表）")
WIDEST = 32_000


def errors_workbook(preview: Preview) -> bytes:
    """An .xlsx with the headings of the original, the rows in error as text, and why. No cell is ever a
    formula."""
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("未导入")
        bold = book.add_format({"bold": True, "bg_color": "#DDDDDD", "border": 1, "text_wrap": True})
        plain = book.add_format({"num_format": "@"})
        wrong = book.add_format({"num_format": "@", "bg_color": "#FFE0E0"})
        reason = book.add_format({"num_format": "@", "text_wrap": True, "font_color": "#B00000"})
        width = len(preview.columns)
        sheet.set_column(0, max(0, width - 1), 16)
        sheet.set_column(width, width, 10)
        sheet.set_column(width + 1, width + 1, 70)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate([*preview.columns, *HEADINGS]):
            sheet.write_string(0, column, _own(heading), bold)
        bad_columns = _columns_of(preview)
        errors = (row for row in preview.rows if row["state"] == "error")
        for line, row in enumerate(errors, start=1):
            bad = {column for problem in row["problems"] for column in bad_columns.get(problem["field"], ())}
            for column, cell in enumerate(row["cells"][:width]):
                sheet.write_string(line, column, cell[:WIDEST], wrong if column in bad else plain)
            sheet.write_string(line, width, str(row["line"]), plain)
            sheet.write_string(line, width + 1, _why(row), reason)
    return target.getvalue()


def _own(heading: str) -> str:
    return heading.replace("\r", "")


def _why(row: Entry) -> str:
    return "\n".join(problem["message"] for problem in row["problems"])


def _columns_of(preview: Preview) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for name, chosen in preview.mapping.items():
        for item in chosen if isinstance(chosen, list) else [chosen]:
            index = item if isinstance(item, int) else preview.columns.index(item)
            found.setdefault(name, []).append(index)
    return found
