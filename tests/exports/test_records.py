"""The shared cases hold records as declared: a renamed field cannot pass unnoticed through the forms."""

import json
from pathlib import Path

import pytest

import shared_schema
from backend.domain.schema import check

FILES = sorted(Path(__file__).parent.glob("cases/*.json"))
CASES = [case for path in FILES for case in json.loads(path.read_text(encoding="utf-8")) if "records" in case]
# What a list in a form's records holds. A hostile case is made of what no record may be.
KINDS = {
    "steps": "complaint_step",
    "attempts": "attempt",
    "deliveries": "delivery",
    "repair_orders": "repair_order",
}
SINGLE = {"complaint": "complaint", "attempt": "attempt", "vehicle": "vehicle", "customer": "customer"}


def documents(records: dict) -> list[tuple[str, dict]]:
    """(record name, document) of everything in a form's records."""
    found = [(kind, records[name]) for name, kind in SINGLE.items() if records.get(name)]
    found += [(kind, doc) for name, kind in KINDS.items() for doc in records.get(name) or []]
    for call in records.get("calls") or []:
        found += documents(call)
    for complaint in records.get("complaints") or []:
        found += [("complaint_step", step) for step in complaint.get("steps") or []]
        found.append(("complaint", {key: value for key, value in complaint.items() if key != "steps"}))
    return found


@pytest.mark.parametrize(
    "case", [c for c in CASES if not c["id"].endswith("hostile")], ids=lambda case: case["id"]
)
def test_cases_are_made_of_declared_records(case):
    """D-X1, D-X4, D-X5, D-X9: what the forms are judged by is what the server and the tablet keep."""
    schema = shared_schema.load()
    problems = [
        (kind, problem)
        for kind, doc in documents(case["records"] or {})
        for problem in check(schema, kind, doc)
    ]
    assert problems == []
