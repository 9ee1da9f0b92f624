"""A tablet in a real browser: let in by a code, lost with unsent work, wiped; nothing is lost (TRUST.md)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from backend import db
from backend.sync import door, people
from tests.cast import PASSWORD, SZ01, Cast, customer, fixed_id, vehicle
from tests.e2e.server import Server
from tests.e2e.walk.acts import go, place, sign_in, synced
from tests.e2e.walk.watched import LANDSCAPE, PORTRAIT
from tests.group import NOW, admit_any_tablet, found

NOTE = "只在丢失的平板上写过"
LEFT = """async () => [
  (await indexedDB.databases()).map(({ name }) => name),
  await caches.keys(),
  (await navigator.serviceWorker.getRegistrations()).length,
  localStorage.length,
]"""
SAVE = """async ([id, note]) => {
  const { app } = await import("/src/lib/app.js");
  await app.save("customer.set", { id, set: { note } }, { note: null });
  return (await app.state()).pending;
}"""
NAME = "前台平板 2（靠门口那一台，与客服部共用，请勿带出展厅）"
PATIENCE_MS = 30_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A group of real accounts, with one car; its first tablet needs no code, every other does."""
    data = tmp_path / "data"
    data.mkdir()
    url = f"sqlite:///{data / 'chedang.db'}"
    found(url)
    db.connect(url)
    admit_any_tablet(1)
    party = {"id": fixed_id(1, 6), "vehicle_id": vehicle()["id"], "customer_id": customer()["id"]}
    docs = [
        ("vehicle.add", vehicle()),
        ("customer.add", customer()),
        ("party.add", party | {"role": "owner"}),
    ]
    ops = [
        {"id": fixed_id(n, 0x60), "kind": kind, "v": 1, "part": SZ01, "body": doc, "at": NOW}
        for n, (kind, doc) in enumerate(docs)
    ]
    assert {result["status"] for result in door.submit(ops, people.SYSTEM, NOW)} == {"applied"}
    db.database.close()
    running = Server(data)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def tablets(browser: Browser, server: Server) -> Iterator:
    """`tablets(size)`: a tablet; page errors and policy violations fail the test."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def make(size: tuple[int, int] = LANDSCAPE) -> Page:
        box = {"width": size[0], "height": size[1]}
        contexts.append(browser.new_context(viewport=box, base_url=server.url, locale="zh-CN"))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        page = contexts[-1].new_page()
        page.on("console", lambda message: message.type == "error" and said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    known = re.compile(r"net::ERR_|status of 40[13]")  # no network; a code is wanted; the tablet is revoked
    assert [text for text in said if not known.search(text)] == []


def code_for(manager: Page, name: str) -> str:
    """The code that the manager's page shows, large, with the time that is left."""
    place(manager, "平板")
    manager.get_by_role("button", name="生成登记码").click()
    manager.get_by_label("平板名称").fill(name)
    manager.locator("admin-enrol").get_by_role("button", name="生成登记码").click()
    shown = manager.locator(".enrol-code")
    expect(shown).to_have_text(re.compile(r"^\d{8}$"))
    expect(manager.locator("admin-enrol")).to_contain_text(re.compile(r"1[45]:\d\d 后失效"))
    code = shown.inner_text()
    manager.keyboard.press("Escape")
    return re.sub(r"\D", "", code)


def comes_in_by_code(tablet: Page, username: str, code: str) -> None:
    """The login asks for the code only where it is needed."""
    tablet.goto("/login")
    tablet.get_by_label("账号").fill(username)
    tablet.get_by_label("密码").fill(PASSWORD)
    tablet.get_by_role("button", name="登录", exact=True).click()
    expect(tablet.get_by_role("alert")).to_contain_text("还没有登记过")
    tablet.get_by_label("登记码").fill(f"{code[:4]} {code[4:]}")
    tablet.get_by_role("button", name="登录", exact=True).click()
    tablet.wait_for_url(re.compile(r"^(?!.*/login)"))
    synced(tablet)


def revokes(manager: Page, name: str) -> None:
    """「停用并清除」, with a reason."""
    row = manager.locator("cd-list-row").filter(has_text=name)
    row.get_by_role("button").click()
    manager.get_by_role("button", name="停用并清除").click()
    manager.get_by_role("button", name="停用并清除").click()
    expect(manager.get_by_role("alert")).to_contain_text("请写明原因")
    manager.get_by_label("原因").fill("在展厅丢失，已报告店长")
    manager.get_by_role("button", name="停用并清除").click()
    expect(manager.locator("admin-tablet dialog")).to_contain_text("待清除")
    expect(manager.locator("admin-tablet dialog")).to_contain_text("在展厅丢失，已报告店长")
    manager.keyboard.press("Escape")


def test_a_lost_tablet_hands_in_its_work_and_is_empty_afterwards(server: Server, tablets):
    """Invariants 1, 2, 4; TRUST.md, Revocation: enrolled, revoked off line, quarantined, accepted once."""
    manager, lost = tablets(), tablets(PORTRAIT)
    go(manager, "/")
    sign_in(manager, Cast.bob.username, PASSWORD)
    synced(manager)
    comes_in_by_code(lost, Cast.alice.username, code_for(manager, NAME))
    lost.context.set_offline(True)
    assert lost.evaluate(SAVE, [customer()["id"], NOTE]) == 1
    go(manager, "/today")
    place(manager, "平板")
    revokes(manager, NAME)
    lost.context.set_offline(False)
    expect(lost.get_by_role("alert")).to_contain_text("数据已清除", timeout=PATIENCE_MS)
    assert lost.evaluate(LEFT) == [[], [], 0, 0]
    kept = "SELECT status, code, author_id FROM op WHERE kind = 'customer.set'"
    assert server.rows(kept) == [("parked", "op.quarantine", Cast.alice.id)]
    accepts(manager, server)
    lost.get_by_role("button", name="重新打开").click()
    expect(lost.get_by_label("账号")).to_be_visible()
    go(manager, "/today")
    place(manager, "平板")
    expect(manager.locator("cd-list-row").filter(has_text=NAME)).to_contain_text("已清除")


def accepts(manager: Page, server: Server) -> None:
    """「采用」 in 待处理: the op runs once, as its author's."""
    go(manager, "/parked")
    card = manager.locator("cd-card").filter(has_text=Cast.alice.name)
    expect(card).to_contain_text(NOTE)
    card.get_by_role("button", name="采用", exact=True).click()
    expect(manager.get_by_role("button", name="采用", exact=True)).to_have_count(0)
    done = "SELECT status, author_id, settled_by FROM op WHERE kind = 'customer.set'"
    assert server.rows(done) == [("applied", Cast.alice.id, Cast.bob.id)]
    assert server.rows("SELECT note, ver FROM customer") == [(NOTE, 2)]


def test_a_tablet_that_is_only_logged_out_keeps_its_work(server: Server, tablets):
    """「让它重新登录」: the session ends, the unsent op stays, and goes up after the next login."""
    manager, tablet = tablets(PORTRAIT), tablets()
    go(manager, "/")
    sign_in(manager, Cast.bob.username, PASSWORD)
    synced(manager)
    comes_in_by_code(tablet, Cast.alice.username, code_for(manager, NAME))
    tablet.context.set_offline(True)
    assert tablet.evaluate(SAVE, [customer()["id"], NOTE]) == 1
    go(manager, "/today")
    place(manager, "平板")
    manager.locator("cd-list-row").filter(has_text=NAME).get_by_role("button").click()
    manager.get_by_role("button", name="让它重新登录").click()
    manager.get_by_label("原因").fill("借出后归还")
    manager.get_by_role("button", name="让它重新登录").click()
    expect(manager.locator("admin-tablet dialog")).to_contain_text("待重新登录")
    tablet.context.set_offline(False)
    expect(tablet.get_by_text("登录已过期").first).to_be_visible()
    assert server.rows("SELECT count(*) FROM op WHERE kind = 'customer.set'") == [(0,)]
    go(tablet, "/login")
    tablet.get_by_label("密码").fill(PASSWORD)
    tablet.get_by_role("button", name=re.compile("^(登录|解锁)$")).click()
    synced(tablet)
    assert server.rows("SELECT status FROM op WHERE kind = 'customer.set'") == [("applied",)]
