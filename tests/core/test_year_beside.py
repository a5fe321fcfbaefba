"""A figure beside last year's: difference and rate, exact, and shown as a statistician prints them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.core.year_beside import View, beside, change, rate

CELL, TOTAL = "requests.received.natural_person", "requests.received.total"
FEE = "proactive.fees.amount"


def pair(form: Form, now: Entry | None, then: Entry | None, cell: str = CELL) -> tuple[Report, Report]:
    return blank_report(form, 2025).with_entry(cell, now), blank_report(form, 2024).with_entry(cell, then)


@pytest.mark.parametrize(
    ("now", "then", "difference", "per_cent"),
    [
        (13, 6, "＋7", "＋117%"),
        (4, 6, "－2", "－33%"),
        (6, 6, "0", "0"),
        (0, 6, "－6", "－100%"),
        (8, 0, "＋8", "新增"),
        (0, 0, "0", ""),
        (3, 2, "＋1", "＋50%"),
        (1125, 1000, "＋125", "＋13%"),  # 12.5: half up
        (875, 1000, "－125", "－13%"),  # and as far down
        (1005, 1000, "＋5", "＋0.5%"),  # a change is not shown as none
        (1000001, 1000000, "＋1", "不到 0.1%"),
        (999999, 1000000, "－1", "不到 0.1%"),
        (999999999999, 1, "＋999999999998", "＋99999999999800%"),
        (None, 6, "", ""),  # a blank is no zero
        (6, None, "", ""),
        (None, None, "", ""),
        ("/", 6, "", ""),
        (6, "/", "", ""),
    ],
)
def test_difference_and_rate_are_shown_with_their_sign(
    form: Form, now: Entry | None, then: Entry | None, difference: str, per_cent: str
) -> None:
    found = beside(*pair(form, now, then), CELL)
    assert (found.difference, found.rate) == (difference, per_cent)


def test_an_amount_is_reckoned_exactly(form: Form) -> None:
    found = beside(*pair(form, Decimal("0.3000"), Decimal("0.1"), FEE), FEE)
    assert (found.now, found.then, found.difference, found.rate) == ("0.3000", "0.1", "＋0.2000", "＋200%")
    long = Decimal("123456789012.123456789012"), Decimal("0.000000000001")
    assert change(*long) == Decimal("123456789012.123456789011")
    assert rate(Decimal("0.0001"), Decimal("0.0000")) is None
    assert beside(*pair(form, Decimal("0.0000"), Decimal("0.0000"), FEE), FEE).difference == "0"


def test_automatic_totals_of_both_years_are_compared(form: Form) -> None:
    def year(first: int) -> Report:
        cells = {part: 0 for part in form.cells[TOTAL].parts} | {CELL: first}
        return blank_report(form).with_entries(dict(cells))

    found = beside(year(62), year(48), TOTAL)
    assert (found.now, found.then, found.difference, found.rate) == ("62", "48", "＋14", "＋29%")


def test_all_four_are_said_in_a_line(form: Form) -> None:
    assert beside(*pair(form, 13, 6), CELL).words == "本年 13　上年 6　差额 ＋7　增减率 ＋117%"
    assert beside(*pair(form, None, 6), CELL).words == "本年 空　上年 6　差额 —　增减率 —"


def test_each_view_shows_its_text(form: Form) -> None:
    found = beside(*pair(form, 13, 6), CELL)
    assert [found.shown(view) for view in View] == ["13", "6", "＋7", "＋117%"]
    assert [view.value for view in View] == ["本年", "上年", "差额", "增减率"]
