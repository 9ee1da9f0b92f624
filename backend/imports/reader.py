"""The reader process: turns one uploaded file into spooled rows under limits on memory and time, then ends.

It is its own process because a hostile or merely odd file can make a parser abort (calamine allocates the
whole
rectangle between two far cells) or run for ever; then only this process dies. Started by `workbench.read`.
"""

import contextlib
import json
import resource
import sys
from pathlib import Path

import python_calamine as calamine

from .delimited import read_delimited
from .encoding import encoding_of
from .markup import read_html, read_xml
from .refused import ImportRefused, Limits, refused
from .sniff import file_type
from .spool import SpoolWriter

REFUSED, OUT_OF_MEMORY = 3, 4
TEXT_READERS = {"text": read_delimited, "html": read_html, "xml": read_xml}


def read(path: Path, out: SpoolWriter) -> list[str]:
    """Read any accepted file into the spool; returns note codes. :raise ImportRefused: it cannot be read."""
    kind = file_type(path, out.limits)
    if kind == "workbook":
        read_workbook(path, out)
        return []
    encoding, damaged = encoding_of(path)
    TEXT_READERS[kind](path, encoding, out)
    return ["note.garbled"] if damaged else []


def read_workbook(path: Path, out: SpoolWriter) -> None:
    """Every worksheet of an xls, xlsx, xlsm, xlsb or ods file; values only, no macro and no formula is
    run."""
    try:
        # Opened as a stream, for by a path calamine would believe the name.
        with path.open("rb") as file, calamine.CalamineWorkbook.from_filelike(file) as book:
            for index, meta in enumerate(book.sheets_metadata):
                if meta.typ == calamine.SheetTypeEnum.WorkSheet:
                    _read_sheet(book, index, meta, out)
    except calamine.PasswordError as error:
        raise refused("import.password") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise refused("import.damaged") from error
    except BaseException as error:  # a panic inside calamine is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise refused("import.damaged") from error


def _read_sheet(
    book: calamine.CalamineWorkbook, index: int, meta: calamine.SheetMetadata, out: SpoolWriter
) -> None:
    number = out.sheet(meta.name, meta.visible == calamine.SheetVisibleEnum.Visible)
    if number is None:
        return
    for line, cells in enumerate(book.get_sheet_by_index(index).iter_rows(), start=1):
        if not out.row(number, line, cells):
            return


def _limit(limits: Limits) -> None:
    wanted = ((resource.RLIMIT_AS, limits.memory_bytes), (resource.RLIMIT_CPU, limits.seconds))
    for what, amount in (*wanted, (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # macOS has no limit on address space
            resource.setrlimit(what, (amount, amount))


def main(source: str, target: str, limits_json: str) -> int:
    """Read `source` into the spool at `target`; a refusal is printed as JSON `{code, details}`, exit
    status 3;
    4 when memory ran out."""
    limits = Limits(**json.loads(limits_json))
    _limit(limits)
    out = SpoolWriter(Path(target), limits)
    try:
        notes = read(Path(source), out)
    except ImportRefused as refusal:
        print(json.dumps({"code": refusal.code, "details": refusal.details}))
        return REFUSED
    except MemoryError:
        return OUT_OF_MEMORY
    out.close(notes=notes)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
