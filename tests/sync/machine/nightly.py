"""Ten thousand schedules in runs that can be broken off; `make schedules` goes on where it was, then reports.

`python -m tests.sync.machine.nightly [FOLDER [RUNS]]` plays what FOLDER lacks of the runs and writes the
report. FOLDER has one file for each finished run, so that a run that was killed is played again.
"""

import json
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests import postgres
from tests.sync.machine.ledger import CHECKED, Broken
from tests.sync.machine.net import INJECTED
from tests.sync.machine.runs import STEPS, play, playing
from tests.sync.machine.sample import NAMES
from tests.sync.machine.tour import Tour

ROOT = Path(__file__).parents[3]
REPORTS = ROOT / "tests" / "sync" / "reports"
FOLDER = ROOT / "var" / "schedules"
RUNS = 200
SHOWN = 160  # characters of a failure
SCHEDULES = 50
HOSTS = ("sqlite", "sqlite", "postgresql", "sqlite", "two hosts")  # which database the runs have in turn


def version() -> str:
    """The commit that is played."""
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def run(number: int, cluster: object) -> dict:
    """One run: the tour, then drawn schedules of its seed; what was counted, and what failed."""
    CHECKED.clear()
    INJECTED.clear()
    place = HOSTS[number % len(HOSTS)]
    kind, hosts = ("postgresql", 2) if place == "two hosts" else (place, 1)
    began, failure, game = time.monotonic(), None, None
    try:
        with playing(kind, cluster, hosts=hosts) as game:
            Tour(game).walk()
            play(game, number, SCHEDULES)
    except Exception as first:
        failure = first
    told = {"seed": number, "place": place, "version": version(), "day": time.strftime("%Y-%m-%d")}
    notes = "\n".join(getattr(failure, "__notes__", []))
    return {
        **told,
        "schedules": game.begun if game else 0,
        "seconds": round(time.monotonic() - began),
        "invariant": failure.number if isinstance(failure, Broken) else None,
        "failure": f"{type(failure).__name__}: {failure}\n{notes}" if failure else None,
        "checked": dict(CHECKED),
        "injected": dict(INJECTED),
    }


def go_on(folder: Path, runs: int) -> None:
    """Play the runs that the folder lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [number for number in range(1, runs + 1) if not (folder / f"{number}.json").exists()]
    with ExitStack() as stack:
        cluster = stack.enter_context(postgres.start()) if missing else None
        for number in missing:
            told = run(number, cluster)
            partial = folder / f"{number}.part"
            partial.write_text(json.dumps(told, ensure_ascii=False))
            partial.rename(folder / f"{number}.json")
            print(
                number, told["place"], told["schedules"], told["seconds"], told["failure"] or "", flush=True
            )


def report(folder: Path) -> str:
    """The finished runs in figures, as Markdown."""
    runs = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    runs.sort(key=lambda one: one["seed"])
    checked, injected = Counter(), Counter()
    for one in runs:
        checked.update({int(number): count for number, count in one["checked"].items()})
        injected.update(one["injected"])
    lines = [
        *(*head(runs), "", "| invariant | checks |", "|---|---|"),
        *(f"| {number} {name} | {checked[number]} |" for number, name in NAMES.items()),
        *("", "| fault | times |", "|---|---|"),
        *(f"| {name} | {count} |" for name, count in sorted(injected.items())),
        "",
        "Control: `python -m tests.sync.machine.hunt` finds the seeded bugs of `bugs.py`.",
        "Not tested: a real browser's databases (`tests/e2e/test_machine.py` plays a sample in Chromium),",
        "more than three tablets, clocks more than three days wrong.",
    ]
    return "\n".join([*lines, ""])


def head(runs: list[dict]) -> list[str]:
    """When, how many, where, how fast, and what failed."""
    places = Counter()
    for one in runs:
        places[one["place"]] += one["schedules"]
    total, seconds = places.total(), sum(one["seconds"] for one in runs)
    failed = [one for one in runs if one["failure"]]
    return [
        f"# The sync machine, {max((one['day'] for one in runs), default='')}",
        "",
        f"{total} schedules of up to {STEPS} steps in {len(runs)} runs, each named by its seed.",
        f"Versions: {', '.join(sorted({one['version'] for one in runs}))}.",
        f"{seconds // 60} minutes, {60 * total / max(seconds, 1):.1f} schedules a minute.",
        f"Where: {', '.join(f'{place} {count}' for place, count in sorted(places.items()))}.",
        f"Runs in which something failed: {len(failed)}.",
        *(
            f"- seed {one['seed']} on {one['place']}: {one['failure'].splitlines()[0][:SHOWN]}"
            for one in failed
        ),
    ]


def renew(path: Path, text: str) -> None:
    """Write a report; what people have added to an earlier one, from the first `## ` on, stays."""
    _figures, heading, added = path.read_text().partition("\n## ") if path.exists() else ("", "", "")
    path.write_text(text + heading + added)


def main(folder: str = str(FOLDER), runs: str = str(RUNS)) -> int:
    """Play what is missing, then write the report of the day; 1 when a run failed."""
    go_on(Path(folder), int(runs))
    REPORTS.mkdir(exist_ok=True)
    renew(REPORTS / f"{time.strftime('%Y-%m-%d')}-machine.md", report(Path(folder)))
    return int(any(json.loads(path.read_text())["failure"] for path in Path(folder).glob("*.json")))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
