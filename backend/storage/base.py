"""What every store can do, and how it says that it cannot."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

PIECE_BYTES = 256 * 1024
_PART = r"[A-Za-z0-9_-][A-Za-z0-9_.:-]*"
_NAME = re.compile(rf"{_PART}(/{_PART})+", re.ASCII)
_FOLDER = re.compile(rf"{_PART}(/{_PART})*", re.ASCII)


class Missing(LookupError):
    """Nothing is stored under this name."""


class Unavailable(RuntimeError):
    """The store did not do it now (disk full, host not reached); trying again later may work."""


class BadName(ValueError):
    """Not a name of ours: it might lead out of the store."""


class Storage(Protocol):
    """A store of whole files by name. Every method raises `Unavailable`, and `BadName` for a foreign name."""

    def put(self, name: str, source: Path | bytes) -> None:
        """Store a file or bytes under a name; durable when it returns, never half there."""

    def get(self, name: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes from `first` (0-based), at most `length`, in pieces of up to 256 KiB.

        :raise Missing: before the first piece.
        """

    def size(self, name: str) -> int | None:
        """Its length in bytes; None when nothing is stored under the name."""

    def delete(self, name: str) -> None:
        """Remove it; a name that is not there is no error."""

    def list(self, prefix: str) -> Iterator[tuple[str, int]]:
        """(name, bytes) of everything under a folder such as `blobs` or `blobs/B:SZ01`, sorted by name."""


def checked(name: str) -> str:
    """The name itself.

    :raise BadName: if it is not made of plain path parts (no `..`, no hidden files, no leading slash).
    """
    if not _NAME.fullmatch(name):
        raise BadName(name[:200])
    return name


def checked_folder(prefix: str) -> str:
    """The folder itself.

    :raise BadName: as `checked`.
    """
    if not _FOLDER.fullmatch(prefix):
        raise BadName(prefix[:200])
    return prefix
