"""The one door: every change is an op that is decided, applied and logged here (DESIGN.md, SYNC.md Push)."""

import hashlib
import json
from dataclasses import dataclass, field

import structlog

import shared_schema
from backend import db
from backend.domain.canonical import NotCanonical, canonical, op_hash
from backend.domain.decide import decide, reads
from backend.domain.ids import new_id
from backend.errors import Refused, message
from backend.models.group import GROUP
from backend.models.sync import Op
from backend.sync import authors, feed, moved, people
from backend.sync.batch import Batch

log = structlog.get_logger()
PARKED, DISCARDED = "parked", "discarded"


@dataclass
class Again:
    """A parked op that is settled: its row in the log, and who asked for it to be run or discarded."""

    row: Op
    by: dict
    asked: bool = True  # False: it runs along with the op it depends on
    mended: bool = False
    reason: str | None = None  # why it is discarded

    def tell(self, result: dict, now: str) -> None:
        """Complete a result: under the id that its tablet knows, and with who settled it."""
        result["id"] = json.loads(self.row.text)["id"]
        if result["status"] != PARKED:
            by = {"by_id": self.by["id"], "by_name": self.by["name"], "at": now, "mended": self.mended}
            result["settled"] = by | ({"reason": self.reason} if self.reason else {})


@dataclass
class Entry:
    """An op on its way through: its author, its slot on a device, and what came out."""

    op: dict
    actor: dict | None
    device: str | None = None
    n: int | None = None
    text: str = ""
    hash: str = ""
    refusal: str | None = None
    earlier: dict | None = None
    stored: tuple[str, dict] | None = None
    result: dict = field(default_factory=dict)
    again: Again | None = None
    log_id: str | None = None
    place: str = ""  # the partition it is decided in: its own, or where its records have moved to
    reads: list[tuple[str, str]] = field(default_factory=list)  # the records it looks at
    last: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.place = self.place or self.op["part"]
        self.reads = reads(shared_schema.load(), self.op)
        if not self.text:
            self.text, self.hash, _sound = written(self.op)


def written(op: dict) -> tuple[str, str, bool]:
    """An op's text and hash as they are kept, and whether it is JSON that this product has at all.

    A float or a huge number is kept as it came, for its author to see, and is never applied.
    """
    try:
        return canonical(op), op_hash(op), True
    except NotCanonical:
        text = json.dumps(op, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text, hashlib.sha256(text.encode()).hexdigest(), False


def submit(ops: list[dict], actor: dict, now: str) -> list[dict]:
    """Hand in ops of the server itself (imports, jobs, head-office pages); all or none is stored.

    Returns a result per op: `{id, status, seqs, code?, problems?, conflicts?}`.
    """
    with db.write_transaction():
        return run([Entry(op, actor) for op in ops], now)


def run(entries: list[Entry], now: str) -> list[dict]:
    """Decide entries in order inside the caller's write transaction, then feed and log what came of them.

    An error of ours parks the op that it happens with, and the queue goes on (SYNC.md 4). Mostly there is
    none: all go together first, and each by itself only after one.
    """
    _lock(entries)
    return _stored(entries, now)


def _stored(entries: list[Entry], now: str) -> list[dict]:
    try:
        with db.database.atomic():
            return _together(entries, now)
    except (Refused, *db.TROUBLE):
        raise
    except Exception as error:
        if len(entries) > 1:
            log.warning("ops.one_by_one", count=len(entries), error=repr(error))
            return [result for entry in entries for result in _stored([entry], now)]
        (entry,) = entries
        log.exception("op.failed", op_id=entry.op["id"], kind=entry.op["kind"])
        entry.refusal = "server.error"
    return _together(entries, now)


def _together(entries: list[Entry], now: str) -> list[dict]:
    batch = Batch()
    _prefetch(entries, batch)
    done: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        entry.log_id, entry.last = None, {}
        _settle(entry, batch, done, now)
    _number(entries, batch)
    _log_ops([entry for entry in entries if entry.log_id], now)
    for entry in entries:
        if entry.again:
            _log_again(entry, entry.again, now)
    return [entry.result for entry in entries]


def _lock(entries: list[Entry]) -> None:
    """Take the writers' locks of all partitions that the entries may change, and see where late ones belong.

    :raise Refused: `sync.busy` when a record moved in between: the client tries again.
    """
    _find_places(entries)
    chosen = [entry.place for entry in entries]
    feed.lock({entry.op["part"] for entry in entries} | {*chosen, *_targets(entries), GROUP})
    _find_places(entries)
    if [entry.place for entry in entries] != chosen:
        raise Refused("sync.busy")


def _targets(entries: list[Entry]) -> set[str]:
    """Where vehicles are to be moved to; what a tablet calls so is refused, whatever it names."""
    moves = (e for e in entries if e.op["kind"] == "vehicle.move" and not (e.actor or {}).get("pushed"))
    return {people.part_of(entry.op["body"]["to"]) for entry in moves}


def _find_places(entries: list[Entry]) -> None:
    places = moved.places([(entry.op["part"], entry.reads) for entry in entries])
    for entry, place in zip(entries, places, strict=True):
        entry.place = place


def _prefetch(entries: list[Entry], batch: Batch) -> None:
    """What the entries read, and the results of those that came before: a query for many."""
    pairs: dict[str, list[tuple[str, str]]] = {}
    by_part: dict[str, list[Entry]] = {}
    for entry in entries:
        pairs.setdefault(entry.place, []).extend(entry.reads)
        by_part.setdefault(entry.op["part"], []).append(entry)
    for place, read in pairs.items():
        batch.prefetch(place, read)
    for part, some in by_part.items():
        stored = _stored_results(part, [entry.op["id"] for entry in some])
        for entry in some:
            entry.stored = stored.get(entry.op["id"])


def _stored_results(part: str, ids: list[str]) -> dict[str, tuple[str, dict]]:
    found = {}
    for some in db.chunked(ids, 500):
        sql = f"SELECT id, hash, result FROM op WHERE part = ? AND id IN ({db.marks(some)})"
        found |= {op_id: (hashed, json.loads(text)) for op_id, hashed, text in db.rows(sql, part, *some)}
    return found


def stored_result(part: str, op_id: str) -> tuple[str, dict] | None:
    """The hash and the result of an op handed in before, or None."""
    return _stored_results(part, [op_id]).get(op_id)


def _settle(entry: Entry, batch: Batch, done: dict, now: str) -> None:
    op = entry.op
    if entry.earlier:
        entry.result = entry.earlier
        return
    before = done.get((op["part"], op["id"]))
    stored = (before.hash, before.result) if before else None
    if not entry.again:
        stored = stored or entry.stored
        if stored and stored[0] == entry.hash:
            entry.result = stored[1]
            return
        entry.log_id = new_id() if stored else op["id"]
    done.setdefault((op["part"], op["id"]), entry)
    entry.result = _result(op, _outcome(entry, bool(stored), batch, done, now))
    if entry.again:
        entry.again.tell(entry.result, now)


def _outcome(entry: Entry, taken: bool, batch: Batch, done: dict, now: str) -> dict:
    if entry.again and entry.again.reason:
        return {"status": DISCARDED, "problems": [{"code": "op.discarded"}]}
    code = "op.exists" if taken else entry.refusal or _too_new(entry.op) or _unmet_dependency(entry, done)
    return {"status": PARKED, "problems": [{"code": code}]} if code else _decide(entry, batch, now)


def _too_new(op: dict) -> str | None:
    spec = shared_schema.load()["ops"].get(op["kind"])
    return "op.version" if spec and op["v"] > spec["v"] else None


def _unmet_dependency(entry: Entry, done: dict) -> str | None:
    """An op waits with the op it depends on: parked or missing there means parked here (SYNC.md 5).

    What depends on a discarded op waits until somebody asks for it to run without that.
    """
    op = entry.op
    for op_id in op.get("dep", []):
        earlier = done.get((op["part"], op_id))
        found = earlier.result if earlier else (stored_result(op["part"], op_id) or (None, None))[1]
        if not found or found["status"] == PARKED:
            return "op.dep"
        if found["status"] == DISCARDED and not (entry.again and entry.again.asked):
            return "op.dep_discarded"
    return None


def _decide(entry: Entry, batch: Batch, now: str) -> dict:
    here = {**entry.op, "part": entry.place}
    decision = decide(shared_schema.load(), here, batch.view(entry.place), entry.actor, now)
    if decision["status"] != PARKED:
        batch.note(here, entry.actor)
        if entry.place != entry.op["part"]:
            batch.follow(entry.op["part"], entry.place, decision["changes"])
        entry.last = batch.store(entry.place, decision["changes"], now)
    return decision if entry.place == entry.op["part"] else {**decision, "conflicts": []}


def _result(op: dict, decision: dict) -> dict:
    result = {"id": op["id"], "status": decision["status"], "seqs": {}}
    problems = decision.get("problems", [])
    if problems:
        code = problems[0]["code"]
        details = {k: v for k, v in problems[0].items() if k not in ("code", "field")}
        result |= {"code": code, "message": message(code, **details), "problems": problems}
    if decision.get("conflicts"):
        result["conflicts"] = decision["conflicts"]
    return result


def _number(entries: list[Entry], batch: Batch) -> None:
    firsts = batch.flush()
    for entry in entries:
        if entry.last:
            entry.result["seqs"] = {part: firsts[part] + at for part, at in entry.last.items()}


def _log_ops(entries: list[Entry], now: str) -> None:
    rows = [
        {
            **{"part": e.op["part"], "id": e.log_id, "device": e.device, "n": e.n, "kind": e.op["kind"]},
            **{"author_id": e.actor and e.actor["id"], "hash": e.hash, "text": e.text},
            **{"status": e.result["status"], "code": e.result.get("code"), "received_at": now},
            **{"result": json.dumps(e.result, ensure_ascii=False), "record_id": authors.record_of(e.op)},
            "parked_code": e.result["code"] if e.result["status"] == PARKED else None,
        }
        for e in entries
    ]
    db.insert("op", rows)


def _log_again(entry: Entry, again: Again, now: str) -> None:
    """The row keeps its text for ever; its outcome is the new one."""
    result = entry.result
    values = {"status": result["status"], "code": result.get("code")}
    values["result"] = json.dumps(result, ensure_ascii=False)
    if result["status"] != PARKED:
        values |= {"settled_by": again.by["id"], "settled_at": now, "reason": again.reason}
        values["ran"] = None if entry.text == again.row.text or again.reason else entry.text
        values["record_id"] = authors.record_of(entry.op)
    Op.update(**values).where((Op.part == again.row.part) & (Op.id == again.row.id)).execute()
