"""The tablets that are out, for those who answer for them; what a revoked one may still say (TRUST.md)."""

from flask import Response, current_app, g, request
from flask.views import MethodView
from flask_smorest import Blueprint

from backend import clock
from backend.api import login, schemas
from backend.api.access import allow, public
from backend.errors import Refused
from backend.models.sync import Device
from backend.storage import open_storage
from backend.sync import devices, enrolment, quarantine

blp = Blueprint("devices", __name__, url_prefix="/api/v1/devices", description="平板")
CLEAR = '"cache", "cookies", "storage"'


@blp.route("")
class Devices(MethodView):
    @allow(*devices.MANAGERS, *devices.READERS)
    @blp.response(200)
    def get(self) -> list[dict]:
        """The tablets of the branches one manages, all of them at head office; the ones seen last first."""
        return devices.listed(g.person)


@blp.route("/codes")
class Codes(MethodView):
    @allow(*devices.MANAGERS, *devices.OPERATORS)
    @blp.arguments(schemas.NewCode)
    @blp.response(200)
    def post(self, data: dict) -> dict:
        """A one-time code for a new tablet, good for 15 minutes: `{code, expires_at, valid_s}`."""
        own = devices.branches(g.person, devices.OPERATORS)
        if own is not None and data["branch"] not in own:
            raise Refused("not_found")
        return enrolment.make_code(data["branch"], data["name"].strip(), g.person["id"], clock.now())


@blp.route("/<device_id>/rename")
class Rename(MethodView):
    @allow(*devices.MANAGERS, *devices.OPERATORS)
    @blp.arguments(schemas.DeviceName)
    @blp.response(204)
    def post(self, data: dict, device_id: str) -> None:
        """Give a tablet another name."""
        device = devices.managed(device_id, g.person)
        devices.rename(device, data["name"].strip(), g.person, clock.now())


@blp.route("/<device_id>/revoke")
class Revoke(MethodView):
    @allow(*devices.MANAGERS, *devices.OPERATORS)
    @blp.arguments(schemas.Revocation)
    @blp.response(204)
    @blp.alt_response(409, schema=schemas.ErrorAnswer)
    def post(self, data: dict, device_id: str) -> None:
        """Soft: everybody logs in again. Hard: the tablet hands in its work and is wiped."""
        device = devices.managed(device_id, g.person)
        devices.revoke(device, data["mode"], data["reason"].strip(), g.person, clock.now())


def _shown(data: dict) -> Device:
    """The device that proves itself with its secret; wrong ones are slowed down, with own counters."""
    keys = [f"secret:{data['device']}", f"address:{request.remote_addr or ''}|secret"]
    login.require_open(keys)
    device = devices.with_secret(data["device"], data["secret"])
    if device is None:
        login.count_failure(keys)
        raise Refused("auth.required")
    return device


@blp.route("/state")
class State(MethodView):
    @public
    @blp.arguments(schemas.Shown)
    @blp.response(200)
    @blp.alt_response(401, schema=schemas.ErrorAnswer)
    def post(self, data: dict) -> dict:
        """What a tablet, locked or not, is to do: `{state}`, `active` or `wipe`."""
        return {"state": "wipe" if _shown(data).state in devices.GONE else "active"}


@blp.route("/hand-in")
class HandIn(MethodView):
    @public
    @blp.arguments(schemas.HandIn)
    @blp.response(200)
    @blp.alt_response(401, schema=schemas.ErrorAnswer)
    @blp.alt_response(409, schema=schemas.ErrorAnswer)
    def post(self, data: dict) -> dict:
        """The unsent work of a revoked tablet, as sealed there; the receipt is `{received: [ids]}`."""
        return {"received": quarantine.take(_shown(data), data["rows"], clock.now())}


@blp.route("/hand-in-file")
class HandInFile(MethodView):
    @public
    @blp.arguments(schemas.SealedPiece)
    @blp.response(200)
    @blp.alt_response(401, schema=schemas.ErrorAnswer)
    @blp.alt_response(409, schema=schemas.ErrorAnswer)
    def post(self, data: dict) -> dict:
        """A sealed piece of an unsent photo, scan or recording of a revoked tablet: `{offset, complete}`."""
        storage = open_storage(current_app.config["CHEDANG"])
        row = quarantine.take_piece(_shown(data), data, storage, clock.now())
        return {"offset": row.received, "complete": row.complete}


@blp.route("/wiped")
class Wiped(MethodView):
    @public
    @blp.arguments(schemas.Shown)
    @blp.response(204)
    @blp.alt_response(401, schema=schemas.ErrorAnswer)
    @blp.alt_response(409, schema=schemas.ErrorAnswer)
    def post(self, data: dict) -> Response:
        """The tablet is about to delete everything; the browser is told to do the same."""
        devices.wiped(_shown(data), clock.now())
        return Response(status=204, headers={"Clear-Site-Data": CLEAR})
