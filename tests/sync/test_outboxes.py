"""Recorded outboxes of every release are accepted for ever (SYNC.md, Old clients; invariant 19).

`outboxes/<version>.json` holds an op of every kind as that release's tablets wrote it, with the hash they
sent: `before`, ops of the server that they build on; `outbox`, `{as, op, status}` in order. Released files
are frozen.
"""

import json
from pathlib import Path

import pytest

import shared_schema
from backend import __version__
from backend.domain.canonical import op_hash
from backend.models.sync import Op
from backend.sync import door, people
from tests.cast import Cast

OUTBOXES = sorted((Path(__file__).parent / "outboxes").glob("*.json"))


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", OUTBOXES, ids=lambda path: path.stem)
def test_what_an_old_tablet_still_holds_is_accepted(path, tablet):
    """Invariant 19: pushed today, each op comes to what it came to then, and is kept as it came."""
    box = read(path)
    before = door.submit(box["before"], people.SYSTEM, "2026-03-02T03:00:00.000Z")
    assert {result["status"] for result in before} == {"applied"}
    tablets = {
        name: tablet(getattr(Cast, name)) for name in dict.fromkeys(row["as"] for row in box["outbox"])
    }
    told = [tablets[row["as"]].push(row["op"])[0] for row in box["outbox"]]
    wanted = [(row["op"]["kind"], row["status"]) for row in box["outbox"]]
    found = [(row["op"]["kind"], result["status"]) for row, result in zip(box["outbox"], told, strict=True)]
    assert found == wanted, [result for result in told if result["status"] == "parked"]
    assert [tablets[row["as"]].push(row["op"])[0] for row in box["outbox"]] == told
    kept = {row.id: json.loads(row.text) for row in Op.select()}
    for row in box["outbox"]:
        assert kept[row["op"]["id"]] == {k: v for k, v in row["op"].items() if k not in ("n", "h")}


@pytest.mark.parametrize("path", OUTBOXES, ids=lambda path: path.stem)
def test_recorded_hashes_are_those_of_the_ops(path):
    """What is hashed, and how, never changes: an old tablet's hash must still be ours."""
    assert [row["op"]["h"] for row in read(path)["outbox"]] == [
        op_hash(row["op"]) for row in read(path)["outbox"]
    ]


def test_every_version_of_every_op_was_recorded():
    """Invariant 19: an op's `v` is raised together with an outbox that holds the new one; the old stay."""
    recorded = {(row["op"]["kind"], row["op"]["v"]) for path in OUTBOXES for row in read(path)["outbox"]}
    ops = shared_schema.load()["ops"].values()
    wanted = {(op["kind"], v) for op in ops if op.get("where") != "server" for v in range(1, op["v"] + 1)}
    assert wanted - recorded == set(), f"record them in tests/sync/outboxes/{__version__}.json"
    assert recorded - wanted == set(), "a kind or version that tablets wrote is not known any more"
