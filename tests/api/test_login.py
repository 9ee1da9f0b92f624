"""Coming in: what a login answers, what guessing meets, and where demo accounts work (TRUST.md, On
the server).
"""

import base64

import pytest
import time_machine

from backend import setup
from backend.api import login
from backend.app import create_app
from backend.config import Config
from backend.models.access import Account, LoginCounter, Session
from backend.sync import people
from tests.cast import PASSWORD, SZ01, fixed_id
from tests.sync.tablet import Tablet

DEVICE = {"id": fixed_id(1, 5), "name": "前台平板"}


def log_in(client, username="alice", password=PASSWORD, device=DEVICE):
    return client.post(
        "/api/v1/auth/login", json={"username": username, "password": password, "device": device}
    )


def test_a_login_tells_who_one_is_and_gives_the_keys_of_ones_branch(client, cast):
    """D-P9: Alice is a cs_agent of SZ01; she gets the group and her branch, and the key of her
    branch alone.
    """
    answer = log_in(client).get_json()
    assert answer["scope"] == ["GRP", SZ01]
    assert list(answer["keys"]) == [SZ01]
    assert answer["user"]["roles"] == {"SZ01": ["cs_agent"]}
    assert answer["protocol"] == 1 and len(answer["token"]) > 40


def test_whoever_works_on_a_tablet_gets_its_data_keys(client, cast):
    """TRUST.md, Keys: one key a tablet and partition, the same for every worker on it."""
    alice, bob = log_in(client).get_json(), log_in(client, "bob").get_json()
    other = log_in(client, device={"id": fixed_id(2, 5), "name": "车间平板"}).get_json()
    assert set(alice["data_keys"]) == {"GRP", SZ01}
    assert all(len(base64.b64decode(found["key"])) == 32 for found in alice["data_keys"].values())
    assert (bob["data_keys"], bob["device_secret"]) == (alice["data_keys"], alice["device_secret"])
    keys = {found["key"] for login in (alice, other) for found in login["data_keys"].values()}
    assert len(keys) == 4 and other["device_secret"] != alice["device_secret"]


def test_keys_can_be_asked_for_again(sign_in, cast):
    """The same maps as in the login answer; the lease is the shortest of the person's branches."""
    alice, adm = sign_in(cast.alice), sign_in(cast.adm)
    told = alice.get("/auth/keys").get_json()
    assert told == {name: alice.login[name] for name in ("keys", "data_keys", "older_keys", "lease_hours")}
    assert told["lease_hours"] == 72
    office = Tablet(adm, "GRP")
    for number, (hours, status) in enumerate(((24, "applied"), (169, "parked")), 1):
        doc = {"id": fixed_id(number, 21), "code": "vault.lease_hours", "branch": "SZ01", "value": hours}
        assert office.do("rule.add", doc)["status"] == status
    assert alice.get("/auth/keys").get_json()["lease_hours"] == 24
    assert adm.get("/auth/keys").get_json()["lease_hours"] == 72


def test_passwords_and_tokens_are_stored_hashed(client, cast):
    """Nothing that opens a door lies in the database in clear."""
    token = log_in(client).get_json()["token"]
    account = Account.get_by_id(cast.alice.id)
    assert account.password_hash.startswith("$argon2id$") and PASSWORD not in account.password_hash
    assert Session.select().where(Session.token_hash == token).count() == 0


@pytest.mark.parametrize("username", ["alice", "nobody"])
def test_a_wrong_password_says_no_more_than_that(client, username):
    """Whether the account exists is not told."""
    answer = log_in(client, username, "wrong-password")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "auth.failed")


def test_guessing_is_slowed_down_and_never_locked_for_ever(client):
    """After five misses the wait doubles; when it is over, the right password comes in."""
    with time_machine.travel("2026-03-02T02:00:00Z", tick=False) as clock:
        for _ in range(5):
            assert log_in(client, password="guess").status_code == 401
        answer = log_in(client)
        assert (answer.status_code, answer.get_json()["code"]) == (429, "auth.slow_down")
        assert "1 秒" in answer.get_json()["message"]
        clock.shift(2)
        assert log_in(client).status_code == 200
    assert LoginCounter.select().where(LoginCounter.key == "account:alice").count() == 0


def test_unknown_fields_are_refused(client):
    """marshmallow `unknown=RAISE`."""
    body = {"username": "alice", "password": PASSWORD, "device": DEVICE, "roles": ["admin"]}
    answer = client.post("/api/v1/auth/login", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "request.invalid")
    assert answer.get_json()["details"]["problems"] == {"json": {"roles": ["Unknown field."]}}


def test_a_request_that_is_too_large_is_refused_before_it_is_read(client):
    """A stranger cannot fill the server's memory."""
    answer = client.post(
        "/api/v1/auth/login", data=b'{"x":"' + b"a" * 300_000 + b'"}', content_type="application/json"
    )
    assert (answer.status_code, answer.get_json()["code"]) == (413, "request.too_large")
    nested = client.post("/api/v1/auth/login", data=b"[" * 100_000, content_type="application/json")
    assert nested.status_code == 400


def test_head_office_roles_count_at_head_office_only():
    """D-P12: an admin "of a branch" is nobody."""
    posts = [
        {"branch": "SZ01", "role": "admin"},
        {"branch": "*", "role": "cs_agent"},
        {"branch": "SZ01", "role": "cs_agent"},
    ]
    assert people.roles_by_branch({"posts": posts}) == {"SZ01": ["cs_agent"]}


def test_an_admin_gives_a_new_password_and_old_sessions_end(sign_in, cast, client):
    """D-P12: staff and devices are the admin's."""
    alice, adm = sign_in(cast.alice), sign_in(cast.adm)
    assert (
        adm.post("/accounts", {"staff_id": cast.alice.id, "password": "another-password"}).status_code == 204
    )
    assert alice.get("/me").status_code == 401
    assert log_in(client).status_code == 401
    assert log_in(client, password="another-password").status_code == 200


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("0.0.0.0", 403)])
def test_demo_accounts_work_on_this_machine_only(tmp_path, empty_database_url, host, status):
    """DESIGN.md: demo accounts never work when HOST is not loopback, and are then not listed either."""
    app = create_app(Config(data_dir=tmp_path, database_url=empty_database_url, host=host))
    setup.load_demo(1, 30, "2026-03-02T01:00:00.000Z", lambda _text: None)
    client = app.test_client()
    assert log_in(client, "sz01.cs", setup.DEMO_PASSWORD).status_code == status
    listed = client.get("/api/v1/demo/accounts").get_json()
    assert bool(listed) == (status == 200)
    proxied = {"headers": {"X-Forwarded-For": "203.0.113.9"}}
    if host == "127.0.0.1":  # through a proxy on this machine it is somebody else who asks
        assert client.get("/api/v1/demo/accounts", **proxied).get_json() == []
        body = {"username": "sz01.cs", "password": setup.DEMO_PASSWORD, "device": DEVICE}
        assert client.post("/api/v1/auth/login", json=body, **proxied).status_code == 403
    if listed:
        assert set(listed[0]) == {"username", "password", "name", "branch", "roles"}


def test_a_password_that_changes_while_it_is_checked_lets_nobody_in(sign_in, cast, client, monkeypatch):
    """TRUST.md, Revocation: checking takes its time."""
    adm, check = sign_in(cast.adm), login._matches

    def slowly(account, password):
        found = check(account, password)
        monkeypatch.setattr(login, "_matches", check)
        changed = {"staff_id": cast.alice.id, "password": "another-password"}
        assert adm.post("/accounts", changed).status_code == 204
        return found

    monkeypatch.setattr(login, "_matches", slowly)
    assert log_in(client, device={"id": adm.device, "name": "x"}).get_json()["code"] == "auth.failed"
    here = (Session.staff_id == cast.alice.id) & Session.revoked_at.is_null()
    assert not Session.select().where(here).exists()
