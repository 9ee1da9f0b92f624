"""A disk that is really full: a small tmpfs with the whole DATA_DIR on it (TRUST.md 5).

Mounting needs root; elsewhere these are skipped and test_failing_disk.py is what there is.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import clock, db
from backend.app import create_app
from backend.config import Config
from backend.upkeep import UpkeepError, backup, doctor
from tests.cast import SZ01, Cast, customer
from tests.conftest import SignedIn, forget
from tests.sync.tablet import Tablet

SIZE_MB = 12


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a tmpfs")
    yield place
    forget()
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def alice(small_disk: Path, fresh) -> Iterator[Tablet]:
    """Alice's tablet on a server whose whole data folder lies there."""
    with fresh("sqlite") as url:
        shutil.copy(db.file_of(url), small_disk / "chedang.db")
        app = create_app(Config(data_dir=small_disk))
        yield Tablet(SignedIn(app, Cast.alice, "0192f000-0005-7000-8000-000000000001"))


def fill(place: Path, leave_kb: int) -> Path:
    """Fill the disk up to so much; returns the file to remove again."""
    ballast = place / "ballast"
    ballast.write_bytes(bytes(max(0, shutil.disk_usage(place).free - leave_kb * 1024)))
    return ballast


@pytest.mark.parametrize("leave_kb", [0, 4, 16, 64])
def test_a_push_on_a_full_disk_is_done_when_there_is_room(alice, small_disk, leave_kb):
    """Invariants 1, 2: 503 `sync.busy` while it is full, nothing by halves, and then by itself."""
    alice.do("customer.add", customer())
    ballast = fill(small_disk, leave_kb)
    ops = [alice.op("customer.add", customer(n, note="长" * 400)) for n in range(2, 120)]
    answer = alice.send(*ops)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "sync.busy")
    ballast.unlink()
    assert {result["status"] for result in alice.push(*ops)} == {"applied"}
    config = alice.web.client.application.config["CHEDANG"]
    found = doctor.examine(doctor.Patient(config, clock.now()))
    assert [one.name for one in found if one.state == doctor.PROBLEM and one.name != "disk space"] == []


def test_a_snapshot_and_a_backup_on_a_full_disk_leave_nothing_behind(alice, small_disk):
    """The tablet is told to come back, the person which file could not be written; afterwards both work."""
    alice.push(*(alice.op("customer.add", customer(n, note="长" * 400)) for n in range(1, 200)))
    config = alice.web.client.application.config["CHEDANG"]
    ballast = fill(small_disk, 0)
    answer = alice.web.get(f"/sync/snapshot/{SZ01}")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "sync.busy")
    with pytest.raises(UpkeepError):
        backup.make(config, small_disk / "copy", clock.now())
    assert [path.name for path in small_disk.iterdir() if path.name.startswith("copy")] == []
    ballast.unlink()
    assert alice.web.get(f"/sync/snapshot/{SZ01}").status_code == 200
    assert backup.verify(backup.make(config, small_disk / "copy", clock.now()))
