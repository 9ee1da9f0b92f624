"""Cells as people and systems write them: values, and problems where guessing would be wrong."""

import datetime

from tests.imports.reading import check, read


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
            46345.999999: "2026-11-20",
            "2026-11-19 23:59:59": "2026-11-19",
            "2026-11-19T17:00:00.000Z": "2026-11-20",
            "2026-11-19 星期四": "2026-11-19",
            datetime.datetime(2026, 11, 19, 23, 59, 59, 999_900): "2026-11-20",
            "11-19-2026": "!row.date_order",
            "19/11/2026": "!row.date_order",
            "26/11/19": "!row.date_year",
            "2026-02-30": "!row.date_missing_day",
            "2026-13-01": "!row.date_missing_day",
            "0026-01-01": "!row.date_range",
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
    assert (
        got.value == "2026-11-19T10:00:00.000Z"
        and got.warning[0] == "warn.no_time"
        and "18:00" in got.warning[1]
    )


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
        {
            "36,448公里": 36448,
            "36448 KM": 36448,
            36448.6: 36448,
            "3.6万": 36000,
            "-1": "!row.range",
            "很多": "!row.number_format",
            float("inf"): "!row.number_format",
            float("nan"): "!row.number_format",
        },
    )


def test_yes_and_no():
    yes, no = ["是", "Y", "yes", "1", 1, "同意", "√", True], ["否", "N", "0", 0, "不同意", "拒绝", "×", False]
    assert [read("consent", cell).value for cell in yes] == [True] * len(yes)
    assert [read("consent", cell).value for cell in no] == [False] * len(no)
    assert read("consent", "也许").problem[0] == "row.not_in_list"


def test_gender_and_kind():
    check(
        "gender",
        {
            "男": "male",
            "先生": "male",
            "女士": "female",
            "F": "female",
            "未知": None,
            "x": "!row.not_in_list",
        },
    )
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
    check(
        "items",
        {
            "更换机油、更换机滤；检查刹车": ["更换机油", "更换机滤", "检查刹车"],
            "1.机油\n2.机滤": ["机油", "机滤"],
            "右前门钣喷": ["右前门钣喷"],
        },
    )
    assert read("items", "、".join(map(str, range(100, 161)))).problem[0] == "row.too_many"
    assert read("items", "长" * 101).problem[0] == "row.too_long"


def test_text_is_cleaned_measured_in_code_points_and_refused_when_garbled():
    check(
        "name",
        {
            " 张  三\n": "张 三",
            "张\x00三": "张三",
            "👩‍⚕️" * 10: "👩‍⚕️" * 10,
            "张" * 41: "!row.too_long",
            "锟斤拷": "!row.garbled",
        },
    )
    check(
        "number",
        {
            20261119001: "20261119001",
            "2.02611E+11": "!row.scientific",
            2.0261119000112345e17: "!row.scientific",
        },
    )
    assert read("note", "#N/A").warning[0] == "warn.formula_error" and read("note", "#N/A").value is None
