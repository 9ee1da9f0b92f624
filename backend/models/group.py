"""The group's own records, in partition GRP: branches, staff, and what head office publishes."""

from backend.models.base import record

GROUP = "GRP"


@record
class Branch:
    """A branch 「门店」 with its hours; its code names its partition."""

    kind_name = "branch"
    indexes = ((("part", "code"), True),)


@record
class HolidayYear:
    """The public holidays and make-up working days of a year (D-K3)."""

    kind_name = "holiday_year"
    indexes = ()


@record
class Staff:
    """A person who works here, with posts in one or more branches (D-P)."""

    kind_name = "staff"
    indexes = ((("part", "username"), True),)


@record
class Rule:
    """A value head office or a branch set in place of a rule's default."""

    kind_name = "rule"
    indexes = ()


@record
class Questionnaire:
    """A published version of a questionnaire (D-S8)."""

    kind_name = "questionnaire"
    indexes = ((("part", "code", "version"), True),)


@record
class Script:
    """A published version of a script (D-S8)."""

    kind_name = "script"
    indexes = ((("part", "code", "version"), True),)


@record
class Plan:
    """A published version of a callback plan (D-C17)."""

    kind_name = "plan"
    indexes = ((("part", "code", "version"), True),)
