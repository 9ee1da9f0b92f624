"""May this person contact this customer now? Cards to show before dialling (D-G1, D-G2, D-G3, D-G6)."""

from typing import Any

from .rules import item_of, rule
from .timing import DAY_MS, local_date, local_time, minute_of_day, parse_instant
from .workflow import allowed_steps

Doc = dict[str, Any]
Card = dict[str, str]

TEXTS = {
    "complaint_open": ("stop", "客户有未结投诉（{number}），请由投诉处理人联系，其他同事暂不联系。"),
    "complaint_mine": ("info", "客户有未结投诉（{number}），您是处理人，可以联系。"),
    "complaint_verify": ("info", "投诉（{number}）已回单，请做满意度回访。"),
    "complaint_closed": ("warn", "投诉（{number}）结案后首次联系：请先问候客户对处理结果是否满意。"),
    "complaint_past": ("info", "客户曾有投诉（{number}），已结案，通话中请不要主动提起。"),
    "no_consent": ("stop", "客户已表示不接受回访，请不要再联系。"),
    "channel_refused": ("stop", "客户不希望通过{channel}联系，请换一种方式。"),
    "channel_avoid": ("info", "客户不希望通过{channel}联系，请在合适的时候问问喜欢哪种方式。"),
    "outside_hours": ("stop", "现在 {time}，不在联系时段（{hours}）内。"),
    "too_many_calls": ("stop", "近 {days} 天各部门已与客户通话 {count} 次，达到上限 {max} 次。"),
    "many_calls_handler": ("warn", "近 {days} 天各部门已与客户通话 {count} 次，请尽量一次谈完。"),
    "last_contact": ("info", "上次联系：{date} {time} {name}（{outcome}）。"),
}


def contact_gate(given: Doc) -> Doc:
    """`{allow, cards: [{code, level: stop|warn|info, text}]}`; allowed when no card stops.

    `given` = `{schema, customer|null, complaints, attempts, actor, rules, branch_code, now, channel?}`;
    the channel is the phone unless told. Complaints and attempts of other customers are left aside.
    """
    own = {**given, "channel": given.get("channel") or "phone"}
    for name in ("complaints", "attempts"):
        own[name] = [doc for doc in given[name] if _concerns(doc, given.get("customer"))]
    handles = any(doc["state"] != "closed" and _may_contact(own, doc) for doc in own["complaints"])
    cards = [
        *_complaint_cards(own),
        *_refusal_cards(own),
        *_hour_cards(own),
        *_count_cards(own, handles),
        *_last_cards(own),
    ]
    return {"allow": all(card["level"] != "stop" for card in cards), "cards": cards}


def _card(code: str, **values: Any) -> Card:
    level, text = TEXTS[code]
    return {"code": code, "level": level, "text": text.format(**values)}


def _concerns(doc: Doc, customer: Doc | None) -> bool:
    return customer is None or doc.get("customer_id") in (None, customer["id"])


def _may_contact(given: Doc, complaint: Doc) -> bool:
    return complaint.get("handler_id") == given["actor"]["id"] or _verifies(given, complaint)


def _verifies(given: Doc, complaint: Doc) -> bool:
    """Is the satisfaction callback of this complaint theirs now (D-K1 step 6)?"""
    rows = allowed_steps(given["schema"], complaint, given["actor"])
    return any(row["code"] == "satisfied" for row in rows)


def _complaint_cards(given: Doc) -> list[Card]:
    """D-G1, and D-G2 once nothing is open."""
    cards = []
    for complaint in (doc for doc in given["complaints"] if doc["state"] != "closed"):
        mine = complaint.get("handler_id") == given["actor"]["id"]
        code = "complaint_mine" if mine else "complaint_open"
        code = "complaint_verify" if _verifies(given, complaint) else code
        cards.append(_card(code, number=complaint["number"]))
    closed = [doc for doc in given["complaints"] if doc["state"] == "closed"]
    if cards or not closed:
        return cards
    latest = max(closed, key=lambda doc: (parse_instant(doc["closed_at"]), doc["id"]))
    closed_at = parse_instant(latest["closed_at"])
    since = any(parse_instant(attempt["started_at"]) > closed_at for attempt in _reached(given))
    return [_card("complaint_past" if since else "complaint_closed", number=latest["number"])]


def _reached(given: Doc) -> list[Doc]:
    """Attempts in which somebody answered: the contacts a customer remembers."""
    reached = {row["code"] for row in given["schema"]["lists"]["outcome"]["items"] if row["reached"]}
    return [attempt for attempt in given["attempts"] if attempt["outcome"] in reached]


def _refusal_cards(given: Doc) -> list[Card]:
    """D-G3: consent taken back, and channels the customer does not want."""
    customer = given.get("customer") or {}
    cards = [_card("no_consent")] if customer.get("consent") is False else []
    for code in customer.get("refused_channels") or []:
        label = item_of(given["schema"], "channel", code)["label"]
        cards.append(_card("channel_refused" if code == given["channel"] else "channel_avoid", channel=label))
    return cards


def _value(given: Doc, code: str) -> int:
    return rule(given["schema"], given["rules"], f"contact.{code}", given["branch_code"])


def _hour_cards(given: Doc) -> list[Card]:
    """D-G6: morning and afternoon hours; the first minute is inside, the last one outside."""
    names = ("from_minute", "lunch_from_minute", "lunch_to_minute", "to_minute")
    edges = [_value(given, name) for name in names]
    minute = minute_of_day(local_time(given["now"]))
    if edges[0] <= minute < edges[1] or edges[2] <= minute < edges[3]:
        return []
    clock = [f"{edge // 60}:{edge % 60:02}" for edge in edges]
    hours = f"{clock[0]}–{clock[1]}、{clock[2]}–{clock[3]}"
    return [_card("outside_hours", time=local_time(given["now"]), hours=hours)]


def _count_cards(given: Doc, handles: bool) -> list[Card]:
    """D-G6: conversations of all departments within the window; who handles the complaint is only warned."""
    days, most = _value(given, "window_days"), _value(given, "max_calls")
    since = parse_instant(given["now"]) - days * DAY_MS
    count = sum(parse_instant(attempt["started_at"]) > since for attempt in _reached(given))
    if count < most:
        return []
    return [_card("many_calls_handler" if handles else "too_many_calls", days=days, count=count, max=most)]


def _last_cards(given: Doc) -> list[Card]:
    if not given["attempts"]:
        return []
    last = max(given["attempts"], key=lambda doc: (parse_instant(doc["started_at"]), doc["id"]))
    outcome = item_of(given["schema"], "outcome", last["outcome"])["label"]
    date, time = local_date(last["started_at"])[5:], local_time(last["started_at"])
    return [_card("last_contact", date=date, time=time, name=last["staff_name"], outcome=outcome)]
