"""Instants, dates and times of day as the strings they are stored as; local time is UTC+8, always."""

import re
from datetime import date as Date

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000
LOCAL_MS = 8 * HOUR_MS
EPOCH_DAY = Date(1970, 1, 1).toordinal()
# What people may write; reckoning goes on beyond, so that no clock or calendar ever overflows.
FIRST_YEAR, LAST_YEAR = 1900, 2199

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_INSTANT = re.compile(_DATE.pattern + "T" + _TIME.pattern + r":([0-5][0-9])\.([0-9]{3})Z")


def _day_number(year: str, month: str, day: str) -> int | None:
    try:
        return Date(int(year), int(month), int(day)).toordinal() - EPOCH_DAY
    except ValueError:
        return None


def is_date(text: str) -> bool:
    """`YYYY-MM-DD` from 1900-01-01 to 2199-12-31 that exists in the calendar: 2024-02-30 does not."""
    return _is_acceptable(_DATE.fullmatch(text))


def is_time(text: str) -> bool:
    """`HH:MM`, 00:00 to 23:59."""
    return _TIME.fullmatch(text) is not None


def is_instant(text: str) -> bool:
    """`YYYY-MM-DDTHH:MM:SS.mmmZ` on such a date (no leap seconds)."""
    return _is_acceptable(_INSTANT.fullmatch(text))


def _is_acceptable(parts: re.Match[str] | None) -> bool:
    if parts is None or not FIRST_YEAR <= int(parts[1]) <= LAST_YEAR:
        return False
    return _day_number(*parts.groups()[:3]) is not None


def parse_instant(text: str) -> int:
    """Milliseconds since 1970-01-01 UTC. :raise ValueError: not an instant (check it before)."""
    parts = _INSTANT.fullmatch(text)
    day = _day_number(*parts.groups()[:3]) if parts else None
    if parts is None or day is None:
        raise ValueError(f"not an instant: {text!r}")
    hour, minute, second, milli = (int(part) for part in parts.groups()[3:])
    return day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * 1000 + milli


def format_instant(milliseconds: int) -> str:
    """The stored form of milliseconds since 1970 (UTC)."""
    day, rest = divmod(milliseconds, DAY_MS)
    hour, rest = divmod(rest, HOUR_MS)
    minute, rest = divmod(rest, MINUTE_MS)
    second, milli = divmod(rest, 1000)
    return f"{_date_of(day)}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"


def _date_of(day: int) -> str:
    return Date.fromordinal(day + EPOCH_DAY).isoformat()


def _day_of(date: str) -> int:
    parts = _DATE.fullmatch(date)
    day = _day_number(*parts.groups()) if parts else None
    if day is None:
        raise ValueError(f"not a date: {date!r}")
    return day


def local_date(instant: str) -> str:
    """The calendar date at UTC+8."""
    return _date_of((parse_instant(instant) + LOCAL_MS) // DAY_MS)


def local_time(instant: str) -> str:
    """The wall clock `HH:MM` at UTC+8."""
    minutes = (parse_instant(instant) + LOCAL_MS) % DAY_MS // MINUTE_MS
    return f"{minutes // 60:02}:{minutes % 60:02}"


def minute_of_day(time: str) -> int:
    """Minutes since midnight of an `HH:MM`."""
    return int(time[:2]) * 60 + int(time[3:])


def at_local(date: str, time: str) -> str:
    """The instant at which wall clocks at UTC+8 show this date and time."""
    return format_instant(_day_of(date) * DAY_MS + minute_of_day(time) * MINUTE_MS - LOCAL_MS)


def add_days(date: str, days: int) -> str:
    """The date `days` later (earlier when negative)."""
    return _date_of(_day_of(date) + days)


def add_hours(instant: str, hours: int) -> str:
    """The instant `hours` later."""
    return format_instant(parse_instant(instant) + hours * HOUR_MS)


def weekday(date: str) -> int:
    """0 = Monday … 6 = Sunday."""
    return (_day_of(date) + 3) % 7
