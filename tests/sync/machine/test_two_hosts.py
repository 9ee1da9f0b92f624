"""The same schedules with a second host on one PostgreSQL: each request goes to either of them."""

import pytest

from tests.sync.machine.runs import play, playing, telling
from tests.sync.machine.tour import Tour

SEED = 20261126
NIGHTLY = 200


def walk(cluster: object, schedules: int) -> int:
    """The tour and drawn schedules; how many requests the second host has served."""
    with playing("postgresql", cluster, hosts=2) as game:
        with telling(game):
            Tour(game).walk()
        if schedules:
            play(game, SEED, schedules)
        return game.host.peer.served


def test_every_fault_with_two_hosts(pg_cluster):
    assert walk(pg_cluster, 0) > 20


@pytest.mark.nightly
def test_many_schedules_with_two_hosts(pg_cluster):
    assert walk(pg_cluster, NIGHTLY) > 1000
