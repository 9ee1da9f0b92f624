"""What a file really is, found in its bytes, and pictures made anew for looking at (TRUST.md, Files in).

A picture is decoded in a child process that has given up network, memory and processor time beyond a limit; a
file that stumbles there is refused and nobody else notices.
"""

import subprocess
import sys
from pathlib import Path

import shared_schema
from backend.config import PROJECT

HEAD_BYTES = 64
CHILD_S = 30
VIEWS = {"view": 2560, "thumb": 320}  # the longer side in pixels
_MARKS = {
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "pdf": (b"%PDF-",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "ogg": (b"OggS",),
    "webm": (b"\x1aE\xdf\xa3",),
}
_RIFF = {b"WEBP": "webp", b"WAVE": "wav"}
_BRANDS = (
    b"M4A ",
    b"M4B ",
    b"mp41",
    b"mp42",
    b"isom",
    b"iso2",
    b"iso5",
    b"iso6",
    b"3gp4",
    b"3gp5",
    b"3gp6",
    b"dash",
)


def sniff(head: bytes) -> str | None:
    """The code in lists/media_type.json that the first 64 bytes speak of; None for any other content."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return "m4a" if head[8:12] in _BRANDS else None
    return next((code for code, marks in _MARKS.items() if head.startswith(marks)), None)


def medium(code: str) -> dict:
    """The row of lists/media_type.json: `{code, label, type, suffix, kind}`."""
    return next(item for item in shared_schema.load()["lists"]["media_type"]["items"] if item["code"] == code)


def views(path: Path, folder: Path) -> dict[str, Path] | None:
    """Decode a picture and write what is shown of it, without EXIF: `{view, thumb}` as JPEG in `folder`.

    None when it is no sound picture, is larger than 64 megapixels, or takes too much memory or time.
    """
    command = [sys.executable, "-m", "backend.picture_child", str(path), str(folder)]
    try:
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, timeout=CHILD_S, check=False)
    except subprocess.TimeoutExpired:
        return None
    made = {name: folder / f"{name}.jpg" for name in VIEWS}
    return made if done.returncode == 0 and all(file.is_file() for file in made.values()) else None
