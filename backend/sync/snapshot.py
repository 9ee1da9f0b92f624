"""Prebuilt snapshots of a partition: a first download copies their chunks and parses none (SYNC.md,
Snapshot).

A snapshot is layers. The lowest holds all files, those of late last; a later build puts the files that
changed since into a layer above, so that chunks below stay as they are. Layers of like size are made one.
"""

import base64
import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from zlib import crc32

from backend import db
from backend.domain.ids import new_id
from backend.domain.timing import format_instant, parse_instant
from backend.errors import Refused
from backend.models.sync import Snapshot, SnapshotLease
from backend.storage import Storage
from backend.sync import dossiers, state
from backend.sync.chunks import Chunks, stored_names

STALE_CHANGES = 500
SEGMENT = (160 * 1024, 288 * 1024)  # least and most bytes of a segment before compression
PACK = (384 * 1024, 1024 * 1024)  # of a chunk of segments, compressed
LINES = 4_000
SMALL_SHARE = 3  # upper layers with more than a third of all files: build all anew
LEASE_MS, POLL_S, LONGEST_S = 120_000, 0.2, 60


def current(part: str, storage: Storage, now: str) -> dict:
    """The manifest of a snapshot that is fresh enough; built now if need be, by one process at a time.

    :raise Refused: 503 `sync.busy` if another process builds the first one and does not finish.
    """
    end = time.monotonic() + LONGEST_S
    while time.monotonic() < end:
        found = fresh(part, storage) or build(part, storage, now) or usable(part, storage)
        if found:
            return found
        time.sleep(POLL_S)  # another one builds the first snapshot of this partition
    raise Refused("sync.busy")


def fresh(part: str, storage: Storage) -> dict | None:
    """The manifest of the stored snapshot; None when it is missing, stale, not whole, or of another epoch."""
    found = usable(part, storage)
    return found if found and state.head(part) - found["seq"] < STALE_CHANGES else None


def usable(part: str, storage: Storage) -> dict | None:
    """The manifest of the stored snapshot, stale or not, if a tablet can begin with it."""
    row = Snapshot.get_or_none(Snapshot.part == part)
    manifest = row and json.loads(row.manifest)
    if not manifest or (manifest["epoch"], manifest["key_id"]) != (state.epoch(), state.part_key(part)[0]):
        return None
    if manifest["seq"] < state.floor(part) != manifest["floor"]:
        return None  # what ended after it may have been collected since
    here = stored_names(storage, part)
    return manifest if all(chunk["name"] in here for chunk in manifest["chunks"]) else None


def build(part: str, storage: Storage, now: str) -> dict | None:
    """Build a partition's snapshot: `{epoch, seq, floor, key_id, chunks:[…]}`, hot chunks first; what the
    last one has of unchanged files is kept. None when another process builds it at this moment.
    """
    holder = new_id()
    if not _claim(part, holder, now):
        return None
    try:
        return _build(part, storage, now)
    finally:
        SnapshotLease.delete().where(
            (SnapshotLease.part == part) & (SnapshotLease.holder == holder)
        ).execute()


def _claim(part: str, holder: str, now: str) -> bool:
    """Take the lease of a partition's build; one left behind by a process that died runs out."""
    until = format_instant(parse_instant(now) + LEASE_MS)
    taken = SnapshotLease.insert(part=part, holder=holder, until=until).on_conflict(
        conflict_target=[SnapshotLease.part],
        preserve=[SnapshotLease.holder, SnapshotLease.until],
        where=SnapshotLease.until < now,
    )
    taken.execute()
    return SnapshotLease.get(SnapshotLease.part == part).holder == holder


def _build(part: str, storage: Storage, now: str) -> dict:
    key_id, key = state.part_key(part)
    chunks = Chunks(part, base64.b64decode(key), storage)
    last, before = Snapshot.get_or_none(Snapshot.part == part), usable(part, storage)
    with db.read_transaction():
        seq, floor = state.head(part), state.floor(part)
        work = dossiers.work(part)
        kept, files = _kept(part, before, chunks)
        layer = _layer(part, files, kept, chunks)
    hot = chunks.write("work", 0, [chunks.seal(dossiers.array(work))], len(work))
    every = [{**hot, "layer": 0}, *sorted([*kept, *layer], key=lambda chunk: chunk["kind"] == "segment")]
    manifest = {"epoch": state.epoch(), "seq": seq, "floor": floor, "key_id": key_id}
    manifest["chunks"] = every
    values = {"part": part, "seq": seq, "manifest": json.dumps(manifest), "built_at": now}
    fields = [Snapshot.seq, Snapshot.manifest, Snapshot.built_at]
    Snapshot.insert(values).on_conflict(conflict_target=[Snapshot.part], preserve=fields).execute()
    chunks.sweep([*every, *(json.loads(last.manifest)["chunks"] if last else [])])
    return manifest


def _kept(part: str, before: dict | None, chunks: Chunks) -> tuple[list[dict], set[str] | None]:
    """Which chunks of the last snapshot stay, and the files that the new layer must hold: None for all."""
    if not before:
        return [], None
    kept = [chunk for chunk in before["chunks"] if chunk["kind"] != "work"]
    files = dossiers.changed(part, before["seq"])
    if not files:
        return kept, files
    for layer in sorted({chunk["layer"] for chunk in kept if chunk["layer"]}, reverse=True):
        if _size(kept, layer) > 2 * len(files):
            break
        files |= _files(kept, layer, chunks)
        kept = [chunk for chunk in kept if chunk["layer"] != layer]
    above = sum(chunk["rows"] for chunk in kept if chunk["kind"] == "directory" and chunk["layer"])
    if SMALL_SHARE * (above + len(files)) > _size(kept, 0):
        return [], None
    return kept, files


def _size(kept: list[dict], layer: int) -> int:
    return sum(c["rows"] for c in kept if c["kind"] == "directory" and c["layer"] == layer)


def _files(kept: list[dict], layer: int, chunks: Chunks) -> set[str]:
    lines = [
        line
        for chunk in kept
        if chunk["kind"] == "directory" and chunk["layer"] == layer
        for piece in chunks.read(chunk)
        for line in piece.splitlines()
    ]
    return {json.loads(line)[0] for line in lines}


def _layer(part: str, files: set[str] | None, kept: list[dict], chunks: Chunks) -> list[dict]:
    """Write a layer with these files, or with all: its directory chunks, then its chunks of segments."""
    if files is not None and not files:
        return []
    number = max((chunk["layer"] for chunk in kept), default=-1) + 1
    first = max((c["no"] + len(c["pieces"]) for c in kept if c["kind"] == "segment"), default=0)
    segments, lines = _segments(dossiers.dossiers(part, files), first, chunks)
    lines.sort()
    directory = [
        chunks.write(
            "directory",
            at // LINES,
            [chunks.seal(b"\n".join(lines[at : at + LINES]))],
            len(lines[at : at + LINES]),
        )
        for at in range(0, len(lines), LINES)
    ]
    return [{**chunk, "layer": number} for chunk in (*directory, *segments)]


def _segments(
    found: Iterable[dossiers.Dossier], first: int, chunks: Chunks
) -> tuple[list[dict], list[bytes]]:
    """Chunks of segments, and the directory line of each file. A thread beside the one that reads compresses,
    seals and stores.
    """
    packer, lines = _Packer(chunks, first), []
    with ThreadPoolExecutor(1) as thread:
        begun = [thread.submit(packer.add, *segment) for segment in _filled(found, first, lines)]
    for one in begun:
        one.result()
    packer.end()
    return packer.made, lines


def _filled(
    found: Iterable[dossiers.Dossier], number: int, lines: list[bytes]
) -> Iterator[tuple[bytes, int, int]]:
    """Segments `(text, rows, mark)` of the files, whose directory lines are added to `lines`. Like chunks,
    they are cut where a file's id says so, between a least and a most size, so that equal runs of files give
    equal chunks wherever they begin.
    """
    texts: list[bytes] = []
    size = rows = 0
    for file in found:
        if not file.rows:
            lines.append(file.line(0, 0))
            continue
        mark = crc32(file.id.encode())
        if texts and _cut(size, len(file.text), mark % 16, SEGMENT):
            yield b"".join(texts), rows, mark // 16
            texts, size, rows, number = [], 0, 0, number + 1
        lines.append(file.line(number, size))
        texts.append(file.text)
        size += len(file.text)
        rows += file.rows
    if texts:
        yield b"".join(texts), rows, 0


class _Packer:
    """Puts sealed segments into chunks."""

    def __init__(self, chunks: Chunks, first: int):
        self.chunks, self.first = chunks, first
        self.pieces: list[bytes] = []
        self.rows = 0
        self.made: list[dict] = []

    def add(self, text: bytes, rows: int, mark: int) -> None:
        """Put the next segment in; `mark` says whether its chunk may end with it."""
        self.pieces.append(self.chunks.seal(text))
        self.rows += rows
        if _cut(sum(map(len, self.pieces)), len(self.pieces[-1]), mark % 16, PACK):
            self.end()

    def end(self) -> None:
        """Store what is open."""
        if self.pieces:
            self.made.append(self.chunks.write("segment", self.first, self.pieces, self.rows))
        self.first += len(self.pieces)
        self.pieces, self.rows = [], 0


def _cut(size: int, more: int, mark: int, limits: tuple[int, int]) -> bool:
    return size + more > limits[1] or (size >= limits[0] and mark == 0)
