"""What the server has promised so far, kept beside it: every answer is held against it as it leaves."""

import copy
import json
from collections import Counter

from backend.domain.canonical import canonical
from tests.group import BRANCHES

STATUSES = ("applied", "merged", "noop", "parked", "discarded")
CHECKED: Counter = Counter()


class Broken(AssertionError):
    """An invariant of SYNC.md does not hold; `number` says which."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(f"invariant {number}: {text}")
        self.number = number


def require(number: int, holds: object, text: str) -> None:
    """Count the check of an invariant.

    :raise Broken: when it does not hold.
    """
    CHECKED[number] += 1
    if not holds:
        raise Broken(number, text)


def _is_claimed(known: dict, result: dict) -> bool:
    """Nobody could be shown to have written it, as a restore lost the session; now its author handed it in,
    and what waited for it ran along.
    """
    return known.get("code") == "op.author" or (known.get("code") == "op.dep" and "settled" in result)


class Ledger:
    """Results given, numbers taken, who works where: all that a backup of the database also holds."""

    def __init__(self, people: dict[str, list]) -> None:
        self.results: dict[tuple[str, str], str] = {}
        self.statuses: dict[tuple[str, str], str] = {}
        self.last_n: dict[str, int] = {}
        self.posts = people
        self.heads: dict[str, int] = {}

    def copy(self) -> "Ledger":
        """As it is now, for a backup."""
        return copy.deepcopy(self)

    def scope(self, person: str) -> list[str]:
        """The partitions that a person may see."""
        codes = {post["branch"] for post in self.posts[person]} & {row["code"] for row in BRANCHES}
        return ["GRP", *(f"B:{code}" for code in sorted(codes))]

    def pushed(self, device: str, ops: list[dict], answer: dict, person: str | None = None) -> None:
        """A push was answered with results; `person` is whose session carried it."""
        require(3, len(answer["results"]) == len(ops), "an op has no result")
        for op, result in zip(ops, answer["results"], strict=True):
            fresh = (op["part"], op["id"]) not in self.results and result["status"] != "parked"
            if person and fresh and "by" not in op:
                require(
                    12, op["part"] in self.scope(person), f"{op['id']} of {op['part']} was run for {person}"
                )
            self._result(device, op, result)
        require(5, answer["last_n"] == self.last_n.get(device, 0), f"last_n {answer['last_n']}")

    def _result(self, device: str, op: dict, result: dict) -> None:
        key = (op["part"], op["id"])
        rest = {name: value for name, value in result.items() if name != "n"}
        require(3, result["status"] in STATUSES, f"status {result['status']}")
        require(2, (result["id"], result["n"]) == (op["id"], op["n"]), f"{result} answers {op}")
        text, known = canonical(rest), self.results.get(key)
        same = known in (None, text) or _is_claimed(json.loads(known), result)
        require(2, same, f"op {key}: {known} and then {text}")
        last = self.last_n.get(device, 0)
        require(5, op["n"] <= last + 1, f"{device}: {op['n']} has a result after {last}")
        self.last_n[device] = max(last, op["n"])
        if known is None and result["status"] != "parked":
            waiting = [
                d for d in op.get("dep", []) if self.statuses.get((op["part"], d), "parked") == "parked"
            ]
            require(5, not waiting, f"op {key} was run before {waiting}")
        self.results[key], self.statuses[key] = text, result["status"]

    def settled(self, part: str, results: list[dict]) -> None:
        """Parked ops were run again or discarded: these results count from now on."""
        for result in results:
            key = (part, result["id"])
            require(4, self.statuses[key] == "parked", f"{key} was {self.statuses[key]} and is settled")
            self.results[key], self.statuses[key] = canonical(result), result["status"]

    def pulled(self, person: str, answer: dict) -> None:
        """A pull was answered."""
        scope = self.scope(person)
        require(12, set(answer["parts"]) <= set(scope), f"{list(answer['parts'])} for {scope}")
        require(12, answer["scope"] == scope, f"told {answer['scope']} instead of {scope}")

    def committed(self, heads: dict[str, int]) -> None:
        """The heads of the feed as they are now."""
        for part, head in heads.items():
            require(8, head >= self.heads.get(part, 0), f"{part} fell from {self.heads.get(part)} to {head}")
        self.heads = heads
