"""A backup put back: checked first, prepared beside the present database, then put in its place.

The restored database begins another epoch, so every tablet sends again what it had saved after the backup
(SYNC.md, invariant 16). What it replaces is kept aside, never deleted.
"""

from pathlib import Path

from peewee import DatabaseError, OperationalError, PeeweeException

from backend import db
from backend.config import Config
from backend.models.group import Staff
from backend.storage import open_storage
from backend.sync import state
from backend.upkeep import UpkeepError, backup, files
from backend.upkeep.aside import SIDE_FILES, postgresql_aside, sqlite_aside
from backend.upkeep.summary import difference, summarise


def restore(config: Config, source: Path, replace: bool, now: str) -> dict:
    """Put a backup in the place of the configured database; `{manifest, epoch, kept}`, `kept` being where the
    replaced database lies now, or None.

    :raise UpkeepError: before anything is changed, if the backup is damaged or of another kind of database,
        if there is a group already and `replace` is not set, or while the server still runs.
    """
    manifest = backup.verify(source)
    kind = "sqlite" if db.file_of(config.database) else "postgresql"
    if manifest["database"] != kind:
        raise UpkeepError(f"{source}: a backup of {manifest['database']}, but DATABASE_URL names {kind}")
    _require_known(manifest)
    if not replace and not _is_free(config):
        raise UpkeepError("there is a group in this database already; --replace puts the backup in its place")
    for path in files.below(source / backup.IMPORTS):
        files.copy(path, config.data_dir / path.relative_to(source))
    for path in (path for folder in backup.STORED for path in files.below(source / folder)):
        open_storage(config).put(path.relative_to(source).as_posix(), path)
    put = _put_sqlite if kind == "sqlite" else _put_postgresql
    kept = put(config, source / backup.DATABASES[kind], manifest, "".join(c for c in now[:19] if c.isdigit()))
    db.connect(config.database)
    return {"manifest": manifest, "epoch": state.epoch(), "kept": kept}


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


def _begin_anew(manifest: dict) -> None:
    """The connected copy, as it was, becomes a database of this version with a life of its own."""
    wrong = difference(manifest["holds"], summarise(db.database.execute_sql))
    if wrong:
        raise UpkeepError(f"what was restored is not what the backup holds: {wrong[0]}")
    state.prepare()
    with db.write_transaction():
        for name in db.database.get_tables():
            if name.startswith("job_"):
                db.database.execute_sql(f'DELETE FROM "{name}"')
        state.new_epoch()


def _put_sqlite(config: Config, source: Path, manifest: dict, mark: str) -> str | None:
    path = Path(db.file_of(config.database))
    fresh = path.with_name(f"{path.name}.restoring")
    for left in (fresh, *(Path(f"{fresh}{end}") for end in SIDE_FILES)):
        left.unlink(missing_ok=True)
    files.copy(source, fresh)
    db.connect(f"sqlite:///{fresh}")
    db.ensure_usable()
    try:
        _begin_anew(manifest)
    finally:
        db.database.close()
    files.flush(fresh)
    kept = sqlite_aside(path, path.with_name(f"{path.name}.replaced-{mark}"))
    fresh.replace(path)
    files.flush(path.parent)
    return kept


def _put_postgresql(config: Config, source: Path, manifest: dict, mark: str) -> str | None:
    with postgresql_aside(f"replaced_{mark}") as kept:
        words = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        backup.run_tool("pg_restore", *words, f"--dbname={config.database}", str(source))
        try:
            _begin_anew(manifest)
        except PeeweeException as error:
            raise UpkeepError(f"restoring: {str(error).splitlines()[0]}") from error
    return kept
