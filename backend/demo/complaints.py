"""Complaints of the demo group in every state, each walked along the workflow table (D-K1, D-K2)."""

from collections.abc import Iterator
from dataclasses import dataclass

import shared_schema
from backend.demo import words
from backend.demo.people import born_id
from backend.demo.shop import Shop, instant
from backend.domain.decide_complaint import number_of
from backend.domain.timing import HOUR_MS, MINUTE_MS, parse_instant
from backend.domain.workflow import apply_step, find_row

HEARD = "register opinion review dispatch"
# What is open now: (steps taken, heard so many hours ago, last step so many hours ago).
OPEN = (
    ("report", 2, 1.9),
    ("register", 1, 0.8),
    ("report register", 4, 2),
    ("register opinion", 6, 1.5),
    ("register opinion review", 9, 1),
    (HEARD, 7, 3),
    (HEARD, 21, 15),
    (f"{HEARD} return", 12, 1.5),
    (f"{HEARD} return unsatisfied dispatch", 34, 4),
    (f"{HEARD} return satisfied", 20, 2),
    (f"{HEARD} return satisfied confirm", 29, 3),
    ("register opinion back", 10, 2),
)
END = "return satisfied confirm file"
CLOSED = (
    *(f"{HEARD} {END}" for _ in range(6)),
    f"{HEARD} return unsatisfied dispatch {END}",
    f"report register opinion back opinion review dispatch {END}",
    f"{HEARD} back dispatch {END}",
)
MANAGERS = {"sales": "sales_manager", "service": "service_manager"}
HANDLERS = {"sales": "sales_consultant", "service": "service_advisor"}
CLASSES = ("nature", "cause", "severity", "department")
SAID = {"satisfied": "satisfied_text", "unsatisfied": "unsatisfied_text", "back": "back_text"}


@dataclass(frozen=True)
class Origin:
    """Where a complaint comes from: whose car, when and how it was heard, and what it is about."""

    vehicle: dict
    customer: dict
    topic: dict
    heard_ms: int
    attempt: dict | None = None

    @property
    def department(self) -> str:
        """Whose work it is about: sales or service."""
        return self.topic["department"]


class Complaints:
    """Makes a branch's complaints; every move is made by the product's own workflow function."""

    def __init__(self, shop: Shop):
        self.shop, self.rng, self.team = shop, shop.rng, shop.team
        self.schema = shared_schema.load()
        self.topics = words.load()["complaints"]

    def open_now(self, scenario: tuple, vehicle: dict, customer: dict) -> Iterator[tuple[str, dict]]:
        """One that still runs, `(kind, doc)`: `scenario` is a row of OPEN, its clocks count back from now."""
        path, heard_hours, last_hours = scenario
        codes = path.split()
        heard = self.shop.now_ms - int(heard_hours * HOUR_MS)
        span = int((heard_hours - last_hours) * HOUR_MS)
        times = [heard + span * (place + 1) // len(codes) for place in range(len(codes))]
        return self._walk(Origin(vehicle, customer, self.rng.choice(self.topics), heard), codes, times)

    def long_closed(self, heard_ago: int, attempt: dict | None, vehicle: dict, customer: dict) -> Iterator:
        """One filed long ago, `(kind, doc)`; most kept the 24 hours, some did not (D-K3).

        Heard in the callback `attempt`, or on site so many days ago when there was none.
        """
        codes = self.rng.choice(CLOSED).split()
        on_site = self.shop.moment(heard_ago, self.rng.randrange(9 * 60, 12 * 60))
        heard = at = parse_instant(attempt["ended_at"]) if attempt else on_site
        slow = 3 if self.rng.random() < 0.15 else 1
        times = []
        for _ in codes:
            at = self.shop.into_hours(at + self.rng.randrange(25, 100) * slow * MINUTE_MS)
            times.append(at)
        origin = Origin(vehicle, customer, self.rng.choice(self.topics), heard, attempt)
        return self._walk(origin, codes, times)

    def _walk(self, origin: Origin, codes: list[str], times: list[int]) -> Iterator[tuple[str, dict]]:
        complaint, state, steps = self._begun(origin, codes[0]), None, []
        for code, at in zip(codes, times, strict=True):
            row = find_row(self.schema, state, code)
            complaint, step = self._move(origin, complaint, row, at)
            steps.append(step)
            state = complaint["state"]
        yield "complaint", complaint
        for step in steps:
            yield "complaint_step", step

    def _begun(self, origin: Origin, first: str) -> dict:
        role = "cs_agent" if first == "register" else HANDLERS[origin.department]
        complaint = {
            **{"id": born_id(self.rng, origin.heard_ms), "vehicle_id": origin.vehicle["id"]},
            **{"customer_id": origin.customer["id"], "heard_at": instant(origin.heard_ms)},
            "heard_channel": "callback" if origin.attempt else self.rng.choice(("on_site", "incoming")),
            **{"heard_by": self.team.one(role)["id"], "content": origin.topic["content"]},
            **{"demand": origin.topic["demand"], "state": "reported", "round": 1, "tier": 1},
        }
        if origin.attempt:
            complaint["attempt_id"] = origin.attempt["id"]
        complaint["number"] = number_of(complaint)
        return complaint

    def _classes(self, topic: dict) -> dict:
        severity = "serious" if self.rng.random() < 0.12 else "ordinary"
        return {name: topic.get(name, severity) for name in CLASSES}

    def _move(self, origin: Origin, complaint: dict, row: dict, at: int) -> tuple[dict, dict]:
        person, actor = self._actor(origin, complaint, row)
        entered = min(at + self.rng.randrange(1, 9) * MINUTE_MS, self.shop.now_ms)
        step = {"id": born_id(self.rng, at), "happened_at": instant(at), "entered_at": instant(entered)}
        step |= self._said(row["code"], origin)
        if row.get("sign"):
            step |= self._signed(person)
        classes = self._classes(origin.topic) if row["code"] == "register" else {}
        after = apply_step(self.schema, complaint, row, step, classes, actor)
        return after["complaint"], after["step"]

    def _signed(self, person: dict) -> dict:
        if self.rng.random() < 0.1:
            return {"on_paper": True}
        return {"signature": self.team.signatures.of(person["id"])}

    def _actor(self, origin: Origin, complaint: dict, row: dict) -> tuple[dict, dict]:
        role = self._role(origin, row)
        person = self.team.one(role)
        if row.get("actor_field"):
            person = next(p for p in self.team.all(role) if p["id"] == complaint["handler_id"])
        actor = {"id": person["id"], "name": person["name"], "roles": [role], "deputy_roles": []}
        deputy = self.team.deputies.get(role)
        if deputy and self.rng.random() < 0.15:
            own = [p["role"] for p in deputy["posts"]]
            return deputy, {"id": deputy["id"], "name": deputy["name"], "roles": own, "deputy_roles": [role]}
        return person, actor

    def _role(self, origin: Origin, row: dict) -> str:
        """The post that takes this step: the department's own, or the first that the table names."""
        if row.get("actor_field") or row["code"] == "report":
            return HANDLERS[origin.department]
        own = MANAGERS[origin.department]
        return own if own in row["roles"] else row["roles"][0]

    def _said(self, code: str, origin: Origin) -> dict:
        said, topic = words.load(), origin.topic
        if code == "dispatch":
            handler = self.rng.choice(self.team.all(HANDLERS[origin.department]))
            return {"handler_id": handler["id"], "handler_name": handler["name"]}
        if code == "return":
            done = {"analysis": topic["analysis"], "measure": topic["measure"]}
            return done | ({"compensation_fen": topic["fen"]} if topic["fen"] else {})
        if code == "opinion":
            return {"text": topic["opinion"]}
        if code == "review":
            return {"text": self.rng.choice(said["review_text"])}
        if code == "confirm":
            return {"text": said["opinion_text"]}
        return {"text": said[SAID[code]]} if code in SAID else {}
