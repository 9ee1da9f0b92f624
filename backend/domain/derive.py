"""Fields the server works out itself, in one place: the door calls this for every document it stores."""

import re
from typing import Any

from pypinyin import Style, lazy_pinyin

from .text import half_width

Doc = dict[str, Any]
_MAX = 200
_RUNS = re.compile("[a-z0-9]+|[^\x00-\x7f]+")
# Characters that are read differently when they are a surname; pypinyin gives the commoner reading.
_SURNAMES = {
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "长孙": "zhang sun",
    "单于": "chan yu",
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "区": "ou",
    "查": "zha",
    "朴": "piao",
    "盖": "ge",
    "乐": "yue",
    "任": "ren",
    "缪": "miao",
    "翟": "zhai",
    "冼": "xian",
    "洗": "xian",
    "折": "she",
    "黑": "he",
    "秘": "bi",
    "繁": "po",
    "华": "hua",
    "尹": "yin",
    "覃": "qin",
    "召": "shao",
    "员": "yun",
    "尉": "wei",
    "种": "chong",
    "宓": "mi",
    "逄": "pang",
    "晁": "chao",
}


def derive(record_name: str, doc: Doc) -> Doc:
    """The document with its derived fields: `customer.pinyin` for search (D-F1). Pure, and idempotent."""
    if record_name != "customer":
        return doc
    pinyin = name_pinyin(doc.get("name", ""), person=doc.get("kind") != "company")
    return {**doc, "pinyin": pinyin} if pinyin else {k: v for k, v in doc.items() if k != "pinyin"}


def name_pinyin(name: str, *, person: bool) -> str:
    """Initials and full spelling, lower case, without tones: 「张伟」 → `zw zhangwei`."""
    initials, full = "", ""
    for syllable, is_latin in _syllables(half_width(name).lower(), person):
        initials += syllable if is_latin else syllable[0]
        full += syllable
    return f"{initials} {full}"[:_MAX] if full else ""


def _syllables(name: str, person: bool) -> list[tuple[str, bool]]:
    """`[(syllable or Latin run, is Latin)]`; what has no reading (dots, spaces, signs) is left out."""
    surname = next((key for key in _SURNAMES if person and name.startswith(key)), "")
    found = [(part, False) for part in _SURNAMES.get(surname, "").split()]
    for run in _RUNS.findall(name[len(surname) :]):
        latin = run.isascii()
        parts = [run] if latin else lazy_pinyin(run, style=Style.NORMAL)
        found += [(part, latin) for part in parts if part and part.isascii()]
    return found
