"""The real server as a process: on a free port, with data of its own, really stopped and started again."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_S, STOP_S = 90, 30
PASSWORD = "chedang-demo"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_demo(data_dir: Path, vehicles: int, **more: str) -> Path:
    """A data folder that holds the demo group with so many vehicles in all branches together."""
    command = [sys.executable, "-m", "backend", "demo", "--vehicles", str(vehicles)]
    env = os.environ | {"DATA_DIR": str(data_dir)} | more
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return data_dir


ANY_HOUR = """
from backend import clock, config, db
from backend.domain.ids import content_id
from backend.sync import door, people

settings, now = config.from_environment(), clock.now()
db.connect(settings.database)
edges = {"from_minute": 0, "lunch_from_minute": 720, "lunch_to_minute": 720, "to_minute": 1440}
docs = [
    {"id": content_id("GRP", "rule", f"contact.{edge}"), "code": f"contact.{edge}", "value": value}
    for edge, value in edges.items()
]
rest = {"kind": "rule.add", "v": 1, "part": "GRP", "at": now}
ops = [{"id": content_id("GRP", "op", doc["id"]), "body": doc, **rest} for doc in docs]
assert {result["status"] for result in door.submit(ops, people.SYSTEM, now)} == {"applied"}
"""


def open_at_any_hour(data_dir: Path) -> None:
    """Let the group's branches call round the clock (D-G6), so that a test does not depend on its hour."""
    env = os.environ | {"DATA_DIR": str(data_dir)}
    subprocess.run([sys.executable, "-c", ANY_HOUR], cwd=ROOT, env=env, check=True)


class Server:
    """`python -m backend serve` over a data folder; `start` and `stop` as often as wanted, on one port."""

    def __init__(self, data_dir: Path, **env: str) -> None:
        self.data_dir = data_dir
        self.env = env
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None
        self.printed = data_dir.parent / f"{data_dir.name}.out"

    @property
    def runs(self) -> bool:
        """True between `start` and `stop`."""
        return self.process is not None

    def start(self) -> None:
        """Return once the server answers.

        :raise AssertionError: if it stops or takes too long; the text is what it printed.
        """
        env = os.environ | {"PORT": str(self.port), "DATA_DIR": str(self.data_dir), "WORKERS": "2"} | self.env
        with self.printed.open("a") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "backend", "serve"],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        end = time.monotonic() + START_S
        while time.monotonic() < end and self.process.poll() is None:
            if self._answers():
                return
            time.sleep(0.1)
        raise AssertionError(self.printed.read_text())

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self) -> None:
        """SIGTERM, as a service manager does; what is still there after the time is killed with its group."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_S)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
            self.process = None

    def kill(self) -> None:
        """SIGKILL to every process of it at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def rows(self, sql: str, *given: object) -> list[tuple]:
        """Read the server's database beside the running server."""
        with sqlite3.connect(f"file:{self.data_dir / 'chedang.db'}?mode=ro", uri=True) as database:
            return database.execute(sql, given).fetchall()


def copied(made: Path, to: Path, **env: str) -> Server:
    """A server, not started, over a copy of a made data folder."""
    shutil.copytree(made, to)
    return Server(to, **env)
