"""The door for tablets: results, order, slots, parking (SYNC.md invariants 1-6, 12, 14, 18)."""

import pytest

from backend.models.access import Session
from backend.models.base import RECORDS
from backend.models.sync import Op
from tests.cast import SZ01, customer, fixed_id, vehicle


def test_an_applied_op_reaches_every_tablet_of_the_branch(cast, tablet):
    """Invariants 1 and 11: what was accepted comes back through the feed, under the number it was told."""
    alice, bob = tablet(cast.alice), tablet(cast.bob)
    result = alice.do("customer.add", customer())
    assert (result["status"], list(result["seqs"])) == ("applied", [SZ01])
    bob.pull()
    assert bob.doc("customer", customer()["id"])["name"] == "张伟"
    assert bob.rows[SZ01, "customer", customer()["id"]][0] == result["seqs"][SZ01]


def test_a_resend_gets_the_identical_result_and_changes_nothing(cast, tablet):
    """Invariant 2: at most once."""
    alice = tablet(cast.alice)
    op = alice.op("customer.add", customer())
    first, again = alice.push(op), alice.push(op)
    assert first == again
    assert Op.select().where(Op.part == SZ01).count() == 1


def test_the_same_op_under_another_number_is_done_once(cast, tablet):
    """Invariant 2: a device that renumbers after a fork keeps its op ids."""
    alice = tablet(cast.alice)
    op = alice.op("customer.add", customer())
    first = alice.push(op)[0]
    for _ in range(2):  # and its answer may be lost again
        assert alice.push({**op, "n": 2})[0] == {**first, "n": 2}


def test_a_hole_in_the_numbers_is_refused_whole(cast, tablet):
    """Invariant 5: op n has a result only after n - 1."""
    alice = tablet(cast.alice)
    first, _lost, third = (alice.op("customer.add", customer(i)) for i in (1, 2, 3))
    answer = alice.send(first, third)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "sync.gap")
    assert answer.get_json()["details"] == {"expect": 1}
    assert Op.select().where(Op.part == SZ01).count() == 0


def test_a_used_number_with_other_content_is_a_fork(cast, tablet):
    """A copied device identity is noticed, never merged."""
    alice = tablet(cast.alice)
    alice.do("customer.add", customer())
    other = alice.op("customer.add", customer(2))
    answer = alice.send({**other, "n": 1})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "sync.fork")


def test_another_epoch_is_told(cast, tablet):
    """Invariant 16: after a restore the tablet learns of it before anything is stored."""
    alice = tablet(cast.alice)
    answer = alice.send(alice.op("customer.add", customer()), epoch="another life")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "sync.epoch")


def test_a_refused_op_is_parked_whole_and_the_queue_goes_on(cast, tablet):
    """Invariants 3 and 4: a bad op never blocks the next one, and its content is kept byte for byte."""
    alice = tablet(cast.alice)
    bad = alice.op("customer.add", {"id": fixed_id(1, 4), "name": "", "phones": ["not a phone"]})
    good = alice.op("customer.add", customer(2))
    results = alice.push(bad, good)
    assert [r["status"] for r in results] == ["parked", "applied"]
    assert results[0]["code"] == "op.invalid" and results[0]["message"]
    parked = alice.web.get("/sync/parked").get_json()
    assert [row["op"] for row in parked] == [{k: v for k, v in bad.items() if k not in ("n", "h")}]
    assert alice.send().get_json()["last_n"] == 2


def test_parked_ops_are_for_their_author_and_head_office(cast, tablet, sign_in):
    """Invariant 4: visible to author and head office, to nobody else."""
    tablet(cast.alice).do("customer.add", {"id": fixed_id(1, 4)})
    seen = {
        p.name: len(sign_in(p).get("/sync/parked").get_json())
        for p in (cast.alice, cast.chen, cast.zoe, cast.aud)
    }
    assert seen == {cast.alice.name: 1, cast.chen.name: 0, cast.zoe.name: 0, cast.aud.name: 1}


def test_an_op_waits_with_the_op_it_depends_on(cast, tablet):
    """Invariant 5: none runs before its `dep`."""
    alice = tablet(cast.alice)
    bad = alice.op("customer.add", {"id": fixed_id(1, 4)})
    after = alice.op("vehicle.add", vehicle(), dep=[bad["id"]])
    missing = alice.op("vehicle.add", vehicle(2), dep=[fixed_id(99, 99)])
    fine = alice.op("vehicle.add", vehicle(3))
    last = alice.op("vehicle.add", vehicle(4), dep=[fine["id"]])
    assert [r["status"] for r in alice.push(bad, after, missing, fine, last)] == [
        *("parked", "parked", "parked", "applied", "applied")
    ]


def test_an_op_is_applied_whole_or_not_at_all(cast, tablet, monkeypatch):
    """Invariant 6: a failure in the middle of an op leaves nothing of it, and the next op is done.

    The ops are stored together first: when that fails, all of it is undone and each is stored by itself.
    """
    alice = tablet(cast.alice)
    store = RECORDS["customer"].store

    def fails_for_the_second(rows: list[dict]) -> None:
        store(rows)
        if fixed_id(2, 4) in {row["id"] for row in rows}:
            raise RuntimeError("disk on fire")

    monkeypatch.setattr(RECORDS["customer"], "store", fails_for_the_second)
    results = alice.push(*(alice.op("customer.add", customer(i)) for i in (1, 2, 3)))
    assert [(r["status"], r.get("code")) for r in results] == [
        *(("applied", None), ("parked", "server.error"), ("applied", None))
    ]
    alice.pull()
    assert [alice.doc("customer", fixed_id(i, 4)) is None for i in (1, 2, 3)] == [False, True, False]
    assert RECORDS["customer"].select().count() == 2


def test_a_foreign_branch_cannot_be_written_to(cast, tablet):
    """Invariant 12: Zoe works at SZ02."""
    zoe = tablet(cast.zoe)
    result = zoe.push({**(op := zoe.op("customer.add", customer())), "part": SZ01, "h": _rehash(op, SZ01)})[0]
    assert (result["status"], result["code"]) == ("parked", "op.part")
    assert RECORDS["customer"].select().count() == 0


def test_branch_staff_do_not_write_to_the_group(cast, tablet):
    """Roles of a branch say nothing at head office."""
    alice = tablet(cast.alice)
    alice.part = "GRP"
    assert (
        alice.do("rule.add", {"id": fixed_id(1, 7), "code": "complaint.loop_hours", "value": 48})["code"]
        == "op.part"
    )


def test_a_damaged_op_is_parked(cast, tablet):
    """The hash says whether what arrived is what was written."""
    alice = tablet(cast.alice)
    op = alice.op("customer.add", customer())
    assert alice.push({**op, "body": customer(name="被改动")})[0]["code"] == "op.hash"


def test_a_colleague_carries_ones_op_but_cannot_forge_it(cast, tablet):
    """A shared tablet: Bob's session brings Alice's op in; who wrote it is proven by her session's key."""
    alice = tablet(cast.alice)
    bob = tablet(cast.bob, device=alice.web.device)
    signed = alice.sign(alice.op("customer.add", customer()))
    assert bob.push(signed)[0]["status"] == "applied"
    assert Op.get(Op.part == SZ01).author_id == cast.alice.id
    alice.web.post("/auth/logout")  # what she wrote before she left still counts, from another tablet too
    late, carrier = alice.sign(alice.op("customer.add", customer(3))), tablet(cast.bob)
    assert carrier.push({**late, "n": 1})[0]["status"] == "applied"
    forged = {**alice.sign(alice.op("customer.add", customer(2))), "n": 2, "mac": "0" * 64}
    assert bob.push(forged)[0]["code"] == "op.author"


def test_work_whose_session_a_restore_lost_runs_when_its_author_is_back(cast, tablet):
    """Invariants 1, 2, 4: nobody else may claim it, what depends on it goes along, and it counts once."""
    alice = tablet(cast.alice)
    bob = tablet(cast.bob, device=alice.web.device)
    first = alice.sign(alice.op("customer.add", customer()))
    body = {"id": customer()["id"], "set": {"note": "常出差"}}
    second = alice.sign(alice.op("customer.set", body, base={"note": None}, dep=[first["id"]]))
    Session.delete().where(Session.id == first["by"]).execute()  # newer than the backup
    assert [result["code"] for result in bob.push(first, second)] == ["op.author"] * 2
    assert [result["code"] for result in bob.push(first, second)] == ["op.author"] * 2
    back = tablet(cast.alice, device=alice.web.device)
    own = [{name: op[name] for name in op if name not in ("by", "mac")} for op in (first, second)]
    results = back.push(*own)
    assert [result["status"] for result in results] == ["applied", "applied"]
    assert {row.author_id for row in Op.select().where(Op.part == SZ01)} == {cast.alice.id}
    assert bob.push(first, second) == results and back.push(*own) == results
    assert RECORDS["customer"].select().count() == 1


def test_edits_of_different_fields_both_survive_and_losers_are_kept(cast, tablet):
    """Invariant 14: three-way per field; the same field twice keeps both values."""
    alice, bob = tablet(cast.alice), tablet(cast.bob)
    alice.do("customer.add", customer(address="旧址"))
    who = customer()["id"]
    alice.do("customer.set", {"id": who, "set": {"address": "新址甲"}}, base={"address": "旧址"})
    other = bob.do("customer.set", {"id": who, "set": {"note": "常出差"}}, base={"note": None})
    same = bob.do("customer.set", {"id": who, "set": {"address": "新址乙"}}, base={"address": "旧址"})
    bob.pull()
    doc = bob.doc("customer", who)
    assert (doc["address"], doc["note"]) == ("新址乙", "常出差")
    assert (other["status"], same["status"]) == ("merged", "merged") or other["status"] == "applied"
    assert [(c["field"], c["theirs"]) for c in same["conflicts"]] == [("address", "新址甲")]


def test_a_wrong_tablet_clock_changes_nothing(cast, tablet):
    """Invariant 18: time is recorded, never a reason to refuse or to win."""
    alice = tablet(cast.alice)
    op = {**alice.op("customer.add", customer()), "at": "2031-01-01T00:00:00.000Z"}
    del op["h"]
    assert alice.push(op)[0]["status"] == "applied"


def test_an_op_of_a_newer_app_is_kept_for_later(cast, tablet):
    """Invariant 19: the server says that it does not know this version yet, and keeps the op."""
    alice = tablet(cast.alice)
    assert alice.do("customer.add", customer(), v=7)["code"] == "op.version"


def test_text_that_no_database_takes_is_parked(cast, tablet):
    """Invariants 3 and 4: a NUL or half an emoji parks its op; the queue behind it moves on."""
    alice = tablet(cast.alice)
    nul = alice.op("customer.add", customer(1, name="甲\x00乙"))
    strange_id = alice.op("customer.set", {"id": "\x00" * 36, "set": {"note": "x"}}, base={})
    half = alice.op("customer.add", customer(2, name="表情\ud83d"), h=None)
    fine = alice.op("customer.add", customer(3))
    for op in (nul, strange_id, half):
        op.pop("h")
    results = alice.push(nul, strange_id, half, fine)
    assert [r["status"] for r in results] == ["parked", "parked", "applied", "applied"]
    alice.pull()
    assert alice.doc("customer", fixed_id(2, 4))["name"] == "表情\ufffd"


@pytest.mark.parametrize("odd", [1.5, 10**30, {"deep": [[1.5]]}], ids=["float", "huge", "inside"])
def test_numbers_that_no_op_has_park_their_op_alone(cast, tablet, odd):
    """Invariants 3 and 4: kept as it came, and the queue behind it moves on, also when it is sent again."""
    alice = tablet(cast.alice)
    strange = alice.op("customer.add", {**customer(), "note": odd}, h=None)
    strange.pop("h")
    fine = alice.op("customer.add", customer(2))
    results = alice.push(strange, fine)
    assert [(r["status"], r.get("code")) for r in results] == [("parked", "op.invalid"), ("applied", None)]
    assert alice.push(strange, fine) == results
    assert alice.web.get("/sync/parked").get_json()[0]["op"]["body"]["note"] == odd


def test_what_is_nested_without_end_is_refused(cast, tablet):
    """Hostile input costs its sender a clear answer, and nobody else anything."""
    alice = tablet(cast.alice)
    deep: list = []
    for _ in range(300):
        deep = [deep]
    op = {**alice.op("customer.add", customer()), "body": {"x": deep}}
    assert alice.send(op).status_code == 422


def test_one_number_for_two_ops_is_a_fork(cast, tablet):
    """Invariant 5: a slot holds one op."""
    alice = tablet(cast.alice)
    first, second = (alice.op("customer.add", customer(i)) for i in (1, 2))
    assert alice.send(first, {**second, "n": 1}).get_json()["code"] == "sync.fork"
    other = {**first, "body": {**first["body"], "name": "王五"}}
    other.pop("h")
    assert alice.send(first, other).get_json()["code"] == "sync.fork"
    one, true = ({**other, "body": {"id": customer(1)["id"], "set": {"consent": c}}} for c in (1, True))
    assert alice.send(one, true).get_json()["code"] == "sync.fork"  # which Python takes for equal
    assert [result["status"] for result in alice.push(first, first)] == ["applied", "applied"]


def test_a_used_op_id_never_answers_for_another_op(cast, tablet):
    """Invariants 1 and 4: the other op is parked whole under its own slot, and says so when resent."""
    alice, bob = tablet(cast.alice), tablet(cast.bob)
    used = alice.op("customer.add", customer())
    alice.push(used)
    other = {**bob.op("customer.add", customer(2)), "id": used["id"]}
    other.pop("h")
    result = bob.push(other)[0]
    assert (result["status"], result["code"], result["id"]) == ("parked", "op.exists", used["id"])
    assert bob.push(other)[0] == result
    assert bob.web.get("/sync/parked").get_json()[0]["op"]["body"] == customer(2)


@pytest.mark.parametrize("kind", ["history.load", "task.generate", "complaint.escalate", "delivery.import"])
def test_a_tablet_cannot_author_what_only_the_server_does(cast, tablet, kind):
    """TRUST.md: the op's kind says where it is made; an admin's tablet is a tablet."""
    for person in (cast.alice, cast.adm):
        mine = tablet(person)
        assert mine.do(kind, {})["code"] in ("op.not_allowed", "op.part")


def _rehash(op: dict, part: str) -> str:
    from backend.domain.canonical import op_hash

    return op_hash({**op, "part": part})
