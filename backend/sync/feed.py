"""The feed: one row a record with its latest document, numbered in commit order (SYNC.md 7, 8)."""

import hashlib
import json
from collections.abc import Iterable

from peewee import chunked

import shared_schema
from backend import db
from backend.models.sync import Feed, FeedHead

SUM_MODULUS = 1 << 48
KEYS = ("part", "kind", "id")
COLUMNS = ("seq", "ver", "file", "doc")


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


def latest(part: str, kind: str, ids: list[str]) -> dict[str, tuple[dict, int]]:
    """The newest document and version of records, by id; those that do not exist are left out.

    The feed's text is read instead of the record's columns: one query for many, and no model per row.
    """
    found = {}
    mark = "?" if db.is_sqlite() else "%s"
    for some in chunked(ids, 500):
        marks = ", ".join([mark] * len(some))
        sql = f"SELECT id, doc, ver FROM feed WHERE part = {mark} AND kind = {mark} AND id IN ({marks})"
        for record_id, doc, ver in db.database.execute_sql(sql, (part, kind, *some)):
            if doc is not None:
                found[record_id] = (json.loads(doc), ver)
    return found


def _old_sum(part: str, rows: list[dict]) -> int:
    total = 0
    by_kind: dict[str, list[str]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row["id"])
    for kind, ids in by_kind.items():
        for some in chunked(ids, 500):
            where = (Feed.part == part) & (Feed.kind == kind) & Feed.id.in_(some)
            old = Feed.select(Feed.id, Feed.seq).where(where).tuples()
            total += sum(row_hash(kind, record_id, seq) for record_id, seq in old)
    return total


def append(part: str, changes: list[tuple[str, str, int, dict | None]]) -> int:
    """Append changes `(kind, id, ver, doc)` in their order; return the number of the first.

    The partition's lock must be held. The head moves by `len(changes)`; of several changes of one record
    the last one stays, under its own number.
    """
    moved = (
        FeedHead.update(head=FeedHead.head + len(changes)).where(FeedHead.part == part).returning(FeedHead)
    )
    state = next(iter(moved.execute()))
    first = state.head - len(changes) + 1
    latest: dict[tuple[str, str], dict] = {}
    for number, (kind, record_id, ver, doc) in enumerate(changes, first):
        text = None if doc is None else json.dumps(doc, ensure_ascii=False, separators=(",", ":"))
        latest[kind, record_id] = {
            **{"part": part, "kind": kind, "id": record_id, "seq": number, "ver": ver, "doc": text},
            "file": doc and file_of(kind, doc),
        }
    rows = list(latest.values())
    added = sum(row_hash(row["kind"], row["id"], row["seq"]) for row in rows)
    total = (state.sum - _old_sum(part, rows) + added) % SUM_MODULUS
    db.upsert("feed", KEYS, COLUMNS, [tuple(row[name] for name in (*KEYS, *COLUMNS)) for row in rows])
    FeedHead.update(sum=total).where(FeedHead.part == part).execute()
    return first
