"""Which column holds which field: headings compared with the synonym tables, or chosen by hand and
remembered."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from backend.domain import text

from .refused import refused
from .spec import Field, load, plain, words

MAX_COLUMNS_PER_FIELD = 6
_BRACKETS = re.compile(r"[(\[{【〔<《「][^)\]}】〕>》」]*[)\]}】〕>》」]")
_BRACKET = re.compile(r"[()\[\]{}【】〔〕<>《》「」]")
_EDGE = re.compile(r"^[*:.、;#\-_]+|[*:.、;#\-_]+$")
_NUMBER = re.compile(r"[0-9一二三四五六]$")
Choice = str | int | None


@lru_cache(maxsize=4096)
def normal_heading(heading: str) -> str:
    """A heading for comparing: half width, upper case, no white space, no `*` or colon at the ends."""
    return _EDGE.sub("", plain(unicodedata.normalize("NFKC", heading)))


def heading_forms(heading: str) -> list[str]:
    """The ways to read a heading, surest first: whole, without brackets (units, hints), its last line alone.

    The last line is asked only for headings in two lines, and not under a group of somebody else (介绍人).
    """
    lines = [part for part in re.split(r"[\r\n]+", heading) if text.trim(part)]
    narrow = unicodedata.normalize("NFKC", heading)
    candidates = [heading, _BRACKETS.sub("", narrow), _BRACKET.sub("", narrow)]
    group = "".join(map(plain, lines[:-1]))
    if len(lines) > 1 and not any(word in group for word in words("foreign_groups")):
        candidates += [lines[-1], _BRACKETS.sub("", unicodedata.normalize("NFKC", lines[-1]))]
    forms = (normal_heading(candidate) for candidate in candidates)
    return list(dict.fromkeys(form for form in forms if form))


@dataclass
class Mapping:
    """Fields and the columns they are read from; `columns` are the headings of the table, `of` field →
    indexes."""

    kind: str
    columns: list[str]
    of: dict[str, list[int]] = field(default_factory=dict)

    @property
    def missing(self) -> list[Field]:
        """Required fields without a column; a repair order also needs a VIN or a plate."""
        spec = load(self.kind)
        absent = [row for row in spec.fields.values() if row.required and row.name not in self.of]
        if "vin" not in self.of and "plate" not in self.of and spec.fields["vin"] not in absent:
            absent.append(spec.fields["vin"])
        return absent

    @property
    def unused(self) -> list[str]:
        """Headings of columns that are not imported."""
        used = {index for indexes in self.of.values() for index in indexes}
        return [heading for index, heading in enumerate(self.columns) if heading and index not in used]

    def as_json(self) -> dict[str, Any]:
        """`{field: heading}`, a list of them for several columns; the index (from 0) where a heading is no
        name."""
        found: dict[str, Any] = {}
        for name, indexes in self.of.items():
            chosen = [self._name(index) for index in indexes]
            found[name] = chosen[0] if len(chosen) == 1 else chosen
        return found

    def _name(self, index: int) -> Choice:
        heading = self.columns[index]
        return heading if heading and self.columns.count(heading) == 1 else index


def recognise(
    columns: Sequence[str],
    kind: str,
    saved: dict[str, Any] | None = None,
    given: dict[str, Any] | None = None,
) -> Mapping:
    """Find the columns of an import kind's fields (D-H3: any column order, mapping remembered per branch).

    `saved` is the mapping remembered from last time: entries whose heading is not here are passed over.
    `given` is
    what the user chose now: `{field: heading | index | [either] | null}`, null = do not import this field.
    :raise ImportRefused: `import.mapping` when a given column or field does not exist.
    """
    mapping = Mapping(kind, list(columns))
    refusing: set[str] = set()
    for choices, strict in ((given, True), (saved, False)):
        for name, choice in (choices or {}).items():
            if name in mapping.of or name in refusing:
                continue
            if choice is None and strict:
                refusing.add(name)
            indexes = _chosen(mapping, name, choice, strict)
            if indexes:
                mapping.of[name] = indexes
    _guess(mapping, refusing)
    order = list(load(kind).fields)
    mapping.of = {name: mapping.of[name] for name in order if name in mapping.of}
    return mapping


def _chosen(mapping: Mapping, name: str, choice: Any, strict: bool) -> list[int]:
    wanted = choice if isinstance(choice, list) else [choice]
    known = load(mapping.kind).fields.get(name)
    found: list[int] = []
    for item in wanted if known else []:
        index = _index_of(mapping.columns, item, strict)
        if index is not None:
            found.append(index)
        elif strict and item is not None:
            raise refused("import.mapping", header=str(item), field=known.label if known else name)
    if strict and known is None:
        raise refused("import.mapping", header=str(choice), field=name)
    used = {index for indexes in mapping.of.values() for index in indexes}
    found = [index for index in dict.fromkeys(found) if index not in used]
    return found if known and known.multiple else found[:1]


def _index_of(columns: list[str], item: Any, strict: bool) -> int | None:
    if isinstance(item, bool):
        return None
    if isinstance(item, int):
        return item if 0 <= item < len(columns) and (strict or not columns[item]) else None
    if isinstance(item, str) and item in columns:
        return columns.index(item)
    wanted = normal_heading(item) if isinstance(item, str) else ""
    return next((i for i, column in enumerate(columns) if wanted and normal_heading(column) == wanted), None)


def _guess(mapping: Mapping, refusing: set[str]) -> None:
    """Greedy by certainty: form of the heading, then place in the synonym list; each column once."""
    used = {index for indexes in mapping.of.values() for index in indexes}
    fixed = set(mapping.of) | refusing
    for _, name, index in sorted(_candidates(mapping)):
        row = load(mapping.kind).fields[name]
        have = mapping.of.get(name, [])
        room = MAX_COLUMNS_PER_FIELD if row.multiple else 1
        if name in fixed or index in used or len(have) >= room:
            continue
        mapping.of[name] = sorted([*have, index])
        used.add(index)


def _candidates(mapping: Mapping) -> list[tuple[tuple[int, int], str, int]]:
    found: list[tuple[tuple[int, int], str, int]] = []
    known = _synonyms(mapping.kind)
    for index, heading in enumerate(mapping.columns):
        for rank, form in enumerate(heading_forms(heading) if heading else ()):
            for name, place in known.get(form, ()):
                found.append(((rank, place), name, index))
            for name, place in known.get(_NUMBER.sub("", form), ()):
                if load(mapping.kind).fields[name].multiple:
                    found.append(((rank, place + 1), name, index))
    return found


@cache
def _synonyms(kind: str) -> dict[str, list[tuple[str, int]]]:
    """Fields by the headings that name them, with the place in the field's list (the earlier, the surer)."""
    found: dict[str, list[tuple[str, int]]] = {}
    for name, row in load(kind).fields.items():
        for place, synonym in enumerate(row.synonyms):
            found.setdefault(normal_heading(synonym), []).append((name, place))
    return found


def score(columns: Sequence[str], kinds: Sequence[str]) -> int:
    """How much a row looks like a heading: the number of fields of the best fitting kind it names."""
    return max(len(recognise(columns, kind).of) for kind in kinds)
