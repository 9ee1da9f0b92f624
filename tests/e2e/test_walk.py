"""The whole way once: from a delivery spreadsheet to signed paper, offline in between, on a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.server import Server, copied, make_demo, open_at_any_hour
from tests.e2e.walk import call, complaint, headoffice, office, paper, tablet
from tests.e2e.walk.acts import bar, go, sign_in, synced
from tests.e2e.walk.watched import PORTRAIT, Watch

VEHICLES = 60


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo group that may call at any hour, made once."""
    made = make_demo(tmp_path_factory.mktemp("demo") / "data", VEHICLES)
    open_at_any_hour(made)
    return made


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
    with watch.tablet() as first, watch.tablet() as second:
        tablet.downloads_the_branch(first, watch)
        page = tablet.opens_without_the_server(first, server, watch)
        tablet.finds_a_car_by_anything(page, watch)
        heard = call.becomes_a_complaint(page, watch)
        paper.prints_without_network(first, heard, watch.pictures / "complaint-offline.pdf")
        page = call.survives_a_dead_tab(first, page, watch)
        tablet.goes_up_by_itself(page, server, heard)
        handler = server.rows("SELECT name FROM staff WHERE username = ?", complaint.HANDLER)[0][0]
        shared = complaint.goes_round_twice(second, watch, heard, handler)
        paper.comes_from_the_server(shared, heard, watch)
        complaint.is_filed(shared, watch, heard, handler)
        with watch.tablet() as desk:
            headoffice.publishes_a_script(desk, watch)
        headoffice.reaches_tablet_a(page, server, watch, heard)
    assert watch.trouble == []


def test_a_call_on_an_upright_tablet(watch: Watch):
    with watch.tablet(PORTRAIT) as tablet_c:
        office.comes_in_at_once(tablet_c.request)
        page = tablet_c.new_page()
        go(page, "/")
        watch.look(page, "portrait-sign-in")
        sign_in(page, "sz01.cs")
        synced(page)
        watch.look(page, "portrait-today")
        nav = page.get_by_role("navigation", name="主导航").bounding_box()
        assert nav and nav["y"] > PORTRAIT[1] - 120  # at the bottom, for the thumbs
        call.is_recorded(page, watch)
        expect(bar(page)).to_contain_text("已同步", timeout=30_000)
        call.runs_its_clock(page)
        watch.look(page, "portrait-complaint")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
    assert watch.trouble == []
