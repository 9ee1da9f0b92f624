"""Reads single cells for the tests."""

from backend.imports.cells import read_cell
from backend.imports.spec import KINDS, load

FIELDS = {name: field for kind in reversed(KINDS) for name, field in load(kind).fields.items()}


def read(name, value):
    """What a cell says for a field."""
    return read_cell(FIELDS[name], value)


def check(name, cases):
    """`cases`: cell → value, or the code of its problem after `!`."""
    found = {}
    for cell in cases:
        got = read(name, cell)
        found[cell] = "!" + got.problem[0] if got.problem else got.value
    assert found == cases
