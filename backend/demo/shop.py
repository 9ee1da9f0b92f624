"""A demo branch at one moment: its calendar, its people, its days counted back from today, the task dates."""

from functools import cache
from random import Random

import shared_schema
from backend.demo import group
from backend.domain.calendar import Calendar, is_open, make_calendar
from backend.domain.ids import content_id
from backend.domain.plans import tasks_for
from backend.domain.timing import (
    DAY_MS,
    LOCAL_MS,
    MINUTE_MS,
    add_days,
    format_instant,
    local_date,
    minute_of_day,
    parse_instant,
)

YEARS_BACK_DAYS = 1095


class Shop:
    """What every maker of a branch's records needs. `ago` is always a number of days before today."""

    def __init__(self, seed: int, branch: dict, now: str):
        self.code: str = branch["code"]
        self.part = f"B:{self.code}"
        self.rng = Random(f"{seed}|{self.code}")
        self.team = group.Team(seed, self.code)
        self.calendar: Calendar = make_calendar(branch, group.holiday_years(now))
        self.open_minute = minute_of_day(branch["open"])
        self.close_minute = minute_of_day(branch["close"])
        self.now, self.now_ms, self.today = now, parse_instant(now), local_date(now)
        self._midnight = (self.now_ms + LOCAL_MS) // DAY_MS * DAY_MS - LOCAL_MS
        # The newest day on which there was time for a call by now: yesterday, while it is still early.
        self.first_ago = 0 if self.now_ms > self.moment(0, 12 * 60) else 1
        self.plan = next(p for p in shared_schema.seeds("plan") if p["code"] == "standard")
        self.nodes = {node["code"]: node for node in self.plan["nodes"]}
        self.date, self.is_open, self.tasks = cache(self._date), cache(self._is_open), cache(self._tasks)

    def _date(self, ago: int) -> str:
        return add_days(self.today, -ago)

    def _is_open(self, ago: int) -> bool:
        return is_open(self.calendar, self.date(ago))

    def _tasks(self, anchor: str, ago: int) -> list[tuple[dict, int]]:
        """Tasks of an anchor on that day, `[(task, due_ms)]`, still without the ids of a car."""
        source = {"part": self.part, "id": "", "vehicle_id": ""}
        made = tasks_for(self.plan, {"code": anchor, "on": self.date(ago)}, source, {}, self.calendar)
        return [(task, parse_instant(task["due_at"])) for task in made]

    def moment(self, ago: int, minute: int) -> int:
        """Milliseconds of a minute of a local day."""
        return self._midnight - ago * DAY_MS + minute * MINUTE_MS

    def ago_of(self, milliseconds: int) -> int:
        """On which day, counted back from today, a moment falls."""
        return (self._midnight + DAY_MS - 1 - milliseconds) // DAY_MS

    def open_day(self, ago: int) -> int:
        """That day, or the last open one before it."""
        while not self.is_open(ago):
            ago += 1
        return ago

    def into_hours(self, milliseconds: int) -> int:
        """The moment itself when the branch is open at that hour, else half past opening the next morning."""
        ago = self.ago_of(milliseconds)
        minute = (milliseconds - self.moment(ago, 0)) // MINUTE_MS
        if minute >= self.close_minute:
            return self.moment(ago - 1, self.open_minute + 30)
        return milliseconds if minute >= self.open_minute else self.moment(ago, self.open_minute + 30)

    def task_id(self, node: str, source_id: str) -> str:
        """The id every generator gives this task (invariant 15)."""
        return content_id(self.part, "task", node, source_id)


def instant(milliseconds: int) -> str:
    """The stored form of a moment."""
    return format_instant(milliseconds)
