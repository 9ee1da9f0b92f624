"""The job worker's process: takes tasks from the queue until it is told to stop, or its server is gone."""

import gc
import os
import signal
import threading
import time

from backend import db, logs
from backend.config import Config
from backend.jobs.queue import open_queue

PARENT_CHECK_S = 2.0


def run(config: Config) -> None:
    """Run the consumer in this process; SIGTERM ends it after the task at hand."""
    logs.init()
    db.connect(config.database)
    db.ensure_usable()
    queue = open_queue(config)
    gc.freeze()  # what is loaded by now stays; an end does not look through it
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    queue.create_consumer(workers=1, periodic=True, initial_delay=0.2, max_delay=2.0).run()


def _end_with_parent(parent: int) -> None:
    """A server that was killed takes its worker along."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_S)
    os.kill(os.getpid(), signal.SIGTERM)
