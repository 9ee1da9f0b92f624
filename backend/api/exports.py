"""Paper and spreadsheets: records of the scope become payloads, worker processes make the PDF (D-X)."""

import atexit
from datetime import date
from functools import lru_cache

import structlog
from flask import Response, current_app, g
from flask.views import MethodView
from flask_smorest import Blueprint

import shared_schema
from backend import clock
from backend.api import schemas
from backend.config import Config
from backend.domain.calendar import make_calendar
from backend.domain.clocks import complaint_clocks
from backend.domain.plans import standard_plan
from backend.domain.timing import local_date
from backend.errors import Refused
from backend.models import views
from backend.models.scope import Scope
from backend.sync import people, reference
from exports import forms, xlsx
from exports.pool import Pool, PrintError

blp = Blueprint("exports", __name__, url_prefix="/api/v1", description="打印与导出")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_PERIOD_DAYS = 366
log = structlog.get_logger()


@lru_cache(maxsize=1)
def pool(config: Config) -> Pool:
    """This process's PDF workers, started at the first sheet."""
    made = Pool(font_dir=config.font_dir)
    atexit.register(made.close)
    return made


@blp.route("/exports")
class Exports(MethodView):
    @blp.arguments(schemas.Export)
    @blp.response(200, content_type="application/pdf")
    def post(self, data: dict) -> Response:
        """A sheet as PDF, or the calls of a period as a spreadsheet; read through the person's scope."""
        scope = people.read_scope(g.person)
        part, records = _records(scope, data)
        if data["format"] == "xlsx":
            if data["form"] != "callback_log":
                raise Refused("request.invalid", problems={"format": ["xlsx: callback_log"]})
            return _file(_call_list(records["calls"]), XLSX, f"calls-{records['from']}-{records['to']}.xlsx")
        payload = forms.build(data["form"], records, context(part, records, g.person["name"], clock.now()))
        return _file(_pdf(data["form"], payload), "application/pdf", f"{data['form']}.pdf")


def _pdf(form: str, payload: dict) -> bytes:
    try:
        return pool(current_app.config["CHEDANG"]).pdf(form, [payload])
    except PrintError as error:
        log.error("print.failed", form=form, reason=error.reason)
        raise Refused("print.busy" if error.reason == "busy" else "print.failed") from error


def _records(scope: Scope, data: dict) -> tuple[str, dict]:
    """The partition and the records of a form, as its module in exports/forms wants them."""
    form, record_id = data["form"], data.get("id")
    if form == "callback_log":
        return _period(scope, data.get("query") or {})
    if not record_id:
        raise Refused("request.invalid", problems={"id": ["required"]})
    return views.ONE_RECORD[form](scope, record_id)


def _period(scope: Scope, query: dict) -> tuple[str, dict]:
    branches = sorted(part for part in scope.parts if part.startswith("B:"))
    part = people.part_of(query["branch"]) if query.get("branch") else next(iter(branches), "")
    today = local_date(clock.now())
    first, last = query.get("date_from", today), query.get("date_to", today)
    _require_period(first, last)
    calls = views.calls_between(scope, scope.require(part), first, last)
    return part, {"from": first, "to": last, "calls": calls}


def _require_period(first: str, last: str) -> None:
    try:
        days = (date.fromisoformat(last) - date.fromisoformat(first)).days
    except ValueError:
        raise Refused("request.invalid", problems={"query": ["date"]}) from None
    if not 0 <= days <= LONGEST_PERIOD_DAYS or not "2000" <= first[:4] <= last[:4] <= "2199":
        raise Refused("request.invalid", problems={"query": [f"0-{LONGEST_PERIOD_DAYS} days"]})


def context(part: str, records: dict, printed_by: str, now: str) -> dict:
    """What every sheet needs besides its records: branch, names, published texts, clocks, who
    printed it when.
    """
    branch = reference.find("branch", code=people.branch_of(part))
    plan = standard_plan(reference.docs("plan")) or {"nodes": []}
    found = {
        "branch": branch,
        "staff": {person["id"]: person["name"] for person in reference.docs("staff")},
        "schema": shared_schema.load(),
        "questionnaires": reference.docs("questionnaire"),
        "nodes": {node["code"]: node["name"] for node in plan["nodes"]},
        "printed_at": now,
        "printed_by": printed_by,
    }
    if "complaint" in records:
        calendar = make_calendar(branch, reference.docs("holiday_year"))
        complaint, steps, rules = records["complaint"], records["steps"], reference.docs("rule")
        code = branch["code"]
        found["clocks"] = complaint_clocks(found["schema"], complaint, steps, calendar, rules, code, now)
    return found


CALL_COLUMNS = [
    {"label": "时间", "type": "instant"},
    *(
        {"label": label, "type": "text"}
        for label in ("车牌号", "车型", "客户", "电话", "节点", "结果", "回访人", "备注")
    ),
]


def _call_list(calls: list[dict]) -> bytes:
    outcomes = {item["code"]: item["label"] for item in shared_schema.load()["lists"]["outcome"]["items"]}
    rows = []
    for call in calls:
        attempt, vehicle, customer = call["attempt"], call["vehicle"] or {}, call["customer"] or {}
        remarks = [a["reason"] for a in attempt.get("answers", []) if a.get("reason")]
        said = "；".join([*remarks, *([attempt["note"]] if attempt.get("note") else [])])
        head = [attempt["started_at"], vehicle.get("plate"), vehicle.get("model"), customer.get("name")]
        tail = [outcomes[attempt["outcome"]], attempt["staff_name"], said]
        rows.append([*head, attempt.get("phone"), attempt.get("node"), *tail])
    return xlsx.table("回访登记", CALL_COLUMNS, rows)


def _file(content: bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
