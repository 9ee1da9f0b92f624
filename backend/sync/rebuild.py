"""The feed built anew from the record tables, for a database whose feed was damaged or edited by hand."""

import json

from backend import db
from backend.models.base import RECORDS
from backend.models.sync import Feed, FeedHead
from backend.sync import feed, state

ROWS_AT_ONCE = 1_000


def rebuild(parts: list[str] | None = None) -> dict[str, int]:
    """Number every record of the partitions (all of them when None) again; `{part: rows}`.

    One write transaction with the partitions' locks held. Numbers go on after the old head, so a head never
    falls (SYNC.md 8); the epoch is another one, so that every cursor begins anew (SYNC.md 16).

    :raise KeyError: for a partition that there is not.
    """
    with db.write_transaction():
        known = sorted(row.part for row in FeedHead.select(FeedHead.part))
        wanted = sorted(known if parts is None else parts)
        missing = set(wanted) - set(known)
        if missing:
            raise KeyError(missing.pop())
        feed.lock(wanted)
        built = {part: _rebuild(part) for part in wanted}
        state.new_epoch()
        return built


def _rebuild(part: str) -> int:
    highest = Feed.select(Feed.seq).where(Feed.part == part).order_by(Feed.seq.desc()).limit(1).scalar() or 0
    FeedHead.update(head=max(state.head(part), highest), sum=0).where(FeedHead.part == part).execute()
    Feed.delete().where(Feed.part == part).execute()
    count = 0
    for kind, model in sorted(RECORDS.items()):
        ids = [row[0] for row in model.select(model.id).where(model.part == part).order_by(model.id).tuples()]
        for some in db.chunked(ids, ROWS_AT_ONCE):
            rows = model.select().where((model.part == part) & model.id.in_(some)).order_by(model.id)
            docs = [(row.id, row.ver, row.doc()) for row in rows]
            feed.append(part, [(kind, *row, feed.file_of(kind, row[2]), None) for row in docs])
            count += len(some)
    return count


def differences(part: str) -> list[str]:
    """Records whose feed row is missing or differs in version or content; feed rows without a record."""
    said = []
    for kind, model in sorted(RECORDS.items()):
        where = (Feed.part == part) & (Feed.kind == kind) & Feed.doc.is_null(False)
        rows = Feed.select(Feed.id, Feed.ver, Feed.doc).where(where).order_by(Feed.id).tuples()
        fed = {record_id: (ver, text) for record_id, ver, text in rows.iterator()}
        for row in model.select().where(model.part == part).iterator():
            ver, text = fed.pop(row.id, (None, None))
            if ver != row.ver or _shown(json.loads(text)) != _shown(row.doc()):
                said.append(f"{kind} {row.id}")
        said += [f"{kind} {record_id} (no record)" for record_id in fed]
    return said


def _shown(doc: dict) -> dict:
    return {name: value for name, value in doc.items() if value is not None}
