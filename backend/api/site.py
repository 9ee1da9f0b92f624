"""The tablet app's files: served as they are, listed with their hashes for the service worker."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, request, send_from_directory
from werkzeug.security import safe_join

import shared_schema
from backend import PROTOCOL, __version__
from backend.api.access import public
from backend.config import PROJECT
from backend.demo import practice
from backend.errors import Refused

bp = Blueprint("site", __name__)
FRONTEND = PROJECT / "frontend"
EXPORTS = PROJECT / "exports"
FOLDERS = ("src", "css", "vendor", "icons")
PAGES = ("index.html", "print.html", "gallery.html", "manifest.webmanifest")
TYPES = {".webmanifest": "application/manifest+json", ".liquid": "text/plain; charset=utf-8"}

CSP = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html chedang",
    ]
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def init_app(app: Flask) -> None:
    """Serve the app's files and send the security headers with every answer."""
    app.register_blueprint(bp)
    app.after_request(_headers)


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _files() -> dict[str, Path]:
    """Every file the app is made of, by URL."""
    found = {f"/{page}": FRONTEND / page for page in PAGES}
    for folder in FOLDERS:
        for path in sorted((FRONTEND / folder).rglob("*")):
            if path.is_file():
                found["/" + path.relative_to(FRONTEND).as_posix()] = path
    for path in sorted((EXPORTS / "templates").glob("*.liquid")):
        found[f"/forms/templates/{path.name}"] = path
    found["/forms/forms.css"] = EXPORTS / "forms.css"
    return {url: path for url, path in found.items() if path.is_file()}


def precache() -> dict:
    """`{version, files:[{url, sha256, late}]}`: what the service worker keeps; `late` files (fonts)
    come last.
    """
    files = [{"url": url, "sha256": _digest(path, path.stat().st_mtime_ns)} for url, path in _files().items()]
    made = {"/schema.json": _schema_text(), "/practice.json": _practice_text()}
    files += [{"url": url, "sha256": hashlib.sha256(text).hexdigest()} for url, text in made.items()]
    for file in files:
        file["late"] = file["url"].startswith("/vendor/fonts/")
    text = json.dumps([__version__, PROTOCOL, files], sort_keys=True)
    return {"version": hashlib.sha256(text.encode()).hexdigest()[:16], "files": files}


@lru_cache(maxsize=2_000)
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@lru_cache(maxsize=1)
def _schema_text() -> bytes:
    told = {"version": __version__, **shared_schema.load()}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


@bp.get("/schema.json")
@public
def schema() -> Response:
    """The version and the declared records, lists, ops, workflows and codes, as the tablet reads them."""
    answer = Response(_schema_text(), mimetype="application/json")
    answer.add_etag()
    answer.headers["Cache-Control"] = "no-cache"
    return answer.make_conditional(request)


@lru_cache(maxsize=1)
def _practice_text() -> bytes:
    return json.dumps(practice.build(), ensure_ascii=False, separators=(",", ":")).encode()


@bp.get("/practice.json")
@public
def practice_data() -> Response:
    """An invented branch to practise on, without a server and without a real customer."""
    answer = Response(_practice_text(), mimetype="application/json")
    answer.add_etag()
    answer.headers["Cache-Control"] = "no-cache"
    return answer.make_conditional(request)


@bp.get("/precache.json")
@public
def precache_list() -> Response:
    """What the service worker keeps for work without network."""
    answer = Response(json.dumps(precache()), mimetype="application/json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/sw.js")
@public
def service_worker() -> Response:
    """The service worker; its last line sets the version it holds, so that browsers see a new release."""
    version = json.dumps(precache()["version"])
    text = (FRONTEND / "sw.js").read_text(encoding="utf-8") + f"\nself.version = {version};\n"
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/forms/templates/<name>")
@public
def template(name: str) -> Response:
    """A form's Liquid template: the tablet renders the same one."""
    return _send(EXPORTS / "templates", name)


@bp.get("/forms/forms.css")
@public
def stylesheet() -> Response:
    """The forms' print stylesheet."""
    return _send(EXPORTS, "forms.css")


@bp.get("/", defaults={"path": ""})
@bp.get("/<path:path>")
@public
def page(path: str) -> Response:
    """A file of the app; every other path is a place in the app and gets its one page."""
    first = path.split("/", 1)[0]
    if path in PAGES or first in FOLDERS:
        return _send(FRONTEND, path)
    if first in ("api", "forms") or "." in path.rsplit("/", 1)[-1]:
        raise Refused("not_found")
    return _send(FRONTEND, "index.html")


def _send(root: Path, name: str) -> Response:
    found = safe_join(str(root), name)
    if found is None or not Path(found).is_file():
        raise Refused("not_found")
    answer = send_from_directory(root, name, mimetype=TYPES.get(Path(name).suffix), max_age=0)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
