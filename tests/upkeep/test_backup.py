"""Backup and restore: whole, checked, refused when in doubt, and the same afterwards (TRUST.md 13)."""

import hashlib
import json
import os
import subprocess
import sys
from threading import Event, Thread

import apsw
import psycopg
import pytest

from backend import clock, db
from backend.models.blobs import COMPLETE, Blob
from backend.models.sync import Op
from backend.storage import Unavailable, open_storage
from backend.sync import door, state
from backend.upkeep import UpkeepError, backup, doctor, restore, seal
from backend.upkeep.summary import difference, summarise
from tests.cast import SZ01, customer, fixed_id
from tests.upkeep.conftest import NOW, PHOTO, PHOTO_HASH, public_half, run_sql, wrong


def holds() -> dict:
    return summarise(db.database.execute_sql)


def test_a_backup_says_what_it_holds(worked, made, key):
    """Version, epoch, heads, sums, counts, and the SHA-256 of each file."""
    manifest = json.loads((made / "manifest.json").read_text())
    assert manifest == backup.verify(made)
    assert manifest["holds"] == holds() and manifest["holds"]["epoch"] == state.epoch()
    assert manifest["holds"]["parts"][SZ01]["head"] == 7
    assert manifest["sealed_for"] == list(public_half(key) if key else ())
    names = sorted(name for name in manifest["files"] if not name.startswith("database."))
    end = ".age" if key else ""
    assert names == [f"blobs/{SZ01}/{PHOTO_HASH}{end}", f"imports/run/rows.jsonl{end}"]
    assert made.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in made.parent.iterdir() if "partial" in path.name) == []


def test_a_folder_gets_a_backup_named_by_the_time(worked, config, tmp_path):
    """Nightly backups lie side by side; the same name twice is refused."""
    (tmp_path / "all").mkdir()
    assert backup.make(config, tmp_path / "all", NOW).name == "chedang-2026-03-02T040000Z"
    with pytest.raises(UpkeepError, match="exists already"):
        backup.make(config, tmp_path / "all", NOW)


def test_what_is_restored_is_what_was_saved(worked, made, key, elsewhere):
    """TRUST.md 13: identical heads, sums, row counts and ops; the epoch alone is another (invariant 16)."""
    saved = holds()
    worked.do("customer.add", customer(30))
    db.database.close()
    done = restore.restore(elsewhere, made, False, NOW, key)
    assert done["kept"] is None and done["epoch"] != saved["epoch"]
    assert difference(saved, {**holds(), "epoch": saved["epoch"]}) == []
    assert (elsewhere.data_dir / "imports" / "run" / "rows.jsonl").read_text() == "{}"
    found = doctor.examine(doctor.Patient(elsewhere, clock.now()))
    assert wrong({one.name: one for one in found if one.name != "disk space"}) == []
    kept = elsewhere.data_dir / "blobs" / SZ01 / PHOTO_HASH
    for harm, word in ((lambda: kept.write_bytes(b"x"), "damaged"), (kept.unlink, "missing")):
        harm()
        found = doctor.examine(doctor.Patient(elsewhere, clock.now()))
        assert [one.said for one in found if one.name == "photos and recordings"] == [
            [f"{SZ01}: {PHOTO_HASH[:12]} is {word}"]
        ]


def test_the_tablet_sends_again_what_the_backup_does_not_hold(worked, made, key, config, examined):
    """Invariants 1, 2, 16: the lost tail comes back once, the rest gets its old results."""
    late = [worked.op("customer.add", customer(n)) for n in (31, 32)]
    first = worked.push(*late)
    db.database.close()
    done = restore.restore(config, made, True, NOW, key)
    assert Op.select().where(Op.id == late[0]["id"]).count() == 0
    answer = worked.send(*late)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "sync.epoch")
    worked.epoch = answer.get_json()["details"]["epoch"]
    assert worked.epoch == done["epoch"]
    assert worked.push(*late) == first  # the same numbers again, as nothing else came in between
    assert worked.push(*late) == first
    assert Op.select().where(Op.id.in_([op["id"] for op in late])).count() == 2
    assert wrong(examined()) == []


def test_a_database_in_use_is_not_replaced_by_accident(worked, made, key, config):
    """`--replace` is asked for, and what it replaces is kept aside."""
    worked.do("customer.add", customer(33))
    before = holds()
    db.database.close()
    with pytest.raises(UpkeepError, match="--replace"):
        restore.restore(config, made, False, NOW, key)
    db.database.close()
    kept = restore.restore(config, made, True, NOW, key)["kept"]
    assert holds() != before
    if not db.is_sqlite():
        rows = db.database.execute_sql(f"SELECT count(*) FROM {kept.removeprefix('schema ')}.op").fetchone()
        assert rows == (before["counts"]["op"],)
    else:
        db.database.close()
        db.connect(f"sqlite:///{kept}")
        assert holds() == before


def test_a_running_server_is_not_restored_over(worked, made, key, config):
    """Somebody has the database open: one line, and nothing is changed."""
    other = (
        apsw.Connection(db.file_of(config.database)) if db.is_sqlite() else psycopg.connect(config.database)
    )
    other.execute("SELECT count(*) FROM op").fetchone()
    with pytest.raises(UpkeepError, match="stop"):
        restore.restore(config, made, True, NOW, key)
    other.close()
    assert Op.select().where(Op.part == SZ01).count() == 8


@pytest.mark.parametrize("harm", ["byte", "cut", "gone", "manifest", "none"])
def test_a_damaged_backup_is_refused_before_anything_changes(worked, made, key, config, harm):
    """Hashes are compared first."""
    database = next(made.glob("database.*"))
    raw = database.read_bytes()
    if harm == "byte":
        database.write_bytes(raw[:5000] + bytes([raw[5000] ^ 1]) + raw[5001:])
    elif harm == "cut":
        database.write_bytes(raw[:-1])
    elif harm == "gone":
        next(made.glob("imports/run/rows.jsonl*")).unlink()
    elif harm == "manifest":
        (made / "manifest.json").write_text("{}")
    before = holds()
    with pytest.raises(UpkeepError):
        restore.restore(config, made / "nothing" if harm == "none" else made, True, NOW, key)
    assert holds() == before


def test_a_backup_of_a_newer_version_is_refused(worked, made, config):
    """Migrations that this version does not know."""
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["holds"]["migrations"].append("9999_of_tomorrow")
    with pytest.raises(UpkeepError, match="newer version"):
        restore._require_known(manifest)


def test_writers_go_on_during_a_backup(worked, cast, config, tmp_path, examined):
    """A backup is one moment of a database that is being written to: its parts fit together."""
    stop, written = Event(), []

    def write() -> None:
        db.ensure_usable()
        number = 100
        while not stop.is_set():
            op = {"id": fixed_id(number, 8), "kind": "customer.add", "v": 1, "part": SZ01, "at": NOW}
            written.append(door.submit([{**op, "body": customer(number)}], cast.alice.actor(), NOW))
            number += 1
        db.database.close()

    thread = Thread(target=write)
    thread.start()
    try:
        while len(written) < 5:
            pass
        for number in range(3):
            backup.make(config, tmp_path / f"running{number}", NOW)
    finally:
        stop.set()
        thread.join()
    heads = [
        backup.verify(tmp_path / f"running{number}")["holds"]["parts"][SZ01]["head"] for number in range(3)
    ]
    assert heads == sorted(heads) and heads[0] > 7
    assert wrong(examined()) == []


def test_a_backup_of_a_restored_group_is_restored_again(worked, made, key, settings, tmp_path):
    """What a restore has put aside is no part of the next backup."""
    for number in range(2):
        place = made if number == 0 else backup.make(settings, tmp_path / f"again{number}", NOW)
        db.database.close()
        at = NOW.replace("T04", f"T0{5 + number}")
        assert restore.restore(settings, place, True, at, key)["kept"]
        worked.epoch = state.epoch()
        assert worked.do("customer.add", customer(50 + number))["status"] == "applied"


def test_the_command_restores_in_a_process_of_its_own(worked, made, key, config):
    """As a person calls it, on either database."""
    db.database.close()
    words = ["restore", str(made), "--replace", *(["--key", str(key)] if key else [])]
    env = {**os.environ, "DATA_DIR": str(config.data_dir), "DATABASE_URL": config.database}
    command = [sys.executable, "-m", "backend", *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "what to do next" in done.stdout, done.stderr


def test_a_large_database_is_backed_up_while_others_write(worked, config, tmp_path):
    """A writer in between does not make the copy begin anew for ever."""
    if not db.is_sqlite():
        return  # PostgreSQL's own dump reads one moment
    run_sql("CREATE TABLE bulk (id INTEGER PRIMARY KEY, text BLOB)")
    for number in range(24):
        run_sql("INSERT INTO bulk VALUES (?, zeroblob(1000000))", number)
    stop = Event()

    def write() -> None:
        other = apsw.Connection(db.file_of(config.database))
        other.set_busy_timeout(5_000)
        while not stop.wait(0.002):
            other.execute("UPDATE device SET seen_at = seen_at")

    thread = Thread(target=write)
    thread.start()
    try:
        assert backup.verify(backup.make(config, tmp_path / "large", NOW))
    finally:
        stop.set()
        thread.join()


def test_what_a_killed_backup_left_plain_is_removed_by_the_next(worked, config, tmp_path):
    """And two at a time are refused."""
    left = config.data_dir / ".plain-of-yesterday"
    left.mkdir()
    (left / "content").write_text("a customer")
    with seal.alone(config.data_dir), pytest.raises(UpkeepError, match="another"):
        backup.make(config, tmp_path / "second", NOW)
    left.mkdir(exist_ok=True)
    backup.make(config, tmp_path / "copy", NOW)
    assert not left.exists()


def test_a_store_that_does_not_answer_is_asked_later(worked, made, key, config, monkeypatch):
    """The restore is done; what foreign programs left in the folder is no photo."""
    (config.data_dir / "blobs" / "Thumbs.db").write_bytes(b"x")
    copied = config.data_dir / "blobs" / f"{SZ01} (copy)" / PHOTO_HASH
    copied.parent.mkdir()
    copied.write_bytes(PHOTO)

    def fail(*_given):
        raise Unavailable("storage: gone")

    db.database.close()
    assert restore.restore(config, made, True, NOW, key)["photos"]
    monkeypatch.setattr("backend.sync.blobs.strays", fail)
    db.database.close()
    assert not restore.restore(config, made, True, NOW.replace("T04", "T05"), key)["photos"]


def test_a_photo_that_came_after_the_backup_is_found_again(worked, made, key, config):
    """SYNC.md 17: its tablet has deleted it, as the server had it whole."""
    photo = b"\xff\xd8\xff" + b"a photo of today" * 9
    name = hashlib.sha256(photo).hexdigest()
    open_storage(config).put(f"blobs/{SZ01}/{name}", photo)
    open_storage(config).put(f"blobs/{SZ01}/{'f' * 64}", b"not what its name says")
    db.database.close()
    restore.restore(config, made, True, NOW, key)
    row = Blob.get(Blob.sha256 == name)
    assert (row.state, row.part, row.size, row.type) == (COMPLETE, SZ01, len(photo), "jpeg")
    assert not Blob.select().where(Blob.sha256 == "f" * 64).exists()
    found = {one.name: one for one in doctor.examine(doctor.Patient(config, NOW))}
    assert found["files without a row"].said == [f"{SZ01}: {'f' * 12}"]
