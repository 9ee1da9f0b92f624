"""Rows get a verdict: new, changed, same, error; again changes nothing (D-H3); doubles are told (D-F9)."""

import shared_schema
from backend.domain.decide import decide
from backend.domain.ids import content_id
from backend.imports import Preview
from tests.imports import making
from tests.imports.making import (
    ACTOR,
    NOW,
    PART,
    Branch,
    bodies,
    codes,
    delivered,
    deliveries,
    delivery,
    look_at,
    order,
    phone,
    repaired,
    states,
    vin,
)


def test_a_delivery_becomes_one_op_with_ids_made_of_its_content(tmp_path):  # D-H3
    [op] = delivered(tmp_path, [delivery(1)], import_id="run").ops
    vehicle = content_id(PART, "vehicle", vin(1))
    customer = content_id(PART, "customer", "客户1", phone(1))
    assert op == {
        "id": content_id(PART, "op", "run", "2"),
        "kind": "delivery.import",
        "v": 1,
        "part": PART,
        "at": NOW,
        "body": {
            "vehicle": {"id": vehicle, "vin": vin(1), "plate": "粤B00001", "delivered_on": "2026-11-19"},
            "customer": {"id": customer, "name": "客户1", "phones": [phone(1)]},
            "party": {
                "id": content_id(PART, "party", vehicle, customer, "owner"),
                "vehicle_id": vehicle,
                "customer_id": customer,
                "role": "owner",
                "since": "2026-11-19",
            },
            "delivery": {
                "id": content_id(PART, "delivery", vin(1), "2026-11-19"),
                "vehicle_id": vehicle,
                "customer_id": customer,
                "delivered_on": "2026-11-19",
            },
        },
    }


def test_a_repair_order_becomes_one_op(tmp_path):  # D-H2, D-F6
    [body] = bodies(repaired(tmp_path, [order(1)]))
    assert body["repair_order"]["id"] == content_id(PART, "repair_order", "WX000001")
    assert body["repair_order"]["type"] == "maintenance" and body["repair_order"]["items"] == ["更换机油"]
    assert body["repair_order"]["out_at"] == "2026-11-19T07:15:00.000Z"
    assert body["party"]["role"] == "sender" and body["vehicle"]["plate"] == "粤B00001"


def test_every_op_is_accepted_by_the_door(tmp_path):
    branch = Branch()
    assert branch.commit(delivered(tmp_path, [delivery(n) for n in range(20)])) == ["applied"] * 20
    assert branch.commit(repaired(tmp_path, [order(n) for n in range(20)], branch)) == ["applied"] * 20
    assert len(branch.all("vehicle")) == len(branch.all("customer")) == 20


def test_the_same_file_again_is_all_same_and_makes_no_op(tmp_path):  # D-H3
    branch = Branch()
    for kind, look, make in (("d", delivered, delivery), ("r", repaired, order)):
        rows = [make(n) for n in range(5)]
        branch.commit(look(tmp_path, rows, branch))
        before = dict(branch.docs)
        again = look(tmp_path, rows, branch, import_id=f"again-{kind}")
        assert states(again) == ["same"] * 5 and list(again.ops) == []
        assert branch.docs == before


def test_the_same_ops_again_change_nothing(tmp_path):  # D-H3
    branch, preview = Branch(), delivered(tmp_path, [delivery(1), delivery(2)])
    branch.commit(preview)
    again = [decide(shared_schema.load(), op, branch, ACTOR, NOW)["status"] for op in preview.ops]
    assert again == ["noop", "noop"]


def test_a_file_that_grew_brings_only_the_new_rows(tmp_path):  # D-H3
    branch = Branch()
    branch.commit(delivered(tmp_path, [delivery(1)]))
    assert states(delivered(tmp_path, [delivery(3), delivery(1), delivery(2)], branch)) == [
        "new",
        "same",
        "new",
    ]


def test_a_corrected_cell_is_changed_and_stays_one_person(tmp_path):  # D-H3, D-F9
    branch = Branch()
    branch.commit(delivered(tmp_path, [delivery(1)]))
    for rows in ([delivery(1, phone="13900000009")], [delivery(1, phone="13900000009", name="客户一")]):
        preview = delivered(tmp_path, rows, branch)
        assert states(preview) == ["changed"]
        branch.commit(preview)
        assert states(delivered(tmp_path, rows, branch)) == ["same"]
    [customer] = branch.all("customer")
    assert (customer["name"], customer["phones"]) == ("客户一", ["13900000009"])


def test_a_file_corrected_on_a_tablet_stays_corrected_when_imported_again(tmp_path):  # D-H3
    branch = Branch()
    branch.commit(delivered(tmp_path, [delivery(1)]))
    [customer] = branch.all("customer")
    branch.put("customer", {**customer, "name": "改名", "phones": ["13911112222"]})
    assert states(delivered(tmp_path, [delivery(1)], branch)) == ["same"]


def test_an_error_row_says_what_to_do_and_makes_no_op(tmp_path):
    preview = delivered(tmp_path, [delivery(1, vin=vin(1)[:-1]), delivery(2)])
    [row, _] = preview.rows
    assert row["state"] == "error" and row["line"] == 2
    [problem] = row["problems"]
    assert (problem["field"], problem["code"]) == ("vin", "row.vin_length")
    assert "应为 17 位，现在" not in problem["message"] and "是 16 位，应为 17 位" in problem["message"]
    assert preview.counts == {"new": 1, "changed": 0, "same": 0, "error": 1, "total": 2}
    assert len(list(preview.ops)) == 1


def test_missing_cells_are_told_by_their_names(tmp_path):
    preview = delivered(tmp_path, [["", "", phone(1), "粤B00001", ""]])
    [row] = preview.rows
    assert [p["message"] for p in row["problems"]] == [
        "缺少交车日期，请补上。",
        "缺少车架号，请补上。",
        "缺少客户姓名，请补上。",
    ]


def test_no_phone_is_a_warning_since_the_delivery_is_a_fact(tmp_path):  # D-F8
    preview = delivered(tmp_path, [delivery(1, phone=""), delivery(2, name="客户1", phone="")])
    assert states(preview) == ["new", "new"] and codes(preview, "warnings") == ["warn.no_phone"] * 2
    assert len({body["customer"]["id"] for body in bodies(preview)}) == 2, (
        "two of one name are not one person"
    )


def test_the_same_line_twice_is_imported_once(tmp_path):  # D-F9
    preview = delivered(tmp_path, [delivery(1), delivery(1)])
    assert states(preview) == ["new", "same"] and codes(preview, "warnings") == ["warn.repeated"]


def test_the_same_delivery_with_other_content_is_an_error(tmp_path):  # D-F9
    preview = delivered(tmp_path, [delivery(1), delivery(1, name="别人")])
    assert states(preview) == ["new", "error"] and codes(preview) == ["row.duplicate"]
    assert "第 2 行" in next(row for row in preview.rows if row["state"] == "error")["problems"][0]["message"]


def test_doubles_within_the_file_are_told(tmp_path):  # D-F9
    rows = [
        delivery(1),
        delivery(2, phone=phone(1)),
        delivery(3, plate="粤B00001"),
        delivery(1, on="2026-11-20"),
    ]
    preview = delivered(tmp_path, rows)
    assert states(preview) == ["new"] * 4
    assert codes(preview, "warnings") == ["warn.phone_other_name", "warn.plate_other_vin", "warn.vin_twice"]


def test_doubles_in_the_branch_are_told(tmp_path):  # D-F9
    branch = Branch()
    branch.commit(delivered(tmp_path, [delivery(1), delivery(2), delivery(3)]))
    rows = [delivery(4, phone=phone(1)), delivery(5, plate="粤B00002"), delivery(3, on="2026-11-21")]
    preview = delivered(tmp_path, rows, branch)
    assert codes(preview, "warnings") == [
        "warn.phone_other_name",
        "warn.plate_other_vin",
        "warn.delivered_before",
    ]
    assert "客户1" in next(iter(preview.rows))["warnings"][0]["message"]


def test_a_known_person_with_that_phone_is_not_made_again(tmp_path):  # D-F9
    branch = Branch()
    known = {
        "id": "0192f000-0002-7000-8000-000000000009",
        "name": "客户1",
        "phones": ["075526001234", phone(1)],
    }
    branch.put("customer", known)
    branch.commit(delivered(tmp_path, [delivery(1)], branch))
    assert [doc["id"] for doc in branch.all("customer")] == [known["id"]]


def test_a_known_vehicle_made_by_hand_is_found_by_plate_and_vin(tmp_path):  # D-F9
    branch = Branch()
    known = {"id": "0192f000-0003-7000-8000-000000000009", "vin": vin(1), "plate": "粤B00001"}
    branch.put("vehicle", known)
    preview = delivered(tmp_path, [delivery(1)], branch)
    assert bodies(preview)[0]["vehicle"]["id"] == known["id"] and codes(preview, "warnings") == []
    branch.commit(preview)
    assert states(delivered(tmp_path, [delivery(1)], branch)) == ["same"]


def test_a_preview_is_found_again_for_the_commit(tmp_path):
    preview = delivered(tmp_path, [delivery(1), delivery(2, vin="x")])
    again = Preview.load(preview.folder)
    assert list(again.ops) == list(preview.ops) and list(again.rows) == list(preview.rows)
    assert again.as_json() == preview.as_json() and again.part == PART


def test_the_answer_shows_errors_first_and_says_what_it_leaves_out(tmp_path):
    preview = look_at(making.text(tmp_path / "a.csv", [*deliveries(30), delivery(99, vin="x")]))
    answer = preview.as_json(limit=10)
    assert [row["line"] for row in answer["rows"]] == [32, *range(2, 11)] and answer["rows_left_out"] == 21
    assert set(answer["rows"][0]) >= {"line", "state", "problems"} and "cells" not in answer["rows"][0]
    assert [row["line"] for row in preview.page(("new",), offset=5, limit=2)] == [7, 8]
