"""Records that left a partition: where they went, and since when their tombstones lie in the feed."""

from peewee import CompositeKey, Model, SqliteDatabase, TextField


class Moved(Model):
    part = TextField()
    id = TextField()
    to_part = TextField()

    class Meta:
        legacy_table_names = False
        table_name = "moved"
        primary_key = CompositeKey("part", "id")


def up(migrator, db):
    """The table, and the feed's column with its index."""
    Moved._meta.without_rowid = isinstance(db, SqliteDatabase)
    db.bind([Moved])
    db.create_tables([Moved])
    migrator.migrate(
        migrator.add_column("feed", "gone_at", TextField(null=True)),
        migrator.add_index("feed", ("gone_at",)),
    )
