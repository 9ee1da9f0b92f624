"""The database connection: SQLite through APSW, or PostgreSQL, behind one proxy that the models are
bound to.
"""

import fcntl
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import apsw
from peewee import (
    Database,
    DatabaseProxy,
    InterfaceError,
    OperationalError,
    PostgresqlDatabase,
    SqliteDatabase,
    __exception_wrapper__,
)
from playhouse.apsw_ext import APSWDatabase
from playhouse.migrations import Runner

MIGRATIONS = Path(__file__).parent / "migrations"
OLDEST_SQLITE = (3, 51, 3)  # earlier releases can corrupt a WAL database
BUSY_S = 30
MAPPED = 1 << 30  # bytes
# What passes by itself: locks, a full or failing disk, a database server that went away. While rows are read,
# APSW raises its own errors past Peewee.
TROUBLE = (
    *(OperationalError, InterfaceError),
    *(apsw.BusyError, apsw.LockedError, apsw.IOError, apsw.FullError, apsw.CantOpenError, apsw.NoMemError),
)

database: Database = DatabaseProxy()


class Sqlite(APSWDatabase):
    """SQLite through APSW; a date that the migration history binds becomes text."""

    def _connect(self) -> apsw.Connection:
        connection = super()._connect()
        connection.convert_binding = lambda _cursor, _number, value: str(value)
        return connection


def _sqlite(path: str, mapped: bool) -> Database:
    if tuple(int(part) for part in apsw.sqlitelibversion().split(".")) < OLDEST_SQLITE:
        raise RuntimeError(f"SQLite {apsw.sqlitelibversion()} is too old: its WAL mode can lose data")
    pragmas = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1}
    pragmas |= {"cache_size": -32_000, "mmap_size": MAPPED if mapped else 0}
    return Sqlite(path, pragmas=pragmas, timeout=BUSY_S, statementcachesize=200)


def file_of(url: str) -> str | None:
    """The path of an SQLite database's file; None for PostgreSQL."""
    return url.removeprefix("sqlite:///") if urlsplit(url).scheme == "sqlite" else None


def connect(url: str, mapped: bool = False) -> Database:
    """Open the database at `sqlite:///path` or `postgresql://…` and bind every model to it. An SQLite file is
    `mapped` where many threads read it: its pages are then in memory once for all.

    Connections are one a thread and stay open (`ensure_usable` mends a broken one); this thread's connection
    to the database that was bound before is closed.
    """
    if database.obj is not None and not database.is_closed():
        database.close()
    path = file_of(url)
    opened = PostgresqlDatabase(url, prefer_psycopg3=True) if path is None else _sqlite(path, mapped)
    database.initialize(opened)
    return opened


def is_sqlite() -> bool:
    """True when the embedded database is in use."""
    return isinstance(database.obj, SqliteDatabase)


def ensure_usable() -> None:
    """Open this thread's connection, or open it again when the server dropped it."""
    if not database.is_closed() and not database.is_connection_usable():
        database.close()
    database.connect(reuse_if_open=True)


def write_transaction() -> AbstractContextManager:
    """A transaction that takes the write lock at once (SQLite: BEGIN IMMEDIATE), so it never fails
    half-way.
    """
    return _one_writer() if is_sqlite() else database.atomic()


@contextmanager
def _one_writer() -> Iterator[None]:
    """Writers of all processes queue for a lock file before they ask SQLite: waiting for SQLite itself is
    asking again and again, and whoever asks at the wrong moments starves while another process goes on.
    """
    path = database.obj.database
    if database.in_transaction() or path == ":memory:":
        with database.atomic("IMMEDIATE"):
            yield
        return
    with open(f"{path}.turn", "ab") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        with database.atomic("IMMEDIATE"):
            yield


def read_transaction() -> AbstractContextManager:
    """A transaction whose reads all see one moment (SQLite: WAL snapshot, PostgreSQL: REPEATABLE READ)."""
    return database.atomic("DEFERRED") if is_sqlite() else database.atomic("REPEATABLE READ")


def rows(sql: str, *given: object) -> Iterator[tuple]:
    """Rows of a query written with `?` marks: where so many are read that a model per row costs too much."""
    yield from database.execute_sql(sql if is_sqlite() else sql.replace("?", "%s"), given)


def execute(sql: str, *given: object) -> None:
    """Run a statement written with `?` marks: for what every push does. To build it anew costs more than to
    run it.
    """
    database.execute_sql(sql if is_sqlite() else sql.replace("?", "%s"), given)


def chunked(items: Iterable, size: int) -> Iterator[list]:
    """The items in lists of `size`, the last one shorter: databases take only so many values at a time."""
    found = list(items)
    return (found[at : at + size] for at in range(0, len(found), size))


def marks(some: list) -> str:
    """As many `?` marks, for `IN (…)`."""
    return ", ".join(["?"] * len(some))


def minute() -> str:
    """The minute that the database's clock shows (UTC), one for all hosts: `2026-03-02T09:05`."""
    sql = (
        "SELECT strftime('%Y-%m-%dT%H:%M', 'now')"
        if is_sqlite()
        else """SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI')"""
    )
    return database.execute_sql(sql).fetchone()[0]


def migrate() -> list[str]:
    """Apply the pending migrations and return their names."""
    ensure_usable()
    return Runner(database.obj, str(MIGRATIONS)).up()


@cache
def _upsert_sql(table: str, keys: tuple[str, ...], columns: tuple[str, ...], mark: str) -> str:
    names = ", ".join(f'"{name}"' for name in (*keys, *columns))
    marks = ", ".join([mark] * (len(keys) + len(columns)))
    taken = ", ".join(f'"{name}" = excluded."{name}"' for name in columns)
    key = ", ".join(f'"{name}"' for name in keys)
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks}) ON CONFLICT ({key}) DO UPDATE SET {taken}'


def upsert(table: str, keys: tuple[str, ...], columns: tuple[str, ...], rows: list[tuple]) -> None:
    """Insert rows of database values, or replace those whose `keys` exist: one prepared statement for all.

    Five times as fast as building the statement anew for every batch; names come from our own models only.
    """
    if rows:
        sql = _upsert_sql(table, keys, columns, "?" if is_sqlite() else "%s")
        with __exception_wrapper__:
            database.cursor().executemany(sql, rows)


def insert(table: str, rows: list[dict]) -> None:
    """Insert rows of database values, all with the same columns, by one prepared statement."""
    if rows:
        marks = ", ".join(["?" if is_sqlite() else "%s"] * len(rows[0]))
        names = ", ".join(f'"{name}"' for name in rows[0])
        with __exception_wrapper__:
            sql = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'
            database.cursor().executemany(sql, [tuple(row.values()) for row in rows])
