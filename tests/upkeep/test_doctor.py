"""The doctor finds each kind of damage, mends what is safe, and is silent about a sound database."""

import hashlib
from threading import Event, Thread

import pytest

from backend import db
from backend.models.sync import FeedHead
from backend.storage import Unavailable, open_storage
from backend.storage.local import LocalStorage
from backend.sync import chunks, snapshot
from backend.upkeep import doctor
from tests.cast import SZ01, customer, fixed_id
from tests.upkeep.conftest import NOW, run_sql, wrong

WHO = customer(1)["id"]
PAGE_SIZE = "PRAGMA page_size"
LAST_OF_FEED = "SELECT max(pageno) FROM dbstat WHERE name = 'feed' AND pagetype = 'leaf'"


def test_a_sound_database_is_called_sound(worked, examined, config):
    """Every check runs and is content, also with a snapshot built and an op parked."""
    snapshot.build(SZ01, open_storage(config), NOW)
    found = examined()
    assert wrong(found) == []
    assert doctor.sound(list(found.values()))
    assert {one.state for one in found.values()} <= {doctor.OK, doctor.NOTE}


DAMAGE = {
    "feed heads": ("UPDATE feed_head SET head = 2 WHERE part = ?", SZ01),
    "feed checksums": ("UPDATE feed_head SET sum = sum + 1 WHERE part = ?", SZ01),
    "feed equals records": ("UPDATE customer SET name = '被人改过' WHERE id = ?", WHO),
    "device numbers": ("UPDATE device SET last_n = 1 WHERE last_n > ?", 1),
    "op log": ("UPDATE op SET text = replace(text, '张伟', '王五') WHERE part = ?", SZ01),
    "ops in the feed": (
        "UPDATE op SET result = replace(result, '\"B:SZ01\": 3', '\"B:SZ01\": 999') WHERE part = ?",
        SZ01,
    ),
    "accounts": ("UPDATE account SET staff_id = 'nobody' WHERE username = ?", "zoe"),
    "migrations": ("DELETE FROM schema_migration WHERE name LIKE ?", "0001%"),
    "clock": ("UPDATE op SET received_at = ? WHERE part = 'B:SZ01'", "2031-01-01T00:00:00.000Z"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_each_kind_of_damage_is_found(worked, examined, name):
    """A positive control for each check: it is the one that speaks."""
    run_sql(*DAMAGE[name])
    found = examined()
    assert name in wrong(found) and found[name].said
    assert not doctor.sound(list(found.values()))
    assert any(line.startswith("PROBLEM") and name in line for line in doctor.lines(list(found.values())))


def test_records_without_a_feed_row_and_rows_without_a_record_are_found(worked, examined):
    """SYNC.md 10: the feed is the projection of the records, row for row."""
    run_sql("DELETE FROM feed WHERE id = ?", WHO)
    run_sql("DELETE FROM customer WHERE id = ?", fixed_id(2, 4))
    assert examined()["feed equals records"].said == [
        f"{SZ01}: customer {WHO}",
        f"{SZ01}: customer {fixed_id(2, 4)} (no record)",
    ]


def test_a_task_that_stands_twice_is_found(worked, examined):
    """SYNC.md 15: one task a key."""
    for number in (1, 2):
        row = ("repair_order", fixed_id(1, 12), "REPAIR")
        columns = "part, id, ver, source, source_id, node"
        run_sql(f"INSERT INTO task ({columns}) VALUES ('{SZ01}', 't{number}', 1, ?, ?, ?)", *row)
    assert "tasks once each" in wrong(examined())


def test_a_complaint_that_stands_where_no_step_led_is_found(worked, examined):
    """SYNC.md 13: stored history is a legal path."""
    run_sql("INSERT INTO complaint (part, id, ver, state) VALUES (?, 'c', 1, 'closed')", SZ01)
    columns = "part, id, ver, complaint_id, to_state"
    run_sql(f"INSERT INTO complaint_step ({columns}) VALUES (?, 's', 1, 'x', 'opened')", SZ01)
    assert len(examined()["complaint histories"].said) == 2


@pytest.mark.parametrize("name", ["feed heads", "feed checksums", "device numbers"])
def test_what_is_safe_is_mended_on_request(worked, examined, name):
    """`--repair`: numbers only ever rise, sums are counted again; looking alone changes nothing."""
    run_sql(*DAMAGE[name])
    assert examined()[name].state == doctor.PROBLEM
    assert examined(repair=True)[name].mended
    assert wrong(examined()) == []
    assert FeedHead.get_by_id(SZ01).head == 7


def test_a_snapshot_with_a_damaged_chunk_is_dropped_and_built_again(worked, examined, config):
    """Chunks are hashed, not only counted."""
    made = snapshot.build(SZ01, open_storage(config), NOW)
    path = config.data_dir / chunks.place(SZ01, made["chunks"][0]["name"])
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert wrong(examined()) == ["snapshots"]
    assert examined(repair=True)["snapshots"].mended
    assert snapshot.current(SZ01, open_storage(config), NOW)["chunks"] == made["chunks"]
    assert wrong(examined()) == []


def test_a_page_that_cannot_be_read_is_a_finding_and_the_others_are_still_made(worked, examined, config):
    """It is for this that one calls the doctor."""
    if not db.is_sqlite():
        return
    for number in range(40, 80):
        worked.do("customer.add", customer(number, note="一" * 300))
    size, page = (db.database.execute_sql(sql).fetchone()[0] for sql in (PAGE_SIZE, LAST_OF_FEED))
    db.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.database.close()
    with open(db.file_of(config.database), "r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    found = examined()
    assert {"database file", "feed equals records"} <= set(wrong(found))
    assert found["accounts"].state == doctor.OK


def test_what_is_not_safe_is_left_alone(worked, examined):
    """Records and ops are never touched by `--repair`."""
    run_sql(*DAMAGE["op log"])
    found = examined(repair=True)
    assert not found["op log"].mended and wrong(examined()) == ["op log"]


def strays(config, count: int) -> None:
    """Whole files that no row knows."""
    for number in range(count):
        photo = b"\xff\xd8\xff" + b"photo %d" % number * 9
        open_storage(config).put(f"blobs/{SZ01}/{hashlib.sha256(photo).hexdigest()}", photo)


def test_the_server_writes_while_files_are_taken_in(worked, examined, config, monkeypatch):
    """`--repair` after a restore: it reads each of them, from far away perhaps."""
    strays(config, 4)
    begun, read = Event(), LocalStorage.get
    done = []

    def write() -> None:
        begun.wait(20)
        body = {"id": WHO, "set": {"note": "x"}}
        done.extend(worked.push(worked.op("customer.set", body, base={"note": None})))
        db.database.close()

    def slowly(store, name, *more):
        begun.set()
        writer.join(20)
        return read(store, name, *more)

    writer = Thread(target=write)
    monkeypatch.setattr(LocalStorage, "get", slowly)
    writer.start()
    assert examined(repair=True)["files without a row"].mended
    assert not writer.is_alive() and [one["status"] for one in done] == ["applied"]


def test_a_store_that_is_away_does_not_end_the_report(worked, examined, config, monkeypatch):
    strays(config, 1)

    def fail(*_given):
        raise Unavailable("storage: gone")

    monkeypatch.setattr(LocalStorage, "list", fail)
    found = examined(repair=True)["files without a row"]
    assert (found.mended, found.said[-1]) == (False, "cannot be repaired: storage: gone")
