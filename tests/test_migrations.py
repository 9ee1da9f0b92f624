"""The migrations make the tables the models want: a forgotten step fails here (DESIGN.md)."""

from collections.abc import Iterator

import pytest
from peewee import Database
from playhouse.schema_diff import diff_models

import shared_schema
from backend import db
from backend.models import ALL, OWN_TABLES, RECORDS


@pytest.fixture
def migrated(empty_database_url: str) -> Iterator[Database]:
    """A database after all migrations."""
    db.connect(empty_database_url)
    db.migrate()
    yield db.database.obj
    db.database.close()


def test_every_model_has_its_table_columns_and_indexes(migrated):
    """Adding a field is one edit in shared_schema plus a migration; the difference names what is missing."""
    assert not diff_models(migrated, ALL), str(diff_models(migrated, ALL))


def test_columns_may_be_empty_where_the_models_say_so(migrated):
    """What `diff_models` does not look at."""
    for model in ALL:
        columns = {column.name: bool(column.null) for column in migrated.get_columns(model._meta.table_name)}
        assert columns == {name: bool(field.null) for name, field in model._meta.fields.items()}


def test_migrating_again_changes_nothing(migrated):
    """`make run` is safe to run twice."""
    assert db.migrate() == []


def test_every_branch_record_has_its_partition_first():
    """DESIGN.md, Beyond one machine: `part` is the first column of every key, so tables can be split."""
    assert set(RECORDS) == set(shared_schema.load()["records"])
    for model in [*RECORDS.values(), *(m for m in OWN_TABLES if "part" in m._meta.fields)]:
        meta = model._meta
        keys = meta.primary_key.field_names if meta.composite_key else (meta.primary_key.name,)
        assert keys[0] == "part", meta.table_name
    for model in RECORDS.values():
        assert all(columns[0] == "part" for columns, _unique in model._meta.indexes)
