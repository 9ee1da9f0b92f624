"""What people do on a tablet, in the words they see: sign in, hand over, sign, answer, send."""

import re

from playwright.sync_api import Locator, Page

from tests.e2e.server import PASSWORD
from tests.e2e.walk.seen import expect

STROKES = (
    [(0.2, 0.3), (0.35, 0.7), (0.3, 0.5), (0.5, 0.35)],
    [(0.55, 0.6), (0.7, 0.3), (0.65, 0.7), (0.85, 0.45)],
)


IN_THE_APP = """(path) => {
  const link = Object.assign(document.createElement("a"), {href: path});
  document.body.append(link);
  link.click();
  link.remove();
}"""


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Type account and password at the door, past the people who are known here; return inside."""
    account = page.get_by_label("账号")
    other = page.get_by_role("button", name=re.compile("^(换人|其他账号登录)$"))
    account.or_(other).first.wait_for()
    while not account.is_visible():
        other.first.click()
        account.or_(other).first.wait_for()
    account.fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile(r"^(?!.*/login)"))
    page.locator(".app-bar").wait_for()  # until then an address would be opened anew, which locks


def hand_over(page: Page, username: str, to: str) -> None:
    """Lock the tablet, let the next person sign in, and go to a place."""
    page.get_by_role("button", name="换人或锁定").click()
    page.get_by_role("button", name="换人", exact=True).click()
    page.wait_for_url("**/login**")
    sign_in(page, username)
    go(page, to)


def go(page: Page, path: str) -> None:
    """Go to an address: by a link where the app is open, as a reload locks it; else it is opened."""
    if page.locator(".app-bar").count():
        page.evaluate(IN_THE_APP, path)
        page.wait_for_url(f"**{path}")
    else:
        page.goto(path)
    page.locator("#main > *").first.wait_for()


def place(page: Page, name: str) -> None:
    """Tap a place in the navigation."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name=name).click()


def sign(scope: Page | Locator) -> None:
    """Write on the signature pad with the pointer."""
    pad = scope.locator("canvas.signature-canvas").last
    pad.evaluate("(pad) => pad.scrollIntoView({block: 'center'})")
    box = pad.bounding_box()
    assert box
    mouse = getattr(scope, "page", scope).mouse
    for stroke in STROKES:
        for number, (x, y) in enumerate(stroke):
            mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=3)
            if number == 0:
                mouse.down()
        mouse.up()
    expect(scope.get_by_role("button", name="重签").last).to_be_visible()


def choose(scope: Page | Locator, legend: str, option: str) -> None:
    """Pick one of the segments under a legend."""
    group = scope.get_by_role("group", name=legend)
    group.get_by_role("radio", name=option).click()


CONTROLLED = """() => new Promise((done) => {
  const { serviceWorker } = navigator;
  if (serviceWorker.controller) done();
  else serviceWorker.addEventListener("controllerchange", () => done(), { once: true });
})"""


def kept_by_the_worker(page: Page) -> None:
    """The service worker has the app: from here on it opens without network."""
    page.evaluate(CONTROLLED)


def synced(page: Page) -> None:
    """The bar says that everything is at the server."""
    expect(bar(page)).to_contain_text("已同步", timeout=30_000)


def bar(page: Page) -> Locator:
    """The sync state in the top bar."""
    return page.locator(".app-bar-sync")
