"""Tablets are enrolled with a code, can be revoked, and have own keys that change then (TRUST.md)."""

from peewee import CompositeKey, Model, SqliteDatabase, TextField

COLUMNS = (
    "generation INTEGER NOT NULL DEFAULT 0",
    "state TEXT NOT NULL DEFAULT 'active'",
    "forked_from TEXT",
    "branch TEXT",
    "enrolled_by TEXT",
    "enrolled_at TEXT",
    "app_version TEXT",
    "storage TEXT",
    "pending_blobs INTEGER NOT NULL DEFAULT 0",
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class EnrolCode(Table):
    code_hash = TextField(primary_key=True)
    branch = TextField()
    name = TextField()
    made_by = TextField(null=True)
    expires_at = TextField()
    used_at = TextField(null=True)

    class Meta:
        table_name = "enrol_code"


class DeviceLog(Table):
    device_id = TextField()
    id = TextField()
    at = TextField()
    what = TextField()
    staff_id = TextField(null=True)
    reason = TextField(null=True)

    class Meta:
        table_name = "device_log"
        primary_key = CompositeKey("device_id", "id")


TABLES = (EnrolCode, DeviceLog)


def up(migrator, db):
    """Tablets known so far stay enrolled; those revoked so far are to be wiped."""
    for column in COLUMNS:
        db.execute_sql(f"ALTER TABLE device ADD COLUMN {column}")
    db.execute_sql("UPDATE device SET enrolled_at = created_at")
    db.execute_sql("UPDATE device SET state = 'wipe', generation = 1 WHERE revoked = 1")
    db.execute_sql("ALTER TABLE device DROP COLUMN revoked")
    for table in TABLES:
        table._meta.without_rowid = isinstance(db, SqliteDatabase)
    db.bind(TABLES)
    db.create_tables(TABLES)
