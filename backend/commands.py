"""Commands for the person who runs the server: import a file, export a sheet."""

from pathlib import Path

from backend import clock
from backend.api.exports import context
from backend.config import Config
from backend.errors import Refused
from backend.imports import ImportRefused, errors_workbook, runs
from backend.models import views
from backend.setup import SetupError
from backend.sync import enrolment, people, reference
from exports import forms
from exports.pool import Pool


def _person(username: str) -> dict:
    found = reference.find("staff", username=username)
    if not found:
        raise SetupError(f"no account {username!r}")
    return found


def enrol(branch: str, name: str) -> str:
    """A one-time code that lets a tablet in within 15 minutes, when no manager's tablet is at hand.

    :raise SetupError: if there is no such branch.
    """
    try:
        return enrolment.make_code(branch, name, None, clock.now())["code"]
    except Refused as error:
        raise SetupError(f"no branch {branch!r}") from error


def import_file(config: Config, path: Path, branch: str, kind: str, username: str) -> dict:
    """Import a spreadsheet as a member of staff would, without asking; return the counts.

    Rows in error are written beside the file as `<name>.errors.xlsx`.
    :raise SetupError: if the file or the account cannot be used.
    """
    person, now = _person(username), clock.now()
    scope, part = people.read_scope(person), people.part_of(branch)
    try:
        scope.require(part)
        found = runs.preview(scope, person, part, kind, path, path.name, None, config.data_dir, now)
    except (ImportRefused, Refused) as error:
        raise SetupError(f"{error}") from error
    if found.counts["error"]:
        path.with_name(path.name + ".errors.xlsx").write_bytes(errors_workbook(found))
    run, found = runs.find(scope, found.import_id, config.data_dir)
    return runs.commit(run, found, person, now)


def export_sheet(config: Config, form: str, record: str, target: Path, username: str) -> None:
    """Write one sheet as PDF: a record's id, or for `callback_log` a period `2026-11-01/2026-11-30@SZ01`.

    :raise SetupError: if there is no such record in the account's scope.
    """
    person = _person(username)
    scope = people.read_scope(person)
    try:
        part, records = _records(scope, form, record)
    except Refused as error:
        raise SetupError(f"{form} {record}: {error}") from error
    payload = forms.build(form, records, context(part, records, person["name"], clock.now()))
    with Pool(font_dir=config.font_dir) as pool:
        target.write_bytes(pool.pdf(form, [payload]))


def _records(scope, form: str, record: str) -> tuple[str, dict]:
    if form == "callback_log":
        period, _, branch = record.partition("@")
        first, _, last = period.partition("/")
        part = people.part_of(branch)
        return part, {"from": first, "to": last, "calls": views.calls_between(scope, part, first, last)}
    return views.ONE_RECORD[form](scope, record)
