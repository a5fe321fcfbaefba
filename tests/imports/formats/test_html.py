"""HTML as programs put it on the clipboard: the visible text in its cells."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, blank_report
from gxeditor.exports.web import page_html
from gxeditor.imports.formats.html import html_table, read_html, stack
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import LooseCell, RawTable, SourceText, lay_out
from gxeditor.workbook.own import KIND
from tests.reports import reports


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


# -------------------- pages
def shown(html: str | bytes) -> list[str]:
    """Texts, and tables as rows divided by / with cells divided by |."""
    data = html if isinstance(html, bytes) else html.encode()
    lines = []
    for block in read_html(data, "a.html").blocks:
        if isinstance(block, SourceText):
            lines.append(block.text)
        else:
            rows = ["|".join(c.text for c in block.cells if c.row == row) for row in range(block.rows)]
            lines.append("/".join(rows))
    return lines


@pytest.mark.parametrize("said", ["", "utf-8", "gb2312", "big5", "iso-8859-1"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_page_is_read_in_its_encoding_whatever_it_says(said: str, encoding: str) -> None:
    page = f'<meta charset="{said}"><p>鲁山县人民政府办公室2022年政府信息公开工作年度报告，现予公布。</p>'
    assert shown(page.encode(encoding)) == ["鲁山县人民政府办公室2022年政府信息公开工作年度报告，现予公布。"]


def test_texts_and_tables_keep_their_order_and_fonts_do_not_break_a_line() -> None:
    page = "<p>一、<font>总体</font><b>情况</b><o:p></o:p></p><table><tr><td>1<td>2</table>甲<br>乙<div>丙</div>丁"
    assert shown(page) == ["一、总体情况", "1|2", "甲", "乙", "丙", "丁"]


def test_what_nobody_sees_is_not_read_and_a_hidden_page_is() -> None:
    page = (
        "<script>a</script><p hidden>b</p><p style='DISPLAY: none'>c</p><span style='mso-hide:all'>d</span>"
    )
    assert shown(f"{page}<select><option>e</select><p>看得见") == ["看得见"]
    assert shown("<div style='display:none'><p>全文</p></div>") == ["全文"]


def test_a_table_that_only_arranges_counts_as_what_stands_in_it() -> None:
    prose = "本机关依法公开政府信息。" * 8
    page = f"<table><tr><td>标题<tr><td>{prose}<table><tr><td>1<td>2</table>后文</table>"
    assert shown(page) == ["标题", prose, "1|2", "后文"]


def test_rows_are_shown_head_first_and_foot_last() -> None:
    page = "<table><tfoot><tr><td>3<td>c<tbody><tr><td rowspan=0>2<td>b<thead><tr><th>1<th>a</table>"
    assert shown(page) == ["1|a/2|b/3|c"]


def test_a_numbered_list_keeps_its_numbers() -> None:
    assert shown("<ol start=3><li>甲<li>乙</ol><ul><li>丙</ul>") == ["3.甲", "4.乙", "丙"]
    assert shown("<ol style='list-style-type:cjk-ideographic'><li>甲<li>乙</ol>") == ["一、甲", "二、乙"]


def test_menus_and_footers_are_left_out_and_said() -> None:
    links = "".join(f"<li><a>栏目{i}</a>" for i in range(5))
    source = read_html(f"<ul>{links}</ul><p>正文<div class=footer>备案号</div>".encode(), "a.html")
    assert [block.text for block in source.blocks if isinstance(block, SourceText)] == ["正文"]
    assert "备案号" in source.notes[0].what


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "</div>" * 100_000,
        "<ol><li>x" * 2_000,
        "<table><tr><td>x" * 2_000,
        "<b>" * 500_000,
    ],
)
def test_a_page_too_deep_or_too_large_is_refused_in_a_sentence(page: str) -> None:
    with pytest.raises(UnreadableSource, match="不像一份年报"):
        read_html(page.encode(), "a.html")


@settings(max_examples=12, derandomize=True)
@given(data=st.data())
def test_any_report_comes_back_whole_from_our_own_page(data: st.DataObject, form: Form) -> None:
    report = data.draw(reports(form))
    imported = recognize(read_html(page_html(report).encode(), "a.html"), form)
    assert imported.report == report.with_entries(report.values)
    assert imported.notes == ()


def test_our_page_that_another_program_saved_is_read_like_any_other(form: Form) -> None:
    """It keeps what the page says of itself, and loses the marks of the cells."""
    report = blank_report(form, 2023).with_fields(agency="丙县丁局", kind=AgencyKind.DEPARTMENT)
    report = report.with_section("overview", "全年平稳。").with_entries(dict.fromkeys(form.cells, 3))
    page = re.sub(r' (?:id|class)="[^"]*"', "", page_html(report))
    assert f'name="{KIND}"' in page
    imported = recognize(read_html(page.encode(), "年报.html"), form)
    assert dict(imported.report.values) == dict(report.values)
    assert (imported.report.agency, imported.report.kind, imported.report.year) == (
        "丙县丁局",
        AgencyKind.DEPARTMENT,
        2023,
    )


def test_prose_of_our_page_that_is_worded_like_a_label_stays_prose(form: Form) -> None:
    report = (
        blank_report(form, 2023).with_section("requests", "一、总体情况").with_section("disputes", "总计")
    )
    imported = recognize(read_html(page_html(report).encode(), "年报.html"), form)
    assert dict(imported.report.sections) == {"requests": "一、总体情况", "disputes": "总计"}


@pytest.mark.parametrize(
    "metadata",
    [
        "<tr><td>索引号</td><td>1/2</td><td>分类</td><td>其他</td></tr>",
        "<tr><td>索 引 号：</td><td>0031/2024-00012</td></tr><tr><td>名　　称：</td><td>某局的报告</td></tr>",
        "<tr><td>发布机构:某局</td><td>发布日期:2024-01-22 10:22</td></tr><tr><td>有效性:有效</td><td></td></tr>",
        "<tr><th>索引号</th><th>主题分类</th><th>发布机构</th></tr><tr><td>K12-2024</td><td>年报</td><td>某局</td></tr>",
    ],
)
def test_a_table_about_the_page_is_no_doubt(metadata: str, form: Form) -> None:
    page = f"<table>{metadata}</table><h1>某局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>平稳。</p>"
    notes = recognize(read_html(page.encode(), "年报.html"), form).notes
    (about,) = (note for note in notes if "网页的附加信息" in note.what)
    assert about.severity == "info"
    assert not any(note.where == "没有读入的内容" for note in notes)


def test_a_table_with_a_heading_of_the_form_is_not_about_the_page(form: Form) -> None:
    about = "<tr><td>索引号</td><td>1/2</td><td>发布机构</td><td>某局</td></tr>"
    page = f"<table>{about}<tr><td>分类</td><td>行政许可</td><td>46</td></tr></table>"
    notes = recognize(read_html(page.encode(), "年报.html"), form).notes
    assert not any("网页的附加信息" in note.what for note in notes)


@pytest.mark.parametrize("key", ["proactive", "requests", "disputes"])
def test_a_table_that_lost_its_merged_rows_is_read_by_the_order_of_its_labels(key: str, form: Form) -> None:
    report = blank_report(form, 2023).with_entries({one: n for n, one in enumerate(form.cells, 101)})
    page = re.sub(r' (?:id|rowspan)="[^"]*"', "", page_html(report))
    read = recognize(read_html(page.encode(), "年报.html"), form).report.entries
    meant = {one: entry for one, entry in report.values.items() if one.startswith(key)}
    assert {one: entry for one, entry in read.items() if one.startswith(key)} == meant


def test_what_stands_behind_the_end_of_a_page_is_read_as_browsers_do() -> None:
    one = "<html><body><!--StartFragment--><table><tr><td>a</td><td>1</td></tr></table><!--EndFragment--></body></html>"
    assert texts(html_table(one + one.upper())) == ["a", "1", "A", "1"]
    page = "<html><body><p>一、总体情况</p></body></html><p>后面的话。</p>"
    read = read_html(page.encode(), "页.html").blocks
    assert [block.text for block in read if isinstance(block, SourceText)] == ["一、总体情况", "后面的话。"]
