"""The whole way once: from a delivery spreadsheet to signed paper, offline in between, with the real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.server import Server, copied, make_demo
from tests.e2e.walk import call, office, paper, tablet
from tests.e2e.walk.watched import Watch

VEHICLES = 60


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo group, made once."""
    return make_demo(tmp_path_factory.mktemp("demo") / "data", VEHICLES)


@pytest.fixture
def server(demo: Path, tmp_path: Path) -> Iterator[Server]:
    """The running server on a copy of the demo group."""
    made = copied(demo, tmp_path / "data")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def watch(browser: Browser, server: Server, tmp_path: Path) -> Watch:
    """Eyes and ears on every page of the walk."""
    return Watch(browser, server, tmp_path / "pictures")


def test_from_a_spreadsheet_to_signed_paper(server: Server, watch: Watch):
    with watch.tablet() as desk:
        office.deliveries_come_in(desk, watch)
        office.a_day_without_deliveries_is_signed(desk, watch)
    with watch.tablet() as desk:
        office.repair_orders_come_in(desk, watch)
    with watch.tablet() as first:
        tablet.downloads_the_branch(first, watch)
        page = tablet.opens_without_the_server(first, server, watch)
        tablet.finds_a_car_by_anything(page, watch)
        complaint = call.becomes_a_complaint(page, watch)
        paper.prints_without_network(first, complaint, watch.pictures / "complaint-offline.pdf")
        page = call.survives_a_dead_tab(first, page, watch)
        tablet.goes_up_by_itself(page, server)
    assert watch.trouble == []
