"""The group of the tests, put into a database through the one door, and databases that begin with it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend import db, setup
from backend.api import login
from backend.sync import door, people, state
from tests.cast import BRANCHES, Cast, fixed_id
from tests.postgres import Cluster

NOW = "2026-03-02T01:00:00.000Z"  # Monday, 9:00 in Shenzhen


def founding_ops() -> list[dict]:
    """The branches and the staff as ops."""
    docs = [("branch.add", row) for row in BRANCHES] + [("staff.add", person.doc()) for person in Cast()]
    return [
        {"id": fixed_id(n, 9), "kind": kind, "v": 1, "part": "GRP", "body": doc, "at": NOW}
        for n, (kind, doc) in enumerate(docs, 1)
    ]


def found(url: str) -> None:
    """Migrate the empty database at `url`; put the group, the shipped content and the accounts into it."""
    db.connect(url)
    db.migrate()
    state.ensure_parts(["GRP", *(people.part_of(row["code"]) for row in BRANCHES)])
    refused = [r for r in door.submit(founding_ops(), people.SYSTEM, NOW) if r["status"] == "parked"]
    assert refused == [], refused
    setup.publish_content(NOW)
    admit_any_tablet()
    for person in Cast():
        login.set_password(person.id, person.username, person.password)
    db.database.close()


def admit_any_tablet(value: int = 0) -> None:
    """The tests' people log in on fresh tablets all the time: no codes (tests of enrolment say 1)."""
    doc = {"id": fixed_id(value + 1, 22), "code": "device.enrolment", "value": value}
    op = {"id": fixed_id(value + 1, 23), "kind": "rule.add", "v": 1, "part": "GRP", "body": doc, "at": NOW}
    assert [r["status"] for r in door.submit([op], people.SYSTEM, NOW)] == ["applied"]


class Databases:
    """Hands out databases that already hold the group: made once, then copied (3 ms instead of a second)."""

    def __init__(self, folder: Path, cluster: Cluster | None = None) -> None:
        self.folder = folder
        self.cluster = cluster
        self.templates: dict[str, str] = {}

    @contextmanager
    def copy(self, kind: str, empty: bool = False) -> Iterator[str]:
        """The URL of a fresh database, `sqlite` or `postgresql`; `empty` leaves out tables and group."""
        with self._sqlite(empty) if kind == "sqlite" else self._postgresql(empty) as url:
            yield url

    @contextmanager
    def _sqlite(self, empty: bool) -> Iterator[str]:
        template = self.folder / "template.db"
        if not empty and "sqlite" not in self.templates:
            found(f"sqlite:///{template}")
            self.templates["sqlite"] = str(template)
        path = self.folder / "test.db"
        if not empty:
            shutil.copy(template, path)
        yield f"sqlite:///{path}"
        for left in self.folder.glob("test.db*"):
            left.unlink()

    @contextmanager
    def _postgresql(self, empty: bool) -> Iterator[str]:
        if not empty and "postgresql" not in self.templates:
            template = self.cluster.create()
            found(self.cluster.url(template))
            self.templates["postgresql"] = template
        name = self.cluster.create("template0" if empty else self.templates["postgresql"])
        yield self.cluster.url(name)
        self.cluster.drop(name)
