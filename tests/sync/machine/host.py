"""The real server in this process: called without a socket, killed at any statement, restored from backup."""

import io
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path
from random import Random

from argon2 import PasswordHasher
from peewee import OperationalError

from backend import clock, db
from backend.api import login
from backend.app import create_app
from backend.config import Config
from backend.domain.timing import format_instant
from backend.sync import blobs, door, pull, reference, snapshot, state
from tests import group
from tests.sync.machine.histories import decide_at_any_hour
from tests.sync.machine.world import fill

START_MS = 1_772_413_200_000  # Monday 2026-03-02, 9:00 in Shenzhen
# Several chunks, segments and directories from a few files; nobody waits for a build that died.
SMALL = {"SEGMENT": (2_000, 6_000), "PACK": (1_000, 3_000), "LINES": 3}
STALE_CHANGES = 20
MOST_ROWS = 25
SMALLEST_CHUNK_BYTES = 128
MANY = 30  # statements
STILL = 20  # times 5 ms without a statement: it waits for a lock
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Killed(BaseException):
    """The server's process is gone in the middle of a request."""


class Hourglass:
    """Time for whoever waits for another's build: it runs out by being looked at."""

    def __init__(self) -> None:
        self.looks = 0

    def monotonic(self) -> float:
        """Half a minute later than at the last look."""
        self.looks += 1
        return 30.0 * self.looks

    def sleep(self, _seconds: float) -> None:
        """Nobody is there to be waited for."""


class Answer:
    """What a request brought: status, content type, bytes."""

    def __init__(self, status: int, kind: str, body: bytes, headers: dict | None = None) -> None:
        self.status, self.kind, self.body, self.headers = status, kind, body, headers or {}


class Host:
    """One server with a database of `kind`; `reset` begins a schedule on a copy of the prepared one.

    With `url` it serves a database that another host has founded; `peer` is such a host in its own process.
    """

    def __init__(self, folder: Path, kind: str, cluster: object = None, url: str | None = None) -> None:
        self.folder, self.kind, self.cluster = folder, kind, cluster
        self.founds, self.peer = url is None, None
        self.turns = Random(0)
        self.usual: dict[str, int] = {}  # statements that a request of a path took at most
        self.now_ms = START_MS
        self.trap = threading.local()
        self.statements = 0
        self.backups: list[str] = []
        self.url = url or self._create("live")
        self.data = folder / "data"
        self.config = Config(data_dir=self.data, database_url=self.url)

    # ---- life of the database

    @contextmanager
    def prepared(self):
        """Patches that make a schedule fast and repeatable; the template is filled inside."""
        patches = [
            (clock, "now", lambda: format_instant(self.now_ms)),
            *((login, name, value) for name, value in (("HASHER", CHEAP), ("NOBODY", CHEAP.hash("x")))),
            *((snapshot, name, value) for name, value in SMALL.items()),
            (snapshot, "time", Hourglass()),
            (blobs, "SMALLEST_CHUNK_BYTES", SMALLEST_CHUNK_BYTES),
            (snapshot, "STALE_CHANGES", STALE_CHANGES),
            (pull, "MOST_ROWS", MOST_ROWS),
            (door, "decide", decide_at_any_hour(door.decide)),
        ]
        before = [(place, name, getattr(place, name)) for place, name, _ in patches]
        for place, name, value in patches:
            setattr(place, name, value)
        try:
            if self.founds:
                group.found(self.url)
            self.app = create_app(self.config)
            self._hook()
            if self.founds:
                fill(self.app, clock.now())
            yield self
        finally:
            self.disconnect()
            for place, name, value in before:
                setattr(place, name, value)

    def keep(self) -> None:
        """Make the database as it is now the one every schedule begins with."""
        self.disconnect()
        self._copy("live", "template")
        self._copy_chunks("data", "template-data")

    def reset(self) -> None:
        """Begin a schedule."""
        self.disconnect()
        for name in self.backups:
            self._drop(name)
        self.backups = []
        self._copy("template", "live")
        self._copy_chunks("template-data", "data")
        self.now_ms = START_MS + 60_000
        self.turns, self.usual = Random(0), {}
        self._reconnect()

    def back_up(self) -> str:
        """A copy of the database as it is; its name."""
        name = f"backup{len(self.backups)}"
        self.backups.append(name)
        self.disconnect()
        self._copy("live", name)
        self._reconnect()
        return name

    def restore(self, name: str) -> None:
        """Go back to a copy; another epoch begins."""
        self.disconnect()
        self._copy(name, "live")
        self._reconnect()
        state.new_epoch()

    def restart(self) -> None:
        """What this process keeps in memory is gone, and so are its connections; a peer goes on."""
        self._close()
        self.forget()

    def disconnect(self) -> None:
        """Close this thread's connection, and the peer's."""
        self._close()
        if self.peer:
            self.peer.ask(do="disconnect")

    @staticmethod
    def _close() -> None:
        if db.database.obj is not None and not db.database.is_closed():
            db.database.close()

    def _reconnect(self) -> None:
        self.forget()
        if self.peer:
            self.peer.ask(do="forget")

    @staticmethod
    def forget() -> None:
        """Begin with nothing in memory."""
        reference._kept.update(at=None, docs={})
        db.ensure_usable()

    # ---- copies

    def _create(self, name: str) -> str:
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        self.names = {name: self.cluster.create()}
        return self.cluster.url(self.names[name])

    def _copy(self, source: str, target: str) -> None:
        if self.kind == "sqlite":
            self._drop(target)
            for tail in ("", "-wal"):
                path = self.folder / f"{source}.db{tail}"
                if path.exists():
                    shutil.copyfile(path, self.folder / f"{target}.db{tail}")
            return
        live = self.names["live"]
        if target == "live":
            self.cluster.drop(live)
            self.cluster._execute(f"CREATE DATABASE {live} TEMPLATE {self.names[source]}")
        else:
            self._drop(target)
            self.names[target] = self.cluster.create(live)

    def _drop(self, name: str) -> None:
        if self.kind == "sqlite":
            for path in self.folder.glob(f"{name}.db*"):
                path.unlink()
        elif name in self.names:
            self.cluster.drop(self.names.pop(name))

    def _copy_chunks(self, source: str, target: str) -> None:
        shutil.rmtree(self.folder / target, ignore_errors=True)
        if (self.folder / source).exists():
            shutil.copytree(self.folder / source, self.folder / target)

    # ---- requests

    def call(self, method: str, path: str, headers: dict, body: bytes) -> Answer:
        """One request, served to its end in this thread, or by the peer when it is its turn.

        :raise Killed: when the server was to die at a statement of it.
        """
        trapped = getattr(self.trap, "at", 0)
        if self.peer and not trapped and (self.beside or self.turns.random() < 0.5):
            return self.peer.call(self.now_ms, method, path, headers, body)
        return self.serve(method, path, headers, body)

    @property
    def beside(self) -> bool:
        """True in a thread that runs while the main one is paused in a request: the other host's moment."""
        return threading.current_thread() is not threading.main_thread()

    def serve(self, method: str, path: str, headers: dict, body: bytes) -> Answer:
        """One request, served here."""
        bare, _, query = path.partition("?")
        environ = {
            **{"REQUEST_METHOD": method, "PATH_INFO": bare, "QUERY_STRING": query, "SCRIPT_NAME": ""},
            **{"SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1"},
            **{"REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http"},
            **{"wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.multithread": True},
            **{"wsgi.multiprocess": False, "wsgi.run_once": False, "CONTENT_LENGTH": str(len(body))},
        }
        for name, value in headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        told: list = []
        before = self.statements
        out = self.app.wsgi_app(environ, lambda status, head, _error=None: told.extend((status, dict(head))))
        try:
            text = b"".join(out)
        finally:
            getattr(out, "close", lambda: None)()
        self.usual[bare] = max(self.usual.get(bare, 0), self.statements - before)
        return Answer(int(told[0][:3]), told[1].get("Content-Type", ""), text, told[1])

    def statement(self, path: str, k: int) -> int:
        """A number among those of the statements that a request of this path usually takes."""
        return 1 + k % (self.usual.get(path.partition("?")[0], MANY) + 1)

    def call_and_die(self, at: int, *request: object) -> Answer | None:
        """Serve a request; the process dies before its statement `at` (None), unless it has fewer."""
        self.trap.at, self.trap.error = at, Killed
        try:
            return self.call(*request)
        except Killed:
            return None
        finally:
            self.trap.at = 0
            self.restart()

    def call_and_fail(self, at: int, *request: object) -> Answer:
        """Serve a request whose statement `at` meets a database that is busy."""
        self.trap.at, self.trap.error = at, lambda: OperationalError("database is locked")
        try:
            return self.call(*request)
        finally:
            self.trap.at = 0

    def call_during(self, at: int, outer: tuple, inner: tuple) -> tuple[Answer, Answer]:
        """Serve two requests at once: `inner` begins in another thread before statement `at` of `outer`."""
        found: list[Answer] = []

        def work() -> None:
            try:
                found.append(self.call(*inner))
            finally:
                db.database.close()

        thread = threading.Thread(target=work)

        def begin() -> None:
            thread.start()
            seen, still = -1, 0
            while thread.is_alive() and still < STILL:  # until it is over, or waits for a lock
                thread.join(0.005)
                still = still + 1 if seen == self.statements else 0
                seen = self.statements

        self.trap.at, self.trap.error = at, begin
        try:
            first = self.call(*outer)
        finally:
            self.trap.at = 0
        if thread.ident is None:
            thread.start()
        thread.join()
        return first, found[0]

    def _hook(self) -> None:
        """Look at every statement before it reaches the database."""
        live = db.database.obj
        execute, cursor = live.execute_sql, live.cursor

        def execute_sql(sql: str, params: object = None) -> object:
            self._statement()
            return execute(sql, params)

        def make_cursor(*args: object) -> object:
            made = cursor(*args)
            return Cursor(made, self._statement)

        live.execute_sql = execute_sql
        live.cursor = make_cursor

    def _statement(self) -> None:
        self.statements += 1
        at = getattr(self.trap, "at", 0)
        if not at:
            return
        self.trap.at = at - 1
        if at > 1:
            return
        outcome = self.trap.error()
        if isinstance(outcome, BaseException):
            raise outcome


class Cursor:
    """A cursor whose bulk statements are looked at, too; single ones come by `execute_sql`."""

    def __init__(self, real: object, before: object) -> None:
        self._real, self._before = real, before

    def executemany(self, *args: object) -> object:
        self._before()
        return self._real.executemany(*args)

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def __iter__(self):
        return iter(self._real)
