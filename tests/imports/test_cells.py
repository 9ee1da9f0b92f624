"""Cells as people and systems write them: values, and problems where guessing would be wrong."""

import datetime
import string
from decimal import ROUND_HALF_UP, Decimal

import pytest
import shared_schema
from backend.domain.schema import check_fields
from backend.domain.text import is_phone, is_plate, is_vin
from backend.imports.cells import read_cell
from backend.imports.contacts import check_digit_fits
from backend.imports.spec import KINDS, load
from hypothesis import given
from hypothesis import strategies as st

from tests.imports.making import vin

FIELDS = {name: field for kind in reversed(KINDS) for name, field in load(kind).fields.items()}


def read(name, value):
    return read_cell(FIELDS[name], value)


def check(name, cases):
    """`cases`: cell → value, or the code of its problem after `!`."""
    found = {}
    for cell in cases:
        got = read(name, cell)
        found[cell] = "!" + got.problem[0] if got.problem else got.value
    assert found == cases


def test_dates():
    check(
        "delivered_on",
        {
            "2026-11-19": "2026-11-19",
            "2026/11/9": "2026-11-09",
            "2026.11.19": "2026-11-19",
            "2026年11月19日": "2026-11-19",
            "２０２６年１１月１９日": "2026-11-19",
            "26年11月19日": "2026-11-19",
            "20261119": "2026-11-19",
            20261119: "2026-11-19",
            46345: "2026-11-19",
            "46345": "2026-11-19",
            46345.99999: "2026-11-20",
            "2026-11-19 23:59:59": "2026-11-19",
            "2026-11-19T17:00:00.000Z": "2026-11-20",
            "2026-11-19 星期四": "2026-11-19",
            datetime.datetime(2026, 11, 19, 23, 59, 59, 999_900): "2026-11-20",
            "11-19-2026": "!row.date_order",
            "19/11/2026": "!row.date_order",
            "26/11/19": "!row.date_year",
            "2026-02-30": "!row.date_missing_day",
            "2026-13-01": "!row.date_missing_day",
            "0026-01-01": "!row.date_missing_day",
            "2199-01-01": "!row.date_range",
            "昨天": "!row.date_format",
            "1": "!row.date_format",
            10**12: "!row.date_format",
            True: "!row.date_format",
            "": None,
            "-": None,
        },
    )


def test_instants_are_local_time():
    check(
        "out_at",
        {
            "2026/11/19 11:15": "2026-11-19T03:15:00.000Z",
            "2026/11/19 07:05:09": "2026-11-18T23:05:09.000Z",
            "2026-11-19 下午3:15": "2026-11-19T07:15:00.000Z",
            "2026-11-19 上午12:05": "2026-11-18T16:05:00.000Z",
            "2026-11-19 3:15 PM": "2026-11-19T07:15:00.000Z",
            "2026年11月19日11时15分": "2026-11-19T03:15:00.000Z",
            "20261119 11:15": "2026-11-19T03:15:00.000Z",
            "20261119111530": "2026-11-19T03:15:30.000Z",
            "2026-11-19T11:15:00+08:00": "2026-11-19T03:15:00.000Z",
            "2026-11-19T03:15:00.000Z": "2026-11-19T03:15:00.000Z",
            46345.46875: "2026-11-19T03:15:00.000Z",
            datetime.datetime(2026, 11, 19, 11, 15): "2026-11-19T03:15:00.000Z",
            "2026-11-19 25:00": "!row.date_missing_day",
            "2026-11-19 24:00": "!row.date_missing_day",
        },
    )


def test_an_instant_without_time_says_what_is_taken():
    got = read("out_at", "2026-11-19")
    assert got.value == "2026-11-19T10:00:00.000Z" and got.warning[0] == "warn.no_time" and "18:00" in got.warning[1]


def test_money_is_exact_fen():
    check(
        "amount_fen",
        {
            "1,627.52": 162752,
            "¥1627.5元": 162750,
            "￥ 1，627.50": 162750,
            1627.52: 162752,
            1627.5200000000002: 162752,
            0.29: 29,
            "0": 0,
            0: 0,
            "1.2万": 1200000,
            "RMB 88": 8800,
            ".5": 50,
            "-5": "!row.range",
            "1,62,7": "!row.money_format",
            "1.2.3": "!row.money_format",
            "免费": "!row.money_format",
            "1e5": "!row.money_format",
            "９９": 9900,
            "٣": "!row.money_format",
            "1" * 40: "!row.range",
            True: "!row.money_format",
            "--": None,
        },
    )
    assert read("amount_fen", "1.005") == (101, None, read("amount_fen", "1.005").warning)
    assert read("amount_fen", "1.005").warning[0] == "warn.rounded"


def test_mileage():
    check(
        "mileage_km",
        {"36,448公里": 36448, "36448 KM": 36448, 36448.6: 36448, "3.6万": 36000, "-1": "!row.range", "很多": "!row.number_format"},
    )


def test_phones():
    check(
        "phones",
        {
            "13800138000": ["13800138000"],
            13800138000: ["13800138000"],
            "138 0013 8000": ["13800138000"],
            "138-0013-8000": ["13800138000"],
            "１３８００１３８０００": ["13800138000"],
            "+86 138 0013 8000": ["13800138000"],
            "008613800138000": ["13800138000"],
            "8613800138000": ["13800138000"],
            "13800138000/13900139000": ["13800138000", "13900139000"],
            "13800138000、13800138000": ["13800138000"],
            "13800138000 13900139000": ["13800138000", "13900139000"],
            "13800138000\n0755-26001234": ["13800138000", "075526001234"],
            "(0755)26001234转801": ["075526001234"],
            "0755-26001234-801": ["075526001234"],
            "+86-755-26001234": ["075526001234"],
            "400-800-1234": ["4008001234"],
            "张先生 13800138000": ["13800138000"],
            "13800138000(本人)": ["13800138000"],
            "+852 5123 4567": ["+85251234567"],
            '="13800138000"': ["13800138000"],
            "1.38E+10": "!row.scientific",
            "1.38001E+10": "!row.scientific",
            "138****8000": "!row.masked",
            "1380013800": "!row.phone_length",
            "138001380001": "!row.phone_length",
            "没有手机": "!row.phone_format",
            "无": None,
        },
    )


def test_a_bad_phone_beside_a_good_one_is_left_out_and_said():
    got = read("phones", "13800138000/123")
    assert got.value == ["13800138000"] and got.warning[0] == "warn.phone_dropped"
    assert read("phones", "75526001234").warning[0] == "warn.phone_zero"


def test_vins():
    good = vin(1)
    check(
        "vin",
        {
            good: good,
            good.lower(): good,
            f" {good[:8]} {good[8:]} ": good,
            good[:-1]: "!row.vin_length",
            good + "1": "!row.vin_length",
            "O" + good[1:]: "!row.vin_letters",
            good[:-1] + "I": "!row.vin_letters",
            good[:-1] + "Q": "!row.vin_letters",
            good[:-1] + "中": "!row.vin_format",
            "LGX**********0001": "!row.masked",
            "1.23E+16": "!row.scientific",
            1.2345678901234567e16: "!row.scientific",
        },
    )
    assert read("vin", good).warning is None


def test_a_wrong_check_digit_is_only_a_warning():
    good = vin(1)
    wrong = good[:8] + ("1" if good[8] != "1" else "2") + good[9:]
    assert read("vin", wrong).value == wrong and read("vin", wrong).warning[0] == "warn.vin_check"
    assert check_digit_fits("1M8GDM9AXKP042788") and not check_digit_fits("1M8GDM9A0KP042788")


def test_plates():
    check(
        "plate",
        {
            "粤B12345": "粤B12345",
            "粤b·12345": "粤B12345",
            "粤B.D12345": "粤BD12345",
            "粤 B 12345": "粤B12345",
            "粤Ｂ１２３４５": "粤B12345",
            "临牌": None,
            "(未上牌)": None,
            "无牌": None,
            "粤B·临": None,
            "临粤B12345": None,
            "粤B1234": "!row.plate_format",
            "B12345": "!row.plate_format",
            "粤B***45": "!row.masked",
        },
    )


def test_yes_and_no():
    yes, no = ["是", "Y", "yes", "1", 1, "同意", "√", True], ["否", "N", "0", 0, "不同意", "拒绝", "×", False]
    assert [read("consent", cell).value for cell in yes] == [True] * len(yes)
    assert [read("consent", cell).value for cell in no] == [False] * len(no)
    assert read("consent", "也许").problem[0] == "row.not_in_list"


def test_gender_and_kind():
    check("gender", {"男": "male", "先生": "male", "女士": "female", "F": "female", "未知": None, "x": "!row.not_in_list"})
    check("kind", {"个人": "person", "公户": "company", "单位客户": "company"})


def test_repair_types():
    check(
        "type",
        {
            "首次保养": "first_service",
            "首保": "first_service",
            "一般维修": "repair",
            "钣喷": "accident",
            "事故车": "accident",
            "保修": "warranty",
            "返 修": "rework",
            "救援(拖车)": "rescue",
            "repair": "repair",
            "保养+事故车": "accident",
            "跳舞": "!row.not_in_list",
            "保养/跳舞": "!row.not_in_list",
        },
    )
    assert read("type", "保养+事故车").warning[0] == "warn.guessed"
    assert "首保" in read("type", "跳舞").problem[1]


def test_items():
    check("items", {"更换机油、更换机滤；检查刹车": ["更换机油", "更换机滤", "检查刹车"], "1.机油\n2.机滤": ["机油", "机滤"], "右前门钣喷": ["右前门钣喷"]})
    assert read("items", "、".join(map(str, range(100, 161)))).problem[0] == "row.too_many"
    assert read("items", "长" * 101).problem[0] == "row.too_long"


def test_text_is_cleaned_measured_in_code_points_and_refused_when_garbled():
    check("name", {" 张  三\n": "张 三", "张\x00三": "张三", "👩‍⚕️" * 10: "👩‍⚕️" * 10, "张" * 41: "!row.too_long", "锟斤拷": "!row.garbled"})
    check("number", {20261119001: "20261119001", "2.02611E+11": "!row.scientific", 2.0261119000112345e17: "!row.scientific"})
    assert read("note", "#N/A").warning[0] == "warn.formula_error" and read("note", "#N/A").value is None


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.text(string.digits + "-/.:, +年月日eE*粤AB临¥万转", max_size=30),
    st.datetimes(),
)


@pytest.mark.parametrize("name", FIELDS)
@given(cell=CELLS)
def test_no_cell_crashes_and_every_value_fits_its_record(name, cell):
    """Property: whatever stands in a cell, what comes out is valid for the record, or a problem, or nothing."""
    got = read(name, cell)
    if got.value is None:
        return
    assert got.problem is None
    field = FIELDS[name]
    assert check_fields(shared_schema.load(), {"it": {**field.spec, "required": True}}, {"it": got.value}) == []


@given(fen=st.integers(0, 10**10), comma=st.booleans(), sign=st.sampled_from(["", "¥", "￥"]), unit=st.sampled_from(["", "元"]))
def test_money_survives_writing_and_reading(fen, comma, sign, unit):
    text = f"{Decimal(fen) / 100:{',' if comma else ''}.2f}"
    assert read("amount_fen", sign + text + unit).value == fen


@given(amount=st.floats(0, 10**8))
def test_a_float_is_read_as_excel_shows_it(amount):
    expected = Decimal(format(amount, ".15g")).quantize(Decimal("0.01"), ROUND_HALF_UP) * 100
    assert read("amount_fen", amount).value == int(expected)


@given(
    moment=st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2090, 1, 1)),
    form=st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%Y.%m.%d", "%Y-%m-%d %H:%M:%S"]),
)
def test_a_date_survives_writing_and_reading(moment, form):
    assert read("delivered_on", moment.strftime(form)).value == moment.date().isoformat()


@given(number=st.integers(13 * 10**9, 2 * 10**10 - 1), gaps=st.lists(st.integers(1, 10), max_size=3), prefix=st.sampled_from(["", "+86", "86 ", "0086"]))
def test_a_mobile_survives_spaces_and_prefixes(number, gaps, prefix):
    digits = list(str(number))
    for gap in sorted(gaps, reverse=True):
        digits.insert(gap, " ")
    assert read("phones", prefix + "".join(digits)).value == [str(number)]


@given(st.text())
def test_stored_forms_are_recognised(text):
    phones, plate, number = read("phones", text).value, read("plate", text).value, read("vin", text).value
    assert all(map(is_phone, phones or []))
    assert plate is None or is_plate(plate)
    assert number is None or is_vin(number)
