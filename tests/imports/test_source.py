"""The intermediate of every format: where things stand, how cells find their columns, the lines to look at."""

from __future__ import annotations

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.files.limits import TABLE_CELLS
from gxeditor.imports.source import (
    NOWHERE,
    ImportNote,
    LooseCell,
    Origin,
    RawCell,
    RawTable,
    Source,
    SourceText,
    lay_out,
    told_together,
    visible_table,
)


def places(table: RawTable | None) -> list[tuple[int, int, int, int, str]]:
    assert table is not None
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


def test_cells_take_the_columns_that_no_span_from_above_covers() -> None:
    table = lay_out(
        [
            [LooseCell("a", 2, 2), LooseCell("b")],
            [LooseCell("c")],
            [LooseCell("d"), LooseCell("e"), LooseCell("f")],
        ]
    )
    assert places(table) == [
        (0, 0, 2, 2, "a"),
        (0, 2, 1, 1, "b"),
        (1, 2, 1, 1, "c"),
        (2, 0, 1, 1, "d"),
        (2, 1, 1, 1, "e"),
        (2, 2, 1, 1, "f"),
    ]


def test_spans_end_with_the_table_and_at_the_next_covered_cell() -> None:
    table = lay_out([[LooseCell("a"), LooseCell("b", 9)], [LooseCell("c", 1, 5)], [LooseCell("d", -3, -3)]])
    assert places(table) == [(0, 0, 1, 1, "a"), (0, 1, 3, 1, "b"), (1, 0, 1, 1, "c"), (2, 0, 1, 1, "d")]


def test_a_row_span_of_zero_reaches_to_the_end() -> None:
    assert places(lay_out([[LooseCell("a", 0)], [LooseCell("b")], []]))[0] == (0, 0, 3, 1, "a")


def test_a_table_too_large_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="表格太大"):
        lay_out([[LooseCell("1")] * 300] * (TABLE_CELLS // 300 + 1))
    assert visible_table([[LooseCell("1")] * 300] * (TABLE_CELLS // 300 + 1)) is None
    with pytest.raises(UnreadableSource):
        lay_out([[LooseCell("1", 2000, 200)] * 2] + [[]] * 2000)


def test_nothing_overlaps_in_any_table() -> None:
    table = lay_out([[LooseCell("a", 3, 1), LooseCell("b")], [LooseCell("c", 2, 3)], [LooseCell("d")]])
    covered = [
        (cell.row + i, cell.column + j)
        for cell in table.cells
        for i in range(cell.row_span)
        for j in range(cell.column_span)
    ]
    assert len(covered) == len(set(covered))


def test_a_table_without_any_visible_text_is_none() -> None:
    assert visible_table([[LooseCell(" ")], [LooseCell("\u200b")]]) is None
    assert visible_table([]) is None
    assert places(visible_table([[LooseCell(""), LooseCell("3")]])) == [(0, 0, 1, 1, ""), (0, 1, 1, 1, "3")]


# -------------------- where things stand
@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (Origin(), ""),
        (Origin(line=41), "第 41 行"),
        (Origin(sheet="表三", cell="C5"), "“表三”C5"),
        (Origin(sheet="表三"), "“表三”"),
        (Origin(page=2), "第 2 页"),
        (Origin(page=2, paragraph=3), "第 2 页第 3 段"),
        (Origin(paragraph=12), "第 12 段"),
    ],
)
def test_a_person_is_told_a_place_as_its_kind_of_file_calls_places(origin: Origin, words: str) -> None:
    assert (origin.words, bool(origin)) == (words, bool(words))


def test_lines_are_told_as_a_range_and_other_places_one_by_one() -> None:
    assert told_together([Origin(43), Origin(41), Origin(43), Origin()]) == "第 41—43 行"
    assert told_together([Origin(41), Origin(41)]) == "第 41 行"
    cells = [Origin(sheet="表三", cell="C5"), Origin(sheet="表三", cell="D5")]
    assert told_together(cells) == "“表三”C5、“表三”D5"
    assert told_together([Origin(page=2, line=1), Origin(page=3, line=4)]) == "第 2 页第 1 行、第 3 页第 4 行"
    assert told_together([]) == ""


def test_what_has_a_line_keeps_it_and_what_has_no_place_is_left_out() -> None:
    third = Origin(line=3)
    cells = (RawCell(0, 0, 1, 1, "规章", third), RawCell(0, 2, 1, 1, "5", third), RawCell(1, 0, 1, 1, "六"))
    source = Source((SourceText("标题", Origin(line=1)), RawTable(cells), SourceText("无处")))
    assert source.lines.texts == ("标题", "", "规章\t\t5")
    assert source.lines.at == {Origin(line=1): 1, third: 3}
    assert Source(()).lines.texts == ()


def test_what_has_no_line_stands_below_each_other_in_the_order_of_the_file() -> None:
    def cell(row: int, column: int, text: str, ref: str) -> RawCell:
        return RawCell(row, column, 1, 1, text, Origin(sheet="表", cell=ref))

    table = RawTable(
        (cell(1, 0, "甲", "A2"), cell(1, 2, "1", "C2"), cell(2, 0, "乙", "A3")), Origin(sheet="表")
    )
    page, below = Origin(page=1), Origin(page=1, paragraph=2)
    source = Source((SourceText("标题", page), table, SourceText("一段", below), SourceText("二段", page)))
    assert source.lines.texts == ("标题", "", "甲\t\t1", "乙", "", "一段", "二段")
    assert {origin.words: line for origin, line in source.lines.at.items()} == {
        "第 1 页": 1,
        "“表”": 2,
        "“表”A2": 3,
        "“表”C2": 3,
        "“表”A3": 4,
        "第 1 页第 2 段": 6,
    }


def test_a_note_stands_where_the_first_of_its_cells_does() -> None:
    cells = [RawCell(0, 0, 1, 1, "甲", Origin(line=4)), RawCell(0, 1, 1, 1, "乙", Origin(line=5))]
    assert ImportNote.on(cells, "表三", "没有认出。", "没有读入。").origin == Origin(line=4)
    assert ImportNote.on([], "表三", "没有认出。", "没有读入。").origin == NOWHERE
