"""Runs every check there is, each under a heading with its time: `python .ci/check.py [name …]`.

All of them run even when one fails. The test runners' own closing lines are held back and printed together
at the end, so that the last lines say how many tests passed.
"""

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
NODE_BIN = ROOT / "node_modules" / ".bin"
PYTEST = [str(BIN / "python"), "-m", "pytest", "-q", "-rfE", "--durations=5", "--durations-min=5"]
SUMMARY = re.compile(
    r"^(=+ )?\d+ (passed|failed|error|skipped|deselected).* in [\d.]+s|^(ℹ|#) (tests|pass|fail) \d+"
)
NOISE = re.compile(r"^\s*[✔▶] |^ℹ (suites|duration_ms|(cancelled|skipped|todo) 0$)")
LIMIT_S = 30 * 60
NIGHTLY_LIMIT_S = 24 * 60 * 60


def checks() -> dict[str, list[str]]:
    """Every check by name, the fast ones first."""
    biome = str(NODE_BIN / "biome")
    return {
        "ruff": [str(BIN / "ruff"), "check", "--quiet"],
        "format": [str(BIN / "ruff"), "format", "--check", "--quiet"],
        "imports": [str(BIN / "lint-imports"), "--no-cache"],
        "mypy": [str(BIN / "mypy"), "--no-error-summary"],
        "biome": [biome, "lint", "--error-on-warnings", "--colors=off"],
        "types": [str(NODE_BIN / "tsc"), "-p", "tsconfig.json"],
        "worker-types": [str(NODE_BIN / "tsc"), "-p", "tsconfig.worker.json"],
        "node": ["node", "--test", "--test-timeout=300000", "--test-reporter=spec", *node_tests()],
        "python": [*PYTEST, "-n", "2", "-m", "not browser and not bench and not nightly"],
        "browser": [*PYTEST, "-n", "2", "--dist", "loadfile", "-m", "browser and not nightly", "tests/e2e"],
    }


def nightly() -> dict[str, list[str]]:
    """The long runs by name: more examples, more kills and cuts, more schedules of the machine (hours)."""
    python = [*PYTEST, "-n", "2", "-o", "faulthandler_timeout=7200"]
    return {
        "nightly-python": [*python, "-m", "not browser and not bench", "tests"],
        "nightly-browser": [*python, "--dist", "loadfile", "-m", "browser and nightly", "tests/e2e"],
        "schedules": [str(BIN / "python"), "-m", "tests.sync.machine.nightly"],
    }


def node_tests() -> list[str]:
    """The JavaScript tests, named one by one: Node 20 knows no patterns."""
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("*.test.*js"))


def main(names: list[str]) -> int:
    """Run the named checks, or all but the long runs (`nightly`: these); 0 when every one passed."""
    long = nightly()
    names = list(long) if names == ["nightly"] else names
    known = checks() | long
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"no such check: {', '.join(unknown)}. there are: {', '.join(known)}")
    began, failed, closing = time.monotonic(), [], []
    chosen = names or list(checks())
    for number, name in enumerate(chosen, 1):
        print(f"── {number}/{len(chosen)} {name} {'─' * (60 - len(name))}", flush=True)
        start = time.monotonic()
        code, summary = run(known[name], long=name in long)
        closing += [f"{name}:", *summary] if summary else []
        if code:
            failed.append(name)
        print(f"   {'FAILED' if code else 'ok'} in {time.monotonic() - start:.1f} s\n", flush=True)
    total = time.monotonic() - began
    verdict = f"FAILED: {', '.join(failed)}" if failed else "all checks passed"
    print(f"── {verdict} in {total:.0f} s ──", *closing, sep="\n", flush=True)
    return 1 if failed else 0


def run(command: list[str], *, long: bool) -> tuple[int, list[str]]:
    """Run one check, passing its output on; its exit code and the summary lines held back."""
    env = {**os.environ, "PYTHONUNBUFFERED": "1"} | ({"HYPOTHESIS_PROFILE": "nightly"} if long else {})
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    summary = []
    with subprocess.Popen(command, cwd=ROOT, env=env, text=True, **pipes) as process:
        watchdog = threading.Timer(NIGHTLY_LIMIT_S if long else LIMIT_S, process.kill)
        watchdog.start()
        try:
            for line in process.stdout:
                if SUMMARY.match(line):
                    summary.append(line.strip())
                elif not NOISE.match(line):
                    print(line, end="", flush=True)
            code = process.wait()
        finally:
            watchdog.cancel()
            process.kill()  # does nothing to one that has ended
    return code, summary


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
