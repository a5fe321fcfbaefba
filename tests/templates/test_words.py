"""Cells of a template are named as a clerk finds them in Excel."""

from __future__ import annotations

import pytest

from gxeditor.templates.words import short, where
from gxeditor.workbook.cells import Address


def test_a_cell_is_named_with_its_sheet() -> None:
    assert where(Address("表三", 4, 9)) == "“表三”J5"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (7, "7"),
        ("字" * 20, "字" * 20),
        ("字" * 21, "字" * 19 + "…"),
        ("表\0\ud800三", "表  三"),
    ],
)
def test_a_value_is_named_in_a_few_characters(value: object, shown: str) -> None:
    assert short(value) == shown
