"""The sheet: where the block lies, what stands at its foot, how a story becomes pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from gxeditor.core.errors import Cancelled
from gxeditor.paper.faces import BUNDLED
from gxeditor.paper.flowables import Flowable, Spacer
from gxeditor.paper.layouts import Layout, default_layout, layouts
from gxeditor.paper.sheet import PageFlow, Press, make_up

MM = 72 / 25.4


def never() -> bool:
    return False


def printed(layout: Layout, count: int) -> list[list[tuple[str, float, float]]]:
    """Text, x and y in mm from the upper left of what stands on empty pages."""
    press = Press(PageFlow(layout, BUNDLED))
    for number in range(1, count + 1):
        with press.page(number):
            press.spot("title", 10, 10)
    pages = []
    for page in PdfReader(BytesIO(press.data())).pages:
        found: list[tuple[str, float, float]] = []

        def visit(
            text: str, matrix: list[float], position: list[float], font: Any, size: float, found: Any = found
        ) -> None:
            if text.strip():
                x = matrix[0] * position[4] + matrix[4]
                y = 297 * MM - matrix[3] * position[5] - matrix[5]
                found.append((text.strip(), x / MM, y / MM))

        page.extract_text(visitor_text=visit)
        pages.append(found)
    return pages


class Lines(Flowable):
    """So many lines of ten points, divided anywhere."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, 10.0 * self.count
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        room = int(height // 10)
        return [Lines(room), Lines(self.count - room)] if room else []


def test_lines_and_characters_fill_the_block() -> None:
    """GB/T 9704-2012, 5.2.3: 撑满版心."""
    for layout in layouts():
        flow = PageFlow(layout, BUNDLED)
        assert flow.leading * layout.lines == pytest.approx(flow.height)
        assert flow.body.pitch * flow.body.size * layout.characters == pytest.approx(flow.width)


def test_the_number_stands_seven_millimetres_below_the_block_right_on_odd_left_on_even_pages() -> None:
    """GB/T 9704-2012, 7.5: one character in from the edge."""
    odd, even = printed(default_layout(), 2)
    em = 14 / MM
    assert "".join(text for text, _, _ in odd) == "—1—"
    assert even[0][1] == pytest.approx(28 + em, abs=0.3)
    assert odd[-1][1] == pytest.approx(28 + 156 - 2 * em, abs=0.3)
    assert even[0][2] == pytest.approx(37 + 225 + 7 + 0.36 * em, abs=0.5)


def test_numbers_can_stand_in_the_middle_or_not_at_all() -> None:
    (centred,) = printed(replace(default_layout(), page_number="centre"), 1)
    assert centred[0][1] + centred[-1][1] + 14 / MM == pytest.approx(2 * (28 + 78), abs=0.5)
    assert printed(replace(default_layout(), page_number="none"), 1) == [[]]


def test_a_number_never_leaves_the_sheet() -> None:
    layout = replace(default_layout(), margins=default_layout().margins._replace(bottom=5), number_drop=30)
    (page,) = printed(layout, 1)
    assert all(y < 296.5 for *_, y in page)


def test_even_pages_are_mirrored_for_printing_on_both_sides() -> None:
    press = Press(PageFlow(replace(default_layout(), mirrored=True), BUNDLED))
    for number in (1, 2, 3):
        with press.page(number):
            press.spot("title", 10, 10)
    assert [round(spot.x / MM) for spot in press.spots] == [28, 26, 28]
    assert [spot.page for spot in press.spots] == [0, 1, 2]


def test_a_spot_counts_from_the_upper_left_of_the_page() -> None:
    flow = PageFlow(default_layout(), BUNDLED)
    press = Press(flow)
    with press.page(1):
        press.spot("title", 156 * MM, 225 * MM, y=flow.over)
    (spot,) = press.spots
    found = [round(length / MM, 2) for length in (spot.x, spot.y, spot.width, spot.height)]
    assert found == [28, 37, 156, 225]


def test_a_draft_says_so_across_each_page() -> None:
    pages = printed(replace(default_layout(), draft=True), 2)
    assert all("草稿" in [text for text, _, _ in page] for page in pages)


def test_a_story_goes_from_page_to_page_and_loses_nothing() -> None:
    flow = PageFlow(default_layout(), BUNDLED)
    pages = make_up([Lines(50), Lines(50), Spacer(1, 20), Lines(1)], flow, never)
    assert [[(one.height, round(top)) for one, top in page] for page in pages] == [
        [(500, 0), (150, 500)],
        [(350, 0), (20, 350), (10, 370)],
    ]


def test_what_is_higher_than_a_page_and_cannot_be_divided_has_a_page_of_its_own_and_is_drawn_smaller() -> (
    None
):
    flow = PageFlow(default_layout(), BUNDLED)
    pages = make_up([Lines(1), Spacer(1, 900), Lines(1)], flow, never)
    assert [[one.height for one, _ in page] for page in pages] == [[10], [flow.height], [10]]


def tops(story: Sequence[Flowable], layout: Layout) -> list[list[int]]:
    """On which line of its page each flowable of a story begins."""
    flow = PageFlow(layout, BUNDLED)
    return [[round(top / flow.leading) for _, top in page] for page in make_up(story, flow, never)]


class Heads(Lines):
    """So many lines of text that belong to the next."""

    keepWithNext = True

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, self.count * PageFlow(default_layout(), BUNDLED).leading
        return self.width, self.height


class Body(Heads):
    keepWithNext = False

    def split(self, width: float, height: float) -> list[Flowable]:
        room = int(height / PageFlow(default_layout(), BUNDLED).leading + 0.01)
        return [Body(room), Body(self.count - room)] if room > 1 else []


@pytest.mark.parametrize("before", [17, 18, 19, 20])
def test_headings_go_to_the_next_page_with_what_follows_them(before: int) -> None:
    """22 lines are on a page; three headings and two lines of text are not parted."""
    pages = tops([Body(before), Heads(1), Heads(1), Heads(1), Body(8)], default_layout())
    if before == 17:
        assert pages == [[0, 17, 18, 19, 20], [0]]
    else:
        assert pages == [[0], [0, 1, 2, 3]]


@pytest.mark.parametrize("count", [1, 22, 28, 400, 3000])
def test_a_chain_of_headings_without_end_is_parted_and_reaches_below_no_page(count: int) -> None:
    flow = PageFlow(default_layout(), BUNDLED)
    pages = make_up([*(Heads(1) for _ in range(count)), Body(2)], flow, never)
    assert sum(len(page) for page in pages) == count + 1
    assert len(pages) <= (count + 2) / 19 + 1
    for page in pages:
        assert page[-1][1] + page[-1][0].height <= flow.height + 0.01


def test_a_heading_of_more_lines_than_are_kept_is_text_like_other() -> None:
    assert tops([Body(18), Heads(4), Body(8)], default_layout()) == [[0, 18], [0]]


def test_making_up_pages_stops_when_nobody_wants_them_any_more() -> None:
    asked: list[int] = []

    def after(count: int) -> Callable[[], bool]:
        def cancelled() -> bool:
            asked.append(1)
            return len(asked) > count

        return cancelled

    with pytest.raises(Cancelled):
        make_up([Lines(1)] * 100, PageFlow(default_layout(), BUNDLED), after(5))
    assert len(asked) == 6
