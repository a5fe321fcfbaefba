"""What the board says of each unit: its row, its filters, the order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gxeditor.core.rollup.project import Rollup, State
from gxeditor.core.rollup.sums import counts
from gxeditor.core.rollup.units import Duty, Unit, UnitKind, Units
from gxeditor.ui.rollup.listing import ALL, COLUMNS, FILTERS, MOVED, ZERO, Listing, Row, said_day, signed
from tests.rollup_sample import many, received_of, report_of, songtang, unit_id

TODAY = date(2026, 1, 21)


@pytest.fixture(scope="module")
def listing() -> Listing:
    return Listing(songtang(), TODAY, frozenset({"县直/机关事务服务中心2025.gxr"}))


def row(listing: Listing, name: str) -> Row:
    return listing.row(listing.rollup.units.by_id[unit_id(name)])


def test_the_filters_count_what_picture_17_shows(listing: Listing) -> None:
    numbers = listing.numbers("")
    shown = {word: numbers.get(key, 0) for key, word in FILTERS}
    assert shown == {
        "全部": 49, "未交": 2, "未认领": 2, "读不全": 1, "文件已变": 1, "已退回": 2, "有错误": 3,
        "有疑问": 5, "可用": 33,
        "零报告": 6, "变动大": 3,
    }  # fmt: skip
    for key, _ in FILTERS:
        assert len(listing.listed("", key)) == numbers.get(key, 0)


def test_the_states_add_up_to_all_in_every_branch(listing: Listing) -> None:
    states = [state.name for state in State if state is not State.EXEMPT]
    for branch in ("", "d", "t", "s", "z", "p"):
        numbers = listing.numbers(branch)
        assert sum(numbers[name] for name in states) == numbers[ALL] == counts(listing.rollup)[branch].of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("商务局", ("未交", "", "", "", "", "", "", "1 月 23 日", "还有 2 天")),
        ("小箬乡人民政府", ("未交", "", "", "", "", "", "", "1 月 20 日", "已过 1 天")),
        (
            "城市管理局",
            ("已交未认领", "", "", "", "", "", "有 1 份可能是它的文件", "1 月 23 日", "还有 2 天"),
        ),
        ("民政局", ("读不全", "28 格没读到", "6", "6", "0", "0", "1 月 20 日 11:17", "1 月 23 日", "")),
        (
            "机关事务服务中心",
            ("文件已变", "正在重读", "2", "2", "0", "0", "1 月 14 日 09:55", "1 月 23 日", ""),
        ),
        (
            "沙田乡人民政府",
            (
                "已退回",
                "1 个错误，1 个疑问",
                "1",
                "1",
                "0",
                "0",
                "1 月 19 日 16:02",
                "1 月 20 日",
                "1 月 22 日前重报",
            ),
        ),
        (
            "自然资源局",
            ("有错误", "2 个错误，1 个疑问", "82", "76", "10", "＋19", "1 月 21 日 09:08", "1 月 23 日", ""),
        ),
        ("农业农村局", ("有疑问", "1 个疑问", "17", "15", "3", "－2", "1 月 19 日 08:31", "1 月 23 日", "")),
        ("档案馆", ("免报", "", "", "", "", "", "", "", "")),
    ],
)
def test_a_row_says_what_is_to_be_done(listing: Listing, name: str, words: tuple[str, ...]) -> None:
    assert row(listing, name).words()[1:] == words


def test_a_file_that_cannot_be_read_says_why_in_its_row() -> None:
    rollup = songtang()
    broken = replace(
        received_of(report_of(rollup.form, "", (0, 0, 0)), "县直/商务局.docx", unit_id("商务局")),
        values=(),
        problem="打不开，不是 Word 文件",
    )
    listing = Listing(rollup.with_received([broken]), TODAY)
    found = row(listing, "商务局")
    assert (found.state, found.instead) == (State.INCOMPLETE, "打不开，不是 Word 文件")


def test_a_unit_with_two_different_files_asks_for_one() -> None:
    rollup = songtang()
    other = received_of(
        report_of(rollup.form, "松塘县教育局", (1, 1, 0)), "县直/教育局改.gxr", unit_id("教育局")
    )
    listing = Listing(rollup.with_received([other]), TODAY)
    assert row(listing, "教育局").instead == "有 2 份不同的文件，请选一份"
    assert row(listing, "教育局").state is State.UNCLAIMED


def test_figures_that_were_never_read_are_blank_and_not_zero(listing: Listing) -> None:
    assert row(listing, "商务局").new is None
    assert row(listing, "商务局").change is None
    assert row(listing, "供销合作社联合社").new == 0


def test_units_stand_in_the_order_in_which_they_need_a_hand(listing: Listing) -> None:
    ordered = listing.ordered(listing.listed("", ALL))
    states = [listing.rollup.state(unit) for unit in ordered]
    assert states == sorted(states, key=list(State).index)
    assert [unit.name for unit in ordered[:2]] == ["松塘县商务局", "松塘县小箬乡人民政府"]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_orders_all_units_both_ways(listing: Listing, column: str) -> None:
    units = listing.listed("", ALL)
    one, other = listing.ordered(units, column), listing.ordered(units, column, True)
    assert {unit.id for unit in one} == {unit.id for unit in units} == {unit.id for unit in other}


def test_sorted_by_a_figure_the_largest_is_last_and_the_unknown_first(listing: Listing) -> None:
    ordered = listing.ordered(listing.listed("", ALL), "new")
    assert ordered[-1].name == "松塘县人民政府办公室"
    assert row(listing, ordered[0].name.removeprefix("松塘县")).new is None


def test_a_search_finds_names_former_names_and_every_word(listing: Listing) -> None:
    assert [unit.name for unit in listing.listed("", ALL, "城管局")] == ["松塘县城市管理局"]
    assert [unit.name for unit in listing.listed("", ALL, "镇 石")] == ["松塘县石门镇人民政府"]
    assert listing.listed("", ALL, "没有这一家") == []


def test_the_exempt_are_listed_where_there_are_no_others(listing: Listing) -> None:
    assert len(listing.listed("x", ALL)) == 2
    assert all(listing.rollup.state(unit) is not State.EXEMPT for unit in listing.listed("", ALL))


def test_files_that_nobody_claims_stand_apart_from_those_of_another_year(listing: Listing) -> None:
    assert [listing.about(one) for one in listing.waiting] == [
        "可能是 城市管理局，也可能是 综合行政执法局",
        "扫描件，没有读到单位名称和数字",
    ]
    assert [listing.about(one) for one in listing.others] == ["文件里是 2024 年，本汇总是 2025 年，没有计入"]


def test_a_file_of_another_year_is_named_even_if_its_unit_is_known() -> None:
    rollup = songtang()
    last = received_of(
        report_of(rollup.form, "松塘县商务局", (1, 1, 0), 2024), "商务局.gxr", unit_id("商务局")
    )
    listing = Listing(rollup.with_received([last]), TODAY)
    assert last in listing.others
    assert row(listing, "商务局").state is State.MISSING


def test_large_changes_are_those_of_ten_requests_and_a_quarter(listing: Listing) -> None:
    moved = {unit.name.removeprefix("松塘县") for unit in listing.listed("", MOVED)}
    assert moved == {"自然资源局", "公安局", "住房和城乡建设局"}
    assert len(listing.listed("", ZERO)) == 6


def test_a_list_of_no_units_has_nothing_to_show() -> None:
    empty: Rollup = replace(songtang(), units=Units(), received=())
    listing = Listing(empty, TODAY)
    assert listing.listed("", ALL) == []
    assert listing.branches[""].of == 0


def test_only_what_is_looked_at_is_derived() -> None:
    listing = Listing(many(300), TODAY)
    listing.row(listing.units[0])
    assert len(listing._rows) == 1  # type: ignore[attr-defined]


def test_days_and_differences_are_said_as_printed() -> None:
    assert (said_day("2026-01-23"), said_day("x"), said_day("")) == ("1 月 23 日", "", "")
    assert (signed(3), signed(-2), signed(0), signed(None)) == ("＋3", "－2", "0", "")


def test_the_filters_count_those_who_must_report_as_every_export_does() -> None:
    rollup = songtang()
    county = replace(rollup.units.by_id["county"], duty=Duty.MUST)
    form = rollup.form
    own = received_of(report_of(form, "松塘县人民政府", (9, 9, 0)), "县政府2025.gxr", "county",
                      found=rollup.used[unit_id("自然资源局")].found)  # fmt: skip
    may = Unit("may", "松塘县供电公司", UnitKind.PUBLIC, "p", duty=Duty.MAY)
    units = Units((*rollup.units.listed, may))
    listing = Listing(replace(rollup, units=units).with_unit(county).with_received([own]), TODAY)
    counted, numbers = counts(listing.rollup)[""], listing.numbers("")
    assert counted.of == 49
    assert {state.name: numbers[state.name] for state in counted.states} == {
        state.name: count for state, count in counted.states.items()
    }
    assert (numbers[ALL], numbers[ZERO]) == (counted.of, counted.zeros)
    for state in State:
        assert len(listing.listed("", state.name)) == counted.count(state), state
    compared = listing.row(county)
    assert county in listing.listed("", ALL)
    assert compared.left == "只比对，不计入"
    assert compared.state is State.ERRORS


def test_a_report_that_is_not_added_says_why_in_its_row() -> None:
    rollup = songtang()
    twin = replace(rollup.used[unit_id("教育局")], path="抄.gxr", unit=unit_id("商务局"))
    listing = Listing(rollup.with_received([twin]), TODAY)
    assert row(listing, "商务局").left == "与松塘县教育局是同一份文件"
