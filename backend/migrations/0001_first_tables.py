"""The first tables: a frozen copy, deliberately independent of the models of today."""

from peewee import BigIntegerField, CompositeKey, IntegerField, Model, SqliteDatabase, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Customer(Table):
    name = TextField(null=True)
    gender = TextField(null=True)
    kind = TextField(null=True)
    phones = TextField(null=True)
    address = TextField(null=True)
    birthday = TextField(null=True)
    preferred_time = TextField(null=True)
    consent = IntegerField(null=True)
    refused_channels = TextField(null=True)
    note = TextField(null=True)
    pinyin = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "customer"
        primary_key = CompositeKey("part", "id")
        indexes = ((("part", "name"), False),)


class Vehicle(Table):
    vin = TextField(null=True)
    plate = TextField(null=True)
    model = TextField(null=True)
    color = TextField(null=True)
    archive_no = TextField(null=True)
    delivered_on = TextField(null=True)
    consultant = TextField(null=True)
    insurance_until = TextField(null=True)
    mileage_km = BigIntegerField(null=True)
    cabinet = TextField(null=True)
    drawer = TextField(null=True)
    folder = TextField(null=True)
    note = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "vehicle"
        primary_key = CompositeKey("part", "id")
        indexes = (
            (("part", "vin"), False),
            (("part", "plate"), False),
        )


class Party(Table):
    vehicle_id = TextField(null=True)
    customer_id = TextField(null=True)
    role = TextField(null=True)
    since = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "party"
        primary_key = CompositeKey("part", "id")
        indexes = (
            (("part", "vehicle_id"), False),
            (("part", "customer_id"), False),
        )


class Delivery(Table):
    vehicle_id = TextField(null=True)
    customer_id = TextField(null=True)
    delivered_on = TextField(null=True)
    consultant = TextField(null=True)
    consultant_id = TextField(null=True)
    note = TextField(null=True)
    imported = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "delivery"
        primary_key = CompositeKey("part", "id")
        indexes = (
            (("part", "delivered_on"), False),
            (("part", "vehicle_id"), False),
        )


class RepairOrder(Table):
    vehicle_id = TextField(null=True)
    customer_id = TextField(null=True)
    number = TextField(null=True)
    in_at = TextField(null=True)
    out_at = TextField(null=True)
    promised_at = TextField(null=True)
    type = TextField(null=True)
    items = TextField(null=True)
    mileage_km = BigIntegerField(null=True)
    advisor = TextField(null=True)
    advisor_id = TextField(null=True)
    technician = TextField(null=True)
    estimate_fen = BigIntegerField(null=True)
    amount_fen = BigIntegerField(null=True)
    consent = IntegerField(null=True)
    convenient_time = TextField(null=True)
    note = TextField(null=True)
    imported = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "repair_order"
        primary_key = CompositeKey("part", "id")
        indexes = (
            (("part", "out_at"), False),
            (("part", "vehicle_id"), False),
            (("part", "number"), False),
        )


class Branch(Table):
    code = TextField(null=True)
    name = TextField(null=True)
    short_name = TextField(null=True)
    brand = TextField(null=True)
    region = TextField(null=True)
    hotline = TextField(null=True)
    address = TextField(null=True)
    open = TextField(null=True)
    close = TextField(null=True)
    lunch_from = TextField(null=True)
    lunch_to = TextField(null=True)
    days_off = TextField(null=True)
    holidays_closed = IntegerField(null=True)
    deputies = TextField(null=True)
    active = IntegerField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "branch"
        primary_key = CompositeKey("part", "id")
        indexes = ((("part", "code"), True),)


class HolidayYear(Table):
    year = BigIntegerField(null=True)
    off = TextField(null=True)
    work = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "holiday_year"
        primary_key = CompositeKey("part", "id")


class Staff(Table):
    name = TextField(null=True)
    username = TextField(null=True)
    title = TextField(null=True)
    posts = TextField(null=True)
    active = IntegerField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "staff"
        primary_key = CompositeKey("part", "id")
        indexes = ((("part", "username"), True),)


class Rule(Table):
    code = TextField(null=True)
    branch = TextField(null=True)
    value = BigIntegerField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "rule"
        primary_key = CompositeKey("part", "id")


class Questionnaire(Table):
    code = TextField(null=True)
    version = BigIntegerField(null=True)
    title = TextField(null=True)
    questions = TextField(null=True)
    note = TextField(null=True)
    published_at = TextField(null=True)
    published_by = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "questionnaire"
        primary_key = CompositeKey("part", "id")
        indexes = ((("part", "code", "version"), True),)


class Script(Table):
    code = TextField(null=True)
    version = BigIntegerField(null=True)
    kind = TextField(null=True)
    title = TextField(null=True)
    sections = TextField(null=True)
    note = TextField(null=True)
    published_at = TextField(null=True)
    published_by = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "script"
        primary_key = CompositeKey("part", "id")
        indexes = ((("part", "code", "version"), True),)


class Plan(Table):
    code = TextField(null=True)
    version = BigIntegerField(null=True)
    title = TextField(null=True)
    nodes = TextField(null=True)
    note = TextField(null=True)
    published_at = TextField(null=True)
    published_by = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "plan"
        primary_key = CompositeKey("part", "id")
        indexes = ((("part", "code", "version"), True),)


class Handover(Table):
    kind = TextField(null=True)
    date = TextField(null=True)
    count = BigIntegerField(null=True)
    nil = IntegerField(null=True)
    sent_by = TextField(null=True)
    sent_at = TextField(null=True)
    signature = TextField(null=True)
    received_by = TextField(null=True)
    received_at = TextField(null=True)
    received_count = BigIntegerField(null=True)
    note = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "handover"
        primary_key = CompositeKey("part", "id")
        indexes = ((("part", "date"), False),)


class Task(Table):
    vehicle_id = TextField(null=True)
    customer_id = TextField(null=True)
    node = TextField(null=True)
    from_on = TextField(null=True)
    due_at = TextField(null=True)
    source = TextField(null=True)
    source_id = TextField(null=True)
    owner_role = TextField(null=True)
    owner_id = TextField(null=True)
    state = TextField(null=True)
    booked_at = TextField(null=True)
    tries = BigIntegerField(null=True)
    last_outcome = TextField(null=True)
    attempt_id = TextField(null=True)
    done_at = TextField(null=True)
    plan_version = BigIntegerField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "task"
        primary_key = CompositeKey("part", "id")
        indexes = (
            (("part", "state", "due_at"), False),
            (("part", "vehicle_id"), False),
            (("part", "source_id"), False),
        )


class Attempt(Table):
    vehicle_id = TextField(null=True)
    customer_id = TextField(null=True)
    task_id = TextField(null=True)
    node = TextField(null=True)
    staff_id = TextField(null=True)
    staff_name = TextField(null=True)
    channel = TextField(null=True)
    phone = TextField(null=True)
    started_at = TextField(null=True)
    ended_at = TextField(null=True)
    outcome = TextField(null=True)
    consented = IntegerField(null=True)
    questionnaire = TextField(null=True)
    questionnaire_version = BigIntegerField(null=True)
    script = TextField(null=True)
    script_version = BigIntegerField(null=True)
    answers = TextField(null=True)
    call_again = IntegerField(null=True)
    booked_at = TextField(null=True)
    note = TextField(null=True)
    from_paper = IntegerField(null=True)
    synced_at = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "attempt"
        primary_key = CompositeKey("part", "id")
        indexes = (
            (("part", "started_at"), False),
            (("part", "vehicle_id"), False),
        )


class Complaint(Table):
    vehicle_id = TextField(null=True)
    customer_id = TextField(null=True)
    attempt_id = TextField(null=True)
    number = TextField(null=True)
    heard_at = TextField(null=True)
    heard_channel = TextField(null=True)
    heard_by = TextField(null=True)
    content = TextField(null=True)
    demand = TextField(null=True)
    nature = TextField(null=True)
    cause = TextField(null=True)
    severity = TextField(null=True)
    department = TextField(null=True)
    handler_id = TextField(null=True)
    state = TextField(null=True)
    round = BigIntegerField(null=True)
    tier = BigIntegerField(null=True)
    compensation_fen = BigIntegerField(null=True)
    closed_at = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "complaint"
        primary_key = CompositeKey("part", "id")
        indexes = (
            (("part", "state"), False),
            (("part", "heard_at"), False),
            (("part", "vehicle_id"), False),
        )


class ComplaintStep(Table):
    complaint_id = TextField(null=True)
    vehicle_id = TextField(null=True)
    round = BigIntegerField(null=True)
    step = TextField(null=True)
    from_state = TextField(null=True)
    to_state = TextField(null=True)
    actor_id = TextField(null=True)
    actor_name = TextField(null=True)
    actor_role = TextField(null=True)
    deputy = IntegerField(null=True)
    happened_at = TextField(null=True)
    entered_at = TextField(null=True)
    synced_at = TextField(null=True)
    text = TextField(null=True)
    handler_id = TextField(null=True)
    handler_name = TextField(null=True)
    analysis = TextField(null=True)
    measure = TextField(null=True)
    compensation_fen = BigIntegerField(null=True)
    satisfied = IntegerField(null=True)
    on_paper = IntegerField(null=True)
    signature = TextField(null=True)
    part = TextField()
    id = TextField()
    ver = IntegerField(default=1)

    class Meta:
        table_name = "complaint_step"
        primary_key = CompositeKey("part", "id")
        indexes = ((("part", "complaint_id"), False),)


class Op(Table):
    part = TextField()
    id = TextField()
    device = TextField(null=True)
    n = BigIntegerField(null=True)
    kind = TextField()
    author_id = TextField(null=True)
    hash = TextField()
    text = TextField()
    status = TextField()
    code = TextField(null=True)
    result = TextField()
    received_at = TextField()

    class Meta:
        table_name = "op"
        primary_key = CompositeKey("part", "id")
        indexes = (
            (("device", "n"), True),
            (("part", "status"), False),
        )


class Feed(Table):
    part = TextField()
    kind = TextField()
    id = TextField()
    seq = BigIntegerField()
    ver = IntegerField()
    file = TextField(null=True)
    doc = TextField(null=True)

    class Meta:
        table_name = "feed"
        primary_key = CompositeKey("part", "kind", "id")
        indexes = (
            (("part", "seq"), True),
            (("part", "file"), False),
        )


class FeedHead(Table):
    part = TextField(primary_key=True)
    head = BigIntegerField(default=0)
    floor = BigIntegerField(default=0)
    sum = BigIntegerField(default=0)

    class Meta:
        table_name = "feed_head"


class Conflict(Table):
    part = TextField()
    id = TextField()
    kind = TextField()
    record_id = TextField()
    field = TextField()
    mine = TextField(null=True)
    theirs = TextField(null=True)
    base = TextField(null=True)
    op_id = TextField()
    at = TextField()

    class Meta:
        table_name = "conflict"
        primary_key = CompositeKey("part", "id")
        indexes = ((("part", "record_id"), False),)


class Snapshot(Table):
    part = TextField(primary_key=True)
    seq = BigIntegerField()
    manifest = TextField()
    built_at = TextField()

    class Meta:
        table_name = "snapshot"


class PartKey(Table):
    part = TextField(primary_key=True)
    key_id = TextField()
    key = TextField()

    class Meta:
        table_name = "part_key"


class Meta(Table):
    key = TextField(primary_key=True)
    value = TextField()

    class Meta:
        table_name = "meta"


class ImportRun(Table):
    part = TextField()
    id = TextField()
    kind = TextField()
    staff_id = TextField()
    filename = TextField()
    created_at = TextField()
    committed_at = TextField(null=True)
    summary = TextField()

    class Meta:
        table_name = "import_run"
        primary_key = CompositeKey("part", "id")


class ImportMapping(Table):
    part = TextField()
    kind = TextField()
    mapping = TextField()

    class Meta:
        table_name = "import_mapping"
        primary_key = CompositeKey("part", "kind")


class Device(Table):
    id = TextField(primary_key=True)
    name = TextField()
    last_n = BigIntegerField(default=0)
    created_at = TextField()
    seen_at = TextField()
    pending = IntegerField(default=0)
    cursors = TextField(default="{}")
    staff_id = TextField(null=True)
    revoked = IntegerField(default=0)

    class Meta:
        table_name = "device"


class Account(Table):
    staff_id = TextField(primary_key=True)
    username = TextField(unique=True)
    password_hash = TextField()
    demo = IntegerField(default=0)
    disabled = IntegerField(default=0)

    class Meta:
        table_name = "account"


class Session(Table):
    id = TextField(primary_key=True)
    token_hash = TextField(unique=True)
    staff_id = TextField(index=True)
    device_id = TextField()
    created_at = TextField()
    expires_at = TextField()
    revoked_at = TextField(null=True)

    class Meta:
        table_name = "session"


class LoginCounter(Table):
    key = TextField(primary_key=True)
    failures = IntegerField(default=0)
    open_at_ms = BigIntegerField(default=0)

    class Meta:
        table_name = "login_counter"


TABLES = (
    Customer,
    Vehicle,
    Party,
    Delivery,
    RepairOrder,
    Branch,
    HolidayYear,
    Staff,
    Rule,
    Questionnaire,
    Script,
    Plan,
    Handover,
    Task,
    Attempt,
    Complaint,
    ComplaintStep,
    Op,
    Feed,
    FeedHead,
    Conflict,
    Snapshot,
    PartKey,
    Meta,
    ImportRun,
    ImportMapping,
    Device,
    Account,
    Session,
    LoginCounter,
)


def up(migrator, db):
    """Create every table; on SQLite without the hidden row number, as the key is the order we read in."""
    for table in TABLES:
        table._meta.without_rowid = isinstance(db, SqliteDatabase) and not isinstance(
            table._meta.primary_key, bool
        )
    db.bind(TABLES)
    db.create_tables(TABLES)
