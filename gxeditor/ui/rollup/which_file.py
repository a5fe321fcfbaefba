"""Which of several different files stands for a unit: asked where a unit has sent one report and then another.

Knows what tells the files apart and what the answer means: the others are left out (搁置), so that whatever comes later
is asked about again. Nothing is chosen at first, and nothing is taken by its date alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from gxeditor.core.report import show_entry
from gxeditor.core.rollup.project import Received, Rollup
from gxeditor.core.rollup.units import Unit
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog
from gxeditor.ui.rollup.listing import CARRIED, NEW, TOTAL, said_moment
from gxeditor.ui.rollup.plain_table import Column, Line, PlainTable
from gxeditor.ui.rollup.session import RollupDesk

_COLUMNS = (
    Column("文件"),
    Column("收到", 130),
    Column("新收", 56, is_figure=True),
    Column("总计", 56, is_figure=True),
    Column("结转", 56, is_figure=True),
    Column("错误", 48, is_figure=True),
    Column("疑问", 48, is_figure=True),
)


class WhichFileDialog(Dialog):
    """Lists the files, the one that came last first; `chosen` is the one that was taken, None for none."""

    def __init__(self, parent: QWidget | None, unit: Unit, rollup: Rollup, files: Sequence[Received]) -> None:
        super().__init__(
            parent,
            "用哪一份",
            f"{unit.name}有 {len(files)} 份年报，用哪一份？"
            if len(files) > 1
            else f"{unit.name}的年报搁置着，重新计入合计？",
            choices=(
                CANCEL,
                Choice("take", "用这一份", primary=True, tip="合计用它的数，别的几份搁置；可以撤销。"),
            ),
            width=58,
        )
        self._files = sorted(files, key=lambda one: (one.received, one.modified), reverse=True)
        self.table = PlainTable("交来的几份年报")
        self.table.show_lines(
            _COLUMNS, [self._line(rollup, number, one) for number, one in enumerate(self._files)]
        )
        self.table.setFixedHeight((min(8, len(files)) + 1) * 26 + 8)
        self.table.clearSelection()
        self.table.opened.connect(lambda _: self.accept())
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.body.addWidget(self.table)
        self.table.setFocus()
        self._selected()

    @staticmethod
    def _line(rollup: Rollup, number: int, one: Received) -> Line:
        def figure(cell: str) -> str:
            place = rollup.places[cell]
            return show_entry(one.values[place]) if place < len(one.values) else ""

        stands = rollup.used.get(one.unit) is one
        now = "（现在计入）" if stands else f"（搁置：{one.decided_why}）" if one.decided == "hold" else ""

        counts = (str(one.count("error") or ""), str(one.count("query") or ""))
        texts = (
            f"{one.called}{now}",
            said_moment(one.received),
            *map(figure, (NEW, TOTAL, CARRIED)),
            *counts,
        )
        return Line(str(number), texts, ("", "text2", "", "", "", "errtext", "qrytext"))

    @property
    def chosen(self) -> Received | None:
        rows = self.table.selectionModel().selectedRows()
        return self._files[rows[0].row()] if rows else None

    def _selected(self) -> None:
        self.buttons["take"].setEnabled(self.chosen is not None)

    def accept(self) -> None:
        """Takes the chosen file; without one the question stays."""
        if self.chosen is not None:
            self.answer = "take"
            super().accept()


def different(rollup: Rollup, unit_id: str) -> tuple[Received, ...]:
    """The files of a unit among which a person has to choose; none where one of them stands for it already."""
    if unit_id in rollup.used:
        return ()
    own = rollup.of_unit.get(unit_id, ())
    return tuple(one for one in own if rollup.is_of_this(one) and one.decided not in ("hold", "reject"))


def files_of(rollup: Rollup, unit_id: str) -> tuple[Received, ...]:
    """The files of a unit of which one may stand for it, those that are left out among them."""
    own = rollup.of_unit.get(unit_id, ())
    return tuple(one for one in own if rollup.is_of_this(one) and one.decided != "reject")


def ask_which(desk: RollupDesk, unit: Unit, files: Sequence[Received] | None = None) -> None:
    """Asks which of the files of a unit stands for it, by default of those that differ; the answer is one step."""
    files = different(desk.session.rollup, unit.id) if files is None else files
    dialog = WhichFileDialog(desk.frame, unit, desk.session.rollup, files)
    if dialog.run() != "take" or (chosen := dialog.chosen) is None:
        return
    rollup = desk.session.rollup  # files may have been read meanwhile
    changes = [
        replace(one, decided="", decided_why="")
        if one.key == chosen.key
        else replace(one, decided="hold", decided_why=f"您选用了 {chosen.called}")
        for one in files_of(rollup, unit.id)
        if one.key in {asked.key for asked in files}
    ]
    desk.session.edit(rollup.with_received(changes), f"{unit.name}用{chosen.path.rpartition('/')[2]}")
