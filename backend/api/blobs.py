"""Photos, scans and recordings over the network: in chunks and resumable, out as attachments (SYNC.md 17)."""

import re

from flask import Response, current_app, g, request
from flask.views import MethodView
from flask_smorest import Blueprint

from backend import clock, pictures
from backend.api import schemas
from backend.errors import Refused
from backend.models.blobs import Blob
from backend.models.group import GROUP
from backend.models.scope import Scope
from backend.storage import Missing, open_storage
from backend.sync import blobs, people

blp = Blueprint("blobs", __name__, url_prefix="/api/v1/blobs", description="附件")
SHA256 = re.compile(r"[0-9a-f]{64}")
BYTES = "application/octet-stream"


def _named(sha256: str) -> str:
    if not SHA256.fullmatch(sha256):
        raise Refused("not_found")
    return sha256


def _own_scope() -> Scope:
    """The branches this person works in: only there are files added."""
    return Scope(part for part in people.sync_parts(g.person) if part != GROUP)


def _storage():
    return open_storage(current_app.config["CHEDANG"])


@blp.route("/<sha256>")
class BlobFile(MethodView):
    @blp.arguments(schemas.BlobPlace, location="query")
    @blp.response(200)
    @blp.alt_response(404, schema=schemas.ErrorAnswer)
    def head(self, query: dict, sha256: str) -> Response:
        """How much of a file has arrived: `Upload-Offset` (bytes) and `Upload-Complete` (1 once verified)."""
        row = Blob.find(_own_scope(), query["part"], _named(sha256))
        answer = Response(mimetype=BYTES)
        answer.headers["Upload-Offset"] = str(row.received if row else 0)
        answer.headers["Upload-Complete"] = str(int(bool(row and row.complete)))
        return answer

    @blp.arguments(schemas.BlobChunk, location="query")
    @blp.response(200)
    @blp.alt_response(409, schema=schemas.ErrorAnswer)
    @blp.alt_response(422, schema=schemas.ErrorAnswer)
    def put(self, query: dict, sha256: str) -> dict:
        """Append a chunk (the body, up to 1 MiB) at `offset`: `{offset, complete}` afterwards.

        `size` is the file's whole length. An empty body asks for the end of a file whose bytes are all there.
        """
        part = _own_scope().require(query["part"])
        data = request.get_data(cache=False)
        if len(data) > blobs.CHUNK_BYTES:
            raise Refused("request.too_large", limit_mb=blobs.CHUNK_BYTES >> 20)
        place = (part, _named(sha256), query["size"], query["offset"])
        row = blobs.append(_storage(), *place, data, g.person["id"], clock.now())
        return {"offset": row.received, "complete": row.complete}

    @blp.arguments(schemas.BlobView, location="query")
    @blp.response(200, content_type=BYTES)
    @blp.alt_response(404, schema=schemas.ErrorAnswer)
    def get(self, query: dict, sha256: str) -> Response:
        """A whole file byte for byte, or a picture's `view` (2560 px) or `thumb` (320 px) as JPEG without
        EXIF; `Range` is honoured.
        """
        row = Blob.readable(people.read_scope(g.person), query["part"], _named(sha256))
        if row is None:
            raise Refused("blob.waiting")
        medium = pictures.medium(row.type)
        if query["view"] and medium["kind"] != "image":
            raise Refused("not_found")
        return _file(blobs.place(row.part, row.sha256, query["view"]), medium, bool(query["view"]))


def _file(name: str, medium: dict, viewed: bool) -> Response:
    storage = _storage()
    size = storage.size(name)
    if size is None:
        raise Refused("not_found")
    first, end = _wanted(size)
    try:
        answer = Response(storage.get(name, first, end - first), mimetype=medium["type"])
    except Missing:
        raise Refused("not_found") from None
    if viewed:
        answer.mimetype = "image/jpeg"
    if end - first < size:
        answer.status_code = 206
        answer.headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
    suffix = "jpg" if viewed else medium["suffix"]
    answer.headers["Content-Length"] = str(end - first)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name.split("/")[2][:16]}.{suffix}"'
    return answer


def _wanted(size: int) -> tuple[int, int]:
    """The one range asked for as [first, end), or everything; what cannot be understood is everything, too.

    :raise Refused: 416 `blob.range` for a range outside the file.
    """
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return 0, size
    found = asked.range_for_length(size)
    if found is None:
        raise Refused("blob.range", size=size)
    return found
