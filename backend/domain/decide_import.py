"""Rows of an imported sheet, and the tasks that follow: re-importing changes nothing (D-H3, invariant 15)."""

import json
from collections.abc import Iterable
from typing import Any

from .calendar import make_calendar
from .canonical import canonical
from .decision import (
    Case,
    Decision,
    Doc,
    Problem,
    accepted,
    body_problems,
    change,
    invalid,
    noop,
    parked,
    problem,
)
from .losers import losers
from .merge import merge_set
from .plans import look_back, standard_plan, tasks_for
from .schema import compact

# Without knowing the last import, the larger reading is the later one.
_GROWING = {("vehicle", "mileage_km")}


def delivery(case: Case) -> Decision:
    """delivery.import: `{vehicle, customer, party, delivery}` added or merged, and the delivery's tasks."""
    return _import(case, "delivery", "consultant")


def repair_order(case: Case) -> Decision:
    """repair_order.import: `{vehicle, customer?, party?, repair_order}` added or merged, and its tasks."""
    return _import(case, "repair_order", "advisor")


def _import(case: Case, name: str, person: str) -> Decision:
    body = case.op.get("body")
    problems = body_problems(case, body) or _link_problems(body or {}, name)
    if problems or not isinstance(body, dict):
        return invalid(problems)
    given = {kind: compact(doc) for kind, doc in body.items() if doc is not None}
    text = canonical(given)
    before = case.records.get(name, given[name]["id"])
    if before and before.get("imported") == text:
        return noop()
    last = json.loads(before["imported"]) if before and before.get("imported") else {}
    docs, conflicts, merged = _merged(case, given, last)
    kept = _losers(case, docs, conflicts)
    _name_person(case, docs[name], person)
    docs[name]["imported"] = text
    changes = [change(kind, doc) for kind, doc in docs.items() if doc != case.records.get(kind, doc["id"])]
    tasks = _tasks(case, name, docs[name], person, _made_before(case, before))
    if tasks is None:
        return parked({"code": "op.missing", "field": "part"})
    return accepted(changes + kept + tasks, "merged" if merged else "applied", conflicts)


def _link_problems(body: Doc, name: str) -> list[Problem]:
    """The rows of one op belong together: one vehicle, one customer."""
    vehicle, customer = body["vehicle"]["id"], (body.get("customer") or {}).get("id")
    found = []
    for kind in (name, "party"):
        doc = body.get(kind)
        if doc and doc["vehicle_id"] != vehicle:
            found.append(problem(f"{kind}.vehicle_id", "field.format"))
        if doc and doc.get("customer_id") != customer:
            found.append(problem(f"{kind}.customer_id", "field.format"))
    return found


def _merged(case: Case, given: Doc, last: Doc) -> tuple[dict[str, Doc], list[Doc], bool]:
    docs: dict[str, Doc] = {}
    conflicts: list[Doc] = []
    merged = False
    for kind, doc in given.items():
        current = case.records.get(kind, doc["id"])
        if current is None:
            docs[kind] = dict(doc)
            continue
        result = _merge_one(case, kind, doc, current, last.get(kind))
        docs[kind], merged = dict(result["doc"]), merged or result["merged"]
        conflicts += [{"kind": kind, "id": doc["id"], **conflict} for conflict in result["conflicts"]]
    return docs, conflicts, merged


def _losers(case: Case, docs: dict[str, Doc], conflicts: list[Doc]) -> list[Doc]:
    return [
        made
        for number, (kind, doc) in enumerate(docs.items())
        for made in losers(case, kind, doc, [one for one in conflicts if one["kind"] == kind], number)
    ]


def _merge_one(case: Case, kind: str, doc: Doc, current: Doc, last: Doc | None) -> Doc:
    """Three-way against the last import; a record this row never imported only gains what it lacks.

    A cell that is empty now is no statement, so it clears nothing.
    """
    if last is not None and last["id"] == doc["id"]:
        changes = {key: value for key, value in doc.items() if key != "id" and value != last.get(key)}
        return merge_set(case.schema, kind, current, changes, last)
    specs = case.schema["records"][kind]["fields"]
    changes, base = {}, {}
    for key, value in doc.items():
        if current.get(key) is None or _grows(kind, key, current[key], value):
            changes[key], base[key] = value, current.get(key)
        elif specs[key].get("merge") == "set":
            changes[key], base[key] = [*current[key], *value], current[key]
    return merge_set(case.schema, kind, current, changes, base)


def _grows(kind: str, key: str, stored: Any, value: Any) -> bool:
    return (kind, key) in _GROWING and value > stored


def _name_person(case: Case, doc: Doc, person: str) -> None:
    found = staff_named(case.records.ref("staff"), doc.get(person), case.branch_code)
    if found and not doc.get(f"{person}_id"):
        doc[f"{person}_id"] = found


def staff_named(staff: Iterable[Doc], name: str | None, branch_code: str) -> str | None:
    """The id of the one active colleague of that exact name with a post in the branch; None when not sure."""
    named = [doc for doc in staff if doc["name"] == name and doc["active"]]
    found = [doc["id"] for doc in named if any(post["branch"] == branch_code for post in doc["posts"])]
    return found[0] if len(found) == 1 else None


def _made_before(case: Case, source: Doc | None) -> dict[tuple[str, str], Doc]:
    """The tasks of a record that was imported before, by source and node: those that came here with a vehicle
    have the ids of the branch where they were made.
    """
    rows = case.records.file(source["vehicle_id"]) if source else []
    return {
        (doc["source_id"], doc["node"]): doc for kind, doc in rows if kind == "task" and "source_id" in doc
    }


def _tasks(
    case: Case, name: str, doc: Doc, person: str, known: dict[tuple[str, str], Doc]
) -> list[Doc] | None:
    """Changes for the tasks that do not exist yet; None when the branch itself is unknown."""
    plan = standard_plan(case.records.ref("plan"))
    branch = next((row for row in case.records.ref("branch") if row["code"] == case.branch_code), None)
    if plan is None:
        return []
    if branch is None:
        return None
    calendar = make_calendar(branch, case.records.ref("holiday_year"))
    anchor = {"code": name, **({"on": doc["delivered_on"]} if name == "delivery" else {"at": doc["out_at"]})}
    source = {"part": case.part, **{key: doc.get(key) for key in ("id", "vehicle_id", "customer_id")}}
    people = {f"{person}_id": doc[f"{person}_id"]} if doc.get(f"{person}_id") else {}
    made = tasks_for(plan, anchor, source, people, calendar)
    oldest = look_back(case.schema, case.records.ref("rule"), case.branch_code, case.now)
    return [found for task in made if task["due_at"] >= oldest for found in _new_or_moved(case, task, known)]


def _new_or_moved(case: Case, task: Doc, known: dict[tuple[str, str], Doc]) -> list[Doc]:
    """A task is made once; one nobody has touched follows a corrected date of its anchor."""
    stored = known.get((task["source_id"], task["node"])) or case.records.get("task", task["id"])
    if stored is None:
        return [change("task", task)]
    dates = {key: task[key] for key in ("from_on", "due_at")}
    untouched = stored["state"] == "open" and stored["tries"] == 0 and not stored.get("booked_at")
    if untouched and any(stored[key] != value for key, value in dates.items()):
        return [change("task", {**stored, **dates})]
    return []


def generate(case: Case) -> Decision:
    """task.generate: stores the tasks that do not exist yet; those that do stay as they are."""
    body = case.op.get("body")
    problems = body_problems(case, body)
    if problems or not isinstance(body, dict):
        return invalid(problems)
    made = {task["id"]: task for task in body["tasks"] if case.records.get("task", task["id"]) is None}
    return accepted([change("task", task) for task in made.values()]) if made else noop()
