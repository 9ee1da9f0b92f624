"""One interface, two stores: whatever is true of the disk is true of the S3-compatible server (DESIGN.md)."""

import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from backend.config import Config, ConfigError, from_environment
from backend.storage import BadName, Missing, Unavailable, open_storage
from tests import s3_server

NAME = "blobs/B:SZ01/" + "ab" * 32
DATA = bytes(range(256)) * 2048  # 512 KiB: two pieces


@pytest.fixture(scope="module")
def s3():
    with s3_server.start() as server:
        yield server


@pytest.fixture(params=["disk", "default", "s3"])
def config(request, tmp_path) -> Config:
    plain = Config(data_dir=tmp_path)
    if request.param == "default":
        return plain
    url = request.getfixturevalue("s3").bucket() if request.param == "s3" else f"file://{tmp_path}/a%20disk"
    return replace(plain, blob_url=url)


@pytest.fixture
def storage(config):
    return open_storage(config)


def test_what_is_put_comes_back_byte_for_byte(storage, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(DATA)
    storage.put(NAME, source)
    storage.put(f"{NAME}.thumb", b"small")
    assert b"".join(storage.get(NAME)) == DATA
    assert (storage.size(NAME), storage.size(f"{NAME}.thumb")) == (len(DATA), 5)
    assert source.read_bytes() == DATA


@pytest.mark.parametrize(
    "first, length", [(0, None), (0, 1), (1, 300_000), (262_144, None), (len(DATA) - 1, 9), (len(DATA), None)]
)
def test_a_range_is_what_was_asked_for(storage, first, length):
    storage.put(NAME, DATA)
    end = len(DATA) if length is None else first + length
    assert b"".join(storage.get(NAME, first, length)) == DATA[first:end]


def test_what_is_not_there_is_said_before_the_first_piece(storage):
    storage.put("blobs/B:SZ01/other", b"x")
    assert storage.size(NAME) is None
    with pytest.raises(Missing):
        storage.get(NAME)
    with pytest.raises(Missing):
        storage.get("blobs/B:SZ01")
    storage.delete(NAME)


def test_putting_again_replaces_and_deleting_removes(storage):
    storage.put(NAME, b"first, and longer")
    storage.put(NAME, b"second")
    assert b"".join(storage.get(NAME)) == b"second"
    storage.delete(NAME)
    assert storage.size(NAME) is None and list(storage.list("blobs")) == []


def test_a_folder_lists_what_lies_under_it_and_nothing_else(storage):
    for name in ("blobs/B:SZ01/a", "blobs/B:SZ01/b.thumb", "blobs/B:SZ02/a", "snapshots/B:SZ01/a"):
        storage.put(name, b"123")
    assert list(storage.list("blobs/B:SZ01")) == [("blobs/B:SZ01/a", 3), ("blobs/B:SZ01/b.thumb", 3)]
    assert [name for name, _ in storage.list("snapshots")] == ["snapshots/B:SZ01/a"]
    assert list(storage.list("nothing/here")) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "/blobs/a",
        "blobs/../a",
        "blobs/./a",
        "blobs//a",
        "blobs/a/",
        "blobs/.part-1",
        "blobs/a\x00",
        "b\\c/a",
    ],
)
def test_no_name_leads_out_of_the_store(storage, name):
    for call in (storage.get, storage.size, storage.delete, lambda n: storage.put(n, b"x")):
        with pytest.raises(BadName):
            call(name)


def test_readers_see_the_old_or_the_new_file_never_half_of_one(storage):
    storage.put(NAME, b"a" * 300_000)
    seen, stop = set(), threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(b"".join(storage.get(NAME)))

    reader = threading.Thread(target=read)
    reader.start()
    for letter in (b"b", b"c", b"d"):
        storage.put(NAME, letter * 300_000)
    stop.set()
    reader.join()
    assert seen <= {letter * 300_000 for letter in (b"a", b"b", b"c", b"d")}


def test_an_interrupted_write_leaves_nothing_under_the_name(tmp_path):
    """Killed between the bytes and the rename: the name is not there, and the rest is not listed."""
    code = (
        "import os, sys\nfrom backend.storage.local import LocalStorage\n"
        "os.fsync = lambda handle: os._exit(9)\n"
        "LocalStorage(sys.argv[1]).put('blobs/B:SZ01/a', b'x' * 100000)"
    )
    (tmp_path / "blobs" / "B:SZ01").mkdir(parents=True)
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    storage = open_storage(Config(data_dir=tmp_path))
    assert done.returncode == 9
    assert storage.size("blobs/B:SZ01/a") is None and list(storage.list("blobs")) == []


def test_a_disk_that_cannot_take_it_is_unavailable(tmp_path):
    (tmp_path / "blobs").write_text("a file where a folder should be")
    with pytest.raises(Unavailable):
        open_storage(Config(data_dir=tmp_path)).put(NAME, b"x")


def test_a_store_that_is_not_reached_is_unavailable(tmp_path):
    storage = open_storage(Config(data_dir=tmp_path, blob_url="s3://k:s@127.0.0.1:9/bucket?secure=0"))
    with pytest.raises(Unavailable):
        storage.put(NAME, b"x")


def test_a_bucket_that_does_not_exist_is_unavailable_not_empty(s3, tmp_path):
    url = s3.bucket().replace("/test-", "/gone-")
    with pytest.raises(Unavailable):
        open_storage(Config(data_dir=tmp_path, blob_url=url)).put(NAME, b"x")


@pytest.mark.parametrize(
    "url",
    [
        *("s3://host/bucket", "s3://key:sesame@host", "s3://key:sesame@host/", "s3://key:sesame@:9/b"),
        *("s3://key:sesame@host:x/bucket", "file://host/x", "file:///"),
    ],
)
def test_a_bad_address_stops_the_start_without_telling_the_secret(url, tmp_path):
    with pytest.raises(ConfigError) as refused:
        from_environment({"BLOB_URL": url, "DATA_DIR": str(tmp_path)})
    assert "BLOB_URL" in str(refused.value) and "sesame" not in str(refused.value)
