"""The child process that makes PDFs for `exports.pool`: `python -m exports.worker <font dir> <memory MB>`.

Frames are 8 bytes of length, then the body. In: JSON `{form, payloads, cpu_s}`. Out: `+` and the PDF, or `-`
and why not.
"""

import json
import os
import sys
from pathlib import Path
from typing import IO

from exports import limits

OUT_OF_MEMORY = 77
LONGEST_FRAME = 1 << 30


def send(stream: IO[bytes], body: bytes) -> None:
    """Write one frame."""
    stream.write(len(body).to_bytes(8, "big"))
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one frame; None when the other side is gone."""
    size = stream.read(8)
    if len(size) < 8 or int.from_bytes(size, "big") > LONGEST_FRAME:
        return None
    body = stream.read(int.from_bytes(size, "big"))
    return body if len(body) == int.from_bytes(size, "big") else None


def main(font_dir: str, memory_mb: str) -> None:
    """Give up what is not needed, load fonts and stylesheet once, then answer until the parent goes."""
    frames = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not land between frames
    alone = limits.drop_network()
    limits.limit(int(memory_mb))
    from exports import render

    press = render.Press(Path(font_dir))
    press.pdf([render.render_html("callback_log", _warm_up())])
    limits.forbid()
    send(frames, b"+network off" if alone else b"+network refused by hook")
    try:
        while request := receive(sys.stdin.buffer):
            send(frames, _answer(json.loads(request), press, render.render_html))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _answer(job: dict, press, render_html) -> bytes:
    limits.allow_processor(job["cpu_s"])
    try:
        return b"+" + press.pdf([render_html(job["form"], payload) for payload in job["payloads"]])
    except MemoryError:
        raise
    except Exception as error:
        return f"-{type(error).__name__}: {error}".encode()[:2000]


def _warm_up() -> dict:
    """A sheet without content: laying it out once loads fonts and imports."""
    texts = ("title", "number", "revision", "branch", "hotline", "qr", "printed_at", "printed_by")
    empty: dict = {"from": None, "to": None, "calls": [], "totals": None, "spare": 1}
    return {**dict.fromkeys(texts, "车"), "form": "callback_log", "is_blank": True, **empty}


if __name__ == "__main__":
    main(*sys.argv[1:])
