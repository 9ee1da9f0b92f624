"""The authorization matrix: every route × method × person, from the routes themselves (TRUST.md
test plan 7).
"""

import pytest
from flask import Flask

from backend.api.access import SIGNED_IN, allowed_of
from backend.models.access import Account, Session
from backend.models.sync import Device
from tests.cast import SZ01, customer, fixed_id, vehicle

ANYONE = "public"
MANAGERS = ("cs_manager", "service_manager", "sales_manager", "general_manager")
HEAD_OFFICE = ("hq_operator", "hq_auditor", "admin")

# Every route and who may call it. A route that is not in this table fails the test below.
TABLE: dict[tuple[str, str], str | tuple[str, ...]] = {
    ("GET", "/"): ANYONE,
    ("GET", "/<path:path>"): ANYONE,
    ("GET", "/healthz"): ANYONE,
    ("GET", "/metrics"): ANYONE,
    ("GET", "/schema.json"): ANYONE,
    ("GET", "/precache.json"): ANYONE,
    ("GET", "/practice.json"): ANYONE,
    ("GET", "/sw.js"): ANYONE,
    ("GET", "/forms/templates/<name>"): ANYONE,
    ("GET", "/forms/forms.css"): ANYONE,
    ("GET", "/api/v1/openapi.json"): ANYONE,
    ("GET", "/api/v1/docs"): ANYONE,
    ("GET", "/api/v1/demo/accounts"): ANYONE,
    ("POST", "/api/v1/auth/login"): ANYONE,
    ("POST", "/api/v1/auth/logout"): SIGNED_IN,
    ("GET", "/api/v1/me"): SIGNED_IN,
    ("GET", "/api/v1/auth/keys"): SIGNED_IN,
    ("POST", "/api/v1/accounts"): ("admin",),
    ("POST", "/api/v1/sync/push"): SIGNED_IN,
    ("POST", "/api/v1/sync/pull"): SIGNED_IN,
    ("GET", "/api/v1/sync/snapshot/<part>"): SIGNED_IN,
    ("GET", "/api/v1/sync/chunks/<part>/<name>"): SIGNED_IN,
    ("GET", "/api/v1/sync/parked"): SIGNED_IN,
    ("POST", "/api/v1/sync/parked/<part>/<op_id>/rerun"): SIGNED_IN,
    ("POST", "/api/v1/sync/parked/<part>/<op_id>/discard"): SIGNED_IN,
    ("GET", "/api/v1/blobs/<sha256>"): SIGNED_IN,
    ("PUT", "/api/v1/blobs/<sha256>"): SIGNED_IN,
    ("POST", "/api/v1/imports"): SIGNED_IN,
    ("POST", "/api/v1/imports/<run_id>/commit"): SIGNED_IN,
    ("GET", "/api/v1/imports/<run_id>/rows"): SIGNED_IN,
    ("GET", "/api/v1/imports/<run_id>/errors.xlsx"): SIGNED_IN,
    ("GET", "/api/v1/reports/branches"): (*HEAD_OFFICE, "general_manager", "cs_manager"),
    ("GET", "/api/v1/reports/publications"): HEAD_OFFICE,
    ("POST", "/api/v1/exports"): SIGNED_IN,
    ("POST", "/api/v1/vehicles/<vehicle_id>/move"): ("cs_manager", "general_manager", "hq_operator", "admin"),
    ("GET", "/api/v1/devices"): (*MANAGERS, *HEAD_OFFICE),
    ("POST", "/api/v1/devices/codes"): (*MANAGERS, "hq_operator", "admin"),
    ("POST", "/api/v1/devices/<device_id>/rename"): (*MANAGERS, "hq_operator", "admin"),
    ("POST", "/api/v1/devices/<device_id>/revoke"): (*MANAGERS, "hq_operator", "admin"),
    ("POST", "/api/v1/devices/state"): ANYONE,
    ("POST", "/api/v1/devices/hand-in"): ANYONE,
    ("POST", "/api/v1/devices/hand-in-file"): ANYONE,
    ("POST", "/api/v1/devices/wiped"): ANYONE,
}
FILLED = {
    "<part>": SZ01,
    "<name>": "0" * 64,
    "<sha256>": "0" * 64,
    "<run_id>": fixed_id(1, 77),
    "<vehicle_id>": fixed_id(1, 78),
    "<op_id>": fixed_id(1, 79),
    "<device_id>": fixed_id(1, 80),
    "<path:path>": "today",
}


def routes(app: Flask) -> dict[tuple[str, str], object]:
    """Every method and rule of the server with its view."""
    return {
        (method, rule.rule): app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def url(rule: str) -> str:
    for place, value in FILLED.items():
        rule = rule.replace(place, value)
    return rule


@pytest.fixture
def database_kind() -> str:
    """Who may call what does not depend on the database."""
    return "sqlite"


def test_every_route_is_listed_and_marked_as_listed(app):
    """An unlisted route fails; so does one whose mark differs from the table."""
    marked = {key: allowed_of(view, key[0]) for key, view in routes(app).items()}
    assert marked == TABLE


def test_without_a_session_only_public_routes_answer(app, client):
    """Anonymous: 401 on everything else, whatever the method and body."""
    for method, rule in TABLE:
        answer = client.open(url(rule), method=method, json={} if method == "POST" else None)
        if TABLE[method, rule] == ANYONE:
            assert answer.status_code not in (401, 403), rule
        else:
            assert (answer.status_code, answer.get_json()["code"]) == (401, "auth.required"), rule
        answer.close()


def test_each_role_gets_what_the_table_says(cast, sign_in):
    """Every member of the cast on every route: 403 where the table says so, never elsewhere."""
    for person in cast:
        web = sign_in(person)
        for (method, rule), allowed in TABLE.items():
            if rule == "/api/v1/auth/logout":
                continue
            answer = web.client.open(
                url(rule), method=method, headers=web.headers, json={} if method == "POST" else None
            )
            refused = isinstance(allowed, tuple) and person.role not in allowed
            assert (answer.status_code == 403) == refused, (person.name, method, rule, answer.status_code)
            assert answer.status_code not in (401, 500), (person.name, method, rule)
            answer.close()


@pytest.mark.parametrize(
    "how", ["logout", "revoked device", "left the company", "disabled account", "expired"]
)
def test_a_session_that_ended_opens_nothing(cast, sign_in, app, how):
    """Logged out, left, expired: 401 on every route that wants a session; a revoked tablet: 403."""
    alice = sign_in(cast.alice)
    if how == "logout":
        assert alice.post("/auth/logout").status_code == 204
    elif how == "revoked device":
        Device.update(state="wipe").execute()
    elif how == "left the company":
        _change_staff(sign_in(cast.adm), cast.alice.id, {"active": False}, {"active": True})
    elif how == "disabled account":
        Account.update(disabled=True).where(Account.staff_id == cast.alice.id).execute()
        Session.update(revoked_at="2026-01-01T00:00:00.000Z").execute()
    else:
        Session.update(expires_at="2026-01-01T00:00:00.000Z").execute()
    for (method, rule), allowed in TABLE.items():
        if allowed != ANYONE:
            answer = alice.client.open(
                url(rule), method=method, headers=alice.headers, json={} if method == "POST" else None
            )
            assert answer.status_code == (403 if how == "revoked device" else 401), (how, rule)


def test_a_foreign_record_does_not_exist(cast, sign_in, app):
    """Zoe of SZ02 asks for the records of SZ01 by id: 404, as if they were not there."""
    alice, zoe, hua = sign_in(cast.alice), sign_in(cast.zoe), sign_in(cast.hua)
    _push(alice, SZ01, ("vehicle.add", vehicle()), ("customer.add", customer()))
    foreign = {"form": "vehicle_file", "id": vehicle()["id"]}
    assert zoe.post("/exports", foreign).status_code == 404
    period = {"form": "callback_log", "query": {"branch": "SZ01", "from": "2026-03-01", "to": "2026-03-02"}}
    assert zoe.post("/exports", period).status_code == 404
    assert zoe.get(f"/sync/snapshot/{SZ01}").status_code == 404
    form = {"branch": "SZ01", "kind": "deliveries", "file": (_csv(), "a.csv")}
    assert zoe.client.post("/api/v1/imports", data=form, headers=zoe.headers).status_code == 404
    assert hua.get(f"/sync/snapshot/{SZ01}").status_code == 404  # head office reads on line, it keeps no copy


def test_only_roles_that_hand_over_may_import(cast, sign_in):
    """D-H3: a consultant sees the file of a car, and does not import."""
    chen = sign_in(cast.chen)
    form = {"branch": "SZ01", "kind": "deliveries", "file": (_csv(), "a.csv")}
    answer = chen.client.post("/api/v1/imports", data=form, headers=chen.headers)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "auth.forbidden")


def _csv():
    import io

    return io.BytesIO("车架号,客户姓名,交车日期\n".encode())


def _push(web, part: str, *ops: tuple[str, dict], base: dict | None = None) -> None:
    rest = {"v": 1, "part": part, "at": "2026-03-02T02:00:00.000Z", "base": base or {}}
    rows = [
        {"n": n, "id": fixed_id(n, 0xB), "kind": kind, "body": body, **rest}
        for n, (kind, body) in enumerate(ops, 1)
    ]
    answer = web.post("/sync/push", {"proto": 1, "device": web.device, "ops": rows})
    assert {r["status"] for r in answer.get_json()["results"]} == {"applied"}, answer.get_json()


def _change_staff(admin, staff_id: str, fields: dict, seen: dict) -> None:
    _push(admin, "GRP", ("staff.set", {"id": staff_id, "set": fields}), base=seen)
