"""The feed: one row a record with its latest document, numbered in commit order (SYNC.md 7, 8)."""

import hashlib
import json
from collections.abc import Iterable

from peewee import fn

import shared_schema
from backend import db
from backend.models.sync import Feed, FeedHead

SUM_MODULUS = 1 << 48
KEYS = ("part", "kind", "id")
COLUMNS = ("seq", "ver", "file", "doc", "gone_at")
# A change of one record: (kind, id, ver, doc | None, the file it lies in, when it ended).
Change = tuple[str, str, int, dict | None, str | None, str | None]


def file_of(kind: str, doc: dict) -> str | None:
    """The vehicle file a document lies in; a customer is a file of its own; None outside files."""
    field = shared_schema.load()["records"][kind]["file"]
    return doc.get(field) if field else None


def row_hash(kind: str, record_id: str, seq: int) -> int:
    """A row's share of the partition's checksum: order does not matter in their sum modulo 2^48."""
    digest = hashlib.sha256(f"{kind}|{record_id}|{seq}".encode()).digest()
    return int.from_bytes(digest[:6], "big")


def lock(parts: Iterable[str]) -> None:
    """Take the writers' lock of each partition, in sorted order, until the commit (SYNC.md 8)."""
    if db.is_sqlite():
        return  # BEGIN IMMEDIATE has taken the only lock there is
    query = FeedHead.select(FeedHead.part).where(FeedHead.part.in_(sorted(parts))).order_by(FeedHead.part)
    query.for_update().execute()


def latest(part: str, kind: str, ids: list[str]) -> dict[str, tuple[dict | None, int]]:
    """The newest document and version of records, by id; those that never existed are left out, and one that
    has ended has no document.

    The feed's text is read instead of the record's columns: one query for many, and no model per row.
    """
    found = {}
    for some in db.chunked(ids, 500):
        sql = f"SELECT id, doc, ver FROM feed WHERE part = ? AND kind = ? AND id IN ({db.marks(some)})"
        for record_id, doc, ver in db.rows(sql, part, kind, *some):
            found[record_id] = (None if doc is None else json.loads(doc), ver)
    return found


def ids_in_file(part: str, file_id: str) -> dict[str, list[str]]:
    """The ids of the records that lie in a file, by kind."""
    found: dict[str, list[str]] = {}
    where = (Feed.part == part) & (Feed.file == file_id) & Feed.doc.is_null(False)
    for kind, record_id in Feed.select(Feed.kind, Feed.id).where(where).tuples():
        found.setdefault(kind, []).append(record_id)
    return found


def _old_sum(part: str, rows: list[dict]) -> int:
    total = 0
    by_kind: dict[str, list[str]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row["id"])
    for kind, ids in by_kind.items():
        for some in db.chunked(ids, 500):
            where = f"part = ? AND kind = ? AND id IN ({db.marks(some)}) AND doc IS NOT NULL"
            old = db.rows(f"SELECT id, seq FROM feed WHERE {where}", part, kind, *some)
            total += sum(row_hash(kind, record_id, seq) for record_id, seq in old)
    return total


def append(part: str, changes: list[Change]) -> int:
    """Append changes in their order; return the number of the first.

    The partition's lock must be held. The head moves by `len(changes)`; of several changes of one record
    the last one stays, under its own number. `sum` leaves tombstones out: a snapshot has none.
    """
    sql = "UPDATE feed_head SET head = head + ? WHERE part = ? RETURNING head, sum"
    ((head, before),) = db.rows(sql, len(changes), part)  # to the end: half read, SQLite commits nothing
    first = head - len(changes) + 1
    latest: dict[tuple[str, str], dict] = {}
    for number, (kind, record_id, ver, doc, file, gone_at) in enumerate(changes, first):
        text = None if doc is None else json.dumps(doc, ensure_ascii=False, separators=(",", ":"))
        latest[kind, record_id] = {
            **{"part": part, "kind": kind, "id": record_id, "seq": number, "ver": ver, "doc": text},
            "file": file,
            "gone_at": gone_at,
        }
    rows = list(latest.values())
    added = sum(row_hash(row["kind"], row["id"], row["seq"]) for row in rows if row["doc"])
    total = (before - _old_sum(part, rows) + added) % SUM_MODULUS
    db.upsert("feed", KEYS, COLUMNS, [tuple(row[name] for name in (*KEYS, *COLUMNS)) for row in rows])
    db.execute("UPDATE feed_head SET sum = ? WHERE part = ?", total, part)
    return first


def collect_tombstones(part: str, before: str) -> int:
    """Remove what ended before an instant and raise the floor: a cursor below it begins anew (invariant 16).

    The partition's lock must be held. Returns how many were removed.
    """
    old = (Feed.part == part) & (Feed.gone_at < before)
    last = Feed.select(fn.MAX(Feed.seq)).where(old).scalar()
    if last is None:
        return 0
    FeedHead.update(floor=last).where((FeedHead.part == part) & (FeedHead.floor < last)).execute()
    return Feed.delete().where(old).execute()
