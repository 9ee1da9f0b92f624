"""客户回访记录表 (D-X5): one call with its answers and the questions as they were asked (D-S8).

Records: `{attempt, vehicle, customer}`; blank: `{}` or `{questionnaire: <code>}` for its newest version.
"""

from exports.forms.common import choices, customer_of, head, is_long, node_name, vehicle_of, yes_no

EMPTY_QUESTIONS = 12
LONG_REMARK = 150


def payload(records: dict, ctx: dict) -> dict:
    """The sheet of one call; questions of the very version asked, unknown ones by their code only."""
    attempt = records.get("attempt") or {}
    asked = _questionnaire(attempt, records.get("questionnaire"), ctx)
    names = ("phone", "started_at", "ended_at", "note", "booked_at", "synced_at")
    return {
        **head("callback_record", attempt.get("id"), ctx),
        "call": {name: attempt.get(name) for name in names}
        | {
            "node": node_name(ctx, attempt.get("node")),
            "staff": attempt.get("staff_name"),
            "minutes": _minutes(attempt),
            "from_paper": attempt.get("from_paper") is True,
        },
        "channel": choices(ctx, "channel", attempt.get("channel")),
        "outcome": choices(ctx, "outcome", attempt.get("outcome")),
        "consented": yes_no(attempt.get("consented"), "同意", "不同意"),
        "call_again": yes_no(attempt.get("call_again"), "需要", "不需要"),
        "vehicle": vehicle_of(records.get("vehicle")),
        "customer": customer_of(records.get("customer"), ctx),
        "questionnaire": _title(attempt, asked),
        "missing": bool(attempt.get("answers")) and asked is None,
        "groups": _groups(attempt, asked, ctx),
    }


def _minutes(attempt: dict) -> int | None:
    """Whole minutes on the phone, rounded up; a call may run past midnight, never past a day."""
    start, end = attempt.get("started_at"), attempt.get("ended_at")
    if not start or not end:
        return None
    return ((_seconds(end) - _seconds(start)) % 86400 + 59) // 60


def _seconds(instant: str) -> int:
    return int(instant[11:13]) * 3600 + int(instant[14:16]) * 60 + int(instant[17:19])


def _questionnaire(attempt: dict, code: str | None, ctx: dict) -> dict | None:
    """The exact version of a call; for a blank sheet the newest version of the wished one."""
    every = ctx.get("questionnaires") or []
    if attempt:
        key = (attempt.get("questionnaire"), attempt.get("questionnaire_version"))
        return next((doc for doc in every if (doc["code"], doc["version"]) == key), None)
    fit = [doc for doc in every if doc["code"] == code]
    return max(fit, key=lambda doc: doc["version"], default=None)


def _title(attempt: dict, asked: dict | None) -> dict:
    if asked:
        return {"title": asked["title"], "version": asked["version"]}
    return {"title": attempt.get("questionnaire"), "version": attempt.get("questionnaire_version")}


def _groups(attempt: dict, asked: dict | None, ctx: dict) -> list[dict]:
    """Questions under their group headings, numbered through."""
    answers = {answer["question"]: answer for answer in attempt.get("answers") or []}
    groups: list[dict] = []
    for no, question in enumerate(_questions(attempt, asked), 1):
        if not groups or groups[-1]["name"] != question["group"]:
            groups.append({"name": question["group"], "questions": []})
        groups[-1]["questions"].append(_question(no, question, answers.get(question["code"]) or {}, ctx))
    return groups


def _questions(attempt: dict, asked: dict | None) -> list[dict]:
    if asked:
        return asked["questions"]
    answers = attempt.get("answers") or []
    if answers or attempt:
        return [{"code": a["question"], "group": None, "text": a["question"]} for a in answers]
    return [{"code": str(no), "group": None, "text": None} for no in range(EMPTY_QUESTIONS)]


def _question(no: int, question: dict, answer: dict, ctx: dict) -> dict:
    praise = answer.get("praise")
    said = [answer.get("reason"), f"表扬：{praise}" if praise else None]
    return {
        "no": no,
        "text": question["text"],
        "decisive": question.get("decisive") is True,
        "answer": choices(ctx, "answer", answer.get("value")),
        "remarks": [text for text in said if text],
        "long": is_long(LONG_REMARK, *said),
    }
