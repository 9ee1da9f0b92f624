"""Signatures of the demo people: vector strokes that look written, one hand per person."""

import math
from random import Random

WIDTH, HEIGHT = 320, 120


class Signatures:
    """Gives each person one signature `<w> <h> M x y L x y …`, the same for the same seed."""

    def __init__(self, seed: int):
        self.seed = seed
        self.kept: dict[str, str] = {}

    def of(self, staff_id: str) -> str:
        """The signature of this person."""
        if staff_id not in self.kept:
            self.kept[staff_id] = _write(Random(f"{self.seed}|signature|{staff_id}"))
        return self.kept[staff_id]


def _write(rng: Random) -> str:
    strokes = [_stroke(rng, part) for part in range(rng.randrange(4, 7))]
    return f"{WIDTH} {HEIGHT} " + " ".join(strokes)


def _stroke(rng: Random, part: int) -> str:
    """One pen-down: a line that swings and drifts to the right, as hurried handwriting does."""
    x, y = 24 + part * 46 + rng.randrange(12), rng.randrange(35, 75)
    angle, bend = rng.uniform(-1.2, 1.2), rng.uniform(-0.55, 0.55)
    points = []
    for _ in range(rng.randrange(7, 13)):
        points.append(f"{x:.0f} {y:.0f}")
        x = min(max(x + 9 * math.cos(angle) + 2, 4), WIDTH - 4)
        y = min(max(y + 11 * math.sin(angle), 6), HEIGHT - 6)
        angle += bend + rng.uniform(-0.5, 0.5)
    return f"M {points[0]} L {' L '.join(points[1:])}"
