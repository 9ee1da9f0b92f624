"""One `expect` for both engines: Playwright's pages and WebKit's pages go the same stations."""

from typing import Any

from playwright.sync_api import expect as chromium

from tests.e2e.webkit.expecting import Expect
from tests.e2e.webkit.locator import Locator


def expect(what: Any) -> Any:
    """Expectations about a locator of either engine."""
    return Expect(what) if isinstance(what, Locator) else chromium(what)
