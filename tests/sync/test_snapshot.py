"""Starting from a snapshot: sealed chunks, layers that keep what did not change, one build at a time
(SYNC.md, Snapshot; invariants 7, 10).
"""

import base64
import json
import threading
import zlib

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend import db
from backend.models.sync import FeedHead, Snapshot, SnapshotLease
from backend.storage import open_storage
from backend.sync import chunks, door, people, snapshot, state
from tests.cast import SZ01, customer, fixed_id, vehicle

NOW = "2026-03-02T03:00:00.000Z"


@pytest.fixture
def storage(config):
    """Where the app's chunks lie."""
    return open_storage(config)


def load(*numbers: int) -> None:
    """Cars with an owner each, taken over in bulk."""
    body = {
        "customer": [customer(i) for i in numbers],
        "vehicle": [vehicle(i) for i in numbers],
        "party": [owner(i) for i in numbers],
    }
    op = {
        "id": fixed_id(numbers[0], 9),
        "kind": "history.load",
        "v": 1,
        "part": SZ01,
        "body": body,
        "at": NOW,
    }
    assert door.submit([op], people.SYSTEM, NOW)[0]["status"] == "applied"


def owner(number: int) -> dict:
    ids = {"vehicle_id": fixed_id(number, 3), "customer_id": fixed_id(number, 4)}
    return {"id": fixed_id(number, 6), "role": "owner", **ids}


def names(manifest: dict, kind: str) -> list[str]:
    return [chunk["name"] for chunk in manifest["chunks"] if chunk["kind"] == kind]


def bytes_of(alice, chunk: dict) -> bytes:
    with alice.web.client.get(chunk["url"], headers=alice.web.headers) as answer:
        return answer.data


def opened(alice, manifest: dict) -> dict:
    """What a tablet holds that opens all chunks: a file is where the last line of the directory says."""
    key = alice.web.login["keys"][SZ01]
    assert key["id"] == manifest["key_id"]
    cipher, held, lines, segments = AESGCM(base64.b64decode(key["key"])), {}, {}, {}
    for chunk in manifest["chunks"]:
        sealed = bytes_of(alice, chunk)
        assert sum(chunk["pieces"]) == len(sealed) == chunk["bytes"]
        for number, length in enumerate(chunk["pieces"], chunk["no"]):
            piece, sealed = sealed[:length], sealed[length:]
            plain = zlib.decompress(cipher.decrypt(piece[:12], piece[12:], SZ01.encode()))
            if chunk["kind"] == "work":
                hold(held, json.loads(plain))
            elif chunk["kind"] == "directory":
                lines |= {line[0]: line for line in map(json.loads, plain.splitlines())}
            else:
                segments[number] = plain
    for line in lines.values():
        if len(line) > 1:
            hold(held, json.loads(segments[line[6]][line[7] : line[7] + line[8]]))
    return held


def hold(held: dict, rows: list) -> None:
    for seq, kind, record_id, _ver, doc in rows:
        held[SZ01, kind, record_id] = (seq, doc)


def assert_replayed(cast, tablet, manifest: dict) -> None:
    """Chunks plus what came after are what a replay from 0 gives."""
    alice, fresh = tablet(cast.alice), tablet(cast.bob)
    alice.rows = opened(alice, manifest)
    alice.cursors[SZ01] = [manifest["epoch"], manifest["seq"]]
    for one in (alice, fresh):
        one.pull()
    own, all_rows = ({k: row for k, row in one.rows.items() if k[0] == SZ01} for one in (alice, fresh))
    assert own == all_rows


def test_snapshot_and_delta_equal_a_replay(cast, tablet):
    """Invariant 10: what the sealed chunks hold, plus what came after, is what a replay from 0 gives."""
    alice = tablet(cast.alice)
    load(*range(1, 8))
    alice.do("customer.add", customer(50, name="还没有车"))
    manifest = alice.web.get(f"/sync/snapshot/{SZ01}").get_json()
    alice.do("customer.set", {"id": fixed_id(3, 4), "set": {"note": "之后"}}, base={"note": None})
    assert_replayed(cast, tablet, manifest)


def test_unchanged_content_keeps_its_chunk(storage, app):
    """A tablet never downloads the same content twice: the chunk's name is a function of it."""
    load(1)
    first, second = (snapshot.build(SZ01, storage, NOW) for _ in range(2))
    assert first["chunks"] == second["chunks"]
    assert [c["kind"] for c in first["chunks"]] == ["work", "directory", "segment"]


def test_a_build_from_nothing_gives_the_same_bytes(storage, app):
    """Same content, same name: another host, or a cleared folder, makes the chunks a tablet already has."""
    load(*range(1, 40))
    first = snapshot.build(SZ01, storage, NOW)
    Snapshot.delete().execute()
    assert snapshot.build(SZ01, storage, NOW)["chunks"] == first["chunks"]


def test_a_days_changes_touch_only_their_own_chunks(cast, tablet, storage):
    """Files that changed lie in a layer of their own; everything below keeps its name (SYNC.md, Snapshot)."""
    alice = tablet(cast.alice)
    load(*range(1, 200))
    first = snapshot.build(SZ01, storage, NOW)
    alice.do(
        "vehicle.set", {"id": fixed_id(3, 3), "set": {"color": "红"}}, base={"color": vehicle(3).get("color")}
    )
    alice.do("customer.set", {"id": fixed_id(5, 4), "set": {"note": "之后"}}, base={"note": None})
    second = snapshot.build(SZ01, storage, NOW)
    for kind in ("directory", "segment"):
        assert names(second, kind)[:-1] == names(first, kind)
    assert [c["rows"] for c in second["chunks"] if c["layer"] == 1] == [2, 6]
    assert_replayed(cast, tablet, second)


def test_layers_of_like_size_become_one_and_many_changes_build_anew(cast, tablet, storage):
    """The number of layers stays small, and so does the share of what is stored twice."""
    alice = tablet(cast.alice)
    load(*range(1, 100))
    snapshot.build(SZ01, storage, NOW)
    for i in range(1, 61):
        alice.do("customer.set", {"id": fixed_id(i, 4), "set": {"note": "之后"}}, base={"note": None})
        manifest = snapshot.build(SZ01, storage, NOW)
        layers = {chunk["layer"] for chunk in manifest["chunks"]}
        above = sum(c["rows"] for c in manifest["chunks"] if c["layer"] and c["kind"] == "directory")
        assert len(layers) <= 6 and 3 * above <= 99
    assert_replayed(cast, tablet, manifest)


def test_chunks_are_cut_by_content(app, storage, monkeypatch):
    """Files before a run of others shift none of its chunks beyond the next cut."""
    monkeypatch.setattr(snapshot, "SEGMENT", (1_000, 4_000))
    monkeypatch.setattr(snapshot, "PACK", (300, 1_500))
    load(*range(100, 400))
    first = names(snapshot.build(SZ01, storage, NOW), "segment")
    load(*range(1, 4))
    Snapshot.delete().execute()
    second = names(snapshot.build(SZ01, storage, NOW), "segment")
    assert len(first) > 10 and len(set(second) - set(first)) <= 3


def test_lost_chunk_files_are_built_again(cast, tablet, storage):
    """A data folder that was cleared, or another host's: the manifest never names what is not there."""
    alice = tablet(cast.alice)
    load(1)
    first = alice.web.get(f"/sync/snapshot/{SZ01}").get_json()
    for name, _bytes in storage.list(chunks.place(SZ01)):
        storage.delete(name)
    again = alice.web.get(f"/sync/snapshot/{SZ01}").get_json()
    assert again["chunks"] == first["chunks"] and bytes_of(alice, again["chunks"][0])


def test_chunks_are_ciphertext(cast, tablet):
    """Everything at rest on a tablet is sealed with the branch's key (TRUST.md, On the tablet)."""
    alice = tablet(cast.alice)
    load(1)
    manifest = alice.web.get(f"/sync/snapshot/{SZ01}").get_json()
    raw = b"".join(bytes_of(alice, chunk) for chunk in manifest["chunks"])
    assert "张伟".encode() not in raw and vehicle()["vin"].encode() not in raw


def test_one_process_builds_at_a_time(app, storage):
    """The lease in the database holds across processes and hosts; one left by a dead process runs out."""
    load(*range(1, 30))
    built = []

    def work() -> None:
        db.ensure_usable()
        built.append(snapshot.current(SZ01, storage, NOW))
        db.database.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 4 and all(one["chunks"] == built[0]["chunks"] for one in built)
    SnapshotLease.insert(part=SZ01, holder="another", until="2026-03-02T03:01:00.000Z").execute()
    assert snapshot.build(SZ01, storage, NOW) is None
    assert snapshot.build(SZ01, storage, "2026-03-02T03:01:00.001Z")
    assert not SnapshotLease.select().exists()


def test_while_another_builds_the_last_snapshot_serves(app, storage):
    """A tablet never waits for a build that only makes its start shorter."""
    load(1)
    first = snapshot.build(SZ01, storage, NOW)
    load(*range(10, 10 + snapshot.STALE_CHANGES))
    SnapshotLease.insert(part=SZ01, holder="another", until="2026-03-02T03:01:00.000Z").execute()
    assert snapshot.fresh(SZ01, storage) is None
    assert snapshot.current(SZ01, storage, NOW)["seq"] == first["seq"] < state.head(SZ01)


def test_a_snapshot_below_the_floor_is_of_no_use(app, storage):
    """Invariant 16: tombstones since it are gone, so neither a tablet nor the next layer begins with it."""
    load(1)
    first = snapshot.build(SZ01, storage, NOW)
    load(2)
    FeedHead.update(floor=first["seq"] + 1).where(FeedHead.part == SZ01).execute()
    assert snapshot.usable(SZ01, storage) is None
    assert snapshot.current(SZ01, storage, NOW)["seq"] == state.head(SZ01)
