"""How a figure is written wrongly: each slip is told by what it leaves, and the rarer one first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.checks.slips import COMMON, Slip, slip


@pytest.mark.parametrize(
    ("written", "meant", "how"),
    [
        (21, 12, Slip.TURNED),
        (312, 132, Slip.TURNED),
        (321, 123, Slip.TURNED),  # the outer two; their difference is divisible by 9 as well
        (120, 12, Slip.DOUBLED),
        (112, 12, Slip.DOUBLED),
        (142, 12, Slip.LONGER),
        (12, 142, Slip.SHORTER),
        (1, 10, Slip.SHORTER),
        (47, 46, Slip.OFF_BY_ONE),
        (10, 9, Slip.OFF_BY_ONE),
        (0, 1, Slip.OFF_BY_ONE),
        (46, 49, Slip.DIGIT),
        (3, 0, Slip.DIGIT),
        (57, 12, Slip.OTHER),
        (0, 12, Slip.OTHER),
    ],
)
def test_a_slip_is_told_by_what_it_leaves(written: int, meant: int, how: Slip) -> None:
    assert slip(written, meant) is how


@given(st.integers(10, 9999), st.data())
def test_neighbouring_digits_turned_are_never_less_than_a_rare_slip(meant: int, data: st.DataObject) -> None:
    text = str(meant)
    i = data.draw(st.integers(0, len(text) - 2))
    written = text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    if written != text and written[0] != "0":
        assert slip(int(written), meant) is Slip.TURNED
        assert slip(int(written), meant).weight > COMMON


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_turning_digits_is_the_same_both_ways_and_others_change_sides(one: int, other: int) -> None:
    if one == other:
        return
    there, back = slip(one, other), slip(other, one)
    longer = {Slip.DOUBLED, Slip.LONGER}
    assert (
        (there is back)
        or (there in longer and back is Slip.SHORTER)
        or (there is Slip.SHORTER and back in longer)
    )
