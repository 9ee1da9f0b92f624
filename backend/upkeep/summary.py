"""What a database holds in a few figures, so that a backup and what was restored from it can be compared."""

import hashlib
from collections.abc import Callable, Iterable

from backend.models import ALL

Rows = Callable[[str], Iterable[tuple]]
OPS_MODULUS = 1 << 48


def summarise(rows: Rows) -> dict:
    """`{epoch, migrations, parts: {part: {head, floor, sum}}, counts: {table: rows}, ops_sum}`.

    `rows(sql)` runs a query in the database that is looked at; all queries should see one moment. `ops_sum`
    is an order-free checksum of every op with its result.
    """
    heads = rows("SELECT part, head, floor, sum FROM feed_head")
    epoch = next(iter(rows("SELECT value FROM meta WHERE key = 'epoch'")), (None,))[0]
    return {
        "epoch": epoch,
        "migrations": sorted(name for (name,) in rows("SELECT name FROM schema_migration")),
        "parts": {
            part: {"head": int(head), "floor": int(floor), "sum": int(total)}
            for part, head, floor, total in sorted(heads)
        },
        "counts": {name: next(iter(rows(f'SELECT count(*) FROM "{name}"')))[0] for name in _tables()},
        "ops_sum": sum(map(_op_share, rows("SELECT part, id, hash, result FROM op"))) % OPS_MODULUS,
    }


def difference(wanted: dict, found: dict) -> list[str]:
    """Where two summaries disagree, in words; empty when they are the same."""
    said = []
    for name in wanted:
        if isinstance(wanted[name], dict):
            inner = {
                key
                for key in {**wanted[name], **found[name]}
                if wanted[name].get(key) != found[name].get(key)
            }
            said += [
                f"{name} {key}: {wanted[name].get(key)} ≠ {found[name].get(key)}" for key in sorted(inner)
            ]
        elif wanted[name] != found[name]:
            said.append(f"{name}: {wanted[name]} ≠ {found[name]}")
    return said


def _tables() -> list[str]:
    return sorted(model._meta.table_name for model in ALL)


def _op_share(row: tuple) -> int:
    return int.from_bytes(hashlib.sha256("|".join(row).encode()).digest()[:6], "big")
