"""The tablets of the machine in a page of a real browser (SYNC.md, test plan): see `page.mjs`."""

import json
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Route

import shared_schema
from tests.sync.machine.tablets import HERE, SMALL

ROOT = HERE.parents[2]
HOME = "http://localhost/"
PAGE = f'<!doctype html><script type="module" src="/{HERE.relative_to(ROOT)}/page.mjs"></script>'


class Page:
    """One page for all tabs of a schedule, in a browser profile of its own."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context()
        self.context.route(f"{HOME}**", give)
        self.page = self.context.new_page()
        self.page.add_init_script(f"globalThis.SCHEMA = {json.dumps(json.dumps(shared_schema.load()))};")
        self.page.goto(HOME)
        self.page.wait_for_function("globalThis.tablets")

    def ask(self, line: str) -> str:
        """What came of a command."""
        return self.page.evaluate("(line) => globalThis.tablets.answer(line)", line)

    def close(self) -> None:
        """Throw the profile away."""
        self.context.close()


def give(route: Route) -> None:
    """A module of the client or of the machine, with sizes made small."""
    path = urlsplit(route.request.url).path
    file = ROOT / path.lstrip("/")
    if path == "/":
        route.fulfill(body=PAGE, content_type="text/html")
    elif file.suffix in (".js", ".mjs") and file.is_file():
        text = file.read_text("utf-8")
        for change in SMALL:
            if path.endswith(change["file"]):
                assert text.count(change["from"]) == 1, change
                text = text.replace(change["from"], change["to"])
        route.fulfill(body=text, content_type="text/javascript")
    else:
        route.fulfill(status=404)
