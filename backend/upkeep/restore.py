"""A backup put back: checked first, prepared beside the present database, then put in its place.

The restored database begins another epoch, so every tablet sends again what it had saved after the backup
(SYNC.md, invariant 16). What it replaces is kept aside, never deleted.
"""

from pathlib import Path

from peewee import DatabaseError, OperationalError, PeeweeException

from backend import db
from backend.config import Config
from backend.models.group import Staff
from backend.storage import Unavailable, open_storage
from backend.sync import blobs, state
from backend.upkeep import UpkeepError, backup, files, seal, shut_out
from backend.upkeep.aside import REPLACED, SIDE_FILES, postgresql_aside, sqlite_aside
from backend.upkeep.summary import difference, summarise


def restore(config: Config, source: Path, replace: bool, now: str, key: Path | None = None) -> dict:
    """Put a backup in the place of the configured database; `{manifest, epoch, kept, left, photos}`: where
    the replaced database lies now, or None; who had left since; whether photos that came since were looked
    for. `key` is the file that opens a sealed one.

    :raise UpkeepError: before anything is changed, if the backup is damaged or of another kind of database,
        if the key does not open it, if there is a group already and `replace` is not set, or while the server
        still runs.
    """
    manifest = backup.verify(source)
    kind = "sqlite" if db.file_of(config.database) else "postgresql"
    if manifest["database"] != kind:
        raise UpkeepError(f"{source}: a backup of {manifest['database']}, but DATABASE_URL names {kind}")
    _require_known(manifest)
    if not replace and not _is_free(config):
        raise UpkeepError("there is a group in this database already; --replace puts the backup in its place")
    keys = _keys(source, manifest, key)
    put = _put_sqlite if kind == "sqlite" else _put_postgresql
    with (
        seal.alone(config.data_dir),
        seal.opened(_file(source, kind, manifest), keys, config.data_dir) as database,
    ):
        if keys:
            backup.verify_database(database, manifest)
        _put_files(config, source, keys)
        kept, left = put(config, database, manifest, now)
    db.connect(config.database)
    told = {"manifest": manifest, "epoch": state.epoch(), "kept": kept, "left": left}
    return told | {"photos": _photos_found(config, now)}


def _photos_found(config: Config, now: str) -> bool:
    """Take in what came whole since the backup; a store that does not answer now is asked by the doctor."""
    try:
        blobs.adopt(open_storage(config), now)
    except (Unavailable, OSError):
        return False
    return True


def _keys(source: Path, manifest: dict, key: Path | None) -> list:
    """What opens the backup: nothing for one that is not sealed."""
    wanted = backup.sealed_for(manifest)
    if not wanted:
        return []
    if key is None:
        raise UpkeepError(
            f"{source}: sealed for {', '.join(wanted)}; name the file with its secret key: --key FILE"
        )
    return seal.read_key(key)


def _file(source: Path, kind: str, manifest: dict) -> Path:
    return source / (backup.DATABASES[kind] + (seal.SUFFIX if backup.sealed_for(manifest) else ""))


def _put_files(config: Config, source: Path, keys: list) -> None:
    """Imports, photos and recordings come beside what is there; none of them is ever changed."""
    for path in (
        path for folder in (backup.IMPORTS, *backup.STORED) for path in files.below(source / folder)
    ):
        name = seal.plain_name(path.relative_to(source).as_posix())
        with seal.opened(path, keys, config.data_dir) as plain:
            if name.startswith(f"{backup.IMPORTS}/"):
                files.copy(plain, config.data_dir / name)
            else:
                open_storage(config).put(name, plain)


def _require_known(manifest: dict) -> None:
    ours = {path.stem for path in db.MIGRATIONS.glob("[0-9]*.py")}
    newer = sorted(set(manifest["holds"]["migrations"]) - ours)
    if newer:
        raise UpkeepError(f"made by a newer version {manifest['version']} (it has {newer[-1]}); update first")


def _is_free(config: Config) -> bool:
    """True where nobody works yet; a database that cannot be read is not free."""
    if db.file_of(config.database) and not Path(db.file_of(config.database)).exists():
        return True
    db.connect(config.database)
    try:
        return not Staff.table_exists() or not Staff.select().exists()
    except OperationalError as error:
        raise UpkeepError(f"the present database cannot be opened: {str(error).splitlines()[0]}") from error
    except DatabaseError:
        return False
    finally:
        db.database.close()


def _begin_anew(manifest: dict, known: shut_out.ShutOut | None, now: str) -> list[str]:
    """The connected copy, as it was, becomes a database of this version with a life of its own; who was shut
    out of the replaced one stays so. Return who had left since.
    """
    wrong = difference(manifest["holds"], summarise(db.database.execute_sql))
    if wrong:
        raise UpkeepError(f"what was restored is not what the backup holds: {wrong[0]}")
    state.prepare()
    with db.write_transaction():
        for name in db.database.get_tables():
            if name.startswith("job_"):
                db.database.execute_sql(f'DELETE FROM "{name}"')
        left = shut_out.keep(known, now)
        state.new_epoch()
    return left


def _mark(now: str) -> str:
    """The time as digits, for names."""
    return "".join(c for c in now[:19] if c.isdigit())


def _put_sqlite(config: Config, source: Path, manifest: dict, now: str) -> tuple[str | None, list[str]]:
    known, path = shut_out.read(config), Path(db.file_of(config.database))
    fresh = path.with_name(f"{path.name}.restoring")
    for left in (fresh, *(Path(f"{fresh}{end}") for end in SIDE_FILES)):
        left.unlink(missing_ok=True)
    files.copy(source, fresh)
    db.connect(f"sqlite:///{fresh}")
    db.ensure_usable()
    try:
        left = _begin_anew(manifest, known, now)
    finally:
        db.database.close()
    files.flush(fresh)
    kept = sqlite_aside(path, path.with_name(f"{path.name}.replaced-{_mark(now)}"))
    fresh.replace(path)
    files.flush(path.parent)
    return kept, left


def _put_postgresql(config: Config, source: Path, manifest: dict, now: str) -> tuple[str | None, list[str]]:
    known = shut_out.read(config)
    with postgresql_aside(f"{REPLACED}{_mark(now)}") as kept:
        words = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        backup.run_tool("pg_restore", *words, f"--dbname={config.database}", str(source))
        try:
            left = _begin_anew(manifest, known, now)
        except PeeweeException as error:
            raise UpkeepError(f"restoring: {str(error).splitlines()[0]}") from error
    return kept, left
