"""Figures over a scope's records for the head-office table (D-R4). Every query begins at the `Scope`."""

from peewee import fn

from backend.db import chunked
from backend.models.files import Delivery, RepairOrder
from backend.models.scope import Scope
from backend.models.service import Attempt, Complaint, ComplaintStep, Handover, Task


def handovers_on(scope: Scope, date: str) -> dict[tuple[str, str], dict]:
    """Hand-over documents of a day by (part, kind) (D-H1)."""
    rows = scope.select(Handover).where(Handover.date == date)
    return {(row.part, row.__data__["kind"]): row.doc() for row in rows}


def deliveries_on(scope: Scope, date: str) -> dict[str, int]:
    """Imported deliveries of a day by part: what a hand-over's count is held against (D-H1)."""
    query = scope.select(Delivery, Delivery.part, fn.COUNT(Delivery.id).alias("n"))
    return dict(query.where(Delivery.delivered_on == date).group_by(Delivery.part).tuples())


def repairs_between(scope: Scope, start: str, end: str) -> dict[str, int]:
    """Repair orders handed back in [start, end) by part (D-H2)."""
    query = scope.select(RepairOrder, RepairOrder.part, fn.COUNT(RepairOrder.id))
    where = (RepairOrder.out_at >= start) & (RepairOrder.out_at < end)
    return dict(query.where(where).group_by(RepairOrder.part).tuples())


def tasks_between(scope: Scope, start: str, end: str) -> list[tuple[str, str, int]]:
    """(part, state, how many) of the tasks due in [start, end) (D-R1)."""
    query = scope.select(Task, Task.part, Task.state, fn.COUNT(Task.id))
    where = (Task.due_at >= start) & (Task.due_at < end) & (Task.state != "cancelled")
    return list(query.where(where).group_by(Task.part, Task.state).tuples())


def overdue_tasks(scope: Scope, now: str) -> dict[str, int]:
    """Open tasks past their time by part."""
    query = scope.select(Task, Task.part, fn.COUNT(Task.id))
    return dict(query.where((Task.state == "open") & (Task.due_at < now)).group_by(Task.part).tuples())


def open_complaints(scope: Scope) -> list[tuple[str, dict, list[dict]]]:
    """(part, complaint, its steps in order) of every complaint that is not filed yet (D-K1)."""
    rows = list(scope.select(Complaint).where(Complaint.state != "closed").order_by(Complaint.heard_at))
    steps = steps_of(scope, [row.id for row in rows])
    return [(row.part, row.doc(), steps.get(row.id, [])) for row in rows]


def steps_of(scope: Scope, complaint_ids: list[str]) -> dict[str, list[dict]]:
    """The steps of complaints, each in the order they happened."""
    found: dict[str, list[dict]] = {}
    for some in chunked(complaint_ids, 500):
        rows = scope.select(ComplaintStep).where(ComplaintStep.complaint_id.in_(some))
        for row in rows.order_by(ComplaintStep.happened_at, ComplaintStep.id):
            found.setdefault(row.complaint_id, []).append(row.doc())
    return found


def attempts_between(scope: Scope, start: str, end: str) -> list[tuple[str, dict]]:
    """(part, attempt) of the calls begun in [start, end), oldest first (D-X4)."""
    where = (Attempt.started_at >= start) & (Attempt.started_at < end)
    return [(row.part, row.doc()) for row in scope.select(Attempt).where(where).order_by(Attempt.started_at)]
