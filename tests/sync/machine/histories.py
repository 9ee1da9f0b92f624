"""What a finished schedule left behind, held against small own models: steps, merges, tasks, clocks."""

import json
import re
from typing import TYPE_CHECKING

import shared_schema
from backend.domain.timing import format_instant, parse_instant
from backend.models.sync import Feed, Moved, Op
from tests.sync.machine.ledger import require

if TYPE_CHECKING:
    from tests.sync.machine.game import Game

DAY_MS = 86_400_000
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
SCALARS = {"customer": ("name", "note", "address"), "vehicle": ("color", "mileage_km")}
SIGNED = ("register", "opinion", "review", "dispatch", "return", "satisfied", "confirm", "file")
OLD_DEVICES: set[str] = set()
PARK_CODES = {
    *(
        "op.dep",
        "op.part",
        "op.not_allowed",
        "op.stale_step",
        "op.wrong_step",
        "op.wrong_person",
        "op.exists",
    ),
    *("op.missing", "op.author", "op.invalid", "op.dep_discarded"),
}


def docs(kind: str) -> list[tuple[str, int, dict]]:
    """Documents of a kind with their partition and sequence number, in commit order."""
    rows = Feed.select(Feed.part, Feed.seq, Feed.doc).where((Feed.kind == kind) & Feed.doc.is_null(False))
    return [(part, seq, json.loads(doc)) for part, seq, doc in rows.order_by(Feed.seq).tuples()]


def moved() -> set[str]:
    """Ids of records that have ever left a partition with their vehicle: other rules hold for their place."""
    return {row.id for row in Moved.select(Moved.id)} | {doc["id"] for doc in ended()}


def ended() -> list[dict]:
    """What a partition's feed knows to have ended."""
    return list(Feed.select(Feed.id).where(Feed.doc.is_null(True)).dicts())


def workflows(game: "Game") -> None:
    """13 workflow: a history is a legal path, each step by one who may; closed only with all signatures."""
    table = shared_schema.load()["workflows"]["complaint"]["steps"]
    gone = moved()
    for part, _seq, complaint in docs("complaint"):
        if complaint["id"] in gone:
            continue  # its steps came over at once, in no order of their own
        steps = [
            doc
            for p, _s, doc in docs("complaint_step")
            if (p, doc["complaint_id"]) == (part, complaint["id"])
        ]
        state = None
        for step in steps:
            rows = [
                r for r in table if (r["from"], r["code"], r["to"]) == (state, step["step"], step["to_state"])
            ]
            require(
                13,
                rows and step.get("from_state") == state,
                f"{complaint['id']}: {step['step']} from {state}",
            )
            may = step["actor_role"] in rows[0]["roles"] or rows[0].get("actor_field")
            require(13, may, f"{complaint['id']}: {step['step']} by {step['actor_role']}")
            held = {role for _branch, role in game.held[step["actor_id"]]}  # late steps follow a moved car
            require(13, step["actor_role"] in held, f"{step['actor_name']} is no {step['actor_role']}")
            require(13, not rows[0].get("sign") or step.get("signature"), f"{step['id']} has no signature")
            state = step["to_state"]
        require(
            13,
            complaint["state"] == state,
            f"{complaint['id']} is {complaint['state']}, its steps end in {state}",
        )
        done = {step["step"] for step in steps}
        require(13, state != "closed" or done >= set(SIGNED), f"{complaint['id']} closed after {done}")


def merges() -> None:
    """14 merge: a field has the value of the last op that set it; what lost is on the conflict list."""
    values: dict[tuple, object] = {}
    gone = moved()  # what came back or followed a car has other values than were given in one place
    lost = {  # wherever the file is by now: a person may stay behind with another car
        (c["record_id"], c["field"], c["value"], c.get("other")) for _part, _seq, c in docs("conflict")
    }
    for part, kind, record_id, field, value, seen in edits():
        key = (part, kind, record_id, field)
        before = values.get(key)
        if key in values and before not in (seen, value) and record_id not in gone:
            kept = (record_id, field, *(json.dumps(v, ensure_ascii=False) for v in (value, before)))
            require(14, kept in lost, f"{key}: {before} lost against {value} and is not kept")
        values[key] = value
    final = {(p, kind, doc["id"]): doc for kind in SCALARS for p, _s, doc in docs(kind)}
    for (part, kind, record_id, field), value in values.items():
        if record_id in gone:
            continue
        stored = final[part, kind, record_id].get(field)
        require(14, stored == value, f"{kind} {record_id}.{field} is {stored}, the last edit said {value}")


def edits() -> list[tuple]:
    """Values that people gave, in server order: `(part, kind, record id, field, value, value seen)`."""
    conflicts = {doc["id"]: doc for _part, _seq, doc in docs("conflict")}  # wherever its file is by now
    found = []
    rows = Op.select(Op.part, Op.text, Op.result).where((Op.part != "GRP") & Op.device.is_null(False))
    for part, text, result in rows.tuples():
        op, seq = json.loads(text), json.loads(result)["seqs"].get(part)
        base = op.get("base") or {}
        if seq and op["kind"].endswith(".set"):
            kind, record_id = op["kind"].removesuffix(".set"), op["body"]["id"]
            sets = [
                (kind, record_id, name, value, base.get(name)) for name, value in op["body"]["set"].items()
            ]
        elif seq and op["kind"] == "conflict.settle" and op["body"]["choice"] == "restore":
            doc = conflicts[op["body"]["id"]]
            other, mine = (json.loads(doc.get(name, "null")) for name in ("other", "value"))
            name = doc["field"]
            sets = [(doc["kind"], doc["record_id"], name, other, base.get(name, mine))]
        else:
            continue
        found += [(seq, part, *edit) for edit in sets if edit[2] in SCALARS.get(edit[0], ())]
    return [tuple(row[1:]) for row in sorted(found, key=lambda row: row[:2])]


def tasks() -> None:
    """15 tasks: one for each vehicle, source and node, however many made it."""
    seen: dict[tuple, str] = {}
    for _part, _seq, task in docs("task"):
        key = (task["vehicle_id"], task.get("source_id"), task["node"])
        require(15, seen.setdefault(key, task["id"]) == task["id"], f"two tasks for {key}")


def shifted(value: object, ms: int) -> object:
    """The same value with every instant in it moved."""
    if isinstance(value, str) and INSTANT.fullmatch(value):
        return format_instant(parse_instant(value) + ms)
    if isinstance(value, list):
        return [shifted(item, ms) for item in value]
    if isinstance(value, dict):
        return {key: shifted(item, ms) for key, item in value.items()}
    return value


def outcome(decision: dict) -> tuple:
    """What a decision comes to, times left out."""
    winners = [
        {field: change["doc"].get(field) for field in (*SCALARS.get(change["kind"], ()), "phones", "state")}
        for change in decision["changes"]
    ]
    codes = [problem["code"] for problem in decision["problems"]]
    losers = [
        (c["field"], c["mine"], c["theirs"]) for c in decision["conflicts"] if not INSTANT.search(str(c))
    ]
    return decision["status"], codes, winners, losers


def decide_at_any_hour(decide: object) -> object:
    """18 clocks: the same op by a clock that is three days wrong is decided alike."""

    def both(schema: dict, op: dict, records: object, actor: dict, now: str) -> dict:
        decision = decide(schema, op, records, actor, now)
        if actor.get("pushed"):
            for days in (-3, 3):
                moved = {**op, **{key: shifted(op.get(key), days * DAY_MS) for key in ("at", "body")}}
                other = decide(schema, moved, records, actor, now)
                same = outcome(other) == outcome(decision)
                require(18, same, f"{op['kind']} {days} days off: {outcome(decision)} and {outcome(other)}")
        return decision

    return both
