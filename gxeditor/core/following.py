"""Numbers of the prose that follow cells: what they say once the cells say something else.

Knows how a number is written in digits and keeps its manner. Does not know which numbers are bound, nor what a number
that is not bound means (`checks`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from gxeditor.core.expressions import expression
from gxeditor.core.numerals import rewritten
from gxeditor.core.report import Bound, ProseDoubt, Report


def follow(report: Report) -> Report:
    """The report in whose prose the bound numbers say what their cells say; itself if they all do.

    A number stays as it is where a cell is blank or a text, and where it says the same in its own way (3.5 of 3.5000).
    """
    for key, bound in report.bound.items():
        texts = [restated(one.text, sum_of(report, one.cells)) for one in bound]
        if all(text == one.text for text, one in zip(texts, bound, strict=True)):
            continue
        whole, parts, moved, by, at = report.text(key), [], [], 0, 0
        shifts = []  # each number that changes: where it ended, and by how much all behind it moves in the end
        for text, one in zip(texts, bound, strict=True):
            parts += [whole[at : one.start], text]
            moved.append(Bound(one.start + by, text, one.cells))
            by += len(text) - len(one.text)
            at = one.end
            if text != one.text:
                shifts.append((one.start, one.end, by))
        doubts = [_shifted(doubt, shifts) for doubt in report.prose_doubts.get(key, ())]
        # The text is set as one: what it moves is set right behind it, at once for all numbers.
        report = report.with_text(key, "".join((*parts, whole[at:]))).with_bound(key, moved)
        report = report.with_prose_doubts(key, [doubt for doubt in doubts if doubt is not None])
    return report


def _shifted(doubt: ProseDoubt, shifts: list[tuple[int, int, int]]) -> ProseDoubt | None:
    """The doubt where it stands once the numbers before it have changed; None if it is in one of them."""
    moved = 0
    for start, end, by in shifts:
        if end <= doubt.start:
            moved = by
        elif start < doubt.end:
            return None
    return replace(doubt, start=doubt.start + moved) if moved else doubt


def sum_of(report: Report, cells: Iterable[str]) -> int | Decimal | None:
    """What these cells add up to, None if one of them is blank or a text, or there are none."""
    total: int | Decimal | None = None
    for cell in cells:
        value = report.value(cell)
        if value is None or isinstance(value, str):
            return None
        total = value if total is None else total + value
    return total


_STATED = expression("(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:[.][0-9]+)?")
_WIDE, _NARROW = "０１２３４５６７８９．，", "0123456789.,"
_TO_NARROW = str.maketrans(_WIDE, _NARROW)


def stated_number(text: str) -> Decimal | None:
    """The number that prose states in digits, half or full width, with or without thousands; None for any other."""
    plain = text.translate(_TO_NARROW)
    return Decimal(plain.replace(",", "")) if _STATED.fullmatch(plain) else None


def restated(text: str, value: int | Decimal | None) -> str:
    """The value as the number in prose was written: its width, its thousands, no more decimals than need be."""
    stated = stated_number(text)
    if stated is None or value is None or value < 0 or stated == value:
        return text
    return rewritten(text, value) or text
