"""The offline part of the walk on WebKit, the engine of iPads: the same stations, driven through WebDriver.

It shows the engine, not the device: what iPadOS does to storage and to Home Screen apps stays a manual check.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.proxy import network
from tests.e2e.server import Server, copied, make_demo, open_at_any_hour
from tests.e2e.walk import call, office, paper, tablet
from tests.e2e.walk.acts import bar
from tests.e2e.walk.rows import CARS
from tests.e2e.walk.seen import expect
from tests.e2e.webkit.browser import Tablet, browser_path, profile, screen

UNKNOWN_TO_WEBKITGTK = re.compile("directive 'manifest-src'|interactive-widget")  # said, and ignored
VEHICLES, ENOUGH_S, FILES_OF_THE_APP = 60, 40, 200
pytestmark = [
    pytest.mark.skipif(browser_path() is None, reason="WebKitWebDriver or Xvfb is not installed"),
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),  # Selenium's own
]


@pytest.fixture
def server(tmp_path: Path, browser: Browser) -> Iterator[Server]:
    """The running server over a small demo group, with the walk's cars in it."""
    made = copied(make_demo(tmp_path / "demo", VEHICLES), tmp_path / "data")
    open_at_any_hour(made.data_dir)
    made.start()
    with browser.new_context(base_url=made.url) as office_desk:
        office.comes_in_at_once(office_desk.request)
    yield made
    made.stop()


@pytest.fixture
def ipad(server: Server, tmp_path: Path) -> Iterator[Tablet]:
    """A WebKit of its own."""
    with screen() as display, network(server) as way:
        made = Tablet(way, tmp_path / "pictures", display)
        yield made
        made.close()


def test_a_day_without_network_on_webkit(server: Server, ipad: Tablet):  # invariants 1, 2, 11, 20
    tablet.downloads_the_branch(ipad, ipad)
    page = tablet.opens_without_the_server(ipad, server, ipad)
    tablet.finds_a_car_by_anything(page, ipad)
    heard = call.becomes_a_complaint(page, ipad)
    sheet = paper.shows_the_sheet(ipad, heard)
    for words in ("投诉抱怨单", CARS[1]["name"], call.SAID, call.DEMAND):
        expect(sheet.locator("#paper")).to_contain_text(words)
    ipad.look(sheet, "sheet")
    sheet.close()
    page = call.survives_a_dead_tab(ipad, page, ipad)
    tablet.goes_up_by_itself(page, server, heard)
    expect(bar(page)).to_contain_text("已同步")
    page.listen()
    assert ipad.trouble == []


def test_the_first_page_and_its_workers_say_nothing_on_the_console(server: Server, tmp_path: Path):
    """Without automation the console is heard from the first line on, in page, worker and service worker."""
    home = tmp_path / "home"
    with screen() as display, profile(home, f"{server.url}/login", display) as console:
        end = time.monotonic() + ENOUGH_S
        while len(list(home.rglob("CacheStorage/**/*"))) < FILES_OF_THE_APP:
            assert time.monotonic() < end, "the service worker kept nothing"
            time.sleep(0.2)
        time.sleep(2)
    said = [line for line in console.read_text().splitlines() if "CONSOLE" in line]
    assert [line for line in said if not UNKNOWN_TO_WEBKITGTK.search(line)] == []
