"""Shared by the paper tests: the cases, the schema, and how to look into a PDF."""

import json
from pathlib import Path

import pypdfium2
import zxingcpp

import shared_schema
from exports import forms

HERE = Path(__file__).parent
SCHEMA = shared_schema.load()
FILTERS = json.loads((HERE / "cases" / "filters.json").read_text(encoding="utf-8"))


def _cases() -> list[dict]:
    paths = [path for path in sorted((HERE / "cases").glob("*.json")) if path.stem != "filters"]
    return [case for path in paths for case in json.loads(path.read_text(encoding="utf-8"))]


CASES = _cases()
BY_ID = {case["id"]: case for case in CASES}


def context(case: dict) -> dict:
    """The ctx of a case as `build` wants it: with the schema."""
    return {**case["ctx"], "schema": SCHEMA}


def pages(pdf: bytes) -> list[pypdfium2.PdfPage]:
    """The pages of a PDF."""
    return list(pypdfium2.PdfDocument(pdf))


def text_of(page: pypdfium2.PdfPage) -> str:
    """A page's text without blanks and line ends, as layout puts them anywhere."""
    return "".join(page.get_textpage().get_text_range().split())


def places_of(made: list[pypdfium2.PdfPage], words: str) -> list[tuple[int, float]]:
    """Where words stand: page number and height, negative so that places sort as read."""
    found = []
    for number, page in enumerate(made):
        text = page.get_textpage()
        search = text.search(words)
        while place := search.get_next():
            found.append((number, -text.get_charbox(place[0])[3]))
    return found


def codes_of(page: pypdfium2.PdfPage) -> list[str]:
    """The QR codes one can read from a page printed at 150 dpi."""
    return [found.text for found in zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())]


def rewrite() -> None:
    """Put what the Python builders make now into the cases' `expect`; read the diff before keeping it."""
    for path in sorted({HERE / "cases" / f"{case['form']}.json" for case in CASES}):
        cases = json.loads(path.read_text(encoding="utf-8"))
        for case in cases:
            case["expect"] = forms.build(case["form"], case["records"], context(case))
        path.write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    rewrite()
