"""The unsent work of a revoked tablet or person waits, whole, for a manager (TRUST.md, Revocation)."""

import base64
import hashlib
import json
import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.models.files import Vehicle
from backend.models.sync import Device, Op
from backend.sync import blobs, quarantine
from tests.cast import SZ01, customer, fixed_id, vehicle
from tests.sync.tablet import Tablet

AT = "2026-03-02T02:00:00.000Z"


def sealed(web, op: dict, key: str | None = None, **more: object) -> dict:
    """A row of the journal as it lies on the tablet."""
    signed = Tablet(web).sign(op)
    core = {name: value for name, value in op.items() if name not in ("n", "h")}
    envelope = {"op": core, "h": op["h"], "by": signed["by"], "mac": signed["mac"], "actor": {"name": "艾丽"}}
    plain = json.dumps(envelope, ensure_ascii=False).encode()
    text = seal(web, op["part"], f"ops|{op['id']}", plain, key)
    return {"id": op["id"], "n": op["n"], "part": op["part"], "at": op["at"], "sealed": text, **more}


def seal(web, part: str, name: str, plain: bytes, key: str | None = None) -> str:
    """Version ‖ nonce ‖ AES-256-GCM under the tablet's data key, base64."""
    cipher, nonce = AESGCM(base64.b64decode(key or web.login["data_keys"][part]["key"])), os.urandom(12)
    sealed = cipher.encrypt(nonce, plain, f"1|{part}|{name}".encode())
    return base64.b64encode(b"\x01" + nonce + sealed).decode()


def revoke(web, device: str) -> None:
    assert web.post(f"/devices/{device}/revoke", {"mode": "hard", "reason": "丢失"}).status_code == 204


def hand_in(client, web, *rows: dict, **more: object):
    told = {"device": web.device, "secret": web.login["device_secret"], "rows": list(rows), **more}
    return client.post("/api/v1/devices/hand-in", json=told)


@pytest.fixture
def lost(tablet, sign_in, cast):
    """Alice's tablet with two unsent ops, and Bob who has had it wiped: `(tablet, rows, bob)`."""
    alice = tablet(cast.alice)
    ops = [alice.op("vehicle.add", vehicle()), alice.op("customer.add", customer())]
    rows = [sealed(alice.web, op) for op in ops]
    bob = sign_in(cast.bob)
    revoke(bob, alice.web.device)
    return alice, ops, rows, bob


def test_what_a_tablet_hands_in_is_parked_whole_for_a_manager(lost, client, cast):
    """Invariants 1 and 4: opened with the keys of before, payload equal, author kept, nothing applied."""
    alice, ops, rows, _bob = lost
    answer = hand_in(client, alice.web, *rows)
    assert answer.status_code == 200 and answer.get_json() == {"received": [op["id"] for op in ops]}
    kept = Op.get(Op.id == ops[0]["id"])
    assert (kept.status, kept.code, kept.author_id) == ("parked", "op.quarantine", cast.alice.id)
    assert (kept.device, kept.n, kept.hash) == (alice.web.device, 1, ops[0]["h"])
    assert json.loads(kept.text) == {k: v for k, v in ops[0].items() if k not in ("n", "h")}
    assert Vehicle.select().count() == 0


def test_handing_in_again_changes_nothing(lost, client):
    """Invariant 2: the answer was lost; the same receipt, each op once; also after the wipe."""
    alice, _ops, rows, _bob = lost
    first = hand_in(client, alice.web, *rows).get_json()
    assert hand_in(client, alice.web, *rows).get_json() == first
    shown = {"device": alice.web.device, "secret": alice.web.login["device_secret"]}
    assert client.post("/api/v1/devices/wiped", json=shown).status_code == 204
    assert hand_in(client, alice.web, *rows).get_json() == first
    assert Op.select().where(Op.code == "op.quarantine").count() == 2


def test_an_op_that_had_arrived_is_not_parked_a_second_time(tablet, sign_in, client, cast):
    """Its answer never reached the tablet, so it is handed in as well."""
    alice, bob = tablet(cast.alice), sign_in(cast.bob)
    op = alice.op("vehicle.add", vehicle())
    assert alice.push(op)[0]["status"] == "applied"
    revoke(bob, alice.web.device)
    assert hand_in(client, alice.web, sealed(alice.web, op)).get_json() == {"received": [op["id"]]}
    assert [row.status for row in Op.select().where(Op.id == op["id"])] == ["applied"]


def test_what_does_not_open_is_kept_sealed(lost, client, sign_in, cast):
    """Another key, another record's bytes, no ciphertext at all: kept as it came, nobody's, never run."""
    alice, ops, rows, _bob = lost
    foreign = sealed(alice.web, ops[0], key=base64.b64encode(os.urandom(32)).decode())
    moved = rows[1] | {"id": fixed_id(5, 0xC), "n": 5}
    junk = rows[1] | {"id": fixed_id(6, 0xC), "n": 6, "sealed": "?"}
    assert hand_in(client, alice.web, foreign, moved, junk).status_code == 200
    for row in (foreign, moved, junk):
        kept = Op.get(Op.id == row["id"])
        assert (kept.kind, kept.status, kept.code) == ("device.sealed", "parked", "op.quarantine")
        assert kept.author_id is None and kept.device == alice.web.device
        assert json.loads(kept.text)["body"] == {"sealed": row["sealed"]}


def test_a_forged_author_is_nobody(lost, client, cast):
    """Who has the tablet's key still cannot write in Bob's name."""
    alice, ops, _rows, _bob = lost
    op = ops[0] | {"h": "0" * 64}
    assert hand_in(client, alice.web, sealed(alice.web, op)).status_code == 200
    assert Op.get(Op.id == op["id"]).author_id is None


def test_two_rows_under_one_number_are_both_kept(lost, client):
    """A copied tablet, or a hostile one: nothing is lost, and nothing breaks."""
    alice, _ops, rows, _bob = lost
    assert hand_in(client, alice.web, rows[0], rows[1] | {"n": rows[0]["n"]}).status_code == 200
    kept = Op.select().where(Op.id.in_([row["id"] for row in rows]))
    assert sorted((row.n for row in kept), key=str) == [rows[0]["n"], None]


def test_work_of_before_a_fork_opens_too(tablet, sign_in, client, cast):
    """The tablet took another id; what lies there is sealed with the keys of the one before."""
    old = tablet(cast.alice)
    op = old.op("vehicle.add", vehicle())
    row = sealed(old.web, op)
    fork = fixed_id(1, 0x59)
    was = {"id": old.web.device, "secret": old.web.login["device_secret"]}
    said = {"username": "alice", "password": cast.alice.password}
    answer = client.post(
        "/api/v1/auth/login", json=said | {"device": {"id": fork, "name": "平板", "was": was}}
    ).get_json()
    bob = sign_in(cast.bob)
    revoke(bob, fork)
    told = {"device": fork, "secret": answer["device_secret"], "rows": [row]}
    assert client.post("/api/v1/devices/hand-in", json=told).status_code == 200
    kept = Op.get(Op.id == op["id"])
    assert (kept.kind, kept.device, kept.author_id) == ("vehicle.add", fork, cast.alice.id)


def test_only_a_revoked_tablet_hands_in(tablet, client, cast):
    """All others push; and a stranger's rows are not taken at all."""
    alice = tablet(cast.alice)
    row = sealed(alice.web, alice.op("vehicle.add", vehicle()))
    assert hand_in(client, alice.web, row).get_json()["code"] == "conflict"
    assert hand_in(client, alice.web, row, secret="0" * 64).status_code == 401
    assert hand_in(client, alice.web).status_code == 422
    assert hand_in(client, alice.web, row | {"x": 1}).status_code == 422
    assert Op.select().where(Op.id == row["id"]).count() == 0


def test_a_stolen_tablet_cannot_fill_the_disk(lost, client, monkeypatch):
    """What does not open is bounded; all or none of a request is kept."""
    alice, _ops, rows, _bob = lost
    monkeypatch.setattr(quarantine, "MOST_SEALED", 10_000)
    junk = [rows[0] | {"id": fixed_id(n, 0xD), "n": n, "sealed": "x" * 4000} for n in range(10, 14)]
    assert hand_in(client, alice.web, *junk[:2]).status_code == 200
    assert hand_in(client, alice.web, *junk).get_json()["code"] == "sync.too_large"
    assert Op.select().where(Op.kind == "device.sealed").count() == 2
    assert hand_in(client, alice.web, *rows).status_code == 200


def test_work_of_somebody_who_has_left_waits_for_a_manager(tablet, sign_in, cast):
    """Pushed by a colleague from the shared tablet: whole, with its author, parked as `op.quarantine`."""
    alice, bob = tablet(cast.alice), tablet(cast.bob, fixed_id(1, 5))
    op = alice.sign(alice.op("vehicle.add", vehicle()))
    adm = tablet(cast.adm)
    adm.part = "GRP"
    change = {"id": cast.alice.id, "set": {"active": False}}
    assert adm.do("staff.set", change, base={"active": True})["status"] == "applied"
    result = bob.push(op)[0]
    assert (result["status"], result["code"]) == ("parked", "op.quarantine")
    kept = Op.get((Op.part == SZ01) & (Op.id == op["id"]))
    assert kept.author_id == cast.alice.id and Vehicle.select().count() == 0
    assert Device.get_by_id(bob.web.device).last_n == 1  # the queue goes on


def test_a_revoked_tablet_hands_in_its_files_piece_by_piece(tablet, sign_in, client, cast):
    """Invariant 17: sealed as they lie there; what has arrived is not taken twice; complete once verified."""
    alice, bob = tablet(cast.alice), sign_in(cast.bob)
    data = b"%PDF-1.7\n" + os.urandom(blobs.CHUNK_BYTES + 500_000)
    name = hashlib.sha256(data).hexdigest()
    told = {"part": SZ01, "sha256": name, "size": len(data)}
    shown = {"device": alice.web.device, "secret": alice.web.login["device_secret"]}

    def piece(number: int, **more: object):
        plain = data[number * blobs.CHUNK_BYTES :][: blobs.CHUNK_BYTES]
        text = seal(alice.web, SZ01, f"pieces|{name}|{number}", plain)
        body = {**shown, **told, "no": number, "sealed": text, **more}
        answer = client.post("/api/v1/devices/hand-in-file", json=body)
        return answer.get_json().get("code") or tuple(answer.get_json().values())

    assert piece(0) == "conflict"  # it is not revoked: it uploads like any other
    revoke(bob, alice.web.device)
    assert piece(0) == piece(0) == (False, blobs.CHUNK_BYTES)
    assert piece(1, no=0) == "blob.damaged"  # another piece's bytes
    assert piece(1, sealed="?") == "blob.damaged"
    assert piece(1, secret="0" * 64) == "auth.required"
    assert piece(1) == piece(0) == (True, len(data))
    whole = bob.get(f"/blobs/{name}?part={SZ01}")
    assert whole.data == data
