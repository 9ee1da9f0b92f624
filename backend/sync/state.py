"""What is one for the whole server or one a partition: epoch, secret, keys, heads."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable

from backend import db
from backend.domain.ids import new_id
from backend.models.group import GROUP
from backend.models.sync import FeedHead, Meta, PartKey

KEY_BYTES = 32


def prepare() -> list[str]:
    """Bring the connected database to this version and make the group's partition; return what was
    applied.
    """
    applied = db.migrate()
    ensure_parts([GROUP])
    _once("epochs", "[]")
    return applied


def value(key: str) -> str | None:
    """A server-wide value, or None."""
    row = Meta.find(key=key)
    return row and row.value


def set_value(key: str, text: str) -> None:
    """Set a server-wide value."""
    Meta.insert(key=key, value=text).on_conflict(conflict_target=[Meta.key], preserve=[Meta.value]).execute()


def _once(key: str, text: str) -> str:
    Meta.insert(key=key, value=text).on_conflict_ignore().execute()
    return value(key)


def epoch() -> str:
    """The life of this database; a restore from backup begins another (SYNC.md, epochs)."""
    return value("epoch") or _once("epoch", new_id())


def new_epoch() -> str:
    """Begin another epoch, after a restore; which ones came before stays known."""
    set_value("epochs", json.dumps([*past_epochs(), epoch()]))
    set_value("epoch", new_id())
    return epoch()


def past_epochs() -> list[str]:
    """The lives that this database went on from."""
    return json.loads(value("epochs") or "[]")


def claim_minute(job: str) -> bool:
    """True for one caller a minute, of all processes on all hosts; a killed one leaves nothing locked."""
    key, minute = f"job.{job}", db.minute()
    with db.write_transaction():
        Meta.insert(key=key, value="").on_conflict_ignore().execute()
        return Meta.update(value=minute).where((Meta.key == key) & (Meta.value != minute)).execute() == 1


def derive(label: str) -> bytes:
    """32 bytes that are a function of the server's secret and a label, and so are stored nowhere."""
    secret = value("secret") or _once("secret", secrets.token_hex(KEY_BYTES))
    return hmac.new(bytes.fromhex(secret), label.encode(), hashlib.sha256).digest()


def op_key(session_id: str) -> str:
    """The key with which a session signs its ops (hex)."""
    return derive(session_id).hex()


def data_key(device_id: str, part: str, generation: int) -> bytes:
    """The key that seals what a tablet stores of a partition, whoever works on it (TRUST.md, Keys)."""
    return derive(f"data|{device_id}|{part}|{generation}")


def device_secret(device_id: str, generation: int) -> str:
    """What a tablet shows, without anybody's password, to hand in its work before it is wiped (hex)."""
    return derive(f"device|{device_id}|{generation}").hex()


def ensure_parts(parts: Iterable[str]) -> None:
    """Make the head row and the segment key of partitions that have none yet."""
    for part in parts:
        FeedHead.insert(part=part).on_conflict_ignore().execute()
        PartKey.insert(part=part, **_fresh_key()).on_conflict_ignore().execute()


def _fresh_key() -> dict[str, str]:
    return {"key_id": new_id(), "key": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}


def replace_part_key(part: str) -> None:
    """Give a partition another segment key: what is built from now on, the old one does not open."""
    PartKey.update(**_fresh_key()).where(PartKey.part == part).execute()


def part_key(part: str) -> tuple[str, str]:
    """The id and the base64 text of a partition's segment key."""
    row = PartKey.get(PartKey.part == part)
    return row.key_id, row.key


def head(part: str) -> int:
    """The last sequence number of a partition; 0 when it has no changes yet."""
    row = FeedHead.find(part=part)
    return row.head if row else 0


def floor(part: str) -> int:
    """Up to where the tombstones of a partition have been collected."""
    row = FeedHead.get_or_none(FeedHead.part == part)
    return row.floor if row else 0
