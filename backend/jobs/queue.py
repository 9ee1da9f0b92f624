"""The job queue: Huey over our own database, or Redis; its periodic tasks are registered here."""

import structlog
from huey import Huey, RedisHuey, crontab
from huey.contrib.sql_huey import SqlStorage
from peewee import Model

from backend import clock, db
from backend.config import Config
from backend.jobs import tasks
from backend.sync import state

log = structlog.get_logger()
NAME = "chedang"


class JobTables(SqlStorage):
    """Huey's tables under names of their own: it would call one `task`, and a task is a callback here."""

    def create_models(self) -> tuple[type[Model], ...]:
        models = super().create_models()
        for model in models:
            model._meta.set_table_name(f"job_{model.__name__.lower()}")
        return models


def open_queue(config: Config, immediate: bool = False) -> Huey:
    """The queue of a migrated, connected database, with the periodic tasks registered.

    `immediate` runs tasks in the caller (tests).
    """
    if config.redis_url:
        queue = RedisHuey(NAME, url=config.redis_url, immediate=immediate)
    else:
        queue = Huey(NAME, storage_class=JobTables, database=db.database.obj, immediate=immediate)
    _register(queue, config)
    return queue


def _register(queue: Huey, config: Config) -> None:
    @queue.periodic_task(crontab(minute="*"), name="housekeeping")
    def housekeeping() -> dict[str, int]:
        """Every minute: plan tasks, overdue marks, snapshots. Every worker asks, one does it."""
        db.ensure_usable()
        if not state.claim_minute("housekeeping"):
            return {}
        done = tasks.run_all(config, clock.now())
        if any(done.values()):
            log.info("housekeeping", **done)
        return done
