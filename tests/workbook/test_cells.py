"""How cells are called, what they hold, and how a formula reads elsewhere."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gxeditor.workbook.cells import (
    Address,
    ErrorValue,
    Range,
    Result,
    Value,
    Written,
    cell_ref,
    is_same,
    letters_of,
    parse_range,
    parse_ranges,
    parse_ref,
    shifted,
    shown_result,
)


def test_references_and_places_answer_each_other() -> None:
    assert [cell_ref(0, 0), cell_ref(3, 25), cell_ref(3, 26), cell_ref(1048575, 16383)] == [
        "A1",
        "Z4",
        "AA4",
        "XFD1048576",
    ]
    assert parse_ref("$aa$4") == (3, 26)
    assert parse_range("D6:B4") == Range(3, 1, 5, 3)
    assert parse_range("B4").ref == "B4"
    for wrong in ("", "A0", "4B", "XFE1", "A1048577", "A-1"):
        with pytest.raises(ValueError, match=r"^"):
            parse_ref(wrong)


def test_a_cell_is_called_as_excel_calls_it() -> None:
    assert Address("表三", 4, 27).ref == "AB5"
    assert (letters_of("$ab$5"), letters_of("B"), letters_of("")) == ("AB", "", "")


def test_a_list_of_ranges_leaves_out_what_is_none() -> None:
    assert parse_ranges("B4 $C$1:D6 #REF! A0") == (Range(3, 1, 3, 1), Range(0, 2, 5, 3))


@pytest.mark.parametrize(
    ("there", "value", "same"),
    [
        (5, Decimal("5.00"), True),
        (5.5, Decimal("5.5"), True),
        (5, 6, False),
        ("5", 5, False),
        ("/", "/", True),
        (None, None, True),
        (None, 0, False),
        (0, None, False),
        (True, 1, False),
    ],
)
def test_a_cell_need_not_change_where_it_holds_the_value_already(
    there: Value, value: Written, same: bool
) -> None:
    assert is_same(there, value) is same


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (0.1 + 0.2, "0.3"),
        (12.0, "12"),
        (True, "TRUE"),
        (ErrorValue("#DIV/0!"), "#DIV/0!"),
        ("平", "平"),
        (None, ""),
    ],
)
def test_a_result_is_shown_as_in_a_cell(result: Result | None, shown: str) -> None:
    assert shown_result(result) == shown


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("D5+'表 3'!D6", "E7+'表 3'!E8"),
        ("$D$5+D$5+$D5", "$D$5+E$5+$D7"),
        ('IF(A1="B2","B2",LOG10(A1))', 'IF(B3="B2","B2",LOG10(B3))'),
        ("SUM(A:C)+SUM(3:4)", "SUM(B:D)+SUM(5:6)"),
        ("t3_new_A1+Sheet1!A1", "t3_new_A1+Sheet1!B3"),
        ("XFD1", "#REF!"),
    ],
)
def test_a_formula_moves_like_a_copied_one(formula: str, expected: str) -> None:
    moved = shifted(formula, 2, 1)
    assert moved == (expected if expected != "#REF!" else "#REF!3")
