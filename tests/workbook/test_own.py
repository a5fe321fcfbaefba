"""What our own files say of themselves is read as it was written."""

from __future__ import annotations

import pytest

from gxeditor.workbook.own import in_key_words, in_last_line, key_words, last_line, mark, role_of


@pytest.mark.parametrize("year", [2022, None])
def test_key_words_and_last_line_are_words_and_read_back(year: int | None) -> None:
    assert key_words("人民政府", 2022) == "机关类别：人民政府；年度：2022"
    assert in_key_words(key_words("政府部门", year)) == ("政府部门", year)
    agency = "某县（开发区）管委会；办公室"
    assert in_last_line(last_line(agency, "政府部门", year)) == (agency, "政府部门", year)


@pytest.mark.parametrize("text", ["", "政府信息公开；年报", "机关类别：；年度：2022", "（机关名称：某局）"])
def test_other_words_say_nothing(text: str) -> None:
    assert in_key_words(text) is None
    assert in_last_line(text) is None


def test_each_line_of_a_signature_has_a_name_and_one_role() -> None:
    assert [mark("signature", line) for line in range(3)] == [
        "gx_signature",
        "gx_signature_2",
        "gx_signature_3",
    ]
    assert {role_of(mark("signature", line)) for line in range(3)} == {"signature"}
    assert role_of(mark("heading_other_matters")) == "heading:other_matters"
    assert role_of("gx_cover") == role_of("gx_requests.received.total") == role_of("_Toc1") == ""


def test_what_a_line_goes_on_with_has_a_name_and_a_role_of_its_own() -> None:
    assert mark("signature", 1, 2) == "gx_signature_2_3"
    assert role_of("gx_signature_2_3") == "signature+"


def test_each_paragraph_of_a_note_has_a_name_and_the_role_of_its_table() -> None:
    names = [mark("note_requests", line) for line in range(2)]
    assert names == ["gx_note_requests", "gx_note_requests_2"]
    assert {role_of(name) for name in names} == {"note:requests"}
