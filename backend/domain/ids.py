"""Ids: time-ordered where a record is born, a function of the content where two makers must agree."""

import os
import time
from uuid import UUID, uuid5

NAMESPACE = UUID("6f0d1c52-7f0e-5b7a-9c55-0a1b9d3c7e21")


def content_id(part: str, record: str, *keys: str) -> str:
    """UUIDv5 of `<part>|<record>|<key…>`: made twice, it is one record (invariant 15)."""
    return str(uuid5(NAMESPACE, "|".join((part, record, *keys))))


def id_at(milliseconds: int, noise: bytes) -> str:
    """UUIDv7 (RFC 9562) of a Unix time in ms and ten random bytes."""
    raw = bytearray(milliseconds.to_bytes(6, "big") + noise)
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    return str(UUID(bytes=bytes(raw)))


def born_ms(uuid7: str) -> int:
    """When a UUIDv7 was made, as a Unix time in ms."""
    return int(uuid7.replace("-", "")[:12], 16)


def new_id() -> str:
    """A fresh UUIDv7: the one place of this package that looks at the clock, for callers that hand ids in."""
    return id_at(time.time_ns() // 1_000_000, os.urandom(10))
