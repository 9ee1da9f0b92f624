"""Prebuilt, sealed chunks of a partition: a first download copies them and parses none (SYNC.md,
Snapshot).
"""

import base64
import hashlib
import hmac
import json
import re
import threading
import zlib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from peewee import chunked

import shared_schema
from backend import db
from backend.domain.ids import new_id
from backend.models.base import RECORDS
from backend.models.sync import Feed, Snapshot
from backend.sync import state

SEGMENT_BYTES = 256 * 1024
STALE_CHANGES = 500
CHUNK = re.compile(r"[0-9a-f]{64}")
_building = threading.Lock()
COLUMNS = (Feed.seq, Feed.kind, Feed.id, Feed.ver, Feed.doc)


def current(part: str, data_dir: Path, now: str) -> dict:
    """The manifest of a snapshot that is fresh enough, built now if need be."""
    found = fresh(part, data_dir)
    if found:
        return found
    with _building:  # several tablets of one branch wait for one build
        return fresh(part, data_dir) or build(part, data_dir, now)


def fresh(part: str, data_dir: Path) -> dict | None:
    """The manifest of the stored snapshot; None when it is missing, stale, not whole, or of another epoch."""
    row = Snapshot.get_or_none(Snapshot.part == part)
    if row is None:
        return None
    manifest = json.loads(row.manifest)
    new = manifest["epoch"] == state.epoch() and state.head(part) - row.seq < STALE_CHANGES
    whole = all((folder(data_dir, part) / chunk["name"]).exists() for chunk in manifest["chunks"])
    return manifest if new and whole else None


def folder(data_dir: Path, part: str) -> Path:
    """Where a partition's chunks lie."""
    return data_dir / "snapshots" / part.replace(":", "_")


def build(part: str, data_dir: Path, now: str) -> dict:
    """Build a partition's snapshot: `{epoch, seq, key_id, chunks:[…]}`, hot chunks first."""
    key_id, key = state.part_key(part)
    sealer = Sealer(part, base64.b64decode(key), folder(data_dir, part))
    with db.read_transaction():
        seq = state.head(part)
        work = _work(part)
        segments, lines = _segments(part, sealer)
    chunks = [
        sealer.chunk("work", 0, _array(work), len(work)),
        sealer.chunk("directory", 0, _array(lines), len(lines)),
        *segments,
    ]
    manifest = {"epoch": state.epoch(), "seq": seq, "key_id": key_id, "chunks": chunks}
    values = {"part": part, "seq": seq, "manifest": json.dumps(manifest), "built_at": now}
    kept = [Snapshot.seq, Snapshot.manifest, Snapshot.built_at]
    Snapshot.insert(values).on_conflict(conflict_target=[Snapshot.part], preserve=kept).execute()
    sealer.sweep({chunk["name"] for chunk in chunks})
    return manifest


class Sealer:
    """Compresses, encrypts and names chunks: the same content gives the same bytes and the same name."""

    def __init__(self, part: str, key: bytes, path: Path):
        self.part, self.key, self.path = part, key, path
        self.cipher = AESGCM(key)
        path.mkdir(parents=True, exist_ok=True)

    def chunk(self, kind: str, number: int, plain: bytes, rows: int) -> dict:
        """Write one chunk (temporary name, then renamed) and return its line of the manifest."""
        packed = zlib.compress(plain, 6)
        name = hmac.new(self.key, b"name" + packed, hashlib.sha256).hexdigest()
        nonce = hmac.new(self.key, b"nonce" + packed, hashlib.sha256).digest()[:12]
        sealed = nonce + self.cipher.encrypt(nonce, packed, self.part.encode())
        target = self.path / name
        if not target.exists():
            temporary = target.with_suffix(f".{new_id()}")
            temporary.write_bytes(sealed)
            temporary.rename(target)
        return {
            **{"url": f"/api/v1/sync/chunks/{self.part}/{name}", "name": name, "kind": kind, "no": number},
            **{"rows": rows, "bytes": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()},
        }

    def sweep(self, names: set[str]) -> None:
        """Remove chunks of older snapshots, but those of the last one: tablets may be downloading them."""
        keep_file = self.path / "kept.json"
        before = set(json.loads(keep_file.read_text())) if keep_file.exists() else set()
        for path in self.path.iterdir():
            if CHUNK.fullmatch(path.name) and path.name not in names | before:
                path.unlink(missing_ok=True)
        temporary = keep_file.with_suffix(f".{new_id()}")
        temporary.write_text(json.dumps(sorted(names)))
        temporary.replace(keep_file)


def _array(texts: list[str]) -> bytes:
    return ("[" + ",".join(texts) + "]").encode()


def _row(seq: int, kind: str, record_id: str, ver: int, doc: str) -> str:
    return f'[{seq},"{kind}","{record_id}",{ver},{doc}]'


def _feed(part: str, *where: object) -> Iterator[tuple]:
    query = Feed.select(*COLUMNS, Feed.file).where((Feed.part == part) & Feed.doc.is_null(False), *where)
    return query.order_by(Feed.file, Feed.kind, Feed.id).tuples().iterator()


def _work(part: str) -> list[str]:
    """The rows that a shift starts with (open tasks, complaints with their steps), and all that lie
    in no file.
    """
    rows = [_row(*found[:5]) for found in _feed(part, Feed.file.is_null(True))]
    rows += _rows_of(part, "customer", _strangers(part))
    records = shared_schema.load()["records"]
    for kind, record in records.items():
        if "work" in record and record["file"]:
            ids = [row.id for row in _open(part, kind, record["work"])]
            rows += _rows_of(part, kind, ids)
    complaints = [row.id for row in _open(part, "complaint", records["complaint"]["work"])]
    steps = RECORDS["complaint_step"]
    for some in chunked(complaints, 500):
        found = steps.select(steps.id).where((steps.part == part) & steps.complaint_id.in_(some))
        rows += _rows_of(part, "complaint_step", [row.id for row in found])
    return rows


def _strangers(part: str) -> list[str]:
    """Customers that no vehicle's file names."""
    customer, party = RECORDS["customer"], RECORDS["party"]
    named = party.select(party.customer_id).where(party.part == part)
    query = customer.select(customer.id).where((customer.part == part) & customer.id.not_in(named))
    return [row.id for row in query]


def _open(part: str, kind: str, work: dict) -> Iterator:
    model = RECORDS[kind]
    field = model._meta.fields[work["field"]]
    if work.get("in") == [None]:
        test = field.is_null(True)
    else:
        test = field.in_(work["in"]) if "in" in work else field.not_in(work["not_in"])
    return model.select(model.id).where((model.part == part) & test).order_by(model.id).iterator()


def _rows_of(part: str, kind: str, ids: list[str]) -> list[str]:
    rows = []
    for some in chunked(ids, 500):
        rows += [_row(*found[:5]) for found in _feed(part, Feed.kind == kind, Feed.id.in_(some))]
    return rows


def _segments(part: str, sealer: Sealer) -> tuple[list[dict], list[str]]:
    """The segments of whole vehicle files, and a directory line for each file."""
    people = {row[2]: row for row in _feed(part, Feed.kind == "customer")}
    chunks, lines, texts, size, rows = [], [], [], 0, 0
    files = _feed(part, Feed.kind != "customer", Feed.file.is_null(False))
    for file_id, found in groupby(files, key=lambda row: row[5]):
        text, line, count = _file(list(found), people)
        if texts and size + len(text) > SEGMENT_BYTES:
            chunks.append(sealer.chunk("segment", len(chunks), b"".join(texts), rows))
            texts, size, rows = [], 0, 0
        if line:
            place = [len(chunks), size, len(text), line.pop("color", None), line.pop("delivered_on", None)]
            head = [file_id, line.get("plate"), line.get("vin"), line.get("model"), line.get("archive_no")]
            lines.append(
                json.dumps([*head, line["people"], *place], ensure_ascii=False, separators=(",", ":"))
            )
        texts.append(text)
        size += len(text)
        rows += count
    if texts:
        chunks.append(sealer.chunk("segment", len(chunks), b"".join(texts), rows))
    return chunks, lines


def _file(found: list[tuple], people: dict[str, tuple]) -> tuple[bytes, dict | None, int]:
    """A vehicle file's bytes, what its directory line shows, and the number of its rows."""
    vehicle, persons, rows = None, [], [row[:5] for row in found]
    for row in found:
        if row[1] == "vehicle":
            vehicle = json.loads(row[4])
        elif row[1] == "party":
            party = json.loads(row[4])
            person = people.get(party["customer_id"])
            if person:
                rows.append(person[:5])
                persons.append(_person(json.loads(person[4]), party["role"]))
    rows = list(dict.fromkeys(rows))
    line = vehicle and {**vehicle, "people": persons}
    return _array([_row(*row) for row in rows]), line, len(rows)


def _person(doc: dict, role: str) -> list:
    return [doc["id"], doc["name"], doc.get("phones", []), role, doc.get("pinyin", "")]
