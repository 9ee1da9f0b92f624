"""A page shows things in its own time: it is asked again until the thing holds, or patience ends."""

import time
from collections.abc import Callable
from typing import TypeVar

from selenium.common.exceptions import WebDriverException

PATIENCE_S = 15.0
T = TypeVar("T")


def until(attempt: Callable[[], T], patience_s: float = PATIENCE_S) -> T:
    """What `attempt` returns, tried until it raises no more.

    :raise AssertionError, WebDriverException: the last one, after the time.
    """
    end = time.monotonic() + patience_s
    while True:
        try:
            return attempt()
        except (AssertionError, WebDriverException):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
