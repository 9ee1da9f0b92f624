"""Tablets of the cast, and a server with some work in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from backend import clock, db
from backend.upkeep import doctor, seal
from tests.cast import customer, vehicle
from tests.sync.conftest import tablet

NOW = "2026-03-02T04:00:00.000Z"

__all__ = ["tablet"]


@pytest.fixture
def worked(cast, tablet):
    """Alice's tablet after a morning: customers, a vehicle, an edit, one op that was parked."""
    alice = tablet(cast.alice)
    alice.push(*(alice.op("customer.add", customer(i)) for i in range(1, 6)))
    alice.do("vehicle.add", vehicle())
    alice.do("customer.set", {"id": customer(2)["id"], "set": {"note": "改过"}}, base={"note": None})
    assert alice.do("customer.add", {"id": customer(9)["id"], "name": ""})["status"] == "parked"
    return alice


@pytest.fixture
def examined(config) -> Callable[..., dict[str, doctor.Finding]]:
    """`examined()`: the doctor's findings by the check's name, without what this machine's disk says."""

    def look(repair: bool = False) -> dict[str, doctor.Finding]:
        found = doctor.examine(doctor.Patient(config, clock.now()), repair)
        return {one.name: one for one in found if one.name != "disk space"}

    return look


def wrong(findings: dict[str, doctor.Finding]) -> list[str]:
    """The names of the checks that found a problem."""
    return [name for name, found in findings.items() if found.state == doctor.PROBLEM]


def public_half(key: Path) -> tuple[str, ...]:
    """For whom to seal what this key file is to open."""
    return tuple(str(one.to_public()) for one in seal.read_key(key))


def run_sql(sql: str, *given: object) -> None:
    """Change the database behind the product's back."""
    sql = sql if db.is_sqlite() else sql.replace("?", "%s")
    with db.write_transaction():
        db.database.execute_sql(sql, given)
