"""Pages for the measurements in Chromium: a big branch served, a fresh browser profile, nothing of the app shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from tests.e2e.server import PASSWORD, Server, make_demo

CLIENTS = Path(__file__).with_name("clients.js")
WHO = {"username": "sz01.cs", "password": PASSWORD}
READY = "navigator.serviceWorker.ready.then((one) => Boolean(one.active))"
LONGEST_MS = 300_000


@contextmanager
def served(folder: Path, vehicles: int) -> Iterator[Server]:
    """A server over the demo group with so many vehicles in all branches; its first snapshot is built."""
    server = Server(make_demo(folder / "data", vehicles))
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def profile(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A browser profile of its own that holds the app's files and no data."""
    context = browser.new_context(base_url=server.url)
    context.set_default_timeout(LONGEST_MS)
    page = context.new_page()
    page.goto("/login")
    page.evaluate(READY)
    page.close()
    yield context
    context.close()


def run(context: BrowserContext, call: str, *given: object) -> dict:
    """Run one of clients.js in a new page that shows nothing; what it answered."""
    page = context.new_page()
    page.goto("/healthz")
    page.evaluate(CLIENTS.read_text(encoding="utf-8"))
    answer = page.evaluate(f"(given) => bench.{call}(...given)", list(given))
    page.close()
    return answer
