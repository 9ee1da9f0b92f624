"""Spreadsheets going out: typed cells; typed text is never a formula or a link (TRUST.md, files out)."""

import zipfile
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from exports import xlsx

COLUMNS = [
    {"label": "门店", "type": "text"},
    {"label": "次数", "type": "integer"},
    {"label": "日期", "type": "date"},
    {"label": "时间", "type": "instant"},
    {"label": "金额", "type": "money"},
]
FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.invalid","x")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "{=1}",
    "http://evil.invalid/",
    "mailto:a@b.cn",
    "internal:表!A1",
    "external:c:\\x.xlsx",
    "0012",
    "1e9",
    "TRUE",
]


def sheet_of(content: bytes) -> Worksheet:
    return openpyxl.load_workbook(BytesIO(content)).active


def test_values_keep_their_kind():
    row = ["深圳福田店", 40, "2026-11-22", "2026-12-31T16:30:00.000Z", 123456]
    sheet = sheet_of(xlsx.table("门店对比", COLUMNS, [row]))
    assert sheet.title == "门店对比"
    assert [cell.value for cell in sheet[1]] == ["门店", "次数", "日期", "时间", "金额"]
    found = [cell.value for cell in sheet[2]]
    assert found == ["深圳福田店", 40, datetime(2026, 11, 22), datetime(2027, 1, 1, 0, 30), 1234.56]
    assert sheet["E2"].number_format == "¥#,##0.00"
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:E2"


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("kind", ["text", "integer", "date", "instant", "money"])
def test_text_stays_text_in_every_column(text: str, kind: str):
    # TRUST: files out
    content = xlsx.table("表", [{"label": text, "type": kind}], [[text]])
    cell = sheet_of(content)["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r") == text  # as a cell spells a carriage return
    assert cell.hyperlink is None
    assert cell.quotePrefix is text.startswith(xlsx.FORMULA_STARTS)
    with zipfile.ZipFile(BytesIO(content)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in page and "hyperlink" not in page
        assert not [name for name in book.namelist() if "externalLink" in name]


def test_empty_cells_and_empty_tables():
    sheet = sheet_of(xlsx.table("空", COLUMNS, []))
    assert sheet.max_row == 1
    sheet = sheet_of(xlsx.table("空", COLUMNS, [[None] * 5]))
    assert all(cell.value is None for row in sheet.iter_rows(min_row=2) for cell in row)


def test_a_value_of_another_kind_is_written_as_text():
    cell = sheet_of(xlsx.table("表", [{"label": "日期", "type": "date"}], [["昨天"]]))["A2"]
    assert cell.value == "昨天"
    cell = sheet_of(xlsx.table("表", [{"label": "次数", "type": "integer"}], [[True]]))["A2"]
    assert cell.value == "True"


@pytest.mark.parametrize(
    ("title", "name"),
    [("A/B:C*[1]?\\", "A B C  1"), ("'x'", "x"), ("长" * 40, "长" * 31), ("//", "表"), ("\x01行", "行")],
)
def test_any_title_makes_a_sheet(title: str, name: str):
    assert sheet_of(xlsx.table(title, COLUMNS, [])).title == name


def test_a_row_of_another_length_is_a_bug():
    with pytest.raises(ValueError):
        xlsx.table("表", COLUMNS, [["x"]])


def test_a_hundred_thousand_cells_and_an_endless_text_fit():
    rows = [["字" * 40_000, number, None, None, number] for number in range(3)]
    rows += [["行", number, "2026-01-01", None, number] for number in range(20_000)]
    sheet = sheet_of(xlsx.table("大", COLUMNS, rows))
    assert sheet.max_row == len(rows) + 1
    assert len(sheet["A2"].value) == xlsx.LONGEST_CELL
