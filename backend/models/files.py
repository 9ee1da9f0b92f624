"""The vehicle's file 「一车一档」: the vehicle, its people, its deliveries and visits (D-F1)."""

from backend.models.base import record


@record
class Customer:
    """A person or company around one or more vehicles (D-F3)."""

    kind_name = "customer"
    indexes = ((("part", "name"), False),)


@record
class Vehicle:
    """A vehicle; its id names its file (D-F1)."""

    kind_name = "vehicle"
    indexes = ((("part", "vin"), False), (("part", "plate"), False))

    @classmethod
    def id_of_plate(cls, part: str, plate: str) -> str | None:
        """The vehicle that carries this plate in a branch, or None."""
        row = cls.select(cls.id).where((cls.part == part) & (cls.plate == plate)).order_by(cls.id).first()
        return row and row.id


@record
class Party:
    """Who a customer is to a vehicle: owner, driver, sender, payer (D-F3)."""

    kind_name = "party"
    indexes = ((("part", "vehicle_id"), False), (("part", "customer_id"), False))

    @classmethod
    def vehicles_of(cls, part: str, customer_id: str) -> list[str]:
        """The vehicles a customer of a branch is named with."""
        rows = cls.select(cls.vehicle_id).where((cls.part == part) & (cls.customer_id == customer_id))
        return [row.vehicle_id for row in rows]


@record
class Delivery:
    """The hand-over of a sold car to its buyer (D-H1)."""

    kind_name = "delivery"
    indexes = ((("part", "delivered_on"), False), (("part", "vehicle_id"), False))


@record
class RepairOrder:
    """A visit to the workshop (D-F6)."""

    kind_name = "repair_order"
    indexes = ((("part", "out_at"), False), (("part", "vehicle_id"), False), (("part", "number"), False))


@record
class Attachment:
    """A photo, scan or recording of a vehicle's file: what it is; its bytes are a `Blob` (D-F2)."""

    kind_name = "attachment"
    indexes = ((("part", "vehicle_id"), False), (("part", "sha256"), False))


@record
class Conflict:
    """Two fillings of one field, until somebody chooses (SYNC.md, Merge)."""

    kind_name = "conflict"
    indexes = ((("part", "record_id"), False), (("part", "state"), False))
