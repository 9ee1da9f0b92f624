"""The shipped questionnaires, scripts and plans: complete, well formed, with nothing one must not say."""

from pathlib import Path

import pytest

import shared_schema
from backend.demo.group import BRANCHES
from backend.domain.decide import decide
from backend.domain.schema import check
from tests.content.texts import PLACE, PLACES, published_docs, seeds, strings

SCHEMA = shared_schema.load()
SYSTEM = {
    "id": None,
    "name": "系统",
    "roles": ["admin"],
    "deputy_roles": [],
    "place": "server",
    "system": True,
}
KINDS = ("questionnaire", "script", "plan")
DOCS = [pytest.param(kind, doc, id=f"{kind}-{doc['code']}") for kind, doc in published_docs()]


class Nothing:
    """An empty database."""

    def get(self, kind: str, id: str) -> None:
        """Nothing is stored."""

    def ref(self, kind: str) -> list:
        """Nothing is published."""
        return []


@pytest.mark.parametrize(("kind", "doc"), DOCS)
def test_every_document_is_what_its_record_declares(kind: str, doc: dict) -> None:  # D-S8
    assert check(SCHEMA, kind, doc) == []
    assert doc["version"] == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_named_after_its_code(kind: str) -> None:
    folder = Path(shared_schema.__file__).parent / f"{kind}s"
    assert {path.stem for path in folder.glob("*.json")} == set(seeds(kind))


@pytest.mark.parametrize(("kind", "doc"), DOCS)
def test_no_text_holds_a_phrase_one_must_not_use(kind: str, doc: dict) -> None:  # D-S4
    said = "".join(strings(doc)).replace(" ", "")
    assert [
        row["label"] for row in SCHEMA["lists"]["forbidden_phrases"]["items"] if row["label"] in said
    ] == []


@pytest.mark.parametrize(("kind", "doc"), DOCS)
def test_head_office_could_publish_it(kind: str, doc: dict) -> None:  # D-C17 D-S8
    op = {"id": doc["id"], "kind": f"{kind}.publish", "v": 1, "part": "GRP", "body": {kind: doc}}
    decision = decide(SCHEMA, op, Nothing(), SYSTEM, "2026-03-02T01:00:00.000Z")
    assert (decision["status"], decision["problems"]) == ("applied", [])


@pytest.mark.parametrize(("kind", "doc"), DOCS)
def test_only_known_places_are_to_be_filled_in(kind: str, doc: dict) -> None:
    assert {name for text in strings(doc) for name in PLACE.findall(text)} <= PLACES


@pytest.mark.parametrize("code", ["sales_call", "repair_call"])
def test_the_places_are_listed_where_head_office_edits_a_call(code: str) -> None:
    assert set(PLACE.findall(seeds("script")[code]["note"])) == PLACES


GROUPS = {
    "repair": ["接待", "车间与质检", "交车", "配件", "预约与准备", "回访"],
    "sales": ["交车过程", "证件资料", "功能讲解", "赠品与承诺", "用车情况"],
}


@pytest.mark.parametrize("code", GROUPS)
def test_a_questionnaire_asks_about_every_group_of_the_rule(code: str) -> None:  # D-S2
    questions = seeds("questionnaire")[code]["questions"]
    assert list(dict.fromkeys(question["group"] for question in questions)) == GROUPS[code]
    assert len({question["code"] for question in questions}) == len(questions)


@pytest.mark.parametrize("code", GROUPS)
def test_every_question_can_be_answered_with_yes_or_no_and_offers_reasons(code: str) -> None:  # D-S2
    for question in seeds("questionnaire")[code]["questions"]:
        assert "是不是" in question["text"] and question["text"].endswith("？")
        assert 3 <= len(question["reasons"]) <= 6
        assert len(set(question["reasons"])) == len(question["reasons"])


@pytest.mark.parametrize("code", GROUPS)
def test_weights_add_up_and_a_red_line_tells_the_caller_what_to_do(code: str) -> None:  # D-S3 D-S4
    questions = seeds("questionnaire")[code]["questions"]
    assert sum(question["weight"] for question in questions) == 100
    decisive = [question for question in questions if question.get("decisive")]
    assert 2 <= len(decisive) < len(questions) / 2
    assert all("需要再次回访" in question["hint"] and "不解释" in question["hint"] for question in decisive)


CALL = ["greeting", "confirm_person", "say_which", "ask_time", "landline", "questions_intro", "closing"]


@pytest.mark.parametrize("code", ["sales_call", "repair_call"])
def test_a_call_leads_from_greeting_to_closing_and_is_ready_for_busy_and_silence(code: str) -> None:  # D-S1
    script = seeds("script")[code]
    texts = {section["code"]: section["text"] for section in script["sections"]}
    assert list(texts) == [*CALL, "busy", "no_answer"]
    assert {"门店", "姓名", "职务"} <= set(PLACE.findall(texts["greeting"]))
    assert "五到八分钟" in texts["ask_time"]
    assert script["kind"] == "call"


def test_the_complaint_talk_has_its_five_steps_with_open_and_closed_questions() -> None:  # D-S9
    sections = {section["code"]: section for section in seeds("script")["complaint_call"]["sections"]}
    steps = [code for code in sections if code.startswith("step_")]
    assert steps == [f"step_{name}" for name in ("empathy", "understand", "confirm", "negotiate", "act")]
    for code in steps:
        assert "开放式" in sections[code]["text"] and "封闭式" in sections[code]["text"]
    types = "facts feelings fuss demanding advantage passive voicer irate activist"
    rest = "techniques principles our_fault not_our_fault closing_question warning_signs"
    assert {*(f"type_{name}" for name in types.split()), *rest.split()} <= set(sections)


def test_special_situations_offer_an_approach_and_a_wording() -> None:  # D-S5
    special = {code: doc for code, doc in seeds("script").items() if doc["kind"] == "special"}
    assert set(special) == {"friend_buys", "privacy", "why_dealer", "too_many_calls"}
    for doc in special.values():
        assert [section["code"] for section in doc["sections"]] == ["approach", "wording"]
    assert "记名回访" in "".join(strings(special["privacy"]))


def test_there_is_a_card_of_manners() -> None:  # D-S1
    assert seeds("script")["manners"]["kind"] == "manners"


def test_the_text_message_fits_one_message_and_names_the_hotline() -> None:  # D-C20
    (section,) = seeds("script")["sms_inconvenient"]["sections"]
    for branch in BRANCHES.values():
        words = {"客户": "欧阳若曦", "称呼": "女士", "姓名": "司徒志恒"}
        words |= {"门店": branch["name"], "热线": branch["hotline"]}
        sent = PLACE.sub(lambda place, words=words: words[place[1]], section["text"])
        assert len(sent) <= 70 and branch["hotline"] in sent


@pytest.mark.parametrize("code", ["standard", "preset_a", "preset_b"])
def test_every_node_names_content_that_is_shipped(code: str) -> None:  # D-C17
    for node in seeds("plan")[code]["nodes"]:
        assert node["questionnaire"] in seeds("questionnaire")
        assert seeds("script")[node["script"]]["kind"] == "call"
        assert node["anchor"] in ("delivery", "repair_order")


NODES = {  # D-C1 D-C2 D-C3 D-C4 D-C5 D-C9: days or hours, and whose call it is
    "standard": {
        "1DC": (24, "sales_consultant"),
        "3DC": (3, "sales_consultant"),
        "7DC": (7, "sales_consultant"),
        "15DC": (15, "sales_consultant"),
        "30DC": (30, "service_advisor"),
        "REPAIR": (5, "cs_agent"),
    },
    "preset_a": {
        "1DC": (24, "sales_manager"),
        "3DC": (3, "sales_consultant"),
        "7DC": (7, "sales_consultant"),
        "30DC": (30, "service_advisor"),
        "REPAIR": (5, "cs_agent"),
    },
    "preset_b": {
        "1DC": (0, "sales_consultant"),
        "3DC": (3, "sales_consultant"),
        "7DC": (7, "sales_consultant"),
        "15DC": (15, "sales_consultant"),
        "REPAIR": (5, "cs_agent"),
    },
}


@pytest.mark.parametrize("code", NODES)
def test_a_plan_has_the_nodes_and_owners_of_its_source(code: str) -> None:  # D-C17
    nodes = seeds("plan")[code]["nodes"]
    found = {
        n["code"]: (n["due_hours"] if n["code"] == "1DC" else n["due_days"], n["owner_role"]) for n in nodes
    }
    assert found == NODES[code]
    consultants = [node for node in nodes if node["owner_role"] == "sales_consultant"]
    assert all(node["owner_field"] == "consultant_id" for node in consultants)
