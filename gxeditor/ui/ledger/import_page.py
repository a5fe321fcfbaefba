"""导入台账: a sheet as it stands in the file beside what is asked of it, once each.

Knows where the sheet, the words nobody explained, the applicants without a kind and the doubts stand, which keys
answer, when the import can begin, and that a file of a known layout needs no page. Foreign files are read in the child
process; what comes of one is a step of the ledger. What is asked and what an answer does is `import_state`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.errors import GxError
from gxeditor.core.ledger.entries import Refused, parse_date
from gxeditor.core.ledger.request import Value
from gxeditor.documents import reading
from gxeditor.ledger.maps import NO_MAP, LedgerMap, store_map
from gxeditor.ui.ledger.import_sheet import LedgerSheet
from gxeditor.ui.ledger.import_state import (
    Asked,
    ImportState,
    Mend,
    Place,
    ReadFile,
    Standing,
    into,
    read_file_of,
    said_places,
    same_numbers,
    subjects_of,
)
from gxeditor.ui.ledger.model import new_id
from gxeditor.ui.ledger.session import LedgerDesk
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog
from gxeditor.ui.look.tasks import Task, in_child
from gxeditor.workbook.cells import column_number

_HEAD, _FOOT = 66, 49  # LOOK-3, the anatomy of page dialogs
_LEFT, _RIGHT = 790, 512  # logical pixels of the two halves (LOOK-3, 23)
_ROW, _DOUBT = 32, 28
_EDGE = 12  # free at the right end of a list
_FEW, _MANY = 2, 7  # doubts in view, folded and unfolded
_COMMON = ("G1", "P1")  # what words that only say that there was an answer stand for most often
_MOST = 300  # doubts that are listed at once: those after them follow as these are mended
_ROWS = "rows"  # what the last item of a list of codes stands for
_TONES = {Standing.ASKED: "qrytext", Standing.PROPOSED: "link", Standing.SETTLED: "text2"}
_MARKS = {Standing.ASKED: "◆ ", Standing.PROPOSED: "○ ", Standing.SETTLED: ""}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ImportPage(QWidget):
    """The import of a file into the ledger of a desk: reads it, shows it unless its layout is known, takes it in.

    It stands in place of the tabs (`LedgerDesk.show_over`) and leaves by itself. `kept` is the folder of what is
    remembered, by default the user's.
    """

    def __init__(self, desk: LedgerDesk, path: Path, *, kept: Path | None = None) -> None:
        super().__init__()
        self.desk, self.path, self._kept = desk, path, kept
        self.view: ImportView | None = None
        self._task: Task | None = None
        self._given = NO_MAP
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("导入台账")
        self._waiting = QWidget()
        self._words = theme.label(f"正在读取“{path.name}”…", 10.5)
        stop = QPushButton("停止读取")
        stop.setToolTip("不读了，台账不变（Esc）。")
        stop.clicked.connect(self.leave)
        row = QHBoxLayout(self._waiting)
        row.setContentsMargins(20, 12, 20, 12)
        row.addWidget(self._words, 1)
        row.addWidget(stop)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self._waiting, 0, Qt.AlignmentFlag.AlignTop)
        self._read(None)

    def _read(self, given: LedgerMap | None) -> None:
        if self._task is not None:
            return
        self._given = given or NO_MAP
        self._waiting.show()
        if self.view is not None:
            self.view.setEnabled(False)
        task = self._task = in_child(
            read_file_of, self.path, None, given, self._kept,
            **reading(self.path), meaning="没有读入任何内容。",
        )  # fmt: skip
        task.done.connect(self._have_read)
        task.failed.connect(self._not_read)
        task.ended.connect(self._ended)
        task.start()

    def _ended(self) -> None:
        self._task = None
        self._waiting.hide()
        if self.view is not None:
            self.view.setEnabled(True)

    def _have_read(self, file: ReadFile) -> None:
        if self.view is not None:
            self.view.state.take_file(file, self._given)
            self.view.take_state()
            return
        session = self.desk.session
        state = ImportState(self.path, file, session.form, session.vocabulary, file.given)
        if file.is_known and state.is_plain and state.read.ledger.requests:
            self._take(state, remember=False)
            return
        view = self.view = ImportView(state)
        view.finished.connect(lambda remember: self._take(view.state, remember=remember))
        view.left.connect(self.leave)
        view.again.connect(self._read)
        self._layout.addWidget(view, 1)
        self.setFocusProxy(view)
        view.setFocus()

    def _not_read(self, error: GxError) -> None:
        dialog.show_error(self.desk.frame, error)
        if self.view is None:
            self.desk.leave_over()

    def leave(self) -> None:
        """Nothing is imported."""
        if self._task is not None:
            self._task.cancel()
        self.desk.leave_over()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _take(self, state: ImportState, *, remember: bool) -> None:
        """Puts what was read behind what is there: one step; asks where the same numbers are there already."""
        session, found = self.desk.session, state.ledger
        only_new = False
        if same := same_numbers(session.ledger, found):
            answer = dialog.ask(
                self.desk.frame, "导入台账", f"有 {same} 件的编号和收到日期，台账里已经有了。",
                "只添新的，已有的不动；全部添上，同一件会有两行。", "",
                (CANCEL, Choice("all", "全部添上"), Choice("new", "只添新的", primary=True)),
            )  # fmt: skip
            if answer not in ("all", "new"):
                return
            only_new = answer == "new"
        ledger = into(session.ledger, found, iter(new_id(session.ledger), ""), only_new=only_new)
        number = len(ledger.requests) - len(session.ledger.requests)
        if number and not session.edit(ledger, f"导入台账的 {number} 件"):
            return
        if remember:
            self._remember(state)
        doubtful = state.doubtful
        self.desk.leave_over()
        self.desk.turn_to("requests")
        said = f"，其中 {doubtful} 行存疑，没有定的不计入表三" if doubtful else ""
        self.desk.tell(f"已导入 {number} 件{said}。撤销一步就回到导入以前。")

    def _remember(self, state: ImportState) -> None:
        fingerprints = {sheet.fingerprint for sheet in state.sheets if sheet.fingerprint}
        ledger_map, kept, tell = state.kept, self._kept, self.desk.tell

        def keep(_: object) -> None:
            for fingerprint in fingerprints:
                store_map(ledger_map, fingerprint, kept)

        task = Task(keep, may_hang=True)
        task.failed.connect(lambda error: tell(error.what))
        task.start()


class ImportView(QWidget):
    """What was read, and the questions. `finished` carries whether to remember; `left` says that nothing is imported;
    `again` carries a `LedgerMap` to read the file with, after which `take_state` is called."""

    finished = Signal(bool)
    left = Signal()
    again = Signal(object)

    def __init__(self, state: ImportState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._unfolded = False
        self._views: dict[str, LedgerSheet] = {}
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("导入台账")
        body = QHBoxLayout()
        body.setContentsMargins(20, 12, 20, 12)
        body.setSpacing(24)
        body.addWidget(self._sheet_half(), _LEFT)
        body.addWidget(self._asked_half(), _RIGHT)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head())
        whole.addLayout(body, 1)
        whole.addWidget(self._foot())
        self.setFocusProxy(self.questions)
        self.take_state()

    # --- building

    def _head(self) -> QWidget:
        bar = _bar("bottom", _HEAD)
        self._file = theme.label("", tone="text2")
        self._file.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(theme.label("导入台账", 12, 600))
        titles.addWidget(self._file)
        self._read = theme.label("", 9, 600)
        self._out = theme.label("", tone="text2")
        self._doubtful = theme.label("", 9, 600, "qrytext")
        row = QHBoxLayout(bar)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(20)
        row.addLayout(titles, 1)
        for label in (self._read, self._out, self._doubtful):
            row.addWidget(label)
        return bar

    def _foot(self) -> QWidget:
        bar = _bar("top", _FOOT)
        self._open = theme.label("", tone="qrytext")
        self._open.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        cancel = QPushButton("取消")
        cancel.setToolTip("不导入，台账不变（Esc）。")
        cancel.clicked.connect(self.left)
        self.do = QPushButton()
        self.do.setProperty("primary", True)
        self.do.clicked.connect(self.finish)
        row = QHBoxLayout(bar)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(12)
        row.addWidget(self._open, 1)
        row.addWidget(cancel)
        row.addWidget(self.do)
        return bar

    def _sheet_half(self) -> QWidget:
        half = QWidget()
        top = QHBoxLayout()
        top.addWidget(theme.label("每一列是什么", 9.75, 600))
        self._where = theme.label("", tone="text2")
        top.addWidget(self._where, 1)
        self._tabs = QHBoxLayout()
        self._tabs.setSpacing(4)
        top.addLayout(self._tabs)
        self._group = QButtonGroup(self)
        self._said = theme.label("", tone="text2")
        self._said.setWordWrap(True)
        self._stack = QStackedWidget()
        below = QHBoxLayout()
        below.addWidget(theme.label("存疑的行", 9.75, 600))
        below.addWidget(theme.label("不改也能导入，先不计入表三", tone="text2"), 1)
        self._more = QPushButton()
        self._more.setProperty("link", True)
        self._more.clicked.connect(self._unfold)
        below.addWidget(self._more)
        self.doubts = _Table("存疑的行", (24, 150, 0, 150), _DOUBT)
        self.doubts.horizontalHeader().hide()
        self.doubts.cellClicked.connect(self._doubt_clicked)
        self.doubts.cellActivated.connect(lambda row, _: self._mend(row))
        column = QVBoxLayout(half)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self._said)
        column.addWidget(self._stack, 1)
        column.addLayout(below)
        column.addWidget(self.doubts)
        return half

    def _asked_half(self) -> QWidget:
        half = QWidget()
        top = QHBoxLayout()
        top.addWidget(theme.label("没见过的说法", 9.75, 600))
        self._counted = theme.label("", tone="text2")
        top.addWidget(self._counted, 1)
        self.take_all = QPushButton("采用全部建议")
        self.take_all.setProperty("link", True)
        self.take_all.setToolTip("标着“建议”的都按建议定下来（Ctrl+Enter）；没有采用的建议不计入。")
        self.take_all.clicked.connect(self._take_all)
        top.addWidget(self.take_all)
        self.questions = _Table("没见过的说法", (124, 50, 0, 86), _ROW)
        self.questions.setHorizontalHeaderLabels(["台账里写的", "行数", "计入", ""])
        self.questions.currentCellChanged.connect(lambda *_: self._say_current())
        self.questions.entered_row.connect(self._take)
        self.questions.take_all.connect(self._take_all)
        self._detail = QFrame()
        self._detail.setProperty("ground", "card")
        self._detail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._detail.setProperty("edge", "bottom")
        self._word = theme.label("", 9, 600)
        self._places = theme.label("", tone="text2")
        self._why = theme.label()
        self._why.setWordWrap(True)
        self._ways = QHBoxLayout()
        self._ways.setSpacing(8)
        first = QHBoxLayout()
        first.setSpacing(16)
        first.addWidget(self._word)
        first.addWidget(self._places, 1)
        inside = QVBoxLayout(self._detail)
        inside.setContentsMargins(12, 8, 12, 10)
        inside.setSpacing(5)
        inside.addLayout(first)
        inside.addWidget(self._why)
        inside.addLayout(self._ways)
        self._bodies_title = QWidget()
        row = QHBoxLayout(self._bodies_title)
        row.setContentsMargins(0, 8, 0, 0)
        row.addWidget(theme.label("“法人”是哪一类", 9.75, 600))
        self._bodies_said = theme.label("", tone="text2")
        row.addWidget(self._bodies_said, 1)
        self.bodies = _Table("“法人”是哪一类", (124, 50, 0, 86), _ROW)
        self.bodies.horizontalHeader().hide()
        self._none = theme.label("都认得，没有要问的。", tone="text2")
        self.remember = QCheckBox("记住这张表的样子和这些说法，下次不再问")
        self.remember.setToolTip("只记列名和说法，不记申请人；下次导入同样的表直接读入。")
        self.remember.setChecked(True)
        column = QVBoxLayout(half)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self._none)
        column.addWidget(self.questions, 3)
        column.addWidget(self._detail)
        column.addWidget(self._bodies_title)
        column.addWidget(self.bodies, 2)
        column.addStretch(1)
        column.addWidget(self.remember)
        return half

    # --- showing

    def take_state(self) -> None:
        """The file was read, or read again: everything is shown anew."""
        state, current = self.state, self.sheet_name
        while (item := self._tabs.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                self._group.removeButton(widget)  # type: ignore[arg-type]
                widget.setParent(None)
                widget.deleteLater()
        while self._stack.count():
            old = self._stack.widget(0)
            self._stack.removeWidget(old)
            old.deleteLater()
        self._views = {}
        for sheet in state.sheets:
            button = QToolButton()
            button.setCheckable(True)
            button.setText(sheet.name)
            button.setToolTip(theme.plain_tip(f"看工作表“{sheet.name}”，读入 {sheet.read} 行。"))
            button.clicked.connect(partial(self.show_sheet, sheet.name))
            button.setProperty("sheet", sheet.name)
            self._group.addButton(button)
            self._tabs.addWidget(button)
        names = [sheet.name for sheet in state.sheets]
        if names:
            self.show_sheet(current if current in names else names[0])
        self._refresh()

    @property
    def sheet_name(self) -> str:
        """The name of the sheet in view."""
        view = self._stack.currentWidget()
        return view.sheet.name if isinstance(view, LedgerSheet) else ""

    @property
    def view(self) -> LedgerSheet:
        """The sheet in view."""
        view = self._stack.currentWidget()
        assert isinstance(view, LedgerSheet)
        return view

    def show_sheet(self, name: str) -> None:
        """Turns to a sheet; made when first wanted."""
        sheet = next(one for one in self.state.sheets if one.name == name)
        if name not in self._views:
            view = LedgerSheet(self.state, sheet)
            view.name_pressed.connect(self._ask_column)
            self._views[name] = view
            self._stack.addWidget(view)
        self._stack.setCurrentWidget(self._views[name])
        first, last = sheet.headings
        rows = f"第 {first} 行" if first == last else f"第 {first}—{last} 行"
        self._where.setText(
            f"表头在{rows}；点蓝底的名称可以换" if first else "接着上一个表；点蓝底的名称可以换"
        )
        year = f"没有写年份的按 {sheet.year} 年。" if sheet.year else "没有写年份的要请您补。"
        self._said.setText(f"日期怎么写都认：2025.1.6、Excel 序号、1月26日；{year}姓名已遮住。")
        for button in self._group.buttons():
            button.setChecked(button.property("sheet") == name)

    def _refresh(self) -> None:
        """Everything but the sheets themselves."""
        state = self.state
        read, out = len(state.read.ledger.requests), len(state.read.left_out)
        self._file.setText(f"{state.path.name}　{state.said_of_sheets}")
        self._file.setToolTip(theme.plain_tip(self._file.text()))
        self._read.setText(f"读入 {read} 行")
        self._out.setText(f"不计 {out} 行（{state.said_of_left_out}）" if out else "")
        doubtful = state.doubtful
        self._doubtful.setText(f"◆ 存疑 {doubtful} 行" if doubtful else "")
        for view in self._views.values():
            view.show_state()
            view.set_picking(bool(state.missing))
        self._show_questions()
        self._show_doubts()
        self._say_foot()
        doubts = {one.doubt.sheet for one in state.doubts}
        for button in self._group.buttons():
            name = button.property("sheet")
            button.setText(f"◆ {name}" if name in doubts else name)

    def _say_foot(self) -> None:
        state = self.state
        missing = [f"“{state.heading(one)}”" for one in state.missing]
        self.do.setText(f"导入 {len(state.read.ledger.requests)} 行")
        self.do.setEnabled(not missing and bool(state.read.ledger.requests))
        if missing:
            words = f"没有找到{'、'.join(missing)}，请点一列指定。"
            self._open.setText(f"◆ {words}")
            self.do.setToolTip(theme.plain_tip(words))
            return
        self.do.setToolTip("读进台账，是一步，可以撤销（Ctrl+S 不用按，会自动保存）。")
        open_ones = [
            *([f"{state.open_words} 种说法"] if state.open_words else []),
            *([f"{state.open_bodies} 行法人"] if state.open_bodies else []),
        ]
        unsettled = bool(open_ones) or bool(state.doubts)
        said = f"◆ 还有 {'、'.join(open_ones)}没有定；" if open_ones else "◆ " if unsettled else ""
        self._open.setText(f"{said}没有定的先导入为“未定”，不计入表三。" if unsettled else "")

    # --- questions

    def _show_questions(self) -> None:
        state = self.state
        questions, bodies = state.questions, state.bodies
        rows = sum(len(one.rows) for one in questions)
        self._counted.setText(f"{len(questions)} 种 {rows} 行，每种只问一次" if questions else "")
        self.take_all.setVisible(any(one.standing is Standing.PROPOSED for one in questions))
        self.questions.show_asked(questions, self._box)
        self.questions.setVisible(bool(questions))
        self._none.setVisible(not questions)
        self._detail.setVisible(bool(questions))
        known = state.recognised_bodies
        asked = sum(len(one.rows) for one in bodies)
        self._bodies_said.setText(f"{known + asked} 行；{known} 行按名称认出，{asked} 行请您选")
        self._bodies_title.setVisible(bool(bodies))
        self.bodies.show_asked(bodies, self._box)
        self.bodies.setVisible(bool(bodies))
        self._say_current()

    def _box(self, one: Asked) -> QComboBox:
        """The list of what a question may be answered with."""
        box = _Codes()
        box.setPlaceholderText(
            "五类里选一类" if one.is_body else "计入表三哪一行" if one.field == "outcome" else "选一种"
        )
        for code in self.state.codes(one.field, bodies=one.is_body):
            box.addItem(self.state.said_of_code(one.field, code.code), code.code)
        if not one.is_body and len(one.rows) > 1:
            box.addItem("逐行选…", _ROWS)
        box.setCurrentIndex(box.findData(_ROWS if one.by_row else one.code) if one.by_row or one.code else -1)
        box.setAccessibleName(f"{one.shown}是什么")
        box.setToolTip(theme.plain_tip(one.why or "选这些申请人是哪一类；定了以后，这几行一起定。"))
        box.activated.connect(lambda at: self._answer(one, box.itemData(at)))
        return box

    def _answer(self, one: Asked, code: str) -> None:
        if code == _ROWS:
            self._ask_rows(one)
        else:
            self.state.answer(one, code)
        self._refresh()

    def _take(self, row: int) -> None:
        """Enter: what is proposed is taken, and the next question comes into hand."""
        questions = self.state.questions
        if not 0 <= row < len(questions):
            return
        one = questions[row]
        if one.standing is not Standing.PROPOSED:
            if (box := self.questions.cellWidget(row, 2)) is not None and isinstance(box, QComboBox):
                box.showPopup()
            return
        self.state.take(one)
        self._refresh()
        following = next(
            (i for i, q in enumerate(self.state.questions) if q.standing is not Standing.SETTLED), 0
        )
        self.questions.setCurrentCell(following, 0)

    def _take_all(self) -> None:
        self.state.take_all()
        self._refresh()

    def _ask_rows(self, one: Asked) -> None:
        asked = _RowByRow(self, self.state, one)
        if asked.run() == "take":
            self.state.answer_rows(one, asked.codes)

    def _say_current(self) -> None:
        """Below the words: where the one in hand stands, why it is asked, and the likeliest answers as buttons."""
        questions = self.state.questions
        row = self.questions.currentRow()
        while (item := self._ways.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        if not 0 <= row < len(questions):
            self._detail.hide()
            return
        one = questions[row]
        number = len(one.rows)
        self._word.setText(one.shown)
        self._places.setText(said_places(one.rows))
        of_field = "" if one.field == "outcome" else f"这是“{self.state.heading(one.field)}”。"
        self._why.setText(f"{of_field}{one.why}{'程序不替您猜。' if one.standing is Standing.ASKED else ''}")
        codes = self.state.vocabulary.lists[one.field]
        likely = [
            code for code in one.choices if codes[code].target or codes[code].ask or one.field != "outcome"
        ][:2]
        if not likely and one.field == "outcome":
            likely = list(_COMMON)
        for code in likely:
            label = codes[code].label.partition("（")[0]
            way = QPushButton(f"{number} 行都是{label}" if number > 1 else label)
            way.setToolTip(theme.plain_tip(f"{one.shown}都按“{label}”计。"))
            way.clicked.connect(partial(self._answer, one, code))
            self._ways.addWidget(way)
        if number > 1:
            rows = QPushButton("逐行选…")
            rows.setToolTip("各行不一样时，一行一行地选。")
            rows.clicked.connect(partial(self._answer, one, _ROWS))
            self._ways.addWidget(rows)
        self._ways.addStretch(1)
        self._detail.show()

    # --- columns

    def _ask_column(self, column: int) -> None:
        """A list of our columns: what is missing first, then what counting and deadlines need, the rest below."""
        view, state = self.view, self.state
        menu = QMenu(self)
        missing = [one for one in state.vocabulary.columns if one.field in state.missing]
        needed = [one for one in state.vocabulary.columns if one.need < 3 and one not in missing]
        others = [one for one in state.vocabulary.columns if one.need == 3]
        for one in missing:
            self._offer(menu, f"{one.heading}（还没有找到）", column, one.field)
        if missing:
            menu.addSeparator()
        for one in needed:
            self._offer(menu, one.heading, column, one.field)
        more = menu.addMenu("只作记录的")
        for one in others:
            self._offer(more, one.heading, column, one.field)
        menu.addSeparator()
        self._offer(menu, "不读这一列", column, "")
        menu.popup(view.viewport().mapToGlobal(view.name_rect(column).bottomLeft().toPoint()))

    def _offer(self, menu: QMenu, words: str, column: int, field: str) -> None:
        action = QAction(theme.plain_action(words), menu)
        action.triggered.connect(lambda: self.choose_column(column, field))
        menu.addAction(action)

    def choose_column(self, column: int, field: str) -> None:
        """Has the file read again, with a column of the sheet in view being a field, "" for none."""
        sheet = next(one for one in self.state.sheets if one.name == self.sheet_name)
        given: LedgerMap = self.state.with_column(sheet, column, field)
        self.again.emit(given)

    # --- doubts

    def _show_doubts(self) -> None:
        doubts = self.state.doubts
        shown = _MANY if self._unfolded else _FEW
        listed = doubts[: _MOST if self._unfolded else _FEW]
        self.doubts.show_doubts([(one, self._said_mend(one)) for one in listed])
        rows = min(len(doubts), shown)
        self.doubts.setFixedHeight(_DOUBT * rows + 2)
        self.doubts.setVisible(bool(doubts))
        rest = len(doubts) - rows
        self._more.setVisible(rest > 0 or self._unfolded)
        self._more.setText("收起" if self._unfolded else f"另 {rest} 行")
        self._more.setToolTip("看全部存疑的行。" if not self._unfolded else "只看前两行。")

    def _said_mend(self, one: Mend) -> str:
        return f"填{self.state.heading(one.field)}… " if one.field else "看这一格 "

    def _unfold(self) -> None:
        self._unfolded = not self._unfolded
        self._show_doubts()

    def _doubt_clicked(self, row: int, column: int) -> None:
        if column == 3:
            self._mend(row)
        else:
            self._go_to(row)

    def _go_to(self, row: int) -> None:
        doubts = self.state.doubts
        if not 0 <= row < len(doubts):
            return
        one = doubts[row]
        if any(sheet.name == one.doubt.sheet for sheet in self.state.sheets):
            self.show_sheet(one.doubt.sheet)
            self.view.go_to(max(0, one.doubt.row - 1), column_number(one.letter) if one.letter else 0)

    def _mend(self, row: int) -> None:
        """Asks for what is in doubt, where that is one field of a request; else brings the cell into view."""
        doubts = self.state.doubts
        if not 0 <= row < len(doubts):
            return
        one = doubts[row]
        self._go_to(row)
        if one.field:
            value = ask_value(self, self.state, one)
            if value is not None:
                self.state.mend(one, value)
                self._refresh()

    # --- the end

    def finish(self) -> None:
        """「导入 63 行」: as far as it is settled."""
        if self.do.isEnabled():
            self.finished.emit(self.remember.isChecked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif control and event.key() in _ENTER:
            self._take_all()
        else:
            super().keyPressEvent(event)


def _bar(edge: str, height: int) -> QFrame:
    bar = QFrame()
    bar.setProperty("edge", edge)
    bar.setProperty("ground", "window")
    bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    bar.setMinimumHeight(height)
    return bar


class _Codes(QComboBox):
    """A list that is not turned by the wheel: rows are scrolled over it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: Any) -> None:
        event.ignore()


class _Table(QTableWidget):
    """Rows of questions or doubts. `entered_row` carries the row that Enter was pressed on; `take_all` Ctrl+Enter."""

    entered_row = Signal(int)
    take_all = Signal()

    def __init__(self, name: str, widths: Sequence[int], row: int) -> None:
        super().__init__(0, len(widths))
        self._widths = widths
        self.setAccessibleName(name)
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(row)
        self.verticalHeader().setMinimumSectionSize(row)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setFixedHeight(26)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._row = row

    def sizeHint(self) -> QSize:
        head = self.horizontalHeader().height() if self.horizontalHeader().isVisibleTo(self) else 0
        return QSize(200, head + self._row * self.rowCount() + 2)

    def show_asked(self, asked: Sequence[Asked], make_box: Callable[[Asked], QComboBox]) -> None:
        """Shows questions; the one in hand stays so, by its place."""
        row = max(0, self.currentRow())
        blocked = self.blockSignals(True)
        self.setRowCount(len(asked))
        for at, one in enumerate(asked):
            self._put(at, 0, one.shown, tip=said_places(one.rows))
            self._put(at, 1, f"{len(one.rows)} 行", tone="text2")
            self.setCellWidget(at, 2, make_box(one))
            self._put(at, 3, f"{_MARKS[one.standing]}{one.standing.value}", tone=_TONES[one.standing])
        if asked and not asked[0].is_body:
            self.setCurrentCell(min(row, len(asked) - 1), 0)
        self.blockSignals(blocked)
        self.setMaximumHeight(self.sizeHint().height())
        self.updateGeometry()

    def show_doubts(self, doubts: Sequence[tuple[Mend, str]]) -> None:
        """Shows doubts with what can be done about each."""
        row = self.currentRow()
        self.setRowCount(len(doubts))
        for at, (one, mend) in enumerate(doubts):
            doubt = one.doubt
            self._put(at, 0, "◆", tone="qrytext")
            self._put(at, 1, f"{doubt.sheet} 第 {doubt.row} 行 {one.letter}".strip())
            self._put(at, 2, _said(doubt.text, doubt.reason), tip=_said(doubt.text, doubt.reason))
            self._put(at, 3, mend, tone="link", right=True)
        if 0 <= row < len(doubts):
            self.setCurrentCell(row, 0)
        self._share_out()

    def _put(
        self, row: int, column: int, words: str, *, tone: str = "text", tip: str = "", right: bool = False
    ) -> None:
        item = QTableWidgetItem(words)
        item.setForeground(getattr(theme.current(), tone))
        item.setToolTip(theme.plain_tip(tip or words))
        if right:
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setItem(row, column, item)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        free = self.viewport().width() - sum(self._widths) - _EDGE
        for at, width in enumerate(self._widths):
            self.setColumnWidth(at, width or max(80, free))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in _ENTER and control:
            self.take_all.emit()
        elif event.key() in _ENTER:
            self.entered_row.emit(self.currentRow())
            self.cellActivated.emit(self.currentRow(), 0)
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        else:
            super().keyPressEvent(event)


def _said(text: str, reason: str) -> str:
    """A doubt in one line: what stands there, and why it is doubted."""
    return reason if not text or text in reason else f"“{text}”：{reason}"


# --- dialogs


class _RowByRow(Dialog):
    """What a word means in each of its rows; rows that are left open stay unsettled."""

    def __init__(self, parent: QWidget, state: ImportState, one: Asked) -> None:
        choices = (CANCEL, Choice("take", "就这样定", primary=True))
        super().__init__(
            parent, "逐行选", f"{one.shown}共 {len(one.rows)} 行，各是什么？", choices=choices, width=48
        )
        self.say("没有选的行先作未定，不计入表三。")
        subjects = subjects_of(state, one.rows)
        self._boxes: dict[Place, QComboBox] = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        for place in one.rows:
            row = QHBoxLayout()
            subject = subjects.get(place, "")
            words = theme.label(f"{place.sheet} 第 {place.row} 行　{subject[:24]}")
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            box = _Codes()
            box.setPlaceholderText("选一种")
            for code in state.codes(one.field):
                box.addItem(state.said_of_code(one.field, code.code), code.code)
            box.setCurrentIndex(box.findData(state.rows.get((place, one.field), "")))
            box.setAccessibleName(f"第 {place.row} 行是什么")
            box.setToolTip("只定这一行。")
            box.setMinimumWidth(220)
            self._boxes[place] = box
            row.addWidget(words, 1)
            row.addWidget(box)
            column.addLayout(row)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        area.setMinimumHeight(min(320, 40 * len(one.rows) + 8))
        self.body.addWidget(area)

    @property
    def codes(self) -> dict[Place, str]:
        """What was chosen, by row."""
        return {place: str(box.currentData()) for place, box in self._boxes.items() if box.currentData()}


class _FillIn(Dialog):
    """What is in doubt of one request, filled in: a day as it is typed elsewhere, or one of a list."""

    def __init__(self, parent: QWidget, state: ImportState, one: Mend) -> None:
        choices = (CANCEL, Choice("take", "填入", primary=True))
        heading = state.heading(one.field)
        doubt = one.doubt
        super().__init__(
            parent, "填一格", f"{doubt.sheet} 第 {doubt.row} 行的{heading}", choices=choices, width=30
        )
        self.say(_said(doubt.text, doubt.reason))
        self.value: Value | None = None
        sheet = next((s for s in state.sheets if s.name == doubt.sheet), None)
        self._year = sheet.year if sheet is not None else None
        self._type = state.vocabulary.by_field[one.field].type
        self._line, self._box = QLineEdit(), _Codes()
        if self._type == "code":
            self._box.setPlaceholderText("选一种")
            for code in state.codes(one.field):
                self._box.addItem(state.said_of_code(one.field, code.code), code.code)
            self._box.setCurrentIndex(-1)
            self._box.setAccessibleName(heading)
            self._box.setToolTip("选一种。")
            self._box.currentIndexChanged.connect(lambda _: self._look())
            self.body.addWidget(self._box)
        else:
            self._line.setPlaceholderText("如 2025.3.4、20250304 或 3月4日")
            self._line.setAccessibleName(heading)
            self._line.setToolTip("怎么写都认；没有写年份的按这张表的年份。")
            self._line.textChanged.connect(lambda _: self._look())
            self.body.addWidget(self._line)
        self._refused = dialog.sentence("", tone="qrytext")
        self.body.addWidget(self._refused)
        self._look()
        (self._box if self._type == "code" else self._line).setFocus()

    def _look(self) -> None:
        self.value, why = None, ""
        if self._type == "code":
            self.value = self._box.currentData()
        elif text := self._line.text().strip():
            found: date | Refused = parse_date(text, self._year)
            if isinstance(found, Refused):
                why = found.why
            else:
                self.value = found
        self._refused.setText(why)
        self.buttons["take"].setEnabled(self.value is not None)


def ask_value(parent: QWidget, state: ImportState, one: Mend) -> Value | None:
    """What a doubtful cell of a request holds; None if it stays in doubt."""
    asked = _FillIn(parent, state, one)
    return asked.value if asked.run() == "take" else None
