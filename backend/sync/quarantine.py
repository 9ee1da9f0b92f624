"""The unsent work of a revoked tablet: handed in as it lies there, sealed, and parked for a manager to decide
(TRUST.md, Revocation; SYNC.md 1 and 4).
"""

import base64
import binascii
import json
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from peewee import fn

from backend import db
from backend.domain.canonical import well_formed
from backend.errors import Refused
from backend.models.blobs import Blob
from backend.models.sync import Device, Op
from backend.storage import Storage
from backend.sync import blobs, devices, door, people, push, state

CODE = "op.quarantine"
SEALED_KIND = "device.sealed"
LAYOUT, NONCE = 1, 12
MOST_SEALED = 64 * 1024 * 1024
KIND = re.compile(r"[a-z_]{1,30}\.[a-z_]{1,29}")


def take(device: Device, rows: list[dict], now: str) -> list[str]:
    """Park the rows `{id, n, part, at, sealed}` of a tablet's journal, all or none; return their ids.

    What was handed in before, or came by itself as an op, changes nothing. What does not open is kept sealed.

    :raise Refused: 409 `conflict` from a tablet that is not revoked; 413 `sync.too_large` when one brings too
        much that does not open.
    """
    with db.write_transaction():
        device = Device.locked(id=device.id)
        if device.state not in devices.GONE:
            raise Refused("conflict")
        lives, numbers = list(devices.lives(device)), set()
        door.run([_entry(row, _opened(row, lives), device, numbers) for row in rows], now)
        if _sealed_bytes(device) > MOST_SEALED:
            raise Refused("sync.too_large")
        device.seen_at = now
        device.save()
    return [row["id"] for row in rows]


def take_piece(device: Device, piece: dict, storage: Storage, now: str) -> Blob:
    """Take in a piece `{part, sha256, size, no, sealed}` of an unsent file; the file as it is afterwards.

    Pieces are of `blobs.CHUNK_BYTES`; what of it has arrived already is left out.

    :raise Refused: 409 `conflict` from a tablet that is not revoked; 422 `blob.damaged` if no key of it opens
        the piece; as `blobs.append`.
    """
    if device.state not in devices.GONE:
        raise Refused("conflict")
    part, sha256 = piece["part"], piece["sha256"]
    data = _plain(piece["sealed"], part, f"pieces|{sha256}|{piece['no']}", list(devices.lives(device)))
    if data is None:
        raise Refused("blob.damaged")
    start, by = piece["no"] * blobs.CHUNK_BYTES, device.staff_id or device.id
    row = blobs.append(storage, part, sha256, piece["size"], 0, b"", by, now)
    fresh = data[row.received - start :] if start <= row.received < start + len(data) else b""
    if row.complete or not fresh:
        return row
    return blobs.append(storage, part, sha256, piece["size"], row.received, fresh, by, now)


def _plain(text: str, part: str, name: str, lives: list[tuple[str, int]]) -> bytes | None:
    """What a tablet sealed in a partition as `<table>|<id>`; None when no key of it opens that."""
    try:
        sealed = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    if len(sealed) <= 1 + NONCE or sealed[0] != LAYOUT:
        return None
    for device_id, generation in lives:
        cipher = AESGCM(state.data_key(device_id, part, generation))
        try:
            return cipher.decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], f"1|{part}|{name}".encode())
        except InvalidTag:
            continue
    return None


def _opened(row: dict, lives: list[tuple[str, int]]) -> dict | None:
    """The journal's envelope `{op, h, by, mac, actor}` in a row; None when no key of the tablet opens it."""
    plain = _plain(row["sealed"], row["part"], f"ops|{row['id']}", lives)
    return None if plain is None else _envelope(plain, row)


def _envelope(plain: bytes, row: dict) -> dict | None:
    try:
        found = well_formed(json.loads(plain))
        op = found["op"]
        whole = (op["id"], op["part"]) == (row["id"], row["part"]) and KIND.fullmatch(op["kind"])
        whole = whole and {type(op["v"]), type(op["body"]), type(op["at"])} == {int, dict, str}
        return found if whole else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _entry(row: dict, envelope: dict | None, device: Device, numbers: set[int]) -> door.Entry:
    """The row as a parked op; it gets its number unless another op, one of these `numbers` too, has it."""
    if envelope is None:
        body = {"sealed": row["sealed"]}
        op = {name: row[name] for name in ("id", "part", "at")} | {"kind": SEALED_KIND, "v": 1, "body": body}
        author = None
    else:
        op = {name: envelope["op"][name] for name in push.CORE if name in envelope["op"]}
        author = push.proven_author(envelope, door.written(op)[1])
    actor = {**people.actor(author, op["part"]), "pushed": True} if author else None
    taken = row["n"] in numbers or Op.find(device=device.id, n=row["n"]) is not None
    numbers.add(row["n"])
    return door.Entry(op, actor, device=device.id, n=None if taken else row["n"], refusal=CODE)


def _sealed_bytes(device: Device) -> int:
    kept = (Op.device == device.id) & (Op.kind == SEALED_KIND)
    return Op.select(fn.COALESCE(fn.SUM(fn.LENGTH(Op.text)), 0)).where(kept).scalar()
