"""The import itself: table → rows with a verdict each → ops for the one door (D-H1, D-H2, D-H3). Changes
nothing."""

from pathlib import Path
from typing import Any

import shared_schema
from backend.domain.ids import content_id
from backend.domain.timing import local_date

from .build import Builder, imported_text
from .headings import Mapping
from .lookup import Lookup
from .preview import Preview, PreviewWriter
from .reading import as_text
from .refused import refused
from .rows import Parsed, merge_lines, parse_row, require
from .spec import load, message
from .table import Table

WHAT = {"delivery": "次交车", "repair_order": "张工单"}
SUMMARY = ("vin", "plate", "name", "sender_name", "owner_name", "number", "delivered_on", "out_at")


def prepare(
    table: Table,
    kind: str,
    part: str,
    mapping: Mapping,
    lookup: Lookup,
    now: str,
    import_id: str,
    folder: Path,
) -> Preview:
    """Judge every row of a table against a branch's data, without changing anything.

    `now` is an instant; `import_id` names this import and makes the ops' ids; `folder` keeps the preview
    for the commit. Rows end `new`, `changed`, `same` or `error`; ops exist for the first two.
    :raise ImportRefused: `import.columns` when required columns are missing; its details hold `columns`,
        `mapping` and `fields` for the user to choose from.
    """
    if not table.nil and mapping.missing:
        raise _columns_missing(table, mapping)
    with PreviewWriter(folder) as writer:
        job = _Job(kind, part, lookup, now, import_id, writer)
        if not table.nil:
            lines = (parse_row(mapping, line, cells) for line, cells in table.rows)
            for parsed in merge_lines(lines, job.spec):
                job.settle(parsed)
    return _finished(table, kind, part, mapping, import_id, writer)


def _columns_missing(table: Table, mapping: Mapping) -> Exception:
    labels = "、".join(row.label for row in mapping.missing)
    error = refused("import.columns", missing=labels)
    error.details |= {
        "missing": [{"field": row.name, "label": row.label} for row in mapping.missing],
        "columns": table.columns,
        "mapping": mapping.as_json(),
        "fields": [
            {"field": row.name, "label": row.label, "required": row.required}
            for row in load(mapping.kind).fields.values()
        ],
    }
    return error


def _finished(
    table: Table, kind: str, part: str, mapping: Mapping, import_id: str, writer: PreviewWriter
) -> Preview:
    preview = Preview(
        folder=writer.folder, kind=kind, part=part, import_id=import_id, mapping=mapping.as_json(),
        columns=table.columns, sheet=table.sheet, header_line=table.header_line, counts=writer.totals(),
        notes=list(table.notes), skipped=dict(table.skipped), warned=writer.warned,
    )  # fmt: skip
    preview.nil = preview.counts["total"] == 0
    preview.save()
    return preview


class _Job:
    """Decides row by row; holds what the decisions share."""

    def __init__(
        self, kind: str, part: str, lookup: Lookup, now: str, import_id: str, writer: PreviewWriter
    ) -> None:
        self.spec, self.part, self.lookup, self.writer = load(kind), part, lookup, writer
        self.now, self.today, self.import_id = now, local_date(now), import_id
        self.builder = Builder(kind, part, lookup)
        self.version: int = shared_schema.load()["ops"][self.spec.op]["v"]

    def settle(self, parsed: Parsed) -> None:
        """Give a row its state, write it, and its op when there is something to do."""
        require(parsed, self.spec, self.today)
        state = "error" if parsed.problems else self._state(parsed)
        self.writer.row(self._entry(parsed, state))
        for line in parsed.merged:
            warning = {
                "field": "number",
                "code": "warn.merged",
                "message": message("warn.merged", line=parsed.line),
            }
            entry = {"line": line, "state": "same", "problems": [], "warnings": [warning], "summary": {}}
            if state == "error":
                entry |= {"state": "error", "problems": parsed.problems, "cells": []}
            self.writer.row(entry)

    def _entry(self, parsed: Parsed, state: str) -> dict[str, Any]:
        summary = {name: parsed.row[name] for name in SUMMARY if name in parsed.row}
        entry = {
            "line": parsed.line, "state": state, "problems": parsed.problems, "warnings": parsed.warnings,
            "summary": summary,
        }  # fmt: skip
        return entry | ({"cells": [as_text(cell) for cell in parsed.cells]} if state == "error" else {})

    def _state(self, parsed: Parsed) -> str:
        record_id = self.builder.record_id(parsed.row)
        repeated = self.builder.repeated(parsed, record_id)
        if repeated is not None:
            return self._repeated(parsed, *repeated)
        prior = self.lookup.existing(self.spec.record, record_id)
        vehicle = self.builder.vehicle(parsed.row, prior)
        if vehicle is None:
            parsed.refuse("vin", "row.no_vehicle", plate=parsed.row["plate"])
            return "error"
        body = self.builder.body(parsed.row, vehicle, record_id, prior)
        same = prior is not None and prior.get("imported") == imported_text(body)
        if not same:
            self.builder.doubts(parsed, vehicle, prior is None)
            self.writer.op(self._op(parsed.line, body))
        self.builder.remember(parsed, vehicle, record_id)
        return "same" if same else "changed" if prior else "new"

    def _repeated(self, parsed: Parsed, line: int, exactly: bool) -> str:
        if exactly:
            parsed.warn(self._key(), "warn.repeated", line=line)
            return "same"
        parsed.refuse(self._key(), "row.duplicate", line=line, what=WHAT[self.spec.record])
        return "error"

    def _key(self) -> str:
        return "vin" if self.spec.record == "delivery" else "number"

    def _op(self, line: int, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": content_id(self.part, "op", self.import_id, str(line)),
            "kind": self.spec.op,
            "v": self.version,
            "part": self.part,
            "body": body,
            "at": self.now,
        }
