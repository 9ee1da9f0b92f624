"""A throw-away PostgreSQL for tests: a cluster in a temporary folder, reached by its unix socket."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import psycopg

from tests import machine

SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "timezone": "Etc/GMT+9",  # a server that runs elsewhere must make no difference
}
START_S = 30


class Cluster:
    """A running server of one's own. As root it runs as the user `postgres`, because it refuses root.

    Speed over durability: its data do not survive a crash of the machine.
    """

    def __init__(self, bin_dir: Path, settings: dict[str, str]) -> None:
        self.bin_dir = bin_dir
        self.settings = SETTINGS | settings
        place = machine.fast_folder() or "/tmp"  # a socket path must be short
        self.folder = Path(tempfile.mkdtemp(prefix="pg", dir=place))
        self.port = _free_port()
        self.names = (f"t{n}" for n in itertools.count(1))
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> "Cluster":
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        data = str(self.folder / "data")
        init = [str(self.bin_dir / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            self._as_owner([*init, "--locale=C", "--no-sync", "--no-instructions"]),
            check=True,
            capture_output=True,
            cwd="/",
        )
        self.log = (self.folder / "log").open("wb")
        self._run()
        return self

    def _run(self) -> None:
        settings = [f"--{name}={value}" for name, value in self.settings.items()]
        place = ["-D", str(self.folder / "data"), "-k", str(self.folder), "-p", str(self.port)]
        self.process = subprocess.Popen(
            self._as_owner([str(self.bin_dir / "postgres"), *place, *settings], die_with_us=True),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            cwd="/",
        )
        self._wait_until_ready()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(START_S)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The address of one of its databases, as DATABASE_URL takes it."""
        return f"postgresql://postgres@/{database}?host={self.folder}&port={self.port}"

    def create(self, template: str = "template0") -> str:
        """Make a database of a fresh name, as a copy of `template`, and return the name."""
        name = next(self.names)
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, even when somebody is still connected."""
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def kill(self) -> None:
        """Stop at once without writing anything back, as a crash would."""
        self.process.kill()

    def crash(self) -> None:
        """Kill the server's main process and start it again; it recovers from its log."""
        self.process.kill()
        self.process.wait()
        end = time.monotonic() + START_S
        while True:
            try:
                self._run()
                return
            except RuntimeError:  # its children have not noticed yet, and keep the memory they shared
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + START_S
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError as error:
                if self.process.poll() is not None or time.monotonic() > end:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start:\n{log}") from error
                time.sleep(0.05)

    def _as_owner(self, command: list[str], die_with_us: bool = False) -> list[str]:
        """`command` for the right user; on Linux it is also told to stop when this process is killed."""
        setpriv = shutil.which("setpriv")
        user = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
        death = ["--pdeathsig=QUIT"] if die_with_us else []
        if setpriv and (user or death):
            return [setpriv, *user, *death, "--", *command]
        return ["runuser", "-u", "postgres", "--", *command] if user else command


def start(**settings: str) -> Cluster:
    """A cluster to enter with `with`; `settings` go before the fast ones of the tests.

    :raise RuntimeError: if PostgreSQL is not installed.
    """
    found = machine.postgres()
    if found is None:
        raise RuntimeError("PostgreSQL is missing: `make test` installs it, or: apt-get install postgresql")
    return Cluster(found, settings)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
