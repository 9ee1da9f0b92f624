"""The demo group: the same for the same seed, whole, valid, and lively enough to try every screen."""

import shared_schema
from backend import demo
from backend.demo.group import branches, documents, holiday_years, staff, unknown_years
from backend.demo.vehicles import check_digit
from backend.domain.canonical import canonical
from backend.domain.decide import decide
from backend.domain.timing import local_date
from tests.content.demo_data import NOW, SEED, VEHICLES, by_id, docs, everywhere, ops
from tests.domain.filed import Filed

SCHEMA = shared_schema.load()
SYSTEM = {
    "id": None,
    "name": "系统",
    "roles": ["admin"],
    "deputy_roles": [],
    "place": "server",
    "system": True,
}
PART = "B:SZ01"


class Store(Filed):
    """Records kept in memory, as the door keeps them."""

    def __init__(self) -> None:
        self.docs: dict[tuple[str, str], dict] = {}

    def get(self, kind: str, id: str) -> dict | None:
        """One document or None."""
        return self.docs.get((kind, id))

    def ref(self, kind: str) -> list[dict]:
        """All documents of a kind."""
        return [doc for (name, _), doc in self.docs.items() if name == kind]

    def put(self, changes: list[dict]) -> None:
        """Keep what a decision changes."""
        self.docs |= {(change["kind"], change["id"]): change["doc"] for change in changes}


def taken(op: dict, store: Store) -> dict:
    """The decision on an op."""
    return decide(SCHEMA, op, store, SYSTEM, NOW)


def test_the_same_seed_gives_the_same_bytes() -> None:
    again = demo.build(SEED, VEHICLES, NOW)
    assert [canonical(op) for op in again] == [canonical(op) for op in ops()]


def test_another_seed_gives_other_cars() -> None:
    other = [op for op in demo.build(SEED + 1, 8, NOW) if op["part"] == PART]
    assert {doc["vin"] for op in other for doc in op["body"]["vehicle"]}.isdisjoint(
        doc["vin"] for doc in docs(PART, "vehicle")
    )


def test_every_op_passes_the_door_and_passing_twice_changes_nothing() -> None:  # D-H3
    store = Store()
    for op in ops():
        decision = taken(op, store)
        assert (decision["status"], decision["problems"]) == ("applied", [])
        store.put(decision["changes"])
    assert {taken(op, store)["status"] for op in ops()} == {"noop"}


def test_a_past_that_is_stored_otherwise_is_not_rewritten() -> None:  # D-S6
    store, op = Store(), next(op for op in ops() if op["kind"] == "history.load")
    store.put(taken(op, store)["changes"])
    attempt = op["body"]["attempt"][0]
    other = {**op, "body": {"attempt": [{**attempt, "note": "改写"}]}}
    decision = taken(other, store)
    assert (decision["status"], decision["problems"][0]["code"]) == ("parked", "op.exists")


def test_a_fact_of_the_past_counts_as_entered_when_it_happened() -> None:  # D-K3
    store, op = Store(), next(op for op in ops() if op["body"].get("attempt"))
    store.put(taken(op, store)["changes"])
    assert all(doc["synced_at"] == doc["ended_at"] for doc in store.ref("attempt"))


def test_a_record_that_breaks_its_declaration_parks_the_whole_load() -> None:
    op = next(op for op in ops() if op["kind"] == "history.load")
    car = {**op["body"]["vehicle"][0], "vin": "KURZ"}
    decision = taken({**op, "body": {"vehicle": [car]}}, Store())
    assert decision["problems"] == [
        {"code": "op.invalid"},
        {"field": "vehicle.0.vin", "code": "field.format"},
    ]


def test_half_of_the_cars_are_in_the_first_branch_and_a_bench_fills_all_alike() -> None:
    assert demo.shares(2_000) == [1_000, 500, 500]
    assert demo.shares(90_000) == [30_000, 30_000, 30_000]
    assert [len(docs(part, "vehicle")) for part in demo.parts()[1:]] == demo.shares(VEHICLES)


def test_every_branch_has_somebody_in_every_branch_role() -> None:  # D-P1 D-P11
    own = {row["code"] for row in SCHEMA["lists"]["role"]["items"] if not row.get("group")}
    for branch in branches():
        posts = [post for person in staff() for post in person["posts"] if post["branch"] == branch["code"]]
        assert {post["role"] for post in posts} == own
    head_office = {post["role"] for person in staff() for post in person["posts"] if post["branch"] == "*"}
    assert head_office == {"hq_operator", "hq_auditor", "admin"}  # D-P12


def test_the_people_of_the_sample_sheets_work_at_the_first_branch() -> None:
    def names(role: str) -> set[str]:
        return {p["name"] for p in staff() if {"branch": "SZ01", "role": role} in p["posts"]}

    assert names("sales_consultant") == {"周建国", "黄婷", "陈晓东", "李梅"}
    assert names("service_advisor") == {"郑海波", "刘强", "吴芳"}


def test_accounts_offer_everyone_with_the_given_password() -> None:
    rows = {row["username"]: row for row in demo.accounts("geheim")}
    assert len(rows) == len(staff()) and {row["password"] for row in rows.values()} == {"geheim"}
    assert rows["sz01.cs"]["branch"] == "SZ01" and rows["sz01.cs"]["roles"] == ["cs_agent"]
    assert rows["hq.op"]["branch"] == "*" and rows["hq.op"]["roles"] == ["hq_operator"]


def test_branches_keep_different_calendars() -> None:  # D-K3
    hours = {(row["open"], row["close"], tuple(row["days_off"])) for row in branches()}
    assert len(hours) == 3 and {row["holidays_closed"] for row in branches()} == {True, False}


def test_holidays_are_those_announced_and_an_unknown_year_is_named() -> None:  # D-K3
    years = {row["year"]: row for row in holiday_years(NOW)}
    assert set(years) == {2025, 2026, 2027}
    assert "2026-10-01" in years[2026]["off"] and "2026-10-10" in years[2026]["work"]
    assert unknown_years(NOW) == [year for year, row in years.items() if not row["off"]]
    assert unknown_years("2039-01-01T00:00:00.000Z") == [2038, 2039, 2040]


def test_numbers_of_cars_are_sound_and_none_occurs_twice() -> None:  # D-F1
    cars = [doc for _, doc in everywhere("vehicle")]
    assert all(doc["vin"][8] == check_digit(doc["vin"]) for doc in cars)
    for field in ("vin", "plate", "archive_no"):
        values = [doc[field] for doc in cars if field in doc]
        assert len(values) == len(set(values)) and len(values) >= len(cars) * 0.8


def test_the_check_digit_is_the_one_of_the_standard() -> None:  # ISO 3779: a published example
    assert check_digit("1M8GDM9A_KP042788".replace("_", "0")) == "X"


def test_names_begin_with_many_different_letters() -> None:  # D-F1
    people = docs(PART, "customer")
    assert len({doc["name"][0] for doc in people}) > 60
    assert len({doc["phones"][0][:3] for doc in people}) > 15


def test_all_references_lead_somewhere() -> None:
    ids = {person["id"] for person in staff()}
    for part in demo.parts()[1:]:
        known = {kind: by_id(part, kind) for kind in ("vehicle", "customer", "task", "attempt", "complaint")}
        for kind in ("party", "delivery", "repair_order", "task", "attempt", "complaint", "complaint_step"):
            specs = SCHEMA["records"][kind]["fields"]
            refs = [(name, spec["record"]) for name, spec in specs.items() if spec["type"] == "ref"]
            for doc in docs(part, kind):
                for name, record in refs:
                    found = ids if record == "staff" else known[record]
                    assert name not in doc or doc[name] in found, (kind, name)


def test_nothing_lies_in_the_future_except_what_is_still_to_do() -> None:
    for kind, field in (
        ("attempt", "ended_at"),
        ("complaint_step", "entered_at"),
        ("repair_order", "out_at"),
    ):
        assert max(doc[field] for _, doc in everywhere(kind)) <= NOW
    assert max(doc["delivered_on"] for _, doc in everywhere("vehicle")) <= local_date(NOW)


def test_group_documents_are_those_the_ops_add() -> None:
    added = [op["body"] for op in ops() if op["part"] == "GRP"]
    assert len(added) == len(documents(NOW))
