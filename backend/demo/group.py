"""The demo group's own records: three branches with their calendars, staff in every role, holidays, and what
head office publishes."""

import chinese_calendar.constants as known

import shared_schema
from backend.demo.signatures import Signatures
from backend.domain.ids import content_id
from backend.domain.timing import local_date

GROUP = "GRP"
EVERYWHERE = "*"
PASSWORD = "chedang-demo"
CODES = ("SZ01", "SZ02", "GZ01")

BRANCHES = {
    "SZ01": {
        **{"name": "车档演示深圳福田店", "short_name": "深圳福田", "region": "深圳"},
        **{"hotline": "0755-00000101", "address": "深圳市福田区示范路1号（虚构）"},
        **{"open": "08:30", "close": "18:00", "lunch_from": "12:00", "lunch_to": "13:30", "days_off": []},
    },
    "SZ02": {
        **{"name": "车档演示深圳龙岗店", "short_name": "深圳龙岗", "region": "深圳"},
        **{"hotline": "0755-00000202", "address": "深圳市龙岗区示范路2号（虚构）"},
        **{"open": "09:00", "close": "18:30", "lunch_from": "12:00", "lunch_to": "13:00", "days_off": [0]},
    },
    "GZ01": {
        **{"name": "车档演示广州天河店", "short_name": "广州天河", "region": "广州"},
        **{"hotline": "020-00000303", "address": "广州市天河区示范路3号（虚构）"},
        **{"open": "09:00", "close": "17:30", "lunch_from": "12:00", "lunch_to": "13:30", "days_off": [6]},
    },
}

# Short account names per post, with one name per branch (SZ01, SZ02, GZ01); several rows are several people.
POSTS = (
    ("sc1", "sales_consultant", ("周建国", "孔令辉", "梁家豪")),
    ("sc2", "sales_consultant", ("黄婷", "苏晓燕", "区淑仪")),
    ("sc3", "sales_consultant", ("陈晓东", "邹文斌", "麦志恒")),
    ("sc4", "sales_consultant", ("李梅", "", "")),
    ("sm", "sales_manager", ("何志远", "万里鹏", "邓伟文")),
    ("clerk", "sales_clerk", ("林小雨", "戴思敏", "冼婉婷")),
    ("sa1", "service_advisor", ("郑海波", "鲁建华", "霍永安")),
    ("sa2", "service_advisor", ("刘强", "段玉洁", "招子轩")),
    ("sa3", "service_advisor", ("吴芳", "", "")),
    ("sclerk", "service_clerk", ("蒋雪", "温静", "简慧仪")),
    ("lead", "front_desk_lead", ("许丹", "向红", "伍佩珊")),
    ("svm", "service_manager", ("高建平", "石磊", "关志雄")),
    ("td", "technical_director", ("钟国栋", "殷志刚", "卢锦荣")),
    ("cs", "cs_agent", ("王芳", "贺敏", "岑咏诗")),
    ("cs2", "cs_agent", ("杨丽华", "", "")),
    ("csm", "cs_manager", ("沈静", "陶莉", "甘美玲")),
    ("gm", "general_manager", ("赵明远", "孟庆海", "莫展鹏")),
)
HEAD_OFFICE = (
    ("hq.op", "hq_operator", "方晴"),
    ("hq.audit", "hq_auditor", "余正"),
    ("admin", "admin", "系统管理员"),
)
# One person may work in two branches (D-P): the technical director of SZ02 also stands in at GZ01.
ALSO = {"sz02.td": [{"branch": "GZ01", "role": "technical_director"}]}


def staff() -> list[dict]:
    """Everyone's staff record: every branch role in every branch, and head office (D-P1 to D-P12)."""
    titles = {item["code"]: item["label"] for item in shared_schema.load()["lists"]["role"]["items"]}
    people = []
    for place, code in enumerate(CODES):
        for short, role, names in POSTS:
            if names[place]:
                people.append(_person(f"{code.lower()}.{short}", names[place], titles[role], code, role))
    people += [_person(login, name, titles[role], EVERYWHERE, role) for login, role, name in HEAD_OFFICE]
    return people


def _person(username: str, name: str, title: str, branch: str, role: str) -> dict:
    return {
        **{"id": content_id(GROUP, "staff", username), "name": name, "username": username, "title": title},
        **{"posts": [{"branch": branch, "role": role}, *ALSO.get(username, [])], "active": True},
    }


def accounts(password: str = PASSWORD) -> list[dict]:
    """For the login page: `[{username, password, name, branch, roles}]`; branch `*` is head office."""
    return [
        {
            **{"username": person["username"], "password": password, "name": person["name"]},
            "branch": person["posts"][0]["branch"],
            "roles": [p["role"] for p in person["posts"] if p["branch"] == person["posts"][0]["branch"]],
        }
        for person in staff()
    ]


def branches() -> list[dict]:
    """The branch records; in SZ01 the service manager may sign for the general manager (D-K2)."""
    deputy = {"role": "general_manager", "staff_id": content_id(GROUP, "staff", "sz01.svm")}
    rows = []
    for code in CODES:
        row = {"id": content_id(GROUP, "branch", code), "code": code, "brand": "车档演示", **BRANCHES[code]}
        row |= {"holidays_closed": code != "SZ01", "active": True}
        rows.append(row | ({"deputies": [deputy]} if code == "SZ01" else {}))
    return rows


def holiday_years(now: str) -> list[dict]:
    """Last, this and next year; one not announced yet is empty: only weekly days off count (D-K3)."""
    this = int(local_date(now)[:4])
    return [
        {
            **{"id": content_id(GROUP, "holiday_year", str(year)), "year": year},
            "off": sorted(day.isoformat() for day in known.holidays if day.year == year),
            "work": sorted(day.isoformat() for day in known.workdays if day.year == year),
        }
        for year in (this - 1, this, this + 1)
    ]


def unknown_years(now: str) -> list[int]:
    """The years whose public holidays are not announced in the calendar package: say so to the user."""
    return [row["year"] for row in holiday_years(now) if not row["off"]]


def published() -> list[tuple[str, dict]]:
    """The shipped questionnaires, scripts and plans as `[(kind, doc)]`; the op stamps them (D-C17, D-S8)."""
    rows = []
    for kind in ("questionnaire", "script", "plan"):
        for seed in shared_schema.seeds(kind):
            key = content_id(GROUP, kind, seed["code"], str(seed["version"]))
            rows.append((kind, {"id": key, **seed}))
    return rows


def documents(now: str) -> list[tuple[str, dict]]:
    """All of the group partition as `[(kind, doc)]`, in the order in which it is added."""
    return [
        *(("branch", doc) for doc in branches()),
        *(("staff", doc) for doc in staff()),
        *(("holiday_year", doc) for doc in holiday_years(now)),
        *published(),
    ]


class Team:
    """A branch's people by role, who may sign for whom, and everyone's signature."""

    def __init__(self, seed: int, branch_code: str):
        self.by_role: dict[str, list[dict]] = {}
        for person in staff():
            for post in person["posts"]:
                if post["branch"] == branch_code:
                    self.by_role.setdefault(post["role"], []).append(person)
        self.signatures = Signatures(seed)
        people = {person["id"]: person for rows in self.by_role.values() for person in rows}
        branch = next(row for row in branches() if row["code"] == branch_code)
        self.deputies = {row["role"]: people[row["staff_id"]] for row in branch.get("deputies", [])}

    def all(self, role: str) -> list[dict]:
        """Everyone with this role."""
        return self.by_role[role]

    def one(self, role: str) -> dict:
        """The first person with this role."""
        return self.by_role[role][0]
