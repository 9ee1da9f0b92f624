"""What the worker does by itself: callback tasks, escalation of late complaints, snapshots."""

import structlog

import shared_schema
from backend import db
from backend.config import Config
from backend.domain.calendar import make_calendar
from backend.domain.clocks import complaint_clocks
from backend.domain.ids import new_id
from backend.domain.timing import format_instant, parse_instant
from backend.imports import runs
from backend.models import reports
from backend.models.scope import Scope
from backend.storage import Storage, open_storage
from backend.sync import blobs, door, feed, people, reference, snapshot
from backend.sync.plan_tasks import missing_tasks

log = structlog.get_logger()
ESCALATED_TIER = 2
TOMBSTONE_MS = 180 * 24 * 3_600_000


def generate_tasks(now: str) -> int:
    """Make the callback tasks that a plan demands and that are not there yet; return how many (D-C)."""
    made = 0
    for branch in reference.docs("branch"):
        part = people.part_of(branch["code"])
        tasks = missing_tasks(part, branch, now)
        for some in db.chunked(tasks, 500):
            op = _op(part, "task.generate", {"tasks": some}, now)
            made += len(some) if door.submit([op], people.SYSTEM, now)[0]["status"] == "applied" else 0
    return made


def mark_overdue(now: str) -> int:
    """Raise complaints whose clock was broken to the next tier, once; return how many (D-K5)."""
    raised = 0
    for branch in reference.docs("branch"):
        calendar = make_calendar(branch, reference.docs("holiday_year"))
        for part, complaint, steps in reports.open_complaints(Scope([people.part_of(branch["code"])])):
            try:
                raised += _raise_if_late(part, branch, calendar, complaint, steps, now)
            except Exception:
                log.exception("overdue.failed", complaint=complaint["id"])
    return raised


def _raise_if_late(
    part: str, branch: dict, calendar: dict, complaint: dict, steps: list[dict], now: str
) -> bool:
    late = _first_breach(branch, calendar, complaint, steps, now)
    if not late or complaint["tier"] >= ESCALATED_TIER:
        return False
    breach = {"clock": late["id"], "breached_at": late["breached_at"]}
    op = _op(part, "complaint.escalate", {"id": complaint["id"], "tier": ESCALATED_TIER, **breach}, now)
    return door.submit([op], people.SYSTEM, now)[0]["status"] == "applied"


def _first_breach(branch: dict, calendar: dict, complaint: dict, steps: list[dict], now: str) -> dict | None:
    schema, rules = shared_schema.load(), reference.docs("rule")
    clocks = complaint_clocks(schema, complaint, steps, calendar, rules, branch["code"], now)
    late = [c for c in clocks if c["breached_at"]]
    return min(late, key=lambda c: c["breached_at"], default=None)


def build_snapshots(storage: Storage, now: str) -> int:
    """Build the snapshots that are missing or have grown stale; return how many (SYNC.md, Snapshot)."""
    built = 0
    for branch in reference.docs("branch"):
        part = people.part_of(branch["code"])
        if snapshot.fresh(part, storage) is None and snapshot.build(part, storage, now):
            built += 1
    return built


def collect_tombstones(now: str) -> int:
    """Forget what left a partition long ago; return how many records (SYNC.md, Feed)."""
    before, collected = format_instant(parse_instant(now) - TOMBSTONE_MS), 0
    for branch in reference.docs("branch"):
        part = people.part_of(branch["code"])
        with db.write_transaction():
            feed.lock([part])
            collected += feed.collect_tombstones(part, before)
    return collected


def _op(part: str, kind: str, body: dict, now: str) -> dict:
    return {"id": new_id(), "kind": kind, "v": 1, "part": part, "body": body, "at": now}


def run_all(config: Config, now: str) -> dict[str, int]:
    """One round of everything, as the worker does every minute; a step that fails leaves the others alone."""
    db.ensure_usable()
    steps = {
        "tasks": lambda: generate_tasks(now),
        "overdue": lambda: mark_overdue(now),
        "tombstones": lambda: collect_tombstones(now),
        "snapshots": lambda: build_snapshots(open_storage(config), now),
        "blobs": lambda: blobs.sweep(open_storage(config), now),
        "imports": lambda: runs.sweep(config.data_dir, now),
    }
    done = {}
    for name, step in steps.items():
        try:
            done[name] = step()
        except Exception:
            log.exception("housekeeping.failed", step=name)
    return done
