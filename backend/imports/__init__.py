"""Spreadsheets → ops: read a file, recognise its columns, judge its rows, and leave ops for the one door
(D-H3).

with read_table(path, filename, kind=kind, mapping=given or saved) as table:
    mapping = recognise(table.columns, kind, saved, given)
    preview = prepare(table, kind, part, mapping, lookup, now, import_id, folder)
"""

from .errors_sheet import errors_workbook
from .headings import Mapping, recognise
from .lookup import Lookup, NoData
from .prepare import prepare
from .preview import Preview
from .refused import ImportRefused, Limits
from .table import Table, read_table

__all__ = [
    "ImportRefused",
    "Limits",
    "Lookup",
    "Mapping",
    "NoData",
    "Preview",
    "Table",
    "errors_workbook",
    "prepare",
    "read_table",
    "recognise",
]
