"""The cast of the tests: two branches and the people who act in them (Alice owns, Bob helps, Zoe may not).

Ids are fixed, so that a failing test reads the same every time.
"""

from dataclasses import dataclass, field

PASSWORD = "correct-horse-battery"
SZ01 = "B:SZ01"
SZ02 = "B:SZ02"


def fixed_id(number: int, block: int = 0) -> str:
    """A UUIDv7 of the tests' own; `block` keeps the kinds of records apart."""
    return f"0192f000-{block:04x}-7000-8000-{number:012x}"


@dataclass(frozen=True)
class Person:
    """Somebody with one post; `branch` is `*` for head office."""

    number: int
    username: str
    name: str
    role: str
    branch: str
    password: str = field(default=PASSWORD, repr=False)

    @property
    def id(self) -> str:
        """The staff record's id."""
        return fixed_id(self.number, 1)

    @property
    def part(self) -> str:
        """The partition this person works in."""
        return "GRP" if self.branch == "*" else f"B:{self.branch}"

    def doc(self) -> dict:
        """The staff record."""
        post = {"branch": self.branch, "role": self.role}
        return {"id": self.id, "name": self.name, "username": self.username, "posts": [post], "active": True}

    def actor(self, place: str = "server") -> dict:
        """The person as `decide` wants to see them."""
        return {
            **{"id": self.id, "name": self.name, "title": None, "roles": [self.role], "deputy_roles": []},
            **{"place": place, "system": False},
        }


class Cast:
    """Everybody by first name: `cast.alice`; iterating gives all of them."""

    alice = Person(1, "alice", "艾丽", "cs_agent", "SZ01")
    bob = Person(2, "bob", "鲍博", "cs_manager", "SZ01")
    gina = Person(3, "gina", "季娜", "general_manager", "SZ01")
    sam = Person(4, "sam", "沈山", "sales_manager", "SZ01")
    chen = Person(5, "chen", "陈晓东", "sales_consultant", "SZ01")
    clerk = Person(6, "clerk", "柯蕊", "sales_clerk", "SZ01")
    zoe = Person(7, "zoe", "左伊", "cs_agent", "SZ02")
    hua = Person(8, "hua", "华英", "hq_operator", "*")
    aud = Person(9, "aud", "区审", "hq_auditor", "*")
    adm = Person(10, "adm", "安敏", "admin", "*")

    def __iter__(self):
        return (person for person in vars(type(self)).values() if isinstance(person, Person))


def branch(number: int, code: str, name: str) -> dict:
    """A branch open every day from 8:30 to 18:00 with lunch from 12:00 to 13:30."""
    return {
        **{"id": fixed_id(number, 2), "code": code, "name": f"{name}店", "short_name": name},
        **{"open": "08:30", "close": "18:00", "lunch_from": "12:00", "lunch_to": "13:30"},
        **{"days_off": [], "holidays_closed": True, "active": True, "hotline": "0755-00000101"},
    }


BRANCHES = [branch(1, "SZ01", "福田"), branch(2, "SZ02", "龙岗")]


def vehicle(number: int = 1, **fields: object) -> dict:
    """A vehicle record; every field can be set."""
    return {
        **{"id": fixed_id(number, 3), "vin": f"LGXC16DF{number:09d}", "plate": f"粤B{number:05d}"},
        **{"model": "秦PLUS DM-i", **fields},
    }


def customer(number: int = 1, **fields: object) -> dict:
    """A customer record; every field can be set."""
    return {
        **{"id": fixed_id(number, 4), "name": "张伟", "kind": "person", "gender": "male"},
        **{"phones": [f"138{number:08d}"], "consent": True, **fields},
    }
