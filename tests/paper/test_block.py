"""Whatever is written in a report, nothing of it is printed outside the block, and nothing is lost.

Reports as odd as can be typed, in every layout, with marks of a 校对稿 and without, read back glyph by glyph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ctypes import byref, c_double
from dataclasses import replace
from functools import cache

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gxeditor.core.checks.check import check
from gxeditor.core.report import Entry, Report, blank_report, paragraphs
from gxeditor.paper.layouts import Layout, layouts
from gxeditor.paper.pdf import Pdf, make_pdf
from gxeditor.resources import load_form, load_rules
from tests.test_print_sweep import as_drawn

MM = 72 / 25.4
NEAR = 1.0
"""Points by which the ink of a glyph may leave the square that it is set in."""
TALL = 2.0
"""Points by which a first or last line may leave the block, whose edges are those of the ink of Han: the ① of
FandolFang is 1.5 taller, the g of Tinos 1.6 deeper. A ruler on the paper does not find it; GB/T 9704 (5.2.1) allows a
millimetre."""

_FOOT = re.compile(r"—\d+—")
_BESIDE = re.compile(r"[▲◆○◇\d–]*(?:校对稿.*)?")

Glyph = tuple[str, float, float, float, float]
"""A character and the box of its ink: left, lower, right, upper edge in points."""


def glyphs(data: bytes) -> list[list[Glyph]]:
    """What is drawn on each page, in the order of drawing."""
    document = pypdfium2.PdfDocument(data)
    pages = []
    for page in document:
        text, found, high = page.get_textpage(), [], ""
        box = [c_double() for _ in range(4)]
        for number in range(text.count_chars()):
            char = chr(pdfium.FPDFText_GetUnicode(text, number))
            if "\ud800" <= char < "\udc00":
                high = char
                continue
            char, high = (high + char).encode("utf-16", "surrogatepass").decode("utf-16", "replace"), ""
            if pdfium.FPDFText_IsGenerated(text, number) or char.isspace() or char == "\0":
                continue
            left, right, low, top = box
            pdfium.FPDFText_GetCharBox(text, number, byref(left), byref(right), byref(low), byref(top))
            found.append((char, left.value, low.value, right.value, top.value))
        pages.append(found)
        text.close()
        page.close()
    document.close()
    return pages


def inside_of(page: Sequence[Glyph], layout: Layout, number: int, proof: bool) -> str:
    """The text in the block. Fails if anything but page number and marks of a 校对稿 stands outside of it."""
    margins = layout.margins
    turned = layout.mirrored and number % 2 == 0
    start = (margins.right if turned else margins.left) * MM
    low, high = margins.bottom * MM, (297 - margins.top) * MM
    inside, below, beside = [], [], []
    for char, left, lower, right, upper in page:
        on_sheet = left > 0 and right < 210 * MM and lower > 0 and upper < 297 * MM
        assert on_sheet, (char, left, lower, right, upper)
        if upper < low:
            below.append(char)
        elif proof and (lower > high or right > start + layout.width * MM + NEAR):
            beside.append(char)
        else:
            across = left > start - NEAR and right < start + layout.width * MM + NEAR
            fits = across and lower > low - TALL and upper < high + TALL
            assert fits, (char, left, lower, right, upper)
            inside.append(char)
    assert "".join(below) == "" or _FOOT.fullmatch("".join(below)), "".join(below)
    assert _BESIDE.fullmatch("".join(beside)), "".join(beside)
    return "".join(inside)


def check_block(report: Report, layout: Layout, *, proof: bool = False) -> Pdf:
    """Print a report and look at every glyph; the file."""
    findings = check(report, rules()) if proof else None
    pdf = make_pdf(report, layout, findings=findings)
    pages = [inside_of(page, layout, n, proof) for n, page in enumerate(glyphs(pdf.data), 1)]
    text = "".join(page.removeprefix("草稿") if layout.draft else page for page in pages)
    missing = frozenset(one.char for one in pdf.missing)
    at = 0
    for wanted in texts(report):
        sought = as_drawn(wanted, missing)
        place = text.find(sought, at)
        assert place >= 0, (wanted[:60], text[at : at + 60])
        at = place + len(sought)
    return pdf


def texts(report: Report) -> list[str]:
    """What is written, in the order of the paper."""
    found = [report.title, *(one.text for one in paragraphs(report.preamble))]
    for section in report.form.sections:
        found.append(section.heading)
        found += (one.text for one in paragraphs(report.sections.get(section.key, "")))
    return found


@cache
def rules() -> tuple:  # type: ignore[type-arg]
    return load_rules(load_form())


_ITEMS = ("{}.《某某办法》", "（{}）某某规定", "{}、某某", "第{}条", "某某办法", "①{}", "{}：")
_SENTENCE = (
    "全年主动公开政府信息1,234条，其中：行政规范性文件12件，较上年增长12.5％；“放管服”改革——均已公开。"
)


@st.composite
def listed(draw: st.DrawFn) -> list[str]:
    count = draw(st.sampled_from((0, 1, 2, 3, 18, 22, 28, 60, 400)))
    item = draw(st.sampled_from(_ITEMS))
    return [item.format(number) for number in range(1, count + 1)]


def chains() -> st.SearchStrategy[list[str]]:
    """Short lines of every kind in any order: what looks like headings without end."""
    line = st.sampled_from(
        ("一、总体", "（一）主动公开", "1.规章", "（1）制定", "①印发", "说明：", "改进情况", "短。")
    )
    return st.integers(0, 40).flatmap(lambda count: st.lists(line, min_size=count, max_size=count))


ODD = st.sampled_from(
    (
        "a" * 300,
        "9" * 300,
        "，" * 200,
        "（" * 200,
        "🙂👍🏽👨‍👩‍👧" * 30,
        "\u3000 \t",
        "政" * 600,
        "https://www.example.gov.cn/" + "zwgk/index_1-2.html?id=" * 12,
        "—" * 99,
        "e\u0301" * 80,
        "甲\ud800乙",
        "ℓ㎡№ⅷ½" * 20,
    )
)
BLANK = st.lists(st.sampled_from(("", " ", "\u3000", "\t")), max_size=5)
LONG = st.integers(1, 30).map(lambda count: [_SENTENCE * count])
PROSE = st.lists(st.one_of(listed(), chains(), LONG, BLANK, ODD.map(lambda one: [one])), max_size=5).map(
    lambda groups: "\n".join(line for group in groups for line in group)
)
LINE = st.one_of(st.sampled_from(("县政府", "", "A市B区")), ODD.map(lambda one: one.replace("\t", "")))
CELLS: tuple[Entry, ...] = (0, 12, "某" * 300, "/", 10**30, "无" * 40, "x" * 90)


class Written:
    """A report that tells little of itself: whole, it would be longer than a failing test can show."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def __repr__(self) -> str:
        return f"<{[text[:30] for text in texts(self.report)[:30]]}>"


@st.composite
def reports(draw: st.DrawFn) -> Written:
    form = load_form()
    report = blank_report(form, 2024)
    if draw(st.booleans()):
        report = report.with_entries({cell: 0 for cell in form.cells})
    cells = st.dictionaries(st.sampled_from(sorted(form.cells)), st.sampled_from(CELLS), max_size=4)
    report = report.with_entries(dict(draw(cells)))
    for key in draw(st.lists(st.sampled_from([one.key for one in form.sections]), max_size=3, unique=True)):
        report = report.with_section(key, draw(PROSE))
    report = report.with_fields(
        agency=draw(LINE),
        own_title=draw(st.sampled_from((None, None, "", "一份" * 400))),
        preamble=draw(st.one_of(st.just(""), PROSE)),
        signature=draw(LINE),
        date=draw(st.sampled_from(("2025年1月20日", "", "二〇二五年" * 20))),
    )
    return Written(report)


# Every print takes half a second: to look for the least failing one would take minutes.
@settings(max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(reports(), st.sampled_from(layouts()), st.booleans(), st.booleans(), st.booleans())
def test_nothing_stands_outside_the_block_and_nothing_is_lost(
    written: Written, layout: Layout, proof: bool, draft: bool, cover: bool
) -> None:
    check_block(written.report, replace(layout, draft=draft, cover=cover, mirrored=cover), proof=proof)


@pytest.mark.parametrize("layout", layouts(), ids=lambda one: one.key)
@pytest.mark.parametrize("count", [22, 28, 400])
def test_a_list_goes_on_over_the_pages(layout: Layout, count: int) -> None:
    prose = "\n".join(f"{number}.《某某办法》" for number in range(1, count + 1))
    report = blank_report(load_form(), 2024).with_section("overview", prose)
    pdf = check_block(report, layout)
    first = next(spot for spot in pdf.spots if spot.target == "overview" and spot.paragraph == 0)
    pages = {spot.page for spot in pdf.spots if spot.target == "overview"}
    assert first.page == 0
    assert pages == set(range(max(pages) + 1))
    assert len(pages) <= (count + 4) / layout.lines + 1


@pytest.mark.parametrize("layout", layouts(), ids=lambda one: one.key)
@pytest.mark.parametrize("proof", [False, True])
def test_a_cell_longer_than_a_page_stands_on_it_smaller(layout: Layout, proof: bool) -> None:
    form = load_form()
    report = blank_report(form, 2024).with_entries({cell: 0 for cell in form.cells})
    cells = ("requests.received.natural_person", "proactive.rules.made", "disputes.review.total")
    for cell in (cell for cell in cells if cell in form.cells):
        report = report.with_entry(cell, "某" * 2000)
    check_block(report, layout, proof=proof)


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("text", ["，", "政", "a", "\u0301", "〔1〕"])
def test_a_text_without_a_place_to_break_goes_on(number: int, text: str) -> None:
    """Prose, title, agency and signature, each in another layout."""
    layout = layouts()[number % len(layouts())]
    report = blank_report(load_form(), 2024)
    if number == 0:
        report = report.with_section("overview", text * (10_000 if text == "，" else 1000))
    else:
        name = ("own_title", "agency", "signature")[number - 1]
        report = report.with_fields(**{name: text * 500})
    check_block(report, layout)


@pytest.mark.parametrize("layout", layouts(), ids=lambda one: one.key)
def test_what_has_no_room_on_a_cover_stands_elsewhere(layout: Layout) -> None:
    report = blank_report(load_form(), 2024).with_fields(
        agency="县政府", signature="某局\n" * 30, date="今日\n" * 9
    )
    check_block(report, replace(layout, cover=True))
