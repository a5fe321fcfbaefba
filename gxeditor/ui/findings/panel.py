"""The panel of findings below the page: one line when closed, a filtered list when open.

Knows how findings and rules that could not be evaluated become rows, and what hovering, clicking and the keys mean
there. The findings are the session's; the panel keeps which of them it shows, and never a finding longer than that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks import anchors
from gxeditor.core.checks.anchors import Anchor, Span, named, place_in
from gxeditor.core.checks.coverage import coverage
from gxeditor.core.checks.findings import Finding, Findings, NotChecked
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.checks.standing import State
from gxeditor.core.difference import BASIC
from gxeditor.core.form import Cell, Form
from gxeditor.core.report import Report
from gxeditor.ui.look import theme
from gxeditor.ui.session import Change, Session

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

CLOSED = 26
ROW = 26
HEAD = 32
ROWS = 4
"""Rows of the open list before the user drags it taller."""
_COUNTED = {Severity.ERROR: "个错误", Severity.QUERY: "处核实", Severity.HINT: "条提示"}
_FILTER = 160
_NARROW = 48  # of the filter in a window of 760, where all that was not checked has to be said
_NEAREST = 360
"""Pixels of the closed line that the finding at hand may keep for itself, if a third of the room allows."""
_SHOW, _HIDE = 350, 150  # milliseconds, as in the whole program


# --- words


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: a finding, a rule that was not checked, or (neither) the heading above those.

    `key` tells the row from others through edits; `whole` is the sentence as it is copied.
    """

    key: tuple[str, ...]
    place: str
    sentence: str
    whole: str
    finding: Finding | None = None
    unchecked: NotChecked | None = None

    @property
    def rule(self) -> Rule | None:
        return self.finding.rule if self.finding else self.unchecked.rule if self.unchecked else None

    @property
    def page(self) -> str:
        """The key of the page to which it belongs."""
        if self.finding is not None:
            return self.finding.page
        if self.unchecked is None:
            return ""
        cells = self.unchecked.cells
        return self.unchecked.rule.section or (anchors.Cell(cells[0]).page if cells else "")

    @property
    def code(self) -> str:
        """The code under which the rule is known; the rest of its id names the line, as the place does."""
        return self.rule.id.partition(".")[0] if self.rule is not None else ""

    @property
    def state(self) -> State:
        explained = self.finding is not None and self.finding.is_explained
        return State.EXPLAINED if explained else State.OPEN if self.finding else State.NOT_CHECKED

    @property
    def spoken(self) -> str:
        kind = "未检查" if self.unchecked else ""
        if self.finding is not None:
            kind = State.EXPLAINED.word if self.finding.is_explained else self.finding.severity.word
        return "，".join(part for part in (kind, self.place, self.sentence) if part)

    def looks_like(self, other: Row) -> bool:
        said = self.place, self.sentence, self.state
        return said == (other.place, other.sentence, other.state) and self.rule is other.rule


def finding_row(finding: Finding, form: Form, number: int) -> Row:
    """A finding as a row; `number` counts findings of the same rule in the same section."""
    place, sentence = _place(finding.where, form), finding.message
    head, colon, rest = finding.message.partition("：")
    names_line = finding.rule.title.partition("：")[0] == head or any(
        form.cells[c].place == head for c in finding.cells
    )
    if colon and names_line:  # what the sentence says first is the place already
        place, sentence = place_in(place, head), rest
    elif colon and head == place:
        sentence = rest
    key = (finding.rule.id, finding.page, str(number))
    if finding.explanation is not None:
        said = "已说明" if finding.is_explained else "数变了，原来的说明要重看"
        sentence = f"{sentence}（{said}：{finding.explanation.reason}）"
    return Row(key, place, sentence, finding.message, finding=finding)


def _place(where: Anchor, form: Form) -> str:
    """「三」 for what stands in a table, of which the sentence says more; 「一 · 正文」, 「年份」, 「整份年报」."""
    if where.page == BASIC:
        return named(where, form)
    number = form.section(where.page).number
    return f"{number} · 正文" if isinstance(where, Span) else number


def unchecked_row(item: NotChecked, form: Form) -> Row:
    rule = item.rule
    head = rule.title.partition("：")[0]
    sentence = f"{rule.left_name}与{rule.right_name}：{item.reason}"
    place = place_in(form.section(rule.section).number, head)
    return Row(("unchecked", rule.id), place, sentence, f"未检查：{head}，{sentence}。", unchecked=item)


def recomputable(finding: Finding, report: Report) -> Cell | None:
    """The typed total that 「按明细重算」 would mend this finding by, if there is one."""
    rule = finding.rule
    if rule.kind != "sum":
        return None
    cell = report.form.cells[rule.right[0]]
    typed = not report.is_automatic(cell.id)
    same = set(cell.parts) == set(
        rule.left
    )  # a total of totals sums its row, so a column's rule is not its own
    return cell if typed and same and report.details_sum(cell) is not None else None


# --- the list


class _Rows(QAbstractListModel):
    """The rows; new ones are compared with the old, so that nothing flickers and the selection stays."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.sentence
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if role == Qt.ItemDataRole.ToolTipRole and row.rule is not None:
            return theme.plain_tip(f"{row.whole}\n依据：{row.rule.basis}")
        return None

    def set_rows(self, rows: Sequence[Row]) -> None:
        wanted = {row.key for row in rows}
        for place in reversed(range(len(self.rows))):
            if self.rows[place].key not in wanted:
                self.beginRemoveRows(_ROOT, place, place)
                del self.rows[place]
                self.endRemoveRows()
        kept = {row.key for row in self.rows}
        if [row.key for row in self.rows] != [row.key for row in rows if row.key in kept]:
            self.beginResetModel()
            self.rows = list(rows)
            self.endResetModel()
            return
        for place, row in enumerate(rows):
            if row.key not in kept:
                self.beginInsertRows(_ROOT, place, place)
                self.rows.insert(place, row)
                self.endInsertRows()
                continue
            old, self.rows[place] = self.rows[place], row
            if not row.looks_like(old):
                self.dataChanged.emit(self.index(place), self.index(place))

    def place_of(self, finding: Finding) -> int:
        """The row of a finding, -1 if it has none."""
        return next((i for i, row in enumerate(self.rows) if row.finding is finding), -1)


class _RowPainter(QStyledItemDelegate):
    """Paints mark, place, sentence and rule code of a row."""

    def __init__(self, parent: QListView) -> None:
        super().__init__(parent)
        self.place_width = 0
        self.expanded = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        from PySide6.QtWidgets import QStyle  # a dozen enumerations: 5 ms that a start need not pay

        model = index.model()
        assert isinstance(model, _Rows)
        row = model.rows[index.row()]
        colors = theme.current()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        pixels = theme.Pixels(painter)
        if selected:
            painter.fillRect(rect, colors.sel)
            pixels.fill(rect.x(), rect.y(), 3, rect.height(), colors.accent)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, colors.head)
        if state & QStyle.StateFlag.State_HasFocus:
            pixels.frame(QRectF(rect), colors.focus)
        text = colors.seltext if selected else colors.text
        dim = colors.text2
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        box = QRectF(rect.x() + 12, rect.center().y() - 4.5, 10, 10)
        left = rect.x() + 32
        painter.setFont(theme.font(9.75))
        if row.finding is not None:
            theme.paint_state(painter, box, row.state, row.finding.severity)
            text = text if row.state is State.OPEN or selected else dim
        elif row.unchecked is None:
            _paint_chevron(painter, box, dim, down=self.expanded)
            painter.setPen(text)
            painter.drawText(rect.adjusted(32, 0, -12, 0), flags, row.sentence)
            painter.restore()
            return
        else:
            pixels.hline(box.x() + 1, box.center().y(), 8, colors.text3)
            text = dim
        metrics = QFontMetrics(painter.font())
        painter.setPen(dim)
        place = QRect(left, rect.y(), self.place_width, rect.height())
        painter.drawText(
            place, flags, metrics.elidedText(row.place, Qt.TextElideMode.ElideRight, self.place_width)
        )
        right = rect.right() - 12
        painter.setFont(theme.font(8.25))
        code = QFontMetrics(painter.font()).horizontalAdvance(row.code)
        painter.setPen(dim if selected else colors.text3)
        painter.drawText(QRect(right - code, rect.y(), code + 1, rect.height()), flags, row.code)
        painter.setFont(theme.font(9.75))
        painter.setPen(text)
        start = left + self.place_width + 16
        room = right - code - 16 - start
        sentence = metrics.elidedText(row.sentence, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(start, rect.y(), room, rect.height()), flags, sentence)
        painter.restore()


def row_height() -> int:
    return max(ROW, QFontMetrics(theme.font(9.75)).height() + 6)


def _paint_chevron(painter: QPainter, rect: QRectF, color: QColor, *, down: bool) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(color, 1.3)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    center = rect.center()
    corners = ((-4, -2), (0, 2), (4, -2)) if down else ((-2, -4), (2, 0), (-2, 4))
    painter.drawPolyline([center + QPointF(x, y) for x, y in corners])
    painter.restore()


class _List(QListView):
    """The list; `arrived` with the row the keys went to, `chosen` with the row to jump to.

    `seen` carries a row to tick off.
    """

    arrived = Signal(int)
    chosen = Signal(int)
    hovered = Signal(int)
    let_go = Signal()
    copy_asked = Signal(int)
    seen = Signal(int)
    explain_asked = Signal(int)
    menu_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("bare", True)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("问题列表")
        self.empty_words = ""
        self.clicked.connect(self._clicked)
        self.entered.connect(self._entered)

    def _clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())

    def _entered(self, index: QModelIndex) -> None:
        self.hovered.emit(index.row())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(-1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not self.indexAt(event.position().toPoint()).isValid():
            self.hovered.emit(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex().row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if before >= 0:
                self.chosen.emit(before)
        elif event.key() == Qt.Key.Key_Space:
            if before >= 0:
                self.seen.emit(before)
        elif event.key() == Qt.Key.Key_F2:
            if before >= 0:
                self.explain_asked.emit(before)
        elif event.key() == Qt.Key.Key_Escape:
            self.let_go.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            if before >= 0:
                self.copy_asked.emit(before)
        else:
            super().keyPressEvent(event)
            if self.currentIndex().row() != before:
                self.arrived.emit(self.currentIndex().row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            where = self.visualRect(index).bottomLeft() if by_key else event.pos()
            self.menu_asked.emit(index.row(), self.viewport().mapToGlobal(where))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        model = self.model()
        if model is not None and not model.rowCount() and self.empty_words:
            painter = QPainter(self.viewport())
            painter.setFont(theme.font(9.75))
            painter.setPen(theme.current().text2)
            rect = QRect(32, 0, self.viewport().width() - 32, row_height())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self.empty_words)
            painter.end()


# --- the bar


_ONLY = {
    Severity.ERROR: "只列出错误：数对不上或填得不对，要改正。",
    Severity.QUERY: "只列出要核实的：可能没有错，核对后改正，或写一句说明。",
    Severity.HINT: "只列出提示：不改也可以，看一眼为好。",
}
"""What the chip of a severity does."""


_NOTHING = "没有可转到的问题"  # while the words say nothing


class _Words(QAbstractButton):
    """Words that can be clicked; what does not fit ends in 「…」 and stands in the tool tip, with what `does` says."""

    def __init__(
        self, tone: str, parent: QWidget, does: str, *, greedy: bool = False, underlined: bool = False
    ) -> None:
        super().__init__(parent)
        self._does = does
        self.setAccessibleName(_NOTHING)
        self._tone = tone
        self._underlined = underlined
        self._greedy = greedy
        self._told = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        grow = QSizePolicy.Policy.Ignored if greedy else QSizePolicy.Policy.Preferred
        self.setSizePolicy(grow, QSizePolicy.Policy.Preferred)

    def say(self, words: str, *, clickable: bool = True, tip: str = "") -> None:
        """Shows these words; `tip` is the whole of what they say, where that is more."""
        if words != self.text():
            self.setText(words)
            self.setShortcut(QKeySequence())  # Qt made one of a “&” in the words
            self.updateGeometry()
        if (tip or words) != self._told:
            self._told = tip or words
            self.setAccessibleName(self._told or _NOTHING)
            told = f"{self._told.rstrip('。')}。" if self._told else ""
            self.setToolTip(theme.plain_tip(f"{told}{self._does}"))
        shape = Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.setEnabled(clickable)
        self.setVisible(bool(words))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if words else Qt.FocusPolicy.NoFocus)

    def width_of(self, words: str) -> int:
        return self.fontMetrics().horizontalAdvance(words) + 10

    def sizeHint(self) -> QSize:
        return QSize(self.width_of(self.text()), self.fontMetrics().height() + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(0 if self._greedy else 40, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        rect = self.rect().adjusted(4, 0, -4, 0)
        font = self.font()
        font.setUnderline((self._underlined or self.underMouse()) and self.isEnabled())
        painter.setFont(font)
        painter.setPen(getattr(colors, self._tone))
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, words)
        if self.hasFocus():
            theme.Pixels(painter).frame(QRectF(self.rect()), colors.focus)
        painter.end()


class _Chip(QAbstractButton):
    """A toggle of the bar, with the shape of a severity or of what is explained, or without."""

    def __init__(
        self,
        words: str,
        parent: QWidget,
        severity: Severity | None = None,
        state: State = State.OPEN,
        tip: str = "",
    ) -> None:
        super().__init__(parent)
        self.setToolTip(theme.plain_tip(tip))
        self.severity = severity
        self.state = state
        self.counted = True
        self.setText(words)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def say(self, words: str) -> None:
        if words != self.text():
            self.setText(words)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        mark = 14 if self.severity is not None else 0
        return QSize(metrics.horizontalAdvance(self.text()) + mark + 16, metrics.height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        rect = self.rect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.accenttint if self.isChecked() else colors.head)
            painter.drawRoundedRect(rect, 3, 3)
        tone, left = colors.text, 8
        if self.severity is not None:
            mark = QRectF(8, rect.center().y() - 4.5, 10, 10)
            theme.paint_state(painter, mark, self.state, self.severity)
            tone, left = colors.severity[self.severity].text, 22
        if self.isChecked():
            tone = colors.link
        elif not self.counted:
            tone = colors.text3
        painter.setPen(tone)
        painter.drawText(rect.adjusted(left, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            theme.Pixels(painter).frame(QRectF(rect), colors.focus)
        painter.end()


class _Opener(QAbstractButton):
    """「问题」 with a chevron that points down when the panel is open."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText("问题")
        self.setToolTip("展开或收起问题列表；展开后可以逐条看、筛选（F7）。")
        self.setCheckable(True)
        self.setFont(theme.font(9, 600))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(9, 600))
        return QSize(metrics.horizontalAdvance(self.text()) + 32, metrics.height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        middle = self.rect().center().y() + 0.5
        _paint_chevron(painter, QRectF(4, middle - 5, 10, 10), colors.text2, down=self.isChecked())
        painter.setFont(theme.font(9, 600))
        painter.setPen(colors.text)
        painter.drawText(self.rect().adjusted(22, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            theme.Pixels(painter).frame(QRectF(self.rect()), colors.focus)
        painter.end()


class _Grip(QWidget):
    """The upper edge of the open panel; dragging it makes the list taller or lower."""

    dragged = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(4)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self._from = 0.0

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = event.globalPosition().y()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        rows = round((self._from - event.globalPosition().y()) / row_height())
        if rows:
            self._from -= rows * row_height()
            self.dragged.emit(rows)


class FindingsPanel(QWidget):
    """Findings of the session's report. `opened` is emitted when the user opens or closes it, not by `set_open`.

    `checks_asked` asks for the list of all rules, `explain_asked` carries a finding to explain.
    """

    opened = Signal(bool)
    checks_asked = Signal()
    explain_asked = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "window")
        self.setProperty("edge", "top")
        self.session = session
        self._section = ""
        self._open = False
        self._expanded = False
        self._rows_shown = ROWS
        self._said: tuple[object, ...] = ()
        self._hovering: Finding | None = None
        self._renew_timer = QTimer(self)
        self._renew_timer.setSingleShot(True)
        self._renew_timer.timeout.connect(self.renew)
        self._hover_timer = QTimer(self)
        self._hover_timer.setSingleShot(True)
        self._hover_timer.timeout.connect(self._hover)
        self._build()
        session.changed.connect(self._session_changed)
        session.in_view.focused.connect(self._focus_changed)
        theme.appearance.changed.connect(self.update)
        self._apply_open()
        self.renew()

    def _build(self) -> None:
        self.grip = _Grip(self)
        self.grip.dragged.connect(self._dragged)
        self.opener = _Opener(self)
        self.opener.clicked.connect(self._user_opens)
        self.chips = {severity: _Chip("", self, severity, tip=_ONLY[severity]) for severity in Severity}
        for chip in self.chips.values():
            chip.clicked.connect(self._chip_clicked)
        self.explained = _Chip(
            "", self, Severity.QUERY, State.EXPLAINED, "列出写过核实说明的各处，可以改写或撤回说明。"
        )
        self.explained.clicked.connect(self._chip_clicked)
        self.everywhere = _Chip("全部", self, tip="列出各部分的问题，不只正在填的这一部分。")
        self.here = _Chip("本页", self, tip="只列出正在填的这一部分的问题，先改完眼前的。")
        for scope in (self.everywhere, self.here):
            scope.setAutoExclusive(False)
            scope.clicked.connect(self._scope_clicked)
        self.everywhere.setChecked(True)
        self.everywhere.setAccessibleName("列出全部问题")
        self.here.setAccessibleName("只列出本页的问题")
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("按文字筛选")
        self.filter.setAccessibleName("按文字筛选问题")
        self.filter.setFixedWidth(_FILTER)
        self.filter.textChanged.connect(self.renew)
        self.sentence = _Words("text", self, "单击转到那里。", greedy=True)
        self.sentence.clicked.connect(self._go_to_nearest)
        self.next = _Words("text2", self, "转到后一处要看的问题。")
        self.next.clicked.connect(self._step)
        self.status = _Words("text2", self, "单击看每一条检查的结果，没有检查的为什么没有。", underlined=True)
        self.status.clicked.connect(self.checks_asked)
        self.rows = _Rows(self)
        self.list = _List(self)
        self.list.setModel(self.rows)
        self._painter = _RowPainter(self.list)
        self.list.setItemDelegate(self._painter)
        self.list.arrived.connect(self._arrived)
        self.list.chosen.connect(self._chosen)
        self.list.hovered.connect(self._row_hovered)
        self.list.let_go.connect(self._let_go)
        self.list.copy_asked.connect(self._copy)
        self.list.seen.connect(self._tick_off)
        self.list.explain_asked.connect(self._explain)
        self.list.menu_asked.connect(self._menu)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 0, 8, 0)
        bar.setSpacing(4)
        bar.addWidget(self.opener)
        for chip in (*self.chips.values(), self.explained):
            bar.addWidget(chip)
        bar.addWidget(_Divider(self))
        for widget in (self.everywhere, self.here, self.filter):
            bar.addWidget(widget)
        bar.addWidget(self.sentence, 1)
        bar.addWidget(self.next)
        bar.addWidget(self.status)
        self._bar = QWidget(self)
        self._bar.setLayout(bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 1, 0, 0)  # the edge
        layout.setSpacing(0)
        layout.addWidget(self.grip)
        layout.addWidget(self._bar)
        layout.addWidget(self.list)
        self.setFocusProxy(self.opener)

    # --- open and closed

    @property
    def is_open(self) -> bool:
        return self._open

    def set_open(self, is_open: bool) -> None:
        """Opens the panel or makes it one line, without saying so."""
        if is_open != self._open:
            self._open = is_open
            self._apply_open()
            self.renew()

    @property
    def chosen(self) -> Finding | None:
        """The finding of the chosen row; while the list is closed, the one whose sentence stands there."""
        row = self._row(self.list.currentIndex().row()) if self._open else None
        return row.finding if row is not None else None if self._open else self.nearest()

    def set_section(self, key: str) -> None:
        """The page in view, "" for 基本信息: what 本页 means, and where the nearest finding is looked for."""
        if key != self._section:
            self._section = key
            self._later()

    def _user_opens(self) -> None:
        self.set_open(not self._open)
        self.opened.emit(self._open)

    def _apply_open(self) -> None:
        had_focus = self.list.hasFocus() or self.filter.hasFocus()
        if self._open:
            self.filter.setClearButtonEnabled(
                True
            )  # its picture costs 7 ms, which a start with the panel closed saves
        self.opener.setChecked(self._open)
        self.opener.setAccessibleName("收起问题列表" if self._open else "展开问题列表")
        for widget in (self.grip, self.everywhere, self.here, self.filter, self.list):
            widget.setVisible(self._open)
        self.sentence.setVisible(True)
        text = self.fontMetrics().height() + 6
        self._bar.setFixedHeight(max(HEAD - 4, text) if self._open else max(CLOSED - 1, text))
        self.list.setFixedHeight(row_height() * self._rows_shown)
        self.setFocusProxy(self.list if self._open else self.opener)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if had_focus and not self._open:
            self.opener.setFocus()

    def _dragged(self, rows: int) -> None:
        window = self.window().height()
        most = max(ROWS, window // 2 // row_height())
        self._rows_shown = min(max(2, self._rows_shown + rows), most)
        self.list.setFixedHeight(row_height() * self._rows_shown)

    # --- content

    def _session_changed(self, _change: Change) -> None:
        self._later()

    def _later(self) -> None:
        """Renews the panel after what is going on, so that typing does not wait for it."""
        if not self._renew_timer.isActive():
            self._renew_timer.start(0)

    def renew(self) -> None:
        """Shows the session's findings as they are now."""
        findings = self.session.findings
        coverage_now = coverage(self.session.report, findings)
        width, height = self.width(), self.fontMetrics().height()
        counts = tuple(findings.count(severity) for severity in Severity)
        said = (coverage_now, counts, self._open, width, height)
        if said != self._said:  # hardly ever another with a key in a text
            self._coverage, self._said = coverage_now, said
            self._say_counts(findings)
            self._say_nearest()
            self._say_coverage()
        else:
            self._say_nearest()
        if self._open:
            self._renew_rows(findings)

    def _say_counts(self, findings: Findings) -> None:
        for severity, chip in self.chips.items():
            count = findings.count(severity)
            chip.counted = count > 0
            chip.say(f"{severity.word} {count}" if self._open else f"{count} {_COUNTED[severity]}")
            chip.setAccessibleName(f"{count} {_COUNTED[severity]}")
            chip.setVisible(self._open or count > 0)
        explained = len(findings.findings) - len(findings.open)
        self.explained.say(f"已说明 {explained}" if self._open else f"{explained} 处已说明")
        self.explained.setAccessibleName(f"{explained} 处已说明")
        self.explained.setVisible(explained > 0)
        if not explained:
            self.explained.setChecked(False)
        self.next.say("F8 下一处" if findings.open else "")

    def _say_nearest(self) -> None:
        nearest = None if self._open else self.nearest()
        self.sentence.say(nearest.message if nearest is not None else "", clickable=nearest is not None)
        self.sentence.setVisible(True)  # keeps the room between both sides of the bar

    def _say_coverage(self) -> None:
        """What was checked and what not, in as many words as there is room for beside the rest of the bar.

        The chips have said how many findings there are; the tip says all.
        """
        wordings = self._coverage.wordings[1:]
        self.filter.setFixedWidth(_FILTER)
        self.next.setVisible(bool(self.next.text()))
        room = self._room()
        if (short := self.status.width_of(wordings[-1]) - room) > 0 and self.next.text():
            self.next.hide()  # the toolbar has it too
            short -= self._room() - room
        if short > 0 and self._open:
            self.filter.setFixedWidth(max(_FILTER - short, _NARROW))
        room = self._room()
        if self.session.findings.open and not self._open:
            room = max(room - min(_NEAREST, room // 3), self.status.width_of(wordings[-1]))
        fits = (words for words in wordings if self.status.width_of(words) <= room)
        self.status.say(next(fits, wordings[-1]), tip=self._coverage.sentence)
        if self.width():
            self.status.setMaximumWidth(max(room, 40))

    def _room(self) -> int:
        """Pixels that the rest of the bar leaves to the finding at hand and to what was checked."""
        chips = (*self.chips.values(), self.explained)
        beside: list[QWidget] = [self.opener, *chips, self.next, self.everywhere, self.here]
        taken = sum(widget.sizeHint().width() + 4 for widget in beside if not widget.isHidden())
        taken += 0 if self.filter.isHidden() else self.filter.minimumWidth() + 4
        return self.width() - taken - 42  # the margins, the divider, and the gaps beside what takes the rest

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say_coverage()

    def nearest(self) -> Finding | None:
        """The finding in view, else the first open one of the page, else the first."""
        findings = self.session.findings
        return (
            self.session.in_view.shown
            or next((one for one in findings.open if one.page == self._section), None)
            or next(iter(findings.open), None)
        )

    def _renew_rows(self, findings: Findings) -> None:
        form = self.session.form
        wanted = [severity for severity, chip in self.chips.items() if chip.isChecked()]
        explained = self.explained.isChecked()
        narrowed = bool(wanted) or explained
        counted: dict[tuple[str, str], int] = {}
        rows: list[Row] = []
        for finding in findings.findings:
            number = counted[finding.rule.id, finding.page] = (
                counted.get((finding.rule.id, finding.page), -1) + 1
            )
            shown = explained if finding.is_explained else finding.severity in wanted
            if shown or not narrowed:
                rows.append(finding_row(finding, form, number))
        rows.sort(key=lambda row: row.state is State.EXPLAINED)  # at the end
        waiting = (
            [] if narrowed else [unchecked_row(item, form) for item in findings.not_checked if item.rule.left]
        )
        if self.here.isChecked():
            rows = [row for row in rows if row.page == self._section]
            waiting = [row for row in waiting if row.page == self._section]
        sought = self.filter.text().strip()
        if sought:
            rows = [row for row in rows if sought in row.spoken]
            waiting = [row for row in waiting if sought in row.spoken]
        any_finding = bool(rows)
        metrics = QFontMetrics(theme.font(9.75))
        widths = [metrics.horizontalAdvance(place) for place in {row.place for row in (*rows, *waiting)}]
        drawn = self._painter.place_width, self._painter.expanded, self.list.empty_words
        self._painter.place_width = min(max(widths, default=0), 240)
        if waiting:
            rows.append(Row(("unchecked",), "", f"未检查 {len(waiting)} 条", ""))
            rows.extend(waiting if self._expanded else ())
        narrowed = bool(narrowed or sought or self.here.isChecked())
        self.list.empty_words = (
            "没有符合筛选的问题。" if narrowed and findings.findings else f"{self._coverage.sentence}。"
        )
        self._painter.expanded = self._expanded
        self.rows.set_rows(rows)
        self._select(self.session.in_view.pinned)
        if drawn != (self._painter.place_width, self._painter.expanded, self.list.empty_words):
            self.list.viewport().update()  # else the rows that have changed tell so
        self.list.setAccessibleDescription("" if any_finding else self.list.empty_words)

    def _select(self, finding: Finding | None) -> None:
        place = self.rows.place_of(finding) if finding is not None else -1
        if place >= 0 and place != self.list.currentIndex().row():
            self.list.setCurrentIndex(self.rows.index(place))
        elif place < 0 and (finding is not None or not self.list.hasFocus()):
            self.list.clearSelection()

    def _focus_changed(self, _finding: Finding | None) -> None:
        if self._renew_timer.isActive():
            return  # the rows of the change that led here are not in the list yet
        self._say_nearest()
        if self._open:
            self._select(self.session.in_view.pinned)

    # --- acts

    def _chip_clicked(self) -> None:
        if not self._open:
            self._user_opens()
        else:
            self.renew()

    def _scope_clicked(self) -> None:
        here = self.sender() is self.here
        self.here.setChecked(here)
        self.everywhere.setChecked(not here)
        self.renew()

    def _step(self) -> None:
        self.session.in_view.step(1, self._section)

    def _go_to_nearest(self) -> None:
        finding = self.nearest()
        if finding is not None:
            self._jump(finding)

    def _jump(self, finding: Finding) -> None:
        self._hover_timer.stop()
        self.session.in_view.lead_to(finding)

    def _row(self, place: int) -> Row | None:
        return self.rows.rows[place] if 0 <= place < len(self.rows.rows) else None

    def _arrived(self, place: int) -> None:
        row = self._row(place)
        if row is not None and row.finding is not None:
            self._jump(row.finding)
            self.list.setFocus()  # the page took it; who goes through the list stays there
        elif self.session.in_view.pinned is not None:
            self.session.in_view.pin(None)

    def _chosen(self, place: int) -> None:
        row = self._row(place)
        if row is None:
            return
        if row.finding is not None:
            self._jump(row.finding)
        elif row.unchecked is not None:
            self._jump_to_blank(row.unchecked)
        else:
            self._expanded = not self._expanded
            self.renew()

    def _jump_to_blank(self, item: NotChecked) -> None:
        """Goes to the first cell that keeps a rule from being checked; nothing is pinned, nothing is wrong there."""
        if item.cells:
            self.session.in_view.pin(None)
            self.session.in_view.goto.emit(anchors.Cell(item.cells[0]))

    def _row_hovered(self, place: int) -> None:
        row = self._row(place)
        finding = row.finding if row is not None else None
        if finding is not self._hovering:
            self._hovering = finding
            self._hover_timer.start(_SHOW if finding is not None else _HIDE)

    def _hover(self) -> None:
        self.session.in_view.hover(self._hovering)

    def _let_go(self) -> None:
        self.list.clearSelection()
        self.session.in_view.pin(None)

    def _copy(self, place: int) -> None:
        row = self._row(place)
        if row is not None and row.whole:
            QGuiApplication.clipboard().setText(row.whole)

    def _menu(self, place: int, where: QPoint) -> None:
        row = self._row(place)
        if row is not None and row.rule is not None:
            self.menu_of(row).popup(where)

    def menu_of(self, row: Row) -> QMenu:
        """The context menu of a finding or of a rule that was not checked."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        place = self.rows.rows.index(row)
        for words, act in (
            ("转到" if row.finding else "转到未填的格", self._chosen),
            ("复制\tCtrl+C", self._copy),
        ):
            menu.addAction(words).setData((act, place))
        if row.finding is not None and recomputable(row.finding, self.session.report) is not None:
            menu.addAction("按明细重算").setData((self._recompute, place))
        if row.finding is not None and row.finding.is_doubt:
            menu.addAction("看过了\t空格").setData((self._tick_off, place))
            if row.finding.spans:
                marked = self.session.report.prose_doubts.get(row.finding.spans[0].section, ())
                words = theme.plain_action(f"这一部分的 {len(marked)} 处都看过了")
                menu.addAction(words).setData((self._tick_off_part, place))
        if row.finding is not None and row.finding.can_be_explained:
            words = "改写说明…\tF2" if row.finding.explanation is not None else "核实无误，写说明…\tF2"
            menu.addAction(words).setData((self._explain, place))
            if row.finding.is_reopened:
                menu.addAction("原来的说明仍然适用").setData((self._still_applies, place))
            elif row.finding.is_explained:
                menu.addAction("撤回说明").setData((self._withdraw, place))
        if row.finding is not None and (values := self._forced(row.finding)):
            menu.addAction(theme.plain_action(f"按提示填入 {len(values)} 格")).setData(
                (self._fill_forced, place)
            )
        menu.triggered.connect(self._menu_chosen)
        return menu

    def _menu_chosen(self, action: Any) -> None:
        act, place = action.data()
        act(place)

    def _recompute(self, place: int) -> None:
        row = self._row(place)
        cell = (
            recomputable(row.finding, self.session.report)
            if row is not None and row.finding is not None
            else None
        )
        if cell is not None:
            from gxeditor.ui.recomputing import recompute

            recompute(self.window(), self.session, [cell], self)

    def _forced(self, finding: Finding) -> Mapping[str, int | Decimal]:
        """What the equations force of the blank cells that a finding is about."""
        if finding.rule.test != "blank":
            return {}
        return {cell: v for cell, v in self.session.forced().items() if cell in finding.cells}

    def _fill_forced(self, place: int) -> None:
        row = self._row(place)
        if row is not None and row.finding is not None:
            self.session.fill_forced(self._forced(row.finding), self)

    def _explain(self, place: int) -> None:
        """「核实无误…」; nothing for a row of which nothing can be said."""
        row = self._row(place)
        if row is not None and row.finding is not None:
            self.explain_asked.emit(row.finding)

    def _still_applies(self, place: int) -> None:
        row = self._row(place)
        if row is not None and row.finding is not None:
            self.session.still_applies(row.finding, self)

    def _withdraw(self, place: int) -> None:
        row = self._row(place)
        if row is not None and row.finding is not None:
            self.session.explain(row.finding, None, self)

    def _tick_off(self, place: int) -> None:
        """「看过了」; nothing for a row that is no doubt."""
        row = self._row(place)
        if row is not None and row.finding is not None and row.finding.is_doubt:
            self.session.tick_off(row.finding, self)

    def _tick_off_part(self, place: int) -> None:
        row = self._row(place)
        if row is not None and row.finding is not None and row.finding.spans:
            self.session.tick_off_prose(row.finding.spans[0].section, self)


class _Divider(QWidget):
    """A line between the groups of the bar."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(13)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme.Pixels(painter).vline(6, 5, self.height() - 10, theme.current().edge)
        painter.end()
