"""Who may come in: accounts, sessions, and counters that slow guessing down (TRUST.md, On the server)."""

from peewee import BigIntegerField, CompositeKey, IntegerField, TextField

from backend.models.base import Flag, Table


class Account(Table):
    """A person's way in. The person is a `staff` record; the password never enters the op log."""

    staff_id = TextField(primary_key=True)
    username = TextField(unique=True)
    password_hash = TextField()
    demo = Flag(default=False)
    disabled = Flag(default=False)


class Session(Table):
    """A login on a device. The token is stored hashed; expired sessions stay, to know an op's author."""

    id = TextField(primary_key=True)
    token_hash = TextField(unique=True)
    staff_id = TextField(index=True)
    device_id = TextField()
    created_at = TextField()
    expires_at = TextField()
    revoked_at = TextField(null=True)


class LoginCounter(Table):
    """Failed logins by account, device and address; the wait doubles, and never becomes for ever."""

    key = TextField(primary_key=True)
    failures = IntegerField(default=0)
    open_at_ms = BigIntegerField(default=0)


class EnrolCode(Table):
    """A one-time code that lets a tablet in for the first time (TRUST.md, Enrolment)."""

    code_hash = TextField(primary_key=True)
    branch = TextField()
    name = TextField()
    made_by = TextField(null=True)
    expires_at = TextField()
    used_at = TextField(null=True)


class DeviceLog(Table):
    """What was done about a tablet, when, by whom and why: its audit trail."""

    device_id = TextField()
    id = TextField()
    at = TextField()
    what = TextField()
    staff_id = TextField(null=True)
    reason = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("device_id", "id")
