"""A tablet hands in its ops: each gets a result, at most once, in the device's order (SYNC.md 1-6)."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field

from backend import db
from backend.errors import Refused
from backend.models.access import Session
from backend.models.sync import Device, Op
from backend.sync import door, parked, people, reference, state

CORE = ("id", "kind", "v", "part", "body", "base", "at", "dep", "blobs")
NOBODYS = "op.author"
SEEN = "UPDATE device SET last_n = ?, seen_at = ?, pending = ?, staff_id = ? WHERE id = ?"


def push(message: dict, session: Session, now: str) -> dict:
    """Accept `{proto, device, epoch, clock, pending, ops}`; answer `{epoch, last_n, now, results,
    waited_ms}`: how long other writers kept it waiting, for tablets to pace themselves by.

    :raise Refused: `sync.epoch`, `sync.gap` with `expect`, `sync.fork`; nothing is stored then.
    """
    begun = time.monotonic()
    with db.write_transaction():
        waited = int(1000 * (time.monotonic() - begun))
        epoch = state.epoch()
        if message.get("epoch") not in (None, epoch):
            raise Refused("sync.epoch", epoch=epoch)
        device = Device.locked(id=session.device_id)
        carrier = Carrier(session, device, people.staff(session.staff_id))
        entries = [_entry(op, carrier) for op in _in_order(message["ops"], device)]
        parked.claim([entry for entry in entries if _is_claimed(entry)], now)
        results = door.run(entries, now)
        last_n = max([device.last_n, *(op["n"] for op in message["ops"])])
        db.execute(SEEN, last_n, now, message.get("pending", 0), session.staff_id, device.id)
        answers = [{"n": e.n, **result} for e, result in zip(entries, results, strict=True)]
        told = {"epoch": epoch, "last_n": last_n, "now": now, "waited_ms": waited}
        return {**told, "results": answers}


@dataclass
class Carrier:
    """Whose session hands in the ops, from which device; and everybody's roles, looked up once."""

    session: Session
    device: Device
    person: dict
    known: dict[tuple[str, str], tuple[dict, bool]] = field(default_factory=dict)

    def actor(self, author: dict, part: str) -> tuple[dict, bool]:
        """Who wrote an op, as `decide` sees them in a partition, and whether they may write there."""
        key = (author["id"], part)
        if key not in self.known:
            actor = {**people.actor(author, part), "pushed": True}
            self.known[key] = actor, part in people.writable_parts(author)
        return self.known[key]


def _in_order(ops: list[dict], device: Device) -> list[dict]:
    """The ops, when their numbers leave no hole after what the device has handed in.

    :raise Refused: `sync.gap` with the number that is expected; `sync.fork` if a number stands for two ops.
    """
    expect = device.last_n + 1
    taken: dict[int, dict] = {}
    for op in ops:
        if op["n"] > expect:
            raise Refused("sync.gap", expect=device.last_n + 1)
        first = taken.setdefault(op["n"], op)
        if first is not op and json.dumps(first, sort_keys=True) != json.dumps(op, sort_keys=True):
            raise Refused("sync.fork", n=op["n"])
        expect = max(expect, op["n"] + 1)
    return ops


def _entry(op: dict, carrier: Carrier) -> door.Entry:
    device = carrier.device
    core = {key: op[key] for key in CORE if key in op}
    text, digest, sound = door.written(core)
    earlier = _earlier(core, digest, device, op["n"]) if op["n"] <= device.last_n else None
    author, refusal = _author(op, digest, carrier)
    if not sound:
        refusal = "op.invalid"
    elif op.get("h") not in (None, digest):
        refusal = "op.hash"
    actor, may_write = carrier.actor(author, core["part"]) if author else (None, False)
    if not refusal and not may_write:
        refusal = "op.part"
    place = {"device": device.id, "n": op["n"], "text": text, "hash": digest}
    return door.Entry(core, actor, **place, refusal=refusal, earlier=earlier)


def _is_claimed(entry: door.Entry) -> bool:
    """Was it parked because nobody could be shown to have written it, and now is its author at hand?"""
    return bool(entry.earlier and entry.earlier.get("code") == NOBODYS and entry.actor and not entry.refusal)


def _earlier(core: dict, digest: str, device: Device, n: int) -> dict:
    """The result of the op in a slot that was used; another op there means that the device was copied.

    :raise Refused: `sync.fork`.
    """
    known = Op.find(device=device.id, n=n) or Op.find(
        part=core["part"], id=core["id"]
    )  # under another number
    if known is None or known.hash != digest:
        raise Refused("sync.fork", n=n)
    return json.loads(known.result)


def _author(op: dict, digest: str, carrier: Carrier) -> tuple[dict | None, str | None]:
    """Who wrote the op: the session that carries it, or the one whose key signed it, ended or not.

    When a session ended says nothing of an op written before: a tablet's clock decides nothing (SYNC.md 18).
    The work of somebody who has left since waits for a manager (TRUST.md, Revocation).
    """
    if op.get("by") in (None, carrier.session.id):
        return carrier.person, None
    author = proven_author(op, digest)
    if author is None:
        return None, NOBODYS
    return author, None if author.get("active") else "op.quarantine"


def proven_author(signed: dict, digest: str) -> dict | None:
    """Whose session `by` signed a digest with `mac`; also somebody who has left since; None if nobody."""
    by, mac = signed.get("by"), signed.get("mac")
    writer = Session.find(id=by) if isinstance(by, str) and isinstance(mac, str) else None
    if writer is None:
        return None
    key = bytes.fromhex(state.op_key(writer.id))
    good = hmac.new(key, digest.encode(), hashlib.sha256).hexdigest()
    same = hmac.compare_digest(good.encode(), mac.encode())
    return reference.find("staff", id=writer.staff_id) if same else None
