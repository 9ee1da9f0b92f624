"""The commands, run as a person runs them: processes of their own on a database of their own
(DESIGN.md contract).
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import apsw
import pytest


def run(data_dir: Path, *words: str, **env: str) -> subprocess.CompletedProcess:
    settings = {**os.environ, "DATA_DIR": str(data_dir), **env}
    return subprocess.run(
        [sys.executable, "-m", "backend", *words], env=settings, capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A new group with one branch and its admin."""
    words = [
        "--branch",
        "SZ01",
        "--branch-name",
        "福田店",
        "--username",
        "admin",
        "--name",
        "安敏",
        "--password",
        "a-long-password",
    ]
    done = run(tmp_path, "init", *words)
    assert done.returncode == 0, done.stderr
    return tmp_path


def count(path: Path, table: str) -> int:
    return apsw.Connection(str(path)).execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_a_new_group_begins_with_what_is_shipped(store):
    """`init`: the first admin, branch, questionnaires, scripts and plans; a second time it says why not."""
    database = store / "chedang.db"
    assert (count(database, "branch"), count(database, "staff")) == (1, 1)
    assert count(database, "script") >= 9 and count(database, "holiday_year") == 3
    again = run(
        store,
        "init",
        *[
            "--branch",
            "SZ02",
            "--branch-name",
            "x",
            "--username",
            "b",
            "--name",
            "b",
            "--password",
            "12345678",
        ],
    )
    assert again.returncode == 2 and again.stderr.startswith("chedang: the database already holds a group")


@pytest.mark.parametrize(("flag", "value"), [("--password", "short"), ("--branch", "sz01")])
def test_a_mistake_in_init_leaves_an_empty_database(tmp_path, flag, value):
    """All of a new group or nothing: the next try works."""
    right = {
        **{"--branch": "SZ01", "--branch-name": "福田店", "--username": "admin", "--name": "安敏"},
        "--password": "a-long-password",
    }
    words = [word for pair in {**right, flag: value}.items() for word in pair]
    assert run(tmp_path, "init", *words).returncode == 2
    assert run(tmp_path, "init", *(word for pair in right.items() for word in pair)).returncode == 0


def test_a_bad_setting_stops_the_start_with_one_line(tmp_path):
    """DESIGN.md: one clear line, no traceback."""
    nowhere = {"DATABASE_URL": "postgresql://127.0.0.1:1/none"}
    for env, said in (
        ({"PORT": "80a"}, "PORT="),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        (nowhere, "connection"),
    ):
        done = run(tmp_path, "migrate", **env)
        assert done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1, done.stderr


def test_a_backup_is_made_checked_and_put_back(store, tmp_path):
    """`backup`, `doctor`, `restore`, `rebuild-feed`, as the person who runs the server calls them."""
    copy = tmp_path / "copy"
    done = run(store, "backup", str(copy))
    assert done.returncode == 0, done.stderr
    assert count(copy / "database.db", "op") == count(store / "chedang.db", "op")
    again = run(store, "backup", str(copy))
    assert again.returncode == 2 and again.stderr.count("\n") == 1
    assert "--replace" in run(store, "restore", str(copy)).stderr
    back = run(store, "restore", str(copy), "--replace")
    assert back.returncode == 0 and "what to do next" in back.stdout, back.stderr
    assert "new epoch" in run(store, "rebuild-feed", "--part", "GRP").stdout
    assert "no partition" in run(store, "rebuild-feed", "--part", "B:XX").stderr
    looked = run(store, "doctor")
    assert looked.returncode == 0 and "PROBLEM" not in looked.stdout, looked.stdout + looked.stderr
    apsw.Connection(str(store / "chedang.db")).execute("UPDATE feed_head SET head = 0")
    assert run(store, "doctor").returncode == 1
    assert run(store, "doctor", "--repair").returncode == 0


def test_a_backup_is_sealed_for_a_key_that_lies_elsewhere(store, tmp_path):
    """`backup-key` says what to set and what to do; `restore --key` opens what was sealed."""
    assert "not sealed" in run(store, "backup", str(tmp_path / "plain")).stdout
    key = tmp_path / "key.txt"
    made = run(store, "backup-key", str(key))
    assert made.returncode == 0 and "two places" in made.stdout, made.stderr
    name, _, public = made.stdout.splitlines()[0].partition("=")
    copy = tmp_path / "sealed"
    done = run(store, "backup", str(copy), **{name: public})
    assert done.returncode == 0 and f"sealed for {public}" in done.stdout, done.stderr
    assert sorted(path.name for path in copy.iterdir()) == ["database.db.age", "manifest.json"]
    assert "--key FILE" in run(store, "restore", str(copy), "--replace").stderr
    back = run(store, "restore", str(copy), "--replace", "--key", str(key))
    assert back.returncode == 0 and "what to do next" in back.stdout, back.stderr
    assert run(store, "doctor").returncode == 0


def test_import_and_export_from_the_command_line(store):
    """`import` as a member of staff, `export` as PDF: the same door and the same scope as on screen."""
    table = store / "交车.csv"
    table.write_text(
        "车架号,客户姓名,联系电话,交车日期\nLGXC16DF4R0000001,罗一鸣,13800001111,2026-03-01\n", "gb18030"
    )
    words = (str(table), "--branch", "SZ01", "--kind", "deliveries", "--as")
    assert "no account" in run(store, "import", *words, "nobody").stderr
    refused = run(store, "import", *words, "admin")  # an admin does not import: each row is parked for that
    assert "parked 1" in refused.stdout, refused.stderr
    sheet = run(
        store,
        "export",
        "callback_log",
        "2026-03-01/2026-03-02@SZ01",
        "--to",
        str(store / "a.pdf"),
        "--as",
        "admin",
    )
    assert sheet.returncode == 0, sheet.stderr
    assert (store / "a.pdf").read_bytes()[:5] == b"%PDF-"


def test_serve_answers_and_stops_with_its_worker(store):
    """`serve`: /healthz answers, SIGTERM ends server and worker together."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "DATA_DIR": str(store), "PORT": str(port), "WORKERS": "1"}
    server = subprocess.Popen(
        [sys.executable, "-m", "backend", "serve"], env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert f"http://127.0.0.1:{port}" in _line_with(server, "http://")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert answer.status == 200
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
        server.stdout.close()
    assert _workers_of(store) == []


def _line_with(server: subprocess.Popen, text: str) -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        line = server.stdout.readline()
        if text in line:
            return line
    raise AssertionError("the server said nothing")


def _workers_of(data_dir: Path) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"DATA_DIR={data_dir}\0".encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found
