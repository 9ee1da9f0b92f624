"""What an older backup must not let in again: sessions that were ended and tablets that were revoked since it
was made, passwords that were changed, people who have left (TRUST.md, Revocation).
"""

from dataclasses import dataclass
from pathlib import Path

import apsw
from peewee import Expression, PeeweeException

from backend import db
from backend.config import Config
from backend.models.access import Account, Session
from backend.models.group import Staff
from backend.models.sync import Device, PartKey
from backend.sync import devices, state

NO_PASSWORD = "!"  # no password has this hash; a new one may be given at any time


@dataclass(frozen=True)
class ShutOut:
    """Of the replaced database: its epoch and those it went on from; ended sessions `(id, revoked_at)`;
    accounts `(staff_id, hash, disabled)`; the rows of its tablets; who has left, `{staff id: name}`.
    """

    epochs: set[str]
    sessions: list[tuple]
    accounts: list[tuple]
    devices: list[dict]
    leavers: dict[str, str]


def read(config: Config) -> ShutOut | None:
    """What the configured database knows; None where there is none, or it cannot be read any more."""
    path = db.file_of(config.database)
    if path and not Path(path).exists():
        return None
    db.connect(config.database)
    try:
        return ShutOut(
            {state.epoch(), *state.past_epochs()},
            list(db.rows("SELECT id, revoked_at FROM session WHERE revoked_at IS NOT NULL")),
            list(db.rows("SELECT staff_id, password_hash, disabled FROM account")),
            list(Device.select().dicts()),
            {row.id: row.name for row in Staff.select().where(_has_left())},
        )
    except (PeeweeException, apsw.Error, ValueError):
        return None
    finally:
        db.database.close()


def _has_left() -> Expression:
    """Also whom an earlier restore left without a password, and nobody has looked at since."""
    locked = [row.staff_id for row in Account.select().where(Account.password_hash == NO_PASSWORD)]
    return (Staff.active == 0) | Staff.id.in_(locked)


def keep(known: ShutOut | None, now: str) -> list[str]:
    """Shut the same out of the connected copy; return the names of people who had left since.

    Only a database that went on from the one that was backed up, as its epochs tell, is believed. Without
    one all sessions end.
    """
    if known is None or state.epoch() not in known.epochs:
        Session.update(revoked_at=now).where(Session.revoked_at.is_null()).execute()
        return []
    for session_id, revoked_at in known.sessions:
        this = (Session.id == session_id) & Session.revoked_at.is_null()
        Session.update(revoked_at=revoked_at).where(this).execute()
    for staff_id, password_hash, disabled in known.accounts:
        Account.update(password_hash=password_hash).where(Account.staff_id == staff_id).execute()
        if disabled:
            Account.update(disabled=True).where(Account.staff_id == staff_id).execute()
    _keep_devices(known.devices)
    return _keep_leavers(known.leavers, now)


def _keep_devices(known: list[dict]) -> None:
    """Tablets that came since are known, as are those that took another identity: what lies on them opens by
    its keys (invariant 17).
    """
    here = {device.id: device.state for device in Device.select(Device.id, Device.state)}
    for row in known:
        shut = {"state": row["state"], "generation": row["generation"]}
        if row["id"] not in here:
            Device.insert(row | {"last_n": 0}).execute()
        elif row["state"] != devices.ACTIVE:
            Device.update(shut).where(Device.id == row["id"]).execute()
    gone = [row["id"] for row in known if row["state"] in devices.GONE]
    if any(here.get(device_id) not in devices.GONE for device_id in gone):
        for part in [row.part for row in PartKey.select(PartKey.part)]:  # they know the backup's segment keys
            state.replace_part_key(part)


def _keep_leavers(known: dict[str, str], now: str) -> list[str]:
    """In the copy they are still staff; until that is put right they have no session and no password."""
    back = [row.id for row in Staff.select().where((Staff.active == 1) & Staff.id.in_(list(known)))]
    Session.update(revoked_at=now).where(Session.staff_id.in_(back) & Session.revoked_at.is_null()).execute()
    Account.update(password_hash=NO_PASSWORD).where(Account.staff_id.in_(back)).execute()
    return sorted(known[staff_id] for staff_id in back)
