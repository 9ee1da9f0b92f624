"""First sync and reopening of a branch with 3,000 vehicles, against a plain client over the same rows."""

import pytest

from tests.bench.browsing import WHO, profile, run, served
from tests.bench.measure import table

VEHICLES = 9_000  # 3,000 in each of the three branches
ROUNDS = 3


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The demo group with 3,000 vehicles a branch."""
    with served(tmp_path_factory.mktemp("bench"), VEHICLES) as running:
        yield running


def test_first_sync_and_reopening_against_a_plain_client(browser, server):
    """In turn, each in a fresh profile; one round before is not counted."""
    names = ("ours", "plain")
    usable, stored, again = ({name: [] for name in names} for _ in range(3))
    rows = 0
    for number in range(ROUNDS + 1):
        for name in names:
            with profile(browser, server) as context:
                found = run(context, name, "first", WHO)
                reopened = run(context, name, "again")
            rows = found.get("rows", rows)
            if number:
                usable[name].append(found["usable"] / 1000)
                stored[name].append(found["stored"] / 1000)
                again[name].append(reopened["search"] / 1000)
    table(f"sync: login answer → today and search answer, {rows} rows", usable, against="plain")
    table("sync: login answer → everything stored", stored, against="plain")
    table("sync: reopened → first search answer", again, against="plain")
