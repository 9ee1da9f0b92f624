"""Numbers people decide: a branch's value, else the group's, else the shipped default."""

from typing import Any

Doc = dict[str, Any]


def rule(schema: Doc, rules: list[Doc], code: str, branch_code: str | None) -> int:
    """The value of a rule for a branch, in the unit lists/rules.json gives.

    Of two documents for the same scope the one born later counts. :raise KeyError: no such rule.
    """
    found = [doc for doc in rules if doc["code"] == code and doc.get("branch") in (branch_code, None, "")]
    own = [doc for doc in found if doc.get("branch")]
    if found:
        latest: Doc = max(own or found, key=lambda doc: doc["id"])
        return int(latest["value"])
    return int(item_of(schema, "rules", code)["default"])


def item_of(schema: Doc, list_name: str, code: str) -> Doc:
    """One row of a list. :raise KeyError: no such code."""
    for item in schema["lists"][list_name]["items"]:
        if item["code"] == code:
            return dict(item)
    raise KeyError(f"{list_name}: {code}")
