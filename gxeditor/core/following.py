"""Numbers of the prose that follow cells: what they say once the cells say something else.

Knows how a number is written in digits and keeps its manner. Does not know which numbers are bound, nor what a number
that is not bound means (`checks`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from gxeditor.core.report import Bound, Report, show_entry


def follow(report: Report) -> Report:
    """The report in whose prose the bound numbers say what their cells say; itself if they all do.

    A number stays as it is where a cell is blank or a text, and where it says the same in its own way (3.5 of 3.5000).
    """
    for key, bound in report.bound.items():
        texts = [_restated(one.text, sum_of(report, one.cells)) for one in bound]
        if all(text == one.text for text, one in zip(texts, bound, strict=True)):
            continue
        moved, by = [], 0
        for text, one in zip(texts, bound, strict=True):
            moved.append(Bound(one.start + by, text, one.cells))
            by += len(text) - len(one.text)
        for text, one in reversed(
            list(zip(texts, bound, strict=True))
        ):  # what stands before is still in place
            whole = report.text(key)
            report = report.with_text(key, whole[: one.start] + text + whole[one.end :])
        report = report.with_bound(key, moved)
    return report


def sum_of(report: Report, cells: Iterable[str]) -> int | Decimal | None:
    """What these cells add up to, None if one of them is blank or a text, or there are none."""
    total: int | Decimal | None = None
    for cell in cells:
        value = report.value(cell)
        if value is None or isinstance(value, str):
            return None
        total = value if total is None else total + value
    return total


_STATED = re.compile("(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:[.][0-9]+)?")
_WIDE, _NARROW = "０１２３４５６７８９．，", "0123456789.,"
_TO_NARROW, _TO_WIDE = str.maketrans(_WIDE, _NARROW), str.maketrans(_NARROW, _WIDE)


def stated_number(text: str) -> Decimal | None:
    """The number that prose states in digits, half or full width, with or without thousands; None for any other."""
    plain = text.translate(_TO_NARROW)
    return Decimal(plain.replace(",", "")) if _STATED.fullmatch(plain) else None


def _restated(text: str, value: int | Decimal | None) -> str:
    """The value as the number in prose was written: its width, its thousands, no more decimals than need be."""
    stated = stated_number(text)
    if stated is None or value is None or value < 0 or stated == value:
        return text
    plain = text.translate(_TO_NARROW)
    whole, point, fraction = show_entry(value).partition(".")
    if point:
        had = len(plain.partition(".")[2])
        fraction = fraction[:had] + fraction[had:].rstrip("0")
    if "," in plain:
        whole = f"{int(whole):,}"
    shown = f"{whole}.{fraction}" if fraction else whole
    return shown.translate(_TO_WIDE) if text[0] in _WIDE else shown
