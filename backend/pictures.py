"""Pictures made anew for looking at (TRUST.md, Files in).

A picture is decoded in a child process that has given up network, memory and processor time beyond a limit; a
file that stumbles there is refused and nobody else notices.
"""

import subprocess
import sys
from pathlib import Path

import shared_schema
from backend.config import PROJECT

CHILD_S = 30
VIEWS = {"view": 2560, "thumb": 320}  # the longer side in pixels


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
