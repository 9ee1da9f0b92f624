"""Medians and ratios of things run side by side, in turn, in the same minutes: never a bare time."""

import statistics
import time
from collections.abc import Callable

ROUNDS = 5


def seconds(run: Callable[[], object]) -> float:
    """How long one run takes."""
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def in_turn(rounds: int = ROUNDS, **runs: Callable[[], object]) -> dict[str, list[float]]:
    """Seconds of each run, taken A B A B … after one round that is not counted."""
    for run in runs.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            times[name].append(seconds(run))
    return times


def table(title: str, times: dict[str, list[float]], against: str) -> dict[str, float]:
    """Print medians, spread and the ratio to one of them; return the ratios."""
    base = statistics.median(times[against])
    ratios = {}
    print(f"\n{title}")
    for name, found in times.items():
        median = statistics.median(found)
        ratios[name] = median / base
        spread = f"{min(found) * 1000:9.1f} – {max(found) * 1000:.1f} ms"
        print(f"  {name:<28} {median * 1000:9.1f} ms   {spread}   × {ratios[name]:.2f}")
    return ratios
