"""The tour: five steps over the real window, on a report to practise with that is never saved.

Knows the steps, what each points at and by what it is done, and how to leave. Nothing is dimmed and nothing waits: the
window is used as ever, and a step ends when its thing is done or 「下一步」 is pressed. Does not know when it begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QStatusBar,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.report import Report
from gxeditor.resources import load_form, resource
from gxeditor.store.report_file import read_report
from gxeditor.ui.desk import Desk
from gxeditor.ui.editor.clipboard import put_table_on_clipboard
from gxeditor.ui.editor.page import Page
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.findings.panel import FindingsPanel
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import sentence
from gxeditor.ui.shell.actions import Actions
from gxeditor.ui.shell.files import Files
from gxeditor.ui.shell.menus import Menus

BLANK = "requests.handled.other.other_reasons.other_organization"
SLIP = "requests.handled.not_handled.petition.natural_person"
_SLIPPED = 21  # in place of 12: two digits exchanged, as happens
_PASTED = "disputes"
WIDTH = 404
"""Logical pixels of the callout."""
AGAIN = "在“帮助”里可以再看。"
_ARROW, _GAP = 9, 5  # logical pixels: how far the callout's point stands out, and from what it points at
_LOOKS = 150  # milliseconds between two looks at whether a step without an event of its own is done
_READ = 5000  # milliseconds for what has to be read
_LAST_WORDS = 8000  # milliseconds for which it is said where the tour can be seen again


def practice_report() -> Report:
    """The report to practise with: one blank in 表三, one slip, 表四 blank."""
    report = read_report(resource("samples/practice.gxr"), load_form).report
    cells = report.form.section(_PASTED).table.cells  # type: ignore[union-attr]
    blank = {cell.id: None for cell in cells}
    return report.with_entries({**blank, BLANK: None, SLIP: _SLIPPED})


@dataclass(frozen=True)
class _Step:
    """What is said, on which page, at which rectangle of the window; `done` says whether its thing has been done.

    `begin` puts the keys where that is done, `offer` is the word of a button that helps. For `pause` milliseconds what
    was done can be looked at before the next step comes.
    """

    title: str
    words: str
    page: str
    where: Callable[[], QRect]
    done: Callable[[], bool]
    begin: Callable[[], None]
    offer: str = ""
    pause: int = 1200


class TourDesk(Desk, Protocol):
    """The window with what the steps point at."""

    acts: Actions
    menus: Menus
    files: Files
    stack: QStackedWidget
    editor: QWidget
    panel: FindingsPanel

    @property
    def has_report(self) -> bool:
        """Whether a report is open."""

    @property
    def is_helped(self) -> bool:
        """Whether the manual is open."""

    def page(self, key: str) -> Page:
        """The page of a section."""

    def statusBar(self) -> QStatusBar:
        """The bar at the foot."""

    def practise(self, report: Report) -> None:
        """Opens a report of which nothing is kept."""

    def end_practice(self) -> None:
        """Closes it, if it is still the open one."""


class Tour(QObject):
    """One tour of a window, from `begin` until it is left; then it is over."""

    def __init__(self, window: TourDesk) -> None:
        super().__init__(window.frame)
        self._window = window
        self._at = -1
        self._was_done = False
        self.ring = _Ring(window.frame)
        self.callout = _Callout(window.frame)
        self._timer = QTimer(self, interval=_LOOKS)
        self._timer.timeout.connect(self._look)
        self._steps = self._all_steps()

    # --- the steps

    def _all_steps(self) -> tuple[_Step, ...]:
        window = self._window
        return (
            _Step(
                "填一格",
                "框里这一格还没有填。没有发生的填 0：打 0，按 Enter。合计自动算，不用填。",
                "requests",
                lambda: self._cell(BLANK),
                lambda: BLANK in window.session.report.entries,
                lambda: self._stand_on(BLANK),
            ),
            _Step(
                "整张表可以粘贴",
                "从 Excel、Word 或网页复制整张表，在这里按 Ctrl+V，程序按行名、列名认格。"
                "可以先点“复制练习的表”，再按 Ctrl+V。",
                _PASTED,
                lambda: self._grid(_PASTED),
                lambda: any(cell.startswith(f"{_PASTED}.") for cell in window.session.report.entries),
                lambda: window.page(_PASTED).setFocus(),
                "复制练习的表",
            ),
            _Step(
                "哪里有问题，这一行会说",
                "这份练习里故意填错了一格。左边说最可能错在哪里，右边说检查了什么、没检查什么。按 F8 走到那一格。",
                "requests",
                self._findings,
                lambda: window.session.in_view.pinned is not None,
                lambda: window.session.in_view.pin(None),
                pause=_READ,
            ),
            _Step(
                "文中的数和表里比",
                "浅底色的数与表相同，点线的没有可核对的格，双线的与表不同。单击一个数，看它比的是哪一格。",
                "overview",
                self._number,
                self._sees_number,
                lambda: window.page("overview").setFocus(),
                pause=_READ,
            ),
            _Step(
                "导出",
                "写好以后按 Ctrl+E，选 PDF、Word 或 Excel。还有问题也可以先导出。任何地方按 F1，都有这一处的说明。",
                "overview",
                self._export,
                lambda: False,
                lambda: None,
            ),
        )

    def _mapped(self, widget: QWidget, rect: QRect) -> QRect:
        return QRect(widget.mapTo(self._window.frame, rect.topLeft()), rect.size())

    def _table(self, key: str) -> TablePage:
        page = self._window.page(key)
        assert isinstance(page, TablePage)
        return page

    def _cell(self, cell: str) -> QRect:
        grid = self._table(cell.partition(".")[0]).grid
        rect = grid.rect_on_screen(cell)
        seen = self._mapped(grid.viewport(), grid.viewport().rect())
        return QRect(self._window.frame.mapFromGlobal(rect.topLeft()), rect.size()).intersected(seen)

    def _grid(self, key: str) -> QRect:
        grid = self._table(key).grid
        first, *_, last = (self._cell(cell) for cell in grid.model_.where)
        return first.united(last).intersected(self._mapped(grid, grid.rect()))

    def _stand_on(self, cell: str) -> None:
        grid = self._table(cell.partition(".")[0]).grid
        grid.setFocus()
        grid.go_to(cell)

    def _findings(self) -> QRect:
        panel = self._window.panel
        line = panel.opener.geometry().united(panel.sentence.geometry())
        return self._mapped(panel, line.adjusted(-6, 0, 0, 0).intersected(panel.rect()))

    def _numbers_page(self) -> ProsePage:
        page = self._window.page("overview")
        assert isinstance(page, ProsePage)
        return page

    def _number(self) -> QRect:
        """The first number of the text that agrees with its table."""
        from gxeditor.ui.editor.number_marks import rects

        editor, numbers = self._numbers_page().editor, self._numbers_page().numbers
        claim = next((one for one in numbers.claims if one.state == "same"), None)
        if claim is None:
            return self._mapped(editor, editor.rect())
        found = rects(editor.document(), claim.where.start, claim.where.end)
        box = found[0].toAlignedRect()
        box.translate(0, -editor.verticalScrollBar().value())
        return self._mapped(editor.viewport(), box)

    def _sees_number(self) -> bool:
        popover = self._numbers_page().numbers.popover
        return popover is not None and popover.isVisible()

    def _export(self) -> QRect:
        bar = self._window.menus.toolbar
        button = bar.widgetForAction(self._window.acts.export)
        return self._mapped(button, button.rect())

    # --- going on

    @property
    def is_on(self) -> bool:
        return self._at >= 0

    @property
    def step(self) -> int:
        """Which of the steps is in view, from 0; -1 when there is none."""
        return self._at

    def begin(self) -> bool:
        """Begins, with the open report closed as ever; False if that was not wanted."""
        window = self._window
        if window.has_report and not window.files.leave():
            return False
        window.practise(practice_report())
        self.callout.left.connect(self.leave)
        self.callout.stepped.connect(self._go)
        self.callout.offered.connect(self._offer)
        window.acts.export.triggered.connect(self._exported)
        window.frame.installEventFilter(self)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        self._show(0)
        self._timer.start()
        return True

    def _go(self, way: int) -> None:
        if self._at + way >= len(self._steps):
            self.leave()
        elif self._at + way >= 0:
            self._show(self._at + way)

    def _show(self, number: int) -> None:
        self._at = number
        step = self._steps[number]
        window = self._window
        if window.here != step.page:
            window.turn_to(step.page)
        self._was_done = False
        step.begin()
        self._was_done = step.done()
        self.callout.show_step(number, len(self._steps), step.title, step.words, step.offer)
        self._place()
        self.ring.show()
        self.callout.show()
        self.ring.raise_()
        self.callout.raise_()
        if number in (2, 4):  # else the keys belong to what is to be filled in
            self.callout.next.setFocus()

    def _place(self) -> None:
        if not self.is_on:
            return
        step = self._steps[self._at]
        window = self._window
        on_page = window.here == step.page
        editing = window.stack.currentWidget() is window.editor
        editing = editing and not window.is_covered and not window.is_helped
        rect = step.where() if editing and on_page else QRect()
        self.ring.setVisible(not rect.isEmpty())
        if not rect.isEmpty():
            self.ring.setGeometry(rect.adjusted(-3, -3, 3, 3))
        self.callout.point_at(rect, window.frame.rect(), window.statusBar().y())

    def _look(self) -> None:
        if not self.is_on:
            return
        self._place()
        step = self._steps[self._at]
        if not self._was_done and step.done():
            self._was_done = True
            self.callout.mark_done()
            at = self._at
            QTimer.singleShot(step.pause, self, lambda: self._after(at))

    def _after(self, number: int) -> None:
        """On from a step whose thing was done, unless something is being typed just now."""
        if self._at == number:
            if (
                isinstance(QApplication.focusWidget(), QLineEdit)
                or QApplication.activeModalWidget() is not None
            ):
                QTimer.singleShot(_LOOKS, self, lambda: self._after(number))
            else:
                self._go(1)

    def _exported(self) -> None:
        if self.is_on and self._at == len(self._steps) - 1:
            self.leave()

    def _offer(self) -> None:
        report = read_report(resource("samples/practice.gxr"), load_form).report
        put_table_on_clipboard(report, _PASTED)
        self._window.page(_PASTED).setFocus()

    # --- leaving

    def leave(self) -> None:
        """Ends the tour: the report to practise with goes, nothing of it stays."""
        if not self.is_on:
            return
        self.stop()
        self._window.end_practice()
        self.callout.say(AGAIN)
        self.callout.point_at(QRect(), self._window.frame.rect(), self._window.frame.height())
        self.callout.show()
        self.callout.raise_()
        QTimer.singleShot(_LAST_WORDS, self.callout.hide)

    def stop(self) -> None:
        """Takes the tour away, whatever becomes of the report."""
        self._at = -1
        self._timer.stop()
        self.ring.hide()
        self.callout.hide()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._window.frame.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.is_on:
            return False
        if watched is self._window.frame and event.type() == QEvent.Type.Resize:
            self._place()
        elif (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and watched is QApplication.focusWidget()
            and self._is_free(watched)
        ):
            self.leave()
            return True
        return False

    def _is_free(self, watched: QObject) -> bool:
        """Whether Esc has nothing else to end: an entry, a popover, a dialog, the manual."""
        if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
            return False
        if not isinstance(watched, QWidget) or watched.window() is not self._window.frame:
            return False
        if isinstance(watched, QLineEdit) or self._sees_number():
            return False
        return self._window.stack.currentWidget() is self._window.editor and not self._window.is_helped


class _Ring(QWidget):
    """A frame around what a step is about; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().accent, 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()


class _Dots(QWidget):
    """Which step of how many: a dot each, the present one long."""

    def __init__(self) -> None:
        super().__init__()
        self._at, self._of = 0, 1
        self.setFixedHeight(8)

    def show_step(self, at: int, of: int) -> None:
        self._at, self._of = at, of
        self.setFixedWidth(of * 12 + 10)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        left = 0.0
        for number in range(self._of):
            here = number == self._at
            painter.setBrush(colors.accent if here else colors.line2)
            painter.drawRoundedRect(QRectF(left, 0.5, 18 if here else 7, 7), 3.5, 3.5)
            left += 23 if here else 12
        painter.end()


class _Callout(QWidget):
    """What a step says, with the ways on and out; its point shows at what it is about."""

    left = Signal()
    stepped = Signal(int)
    offered = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("导览")
        self._point: QPoint | None = None
        self.title = sentence("", 10.5, 600)
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.count = theme.label("", 8.25, tone="text2")
        self.words = sentence("", 9.75)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.dots = _Dots()
        self.offer = QPushButton()
        self.offer.clicked.connect(self.offered)
        self.leave_button = QPushButton("不看了")
        self.leave_button.setProperty("link", True)
        self.leave_button.setToolTip("在“帮助”里可以再看（Esc）")
        self.leave_button.clicked.connect(self.left)
        self.back = QPushButton("上一步")
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.next = QPushButton("下一步")
        self.next.setProperty("primary", True)
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self._steps = QFrame()
        foot = QHBoxLayout(self._steps)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(8)
        foot.addWidget(self.dots)
        foot.addStretch(1)
        for button in (self.leave_button, self.back, self.next):
            foot.addWidget(button)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.count)
        self._whole = QVBoxLayout(self)
        self._whole.setSpacing(10)
        self._whole.addLayout(head)
        self._whole.addWidget(self.words)
        self._whole.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignLeft)
        self._whole.addWidget(self._steps)
        self.setFocusProxy(self.next)
        self.hide()

    def show_step(self, number: int, of: int, title: str, words: str, offer: str) -> None:
        self.title.setText(title)
        for part in (self.title, self.count):
            part.show()
        self.count.setText(f"第 {number + 1} 步，共 {of} 步")
        self.words.setText(words)
        self.offer.setText(offer)
        self.offer.setVisible(bool(offer))
        self.dots.show_step(number, of)
        self.back.setEnabled(number > 0)
        self.next.setText("看完了" if number + 1 == of else "下一步")
        self._steps.show()
        self.setAccessibleDescription(f"{self.count.text()}。{title}。{words}")

    def mark_done(self) -> None:
        """Says that the thing of the step was done."""
        self.count.setText("做好了")

    def say(self, words: str) -> None:
        """Words alone, with nothing to press."""
        for part in (self.title, self.count, self.offer, self._steps):
            part.hide()
        self.words.setText(words)
        self.setAccessibleDescription(words)

    def point_at(self, rect: QRect, room: QRect, floor: int) -> None:
        """Stands below a rectangle of the parent, else above it, else in its lower corner; without one at the foot."""
        self._whole.setContentsMargins(19, 18 + _ARROW, 19, 16 + _ARROW)
        width = min(WIDTH, room.width() - 16)
        height = self._whole.heightForWidth(width)
        size = QSize(width, height if height > 0 else self._whole.sizeHint().height())
        self._point = None
        if rect.isEmpty():
            x, y = room.left() + 24, floor - size.height() - 12
        else:
            x = min(
                max(room.left() + 8, rect.center().x() - size.width() // 4), room.right() - size.width() - 8
            )
            tip = min(max(rect.center().x(), x + 24), x + size.width() - 24)
            if rect.bottom() + _GAP + size.height() <= floor:
                y = rect.bottom() + _GAP
                self._point = QPoint(tip - x, 0)
            elif rect.top() - _GAP - size.height() >= room.top():
                y = rect.top() - _GAP - size.height()
                self._point = QPoint(tip - x, size.height())
            else:
                x, y = rect.right() - size.width() - 8, min(rect.bottom(), floor) - size.height() - 4
        y = max(room.top(), min(y, floor - size.height()))
        self.setGeometry(QRect(QPoint(x, y), size))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        body = QRectF(self.rect()).adjusted(0.5, _ARROW + 0.5, -0.5, -_ARROW - 0.5)
        path.addRoundedRect(body, 4, 4)
        if self._point is not None:
            x, up = float(self._point.x()), self._point.y() == 0
            base, tip = (body.top() + 1, 1.0) if up else (body.bottom() - 1, self.height() - 1.0)
            point = QPainterPath()
            point.addPolygon(
                QPolygonF([QPointF(x - _ARROW, base), QPointF(x, tip), QPointF(x + _ARROW, base)])
            )
            point.closeSubpath()
            path = path.united(point)
        painter.setPen(QPen(QColor(colors.line2), 1))
        painter.setBrush(colors.tip)
        painter.drawPath(path)
        painter.end()
