"""The machine of `tests/sync/machine` with its tablets in a real browser: a smaller sample (SYNC.md)."""

import pytest

from tests.sync.machine.chromium import Page
from tests.sync.machine.ledger import CHECKED
from tests.sync.machine.net import INJECTED
from tests.sync.machine.runs import play, playing
from tests.sync.machine.sample import NAMES
from tests.sync.machine.tour import SEEN, Tour

SEED = 20261126


def played(browser, kind: str, cluster: object, schedules: int) -> None:
    """Every fault once, then drawn schedules; every invariant was looked at and held."""
    CHECKED.clear()
    INJECTED.clear()
    with playing(kind, cluster, wire=Page(browser)) as game:
        Tour(game).walk()
        play(game, SEED, schedules)
    assert SEEN - set(INJECTED) == set()
    assert set(NAMES) - {number for number, times in CHECKED.items() if times} == set()


def test_every_invariant_in_chromium(browser):
    """On SQLite."""
    played(browser, "sqlite", None, 2)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_schedules_in_chromium(browser, pg_cluster, kind):
    """On either database."""
    played(browser, kind, pg_cluster, 100)
