"""Hostile and merely wrong files: refused with a clear text, within limits, without harm (TRUST.md)."""

import io
import time
import zipfile

import msoffcrypto
import pytest

import shared_schema
from backend.imports import ImportRefused, Limits
from backend.imports.refused import MB
from tests.imports import making
from tests.imports.making import DELIVERY_HEADINGS, deliveries, delivery, look_at, vin

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(path, **limits):
    """The refusal of a file; anything else fails the test."""
    with pytest.raises(ImportRefused) as caught:
        look_at(path, limits=Limits(**{"seconds": 60, "memory_bytes": 512 * MB, **limits}))
    error = caught.value
    listed = shared_schema.load()["codes"][error.code]
    assert error.status == listed["status"] and 400 <= error.status < 500
    assert "{" not in error.message and error.message
    return error


def code_of(path, content=None, **limits):
    if content is not None:
        path.write_bytes(content)
    return refusal(path, **limits).code


def zipped(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def rebuilt(path, change):
    """A workbook with some parts replaced: `change` gets `{name: bytes}`."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return zipped(path, parts)


SHEET = "xl/worksheets/sheet1.xml"

WRONG = {
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF 文件"),
    "jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(100), "图片"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "图片"),
    "bmp": (b"BM\x36\x00\x00\x00\x00\x00" + bytes(100), "图片"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(100), "压缩包"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(100), "压缩包"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(100), "压缩包"),
    "exe": (b"MZ\x90\x00\x03" + bytes(100), "程序"),
    "mp4": (b"\x00\x00\x00\x18ftypmp42" + bytes(100), "音视频"),
    "sqlite": (b"SQLite format 3\x00" + bytes(100), "数据库文件"),
    "rtf": (b"{\\rtf1\\ansi hello}", "Word 文档"),
    "mhtml": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "网页归档"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_other_kinds_of_files_are_named_whatever_they_are_called(kind, tmp_path):
    content, name = WRONG[kind]
    path = tmp_path / "交车.xlsx"
    path.write_bytes(content)
    error = refusal(path)
    assert (error.code, error.details) == ("import.wrong_type", {"type": name}) and name in error.message


@pytest.mark.parametrize("part", ["word/document.xml", "ppt/presentation.xml", "photo.jpg"])
def test_other_archives_are_named(part, tmp_path):
    assert refusal(zipped(tmp_path / "a.xlsx", {part: "x"})).code == "import.wrong_type"


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00" * 5000])
def test_empty_files_are_told_so(content, tmp_path):
    assert code_of(tmp_path / "a.csv", content) == "import.empty"


def test_an_empty_workbook_is_told_so(tmp_path):
    assert code_of(making.xlsx(tmp_path / "a.xlsx", [])) == "import.empty"


def test_a_workbook_with_a_password_is_recognised(tmp_path):
    plain, locked = io.BytesIO(making.xlsx(tmp_path / "a.xlsx", deliveries()).read_bytes()), io.BytesIO()
    msoffcrypto.OfficeFile(plain).encrypt("secret", locked)
    assert code_of(tmp_path / "b.xlsx", locked.getvalue()) == "import.password"


def test_an_encrypted_zip_is_recognised(tmp_path):
    path = making.xlsx(tmp_path / "a.xlsx", deliveries())
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    assert code_of(tmp_path / "b.xlsx", bytes(content)) == "import.password"


def test_size_is_limited_before_anything_is_read(tmp_path):
    path = making.text(tmp_path / "a.csv", deliveries(100))
    error = refusal(path, max_bytes=1000)
    assert error.code == "import.too_large" and error.status == 413


def test_a_zip_bomb_is_refused_by_ratio(tmp_path):
    bomb = zipped(tmp_path / "a.xlsx", {"xl/workbook.xml": b" " * (60 * MB)})
    assert bomb.stat().st_size < MB
    assert code_of(bomb) == "import.too_complex"


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path):
    path = zipped(tmp_path / "a.xlsx", {"xl/workbook.xml": b" " * (60 * MB)})
    content = path.read_bytes().replace((60 * MB).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert code_of(tmp_path / "b.xlsx", content) in ("import.damaged", "import.too_complex")


def test_entries_of_a_zip_are_limited(tmp_path):
    parts = {"xl/workbook.xml": "x", **{f"xl/{n}.xml": "" for n in range(3000)}}
    assert code_of(zipped(tmp_path / "a.xlsx", parts)) == "import.too_complex"


def test_two_far_cells_do_not_take_the_memory(tmp_path):
    """calamine allocates the rectangle between them, 16384 × 1048576 cells: only the reader may die."""

    def far(parts):
        parts[SHEET] = parts[SHEET].replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        )

    path = making.xlsx(tmp_path / "a.xlsx", deliveries())
    rebuilt(path, far)
    assert code_of(path) == "import.too_complex"


@pytest.mark.parametrize(
    "before",
    ['<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>', '<!DOCTYPE x SYSTEM "file:///etc/passwd">'],
)
def test_entities_in_xml_spreadsheets_are_refused(before, tmp_path):
    assert code_of(making.xml_2003(tmp_path / "a.xls", deliveries(), before)) == "import.damaged"


def test_a_billion_laughs_in_a_workbook_does_nothing(tmp_path):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

    def laugh(parts):
        parts[SHEET] = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]>'.encode() + (
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            b'<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'
        )

    path = making.xlsx(tmp_path / "a.xlsx", deliveries())
    rebuilt(path, laugh)
    begun = time.monotonic()
    assert code_of(path) in ("import.damaged", "import.no_header", "import.empty")
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("shape", ["text", "html", "xlsx"])
def test_a_million_columns_are_refused(shape, tmp_path):
    path = tmp_path / "a.csv"
    if shape == "text":
        line = ",".join(DELIVERY_HEADINGS) + "," + ",".join(f"c{n}" for n in range(1_000_000))
        path.write_text(line + "\n" + ",".join(map(str, delivery(1))), encoding="utf-8")
    elif shape == "html":
        cells = "".join(f"<td>{name}</td>" for name in DELIVERY_HEADINGS) + "<td>x</td>" * 1_000_000
        path.write_text(f"<html><table><tr>{cells}</tr></table>", encoding="utf-8")
    else:
        making.xlsx(path, [[*DELIVERY_HEADINGS, *range(16_000)], delivery(1)])
    assert code_of(path) == "import.too_many_columns"


def test_rows_are_limited(tmp_path):
    path = making.text(tmp_path / "a.csv", deliveries(300))
    assert code_of(path, max_rows=100) == "import.too_many_rows"
    assert look_at(path, limits=Limits(max_rows=300)).counts["new"] == 300


def test_html_spans_cannot_grow(tmp_path):
    spans = f'<td colspan="999999999" rowspan="999999999">{"1" * 50}</td>'
    path = tmp_path / "a.xls"
    path.write_text(f"<html><table>{f'<tr>{spans}</tr>' * 50}</table>", encoding="utf-8")
    assert code_of(path) in ("import.no_header", "import.too_many_columns")


@pytest.mark.parametrize("start", ["<!--", "<!DOCTYPE ", "<a b='", "<![CDATA[", "<td>&#", "<script>"])
def test_html_that_never_ends_is_refused_in_time(start, tmp_path):
    path = tmp_path / "a.xls"
    path.write_text(f"<html><table>{start}" + "x<" * 3_000_000, encoding="utf-8")
    begun = time.monotonic()
    assert code_of(path, seconds=10) in (
        "import.damaged",
        "import.empty",
        "import.unreadable",
        "import.no_header",
    )
    assert time.monotonic() - begun < 25


def test_deep_markup_is_no_matter(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text("<html>" + "<table><tr><td>" * 50_000, encoding="utf-8")
    assert code_of(path) in ("import.empty", "import.no_header")
    xml = making.xml_2003(tmp_path / "b.xls", deliveries())
    xml.write_text(
        xml.read_text(encoding="utf-8").replace("<Table>", "<a>" * 50_000 + "<Table>"), encoding="utf-8"
    )
    assert code_of(xml) == "import.damaged"


def test_an_unclosed_quote_is_told_with_its_line(tmp_path):
    lines = [
        ",".join(DELIVERY_HEADINGS),
        f'2026-11-19,"客户1,{vin(1)}',
        *(",".join(map(str, delivery(n))) for n in range(9000)),
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    error = refusal(path)
    assert (error.code, error.details["line"]) == ("import.quotes", 2)


def test_text_in_no_known_encoding_is_refused(tmp_path):
    content = b"a,b\n" + bytes(range(0x80, 0x100)) * 50
    assert code_of(tmp_path / "a.csv", content) == "import.encoding"


def test_a_reader_that_takes_too_long_is_stopped(tmp_path):
    path = making.text(tmp_path / "a.csv", deliveries(50_000))
    begun = time.monotonic()
    assert code_of(path, seconds=0) == "import.unreadable"
    assert time.monotonic() - begun < 5
