"""What an older backup does not let in again, and which tablets it still knows (TRUST.md, Revocation)."""

import hashlib

import pytest

from backend import db, setup
from backend.api import login
from backend.models.access import Account, Session
from backend.models.sync import Device, Op
from backend.sync import devices, door, enrolment, people, rebuild, state
from backend.upkeep import backup, restore
from tests.cast import PASSWORD, SZ01, customer, fixed_id
from tests.sync.test_quarantine import seal as sealed_bytes
from tests.sync.test_quarantine import sealed
from tests.upkeep.conftest import NOW

LATER = NOW.replace("T04", "T05")


def come(client, who: str, device: str, **more: object):
    told = {"id": device, "name": "平板", **more.pop("told", {})}
    said = {"username": who, "password": PASSWORD, "device": told}
    return client.post("/api/v1/auth/login", json=said | more)


def leave(person) -> None:
    """Somebody does not work here any more."""
    op = {"id": fixed_id(1, 0x78), "kind": "staff.set", "v": 1, "part": "GRP", "at": NOW}
    op |= {"body": {"id": person.id, "set": {"active": False}}, "base": {"active": True}}
    assert door.submit([op], people.SYSTEM, NOW)[0]["status"] == "applied"


def test_who_was_shut_out_since_the_backup_stays_out(worked, cast, made, key, config):
    """TRUST.md, Revocation: ended sessions, a tablet that was lost, a password that was changed."""
    lost = Device.get(Device.id == worked.web.device)
    old_key = state.part_key(SZ01)
    devices.revoke(lost, "hard", "丢了", {"id": cast.gina.id}, NOW)
    login.replace_password(cast.bob.id, "bob", "another-password", NOW)
    ended = {row.id for row in Session.select().where(Session.revoked_at.is_null(False))}
    hashes = {row.staff_id: row.password_hash for row in Account.select()}
    db.database.close()
    restore.restore(config, made, True, NOW, key)
    again = Device.get(Device.id == worked.web.device)
    assert (again.state, again.generation) == (devices.WIPE, lost.generation + 1)
    assert state.part_key(SZ01) != old_key
    assert {row.id for row in Session.select().where(Session.revoked_at.is_null(False))} == ended
    assert {row.staff_id: row.password_hash for row in Account.select()} == hashes


@pytest.mark.parametrize("there", ["nothing", "another group"])
def test_where_nothing_is_known_of_since_everybody_logs_in_again(worked, cast, made, key, elsewhere, there):
    """On another host, or after a disk was lost: a group that stands there is not believed."""
    hashes = {row.staff_id: row.password_hash for row in Account.select()}
    assert Session.select().where(Session.revoked_at.is_null()).exists()
    db.database.close()
    if there == "another group":
        db.connect(elsewhere.database)
        state.prepare()
        setup.create_group("SZ01", "福田店", "adm", "安敏", "a-long-password", NOW)
        db.database.close()
    restore.restore(elsewhere, made, there != "nothing", NOW, key)
    assert not Session.select().where(Session.revoked_at.is_null()).exists()
    assert {row.staff_id: row.password_hash for row in Account.select()} == hashes


def test_a_tablet_that_came_and_was_lost_since_is_still_to_be_wiped(worked, cast, made, key, config, sign_in):
    """It knows the segment keys that the backup has."""
    web = sign_in(cast.bob, device=fixed_id(5, 0x77))
    assert web.post(f"/devices/{web.device}/revoke", {"mode": "hard", "reason": "丢了"}).status_code == 204
    old_key = state.part_key(SZ01)
    db.database.close()
    restore.restore(config, made, True, NOW, key)
    again = Device.get(Device.id == web.device)
    assert (again.state, again.generation) == (devices.WIPE, 1)
    assert state.part_key(SZ01) != old_key


def test_who_has_left_since_the_backup_does_not_come_in_again(worked, cast, made, key, config, client):
    """In the copy they are staff; they have no session and no password until an admin looks at it."""
    leave(cast.bob)
    db.database.close()
    assert restore.restore(config, made, True, NOW, key)["left"] == [cast.bob.name]
    here = (Session.staff_id == cast.bob.id) & Session.revoked_at.is_null()
    assert not Session.select().where(here).exists()
    assert come(client, "bob", worked.web.device).get_json()["code"] == "auth.failed"


@pytest.mark.parametrize("between", ["restore", "rebuild-feed"])
def test_who_was_shut_out_stays_out_after_another_epoch(worked, cast, config, tmp_path, client, between):
    """A restored database, and one with a feed built anew, went on from the one that was backed up."""
    made = backup.make(config, tmp_path / "copy", NOW)
    if between == "rebuild-feed":
        rebuild.rebuild()
    devices.revoke(Device.get_by_id(worked.web.device), "hard", "丢了", {"id": cast.gina.id}, NOW)
    login.replace_password(cast.bob.id, "bob", "another-password", NOW)
    leave(cast.sam)
    db.database.close()
    if between == "restore":
        assert restore.restore(config, made, True, NOW, None)["left"] == [cast.sam.name]
        db.database.close()
    assert restore.restore(config, made, True, LATER, None)["left"] == [cast.sam.name]
    assert Device.get_by_id(worked.web.device).state == devices.WIPE
    other = fixed_id(9, 0x55)
    assert [come(client, who, other).get_json()["code"] for who in ("bob", "sam")] == ["auth.failed"] * 2


def test_a_tablet_that_came_after_the_backup_needs_no_other_code(worked, config, client, tmp_path):
    made = backup.make(config, tmp_path / "copy", NOW)
    code = enrolment.make_code("SZ01", "y", None, NOW)["code"]
    assert come(client, "bob", fixed_id(97, 0x55), code=code).status_code == 200
    db.database.close()
    restore.restore(config, made, True, NOW, None)
    assert come(client, "bob", fixed_id(97, 0x55)).status_code == 200


@pytest.mark.parametrize("restored", [False, True])
def test_work_of_before_a_fork_opens(worked, config, sign_in, cast, client, tmp_path, restored):
    """Invariants 1, 17: it took another identity after the backup that is restored, with work unsent."""
    made, old = backup.make(config, tmp_path / "copy", NOW), worked.web
    op = worked.op("customer.set", {"id": customer(1)["id"], "set": {"note": "x"}}, base={"note": None})
    scan, fork = b"%PDF-1.4\n" + b"a scan of today" * 9, fixed_id(99, 0x55)
    name = hashlib.sha256(scan).hexdigest()
    row, piece = sealed(old, op), sealed_bytes(old, SZ01, f"pieces|{name}|0", scan)
    was = {"was": {"id": old.device, "secret": old.login["device_secret"]}}
    assert come(client, "alice", fork, told=was).status_code == 200
    if restored:
        db.database.close()
        restore.restore(config, made, True, NOW, None)
    answer = come(client, "alice", fork).get_json()
    assert len(answer["older_keys"][SZ01]) == 1
    lost = {"mode": "hard", "reason": "丢了"}
    assert sign_in(cast.hua).post(f"/devices/{fork}/revoke", lost).status_code == 204
    shown = {"device": fork, "secret": answer["device_secret"]}
    assert client.post("/api/v1/devices/hand-in", json={**shown, "rows": [row]}).status_code == 200
    file = {"part": SZ01, "sha256": name, "size": len(scan), "no": 0, "sealed": piece}
    told = client.post("/api/v1/devices/hand-in-file", json=shown | file).get_json()
    assert (Op.get(Op.id == op["id"]).kind, told["complete"]) == ("customer.set", True)
