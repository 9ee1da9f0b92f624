"""A tablet follows the feed with a cursor a partition; documents are copied as text, never parsed
(SYNC.md Feed).
"""

import json
from contextlib import nullcontext
from typing import NamedTuple

from backend import db
from backend.models.sync import Device
from backend.sync import state

MOST_ROWS = 2_000
SEEN_EVERY_S = 60


def pull(message: dict, scope: list[str], last_n: int, now: str) -> str:
    """Answer `{proto, device, cursors, pending, limit}` with `{now, scope, last_n, parts}` as JSON text.

    `cursors` is `{part: [epoch, seq, floor] | null}`: null means from the beginning, `floor` is what was
    told when the tablet began; the answer has the partitions that are named and in the scope, or the whole
    scope when none is named. All of it is read at one moment.
    """
    limit = min(message.get("limit") or MOST_ROWS, MOST_ROWS)
    cursors = message.get("cursors") or dict.fromkeys(scope)
    named = [part for part in scope if part in cursors]
    heads = _heads(named)  # one statement, so of one moment: mostly there is no news, and no more to read
    news = any(_is_news(cursors[part], head) for part, head in heads.items())
    with db.read_transaction() if news else nullcontext():
        heads = _heads(named) if news else heads
        answers = {part: _part(part, head, cursors[part], limit) for part, head in heads.items()}
    parts = [f"{json.dumps(part)}:{answer}" for part, answer in answers.items()]
    epoch = next((head.epoch for head in heads.values()), None) or state.epoch()
    told = {"now": now, "scope": scope, "last_n": last_n, "epoch": epoch}
    return json.dumps(told, ensure_ascii=False)[:-1] + ',"parts":{' + ",".join(parts) + "}}"


class Head(NamedTuple):
    """Where a partition stands."""

    head: int
    floor: int
    sum: int
    epoch: str


def _heads(parts: list[str]) -> dict[str, Head]:
    if not parts:
        return {}
    columns = "part, head, floor, sum, value"
    named = f"part IN ({db.marks(parts)})"
    sql = f"SELECT {columns} FROM feed_head, meta WHERE key = 'epoch' AND {named}"
    found = {part: Head(*row) for part, *row in db.rows(sql, *parts)}
    return {part: found.get(part) or Head(0, 0, 0, state.epoch()) for part in parts}


def _is_news(cursor: list | None, head: Head) -> bool:
    return not cursor or cursor[:2] != [head.epoch, head.head]


def _part(part: str, at: Head, cursor: list | None, limit: int) -> str:
    """One partition's answer: `{epoch, rows, to, more, sum, floor, reset}`; `reset` tells the tablet to
    begin anew.
    """
    head, floor, total, epoch = at
    reset = _reset(cursor, epoch, floor, head)
    since = 0 if reset or not cursor else cursor[1]
    rows = _rows(part, since, limit) if head > since else []
    more = len(rows) == limit
    to = rows[-1][0] if more else max([head, *(r[0] for r in rows[-1:])])
    tail = {"to": to, "more": more, "sum": None if more else total, "floor": floor, "reset": reset}
    body = ",".join(_row(*r) for r in rows)
    return f'{{"epoch":{json.dumps(epoch)},"rows":[{body}],' + json.dumps(tail)[1:]


def _reset(cursor: list | None, epoch: str, floor: int, head: int) -> str | None:
    """Why a cursor is of no use: another life of the database, or older than the oldest kept tombstone.

    What was collected before a tablet began has never been told to it, so it need not hear of its end.
    """
    if not cursor:
        return None
    if cursor[0] != epoch or cursor[1] > head:
        return "epoch"
    begun = cursor[2] if len(cursor) > 2 else 0
    return "floor" if 0 < cursor[1] < floor and begun < floor else None


def _rows(part: str, since: int, limit: int) -> list[tuple]:
    columns = "seq, kind, id, ver, doc, file"
    sql = f"SELECT {columns} FROM feed WHERE part = ? AND seq > ? ORDER BY seq LIMIT ?"
    return list(db.rows(sql, part, since, limit))


def _row(seq: int, kind: str, record_id: str, ver: int, doc: str | None, file: str | None) -> str:
    """`[seq, kind, id, ver, doc]`; a tombstone names its file as a sixth element."""
    gone = "" if doc is not None else "," + json.dumps(file)
    return f"[{seq},{json.dumps(kind)},{json.dumps(record_id)},{ver},{doc or 'null'}{gone}]"


def note_seen(device: Device, message: dict, staff_id: str, now: str) -> None:
    """Keep what the tablet says of itself; written only when it changed or a minute has passed."""
    app = message.get("app", {})
    told = {
        **{"cursors": json.dumps(message.get("cursors", {}), sort_keys=True), "staff_id": staff_id},
        **{
            "pending": message.get("pending", 0),
            "pending_blobs": app.get("pending_blobs", device.pending_blobs),
        },
        "app_version": app.get("version", device.app_version),
    }
    same = all(getattr(device, name) == value for name, value in told.items())
    if same and now[:16] == device.seen_at[:16]:
        return
    storage = app.get("storage", device.storage)  # its usage moves all the time: no reason to write
    Device.update(**told, storage=storage, seen_at=now).where(Device.id == device.id).execute()
