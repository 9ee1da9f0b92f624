"""What an import asks the branch's data; the caller answers from its tables, tests from dicts."""

from typing import Any, Protocol

Doc = dict[str, Any]


class Lookup(Protocol):
    """Questions about one branch. Called a few times per row: answer from memory or an index."""

    def vehicle_by_plate(self, plate: str) -> str | None:
        """The id of the vehicle that carries this plate (stored form), or None."""

    def vehicle_by_vin(self, vin: str) -> str | None:
        """The id of the vehicle with this VIN, or None."""

    def existing(self, kind: str, id: str) -> Doc | None:
        """The current document of a record, or None."""

    def customers_by_phone(self, phone: str) -> list[Doc]:
        """Documents of customers with this phone (stored form) among theirs."""


class NoData:
    """An empty branch."""

    def vehicle_by_plate(self, plate: str) -> str | None:
        """None, always."""
        return None

    def vehicle_by_vin(self, vin: str) -> str | None:
        """None, always."""
        return None

    def existing(self, kind: str, id: str) -> Doc | None:
        """None, always."""
        return None

    def customers_by_phone(self, phone: str) -> list[Doc]:
        """Nobody."""
        return []
