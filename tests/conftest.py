"""Fixtures that every test may use: one cast, one group, and a fresh database of each kind."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from tests import machine, postgres
from tests.cast import Cast, Person, fixed_id

settings.register_profile("ci", deadline=None, derandomize=True, max_examples=100)
settings.register_profile("nightly", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the folder they lie in, so that nobody can forget to."""
    here = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(here).parts[0]
        if folder == "e2e":
            item.add_marker(pytest.mark.browser)
        elif folder == "bench":
            item.add_marker(pytest.mark.bench)


@pytest.fixture(scope="session")
def cast() -> Cast:
    """The people of the tests: alice, bob, gina, sam, chen, clerk, zoe, hua, aud, adm."""
    return Cast()


@pytest.fixture(scope="session")
def pg_cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL of one's own for the whole session."""
    with postgres.start() as cluster:
        yield cluster


@pytest.fixture
def pg_url(pg_cluster: postgres.Cluster) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, dropped afterwards."""
    name = pg_cluster.create()
    yield pg_cluster.url(name)
    pg_cluster.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on: both, one after the other."""
    return request.param


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory):
    """The maker of fresh databases; it is told of the PostgreSQL cluster when one is first wanted."""
    from tests.group import Databases

    return Databases(tmp_path_factory.mktemp("databases"))


@pytest.fixture
def fresh(databases, request: pytest.FixtureRequest) -> Callable:
    """`fresh(kind, empty=False)`: a context manager that gives the URL of a database."""

    def make(kind: str, empty: bool = False):
        if kind == "postgresql":
            databases.cluster = request.getfixturevalue("pg_cluster")
        forget()
        return databases.copy(kind, empty)

    return make


@pytest.fixture
def database_url(database_kind: str, fresh: Callable) -> Iterator[str]:
    """The URL of a database that holds the cast's group; the test runs on SQLite and on PostgreSQL."""
    with fresh(database_kind) as url:
        yield url
        forget()


@pytest.fixture
def empty_database_url(database_kind: str, fresh: Callable) -> Iterator[str]:
    """The URL of a database without any table; the test runs on SQLite and on PostgreSQL."""
    with fresh(database_kind, empty=True) as url:
        yield url
        forget()


def forget() -> None:
    """Close this thread's connection and drop what the server keeps in memory of a database."""
    from backend import db
    from backend.sync import reference

    if db.database.obj is not None and not db.database.is_closed():
        db.database.close()
    reference._kept.update(at=None, docs={})


@pytest.fixture
def config(tmp_path: Path, database_url: str):
    """Settings of a server for the test's database."""
    from backend.config import Config

    return Config(data_dir=tmp_path, database_url=database_url)


@pytest.fixture
def app(config) -> Flask:
    """The server, not listening."""
    from backend.app import create_app

    return create_app(config)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that has not signed in."""
    return app.test_client()


class SignedIn:
    """A person's client on a tablet of their own: its calls carry the session's token.

    `login` is the answer to signing in; `device` the tablet's id.
    """

    def __init__(self, app: Flask, person: Person, device: str) -> None:
        self.client = app.test_client()
        self.person = person
        self.device = device
        told = {"id": device, "name": f"{person.name}的平板"}
        said = {"username": person.username, "password": person.password, "device": told}
        answer = self.client.post("/api/v1/auth/login", json=said)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        self.login = answer.get_json()
        self.headers = {"Authorization": f"Bearer {self.login['token']}"}

    def get(self, path: str, **more: object):
        """GET `/api/v1` + path."""
        return self.client.get(f"/api/v1{path}", headers=self.headers, **more)

    def post(self, path: str, body: object = None, **more: object):
        """POST `/api/v1` + path with a JSON body."""
        sent = {} if body is None else {"json": body}
        return self.client.post(f"/api/v1{path}", headers=self.headers, **sent, **more)


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., SignedIn]:
    """`sign_in(cast.alice)`: that person on a tablet of their own; a second tablet by `device=`."""

    def make(person: Person, device: str | None = None) -> SignedIn:
        return SignedIn(app, person, device or fixed_id(person.number, 5))

    return make


@pytest.fixture(scope="session")
def browser():
    """Chromium, without a window and without reaching for the network."""
    from playwright.sync_api import sync_playwright

    path = machine.chromium()
    assert path, "Chromium is missing: `make test` installs it, or: apt-get install chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=machine.chromium_switches())
        yield started
        started.close()
