"""Filling an empty database: the shipped content, a new group, or the demo group."""

from collections.abc import Callable

from backend import demo
from backend.api.login import HASHER, set_password
from backend.db import write_transaction
from backend.demo.group import holiday_years, published
from backend.domain.ids import content_id
from backend.models.access import Account
from backend.models.group import GROUP, Staff
from backend.sync import door, people, state

DEMO_VEHICLES = 2_000
SHORTEST_PASSWORD = 8
DEMO_PASSWORD = demo.PASSWORD


class SetupError(RuntimeError):
    """The database cannot be filled as asked; the text is one line for the person at the keyboard."""


def is_empty() -> bool:
    """True while nobody works here."""
    return not Staff.select().exists()


def _require_empty() -> None:
    if not is_empty():
        raise SetupError("the database already holds a group; use another DATA_DIR or DATABASE_URL")


def _submit(ops: list[dict], now: str) -> None:
    for result in door.submit(ops, people.SYSTEM, now):
        if result["status"] == "parked":
            raise SetupError(f"refused: {result}")


def _op(part: str, kind: str, body: dict, now: str, key: str) -> dict:
    return {
        "id": content_id(part, "op", kind, key),
        "kind": kind,
        "v": 1,
        "part": part,
        "body": body,
        "at": now,
    }


def publish_content(now: str) -> None:
    """Publish the shipped questionnaires, scripts, plans and holidays (D-C17, D-S8)."""
    for kind, doc in published():
        _submit([_op(GROUP, f"{kind}.publish", {kind: doc}, now, doc["id"])], now)
    _submit([_op(GROUP, "holiday_year.add", doc, now, doc["id"]) for doc in holiday_years(now)], now)


def create_group(branch: str, branch_name: str, username: str, name: str, password: str, now: str) -> None:
    """A new group with one branch and an admin who can add the rest: all of it, or nothing.

    :raise SetupError: if the database is in use or an answer cannot be accepted.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise SetupError(f"the password needs {SHORTEST_PASSWORD} characters or more")
    with write_transaction():
        _require_empty()
        person = _found(branch, branch_name, username, name, now)
        set_password(person["id"], person["username"], password)


def _found(branch: str, branch_name: str, username: str, name: str, now: str) -> dict:
    state.epoch()
    state.ensure_parts([GROUP, people.part_of(branch)])
    place = {
        **{"id": content_id(GROUP, "branch", branch), "code": branch, "name": branch_name},
        **{"short_name": branch_name[:20], "open": "08:30", "close": "18:00"},
        **{"lunch_from": "12:00", "lunch_to": "13:30", "holidays_closed": False, "active": True},
    }
    person = {
        **{
            "id": content_id(GROUP, "staff", username),
            "username": username,
            "name": name,
            "title": "系统管理员",
        },
        **{
            "posts": [{"branch": "*", "role": "admin"}, {"branch": "*", "role": "hq_operator"}],
            "active": True,
        },
    }
    founding = (("branch.add", place), ("staff.add", person))
    _submit([_op(GROUP, kind, doc, now, doc["id"]) for kind, doc in founding], now)
    publish_content(now)
    return person


def load_demo(seed: int, vehicles: int, now: str, say: Callable[[str], None]) -> None:
    """The demo group: three branches, staff in every role, files with history; the same for the same seed.

    :raise SetupError: if the database is in use.
    """
    _require_empty()
    state.epoch()
    say(f"演示数据 demo group: {vehicles} vehicles …")
    with write_transaction():  # a load that was cut off leaves an empty database
        for op in demo.build(seed, vehicles, now):
            _submit([op], now)
        hashed = HASHER.hash(DEMO_PASSWORD)
        common = {"password_hash": hashed, "demo": True}
        rows = [{"staff_id": row.id, "username": row.username, **common} for row in Staff.select()]
        Account.insert_many(rows).execute()
        state.set_value("demo", DEMO_PASSWORD)
    say("done")


def demo_loaded() -> bool:
    """True while the demo group is in this database."""
    return state.value("demo") is not None and Account.select().where(Account.demo == 1).exists()
