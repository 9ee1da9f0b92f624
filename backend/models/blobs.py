"""Which files have arrived, whole or in part: the row says so, the bytes lie in the storage (SYNC.md 17)."""

from peewee import BigIntegerField, CompositeKey, TextField

from backend.models.base import JsonText, Table
from backend.models.files import Attachment
from backend.models.scope import Scope
from backend.models.sync import Moved

COMPLETE, WAITING = "complete", "waiting"


class Blob(Table):
    """A file of a partition by the SHA-256 of its bytes. `complete` is said only after the hash was verified.

    `chunks`: the stored pieces of an upload on its way, in order, as `[storage name, bytes]`; together they
    are the first `received` bytes. `type` (lists/media_type.json) is found in the content at the end.
    """

    part = TextField()
    sha256 = TextField()
    size = BigIntegerField()
    type = TextField(null=True)
    state = TextField(default=WAITING)
    received = BigIntegerField(default=0)
    chunks = JsonText(default=list)
    created_by = TextField()
    created_at = TextField()
    completed_at = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("part", "sha256")
        indexes = ((("part", "state"), False),)

    @property
    def complete(self) -> bool:
        """True when the server holds the whole file, verified."""
        return self.state == COMPLETE

    @classmethod
    def find(cls, scope: Scope, part: str, sha256: str) -> "Blob | None":
        """The file of a partition, or None when nothing of it has arrived.

        :raise Refused: 404 `sync.part` for a partition outside the scope.
        """
        return cls.get_or_none((cls.part == scope.require(part)) & (cls.sha256 == sha256))

    @classmethod
    def readable(cls, scope: Scope, part: str, sha256: str) -> "Blob | None":
        """The verified file that a partition may read: its own, or one whose attachment came with a vehicle
        from another branch (the record moved, the bytes stay where they were sent).

        :raise Refused: 404 `sync.part`.
        """
        own = cls.find(scope, part, sha256)
        if own is not None and own.complete:
            return own
        named = scope.select(Attachment).where((Attachment.part == part) & (Attachment.sha256 == sha256))
        ids = [row.id for row in named]
        left = [row.part for row in Moved.select(Moved.part).where(Moved.id.in_(ids))]
        return cls.get_or_none(cls.part.in_(left) & (cls.sha256 == sha256) & (cls.state == COMPLETE))
