"""Every text of the shipped content, by the file it stands in: what the content tests read."""

import re

import shared_schema
from backend.demo.group import published

PLACES = {"门店", "姓名", "职务", "客户", "称呼", "车型", "车牌", "日期", "热线"}
PLACE = re.compile(r"\{([^{}]*)\}")


def seeds(kind: str) -> dict[str, dict]:
    """The shipped documents of a kind by code."""
    return {doc["code"]: doc for doc in shared_schema.seeds(kind)}


def published_docs() -> list[tuple[str, dict]]:
    """`[(kind, doc)]` as they are published, with ids."""
    return published()


def strings(value: object) -> list[str]:
    """All strings of a JSON value."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []
