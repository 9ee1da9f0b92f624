"""Who is asking: the bearer token becomes a session, a person and a scope before any view runs (TRUST.md)."""

import hashlib
from collections.abc import Callable

from flask import Flask, current_app, g, request

from backend import clock, db
from backend.errors import Refused
from backend.models.access import Session
from backend.models.sync import Device
from backend.sync import devices, people

SIGNED_IN = "signed-in"
MOST_BYTES = 256 * 1024
BLOBS = ("/api/v1/blobs/", 2 * 1024 * 1024)
LARGE = (
    ("/api/v1/sync/push", 8 * 1024 * 1024),
    ("/api/v1/devices/hand-in", 12 * 1024 * 1024),  # a push in base64
    ("/api/v1/devices/hand-in-file", 2 * 1024 * 1024),
    ("/api/v1/imports", 64 * 1024 * 1024),
)


def public(view: Callable) -> Callable:
    """Mark a view that anyone may call."""
    view.allowed = "public"
    return view


def allow(*roles: str) -> Callable[[Callable], Callable]:
    """Mark a view for people who hold one of these roles in any branch or at head office."""

    def mark(view: Callable) -> Callable:
        view.allowed = roles
        return view

    return mark


def allowed_of(view: Callable, method: str) -> str | tuple[str, ...]:
    """What a view demands: `public`, `signed-in`, or roles. Unmarked views demand a session."""
    view_class = getattr(view, "view_class", None)
    target = getattr(view_class, method.lower(), view) if view_class else view
    return getattr(target, "allowed", SIGNED_IN)


def token_hash(token: str) -> str:
    """Tokens are random, so one plain hash is enough to keep them unreadable at rest."""
    return hashlib.sha256(token.encode()).hexdigest()


def init_app(app: Flask) -> None:
    """Check every request to a view of the API before the view runs."""
    app.before_request(_authorise)


def _authorise() -> None:
    if request.endpoint is None or not request.path.startswith(("/api/", "/metrics")):
        return
    request.max_content_length = _most_bytes(request.path)
    db.ensure_usable()
    view = current_app.view_functions[request.endpoint]
    allowed = allowed_of(view, request.method)
    if allowed == "public":
        return
    g.session = _session()
    g.person = people.staff(g.session.staff_id)
    if allowed != SIGNED_IN and not holds(g.person, allowed):
        raise Refused("auth.forbidden")


def _most_bytes(path: str) -> int:
    """How large a request to this address may be."""
    if path.startswith(BLOBS[0]):
        return BLOBS[1]
    return next((most for large, most in LARGE if path == large), MOST_BYTES)


def holds(person: dict, roles: tuple[str, ...], branch: str | None = None) -> bool:
    """True when the person holds one of the roles (in that branch, if one is named)."""
    held = people.roles_by_branch(person)
    return any(role in roles for place in held if branch in (None, place) for role in held[place])


def _session() -> Session:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Refused("auth.required")
    session = Session.find(token_hash=token_hash(token.strip()))
    if session is None:
        raise Refused("auth.required")
    g.device = Device.find(id=session.device_id)
    if g.device.state in devices.GONE:
        raise Refused("device.wipe")
    if session.revoked_at:
        raise Refused("auth.required")
    if session.expires_at <= clock.now():
        raise Refused("auth.expired")
    return session
