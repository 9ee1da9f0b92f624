"""Who builds a snapshot: one process of one host at a time."""

from peewee import Model, SqliteDatabase, TextField


class SnapshotLease(Model):
    part = TextField(primary_key=True)
    holder = TextField()
    until = TextField()

    class Meta:
        legacy_table_names = False
        table_name = "snapshot_lease"


def up(migrator, db):
    """A table of one row a partition."""
    SnapshotLease._meta.without_rowid = isinstance(db, SqliteDatabase)
    db.bind([SnapshotLease])
    db.create_tables([SnapshotLease])
