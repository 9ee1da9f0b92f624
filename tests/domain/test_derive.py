"""Pinyin for search by initials (D-F1)."""

import pytest

from backend.domain.derive import derive
from tests.cast import customer


@pytest.mark.parametrize(
    "name, kind, pinyin",
    [
        ("张伟", "person", "zw zhangwei"),
        ("欧阳修", "person", "oyx ouyangxiu"),
        ("曾敏", "person", "zm zengmin"),
        ("单雄信", "person", "sxx shanxiongxin"),
        ("单于", "person", "cy chanyu"),
        ("吕布", "person", "lb lvbu"),
        ("阿卜杜拉·买买提", "person", "abdlmmt abodulamaimaiti"),
        ("李 Lei", "person", "llei lilei"),
        ("ＢＹＤ深圳４S店", "company", "bydsz4sd bydshenzhen4sdian"),
        ("长沙银行", "company", "csyh changshayinhang"),
        ("重庆长安汽车", "company", "cqcaqc chongqingchanganqiche"),
    ],
)
def test_pinyin_of_a_name(name, kind, pinyin):
    assert derive("customer", customer(name=name, kind=kind))["pinyin"] == pinyin


@pytest.mark.parametrize("name", ["👩‍⚕️", "……", ""])
def test_a_name_without_a_reading_has_none(name):
    assert "pinyin" not in derive("customer", customer(name=name, pinyin="old"))


def test_pinyin_fits_its_field():
    assert len(derive("customer", customer(name="爨" * 40))["pinyin"]) <= 200


def test_derive_is_idempotent_and_touches_nothing_else():
    doc = customer()
    once = derive("customer", doc)
    assert derive("customer", once) == once
    assert {k: v for k, v in once.items() if k != "pinyin"} == doc
    assert derive("vehicle", {"id": "x"}) == {"id": "x"}
