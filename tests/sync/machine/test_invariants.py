"""The invariants of SYNC.md, each a named test over one sample of schedules on either database:
a tour through every fault, then some that are drawn from a seed.
"""

import pytest

from tests.sync.machine.sample import NAMES, once, played
from tests.sync.machine.tour import SEEN

SEED = 20261125
SCHEDULES = {"sqlite": 10, "postgresql": 5}


@pytest.fixture(params=sorted(SCHEDULES, reverse=True))
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What came of the sample; the first test that asks plays it."""
    kind = request.param
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if hasattr(request.config, "workerinput") else folder

    def make() -> dict:
        cluster = request.getfixturevalue("pg_cluster") if kind == "postgresql" else None
        return played(kind, cluster, SEED, SCHEDULES[kind])

    return once(shared, f"machine-{kind}", make)


@pytest.mark.parametrize("number", sorted(NAMES), ids=lambda number: f"{number} {NAMES[number]}")
def test_invariant(sample: dict, number: int):
    """It was looked at, and it held."""
    assert sample["broken"] != number, sample["error"]
    assert sample["checked"].get(str(number), 0) > 0 or sample["error"], f"{number} was never looked at"


def test_nothing_else_went_wrong(sample: dict):
    """No error of the server's, none in a tab that nobody waited for, nothing that hangs."""
    assert sample["error"] is None, sample["error"]


def test_every_fault_was_injected(sample: dict):
    """A sample without a fault proves nothing about it."""
    assert SEEN - set(sample["injected"]) == set()
