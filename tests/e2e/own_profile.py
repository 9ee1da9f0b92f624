"""Chromium with a profile of its own on the disk: closed and opened again, or killed as by a flat battery."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error

from tests import machine


@contextmanager
def opened(browser: Browser, url: str, profile: Path, **more: object) -> Iterator[BrowserContext]:
    """A Chromium like `browser` on a profile that stays."""
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=machine.chromium(),
        args=machine.chromium_switches(),
        base_url=url,
        locale="zh-CN",
        **more,
    )
    try:
        yield context
    finally:
        with suppress(Error):  # killed already
            context.close()


def kill(profile: Path) -> None:
    """SIGKILL to every process of the browser that has this profile."""
    told = subprocess.run(["ps", "-wweo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in told.splitlines()[1:]]
    doomed = {pid for pid, _parent, args in rows if f"--user-data-dir={profile}" in args}
    for _ in range(4):
        doomed |= {pid for pid, parent, _args in rows if parent in doomed}
    assert doomed
    for pid in doomed:
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
