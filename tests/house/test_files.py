"""What may lie in the tree, and how long a file may grow."""

import ast
import json
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, files_under, read, text_files

TOP_FOLDERS = {"backend", "frontend", "shared_schema", "exports", "tests", ".ci"}
TOP_FILES = {"Makefile", "README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE"}
TOOL_FILES = {
    ".gitignore",
    ".gitattributes",
    ".importlinter",
    "biome.json",
    "package.json",
    "package-lock.json",
    "pyproject.toml",
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-lock.txt",
    "tsconfig.json",
    "tsconfig.worker.json",
}
KINDS = {
    *(".py", ".js", ".mjs", ".ts", ".css", ".html", ".liquid", ".svg", ".png"),
    *(".json", ".webmanifest", ".toml", ".md", ".txt", ".csv", ".xlsx", ".xls", ""),
}
LARGEST_BYTES = 500_000
PYTHON_LINES = 300
JS_LINES = 150
TEST_LINES = 400  # tables of cases are long
FUNCTION_LINES = 30

# Where splitting would hurt reading, with the reason.
LONG_MODULES = {
    "backend/migrations/0001_first_tables.py": "a frozen copy of every table of the first release",
}
LONG_FUNCTIONS: dict[str, str] = {}


def test_top_level_holds_only_what_is_agreed():
    assert {p.parts[0] for p in files() if len(p.parts) > 1} <= TOP_FOLDERS
    assert {p.name for p in files() if len(p.parts) == 1} <= TOP_FILES | TOOL_FILES


def test_no_file_is_large_or_of_a_foreign_kind():
    assert [str(p) for p in files() if (ROOT / p).stat().st_size > LARGEST_BYTES] == []
    assert [str(p) for p in files() if p.suffix not in KINDS] == []


def test_no_third_party_file_is_committed():
    foreign = re.compile(r"(^|/)(node_modules|vendor|\.venv|third_party)/|\.min\.(js|css)$")
    assert [str(p) for p in files() if foreign.search(str(p))] == []
    sign = re.compile(r"^.{0,8}(Copyright \(c\)|@license|SPDX-License-Identifier)", re.M)
    own = {Path("LICENSE"), Path("package-lock.json")}
    assert [str(p) for p in text_files() if p not in own and sign.search(read(p))] == []


def test_nothing_is_left_for_later():
    mark = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    code = files_under(*TOP_FOLDERS, suffixes=(".py", ".js", ".mjs", ".css", ".html", ".liquid"))
    assert [str(p) for p in code if mark.search(read(p))] == []


def test_nothing_outside_the_tree_is_named():
    outside = re.compile(r"(?<![\w.])/(home|root|Users|tmp)/")
    here = Path("tests/house/test_files.py")
    assert [str(p) for p in text_files() if p != here and outside.search(read(p))] == []


@pytest.mark.parametrize("suffixes, limit", [((".py",), PYTHON_LINES), ((".js", ".mjs"), JS_LINES)])
def test_modules_stay_short(suffixes, limit):
    lengths = {p: len(read(p).splitlines()) for p in files_under(*TOP_FOLDERS, suffixes=suffixes)}
    limits = {p: TEST_LINES if p.parts[0] == "tests" else limit for p in lengths}
    assert {str(p): n for p, n in lengths.items() if n > limits[p] and str(p) not in LONG_MODULES} == {}


def functions() -> dict[str, int]:
    """The length of every function of the product in lines, its docstring left out."""
    modules = files_under("backend", "exports", "shared_schema", suffixes=(".py",))
    return {name: lines for path in modules for name, lines in _functions(path)}


def _functions(path: Path):
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.FunctionDef):
            documented = ast.get_docstring(node) is not None
            first = node.body[1] if documented and len(node.body) > 1 else node.body[0]
            yield f"{path}:{node.name}", node.end_lineno - first.lineno + 1


def test_python_functions_stay_short():
    long = {name: lines for name, lines in functions().items() if lines > FUNCTION_LINES}
    assert {name: lines for name, lines in long.items() if name not in LONG_FUNCTIONS} == {}


def test_exceptions_are_still_needed():
    """An exception whose module became short must go."""
    limits = {".py": PYTHON_LINES, ".js": JS_LINES, ".mjs": JS_LINES}
    stale = [p for p in LONG_MODULES if len(read(Path(p)).splitlines()) <= limits[Path(p).suffix]]
    assert stale == []
    lengths = functions()
    assert [name for name in LONG_FUNCTIONS if lengths.get(name, 0) <= FUNCTION_LINES] == []


def test_python_modules_say_why_they_exist():
    modules = files_under("backend", "exports", "shared_schema", "tests", ".ci", suffixes=(".py",))
    silent = [str(p) for p in modules if read(p).strip() and not ast.get_docstring(ast.parse(read(p)))]
    assert silent == []


def test_js_modules_say_why_they_exist():
    modules = files_under("frontend", suffixes=(".js", ".mjs"))
    assert [str(p) for p in modules if not read(p).startswith(("/**", "//"))] == []


def _once(pairs: list[tuple[str, object]]) -> dict:
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), f"a key stands twice among {names}"
    return dict(pairs)


@pytest.mark.parametrize("path", files_under("shared_schema", suffixes=(".json",)), ids=str)
def test_json_is_well_formed_and_tidy(path):
    text = read(path)
    json.loads(text, object_pairs_hook=_once)
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert "\t" not in text and "\r" not in text
    assert re.search(r"\\u[3-9][0-9a-f]{3}", text) is None, "write Chinese characters as themselves"
    lines = text.splitlines()
    assert [n for n, line in enumerate(lines, 1) if line != line.rstrip()] == []
    assert [n for n, line in enumerate(lines, 1) if (len(line) - len(line.lstrip(" "))) % 2] == []


def test_python_packages_are_pinned_and_locked():
    lock = _pins("requirements-lock.txt")
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert {p: v for p, v in _pins(name).items() if lock.get(p) != v} == {}


def _pins(name: str) -> dict[str, str]:
    lines = [line.lower() for line in read(Path(name)).splitlines() if not line.startswith(("#", "-r"))]
    return dict(re.sub(r"\[.*\]", "", line).split("==") for line in lines)


def test_js_packages_are_pinned():
    package = json.loads(read(Path("package.json")))
    versions = {**package["dependencies"], **package.get("devDependencies", {})}
    assert {n: v for n, v in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", v)} == {}
    lock = json.loads(read(Path("package-lock.json")))["packages"]
    assert {n: lock[f"node_modules/{n}"]["version"] for n in versions} == versions
