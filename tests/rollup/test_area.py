"""The area's own report begins with the sums of its units, and says of what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from gxeditor.core.checks.check import check
from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import CLAIM
from gxeditor.core.report import AgencyKind, Entry
from gxeditor.core.rollup.project import Adjustment, Received, Rollup
from gxeditor.core.rollup.sums import sums
from gxeditor.core.rollup.units import Role, Scope, Unit, UnitKind, Units
from gxeditor.resources import load_form, load_rules
from gxeditor.rollup.area import area_report
from tests.area import area

FORM = load_form()
FILED = list(area(5, seed=9))
NEW = "requests.received.natural_person"
TOTAL = "requests.received.total"


def received(number: int, **changes: Entry | None) -> Received:
    report = FILED[number].report.with_entries(
        {key.replace("__", "."): value for key, value in changes.items()}
    )
    values = tuple(report.value(cell) for cell in FORM.cells)
    return Received(
        f"{number}.gxr",
        sha256=str(number),
        reader="gxr",
        year=2025,
        edition="2021",
        values=values,
        unit=f"u{number}",
    )


def rollup(*rows: Received, owner: str = "松塘县") -> Rollup:
    units = (
        Unit("c", "松塘县人民政府", UnitKind.COUNTY, role=Role.SUM),
        *(Unit(f"u{number}", one.name, parent="c") for number, one in enumerate(FILED)),
    )
    return Rollup(FORM, year=2025, owner=owner, units=Units(units), received=rows)


WHOLE = rollup(*(received(number) for number in range(5)))


def test_it_is_never_that_of_a_county_that_stands_first_in_the_list_of_its_city() -> None:
    units = (
        Unit("j", "甲县人民政府", UnitKind.COUNTY),
        Unit("o", "河阳市人民政府办公室", UnitKind.OFFICE),
        Unit("y", "乙县人民政府", UnitKind.COUNTY),
    )
    city = Rollup(FORM, year=2025, owner="河阳市", units=Units(units))
    assert area_report(city).agency == "河阳市人民政府"


def test_every_cell_is_the_sum_of_the_units() -> None:
    report = area_report(WHOLE)
    for cell in FORM.cells:
        values = [one.report.value(cell) for one in FILED]
        assert report.value(cell) == sum(Decimal(str(value)) for value in values), cell
    assert not report.doubts
    assert not any(cell.id in report.entries for cell in FORM.totals)  # they go on adding up by themselves


def test_it_is_the_governments_of_this_year() -> None:
    report = area_report(WHOLE)
    assert (report.agency, report.year, report.kind) == ("松塘县人民政府", 2025, AgencyKind.GOVERNMENT)
    nameless = replace(WHOLE, units=Units(tuple(unit for unit in WHOLE.units.listed if unit.id != "c")))
    assert area_report(nameless).agency == "松塘县人民政府"


def test_a_sum_of_fewer_units_is_doubted() -> None:
    report = area_report(rollup(*(received(number) for number in range(4))))
    assert report.doubts.keys() == report.entries.keys()
    assert "5 家中 4 家" in report.doubts[NEW].what


def test_a_blank_doubts_its_own_cell_alone() -> None:
    cell = "proactive.licensing.decisions"
    rows = [received(number) for number in range(4)]
    report = area_report(rollup(*rows, received(4, proactive__licensing__decisions=None)))
    assert list(report.doubts) == [cell]
    assert report.value(cell) == sum(int(str(one.report.value(cell))) for one in FILED[:4])


def test_a_cell_that_nobody_filled_stays_blank() -> None:
    report = area_report(rollup())
    assert not report.entries
    assert not report.sections


def test_adjustments_are_in_it() -> None:
    row = Adjustment("a1", NEW, -1, "省里统一转办，重复计算")
    report = area_report(replace(WHOLE, adjustments=(row,)))
    plain = area_report(WHOLE).value(NEW)
    assert isinstance(plain, int)
    assert report.value(NEW) == plain - 1


def test_a_total_that_is_no_sum_of_its_details_is_entered_in_doubt() -> None:
    rows = [received(number) for number in range(1, 5)]
    report = area_report(rollup(received(0, requests__received__total=10**6), *rows))
    assert (
        report.entries[TOTAL]
        == sums(rollup(received(0, requests__received__total=10**6), *rows))[TOTAL].value
    )
    assert "明细" in report.doubts[TOTAL].what


def test_every_number_of_its_sentences_follows_its_cells() -> None:
    report = area_report(WHOLE)
    text = report.sections["overview"]
    assert "全县新收政府信息公开申请" in text
    stated = {one.start for one in report.bound["overview"]}
    for at, char in enumerate(text):
        if char.isdigit() and not text[at - 1].isdigit() and not text[at:].startswith("2025年"):
            assert at in stated
    for one in report.bound["overview"]:
        assert text[one.start : one.end] == str(sum(int(str(report.value(cell))) for cell in one.cells))


def test_its_sentences_agree_with_its_tables() -> None:
    report = area_report(WHOLE)
    found = check(report, load_rules(FORM), given=Given(today=date(2026, 1, 20), complete=False))
    assert not [one for one in found.findings if one.rule.kind in (CLAIM, "sum", "balance")]
    assert len(found.claims) >= len(report.bound["overview"])


def test_the_sentences_of_an_incomplete_list_say_so_until_somebody_looked() -> None:
    report = area_report(rollup(*(received(number) for number in range(4))))
    text = report.sections["overview"]
    (doubt,) = report.prose_doubts["overview"]
    assert doubt.text == "以下是合计（5 家中 4 家）的数，收齐以后要改。"
    assert text.startswith(f"{doubt.text}\n（一）")
    for one in report.bound["overview"]:
        assert text[one.start : one.end] == str(sum(int(str(report.value(cell))) for cell in one.cells))
    found = check(report, load_rules(FORM), given=Given(today=date(2026, 1, 20), complete=False))
    assert not [one for one in found.findings if one.rule.kind == CLAIM]
    assert not area_report(WHOLE).prose_doubts


def test_last_years_sums_are_its_last_year() -> None:
    before = replace(WHOLE, year=2024, received=tuple(replace(one, year=2024) for one in WHOLE.received))
    report = area_report(replace(WHOLE, prior=before.as_prior()))
    assert report.prior is not None
    assert report.prior.report.year == 2024
    assert report.prior.report.value(NEW) == area_report(WHOLE).value(NEW)


def test_last_years_incomplete_sums_are_not_compared_with() -> None:
    """Last year's report keeps no doubt: what some had not reported then would look like all there was."""
    rows = [replace(received(number), year=2024) for number in range(4)]
    whole = [*rows, replace(received(4, requests__received__natural_person="/"), year=2024)]
    for several, kept in ((rows, False), (whole, True)):
        before = replace(rollup(*several), year=2024)
        prior = area_report(replace(WHOLE, prior=before.as_prior())).prior
        assert prior is not None
        assert prior.report.value(NEW) is None
        assert (prior.report.value("requests.received.company") is not None) is kept


def test_a_number_of_the_sentences_that_further_units_lack_is_in_doubt() -> None:
    rows = [received(number) for number in range(4)]
    report = area_report(rollup(*rows, received(4, requests__received__total="/")))
    (doubt,) = report.prose_doubts["overview"]
    number = next(one for one in report.bound["overview"] if one.cells == (TOTAL,))
    assert (doubt.start, doubt.text, doubt.what) == (
        number.start,
        number.text,
        "是 5 家中 4 家的合计，不完整。",
    )


def test_sums_of_the_own_level_are_not_said_to_be_of_the_whole_area() -> None:
    assert "2025年，全县制发" in area_report(WHOLE).sections["overview"]
    level = area_report(replace(WHOLE, scope=Scope.LEVEL)).sections["overview"]
    assert "2025年，县本级制发" in level
    assert "2025年，县本级新收" in level
    assert "全县" not in level
