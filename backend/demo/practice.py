"""What people practise on: one invented branch, the same bytes every time; the tablet moves its days."""

from collections.abc import Iterable, Iterator

from backend.demo.group import GROUP, branches, documents, published
from backend.demo.history import FULL, History
from backend.demo.shop import Shop
from backend.domain.derive import derive
from backend.domain.ids import content_id

SEED, VEHICLES = 11, 40
AT = "2026-11-20T08:00:00.000Z"


def build() -> dict:
    """`{at, person, parts: {part: [[seq, kind, id, ver, doc], …]}}`: feed rows as of `at`.

    The person who works on them holds every post of the branch, so that each step can be tried.
    """
    branch = branches()[0] | {"name": "车档练习店", "short_name": "练习店"}
    shop = Shop(SEED, branch, AT)
    person = _person(shop)
    rest = [(kind, doc) for kind, doc in documents(AT) if kind not in ("branch", *dict(published()))]
    group = [("branch", branch), ("staff", person), *rest, *_published()]
    files = (row for file in History(shop, VEHICLES, FULL).files() for row in file)
    return {"at": AT, "person": person, "parts": {GROUP: _rows(group), shop.part: _rows(files)}}


def _person(shop: Shop) -> dict:
    posts = [{"branch": shop.code, "role": role} for role in shop.team.by_role]
    who = {"name": "练习员", "username": "practice", "title": "练习"}
    return {"id": content_id(GROUP, "staff", "practice"), **who, "posts": posts, "active": True}


def _published() -> Iterator[tuple[str, dict]]:
    """The shipped documents with the stamp that publishing gives them."""
    for kind, doc in published():
        yield kind, doc | {"published_at": AT, "published_by": "总部"}


def _rows(docs: Iterable[tuple[str, dict]]) -> list[list]:
    return [[seq, kind, doc["id"], 1, derive(kind, doc)] for seq, (kind, doc) in enumerate(docs, 1)]
