"""Where records went that have left a partition: late ops follow them (SYNC.md, Scope change)."""

from collections.abc import Iterable

from peewee import chunked

import shared_schema
from backend.domain.decide import reads
from backend.domain.text import is_id
from backend.models.sync import Moved

MOST_MOVES = 16


def note(part: str, pairs: list[tuple[str, str]]) -> None:
    """Records `(id, partition they went to)` have left `part`."""
    rows = [{"part": part, "id": record_id, "to_part": target} for record_id, target in pairs]
    for some in chunked(rows, 300):
        query = Moved.insert_many(some)
        query.on_conflict(conflict_target=[Moved.part, Moved.id], preserve=[Moved.to_part]).execute()


def back(part: str, ids: Iterable[str]) -> None:
    """Records are in `part` (again): nothing follows them away from here any more."""
    for some in chunked(ids, 500):
        Moved.delete().where((Moved.part == part) & Moved.id.in_(some)).execute()


def places(ops: list[dict]) -> list[str]:
    """The partition each op is for now: its own, or the one that the records it reads have moved to."""
    schema = shared_schema.load()
    read = [{record_id for _kind, record_id in reads(schema, op) if is_id(record_id)} for op in ops]
    found = [op["part"] for op in ops]
    for _ in range(MOST_MOVES):
        gone = _targets(
            {(part, record_id) for part, ids in zip(found, read, strict=True) for record_id in ids}
        )
        step = [_next(part, ids, gone) for part, ids in zip(found, read, strict=True)]
        if step == found:
            break
        found = step
    return found


def _targets(pairs: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """`{(part, id): where it went}` of the pairs that have moved: a query a partition."""
    gone = {}
    for part in sorted({part for part, _id in pairs}):
        for some in chunked(sorted(record_id for own, record_id in pairs if own == part), 500):
            for row in Moved.select().where((Moved.part == part) & Moved.id.in_(some)):
                gone[part, row.id] = row.to_part
    return gone


def _next(part: str, ids: set[str], gone: dict[tuple[str, str], str]) -> str:
    targets = {gone[part, record_id] for record_id in ids if (part, record_id) in gone}
    return targets.pop() if len(targets) == 1 else part
