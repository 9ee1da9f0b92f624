"""What the worker does by itself: callback tasks, escalation, snapshots; twice is once (SYNC.md 15)."""

from backend.domain.ids import id_at
from backend.domain.timing import at_local, parse_instant
from backend.imports import runs
from backend.jobs import tasks
from backend.jobs.queue import open_queue
from backend.models.service import Complaint, Task
from backend.models.sync import ImportRun, Op, Snapshot
from backend.storage import open_storage
from backend.sync import door, people
from tests.cast import SZ01, Cast, customer, fixed_id, vehicle

NOW = "2026-03-02T01:00:00.000Z"
LATER = "2026-03-04T01:00:00.000Z"


def hand_in(*ops: tuple[str, dict], actor: dict | None = None) -> None:
    rows = [
        {"id": fixed_id(n, 0xC), "kind": kind, "v": 1, "part": SZ01, "body": body, "at": NOW}
        for n, (kind, body) in enumerate(ops, 1)
    ]
    refused = [r for r in door.submit(rows, actor or people.SYSTEM, NOW) if r["status"] == "parked"]
    assert refused == []


def delivered() -> dict:
    ids = {"vehicle_id": vehicle()["id"], "customer_id": customer()["id"]}
    return {
        "vehicle": [vehicle()],
        "customer": [customer()],
        "delivery": [
            {"id": fixed_id(1, 11), "delivered_on": "2026-03-01", "consultant_id": Cast.chen.id, **ids}
        ],
        "repair_order": [
            {
                "id": fixed_id(1, 12),
                "number": "WX1",
                "type": "repair",
                "out_at": at_local("2026-03-01", "16:00"),
                **ids,
            }
        ],
    }


def test_what_the_plan_demands_is_made_once(app):
    """D-C1 to D-C5 after a delivery, D-C9 after every repair order; made again, they are the same tasks."""
    hand_in(("history.load", delivered()))
    assert tasks.generate_tasks(NOW) == 6
    assert tasks.generate_tasks(NOW) == 0
    made = {row.node: row for row in Task.select()}
    assert sorted(made) == ["15DC", "1DC", "30DC", "3DC", "7DC", "REPAIR"]
    assert made["3DC"].due_at == at_local("2026-03-04", "18:00")  # D-C2: closing time of the third day
    assert made["3DC"].owner_id == Cast.chen.id
    assert made["REPAIR"].owner_role == "cs_agent"


def complaint() -> dict:
    ids = {"vehicle_id": vehicle()["id"], "customer_id": customer()["id"]}
    heard = {"heard_at": NOW, "heard_channel": "on_site", "heard_by": Cast.alice.id, "content": "异响未修好"}
    kinds = {"nature": "valid", "cause": "repair_technique", "severity": "ordinary", "department": "service"}
    step = {
        **{
            "id": fixed_id(1, 14),
            "complaint_id": fixed_id(1, 13),
            "vehicle_id": ids["vehicle_id"],
            "round": 1,
        },
        **{"step": "register", "to_state": "opened", "actor_id": Cast.alice.id, "actor_name": "艾丽"},
        **{
            "actor_role": "cs_agent",
            "happened_at": NOW,
            "entered_at": NOW,
            "signature": "300 120 M 1 1 L 50 60",
        },
    }
    doc = {"id": fixed_id(1, 13), "number": "TS260302-000D", "state": "opened", "round": 1, "tier": 1}
    return {"complaint": {**doc, **ids, **heard, **kinds}, "step": step}


def test_a_late_complaint_rises_once_and_the_log_says_why(app):
    """D-K5: escalation by breach is automatic, visible and logged; D-K3: the breach is dated when
    it happened.
    """
    hand_in(("history.load", {"vehicle": [vehicle()], "customer": [customer()]}))
    op = {
        "id": fixed_id(9, 0xC),
        "kind": "complaint.open",
        "v": 1,
        "part": SZ01,
        "body": complaint(),
        "at": NOW,
    }
    assert door.submit([op], Cast.alice.actor(), NOW)[0]["status"] == "applied"
    assert tasks.mark_overdue("2026-03-03T00:59:00.000Z") == 0
    assert tasks.mark_overdue(LATER) == 1
    assert tasks.mark_overdue(LATER) == 0
    assert Complaint.get().tier == 2
    logged = Op.get(Op.kind == "complaint.escalate")
    assert '"breached_at":"2026-03-03T01:00:00.000Z"' in logged.text and '"complaint.loop"' in logged.text


def test_snapshots_are_built_when_they_are_missing_or_stale(app, config):
    """A tablet's first download waits for nobody."""
    assert tasks.build_snapshots(open_storage(config), NOW) == 2
    assert tasks.build_snapshots(open_storage(config), NOW) == 0
    many = [customer(n) for n in range(1, 520)]
    hand_in(("history.load", {"customer": many}))
    assert tasks.build_snapshots(open_storage(config), NOW) == 1
    assert Snapshot.get(Snapshot.part == SZ01).seq == len(many)


def test_the_queue_runs_its_housekeeping(app, config):
    """Huey's own tables lie beside ours, under names of their own; the periodic task is registered."""
    queue = open_queue(config, immediate=True)
    (task,) = queue._registry.periodic_tasks
    assert task.name == "housekeeping"
    done = queue.execute(task)
    assert done == {"tasks": 0, "overdue": 0, "tombstones": 0, "blobs": 0, "imports": 0, "snapshots": 2}
    assert Task.select().count() == 0


def test_previews_that_nobody_committed_do_not_lie_about(app):
    """Rows of customers in a spreadsheet that was looked at and left: gone after a week, also those of which
    a restored database knows nothing.
    """
    config, ids = app.config["CHEDANG"], []
    for day, known in (
        ("2026-02-20", True),
        ("2026-02-21", False),
        ("2026-03-01", True),
        ("2026-03-02", False),
    ):
        at = at_local(day, "10:00")
        ids.append(id_at(parse_instant(at), bytes(10)))
        told = {"kind": "deliveries", "staff_id": Cast.alice.id, "filename": "交车.xlsx", "summary": "{}"}
        if known:
            ImportRun.create(part=SZ01, id=ids[-1], created_at=at, **told)
        runs.folder(config.data_dir, ids[-1]).mkdir(parents=True)
    assert tasks.run_all(config, NOW)["imports"] == 2
    left = {path.name for path in (config.data_dir / "imports").iterdir()}
    assert left == set(ids[2:])
