"""A search per key over 30,000 vehicles, against `Array.filter(includes)` over the same directory."""

import statistics

import pytest

from tests.bench.browsing import WHO, profile, run, served
from tests.bench.measure import table

VEHICLES = 90_000  # 30,000 in each of the three branches; building them takes minutes
WORDS = 100


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The demo group with 30,000 vehicles a branch."""
    with served(tmp_path_factory.mktemp("bench"), VEHICLES) as running:
        yield running


def test_a_search_per_key_against_filtering_an_array(browser, server):
    """In turn, key by key, from the page: ours answers through its worker, the array lies in the page."""
    with profile(browser, server) as context:
        found = run(context, "search", "search", WHO, "B:SZ01", WORDS)
    times = {name: [one / 1000 for one in found[name]] for name in ("ours", "plain")}
    keys = len(times["ours"])
    table(f"search: {keys} keys over {found['vehicles']} vehicles, p50", times, against="plain")
    p95 = {name: statistics.quantiles(found[name], n=20)[-1] for name in times}
    ratio = p95["ours"] / p95["plain"]
    print(f"  p95: ours {p95['ours']:.1f} ms, plain {p95['plain']:.1f} ms   × {ratio:.2f}")
