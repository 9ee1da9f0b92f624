"""WebKit as iPads have it: WebKitGTK's small browser under a virtual screen, driven through WebDriver.

Its sandbox needs namespaces that a container does not give; it is off for this browser alone.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import WebKitGTK, WebKitGTKOptions, WebKitGTKService

from tests.e2e.proxy import Network
from tests.e2e.webkit.page import Page

CHUNK_S = 0.3
SCREEN, SIZE = "1400x1000x24", (1280, 840)
CONSOLE = "--enable-write-console-messages-to-stdout=true"
BROWSERS = ("/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "/usr/libexec/webkit2gtk-4.1/MiniBrowser")


def browser_path() -> Path | None:
    """Where WebKitGTK's small browser lies; None when it, its driver or the virtual screen is missing."""
    found = [path for pattern in BROWSERS for path in Path("/").glob(pattern.removeprefix("/"))]
    tools = shutil.which("WebKitWebDriver") and shutil.which("Xvfb")
    return found[0] if found and tools else None


@contextmanager
def screen() -> Iterator[str]:
    """A virtual screen; its display name."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            yield f":{process.stdout.readline().strip()}"
        finally:
            process.terminate()


class Tablet:
    """One WebKit with storage of its own until it is closed; it answers like a context and like `Watch`.

    In automation mode its storage lies in memory, and the caches of an origin are forgotten with its last
    document; so a window that shows `/healthz` stays open.
    """

    def __init__(self, way: Network, pictures: Path, display: str) -> None:
        self.server = self.way = way
        self.pictures = pictures
        pictures.mkdir(parents=True, exist_ok=True)
        self.number = 0
        self.trouble: list[str] = []
        self.driver = WebKitGTK(options(), WebKitGTKService(env=environment(display)))
        self.driver.get(f"{way.url}/healthz")
        self.home = self.driver.current_window_handle

    def new_page(self) -> Page:
        """A new window."""
        self.driver.switch_to.window(self.home)
        self.driver.switch_to.new_window("window")
        self.driver.set_window_size(*SIZE)
        return Page(self.driver, self, self.server.url, self.trouble)

    @contextmanager
    def slow_chunks(self, _context: object) -> Iterator[None]:
        """A line that takes a moment for each chunk of a snapshot."""
        self.way.late = lambda path: CHUNK_S if "/sync/chunks/" in path else 0.0
        yield
        self.way.late = lambda path: 0.0

    def kill(self, page: Page) -> None:
        """The window is closed at once. (A SIGKILL of its process would end the driver's session with it.)"""
        page.close()

    def look(self, page: Page, station: str) -> None:
        """A screen that is passed: kept as a picture. Its accessibility is judged in the other engine."""
        self.number += 1
        page.screenshot(path=self.pictures / f"{self.number:02}-{station}.png")
        page.listen()

    def close(self) -> None:
        """End the browser and its driver."""
        with suppress(WebDriverException):
            self.driver.quit()


def options() -> WebKitGTKOptions:
    """The small browser, in automation mode; its storage lasts as long as the browser runs."""
    made = WebKitGTKOptions()
    made.binary_location = str(browser_path())
    made.add_argument("--automation")
    return made


def environment(display: str) -> dict[str, str]:
    """As a tablet in China, drawn by the processor, without the sandbox."""
    own = {"DISPLAY": display, "TZ": "Asia/Shanghai", "LIBGL_ALWAYS_SOFTWARE": "1"}
    return os.environ | own | {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}


@contextmanager
def profile(home: Path, address: str, display: str) -> Iterator[Path]:
    """The small browser with a profile on the disk, without automation; what its console says, as a file.

    Here the workers are heard as well. `stdbuf`: what goes to a file is otherwise written at the end.
    """
    home.mkdir(exist_ok=True)
    console = home / "console.txt"
    command = [
        "stdbuf",
        "-oL",
        str(browser_path()),
        CONSOLE,
        address,
    ]
    env = environment(display) | {"HOME": str(home)}
    with console.open("w") as out, subprocess.Popen(command, env=env, stdout=out, stderr=out) as process:
        try:
            yield console
        finally:
            process.terminate()
