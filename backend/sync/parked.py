"""What the server did not accept is kept whole until somebody settles it: mended and run again, or discarded
(SYNC.md 4).
"""

import json

from backend import db
from backend.domain.text import is_id
from backend.errors import Refused
from backend.models.group import GROUP
from backend.models.sync import Op
from backend.sync import door, feed, naming, people, reference

QUARANTINE = "op.quarantine"
WAITING = ("op.dep", "op.dep_discarded")
MANAGERS = {"general_manager", "cs_manager", "sales_manager", "service_manager"}
OPERATORS = {"hq_operator", "admin"}
MOST, MOST_SETTLED = 500, 100


def inbox(person: dict, settled: bool = False) -> list[dict]:
    """What waits for this person, newest first; with `settled` what has been settled, latest first.

    `{id, part, kind, op, author: {id, name}, at, received_at, status, code, message, problems, label,
    quarantined, settled, may: {rerun, discard}}` each; `op` is the whole payload as it came.
    """
    rows = Op.select().where(_visible(person))
    if settled:
        rows = rows.where(Op.status != door.PARKED).order_by(Op.settled_at.desc()).limit(MOST_SETTLED)
    else:
        rows = rows.where(Op.status == door.PARKED).order_by(Op.received_at.desc(), Op.n.desc()).limit(MOST)
    found = [(row, json.loads(row.text)) for row in rows]
    labels = {}
    for part in {row.part for row, _op in found}:
        own = [(row.id, op["body"]) for row, op in found if row.part == part]
        texts = naming.labels(part, [body for _id, body in own])
        labels |= {(part, key): text for (key, _body), text in zip(own, texts, strict=True)}
    return [_told(row, op, labels[row.part, row.id], person) for row, op in found]


def rerun(part: str, op_id: str, person: dict, now: str, body: dict | None = None) -> list[dict]:
    """Run a parked op as its author, with a mended body if one is given, and what waited for it.

    Returns the results, its own first. One that does not hold yet stays parked, with the reason of today.

    :raise Refused: 404 `not_found`, 403 `auth.forbidden`, 409 `conflict` if it has been settled already.
    """
    with db.write_transaction():
        row = _locked(part, op_id, person)
        if not _may(row, person)["rerun"]:
            raise Refused("auth.forbidden")
        return _run(_entry(row, person, body=body), person, now)


def claim(entries: list[door.Entry], now: str) -> None:
    """Run ops that nobody could be shown to have written, now that their author hands them in: a restore may
    have lost the session that signed them. Their earlier results become those of now.
    """
    if not entries:
        return
    _lock_all({entry.op["part"] for entry in entries})
    for entry in entries:
        row = Op.find(part=entry.op["part"], id=entry.op["id"])
        if row is None or row.status != door.PARKED or row.author_id:
            continue
        row.author_id = entry.actor["id"]
        Op.update(author_id=row.author_id).where((Op.part == row.part) & (Op.id == row.id)).execute()
        author = _author(row)
        entry.earlier = _run(_entry(row, author, asked=False), author, now)[0]


def discard(part: str, op_id: str, person: dict, now: str, reason: str) -> list[dict]:
    """Let a parked op be, for a reason that is kept beside it; what waited for it is told.

    :raise Refused: as `rerun`.
    """
    with db.write_transaction():
        row = _locked(part, op_id, person)
        if not _may(row, person)["discard"]:
            raise Refused("auth.forbidden")
        return _run(_entry(row, person, reason=reason), person, now)


def _visible(person: dict) -> object:
    """Its author, head office, and for what came from a revoked tablet the branch's managers."""
    ever = Op.parked_code.is_null(False)
    held = people.roles_by_branch(person)
    if held.get(people.EVERYWHERE):
        return ever
    managed = [people.part_of(code) for code, roles in held.items() if MANAGERS.intersection(roles)]
    of_branch = Op.part.in_(managed) & (Op.parked_code == QUARANTINE)
    return ever & ((Op.author_id == person["id"]) | of_branch)


def _may(row: Op, person: dict) -> dict[str, bool]:
    """What this person, who may see it, may do: its author too, unless it came from a revoked tablet."""
    held = people.roles_by_branch(person)
    office = bool(OPERATORS.intersection(held.get(people.EVERYWHERE, [])))
    manages = bool(MANAGERS.intersection(held.get(people.branch_of(row.part), [])))
    allowed = office or (manages if row.parked_code == QUARANTINE else row.author_id == person["id"])
    settles = allowed and row.status == door.PARKED
    return {"rerun": settles and _author(row) is not None, "discard": settles}


def _author(row: Op) -> dict | None:
    """Who wrote it, also when they have left since: somebody who is here asks for it to run."""
    if row.author_id is None:
        return people.SYSTEM if row.device is None else None
    return reference.find("staff", id=row.author_id)


def _locked(part: str, op_id: str, person: dict) -> Op:
    """The parked op, while all writers wait: no op that depends on it comes in between."""
    if not is_id(op_id):
        raise Refused("not_found")
    _lock_all({part})
    row = Op.get_or_none((Op.part == part) & (Op.id == op_id) & _visible(person))
    if row is None:
        raise Refused("not_found")
    if row.status != door.PARKED:
        raise Refused("conflict")
    return row


def _lock_all(parts: set[str]) -> None:
    feed.lock({*parts, GROUP, *(people.part_of(branch["code"]) for branch in reference.docs("branch"))})


def _entry(row: Op, person: dict, *, body: dict | None = None, reason: str | None = None, asked: bool = True):
    """The op once more, under the id of its row: as it was written, but for a mended body."""
    written = json.loads(row.text)
    op = {**written, "id": row.id, "body": written["body"] if body is None else body}
    text, digest, sound = door.written(op)
    author = _author(row)
    refusal = None if sound else "op.invalid"
    if author is None:
        refusal = "op.author"
    elif author is not people.SYSTEM and row.part not in people.writable_parts(author):
        refusal = "op.part"
    again = door.Again(row, person, asked=asked, mended=op["body"] != written["body"], reason=reason)
    kept = {"text": text, "hash": digest, "refusal": refusal, "again": again}
    return door.Entry(op, author and _actor(author, row), **kept)


def _actor(author: dict, row: Op) -> dict:
    """The author as of now; what a tablet handed in stays what a tablet may do."""
    if author is people.SYSTEM:
        return author
    return {
        **people.actor(author, row.part),
        "pushed": row.device is not None or row.parked_code == QUARANTINE,
    }


def _run(entry: door.Entry, person: dict, now: str) -> list[dict]:
    waiting = [_entry(row, person, asked=False) for row in _waiting_for(entry.op["part"], entry.again.row)]
    return door.run([entry, *waiting], now)


def _waiting_for(part: str, first: Op) -> list[Op]:
    """The parked ops that depend on an op, and those that depend on them, in the order they came."""
    ids, found = {json.loads(first.text)["id"]}, []
    parked = (Op.part == part) & (Op.status == door.PARKED) & Op.code.in_(WAITING)
    for row in Op.select().where(parked).order_by(Op.received_at, Op.n):
        op = json.loads(row.text)
        if row.id != first.id and ids.intersection(op.get("dep", [])):
            ids.add(op["id"])
            found.append(row)
    return found


def _told(row: Op, op: dict, label: str, person: dict) -> dict:
    result = json.loads(row.result)
    who = reference.find("staff", id=row.author_id) if row.author_id else None
    return {
        **{"id": row.id, "part": row.part, "kind": row.kind, "op": op, "label": label},
        **{"author": {"id": row.author_id, "name": who["name"] if who else None}},
        **{"at": op["at"], "received_at": row.received_at, "status": row.status, "code": row.code},
        **{"message": result.get("message"), "problems": result.get("problems", [])},
        **{"quarantined": row.parked_code == QUARANTINE, "settled": result.get("settled")},
        "may": _may(row, person),
    }
