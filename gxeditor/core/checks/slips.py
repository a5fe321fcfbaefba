"""How one figure becomes another when it is copied: digits turned about, one wrong, one too many or too few.

Knows figures alone: no cell, no equation. Its weights put slips that leave a trace before those that any two figures
could come from; they order causes and are no probabilities.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum


class Slip(Enum):
    """A way to write a figure wrongly, with what it weighs as the cause of a difference."""

    TURNED = "turned"
    DOUBLED = "doubled"
    LONGER = "longer"
    SHORTER = "shorter"
    OFF_BY_ONE = "off_by_one"
    DIGIT = "digit"
    OTHER = "other"

    @property
    def weight(self) -> int:
        return _WEIGHTS[self]


# The fewer figures a slip can make of one, the less it fits by chance: turned digits, a digit struck twice or a 0 too
# many fit few differences; a digit left out, and any small difference, many.
_WEIGHTS = {
    Slip.TURNED: 4,
    Slip.DOUBLED: 4,
    Slip.LONGER: 3,
    Slip.SHORTER: 2,
    Slip.OFF_BY_ONE: 2,
    Slip.DIGIT: 1,
    Slip.OTHER: 0,
}
COMMON = 2
"""Slips up to this weight fit many differences."""


def slip(written: int | Decimal, meant: int | Decimal) -> Slip:
    """How `meant` came to be `written`, two different figures not below 0."""
    one, other = f"{written}", f"{meant}"
    if len(one) == len(other):
        wrong = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(one) > 1 and len(wrong) == 2 and sorted(one) == sorted(other):
            return Slip.TURNED
        if abs(written - meant) == 1:
            return Slip.OFF_BY_ONE
        return Slip.DIGIT if len(wrong) == 1 else Slip.OTHER
    if meant and len(one) == len(other) + 1 and (places := _left_out(one, other)):
        doubled = any(one[i] == "0" or one[i] in one[max(0, i - 1) : i] for i in places)
        return Slip.DOUBLED if doubled else Slip.LONGER
    if written and len(other) == len(one) + 1 and _left_out(other, one):
        return Slip.SHORTER
    return Slip.OFF_BY_ONE if abs(written - meant) == 1 else Slip.OTHER


def _left_out(long: str, short: str) -> list[int]:
    """The places of `long` at which one character too many may stand."""
    return [i for i in range(len(long)) if long[:i] + long[i + 1 :] == short]
