"""Imports, sheets and reports over HTTP: the first half of the walk, as the server sees it (D-H3,
D-X, D-R4).
"""

import io

import openpyxl
import pypdfium2

from backend import clock
from backend.domain.timing import local_date
from backend.models.files import Delivery, Vehicle
from backend.models.service import Task
from backend.models.sync import Op
from tests.cast import SZ01, fixed_id

HEADINGS = ["交车日期", "客户姓名", "联系电话", "车牌号", "车架号", "车型", "销售顾问"]
TODAY = local_date(clock.now())
ROWS = [
    [TODAY, "罗一鸣", "13800001111", "粤B12345", "LGXC16DF4R0000001", "秦PLUS", "陈晓东"],
    [TODAY, "白露", "13800002222", "粤BD12345", "LGXC16DF6R0000002", "海豚", "没有这人"],
    [TODAY, "坏行", "123", "粤B99999", "太短", "海豚", "陈晓东"],
]


def sheet(rows: list[list]) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in [HEADINGS, *rows]:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    return target


def upload(web, rows: list[list]):
    form = {"branch": "SZ01", "kind": "deliveries", "file": (sheet(rows), "交车.xlsx")}
    answer = web.client.post("/api/v1/imports", data=form, headers=web.headers)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.get_json()


def test_a_spreadsheet_becomes_files_and_calls_and_again_nothing(cast, sign_in):
    """D-H3: preview, commit, re-import; D-C1 to D-C5: the plan's tasks, the consultant's own."""
    clerk = sign_in(cast.clerk)
    preview = upload(clerk, ROWS)
    assert preview["counts"] == {"new": 2, "changed": 0, "same": 0, "error": 1, "total": 3}
    assert preview["mapping"]["vin"] == "车架号" and Op.select().where(Op.part == SZ01).count() == 0
    done = clerk.post(f"/imports/{preview['id']}/commit").get_json()["counts"]
    assert (done["applied"], done["parked"]) == (2, 0)
    assert (Vehicle.select().count(), Delivery.select().count()) == (2, 2)
    tasks = {(row.node, row.owner_id) for row in Task.select()}
    assert ("3DC", cast.chen.id) in tasks and ("3DC", None) in tasks
    assert {node for node, _owner in tasks} == {"1DC", "3DC", "7DC", "15DC", "30DC"}
    again = upload(clerk, ROWS)
    assert again["counts"] == {"new": 0, "changed": 0, "same": 2, "error": 1, "total": 3}
    assert clerk.post(f"/imports/{again['id']}/commit").get_json()["counts"]["applied"] == 0
    assert (
        clerk.post(f"/imports/{preview['id']}/commit").get_json()["counts"]["applied"] == 2
    )  # the stored results
    assert Delivery.select().count() == 2


def test_rows_in_error_can_be_downloaded(cast, sign_in):
    """D-H3: errors row by row in a sheet, with the reason."""
    clerk = sign_in(cast.clerk)
    preview = upload(clerk, ROWS)
    book = openpyxl.load_workbook(io.BytesIO(clerk.get(f"/imports/{preview['id']}/errors.xlsx").data))
    lines = list(book.active.iter_rows(values_only=True))
    assert len(lines) == 2 and "坏行" in lines[1] and lines[1][-1]
    rows = clerk.get(f"/imports/{preview['id']}/rows?state=error").get_json()["rows"]
    assert [row["line"] for row in rows] == [4] and rows[0]["problems"][0]["message"]


def test_a_day_with_nothing_is_a_nil_report(cast, sign_in):
    """D-H1: a sheet without rows."""
    preview = upload(sign_in(cast.clerk), [])
    assert preview["counts"]["total"] == 0 and preview["nil"] is True


def test_wrong_files_are_refused_in_words(cast, sign_in):
    """Bad input: a clear message, nothing imported."""
    clerk = sign_in(cast.clerk)
    for content, code in (
        (b"", "import.empty"),
        (b"%PDF-1.7 \n", "import.wrong_type"),
        (b"\x00\x01\x02", "import.unknown_type"),
    ):
        form = {"branch": "SZ01", "kind": "deliveries", "file": (io.BytesIO(content), "a.xlsx")}
        answer = clerk.client.post("/api/v1/imports", data=form, headers=clerk.headers)
        assert (answer.get_json()["code"], answer.status_code) == (code, answer.get_json()["status"])
        assert answer.get_json()["message"]
    bad = {"branch": "SZ01", "kind": "deliveries", "mapping": "[]", "file": (sheet(ROWS), "a.xlsx")}
    assert clerk.client.post("/api/v1/imports", data=bad, headers=clerk.headers).status_code == 422


def test_the_file_prints_as_pdf_for_those_who_may_see_it(cast, sign_in):
    """D-X9: the sheet of a vehicle, by people of its branch and by head office."""
    clerk = sign_in(cast.clerk)
    clerk.post(f"/imports/{upload(clerk, ROWS)['id']}/commit")
    vehicle = Vehicle.get(Vehicle.plate == "粤B12345")
    for person, status in ((cast.alice, 200), (cast.aud, 200), (cast.zoe, 404)):
        answer = sign_in(person).post("/exports", {"form": "vehicle_file", "id": vehicle.id})
        assert answer.status_code == status, person.name
        if status == 200:
            text = pypdfium2.PdfDocument(answer.data)[0].get_textpage().get_text_range()
            assert "一车一档" in text and "罗一鸣" in text


def test_calls_of_a_period_come_as_pdf_and_as_a_spreadsheet(cast, sign_in):
    """D-X4: the register, also when it is empty; impossible periods are refused."""
    alice = sign_in(cast.alice)
    query = {"branch": "SZ01", "from": "2026-03-01", "to": "2026-03-02"}
    assert alice.post("/exports", {"form": "callback_log", "query": query}).data[:5] == b"%PDF-"
    book = alice.post("/exports", {"form": "callback_log", "query": query, "format": "xlsx"}).data
    assert openpyxl.load_workbook(io.BytesIO(book)).active.max_row == 1
    backwards = {**query, "to": "2026-02-01"}
    assert alice.post("/exports", {"form": "callback_log", "query": backwards}).status_code == 422
    assert alice.post("/exports", {"form": "complaint"}).status_code == 422
    assert alice.post("/exports", {"form": "complaint", "id": fixed_id(1, 99)}).status_code == 404


def test_head_office_sees_the_branches_side_by_side(cast, sign_in):
    """D-R4: both branches for head office, one's own for a general manager; who has what was
    published (D-S8).
    """
    clerk = sign_in(cast.clerk)
    clerk.post(f"/imports/{upload(clerk, ROWS)['id']}/commit")
    rows = sign_in(cast.aud).get("/reports/branches").get_json()["branches"]
    assert [row["code"] for row in rows] == ["SZ01", "SZ02"]
    assert rows[0]["handover"]["delivery"]["state"] in ("waiting", "missing", "closed")
    own = sign_in(cast.gina).get("/reports/branches").get_json()["branches"]
    assert [row["code"] for row in own] == ["SZ01"]
    published = sign_in(cast.hua).get("/reports/publications").get_json()
    assert {row["kind"] for row in published} == {"script", "questionnaire", "plan"}
