"""What the vectors' `fn` names mean in Python; functions.js says the same for JavaScript."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shared_schema
from backend.domain import (
    calendar,
    canonical,
    clocks,
    decide,
    decide_callback,
    decide_publish,
    gate,
    ids,
    media,
    merge,
    rules,
    schema,
    text,
    timing,
    workflow,
)

SCHEMA = shared_schema.load()
WORLD = json.loads((Path(__file__).parent / "world.json").read_text(encoding="utf-8"))
Given = dict[str, Any]


class Records:
    """What a decision may look at: the world's records, and those a vector adds or replaces."""

    def __init__(self, given: Given) -> None:
        self.docs = {(k, d["id"]): d for k, docs in WORLD["records"].items() for d in docs}
        self.docs |= {(k, d["id"]): d for k, docs in given.get("records", {}).items() for d in docs}
        self.refs = {"staff": staff(), "branch": [WORLD["branch"]], **given.get("refs", {})}
        self.authors = given.get("authors", {})

    def get(self, kind: str, id: str) -> Given | None:
        return copy.deepcopy(self.docs.get((kind, id)))

    def ref(self, kind: str) -> list[Given]:
        return self.refs.get(kind, [])

    def author(self, kind: str, id: str, field: str, value: Any) -> Given | None:
        return self.authors.get(f"{kind}:{id}:{field}")

    def apply(self, decision: Given) -> None:
        self.docs |= {(c["kind"], c["id"]): c["doc"] for c in decision["changes"]}


def staff() -> list[Given]:
    """The cast as staff records: whom a complaint may be given to."""
    return [{"id": a["id"], "name": a["name"], "active": True} for a in WORLD["actors"].values()]


def actor(given: Given) -> Given:
    """The actor a vector names, as `decide` wants to see them."""
    told = {"place": given.get("place", "server"), "pushed": given.get("pushed", False)}
    return {"deputy_roles": [], **told, **WORLD["actors"][given["actor"]]}


def branch_days(given: Given) -> Given:
    return calendar.make_calendar({**WORLD["branch"], **given.get("branch", {})}, WORLD["holiday_years"])


def decided(given: Given) -> Given:
    return decide.decide(SCHEMA, given["op"], Records(given), actor(given), WORLD["now"])


def play(given: Given) -> list[Given]:
    """Runs complaint steps one after the other: `[{status, problems, complaint, step}]` in short."""
    records, told = Records(given), []
    for move in given["moves"]:
        result = decide.decide(SCHEMA, move["op"], records, actor(move), WORLD["now"])
        records.apply(result)
        told.append(in_short(result))
    return told


def in_short(result: Given) -> Given:
    """The fields a move is about, so that a path can be read."""
    wanted = ("state", "round", "handler_id", "closed_at", "compensation_fen", "step", "actor_role", "deputy")
    docs = {c["kind"]: {k: c["doc"][k] for k in wanted if k in c["doc"]} for c in result["changes"]}
    told = {"status": result["status"], "problems": result["problems"]}
    return told | {kind: docs[kind] for kind in ("complaint", "complaint_step") if kind in docs}


def gated(given: Given) -> Given:
    fixed = {"schema": SCHEMA, "branch_code": "SZ01", "rules": [], "complaints": [], "attempts": []}
    return gate.contact_gate({**fixed, **given, "actor": actor(given)})


def clocked(given: Given) -> list[Given]:
    rest = (given["steps"], branch_days(given), given.get("rules", []), "SZ01", given["now"])
    return clocks.complaint_clocks(SCHEMA, given["complaint"], *rest)


def stepped(given: Given) -> Given:
    row = workflow.find_row(SCHEMA, given["complaint"].get("state"), given["code"])
    rest = (row, given["step"], given.get("set", {}), actor(given))
    return workflow.apply_step(SCHEMA, given["complaint"], *rest)


def of(function: Callable[..., Any], *names: str) -> Callable[[Given], Any]:
    """A function of the given values of these names, in this order."""
    return lambda given: function(*(given[name] for name in names))


def with_schema(function: Callable[..., Any], *names: str) -> Callable[[Given], Any]:
    return of(lambda *values: function(SCHEMA, *values), *names)


def with_days(function: Callable[..., Any], *names: str) -> Callable[[Given], Any]:
    return lambda given: function(branch_days(given), *(given[name] for name in names))


TEXT = [
    *("trim", "is_blank", "without_spaces", "length", "is_clean", "half_width", "upper_ascii"),
    *("normal_plate", "normal_vin", "normal_phone"),
    *("is_phone", "is_plate", "is_vin", "is_id", "is_signature"),
]
FUNCTIONS: dict[str, Callable[[Given], Any]] = {
    **{name: of(getattr(text, name), "text") for name in TEXT},
    **{name: of(getattr(timing, name), "text") for name in ("is_date", "is_time", "is_instant")},
    **{name: of(getattr(timing, name), "instant") for name in ("parse_instant", "local_date", "local_time")},
    "format_instant": of(timing.format_instant, "milliseconds"),
    "minute_of_day": of(timing.minute_of_day, "time"),
    "at_local": of(timing.at_local, "date", "time"),
    "add_days": of(timing.add_days, "date", "days"),
    "add_hours": of(timing.add_hours, "instant", "hours"),
    "weekday": of(timing.weekday, "date"),
    "canonical": of(canonical.canonical, "value"),
    "same": of(canonical.same, "left", "right"),
    "op_hash": of(canonical.op_hash, "op"),
    "content_id": lambda given: ids.content_id(*given["keys"]),
    "id_at": lambda given: ids.id_at(given["milliseconds"], bytes.fromhex(given["noise"])),
    "sniff": lambda given: media.sniff(bytes.fromhex(given["hex"])),
    "check": with_schema(schema.check, "record", "doc"),
    "check_new": with_schema(schema.check_new, "record", "doc"),
    "check_set": with_schema(schema.check_set, "record", "set"),
    "check_fields": with_schema(schema.check_fields, "fields", "doc"),
    "rule": with_schema(rules.rule, "rules", "code", "branch"),
    "is_open": with_days(calendar.is_open, "date"),
    "opening": with_days(calendar.opening, "date"),
    "closing": with_days(calendar.closing, "date"),
    "next_open_day": with_days(calendar.next_open_day, "date"),
    "end_of_same_day": with_days(calendar.end_of_same_day, "instant"),
    "working_minutes": with_days(calendar.working_minutes, "from", "to"),
    "allowed_steps": lambda given: [
        row["code"] for row in workflow.allowed_steps(SCHEMA, given["complaint"], actor(given))
    ],
    "opening_row": lambda given: workflow.opening_row(SCHEMA, actor(given))["code"],
    "apply_step": stepped,
    "complaint_clocks": clocked,
    "in_order": lambda given: [step["id"] for step in clocks.in_order(given["steps"])],
    "contact_gate": gated,
    "merge_set": with_schema(merge.merge_set, "record", "current", "set", "base"),
    "task_after": lambda given: schema.compact(
        decide_callback.task_after(SCHEMA, given["task"], given["attempt"])
    ),
    "forbidden": with_schema(decide_publish.forbidden, "record", "doc"),
    "reads": lambda given: [list(pair) for pair in decide.reads(SCHEMA, given["op"])],
    "decide": decided,
    "play": play,
}


def run(vector: Given) -> Any:
    """What the function gives; `{raises: true}` when it refuses its arguments."""
    try:
        return FUNCTIONS[vector["fn"]](copy.deepcopy(vector["given"]))
    except (ValueError, KeyError):
        return {"raises": True}
