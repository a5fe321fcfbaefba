"""What comes over the clipboard: HTML and tab-separated text as raw tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.report import without_unseen
from gxeditor.imports.source import (
    MAX_CELLS,
    Piece,
    RawTable,
    html_table,
    lay_out,
    read_source,
    stack,
    tsv_table,
)


def texts(table: RawTable | None) -> list[str]:
    assert table is not None
    return [cell.text for cell in table.cells]


def places(table: RawTable | None) -> list[tuple[int, int, int, int, str]]:
    assert table is not None
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


def test_cells_take_the_columns_that_no_span_from_above_covers() -> None:
    table = lay_out([[Piece("a", 2, 2), Piece("b")], [Piece("c")], [Piece("d"), Piece("e"), Piece("f")]])
    assert places(table) == [
        (0, 0, 2, 2, "a"),
        (0, 2, 1, 1, "b"),
        (1, 2, 1, 1, "c"),
        (2, 0, 1, 1, "d"),
        (2, 1, 1, 1, "e"),
        (2, 2, 1, 1, "f"),
    ]


def test_spans_end_with_the_table_and_at_the_next_covered_cell() -> None:
    table = lay_out([[Piece("a"), Piece("b", 9)], [Piece("c", 1, 5)], [Piece("d", -3, -3)]])
    assert places(table) == [(0, 0, 1, 1, "a"), (0, 1, 3, 1, "b"), (1, 0, 1, 1, "c"), (2, 0, 1, 1, "d")]


def test_a_row_span_of_zero_reaches_to_the_end() -> None:
    assert places(lay_out([[Piece("a", 0)], [Piece("b")], []]))[0] == (0, 0, 3, 1, "a")


def test_a_span_without_measure_is_held_in_bounds() -> None:
    table = html_table("<table><tr><td colspan=200000000 rowspan=65534>a</td><td>b</td></tr></table>")
    assert table is not None
    assert table.rows == 1
    assert table.columns < 300


def test_a_table_too_large_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="表格太大"):
        lay_out([[Piece("1")] * 300] * (MAX_CELLS // 300 + 1))
    assert tsv_table("\n".join(["1\t" * 300] * (MAX_CELLS // 300 + 1))) is None
    with pytest.raises(UnreadableSource):
        lay_out([[Piece("1", 2000, 200)] * 2] + [[]] * 2000)


def test_nothing_overlaps_in_any_table() -> None:
    table = lay_out([[Piece("a", 3, 1), Piece("b")], [Piece("c", 2, 3)], [Piece("d")]])
    covered = [
        (cell.row + i, cell.column + j)
        for cell in table.cells
        for i in range(cell.row_span)
        for j in range(cell.column_span)
    ]
    assert len(covered) == len(set(covered))


def test_stacked_tables_keep_a_free_row_between_them() -> None:
    one = lay_out([[Piece("a")]])
    assert places(stack([one, one])) == [(0, 0, 1, 1, "a"), (2, 0, 1, 1, "a")]
    assert stack([]).cells == ()


# -------------------- HTML
def test_excel_and_word_markup_gives_the_visible_text() -> None:
    html = """<html xmlns:o="urn:x"><head><style><!--td {color:red} --></style><title>x</title></head><body>
    <!--StartFragment--><table><col width=3><tr height=19>
    <td>商业<br>企业</td><td><p>科研</p><p>机构<o:p></o:p></p></td>
    <td>&nbsp;</td><td><script>var a = "<td>";</script> 30 </td><![if !supportMisalignedColumns]><td>a&amp;b</td>
    <![endif]></tr></table><!--EndFragment--></body></html>"""
    assert texts(html_table(html)) == ["商业\n企业", "科研\n机构", "", "30", "a&b"]


def test_tags_left_open_are_closed_as_browsers_do() -> None:
    assert places(html_table("<table><tr><td>a<td>b<tr><td>c")) == [
        (0, 0, 1, 1, "a"),
        (0, 1, 1, 1, "b"),
        (1, 0, 1, 1, "c"),
    ]
    assert texts(html_table("<table><td>a</td></tr></table></td>")) == ["a"]


def test_a_table_inside_another_counts_by_itself() -> None:
    html = "<table><tr><td><table><tr><td>1</td></tr></table></td><td>outer</td></tr></table>"
    assert sorted(texts(html_table(html))) == ["", "1", "outer"]


def test_html_without_a_table_is_none() -> None:
    assert html_table("<p>30</p>") is None
    assert html_table("<table><tr><td> &nbsp;</td></tr></table>") is None
    assert html_table("") is None


def test_deep_nesting_is_read_in_a_moment() -> None:
    assert html_table("<div>" * 50_000 + "<table><tr><td>1") is not None
    assert html_table("<table><tr><td>" * 3_000 + "1") is not None


MARKUP = """<table>
</table>
<tr>
<td rowspan=2>
<th colspan='x'>
</td>
<p>
<br/>
<!--
-->
<![if x]>
<![
<!
<?
&#0;
&nbsp
<script>
</script>
<td
"
>
30
自然人
\0"""
tags = st.sampled_from(MARKUP.splitlines())


@given(st.lists(tags, max_size=30).map("".join) | st.text())
def test_no_html_makes_reading_fail(html: str) -> None:
    table = html_table(f"<table><tr><td>{html}")
    assert table is None or table.rows > 0
    html_table(html)


# -------------------- tab-separated text
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


# -------------------- the door
def test_a_file_of_another_kind_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match=r"Word 或 WPS 里打开它，选中整张表复制"):
        read_source(tmp_path / "年报.DOCX")
    for suffix in (".xls", ".et", ".csv"):
        with pytest.raises(UnreadableSource, match=r"另存为“Excel 工作簿（.xlsx）”"):
            read_source(tmp_path / f"年报{suffix}")
    for suffix in (".doc", ".docx", ".wps", ".pdf", ".html", ".json"):
        with pytest.raises(UnreadableSource) as refused:
            read_source(tmp_path / f"年报{suffix}")
        assert "纯文本" not in str(refused.value)
    with pytest.raises(UnreadableSource, match="原来的程序"):
        read_source(tmp_path / "年报")


def test_a_text_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "年报.TXT"
    path.write_text("一、总体情况\n", encoding="utf-8")
    assert read_source(path).name == "年报.TXT"
