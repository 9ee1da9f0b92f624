"""Invariant 17 for any order of chunks, repeats, damage, crashes and a store that fails: a file is complete
iff its SHA-256 matches, and an honest tablet always gets there.
"""

import hashlib
import os
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.storage import Unavailable
from backend.storage.local import LocalStorage
from backend.sync import blobs
from tests.cast import SZ01
from tests.pictures import PDF

SMALL = blobs.SMALLEST_CHUNK_BYTES
PATIENCE = 12

puts = st.fixed_dictionaries(
    {
        "at": st.sampled_from(["right", "right", "right", "start", "before", "after", "end"]),
        "length": st.sampled_from([0, 1, SMALL - 1, SMALL, SMALL + 1, 2 * SMALL, 4 * SMALL]),
        "damaged": st.sampled_from([False, False, False, True]),
        "fault": st.sampled_from([None, None, None, "killed before joining", "store fails"]),
    }
)


class Model:
    """What the server must hold: the accepted bytes, and whether they were verified."""

    def __init__(self, name: str, size: int) -> None:
        self.name, self.size = name, size
        self.bytes, self.complete = b"", False

    def put(self, offset: int, data: bytes, fault: str | None) -> tuple[int, str | None]:
        """The status and code this chunk must be answered with."""
        if self.complete:
            return 200, None
        if data:
            if offset != len(self.bytes) or offset + len(data) > self.size:
                return 409, "blob.offset"
            if len(data) < SMALL and offset + len(data) < self.size:
                return 422, "request.invalid"
            if offset == 0 and len(data) >= min(self.size, 64) and not data.startswith(b"%PDF-"):
                return 422, "blob.type"
            if fault == "store fails":
                return 503, "sync.busy"
            self.bytes += data
        return self._end(fault) if len(self.bytes) == self.size else (200, None)

    def _end(self, fault: str | None) -> tuple[int, str | None]:
        if fault == "killed before joining":
            return 500, "server.error"
        if hashlib.sha256(self.bytes).hexdigest() != self.name:
            self.bytes = b""
            return 422, "blob.hash"
        if fault == "store fails":
            return 503, "sync.busy"
        self.complete = True
        return 200, None


@pytest.fixture
def database_kind() -> str:
    """The row's lock is tested on both databases by the door's tests; here it is the order that varies."""
    return "sqlite"


@pytest.fixture
def send(sign_in, cast):
    web = sign_in(cast.alice)

    def call(method: str, name: str, **more: object):
        query = {"part": SZ01, **more.pop("query", {})}
        path = f"/api/v1/blobs/{name}"
        return web.client.open(path, method=method, query_string=query, headers=web.headers, **more)

    return call


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(len(PDF), 5 * SMALL), steps=st.lists(puts, max_size=12))
def test_any_sequence_ends_complete_iff_the_hash_matches(send, size, steps):
    data = PDF + os.urandom(size - len(PDF))
    model = Model(hashlib.sha256(data).hexdigest(), size)
    for step in steps:
        _step(send, data, model, step)
        _compare(send, data, model)
    for _ in range(PATIENCE):
        offset = int(send("HEAD", model.name).headers["Upload-Offset"])
        chunk = data[offset : offset + 2 * SMALL]
        send("PUT", model.name, query={"offset": offset, "size": size}, data=chunk)
        model.put(offset, chunk, None)
        if model.complete:
            break
    assert model.complete, "an honest tablet gets there in a few steps"
    _compare(send, data, model)


def _step(send, data: bytes, model: Model, step: dict) -> None:
    have = len(model.bytes)
    places = {"right": have, "start": 0, "before": have - 1, "after": have + 1, "end": model.size}
    offset = max(0, places[step["at"]])
    chunk = data[offset : offset + step["length"]]
    if step["damaged"] and chunk:
        chunk = bytes([chunk[0] ^ 1]) + chunk[1:]
    with _fault(step["fault"]):
        answer = send("PUT", model.name, query={"offset": offset, "size": model.size}, data=chunk)
    status, code = model.put(offset, chunk, step["fault"])
    told = answer.get_json()
    assert (answer.status_code, told.get("code")) == (status, code)
    if status == 200:
        assert told == {
            "offset": model.size if model.complete else len(model.bytes),
            "complete": model.complete,
        }


def _fault(kind: str | None):
    if kind == "store fails":
        return patch.object(LocalStorage, "put", side_effect=Unavailable("storage: full"))
    if kind == "killed before joining":
        return patch.object(blobs, "_finished", side_effect=RuntimeError("the host is gone"))
    return patch.object(blobs, "RULE", blobs.RULE)


def _compare(send, data: bytes, model: Model) -> None:
    head = send("HEAD", model.name)
    expected = model.size if model.complete else len(model.bytes)
    assert (head.headers["Upload-Offset"], head.headers["Upload-Complete"]) == (
        str(expected),
        str(int(model.complete)),
    )
    got = send("GET", model.name)
    assert (got.status_code == 200 and got.data == data) if model.complete else got.status_code == 404
    got.close()
