"""Brings a machine from a fresh checkout to a runnable one: `python3 .ci/setup.py run` or `… test`.

Standard library only. Every step looks first and installs only what is missing; a stamp under `.venv/stamps`
remembers the inputs of the slow ones, so a second run takes a moment. A step that cannot go on says what is
missing and how to get it, and stops.
"""

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
MAC = platform.system() == "Darwin"
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}

sys.path.insert(0, str(ROOT / "tests"))
import machine  # noqa: E402


class Missing(Exception):
    """Something this script may not or cannot install; the message says how to get it."""


def main(target: str) -> int:
    """Run every step of `target` (`run` or `test`); 0 when the machine is ready."""
    requirements = "requirements-dev.txt" if target == "test" else "requirements.txt"
    steps: list[tuple[str, Callable[[], str]]] = [
        ("Python and Node", check_languages),
        ("virtual environment", make_venv),
        ("Python packages", lambda: install_packages(requirements)),
        ("system libraries for PDF", install_libraries),
        ("JavaScript packages", install_node_modules),
        ("browser libraries and fonts (frontend/vendor)", build_vendor),
    ]
    if target == "test":
        steps.append(("Chromium, WebKit, PostgreSQL and a Chinese font for the tests", install_test_programs))
    for number, (name, step) in enumerate(steps, 1):
        print(f"[{number}/{len(steps)}] {name}: ", end="", flush=True)
        try:
            print(step(), flush=True)
        except Missing as problem:
            print(f"\n\n{problem}", file=sys.stderr)
            return 1
    return 0


# Steps: each returns one line on the outcome.


def check_languages() -> str:
    """Python ≥ 3.11 (this interpreter) and Node ≥ 20 with npm."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have an older one
        raise Missing(
            f"Python {platform.python_version()} is too old: 3.11 or newer is needed.\n"
            "Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv   macOS: brew install python@3.12"
        )
    how = (
        "Get Node 20 or newer from https://nodejs.org (Debian, Ubuntu: NodeSource; macOS: brew install node)"
    )
    if not shutil.which("node") or not shutil.which("npm"):
        raise Missing(f"Node or npm is missing.\n{how}")
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(node.lstrip("v").split(".")[0]) < 20:
        raise Missing(f"Node {node} is too old.\n{how}")
    return f"{platform.python_version()}, {node}"


def make_venv() -> str:
    """`.venv` with a working interpreter; made again when the tree was moved or Python was upgraded."""
    probe = ["-c", ""] if STAMPS.exists() else ["-m", "pip", "--version"]
    if PYTHON.exists() and _works([str(PYTHON), *probe]):
        return "ready"
    if not _works([sys.executable, "-c", "import ensurepip, venv"]):
        version = f"python3.{sys.version_info.minor}-venv"
        apt([version], "Python's venv module")
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", str(VENV)], "Is the disk full, or the folder read-only?")
    return "made"


def install_packages(requirements: str) -> str:
    """The pinned packages of a requirements file; the developers' list includes the product's."""
    inputs = [*ROOT.glob("requirements*.txt")]
    if stamped(requirements, inputs) or stamped("requirements-dev.txt", inputs):
        return "ready"
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(
        [*command, "-r", requirements, "-c", "requirements-lock.txt"],
        "Is PyPI reachable? In China a mirror helps: PIP_INDEX_URL=https://pypi.tuna.tsinghua.edu.cn/simple",
    )
    stamp(requirements, inputs)
    return "installed"


def install_libraries() -> str:
    """Pango and HarfBuzz, which WeasyPrint loads by name."""
    if MAC:
        found = any(Path(p, "libpango-1.0.dylib").exists() for p in ("/opt/homebrew/lib", "/usr/local/lib"))
        if not found:
            raise Missing("Pango is missing. Install it with: brew install pango")
        return "ready"
    missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if not missing:
        return "ready"
    apt(missing, "Pango and HarfBuzz, which make the PDFs")
    return "installed"


def install_node_modules() -> str:
    """The packages of package-lock.json, exactly."""
    inputs = [ROOT / "package.json", ROOT / "package-lock.json"]
    if (ROOT / "node_modules").is_dir() and stamped("npm", inputs):
        return "ready"
    run(
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        "Is the npm registry reachable? In China: npm_config_registry=https://registry.npmmirror.com",
    )
    stamp("npm", inputs)
    return "installed"


def build_vendor() -> str:
    """One ES module per vendored package, the fonts and the icons."""
    inputs = [ROOT / "frontend" / "build.mjs", ROOT / "package-lock.json"]
    if (ROOT / "frontend" / "vendor").is_dir() and stamped("vendor", inputs):
        return "ready"
    run(["node", "frontend/build.mjs"], "Remove node_modules and try again.")
    stamp("vendor", inputs)
    return "built"


def install_test_programs() -> str:
    """What the browser tests and the PostgreSQL tests start."""
    wanted = [
        (machine.chromium(), "chromium", "--cask chromium"),
        (machine.postgres(), "postgresql-15" if _debian() == "12" else "postgresql", "postgresql@15"),
        (MAC or machine.chinese_font(), "fonts-noto-cjk", ""),
        (MAC or machine.webkit(), "webkit2gtk-driver xvfb", ""),
    ]
    missing = [(debian, brew) for found, debian, brew in wanted if not found]
    if not missing:
        return "ready"
    if MAC:
        raise Missing("Missing for the tests. " + "; ".join(f"brew install {brew}" for _, brew in missing))
    apt([name for debian, _ in missing for name in debian.split()], "what the tests start")
    return "installed"


# Tools of the steps.


def run(command: list[str], hint: str, env: dict[str, str] | None = None) -> None:
    """Run a slow command from the root of the tree, showing that it lives; on failure raise with `hint`."""
    with tempfile.TemporaryFile() as log:
        pipes = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        process = subprocess.Popen(command, cwd=ROOT, env=env, **pipes)
        began = time.monotonic()
        while process.poll() is None:
            _wait(process, 10)
            if process.poll() is None:
                print(f"{time.monotonic() - began:.0f} s … ", end="", flush=True)
        if process.returncode:
            log.seek(0)
            output = log.read().decode(errors="replace")
            shown = output if len(output) < 5000 else f"{output[:2000]}\n[…]\n{output[-2500:]}"
            raise Missing(f"{shown}\nThis failed ({process.returncode}): {' '.join(command)}\n{hint}")


def apt(packages: list[str], what: str) -> None:
    """Install Debian packages as root or by a sudo that asks nothing; otherwise say the one line to type."""
    line = f"sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise Missing(f"Missing: {what}. Install what Debian calls: {' '.join(packages)}")
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo") or not _works(["sudo", "-n", "true"]):
            raise Missing(f"Missing: {what}. Install it with:\n  {line}")
        prefix = ["sudo", "-n"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"apt-get install {' '.join(packages)} … ", end="", flush=True)
    run([*prefix, "apt-get", "update", "-q"], "Is the Debian mirror reachable?", quiet)
    install = [*prefix, "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    run(install, f"Try it by hand: {line}", quiet)


def stamp(name: str, inputs: list[Path]) -> None:
    """Remember that a step was done with these inputs."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(_digest(inputs))


def stamped(name: str, inputs: list[Path]) -> bool:
    """True when the step was done with the same inputs before."""
    file = STAMPS / name
    return file.exists() and file.read_text() == _digest(inputs)


def _digest(inputs: list[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(inputs):
        total.update(path.name.encode() + b"\0" + (path.read_bytes() if path.exists() else b"") + b"\0")
    return total.hexdigest()


def _wait(process: subprocess.Popen, seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _debian() -> str:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return ""
    return release.get("VERSION_ID", "") if release.get("ID") == "debian" else ""


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["test"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
