"""Whether what lies below the records is sound: database file, migrations, snapshot files, disk, clock."""

import hashlib
import json
import shutil

from playhouse.migrations import Runner

from backend import db
from backend.domain.timing import parse_instant
from backend.models.blobs import COMPLETE, Blob
from backend.models.sync import Op, Snapshot
from backend.storage import Missing, Storage, open_storage
from backend.sync import blobs as stored
from backend.sync import chunks

LEAST_FREE_MB = 200
AHEAD_MS = 5 * 60_000
SETTINGS = ("fsync", "full_page_writes", "synchronous_commit")


def integrity(_patient: object) -> list[str]:
    """SQLite: the file's structure and its references. PostgreSQL checks its pages as it reads them."""
    if not db.is_sqlite():
        return []
    said = [row[0] for row in db.database.execute_sql("PRAGMA integrity_check(20)").fetchall()]
    broken = db.database.execute_sql("PRAGMA foreign_key_check").fetchall()
    return [text for text in said if text != "ok"] + [f"{row[0]}: a reference to nothing" for row in broken]


def durable(_patient: object) -> list[str]:
    """What an answer promises is on the disk: nobody has switched that off."""
    if db.is_sqlite():
        (mode,) = db.database.execute_sql("PRAGMA journal_mode").fetchone()
        (level,) = db.database.execute_sql("PRAGMA synchronous").fetchone()
        return [] if (mode, level >= 2) == ("wal", True) else [f"journal {mode}, synchronous {level}"]
    shown = {name: db.database.execute_sql(f"SHOW {name}").fetchone()[0] for name in SETTINGS}
    return [
        f"{name} is off: a crash can lose what was acknowledged" for name in SETTINGS if shown[name] == "off"
    ]


def migrations(_patient: object) -> list[str]:
    """The tables are those of this version, no older and no newer."""
    said = {True: "not applied yet", False: "made by a newer version"}
    rows = Runner(db.database.obj, str(db.MIGRATIONS)).status()
    return [
        f"{row.name}: {said[row.applied is None]}" for row in rows if row.applied is None or row.path is None
    ]


def snapshots(patient) -> list[str]:
    """Every chunk a manifest names lies there whole."""
    return [
        f"{row.part}: chunk {chunk['name'][:12]} is missing or damaged"
        for row in Snapshot.select()
        for chunk in _unsound(open_storage(patient.config), row)
    ]


def drop_snapshots(patient) -> None:
    """Forget snapshots that are not whole, damaged chunks with them; they are built again when asked for."""
    storage = open_storage(patient.config)
    for row in Snapshot.select():
        for chunk in _unsound(storage, row):
            storage.delete(chunks.place(row.part, chunk["name"]))
            Snapshot.delete().where(Snapshot.part == row.part).execute()


def _unsound(storage: Storage, row: Snapshot) -> list[dict]:
    """The chunks of a snapshot that are not stored as its manifest says."""
    return [
        chunk
        for chunk in json.loads(row.manifest)["chunks"]
        if _sha256(storage, chunks.place(row.part, chunk["name"])) != chunk["sha256"]
    ]


def _sha256(storage: Storage, name: str) -> str | None:
    """The hash of what is stored under a name; None when nothing is."""
    digest = hashlib.sha256()
    try:
        for piece in storage.get(name):
            digest.update(piece)
    except Missing:
        return None
    return digest.hexdigest()


def blobs(patient) -> list[str]:
    """Every file called complete lies in the store with the SHA-256 it was sent under (SYNC.md 17)."""
    storage, said = open_storage(patient.config), []
    for row in Blob.select().where(Blob.state == COMPLETE).order_by(Blob.part, Blob.sha256):
        found = _sha256(storage, stored.place(row.part, row.sha256))
        if found != row.sha256:
            said.append(f"{row.part}: {row.sha256[:12]} is {'damaged' if found else 'missing'}")
    return said


def strays(patient) -> list[str]:
    """Files that arrived whole and that no row knows, as after a restore: their tablets need not have them
    any more. One that is just arriving looks the same.
    """
    return [f"{part}: {sha256[:12]}" for part, sha256 in stored.strays(open_storage(patient.config))]


def adopt(patient) -> None:
    """Take in what is what its name says."""
    stored.adopt(open_storage(patient.config), patient.now)


def space(patient) -> list[str]:
    """There is room to go on working."""
    free_mb = shutil.disk_usage(patient.data_dir).free // (1 << 20)
    return [f"{free_mb} MB free"] if free_mb < LEAST_FREE_MB else []


def clock_runs(patient) -> list[str]:
    """The clock has not gone back behind what was already recorded."""
    last = Op.select(Op.received_at).order_by(Op.received_at.desc()).limit(1).scalar()
    behind = last and parse_instant(last) - parse_instant(patient.now) > AHEAD_MS
    return [f"now {patient.now}, but an op was received at {last}"] if behind else []
