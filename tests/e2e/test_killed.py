"""Chromium is killed with SIGKILL while it saves: what was said to be saved is there (TRUST.md, test 4)."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.e2e.own_profile import kill, opened
from tests.e2e.server import Server, make_demo, open_at_any_hour
from tests.e2e.walk.acts import bar, sign_in
from tests.e2e.walk.within import arrived, call, vehicles

SEED, LONGEST_S, PATIENCE_MS = 20261125, 0.6, 90_000
SAVE_FOR_EVER = """async ([cars, round]) => {
  const {app} = await import("/src/lib/app.js");
  for (let n = 0; ; n += 1) {
    const note = `第 ${round} 轮 ${crypto.randomUUID()}`;
    await window.begun(note);
    const {op_id} = await app.save("vehicle.set", {id: cars[n % cars.length], set: {note}}, {note: null});
    await window.saved(op_id);
  }
}"""


@dataclass
class Outside:
    """What the test wrote down while the browser lived."""

    begun: list[str] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A small demo group."""
    made = Server(make_demo(tmp_path_factory.mktemp("killed") / "data", 60))
    open_at_any_hour(made.data_dir)
    made.start()
    yield made
    made.stop()


@contextmanager
def tablet(browser: Browser, server: Server, profile: Path) -> Iterator[BrowserContext]:
    """A Chromium of its own that reports no error."""
    said: list[str] = []
    with opened(browser, server.url, profile) as context:
        context.on("console", lambda message: message.type == "error" and said.append(message.text))
        context.on("weberror", lambda failure: said.append(str(failure.error)))
        yield context
    assert said == []


def unlocked(context: BrowserContext, username: str = "sz01.cs") -> Page:
    """The app, opened by its person."""
    page = context.new_page()
    page.goto("/login?next=%2Ftoday")
    sign_in(page, username)
    page.locator("page-today").wait_for()
    return page


def save_until_killed(
    browser: Browser, server: Server, profile: Path, wait_s: float, outside: Outside, number: int
) -> None:
    """One round: the app saves as fast as it confirms, and dies at a moment it does not know."""
    with tablet(browser, server, profile) as context:
        context.expose_function("begun", lambda note: outside.begun.append(note))
        context.expose_function("saved", lambda op: outside.saved.append(op))
        page = unlocked(context)
        before = len(outside.saved)
        page.evaluate(
            f"(given) => {{ void ({SAVE_FOR_EVER})(given).catch(() => {{}}); }}",
            [vehicles(server, 20), number],
        )
        end = time.monotonic() + 20
        while len(outside.saved) == before and time.monotonic() < end:
            page.wait_for_timeout(5)
        page.wait_for_timeout(wait_s * 1000)
        kill(profile)


def kept_after(browser: Browser, server: Server, profile: Path, kills: int) -> tuple[Outside, list[str]]:
    """What was saved in so many rounds, and which of it is in the journal or at the server afterwards."""
    chance, outside = random.Random(SEED), Outside()
    with tablet(browser, server, profile) as context:
        expect(bar(unlocked(context))).to_contain_text("已同步", timeout=PATIENCE_MS)
    for number in range(kills):
        wait_s = chance.random() * LONGEST_S
        for tries_left in (2, 1, 0):  # a browser may fail to come up after its predecessor's end
            try:
                save_until_killed(browser, server, profile, wait_s, outside, number)
                break
            except Error:
                if not tries_left:
                    raise
    with tablet(browser, server, profile) as context:
        page = unlocked(context)
        waiting = {op["id"] for op in call(page, "outbox")}
        found = waiting | set(arrived(server, [one for one in outside.saved if one not in waiting]))
        expect(bar(page)).to_contain_text("已同步", timeout=PATIENCE_MS)
        assert sorted(arrived(server, outside.saved)) == sorted(outside.saved)
    return outside, sorted(found)


@pytest.mark.parametrize("kills", [5, pytest.param(200, marks=pytest.mark.nightly)])
def test_a_killed_browser_lost_nothing_it_said_was_saved(browser, server, tmp_path, kills):  # invariants 1, 2
    outside, found = kept_after(browser, server, tmp_path / "profile", kills)
    print(f"{kills} kills, seed {SEED}: {len(outside.begun)} saves begun, {len(outside.saved)} confirmed")
    assert len(outside.saved) >= kills
    assert [one for one in outside.saved if one not in found] == []
