"""Stations of the office desk: spreadsheets in, the same ones again, and a day with nothing to hand over."""

from playwright.sync_api import APIRequestContext, BrowserContext, Page, expect

from tests.e2e.server import PASSWORD
from tests.e2e.walk import rows
from tests.e2e.walk.acts import go, sign, sign_in
from tests.e2e.walk.watched import Watch

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def give(page: Page, name: str, mime: str, content: bytes) -> None:
    """Choose a file in the import page; return when its preview stands."""
    page.locator("import-choose input[type=file]").set_input_files(
        {"name": name, "mimeType": mime, "buffer": content}
    )
    page.get_by_role("region", name="预览").wait_for()


def commit(page: Page, button: str) -> None:
    """Write the previewed rows."""
    page.get_by_role("button", name=button).click()
    expect(page.locator("import-flow")).to_contain_text("已写入")


def deliveries_come_in(context: BrowserContext, watch: Watch) -> None:  # D-H3
    """A row that cannot be right is named and left out; the others are written."""
    page = context.new_page()
    go(page, "/import?kind=deliveries")
    sign_in(page, "sz01.clerk")
    give(page, "交车明细.xlsx", XLSX, rows.deliveries())
    wrong = page.get_by_role("row").filter(has_text="贺兰")
    expect(wrong).to_contain_text("错误")
    watch.look(page, "preview")
    commit(page, "写入 3 行，跳过 1 行错误")
    watch.look(page, "imported")
    page.close()


def repair_orders_come_in(context: BrowserContext, watch: Watch) -> None:  # D-H3
    """GB 18030 is recognised; the same file once more has nothing to write."""
    page = context.new_page()
    go(page, "/import?kind=repair_orders")
    sign_in(page, "sz01.sa1")
    give(page, "维修工单.csv", "text/csv", rows.repair_orders())
    expect(page.get_by_role("row").filter(has_text="欧阳博文")).to_be_visible()
    commit(page, "写入 2 行")
    page.get_by_role("button", name="再导入一份").click()
    give(page, "维修工单.csv", "text/csv", rows.repair_orders())
    expect(page.locator("import-flow")).to_contain_text("没有要写入的内容")
    expect(page.get_by_role("button", name="写入")).to_have_count(0)
    page.close()


def a_day_without_deliveries_is_signed(context: BrowserContext, watch: Watch) -> None:  # D-H1, D-H2
    """「今日无交车」 is signed by the clerk."""
    page = context.new_page()
    go(page, "/import?kind=deliveries")
    sign_in(page, "sz01.clerk")
    page.get_by_role("button", name="今日无交车").click()
    dialog = page.get_by_role("dialog")
    sign(dialog)
    watch.look(page, "nil")
    dialog.get_by_role("button", name="签字并交接").click()
    expect(page.locator("handover-day")).to_contain_text("等客服确认")
    page.close()


def comes_in_at_once(server: APIRequestContext) -> None:
    """The same two spreadsheets through the API, for walks that begin at the tablet."""
    files = {
        "deliveries": {"name": "1.xlsx", "mimeType": XLSX, "buffer": rows.deliveries()},
        "repair_orders": {"name": "2.csv", "mimeType": "text/csv", "buffer": rows.repair_orders()},
    }
    device = {"id": "0192f000-0001-7000-8000-00000000e2e1", "name": "office"}
    person = {"username": "sz01.sa1", "password": PASSWORD, "device": device}
    token = server.post("/api/v1/auth/login", data=person).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    for kind, file in files.items():
        form = {"branch": "SZ01", "kind": kind, "file": file}
        run = server.post("/api/v1/imports", headers=headers, multipart=form).json()
        done = server.post(f"/api/v1/imports/{run['id']}/commit", headers=headers)
        assert done.ok, done.text()
