"""查询: which units, which items, which years, under which conditions, and the table that answers.

Knows how the question is put together and said as a sentence; answers are those of `core.rollup.query`.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.anchors import Cell as At
from gxeditor.core.checks.anchors import named
from gxeditor.core.errors import EntryError
from gxeditor.core.form import Form
from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.query import Answer, Condition, Query, Test, ask
from gxeditor.core.rollup.sums import counts, last_year
from gxeditor.core.rollup.units import UnitKind
from gxeditor.core.year_beside import View
from gxeditor.files.atomic import write_atomic
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import run_task
from gxeditor.ui.look.tasks import LastWish, Work
from gxeditor.ui.rollup.adjustments import CellBox, parse_delta
from gxeditor.ui.rollup.listing import short_name
from gxeditor.ui.rollup.plain_table import Column, Line, PlainTable
from gxeditor.ui.rollup.session import BESIDE, RollupDesk

WRITING = "写查询结果"
_ASK = 400  # logical pixels of the question
_NAME, _KIND, _FIGURE = 230, 96, 116
_PATIENCE = 300  # milliseconds of counting that nobody is told of
_BRANCHES = 400  # that are offered; further ones are found in the tree of the board


class ConditionRow(QWidget):
    """One condition: a cell, a year, a test, a number. `changed` says that it is another, `gone` that it goes."""

    changed = Signal()
    gone = Signal()

    def __init__(self, form: Form, with_years: bool) -> None:
        super().__init__()
        self._form = form
        self.cell = CellBox(form, "条件：哪一项")
        self.year = QComboBox()
        self.year.setAccessibleName("条件：哪一年")
        self.year.setToolTip("看本年的数、上年的数，还是两年的变化。")
        for view in View:
            if with_years or view is View.NOW:
                self.year.addItem(view.value, view)
        self.test = QComboBox()
        self.test.setAccessibleName("条件：怎样")
        self.test.setToolTip("这一项要满足什么。")
        for test in Test:
            self.test.addItem(test.value.replace(" {}", "…"), test)
        self.number = QLineEdit()
        self.number.setAccessibleName("条件：多少")
        self.number.setPlaceholderText("数")
        self.number.setToolTip("和这个数比；增减率写百分之几的数。")
        self.number.setFixedWidth(72)
        away = QToolButton()
        theme.set_icon(away, "close", "text2", 12)
        away.setAccessibleName("去掉这个条件")
        away.setToolTip("去掉这个条件。")
        away.clicked.connect(self.gone)
        upper = QHBoxLayout()
        upper.addWidget(self.cell, 1)
        upper.addWidget(away)
        lower = QHBoxLayout()
        for part in (self.year, self.test, self.number):
            lower.addWidget(part)
        lower.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 4)
        whole.setSpacing(4)
        whole.addLayout(upper)
        whole.addLayout(lower)
        for box in (self.cell, self.year, self.test):
            box.currentIndexChanged.connect(self._changed)
        self.cell.editTextChanged.connect(self._changed)
        self.number.textChanged.connect(self._changed)
        self._changed()

    def _changed(self) -> None:
        self.number.setVisible(self.test.currentData().needs_number)
        self.changed.emit()

    def condition(self) -> Condition | None:
        """What is asked, None while it is not complete or its number is none."""
        cell, test = self.cell.cell, self.test.currentData()
        if not cell:
            return None
        if not test.needs_number:
            return Condition(cell, test, 0, self.year.currentData())
        text = self.number.text().strip().removesuffix("%")
        if text.strip("+-－—0.０") == "" and text:
            return Condition(cell, test, 0, self.year.currentData())
        asked = self._form.cells[cell]
        if self.year.currentData() is View.RATE:  # of a count as well per cent may have decimals
            asked = asked._replace(decimals=2)
        try:
            number = parse_delta(text, asked)
        except EntryError:
            return None
        return Condition(cell, test, number, self.year.currentData())


class QueryPage(QWidget):
    """The page: the question at the left, its answer at the right."""

    def __init__(self, desk: RollupDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._form = desk.session.rollup.form
        self.answer: Answer | None = None
        self.cells: list[str] = []
        self.conditions: list[ConditionRow] = []
        self.table = PlainTable("查询结果")
        self.table.set_head_lines(3)
        self.table.opened.connect(self._open)
        self.table.told.connect(desk.tell)
        self._words = theme.label(weight=600)
        self._words.setWordWrap(True)
        self._unknown = theme.label(tone="qrytext")
        self._unknown.setWordWrap(True)
        self._copy = QPushButton("复制表格")
        self._copy.setToolTip("复制整张结果，可以粘贴到 Excel、WPS；上面写明条件和家数。")
        self._copy.clicked.connect(lambda: self.table.copy(everything=True))
        self._save = QPushButton("存为 Excel…")
        self._save.setToolTip("把结果存成 .xlsx 文件，写明条件、家数和还不能判断的单位。")
        self._save.clicked.connect(self.ask_save)
        head = QHBoxLayout()
        head.addWidget(self._words, 1)
        head.addWidget(self._save, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        right.setContentsMargins(12, 8, 12, 8)
        right.setSpacing(6)
        right.addLayout(head)
        right.addWidget(self._unknown)
        right.addWidget(self.table, 1000)
        right.addStretch(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._question())
        whole.addLayout(right, 1)
        self.setFocusProxy(self.adding)
        desk.session.changed.connect(self._changed)
        self._stale = self._unfilled = False
        self._wish = LastWish(_PATIENCE, self)
        self._wish.done.connect(self._counted)
        self._changed()
        self.ask()

    def _question(self) -> QWidget:
        inside = QWidget()
        inside.setProperty("ground", "card")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._inside = column = QVBoxLayout(inside)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(theme.label("哪些单位", weight=600))
        self.branch = QComboBox()
        self.branch.setAccessibleName("范围")
        self.branch.setToolTip("全部单位，或者名单里的一个分支。")
        self.branch.currentIndexChanged.connect(self.ask)
        column.addWidget(self.branch)
        self.kind = QComboBox()
        self.kind.setAccessibleName("单位类别")
        self.kind.setToolTip("只看一类单位。")
        self.kind.currentIndexChanged.connect(self.ask)
        column.addWidget(self.kind)
        column.addSpacing(6)
        column.addWidget(theme.label("看哪些项", weight=600))
        self._chosen = QVBoxLayout()
        self._chosen.setSpacing(2)
        column.addLayout(self._chosen)
        self.adding = CellBox(self._form, "加一项")
        self.adding.activated.connect(self._take_cell)
        column.addWidget(self.adding)
        which = QPushButton("哪些单位这一项有数")
        which.setProperty("link", True)
        which.setToolTip("把看的第一项加为条件：大于 0。")
        which.clicked.connect(self._with_a_number)
        column.addWidget(which, 0, Qt.AlignmentFlag.AlignLeft)
        years = QHBoxLayout()
        self.years = {view: QCheckBox(view.value) for view in View}
        tips = {View.NOW: "列出本年的数。", View.THEN: "列出上年的数。", View.DIFFERENCE: "列出两年的差额。",
                View.RATE: "列出增减百分之几。"}  # fmt: skip
        for view, box in self.years.items():
            box.setChecked(view is View.NOW)
            box.setToolTip(theme.plain_tip(tips[view]))
            box.toggled.connect(self.ask)
            years.addWidget(box)
        years.addStretch(1)
        column.addLayout(years)
        column.addSpacing(6)
        column.addWidget(theme.label("条件（都要满足）", weight=600))
        self._rows = QVBoxLayout()
        column.addLayout(self._rows)
        add = QPushButton("加一个条件")
        add.setToolTip("再加一个条件，和已有的都要满足。")
        add.clicked.connect(lambda: self.add_condition())
        column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFixedWidth(_ASK)
        area.setAccessibleName("查询的条件")
        return area

    # --- the question

    def _changed(self) -> None:
        """Of very many units it is counted beside the window, and not before somebody looks."""
        rollup = self.desk.session.rollup
        if len(rollup.units.listed) < BESIDE:
            self._wish.give_up()
            self._fill()
        elif self.isVisible():
            self._wish.want(partial(self._count, rollup))
        else:
            self._stale = self._unfilled = True

    @staticmethod
    def _count(rollup: Rollup, _given_up: object) -> Rollup:
        counts(rollup)
        return rollup

    def _counted(self, rollup: Rollup) -> None:
        if rollup is self.desk.session.rollup:
            self._fill()

    def _fill(self) -> None:
        """Offers the branches and kinds that there are now, and answers anew."""
        rollup = self.desk.session.rollup
        branch, kind = self.branch.currentData() or "", self.kind.currentData()
        for box in (self.branch, self.kind):
            box.blockSignals(True)
            box.clear()
        of = counts(rollup)
        self.branch.addItem(f"全部单位，{of[''].of} 家", "")
        parents = [u for u in rollup.units.listed if u.id in rollup.parents and of[u.id].of < of[""].of]
        for unit in parents[:_BRANCHES]:
            self.branch.addItem(f"{short_name(unit.name, rollup.owner)}，{of[unit.id].of} 家", unit.id)
        self.kind.addItem("各类单位", None)
        for one in UnitKind:
            if any(unit.kind is one for unit in rollup.must):
                self.kind.addItem(f"只看{one.value}", one)
        self.branch.setCurrentIndex(max(0, self.branch.findData(branch)))
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)) if kind is not None else 0)
        for box in (self.branch, self.kind):
            box.blockSignals(False)
        compared = last_year(rollup) is not None
        for view, check in self.years.items():
            check.setEnabled(view is View.NOW or compared)
        if self.isVisible():
            self.ask()
        else:
            self._stale = True

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        if self._unfilled:
            self._unfilled = False
            self._changed()
        elif self._stale:
            self.ask()

    def _take_cell(self) -> None:
        cell = self.adding.currentData()
        self.adding.setCurrentIndex(-1)
        if cell:
            self.add_cell(cell)

    def add_cell(self, cell: str) -> None:
        """Asks for one more item."""
        if cell in self.cells:
            return
        self.cells.append(cell)
        button = QPushButton(f"{named(At(cell), self._form)}　✕")
        button.setProperty("link", True)
        button.setAccessibleName(f"不看{named(At(cell), self._form)}")
        button.setToolTip("不看这一项。")
        button.clicked.connect(partial(self._drop_cell, cell, button))
        self._chosen.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.ask()

    def _drop_cell(self, cell: str, button: QPushButton) -> None:
        self.cells.remove(cell)
        self._chosen.removeWidget(button)
        button.setParent(None)
        button.deleteLater()
        self.ask()

    def _with_a_number(self) -> None:
        if not self.cells:
            self.desk.tell("先选一项，再看哪些单位这一项有数。")
            return
        row = self.add_condition()
        row.cell.setCurrentIndex(row.cell.findData(self.cells[0]))

    def add_condition(self) -> ConditionRow:
        """One more condition, which asks for nothing until its item is chosen."""
        row = ConditionRow(self._form, last_year(self.desk.session.rollup) is not None)
        self.conditions.append(row)
        self._rows.addWidget(row)
        row.changed.connect(self.ask)
        row.gone.connect(partial(self._drop_condition, row))
        row.cell.setFocus()
        return row

    def _drop_condition(self, row: ConditionRow) -> None:
        self.conditions.remove(row)
        self._rows.removeWidget(row)
        row.setParent(None)
        row.deleteLater()
        self.ask()

    def query(self) -> Query | None:
        """What is asked, None while no item is chosen or a condition is not complete."""
        wanted = tuple(view for view, box in self.years.items() if box.isChecked() and box.isEnabled())
        conditions = [row.condition() for row in self.conditions if row.cell.currentText()]
        if not self.cells or not wanted or None in conditions:
            return None
        kind = self.kind.currentData()
        return Query(
            tuple(self.cells),
            wanted,
            str(self.branch.currentData() or ""),
            frozenset({kind}) if kind is not None else frozenset(),
            tuple(one for one in conditions if one is not None),
        )

    # --- the answer

    def ask(self) -> None:
        """Answers what is asked."""
        self._stale = False
        query = self.query()
        for button in (self._copy, self._save):
            button.setEnabled(query is not None)
        self.table.setVisible(query is not None)
        if query is None:
            self.answer = None
            waits = any(row.cell.currentText() and row.condition() is None for row in self.conditions)
            self._words.setText("条件里的数还没有写好。" if waits else "先在左边选要看的项。")
            self._unknown.setText("")
            self.table.show_lines((Column("单位", _NAME), Column("类别", _KIND)), ())
            return
        answer = self.answer = ask(self.desk.session.rollup, query)
        heads, *rows = answer.table(self._form)
        columns = (
            Column("单位", _NAME), Column("类别", _KIND), *(Column(head, _FIGURE, True) for head in heads[2:]),
        )  # fmt: skip
        keys = [*(row.unit.id for row in answer.rows), ""]
        self.table.of = f"{answer.words}：{answer.found}"
        self.table.show_lines(
            columns, [Line(key, texts, strong=not key) for key, texts in zip(keys, rows, strict=True)]
        )
        self._words.setText(f"{answer.words}：{answer.found}")
        reasons: dict[str, list[str]] = {}
        for unit, why in answer.unknown:
            reasons.setdefault(why, []).append(short_name(unit.name, self.desk.session.rollup.owner))
        said = "；".join(
            f"{why} {len(names)} 家（{'、'.join(names[:3])}{'等' if len(names) > 3 else ''}）"
            for why, names in reasons.items()
        )
        self._unknown.setText(f"还不能判断：{said}" if said else "")
        self._unknown.setVisible(bool(reasons))

    def ask_save(self) -> None:
        """Asks where the answer is to be written, and writes it there."""
        answer, rollup = self.answer, self.desk.session.rollup
        if answer is None:
            return
        start = self.desk.session.folder / f"{rollup.owner}{rollup.year}年汇总查询.xlsx"
        name, _ = QFileDialog.getSaveFileName(self.desk.frame, "存查询结果", str(start), "Excel (*.xlsx)")
        if not name:
            return
        path = Path(name) if name.lower().endswith(".xlsx") else Path(f"{name}.xlsx")

        def write(_: Work) -> bool:
            write_atomic(
                path, import_module("gxeditor.exports.query_workbook").query_workbook(answer, rollup)
            )
            return True

        if run_task(self.desk.frame, WRITING, write):
            self.desk.tell_written(f"已写：{path.name}", [path])

    def _open(self, unit: str) -> None:
        """Opens a unit's report at the first item asked for; Alt+← leads back."""
        if unit not in self.desk.session.rollup.used:
            return
        cell = self.cells[0]
        self.desk.came_from(lambda: self.desk.turn_to("query"), "查询结果")
        self.desk.open_report(unit, page=self._form.cells[cell].section, cell=cell)
