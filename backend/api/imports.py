"""Spreadsheets in: upload and preview, commit, and the sheet of rows that need correcting (D-H3)."""

import json
import tempfile
from pathlib import Path

from flask import Response, current_app, g
from flask.views import MethodView
from flask_smorest import Blueprint

import shared_schema
from backend import clock
from backend.api import schemas
from backend.api.access import holds
from backend.errors import Refused
from backend.imports import ImportRefused, errors_workbook, runs
from backend.models.sync import ImportRun
from backend.sync import people

blp = Blueprint("imports", __name__, url_prefix="/api/v1/imports", description="导入")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def require_importer(branch: str, kind: str) -> None:
    """Only who may author the rows' ops may import them.

    :raise Refused: 404 for a foreign branch, 403 for a role that does not import.
    """
    people.read_scope(g.person).require(people.part_of(branch))
    roles = shared_schema.load()["ops"][runs.KINDS[kind]]["roles"]
    if not holds(g.person, tuple(roles), branch):
        raise Refused("auth.forbidden")


def given_mapping(text: str | None) -> dict | None:
    """The mapping a person corrected: `{field: column header or number}` as JSON text.

    :raise Refused: 422 if it is not an object.
    """
    if not text:
        return None
    try:
        mapping = json.loads(text)
    except ValueError:
        mapping = None
    if not isinstance(mapping, dict):
        raise Refused("request.invalid", problems={"mapping": ["object"]})
    return mapping


@blp.route("")
class Imports(MethodView):
    @blp.arguments(schemas.ImportForm, location="form")
    @blp.arguments(schemas.ImportFile, location="files")
    @blp.response(201)
    @blp.alt_response(422, schema=schemas.ErrorAnswer)
    def post(self, form: dict, files: dict) -> tuple[Response, int]:
        """Upload a file and preview what it would do: `{id, mapping, counts, rows, nil}`."""
        require_importer(form["branch"], form["kind"])
        data_dir = current_app.config["CHEDANG"].data_dir
        upload = files["file"]
        with tempfile.TemporaryDirectory(dir=data_dir) as temporary:
            path = Path(temporary) / "upload"
            upload.save(path)
            found = runs.preview(
                people.read_scope(g.person), g.person, people.part_of(form["branch"]), form["kind"], path,
                upload.filename or "", given_mapping(form.get("mapping")), data_dir, clock.now(),
            )  # fmt: skip
        return found.as_json(), 201


@blp.route("/<run_id>/commit")
class Commit(MethodView):
    @blp.response(200)
    def post(self, run_id: str) -> dict:
        """Hand the previewed rows in: `{counts}`; doing it again changes nothing."""
        run, found = _mine(run_id)
        return {"counts": runs.commit(run, found, g.person, clock.now())}


@blp.route("/<run_id>/rows")
class Rows(MethodView):
    @blp.arguments(schemas.RowPage, location="query")
    @blp.response(200)
    def get(self, page: dict, run_id: str) -> dict:
        """More rows of a preview: `?state=error&offset=500`."""
        _run, found = _mine(run_id)
        states = (page["state"],) if page.get("state") else ("error", "new", "changed", "same")
        return {"rows": found.page(states, offset=page["offset"], limit=page["limit"])}


@blp.route("/<run_id>/errors.xlsx")
class Errors(MethodView):
    @blp.response(200, content_type=XLSX)
    def get(self, run_id: str) -> Response:
        """The rows in error with their reasons, to correct and import again."""
        _run, found = _mine(run_id)
        answer = Response(errors_workbook(found), mimetype=XLSX)
        answer.headers["Content-Disposition"] = 'attachment; filename="errors.xlsx"'
        return answer


def _mine(run_id: str) -> tuple[ImportRun, object]:
    config = current_app.config["CHEDANG"]
    run, found = runs.find(people.read_scope(g.person), run_id, config.data_dir)
    require_importer(people.branch_of(run.part), run.kind)
    return run, found


@blp.errorhandler(ImportRefused)
def refused(error: ImportRefused) -> tuple[dict, int]:
    """A file that cannot be imported is answered as every error is."""
    body = {"code": error.code, "status": error.status, "message": error.message, "details": error.details}
    return body, error.status
