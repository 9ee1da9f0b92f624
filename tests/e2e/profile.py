"""A browser profile as a finder sees it: every byte of every file, LevelDB's blocks and records whole."""

import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

TABLE_MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
FOOTER, TRAILER, HEADER, BLOCK = 48, 5, 7, 32_768
SNAPPY = 1


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length number and the place behind it."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def unsnap(data: bytes) -> bytes:
    """Snappy's block format, unpacked."""
    size, at = varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 3 == 0:
            length, at = _literal(data, tag >> 2, at)
            out += data[at : at + length]
            at += length
        else:
            length, back, at = _copy(data, tag, at)
            for _ in range(length):
                out.append(out[-back])
    assert len(out) == size, "not snappy"
    return bytes(out)


def _literal(data: bytes, length: int, at: int) -> tuple[int, int]:
    if length < 60:
        return length + 1, at
    more = length - 59
    return int.from_bytes(data[at : at + more], "little") + 1, at + more


def _copy(data: bytes, tag: int, at: int) -> tuple[int, int, int]:
    if tag & 3 == 1:
        return ((tag >> 2) & 7) + 4, ((tag >> 5) << 8) | data[at], at + 1
    more = 2 if tag & 3 == 2 else 4
    return (tag >> 2) + 1, int.from_bytes(data[at : at + more], "little"), at + more


def _block(table: bytes, offset: int, size: int) -> bytes:
    raw = table[offset : offset + size]
    return unsnap(raw) if table[offset + size] == SNAPPY else raw


def blocks(table: bytes) -> Iterator[bytes]:
    """The unpacked data blocks of a LevelDB table."""
    footer = table[-FOOTER:]
    _, at = varint(footer, 0)
    _, at = varint(footer, at)
    offset, at = varint(footer, at)
    size, _ = varint(footer, at)
    index = _block(table, offset, size)
    yield index
    end = len(index) - 4 * (int.from_bytes(index[-4:], "little") + 1)
    at = 0
    while at < end:
        _, at = varint(index, at)
        rest, at = varint(index, at)
        _, at = varint(index, at)
        offset, place = varint(index, at + rest)
        size, at = varint(index, place)
        yield _block(table, offset, size)


def records(log: bytes) -> bytes:
    """A LevelDB log without the headers that cut its records every 32 KiB."""
    out = bytearray()
    for start in range(0, len(log), BLOCK):
        block, at = log[start : start + BLOCK], 0
        while at + HEADER <= len(block):
            length = int.from_bytes(block[at + 4 : at + 6], "little")
            out += block[at + HEADER : at + HEADER + length]
            at += HEADER + length
    return bytes(out)


def readings(path: Path) -> Iterator[bytes]:
    """What a file says: as it lies, and unpacked where it is packed."""
    data = path.read_bytes()
    yield data
    if data.endswith(TABLE_MAGIC):
        yield from blocks(data)
    elif path.suffix == ".log":
        yield records(data)
    for at in _starts(data, b"\x1f\x8b\x08"):  # answers that were kept compressed
        yield zlib.decompressobj(31).decompress(data[at:], 10_000_000)


def _starts(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        try:
            zlib.decompressobj(31).decompress(data[at:], 1)
            yield at
        except zlib.error:
            pass
        at = data.find(mark, at + 1)


def shapes(text: str) -> set[bytes]:
    """How a browser may write a text down."""
    escaped = text.encode("unicode_escape")
    return {text.encode(), text.encode("utf-16-le"), text.encode("gb18030"), escaped, escaped.upper()}


def traces(profile: Path, texts: Iterable[str]) -> list[tuple[str, str]]:
    """Where in a profile which of the texts can be read: `[(text, file)]`."""
    wanted = [(text, shape) for text in texts for shape in shapes(text)]
    found = set()
    for path in sorted(path for path in profile.rglob("*") if path.is_file() and not path.is_symlink()):
        for data in readings(path):
            found |= {(text, str(path.relative_to(profile))) for text, shape in wanted if shape in data}
    return sorted(found)
