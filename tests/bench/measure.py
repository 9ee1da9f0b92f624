"""Medians and ratios of things run side by side, in turn, in the same minutes: never a bare time."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 5
QUIET_TICKS = 5  # of 10 ms CPU a second


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


def until_quiet(session: int) -> None:
    """Wait until a server that has begun has no more work of its own: its processes share a session."""
    before = _ticks(session)
    while True:
        time.sleep(1)
        now = _ticks(session)
        if now - before < QUIET_TICKS:
            return
        before = now


def _ticks(session: int) -> int:
    """CPU time of a session's processes (proc(5): fields 6, 14 and 15)."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        total += int(fields[11]) + int(fields[12]) if int(fields[3]) == session else 0
    return total
