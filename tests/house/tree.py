"""The files of this project as git sees them, for the tests about the house itself."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {".git", ".venv", "node_modules", "var", "vendor", "__pycache__", ".hypothesis", ".schemathesis"}
MADE |= {".ruff_cache", ".mypy_cache", ".pytest_cache", ".import_linter_cache"}
NOT_TEXT = {".png", ".xlsx", ".xls", ".csv"}  # a CSV may be GBK


@cache
def files() -> tuple[Path, ...]:
    """Every file that is, or would be, committed; paths are relative to the root."""
    safe = ["git", "-c", f"safe.directory={ROOT}"]
    command = [*safe, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if out.returncode == 0 and out.stdout:
        found = {Path(name) for name in out.stdout.split("\0") if name and (ROOT / name).is_file()}
    else:  # an unpacked archive without .git
        found = {p.relative_to(ROOT) for p in ROOT.rglob("*") if p.is_file() and not MADE & set(p.parts)}
    return tuple(sorted(found))


def files_under(*folders: str, suffixes: tuple[str, ...]) -> list[Path]:
    """The files in these top-level folders whose names end so."""
    return [p for p in files() if p.parts[0] in folders and p.suffix in suffixes]


def text_files() -> list[Path]:
    """Every file meant to be read."""
    return [p for p in files() if p.suffix not in NOT_TEXT]


def read(path: Path) -> str:
    """The text of a file of the tree."""
    return (ROOT / path).read_text(encoding="utf-8")
