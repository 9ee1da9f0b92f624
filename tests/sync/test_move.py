"""SYNC-move, SYNC-floor: a vehicle moves to another branch, its file with it, and late work follows (SYNC.md,
Scope change; invariants 7, 10, 12, 16).
"""

import pytest

from backend import db
from backend.jobs import tasks
from backend.models.files import Customer, Vehicle
from backend.models.service import Task
from backend.models.sync import Feed, FeedHead, Moved, Op
from backend.sync import door, feed, people
from tests.cast import SZ01, SZ02, customer, fixed_id, vehicle
from tests.group import NOW
from tests.sync.machine.world import delivery

CAR, OTHER_CAR, OWNER = vehicle(1)["id"], vehicle(2)["id"], customer(1)["id"]


def party(number: int, car: str, who: str = OWNER) -> dict:
    return {"id": fixed_id(number, 6), "vehicle_id": car, "customer_id": who, "role": "owner"}


@pytest.fixture
def alice(cast, tablet):
    """Alice's tablet; her branch has one car with its owner, and she has pulled it."""
    made = tablet(cast.alice)
    made.push(
        made.op("vehicle.add", vehicle(1)),
        made.op("customer.add", customer(1)),
        made.op("party.add", party(1, CAR)),
    )
    made.pull()
    return made


@pytest.fixture
def move(cast, sign_in):
    """`move(cast.bob, car)`: a person asks for the move to SZ02."""

    def ask(person, car: str = CAR, to: str = "SZ02"):
        return sign_in(person).post(f"/vehicles/{car}/move", {"to": to, "reason": "客户搬到龙岗"})

    return ask


def test_the_file_leaves_one_branch_and_is_whole_in_the_other(cast, tablet, alice, move):
    """Invariants 7 and 12: both branches' tablets learn of it by their feed, and the ids stay."""
    zoe = tablet(cast.zoe)
    zoe.pull()
    assert move(cast.bob).get_json() == {"status": "applied"}
    alice.pull()
    zoe.pull()
    for kind, record_id in (("vehicle", CAR), ("customer", OWNER), ("party", party(1, CAR)["id"])):
        assert alice.rows[SZ01, kind, record_id][1] is None
        assert zoe.doc(kind, record_id)["id"] == record_id
    assert Vehicle.select().where(Vehicle.part == SZ01).count() == 0
    assert Customer.get(Customer.part == SZ02).name == "张伟"


def test_a_customer_with_another_car_here_stays_and_is_copied(cast, tablet, alice, move):
    alice.push(alice.op("vehicle.add", vehicle(2)), alice.op("party.add", party(2, OTHER_CAR)))
    assert move(cast.bob).status_code == 200
    alice.pull()
    assert alice.doc("customer", OWNER)["name"] == "张伟"
    zoe = tablet(cast.zoe)
    zoe.pull()
    assert zoe.doc("customer", OWNER)["name"] == "张伟"


def test_late_work_follows_the_record(cast, tablet, alice, move):
    """Written before the tablet knew of the move: applied where the file is now, at most once."""
    move(cast.bob)
    op = alice.op("customer.set", {"id": OWNER, "set": {"note": "下午再打"}}, base={"note": None})
    first, again = alice.push(op)[0], alice.push(op)[0]
    assert first["status"] == "applied" and list(first["seqs"]) == [SZ02] and again == {**first, "n": op["n"]}
    assert Customer.get(Customer.part == SZ02).note == "下午再打"
    assert Customer.select().where(Customer.part == SZ01).count() == 0
    row = Op.get(Op.id == op["id"])
    assert (row.part, row.author_id) == (SZ01, cast.alice.id)


def test_late_work_is_told_nothing_of_the_other_branch(cast, tablet, alice, move):
    """Invariant 12: the value that lost lies in the other branch; the author's result does not show it."""
    move(cast.bob)
    zoe = tablet(cast.zoe)
    zoe.do("customer.set", {"id": OWNER, "set": {"note": "龙岗写的"}}, base={"note": None})
    result = alice.do("customer.set", {"id": OWNER, "set": {"note": "福田写的"}}, base={"note": None})
    assert result["status"] == "merged"
    assert "龙岗" not in str(result)


def test_a_car_that_comes_back_is_worked_on_here_again(cast, tablet, alice, move):
    move(cast.bob)
    assert move(cast.hua, to="SZ01").status_code == 200
    result = alice.do("customer.set", {"id": OWNER, "set": {"note": "回来了"}}, base={"note": None})
    assert list(result["seqs"]) == [SZ01]
    alice.pull()
    assert alice.doc("customer", OWNER)["note"] == "回来了"
    assert [row.ver for row in Feed.select().where((Feed.part == SZ01) & (Feed.kind == "vehicle"))] == [3]


def test_a_car_that_comes_back_after_its_tombstone_was_collected(cast, tablet, alice, move):
    """Invariants 1 and 12: nothing leads away from a branch that has the record."""
    move(cast.bob)
    assert tasks.collect_tombstones("2200-01-01T00:00:00.000Z") == 3
    assert move(cast.hua, to="SZ01").status_code == 200
    result = alice.do("customer.set", {"id": OWNER, "set": {"note": "回来了"}}, base={"note": None})
    assert (result["status"], list(result["seqs"])) == ("applied", [SZ01])
    assert not Moved.select().where(Moved.part == SZ01).exists()


@pytest.mark.parametrize("who, status", [("gina", 200), ("hua", 200), ("alice", 403), ("zoe", 403)])
def test_managers_and_head_office_move_cars(cast, alice, move, who, status):
    assert move(getattr(cast, who)).status_code == status


def test_a_car_is_moved_only_to_another_branch_that_exists(cast, alice, move):
    assert [move(cast.bob, to=to).status_code for to in ("SZ01", "XX99")] == [422, 422]
    assert move(cast.bob, car=fixed_id(9, 3)).status_code == 404
    assert move(cast.bob).status_code == 200
    assert move(cast.bob).status_code == 404  # it is foreign now


def test_a_tablet_cannot_move_a_car_itself(cast, tablet, alice):
    bob = tablet(cast.bob)
    for to in ("SZ02", "\x00", 5):
        result = bob.do("vehicle.move", {"id": CAR, "to": to, "reason": "x"})
        assert (result["status"], result["code"]) == ("parked", "op.not_allowed")


def test_the_checksum_leaves_tombstones_out(cast, tablet, alice, move):
    """Invariant 10: a tablet that starts from a snapshot has none, and agrees all the same."""
    move(cast.bob)
    alice.pull()
    held = [
        feed.row_hash(kind, record_id, seq)
        for (part, kind, record_id), (seq, doc) in alice.rows.items()
        if part == SZ01 and doc
    ]
    assert alice.pull_once()[SZ01]["sum"] == sum(held) % feed.SUM_MODULUS


def test_tombstones_are_collected_after_180_days(cast, tablet, alice, move):
    """Invariant 16: then the floor rises; a cursor below it is reset, one above it is not."""
    move(cast.bob)
    young, old = tablet(cast.bob), alice.cursors[SZ01]
    young.pull()
    moved_on = Feed.select(Feed.gone_at).where(Feed.gone_at.is_null(False)).scalar()
    assert tasks.collect_tombstones(moved_on) == 0
    assert tasks.collect_tombstones("2200-01-01T00:00:00.000Z") == 3
    assert FeedHead.get(FeedHead.part == SZ01).floor == young.cursors[SZ01][1]
    assert young.pull_once()[SZ01]["reset"] is None
    alice.cursors[SZ01] = old
    assert alice.pull_once()[SZ01]["reset"] == "floor"
    assert [
        doc for (part, kind, _id), (_seq, doc) in alice.rows.items() if (part, kind) == (SZ01, "vehicle")
    ] == []
    assert db.database.execute_sql("SELECT COUNT(*) FROM feed WHERE doc IS NULL").fetchone()[0] == 0


def test_the_move_is_in_the_op_log_with_its_reason(cast, alice, move):
    move(cast.bob)
    row = Op.get(Op.kind == "vehicle.move")
    assert (row.author_id, row.status) == (cast.bob.id, "applied") and "客户搬到龙岗" in row.text


def test_the_tasks_that_came_with_a_vehicle_are_not_made_again(app, cast, move):
    """Invariant 15: their ids are those of the branch where they were made."""
    results = door.submit([delivery(SZ01, 3, NOW[:10])], people.SYSTEM, NOW)
    assert [result["status"] for result in results] == ["applied"]
    tasks.run_all(app.config["CHEDANG"], NOW)
    made = {(task.source_id, task.node) for task in Task.select()}
    assert made
    assert move(cast.bob, vehicle(3)["id"]).get_json() == {"status": "applied"}
    tasks.run_all(app.config["CHEDANG"], NOW)
    assert sorted((t.source_id, t.node) for t in Task.select().where(Task.part == SZ02)) == sorted(made)


def test_a_delivery_imported_again_after_its_vehicle_moved_makes_no_task_twice(cast, move):
    """Invariant 15: the sheet comes again with a corrected date; its tasks follow that date (D-H3)."""
    first, again = delivery(SZ01, 1, "2026-02-28"), delivery(SZ01, 1, "2026-03-01")
    assert door.submit([first], people.SYSTEM, NOW)[0]["status"] == "applied"
    made = {(task.source_id, task.node): task.due_at for task in Task.select()}
    assert move(cast.bob, vehicle(1)["id"]).status_code == 200
    assert door.submit([again], people.SYSTEM, NOW)[0]["status"] in ("applied", "merged")
    found = {(task.source_id, task.node): task.due_at for task in Task.select()}
    assert (len(found), Task.select().count()) == (len(made), len(made)) and made
    assert all(found[key] > due for key, due in made.items())


def sold(number: int, owner: dict, day: str, again: int) -> dict:
    """A delivery of car `number` to this customer, as an import brings it."""
    op = delivery(SZ01, number, day)
    op["body"]["customer"] = owner
    for name, kind in (("party", 0x61), ("delivery", 0x62)):
        op["body"][name] |= {"customer_id": owner["id"], "id": fixed_id(again, kind)}
    return op | {"id": fixed_id(again, 0x63)}


@pytest.mark.parametrize("who", ["went along", "came with late work"])
def test_a_new_car_of_a_customer_whose_other_car_has_gone_stays_here(cast, move, who):
    """Invariant 12: the vehicle says where an op belongs; its customer may have one in either branch."""
    first = sold(1, customer(1), "2026-02-28", 1)
    assert door.submit([first], people.SYSTEM, NOW)[0]["status"] == "applied"
    assert move(cast.bob).status_code == 200
    owner = customer(1)
    if who == "came with late work":
        owner = customer(5)
        assert door.submit([sold(1, owner, "2026-03-01", 2)], people.SYSTEM, NOW)[0]["status"] == "applied"
    assert door.submit([sold(2, owner, "2026-03-01", 3)], people.SYSTEM, NOW)[0]["status"] == "applied"
    assert Vehicle.get(Vehicle.id == OTHER_CAR).part == SZ01
    op = {"id": fixed_id(4, 0x63), "kind": "customer.set", "v": 1, "part": SZ01, "at": NOW}
    op |= {"body": {"id": owner["id"], "set": {"note": "改"}}, "base": {"note": None}}
    assert door.submit([op], people.SYSTEM, NOW)[0]["status"] == "applied"
    notes = {row.part: row.note for row in Customer.select().where(Customer.id == owner["id"])}
    assert notes == {SZ01: "改", SZ02: None}


def test_a_customer_copied_back_is_edited_here(cast, tablet, alice, move):
    """Invariant 12: late work had brought the customer to the other branch, where another car keeps them."""
    zoe, who = tablet(cast.zoe), customer(5)["id"]
    assert move(cast.bob).status_code == 200
    late = sold(1, customer(5), "2026-03-01", 1)
    assert door.submit([late], people.SYSTEM, NOW)[0]["status"] in ("applied", "merged")
    assert zoe.do("vehicle.add", vehicle(21))["status"] == "applied"
    assert zoe.do("party.add", party(77, vehicle(21)["id"], who))["status"] == "applied"
    assert move(cast.hua, CAR, "SZ01").status_code == 200
    alice.pull()
    note = {"id": who, "set": {"note": "这里的"}}
    assert alice.do("customer.set", note, base={"note": None})["status"] == "applied"
    for each, note in ((alice, "这里的"), (zoe, None)):
        each.pull()
        assert each.doc("customer", who).get("note") == note
