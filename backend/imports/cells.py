"""Cells → values, one reader per kind of field. Nothing is guessed silently: a value, a problem, or both a
value
and a warning."""

import datetime
import math
import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, NamedTuple

from backend.domain import text

from .contacts import read_phones, read_plate, read_vin
from .dates import NotADate, as_instant, parse_when
from .reading import EXACT_INTEGER, Read, as_text, said, shown
from .spec import Field, plain, words

LONGEST_BLANK = 8
_MONEY = re.compile(r"(-?[0-9]+(?:\.[0-9]*)?|-?\.[0-9]+)(万)?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_UNITS = re.compile(r"^(?:RMB|CNY|人民币|[¥￥])|(?:元整|元|圆|块|KM|公里|千米|里)$")
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!)")
_SEPARATORS = re.compile(r"[、,，;；|\n\r\t]+")
_TYPES = re.compile(r"[、,，;；|/+＋&\s]+")
_ORDINAL = re.compile(r"^[(（]?[0-9]{1,2}[)）.、]\s*(?=[^0-9])")


def read_cell(field: Field, value: Any) -> Read:
    """What a cell says for a field: `value` None = nothing there. Never raises for any cell."""
    shown_value = as_text(value)
    if value is None or shown_value == "":
        return Read()
    if shown_value[0] == "#" and _ERROR.fullmatch(shown_value.upper()):
        return said(field, shown_value, warning="warn.formula_error")
    if any(sign in shown_value for sign in words("damaged")):
        return said(field, shown_value, "row.garbled")
    if len(shown_value) <= LONGEST_BLANK and plain(shown_value) in words("blank"):
        return Read()
    return READERS[field.kind](field, value)


def read_text(field: Field, value: Any) -> Read:
    """Text as typed, control characters and line breaks removed, at most `max` code points."""
    clean = text.trim(
        re.sub(r"\s+" if not field.spec.get("multiline") else r"[^\S\n]+", " ", _printable(as_text(value)))
    )
    if isinstance(value, float) and abs(value) > EXACT_INTEGER:
        return said(field, clean, "row.scientific")
    if field.name == "number" and re.fullmatch(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]+", clean):
        return said(field, clean, "row.scientific")
    if text.length(clean) > field.spec["max"]:
        return said(field, clean, "row.too_long", length=text.length(clean), max=field.spec["max"])
    return Read(clean or None)


def _printable(value: str) -> str:
    if value.isprintable():
        return value
    return "".join(sign for sign in value if unicodedata.category(sign) not in ("Cc", "Cs") or sign in "\n\t")


def read_date(field: Field, value: Any) -> Read:
    """A date `YYYY-MM-DD`; a time beside it is dropped."""
    try:
        moment, _ = parse_when(value)
    except (NotADate, OverflowError) as error:
        return said(field, shown(value), _code(error))
    return Read(moment.date().isoformat())


def read_instant(field: Field, value: Any) -> Read:
    """An instant; a cell with a date only takes the field's `time_if_missing`, with a warning."""
    try:
        moment, has_time = parse_when(value)
    except (NotADate, OverflowError) as error:
        return said(field, shown(value), _code(error))
    if has_time:
        return Read(as_instant(moment))
    time = datetime.time.fromisoformat(field.time_if_missing)
    read = said(field, shown(value), warning="warn.no_time", time=field.time_if_missing)
    return read._replace(value=as_instant(datetime.datetime.combine(moment.date(), time)))


def _code(error: Exception) -> str:
    return str(error) if isinstance(error, NotADate) else "row.date_range"


class _Amount(NamedTuple):
    amount: Decimal
    exact: bool


def _amount(value: Any) -> Decimal | None:
    """A number as written; floats as Excel shows them (15 digits), so that 1627.5200000000001 is 1627.52."""
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, (int, float)):
        return Decimal(format(value, ".15g")) if abs(value) < EXACT_INTEGER else Decimal(value)
    clean = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value))).upper()
    clean = _UNITS.sub("", _UNITS.sub("", clean))
    if _THOUSANDS.fullmatch(clean):
        clean = clean.replace(",", "")
    found = _MONEY.fullmatch(clean)
    if not found:
        return None
    try:
        return Decimal(found[1]) * (10_000 if found[2] else 1)
    except InvalidOperation:
        return None


def read_money(field: Field, value: Any) -> Read:
    """Money in fen, without a float in between: 「￥1,627.5元」 → 162750."""
    amount = _amount(value)
    if amount is None:
        return said(field, shown(value), "row.money_format")
    fen = (
        (amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        if abs(amount) < 10**15
        else Decimal(10**17)
    )
    low, high = field.spec["min"], field.spec["max"]
    if not low <= fen <= high:
        return said(field, shown(value), "row.range", min=low // 100, max=high // 100)
    read = Read(int(fen))
    if fen != amount * 100:
        return said(field, shown(value), warning="warn.rounded")._replace(value=int(fen))
    return read


def read_integer(field: Field, value: Any) -> Read:
    """A whole number in the field's range; fractions are cut (a mileage of 36448.6 is 36448)."""
    amount = _amount(value)
    if amount is None:
        return said(field, shown(value), "row.number_format")
    low, high = field.spec["min"], field.spec["max"]
    if not low <= amount <= high:
        return said(field, shown(value), "row.range", min=low, max=high)
    return Read(int(amount))


def read_boolean(field: Field, value: Any) -> Read:
    """是/否, Y/N, 1/0, 同意/不同意 and their like."""
    if isinstance(value, bool):
        return Read(value)
    word = plain(as_text(value))
    if word in words("yes"):
        return Read(True)
    if word in words("no"):
        return Read(False)
    return said(field, shown(value), "row.not_in_list", choices="是、否")


def read_code(field: Field, value: Any) -> Read:
    """A code of the field's list, by code, label or synonym; several at once → the weightiest, with a
    warning."""
    word = plain(as_text(value))
    if word in field.absent:
        return Read()
    found = _one_code(field, word) or _one_code(field, re.sub(r"[(（\[【].*?[)）\]】]", "", word))
    if found:
        return Read(found)
    parts = {_one_code(field, part) for part in _TYPES.split(word) if part}
    order = list(dict.fromkeys(field.values.values()))
    several = sorted((code for code in parts if code), key=order.index)
    if several and None not in parts:
        guess = said(field, shown(value), warning="warn.guessed", choice=field.choices[several[0]])
        return guess._replace(value=several[0])
    return said(field, shown(value), "row.not_in_list", choices="、".join(field.choices.values()))


def _one_code(field: Field, word: str) -> str | None:
    if word.lower() in field.choices:
        return word.lower()
    return field.values.get(word) or next(
        (code for code, label in field.choices.items() if label == word), None
    )


def read_items(field: Field, value: Any) -> Read:
    """A list of texts from one cell, separated by 、 , ; or lines; a numbering in front is dropped."""
    parts = (_ORDINAL.sub("", text.trim(_printable(part))) for part in _SEPARATORS.split(as_text(value)))
    items = list(dict.fromkeys(re.sub(r"\s+", " ", part) for part in parts if part))
    longest = max(map(text.length, items), default=0)
    if longest > field.spec["of"]["max"]:
        return said(field, shown(value), "row.too_long", length=longest, max=field.spec["of"]["max"])
    if len(items) > field.spec["max"]:
        return said(field, shown(value), "row.too_many", count=len(items), max=field.spec["max"])
    return Read(items or None)


READERS: dict[str, Callable[[Field, Any], Read]] = {
    "text": read_text,
    "date": read_date,
    "instant": read_instant,
    "money": read_money,
    "integer": read_integer,
    "boolean": read_boolean,
    "code": read_code,
    "items": read_items,
    "phones": read_phones,
    "plate": read_plate,
    "vin": read_vin,
}
