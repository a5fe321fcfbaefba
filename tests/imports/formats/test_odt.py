"""Text documents of LibreOffice: what a person sees in them, and nothing else."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.exports.word import word_bytes
from gxeditor.imports.formats.odt import read_odt
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import RawTable, Source, SourceText
from tests.office import by_office, needs_office

NS = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = " ".join(
    f'xmlns:{short}="{NS}:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"),
        ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip
MANIFEST = f'<m:manifest xmlns:m="{NS}:manifest:1.0"><m:file-entry>{{}}</m:file-entry></m:manifest>'


def odt(body: str, styles: str = "", *, head: str = "", manifest: str = "") -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        target.writestr("META-INF/manifest.xml", MANIFEST.format(manifest))
        target.writestr(
            "content.xml",
            f"{head}<office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
    return written.getvalue()


def read(body: str, styles: str = "") -> Source:
    return read_odt(odt(body, styles), "年报.odt")


def lines(body: str, styles: str = "") -> list[str]:
    return [block.text for block in read(body, styles).blocks if isinstance(block, SourceText)]


def tables(body: str) -> list[list[tuple[int, int, int, int, str]]]:
    return [
        [(c.row, c.column, c.row_span, c.column_span, c.text) for c in block.cells]
        for block in read(body).blocks
        if isinstance(block, RawTable)
    ]


def p(text: str, more: str = "") -> str:
    return f"<text:p{more}>{text}</text:p>"


def td(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}>{text if text.startswith('<') else p(text)}</table:table-cell>"


def tbl(*rows: str) -> str:
    return (
        f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}</table:table>"
    )


COVERED = "<table:covered-table-cell/>"


def test_white_space_counts_once_and_what_stands_for_it_as_often_as_it_says() -> None:
    assert lines(p(" 2023年 \n  <text:span> 共</text:span><text:s text:c='2'/>12<text:tab/>件 ")) == [
        "2023年 共  12\t件"
    ]
    assert lines(p("甲<text:line-break/>乙")) == ["甲", "乙"]


def test_what_is_deleted_does_not_count_and_is_told() -> None:
    region = "<text:changed-region><text:{0}><office:change-info/>{1}</text:{0}></text:changed-region>"
    changes = (
        region.format("deletion", p("34"))
        + region.format("insertion", "")
        + region.format("format-change", "")
    )
    source = read(f"<text:tracked-changes>{changes}</text:tracked-changes>" + p("共<text:change/>12件"))
    assert [b.text for b in source.blocks if isinstance(b, SourceText)] == ["共12件"]
    (note,) = source.notes
    assert "2 处修订" in note.what


def test_comments_contents_and_hidden_text_are_no_text_and_footnotes_are_told() -> None:
    styles = (
        '<style:style style:name="h" style:family="text"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Q"/>'
        '<style:style style:name="Q" style:family="paragraph">'
        '<style:text-properties text:display="none"/></style:style>'
    )
    body = (
        f"<text:table-of-content><text:index-body>{p('目录')}</text:index-body></text:table-of-content>"
        + p(
            "甲<office:annotation>"
            + p("批注")
            + "</office:annotation><text:span text:style-name='h'>密</text:span>乙"
        )
        + p("秘", ' text:style-name="P1"')
        + f"<text:section text:display='none'>{p('藏')}</text:section><text:section>{p('丙')}</text:section>"
        + p(
            f"丁<text:note><text:note-citation>1</text:note-citation><text:note-body>{p('含结转')}</text:note-body></text:note>"
        )
    )
    source = read(body, styles)
    assert [b.text for b in source.blocks if isinstance(b, SourceText)] == ["甲乙", "丙", "丁"]
    assert [note.what for note in source.notes] == ["文档里有 1 条脚注：“含结转”。"]


def test_a_text_box_comes_once_behind_its_paragraph() -> None:
    box = f"<draw:frame><draw:text-box>{p('盒')}</draw:text-box><draw:image/></draw:frame>"
    assert lines(p(f"甲{box}乙") + p("丙") + box) == ["甲乙", "盒", "丙", "盒"]
    assert lines(p(f"<draw:custom-shape>{p('形')}</draw:custom-shape>")) == ["形"]


LEVELS = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-suffix="、" '
    'style:num-format="一, 二, 三, ..."/><text:list-level-style-number text:level="2" style:num-prefix="（" '
    'style:num-suffix="）" style:num-format="一, 二, 三, ..."/></text:list-style>'
)


def ul(inside: str, more: str = "") -> str:
    return f'<text:list text:style-name="L" {more}>{inside}</text:list>'


def li(inside: str, more: str = "") -> str:
    return f"<text:list-item {more}>{inside}</text:list-item>"


def test_items_of_lists_have_their_numbers_over_the_paragraphs_between() -> None:
    body = (
        ul(li(p("甲") + ul(li(p("乙")) + li(p("丙") + p("接"))), "text:start-value='1'"), "xml:id='one'")
        + p("中")
        + ul(li(p("丁")), "text:continue-numbering='true'")
        + ul(li(p("戊")), "text:continue-list='one'")
        + ul(li(p("己")) + f"<text:list-header>{p('头')}</text:list-header>")
    )
    assert lines(body, LEVELS) == [
        "一、甲",
        "（一）乙",
        "（二）丙",
        "接",
        "中",
        "二、丁",
        "三、戊",
        "一、己",
        "头",
    ]


def test_headings_are_numbered_by_their_levels() -> None:
    outline = LEVELS.replace("list-style ", "outline-style ").replace(
        "</text:list-style", "</text:outline-style"
    )
    outline = outline.replace("list-level-style-number", "outline-level-style")
    body = "".join(
        f'<text:h text:outline-level="{n}">{t}</text:h>'
        for n, t in ((1, "甲"), (2, "乙"), (1, "丙"), (2, "丁"))
    )
    assert lines(body, outline) == ["一、甲", "（一）乙", "二、丙", "（一）丁"]


def test_cells_are_merged_across_and_down() -> None:
    body = tbl(
        td("甲", 'table:number-columns-spanned="2" table:number-rows-spanned="2"') + COVERED + td("乙"),
        COVERED + COVERED + td("1"),
        td("丙") + td("2", 'table:number-columns-repeated="2"'),
    )
    assert tables(body) == [
        [
            (0, 0, 2, 2, "甲"),
            (0, 2, 1, 1, "乙"),
            (1, 2, 1, 1, "1"),
            (2, 0, 1, 1, "丙"),
            (2, 1, 1, 1, "2"),
            (2, 2, 1, 1, "2"),
        ]
    ]


def test_a_table_inside_another_counts_by_itself_and_one_cell_is_a_frame() -> None:
    assert tables(tbl(td(p("外") + tbl(td("内") + td("1"))) + td("2"))) == [
        [(0, 0, 1, 1, "外"), (0, 1, 1, 1, "2")],
        [(0, 0, 1, 1, "内"), (0, 1, 1, 1, "1")],
    ]
    assert lines(tbl(td(p("甲") + p("乙")))) == ["甲", "乙"]


def test_repeats_and_spans_without_measure_are_held_in_bounds() -> None:
    endless = 'table:number-columns-repeated="200000000" table:number-rows-spanned="99999999"'
    (table,) = read(tbl(td("甲") + td("", endless))).blocks
    assert isinstance(table, RawTable)
    assert len(table.cells) < 1_000
    assert lines(p("甲<text:s text:c='999999999'/>乙"))[0].startswith("甲 ")
    assert len(lines(p("甲<text:s text:c='999999999'/>乙"))[0]) < 1_000


def test_cells_without_number_are_refused_before_they_are_built() -> None:
    row = 'table:number-rows-repeated="250"'
    cells = td("1", 'table:number-columns-repeated="250"') * 100
    with pytest.raises(UnreadableSource, match="表格太大"):
        read(tbl(cells).replace("<table:table-row>", f"<table:table-row {row}>"))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (odt(p("甲"), head='<!DOCTYPE x [<!ENTITY e "e">]>'), "已损坏"),
        (odt("<text:section>" * 120 + "</text:section>" * 120), "太大"),
        (odt(p("政" * 2_100_000)), "文字太多"),
        (odt(p("甲"))[:-300], "已损坏"),
        (odt(p("甲"), manifest="<m:encryption-data/>"), "设有打开密码"),
        (odt(p("甲")).replace(b"content.xml", b"sontent.xml"), "不是文字文档"),
        (b"", "不是文字文档"),
    ],
    ids=["declarations", "depth", "text", "cut off", "password", "another", "empty"],
)
def test_what_cannot_be_read_is_said_in_one_sentence(data: bytes, what: str) -> None:
    with pytest.raises(UnreadableSource) as raised:
        read_odt(data, "年报.odt")
    assert what in raised.value.what
    assert "“年报.odt”" in raised.value.what
    assert raised.value.meaning
    assert raised.value.remedy
    assert "xlsx" not in str(raised.value)


@pytest.mark.slow
@needs_office
def test_every_figure_and_word_of_a_report_is_read_200_of_200(form: Form, tmp_path: Path) -> None:
    report = blank_report(form, 2023).with_fields(
        agency="甲县财政局", preamble="现公布年报。", signature="甲县财政局", date="2024年1月16日"
    )
    report = report.with_section("overview", "（一）主动公开。公开 12 条。\n第二段。").with_section(
        "other_matters", "无。"
    )
    report = report.with_entries(
        {
            cell_id: 1000 + number
            for number, (cell_id, cell) in enumerate(form.cells.items())
            if not cell.decimals
        }
    )
    (tmp_path / "年报.docx").write_bytes(word_bytes(report))
    data = by_office("odt", tmp_path, tmp_path / "年报.docx").read_bytes()
    back = recognize(read_odt(data, "年报.odt"), form).report
    assert dict(back.values) == dict(report.values)
    assert (back.agency, back.year, back.title) == (report.agency, report.year, report.title)
    assert (back.preamble, back.sections) == (report.preamble, report.sections)
    assert (back.signature, back.date) == (report.signature, report.date)
