"""Normalised rows → op bodies: whose file a line belongs to, who the person is, and what looks doubtful
(D-F9)."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from backend.domain.canonical import canonical
from backend.domain.ids import content_id

from .lookup import Doc, Lookup
from .rows import Parsed
from .spec import load

VEHICLE = ("vin", "plate", "model", "color", "archive_no", "insurance_until")
CUSTOMER = ("name", "phones", "gender", "kind", "birthday", "address")
DELIVERY = ("delivered_on", "consultant", "note")
ORDER = (
    "number", "in_at", "out_at", "promised_at", "type", "items", "mileage_km", "advisor", "technician",
    "estimate_fen", "amount_fen", "consent", "convenient_time", "note",
)  # fmt: skip
Row = dict[str, Any]


@dataclass
class Seen:
    """What earlier lines of the same file said: only keys, so that 100,000 lines stay small."""

    records: dict[str, tuple[int, str]] = field(default_factory=dict)
    vins: dict[str, int] = field(default_factory=dict)
    plates: dict[str, str] = field(default_factory=dict)
    people: dict[tuple[str, str], str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


@dataclass
class Vehicle:
    """The vehicle of a line: its id, its VIN, and its document when the branch knows it."""

    id: str
    vin: str
    doc: Doc | None


def imported_text(body: Row) -> str:
    """The body as `delivery.import` and `repair_order.import` remember it in `imported` (D-H3)."""
    return canonical(body)


def last_import(prior: Doc | None) -> Row:
    """What the last import of this record said, by record: `{vehicle, customer?, …}`; empty when none."""
    text = (prior or {}).get("imported")
    return dict(json.loads(text)) if text else {}


class Builder:
    """Builds the bodies of one import into one branch."""

    def __init__(self, kind: str, part: str, lookup: Lookup) -> None:
        self.spec, self.part, self.lookup, self.seen = load(kind), part, lookup, Seen()

    def vehicle(self, row: Row, prior: Doc | None) -> Vehicle | None:
        """The vehicle a line means: as last time, by VIN, or by a plate known in the branch or from an
        earlier line."""
        vin, plate = row.get("vin"), row.get("plate")
        last = last_import(prior).get("vehicle", {})
        if last and (vin == last["vin"] or (vin is None and plate == last.get("plate"))):
            return Vehicle(last["id"], last["vin"], self.lookup.existing("vehicle", last["id"]))
        if vin is None:
            return self._by_plate(plate) if plate else None
        own = content_id(self.part, "vehicle", vin)
        known = self.lookup.vehicle_by_vin(vin) or own  # a car that came from another branch keeps its id
        return Vehicle(known, vin, self.lookup.existing("vehicle", known))

    def _by_plate(self, plate: str) -> Vehicle | None:
        known = self.lookup.vehicle_by_plate(plate)
        doc = self.lookup.existing("vehicle", known) if known else None
        if known and doc:
            return Vehicle(known, doc["vin"], doc)
        vin = self.seen.plates.get(plate)
        return Vehicle(content_id(self.part, "vehicle", vin), vin, None) if vin else None

    def record_id(self, row: Row) -> str:
        """The id of the delivery (VIN and date) or repair order (number): the same line, the same record."""
        if self.spec.record == "delivery":
            return content_id(self.part, "delivery", row["vin"], row["delivered_on"])
        return content_id(self.part, "repair_order", row["number"])

    def body(self, row: Row, vehicle: Vehicle, record_id: str, prior: Doc | None) -> Row:
        """The op's body; every record holds only what the line says."""
        car = self._car(row, vehicle)
        main: Row = {"id": record_id, "vehicle_id": vehicle.id}
        person, role = self.person(row)
        body: Row = {"vehicle": car}
        if person:
            customer = {"id": self._customer_id(person, vehicle.vin, prior), **person}
            body["customer"], main["customer_id"] = customer, customer["id"]
            body["party"] = self._party(vehicle.id, customer["id"], role, row.get("delivered_on"))
        main |= _pick(row, DELIVERY if self.spec.record == "delivery" else ORDER)
        body[self.spec.record] = main
        return body

    def _car(self, row: Row, vehicle: Vehicle) -> Row:
        more = ("delivered_on", "consultant") if self.spec.record == "delivery" else ("mileage_km",)
        return {"id": vehicle.id, **_pick(row, VEHICLE), "vin": vehicle.vin, **_pick(row, more)}

    def _party(self, vehicle_id: str, customer_id: str, role: str, since: str | None) -> Row:
        own = content_id(self.part, "party", vehicle_id, customer_id, role)
        party = {"id": own, "vehicle_id": vehicle_id, "customer_id": customer_id, "role": role}
        return party | ({"since": since} if since else {})

    def person(self, row: Row) -> tuple[Row, str]:
        """`(customer fields, role)`: the buyer; in a workshop whoever brought the car, else the owner (S1,
        D-F3).

        Somebody who can be called goes before somebody who cannot.
        """
        if self.spec.record == "delivery":
            return _pick(row, CUSTOMER), "owner"
        sender = {"name": row.get("sender_name"), "phones": row.get("sender_phones")}
        owner = {"name": row.get("owner_name"), "phones": row.get("owner_phones")}
        if sender["name"] and not sender["phones"] and owner["name"] in (None, sender["name"]):
            sender["phones"] = owner["phones"]
        if owner["name"] and not owner["phones"] and sender["name"] is None:
            owner["phones"] = sender["phones"]
        options = [(sender, "sender"), (owner, "owner")]
        named = [(person, role) for person, role in options if person["name"]]
        best = next((option for option in named if option[0]["phones"]), named[0] if named else ({}, ""))
        return {key: value for key, value in best[0].items() if value}, best[1]

    def _customer_id(self, person: Row, vin: str, prior: Doc | None) -> str:
        """The person already in the branch or in this file with that name and phone, else an id made of
        the two."""
        name, phones = person["name"], person.get("phones", [])
        found = self._prior_customer(person, prior)
        for phone in phones if found is None else []:
            found = found or self.seen.people.get((name, phone))
            same = [doc["id"] for doc in self.lookup.customers_by_phone(phone) if doc["name"] == name]
            found = found or (min(same) if same else None)
        made = found or content_id(self.part, "customer", name, phones[0] if phones else vin)
        for phone in phones:
            self.seen.people.setdefault((name, phone), made)
        return made

    def _prior_customer(self, person: Row, prior: Doc | None) -> str | None:
        """A corrected name or number on the same delivery or order is still the same person."""
        last = last_import(prior).get("customer")
        if not last:
            return None
        shared = set(last.get("phones", [])) & set(person.get("phones", []))
        return str(last["id"]) if shared or last["name"] == person["name"] else None

    def doubts(self, parsed: Parsed, vehicle: Vehicle, new: bool) -> None:
        """Warn of duplicates (D-F9): phone of another name, plate of another VIN, VIN twice, delivered
        before."""
        row, seen = parsed.row, self.seen
        self._doubt_phones(parsed)
        plate = row.get("plate")
        if plate and "vin" in row:
            known = self._by_plate(plate)
            if known and known.vin != vehicle.vin:
                parsed.warn("plate", "warn.plate_other_vin", plate=plate, vin=known.vin)
        if self.spec.record == "delivery":
            if vehicle.vin in seen.vins:
                parsed.warn("vin", "warn.vin_twice", line=seen.vins[vehicle.vin])
            before = (vehicle.doc or {}).get("delivered_on")
            if new and before and before != row["delivered_on"]:
                parsed.warn("delivered_on", "warn.delivered_before", date=before)

    def _doubt_phones(self, parsed: Parsed) -> None:
        person, role = self.person(parsed.row)
        name = person.get("name")
        column = "phones" if "phones" in self.spec.fields else f"{role}_phones"
        for phone in person.get("phones", []):
            others = [doc["name"] for doc in self.lookup.customers_by_phone(phone)]
            others.append(self.seen.names.get(phone, name))
            other = next((found for found in others if found != name), None)
            if other and name not in others[:-1]:
                parsed.warn(column, "warn.phone_other_name", phone=phone, name=other)

    def remember(self, parsed: Parsed, vehicle: Vehicle, record_id: str) -> None:
        """Keep what later lines are compared with."""
        seen, row = self.seen, parsed.row
        digest = hashlib.blake2b(canonical(row).encode(), digest_size=12).hexdigest()
        seen.records.setdefault(record_id, (parsed.line, digest))
        seen.vins.setdefault(vehicle.vin, parsed.line)
        if row.get("plate"):
            seen.plates.setdefault(row["plate"], vehicle.vin)
        person, _ = self.person(row)
        for phone in person.get("phones", []):
            seen.names.setdefault(phone, person["name"])

    def repeated(self, parsed: Parsed, record_id: str) -> tuple[int, bool] | None:
        """`(earlier line, whether it says exactly the same)` when the file has this record already."""
        earlier = self.seen.records.get(record_id)
        if earlier is None:
            return None
        digest = hashlib.blake2b(canonical(parsed.row).encode(), digest_size=12).hexdigest()
        return earlier[0], earlier[1] == digest


def _pick(row: Row, names: tuple[str, ...]) -> Row:
    return {name: row[name] for name in names if row.get(name) is not None}
