"""`serve`: gunicorn for requests and one job worker beside it, started and stopped together."""

import gc
import signal
import subprocess
import sys
from collections.abc import Callable

from flask import Flask
from gunicorn.app.base import BaseApplication

from backend import clock, db, setup
from backend.app import create_app
from backend.config import Config
from backend.sync import reference, state

THREADS = 8
STOP_WAIT_S = 10
KEEPALIVE_S = 30  # longer than clients keep an idle connection, so that they never use one we just closed


class Server(BaseApplication):
    """Gunicorn with settings from `Config`; each process makes its own app and its own connections."""

    def __init__(self, config: Config, when_ready: Callable[[], None]):
        self.config, self.when_ready = config, when_ready
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": f"{self.config.host}:{self.config.port}",
            "workers": self.config.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 120,
            "keepalive": KEEPALIVE_S,
            "graceful_timeout": STOP_WAIT_S,
            "proc_name": "chedang",
            "loglevel": "warning",
            "when_ready": lambda _server: self.when_ready(),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_app(self.config)


def serve(config: Config) -> int:
    """Migrate, create the demo group when the database is empty, and serve until stopped."""
    db.connect(config.database)
    state.prepare()
    if setup.is_empty():
        setup.load_demo(1, setup.DEMO_VEHICLES, clock.now(), print)
    welcome = _welcome(config)
    db.database.close()
    gc.freeze()  # what is loaded by now stays: workers share its pages, and an end does not look through it
    worker = subprocess.Popen([sys.executable, "-m", "backend", "worker"])  # the environment is ours
    try:
        Server(config, lambda: print(welcome, flush=True)).run()
    except SystemExit as stop:
        return int(stop.code or 0)
    finally:
        _stop(worker)
    return 0


def _stop(worker: subprocess.Popen) -> None:
    worker.send_signal(signal.SIGTERM)
    try:
        worker.wait(STOP_WAIT_S)
    except subprocess.TimeoutExpired:
        worker.kill()


def _welcome(config: Config) -> str:
    lines = ["", f"  车档 Chedang  →  http://{config.host}:{config.port}", ""]
    if setup.demo_loaded() and config.loopback:
        lines.append(f"  演示账号 demo accounts (password: {setup.DEMO_PASSWORD})")
        for person in sorted(reference.docs("staff"), key=lambda p: p["username"]):
            posts = ", ".join(f"{post['branch']} {post['role']}" for post in person["posts"])
            lines.append(f"    {person['username']:<14} {person['name']:　<5} {posts}")
        lines.append("")
    return "\n".join(lines)
