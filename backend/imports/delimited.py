"""CSV and its relatives: comma, tab, semicolon or bar, whatever separates the columns most evenly."""

import csv
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .refused import refused
from .spool import SpoolWriter

DELIMITERS = ",\t;|，"
SAMPLE_LINES = 60
csv.field_size_limit(200_000)


def read_delimited(path: Path, encoding: str, out: SpoolWriter) -> None:
    """All rows of a text table into one sheet. :raise ImportRefused: quotes that do not pair."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = [line.replace("\x00", "") for line in itertools.islice(_lines(file), SAMPLE_LINES)]
    delimiter = delimiter_of(sample)
    sheet = out.sheet("") or 0
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        for line, cells in _records(_lines(file), delimiter):
            if not out.row(sheet, line, list(cells)):
                return


def _lines(file: Iterator[str]) -> Iterator[str]:
    """Lines without a byte order mark, without Excel's `sep=` line (kept as a blank one), without Ctrl-Z."""
    for number, line in enumerate(file):
        text = line.lstrip("\ufeff") if number == 0 else line
        yield "\n" if number == 0 and text.lower().startswith("sep=") else text.replace("\x1a", "")


def _records(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refused("import.quotes", line=line) from error
        yield line, cells


def delimiter_of(sample: list[str]) -> str:
    """The delimiter that gives most lines the same number (> 1) of columns; a comma when none does."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: list[str], delimiter: str) -> tuple[int, int]:
    try:
        widths = [len(row) for row in csv.reader(iter(sample), delimiter=delimiter) if any(row)]
    except csv.Error:
        return (0, 0)
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return (0, 0)
    width, lines = max(counts.items(), key=lambda item: (item[1], item[0]))
    return (lines * min(width, 20), width)
