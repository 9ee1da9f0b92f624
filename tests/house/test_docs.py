"""The documents are tested like code: what they name must exist, and what exists must be named."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, files_under, read

READMES = [Path("README.md"), Path("README.zh-CN.md")]
DOCUMENTS = [*READMES, Path("ARCHITECTURE.md"), Path("CHANGELOG.md")]
TARGET = re.compile(r"^([a-z0-9-]+):(?!=)", re.M)
COMMAND = re.compile(r"python -m backend ([a-z][a-z-]*)")


def output(command: list[str]) -> str:
    """What a command that must succeed prints, run from the root of the tree."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def targets() -> set[str]:
    """What `make` can be asked for."""
    return set(TARGET.findall(read(Path("Makefile"))))


def settings() -> set[str]:
    """The variables that backend/config.py reads."""
    return set(re.findall(r"""env(?:, |\.get\()"([A-Z_]+)\"""", read(Path("backend/config.py"))))


def cell_codes(path: Path) -> set[str]:
    """The words in code type that begin a table row."""
    return set(re.findall(r"^\| `([^`]+)`", read(path), re.M))


@pytest.mark.parametrize("path", READMES, ids=str)
def test_readme_names_the_two_commands_and_only_targets_that_exist(path):
    text = read(path)
    assert "make run" in text and "make test" in text
    assert set(re.findall(r"`?make ([a-z][a-z0-9-]+)", text)) <= targets()


@pytest.mark.parametrize("path", READMES, ids=str)
def test_readme_lists_every_setting(path):
    assert settings() <= cell_codes(path)
    assert {name for name in cell_codes(path) if name.isupper()} <= settings()


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_commands_that_documents_name_exist(path):
    known = set(re.findall(r"^    ([a-z-]+) ", output([sys.executable, "-m", "backend", "--help"]), re.M))
    assert set(COMMAND.findall(read(path))) <= known


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_links_and_paths_lead_somewhere(path):
    text = read(path)
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    named = re.findall(r"`((?:backend|frontend|shared_schema|exports|tests|\.ci)/[\w./-]*)`", text)
    made = ("frontend/vendor",)
    assert [p for p in links + named if not (ROOT / p).exists() and not p.startswith(made)] == []


def test_both_readmes_say_the_same():
    english, chinese = (read(p) for p in READMES)
    for pattern in (COMMAND.pattern, r"make [a-z]+", r"^\| `[A-Z_]+`"):
        assert set(re.findall(pattern, english, re.M)) == set(re.findall(pattern, chinese, re.M))
    heading = re.compile(r"^## ", re.M)
    assert len(heading.findall(english)) == len(heading.findall(chinese))


def test_make_help_lists_what_people_may_call():
    listed = set(re.findall(r"^  make ([a-z0-9-]+)", output(["make", "--no-print-directory", "help"]), re.M))
    assert listed <= targets()
    assert {"run", "test", "check", "dev", "e2e", "bench", "nightly", "format", "clean", "help"} <= listed


def test_make_targets_are_known_to_make():
    for name in sorted(targets()):
        done = subprocess.run(["make", "-n", name], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_ci_runs_what_people_run():
    assert read(Path(".ci/run")).rstrip().endswith("exec make test")
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_architecture_stays_two_pages():
    assert len(read(Path("ARCHITECTURE.md")).split()) <= 1400


def rules() -> list[str]:
    """The ids in the first column of RULES.md."""
    found = [p for p in files() if p.name == "RULES.md"]
    assert len(found) == 1, "one list of rules"
    return re.findall(r"^\| ([A-Z]+-?[A-Za-z0-9.-]+) +\|", read(found[0]), re.M)


def test_rules_have_ids_of_their_own():
    assert len(rules()) > 10
    assert sorted(set(rules())) == sorted(rules())


def test_every_rule_is_named_by_a_test():
    tests = "\n".join(read(p) for p in files_under("tests", suffixes=(".py", ".js", ".mjs", ".json")))
    vectors = "\n".join(read(p) for p in files() if p.parts[:2] == ("shared_schema", "vectors"))
    text = tests + vectors
    assert [rule for rule in rules() if not re.search(rf"(?<![\w-]){re.escape(rule)}(?!\w)", text)] == []
