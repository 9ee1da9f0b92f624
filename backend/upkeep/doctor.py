"""The doctor: every promise a sound database keeps, looked at one by one, a line each in plain words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import apsw
from peewee import PeeweeException

from backend import db
from backend.config import Config
from backend.storage import Unavailable
from backend.upkeep import feed_checks, op_checks, store_checks

OK, NOTE, PROBLEM = "ok", "note", "PROBLEM"
MOST_SHOWN = 5
TROUBLE = (PeeweeException, apsw.Error, Unavailable, OSError, ValueError, LookupError)


@dataclass
class Patient:
    """What the checks look at: the connected database, its files, and the time."""

    config: Config
    now: str

    @property
    def data_dir(self) -> Path:
        """Where the server's files lie."""
        return self.config.data_dir


@dataclass
class Check:
    """One promise. `look` returns what is wrong with it; `mend`, where that is safe, puts it right, in
    transactions of its own: the server may be running.

    What a check `advises` only (`note`) does not make the whole unsound.
    """

    name: str
    look: Callable[[Patient], list[str]]
    mend: Callable[[Patient], None] | None = None
    advice: str = ""
    only_a_note: bool = False


@dataclass
class Finding:
    """A check's outcome: `state` is ok, note or PROBLEM; `mended` is true where it was put right."""

    name: str
    state: str
    said: list[str] = field(default_factory=list)
    advice: str = ""
    mended: bool = False


CHECKS = [
    Check("database file", store_checks.integrity, advice="restore the newest backup"),
    Check("durability settings", store_checks.durable, advice="see README, PostgreSQL", only_a_note=True),
    Check("migrations", store_checks.migrations, advice="python -m backend migrate"),
    Check("feed heads", feed_checks.heads, feed_checks.raise_heads, "doctor --repair"),
    Check("feed checksums", feed_checks.sums, feed_checks.count_sums, "doctor --repair"),
    Check("feed equals records", feed_checks.projection, advice="python -m backend rebuild-feed"),
    Check("device numbers", op_checks.slots, op_checks.raise_slots, "doctor --repair"),
    Check("op log", op_checks.log_whole, advice="restore the newest backup"),
    Check("ops in the feed", op_checks.numbers, advice="python -m backend rebuild-feed"),
    Check("tasks once each", op_checks.tasks_once, advice="report this"),
    Check("complaint histories", op_checks.histories, advice="report this"),
    Check("accounts", op_checks.accounts, advice="管理 → 员工"),
    Check("snapshots", store_checks.snapshots, store_checks.drop_snapshots, "doctor --repair"),
    Check("photos and recordings", store_checks.blobs, advice="restore their files from a backup"),
    Check(
        "files without a row", store_checks.strays, store_checks.adopt, "doctor --repair", only_a_note=True
    ),
    Check("disk space", store_checks.space, advice="free space where DATA_DIR lies"),
    Check("clock", store_checks.clock_runs, advice="set this machine's clock"),
]


def examine(patient: Patient, repair: bool = False) -> list[Finding]:
    """Run every check; one that cannot look is a problem too. Nothing is changed unless `repair` is set."""
    db.ensure_usable()
    return [_examine(check, patient, repair) for check in CHECKS]


def sound(findings: list[Finding]) -> bool:
    """True when nothing is wrong, or all that was wrong is mended."""
    return all(found.state != PROBLEM or found.mended for found in findings)


def lines(findings: list[Finding]) -> list[str]:
    """The report: a line for each check, and below it what was found."""
    said = []
    for found in findings:
        mark = "repaired" if found.mended else found.state
        tail = f"{len(found.said)} found; {found.advice}" if found.said else ""
        said.append(f"{mark:<9} {found.name:<22} {tail}".rstrip())
        said += [f"          - {text}" for text in found.said[:MOST_SHOWN]]
    return said


def _examine(check: Check, patient: Patient, repair: bool) -> Finding:
    wrong = _look(check, patient)
    if not wrong:
        return Finding(check.name, OK)
    found = Finding(check.name, NOTE if check.only_a_note else PROBLEM, wrong, check.advice)
    if repair and check.mend:
        try:
            check.mend(patient)
        except TROUBLE as error:
            found.said.append(f"cannot be repaired: {_words(error)}")
        else:
            found.mended = not _look(check, patient)
    return found


def _look(check: Check, patient: Patient) -> list[str]:
    try:
        with db.read_transaction():
            return check.look(patient)
    except TROUBLE as error:
        return [f"cannot be checked: {_words(error)}"]


def _words(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
