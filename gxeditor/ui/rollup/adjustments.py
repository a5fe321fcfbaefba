"""调整: what is added to the sums beside the reports, why and on what basis.

Knows how an adjustment is made: of one cell with its sign, a reason that has to be given, and the totals of that cell,
which are moved with it unless the clerk does not want it. Says which sums no longer add up by it. Reckons nothing
(`core.rollup.sums`); everything is one step of the session.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.anchors import Cell as At
from gxeditor.core.checks.anchors import named
from gxeditor.core.errors import EntryError
from gxeditor.core.form import Cell, Form
from gxeditor.core.report import parse_entry, parse_reason, show_entry, without_unseen
from gxeditor.core.rollup.project import Adjustment, Rollup
from gxeditor.core.rollup.sums import Decision, Number, decisions, disturbed, sums, totals_of
from gxeditor.resources import load_rules
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog, ask
from gxeditor.ui.look.tasks import LastWish
from gxeditor.ui.rollup.listing import said_day, short_name
from gxeditor.ui.rollup.plain_table import Column, Line, PlainTable
from gxeditor.ui.rollup.session import BESIDE, RollupDesk
from gxeditor.ui.rollup.sum_grid import signed

COLUMNS = (
    Column("序号", 54, True),
    Column("格"),
    Column("调整", 84, True),
    Column("调整后的合计", 210),
    Column("原因"),
    Column("依据", 190),
    Column("单位", 130),
    Column("日期", 92),
)
_PATIENCE = 300  # milliseconds of reckoning that nobody is told of
_LONGEST = 200  # characters of what a basis is named by, as of a reason


def balances(rollup: Rollup) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The balances of the form (一＋二＝三＋四), which adjustments may break as well."""
    return [(rule.left, rule.right) for rule in load_rules(rollup.form) if rule.kind == "balance"]


def parse_delta(text: str, cell: Cell) -> Number:
    """What is to be added: a number with its sign, 「-2」 or 「3」. Raises `EntryError` for anything else, and 0."""
    shown = "".join(without_unseen(text).split())
    found = re.match(r"[-−‐–－—]", shown)
    entry = parse_entry(re.sub(r"^[-−‐–－—+＋]", "", shown), cell)
    if entry is None or isinstance(entry, str) or not entry:
        raise EntryError("还没有写调整多少。", "", "请写增加或减少的数，减少的前面写减号，例如 -2。")
    return -entry if found is not None else entry


class CellBox(QComboBox):
    """A box in which one of the form's cells is chosen, or found by a few characters of its name; none at first."""

    def __init__(self, form: Form, name: str) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(name)
        self.setToolTip("选一格，或者输入几个字查找。")
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for cell in form.cells:
            self.addItem(named(At(cell), form), cell)
        self.setCurrentIndex(-1)
        if (completer := self.completer()) is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        if (line := self.lineEdit()) is not None:
            line.setPlaceholderText("选一格，或者输入几个字查找")

    @property
    def cell(self) -> str:
        """The id of the cell whose name stands in the box; "" of a part of a name, whatever was chosen before."""
        index = self.currentIndex()
        return str(self.itemData(index)) if index >= 0 and self.currentText() == self.itemText(index) else ""


class AdjustmentDialog(Dialog):
    """Asks for an adjustment, or for another state of one (`made`). `adjustments` are its rows once it is accepted."""

    def __init__(
        self,
        parent: QWidget | None,
        rollup: Rollup,
        cell: str = "",
        made: Decision | None = None,
        like: Adjustment | None = None,
    ) -> None:
        """`like` is one whose reason and basis are meant again, for another cell of the same decision."""
        super().__init__(
            parent,
            "调整合计",
            "合计在各单位年报之和以外加减多少，要写明原因",
            choices=(
                CANCEL,
                Choice("keep", "记入调整表", primary=True, tip="记下这条调整，合计跟着变，可以撤销。"),
            ),
            width=44,
        )
        self._rollup, self._form, self._made = rollup, rollup.form, made
        self.adjustments: tuple[Adjustment, ...] = ()
        self._cells = CellBox(self._form, "调整哪一格")
        self._delta = QLineEdit()
        self._delta.setAccessibleName("调整多少")
        self._delta.setPlaceholderText("增加写 3，减少写 -2")
        self._delta.setToolTip("增加或减少的数，减少的前面写减号。")
        self._reason = QLineEdit()
        self._reason.setAccessibleName("原因")
        self._reason.setPlaceholderText("必填，4 到 200 字")
        self._reason.setToolTip("为什么要调整，例如同一件申请两家各计了一次。")
        self._basis = QLineEdit()
        self._basis.setAccessibleName("依据")
        self._basis.setPlaceholderText("可以不填，例如台账第几行、文号")
        self._basis.setToolTip("从哪里看出来的，例如台账第几行、文号。")
        self._unit = QComboBox()
        self._unit.setAccessibleName("涉及单位")
        self._unit.setToolTip("只涉及一家时选它：看这一家所在的分支或本级的合计时，调整也跟着算。")
        self._unit.addItem("不专属哪一家", "")
        for unit in rollup.must:
            self._unit.addItem(short_name(unit.name, rollup.owner), unit.id)
        fields = QFormLayout()
        fields.setHorizontalSpacing(12)
        for words, field in (
            ("调整哪一格", self._cells), ("加减多少", self._delta), ("原因", self._reason), ("依据", self._basis),
            ("涉及单位", self._unit),
        ):  # fmt: skip
            fields.addRow(theme.label(words), field)
        self.body.addLayout(fields)
        self._totals = QVBoxLayout()
        self._totals.setSpacing(4)
        self.body.addLayout(self._totals)
        self.boxes: dict[str, QCheckBox] = {}
        self.others: dict[str, tuple[QCheckBox, Adjustment]] = {}
        self._said = theme.label(tone="text2")
        self._said.setWordWrap(True)
        self.body.addWidget(self._said)
        self._cells.currentIndexChanged.connect(self._cell_changed)
        self._cells.editTextChanged.connect(self._typed)
        for edit in (self._delta, self._reason):
            edit.textChanged.connect(self._typed)
        self._fill(cell, made, like)

    def _fill(self, cell: str, made: Decision | None, like: Adjustment | None) -> None:
        wanted = made.first.cell if made is not None else cell
        self._cells.setCurrentIndex(self._cells.findData(wanted) if wanted else -1)
        self._cell_changed()
        if said := made.first if made is not None else like:
            self._reason.setText(said.reason)
            self._basis.setText(said.basis)
            self._unit.setCurrentIndex(max(0, self._unit.findData(said.unit)))
        if made is not None:
            delta = made.first.delta
            self._delta.setText(show_entry(delta))
            for total, box in self.boxes.items():
                box.setChecked(any(row.cell == total and row.delta == delta for row in made.rows))
        self._typed()
        (self._delta if wanted else self._cells).setFocus()

    @property
    def cell(self) -> str:
        return self._cells.cell

    def _cell_changed(self) -> None:
        while (item := self._totals.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.boxes = {}
        totals = totals_of(self._form, self.cell) if self.cell else ()
        if totals:
            self._totals.addWidget(
                theme.label("它所在的合计一同加减（不勾，表内就加不起来）：", tone="text2")
            )
        for total in totals:
            box = QCheckBox(named(At(total), self._form))
            box.setChecked(True)
            box.setToolTip("勾上，这个合计也加减同样的数。")
            self.boxes[total] = box
            self._totals.addWidget(box)
        self._list_others(totals)
        self._typed()

    def _list_others(self, totals: Sequence[str]) -> None:
        """The other cells of the decision that is changed, each with what it has."""
        self.others = {}
        delta = self._made.first.delta if self._made is not None else 0
        for row in self._made.rows[1:] if self._made is not None else ():
            if row.cell == self.cell or (row.cell in totals and row.delta == delta):
                continue
            name = named(At(row.cell), self._form) if row.cell in self._form.cells else row.cell
            number = row.delta if isinstance(row.delta, str) else signed(row.delta)
            box = QCheckBox(f"{name}　{number}")
            box.setChecked(True)
            box.setToolTip("这条调整还包括这一格；不勾就去掉它。")
            if not self.others:
                self._totals.addWidget(theme.label("这条调整还包括：", tone="text2"))
            self.others[row.id] = box, row
            self._totals.addWidget(box)

    def _typed(self) -> None:
        said, able = "", True
        if self.cell not in self._form.cells:
            self._said.setText("")
            self.buttons["keep"].setEnabled(False)
            return
        try:
            delta = parse_delta(self._delta.text(), self._form.cells[self.cell])
            now = sums(self._rollup)[self.cell]
            had = sum(
                row.delta for row in (self._made.rows if self._made is not None else ())
                if row.cell == self.cell and not isinstance(row.delta, str)
            )  # fmt: skip
            if now.value is not None:
                after = now.value - had + delta
                said = f"合计由 {show_entry(now.value)} 变为 {show_entry(after)}，{now.completeness}。"
                if after < 0:
                    said += "调整以后小于 0，请核对。"
        except EntryError as refused:
            able = False
            said = "" if not self._delta.text().strip() else refused.what
        try:
            parse_reason(self._reason.text())
        except EntryError:
            able = False
        self._said.setText(said)
        self.buttons["keep"].setEnabled(able)

    def accept(self) -> None:
        """Keeps what was typed, unless something of it is refused."""
        if self.cell not in self._form.cells:
            return
        try:
            delta = parse_delta(self._delta.text(), self._form.cells[self.cell])
            reason = parse_reason(self._reason.text())
        except EntryError as refused:
            self._said.setText(refused.what)
            return
        used = {one.id for one in self._rollup.adjustments} - {
            row.id for row in (self._made.rows if self._made is not None else ())
        }
        used |= {row.id for box, row in self.others.values() if box.isChecked()}
        number = 1
        rows = []
        for cell in (self.cell, *(total for total, box in self.boxes.items() if box.isChecked())):
            while str(number) in used:
                number += 1
            rows.append(
                Adjustment(
                    str(number), cell, delta, reason, " ".join(self._basis.text().split())[:_LONGEST],
                    str(self._unit.currentData() or ""), date.today().isoformat(),
                )
            )  # fmt: skip
            used.add(str(number))
        first = rows[0]
        rows += [
            replace(row, reason=first.reason, basis=first.basis, unit=first.unit, day=first.day)
            for box, row in self.others.values()
            if box.isChecked()
        ]
        self.adjustments = tuple(rows)
        super().accept()


class AdjustmentsPage(QWidget):
    """The page: a line a cell, those decided at once together."""

    def __init__(self, desk: RollupDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._said = theme.label(tone="text2")
        self._said.setWordWrap(True)
        self._off = theme.label(tone="errtext")
        self._off.setWordWrap(True)
        self.table = PlainTable("调整表")
        self.table.opened.connect(self.change)
        self.table.removed.connect(self.remove)
        self.table.told.connect(desk.tell)
        self.add_button = QPushButton("新调整…")
        self.add_button.setProperty("primary", True)
        self.add_button.setToolTip("在各单位之和以外加减一个数，写明原因。")
        self.add_button.clicked.connect(lambda: self.add())
        self._change = QPushButton("更改…")
        self._change.setToolTip("改选中的这一条；Enter 也可以。")
        self._change.clicked.connect(lambda: self.change(self.table.key()))
        self._remove = QPushButton("删除")
        self._remove.setToolTip("删去选中的这一条，可以撤销；Delete 也可以。")
        self._remove.clicked.connect(lambda: self.remove(self.table.key()))
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self._said, 1)
        for button in (self._change, self._remove, self.add_button):
            bar.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 6, 12, 8)
        whole.setSpacing(6)
        whole.addLayout(bar)
        whole.addWidget(self._off)
        whole.addWidget(self.table, 1)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.setFocusProxy(self.table)
        self._stale = False
        self._wish = LastWish(_PATIENCE, self)
        self._wish.done.connect(self._reckoned)
        desk.session.changed.connect(self._changed)
        self._changed()

    def _changed(self) -> None:
        """Of very many units the sums are reckoned beside the window, and not before somebody looks."""
        rollup = self.desk.session.rollup
        if len(rollup.units.listed) < BESIDE:
            self._wish.give_up()
            self.show_adjustments()
        elif self.isVisible():
            self._stale = False
            self._wish.want(partial(self._reckon, rollup))
        else:
            self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._changed()

    @staticmethod
    def _reckon(rollup: Rollup, _given_up: object) -> Rollup:
        sums(rollup)
        return rollup

    def _reckoned(self, rollup: Rollup) -> None:
        if rollup is self.desk.session.rollup:
            self.show_adjustments()

    def show_adjustments(self) -> None:
        """Shows the present ones."""
        rollup = self.desk.session.rollup
        made = decisions(rollup.adjustments)
        found = sums(rollup)
        lines: list[Line] = []
        for number, decision in enumerate(made, start=1):
            for first, row in enumerate(decision.rows):
                lines.append(self._line(rollup, row, str(number) if not first else "", str(number)))
        self.table.of = (
            f"{rollup.owner} {rollup.year} 年汇总调整表，{found[next(iter(found))].name}" if found else ""
        )
        self.table.show_lines(COLUMNS, lines)
        rows = len(rollup.adjustments)
        self._said.setText(
            f"{len(made)} 条，共 {rows} 格。双击或按 Enter 更改。"
            if made
            else "还没有调整：合计就是各单位年报之和。"
        )
        gaps = disturbed(rollup, balances(rollup)) if made else ()
        form = rollup.form
        names = "、".join(f"“{named(At(g.total), form)}”差 {signed(g.stated - g.added)}" for g in gaps[:3])
        names += f"等 {len(gaps)} 处" if len(gaps) > 3 else ""
        remedy = "请把同样的数也调整到合计，或者另一边。"
        self._off.setText(f"▲ 调整以后加不起来了：{names}。{remedy}" if gaps else "")
        self._off.setVisible(bool(gaps))
        self._selected()

    @staticmethod
    def _line(rollup: Rollup, row: Adjustment, number: str, key: str) -> Line:
        total = sums(rollup).get(row.cell)
        unit = rollup.units.by_id.get(row.unit)
        known = row.cell in rollup.form.cells
        after = ""
        if total is not None:
            value = show_entry(total.value)
            after = f"{value}（{total.completeness}）" if value else total.completeness
        return Line(
            key,
            (
                number,
                named(At(row.cell), rollup.form) if known else f"{row.cell}（表里没有这一格，没有计入）",
                row.delta if isinstance(row.delta, str) else signed(row.delta),
                after,
                row.reason,
                row.basis,
                short_name(unit.name, rollup.owner) if unit is not None else "",
                said_day(row.day),
            ),
            ("text2", "text" if known else "errtext", "text", "text", "text", "text2", "text2", "text2"),
        )

    def _selected(self) -> None:
        held = self.desk.session.is_held
        self.add_button.setEnabled(not held)
        for button in (self._change, self._remove):
            button.setEnabled(bool(self.table.key()) and not held)

    def _decision(self, key: str) -> Decision | None:
        made = decisions(self.desk.session.rollup.adjustments)
        return made[int(key) - 1] if key.isdigit() and 0 < int(key) <= len(made) else None

    def add(self, cell: str = "") -> None:
        """Asks for a new adjustment, of this cell if one is named."""
        rollup = self.desk.session.rollup
        off = bool(disturbed(rollup, balances(rollup)))
        like = rollup.adjustments[-1] if off and rollup.adjustments else None
        dialog = AdjustmentDialog(self.desk.frame, rollup, cell, like=like)
        if dialog.run() == "keep":
            self._take(dialog.adjustments, (), "新调整")

    def change(self, key: str) -> None:
        """Asks for another state of an adjustment."""
        decision = self._decision(key)
        if decision is None or self.desk.session.is_held:
            return
        dialog = AdjustmentDialog(self.desk.frame, self.desk.session.rollup, made=decision)
        if dialog.run() == "keep":
            self._take(dialog.adjustments, decision.rows, "更改调整")

    def remove(self, key: str) -> None:
        """Takes an adjustment away, after asking."""
        decision = self._decision(key)
        if decision is None or self.desk.session.is_held:
            return
        answer = ask(
            self.desk.frame, "删除调整", f"删除第 {key} 条调整，共 {len(decision.rows)} 格？",
            f"原因：{decision.first.reason}", "合计会跟着变，可以撤销。",
            choices=(CANCEL, Choice("remove", "删除", primary=True)),
        )  # fmt: skip
        if answer == "remove":
            self._take((), decision.rows, "删除调整")

    def _take(self, come: Sequence[Adjustment], gone: Sequence[Adjustment], label: str) -> None:
        rollup = self.desk.session.rollup
        left = list(rollup.adjustments)
        at = left.index(gone[0]) if gone else len(left)
        left = [one for one in left if one not in gone]
        left[at:at] = come
        if self.desk.session.edit(replace(rollup, adjustments=tuple(left)), label):
            self.desk.tell(f"已{label}，共 {len(come or gone)} 格，合计已按它重算。")
