"""The n-th write, flush or read fails, for every n of a push: 503, nothing by halves (TRUST.md 5)."""

import pytest

from backend import clock, db
from backend.app import create_app
from backend.config import Config
from backend.models.base import RECORDS
from backend.models.sync import Device, FeedHead, Op
from backend.upkeep import doctor
from tests.cast import SZ01, Cast, customer
from tests.conftest import SignedIn, forget
from tests.durability.failing import BROKEN, FULL, FailingVfs
from tests.sync.tablet import Tablet

MOST = 400


@pytest.fixture
def disk():
    """A disk that fails when it is told to."""
    with FailingVfs() as vfs:
        yield vfs


@pytest.fixture
def alice(disk, fresh, tmp_path):
    """Alice's tablet on a server whose database lies on that disk; its log is folded in every few pages."""
    with fresh("sqlite") as url:
        app = create_app(Config(data_dir=tmp_path, database_url=url))
        db.database.execute_sql("PRAGMA wal_autocheckpoint = 8")
        yield Tablet(SignedIn(app, Cast.alice, "0192f000-0005-7000-8000-000000000001"))
        disk.heal()
        forget()


def counts() -> tuple:
    """What every part of a push changes: records, ops, the feed's head, the device's number."""
    head = FeedHead.get_by_id(SZ01).head
    return (
        RECORDS["customer"].select().count(),
        Op.select().where(Op.part == SZ01).count(),
        head,
        Device.get().last_n,
    )


@pytest.mark.parametrize("lasting", [True, False], ids=["until mended", "once"])
@pytest.mark.parametrize(
    ("error", "calls"),
    [(FULL, ("write",)), (BROKEN, ("write",)), (BROKEN, ("sync",)), (BROKEN, ("read",))],
    ids=["full", "write error", "flush error", "read error"],
)
def test_a_push_on_a_failing_disk_is_done_later_and_once(alice, disk, error, calls, lasting):
    """Invariants 1, 2, 6: for every n, 503 and nothing kept, or 200 and all of it; then it works again."""
    for n in range(1, MOST):
        ops = [alice.op("customer.add", customer(100 * n + i, note="长" * 400)) for i in range(3)]
        before = counts()
        disk.arm(n, error, calls, lasting)
        answer = alice.send(*ops)
        failed = disk.failed
        disk.heal()
        assert (answer.status_code, bool(failed)) in ((503, True), (200, True), (200, False)), (
            answer.get_json()
        )
        kept = tuple(new - old for new, old in zip(counts(), before, strict=True))
        if answer.status_code == 503:
            assert answer.get_json()["code"] == "sync.busy"
            assert kept in ((0, 0, 0, 0), (3, 3, 3, 3)), (
                f"n = {n}"
            )  # all, where folding the log in failed after
        else:
            assert kept == (3, 3, 3, 3), f"n = {n}"
        results = alice.push(*ops)
        assert [result["status"] for result in results] == ["applied"] * 3
        assert tuple(new - old for new, old in zip(counts(), before, strict=True)) == (3, 3, 3, 3)
        if not failed:
            break
    assert 1 < n < MOST - 1, "the fault was never met, or never passed"
    found = doctor.examine(doctor.Patient(alice.web.client.application.config["CHEDANG"], clock.now()))
    assert [one.name for one in found if one.state == doctor.PROBLEM and one.name != "disk space"] == []


@pytest.mark.parametrize("path", ["/me", "/sync/pull", "/healthz"])
def test_reading_on_a_failing_disk_says_busy(alice, disk, path):
    """No answer is wrong or a 500 because a read failed."""
    alice.do("customer.add", customer())
    seen = set()
    for n in range(1, MOST):
        db.database.execute_sql("PRAGMA shrink_memory")
        disk.arm(n, BROKEN, ("read",), True)
        ask = {"proto": 1, "device": alice.web.device, "cursors": {}}
        answer = (
            alice.web.client.get(path)
            if path == "/healthz"
            else alice.web.post(path, ask)
            if "sync" in path
            else alice.web.get(path)
        )
        failed = disk.failed
        disk.heal()
        seen.add(answer.status_code)
        if not failed:
            break
    assert seen <= {200, 503} and 200 in seen
