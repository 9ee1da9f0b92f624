"""All branches side by side for head office: hand-overs, callbacks, complaints with clocks, tablets
(D-R4).
"""

import json

import shared_schema
from backend.domain.calendar import is_open, make_calendar
from backend.domain.clocks import complaint_clocks
from backend.domain.timing import add_days, at_local, local_date, local_time
from backend.models import reports
from backend.models.group import GROUP
from backend.models.scope import Scope
from backend.models.sync import Device, Feed
from backend.sync import people, reference


def branches(scope: Scope, now: str) -> list[dict]:
    """A row a branch: `{code, name, handover, callbacks, complaints, breaches, tablets}`, as of `now`."""
    figures = _Figures(scope, now)
    shown = [b for b in reference.docs("branch") if people.part_of(b["code"]) in scope and b.get("active")]
    return [figures.row(branch) for branch in sorted(shown, key=lambda b: b["code"])]


class _Figures:
    """One query a figure for all branches; rows only pick."""

    def __init__(self, scope: Scope, now: str):
        self.now, self.today = now, local_date(now)
        month, tomorrow = self.today[:8] + "01", add_days(self.today, 1)
        self.start, self.end = at_local(self.today, "00:00"), at_local(tomorrow, "00:00")
        self.handovers = reports.handovers_on(scope, self.today)
        self.deliveries = reports.deliveries_on(scope, self.today)
        self.repairs = reports.repairs_between(scope, self.start, self.end)
        self.tasks = reports.tasks_between(scope, at_local(month, "00:00"), self.end)
        self.overdue = reports.overdue_tasks(scope, now)
        self.complaints = reports.open_complaints(scope)

    def row(self, branch: dict) -> dict:
        part = people.part_of(branch["code"])
        calendar = make_calendar(branch, reference.docs("holiday_year"))
        complaints = [self._complaint(branch, calendar, c, s) for p, c, s in self.complaints if p == part]
        return {
            **{"code": branch["code"], "name": branch["name"], "short_name": branch["short_name"]},
            "open_today": is_open(calendar, self.today),
            "handover": {
                kind: self._handover(part, branch, calendar, kind) for kind in ("delivery", "repair")
            },
            "callbacks": self._callbacks(part),
            "complaints": complaints,
            "breaches": sum(any(clock["breached_at"] for clock in c["clocks"]) for c in complaints),
            "tablets": _tablets(branch["code"]),
        }

    def _handover(self, part: str, branch: dict, calendar: dict, kind: str) -> dict:
        doc = self.handovers.get((part, kind))
        imported = (self.deliveries if kind == "delivery" else self.repairs).get(part, 0)
        if doc:
            state = "received" if doc.get("received_at") else "sent"
        elif not is_open(calendar, self.today):
            state = "closed"
        else:
            state = "missing" if local_time(self.now) >= branch["close"] else "waiting"
        return {
            "state": state,
            "nil": bool(doc and doc["nil"]),
            "count": doc and doc["count"],
            "imported": imported,
        }

    def _callbacks(self, part: str) -> dict:
        by_state: dict[str, int] = {}
        for task_part, state, count in self.tasks:
            if task_part == part:
                by_state[state] = by_state.get(state, 0) + count
        done = by_state.get("done", 0)
        return {"due": sum(by_state.values()), "done": done, "overdue": self.overdue.get(part, 0)}

    def _complaint(self, branch: dict, calendar: dict, complaint: dict, steps: list[dict]) -> dict:
        schema, rules = shared_schema.load(), reference.docs("rule")
        clocks = complaint_clocks(schema, complaint, steps, calendar, rules, branch["code"], self.now)
        shown = ("id", "number", "state", "severity", "round", "tier", "heard_at")
        return {**{name: complaint.get(name) for name in shown}, "clocks": clocks}


def _tablets(branch_code: str) -> list[dict]:
    people_here = {
        person["id"]: person["name"]
        for person in reference.docs("staff")
        if any(post["branch"] == branch_code for post in person["posts"])
    }
    rows = (
        Device.select()
        .where(Device.staff_id.in_(list(people_here)))
        .order_by(Device.seen_at.desc())
        .limit(50)
    )
    return [
        {
            "name": row.name,
            "seen_at": row.seen_at,
            "pending": row.pending,
            "person": people_here[row.staff_id],
        }
        for row in rows
    ]


def publications() -> list[dict]:
    """The newest version of every script, questionnaire and plan, and which tablets have it (D-S8)."""
    newest: dict[tuple[str, str], dict] = {}
    for kind in ("script", "questionnaire", "plan"):
        for doc in reference.docs(kind):
            key = (kind, doc["code"])
            if key not in newest or newest[key]["version"] < doc["version"]:
                newest[key] = doc
    devices = [row for row in Device.select().where(Device.state == "active") if row.staff_id]
    return [_publication(kind, doc, devices) for (kind, _code), doc in sorted(newest.items())]


def _publication(kind: str, doc: dict, devices: list[Device]) -> dict:
    where = (Feed.part == GROUP) & (Feed.kind == kind) & (Feed.id == doc["id"])
    seq = Feed.get(where).seq
    reached = [row.name for row in devices if (json.loads(row.cursors).get(GROUP) or [None, 0])[1] >= seq]
    shown = ("id", "code", "version", "title", "published_at", "published_by")
    head = {name: doc.get(name) for name in shown}
    return {"kind": kind, **head, "reached": reached, "devices": len(devices)}
