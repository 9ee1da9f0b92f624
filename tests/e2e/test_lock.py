"""Locking through the eyes of people: nobody touches it, somebody else comes, six digits, practising."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.server import Server, copied, make_demo, open_at_any_hour
from tests.e2e.walk.acts import go, kept_by_the_worker, sign_in, synced
from tests.e2e.walk.watched import PORTRAIT, Watch

ME, OTHER = "sz01.cs", "sz01.csm"
PIN = "802615"
BLOB = """async () => {
  const { openUrl } = await import("/src/lib/object-urls.js");
  return openUrl(new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'], { type: "image/svg+xml" }));
}"""
HEAR_THE_WHEEL = """() => {
  globalThis.heard = new Promise((done) => addEventListener("wheel", () => done(), { once: true }));
}"""
CORRECTED = """async () => {
  const [{ app }, { save }] = await Promise.all([import("/src/lib/app.js"), import("/src/pages/saving.js")]);
  const [{ people: [{ id }] }] = await app.search("粤", 1);
  await save("customer.set", { id, set: { note: "下午联系" } }, { what: "客户资料" });
}"""
READABLE = """(url) => new Promise((done) => {
  const image = new Image();
  [image.onload, image.onerror] = [() => done(true), () => done(false)];
  image.src = url;
})"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo group, made once."""
    made = make_demo(tmp_path_factory.mktemp("demo") / "data", 60)
    open_at_any_hour(made)
    return made


@pytest.fixture
def server(demo: Path, tmp_path: Path) -> Iterator[Server]:
    made = copied(demo, tmp_path / "data")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def watch(browser, server: Server, tmp_path: Path) -> Watch:
    return Watch(browser, server, tmp_path / "pictures")


def opened(context: BrowserContext, path: str = "/", username: str = ME) -> Page:
    """A page of the tablet with that person at work."""
    page = context.new_page()
    go(page, path)
    sign_in(page, username)
    synced(page)
    return page


def menu(page: Page, button: str) -> None:
    """Tap something in the account menu."""
    page.get_by_role("button", name="换人或锁定").click()
    page.get_by_role("button", name=button, exact=True).click()


def test_whoever_locks_finds_their_place_again_and_somebody_else_starts_at_home(watch: Watch):  # TRUST-lock
    with watch.tablet() as tablet:
        page, second = opened(tablet), opened(tablet)
        vehicle = page.evaluate(
            "import('/src/lib/app.js').then(async ({ app }) => (await app.search('粤', 1))[0])"
        )
        go(page, f"/files/{vehicle['id']}")
        name = vehicle["people"][0]["name"]
        expect(page.get_by_role("region", name="车档内容")).to_contain_text(name)
        blob = page.evaluate(BLOB)
        assert page.evaluate(READABLE, blob)
        sheet = tablet.new_page()
        sheet.goto(f"/print.html?form=vehicle_file&id={vehicle['id']}")
        expect(sheet.locator("#paper")).to_contain_text(name, timeout=20_000)
        menu(page, "锁定")
        for tab in (page, second):
            tab.wait_for_url("**/login**")
            assert name not in tab.content() and vehicle["plate"] not in tab.content()
        expect(sheet.locator("#paper")).to_be_empty()
        assert not page.evaluate(READABLE, blob)
        watch.look(page, "locked")
        page.get_by_label("密码").fill("wrong")
        page.get_by_role("button", name="解锁").click()
        expect(page.get_by_role("alert")).to_contain_text("不对")
        page.get_by_label("密码").fill("chedang-demo")
        page.get_by_role("button", name="解锁").click()
        page.wait_for_url(f"**/files/{vehicle['id']}")
        assert "/login" in second.url, "an unlock tells the other tab nothing"
        menu(page, "锁定")
        sign_in(page, OTHER)
        page.wait_for_url("**/today")
    watch.trouble = [line for line in watch.trouble if "401" not in line and blob not in line]
    assert watch.trouble == []


def test_nobody_touches_it_for_five_minutes(watch: Watch):  # TRUST-lock
    with watch.tablet() as tablet:
        page = tablet.new_page()
        page.clock.install()
        go(page, "/")
        sign_in(page, ME)
        page.clock.fast_forward("04:40")
        expect(page.locator(".app-bar")).to_be_visible()
        page.evaluate(HEAR_THE_WHEEL)
        page.mouse.wheel(0, 10)
        page.evaluate("heard")  # the browser tells the page in its own time
        page.clock.fast_forward("04:40")
        expect(page.locator(".app-bar")).to_be_visible()
        page.clock.fast_forward("00:40")
        page.wait_for_url("**/login**")


def test_locking_with_unsent_work_never_says_that_it_was_sent(watch: Watch):
    """Invariant 20: without its keys a tablet does not see what waits, but knows that it does."""
    with watch.tablet() as tablet:
        page = opened(tablet)
        tablet.set_offline(True)
        page.evaluate(CORRECTED)
        expect(page.get_by_text("已存本机：客户资料")).to_be_visible()
        menu(page, "锁定")
        page.wait_for_url("**/login**")
        expect(page.get_by_label("密码")).to_be_visible()
        page.wait_for_timeout(500)
        assert page.get_by_text("已上传").count() == 0
        tablet.set_offline(False)
        sign_in(page, ME)
        synced(page)
        expect(page.get_by_text("已上传：客户资料")).to_be_visible()


def test_six_digits_open_what_was_locked(watch: Watch):  # TRUST-pin
    with watch.tablet(PORTRAIT) as tablet:
        page = opened(tablet)
        menu(page, "设置 PIN")
        for _twice in range(2):
            page.keyboard.type(PIN)
        page.get_by_role("button", name="更改 PIN").wait_for()
        page.keyboard.press("Escape")
        menu(page, "锁定")
        page.wait_for_url("**/login**")
        watch.look(page, "pin")
        for key in page.locator(".pin-key").all():
            box = key.bounding_box()
            assert box and box["height"] >= 44 and box["width"] >= 44
        page.keyboard.type("111222")
        expect(page.get_by_role("alert")).to_contain_text("还可以试 4 次")
        for digit in PIN:
            page.get_by_role("button", name=digit, exact=True).click()
        page.wait_for_url("**/today")
        page.reload()
        expect(page.get_by_label("密码")).to_be_visible()
    assert watch.trouble == []


def test_practice_is_marked_and_leaves_nothing(watch: Watch):
    sent: list[str] = []
    with watch.tablet() as tablet:
        page = tablet.new_page()
        go(page, "/")
        kept_by_the_worker(page)
        page.get_by_role("button", name="先练习一下").click()
        expect(page.locator(".practice")).to_contain_text("内容不会上传", timeout=20_000)
        tablet.on("request", lambda request: request.method != "GET" and sent.append(request.url))
        page.evaluate("import('/src/lib/app.js').then(({ app }) => app.sync_now())")
        tablet.set_offline(True)
        page.locator("cd-list-row").first.click()
        watch.look(page, "practice")
        page.locator(".practice").get_by_role("button", name="结束练习").click()
        expect(page.get_by_label("账号")).to_be_visible(timeout=20_000)
        names = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
        assert [name for name in names if re.match("practice", name)] == []
    assert sent == []
