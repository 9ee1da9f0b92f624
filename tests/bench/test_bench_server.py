"""The server with two gunicorn workers: snapshots, pulls without news, growth, fifty tablets at once."""

import statistics
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from backend import clock
from backend.domain.canonical import op_hash
from tests.bench.browsing import make_branch, served
from tests.bench.changes import PART, change
from tests.bench.load import Client, at_once
from tests.bench.measure import figures, until_quiet
from tests.e2e.server import ROOT, Server, free_port

VEHICLES = 30_000
ROUNDS, LANES, PULLS = 3, 8, 1_500
TABLETS, OPS = 50, 200
SMALL, LARGE = 430, 43_000  # vehicles: 3,000 and 300,000 records
BUILD = """
import sys, time
from pathlib import Path
from backend import clock, db
from backend.storage.local import LocalStorage
from backend.sync import snapshot
folder = Path(sys.argv[1])
db.connect(f"sqlite:///{folder / 'chedang.db'}")
begin = time.perf_counter()
manifest = snapshot.build(sys.argv[2], LocalStorage(folder), clock.now())
took = time.perf_counter() - begin
high = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
print(took * 1000, int(high.split()[1]) * 1024)
print(*(chunk["name"] for chunk in manifest["chunks"]))
print(sum(chunk["bytes"] for chunk in manifest["chunks"]))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The data folder of the big branch."""
    return make_branch(tmp_path_factory.mktemp("bench"), VEHICLES)


def build(folder: Path) -> tuple[float, float, set[str], int]:
    """Build the snapshot in a process of its own: ms, bytes of memory, names of chunks, their bytes."""
    command = [sys.executable, "-c", BUILD, str(folder), PART]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    sizes, names, total = done.stdout.splitlines()
    took, memory = map(float, sizes.split())
    return took, memory, set(names.split()), int(total)


def test_building_all_segments_and_those_of_a_day(made):
    """From nothing, and after 200 changed vehicles: most chunks stay."""
    times: dict[str, list[float]] = {"all": [], "memory": [], "a day": []}
    for number in range(ROUNDS):
        for path in (made / "snapshots").rglob("*"):
            if path.is_file():
                path.unlink()
        took, memory, before, total = build(made)
        change(made, 200, 90_000 + number)
        again, _memory, after, _total = build(made)
        times["all"].append(took)
        times["memory heap"] = [*times.get("memory heap", []), memory]
        times["a day"].append(again)
        print(f"  {len(before)} chunks, {total / 1e6:.1f} MB; after 200 vehicles {len(after - before)} new")
    del times["memory"]
    figures("building a snapshot", times, {"all": 5_000, "memory heap": 200})


@contextmanager
def bare() -> Iterator[int]:
    """The bare view on the same gunicorn; its port."""
    port = free_port()
    options = [
        "-w",
        "2",
        "-k",
        "gthread",
        "--threads",
        "8",
        "-b",
        f"127.0.0.1:{port}",
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen([sys.executable, "-m", "gunicorn", *options, "tests.bench.bare:app"], cwd=ROOT)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def test_pulls_without_news(made, tmp_path):
    """Against the bare view, in turn."""
    rates: dict[str, list[float]] = {"pull": [], "bare": []}
    with served(made, tmp_path / "data") as server, bare() as port:
        tablet = Client(server.port)
        tablet.log_in()
        first = tablet.ask(
            "/api/v1/sync/pull", {"proto": 1, "device": tablet.device, "cursors": {PART: None}, "limit": 1}
        )
        tablet.close()
        heads = dict(server.rows("SELECT part, head FROM feed_head"))
        cursors = {part: [first["epoch"], heads[part]] for part in first["scope"]}
        message = {"proto": 1, "device": tablet.device, "cursors": cursors, "pending": 0, "limit": 2000}
        for number in range(ROUNDS + 1):
            for name, path, to in (("pull", "/api/v1/sync/pull", server.port), ("bare", "/pull", port)):
                lanes = [Client(to, tablet.device, tablet.session) for _ in range(LANES)]
                took = at_once(
                    lanes, lambda one, path=path: [one.ask(path, message) for _ in range(PULLS // LANES)]
                )
                assert not [error for one in lanes for error in one.errors]
                if number:
                    rates[name].append(PULLS / took)
    ratio = statistics.median(rates["pull"]) / statistics.median(rates["bare"])
    print(f"\npulls without news a second {rates['pull']}, bare view {rates['bare']}")
    print(f"  × {ratio:.2f} (target 0.60)")


def behind(server: Server) -> tuple[Client, dict]:
    """A tablet, and its pull of 200 changes that it has not heard of."""
    tablet = Client(server.port)
    tablet.log_in()
    tablet.close()
    since = dict(server.rows("SELECT part, head FROM feed_head"))[PART]
    change(server.data_dir, 200, 80_000)
    cursors = {PART: [tablet.session["epoch"], since]}
    return tablet, {"proto": 1, "device": tablet.device, "cursors": cursors, "pending": 0, "limit": 2000}


def test_a_pull_does_not_grow_with_the_branch(tmp_path_factory, tmp_path):
    """200 changes in a branch of 3,000 records and in one of 300,000, both servers running, in turn."""
    with ExitStack() as stack:
        tablets = {}
        for vehicles in (SMALL, LARGE):
            folder = make_branch(tmp_path_factory.mktemp("growth"), vehicles)
            server = stack.enter_context(served(folder, tmp_path / str(vehicles)))
            until_quiet(server.process.pid)
            tablets[vehicles] = behind(server)
        for _ in range(20 + 200):
            for tablet, message in tablets.values():
                assert len(tablet.ask("/api/v1/sync/pull", message)["parts"][PART]["rows"]) == 200
        times = {
            f"{name} vehicles": [1000 * t for t in one.times[20:]] for name, (one, _m) in tablets.items()
        }
    figures("pull of 200 changes", times, {})
    small, large = (statistics.median(found) for found in times.values())
    print(f"  × {large / small:.2f} (target 1.2)")


def callbacks(tablet: Client, ids: list[tuple[str, str]], first: int) -> list[dict]:
    """The unsent callbacks of a tablet."""
    user, now, ops = tablet.session["user"], clock.now(), []
    for number, (vehicle, customer) in enumerate(ids, first):
        said = {"channel": "phone", "outcome": "complete", "started_at": now, "ended_at": now}
        who = {"staff_id": user["id"], "staff_name": user["name"]}
        attempt = {"id": str(uuid.uuid4()), "vehicle_id": vehicle, "customer_id": customer, **who, **said}
        op = {"id": str(uuid.uuid4()), "kind": "callback.record", "v": 1, "part": PART, "at": now}
        op |= {"body": {"attempt": attempt}, "base": {}, "dep": [], "blobs": []}
        ops.append({"n": number, **op, "h": op_hash(op)})
    return ops


def test_fifty_tablets_come_back_at_once(made, tmp_path):
    """Each with 200 ops: no error, and nobody waits long."""
    with served(made, tmp_path / "data") as server:
        ids = server.rows(
            "SELECT vehicle_id, customer_id FROM party WHERE part = ? LIMIT ?", PART, TABLETS * OPS
        )
        tablets = [Client(server.port) for _ in range(TABLETS)]
        for tablet in tablets:
            tablet.log_in()
            tablet.close()
        queues = {t.device: callbacks(t, ids[i * OPS : (i + 1) * OPS], 1) for i, t in enumerate(tablets)}
        took = at_once(tablets, lambda one: one.push(queues[one.device]))
    times = sorted(one for tablet in tablets for one in tablet.times)
    errors = [error for tablet in tablets for error in tablet.errors]
    p99 = statistics.quantiles(times, n=100)[-1]
    print(f"\nstorm: {TABLETS * OPS} ops in {took:.1f} s, {len(times)} requests, {len(errors)} errors")
    print(*errors[:3], sep="\n")
    print(f"  p50 {statistics.median(times):.2f} s, p99 {p99:.2f} s (target 2), longest {times[-1]:.2f} s")
