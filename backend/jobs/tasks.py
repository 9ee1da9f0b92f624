"""What the worker does by itself: callback tasks, escalation of late complaints, snapshots."""

from pathlib import Path

import structlog

import shared_schema
from backend import db
from backend.domain.calendar import make_calendar
from backend.domain.clocks import complaint_clocks
from backend.domain.ids import content_id
from backend.models import reports
from backend.models.scope import Scope
from backend.models.sync import Snapshot
from backend.sync import door, people, reference, snapshot, state
from backend.sync.plan_tasks import missing_tasks

log = structlog.get_logger()
ESCALATED_TIER = 2


def generate_tasks(now: str) -> int:
    """Make the callback tasks that a plan demands and that are not there yet; return how many (D-C)."""
    made = 0
    for branch in reference.docs("branch"):
        part = people.part_of(branch["code"])
        tasks = missing_tasks(part, branch, now)
        for start in range(0, len(tasks), 500):
            some = tasks[start : start + 500]
            op = _op(part, "task.generate", {"tasks": some}, now, some[0]["id"], some[-1]["id"])
            made += len(some) if door.submit([op], people.SYSTEM, now)[0]["status"] == "applied" else 0
    return made


def mark_overdue(now: str) -> int:
    """Raise complaints whose clock was broken to the next tier, once; return how many (D-K5)."""
    raised = 0
    for branch in reference.docs("branch"):
        part = people.part_of(branch["code"])
        calendar = make_calendar(branch, reference.docs("holiday_year"))
        for _part, complaint, steps in reports.open_complaints(Scope([part])):
            late = _first_breach(branch, calendar, complaint, steps, now)
            if late and complaint["tier"] < ESCALATED_TIER:
                body = {
                    "id": complaint["id"],
                    "tier": ESCALATED_TIER,
                    "clock": late["id"],
                    "breached_at": late["breached_at"],
                }
                op = _op(part, "complaint.escalate", body, now, complaint["id"], late["id"])
                raised += door.submit([op], people.SYSTEM, now)[0]["status"] == "applied"
    return raised


def _first_breach(branch: dict, calendar: dict, complaint: dict, steps: list[dict], now: str) -> dict | None:
    schema, rules = shared_schema.load(), reference.docs("rule")
    clocks = complaint_clocks(schema, complaint, steps, calendar, rules, branch["code"], now)
    late = [c for c in clocks if c["breached_at"]]
    return min(late, key=lambda c: c["breached_at"], default=None)


def build_snapshots(data_dir: Path, now: str) -> int:
    """Build the snapshots that are missing or have grown stale; return how many (SYNC.md, Snapshot)."""
    built = 0
    for branch in reference.docs("branch"):
        part = people.part_of(branch["code"])
        row = Snapshot.get_or_none(Snapshot.part == part)
        if row is None or state.head(part) - row.seq >= snapshot.STALE_CHANGES:
            snapshot.build(part, data_dir, now)
            built += 1
    return built


def _op(part: str, kind: str, body: dict, now: str, *keys: str) -> dict:
    op_id = content_id(part, "op", kind, *keys)
    return {"id": op_id, "kind": kind, "v": 1, "part": part, "body": body, "at": now}


def run_all(data_dir: Path, now: str) -> dict[str, int]:
    """One round of everything, as the worker does every minute."""
    db.ensure_usable()
    return {
        "tasks": generate_tasks(now),
        "overdue": mark_overdue(now),
        "snapshots": build_snapshots(data_dir, now),
    }
