"""The only clock: everything else gets `now` handed in."""

from datetime import UTC, datetime


def now() -> str:
    """This instant, RFC 3339 UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
