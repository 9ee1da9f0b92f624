"""Who may import whom in the browser, and what only one place may touch; for Python see `.importlinter`."""

import ast
import posixpath
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files_under, read

# A module may import its own layer and those below: pages → parts → sync → store → forms → domain → lib.
LAYERS = {"lib": 0, "domain": 1, "forms": 2, "store": 3, "sync": 4, "parts": 5, "pages": 6, "print": 6}
ENTRIES = {f"frontend/src/{name}.js" for name in ("main", "worker", "print", "gallery")}
ENTRY = 9
IMPORT = re.compile(
    r"""^\s*(?:import|export)\b[^"';]*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']"""
    r"""|\bimport\(\s*["']([^"']+)["']\s*\)""",
    re.M,
)
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.S)
SOURCES = [p for p in files_under("frontend", suffixes=(".js",)) if p.parts[1] == "src" or p.name == "sw.js"]


def code(path: Path) -> str:
    """A module without its comments."""
    return COMMENT.sub("", read(path))


def imports(text: str) -> list[str]:
    """The specifiers a module imports."""
    return [next(filter(None, found)) for found in IMPORT.findall(text)]


def target(path: Path, specifier: str) -> str:
    """Where a relative specifier leads, from the root of the tree."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path.as_posix()), specifier))


def layer(path: str) -> int | None:
    """The layer of a module of `frontend/src`; the service worker and the vendored libraries have none."""
    parts = path.split("/")
    if path in ENTRIES:
        return ENTRY
    return LAYERS.get(parts[2]) if parts[:2] == ["frontend", "src"] and len(parts) > 3 else None


def offences(path: Path) -> list[str]:
    """What is wrong with a module's imports, in words."""
    found = []
    for specifier in imports(code(path)):
        if not specifier.startswith(("./", "../")) or not specifier.endswith(".js"):
            found.append(f"{specifier}: not a relative path that ends in .js")
            continue
        to = target(path, specifier)
        if to.startswith("frontend/vendor/"):
            continue
        if not (ROOT / to).is_file():
            found.append(f"{specifier}: no such file")
        elif layer(to) is None or layer(to) > (layer(path.as_posix()) or 0):
            found.append(f"{specifier}: an arrow that points up")
    return found


def test_the_rule_finds_what_it_is_for():
    """A positive control: each kind of offence is seen."""
    text = 'import { x } from "lit";\nexport { y } from "../a.js";\nimport("./b.js");\nimport "./c.js";\n'
    assert imports(text) == ["lit", "../a.js", "./b.js", "./c.js"]
    assert imports('import {\n  a,\n  b,\n} from "../lib/x.js";') == ["../lib/x.js"]
    assert target(Path("frontend/src/domain/a.js"), "../store/b.js") == "frontend/src/store/b.js"
    assert layer("frontend/src/domain/a.js") < layer("frontend/src/store/b.js")


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_js_imports_follow_the_arrows(path):
    assert offences(path) == []


def test_every_js_module_has_a_place():
    assert [str(p) for p in SOURCES if p.parts[1] == "src" and layer(p.as_posix()) is None] == []


def _users(pattern: str) -> set[str]:
    return {p.as_posix() for p in SOURCES if re.search(pattern, code(p))}


def test_only_the_wire_and_the_online_pages_call_the_network():
    network = (
        r"(?<![.\w])fetch\(|\b(globalThis|self|window)\.fetch\b|XMLHttp|sendBeacon|WebSocket|EventSource"
    )
    callers = {"frontend/src/sync/wire.js", "frontend/src/lib/api.js", "frontend/sw.js"}
    templates = {"frontend/src/print/source.js"}  # our own form templates, which the service worker keeps
    hands_over = {"frontend/src/worker.js"}  # the browser's own `fetch`, given to the wire
    assert _users(network) <= callers | templates | hands_over
    assert len(re.findall(r"\bfetch\(", code(Path("frontend/src/worker.js")))) <= 1


def test_only_the_store_touches_the_database():
    assert {p for p in _users(r"\bindexedDB\b|vendor/idb\.js|\bIDB[A-Z]") if "/src/store/" not in p} == set()


def test_no_markup_is_made_from_strings():
    unsafe = r"\b(innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|unsafeStatic)\b|document\.write"
    trusted = {"frontend/src/lib/trusted.js"}
    assert _users(unsafe) - trusted == set()
    assert _users(r"\beval\(|new Function\(|setTimeout\(\s*[\"'`]") == set()
    assert _users(r"\binnerHTML\b") == set()


def test_no_third_party_host_is_named():
    hosts = r"https?://(?!www\.w3\.org/|127\.0\.0\.1)[\w-]+\.[\w.-]+"
    sources = files_under("frontend", suffixes=(".js", ".css", ".html", ".webmanifest"))
    assert [str(p) for p in sources if re.search(hosts, code(p) if p.suffix == ".js" else read(p))] == []


def test_pages_hold_no_inline_script_or_style():
    pages = files_under("frontend", suffixes=(".html",))
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.I)
    assert [str(p) for p in pages if inline.search(read(p))] == []
    assert _users(r"\sstyle=[\"'`$]|\son(click|input|change|load|error)=") == set()


def _reads_environment(path: Path) -> bool:
    names = {"environ", "environb", "getenv", "putenv"}
    return any(
        (isinstance(node, ast.Attribute) and node.attr in names)
        or (isinstance(node, ast.alias) and node.name in names)
        for node in ast.walk(ast.parse(read(path)))
    )


def test_only_config_reads_the_environment():
    modules = files_under("backend", "exports", "shared_schema", suffixes=(".py",))
    assert [str(p) for p in modules if _reads_environment(p)] == ["backend/config.py"]


def test_domain_knows_no_clock_and_no_chance():
    """Rules get `now` and ids handed in; only `new_id` may ask for randomness."""
    banned = re.compile(r"\b(datetime\.now|utcnow|time\.time|date\.today|random|secrets|open\()")
    python = [p for p in files_under("backend", suffixes=(".py",)) if p.parts[1] == "domain"]
    assert [str(p) for p in python if p.name != "ids.py" and banned.search(_without_docstrings(p))] == []
    asks = re.compile(r"Date\.now|new Date\(\)|Math\.random|performance\.now|localStorage")
    assert [str(p) for p in SOURCES if "domain" in p.parts and asks.search(code(p))] == []


def _without_docstrings(path: Path) -> str:
    tree = ast.parse(read(path))
    for node in ast.walk(tree):
        documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if documented and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)
