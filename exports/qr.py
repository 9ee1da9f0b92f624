"""The QR code of a sheet, pinned so that `frontend/src/lib/qr.js` draws the same modules (D-X16).

Byte mode, level M, version 5 (37 modules, up to 84 characters) and mask 2 are fixed: two libraries that
choose for themselves would differ.
"""

import segno

VERSION, MASK, LIMIT = 5, 2, 84


def qr_text(number: str, revision: str, part: str, record_id: str) -> str:
    """What a sheet says about itself: `CD1:<form number>:<revision>:<part>:<record id>` (D-X16)."""
    return f"CD1:{number}:{revision}:{part}:{record_id}"


def qr_matrix(text: str) -> list[list[bool]]:
    """The 37 × 37 modules of an ASCII text.

    :raise ValueError: not ASCII, or longer than 84 characters
    """
    if not text.isascii() or len(text) > LIMIT:
        raise ValueError("qr.text")
    code = segno.make_qr(text, error="m", version=VERSION, mode="byte", mask=MASK, boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix]


def qr_path(text: object) -> str:
    """The SVG path of the code in module units; a text that cannot be encoded gives an empty path."""
    try:
        rows = qr_matrix(str(text))
    except ValueError:
        return ""
    return "".join(_row_path(y, row) for y, row in enumerate(rows))


def _row_path(y: int, row: list[bool]) -> str:
    path, start = "", None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            path += f"M{start} {y}h{x - start}v1h-{x - start}z"
            start = None
    return path
