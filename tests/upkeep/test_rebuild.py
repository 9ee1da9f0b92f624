"""The feed made again from the records (SYNC.md 8, 10, 16)."""

import pytest

from backend.models.sync import FeedHead
from backend.sync import rebuild
from tests.cast import SZ01, customer
from tests.upkeep.conftest import run_sql, wrong


def test_a_rebuilt_feed_gives_every_tablet_the_same_rows(worked, cast, tablet, examined):
    """Invariants 8, 10, 16: equal projection, heads that never fall, cursors that begin anew once."""
    bob = tablet(cast.bob)
    bob.pull()
    before = {key: doc for key, (_seq, doc) in bob.rows.items() if doc is not None}
    head = FeedHead.get_by_id(SZ01).head
    run_sql("DELETE FROM feed WHERE part = ? AND kind = 'customer'", SZ01)
    assert rebuild.rebuild() == {"B:SZ01": 6, "B:SZ02": 0, "GRP": 0} | {
        "GRP": rebuild.rebuild(["GRP"])["GRP"]
    }
    assert FeedHead.get_by_id(SZ01).head == head + 6
    assert wrong(examined()) == []
    assert {found["reset"] for found in bob.pull_once().values()} == {"epoch"}
    bob.pull()
    assert {key: doc for key, (_seq, doc) in bob.rows.items() if doc is not None} == before
    assert bob.pull_once()[SZ01]["reset"] is None


def test_work_goes_on_after_a_rebuild(worked, examined):
    """Invariant 2: what is sent again gets its old result; the next op its own number."""
    rebuild.rebuild([SZ01])
    assert worked.send(worked.op("customer.add", customer(20))).get_json()["code"] == "sync.epoch"
    worked.n -= 1
    worked.epoch = None
    assert worked.do("customer.add", customer(21))["seqs"][SZ01] == FeedHead.get_by_id(SZ01).head
    assert wrong(examined()) == []


def test_an_unknown_partition_is_refused(worked):
    """Nothing is changed then."""
    with pytest.raises(KeyError):
        rebuild.rebuild(["B:XX99"])
