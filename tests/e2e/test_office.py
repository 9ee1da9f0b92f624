"""The office's screens with a real browser and server: import, hand-over, scripts, head office, staff."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

import shared_schema
from backend.imports.spec import KINDS, load
from tests.e2e.server import PASSWORD, Server, make_demo
from tests.e2e.walk.acts import go, sign_in
from tests.e2e.walk.within import try_now

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE_MS = 20_000  # two busy cores
LANDSCAPE, PORTRAIT = (1280, 800), (800, 1280)
CHANGES = [
    ("您好。", "您好。"),
    ("", "新的。"),
    ("早上好。您慢走。", "下午好。谢谢。您慢走！"),
    ("没有句号", "无\n句号。。"),
]
HEADS = ["交车日期", "机主大名", "联系电话", "车牌号", "车架号", "车型"]
ROWS = [
    ["2026-03-02", "测试甲", "13800138001", "粤B10001", "LGXC16AF4M0100001", "秦PLUS"],
    ["2026-03-02", "测试乙", "13800138002", "粤B10002", "LGXC16AF4M0100002", "宋PLUS"],
    ["2026-03-03", "测试丙", "13800138003", "粤B10003", "LGXC16AF4M010", "汉EV"],
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of one's own, with a small demo group."""
    running = Server(make_demo(tmp_path_factory.mktemp("office") / "data", 60))
    running.start()
    expect.set_options(timeout=PATIENCE_MS)
    yield running.url
    expect.set_options(timeout=5_000)
    running.stop()


@pytest.fixture
def enter(browser, server: str) -> Iterator[Callable[..., Page]]:
    """`enter("sz01.clerk", "/import")`: that person there; a console error (a CSP violation is one) fails."""
    contexts, said = [], []

    def entering(username: str, path: str, size=LANDSCAPE, scheme="light", password=PASSWORD) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, service_workers="block"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{server}{path}")
        sign_in(page, username, password)
        expect(page.locator("h1:visible").first).to_be_visible()
        return page

    yield entering
    for context in contexts:
        context.close()
    expected = ("ERR_INTERNET_DISCONNECTED", "status of 422", "status of 415")  # no network, refused tables
    assert [line for line in said if not any(part in line for part in expected)] == []


def workbook(rows: list[list], heads: list[str] = HEADS) -> dict:
    """A spreadsheet as a file to upload."""
    book, held = openpyxl.Workbook(), io.BytesIO()
    for row in [heads, *rows]:
        book.active.append(row)
    book.save(held)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "交车.xlsx", "mimeType": kind, "buffer": held.getvalue()}


def chips(page: Page) -> str:
    expect(page.locator("import-rows tbody tr").first).to_be_visible()
    return page.get_by_role("group", name="按结果筛选").inner_text().replace("\n", " ")


def sign(page: Page) -> None:
    box = page.locator("dialog[open] cd-signature canvas").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(25):
        page.mouse.move(box["x"] + 40 + step * 6, box["y"] + 60 + step % 5 * 8)
    page.mouse.up()


def test_a_spreadsheet_is_previewed_corrected_and_imported_once(enter, tmp_path):  # D-H3
    page = enter("sz01.clerk", "/import")
    page.set_input_files("import-choose input", workbook(ROWS))
    expect(page.get_by_role("alert")).to_contain_text("还缺这些列：客户姓名")
    page.get_by_role("button", name="按这些列重新预览").click()
    expect(page.locator("#column-name-0")).to_be_focused()
    page.locator("#column-name-0").select_option(label="机主大名")
    page.get_by_role("button", name="按这些列重新预览").click()
    assert chips(page).split() == ["全部", "3", "有错误", "1", "新增", "2", "有变化", "0", "没变化", "0"]
    expect(page.locator("import-rows tbody tr")).to_have_count(1)
    expect(page.locator("import-rows tbody")).to_contain_text("应为 17 位")

    with page.expect_download() as downloading:
        page.get_by_role("button", name="下载错误行").click()
    downloading.value.save_as(tmp_path / "errors.xlsx")
    wrong = list(openpyxl.load_workbook(tmp_path / "errors.xlsx").active.iter_rows(values_only=True))
    assert [row for row in wrong if "测试丙" in row] and not [row for row in wrong if "测试甲" in row]

    page.get_by_role("button", name="写入 2 行，跳过 1 行错误").click()
    expect(page.get_by_text("已写入 2 行交车明细")).to_be_visible()
    page.get_by_role("button", name="再导入一份").click()
    page.set_input_files("import-choose input", workbook(ROWS[:2]))
    expect(page.get_by_text("没有要写入的内容")).to_be_visible()  # and the branch's columns were remembered
    assert page.get_by_role("button", name="写入").count() == 0


def test_a_column_recognised_wrongly_is_corrected_in_the_preview(enter):  # D-H3
    page = enter("sz01.clerk", "/import")
    rows = [["2026-03-05", "测试丁", "13800138004", "粤B10004", "LGXC16AF4M0100004", "海豚", "珊瑚粉"]]
    page.set_input_files(
        "import-choose input", workbook(rows, [*HEADS[:1], "客户姓名", *HEADS[2:], "喜欢的色"])
    )
    chips(page)
    page.get_by_role("button", name="更正列").click()
    expect(page.get_by_text("表里没有用到的列：喜欢的色")).to_be_visible()
    page.locator("#column-color-0").select_option(label="喜欢的色")
    page.get_by_role("button", name="按这些列重新预览").click()
    chips(page)
    page.get_by_role("button", name="更正列").click()
    expect(page.locator("#column-color-0 option:checked")).to_have_text("喜欢的色")


def test_a_file_that_is_no_table_is_refused_in_words(enter):
    page = enter("sz01.clerk", "/import")
    page.set_input_files(
        "import-choose input",
        {"name": "交车.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"},
    )
    expect(page.get_by_role("alert")).to_contain_text("不是表格")
    expect(page.get_by_role("button", name="选择文件")).to_be_visible()


def test_the_fields_offered_are_those_of_the_schema(enter):
    page = enter("sz01.clerk", "/import")
    offered = page.evaluate("import('/src/pages/import-fields.js').then((it) => it.TARGETS)")
    for kind in KINDS:
        shown = [(row["field"], row["label"], row["required"], row["many"]) for row in offered[kind]]
        assert shown == [(f.name, f.label, f.required, f.multiple) for f in load(kind).fields.values()]


def test_a_day_without_deliveries_is_signed_offline_and_confirmed(enter):  # D-H1
    page = enter("sz02.clerk", "/import")
    expect(page.get_by_text("今天还没交接")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="今日无交车").click()
    page.get_by_role("button", name="签字并交接").click()
    expect(page.locator("dialog[open] .field-problem")).to_contain_text("签名")
    sign(page)
    page.get_by_role("button", name="签字并交接").click()
    expect(page.get_by_text("今天已交接，等客服确认")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("已上传：今日无交车")).to_be_visible(timeout=30_000)

    receiver = enter("sz02.cs", "/import?kind=deliveries")
    receiver.get_by_role("button", name="核对并确认收到").click()
    receiver.get_by_role("button", name="确认收到", exact=True).click()
    expect(receiver.get_by_text("已上传：")).to_be_visible(timeout=30_000)
    expect(receiver.get_by_text("今天已交接，客服已确认")).to_be_visible()

    office = enter("hq.op", "/hq")
    row = office.get_by_role("row").filter(has_text="龙岗")
    expect(row.get_by_role("cell").first).to_have_text("已确认 无")


def test_counts_that_differ_are_named_before_the_hand_over(enter):  # D-H1
    page = enter("gz01.clerk", "/import")
    page.get_by_role("button", name="交接给客服").first.click()
    page.get_by_label("台次").fill("3")
    told = page.locator("dialog[open]").get_by_role("status")
    expect(told).to_contain_text("交接 3 台，已导入 0 台，相差 3 台")


def test_head_office_publishes_a_script_and_sees_who_has_it(enter):  # D-S4 D-S8
    reader = enter("sz01.cs", "/scripts?code=privacy")
    page = enter("hq.op", "/hq/scripts?code=privacy")
    text = page.get_by_role("textbox", name="话术").first
    text.fill("先听他说完，问一句还有什么 问题，再如实说明。")
    page.get_by_role("button", name="看差别并发布").click()
    summary = page.locator(".form-summary")
    expect(summary).to_contain_text("「还有什么问题」")
    summary.get_by_role("button").first.click()
    expect(text).to_be_focused()
    text.fill("先听他说完他的顾虑，再如实说明资料怎么用。")
    page.reload()
    sign_in(page, "hq.op")
    expect(page.get_by_role("textbox", name="话术").first).to_have_value(
        "先听他说完他的顾虑，再如实说明资料怎么用。"
    )
    page.get_by_role("button", name="看差别并发布").click()
    expect(page.locator("dialog[open] ins").first).to_be_visible()
    page.get_by_role("button", name="发布第 2 版").click()
    expect(page.get_by_text("现行第 2 版")).to_be_visible()
    row = page.locator("cd-list-row").filter(has_text="第 2 版")
    expect(row).to_contain_text("台平板已收到", timeout=40_000)

    reader.reload()
    sign_in(reader, "sz01.cs")
    expect(reader.get_by_text("第 2 版").first).to_be_visible(timeout=30_000)
    reader.get_by_role("button", name="和第 1 版相比改了什么").click()
    expect(reader.locator(".diff del").first).to_be_visible()
    reached = re.compile(r"([2-9]|[1-9]\d)/\d+ 台平板已收到")  # the reader's and the publisher's own
    expect(row).to_contain_text(reached, timeout=60_000)


def test_a_difference_tells_both_texts_again(enter):
    page = enter("sz01.cs", "/scripts")
    call = "([a, b]) => import('/src/pages/scripts-diff.js').then((it) => it.textDiff(a, b))"
    for before, after in (*CHANGES, *((after, before) for before, after in CHANGES)):
        pieces = page.evaluate(call, [before, after])
        assert "".join(p["text"] for p in pieces if p["op"] != "del") == after
        assert "".join(p["text"] for p in pieces if p["op"] != "add") == before


def test_the_administrator_adds_a_colleague_who_can_then_log_in(enter):  # D-P12
    page = enter("admin", "/admin")
    page.get_by_role("button", name="新增员工").click()
    dialog = page.locator("admin-person dialog[open]")
    dialog.get_by_label("账号（登录用）").fill("sz01.feng")
    dialog.get_by_label("密码").fill("kurz")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_role("alert").last).to_contain_text("密码至少 8 个字符")
    dialog.get_by_label("姓名").fill("冯小北")
    dialog.get_by_label("密码").fill("feng-2026-pass")
    dialog.get_by_label("第 1 个岗位的门店").select_option("SZ01")
    dialog.get_by_label("第 1 个岗位", exact=True).select_option("cs_agent")
    dialog.get_by_role("button", name="保存").click()
    expect(page.get_by_text("冯小北 的密码已设好")).to_be_visible(timeout=30_000)
    expect(page.locator("cd-list-row").filter(has_text="冯小北")).to_contain_text("客服专员 · sz01.feng")
    own = enter("sz01.feng", "/scripts", password="feng-2026-pass")
    expect(own.locator("cd-app-bar")).to_contain_text("冯小北")


def test_opening_hours_of_a_branch_are_changed_field_by_field(enter):
    page = enter("admin", "/admin?tab=branches")
    page.locator("cd-list-row").filter(has_text="GZ01").get_by_role("button").click()
    page.get_by_label("下班").fill("18:45")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("cd-list-row").filter(has_text="GZ01")).to_contain_text("–18:45")


def closes_at(page: Page, time: str) -> None:
    """Set the closing time of SZ02 and save it, with or without network."""
    page.locator("cd-list-row").filter(has_text="SZ02").get_by_role("button").click()
    page.get_by_label("下班").fill(time)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("cd-list-row").filter(has_text="SZ02")).to_contain_text(f"–{time}")


def test_two_administrators_differ_and_one_of_them_chooses(enter, tmp_path):  # invariant 14
    first, second = (enter("admin", "/admin?tab=branches") for _ in range(2))
    second.context.set_offline(True)
    closes_at(second, "19:15")
    closes_at(first, "18:15")
    expect(first.locator(".app-bar-sync")).to_contain_text("已同步")
    second.context.set_offline(False)
    try_now(second)
    notice = second.get_by_role("region", name="不同填法")
    expect(notice).to_contain_text("1 处内容有不同填法")
    notice.get_by_role("button", name="看一看").click()
    expect(notice).to_contain_text("龙岗")
    second.screenshot(path=tmp_path / "fillings.png")
    notice.get_by_role("button", name="改回这个").click()
    expect(second.locator("cd-list-row").filter(has_text="SZ02")).to_contain_text("–18:15")
    expect(notice).to_have_count(0)


def test_head_office_drills_down_from_a_branch_to_its_open_complaints(enter):  # D-R4
    page = enter("hq.audit", "/hq")
    page.get_by_role("link", name="深圳福田").click()
    panel = page.get_by_role("region", name="车档演示深圳福田店明细")
    expect(panel.locator(".hq-line").first).to_contain_text("TS")
    assert panel.locator("cd-deadline").count() > 0
    page.go_back()
    expect(panel).to_have_count(0)
    assert page.get_by_role("link", name="话术发布").count() == 1


def test_without_network_head_office_says_so(enter):
    page = enter("hq.op", "/hq")
    expect(page.get_by_role("link", name="深圳福田")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="刷新").click()
    expect(page.get_by_role("status").filter(has_text="连不上服务器").first).to_be_visible()
    expect(page.get_by_role("link", name="深圳福田")).to_be_visible()


SCREENS = [
    *[("sz01.clerk", path) for path in ("/import", "/import?kind=repair_orders", "/print")],
    ("sz01.clerk", "/scripts?code=repair_call"),
    *[("hq.op", path) for path in ("/hq?branch=SZ01", "/hq/scripts?code=sales_call")],
    *[("admin", path) for path in ("/admin", "/admin?tab=branches", "/admin?tab=tablets")],
]


@pytest.mark.parametrize(("size", "scheme"), [(LANDSCAPE, "light"), (PORTRAIT, "dark")])
@pytest.mark.parametrize("username", sorted({name for name, _ in SCREENS}))
def test_every_screen_can_be_used_by_everyone(enter, server, username, size, scheme):
    paths = [path for name, path in SCREENS if name == username]
    page = enter(username, paths[0], size, scheme)
    for path in paths:
        go(page, path)
        expect(page.locator("h1:visible").first).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
        assert [f"{path} {r['id']} {node['html'][:150]}" for r in serious for node in r["nodes"]] == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_the_forms_that_can_be_printed_are_those_of_the_list(enter):  # D-X15
    page = enter("sz01.clerk", "/print")
    forms = {item["code"] for item in shared_schema.load()["lists"]["form"]["items"]}
    links = page.get_by_role("link", name="打印空白")
    queries = links.evaluate_all("(all) => all.map((link) => new URL(link.href).search)")
    assert {query.removeprefix("?form=") for query in queries} == forms
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Excel").click()
    assert downloading.value.suggested_filename.endswith(".xlsx")


def test_an_app_that_cannot_start_says_so(browser, server: str):
    """A module of the worker is missing: no blank page, but what to do, and the button for it."""
    context = browser.new_context(service_workers="block")
    context.route("**/src/sync/app.js", lambda route: route.fulfill(status=404, body=""))
    page = context.new_page()
    page.goto(server + "/today")
    expect(page.get_by_role("alert")).to_contain_text("本机的内容都还在", timeout=20_000)
    context.unroute_all()
    page.get_by_role("button", name="重新打开").click()
    expect(page.get_by_label("账号")).to_be_visible(timeout=20_000)
    context.close()
