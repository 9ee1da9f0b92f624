"""marshmallow fields that never coerce: each accepts exactly one JSON type and answers with a problem code.

marshmallow's own fields turn "5" into 5 and "yes" into True; these return the value untouched or refuse.
"""

import re
from collections.abc import Callable
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from . import text, timing
from .canonical import SAFE_INTEGER

REQUIRED, TYPE, FORMAT = "field.required", "field.type", "field.format"
Spec = dict[str, Any]
_MESSAGES = {"required": REQUIRED, "null": REQUIRED, "type": TYPE, "invalid": TYPE}


class Strict(Schema):
    """Base of every generated schema: unknown fields are refused, in the words of codes.json."""

    class Meta:
        unknown = RAISE

    def __init__(self) -> None:
        super().__init__()
        self.error_messages |= {"unknown": "field.unknown", "type": TYPE}


def options(spec: Spec) -> dict[str, Any]:
    """The marshmallow options a field declaration stands for; absent and null are the same."""
    return {
        "required": bool(spec.get("required")),
        "allow_none": not spec.get("required"),
        "error_messages": _MESSAGES,
        "metadata": {"title": spec.get("label", "")},
    }


class Text(fields.String):
    """A string of clean text up to `max` code points, matching `pattern` as a whole."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(**options(spec))
        self.max: int | None = spec.get("max")
        self.pattern = re.compile(spec["pattern"], re.ASCII) if "pattern" in spec else None

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, str):
            raise ValidationError(TYPE)
        if self.required and text.is_blank(value):
            raise ValidationError(REQUIRED)
        if not text.is_clean(value):
            raise ValidationError(FORMAT)
        if self.max is not None and text.length(value) > self.max:
            raise ValidationError("field.too_long")
        if self.pattern and not self.pattern.fullmatch(value):
            raise ValidationError(FORMAT)
        return value


class Shaped(fields.String):
    """A string of a fixed shape: id, date, instant, time, phone, plate, vin, signature."""

    def __init__(self, spec: Spec, fits: Callable[[str], bool], longest: int | None = None) -> None:
        super().__init__(**options(spec))
        self.fits, self.longest = fits, longest

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, str):
            raise ValidationError(TYPE)
        if self.longest is not None and len(value) > self.longest:
            raise ValidationError("field.too_long")
        if not self.fits(value):
            raise ValidationError(FORMAT)
        return value


class Code(fields.String):
    """One of the codes of a list."""

    def __init__(self, spec: Spec, codes: frozenset[str]) -> None:
        super().__init__(**options(spec))
        self.codes = codes

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, str):
            raise ValidationError(TYPE)
        if value not in self.codes:
            raise ValidationError("field.not_in_list")
        return value


class Integer(fields.Integer):
    """A JSON integer (not 5.0, "5" or true) between `min` and `max`."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(**options(spec))
        self.low, self.high = spec.get("min", -SAFE_INTEGER), spec.get("max", SAFE_INTEGER)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError(TYPE)
        if not self.low <= value <= self.high:
            raise ValidationError("field.range")
        return value


class Boolean(fields.Boolean):
    """true or false, nothing that merely looks like it."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(**options(spec))

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, bool):
            raise ValidationError(TYPE)
        return value


class Items(fields.List):
    """A list of up to `max` items; when there are more, the items themselves are not looked at."""

    def __init__(self, spec: Spec, item: fields.Field[Any]) -> None:
        super().__init__(item, **options(spec))
        self.max: int | None = spec.get("max")

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, list):
            raise ValidationError(TYPE)
        if self.required and not value:
            raise ValidationError(REQUIRED)
        if self.max is not None and len(value) > self.max:
            raise ValidationError("field.too_many")
        problems = {at: found for at, item in enumerate(value) if (found := errors_of(self.inner, item))}
        if problems:
            raise ValidationError(problems)
        return value


class Nested(fields.Nested):
    """An object with its own declared fields."""

    def __init__(self, spec: Spec, nested: Schema) -> None:
        super().__init__(nested, **options(spec))
        self.inside = nested

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, dict):
            raise ValidationError(TYPE)
        problems = self.inside.validate(value)
        if problems:
            raise ValidationError(problems)
        return value


def errors_of(field: fields.Field[Any], value: Any) -> Any:
    """What one field says about one value: a list of codes, a tree of them, or nothing."""
    try:
        field.deserialize(value)
    except ValidationError as error:
        return error.messages
    return None


SHAPES: dict[str, tuple[Callable[[str], bool], int | None]] = {
    "id": (text.is_id, None),
    "ref": (text.is_id, None),
    "date": (timing.is_date, None),
    "instant": (timing.is_instant, None),
    "time": (timing.is_time, None),
    "phone": (text.is_phone, None),
    "plate": (text.is_plate, None),
    "vin": (text.is_vin, None),
    "signature": (text.is_signature, 20_000),
}
