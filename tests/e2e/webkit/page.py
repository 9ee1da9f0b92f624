"""A WebDriver window that answers to the words of the walk, the part of Playwright's `Page` it speaks."""

import fnmatch
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.remote.webdriver import WebDriver

from tests.e2e.webkit.locator import Locator
from tests.e2e.webkit.waiting import until

RUN = """const done = arguments[arguments.length - 1];
(async () => {{ const made = ({code}); return typeof made === "function" ? made(...arguments) : made; }})()
  .then((value) => done({{value}}), (error) => done({{error: String(error)}}));"""


LISTEN = (Path(__file__).parent / "listen.js").read_text(encoding="utf-8")


class Page:
    """One window; every call brings it to the front of the driver."""

    def __init__(self, driver: WebDriver, context: object, base_url: str, heard: list[str]) -> None:
        self._driver, self.context, self.base_url, self.heard = driver, context, base_url, heard
        self.handle = driver.current_window_handle
        self.keyboard, self.mouse = Keyboard(self), Mouse(self)

    @property
    def driver(self) -> WebDriver:
        """The driver, turned to this window."""
        self._driver.switch_to.window(self.handle)
        return self._driver

    @property
    def url(self) -> str:
        """The address that is shown."""
        return self.driver.current_url

    def goto(self, path: str) -> None:
        """Open an address of the app."""
        self.listen()
        self.driver.get(self.base_url + path)
        self.driver.execute_script(LISTEN)

    def listen(self) -> None:
        """Note what the document complained of until now."""
        with suppress(WebDriverException):  # a killed one says nothing any more
            self.heard += self.driver.execute_script("return window.heard?.splice(0) ?? []")

    def wait_for_url(self, wanted: str | re.Pattern) -> None:
        """Return once the address matches a pattern or a glob."""
        pattern = wanted if isinstance(wanted, re.Pattern) else re.compile(fnmatch.translate(wanted))

        def there() -> None:
            assert pattern.search(self.url), f"{self.url} is not {wanted}"

        until(there)

    def wait_for_timeout(self, timeout_ms: float) -> None:
        """Let time pass."""
        time.sleep(timeout_ms / 1000)

    def evaluate(self, code: str, *given: Any) -> Any:
        """The value of an expression, or of a function of `given`, run in the page; promises are awaited."""
        answer = self.driver.execute_async_script(RUN.format(code=code), *given)
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def locator(self, css: str) -> Locator:
        """Elements by CSS."""
        return Locator(self).locator(css)

    def get_by_role(self, role: str, *, name: str | re.Pattern = "", exact: bool = False) -> Locator:
        """Elements by role and accessible name."""
        return Locator(self).get_by_role(role, name=name, exact=exact)

    def get_by_label(self, text: str) -> Locator:
        """Fields by their label."""
        return Locator(self).get_by_label(text)

    def screenshot(self, path: Path, **_: Any) -> None:
        """Keep a picture of the window."""
        self.driver.save_screenshot(str(path))

    def close(self) -> None:
        """Close the window."""
        self.listen()
        with suppress(WebDriverException):  # a killed one is gone already
            self.driver.close()


class Keyboard:
    """Real keys, sent to what has the focus."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        """Press and release one key, `Enter` or a character."""
        ActionChains(self.page.driver).send_keys(getattr(Keys, key.upper(), key)).perform()


class Mouse:
    """A real pointer; movements are collected and performed when the button is released."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stroke: list[tuple[float, float]] = []
        self.is_down = False

    def move(self, x: float, y: float, steps: int = 1) -> None:
        """Go to a point of the window."""
        self.stroke = [*self.stroke, (x, y)] if self.is_down else [(x, y)]

    def down(self) -> None:
        """Press the button where the pointer is."""
        self.is_down = True

    def up(self) -> None:
        """Draw the whole stroke and release the button."""
        self.is_down = False
        actions = ActionBuilder(self.page.driver, duration=20)
        pointer = actions.pointer_action
        for number, (x, y) in enumerate(self.stroke):
            pointer.move_to_location(round(x), round(y))
            if number == 0:
                pointer.pointer_down()
        pointer.pointer_up()
        actions.perform()
