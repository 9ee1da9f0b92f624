"""Files as people photograph, scan and record them, made in memory; and files that mean harm."""

import io
import struct
import zlib

from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **more: object) -> bytes:
    """A picture with something to see: a slope of colours."""
    made = Image.linear_gradient("L").resize(size).convert(more.pop("mode", "RGB"))
    out = io.BytesIO()
    made.save(out, kind, **more)
    return out.getvalue()


def with_exif(text: str) -> bytes:
    """A JPEG lying on its side whose EXIF tells where and by whom it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = text
    return picture(exif=exif)


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few KB that would need gigabytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SOUNDS = {
    "m4a": b"\0\0\0\x20ftypM4A \0\0\0\0" + b"\0" * 100,
    "mp3": b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb" * 60,
    "wav": b"RIFF\x80\0\0\0WAVEfmt " + b"\0" * 100,
    "ogg": b"OggS\0\2" + b"\0" * 100,
    "webm": b"\x1aE\xdf\xa3" + b"\0" * 100,
}
HARMLESS = {
    "jpeg": picture(),
    "png": picture("PNG", mode="RGBA"),
    "webp": picture("WEBP"),
    "pdf": PDF,
    **SOUNDS,
}
_JPEG = picture()
# What begins like a picture and is none, or is one that nobody should have to decode.
HOSTILE_PICTURES = {
    "bomb": bomb(),
    "bomb just over": bomb(8001, 8000),
    "cut off": picture("PNG")[:200],
    "only the mark": b"\xff\xd8\xff\xe0" + b"\0" * 100,
    "script after the mark": b"\xff\xd8\xff<script>alert(1)</script>" + b" " * 100,
    "riff without a picture": b"RIFF\x10\0\0\0WEBPVP8 " + b"\xff" * 100,
    "wrong checksums": picture("PNG").replace(b"IDAT", b"IDAX"),
    "no size": b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
}
OTHER_CONTENT = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "html": b"<!doctype html><script>alert(1)</script>",
    "gif": picture("GIF", mode="L"),
    "tiff": picture("TIFF"),
    "bmp": picture("BMP"),
    "zip": b"PK\3\4" + b"\0" * 100,
    "program": b"\x7fELF" + b"\0" * 100,
    "text": "投诉处理".encode() * 20,
    "film": b"\0\0\0\x20ftypqt  " + b"\0" * 100,
    "postscript": b"%!PS-Adobe-3.0\n" + b" " * 100,
    "avi": b"RIFF\x80\0\0\0AVI LIST" + b"\0" * 100,
    "one byte": b"\xff",
}
