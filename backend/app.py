"""The application factory: wiring only."""

import errno
from functools import partial

import structlog
from flask import Flask, Response, jsonify, request
from flask_smorest import Api
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import __version__, db, logs
from backend.api import access, auth, blobs, devices, exports, health, imports, reports, site, sync, vehicles
from backend.config import Config
from backend.errors import Refused
from backend.storage import Unavailable
from backend.sync import state

MOST_MB = 64
HTTP_CODES = {
    400: "request.not_json",
    404: "not_found",
    405: "request.method",
    413: "sync.too_large",
    415: "request.not_json",
    422: "request.invalid",
}
DISK_TROUBLE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE)
log = structlog.get_logger()


def create_app(config: Config) -> Flask:
    """The server for one database: migrated, with every route, error shape and header in place."""
    logs.init()
    app = Flask(__name__, static_folder=None, template_folder="api/templates")
    app.config.update(
        CHEDANG=config,
        API_TITLE="车档",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=MOST_MB * 1024 * 1024,
    )
    app.json.ensure_ascii = False
    if config.loopback:  # whoever reaches us speaks for a proxy on this machine, or is on it
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)
    db.connect(config.database, mapped=True)
    state.prepare()
    access.init_app(app)
    _register_api(app)
    app.register_blueprint(health.bp)
    site.init_app(app)
    _register_errors(app)
    return app


def _register_api(app: Flask) -> None:
    api = Api(app)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    document = app.view_functions["api-docs.openapi_json"]
    app.view_functions["api-docs.openapi_json"] = access.public(partial(document))
    for module in (auth, devices, sync, blobs, imports, reports, exports, vehicles):
        api.register_blueprint(module.blp)


def _register_errors(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(RecursionError, lambda _error: _refused(Refused("request.not_json")))
    for trouble in db.TROUBLE:
        app.register_error_handler(trouble, _busy)
    app.register_error_handler(Unavailable, _busy)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(Exception, _bug)


def _refused(error: Refused) -> tuple[Response, int]:
    return jsonify(error.as_dict()), error.status


def _http_error(error: HTTPException) -> tuple[Response, int]:
    code = HTTP_CODES.get(error.code or 500, "server.error")
    details = {k: v for k, v in (getattr(error, "data", None) or {}).items() if k == "messages"}
    if error.code == 413 and not request.path.startswith("/api/v1/sync/"):
        code, details = "request.too_large", {"limit_mb": MOST_MB}
    shown = {"problems": _named(details["messages"])} if "messages" in details else details
    body = Refused(code, **shown).as_dict()
    answer = jsonify({**body, "status": error.code})
    if error.code == 405 and getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer, error.code or 500


def _named(problems: object) -> object:
    """Problems by field as JSON has them: the part of a form may have no name, which is None here."""
    if not isinstance(problems, dict):
        return problems
    return {"" if name is None else str(name): _named(below) for name, below in problems.items()}


def _busy(error: Exception) -> tuple[Response, int]:
    log.warning("server.busy", error=str(error))
    return _refused(Refused("sync.busy"))


def _disk(error: OSError) -> tuple[Response, int]:
    """A full or failing disk passes by itself; any other trouble with files is a bug."""
    return _busy(error) if error.errno in DISK_TROUBLE else _bug(error)


def _bug(error: Exception) -> tuple[Response, int]:
    log.error("server.error", exc_info=error)
    return _refused(Refused("server.error"))
