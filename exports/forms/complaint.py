"""投诉抱怨单 (D-X1): the whole story of a complaint as signable blocks, done ones first.

Records: `{complaint, steps: [doc], vehicle, customer}` as the worker's `complaint(id)` gives them.
"""

from exports.forms.common import choices, customer_of, head, in_order, ink, is_long, label, vehicle_of, yes_no

# What a block of each step asks for: (label, field, lines to write on; 0 = only shown when filled).
ROWS = {
    "report": [("受理说明", "text", 0)],
    "register": [("登记说明", "text", 0)],
    "opinion": [("处理意见", "text", 2)],
    "review": [("审阅意见", "text", 2)],
    "dispatch": [("处理人", "handler", 1), ("处理要求", "text", 1)],
    "return": [
        ("原因分析", "analysis", 2),
        ("处理措施", "measure", 2),
        ("承诺补偿", "compensation_fen", 1),
        ("补充说明", "text", 0),
    ],
    "verify": [("回访情况", "text", 2)],
    "confirm": [("签批意见", "text", 1)],
    "file": [("归档说明", "text", 1)],
    "back": [("退回原因", "text", 0)],
}
SLIM = ("report", "back")
MOST_ROLES = 3  # beyond that the cell says 「本店员工」
LONG_TEXT, LONG_BLOCK = 400, 500
VERIFY = {"satisfied": True, "unsatisfied": False}
CLOCK_RESULT = {
    "running": "进行中",
    "soon": "进行中",
    "late": "已超时",
    "met": "按时完成",
    "missed": "超时完成",
}


def payload(records: dict, ctx: dict) -> dict:
    """The sheet of one complaint, or a blank one: all steps of D-K1, rounds, three times each (D-K2)."""
    complaint = records.get("complaint") or {}
    workflow = ctx["schema"]["workflows"]["complaint"]
    return {
        **head("complaint", complaint.get("id"), ctx),
        "complaint": _facts(complaint, ctx),
        "vehicle": vehicle_of(records.get("vehicle")),
        "customer": customer_of(records.get("customer"), ctx),
        "heard_channel": choices(ctx, "heard_channel", complaint.get("heard_channel")),
        "nature": choices(ctx, "complaint_nature", complaint.get("nature")),
        "cause": choices(ctx, "complaint_cause", complaint.get("cause")),
        "severity": choices(ctx, "complaint_severity", complaint.get("severity")),
        "department": choices(ctx, "department", complaint.get("department")),
        "clocks": _clocks(workflow, ctx),
        "blocks": _blocks(complaint, records.get("steps") or [], workflow, ctx),
    }


def _facts(complaint: dict, ctx: dict) -> dict:
    names = ("number", "heard_at", "content", "demand", "round", "tier", "compensation_fen", "closed_at")
    return {
        **{name: complaint.get(name) for name in names},
        "content_long": is_long(LONG_TEXT, complaint.get("content")),
        "demand_long": is_long(LONG_TEXT, complaint.get("demand")),
        "heard_by": ctx["staff"].get(complaint.get("heard_by")),
        "handler": ctx["staff"].get(complaint.get("handler_id")),
        "state": label(ctx, "complaint_state", complaint.get("state")),
    }


def _clocks(workflow: dict, ctx: dict) -> list[dict]:
    """The deadlines with what became of them (D-K3); a blank sheet names them with empty cells."""
    clocks = ctx.get("clocks") or workflow["clocks"]
    return [
        {
            "label": clock["label"],
            "round": clock.get("round"),
            "started_at": clock.get("started_at"),
            "due_at": clock.get("due_at"),
            "stopped_at": clock.get("stopped_at"),
            "working_minutes": clock.get("working_minutes"),
            "result": CLOCK_RESULT.get(clock.get("state")),
        }
        for clock in clocks
    ]


def _blocks(complaint: dict, steps: list[dict], workflow: dict, ctx: dict) -> list[dict]:
    """Done steps in the order they happened, then one empty block for each step still to come."""
    blocks, number, headed = [], 1, 0
    for step in in_order(steps, "happened_at", "entered_at"):
        row = _row(workflow, step["step"], step.get("from_state"))
        begins = row["code"] == "dispatch" and headed < number
        blocks.append(_done(step, row, number if begins else None, ctx))
        headed = number if begins else headed
        number += 1 if row.get("new_round") else 0
    for row in _ahead(workflow, complaint.get("state")):
        begins = row["code"] == "dispatch" and headed < number
        blocks.append(_open(row, number if begins else None, ctx))
    return blocks


def _row(workflow: dict, code: str, state: str | None) -> dict:
    rows = [row for row in workflow["steps"] if row["code"] == code]
    return next((row for row in rows if row["from"] == state), rows[0])


def _ahead(workflow: dict, state: str | None) -> list[dict]:
    """The signed steps that lead from a state to the end the straight way (no rejection, no new round)."""
    rows: list[dict] = []
    forward = [row for row in workflow["steps"] if row.get("sign") and not row.get("new_round")]
    while len(rows) <= len(forward):
        way = next((row for row in forward if row["from"] == state), None)
        if way is None:
            break
        rows.append(way)
        state = way["to"]
    return rows


def _kind(code: str) -> str:
    return "verify" if code in VERIFY else code


def _done(step: dict, row: dict, heading: int | None, ctx: dict) -> dict:
    names = ("happened_at", "entered_at", "synced_at")
    return {
        **_frame(row, heading, ctx),
        "done": True,
        "long": is_long(LONG_BLOCK, *(step.get(name) for name in ("text", "analysis", "measure"))),
        "way": _way(step, row, ctx),
        "rows": _rows(step, _kind(row["code"]), ctx),
        "ticks": yes_no(VERIFY[row["code"]], "满意", "不满意") if row["code"] in VERIFY else None,
        "actor": step["actor_name"],
        "role": label(ctx, "role", step["actor_role"]),
        "deputy": step.get("deputy") is True,
        **{name: step.get(name) for name in names},
        "on_paper": step.get("on_paper") is True,
        "sign": ink(step.get("signature")),
    }


def _open(row: dict, heading: int | None, ctx: dict) -> dict:
    names = ("actor", "role", "happened_at", "entered_at", "synced_at", "sign", "way")
    return {
        **_frame(row, heading, ctx),
        "done": False,
        "long": False,
        "rows": _rows({}, _kind(row["code"]), ctx),
        "ticks": yes_no(None, "满意", "不满意") if row["code"] in VERIFY else None,
        "deputy": False,
        "on_paper": False,
        **dict.fromkeys(names),
    }


def _frame(row: dict, heading: int | None, ctx: dict) -> dict:
    roles = [label(ctx, "role", code) or "" for code in row["roles"]]
    return {
        "no": row["no"] or None,
        "label": "满意度回访" if row["code"] in VERIFY else row["label"],
        "who": "本店员工" if len(roles) > MOST_ROLES else "／".join(roles) or "处理人",
        "slim": row["code"] in SLIM,
        "heading": heading,
    }


def _way(step: dict, row: dict, ctx: dict) -> str | None:
    """For a rejected step: from which state back to which."""
    if row["code"] != "back":
        return None
    states = (step.get("from_state"), step["to_state"])
    return " → ".join(str(label(ctx, "complaint_state", state)) for state in states)


def _rows(step: dict, kind: str, ctx: dict) -> list[dict]:
    values = {**step, "handler": step.get("handler_name") or ctx["staff"].get(step.get("handler_id"))}
    rows = []
    for text, field, lines in ROWS[kind]:
        value = values.get(field)
        if value is None and not lines:
            continue
        money = field == "compensation_fen"
        rows.append({"label": text, "value": value, "money": money, "lines": lines})
    return rows
