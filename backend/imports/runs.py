"""An import from upload to commit: the preview waits in files, the commit goes through the one door
(D-H3).
"""

import json
import shutil
from itertools import islice
from pathlib import Path

from backend.domain.ids import born_ms, new_id
from backend.domain.text import is_id
from backend.domain.timing import add_days, at_local, local_date, parse_instant
from backend.errors import Refused
from backend.imports import Preview, prepare, read_table, recognise
from backend.imports.branch_lookup import BranchLookup
from backend.models.scope import Scope
from backend.models.sync import ImportMapping, ImportRun
from backend.sync import door, people

BATCH = 500
KEEP_DAYS = 7
KINDS = {"deliveries": "delivery.import", "repair_orders": "repair_order.import"}


def folder(data_dir: Path, run_id: str) -> Path:
    """Where an import's files lie."""
    return data_dir / "imports" / run_id


def preview(
    scope: Scope, person: dict, part: str, kind: str, path: Path, filename: str, given: dict | None,
    data_dir: Path, now: str,
) -> Preview:  # fmt: skip
    """Read an uploaded file and judge its rows; nothing of the branch's data changes.

    :raise ImportRefused: the file cannot be read, or its columns are not recognised.
    """
    saved = saved_mapping(part, kind)
    run_id = new_id()
    place = folder(data_dir, run_id)
    try:
        with read_table(path, filename, kind=kind, mapping=given or saved) as table:
            mapping = recognise(table.columns, kind, saved, given)
            lookup = BranchLookup(scope, part)
            found = prepare(table, kind, part, mapping, lookup, now, run_id, place)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    ImportRun.create(
        part=part,
        id=run_id,
        kind=kind,
        staff_id=person["id"],
        filename=filename[:200],
        created_at=now,
        summary=json.dumps(found.counts),
    )
    return found


def saved_mapping(part: str, kind: str) -> dict | None:
    """The columns this branch's files had the last time."""
    row = ImportMapping.get_or_none((ImportMapping.part == part) & (ImportMapping.kind == kind))
    return row and json.loads(row.mapping)


def find(scope: Scope, run_id: str, data_dir: Path) -> tuple[ImportRun, Preview]:
    """An import of the scope and its preview.

    :raise Refused: 404 `not_found` if it is foreign, unknown, or its files are gone.
    """
    run = ImportRun.get_or_none((ImportRun.id == run_id) & ImportRun.part.in_(sorted(scope.parts)))
    if run is None:
        raise Refused("not_found")
    try:
        return run, Preview.load(folder(data_dir, run_id))
    except FileNotFoundError:
        raise Refused("not_found") from None


def commit(run: ImportRun, found: Preview, person: dict, now: str) -> dict:
    """Hand the rows in; `counts` by what came of them. Doing it again changes nothing (SYNC.md 2)."""
    actor = people.actor(person, run.part)
    counts = {"applied": 0, "merged": 0, "noop": 0, "parked": 0, **found.counts}
    ops = iter(found.ops)
    while some := list(islice(ops, BATCH)):
        for result in door.submit(some, actor, now):
            counts[result["status"]] += 1
    mapping = json.dumps(found.mapping, ensure_ascii=False)
    row = {"part": run.part, "kind": run.kind, "mapping": mapping}
    keys = [ImportMapping.part, ImportMapping.kind]
    ImportMapping.insert(row).on_conflict(conflict_target=keys, preserve=[ImportMapping.mapping]).execute()
    where = (ImportRun.part == run.part) & (ImportRun.id == run.id)
    ImportRun.update(committed_at=now, summary=json.dumps(counts)).where(where).execute()
    return counts


def sweep(data_dir: Path, now: str) -> int:
    """Remove the files of previews older than a week, known or not: a restore forgets those that came since;
    return how many.
    """
    place = folder(data_dir, "")
    here = [path.name for path in place.iterdir() if is_id(path.name)] if place.exists() else []
    oldest = parse_instant(at_local(add_days(local_date(now), -KEEP_DAYS), "00:00"))
    gone = [run_id for run_id in here if born_ms(run_id) < oldest]
    for run_id in gone:
        shutil.rmtree(folder(data_dir, run_id), ignore_errors=True)
    return len(gone)
