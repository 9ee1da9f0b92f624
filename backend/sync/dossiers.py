"""What a snapshot is made of: whole vehicle files as text, their lines of the directory, and the rows of a
shift's work. Documents are copied as the feed has them; only vehicles, parties and people are looked into.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import shared_schema
from backend import db
from backend.models.base import RECORDS

MANY = 500
# A file's day is that of the newest of these: what happens next happens mostly to files of late.
ACTIVITY = {"delivery": "delivered_on", "repair_order": "out_at", "attempt": "ended_at"}
# All rows of a partition in the order of its files. The feed is read from end to end and sorted: looking
# its rows up by file costs four times as much, so the condition on `file` is one that no index fits.
WHOLE = """
WITH act AS ({acts}),
late AS (SELECT file, SUBSTR(MAX(at), 1, 10) AS day FROM act GROUP BY file)
SELECT COALESCE(late.day, '') AS day, f.file, f.seq, f.kind, f.id, f.ver, f.doc
FROM feed f LEFT JOIN late ON late.file = f.file
WHERE f.part = ? AND f.doc IS NOT NULL AND f.kind <> 'customer' AND {files}
ORDER BY 1, 2, 4, 5
"""
PEOPLE = "SELECT seq, kind, id, ver, doc FROM feed WHERE part = ? AND kind = 'customer' AND doc IS NOT NULL"


@dataclass
class Dossier:
    """A vehicle's file: its rows as a JSON array, and what its directory line shows beside its place."""

    id: str
    text: bytes
    rows: int
    head: list
    tail: list

    def line(self, number: int, offset: int) -> bytes:
        """The directory line: `[id, plate, vin, model, archive no, people, segment, offset, length, color,
        delivered on, day of the last activity]`; a file that is gone has its id only.
        """
        place = [number, offset, len(self.text)]
        values = [self.id, *self.head, *place, *self.tail] if self.rows else [self.id]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def changed(part: str, since: int) -> set[str]:
    """The files with a row, or a person, that changed after a sequence number."""
    sql = "SELECT DISTINCT file FROM feed WHERE part = ? AND seq > ? AND file IS NOT NULL AND kind"
    files = {row[0] for row in db.rows(f"{sql} <> 'customer'", part, since)}
    people = [row[0] for row in db.rows(f"{sql} = 'customer'", part, since)]
    for some in db.chunked(people, MANY):
        sql = f"SELECT DISTINCT vehicle_id FROM party WHERE part = ? AND customer_id IN ({db.marks(some)})"
        files |= {row[0] for row in db.rows(sql, part, *some)}
    return files


def dossiers(part: str, files: set[str] | None = None) -> Iterator[Dossier]:
    """All files of a partition by the day of their last activity, those of late last; or those named, in
    runs of such an order. One of which nothing is left has no rows.
    """
    if files is None:
        people = {row[2]: row for row in db.rows(PEOPLE, part)}
        yield from _grouped(_rows(part, None), people)
    for some in db.chunked(sorted(files or ()), MANY):
        rows = list(_rows(part, some))
        wanted = {party["customer_id"] for party in _parties([row[2:] for row in rows])}
        people = {row[2]: row for row in _rows_of(part, "customer", sorted(wanted))}
        yield from _grouped(rows, people)
        yield from (
            Dossier(file_id, b"", 0, [], []) for file_id in sorted(set(some) - {row[1] for row in rows})
        )


def _rows(part: str, files: list[str] | None) -> Iterator[tuple]:
    """`(day, file, seq, kind, id, ver, doc)`, a file after the other."""
    mine = f"IN ({db.marks(files)})" if files else "<> ''"
    acts = " UNION ALL ".join(
        f"SELECT vehicle_id AS file, {field} AS at FROM {kind} WHERE part = ? AND vehicle_id {mine}"
        for kind, field in ACTIVITY.items()
    )
    given = [part, *(files or ())]
    filed = f"f.file {mine}" if files else "COALESCE(f.file, '') <> ''"
    yield from db.rows(WHOLE.format(acts=acts, files=filed), *(given * len(ACTIVITY)), *given)


def _grouped(rows: Iterable[tuple], people: dict[str, tuple]) -> Iterator[Dossier]:
    for (day, file_id), found in groupby(rows, key=itemgetter(0, 1)):
        yield _dossier(file_id, [row[2:] for row in found], people, day)


def _dossier(file_id: str, rows: list[tuple], people: dict[str, tuple], day: str) -> Dossier:
    parties = _parties(rows)
    car = next((json.loads(row[4]) for row in rows if row[1:3] == ("vehicle", file_id)), {})
    persons = [(people[p["customer_id"]], p["role"]) for p in parties if p["customer_id"] in people]
    shown = [_person(json.loads(row[4]), role) for row, role in persons]
    whole = [*rows, *dict.fromkeys(row for row, _role in persons)]
    head = [car.get("plate"), car.get("vin"), car.get("model"), car.get("archive_no"), shown]
    tail = [car.get("color"), car.get("delivered_on"), day]
    return Dossier(file_id, array(whole), len(whole), head, tail)


def _parties(rows: list[tuple]) -> list[dict]:
    return [json.loads(row[4]) for row in rows if row[1] == "party"]


def _person(doc: dict, role: str) -> list:
    return [doc["id"], doc["name"], doc.get("phones", []), role, doc.get("pinyin", "")]


def array(rows: Iterable[tuple]) -> bytes:
    """Rows `(seq, kind, id, ver, doc)` as the JSON that a tablet reads."""
    return (
        "[" + ",".join([f'[{s},"{kind}","{i}",{ver},{doc}]' for s, kind, i, ver, doc in rows]) + "]"
    ).encode()


def work(part: str) -> list[tuple]:
    """The rows that a shift starts with (open tasks, complaints with their steps), and all that lie in
    no file.
    """
    loose = "part = ? AND file IS NULL AND doc IS NOT NULL ORDER BY kind, id"
    rows = list(db.rows(f"SELECT seq, kind, id, ver, doc FROM feed WHERE {loose}", part))
    rows += _rows_of(part, "customer", _strangers(part))
    records = shared_schema.load()["records"]
    for kind, record in records.items():
        if "work" in record and record["file"]:
            rows += _rows_of(part, kind, _open(part, kind, record["work"]))
    for some in db.chunked(_open(part, "complaint", records["complaint"]["work"]), MANY):
        sql = (
            f"SELECT id FROM complaint_step WHERE part = ? AND complaint_id IN ({db.marks(some)}) ORDER BY id"
        )
        rows += _rows_of(part, "complaint_step", [row[0] for row in db.rows(sql, part, *some)])
    return rows


def _strangers(part: str) -> list[str]:
    """Customers that no vehicle's file names."""
    named = "SELECT 1 FROM party WHERE party.part = customer.part AND party.customer_id = customer.id"
    sql = f"SELECT id FROM customer WHERE part = ? AND NOT EXISTS ({named}) ORDER BY id"
    return [row[0] for row in db.rows(sql, part)]


def _open(part: str, kind: str, work_of: dict) -> list[str]:
    model = RECORDS[kind]
    field = model._meta.fields[work_of["field"]]
    if work_of.get("in") == [None]:
        test = field.is_null(True)
    else:
        test = field.in_(work_of["in"]) if "in" in work_of else field.not_in(work_of["not_in"])
    query = model.select(model.id).where((model.part == part) & test).order_by(model.id)
    return [row[0] for row in query.tuples().iterator()]


def _rows_of(part: str, kind: str, ids: list[str]) -> Iterator[tuple]:
    for some in db.chunked(ids, MANY):
        where = f"part = ? AND kind = ? AND doc IS NOT NULL AND id IN ({db.marks(some)})"
        yield from db.rows(
            f"SELECT seq, kind, id, ver, doc FROM feed WHERE {where} ORDER BY id", part, kind, *some
        )
