"""Attachments and the files they speak of: frozen copies, independent of the models of today."""

from peewee import BigIntegerField, CompositeKey, IntegerField, Model, SqliteDatabase, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Attachment(Table):
    vehicle_id = TextField(null=True)
    of_kind = TextField(null=True)
    of_id = TextField(null=True)
    kind = TextField(null=True)
    document = TextField(null=True)
    sha256 = TextField(null=True)
    bytes = BigIntegerField(null=True)
    media_type = TextField(null=True)
    name = TextField(null=True)
    taken_at = TextField(null=True)
    by_id = TextField(null=True)
    by_name = TextField(null=True)
    note = TextField(null=True)
    voided_at = TextField(null=True)
    voided_by = TextField(null=True)
    void_reason = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "attachment"
        primary_key = CompositeKey("part", "id")
        indexes = ((("part", "vehicle_id"), False), (("part", "sha256"), False))


class Blob(Table):
    part = TextField()
    sha256 = TextField()
    size = BigIntegerField()
    type = TextField(null=True)
    state = TextField(default="waiting")
    received = BigIntegerField(default=0)
    chunks = TextField(default="[]")
    created_by = TextField()
    created_at = TextField()
    completed_at = TextField(null=True)

    class Meta:
        table_name = "blob"
        primary_key = CompositeKey("part", "sha256")
        indexes = ((("part", "state"), False),)


TABLES = (Attachment, Blob)


def up(migrator, db):
    """Create both tables; on SQLite without the hidden row number, as the key is the order we read in."""
    for table in TABLES:
        table._meta.without_rowid = isinstance(db, SqliteDatabase)
    db.bind(TABLES)
    db.create_tables(TABLES)
