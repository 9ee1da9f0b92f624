"""The sync endpoints (SYNC.md, Messages): push, pull, snapshot, chunks, and what was parked."""

from collections.abc import Callable

from flask import Response, current_app, g, request
from flask.views import MethodView
from flask_smorest import Blueprint

from backend import PROTOCOL, clock, db
from backend.api import schemas
from backend.domain.canonical import well_formed
from backend.errors import Refused
from backend.models.group import GROUP
from backend.storage import Missing, open_storage
from backend.sync import chunks, parked, people, pull, push, snapshot

blp = Blueprint("sync", __name__, url_prefix="/api/v1/sync", description="同步")
DEEPEST = 64


def _check(message: dict) -> None:
    if message["proto"] != PROTOCOL:
        raise Refused("sync.protocol", protocol=PROTOCOL)
    if message["device"] != g.session.device_id:
        raise Refused("sync.fork")


def require_shallow(value: object) -> None:
    """Nothing that this product writes is nested deeply.

    :raise Refused: 422 `request.invalid`.
    """
    level = [value]
    for _ in range(DEEPEST):
        inner = [
            item.values() if isinstance(item, dict) else item
            for item in level
            if isinstance(item, dict | list)
        ]
        level = [item for items in inner for item in items]
        if not level:
            return
    raise Refused("request.invalid", problems={"json": ["too deep"]})


@blp.route("/push")
class Push(MethodView):
    @blp.arguments(schemas.Push())
    @blp.response(200)
    @blp.alt_response(409, schema=schemas.ErrorAnswer)
    def post(self, data: dict) -> dict:
        """Hand in ops; every op gets a result, and the queue always moves on."""
        _check(data)
        raw = request.get_json()
        require_shallow(raw)
        raw = well_formed(raw)
        try:
            return push.push(raw, g.session, clock.now())
        except db.TROUBLE as error:
            current_app.logger.warning("push: %s", error)
            raise Refused("sync.busy") from error


@blp.route("/pull")
class Pull(MethodView):
    @blp.arguments(schemas.Pull())
    @blp.response(200)
    def post(self, data: dict) -> Response:
        """What changed since the cursors, a partition at a time."""
        _check(data)
        raw, now = request.get_json(), clock.now()
        text = pull.pull(raw, people.sync_parts(g.person), g.device.last_n, now)
        pull.note_seen(g.device, raw, g.person["id"], now)
        return Response(text, mimetype="application/json")


@blp.route("/snapshot/<part>")
class Manifest(MethodView):
    @blp.response(200)
    def get(self, part: str) -> dict:
        """The manifest of a branch partition's prebuilt snapshot, hot chunks first."""
        if part == GROUP or part not in people.sync_parts(g.person):
            raise Refused("sync.part")
        return snapshot.current(part, open_storage(current_app.config["CHEDANG"]), clock.now())


@blp.route("/chunks/<part>/<name>")
class Chunk(MethodView):
    @blp.response(200, content_type="application/octet-stream")
    def get(self, part: str, name: str) -> Response:
        """One sealed chunk; its name is a function of its content, so it never changes."""
        if part not in people.sync_parts(g.person) or not chunks.NAME.fullmatch(name):
            raise Refused("sync.part")
        storage, place = open_storage(current_app.config["CHEDANG"]), chunks.place(part, name)
        size = storage.size(place)
        if size is None:
            raise Refused("not_found")
        try:
            answer = Response(storage.get(place), mimetype="application/octet-stream")
        except Missing:  # swept in this moment: the tablet asks for the manifest of now
            raise Refused("not_found") from None
        answer.headers["Content-Length"] = str(size)
        answer.headers["Cache-Control"] = "private, immutable, max-age=31536000"
        return answer


@blp.route("/parked")
class Parked(MethodView):
    @blp.arguments(schemas.ParkedQuery, location="query")
    @blp.response(200)
    def get(self, query: dict) -> list[dict]:
        """Ops that were not accepted, whole: one's own, all for head office, a manager's quarantine
        (SYNC.md 4).
        """
        return parked.inbox(g.person, query["settled"])


@blp.route("/parked/<part>/<op_id>/rerun")
class Rerun(MethodView):
    @blp.arguments(schemas.Rerun)
    @blp.response(200)
    @blp.alt_response(409, schema=schemas.ErrorAnswer)
    def post(self, data: dict, part: str, op_id: str) -> dict:
        """Run a parked op as its author, mended or as it is, and what waited for it: `{results}`."""
        require_shallow(data)
        body = well_formed(data.get("body"))
        return {"results": _settled(parked.rerun, part, op_id, body)}


@blp.route("/parked/<part>/<op_id>/discard")
class Discard(MethodView):
    @blp.arguments(schemas.Discard)
    @blp.response(200)
    @blp.alt_response(409, schema=schemas.ErrorAnswer)
    def post(self, data: dict, part: str, op_id: str) -> dict:
        """Discard a parked op for a reason; its payload is kept: `{results}`."""
        return {"results": _settled(parked.discard, part, op_id, data["reason"])}


def _settled(act: Callable, part: str, op_id: str, what: object) -> list[dict]:
    try:
        return act(part, op_id, g.person, clock.now(), what)
    except db.TROUBLE as error:
        current_app.logger.warning("parked: %s", error)
        raise Refused("sync.busy") from error
