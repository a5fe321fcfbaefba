"""与上年: every sum in both years, over all and over the same units, and the units that are on one year's list only.

Knows how the two lists stand below each other and that a unit that came or went wants a reason (as 决算 explains the
number of its units). Of very many units both years are reckoned beside the window. Reckons nothing itself
(`core.rollup.sums`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from gxeditor.core.checks.anchors import Cell as At
from gxeditor.core.checks.anchors import named
from gxeditor.core.errors import EntryError
from gxeditor.core.report import parse_reason, show_entry
from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.sums import (
    UnitChanges,
    YearSum,
    change_reason,
    counts,
    last_year,
    unit_changes,
    with_change_reason,
    years,
)
from gxeditor.core.rollup.units import Unit
from gxeditor.ui.checks.reason import ReasonBox
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog
from gxeditor.ui.look.tasks import LastWish
from gxeditor.ui.rollup.plain_table import Column, Line, PlainTable
from gxeditor.ui.rollup.session import BESIDE, RollupDesk
from gxeditor.ui.rollup.sum_grid import rate_shown, signed

SUMS = (
    Column("项目"),
    Column("本年合计", 86, True),
    Column("本年家数", 118),
    Column("上年合计", 86, True),
    Column("上年家数", 118),
    Column("两年都有数", 86, True),
    Column("这些家本年", 90, True),
    Column("上年", 74, True),
    Column("差额", 74, True),
    Column("增减率", 84, True),
)
UNITS = (Column("单位", 300), Column("类别", 120), Column("变化", 110), Column("说明"))
_PATIENCE = 300  # milliseconds of reckoning that nobody is told of
_ALL, _CHANGED = "", "changed"
_PHRASES = (
    ("机构改革", "机构改革，职责划转"),
    ("新设", "本年新设立"),
    ("撤销合并", "撤销，并入其他单位"),
    ("改由上级报", "改由上级部门统一报送"),
)


class ReasonDialog(Dialog):
    """Asks why a unit came or went; `reason` is what was written."""

    def __init__(self, parent: QWidget | None, unit: Unit, went: bool, reason: str) -> None:
        what = f"{unit.name}去年在名单里，本年不在" if went else f"{unit.name}本年在名单里，去年不在"
        super().__init__(
            parent,
            "名单变化的说明",
            what,
            choices=(
                CANCEL,
                Choice("keep", "保存说明", primary=True, tip="把原因记在这家单位上，可以撤销。"),
            ),
        )
        self.reason = reason
        self.box = ReasonBox("为什么", _PHRASES, reason)
        self.box.changed.connect(self._typed)
        self.box.saved.connect(self.accept)
        self.box.left.connect(self.reject)
        self.body.addWidget(self.box)
        self.box.setFocus()
        self._typed()

    def _typed(self) -> None:
        self.buttons["keep"].setEnabled(bool(self.box.reason))

    def accept(self) -> None:
        """Keeps it, unless it is too short or too long."""
        try:
            self.reason = parse_reason(self.box.edit.toPlainText())
        except EntryError:
            return
        self.answer = "keep"
        super().accept()


class YearsPage(QWidget):
    """The page. `cell_asked` carries the id of a cell whose units are wanted; `prior_asked`: last year's roll-up is."""

    cell_asked = Signal(str)
    prior_asked = Signal()

    def __init__(self, desk: RollupDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        form = desk.session.rollup.form
        self._said = theme.label()
        self._said.setWordWrap(True)
        self._which = QComboBox()
        self._which.setAccessibleName("列出哪些项目")
        self._which.setToolTip("只列一张表的项目，或者只列有变化的。")
        self._which.addItem("全部项目", _ALL)
        self._which.addItem("只看有变化的", _CHANGED)
        for table in form.tables:
            self._which.addItem(f"只看表{form.section(table.key).number}", table.key)
        self._which.setCurrentIndex(1)
        self._which.currentIndexChanged.connect(self._list)
        self.sums = PlainTable("各项合计与上年")
        self.sums.opened.connect(self.cell_asked)
        self.sums.told.connect(desk.tell)
        self.units = PlainTable("只在一年名单里的单位")
        self.units.opened.connect(self.explain)
        self.units.told.connect(desk.tell)
        self._changes = theme.label(weight=600)
        self._explain = QPushButton("写说明…")
        self._explain.setToolTip("写明这家单位为什么只在一年的名单里；在名单上按 Enter 也可以。")
        self._explain.clicked.connect(lambda: self.explain(self.units.key()))
        top = QHBoxLayout()
        top.addWidget(self._said, 1)
        top.addWidget(self._which)
        self.choose = QPushButton("选去年的汇总…")
        self.choose.setToolTip("在汇总设置里选去年的汇总（.gxh）。")
        self.choose.clicked.connect(self.prior_asked)
        top.addWidget(self.choose)
        upper, lower = QWidget(), QWidget()
        above = QVBoxLayout(upper)
        above.setContentsMargins(0, 0, 0, 0)
        above.addWidget(self.sums)
        head = QHBoxLayout()
        head.addWidget(self._changes, 1)
        head.addWidget(self._explain)
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 6, 0, 0)
        below.addLayout(head)
        below.addWidget(self.units)
        self._parts = QSplitter(Qt.Orientation.Vertical)
        self._parts.addWidget(upper)
        self._parts.addWidget(lower)
        self._parts.setStretchFactor(0, 3)
        self._parts.setStretchFactor(1, 2)
        self._parts.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 6, 12, 8)
        whole.setSpacing(6)
        whole.addLayout(top)
        whole.addWidget(self._parts, 1)
        whole.addStretch()  # for when there is nothing to compare
        self.units.selectionModel().selectionChanged.connect(self._selected)
        self.setFocusProxy(self.sums)
        desk.session.changed.connect(self._changed)
        self._stale = False
        self._rollup: Rollup | None = None  # of which both years were reckoned
        self._wish = LastWish(_PATIENCE, self)
        self._wish.done.connect(self._reckoned)
        self._wish.slow.connect(lambda: self._said.setText("正在计算……"))
        self.show_years()

    def _changed(self) -> None:
        """What nobody sees is made when it is shown: of 10,000 units both years take seconds."""
        if self.isVisible():
            self.show_years()
        else:
            self._stale = True

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        if self._stale:
            self.show_years()

    def show_years(self) -> None:
        """Reckons both years, beside the window where that takes longer than a frame, and shows them."""
        self._stale = False
        rollup = self.desk.session.rollup
        if len(rollup.units.listed) < BESIDE:
            self._wish.give_up()
            self._reckoned(self._reckon(rollup))
        else:
            self._wish.want(partial(self._reckon, rollup))

    @staticmethod
    def _reckon(rollup: Rollup, _given_up: object = None) -> Rollup:
        """All that the page asks for, which `core.rollup.sums` then keeps."""
        years(rollup)
        counts(rollup)
        if (last := last_year(rollup)) is not None:
            counts(last)
        unit_changes(rollup)
        return rollup

    def _reckoned(self, rollup: Rollup) -> None:
        if rollup is self.desk.session.rollup:
            self._rollup = rollup
            self._list()

    def _list(self) -> None:
        """Shows both lists of the roll-up of which they were reckoned."""
        rollup = self._rollup
        if rollup is None:
            return
        found, last = years(rollup), last_year(rollup)
        comparable = found is not None and last is not None
        self._parts.setVisible(comparable)
        self._which.setVisible(comparable)
        self.choose.setVisible(not comparable)
        if found is None or last is None:
            why = "还没有去年的汇总" if rollup.prior is None else "去年的汇总用的是另一版表，不能逐格比较"
            self._said.setText(f"{why}。选定去年的汇总文件（.gxh）以后，这里逐格比较两年。")
            return
        now, then = counts(rollup)[""], counts(last)[""]
        self._said.setText(
            f"本年 {now.completeness}，上年（{last.year} 年）{then.completeness}。"
            "差额和增减率只比较两年都有数的单位。双击一项看由哪些单位组成。"
        )
        self.sums.of = (
            f"{rollup.owner} {rollup.year} 年与上年，本年 {now.completeness}，上年 {then.completeness}"
        )
        self.sums.show_lines(
            SUMS, [self._line(rollup, cell, one) for cell, one in self._chosen(rollup, found)]
        )
        changes = unit_changes(rollup)
        assert changes is not None
        self._show_units(rollup, changes)

    def _chosen(self, rollup: Rollup, found: Mapping[str, YearSum]) -> list[tuple[str, YearSum]]:
        which = self._which.currentData()
        return [
            (cell, one)
            for cell, one in found.items()
            if which == _ALL
            or (which == _CHANGED and (one.difference or one.difference_of_all))
            or rollup.form.cells[cell].section == which
        ]

    @staticmethod
    def _line(rollup: Rollup, cell: str, one: YearSum) -> Line:
        fewer = "qrytext" if one.now.blank else "text2"
        return Line(
            cell,
            (
                named(At(cell), rollup.form),
                show_entry(one.now.value), one.now.completeness,
                show_entry(one.then.value), one.then.completeness,
                f"{one.same} 家", show_entry(one.now_same), show_entry(one.then_same),
                signed(one.difference), rate_shown(one),
            ),
            ("text", "text", fewer, "last", "text2", "text2", "text", "last", "text", "text"),
            rollup.form.cells[cell].is_total,
        )  # fmt: skip

    def _show_units(self, rollup: Rollup, changes: UnitChanges) -> None:
        lines = []
        for went, units in ((False, changes.came), (True, changes.went)):
            for unit in units:
                reason = change_reason(rollup, unit, went)
                lines.append(
                    Line(
                        f"{'went' if went else 'came'}:{unit.id}",
                        (
                            unit.name,
                            unit.kind.value,
                            "只在上年" if went else "只在本年",
                            reason or "还没有说明",
                        ),
                        ("text", "text2", "text", "text" if reason else "qrytext"),
                    )
                )
        lines += [
            Line(
                "",
                (now.name, now.kind.value, "改了名称", f"上年叫{then.name}"),
                ("text", "text2", "text2", "text2"),
            )
            for now, then in changes.renamed
        ]
        open_ones = sum(1 for line in lines if line.texts[3] == "还没有说明")
        kinds = "；".join(
            f"{one.kind.value} {one.then} 家→{one.now} 家" for one in changes.kinds if one.now != one.then
        )
        asked = f"还有 {open_ones} 家没有说明。" if open_ones else ""
        self._changes.setText(changes.words + (f"（{kinds}）" if kinds else "") + asked)
        self.units.of = changes.words
        self.units.show_lines(UNITS, lines)
        self.units.setVisible(bool(lines))
        self._explain.setVisible(bool(changes.came or changes.went))
        self._selected()

    def _selected(self) -> None:
        self._explain.setEnabled(bool(self.units.key()) and not self.desk.session.is_held)

    def explain(self, key: str) -> None:
        """Asks why a unit came or went, and keeps the answer as one step."""
        side, _, unit_id = key.partition(":")
        rollup = self.desk.session.rollup
        last = last_year(rollup)
        went = side == "went"
        listed = last.units if went and last is not None else rollup.units
        unit = listed.by_id.get(unit_id)
        if unit is None or self.desk.session.is_held:
            return
        dialog = ReasonDialog(self.desk.frame, unit, went, change_reason(rollup, unit, went))
        if dialog.run() == "keep":
            rollup = self.desk.session.rollup  # files may have been read meanwhile
            self.desk.session.edit(
                with_change_reason(rollup, unit, went, dialog.reason), f"说明{unit.name}的变化"
            )
