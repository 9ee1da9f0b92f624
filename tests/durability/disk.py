"""A disk that remembers what SQLite wrote and flushed, and says what a power cut may leave of it.

The VFS passes everything on to the real one and notes it. A cut keeps what was flushed; of what was not, any
part may have reached the disk, in any order, down to single sectors (TRUST.md 2).
"""

import random
from dataclasses import dataclass, field
from pathlib import Path

import apsw

SECTOR = 512
ENDS = ("", "-wal")


@dataclass(frozen=True)
class Event:
    """What happened: `write` (offset, data), `truncate` (offset), `sync`, `delete`, or `ack` (what)."""

    kind: str
    file: str = ""
    offset: int = 0
    data: bytes = b""
    what: object = None


@dataclass
class Recording:
    """What lay on the disk at the beginning, and everything that happened since, in order."""

    start: dict[str, bytes]
    events: list[Event] = field(default_factory=list)

    def acknowledge(self, what: object) -> None:
        """Note that somebody was told that this is saved."""
        self.events.append(Event("ack", what=what))


class RecordingVfs(apsw.VFS):
    """The default VFS while it is entered: every file it opens is noted in `recording` by its name's end."""

    def __init__(self, database: Path) -> None:
        self.name = "recording"
        self.database = str(database)
        self.real = apsw.vfs_names()[0]
        super().__init__(self.name, self.real, makedefault=True)
        self.recording = Recording({"": database.read_bytes(), "-wal": b""})

    def __enter__(self) -> "RecordingVfs":
        return self

    def __exit__(self, *_error: object) -> None:
        self.unregister()

    def end_of(self, filename: object) -> str | None:
        """Which of the database's files this is; None for one that no cut can harm."""
        name = filename.filename() if isinstance(filename, apsw.URIFilename) else filename
        end = name.removeprefix(self.database) if name and name.startswith(self.database) else None
        return end if end in ENDS else None

    def xOpen(self, name, flags):
        end = self.end_of(name)
        return apsw.VFSFile(self.real, name, flags) if end is None else RecordedFile(self, end, name, flags)

    def xDelete(self, filename, sync_dir):
        end = self.end_of(filename)
        if end is not None:
            self.recording.events.append(Event("delete", end))
        super().xDelete(filename, sync_dir)


class RecordedFile(apsw.VFSFile):
    """One file of the database."""

    def __init__(self, vfs: RecordingVfs, end: str, name: object, flags: list[int]) -> None:
        super().__init__(vfs.real, name, flags)
        self.note = vfs.recording.events.append
        self.end = end

    def xWrite(self, data, offset):
        super().xWrite(data, offset)
        self.note(Event("write", self.end, offset, bytes(data)))

    def xTruncate(self, size):
        super().xTruncate(size)
        self.note(Event("truncate", self.end, size))

    def xSync(self, flags):
        super().xSync(flags)
        self.note(Event("sync", self.end))


class Platter:
    """The flushed content of each file, and what waits to be flushed, while events are played in order."""

    def __init__(self, start: dict[str, bytes]) -> None:
        self.flushed = {end: bytearray(content) for end, content in start.items()}
        self.waiting: dict[str, list[Event]] = {end: [] for end in start}
        self.told: list[object] = []

    def play(self, event: Event) -> None:
        """Take one event in."""
        if event.kind == "ack":
            self.told.append(event.what)
        elif event.kind == "sync":
            for earlier in self.waiting[event.file]:
                apply(self.flushed[event.file], earlier)
            self.waiting[event.file] = []
        elif event.kind == "delete":
            self.flushed[event.file], self.waiting[event.file] = bytearray(), []
        else:
            self.waiting[event.file].append(event)

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """What may be found after a power cut now, by one of four habits of disks."""
        habit = chance.choice(["none", "first", "some", "torn"])
        left = {}
        for end, flushed in self.flushed.items():
            content = bytearray(flushed)
            for event in survivors(self.waiting[end], habit, chance):
                apply(content, event)
            left[end] = bytes(content)
        return left


def survivors(waiting: list[Event], habit: str, chance: random.Random) -> list[Event]:
    """Which unflushed writes reached the disk, whole or by sectors, in what order."""
    if habit == "none":
        return []
    if habit == "first":
        return waiting[: chance.randint(0, len(waiting))]
    kept = waiting if habit == "some" else [piece for event in waiting for piece in sectors(event)]
    kept = [event for event in kept if chance.random() < 0.5]
    chance.shuffle(kept)
    return kept


def sectors(event: Event) -> list[Event]:
    """A write in the pieces that a disk writes at once."""
    if event.kind != "write":
        return [event]
    starts = range(0, len(event.data), SECTOR)
    return [Event("write", event.file, event.offset + at, event.data[at : at + SECTOR]) for at in starts]


def apply(content: bytearray, event: Event) -> None:
    """Do to a file's content what an event did to the file."""
    if event.kind == "truncate":
        del content[event.offset :]
        return
    if len(content) < event.offset:
        content.extend(bytes(event.offset - len(content)))
    content[event.offset : event.offset + len(event.data)] = event.data
