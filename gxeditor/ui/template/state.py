"""The corrections of a map one after another, and what filling by the present one comes to.

Knows undoing and redoing, what a correction changes in the map, and that a plan counts for the one map that it was made
of. Knows no widget and no thread: whoever shows this has `plan` done, where it likes, and hands back what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from gxeditor.core.errors import GxError
from gxeditor.core.report import Report
from gxeditor.mapping.corrections import spot_in_map, with_place, without, without_place
from gxeditor.mapping.placement import Doubt, TemplateMap
from gxeditor.templates.plan import Filling, UnitLine
from gxeditor.templates.shelf import OpenTemplate, plan_filling
from gxeditor.ui.template.items import (
    CellLook,
    Item,
    Items,
    Looks,
    Places,
    calculated,
    groups,
    is_number,
    looks,
)
from gxeditor.workbook.cells import Address, Spot
from gxeditor.workbook.read import Workbook


class Wish(NamedTuple):
    """What can be undone: the map, and the line that was chosen for the unit (its name or code, "" if none was)."""

    map: TemplateMap
    line: str = ""


@dataclass(frozen=True)
class Planned:
    """What filling by `wish` comes to, and all that is shown of it.

    `filling` is None if nothing can be filled; `trouble` then says why.
    """

    wish: Wish
    filling: Filling | None
    trouble: GxError | None
    lines: Mapping[str, UnitLine]
    looks: Looks
    groups: Sequence[tuple[Item, Items]]
    book: Workbook

    def look(self, sheet: str, row: int, column: int) -> CellLook | None:
        """How a cell is shown; None if it is shown as the template has it."""
        look = self.looks.get(sheet, {}).get((row, column))
        if look is None and (row, column) in self.book.sheet(sheet).formulas:
            text = calculated(self.filling, Address(sheet, row, column)) if self.filling is not None else None
            return CellLook(text, "total", is_number(text), told="由模板的公式计算，不改动")
        return look


def plan_wish(opened: OpenTemplate, report: Report, wish: Wish) -> Planned:
    """Plans the filling of a template by a map: for a list of 10,000 units too long for the thread of the window."""
    book, filling, trouble = opened.template.workbook, None, None
    try:
        # The map's fingerprint is only needed when it is kept.
        template = replace(opened.template, map=wish.map)
        filling = plan_filling(replace(opened, template=template), [report], wish.line)
    except GxError as error:
        trouble = error
    chosen = filling.lines[0] if filling is not None and filling.lines else ()
    lines = {line.sheet: line for line in chosen}
    places = Places(book, wish.map, lines)
    shown = looks(book, report, wish.map, filling, places)
    listed = groups(report, wish.map, filling, places, shown)
    return Planned(wish, filling, trouble, lines, shown, listed, book)


Planner = Callable[[Report, Wish, Callable[[], bool]], Planned]
"""Plans the filling by a wish; the last argument says whether that is given up."""


class State:
    """One for a page. `planned` is the newest plan: of the present map if `is_planned`, else of an older one."""

    def __init__(
        self,
        opened: OpenTemplate,
        report: Report,
        planned: Planned | None = None,
        planner: Planner | None = None,
    ) -> None:
        """`planned` is a plan of the map as it was opened, if there is one; `planner` plans, else it is done here."""
        self._opened = opened
        self._planner = planner
        self._kept = opened.map
        self._wishes = [planned.wish if planned is not None else Wish(opened.map)]
        self._at = 0
        self.report = report
        self.form = report.form
        self.book = opened.template.workbook
        self.planned = planned
        self.places = Places(self.book, opened.map, planned.lines if planned is not None else {})

    # --- the maps

    @property
    def wish(self) -> Wish:
        return self._wishes[self._at]

    @property
    def map(self) -> TemplateMap:
        return self.wish.map

    @property
    def is_corrected(self) -> bool:
        """Whether the map is another one than was opened or kept."""
        return self.map != self._kept

    def keep(self) -> None:
        """The map has been stored."""
        self._kept = self.map

    @property
    def can_undo(self) -> bool:
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        return self._at + 1 < len(self._wishes)

    def step(self, by: int) -> bool:
        """Takes the last correction back (-1) or makes it again (1); False if there is none."""
        if not 0 <= self._at + by < len(self._wishes):
            return False
        self._at += by
        self._renew_places()
        return True

    def change(self, template: TemplateMap, line: str | None = None) -> None:
        """Goes on with another map, or with another line for the unit; what had been undone is gone."""
        wish = Wish(template, self.wish.line if line is None else line)
        self._wishes[self._at + 1 :] = [wish]
        self._at += 1
        self._renew_places()

    # --- the plan

    def plan(self) -> Callable[[Callable[[], bool]], Planned]:
        """The planning of the present map, to be called anywhere, with what says whether it is given up."""
        if self._planner is not None:
            return partial(self._planner, self.report, self.wish)
        here = partial(plan_wish, self._opened, self.report, self.wish)
        return lambda _: here()

    def take(self, planned: Planned) -> bool:
        """Takes a plan if it is of the present map; one of another map is dropped."""
        if planned.wish is not self.wish:
            return False
        self.planned = planned
        self._renew_places()
        return True

    @property
    def is_planned(self) -> bool:
        return self.planned is not None and self.planned.wish is self.wish

    @property
    def filling(self) -> Filling | None:
        """What would be written by the present map; None while that is not known, or if nothing can be."""
        return self.planned.filling if self.planned is not None and self.is_planned else None

    def _renew_places(self) -> None:
        """Of the present map; until it is planned, in the lines that were known before."""
        lines = self.planned.lines if self.planned is not None else {}
        self.places = Places(self.book, self.map, lines)

    # --- corrections

    def drop(self, ids: Sequence[str]) -> None:
        """These are not filled."""
        self.change(without(self.map, self.form, ids))

    def clear(self, place: Address) -> Spot:
        """Nothing is filled into this cell; the spot of the map that this was."""
        row, column = spot_in_map(self._opened.map, place.sheet, place.row, place.column)
        self.change(without_place(self.map, self.form, place.sheet, row, column))
        return row, column

    def put(self, ids: Sequence[str], sheet: str, spots: Sequence[Spot]) -> None:
        """Each of `ids` goes into the spot of the same number, as one correction."""
        template = self.map
        for wanted, spot in zip(ids, spots, strict=True):
            template = with_place(template, self.form, self.book, wanted, sheet, *spot)
        self.change(template)

    def set_zero(self, zero: bool) -> None:
        """Whether blanks of the report are filled with 0."""
        self.change(replace(self.map, zero=zero))

    def doubts(self, ids: Sequence[str]) -> tuple[Doubt, ...]:
        """Those of `ids` that the present map is in doubt about."""
        return tuple(doubt for doubt in self.map.doubtful if doubt.id in ids)

    def only_places(self, ids: Sequence[str]) -> tuple[Address, ...]:
        """Where doubtful items go if they are taken as found: one place for each; none if there is a choice."""
        doubts = self.doubts(ids)
        sound = all(len(doubt.candidates) == 1 and doubt.candidates[0].id for doubt in doubts)
        return tuple(self.places.of(doubt.candidates[0]) for doubt in doubts) if sound else ()

    def settle(self, ids: Sequence[str], chosen: Address) -> tuple[str, ...]:
        """Several doubts with as many candidates each: the one chosen says which of them is meant everywhere.

        The ids that were in doubt; none if `chosen` is no candidate, and then nothing has changed.
        """
        doubts = self.doubts(ids)
        number = next(
            (
                i
                for doubt in doubts
                for i, candidate in enumerate(doubt.candidates)
                if self.places.of(candidate) == chosen
            ),
            None,
        )
        if number is None:
            return ()
        template = self.map
        for doubt in doubts:
            if number < len(doubt.candidates):
                target = doubt.candidates[number]
                template = with_place(template, self.form, self.book, doubt.id, target.sheet, *target.place)
        self.change(template)
        return tuple(doubt.id for doubt in doubts)
