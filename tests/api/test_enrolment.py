"""A new tablet comes in with a one-time code from a manager (TRUST.md, Enrolment)."""

import threading

import pytest
import time_machine

from backend import db, setup
from backend.cli import main
from backend.models.access import DeviceLog, EnrolCode, LoginCounter
from backend.models.sync import Device
from backend.sync import devices
from tests.cast import PASSWORD, fixed_id
from tests.group import admit_any_tablet

NEW = {"id": fixed_id(1, 0x50), "name": "平板"}
START = "2026-03-02T02:00:00Z"


@pytest.fixture
def office(sign_in, cast, app):
    """Bob, a manager of SZ01, on the group's first tablet; from now on a new one needs a code."""
    bob = sign_in(cast.bob)
    admit_any_tablet(1)
    return bob


def come_in(client, code=None, username="alice", device=NEW, password=PASSWORD):
    said = {"username": username, "password": password, "device": device}
    return client.post("/api/v1/auth/login", json=said | ({"code": code} if code else {}))


def code_from(manager, branch="SZ01", name="前台平板 2"):
    answer = manager.post("/devices/codes", {"branch": branch, "name": name})
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()["code"]


def test_the_first_tablet_needs_no_code_and_the_next_one_does(client, app):
    """The first admin has nobody to ask."""
    admit_any_tablet(1)
    first = {"id": fixed_id(2, 0x50), "name": "机房"}
    assert come_in(client, username="adm", device=first).status_code == 200
    answer = come_in(client)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "auth.enrol")
    assert come_in(client, username="adm", device=first).status_code == 200


def test_a_code_lets_one_tablet_in_under_its_name(client, office, cast):
    """One use; then the tablet is known, whoever works on it; its name, branch and who let it in are kept."""
    code = code_from(office)
    assert len(code) == 8 and code.isdigit()
    answer = come_in(client, code).get_json()
    assert answer["device_name"] == "前台平板 2"
    row = Device.get_by_id(NEW["id"])
    assert (row.name, row.branch, row.enrolled_by) == ("前台平板 2", "SZ01", cast.bob.id)
    other = {"id": fixed_id(3, 0x50), "name": "平板"}
    assert come_in(client, code, device=other).get_json()["code"] == "auth.enrol_code"
    assert Device.get_or_none(Device.id == other["id"]) is None
    assert come_in(client, username="gina").status_code == 200
    assert Device.get_by_id(NEW["id"]).name == "前台平板 2"  # what the tablet calls itself does not count


def test_a_code_ends_after_a_quarter_of_an_hour_and_lies_hashed(client, office):
    """15 minutes; the database does not tell it."""
    with time_machine.travel(START, tick=False) as clock:
        answer = office.post("/devices/codes", {"branch": "SZ01", "name": "二号"}).get_json()
        assert answer["expires_at"] == "2026-03-02T02:15:00.000Z"
        kept = EnrolCode.get()
        assert answer["code"] not in (kept.code_hash, kept.name) and len(kept.code_hash) == 64
        clock.shift(15 * 60)
        assert come_in(client, answer["code"]).get_json()["code"] == "auth.enrol_code"
        code_from(office)
        assert EnrolCode.select().count() == 1  # what has ended is swept


def test_guessing_codes_is_slowed_down_like_guessing_passwords(client, office):
    """The same counters; asking for the code field alone is no guess; the wrong password hides all of it."""
    with time_machine.travel(START, tick=False):
        code = code_from(office)
        assert come_in(client, password="wrong-password").get_json()["code"] == "auth.failed"
        LoginCounter.delete().execute()
        for _ in range(6):
            assert come_in(client).get_json()["code"] == "auth.enrol"
        for number in range(5):
            device = {"id": fixed_id(number, 0x51), "name": "平板"}  # another id does not help
            assert come_in(client, "00000000", device=device).get_json()["code"] == "auth.enrol_code"
        assert come_in(client, code).status_code == 429


@pytest.mark.parametrize("code", ["1234567", "123456789", "12345678 ", "abcdefgh", "１２３４５６７８"])
def test_what_is_no_code_is_refused(client, office, code):
    """Eight digits."""
    assert come_in(client, code).status_code == 422


def test_codes_are_made_by_managers_for_their_branches(sign_in, cast, app):
    """A manager for the own branch, head office for any; the matrix has the roles."""
    wanted = {"branch": "SZ02", "name": "二号"}
    assert sign_in(cast.bob).post("/devices/codes", wanted).status_code == 404
    for person in (cast.hua, cast.adm):
        assert sign_in(person).post("/devices/codes", wanted).status_code == 200
        assert sign_in(person).post("/devices/codes", wanted | {"branch": "SZ99"}).status_code == 404
    for name in ("", "  ", "一" * 61):
        assert sign_in(cast.adm).post("/devices/codes", wanted | {"name": name}).status_code == 422


def test_the_rule_switches_codes_off(client, sign_in, cast):
    """`device.enrolment` = 0, for the whole group: every tablet comes in, and stays."""
    sign_in(cast.bob)
    assert come_in(client).status_code == 200
    admit_any_tablet(1)
    assert come_in(client).status_code == 200


def test_a_tablet_that_changed_its_identity_proves_the_one_it_had(client, office):
    """sync.fork: the new id needs no code, keeps name and branch; with a wrong secret it does."""
    login = come_in(client, code_from(office)).get_json()
    fork = {"id": fixed_id(7, 0x50), "name": "平板", "was": {"id": NEW["id"], "secret": "0" * 64}}
    assert come_in(client, device=fork).get_json()["code"] == "auth.enrol"
    fork["was"]["secret"] = login["device_secret"]
    assert come_in(client, device=fork).get_json()["device_name"] == "前台平板 2"
    row = Device.get_by_id(fork["id"])
    assert (row.branch, row.forked_from) == ("SZ01", NEW["id"])
    given = come_in(client, username="gina", device=fork).get_json()  # who has never worked on it before
    before = {part: [key] for part, key in login["data_keys"].items()}
    assert {part: given["older_keys"][part] for part in before} == before
    assert given["data_keys"] != login["data_keys"]
    office.post(f"/devices/{NEW['id']}/revoke", {"mode": "hard", "reason": "丢失"})
    again = fork | {"id": fixed_id(8, 0x50)}
    assert come_in(client, device=again).get_json()["code"] == "device.wipe"


def test_a_login_does_not_undo_a_revocation_that_is_under_way(client, office, cast):
    """Two hosts: the login waits for the device's row, and then reads what stands there."""
    assert come_in(client, code_from(office)).status_code == 200
    begun, go = threading.Event(), threading.Event()

    def revoke() -> None:
        db.ensure_usable()
        with db.write_transaction():
            devices.revoke(Device.get_by_id(NEW["id"]), "hard", "丢失", {"id": cast.bob.id}, START)
            begun.set()
            go.wait(10)
        db.database.close()

    thread = threading.Thread(target=revoke)
    thread.start()
    begun.wait(10)
    threading.Timer(0.7, go.set).start()
    answer = come_in(client)
    thread.join()
    assert answer.get_json()["code"] == "device.wipe"
    assert (row := Device.get_by_id(NEW["id"])).state == "wipe" and row.generation == 1


def test_demo_accounts_come_in_without_a_code_and_bring_nobody_along(tmp_path, empty_database_url):
    """They work on this machine only; a tablet they used is not enrolled for real accounts by that."""
    from backend.api import login
    from backend.app import create_app
    from backend.config import Config
    from backend.models.group import Staff

    client = create_app(Config(data_dir=tmp_path, database_url=empty_database_url)).test_client()
    setup.load_demo(1, 30, "2026-03-02T01:00:00.000Z", lambda _text: None)
    demo = {"username": "sz01.cs", "password": setup.DEMO_PASSWORD}
    assert come_in(client, **demo).status_code == 200
    real = Staff.get(Staff.username == "admin")
    login.set_password(real.id, "admin", PASSWORD)
    first = {"id": fixed_id(9, 0x50), "name": "机房"}
    assert come_in(client, username="admin", device=first).status_code == 200
    assert come_in(client, username="admin").get_json()["code"] == "auth.enrol"
    assert come_in(client, **demo).status_code == 200


def test_a_command_prints_a_code_for_recovery(client, office, config, monkeypatch, capsys):
    """`python -m backend enrol`: when no manager's tablet is at hand."""
    monkeypatch.setenv("DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("DATABASE_URL", config.database)
    assert enrol("SZ01") == 0
    code = capsys.readouterr().out.strip()
    assert come_in(client, code).status_code == 200
    assert DeviceLog.get(DeviceLog.device_id == NEW["id"]).what == "enrolled"
    assert enrol("SZ99") == 2 and "SZ99" in capsys.readouterr().err


def enrol(branch: str) -> int:
    """The command, which opens the database anew."""
    db.database.close()
    return main(["enrol", "--branch", branch, "--name", "备用平板"])
