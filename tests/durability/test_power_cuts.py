"""Power cuts: what was acknowledged is there, whatever became of unflushed writes (TRUST.md 2).

One morning of pushes is recorded through a VFS, then the power is cut at many of its moments. The same
harness with weaker settings must find losses, or it would prove nothing.
"""

import json
import os
import random
from pathlib import Path

import apsw
import pytest

from backend import clock, db
from backend.app import create_app
from backend.config import Config
from backend.upkeep import doctor
from tests.cast import SZ01, Cast, customer
from tests.conftest import SignedIn, forget
from tests.durability.disk import Platter, Recording, RecordingVfs
from tests.sync.tablet import Tablet

PUSHES = 120
SEED = int(os.environ.get("SEED", "1"))


def a_morning(folder: Path, url: str, level: str) -> Recording:
    """Pushes through the real server on a recorded disk, with log checkpoints in between."""
    with RecordingVfs(Path(db.file_of(url))) as disk:
        app = create_app(Config(data_dir=folder, database_url=url))
        db.database.obj.pragma("synchronous", level, permanent=True)
        alice = Tablet(SignedIn(app, Cast.alice, "0192f000-0005-7000-8000-000000000001"))
        for number in range(PUSHES):
            ops = [alice.op("customer.add", customer(3 * number + i, note="长" * 200)) for i in range(3)]
            disk.recording.acknowledge(
                {op["id"]: result for op, result in zip(ops, alice.push(*ops), strict=True)}
            )
            if number % 10 == 0:
                alice.pull()
        recording = Recording(disk.recording.start, list(disk.recording.events))
        forget()
    return recording


def losses(recording: Recording, folder: Path, cuts: int, seed: int) -> list[str]:
    """What is wrong after so many cuts: a line for each; half of the cuts fall right after an answer."""
    chance = random.Random(seed)
    acks = [at for at, event in enumerate(recording.events) if event.kind == "ack"]
    moments = sorted(
        chance.choice(acks) if number % 2 else chance.randrange(len(recording.events))
        for number in range(cuts)
    )
    platter, at, said = Platter(recording.start), 0, []
    for moment in moments:
        for event in recording.events[at : moment + 1]:
            platter.play(event)
        at = moment + 1
        wrong = look(platter.cut(chance), platter.told, folder)
        said += [f"cut at event {moment}: {wrong}"] if wrong else []
    return said


def look(left: dict[str, bytes], told: list[dict], folder: Path) -> str | None:
    """What is wrong with the database that a cut left, once it is opened again; None if nothing."""
    path = folder / "left.db"
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    for end, content in left.items():
        if content or not end:
            Path(f"{path}{end}").write_bytes(content)
    found = apsw.Connection(str(path))
    try:
        return _wrong(found, {op_id: result for ack in told for op_id, result in ack.items()})
    except apsw.Error as error:
        return str(error)
    finally:
        found.close()


def _wrong(found: apsw.Connection, promised: dict[str, dict]) -> str | None:
    state = found.execute("PRAGMA quick_check").fetchone()[0]
    if state != "ok":
        return state
    log = {
        op_id: json.loads(text)
        for op_id, text in found.execute("SELECT id, result FROM op WHERE part = ?", (SZ01,))
    }
    for op_id, result in promised.items():
        if {"n": result["n"], **log.get(op_id, {})} != result:
            return f"op {op_id} was acknowledged and is lost"
    head, rows = found.execute(
        "SELECT head, (SELECT count(*) FROM customer) FROM feed_head WHERE part = ?", (SZ01,)
    ).fetchone()
    return None if head == rows == len(log) else f"half a push: head {head}, records {rows}, ops {len(log)}"


@pytest.fixture
def morning(fresh, tmp_path):
    """`morning("full")`: the recording of a morning with that level of flushing."""

    def record(level: str) -> Recording:
        with fresh("sqlite") as url:
            return a_morning(tmp_path, url, level)

    return record


def test_nothing_acknowledged_is_lost_in_200_cuts(morning, tmp_path):
    """Invariants 1 and 6, on the settings that the server uses."""
    recording = morning("full")
    assert sum(event.kind == "write" and event.file == "" for event in recording.events) > 100, (
        "no checkpoint"
    )
    assert losses(recording, tmp_path, 200, SEED) == []


@pytest.mark.parametrize("level", ["off", "normal"])
def test_weaker_settings_are_found_out(morning, tmp_path, level):
    """The positive control: without the flush at each commit the same cuts lose what was acknowledged."""
    found = losses(morning(level), tmp_path, 60, SEED)
    assert any("lost" in line for line in found)


def test_the_server_flushes_at_each_commit(fresh, tmp_path):
    """What the morning sets for the controls is what the server has by itself."""
    with fresh("sqlite") as url:
        create_app(Config(data_dir=tmp_path, database_url=url))
        assert db.database.execute_sql("PRAGMA synchronous").fetchone() == (2,)
        assert db.database.execute_sql("PRAGMA journal_mode").fetchone() == ("wal",)
        forget()


def test_what_a_cut_leaves_satisfies_the_doctor(morning, tmp_path):
    """Not only whole for SQLite: every promise of the product holds after a cut."""
    recording, chance = morning("full"), random.Random(SEED)
    platter = Platter(recording.start)
    for event in recording.events[: len(recording.events) * 2 // 3]:
        platter.play(event)
    assert look(platter.cut(chance), platter.told, tmp_path) is None
    config = Config(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'left.db'}")
    db.connect(config.database)
    found = doctor.examine(doctor.Patient(config, clock.now()))
    assert [one.name for one in found if one.state == doctor.PROBLEM and one.name != "disk space"] == []
    forget()


@pytest.mark.nightly
@pytest.mark.parametrize("block", range(20))
def test_nothing_acknowledged_is_lost_in_10000_cuts(morning, tmp_path, block):
    """TRUST.md 2: 20 blocks of 500, each with a morning of its own."""
    assert losses(morning("full"), tmp_path, 500, SEED * 1000 + block) == []
