"""Whether the feed is what tablets rely on: heads, checksums, and the same content as the records."""

from peewee import fn

from backend import db
from backend.models.sync import Feed, FeedHead
from backend.sync import feed, rebuild


def heads(_patient: object) -> list[str]:
    """Every partition's head is at or above its largest number and its floor (SYNC.md 8)."""
    known = {row.part: row for row in FeedHead.select()}
    said = [f"{part}: no head" for part in sorted(set(_highest()) - set(known))]
    for part, highest in sorted(_highest().items()):
        if part in known and known[part].head < highest:
            said.append(f"{part}: head {known[part].head} below row {highest}")
    return said + [f"{part}: floor above head" for part, row in sorted(known.items()) if row.floor > row.head]


def raise_heads(_patient: object) -> None:
    """Raise heads to what was given out already: numbers are never given twice."""
    with db.write_transaction():
        for part, highest in _highest().items():
            FeedHead.insert(part=part).on_conflict_ignore().execute()
            FeedHead.update(head=highest).where((FeedHead.part == part) & (FeedHead.head < highest)).execute()


def sums(_patient: object) -> list[str]:
    """The stored checksum of each partition is that of its rows, tombstones left out (SYNC.md 10)."""
    known = {row.part: row.sum for row in FeedHead.select()}
    counted = {part: _count(part) for part in known}
    return [
        f"{part}: {known[part]} ≠ {counted[part]}" for part in sorted(known) if known[part] != counted[part]
    ]


def count_sums(_patient: object) -> None:
    """Store the checksums of the rows as they are."""
    with db.write_transaction():
        for row in FeedHead.select():
            FeedHead.update(sum=_count(row.part)).where(FeedHead.part == row.part).execute()


def projection(_patient: object) -> list[str]:
    """Every record's feed row has its version and content, and no row is without a record (SYNC.md 10)."""
    return [f"{row.part}: {said}" for row in FeedHead.select() for said in rebuild.differences(row.part)]


def _highest() -> dict[str, int]:
    return dict(Feed.select(Feed.part, fn.MAX(Feed.seq)).group_by(Feed.part).tuples())


def _count(part: str) -> int:
    where = (Feed.part == part) & Feed.doc.is_null(False)
    rows = Feed.select(Feed.kind, Feed.id, Feed.seq).where(where).tuples().iterator()
    return sum(feed.row_hash(kind, record_id, seq) for kind, record_id, seq in rows) % feed.SUM_MODULUS
