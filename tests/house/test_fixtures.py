"""The fixtures themselves: every test begins with the same group, and leaves nothing behind."""

import pytest

from backend.config import ConfigError, from_environment
from backend.sync import door, people, reference
from tests import machine, postgres
from tests.cast import fixed_id
from tests.group import NOW

OP = {"id": fixed_id(1, 8), "kind": "rule.add", "v": 1, "part": "GRP", "at": NOW}


@pytest.mark.parametrize("hours", [30, 40])
def test_each_test_has_a_database_of_its_own(app, hours):
    """The same op twice: it would be a stored result if anything were left of the other test."""
    rule = {"id": fixed_id(1, 7), "code": "complaint.loop_hours", "value": hours}
    assert [r["status"] for r in door.submit([{**OP, "body": rule}], people.SYSTEM, NOW)] == ["applied"]
    found = [doc for doc in reference.docs("rule") if doc["code"] == rule["code"]]
    assert [doc["value"] for doc in found] == [hours]


def test_the_cast_may_sign_in_and_sees_its_own_branch_only(sign_in, cast):
    assert sign_in(cast.alice).login["scope"] == ["GRP", "B:SZ01"]
    assert sign_in(cast.zoe).login["scope"] == ["GRP", "B:SZ02"]


def test_an_empty_database_is_empty(empty_database_url):
    from backend import db

    assert db.connect(empty_database_url).get_tables() == []


def test_postgresql_leaves_nothing_behind():
    with postgres.start() as cluster:
        folder, process = cluster.folder, cluster.process
        cluster.drop(cluster.create())
        assert folder.exists()
    assert process.poll() is not None
    assert not folder.exists()


def test_what_make_test_installs_is_there():
    assert machine.chromium()
    assert machine.postgres()


@pytest.mark.parametrize(
    "setting",
    [
        {"PORT": "80a"},
        {"PORT": "70000"},
        {"PORT": "٨٠٠٠"},
        {"WORKERS": "0"},
        {"DATABASE_URL": "mysql://localhost/x"},
        {"REDIS_URL": "http://localhost"},
        {"DATA_DIR": "/proc/nowhere"},
    ],
    ids=str,
)
def test_a_bad_setting_stops_the_start_with_one_line(setting):
    with pytest.raises(ConfigError) as refused:
        from_environment(setting)
    assert next(iter(setting)) in str(refused.value)
    assert "\n" not in str(refused.value)
