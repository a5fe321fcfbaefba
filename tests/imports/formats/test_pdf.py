"""PDF files: ruled tables over page breaks, whole paragraphs, and what is told of files without readable text."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Report, blank_report
from gxeditor.files.limits import PAGES
from gxeditor.imports.formats.pdf import read_pdf
from gxeditor.imports.printed_pages import readable
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import RawTable, Source, SourceText
from gxeditor.paper.layouts import layouts
from gxeditor.paper.pdf import make_pdf
from gxeditor.resources import resource
from tests import crafted

WIDTH, HEIGHT = 595.0, 842.0


@pytest.fixture(scope="module", autouse=True)
def face() -> None:
    pdfmetrics.registerFont(TTFont("Song", str(resource("fonts") / "NotoSerifSC-Regular.ttf")))


class Paper:
    """Pages drawn from the upper left corner, in points."""

    def __init__(self) -> None:
        self._bytes = BytesIO()
        self.canvas = Canvas(self._bytes, pagesize=(WIDTH, HEIGHT))

    def text(self, x: float, y: float, shown: str, size: float = 12) -> None:
        self.canvas.setFont("Song", size)
        self.canvas.drawString(x, HEIGHT - y, shown)

    def turned(self, x: float, y: float, shown: str, degrees: float, size: float = 12) -> None:
        self.canvas.saveState()
        self.canvas.translate(x, HEIGHT - y)
        self.canvas.rotate(degrees)
        self.canvas.setFont("Song", size)
        self.canvas.drawString(0, 0, shown)
        self.canvas.restoreState()

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def grid(self, xs: list[float], ys: list[float]) -> None:
        for y in ys:
            self.line(xs[0], y, xs[-1], y)
        for x in xs:
            self.line(x, ys[0], x, ys[-1])

    def scan(self, width: float = WIDTH, height: float = HEIGHT) -> None:
        picture = ImageReader(Image.new("L", (20, 30), 200))
        self.canvas.drawImage(picture, 0, 0, width, height)

    def turn(self) -> None:
        self.canvas.showPage()

    def data(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self._bytes.getvalue()

    def read(self) -> Source:
        return read_pdf(self.data(), "年报.pdf")


def texts(source: Source) -> list[str]:
    return [block.text for block in source.blocks if isinstance(block, SourceText)]


def tables(source: Source) -> list[RawTable]:
    return [block for block in source.blocks if isinstance(block, RawTable)]


def shown(table: RawTable) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


def prose(paper: Paper, top: float = 300) -> None:
    """Enough Chinese that the file is no garbage."""
    for i in range(4):
        paper.text(80, top + 30 * i, "全年主动公开政府信息，办理政府信息公开申请。")


# -------------------- our own pages
@pytest.fixture
def report(form: Form) -> Report:
    """Every detail has a figure of its own, and there is prose of every length."""
    details = [cell for cell in form.cells.values() if not cell.is_total]
    figures = {
        cell.id: number * 13 % 997 if number % 3 else number * 131
        for number, cell in enumerate(details, 1)
        if not cell.decimals
    }
    long = "".join(
        f"全年办理第{i}件政府信息公开申请，答复率为{i}%，均按期办结；" for i in range(1, 40)
    ).rstrip("；")
    overview = f"（一）主动公开情况。{long}。\n（二）依申请公开情况。\n" + "\n".join(
        "依法公开政府信息。"[:-1] * i + "。" for i in range(2, 9)
    )
    return (
        blank_report(form, 2023)
        .with_fields(
            agency="某县人民政府",
            kind=AgencyKind.GOVERNMENT,
            preamble=f"本报告按照有关规定编制。{long}。",
            signature="某县人民政府",
            date="2024年1月16日",
        )
        .with_section("overview", overview)
        .with_section("requests", "申请均已按时办结。")
        .with_section("problems", f"{long}。\n下一步将认真改进。")
        .with_section("other_matters", "无其他需要报告的事项。")
        .with_entries(figures)
    )


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.key)
@pytest.mark.parametrize("mirrored", [False, True])
def test_our_own_pdf_gives_back_the_report(
    layout: object, mirrored: bool, report: Report, form: Form
) -> None:
    chosen = next(one for one in layouts() if one is layout or one == layout)
    chosen = replace(chosen, signature=True, date=True, mirrored=mirrored)
    source = read_pdf(make_pdf(report, chosen).data, "年报.pdf")
    found = recognize(source, form).report
    assert {i: report.value(i) for i in form.cells} == {i: found.entries.get(i) for i in form.cells}
    for name in ("agency", "year", "kind", "own_title", "preamble", "signature", "date"):
        assert getattr(found, name) == getattr(report, name)
    assert dict(found.sections) == dict(report.sections)
    assert source.kind.startswith("PDF 文件，")


# -------------------- tables
def test_every_cell_knows_its_place_and_what_is_too_wide_stays_whole() -> None:
    paper = Paper()
    paper.grid([80, 180, 280, 380], [100, 130, 160])
    paper.text(90, 120, "信息内容")
    paper.text(190, 120, "规章")
    paper.text(290, 120, "12")
    paper.text(90, 150, "行政许可决定数量12")
    paper.text(290, 150, "7")
    prose(paper)
    (table,) = tables(paper.read())
    found = [cell.text for cell in table.cells]
    assert found == ["信息内容", "规章", "12", "行政许可决定数量12", "", "7"], (
        "what is too wide stays in its cell"
    )
    origin = table.cells[2].origin
    assert origin.page == 1
    assert origin.box == pytest.approx((280 / WIDTH, 100 / HEIGHT, 380 / WIDTH, 130 / HEIGHT), abs=0.002)


def test_a_span_in_both_directions_and_thin_boxes_for_lines() -> None:
    paper = Paper()

    def rule(x0: float, y0: float, x1: float, y1: float) -> None:
        paper.canvas.rect(x0, HEIGHT - y1, x1 - x0 + 0.5, y1 - y0 + 0.5, stroke=0, fill=1)

    for y in (100, 190):
        rule(80, y, 380, y)
    rule(180, 130, 380, 130)
    rule(180, 160, 380, 160)
    for x in (80, 180, 380):
        rule(x, 100, x, 190)
    rule(280, 130, 280, 190)
    paper.text(100, 140, "申请数量")
    paper.text(240, 120, "申请人情况")
    for i, what in enumerate(("自然人", "总计", "3", "4")):
        paper.text(200 + 100 * (i % 2), 150 + 30 * (i // 2), what)
    prose(paper)
    (table,) = tables(paper.read())
    assert shown(table) == [
        (0, 0, 3, 1, "申请数量"),
        (0, 1, 1, 2, "申请人情况"),
        (1, 1, 1, 1, "自然人"),
        (1, 2, 1, 1, "总计"),
        (2, 1, 1, 1, "3"),
        (2, 2, 1, 1, "4"),
    ]


@pytest.mark.parametrize(("degrees", "x", "y"), [(90, 98, 290), (-90, 88, 110)])
def test_a_turned_label_is_read_along_its_line(degrees: float, x: float, y: float) -> None:
    paper = Paper()
    paper.grid([80, 110, 300], [100, 300])
    paper.turned(x, y, "三、本年度办理结果", degrees)
    paper.text(120, 200, "（一）予以公开")
    prose(paper, 400)
    (table,) = tables(paper.read())
    assert [cell.text for cell in table.cells] == ["三、本年度办理结果", "（一）予以公开"]


def test_labels_of_one_or_two_characters_a_line_are_joined() -> None:
    paper = Paper()
    paper.grid([80, 110, 170, 230], [100, 260])
    for i, char in enumerate("三、本年度办理结果"):
        paper.text(90, 118 + 16 * i, char)
    paper.text(125, 150, "商业企")
    paper.text(125, 166, "业")
    paper.text(185, 150, "Open")
    paper.text(185, 166, "data")
    prose(paper, 400)
    (table,) = tables(paper.read())
    assert [cell.text for cell in table.cells] == ["三、本年度办理结果", "商业企业", "Open data"]


def test_upright_lines_are_read_from_right_to_left() -> None:
    paper = Paper()
    paper.grid([80, 140, 300], [100, 200])
    for i, char in enumerate("三、本年度"):
        paper.text(115, 118 + 13 * i, char)
    for i, char in enumerate("办理结果"):
        paper.text(90, 118 + 13 * i, char)
    paper.text(150, 150, "（一）予以公开")
    prose(paper)
    (table,) = tables(paper.read())
    assert [cell.text for cell in table.cells] == ["三、本年度办理结果", "（一）予以公开"]


def test_digits_go_on_below_only_where_the_cell_was_full() -> None:
    paper = Paper()
    paper.grid([80, 200, 228, 300], [100, 140, 180])
    paper.text(90, 120, "行政处罚")
    paper.text(203, 117, "115")
    paper.text(203, 133, "9")
    paper.text(90, 160, "行政强制")
    paper.text(203, 157, "12")
    paper.text(203, 173, "34")
    paper.text(235, 157, "7")
    paper.text(235, 173, "8")
    prose(paper)
    (table,) = tables(paper.read())
    found = {(cell.row, cell.column): cell.text for cell in table.cells}
    assert found[0, 1] == "1159"
    assert found[1, 1] == "12\n34", "two figures in one cell are not one number"
    assert found[1, 2] == "7\n8"


def test_a_frame_around_prose_is_no_table() -> None:
    paper = Paper()
    paper.canvas.rect(60, 100, 475, 650)
    paper.line(80, 125, 200, 125)
    prose(paper)
    assert tables(paper.read()) == []


# -------------------- page breaks
XS = [80.0, 110.0, 180.0, 300.0, 400.0]


Rows = tuple[tuple[str, ...], ...]
HEAD = ("组", "类", "行", "数")


def broken(first: Rows, second: Rows, head: Rows = ()) -> tuple[RawTable, Source]:
    """A table of which a page break leaves these rows on each of two pages, the second one with a heading or not."""
    paper = Paper()
    prose(paper, 100)
    below = 720.0 - 30 * (len(first) + 1)
    _rows(paper, below, (HEAD, *first))
    paper.text(290, 810, "— 1 —", 10)
    paper.turn()
    _rows(paper, 80, (*head, *second))
    prose(paper, 400)
    paper.text(290, 810, "— 2 —", 10)
    source = paper.read()
    (table,) = tables(source)
    return table, source


def _rows(paper: Paper, top: float, rows: Rows) -> None:
    paper.grid(XS, [top + 30 * i for i in range(len(rows) + 1)])
    for i, cells in enumerate(rows):
        for x, cell in zip(XS, cells, strict=False):
            paper.text(x + 5, top + 30 * i + 20, cell)


def test_a_table_goes_on_over_the_page_and_that_is_told() -> None:
    table, source = broken(
        (("甲", "乙", "一、新收", "1"),), (("甲", "乙", "二、结转", "2"), ("甲", "乙", "三、办结", "3"))
    )
    assert [cell.text for cell in table.cells if cell.column == 3] == ["数", "1", "2", "3"]
    assert [(note.severity, note.what) for note in source.notes] == [("info", "表格在第 1 页末尾断开。")]
    assert {cell.origin.page for cell in table.cells} == {1, 2}
    assert not any("—" in text for text in texts(source)), "page numbers are no prose"


def test_headings_that_stand_on_every_page_count_once() -> None:
    second = (("甲", "乙", "二、结转", "2"), ("甲", "乙", "三、办结", "3"))
    table, _ = broken((("甲", "乙", "一、新收", "1"),), second, head=(HEAD,))
    assert [cell.text for cell in table.cells if cell.column == 3] == ["数", "1", "2", "3"]


def test_the_label_of_a_group_that_is_cut_reaches_over_the_page() -> None:
    second = (("", "予公开", "2.三类信息", "2"), ("四、", "", "3.其他", "3"))
    table, _ = broken((("三、", "（一）不", "1.国家秘密", "1"),), second)
    found = {(cell.row, cell.column): cell for cell in table.cells}
    assert (found[1, 0].text, found[1, 0].row_span) == ("三、", 2)
    assert found[3, 0].text == "四、"
    assert [found[i, 3].text for i in (1, 2, 3)] == ["1", "2", "3"]


def test_a_row_that_is_cut_is_one_row() -> None:
    second = (("", "", "逾期不补正", "27"), ("丙", "丁", "2.其他", "3"))
    table, _ = broken((("甲", "乙", "1.申请人无正当理由", ""),), second)
    assert [cell.text for cell in table.cells if cell.row == 1] == [
        "甲",
        "乙",
        "1.申请人无正当理由逾期不补正",
        "27",
    ]
    assert table.rows == 3


def test_figures_of_a_row_that_is_cut_are_joined_only_where_their_cells_were_full() -> None:
    narrow = [80.0, 200.0, 228.0]

    def cut(above: str, below: str) -> list[str]:
        paper = Paper()
        prose(paper, 100)
        paper.grid(narrow, [660, 690, 720])
        paper.text(85, 680, "一、新收")
        paper.text(203, 680, "115")
        paper.text(85, 710, "二、结转")
        paper.text(203, 710, above)
        paper.turn()
        paper.grid(narrow, [80, 110, 140])
        paper.text(203, 100, below)
        paper.text(85, 130, "三、办结")
        prose(paper, 300)
        (table,) = tables(paper.read())
        return [cell.text for cell in table.cells if cell.column == 1]

    assert cut("120", "4") == ["115", "1204", ""]
    assert cut("12", "4") == ["115", "12", "4", ""]


def test_a_short_label_without_figures_is_not_joined_with_the_next_row() -> None:
    second = (("", "", "行政规范性文件", "5"), ("", "", "许可", "6"))
    table, _ = broken((("甲", "乙", "规章", ""),), second)
    rows = [cell.text for cell in table.cells if cell.column == 2]
    assert rows == ["行", "规章", "行政规范性文件", "许可"]


# -------------------- paragraphs
def test_lines_are_joined_to_paragraphs_over_pages() -> None:
    paper = Paper()
    full = "依法公开政府信息是法定的职责应当及时准确全面地公布出来供群众查阅并接受监督"[:36]
    paper.text(104, 120, full[:34])
    for i in range(3):
        paper.text(80, 144 + 24 * i, full)
    paper.text(80, 216, "到此为止。")
    paper.text(104, 240, "（二）依申请公开情况。")
    paper.text(104, 264, full[:34])
    paper.text(290, 810, "- 1 -", 10)
    paper.turn()
    paper.text(80, 100, "第二页接着写。")
    paper.text(290, 810, "- 2 -", 10)
    found = texts(paper.read())
    assert found == [
        full[:34] + full * 3 + "到此为止。",
        "（二）依申请公开情况。",
        full[:34] + "第二页接着写。",
    ]


def test_what_stands_at_the_head_of_every_page_is_told_and_left_out() -> None:
    paper = Paper()
    for number in (1, 2, 3):
        paper.text(230, 40, "某某县政府信息公开年报", 9)
        prose(paper, 200)
        paper.text(260, 815, f"第 {number} 页 共 3 页", 9)
        if number < 3:
            paper.turn()
    source = paper.read()
    assert set(texts(source)) == {"全年主动公开政府信息，办理政府信息公开申请。"}
    assert [note.what for note in source.notes] == ["每页都有“某某县政府信息公开年报”。"]


def test_raised_figures_stay_in_their_line_and_bold_by_double_strike_counts_once() -> None:
    paper = Paper()
    paper.text(80, 100, "占地三十平方米")
    paper.text(165, 95, "2", 7)
    for shift in (0, 0.4):
        paper.text(80 + shift, 160, "一、总体情况")
    assert texts(paper.read()) == ["占地三十平方米2", "一、总体情况"]


def test_blanks_between_chinese_and_figures_that_only_the_setting_made_are_none() -> None:
    paper = Paper()
    paper.text(80, 100, "全县共有")
    paper.text(131, 100, "14")
    paper.text(147, 100, "个部门报送年度报告")
    assert texts(paper.read()) == ["全县共有14个部门报送年度报告"]


def test_columns_without_lines_become_rows() -> None:
    paper = Paper()
    paper.text(80, 80, "二、主动公开政府信息情况")
    for i, (label, figures) in enumerate(
        (("信息内容", ("制发件数", "废止件数")), ("规章", ("1", "2")), ("规范性文件", ("30", "4")))
    ):
        paper.text(80, 110 + 24 * i, label)
        for j, figure in enumerate(figures):
            paper.text(220 + 120 * j, 110 + 24 * i, figure)
    paper.text(80, 220, "三、收到和处理政府信息公开申请情况")
    source = paper.read()
    assert texts(source) == ["二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]
    (table,) = tables(source)
    assert [cell.text for cell in table.cells] == [
        "信息内容",
        "制发件数",
        "废止件数",
        "规章",
        "1",
        "2",
        "规范性文件",
        "30",
        "4",
    ]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("content", [0, 90, 180, 270])
def test_pages_are_read_upright_however_they_are_turned(degrees: int, content: int) -> None:
    """Turned for the reader, drawn aslant, or both; boxes stand where the cell is shown."""
    paper = Paper()
    prose(paper)
    paper.grid([80, 200, 300], [100, 130])
    paper.text(90, 120, "规章")
    paper.text(210, 120, "12")
    with pikepdf.open(BytesIO(paper.data())) as pdf:
        page = pdf.pages[0]
        matrices = {0: "1 0 0 1 0 0", 90: "0 1 -1 0 842 0", 180: "-1 0 0 -1 595 842", 270: "0 -1 1 0 0 595"}
        page.contents_add(f"{matrices[content]} cm\n".encode(), prepend=True)
        if content in (90, 270):
            page.MediaBox = [0, 0, 842, 595]
        page.Rotate = degrees
        turned = BytesIO()
        pdf.save(turned)
    source = read_pdf(turned.getvalue(), "年报.pdf")
    assert set(texts(source)) == {"全年主动公开政府信息，办理政府信息公开申请。"}
    (table,) = tables(source)
    assert [cell.text for cell in table.cells] == ["规章", "12"]
    x0, top, x1, bottom = 80 / WIDTH, 100 / HEIGHT, 200 / WIDTH, 130 / HEIGHT
    shown_turned = (degrees - content) % 360
    expected = {
        0: (x0, top, x1, bottom),
        90: (1 - bottom, x0, 1 - top, x1),
        180: (1 - x1, 1 - bottom, 1 - x0, 1 - top),
        270: (top, 1 - x1, bottom, 1 - x0),
    }[shown_turned]
    assert table.cells[0].origin.box == pytest.approx(expected, abs=0.002)


def test_radicals_become_the_characters_they_look_like() -> None:
    paper = Paper()
    prose(paper)
    pdf = paper.data()
    source = read_pdf(pdf, "年报.pdf")
    assert "政府信息" in texts(source)[0]
    assert readable("⼈⺠政府⾄⼾⻔⻓") == "人民政府至户门长"
    assert readable("ﬁ") == "fi"
    assert readable("２０") == "２０", "full-width digits are left to whoever reads numbers"


# -------------------- watermarks and what cannot be read
def test_watermarks_are_told_and_not_read() -> None:
    paper = Paper()
    prose(paper)
    paper.canvas.setFillGray(0.85)
    paper.turned(150, 600, "内部资料", 45, 60)
    paper.text(150, 300, "草稿", 60)
    paper.canvas.setFillGray(0)
    source = paper.read()
    assert len(texts(source)) == 4
    assert [note.what for note in source.notes] == ["第 1 页有水印“内部资料草稿”。"]


def test_a_scan_is_told_as_what_it_is() -> None:
    paper = Paper()
    paper.scan()
    paper.text(290, 810, "- 1 -", 10)
    with pytest.raises(UnreadableSource) as caught:
        paper.read()
    assert caught.value.what == "“年报.pdf”是扫描的图片，里面没有文字，程序认不出图片里的数字。"
    assert "没有读入" in caught.value.meaning
    assert "新建年报" in caught.value.remedy


def test_a_scanned_page_among_others_and_text_over_a_scan_are_doubts() -> None:
    paper = Paper()
    prose(paper)
    paper.turn()
    paper.scan()
    paper.turn()
    paper.scan()
    prose(paper)
    notes = paper.read().notes
    assert [(note.severity, note.origin.page) for note in notes] == [("doubt", 2), ("doubt", 3)]
    assert "可能有错" in notes[1].what


def test_drawings_without_text_are_told() -> None:
    paper = Paper()
    paper.grid([80, 200, 300], [100, 200, 300])
    with pytest.raises(UnreadableSource, match="没有文字"):
        paper.read()


def protected(owner: str, user: str) -> bytes:
    paper = Paper()
    prose(paper)
    locked = BytesIO()
    with pikepdf.open(BytesIO(paper.data())) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner=owner, user=user))
    return locked.getvalue()


def test_a_file_with_a_password_is_told_as_such() -> None:
    with pytest.raises(UnreadableSource, match=r"“年报\.pdf”设有打开密码"):
        read_pdf(protected(owner="secret", user="open"), "年报.pdf")


def test_a_file_that_is_only_protected_from_changes_is_read() -> None:
    assert len(texts(read_pdf(protected(owner="secret", user=""), "年报.pdf"))) == 4


def test_fonts_that_do_not_say_their_characters_are_told_as_garbage() -> None:
    paper = Paper()
    prose(paper)
    with pikepdf.open(BytesIO(paper.data())) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and "/ToUnicode" in one:
                del one["/ToUnicode"]
        bare = BytesIO()
        pdf.save(bare)
    with pytest.raises(UnreadableSource, match="乱码"):
        read_pdf(bare.getvalue(), "年报.pdf")


def test_pages_beyond_the_most_are_told() -> None:
    paper = Paper()
    for _ in range(PAGES):
        paper.text(80, 200, "全年主动公开政府信息。")
        paper.turn()
    paper.text(80, 200, "再没有了。")
    source = paper.read()
    assert source.notes[0].what == f"这个文件有 {PAGES + 1} 页，只读了前 {PAGES} 页。"
    assert "再没有了。" not in texts(source)


def test_standard_chinese_fonts_that_are_not_in_the_file_are_read() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    paper = Paper()
    paper.canvas.setFont("STSong-Light", 12)
    paper.canvas.drawString(80, 700, "一、总体情况")
    assert texts(paper.read()) == ["一、总体情况"]


@pytest.mark.parametrize(
    "objects",
    [
        (b"2 0 R", b"1 0 R"),
        (b"<</Type/Catalog/Pages 2 0 R>>", b"2 0 R"),
        (b"<</Type/Catalog/Pages 2 0 R>>", b"3 0 R", b"4 0 R", b"2 0 R"),
        (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"4 0 R", b"3 0 R"),
    ],
)
def test_references_that_lead_in_a_circle_end_in_a_sentence(objects: tuple[bytes, ...]) -> None:
    with pytest.raises(UnreadableSource, match="已损坏"):
        read_pdf(crafted.pdf(*objects), "年报.pdf")


def test_objects_that_only_refer_to_others_are_followed() -> None:
    page = b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 300 300]>>"
    whole = crafted.pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"3 0 R", b"<</Type/Pages/Kids[4 0 R]/Count 1>>", b"5 0 R", page
    )
    with pytest.raises(UnreadableSource, match=r"没有文字|扫描|没有可以读取的文字"):
        read_pdf(whole, "年报.pdf")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"no pdf", b"%PDF-1.7\n" + b"<<" * 5000])
def test_what_is_no_pdf_ends_in_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableSource, match=r"年报\.pdf"):
        read_pdf(data, "年报.pdf")


@pytest.mark.parametrize("number", range(12))
def test_damage_ends_in_a_source_or_a_sentence(number: int) -> None:
    import random

    paper = Paper()
    prose(paper)
    paper.grid([80, 200, 300], [100, 130])
    paper.canvas.setPageCompression(0)
    data = bytearray(paper.data())
    dice = random.Random(number)
    for _ in range(30):
        data[dice.randrange(len(data))] = dice.randrange(256)
    try:
        told = read_pdf(bytes(data), "年报.pdf").name
    except UnreadableSource as error:
        told = error.what
    assert "年报.pdf" in told
