"""The long run can be broken off and gone on with, and says in figures what it did."""

import json
from contextlib import nullcontext

from tests.sync.machine import nightly


def test_a_run_that_was_broken_off_is_played_again_and_the_others_are_not(tmp_path, monkeypatch):
    told = {"place": "sqlite", "version": "abc", "day": "2026-11-26", "schedules": 51, "seconds": 102}
    played = []

    def run(number: int, _cluster: object) -> dict:
        played.append(number)
        failure = "Broken: invariant 7: a row\nact {}" if number == 3 else None
        counts = {"checked": {"7": 5}, "injected": {"lost": 2}}
        return {**told, **counts, "seed": number, "invariant": 7 if failure else None, "failure": failure}

    monkeypatch.setattr(nightly, "run", run)
    monkeypatch.setattr(nightly.postgres, "start", nullcontext)
    (tmp_path / "1.json").write_text(json.dumps(run(1, None)))
    (tmp_path / "2.part").write_text("{")
    played.clear()
    nightly.go_on(tmp_path, 3)
    assert played == [2, 3]
    text = nightly.report(tmp_path)
    assert "153 schedules" in text and "30.0 schedules a minute" in text
    assert "- seed 3 on sqlite: Broken: invariant 7: a row\n" in text
    assert "| 7 no skip | 15 |" in text and "| lost | 6 |" in text


def test_what_people_wrote_under_the_figures_stays(tmp_path):
    path = tmp_path / "report.md"
    nightly.renew(path, "1 schedule\n")
    path.write_text(path.read_text() + "\n## What failed\n\nA false alarm.\n")
    nightly.renew(path, "2 schedules\n")
    assert path.read_text() == "2 schedules\n\n## What failed\n\nA false alarm.\n"
