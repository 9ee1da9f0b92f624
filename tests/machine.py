"""Where this machine keeps the programs that only the tests need; `.ci/setup.py` and conftest ask here.

Standard library only: it runs before anything is installed.
"""

import os
import shutil
import subprocess
from pathlib import Path

MEMORY, FAST_BYTES = Path("/dev/shm"), 2 << 30
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
POSTGRES_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr/pgsql-15", "bin"),
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
)
CHROMIUM_SWITCHES = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
]


def fast_folder() -> Path | None:
    """Where data lie in memory, if there is room for the tests' databases: copying the many files of small
    ones is most of the work on a disk.
    """
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > FAST_BYTES:
        return MEMORY
    return None


def chromium() -> str | None:
    """The path of a Chromium or Chrome; the variable CHROMIUM wins."""
    named = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else []
    for name in (*named, *CHROMIUM_NAMES, *CHROMIUM_APPS):
        found = shutil.which(name)
        if found:
            return found
    return None


def chromium_switches() -> list[str]:
    """Switches for a browser that stays off the network; root may not use the sandbox."""
    return CHROMIUM_SWITCHES + (["--no-sandbox"] if os.geteuid() == 0 else [])


def webkit() -> bool:
    """True where WebKit's driver and a virtual screen for it are installed (on Debian)."""
    return all(shutil.which(program) for program in ("WebKitWebDriver", "Xvfb"))


def postgres() -> Path | None:
    """The folder that holds PostgreSQL's `initdb` and `postgres`, the newest when there are several."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres"):
        return Path(on_path).parent
    found = [
        folder
        for root, pattern in POSTGRES_FOLDERS
        for folder in Path(root).glob(pattern)
        if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    return max(found, key=_version, default=None)


def _version(folder: Path) -> int:
    digits = "".join(c for c in folder.parent.name if c in "0123456789")
    return int(digits or 0)


def chinese_font() -> bool:
    """True where fontconfig knows a font with Chinese glyphs."""
    if not shutil.which("fc-list"):
        return any(Path("/usr/share/fonts").glob("**/NotoSansCJK*"))
    out = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(out.stdout.strip())
