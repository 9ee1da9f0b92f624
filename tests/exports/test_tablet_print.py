"""A sheet printed by the tablet's browser lies beside the server's PDF: same pages, same words."""

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from backend.api.site import HEADERS
from exports import render
from tests.exports.paper import BY_ID, SCHEMA, codes_of, pages, text_of

FRONTEND = Path(__file__).parents[2] / "frontend"
TYPES = {".js": "text/javascript", ".liquid": "text/plain; charset=utf-8"}
COMPLAINTS = ["complaint.midway", "complaint.blank", "complaint.three_rounds"]
SHEETS = [*COMPLAINTS, "record.complete", "log.one_day", "log.forty", "file.ordinary", "file.blank"]
LISTEN = """window.refused = [];
addEventListener("securitypolicyviolation", (event) => refused.push(event.violatedDirective));"""
STUB = """export const onLock = () => {};
export const askForSheet = async (form, args) => {
  if (form !== FORM || args.id !== "1") throw new Error(form);
  if (!PAYLOAD) throw { code: "session.none", message: "请先登录，再打印。" };
  return { payload: PAYLOAD, schema: SCHEMA };
};"""
TRY = """async () => {
  const { workerUrl, serviceWorkerUrl, formDocument } = await import("/src/lib/trusted.js");
  const sheet = formDocument('<p id="x" class="a">t<a href="//x">u</a><img src=x><svg><script>z()</svg></p>');
  return [String(workerUrl()), String(serviceWorkerUrl()), sheet.body.firstElementChild.outerHTML];
}"""


class Handler(SimpleHTTPRequestHandler):
    """`frontend/` and the forms, with the product's own headers."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES

    def translate_path(self, path: str) -> str:
        folder = render.HERE if path.startswith("/forms/") else FRONTEND
        return str(folder / path.partition("?")[0].removeprefix("/forms").lstrip("/"))

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_args: object) -> None:
        """Quiet: a failed load fails the test by itself."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(FRONTEND)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def channel_stub(form: str, payload: dict | None) -> str:
    """What the page sees of the unlocked app: the answer to what it asks for."""
    values = {"SCHEMA": SCHEMA, "FORM": form, "PAYLOAD": payload}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in values.items())
    return head + STUB


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Callable[[str, dict | None], Page]]:
    """`opened(form, payload) -> Page` of print.html; a policy violation or an error fails the test."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    said: list[str] = []
    page.add_init_script(LISTEN)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def opening(form: str, payload: dict | None) -> Page:
        def answer(route: Route) -> None:
            route.fulfill(body=channel_stub(form, payload), content_type="text/javascript")

        page.route("**/src/lib/sheet-channel.js", answer)
        page.goto(f"{site}/print.html?form={form}&id=1")
        return page

    yield opening
    assert page.evaluate("window.refused") == []
    page.close()
    assert said == []


@pytest.mark.parametrize("name", SHEETS)
def test_the_browser_prints_what_the_server_prints(name: str, opened: Callable[[str, dict | None], Page]):
    # DESIGN: one template; SCREENS: sheets
    case = BY_ID[name]
    page = opened(case["form"], case["expect"])
    page.wait_for_selector("#print:enabled", timeout=60_000)
    ours = pages(page.pdf(prefer_css_page_size=True))
    theirs = pages(render.render_pdf(render.render_html(case["form"], case["expect"])))
    assert len(ours) == len(theirs)
    for own, other in zip(ours, theirs, strict=True):
        assert sorted(text_of(own)) == sorted(text_of(other))
        assert codes_of(own) == codes_of(other) == [case["expect"]["qr"]]
        assert [round(side) for side in own.get_size()] == [round(side) for side in other.get_size()]


def test_hostile_text_stays_text_in_the_browser(opened: Callable[[str, dict | None], Page]):
    # TRUST class 11
    case = BY_ID["complaint.hostile"]
    page = opened("complaint", case["expect"])
    page.wait_for_selector("#print:enabled", timeout=60_000)
    assert page.locator("#paper script, #paper img, #paper link").count() == 0
    assert "<script>alert(1)</script>" in page.locator("#paper").inner_text()


def test_the_buttons_are_large_and_stay_off_the_paper(opened: Callable[[str, dict | None], Page]):
    # SCREENS: touch targets
    page = opened("callback_log", BY_ID["log.one_day"]["expect"])
    page.wait_for_selector("#print:enabled", timeout=60_000)
    assert page.title() == "回访登记表"
    for name in ("打印", "返回"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="打印").is_visible()


def test_a_refusal_is_told_and_nothing_can_be_printed(opened: Callable[[str, dict | None], Page]):
    page = opened("complaint", None)
    page.get_by_text("请先登录，再打印。").wait_for()
    assert page.locator("#print").is_disabled()


def test_trusted_types_let_only_our_two_scripts_and_our_markup_through(
    opened: Callable[[str, dict | None], Page],
):
    # TRUST: Trusted Types
    page = opened("complaint", BY_ID["complaint.blank"]["expect"])
    page.wait_for_selector("#print:enabled", timeout=60_000)
    assert page.evaluate(TRY) == ["/src/worker.js", "/sw.js", '<p class="a">t<svg></svg></p>']
