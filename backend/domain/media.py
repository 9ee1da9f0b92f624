"""What a file really is, found in its first bytes: its name and its sender's word count for nothing
(TRUST.md, Files in).
"""

HEAD_BYTES = 64
_MARKS = {
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "pdf": (b"%PDF-",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "ogg": (b"OggS",),
    "webm": (b"\x1aE\xdf\xa3",),
}
_RIFF = {b"WEBP": "webp", b"WAVE": "wav"}
_BRANDS = (b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso5", b"iso6")


def sniff(head: bytes) -> str | None:
    """The code in lists/media_type.json that the first 64 bytes speak of; None for any other content."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return "m4a" if head[8:12] in _BRANDS else None
    return next((code for code, marks in _MARKS.items() if head.startswith(marks)), None)
