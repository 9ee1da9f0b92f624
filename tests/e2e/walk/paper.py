"""Stations of paper: what comes out of the browser and out of the server is read as a person and a scanner would."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.walk.call import DEMAND, SAID
from tests.e2e.walk.rows import CARS
from tests.exports.paper import codes_of, pages, text_of


def read(pdf: bytes) -> tuple[str, list[str]]:
    """The words of a PDF without blanks, and its QR codes."""
    made = pages(pdf)
    return "".join(text_of(page) for page in made), [code for page in made for code in codes_of(page)]


def prints_without_network(context: BrowserContext, complaint: str, kept: Path) -> None:  # D-X
    """The complaint sheet of this tablet: signed, with its QR code, from the service worker alone."""
    page = context.new_page()
    page.goto(f"/print.html?form=complaint&id={complaint}")
    expect(page.get_by_role("button", name="打印")).to_be_enabled()
    pdf = page.pdf(prefer_css_page_size=True)
    kept.write_bytes(pdf)
    words, codes = read(pdf)
    for wanted in ("投诉抱怨单", CARS[1]["name"], "DZ7102", SAID, DEMAND, "维修技术"):
        assert wanted in words, wanted
    assert [code for code in codes if complaint in code], codes
    assert page.locator("#paper svg path").count() >= 1  # the signature
    page.close()


def comes_from_the_server(page: Page, folder: Path) -> None:  # D-X
    """Complaint, archive sheet and call list as PDF from the print page; call list as Excel."""
