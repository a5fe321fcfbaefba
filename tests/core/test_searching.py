"""Words and figures are found as a clerk reads them, and replaced as if typed over."""

from __future__ import annotations

import pytest

from gxeditor.core.checks.anchors import Cell, Field, Span, Whole, reading_order
from gxeditor.core.errors import EntryError
from gxeditor.core.form import Form
from gxeditor.core.report import Bound, ProseDoubt, Report, blank_report
from gxeditor.core.searching import (
    HEADINGS,
    NO_FIGURE,
    NO_YEAR,
    OWN_TITLE,
    PARTS,
    TOTALS,
    Hit,
    occurrences,
    rank_of,
    replace,
    replace_all,
)

PERSON, COMPANY = "requests.received.natural_person", "requests.received.company"


@pytest.fixture
def report(form: Form) -> Report:
    """31 of 1234 requests in the prose and the table, of an office that the title names."""
    return (
        blank_report(form, 2025)
        .with_fields(agency="青溪县教育局", preamble="现将青溪县教育局2025年情况公布如下。")
        .with_section("overview", "新收申请31件。\n办结 31 件，浏览1,234次，ＧＤＰ与gdp。")
        .with_section("problems", "三十一件以外，另有31件。")
        .with_entries({PERSON: 31, COMPANY: 1234})
    )


def prose(report: Report, sought: str) -> list[str]:
    return [
        f"{hit.where.section}:{hit.start}"
        for hit in occurrences(report, sought)
        if isinstance(hit.where, Span)
    ]


def cells(report: Report, sought: str) -> list[str]:
    hits = occurrences(report, sought)
    return [hit.where.id for hit in hits if isinstance(hit.where, Cell) and not hit.heading]


def test_what_is_sought_is_found_page_by_page_in_the_order_of_reading(report: Report) -> None:
    hits = occurrences(report, "31")
    assert [hit.where for hit in hits] == [
        Span("overview", 4, 6),
        Span("overview", 12, 14),
        Cell(PERSON),
        Span("problems", 9, 11),
    ]
    assert [hit.rank for hit in hits] == sorted(hit.rank for hit in hits)
    order = reading_order(report.form)
    assert [order(hit.where) for hit in hits] == sorted(order(hit.where) for hit in hits)


def test_width_case_and_thousands_make_no_difference(report: Report) -> None:
    assert prose(report, "３１") == prose(report, "31") != []
    assert len(prose(report, "gdp")) == len(prose(report, "ＧＤＰ")) == len(prose(report, "Gdp")) == 2
    for sought in ("1234", "1,234", "１，２３４"):
        assert prose(report, sought) == ["overview:19"]
        assert cells(report, sought) == [COMPANY]
    assert prose(report, "234次") == ["overview:21"]


@pytest.mark.parametrize(
    ("text", "sought", "found"),
    [
        ("12,345,678元", "12345678", "12,345,678"),
        ("1,23件", "123", ""),
        ("（一）a.c", "(一)", "（一）"),
        ("axc a.c", "a.c", "a.c"),
        ("[x]^-\\", "^-\\", "^-\\"),
        ("甲　乙", "甲 乙", "甲　乙"),
        ("𠮷野家𠮷", "野家", "野家"),
        ("ÀÉ", "àé", "ÀÉ"),
    ],
)
def test_what_is_typed_is_meant_literally(form: Form, text: str, sought: str, found: str) -> None:
    report = blank_report(form).with_section("overview", text)
    hits = [hit for hit in occurrences(report, sought) if isinstance(hit.where, Span)]
    assert [text[hit.start : hit.end] for hit in hits] == ([found] if found else [])


def test_fields_titles_headings_and_automatic_totals_are_found_as_printed(report: Report) -> None:
    found = [hit.where for hit in occurrences(report, "青溪县教育局")]
    assert found == [Field("agency"), Field("own_title"), Span("preamble", 2, 8)]
    assert occurrences(report, "收到和处理")[0].where == Whole("requests")
    heads = [hit for hit in occurrences(report, "自然人") if hit.heading]
    assert heads
    assert isinstance(heads[0].where, Cell)
    row = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    assert all(any(hit.heading for hit in occurrences(report, name)) for name in row)
    filled = report.with_entries(
        {
            cell: 0
            for cell in report.form.cells
            if cell.startswith("requests.received.") and not report.form.cells[cell].is_total
        }
    ).with_entry(PERSON, 77)
    assert "requests.received.total" in cells(filled, "77")


def test_nothing_is_found_of_nothing(report: Report) -> None:
    assert occurrences(report, "") == ()
    assert occurrences(report, "没有这几个字") == ()


def test_every_hit_can_be_led_to_and_ranks_like_its_place(report: Report) -> None:
    for hit in occurrences(report, "1"):
        rank = rank_of(hit.where, report.form)
        if hit.heading:
            assert rank[0] == hit.rank[0]
        else:
            assert rank[:2] == hit.rank[:2]


def test_replacing_all_is_told_with_what_was_left_and_why(report: Report) -> None:
    done = replace_all(report.with_entry(COMPANY, 310), "31", "32")
    assert done.number == 4
    assert done.report.text("overview").startswith("新收申请32件。\n办结 32 件")
    assert done.report.value(PERSON) == 32
    assert done.report.value(COMPANY) == 310
    assert dict(done.left) == {PARTS: 1}


def test_headings_totals_the_automatic_title_and_what_is_no_figure_are_left(report: Report) -> None:
    zeros = {c.id: 0 for c in report.form.section("requests").table.cells if not c.is_total}  # type: ignore[union-attr]
    whole = report.with_entries({**zeros, PERSON: 31})
    left = dict(replace_all(whole, "31", "三十一").left)
    assert left == {NO_FIGURE: 1, TOTALS: 1}
    assert dict(replace_all(report, "自然人", "个人").left)[HEADINGS] >= 1
    done = replace_all(report, "教育局", "教体局")
    assert dict(done.left) == {OWN_TITLE: 1}
    assert (done.report.agency, done.report.own_title) == ("青溪县教体局", None)
    assert done.report.title.startswith("青溪县教体局")
    assert dict(replace_all(report, "2025", "今年").left) == {OWN_TITLE: 1, NO_YEAR: 1}
    assert replace_all(report, "2025", "2026").report.year == 2026


def test_a_field_with_several_hits_is_replaced_throughout(report: Report) -> None:
    done = replace_all(report.with_fields(signature="县县县局"), "县", "自治县")
    assert done.report.signature == "自治县自治县自治县局"


def test_replacing_digits_of_a_number_that_follows_the_table_is_like_typing_over_it(report: Report) -> None:
    bound = report.with_bound("overview", [Bound(4, "31", (PERSON,)), Bound(12, "31", (PERSON,))])
    typed = bound.with_section("overview", bound.text("overview").replace("31件", "40件", 1))
    hit = next(hit for hit in occurrences(bound, "31") if hit.where == Span("overview", 4, 6))
    assert replace(bound, hit, "40") == typed
    assert [one.start for one in typed.bound["overview"]] == [12]
    every = replace_all(bound, "31", "40")
    assert "overview" not in every.report.bound


def test_marks_between_what_is_replaced_move_along(report: Report) -> None:
    marked = report.with_bound("overview", [Bound(12, "31", (PERSON,))]).with_prose_doubts(
        "overview", [ProseDoubt(19, "1,234", "去年的")]
    )
    after = replace_all(marked, "件", "件次").report
    assert [(one.start, one.text) for one in after.bound["overview"]] == [(13, "31")]
    assert [(one.start, one.text) for one in after.prose_doubts["overview"]] == [(21, "1,234")]
    one_by_one = marked
    while hits := [h for h in occurrences(one_by_one, "件") if h.where == Span("overview", h.start, h.end)]:
        one_by_one = replace(one_by_one, hits[-1], "起")
    together = replace_all(marked.with_section("problems", ""), "件", "起").report
    assert one_by_one.with_section("problems", "") == together


def test_a_digit_put_directly_before_a_bound_number_makes_it_another(report: Report) -> None:
    bound = report.with_bound("overview", [Bound(4, "31", (PERSON,))])
    assert "overview" not in replace_all(bound, "申请", "申请1").report.bound


def test_a_single_hit_in_a_figure_may_be_a_part_of_it(report: Report) -> None:
    hit = next(hit for hit in occurrences(report, "23") if hit.where == Cell(COMPANY))
    assert replace(report, hit, "99").value(COMPANY) == 1994
    with pytest.raises(EntryError, match="不是数字"):
        replace(report, hit, "二")
    heading = next(hit for hit in occurrences(report, "自然人") if hit.heading)
    with pytest.raises(EntryError, match="规定的"):
        replace(report, heading, "个人")


def test_a_total_and_a_year_that_is_none_refuse(report: Report) -> None:
    total = Hit(Cell("requests.received.total"), 0, 1, (3, 1, 0))
    with pytest.raises(EntryError, match="自动合计"):
        replace(report, total, "5")
    year = next(hit for hit in occurrences(report, "2025") if hit.where == Field("year"))
    with pytest.raises(EntryError, match="年份"):
        replace(report, year, "二五")


def test_a_title_replaced_by_itself_becomes_ones_own(report: Report) -> None:
    title = next(hit for hit in occurrences(report, "工作年度") if hit.where == Field("own_title"))
    assert replace(report, title, "年度").own_title == report.title.replace("工作年度", "年度")
