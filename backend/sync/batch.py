"""One transaction's view of the records: what was there, what its ops have changed so far, and the flush."""

from backend.domain.derive import derive
from backend.models.base import RECORDS
from backend.models.group import GROUP
from backend.sync import feed, people, reference, state

UUID_LENGTH = 36


class Batch:
    """Records of one transaction. `view(part)` is what `decide` reads; `commit_op` keeps an op's changes."""

    def __init__(self):
        self.docs: dict[tuple[str, str, str], tuple[dict, int] | None] = {}
        self.changes: dict[str, list[tuple[str, str, int, dict]]] = {}

    def load(self, part: str, kind: str, record_id: str) -> tuple[dict, int] | None:
        """The document and version as this transaction sees it."""
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

    def view(self, part: str) -> "View":
        """What `decide` reads for an op of this partition."""
        return View(self, part)

    def store(self, part: str, changes: list[dict]) -> int:
        """Write an op's changes `{kind, id, doc}` to their tables; return how many. The feed
        follows in `flush`.
        """
        rows: dict[str, dict[str, dict]] = {}
        fresh = []
        for change in changes:
            kind, record_id, doc = change["kind"], change["id"], derive(change["kind"], change["doc"])
            old = self.load(part, kind, record_id)
            ver = old[1] + 1 if old else 1
            rows.setdefault(kind, {})[record_id] = {
                "part": part,
                "ver": ver,
                **_whole(kind, doc),
                "id": record_id,
            }
            fresh.append((kind, record_id, ver, doc))
            if kind == "branch" and not old:
                state.ensure_parts([people.part_of(doc["code"])])
        for kind, by_id in rows.items():
            RECORDS[kind].store(list(by_id.values()))
        for kind, record_id, ver, doc in fresh:
            self.docs[part, kind, record_id] = (doc, ver)
        self.changes.setdefault(part, []).extend(fresh)
        return len(fresh)

    def flush(self) -> dict[str, int]:
        """Append everything to the feed, partitions in sorted order; return each one's first number."""
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

    def ref(self, kind: str) -> list[dict]:
        """All documents of a group record, with those that this transaction has changed."""
        docs = {doc["id"]: doc for doc in reference.docs(kind)}
        for changed_kind, record_id, _ver, doc in self.batch.changes.get(GROUP, []):
            if changed_kind == kind:
                docs[record_id] = doc
        return list(docs.values())
