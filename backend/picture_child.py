"""The child process that decodes one picture for `backend.pictures`: `python -m backend.picture_child <file>
<folder>`; it ends with 0 when it has written view.jpg and thumb.jpg there.
"""

import sys
import warnings
from pathlib import Path

from exports import limits

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 64_000_000
MEMORY_MB, CPU_S = 1024, 20
QUALITY = {"view": 85, "thumb": 75}


def main(source: str, folder: str) -> None:
    """Give up what is not needed, decode, turn upright, and write both views smallest last."""
    from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401

    from backend.pictures import VIEWS

    limits.drop_network()
    limits.limit(MEMORY_MB)
    limits.allow_processor(CPU_S)
    limits.forbid()
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(source, formats=FORMATS) as opened:
        opened.draft("RGB", (VIEWS["view"], VIEWS["view"]))
        picture = _on_white(ImageOps.exif_transpose(opened))
    for name, side in VIEWS.items():
        picture.thumbnail((side, side))
        picture.save(Path(folder) / f"{name}.jpg", "JPEG", quality=QUALITY[name], optimize=True)


def _on_white(picture):
    """The picture as RGB; what is see-through becomes white, as on paper."""
    from PIL import Image

    if picture.mode not in ("RGBA", "LA", "PA", "P"):
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    paper = Image.new("RGB", clear.size, "white")
    paper.paste(clear, mask=clear.getchannel("A"))
    return paper


if __name__ == "__main__":
    main(*sys.argv[1:])
