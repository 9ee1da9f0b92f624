"""What was not accepted is kept whole and settled once: mended, run again, or discarded (invariants 1–5)."""

import json

import pytest

from backend import db
from backend.models.base import RECORDS
from backend.models.sync import Op
from backend.sync import door, people
from tests.cast import SZ01, SZ02, customer, fixed_id, vehicle

NOW = "2026-03-02T05:00:00.000Z"
BAD = {"id": fixed_id(1, 4), "name": "", "phones": ["not a phone"]}


def inbox(tablet, query: str = "") -> list[dict]:
    """What a person's 待处理 shows."""
    return tablet.web.get(f"/sync/parked{query}").get_json()


def settle(tablet, op: dict, verb: str, body: object = None, part: str = SZ01):
    """The raw answer to a rerun or a discard."""
    return tablet.web.post(f"/sync/parked/{part}/{op['id']}/{verb}", {} if body is None else body)


def results(answer) -> list[tuple]:
    """`(status, code)` of each result."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [(r["status"], r.get("code")) for r in answer.get_json()["results"]]


def quarantined(cast, op: dict) -> dict:
    """Hand in an op as a revoked tablet's: parked until a manager has looked at it."""
    core = {key: value for key, value in op.items() if key not in ("n", "h")}
    with db.write_transaction():
        entry = door.Entry(core, people.actor(cast.chen.doc(), SZ01), refusal="op.quarantine")
        return door.run([entry], NOW)[0]


def test_the_inbox_says_what_why_who_when_and_which_car(cast, tablet):
    """Invariant 4: whole, with the reason in words."""
    alice = tablet(cast.alice)
    alice.do("vehicle.add", vehicle())
    bad = alice.op("vehicle.set", {"id": vehicle()["id"], "set": {"mileage_km": -1}}, base={})
    alice.push(bad)
    (row,) = inbox(alice)
    assert row["op"] == {key: value for key, value in bad.items() if key not in ("n", "h")}
    assert row["author"] == {"id": cast.alice.id, "name": cast.alice.name}
    assert (row["id"], row["part"], row["kind"], row["at"]) == (bad["id"], SZ01, "vehicle.set", bad["at"])
    assert (row["code"], row["label"]) == ("op.invalid", vehicle()["plate"]) and row["message"]
    party = {
        "id": fixed_id(1, 6),
        "vehicle_id": vehicle()["id"],
        "customer_id": fixed_id(2, 4),
        "role": "owner",
    }
    alice.do("customer.add", customer(2))
    alice.do("party.add", party)
    alice.do("customer.set", {"id": fixed_id(2, 4), "set": {"name": None}}, base={})
    assert inbox(alice)[0]["label"] == f"{vehicle()['plate']} 张伟"
    (row,) = inbox(alice)[1:]
    assert row["problems"][1] == {"field": "set.mileage_km", "code": "field.range"}
    assert row["may"] == {"rerun": True, "discard": True} and row["received_at"]


def test_the_author_mends_and_reruns(cast, tablet):
    """Invariants 2 and 4: the outcome is settled once, the payload stays byte for byte."""
    alice = tablet(cast.alice)
    bad = alice.op("customer.add", BAD)
    alice.push(bad)
    before = Op.get(Op.part == SZ01).text
    answer = settle(alice, bad, "rerun", {"body": customer()})
    assert results(answer) == [("applied", None)]
    told = answer.get_json()["results"][0]
    assert told["settled"]["by_name"] == cast.alice.name and told["settled"]["mended"]
    assert alice.push(bad)[0] == {"n": 1, **told} == alice.push(bad)[0]
    row = Op.get(Op.part == SZ01)
    assert (row.text, row.status, row.parked_code) == (before, "applied", "op.invalid")
    assert json.loads(row.ran)["body"] == customer()
    alice.pull()
    assert alice.doc("customer", fixed_id(1, 4))["name"] == "张伟"
    assert alice.rows[SZ01, "customer", fixed_id(1, 4)][0] == told["seqs"][SZ01]
    assert inbox(alice) == [] and inbox(alice, "?settled=true")[0]["op"]["body"] == BAD


def test_what_still_does_not_hold_stays_parked_with_todays_reason(cast, tablet):
    """Invariant 3: parked is an outcome; it can be tried again."""
    alice = tablet(cast.alice)
    bad = alice.op("vehicle.set", {"id": vehicle()["id"], "set": {"note": "x"}}, base={})
    assert alice.push(bad)[0]["code"] == "op.missing"
    body = {"id": vehicle()["id"], "set": {"mileage_km": -1}}
    assert results(settle(alice, bad, "rerun", {"body": body})) == [("parked", "op.invalid")]
    assert inbox(alice)[0]["op"]["body"] == bad["body"]
    alice.do("vehicle.add", vehicle())
    assert results(settle(alice, bad, "rerun")) == [("applied", None)]
    alice.pull()
    assert alice.doc("vehicle", vehicle()["id"])["note"] == "x"


def test_what_depended_on_it_runs_along_in_order(cast, tablet):
    """Invariant 5: none before its `dep`, and nobody has to run them one by one."""
    alice = tablet(cast.alice)
    bad = alice.op("customer.add", BAD)
    second = alice.op("customer.set", {"id": BAD["id"], "set": {"note": "二"}}, base={}, dep=[bad["id"]])
    third = alice.op(
        "customer.set", {"id": BAD["id"], "set": {"note": "三"}}, base={"note": "二"}, dep=[second["id"]]
    )
    other = alice.op("customer.set", {"id": fixed_id(2, 4), "set": {"note": "x"}}, dep=[fixed_id(99, 99)])
    assert {r["status"] for r in alice.push(bad, second, third, other)} == {"parked"}
    assert results(settle(alice, bad, "rerun", {"body": customer()})) == [("applied", None)] * 3
    alice.pull()
    assert alice.doc("customer", BAD["id"])["note"] == "三"
    assert [r["status"] for r in alice.push(bad, second, third, other)] == ["applied"] * 3 + ["parked"]


def test_a_discarded_op_ends_with_who_when_and_why(cast, tablet):
    """Invariants 2 to 4: a terminal state; the payload is still there, and what waited says so."""
    alice, hua = tablet(cast.alice), tablet(cast.hua)
    bad = alice.op("customer.add", BAD)
    after = alice.op("customer.set", {"id": BAD["id"], "set": {"note": "二"}}, base={}, dep=[bad["id"]])
    alice.push(bad, after)
    told = results(settle(hua, bad, "discard", {"reason": "重复登记"}))
    assert told == [("discarded", "op.discarded"), ("parked", "op.dep_discarded")]
    first, second = alice.push(bad, after)
    assert (first["status"], first["settled"]["reason"]) == ("discarded", "重复登记")
    assert first["settled"]["by_name"] == cast.hua.name and second["code"] == "op.dep_discarded"
    row = Op.get((Op.part == SZ01) & (Op.id == bad["id"]))
    assert (row.settled_by, row.reason, json.loads(row.text)["body"]) == (cast.hua.id, "重复登记", BAD)
    for verb, body in (("rerun", {}), ("discard", {"reason": "再一次"})):
        assert settle(alice, bad, verb, body).status_code == 409
    alice.do("customer.add", customer())
    assert results(settle(alice, after, "rerun")) == [("applied", None)]


def test_a_discard_needs_a_reason(cast, tablet):
    """A change of the record's fate without a word is refused."""
    alice = tablet(cast.alice)
    bad = alice.op("customer.add", BAD)
    alice.push(bad)
    for body in ({}, {"reason": "  "}, {"reason": "x" * 201}, {"reason": "好的", "more": 1}):
        assert settle(alice, bad, "discard", body).status_code == 422
    assert len(inbox(alice)) == 1


def test_only_author_and_head_office_settle(cast, tablet):
    """Invariant 12: to others it does not exist; the auditor reads."""
    alice = tablet(cast.alice)
    bad = alice.op("customer.add", BAD)
    alice.push(bad)
    seen = {
        p: settle(tablet(p), bad, "rerun").status_code for p in (cast.chen, cast.gina, cast.zoe, cast.aud)
    }
    assert list(seen.values()) == [404, 404, 404, 403]
    assert settle(alice, bad, "rerun", part=SZ02).status_code == 404
    assert [row["may"]["rerun"] for row in inbox(tablet(cast.aud))] == [False]
    assert results(settle(tablet(cast.hua), bad, "rerun")) == [("parked", "op.invalid")]
    assert results(settle(tablet(cast.adm), bad, "discard", {"reason": "测试数据"}))[0][0] == "discarded"


def test_a_rerun_acts_as_its_author(cast, tablet):
    """Head office asks for it, but what the author may not do stays undone, and it stays the author's."""
    alice, hua = tablet(cast.alice), tablet(cast.hua)
    alice.part = "GRP"
    rule = {"id": fixed_id(1, 7), "code": "complaint.loop_hours", "value": 48}
    refused = alice.op("rule.add", rule)
    assert alice.push(refused)[0]["code"] == "op.part"
    assert results(settle(hua, refused, "rerun", part="GRP")) == [("parked", "op.part")]
    alice.part = SZ01
    load = alice.op("history.load", {})
    alice.push(load)
    assert results(settle(hua, load, "rerun")) == [("parked", "op.not_allowed")]
    bad = alice.op("customer.add", BAD)
    alice.push(bad)
    assert results(settle(hua, bad, "rerun", {"body": customer()})) == [("applied", None)]
    assert Op.get((Op.part == SZ01) & (Op.id == bad["id"])).author_id == cast.alice.id


def test_quarantine_is_a_managers_to_accept(cast, tablet):
    """TRUST.md, Revocation: authored by its author, accepted by the branch's manager; nobody else."""
    chen = tablet(cast.chen)
    op = chen.op("customer.add", customer())
    assert quarantined(cast, op)["code"] == "op.quarantine"
    seen = {p.name: [row["may"] for row in inbox(tablet(p))] for p in (cast.chen, cast.gina, cast.alice)}
    no, yes = {"rerun": False, "discard": False}, {"rerun": True, "discard": True}
    assert seen == {cast.chen.name: [no], cast.gina.name: [yes], cast.alice.name: []}
    assert settle(chen, op, "rerun").status_code == 403
    assert settle(tablet(cast.zoe), op, "rerun").status_code == 404
    answer = settle(tablet(cast.gina), op, "rerun")
    assert results(answer) == [("applied", None)]
    assert answer.get_json()["results"][0]["settled"]["by_name"] == cast.gina.name
    assert Op.get(Op.id == op["id"]).author_id == cast.chen.id
    assert chen.push(op)[0]["status"] == "applied"


def test_accepted_in_any_order_each_waits_for_its_dep(cast, tablet):
    """Invariant 5, in quarantine too: the later one waits, and runs when the earlier one is accepted."""
    chen, gina = tablet(cast.chen), tablet(cast.gina)
    first = chen.op("customer.add", customer())
    note = {"id": customer()["id"], "set": {"note": "x"}}
    second = chen.op("customer.set", note, base={}, dep=[first["id"]])
    for op in (first, second):
        quarantined(cast, op)
    assert results(settle(gina, second, "rerun")) == [("parked", "op.dep")]
    assert results(settle(gina, first, "rerun")) == [("applied", None), ("applied", None)]


def test_an_op_under_a_taken_id_can_be_rerun(cast, tablet):
    """Invariants 1 and 4: it ran under its own row's id; its tablet hears of it under the id it gave."""
    alice, bob = tablet(cast.alice), tablet(cast.bob)
    used = alice.op("customer.add", customer())
    alice.push(used)
    other = {**bob.op("customer.add", customer(2)), "id": used["id"]}
    other.pop("h")
    bob.push(other)
    (row,) = inbox(bob)
    assert row["id"] != used["id"]
    assert results(settle(bob, row, "rerun")) == [("applied", None)]
    assert (bob.push(other)[0]["id"], bob.push(other)[0]["status"]) == (used["id"], "applied")
    assert RECORDS["customer"].select().count() == 2


@pytest.mark.parametrize("odd", [1.5, 10**30], ids=["float", "huge"])
def test_an_op_with_odd_numbers_is_mended(cast, tablet, odd):
    """Invariant 4: kept as it came; with a mended body it holds."""
    alice = tablet(cast.alice)
    strange = alice.op("customer.add", {**customer(), "note": odd}, h=None)
    strange.pop("h")
    alice.push(strange)
    assert results(settle(alice, strange, "rerun")) == [("parked", "op.invalid")]
    assert results(settle(alice, strange, "rerun", {"body": customer()})) == [("applied", None)]
    assert alice.push(strange)[0]["status"] == "applied"


def test_an_authors_leaving_does_not_strand_their_work(cast, tablet):
    """Invariant 1: head office or a manager lets it run in the name of who wrote it."""
    chen, hua = tablet(cast.chen), tablet(cast.hua)
    op = chen.op("customer.add", customer())
    quarantined(cast, op)
    hua.part = "GRP"
    left = {"id": cast.chen.id, "set": {"active": False}}
    assert hua.do("staff.set", left, base={"active": True})["code"] == "op.not_allowed"
    adm = tablet(cast.adm)
    adm.part = "GRP"
    assert adm.do("staff.set", left, base={"active": True})["status"] == "applied"
    assert results(settle(hua, op, "rerun")) == [("applied", None)]
