"""Deadlines of a complaint, from its history: elapsed hours, or "the same day" by branch calendar (D-K3)."""

from typing import Any

from .calendar import Calendar, end_of_same_day, working_minutes
from .rules import rule
from .timing import HOUR_MS, MINUTE_MS, format_instant, parse_instant

Doc = dict[str, Any]
Clock = dict[str, Any]


def complaint_clocks(
    schema: Doc,
    complaint: Doc,
    steps: list[Doc],
    calendar: Calendar,
    rules: list[Doc],
    branch_code: str | None,
    now: str,
) -> list[Clock]:
    """All clocks of a complaint, in table order and by round.

    `[{id, label, round, started_at, due_at, stopped_at|null, breached_at|null, state, left_minutes,
    elapsed_minutes, working_minutes}]`; state is running, soon, late, met or missed. A clock is late only
    after its due instant, and the breach is dated there, whenever it was noticed.
    """
    table = schema["workflows"]["complaint"]
    soon = rule(schema, rules, "deadline.soon_minutes", branch_code)
    ordered = in_order(steps)
    found = []
    for clock in table["clocks"]:
        for span in _spans(table, clock, complaint, ordered):
            due = _due(schema, clock, span["started_at"], calendar, rules, branch_code)
            head = {"id": clock["id"], "label": clock["label"], **span, "due_at": due}
            found.append(_read(head, calendar, soon, now))
    return found


def in_order(steps: list[Doc]) -> list[Doc]:
    """Steps as the server took them: each leaves the state the one before led to.

    Times only choose between steps that leave the same state, so a tablet with a wrong clock cannot turn the
    history round. Steps that hang on nothing come last.
    """
    waiting = sorted(steps, key=lambda s: (s["round"], s["happened_at"], s["entered_at"], s["id"]))
    ordered: list[Doc] = []
    while waiting:
        state = ordered[-1]["to_state"] if ordered else None
        following = next((s for s in waiting if s.get("from_state") == state), waiting[0])
        waiting.remove(following)
        ordered.append(following)
    return ordered


def _spans(table: Doc, clock: Doc, complaint: Doc, steps: list[Doc]) -> list[Doc]:
    """`[{round, started_at, stopped_at}]`: one per clock, or one per round when a step starts it."""
    if "field" in clock["start"]:
        span = {"round": 1, "started_at": complaint[clock["start"]["field"]], "stopped_at": None}
        stops = [step["happened_at"] for step in steps if step["step"] in clock["stop"]]
        return [{**span, "stopped_at": stops[-1] if stops else None}]
    running = _leading_to(table, [clock["start"]["step"]])
    stopped = _leading_to(table, clock["stop"])
    spans: dict[int, Doc] = {}
    for step in steps:
        _walk(spans, clock, step, running, stopped)
    return [spans[number] for number in sorted(spans)]


def _walk(spans: dict[int, Doc], clock: Doc, step: Doc, running: set[str], stopped: set[str]) -> None:
    """One step of history: starts, stops, a return that reopens, a return that takes the start back."""
    number, at = step["round"], step["happened_at"]
    if step["step"] == clock["start"]["step"]:
        spans[number] = {"round": number, "started_at": at, "stopped_at": None}
    elif number not in spans:
        return
    elif step["step"] in clock["stop"]:
        spans[number]["stopped_at"] = at
    elif step["to_state"] in running and step.get("from_state") in stopped:
        spans[number]["stopped_at"] = None
    elif step.get("from_state") in running:
        del spans[number]


def _leading_to(table: Doc, codes: list[str]) -> set[str]:
    return {row["to"] for row in table["steps"] if row["code"] in codes}


def _due(
    schema: Doc, clock: Doc, started_at: str, calendar: Calendar, rules: list[Doc], branch_code: str | None
) -> str:
    if "hours" in clock:
        hours = rule(schema, rules, clock["hours"], branch_code)
        return format_instant(parse_instant(started_at) + hours * HOUR_MS)
    return end_of_same_day(calendar, started_at)


def _read(head: Doc, calendar: Calendar, soon_minutes: int, now: str) -> Clock:
    until = head["stopped_at"] or now
    due, end = parse_instant(head["due_at"]), parse_instant(until)
    if head["stopped_at"]:
        state = "met" if end <= due else "missed"
    else:
        state = "late" if end > due else "soon" if due - end <= soon_minutes * MINUTE_MS else "running"
    return {
        **head,
        "breached_at": head["due_at"] if state in ("late", "missed") else None,
        "state": state,
        "left_minutes": (due - end) // MINUTE_MS,
        "elapsed_minutes": max(0, end - parse_instant(head["started_at"])) // MINUTE_MS,
        "working_minutes": working_minutes(calendar, head["started_at"], until),
    }
