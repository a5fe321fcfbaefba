"""What becomes of a workbook is a value that can be made without any file."""

from __future__ import annotations

from gxeditor.workbook.cells import Address
from gxeditor.workbook.changes import Changes, NewLine


def test_no_changes_are_nothing() -> None:
    assert Changes() == Changes({}, {}, (), False)
    assert not Changes().formulas


def test_the_formulas_of_all_new_lines_are_known_by_their_cells() -> None:
    first, second = Address("表", 4, 5), Address("表", 5, 5)
    lines = (
        NewLine("表", "row", 4, 3, {first: "SUM(D5:E5)"}),
        NewLine("表", "row", 5, 3, {second: "SUM(D6:E6)"}),
        NewLine("另一张", "column", 2, 1),
    )
    assert Changes(new_lines=lines).formulas == {first: "SUM(D5:E5)", second: "SUM(D6:E6)"}
