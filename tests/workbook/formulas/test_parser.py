"""A formula is read once for all the cells that it was filled into, and refused where it is not known for sure."""

from __future__ import annotations

import pytest

from gxeditor.workbook.formulas.parser import parsed
from gxeditor.workbook.formulas.values import Uncalculable


def test_formulas_that_were_filled_down_are_one_and_the_same() -> None:
    assert parsed("SUM(B2:$C$9)*D2", 1, 0) is parsed("SUM(B7:$C$9)*D7", 6, 0)
    assert parsed("SUM(B2)", 1, 0) is not parsed("SUM(B2)", 2, 0)


@pytest.mark.parametrize(
    ("formula", "references"), [("1+2", 0), ("A1", 1), ("SUM(A1:B2,表!C3)+总数", 3), ('"A1"&TRUE', 0)]
)
def test_what_a_formula_refers_to_is_known_before_it_is_calculated(formula: str, references: int) -> None:
    assert len(parsed(formula, 0, 0).references) == references


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("VLOOKUP(1,A:B,2)", "函数 VLOOKUP 不在本程序能算的公式之内"),
        ("IF()", "函数 IF 的参数不对"),
        ("[1]表!A1", "其他文件"),
        ("一:三!A1", "几张工作表"),
        ("SUM(A1", "写法"),
        ("A1 B1", "写法"),
        ("{1,2", "写法"),
        ("", "写法"),
        ("A1§2", "“§2”不在"),
    ],
)
def test_what_is_not_known_for_sure_is_refused_with_the_reason(formula: str, why: str) -> None:
    with pytest.raises(Uncalculable, match=why):
        parsed(formula, 0, 0)
