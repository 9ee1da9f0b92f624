"""Pages for measuring in Chromium: a big branch served, a fresh profile, nothing of the app shown."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Route

from tests.bench import branch
from tests.e2e.server import PASSWORD, Server, open_at_any_hour

CLIENTS = Path(__file__).parent / "clients"
MODULES = "/api/bench/"  # a path that the service worker leaves alone
WHO = {"username": "sz01.cs", "password": PASSWORD}
READY = "navigator.serviceWorker.ready.then((one) => Boolean(one.active))"
LONGEST_MS = 600_000


def make_branch(folder: Path, vehicles: int) -> Path:
    """A data folder with a branch of so many vehicles, open round the clock."""
    made = branch.make(folder / f"branch-{vehicles}", vehicles)
    open_at_any_hour(made)
    return made


@contextmanager
def served(made: Path, to: Path) -> Iterator[Server]:
    """A server over a copy of a made data folder."""
    server = Server(shutil.copytree(made, to))
    os.sync()  # or the first to write waits until all of the copy is on the disk
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


class Tablet:
    """A page that shows nothing and runs a module of `clients/`; its CPU is `slow` times slower."""

    def __init__(self, context: BrowserContext, module: str = "tablet", slow: int = 1):
        self.page: Page = context.new_page()
        self.module, self.slow = module, slow
        self.cdp: CDPSession = context.new_cdp_session(self.page)
        self.workers: list[str] = []
        self.heard: list[dict] = []
        self.cdp.on("Target.attachedToTarget", lambda event: self.workers.append(event["sessionId"]))
        self.cdp.on("Target.receivedMessageFromTarget", lambda e: self.heard.append(json.loads(e["message"])))
        self.cdp.send("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False})
        self.page.goto("/healthz")
        if slow > 1:
            self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": slow})

    def do(self, call: str, *given: object) -> object:
        """Call a function of the module; what it answered. A slowed client works in the page itself."""
        told = "(error) => { throw error instanceof Error ? error : new Error(JSON.stringify(error)); }"
        run = f"import('{MODULES}{self.module}.js').then((it) => it.{call}(...given))"
        script = f"(given) => {run}.catch({told})"
        return self.page.evaluate(script, [WHO, self.slow > 1, *given])

    def heap_bytes(self) -> int:
        """What page and worker hold after a forced collection, buffers included."""
        total = 0
        for method in ("HeapProfiler.enable", "HeapProfiler.collectGarbage", "HeapProfiler.collectGarbage"):
            self.cdp.send(method)
            for session in self.workers:
                self._tell(session, method)
        found = [self.cdp.send("Runtime.getHeapUsage")]
        found += [self._tell(session, "Runtime.getHeapUsage") for session in self.workers]
        for usage in found:
            total += usage["usedSize"] + usage.get("backingStorageSize", 0)
        return int(total)

    def _tell(self, session: str, method: str) -> dict:
        number = 1 + max((answer.get("id", 0) for answer in self.heard), default=0)
        message = json.dumps({"id": number, "method": method})
        self.cdp.send("Target.sendMessageToTarget", {"sessionId": session, "message": message})
        while True:
            for answer in self.heard:
                if answer.get("id") == number:
                    return answer.get("result", {})
            self.page.wait_for_timeout(10)
