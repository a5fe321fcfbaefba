"""The table of limits: each of them bounds something, has a reason beside it, and is kept in one place only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import gxeditor
from gxeditor.core.errors import UnreadableSource
from gxeditor.files import limits
from gxeditor.imports.formats.text import read_text

PROGRAM = Path(gxeditor.__file__).parent
TABLE = Path(limits.__file__)
NAMES = [name for name in vars(limits) if name.isupper()]


def _used() -> set[str]:
    """The names that modules other than the table take from it and then use."""
    used: set[str] = set()
    for path in PROGRAM.rglob("*.py"):
        if path == TABLE:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        taken = {
            name.name: name.asname or name.name
            for one in ast.walk(tree)
            if isinstance(one, ast.ImportFrom) and one.module == limits.__name__
            for name in one.names
        }
        read = {
            one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
        }
        used |= {name for name, own in taken.items() if own in read}
        used |= {
            one.attr
            for one in ast.walk(tree)
            if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "limits"
        }
    return used


def test_each_limit_bounds_something_that_is_read() -> None:
    assert set(NAMES) - _used() == set()


@pytest.mark.parametrize("name", NAMES)
def test_each_limit_is_a_whole_number_above_nothing(name: str) -> None:
    value = getattr(limits, name)
    assert type(value) is int
    assert value > 0


def test_a_limit_of_a_part_is_not_beyond_that_of_the_whole() -> None:
    assert limits.PART_BYTES <= limits.PARTS_BYTES
    assert limits.DOCUMENT_XML <= limits.PART_BYTES
    assert limits.TABLE_CELLS <= limits.TABLE_AREA
    assert limits.TABLE_CELLS <= limits.SHOWN_CELLS <= limits.WORKBOOK_CELLS
    assert limits.PAGE_GLYPHS <= limits.GLYPHS
    assert limits.PAGES <= limits.PDF_PAGES
    assert limits.OFD_PAGE_OBJECTS <= limits.OFD_OBJECTS
    assert limits.TEXT_FILE <= limits.FOREIGN_FILE


def test_what_is_too_much_is_told_with_the_name_of_the_file_and_what_to_do() -> None:
    with pytest.raises(UnreadableSource) as refused:
        read_text(b" " * (limits.TEXT_FILE + 1), "年报.txt")
    assert "“年报.txt”" in refused.value.what
    assert "不像一份年报" in refused.value.what
    assert refused.value.remedy
