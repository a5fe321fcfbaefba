"""申请: the grid with its filters above and what is wrong below.

Knows the filter row (years, chips, the conditions of columns, the search), the questions by which a column is filtered,
and what is said where no row is listed. Which rows a filter lists is known to `model`, keys and cells to `grid`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.rules import Severity
from gxeditor.core.ledger.entries import Refused, parse_date
from gxeditor.core.ledger.privacy import masked
from gxeditor.ui.ledger.grid import LedgerGrid
from gxeditor.ui.ledger.model import (
    CHIPS,
    DUE,
    IDS,
    LEFT,
    STEPS,
    ColumnFilter,
    RowsModel,
    Wanted,
    short_label,
)
from gxeditor.ui.ledger.session import LedgerDesk
from gxeditor.ui.look import dialog, theme

_RESTS = 150  # milliseconds after the last key until counts follow
_AT_ONCE = 300  # requests that are prepared for the search in one turn: some milliseconds
_ALWAYS = ("all", "open")
_TIPS = {
    "all": "列出这些年份的全部申请。",
    "open": "只列还没有答复的。",
    "late": "只列过了答复期限还没有答复的。",
    "soon": "只列今天到期和 3 个工作日内到期的。",
    "waiting": "只列告知补正以后还没有收到补正的。",
    "consulting": "只列征求意见以后还没有收到意见的。",
    "answered": "只列已经答复的。",
}
_MARKS = {"late": ("mark-error", "err"), "soon": ("mark-query", "qry")}


class Empty(NamedTuple):
    """What stands where no row is listed: a sentence, and the buttons with their keys, words and tips."""

    words: str
    buttons: Sequence[tuple[str, str, str]]


class RequestsPage(QWidget):
    """The tab.

    `said` is what is in hand, `begun` carries the key of a way to begin ("import", "carry", "blank", "none"), `counted`
    the numbers of all chips once typing rests.
    """

    said = Signal(str)
    begun = Signal(str)
    counted = Signal(object)

    def __init__(self, desk: LedgerDesk, model: RowsModel, ways: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.desk = desk
        self.model = model
        self._ways = tuple(ways)
        self.setAccessibleName("申请")
        self.grid = LedgerGrid(desk.session, model)
        self._rest = QTimer(self, singleShot=True, interval=_RESTS)
        self._rest.timeout.connect(self.count)
        self._preparing = QTimer(self, interval=0)
        self._preparing.timeout.connect(self._prepare)
        self._filters()
        self._problems()
        self._empty = _EmptyPanel(self.grid)
        self._empty.chosen.connect(self._empty_chosen)
        down = QVBoxLayout(self)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        down.addWidget(self._row)
        down.addWidget(self.grid, 1)
        down.addWidget(self._strip)
        self.setFocusProxy(self.grid)
        self.grid.entered.connect(self._say)
        self.grid.heading_asked.connect(self.ask_column)
        for signal in (model.modelReset, model.rowsInserted, model.dataChanged):
            signal.connect(self._rest.start)
        model.modelReset.connect(self._show_empty)
        model.rowsInserted.connect(self._show_empty)
        self._fill_years()
        self._list_recent()
        self.count()
        self._show_empty()

    # --- the filter row

    def _filters(self) -> None:
        self._row = QFrame()
        self._row.setProperty("ground", "base")
        self._row.setProperty("edge", "bottom")
        self._row.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._row.setMinimumHeight(40)
        self._row.setAccessibleName("筛选")
        across = QHBoxLayout(self._row)
        across.setContentsMargins(12, 5, 12, 5)
        across.setSpacing(2)
        self.years = QComboBox()
        self.years.setAccessibleName("哪些年的申请")
        self.years.setToolTip("列哪些年的申请：当年收到的，和以前收到、到那年还没有答复的。")
        self.years.activated.connect(self._year_chosen)
        across.addWidget(self.years)
        across.addSpacing(10)
        self.chips: dict[str, QPushButton] = {}
        for key, word, _ in CHIPS:
            chip = self.chips[key] = QPushButton(word)
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            chip.setToolTip(theme.plain_tip(_TIPS[key]))
            if key in _MARKS:
                theme.set_icon(chip, *_MARKS[key], 12)
                chip.setIconSize(QSize(12, 12))
            chip.clicked.connect(lambda _=False, key=key: self.choose(key))
            across.addWidget(chip)
        self._row.setFocusProxy(self.chips["all"])
        self._conditions = QHBoxLayout()
        self._conditions.setSpacing(4)
        across.addSpacing(8)
        across.addLayout(self._conditions)
        across.addStretch(1)
        self.search = QLineEdit()
        self.search.setPlaceholderText("内容、编号、单位")
        self.search.setAccessibleName("查找内容、编号、单位")
        self.search.setToolTip("列出内容、编号、承办单位、申请人里有这些字的；Esc 清除。")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(120)
        self.search.setMaximumWidth(190)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look = self.search.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        theme.set_icon(look, "search")
        look.setText("查找")
        look.setToolTip("键入要找的字，用空格分开几个词。")
        self.search.textChanged.connect(self._searched)
        self.search.installEventFilter(self)
        across.addWidget(self.search, 1)

    def _fill_years(self) -> None:
        """The last two years together, each year, and all."""
        years = self.model.years()
        wanted = self.model.wanted.years
        choices: list[tuple[str, tuple[int, ...]]] = []
        if len(years) > 1:
            choices.append((f"{years[1]}、{years[0]} 年", (years[1], years[0])))
        choices += [(f"{year} 年", (year,)) for year in years]
        choices.append(("全部年份", ()))
        known = [tuple(self.years.itemData(i)) for i in range(self.years.count())]
        if known == [one for _, one in choices]:
            return
        if len(wanted) > 1 and wanted not in [one for _, one in choices]:
            # A new year has begun: the last two are others now. What is listed stays so, as all that is edited does.
            wanted = choices[0][1]
            self.model.wanted = replace(self.model.wanted, years=wanted)
        self.years.clear()
        for word, one in choices:
            self.years.addItem(word, list(one))
        self.years.setCurrentIndex(next((i for i, (_, one) in enumerate(choices) if one == wanted), 0))

    def _list_recent(self) -> None:
        """The last two years are what a clerk works on; whoever has one year, or none, sees all."""
        self.years.setCurrentIndex(0 if len(self.model.years()) > 1 else self.years.count() - 1)
        self._want(replace(self.model.wanted, years=tuple(self.years.currentData() or ())))
        self.grid.go(max(0, len(self.model.listed) - 1), 1)

    def _year_chosen(self) -> None:
        self._want(replace(self.model.wanted, years=tuple(self.years.currentData() or ())))

    def choose(self, key: str) -> None:
        """Chooses a chip, as a click does; the one that is chosen already gives way to all."""
        chosen = "all" if key == self.model.wanted.chip else key
        self._want(replace(self.model.wanted, chip=chosen))

    def _searched(self, text: str) -> None:
        self._want(replace(self.model.wanted, search=text))

    def seek(self) -> None:
        """Ctrl+F"""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _prepare(self) -> None:
        """What the search looks through is prepared in turns, before anything is typed there."""
        if not self.model.prepare(_AT_ONCE):
            self._preparing.stop()

    def clear_conditions(self) -> None:
        """Lists all requests of the years again."""
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self._want(Wanted(self.model.wanted.years, order=self.model.wanted.order))

    def _want(self, wanted: Wanted) -> None:
        """Lists these; the current request stays the current one if it is among them."""
        current, field = self.grid.current(), self.grid.column().field
        self.grid.finish_editing()
        self.model.want(wanted)
        if current is None or not self.grid.go_to(current.id, field):
            self.grid.go(0, self.model.place_of[field])
        for key, chip in self.chips.items():
            chip.setChecked(key == wanted.chip)
        self._show_conditions()
        self._show_empty()
        self._say()

    def _show_conditions(self) -> None:
        while (item := self._conditions.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for name, one in self.model.wanted.columns.items():
            heading = (
                ""
                if name == IDS
                else f"{self.model.columns[self.model.place_of[name]].heading.removesuffix('日期')}："
            )
            chip = QPushButton(f"{heading}{one.said}")
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            chip.setChecked(True)
            chip.setMaximumWidth(260)
            theme.set_icon(chip, "close", "link", 12)
            chip.setIconSize(QSize(12, 12))
            chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            chip.setAccessibleName(f"去掉条件：{heading}{one.said}")
            chip.setToolTip("去掉这个条件。")
            chip.clicked.connect(
                lambda _=False, name=name: self._want(self.model.wanted.with_column(name, None))
            )
            self._conditions.addWidget(chip)

    # --- what a column is filtered and ordered by

    def ask_column(self, field: str, at: QPoint) -> None:
        """The menu of a heading."""
        wanted, type_ = self.model.wanted, self.model.columns[self.model.place_of[field]].type
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        up = self._action(menu, "升序", "小的、早的在前；只是列出的顺序，台账里的不变。", "order-up")
        down = self._action(menu, "降序", "大的、晚的在前；只是列出的顺序，台账里的不变。", "order-down")
        plain = self._action(menu, "按登记的顺序", "恢复台账里的顺序。", "")
        plain.setEnabled(wanted.order is not None)
        menu.addSeparator()
        keep = self._action(menu, "筛选…", "只列这一列符合条件的。", "filter")
        keep.setEnabled(field not in (LEFT, STEPS) or type_ != "told")
        clear = self._action(menu, "清除这一列的条件", "这一列不再筛选。", "")
        clear.setEnabled(field in wanted.columns)
        done = menu.exec(at)
        menu.deleteLater()
        if done in (up, down):
            self.order_by(field, done is down)
        elif done is plain:
            self.order_by("")
        elif done is keep:
            self.filter_column(field)
        elif done is clear:
            self._want(wanted.with_column(field, None))

    def order_by(self, field: str, from_end: bool = False) -> None:
        """Lists in the order of a column; in that of the ledger without one."""
        self._want(replace(self.model.wanted, order=(field, from_end) if field else None))

    @staticmethod
    def _action(menu: QMenu, text: str, tip: str, icon: str) -> QAction:
        action = menu.addAction(text)
        action.setToolTip(theme.plain_tip(tip))
        if icon:
            theme.set_icon(action, icon)
        return action

    def filter_column(self, field: str = "") -> None:
        """Asks what is listed of a column, by default of the current one."""
        field = field or self.grid.column().field
        column = self.model.columns[self.model.place_of[field]]
        before = self.model.wanted.columns.get(field)
        if column.type == "code":
            asked: _Question = _CodeQuestion(self.desk.frame, self.model, field, column.heading, before)
        elif column.type == "date" or field == DUE:
            asked = _DayQuestion(self.desk.frame, self.model, field, column.heading, before)
        elif column.type == "told":
            self.desk.tell("这一列用上面的“超期”“等补正”等筛选。")
            return
        else:
            asked = _WordQuestion(self.desk.frame, column.heading, before)
        if asked.run() == "list":
            kept = asked.kept
            if kept is not None and field in self.model.private:
                kept = kept._replace(said=f"有“{masked(kept.word)}”")  # it stays when somebody else looks
            self._want(self.model.wanted.with_column(field, kept))

    def show_requests(self, ids: Sequence[str], why: str, field: str = "") -> None:
        """Lists only these, `why` being the condition; the cursor stands in a column of the first."""
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self._want(Wanted((), columns={IDS: ColumnFilter(why, codes=frozenset(ids))}))
        self.years.setCurrentIndex(self.years.count() - 1)
        if ids:
            self.grid.go_to(ids[0], field)
        self.grid.setFocus()

    def go_to(self, request_id: str, field: str = "") -> None:
        """Brings a request into view, whatever is listed."""
        if not self.grid.go_to(request_id, field):
            self.clear_conditions()
            self.years.setCurrentIndex(self.years.count() - 1)
            self._year_chosen()
            self.grid.go_to(request_id, field)
        self.grid.setFocus()

    def panes(self) -> tuple[QWidget, ...]:
        """F6: the grid, what explains a day in it, the filters."""
        return self.grid, self.grid.popover, self._row

    # --- counts, and what is wrong

    def _problems(self) -> None:
        self._strip = QFrame()
        self._strip.setProperty("ground", "window")
        self._strip.setProperty("edge", "top")
        self._strip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._strip.setMinimumHeight(26)
        across = QHBoxLayout(self._strip)
        across.setContentsMargins(16, 2, 12, 2)
        across.setSpacing(14)
        across.addWidget(theme.label("问题", 9, 600))
        self._late = theme.label("", tone="errtext")
        self._soon = theme.label("", tone="qrytext")
        self._wrong = theme.label("", tone="errtext")
        self._found = theme.label("", tone="qrytext")
        self._wrong.hide()
        self._found.hide()
        self._first = theme.label("", tone="text")
        self._first.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        across.addWidget(self._late)
        across.addWidget(self._soon)
        across.addWidget(self._wrong)
        across.addWidget(self._found)
        across.addWidget(self._first, 1)
        across.addWidget(theme.label("F8 下一处", tone="text2"))

    def count(self) -> None:
        """Counts what each chip lists; once typing rests."""
        self._rest.stop()
        self._fill_years()
        numbers = self.model.numbers(self.model.wanted.years)
        for (key, word, _), chip in zip(CHIPS, self.chips.values(), strict=True):
            chip.setText(f"{word} {numbers[key]}")
            chip.setAccessibleName(f"{word} {numbers[key]} 件")
            chip.setVisible(bool(numbers[key]) or key in _ALWAYS or key == self.model.wanted.chip)
        late, soon = numbers["late"], numbers["soon"]
        self._late.setText(f"▲ {late} 件超期" if late else "")
        self._soon.setText(f"◆ {soon} 件快到期" if soon else "")
        self._late.setVisible(bool(late))
        self._soon.setVisible(bool(soon))
        worst = self._worst()
        self._first.setText(self._said_of(worst[0]) if worst else "没有超期和快到期的。")
        self.counted.emit(numbers)
        self._say()

    def show_found(self, errors: int, queries: int) -> None:
        """How much the checks have found, beside what is overdue."""
        for label, number, severity in (
            (self._wrong, errors, Severity.ERROR),
            (self._found, queries, Severity.QUERY),
        ):
            label.setText(f"{number} 处{severity.word}")
            label.setVisible(bool(number))

    def _worst(self) -> list[str]:
        """The ids of what is overdue or due soon, the day that came first in front."""
        return [one.id for one in self.model.pressing()]

    def _said_of(self, request_id: str) -> str:
        request = self.model.ledger.by_id[request_id]
        day = self.model.due(request).day
        assert day is not None
        extended = "" if request.day("extended_on") else "，也没有延期告知"
        return f"{request.text('reg_no')}　{day.month}月{day.day}日到期，没有答复日期{extended}。"

    def step(self, by: int) -> None:
        """F8: to the next request that is overdue or due soon."""
        order = self._worst()
        if not order:
            self.desk.tell("没有超期和快到期的申请。")
            return
        current = self.grid.current()
        at = (
            order.index(current.id) + by
            if current is not None and current.id in order
            else 0
            if by > 0
            else -1
        )
        self.go_to(order[at % len(order)], DUE)
        self._first.setText(self._said_of(order[at % len(order)]))

    def _say(self) -> None:
        request, column = self.grid.current(), self.grid.column()
        number = request.text("reg_no") if request is not None else "空行"
        listed, of = len(self.model.listed), len(self.model.ledger.requests)
        shown = f"显示 {listed} 件，共 {of} 件" if listed != of else f"共 {of} 件"
        self.said.emit(f"{number or '没有编号'} · {column.heading}　　{shown}")

    # --- nothing listed

    def _show_empty(self) -> None:
        if self.model.listed:
            self._empty.hide()
        elif self.model.ledger.requests:
            word = ("clear", "清除条件", "列出全部申请。")
            self._empty.show_words(Empty("没有符合的申请", (word,)))
        else:
            self._empty.show_words(Empty("还没有申请。在上面的空行里键入就是登记，也可以：", self._ways))

    def _empty_chosen(self, key: str) -> None:
        if key == "clear":
            self.clear_conditions()
            self.grid.setFocus()
        else:
            self.begun.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search, ↓ and Enter go into the grid, Esc clears it."""
        if watched is self.search and event.type() == QEvent.Type.FocusIn:
            self._preparing.start()
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.grid.setFocus()
                return True
            if event.key() == Qt.Key.Key_Escape:
                if self.search.text():
                    self.search.clear()
                else:
                    self.grid.setFocus()
                return True
        return False


class _EmptyPanel(QFrame):
    """Below the blank row, where no other row is."""

    chosen = Signal(str)

    def __init__(self, grid: LedgerGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._down = QVBoxLayout(self)
        self._down.setSpacing(12)
        self._down.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words = theme.label("", 10.5, tone="text2")
        self._down.addWidget(self._words, 0, Qt.AlignmentFlag.AlignHCenter)
        self._buttons: list[QPushButton] = []
        grid.installEventFilter(self)
        self.hide()

    def show_words(self, empty: Empty) -> None:
        self._words.setText(empty.words)
        for old in self._buttons:
            old.hide()
            old.deleteLater()
        self._buttons = []
        for key, word, tip in empty.buttons:
            button = QPushButton(word)
            button.setAccessibleName(word.rstrip("…"))
            button.setToolTip(theme.plain_tip(tip))
            button.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            self._buttons.append(button)
            self._down.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._stand()
        self.show()
        self.raise_()

    def _stand(self) -> None:
        self.adjustSize()
        top = self._grid.head_height + self._grid.row_height + 40
        self.move(max(0, (self._grid.width() - self.width()) // 2), top)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent) and watched is self._grid:
            self._stand()
        return False


# ---------------------------------------------------------------------------------------- filtering one column

_LIST = dialog.Choice("list", "筛选", primary=True, tip="只列符合的；Enter 也可以。")


class _Question(dialog.Dialog):
    """Asks what is listed of a column: `kept`, None for everything."""

    def __init__(self, parent: QWidget, heading: str) -> None:
        super().__init__(
            parent, "按列筛选", f"只列“{heading}”符合的", choices=(dialog.CANCEL, _LIST), width=26
        )
        self.kept: ColumnFilter | None = None


class _CodeQuestion(_Question):
    def __init__(
        self, parent: QWidget, model: RowsModel, field: str, heading: str, before: ColumnFilter | None
    ) -> None:
        super().__init__(parent, heading)
        self._labels = {code.code: short_label(code.label) for code in model.vocabulary.lists[field].values()}
        used = {request.text(field) for request in model.ledger.requests}
        self._rows = QListWidget()
        self._rows.setAccessibleName(f"{heading}的各种")
        chosen = before.codes if before is not None and before.codes is not None else None
        for code in ("", *self._labels):
            if code not in used:
                continue
            item = QListWidgetItem(self._labels.get(code, "空着的"), self._rows)
            item.setData(Qt.ItemDataRole.UserRole, code)
            item.setToolTip("打勾的列出；空格键打勾、去勾。")
            ticked = chosen is None or code in chosen
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        everything = QCheckBox("全部")
        everything.setToolTip("全部打勾，或全部去勾。")
        everything.setChecked(chosen is None)
        everything.toggled.connect(self._tick_all)
        self.body.addWidget(everything)
        self.body.addWidget(self._rows)
        self._rows.setCurrentRow(0)

    def _tick_all(self, ticked: bool) -> None:
        for row in range(self._rows.count()):
            self._rows.item(row).setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def accept(self) -> None:
        items = [self._rows.item(row) for row in range(self._rows.count())]
        ticked = [item for item in items if item.checkState() == Qt.CheckState.Checked]
        names = [item.text() for item in ticked]
        said = "、".join(names[:2]) + (f"等 {len(names)} 种" if len(names) > 2 else "")
        codes = frozenset(str(item.data(Qt.ItemDataRole.UserRole)) for item in ticked)
        self.kept = ColumnFilter(said or "一种也不列", codes=codes) if len(ticked) < len(items) else None
        super().accept()


class _DayQuestion(_Question):
    def __init__(
        self, parent: QWidget, model: RowsModel, field: str, heading: str, before: ColumnFilter | None
    ) -> None:
        super().__init__(parent, heading)
        self._model = model
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        self._lines = []
        for row, (word, day) in enumerate(
            (("从", before.first if before else None), ("到", before.last if before else None))
        ):
            line = QLineEdit(f"{day.year}.{day.month}.{day.day}" if day is not None else "")
            line.setAccessibleName(f"{heading}{word}哪一天")
            line.setPlaceholderText("如 2025.11.24，空着就是不限")
            line.setToolTip("日期可以写 2025.11.24、20251124 或 11月24日。")
            grid.addWidget(theme.label(word), row, 0)
            grid.addWidget(line, row, 1)
            self._lines.append(line)
        self._wrong = theme.label("", tone="errtext")
        self._wrong.hide()
        self.body.addLayout(grid)
        self.body.addWidget(self._wrong)
        self._lines[0].setFocus()

    def accept(self) -> None:
        days: list[date | None] = []
        for line in self._lines:
            found = parse_date(line.text(), self._model.today.year) if line.text().strip() else None
            if isinstance(found, Refused):
                self._wrong.setText(found.why)
                self._wrong.show()
                line.setFocus()
                return
            days.append(found)
        first, last = days
        said = f"{_said(first)}起" if first and not last else f"到{_said(last)}" if last and not first else ""
        if first and last:
            said = f"{_said(first)}至{_said(last)}"
        self.kept = ColumnFilter(said, first=first, last=last) if first or last else None
        super().accept()


def _said(day: date | None) -> str:
    return f"{day.month}月{day.day}日" if day is not None else ""


class _WordQuestion(_Question):
    def __init__(self, parent: QWidget, heading: str, before: ColumnFilter | None) -> None:
        super().__init__(parent, heading)
        self._line = QLineEdit(before.word if before is not None else "")
        self._line.setAccessibleName(f"{heading}里有的字")
        self._line.setPlaceholderText("里面有这些字的，空着就是不限")
        self._line.setToolTip("键入一部分就可以。")
        self.body.addWidget(self._line)
        self._line.setFocus()

    def accept(self) -> None:
        word = self._line.text().strip()
        self.kept = ColumnFilter(f"有“{word}”", word=word) if word else None
        super().accept()
