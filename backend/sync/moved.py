"""Where records went that have left a partition: late ops follow them (SYNC.md, Scope change)."""

from collections.abc import Iterable

from backend import db
from backend.domain.text import is_id
from backend.models.sync import Moved

MOST_MOVES = 16


def note(part: str, pairs: list[tuple[str, str]]) -> None:
    """Records `(id, partition they went to)` have left `part`."""
    rows = [{"part": part, "id": record_id, "to_part": target} for record_id, target in pairs]
    for some in db.chunked(rows, 300):
        query = Moved.insert_many(some)
        query.on_conflict(conflict_target=[Moved.part, Moved.id], preserve=[Moved.to_part]).execute()


def back(part: str, ids: Iterable[str]) -> None:
    """Records are in `part` (again): nothing follows them away from here any more."""
    for some in db.chunked(ids, 500):
        Moved.delete().where((Moved.part == part) & Moved.id.in_(some)).execute()


def places(looks: list[tuple[str, list[tuple[str, str]]]]) -> list[str]:
    """The partition each op `(its own, records (kind, id) it reads)` is for now: its own, or the one that
    those records have moved to.
    """
    read = [_leading(pairs) for _part, pairs in looks]
    found = [part for part, _pairs in looks]
    for _ in range(MOST_MOVES):
        gone = _targets(
            {(part, record_id) for part, ids in zip(found, read, strict=True) for record_id in ids}
        )
        step = [_next(part, ids, gone) for part, ids in zip(found, read, strict=True)]
        if step == found:
            break
        found = step
    return found


def _leading(pairs: list[tuple[str, str]]) -> set[str]:
    """The records that say where an op belongs: the vehicle, if it names one; its customer may have one in
    either branch.
    """
    cars = [record_id for kind, record_id in pairs if kind == "vehicle"]
    return {one for one in cars or [record_id for _kind, record_id in pairs] if is_id(one)}


def _targets(pairs: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """`{(part, id): where it went}` of the pairs that have moved: a query a partition."""
    gone = {}
    for part in sorted({part for part, _id in pairs}):
        for some in db.chunked(sorted(record_id for own, record_id in pairs if own == part), 500):
            sql = f"SELECT id, to_part FROM moved WHERE part = ? AND id IN ({db.marks(some)})"
            gone |= {(part, record_id): target for record_id, target in db.rows(sql, part, *some)}
    return gone


def _next(part: str, ids: set[str], gone: dict[tuple[str, str], str]) -> str:
    targets = {gone[part, record_id] for record_id in ids if (part, record_id) in gone}
    return targets.pop() if len(targets) == 1 else part
