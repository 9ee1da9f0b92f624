"""Every shape a delivery list arrives in is understood (D-H3): formats, encodings, headings, rubbish."""

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest

from backend.imports import ImportRefused, read_table
from tests.imports import making
from tests.imports.making import (
    DELIVERY_HEADINGS,
    ORDER_HEADINGS,
    bodies,
    deliveries,
    delivery,
    look_at,
    order,
    vin,
)

EXPECTED = [("客户1", vin(1), ["13800000001"], "粤B00001"), ("客户2", vin(2), ["13800000002"], "粤B00002")]


def people(preview):
    return [
        (b["customer"]["name"], b["vehicle"]["vin"], b["customer"].get("phones"), b["vehicle"].get("plate"))
        for b in bodies(preview)
    ]


WRITERS = {
    "xlsx": lambda p: making.xlsx(p, deliveries()),
    "named-wrongly": lambda p: making.xlsx(p.with_suffix(".csv"), deliveries()),
    "ods": lambda p: making.ods(p, deliveries()),
    "html-as-xls": lambda p: making.html(p.with_suffix(".xls"), deliveries()),
    "html-gbk": lambda p: making.html(p.with_suffix(".xls"), deliveries(), "gb18030"),
    "html-utf16": lambda p: making.html(p.with_suffix(".xls"), deliveries(), "utf-16"),
    "xml-2003": lambda p: making.xml_2003(p.with_suffix(".xls"), deliveries()),
    "utf-8": lambda p: making.text(p, deliveries()),
    "utf-8-bom": lambda p: making.text(p, deliveries(), "utf-8-sig"),
    "gb18030": lambda p: making.text(p, deliveries(), "gb18030"),
    "gbk-tsv": lambda p: making.text(p, deliveries(), "gbk", "\t"),
    "utf-16": lambda p: making.text(p, deliveries(), "utf-16", "\t"),
    "utf-16-le-bare": lambda p: making.text(p, deliveries(), "utf-16-le"),
    "utf-16-be-bare": lambda p: making.text(p, deliveries(), "utf-16-be"),
    "semicolon": lambda p: making.text(p, deliveries(), delimiter=";"),
    "bar": lambda p: making.text(p, deliveries(), delimiter="|"),
}


@pytest.mark.parametrize("shape", WRITERS)
def test_every_format_and_encoding_is_read(shape, tmp_path):  # D-H3
    preview = look_at(WRITERS[shape](tmp_path / "交车.xlsx"))
    assert people(preview) == EXPECTED
    assert preview.counts == {"new": 2, "changed": 0, "same": 0, "error": 0, "total": 2}


def test_an_old_xls_with_title_serial_numbers_and_total_is_read(tmp_path):  # D-H3
    preview = look_at(making.xls(tmp_path / "a.xls"))
    assert preview.header_line == 3
    assert [body["delivery"]["delivered_on"] for body in bodies(preview)] == ["2026-11-18", "2026-11-19"]
    assert [body["customer"]["phones"] for body in bodies(preview)] == [["13800138001"], ["13900139002"]]
    assert [body["vehicle"].get("plate") for body in bodies(preview)] == ["粤B12345", None]
    assert preview.skipped == {"total": 1}


def test_a_macro_workbook_is_read_and_its_macro_ignored(tmp_path):
    path = making.xlsx(tmp_path / "a.xlsm", deliveries())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\x00macro")
    assert people(look_at(path)) == EXPECTED


def test_title_blank_rows_repeated_headings_and_totals_are_no_data(tmp_path):  # D-H3
    rows = [
        ["深圳南山店 2026年11月交车明细"],
        ["制表人：张三", None, "2026-11-20"],
        [],
        *deliveries(1),
        [],
        DELIVERY_HEADINGS,
        delivery(2),
        ["合计", 2],
        ["审核：李四"],
        ["共2条"],
    ]
    preview = look_at(making.xlsx(tmp_path / "a.xlsx", rows))
    assert people(preview) == EXPECTED
    assert (preview.header_line, [row["line"] for row in preview.rows]) == (4, [5, 8])
    assert preview.skipped == {"heading": 1, "total": 1, "footer": 2}


def test_headings_in_two_merged_rows_are_put_together(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["交车日期", "客户信息", None, "车辆信息", None, "介绍人", None])
    sheet.append([None, "姓名", "电话", "车牌号码", "VIN码", "姓名", "电话"])
    sheet.append(
        [datetime.date(2026, 11, 19), "客户1", making.phone(1), "粤B00001", vin(1), "别人", making.phone(99)]
    )
    for cells in ("A1:A2", "B1:C1", "D1:E1", "F1:G1"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "a.xlsx")
    preview = look_at(tmp_path / "a.xlsx")
    assert people(preview) == EXPECTED[:1]
    assert preview.header_line == 2


def test_groups_tell_equal_names_apart(tmp_path):
    rows = [
        ["", "", "", "客户信息", "", "介绍人", ""],
        ["交车日期", "车牌号", "VIN", "姓名", "电话", "姓名", "电话"],
        ["2026-11-19", "粤B00001", vin(1), "客户1", making.phone(1), "别人", making.phone(99)],
    ]
    assert people(look_at(making.text(tmp_path / "a.csv", rows))) == EXPECTED[:1]


HEADINGS = [
    ["*交车日期（必填）", "客户 姓名", "联系\n电话", "【车牌号】", "ＶＩＮ"],
    ["提车日期", "购车人", "手机号码", "牌照", "底盘号"],
    ["出库日期：", "客户名称", "移动电话", "车牌号码", "车辆识别代号"],
    ["实际交车日期", "车主", "电话1", "车牌", "vin码"],
]


@pytest.mark.parametrize("headings", HEADINGS, ids=lambda names: names[4])
def test_headings_of_many_systems_are_understood(headings, tmp_path):  # D-H3
    assert people(look_at(making.text(tmp_path / "a.csv", [headings, delivery(1), delivery(2)]))) == EXPECTED


def test_columns_may_stand_in_any_order_among_others(tmp_path):  # D-H3
    rows = [["序号", "备用1", *reversed(row), "介绍人电话"] for row in deliveries(2)]
    rows = [row if at == 0 else [at, "x", *row[2:-1], making.phone(77)] for at, row in enumerate(rows)]
    assert people(look_at(making.text(tmp_path / "a.csv", rows))) == EXPECTED


def test_several_phone_columns_make_one_list(tmp_path):
    rows = [[*DELIVERY_HEADINGS, "电话2", "家庭电话"], [*delivery(1), "0755-26001234", ""]]
    preview = look_at(making.text(tmp_path / "a.csv", rows))
    assert bodies(preview)[0]["customer"]["phones"] == ["13800000001", "075526001234"]


def test_of_several_sheets_the_fitting_one_is_taken_and_the_other_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["请按格式填写"])
    for title, rows in (("维修", [ORDER_HEADINGS, order(7)]), ("交车", deliveries())):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    preview = look_at(tmp_path / "a.xlsx")
    assert preview.sheet == "交车" and people(preview) == EXPECTED
    assert "维修" in preview.notes[0]
    assert look_at(tmp_path / "a.xlsx", kind="repair_orders").sheet == "维修"


def test_a_hidden_old_sheet_does_not_win(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "旧"
    for row in deliveries(1):
        book.active.append(row)
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("新")
    for row in deliveries(2):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    preview = look_at(tmp_path / "a.xlsx")
    assert preview.sheet == "新" and preview.notes == []


def test_html_spans_entities_and_layout_tables_are_read(tmp_path):
    heading = "".join(f"<th>{name}</th>" for name in DELIVERY_HEADINGS)
    row = f"<td>客户1&nbsp;</td><td>138&#48;0000001<br></td><td>粤B&middot;00001</td><td>{vin(1)}</td>"
    second = f"<td>客户2</td><td>{making.phone(2)}</td><td>粤B00002</td><td>{vin(2)}</td>"
    path = tmp_path / "a.xls"
    path.write_text(
        "<!DOCTYPE html><title>x</title><table><tr><td><script>1<2</script>"
        f"<table><tr><td colspan=5>交车明细</td></tr><tr>{heading}</tr>"
        f"<tr><td rowspan=2>2026-11-19</td>{row}</tr><tr>{second}</tr></table></td></tr></table>",
        encoding="utf-8",
    )
    preview = look_at(path)
    assert [row["line"] for row in preview.rows] == [3, 4]
    assert people(preview) == EXPECTED[:1]
    assert [p["field"] for row in preview.rows for p in row["problems"]] == ["delivered_on"]


def test_quotes_line_breaks_and_excel_protection_in_csv(tmp_path):
    path = tmp_path / "a.csv"
    lines = [
        "sep=,",
        ",".join([*DELIVERY_HEADINGS, "备注"]),
        f'2026-11-19,客户1,="13800000001",粤B00001,{vin(1)},"两行\n备注, 有逗号"',
        f"2026-11-19,客户2,\t13800000002,粤B00002,'{vin(2)},\x1a",
    ]
    path.write_text("\r\n".join(lines), encoding="utf-8")
    preview = look_at(path)
    assert people(preview) == EXPECTED
    assert bodies(preview)[0]["delivery"]["note"] == "两行\n备注, 有逗号"
    assert [row["line"] for row in preview.rows] == [3, 5]


def test_a_damaged_character_marks_its_cell_not_the_file(tmp_path):
    rows = deliveries(200)
    path = making.text(tmp_path / "a.csv", rows)
    path.write_bytes(path.read_bytes().replace("客户7,".encode(), "客".encode() + b"\xe6\x88,", 1))
    preview = look_at(path)
    assert (preview.counts["new"], preview.counts["error"]) == (199, 1)
    assert making.codes(preview) == ["row.garbled"] and preview.notes


NIL = {
    "header-only": [DELIVERY_HEADINGS],
    "said": [["今日无交车"]],
    "said-with-date": [["2026-11-20", "今日无交车。"]],
    "said-under-heading": [["深圳店"], DELIVERY_HEADINGS, ["本日没有交车"]],
    "total-of-nothing": [DELIVERY_HEADINGS, ["合计", 0]],
}


@pytest.mark.parametrize("shape", NIL)
def test_a_day_without_deliveries_is_a_nil_report(shape, tmp_path):  # D-H1
    preview = look_at(making.xlsx(tmp_path / "a.xlsx", NIL[shape]))
    assert preview.nil and preview.counts["total"] == 0 and list(preview.ops) == []
    assert preview.as_json()["nil"] is True


def test_a_file_with_rows_is_no_nil_report_even_when_all_are_wrong(tmp_path):  # D-H1
    preview = look_at(making.text(tmp_path / "a.csv", [DELIVERY_HEADINGS, delivery(1, vin="")]))
    assert not preview.nil and preview.counts["error"] == 1


def test_closing_a_table_removes_its_files(tmp_path):
    table = read_table(making.text(tmp_path / "a.csv", deliveries()), "a.csv")
    place = Path(table.folder.name)
    assert place.exists()
    table.close()
    assert not place.exists()


def test_the_upload_is_not_changed(tmp_path):
    path = making.xlsx(tmp_path / "a.xlsx", deliveries())
    before = path.read_bytes()
    look_at(path)
    assert path.read_bytes() == before


def test_a_text_without_heading_says_what_is_looked_for(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("你好,世界\n1,2\n", encoding="utf-8")
    with pytest.raises(ImportRefused) as refusal:
        look_at(path)
    assert refusal.value.code == "import.no_header" and "交车日期" in refusal.value.message
