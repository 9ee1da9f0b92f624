"""What happened in the demo group could have happened: calls, complaints, hand-overs follow the rules."""

import itertools

import pytest

import shared_schema
from backend import demo
from backend.demo.group import branches, holiday_years, staff
from backend.domain.calendar import make_calendar
from backend.domain.clocks import complaint_clocks, in_order
from backend.domain.plans import tasks_for
from backend.domain.timing import local_date, local_time
from tests.content.demo_data import NOW, by_id, docs, everywhere
from tests.content.texts import seeds

SCHEMA = shared_schema.load()
PARTS = demo.parts()[1:]
OUTCOMES = {row["code"]: row for row in SCHEMA["lists"]["outcome"]["items"]}
ROWS = SCHEMA["workflows"]["complaint"]["steps"]
CALENDARS = {f"B:{row['code']}": make_calendar(row, holiday_years(NOW)) for row in branches()}


def calls_of(part: str) -> dict[str, list[dict]]:
    """A branch's attempts by task, in order of time."""
    ordered = sorted(docs(part, "attempt"), key=lambda doc: (doc["task_id"], doc["started_at"]))
    return {key: list(rows) for key, rows in itertools.groupby(ordered, key=lambda doc: doc["task_id"])}


def anchor_of(part: str, task: dict) -> tuple[dict, dict]:
    """The anchor and the document a task comes from."""
    doc = by_id(part, task["source"])[task["source_id"]]
    moment = {"on": doc["delivered_on"]} if task["source"] == "delivery" else {"at": doc["out_at"]}
    return {"code": task["source"], **moment}, doc


@pytest.mark.parametrize("part", PARTS)
def test_tasks_are_those_the_planner_would_make(part: str) -> None:  # D-C1 D-C5 D-C9, invariant 15
    plan = seeds("plan")["standard"]
    for task in docs(part, "task")[:400]:
        anchor, doc = anchor_of(part, task)
        source = {"part": part, **{key: doc[key] for key in ("id", "vehicle_id", "customer_id")}}
        people = {key: doc[key] for key in ("consultant_id", "advisor_id") if key in doc}
        made = next(
            m for m in tasks_for(plan, anchor, source, people, CALENDARS[part]) if m["id"] == task["id"]
        )
        kept = {key: task.get(key) for key in made if key not in ("state", "tries")}
        assert kept == {key: value for key, value in made.items() if key in kept}


@pytest.mark.parametrize("part", PARTS)
def test_a_task_stands_where_its_calls_have_left_it(part: str) -> None:  # D-S6
    calls = calls_of(part)
    for task in docs(part, "task"):
        own = calls.get(task["id"], [])
        assert task["tries"] == len(own)
        if not own:
            assert task["state"] == "open"
            continue
        last = OUTCOMES[own[-1]["outcome"]]
        assert task["last_outcome"] == last["code"]
        tired = len(own) >= last.get("max_tries", 99)
        assert task["state"] == ("done" if last["ends"] else "unreached" if tired else "open")
        assert not any(OUTCOMES[call["outcome"]]["ends"] for call in own[:-1])
        assert (task.get("attempt_id") == own[-1]["id"]) == last["ends"]


def test_calls_were_made_at_hours_at_which_one_calls() -> None:  # D-G6
    times = {local_time(doc["started_at"]) for _, doc in everywhere("attempt")}
    assert all("09:00" <= time <= "12:00" or "14:00" <= time <= "19:00" for time in times)


def test_a_no_has_its_reason_and_answers_name_their_version() -> None:  # D-S2 D-S8
    sheets = {code: {q["code"] for q in doc["questions"]} for code, doc in seeds("questionnaire").items()}
    told = [doc for _, doc in everywhere("attempt") if doc.get("answers")]
    values = [answer["value"] for doc in told for answer in doc["answers"]]
    assert {"yes", "no", "na"} == set(values) and values.count("no") < len(values) * 0.1
    for doc in told:
        assert {answer["question"] for answer in doc["answers"]} <= sheets[doc["questionnaire"]]
        assert all(answer.get("reason") for answer in doc["answers"] if answer["value"] == "no")
        assert doc["questionnaire_version"] == 1


def test_who_refused_is_not_called_any_more() -> None:  # D-G3
    refused = [(part, doc) for part, doc in everywhere("attempt") if doc["outcome"] == "refused"]
    assert refused
    assert all(by_id(part, "customer")[doc["customer_id"]]["consent"] is False for part, doc in refused)


@pytest.mark.parametrize(
    "now", ["2026-11-22T00:40:00.000Z", "2026-11-23T06:30:00.000Z", "2027-01-01T10:30:00.000Z"]
)
def test_at_any_hour_today_is_a_mix_of_late_due_and_booked_calls(now: str) -> None:
    today = local_date(now)
    loads = [op["body"] for op in demo.build(1, 2_000, now) if op["part"] == "B:SZ01"]
    tasks = [task for body in loads for task in body.get("task", []) if task["state"] == "open"]
    ready = [task for task in tasks if task["from_on"] <= today]
    booked = [task for task in ready if "booked_at" in task and local_date(task["booked_at"]) == today]
    assert 30 < len(ready) < len(tasks) and len(booked) > 5
    assert any(task["due_at"] < now for task in ready) and any(task["due_at"] > now for task in ready)
    assert {task["owner_role"] for task in ready} == {"sales_consultant", "service_advisor", "cs_agent"}


def replay(complaint: dict, steps: list[dict]) -> tuple[str | None, int]:
    """Walk the table from the beginning; return where it ends: `(state, round)`."""
    state, number, handler = None, 1, None
    for step in in_order(steps):
        row = next(r for r in ROWS if r["code"] == step["step"] and r["from"] == state)
        assert (step.get("from_state"), step["to_state"], step["round"]) == (state, row["to"], number)
        if row.get("actor_field"):
            assert step["actor_id"] == handler
        else:
            assert step["actor_role"] in row["roles"]
        if row.get("sign"):
            assert step.get("signature") or step.get("on_paper")
        assert all(step.get(name) or complaint.get(name) for name in row["needs"])
        handler = step.get("handler_id", handler)
        state, number = row["to"], number + 1 if row.get("new_round") else number
    return state, number


@pytest.mark.parametrize("part", PARTS)
def test_every_complaint_is_a_legal_path_of_the_workflow(part: str) -> None:  # D-K1 D-K2, invariant 13
    steps: dict[str, list[dict]] = {}
    for step in docs(part, "complaint_step"):
        steps.setdefault(step["complaint_id"], []).append(step)
    assert set(steps) == set(by_id(part, "complaint"))
    for complaint in docs(part, "complaint"):
        assert replay(complaint, steps[complaint["id"]]) == (complaint["state"], complaint["round"])
        assert (complaint["state"] == "closed") == ("closed_at" in complaint)


def test_each_step_was_taken_by_somebody_with_that_post_or_a_named_deputy() -> None:  # D-K2
    posts = {(p["id"], post["branch"], post["role"]) for p in staff() for post in p["posts"]}
    stands_in = {
        (d["staff_id"], row["code"], d["role"]) for row in branches() for d in row.get("deputies", [])
    }
    for part, step in everywhere("complaint_step"):
        key = (step["actor_id"], part[2:], step["actor_role"])
        assert key in (stands_in if step.get("deputy") else posts)


def test_the_first_branch_has_complaints_in_every_state_late_ones_and_a_second_round() -> None:  # D-K1 D-K3
    complaints = docs("B:SZ01", "complaint")
    states = {row["code"] for row in SCHEMA["lists"]["complaint_state"]["items"]}
    assert {doc["state"] for doc in complaints} == states
    running = [doc for doc in complaints if doc["state"] != "closed"]
    assert any(doc["round"] == 2 for doc in running)
    late = {doc["id"]: [c["id"] for c in clocks(doc) if c["state"] == "late"] for doc in running}
    assert any(late.values()) and not all(late.values())
    assert {"complaint.loop", "complaint.return"} <= {code for codes in late.values() for code in codes}


def clocks(complaint: dict) -> list[dict]:
    """The clocks of a complaint at SZ01 now."""
    steps = [step for step in docs("B:SZ01", "complaint_step") if step["complaint_id"] == complaint["id"]]
    return complaint_clocks(SCHEMA, complaint, steps, CALENDARS["B:SZ01"], [], "SZ01", NOW)


@pytest.mark.parametrize("part", PARTS)
def test_hand_overs_count_what_was_delivered_and_one_is_missing(part: str) -> None:  # D-H1 D-H2
    sent = docs(part, "handover")
    assert len({(doc["kind"], doc["date"]) for doc in sent}) == len(sent)
    for doc in sent:
        assert doc["nil"] == (doc["count"] == 0) and doc["signature"]
        if doc["kind"] == "delivery":
            assert doc["count"] == sum(d["delivered_on"] == doc["date"] for d in docs(part, "delivery"))
        else:
            assert doc["count"] == sum(
                local_date(o["out_at"]) == doc["date"] for o in docs(part, "repair_order")
            )
    newest = max(doc["date"] for doc in sent if doc["kind"] == "repair")
    assert newest not in {doc["date"] for doc in sent if doc["kind"] == "delivery"}
    assert [doc["date"] for doc in sent if "received_at" not in doc] == [newest]
