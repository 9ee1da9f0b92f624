"""kill -9 of the server under load: what was acknowledged stays, once (TRUST.md 3; SYNC.md 1, 2).

    KILLS=500 python -m pytest -s -m nightly tests/durability/test_kill_server.py

The real gunicorn with its job worker, as `serve` starts them; tablets push all the while. The whole process
group is killed at random moments and started again; on PostgreSQL sometimes the database server, too.
"""

import os
import random
import time
from dataclasses import replace

import pytest

from backend import clock, db
from backend.config import Config
from backend.models.base import RECORDS
from backend.models.sync import Op
from backend.upkeep import doctor
from tests import postgres
from tests.cast import SZ01, Cast
from tests.conftest import forget
from tests.durability.load import Pusher, verify
from tests.e2e.server import Server
from tests.group import found

SEED = int(os.environ.get("SEED", "1"))
NIGHTLY_KILLS = int(os.environ.get("KILLS", "500"))
BLOCK = 25


def play(server: Server, cluster: postgres.Cluster | None, kills: int, chance: random.Random) -> dict:
    """So many kills under load; the figures, and under `wrong` everything that is."""
    people = (Cast.alice, Cast.bob, Cast.alice, Cast.clerk)
    tablets = [Pusher(number, person, [server.port]) for number, person in enumerate(people, 1)]
    figures = {"kills": 0, "database kills": 0}
    server.start()
    for tablet in tablets:
        tablet.start()
    for number in range(kills):
        time.sleep(chance.uniform(0.05, 1.5))
        if cluster and (number == 1 or chance.random() < 0.3):
            cluster.crash()
            figures["database kills"] += 1
        if not cluster or chance.random() < 0.8:
            server.kill()
            server.start()
        figures["kills"] += 1
    told = [tablet.stop() for tablet in tablets]
    server.stop()
    rows = dict(Op.select(Op.id, Op.result).where(Op.part == SZ01).tuples())
    figures |= {"ops": len(rows), "resends": sum(answers.resends for answers in told)}
    return {**figures, "wrong": verify(told, rows, RECORDS["customer"].select().count())}


def unsound(config: Config) -> list[str]:
    """The doctor's problems, this machine's disk aside."""
    looked = doctor.examine(doctor.Patient(config, clock.now()))
    return [one.name for one in looked if one.state == doctor.PROBLEM and one.name != "disk space"]


@pytest.fixture(scope="module")
def durable_cluster():
    """A PostgreSQL whose answered commits survive the death of its processes."""
    with postgres.start(synchronous_commit="on") as cluster:
        yield cluster


@pytest.fixture
def arena(database_kind, tmp_path, request):
    """A server over the cast's group, not started; and its PostgreSQL, if that is what it runs on."""
    cluster = request.getfixturevalue("durable_cluster") if database_kind == "postgresql" else None
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    url = cluster.url(cluster.create()) if cluster else f"sqlite:///{data_dir / 'chedang.db'}"
    found(url)
    server = Server(data_dir, DATABASE_URL=url)
    db.connect(url)
    yield server, cluster, Config(data_dir=data_dir, database_url=url)
    server.kill()
    forget()


def check(arena, kills: int, seed: int) -> None:
    server, cluster, config = arena
    db.database.close()
    played = play(server, cluster, kills, random.Random(seed))
    print({"seed": seed, "database": "postgresql" if cluster else "sqlite", **played})
    assert played["wrong"] == []
    assert played["ops"] > 4 * kills and played["resends"] > 0, "no load, or no kill that mattered"
    assert unsound(replace(config)) == []


def test_a_few_kills_lose_nothing(arena):
    """Three moments in CI."""
    check(arena, 3, SEED)


@pytest.mark.nightly
@pytest.mark.parametrize("block", range(-(-NIGHTLY_KILLS // BLOCK)))
def test_500_kills_lose_nothing(arena, block):
    """Blocks of 25, so that a run can go on where another ended (`-k "block"` chooses)."""
    check(arena, BLOCK, SEED * 1000 + block)
