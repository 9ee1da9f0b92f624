"""What the tests' stand-ins for a branch's records have in common."""


class Filed:
    """Records in `docs` by `(kind, id)`."""

    docs: dict[tuple[str, str], dict]

    def file(self, vehicle_id: str) -> list[tuple[str, dict]]:
        """`(kind, document)` of what names a vehicle."""
        return [(kind, doc) for (kind, _id), doc in self.docs.items() if doc.get("vehicle_id") == vehicle_id]
