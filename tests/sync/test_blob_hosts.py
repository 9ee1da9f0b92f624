"""Several hosts behind a balancer take in one file: the row's lock orders them (SYNC.md 17, Two hosts)."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from backend import db
from backend.models.blobs import Blob
from backend.storage import open_storage
from backend.sync import blobs
from tests.cast import SZ01
from tests.pictures import PDF

CHUNK = blobs.SMALLEST_CHUNK_BYTES
DATA = PDF + os.urandom(3 * CHUNK)
NAME = hashlib.sha256(DATA).hexdigest()


def _at_once(app, web, requests: list[tuple[int, bytes]]) -> list[tuple[int, dict]]:
    """The answers to PUTs that are sent at the same moment, each from a host of its own."""
    ready = Barrier(len(requests))

    def put(request: tuple[int, bytes]) -> tuple[int, dict]:
        offset, data = request
        query = {"part": SZ01, "offset": offset, "size": len(DATA)}
        ready.wait()
        answer = app.test_client().put(
            f"/api/v1/blobs/{NAME}", query_string=query, data=data, headers=web.headers
        )
        db.database.close()
        return answer.status_code, answer.get_json()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(put, requests))


def test_of_the_same_chunk_sent_at_once_one_counts(app, sign_in, cast):
    """On both databases: after every round the offset moved by exactly one chunk."""
    web = sign_in(cast.alice)
    offset = 0
    while offset < len(DATA):
        chunk = DATA[offset : offset + CHUNK]
        answers = _at_once(app, web, [(offset, chunk)] * 4)
        assert {status for status, _ in answers} <= {200, 409}
        assert any(status == 200 for status, _ in answers)
        offset += len(chunk)
        row = Blob.get(Blob.sha256 == NAME)
        assert row.received == offset
    assert row.complete
    storage = open_storage(app.config["CHEDANG"])
    assert b"".join(storage.get(blobs.place(SZ01, NAME))) == DATA
    assert list(storage.list("uploads")) == [], "the chunks of the slower hosts are gone, too"


def test_hosts_that_finish_at_once_say_the_same(app, sign_in, cast):
    """The last chunk's answer was lost: two retries join the file together, and both hear `complete`."""
    web = sign_in(cast.alice)
    for offset in range(0, len(DATA), CHUNK):
        last = offset + CHUNK >= len(DATA)
        _at_once(app, web, [(offset, DATA[offset : offset + CHUNK])])
        if last:
            Blob.update(state="waiting").execute()
    storage = open_storage(app.config["CHEDANG"])
    storage.put(f"uploads/{SZ01}/{NAME}.again", DATA)
    Blob.update(chunks=[[f"uploads/{SZ01}/{NAME}.again", len(DATA)]]).execute()
    answers = _at_once(app, web, [(len(DATA), b"")] * 3)
    assert {(status, told["complete"]) for status, told in answers} == {(200, True)}
