"""Parked ops are settled, and two fillings of a field are a record of the feed (SYNC.md 4 and 14).

The table that kept the losing values so far was never released and never shown; its rows are let go.
"""

from peewee import CompositeKey, IntegerField, Model, SqliteDatabase, TextField

COLUMNS = ("record_id", "parked_code", "ran", "settled_by", "settled_at", "reason")


class Conflict(Model):
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)
    kind = TextField(null=True)
    record_id = TextField(null=True)
    file_id = TextField(null=True)
    field = TextField(null=True)
    value = TextField(null=True)
    by_id = TextField(null=True)
    by_name = TextField(null=True)
    at = TextField(null=True)
    other = TextField(null=True)
    other_by_id = TextField(null=True)
    other_by_name = TextField(null=True)
    other_at = TextField(null=True)
    state = TextField(null=True)
    choice = TextField(null=True)
    settled_by_id = TextField(null=True)
    settled_by_name = TextField(null=True)
    settled_at = TextField(null=True)

    class Meta:
        legacy_table_names = False
        table_name = "conflict"
        primary_key = CompositeKey("part", "id")
        indexes = ((("part", "record_id"), False), (("part", "state"), False))


def up(migrator, db):
    """What is parked already keeps its reason as the first one."""
    for column in COLUMNS:
        db.execute_sql(f"ALTER TABLE op ADD COLUMN {column} TEXT")
    db.execute_sql("UPDATE op SET parked_code = code WHERE status = 'parked'")
    for column in ("record_id", "parked_code"):
        db.execute_sql(f"CREATE INDEX op_part_{column} ON op (part, {column})")
    db.execute_sql("DROP TABLE conflict")
    Conflict._meta.without_rowid = isinstance(db, SqliteDatabase)
    db.bind([Conflict])
    db.create_tables([Conflict])
