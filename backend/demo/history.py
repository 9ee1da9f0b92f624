"""A branch's past, one whole vehicle file after the other: sales, visits, callbacks, complaints (D-F1)."""

from collections.abc import Iterator
from dataclasses import dataclass

from backend.demo import words
from backend.demo.callbacks import Callbacks
from backend.demo.complaints import OPEN, Complaints
from backend.demo.handovers import Handovers
from backend.demo.people import Names, customer
from backend.demo.shop import YEARS_BACK_DAYS, Shop, instant
from backend.demo.vehicles import Plates, vehicle
from backend.domain.ids import content_id
from backend.domain.timing import MINUTE_MS, parse_instant

SMALL = 5_000
FIRST_SERVICE_DAYS = 90
FIRST_YEAR_DAYS = 365
RECENT = 30
Row = tuple[str, dict]


@dataclass(frozen=True)
class Depth:
    """How full the files are. A bench wants many files, a demo wants full ones."""

    callback_days: int
    visit_days: int
    visit_chance: float


FULL = Depth(callback_days=365, visit_days=250, visit_chance=0.96)
THIN = Depth(callback_days=60, visit_days=1200, visit_chance=0.45)


class History:
    """Makes `count` vehicle files of a branch, oldest delivery first, then its hand-overs."""

    def __init__(self, shop: Shop, count: int, depth: Depth):
        self.shop, self.rng, self.count, self.depth = shop, shop.rng, count, depth
        self.names, self.plates = Names(shop.rng), Plates(shop.rng, shop.code)
        self.callbacks, self.complaints, self.handovers = Callbacks(shop), Complaints(shop), Handovers(shop)
        self.serial = 0
        self.visits = 0

    def files(self) -> Iterator[list[Row]]:
        """`[(kind, doc)]` of each file; the last list holds the hand-overs."""
        complaints = self._open_complaints()
        for place, ago in enumerate(self._delivery_days()):
            yield list(self._file(ago, complaints.get(place)))
        yield list(self.handovers.made())

    def _delivery_days(self) -> list[int]:
        """Days before today, falling: over three years, with a good last month so that today is busy."""
        recent = min(self.count * 15 // 100, 150)
        old = [self.rng.randrange(1, YEARS_BACK_DAYS) for _ in range(self.count - recent)]
        new = [self.rng.randrange(1, RECENT) for _ in range(recent)]
        return sorted((self.shop.open_day(ago) for ago in old + new), reverse=True)

    def _open_complaints(self) -> dict[int, tuple]:
        """Which file holds which running complaint: cars of some months, never two in one file."""
        wanted = OPEN if self.count >= 4 * len(OPEN) else OPEN[: self.count // 4]
        step = max(1, self.count // 80)
        return {self.count * 7 // 10 + place * step: scenario for place, scenario in enumerate(wanted)}

    def _file(self, ago: int, scenario: tuple | None) -> Iterator[Row]:
        self.serial += 1
        shop, date = self.shop, self.shop.date(ago)
        car = vehicle(self.rng, shop.code, self.serial, date, self.plates, shop.today)
        people = self._people(car, ago)
        owner = people[0][1]
        later = [*self._sale(car, owner, ago), *self._visits(car, people, ago)]
        if scenario:
            later += self.complaints.open_now(scenario, car, owner)
        elif ago > 40 and self.rng.random() < 1 / 70:
            later += self._closed_complaint(car, owner, ago, later)
        yield "vehicle", car
        for role, person in people:
            yield "customer", person
            yield "party", self._party(car, person, role)
        yield from later

    def _closed_complaint(self, car: dict, owner: dict, ago: int, rows: list[Row]) -> Iterator[Row]:
        """Heard in one of the owner's callbacks when there is one old enough, else in the showroom."""
        heard_ago = self.rng.randrange(6, ago - 20)
        calls = [doc for kind, doc in rows if kind == "attempt" and doc.get("answers")]
        own = [doc for doc in calls if doc["customer_id"] == owner["id"]]
        old = [doc for doc in own if parse_instant(doc["ended_at"]) < self.shop.moment(6, 0)]
        return self.complaints.long_closed(heard_ago, old[-1] if old else None, car, owner)

    def _people(self, car: dict, ago: int) -> list[tuple[str, dict]]:
        """`[(role, customer)]`, the owner first: a person, or a company with its driver."""
        born, luck = self.shop.moment(ago, 9 * 60 + self.rng.randrange(480)), self.rng.random()
        owner = customer(self.rng, self.names, self.shop.code, born, company=luck < 0.05)
        if luck < 0.05 or luck > 0.93:
            role = "driver" if luck < 0.05 else "sender"
            return [("owner", owner), (role, customer(self.rng, self.names, self.shop.code, born))]
        return [("owner", owner)]

    def _party(self, car: dict, person: dict, role: str) -> dict:
        return {
            **{
                "id": content_id(self.shop.part, "party", car["id"], person["id"], role),
                "vehicle_id": car["id"],
            },
            **{"customer_id": person["id"], "role": role, "since": car["delivered_on"]},
        }

    def _sale(self, car: dict, owner: dict, ago: int) -> Iterator[Row]:
        seller = self.rng.choice(self.shop.team.all("sales_consultant"))
        car["consultant"] = seller["name"]
        doc = {
            **{"id": content_id(self.shop.part, "delivery", car["vin"], car["delivered_on"])},
            **{"vehicle_id": car["id"], "customer_id": owner["id"], "delivered_on": car["delivered_on"]},
            **{"consultant": seller["name"], "consultant_id": seller["id"]},
        }
        if self.rng.random() < 0.08:
            doc["note"] = self.rng.choice(words.load()["sale_notes"])
        self.handovers.count("delivery", ago)
        yield "delivery", doc
        if ago <= self.depth.callback_days:
            yield from self.callbacks.of("delivery", ago, doc, owner)

    def _visits(self, car: dict, people: list, ago: int) -> Iterator[Row]:
        """First service after about three months, then every so often; some cars were here these days."""
        first = ago - FIRST_SERVICE_DAYS + self.rng.randrange(-15, 30)
        days = []
        while first > RECENT and self.rng.random() < self.depth.visit_chance:
            days.append(first)
            first -= self.depth.visit_days + self.rng.randrange(-60, 60)
        if ago > RECENT and self.rng.random() < min(0.1, 70 / self.count):
            days.append(self.rng.randrange(1, 9))
        for number, day in enumerate(days):
            yield from self._visit(car, people, self.shop.open_day(day), ago, number)

    def _visit(self, car: dict, people: list, ago: int, sold_ago: int, number: int) -> Iterator[Row]:
        sender = people[-1][1]
        kind = "first_service" if number == 0 and sold_ago - ago < FIRST_YEAR_DAYS else None
        doc = self._repair_order(car, sender, ago, sold_ago, kind)
        car["mileage_km"] = max(doc["mileage_km"], car.get("mileage_km", 0))
        self.handovers.count("repair", ago)
        yield "repair_order", doc
        if ago <= self.depth.callback_days:
            yield from self.callbacks.of("repair_order", ago, doc, sender)

    def _repair_order(self, car: dict, sender: dict, ago: int, sold_ago: int, kind: str | None) -> dict:
        rng, said, shop = self.rng, words.load(), self.shop
        kind = kind or rng.choice(said["later_visits"])
        self.visits += 1
        number = f"WX{shop.code}{self.visits:07}"
        arrived = shop.moment(ago, shop.open_minute + rng.randrange(0, 24) * 15)
        left = min(arrived + rng.randrange(4, 20) * 15 * MINUTE_MS, shop.moment(ago, shop.close_minute - 30))
        advisor = rng.choice(shop.team.all("service_advisor"))
        fen, choice = rng.randrange(180, 3200) * 100, said["repairs"][kind]
        return {
            **{"id": content_id(shop.part, "repair_order", number), "vehicle_id": car["id"]},
            **{"customer_id": sender["id"], "number": number, "type": kind, "in_at": instant(arrived)},
            **{"out_at": instant(left), "promised_at": instant(left + rng.randrange(-2, 3) * 15 * MINUTE_MS)},
            **{"items": rng.sample(choice, rng.randrange(1, min(3, len(choice)) + 1))},
            **{"mileage_km": (sold_ago - ago + 3) * rng.randrange(28, 48), "advisor": advisor["name"]},
            **{"advisor_id": advisor["id"], "technician": rng.choice(said["technicians"]), "consent": True},
            **{"estimate_fen": fen, "amount_fen": fen + rng.choice((0, 0, 0, 0, 5000))},
        }
