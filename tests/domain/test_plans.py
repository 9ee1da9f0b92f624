"""Tasks of a plan: when they may begin, when they are due, whose they are (D-C1 … D-C9)."""

import pytest

import shared_schema
from backend.domain.calendar import make_calendar
from backend.domain.ids import content_id
from backend.domain.plans import standard_plan, tasks_for
from backend.domain.schema import check_new
from tests.cast import BRANCHES, SZ01, fixed_id
from tests.domain.shop import SCHEMA, node, plan

HOLIDAYS = {"off": [f"2026-10-{day:02}" for day in range(1, 8)], "work": ["2026-09-27", "2026-10-10"]}
SUNDAYS_OFF = make_calendar({**BRANCHES[0], "days_off": [6]}, [HOLIDAYS])
SOURCE = {"part": SZ01, "id": fixed_id(1, 6), "vehicle_id": fixed_id(1, 3), "customer_id": fixed_id(1, 4)}


def task(anchor: dict, people: dict | None = None, **fields: object) -> dict:
    """The one task of a plan with one node."""
    made = tasks_for(
        plan(node("N", **fields)), {"code": "delivery", **anchor}, SOURCE, people or {}, SUNDAYS_OFF
    )
    assert len(made) == 1
    return made[0]


@pytest.mark.parametrize(
    "note, on, from_days, due_days, due",
    [
        ("three days later, at closing", "2026-11-17", 2, 3, "2026-11-20T10:00:00.000Z"),
        ("the third day is a Sunday: the Saturday before", "2026-11-19", 2, 3, "2026-11-21T10:00:00.000Z"),
        ("never on the day itself", "2026-11-20", 0, 0, "2026-11-21T10:00:00.000Z"),
        ("nor before the node may begin", "2026-11-20", 2, 2, "2026-11-23T10:00:00.000Z"),
        (
            "delivered before the holidays: the first day after",
            "2026-09-30",
            2,
            3,
            "2026-10-08T10:00:00.000Z",
        ),
        ("a make-up Sunday is a working day", "2026-09-26", 1, 1, "2026-09-27T10:00:00.000Z"),
        ("the holidays' end counts", "2026-10-01", 5, 7, "2026-10-08T10:00:00.000Z"),
        ("a month", "2026-10-20", 27, 30, "2026-11-19T10:00:00.000Z"),
    ],
)
def test_due_days_end_with_the_last_open_day(note, on, from_days, due_days, due):
    """D-C2, D-C3, D-C5, D-K3"""
    assert task({"on": on}, from_days=from_days, due_days=due_days)["due_at"] == due, note


def test_due_hours_run_from_the_instant():
    """D-C1"""
    made = task({"at": "2026-11-21T08:20:00.000Z"}, from_days=0, due_days=None, due_hours=24)
    assert (made["from_on"], made["due_at"]) == ("2026-11-21", "2026-11-22T08:20:00.000Z")


def test_due_hours_of_a_mere_date_run_from_closing():
    """D-C1: nobody knows the hour, so the customer's day is counted whole."""
    made = task({"on": "2026-11-21"}, from_days=0, due_days=None, due_hours=24)
    assert made["due_at"] == "2026-11-22T10:00:00.000Z"


def test_a_date_is_the_local_one():
    made = task({"at": "2026-11-17T16:30:00.000Z"}, from_days=2, due_days=3)
    assert (made["from_on"], made["due_at"]) == ("2026-11-20", "2026-11-21T10:00:00.000Z")


def test_task_is_a_valid_record_and_a_function_of_its_content():
    """invariant 15"""
    made = task({"on": "2026-11-17"}, {"consultant_id": fixed_id(5, 1)})
    assert check_new(SCHEMA, "task", made) == []
    assert made["id"] == content_id(SZ01, "task", "N", SOURCE["id"])
    assert made == task({"on": "2026-11-17"}, {"consultant_id": fixed_id(5, 1)})
    assert (made["owner_id"], made["state"], made["tries"]) == (fixed_id(5, 1), "open", 0)


def test_owner_by_role_when_nobody_is_named():
    assert "owner_id" not in task({"on": "2026-11-17"})
    assert "owner_id" not in task({"on": "2026-11-17"}, {"consultant_id": fixed_id(5, 1)}, owner_field=None)


def test_only_nodes_of_the_anchor():
    whole = plan(node("A"), node("B", anchor="repair_order"))
    made = tasks_for(
        whole, {"code": "repair_order", "at": "2026-11-17T02:00:00.000Z"}, SOURCE, {}, SUNDAYS_OFF
    )
    assert [t["node"] for t in made] == ["B"]


def test_newest_standard_plan():
    """D-C17"""
    assert standard_plan([]) is None
    assert standard_plan([plan(code="preset_b")]) is None
    assert standard_plan([plan(version=2), plan(version=10), plan(version=9)])["version"] == 10


@pytest.mark.parametrize("shipped", shared_schema.seeds("plan"), ids=lambda doc: doc["code"])
@pytest.mark.parametrize("on", ["2026-09-30", "2026-11-20", "2026-11-22", "2028-02-29"])
def test_every_shipped_node_is_due_after_it_begins(shipped, on):
    """D-C1 … D-C9"""
    for anchor in ("delivery", "repair_order"):
        for made in tasks_for({**shipped, "id": "x"}, {"code": anchor, "on": on}, SOURCE, {}, SUNDAYS_OFF):
            assert made["from_on"] < made["due_at"], made["node"]
            assert made["due_at"] > on
