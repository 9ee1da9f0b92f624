"""Which callback tasks a plan demands of what has been delivered and handed back, but nobody has
made yet (D-C).
"""

import shared_schema
from backend.domain.calendar import make_calendar
from backend.domain.plans import look_back, standard_plan, tasks_for
from backend.domain.timing import add_days, at_local, local_date
from backend.models.base import Record
from backend.models.files import Delivery, RepairOrder
from backend.models.scope import Scope
from backend.models.service import Task
from backend.sync import reference

LOOK_BACK_DAYS = 45


def missing_tasks(part: str, branch: dict, now: str) -> list[dict]:
    """Task documents for recent deliveries and repair orders, without those that exist (SYNC.md 15)."""
    plan = standard_plan(reference.docs("plan"))
    if not plan:
        return []
    calendar = make_calendar(branch, reference.docs("holiday_year"))
    scope, since = Scope([part]), add_days(local_date(now), -LOOK_BACK_DAYS)
    # Not by id: tasks that came with a vehicle have those of the branch where they were made.
    made = scope.select(Task, Task.source_id, Task.node).where(Task.from_on >= since)
    known = {(row.source_id, row.node) for row in made}
    wanted = [
        task
        for anchor, row in _sources(scope, since)
        for task in tasks_for(plan, anchor, {"part": part, **row.doc()}, _people(row), calendar)
    ]
    oldest = look_back(shared_schema.load(), reference.docs("rule"), branch["code"], now)
    new = (task for task in wanted if (task["source_id"], task["node"]) not in known)
    return [task for task in new if task["due_at"] >= oldest]


def _sources(scope: Scope, since: str) -> list[tuple[dict, Record]]:
    deliveries = scope.select(Delivery).where(Delivery.delivered_on >= since)
    repairs = scope.select(RepairOrder).where(RepairOrder.out_at >= at_local(since, "00:00"))
    return [
        *(({"code": "delivery", "on": row.delivered_on}, row) for row in deliveries),
        *(({"code": "repair_order", "at": row.out_at}, row) for row in repairs),
    ]


def _people(row: Record) -> dict[str, str]:
    named = {name: row.__data__.get(name) for name in ("consultant_id", "advisor_id")}
    return {name: staff_id for name, staff_id in named.items() if staff_id}
