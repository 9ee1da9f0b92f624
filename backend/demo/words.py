"""The invented words of the demo group, kept as data beside the code that mixes them."""

import json
from functools import cache
from pathlib import Path


@cache
def load() -> dict:
    """The words by theme (names, models, what customers say); see `note` in the file. Treat as immutable."""
    return json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
