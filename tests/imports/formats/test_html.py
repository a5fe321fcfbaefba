"""HTML as programs put it on the clipboard: the visible text in its cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gxeditor.imports.formats.html import html_table, stack
from gxeditor.imports.source import LooseCell, RawTable, lay_out


def texts(table: RawTable | None) -> list[str]:
    assert table is not None
    return [cell.text for cell in table.cells]


def places(table: RawTable | None) -> list[tuple[int, int, int, int, str]]:
    assert table is not None
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


def test_a_span_without_measure_is_held_in_bounds() -> None:
    table = html_table("<table><tr><td colspan=200000000 rowspan=65534>a</td><td>b</td></tr></table>")
    assert table is not None
    assert table.rows == 1
    assert table.columns < 300


def test_stacked_tables_keep_a_free_row_between_them() -> None:
    one = lay_out([[LooseCell("a")]])
    assert places(stack([one, one])) == [(0, 0, 1, 1, "a"), (2, 0, 1, 1, "a")]
    assert stack([]).cells == ()


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
