"""Two people fill in one field: both values stay in the feed until somebody chooses (invariant 14)."""

import json

from tests.cast import customer, fixed_id, vehicle

WHO = customer()["id"]
EARLY, LATE = "2026-03-02T01:00:00.000Z", "2026-03-02T03:00:00.000Z"


def conflicts_of(tablet) -> list[dict]:
    """The open ones that a tablet has after a pull."""
    tablet.pull()
    docs = [doc for (_part, kind, _id), (_seq, doc) in tablet.rows.items() if kind == "conflict" and doc]
    return [doc for doc in docs if doc["state"] == "open"]


def two_addresses(cast, tablet):
    """Alice and Bob both saw 旧址 and wrote something else; Bob's came later."""
    alice, bob = tablet(cast.alice), tablet(cast.bob)
    alice.do("customer.add", customer(address="旧址"))
    seen = {"base": {"address": "旧址"}}
    alice.do("customer.set", {"id": WHO, "set": {"address": "新址甲"}}, at=EARLY, **seen)
    bob.do("customer.set", {"id": WHO, "set": {"address": "新址乙"}}, at=LATE, **seen)
    return alice, bob


def test_both_values_are_in_the_feed_with_who_and_when(cast, tablet):
    """Invariant 14: the loser is kept where every tablet of the branch sees it."""
    alice, bob = two_addresses(cast, tablet)
    found = conflicts_of(alice)
    assert found == conflicts_of(bob) and len(found) == 1
    wanted = {"kind": "customer", "record_id": WHO, "file_id": WHO, "field": "address", "state": "open"}
    wanted |= {"value": '"新址乙"', "by_id": cast.bob.id, "by_name": cast.bob.name, "at": LATE}
    wanted |= {"other": '"新址甲"', "other_by_id": cast.alice.id, "other_by_name": cast.alice.name}
    assert {**found[0], **wanted, "other_at": EARLY} == found[0]
    assert alice.doc("customer", WHO)["address"] == "新址乙"


def test_different_fields_leave_nothing_to_choose(cast, tablet):
    """Invariant 14: both survive."""
    alice, bob = tablet(cast.alice), tablet(cast.bob)
    alice.do("customer.add", customer(address="旧址"))
    alice.do("customer.set", {"id": WHO, "set": {"address": "新址"}}, base={"address": "旧址"})
    bob.do("customer.set", {"id": WHO, "set": {"note": "常出差"}}, base={"note": None})
    assert conflicts_of(bob) == []
    assert {**bob.doc("customer", WHO), "address": "新址", "note": "常出差"} == bob.doc("customer", WHO)


def test_one_op_restores_the_other_value(cast, tablet):
    """Invariant 14: losers of the same field can be restored, and that is an op like any other."""
    alice, bob = two_addresses(cast, tablet)
    (found,) = conflicts_of(alice)
    body = {"id": found["id"], "record_id": WHO, "choice": "restore"}
    assert alice.do("conflict.settle", body)["status"] == "applied"
    assert conflicts_of(bob) == []
    assert bob.doc("customer", WHO)["address"] == "新址甲"
    settled = bob.doc("conflict", found["id"])
    assert (settled["choice"], settled["settled_by_name"]) == ("restore", cast.alice.name)
    assert bob.do("conflict.settle", body)["status"] == "noop"


def test_whoever_restored_is_named_when_that_loses_in_its_turn(cast, tablet):
    """The op log knows who gave the field its value, by whatever op."""
    alice, bob = two_addresses(cast, tablet)
    (found,) = conflicts_of(bob)
    bob.do("conflict.settle", {"id": found["id"], "record_id": WHO, "choice": "restore"}, at=LATE)
    alice.do("customer.set", {"id": WHO, "set": {"address": "新址丙"}}, base={"address": "新址乙"})
    (again,) = conflicts_of(alice)
    assert (json.loads(again["other"]), again["other_by_name"], again["other_at"]) == (
        *("新址甲", cast.bob.name, LATE),
    )


def test_who_is_known_inside_one_push_too(cast, tablet):
    """Both edits in one transaction: the first is not in the log yet."""
    alice = tablet(cast.alice)
    bob = tablet(cast.bob, device=alice.web.device)
    alice.do("customer.add", customer())
    one = alice.op("customer.set", {"id": WHO, "set": {"note": "甲"}}, base={"note": None})
    bob.n = alice.n
    two = bob.op("customer.set", {"id": WHO, "set": {"note": "乙"}}, base={"note": None})
    assert [r["status"] for r in bob.push(alice.sign(one), two)] == ["applied", "merged"]
    assert [doc["other_by_name"] for doc in conflicts_of(bob)] == [cast.alice.name]


def test_a_value_nobody_is_known_for_has_no_author(cast, tablet):
    """An author's claim of what they saw may be older than the log."""
    alice = tablet(cast.alice)
    alice.do("customer.add", customer(address="旧址"))
    alice.do("customer.set", {"id": WHO, "set": {"gender": "female"}}, base={"gender": "unknown"})
    (found,) = conflicts_of(alice)
    assert (found["other"], found["other_by_name"]) == ('"male"', cast.alice.name)
    alice.do("vehicle.set", {"id": fixed_id(9, 3), "set": {"note": "x"}}, base={})
    assert len(conflicts_of(alice)) == 1


def test_a_conflict_goes_with_its_customer_to_another_branch(cast, tablet, sign_in):
    """The file moves whole: what is still to be chosen can be chosen there (invariants 12 and 14)."""
    alice, zoe = two_addresses(cast, tablet)[0], tablet(cast.zoe)
    alice.do("vehicle.add", vehicle())
    party = {"id": fixed_id(1, 6), "vehicle_id": vehicle()["id"], "customer_id": WHO, "role": "owner"}
    alice.do("party.add", party)
    moved = sign_in(cast.hua).post(f"/vehicles/{vehicle()['id']}/move", {"to": "SZ02", "reason": "客户搬家"})
    assert moved.status_code == 200, moved.get_data(as_text=True)
    (found,) = conflicts_of(zoe)
    body = {"id": found["id"], "record_id": WHO, "choice": "restore"}
    assert zoe.do("conflict.settle", body)["status"] == "applied"
    zoe.pull()
    assert zoe.doc("customer", WHO)["address"] == "新址甲"
    assert conflicts_of(alice) == []


def test_a_foreign_branch_settles_nothing(cast, tablet):
    """Invariant 12: Zoe works at SZ02, where there is no such conflict."""
    alice, _bob = two_addresses(cast, tablet)
    (found,) = conflicts_of(alice)
    zoe = tablet(cast.zoe)
    body = {"id": found["id"], "record_id": WHO, "choice": "restore"}
    assert zoe.do("conflict.settle", body)["code"] == "op.missing"
    assert len(conflicts_of(alice)) == 1


def test_the_administrator_settles_what_two_wrote_about_a_colleague(cast, tablet):
    """Invariant 14, for the group's own records; head office's operator may not edit people, nor choose."""
    adm, hua = tablet(cast.adm), tablet(cast.hua)
    adm.part = hua.part = "GRP"
    who, seen = cast.alice.id, {"base": {"title": None}}
    adm.do("staff.set", {"id": who, "set": {"title": "客服一组"}}, at=EARLY, **seen)
    adm.do("staff.set", {"id": who, "set": {"title": "客服二组"}}, at=LATE, **seen)
    (found,) = conflicts_of(adm)
    body = {"id": found["id"], "record_id": who, "choice": "restore"}
    assert hua.do("conflict.settle_group", body)["code"] == "op.not_allowed"
    assert adm.do("conflict.settle", body)["code"] == "op.part"
    assert adm.do("conflict.settle_group", body)["status"] == "applied"
    adm.pull()
    assert adm.doc("staff", who)["title"] == "客服一组"
