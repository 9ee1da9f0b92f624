"""Both languages on thousands of damaged inputs: they must agree, and neither may stumble (invariant 18).

The vectors say what is right for chosen cases; this finds the cases nobody chose.
"""

import copy
import json
import random
import subprocess
from pathlib import Path

import pytest

import shared_schema
from backend.domain.canonical import canonical
from tests.conformance.functions import run

HERE = Path(__file__).parent
SEED = 20261120
PER_VECTOR = 12
FUNCTIONS = {"decide", "check_fields", "check_set", "merge_set", "contact_gate", "play", "complaint_clocks"}
ODD = [
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        5,
        2**53 - 1,
        "",
        " ",
        "　",
        "5",
        "yes",
        "true",
        "constructor",
        "__proto__",
    ),
    *("张伟", "👩‍⚕️", "a\x00b", "\ud800", "2024-02-30", "2026-11-20T02:00:00.000Z", "no", "busy", "refused"),
    *("0192f000-0004-7000-8000-000000000001", [], {}, ["x"], [None], [[1]], {"id": "x"}, {"zz": 1}),
]
# Damage belongs to what an author writes; the rest is handed in by the program.
AUTHORED = {
    "decide": ("op",),
    "play": ("moves",),
    "check_fields": ("doc",),
    "check_set": ("set",),
    "merge_set": ("base",),
    "contact_gate": ("channel",),
    "complaint_clocks": ("now",),
}
KEPT = {"kind", "v", "part", "n", "id"}  # of an op: tablet and door make and check its envelope
INSTANTS = ("2026-11-19T16:00:00.000Z", "2026-11-22T03:59:59.999Z", "2026-10-01T10:00:00.001Z")


def damaged(vector: dict, chance: random.Random) -> dict:
    """A vector with one to three values replaced, dropped or added in what its author wrote."""
    made = copy.deepcopy(vector)
    for name in AUTHORED[vector["fn"]]:
        for _ in range(chance.randint(1, 3)):
            made["given"][name] = spoiled(made["given"].get(name), chance, name)
    return made


def spoiled(value: object, chance: random.Random, name: str) -> object:
    if name == "now":
        return chance.choice(INSTANTS)
    if name == "channel":
        return chance.choice(["phone", "sms", "fax", "email"])
    if name == "base":
        return {key: chance.choice(ODD) for key in chance.sample(["name", "phones", "address", "note"], 2)}
    if name == "moves":
        return [{**move, "op": spoiled(move["op"], chance, "op")} for move in value]
    places = [place for place in leaves(value) if name != "op" or place[0] == "body"]
    made = changed(value, chance.choice(places), chance) if places else value
    return made if name != "op" else {**made, **{key: value[key] for key in KEPT & set(value)}}


def leaves(value: object, path: tuple = ()) -> list[tuple]:
    """The paths of everything inside a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in [(*path, key), *leaves(item, (*path, key))]]


def changed(value: object, path: tuple, chance: random.Random) -> object:
    made = copy.deepcopy(value)
    inside = made
    for key in path[:-1]:
        inside = inside[key]
    move = chance.random()
    if move < 0.25:
        del inside[path[-1]]
    elif move < 0.35 and isinstance(inside, dict):
        inside[chance.choice(["zz", "constructor", "synced_at", "id", "😀"])] = chance.choice(ODD)
    else:
        inside[path[-1]] = chance.choice(ODD)
    return made


def cases() -> list[dict]:
    chance = random.Random(SEED)
    vectors = [v for vs in shared_schema.vectors().values() for v in vs if v["fn"] in FUNCTIONS]
    return [damaged(vector, chance) for vector in vectors for _ in range(PER_VECTOR)]


@pytest.fixture(scope="module")
def answers() -> list[tuple[dict, str]]:
    """Every case with JavaScript's answer."""
    asked = cases()
    lines = "".join(f"{json.dumps(case)}\n" for case in asked)
    done = subprocess.run(
        ["node", str(HERE / "answer.mjs")],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return list(zip(asked, done.stdout.splitlines(), strict=True))


def test_the_damage_is_varied(answers):
    """A positive control: enough cases, and they come out in different ways."""
    outcomes = {json.loads(answer).get("status") for case, answer in answers if case["fn"] == "decide"}
    assert len(answers) > 2000
    assert {"applied", "merged", "noop", "parked"} <= outcomes


def test_javascript_never_stumbles_over_what_an_author_wrote(answers):
    assert [(case, answer) for case, answer in answers if '"threw"' in answer or '"raises"' in answer] == []


def test_both_languages_agree_on_damaged_input(answers):
    """Python does not stumble either: an exception here fails the test."""
    wrong = []
    for case, answer in answers:
        mine = canonical(run(case))
        if mine != canonical(json.loads(answer)):
            wrong.append((case["id"], case["given"], mine, answer))
    assert wrong[:3] == []
