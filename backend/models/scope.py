"""The one gateway for reading business data: a query sees the partitions of the session, and no others."""

from collections.abc import Iterable

from peewee import ModelSelect

from backend.errors import Refused
from backend.models.base import Record


class Scope:
    """The partitions a person may read, decided by the server at every request (TRUST.md)."""

    def __init__(self, parts: Iterable[str]):
        self.parts = frozenset(parts)

    def __contains__(self, part: str) -> bool:
        return part in self.parts

    def require(self, part: str) -> str:
        """The partition itself.

        :raise Refused: 404 `sync.part` if it is outside the scope: a foreign branch does not exist.
        """
        if part not in self.parts:
            raise Refused("sync.part")
        return part

    def select(self, model: type[Record], *columns: object) -> ModelSelect:
        """A query over `model` that is already limited to the scope."""
        return model.select(*columns).where(model.part.in_(sorted(self.parts)))

    def get(self, model: type[Record], record_id: str) -> Record:
        """The record with this id.

        :raise Refused: 404 `not_found` if it is missing or belongs to a foreign branch; 409 `conflict` if two
            branches have a record of this id, which only a forger brings about.
        """
        rows = list(self.select(model).where(model.id == record_id).limit(2))
        if not rows:
            raise Refused("not_found")
        if len(rows) > 1:
            raise Refused("conflict")
        return rows[0]
