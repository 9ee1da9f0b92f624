"""Two tablets edit the same customers without network: nothing is lost, people decide (invariants 4, 14)."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.server import Server, make_demo
from tests.e2e.walk.acts import bar, go, sign_in, synced
from tests.e2e.walk.tablet import CONTROLLED
from tests.e2e.walk.watched import PORTRAIT, Watch

OWNERS = """SELECT p.vehicle_id, c.name, c.phones FROM party p
  JOIN customer c ON c.part = p.part AND c.id = p.customer_id
  WHERE p.part = 'B:SZ01' AND p.role = 'owner' AND c.kind = 'person' AND (SELECT count(*) FROM party o
  WHERE o.part = p.part AND (o.customer_id = c.id OR o.vehicle_id = p.vehicle_id)) = 1 ORDER BY c.id"""
MORE = [f"1390000000{digit}" for digit in range(1, 8)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A running server with a small demo group."""
    made = Server(make_demo(tmp_path / "data", 60))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def watch(browser: Browser, server: Server, tmp_path: Path) -> Watch:
    """Eyes and ears on every page of the walk."""
    return Watch(browser, server, tmp_path / "pictures")


def comes_in(context: BrowserContext, username: str, path: str = "/today") -> Page:
    """Sign in on a tablet of one's own and wait until it has the branch."""
    page = context.new_page()
    go(page, path)
    sign_in(page, username)
    synced(page)
    assert page.evaluate(CONTROLLED)
    return page


def edits(page: Page, file: tuple[str, str], fields: dict[str, str], phones: list[str]) -> None:
    """Change the customer `(vehicle, name)` in the vehicle's file, on this tablet."""
    go(page, f"/files/{file[0]}")
    expect(page.get_by_role("region", name="车档内容")).to_contain_text(file[1])
    page.get_by_role("button", name="修改资料").click()
    dialog = page.get_by_role("dialog")
    for label, text in fields.items():
        dialog.get_by_label(label, exact=label != "姓名").fill(text)
    for number in phones:
        dialog.get_by_role("button", name="添加一条").click()
        typed = dialog.locator('input[aria-label^="电话 "]').last
        typed.fill(number)
        typed.press("Tab")
    dialog.get_by_role("button", name="保存修改").click()
    expect(page.locator("cd-toast")).to_contain_text("已存本机")
    expect(dialog).to_have_count(0)


def fillings(page: Page, vehicle: str) -> Locator:
    """The quiet notice of a file, opened, with what the server has."""
    bar(page).click()
    page.get_by_role("button", name="立即同步").click()
    page.get_by_role("button", name="关闭", exact=True).click()
    go(page, f"/files/{vehicle}")
    notice = page.get_by_role("region", name="不同填法")
    notice.get_by_role("button", name="看一看").click()
    return notice


def test_two_tablets_and_nothing_is_lost(server: Server, watch: Watch):
    owners = [(car, name) for car, name, phones in server.rows(OWNERS) if len(json.loads(phones)) == 1][:3]
    first, second, third = owners
    with watch.tablet() as one, watch.tablet(PORTRAIT) as two:
        a, b = comes_in(one, "sz01.cs"), comes_in(two, "sz01.csm")
        who = [
            row[0]
            for user in ("sz01.cs", "sz01.csm")
            for row in server.rows("SELECT name FROM staff WHERE username = ?", user)
        ]
        server.stop()
        edits(a, first, {"姓名": "甲某", "备注": "常出差"}, [])
        edits(b, first, {"姓名": "乙某", "地址": "南山路 2 号"}, [])
        for at, file in enumerate((second, third)):
            edits(a, file, {}, MORE[:3])
            edits(b, file, {"备注": f"{at} 号"}, MORE[3:6])
        b.close()
        server.start()
        synced(a)
        b = two.new_page()
        go(b, "/today")
        sign_in(b, "sz01.csm")
        expect(bar(b)).to_contain_text("2 条待处理", timeout=30_000)

        both = fillings(a, first[0])
        expect(both).to_contain_text("1 处内容有不同填法")
        for words in ("乙某", "甲某", *who):
            expect(both).to_contain_text(words)
        watch.look(a, "fillings-landscape")
        fillings(b, first[0])
        watch.look(b, "fillings-portrait")
        both.get_by_role("button", name="改回这个").click()
        expect(a.get_by_role("region", name="不同填法")).to_have_count(0)
        synced(a)
        file = a.get_by_role("region", name="车档内容")
        for words in ("甲某", "常出差", "南山路 2 号"):
            expect(file).to_contain_text(words)
        settle_parked(watch, b, two, second, third, server)
    assert watch.trouble == []


def settle_parked(
    watch: Watch, b: Page, two: BrowserContext, second: tuple, third: tuple, server: Server
) -> None:
    """The author mends one, head office discards the other, and the tablet shows the outcome."""
    bar(b).click()
    b.get_by_role("link", name="处理这些待处理的内容").click()
    cards = b.locator("parked-op")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("电话：条数太多，最多 6 条。")
    watch.look(b, "parked-portrait")
    mine = cards.filter(has_text=second[1])
    mine.get_by_role("button", name="改好并重新提交").click()
    mine.get_by_role("button", name="删除这一条").last.click()
    watch.look(b, "parked-mend")
    mine.get_by_role("button", name="改好并重新提交").click()
    expect(cards).to_have_count(1)
    expect(bar(b)).to_contain_text("1 条待处理")
    with watch.tablet() as office:
        c = comes_in(office, "hq.op", "/parked")
        row = c.locator("parked-op").filter(has_text=third[1])
        row.get_by_text("填写的内容").click()
        watch.look(c, "parked-head-office")
        row.get_by_role("button", name="作废").click()
        row.get_by_role("button", name="重复登记").click()
        watch.look(c, "parked-discard")
        row.get_by_role("button", name="确认作废").click()
        expect(c.locator("parked-op")).to_have_count(0)
        c.get_by_text("已处理的").click()
        expect(c.locator("details.fold").first).to_contain_text("作废：重复登记")
        watch.look(c, "parked-settled")
    go(b, "/parked")
    expect(b.locator("parked-op")).to_have_count(0)
    synced(b)
    go(b, f"/files/{second[0]}")
    expect(b.get_by_role("region", name="车档内容")).to_contain_text("0 号")
    statuses = "SELECT status, count(*) FROM op WHERE parked_code IS NOT NULL GROUP BY status ORDER BY status"
    assert [row[0] for row in server.rows(statuses)] == ["discarded", "merged"]
