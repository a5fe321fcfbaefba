"""合计: the sums of a roll-up in the tables of the form, and beside them what the one in hand is made of.

Knows which table, year, scope and adjustments are shown, and that keys move through the table while the card follows.
Of very many units the sums are reckoned beside the window. How a sum looks is `sum_grid`'s, what it is made of
`sum_card`'s; it reckons nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.sums import (
    Subtotal,
    by_branch,
    completeness,
    counts,
    decisions,
    in_scope,
    sums,
    why_out,
    years,
)
from gxeditor.core.rollup.units import Scope
from gxeditor.core.year_beside import View
from gxeditor.ui.look import theme
from gxeditor.ui.look.tasks import LastWish
from gxeditor.ui.rollup.session import BESIDE, RollupDesk
from gxeditor.ui.rollup.sum_card import LARGE, NARROW, WIDTH, SumCard, brief
from gxeditor.ui.rollup.sum_grid import SumGrid

_BAR = 40  # height of the switches
_ROOM = 1300  # logical pixels of the page from which the card has its full width
_NARROW = 1000  # logical pixels of the page: 1366 at 150 % are 910
_BRANCHES = 60  # branches that can be chosen from the list; of more the card leads there
_PATIENCE = 300
_LAST_YEAR = {
    "none": "没有去年的汇总",
    "edition": "去年的汇总用的是另一版表，不能逐格比较",
}


@dataclass(frozen=True)
class _Shown:
    """What is in view: a roll-up in its scope, or a branch of it."""

    rollup: Rollup
    under: str
    with_adjustments: bool


class SumsPage(QWidget):
    """The page. `said` carries the cell in hand and what is to be said of the tables, for the status bar."""

    said = Signal(str)

    def __init__(self, desk: RollupDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._shown: _Shown | None = None  # what is in view, and what is to be once it is reckoned
        self._asked: _Shown | None = None
        self._view = View.NOW
        self._scope: tuple[Scope, str] | None = None  # chosen by the clerk; None is the roll-up's own
        self._fresh = False
        self._said = theme.label(tone="text2")
        self._said.setWordWrap(True)
        self._said.setContentsMargins(0, 0, 0, 6)
        self._wish = LastWish(_PATIENCE, self)
        self._wish.done.connect(self._reckoned)
        self._wish.slow.connect(lambda: self._said.setText("正在计算…"))
        form = desk.session.rollup.form
        self.grids = {
            table.key: SumGrid(table, f"表{form.section(table.key).number}合计") for table in form.tables
        }
        self._stack = QStackedWidget()
        for grid in self.grids.values():
            self._stack.addWidget(grid)
            grid.cell_entered.connect(self._entered)
            grid.opened.connect(self._open_card)
            grid.left.connect(self._close_card)
            grid.told.connect(desk.tell)
        self.card = SumCard()
        self.card.unit_asked.connect(self._open_unit)
        self.card.branch_asked.connect(lambda unit: self._take_scope((self._own_scope(), unit)))
        self.card.adjustment_asked.connect(lambda _: desk.turn_to("adjustments"))
        self.card.closed.connect(self._close_card)
        self.card.left.connect(self._back_to_grid)
        self.card.told.connect(desk.tell)
        self._tables = QButtonGroup(self)
        self._views = QButtonGroup(self)
        bar = self._bar(form)
        left = QVBoxLayout()
        left.setContentsMargins(12, 0, 12, 8)
        left.setSpacing(0)
        left.addWidget(bar)
        left.addWidget(self._said)
        left.addWidget(self._stack, 1)
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(left, 1)
        whole.addWidget(self.card)
        desk.session.changed.connect(self._changed)
        self.set_zoom(desk.settings.zoom / 100)
        self.show_table("requests" if "requests" in self.grids else next(iter(self.grids)))
        self._changed()

    # --- the switches

    def _bar(self, form: Any) -> QWidget:
        bar = QWidget()
        bar.setFixedHeight(_BAR)
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(4)
        for key in self.grids:
            number = form.section(key).number
            row.addWidget(
                self._segment(
                    self._tables, f"表{number}", f"看表{number}的合计。", partial(self.show_table, key)
                )
            )
        line = QFrame()
        line.setFixedSize(9, 20)
        line.setProperty("edge", "left")
        row.addSpacing(8)
        row.addWidget(line)
        tips = {
            View.NOW: "看本年的合计。", View.THEN: "看去年汇总的合计。",
            View.DIFFERENCE: "两年都有数的单位，本年比上年多多少、少多少。",
            View.RATE: "两年都有数的单位，本年比上年增减百分之几。",
        }  # fmt: skip
        self._view_buttons = {
            view: self._segment(self._views, view.value, tips[view], partial(self.show_view, view))
            for view in View
        }
        for button in self._view_buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        self._scopes = QComboBox()
        self._scopes.setAccessibleName("口径")
        self._scopes.setToolTip("合计哪些单位：全辖区、本级，或者名单里的一个分支。")
        self._scopes.setFixedHeight(28)
        self._scopes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._scopes.activated.connect(lambda i: self._take_scope(self._scopes.itemData(i)))
        self._with = QCheckBox()
        self._with.setChecked(True)
        self._with.setToolTip("不勾时只看各单位年报之和。")
        self._with.toggled.connect(self._changed)
        row.addWidget(self._scopes)
        row.addSpacing(8)
        row.addWidget(self._with)
        return bar

    def _fit(self, button: QAbstractButton) -> None:
        """Gives a switch its width: less about its words in a narrow window, where the scope needs the room."""
        about = 20 if self.width() >= _NARROW else 8
        button.setMinimumWidth(button.fontMetrics().horizontalAdvance(button.text()) + about)

    def _segment(self, group: QButtonGroup, words: str, tip: str, does: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setCheckable(True)
        button.setToolTip(theme.plain_tip(tip))
        self._fit(button)
        button.clicked.connect(lambda: does())
        group.addButton(button)
        return button

    @property
    def grid(self) -> SumGrid:
        """The table in view."""
        grid = self._stack.currentWidget()
        assert isinstance(grid, SumGrid)
        return grid

    def show_table(self, key: str) -> None:
        """Turns to the table of a section."""
        self._stack.setCurrentWidget(self.grids[key])
        self.setFocusProxy(self.grids[key])
        self._tables.buttons()[list(self.grids).index(key)].setChecked(True)
        self._entered(self.grid.current())

    def show_view(self, view: View) -> None:
        """Turns to this year's sums, last year's or what changed; only to the first without last year's roll-up."""
        shown = self._shown
        if shown is not None and years(shown.rollup, shown.under, shown.with_adjustments) is None:
            view = View.NOW
        self._view = view
        self._view_buttons[view].setChecked(True)
        self._paint_sums()

    def go_to(self, cell: str) -> None:
        """Turns to a cell and opens its card."""
        self.show_table(self.desk.session.rollup.form.cells[cell].section)
        self.grid.go_to(cell)
        self._open_card(cell)
        self.grid.setFocus()

    def _own_scope(self) -> Scope:
        return self._scope[0] if self._scope is not None else self.desk.session.rollup.scope

    def _take_scope(self, scope: tuple[Scope, str]) -> None:
        self._scope = scope
        self._changed()

    # --- the sums

    def _changed(self) -> None:
        rollup = self.desk.session.rollup
        scope, under = self._scope or (rollup.scope, "")
        if under not in rollup.units.by_id:
            under = ""
        shown = self._asked = _Shown(in_scope(rollup, scope), under, self._with.isChecked())
        if len(rollup.units.listed) < BESIDE:
            self._wish.give_up()
            self._reckoned(self._reckon(shown))
        else:
            self._wish.want(partial(self._reckon, shown))

    @staticmethod
    def _reckon(shown: _Shown, _given_up: object = None) -> _Shown:
        """Everything that the page asks for, which `core.rollup.sums` then keeps."""
        rollup = shown.rollup
        sums(rollup, shown.under, shown.with_adjustments)
        years(rollup, shown.under, shown.with_adjustments)
        counts(rollup)
        for scope in Scope:
            counts(in_scope(rollup, scope))
        by_branch(rollup, shown.under)
        _ = rollup.entered, rollup.states
        return shown

    def _reckoned(self, shown: _Shown) -> None:
        if shown is self._asked:
            self._shown = shown
            self._show_all()

    def _show_all(self) -> None:
        self._fill_scopes()
        rollup = self._shown.rollup if self._shown is not None else self.desk.session.rollup
        made = len(decisions(rollup.adjustments))
        self._with.setText(f"含调整 {made} 条" if made else "含调整")
        self._with.setEnabled(bool(made))
        assert self._shown is not None
        compared = years(rollup, self._shown.under, self._shown.with_adjustments) is not None
        why = "" if compared else _LAST_YEAR["none" if rollup.prior is None else "edition"]
        for view, button in self._view_buttons.items():
            if view is not View.NOW:
                button.setEnabled(compared)
                if why:
                    button.setToolTip(theme.plain_tip(f"{why}。"))
        self.show_view(self._view if compared else View.NOW)

    def _fill_scopes(self) -> None:
        rollup = self.desk.session.rollup
        blocked = QSignalBlocker(self._scopes)
        self._scopes.clear()
        chosen = (self._own_scope(), self._shown.under if self._shown is not None else "")
        for scope in (Scope.TERRITORY, Scope.LEVEL):
            self._scopes.addItem(f"{scope.value}，{len(in_scope(rollup, scope).must)} 家", (scope, ""))
        of = counts(in_scope(rollup, chosen[0]))
        parents = [unit for unit in rollup.units.listed if unit.id in rollup.parents and of[unit.id].of]
        if len(parents) > _BRANCHES:
            parents = [unit for unit in parents if unit.id == chosen[1]]
        for unit in parents:
            if of[unit.id].of < of[""].of:
                name = brief(unit, rollup.owner)
                self._scopes.addItem(f"{name}，{of[unit.id].of} 家", (chosen[0], unit.id))
        wanted = next((i for i in range(self._scopes.count()) if self._scopes.itemData(i) == chosen), 0)
        self._scopes.setCurrentIndex(wanted)
        wide = self._scopes.sizeHint().width() - max(
            self._scopes.fontMetrics().horizontalAdvance(self._scopes.itemText(i))
            for i in range(self._scopes.count())
        )
        widest = max(self._scopes.fontMetrics().horizontalAdvance(self._scopes.itemText(i)) for i in range(2))
        self._scopes.setMinimumWidth(wide + widest)  # a branch may be cut, the scope not
        del blocked

    def _paint_sums(self) -> None:
        shown = self._shown
        if shown is None:
            return
        rollup = shown.rollup
        of = counts(rollup)[shown.under]
        found = sums(rollup, shown.under, shown.with_adjustments)
        compared = years(rollup, shown.under, shown.with_adjustments)
        for grid in self.grids.values():
            grid.model_.show_sums(found, compared, self._view, of.entered, of.of)
            grid.say_in_corner(grid.model_.title, self._missing())
        self._say_title()
        self._entered(self.grid.current())

    def _missing(self) -> str:
        """Who is missing, as the corner says it."""
        shown = self._shown
        if shown is None or self._view is not View.NOW:
            return ""
        rollup = shown.rollup
        ids = {shown.under, *(u.id for u in rollup.units.below(shown.under))} if shown.under else None
        inside = {unit.id for unit in rollup.entered}
        out = [u for u in rollup.must if u.id not in inside and (ids is None or u.id in ids)]
        if not out:
            return ""
        if len(out) == len(rollup.must):
            return "还没有可加的数。"
        by_reason: dict[str, list[str]] = {}
        for unit in out:
            by_reason.setdefault(why_out(rollup, unit), []).append(brief(unit, rollup.owner))
        return "；".join(
            f"{why}：{'、'.join(names[:3])}{f'等 {len(names)} 家' if len(names) > 3 else ''}"
            for why, names in by_reason.items()
        )

    def _say_title(self) -> None:
        """Above a table without a corner: what the corner of 表三 says."""
        grid = self.grid
        words = "" if grid.has_corner else f"{grid.model_.title}　{self._missing()}"
        self._said.setText(words)
        self._said.setVisible(bool(words))

    # --- the cell in hand

    def _entered(self, cell: str) -> None:
        shown = self._shown
        if not cell or shown is None or self.grid.current() != cell:
            return
        self._say_title()
        if self.card.isVisibleTo(self):
            self._fill_card(cell)
        form = shown.rollup.form
        number = form.section(form.cells[cell].section).number
        note = self._note()
        self.said.emit(f"表{number} · {form.cells[cell].place}" + (f"　　{note}" if note else ""))

    def _fill_card(self, cell: str) -> None:
        shown = self._shown
        assert shown is not None
        branches: tuple[Subtotal, ...] = ()
        if counts(shown.rollup)[shown.under].of > LARGE:
            branches = by_branch(shown.rollup, shown.under)
        self.card.show_cell(
            shown.rollup, cell, under=shown.under, with_adjustments=shown.with_adjustments,
            branches=branches if len(branches) > 1 else (),
        )  # fmt: skip

    def _note(self) -> str:
        """「28 格只有 46 家：民政局这 28 格没读到」, of all tables."""
        shown = self._shown
        if shown is None or self._view is not View.NOW:
            return ""
        found = sums(shown.rollup, shown.under, shown.with_adjustments)
        fewer = [one for one in found.values() if one.blank]
        if not fewer:
            return ""
        units = dict.fromkeys(unit for one in fewer for unit in one.blank)
        names = [brief(shown.rollup.units.by_id[unit], shown.rollup.owner) for unit in units]
        who = names[0] if len(names) == 1 else f"{names[0]}等 {len(names)} 家"
        least = min(one.units for one in fewer)
        most = max(one.units for one in fewer)
        of = f"只有 {least} 家" if least == most else f"最少只有 {least} 家"
        return f"{len(fewer)} 格{of}：{who}没有填数　F8 下一处"

    def step(self, by: int = 1) -> None:
        """F8: on to the next sum that is of fewer units than the others, in the next table if this one has none."""
        if self.grid.go_to_differing(by):
            return
        for key, grid in self.grids.items():
            if grid.model_.differing:
                self.show_table(key)
                grid.go_to(grid.model_.differing[0])
                grid.setFocus()
                return
        self.desk.tell(f"每一格都是 {completeness(self.grid.model_.units, self.grid.model_.of)}。")

    # --- the card

    def _open_card(self, cell: str) -> None:
        if self.card.isVisibleTo(self):
            self.card.focus_units()
            return
        self.card.setVisible(True)
        self._fill_card(cell)

    def _close_card(self) -> None:
        if self.card.isVisibleTo(self):
            self.card.setVisible(False)
            self.grid.setFocus()

    def _back_to_grid(self) -> None:
        self.grid.setFocus()

    def _open_unit(self, unit: str) -> None:
        """Opens the report of a unit at the cell; Alt+← leads back to the same line of the card."""
        shown = self._shown
        if shown is None:
            return
        if unit not in shown.rollup.used:
            self.desk.tell(f"{shown.rollup.units.by_id[unit].name}还没有可以打开的年报。")
            return
        cell, stood = self.card.cell, self.card.stand()

        def back() -> None:
            self.desk.turn_to("sums")
            self.go_to(cell)
            self.card.stand_at(stood)

        self.desk.came_from(back, f"合计“{shown.rollup.form.cells[cell].place}”")
        self.desk.open_report(unit, page=shown.rollup.form.cells[cell].section, cell=cell)

    def next_pane(self) -> None:
        """F6: the keys go to the card, or back to the table."""
        if self.grid.hasFocus():
            self._open_card(self.grid.current())
            self.card.focus_units()
        else:
            self.grid.setFocus()

    def set_zoom(self, zoom: float) -> None:
        """Draws the tables this much larger."""
        for grid in self.grids.values():
            grid.set_zoom(zoom)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._entered(self.grid.current())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.card.setFixedWidth(WIDTH if self.width() >= _ROOM else NARROW)
        for button in (*self._tables.buttons(), *self._views.buttons()):
            self._fit(button)
