"""How the walk points at things: lazily, so that every use looks again at what the page shows now."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selenium.webdriver.remote.webelement import WebElement

from tests.e2e.webkit.waiting import until

if TYPE_CHECKING:
    from tests.e2e.webkit.page import Page

FIND = (Path(__file__).parent / "find.js").read_text(encoding="utf-8") + "return findAll(arguments[0]);"
FILL = """const [field, text] = arguments;
field.focus();
const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, text);
field.dispatchEvent(new Event("input", {bubbles: true}));
field.dispatchEvent(new Event("change", {bubbles: true}));"""
SELECT = """const [field, label] = arguments;
const option = [...field.options].find((one) => one.label.trim() === label.trim());
if (!option) throw new Error(`no option ${label}`);
field.value = option.value;
field.dispatchEvent(new Event("input", {bubbles: true}));
field.dispatchEvent(new Event("change", {bubbles: true}));"""


class Locator:
    """A way to elements: steps, each narrowing what the one before found."""

    def __init__(self, page: Page, steps: tuple[dict, ...] = ()) -> None:
        self.page, self.steps = page, steps

    def _then(self, kind: str, value: Any, **more: Any) -> Locator:
        return Locator(self.page, (*self.steps, {"kind": kind, "value": value, **more}))

    def locator(self, css: str) -> Locator:
        """Elements inside, by CSS."""
        return self._then("css", css)

    def get_by_role(self, role: str, *, name: str | re.Pattern = "", exact: bool = False) -> Locator:
        """Elements inside, by role and accessible name."""
        if isinstance(name, re.Pattern):
            return self._then("role", role, pattern=name.pattern)
        return self._then("role", role, name=name, exact=exact)

    def get_by_label(self, text: str) -> Locator:
        """Fields inside, by their label."""
        return self._then("label", text)

    def filter(self, *, has_text: str) -> Locator:
        """Those of them that contain a text."""
        return self._then("text", has_text)

    def or_(self, other: Locator) -> Locator:
        """These and those."""
        return self._then("or", list(other.steps))

    @property
    def first(self) -> Locator:
        """The first of them."""
        return self._then("nth", 0)

    @property
    def last(self) -> Locator:
        """The last of them."""
        return self._then("nth", -1)

    def all(self) -> list[WebElement]:
        """What the page shows now."""
        return self.page.driver.execute_script(FIND, list(self.steps))

    def one(self) -> WebElement:
        """The one element that is meant.

        :raise AssertionError: when there is none or more than one.
        """
        found = self.all()
        assert len(found) == 1, f"{len(found)} elements for {self.steps}"
        return found[0]

    def is_visible(self) -> bool:
        """Is there one, and is it shown?"""
        return any(element.is_displayed() for element in self.all())

    def count(self) -> int:
        """How many there are now."""
        return len(self.all())

    def wait_for(self) -> None:
        """Return once there is one."""
        until(self.one)

    def click(self) -> None:
        """Tap it, with the pointer; the driver by itself leaves things under a bar at the bottom."""

        def tap() -> None:
            element = self.one()
            self.page.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
            element.click()

        until(tap)

    def fill(self, text: str) -> None:
        """Replace a field's text at once."""
        until(lambda: self.page.driver.execute_script(FILL, self.one(), text))

    def press_sequentially(self, text: str) -> None:
        """Type key by key."""
        until(self.one).send_keys(text)

    def select_option(self, *, label: str) -> None:
        """Choose from a list by what is shown."""
        until(lambda: self.page.driver.execute_script(SELECT, self.one(), label))

    def evaluate(self, code: str) -> Any:
        """The value of a function of the element."""
        return self.page.evaluate(code, until(self.one))

    def text(self) -> str:
        """Its text content."""
        return self.page.driver.execute_script("return arguments[0].textContent", self.one())

    def inner_text(self) -> str:
        """Its text as it is laid out."""
        return until(lambda: self.page.driver.execute_script("return arguments[0].innerText", self.one()))

    def all_inner_texts(self) -> list[str]:
        """The texts of all of them."""
        read = "return arguments[0].map((one) => one.innerText)"
        return self.page.driver.execute_script(read, self.all())

    def input_value(self) -> str:
        """A field's text."""
        return until(lambda: self.page.driver.execute_script("return arguments[0].value", self.one()))

    def bounding_box(self) -> dict[str, float]:
        """Where it is in the window: x, y, width, height in CSS pixels."""
        return self.evaluate("(one) => one.getBoundingClientRect().toJSON()")
