"""Numbers of lists as they are written."""

from __future__ import annotations

import pytest

from gxeditor.imports.numbering import (
    alphabetic,
    chinese,
    chinese_digits,
    formal_chinese,
    roman,
    running,
    turning,
    wide,
)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (101, "一百〇一"),
        (110, "一百一十"),
        (1005, "一千〇五"),
        (0, "〇"),
    ],
)
def test_chinese_numbers_are_written_as_they_are_spoken(number: int, written: str) -> None:
    assert chinese(number) == written


def test_other_numbers_are_written_in_their_ways() -> None:
    assert [formal_chinese(12), chinese_digits(10), wide(12)] == ["壹拾贰", "一〇", "１２"]
    assert [roman(n) for n in (4, 9, 14, 1999)] == ["IV", "IX", "XIV", "MCMXCIX"]
    assert [alphabetic(n) for n in (1, 26, 27, 53)] == ["A", "Z", "AA", "AAA"]
    assert [running("①", 20)(n) for n in (1, 20, 21)] == ["①", "⑳", "21"]
    assert [turning("甲乙")(n) for n in (1, 2, 3)] == ["甲", "乙", "甲"]


@pytest.mark.parametrize("number", [-5, 0, 10**9])
def test_numbers_that_no_list_has_are_written_somehow(number: int) -> None:
    for write in (
        chinese,
        formal_chinese,
        chinese_digits,
        wide,
        roman,
        alphabetic,
        running("①", 20),
        turning("甲"),
    ):
        assert len(write(number)) <= 12
