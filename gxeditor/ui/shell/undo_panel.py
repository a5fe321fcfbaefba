"""「撤销历史」: all steps of the report beside the page, to look at, to go back to and to open as a copy.

Knows the panel, that a chosen step is shown where it happened and changes nothing, and that the focus goes back to
where it came from. Which rows there are and what they say is `undo_rows`'s; taking a state back is the session's,
opening a copy the files'. A row is told when it is painted: a long history costs nothing before it is scrolled to.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QListView,
    QPushButton,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.difference import difference
from gxeditor.core.report import Report
from gxeditor.ui.desk import Desk
from gxeditor.ui.look import theme
from gxeditor.ui.look.rows import paint_ground
from gxeditor.ui.shell.undo_rows import Row, Words, in_present, named, rows_of, said, tell

WIDTH, NARROWEST = 372, 300
"""Logical pixels of the panel; in a narrow window it has two fifths, and not less than the narrowest."""
ROW, HEAD = 40, 24
"""Logical pixels of a step and of a heading."""
EMPTY = "这次还没有修改"
_TOLD = 500  # rows whose words are kept: some screens
_LATER = 120  # milliseconds after an edit, or an arrow key, when neither typing nor walking is held up

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Rows(QAbstractListModel):
    """The rows as a list; headings can be neither chosen nor walked to."""

    def __init__(self, parent: QObject, profile: Callable[[str], str]) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()
        self._profile = profile
        self._words: OrderedDict[tuple[int, int], tuple[Row, Words]] = OrderedDict()

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def words(self, row: Row) -> Words:
        """What a step says, told once for as long as it is looked at."""
        key = id(row.step), id(row.before)
        if key not in self._words:
            report = row.report
            profile = {report.profile: self._profile(report.profile)} if report is not None else {}
            self._words[key] = row, tell(row, profile)  # the row, so that no other gets its id
            while len(self._words) > _TOLD:
                self._words.popitem(last=False)
        return self._words[key][1]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            return row.head or said(row, self.words(row), datetime.now())
        if role == _ROLE.ToolTipRole and not row.head:
            return theme.plain_tip(said(row, self.words(row), datetime.now()))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.rows[index.row()].head:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Painter(QStyledItemDelegate):
    def __init__(self, view: UndoList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._view.heights[bool(self._view.rows.rows[index.row()].head)])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, colors = self._view.rows.rows[index.row()], theme.current()
        painter.save()
        if row.head:
            self._head(painter, option, row)
            painter.restore()
            return
        ground = paint_ground(painter, option, hover=colors.card)
        rect, words = ground.rect, self._view.rows.words(row)
        quiet = not ground.selected and row.state in ("undone", "replaced")
        strong = colors.text2 if quiet else ground.text
        small = theme.font(8.25)
        painter.setFont(small)
        painter.setPen(colors.text2)
        left = rect.x() + 13 + max(36, QFontMetrics(small).horizontalAdvance("00:00") + 4) + 8
        painter.drawText(
            QRect(rect.x() + 13, rect.y(), left - rect.x() - 13, rect.height()), _LEFT, words.clock
        )
        face = theme.font(9)
        metrics = QFontMetrics(face)
        room = rect.right() - 12 - left
        change = metrics.elidedText(words.change, Qt.TextElideMode.ElideMiddle, room // 2)
        taken = metrics.horizontalAdvance(change)
        painter.setFont(face)
        painter.drawText(QRect(rect.right() - 12 - taken, rect.y(), taken + 1, rect.height()), _RIGHT, change)
        room -= taken + 12
        half = rect.height() // 2
        for text, top, color, flag in (
            (words.place, rect.y() + 2, strong, Qt.AlignmentFlag.AlignBottom),
            (words.what, rect.y() + half + 1, colors.text2, Qt.AlignmentFlag.AlignTop),
        ):
            painter.setPen(color)
            line = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(left, top, room, half - 3), Qt.AlignmentFlag.AlignLeft | flag, line)
        if ground.selected and self._view.hasFocus():
            theme.Pixels(painter).frame(QRectF(rect), colors.focus, 2)
        painter.restore()

    def _head(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        rect, colors, pixels = QRect(option.rect), theme.current(), theme.Pixels(painter)  # type: ignore[attr-defined]
        ground = colors.accenttint if row.is_now else colors.head
        pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), ground)
        pixels.hline(rect.x(), rect.bottom() + 1 - pixels.line, rect.width(), colors.line)
        painter.setFont(theme.font(8.25, 600 if row.is_now else 400))
        painter.setPen(colors.link if row.is_now else colors.headtext)
        room = rect.adjusted(13, 0, -12, 0)
        words = QFontMetrics(painter.font()).elidedText(row.head, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _LEFT, words)


class UndoList(QListView):
    """The steps. `arrived` says that another is the current one, `chosen` that its place is to be shown at once."""

    arrived = Signal()
    chosen = Signal()

    def __init__(self, profile: Callable[[str], str]) -> None:
        super().__init__()
        self.setProperty("bare", True)
        self.setAccessibleName("修改的步骤")
        self.rows = Rows(self, profile)
        line = QFontMetrics(theme.font(9)).height()
        self.heights = {False: max(ROW, 2 * line + 6), True: max(HEAD, line + 6)}
        self.setItemDelegate(_Painter(self))
        self.setModel(self.rows)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.clicked.connect(lambda _: self.chosen.emit())

    @property
    def row(self) -> Row | None:
        """The chosen step."""
        place = self.currentIndex().row()
        return self.rows.rows[place] if 0 <= place < len(self.rows.rows) else None

    def set_rows(self, rows: tuple[Row, ...], *, stay: bool = True) -> None:
        """Shows these; chosen is the same step as before, if it was another than the present one, or else that."""
        stood, top = self.row, self.verticalScrollBar().value()
        self.rows.set_rows(rows)
        at = -1
        if stay and stood is not None and stood.state != "present":
            at = next((i for i, one in enumerate(rows) if not one.head and one.is_same(stood)), -1)
        if at < 0:
            at = next((i for i, one in enumerate(rows) if one.state == "present" and not one.head), -1)
        self.verticalScrollBar().setValue(top)
        if at >= 0:
            self.setCurrentIndex(self.rows.index(at))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.arrived.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class UndoPanel(QFrame):
    """The panel: a title, the list, and what can be done with the chosen step."""

    back_asked = Signal()
    copy_asked = Signal()
    left = Signal()

    def __init__(self, profile: Callable[[str], str]) -> None:
        super().__init__()
        self.setAccessibleName("撤销历史")
        self.setProperty("ground", "card")
        self.setProperty("edge", "left")
        self.list = UndoList(profile)
        self.empty = theme.label(EMPTY, tone="text2")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.empty.setContentsMargins(12, 24, 12, 12)
        self.close_button = QToolButton()
        self.close_button.setToolTip("收起撤销历史，回到原来的地方（Esc）。")
        self.close_button.setAccessibleName("收起撤销历史")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.set_icon(self.close_button, "close")
        self.close_button.clicked.connect(self.left)
        head = QHBoxLayout()
        head.setContentsMargins(16, 5, 8, 5)
        head.addWidget(theme.label("撤销历史", 10.5, 600), 1)
        head.addWidget(self.close_button)
        self.back = QPushButton("退到选中的一步")
        self.back.setToolTip("回到这一步刚做完时的样子；后面的各步都还在，可以撤销。")
        self.back.clicked.connect(self.back_asked)
        self.copy = QPushButton("打开副本")
        self.copy.setToolTip("在另一个窗口里看那时的年报，只看不改；要改，另存为一个新文件。")
        self.copy.clicked.connect(self.copy_asked)
        foot = QFrame()
        foot.setProperty("edge", "top")
        buttons = QHBoxLayout(foot)
        buttons.setContentsMargins(14, 10, 12, 10)
        buttons.setSpacing(8)
        buttons.addWidget(self.back)
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        self._key = theme.label("Ctrl+Shift+H", 8.25, tone="text3")
        buttons.addWidget(self._key)
        self.body = QStackedWidget()
        self.body.addWidget(self.list)
        self.body.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)  # beside the edge
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.body, 1)
        whole.addWidget(foot)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.left.emit)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.setFocusProxy(self.list)
        self.hide()

    def fit(self, window: int) -> None:
        """Takes its width of a window so wide."""
        width = max(NARROWEST, min(WIDTH, window * 2 // 5))
        self.setFixedWidth(width)
        self._key.setVisible(width == WIDTH)

    def show_rows(self, rows: tuple[Row, ...], *, stay: bool = True) -> None:
        """Shows these, or that there are none; `stay` as for the list."""
        self.body.setCurrentWidget(self.list if rows else self.empty)
        self.list.set_rows(rows, stay=stay)
        self.renew()

    def renew(self) -> None:
        """What can be done with the chosen step: a state that is the present one need not be gone back to."""
        row = self.list.row
        self.back.setEnabled(row is not None and not row.head and row.state != "present")
        self.copy.setEnabled(row is not None and not row.head)


class UndoHistory(QObject):
    """The conversation about it. `closed` says that the panel has gone. Made when first needed."""

    closed = Signal()

    def __init__(self, desk: Desk, open_copy: Callable[[Report, str], None]) -> None:
        super().__init__(desk.frame)
        self._desk, self._session, self._open_copy = desk, desk.session, open_copy
        self.panel = UndoPanel(self._session.profile_named)
        desk.put_at_side(self.panel)
        self._from: tuple[QWidget | None, str, str, int | None] = (None, "", "", None)
        self._showing = False
        self._later = QTimer(self, singleShot=True, interval=_LATER)
        self._later.timeout.connect(self._renew)
        self._walked = QTimer(self, singleShot=True, interval=_LATER)
        self._walked.timeout.connect(self._show_place)
        self.panel.left.connect(self.close)
        self.panel.back_asked.connect(self.go_back)
        self.panel.copy_asked.connect(self.open_copy)
        self.panel.list.arrived.connect(self._arrived)
        self.panel.list.chosen.connect(self._show_place)
        self._session.changed.connect(self._changed)
        self._session.file_changed.connect(self._changed)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    @property
    def is_open(self) -> bool:
        return not self.panel.isHidden()

    @property
    def taken(self) -> int:
        """Of the window's width, what the panel takes."""
        return self.panel.width() if self.is_open else 0

    def toggle(self) -> None:
        """Opens the panel, or leads to it; closes it where the keys are in it already."""
        if self.is_open and self._has_focus():
            self.close()
        elif self.is_open:
            self.panel.list.setFocus()
        else:
            self.open()

    def open(self) -> None:
        """Shows the steps, the present one chosen."""
        self._desk.finish_editing()
        if self._desk.is_covered:
            self._desk.close_preview()
        self._remember(QApplication.focusWidget())
        self.panel.fit(self._desk.frame.width())
        self.panel.show()
        self._renew(stay=False)
        self._desk.rearrange()
        (self.panel.list if self.panel.list.row is not None else self.panel.close_button).setFocus()

    def close(self) -> None:
        """Puts the panel away; the keys go back to where they were, unless they are somewhere else by now."""
        had_focus = self._has_focus()
        self._walked.stop()
        self.panel.hide()
        self._desk.rearrange()
        self.closed.emit()
        widget, page, target, paragraph = self._from
        if had_focus:
            if page != self._desk.here or self._desk.target() != (target, paragraph):
                self._desk.show_target(page, target, paragraph)
            if widget is not None and widget.isVisible():
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self._desk.focus_page()
        self._from = (None, page, target, paragraph)

    def go_back(self) -> None:
        """「退到选中的一步」: the report as it was after that step, as one further step."""
        row = self.panel.list.row
        report = row.report if row is not None and not row.head else None
        if row is None or report is None:
            return
        self._desk.finish_editing()
        name = named(row, datetime.now())
        if self._session.take_back(report, f"退到 {name}"):
            self._desk.tell(f"已退到 {name}，后来的各步都还在；Ctrl+Z 撤销。")
            self._renew(stay=False)
        elif not self._session.report.is_final:
            self._desk.tell("现在就是这个样子，没有改动。")

    def open_copy(self) -> None:
        """「打开副本」"""
        row = self.panel.list.row
        report = row.report if row is not None and not row.head else None
        if row is not None and report is not None:
            self._open_copy(report, named(row, datetime.now()))

    # --- what is shown

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.panel.isAncestorOf(focus)

    def _focus_moved(self, old: QWidget | None, now: QWidget | None) -> None:
        inside = now is not None and self.panel.isAncestorOf(now)
        if inside and not self._showing and old is not None and not self.panel.isAncestorOf(old):
            self._remember(old)

    def _remember(self, widget: QWidget | None) -> None:
        if widget is not None and not self.panel.isAncestorOf(widget):
            self._from = (widget, self._desk.here, *self._desk.target())

    def _changed(self, *_: object) -> None:
        if self.is_open:
            self._later.start()

    def _renew(self, *, stay: bool = True) -> None:
        self._later.stop()
        if self.is_open:
            self._showing = True  # choosing the present one again is no wish to see its place
            self.panel.show_rows(rows_of(self._session.history, datetime.now()), stay=stay)
            self._showing = False

    def _arrived(self) -> None:
        self.panel.renew()
        if not self._showing:
            self._walked.start()

    def _show_place(self) -> None:
        """Shows where the chosen step was made; the keys stay in the list, and nothing changes."""
        self._walked.stop()
        row = self.panel.list.row
        if row is None or row.step is None or not self.is_open:
            return
        was, report = row.was, row.report
        if was is None or report is None:
            return
        desk, made = self._desk, difference(was, report)
        self._showing = True
        try:
            desk.finish_editing()
            if not made.pages:
                desk.tell(f"“{row.step.label}”不在哪一页上。")
                return
            key = desk.here if desk.here in made.pages else made.pages[0]
            desk.turn_to(key)
            desk.show_difference(key, in_present(made, self._session.report))
            more = f"，另有 {len(made.pages) - 1} 个部分也改了" if len(made.pages) > 1 else ""
            desk.tell(f"只是转到这一处，没有改动{more}。")
        finally:
            self.panel.list.setFocus()
            self._showing = False
