"""Stations of paper: what browser and server print is read as a person and a scanner would."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from tests.e2e.walk.acts import go
from tests.e2e.walk.call import DEMAND, SAID
from tests.e2e.walk.complaint import ANALYSIS, UNHAPPY
from tests.e2e.walk.rows import CARS
from tests.e2e.walk.seen import expect
from tests.e2e.walk.watched import Watch
from tests.exports.paper import codes_of, pages, text_of


def read(pdf: bytes) -> tuple[str, list[str]]:
    """The words of a PDF without blanks, and its QR codes."""
    made = pages(pdf)
    return "".join(text_of(page) for page in made), [code for page in made for code in codes_of(page)]


def shows_the_sheet(context: BrowserContext, complaint: str) -> Page:
    """The complaint sheet as this tablet lays it out, with its QR code and the signature."""
    page = context.new_page()
    page.goto(f"/print.html?form=complaint&id={complaint}")
    expect(page.get_by_role("button", name="打印")).to_be_enabled()
    assert page.locator("#paper svg path").count() > 1, "neither QR code nor signature"
    return page


def prints_without_network(context: BrowserContext, complaint: str, kept: Path) -> None:  # D-X
    """The complaint sheet of this tablet: signed, with its QR code, from the service worker alone."""
    page = shows_the_sheet(context, complaint)
    pdf = page.pdf(prefer_css_page_size=True)
    kept.write_bytes(pdf)
    words, codes = read(pdf)
    for wanted in ("投诉抱怨单", CARS[1]["name"], "DZ7102", SAID, DEMAND, "维修技术"):
        assert wanted in words, wanted
    assert [code for code in codes if complaint in code], codes
    page.close()


def download(page: Page, row: str, button: str, folder: Path) -> bytes:
    """Tap a download button in the row that has the text; the file's bytes."""
    line = page.locator(".print-line, .card").filter(has_text=row).first
    with page.expect_download(timeout=60_000) as found:
        line.get_by_role("button", name=button).click()
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return path.read_bytes()


def comes_from_the_server(page: Page, complaint: str, watch: Watch) -> None:  # D-X
    """From the print page: complaint, archive sheet and calls as PDF; the calls as a spreadsheet, too."""
    folder = watch.pictures
    page.get_by_role("link", name="宋L EV").click()
    page.get_by_role("region", name="车档内容").wait_for()
    go(page, "/print")
    watch.look(page, "print")
    words, codes = read(download(page, "回访登记表", "PDF", folder))
    assert CARS[1]["name"] in words and codes
    assert download(page, "回访登记表", "Excel", folder)[:2] == b"PK"
    words, codes = read(download(page, "待归档", "粤BDZ7102 PDF", folder))
    assert ANALYSIS in words and UNHAPPY in words
    assert [code for code in codes if complaint in code], codes
    words, codes = read(download(page, "宋L EV", "粤BDZ7102 PDF", folder))
    assert SAID in words and "WX71001" in words and codes
