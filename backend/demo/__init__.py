"""The demo group: three branches with people, cars and history, made up from a seed and handed in as ops.

The phone numbers are random and meant to be nobody's; names, plates and vehicle numbers are invented too.
"""

from collections.abc import Iterator

from backend.demo.group import CODES, GROUP, PASSWORD, accounts, branches, documents, unknown_years
from backend.demo.history import FULL, SMALL, THIN, History
from backend.demo.shop import Shop
from backend.domain.ids import content_id

__all__ = ["PASSWORD", "accounts", "build", "documents", "parts", "shares", "unknown_years"]

BATCH = 600
# Facts that head office publishes have a kind of op of their own; the rest of the group partition is added.
PUBLISHED = ("questionnaire", "script", "plan")


def build(seed: int, vehicles: int, now: str) -> Iterator[dict]:
    """The ops of the whole group, `{id, kind, v, part, body, base, at, dep, blobs}`, by the system actor.

    Group records first, then each branch's files in `history.load` ops of about 600 records. `now` is an
    instant; the same arguments give the same bytes.
    """
    for kind, doc in documents(now):
        verb = f"{kind}.publish" if kind in PUBLISHED else f"{kind}.add"
        yield _op(seed, GROUP, verb, {kind: doc} if kind in PUBLISHED else doc, doc["id"], now)
    for branch, count in zip(branches(), shares(vehicles), strict=True):
        yield from _branch_ops(seed, branch, count, FULL if vehicles <= SMALL else THIN, now)


def parts() -> list[str]:
    """The partitions that the ops of `build` write to."""
    return [GROUP, *(f"B:{code}" for code in CODES)]


def shares(vehicles: int) -> list[int]:
    """Cars per branch: half in SZ01 for a demo; a bench (over 5,000) fills the three alike."""
    second = vehicles // 4 if vehicles <= SMALL else vehicles // 3
    return [vehicles - 2 * second, second, second]


def _branch_ops(seed: int, branch: dict, count: int, depth, now: str) -> Iterator[dict]:
    shop = Shop(seed, branch, now)
    body: dict[str, list[dict]] = {}
    size = number = 0
    for rows in History(shop, count, depth).files():
        for kind, doc in rows:
            body.setdefault(kind, []).append(doc)
        size += len(rows)
        if size >= BATCH:
            yield _op(seed, shop.part, "history.load", body, str(number), now)
            body, size, number = {}, 0, number + 1
    if size:
        yield _op(seed, shop.part, "history.load", body, str(number), now)


def _op(seed: int, part: str, kind: str, body: dict, key: str, now: str) -> dict:
    return {
        **{
            "id": content_id(part, "demo", str(seed), kind, key),
            "kind": kind,
            "v": 1,
            "part": part,
            "body": body,
        },
        **{"base": {}, "at": now, "dep": [], "blobs": []},
    }
