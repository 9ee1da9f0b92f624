"""A branch's data as the importer asks for it: plates and phones from memory, records one by one (D-F9)."""

from backend.models.files import Customer, Vehicle
from backend.models.scope import Scope
from backend.sync import feed


class BranchLookup:
    """Answers of one partition at the time of its making."""

    def __init__(self, scope: Scope, part: str):
        self.part = scope.require(part)
        own = Scope([part])
        plates = own.select(Vehicle, Vehicle.plate, Vehicle.id).where(Vehicle.plate.is_null(False))
        self.plates = dict(plates.order_by(Vehicle.id.desc()).tuples())
        self.vins = dict(own.select(Vehicle, Vehicle.vin, Vehicle.id).order_by(Vehicle.id.desc()).tuples())
        self.phones: dict[str, list[str]] = {}
        for row in own.select(Customer, Customer.id, Customer.phones).iterator():
            for phone in row.phones or []:
                self.phones.setdefault(phone, []).append(row.id)

    def vehicle_by_plate(self, plate: str) -> str | None:
        """The id of the vehicle that carries this plate."""
        return self.plates.get(plate)

    def vehicle_by_vin(self, vin: str) -> str | None:
        """The id of the vehicle with this VIN: another branch made it when the car came from there."""
        return self.vins.get(vin)

    def existing(self, kind: str, id: str) -> dict | None:
        """The current document of a record."""
        found = feed.latest(self.part, kind, [id])
        return found[id][0] if found else None  # None, too, for one that has moved away

    def customers_by_phone(self, phone: str) -> list[dict]:
        """Customers with this phone among theirs."""
        found = (self.existing("customer", record_id) for record_id in self.phones.get(phone, []))
        return [doc for doc in found if doc]
