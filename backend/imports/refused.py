"""Why a whole file cannot be imported, and how much of a file is read: shared by the reader process and
its caller."""

from dataclasses import dataclass
from typing import Any

from .spec import message, status

MB = 1024 * 1024


class ImportRefused(Exception):
    """The file as a whole cannot be imported; becomes an error answer at the HTTP edge.

    `code` is one of `import.*`, `status` its HTTP status, `message` the Chinese text (what happened, what
    to do),
    `details` the figures in it, and for `import.columns` also `columns` and `mapping` so that the user can
    choose.
    """

    def __init__(self, code: str, message: str, details: dict[str, Any]) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.details = code, message, details

    @property
    def status(self) -> int:
        """The HTTP status of the code."""
        return status(self.code)


def refused(code: str, /, **details: Any) -> ImportRefused:
    """The refusal of a code with its text filled in from the details."""
    return ImportRefused(code, message(code, **details), details)


@dataclass(frozen=True)
class Limits:
    """How much is read of one file. Bytes, counts, seconds; `max_ratio` is unpacked to packed size of a
    zip."""

    max_bytes: int = 50 * MB
    max_unpacked: int = 600 * MB
    max_ratio: int = 200
    max_entries: int = 2000
    max_rows: int = 200_000
    max_columns: int = 200
    max_sheets: int = 20
    memory_bytes: int = 1024 * MB
    seconds: int = 120
