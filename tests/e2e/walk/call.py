"""Stations of a call: wording, answers, a 「否」 that becomes a complaint, and a tab that dies half-way."""

import re

from playwright.sync_api import BrowserContext, Locator, Page

from tests.e2e.walk.acts import bar, choose, go, place, sign, sign_in
from tests.e2e.walk.rows import CARS
from tests.e2e.walk.seen import expect
from tests.e2e.walk.watched import Watch

REASON = "故障还在"
SAID = "过减速带还是有咯噔声"
DEMAND = "尽快查清异响，修好为止"


def open_task(page: Page, name: str) -> None:
    """Choose a customer in 「今日」 and go to the call."""
    go(page, "/today")
    page.locator("cd-list-row").filter(has_text=name).click()
    detail = page.get_by_role("region", name="任务")
    expect(detail).to_contain_text("维修后回访")
    detail.get_by_role("link", name="打电话").click()


def read_on(page: Page) -> None:
    """From the greeting to the first question."""
    page.get_by_role("button", name="接通了，开始").click()
    centre = page.locator(".call-centre")
    expect(centre).to_contain_text("您好")
    expect(centre).not_to_contain_text("{")  # every place is filled
    while not page.locator("cd-yes-no").count():
        said = centre.inner_text()
        page.keyboard.press("Enter")
        expect(centre).not_to_have_text(said, use_inner_text=True)


def onward(page: Page) -> Locator:
    """The one big button of a call."""
    return page.locator(".call-actions").get_by_role("button", name="下一步")


def answer_all(page: Page, watch: Watch) -> None:  # D-S2
    """是 to everything but the fault that is still there; its reason is a chip and own words."""
    question = page.locator("cd-yes-no .call-say")
    while question.count():
        text = question.inner_text()
        if "已经消除" in text:
            say_no(page, watch)
        else:
            page.keyboard.press("1")
        onward(page).click()
        expect(page.locator(".call-centre")).not_to_contain_text(text)


def say_no(page: Page, watch: Watch) -> None:
    """「否」 goes no further without a reason; the chip gives one, the hand adds to it (D-S2, D-S4)."""
    page.keyboard.press("2")
    onward(page).click()
    expect(page.locator(".field-problem")).to_contain_text("原因")
    page.get_by_role("button", name=REASON).click()
    reason = page.get_by_label("原因")
    reason.fill(f"{reason.input_value()}；{SAID}")
    page.get_by_role("button", name="需要再次回访").first.click()
    page.get_by_role("button", name="开投诉抱怨单").click()
    watch.look(page, "question-no")


def fill_complaint(page: Page) -> None:  # D-K4
    """The form under the summary: what the customer wants, the classes, the signature."""
    form = page.get_by_role("region", name="投诉抱怨单")
    expect(form.get_by_label("投诉内容")).to_have_value(
        f"车间与质检：这次来修的故障，现在是不是已经消除了？客户答「否」。{REASON}；{SAID}"
    )
    form.get_by_label("客户诉求").fill(DEMAND)
    choose(form, "性质", "有效投诉")
    form.get_by_label("原因类别").select_option(label="维修技术")
    choose(form, "严重程度", "一般")
    choose(form, "责任部门", "售后")
    sign(form)


def is_recorded(page: Page, watch: Watch) -> None:  # D-S6, D-S7
    """A whole call with a complaint out of it, saved on this tablet at once."""
    open_task(page, CARS[1]["name"])
    watch.look(page, "call-dial")
    read_on(page)
    watch.look(page, "question")
    answer_all(page, watch)
    page.get_by_role("button", name="说完了，看小结").click()
    fill_complaint(page)
    watch.look(page, "call-finish")
    page.get_by_role("button", name="保存回访记录").click()
    page.wait_for_url("**/today")
    expect(page.locator("cd-toast")).to_contain_text("已存本机：回访记录和投诉抱怨单")


def becomes_a_complaint(page: Page, watch: Watch) -> str:
    """The same without network: it waits for the upload, and its clock runs. Returns the complaint's id."""
    is_recorded(page, watch)
    expect(bar(page)).to_contain_text("离线，待上传 1 条")
    complaint = runs_its_clock(page)
    expect(page.locator(".page-narrow")).to_contain_text("还没上传")
    watch.look(page, "complaint-offline")
    return complaint


def runs_its_clock(page: Page) -> str:  # D-K3
    """The board has the new complaint with 24 hours to go; it is opened. Returns its id."""
    place(page, "投诉")
    card = page.locator("cd-card").filter(has_text=CARS[1]["name"])
    expect(card).to_contain_text(re.compile(r"明天 \d\d:\d\d 前|剩 23 小时"))
    card.get_by_role("link").first.click()
    page.wait_for_url("**/complaints/*")
    return page.url.rsplit("/", 1)[1]


def survives_a_dead_tab(context: BrowserContext, page: Page, watch: Watch) -> Page:
    """A second call is begun, the tab is killed, the draft is there again. Returns the new page."""
    open_task(page, CARS[2]["name"])
    read_on(page)
    page.keyboard.press("2")
    page.get_by_label("原因").fill("等了二十分钟才有人来")
    address = page.url
    page.wait_for_timeout(300)  # the write that every key starts; nothing on the screen tells of it
    watch.kill(page)
    again = context.new_page()
    go(again, address.removeprefix(watch.server.url))
    sign_in(again, "sz01.cs")
    expect(again.get_by_label("原因")).to_have_value("等了二十分钟才有人来")
    watch.look(again, "draft-restored")
    return again
