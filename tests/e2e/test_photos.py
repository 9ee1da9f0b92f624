"""A photo is taken without network, the browser is killed, the server goes away in the middle of the upload:
the file arrives once, byte for byte, on a disk and on an S3-compatible store (invariant 17, invariant 20).
"""

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from backend.config import Config
from backend.storage import open_storage
from tests import s3_server
from tests.e2e.own_profile import kill, opened
from tests.e2e.server import Server, copied, make_demo
from tests.e2e.walk.acts import bar, go, sign_in, synced
from tests.e2e.walk.tablet import CONTROLLED

BIG = (2560, 1920)
PORTRAIT = {"width": 800, "height": 1280}


def noise(size: tuple[int, int]) -> bytes:
    """A photo that no compression makes small, lying on its side and telling where it was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "18 Shennan Road"
    out = io.BytesIO()
    Image.frombytes("RGB", size, os.urandom(3 * size[0] * size[1])).save(out, "JPEG", quality=85, exif=exif)
    return out.getvalue()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo group, made once."""
    return make_demo(tmp_path_factory.mktemp("demo") / "data", 60)


@pytest.fixture(scope="module")
def s3():
    with s3_server.start() as server:
        yield server


@pytest.fixture(params=["disk", "s3"])
def server(request, demo: Path, tmp_path: Path) -> Iterator[Server]:
    """The running server, with its files on a disk or in a bucket."""
    url = request.getfixturevalue("s3").bucket() if request.param == "s3" else ""
    made = copied(demo, tmp_path / "data", **({"BLOB_URL": url} if url else {}))
    made.start()
    yield made
    made.stop()


@contextmanager
def tablet(browser: Browser, server: Server, profile: Path) -> Iterator[BrowserContext]:
    """A Chromium that can be killed and opened again."""
    more = {"viewport": {"width": 1280, "height": 800}, "timezone_id": "Asia/Shanghai"}
    with opened(browser, server.url, profile, **more) as context:
        context.set_default_timeout(15_000)
        yield context


def test_a_photo_survives_everything_and_arrives_once(browser: Browser, server: Server, tmp_path: Path):
    """invariant 1, invariant 17, invariant 20"""
    profile = tmp_path / "profile"
    with tablet(browser, server, profile) as context:
        page = context.new_page()
        go(page, "/")
        sign_in(page, "sz01.cs")
        synced(page)
        assert page.evaluate(CONTROLLED)
        complaint = _open_complaint(page)
        server.stop()
        expect(bar(page)).to_contain_text("离线", timeout=60_000)
        _photograph(page, noise(BIG))
        expect(_tiles(page)).to_contain_text("已存本机，待上传")
        expect(bar(page)).to_contain_text("待上传 1 条、1 个附件")
        kill(profile)
    with tablet(browser, server, profile) as context:
        page = context.new_page()
        go(page, "/")
        sign_in(page, "sz01.cs")
        expect(bar(page)).to_contain_text("待上传 1 条、1 个附件", timeout=20_000)
        go(page, complaint)
        expect(_tiles(page).locator("img")).to_be_visible()
        page.screenshot(path=tmp_path / "offline.png")
        cut = _cut_at_second_chunk(context, server)
        server.start()
        page.wait_for_function("() => true")
        _until(page, lambda: cut["done"])
        assert _blob(server)[0] == "waiting"
        assert "个附件" in bar(page).inner_text(), "not all is saved (invariant 20)"
        server.start()
        expect(bar(page)).not_to_contain_text("个附件", timeout=120_000)
        synced(page)
        expect(_tiles(page)).not_to_contain_text("上传")
        _look_at_it(page, tmp_path)
    _holds_the_same_bytes(server)


def _open_complaint(page: Page) -> str:
    go(page, "/complaints")
    page.locator("a[href^='/complaints/']:not([href$='/new'])").first.click()
    page.wait_for_url(re.compile(r"/complaints/[0-9a-f-]{36}"))
    return "/" + page.url.split("/", 3)[3]


def _photograph(page: Page, data: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="拍签字单").click()
    chooser.value.set_files({"name": "签字单.jpg", "mimeType": "image/jpeg", "buffer": data})


def _tiles(page: Page):
    return page.get_by_role("region", name="签字单与证据").get_by_role("listitem")


def _cut_at_second_chunk(context: BrowserContext, server: Server) -> dict:
    """The server stops as the second chunk is about to reach it."""
    seen = {"puts": 0, "done": False}

    def pass_on(route: Route) -> None:
        seen["puts"] += route.request.method == "PUT"
        if seen["puts"] == 2 and not seen["done"]:
            server.stop()
            seen["done"] = True
        route.continue_()

    context.route("**/api/v1/blobs/**", pass_on)
    return seen


def _until(page: Page, done: Callable[[], bool]) -> None:
    for _ in range(600):
        if done():
            return
        page.wait_for_timeout(200)
    raise AssertionError("it did not come to that")


def _blob(server: Server) -> tuple:
    (row,) = server.rows("SELECT state, sha256, size, received FROM blob")
    return row


def _look_at_it(page: Page, folder: Path) -> None:
    """The view that the server made, in both orientations; nothing of the EXIF is in it."""
    page.screenshot(path=folder / "sent.png")
    _tiles(page).get_by_role("button").click()
    picture = page.get_by_role("dialog").locator("img")
    expect(picture).to_be_visible()
    size = picture.evaluate("(img) => img.decode().then(() => [img.naturalWidth, img.naturalHeight])")
    assert size == [1920, 2560], "upright"
    page.screenshot(path=folder / "opened.png")
    page.set_viewport_size(PORTRAIT)
    page.screenshot(path=folder / "opened-portrait.png")
    page.keyboard.press("Escape")
    page.screenshot(path=folder / "portrait.png")


def _holds_the_same_bytes(server: Server) -> None:
    state, sha256, size, received = _blob(server)
    assert (state, received) == ("complete", size)
    ops = server.rows("SELECT status, count(*) FROM op WHERE kind = 'attachment.add' GROUP BY status")
    assert ops == [("applied", 1)]
    assert server.rows("SELECT sha256, bytes FROM attachment") == [(sha256, size)]
    storage = open_storage(Config(server.data_dir, blob_url=server.env.get("BLOB_URL", "")))
    stored = b"".join(storage.get(f"blobs/B:SZ01/{sha256}"))
    assert hashlib.sha256(stored).hexdigest() == sha256
    assert b"Shennan" not in stored, "drawn anew on the tablet"
    assert list(storage.list("uploads")) == []
