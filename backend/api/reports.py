"""Head office's pages: the branches side by side, and who has what was published (D-R4, D-S8)."""

from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint

from backend import clock
from backend.api.access import allow
from backend.sync import overview, people

blp = Blueprint("reports", __name__, url_prefix="/api/v1/reports", description="总部")
HEAD_OFFICE = ("hq_operator", "hq_auditor", "admin")


@blp.route("/branches")
class Branches(MethodView):
    @allow(*HEAD_OFFICE, "general_manager", "cs_manager")
    @blp.response(200)
    def get(self) -> dict:
        """Every branch the person may read, with today's hand-overs, callbacks, complaints and tablets."""
        now = clock.now()
        return {"now": now, "branches": overview.branches(people.read_scope(g.person), now)}


@blp.route("/publications")
class Publications(MethodView):
    @allow(*HEAD_OFFICE)
    @blp.response(200)
    def get(self) -> list[dict]:
        """The newest scripts, questionnaires and plans, and the tablets that have them."""
        return overview.publications()
