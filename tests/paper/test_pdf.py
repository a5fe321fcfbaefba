"""The PDF of a report, read back: the text as printed, the tables in place, nothing but embedded faces."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from gxeditor.core.errors import Cancelled
from gxeditor.core.form import Form, Table
from gxeditor.core.report import Entry, Report, blank_report, paragraphs
from gxeditor.paper.faces import BUNDLED, Face
from gxeditor.paper.layouts import Layout, default_layout, layouts
from gxeditor.paper.pages import PageSpot
from gxeditor.paper.pdf import Missing, make_pdf, missing_characters
from gxeditor.paper.titles import signature_lines
from gxeditor.paper.typeset import missing_characters as missing_in

MM = 72 / 25.4
SAMPLE = Path(__file__).parent.parent / "samples" / "lushan-2022.expected.json"
PROSE = (
    "各级行政机关（含“县级以上人民政府”）严格按照《条例》第五十条第（四）项、〔2021〕30号文件的要求，2022年共办理30件，"
    "同比增长12.5%，落实“放管服”“双随机、一公开”，费用1,234.5600万元。"
)


def sample(form: Form) -> Report:
    """鲁山县人民政府办公室 2022: the figures as read from the published report, prose in every section."""
    cells = json.loads(SAMPLE.read_text(encoding="utf-8"))["cells"]
    entries: dict[str, Entry | None] = {
        key: Decimal(value) if isinstance(value, str) else value
        for key, value in cells.items()
        if value is not None
    }
    report = blank_report(form, 2022).with_entries(entries)
    report = report.with_section(
        "overview", f"{PROSE}\n（一）主动公开情况。{PROSE}\n（二）依申请公开情况。{PROSE * 3}"
    )
    for key in ("proactive", "requests", "disputes", "problems"):
        report = report.with_section(key, PROSE)
    report = report.with_section("other_matters", "本机关2022年度未收取信息处理费。")
    return report.with_fields(
        agency="鲁山县人民政府办公室", signature="鲁山县人民政府办公室", date="2023年1月20日"
    )


def reader(report: Report) -> PdfReader:
    return PdfReader(BytesIO(make_pdf(report).data))


def text_of(report: Report) -> str:
    """All text without blanks, in the order it was drawn."""
    return "".join("".join(page.extract_text().split()) for page in reader(report).pages)


def searched(report: Report, tmp_path: Path) -> str:
    """All text as pdftotext reads it, by the places of the characters, without blanks and page numbers."""
    file = tmp_path / "report.pdf"
    file.write_bytes(make_pdf(report).data)
    result = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True)
    return re.sub(r"—\d+—", "", "".join(result.stdout.decode("utf-8").split()))


def pages_with(report: Report, text: str) -> list[int]:
    pages = reader(report).pages
    return [n for n, page in enumerate(pages, 1) if text in "".join(page.extract_text().split())]


def places(page: Any) -> list[tuple[float, float, str, float]]:
    """(x, y, text, size) of every string on a page, in points from the lower left."""
    found: list[tuple[float, float, str, float]] = []

    def visit(text: str, matrix: list[float], position: list[float], font: Any, size: float) -> None:
        if text.strip():
            x, y = position[4], position[5]
            found.append(
                (
                    matrix[0] * x + matrix[2] * y + matrix[4],
                    matrix[1] * x + matrix[3] * y + matrix[5],
                    text.strip(),
                    size * matrix[0],
                )
            )

    page.extract_text(visitor_text=visit)
    return found


def table_of(form: Form, key: str) -> Table:
    table = form.section(key).table
    assert table is not None
    return table


def test_every_paragraph_and_heading_is_found_by_a_search(form: Form, tmp_path: Path) -> None:
    report = sample(form)
    text = searched(report, tmp_path)
    for section in form.sections:
        assert section.heading in text
        for paragraph in paragraphs(report.sections[section.key]):
            assert paragraph.text in text
    assert "鲁山县人民政府办公室2022年政府信息公开工作年度报告" in text
    assert text.endswith("鲁山县人民政府办公室2023年1月20日")


def test_every_label_of_the_form_is_there_in_the_order_of_the_paper(form: Form) -> None:
    text = text_of(blank_report(form))
    for table in form.tables:
        place = 0
        for label in (place.text for place in table.grid().places if place.text):
            plain = "".join(label.split())
            assert plain in text[place:]
            place = text.index(plain, place)


def test_each_of_the_200_figures_stands_in_its_own_place(form: Form) -> None:
    """Every cell gets a number of its own; in the file they follow each other as the grid does."""
    numbers: Mapping[str, Entry] = {
        key: Decimal(f"{1000 + n}.5") if cell.decimals else 1000 + n
        for n, (key, cell) in enumerate(form.cells.items())
    }
    drawn = [
        text
        for page in reader(blank_report(form).with_entries(numbers)).pages
        for *_, text, _ in places(page)
    ]
    found = [text for text in drawn if text.replace(".", "").isdigit() and float(text) >= 1000]
    expected = [
        str(numbers[place.cell.id])
        for table in form.tables
        for place in table.grid().places
        if place.cell is not None
    ]
    assert found == expected
    assert len(found) == 200


def test_zero_is_shown_blank_is_blank_and_a_kept_text_is_kept(form: Form) -> None:
    ids = ("requests.received.natural_person", "requests.received.company")
    blank = text_of(blank_report(form)).count("0")
    report = blank_report(form).with_entries({ids[0]: 0, ids[1]: "/"})
    assert text_of(report).count("0") == blank + 1
    assert text_of(report).count("/") == 1


def test_an_automatic_total_is_printed_like_a_typed_one(form: Form) -> None:
    row = [cell for cell in table_of(form, "requests").cells if cell.id.startswith("requests.received.")]
    report = blank_report(form).with_entries({cell.id: 1111 for cell in row if not cell.is_total})
    assert "6666" in text_of(report)


def test_money_keeps_the_decimals_it_was_given(form: Form) -> None:
    report = blank_report(form).with_entry("proactive.fees.amount", Decimal("0.0000"))
    assert "0.0000" in text_of(report)


def test_table_three_stands_on_one_page_with_its_heading(form: Form) -> None:
    for report in (sample(form), blank_report(form)):
        (page,) = pages_with(report, "四、结转下年度继续办理")
        assert page in pages_with(report, "三、收到和处理政府信息公开申请情况")
        assert page in pages_with(report, "申请人情况")


def test_table_three_stands_on_one_page_with_the_longest_numbers(form: Form) -> None:
    cells = table_of(form, "requests").cells
    wide = blank_report(form).with_entries({cell.id: 123456789012 for cell in cells})
    assert pages_with(wide, "四、结转下年度继续办理") == pages_with(wide, "申请人情况")
    drawn = [text for page in reader(wide).pages for *_, text, _ in places(page)]
    assert drawn.count("123456789012") == 175


def test_statutory_labels_are_set_in_the_largest_type(form: Form) -> None:
    """表二 in 12 pt (小四), 表三 and 表四 in 10.5 pt (五号)."""
    sizes = {text: size for page in reader(blank_report(form)).pages for _, _, text, size in places(page)}
    assert sizes["行政规范性文件"] == pytest.approx(12)
    assert sizes["复议后起诉"] == sizes["科研"] == pytest.approx(10.5)
    assert sizes["自然人"] > 9.9  # as large as keeps off the rules


def test_the_page_is_that_of_an_official_document(form: Form) -> None:
    """GB/T 9704-2012, 5.2: a block of 156 by 225 mm on A4, 28 mm from the left and 37 mm from the top."""
    report = blank_report(form).with_section("overview", "政府信息公开" * 200)
    page = reader(report).pages[1]
    assert (round(page.mediabox.width / MM), round(page.mediabox.height / MM)) == (210, 297)
    lines = [(x, y) for x, y, text, size in places(page) if size == pytest.approx(16)]
    assert {round(x / MM, 1) for x, _ in lines} == {28.0}
    assert len({round(y) for _, y in lines}) == 22
    top, foot = max(y for _, y in lines), min(y for _, y in lines)
    han = BUNDLED.font(Face.FANG).centre * 16  # what a ruler measures is the ink: 撑满版心
    assert top + han + 8 == pytest.approx(260 * MM, abs=1)
    assert foot + han - 8 == pytest.approx(35 * MM, abs=1)


def test_odd_pages_are_numbered_on_the_right_and_even_ones_on_the_left(form: Form) -> None:
    """GB/T 9704-2012, 7.5: a character from the edge, 14 pt (4号)."""
    pages = reader(sample(form)).pages
    for number, page in enumerate(pages, 1):
        foot = [(x, size) for x, y, text, size in places(page) if y < 35 * MM]
        assert [round(size) for _, size in foot] == [14] * len(foot)
        left = min(x for x, _ in foot)
        assert left > 150 * MM if number % 2 else left == pytest.approx(28 * MM + 14, abs=1)


def test_faces_are_embedded_as_subsets_and_there_is_no_other(form: Form, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(make_pdf(sample(form)).data)
    listing = (
        subprocess.run(["pdffonts", file], check=True, capture_output=True).stdout.decode().splitlines()[2:]
    )
    names = {line.split()[0].partition("+")[2] for line in listing}
    assert names == {
        "NotoSerifSC-Regular",
        "NotoSerifSC-Bold",
        "NotoSansSC-Medium",
        "GXKai-Regular",
        "FandolFang-Regular",
        "Tinos-Regular",
        "Tinos-Bold",
    }
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in listing)


def test_all_text_of_the_form_has_glyphs(form: Form) -> None:
    texts = [place.text for table in form.tables for place in table.grid().places]
    texts += [section.heading for section in form.sections] + [form.title]
    assert missing_in("".join(texts)) == ()


def test_equal_reports_give_equal_bytes(form: Form) -> None:
    assert make_pdf(sample(form)).data == make_pdf(sample(form)).data


def test_the_file_tells_title_agency_language_and_the_date_of_the_report_but_no_clock_and_no_path(
    form: Form,
) -> None:
    file = reader(sample(form))
    assert file.metadata == {
        "/Title": "鲁山县人民政府办公室2022年政府信息公开工作年度报告",
        "/Author": "鲁山县人民政府办公室",
        "/Subject": "政府信息公开工作年度报告",
        "/Keywords": "机关类别：其他；年度：2022",
        "/Creator": "gxeditor",
        "/CreationDate": "D:20230120000000+08'00'",
    }
    assert file.pdf_header == "%PDF-1.7"
    root: Any = file.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"


def test_each_part_has_an_entry_in_the_outline_that_leads_to_its_page(form: Form) -> None:
    report = sample(form)
    file = reader(report)
    entries: list[Any] = [one for one in file.outline if not isinstance(one, list)]  # without sub-headings
    assert [entry.title for entry in entries] == [section.heading for section in form.sections]
    for entry in entries:
        page = file.get_destination_page_number(entry)
        assert page is not None
        assert page + 1 in pages_with(report, entry.title)


def test_a_blank_report_is_the_blank_form(form: Form) -> None:
    text = text_of(blank_report(form))
    assert text.startswith("—1—政府信息公开工作年度报告一、总体情况二、主动公开政府信息情况")
    assert "0" not in text


def test_a_name_outside_the_basic_plane_is_printed_and_copied(form: Form) -> None:
    report = sample(form).with_section("problems", "联系人：𬭩。")
    assert missing_characters(report) == ()
    assert "联系人：𬭩。" in text_of(report)


def test_a_character_that_no_face_has_is_named_with_its_place_and_drawn_as_geta(form: Form) -> None:
    report = sample(form).with_fields(preamble="说明\n☑已核", signature="☑局")
    report = report.with_section("problems", "第一段\n含☑的一段").with_entry("requests.received.total", "☑")
    assert missing_characters(report) == (
        Missing("☑", "前言第 2 段"),
        Missing("☑", f"「{form.cells['requests.received.total'].place}」"),
        Missing("☑", "「五、存在的主要问题及改进情况」第 2 段"),
        Missing("☑", "署名"),
    )
    assert missing_characters(report)[0].code == "U+2611"
    assert text_of(report).count("〓") == 4


def test_sub_headings_are_in_kaiti_and_run_on_in_fangsong(form: Form) -> None:
    faces: list[tuple[str, str]] = []
    report = blank_report(form).with_section("overview", "（一）主动公开情况。发布信息三十条。")

    def visit(text: str, matrix: list[float], position: list[float], font: Any, size: float) -> None:
        if text.strip() and font is not None:
            faces.append((text.strip(), font["/BaseFont"]))

    reader(report).pages[0].extract_text(visitor_text=visit)
    kai = "".join(text for text, name in faces if name.endswith("GXKai-Regular") and text != "—")
    fang = "".join(text for text, name in faces if name.endswith("FandolFang-Regular"))
    assert kai == "（一）主动公开情况。"
    assert fang == "发布信息三十条。"


@pytest.mark.parametrize("lines", range(8, 31))
def test_no_page_ends_with_a_heading_and_none_begins_with_the_signature(form: Form, lines: int) -> None:
    """The prose of parts five and six grows line by line over two pages."""
    report = blank_report(form).with_fields(signature="县政府办公室", date="2023年1月20日")
    report = report.with_section("problems", "政" * 28 * lines).with_section(
        "other_matters", "府" * 28 * (lines % 7)
    )
    pages = ["".join(page.extract_text().split()) for page in reader(report).pages]
    for page in pages:
        assert not page.endswith(("改进情况", "报告的事项"))
    if lines % 7 > 1:
        assert "府府县政府办公室2023年1月20日" in pages[-1]


@pytest.mark.parametrize(
    ("signature", "date", "shift"),
    [
        ("鲁山县人民政府办公室", "2023年1月20日", 32),
        ("财政局", "二〇二三年一月二十日", 32),
        ("", "2023年1月20日", 0),
    ],
)
def test_signature_and_date_stand_as_without_a_seal(
    form: Form, signature: str, date: str, shift: float
) -> None:
    """GB/T 9704-2012, 7.3.5.2: the date begins two characters further right, the longer one two from the edge."""
    report = blank_report(form).with_fields(signature=signature, date=date)
    page = reader(report).pages[-1]
    body = [(x, round(y / 4)) for x, y, _, size in places(page) if size == pytest.approx(16)]
    last = min(row for _, row in body)
    starts = {row: min(x for x, r in body if abs(r - row) < 2) for _, row in body}
    rows = sorted(row for row in starts if row <= last + (8 if signature else 1))
    assert starts[rows[0]] - starts[rows[-1]] == pytest.approx(shift, abs=1)
    assert starts[rows[0]] > 100 * MM - 40


def test_a_date_longer_than_the_signature_ends_two_characters_from_the_edge(form: Form) -> None:
    report = blank_report(form).with_fields(signature="财政局", date="二〇二三年一月二十日")
    page = reader(report).pages[-1]
    pitch = 156 * MM / 28
    (start,) = [x for x, _, text, _ in places(page) if text.startswith("二〇")]
    assert start + 10 * pitch == pytest.approx((28 + 156) * MM - 32, abs=1)


def test_a_long_signature_is_broken_and_nothing_is_lost(form: Form) -> None:
    report = blank_report(form).with_fields(
        signature="鲁山县" * 20 + "\n" + "办公室", date="1月\n2日\n3日\n4日"
    )
    text = text_of(report)
    assert "鲁山县" * 20 + "办公室" in text
    assert "1月2日3日4日" in text


def test_huge_prose_goes_on_over_as_many_pages_as_it_needs(form: Form) -> None:
    huge = PROSE * 300
    report = blank_report(form).with_section("overview", huge)
    pages = reader(report).pages
    assert len(pages) > 40
    text = "".join("".join(page.extract_text().split()).partition("—")[2].partition("—")[2] for page in pages)
    assert huge in text


@pytest.mark.parametrize(
    "nonsense", ["）" * 200, "A" * 900, "\ufeff\u200b", "\x0b\t x \n\n\n y", "……" * 99, "1" * 300]
)
def test_nonsense_in_the_prose_stops_nothing(form: Form, nonsense: str) -> None:
    report = blank_report(form).with_section("problems", nonsense).with_fields(own_title=nonsense[:120])
    assert "六、其他需要报告的事项" in text_of(report)


def test_the_title_is_centred_in_22_points(form: Form) -> None:
    """Its middle is that of the block, 28 + 78 mm from the edge."""
    page = reader(blank_report(form)).pages[0]
    (start,) = [x for x, _, _, size in places(page) if size == pytest.approx(22)]
    assert start + 12 * 22 / 2 == pytest.approx(106 * MM, abs=0.5)


# ---- layouts ---------------------------------------------------------------------------------------------------


def pages_of(report: Report, layout: Layout) -> list[str]:
    file = PdfReader(BytesIO(make_pdf(report, layout).data))
    return ["".join(page.extract_text().split()) for page in file.pages]


def official(**choices: Any) -> Layout:
    return replace(default_layout(), **choices)


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.key)
def test_every_layout_prints_the_whole_report(form: Form, layout: Layout) -> None:
    report = sample(form)
    text = re.sub(r"—\d+—", "", "".join(pages_of(report, layout)))
    for section in form.sections:
        assert section.heading in text
        for paragraph in paragraphs(report.sections[section.key]):
            assert paragraph.text in text


def test_the_compact_layout_has_fewer_pages(form: Form) -> None:
    official, compact, _ = layouts()
    assert make_pdf(sample(form), compact).pages < make_pdf(sample(form), official).pages


def test_a_cover_bears_the_title_agency_and_date_and_no_number(form: Form) -> None:
    cover, first, *_ = pages_of(sample(form), official(cover=True))
    assert cover == "鲁山县人民政府办公室2022年政府信息公开工作年度报告鲁山县人民政府办公室2023年1月20日"
    assert first.startswith("—1—一、总体情况")


def test_the_back_of_a_cover_is_blank_where_sheets_are_printed_on_both_sides(form: Form) -> None:
    cover, back, first, *_ = pages_of(sample(form), official(cover=True, mirrored=True, draft=True))
    assert "草稿" in cover
    assert back == ""
    assert "—1—" in first


def test_a_title_too_long_for_a_cover_stands_over_the_text(form: Form) -> None:
    report = sample(form).with_fields(own_title="关于某项工作的报告" * 60)
    assert "关于某项工作的报告" * 60 in re.sub(r"—\d+—", "", "".join(pages_of(report, official(cover=True))))


@pytest.mark.parametrize(("signature", "date"), [(False, True), (True, False), (False, False)])
def test_signature_and_date_can_be_left_out(form: Form, signature: bool, date: bool) -> None:
    report = sample(form).with_fields(signature="办公室署名", date="2023年1月20日")
    last = pages_of(report, official(signature=signature, date=date))[-1]
    assert ("办公室署名" in last) is signature
    assert ("2023年1月20日" in last) is date


def test_the_charts_are_the_last_page_with_an_entry_in_the_outline(form: Form) -> None:
    plain, charted = make_pdf(sample(form)), make_pdf(sample(form), official(charts=True), prior=sample(form))
    assert charted.pages == plain.pages + 1
    entries: list[Any] = PdfReader(BytesIO(charted.data)).outline
    assert entries[-1].title == "附件：申请办理情况图"


LEFT, RIGHT = 28 * MM, 184 * MM  # of the block, GB/T 9704-2012, 5.2


def spots_at(report: Report, target: str, layout: Layout | None = None) -> list[PageSpot]:
    return [spot for spot in make_pdf(report, layout).spots if spot.target == target]


SIGNED = pytest.mark.parametrize(
    "signature",
    ["县医院", "鲁山县教育体育局", "鲁山县人民政府办公室", "Lushan 县 A 局", "鲁山县互联网信息办公室（筹）"],
)


@SIGNED
@pytest.mark.parametrize("date", ["2023年1月20日", "二〇二三年十二月二十一日"])
def test_a_date_under_a_seal_ends_four_characters_from_the_edge_and_the_name_is_centred_on_it(
    form: Form, signature: str, date: str
) -> None:
    """GB/T 9704-2012, 7.3.5.1."""
    report = sample(form).with_fields(sealed=True, signature=signature, date=date)
    spots = {spot.target: spot for spot in make_pdf(report).spots}
    name, dated = spots["signature"], spots["date"]
    assert dated.x + dated.width == pytest.approx(RIGHT - 4 * 16, abs=1)
    assert name.x + name.width / 2 == pytest.approx(dated.x + dated.width / 2, abs=0.5)
    assert dated.y == pytest.approx(name.y + name.height, abs=0.5)


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.key)
@pytest.mark.parametrize(
    "signature", ["鲁山县教育体育局", "河南省平顶山市鲁山县人民政府政务服务和大数据管理局办公室"]
)
def test_a_seal_stands_clear_of_the_text_by_less_than_a_line(
    form: Form, layout: Layout, signature: str
) -> None:
    """With its middle on name and date; county and town have seals of 45 and 42 mm."""
    report = sample(form).with_fields(sealed=True, signature=signature)
    pdf = make_pdf(report, layout)
    signed = [spot for spot in pdf.spots if spot.target in ("signature", "date")]
    text = [spot for spot in pdf.spots if spot.target == "other_matters"][-1]
    middle = (signed[0].y + signed[-1].y + signed[-1].height) / 2
    above = middle - (text.y + text.height)
    line = signed[0].height
    assert 0 <= above - 45 / 2 * MM < line
    assert 0 <= above - 42 / 2 * MM < line + 1.5 * MM


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize(
    "signature",
    [
        "河南省平顶山市鲁山县人民政府政务服务和大数据管理局办公室",
        "新疆维吾尔自治区伊犁哈萨克自治州霍尔果斯市人力资源和社会保障局",
        "湖北省恩施土家族苗族自治州利川市发展和改革委员会",
    ],
)
def test_a_long_name_is_divided_as_a_title_is_and_its_lines_are_centred_on_each_other(
    form: Form, sealed: bool, signature: str
) -> None:
    report = sample(form).with_fields(sealed=sealed, signature=signature)
    pdf = make_pdf(report)
    name = [spot for spot in pdf.spots if spot.target == "signature"]
    (dated,) = [spot for spot in pdf.spots if spot.target == "date"]
    lines = signature_lines(signature, dated.width / 16, 156 * MM / 16, sealed=sealed)
    assert [spot.part for spot in name] == list(range(len(lines)))
    assert len(lines) > 1 or not sealed
    middles = [spot.x + spot.width / 2 for spot in name]
    assert max(middles) - min(middles) < 0.5
    assert all(spot.x >= LEFT and spot.x + spot.width <= RIGHT + 0.5 for spot in name)
    if sealed:
        assert middles[0] == pytest.approx(dated.x + dated.width / 2, abs=0.5)
        assert dated.x + dated.width == pytest.approx(RIGHT - 4 * 16, abs=1)
    else:
        longest = max(name, key=lambda spot: spot.width)
        assert longest.x + longest.width == pytest.approx(RIGHT - 2 * 16, abs=1)
        assert dated.x - longest.x == pytest.approx(2 * 16, abs=0.5)
    assert signature in "".join(text_of(report).split())


def test_a_name_that_nothing_divides_stays_on_the_page_with_its_date(form: Form) -> None:
    report = sample(form).with_fields(sealed=True, signature="某" * 26)
    pdf = make_pdf(report)
    signed = [spot for spot in pdf.spots if spot.target in ("signature", "date")]
    assert len({spot.page for spot in signed}) == 1
    assert all(spot.x >= LEFT - 0.5 and spot.x + spot.width <= RIGHT + 0.5 for spot in signed)


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("lines", range(14, 24))
def test_no_signature_stands_alone_on_a_page_with_a_seal_or_an_appendix_either(
    form: Form, sealed: bool, lines: int
) -> None:
    """7.3.5.5: with as many lines of text as may fill the page."""
    report = blank_report(form).with_fields(sealed=sealed, signature="县政府办公室", date="2023年1月20日")
    report = report.with_section("other_matters", "府" * 28 * lines)
    pdf = make_pdf(report, official(charts=True))
    (named,) = [spot for spot in pdf.spots if spot.target == "attachment"]
    (signed,) = [spot for spot in pdf.spots if spot.target == "signature"]
    text = [spot for spot in pdf.spots if spot.target == "other_matters" and spot.paragraph is not None][-1]
    assert text.page == named.page == signed.page
    assert text.height > 1.5 * named.height
    below = (signed.height - 0.98 * 16) / 2  # white below the ink of a line, which reaches beyond the block
    assert signed.y + 2 * signed.height - below <= (297 - 35) * MM + 0.5


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.key)
@pytest.mark.parametrize("sealed", [True, False])
def test_with_a_cover_title_name_and_date_are_printed_once(form: Form, layout: Layout, sealed: bool) -> None:
    """Without a seal the cover bears name and date; a seal is put on them at the end."""
    report = sample(form).with_fields(sealed=sealed, signature="署名的单位", date="2023年1月25日")
    pages = pages_of(report, replace(layout, cover=True))
    for text in (report.title, "署名的单位", "2023年1月25日"):
        assert sum(page.count(text) for page in pages) == 1
    bears = "署名的单位" in pages[0] and "2023年1月25日" in pages[0]
    assert bears is not sealed
    assert ("署名的单位" in pages[-1]) is sealed


def test_without_room_for_a_cover_name_and_date_stand_at_the_end(form: Form) -> None:
    report = sample(form).with_fields(own_title="很长的标题" * 80)
    last = pages_of(report, official(cover=True))[-1]
    assert report.signature in last
    assert report.date in last


def test_the_appendix_is_named_below_the_text_and_heads_a_page_of_its_own(form: Form) -> None:
    """GB/T 9704-2012, 7.3.4, 7.3.7: a line below, two characters in; 附件 at the top left, its title in line 3."""
    pdf = make_pdf(sample(form), official(charts=True))
    spots = {spot.target: spot for spot in pdf.spots if spot.paragraph is None}
    text = [spot for spot in pdf.spots if spot.target == "other_matters"][-1]
    named, signed = spots["attachment"], spots["signature"]
    line = (
        225 * MM - 0.98 * 16
    ) / 21  # of a page that is filled from the ink of its first line to that of its last
    assert named.y == pytest.approx(text.y + text.height + line, abs=0.5)
    assert signed.y == pytest.approx(named.y + named.height + line, abs=0.5)
    page = PdfReader(BytesIO(pdf.data)).pages[named.page]
    (start,) = [x for x, _, string, _ in places(page) if string.startswith("附件")]
    assert start == pytest.approx(LEFT + 2 * 16, abs=1)
    appendix = PdfReader(BytesIO(pdf.data)).pages[spots["charts"].page]
    (x,) = [x for x, _, string, _ in places(appendix) if string == "附件"]
    assert x == pytest.approx(LEFT, abs=1)
    assert spots["charts"].y == pytest.approx(37 * MM, abs=1)
    assert spots["charts_title"].y == pytest.approx(37 * MM + 2 * 225 * MM / 22, abs=1)
    title = spots["charts_title"]
    assert title.x + title.width / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=0.5)
    assert "附件：申请办理情况图" not in text_of(sample(form))


def test_the_note_of_a_table_stands_below_it_and_is_found_by_its_name(form: Form) -> None:
    report = sample(form).with_fields(note_requests="注：含延期的。\n\n第二行。", note_proactive="注：𪚥㐂。")
    pdf = make_pdf(report)
    first, second = [spot for spot in pdf.spots if spot.target == "note_requests"]
    table = max(spot.y + spot.height for spot in pdf.spots if spot.target.startswith("requests."))
    assert (first.paragraph, second.paragraph) == (0, 2)
    assert table < first.y < table + 12
    assert second.y == pytest.approx(first.y + first.height, abs=0.5)
    assert "注：含延期的。" in text_of(report)


def test_the_web_layout_opens_with_its_bookmarks(form: Form) -> None:
    for layout in layouts():
        root: Any = PdfReader(BytesIO(make_pdf(sample(form), layout).data)).trailer["/Root"]
        assert (root.get("/PageMode") == "/UseOutlines") is (layout.key == "web")


# ---- places ----------------------------------------------------------------------------------------------------


def test_every_cell_heading_and_paragraph_has_its_place(form: Form) -> None:
    report = sample(form).with_fields(preamble="前言一\n\n前言二")
    spots = {(spot.target, spot.paragraph) for spot in make_pdf(report).spots}
    assert set(form.cells) <= {target for target, _ in spots}
    assert {(section.key, None) for section in form.sections} <= spots
    assert {("title", None), ("signature", None), ("date", None)} <= spots
    assert {("preamble", 0), ("preamble", 2)} <= spots
    assert ("preamble", 1) not in spots
    assert {("overview", 0), ("overview", 1), ("overview", 2)} <= spots


def test_what_stands_in_a_place_is_what_was_written_there(form: Form) -> None:
    report = sample(form).with_entry("requests.received.company", 4711)
    pdf = make_pdf(report)
    wanted = {"requests.received.company": "4711", "problems": "五、存在的主要问题及改进情况", "date": "2023"}
    pages = PdfReader(BytesIO(pdf.data)).pages
    for target, text in wanted.items():
        spot = next(spot for spot in pdf.spots if spot.target == target)
        drawn = next(one for one in places(pages[spot.page]) if one[2].startswith(text))
        assert spot.x <= drawn[0] <= spot.x + spot.width
        assert spot.y <= 297 * MM - drawn[1] <= spot.y + spot.height


def test_a_paragraph_that_goes_over_the_page_has_a_place_on_each(form: Form) -> None:
    spots = make_pdf(blank_report(form).with_section("overview", PROSE * 9)).spots
    assert [spot.page for spot in spots if (spot.target, spot.paragraph) == ("overview", 0)] == [0, 1]


# ---- speed and threads -----------------------------------------------------------------------------------------


def test_the_pages_are_counted(form: Form) -> None:
    pdf = make_pdf(sample(form))
    assert pdf.pages == len(PdfReader(BytesIO(pdf.data)).pages)


def test_work_that_nobody_wants_is_given_up(form: Form) -> None:
    for patience in (0, 5, 15):
        asked: list[int] = []

        def cancelled(asked: list[int] = asked, patience: int = patience) -> bool:
            asked.append(1)
            return len(asked) > patience

        with pytest.raises(Cancelled):
            make_pdf(sample(form), cancelled=cancelled)
        assert len(asked) == patience + 1


def test_another_process_gives_the_same_bytes(form: Form) -> None:
    program = (
        "import hashlib; from gxeditor.resources import load_form; from gxeditor.core.report import blank_report;"
        "from gxeditor.paper.pdf import make_pdf;"
        "print(hashlib.sha256(make_pdf(blank_report(load_form(), 2022)).data).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8"
        ).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1] != ""


def test_a_heading_on_a_line_of_its_own_is_not_parted_from_its_text(form: Form) -> None:
    for lines in range(18, 23):
        report = blank_report(form).with_section(
            "overview", "政" * (28 * lines - 2) + "\n改进情况\n" + "府" * 90
        )
        for page in pages_of(report, default_layout()):
            assert not page.endswith("改进情况")
