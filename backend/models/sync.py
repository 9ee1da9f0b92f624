"""The tables of the door: the op log, the feed that tablets follow, and what a merge set aside."""

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

    class Meta:
        primary_key = CompositeKey("part", "id")
        indexes = ((("device", "n"), True), (("part", "status"), False))


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


class Conflict(Table):
    """A value that lost against a later edit of the same field; it can be restored (SYNC.md, Merge)."""

    part = TextField()
    id = TextField()
    kind = TextField()
    record_id = TextField()
    field = TextField()
    mine = TextField(null=True)
    theirs = TextField(null=True)
    base = TextField(null=True)
    op_id = TextField()
    at = TextField()

    class Meta:
        primary_key = CompositeKey("part", "id")
        indexes = ((("part", "record_id"), False),)


class Snapshot(Table):
    """The newest prebuilt snapshot of a partition: its manifest; the chunks are files (SYNC.md, Snapshot)."""

    part = TextField(primary_key=True)
    seq = BigIntegerField()
    manifest = TextField()
    built_at = TextField()


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
    branch = TextField(null=True)
    enrolled_by = TextField(null=True)
    enrolled_at = TextField(null=True)
    app_version = TextField(null=True)
    storage = JsonText(null=True)
    pending_blobs = IntegerField(default=0)
