"""A text is divided into rows and cells, and no row of it is lost in silence."""

from __future__ import annotations

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.files.divided import divided


def test_a_cell_in_quotation_marks_holds_the_mark_and_ends_of_lines() -> None:
    assert list(divided('a,"b,\nc"\n\nd,5"e\n', ",", "它")) == [["a", "b,\nc"], [], ["d", '5"e']]


@pytest.mark.parametrize("behind", ["", '3,"d"\n'])
def test_a_quotation_mark_that_nobody_closed_is_told_with_its_row(behind: str) -> None:
    with pytest.raises(UnreadableSource, match=r"“甲”第 2 行起读不出来.*引号"):
        list(divided(f'1,"a\nb"\n2,"b\n2,c\n{behind}', ",", "“甲”"))


def test_in_the_last_row_no_other_is_lost_by_it() -> None:
    assert list(divided('1,a\n2,"b,c', ",", "它")) == [["1", "a"], ["2", "b,c"]]


def test_a_cell_beyond_all_measure_is_told_with_its_row() -> None:
    with pytest.raises(UnreadableSource, match="第 2 行起读不出来"):
        list(divided(f"1,a\n2,{'b' * 140_000}\n3,c\n", ",", "它"))
