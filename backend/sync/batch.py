"""One transaction's view of the records: what was there, what its ops have changed so far, and the flush."""

from backend.domain.derive import derive
from backend.models.base import RECORDS
from backend.models.files import Party
from backend.models.group import GROUP
from backend.sync import authors, feed, moved, people, reference, state

UUID_LENGTH = 36


class Batch:
    """Records of one transaction. `view(part)` is what `decide` reads; `store` takes in an op's changes."""

    def __init__(self):
        self.docs: dict[tuple[str, str, str], tuple[dict | None, int] | None] = {}
        self.changes: dict[str, list[feed.Change]] = {}
        self.rows: dict[tuple[str, str], dict[str, dict | None]] = {}  # (kind, part): what is not written yet
        self.refs: dict[tuple[str, int], list[dict]] = {}
        self.ops: list[tuple[dict, dict]] = []

    def load(self, part: str, kind: str, record_id: str) -> tuple[dict | None, int] | None:
        """The document and version as this transaction sees it; the document is None when it has ended."""
        key = (part, kind, record_id)
        if key not in self.docs:
            self.docs[key] = feed.latest(part, kind, [record_id]).get(record_id)
        return self.docs[key]

    def prefetch(self, part: str, pairs: list[tuple[str, str]]) -> None:
        """Load many records `(kind, id)` with a query a kind."""
        wanted: dict[str, list[str]] = {}
        for kind, record_id in pairs:
            if (
                len(record_id) == UUID_LENGTH
                and record_id.isprintable()
                and (part, kind, record_id) not in self.docs
            ):
                wanted.setdefault(kind, []).append(record_id)
        for kind, ids in wanted.items():
            found = feed.latest(part, kind, ids)
            self.docs |= {(part, kind, record_id): found.get(record_id) for record_id in ids}

    def note(self, op: dict, actor: dict) -> None:
        """Remember who had this op accepted in this transaction: the log has it only at the end."""
        self.ops.append((op, actor))

    def author(self, part: str, kind: str, record_id: str, field: str, value: object) -> dict | None:
        """`{id, name, at}` of whoever last gave a record's field this value, or None."""
        for op, actor in reversed(self.ops):
            about = op["part"] == part and authors.record_of(op) == record_id
            if about and authors.said(op, kind, field, value):
                return {"id": actor["id"], "name": actor["name"], "at": op["at"]}
        return authors.author_of(part, kind, record_id, field, value)

    def ref(self, kind: str) -> list[dict]:
        """All documents of a group record as this transaction sees them; the door holds the group's lock."""
        changed = self.changes.get(GROUP, [])  # may be rolled back: not kept for others
        key = (kind, len(changed))
        if key not in self.refs:
            docs = {doc["id"]: doc for doc in reference.docs(kind, keep=not changed)}
            docs |= {own[1]: own[3] for own in changed if own[0] == kind}
            self.refs[key] = list(docs.values())
        return self.refs[key]

    def view(self, part: str) -> "View":
        """What `decide` reads for an op of this partition."""
        return View(self, part)

    def store(self, part: str, changes: list[dict], now: str) -> dict[str, int]:
        """Take in an op's changes `{kind, id, doc, part?, to?}`; tables and feed follow in `flush`.

        `doc` None ends a record (`to`: the partition where it goes on). Returns, for each partition that was
        changed, where its last change stands among those of this transaction.
        """
        places: dict[str, list[dict]] = {}
        for change in changes:
            places.setdefault(change.get("part", part), []).append(change)
        last = {}
        for place, own in places.items():
            self._note(place, [self._change(place, change, now) for change in own])
            moved.note(place, [(change["id"], change["to"]) for change in own if "to" in change])
            for target in {change["to"] for change in own if "to" in change}:
                moved.back(target, [change["id"] for change in own if change.get("to") == target])
            last[place] = len(self.changes[place]) - 1
        return last

    def follow(self, own: str, place: str, changes: list[dict]) -> None:
        """What late work of a partition adds where its records have gone went along with them, so that what
        is written about it later follows, too. Called before `store`.
        """
        added = [change for change in changes if change["doc"] and change.get("part", place) == place]
        fresh = [
            change["id"]
            for change in added
            if not any(self.load(part, change["kind"], change["id"]) for part in (own, place))
        ]
        moved.note(own, [(record_id, place) for record_id in fresh])

    def _change(self, part: str, change: dict, now: str) -> feed.Change:
        kind, record_id = change["kind"], change["id"]
        before = self.load(part, kind, record_id)
        old, ver = before or (None, 0)
        doc = None if change["doc"] is None else derive(kind, change["doc"])
        if doc and not old and (before or kind == "customer"):
            moved.back(part, [record_id])
        if kind == "branch" and not old:
            state.ensure_parts([people.part_of(doc["code"])])
        self.docs[part, kind, record_id] = (doc, ver + 1)
        file = feed.file_of(kind, doc or old)
        return kind, record_id, ver + 1, doc, file, None if doc else now

    def _note(self, part: str, fresh: list[feed.Change]) -> None:
        for kind, record_id, ver, doc, _file, _gone in fresh:
            row = doc and {"part": part, "ver": ver, **_whole(kind, doc), "id": record_id}
            self.rows.setdefault((kind, part), {})[record_id] = row
        self.changes.setdefault(part, []).extend(fresh)

    def write(self) -> None:
        """Write to the tables what has not been written yet."""
        for (kind, part), by_id in self.rows.items():
            RECORDS[kind].store([row for row in by_id.values() if row])
            RECORDS[kind].remove(part, [record_id for record_id, row in by_id.items() if not row])
        self.rows.clear()

    def flush(self) -> dict[str, int]:
        """Write the tables, and append everything to the feed, partitions in sorted order; return each one's
        first number.
        """
        self.write()
        return {
            part: feed.append(part, self.changes[part]) for part in sorted(self.changes) if self.changes[part]
        }


def _whole(kind: str, doc: dict) -> dict:
    """A row with every column, so that a value taken away is stored as none."""
    return {name: doc.get(name) for name in RECORDS[kind]._meta.fields if name not in ("part", "ver")}


class View:
    """The records that `decide` may read: those of the op's partition, and the group's published ones."""

    def __init__(self, batch: Batch, part: str):
        self.batch = batch
        self.part = part

    def get(self, kind: str, record_id: str) -> dict | None:
        """A document of the op's partition."""
        found = self.batch.load(self.part, kind, record_id)
        return found and found[0]

    def author(self, kind: str, record_id: str, field: str, value: object) -> dict | None:
        """Who last gave a field this value."""
        return self.batch.author(self.part, kind, record_id, field, value)

    def ref(self, kind: str) -> list[dict]:
        """All documents of a group record, with those that this transaction has changed."""
        return self.batch.ref(kind)

    def at(self, part: str) -> "View":
        """Another partition's records, as this transaction sees them."""
        return self.batch.view(part)

    def file(self, vehicle_id: str) -> list[tuple[str, dict]]:
        """`(kind, document)` of everything in a vehicle's file."""
        ids = {kind: set(found) for kind, found in feed.ids_in_file(self.part, vehicle_id).items()}
        for kind, record_id, _ver, _doc, file, _gone in self.batch.changes.get(self.part, []):
            if file == vehicle_id:
                ids.setdefault(kind, set()).add(record_id)
        self.batch.prefetch(self.part, [(kind, record_id) for kind in ids for record_id in ids[kind]])
        found = [(kind, self.get(kind, record_id)) for kind in sorted(ids) for record_id in sorted(ids[kind])]
        return [(kind, doc) for kind, doc in found if doc]

    def vehicles_of(self, customer_id: str) -> list[str]:
        """The vehicles a customer is named with."""
        self.batch.write()
        stored = Party.vehicles_of(self.part, customer_id)
        return sorted({vehicle for vehicle in stored if self.get("vehicle", vehicle)})
