"""Text as people type it, brought to one form: the same in Python and JavaScript, character by character."""

import re

# One list for both languages: str.strip() and String.trim() disagree on U+001C..1F, U+0085 and U+FEFF.
SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_EDGES = re.compile(f"\\A[{SPACE}]+|[{SPACE}]+\\Z")
_SPACES = re.compile(f"[{SPACE}]+")
_BLANK = re.compile(f"[{SPACE}]*")
_PLATE_NOISE = re.compile(f"[{SPACE}·•・.\\-]")
_PHONE_NOISE = re.compile(f"[{SPACE}()\\-.]")
_CHINA = re.compile(r"(?:\+|00)86(1[0-9]{10})")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
PATTERNS = {
    "id": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    "phone": re.compile(r"\+?[0-9]{5,20}"),
    "plate": re.compile(f"[{PROVINCES}][A-Z0-9][A-Z0-9]{{4,5}}[A-Z0-9挂学警港澳领]?"),
    "vin": re.compile(r"[A-HJ-NPR-Z0-9]{17}"),
    "signature": re.compile(r"[0-9]+ [0-9]+ M[0-9ML .\-]*"),
}
# Not storable everywhere (PostgreSQL refuses NUL) or not text at all: controls and lone surrogates.
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def trim(text: str) -> str:
    """Without white space at either end, by one list of characters for both languages."""
    return _EDGES.sub("", text)


def is_blank(text: str) -> bool:
    """Nothing but white space."""
    return _BLANK.fullmatch(text) is not None


def without_spaces(text: str) -> str:
    """Without any white space, for comparing wordings."""
    return _SPACES.sub("", text)


def length(text: str) -> int:
    """Length in code points, the unit of every `max` (an emoji of four code points counts four)."""
    return len(text)


def is_clean(text: str) -> bool:
    """No control characters except tab and line breaks, no half of a surrogate pair."""
    return _BROKEN.search(text) is None


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as ASCII: 「粤Ａ１２」 → 「粤A12」."""
    return text.translate(_FULL_WIDTH)


def upper_ascii(text: str) -> str:
    """a–z in upper case and nothing else, so that no language's case rules matter."""
    return text.translate(_UPPER)


def normal_plate(text: str) -> str:
    """A plate as stored: upper case, no dots, hyphens or spaces: 「粤a·12345」 → 「粤A12345」."""
    return upper_ascii(_PLATE_NOISE.sub("", half_width(text)))


def normal_vin(text: str) -> str:
    """A VIN as stored: 17 characters without spaces or hyphens, upper case."""
    return upper_ascii(_PLATE_NOISE.sub("", half_width(text)))


def normal_phone(text: str) -> str:
    """Digits with an optional leading +; a Chinese mobile number loses its country code (D-F9)."""
    digits = _PHONE_NOISE.sub("", half_width(text))
    mobile = _CHINA.fullmatch(digits)
    return mobile[1] if mobile else digits


def is_phone(text: str) -> bool:
    """5 to 20 ASCII digits, an optional + in front."""
    return PATTERNS["phone"].fullmatch(text) is not None


def is_plate(text: str) -> bool:
    """A Chinese plate in its stored form, new-energy ones (8 characters) included."""
    return PATTERNS["plate"].fullmatch(text) is not None


def is_vin(text: str) -> bool:
    """17 of A–Z without I, O, Q, and 0–9."""
    return PATTERNS["vin"].fullmatch(text) is not None


def is_id(text: str) -> bool:
    """A lower-case UUID."""
    return PATTERNS["id"].fullmatch(text) is not None


def is_signature(text: str) -> bool:
    """A signature as drawn: `<w> <h> M x y L x y …`, digits, M, L, points, minus and spaces only."""
    return PATTERNS["signature"].fullmatch(text) is not None
