"""PDF workers: right answers, and limits that hold when a document is too much (TRUST.md, PDF)."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exports.pool import Pool, PrintError
from tests.exports.paper import BY_ID, codes_of, pages

SHEET = BY_ID["log.one_day"]["expect"]
GIANT = {**SHEET, "calls": SHEET["calls"] * 3000}


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool() as made:
        yield made


def worker_of(pool: Pool):
    """The idle worker of a pool of one."""
    return pool._places.queue[0]


@contextmanager
def refusing(*reasons: str):
    with pytest.raises(PrintError) as caught:
        yield
    assert caught.value.reason in reasons


def test_documents_come_back_as_one_pdf(pool: Pool):
    payloads = [SHEET, BY_ID["log.none"]["expect"]]
    made = pages(pool.pdf("callback_log", payloads))
    assert [codes_of(page) for page in made] == [[payload["qr"]] for payload in payloads]


def test_a_worker_is_kept_for_the_next_document(pool: Pool):
    pool.pdf("callback_log", [SHEET])
    first = worker_of(pool)
    pool.pdf("callback_log", [SHEET])
    assert worker_of(pool) is first and first.alive


def test_a_payload_of_another_shape_is_refused_and_the_worker_lives_on(pool: Pool):
    before = worker_of(pool)
    with refusing("refused"):
        pool.pdf("callback_log", [{"form": "callback_log"}])
    with refusing("refused"):
        pool.pdf("../../etc/passwd", [SHEET])
    assert pages(pool.pdf("callback_log", [SHEET]))
    assert worker_of(pool) is before


def test_many_callers_share_the_workers(pool: Pool):
    made: list[bytes] = []
    callers = [
        threading.Thread(target=lambda: made.append(pool.pdf("callback_log", [SHEET]))) for _ in range(4)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(made) == 4 and all(pages(pdf) for pdf in made)


def test_a_worker_that_takes_too_long_is_killed_and_replaced():
    with Pool(time_s=60) as pool:
        pool.pdf("callback_log", [SHEET])
        stuck, pool._time_s = worker_of(pool), 0.5
        with refusing("time"):
            pool.pdf("callback_log", [GIANT])
        pool._time_s = 60
        assert pages(pool.pdf("callback_log", [SHEET]))
        assert not stuck.alive and worker_of(pool) is not stuck


def test_a_worker_that_computes_too_long_is_killed_by_the_system():
    with Pool(cpu_s=1, time_s=90) as pool:
        with refusing("cpu"):
            pool.pdf("callback_log", [GIANT])
        assert pages(pool.pdf("callback_log", [SHEET]))


def test_a_worker_that_wants_too_much_memory_fails_alone():
    # macOS keeps no address-space limit: there the time limit has to end it
    linux = sys.platform.startswith("linux")
    endless = {**SHEET, "branch": "长" * 50_000_000}
    with Pool(memory_mb=450, time_s=60 if linux else 5) as pool:
        with refusing("memory" if linux else "time"):
            pool.pdf("callback_log", [endless])
        assert pages(pool.pdf("callback_log", [SHEET]))


def test_a_worker_that_died_is_replaced():
    with Pool() as pool:
        pool.pdf("callback_log", [SHEET])
        os.kill(worker_of(pool)._process.pid, signal.SIGKILL)
        worker_of(pool)._process.wait()
        assert pages(pool.pdf("callback_log", [SHEET]))


def test_a_worker_retires_after_its_jobs():
    with Pool(jobs=1) as pool:
        pool.pdf("callback_log", [SHEET])
        assert worker_of(pool) is None


def test_nobody_waits_for_ever():
    pool = Pool(wait_s=0.05)
    pool._take()
    with refusing("busy"):
        pool.pdf("callback_log", [SHEET])
    pool._give_back(None)
    pool.close()


def test_closing_ends_the_children_and_removes_their_files():
    pool = Pool()
    pool.pdf("callback_log", [SHEET])
    worker, folder = worker_of(pool), pool._folder
    assert any(folder.iterdir())
    pool.close()
    assert not worker.alive and not folder.exists()


def test_the_child_has_no_network_and_none_of_our_environment(pool: Pool, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_SERVER", "s3cret")
    pool.pdf("callback_log", [SHEET])
    worker = worker_of(pool)
    assert worker.network.startswith("network ")
    proc = Path(f"/proc/{worker._process.pid}")
    if proc.exists():
        assert b"SECRET_OF_THE_SERVER" not in (proc / "environ").read_bytes()
    if worker.network == "network off":
        own, its = (Path(f"/proc/{pid}/ns/net").readlink() for pid in ("self", worker._process.pid))
        assert own != its
        assert {line.split(":")[0].strip() for line in (proc / "net/dev").read_text().splitlines()[2:]} == {
            "lo"
        }
