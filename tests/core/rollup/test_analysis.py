"""The analysis says nothing that is not reckoned: every number of it is found again in the sums, by itself."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from gxeditor.core.checks.rules import Severity
from gxeditor.core.report import Entry, blank_report
from gxeditor.core.rollup.analysis import (
    Analysis,
    Figure,
    Paragraph,
    Reckoned,
    analysis,
    outcomes,
    rule_titles,
)
from gxeditor.core.rollup.checks import check
from gxeditor.core.rollup.project import Adjustment, PriorYear, Received, Rollup, Told
from gxeditor.core.rollup.sums import completeness, counts, sums
from gxeditor.core.rollup.units import Unit, UnitKind, Units
from gxeditor.resources import load_form, load_rollup_checks, load_rules
from tests.rollup_sample import songtang

FORM = load_form()
RULES = load_rules(FORM)
CELLS = list(FORM.cells)
TOTAL = "requests.received.total"


def figures(seed: int, share_blank: float = 0.0) -> tuple[Entry | None, ...]:
    chance = random.Random(seed)
    entries: dict[str, Entry] = {}
    for cell in FORM.cells.values():
        if not cell.parts:
            entries[cell.id] = Decimal(chance.randrange(999)) / 100 if cell.decimals else chance.randrange(40)
    values: dict[str, Entry | None] = dict(blank_report(FORM, 2025).with_entries(entries).values)
    for cell_id in CELLS:
        if chance.random() < share_blank:
            values[cell_id] = "/" if chance.random() < 0.5 else None
    return tuple(values.get(cell) for cell in CELLS)


def county(seed: int, *, blank: float = 0.0, missing: int = 0, prior: bool = True) -> Rollup:
    """Twelve units with digits in their names, some of whom have not reported, and last year's list with others."""
    listed = tuple(
        Unit(f"u{n}", f"第{n}中学", UnitKind.DEPARTMENT if n % 2 else UnitKind.TOWNSHIP) for n in range(12)
    )
    errors = (Told("T3-01", "error", "x"), Told("Y-03", "query", "y"))
    received = tuple(
        Received(
            f"{unit.id}.gxr", unit.id, reader="gxr", year=2025, edition="2021", unit=unit.id,
            values=figures(seed * 100 + n, blank), found=errors[: n % 3],
        )
        for n, unit in enumerate(listed[missing:])
    )  # fmt: skip
    then = (*listed[2:], Unit("old", "第99中学"))
    last = PriorYear(
        2024, "甲县", "2021", Units(then), {u.id: figures(seed + 7 + n, blank) for n, u in enumerate(then)}
    )
    rows = (Adjustment("a", TOTAL, -3, "重复"), Adjustment("b", "disputes.reconsideration.total", 1, "漏报"))
    return Rollup(
        FORM, year=2025, owner="甲县", units=Units(listed), received=received, adjustments=rows,
        prior=last if prior else None,
    )  # fmt: skip


def made(rollup: Rollup) -> Analysis:
    return analysis(rollup, check(rollup, load_rollup_checks(FORM)), RULES)


COUNTIES = [
    county(1), county(2, blank=0.2, missing=3), county(3, prior=False), county(4, blank=0.9), county(5, missing=12),
    replace(county(6), units=Units(), received=()), songtang(),
]  # fmt: skip


def without_tokens(paragraph: Paragraph) -> str:
    text, at = "", 0
    for token in paragraph.tokens:
        assert paragraph.text[token.start : token.end] == token.text
        assert at <= token.start
        text += paragraph.text[at : token.start]
        at = token.end
    return text + paragraph.text[at:]


@pytest.mark.parametrize("number", range(len(COUNTIES)))
def test_no_digit_stands_in_the_text_that_is_not_bound_or_a_year(number: int) -> None:
    for paragraph in made(COUNTIES[number]).paragraphs:
        assert not re.search("[0-9]", re.sub("20[0-9]{2}年", "", without_tokens(paragraph))), paragraph.text


# ---- every kind of figure reckoned again from the received values alone


def numbers(rollup: Rollup, cell: str) -> dict[str, Any]:
    """What each unit that is in has in a cell, by its id, without what is no number."""
    place = CELLS.index(cell)
    found = {unit.id: rollup.used[unit.id].values[place] for unit in rollup.entered}
    return {unit: value for unit, value in found.items() if isinstance(value, (int, Decimal))}


def last_numbers(rollup: Rollup, cell: str) -> dict[str, Any]:
    assert rollup.prior is not None
    found = {unit: values[CELLS.index(cell)] for unit, values in rollup.prior.values.items()}
    return {unit: value for unit, value in found.items() if isinstance(value, (int, Decimal))}


def adjusted(rollup: Rollup, cells: Iterable[str]) -> Any:
    return sum(one.delta for one in rollup.adjustments if one.cell in cells)


def both(rollup: Rollup, cells: tuple[str, ...]) -> tuple[Any, Any]:
    now = then = 0
    for cell in cells:
        mine, its = numbers(rollup, cell), last_numbers(rollup, cell)
        same = mine.keys() & its.keys()
        now += sum(mine[unit] for unit in same)
        then += sum(its[unit] for unit in same)
    return now + adjusted(rollup, cells), then


def again(rollup: Rollup, figure: Figure) -> str:
    cells = figure.cells
    whole = sum(sum(numbers(rollup, cell).values()) for cell in cells) + adjusted(rollup, cells)
    match figure.kind:
        case "sum":
            return format(whole, "f") if isinstance(whole, Decimal) else str(whole)
        case "completeness" if not cells:
            return completeness(len(rollup.entered), len(rollup.must))
        case "completeness":
            inside = set.intersection(*(set(numbers(rollup, cell)) for cell in cells))
            return completeness(len(inside), len(rollup.must))
        case "same":
            return str(len(numbers(rollup, cells[0]).keys() & last_numbers(rollup, cells[0]).keys()))
        case "now_same":
            return str(both(rollup, cells)[0])
        case "then_same":
            return str(both(rollup, cells)[1])
        case "difference":
            now, then = both(rollup, cells)
            return str(abs(now - then))
        case "rate":
            now, then = both(rollup, cells)
            exact = abs(Decimal(now - then) * 100 / Decimal(then))
            step = Decimal(1) if exact >= 1 else Decimal("0.1")
            return f"{exact.quantize(step, ROUND_HALF_UP)}%"
        case "share":
            of = sum(sum(numbers(rollup, cell).values()) for cell in figure.of) + adjusted(rollup, figure.of)
            return f"{(Decimal(whole) * 100 / Decimal(of)).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
        case "unit_difference":
            cell = cells[0]
            return str(abs(numbers(rollup, cell)[figure.unit] - last_numbers(rollup, cell)[figure.unit]))
        case "label":
            return FORM.cells[cells[0]].place.replace(" · ", "·")
        case "code":
            return figure.key
        case "unit":
            prior = rollup.prior.units.by_id if rollup.prior else {}
            return {**prior, **rollup.units.by_id}[figure.unit].name
        case "kind":
            of_kind = [unit for unit in rollup.must if unit.kind.name == figure.key]
            return completeness(sum(unit.id in rollup.used for unit in of_kind), len(of_kind))
        case "count":
            return str(count(rollup, figure.key))


def count(rollup: Rollup, key: str) -> int:
    word, _, which = key.partition(":")
    used = [rollup.used[unit.id] for unit in rollup.entered]
    if word in ("error", "query"):
        return sum(told.severity == word for one in used for told in one.found)
    if word in ("error_units", "query_units"):
        return sum(any(told.severity == word[:5] for told in one.found) for one in used)
    if word == "rule":
        return sum(any(t.rule == which and t.severity != "hint" for t in one.found) for one in used)
    if word == "state":
        name, where = which.split(":")
        there = [u for u in rollup.must if rollup.state(u).name == name]
        inside = {unit.id for unit in rollup.entered}
        others = {
            "in": inside,
            "twice": set(rollup.used) - inside,
            "out": {u.id for u in there} - set(rollup.used),
        }
        return len([u for u in there if u.id in others[where]])
    found = check(rollup, load_rollup_checks(FORM))
    if word == "across":
        grave = [one for one in found.open if one.severity is not Severity.HINT]
        return len([one for one in grave if which in (one.rule, one.severity.value)])
    last = set(rollup.prior.units.by_id) if rollup.prior else set()
    now = {unit.id for unit in rollup.must}
    here = counts(rollup)[""]
    return {
        "of": len(rollup.must), "entered": len(rollup.entered), "zeros": sum(one.is_all_zero for one in used),
        "exempt": here.exempt, "then": here.of if rollup.owner != "甲县" else len(last), "came": len(now - last),
        "went": len(last - now), "adjustments": len(rollup.adjustments), "missed": found.missed,
    }[word]  # fmt: skip


@pytest.mark.parametrize("number", range(len(COUNTIES)))
def test_every_number_is_found_again_in_what_was_received(number: int) -> None:
    rollup = COUNTIES[number]
    kinds = set()
    for paragraph in made(rollup).paragraphs:
        for token in paragraph.tokens:
            kinds.add(token.figure.kind)
            assert token.text == again(rollup, token.figure), (paragraph.text, token)
    if number == 1:
        assert kinds == {
            "sum", "completeness", "same", "now_same", "then_same", "difference", "rate", "share", "count", "kind",
            "unit_difference", "unit", "label", "code",
        }  # fmt: skip


@pytest.mark.parametrize("number", range(len(COUNTIES)))
def test_every_sum_of_an_incomplete_list_says_of_how_many_it_is(number: int) -> None:
    rollup = COUNTIES[number]
    reckoned = Reckoned(rollup)
    for paragraph in made(rollup).paragraphs:
        for token in paragraph.tokens:
            if token.figure.kind == "sum":
                units, of = reckoned.units(token.figure.cells)
                if units < of:
                    assert completeness(units, of) in paragraph.text[token.end :], paragraph.text


def test_a_unit_whose_file_is_anothers_is_told_to_be_out_of_the_sum() -> None:
    rollup = county(1, prior=False)
    rows = [
        replace(one, sha256="one", found=()) if one.unit in ("u1", "u2") else one for one in rollup.received
    ]
    whole = replace(rollup, received=tuple(rows))
    text = "\n".join(paragraph.text for paragraph in made(whole).paragraphs)
    assert "1 家（与别家重复，不在合计内）：第2中学" in text
    assert "应报 12 家，计入合计 11 家" in text


def test_a_number_moves_with_the_sum_it_is_bound_to() -> None:
    rollup = county(1)
    more = replace(rollup, adjustments=(*rollup.adjustments, Adjustment("c", TOTAL, 1000, "x")))
    old, new = (str(sums(one)[TOTAL].value) for one in (rollup, more))
    assert any(old in p.text for p in made(rollup).paragraphs)
    assert any(new in p.text for p in made(more).paragraphs)


def test_without_last_year_nothing_is_compared_and_that_is_said() -> None:
    text = "".join(paragraph.text for paragraph in made(county(3, prior=False)).paragraphs)
    assert "没有可以比较的上年汇总，本材料不与上年比较" in text
    assert "比上年" not in text
    assert not [chart for chart in made(county(3, prior=False)).charts if len(chart.years) > 1]


def test_the_greatest_changes_are_five_of_totals_with_the_units_that_moved_most() -> None:
    rollup = county(1)
    text = [p for p in made(rollup).paragraphs if re.match("（[一二三四五]）", p.text) and not p.level]
    assert len(text) == 5
    amounts = []
    for paragraph in text:
        (label,) = (t.figure for t in paragraph.tokens if t.figure.kind == "label")
        now, then = both(rollup, label.cells)
        amounts.append(abs(now - then))
        moved = [t.figure for t in paragraph.tokens if t.figure.kind == "unit_difference"]
        assert len(moved) == 3
    assert amounts == sorted(amounts, reverse=True)
    candidates = [
        cell for cell in FORM.cells.values()
        if cell.unit == "件" and (cell.section == "proactive" or cell.column.is_sum) and not cell.row.is_sum
    ]  # fmt: skip
    every = sorted((abs(a - b) for a, b in (both(rollup, (cell.id,)) for cell in candidates)), reverse=True)
    assert amounts == every[:5]


def test_the_share_of_corrections_is_of_those_that_ended() -> None:
    cells = [
        f"disputes.reconsideration.{key}" for key in ("upheld", "corrected", "other", "pending", "total")
    ]
    values = dict.fromkeys(CELLS, 0) | dict(zip(cells, (5, 2, 1, 4, 12), strict=True))
    one = Received("a.gxr", "a", year=2025, edition="2021", unit="u", values=tuple(values.values()))
    text = "".join(
        p.text
        for p in made(Rollup(FORM, year=2025, units=Units((Unit("u", "甲局"),)), received=(one,))).paragraphs
    )
    assert "行政复议 12 件。其中，结果维持 5 件、结果纠正 2 件、其他结果 1 件、尚未审结 4 件。" in text
    assert "审结 8 件，其中结果纠正占 25.0%。" in text


def test_a_complete_list_carries_no_completeness_behind_its_sums() -> None:
    rollup = county(3, prior=False)
    text = next(p.text for p in made(rollup).paragraphs if "本年新收政府信息公开申请" in p.text)
    assert "家" not in text


def test_the_outcomes_are_the_groups_of_the_form_and_add_up_to_its_total() -> None:
    told = outcomes(county(1))
    assert [name for name, _ in told] == [
        "予以公开",
        "部分公开",
        "不予公开",
        "无法提供",
        "不予处理",
        "其他处理",
    ]
    everything = [cell for _, cells in told for cell in cells]
    assert len(everything) == len(set(everything)) == 21
    got = sums(county(1))
    assert sum(got[cell].value or 0 for cell in everything) == got["requests.handled.total.total"].value


def test_the_rules_are_named_by_what_their_lines_have_in_common() -> None:
    titles = rule_titles(RULES)
    assert titles["T3-02"] == "办理结果各项之和不等于总计"
    assert all(titles)


# ---- charts


def test_charts_show_the_sums_and_say_of_how_many_units_they_are() -> None:
    rollup = county(2, missing=3)
    got = sums(rollup)
    askers, ended, units, years = made(rollup).charts
    assert [bar.values[0] for bar in askers.bars] == [
        got[f"requests.received.{key}"].value
        for key in (
            "natural_person",
            "company",
            "research",
            "public_interest",
            "legal_service",
            "other_organization",
        )
    ]
    assert ended.total is not None
    assert ended.total.values == (got["requests.handled.total.total"].value,)
    for chart in (askers, ended, units, years):
        assert "12 家中 9 家" in chart.caption
    assert units.total is not None
    assert sum(bar.values[0] or 0 for bar in units.bars) == units.total.values[0]
    assert years.years == ("2025年", "2024年")
    assert years.bars[0].values == both(rollup, (TOTAL,))


def test_the_units_beyond_fifteen_are_one_bar() -> None:
    units = made(songtang()).charts[2]
    asked = [value for value in numbers(songtang(), TOTAL).values() if value]
    assert len(units.bars) == 16
    assert units.bars[-1].name == f"其余 {len(asked) - 15} 家"
    assert [bar.values[0] for bar in units.bars[:15]] == sorted(asked, reverse=True)[:15]
    assert sum(bar.values[0] or 0 for bar in units.bars) == sums(songtang())[TOTAL].value


def test_adjustments_are_counted_as_they_were_decided() -> None:
    rollup = county(1)
    rows = tuple(replace(one, reason="重复", day="2026-01-21") for one in rollup.adjustments)
    assert "调整表有 1 条" in made(replace(rollup, adjustments=rows)).paragraphs[2].text


def test_a_share_is_told_of_the_same_units_only() -> None:
    """As many units are not the same ones."""
    rollup = county(1)
    one, other, *rest = rollup.received
    part = "requests.received.natural_person"

    def without(received: Received, cell: str) -> Received:
        place = rollup.places[cell]
        return replace(received, values=(*received.values[:place], None, *received.values[place + 1 :]))

    reckoned = Reckoned(replace(rollup, received=(without(one, part), without(other, TOTAL), *rest)))
    assert reckoned.units((part,)) == reckoned.units((TOTAL,))
    assert reckoned.share((part,), (TOTAL,)) is None
    same = Reckoned(replace(rollup, received=(without(without(one, part), TOTAL), other, *rest)))
    assert same.share((part,), (TOTAL,)) is not None


def test_a_change_that_comes_of_an_adjustment_alone_says_so() -> None:
    rollup = county(1)
    assert rollup.prior is not None
    values = {unit: rollup.used[unit].values for unit in rollup.prior.values if unit in rollup.used}
    rollup = replace(rollup, prior=replace(rollup.prior, values=values))
    changes = [
        one.text for one in made(rollup).paragraphs if one.text.startswith("（一）") and "上年" in one.text
    ]
    assert changes[0].endswith("。各单位都没有变化，变化来自调整。")
