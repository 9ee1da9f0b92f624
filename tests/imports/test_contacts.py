"""Phones, plates and VINs as exports damage them: one stored form, or a problem that says what to do."""

from backend.imports.contacts import check_digit_fits
from tests.imports.making import vin
from tests.imports.reading import check, read


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
            "13800 956000": ["13800956000"],
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
            "粤B1234学": "粤B1234学",
            "使123456": "使123456",
            "粤B1234": "!row.plate_format",
            "B12345": "!row.plate_format",
            "粤B***45": "!row.masked",
        },
    )
