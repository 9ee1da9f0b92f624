"""The Liquid filters of the paper forms, kept apart because `frontend/src/forms/filters.js` is their twin.

Each filter takes one JSON value and gives a string; null gives "", and what it does not understand comes
back unchanged, so that a sheet always prints. Vectors: tests/exports/cases/filters.json.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from exports.qr import qr_path

LOCAL = timedelta(hours=8)
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
PLATE = re.compile(r"([\u4e00-\u9fff][A-Z])([A-Z0-9\u4e00-\u9fff]{4,7})")
PHONES = (
    re.compile(r"(\+86)?(1[0-9]{2})([0-9]{4})([0-9]{4})"),
    re.compile(r"(\+86)?(400|800)([0-9]{3})([0-9]{4})"),
    re.compile(r"(\+86)?(010|02[0-9])([0-9]{4})([0-9]{3,4})"),
    re.compile(r"(\+86)?(0[3-9][0-9]{2})([0-9]{3,4})([0-9]{4})"),
)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _shifted(value: object) -> datetime | None:
    """The local (UTC+8) moment of an instant string, or None when it is not one."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ") + LOCAL
    except (ValueError, OverflowError):
        return None


def date_cn(value: object) -> str:
    """A date, or the local day of an instant, as 「2026年11月22日」."""
    moment = _shifted(value)
    text = moment.strftime("%Y-%m-%d") if moment else _text(value)
    found = DATE.fullmatch(text)
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日" if found else text


def instant_cn(value: object) -> str:
    """An instant as local time (UTC+8) to the minute: `2026-11-22 13:45`."""
    moment = _shifted(value)
    return moment.strftime("%Y-%m-%d %H:%M") if moment else _text(value)


def phone_groups(value: object) -> str:
    """A phone number in the groups people read aloud: `138 0013 8000`, `+86 138 0013 8000`."""
    text = _text(value)
    for pattern in PHONES:
        if found := pattern.fullmatch(text):
            return " ".join(part for part in found.groups() if part)
    return text


def money_cny(value: object) -> str:
    """Fen as yuan: 123456 → `¥1,234.56`."""
    if not isinstance(value, int) or isinstance(value, bool):
        return _text(value)
    yuan, fen = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}¥{yuan:,}.{fen:02d}"


def plate_dot(value: object) -> str:
    """A plate with the dot it carries on the car: `粤A12345` → `粤A·12345`."""
    text = _text(value)
    found = PLATE.fullmatch(text)
    return f"{found[1]}·{found[2]}" if found else text


def kilometres(value: object) -> str:
    """A mileage: 12345 → `12,345 公里`."""
    return f"{value:,} 公里" if isinstance(value, int) and not isinstance(value, bool) else _text(value)


def minutes_cn(value: object) -> str:
    """Minutes as people say them: 125 → `2 小时 5 分`, 40 → `40 分`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return _text(value)
    hours, minutes = divmod(value, 60)
    return f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分"


def make_filters(schema: dict) -> dict[str, Callable[..., str]]:
    """All filters by name; `schema` is `shared_schema.load()`, whose lists give the labels."""

    def label(value: object, list_name: str) -> str:
        """The Chinese label of a code: `{{ outcome | label: "outcome" }}`; an unknown code stays."""
        items = schema["lists"].get(list_name, {}).get("items", [])
        return next((item["label"] for item in items if item["code"] == value), _text(value))

    return {
        "date_cn": date_cn,
        "instant_cn": instant_cn,
        "phone_groups": phone_groups,
        "money_cny": money_cny,
        "plate_dot": plate_dot,
        "kilometres": kilometres,
        "minutes_cn": minutes_cn,
        "qr_path": qr_path,
        "label": label,
    }
