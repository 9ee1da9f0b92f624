"""The shapes of requests and answers, for checking and for the OpenAPI document; unknown fields are
refused.
"""

import re

from flask_smorest.fields import Upload
from marshmallow import RAISE, Schema, ValidationError, fields, validate

import shared_schema

UUID = validate.Regexp(r"\A[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
PART = validate.Regexp(r"\A(GRP|B:[A-Z]{2}[0-9]{2})\Z")
INSTANT = validate.Regexp(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\Z")
HEX64 = validate.Regexp(r"\A[0-9a-f]{64}\Z")
BAD = re.compile("[\x00\ud800-\udfff]")
SEQ = fields.Integer(strict=True, validate=validate.Range(0, 2**53))
DATE = validate.Regexp(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
BRANCH = validate.Regexp(r"\A[A-Z]{2}[0-9]{2}\Z")


class Strict(Schema):
    """A schema that refuses what it does not know."""

    class Meta:
        unknown = RAISE


class Text(fields.String):
    """A string without NUL and lone surrogates, which no database column takes."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if BAD.search(text):
            raise ValidationError("bad text")
        return text


class DeviceProof(Strict):
    id = Text(required=True, validate=UUID)
    secret = Text(required=True, validate=HEX64)


class LoginDevice(Strict):
    id = Text(required=True, validate=UUID)
    name = Text(required=True, validate=validate.Length(1, 60))
    was = fields.Nested(DeviceProof)


class Login(Strict):
    username = Text(required=True, validate=validate.Length(1, 64))
    password = Text(required=True, validate=validate.Length(1, 200))
    device = fields.Nested(LoginDevice, required=True)
    code = Text(validate=validate.Regexp(r"\A[0-9]{8}\Z"))


class OpEnvelope(Strict):
    """One op of a push (SYNC.md, Ops); its body is judged by the door, so that a bad one is parked,
    not lost.
    """

    n = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**53))
    id = Text(required=True, validate=UUID)
    kind = Text(required=True, validate=validate.Length(1, 60))
    v = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000))
    part = Text(required=True, validate=PART)
    body = fields.Dict(required=True)
    base = fields.Dict()
    at = Text(required=True, validate=INSTANT)
    dep = fields.List(Text(validate=UUID), validate=validate.Length(max=100))
    blobs = fields.List(Text(validate=HEX64), validate=validate.Length(max=100))
    h = Text(validate=HEX64)
    by = Text(validate=UUID)
    mac = Text(validate=HEX64)


class Clock(Strict):
    now = Text()
    offset_ms = fields.Integer(strict=True)
    rtt_ms = fields.Integer(strict=True)


class Push(Strict):
    proto = fields.Integer(required=True, strict=True)
    device = Text(required=True, validate=UUID)
    epoch = Text(allow_none=True)
    clock = fields.Nested(Clock)
    pending = fields.Integer(strict=True, validate=validate.Range(0, 10**9))
    ops = fields.List(fields.Nested(OpEnvelope), required=True, validate=validate.Length(max=500))


def _cursor(value: list) -> None:
    """`[epoch, seq]` or `[epoch, seq, floor]`."""
    epoch, *numbers = value or [None]
    named = isinstance(epoch, str) and 1 <= len(epoch) <= 64
    if not named or len(numbers) not in (1, 2):
        raise ValidationError("bad cursor")
    for number in numbers:
        SEQ.deserialize(number)


class Storage(Strict):
    persisted = fields.Boolean(truthy={True}, falsy={False})
    usage = SEQ
    quota = SEQ


class App(Strict):
    version = Text(validate=validate.Length(1, 40))
    storage = fields.Nested(Storage)
    pending_blobs = fields.Integer(strict=True, validate=validate.Range(0, 10**9))


class Pull(Strict):
    proto = fields.Integer(required=True, strict=True)
    device = Text(required=True, validate=UUID)
    cursors = fields.Dict(
        keys=Text(validate=PART),
        values=fields.List(fields.Raw(), validate=_cursor, allow_none=True),
    )
    pending = fields.Integer(strict=True, validate=validate.Range(0, 10**9))
    limit = fields.Integer(strict=True, validate=validate.Range(1, 10_000))
    app = fields.Nested(App)


NAME = [validate.Length(1, 60), validate.Regexp(r"\s*\S")]


class NewCode(Strict):
    branch = Text(required=True, validate=BRANCH)
    name = Text(required=True, validate=NAME)


class DeviceName(Strict):
    name = Text(required=True, validate=NAME)


class Revocation(Strict):
    mode = Text(required=True, validate=validate.OneOf(["soft", "hard"]))
    reason = Text(required=True, validate=[validate.Length(2, 200), validate.Regexp(r"\s*\S")])


class Shown(Strict):
    device = Text(required=True, validate=UUID)
    secret = Text(required=True, validate=HEX64)


class SealedRow(Strict):
    id = Text(required=True, validate=UUID)
    n = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**53))
    part = Text(required=True, validate=PART)
    at = Text(required=True, validate=INSTANT)
    sealed = Text(required=True)


class SealedPiece(Shown):
    part = Text(required=True, validate=PART)
    sha256 = Text(required=True, validate=HEX64)
    size = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**40))
    no = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**20))
    sealed = Text(required=True)


class HandIn(Shown):
    rows = fields.List(fields.Nested(SealedRow), required=True, validate=validate.Length(1, 500))


class ParkedQuery(Strict):
    settled = fields.Boolean(load_default=False)


class Rerun(Strict):
    body = fields.Dict()


class Discard(Strict):
    reason = Text(required=True, validate=[validate.Length(2, 200), validate.Regexp(r"\S")])


class NewPassword(Strict):
    staff_id = Text(required=True, validate=UUID)
    password = Text(required=True, validate=validate.Length(8, 200))


class Move(Strict):
    to = Text(required=True, validate=BRANCH)
    reason = Text(required=True, validate=validate.Length(1, 200))


class Period(Strict):
    branch = Text(validate=BRANCH)
    date_from = Text(validate=DATE, data_key="from")
    date_to = Text(validate=DATE, data_key="to")


def _forms() -> list[str]:
    return [item["code"] for item in shared_schema.load()["lists"]["form"]["items"]]


class Export(Strict):
    form = Text(required=True, validate=validate.OneOf(_forms()))
    id = Text(validate=UUID)
    query = fields.Nested(Period)
    format = Text(load_default="pdf", validate=validate.OneOf(["pdf", "xlsx"]))


class ErrorAnswer(Schema):
    code = fields.String(required=True)
    status = fields.Integer(required=True)
    message = fields.String(required=True)
    details = fields.Dict()


class ImportForm(Strict):
    branch = Text(required=True, validate=BRANCH)
    kind = Text(required=True, validate=validate.OneOf(["deliveries", "repair_orders"]))
    mapping = Text(validate=validate.Length(max=20_000))


class ImportFile(Strict):
    file = Upload(required=True)


class RowPage(Strict):
    state = Text(validate=validate.OneOf(["new", "changed", "same", "error"]))
    offset = fields.Integer(load_default=0, validate=validate.Range(0, 10**7))
    limit = fields.Integer(load_default=200, validate=validate.Range(1, 1000))


class BlobPlace(Strict):
    part = Text(required=True, validate=PART)


class BlobChunk(BlobPlace):
    offset = fields.Integer(required=True, validate=validate.Range(0, 2**40))
    size = fields.Integer(required=True, validate=validate.Range(1, 2**40))


class BlobView(BlobPlace):
    view = Text(load_default="", validate=validate.OneOf(["", "view", "thumb"]))
