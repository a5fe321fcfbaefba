"""Checks across units: what does not fit together is found with its units, and a set that fits gives no alarm."""

from __future__ import annotations

import copy
import random
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.checks.rules import Severity
from gxeditor.core.errors import Defects
from gxeditor.core.report import Entry, Explanation, blank_report
from gxeditor.core.rollup import checks as module
from gxeditor.core.rollup.checks import check, parse_checks
from gxeditor.core.rollup.findings import RollupFinding, RollupFindings
from gxeditor.core.rollup.project import Adjustment, Fee, PriorYear, Received, Returned, Rollup
from gxeditor.core.rollup.units import Alias, Duty, Role, Scope, Unit, UnitKind, Units
from gxeditor.resources import load_form, load_rollup_checks, load_unit_words, resource

FORM = load_form()
CHECKS = load_rollup_checks(FORM)
PLACES = {cell: i for i, cell in enumerate(FORM.cells)}
COLUMNS = ("natural_person", "company", "research", "public_interest", "legal_service", "other_organization")
OUTCOMES = [
    row.key for row in FORM.tables[1].blocks[0].rows if row.key.startswith("handled.") and not row.is_sum
]
NEW = "requests.received.total"
PERSON = "requests.received.natural_person"
Values = tuple[Entry | None, ...]
YEAR = 2025


# --- sets that fit together


def values_of(entries: Mapping[str, Entry]) -> Values:
    """The figures as a report shows them, totals included."""
    report = blank_report(FORM, YEAR).with_entries(entries)
    return tuple(report.value(cell) for cell in FORM.cells)


def figures(chance: random.Random, brought: dict[str, int]) -> dict[str, Entry]:
    """A report that adds up, with so much brought forward by column; 规章 are 0."""
    entries: dict[str, Entry] = {cell.id: 0 for cell in FORM.cells.values() if not cell.is_total}
    for cell in FORM.tables[0].cells:
        if "government_rules" not in cell.id:
            entries[cell.id] = (
                Decimal(chance.randrange(10**6)).scaleb(-2) if cell.decimals else chance.randrange(9)
            )
    for column in COLUMNS:
        done = 0
        for outcome in OUTCOMES:
            count = chance.choice((0, 0, 0, 0, 1, 2, chance.randrange(9)))
            entries[f"requests.{outcome}.{column}"] = count
            done += count
        carried = max(chance.choice((0, 0, 1, 3)), brought.get(column, 0) - done)
        entries[f"requests.carried_forward.{column}"] = carried
        entries[f"requests.brought_forward.{column}"] = brought.get(column, 0)
        entries[f"requests.received.{column}"] = done + carried - brought.get(column, 0)
    for cell in FORM.tables[2].cells:
        if not cell.is_total:
            entries[cell.id] = chance.choice((0, 0, 1, 2))
    return entries


def total(several: Sequence[Values]) -> Values:
    return tuple(sum(column) for column in zip(*several, strict=True))


def county(seed: int) -> Rollup:
    """A county of 30 to 60 units with its own report, last year's roll-up, days and fees, all of which agree."""
    chance = random.Random(seed)
    owner = chance.choice(("松塘县", "青溪区", "白马旗"))
    kinds = [UnitKind.OFFICE] + [
        chance.choice(
            (UnitKind.DEPARTMENT,) * 4
            + (UnitKind.TOWNSHIP, UnitKind.STREET, UnitKind.VERTICAL, UnitKind.ZONE)
        )
        for _ in range(chance.randrange(29, 60))
    ]
    listed = [Unit("own", f"{owner}人民政府", UnitKind.COUNTY, role=Role.SUM, covers=Scope.TERRITORY)]
    endings = {
        UnitKind.OFFICE: "人民政府办公室", UnitKind.DEPARTMENT: "局", UnitKind.TOWNSHIP: "镇人民政府",
        UnitKind.STREET: "街道办事处", UnitKind.VERTICAL: "分局", UnitKind.ZONE: "管理委员会",
    }  # fmt: skip
    received, then = [], {}
    notices = 0
    for number, kind in enumerate(kinds):
        which = (
            ""
            if kind is UnitKind.OFFICE
            else "甲乙丙丁戊己庚辛壬癸"[number // 10] + "子丑寅卯辰巳午未申酉"[number % 10]
        )
        unit = Unit(f"u{number}", owner + which + endings[kind], kind, "own", due="2026-01-20")
        if chance.random() < 0.2 and kind is UnitKind.DEPARTMENT:
            unit = replace(unit, aliases=(Alias(f"{owner}原{which}委员会"),))
        listed.append(unit)
        last = figures(chance, {})
        carried = {c: int(str(last[f"requests.carried_forward.{c}"])) for c in COLUMNS}
        then[unit.id] = values_of(last)
        said = unit.aliases[0].name if unit.aliases and chance.random() < 0.5 else unit.name
        if chance.random() < 0.1 and kind is UnitKind.DEPARTMENT:
            said = f" {said.removeprefix(owner)}（政务公开办）"
        fee = chance.choice((0, 0, 1))
        notices += fee
        received.append(
            Received(
                f"{number}.gxr", sha256=f"{seed}-{number}", reader="gxr", received="2026-01-12T09:00", agency=said,
                year=YEAR, edition=FORM.edition, date=f"2026年1月{chance.randrange(1, 21)}日",
                values=values_of(figures(chance, carried)), fee=Fee(fee, str(30 * fee)), unit=unit.id,
            )
        )  # fmt: skip
    own = replace(
        received[0], path="own.gxr", sha256="own", agency=listed[0].name, unit="own",
        values=total([one.values for one in received]), fee=Fee(notices, str(30 * notices)),
    )  # fmt: skip
    units = Units(tuple(listed))
    prior = PriorYear(YEAR - 1, owner, FORM.edition, units, then)
    given = {"H-14": own.values[PLACES["proactive.normative_documents.issued"]] or 0}
    return Rollup(
        FORM, year=YEAR, owner=owner, units=units, received=(own, *received), prior=prior, given=given
    )


def found(rollup: Rollup, **how: Any) -> RollupFindings:
    return check(rollup, CHECKS, **how)


def alarms(rollup: Rollup) -> list[str]:
    return [
        f"{one.rule} {one.message}" for one in found(rollup).findings if one.severity is not Severity.HINT
    ]


def of(rollup: Rollup, code: str) -> tuple[RollupFinding, ...]:
    return tuple(one for one in found(rollup).findings if one.rule == code)


def one_of(rollup: Rollup, code: str) -> RollupFinding:
    (only,) = of(rollup, code)
    return only


def with_changed(rollup: Rollup, unit: str, **entries: Entry | None) -> Rollup:
    """The roll-up in which the report of a unit says something else, in cells written with `__` for the dot."""
    one = rollup.used[unit]
    values = list(one.values)
    for key, value in entries.items():
        values[PLACES[key.replace("__", ".")]] = value
    return rollup.with_received([replace(one, values=tuple(values))])


seeds = st.integers(0, 10**6)
few = settings(max_examples=4, deadline=None)


@settings(max_examples=25)
@given(seeds)
def test_a_set_that_fits_together_gives_no_alarm_and_only_true_hints(seed: int) -> None:
    rollup = county(seed)
    findings = found(rollup)
    assert alarms(rollup) == []
    assert {one.check.code for one in findings.not_checked} == {"H-15", "H-19"}
    assert not findings.undetermined
    for hint in findings.findings:
        assert hint.rule == "H-16", hint.message
        now = {unit.id: rollup.used[unit.id].values for unit in rollup.entered}
        for cell in hint.cells:
            at = PLACES[cell]
            if hint.sentence == "only":
                assert [unit for unit, values in now.items() if values[at]] == list(hint.units)
            else:
                assert rollup.prior is not None
                new, old = now[hint.units[0]][at], rollup.prior.values[hint.units[0]][at]
                assert isinstance(new, int | Decimal)
                assert isinstance(old, int | Decimal)
                assert min(new, old) >= 10
                assert new > 5 * old or new * 5 < old


# --- faults put into such sets: each is found, whatever the set


def seeded(rollup: Rollup, chance: random.Random, fault: str) -> tuple[Rollup, str, set[str]]:
    """The set with a fault: what it should be found as, and the units that it should name."""
    units = [unit for unit in rollup.entered if unit.kind is UnitKind.DEPARTMENT]
    one, other = chance.sample(units, 2)
    mine, theirs = rollup.used[one.id], rollup.used[other.id]
    if fault == "same file for two":
        return (
            rollup.with_received([replace(theirs, sha256=mine.sha256, values=mine.values)]),
            "H-09",
            {one.id, other.id},
        )
    if fault == "same file twice for one":
        again = replace(mine, path="副本/a.gxr")
        return rollup.with_received([again]), "H-09", {one.id}
    if fault == "copied report under another name":
        return rollup.with_received([replace(theirs, values=mine.values)]), "H-09", {one.id, other.id}
    if fault == "parent and children":
        parent = Unit("p", f"{rollup.owner}甲乡人民政府", UnitKind.TOWNSHIP, "own", covers=Scope.TERRITORY)
        children = [replace(unit, parent="p") for unit in (one, other)]
        both = replace(
            mine,
            path="p.gxr",
            sha256="p",
            unit="p",
            agency=parent.name,
            values=total([mine.values, theirs.values]),
        )
        listed = (*(u for u in rollup.units.listed if u not in (one, other)), parent, *children)
        return replace(rollup, units=Units(listed)).with_received([both]), "H-23", {"p", one.id, other.id}
    if fault == "parent and children, not said to be the area's":
        changed, code, named = seeded(rollup, chance, "parent and children")
        return changed.with_unit(replace(changed.units.by_id["p"], covers=Scope.LEVEL)), code, named
    if fault == "the area's own figures under the name of a unit":
        others = [r.values for unit, r in rollup.used.items() if unit not in ("own", one.id)]
        return rollup.with_received([replace(mine, values=total(others))]), "H-23", {one.id}
    if fault == "office and government":
        government = Unit("g", f"{rollup.owner}政府", UnitKind.COUNTY, "own")
        office = rollup.used["u0"]
        same = replace(office, path="g.gxr", sha256="g", unit="g", agency=government.name)
        same = replace(same, values=(7, *office.values[1:]))
        listed = (*rollup.units.listed, government)
        return replace(rollup, units=Units(listed)).with_received([same]), "H-15", {"u0", "g"}
    if fault == "wrong year":
        return rollup.with_received([replace(mine, year=YEAR - 1)]), "H-22", {one.id}
    if fault == "wrong year, of nobody":
        return (
            rollup.with_received([replace(mine, path="x", unit="", agency="别处", year=YEAR + 1)]),
            "H-22",
            set(),
        )
    if fault == "other edition":
        return rollup.with_received([replace(mine, edition="2014")]), "H-22", {one.id}
    if fault == "resubmitted unchanged":
        back = Returned(one.id, mine.path, mine.sha256, "2026-01-14T09:00", values=mine.values)
        again = replace(mine, path="重报.gxr", received="2026-01-16T10:00")
        return replace(rollup, returned=(back,)).with_received([again]), "H-21", {one.id}
    if fault == "resubmitted with the same figures in another file":
        back = Returned(one.id, mine.path, mine.sha256, "2026-01-14T09:00", values=mine.values)
        again = replace(mine, sha256="new", received="2026-01-16T10:00")
        return replace(rollup, returned=(back,)).with_received([again]), "H-21", {one.id}
    if fault == "published figures differ":
        values = list(mine.values)
        values[chance.choice([i for i, v in enumerate(values) if v])] = 99
        page = replace(mine, path=f"网页/{one.id}.html", sha256="page", reader="html", values=tuple(values))
        return rollup.with_received([page]), "H-20", {one.id}
    if fault == "published late":
        return rollup.with_received([replace(mine, date="2026年2月3日")]), "H-20", {one.id}
    if fault == "another unit's name":
        return rollup.with_received([replace(mine, agency=other.name)]), "H-08", {one.id}
    if fault == "carried over otherwise":
        return (
            with_changed(
                rollup, one.id, requests__brought_forward__company=77, requests__brought_forward__total=77
            ),
            "H-11",
            {one.id},
        )
    if fault == "rules at a department of a county":
        return with_changed(rollup, one.id, proactive__government_rules__issued=1), "H-13", {one.id}
    if fault == "a unit more":
        more = Unit("m", f"{rollup.owner}新局", parent="own")
        return replace(rollup, units=Units((*rollup.units.listed, more))), "H-12", {"m"}
    if fault == "a unit listed twice":
        twin = replace(one, id="twin", name=f" {one.name}")
        return replace(rollup, units=Units((*rollup.units.listed, twin))), "H-24", {one.id, "twin"}
    if fault == "the own report leaves a unit out":
        own = rollup.used["own"]
        rest = total([r.values for unit, r in rollup.used.items() if unit not in ("own", one.id)])
        return rollup.with_received([replace(own, values=rest)]), "H-10", {"own"}
    if fault == "other fees":
        return rollup.with_received([replace(mine, fee=Fee(9, "90"))]), "H-18", {"own"}
    assert fault == "another number of documents"
    return replace(rollup, given={"H-14": 1}), "H-14", set()


FAULTS = [
    "same file for two",
    "same file twice for one",
    "copied report under another name",
    "parent and children",
    "parent and children, not said to be the area's",
    "the area's own figures under the name of a unit",
    "office and government",
    "wrong year",
    "wrong year, of nobody",
    "other edition",
    "resubmitted unchanged",
    "resubmitted with the same figures in another file",
    "published figures differ",
    "published late",
    "another unit's name",
    "carried over otherwise",
    "rules at a department of a county",
    "a unit more",
    "a unit listed twice",
    "the own report leaves a unit out",
    "other fees",
    "another number of documents",
]


@pytest.mark.parametrize("fault", FAULTS)
@few
@given(seeds)
def test_a_fault_is_found_in_any_set_and_names_its_units(fault: str, seed: int) -> None:
    rollup, code, named = seeded(county(seed), random.Random(seed), fault)
    told = of(rollup, code)
    assert told, fault
    assert named <= {unit for one in told for unit in one.units}
    for one in told:
        assert "{" not in one.message
        assert one.message.endswith(("。", "？"))


# --- each check by itself


def small(*units: Unit, owner: str = "松塘县", **how: Any) -> Rollup:
    """A roll-up of some units without any report."""
    return Rollup(FORM, year=YEAR, owner=owner, units=Units(units), **how)


def zeros(**entries: int) -> Values:
    return values_of(
        {cell.id: 0 for cell in FORM.cells.values() if not cell.is_total}
        | {key.replace("__", "."): value for key, value in entries.items()}
    )


def says(unit: str, values: Values | None = None, **how: Any) -> Received:
    first = Received(f"{unit}.gxr", sha256=unit, year=YEAR, edition=FORM.edition, unit=unit)
    return replace(first, values=zeros() if values is None else values, **how)


OWN = Unit("own", "松塘县人民政府", UnitKind.COUNTY, role=Role.SUM)
A, B, C = (
    Unit(key, f"松塘县{name}局", parent="own") for key, name in (("a", "教育"), ("b", "民政"), ("c", "财政"))
)


def requests(count: int) -> Values:
    return zeros(requests__received__natural_person=count, requests__handled__granted__natural_person=count)


def three(own: int | None, *counts: int) -> Rollup:
    """Three units, and the county's own report if `own` is not None, of so many requests each."""
    received = [says(unit.id, requests(n)) for unit, n in zip((A, B, C), counts, strict=False)]
    if own is not None:
        received.append(says("own", requests(own)))
    return small(OWN, A, B, C, received=tuple(received))


def off_by(by: int) -> Rollup:
    """The county's own report says so much more of the requests received than its units 1, 2 and 4 together."""
    change: dict[str, Entry | None] = {PERSON.replace(".", "__"): 7 + by, NEW.replace(".", "__"): 7 + by}
    return with_changed(three(7, 1, 2, 4), "own", **change)


def test_the_own_report_is_compared_cell_by_cell_and_totals_follow_their_details() -> None:
    finding = one_of(off_by(-2), "H-10")
    assert finding.cells == (PERSON, NEW)
    assert finding.units == ("own", "b")
    assert "少的正好是民政局的数" in finding.message
    assert "填 5，合计（3 家全部）是 7，相差 －2" in finding.message
    assert ("合计（3 家全部）", ("7",)) in [row[:2] for row in finding.compared.rows]


def test_a_figure_that_the_own_report_has_twice_names_its_unit() -> None:
    assert "多的正好是财政局的数" in one_of(off_by(4), "H-10").message


@pytest.mark.parametrize(("own", "told"), [(5, "少的正好是民政局一家的数"), (11, "多的正好是财政局一家的数")])
def test_a_whole_unit_left_out_or_counted_twice_is_one_finding(own: int, told: str) -> None:
    finding = one_of(three(own, 1, 2, 4), "H-10")
    assert told in finding.message
    assert set(finding.cells) >= {PERSON, NEW, "requests.handled.total.total"}
    assert len(finding.compared.rows) == len(finding.cells)


def test_a_small_difference_that_several_units_have_names_none() -> None:
    rollup = with_changed(
        three(6, 2, 2, 2), "own", **{PERSON.replace(".", "__"): 4, NEW.replace(".", "__"): 4}
    )
    assert one_of(rollup, "H-10").units == ("own",)


def test_nobody_is_named_where_no_single_unit_moves_the_sum() -> None:
    assert of(three(20, 1, 2, 4), "H-10")[0].units == ("own",)


def test_what_is_missing_can_only_add_so_less_than_there_is_already_is_wrong() -> None:
    findings = found(three(2, 1, 2))
    assert "合计（3 家中 2 家）是 3" in next(one.message for one in findings.findings if one.rule == "H-10")
    undetermined = [one for one in findings.undetermined if one.check.code == "H-10"]
    assert undetermined
    assert undetermined[0].units == ("c",)


def test_nothing_is_said_of_a_sum_that_may_still_come_to_the_own_figure() -> None:
    findings = found(three(9, 1, 2))
    assert [one for one in findings.findings if one.rule == "H-10"] == []
    assert "合计（3 家中 2 家）不完整，不可判定" in findings.missed_words


def test_an_own_report_in_a_list_without_a_tree_is_there_and_sums_up_nobody() -> None:
    flat = small(OWN, *(replace(one, parent="") for one in (A, B, C)), received=three(7, 1, 2, 4).received)
    for code in ("H-10", "H-18"):
        (told,) = [one for one in found(flat).not_checked if one.check.code == code]
        assert told.reason == f"名单里没有单位列在{OWN.name}下面"
    (told,) = [one for one in found(three(None, 1, 2, 4)).not_checked if one.check.code == "H-10"]
    assert told.reason == "本地区自己的年报还没有"


def test_a_blank_cell_leaves_only_its_own_sum_undetermined() -> None:
    rollup = with_changed(three(8, 1, 2, 4), "a", disputes__reconsideration__upheld=None)
    findings = found(rollup)
    (blank,) = [one for one in findings.undetermined if one.check.code == "H-10"]
    assert blank.cells == ("disputes.reconsideration.upheld",)
    assert PERSON in {cell for one in findings.findings for cell in one.cells}


def test_adjustments_are_part_of_the_sum_that_the_own_report_is_compared_with() -> None:
    rollup = three(6, 1, 2, 4)
    cells = [cell for cell in FORM.cells if rollup.used["own"].values[PLACES[cell]] == 6]
    taken = tuple(Adjustment(cell, cell, -1, "两家都计了同一件") for cell in cells)
    assert of(replace(rollup, adjustments=taken), "H-10") == ()


def test_a_district_between_is_compared_with_its_own_units_only() -> None:
    city = Unit("city", "甲市人民政府", UnitKind.CITY, role=Role.SUM)
    rollup = three(9, 1, 2, 4)
    listed = (city, replace(OWN, parent="city"), A, B, C, Unit("d", "甲市水利局", parent="city"))
    whole = replace(rollup, owner="甲市", units=Units(listed))
    whole = whole.with_received([says("d", requests(5)), says("city", requests(12))])
    assert {one.units[0] for one in of(whole, "H-10")} == {"own"}


def test_a_whole_areas_report_is_not_compared_with_the_own_level_only() -> None:
    rollup = three(9, 1, 2, 4)
    rollup = replace(rollup, scope=Scope.LEVEL).with_unit(replace(OWN, covers=Scope.TERRITORY))
    assert "口径不同" in found(rollup).missed_words


def last_year(rollup: Rollup, listed: Units | None = None, /, **carried: int) -> Rollup:
    values = {
        unit: zeros(requests__received__natural_person=n, requests__carried_forward__natural_person=n)
        for unit, n in carried.items()
    }
    return replace(rollup, prior=PriorYear(YEAR - 1, "松塘县", FORM.edition, listed or rollup.units, values))


def test_what_was_carried_forward_is_compared_over_units_of_both_years_and_others_are_named() -> None:
    rollup = last_year(three(None, 1, 2), a=0, b=3, c=4)
    finding = one_of(rollup, "H-11")
    assert finding.units == ("b",)
    assert finding.message == "2 家本年第二项共 0 件，同 2 家上年第四项共 3 件，相差 －3。差在 1 家。"
    assert "其余没有比较：财政局" in finding.detail
    assert "自然人一列不同" in finding.compared.note
    assert [row.values for row in finding.compared.rows] == [
        ("3", "0", "－3"),
        ("0", "0", "0"),
        ("3", "0", "－3"),
    ]


def test_requests_that_moved_from_one_unit_to_another_are_a_hint() -> None:
    rollup = last_year(three(None, 0, 0), a=2, b=0)
    rollup = with_changed(
        rollup, "b", requests__brought_forward__natural_person=2, requests__brought_forward__total=2
    )
    finding = one_of(rollup, "H-11")
    assert finding.severity is Severity.HINT
    assert set(finding.units) == {"a", "b"}


def test_a_unit_is_known_from_last_year_by_its_former_name() -> None:
    rollup = three(None, 1, 2, 4).with_unit(
        replace(C, name="松塘县财政和国资局", aliases=(Alias("松塘县财政局"),))
    )
    before = Units((OWN, A, B, replace(C, id="z")))
    assert of(last_year(rollup, before, a=0, b=0, z=1), "H-12") == ()
    assert one_of(last_year(rollup, before, a=0, b=0, z=1), "H-11").units == ("c",)


def test_units_that_come_and_go_want_a_reason() -> None:
    before = Units((OWN, A, B, Unit("old", "松塘县招商服务中心", parent="own")))
    rollup = last_year(three(None, 1, 2, 4), before, a=0, b=0)
    finding = one_of(rollup, "H-12")
    assert finding.message == "本年应报 3 家，上年 3 家：少了招商服务中心，多了财政局，没有说明。"
    why = replace(rollup.units.by_id["c"], note="机构改革新设")
    gone = Unit("old", "松塘县招商服务中心", parent="own", to_year=YEAR - 1, note="并入商务局")
    settled = replace(rollup.with_unit(why), units=Units((*rollup.with_unit(why).units.listed, gone)))
    assert of(settled, "H-12") == ()


@pytest.mark.parametrize(
    ("kind", "over", "wrong"),
    [
        (UnitKind.DEPARTMENT, UnitKind.COUNTY, True),
        (UnitKind.DEPARTMENT, UnitKind.CITY, True),
        (UnitKind.DEPARTMENT, UnitKind.PROVINCE, False),
        (UnitKind.OFFICE, UnitKind.CITY, False),
        (UnitKind.OFFICE, UnitKind.COUNTY, True),
        (UnitKind.TOWNSHIP, UnitKind.COUNTY, True),
        (UnitKind.STREET, UnitKind.CITY, True),
        (UnitKind.CITY, UnitKind.PROVINCE, False),
        (UnitKind.COUNTY, UnitKind.CITY, True),
    ],
)
def test_who_may_make_rules(kind: UnitKind, over: UnitKind, wrong: bool) -> None:
    top, unit = Unit("top", "某政府", over, role=Role.SUM), Unit("a", "某单位", kind, "top")
    rollup = small(top, unit, received=(says("a", zeros(proactive__government_rules__in_force=2)),))
    assert bool(of(rollup, "H-13")) is wrong


def test_the_number_of_documents_is_compared_as_far_as_it_was_given() -> None:
    rollup = small(OWN, A, received=(says("a", zeros(proactive__normative_documents__in_force=4)),))
    assert "司法行政部门的规范性文件数没有填" in found(rollup).missed_words
    rollup = replace(rollup, given={"H-14": 0, "H-14.in_force": 5})
    assert one_of(rollup, "H-14").cells == ("proactive.normative_documents.in_force",)


def test_the_office_alone_counts_the_governments_requests() -> None:
    office = Unit("o", "松塘县人民政府办公室", UnitKind.OFFICE, "own")
    rollup = small(OWN, office, received=(says("o", requests(5)), says("own", requests(5))))
    assert of(rollup, "H-15") == ()
    assert of(rollup, "H-09") == ()
    assert of(rollup.with_unit(replace(OWN, role=Role.LEAF)), "H-15")
    nothing = rollup.with_received([says("o"), says("own")]).with_unit(replace(OWN, role=Role.LEAF))
    assert of(nothing, "H-15") == ()


def test_a_government_beside_its_office_in_a_flat_list_is_told_though_it_is_only_compared() -> None:
    office = Unit("o", "松塘县人民政府办公室", UnitKind.OFFICE)
    others = small(
        OWN, office, A, received=(says("o", requests(5)), says("own", requests(5)), says("a", requests(1)))
    )
    flat = replace(others, units=Units((OWN, office, replace(A, parent=""))))
    assert set(one_of(flat, "H-15").units) == {"o", "own"}
    # The whole area's report, while nobody but the office was asked for anything, says the same rightly.
    assert of(flat.with_received([says("a")]), "H-15") == ()


def test_a_parent_whose_only_unit_with_figures_says_the_same_is_no_copy() -> None:
    assert of(three(3, 0, 3, 0), "H-09") == ()


def test_two_units_with_one_request_each_may_well_be_alike() -> None:
    assert one_of(three(None, 1, 1, 0), "H-09").severity is Severity.HINT


def test_several_pairs_of_small_units_that_are_alike_are_one_hint() -> None:
    units = [Unit(f"u{i}", f"松塘县第{i}局", parent="own") for i in range(6)]
    rollup = small(OWN, *units, received=tuple(says(u.id, requests(1 + i // 2)) for i, u in enumerate(units)))
    finding = one_of(rollup, "H-09")
    assert finding.severity is Severity.HINT
    assert len(finding.units) == 6
    assert len(finding.compared.rows) == 3
    assert "有 3 组单位" in finding.message


def test_rows_of_one_workbook_are_not_one_report() -> None:
    rows = [says(u.id, requests(n), path="all.xlsx", sha256="one", row=u.name) for u, n in ((A, 1), (B, 2))]
    assert of(small(OWN, A, B, received=tuple(rows)), "H-09") == ()


def test_a_copy_under_another_units_name_is_one_file_of_two_units() -> None:
    copied = says("", path="松塘县民政局.gxr", sha256="a", candidates=("a", "b"), agency=A.name)
    finding = one_of(small(OWN, A, B, received=(says("a"), copied)), "H-09")
    assert finding.severity is Severity.ERROR
    assert finding.units == ("a", "b")


def test_a_file_that_was_put_away_is_no_copy_and_of_no_wrong_year() -> None:
    copy_of = says("a", path="other.gxr", decided="reject")
    assert (
        of(small(OWN, A, received=(says("a"), copy_of, replace(copy_of, path="y", year=2020))), "H-09") == ()
    )
    assert of(small(OWN, A, received=(says("a"), replace(copy_of, year=2020))), "H-22") == ()


def test_the_only_unit_and_the_large_change_are_hints() -> None:
    rollup = last_year(three(None, 60, 0, 0), a=0)
    only = [one for one in of(rollup, "H-16") if one.sentence == "only"]
    assert [one.cells for one in only][:1] == [(NEW,)]
    assert only[0].units == ("a",)
    prior = replace(rollup.prior, values={"a": requests(11)}) if rollup.prior else None
    (change,) = [one for one in of(replace(rollup, prior=prior), "H-16") if one.sentence == "change"]
    assert change.cells[0] == NEW
    assert "本年 60，上年 11" in change.message
    few_then = replace(rollup.prior, values={"a": requests(9)}) if rollup.prior else None
    assert not [one for one in of(replace(rollup, prior=few_then), "H-16") if one.sentence == "change"]


def test_a_report_of_nothing_is_confirmed_once_and_asked_again_when_there_are_others() -> None:
    rollup = three(None, 0, 0, 4)
    finding = one_of(rollup, "H-17")
    assert finding.units == ("a", "b")
    settled = replace(rollup, explanations={finding.address: finding.explained("已逐家电话确认")})
    assert found(settled).explained[0].rule == "H-17"
    assert "H-17" not in {one.rule for one in found(settled).open}
    again = one_of(settled.with_received([says("c")]), "H-17")
    assert again.is_reopened
    assert not again.is_explained


def test_a_blank_report_is_none_of_nothing() -> None:
    assert of(small(OWN, A, received=(says("a", (None,) * len(PLACES)),)), "H-17") == ()


def test_fees_of_the_units_are_added_up_once_all_have_said_them() -> None:
    rollup = small(
        OWN, A, B, received=(says("a", fee=Fee(1, "30")), says("b"), says("own", fee=Fee(2, "1,000")))
    )
    assert "不可判定：民政局" in found(rollup).missed_words
    more = rollup.with_received([says("b", fee=Fee(1, "200"))])
    assert one_of(more, "H-18").message == (
        "第六部分收取信息处理费：各单位合计 230 元，松塘县人民政府的年报写 1000 元，相差 770。"
    )
    assert of(rollup.with_received([says("own", fee=Fee(0, "0"))]), "H-18")  # what others say can only add


def test_a_suit_of_two_units_is_known_from_ledgers_only() -> None:
    rollup = three(None, 1, 2, 4)
    assert "没有接上台账（H-19）" in found(rollup).missed_words
    suits = {"a": ["（2025）苏01行初1号"], "b": ["(2025)苏01行初1号", "其他"], "c": ["另案"]}
    (finding,) = [one for one in found(rollup, suits=suits).findings if one.rule == "H-19"]
    assert finding.units == ("a", "b")


@pytest.mark.parametrize(
    ("said", "late"),
    [("2026年1月20日", False), ("二〇二六年一月二十一日", True), ("2026-01-21", True), ("年初", False)],
)
def test_the_day_of_a_report_is_compared_with_its_due_day(said: str, late: bool) -> None:
    rollup = small(OWN, A, received=(says("a", date=said),), dues={"DEPARTMENT": "2026-01-20"})
    assert bool(of(rollup, "H-20")) is late


def test_a_published_page_that_says_the_same_is_no_finding() -> None:
    page = says("a", requests(1), path="a.html", sha256="p")
    assert of(small(OWN, A, received=(says("a", requests(1)), page)), "H-20") == ()
    assert one_of(small(OWN, A, received=(says("a", requests(2)), page)), "H-20").paths == ("a.html", "a.gxr")


def test_a_resubmission_that_changed_something_is_no_finding() -> None:
    back = Returned("a", "a.gxr", "a", "2026-01-14T09:00", values=requests(1))
    still = small(OWN, A, received=(says("a", requests(1), received="2026-01-12T08:00"),), returned=(back,))
    assert of(still, "H-21") == ()  # nothing came since
    mended = still.with_received(
        [says("a", requests(2), path="b.gxr", sha256="b", received="2026-01-15T08:00")]
    )
    assert of(mended, "H-21") == ()
    same = still.with_received(
        [says("a", requests(1), path="b.gxr", sha256="b", received="2026-01-15T08:00")]
    )
    assert one_of(same, "H-21").message == "1 月 15 日重报的文件与 1 月 14 日退回的数字全部相同。"


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        ("松塘县教育局", False),
        ("教育局", False),
        ("江北市松塘县教育局", False),
        (" 松塘县 教育局（县委教育工委）", False),
        ("松塘县教委", False),  # its former name
        ("松塘县教育中心", True),
        ("松塘县民政局", True),
        ("", False),
    ],
)
def test_the_name_in_the_file_is_compared_with_all_names_of_the_unit(said: str, differs: bool) -> None:
    unit = replace(A, aliases=(Alias("松塘县教委"),))
    assert bool(of(small(OWN, unit, received=(says("a", agency=said),)), "H-08")) is differs


@pytest.mark.parametrize(
    ("listed", "said", "differs"),
    [
        ("松塘县人力资源和社会保障局", "松塘县人社局", False),
        ("松塘县卫生健康委员会", "松塘县卫健委", False),
        ("松塘县人民政府办公室", "松塘县政府办", False),
        ("松塘县人民政府办公室", "松塘县人民政府", True),
        ("松塘县教育局", "本单位", False),
        ("松塘县教育局", "松塘县教育中心", True),
    ],
)
def test_a_usual_short_name_is_the_units_own(listed: str, said: str, differs: bool) -> None:
    kind = UnitKind.OFFICE if listed.endswith("办公室") else UnitKind.DEPARTMENT
    rollup = small(OWN, replace(A, name=listed, kind=kind), B, received=(says("a", agency=said),))
    told = [one for one in found(rollup, words=load_unit_words()).findings if one.rule == "H-08"]
    assert bool(told) is differs


def test_a_title_names_the_unit_where_the_field_does_not() -> None:
    title = "松塘县医疗保障中心2025年政府信息公开工作年度报告"
    finding = one_of(small(OWN, A, received=(says("a", title=title),)), "H-08")
    assert "“松塘县医疗保障中心”" in finding.message


def test_a_government_is_never_its_office() -> None:
    office = Unit("o", "松塘县人民政府办公室", UnitKind.OFFICE, "own")
    assert of(small(OWN, office, received=(says("o", agency="松塘县人民政府"),)), "H-08")


def test_the_same_office_under_two_counties_is_two() -> None:
    other = Unit("k", "柏县人民政府", UnitKind.COUNTY, role=Role.SUM)
    twin = Unit("t", "教育局", parent="k")
    assert of(small(OWN, replace(A, name="教育局"), other, twin, owner="江北市"), "H-24") == ()
    assert of(small(OWN, replace(A, name="教育局"), replace(twin, parent="own"), owner="江北市"), "H-24")


def test_a_difference_is_added_beside_the_units_below() -> None:
    parent = Unit("p", "松塘县乡", UnitKind.TOWNSHIP, "own", role=Role.DIFFERENCE, covers=Scope.TERRITORY)
    rollup = small(
        OWN, parent, replace(A, parent="p"), received=(says("p", requests(1)), says("a", requests(3)))
    )
    assert of(rollup, "H-23") == ()


# --- explanations, folding, cost


def test_a_finding_is_settled_for_just_its_values() -> None:
    rollup = off_by(1)
    first = one_of(rollup, "H-10")
    settled = replace(rollup, explanations={first.address: first.explained("另有一家未列入名单")})
    assert [one.address for one in found(settled).explained] == [first.address]
    again = one_of(settled.with_received([off_by(3).used["own"]]), "H-10")
    assert again.is_reopened


def test_an_error_is_never_settled_by_a_reason() -> None:
    rollup = small(OWN, A, received=(says("a", year=2020),))
    error = one_of(rollup, "H-22")
    assert error.severity is Severity.ERROR
    told = found(replace(rollup, explanations={error.address: Explanation("就这样", error.values)}))
    assert not told.explained
    assert told.count(Severity.ERROR) == 1


def test_the_same_of_more_than_twenty_units_is_one_row() -> None:
    units = [Unit(f"u{i}", f"松塘县第{i}局", parent="own") for i in range(21)]
    rollup = small(OWN, *units, received=tuple(says(u.id, agency="松塘县别的局") for u in units))
    findings = found(rollup)
    (row,) = [one for one in findings.rows if one.rule == "H-08"]
    assert len(row.folded) == len(row.units) == 21
    assert "21 家" in row.message
    assert sum(one.rule == "H-08" for one in findings.findings) == 21
    fewer = found(replace(rollup, received=rollup.received[1:]))
    assert sum(one.rule == "H-08" for one in fewer.rows) == 20


def test_errors_come_first_and_every_check_is_somewhere() -> None:
    findings = found(county(1))
    told = {one.rule for one in findings.findings} | {one.code for one in findings.met}
    told |= {one.check.code for one in findings.not_checked}
    assert told == {one.code for one in CHECKS}
    assert findings.checked + findings.missed == len(CHECKS)


def test_a_unit_with_a_report_of_this_year_has_nothing_to_answer_for_one_of_another() -> None:
    rollup = small(OWN, A, received=(says("a"), says("", path="old.docx", year=2024, agency=A.name)))
    finding = one_of(rollup, "H-22")
    assert finding.units == ()
    assert finding.detail.endswith("松塘县教育局另有一份，已计入。")
    alone = replace(rollup, received=rollup.received[1:])
    assert one_of(alone, "H-22").units == ("a",)


def test_a_wrong_year_needs_no_unit_to_be_told() -> None:
    rollup = replace(county(3), received=(*county(3).received, says("", year=2019, path="x.docx")))
    assert found(rollup).findings[0].message == "文件 x.docx 是 2019 年，本汇总是 2025 年，没有计入。"


def test_the_cost_grows_as_the_number_of_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in lines run: ten times the reports are not a hundred times the work."""
    import sys

    def lines(count: int) -> int:
        units = [Unit(f"u{i}", f"松塘县第{i}局", parent="own") for i in range(count)]
        received = tuple(says(u.id, requests(i % 7), agency=u.name) for i, u in enumerate(units))
        rollup = last_year(small(OWN, *units, received=(*received, says("own"))), **{u.id: 0 for u in units})
        ran = 0

        def trace(frame: Any, event: str, _: object) -> Any:
            nonlocal ran
            ran += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            found(rollup)
        finally:
            sys.settrace(before)
        return ran

    small_one, large = lines(20), lines(200)
    assert large < 15 * small_one


# --- the data


@pytest.fixture
def data() -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads(resource("rollup/checks.toml").read_text(encoding="utf-8")))


def test_the_shipped_checks_are_those_of_the_code_in_order() -> None:
    assert [one.code for one in CHECKS] == list(module._TESTS) == [f"H-{n:02}" for n in range(8, 25)]
    assert all(one.basis and one.title and one.mark.startswith("〔") for one in CHECKS)


def _drop(data: dict[str, Any]) -> None:
    del data["checks"][0]


def _field(data: dict[str, Any]) -> None:
    data["checks"][0]["messages"]["differs"] = "{nobody}"


def _cell(data: dict[str, Any]) -> None:
    data["checks"][5]["cells"][0] = "proactive.nothing"


def _limit(data: dict[str, Any]) -> None:
    data["checks"][8]["limits"]["most"] = "五"


def _brace(data: dict[str, Any]) -> None:
    data["checks"][0]["messages"]["differs"] = "{listed"


def _kind(data: dict[str, Any]) -> None:
    data["checks"][5]["kinds"] = ["VILLAGE"]


def _twice(data: dict[str, Any]) -> None:
    data["checks"].append(data["checks"][0])


def _unknown(data: dict[str, Any]) -> None:
    data["checks"][0]["code"] = "H-99"


BROKEN: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (_drop, "缺少 H-08"),
    (_field, "不认识 {nobody}"),
    (_cell, "格式没有 proactive.nothing"),
    (_limit, "most 应为大于 0 的数"),
    (_brace, "大括号成对"),
    (_kind, "没有单位类型 VILLAGE"),
    (_twice, "H-08 有 2 条"),
    (_unknown, "不认识的检查 H-99"),
]


@pytest.mark.parametrize(("spoil", "told"), BROKEN)
def test_what_is_wrong_with_the_data_is_told(
    data: dict[str, Any], spoil: Callable[[dict[str, Any]], None], told: str
) -> None:
    spoil(data)
    with pytest.raises(Defects) as error:
        parse_checks(data, FORM)
    assert any(told in one for one in error.value.defects)


def test_all_that_is_wrong_is_told_at_once(data: dict[str, Any]) -> None:
    for spoil, _ in BROKEN[1:5]:
        spoil(data)
    with pytest.raises(Defects) as error:
        parse_checks(data, FORM)
    assert len(error.value.defects) >= 3


def test_a_list_in_which_nobody_has_to_report_is_no_trouble() -> None:
    rollup = small(Unit("x", "县直", UnitKind.GROUP), replace(A, duty=Duty.NONE), received=())
    assert found(rollup).findings == ()
