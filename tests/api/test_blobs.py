"""Files over the network: chunks, offsets, hashes, types, limits, and who may (SYNC.md 17, TRUST.md Files
in).
"""

import io
import os
from dataclasses import replace

import pytest
from PIL import Image

from backend.models.blobs import Blob
from backend.models.sync import Device
from backend.storage import open_storage
from backend.sync import blobs, door, people
from tests import pictures, s3_server
from tests.api.sender import CHUNK, Sender, refused
from tests.cast import SZ01, SZ02, fixed_id
from tests.group import NOW


@pytest.fixture(scope="module")
def s3():
    with s3_server.start() as server:
        yield server


@pytest.fixture(params=["disk", "s3"])
def config(request, config):
    """Every test here runs on a disk and on an S3-compatible server."""
    return (
        replace(config, blob_url=request.getfixturevalue("s3").bucket()) if request.param == "s3" else config
    )


@pytest.fixture
def database_kind(request) -> str:
    return "sqlite"


@pytest.fixture
def alice(sign_in, cast):
    return sign_in(cast.alice)


LARGE = pictures.PDF + os.urandom(2 * CHUNK + 77)


def test_a_file_arrives_in_chunks_and_is_complete_once_verified(alice, app):
    """Invariant 17: every answer tells how much is there; `complete` comes with the last byte, verified."""
    sender = Sender(alice, LARGE)
    assert sender.head() == (0, False)
    for offset, after in ((0, CHUNK), (CHUNK, 2 * CHUNK), (2 * CHUNK, len(LARGE))):
        assert sender.chunk(offset).get_json() == {"offset": after, "complete": after == len(LARGE)}
        assert sender.head() == (after, after == len(LARGE))
    assert sender.get().data == LARGE
    left = list(open_storage(app.config["CHEDANG"]).list("uploads"))
    assert left == [], "the chunks are joined and gone"


def test_a_complete_file_takes_nothing_more_and_says_so(alice):
    """A resend after a lost answer: the same answer, whatever the offset."""
    sender = Sender(alice, pictures.PDF)
    first = sender.all().get_json()
    assert first == {"offset": len(pictures.PDF), "complete": True}
    for answer in (sender.chunk(0), sender.put(5, b"other bytes"), sender.put(len(pictures.PDF), b"")):
        assert (answer.status_code, answer.get_json()) == (200, first)
    assert sender.get().data == pictures.PDF


def test_a_chunk_at_another_offset_is_refused_with_the_one_expected(alice):
    """The resumable queue finds its place: 409 and the offset, nothing stored."""
    sender = Sender(alice, LARGE)
    sender.chunk(0)
    for offset in (0, 1, CHUNK - 1, CHUNK + 1, 2 * CHUNK):
        answer = sender.chunk(offset)
        assert refused(answer) == (409, "blob.offset")
        assert answer.get_json()["details"]["expect"] == CHUNK
    assert refused(sender.put(CHUNK, b"x" * (CHUNK), size=len(LARGE) - CHUNK))[1] == "blob.offset"
    assert sender.head()[0] in (0, CHUNK)


def test_two_tablets_with_the_same_photo_help_each_other(alice, sign_in, cast):
    """The file is named by its content: whoever comes second goes on where the first stopped."""
    mine, theirs = Sender(alice, LARGE), Sender(sign_in(cast.bob), LARGE)
    mine.chunk(0)
    assert theirs.head() == (CHUNK, False)
    theirs.chunk(CHUNK)
    assert theirs.chunk(2 * CHUNK).get_json()["complete"]
    assert mine.chunk(CHUNK).get_json() == {"offset": len(LARGE), "complete": True}
    assert Blob.select().count() == 1


def test_bytes_that_do_not_have_the_hash_are_thrown_away(alice, app):
    """Invariant 17: complete iff the SHA-256 matches; after 422 the upload begins again and succeeds."""
    sender = Sender(alice, LARGE)
    sender.chunk(0)
    sender.put(CHUNK, b"?" * CHUNK)
    assert refused(sender.chunk(2 * CHUNK)) == (422, "blob.hash")
    assert sender.head() == (0, False)
    assert refused(sender.get()) == (404, "blob.waiting")
    assert sender.all().get_json()["complete"]
    assert [name for name, _ in open_storage(app.config["CHEDANG"]).list("blobs")] == [
        f"blobs/{SZ01}/{sender.name}"
    ]


def test_a_wrong_size_declared_by_somebody_else_does_not_jam_the_file(alice, sign_in, cast):
    bob = sign_in(cast.bob)
    jam = Sender(bob, LARGE)
    jam.put(0, LARGE[:CHUNK], size=len(LARGE) + 5)
    sender = Sender(alice, LARGE)
    assert refused(sender.chunk(CHUNK)) == (409, "blob.offset")
    assert sender.all().get_json()["complete"]


def test_a_server_that_stopped_before_joining_finishes_when_asked(alice, app, monkeypatch):
    """All bytes are there, `complete` was never said: an empty PUT at the end brings it about."""
    sender = Sender(alice, LARGE)
    sender.chunk(0)
    sender.chunk(CHUNK)
    with monkeypatch.context() as patch:
        patch.setattr(blobs, "_finished", _killed)
        assert sender.chunk(2 * CHUNK).status_code == 500
    assert sender.head() == (len(LARGE), False)
    assert sender.put(len(LARGE), b"").get_json() == {"offset": len(LARGE), "complete": True}


def _killed(*_arguments):
    raise RuntimeError("the host is gone")


def test_chunks_that_vanished_make_the_upload_begin_again(alice, app):
    """Somebody emptied the store: the tablet, which still has its bytes, starts at 0 (invariant 17)."""
    sender = Sender(alice, LARGE)
    sender.chunk(0)
    storage = open_storage(app.config["CHEDANG"])
    for name, _size in storage.list("uploads"):
        storage.delete(name)
    sender.chunk(CHUNK)
    answer = sender.chunk(2 * CHUNK)
    assert refused(answer) == (409, "blob.offset") and answer.get_json()["details"]["expect"] == 0
    assert sender.all().get_json()["complete"]


@pytest.mark.parametrize("kind", pictures.HARMLESS)
def test_what_people_photograph_scan_and_record_is_taken(alice, kind):
    sender = Sender(alice, pictures.HARMLESS[kind])
    assert sender.all().get_json()["complete"]
    answer = sender.get()
    assert answer.data == sender.data, "byte for byte (invariant 17)"
    assert answer.mimetype.split("/")[0] in ("image", "application", "audio")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", pictures.OTHER_CONTENT)
def test_other_content_is_refused_at_its_first_bytes(alice, kind):
    """By content, whatever it is called; 422 before the rest travels."""
    sender = Sender(alice, pictures.OTHER_CONTENT[kind])
    assert refused(sender.all()) == (422, "blob.type")
    assert sender.head() == (0, False)


@pytest.mark.parametrize("kind", pictures.HOSTILE_PICTURES)
def test_a_picture_that_cannot_be_decoded_is_refused_and_harms_nobody(alice, kind):
    """TRUST.md, Files in: decoded in a limited child; the server goes on."""
    sender = Sender(alice, pictures.HOSTILE_PICTURES[kind])
    assert refused(sender.all()) == (422, "blob.damaged")
    assert refused(sender.get()) == (404, "blob.waiting")
    assert Sender(alice, pictures.HARMLESS["png"]).all().get_json()["complete"]


def test_what_is_shown_of_a_photo_has_no_exif_and_stands_upright(alice):
    """The original stays byte-equal under its hash; views are made anew."""
    sender = Sender(alice, pictures.with_exif("Li Ming, 18 Shennan Road"))
    sender.all()
    assert b"Li Ming" in sender.get().data
    for view, side in (("view", 640), ("thumb", 320)):
        answer = sender.get(query={"view": view})
        shown = Image.open(io.BytesIO(answer.data))
        assert answer.mimetype == "image/jpeg" and b"Li Ming" not in answer.data
        assert not dict(shown.getexif()) and shown.height == side > shown.width


def test_a_view_is_never_larger_than_the_screen_needs(alice):
    sender = Sender(alice, pictures.picture("JPEG", (4000, 3000)))
    sender.all()
    shown = Image.open(io.BytesIO(sender.get(query={"view": "view"}).data))
    assert shown.size == (2560, 1920)


def test_what_is_no_picture_has_no_view(alice):
    sender = Sender(alice, pictures.PDF)
    sender.all()
    assert refused(sender.get(query={"view": "thumb"})) == (404, "not_found")


@pytest.mark.parametrize(
    "asked, status, first, end",
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=10-", 206, 10, None),
        ("bytes=-10", 206, -10, None),
        ("bytes=5-5", 206, 5, 6),
        ("bytes=0-999999999", 200, 0, None),
        ("bytes=0-1,3-4", 200, 0, None),
        ("lines=1-2", 200, 0, None),
    ],
)
def test_a_range_gives_that_part(alice, asked, status, first, end):
    sender = Sender(alice, LARGE)
    sender.all()
    answer = sender.get(headers={"Range": asked})
    assert (answer.status_code, answer.data) == (status, LARGE[first:end])
    if status == 206:
        assert answer.headers["Content-Range"].endswith(f"/{len(LARGE)}")


def test_a_range_beyond_the_end_is_refused(alice):
    sender = Sender(alice, pictures.PDF)
    sender.all()
    assert refused(sender.get(headers={"Range": "bytes=5000-"})) == (416, "blob.range")


def test_a_file_may_be_as_large_as_the_rule_says(alice, app):
    """Rule blob.max_mb, the branch's own value first."""
    rule = {"id": fixed_id(1, 7), "code": "blob.max_mb", "value": 1, "branch": "SZ01"}
    op = {"id": fixed_id(1, 8), "kind": "rule.add", "v": 1, "part": "GRP", "at": NOW, "body": rule}
    assert door.submit([op], people.SYSTEM, NOW)[0]["status"] == "applied"
    answer = Sender(alice, LARGE).chunk(0)
    assert refused(answer) == (413, "blob.too_large")
    assert answer.get_json()["details"] == {"limit_mb": 1}
    assert Sender(alice, LARGE[:CHUNK]).all().get_json()["complete"]


def test_a_chunk_is_at_most_a_megabyte_and_not_tiny(alice):
    sender = Sender(alice, LARGE)
    assert refused(sender.chunk(0, CHUNK + 1)) == (413, "request.too_large")
    assert refused(sender.chunk(0, 3 * CHUNK)) == (413, "request.too_large")
    assert refused(sender.chunk(0, blobs.SMALLEST_CHUNK_BYTES - 1)) == (422, "request.invalid")
    assert sender.chunk(0, blobs.SMALLEST_CHUNK_BYTES).get_json()["offset"] == blobs.SMALLEST_CHUNK_BYTES


@pytest.mark.parametrize("method", ["head", "put", "get"])
@pytest.mark.parametrize("name", ["x", "A" * 64, "0" * 63, "0" * 65, "..%2f" + "0" * 59])
def test_a_name_that_is_no_hash_leads_nowhere(alice, method, name):
    query = {"part": SZ01, **({"offset": 0, "size": 1} if method == "put" else {})}
    answer = getattr(alice.client, method)(f"/api/v1/blobs/{name}", query_string=query, headers=alice.headers)
    assert answer.status_code in (404, 405), "405: not even an address of the API"


@pytest.mark.parametrize("query", [{}, {"part": "B:../x"}, {"part": SZ01, "offset": "-1", "size": "5"}])
def test_a_place_that_is_none_is_refused(alice, query):
    answer = alice.client.put(f"/api/v1/blobs/{'0' * 64}", query_string=query, headers=alice.headers)
    assert refused(answer) == (422, "request.invalid")


def test_a_store_that_does_not_answer_is_busy_and_nothing_is_lost(alice, app, monkeypatch):
    """503: the tablet keeps its bytes and comes again."""
    from backend.storage import Unavailable

    def fail(*_arguments):
        raise Unavailable("storage: gone")

    sender = Sender(alice, LARGE)
    sender.chunk(0)
    with monkeypatch.context() as patch:
        patch.setattr(type(open_storage(app.config["CHEDANG"])), "put", fail)
        assert refused(sender.chunk(CHUNK)) == (503, "sync.busy")
    assert sender.head() == (CHUNK, False)
    sender.chunk(CHUNK)
    assert sender.chunk(2 * CHUNK).get_json()["complete"]


def test_a_foreign_branch_has_no_files(alice, sign_in, cast):
    """Invariant 12: 404 for every method, present or not; head office reads and does not write."""
    Sender(alice, pictures.PDF).all()
    zoe, hua = sign_in(cast.zoe), sign_in(cast.hua)
    for web, reads in ((zoe, False), (hua, True)):
        foreign = Sender(web, pictures.PDF)
        assert refused(foreign.chunk(0)) == (404, "sync.part")
        assert (
            web.client.head(foreign.path, query_string={"part": SZ01}, headers=web.headers).status_code == 404
        )
        assert foreign.get().status_code == (200 if reads else 404)
    own = Sender(zoe, pictures.PDF, SZ02)
    assert own.head() == (0, False), "the same bytes in another branch are another file"
    assert refused(own.get()) == (404, "blob.waiting")
    assert refused(Sender(alice, pictures.PDF, "GRP").chunk(0)) == (404, "sync.part")


@pytest.mark.parametrize("how", ["anonymous", "revoked device"])
def test_without_a_session_there_are_no_files(alice, how):
    sender = Sender(alice, pictures.PDF)
    sender.all()
    if how == "revoked device":
        Device.update(state="wipe").execute()
    headers = {} if how == "anonymous" else alice.headers
    for method in ("get", "head", "put"):
        query = {"part": SZ01, **({"offset": 0, "size": 1} if method == "put" else {})}
        answer = getattr(alice.client, method)(sender.path, query_string=query, headers=headers)
        assert answer.status_code == (401 if how == "anonymous" else 403), method


def test_uploads_that_rest_are_swept_and_nothing_else(alice, app):
    """Chunks of a dead host and uploads begun 30 days ago; the tablet still has the bytes (invariant 17)."""
    storage = open_storage(app.config["CHEDANG"])
    kept, old = Sender(alice, pictures.PDF), Sender(alice, LARGE)
    kept.all()
    old.chunk(0)
    storage.put(f"uploads/{SZ01}/{'0' * 64}.{fixed_id(1)}", b"an orphan of 2024")
    from backend import clock

    assert blobs.sweep(storage, clock.now()) == 1
    assert old.head() == (CHUNK, False)
    Blob.update(created_at="2026-01-01T00:00:00.000Z").where(Blob.sha256 == old.name).execute()
    assert blobs.sweep(storage, "2036-01-01T00:00:00.000Z") == 1
    assert old.head() == (0, False) and list(storage.list("uploads")) == []
    assert kept.get().data == pictures.PDF
