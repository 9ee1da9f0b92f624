"""A branch's days and hours: weekly days off, public holidays, make-up days 「调休」, lunch (D-K3)."""

from typing import Any

from .timing import (
    DAY_MS,
    MINUTE_MS,
    add_days,
    at_local,
    local_date,
    parse_instant,
    weekday,
)

Doc = dict[str, Any]
Calendar = dict[str, Any]
_LOOK_AHEAD_DAYS = 400
_LONGEST_SPAN_DAYS = 400


def make_calendar(branch: Doc, holiday_years: list[Doc]) -> Calendar:
    """Opening hours and days of a branch. Holidays and make-up days bind only a branch that keeps them."""
    keeps = bool(branch.get("holidays_closed"))
    return {
        "open": branch["open"],
        "close": branch["close"],
        "lunch_from": branch["lunch_from"],
        "lunch_to": branch["lunch_to"],
        "days_off": frozenset(branch.get("days_off") or []),
        "off": frozenset(day for year in holiday_years for day in year.get("off") or [] if keeps),
        "work": frozenset(day for year in holiday_years for day in year.get("work") or [] if keeps),
    }


def is_open(calendar: Calendar, date: str) -> bool:
    """Open on that date? A make-up day is open even on a weekly day off; a public holiday is closed."""
    if date in calendar["work"]:
        return True
    return date not in calendar["off"] and weekday(date) not in calendar["days_off"]


def opening(calendar: Calendar, date: str) -> str:
    """The instant of opening on that date, whether open or not."""
    return at_local(date, calendar["open"])


def closing(calendar: Calendar, date: str) -> str:
    """The instant of closing on that date, whether open or not."""
    return at_local(date, calendar["close"])


def next_open_day(calendar: Calendar, date: str) -> str:
    """The first open day after a date; the very next day when the branch never opens."""
    for days in range(1, _LOOK_AHEAD_DAYS):
        if is_open(calendar, add_days(date, days)):
            return add_days(date, days)
    return add_days(date, 1)


def end_of_same_day(calendar: Calendar, instant: str) -> str:
    """Closing time of that day; after closing, or on a closed day, closing of the next open day."""
    date = local_date(instant)
    if is_open(calendar, date) and parse_instant(instant) <= parse_instant(closing(calendar, date)):
        return closing(calendar, date)
    return closing(calendar, next_open_day(calendar, date))


def working_minutes(calendar: Calendar, from_instant: str, to_instant: str) -> int:
    """Whole minutes of opening hours without lunch between two instants; 0 when they are reversed.

    Of a span longer than 400 days only the first 400 (of 24 hours each) count, so that no mistyped year
    keeps a clock busy.
    """
    start = parse_instant(from_instant)
    end = min(parse_instant(to_instant), start + _LONGEST_SPAN_DAYS * DAY_MS)
    if end <= start:
        return 0
    date, total = local_date(from_instant), 0
    for _ in range((end - start) // DAY_MS + 2):
        if is_open(calendar, date):
            total += sum(_shared(start, end, *span) for span in _spans(calendar, date))
        date = add_days(date, 1)
    return total // MINUTE_MS


def _spans(calendar: Calendar, date: str) -> list[tuple[int, int]]:
    times = [calendar[name] for name in ("open", "lunch_from", "lunch_to", "close")]
    edges = [parse_instant(at_local(date, time)) for time in times]
    return [(edges[0], edges[1]), (edges[2], edges[3])]


def _shared(start: int, end: int, low: int, high: int) -> int:
    return max(0, min(end, high) - max(start, low))
