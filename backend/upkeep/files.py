"""Files that must be on the disk before anybody relies on them: copied, hashed and flushed."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

BLOCK = 1 << 20


def sha256(path: Path) -> str:
    """The SHA-256 (hex) of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Return when a file's content, or a folder's entries, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy(source: Path, target: Path) -> None:
    """Copy a file's content to `target`, whose folders are made, and flush it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as read, target.open("wb") as write:
        while block := read.read(BLOCK):
            write.write(block)
    flush(target)


def below(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in order; none when there is no such folder."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
