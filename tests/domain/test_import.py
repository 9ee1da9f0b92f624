"""Imports: a row is stored once, corrections by hand survive, tasks follow (D-H3, invariants 14, 15)."""

import copy

import pytest

from backend.domain.decide_import import staff_named
from tests.cast import SZ01, Cast, fixed_id
from tests.domain.shop import Shop, delivery, node, plan, repair

KINDS = {"delivery.import": (delivery, "delivery"), "repair_order.import": (repair, "repair_order")}


@pytest.fixture
def shop() -> Shop:
    """A branch with a plan of two delivery nodes and one for repairs."""
    nodes = (
        node("3DC"),
        node("7DC", from_days=5, due_days=7),
        node("REPAIR", anchor="repair_order", due_days=5),
    )
    return Shop(plan=[plan(*nodes)])


@pytest.mark.parametrize("kind", KINDS)
def test_first_import_adds_every_record(shop, kind):
    make, name = KINDS[kind]
    result = shop.run(kind, make())
    assert result["status"] == "applied"
    assert [c["kind"] for c in result["changes"]][:4] == ["vehicle", "customer", "party", name]


@pytest.mark.parametrize("kind", KINDS)
def test_reimporting_the_same_row_changes_nothing(shop, kind):
    """D-H3"""
    make, _ = KINDS[kind]
    shop.run(kind, make())
    before = copy.deepcopy(shop.docs)
    assert shop.run(kind, make())["status"] == "noop"
    assert shop.docs == before


def test_reimport_is_the_same_whatever_the_column_order(shop):
    """D-H3"""
    shop.run("delivery.import", delivery())
    body = {k: dict(reversed(list(doc.items()))) for k, doc in reversed(list(delivery().items()))}
    assert (
        shop.run("delivery.import", {**body, "vehicle": {**body["vehicle"], "note": None}})["status"]
        == "noop"
    )


def test_a_correction_survives_a_reimport(shop):
    """D-H3, invariant 14: what the sheet says unchanged is no statement against the correction."""
    shop.run("delivery.import", delivery())
    shop.run("customer.set", {"id": fixed_id(1, 4), "set": {"name": "张玮"}}, base={"name": "张伟"})
    body = delivery()
    body["customer"]["address"] = "福田路 1 号"
    result = shop.run("delivery.import", body)
    kept = shop.get("customer", fixed_id(1, 4))
    assert (kept["name"], kept["address"]) == ("张玮", "福田路 1 号")
    assert (result["status"], result["conflicts"]) == ("applied", [])


def test_sheet_and_hand_changed_the_same_field(shop):
    """invariant 14: the later wins, the other is kept."""
    shop.run("delivery.import", delivery())
    shop.run("customer.set", {"id": fixed_id(1, 4), "set": {"name": "张玮"}}, base={"name": "张伟"})
    body = delivery()
    body["customer"]["name"] = "章伟"
    result = shop.run("delivery.import", body)
    fields = {"field": "name", "mine": "章伟", "theirs": "张玮", "base": "张伟"}
    assert result["status"] == "merged"
    assert result["conflicts"] == [{"kind": "customer", "id": fixed_id(1, 4), **fields}]


def test_an_empty_cell_clears_nothing(shop):
    shop.run("delivery.import", delivery(note="赠送行车记录仪"))
    shop.run("delivery.import", delivery())
    assert shop.get("delivery", fixed_id(1, 6))["note"] == "赠送行车记录仪"


def test_a_row_that_meets_known_people_fills_gaps_and_joins_phones(shop):
    """D-F9: the second sheet does not know what the first one said, so it overrules nothing."""
    shop.run("delivery.import", delivery())
    body = repair()
    body["customer"] |= {"name": "张先生", "phones": ["13900000009"], "address": "南山路 2 号"}
    result = shop.run("repair_order.import", body)
    known = shop.get("customer", fixed_id(1, 4))
    assert known["name"] == "张伟"
    assert known["phones"] == ["13800000001", "13900000009"]
    assert known["address"] == "南山路 2 号"
    assert result["conflicts"] == []


@pytest.mark.parametrize("told, kept", [(12000, 12000), (8000, 9000)])
def test_the_larger_mileage_counts(shop, told, kept):
    """D-F4: an older order imported later turns no clock back."""
    body = delivery()
    body["vehicle"]["mileage_km"] = 9000
    shop.run("delivery.import", body)
    order = repair()
    order["vehicle"]["mileage_km"] = told
    shop.run("repair_order.import", order)
    assert shop.get("vehicle", fixed_id(1, 3))["mileage_km"] == kept


def test_rows_of_one_op_belong_together(shop):
    body = delivery()
    body["party"]["vehicle_id"] = fixed_id(2, 3)
    body["delivery"]["customer_id"] = fixed_id(2, 4)
    told = [(p.get("field"), p["code"]) for p in shop.run("delivery.import", body)["problems"]]
    assert told == [
        (None, "op.invalid"),
        ("delivery.customer_id", "field.format"),
        ("party.vehicle_id", "field.format"),
    ]


def test_a_repair_without_a_person(shop):
    body = {k: v for k, v in repair(customer_id=None).items() if k in ("vehicle", "repair_order")}
    assert shop.run("repair_order.import", body)["status"] == "applied"
    assert [task.get("customer_id") for task in shop.all("task")] == [None]


def test_import_makes_the_tasks_of_its_anchor(shop):
    """D-C2, D-C3, D-C9"""
    shop.run("delivery.import", delivery())
    assert {task["node"] for task in shop.all("task")} == {"3DC", "7DC"}
    shop.run("repair_order.import", repair(2))
    assert {task["node"] for task in shop.all("task")} == {"3DC", "7DC", "REPAIR"}


def test_tasks_are_made_once(shop):
    """invariant 15: a done task is not born again by a changed row."""
    shop.run("delivery.import", delivery())
    for task in shop.all("task"):
        task |= {"state": "done", "tries": 1}
    before = copy.deepcopy(shop.all("task"))
    shop.run("delivery.import", delivery(note="改"))
    assert shop.all("task") == before


def test_untouched_tasks_follow_a_corrected_date(shop):
    shop.run("delivery.import", delivery())
    first, second = shop.all("task")
    first |= {"tries": 1}
    shop.run("delivery.import", delivery(delivered_on="2026-11-19"))
    dates = {task["node"]: task["from_on"] for task in shop.all("task")}
    assert dates == {first["node"]: first["from_on"], second["node"]: "2026-11-24"}


def test_the_newest_standard_plan_counts():
    """D-C17"""
    old, new = plan(node("OLD")), plan(node("NEW"), version=2)
    shop = Shop(plan=[new, old, plan(node("A"), version=9, code="preset_a")])
    shop.run("delivery.import", delivery())
    assert [(task["node"], task["plan_version"]) for task in shop.all("task")] == [("NEW", 2)]


def test_without_a_plan_there_are_no_tasks():
    shop = Shop()
    assert shop.run("delivery.import", delivery())["status"] == "applied"
    assert shop.all("task") == []


def test_an_unknown_branch_parks():
    shop = Shop(plan=[plan(node("3DC"))], branch=[])
    assert shop.run("delivery.import", delivery())["problems"] == [{"code": "op.missing", "field": "part"}]


def test_the_consultant_is_found_by_name(shop):
    shop.run("delivery.import", delivery())
    assert shop.get("delivery", fixed_id(1, 6))["consultant_id"] == Cast.chen.id
    assert {task["owner_id"] for task in shop.all("task")} == {Cast.chen.id}


def test_an_unknown_name_leaves_the_role(shop):
    shop.run("delivery.import", delivery(consultant="没有这个人"))
    assert [task.get("owner_id") for task in shop.all("task")] == [None, None]
    assert {task["owner_role"] for task in shop.all("task")} == {"sales_consultant"}


def test_names_that_are_not_certain_are_not_guessed():
    chen = Cast.chen.doc()
    assert staff_named([chen], "陈晓东", "SZ01") == chen["id"]
    assert staff_named([chen], "陈晓东", "SZ02") is None
    assert staff_named([{**chen, "active": False}], "陈晓东", "SZ01") is None
    assert staff_named([chen, {**chen, "id": fixed_id(99, 1)}], "陈晓东", "SZ01") is None
    assert staff_named([chen], None, "SZ01") is None


def test_who_may_import(shop):
    assert shop.run("delivery.import", delivery(), Cast.chen)["problems"] == [{"code": "op.not_allowed"}]


def test_generated_tasks_are_stored_once(shop):
    """invariant 15"""
    shop.run("delivery.import", delivery())
    tasks = shop.all("task")
    assert shop.run("task.generate", {"tasks": tasks}, Cast.adm)["status"] == "noop"
    other = {**tasks[0], "id": fixed_id(77, 5)}
    result = shop.run("task.generate", {"tasks": [*tasks, other, other]}, Cast.adm)
    assert [c["id"] for c in result["changes"]] == [other["id"]]
    assert shop.run("task.generate", {"tasks": []}, Cast.adm)["status"] == "parked"
    assert SZ01.startswith("B:")
