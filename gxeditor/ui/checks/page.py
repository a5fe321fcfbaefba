"""The page 检查项目: all rules as they stand, filtered by kind, state, words or cell, with one of them beside the list.

Knows what is shown and chosen. Changes no report and no setting: what is asked for goes to its conversation
(`checks`), which also keeps the filter while the page is away.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.coverage import coverage
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.rules import Group, Severity
from gxeditor.core.checks.standing import Standing, State, count_rules, standings
from gxeditor.ui.checks.detail import Detail
from gxeditor.ui.checks.listing import Filter, words_of
from gxeditor.ui.checks.table import Index, LinesView
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import sentence
from gxeditor.ui.look.rows import paint_ground
from gxeditor.ui.session import Change, Session

Key = tuple[str, str, int]
_GROUPS_WIDTH, _DETAIL_WIDTH, _SEARCH = 156, 348, 224
_WIDE = 1180
"""Logical pixels from which the kinds stand beside the list; below, they are a choice above it."""
_NARROW_DETAIL, _LEAST = 316, 700
_TOLD = 12_000  # milliseconds, as in the status bar
_HINTS = "↑↓ 选一条　Enter 转到　F2 写说明　Ctrl+F 查找　Esc 返回年报"
_ITEM = int(Qt.ItemDataRole.UserRole)


_ONLY = {
    None: "列出全部检查项目，不论结果怎样。",
    State.OPEN: "只列出查出问题的：要改正，或核实后写说明。",
    State.EXPLAINED: "只列出写过核实说明的，可以改写。",
    State.NOT_CHECKED: "只列出没有检查的，看缺什么才能检查。",
    State.CLOSED: "只列出关闭了的，可以重新打开。",
    State.MET: "只列出相等的和没有查出问题的。",
}
"""What the chip of a state does."""


class StateChip(QAbstractButton):
    """A state with its shape, its word and how many; or, without state, all."""

    def __init__(self, state: State | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.state = state
        self.severity = Severity.QUERY
        self.setToolTip(theme.plain_tip(_ONLY[state]))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def say(self, count: int, severity: Severity) -> None:
        """How many there are, and the weight of the worst."""
        self.severity = severity
        words = f"{self.state.word if self.state is not None else '全部'} {count}"
        if words != self.text():
            self.setText(words)
            self.updateGeometry()
        self.setAccessibleName(f"只列出{words}" if self.state is not None else words)
        self.update()

    def sizeHint(self) -> QSize:
        mark = 16 if self.state is not None else 0
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + mark + 22, max(28, metrics.height() + 10))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, painter = theme.current(), QPainter(self)
        pixels, rect = theme.Pixels(painter), QRectF(self.rect())
        ground = colors.accenttint if self.isChecked() else colors.head if self.underMouse() else colors.base
        painter.fillRect(rect, ground)
        pixels.frame(rect, colors.focus if self.hasFocus() else colors.edge, 2 if self.hasFocus() else 1)
        left = 11
        if self.state is not None:
            theme.paint_state(painter, QRectF(10, rect.center().y() - 5, 10, 10), self.state, self.severity)
            left = 26
        painter.setPen(colors.link if self.isChecked() else colors.text)
        painter.drawText(rect.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


class _GroupPainter(QStyledItemDelegate):
    """A kind, how many lines it has, and the mark of the worst that is open."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, 30)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        word, count, worst = index.data(_ITEM)
        colors = theme.current()
        painter.save()
        rect, selected, text = paint_ground(painter, option)
        painter.setFont(theme.font(9, 600 if selected else 400))
        painter.setPen(text)
        painter.drawText(rect.adjusted(17, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word)
        painter.setFont(theme.font(9))
        painter.setPen(colors.text2)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(rect.adjusted(0, 0, -12, 0), right, str(count))
        if worst is not None:
            theme.paint_mark(painter, QRectF(rect.right() - 54, rect.center().y() - 4.5, 9, 9), worst)
        painter.restore()


class ChecksPage(QWidget):
    """The page. `jumped` carries the line to go to; `asked` what is to be done with a line (see `Detail.asked`) and it.

    `explained` carries a finding and the reason; `undo_asked` and `left` are pressed. `cell_left` is the cell that was
    filled last, "" if none was.
    """

    jumped = Signal(object)
    asked = Signal(str, object)
    explained = Signal(object, str)
    undo_asked = Signal()
    left = Signal()

    def __init__(self, session: Session, wanted: Filter, key: Key | None = None, cell_left: str = "") -> None:
        super().__init__()
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("检查项目")
        self.session = session
        self.wanted = wanted
        self._key = key
        self._cell_left = cell_left
        self._all: tuple[Standing, ...] = ()
        self._words: dict[Key, str] = {}
        self._groups = [group for group in Group if any(rule.group is group for rule in session.rules)]
        self._build()
        session.changed.connect(self._session_changed)
        session.told.connect(self.tell)
        self.renew()

    # --- building

    def _build(self) -> None:
        self.summary = sentence("", tone="text2")
        self.back = QPushButton("返回年报")
        self.back.setToolTip("收起检查项目，回到原来在填的地方（Esc）。")
        self.back.clicked.connect(self.left)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(theme.label("检查项目", 12, 600))
        titles.addWidget(self.summary)
        head = QHBoxLayout()
        head.setContentsMargins(20, 8, 20, 8)
        head.setSpacing(20)
        head.addLayout(titles, 1)
        head.addWidget(self.back, 0, Qt.AlignmentFlag.AlignVCenter)
        self._head = _bar("window", "bottom", head)

        self.search = QLineEdit(self.wanted.text)
        self.search.setPlaceholderText("找检查项目、行名或代码")
        self.search.setAccessibleName("找检查项目、行名或代码")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(_SEARCH)
        self.search.textChanged.connect(self._searched)
        self.search.returnPressed.connect(self._to_list)
        self.kinds = QComboBox()
        self.kinds.setAccessibleName("只列出一类")
        self.kinds.activated.connect(self._kind_chosen)
        self.chips = {state: StateChip(state, self) for state in (None, *State)}
        for chip in self.chips.values():
            chip.clicked.connect(self._chip_clicked)
        self.one_cell = QPushButton("只看一格…")
        self.one_cell.setToolTip("只列出与一格有关的检查项目，弄清这一格为什么报错。")
        self.one_cell.clicked.connect(self._ask_cell)
        self.cell_chip = QPushButton()
        self.cell_chip.setToolTip("现在只列出与这一格有关的，按下后全部列出。")
        self.cell_chip.clicked.connect(self._drop_cell)
        self._upper, self._lower = QHBoxLayout(), QHBoxLayout()
        filters = QVBoxLayout()
        filters.setContentsMargins(20, 9, 20, 9)
        filters.setSpacing(6)
        for row in (self._upper, self._lower):
            row.setSpacing(8)
            filters.addLayout(row)
        self._filters = _bar("base", "bottom", filters)
        self._is_wide: bool | None = None

        self.groups = QListWidget()
        self.groups.setProperty("bare", True)
        self.groups.setAccessibleName("检查的种类")
        self.groups.setItemDelegate(_GroupPainter(self.groups))
        self.groups.setFixedWidth(_GROUPS_WIDTH)
        self.groups.currentRowChanged.connect(self._group_chosen)
        self.list = LinesView(self)
        self.list.arrived.connect(self._arrived)
        self.list.chosen.connect(self._jump)
        self.list.explain_asked.connect(self._write)
        self.list.left.connect(self.left)
        self._nothing = QWidget()
        nothing = QVBoxLayout(self._nothing)
        nothing.addStretch(1)
        nothing.addWidget(theme.label("没有这样的检查项目", 10.5), 0, Qt.AlignmentFlag.AlignHCenter)
        self.clear = QPushButton("清除条件")
        self.clear.setToolTip("不再筛选，列出全部检查项目。")
        self.clear.clicked.connect(self._clear)
        nothing.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignHCenter)
        nothing.addStretch(2)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.list)
        self._middle.addWidget(self._nothing)
        self.detail = Detail()
        self.detail.setFixedWidth(_DETAIL_WIDTH)
        self.detail.asked.connect(self._asked)
        self.detail.explained.connect(self._explained)
        self.detail.left.connect(self._stop_writing)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        for widget, stretch in (
            (self.groups, 0), (_edge(), 0), (self._middle, 1), (_edge(), 0), (self.detail, 0),
        ):  # fmt: skip
            body.addWidget(widget, stretch)

        self.told = theme.Label(_HINTS)
        self.told.setAccessibleName("刚才做了什么")
        self.told.setProperty("tone", "text2")
        self.told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._told_timer = QTimer(self, singleShot=True, interval=_TOLD)
        self._told_timer.timeout.connect(self._hint)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 3, 12, 3)
        foot.addWidget(self.told)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        # The window decides how narrow it gets; the filters then go into a second row.
        whole.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        whole.addWidget(self._head)
        whole.addWidget(self._filters)
        whole.addLayout(body, 1)
        whole.addWidget(_bar("window", "top", foot))
        self.setFocusProxy(self.list)
        for keys, does in (
            (QKeySequence(QKeySequence.StandardKey.Find), self._find),
            (QKeySequence("Esc"), self._escape),
            (QKeySequence(QKeySequence.StandardKey.Undo), self.undo_asked.emit),
            (QKeySequence("F6"), self._next_pane),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(does)
        self._arrange()

    def _arrange(self) -> None:
        """The kinds beside the list and all filters in one row where there is room; else a choice, in two rows."""
        wide = self.width() >= _WIDE
        self.detail.setFixedWidth(_DETAIL_WIDTH if wide else _NARROW_DETAIL)
        if wide == self._is_wide:
            return
        self._is_wide = wide
        for row in (self._upper, self._lower):
            while row.count():
                row.takeAt(0)
        self.groups.setVisible(wide)
        self.kinds.setVisible(not wide)
        chips = self._upper if wide else self._lower
        self._upper.addWidget(self.search)
        if not wide:
            self._upper.addWidget(self.kinds)
        for chip in self.chips.values():
            chips.addWidget(chip)
        chips.addStretch(1)
        if not wide:
            self._upper.addStretch(1)
        self._upper.addWidget(self.cell_chip)
        self._upper.addWidget(self.one_cell)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, 300)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # --- content

    def _session_changed(self, _change: Change) -> None:
        self.renew()

    def renew(self) -> None:
        """Shows the rules as they stand now; the chosen one stays chosen."""
        session = self.session
        self._all = standings(session.rules, session.findings)
        self._words = {}
        sentence_ = coverage(session.report, session.findings).sentence
        self.summary.setText(f"共 {count_rules(self._all)} 条，{datetime.now():%H:%M} 检查。{sentence_}。")
        self._apply()

    def _lets(self, wanted: Filter, line: Standing) -> bool:
        if not wanted.text:
            return wanted.lets(line, "")
        if line.key not in self._words:
            self._words[line.key] = words_of(line, self.session.form)
        return wanted.lets(line, self._words[line.key])

    def _apply(self) -> None:
        """Fills the list and counts what each choice would leave."""
        any_state, any_group = self.wanted.without(state=True), self.wanted.without(group=True, state=True)
        of_states = [line for line in self._all if self._lets(any_state, line)]
        for state, chip in self.chips.items():
            lines = [line for line in of_states if state in (None, line.state)]
            chip.say(len(lines), _worst(lines) or Severity.QUERY)
            chip.setChecked(state is self.wanted.state)
        of_groups = [line for line in self._all if self._lets(any_group, line)]
        self._fill_groups(of_groups)
        cell = self.wanted.cell
        self.cell_chip.setVisible(bool(cell))
        if cell:
            name = self.session.form.cells[cell].place
            self.cell_chip.setText(theme.plain_action(f"{name}　×"))
            self.cell_chip.setAccessibleName(f"只看 {name}，按下后全部列出")
        lines = [line for line in self._all if self._lets(self.wanted, line)]
        place = self._place(lines)
        self._middle.setCurrentWidget(self.list if lines else self._nothing)
        self.list.set_lines(lines, place)
        self._arrived()

    def _place(self, lines: list[Standing]) -> int:
        """Where the chosen line is now: by its key, else another of its rule, else the first."""
        key = self._key
        if key is None:
            return 0
        same = [i for i, line in enumerate(lines) if line.key == key]
        of_rule = [i for i, line in enumerate(lines) if line.rule.id == key[0]]
        return next(iter(same or of_rule), 0)

    def _fill_groups(self, lines: list[Standing]) -> None:
        choices: list[tuple[Group | None, str]] = [(None, "全部"), *((g, g.word) for g in self._groups)]
        for widget in (self.groups, self.kinds):
            widget.blockSignals(True)
        if self.groups.count() != len(choices):
            self.groups.clear()
            self.kinds.clear()
            for _ in choices:
                QListWidgetItem(self.groups)
                self.kinds.addItem("")
        for place, (group, word) in enumerate(choices):
            own = [line for line in lines if group in (None, line.rule.group)]
            item = self.groups.item(place)
            item.setData(_ITEM, (word, len(own), _worst(own)))
            worst = _worst(own)
            said = f"{word}，{len(own)} 条" + (f"，有{worst.word}" if worst is not None else "")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            self.kinds.setItemText(place, f"{word} {len(own)}" if group else "各类")
        chosen = [group for group, _ in choices].index(self.wanted.group)
        self.groups.setCurrentRow(chosen)
        self.kinds.setCurrentIndex(chosen)
        for widget in (self.groups, self.kinds):
            widget.blockSignals(False)

    def _arrived(self) -> None:
        line = self.list.line if self._middle.currentWidget() is self.list else None
        if line is not None:
            self._key = line.key
        self.detail.show_line(line, self.session.report, self.session.given.off)

    # --- choosing

    def choose(self, wanted: Filter) -> None:
        """Another filter; the chosen line stays chosen if it is still there."""
        if wanted != self.wanted:
            self.wanted = wanted
            self._apply()

    def _searched(self, text: str) -> None:
        self.choose(replace(self.wanted, text=text))

    def _chip_clicked(self) -> None:
        chip = self.sender()
        assert isinstance(chip, StateChip)
        self.choose(replace(self.wanted, state=chip.state))
        for state, other in self.chips.items():
            other.setChecked(state is self.wanted.state)

    def _group_chosen(self, place: int) -> None:
        self.choose(replace(self.wanted, group=self._groups[place - 1] if place > 0 else None))

    def _kind_chosen(self, place: int) -> None:
        self._group_chosen(place)

    def _ask_cell(self) -> None:
        """Offers the cell that was filled last, and those of the chosen line."""
        menu = self.cell_menu()
        menu.popup(self.one_cell.mapToGlobal(QPoint(0, self.one_cell.height())))

    def cell_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        form, line = self.session.form, self.list.line
        about = line.finding.cells if line is not None and line.finding is not None else ()
        offered = (self._cell_left, *about, *(line.rule.signs if line is not None else ()))
        for cell in dict.fromkeys(cell for cell in offered if cell in form.cells):
            part = form.section(form.cells[cell].section).number
            menu.addAction(theme.plain_action(f"表{part} · {form.cells[cell].place}")).setData(cell)
        if menu.isEmpty():
            menu.addAction("先在表格里选一格，或在列表里选一条等式").setEnabled(False)
        menu.triggered.connect(self._cell_chosen)
        return menu

    def _cell_chosen(self, action: object) -> None:
        self.choose(replace(self.wanted, cell=action.data()))  # type: ignore[attr-defined]
        self.list.setFocus()

    def _drop_cell(self) -> None:
        self.choose(replace(self.wanted, cell=""))
        self.list.setFocus()

    def _clear(self) -> None:
        self.search.setText("")
        self.choose(Filter())
        self.list.setFocus()

    # --- acts

    def show_finding(self, finding: Finding, *, write: bool = False) -> None:
        """Chooses the line of a finding, whatever the filter was; with `write` the caret is in its box."""
        line = next((one for one in self._all if one.finding is finding), None)
        if line is None:
            return
        self._key = line.key
        if not self._lets(self.wanted, line):
            self._clear()
        self._apply()
        if write:
            self._write()

    @property
    def key(self) -> Key | None:
        """By which the chosen line is found again."""
        return self._key

    def tell(self, text: str) -> None:
        """Says below the list what was done."""
        self.told.setText(text or _HINTS)
        self.told.setToolTip(theme.plain_tip(text))
        self._told_timer.start()

    def _hint(self) -> None:
        self.tell("")
        self._told_timer.stop()

    def _jump(self) -> None:
        if self.list.line is not None:
            self.jumped.emit(self.list.line)

    def _write(self) -> None:
        if not self.detail.write():
            self.tell("这一条不用写说明。")

    def _stop_writing(self) -> None:
        self.detail.stop_writing()
        self.list.setFocus()

    def _asked(self, what: str) -> None:
        line = self.list.line
        if line is None:
            return
        if what == "jump":
            self._jump()
        else:
            self.list.setFocus()  # before: what is asked for may lead away from here, and the page is gone then
            self.asked.emit(what, line)

    def _explained(self, reason: str) -> None:
        line = self.list.line
        if line is not None and line.finding is not None:
            self.list.setFocus()
            self.explained.emit(line.finding, reason)

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _to_list(self) -> None:
        self.list.setFocus()

    def _escape(self) -> None:
        """One step back: out of the box or the search, else out of the page."""
        box = self.detail.box
        if box is not None and box.edit.hasFocus():
            self._stop_writing()
        elif self.search.hasFocus() and self.search.text():
            self.search.clear()
        elif self.search.hasFocus() and self._middle.currentWidget() is self.list:
            self.list.setFocus()
        else:
            self.left.emit()

    def _next_pane(self) -> None:
        """F6: list, detail, search, kinds, and around."""
        panes: list[QWidget] = [
            self.list,
            self.detail,
            self.search,
            self.groups if self._is_wide else self.kinds,
        ]
        focus = self.focusWidget()
        inside = [focus is not None and (pane is focus or pane.isAncestorOf(focus)) for pane in panes]
        here = max((i for i, has in enumerate(inside) if has), default=-1)
        for step in range(1, len(panes) + 1):
            pane = panes[(here + step) % len(panes)]
            if pane is self.detail:
                first = self.detail.box or next(iter(self.detail.buttons.values()), None)
                if first is None:
                    continue
                pane = first
            pane.setFocus(Qt.FocusReason.OtherFocusReason)
            return


def _worst(lines: list[Standing]) -> Severity | None:
    found = [line.rule.severity for line in lines if line.state is State.OPEN]
    return min(found, key=lambda severity: severity.rank, default=None)


def _bar(ground: str, edge: str, layout: QHBoxLayout | QVBoxLayout) -> QFrame:
    bar = QFrame()
    bar.setProperty("ground", ground)
    bar.setProperty("edge", edge)
    bar.setLayout(layout)
    return bar


def _edge() -> QFrame:
    line = QFrame()
    line.setFixedWidth(1)
    line.setProperty("edge", "left")
    line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return line
