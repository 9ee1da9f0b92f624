"""Bugs put in by hand are found (TRUST.md, test plan 14): without them a green machine would prove little."""

import pytest

from tests.sync.machine.bugs import BUGS, source_of
from tests.sync.machine.hunt import in_own_process

FEWEST = 20
SAMPLE = {
    "the number of the last op stays where it was": 5,
    "refused work is not shown to its author": 4,
    "own work is let go before it is pulled": 11,
}


def test_there_are_enough():
    assert len(BUGS) >= FEWEST


@pytest.mark.parametrize("name", BUGS)
def test_its_line_is_still_there(name: str):
    """A bug whose line was rewritten would be found for the wrong reason, or never."""
    assert source_of(BUGS[name]).count(BUGS[name].before) == 1


@pytest.mark.parametrize("name", SAMPLE)
def test_a_bug_is_found_by_the_invariant_that_it_breaks(name: str):
    assert in_own_process(name)["found"] == SAMPLE[name]


@pytest.mark.nightly
@pytest.mark.parametrize("name", BUGS)
def test_every_bug_is_found(name: str):
    told = in_own_process(name)
    assert told["found"] is not None, told
