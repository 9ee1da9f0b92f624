"""Properties of the domain over generated values, and how fast it is."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from backend.domain import calendar, fields, schema, text, timing
from backend.domain.canonical import canonical, same
from backend.domain.decide import decide, reads
from backend.domain.ids import content_id, id_at, new_id
from backend.domain.merge import merge_set, merge_sets
from tests.cast import BRANCHES, Cast, customer, fixed_id
from tests.domain.shop import NOW, SCHEMA, Shop, delivery, node, plan, repair

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
INSTANTS = st.integers(timing.parse_instant("1990-01-01T00:00:00.000Z"), 4_000_000_000_000)
PHONES = st.lists(st.sampled_from([f"1380000000{n}" for n in range(8)]), unique=True, max_size=5)
DAYS = calendar.make_calendar(
    {**BRANCHES[0], "days_off": [6]}, [{"off": ["2026-10-01"], "work": ["2026-09-27"]}]
)


@given(JSON)
def test_canonical_text_stands_for_the_value(value):
    read = json.loads(canonical(value))
    assert canonical(read) == canonical(value)
    assert same(read, value)


@given(INSTANTS)
def test_instants_survive_being_written(milliseconds):
    written = timing.format_instant(milliseconds)
    assert timing.is_instant(written)
    assert timing.parse_instant(written) == milliseconds
    assert timing.at_local(timing.local_date(written), timing.local_time(written)) <= written


@given(INSTANTS, st.integers(0, 288_000), st.integers(0, 288_000))
def test_working_time_adds_up(start, first, second):
    """D-K3: in whole minutes, from any minute on, up to the 400 days that count."""
    edges = [timing.format_instant((start // 60_000 + n) * 60_000) for n in (0, first, first + second)]
    whole = calendar.working_minutes(DAYS, edges[0], edges[2])
    parts = [calendar.working_minutes(DAYS, *pair) for pair in (edges[:2], edges[1:])]
    assert whole == sum(parts)
    assert whole <= first + second


@given(INSTANTS)
def test_the_end_of_the_same_day_is_an_open_day_to_come(milliseconds):
    """D-K3"""
    now = timing.format_instant(milliseconds)
    end = calendar.end_of_same_day(DAYS, now)
    assert end >= now
    assert calendar.is_open(DAYS, timing.local_date(end))
    assert timing.local_time(end) == BRANCHES[0]["close"]


@given(PHONES, PHONES, PHONES)
def test_sets_merge_alike_in_either_order(base, mine, theirs):
    """invariant 14: what both kept or either added is there, what either removed is not."""
    merged = set(merge_sets(mine, theirs, base))
    assert merged == set(merge_sets(theirs, mine, base))
    assert merged == (set(mine) & set(theirs)) | (set(mine) - set(base)) | (set(theirs) - set(base))


@given(st.sampled_from(["name", "address", "note"]), st.sampled_from(["name", "address", "note"]))
def test_different_fields_both_survive(one, other):
    """invariant 14"""
    seen = customer(address="a", note="n")
    first = merge_set(SCHEMA, "customer", seen, {one: "一"}, {one: seen[one]})
    second = merge_set(SCHEMA, "customer", first["doc"], {other: "二"}, {other: seen[other]})
    assert second["doc"][other] == "二"
    assert one == other or (second["doc"][one] == "一" and second["conflicts"] == [])
    assert one != other or [c["theirs"] for c in second["conflicts"]] == ["一"]


@given(st.text())
def test_trimming_is_final(value):
    trimmed = text.trim(value)
    assert text.trim(trimmed) == trimmed
    assert text.is_blank(value) == (trimmed == "")


@given(st.text(max_size=30))
def test_normal_forms_are_stable(value):
    for normal in (text.normal_plate, text.normal_vin, text.normal_phone):
        assert normal(normal(value)) == normal(value)


@given(JSON)
def test_no_value_is_coerced(value):
    """What a field accepts it returns unchanged; "5" is not 5, "yes" is not true."""
    for name, field in schema.marshmallow_schema(SCHEMA, "repair_order").fields.items():
        try:
            assert field.deserialize(value) is value or value is None, name
        except ValidationError as refused:
            assert fields.errors_of(field, value) == refused.messages


@given(JSON)
def test_check_answers_anything(value):
    for record in SCHEMA["records"]:
        assert schema.check(SCHEMA, record, value)


@given(JSON, st.sampled_from(sorted(SCHEMA["ops"])))
def test_no_body_makes_a_decision_stumble(body, kind):
    """Whatever an author sends is answered, never an exception (invariant 3)."""
    part = "GRP" if SCHEMA["ops"][kind]["part"] == "group" else "B:SZ01"
    actor = {**Cast.adm.actor(), "system": True}
    op = {"id": fixed_id(1), "kind": kind, "v": 1, "part": part, "body": body, "base": body, "at": "x"}
    assert decide(SCHEMA, op, Shop(), actor, NOW)["status"] in ("parked", "noop")
    assert isinstance(reads(SCHEMA, op), list)


def test_new_ids_are_version_7_and_in_order():
    ids = [new_id() for _ in range(500)]
    assert len(set(ids)) == 500
    assert [i[:13] for i in ids] == sorted(i[:13] for i in ids)
    assert all(text.is_id(i) and i[14] == "7" and i[19] in "89ab" for i in ids)
    assert id_at(0, bytes(10)) < id_at(1, bytes(10))


def test_content_ids_tell_parts_and_keys_apart():
    made = {
        content_id("B:SZ01", "task", "a"),
        content_id("B:SZ02", "task", "a"),
        content_id("B:SZ01", "task", "b"),
    }
    assert len(made) == 3


def test_deciding_500_imports_takes_well_under_a_second():
    shop = Shop(plan=[plan(node("3DC"), node("7DC", from_days=5, due_days=7))])
    shop.run("delivery.import", delivery(1000))
    start = time.process_time()
    for number in range(500):
        assert shop.run("delivery.import", delivery(number))["status"] == "applied"
    assert time.process_time() - start < 1


@pytest.mark.parametrize("kind", ["delivery", "repair_order"])
def test_every_changed_record_stays_valid(kind):
    """What an import stores would pass its own check."""
    shop = Shop(plan=[plan(node("3DC"), node("R", anchor="repair_order"))])
    shop.run(f"{kind}.import", {"delivery": delivery, "repair_order": repair}[kind]())
    assert {k: p for (k, _), doc in shop.docs.items() if (p := schema.check(SCHEMA, k, doc))} == {}
