"""The schema is whole: what it names exists, and what it declares both languages understand."""

import re
from pathlib import Path

import pytest

import shared_schema
from backend.domain import decide, decide_publish, fields, rules, schema

ROOT = Path(__file__).parent.parent.parent
SCHEMA = shared_schema.load()
ROLES = {item["code"] for item in SCHEMA["lists"]["role"]["items"]}
STATES = {item["code"] for item in SCHEMA["lists"]["complaint_state"]["items"]}
TABLE = SCHEMA["workflows"]["complaint"]
PYTHON = sorted((ROOT / "backend/domain").glob("*.py"))
JS = sorted((ROOT / "frontend/src/domain").glob("*.js"))
DEEP = {"code", "list", "object", "record"}
CODE = re.compile(r'"((?:op|field)\.[a-z_]+)"')
# Kinds of the product that never reach a document: names of modules in imports, and kinds of ops.
KINDS = set(SCHEMA["ops"])


def declarations():
    """Every field declaration of every record and op, with the path to it."""
    for name, record in SCHEMA["records"].items():
        yield from inside(record["fields"], name)
    for kind, op in SCHEMA["ops"].items():
        if "generic" not in op:
            yield from inside(op["body"], kind)


def inside(specs, path):
    for name, spec in specs.items():
        yield f"{path}.{name}", spec
        if spec["type"] == "list":
            yield from inside({"*": spec["of"]}, f"{path}.{name}")
        elif spec["type"] == "object":
            yield from inside(spec["fields"], f"{path}.{name}")


ALL = dict(declarations())


def test_python_knows_every_field_type():
    known = {*fields.SHAPES, *schema.SIMPLE, *DEEP}
    assert {path: spec["type"] for path, spec in ALL.items() if spec["type"] not in known} == {}


@pytest.mark.parametrize("record", SCHEMA["records"])
def test_every_record_gives_a_validator(record):
    """One declaration, and marshmallow and `check` say the same (unknown fields are refused)."""
    made = schema.marshmallow_schema(SCHEMA, record)
    assert set(made.fields) == set(SCHEMA["records"][record]["fields"])
    told = made.validate({"nonsense": 1})
    assert told["nonsense"] == ["field.unknown"]
    assert {p["field"] for p in schema.check(SCHEMA, record, {"nonsense": 1})} == set(told)


def test_every_list_and_record_that_is_named_exists():
    assert {
        p: s["list"] for p, s in ALL.items() if s["type"] == "code" and s["list"] not in SCHEMA["lists"]
    } == {}
    named = {p: s["record"] for p, s in ALL.items() if s["type"] in ("ref", "record")}
    assert {p: record for p, record in named.items() if record not in SCHEMA["records"]} == {}


def test_every_limit_fits_its_type():
    texts = [p for p, s in ALL.items() if s["type"] == "text" and not isinstance(s.get("max"), int)]
    lists = [p for p, s in ALL.items() if s["type"] == "list" and not isinstance(s.get("max"), int)]
    numbers = [p for p, s in ALL.items() if s["type"] == "integer" and not s["min"] <= s["max"]]
    assert (texts, lists, numbers) == ([], [], [])


def test_every_op_is_decided_in_python():
    assert [kind for kind, spec in SCHEMA["ops"].items() if decide.handler_of(spec) is None] == []
    assert [kind for kind in decide.KINDS if kind not in SCHEMA["ops"]] == []


@pytest.mark.parametrize("kind", SCHEMA["ops"])
def test_every_op_names_what_exists(kind):
    op = SCHEMA["ops"][kind]
    assert set(op["roles"]) <= ROLES
    assert op["part"] in ("branch", "group")
    assert {entry.split(":")[0] for entry in op["reads"]} <= set(SCHEMA["records"])
    if "generic" in op:
        assert op["generic"] in decide.GENERIC and op["record"] in SCHEMA["records"]
        assert not SCHEMA["records"][op["record"]].get("fact"), "facts are never edited (D-S6)"


@pytest.mark.parametrize("path", [*PYTHON, *JS], ids=lambda path: path.name)
def test_every_problem_has_a_text(path):
    """A code without a text in codes.json would reach people as a code."""
    said = {code for code in CODE.findall(path.read_text(encoding="utf-8")) if code not in KINDS}
    assert said - set(SCHEMA["codes"]) == set()


def test_the_browser_speaks_of_no_problem_the_server_does_not_know():
    spoken = [
        {code for path in paths for code in CODE.findall(path.read_text(encoding="utf-8"))}
        for paths in (PYTHON, JS)
    ]
    assert spoken[1] and spoken[1] <= spoken[0]


def test_workflow_names_roles_states_and_fields_that_exist():
    needed = {*SCHEMA["records"]["complaint_step"]["fields"], *SCHEMA["records"]["complaint"]["fields"]}
    for row in TABLE["steps"]:
        assert set(row["roles"]) <= ROLES and (row["roles"] or row["actor_field"])
        assert {row["to"], row["from"] or "opened"} <= STATES
        assert set(row["needs"]) <= needed


def test_workflow_row_is_found_by_state_and_code():
    keys = [(row["from"], row["code"]) for row in TABLE["steps"]]
    assert len(keys) == len(set(keys))


def test_every_state_is_reached_and_leads_to_the_end():
    """D-K1: no complaint can be stuck, and none can be closed past a step."""
    moves = [(row["from"], row["to"]) for row in TABLE["steps"]]
    reached = spread({None}, moves)
    leading = spread({"closed"}, [(to, start) for start, to in moves])
    assert reached - {None} == STATES
    assert leading == {None, *STATES}
    assert [row for row in TABLE["steps"] if row["from"] == "closed"] == []
    assert [row["code"] for row in TABLE["steps"] if row.get("closes")] == ["file"]


def spread(start, moves):
    found = set(start)
    while more := {to for at, to in moves if at in found} - found:
        found |= more
    return found


def test_the_eight_steps_are_numbered_and_signed():
    """D-K1, D-K2: steps 1 to 8 exist, each is signed, each return asks for a reason."""
    signed = {row["no"] for row in TABLE["steps"] if row.get("sign")}
    assert signed == set(range(1, 9))
    backs = [row for row in TABLE["steps"] if row["code"] == "back"]
    assert {row["from"] for row in backs} == STATES - {"reported", "closed"}
    assert all(row["needs"] == ["text"] for row in backs)


def test_clocks_name_steps_fields_and_rules_that_exist():
    codes = {row["code"] for row in TABLE["steps"]}
    for clock in TABLE["clocks"]:
        start = clock["start"]
        assert start.get("step") in codes or start["field"] in SCHEMA["records"]["complaint"]["fields"]
        assert set(clock["stop"]) <= codes
        if "hours" in clock:
            assert rules.rule(SCHEMA, [], clock["hours"], None) > 0
        else:
            assert clock["until"] == "close_of_day"


def test_every_outcome_says_what_follows():
    """D-S6: it ends the task, or says when to try again and how often."""
    for row in SCHEMA["lists"]["outcome"]["items"]:
        later = row.get("books") or row.get("retry_hours", 0) > 0
        assert row["ends"] != bool(later)
        assert row["ends"] or row["max_tries"] > 0
        assert {"attempted", "reached", "success"} <= set(row)


def test_every_rule_has_a_default_within_its_limits():
    wrong = [r["code"] for r in SCHEMA["lists"]["rules"]["items"] if not r["min"] <= r["default"] <= r["max"]]
    assert wrong == []


@pytest.mark.parametrize("kind", ["script", "questionnaire", "plan"])
def test_shipped_documents_keep_the_rules_of_publishing(kind):
    """D-S4, D-C17: what ships would be accepted from head office."""
    for doc in shared_schema.seeds(kind):
        whole = {**doc, "id": "0192f000-0012-7000-8000-000000000001"}
        assert schema.check_new(SCHEMA, kind, whole) == [], doc["code"]
        assert decide_publish.forbidden(SCHEMA, kind, whole) == [], doc["code"]
