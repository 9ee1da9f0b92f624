"""Tables made from the declared records: one column a field, `part` first in every key (DESIGN.md)."""

import json
from functools import cache
from typing import Self

from peewee import BigIntegerField, CompositeKey, Field, IntegerField, Model, TextField

import shared_schema
from backend.db import chunked, database, is_sqlite, rows, upsert


class JsonText(TextField):
    """A list or object kept as JSON text; both databases store it alike."""

    def db_value(self, value: object) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def python_value(self, value: str | None) -> object:
        return None if value is None else json.loads(value)


class Flag(IntegerField):
    """Yes or no as 1 or 0; both databases store it alike."""

    def db_value(self, value: bool | None) -> int | None:
        return None if value is None else int(value)

    def python_value(self, value: int | None) -> bool | None:
        return None if value is None else bool(value)


class Table(Model):
    """A table of the server's own, outside the feed."""

    class Meta:
        database = database
        legacy_table_names = False

    @classmethod
    def find(cls, **values: object) -> Self | None:
        """The first row with these values, or None: for what every request reads. The statement is written
        once; building a query for it anew costs ten times as much.
        """
        return cls._first(_find_sql(cls, tuple(values)), values)

    @classmethod
    def locked(cls, **values: object) -> Self | None:
        """As `find`, and held against other writers until the transaction ends (SQLite has one writer)."""
        lock = "" if is_sqlite() else " FOR UPDATE"
        return cls._first(_find_sql(cls, tuple(values)) + lock, values)

    @classmethod
    def _first(cls, sql: str, values: dict[str, object]) -> Self | None:
        row = next(rows(sql, *values.values()), None)
        fields = cls._meta.sorted_fields
        return row and cls(**{f.name: f.python_value(v) for f, v in zip(fields, row, strict=True)})


@cache
def _find_sql(model: type[Table], names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{field.column_name}"' for field in model._meta.sorted_fields)
    tests = " AND ".join(f'"{model._meta.fields[name].column_name}" = ?' for name in names)
    return f'SELECT {columns} FROM "{model._meta.table_name}" WHERE {tests} LIMIT 1'


COLUMNS: dict[str, type[Field]] = {
    "integer": BigIntegerField,
    "boolean": Flag,
    "list": JsonText,
    "object": JsonText,
}


class Record(Table):
    """A declared record of a partition; its document lies in columns, `ver` counts its changes."""

    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    @classmethod
    def record_name(cls) -> str:
        """The record's name in shared_schema."""
        return cls._meta.table_name

    def doc(self) -> dict:
        """The document: declared fields that have a value."""
        return {
            name: value
            for name in FIELDS[self.record_name()]
            if (value := self.__data__.get(name)) is not None
        }

    @classmethod
    def store(cls, rows: list[dict]) -> None:
        """Insert or replace whole rows `{part, id, ver, …fields}`. For the door alone."""
        fields = cls._meta.fields
        names = tuple(name for name in fields if name not in KEY)
        values = [tuple(fields[name].db_value(row.get(name)) for name in (*KEY, *names)) for row in rows]
        upsert(cls.record_name(), KEY, names, values)

    @classmethod
    def remove(cls, part: str, ids: list[str]) -> None:
        """Delete rows of a partition. For the door alone."""
        for some in chunked(ids, 500):
            cls.delete().where((cls.part == part) & cls.id.in_(some)).execute()


KEY = ("part", "id")
FIELDS = {name: tuple(record["fields"]) for name, record in shared_schema.load()["records"].items()}
RECORDS: dict[str, type[Record]] = {}


def declared(name: str) -> dict:
    """The class attributes of a record's table: its columns and its key, from the declaration."""
    columns = {
        field: COLUMNS.get(spec["type"], TextField)(null=True)
        for field, spec in shared_schema.load()["records"][name]["fields"].items()
        if field != "id"
    }
    return columns


def record(cls: type) -> type[Record]:
    """Class decorator: make the record's table from its declaration plus the queries written in the class."""
    name = cls.kind_name
    meta = type(
        "Meta", (), {"primary_key": CompositeKey("part", "id"), "table_name": name, "indexes": cls.indexes}
    )
    body = {
        k: v for k, v in vars(cls).items() if k not in ("__dict__", "__weakref__", "kind_name", "indexes")
    }
    made = type(Record)(cls.__name__, (Record,), {**body, **declared(name), "Meta": meta})
    RECORDS[name] = made
    return made
