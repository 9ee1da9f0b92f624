"""Restore drills: a backup at a random moment of a busy day, put back; nobody lost anything (TRUST.md 13).

Two tablets work; a backup is made in between or while a push is under way; work goes on; the backup is put
back; the tablets send again what they saved. The restored database is compared with the backup's manifest.
"""

import os
import random
import threading
from dataclasses import replace

import pytest

from backend import clock, db
from backend.models.sync import Op
from backend.upkeep import backup, doctor, restore, seal
from backend.upkeep.summary import difference, summarise
from tests.cast import SZ01, customer
from tests.sync.tablet import Tablet

SEED = int(os.environ.get("SEED", "1"))
DRILLS = 50


class Worker:
    """A person on a tablet that keeps every op, as the real one does for 30 days."""

    def __init__(self, tablet: Tablet, chance: random.Random) -> None:
        self.tablet, self.chance = tablet, chance
        self.journal: list[dict] = []
        self.results: dict[str, dict] = {}

    def work(self, pushes: int) -> None:
        """So many pushes of a few ops: new customers and edits of one's own."""
        for _ in range(pushes):
            made = [self._op() for _ in range(self.chance.randint(1, 4))]
            self.journal += made
            self._keep(made, self.tablet.push(*made))

    def _op(self) -> dict:
        number = 1000 * self.tablet.web.person.number + self.tablet.n
        if self.journal and self.chance.random() < 0.4:
            body = {"id": self.chance.choice(self.journal)["body"]["id"], "set": {"note": f"第 {number} 次"}}
            return self.tablet.op("customer.set", body, base={"note": None})
        return self.tablet.op("customer.add", customer(number))

    def _keep(self, ops: list[dict], results: list[dict]) -> None:
        self.results |= {op["id"]: result for op, result in zip(ops, results, strict=True)}

    def meet_restored(self) -> None:
        """What a tablet does: it is told of the other epoch, takes it, and sends everything again."""
        answer = self.tablet.send(*self.journal)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "sync.epoch")
        self.tablet.epoch = answer.get_json()["details"]["epoch"]
        self._keep(self.journal, self.tablet.push(*self.journal))


def drill(tablet, cast, config, folder, seed: int) -> None:
    """One drill; every claim is an assertion. Every other backup is sealed."""
    chance, key = random.Random(seed), folder / f"key{seed}"
    if seed % 2:
        config = replace(config, backup_recipients=(seal.new_key(key),))
    alice, bob = (Worker(tablet(person), chance) for person in (cast.alice, cast.bob))
    alice.work(chance.randint(1, 5))
    made = _backup_while(bob, config, folder / f"drill{seed}", chance)
    for worker in (alice, bob):
        worker.work(chance.randint(0, 5))
    held = backup.verify(made)["holds"]
    db.database.close()
    done = restore.restore(config, made, True, clock.now(), key)
    assert difference(held, {**summarise(db.database.execute_sql), "epoch": held["epoch"]}) == []
    for worker in (bob, alice):
        worker.meet_restored()
    _require_whole([alice, bob], config, done["epoch"])


def _backup_while(worker: Worker, config, target, chance: random.Random):
    """A backup while a tablet pushes, at a moment of its own."""
    pushing = threading.Thread(target=_in_thread, args=(worker, chance.randint(2, 6)))
    pushing.start()
    threading.Event().wait(chance.uniform(0, 0.2))
    made = backup.make(config, target, clock.now())
    pushing.join()
    return made


def _in_thread(worker: Worker, pushes: int) -> None:
    try:
        worker.work(pushes)
    finally:
        db.database.close()


def _require_whole(workers: list[Worker], config, epoch: str) -> None:
    promised = {op["id"] for worker in workers for op in worker.journal}
    kept = [row.id for row in Op.select(Op.id).where(Op.part == SZ01)]
    assert sorted(kept) == sorted(promised), "an op is lost, or doubled"
    for worker in workers:
        again = worker.tablet.push(*worker.journal)
        assert [worker.results[op["id"]] for op in worker.journal] == again
        worker.tablet.pull()
        assert {cursor[0] for cursor in worker.tablet.cursors.values()} == {epoch}
    rows = [{key: row for key, row in worker.tablet.rows.items() if key[0] == SZ01} for worker in workers]
    assert rows[0] == rows[1]
    found = doctor.examine(doctor.Patient(config, clock.now()))
    assert [one.name for one in found if one.state == doctor.PROBLEM and one.name != "disk space"] == []


def test_a_restore_drill(tablet, cast, config, tmp_path):
    """Invariants 1, 2, 10, 16."""
    drill(tablet, cast, config, tmp_path, SEED)


@pytest.mark.nightly
@pytest.mark.parametrize("number", range(DRILLS))
def test_50_restore_drills(tablet, cast, config, tmp_path, number):
    """TRUST.md 13: 50 on each database."""
    drill(tablet, cast, config, tmp_path, SEED * 1000 + number)
