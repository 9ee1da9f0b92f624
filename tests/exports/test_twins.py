"""The forms exist twice, in Python and in JavaScript: the same cases judge both, down to the HTML string."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from exports import forms
from exports.filters import make_filters
from exports.qr import qr_matrix, qr_text
from exports.render import TEMPLATES, render_html
from tests.exports.paper import CASES, FILTERS, SCHEMA, context

HERE = Path(__file__).parent
CODES = [
    qr_text("CD-TS-01", "A/1", "B:SZ01", "0193a5c0-7f00-7000-801e-00000000001e"),
    qr_text("CD-HF-01", "A/1", "B:GZ12", "2026-11-01/2026-11-30"),
    qr_text("CD-DA-01", "A/1", "B:SZ01", "blank"),
    *("x" * length for length in (1, 82, 83, 84)),
]


@pytest.fixture(scope="module")
def twin() -> dict:
    """Everything the JavaScript side makes of the cases, in one Node process."""
    given = json.dumps({"schema": SCHEMA, "cases": CASES, "filters": FILTERS, "codes": CODES})
    command = [shutil.which("node") or "node", str(HERE / "twin.mjs")]
    done = subprocess.run(command, input=given, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def each(items: list[dict]) -> list:
    return [pytest.param(number, item, id=item["id"]) for number, item in enumerate(items)]


@pytest.mark.parametrize(("number", "case"), each(CASES))
def test_records_become_the_expected_payload_in_both_languages(number: int, case: dict, twin: dict):
    # D-X1 D-X4 D-X5 D-X9 D-X15
    assert forms.build(case["form"], case["records"], context(case)) == case["expect"]
    assert twin["forms"][number]["payload"] == case["expect"]


@pytest.mark.parametrize(("number", "case"), each(CASES))
def test_a_payload_becomes_the_same_html_in_both_engines(number: int, case: dict, twin: dict):
    # DESIGN: one template
    assert twin["forms"][number]["html"] == render_html(case["form"], case["expect"])


@pytest.mark.parametrize(("number", "case"), each(FILTERS))
def test_filters_agree_in_both_languages(number: int, case: dict, twin: dict):
    assert make_filters(SCHEMA)[case["fn"]](*case["given"]) == case["expect"]
    assert twin["filters"][number] == case["expect"]


@pytest.mark.parametrize(("number", "text"), list(enumerate(CODES)))
def test_both_libraries_draw_the_same_modules(number: int, text: str, twin: dict):
    # D-X16
    rows = ["".join(str(int(module)) for module in row) for row in qr_matrix(text)]
    assert len(rows) == 37
    assert twin["codes"][number] == rows


def test_every_form_of_the_list_has_a_builder_a_template_and_a_blank_case():
    # D-X15
    names = {item["code"] for item in SCHEMA["lists"]["form"]["items"]}
    assert names == set(forms.FORMS)
    assert all((TEMPLATES / f"{name}.liquid").is_file() for name in names)
    assert names == {case["form"] for case in CASES if not case["records"]}


def test_the_tablet_knows_every_template_file():
    engine = (HERE.parents[1] / "frontend/src/forms/engine.js").read_text(encoding="utf-8")
    listed = engine.split("TEMPLATES = [")[1].split("]")[0]
    assert {name.strip().strip('"') for name in listed.split(",") if name.strip()} == {
        path.stem for path in TEMPLATES.glob("*.liquid")
    }


def test_records_are_not_changed_by_building():
    for case in CASES:
        before = json.dumps(case["records"])
        forms.build(case["form"], case["records"], context(case))
        assert json.dumps(case["records"]) == before
