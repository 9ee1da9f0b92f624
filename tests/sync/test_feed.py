"""Following the feed and starting from a snapshot (SYNC.md invariants 7-10, 12, 16)."""

import base64
import json
import threading
import zlib

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend import db
from backend.models.sync import Feed, FeedHead
from backend.sync import door, feed, snapshot, state
from tests.cast import SZ01, SZ02, customer, fixed_id, vehicle

NOW = "2026-03-02T03:00:00.000Z"


def test_pages_of_the_feed_leave_nothing_out(cast, tablet):
    """Invariant 7: every change up to the cursor was delivered, or superseded under a larger number."""
    alice, bob = tablet(cast.alice), tablet(cast.bob)
    alice.push(*(alice.op("customer.add", customer(i)) for i in range(1, 12)))
    bob.pull(limit=3)
    who = fixed_id(4, 4)
    alice.do("customer.set", {"id": who, "set": {"note": "改过"}}, base={"note": None})
    bob.pull(limit=3)
    assert sum(1 for part, kind, _id in bob.rows if (part, kind) == (SZ01, "customer")) == 11
    assert bob.doc("customer", who)["note"] == "改过"


def test_the_checksum_tells_whether_tablet_and_server_agree(cast, tablet):
    """Invariant 10: `sum` over (kind, id, seq) of what the tablet holds equals the server's."""
    alice = tablet(cast.alice)
    alice.push(*(alice.op("customer.add", customer(i)) for i in range(1, 6)))
    alice.do("customer.set", {"id": fixed_id(2, 4), "set": {"note": "x"}}, base={"note": None})
    alice.pull()
    told = alice.pull_once()[SZ01]["sum"]
    mine = [
        feed.row_hash(kind, rid, seq) for (part, kind, rid), (seq, _doc) in alice.rows.items() if part == SZ01
    ]
    assert told == sum(mine) % feed.SUM_MODULUS


def test_nothing_outside_the_scope_is_returned(cast, tablet):
    """Invariant 12: Zoe asks for Alice's branch by name and gets none of it."""
    alice, zoe = tablet(cast.alice), tablet(cast.zoe)
    alice.do("customer.add", customer())
    zoe.cursors = {SZ01: None, SZ02: None, "GRP": None}
    parts = zoe.pull_once()
    assert sorted(parts) == [SZ02, "GRP"]
    assert "张伟" not in json.dumps(parts, ensure_ascii=False)
    assert zoe.web.get(f"/sync/snapshot/{SZ01}").status_code == 404


def test_only_the_named_partitions_are_answered(cast, tablet):
    """A tablet that still downloads its branch follows the group meanwhile, and is not sent the
    branch twice.
    """
    alice = tablet(cast.alice)
    alice.do("customer.add", customer())
    alice.cursors = {"GRP": None}
    assert list(alice.pull_once()) == ["GRP"]
    alice.cursors = {}
    assert list(alice.pull_once()) == ["GRP", SZ01]


def test_a_cursor_of_another_life_is_reset(cast, tablet):
    """Invariant 16: after a restore the cursor starts anew, and only then."""
    alice = tablet(cast.alice)
    alice.do("customer.add", customer())
    alice.pull()
    assert alice.pull_once()[SZ01]["reset"] is None
    state.new_epoch()
    parts = alice.pull_once()
    assert parts[SZ01]["reset"] == "epoch" and len(parts[SZ01]["rows"]) == 1
    assert alice.pull_once()[SZ01]["reset"] is None


def test_a_cursor_below_the_floor_is_reset(cast, tablet):
    """Invariant 16: tombstones that are gone cannot be told of any more."""
    alice = tablet(cast.alice)
    alice.push(*(alice.op("customer.add", customer(i)) for i in (1, 2, 3)))
    alice.pull()
    FeedHead.update(floor=3).where(FeedHead.part == SZ01).execute()
    alice.cursors[SZ01][1] = 1
    assert alice.pull_once()[SZ01]["reset"] == "floor"


def test_snapshot_and_delta_equal_a_replay(cast, tablet):
    """Invariant 10: what the sealed chunks hold, plus what came after, is what a replay from 0 gives."""
    alice = tablet(cast.alice)
    for i in range(1, 8):
        alice.push(
            alice.op("customer.add", customer(i)),
            alice.op("vehicle.add", vehicle(i)),
            alice.op("party.add", _owner(i)),
        )
    alice.do("customer.add", customer(50, name="还没有车"))
    manifest = alice.web.get(f"/sync/snapshot/{SZ01}").get_json()
    alice.do("customer.set", {"id": fixed_id(3, 4), "set": {"note": "之后"}}, base={"note": None})
    held = _open_all(alice, manifest)
    alice.cursors[SZ01] = [manifest["epoch"], manifest["seq"]]
    alice.rows = dict(held)
    alice.pull()
    fresh = tablet(cast.bob)
    fresh.pull()
    own = {key: row for key, row in alice.rows.items() if key[0] == SZ01}
    assert own == {key: row for key, row in fresh.rows.items() if key[0] == SZ01}


def test_unchanged_content_keeps_its_chunk(cast, tablet):
    """A tablet never downloads the same content twice: the chunk's name is a function of it."""
    alice = tablet(cast.alice)
    alice.push(
        alice.op("customer.add", customer()),
        alice.op("vehicle.add", vehicle()),
        alice.op("party.add", _owner(1)),
    )
    data_dir = alice.web.client.application.config["CHEDANG"].data_dir
    first, second = (snapshot.build(SZ01, data_dir, NOW) for _ in range(2))
    assert first["chunks"] == second["chunks"]
    assert [c["kind"] for c in first["chunks"]] == ["work", "directory", "segment"]


def test_lost_chunk_files_are_built_again(cast, tablet):
    """A data folder that was cleared, or another host's: the manifest never names what is not there."""
    alice = tablet(cast.alice)
    alice.do("customer.add", customer())
    first = alice.web.get(f"/sync/snapshot/{SZ01}").get_json()
    data_dir = alice.web.client.application.config["CHEDANG"].data_dir
    for path in snapshot.folder(data_dir, SZ01).iterdir():
        path.unlink()
    again = alice.web.get(f"/sync/snapshot/{SZ01}").get_json()
    assert again["chunks"] == first["chunks"] and _bytes(alice, again["chunks"][0])


def test_chunks_are_ciphertext(cast, tablet):
    """Everything at rest on a tablet is sealed with the branch's key (TRUST.md, On the tablet)."""
    alice = tablet(cast.alice)
    alice.push(
        alice.op("customer.add", customer()),
        alice.op("vehicle.add", vehicle()),
        alice.op("party.add", _owner(1)),
    )
    manifest = alice.web.get(f"/sync/snapshot/{SZ01}").get_json()
    raw = b"".join(_bytes(alice, chunk) for chunk in manifest["chunks"])
    assert "张伟".encode() not in raw and vehicle()["vin"].encode() not in raw


def test_followers_skip_nothing_while_many_write(cast, tablet, app):
    """Invariants 7 and 8: numbers are given under a lock held to the commit, so a cursor never
    jumps a row.
    """
    writers, each = 4, 25
    bob = tablet(cast.bob)
    errors: list[BaseException] = []

    def write(number: int) -> None:
        try:
            db.ensure_usable()
            for i in range(each):
                at = number * 1000 + i
                op = {"id": fixed_id(at, 8), "kind": "customer.add", "v": 1, "part": SZ01, "at": NOW}
                door.submit([{**op, "body": customer(at)}], cast.alice.actor(), NOW)
        except BaseException as error:
            errors.append(error)
        finally:
            db.database.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, writers + 1)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        bob.pull(limit=7)
    for thread in threads:
        thread.join()
    bob.pull()
    assert errors == []
    assert sum(1 for _part, kind, _id in bob.rows if kind == "customer") == writers * each
    seqs = [row.seq for row in Feed.select(Feed.seq).where(Feed.part == SZ01).order_by(Feed.seq)]
    assert seqs == list(range(1, writers * each + 1))


def _owner(number: int) -> dict:
    ids = {"vehicle_id": fixed_id(number, 3), "customer_id": fixed_id(number, 4)}
    return {"id": fixed_id(number, 6), "role": "owner", **ids}


def _bytes(alice, chunk: dict) -> bytes:
    with alice.web.client.get(chunk["url"], headers=alice.web.headers) as answer:
        return answer.data


def _open_all(alice, manifest: dict) -> dict:
    key = alice.web.login["keys"][SZ01]
    assert key["id"] == manifest["key_id"]
    cipher, held = AESGCM(base64.b64decode(key["key"])), {}
    for chunk in manifest["chunks"]:
        sealed = _bytes(alice, chunk)
        plain = zlib.decompress(cipher.decrypt(sealed[:12], sealed[12:], SZ01.encode()))
        if chunk["kind"] == "work":
            _hold(held, json.loads(plain))
        elif chunk["kind"] == "directory":
            lines = json.loads(plain)
        else:
            for line in lines:
                if line[6] == chunk["no"]:
                    _hold(held, json.loads(plain[line[7] : line[7] + line[8]]))
    return held


def _hold(held: dict, rows: list) -> None:
    for seq, kind, record_id, _ver, doc in rows:
        held[SZ01, kind, record_id] = (seq, doc)
