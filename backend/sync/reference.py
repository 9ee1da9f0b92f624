"""The group's published records, kept in memory until the group's feed moves."""

import threading

from backend import db
from backend.models.base import RECORDS
from backend.models.group import GROUP
from backend.sync import state

AT = "SELECT value, head FROM meta, feed_head WHERE key = 'epoch' AND part = ?"
_kept: dict[str, object] = {"at": None, "docs": {}}
_lock = threading.Lock()


def docs(kind: str, keep: bool = True) -> list[dict]:
    """All documents of a group record (branches, staff, scripts, plans, rules, …). Treat as immutable.

    `keep` is False inside a transaction that has changed group records: what is read then is not kept.
    """
    at = next(db.rows(AT, GROUP), None) or (state.epoch(), 0)
    with _lock:
        if _kept["at"] != at:
            _kept.update(at=at, docs={})
        kept = _kept["docs"]  # of this head: what a slow reader adds is never taken for a newer head's
    if kind not in kept:
        model = RECORDS[kind]
        found = [row.doc() for row in model.select().where(model.part == GROUP).order_by(model.id)]
        if not keep:
            return found
        kept[kind] = found
    return kept[kind]


def find(kind: str, **fields: object) -> dict | None:
    """The first document whose fields have these values, or None."""
    return next((d for d in docs(kind) if all(d.get(k) == v for k, v in fields.items())), None)
