"""What happens to browsers in a shop: tabs, full disks, lost caches, portals, wrong clocks, updates."""

import hashlib
import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.proxy import Network, network
from tests.e2e.server import Server, make_demo, open_at_any_hour
from tests.e2e.walk.acts import bar, go, sign_in, synced
from tests.e2e.walk.watched import Watch
from tests.e2e.walk.within import arrived, call, note, try_now, vehicles

PATIENCE_MS = 75_000  # a tablet tries again after a minute at the latest
SKEW_DAYS = (-3, 3)
QUOTA_KNOWN_MS = 31_000  # for so long Chromium goes by the space it knew before
HELD = """() => navigator.serviceWorker.getRegistration()
  .then((found) => !found || navigator.serviceWorker.ready.then(() => true))"""  # the app is on the tablet


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server with a small demo group for all of these."""
    made = Server(make_demo(tmp_path_factory.mktemp("edges") / "data", 60))
    open_at_any_hour(made.data_dir)
    made.start()
    expect.set_options(timeout=PATIENCE_MS)
    yield made
    expect.set_options(timeout=5_000)
    made.stop()


@pytest.fixture
def way(server: Server) -> Iterator[Network]:
    """The network between the tablet and the server."""
    with network(server) as made:
        yield made


@pytest.fixture
def watch(browser: Browser, way: Network, tmp_path: Path) -> Iterator[Watch]:
    """Eyes and ears on every page; what they noticed fails the test."""
    made = Watch(browser, way, tmp_path / "pictures")
    yield made
    assert made.trouble == []


@pytest.fixture
def tablet(watch: Watch) -> Iterator[BrowserContext]:
    """A tablet that has the branch and its service worker."""
    with watch.tablet() as context:
        yield context


def opened(context: BrowserContext, path: str = "/today") -> Page:
    """A tab of the customer-service clerk that is in step with the server."""
    page = context.new_page()
    again(page)
    synced(page)
    page.evaluate(HELD)
    if path != "/today":
        go(page, path)
    return page


def again(page: Page) -> None:
    """The app is opened anew, which locks it, and unlocked."""
    page.goto("/today")
    sign_in(page, "sz01.cs")
    page.locator("page-today").wait_for()


def cut(way: Network, page: Page) -> None:
    """No way to the server any more; return when the bar says so."""
    way.up = False
    try_now(page)
    expect(bar(page)).to_contain_text("离线", timeout=PATIENCE_MS)


def back(way: Network, page: Page) -> None:
    """The way is there again, and somebody tries at once; return when everything went up."""
    page.wait_for_timeout(500)  # what the console said of the broken way has been heard by then
    way.up = True
    try_now(page)
    expect(bar(page)).to_contain_text("已同步", timeout=PATIENCE_MS)


def test_two_tabs_save_and_each_op_goes_up_once(tablet, way, server):  # invariants 2, 5, 20
    first, second = opened(tablet), opened(tablet)
    cut(way, first)
    before = len(way.bodies("/api/v1/sync/push"))
    cars = vehicles(server, 6)
    saved = [
        note(page, car, f"标签页 {n}")
        for n, (page, car) in enumerate(zip([first, second] * 3, cars, strict=True))
    ]
    for page in (first, second):
        expect(bar(page)).to_contain_text("离线，待上传 6 条", timeout=PATIENCE_MS)
    back(way, first)
    expect(bar(second)).to_contain_text("已同步", timeout=PATIENCE_MS)
    ids = [one["op_id"] for one in saved]
    assert arrived(server, ids) == sorted(ids)
    sent = [op["id"] for body in way.bodies("/api/v1/sync/push")[before:] for op in json.loads(body)["ops"]]
    assert sorted(sent) == sorted(ids)
    numbers = server.rows("SELECT n FROM op WHERE id IN (?, ?) ORDER BY n", ids[0], ids[-1])
    assert numbers[0] < numbers[1]


def test_a_tab_that_closes_while_sending_leaves_the_rest_to_the_other(tablet, way, server):  # invariants 1, 2
    first, second = opened(tablet), opened(tablet)
    way.late = lambda path: 2.0 if path.endswith("/push") else 0.0
    saved = [note(first, car, "关掉的标签页")["op_id"] for car in vehicles(server, 9)[6:]]
    first.wait_for_timeout(500)
    first.close()
    way.late = lambda path: 0.0
    call(second, "sync_now")
    expect(bar(second)).to_contain_text("已同步", timeout=PATIENCE_MS)
    assert call(second, "outbox") == []
    assert arrived(server, saved) == sorted(saved)


def test_a_full_disk_is_said_and_the_form_stays(tablet, way, server):  # invariant 1
    page = opened(tablet, f"/files/{vehicles(server, 1)[0]}")
    cut(way, page)
    page.get_by_role("button", name="修改资料").first.click()
    form = page.get_by_role("dialog")
    form.get_by_label("备注").fill("周末来取车")
    devtools = tablet.new_cdp_session(page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": way.url, "quotaSize": 1})
    page.wait_for_timeout(QUOTA_KNOWN_MS)
    form.get_by_role("button", name="保存修改").click()
    expect(form).to_contain_text("本机存储空间不足，没有保存成功")
    expect(form.get_by_label("备注")).to_have_value("周末来取车")
    assert call(page, "outbox") == []
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": way.url})
    form.get_by_role("button", name="保存修改").click()
    expect(page.locator("cd-toast")).to_contain_text("已存本机：客户资料")
    expect(bar(page)).to_contain_text("待上传 1 条")
    back(way, page)


def test_an_evicted_cache_comes_again_and_unsent_work_stays(tablet, way, server):  # invariants 1, 11
    car = vehicles(server, 10)[-1]
    page = opened(tablet)
    cut(way, page)
    saved = note(page, car, "缓存没了也还在")["op_id"]
    gone = "() => new Promise((done) => { indexedDB.deleteDatabase('cache').onsuccess = () => done(true); })"
    assert page.evaluate(gone)
    again(page)
    expect(bar(page)).to_contain_text("待上传 1 条")
    assert [op["id"] for op in call(page, "outbox")] == [saved]
    back(way, page)
    assert arrived(server, [saved]) == [saved]
    assert call(page, "file", car)["vehicle"]["note"] == "缓存没了也还在"


def test_a_lost_connection_to_the_database_is_opened_again(tablet, way, server):
    page = opened(tablet)
    cut(way, page)
    # whoever asks for an upgrade closes everybody's connection; this one is given up again
    asked = """() => new Promise((done) => {
      const request = indexedDB.open('journal', 1_000);
      request.onupgradeneeded = () => request.transaction.abort();
      request.onerror = request.onsuccess = () => done(true);
    })"""
    assert page.evaluate(asked)
    assert "op_id" in note(page, vehicles(server, 11)[-1], "连接断过")
    expect(bar(page)).to_contain_text("待上传 1 条")
    back(way, page)


def test_a_portal_that_answers_everything_is_no_server(tablet, way, server, watch):  # SYNC.md, captive portal
    page = opened(tablet)
    way.portal = lambda path: True
    saved = note(page, vehicles(server, 12)[-1], "咖啡店的网络")["op_id"]
    expect(bar(page)).to_contain_text("离线，待上传 1 条", timeout=PATIENCE_MS)
    update = "navigator.serviceWorker.ready.then((one) => one.update()).then(() => 'taken', () => 'refused')"
    assert page.evaluate(update) == "refused"
    again(page)
    expect(page.get_by_role("heading", name="今日").first).to_be_visible()
    way.portal = lambda path: False
    expect(bar(page)).to_contain_text("已同步", timeout=PATIENCE_MS)
    assert arrived(server, [saved]) == [saved]
    kept = """caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name)
      .then((cache) => cache.matchAll()).then((all) => Promise.all(all.map((one) => one.text()))))))
      .then((texts) => texts.flat().filter((text) => text.includes('<h1>portal')).length)"""
    assert page.evaluate(kept) == 0
    watch.trouble[:] = [line for line in watch.trouble if "/sw.js" not in line]  # Chromium's


def skewed(way: Network, days: float) -> None:
    """Let the app's worker believe another time."""
    believed = f"() => Date.now() + {int(days * 86_400_000)}"

    def change(path: str, body: bytes) -> bytes:
        if path != "/src/worker.js":
            return body
        return body.replace(b"  timers: true,", f"  timers: true, nowMs: {believed},".encode())

    way.change = change


@pytest.fixture
def bare(watch: Watch) -> Iterator[BrowserContext]:
    """A tablet without a service worker, for tests that change the app's files on their way."""
    with watch.tablet(service_workers="block") as context:
        yield context
    watch.trouble[:] = [line for line in watch.trouble if "blocked by Playwright" not in line]


@pytest.mark.parametrize("days", SKEW_DAYS)
def test_a_clock_that_is_days_wrong_changes_no_outcome(bare, way, server, days):  # invariant 18
    skewed(way, days)
    page = opened(bare)
    saved = note(page, vehicles(server, 14)[12 if days < 0 else 13], f"表差 {days} 天")["op_id"]
    while call(page, "outbox"):
        page.wait_for_timeout(100)
    assert server.rows("SELECT status FROM op WHERE id = ?", saved) == [("applied",)]


def test_work_unsent_for_a_day_nags_and_can_be_given_out(bare, way, server):
    page = opened(bare)
    cut(way, page)
    saved = note(page, vehicles(server, 15)[-1], "一天没联网")["op_id"]
    expect(bar(page)).to_contain_text("离线，待上传 1 条")
    page.add_init_script("const now = Date.now; Date.now = () => now() + 25 * 3_600_000;")
    way.up = True
    way.portal = lambda path: path.startswith("/api/")
    again(page)
    expect(bar(page)).to_contain_text("1 条超过一天没上传", timeout=PATIENCE_MS)
    expect(page.locator("cd-toast")).to_contain_text("请尽快联网")
    bar(page).click()
    with page.expect_download() as given:
        page.get_by_role("button", name="导出未上传内容").click()
    text = Path(given.value.path()).read_text()
    assert "一天没联网" not in text
    told = json.loads(text)
    assert [row["id"] for row in told["rows"]] == [saved]
    assert set(told) == {"device", "secret", "rows"} and told["secret"]
    way.portal = lambda path: False
    expect(bar(page)).to_contain_text("已同步", timeout=PATIENCE_MS)


def test_an_ipad_asks_for_the_home_screen_and_says_how_it_keeps_data(bare):
    bare.add_init_script("Object.defineProperty(navigator, 'standalone', {value: false});")
    page = opened(bare)
    expect(page.locator("cd-toast")).to_contain_text("添加到主屏幕")
    bar(page).click()
    panel = page.locator("cd-sync-panel")
    expect(panel).to_contain_text(re.compile("已受保护|未受保护"))
    expect(panel).to_contain_text("添加到主屏幕")


def newer(way: Network) -> None:
    """Another version of the app is on the server: one file is longer, and the list and the worker say so."""
    mark = b"\ndocument.documentElement.dataset.release = 'second';\n"

    def change(path: str, body: bytes) -> bytes:
        if path == "/src/pages/version.js":
            return body + mark
        if path == "/sw.js":
            return re.sub(rb'self\.version = "\w+"', b'self.version = "second"', body)
        if path == "/precache.json":
            told = json.loads(body)
            way_to = way.server.url + "/src/pages/version.js"
            for file in told["files"]:
                if file["url"] == "/src/pages/version.js":
                    file["sha256"] = sha256_of(way_to, mark)
            return json.dumps(told | {"version": "second"}).encode()
        return body

    way.change = change


def sha256_of(url: str, mark: bytes) -> str:
    """The hash of a file with something behind it."""
    with urllib.request.urlopen(url) as answer:
        return hashlib.sha256(answer.read() + mark).hexdigest()


def test_a_new_version_waits_for_the_open_form(tablet, way, server):  # TRUST.md, Updates
    page = opened(tablet, f"/files/{vehicles(server, 1)[0]}")
    page.get_by_role("link", name="受理投诉").click()
    content = page.get_by_label("投诉内容")
    content.fill("换版本时写到一半")
    newer(way)
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
    expect(page.locator("cd-toast")).to_contain_text("有新版本", timeout=PATIENCE_MS)
    expect(content).to_have_value("换版本时写到一半")
    assert page.evaluate("document.documentElement.dataset.release ?? 'first'") == "first"
    page.get_by_role("button", name="现在更新").click()
    page.locator("html[data-release=second]").wait_for(state="attached", timeout=PATIENCE_MS)
    sign_in(page, "sz01.cs")
    expect(page.get_by_label("投诉内容")).to_have_value("换版本时写到一半")
    until_only = "caches.keys().then((names) => names.join())"
    while page.evaluate(until_only) != "chedang-second":
        page.wait_for_timeout(100)


def test_the_bar_says_what_the_network_does(tablet, way, server, watch):  # SCREENS.md, invariant 20
    page = opened(tablet)
    tablet.set_offline(True)
    expect(bar(page)).to_contain_text("离线")
    note(page, vehicles(server, 16)[-1], "断断续续")
    expect(bar(page)).to_contain_text("离线，待上传 1 条")
    tablet.set_offline(False)
    expect(bar(page)).to_contain_text("已同步", timeout=PATIENCE_MS)
    way.late = lambda path: 3.0 if path.endswith("/push") else 0.0
    note(page, vehicles(server, 17)[-1], "慢")
    expect(bar(page)).to_contain_text("待上传 1 条")
    expect(bar(page)).not_to_contain_text("离线")
    watch.trouble[:] = [line for line in watch.trouble if "ERR_INTERNET_DISCONNECTED" not in line]
    expect(bar(page)).to_contain_text("已同步", timeout=PATIENCE_MS)
    assert call(page, "outbox") == []
