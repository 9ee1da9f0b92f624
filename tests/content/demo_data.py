"""One small demo group, made once for the tests that look at it."""

from functools import cache

from backend import demo

SEED, VEHICLES, NOW = 7, 400, "2026-11-20T06:30:00.000Z"  # Friday, 14:30 in Shenzhen


@cache
def ops() -> list[dict]:
    """All ops of the group. Treat as immutable."""
    return list(demo.build(SEED, VEHICLES, NOW))


@cache
def docs(part: str, kind: str) -> list[dict]:
    """The documents of a branch's record."""
    loads = [op for op in ops() if op["kind"] == "history.load" and op["part"] == part]
    return [doc for op in loads for doc in op["body"].get(kind, [])]


def everywhere(kind: str) -> list[tuple[str, dict]]:
    """`[(part, doc)]` of a record in all branches."""
    return [(part, doc) for part in demo.parts()[1:] for doc in docs(part, kind)]


def by_id(part: str, kind: str) -> dict[str, dict]:
    """A branch's documents of a record by id."""
    return {doc["id"]: doc for doc in docs(part, kind)}
