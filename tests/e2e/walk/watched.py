"""Browser contexts under watch: what a page complains of or asks of other hosts fails the walk."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Route

from tests.e2e.server import ROOT, Server

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LISTEN = """addEventListener("securitypolicyviolation", (e) =>
  console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));"""
CHUNKS, CHUNK_S = "**/api/v1/sync/chunks/**", 0.3
BAD = ("error", "warning")
LANDSCAPE, PORTRAIT = (1280, 800), (800, 1280)


class Watch:
    """Collects what must not happen; `trouble` is empty after a good walk."""

    def __init__(self, browser: Browser, server: Server, pictures: Path) -> None:
        self.browser, self.server, self.pictures = browser, server, pictures
        self.trouble: list[str] = []
        self.host = urlsplit(server.url).netloc
        self.number = 0
        pictures.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def tablet(self, size: tuple[int, int] = LANDSCAPE, **more: Any) -> Iterator[BrowserContext]:
        """A tablet of its own, with storage and service worker until it is closed; `more` for the context."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            base_url=self.server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
            **more,
        )
        context.set_default_timeout(10_000)
        context.add_init_script(LISTEN)
        context.on("console", self.heard)
        context.on("weberror", lambda failure: self.trouble.append(f"error: {failure.error}"))
        context.on("request", self.asked)
        try:
            yield context
        except BaseException:
            self.keep(context)
            raise
        finally:
            context.close()

    def keep(self, context: BrowserContext) -> None:
        """A picture of every open page, for the one who looks into a failed walk."""
        for page in context.pages:
            self.number += 1
            page.screenshot(path=self.pictures / f"{self.number:02}-failed.png", timeout=3_000)
            (self.pictures / f"{self.number:02}-failed.txt").write_text("\n".join([page.url, *self.trouble]))

    @contextmanager
    def slow_chunks(self, context: BrowserContext) -> Iterator[None]:
        """A line that takes a moment for each chunk of a snapshot."""

        def slowly(route: Route) -> None:
            time.sleep(CHUNK_S)
            route.continue_()

        context.route(CHUNKS, slowly)
        yield
        context.unroute(CHUNKS)

    def kill(self, page: Page) -> None:
        """The tab dies: nothing in it is asked first."""
        page.close(run_before_unload=False)

    def heard(self, message: ConsoleMessage) -> None:
        """Errors and warnings count, except that the stopped server does not answer."""
        unreachable = "net::ERR_" in message.text and self.host in str(message.location.get("url", ""))
        if message.type in BAD and not (unreachable and not self.server.runs):
            self.trouble.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def asked(self, request: Request) -> None:
        """Nothing is asked of any other host."""
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != self.host:
            self.trouble.append(f"foreign: {request.method} {request.url}")

    def look(self, page: Page, station: str) -> None:
        """A screen that is passed: kept as a picture, judged by axe; serious findings count."""
        self.number += 1
        page.screenshot(path=self.pictures / f"{self.number:02}-{station}.png")
        if not page.evaluate("Boolean(window.axe)"):
            page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        self.trouble += [
            f"axe: {station} {rule['id']} {node['html'][:140]}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]
