"""The 未交名单 in Word: the rows of the list, with its head repeated and of how many units it speaks."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from docx import Document

from gxeditor.core.rollup.missing import HEAD, missing_list
from gxeditor.core.rollup.project import Rollup, State
from gxeditor.core.rollup.sums import counts
from gxeditor.exports.missing_word import missing_word
from tests.rollup_sample import many, songtang

TODAY = date(2026, 1, 21)


def written(rollup: Rollup) -> bytes:
    return missing_word(rollup.form, missing_list(rollup, TODAY), rollup.owner)


def test_head_and_rows_are_those_of_the_list_and_count_as_the_board() -> None:
    rollup = songtang()
    made = missing_list(rollup, TODAY)
    document = Document(BytesIO(written(rollup)))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert said[:3] == ["松塘县 2025 年政府信息公开年报未交名单", "2026 年 1 月 21 日", made.head]
    number = counts(rollup)[""]
    assert f"{number.of} 家中 {number.count(State.MISSING)} 家未交" in said[2]
    assert f"合计现在是 {number.completeness}。" in said[2]
    tables = [[tuple(cell.text for cell in row.cells) for row in table.rows] for table in document.tables]
    assert tables == [[HEAD, *made.rows(part)] for part in made.parts]
    assert [text for text in said if "（" in text and text.endswith("家）")] == [
        part.heading for part in made.parts
    ]


def test_the_head_of_a_long_list_is_repeated_and_no_row_is_parted() -> None:
    document = Document(BytesIO(written(many(300, reported=0.1))))
    (table,) = document.tables
    xml = table.rows[0]._tr.xml
    assert "w:tblHeader" in xml
    assert all("w:cantSplit" in row._tr.xml for row in table.rows[:5])


def test_when_nobody_is_missing_it_says_so() -> None:
    document = Document(BytesIO(written(many(3, reported=1.0))))
    assert "3 家中没有未交的。合计现在是 3 家全部。" in [one.text for one in document.paragraphs]
    assert not document.tables


def test_equal_lists_give_equal_bytes() -> None:
    assert written(songtang()) == written(songtang())
