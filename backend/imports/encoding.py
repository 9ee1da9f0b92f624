"""Which encoding a text file is in: UTF-8, GB18030 or UTF-16, decided by the whole file, not by its first
lines."""

import codecs
from pathlib import Path

from .refused import MB, refused
from .sniff import wide_encoding

LOST = "\ufffd"
TOLERATED = (
    200  # one damaged character in so many non-ASCII ones is marked in its cell instead of refusing the file
)


def encoding_of(path: Path) -> tuple[str, bool]:
    """`(codec name, damaged)`; damaged: a few characters cannot be decoded and show as U+FFFD.

    UTF-8 wins over GB18030 whenever it fits, since GB18030 accepts almost any bytes.
    :raise ImportRefused: `import.encoding` when nothing fits.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    wide = wide_encoding(head)
    if wide:
        return wide, False
    counts = {name: _count(path, name) for name in ("utf-8-sig", "gb18030")}
    for name, (lost, _) in counts.items():
        if not lost:
            return (
                ("utf-8-sig", True) if _nearly(counts["utf-8-sig"]) and name == "gb18030" else (name, False)
            )
    name = min(counts, key=lambda key: counts[key][0])
    if not _nearly(counts[name]):
        raise refused("import.encoding")
    return name, True


def _nearly(count: tuple[int, int]) -> bool:
    lost, beyond_ascii = count
    return lost * TOLERATED <= beyond_ascii


def _count(path: Path, name: str) -> tuple[int, int]:
    """How many characters are lost in this encoding, and how many are not ASCII."""
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    lost = beyond = 0
    with path.open("rb") as file:
        while chunk := file.read(MB):
            text = decoder.decode(chunk)
            lost += text.count(LOST)
            beyond += len(text) - len(text.encode("ascii", "ignore"))
    return lost + decoder.decode(b"", final=True).count(LOST), beyond
