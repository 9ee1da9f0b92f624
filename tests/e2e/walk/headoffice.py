"""Stations of head office: three branches side by side, a new wording, and tablet A reading it aloud."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.server import Server
from tests.e2e.walk.acts import go, sign_in, synced
from tests.e2e.walk.tablet import read_from
from tests.e2e.walk.watched import Watch

WORDS = "您好，请问您现在说话方便吗？我们只占用您五分钟。"
NOTE = "开场先问方便不方便"


def publishes_a_script(context: BrowserContext, watch: Watch) -> None:  # D-R4, D-S8
    """Head office sees every branch, changes a wording of the repair call, compares and publishes."""
    page = context.new_page()
    go(page, "/hq")
    sign_in(page, "hq.op")
    table = page.get_by_role("region", name="各店情况")
    expect(table.locator("tbody tr")).to_have_count(3)
    watch.look(page, "head-office")
    page.get_by_role("link", name="话术发布").click()
    page.locator("cd-list-row").filter(has_text="维修回访").first.click()
    editor = page.locator("hq-editor")
    editor.locator('cd-field[data-field="sections.0.text"] textarea').fill(WORDS)
    editor.locator('cd-field[data-field="note"]').locator("input, textarea").fill(NOTE)
    page.get_by_role("button", name="看差别并发布").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(WORDS)
    watch.look(page, "script-difference")
    dialog.get_by_role("button", name="发布第 2 版").click()
    expect(page.locator("cd-toast")).to_contain_text("第 2 版已发布")
    synced(page)
    page.close()


def reaches_tablet_a(page: Page, server: Server, watch: Watch, complaint: str) -> None:  # D-S8
    """Tablet A has the new wording; the call made before keeps the version it was read from."""
    go(page, "/scripts")
    synced(page)
    row = page.locator("cd-list-row").filter(has_text="维修回访").first
    expect(row).to_contain_text("第 2 版", timeout=45_000)
    row.click()
    expect(page.get_by_role("region", name="话术内容")).to_contain_text(WORDS)
    watch.look(page, "script-new")
    assert read_from(server, complaint) == [("repair_call", 1)]
