"""A figure beside last year's: the difference and the rate, as figures and as they are shown.

Knows what can be compared: two numbers in the same cell. A blank is no zero and a text no number, so they have neither
difference nor rate. Does not know whether the two reports belong together (`Prior.doubts`), nor whether a change is
great (rule Y-04).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import Enum
from typing import NamedTuple

from gxeditor.core.report import Entry, Report, show_entry

_DIGITS = 40
"""More than any figure has: twelve before the point and twelve behind, times a hundred."""
NEW = "新增"
"""In place of a rate where last year has 0: nothing can be divided by it."""


class View(Enum):
    """What a table shows of two years; the value is what the switch says."""

    NOW = "本年"
    THEN = "上年"
    DIFFERENCE = "差额"
    RATE = "增减率"


def change(now: Entry | None, then: Entry | None) -> int | Decimal | None:
    """This year's figure less last year's; None unless both are numbers. Exact, of an amount with its decimals."""
    if now is None or then is None or isinstance(now, str) or isinstance(then, str):
        return None
    with localcontext() as exact:
        exact.prec = _DIGITS
        return now - then


def rate(now: Entry | None, then: Entry | None) -> Decimal | None:
    """The change in per cent of last year's figure; None where there is none, last year's being 0 among them.

    Rounded half up (away from zero), as Excel rounds and statistics are printed: to whole per cent, below 1 % to one
    decimal.
    """
    difference = change(now, then)
    if difference is None or isinstance(then, str) or not then:
        return None
    with localcontext() as exact:
        exact.prec = _DIGITS
        per_cent = Decimal(difference) * 100 / Decimal(then)
        places = Decimal(1) if abs(per_cent) >= 1 or not per_cent else Decimal("0.1")
        return per_cent.quantize(places, ROUND_HALF_UP)


class Beside(NamedTuple):
    """A cell in both years as it is shown: this year's figure, last year's, the difference, the rate."""

    now: str
    then: str
    difference: str
    rate: str

    def shown(self, view: View) -> str:
        return {
            View.NOW: self.now, View.THEN: self.then, View.DIFFERENCE: self.difference, View.RATE: self.rate,
        }[view]  # fmt: skip

    @property
    def words(self) -> str:
        """All four in a line, blanks as 空, what cannot be reckoned as —."""
        return (
            f"本年 {self.now or '空'}　上年 {self.then or '空'}　"
            f"差额 {self.difference or '—'}　增减率 {self.rate or '—'}"
        )


def beside(report: Report, prior: Report, cell_id: str) -> Beside:
    """A cell of a report and the same of last year's, automatic totals included.

    A difference has its sign, 「＋8」 or 「－2」, and none if it is 0. The rate from 0 is 「新增」, of 0 and 0 blank.
    """
    now, then = report.value(cell_id), prior.value(cell_id) if cell_id in prior.form.cells else None
    difference, per_cent = change(now, then), rate(now, then)
    if per_cent is not None:
        share = "不到 0.1%" if difference and not per_cent else f"{_signed(per_cent)}%" if per_cent else "0"
    else:
        share = NEW if difference else ""
    return Beside(show_entry(now), show_entry(then), _signed(difference), share)


def _signed(number: int | Decimal | None) -> str:
    if number is None:
        return ""
    if not number:
        return "0"
    return f"＋{show_entry(number)}" if number > 0 else f"－{show_entry(-number)}"
