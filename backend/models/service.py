"""What branch staff do for the customer: hand-overs, callbacks, complaints."""

from backend.models.base import record


@record
class Handover:
    """The daily hand-over to customer service, also when there was nothing (D-H1, D-H2)."""

    kind_name = "handover"
    indexes = ((("part", "date"), False),)


@record
class Task:
    """A callback that is due (D-C)."""

    kind_name = "task"
    indexes = (
        (("part", "state", "due_at"), False),
        (("part", "vehicle_id"), False),
        (("part", "source_id"), False),
    )


@record
class Attempt:
    """One try to reach a customer, with the answers given: a fact (D-S6)."""

    kind_name = "attempt"
    indexes = ((("part", "started_at"), False), (("part", "vehicle_id"), False))


@record
class Complaint:
    """A complaint and where it stands (D-K1)."""

    kind_name = "complaint"
    indexes = ((("part", "state"), False), (("part", "heard_at"), False), (("part", "vehicle_id"), False))


@record
class ComplaintStep:
    """One step of a complaint, signed: a fact (D-K2)."""

    kind_name = "complaint_step"
    indexes = ((("part", "complaint_id"), False),)
