"""Spreadsheets made for the tests in every shape dealers hand in, and a branch to import them into."""

import csv
import io
import itertools
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

import shared_schema
from backend.domain.decide import decide
from backend.imports import Preview, prepare, read_table, recognise
from backend.imports.contacts import VALUES, WEIGHTS
from tests.domain.filed import Filed

PART = "B:SZ01"
NOW = "2026-11-22T06:00:00.000Z"
DELIVERY_HEADINGS = ["交车日期", "客户姓名", "联系电话", "车牌号", "车架号"]
ORDER_HEADINGS = ["工单号", "出厂时间", "维修类型", "VIN", "车牌号", "送修人", "送修人电话", "维修项目"]
NUMBERS = itertools.count()
ACTOR = {
    "id": "0192f000-0001-7000-8000-000000000001",
    "name": "Clerk",
    "roles": ["sales_clerk", "service_advisor"],
    "deputy_roles": [],
    "place": "server",
    "system": False,
}


def vin(number: int) -> str:
    """A VIN with a right check digit."""
    bare = f"LGXC12340RA{number:06d}"
    rest = sum(VALUES[sign] * weight for sign, weight in zip(bare, WEIGHTS, strict=True)) % 11
    return bare[:8] + ("X" if rest == 10 else str(rest)) + bare[9:]


def phone(number: int) -> str:
    """A mobile number."""
    return f"138{number:08d}"


def delivery(number: int, **other: Any) -> list[Any]:
    """A row under DELIVERY_HEADINGS; `other` replaces cells by `on`, `name`, `phone`, `plate`, `vin`."""
    row = {
        "on": "2026-11-19",
        "name": f"客户{number}",
        "phone": phone(number),
        "plate": f"粤B{number:05d}",
        "vin": vin(number),
    }
    return list((row | other).values())


def order(number: int, **other: Any) -> list[Any]:
    """A row under ORDER_HEADINGS; `other` replaces cells by name."""
    row = {
        "no": f"WX{number:06d}",
        "out": "2026/11/19 15:15",
        "type": "保养",
        "vin": vin(number),
        "plate": f"粤B{number:05d}",
        "name": f"客户{number}",
        "phone": phone(number),
        "items": "更换机油",
    }
    return list((row | other).values())


def deliveries(count: int = 2) -> list[list[Any]]:
    """A heading and some deliveries."""
    return [DELIVERY_HEADINGS, *(delivery(number) for number in range(1, count + 1))]


def xlsx(path: Path, rows: Iterable[list[Any]], title: str = "交车") -> Path:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def text(path: Path, rows: Iterable[list[Any]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A delimited text file."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def html(path: Path, rows: list[list[Any]], encoding: str = "utf-8") -> Path:
    """The page with one table that dealer systems name .xls."""
    lines = "".join("<tr>" + "".join(f"<td>{escape(str(c))}</td>" for c in row) + "</tr>" for row in rows)
    page = f'<html><head><meta charset="{encoding}"><style>td {{mso-number-format:"@"}}</style></head>'
    path.write_bytes(f"{page}<body><table>{lines}</table></body></html>".encode(encoding))
    return path


def xml_2003(path: Path, rows: list[list[Any]], before: str = "") -> Path:
    """An XML Spreadsheet 2003."""
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    cells = [
        "".join(f'<Cell><Data ss:Type="String">{escape(str(c))}</Data></Cell>' for c in row) for row in rows
    ]
    table = "".join(f"<Row>{row}</Row>" for row in cells)
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<?mso-application progid="Excel.Sheet"?>'
        f'<Workbook xmlns="{name}" xmlns:ss="{name}"><Worksheet ss:Name="交车"><Table>{table}</Table>'
        "</Worksheet></Workbook>",
        encoding="utf-8",
    )
    return path


def xls(path: Path) -> Path:
    """An Excel 97 workbook (BIFF8), kept as a sample: title, heading in line 3, two deliveries, a total."""
    return Path(shutil.copyfile(Path(__file__).parent / "samples" / "deliveries.xls", path))


def ods(path: Path, rows: list[list[Any]]) -> Path:
    """An OpenDocument spreadsheet as LibreOffice ends it: a million repeated empty rows."""
    names = {"office": "office", "table": "table", "text": "text"}
    spaces = " ".join(f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{v}:1.0"' for k, v in names.items())
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(c))}</text:p>'
            "</table:table-cell>"
            for c in row
        )
        + "</table:table-row>"
        for row in rows
    )
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="交车">{lines}{empty}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {spaces}/>")
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
    return path


@dataclass
class Branch(Filed):
    """A branch's data in dicts: what the importer asks (Lookup), and what `decide` reads."""

    docs: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    asked: int = 0

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Every document of a kind."""
        return [doc for (name, _), doc in self.docs.items() if name == kind]

    def put(self, kind: str, doc: dict[str, Any]) -> dict[str, Any]:
        """Store a document."""
        self.docs[kind, doc["id"]] = doc
        return doc

    def vehicle_by_plate(self, plate: str) -> str | None:
        """The id of the vehicle with this plate."""
        return next((doc["id"] for doc in self.all("vehicle") if doc.get("plate") == plate), None)

    def vehicle_by_vin(self, vin: str) -> str | None:
        """The id of the vehicle with this VIN."""
        return next((doc["id"] for doc in self.all("vehicle") if doc.get("vin") == vin), None)

    def existing(self, kind: str, id: str) -> dict[str, Any] | None:
        """A document."""
        return self.docs.get((kind, id))

    def customers_by_phone(self, phone: str) -> list[dict[str, Any]]:
        """Customers with this phone."""
        return [doc for doc in self.all("customer") if phone in doc.get("phones", [])]

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        """A document, as `decide` asks."""
        return self.existing(kind, id)

    def ref(self, _kind: str) -> list[dict[str, Any]]:
        """No group data: no plans, no tasks."""
        return []

    def commit(self, preview: Preview) -> list[str]:
        """Hand the ops in, as the door does; the status of each."""
        found = []
        for op in preview.ops:
            decision = decide(shared_schema.load(), op, self, ACTOR, NOW)
            assert decision["problems"] == [], (op, decision)
            for change in decision["changes"]:
                self.put(change["kind"], change["doc"])
            found.append(decision["status"])
        return found


def look_at(path: Path, branch: Branch | None = None, kind: str = "deliveries", **options: Any) -> Preview:
    """Read and prepare a file; `given` and `saved` mappings, `import_id` and `limits` as options."""
    given, saved = options.get("given"), options.get("saved")
    with read_table(path, path.name, options.get("limits"), kind=kind, mapping=given or saved) as table:
        mapping = recognise(table.columns, kind, saved, given)
        import_id = options.get("import_id", "import-1")
        place = path.parent / f"preview-{next(NUMBERS)}"
        return prepare(table, kind, PART, mapping, branch or Branch(), NOW, import_id, place)


def bodies(preview: Preview) -> list[dict[str, Any]]:
    """The bodies of a preview's ops."""
    return [op["body"] for op in preview.ops]


def codes(preview: Preview, part: str = "problems") -> list[str]:
    """Codes of all problems (or warnings), in the order of the file."""
    return [found["code"] for row in preview.rows for found in row[part]]


def states(preview: Preview) -> list[str]:
    """The state of every row."""
    return [row["state"] for row in preview.rows]


def delivered(folder: Path, rows: list, branch: Branch | None = None, **options: Any) -> Preview:
    """The preview of a list of deliveries."""
    return look_at(text(folder / "a.csv", [DELIVERY_HEADINGS, *rows]), branch, **options)


def repaired(folder: Path, rows: list, branch: Branch | None = None, **options: Any) -> Preview:
    """The preview of a list of repair orders."""
    path = text(folder / "b.csv", [ORDER_HEADINGS, *rows])
    return look_at(path, branch, "repair_orders", **options)
