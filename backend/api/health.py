"""Whether the server lives, its figures, and a readable page of the API without any third party."""

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from backend import PROTOCOL, __version__, db
from backend.api.access import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def health() -> Response:
    """200 when the database answers."""
    db.ensure_usable()
    db.database.execute_sql("SELECT 1").fetchone()
    return jsonify({"status": "ok", "version": __version__, "protocol": PROTOCOL})


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Prometheus figures: of processes and requests, never of people."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@bp.get("/api/v1/docs")
@public
def docs() -> str:
    """The API's reference, rendered from the OpenAPI document."""
    spec = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return render_template("docs.html", spec=spec, base=request.host_url)
