"""Tables in markup: HTML that dealer systems name .xls, and XML Spreadsheet 2003. Nothing is fetched or
expanded."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.parsers import expat

from .refused import refused
from .spool import SpoolWriter

CHUNK = 64 * 1024
SILENT = {"script", "style", "title"}
TAG_LIMIT = 1_000_000
FAR_TOO_WIDE = 10
EXCEL = "urn:schemas-microsoft-com:office:spreadsheet"


class _Finished(Exception):
    """Enough rows were read."""


class _Table:
    """One table being read: its sheet, the row so far, cells that earlier rows reach down into."""

    def __init__(self, sheet: int) -> None:
        self.sheet, self.line, self.cells = sheet, 0, 0
        self.row: list[str | None] = []
        self.below: dict[int, int] = {}
        self.cell: list[str] | None = None
        self.span = (1, 1)


class _HtmlTables(HTMLParser):
    def __init__(self, out: SpoolWriter) -> None:
        super().__init__(convert_charrefs=True)
        self.out, self.width = out, out.limits.max_columns + 1
        self.tables: list[_Table] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag == "table":
            self._begin()
        elif self.tables and tag == "tr":
            self._end_row()
        elif self.tables and tag in ("td", "th"):
            self._begin_cell(dict(attrs))
        elif self.tables and tag == "br" and self.tables[-1].cell is not None:
            self.tables[-1].cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif self.tables and tag in ("td", "th"):
            self._end_cell()
        elif self.tables and tag in ("tr", "table"):
            self._end_row()
            if tag == "table":
                self.tables.pop()

    def handle_data(self, data: str) -> None:
        if self.tables and self.tables[-1].cell is not None and not self.silent:
            self.tables[-1].cell.append(data)

    def close(self) -> None:
        super().close()
        while self.tables:
            self._end_row()
            self.tables.pop()

    def _begin(self) -> None:
        sheet = self.out.sheet(f"表格 {len(self.out.sheets) + 1}")
        if sheet is None:
            raise _Finished
        self.tables.append(_Table(sheet))

    def _begin_cell(self, attrs: dict[str, str | None]) -> None:
        self._end_cell()
        table = self.tables[-1]
        table.cells += 1
        if table.cells > FAR_TOO_WIDE * self.width:
            limit = self.out.limits.max_columns
            raise refused("import.too_many_columns", columns=f"{limit} 多", limit=limit)
        table.cell = []
        table.span = (_count(attrs.get("colspan"), self.width), _count(attrs.get("rowspan"), 1000))

    def _end_cell(self) -> None:
        table = self.tables[-1]
        if table.cell is None:
            return
        self._skip_covered(table)
        across, down = table.span
        for column in range(len(table.row), min(len(table.row) + across, self.width)):
            if down > 1:
                table.below[column] = down
        if len(table.row) < self.width:
            table.row += ["".join(table.cell), *[None] * (across - 1)]
        table.cell = None

    def _skip_covered(self, table: _Table) -> None:
        while table.below.get(len(table.row), 0) > 0 and len(table.row) < self.width:
            table.row.append(None)

    def _end_row(self) -> None:
        self._end_cell()
        table = self.tables[-1]
        if not table.row:
            return
        table.line, table.cells = table.line + 1, 0
        table.below = {column: left - 1 for column, left in table.below.items() if left > 1}
        if not self.out.row(table.sheet, table.line, table.row):
            raise _Finished
        table.row = []


def _count(value: str | None, most: int) -> int:
    text = (value or "").strip()
    if not (text.isascii() and text.isdigit()):
        return 1
    return max(1, min(int(text[:7]), most))


def read_html(path: Path, encoding: str, out: SpoolWriter) -> None:
    """Every `<table>` of a page as a sheet; scripts, styles and links mean nothing here."""
    parser = _HtmlTables(out)
    try:
        with path.open(encoding=encoding, errors="replace") as file:
            while chunk := file.read(CHUNK):
                parser.feed(chunk)
                if len(parser.rawdata) > TAG_LIMIT:
                    raise refused("import.damaged")
        parser.close()
    except _Finished:
        return
    except AssertionError as error:  # html.parser's way to say that a declaration is malformed
        raise refused("import.damaged") from error


class _Workbook2003:
    """Handlers for expat: Worksheet → sheet, Row (ss:Index) → line, Cell (ss:Index) → column, Data →
    value."""

    def __init__(self, out: SpoolWriter) -> None:
        self.out = out
        self.sheet: int | None = None
        self.line = 0
        self.row: list[Any] = []
        self.data: list[str] | None = None
        self.known = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        own = {key.rpartition(" ")[2]: value for key, value in attrs.items()}
        tag = name.rpartition(" ")[2]
        if tag == "Workbook" and name.startswith(EXCEL):
            self.known = True
        elif tag == "Worksheet":
            self.sheet, self.line = self.out.sheet(own.get("Name", "")), 0
        elif tag == "Row":
            self.line, self.row = _count(own.get("Index"), 10**7) if "Index" in own else self.line + 1, []
        elif tag == "Cell":
            self._place(own)
        elif tag == "Data":
            self.data = []

    def _place(self, own: dict[str, str]) -> None:
        width = self.out.limits.max_columns + 1
        if "Index" in own:
            self.row += [None] * (min(_count(own["Index"], width), width) - 1 - len(self.row))
        self.row.append(None)
        self.across = min(_count(own.get("MergeAcross", "0"), width), width) if "MergeAcross" in own else 0

    def text(self, data: str) -> None:
        if self.data is not None:
            self.data.append(data)

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "Data" and self.data is not None:
            if self.row:
                self.row[-1] = "".join(self.data)
            self.data = None
        elif tag == "Cell":
            self.row += [None] * self.across
        elif tag == "Row" and self.sheet is not None and not self.out.row(self.sheet, self.line, self.row):
            raise _Finished


def read_xml(path: Path, encoding: str, out: SpoolWriter) -> None:
    """An XML Spreadsheet 2003. :raise ImportRefused: another XML, not well-formed, or with a DOCTYPE
    (entities)."""
    book, parser = _Workbook2003(out), expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = book.start, book.end
    parser.CharacterDataHandler = book.text
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        with path.open(encoding=encoding, errors="replace") as file:
            while chunk := file.read(CHUNK):
                parser.Parse(chunk, False)
        parser.Parse("", True)
    except _Finished:
        return
    except expat.ExpatError as error:
        raise refused("import.damaged" if book.known else "import.unknown_type") from error
    if not book.known:
        raise refused("import.unknown_type")


def _no_doctype(*_: object) -> None:
    raise refused("import.damaged")
