"""What `make run` ends in: a server on an empty folder that says where it is and who may sign in."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.house.tree import ROOT

START_S = 180
STOP_S = 30


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def server(tmp_path):
    """`python -m backend serve` on an empty folder: `(url, process, what it printed so far)`."""
    port = free_port()
    env = {**os.environ, "PORT": str(port), "DATA_DIR": str(tmp_path / "data"), "WORKERS": "1"}
    with (tmp_path / "out").open("w+") as out:
        command = [sys.executable, "-m", "backend", "serve"]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=out,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process, tmp_path / "out")
            yield f"http://127.0.0.1:{port}", process, tmp_path / "out"
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_for(url: str, process: subprocess.Popen, out) -> None:
    """Return once the server answers.

    :raise AssertionError: if it stops or takes too long; the text is what it printed.
    """
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            get(url)
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(out.read_text())


def get(url: str) -> object:
    """The JSON behind a URL."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def running_in(group: int) -> list[str]:
    """The processes of a process group that are not dead yet."""
    if not Path("/proc").is_dir():
        out = subprocess.run(["ps", "-eo", "stat=,pgid="], capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in out.splitlines()]
    else:
        stats = [_stat(path) for path in Path("/proc").glob("[0-9]*/stat")]
        rows = [(stat[0], stat[2]) for stat in stats if stat]
    return [f"{state} {pgid}" for state, pgid in rows if pgid == str(group) and not state.startswith("Z")]


def _stat(path: Path) -> list[str]:
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:  # it ended meanwhile
        return []


def test_serve_begins_with_the_demo_group_and_ends_cleanly(server):
    url, process, out = server
    health = get(f"{url}/healthz")
    assert (health["status"], health["protocol"]) == ("ok", 1)
    accounts = get(f"{url}/api/v1/demo/accounts")
    assert {"username", "password", "name", "branch", "roles"} == set(accounts[0])
    assert len({account["branch"] for account in accounts} - {"*"}) == 3
    printed = out.read_text()
    assert url in printed
    assert [a["username"] for a in accounts if a["username"] not in printed] == []
    process.send_signal(signal.SIGINT)  # what Ctrl-C sends
    process.wait(STOP_S)
    assert running_in(process.pid) == []


def test_a_bad_setting_is_one_line_and_no_start(tmp_path):
    env = {**os.environ, "PORT": "eighty", "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "backend", "serve"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "PORT" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
