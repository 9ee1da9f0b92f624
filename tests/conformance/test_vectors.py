"""Every vector, judged in Python, and the vectors themselves; vectors.test.js judges them in JavaScript."""

import re

import pytest

import shared_schema
from backend.domain.canonical import canonical
from tests.conformance.functions import FUNCTIONS, run

FILES = shared_schema.vectors()
VECTORS = [vector for vectors in FILES.values() for vector in vectors]
SHAPE = {"id", "note", "fn", "given", "expect"}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector(vector):
    got = run(vector)
    assert canonical(got) == canonical(vector["expect"]), vector["note"]


def test_vectors_have_one_shape():
    assert [v for v in VECTORS if set(v) != SHAPE or not isinstance(v["given"], dict)] == []
    assert [v["id"] for v in VECTORS if not v["note"].strip()] == []


def test_vector_ids_are_unique_and_name_their_file():
    ids = [vector["id"] for vector in VECTORS]
    assert [id for id in set(ids) if ids.count(id) > 1] == []
    wrong = [v["id"] for name, vs in FILES.items() for v in vs if not v["id"].startswith(f"{name}.")]
    assert wrong == []
    assert [id for id in ids if not re.fullmatch(r"[a-z]+(\.[a-z0-9-]+)+", id)] == []


def test_every_function_is_judged_and_every_vector_is_understood():
    assert {vector["fn"] for vector in VECTORS} == set(FUNCTIONS)


def test_a_wrong_expectation_would_be_noticed():
    """A positive control: what is compared tells true from 1, and null from absent."""
    assert canonical({"a": 1, "b": True}) == canonical({"b": True, "a": 1})
    assert canonical({"a": True}) != canonical({"a": 1})
    assert canonical({"a": None}) != canonical({})
