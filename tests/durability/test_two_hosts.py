"""Two hosts as one: PostgreSQL, two servers and two workers, folders of their own (SYNC.md 1-3, 7, 15)."""

import hashlib
import http.client
import json
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest
from peewee import OperationalError

from backend import clock, db
from backend.config import Config
from backend.domain.canonical import op_hash
from backend.jobs.queue import open_queue
from backend.models.access import LoginCounter
from backend.models.base import RECORDS
from backend.models.sync import Op
from backend.sync import reference, state
from backend.upkeep import doctor
from tests.cast import SZ01, Cast, customer, fixed_id
from tests.conftest import forget
from tests.durability.load import Pusher, verify
from tests.e2e.server import Server

LOAD_OPS, LONGEST_LOAD_S = 60, 120


@pytest.fixture
def hosts(fresh, tmp_path) -> Iterator[list[Server]]:
    """Two servers that run, each with its job worker, on one database that holds the cast's group."""
    with fresh("postgresql") as url:
        made = []
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            made.append(
                Server(
                    tmp_path / name, DATABASE_URL=url, WORKERS="1", BLOB_URL=f"file://{tmp_path / 'blobs'}"
                )
            )
        try:
            for server in made:
                server.start()
            db.connect(url)
            yield made
        finally:
            for server in made:
                server.stop()
            forget()


def ask(port: int, path: str, body: dict | None = None, token: str = "") -> tuple[int, dict]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    connection.request(
        "GET" if body is None else "POST", f"/api/v1{path}", body and json.dumps(body), headers
    )
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read() or b"{}")
    connection.close()
    return found


def log_in(port: int, person, device: int = 0) -> str:
    told = {"id": fixed_id(person.number, 0xDD0 + device), "name": "平板"}
    status, answer = ask(
        port, "/auth/login", {"username": person.username, "password": person.password, "device": told}
    )
    assert status == 200, answer
    return answer["token"]


def test_tablets_that_alternate_between_hosts_lose_nothing(hosts, tmp_path):
    """Invariants 1, 2, 5, 8: device rows and partitions are locked in the database, not in a process."""
    ports = [server.port for server in hosts]
    tablets = [
        Pusher(number, person, ports) for number, person in enumerate((Cast.alice, Cast.bob, Cast.clerk), 1)
    ]
    for tablet in tablets:
        tablet.start()
    end = time.monotonic() + LONGEST_LOAD_S
    while sum(len(tablet.told.results) for tablet in tablets) < LOAD_OPS and time.monotonic() < end:
        time.sleep(0.1)
    told = [tablet.stop() for tablet in tablets]
    rows = dict(Op.select(Op.id, Op.result).where(Op.part == SZ01).tuples())
    assert verify(told, rows, RECORDS["customer"].select().count()) == []
    assert len(rows) >= LOAD_OPS
    config = Config(data_dir=tmp_path / "a", blob_url=f"file://{tmp_path / 'blobs'}")
    looked = doctor.examine(doctor.Patient(config, clock.now()))
    assert [one.name for one in looked if one.state == doctor.PROBLEM and one.name != "disk space"] == []


def test_a_snapshot_that_one_host_has_built_comes_from_the_other_too(hosts):
    """SYNC.md, Snapshot: manifest and chunks lie where every host reaches them."""
    first, second = (server.port for server in hosts)
    token = log_in(first, Cast.alice)
    status, manifest = ask(first, f"/sync/snapshot/{SZ01}", token=token)
    assert status == 200 and ask(second, f"/sync/snapshot/{SZ01}", token=token)[1] == manifest
    for chunk in manifest["chunks"]:
        headers = {"Authorization": f"Bearer {token}"}
        request = urllib.request.Request(f"http://127.0.0.1:{second}{chunk['url']}", headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert hashlib.sha256(answer.read()).hexdigest() == chunk["sha256"]


def test_what_head_office_changes_on_one_host_holds_on_the_other_at_once(hosts):
    """Invariant 12: the group's records in memory are those of the group's head, on every host."""
    first, second = (server.port for server in hosts)
    zoe, adm = log_in(second, Cast.zoe), log_in(first, Cast.adm)
    assert ask(second, "/me", token=zoe)[0] == ask(first, "/me", token=zoe)[0] == 200
    op = {"n": 1, "id": fixed_id(1, 0xDDF), "kind": "staff.set", "v": 1, "part": "GRP", "at": clock.now()}
    op |= {"body": {"id": Cast.zoe.id, "set": {"active": False}}, "base": {"active": True}}
    push = {
        "proto": 1,
        "device": fixed_id(Cast.adm.number, 0xDD0),
        "pending": 1,
        "ops": [{**op, "h": op_hash(op)}],
    }
    status, answer = ask(first, "/sync/push", push, adm)
    assert (status, answer["results"][0]["status"]) == (200, "applied")
    assert ask(second, "/me", token=zoe)[0] == 401


def test_failed_logins_are_counted_over_all_hosts(hosts):
    """TRUST.md: the slow-down is in the database; two hosts do not double the tries."""
    codes = []
    for turn in range(8):
        wrong = {
            "username": "alice",
            "password": "wrong-password",
            "device": {"id": fixed_id(turn, 0xDDE), "name": "x"},
        }
        codes.append(ask(hosts[turn % 2].port, "/auth/login", wrong)[1]["code"])
    assert codes[0] == "auth.failed" and codes[-1] == "auth.slow_down"
    assert codes.count("auth.failed") <= 6
    assert LoginCounter.get_by_id("account:alice").failures <= 6


def test_a_job_of_a_minute_is_done_once(database_url, config, app):
    """Invariant 15: every worker of every host asks; one does it; one that was killed holds nobody up."""
    minute, done, errors = db.minute(), [], []
    barrier = threading.Barrier(4)

    def worker() -> None:
        try:
            db.ensure_usable()
            barrier.wait()
            done.append(state.claim_minute("housekeeping"))
        except BaseException as error:
            errors.append(error)
        finally:
            db.database.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if db.minute() == minute:
        assert (errors, sorted(done)) == ([], [False, False, False, True])
        (task,) = open_queue(config, immediate=True)._registry.periodic_tasks
        assert open_queue(config, immediate=True).execute(task) == {}
    state.set_value("job.housekeeping", "2026-03-02T09:00")
    assert state.claim_minute("housekeeping")


def test_group_records_of_a_transaction_that_is_rolled_back_are_not_kept(app, monkeypatch):
    """What was never committed is seen by nobody, also not from memory."""
    from backend.sync import door, feed, people

    def fails(*_given: object) -> None:
        raise OperationalError("the disk is full")

    ops = [
        {"id": fixed_id(n, 0xDDD), "kind": "rule.add", "v": 1, "part": "GRP", "at": clock.now()}
        | {"body": {"id": fixed_id(n, 0xDDC), "code": "complaint.loop_hours", "branch": code, "value": 48}}
        for n, code in ((1, "SZ01"), (2, "SZ02"))
    ]
    reference._kept.update(at=None, docs={})
    monkeypatch.setattr(feed, "append", fails)
    with pytest.raises(OperationalError):
        door.submit(ops, people.SYSTEM, clock.now())
    assert reference.find("rule", branch="SZ01") is None


def test_a_customer_saved_on_one_host_is_pulled_from_the_other(hosts):
    """Invariant 7, across hosts."""
    first, second = (server.port for server in hosts)
    alice, bob = log_in(first, Cast.alice), log_in(second, Cast.bob)
    op = {"n": 1, "id": fixed_id(2, 0xDDF), "kind": "customer.add", "v": 1, "part": SZ01, "at": clock.now()}
    op |= {"body": customer()}
    push = {
        "proto": 1,
        "device": fixed_id(Cast.alice.number, 0xDD0),
        "pending": 1,
        "ops": [{**op, "h": op_hash(op)}],
    }
    assert ask(first, "/sync/push", push, alice)[1]["results"][0]["status"] == "applied"
    pull = {"proto": 1, "device": fixed_id(Cast.bob.number, 0xDD0), "cursors": {SZ01: None}, "pending": 0}
    assert customer()["id"] in json.dumps(ask(second, "/sync/pull", pull, bob)[1])
