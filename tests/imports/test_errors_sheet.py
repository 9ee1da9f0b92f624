"""The sheet of rows in error: original cells and reason, safe to open, good to correct and import (D-H3)."""

import io

import openpyxl
import pytest

from backend.imports import errors_workbook
from tests.imports import making
from tests.imports.making import DELIVERY_HEADINGS, delivery, look_at, vin

DANGEROUS = [
    "=1+1",
    "+SUM(A1)",
    "-2+3",
    "@cmd",
    "\tx",
    '=HYPERLINK("http://x")',
    "=cmd|'/C calc'!A0",
    "http://x.example",
]


def sheet_of(preview):
    return openpyxl.load_workbook(io.BytesIO(errors_workbook(preview))).active


def test_error_rows_stand_with_original_cells_line_and_reason(tmp_path):  # D-H3
    rows = [["某店"], DELIVERY_HEADINGS, delivery(1), delivery(2, vin="123", phone="1.38E+10")]
    sheet = sheet_of(look_at(making.text(tmp_path / "a.csv", rows)))
    heading, row = (tuple(cell.value for cell in line) for line in sheet.iter_rows())
    assert heading[:5] == tuple(DELIVERY_HEADINGS) and heading[5] == "原表行号" and "原因" in heading[6]
    assert row[:6] == ("2026-11-19", "客户2", "1.38E+10", "粤B00002", "123", "4")
    assert "17 位" in row[6] and "科学计数" in row[6]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_and_no_heading_is_a_formula_or_a_link(text, tmp_path):  # TRUST.md: files out
    rows = [[*DELIVERY_HEADINGS, text], [*delivery(1, vin="x", name=text), text]]
    sheet = sheet_of(look_at(making.text(tmp_path / "a.csv", rows)))
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n"} and all(cell.hyperlink is None for cell in cells)
    assert [cell.value for cell in cells if cell.data_type == "n" and cell.value is not None] == []
    assert sheet.cell(2, 2).value == text.strip()


def test_the_corrected_sheet_can_be_imported(tmp_path):  # D-H3
    rows = [DELIVERY_HEADINGS, delivery(1, vin="x"), delivery(2, phone="1380000000")]
    path = tmp_path / "errors.xlsx"
    path.write_bytes(errors_workbook(look_at(making.text(tmp_path / "a.csv", rows))))
    book = openpyxl.load_workbook(path)
    book.active["E2"], book.active["C3"] = vin(1), making.phone(2)
    book.save(path)
    assert look_at(path).counts == {"new": 2, "changed": 0, "same": 0, "error": 0, "total": 2}


def test_without_errors_only_the_headings_stand(tmp_path):
    assert sheet_of(look_at(making.text(tmp_path / "a.csv", making.deliveries()))).max_row == 1
