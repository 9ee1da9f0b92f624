"""Which partitions a person works in, and as what: decided by the server at every request (SYNC.md 12)."""

import shared_schema
from backend.errors import Refused
from backend.models.group import GROUP
from backend.models.scope import Scope
from backend.sync import reference

EVERYWHERE = "*"
GROUP_ROLES = {item["code"] for item in shared_schema.load()["lists"]["role"]["items"] if item.get("group")}


def part_of(branch_code: str) -> str:
    """The partition of a branch's data."""
    return f"B:{branch_code}"


def branch_of(part: str) -> str:
    """The branch code of a partition; `*` for the group's."""
    return part.removeprefix("B:") if part.startswith("B:") else EVERYWHERE


def staff(staff_id: str) -> dict:
    """An active staff member's document.

    :raise Refused: 401 `auth.required` if the person is unknown or has left.
    """
    found = reference.find("staff", id=staff_id)
    if not found or not found.get("active"):
        raise Refused("auth.required")
    return found


def roles_by_branch(person: dict) -> dict[str, list[str]]:
    """`{branch code or "*": [roles]}`; a head-office role counts at `*` only, a branch's in a branch."""
    roles: dict[str, list[str]] = {}
    for post in person["posts"]:
        if (post["branch"] == EVERYWHERE) == (post["role"] in GROUP_ROLES):
            roles.setdefault(post["branch"], []).append(post["role"])
    return roles


def sync_parts(person: dict) -> list[str]:
    """The partitions that this person's tablet keeps: the group's, and those of the branches worked in."""
    known = {branch["code"] for branch in reference.docs("branch")}
    own = sorted(code for code in roles_by_branch(person) if code in known)
    return [GROUP, *(part_of(code) for code in own)]


def writable_parts(person: dict) -> list[str]:
    """The partitions whose records this person's ops may change; the group's only for head office."""
    parts = sync_parts(person)
    return parts if roles_by_branch(person).get(EVERYWHERE) else [part for part in parts if part != GROUP]


def read_scope(person: dict) -> Scope:
    """What this person may read on line: head office reads all branches (D-P12)."""
    if roles_by_branch(person).get(EVERYWHERE):
        return Scope([GROUP, *(part_of(branch["code"]) for branch in reference.docs("branch"))])
    return Scope(sync_parts(person))


def actor(person: dict, part: str, place: str = "server") -> dict:
    """The person as `decide` sees them in a partition: `{id, name, roles, deputy_roles, place,
    system}` (D-K2).
    """
    code = branch_of(part)
    branch = reference.find("branch", code=code) or {}
    deputy = [d["role"] for d in branch.get("deputies", []) if d["staff_id"] == person["id"]]
    roles = roles_by_branch(person).get(code, [])
    return {
        **{"id": person["id"], "name": person["name"], "title": person.get("title"), "roles": roles},
        **{"deputy_roles": deputy, "place": place, "system": False},
    }


SYSTEM = {
    **{"id": None, "name": "系统", "title": None, "roles": ["admin"], "deputy_roles": []},
    **{"place": "server", "system": True},
}
