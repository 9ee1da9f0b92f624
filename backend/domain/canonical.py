"""One text for one value: what is hashed, compared or kept is the same in both languages."""

import hashlib
import json
import re
from typing import Any

SAFE_INTEGER = 2**53 - 1
_LONE = re.compile("[\ud800-\udfff]")
_HASHED: dict[str, Any] = {"base": {}, "dep": [], "blobs": []}


class NotCanonical(ValueError):
    """The value holds what JSON of this product never has: a float, an unsafe integer, a non-string key."""


def canonical(value: Any) -> str:
    """JSON with keys in code point order, no spaces, non-ASCII kept, integers only.

    :raise NotCanonical: for floats, integers beyond 2^53 - 1, and keys that are no strings.
    """
    _refuse(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _LONE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _refuse(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"key {key!r}")
            _refuse(item)
    elif isinstance(value, list):
        for item in value:
            _refuse(item)
    elif isinstance(value, float) or (isinstance(value, int) and abs(value) > SAFE_INTEGER):
        raise NotCanonical(repr(value))


def op_hash(op: dict[str, Any]) -> str:
    """SHA-256 (hex) of what the author said: id, kind, v, part, body, base, at, dep, blobs."""
    said = {key: op.get(key) for key in ("id", "kind", "v", "part", "body", "at")}
    said |= {key: empty if op.get(key) is None else op[key] for key, empty in _HASHED.items()}
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def same(left: Any, right: Any) -> bool:
    """Equal as JSON values: `true` is not 1, and absent equals null."""
    if isinstance(left, dict) and isinstance(right, dict):
        return all(same(left.get(key), right.get(key)) for key in left.keys() | right.keys())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and left == right


def well_formed(value: object) -> object:
    """The same JSON with U+FFFD for half a surrogate pair: what a tablet hashes (its encoder does so too)."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [well_formed(item) for item in value]
    if isinstance(value, dict):
        return {well_formed(key): well_formed(item) for key, item in value.items()}
    return value
