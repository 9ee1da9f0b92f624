"""The one declaration of the product's data, as JSON beside this file: loaded once, given to both
languages.
"""

import json
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _folder(name: str) -> list[dict]:
    return [_read(path) for path in sorted((HERE / name).glob("*.json"))]


@cache
def load() -> dict:
    """The whole schema: `{records, lists, ops, workflows, codes}`, each by name. Treat as immutable.

    It holds JSON values only, so `GET /schema.json` hands the same dict to the browser.
    """
    return {
        "records": {r["record"]: r for r in _folder("records")},
        "lists": {x["list"]: x for x in _folder("lists")},
        "ops": {op["kind"]: op for group in _folder("ops") for op in group["ops"]},
        "workflows": {w["workflow"]: w for w in _folder("workflows")},
        "codes": _read(HERE / "codes.json"),
    }


def seeds(kind: str) -> list[dict]:
    """The shipped documents of a versioned group record: `questionnaire`, `script` or `plan`
    (D-C17, D-S8).
    """
    return _folder(kind + "s")


def vectors() -> dict[str, list[dict]]:
    """Conformance vectors by file name: lists of `{id, note, fn, given, expect}` that judge both
    languages.
    """
    return {path.stem: _read(path) for path in sorted((HERE / "vectors").glob("*.json"))}
