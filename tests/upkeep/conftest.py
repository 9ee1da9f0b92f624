"""Tablets of the cast, and a server with some work in it."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from backend import clock, db
from backend.models.blobs import COMPLETE, Blob
from backend.storage import open_storage
from backend.upkeep import backup, doctor, seal
from tests.cast import SZ01, customer, vehicle
from tests.sync.conftest import tablet

NOW = "2026-03-02T04:00:00.000Z"
PHOTO = b"a photo, as far as a backup knows"
PHOTO_HASH = hashlib.sha256(PHOTO).hexdigest()

__all__ = ["tablet"]


@pytest.fixture
def worked(cast, tablet):
    """Alice's tablet after a morning: customers, a vehicle, an edit, one op that was parked."""
    alice = tablet(cast.alice)
    alice.push(*(alice.op("customer.add", customer(i)) for i in range(1, 6)))
    alice.do("vehicle.add", vehicle())
    alice.do("customer.set", {"id": customer(2)["id"], "set": {"note": "改过"}}, base={"note": None})
    assert alice.do("customer.add", {"id": customer(9)["id"], "name": ""})["status"] == "parked"
    return alice


@pytest.fixture
def examined(config) -> Callable[..., dict[str, doctor.Finding]]:
    """`examined()`: the doctor's findings by the check's name, without what this machine's disk says."""

    def look(repair: bool = False) -> dict[str, doctor.Finding]:
        found = doctor.examine(doctor.Patient(config, clock.now()), repair)
        return {one.name: one for one in found if one.name != "disk space"}

    return look


@pytest.fixture(params=["plain", "sealed"])
def key(request, tmp_path):
    """The file that opens the backup: none for a plain one."""
    if request.param == "plain":
        return None
    seal.new_key(tmp_path / "key.txt")
    return tmp_path / "key.txt"


@pytest.fixture
def settings(config, key):
    """Settings that seal backups for the key."""
    return replace(config, backup_recipients=public_half(key)) if key else config


@pytest.fixture
def made(worked, settings, tmp_path):
    """A backup of the morning's work, with a file that was imported."""
    config = settings
    upload = config.data_dir / "imports" / "run" / "rows.jsonl"
    upload.parent.mkdir(parents=True)
    upload.write_text("{}")
    keep_photo(config)
    return backup.make(config, tmp_path / "copy", NOW)


@pytest.fixture
def elsewhere(config, fresh, database_kind, tmp_path):
    """Settings of another server with an empty database of the same kind."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if database_kind == "sqlite":
        yield replace(config, data_dir=folder, database_url=f"sqlite:///{folder / 'chedang.db'}")
        return
    with fresh(database_kind, empty=True) as url:
        yield replace(config, data_dir=folder, database_url=url)


def keep_photo(config) -> None:
    """A photo that has arrived whole."""
    open_storage(config).put(f"blobs/{SZ01}/{PHOTO_HASH}", PHOTO)
    row = {"part": SZ01, "sha256": PHOTO_HASH, "size": len(PHOTO), "received": len(PHOTO), "state": COMPLETE}
    Blob.create(**row, created_by="x", created_at=NOW)


def wrong(findings: dict[str, doctor.Finding]) -> list[str]:
    """The names of the checks that found a problem."""
    return [name for name, found in findings.items() if found.state == doctor.PROBLEM]


def public_half(key: Path) -> tuple[str, ...]:
    """For whom to seal what this key file is to open."""
    return tuple(str(one.to_public()) for one in seal.read_key(key))


def run_sql(sql: str, *given: object) -> None:
    """Change the database behind the product's back."""
    sql = sql if db.is_sqlite() else sql.replace("?", "%s")
    with db.write_transaction():
        db.database.execute_sql(sql, given)
