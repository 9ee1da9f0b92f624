"""A first download is usable before history: today's work goes on while old files are on their way."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.proxy import Network, network
from tests.e2e.server import Server, make_demo, open_at_any_hour
from tests.e2e.walk.acts import bar, go, place, sign_in
from tests.e2e.walk.watched import Watch
from tests.e2e.walk.within import call

VEHICLES, PATIENCE_MS = 3_600, 60_000  # some 2 MB of segments in a branch; a chunk holds 1 MB at most
NAVIGATE = "(path) => import('/src/lib/router.js').then(({navigate}) => navigate(path))"


class Gate:
    """Lets so many segments pass and holds the rest until it is opened."""

    def __init__(self, way: Network, passing: int) -> None:
        self.way, self.segments = way, set()
        self.requested: list[str] = []
        self.slots, self.opened = threading.Semaphore(passing), threading.Event()
        way.change, way.late = self.read, self.hold

    def read(self, path: str, body: bytes) -> bytes:
        """Learn from the manifest which chunks are segments."""
        if path.startswith("/api/v1/sync/snapshot/B:"):
            chunks = json.loads(body)["chunks"]
            self.segments |= {chunk["url"] for chunk in chunks if chunk["kind"] == "segment"}
        return body

    def hold(self, path: str) -> float:
        """Keep a segment's answer back."""
        if path in self.segments:
            self.requested.append(path)
        if path in self.segments and not self.slots.acquire(blocking=False):
            self.opened.wait(PATIENCE_MS / 1000)
        return 0.0

    def fetched(self) -> list[str]:
        """The segments that were answered."""
        return [path for _method, path, _body in self.way.asked if path in self.segments]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A group large enough for several segments in a branch."""
    made = Server(make_demo(tmp_path_factory.mktemp("history") / "data", VEHICLES))
    open_at_any_hour(made.data_dir)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def way(server: Server) -> Iterator[Network]:
    """The network between the tablet and the server."""
    with network(server) as made:
        yield made


def test_today_works_before_history_and_a_broken_download_goes_on(
    browser: Browser, way, server, tmp_path: Path
):
    watch, gate = Watch(browser, way, tmp_path / "pictures"), Gate(way, passing=1)
    with watch.tablet() as context:
        page = context.new_page()
        go(page, "/")
        sign_in(page, "sz01.cs")
        expect(page.locator("cd-list-row").first).to_be_visible(timeout=PATIENCE_MS)
        assert len(gate.segments) > 1
        expect(bar(page)).to_contain_text("正在下载")
        place(page, "投诉")
        expect(page.locator("cd-card").first).to_be_visible()
        files = [
            call(page, "file", row[0]) for row in server.rows("SELECT id FROM vehicle WHERE part = 'B:SZ01'")
        ]
        partial = [file["vehicle"]["id"] for file in files if file["partial"]]
        assert partial and len(partial) < len(files)
        page.evaluate(NAVIGATE, f"/files/{partial[0]}")
        expect(page.get_by_role("region", name="车档内容")).to_contain_text("还没下载完", timeout=PATIENCE_MS)
        [first] = gate.fetched()
        watch.kill(page)
        gate.requested.clear()
        page = context.new_page()
        gate.opened.set()
        go(page, "/today")
        sign_in(page, "sz01.cs")
        expect(bar(page)).to_contain_text("已同步", timeout=PATIENCE_MS)
        assert set(gate.requested) == gate.segments - {first}
        assert not call(page, "file", partial[0])["partial"]
    assert watch.trouble == []
