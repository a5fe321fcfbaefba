"""What a roll-up adds up to: with whom, without whom, and beside last year."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.report import Entry
from gxeditor.core.rollup import sums as of
from gxeditor.core.rollup.project import Adjustment, PriorYear, Received, Returned, Rollup, State, Told
from gxeditor.core.rollup.units import Alias, Duty, Role, Scope, Unit, UnitKind, Units
from gxeditor.resources import load_form
from tests.rollup_sample import songtang, unit_id

FORM = load_form()
CELLS = tuple(FORM.cells)
NEW, NEW_TOTAL = "requests.received.natural_person", "requests.received.total"
SECRET = "requests.handled.denied.state_secret.natural_person"
FEES = next(cell.id for cell in FORM.cells.values() if cell.decimals)


def values(**entries: Entry | None) -> tuple[Entry | None, ...]:
    """A report of zeros, but for NEW (`new`), its total (`total`), `secret` and `fees`."""
    names = {"new": NEW, "total": NEW_TOTAL, "secret": SECRET, "fees": FEES}
    found: dict[str, Entry | None] = {names[name]: entry for name, entry in entries.items()}
    return tuple(found.get(cell, 0) for cell in CELLS)


def unit(name: str, **more: Any) -> Unit:
    return Unit(more.pop("id", name), name, **more)


def report(of_unit: str, figures: tuple[Entry | None, ...], **more: Any) -> Received:
    first = Received(
        f"{of_unit}.gxr", sha256=f"hash of {of_unit}", year=2025, edition=FORM.edition, unit=of_unit
    )
    return replace(first, values=figures, **more)


def rollup(units: Iterable[Unit], *received: Received, **more: Any) -> Rollup:
    return Rollup(FORM, year=2025, owner="松塘县", units=Units(tuple(units)), received=received, **more)


def of_departments(*figures: tuple[Entry | None, ...] | None, **more: Any) -> Rollup:
    """A roll-up of units a, b, c … with these figures; None for one that has not reported."""
    names = [chr(ord("a") + i) for i in range(len(figures))]
    received = [report(name, one) for name, one in zip(names, figures, strict=True) if one is not None]
    return rollup([unit(name) for name in names], *received, **more)


# --- words


@pytest.mark.parametrize(
    ("units", "of_all", "words"),
    [(47, 49, "49 家中 47 家"), (49, 49, "49 家全部"), (0, 49, "49 家中 0 家"), (0, 0, "还没有应报的单位")],
)
def test_completeness_is_said_in_words(units: int, of_all: int, words: str) -> None:
    assert of.completeness(units, of_all) == words
    assert of.total_name(units, of_all) == f"合计（{words}）"


# --- sums


def random_entry(chance: random.Random) -> Entry | None:
    kind = chance.randrange(6)
    if kind == 0:
        return None
    if kind == 1:
        return chance.choice(["/", "—", "不适用"])
    if kind == 2:
        return Decimal(chance.randrange(10**18)).scaleb(-chance.randrange(7))
    return chance.randrange(chance.choice([1, 10, 10**12]))


@settings(max_examples=10)
@given(st.integers())
def test_every_cell_is_the_independent_sum_of_500_random_reports(seed: int) -> None:
    chance = random.Random(seed)
    names = [f"u{i}" for i in range(500)]
    pool = [random_entry(chance) for _ in range(5000)]
    some = {name: tuple(chance.choices(pool, k=len(CELLS))) for name in names if chance.random() < 0.9}
    found = of.sums(rollup([unit(name) for name in names], *(report(n, v) for n, v in some.items())))
    for place, cell in enumerate(CELLS):
        scaled, count, out = 0, 0, set()
        for name, figures in some.items():
            entry = figures[place]
            if entry is None or isinstance(entry, str):
                out.add(name)
            else:
                scaled += int(Decimal(entry) * 10**6)  # whole millionths: no decimal is added here
                count += 1
        assert (found[cell].units, found[cell].of, set(found[cell].blank)) == (count, 500, out)
        value = found[cell].value
        assert value is not None
        assert Decimal(value) == Decimal(scaled).scaleb(-6)


def test_ten_thousand_long_amounts_are_not_rounded() -> None:
    long = Decimal("999999999999999999999999999999.000000000000000000000000000001")
    names = [f"u{i}" for i in range(1000)]
    found = of.sums(rollup([unit(n) for n in names], *(report(n, values(fees=long)) for n in names)))[FEES]
    assert str(found.value) == "999999999999999999999999999999000.000000000000000000000000001000"


def test_a_missing_unit_leaves_every_sum_incomplete() -> None:
    found = of.sums(of_departments(values(new=3), None, values(new=4)))
    assert {(one.units, one.of) for one in found.values()} == {(2, 3)}
    assert found[NEW].value == 7
    assert found[NEW].name == "合计（3 家中 2 家）"


def test_a_blank_and_a_slash_leave_only_their_own_cell_incomplete() -> None:
    found = of.sums(
        of_departments(values(new=3, secret=None), values(new=4, secret="/"), values(new=5, secret=2))
    )
    assert found[SECRET] == of.Sum(2, 1, 3, ("a", "b"), {"b": "/"})
    assert found[NEW] == of.Sum(12, 3, 3)
    assert found[NEW].is_complete
    assert not found[SECRET].is_complete


def test_nothing_received_is_no_zero() -> None:
    found = of.sums(of_departments(None, None, adjustments=(Adjustment("1", NEW, -2, "多计"),)))
    assert found[NEW].value is None
    assert found[NEW].name == "合计（2 家中 0 家）"


def test_what_a_damaged_report_lacks_is_blank_and_takes_no_other_figure_along() -> None:
    found = of.sums(of_departments(values(new=3), (1, 2)))
    assert found[NEW].value == 3
    assert found[NEW].blank == ("b",)
    assert found[CELLS[0]].units == 2


def test_a_parents_report_of_another_year_or_edition_is_never_added() -> None:
    county = unit("county", role=Role.SUM, kind=UnitKind.COUNTY)
    units = [county, unit("a", parent="county"), unit("b", parent="county"), unit("c", parent="county")]
    found = of.sums(
        rollup(
            units,
            report("county", values(new=100)),
            report("a", values(new=1)),
            report("b", values(new=10), year=2024),
            report("c", values(new=20), edition="2014"),
        )
    )
    assert (found[NEW].value, found[NEW].units, found[NEW].of) == (1, 1, 3)


def test_a_parent_that_reports_a_difference_is_added_beside_those_below_it() -> None:
    units = [unit("county", role=Role.DIFFERENCE, kind=UnitKind.COUNTY), unit("a", parent="county")]
    found = of.sums(rollup(units, report("county", values(new=100)), report("a", values(new=1))))
    assert (found[NEW].value, found[NEW].of) == (101, 2)


def test_a_branch_has_its_own_sum_and_its_own_completeness() -> None:
    group = unit("g", kind=UnitKind.GROUP)
    units = [group, unit("a", parent="g"), unit("b", parent="g"), unit("c")]
    whole = rollup(units, report("a", values(new=1)), report("c", values(new=5)))
    assert of.sums(whole, "g")[NEW].name == "合计（2 家中 1 家）"
    assert of.sums(whole, "g")[NEW].value == 1


def test_the_own_level_is_a_sum_of_its_own() -> None:
    units = [
        unit("county", role=Role.SUM, kind=UnitKind.COUNTY),
        unit("a", parent="county"),
        unit("town", parent="county", kind=UnitKind.TOWNSHIP),
    ]
    whole = rollup(units, report("a", values(new=1)), report("town", values(new=5)))
    level = of.in_scope(whole, Scope.LEVEL)
    assert (of.sums(whole)[NEW].value, of.sums(level)[NEW].value, of.sums(level)[NEW].of) == (6, 1, 1)


class _Counted(tuple[Entry | None, ...]):
    """Figures that count how often somebody goes through them or looks one up."""

    steps = 0

    def __iter__(self) -> Any:
        type(self).steps += 1
        return super().__iter__()

    def __getitem__(self, at: Any) -> Any:
        type(self).steps += 1
        return super().__getitem__(at)


def test_a_sum_goes_once_through_each_report_and_looks_no_figure_up() -> None:
    figures = _Counted(values(new=2))
    names = [f"u{i}" for i in range(200)]
    many = rollup([unit(n) for n in names], *(report(n, figures) for n in names))
    assert len(many.used) == 200  # comparing is not adding
    _Counted.steps = 0
    assert of.sums(many)[NEW].value == 400
    assert _Counted.steps == 200
    of.sums(many)
    assert _Counted.steps == 200  # the window and every export ask again


# --- adjustments


def test_an_adjustment_moves_its_cell_and_is_told_apart() -> None:
    whole = of_departments(values(new=3), adjustments=(Adjustment("1", NEW, -2, "两家各计一次"),))
    assert of.sums(whole)[NEW] == of.Sum(1, 1, 1, adjusted=-2)
    assert of.sums(whole, with_adjustments=False)[NEW] == of.Sum(3, 1, 1)
    assert of.sums(whole)[NEW_TOTAL].adjusted is None


def test_adjustments_that_cancel_out_still_show() -> None:
    both = (Adjustment("1", NEW, -2, "多计"), Adjustment("2", NEW, 2, "漏计"))
    assert of.sums(of_departments(values(new=3), adjustments=both))[NEW].adjusted == 0


def test_an_adjustment_of_no_cell_of_the_form_or_without_a_number_changes_nothing() -> None:
    odd = (Adjustment("1", "no.such.cell", -2, "多计"), Adjustment("2", NEW, "/", "多计"))
    assert of.sums(of_departments(values(new=3), adjustments=odd))[NEW] == of.Sum(3, 1, 1)


def test_an_adjustment_of_a_unit_counts_in_its_branch_and_its_scope_only() -> None:
    units = [
        unit("county", role=Role.SUM, kind=UnitKind.COUNTY),
        unit("a", parent="county"),
        unit("town", parent="county", kind=UnitKind.TOWNSHIP),
    ]
    whole = rollup(
        units,
        report("a", values(new=10)),
        report("town", values(new=10)),
        adjustments=(Adjustment("1", NEW, -3, "多计", unit="town"), Adjustment("2", NEW, -1, "两家重复")),
    )
    assert of.sums(whole)[NEW].value == 16
    assert of.sums(whole, "town")[NEW].value == 7
    assert of.sums(whole, "a")[NEW].value == 10
    assert of.sums(of.in_scope(whole, Scope.LEVEL))[NEW].value == 9


def test_the_totals_that_an_adjustment_belongs_to_are_known() -> None:
    assert of.totals_of(FORM, NEW) == (NEW_TOTAL,)
    detail = "requests.handled.unable_to_provide.not_held"
    assert set(of.totals_of(FORM, f"{detail}.natural_person")) == {
        f"{detail}.total", "requests.handled.total.natural_person", "requests.handled.total.total",
    }  # fmt: skip


def test_an_adjustment_without_its_total_is_said_not_to_add_up() -> None:
    alone = (Adjustment("1", NEW, -2, "多计"),)
    assert of.disturbed(of_departments(values(), adjustments=alone))[0][:1] == (NEW_TOTAL,)
    both = (*alone, Adjustment("2", NEW_TOTAL, -2, "多计"))
    assert of.disturbed(of_departments(values(), adjustments=both)) == ()


def test_an_adjustment_that_breaks_the_balance_is_said_too() -> None:
    carried, handled = "requests.carried_forward.natural_person", "requests.handled.total.natural_person"
    brought = "requests.brought_forward.natural_person"
    both = (Adjustment("1", NEW, -2, "多计"), Adjustment("2", NEW_TOTAL, -2, "多计"))
    whole = of_departments(values(), adjustments=both)
    (gap,) = of.disturbed(whole, [((NEW, brought), (handled, carried))])
    assert (gap.total, gap.stated, gap.added) == (carried, 0, -2)


def test_what_was_decided_at_once_is_one_adjustment() -> None:
    rows = [Adjustment(str(i), cell, -2, "重复", "台账") for i, cell in enumerate((NEW, NEW_TOTAL))]
    assert [len(one.rows) for one in of.decisions([*rows, Adjustment("9", NEW, 1, "漏计")])] == [2, 1]


# --- one unit counts once


def test_a_unit_that_is_listed_twice_counts_once() -> None:
    units = [unit("商务局", id="x"), unit("商 务局", id="y"), unit("教育局", id="z")]
    twice = rollup(units, report("y", values(new=3)), report("z", values(new=1)))
    assert (of.sums(twice)[NEW].value, of.sums(twice)[NEW].of) == (4, 2)
    assert [(one.unit, one.by, one.why) for one in of.double_counted(twice)] == [("x", ("y",), "listed")]
    both = rollup(units, report("x", values(new=2)), report("y", values(new=3)))
    assert of.sums(both)[NEW].value == 2


def test_the_same_name_in_two_counties_is_two_units() -> None:
    counties = [unit(name, role=Role.SUM, kind=UnitKind.COUNTY) for name in ("甲县", "乙县")]
    units = [*counties, unit("教育局", id="x", parent="甲县"), unit("教育局", id="y", parent="乙县")]
    assert of.sums(rollup(units, report("x", values(new=2)), report("y", values(new=3))))[NEW].value == 5


def test_a_file_of_the_whole_area_is_not_added_beside_those_of_its_units() -> None:
    units = [
        unit("county", kind=UnitKind.COUNTY, covers=Scope.TERRITORY),
        unit("a", parent="county"),
        unit("b", parent="county"),
    ]
    whole = rollup(units, report("county", values(new=100)), report("a", values(new=1)))
    assert (of.sums(whole)[NEW].value, of.sums(whole)[NEW].name) == (1, "合计（2 家中 1 家）")
    (twice,) = of.double_counted(whole)
    assert twice[:2] == ("county", ("a", "b"))
    assert of.twice_words(whole, twice) == "下面 2 家各自计入"


def test_a_file_of_the_whole_area_counts_where_nobody_below_reports() -> None:
    units = [unit("county", kind=UnitKind.COUNTY, covers=Scope.TERRITORY)]
    assert of.sums(rollup(units, report("county", values(new=9))))[NEW].value == 9
    lower = unit("a", parent="county", duty=Duty.MAY)
    assert of.sums(rollup([*units, lower], report("county", values(new=9))))[NEW].value == 9


def test_one_file_for_two_units_counts_once_for_the_one_it_names() -> None:
    same = {"sha256": "one", "agency": "b"}
    both = rollup(
        [unit("a"), unit("b")], report("a", values(new=3), **same), report("b", values(new=3), **same)
    )
    assert (of.sums(both)[NEW].value, of.sums(both)[NEW].name) == (3, "合计（2 家中 1 家）")
    (twice,) = of.double_counted(both)
    assert of.twice_words(both, twice) == "与b是同一份文件"
    chosen = rollup(both.units.listed, *(replace(one, decided="use") for one in both.received))
    assert of.sums(chosen)[NEW].value == 6


def test_rows_of_one_workbook_are_not_the_same_file() -> None:
    rows = [report(name, values(new=3), sha256="one", row=name) for name in ("a", "b")]
    assert of.sums(rollup([unit("a"), unit("b")], *rows))[NEW].value == 6


# --- what a sum is made of


def last(units: Iterable[Unit], **figures: tuple[Entry | None, ...]) -> PriorYear:
    return PriorYear(2024, "松塘县", FORM.edition, Units(tuple(units)), figures)


def test_a_sum_is_taken_apart_largest_first() -> None:
    units = [unit(name) for name in "abcdef"]
    whole = replace(
        of_departments(
            values(new=1), values(new=6), values(), values(new=None), None, values(new=3),
            adjustments=(Adjustment("1", NEW, -2, "两家各计一次"),),
        ),
        prior=last(units, a=values(new=4), b=values(new=5), c=values(new=1), e=values(new=7)),
    )  # fmt: skip
    parts = of.contributions(whole, NEW)
    assert [(one.unit.id, one.value, one.prior) for one in parts.rows] == [
        ("b", 6, 5), ("f", 3, None), ("a", 1, 4),
    ]  # fmt: skip
    assert [one.share for one in parts.rows] == [Decimal("0.6"), Decimal("0.3"), Decimal("0.1")]
    assert [one.unit.id for one in parts.zeros] == ["c"]
    assert [one.unit.id for one in parts.blank] == ["d"]
    assert [(one.unit.id, one.text, one.prior) for one in parts.missing] == [("e", "未交", 7)]
    assert (parts.subtotal, parts.prior_subtotal, parts.sum.value) == (10, 10, 8)
    assert parts.year is not None
    assert (parts.year.same, parts.year.now_same, parts.year.then_same) == (
        3,
        5,
        10,
    )


@settings(max_examples=50)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 50), st.just("/")), min_size=1, max_size=12),
    st.integers(-9, 9),
)
def test_subtotal_and_adjustments_always_come_to_the_sum_and_nobody_is_lost(
    figures: list[Entry | None], delta: int
) -> None:
    whole = of_departments(
        *(None if i % 4 == 3 else values(new=one) for i, one in enumerate(figures)),
        adjustments=(Adjustment("1", NEW, delta, "说明"),),
    )
    parts = of.contributions(whole, NEW)
    groups = (parts.rows, parts.zeros, parts.blank, parts.missing)
    assert sorted(one.unit.id for group in groups for one in group) == [unit.id for unit in whole.must]
    if parts.subtotal is not None:
        assert parts.subtotal == sum(one.value or 0 for one in parts.rows)
        assert parts.sum.value == parts.subtotal + delta


# --- last year


def test_years_are_compared_over_the_units_that_are_in_both() -> None:
    units = [unit(name) for name in "abc"]
    whole = replace(
        of_departments(values(new=10), values(new=5), None),
        prior=last([*units, unit("old")], a=values(new=8), c=values(new=100), old=values(new=50)),
    )
    found = of.years(whole)
    assert found is not None
    one = found[NEW]
    assert (one.now.value, one.now.name, one.then.value, one.then.name) == (
        15, "合计（3 家中 2 家）", 158, "合计（4 家中 3 家）",
    )  # fmt: skip
    assert (one.same, one.now_same, one.then_same, one.difference) == (1, 10, 8, 2)
    assert one.rate == 25
    assert one.difference_of_all == -143


def test_last_years_adjustment_that_concerns_no_unit_counts_for_no_branch() -> None:
    units = [unit("县直", kind=UnitKind.GROUP), unit("a", parent="县直"), unit("b")]
    then = replace(
        last(units, a=values(new=8), b=values(new=1)), adjustments=(Adjustment("1", NEW, -5, "重复"),)
    )
    whole = rollup(units, report("a", values(new=10)), report("b", values(new=2)), prior=then)
    branch, all_of_it = (of.years(whole, under) or {} for under in ("县直", ""))
    assert (branch[NEW].now_same, branch[NEW].then_same) == (10, 8)
    assert (all_of_it[NEW].now_same, all_of_it[NEW].then_same) == (12, 4)


def test_a_unit_blank_in_one_year_is_compared_in_no_year() -> None:
    whole = replace(
        of_departments(values(new=10), values(new=5)),
        prior=last([unit("a"), unit("b")], a=values(new=8), b=values(new="/")),
    )
    one = (of.years(whole) or {})[NEW]
    assert (one.same, one.now_same, one.then_same) == (1, 10, 8)


def test_last_year_on_another_edition_is_not_compared() -> None:
    prior = replace(last([unit("a")], a=(1, 2, 3)), edition="2014")
    whole = replace(of_departments(values(new=10)), prior=prior)
    assert of.years(whole) is None
    assert of.last_year(whole) is None
    assert of.unit_changes(whole) is None


@pytest.mark.parametrize(
    ("now", "then", "same"),
    [
        (unit("新名", code="1"), unit("旧名", code="1"), True),
        (unit("商务局", id="1"), unit("商 务局", id="2"), True),
        (unit("数据局", aliases=(Alias("大数据中心"),)), unit("大数据中心"), True),
        (unit("大数据中心"), unit("数据局", aliases=(Alias("大数据中心"),)), True),
        (unit("数据局", id="u7"), unit("商务局", id="u7"), False),  # lists count their lines anew
        (unit("商务局", code="1"), unit("商务局", code="2"), False),
        (unit("松塘县人民政府"), unit("松塘县人民政府办公室"), False),
    ],
)
def test_a_unit_is_last_years_for_one_good_reason(now: Unit, then: Unit, same: bool) -> None:
    whole = rollup([now], prior=last([then], **{then.id: values()}))
    assert (now.id in of.pairs(whole).then_of) is same


def test_a_former_name_that_fits_two_units_pairs_neither() -> None:
    units = [unit("甲局", aliases=(Alias("总局"),)), unit("乙局", aliases=(Alias("总局"),))]
    assert not of.pairs(rollup(units, prior=last([unit("总局")]))).then_of


def test_bureaus_of_one_name_are_paired_within_their_county() -> None:
    counties = [unit(name, role=Role.SUM, kind=UnitKind.COUNTY) for name in ("甲县", "乙县")]
    now = [*counties, unit("教育局", id="1", parent="甲县"), unit("教育局", id="2", parent="乙县")]
    then = [*counties, unit("教育局", id="2", parent="甲县"), unit("教育局", id="1", parent="乙县")]
    found = of.pairs(rollup(now, prior=last(then))).then_of
    assert (found["1"], found["2"]) == ("2", "1")


def final_accounts() -> Rollup:
    """A county as in 决算: two units went, three came, and what was counted twice is adjusted."""
    stay = [unit(f"第{i}局") for i in range(1, 6)]
    went = [unit("撤销局"), unit("合并局")]
    came = [unit("新设局"), unit("新乡", kind=UnitKind.TOWNSHIP), unit("新街道", kind=UnitKind.STREET)]
    received = [report(one.id, values(new=10, total=10)) for one in (*stay, *came)]
    return rollup(
        [
            unit("县", kind=UnitKind.COUNTY, role=Role.SUM),
            *(replace(one, parent="县") for one in (*stay, *came)),
        ],
        report("县", values(new=77, total=77)),
        *received,
        adjustments=tuple(Adjustment(cell, cell, -3, "两家各计一次", "台账") for cell in (NEW, NEW_TOTAL)),
        prior=last([*stay, *went], **{one.id: values(new=9, total=9) for one in (*stay, *went)}),
    )


def test_leaves_and_adjustments_come_to_the_figures_that_the_county_published() -> None:
    county = final_accounts()
    published = county.used["县"].values
    found = of.sums(county)
    for cell in (NEW, NEW_TOTAL):
        assert found[cell].value == published[county.places[cell]] == 77
    assert found[NEW].is_complete
    assert of.disturbed(county) == ()


def test_three_units_that_came_and_two_that_went_are_named_by_kind() -> None:
    changes = of.unit_changes(final_accounts())
    assert changes is not None
    assert [u.name for u in changes.came] == ["新设局", "新乡", "新街道"]
    assert [u.name for u in changes.went] == ["撤销局", "合并局"]
    assert changes.words == "应报 8 家，上年 7 家，增加 1 家：新增 3 家，减少 2 家。"
    assert [(one.kind.value, one.now, one.then) for one in changes.kinds] == [
        ("部门", 6, 7), ("乡镇", 1, 0), ("街道", 1, 0),
    ]  # fmt: skip


def test_a_renamed_unit_neither_came_nor_went() -> None:
    whole = rollup([unit("数据局", aliases=(Alias("大数据中心"),))], prior=last([unit("大数据中心")]))
    changes = of.unit_changes(whole)
    assert changes is not None
    assert not changes.came
    assert not changes.went
    assert [(now.name, then.name) for now, then in changes.renamed] == [("数据局", "大数据中心")]


def test_why_a_unit_went_is_kept_until_it_is_another() -> None:
    county = final_accounts()
    changes = of.unit_changes(county)
    assert changes is not None
    gone = changes.went[0]
    said = of.with_change_reason(county, gone, True, "机构改革撤销")
    assert of.change_reason(said, gone, True) == "机构改革撤销"
    assert of.change_reason(said, gone, False) == ""
    assert of.change_reason(said, replace(gone, name="别的局"), True) == ""
    assert of.change_reason(of.with_change_reason(said, gone, True, ""), gone, True) == ""


# --- subtotals and counts


def test_subtotals_by_kind_and_by_branch_come_to_the_sum_without_adjustments() -> None:
    units = [
        unit("县", kind=UnitKind.COUNTY, role=Role.SUM),
        unit("县直", kind=UnitKind.GROUP, parent="县"),
        unit("a", parent="县直"),
        unit("b", parent="县直"),
        unit("乡", kind=UnitKind.TOWNSHIP, parent="县"),
    ]
    whole = rollup(
        units, report("a", values(new=1)), report("乡", values(new=5)),
        adjustments=(Adjustment("1", NEW, -1, "重复"),),
    )  # fmt: skip
    plain = of.sums(whole, with_adjustments=False)[NEW].value
    assert [one.label for one in of.by_kind(whole)] == ["部门小计（2 家中 1 家）", "乡镇小计（1 家全部）"]
    assert [one.label for one in of.by_branch(whole)] == ["县直小计（2 家中 1 家）", "乡小计（1 家全部）"]
    for parts in (of.by_kind(whole), of.by_branch(whole)):
        assert sum(one.sums[NEW].value or 0 for one in parts) == plain


def test_the_counts_of_states_are_those_of_the_units_that_must_report() -> None:
    units = [
        unit("县", kind=UnitKind.COUNTY, role=Role.SUM),
        unit("县直", kind=UnitKind.GROUP, parent="县"),
        *(unit(name, parent="县直") for name in "abcd"),
        unit("免", parent="县", role=Role.EXEMPT),
        unit("可报", parent="县", duty=Duty.MAY),
    ]
    wrong = report("b", values(new=2), found=(Told("T3-01", "error", "…"),))
    whole = rollup(units, report("县", values()), report("a", values()), wrong, report("d", values(new=None)))
    found = of.counts(whole)
    assert (found[""].of, found[""].entered, found[""].exempt, found[""].zeros) == (4, 3, 1, 2)
    assert dict(found["县直"].states) == {
        State.USABLE: 1, State.ERRORS: 1, State.MISSING: 1, State.INCOMPLETE: 1,
    }  # fmt: skip
    assert (found["c"].of, found["c"].entered) == (1, 0)
    assert found[""].words == "合计现在是 4 家中 3 家。其中 1 家有错误，暂计入；未交 1 家不在内。"

    assert found[""].entered == of.sums(whole)[CELLS[0]].units


def test_whoever_is_not_in_the_sum_is_named_below_the_tree() -> None:
    rollup = songtang()
    unread, copied, original = unit_id("教育局"), unit_id("司法局"), unit_id("财政局")
    first = next(one for one in rollup.received if one.unit == original)
    rollup = rollup.with_received(
        replace(one, values=(), problem="打不开") if one.unit == unread else
        replace(one, sha256=first.sha256, values=first.values)
        for one in rollup.received if one.unit in (unread, copied)
    )  # fmt: skip
    found = of.counts(rollup)[""]
    assert (found.of - found.entered, found.unread) == (6, 1)
    assert "未交 2 家、未认领 2 家、没有读出来 1 家、与别家重复 1 家不在内" in found.words


def test_a_copy_that_is_not_added_is_not_said_to_count_for_now() -> None:
    same = {"sha256": "one", "agency": "b", "found": (Told("T3-01", "error", "…"),)}
    both = rollup(
        [unit("a"), unit("b")], report("a", values(new=3), **same), report("b", values(new=3), **same)
    )
    assert of.counts(both)[""].count(State.ERRORS) == 2
    assert "其中 1 家有错误，暂计入；与别家重复 1 家不在内。" in of.counts(both)[""].words


@pytest.mark.parametrize(
    ("today", "words"), [("2026-01-21", "还有 2 天"), ("2026-01-23", "今天到期"), ("2026-01-24", "已过 1 天")]
)
def test_days_are_left_until_a_unit_has_to_report(today: str, words: str) -> None:
    whole = rollup([unit("a")], dues={"DEPARTMENT": "2026-01-23"})
    left = of.remaining(whole, whole.must[0], date.fromisoformat(today))
    assert left is not None
    assert left.words == words


def test_who_has_reported_owes_nothing_until_it_is_sent_back() -> None:
    one = report("a", values())
    whole = rollup([unit("a")], one, dues={"DEPARTMENT": "2026-01-23"})
    today = date(2026, 1, 21)
    assert of.remaining(whole, whole.must[0], today) is None
    back = Returned("a", one.path, one.sha256, "2026-01-20T10:00", "2026-01-22")
    left = of.remaining(replace(whole, returned=(back,)), whole.must[0], today)
    assert left is not None
    assert left.words == "1 月 22 日前重报"


def test_no_day_is_guessed_where_nobody_said_one() -> None:
    whole = rollup([unit("a", due="下周")])
    assert of.remaining(whole, whole.must[0], date(2026, 1, 21)) is None
