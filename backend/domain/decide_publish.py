"""Head office publishes scripts, questionnaires and plans: new versions, in fit words (D-S4, D-S8)."""

from typing import Any

from .canonical import same
from .decision import (
    Case,
    Decision,
    Doc,
    Problem,
    accepted,
    body_problems,
    change,
    invalid,
    noop,
    parked,
    problem,
    repeated,
)
from .schema import compact
from .text import without_spaces

# Per record: its list of parts, and which texts of a part a customer hears.
_PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "script": ("sections", ("text",)),
    "questionnaire": ("questions", ("text",)),
    "plan": ("nodes", ()),
}
_STAMPS = ("published_at", "published_by")


def publish(case: Case) -> Decision:
    """`<record>.publish`: stores a version above every published one of its code; those never change."""
    name = case.spec["kind"].split(".")[0]
    body = _prepare(case, name, case.op.get("body"))
    problems = body_problems(case, body) or _own_problems(case, name, body[name])
    if problems:
        return invalid(problems)
    doc = body[name]
    stored = case.records.get(name, doc["id"])
    if stored:
        return noop() if same(_as_written(stored), _as_written(doc)) else parked({"code": "op.exists"})
    taken = [other for other in case.records.ref(name) if other["code"] == doc["code"]]
    if any(other["version"] >= doc["version"] for other in taken):
        return parked({"code": "op.version_taken", "field": f"{name}.version"})
    said = forbidden(case.schema, name, doc)
    return parked(*said) if said else accepted([change(name, doc)])


def _prepare(case: Case, name: str, body: Any) -> Any:
    if not isinstance(body, dict) or not isinstance(body.get(name), dict):
        return body
    stamps = {"published_at": case.now, "published_by": case.actor["name"]}
    return {**body, name: {**body[name], **stamps}}


def _as_written(doc: Doc) -> Doc:
    return {key: value for key, value in compact(doc).items() if key not in _STAMPS}


def _own_problems(case: Case, name: str, doc: Doc) -> list[Problem]:
    parts = _PARTS[name][0]
    found = repeated(doc[parts], "code", f"{name}.{parts}")
    for at, part in enumerate(doc[parts] if name == "plan" else []):
        if part.get("due_days") is None and part.get("due_hours") is None:
            found.append(problem(f"plan.nodes.{at}.due_days", "field.required"))
    return found


def forbidden(schema: Doc, name: str, doc: Doc) -> list[Problem]:
    """`op.forbidden_phrase` for each text that holds a phrase of the list, however it is spaced (D-S4)."""
    phrases = [item["label"] for item in schema["lists"]["forbidden_phrases"]["items"]]
    parts, texts = _PARTS[name]
    found = []
    for at, part in enumerate(doc[parts]):
        for field in texts:
            said = without_spaces(part[field])
            for phrase in (phrase for phrase in phrases if phrase in said):
                path = f"{name}.{parts}.{at}.{field}"
                found.append({"code": "op.forbidden_phrase", "field": path, "phrase": phrase})
    return found
