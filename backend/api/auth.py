"""Logging in and out, and what a person may know of their own account."""

from urllib.parse import urlsplit

from flask import current_app, g, request
from flask.views import MethodView
from flask_smorest import Blueprint

from backend import clock
from backend.api import login, schemas
from backend.api.access import allow, public
from backend.config import is_loopback
from backend.errors import Refused
from backend.models.access import Account, Session
from backend.sync import people, reference, state

blp = Blueprint("auth", __name__, url_prefix="/api/v1", description="登录")


def demo_allowed() -> bool:
    """Demo accounts are for this machine: bound to loopback, and not asked for through a proxy."""
    asked = (request.remote_addr or "", urlsplit(request.host_url).hostname or "")
    return current_app.config["CHEDANG"].loopback and all(is_loopback(name) for name in asked)


@blp.route("/auth/login")
class LogIn(MethodView):
    @public
    @blp.arguments(schemas.Login)
    @blp.response(200)
    @blp.alt_response(401, schema=schemas.ErrorAnswer)
    @blp.alt_response(403, schema=schemas.ErrorAnswer)
    @blp.alt_response(429, schema=schemas.ErrorAnswer)
    def post(self, data: dict) -> dict:
        """Open a session on a device; the answer carries the token, the scope and the keys of its partitions.

        A device that is not known yet needs the one-time `code` that a manager made for it.
        """
        return login.log_in(data, request.remote_addr or "", demo_allowed(), clock.now())


@blp.route("/auth/logout")
class LogOut(MethodView):
    @blp.response(204)
    def post(self) -> None:
        """End this session. Ops it signed before are still accepted from its device."""
        Session.update(revoked_at=clock.now()).where(Session.id == g.session.id).execute()


@blp.route("/me")
class Me(MethodView):
    @blp.response(200)
    def get(self) -> dict:
        """The person behind the token: `{user, scope}`."""
        return login.account_view(g.person)


@blp.route("/auth/keys")
class Keys(MethodView):
    @blp.response(200)
    def get(self) -> dict:
        """The keys of the person's scope on this tablet, after the scope or a key has changed:
        `{keys, data_keys, lease_hours}`.
        """
        return login.keys_view(g.person, g.device)


@blp.route("/accounts")
class Accounts(MethodView):
    @allow("admin")
    @blp.arguments(schemas.NewPassword)
    @blp.response(204)
    def post(self, data: dict) -> None:
        """Give a staff member a password; their open sessions end."""
        person = reference.find("staff", id=data["staff_id"])
        if not person:
            raise Refused("not_found")
        login.replace_password(person["id"], person["username"], data["password"], clock.now())


@blp.route("/demo/accounts")
class DemoAccounts(MethodView):
    @public
    @blp.response(200)
    def get(self) -> list[dict]:
        """The demo group's accounts, while it is loaded and the server is reachable from this
        machine only.
        """
        if not state.value("demo") or not demo_allowed():
            return []
        demo = {account.staff_id: account.username for account in Account.select().where(Account.demo == 1)}
        return [_demo_row(person) for person in reference.docs("staff") if person["id"] in demo]


def _demo_row(person: dict) -> dict:
    roles = people.roles_by_branch(person)
    branch = next(iter(roles))
    return {
        **{"username": person["username"], "password": state.value("demo"), "name": person["name"]},
        **{"branch": branch, "roles": roles[branch]},
    }
