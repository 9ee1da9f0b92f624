"""Whether the op log and what came of it hold together: slots, payloads, tasks, complaint histories."""

import json

from peewee import fn

import shared_schema
from backend import db
from backend.models.access import Account
from backend.models.group import Staff
from backend.models.service import Complaint, ComplaintStep, Task
from backend.models.sync import Device, FeedHead, Op
from backend.sync.door import PARKED, written


def slots(_patient: object) -> list[str]:
    """No op has a number above the last one its device was told of (SYNC.md 5)."""
    known = {row.id: row.last_n for row in Device.select(Device.id, Device.last_n)}
    return [
        f"device {device}: op {n}, but last_n is {known.get(device)}"
        for device, n in _last_ops()
        if known.get(device, -1) < n
    ]


def raise_slots(_patient: object) -> None:
    """A device's last number is at least that of its last op in the log."""
    with db.write_transaction():
        for device, n in _last_ops():
            Device.update(last_n=n).where((Device.id == device) & (Device.last_n < n)).execute()


def log_whole(_patient: object) -> list[str]:
    """Every op has its whole payload with the hash it came with, and a result of its status (SYNC.md 4)."""
    return [f"op {row.id}: {said}" for row in Op.select().iterator() if (said := _wrong_with(row))]


def numbers(_patient: object) -> list[str]:
    """No op's effects have a number above its partition's head: a commit that was kept by halves."""
    known = {row.part: row.head for row in FeedHead.select()}
    return [
        f"op {op_id}: {part} {seq} above head {known.get(part)}"
        for op_id, result in Op.select(Op.id, Op.result).tuples().iterator()
        for part, seq in json.loads(result).get("seqs", {}).items()
        if seq > known.get(part, 0)
    ]


def tasks_once(_patient: object) -> list[str]:
    """One task for each node of a delivery or repair order (SYNC.md 15)."""
    place = (Task.part, Task.source_id, Task.node)
    where = Task.source.in_(["delivery", "repair_order"])
    twice = Task.select(*place, fn.COUNT(Task.id)).where(where).group_by(*place).having(fn.COUNT(Task.id) > 1)
    return [f"{part}: {count} × {node} of {source}" for part, source, node, count in twice.tuples()]


def histories(_patient: object) -> list[str]:
    """Every complaint stands where its last step led, and every step has its complaint (SYNC.md 13)."""
    states = {state["code"] for state in shared_schema.load()["lists"]["complaint_state"]["items"]}
    last: dict[tuple[str, str], set[str]] = {}
    for part, complaint, to_state in _steps():
        last.setdefault((part, complaint), set()).add(to_state)
    said = []
    for row in Complaint.select(Complaint.part, Complaint.id, Complaint.state):
        reached = last.pop((row.part, row.id), set())
        if row.state not in states or row.state not in reached:
            said.append(f"{row.part}: complaint {row.id} is {row.state}, its steps led to {sorted(reached)}")
    return said + [f"{part}: steps of {complaint}, which is not there" for part, complaint in sorted(last)]


def accounts(_patient: object) -> list[str]:
    """Every account is some member of staff's."""
    staff = Staff.select(Staff.id)
    return [
        f"account {row.username}: nobody" for row in Account.select().where(Account.staff_id.not_in(staff))
    ]


def _last_ops() -> list[tuple[str, int]]:
    return list(Op.select(Op.device, fn.MAX(Op.n)).where(Op.n.is_null(False)).group_by(Op.device).tuples())


def _steps() -> list[tuple[str, str, str]]:
    columns = (ComplaintStep.part, ComplaintStep.complaint_id, ComplaintStep.to_state)
    return list(ComplaintStep.select(*columns).tuples())


def _wrong_with(row: Op) -> str | None:
    try:
        op, result = json.loads(row.text), json.loads(row.result)
    except ValueError:
        return "its text or result is not whole"
    if written(op)[1] != row.hash:
        return "its payload is not the one that was hashed"
    if row.status == PARKED and not op.get("kind"):
        return "parked without its payload"
    return None if result.get("status") == row.status else "status and result disagree"
