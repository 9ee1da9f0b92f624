"""A backup: one folder that describes itself, made while the server runs, checked after it was written.

`manifest.json` names every file with its SHA-256 and says what the database held; the folder gets its final
name last, so a folder without `.partial` in its name is whole (TRUST.md, Backup). With `BACKUP_RECIPIENTS`
all files but the manifest are sealed; whether they are whole can be checked without the key.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import apsw

from backend import PROTOCOL, __version__, db
from backend.config import Config
from backend.storage import Missing, Storage, Unavailable, open_storage
from backend.sync import blobs
from backend.upkeep import UpkeepError, files, seal
from backend.upkeep.aside import REPLACED
from backend.upkeep.summary import difference, summarise

FORMAT = 2
READABLE = (1, 2)  # 1 knew no sealed files
MANIFEST = "manifest.json"
DATABASES = {"sqlite": "database.db", "postgresql": "database.pgdump"}
IMPORTS = "imports"
STORED = (blobs.UPLOADS, blobs.BLOBS)  # in this order: an upload that ends meanwhile is in one of them


def make(config: Config, target: Path, now: str) -> Path:
    """Back up the connected database and the files that belong to it; return the new folder.

    A `target` that exists gets a folder named by the time; one that does not becomes the backup itself.

    :raise UpkeepError: if it cannot be written, or is not sound afterwards; nothing is left behind then.
    """
    place = target / f"chedang-{now.replace(':', '')[:17]}Z" if _collects(target) else target
    partial = place.with_name(place.name + ".partial")
    if place.exists() or partial.exists():
        raise UpkeepError(f"{place if place.exists() else partial} exists already; name another target")
    try:
        with seal.alone(config.data_dir), _removed_on_failure(partial):
            _write(config, partial, now)
            verify(partial)
            partial.rename(place)
            files.flush(place.parent)
    except (OSError, apsw.Error, Unavailable) as error:
        raise UpkeepError(f"{place}: {getattr(error, 'strerror', None) or error}") from error
    return place


def _collects(target: Path) -> bool:
    """True for a folder that backups are collected in; one of them is none."""
    return target.is_dir() and not (target / MANIFEST).exists()


def verify(place: Path) -> dict:
    """The manifest of a backup whose every file has the content the manifest says.

    :raise UpkeepError: if it is not a backup, of a format of another version, or damaged.
    """
    try:
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        formed = manifest["format"] in READABLE and manifest["database"] in DATABASES
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UpkeepError(f"{place}: no backup of this product ({MANIFEST} cannot be read)") from error
    if not formed:
        raise UpkeepError(f"{place}: made by version {manifest.get('version')}, which this one cannot read")
    for name, told in manifest["files"].items():
        path = place / name
        if not path.is_file() or path.stat().st_size != told["bytes"] or files.sha256(path) != told["sha256"]:
            raise UpkeepError(f"{place}: {name} is missing or damaged; use another backup")
    if not sealed_for(manifest):
        verify_database(place / DATABASES[manifest["database"]], manifest)
    return manifest


def sealed_for(manifest: dict) -> list[str]:
    """The public keys that a backup is sealed for; none when its files are plain."""
    return manifest.get("sealed_for", [])


def verify_database(path: Path, manifest: dict) -> None:
    """Return if a backup's plain database file is sound and holds what the manifest says.

    :raise UpkeepError: if not.
    """
    if manifest["database"] == "sqlite":
        _verify_sqlite(path, manifest["holds"])
    else:
        run_tool("pg_restore", "--list", str(path))


def _write(config: Config, partial: Path, now: str) -> None:
    partial.mkdir(parents=True, mode=0o700)
    kind = "sqlite" if db.is_sqlite() else "postgresql"
    copy_database = _copy_sqlite if kind == "sqlite" else _dump_postgresql
    writer = seal.Writer(partial, config.backup_recipients, config.data_dir)
    with writer.file(DATABASES[kind]) as path:
        holds = copy_database(config, path)
        if config.backup_recipients:
            verify_database(path, {"database": kind, "holds": holds})  # sealed, nobody here could do it
    _copy_imports(config.data_dir, writer)
    if keeps_blobs(config):
        _copy_blobs(open_storage(config), writer)
    found = {
        path.relative_to(partial).as_posix(): {"bytes": path.stat().st_size, "sha256": files.sha256(path)}
        for path in files.below(partial)
    }
    manifest = {
        **{"format": FORMAT, "version": __version__, "protocol": PROTOCOL, "made_at": now, "database": kind},
        **{"blobs": keeps_blobs(config), "sealed_for": list(config.backup_recipients)},
        **{"holds": holds, "files": found},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (partial / MANIFEST).write_text(text + "\n", encoding="utf-8")
    for path in files.below(partial):
        files.flush(path)
    files.flush(partial)


@contextmanager
def _removed_on_failure(partial: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _copy_imports(data_dir: Path, writer: seal.Writer) -> None:
    """Files may come and go meanwhile: one that is gone was not needed by what the database copy holds."""
    for path in files.below(data_dir / IMPORTS):
        with suppress(FileNotFoundError), writer.file(path.relative_to(data_dir).as_posix()) as target:
            files.copy(path, target)


def keeps_blobs(config: Config) -> bool:
    """True where photos and recordings go into the backup; a bucket keeps its own versions and copies."""
    return urlsplit(config.blob_url).scheme != "s3"


def _copy_blobs(storage: Storage, writer: seal.Writer) -> None:
    """Files are never changed; a piece of an upload that is gone meanwhile has become part of its whole."""
    for name in (name for folder in STORED for name, _size in storage.list(folder)):
        with suppress(Missing), writer.file(name) as target, target.open("wb") as file:
            file.writelines(storage.get(name))


def _copy_sqlite(_config: Config, path: Path) -> dict:
    """SQLite's online backup in one step: with a log beside the file, writers go on meanwhile. In several
    steps, each of them that writes in between would make it begin anew.
    """
    copy = apsw.Connection(str(path))
    try:
        with copy.backup("main", db.database.connection(), "main") as work:
            while not work.done:
                work.step(-1)
        copy.execute("PRAGMA journal_mode = delete")
        return summarise(copy.execute)
    finally:
        copy.close()


def _verify_sqlite(path: Path, holds: dict) -> None:
    copy = apsw.Connection(
        f"{path.resolve().as_uri()}?immutable=1", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    )
    try:
        state = copy.execute("PRAGMA integrity_check").fetchone()[0]
        wrong = [state] if state != "ok" else difference(holds, summarise(copy.execute))
    except apsw.Error as error:
        wrong = [str(error)]
    finally:
        copy.close()
    if wrong:
        raise UpkeepError(f"{path}: the copy is not sound: {wrong[0]}")


def _dump_postgresql(config: Config, path: Path) -> dict:
    """pg_dump of the very moment that the summary describes."""
    with db.read_transaction():
        (moment,) = db.database.execute_sql("SELECT pg_export_snapshot()").fetchone()
        words = ["--format=custom", f"--snapshot={moment}", "--exclude-table-data=job_*", f"--file={path}"]
        words += [f"--exclude-schema={REPLACED}*"]  # what an earlier restore has put aside
        run_tool("pg_dump", *words, f"--dbname={config.database}")
        return summarise(db.database.execute_sql)


def run_tool(name: str, *words: str) -> None:
    """Run one of PostgreSQL's own programs.

    :raise UpkeepError: if it is not installed or fails, with what it said.
    """
    program = shutil.which(name)
    if not program:
        raise UpkeepError(f"{name} is missing; install PostgreSQL's client programs (postgresql-client)")
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise UpkeepError(f"{name}: {(done.stderr.strip() or 'failed').splitlines()[-1]}")
