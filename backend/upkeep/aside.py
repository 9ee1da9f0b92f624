"""The database that a restore replaces is put aside under another name, where nobody can be using it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from backend import db
from backend.upkeep import UpkeepError

SIDE_FILES = ("-wal", "-shm", "-journal")
REPLACED = "replaced_"  # how the schema of a replaced database begins
STILL_RUNS = "the server still uses this database; stop `serve` and `worker` on every host first"


def sqlite_aside(path: Path, kept: Path) -> str | None:
    """Give the database at `path` a second name, its log folded in; None when there is none.

    The first name stays, to be replaced in one step, so that a crash in between leaves the old one in place.
    A database that is too damaged to be opened is put aside with its side files as they are.

    :raise UpkeepError: while somebody has it open.
    """
    if not path.exists():
        return None
    sound = _fold(path)
    os.link(path, kept)
    for end in SIDE_FILES:
        side = Path(f"{path}{end}")
        if side.exists() and not sound:
            side.replace(f"{kept}{end}")
        else:
            side.unlink(missing_ok=True)
    return str(kept)


def _fold(path: Path) -> bool:
    """Leave WAL mode, which folds the log into the file and works only when nobody else has it open."""
    old = apsw.Connection(str(path))
    try:
        mode = old.execute("PRAGMA journal_mode = delete").fetchone()[0]
        if mode != "delete":
            raise UpkeepError(STILL_RUNS)
        return True
    except apsw.BusyError as error:
        raise UpkeepError(STILL_RUNS) from error
    except apsw.Error:
        return False
    finally:
        old.close()


@contextmanager
def postgresql_aside(schema: str) -> Iterator[str | None]:
    """Rename the schema in use, give an empty one in its place, and put the old one back when that fails.

    :raise UpkeepError: while somebody else is connected to the database.
    """
    db.ensure_usable()
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    if db.database.execute_sql(others).fetchone()[0]:
        raise UpkeepError(STILL_RUNS)
    had_tables = bool(db.database.get_tables())
    with db.write_transaction():
        db.database.execute_sql(f"ALTER SCHEMA public RENAME TO {schema}")
        db.database.execute_sql("CREATE SCHEMA public")
    try:
        yield f"schema {schema}" if had_tables else None
    except BaseException:
        with db.write_transaction():
            db.database.execute_sql("DROP SCHEMA public CASCADE")
            db.database.execute_sql(f"ALTER SCHEMA {schema} RENAME TO public")
        raise
    if not had_tables:
        db.database.execute_sql(f"DROP SCHEMA {schema} CASCADE")
