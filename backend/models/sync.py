"""The tables of the door: the op log, and the feed that tablets follow."""

from peewee import BigIntegerField, CompositeKey, IntegerField, TextField

from backend.models.base import JsonText, Table


class Op(Table):
    """Every op ever handed in, with its result: the audit trail (DESIGN.md, one door)."""

    part = TextField()
    id = TextField()
    device = TextField(null=True)
    n = BigIntegerField(null=True)
    kind = TextField()
    author_id = TextField(null=True)
    hash = TextField()
    text = TextField()  # the op as canonical JSON, byte for byte what was hashed
    status = TextField()
    code = TextField(null=True)
    result = TextField()
    received_at = TextField()
    record_id = TextField(null=True)  # the one record that the op is about, if it is about one
    parked_code = TextField(null=True)  # why it was parked at first; stays when it is settled
    ran = TextField(null=True)  # the op as it was settled, when its body was mended; `text` never changes
    settled_by = TextField(null=True)
    settled_at = TextField(null=True)
    reason = TextField(null=True)  # why it was discarded

    class Meta:
        primary_key = CompositeKey("part", "id")
        indexes = (
            (("device", "n"), True),
            (("part", "status"), False),
            (("part", "record_id"), False),
            (("part", "parked_code"), False),
        )


class Feed(Table):
    """The latest document of every record, in commit order: what a pull copies (SYNC.md, Feed)."""

    part = TextField()
    kind = TextField()
    id = TextField()
    seq = BigIntegerField()
    ver = IntegerField()
    file = TextField(null=True)
    doc = TextField(null=True)
    gone_at = TextField(null=True)  # a tombstone's date: it is kept for a while, then collected

    class Meta:
        primary_key = CompositeKey("part", "kind", "id")
        indexes = ((("part", "seq"), True), (("part", "file"), False), (("gone_at",), False))


class Moved(Table):
    """A record that has left a partition for another one: late ops follow it (SYNC.md, Scope change)."""

    part = TextField()
    id = TextField()
    to_part = TextField()

    class Meta:
        primary_key = CompositeKey("part", "id")


class FeedHead(Table):
    """The last sequence number of a partition; its row lock orders the writers (SYNC.md, Feed)."""

    part = TextField(primary_key=True)
    head = BigIntegerField(default=0)
    floor = BigIntegerField(default=0)
    sum = BigIntegerField(default=0)


class Snapshot(Table):
    """The newest prebuilt snapshot of a partition: its manifest; the chunks are files (SYNC.md, Snapshot)."""

    part = TextField(primary_key=True)
    seq = BigIntegerField()
    manifest = TextField()
    built_at = TextField()


class SnapshotLease(Table):
    """Who builds a partition's snapshot at this moment: one process of one host at a time."""

    part = TextField(primary_key=True)
    holder = TextField()
    until = TextField()


class PartKey(Table):
    """The key that seals a partition's snapshot chunks (TRUST.md, Keys)."""

    part = TextField(primary_key=True)
    key_id = TextField()
    key = TextField()


class Meta(Table):
    """Values that are one for the whole server: epoch, secret, whether it holds the demo group."""

    key = TextField(primary_key=True)
    value = TextField()


class ImportRun(Table):
    """An uploaded spreadsheet between preview and commit (D-H3)."""

    part = TextField()
    id = TextField()
    kind = TextField()
    staff_id = TextField()
    filename = TextField()
    created_at = TextField()
    committed_at = TextField(null=True)
    summary = TextField()

    class Meta:
        primary_key = CompositeKey("part", "id")


class ImportMapping(Table):
    """The columns a branch's files have, remembered (D-H3)."""

    part = TextField()
    kind = TextField()
    mapping = TextField()

    class Meta:
        primary_key = CompositeKey("part", "kind")


class Device(Table):
    """A tablet or browser that has logged in; `last_n` is its last op that has a result.

    `state`: `active`, `soft` (log in again), `wipe` (hand in, then wipe), `wiped`. `generation`: of its keys.
    """

    id = TextField(primary_key=True)
    name = TextField()
    last_n = BigIntegerField(default=0)
    created_at = TextField()
    seen_at = TextField()
    pending = IntegerField(default=0)
    cursors = TextField(default="{}")
    staff_id = TextField(null=True)
    generation = IntegerField(default=0)
    state = TextField(default="active")
    forked_from = TextField(null=True)
    branch = TextField(null=True)
    enrolled_by = TextField(null=True)
    enrolled_at = TextField(null=True)
    app_version = TextField(null=True)
    storage = JsonText(null=True)
    pending_blobs = IntegerField(default=0)
