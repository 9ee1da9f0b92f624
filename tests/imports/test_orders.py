"""Repair orders: whose car, whose phone, one order in several lines (D-H2, D-F3, D-F6)."""

from tests.imports import making
from tests.imports.making import (
    ORDER_HEADINGS,
    Branch,
    bodies,
    codes,
    delivered,
    delivery,
    look_at,
    order,
    phone,
    repaired,
    states,
    vin,
)


def test_an_order_without_vin_belongs_to_the_car_with_that_plate(tmp_path):  # D-H2
    branch = Branch()
    branch.commit(delivered(tmp_path, [delivery(1)]))
    preview = repaired(tmp_path, [order(1, vin=""), order(2), order(3, vin="", plate="粤B00002")], branch)
    assert [body["vehicle"]["vin"] for body in bodies(preview)] == [vin(1), vin(2), vin(2)]
    branch.commit(preview)
    assert len(branch.all("vehicle")) == 2


def test_an_order_of_an_unknown_vin_makes_the_vehicle(tmp_path):  # D-H2
    branch = Branch()
    branch.commit(repaired(tmp_path, [order(9)]))
    assert [doc["vin"] for doc in branch.all("vehicle")] == [vin(9)]


def test_an_order_of_nobody_knows_which_car_is_an_error(tmp_path):
    rows = [order(1, vin=""), order(2, vin="", plate=""), order(3, vin="", plate="临牌")]
    assert codes(repaired(tmp_path, rows)) == ["row.no_vehicle", "row.required", "row.required"]


def test_an_order_moves_to_no_other_car_when_its_plate_does(tmp_path):
    branch, row = Branch(), order(1, vin="")
    branch.commit(delivered(tmp_path, [delivery(1)]))
    branch.commit(repaired(tmp_path, [row], branch))
    [car] = branch.all("vehicle")
    branch.put("vehicle", {**car, "plate": "粤B99999"})
    branch.put("vehicle", {"id": "0192f000-0003-7000-8000-000000000001", "vin": vin(5), "plate": "粤B00001"})
    assert states(repaired(tmp_path, [row], branch)) == ["same"]


def test_an_order_in_several_lines_is_one_order_with_all_items(tmp_path):  # D-F6
    lines = [
        order(1, items="更换机油"),
        order(1, items="更换机滤"),
        ["", "", "", "", "", "", "", "检查刹车"],
        order(2),
    ]
    branch, preview = Branch(), repaired(tmp_path, lines)
    assert states(preview) == ["new", "same", "same", "new"] and preview.counts["total"] == 4
    assert bodies(preview)[0]["repair_order"]["items"] == ["更换机油", "更换机滤", "检查刹车"]
    assert codes(preview, "warnings") == ["warn.merged", "warn.merged"]
    branch.commit(preview)
    assert states(repaired(tmp_path, lines, branch)) == ["same"] * 4


def test_lines_of_one_order_that_disagree_are_an_error(tmp_path):
    preview = repaired(tmp_path, [order(1), order(1, out="2026/11/20 15:15")])
    assert states(preview) == ["new", "error"] and codes(preview) == ["row.duplicate"]


HEADINGS = ["委托书号", "结算时间", "维修类别", "VIN码", "送修人", "送修人手机", "车主", "车主电话"]


def test_who_brought_the_car_goes_before_the_owner_unless_only_he_has_a_phone(tmp_path):  # D-F3
    def line(n, *people):
        return [f"R{n}", "2026-11-19 10:00", "保养", vin(n), *people]

    rows = [
        line(1, "小李", phone(1), "老王", phone(2)),
        line(2, "小李", "", "老王", phone(2)),
        line(3, "", "", "老王", phone(2)),
        line(4, "", phone(3), "老王", ""),
        line(5, "", "", "", ""),
    ]
    preview = look_at(making.text(tmp_path / "a.csv", [HEADINGS, *rows]), kind="repair_orders")
    found = [(b.get("party", {}).get("role"), b.get("customer", {}).get("phones")) for b in bodies(preview)]
    owner = ("owner", [phone(2)])
    assert found == [("sender", [phone(1)]), owner, owner, ("owner", [phone(3)]), (None, None)]
    Branch().commit(preview)


def test_times_that_cannot_be_are_told(tmp_path):
    rows = [[*order(1, out="2026/11/19 15:15"), "2026/11/19 16:00"], [*order(2, out="2026/11/30 15:15"), ""]]
    path = making.text(tmp_path / "a.csv", [[*ORDER_HEADINGS, "进厂时间"], *rows])
    assert codes(look_at(path, kind="repair_orders"), "warnings") == ["warn.out_before_in", "warn.future"]
