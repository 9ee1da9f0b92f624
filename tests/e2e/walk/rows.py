"""The spreadsheets of the walk: invented cars and people, one row of them wrong."""

import csv
import io
from datetime import UTC, datetime, timedelta

import openpyxl

from tests.imports.making import vin

CHINA = timedelta(hours=8)
DELIVERIES = ["交车日期", "客户姓名", "性别", "联系电话", "车牌号", "车架号", "车型", "颜色"]
ORDERS = ["工单号", "进厂时间", "出厂时间", "维修类型", "VIN", "车牌号", "送修人", "送修人电话", "维修项目"]


def day(ago: int) -> str:
    """A date in China, so many days ago."""
    return f"{datetime.now(UTC) + CHINA - timedelta(days=ago):%Y-%m-%d}"


CARS = [
    {
        "vin": vin(710001),
        "plate": "粤B7Z01K",
        "name": "邓紫萱",
        "sex": "女",
        "phone": "13900071001",
        "ago": 1,
    },
    {
        "vin": vin(710002),
        "plate": "粤BDZ7102",
        "name": "欧阳博文",
        "sex": "男",
        "phone": "13900071002",
        "ago": 35,
    },
    {
        "vin": vin(710003),
        "plate": "粤B7Z03M",
        "name": "聂小倩",
        "sex": "女",
        "phone": "13900071003",
        "ago": 40,
    },
]
BAD_ROW = ["明天", "贺兰", "男", "1390007", "粤B7Z04N", "LGXC1234OIQ", "秦PLUS DM-i", "雪域白"]


def deliveries() -> bytes:
    """The sales desk's workbook; its last row has no date, a short phone and no possible VIN."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(DELIVERIES)
    for car in CARS:
        sheet.append(
            [
                day(car["ago"]),
                car["name"],
                car["sex"],
                car["phone"],
                car["plate"],
                car["vin"],
                "宋L EV",
                "远山绿",
            ]
        )
    sheet.append(BAD_ROW)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repair_orders() -> bytes:
    """The workshop system's export: GB 18030, comma separated; both cars were fetched yesterday."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(ORDERS)
    for number, car in enumerate(CARS[1:], 1):
        times = [f"{day(1)} 09:30", f"{day(1)} 16:40"]
        rest = [car["vin"], car["plate"], car["name"], car["phone"], "更换前刹车片、四轮定位"]
        writer.writerow([f"WX7100{number}", *times, "维修", *rest])
    return out.getvalue().encode("gb18030")
