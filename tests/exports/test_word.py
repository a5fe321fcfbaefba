"""The Word document, read back: the styles of an office, the tables as printed, the pages as in the PDF."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from math import floor
from pathlib import Path
from tempfile import gettempdir
from types import MappingProxyType
from xml.etree import ElementTree

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report, paragraphs, show_entry
from gxeditor.exports.word import word_bytes
from gxeditor.imports.formats.text import read_text_file
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import LooseCell, Source, lay_out
from gxeditor.paper.layouts import SHIPPED, WITH_HAN, Layout, Margins, default_layout, layouts
from gxeditor.paper.pdf import make_pdf
from gxeditor.resources import load_form, resource
from tests.office import by_office, needs_office

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def sample() -> Report:
    """鲁山县人民政府办公室 2022 as it was published, signed and dated."""
    report = recognize(read_text_file(resource("samples/lushan-2022.txt")), load_form()).report
    return report.with_fields(signature=report.agency, date="2023年1月16日", preamble="现公布年报。")


@pytest.fixture(scope="module")
def full() -> Report:
    """Every one of the 200 cells has a figure of its own, so that a swap would show."""
    form = load_form()
    return blank_report(form, 2023).with_entries(
        {
            cell.id: Decimal(f"{number}.5000") if cell.decimals else 1000 + number
            for number, cell in enumerate(form.cells.values())
        }
    )


def part(report: Report, name: str, layout: Layout | None = None) -> ElementTree.Element:
    with zipfile.ZipFile(BytesIO(word_bytes(report, layout))) as package:
        return ElementTree.fromstring(package.read(f"word/{name}.xml"))


def value(element: ElementTree.Element, path: str) -> str | None:
    found = element.find("/".join(W + step for step in path.split("/")))
    return None if found is None else found.get(f"{W}val", "")


def text_of(element: ElementTree.Element) -> str:
    return "".join((node.text or "") if node.tag == f"{W}t" else "" for node in element.iter())


def prose(report: Report, layout: Layout | None = None) -> list[tuple[str, str]]:
    """Style and text of every paragraph outside the tables; a line break is a vertical bar."""
    return [
        (
            value(p, "pPr/pStyle") or "",
            "".join(
                "|" if n.tag == f"{W}br" else n.text or "" for n in p.iter() if n.tag in (f"{W}t", f"{W}br")
            ),
        )
        for p in part(report, "document", layout).find(f"{W}body") or ()
        if p.tag == f"{W}p"
    ]


def tables(report: Report, layout: Layout | None = None) -> list[ElementTree.Element]:
    return list(part(report, "document", layout).iter(f"{W}tbl"))


def merged(table: ElementTree.Element) -> Iterator[tuple[int, int, int, int, str]]:
    """Row, column, row span, column span and text of every cell, as gridSpan and vMerge put them together."""
    open_at: dict[int, list[int]] = {}  # column → the cell that reaches down there, as an index
    cells: list[list[object]] = []
    for row, tr in enumerate(table.findall(f"{W}tr")):
        column = 0
        for tc in tr.findall(f"{W}tc"):
            span = int(value(tc, "tcPr/gridSpan") or 1)
            merge = tc.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(f"{W}val") != "restart":
                assert text_of(tc) == ""
                cells[open_at[column][0]][2] = row - int(str(cells[open_at[column][0]][0])) + 1
            else:
                cells.append([row, column, 1, span, text_of(tc)])
                open_at[column] = [len(cells) - 1]
            column += span
    for cell in cells:
        yield int(str(cell[0])), int(str(cell[1])), int(str(cell[2])), int(str(cell[3])), str(cell[4])


def style(report: Report, key: str, layout: Layout | None = None) -> ElementTree.Element:
    styles = part(report, "styles", layout).findall(f"{W}style")
    return next(one for one in styles if one.get(f"{W}styleId") == key)


# --- tables ---------------------------------------------------------------------------------------------------


def test_each_table_is_merged_and_filled_as_printed_200_of_200(full: Report) -> None:
    found = 0
    for table, drawn in zip(full.form.tables, tables(full), strict=True):
        expected = [
            (
                p.row,
                p.column,
                p.row_span,
                p.column_span,
                show_entry(full.value(p.cell.id)) if p.cell else p.text,
            )
            for p in table.grid().places
        ]
        assert list(merged(drawn)) == expected
        found += sum(place.cell is not None for place in table.grid().places)
    assert found == 200


def test_another_programs_reading_gives_back_200_of_200(full: Report) -> None:
    """By its labels alone, as a report of unknown origin is read."""
    blocks = []
    for table in tables(full):
        rows: list[list[LooseCell]] = [[] for _ in table.findall(f"{W}tr")]
        for row, _, row_span, column_span, text in merged(table):
            rows[row].append(LooseCell(text, row_span, column_span))
        blocks.append(lay_out(rows))
    assert recognize(Source(tuple(blocks)), full.form).report.entries == full.entries


def test_blank_is_blank_and_zero_is_zero_and_a_kept_text_is_kept(form: Form) -> None:
    ids = ("requests.received.natural_person", "requests.received.company")
    report = blank_report(form).with_entries({ids[0]: 0, ids[1]: "/"})
    shown = [text for *_, text in merged(tables(report)[1])]
    grid = form.tables[1].grid()
    cells = {p.cell.id: text for p, text in zip(grid.places, shown, strict=True) if p.cell is not None}
    assert {key: text for key, text in cells.items() if text} == {ids[0]: "0", ids[1]: "/"}


def test_heads_are_repeated_and_no_row_is_cut(full: Report) -> None:
    for table, drawn in zip(full.form.tables, tables(full), strict=True):
        rows = [row.find(f"{W}trPr") for row in drawn.findall(f"{W}tr")]
        assert all(row is not None and row.find(f"{W}cantSplit") is not None for row in rows)
        heads = [n for n, row in enumerate(rows) if row is not None and row.find(f"{W}tblHeader") is not None]
        assert heads == list(range(table.grid().head_rows))


def test_the_columns_fill_the_block_and_every_cell_is_as_wide_as_its_columns(full: Report) -> None:
    for layout in layouts():
        for drawn in tables(full, layout):
            widths = [int(column.get(f"{W}w", "")) for column in drawn.iter(f"{W}gridCol")]
            assert sum(widths) == pytest.approx(layout.width / 25.4 * 1440, abs=1)
            for row in drawn.findall(f"{W}tr"):
                cells = [tc.find(f"{W}tcPr/{W}tcW") for tc in row.findall(f"{W}tc")]
                assert sum(int(cell.get(f"{W}w", "")) for cell in cells if cell is not None) == sum(widths)


def test_a_long_figure_is_set_smaller_and_never_below_five_points(form: Form) -> None:
    cell = "disputes.direct_suit.upheld"
    for figure, size in ((12, None), (12345678, "12"), (10**11, "10")):
        table = tables(blank_report(form).with_entry(cell, figure))[2]
        run = next(run for run in table.iter(f"{W}r") if text_of(run) == str(figure))
        assert value(run, "rPr/sz") == size


def test_a_table_too_long_for_a_page_takes_smaller_type_but_not_below_that_of_the_layout(
    full: Report,
) -> None:
    small = replace(default_layout(), margins=Margins(80, 28, 26, 80))
    assert value(style(full, "TableText", small), "rPr/sz") == "18"
    assert value(style(full, "TableText"), "rPr/sz") == "21"
    kept = [len(list(drawn.iter(f"{W}keepNext"))) for drawn in tables(full, small)]
    assert kept[0] > 0
    assert kept[1] == 0  # Word may divide it between rows
    assert [held(table)[-1] for table in tables(full, small)] == [False] * 3


def held(table: ElementTree.Element) -> list[bool]:
    """Of each row, whether all its paragraphs are kept with the next row."""
    return [
        all(value(p, "pPr/keepNext") is not None for p in row.iter(f"{W}p"))
        for row in table.findall(f"{W}tr")
    ]


def test_a_table_that_a_page_can_hold_stays_whole(full: Report) -> None:
    assert [held(table) for table in tables(full)] == [
        [True] * (table.grid().rows - 1) + [False] for table in full.form.tables
    ]


def test_a_note_stays_on_the_page_of_its_table_and_one_too_long_for_a_note_flows_on(full: Report) -> None:
    def kept(note: str) -> list[bool]:
        report = full.with_fields(note_requests=note)
        notes = [p for p in part(report, "document").iter(f"{W}p") if value(p, "pPr/pStyle") == "TableNote"]
        return [held(tables(report)[1])[-1], *(value(p, "pPr/keepNext") is not None for p in notes)]

    assert kept("注：含依法转送的。\n第二行。") == [True, True, False]
    assert kept("注：很长。" * 400) == [False, False]


def test_a_figure_never_breaks_and_one_too_wide_for_its_cell_is_squeezed_as_word_can(form: Form) -> None:
    """What Word calls 适应文字 would spread a short figure over its cell, so only a long one has it."""
    long, short = "disputes.direct_suit.upheld", "disputes.direct_suit.corrected"
    for figure in (12345678, -1234567, 10**11):
        table = tables(blank_report(form).with_entries({long: figure, short: 7}))[2]
        cells = {text_of(tc): tc for tc in table.iter(f"{W}tc")}
        for tc in (cells[str(figure)], cells["7"]):
            assert tc.find(f"{W}tcPr/{W}noWrap") is not None
        assert cells[str(figure)].find(f"{W}tcPr/{W}tcFitText") is not None
        assert cells["7"].find(f"{W}tcPr/{W}tcFitText") is None
    text = tables(blank_report(form).with_entry(long, "见附件所列的说明文字"))[2]
    cell = next(tc for tc in text.iter(f"{W}tc") if text_of(tc).startswith("见附件"))
    assert next(cell.iter(f"{W}noWrap"), None) is None


def test_all_figures_of_a_table_have_one_size(form: Form) -> None:
    report = blank_report(form).with_entries(
        {
            "disputes.direct_suit.upheld": 12345678,
            "disputes.direct_suit.corrected": 7,
            "requests.received.company": 7,
        }
    )
    sizes = [
        {value(run, "rPr/sz") for run in table.iter(f"{W}r") if text_of(run).isdigit()}
        for table in tables(report)[1:]
    ]
    assert sizes == [{None}, {"12"}]


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.key)
def test_what_follows_the_title_or_a_table_stands_on_the_grid_of_the_page(
    full: Report, layout: Layout
) -> None:
    """The title, and a table with the white around it, take whole lines."""
    document = part(full, "document", layout)
    grid = next(document.iter(f"{W}docGrid"))
    line = int(grid.get(f"{W}linePitch", ""))
    rows = style(full, "Title", layout).find(f"{W}pPr/{W}spacing")
    title = next(p for p in document.iter(f"{W}p") if value(p, "pPr/pStyle") == "Title")
    white = title.find(f"{W}pPr/{W}spacing")
    assert rows is not None
    assert white is not None
    count = len(list(title.iter(f"{W}br"))) + 1
    assert whole_lines(
        count * int(rows.get(f"{W}line", ""))
        + int(white.get(f"{W}before", ""))
        + int(white.get(f"{W}after", "")),
        line,
    )
    body = next(document.iter(f"{W}body"))
    for at, table in enumerate(body):
        if table.tag != f"{W}tbl":
            continue
        for beside, side in ((body[at - 1], "after"), (body[at + 1], "before")):
            around = beside.find(f"{W}pPr/{W}spacing")
            assert around is not None
            assert around.get(W + side) == "80"
        heights = [int(height.get(f"{W}val", "")) for height in table.iter(f"{W}trHeight")]
        assert whole_lines(sum(heights) + 160, line)


def whole_lines(height: int, line: int) -> bool:
    """Whether so many twips are whole lines, but for the rounding of some rows."""
    return min(height % line, -height % line) <= 20


def test_a_title_of_any_length_takes_whole_lines_itself(form: Form) -> None:
    for name in (
        "财政局",
        "鲁山县人民政府办公室",
        "河南省平顶山市鲁山县人民政府政务服务和大数据管理局办公室",
    ):
        report = blank_report(form, 2023).with_fields(agency=name)
        document = part(report, "document")
        title = next(p for p in document.iter(f"{W}p") if value(p, "pPr/pStyle") == "Title")
        spacing = style(report, "Title").find(f"{W}pPr/{W}spacing")
        assert spacing is not None
        rows = len(list(title.iter(f"{W}br"))) + 1
        line = int(next(document.iter(f"{W}docGrid")).get(f"{W}linePitch", ""))
        assert whole_lines(rows * int(spacing.get(f"{W}line", "")), line)
        assert int(spacing.get(f"{W}line", "")) >= 22 * 20 * 1.3 - 1  # rows that do not touch
        assert (
            value(style(report, "Title"), "pPr/snapToGrid") == "0"
        )  # else a tall face takes two lines a row


def test_a_note_stands_under_its_table(full: Report) -> None:
    texts = prose(full.with_fields(note_requests="注：含依法转送的。\n\n第二行。"))
    at = texts.index(("Heading1", "三、收到和处理政府信息公开申请情况"))
    assert texts[at + 1 : at + 3] == [("TableNote", "注：含依法转送的。"), ("TableNote", "第二行。")]


def test_who_does_not_see_a_table_hears_what_it_is(full: Report) -> None:
    for table, section in zip(
        tables(full), (s for s in full.form.sections if s.table is not None), strict=True
    ):
        assert value(table, "tblPr/tblCaption") == section.heading
        assert "表头" in (value(table, "tblPr/tblDescription") or "")


# --- text and styles ------------------------------------------------------------------------------------------


def test_the_document_reads_like_the_report(sample: Report) -> None:
    texts = prose(sample)
    assert texts[:2] == [
        ("Title", "鲁山县人民政府办公室|2022年政府信息公开工作年度报告"),
        ("NormalIndent", "现公布年报。"),
    ]
    assert [text for key, text in texts if key == "Heading1"] == [s.heading for s in sample.form.sections]
    written = [text for key, text in texts if key in ("NormalIndent", "Heading2")]
    assert written == [p.text for t in (sample.preamble, *sample.sections.values()) for p in paragraphs(t)]
    assert texts[-3:] == [("Closing", ""), ("Closing", "鲁山县人民政府办公室"), ("Closing", "2023年1月16日")]


def test_a_sub_heading_alone_is_标题_2_and_one_with_text_behind_it_looks_so(form: Form) -> None:
    report = blank_report(form).with_section("overview", "（一）主动公开\n（二）依申请公开。收到30件。")
    document = part(report, "document")
    alone, run_in = (
        p
        for p in document.iter(f"{W}p")
        if text_of(p)[:3] in ("（一）", "（二）")
        and "公开" in text_of(p)
        and value(p, "pPr/pStyle") != "TableText"
    )
    assert value(alone, "pPr/pStyle") == "Heading2"
    assert value(run_in, "pPr/pStyle") == "NormalIndent"
    head, rest = run_in.findall(f"{W}r")
    assert (text_of(head), value(head, "rPr/rStyle")) == ("（二）依申请公开。", "Heading2Char")
    assert (text_of(rest), value(rest, "rPr/rStyle")) == ("收到30件。", None)


@pytest.mark.parametrize(
    ("key", "face", "size"),
    [
        ("Normal", "仿宋_GB2312", "32"),
        ("Title", "方正小标宋简体", "44"),
        ("Heading1", "黑体", None),
        ("Heading2", "楷体_GB2312", None),
        ("Heading2Char", "楷体_GB2312", None),
        ("TableText", "宋体", "21"),
        ("Footer", "宋体", "28"),
    ],
)
def test_faces_and_sizes_are_those_of_official_documents(
    sample: Report, key: str, face: str, size: str | None
) -> None:
    found = style(sample, key)
    fonts = found.find(f"{W}rPr/{W}rFonts")
    assert fonts is not None
    assert (fonts.get(f"{W}eastAsia"), value(found, "rPr/sz")) == (face, size)


def test_the_names_of_styles_are_those_that_word_translates(sample: Report) -> None:
    """Normal is shown as 正文, heading 1 as 标题 1, Title as 标题, Table Grid as 网格型."""
    names = {
        one.get(f"{W}styleId"): value(one, "name") for one in part(sample, "styles").findall(f"{W}style")
    }
    assert {names[key] for key in ("Normal", "Title", "Heading1", "Heading2", "TableGrid", "Footer")} == {
        "Normal", "Title", "heading 1", "heading 2", "Table Grid", "footer",
    }  # fmt: skip
    assert {names[key] for key in ("TableText", "Closing")} == {"表格文字", "落款"}
    levels = [value(style(sample, key), "pPr/outlineLvl") for key in ("Heading1", "Heading2")]
    assert levels == ["0", "1"]


def test_every_paragraph_has_a_style_that_is_there(sample: Report) -> None:
    known = {one.get(f"{W}styleId") for one in part(sample, "styles").findall(f"{W}style")}
    used = {
        node.get(f"{W}val")
        for name in ("pStyle", "rStyle", "tblStyle")
        for node in part(sample, "document").iter(W + name)
    }
    assert used <= known
    assert all(value(p, "pPr/pStyle") for p in part(sample, "document").iter(f"{W}p"))


def test_every_run_asks_for_chinese_punctuation(sample: Report) -> None:
    for run in part(sample, "document").iter(f"{W}r"):
        if text_of(run):
            fonts = run.find(f"{W}rPr/{W}rFonts")
            assert fonts is not None
            assert fonts.get(f"{W}hint") == "eastAsia"


def test_the_language_is_chinese(sample: Report) -> None:
    languages = [node.get(f"{W}eastAsia") for node in part(sample, "styles").iter(f"{W}lang")]
    assert languages == ["zh-CN"]


def test_a_face_that_is_missing_has_a_stand_in(sample: Report) -> None:
    fonts = {font.get(f"{W}name"): value(font, "altName") for font in part(sample, "fontTable")}
    assert fonts["仿宋_GB2312"] == "仿宋"
    assert fonts["Times New Roman"] == "Liberation Serif"
    assert set(fonts) == {"宋体", "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "Times New Roman"}


@pytest.mark.parametrize(
    "key", ["Normal", "Title", "Heading1", "Heading2", "Heading2Char", "TableText", "TableNote"]
)
def test_letters_and_figures_are_times_new_roman_as_in_the_pdf(sample: Report, key: str) -> None:
    fonts = style(sample, key).find(f"{W}rPr/{W}rFonts")
    assert fonts is not None
    assert {fonts.get(f"{W}{name}") for name in ("ascii", "hAnsi", "cs")} == {"Times New Roman"}


def test_page_numbers_are_those_of_songti(sample: Report) -> None:
    """GB/T 9704, 7.5: 4号半角宋体."""
    fonts = style(sample, "Footer").find(f"{W}rPr/{W}rFonts")
    assert fonts is not None
    assert fonts.get(f"{W}ascii") == "宋体"


def test_letters_and_figures_of_the_title_are_bold_and_its_chinese_is_not(sample: Report) -> None:
    """As in the PDF: beside 小标宋, which is heavy by itself, thin ones would look forgotten."""
    runs = [
        run
        for paragraph in part(sample, "document").iter(f"{W}p")
        if value(paragraph, "pPr/pStyle") == "Title"
        for run in paragraph.iter(f"{W}r")
        if text_of(run)
    ]
    bold = {text_of(run): run.find(f"{W}rPr/{W}b") is not None for run in runs}
    assert "2022" in "".join(text for text, is_bold in bold.items() if is_bold)
    assert all(text.isascii() == is_bold for text, is_bold in bold.items())


@pytest.mark.parametrize(
    ("wanted", "latin"), [(WITH_HAN, "仿宋_GB2312"), (SHIPPED, "Times New Roman"), ("Arial", "Arial")]
)
def test_letters_and_figures_are_those_that_the_layout_names(sample: Report, wanted: str, latin: str) -> None:
    layout = replace(default_layout(), faces=MappingProxyType({"latin": wanted, "fang": SHIPPED}))
    fonts = style(sample, "Normal", layout).find(f"{W}rPr/{W}rFonts")
    assert fonts is not None
    assert (fonts.get(f"{W}ascii"), fonts.get(f"{W}eastAsia")) == (latin, "仿宋_GB2312")


def test_faces_chosen_for_the_layout_are_used(sample: Report) -> None:
    layout = replace(default_layout(), faces=MappingProxyType({"fang": "华文仿宋"}))
    fonts = style(sample, "Normal", layout).find(f"{W}rPr/{W}rFonts")
    assert fonts is not None
    assert fonts.get(f"{W}eastAsia") == "华文仿宋"


def test_the_theme_names_the_faces_in_use_and_is_a_part_that_word_finds(sample: Report) -> None:
    a = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    layout = replace(default_layout(), faces=MappingProxyType({"fang": "华文<仿宋>", "latin": "Arial"}))
    with zipfile.ZipFile(BytesIO(word_bytes(sample, layout))) as package:
        theme = ElementTree.fromstring(package.read("word/theme/theme1.xml"))
        types, links = (
            package.read(name).decode() for name in ("[Content_Types].xml", "word/_rels/document.xml.rels")
        )
    faces = {
        (role, kind): next(theme.iter(f"{a}{role}Font"))[number].get("typeface")
        for role in ("major", "minor")
        for number, kind in enumerate(("latin", "ea"))
    }
    assert faces == {
        ("major", "latin"): "Arial", ("major", "ea"): "黑体",
        ("minor", "latin"): "Arial", ("minor", "ea"): "华文<仿宋>",
    }  # fmt: skip
    # A theme has twelve colours, and three of each kind of effect (ECMA-376, 20.1.6).
    assert len(next(theme.iter(f"{a}clrScheme"))) == 12
    assert [len(kind) for kind in next(theme.iter(f"{a}fmtScheme"))] == [3, 3, 3, 3]
    assert 'PartName="/word/theme/theme1.xml"' in types
    assert "officedocument.theme+xml" in types
    assert "relationships/theme" in links


# --- page -----------------------------------------------------------------------------------------------------


def test_the_page_is_that_of_gb_t_9704(sample: Report) -> None:
    section = next(part(sample, "document").iter(f"{W}sectPr"))
    margins, grid = section.find(f"{W}pgMar"), section.find(f"{W}docGrid")
    assert margins is not None
    assert grid is not None
    millimetres = {
        side: round(int(margins.get(W + side, "")) / 1440 * 25.4, 1)
        for side in ("top", "bottom", "left", "right")
    }
    assert (millimetres["left"], millimetres["right"]) == (28.0, 26.0)
    # The ink of 22 lines fills the 225 mm: they are so far apart, and reach beyond the block above and below.
    pitch = floor((225 / 25.4 * 1440 - 0.98 * 320) / 21)
    assert (grid.get(f"{W}type"), grid.get(f"{W}linePitch")) == ("lines", str(pitch))
    lines = 297 - millimetres["top"] - millimetres["bottom"]
    assert 22 * pitch / 1440 * 25.4 == pytest.approx(lines, abs=0.1)
    centred = millimetres["top"] + (pitch / 20 - 0.98 * 16) / 2 / 72 * 25.4
    lower = millimetres["top"] + (0.8 * pitch / 20 - 0.85 * 16) / 72 * 25.4
    assert 36 <= centred <= lower <= 38  # 天头 37±1, whether a program centres the text in its line or not
    spacing = style(sample, "Normal").find(f"{W}pPr/{W}spacing")
    assert spacing is not None
    assert (spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")) == (str(pitch), "exact")
    assert 28 * (320 + int(value(style(sample, "Normal"), "rPr/spacing") or 0)) <= 156 / 25.4 * 1440


def test_odd_and_even_pages_are_numbered_at_their_outer_edge(sample: Report) -> None:
    with zipfile.ZipFile(BytesIO(word_bytes(sample))) as package:
        feet = [package.read(name).decode() for name in sorted(package.namelist()) if "footer" in name]
    assert [re.findall(r'<w:jc w:val="(\w+)"', foot) for foot in feet] == [["right"], ["left"]]
    for foot in feet:
        assert 'w:instr=" PAGE "' in foot
        assert "".join(re.findall(r"<w:t [^>]*>([^<]*)</w:t>", foot)) == "— 1 —"
    assert part(sample, "settings").find(f"{W}evenAndOddHeaders") is not None


def test_a_layout_may_do_without_number_signature_and_date(sample: Report) -> None:
    layout = replace(default_layout(), page_number="none", signature=False, date=False)
    with zipfile.ZipFile(BytesIO(word_bytes(sample, layout))) as package:
        assert not any("footer" in name for name in package.namelist())
    assert prose(sample, layout)[-1][0] == "NormalIndent"


def test_a_cover_has_the_title_to_itself_and_is_not_numbered(sample: Report) -> None:
    layout = replace(default_layout(), cover=True)
    texts = prose(sample, layout)
    assert [text for key, text in texts if key == "Title"] == [
        "鲁山县人民政府办公室|2022年政府信息公开工作年度报告"
    ]
    assert texts[1:4] == [("Closing", "鲁山县人民政府办公室"), ("Closing", "2023年1月16日"), ("Closing", "")]
    document = Document(BytesIO(word_bytes(sample, layout)))
    cover, text = document.sections
    assert [foot.paragraphs[0].text for foot in (cover.footer, cover.even_page_footer)] == ["", ""]
    assert text.footer.paragraphs[0].style is not None
    assert text.footer.paragraphs[0].style.name == "Footer"
    start = next(part(sample, "document", layout).iter(f"{W}pgNumType"))
    assert start.get(f"{W}start") == "1"


def test_a_draft_is_marked_behind_every_page_as_word_does_it(sample: Report) -> None:
    with zipfile.ZipFile(BytesIO(word_bytes(sample, replace(default_layout(), draft=True)))) as package:
        headers = [package.read(name).decode() for name in package.namelist() if "header" in name]
    assert len(headers) == 2
    assert all('string="草稿"' in header and "PowerPlusWaterMarkObject" in header for header in headers)


def test_inner_and_outer_margins_are_exchanged_for_printing_on_both_sides(sample: Report) -> None:
    assert part(sample, "settings").find(f"{W}mirrorMargins") is None
    mirrored = replace(default_layout(), mirrored=True)
    assert part(sample, "settings", mirrored).find(f"{W}mirrorMargins") is not None


BLOCK = 156 / 25.4 * 1440  # twips


def closing(report: Report, layout: Layout | None = None) -> list[tuple[str, float, float, str]]:
    """Text, indents in characters of 16 points and alignment of each line of signature and date."""
    found: list[tuple[str, float, float, str]] = []
    for p in part(report, "document", layout).iter(f"{W}p"):
        if value(p, "pPr/pStyle") == "Closing" and text_of(p):
            indent = p.find(f"{W}pPr/{W}ind")
            left, right = (
                0 if indent is None else int(indent.get(W + side, "0")) / 320 for side in ("left", "right")
            )
            found.append((text_of(p), left, right, value(p, "pPr/jc") or ""))
    return found


@pytest.mark.parametrize(
    ("signature", "date", "places"),
    [
        ("鲁山县人民政府办公室", "2023年1月16日", [(0, 2, "right"), (27.64 - 9.84, -1, "left")]),
        ("财政局", "二〇二三年一月十六日", [(27.64 - 4 - 9.84, -1, "left"), (0, 2, "right")]),
        ("", "2023年1月16日", [(0, 2, "right")]),
        ("某" * 30, "2023年1月16日", [(0, 0, ""), (0, 0, "")]),
    ],
)
def test_signature_and_date_stand_as_in_a_document_without_seal(
    form: Form, signature: str, date: str, places: list[tuple[float, float, str]]
) -> None:
    """The longer one ends 2 from the edge; the date begins 2 after the signature (GB/T 9704, 7.3.5.2).

    A character is 5 twips narrower than its size, so that 28 stand in a line.
    """
    report = blank_report(form).with_fields(signature=signature, date=date)
    found = closing(report)
    assert [jc for *_, jc in found] == [jc for *_, jc in places]
    for (_, left, right, _), (wanted, room, _) in zip(found, places, strict=True):
        assert left == pytest.approx(wanted, abs=0.03)
        assert right == room
    lines = [p for p in part(report, "document").iter(f"{W}p") if value(p, "pPr/pStyle") == "Closing"]
    kept = [p.find(f"{W}pPr/{W}keepNext") is not None for p in lines]
    assert kept == [True] * (len(lines) - 1) + [False]


@pytest.mark.parametrize("signature", ["县医院", "鲁山县人民政府办公室"])
def test_under_a_seal_the_date_ends_four_characters_from_the_edge_and_the_name_has_the_same_middle(
    form: Form, signature: str
) -> None:
    """GB/T 9704, 7.3.5.1; with figures of half a character and the white beside them."""
    report = blank_report(form).with_fields(signature=signature, date="二〇二三年一月十六日", sealed=True)
    (name, left, right, side), (_, _, room, edge) = closing(report)
    assert (name, side, room, edge) == (signature, "center", 4, "right")
    assert (left + BLOCK / 320 - right) / 2 == pytest.approx(BLOCK / 320 - 4 - 9.84 / 2, abs=0.05)
    blank = [p for p in part(report, "document").iter(f"{W}p") if value(p, "pPr/pStyle") == "Closing"]
    assert len(blank) == 2 + 2  # empty lines for a seal


def test_a_long_name_is_divided_between_words_in_one_paragraph(form: Form) -> None:
    name = "河南省平顶山市鲁山县人民政府政务服务和大数据管理局办公室"
    report = blank_report(form).with_fields(signature=name, date="2023年1月16日", sealed=True)
    assert ("Closing", "河南省平顶山市鲁山县人民政府|政务服务和大数据管理局办公室") in prose(report)


@pytest.mark.parametrize("sealed", [True, False])
def test_with_a_cover_name_and_date_are_written_once(sample: Report, sealed: bool) -> None:
    layout = replace(default_layout(), cover=True)
    report = sample.with_fields(sealed=sealed)
    texts = [text for _, text in prose(report, layout)]
    for text in (report.signature, report.date, "鲁山县人民政府办公室|2022年政府信息公开工作年度报告"):
        assert texts.count(text) == 1
    assert (texts.index(report.signature) > texts.index("一、总体情况")) is sealed


def test_headings_are_kept_with_their_text_and_items_of_a_list_with_nothing(form: Form) -> None:
    prose = "（一）主动公开\n1.规章\n" + "政" * 60 + "\n（一）甲办法\n（二）乙办法\n2.丙\n3.丁\n" + "府" * 60
    report = blank_report(form).with_section("overview", prose)
    kept = []
    for paragraph in part(report, "document").iter(f"{W}p"):
        if value(paragraph, "pPr/pStyle") in ("Heading2", "NormalIndent"):
            flag = paragraph.find(f"{W}pPr/{W}keepNext")
            kept.append(None if flag is None else flag.get(f"{W}val", "1"))
    assert kept == ["1", "1", None, "0", "0", None, None, None]


# --- the file -------------------------------------------------------------------------------------------------


def test_equal_reports_give_equal_bytes(sample: Report) -> None:
    assert word_bytes(sample) == word_bytes(sample.with_fields(date="x").with_fields(date=sample.date))


def test_the_file_says_who_reports_and_when_it_was_signed_and_nothing_of_the_machine(sample: Report) -> None:
    with zipfile.ZipFile(BytesIO(word_bytes(sample))) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        parts = {name: package.read(name).decode() for name in package.namelist()}
    core = Document(BytesIO(word_bytes(sample))).core_properties
    assert (core.title, core.author) == (sample.title, sample.agency)
    assert core.created == core.modified == datetime(2023, 1, 16, tzinfo=UTC)
    assert (core.last_modified_by, core.comments) == ("", "")
    assert set(parts) == {
        "[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml", "word/document.xml",
        "word/_rels/document.xml.rels", "word/styles.xml", "word/settings.xml", "word/fontTable.xml",
        "word/footer1.xml", "word/footer2.xml", "docProps/custom.xml", "word/theme/theme1.xml",
    }  # fmt: skip
    everything = "".join(parts.values())
    for word in ("python", "Macintosh", "rsid", str(Path.home()), gettempdir(), "2013"):
        assert word not in everything, word


@pytest.mark.parametrize("date", ["2023年13月1日", "二〇二三年一月", "", "下周"])
def test_a_date_that_is_none_leaves_the_file_without(sample: Report, date: str) -> None:
    with zipfile.ZipFile(BytesIO(word_bytes(sample.with_fields(date=date)))) as package:
        assert b"dcterms:created" not in package.read("docProps/core.xml")


@settings(max_examples=25)
@given(st.text(st.characters(codec=None), max_size=60), st.text(max_size=60))
def test_any_text_is_taken_and_stands_in_the_document(text: str, other: str) -> None:
    report = blank_report(load_form()).with_fields(
        own_title=text, agency=other, preamble=other, signature=text, date=other
    )
    report = report.with_section("overview", text).with_entry("requests.received.company", text[:5] or None)
    document = Document(BytesIO(word_bytes(report)))
    written = "".join("".join(p.text for p in document.paragraphs).split())
    kept = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)
    assert "".join(kept.split()) in written


# --- another office program -----------------------------------------------------------------------------------


@pytest.fixture
def pages(tmp_path: Path) -> Callable[[Report, Layout], int]:
    """The number of pages that LibreOffice makes of a report."""

    def count(report: Report, layout: Layout) -> int:
        (tmp_path / "report.docx").write_bytes(word_bytes(report, layout))
        return len(PdfReader(by_office("pdf", tmp_path, tmp_path / "report.docx")).pages)

    return count


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.key)
def test_another_office_program_makes_as_many_pages_as_the_pdf_give_or_take_one(
    sample: Report, layout: Layout, pages: Callable[[Report, Layout], int]
) -> None:
    assert abs(pages(sample, layout) - make_pdf(sample, layout).pages) <= 1
