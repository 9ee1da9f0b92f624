"""Callback tasks of the demo group and what came of them: done, tried in vain, booked, open, late (D-S6)."""

from collections.abc import Iterator
from random import Random

import shared_schema
from backend.demo import words
from backend.demo.people import born_id
from backend.demo.shop import Shop, instant
from backend.domain.timing import HOUR_MS, MINUTE_MS

POOL = 240
RECENT_DAYS = 3
RINGING_MS = 40_000
MORNING, AFTERNOON = (9 * 60 + 5, 11 * 60 + 45), (14 * 60 + 5, 17 * 60)
# Not picked up is tried again after three hours, outside the midday rest (D-G6).
THREE_TIMES = (10 * 60 + 30, 14 * 60 + 5, 17 * 60 + 10)


class Answers:
    """Ready answer sheets of one questionnaire, mixed once: most good, some 「否」 with a reason (D-S2)."""

    def __init__(self, rng: Random, code: str):
        found = next(q for q in shared_schema.seeds("questionnaire") if q["code"] == code)
        self.code, self.version = code, found["version"]
        self.sheets = [[_answer(rng, question) for question in found["questions"]] for _ in range(POOL)]
        self.angry = [any(answer["value"] == "no" for answer in sheet) for sheet in self.sheets]

    def pick(self, rng: Random) -> tuple[list[dict], bool]:
        """A sheet, and whether it holds a 「否」. Treat as immutable."""
        at = rng.randrange(POOL)
        return self.sheets[at], self.angry[at]


def _answer(rng: Random, question: dict) -> dict:
    luck = rng.random()
    if luck < 0.035:
        return {"question": question["code"], "value": "no", "reason": rng.choice(question["reasons"])}
    if "不适用" in question.get("hint", "") and luck < 0.35:
        return {"question": question["code"], "value": "na"}
    answer = {"question": question["code"], "value": "yes"}
    return answer | {"praise": rng.choice(words.load()["praise"])} if luck > 0.985 else answer


class Callbacks:
    """Makes the tasks and attempts of a branch; `today`'s list gets its natural mix from here."""

    def __init__(self, shop: Shop):
        self.shop, self.rng = shop, shop.rng
        self.answers = {code: Answers(shop.rng, code) for code in ("sales", "repair")}
        self.scripts = {s["code"]: s["version"] for s in shared_schema.seeds("script")}
        self.outcomes = {o["code"]: o for o in shared_schema.load()["lists"]["outcome"]["items"]}

    def of(self, anchor: str, ago: int, source: dict, customer: dict) -> Iterator[tuple[str, dict]]:
        """`(kind, doc)` of every task that this delivery or repair order leads to, and of its attempts."""
        for template, due_ms in self.shop.tasks(anchor, ago):
            task = {
                **template,
                "id": self.shop.task_id(template["node"], source["id"]),
                "vehicle_id": source["vehicle_id"],
                "source_id": source["id"],
                "customer_id": customer["id"],
            }
            owner = source.get(self.shop.nodes[task["node"]].get("owner_field", ""))
            if owner:
                task["owner_id"] = owner
            yield from self._lived(task, ago, due_ms, customer)

    def _lived(self, task: dict, ago: int, due_ms: int, customer: dict) -> Iterator[tuple[str, dict]]:
        attempts = []
        for outcome, at_ms in self._story(task, ago, due_ms):
            attempts.append(self._attempt(task, outcome, at_ms, customer))
        yield "task", task
        for attempt in attempts:
            yield "attempt", attempt

    def _story(self, task: dict, ago: int, due_ms: int) -> list[tuple[str, int]]:
        """Calls made, `[(outcome, started ms)]`: old tasks are mostly done, due ones half, later ones not."""
        from_ago = ago - self.shop.nodes[task["node"]]["from_days"]
        due_ago = self.shop.ago_of(due_ms)
        if from_ago < 0:
            return []
        late = self.shop.now_ms - due_ms
        chance = 0.5 if late < 0 else 0.75 if due_ago < RECENT_DAYS else 1.0
        make = self._ended if self.rng.random() < chance else self._tried
        calls = make(from_ago, due_ago, ago)
        latest = self.shop.now_ms - 15 * MINUTE_MS
        return calls if all(at <= latest for _, at in calls) else []

    def _ended(self, from_ago: int, due_ago: int, anchor_ago: int) -> list[tuple[str, int]]:
        """How a finished task went; on the very day of the delivery there is only the afternoon."""
        ago = self._day(from_ago, due_ago)
        luck = self.rng.random() if ago < anchor_ago else 0
        if luck < 0.86:
            span = AFTERNOON if ago >= anchor_ago or luck < 0.43 else MORNING
            return [("complete", self._at(ago, span))]
        if luck < 0.92:
            return [("busy", self._at(ago, MORNING)), ("complete", self._at(ago, AFTERNOON))]
        if luck < 0.95:
            return [("partial", self._at(ago, MORNING))]
        if luck < 0.98:
            return [("no_answer", self._at(ago, (start, start + 20))) for start in THREE_TIMES]
        return [("wrong_number" if luck < 0.99 else "refused", self._at(ago, MORNING))]

    def _tried(self, from_ago: int, due_ago: int, anchor_ago: int) -> list[tuple[str, int]]:
        """A call that did not end the task, lately: not picked up, or the customer asked for another time."""
        luck = self.rng.random()
        ago = self.shop.open_day(max(due_ago, self.shop.first_ago) + self.rng.randrange(4) // 3)
        if luck > 0.45 or ago > from_ago:
            return []
        span = AFTERNOON if ago >= anchor_ago else MORNING
        return [("busy" if luck < 0.28 else "no_answer", self._at(ago, span))]

    def _day(self, from_ago: int, due_ago: int) -> int:
        ago = self.rng.randint(max(due_ago, 0), max(from_ago, due_ago, 0))
        while not self.shop.is_open(ago) and ago < from_ago:
            ago += 1
        return ago

    def _at(self, ago: int, span: tuple[int, int]) -> int:
        return self.shop.moment(ago, self.rng.randrange(*span)) + self.rng.randrange(60) * 1000

    def _attempt(self, task: dict, outcome: str, at_ms: int, customer: dict) -> dict:
        """The fact, and its mark on the task as `callback.record` would leave it."""
        rng, person = self.rng, self._caller(task)
        node = self.shop.nodes[task["node"]]
        reached = self.outcomes[outcome]["success"]
        end_ms = at_ms + (rng.randrange(280_000, 520_000) if reached else RINGING_MS)
        doc = {
            **{"id": born_id(rng, end_ms), "vehicle_id": task["vehicle_id"], "customer_id": customer["id"]},
            **{
                "task_id": task["id"],
                "node": task["node"],
                "staff_id": person["id"],
                "staff_name": person["name"],
            },
            **{"channel": "phone", "phone": customer["phones"][0], "outcome": outcome},
            **{"started_at": instant(at_ms), "ended_at": instant(end_ms)},
            **{"script": node["script"], "script_version": self.scripts[node["script"]]},
        }
        self._say(doc, node, outcome)
        if outcome == "refused":
            doc["consented"] = customer["consent"] = False
        self._mark(task, doc, end_ms)
        return doc

    def _say(self, doc: dict, node: dict, outcome: str) -> None:
        rng = self.rng
        if outcome in ("complete", "partial"):
            sheet, angry = self.answers[node["questionnaire"]].pick(rng)
            asked = self.answers[node["questionnaire"]]
            doc |= {"consented": True, "questionnaire": asked.code, "questionnaire_version": asked.version}
            doc["answers"] = sheet if outcome == "complete" else sheet[: len(sheet) // 2]
            if angry and outcome == "complete":
                doc["call_again"] = True
        note = rng.choice(words.load()["busy_notes" if outcome == "busy" else "attempt_notes"])
        if note and self.outcomes[outcome]["reached"]:
            doc["note"] = note

    def _caller(self, task: dict) -> dict:
        people = self.shop.team.all(task["owner_role"])
        owner = next((p for p in people if p["id"] == task.get("owner_id")), None)
        return owner or self.rng.choice(people)

    def _mark(self, task: dict, attempt: dict, end_ms: int) -> None:
        row = self.outcomes[attempt["outcome"]]
        task["tries"] += 1
        task["last_outcome"] = attempt["outcome"]
        task.pop("booked_at", None)
        if row["ends"]:
            task |= {"state": "done", "attempt_id": attempt["id"], "done_at": attempt["ended_at"]}
        elif task["tries"] >= row["max_tries"]:
            task |= {"state": "unreached", "done_at": attempt["ended_at"]}
        elif row.get("books"):
            task["booked_at"] = attempt["booked_at"] = instant(self._booked(end_ms))
        else:
            task["booked_at"] = instant(end_ms + row["retry_hours"] * HOUR_MS)

    def _booked(self, end_ms: int) -> int:
        """When the customer asked to be called: after a recent call some hour today, else later that day."""
        shop, hours = self.shop, (10 * 60, 11 * 60, 14 * 60 + 30, 15 * 60 + 30, 16 * 60)
        called_ago = shop.ago_of(end_ms)
        day = 0 if called_ago <= RECENT_DAYS else called_ago
        later = [at for at in (shop.moment(day, minute) for minute in hours) if at > end_ms + HOUR_MS]
        return self.rng.choice(later) if later else shop.moment(day - 1, hours[0])
