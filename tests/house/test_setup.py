"""The scripts behind `make run` and `make test`: they stop with one clear line and skip what was done."""

import importlib.util
import sys
from types import ModuleType

import pytest

from tests.house.tree import ROOT


def script(name: str) -> ModuleType:
    """A script of `.ci` as a module."""
    spec = importlib.util.spec_from_file_location(f"ci_{name}", ROOT / ".ci" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def setup(tmp_path, monkeypatch):
    module = script("setup")
    monkeypatch.setattr(module, "STAMPS", tmp_path / "stamps")
    return module


def test_without_root_or_sudo_the_line_to_type_is_shown(setup, monkeypatch):
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(setup.shutil, "which", lambda name: None if name == "sudo" else f"/usr/bin/{name}")
    with pytest.raises(
        setup.Missing, match=r"sudo apt-get install -y --no-install-recommends libpango-1\.0-0"
    ):
        setup.apt(["libpango-1.0-0"], "Pango")


def test_where_there_is_no_apt_the_packages_are_named(setup, monkeypatch):
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    with pytest.raises(setup.Missing, match=r"libpango-1\.0-0 chromium"):
        setup.apt(["libpango-1.0-0", "chromium"], "things")


def test_missing_node_is_named_with_the_way_to_get_it(setup, monkeypatch):
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    with pytest.raises(setup.Missing, match=r"(?s)Node or npm is missing.*nodejs\.org"):
        setup.check_languages()


def test_a_library_that_is_not_there_is_found_missing(setup):
    assert not setup._loads("libsurely-not-there.so.9")


def test_a_step_is_done_again_only_when_its_inputs_change(setup, tmp_path):
    wanted = tmp_path / "list.txt"
    wanted.write_text("a==1\n")
    assert not setup.stamped("step", [wanted])
    setup.stamp("step", [wanted])
    assert setup.stamped("step", [wanted])
    wanted.write_text("a==2\n")
    assert not setup.stamped("step", [wanted])


def test_a_failing_command_shows_its_output_and_the_hint(setup):
    loud = "import sys; print('the reason'); sys.exit(3)"
    with pytest.raises(setup.Missing, match=r"(?s)the reason.*failed \(3\).*try this"):
        setup.run([sys.executable, "-c", loud], "try this")


def test_the_first_missing_thing_stops_the_setup(setup, monkeypatch, capsys):
    def missing() -> str:
        raise setup.Missing("nothing works without it")

    monkeypatch.setattr(setup, "check_languages", missing)
    assert setup.main("run") == 1
    said = capsys.readouterr()
    assert "nothing works without it" in said.err
    assert said.out.count("[") == 1


@pytest.fixture
def check(monkeypatch):
    module = script("check")
    fake = {
        "good": [sys.executable, "-c", "print('work'); print('===== 7 passed in 0.10s =====')"],
        "bad": [sys.executable, "-c", "print('1 failed, 2 passed in 0.20s'); raise SystemExit(1)"],
    }
    monkeypatch.setattr(module, "checks", lambda: fake)
    return module


def test_the_last_lines_are_the_runners_own(check, capsys):
    assert check.main(["good"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "work" in lines
    assert lines[-2:] == ["good:", "===== 7 passed in 0.10s ====="]
    assert sum("7 passed" in line for line in lines) == 1


def test_every_check_runs_and_one_failure_fails_all(check, capsys):
    assert check.main(["bad", "good"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "passed in" in line] == [lines[-3], lines[-1]]
    assert "FAILED: bad" in lines[-5]


def test_an_unknown_check_is_refused(check):
    with pytest.raises(SystemExit, match="there are: good, bad"):
        check.main(["ugly"])
