"""`make dev`: serves with one process, and starts the server again whenever a file of the server changes.

The browser's own files need no restart: they are served from disk, reload the page.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WATCHED = [ROOT / folder for folder in ("backend", "exports", "shared_schema")]
SUFFIXES = {".py", ".json", ".liquid", ".css"}
LOOK_EVERY_S = 1.0


def newest() -> float:
    """When the last of the watched files was changed."""
    return max(p.stat().st_mtime for folder in WATCHED for p in folder.rglob("*") if p.suffix in SUFFIXES)


def start() -> subprocess.Popen:
    """The server, as `make run` starts it."""
    environment = {**os.environ, "WORKERS": os.environ.get("WORKERS", "1")}
    return subprocess.Popen([sys.executable, "-m", "backend", "serve"], cwd=ROOT, env=environment)


def main() -> int:
    """Serve until Ctrl-C; a server that ended by itself waits for the next change."""
    seen, server = newest(), start()
    try:
        while True:
            time.sleep(LOOK_EVERY_S)
            if newest() > seen:
                seen = newest()
                print("── a file changed: starting again ──", flush=True)
                stop(server)
                server = start()
    except KeyboardInterrupt:
        return 0
    finally:
        stop(server)


def stop(server: subprocess.Popen) -> None:
    """End the server and wait, so that its port is free again."""
    server.terminate()
    server.wait()


if __name__ == "__main__":
    sys.exit(main())
