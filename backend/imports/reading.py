"""What reading one cell gives, and how a cell looks to the person who typed it."""

import datetime
import re
from typing import Any, NamedTuple

from .spec import Field, message

EXACT_INTEGER = 10**15
_FORMULA_TEXT = re.compile(r'="?(.*?)"?', re.DOTALL)
Problem = dict[str, str]


class Read(NamedTuple):
    """A cell read: `value` (None: nothing there), at most one problem, at most one warning, each `(code,
    message)`."""

    value: Any = None
    problem: tuple[str, str] | None = None
    warning: tuple[str, str] | None = None


def as_text(value: Any) -> str:
    """A cell as text: whole numbers without `.0`; Excel's protections (`="138…"`, a leading ') removed."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ") if value.time() != datetime.time() else value.date().isoformat()
    if not isinstance(value, str):
        return "" if value is None else str(value)
    stripped = value.strip().removeprefix("'")
    if stripped.startswith('="'):
        found = _FORMULA_TEXT.fullmatch(stripped)
        stripped = found[1] if found else stripped
    return stripped.strip()


def shown(value: Any) -> str:
    """A cell for a message: short."""
    text = as_text(value)
    return text if len(text) <= 30 else text[:29] + "…"


def said(field: Field, value: str, code: str = "", warning: str = "", **details: Any) -> Read:
    """A read with a problem or a warning about a field, its text filled in."""
    filled = {"label": field.label, "value": shown(value), **details}
    problem = (code, message(code, **filled)) if code else None
    return Read(None, problem, (warning, message(warning, **filled)) if warning else None)
