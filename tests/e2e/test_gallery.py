"""The gallery shows every part in every state: judged for access, policy, targets, zoom and behaviour."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.static_site import FRONTEND, static_site

AXE = FRONTEND.parent / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = ["", "today", "task", "call", "board", "office", "entry", "login"]
LANDSCAPE, PORTRAIT = (1280, 800), (800, 1280)
LISTEN = """window.refused = [];
addEventListener("securitypolicyviolation", (e) =>
  refused.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));"""
SMALL = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((el) => el.checkVisibility() && !el.closest("[popover]:not(:popover-open), dialog:not([open])"))
  .map((el) => [el, el.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 43.5))
  .map(([el, box]) => `${el.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
WIDE = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""
CUT = """() => [...document.querySelectorAll("#app *")]
  .filter((el) => el.checkVisibility() && el.getBoundingClientRect().right > innerWidth + 1)
  .filter((el) => !el.closest(".table-wrap, .board, .tabs, .nav, .sr-only, svg"))
  .map((el) => el.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with static_site() as address:
        yield address


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator:
    """`opened(screen, size, scheme) -> Page`; anything said on the console fails the test."""
    pages: list[Page] = []
    said: list[str] = []

    def opening(screen: str = "", size: tuple[int, int] = LANDSCAPE, scheme: str = "light") -> Page:
        page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
        pages.append(page)
        page.add_init_script(LISTEN)
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "response", lambda answer: answer.status >= 400 and said.append(f"{answer.status} {answer.url}")
        )
        page.goto(f"{site}/gallery.html" + (f"?screen={screen}" if screen else ""))
        page.wait_for_selector("[data-ready]")
        return page

    yield opening
    refused = [line for page in pages for line in page.evaluate("window.refused")]
    for page in pages:
        page.close()
    assert refused == []
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
def test_every_screen_can_be_used_by_everyone(opened, tmp_path: Path, size, scheme):
    for screen in SCREENS:
        page = opened(screen, size, scheme)
        picture = page.screenshot(path=tmp_path / f"{screen or 'gallery'}.png", full_page=not screen)
        assert len(picture) > 5_000
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        serious = [
            f"{screen} {rule['id']} {node['html'][:120]}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]
        assert serious == []


@pytest.mark.parametrize("screen", SCREENS)
def test_targets_are_44_pixels_and_nothing_runs_out_of_the_side(opened, screen):
    """Also in the 640 × 400 and 400 × 640 that 200 % zoom leaves of a tablet."""
    page = opened(screen)
    for width, height in (LANDSCAPE, PORTRAIT, (640, 400), (400, 640)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(SMALL) == [], width
        assert page.evaluate(CUT) == [], width
        assert page.evaluate(WIDE) <= 0, width


def test_icons_named_in_the_sources_are_in_the_sprite():
    sprite = (FRONTEND / "vendor" / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'symbol id="([a-z0-9-]+)"', sprite))
    wanted = set()
    for path in (FRONTEND / "src").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        wanted |= set(re.findall(r'\bicon\("([a-z0-9-]+)"', text))
        wanted |= set(re.findall(r'<cd-icon\s+name="([a-z0-9-]+)"', text))
        wanted |= set(re.findall(r'\bicon: "([a-z0-9-]+)"', text))
    assert wanted - drawn == set()


def test_yes_no_is_answered_by_keys_and_no_asks_for_the_reason(opened):  # D-S2
    page = opened("call")
    page.keyboard.press("1")
    assert page.locator("[data-answer=yes][aria-pressed=true]").count() == 1
    page.keyboard.press("2")
    page.get_by_role("button", name="没人招呼").click()
    reason = page.get_by_label("原因")
    assert reason.input_value() == "没人招呼"
    reason.fill("没人招呼；门口等了 12 分钟")
    assert page.get_by_role("button", name="没人招呼").get_attribute("aria-pressed") == "true"
    reason.press("Enter")
    page.wait_for_selector("text=第 2 / 3 步")
    assert page.locator("[data-answer][aria-pressed=true]").count() == 0


def test_typing_a_digit_in_the_reason_answers_nothing(opened):
    page = opened("call")
    page.get_by_label("原因").fill("")
    page.get_by_label("原因").press_sequentially("1 号工位")
    assert page.locator("[data-answer=no][aria-pressed=true]").count() == 1


def test_deadline_tells_elapsed_and_working_time_on_tap(opened):  # D-K3
    page = opened()
    page.get_by_role("button", name=re.compile("24 小时闭环.*剩 3 小时 20 分")).click()
    pop = page.locator(".pop:popover-open")
    assert "已过20 小时 14 分" in pop.inner_text().replace("\n", "")
    assert "其中营业时间7 小时 10 分" in pop.inner_text().replace("\n", "")
    page.keyboard.press("Escape")
    assert pop.count() == 0


def test_a_signature_is_kept_as_a_vector_string_and_can_be_redone(opened):
    page = opened("entry")
    page.evaluate("document.addEventListener('cd-sign', (e) => { window.signed = e.detail.value; })")
    canvas = page.locator("cd-signature canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 30):
        page.mouse.move(box["x"] + 40 + step * 6, box["y"] + 60 + (step % 5) * 8)
    page.mouse.up()
    page.wait_for_function("window.signed")
    signed = page.evaluate("window.signed")
    assert re.fullmatch(r"\d+ \d+ M[0-9ML .-]+", signed) and len(signed) <= 20_000
    page.get_by_role("button", name="重签").click()
    assert page.evaluate("window.signed") is None
    assert page.get_by_role("button", name="重签").count() == 0


def test_problems_are_summed_up_on_top_and_lead_to_their_field(opened):
    page = opened()
    assert page.evaluate("document.activeElement.className") == "form-summary"
    summary = page.get_by_role("alert", name="有内容需要修改")
    summary.get_by_role("button", name="请填写「投诉内容」。").click()
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    assert "请填写「投诉内容」。" in page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent"
    )


@pytest.mark.parametrize(
    ("label", "typed", "value"),
    [
        ("承诺补偿", "1,299.5", 129_950),
        ("承诺补偿", "三百", "三百"),
        ("承诺补偿", "", None),
        ("投诉内容", "异响", "异响"),
        ("受理时间*（必填）", "2026-11-21T00:30", "2026-11-20T16:30:00.000Z"),
    ],
)
def test_fields_give_the_value_of_the_schema_or_what_was_typed(opened, label, typed, value):
    page = opened()
    page.evaluate("document.addEventListener('cd-change', (e) => { window.given = e.detail.value; })")
    page.evaluate("window.given = 'nothing'")
    page.get_by_label(label).first.fill(typed)
    assert page.evaluate("window.given") == value


def test_a_dialog_takes_the_focus_and_esc_gives_it_back(opened):
    page = opened()
    page.get_by_role("button", name="打开弹窗").click()
    assert page.locator("dialog:modal").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("dialog:modal").count() == 0
    assert page.evaluate("document.activeElement.id") == "open-dialog"


def test_a_note_is_announced_and_can_be_put_away(opened):
    page = opened()
    page.locator("#show-toast").click()
    note = page.get_by_role("status").get_by_text("已存本机")
    assert note.is_visible()
    page.get_by_role("button", name="关闭提示").click()
    assert note.count() == 0
