"""Phones, plates and VINs as they stand in exports: the three things a file is found by, and the most
often damaged."""

import re
import unicodedata
from typing import Any

from backend.domain import text

from .reading import EXACT_INTEGER, Read, as_text, said
from .spec import Field, plain, words

_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,2}")
_SPLIT = re.compile(r"[/、,，;；|\\\n\r\t]+|或|和")
_EXTENSION = re.compile(r"(?:转|EXT\.?|分机|#|[-－])[0-9]{1,6}$")
_NOTE = re.compile(r"[(（\[【][^0-9)）]*[)）\]】]|[\u4e00-\u9fff:：]+")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[0-9]{2,3}[2-9][0-9]{6,7}")
_SHORT = re.compile(r"[2-9][0-9]{6,7}|[48]00[0-9]{7}|9[56][0-9]{3,6}|1[0-9]{4}")
_ABROAD = re.compile(r"(?:\+|00)(?!86)[1-9][0-9]{6,14}")
_CHINA_LANDLINE = re.compile(r"(?:\+|00)?86(0?[1-9][0-9]{8,10})")
_LOST_ZERO = re.compile(r"[1-9][0-9]{8,10}")
_PLATE = re.compile(r".[A-Z][A-Z0-9]{4,5}[A-Z0-9挂学警港澳领使]")
VALUES = (
    dict(zip("ABCDEFGH", range(1, 9), strict=True))
    | dict(zip("JKLMN", range(1, 6), strict=True))
    | {"P": 7, "R": 9}
    | dict(zip("STUVWXYZ", range(2, 10), strict=True))
    | {str(digit): digit for digit in range(10)}
)
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def read_phones(field: Field, value: Any) -> Read:
    """Every phone of a cell, stored form, in order, once each; bad ones beside good ones are left out with
    a warning."""
    said_text = as_text(value)
    if _SCIENTIFIC.fullmatch(said_text) or (isinstance(value, float) and abs(value) >= EXACT_INTEGER):
        return said(field, said_text, "row.scientific")
    good: list[str] = []
    bad: list[str] = []
    for part in _parts(said_text):
        phone = phone_of(part)
        (good if phone else bad).append(phone or part)
    good = list(dict.fromkeys(good))
    if not good and bad:
        return _bad_phone(field, bad[0])
    if len(good) > field.spec["max"]:
        return said(field, said_text, "row.too_many", count=len(good), max=field.spec["max"])
    read = Read(good or None)
    if bad:
        return said(field, bad[0], warning="warn.phone_dropped")._replace(value=good)
    lost = next((phone for phone in good if not _surely(phone)), None)
    return said(field, lost, warning="warn.phone_zero")._replace(value=good) if lost else read


def _bad_phone(field: Field, part: str) -> Read:
    digits = re.sub(r"[^0-9]", "", part)
    if "*" in part or "＊" in part:
        return said(field, part, "row.masked")
    if digits.startswith("1") and re.fullmatch(r"[0-9\s+-]+", part):
        return said(field, part, "row.phone_length", length=len(digits))
    return said(field, part, "row.phone_format")


def _parts(value: str) -> list[str]:
    """The numbers of a cell: separated by / 、 , ; or lines, or by spaces when only the pieces are
    numbers."""
    parts: list[str] = []
    for part in _SPLIT.split(unicodedata.normalize("NFKC", value)):
        pieces = part.split()
        whole = phone_of(part) is not None
        parts += pieces if not whole and all(map(phone_of, pieces)) else [part]
    return [part.strip() for part in parts if plain(part) and plain(part) not in words("blank")]


def phone_of(part: str) -> str | None:
    """One phone in its stored form, or None: mobile, landline, 400, short and foreign numbers; 「转801」
    is dropped."""
    bare = _NOTE.sub("", part) if not re.search(r"转|分机", part) else part
    for candidate in (bare, _EXTENSION.sub("", part)):
        phone = text.normal_phone(candidate)
        domestic = _CHINA_LANDLINE.fullmatch(phone)
        if domestic:
            local = domestic[1]
            phone = local if _MOBILE.fullmatch(local) or local.startswith("0") else "0" + local
        if _surely(phone) or _lost_zero(phone):
            return phone
    return None


def _surely(phone: str) -> bool:
    return any(pattern.fullmatch(phone) for pattern in (_MOBILE, _LANDLINE, _SHORT, _ABROAD))


def _lost_zero(phone: str) -> bool:
    return bool(_LOST_ZERO.fullmatch(phone)) and bool(_LANDLINE.fullmatch("0" + phone)) and phone[0] != "1"


def read_plate(field: Field, value: Any) -> Read:
    """A plate in its stored form; 临牌, 无牌, 未上牌 and the like mean that there is none yet."""
    said_text = as_text(value)
    word = plain(said_text)
    bare = word.strip("()（）·.-")
    if bare in words("no_plate") or word.startswith("临") or word.endswith("临"):
        return Read()
    plate = text.normal_plate(unicodedata.normalize("NFKC", said_text))
    if "*" in plate:
        return said(field, said_text, "row.masked")
    fits = text.is_plate(plate) and (_PLATE.fullmatch(plate) or plate.startswith("使"))
    return Read(plate) if fits else said(field, said_text, "row.plate_format")


def read_vin(field: Field, value: Any) -> Read:
    """A VIN in its stored form; I, O, Q and a wrong length are problems, a wrong check digit only a
    warning."""
    said_text = as_text(value)
    if isinstance(value, float) or _SCIENTIFIC.fullmatch(said_text):
        return said(field, said_text, "row.scientific")
    vin = text.normal_vin(unicodedata.normalize("NFKC", said_text))
    if "*" in vin:
        return said(field, said_text, "row.masked")
    if not re.fullmatch(r"[A-Z0-9]*", vin):
        return said(field, said_text, "row.vin_format")
    if len(vin) != 17:
        return said(field, said_text, "row.vin_length", length=len(vin))
    if not text.is_vin(vin):
        return said(field, said_text, "row.vin_letters")
    return (
        Read(vin) if check_digit_fits(vin) else said(field, vin, warning="warn.vin_check")._replace(value=vin)
    )


def check_digit_fits(vin: str) -> bool:
    """GB 16735: the ninth character is the weighted sum modulo 11, X for ten."""
    rest = sum(VALUES[sign] * weight for sign, weight in zip(vin, WEIGHTS, strict=True)) % 11
    return vin[8] == ("X" if rest == 10 else str(rest))
