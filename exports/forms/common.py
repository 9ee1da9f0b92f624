"""What every paper form shares: its head, names for ids, choices to tick, signatures. Twin: common.js."""

import re

from exports.qr import qr_text

SIGNATURE = re.compile(r"([0-9]{1,4}) ([0-9]{1,4}) (M[0-9ML .-]{1,20000})")


def head(form: str, record_id: str | None, ctx: dict) -> dict:
    """The fields all sheets carry: title, number, revision, branch, QR text, printed when and by whom.

    `ctx` = `{branch: doc, staff: {id: name}, schema, questionnaires: [doc], nodes: {code: name},
    printed_at, printed_by, clocks}`; only branch, staff and schema are needed.
    A blank sheet has no record: its QR ends in `blank` (D-X15, D-X16).
    """
    entry = next(item for item in ctx["schema"]["lists"]["form"]["items"] if item["code"] == form)
    branch = ctx["branch"]
    return {
        "form": form,
        "title": entry["label"],
        "number": entry["number"],
        "revision": entry["revision"],
        "branch": branch["name"],
        "hotline": branch.get("hotline"),
        "qr": qr_text(entry["number"], entry["revision"], f"B:{branch['code']}", record_id or "blank"),
        "is_blank": record_id is None,
        "printed_at": ctx.get("printed_at"),
        "printed_by": ctx.get("printed_by"),
    }


def items_of(ctx: dict, list_name: str) -> list[dict]:
    """The items of one list of the schema."""
    return ctx["schema"]["lists"][list_name]["items"]


def label(ctx: dict, list_name: str, code: str | None) -> str | None:
    """The label of a code; an unknown code stays as it is."""
    return next((item["label"] for item in items_of(ctx, list_name) if item["code"] == code), code)


def node_name(ctx: dict, code: str | None) -> str | None:
    """The name of a plan node, 「三日回访」 for `3DC`; `ctx.nodes` = `{code: name}` is optional."""
    return (ctx.get("nodes") or {}).get(code, code)


def choices(ctx: dict, list_name: str, code: str | None) -> list[dict]:
    """All items of a list as boxes to tick: `[{label, on}]`."""
    return [{"label": item["label"], "on": item["code"] == code} for item in items_of(ctx, list_name)]


def yes_no(value: bool | None, yes: str = "是", no: str = "否") -> list[dict]:
    """Two boxes for a boolean; none ticked when it is unknown."""
    return [{"label": yes, "on": value is True}, {"label": no, "on": value is False}]


def ink(signature: str | None) -> dict | None:
    """A signature string `"<w> <h> M x y L x y …"` as `{w, h, d, stroke}`.

    None when there is none or it is unsound. The stroke is 3 % of the height, so that a signature scaled to
    its cell is drawn as by a ball-pen.
    """
    found = SIGNATURE.fullmatch(signature or "")
    if not found or not int(found[1]) or not int(found[2]):
        return None
    height = int(found[2])
    return {"w": int(found[1]), "h": height, "d": found[3], "stroke": max(1, (height * 3 + 50) // 100)}


def vehicle_of(vehicle: dict | None) -> dict:
    """The vehicle fields the sheets show, null where unknown."""
    names = (
        "plate", "vin", "model", "color", "archive_no", "delivered_on", "consultant", "insurance_until",
        "mileage_km", "cabinet", "drawer", "folder", "note",
    )  # fmt: skip
    return {name: (vehicle or {}).get(name) for name in names}


def customer_of(customer: dict | None, ctx: dict) -> dict:
    """The customer fields the sheets show: `{name, gender, phones, address, preferred_time, consent}`."""
    doc = customer or {}
    return {
        "name": doc.get("name"),
        "gender": label(ctx, "gender", doc.get("gender")),
        "phones": doc.get("phones") or [],
        "address": doc.get("address"),
        "preferred_time": doc.get("preferred_time"),
        "consent": doc.get("consent"),
    }


def remarks(answers: list[dict] | None) -> list[str]:
    """What the customer added to the answers, in order: 「否」 reasons, then praise marked as such (D-S2)."""
    said = []
    for answer in answers or []:
        if answer.get("reason"):
            said.append(answer["reason"])
        if answer.get("praise"):
            said.append(f"表扬：{answer['praise']}")
    return said


def tally(answers: list[dict] | None) -> dict:
    """How many answers were 「是」 and 「否」: `{yes, no_count}`, null when nothing was asked."""
    given = [answer["value"] for answer in answers or []]
    counts = [given.count("yes"), given.count("no")] if given else [None, None]
    return {"yes": counts[0], "no_count": counts[1]}


def is_long(limit: int, *texts: str | None) -> bool:
    """Whether texts together pass a number of code points: only such a row may be cut by a page end."""
    return sum(len(text or "") for text in texts) > limit


def in_order(rows: list[dict], *keys: str) -> list[dict]:
    """Rows sorted by the named text fields, missing ones first, then by id: the same order in both languages.

    Only ASCII values (instants, dates, ids, numbers) may be sorted by.
    """
    return sorted(rows, key=lambda row: [*(row.get(key) or "" for key in keys), row.get("id") or ""])
