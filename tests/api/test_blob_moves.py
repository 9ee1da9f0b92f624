"""Photos of a vehicle that goes to another branch: who sees their bytes then (SYNC.md 12 and 17)."""

import pytest

from tests import pictures
from tests.api.sender import Sender, refused
from tests.cast import SZ01, SZ02, fixed_id, vehicle
from tests.sync.tablet import Tablet


@pytest.fixture
def alice(sign_in, cast):
    return sign_in(cast.alice)


def photo(sender) -> dict:
    """The record of a photo of the vehicle."""
    return {
        **{"id": fixed_id(1, 32), "vehicle_id": vehicle()["id"], "of_kind": "vehicle", "kind": "photo"},
        **{"of_id": vehicle()["id"], "sha256": sender.name, "bytes": len(sender.data), "media_type": "jpeg"},
    }


def test_photos_go_with_a_vehicle_to_another_branch(alice, sign_in, cast):
    """The record moves with the file, and whoever holds it now reads the bytes (SYNC.md, Scope change)."""
    sender = Sender(alice, pictures.HARMLESS["jpeg"])
    sender.all()
    tablet = Tablet(alice)
    assert tablet.do("vehicle.add", vehicle())["status"] == "applied"
    added = tablet.do("attachment.add", {"attachment": photo(sender)}, blobs=[sender.name])
    assert added["status"] == "applied", added
    zoe = Sender(sign_in(cast.zoe), sender.data, SZ02)
    assert refused(zoe.get()) == (404, "blob.waiting")
    moved = sign_in(cast.hua).post(f"/vehicles/{vehicle()['id']}/move", {"to": "SZ02", "reason": "客户搬家"})
    assert moved.status_code == 200, moved.get_json()
    assert zoe.get().data == sender.data
    assert refused(Sender(zoe.web, sender.data, SZ01).get()) == (404, "sync.part")


def test_a_photo_of_late_work_is_seen_where_its_vehicle_went(alice, sign_in, cast):
    """Taken before the tablet heard of the move: the record goes along, the bytes stay where they are."""
    sender = Sender(alice, pictures.HARMLESS["jpeg"])
    sender.all()
    tablet = Tablet(alice)
    assert tablet.do("vehicle.add", vehicle())["status"] == "applied"
    moved = sign_in(cast.hua).post(f"/vehicles/{vehicle()['id']}/move", {"to": "SZ02", "reason": "客户搬家"})
    assert moved.status_code == 200, moved.get_json()
    assert (
        tablet.do("attachment.add", {"attachment": photo(sender)}, blobs=[sender.name])["status"] == "applied"
    )
    assert Sender(sign_in(cast.zoe), sender.data, SZ02).get().data == sender.data
    assert (
        tablet.do("attachment.void", {"id": photo(sender)["id"], "reason": "拍糊了"})["status"] == "applied"
    )


def test_naming_a_file_of_another_branch_does_not_open_it(alice, sign_in, cast):
    """Invariant 12: an attachment's hash is no key; its record must have come from where the bytes are."""
    sender = Sender(alice, pictures.HARMLESS["jpeg"])
    sender.all()
    tablet = Tablet(sign_in(cast.zoe), SZ02)
    assert tablet.do("vehicle.add", vehicle())["status"] == "applied"
    assert (
        tablet.do("attachment.add", {"attachment": photo(sender)}, blobs=[sender.name])["status"] == "applied"
    )
    assert refused(Sender(tablet.web, sender.data, SZ02).get()) == (404, "blob.waiting")
