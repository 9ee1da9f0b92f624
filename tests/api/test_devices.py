"""The list of tablets, and shutting one out: softly, or with a wipe (TRUST.md, Revocation)."""

import base64

import pytest

from backend.models.access import Session
from backend.models.sync import Device
from backend.storage import open_storage
from backend.sync import snapshot, state
from tests.cast import PASSWORD, SZ01, SZ02, fixed_id
from tests.group import NOW

GHOST = fixed_id(99, 0x50)


def row_of(web, device: str) -> dict | None:
    return next((row for row in web.get("/devices").get_json() if row["id"] == device), None)


def revoke(web, device: str, mode="hard", reason="在展厅丢失"):
    return web.post(f"/devices/{device}/revoke", {"mode": mode, "reason": reason})


def shown(web, **more: object) -> dict:
    """What proves a tablet without anybody's password."""
    return {"device": web.device, "secret": web.login["device_secret"], **more}


def state_of(client, web) -> str:
    answer = client.post("/api/v1/devices/state", json=shown(web))
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()["state"]


def test_the_list_says_who_when_and_how_much(sign_in, cast):
    """Last seen, pending, app version, storage, as the tablet told with its last pull."""
    alice, bob = sign_in(cast.alice), sign_in(cast.bob)
    app = {
        **{"version": "0.1.0", "pending_blobs": 3},
        "storage": {"persisted": True, "usage": 5_000_000, "quota": 10**10},
    }
    told = {"proto": 1, "device": alice.device, "cursors": {}, "pending": 7, "app": app}
    assert alice.post("/sync/pull", told).status_code == 200
    row = row_of(bob, alice.device)
    assert (row["name"], row["branch"], row["who"], row["state"]) == ("艾丽的平板", "SZ01", "艾丽", "active")
    assert (row["pending"], row["pending_blobs"], row["version"]) == (7, 3, "0.1.0")
    assert row["storage"] == app["storage"] and row["may"] is True
    assert alice.post("/sync/pull", told | {"app": {"mood": "good"}}).status_code == 422
    del told["app"]
    assert alice.post("/sync/pull", told | {"pending": 0}).status_code == 200
    assert (row_of(bob, alice.device)["version"], row_of(bob, alice.device)["pending"]) == ("0.1.0", 0)


def test_managers_see_their_branches_head_office_sees_all(sign_in, cast):
    """An auditor looks and does not touch; a foreign tablet does not exist."""
    alice, zoe = sign_in(cast.alice), sign_in(cast.zoe)
    bob, aud, adm = sign_in(cast.bob), sign_in(cast.aud), sign_in(cast.adm)
    assert row_of(bob, alice.device) and row_of(bob, zoe.device) is None
    assert row_of(aud, zoe.device)["may"] is False and row_of(adm, zoe.device)["may"] is True
    for act in ("revoke", "rename"):
        body = {"mode": "soft", "reason": "换人"} if act == "revoke" else {"name": "新名"}
        assert bob.post(f"/devices/{zoe.device}/{act}", body).status_code == 404
        assert bob.post(f"/devices/{GHOST}/{act}", body).status_code == 404
        assert aud.post(f"/devices/{zoe.device}/{act}", body).status_code == 403
        assert adm.post(f"/devices/{zoe.device}/{act}", body).status_code == 204


def test_a_new_name_stays_and_is_on_record(sign_in, cast):
    """Also when the tablet logs in again under its old one."""
    alice, bob = sign_in(cast.alice), sign_in(cast.bob)
    assert bob.post(f"/devices/{alice.device}/rename", {"name": " 前台 1 号 "}).status_code == 204
    sign_in(cast.alice)
    row = row_of(bob, alice.device)
    assert row["name"] == "前台 1 号"
    assert row["log"][0] | {"at": ""} == {
        **{"at": "", "what": "renamed", "who": "鲍博", "reason": "艾丽的平板 → 前台 1 号"}
    }


def test_soft_revocation_asks_everybody_to_log_in_again(sign_in, cast, client):
    """The sessions of this tablet end, of no other; the keys stay; the next login makes it active."""
    alice, bob, elsewhere = sign_in(cast.alice), sign_in(cast.bob), sign_in(cast.alice, fixed_id(1, 0x55))
    together = sign_in(cast.gina, alice.device)
    assert revoke(bob, alice.device, "soft", "借出后归还").status_code == 204
    for web in (alice, together):
        assert web.get("/me").get_json()["code"] == "auth.required"
    assert elsewhere.get("/me").status_code == 200 and state_of(client, alice) == "active"
    line = row_of(bob, alice.device)
    assert line["state"] == "soft"
    assert [line["log"][0][name] for name in ("what", "who", "reason")] == ["soft", "鲍博", "借出后归还"]
    assert sign_in(cast.alice).login["data_keys"] == alice.login["data_keys"]
    assert row_of(bob, alice.device)["state"] == "active"


def test_after_hard_revocation_every_call_answers_wipe(sign_in, cast, client):
    """403 `device.wipe` for all sessions, ended ones too, and for a login with the right password."""
    alice, bob = sign_in(cast.alice), sign_in(cast.bob)
    ended = sign_in(cast.gina, alice.device)
    ended.post("/auth/logout")
    assert revoke(bob, alice.device).status_code == 204
    for web in (alice, ended):
        for answer in (web.get("/me"), web.post("/sync/pull", {}), web.get("/auth/keys")):
            assert (answer.status_code, answer.get_json()["code"]) == (403, "device.wipe")
    said = {"username": "alice", "password": cast.alice.password}
    login = client.post("/api/v1/auth/login", json=said | {"device": {"id": alice.device, "name": "x"}})
    assert login.get_json()["code"] == "device.wipe"
    assert state_of(client, alice) == "wipe"
    assert row_of(bob, alice.device)["state"] == "wipe"
    for mode in ("soft", "hard"):
        assert revoke(bob, alice.device, mode).status_code == 409
    assert revoke(bob, bob.device, "hard", " ").status_code == 422


def test_hard_revocation_changes_the_keys_that_were_known_there(sign_in, cast, config):
    """Its own keys, and the segment keys of every branch that anybody worked in on it; no other branch's."""
    alice, bob, zoe = sign_in(cast.alice), sign_in(cast.bob), sign_in(cast.zoe)
    before = snapshot.current(SZ01, open_storage(config), NOW)
    assert before["key_id"] == alice.login["keys"][SZ01]["id"]
    revoke(bob, alice.device)
    keys = bob.get("/auth/keys").get_json()["keys"]
    assert keys[SZ01]["id"] != before["key_id"] and len(base64.b64decode(keys[SZ01]["key"])) == 32
    after = bob.get(f"/sync/snapshot/{SZ01}").get_json()
    assert after["key_id"] == keys[SZ01]["id"]
    names = [{chunk["name"] for chunk in found["chunks"]} for found in (before, after)]
    assert names[0].isdisjoint(names[1])
    assert zoe.get("/auth/keys").get_json()["keys"] == {SZ02: zoe.login["keys"][SZ02]}
    assert Device.get_by_id(alice.device).generation == 1


def test_hard_revocation_changes_keys_that_were_known_before_a_fork(sign_in, cast, client):
    """Who worked on it under its former identity has a slot on it still."""
    zoe = sign_in(cast.zoe)
    was = {"id": zoe.device, "secret": zoe.login["device_secret"]}
    told = {"id": fixed_id(99, 0x55), "name": "x", "was": was}
    said = {"username": "alice", "password": PASSWORD, "device": told}
    assert client.post("/api/v1/auth/login", json=said).status_code == 200
    keys = {part: state.part_key(part) for part in (SZ01, SZ02)}
    assert revoke(sign_in(cast.hua), told["id"]).status_code == 204
    assert all(state.part_key(part) != key for part, key in keys.items())


def test_only_the_tablet_itself_says_that_it_is_wiped(sign_in, cast, client):
    """Its secret of before the revocation; the browser is told to clear the site; again is no harm."""
    alice, bob = sign_in(cast.alice), sign_in(cast.bob)
    early = client.post("/api/v1/devices/wiped", json=shown(alice))
    assert (early.status_code, early.get_json()["code"]) == (409, "conflict")
    revoke(bob, alice.device)
    foreign = client.post("/api/v1/devices/wiped", json=shown(alice, secret=bob.login["device_secret"]))
    assert foreign.status_code == 401
    for _ in range(2):
        answer = client.post("/api/v1/devices/wiped", json=shown(alice))
        assert answer.status_code == 204
        assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    line = row_of(bob, alice.device)
    assert (line["state"], line["pending"]) == ("wiped", 0)
    assert [entry["what"] for entry in line["log"]][:2] == ["wiped", "wipe"]
    assert (
        Session.select().where(Session.device_id == alice.device).count() == 1
    )  # it signed what is handed in


@pytest.mark.parametrize("path", ["state", "hand-in", "wiped"])
def test_wrong_secrets_are_slowed_down(sign_in, cast, client, path):
    """Whether the tablet exists is not told; after five the answer is 429."""
    alice = sign_in(cast.alice)
    rows = (
        {"rows": [{"id": GHOST, "n": 1, "part": SZ01, "at": NOW, "sealed": ""}]} if path == "hand-in" else {}
    )
    for device in (alice.device, GHOST):
        wrong = shown(alice, device=device, secret="0" * 64, **rows)
        codes = [client.post(f"/api/v1/devices/{path}", json=wrong).get_json()["code"] for _ in range(6)]
        assert codes == ["auth.required"] * 5 + ["auth.slow_down"]
    short = client.post(f"/api/v1/devices/{path}", json=shown(alice, secret="0", **rows))
    assert short.status_code == 422
