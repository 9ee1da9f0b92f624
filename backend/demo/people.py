"""Invented customers: names with many different initials, random phone numbers, addresses (D-F1, D-F3)."""

from itertools import accumulate
from random import Random

from backend.demo import words
from backend.domain.ids import id_at

# The numbers are random, so that searching behaves as with real ones; none is meant to be anybody's.
PREFIXES = [*range(130, 134), *range(135, 140), *range(150, 153), *range(157, 160), 166, 177, 180, 189]


def born_id(rng: Random, milliseconds: int) -> str:
    """A UUIDv7 of that moment from the seeded source: the same seed gives the same id."""
    return id_at(milliseconds, rng.randbytes(10))


def phone(rng: Random) -> str:
    """A random mobile number: 1, a prefix in use, eight random digits."""
    return f"{rng.choice(PREFIXES)}{rng.randrange(10**8):08}"


class Names:
    """Person names: surnames by a falling frequency, given names of one or two characters."""

    def __init__(self, rng: Random):
        self.rng = rng
        said = words.load()
        self.surnames = [*said["surnames"], *said["compound_surnames"]]
        self.weights = list(accumulate(1 / (rank + 8) for rank in range(len(self.surnames))))
        self.given = said["given"]

    def person(self, gender: str) -> str:
        """A full name of two to four characters."""
        rng, given = self.rng, self.given[gender]
        surname = rng.choices(self.surnames, cum_weights=self.weights)[0]
        return surname + rng.choice(given) + (rng.choice(given) if rng.random() < 0.72 else "")

    def company(self) -> str:
        """A company name."""
        said = words.load()
        return f"{self.rng.choice(said['companies'])}{self.rng.choice(said['company_kinds'])}有限公司"


def address(rng: Random, branch_code: str) -> str:
    """A street address near the branch; streets and numbers are invented."""
    said = words.load()
    return f"{said['areas'][branch_code]}{rng.choice(said['streets'])}{rng.randrange(1, 400)}号"


def customer(rng: Random, names: Names, branch_code: str, since_ms: int, company: bool = False) -> dict:
    """A customer record without derived fields; `since_ms` is when the branch got to know them."""
    gender = "male" if rng.random() < 0.62 else "female"
    doc = {
        "id": born_id(rng, since_ms),
        "name": names.company() if company else names.person(gender),
        "kind": "company" if company else "person",
        "phones": [phone(rng)],
        "address": address(rng, branch_code),
        "consent": True,
    }
    if not company:
        doc["gender"] = gender
        _personal(rng, doc)
    return doc


def _personal(rng: Random, doc: dict) -> None:
    luck = rng.random()
    if luck < 0.55:
        doc["birthday"] = f"{rng.randrange(1962, 2003)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    if luck < 0.06:
        doc["phones"].append(phone(rng))
    if luck > 0.8:
        doc["preferred_time"] = rng.choice(words.load()["convenient"])
    if luck > 0.93:
        doc["note"] = rng.choice(words.load()["customer_notes"])
    if luck > 0.98:
        doc["refused_channels"] = ["sms"]
