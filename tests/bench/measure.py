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


def p95(values: list[float]) -> float:
    """What 19 of 20 do not exceed."""
    return statistics.quantiles(values, n=20)[-1]


def figures(title: str, times: dict[str, list[float]], targets: dict[str, float]) -> None:
    """Print median and spread of milliseconds (bytes, for names ending in disk or heap), and the target."""
    print(f"\n{title}")
    for name, found in times.items():
        scale, unit = (1e-6, "MB") if name.endswith(("disk", "heap")) else (1, "ms")
        low, median, high = (scale * one for one in (min(found), statistics.median(found), max(found)))
        target = f"   target {targets[name]}" if name in targets else ""
        print(f"  {name:<14} {median:9.1f} {unit}   {low:9.1f} – {high:.1f}{target}")
