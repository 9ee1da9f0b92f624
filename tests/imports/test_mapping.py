"""Columns named by hand: chosen once, remembered per branch, refused when they do not exist (D-H3)."""

import pytest

from backend.imports import ImportRefused, recognise
from tests.imports import making
from tests.imports.making import DELIVERY_HEADINGS, bodies, delivery, look_at, vin

OWN = ["甲", "乙", "丙", "丁", "戊"]
CHOSEN = {"delivered_on": "甲", "name": "乙", "phones": ["丙"], "plate": "丁", "vin": "戊"}


def refusal(*args, **options):
    with pytest.raises(ImportRefused) as caught:
        look_at(*args, **options)
    return caught.value


def test_headings_nobody_knows_can_be_chosen_by_name(tmp_path):
    path = making.text(tmp_path / "a.csv", [["某店报表"], OWN, delivery(1)])
    preview = look_at(path, given=CHOSEN)
    assert bodies(preview)[0]["vehicle"]["vin"] == vin(1) and preview.header_line == 2


def test_a_chosen_mapping_is_remembered_as_it_was_answered(tmp_path):
    path = making.text(tmp_path / "a.csv", [OWN, delivery(1)])
    first = look_at(path, given=CHOSEN)
    again = look_at(path, saved=first.mapping)
    assert again.mapping == first.mapping == {**CHOSEN, "phones": "丙"}
    assert again.counts["new"] == 1


def test_a_remembered_heading_that_is_gone_is_recognised_afresh(tmp_path):
    path = making.text(tmp_path / "a.csv", [DELIVERY_HEADINGS, delivery(1)])
    assert look_at(path, saved=CHOSEN).counts["new"] == 1


def test_a_chosen_column_wins_over_what_its_heading_says():
    columns = [*DELIVERY_HEADINGS, "登记人"]
    mapping = recognise(columns, "deliveries", given={"name": "登记人"})
    assert mapping.of["name"] == [5] and mapping.unused == ["客户姓名"]


def test_columns_can_be_chosen_by_number_and_refused_by_null():
    mapping = recognise([*DELIVERY_HEADINGS, ""], "deliveries", given={"name": 5, "phones": None})
    assert mapping.of["name"] == [5] and "phones" not in mapping.of
    assert mapping.as_json()["name"] == 5, "a heading that is no name is kept as a number"


@pytest.mark.parametrize(
    "given", [{"name": "没有"}, {"name": 99}, {"name": -1}, {"nonsense": "客户姓名"}, {"name": True}]
)
def test_a_chosen_column_that_does_not_exist_is_refused(given, tmp_path):
    path = making.text(tmp_path / "a.csv", [DELIVERY_HEADINGS, delivery(1)])
    assert refusal(path, given=given).code == "import.mapping"


def test_missing_columns_are_refused_with_what_is_needed_to_choose(tmp_path):
    path = making.text(
        tmp_path / "a.csv", [["交车日期", "客户姓名", "电话", "某列"], ["2026-11-19", "客户1", "1", "x"]]
    )
    error = refusal(path)
    assert (error.code, error.status) == ("import.columns", 422)
    assert error.details["missing"] == [{"field": "vin", "label": "车架号"}]
    assert error.details["columns"] == ["交车日期", "客户姓名", "电话", "某列"]
    assert error.details["mapping"] == {"delivered_on": "交车日期", "name": "客户姓名", "phones": "电话"}
    assert "车架号" in error.message


def test_a_repair_list_needs_a_vin_or_a_plate_column():
    columns = ["工单号", "出厂时间", "维修类型"]
    assert [row.name for row in recognise(columns, "repair_orders").missing] == ["vin"]
    assert recognise([*columns, "车牌号"], "repair_orders").missing == []


def test_of_two_columns_with_one_heading_the_first_is_taken_and_kept_by_number():
    mapping = recognise([*DELIVERY_HEADINGS, "车架号"], "deliveries")
    assert mapping.of["vin"] == [4] and mapping.as_json()["vin"] == 4
    assert recognise([*DELIVERY_HEADINGS, "车架号"], "deliveries", mapping.as_json()).of["vin"] == [4]


def test_a_phone_of_somebody_else_is_not_taken():
    mapping = recognise([*DELIVERY_HEADINGS, "介绍人电话", "紧急联系人电话", "销售顾问电话"], "deliveries")
    assert mapping.of["phones"] == [2]
