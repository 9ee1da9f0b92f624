"""Starts the reader process for one file and understands how it ended."""

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from .refused import MB, Limits, refused
from .spool import Spool

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}


def read(path: Path, folder: Path, limits: Limits) -> Spool:
    """Read a file in a process of its own into `folder`.

    :raise ImportRefused: empty, too large, or whatever the reader process refused; `import.too_complex`
    when it ran
        out of memory, `import.unreadable` when it ran out of time.
    """
    size = path.stat().st_size
    if size == 0:
        raise refused("import.empty")
    if size > limits.max_bytes:
        raise refused("import.too_large", size_mb=-(-size // MB), limit_mb=limits.max_bytes // MB)
    target = folder / "rows.spool"
    command = [sys.executable, "-m", f"{__package__}.reader", str(path.resolve()), str(target)]
    try:
        ended = subprocess.run(
            [*command, json.dumps(asdict(limits))],
            cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, timeout=limits.seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise refused("import.unreadable") from error
    if ended.returncode == 3:
        answer = json.loads(ended.stdout)
        raise refused(answer["code"], **answer["details"])
    if ended.returncode == -signal.SIGXCPU:
        raise refused("import.unreadable")
    if ended.returncode == 4 or ended.returncode < 0:  # out of memory, by its own account or by abort
        raise refused("import.too_complex")
    if ended.returncode:
        raise RuntimeError(f"reader failed: {ended.stderr.decode(errors='replace')[-2000:]}")
    return Spool(target)
