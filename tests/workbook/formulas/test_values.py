"""Values are added, compared and read as numbers as Excel does it, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext

import pytest

from gxeditor.workbook.cells import ErrorValue
from gxeditor.workbook.formulas.values import (
    OPERATORS,
    Area,
    Array,
    Context,
    Failed,
    Operand,
    Scalar,
    Uncalculable,
    added,
    constant,
    divided,
    element_of,
    lifted,
    matrix_of,
    number_of,
    order_of,
    scalar_of,
    text_of,
    truth_of,
)


class Numbered:
    """Cells that hold ten times their row and their column more."""

    sheets: Mapping[str, int] = {"表": 0}

    def value(self, sheet: int, row: int, column: int) -> Scalar:
        return float(10 * row + column)

    def clipped(self, area: Area) -> Area:
        return area

    def values(self, area: Area) -> Iterator[Scalar]:
        yield from (value for row in matrix_of(HERE, area) for value in row)

    def name(self, name: str, sheet: int, qualified: bool) -> str:
        raise Failed("#NAME?")

    def within(self, name: str) -> AbstractContextManager[None]:
        return nullcontext()

    def spend(self, steps: int) -> None:
        assert steps >= 0


HERE = Context(Numbered(), 0, 3, 4, False)


def test_of_a_range_the_cell_beside_the_formula_counts() -> None:
    assert scalar_of(HERE, Area(0, 1, 2, 9, 2)) == 32
    assert scalar_of(HERE, Area(0, 7, 0, 7, 9)) == 74
    assert scalar_of(HERE, Area(0, 3, 2, 9, 2)) == scalar_of(HERE, Area(0, 1, 2, 3, 2)) == 32
    assert scalar_of(HERE, Area(0, 7, 4, 7, 9)) == scalar_of(HERE, Area(0, 7, 0, 7, 4)) == 74
    for beyond in (Area(0, 4, 2, 9, 2), Area(0, 1, 2, 2, 2), Area(0, 7, 5, 7, 9), Area(0, 7, 0, 7, 3)):
        with pytest.raises(Failed):
            scalar_of(HERE, beyond)
    assert scalar_of(HERE, Array([[5.0, 6.0]])) == 5
    with pytest.raises(Failed):
        scalar_of(HERE, Area(0, 7, 7, 9, 9))


def test_a_function_of_values_is_one_of_arrays() -> None:
    node = lifted(OPERATORS["*"], (constant(Array([[1.0, 2.0], [3.0, "甲"]])), constant(10.0)))
    found = node(HERE)
    assert matrix_of(HERE, found) == [[10, 20], [30, ErrorValue("#VALUE!")]]
    assert element_of(HERE, found, 1, 0) == 30
    assert element_of(HERE, found, 5, 0) == ErrorValue("#N/A")


@pytest.mark.parametrize(
    ("value", "number"),
    [(None, 0), (True, 1), ("12", 12), (" 1,234.5 ", 1234.5), ("50%", 0.5), ("-.5", -0.5), ("1E3", 1000)],
)
def test_what_is_plainly_a_number_counts_as_one(value: Scalar, number: float) -> None:
    assert number_of(value) == number


@pytest.mark.parametrize(
    ("value", "trouble"),
    [("2022-1-1", Uncalculable), ("￥5", Uncalculable), ("甲", Failed), (ErrorValue("#N/A"), Failed)],
)
def test_what_only_excel_reads_as_a_number_is_not_guessed(value: Scalar, trouble: type[Exception]) -> None:
    with pytest.raises(trouble):
        number_of(value)


def test_fifteen_digits_count() -> None:
    assert added(added(0.3, -0.1), -0.2) == 0
    assert text_of(1 / 3) == "0.333333333333333"
    assert order_of(0.1 + 0.2, 0.3) == 0
    with pytest.raises(Failed):
        divided(1, 0)
    with pytest.raises(Uncalculable):
        text_of(1e20)


@pytest.mark.parametrize(
    ("less", "more"), [(1.0, 2.0), (99.0, "甲"), ("甲", False), (False, True), (None, 1.0), (None, "甲")]
)
def test_numbers_come_before_texts_before_truth_values(less: Scalar, more: Scalar) -> None:
    assert order_of(less, more) < 0 < order_of(more, less)


def test_texts_are_equal_whatever_their_case_and_chinese_ones_are_not_sorted() -> None:
    assert OPERATORS["="]("ABC", "abc") is True
    assert OPERATORS["<"]("abc", "abd") is True
    with pytest.raises(Uncalculable):
        OPERATORS["<"]("甲", "乙")


@pytest.mark.parametrize(("value", "truth"), [(0.0, False), (2.0, True), (True, True), (None, False)])
def test_numbers_are_true_or_not(value: Operand, truth: bool) -> None:
    assert not isinstance(value, Area | Array)
    assert truth_of(value) is truth
