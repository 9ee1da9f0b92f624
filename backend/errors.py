"""One error shape for the whole product: a code of codes.json becomes a status and a text that says
what to do.
"""

import shared_schema


class Refused(Exception):
    """A request that is answered with an error. `code` is listed in shared_schema/codes.json."""

    def __init__(self, code: str, /, **details: object):
        super().__init__(code)
        self.code = code
        self.details = details

    @property
    def status(self) -> int:
        return shared_schema.load()["codes"][self.code]["status"]

    def as_dict(self) -> dict:
        """`{code, status, message, details}` as every failing answer carries it."""
        return {
            "code": self.code,
            "status": self.status,
            "message": message(self.code, **self.details),
            "details": self.details,
        }


def message(code: str, /, **details: object) -> str:
    """The Chinese text of a code, with its `{places}` filled from `details`."""
    text = shared_schema.load()["codes"][code]["message"]
    for name, value in details.items():
        text = text.replace("{" + name + "}", str(value))
    return text
