"""The one decision every change passes: role, body, then the kind's own rule."""

from collections.abc import Callable
from typing import Any

from . import (
    decide_attachment,
    decide_callback,
    decide_complaint,
    decide_conflict,
    decide_escalate,
    decide_generic,
    decide_handover,
    decide_history,
    decide_import,
    decide_move,
    decide_publish,
)
from .decision import Case, Decision, Doc, Records, parked

KINDS: dict[str, Callable[[Case], Decision]] = {
    "attachment.add": decide_attachment.add,
    "attachment.void": decide_attachment.void,
    "callback.record": decide_callback.record,
    "task.later": decide_callback.later,
    "complaint.open": decide_complaint.open_one,
    "complaint.step": decide_complaint.step,
    "conflict.settle": decide_conflict.settle,
    "conflict.settle_group": decide_conflict.settle,
    "handover.send": decide_handover.send,
    "handover.receive": decide_handover.receive,
    "script.publish": decide_publish.publish,
    "questionnaire.publish": decide_publish.publish,
    "plan.publish": decide_publish.publish,
    "delivery.import": decide_import.delivery,
    "repair_order.import": decide_import.repair_order,
    "task.generate": decide_import.generate,
    "complaint.escalate": decide_escalate.escalate,
    "history.load": decide_history.load,
    "vehicle.move": decide_move.move,
}
GENERIC: dict[str, Callable[[Case], Decision]] = {
    "add": decide_generic.add,
    "set": decide_generic.change_fields,
}


def decide(schema: Doc, op: Doc, records: Records, actor: Doc, now: str) -> Decision:
    """`{status: applied|merged|noop|parked, changes: [{kind,id,doc}], problems: [{code,field?}], conflicts}`.

    `actor` = `{id, name, roles, deputy_roles, place: server|tablet, system, pushed}` with the roles held in
    op.part; `pushed` says that a client sent the op, so that what is marked `where: "server"` is refused.
    Pure: fetches nothing but through `records`, and never raises for anything an author can write.
    """
    spec = schema["ops"].get(op["kind"]) if isinstance(op["kind"], str) else None
    if spec and spec.get("where") == "server" and actor.get("pushed"):
        return parked({"code": "op.not_allowed"})
    handler = handler_of(spec) if spec else None
    if spec is None or handler is None:
        return parked({"code": "op.unknown"})
    if (op["part"] == "GRP") != (spec["part"] == "group"):
        return parked({"code": "op.part"})
    if not may(spec, actor):
        return parked({"code": "op.not_allowed"})
    return handler(Case(schema, op, spec, records, actor, now))


def handler_of(spec: Doc) -> Callable[[Case], Decision] | None:
    """The function that decides a catalogue row."""
    return GENERIC[spec["generic"]] if "generic" in spec else KINDS.get(spec["kind"])


def may(spec: Doc, actor: Doc) -> bool:
    """May this actor author this kind: by their own role, one they stand in for, or as the machine itself?"""
    held = {*actor["roles"], *actor.get("deputy_roles", [])}
    return bool(actor.get("system")) or not held.isdisjoint(spec["roles"])


def reads(schema: Doc, op: Doc) -> list[tuple[str, str]]:
    """The records an op looks at, as (kind, id), by the catalogue's dotted paths; gaps are left out."""
    found: list[tuple[str, str]] = []
    for entry in schema["ops"].get(op["kind"], {}).get("reads", []):
        kind, path = entry.split(":")
        for value in _values(op.get("body"), path.split(".")):
            if isinstance(value, str) and (kind, value) not in found:
                found.append((kind, value))
    return found


def _values(value: Any, path: list[str]) -> list[Any]:
    if not path:
        return [value]
    if path[0] == "*":
        items = value if isinstance(value, list) else []
        return [leaf for item in items for leaf in _values(item, path[1:])]
    return _values(value[path[0]], path[1:]) if isinstance(value, dict) and path[0] in value else []
