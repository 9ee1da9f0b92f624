"""PDFs from our worker process against headless Chromium printing the same HTML, in the same run."""

import json
from pathlib import Path

import pytest

from exports.fonts import FONT_DIR
from exports.pool import Pool
from exports.render import STYLESHEET, render_html
from tests.bench.measure import in_turn, table

CASES = Path(__file__).parents[1] / "exports" / "cases"
STYLE_LINK = '<link rel="stylesheet" href="/forms/forms.css">'


def payload(case_id: str) -> dict:
    """The payload of a shared case: a complaint that went two rounds, an ordinary car's file."""
    cases = [
        case for path in sorted(CASES.glob("*.json")) for case in json.loads(path.read_text(encoding="utf-8"))
    ]
    return next(case["expect"] for case in cases if case["id"] == case_id)


@pytest.fixture(scope="module")
def chromium_prints(browser, tmp_path_factory):
    """`prints([html, …])`: one PDF a document, from a page that already holds stylesheet and fonts."""
    folder = tmp_path_factory.mktemp("print")
    css = STYLESHEET.read_text(encoding="utf-8").replace("/vendor/fonts/", FONT_DIR.resolve().as_uri() + "/")
    (folder / "forms.css").write_text(css, encoding="utf-8")
    page = browser.new_page()

    def prints(documents: list[str]) -> None:
        for number, html in enumerate(documents):
            path = folder / f"{number}.html"
            path.write_text(html.replace("/forms/forms.css", "forms.css"), encoding="utf-8")
            page.goto(path.as_uri())
            page.evaluate("document.fonts.ready")
            assert page.pdf(prefer_css_page_size=True)[:5] == b"%PDF-"

    yield prints
    page.close()


@pytest.mark.parametrize(
    ("form", "case_id", "count"),
    [("complaint", "complaint.three_rounds", 1), ("vehicle_file", "file.ordinary", 50)],
)
def test_pdf_against_chromium(form, case_id, count, chromium_prints):
    """One complaint form; fifty archive sheets."""
    payloads = [payload(case_id)] * count
    documents = [render_html(form, found) for found in payloads]
    with Pool() as pool:
        times = in_turn(
            5 if count == 1 else 3,
            ours=lambda: pool.pdf(form, payloads),
            chromium=lambda: chromium_prints(documents),
        )
    table(f"PDF: {count} × {form}", times, against="chromium")
