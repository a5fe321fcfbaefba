"""Plain text as it comes: encodings, line ends, rows with tabs."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.report import without_unseen
from gxeditor.files.limits import TABLE_CELLS
from gxeditor.imports.formats.text import parse_text, read_text_file, tsv_table
from gxeditor.imports.source import Origin, RawTable, Source, SourceText


def shape(source: Source) -> list[str | list[list[str]]]:
    """SourceTexts as texts, tables as rows of texts."""
    shown: list[str | list[list[str]]] = []
    for block in source.blocks:
        if isinstance(block, SourceText):
            shown.append(block.text)
        else:
            rows: list[list[str]] = [[] for _ in range(block.rows)]
            for cell in block.cells:
                rows[cell.row].append(cell.text)
            shown.append(rows)
    return shown


@pytest.mark.parametrize(
    "data",
    [
        "鲁山县".encode(),
        codecs.BOM_UTF8 + "鲁山县".encode(),
        "鲁山县".encode("gb18030"),
        codecs.BOM_UTF16_LE + "鲁山县".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "鲁山县".encode("utf-16-be"),
    ],
)
def test_every_encoding_of_chinese_windows_is_read(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "年报.txt"
    path.write_bytes(data)
    assert shape(read_text_file(path)) == ["鲁山县"]


@pytest.mark.parametrize("data", [b"\x00\x01PK", b"\xff\xfe\x00", b"\x81", b"%PDF\x07", "年\0报".encode()])
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "年报.txt"
    path.write_bytes(data)
    with pytest.raises(UnreadableSource, match="不是纯文本文件"):
        read_text_file(path)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="不见了"):
        read_text_file(tmp_path / "没有.txt")


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "年报.txt"
    with path.open("wb") as file:
        file.truncate(9_000_000)
    with pytest.raises(UnreadableSource, match="9 MB"):
        read_text_file(path)


def test_an_empty_file_has_no_blocks(tmp_path: Path) -> None:
    path = tmp_path / "年报.txt"
    path.write_bytes(b"")
    assert read_text_file(path) == Source((), "年报.txt", kind="文本文件")


def test_lines_with_tabs_are_rows_until_a_line_without() -> None:
    text = "甲\n规章\t0\t\n行政许可\t1\n乙\n行政处罚\t2\n"
    assert shape(parse_text(text)) == [
        "甲",
        [["规章", "0", ""], ["行政许可", "1"]],
        "乙",
        [["行政处罚", "2"]],
    ]


def test_an_empty_line_ends_a_table_and_a_row_of_blank_cells_does_not() -> None:
    assert len(parse_text("a\t1\n\nb\t2").blocks) == 2
    assert shape(parse_text("a\t1\n\t\t\nb\t2")) == [[["a", "1"], ["b", "2"]]]


def test_places_are_the_lines_an_editor_counts() -> None:
    source = parse_text("甲\r\n\r\n乙\f丙\rx\ty\n")
    assert [block.origin for block in source.blocks] == [Origin(1), Origin(3), Origin(3), Origin(4)]
    table = source.blocks[-1]
    assert isinstance(table, RawTable)
    assert [cell.origin for cell in table.cells] == [Origin(4)] * 2


def test_an_indent_or_a_tab_at_the_end_makes_no_table() -> None:
    assert shape(parse_text("\t一、总体情况\n\t2022年，\t\n")) == ["一、总体情况", "2022年，"]


def test_a_cell_with_line_breaks_in_quotation_marks_is_one_cell_with_its_line() -> None:
    source = parse_text('标题\r\n"结果\n维持"\t"说""好"""\t"1,234"\r\n3\t1\t2\r\n后文')
    first, table, last = source.blocks
    assert isinstance(table, RawTable)
    assert [cell.text for cell in table.cells] == ["结果\n维持", '说"好"', "1,234", "3", "1", "2"]
    assert [cell.origin.line for cell in table.cells] == [2, 2, 2, 4, 4, 4]
    assert (first.origin, last.origin) == (Origin(1), Origin(5))


def test_prose_in_quotation_marks_stays_lines_of_prose() -> None:
    source = parse_text('"公开是常态。\n不公开是例外。"\n"三安全"\n后文')
    assert [block.text for block in source.blocks if isinstance(block, SourceText)] == [
        '"公开是常态。', '不公开是例外。"', '"三安全"', "后文",
    ]  # fmt: skip


def test_characters_that_nobody_sees_are_not_read() -> None:
    text = "\ufeff丙县\u200b丁局\ue61d\n规章\t\u2060=1\t3\u00a0\n\u200b\n一\u00ad段"
    assert shape(parse_text(text)) == ["丙县丁局", [["规章", "=1", "3"]], "一段"]


def test_a_few_control_characters_of_a_word_processor_do_not_keep_a_text_from_being_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "年报.txt"
    path.write_bytes(("主动公开政府信息12条。" * 20 + "\x07\x13结束\x15").encode())
    assert shape(read_text_file(path)) == ["主动公开政府信息12条。" * 20 + "结束"]


def test_the_indent_of_a_line_is_kept() -> None:
    blocks = parse_text("　　甲\n乙\n\t丙\n    丁").blocks
    assert [block.indent for block in blocks if isinstance(block, SourceText)] == [4, 0, 4, 4]


# -------------------- on the clipboard
def texts(table: RawTable | None) -> list[str]:
    assert table is not None
    return [cell.text for cell in table.cells]


def places(table: RawTable | None) -> list[tuple[int, int, int, int, str]]:
    assert table is not None
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


def test_rows_and_columns_of_text_keep_their_places() -> None:
    assert places(tsv_table("自然人\t\t30\r\n\t总计\t\r\n")) == [
        (0, 0, 1, 1, "自然人"),
        (0, 1, 1, 1, ""),
        (0, 2, 1, 1, "30"),
        (1, 0, 1, 1, ""),
        (1, 1, 1, 1, "总计"),
        (1, 2, 1, 1, ""),
    ]


def test_a_quoted_cell_may_hold_line_breaks_and_quotation_marks() -> None:
    assert texts(tsv_table('"商业\n企业"\t"说""好"""\t3')) == ["商业\n企业", '说"好"', "3"]


def test_other_quotation_marks_are_text() -> None:
    assert texts(tsv_table('"开头\t危及"三安全"\n"中间"后\t1')) == ['"开头', '危及"三安全"', '"中间"后', "1"]


def test_blank_text_is_no_table() -> None:
    assert tsv_table("") is None
    assert tsv_table(" \t\n\t") is None


fields = st.text(st.characters(exclude_characters='\t\n\r\0"', exclude_categories=["Cs"]), max_size=5)


@given(st.lists(st.lists(fields, min_size=1, max_size=5), min_size=1, max_size=5))
def test_any_rows_come_back(rows: list[list[str]]) -> None:
    table = tsv_table("\n".join("\t".join(row) for row in rows) + "\nend")
    assert texts(table) == [without_unseen(text) for row in rows for text in row] + ["end"]


@given(st.text(st.sampled_from('"\t\n\r\0 a3')))
def test_no_text_makes_reading_fail(text: str) -> None:
    tsv_table(text)


def test_a_pasted_table_too_large_is_none() -> None:
    assert tsv_table("\n".join(["1\t" * 300] * (TABLE_CELLS // 300 + 1))) is None


def test_cells_that_tabs_divide_over_several_lines_are_a_row_where_some_are_blank() -> None:
    text = "一、本年新收\n\n\t\n\n26\n\n\t\n\n\n\t\n\n26\n\n\n二、上年结转\n\n\t\n\n0\n\n\t\n\n7\n"
    texts = [
        (block.text, block.origin.line) for block in parse_text(text).blocks if isinstance(block, SourceText)
    ]
    assert texts == [("一、本年新收\t26\t\t26", 1), ("二、上年结转", 15), ("0", 19), ("7", 23)]


def test_a_tab_in_a_line_of_its_own_among_paragraphs_is_nothing() -> None:
    texts = [
        block.text
        for block in parse_text("第一段。\n\t\n第二段。\n\t\n").blocks
        if isinstance(block, SourceText)
    ]
    assert texts == ["第一段。", "第二段。"]


def test_a_text_of_more_lines_than_any_report_has_is_refused_in_words() -> None:
    with pytest.raises(UnreadableSource, match="行以上的文字"):
        parse_text("甲乙\n" * 5_001)
    assert len(parse_text("甲乙\n\n" * 5_000).blocks) == 5_000
