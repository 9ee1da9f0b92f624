"""Callback tasks from a published plan: dates from the anchor, ids from the content (D-C1 … D-C9)."""

from typing import Any

from .calendar import Calendar, closing, is_open, next_open_day
from .ids import content_id
from .rules import rule
from .timing import add_days, add_hours, at_local, local_date

Doc = dict[str, Any]


def standard_plan(plans: list[Doc]) -> Doc | None:
    """The newest version of the plan with the code `standard`, if one is published (D-C17)."""
    own = [plan for plan in plans if plan["code"] == "standard"]
    return max(own, key=lambda plan: (plan["version"], plan["id"])) if own else None


def look_back(schema: Doc, rules: list[Doc], branch_code: str, now: str) -> str:
    """Tasks due before this instant are not made any more: an old sheet asks for no calls (D-C17)."""
    days = rule(schema, rules, "plan.look_back_days", branch_code)
    return at_local(add_days(local_date(now), -days), "00:00")


def tasks_for(plan: Doc, anchor: Doc, source: Doc, people: dict[str, str], calendar: Calendar) -> list[Doc]:
    """The open tasks of all nodes with this anchor.

    `anchor` = `{code, on: date}` or `{code, at: instant}`; `source` = `{part, id, vehicle_id, customer_id?}`;
    `people` maps a node's `owner_field` to a staff id. Made twice, it is the same tasks (invariant 15).
    """
    nodes = [node for node in plan["nodes"] if node["anchor"] == anchor["code"]]
    return [_task(plan, node, anchor, source, people, calendar) for node in nodes]


def _task(plan: Doc, node: Doc, anchor: Doc, source: Doc, people: dict[str, str], calendar: Calendar) -> Doc:
    on = anchor["on"] if "on" in anchor else local_date(anchor["at"])
    from_on = add_days(on, node["from_days"])
    task = {
        "id": content_id(source["part"], "task", node["code"], source["id"]),
        "vehicle_id": source["vehicle_id"],
        "customer_id": source.get("customer_id"),
        "node": node["code"],
        "from_on": from_on,
        "due_at": due_at(node, anchor, calendar),
        "source": anchor["code"],
        "source_id": source["id"],
        "owner_role": node["owner_role"],
        "owner_id": people.get(node.get("owner_field", "")),
        "state": "open",
        "tries": 0,
        "plan_version": plan["version"],
    }
    return {key: value for key, value in task.items() if value is not None}


def due_at(node: Doc, anchor: Doc, calendar: Calendar) -> str:
    """When a node is due. Hours run from the anchor's instant, or from closing when only its date is known.

    Days end with the last open day up to anchor + N that lies after the anchor and not before the node may
    start; when there is none, with the next open day after.
    """
    on = anchor["on"] if "on" in anchor else local_date(anchor["at"])
    if node.get("due_hours") is not None:
        return add_hours(anchor.get("at") or closing(calendar, on), node["due_hours"])
    last = node["due_days"] if node.get("due_days") is not None else node["from_days"]
    for days in range(last, max(1, node["from_days"]) - 1, -1):
        if is_open(calendar, add_days(on, days)):
            return closing(calendar, add_days(on, days))
    return closing(calendar, next_open_day(calendar, add_days(on, max(last, 0))))
