"""Dates and times as people and systems write them; an order of day and month is never guessed."""

import datetime
import re
import unicodedata

from backend.domain.timing import LOCAL_MS, format_instant

When = tuple[datetime.datetime, bool]
FIRST_YEAR, LAST_YEAR = 1900, 2099
SERIAL_ORIGIN = datetime.datetime(1899, 12, 30)
SERIALS = (1, 73_050)  # 1899-12-31 to 2099-12-31
_EPOCH = datetime.datetime(1970, 1, 1)
_TIME = (
    r"(?:[T ]*(?P<half>上午|下午|晚上|中午|早上|AM|PM)?\s*"
    r"(?P<hour>[0-9]{1,2})[:时点](?P<minute>[0-9]{1,2})分?"
    r"(?::?(?P<second>[0-9]{1,2})秒?(?:[.,](?P<milli>[0-9]{1,9}))?)?\s*(?P<half2>AM|PM)?"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_WEEKDAY = r"(?:\s*[(]?(?:星期|周)[一二三四五六日天][)]?)?"
_YMD = re.compile(
    r"(?P<year>[0-9]{4})\s*[-/.年]\s*(?P<month>[0-9]{1,2})\s*[-/.月]\s*(?P<day>[0-9]{1,2})日?号?"
    + _WEEKDAY
    + _TIME
)
_COMPACT = re.compile(
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?:(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?)?"
)
_SPACED = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})" + _TIME)
_SHORT_CHINESE = re.compile(r"(?P<year>[0-9]{2})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号]?" + _TIME)
_YEAR_LAST = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}(?:[^0-9].*)?")
_SHORT = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:[^0-9].*)?")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_AFTERNOON = {"下午", "晚上", "PM"}


class NotADate(ValueError):
    """Carries the code of the problem: `row.date_format`, `_order`, `_year`, `_missing_day` or `_range`."""


def parse_when(value: object) -> When:
    """`(local date and time, has a time)` of a cell: Excel serial, date object or text.

    Accepts 2026-11-19, 2026/11/19 11:15, 2026年11月19日, 20261119, 下午3:15, ISO 8601 with zone (brought
    to UTC+8).
    :raise NotADate: anything else; 11-19-2026 and 26/11/19 are ambiguous and never guessed.
    """
    if isinstance(value, bool):
        raise NotADate("row.date_format")
    if isinstance(value, datetime.datetime):
        return _checked(_to_second(value))
    if isinstance(value, (int, float)):
        return _from_number(value)
    return _from_text(str(value))


def _from_number(value: float) -> When:
    if isinstance(value, int) and 19_000_101 <= value <= 20_991_231:
        return _from_text(str(value))
    if not SERIALS[0] <= value <= SERIALS[1]:
        raise NotADate("row.date_format")
    return _checked(_to_second(SERIAL_ORIGIN + datetime.timedelta(days=value)))


def _from_text(value: str) -> When:
    text = unicodedata.normalize("NFKC", value).strip().upper()
    for pattern in (_YMD, _COMPACT, _SPACED, _SHORT_CHINESE):
        found = pattern.fullmatch(text)
        if found:
            return _built(found.groupdict())
    if _SERIAL.fullmatch(text):
        return _from_number(float(text))
    if _YEAR_LAST.fullmatch(text):
        raise NotADate("row.date_order")
    raise NotADate("row.date_year" if _SHORT.fullmatch(text) else "row.date_format")


def _built(part: dict[str, str | None]) -> When:
    year = int(part["year"] or 0)
    numbers = [int(part.get(name) or 0) for name in ("month", "day", "hour", "minute", "second")]
    if len(part["year"] or "") == 2:
        year += 2000
    half = part.get("half") or part.get("half2")
    if half and numbers[2] <= 12:
        numbers[2] = _hour(numbers[2], half)
    try:
        moment = datetime.datetime(year, *numbers)  # type: ignore[arg-type]
    except ValueError as error:
        raise NotADate("row.date_missing_day") from error
    return _checked(_local(moment, part.get("zone")), part.get("hour") is not None)


def _hour(hour: int, half: str) -> int:
    if half in _AFTERNOON:
        return hour % 12 + 12
    return hour % 12 if half in ("AM", "上午", "早上") else hour


def _local(moment: datetime.datetime, zone: str | None) -> datetime.datetime:
    if not zone:
        return moment
    digits = "+0000" if zone == "Z" else zone.replace(":", "")
    ahead = datetime.timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    utc = moment - ahead if digits[0] == "+" else moment + ahead
    return utc + datetime.timedelta(milliseconds=LOCAL_MS)


def _to_second(moment: datetime.datetime) -> datetime.datetime:
    """To the nearest second: Excel keeps times as fractions of a day, a hair off."""
    return (moment + datetime.timedelta(milliseconds=500)).replace(microsecond=0, tzinfo=None)


def _checked(moment: datetime.datetime, has_time: bool | None = None) -> When:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise NotADate("row.date_range")
    midnight = moment.time() == datetime.time()
    return moment, (not midnight if has_time is None else has_time)


def as_instant(moment: datetime.datetime) -> str:
    """The instant at which wall clocks at UTC+8 show this."""
    return format_instant(round((moment - _EPOCH).total_seconds()) * 1000 - LOCAL_MS)
