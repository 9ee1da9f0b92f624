"""Records → payload of each paper form: one pure module a form, judged together with its JS twin."""

from exports.forms import callback_log, callback_record, complaint, vehicle_file

FORMS = {
    "complaint": complaint.payload,
    "callback_log": callback_log.payload,
    "callback_record": callback_record.payload,
    "vehicle_file": vehicle_file.payload,
}


def build(form: str, records: dict | None, ctx: dict) -> dict:
    """The payload of a form for its template (D-X1, D-X4, D-X5, D-X9).

    `records` is what the form's module says; None or `{}` gives the blank sheet to fill by hand (D-X15).

    :raise KeyError: no such form
    """
    return FORMS[form](records or {}, ctx)
