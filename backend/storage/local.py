"""A folder on this machine's disk: written under a temporary name, flushed to the platter, then renamed."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from pathlib import Path
from uuid import uuid4

from backend.storage.base import PIECE_BYTES, Missing, Unavailable, checked, checked_folder

_TEMPORARY = ".part-"


def _disk(method: Callable) -> Callable:
    @wraps(method)
    def run(*args: object, **more: object) -> object:
        try:
            return method(*args, **more)
        except OSError as error:
            raise Unavailable(f"storage: {error.strerror}") from error

    return run


class LocalStorage:
    """See `Storage`. Names are paths below `root`, which is made when it is first written to."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def _path(self, name: str) -> Path:
        return self.root / checked(name)

    @_disk
    def put(self, name: str, source: Path | bytes) -> None:
        """See `Storage.put`."""
        path = self._path(name)
        _make_folder(path.parent)
        temporary = path.parent / f"{_TEMPORARY}{uuid4().hex}"
        try:
            with temporary.open("xb") as file:
                for piece in _pieces(source):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
            _flush_folder(path.parent)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    @_disk
    def get(self, name: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        """See `Storage.get`."""
        try:
            file = self._path(name).open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise Missing(name) from None
        return _reading(file, first, length)

    @_disk
    def size(self, name: str) -> int | None:
        """See `Storage.size`."""
        path = self._path(name)
        return path.stat().st_size if path.is_file() else None

    @_disk
    def delete(self, name: str) -> None:
        """See `Storage.delete`."""
        with suppress(FileNotFoundError, NotADirectoryError):
            self._path(name).unlink()

    @_disk
    def list(self, prefix: str) -> Iterator[tuple[str, int]]:
        """See `Storage.list`."""
        folder = self.root / checked_folder(prefix)
        files = (path for path in folder.rglob("*") if not path.name.startswith(_TEMPORARY))
        found = [
            (path.relative_to(self.root).as_posix(), path.stat().st_size) for path in files if path.is_file()
        ]
        return iter(sorted(found))


def _pieces(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _reading(file: object, first: int, length: int | None) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = length
        while left is None or left > 0:
            piece = file.read(PIECE_BYTES if left is None else min(PIECE_BYTES, left))
            if not piece:
                return
            left = None if left is None else left - len(piece)
            yield piece


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each durable."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    """A rename is durable once the folder is on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
