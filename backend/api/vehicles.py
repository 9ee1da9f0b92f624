"""What a manager does to a whole vehicle file on line: hand it over to another branch."""

from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint

import shared_schema
from backend import clock
from backend.api import schemas
from backend.api.access import allow, holds
from backend.domain.ids import new_id
from backend.errors import Refused
from backend.models.files import Vehicle
from backend.sync import door, people

blp = Blueprint("vehicles", __name__, url_prefix="/api/v1/vehicles", description="车档")
MAY_MOVE = tuple(shared_schema.load()["ops"]["vehicle.move"]["roles"])


@blp.route("/<vehicle_id>/move")
class Move(MethodView):
    @allow(*MAY_MOVE)
    @blp.arguments(schemas.Move)
    @blp.response(200)
    @blp.alt_response(404, schema=schemas.ErrorAnswer)
    def post(self, data: dict, vehicle_id: str) -> dict:
        """Hand a vehicle with its whole file to another branch: `{status}`. Tablets follow by their feeds."""
        part = people.read_scope(g.person).get(Vehicle, vehicle_id).part
        branch, head_office = people.branch_of(part), people.roles_by_branch(g.person).get("*", [])
        if not holds(g.person, MAY_MOVE, branch) and not set(head_office) & set(MAY_MOVE):
            raise Refused("auth.forbidden")
        actor = people.actor(g.person, part)
        actor["roles"] = [*actor["roles"], *head_office]
        body = {"id": vehicle_id, **data}
        op = {"id": new_id(), "kind": "vehicle.move", "v": 1, "part": part, "body": body, "at": clock.now()}
        result = door.submit([op], actor, clock.now())[0]
        if result["status"] == "parked":
            raise Refused(result["problems"][0]["code"], problems=result["problems"])
        return {"status": result["status"]}
