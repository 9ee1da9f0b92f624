"""Expectations of the walk for a WebDriver page: the part of Playwright's `expect` the stations speak."""

import re

from tests.e2e.webkit.locator import Locator
from tests.e2e.webkit.waiting import PATIENCE_S, until

Wanted = str | re.Pattern


def holds(wanted: Wanted, text: str) -> bool:
    """Is a text, blanks aside, in another, or does the pattern match it?"""
    plain = re.sub(r"\s+", " ", text)
    return wanted in plain if isinstance(wanted, str) else bool(wanted.search(plain))


class Expect:
    """What a page shows, now or before patience ends."""

    def __init__(self, locator: Locator) -> None:
        self.locator = locator

    def to_contain_text(self, wanted: Wanted, *, timeout: float = PATIENCE_S * 1000) -> None:
        """Its text has the words."""
        self._until_text(lambda text: holds(wanted, text), wanted, timeout)

    def not_to_contain_text(self, wanted: Wanted) -> None:
        """Its text does not have the words."""
        self._until_text(lambda text: not holds(wanted, text), wanted, PATIENCE_S * 1000)

    def not_to_have_text(self, wanted: str, *, use_inner_text: bool) -> None:
        """Its laid out text is another one."""
        assert use_inner_text

        def other() -> None:
            assert self.locator.inner_text() != wanted

        until(other)

    def to_have_value(self, wanted: str) -> None:
        """A field holds exactly this."""

        def same() -> None:
            found = self.locator.input_value()
            assert found == wanted, f"{found!r} is not {wanted!r}"

        until(same)

    def to_have_count(self, wanted: int) -> None:
        """There are so many of them."""

        def as_many() -> None:
            assert self.locator.count() == wanted, f"{self.locator.count()} of {self.locator.steps}"

        until(as_many)

    def to_be_visible(self) -> None:
        """There is one, and it is shown."""
        until(lambda: self._check(self.locator.one().is_displayed(), "not displayed"))

    def to_be_enabled(self) -> None:
        """There is one that can be used."""
        until(lambda: self._check(self.locator.one().is_enabled(), "not enabled"))

    def _until_text(self, good, wanted: Wanted, timeout: float) -> None:
        def read() -> None:
            text = self.locator.text()
            assert good(text), f"{wanted!r} and {text!r}"

        until(read, timeout / 1000)

    def _check(self, good: bool, what: str) -> None:
        assert good, f"{what}: {self.locator.steps}"
