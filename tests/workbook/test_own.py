"""What our own workbook carries: prose is cut where sentences end, and nothing of it is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gxeditor.workbook.own import SENTENCES


@given(st.text(st.sampled_from("甲乙。！？；”’）」』，\n")))
def test_the_sentences_of_a_text_together_are_the_text(text: str) -> None:
    assert "".join(SENTENCES.findall(text)) == text


def test_a_sentence_ends_behind_its_marks() -> None:
    found = [one for one in SENTENCES.findall("他说：“公开。”再答复；完了！！没有句号") if one]
    assert found == ["他说：“公开。”", "再答复；", "完了！！", "没有句号"]
