"""What a file is, by its content: names lie (an HTML table named .xls, a PDF named .xlsx) and are not
asked."""

import zipfile
from pathlib import Path

import msoffcrypto
import olefile

from .refused import MB, ImportRefused, Limits, refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
BIFF = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
SIGNATURES = (
    (b"%PDF", "PDF 文件"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"RIFF", "图片或音视频"),
    (b"ID3", "录音"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    (b"SQLite format 3", "数据库文件"),
    (b"{\\rtf", "Word 文档"),
    (b"MIME-Version:", "网页归档"),
)
ZIP_PARTS = (
    ("xl/workbook.bin", "workbook"),
    ("xl/", "workbook"),
    ("word/", "Word 文档"),
    ("ppt/", "PPT 文稿"),
)
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."


def file_type(path: Path, limits: Limits) -> str:
    """`workbook` (xls, xlsx, xlsm, xlsb, ods), `html`, `xml` (Spreadsheet 2003) or `text`.

    :raise ImportRefused: empty, encrypted, damaged, a zip beyond the limits, or another kind of file.
    """
    with path.open("rb") as file:
        head = file.read(64 * 1024)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refused("import.empty")
    if head.startswith(OLE):
        return _ole_type(path)
    if head.startswith(ZIP):
        return _zip_type(path, limits)
    if head.startswith(BIFF):
        return "workbook"
    return _other_type(head)


def _other_type(head: bytes) -> str:
    if not head.startswith(UTF16):
        _refuse_known(head)
    sample = _readable(head)
    if sample is None:
        raise refused("import.unknown_type")
    start = sample.lstrip("\ufeff \t\r\n").lower()
    if start.startswith("<"):
        return _markup_type(start)
    return "text"


def _refuse_known(head: bytes) -> None:
    for magic, name in SIGNATURES:
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head[:512]):
            raise refused("import.wrong_type", type=name)
    if head[4:8] == b"ftyp":
        raise refused("import.wrong_type", type="音视频")


def _markup_type(start: str) -> str:
    if "<html" in start or "<!doctype html" in start:
        return "html"
    if "<?xml" in start or "<workbook" in start or ":workbook" in start:
        return "xml"
    if "<table" in start:
        return "html"
    raise refused("import.unknown_type")


def _readable(head: bytes) -> str | None:
    """The first bytes as text, in the roughest way; None when they are no text."""
    wide = wide_encoding(head)
    if wide:
        return head.decode(wide, "replace")
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in head)
    if b"\x00" in head or controls * 100 > len(head):
        return None
    return head.decode("latin-1").removeprefix("ï»¿")


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 with a byte order mark, or without one when every other byte of the ASCII in it is zero."""
    if head.startswith(UTF16):
        return "utf-16"
    even, odd = head[:2000:2], head[1:2000:2]
    if len(odd) > 4 and odd.count(0) * 5 > len(odd) and even.count(0) * 50 < len(even):
        return "utf-16-le"
    if len(odd) > 4 and even.count(0) * 5 > len(even) and odd.count(0) * 50 < len(odd):
        return "utf-16-be"
    return None


def _ole_type(path: Path) -> str:
    try:
        with olefile.OleFileIO(str(path)) as ole:
            names = {"/".join(entry).lower() for entry in ole.listdir(streams=True, storages=True)}
        if "encryptedpackage" in names:
            raise refused("import.password")
        if not names & {"workbook", "book"}:
            raise refused(
                "import.wrong_type", type="Word 文档" if "worddocument" in names else "其它软件的文件"
            )
        if _locked(path):
            raise refused("import.password")
    except ImportRefused:
        raise
    except Exception as error:  # olefile reports damage by whatever went wrong inside
        raise refused("import.damaged") from error
    return "workbook"


def _locked(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return bool(msoffcrypto.OfficeFile(file).is_encrypted())
    except Exception:  # BIFF5 and older are unknown to msoffcrypto: the reader itself will tell
        return False


def _zip_type(path: Path, limits: Limits) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise refused("import.password")
            kind = _zip_content(archive, entries)
            _measure(archive, entries, limits)
    except ImportRefused:
        raise
    except (
        Exception
    ) as error:  # a damaged zip shows as BadZipFile, zlib.error, EOFError, KeyError, struct.error, …
        raise refused("import.damaged") from error
    return kind


def _zip_content(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> str:
    names = [entry.filename.replace("\\", "/").lower() for entry in entries[:5000]]
    for prefix, kind in ZIP_PARTS:
        if any(name.startswith(prefix) for name in names):
            if kind != "workbook":
                raise refused("import.wrong_type", type=kind)
            return kind
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
        mime = archive.read("mimetype")
        if mime.startswith(OPEN_DOCUMENT + b"spreadsheet"):
            return "workbook"
        if mime.startswith(OPEN_DOCUMENT):
            raise refused("import.wrong_type", type="文档")
    raise refused("import.wrong_type", type="压缩包")


def _measure(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Unpack everything once, counting: the sizes a zip declares are only claims (TRUST.md, Files in)."""
    packed = max(1, sum(entry.compress_size for entry in entries))
    claimed = sum(entry.file_size for entry in entries)
    allowed = min(limits.max_unpacked, max(20 * MB, packed * limits.max_ratio))
    if len(entries) > limits.max_entries or claimed > allowed:
        raise refused("import.too_complex")
    total = 0
    for entry in entries:
        with archive.open(entry) as file:
            while chunk := file.read(MB):
                total += len(chunk)
                if total > allowed:
                    raise refused("import.too_complex")
