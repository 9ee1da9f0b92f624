"""What a printed sheet shows, read back from the PDF as a person or a scanner would."""

import logging

import pikepdf
import pytest
from weasyprint.logger import LOGGER

from exports import forms, render
from tests.exports.paper import BY_ID, CASES, SCHEMA, codes_of, pages, places_of, text_of

PAGES = {
    "complaint.midway": 2,
    "complaint.blank": 2,
    "record.complete": 1,
    "record.blank": 1,
    "log.blank": 1,
    "log.one_day": 1,
    "file.ordinary": 3,
    "file.blank": 3,
}


@pytest.fixture(scope="module")
def press() -> render.Press:
    """Fonts and stylesheet, loaded once for all tests of this module."""
    return render.Press()


@pytest.fixture(scope="module")
def printed(press: render.Press) -> dict[str, bytes]:
    """Every case as PDF, with the log lines WeasyPrint wrote meanwhile under `log`."""
    lines: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: lines.append(record.getMessage())
    LOGGER.addHandler(handler)
    made = {case["id"]: press.pdf([render.render_html(case["form"], case["expect"])]) for case in CASES}
    LOGGER.removeHandler(handler)
    return made | {"log": "\n".join(lines).encode()}


def whole_text(pdf: bytes) -> str:
    return "".join(text_of(page) for page in pages(pdf))


def test_weasyprint_has_nothing_to_complain_about(printed: dict[str, bytes]):
    # STYLE: a log line fails a test
    assert printed["log"] == b""


@pytest.mark.parametrize(("name", "count"), PAGES.items())
def test_a_sheet_fills_the_pages_it_was_designed_for(name: str, count: int, printed: dict[str, bytes]):
    assert len(pages(printed[name])) == count


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_page_says_which_sheet_and_which_page_it_is(case: dict, printed: dict[str, bytes]):
    # SCREENS: sheets; D-X16
    sheet, made = case["expect"], pages(printed[case["id"]])
    for number, page in enumerate(made, 1):
        text = text_of(page)
        assert sheet["title"] in text
        assert sheet["number"] in text and f"版本{sheet['revision']}" in text
        assert sheet["branch"] in text
        assert f"第{number}页／共{len(made)}页" in text
        assert "打印：2026-11-2213:45" in text and sheet["printed_by"] in text
        assert codes_of(page) == [sheet["qr"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_pages_are_a4(case: dict, printed: dict[str, bytes]):
    for page in pages(printed[case["id"]]):
        sides = sorted(round(side / 72 * 25.4) for side in page.get_size())
        assert sides == [210, 297]


def test_the_code_is_at_least_18_mm_wide():
    # SCREENS: sheets: 37 of 45 modules are the code itself, the rest is its quiet zone
    css = render.STYLESHEET.read_text(encoding="utf-8")
    width_mm = float(css.split(".qr {")[1].split("width:")[1].split("mm")[0])
    assert width_mm * 37 / 45 >= 18


def test_all_steps_with_their_three_times_and_signers_are_on_the_complaint_sheet(printed: dict[str, bytes]):
    # D-K1 D-K2 D-X1
    text = whole_text(printed["complaint.midway"])
    for words in ("客服经理意见", "总经理审阅", "派工", "处理回单", "满意度回访", "总经理签批", "登记归档"):
        assert words in text
    assert "李梅（客服专员）" in text and "孙立军（销售经理）代签" in text
    assert "发生2026-11-2016:30" in text and "上传待上传" in text
    assert "已在纸质单上签字" in text
    assert text.count("签名") == 8


def test_rounds_and_rejections_are_told_in_order(printed: dict[str, bytes]):
    # D-K1 D-K2
    made = pages(printed["complaint.three_rounds"])
    marks = ["受理说明", "退回原因", "第 1 轮处理", "第 2 轮处理", "第 3 轮处理", "归档说明"]
    places = [places_of(made, mark) for mark in marks]
    assert [len(place) for place in places] == [1] * 6
    assert sorted(places) == places


def test_clocks_show_when_they_were_due_and_what_became_of_them(printed: dict[str, bytes]):
    # D-K3
    text = whole_text(printed["complaint.midway"])
    assert "24小时闭环2026-11-2009:122026-11-2109:128小时5分已超时" in text
    assert "12小时回单2026-11-2011:402026-11-2023:402026-11-2016:303小时20分按时完成" in text


def test_an_answer_stands_beside_the_question_as_it_was_asked(printed: dict[str, bytes]):
    # D-S8 D-X5
    text = whole_text(printed["record.complete"])
    assert "请问交车当天，销售顾问是否为您完整讲解了车辆的主要功能？" in text
    assert "合格证复印件还没给，说要等总部寄来" in text
    assert "表扬：赠品当天就装好了" in text


def test_table_heads_repeat_on_every_page(printed: dict[str, bytes]):
    # SCREENS: sheets; D-X4
    made = pages(printed["log.forty"])
    assert len(made) >= 4
    assert all("客户意见与备注" in text_of(page) for page in made[:4])
    assert "回访40次" in text_of(made[0]) and "登记人" in text_of(made[-1])


def test_the_cover_says_where_the_paper_file_lies(printed: dict[str, bytes]):
    # D-F1 D-X9
    cover = text_of(pages(printed["file.ordinary"])[0])
    assert "FT-2026-0318" in cover and "粤A·12345" in cover
    assert "柜号抽屉卷号03B2118" in cover and "借阅登记" in cover


def test_the_document_checklist_names_sale_and_repair_papers(printed: dict[str, bytes]):
    # D-F2 D-X9
    text = whole_text(printed["file.ordinary"])
    for paper in ("购车意向表", "新车销售合同", "行驶证复印件", "维修委托书", "备件出库单", "结算单"):
        assert paper in text
    assert "WX202600001" in text


def test_a_blank_sheet_says_so_and_names_no_record(printed: dict[str, bytes]):
    # D-X15
    for case in (case for case in CASES if not case["records"]):
        made = pages(printed[case["id"]])
        assert codes_of(made[0])[0].endswith(":blank")
        assert "空白表单，手工填写" in text_of(made[0])


def test_fonts_are_embedded_and_ours(printed: dict[str, bytes], tmp_path):
    path = tmp_path / "sheet.pdf"
    path.write_bytes(printed["complaint.midway"])
    with pikepdf.Pdf.open(path) as pdf:
        found = [font for page in pdf.pages for font in page.resources.get("/Font", {}).values()]
        inner = [font["/DescendantFonts"][0] for font in found]
        names = {str(font["/BaseFont"]).split("+")[1] for font in inner}
        assert all("/FontFile2" in font["/FontDescriptor"] for font in inner)
    assert names == {"Noto-Sans-SC", "Noto-Sans-SC-Bold"}


def test_several_documents_become_one_pdf_and_count_their_own_pages(press: render.Press):
    htmls = [render.render_html("complaint", BY_ID["complaint.midway"]["expect"])] * (render.BATCH + 1)
    made = pages(press.pdf(htmls))
    assert len(made) == 2 * len(htmls)
    assert "第2页／共2页" in text_of(made[1]) and "第1页／共2页" in text_of(made[-2])


def test_long_texts_are_complete_and_take_bounded_time(printed: dict[str, bytes]):
    text = whole_text(printed["complaint.longest"])
    assert text.count("先后到店三次均未彻底解决") > 100
    assert len(pages(printed["complaint.longest"])) <= 9


def test_no_signature_block_is_cut_by_a_page_end(printed: dict[str, bytes]):
    # SCREENS: sheets
    for name in ("complaint.midway", "complaint.three_rounds", "complaint.blank", "complaint.longest"):
        for page in pages(printed[name]):
            text = text_of(page)
            assert text.count("签名") == text.count("日期")


def test_a_signature_is_drawn_and_a_false_one_is_not():
    case = BY_ID["complaint.midway"]
    signed = render.render_html("complaint", case["expect"])
    assert signed.count('class="ink"') == 4
    bad = {**case["records"], "steps": [{**case["records"]["steps"][0], "signature": '9 9 M 0 0"/><b x="'}]}
    sheet = forms.build("complaint", bad, {**case["ctx"], "schema": SCHEMA})
    assert 'class="ink"' not in render.render_html("complaint", sheet)
