"""The tablets that are out: who may see them, what was done about each, and how one is shut out (TRUST.md,
Revocation).
"""

import hmac
from collections.abc import Iterator

from backend import db
from backend.domain.ids import new_id
from backend.errors import Refused
from backend.models.access import DeviceLog, Session
from backend.models.group import GROUP
from backend.models.sync import Device
from backend.sync import people, reference, state

ACTIVE, SOFT, WIPE, WIPED = "active", "soft", "wipe", "wiped"
GONE = (WIPE, WIPED)
MANAGERS = ("cs_manager", "service_manager", "sales_manager", "general_manager")
OPERATORS = ("hq_operator", "admin")
READERS = ("hq_operator", "hq_auditor", "admin")
MOST, LOGGED = 1000, 5
SHOWN = ("id", "name", "branch", "seen_at", "pending", "pending_blobs", "storage", "state", "enrolled_at")


def branches(person: dict, office: tuple[str, ...]) -> list[str] | None:
    """The branches whose tablets are this person's; None: all, for who has one of the `office` roles."""
    held = people.roles_by_branch(person)
    if set(office).intersection(held.get(people.EVERYWHERE, [])):
        return None
    return sorted(code for code, roles in held.items() if set(MANAGERS).intersection(roles))


def listed(person: dict) -> list[dict]:
    """The tablets this person may see, the ones seen last first.

    `{id, name, branch, who, seen_at, pending, pending_blobs, version, storage, state, enrolled_at,
    log: [{at, what, who, reason}], may}` each; the log's latest first, `may`: revoke and rename.
    """
    query = Device.select().order_by(Device.seen_at.desc()).limit(MOST)
    seen, managed = branches(person, READERS), branches(person, OPERATORS)
    rows = list(query if seen is None else query.where(Device.branch.in_(seen)))
    names = {doc["id"]: doc["name"] for doc in reference.docs("staff")}
    logs = _logs([row.id for row in rows], names)
    return [
        {
            **{name: getattr(row, name) for name in SHOWN},
            **{
                "who": names.get(row.staff_id),
                "version": row.app_version,
                "log": logs.get(row.id, [])[:LOGGED],
            },
            "may": managed is None or row.branch in managed,
        }
        for row in rows
    ]


def _logs(ids: list[str], names: dict[str, str]) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in DeviceLog.select().where(DeviceLog.device_id.in_(ids)).order_by(DeviceLog.id.desc()):
        line = {"at": row.at, "what": row.what, "who": names.get(row.staff_id), "reason": row.reason}
        found.setdefault(row.device_id, []).append(line)
    return found


def managed(device_id: str, person: dict) -> Device:
    """A device that this person may rename and revoke. :raise Refused: 404 `not_found`."""
    device = Device.get_or_none(Device.id == device_id)
    own = branches(person, OPERATORS)
    if device is None or (own is not None and device.branch not in own):
        raise Refused("not_found")
    return device


def note(device: Device, what: str, now: str, staff_id: str | None = None, reason: str | None = None) -> None:
    """Keep who did what about a device, when and why."""
    DeviceLog.create(device_id=device.id, id=new_id(), at=now, what=what, staff_id=staff_id, reason=reason)


def rename(device: Device, name: str, by: dict, now: str) -> None:
    """Give a tablet another name."""
    with db.write_transaction():
        note(device, "renamed", now, by["id"], f"{device.name} → {name}")
        Device.update(name=name).where(Device.id == device.id).execute()


def revoke(device: Device, mode: str, reason: str, by: dict, now: str) -> None:
    """Shut a tablet out. `soft`: its sessions end. `hard`: at its next contact it hands in its work and is
    wiped; its own keys and the segment keys that were known on it are replaced.

    :raise Refused: 409 `conflict` if it is to be wiped already.
    """
    with db.write_transaction():
        device = Device.locked(id=device.id)
        if device.state in GONE:
            raise Refused("conflict")
        if mode == "hard":
            device.state, device.generation = WIPE, device.generation + 1
            for part in _parts_known_on(device):
                state.replace_part_key(part)
        else:
            device.state = SOFT
            here = (Session.device_id == device.id) & Session.revoked_at.is_null()
            Session.update(revoked_at=now).where(here).execute()
        device.save()
        note(device, device.state, now, by["id"], reason)


def _parts_known_on(device: Device) -> list[str]:
    """The branch partitions of everybody who has logged in on a tablet, under any of its identities."""
    ids = {device_id for device_id, _generation in lives(device)}
    sessions = Session.select(Session.staff_id).where(Session.device_id.in_(ids)).distinct()
    persons = [reference.find("staff", id=row.staff_id) for row in sessions]
    parts = {part for person in persons if person for part in people.sync_parts(person)}
    return sorted(parts - {GROUP})


def lives(device: Device | None) -> Iterator[tuple[str, int]]:
    """The id and generation of every set of data keys a tablet has had, also before a fork; newest first."""
    seen: set[str] = set()
    while device and device.id not in seen:
        seen.add(device.id)
        yield from ((device.id, generation) for generation in range(device.generation, -1, -1))
        device = Device.get_or_none(Device.id == device.forked_from)


def with_secret(device_id: str, secret: str) -> Device | None:
    """The device that shows its secret, of any generation of its keys so far; compared in constant time."""
    device = Device.get_or_none(Device.id == device_id)
    generations = range(device.generation + 1 if device else 1)
    same = [hmac.compare_digest(state.device_secret(device_id, one), secret) for one in generations]
    return device if any(same) else None


def wiped(device: Device, now: str) -> None:
    """The tablet says that it is empty now. :raise Refused: 409 `conflict` if nobody wanted that."""
    with db.write_transaction():
        device = Device.locked(id=device.id)
        if device.state not in GONE:
            raise Refused("conflict")
        if device.state == WIPE:
            device.state, device.pending, device.pending_blobs, device.seen_at = WIPED, 0, 0, now
            device.save()
            note(device, WIPED, now)
