"""Pages for measuring in Chromium: a big branch served, a fresh profile, nothing of the app shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Route

from tests.e2e.server import PASSWORD, Server, make_demo

CLIENTS = Path(__file__).parent / "clients"
MODULES = "/api/bench/"  # a path that the service worker leaves alone
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
    """A browser profile of its own: the app's files and no data; it can import what is in `clients/`."""
    context = browser.new_context(base_url=server.url)
    context.route(f"**{MODULES}*", give)
    context.set_default_timeout(LONGEST_MS)
    page = context.new_page()
    page.goto("/login")
    page.evaluate(READY)
    page.close()
    yield context
    context.close()


def give(route: Route) -> None:
    """One of the modules under `clients/`."""
    name = route.request.url.rsplit("/", 1)[1]
    route.fulfill(path=CLIENTS / name, content_type="text/javascript")


def run(context: BrowserContext, module: str, call: str, *given: object) -> dict:
    """Call a function of a module in a new page that shows nothing; what it answered."""
    page = context.new_page()
    page.goto("/healthz")
    script = f"(given) => import('{MODULES}{module}.js').then((it) => it.{call}(...given))"
    answer = page.evaluate(script, list(given))
    page.close()
    return answer
