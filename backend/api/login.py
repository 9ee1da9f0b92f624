"""Coming in and going out: passwords, sessions, and the slow-down that makes guessing hopeless (TRUST.md)."""

import base64
import secrets
import time
from itertools import islice

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

import shared_schema
from backend import PROTOCOL, __version__, db
from backend.api.access import token_hash
from backend.domain.ids import new_id
from backend.domain.rules import rule
from backend.domain.timing import format_instant, parse_instant
from backend.errors import Refused
from backend.models.access import Account, LoginCounter, Session
from backend.models.group import GROUP
from backend.models.sync import Device
from backend.sync import devices, enrolment, people, reference, state

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NOBODY = HASHER.hash(secrets.token_hex())
SESSION_MS = 7 * 24 * 3_600_000
FREE_TRIES = 5
MOST_LIVES = 8  # of a tablet, whose keys are given out
LONGEST_WAIT_S = 900


def set_password(staff_id: str, username: str, password: str, demo: bool = False) -> None:
    """Give a staff member an account, or a new password."""
    row = {"staff_id": staff_id, "username": username, "password_hash": HASHER.hash(password), "demo": demo}
    kept = [Account.username, Account.password_hash, Account.demo]
    Account.insert(row).on_conflict(conflict_target=[Account.staff_id], preserve=kept).execute()


def log_in(said: dict, address: str, demo_allowed: bool, now: str) -> dict:
    """Check `{username, password, device: {id, name, was?}, code?}` and open a session on the device.

    :raise Refused: `auth.slow_down`, `auth.failed`, `auth.demo_only_local`; `auth.enrol`, `auth.enrol_code`,
        `device.wipe` (`enrolment.admit`). Wrong codes count like wrong passwords.
    """
    username, told = said["username"], said["device"]
    keys = [f"account:{username}", f"device:{told['id']}", f"address:{address}"]
    require_open(keys)
    account = Account.get_or_none(Account.username == username)
    if not _matches(account, said["password"]):
        count_failure(keys)
        raise Refused("auth.failed")
    if account.demo and not demo_allowed:
        raise Refused("auth.demo_only_local")
    person = people.staff(account.staff_id)
    try:
        with db.write_transaction():
            _require_unchanged(account)
            device = enrolment.admit(told, person, account.demo, said.get("code"), now)
            token, session = _open_session(person, device, now)
    except Refused as refused:
        if refused.code == "auth.enrol_code":
            count_failure(keys)
        raise
    LoginCounter.delete().where(LoginCounter.key.in_(keys[:2])).execute()
    return _answer(person, device, token, session, now)


def replace_password(staff_id: str, username: str, password: str, now: str) -> None:
    """Give somebody another password; every session of the one before ends with it."""
    with db.write_transaction():
        set_password(staff_id, username, password)
        end_sessions(staff_id, now)


def _require_unchanged(checked: Account) -> None:
    """The password that was just checked, which took its time, is still the person's; held until the end of
    the transaction.

    :raise Refused: `auth.failed`.
    """
    now = Account.locked(staff_id=checked.staff_id)
    if now is None or now.disabled or now.password_hash != checked.password_hash:
        raise Refused("auth.failed")


def end_sessions(staff_id: str, now: str) -> None:
    """End all sessions of a person; ops they signed before still count (TRUST.md, Revocation)."""
    where = (Session.staff_id == staff_id) & Session.revoked_at.is_null()
    Session.update(revoked_at=now).where(where).execute()


def _matches(account: Account | None, password: str) -> bool:
    try:
        HASHER.verify(account.password_hash if account else NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return account is not None and not account.disabled


def require_open(keys: list[str]) -> None:
    """:raise Refused: `auth.slow_down` while one of these keys has failed too often."""
    now_ms = time.time_ns() // 1_000_000
    waits = [row.open_at_ms - now_ms for row in LoginCounter.select().where(LoginCounter.key.in_(keys))]
    if max(waits, default=0) > 0:
        raise Refused("auth.slow_down", seconds=-(-max(waits) // 1000))


def count_failure(keys: list[str]) -> None:
    """Count a failed proof for each key; after a few the wait doubles; an address has more of them."""
    now_ms = time.time_ns() // 1_000_000
    with db.write_transaction():
        for key in keys:
            LoginCounter.insert(key=key).on_conflict_ignore().execute()
            raised = LoginCounter.update(failures=LoginCounter.failures + 1).where(LoginCounter.key == key)
            (row,) = raised.returning(LoginCounter).execute()  # counted in the database: hosts share it
            beyond = row.failures - FREE_TRIES * (4 if key.startswith("address:") else 1)
            wait_s = min(2**beyond, LONGEST_WAIT_S) if beyond >= 0 else 0
            row.open_at_ms = now_ms + wait_s * 1000
            row.save()


def _open_session(person: dict, device: Device, now: str) -> tuple[str, Session]:
    token = secrets.token_urlsafe(32)
    session = Session.create(
        id=new_id(),
        token_hash=token_hash(token),
        staff_id=person["id"],
        device_id=device.id,
        created_at=now,
        expires_at=format_instant(parse_instant(now) + SESSION_MS),
    )
    return token, session


def _answer(person: dict, device: Device, token: str, session: Session, now: str) -> dict:
    return {
        "token": token,
        "expires_at": session.expires_at,
        "session": {"id": session.id, "op_key": state.op_key(session.id)},
        **account_view(person),
        **keys_view(person, device),
        "device_name": device.name,
        "device_secret": state.device_secret(device.id, device.generation),
        "epoch": state.epoch(),
        "server_time": now,
        "version": __version__,
        "protocol": PROTOCOL,
        "last_n": device.last_n,
    }


def account_view(person: dict) -> dict:
    """What a person is told of themselves: `{user, scope}`."""
    user = {name: person.get(name) for name in ("id", "name", "username", "title")}
    return {"user": {**user, "roles": people.roles_by_branch(person)}, "scope": people.sync_parts(person)}


def keys_view(person: dict, device: Device) -> dict:
    """What opens the person's scope on this tablet (TRUST.md, Keys): `{keys, data_keys, older_keys,
    lease_hours}`.

    `keys` open snapshot chunks, `data_keys` what the tablet seals itself: `{part: {id, key}}` in base64.
    `older_keys`, lists of such, newest first, open what it sealed before its keys changed or it took another
    identity, also for who comes to it only now.
    """
    scope = people.sync_parts(person)
    segment = {part: state.part_key(part) for part in scope if part != GROUP}
    newest, *older = islice(devices.lives(device), MOST_LIVES)
    schema, rules = shared_schema.load(), reference.docs("rule")
    branches = [people.branch_of(part) for part in segment] or [None]
    return {
        "keys": {part: {"id": key_id, "key": key} for part, (key_id, key) in segment.items()},
        "data_keys": {part: _data_key(part, newest) for part in scope},
        "older_keys": {part: [_data_key(part, life) for life in older] for part in scope},
        "lease_hours": min(rule(schema, rules, "vault.lease_hours", code) for code in branches),
    }


def _data_key(part: str, life: tuple[str, int]) -> dict:
    device_id, generation = life
    key = state.data_key(device_id, part, generation)
    return {"id": f"{part}.{generation}", "key": base64.b64encode(key).decode()}
