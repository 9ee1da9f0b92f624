"""What an older backup must not let in again: sessions that were ended and tablets that were revoked since it
was made, passwords that were changed (TRUST.md, Revocation).
"""

from dataclasses import dataclass
from pathlib import Path

import apsw
from peewee import PeeweeException

from backend import db
from backend.config import Config
from backend.models.access import Account, Session
from backend.models.sync import Device, PartKey
from backend.sync import devices, state


@dataclass(frozen=True)
class ShutOut:
    """Of the replaced database: ended sessions `(id, revoked_at)`, tablets `(id, state, generation)`,
    accounts `(staff_id, password_hash, disabled)`.
    """

    sessions: list[tuple]
    devices: list[tuple]
    accounts: list[tuple]


def read(config: Config) -> ShutOut | None:
    """What the configured database knows; None where there is none, or it cannot be read any more."""
    path = db.file_of(config.database)
    if path and not Path(path).exists():
        return None
    db.connect(config.database)
    try:
        return ShutOut(
            list(db.rows("SELECT id, revoked_at FROM session WHERE revoked_at IS NOT NULL")),
            list(db.rows("SELECT id, state, generation FROM device")),
            list(db.rows("SELECT staff_id, password_hash, disabled FROM account")),
        )
    except (PeeweeException, apsw.Error):
        return None
    finally:
        db.database.close()


def keep(known: ShutOut | None, now: str) -> None:
    """Shut the same out of the connected database; every session, where nothing is known of them."""
    if known is None:
        Session.update(revoked_at=now).where(Session.revoked_at.is_null()).execute()
        return
    for session_id, revoked_at in known.sessions:
        Session.update(revoked_at=revoked_at).where(
            (Session.id == session_id) & Session.revoked_at.is_null()
        ).execute()
    for staff_id, password_hash, disabled in known.accounts:
        changed = {"password_hash": password_hash, "disabled": disabled}
        Account.update(changed).where(Account.staff_id == staff_id).execute()
    _keep_devices({device_id: (was, generation) for device_id, was, generation in known.devices})


def _keep_devices(known: dict[str, tuple[str, int]]) -> None:
    lost = False
    for device in Device.select():
        was, generation = known.get(device.id, (device.state, device.generation))
        if was == devices.ACTIVE or (was, generation) == (device.state, device.generation):
            continue
        lost = lost or was in devices.GONE
        Device.update(state=was, generation=generation).where(Device.id == device.id).execute()
    if lost:  # the backup has the segment keys that were known on it
        for row in PartKey.select(PartKey.part):
            state.replace_part_key(row.part)
