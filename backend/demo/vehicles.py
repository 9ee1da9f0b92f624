"""Invented vehicles: identification numbers with a true check digit, plates of real form, models, colours."""

from random import Random

from backend.demo import words
from backend.domain.ids import content_id

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
VIN_SIGNS = "0123456789" + LETTERS
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
# ISO 3779: what a letter counts, and the weight of each of the 17 places.
COUNTS = {sign: int(sign) for sign in "0123456789"} | dict(
    zip(LETTERS, [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9], strict=True)
)
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
YEAR_SIGNS = "ABCDEFGHJKLMNPRSTVWXY123456789"
FIRST_YEAR = 2010
MAKER = "LCD"
CITY = {"SZ01": "粤B", "SZ02": "粤B", "GZ01": "粤A"}
PLANT = {"SZ01": "A", "SZ02": "B", "GZ01": "G"}


def check_digit(vin: str) -> str:
    """The sign that belongs in the ninth place of a VIN (its present one does not matter)."""
    rest = sum(COUNTS[sign] * weight for sign, weight in zip(vin, WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def vin(rng: Random, branch_code: str, year: int, serial: int) -> str:
    """A VIN of an invented maker; the serial and the plant keep it unique in the group."""
    year_sign = YEAR_SIGNS[(year - FIRST_YEAR) % len(YEAR_SIGNS)]
    described = "".join(rng.choices(VIN_SIGNS, k=5))
    raw = f"{MAKER}{described}0{year_sign}{PLANT[branch_code]}{serial:06}"
    return raw[:8] + check_digit(raw) + raw[9:]


class Plates:
    """Plates of a city, none twice: green ones of eight signs for new energy, blue ones of seven."""

    def __init__(self, rng: Random, branch_code: str):
        self.rng = rng
        self.city = CITY[branch_code]
        self.second = PLANT[branch_code]
        self.used: set[str] = set()

    def next(self, new_energy: bool) -> str:
        """A plate not given out before."""
        while True:
            plate = self._green() if new_energy else self._blue()
            if plate not in self.used:
                self.used.add(plate)
                return plate

    def _green(self) -> str:
        kind = "D" if self.rng.random() < 0.7 else "F"
        return f"{self.city}{kind}{self._series()}{self.rng.randrange(10_000):04}"

    def _blue(self) -> str:
        return f"{self.city}{self._series()}{self.rng.choice(PLATE_LETTERS)}{self.rng.randrange(1000):03}"

    def _series(self) -> str:
        """One sign; branches of one city draw from different halves, so their plates cannot meet."""
        half = PLATE_LETTERS[:12] if self.second == "A" else PLATE_LETTERS[12:]
        return self.rng.choice(half)


def vehicle(
    rng: Random, branch_code: str, serial: int, delivered_on: str, plates: Plates, today: str
) -> dict:
    """A vehicle record; some of the newest cars have no plate yet."""
    said = words.load()
    model, new_energy = rng.choice(said["models"])
    number = vin(rng, branch_code, int(delivered_on[:4]), serial)
    doc = {
        "id": content_id(f"B:{branch_code}", "vehicle", number),
        "vin": number,
        "plate": plates.next(new_energy),
        "model": model,
        "color": rng.choice(said["colors"]),
        "archive_no": f"{branch_code}-{delivered_on[:4]}-{serial:05}",
        "delivered_on": delivered_on,
        "insurance_until": _next_anniversary(delivered_on, today),
        "cabinet": f"{serial // 600 + 1:02}",
        "drawer": f"{serial % 600 // 120 + 1}",
        "folder": f"{serial % 120 + 1:03}",
    }
    if delivered_on[:7] == today[:7] and rng.random() < 0.25:
        del doc["plate"]
    return doc


def _next_anniversary(date: str, today: str) -> str:
    day = "02-28" if date[5:] == "02-29" else date[5:]
    year = int(today[:4])
    return f"{year}-{day}" if f"{year}-{day}" > today else f"{year + 1}-{day}"
