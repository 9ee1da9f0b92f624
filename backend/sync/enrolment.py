"""How a tablet comes in for the first time: with a one-time code from a manager (TRUST.md, Enrolment)."""

import secrets

import shared_schema
from backend.domain.rules import rule
from backend.domain.timing import format_instant, parse_instant
from backend.errors import Refused
from backend.models.access import EnrolCode
from backend.models.group import GROUP
from backend.models.sync import Device
from backend.sync import devices, people, reference, state

CODE_DIGITS = 8
CODE_MS = 15 * 60_000


def make_code(branch: str, name: str, made_by: str | None, now: str) -> dict:
    """A code of eight digits that lets one tablet in within 15 minutes: `{code, expires_at, valid_s}`.

    :raise Refused: 404 `not_found` if there is no such branch.
    """
    if not reference.find("branch", code=branch):
        raise Refused("not_found")
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    expires_at = format_instant(parse_instant(now) + CODE_MS)
    EnrolCode.delete().where(EnrolCode.expires_at <= now).execute()
    kept = {"branch": branch, "name": name, "made_by": made_by, "expires_at": expires_at}
    EnrolCode.create(code_hash=_code_hash(code), **kept)
    return {"code": code, "expires_at": expires_at, "valid_s": CODE_MS // 1000}


def _code_hash(code: str) -> str:
    return state.derive(f"code|{code}").hex()


def admit(told: dict, person: dict, is_demo: bool, code: str | None, now: str) -> Device:
    """The device `{id, name, was?}` of a login, inside the login's transaction.

    One that the server does not know needs a code, but for demo accounts, the first device of a group, and
    one that took another id after a fork and proves which one it had (SYNC.md, Push).

    :raise Refused: 403 `auth.enrol`, `auth.enrol_code`, `device.wipe`.
    """
    if Device.find(id=told["id"]) is None:
        branch = next((people.branch_of(part) for part in people.sync_parts(person) if part != GROUP), None)
        begun = {"name": told["name"], "branch": branch, "created_at": now, "seen_at": now}
        Device.insert(id=told["id"], **begun).on_conflict_ignore().execute()  # two may come at once
    device = Device.locked(id=told["id"])  # or a revocation, or a push, that is under way would be undone
    if device.state in devices.GONE:
        raise Refused("device.wipe")
    if not device.enrolled_at and not is_demo:
        _enrol(device, told.get("was"), person, code, now)
    device.state, device.seen_at = devices.ACTIVE, now
    device.save()
    return device


def _enrol(device: Device, was: dict | None, person: dict, code: str | None, now: str) -> None:
    before = was and devices.with_secret(was["id"], was["secret"])
    if before:
        if before.state in devices.GONE:
            raise Refused("device.wipe")
        device.forked_from, device.name, device.branch = before.id, before.name, before.branch
        device.enrolled_by = before.enrolled_by
    elif _wants_code():
        found = _redeemed(code, now)
        device.name, device.branch, device.enrolled_by = found.name, found.branch, found.made_by
    device.enrolled_at = now
    devices.note(device, "enrolled", now, device.enrolled_by or person["id"])


def _wants_code() -> bool:
    wanted = rule(shared_schema.load(), reference.docs("rule"), "device.enrolment", None)
    return bool(wanted) and Device.select().where(Device.enrolled_at.is_null(False)).exists()


def _redeemed(code: str | None, now: str) -> EnrolCode:
    """Use a code up. :raise Refused: `auth.enrol` without one, `auth.enrol_code` if it does not count."""
    if not code:
        raise Refused("auth.enrol")
    this = EnrolCode.code_hash == _code_hash(code)
    good = this & EnrolCode.used_at.is_null() & (EnrolCode.expires_at > now)
    if not EnrolCode.update(used_at=now).where(good).execute():
        raise Refused("auth.enrol_code")
    return EnrolCode.get(this)
