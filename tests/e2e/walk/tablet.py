"""Stations of a tablet: the first download, the shop without network, and everything going up by itself."""

from playwright.sync_api import BrowserContext, Page

from tests.e2e.server import Server
from tests.e2e.walk.acts import bar, go, place, sign_in, synced
from tests.e2e.walk.rows import CARS
from tests.e2e.walk.seen import expect
from tests.e2e.walk.watched import Watch

RECORD_BAR = """() => {
  window.barTexts = new Set();
  const note = () => window.barTexts.add(document.querySelector(".app-bar-sync")?.innerText ?? "");
  new MutationObserver(note).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
CONTROLLED = "() => navigator.serviceWorker.ready.then((one) => Boolean(one.active))"


def downloads_the_branch(context: BrowserContext, watch: Watch) -> None:
    """The first download says how far it is; afterwards the service worker holds the app."""
    page = context.new_page()
    go(page, "/")
    watch.look(page, "sign-in")
    page.evaluate(RECORD_BAR)
    with watch.slow_chunks(context):  # a small branch is here before the bar can say so
        sign_in(page, "sz01.cs")
        synced(page)
    said = page.evaluate("[...window.barTexts]")
    assert [text for text in said if "正在下载" in text], said
    assert page.evaluate(CONTROLLED)
    page.close()


def opens_without_the_server(context: BrowserContext, server: Server, watch: Watch) -> Page:
    """The server is stopped; a new page has the app; the password opens it with the data."""
    server.stop()
    page = context.new_page()
    go(page, "/today")
    watch.look(page, "locked-offline")
    sign_in(page, "sz01.cs")
    expect(page.get_by_role("button", name="换人或锁定")).to_contain_text("客服")
    expect(bar(page)).to_contain_text("离线", timeout=20_000)
    watch.look(page, "today-offline")
    return page


def finds_a_car_by_anything(page: Page, watch: Watch) -> None:  # D-F1
    """Plate, VIN, name, pinyin initials, phone: the same car comes up while one types."""
    place(page, "车档")
    car = CARS[1]
    field = page.get_by_role("searchbox", name="搜索车档")
    hit = page.locator("file-search cd-list-row").filter(has_text=car["name"])
    for text in (car["plate"][2:], car["vin"][-6:], car["name"], "oybw", car["phone"][-4:]):
        field.fill("没有这个人")
        expect(hit).to_have_count(0)
        field.fill("")
        field.press_sequentially(text)
        expect(hit).to_have_count(1)
    watch.look(page, "search")
    hit.click()
    file = page.get_by_role("region", name="车档内容")
    for words in ("WX71001", "车主", "送修人", "维修后回访"):
        expect(file).to_contain_text(words)
    watch.look(page, "file")


def goes_up_by_itself(page: Page, server: Server, complaint: str) -> None:  # invariant 1, invariant 2
    """The server is back: nobody taps anything, and everything is there once."""
    server.start()
    synced(page)
    ops = server.rows("SELECT status, count(*) FROM op WHERE kind = 'callback.record' GROUP BY status")
    assert ops == [("applied", 1)]
    steps = server.rows(
        "SELECT step, count(*) FROM complaint_step WHERE complaint_id = ? GROUP BY step", complaint
    )
    assert steps == [("register", 1)]
    assert read_from(server, complaint) == [("repair_call", 1)]


def read_from(server: Server, complaint: str) -> list[tuple]:
    """Script and version that the call of a complaint was read from."""
    sql = (
        "SELECT a.script, a.script_version FROM complaint c JOIN attempt a ON a.id = c.attempt_id "
        "WHERE c.id = ? AND a.synced_at > a.ended_at"
    )
    return server.rows(sql, complaint)
