"""Files arrive in chunks, on whichever host the balancer picks, and count only once their hash is verified
(SYNC.md 17).

Each chunk is a storage object of its own; the row, changed under its lock, says which of them are the first
`received` bytes. A host that dies leaves at most an object that no row names. When the declared size is
reached the chunks are joined, hashed, looked into and put under their hash; only that makes the file
`complete`.
"""

import hashlib
import re
import tempfile
from pathlib import Path

import shared_schema
from backend import db, pictures
from backend.domain import media
from backend.domain.ids import born_ms, new_id
from backend.domain.rules import rule
from backend.domain.timing import DAY_MS, format_instant, parse_instant
from backend.errors import Refused
from backend.models.blobs import COMPLETE, WAITING, Blob
from backend.storage import Missing, Storage
from backend.sync import people, reference

CHUNK_BYTES = 1024 * 1024
SMALLEST_CHUNK_BYTES = 64 * 1024  # but the last one; many tiny chunks would make a long row
KEPT_DAYS = 30  # an upload that rests longer begins again; the tablet still has its bytes
RULE = "blob.max_mb"
UPLOADS, BLOBS = "uploads", "blobs"
WHOLE = re.compile(rf"{BLOBS}/(B:[A-Z]{{2}}[0-9]{{2}})/([0-9a-f]{{64}})")
RESTORED = "restore"  # who brought what a restore found


def place(part: str, sha256: str, view: str = "") -> str:
    """The storage name of a whole file, or of a view of it."""
    return f"{BLOBS}/{part}/{sha256}{view and '.' + view}"


def most_mb(part: str) -> int:
    """How large a file of this branch may be, in MB."""
    return rule(shared_schema.load(), reference.docs("rule"), RULE, people.branch_of(part))


def append(
    storage: Storage, part: str, sha256: str, size: int, offset: int, data: bytes, by: str, now: str
) -> Blob:
    """Take in the bytes that follow the first `offset` ones of a file of `size` bytes; the row afterwards.

    Without data, a file whose bytes are all there is finished.

    :raise Refused: 409 `blob.offset` {expect}; 422 `blob.hash`, `blob.type`, `blob.damaged`, after which the
        upload starts again; 413 `blob.too_large` {limit_mb}.
    """
    if size > most_mb(part) * 1024 * 1024:
        raise Refused("blob.too_large", limit_mb=most_mb(part))
    row = _begun(storage, part, sha256, size, by, now)
    if not row.complete and data:
        row = _extended(storage, row, offset, data)
    if not row.complete and row.received == row.size:
        row = _finished(storage, row, now)
    return row


def _begun(storage: Storage, part: str, sha256: str, size: int, by: str, now: str) -> Blob:
    """The row to append to. Of two declared sizes one is wrong, so another size begins anew."""
    found = Blob.get_or_none((Blob.part == part) & (Blob.sha256 == sha256))
    if found is not None and (found.complete or found.size == size):
        return found
    with db.write_transaction():
        Blob.insert(
            part=part, sha256=sha256, size=size, created_by=by, created_at=now
        ).on_conflict_ignore().execute()
        row = Blob.locked(part=part, sha256=sha256)
        if row.complete or row.size == size:
            return row
        stale = _emptied(row, size)
    _drop(storage, stale)
    return row


def _extended(storage: Storage, row: Blob, offset: int, data: bytes) -> Blob:
    if offset != row.received or offset + len(data) > row.size:
        raise Refused("blob.offset", expect=row.received)
    if len(data) < SMALLEST_CHUNK_BYTES and offset + len(data) < row.size:
        raise Refused("request.invalid", problems={"body": [f"at least {SMALLEST_CHUNK_BYTES} bytes"]})
    judged = offset == 0 and len(data) >= min(row.size, media.HEAD_BYTES)
    if judged and media.sniff(data[: media.HEAD_BYTES]) is None:
        raise Refused("blob.type")  # before the rest travels; the whole file is judged again at the end
    name = f"{UPLOADS}/{row.part}/{row.sha256}.{new_id()}"
    storage.put(name, data)
    with db.write_transaction():
        current = Blob.locked(part=row.part, sha256=row.sha256)
        taken = _unchanged(row, current)
        if taken:
            current.chunks, current.received = [*row.chunks, [name, len(data)]], offset + len(data)
            current.save()
    if not taken:  # another request was faster
        storage.delete(name)
        return _as_it_is(row)
    return current


def _unchanged(row: Blob, current: Blob | None) -> bool:
    return current is not None and current.state == WAITING and current.chunks == row.chunks


def _finished(storage: Storage, row: Blob, now: str) -> Blob:
    """Join, verify, look into, put; then say `complete`. Doing it twice gives the same objects."""
    kind = None
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole"
        try:
            code = _joined(storage, row, whole)
        except Missing:  # finished, or begun anew, by another host, which cleared the chunks away; or swept
            code = "blob.offset"
        if code is None:
            with whole.open("rb") as file:
                kind = media.sniff(file.read(media.HEAD_BYTES))
            code = _made_visible(storage, row, kind, whole)
        if code is None:
            storage.put(place(row.part, row.sha256), whole)
    return _settled(storage, row, code, kind, now)


def _joined(storage: Storage, row: Blob, whole: Path) -> str | None:
    digest = hashlib.sha256()
    with whole.open("wb") as file:
        for name, _length in row.chunks:
            for piece in storage.get(name):
                digest.update(piece)
                file.write(piece)
    return None if digest.hexdigest() == row.sha256 else "blob.hash"


def _made_visible(storage: Storage, row: Blob, kind: str | None, whole: Path) -> str | None:
    """Judge the content by itself, and store what is shown of a picture."""
    if kind is None:
        return "blob.type"
    if pictures.medium(kind)["kind"] != "image":
        return None
    made = pictures.views(whole, whole.parent)
    if made is None:
        return "blob.damaged"
    for view, path in made.items():
        storage.put(place(row.part, row.sha256, view), path)
    return None


def _settled(storage: Storage, row: Blob, code: str | None, kind: str | None, now: str) -> Blob:
    with db.write_transaction():
        current = Blob.locked(part=row.part, sha256=row.sha256)
        ours = _unchanged(row, current)
        if ours:
            current.type = kind
            stale = _emptied(current, row.size, now if code is None else None)
    if not ours:
        return _as_it_is(row)
    _drop(storage, stale)
    if code:
        raise Refused(code, expect=0)
    return current


def _as_it_is(row: Blob) -> Blob:
    found = Blob.get_or_none((Blob.part == row.part) & (Blob.sha256 == row.sha256))
    if found is None:
        raise Refused("blob.offset", expect=0)
    return found


def _emptied(row: Blob, size: int, completed_at: str | None = None) -> list[str]:
    """Take the row's chunks away, as the whole file is there (`completed_at`) or nothing is; their names."""
    stale = [name for name, _length in row.chunks]
    row.chunks, row.size = [], size
    row.received = size if completed_at else 0
    row.state, row.completed_at = (COMPLETE, completed_at) if completed_at else (WAITING, None)
    row.save()
    return stale


def _drop(storage: Storage, names: list[str]) -> None:
    for name in names:
        storage.delete(name)


def strays(storage: Storage) -> list[tuple[str, str]]:
    """Whole files `(part, sha256)` that lie in the store and that no row calls complete."""
    whole = {(row.part, row.sha256) for row in Blob.select().where(Blob.state == COMPLETE)}
    names = (found.groups() for name, _size in storage.list(BLOBS) if (found := WHOLE.fullmatch(name)))
    return [(part, sha256) for part, sha256 in names if (part, sha256) not in whole]


def adopt(storage: Storage, now: str) -> int:
    """Call complete what lies under the hash of its content although no row says so: after a restore its
    tablet may have deleted it, as the server had it whole. Return how many.
    """
    taken = 0
    for part, sha256 in strays(storage):
        digest, size, head = hashlib.sha256(), 0, b""
        for piece in storage.get(place(part, sha256)):
            digest.update(piece)
            size, head = size + len(piece), head or piece[: media.HEAD_BYTES]
        kind = media.sniff(head)
        if digest.hexdigest() != sha256 or kind is None:
            continue
        with db.write_transaction():
            Blob.insert(
                part=part, sha256=sha256, size=size, created_by=RESTORED, created_at=now
            ).on_conflict_ignore().execute()
            row = Blob.locked(part=part, sha256=sha256)
            row.type = kind
            stale = _emptied(row, size, now)
        _drop(storage, stale)
        taken += 1
    return taken


def sweep(storage: Storage, now: str) -> int:
    """Forget uploads that began 30 days ago, and remove chunks that no row has named for a day; return how
    many objects went.
    """
    now_ms = parse_instant(now)
    old = Blob.created_at < format_instant(now_ms - KEPT_DAYS * DAY_MS)
    Blob.delete().where((Blob.state == WAITING) & old).execute()
    named = {name for row in Blob.select().where(Blob.state == WAITING) for name, _length in row.chunks}
    gone = [
        name
        for name, _size in storage.list(UPLOADS)
        if name not in named and born_ms(name.rpartition(".")[2]) < now_ms - DAY_MS
    ]
    _drop(storage, gone)
    return len(gone)
