"""Moves of a complaint along the table in workflows/complaint.json: who may, what is needed, what follows."""

from typing import Any

from .schema import compact
from .text import is_blank

Doc = dict[str, Any]
Row = dict[str, Any]
Actor = dict[str, Any]
Problem = dict[str, Any]

# What a step says by being taken at all.
_SAID: dict[str, Doc] = {"satisfied": {"satisfied": True}, "unsatisfied": {"satisfied": False}}


def rows_from(schema: Doc, state: str | None) -> list[Row]:
    """The rows that leave a state; None is the state before a complaint exists."""
    return [row for row in schema["workflows"]["complaint"]["steps"] if row["from"] == state]


def role_for(row: Row, complaint: Doc | None, actor: Actor) -> tuple[str, bool] | None:
    """(role the actor acts in, as deputy?) or None when the row is not theirs (D-K1, D-K2)."""
    field = row.get("actor_field")
    if field and complaint and complaint.get(field) == actor["id"]:
        return (actor["roles"][0], False) if actor["roles"] else None
    for role in row["roles"]:
        if role in actor["roles"]:
            return role, False
    for role in row["roles"]:
        if role in actor.get("deputy_roles", []):
            return role, True
    if actor.get("system") and row["roles"]:
        return row["roles"][0], False
    return None


def allowed_steps(schema: Doc, complaint: Doc | None, actor: Actor) -> list[Row]:
    """The rows this actor may take now, in table order; without a complaint, the ways to open one."""
    state = complaint["state"] if complaint else None
    return [row for row in rows_from(schema, state) if role_for(row, complaint, actor)]


def opening_row(schema: Doc, actor: Actor) -> Row:
    """How this actor opens a complaint: who may register, registers; everyone else reports it."""
    rows = rows_from(schema, None)
    own = [row for row in rows if role_for(row, None, actor)]
    return max(own, key=lambda row: row["no"]) if own else min(rows, key=lambda row: row["no"])


def find_row(schema: Doc, state: str | None, code: str) -> Row | None:
    """The row with this code that leaves this state."""
    return next((row for row in rows_from(schema, state) if row["code"] == code), None)


def apply_step(schema: Doc, complaint: Doc | None, row: Row, step: Doc, changes: Doc, actor: Actor) -> Doc:
    """`{complaint, step}` after the move: state, round, handler, compensation, closing (D-K1, D-K2, D-K6).

    `complaint` is the document before the move; for an opening row the new one, and `changes` its classes.
    """
    before = dict(complaint or {})
    role = role_for(row, complaint, actor) or (actor["roles"][0] if actor["roles"] else "admin", False)
    done = _stamped(before, row, step, role, actor)
    after = {**before, **changes, "state": row["to"]}
    if row.get("new_round"):
        after["round"] = before["round"] + 1
    if row.get("closes"):
        after["closed_at"] = done["happened_at"]
    if "handler_id" in row["needs"]:
        after["handler_id"] = done.get("handler_id") or after.get("handler_id")
    if done.get("compensation_fen") is not None:
        after["compensation_fen"] = done["compensation_fen"]
    return {"complaint": compact(after), "step": compact(done)}


def _stamped(complaint: Doc, row: Row, step: Doc, role: tuple[str, bool], actor: Actor) -> Doc:
    own = {
        "complaint_id": complaint["id"],
        "vehicle_id": complaint["vehicle_id"],
        "round": complaint["round"],
        "step": row["code"],
        "from_state": row["from"],
        "to_state": row["to"],
        "actor_id": actor["id"],
        "actor_name": actor["name"],
        "actor_role": role[0],
        "deputy": True if role[1] else None,
    }
    if actor.get("system"):  # a history being written down keeps the people who made it
        own |= {k: step[k] for k in ("actor_id", "actor_name", "actor_role", "deputy") if step.get(k)}
    return {**step, **_SAID.get(row["code"], {}), **own}


def step_problems(
    schema: Doc, row: Row, complaint: Doc, step: Doc, changes: Doc, prefix: str
) -> list[Problem]:
    """What the row needs and lacks: fields of the step, classes of the complaint, a signature (D-K2)."""
    own = schema["records"]["complaint_step"]["fields"]
    found: list[Problem] = []
    for name in row["needs"]:
        given = step.get(name) if name in own else changes.get(name, complaint.get(name))
        if given is None or (isinstance(given, str) and is_blank(given)):
            path = f"step.{name}" if name in own else f"{prefix}.{name}"
            found.append({"field": path, "code": "field.required"})
    if row.get("sign") and not step.get("signature") and not step.get("on_paper"):
        found.append({"field": "step.signature", "code": "field.required"})
    return found
