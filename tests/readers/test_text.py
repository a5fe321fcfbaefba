"""Plain text as it comes: encodings, line ends, rows with tabs."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.readers.sources import Paragraph, RawTable, Source
from gxeditor.readers.text import parse_text, read_text_file


def shape(source: Source) -> list[str | list[list[str]]]:
    """Paragraphs as texts, tables as rows of texts."""
    shown: list[str | list[list[str]]] = []
    for block in source.blocks:
        if isinstance(block, Paragraph):
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
    assert read_text_file(path) == Source((), "年报.txt")


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
    assert [(block.place, block.line) for block in source.blocks] == [
        ("第 1 行", 1),
        ("第 3 行", 3),
        ("第 3 行", 3),
        ("第 4 行", 4),
    ]
    table = source.blocks[-1]
    assert isinstance(table, RawTable)
    assert [(cell.place, cell.line) for cell in table.cells] == [("第 4 行", 4)] * 2


def test_an_indent_or_a_tab_at_the_end_makes_no_table() -> None:
    assert shape(parse_text("\t一、总体情况\n\t2022年，\t\n")) == ["一、总体情况", "2022年，"]
