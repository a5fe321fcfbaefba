"""Which encoding a text is in, and whether it is one."""

from __future__ import annotations

import pytest

from gxeditor.files.decoding import decode, decode_damaged, is_garbled

TEXT = "鲁山县人民政府办公室2022年政府信息公开工作年度报告\n一、总体情况\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("said", ["", "utf-8", "gbk", "big5", "x-unknown"])
def test_a_text_is_read_in_its_encoding_whatever_is_said(encoding: str, said: str) -> None:
    assert decode(TEXT.encode(encoding), said) == TEXT


def test_big5_is_told_from_gb_by_its_words() -> None:
    text = "政府資訊公開年度報告：一、總體情況，本機關的申請"
    for said in ("big5", "gb2312", ""):
        assert decode(text.encode("big5"), said) == text


def test_a_broken_byte_costs_one_character_of_a_page() -> None:
    assert decode(TEXT.encode() + b"\xff") is None
    assert decode_damaged(TEXT.encode() + b"\xff") == TEXT + "\ufffd"


def test_text_saved_in_the_wrong_encoding_is_told() -> None:
    assert not is_garbled(TEXT)
    assert not is_garbled("12\t0\t3\n")
    assert is_garbled(TEXT.encode().decode("gb18030", "ignore"))
    assert is_garbled(TEXT.encode("gb18030").decode("latin-1"))
    assert is_garbled((TEXT * 3).encode("ascii", "replace").decode())
