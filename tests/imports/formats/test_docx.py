"""Word documents as Word, WPS and LibreOffice write them: what a person sees in them, and nothing else."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.exports.word import word_bytes
from gxeditor.imports.formats.docx import read_docx
from gxeditor.imports.formats.text import read_text_file
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import RawTable, Source, SourceText
from gxeditor.paper.layouts import Layout, layouts
from gxeditor.resources import load_form, resource
from tests.office import by_office, needs_office
from tests.reports import reports

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_REL = "http://purl.oclc.org/ooxml/officeDocument/relationships"
NAMES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def docx(body: str, parts: Mapping[str, str] | None = None, *, strict: bool = False, head: str = "") -> bytes:
    """A small document; `parts` are the insides of styles, numbering, footnotes."""
    main, rel = (STRICT, STRICT_REL) if strict else (W, REL)
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = parts or {}
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{rel}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        target.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{package}">'
            + "".join(f'<Relationship Id="{p}" Type="{rel}/{p}" Target="{p}.xml"/>' for p in parts)
            + "</Relationships>",
        )
        for part, inside in parts.items():
            target.writestr(f"word/{part}.xml", f'<w:{part} xmlns:w="{main}">{inside}</w:{part}>')
        target.writestr(
            "word/document.xml",
            f'{head}<w:document xmlns:w="{main}" {NAMES}><w:body>{body}</w:body></w:document>',
        )
    return written.getvalue()


def r(text: str, shape: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{shape}</w:rPr>' if shape else ''}<w:t>{text}</w:t></w:r>"


def p(inside: str, shape: str = "") -> str:
    inside = inside if inside.startswith("<") or not inside else r(inside)
    return f"<w:p>{f'<w:pPr>{shape}</w:pPr>' if shape else ''}{inside}</w:p>"


def tc(inside: str, shape: str = "") -> str:
    return f"<w:tc><w:tcPr>{shape}</w:tcPr>{inside if inside.startswith('<') else p(inside)}</w:tc>"


def tbl(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def read(body: str, **parts: str) -> Source:
    return read_docx(docx(body, parts), "年报.docx")


def lines(body: str, **parts: str) -> list[str]:
    return [block.text for block in read(body, **parts).blocks if isinstance(block, SourceText)]


def tables(body: str, **parts: str) -> list[list[tuple[int, int, int, int, str]]]:
    return [
        [(c.row, c.column, c.row_span, c.column_span, c.text) for c in block.cells]
        for block in read(body, **parts).blocks
        if isinstance(block, RawTable)
    ]


# --- revisions ------------------------------------------------------------------------------------------------


def test_what_is_inserted_counts_and_what_is_deleted_or_moved_away_does_not() -> None:
    body = p(
        r("收到")
        + f"<w:ins>{r('31')}</w:ins><w:del><w:r><w:delText>13</w:delText></w:r></w:del>"
        + f"<w:moveFrom>{r('旧')}</w:moveFrom>{r('件')}<w:moveTo>{r('。')}</w:moveTo>"
    )
    assert lines(body) == ["收到31件。"]
    assert tables(tbl(tc(body) + tc("1"))) == [[(0, 0, 1, 1, "收到31件。"), (0, 1, 1, 1, "1")]]


def test_what_was_inserted_and_deleted_again_does_not_count() -> None:
    assert lines(p(f"<w:ins><w:del>{r('9')}</w:del>{r('8')}</w:ins>{r('件')}")) == ["8件"]


def test_open_revisions_are_told_with_their_number_and_text() -> None:
    replaced = f"<w:del>{r('12')}</w:del><w:ins>{r('13')}</w:ins>"
    (note,) = read(
        p(r("共收到") + replaced + r("件，办结") + f"<w:ins>{r('9')}</w:ins>{r('件')}") + p("甲")
    ).notes
    assert note.severity == "doubt"
    assert "2 处修订" in note.what
    assert "在 1 段里" in note.what
    assert "共收到13件，办结9件" in note.what
    assert "按修订后的文字读入" in note.done
    assert read(p("甲")).notes == ()


def test_paragraphs_whose_division_is_deleted_are_one() -> None:
    mark = "<w:rPr><w:del/></w:rPr>"
    assert lines(p("公开", mark) + p("情况") + p("乙", mark)) == ["公开情况", "乙"]
    assert lines(p(f"<w:del>{r('旧')}</w:del>", mark) + p("新")) == ["新"]


def test_rows_and_cells_that_are_deleted_do_not_count() -> None:
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{tc(p(f'<w:del>{r(chr(49))}</w:del>'))}{tc('旧')}</w:tr>"
    body = f"<w:tbl><w:tr>{tc('甲')}{tc('1')}{tc('x', '<w:cellDel/>')}</w:tr>{gone}</w:tbl>"
    assert tables(body) == [[(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "1")]]


# --- content controls, fields, signs --------------------------------------------------------------------------


def sdt(inside: str, shape: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{shape}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def test_content_controls_count_around_texts_paragraphs_cells_rows_and_tables() -> None:
    assert lines(p(r("共") + sdt(r("29")) + r("件")) + sdt(p("乙"))) == ["共29件", "乙"]
    row = sdt(f"<w:tr>{sdt(tc('甲'))}{tc(sdt(p('29')))}</w:tr>")
    assert tables(sdt(f"<w:tbl>{row}</w:tbl>")) == [[(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "29")]]


def test_a_content_control_that_asks_for_something_is_blank() -> None:
    asks = "<w:showingPlcHdr/>"
    assert lines(p(r("单位：") + sdt(r("单击此处输入文字"), asks))) == ["单位："]
    assert tables(tbl(tc("甲") + sdt(tc("单击此处输入数字 0"), asks))) == [
        [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "")]
    ]
    assert lines(sdt(p("请选择"), asks) + p("乙")) == ["乙"]
    assert lines(sdt(p("29"), '<w:showingPlcHdr w:val="0"/>')) == ["29"]


def test_a_table_of_contents_is_no_text() -> None:
    contents = sdt(
        p("目录") + p("一、总体情况"),
        '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>',
    )
    styles = '<w:style w:type="paragraph" w:styleId="a5"><w:name w:val="toc 1"/></w:style>'
    assert lines(contents + p("一、总体情况", '<w:pStyle w:val="a5"/>') + p("甲"), styles=styles) == ["甲"]


def fld(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def instr(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def test_a_field_shows_its_result_and_not_its_instruction() -> None:
    inner = fld("begin") + instr(" REF a ") + fld("separate") + r("77") + fld("end")
    body = fld("begin") + instr(" = ") + inner + fld("separate") + r("12") + fld("end")
    assert lines(p(r("共") + body + r("件"))) == ["共12件"]
    assert lines(p(f'<w:fldSimple w:instr=" PAGE ">{r("3")}</w:fldSimple>')) == ["3"]
    assert lines(p(f"<w:hyperlink>{r('网址')}</w:hyperlink><w:smartTag>{r('某县')}</w:smartTag>")) == [
        "网址某县"
    ]


def test_a_field_that_never_ends_hides_nothing_of_the_paragraphs_behind_it() -> None:
    assert lines(p(fld("begin") + instr(" TOC ")) + p("共12件")) == ["共12件"]
    assert lines(p(fld("end") + r("甲"))) == ["甲"]


def test_a_number_in_a_circle_and_a_choice_from_a_list_are_seen() -> None:
    circle = fld("begin") + instr(r" EQ \o\ac(○,3)") + fld("end")
    assert lines(p(circle + r("甲"))) == ["③甲"]
    choice = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="甲"/>'
        '<w:listEntry w:val="乙"/></w:ddList></w:ffData></w:fldChar></w:r>'
    )
    assert lines(p(choice + instr(" FORMDROPDOWN ") + fld("end"))) == ["乙"]


def test_signs_breaks_and_hyphens_are_what_they_look_like() -> None:
    signs = (
        "<w:r><w:t>2023</w:t><w:noBreakHyphen/><w:t>01</w:t><w:softHyphen/><w:tab/>"
        '<w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="宋体" w:char="F031"/>'
        '<w:sym w:font="x" w:char="zz"/></w:r>'
    )
    assert lines(p(signs)) == ["2023-01\t☑1"]
    broken = (
        "<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:cr/><w:t>丙</w:t><w:br w:type='page'/><w:t>丁</w:t></w:r>"
    )
    assert lines(p(broken)) == ["甲", "乙", "丙", "丁"]
    assert tables(tbl(tc(p(broken) + p("戊")) + tc("1")))[0][0][4] == "甲\n乙\n丙\n丁\n戊"
    assert lines(
        p(
            "<w:r><w:ruby><w:rt><w:r><w:t>gong</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>公</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        )
    ) == ["公"]
    assert lines(p("<m:oMath><m:r><m:t>95%</m:t></m:r></m:oMath>")) == ["95%"]


def test_hidden_text_is_not_seen_directly_or_by_its_style() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="h"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="hp"><w:name w:val="hp"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="hq"><w:name w:val="hq"/><w:basedOn w:val="hp"/></w:style>'
    )
    body = (
        p(
            r("甲")
            + r("密", "<w:vanish/>")
            + r("秘", '<w:rStyle w:val="h"/>')
            + r("乙", '<w:vanish w:val="0"/>')
        )
        + p("丙", '<w:pStyle w:val="hq"/>')
        + p(r("丁", '<w:vanish w:val="false"/>'), '<w:pStyle w:val="hq"/>')
    )
    assert lines(body, styles=styles) == ["甲乙", "丁"]


def test_comments_and_notes_are_no_prose_and_footnotes_are_told() -> None:
    body = p(
        r("甲")
        + '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="0"/></w:r>'
        + r("乙")
    )
    source = read(
        body,
        footnotes=f'<w:footnote w:id="0">{p("线")}</w:footnote><w:footnote w:id="2">{p("含结转")}</w:footnote>',
    )
    assert [block.text for block in source.blocks if isinstance(block, SourceText)] == ["甲乙"]
    (note,) = source.notes
    assert (note.what, note.done) == ("文档里有 1 条脚注：“含结转”。", "没有读入。")


# --- boxes and tables -----------------------------------------------------------------------------------------

VML = "<w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict>"
DRAWN = "<w:drawing><wp:anchor><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx></wp:anchor></w:drawing>"


def test_a_text_box_comes_once_behind_its_paragraph() -> None:
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{DRAWN.format(p('盒'))}</mc:Choice>"
        f"<mc:Fallback>{VML.format(p('盒'))}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert lines(p(r("甲") + both + r("乙")) + p("丙")) == ["甲乙", "盒", "丙"]
    fallback = f"<w:r><mc:AlternateContent><mc:Fallback>{VML.format(p('盒'))}</mc:Fallback></mc:AlternateContent></w:r>"
    assert lines(p(fallback)) == ["盒"]
    assert tables(p(f"<w:r>{DRAWN.format(tbl(tc('甲') + tc('1')))}</w:r>")) == [
        [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "1")]
    ]
    drawn = '<w:r><w:pict><v:shape><v:textpath string="某县2023年年报"/></v:shape></w:pict></w:r>'
    assert lines(p(drawn)) == ["某县2023年年报"]


def test_a_box_over_a_cell_is_no_part_of_its_figure() -> None:
    cell = p(r("12") + f"<w:r>{DRAWN.format(p('注'))}</w:r>")
    body = tbl(tc(cell) + tc("1"))
    assert tables(body)[0][0][4] == "12"
    assert lines(body) == ["注"]


def test_cells_are_merged_across_and_down_as_word_does() -> None:
    body = tbl(
        tc("甲", '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>') + tc("乙"),
        tc("看不见", '<w:gridSpan w:val="2"/><w:vMerge/>') + tc("1"),
        tc("丙") + tc("2") + tc("3"),
    )
    assert tables(body) == [
        [
            (0, 0, 2, 2, "甲"),
            (0, 2, 1, 1, "乙"),
            (1, 2, 1, 1, "1"),
            (2, 0, 1, 1, "丙"),
            (2, 1, 1, 1, "2"),
            (2, 2, 1, 1, "3"),
        ]
    ]


def test_cells_joined_across_in_the_old_way_are_one() -> None:
    body = tbl(
        tc("甲", '<w:hMerge w:val="restart"/>')
        + tc("x", "<w:hMerge/>")
        + tc("y", '<w:hMerge w:val="continue"/>')
        + tc("乙"),
        tc("1") + tc("2") + tc("3") + tc("4"),
    )
    assert tables(body)[0][:2] == [(0, 0, 1, 3, "甲"), (0, 3, 1, 1, "乙")]


def test_a_merge_that_nothing_above_begins_is_a_blank_cell() -> None:
    assert tables(tbl(tc("1", "<w:vMerge/>") + tc("2"), tc("3", '<w:gridSpan w:val="2"/><w:vMerge/>'))) == [
        [(0, 0, 1, 1, ""), (0, 1, 1, 1, "2"), (1, 0, 1, 2, "")]
    ]


def test_a_row_that_begins_further_right_keeps_its_columns() -> None:
    short = f'<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>{tc("3")}</w:tr>'
    body = f"<w:tbl><w:tr>{tc('甲')}{tc('1')}{tc('2')}</w:tr>{short}</w:tbl>"
    assert tables(body)[0][-1] == (1, 2, 1, 1, "3")


def test_a_table_inside_another_counts_by_itself_and_its_text_once() -> None:
    body = tbl(tc(p("外") + tbl(tc("内") + tc("1")) + p("")) + tc("2"))
    assert tables(body) == [
        [(0, 0, 1, 1, "外"), (0, 1, 1, 1, "2")],
        [(0, 0, 1, 1, "内"), (0, 1, 1, 1, "1")],
    ]


def test_a_table_that_only_frames_the_page_is_none() -> None:
    body = tbl(tc(p("一、总体情况") + p("甲。") + tbl(tc("内") + tc("1")) + p("乙。")))
    assert lines(body) == ["一、总体情况", "甲。", "乙。"]
    assert tables(body) == [[(0, 0, 1, 1, "内"), (0, 1, 1, 1, "1")]]


def test_paragraphs_and_cells_say_where_they_stand() -> None:
    source = read(
        p("甲")
        + p("")
        + p("乙")
        + tbl(tc("1") + tc("2"))
        + p("丙")
        + tbl(tc("1") + tc("2"), tc("3") + tc("4"))
    )
    assert source.kind == "Word 文档"
    assert [b.origin.words for b in source.blocks] == [
        "第 1 段",
        "第 2 段",
        "“第 1 张表”",
        "第 3 段",
        "“第 2 张表”",
    ]
    last = source.blocks[-1]
    assert isinstance(last, RawTable)
    assert [cell.origin.words for cell in last.cells][-1] == "“第 2 张表”B2"


def test_how_far_a_paragraph_stands_in_is_kept() -> None:
    body = (
        p("甲", '<w:ind w:firstLineChars="200" w:firstLine="640"/>')
        + p(r("乙", '<w:sz w:val="32"/>'), '<w:ind w:firstLine="640"/>')
        + p("\u3000\u3000丙")
        + p("丁", '<w:ind w:left="420" w:hanging="420"/>')
    )
    assert [b.indent for b in read(body).blocks if isinstance(b, SourceText)] == [4, 4, 4, 0]


# --- numbers of lists -----------------------------------------------------------------------------------------


def lvl(level: int, kind: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, more: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}'
    )


def item(text: str, level: int = 0, num: str = "1") -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def test_headings_have_the_numbers_that_word_counts_for_them() -> None:
    levels = (
        lvl(0, "chineseCounting", "%1、", '<w:suff w:val="nothing"/>'),
        lvl(1, "japaneseCounting", "（%2）"),
        lvl(2, "decimal", "%3."),
    )
    body = (
        item("总体情况") + item("主动公开", 1) + item("依申请", 1) + item("网站", 2) + item("主动公开情况")
        + item("平台", 1) + p("无编号", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>') + item("申请")
    )  # fmt: skip
    assert lines(body, numbering=numbering(*levels)) == [
        "一、总体情况",
        "（一）主动公开",
        "（二）依申请",
        "1.网站",
        "二、主动公开情况",
        "（一）平台",
        "无编号",
        "三、申请",
    ]


def test_a_heading_is_numbered_by_its_style() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:pPr>'
        '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="3"><w:name w:val="x"/><w:basedOn w:val="1"/></w:style>'
    )
    levels = (
        lvl(0, "ideographDigital", "%1、", '<w:pStyle w:val="1"/>'),
        lvl(1, "decimal", "%1.%2", '<w:isLgl/><w:pStyle w:val="2"/>'),
    )
    body = (
        p("甲", '<w:pStyle w:val="1"/>') + p("乙", '<w:pStyle w:val="2"/>') + p("丙", '<w:pStyle w:val="3"/>')
    )
    assert lines(body, styles=styles, numbering=numbering(*levels)) == ["一、甲", "1.1 乙", "二、丙"]


def test_a_list_that_begins_anew_counts_from_there() -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
        "</w:lvlOverride></w:num>"
    )
    body = item("甲") + item("乙", num="2") + item("丙", num="2") + item("") + item("丁")
    assert lines(body, numbering=numbering(lvl(0, "decimal", "%1."), more=more)) == [
        "1.甲",
        "5.乙",
        "6.丙",
        "8.丁",
    ]


def test_signs_before_items_are_no_numbers_and_a_label_in_a_cell_has_its_number() -> None:
    bullets = numbering(lvl(0, "bullet", "\uf0b7"))
    assert lines(item("甲"), numbering=bullets) == ["甲"]
    counted = numbering(lvl(0, "chineseCounting", "（%1）"))
    cells = tables(tbl(tc(item("予以公开")) + tc(item(""))), numbering=counted)[0]
    assert [cell[4] for cell in cells] == ["（一）予以公开", ""]


@pytest.mark.parametrize(
    ("kind", "number", "written"),
    [
        ("chineseCounting", 12, "十二"), ("chineseCountingThousand", 103, "一百〇三"), ("japaneseCounting", 20, "二十"),
        ("ideographDigital", 12, "一二"), ("chineseLegalSimplified", 10, "壹拾"), ("ideographTraditional", 3, "丙"),
        ("decimalEnclosedCircleChinese", 4, "④"), ("decimalFullWidth", 12, "１２"), ("upperRoman", 9, "IX"),
        ("lowerLetter", 27, "aa"), ("decimalZero", 7, "07"), ("unheard", 3, "3"),
    ],
)  # fmt: skip
def test_numbers_are_written_in_the_way_that_the_list_says(kind: str, number: int, written: str) -> None:
    level = f'<w:lvl w:ilvl="0"><w:start w:val="{number}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="%1、"/></w:lvl>'
    assert lines(item("甲"), numbering=numbering(level)) == [f"{written}、甲"]


# --- other kinds of files -------------------------------------------------------------------------------------


def test_a_strict_document_reads_like_any_other() -> None:
    source = read_docx(
        docx(p("甲") + tbl(tc("乙") + tc("1", '<w:gridSpan w:val="2"/>')), strict=True), "a.docx"
    )
    text, table = source.blocks
    assert isinstance(text, SourceText)
    assert isinstance(table, RawTable)
    assert (text.text, [(c.text, c.column_span) for c in table.cells]) == ("甲", [("乙", 1), ("1", 2)])


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (docx(p("甲"), head='<!DOCTYPE x [<!ENTITY e "e">]>'), "已损坏"),
        (docx("<w:sdt><w:sdtContent>" * 60 + p("甲") + "</w:sdtContent></w:sdt>" * 60), "太大"),
        (docx(p("甲"))[:-400], "已损坏"),
        (docx(p("政" * 2_100_000)), "文字太多"),
        (docx(tbl(*[tc("1", '<w:gridSpan w:val="200000000"/>') * 5] * 1_000)), "表格太大"),
        (docx(p("甲") * 21_000), "文字太多"),
        (docx("<w:altChunk/>"), "嵌进去的网页"),
        (docx("").replace(b"w", b"v"), "已损坏"),
        (b"", "不是 Word 文档"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "设有打开密码"),
    ],
    ids=["declarations", "depth", "cut off", "text", "spans", "paragraphs", "embedded page", "bytes", "empty",
         "password"],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_one_sentence_that_speaks_of_word(data: bytes, what: str) -> None:
    with pytest.raises(UnreadableSource) as raised:
        read_docx(data, "年报.docx")
    assert what in raised.value.what
    assert "“年报.docx”" in raised.value.what or "表格" in raised.value.what
    assert raised.value.meaning
    assert raised.value.remedy
    assert "xlsx" not in str(raised.value)


def test_spans_without_measure_are_held_in_bounds() -> None:
    body = tbl(
        tc("甲", '<w:gridSpan w:val="200000000"/>') + tc("1"), tc("乙", '<w:gridSpan w:val="-5"/>') + tc("2")
    )
    row = f'<w:tr><w:trPr><w:gridBefore w:val="2000000000"/></w:trPr>{tc("3")}</w:tr>'
    table = read(body.replace("</w:tbl>", f"{row}</w:tbl>")).blocks[0]
    assert isinstance(table, RawTable)
    assert table.columns < 100
    assert [cell.text for cell in table.cells] == ["甲", "1", "乙", "2", "", "3"]


# --- our own --------------------------------------------------------------------------------------------------


def same(one: Report, other: Report) -> bool:
    """Whether two reports say the same; an automatic total that was printed is read as an entry."""
    fields = ("agency", "kind", "year", "own_title", "preamble", "signature", "date", "sections")
    return all(getattr(one, name) == getattr(other, name) for name in fields) and dict(one.values) == dict(
        other.values
    )


@pytest.fixture(scope="module")
def sample() -> Report:
    report = recognize(read_text_file(resource("samples/lushan-2022.txt")), load_form()).report
    return report.with_fields(signature=report.agency, date="2023年1月16日", preamble="现公布年报。")


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.key)
def test_the_sample_reads_back_from_word_as_it_was_in_every_layout(
    sample: Report, layout: Layout, form: Form
) -> None:
    back = recognize(read_docx(word_bytes(sample, layout), "年报.docx"), form).report
    expected = sample.with_fields(
        signature=sample.signature if layout.signature else "", date=sample.date if layout.date else ""
    )
    assert same(back, expected)


@settings(max_examples=10)
@given(reports(load_form()))
def test_any_report_reads_back_from_word_as_it_was(report: Report) -> None:
    for section in report.form.sections:
        if (
            section.table is not None
        ):  # beside a table recognition takes what is worded like a heading for its label
            text = report.sections.get(section.key, "").replace("一、总体情况", "另行说明")
            report = report.with_section(section.key, text)
    assert same(recognize(read_docx(word_bytes(report), "年报.docx"), report.form).report, report)


def test_a_document_of_ours_that_lost_a_heading_is_read_like_any_other(sample: Report, form: Form) -> None:
    data = word_bytes(sample)
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as whole, zipfile.ZipFile(written, "w") as target:
        for part in whole.namelist():
            target.writestr(part, whole.read(part).replace(b"gx_heading_problems", b"other"))
    source = read_docx(written.getvalue(), "年报.docx")
    assert source.said is None
    assert not any(isinstance(block, SourceText) and block.role for block in source.blocks)
    assert same(recognize(source, form).report, sample)


@pytest.mark.slow
@needs_office
def test_what_another_office_program_makes_of_it_reads_back_as_it_was(
    sample: Report, form: Form, tmp_path: Path
) -> None:
    (tmp_path / "年报.docx").write_bytes(word_bytes(sample))
    data = by_office("docx:MS Word 2007 XML", tmp_path / "out", tmp_path / "年报.docx").read_bytes()
    back = recognize(read_docx(data, "年报.docx"), form).report
    assert same(back, sample)


def test_a_blank_report_reads_back_blank(form: Form) -> None:
    report = recognize(read_docx(word_bytes(blank_report(form)), "年报.docx"), form).report
    assert same(report, blank_report(form))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 255)), min_size=1, max_size=6))
def test_no_damage_makes_reading_fail_in_any_other_way(changes: list[tuple[int, int]]) -> None:
    whole = _WHOLE
    damaged = bytearray(whole)
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    told = ""
    try:
        read_docx(bytes(damaged), "年报.docx")
    except UnreadableSource as error:
        told = str(error)
    assert "xlsx" not in told


_WHOLE = word_bytes(blank_report(load_form(), 2023).with_section("overview", "甲。"))
