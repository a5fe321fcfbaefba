"""A report is a value: what may stand in a cell, what a total shows, and what counts as an edit."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.errors import EntryError
from gxeditor.core.form import Cell, Form
from gxeditor.core.report import (
    KEPT_TEXTS,
    AgencyKind,
    Doubt,
    Entry,
    Explanation,
    Final,
    Paragraph,
    Report,
    blank_report,
    obvious_number,
    paragraphs,
    parse_entry,
    parse_reason,
    same_entry,
    show_entry,
    without_unseen,
)
from gxeditor.core.revision import to_revise
from gxeditor.resources import load_form

FORM = load_form()
COUNT = FORM.cells["requests.received.natural_person"]
MONEY = FORM.cells["proactive.fees.amount"]

counts = st.integers(0, 10**12 - 1)
amounts = st.builds(
    lambda whole, fraction: Decimal(f"{whole}{fraction}"),
    st.integers(0, 10**12 - 1),
    st.sampled_from(["", ".0", ".50", ".1234", ".0000"]),
)
texts = st.sampled_from(sorted(KEPT_TEXTS))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Reports with any entries anywhere, typed totals and texts among them."""
    cells = draw(
        st.lists(st.sampled_from(list(FORM.cells.values())), max_size=60, unique_by=lambda cell: cell.id)
    )
    entries: dict[str, Entry | None] = {}
    for cell in cells:
        entries[cell.id] = draw(amounts | texts if cell.decimals else st.integers(0, 99) | texts)
    return blank_report(FORM, 2022).with_entries(entries)


@pytest.fixture
def report(form: Form) -> Report:
    return blank_report(form, 2022).with_fields(agency="鲁山县人民政府办公室")


# --- what a text means in a cell -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("\u300012\u00a0", 12),
        ("\ufeff12\u200b", 12),
        ("１２", 12),
        ("1,234", 1234),
        ("１，２３４，５６７", 1234567),
        ("007", 7),
        ("0", 0),
        ("", None),
        (" \u3000", None),
        ("/", "/"),
        ("－", "－"),
        ("无", "无"),
        ("999999999999", 999999999999),
    ],
)
def test_a_count_is_read_as_it_is_typed_in_offices(text: str, entry: Entry | None) -> None:
    assert same_entry(parse_entry(text, COUNT), entry)


@pytest.mark.parametrize(
    ("text", "entry"),
    [("0.0000", "0.0000"), ("１２．５", "12.5"), ("1,234.5", "1234.5"), ("3", "3"), ("0.1234", "0.1234")],
)
def test_an_amount_keeps_the_decimals_that_were_typed(text: str, entry: str) -> None:
    parsed = parse_entry(text, MONEY)
    assert isinstance(parsed, Decimal)
    assert str(parsed) == entry


@pytest.mark.parametrize(
    ("text", "cell", "reason"),
    [
        ("12abc", COUNT, "“12abc”不是数字，没有填入。这一格只填整数。"),
        ("十二", COUNT, "“十二”不是数字，没有填入。这一格只填整数。"),
        ("12件", COUNT, "“12件”不是数字，没有填入。这一格只填整数。"),
        ("1.5", COUNT, "“1.5”不是整数，没有填入。这一格只填整数。"),
        ("12.0", COUNT, "“12.0”不是整数，没有填入。这一格只填整数。"),
        ("1 2", COUNT, "“1 2”不是数字，没有填入。这一格只填整数。"),
        ("12,34", COUNT, "“12,34”不是数字，没有填入。这一格只填整数。"),
        ("-3", COUNT, "“-3”是负数，没有填入。这一格只填整数，不能小于 0。"),
        ("−3", COUNT, "“−3”是负数，没有填入。这一格只填整数，不能小于 0。"),
        ("－３", COUNT, "“－３”是负数，没有填入。这一格只填整数，不能小于 0。"),
        ("+3", COUNT, "“+3”不是数字，没有填入。这一格只填整数。"),
        ("1e3", COUNT, "“1e3”不是数字，没有填入。这一格只填整数。"),
        ("=1+1", COUNT, "“=1+1”不是数字，没有填入。这一格只填整数。"),
        ("Ⅻ", COUNT, "“Ⅻ”不是数字，没有填入。这一格只填整数。"),
        ("1234567890123", COUNT, "“1234567890123”的位数太多，没有填入。这一格最多 12 位整数。"),
        ("0.0000000000001", MONEY, "“0.0000000000001”的小数太多，没有填入。这一格填万元数，最多 12 位小数。"),
        ("nan", MONEY, "“nan”不是数字，没有填入。这一格填万元数。"),
        ("1.2.3", MONEY, "“1.2.3”不是数字，没有填入。这一格填万元数。"),
    ],
)
def test_what_is_no_number_of_the_cell_is_refused_with_its_reason(text: str, cell: Cell, reason: str) -> None:
    with pytest.raises(EntryError) as caught:
        parse_entry(text, cell)
    assert str(caught.value) == reason


@given(st.one_of(counts, texts))
def test_a_shown_count_is_read_back_as_the_same_entry(entry: Entry) -> None:
    assert same_entry(parse_entry(show_entry(entry), COUNT), entry)


@given(st.one_of(amounts, texts))
def test_a_shown_amount_is_read_back_as_the_same_entry(entry: Entry) -> None:
    assert same_entry(parse_entry(show_entry(entry), MONEY), entry)


@given(
    st.text(alphabet=st.sampled_from("0123456789０５.,，．-－−+/无 \u3000a件eE"), max_size=16), st.booleans()
)
def test_a_typed_text_is_read_exactly_or_refused(text: str, money: bool) -> None:
    """Whatever is read says, digit for digit, what was typed: nothing is dropped or made up."""
    cell = MONEY if money else COUNT
    try:
        entry = parse_entry(text, cell)
    except EntryError:
        return
    if entry is None:
        assert not text.strip()
    elif isinstance(entry, str):
        assert entry == text.strip()
    else:
        typed = text.strip().translate(str.maketrans("０５．，", "05.,")).replace(",", "")
        assert typed.lstrip("0") == show_entry(entry).lstrip("0")


def test_a_blank_shows_nothing_and_an_amount_is_never_shown_with_an_exponent() -> None:
    assert show_entry(None) == ""
    assert show_entry(Decimal("0.0000")) == "0.0000"
    assert show_entry(Decimal("1E+3")) == "1000"


def test_zero_and_blank_and_a_slash_are_three_different_entries(report: Report) -> None:
    zero, blank, slash = (report.with_entry(COUNT.id, entry) for entry in (0, None, "/"))
    assert (zero.value(COUNT.id), blank.value(COUNT.id), slash.value(COUNT.id)) == (0, None, "/")
    assert zero != blank
    assert zero != slash
    assert blank == report


# --- totals ----------------------------------------------------------------------------------------------


ROW = "requests.received"


def received(report: Report, *figures: Entry | None) -> Report:
    return report.with_entries(dict(zip(FORM.cells[f"{ROW}.total"].parts, figures, strict=True)))


def test_a_total_fills_itself_when_all_its_details_are_there(report: Report) -> None:
    report = received(report, 30, 1, 0, 0, 0, 2)
    assert report.value(f"{ROW}.total") == 33
    assert report.is_automatic(f"{ROW}.total")
    assert f"{ROW}.total" not in report.entries


@pytest.mark.parametrize("gap", [None, "/"])
def test_a_total_waits_while_a_detail_is_blank_or_a_text(report: Report, gap: Entry | None) -> None:
    report = received(report, 30, 1, gap, 0, 0, 2)
    assert report.value(f"{ROW}.total") is None
    assert report.details_sum(FORM.cells[f"{ROW}.total"]) is None


def test_a_typed_total_is_kept_whatever_its_details_say(report: Report) -> None:
    report = received(report.with_entry(f"{ROW}.total", 30), 30, 1, 0, 0, 0, 2)
    assert report.value(f"{ROW}.total") == 30
    assert report.details_sum(FORM.cells[f"{ROW}.total"]) == 33
    assert not report.is_automatic(f"{ROW}.total")


def test_the_total_of_totals_follows_from_the_details(report: Report) -> None:
    results = [
        cell for cell in FORM.cells.values() if cell.id.startswith("requests.handled") and not cell.is_total
    ]
    report = report.with_entries({cell.id: 1 for cell in results})
    assert len(results) == 126
    assert report.value("requests.handled.total.natural_person") == 21
    assert report.value("requests.handled.total.total") == 126


def test_a_detail_has_no_sum(report: Report) -> None:
    assert report.details_sum(COUNT) is None
    assert not report.is_automatic(COUNT.id)


@given(reports())
def test_an_automatic_total_always_equals_its_details(report: Report) -> None:
    for cell in report.form.totals:
        if report.is_automatic(cell.id):
            values = [report.value(part) for part in cell.parts]
            numbers = [value for value in values if isinstance(value, int | Decimal)]
            complete = len(numbers) == len(values)
            assert report.value(cell.id) == (sum(numbers) if complete else None)


@given(reports())
def test_what_a_report_shows_is_its_entries_and_its_automatic_totals(report: Report) -> None:
    for cell_id, value in report.values.items():
        assert report.is_automatic(cell_id) or same_entry(value, report.entries[cell_id])
    assert set(report.entries) <= set(report.values)


# --- edits -----------------------------------------------------------------------------------------------


def test_an_edit_makes_a_new_report_and_leaves_the_old_one(report: Report) -> None:
    edited = report.with_entry(COUNT.id, 12).with_section("overview", "（一）主动公开。")
    assert dict(report.entries) == {}
    assert dict(report.sections) == {}
    assert (edited.value(COUNT.id), edited.sections["overview"]) == (12, "（一）主动公开。")


def test_an_edit_that_changes_nothing_gives_the_same_report(report: Report) -> None:
    report = report.with_entry(COUNT.id, 12).with_section("overview", "甲")
    assert report.with_entry(COUNT.id, 12) is report
    assert report.with_entries({}) is report
    assert report.with_entry(MONEY.id, None) is report
    assert report.with_section("overview", "甲") is report
    assert report.with_section("problems", "") is report
    assert report.with_fields(agency=report.agency, year=2022) is report


def test_decimals_typed_after_a_plain_zero_make_another_report(report: Report) -> None:
    """0 and 0.0000 万元 are equal as numbers, different on paper: the difference must reach the file."""
    plain = report.with_entry(MONEY.id, Decimal("0"))
    exact = plain.with_entry(MONEY.id, Decimal("0.0000"))
    assert exact is not plain
    assert exact != plain
    assert exact == report.with_entry(MONEY.id, Decimal("0.0000"))
    assert report.with_entry(COUNT.id, 0) != report


def test_a_report_equals_its_twin_and_nothing_else(report: Report) -> None:
    twin = blank_report(FORM, 2022).with_fields(agency="鲁山县人民政府办公室")
    assert report == twin
    assert report != twin.with_fields(date="2023年1月10日")
    assert report != twin.with_section("problems", "一是")
    assert report != twin.with_fields(extra={"x_note": 1})
    assert report != "鲁山县人民政府办公室"


def test_emptied_prose_leaves_no_trace(report: Report) -> None:
    assert report.with_section("overview", "甲").with_section("overview", "") == report


def test_a_report_cannot_be_changed_in_place(report: Report) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.agency = "别的单位"  # type: ignore[misc]
    with pytest.raises(TypeError):
        report.entries[COUNT.id] = 1  # type: ignore[index]


def test_a_cell_or_section_that_the_form_does_not_have_is_refused(report: Report) -> None:
    with pytest.raises(KeyError):
        report.with_entry("requests.received.children", 1)
    with pytest.raises(KeyError):
        report.with_section("attachments", "甲")


# --- title and prose -------------------------------------------------------------------------------------


def test_the_title_is_computed_from_agency_and_year(report: Report) -> None:
    assert report.title == "鲁山县人民政府办公室2022年政府信息公开工作年度报告"
    assert report.with_fields(year=None).title == "鲁山县人民政府办公室政府信息公开工作年度报告"


def test_an_own_title_replaces_the_computed_one(report: Report) -> None:
    own = report.with_fields(own_title="2022年度政府信息公开工作报告")
    assert own.title == "2022年度政府信息公开工作报告"
    assert own.computed_title == "鲁山县人民政府办公室2022年政府信息公开工作年度报告"
    assert own.with_fields(own_title=None) == report


def test_a_report_belongs_to_the_edition_of_its_form(report: Report) -> None:
    assert report.edition == "2021"
    assert [kind.word for kind in AgencyKind] == ["人民政府", "部门", "乡镇街道", "其他"]


@pytest.mark.parametrize(
    ("line", "heading", "body"),
    [
        ("（一）主动公开情况。协调各单位做好工作。", "（一）主动公开情况。", "协调各单位做好工作。"),
        ("(一) 主动公开情况。协调各单位。", "(一) 主动公开情况。", "协调各单位。"),
        ("（十二）监督保障：", "（十二）监督保障：", ""),
        ("（三）政府信息管理情况", "（三）政府信息管理情况", ""),
        ("一是部分单位重视不够。", "", "一是部分单位重视不够。"),
        ("（一）" + "很长的第一句，" * 6 + "不是标题。", "", "（一）" + "很长的第一句，" * 6 + "不是标题。"),
    ],
)
def test_a_heading_in_brackets_is_told_from_what_runs_on_after_it(line: str, heading: str, body: str) -> None:
    assert paragraphs(line) == (Paragraph(heading, body),)
    assert paragraphs(line)[0].text == line


def test_paragraphs_are_the_lines_that_say_something() -> None:
    assert [p.text for p in paragraphs("\n 甲 \n\n\u3000\u3000乙\n")] == ["甲", "乙"]
    assert paragraphs("") == ()


@given(st.text(alphabet=st.sampled_from("（）()一二三。：:文字 \u3000"), max_size=60))
def test_a_paragraph_loses_no_character_of_its_line(line: str) -> None:
    assert "".join(p.text for p in paragraphs(line)) == line.strip()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("46件", "46"), ("2.0", "2"), ("２.００", "2"), ("1,234 件", "1234"), ("12个。", "12"), ("0件", "0"),
        ("3（件）", "3"), ("12（件）", "12"), ("46", "46"),
        ("2.5", ""), ("约46件", ""), ("46件（含重复）", ""), ("12 345", ""), ("3/5", ""), ("-3", ""), ("五件", ""),
        ("3万元", ""), ("1234567890123件", ""), ("", ""), ("件", ""), ("12abc", ""), ("12,34件", ""), ("2023年", ""),
    ],
)  # fmt: skip
def test_a_refused_text_means_a_number_only_if_it_can_mean_no_other(
    form: Form, text: str, number: str
) -> None:
    assert obvious_number(text, form.cells["requests.received.natural_person"]) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("8.5万元", "8.5"),
        ("8.5000000", "8.500000"),
        ("12 万元", "12"),
        ("85000元", ""),
        ("8.50000001", ""),
        ("3件", ""),
    ],
)
def test_an_amount_is_neither_converted_nor_rounded(form: Form, text: str, number: str) -> None:
    assert obvious_number(text, form.cells["proactive.fees.amount"]) == number


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\ufeff公\u200b开\u2060\u00ad信\u200e息\u202c", "公开信息"),
        ("12\u00a0条\u2009件\u202f", "12 条 件 "),
        ("\ue60a打印\uf0b7\U000f0001", "打印"),
        ("公\x07开\x0b信息\u2028平台", "公开\n信息\n平台"),
        ("0517\x1e8722", "0517-8722"),
        ("\u2060=1+1", "=1+1"),
        # what carries meaning
        ("　　一段\t二\n三", "　　一段\t二\n三"),
        ("葛\U000e0100某\ufe00", "葛\U000e0100某\ufe00"),
        ("\ue81a\U0002b741", "\ue81a\U0002b741"),
    ],
)
def test_characters_that_nobody_sees_go(text: str, seen: str) -> None:
    assert without_unseen(text) == seen


def test_a_number_led_by_an_unseen_character_is_a_number() -> None:
    assert parse_entry("\u206012\u200b", COUNT) == 12


# --- figures in doubt

PERSON, COMPANY = "requests.received.natural_person", "requests.received.company"


def in_doubt() -> Report:
    entries: dict[str, Entry] = {PERSON: 0, COMPANY: 6}
    return (
        blank_report(load_form()).with_entries(entries).with_doubts({PERSON: "是字母。", COMPANY: "看不清。"})
    )


def test_a_doubt_ends_with_the_figure_that_it_is_about() -> None:
    report = in_doubt()
    assert set(report.with_entry(PERSON, 3).doubts) == {COMPANY}
    assert set(report.with_entry(PERSON, None).doubts) == {COMPANY}
    assert report.with_entry(PERSON, 3).with_entry(PERSON, 0).doubts.keys() == {COMPANY}
    assert report.with_entry("requests.received.research", 3).doubts == report.doubts


def test_a_doubt_ends_when_it_has_been_looked_at() -> None:
    report = in_doubt()
    seen = report.without_doubts([PERSON])
    assert dict(seen.doubts) == {COMPANY: Doubt(6, "看不清。")}
    assert seen.entries == report.entries
    assert seen != report
    assert seen.without_doubts([PERSON]) is seen


def test_the_same_doubt_twice_gives_the_same_report() -> None:
    report = in_doubt()
    assert report.with_doubts({PERSON: "是字母。"}) is report


def test_what_is_blank_cannot_be_in_doubt() -> None:
    with pytest.raises(KeyError):
        blank_report(load_form()).with_doubts({PERSON: "是字母。"})


# --- numbers of prose in doubt

BROUGHT = "2022年收到62件，答复60件。"


def brought() -> Report:
    report = blank_report(load_form()).with_section("overview", BROUGHT)
    return report.with_prose_doubts("overview", to_revise(BROUGHT))


def numbers(report: Report, key: str = "overview") -> list[tuple[int, str]]:
    return [(doubt.start, doubt.text) for doubt in report.prose_doubts.get(key, ())]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("2023年收到62件，答复60件。", ["62", "60"]),
        ("2022年收到75件，答复60件。", ["2022", "60"]),
        ("2022年收到162件，答复60件。", ["2022", "60"]),
        ("2022年收到62.5件，答复60件。", ["2022", "60"]),
        ("2022年收到62万件，答复60件。", ["2022", "60"]),
        ("2022年，我局收到62件，答复60件。", ["2022", "62", "60"]),
        ("前言。\n2022年收到62件，答复60件。", ["2022", "62", "60"]),
        ("2022年收到62件，答复60件，完毕。", ["2022", "62", "60"]),
        ("2022年收到件，答复60件。", ["2022", "60"]),
        ("2022年收到62件。", ["2022", "62"]),
        ("今年收到很多申请。", []),
        ("", []),
    ],
)
def test_a_number_in_doubt_moves_with_its_text_and_ends_when_it_is_changed(
    text: str, left: list[str]
) -> None:
    report = brought().with_section("overview", text)
    assert [text for _, text in numbers(report)] == left
    for start, number in numbers(report):
        assert text[start : start + len(number)] == number


def test_a_number_in_doubt_that_was_looked_at_is_so_no_more_and_the_others_stay() -> None:
    report = brought()
    seen = report.without_prose_doubts("overview", [7])
    assert numbers(seen) == [(0, "2022"), (13, "60")]
    assert seen != report
    assert seen.without_prose_doubts("overview", [7]) is seen
    assert seen.without_prose_doubts("problems", [0]) is seen


def test_only_what_the_text_has_can_be_in_doubt() -> None:
    report = blank_report(load_form()).with_section("overview", "收到75件。")
    assert report.with_prose_doubts("overview", to_revise(BROUGHT)) is report


def test_numbers_of_the_preamble_are_in_doubt_likewise() -> None:
    report = blank_report(load_form()).with_fields(preamble="2022年收到62件。")
    report = report.with_prose_doubts("preamble", to_revise(report.preamble))
    report = report.with_fields(preamble="本局2022年收到62件。")
    assert numbers(report.with_fields(preamble="本局2022年收到75件。"), "preamble") == [(2, "2022")]
    assert report.with_fields(agency="甲局").prose_doubts == report.prose_doubts


@given(st.text("2年6件，。三0", max_size=30), st.text("2年6件，。三0", max_size=30))
def test_whatever_is_written_what_is_in_doubt_stands_in_the_text(before: str, after: str) -> None:
    report = blank_report(load_form()).with_section("overview", before)
    report = report.with_prose_doubts("overview", to_revise(before)).with_section("overview", after)
    assert all(after[start : start + len(text)] == text for start, text in numbers(report))


# --- what a person says


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("  上年数\u200b已经\n核实更正。 ", "上年数已经 核实更正。"),
        ("核实无误", "核实无误"),
        ("核" * 200, "核" * 200),
    ],
)
def test_a_reason_is_kept_on_one_line_without_what_nobody_sees(typed: str, reason: str) -> None:
    assert parse_reason(typed) == reason


@pytest.mark.parametrize(
    ("typed", "least", "why"),
    [
        ("", 4, "至少写 4 个字"),
        ("没问题", 4, "至少写 4 个字"),
        ("没 问 题", 4, "至少写 4 个字"),
        ("上级要求先报", 10, "至少写 10 个字"),
        ("核" * 201, 4, "最多 200 个字"),
        ("核" * 201, 10, "说明有 201 个字"),
    ],
)
def test_a_reason_that_says_nothing_or_too_much_is_refused(typed: str, least: int, why: str) -> None:
    with pytest.raises(EntryError, match=why):
        parse_reason(typed, least)


def test_a_report_is_final_until_it_is_reopened(form: Form) -> None:
    report = blank_report(form)
    final = Final("2026-01-12", "张三", "0" * 64)
    opened = replace(final, reopened="2026-01-13 补充附件")
    assert [report.with_finals(finals).is_final for finals in ((), (final,), (opened,), (opened, final))] == [
        False,
        True,
        False,
        True,
    ]


def test_explanations_and_rules_closed_are_given_and_taken_away(form: Form) -> None:
    report = blank_report(form)
    said = report.with_explanation("A@", Explanation("理由", ())).with_closed("Y-01", "原因")
    assert said.with_explanation("A@", Explanation("理由", ())) is said
    assert said.with_closed("Y-01", "原因") is said
    assert said != report
    assert said.with_explanation("A@", None).with_closed("Y-01", "") == report
