"""Stations of a complaint: eight steps by role on a shared tablet; the customer is satisfied in round two."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page

from tests.e2e.walk.acts import go, hand_over, sign, sign_in, synced
from tests.e2e.walk.seen import expect
from tests.e2e.walk.watched import Watch

HANDLER = "sz01.sa1"
ANALYSIS = "前摆臂胶套磨损，过坎时与支架接触"
MEASURE = "更换左前摆臂，路试五公里无异响"
UNHAPPY = "低速还有一点响，客户希望再查"


@dataclass
class Step:
    """Who takes which step, what is filled in, and where the complaint is then."""

    person: str
    label: str
    state: str
    waits_for: str
    fields: dict[str, str] = field(default_factory=dict)
    choice: str = ""
    handler: bool = False


def walk_of(handler: str) -> list[Step]:
    """The steps after the first, with a second round (D-K1)."""
    returned = {"原因分析": ANALYSIS, "处理措施": MEASURE}
    again = {"原因分析": "后平衡杆球头松旷", "处理措施": "更换平衡杆球头，客户同车确认"}
    satisfied, unsatisfied = "满意度回访：满意", "满意度回访：不满意"
    return [
        Step("sz01.csm", "客服经理意见", "待总经理审阅", "总经理", {"客服经理意见": "请服务部当天查清异响"}),
        Step("sz01.gm", "总经理审阅", "待派工", "服务经理", {"总经理批示": "同意，安排骨干处理"}),
        Step("sz01.svm", "派工", "处理中", handler, handler=True),
        Step(HANDLER, "处理回单", "待满意度回访", "客服经理", returned),
        Step("sz01.csm", unsatisfied, "待派工", "服务经理", {"客户不满意的地方": UNHAPPY}, unsatisfied),
        Step("sz01.svm", "派工", "处理中", handler, handler=True),
        Step(HANDLER, "处理回单", "待满意度回访", "客服经理", again),
        Step("sz01.csm", satisfied, "待总经理签批", "总经理", {"回访情况": "异响消除，客户满意"}, satisfied),
        Step("sz01.gm", "总经理签批", "待归档", "客服专员"),
        Step("sz01.cs", "登记归档", "已归档", ""),
    ]


def take(page: Page, step: Step, handler: str) -> None:
    """Fill in, sign, send; the same person then has no form, only whom it waits for (D-K2)."""
    form = page.locator("complaint-step")
    if step.choice:
        form.get_by_role("button", name=step.choice, exact=True).click()
    expect(form).to_contain_text(f"下一步：{step.label}")
    for label, text in step.fields.items():
        form.get_by_role("textbox", name=label).fill(text)
    if step.handler:
        people = form.get_by_label("处理人")
        labels = people.locator("option").all_inner_texts()
        people.select_option(label=next(one for one in labels if one.startswith(handler)))
    sign(form)
    form.get_by_role("button", name="签字并提交").click()
    expect(page.locator("cd-page-head")).to_contain_text(step.state)
    expect(form.locator("cd-form:visible")).to_have_count(0)
    if step.waits_for:
        expect(page.locator(".banner").last).to_contain_text(step.waits_for)
    synced(page)


def goes_round_twice(context: BrowserContext, watch: Watch, complaint: str, handler: str) -> Page:
    """Nine more steps on tablet B, by role; who is not asked sees no form. Returns the page, cs signed in."""
    page = context.new_page()
    path = f"/complaints/{complaint}"
    go(page, path)
    sign_in(page, "sz01.sc3")
    synced(page)
    go(page, path)
    expect(page.locator(".banner").last).to_contain_text("正在等客服经理")
    expect(page.locator("complaint-step cd-form")).to_have_count(0)
    *steps, last = walk_of(handler)
    for number, step in enumerate(steps, 2):
        hand_over(page, step.person, path)
        if number in (2, 4, 5, 6):
            watch.look(page, f"step-{number}-{step.label}")
        take(page, step, handler)
    hand_over(page, last.person, path)
    return page


def is_filed(page: Page, watch: Watch, complaint: str, handler: str) -> None:
    """The last step closes the loop; the story is whole, with both rounds."""
    go(page, f"/complaints/{complaint}")
    take(page, walk_of(handler)[-1], handler)
    story = page.locator(".page-narrow")
    for words in ("已经归档", UNHAPPY, ANALYSIS, "第 1 轮", "第 2 轮"):
        expect(story).to_contain_text(words)
    watch.look(page, "story")
