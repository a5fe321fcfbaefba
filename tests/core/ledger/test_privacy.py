"""Names are masked so that requests are told apart and nobody is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.ledger.privacy import masked, private_texts, shown, without_names
from gxeditor.core.ledger.request import Request
from gxeditor.resources import load_form, load_vocabulary

VOCABULARY = load_vocabulary(load_form())


@pytest.mark.parametrize(
    ("name", "text", "seen"),
    [
        ("青禾（江苏）种业有限公司", "青禾(江苏)种业有限公司起诉", "青禾**公司起诉"),
        ("何满（代理人周一）", "已电话告知何满", "已电话告知何**"),
        ("何满（代理人周一）", "看不出“何满(代理人周一)”是哪一天。", "看不出“何**”是哪一天。"),
        ("何满等3人", "何满撤诉", "何**撤诉"),
        ("Ｊｏｈｎ", "John 起诉", "J** 起诉"),
    ],
)
def test_a_name_is_masked_in_a_text_however_it_is_written_there(name: str, text: str, seen: str) -> None:
    assert without_names(text, Request("1", {"applicant": name}), VOCABULARY) == seen


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("何小满", "何**"),
        ("何满", "何**"),
        (" 何小满　", "何**"),
        ("何", "**"),
        ("何某某某某", "何**"),
        ("欧阳小满", "欧阳**"),
        ("欧阳满", "欧阳**"),
        ("欧阳", "欧**"),
        ("司马相如", "司马**"),
        ("阿卜杜拉·买买提", "阿**"),
        ("John Smith", "J**"),
        ("J", "**"),
        ("320102199001011234", "**"),
        ("何小满（代理人李四）", "何**"),
        ("何小满(13800000000)", "何**"),
        ("何小满、李四", "何**、李**"),
        ("何小满，李四", "何**、李**"),
        ("何小满/欧阳锋", "何**、欧阳**"),
        ("何小满等3人", "何**等3人"),
        ("何**", "何**"),
        ("何*", "何**"),
        ("“何小满”", "何**"),
        ("", ""),
        (" 　\n", ""),
        ("青禾农业科技有限公司", "青禾**公司"),
        ("青禾农业科技股份有限公司", "青禾**公司"),
        ("青禾有限公司", "青**公司"),
        ("青禾公司", "青**公司"),
        ("青公司", "**公司"),
        ("青禾（江苏）农业有限公司", "青禾**公司"),
        ("青禾农业科技有限公司松塘分公司", "青禾**分公司"),
        ("临原正信律师事务所", "临原**律师事务所"),
        ("松岭环境保护协会", "松岭**协会"),
        ("松塘县青禾水稻种植专业合作社", "松塘**合作社"),
        ("云栈小学", "云**小学"),
        ("青禾**公司", "青禾**公司"),
        ("王店", "王**"),
        ("李学院", "李**"),
        ("Green Rice Co., Ltd.", "G**"),
        ("ABC有限公司", "AB**公司"),
    ],
)
def test_a_name_shows_its_beginning_and_two_stars(name: str, seen: str) -> None:
    assert masked(name) == seen


@given(st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd", "Zs", "Po")), max_size=12))
def test_no_name_is_shown_whole(name: str) -> None:
    seen = masked(name)
    bare = name.strip()
    assert not any(char.isalnum() for char in bare) or "**" in seen
    if bare and "*" not in bare:
        assert bare not in seen.split("、")
        assert len(bare) < 2 or bare not in seen


def test_numbers_and_addresses_show_nothing() -> None:
    request = Request("r", {"id_no": "320102199001011234", "contact": "松塘县河湾镇 1 号", "agent": "李四"})
    assert shown(request, "id_no", VOCABULARY) == "**"
    assert shown(request, "contact", VOCABULARY) == "**"
    assert shown(request, "agent", VOCABULARY) == "李**"
    assert shown(request, "applicant", VOCABULARY) == ""


def test_a_text_about_a_request_names_nobody() -> None:
    request = Request("r", {"applicant": "何小满、李四", "contact": "0512-1234567", "agent": "王五"})
    text = "李四和何小满（电话 0512-1234567，代理人王五）的申请"
    assert without_names(text, request, VOCABULARY) == "李**和何**（电话 **，代理人王**）的申请"


def test_what_is_not_understood_under_a_private_column_is_private_as_well() -> None:
    request = Request("r", {}, {"applicant": "何小满"})
    assert shown(request, "applicant", VOCABULARY) == "何**"
    assert private_texts([request], VOCABULARY) == {"何小满"}
