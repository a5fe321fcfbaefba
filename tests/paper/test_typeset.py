"""Chinese text is set as clreq and GB/T 15834 ask, and every character reaches the reader of the file."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from gxeditor.paper.faces import BUNDLED, Face
from gxeditor.paper.typeset import (
    GETA,
    UNBROKEN,
    Align,
    ChineseParagraph,
    Run,
    SetLine,
    Style,
    draw_lines,
    missing_characters,
    set_lines,
)
from tests.typography import CELLS, NASTY, Setting, faults, judge_pdf, ours

NEVER_FIRST = "）》〉】〕］”’，。、；：！？·—…％"
NEVER_LAST = "（《〈【〔［“‘"
BODY = Style(16, 28.95, indent=2)
MEASURE = 156 / 25.4 * 72
GRID = Style(16, 28.95, pitch=MEASURE / 28 / 16)

font = BUNDLED.font


def shown(line: SetLine) -> str:
    """The text of a line as a reader copies it: half marks are marks."""
    text = "".join(piece.text for piece in line.pieces)
    return "".join(chr(ord(char) - 0xF0000) if ord(char) >= 0xF0000 else char for char in text)


def set_text(text: str, width: float, style: Style = BODY, face: Face = Face.FANG) -> list[str]:
    return [shown(line) for line in set_lines([Run(text, face)], style, width)]


def pdf_text(lines: Sequence[SetLine], style: Style) -> str:
    """What a PDF reader copies from a page with these lines."""
    buffer = BytesIO()
    canvas = Canvas(buffer)
    draw_lines(canvas, lines, style, Face.FANG, 72, 800)
    canvas.save()
    return PdfReader(buffer).pages[0].extract_text()


mark = st.sampled_from(
    ["，", "。", "、", "；", "：", "？", "……", "——", "·", "）", "”", "》", "”。", "）、", "》（"]
)
opening = st.sampled_from(["", "", "", "（", "“", "《", "“《", "〔"])
word = st.sampled_from(["", "", "2022", "30", "12.5%", "1,234.5600", "PDF", "OpenType", "㎡", "①"])
han = st.text(alphabet="政府信息公开工作年度报告行机关条例申请办理件啰瞭𬭩", min_size=1, max_size=9)
phrases = st.lists(st.tuples(opening, han, word, han, mark), min_size=2, max_size=30)


@settings(max_examples=60)
@given(phrases, st.integers(18, 28))
def test_no_line_starts_or_ends_with_a_forbidden_mark(
    parts: list[tuple[str, str, str, str, str]], em: int
) -> None:
    text = "".join("".join(part) for part in parts)
    lines = set_lines([Run(text, Face.FANG)], BODY, em * 16)
    assert "".join(map(shown, lines)) == text.strip()
    for before, after in pairwise(lines):
        assert shown(after)[0] not in NEVER_FIRST
        assert shown(before)[-1] not in NEVER_LAST
    for line in lines:
        assert line.right <= em * 16 + 0.02


def test_an_opening_mark_goes_to_the_next_line() -> None:
    assert set_text("政政政政（府府府府", 80, Style(16, 20)) == ["政政政政", "（府府府府"]


@pytest.mark.parametrize("em", range(18, 29))
@pytest.mark.parametrize("text", NASTY)
def test_inner_lines_end_flush_and_hang_nothing_into_the_margin(text: str, em: int) -> None:
    lines = set_lines([Run(text, Face.FANG)], BODY, em * 16)
    assert max(line.right for line in lines) <= em * 16 + 0.01
    # The letters of an address are not spread, nor are there holes beside them.
    inner = [line for line in lines[:-1] if not re.search("[!-~]{13}", shown(line))]
    assert [round(line.right, 2) for line in inner] == [em * 16] * len(inner)


@pytest.mark.parametrize(
    "kept",
    [
        "30件",
        "30 件",
        "1.2万元",
        "2022年",
        "30余件",
        "20个工作日",
        "第20 条",
        "50%",
        "50％",
        "30㎡",
        "２０２２年",
        "第二十条",
        "第（四）项",
        "三十二件",
        "二〇二二",
        "百分之三十",
        "〔2022〕3号",
        "￥30",
        "张\u00a0三",
        "ＰＤＦ",
    ],
)
def test_a_number_is_never_parted_from_what_it_counts(kept: str) -> None:
    for before in range(1, 29):
        text = "政" * before + kept + "府" * 40
        lines = set_text(text, 12 * 16, Style(16, 20))
        assert "".join(lines) == text
        assert [line for line in lines if kept in line], lines


def test_a_number_is_parted_from_its_unit_where_nothing_else_fits() -> None:
    assert set_text("8392940次", 4.2 * 16, Style(16, 20)) == ["8392940", "次"]
    assert set_text("8392940次", 2 * 16, Style(16, 20)) == ["839", "294", "0次"]


@pytest.mark.parametrize(
    "text", ["公开（ 信息 ） ，条例。 办法", '公开"信息"条例"办法"规定', "it said 'open' and \"free\" "]
)
def test_marks_keep_to_their_words_over_a_blank_too(text: str) -> None:
    for width in range(48, 200, 4):
        lines = set_text(text * 3, width, Style(16, 20))
        assert "".join("".join(lines).split()) == "".join((text * 3).split())
        for line in lines:
            assert line.strip()[0] not in "），。"
            assert line.strip()[-1] not in "（"


def test_a_letter_and_the_accent_typed_after_it_are_drawn_as_one() -> None:
    assert set_text("cafe\u0301 lu\u0308", 400, Style(16, 20)) == ["café lü"]
    assert missing_characters("cafe\u0301") == ()
    assert missing_characters("q\u0301") == ("\u0301",)


def test_blanks_in_a_row_go_together_at_the_end_of_a_line() -> None:
    for text in ("政府　　信息", "政府 \t 信息", "政府" + " " * 99 + "信息"):
        lines = set_lines([Run(text, Face.FANG)], Style(16, 20), 3 * 16)
        assert [shown(line).strip() for line in lines] == ["政府", "信息"]
        assert lines[0].right <= 3 * 16


def test_blanks_around_a_paragraph_are_not_set() -> None:
    (line,) = set_lines([Run(" \t公开　\n", Face.FANG)], Style(16, 20), 400)
    assert [piece.x for piece in line.pieces] == [0, 16]
    assert set_lines([Run(" \t\u3000", Face.FANG)], BODY, 400) == ()


def test_marks_after_the_number_of_a_heading_share_their_blank_too() -> None:
    (line,) = set_lines([Run("（一）《条例》", Face.FANG)], BODY, 400)
    assert [piece.x for piece in line.pieces] == [0, 16, 32, 40, 56, 72, 88]


@pytest.mark.parametrize("em", [18, 20.25, 23.5, 26.75, 28])
def test_lines_are_as_clreq_asks_where_they_stand_on_paper(em: float) -> None:
    """The judgement of `make typography`, on fewer lines."""
    settings = [Setting(text, em * 16) for text in NASTY]
    assert faults(judge_pdf(ours(settings), settings), 20, 1.0) == []


def test_narrow_cells_too_are_set_without_a_fault() -> None:
    settings = [Setting(text, em * 16, 0) for text in CELLS for em in (3, 4.5, 7)]
    assert faults(judge_pdf(ours(settings, Face.SONG), settings), 50, 0.9) == []


def test_the_judge_sees_what_is_wrong() -> None:
    """Lines set one by one with their faults, judged as if they were a paragraph of that text."""
    faulty = (
        ("first", "政府信息公开", "，工作年度报告"),
        ("last", "政府信息公开（", "工作年度报告"),
        ("numbers", "政府信息公开30", "件年度报告"),
        ("numbers", "政府信息公开第二", "十条年度报告"),
        ("words", "政府信息公开Open", "Type年度报告"),
        ("doubles", "政府信息公开—", "—年度报告"),
        ("ragged", "政府信息公", "工作年度报告"),
        ("garbled", "政府信息公", "息公年度报告"),
    )
    style = Style(16, 24, align="left")
    for fault, first, second in faulty:
        buffer = BytesIO()
        canvas = Canvas(buffer, pagesize=(600, 1200))
        for number, text in enumerate((first, second)):
            draw_lines(
                canvas,
                set_lines([Run(text, Face.FANG)], style, 400),
                style,
                Face.FANG,
                20,
                1180 - 24 * number,
            )
        canvas.save()
        text = "政府信息公开工作年度报告" if fault == "garbled" else first + second
        tally = judge_pdf(buffer.getvalue(), [Setting(text, 6 * 16, 0)])
        assert getattr(tally, fault) == 1, fault


ANYTHING = st.text(
    st.one_of(
        st.characters(exclude_characters="".join(map(chr, range(0x300, 0x370)))),
        st.sampled_from("政府信息公开（《“”》）、，。——……·30％ 年件条\t\u3000/.-@A"),
    ),
    max_size=80,
)


@settings(max_examples=300)
@given(
    ANYTHING, st.sampled_from([2, 3.3, 5, 8, 18, 23.5, 28]), st.sampled_from(["justify", "left", "center"])
)
def test_whatever_is_typed_is_drawn_once_and_inside_the_margins(text: str, em: float, align: Align) -> None:
    drawn = [char for char in text if not char.isspace() and not invisible(char)]
    missing = missing_characters(text)
    style = Style(16, 20, align=align)
    lines = set_lines([Run(text, Face.FANG)], style, em * 16)
    assert "".join("".join(map(shown, lines)).split()) == "".join(GETA if c in missing else c for c in drawn)
    for line in lines:
        assert line.left >= -0.02
        assert line.right <= em * 16 + 0.02
    draw_lines(Canvas(BytesIO()), lines, style, Face.FANG, 72, 800)


def invisible(char: str) -> bool:
    selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return selector or unicodedata.category(char) in ("Cc", "Cf")


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of Python a work takes: its cost, whatever the machine does beside it."""
    count = 0

    def look(_frame: FrameType, event: str, _what: object) -> Callable[..., Any]:
        nonlocal count
        count += event == "line"
        return look

    sys.settrace(look)
    try:
        work()
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("text", ["公开工作，", "公", "a", "12 ", "（", "）", "——", "\u2060国", "12345件"])
@pytest.mark.parametrize("em", [28.0, 1e6], ids=["in a column", "on one line"])
def test_the_work_grows_with_the_text_and_no_faster(text: str, em: float) -> None:
    style = Style(10, 15, faces=BUNDLED)

    def steps(length: int) -> int:
        text_of_it = (text * length)[:length]
        return lines_run(lambda: set_lines((Run(text_of_it, Face.FANG),), style, em * 10))

    set_lines((Run(text, Face.FANG),), style, em * 10)  # what is kept of each character
    assert steps(1200) < 5 * steps(400) + 20_000  # thrice the text


def test_28_characters_fill_the_line_of_an_official_document() -> None:
    """GB/T 9704-2012, 5.2.3: 每行排28个字, in a block of 156 mm."""
    lines = set_lines([Run("政" * 84, Face.FANG)], GRID, MEASURE)
    assert [len(shown(line)) for line in lines] == [28, 28, 28]
    assert lines[0].right == pytest.approx(MEASURE)


def test_first_line_is_indented_by_two_characters_and_its_mark_keeps_its_em() -> None:
    (line, *_) = set_lines([Run("“公开”是原则。", Face.FANG)], BODY, 28 * 16)
    assert line.left == 32
    assert [round(piece.x) for piece in line.pieces[:2]] == [0, 16]


def test_headings_look_alike_however_full_their_line_is() -> None:
    """The marks of （一） are never squeezed."""
    for em in range(18, 29):
        (line, *_) = set_lines([Run("（一）主动公开情况。" + NASTY[1], Face.FANG)], BODY, em * 16)
        assert line.pieces[3].x >= 3 * 16


def test_marks_that_meet_share_half_an_em() -> None:
    (line,) = set_lines([Run("公（一）、开", Face.FANG)], Style(16, 20), 400)
    assert [piece.x for piece in line.pieces] == [0, 16, 32, 48, 56, 72]


def test_a_mark_at_the_end_of_a_line_takes_half_an_em() -> None:
    lines = set_lines([Run("政府信息，公开条例。", Face.FANG)], Style(16, 20), 4.5 * 16)
    assert [shown(line) for line in lines] == ["政府信息，", "公开条例。"]
    assert lines[0].right == 4.5 * 16


def test_a_line_is_squeezed_before_it_is_stretched() -> None:
    """Nine characters with a comma stand on eight and a half em rather than seven spread over it."""
    first, *_ = set_text("政府信，息公开条例办法规定", 8.5 * 16, Style(16, 20))
    assert first == "政府信，息公开条例"


def test_a_gap_stands_between_han_and_figures_but_not_beside_marks() -> None:
    (line,) = set_lines([Run("共30件（12）", Face.FANG)], Style(16, 20), 400)
    figures = line.pieces[1]
    assert figures.text == "30"
    assert figures.x - 16 == pytest.approx(4)  # a quarter of an em
    assert line.pieces[4].x - line.pieces[3].x == 16


def test_a_heading_runs_on_in_another_face() -> None:
    lines = set_lines([Run("（一）主动公开。", Face.KAI), Run("发布信息", Face.FANG)], BODY, 28 * 16)
    fonts = [piece.font for piece in lines[0].pieces]
    assert fonts[3:8] == [font(Face.KAI)] * 5
    assert fonts[8:] == [font(Face.FANG)] * 4


def test_figures_and_letters_of_a_text_in_fangsong_are_those_of_the_latin_face_or_of_songti() -> None:
    for faces, face in ((BUNDLED, Face.LATIN), (BUNDLED.with_own_letters(), Face.SONG)):
        (line,) = set_lines([Run("办结30件PDF", Face.FANG)], Style(16, 20, faces=faces), 400)
        assert {piece.text: piece.font for piece in line.pieces}["30"] is font(face)
        assert {piece.text: piece.font for piece in line.pieces}["PDF"] is font(face)


def test_a_character_that_the_face_lacks_is_taken_from_another() -> None:
    (line,) = set_lines([Run("啰𬭩", Face.FANG)], Style(16, 20), 400)
    assert [(piece.text, piece.font) for piece in line.pieces] == [
        ("啰", font(Face.SONG)),
        ("𬭩", font(Face.SONG)),
    ]


def test_a_borrowed_character_stands_at_the_height_of_its_neighbours() -> None:
    """The Han of 宋体 stand 0.0755 em higher on their baseline than those of 仿宋."""
    (line,) = set_lines([Run("公啰", Face.FANG)], Style(100, 120), 400)
    assert [piece.rise for piece in line.pieces] == pytest.approx([0, -7.55])


def test_marks_that_do_not_fill_the_em_are_borrowed() -> None:
    (quoted,) = set_lines([Run("“公”", Face.KAI)], Style(16, 20), 400)
    assert [piece.font for piece in quoted.pieces] == [font(Face.SONG), font(Face.KAI), font(Face.SONG)]
    (dash,) = set_lines([Run("——", Face.SONG)], Style(16, 20), 400)
    assert [piece.font for piece in dash.pieces] == [font(Face.KAI)]


def test_a_character_that_no_face_has_is_named_and_drawn_as_geta() -> None:
    assert missing_characters("好\U0002a6a5☑好☑\n\u3000\u200b") == ("\U0002a6a5", "☑")
    assert set_text("好☑", 400, Style(16, 20)) == ["好" + GETA]
    assert set_text("Vitamin ȡ3", 400, Style(16, 20)) == [f"Vitamin {GETA}3"]


def test_the_private_codes_of_half_marks_are_no_characters_for_a_report() -> None:
    assert missing_characters("\U000fff0c") == ("\U000fff0c",)


def test_controls_and_joiners_are_not_drawn() -> None:
    assert set_text("公\u200b开\ufeff\x07", 400, Style(16, 20)) == ["公开"]
    assert set_lines([Run("\ufeff\u200b", Face.FANG)], BODY, 400) == ()


@pytest.mark.parametrize("face", Face)
def test_every_mark_can_be_set_in_every_face(face: Face) -> None:
    text = "（《〈【〔［｛「『“‘〖）》〉】〕］｝」』”’〗，、；：。！？·・—…"
    assert "".join(set_text(text, 1e4, Style(16, 20), face)) == text
    assert missing_characters(text) == ()


@pytest.mark.parametrize("em", range(16, 30))
@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.gov.cn/zwgk/zfxxgk/fdzdgknr/2022/t20221231_4567890.shtml?from=timeline&isappinstalled=0",
        "http://xxgk.some-county.gov.cn/channels/annualreports/2022/index.html?id=20221231&type=pdf&lang=zh",
    ],
)
def test_a_long_address_is_broken_after_its_joints_and_never_within_a_word(address: str, em: int) -> None:
    lines = set_text(f"年报登载于{address}，欢迎查阅。", em * 16, BODY)
    assert len(lines) > 2
    for line in lines[:-1]:
        assert line[-1] in "/.?&=-_" or not line[-1].isascii(), lines


def test_an_address_is_rather_broken_at_a_slash_than_at_a_dot() -> None:
    for before in range(18, 30, 2):
        for stem in ("1", "t1", "t12"):  # with its dot, it would fill the line exactly
            start = "政" * before + "www.example.gov.cn/zwgk/"
            width = set_lines([Run(f"{start}{stem}.", Face.FANG)], Style(16, 24), UNBROKEN)[0].right + 0.1
            assert set_text(f"{start}{stem}.html", width, Style(16, 24)) == [start, f"{stem}.html"]


@pytest.mark.parametrize(
    "whole",
    ["±5%", "≤30件", "≈3.5万元", "≥90％", "＞95％", "－3.2％", "＋12", "5±0.2", "12.5％↑", "~10天", "＜五件"],
)
def test_a_sign_stays_with_its_number(whole: str) -> None:
    for before in range(4, 14):
        lines = set_text("政" * before + whole + "政" * 14, 12 * 16, Style(16, 24))
        assert any(whole in line for line in lines), lines


def test_the_gap_beside_figures_gives_way_after_all_other_blanks() -> None:
    """A line too full by less than half an em: its stop gives that, its gaps stay a quarter."""
    runs = [Run("共有30件。" + "政" * 14, Face.FANG)]
    (natural,) = set_lines(runs, Style(16, 24), UNBROKEN)
    (line,) = set_lines(runs, Style(16, 24), natural.right - 6)
    assert line.right == pytest.approx(natural.right - 6)
    gaps = [
        after.x - before.x - before.width
        for before, after in pairwise(line.pieces)
        if before.text == "30" or after.text == "30"
    ]
    assert [round(gap, 2) for gap in gaps] == [4.0, 4.0]


def test_an_address_wider_than_the_line_is_broken_after_its_joints() -> None:
    lines = set_text("见http://www.example.gov.cn/zwgk/zfxxgk/index.html", 18 * 16)
    assert "".join(lines) == "见http://www.example.gov.cn/zwgk/zfxxgk/index.html"
    assert lines[0][-1] in "./"


@pytest.mark.parametrize("text", ["1" * 400, "A" * 400, "）" * 90, "（" * 90, "a b " * 90, "……" * 50])
def test_nonsense_is_set_without_loss_inside_the_margins(text: str) -> None:
    lines = set_lines([Run(text, Face.FANG)], BODY, 28 * 16)
    assert "".join(map(shown, lines)) == text.strip()
    assert max(line.right for line in lines) <= 28 * 16 + 0.02


def test_centred_lines_are_balanced_and_end_with_a_mark_where_they_can() -> None:
    style = Style(10, 12, align="center")
    lines = set_lines([Run("第一项加第二项之和，等于第三项", Face.SONG)], style, 110)
    assert [shown(line) for line in lines] == ["第一项加第二项之和，", "等于第三项"]
    assert [round(line.left + line.right) for line in lines] == [110, 110]


def test_right_aligned_lines_end_at_the_edge() -> None:
    style = Style(16, 20, align="right")
    assert [line.right for line in set_lines([Run("县政府", Face.FANG)], style, 200)] == [200]


def test_copied_text_is_right_beyond_the_basic_plane() -> None:
    """reportlab alone maps 𬭩 to Ⲷ."""
    lines = set_lines([Run("姓名：𬭩、𠅤、啰", Face.FANG)], BODY, 400)
    assert "".join(pdf_text(lines, BODY).split()) == "姓名：𬭩、𠅤、啰"


def test_squeezed_marks_are_copied_in_order_by_a_reader_that_goes_by_their_places(tmp_path: Path) -> None:
    file = tmp_path / "marks.pdf"
    canvas = Canvas(str(file))
    expected = []
    for text in NASTY:
        for em in range(18, 29):
            draw_lines(canvas, set_lines([Run(text, Face.FANG)], BODY, em * 16), BODY, Face.FANG, 72, 800)
            canvas.showPage()
            expected.append("".join(text.split()))
    canvas.save()
    read = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True).stdout.decode("utf-8")
    assert ["".join(page.split()) for page in read.split("\f")[:-1]] == expected


@pytest.mark.parametrize(("room", "parts"), [(1, []), (2, [2, 4]), (4, [4, 2]), (5, [4, 2]), (6, [6])])
def test_no_line_stands_alone_at_the_foot_or_head_of_a_page(room: int, parts: list[int]) -> None:
    paragraph = ChineseParagraph([Run("政" * 28 * 6, Face.FANG)], GRID)
    assert paragraph.wrap(MEASURE, 1e4)[1] == pytest.approx(6 * 28.95)
    split = paragraph.split(MEASURE, room * 28.95)
    assert [round(part.wrap(MEASURE, 1e4)[1] / 28.95) for part in split] == parts


def test_three_lines_go_to_the_next_page_together() -> None:
    paragraph = ChineseParagraph([Run("政" * 28 * 3, Face.FANG)], GRID)
    assert paragraph.split(MEASURE, 2 * 28.95) == []
