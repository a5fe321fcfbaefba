"""The start page: what was open lately, work that can be recovered, and the ways to begin.

Knows how a recent file is told in one row and how the page fits its window. Knows no file: the window says which
ones there are and which are missing, and does what the signals ask for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.rules import Severity
from gxeditor.settings import RecentFile
from gxeditor.ui.look import theme
from gxeditor.ui.look.rows import paint_ground

Index = QModelIndex | QPersistentModelIndex
_LINE = Qt.ItemDataRole.UserRole
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_PAGE_WIDTHS = 1080, 1440
_NARROW = 800  # below this width the two columns stand one above the other
_LOW = 620
_OTHER_GAP = 28  # logical pixels above 其他工作: who needs one report meets it last
_DEADLINE = "报送期限：县级以上人民政府部门 1 月 31 日前（《条例》第四十九条）"


@dataclass(frozen=True, slots=True)
class RecoveryLine:
    """Work that was not saved: `key` is handed back by the signals, `when` and `path` are shown as given.

    `whole` is false where the end of the record could not be read, so that something may be missing. `kind` is what a
    file that keeps itself is called (汇总, 台账), which has no edits that could be looked at; "" for a report.
    """

    key: object
    agency: str
    year: int | None
    when: str
    path: str
    edits: int
    whole: bool = True
    kind: str = ""


def said_when(moment: datetime, now: datetime) -> str:
    """A moment as one says it: 今天 09:41, 昨天 16:20, 1 月 9 日, and with the year when that is another."""
    days = (now.date() - moment.date()) / timedelta(days=1)
    if days in (0, 1):
        return f"{'昨天' if days else '今天'} {moment:%H:%M}"
    day = f"{moment.month} 月 {moment.day} 日"
    return day if moment.year == now.year else f"{moment.year} 年 {day}"


# ------------------------------------------------------------------------------------------------ recent reports


class _Line(NamedTuple):
    """One row of the list: its texts, what is said of the findings with their shapes, and what was checked.

    `checked` are wordings of the same, the longest first; none where that is not known. `kind` is that of the file.
    """

    path: str
    name: str
    year: str
    said: tuple[tuple[Severity | None, str], ...]
    when: str
    checked: tuple[str, ...] = ()
    kind: str = ""


_KINDS = {"": ("年报", "document"), "rollup": ("汇总", "rollup"), "ledger": ("台账", "ledger")}
"""What each kind of file is called, and its icon."""


def _line(file: RecentFile, missing: bool, now: datetime) -> _Line:
    name = file.agency or re.split(r"[\\/]", file.path)[-1]
    year = f"{file.year} 年" if file.year else ""
    said: list[tuple[Severity | None, str]] = []
    if missing:
        said.append((None, "文件不在原处"))
    elif file.kind:
        asks = file.errors if file.kind == "ledger" else file.queries
        said.append((None, f"{file.said}，" if asks and file.said else file.said))
        if asks and file.kind == "ledger":
            said.append((Severity.ERROR, f"{asks} 件超期"))
        elif asks:
            said.append((Severity.QUERY, f"{asks} 份文件未认领"))
    else:
        if file.errors:
            said.append((Severity.ERROR, f"{file.errors} 个错误"))
        if file.queries:
            said.append((Severity.QUERY, f"{file.queries} 处核实"))
    try:
        when = said_when(datetime.fromisoformat(file.opened).replace(tzinfo=None), now)
    except ValueError:
        when = ""
    return _Line(file.path, name, year, tuple(said), when, () if missing else file.checked, file.kind)


def _large() -> QFont:
    return theme.font(10.5, 600)


class _RecentDelegate(QStyledItemDelegate):
    """Paints a row: name and year, findings and time over the path and what was checked."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        text = QFontMetrics(_large()).height() + QFontMetrics(theme.font()).height()
        return QSize(200, max(52, text + 14) + 1)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: _Line = index.data(_LINE)
        colors = theme.current()
        rect, selected, text = paint_ground(painter, option, colors.base, colors.card)

        large, small = QFontMetrics(_large()), QFontMetrics(theme.font())
        gap = (rect.height() - 1 - large.height() - small.height()) // 2
        left, right = rect.x() + 44, rect.right() - 15
        theme.icon(_KINDS[line.kind][1], "text2", 18).paint(
            painter, QRect(rect.x() + 17, rect.y() + (rect.height() - 18) // 2, 18, 18)
        )
        upper = QRect(left, rect.y() + gap, right - left, large.height())
        lower = QRect(left, upper.bottom() + 1, right - left, small.height())

        painter.setFont(theme.font())
        painter.setPen(colors.text2)
        painter.drawText(upper, _RIGHT, line.when)
        x = right - small.horizontalAdvance(line.when) - 16
        for severity, said in reversed(line.said):
            width = small.horizontalAdvance(said)
            painter.setPen(
                colors.severity[severity].text if severity else text if line.kind else colors.text2
            )
            if severity and selected:
                painter.setPen(text)
            painter.drawText(QRect(x - width, upper.y(), width + 1, upper.height()), _LEFT, said)
            x -= width
            if severity:
                theme.paint_mark(painter, QRectF(x - 15, upper.center().y() - 4, 9, 9), severity)
                x -= 15
            x -= 0 if line.kind and severity else 12  # of a roll-up it is one sentence
        painter.setPen(colors.text2)
        most = lower.width() * 2 // 3  # the rest is the path's
        fits = (words for words in line.checked if small.horizontalAdvance(words) <= most)
        checked = next(fits, line.checked[-1] if line.checked else "")
        painter.drawText(lower, _RIGHT, small.elidedText(checked, Qt.TextElideMode.ElideRight, most))
        path_width = lower.width() - min(small.horizontalAdvance(checked), most) - 24
        path = small.elidedText(line.path, Qt.TextElideMode.ElideMiddle, path_width)
        painter.drawText(lower, _LEFT, path)

        year_font = theme.font(10.5)
        year_width = QFontMetrics(year_font).horizontalAdvance(line.year) + 10 if line.year else 0
        word = _KINDS[line.kind][0] if line.kind else ""  # who has reports alone is told nothing of kinds
        year_width += small.horizontalAdvance(word) + 10 if word else 0
        name = large.elidedText(line.name, Qt.TextElideMode.ElideRight, x - left - year_width)
        painter.setFont(_large())
        painter.setPen(text)
        painter.drawText(upper, _LEFT, name)
        painter.setFont(year_font)
        painter.setPen(colors.text2)
        behind = large.horizontalAdvance(name) + 10
        painter.drawText(upper.adjusted(behind, 0, 0, 0), _LEFT, line.year)
        behind += QFontMetrics(year_font).horizontalAdvance(line.year) + 10 if line.year else 0
        painter.setFont(theme.font())
        painter.drawText(upper.adjusted(behind, 0, 0, 0), _LEFT, word)


class _RecentList(QListWidget):
    """The recent files. A click or Enter chooses one, Delete or the menu takes it off the list."""

    # No str: a name that is no text on this system would not survive Qt.
    chosen = Signal(object)
    forgotten = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bare", True)
        self.setAccessibleName("最近打开")
        self.setItemDelegate(_RecentDelegate(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.clicked.connect(self._choose)

    def show_lines(self, lines: Sequence[_Line]) -> None:
        """Puts these rows in; the current row stays at its place."""
        current = max(self.currentRow(), 0)
        self.clear()
        for line in lines:
            item = QListWidgetItem(self)
            item.setData(_LINE, line)
            words = (
                f"{line.name} {line.year}{f' {_KINDS[line.kind][0]}' if line.kind else ''}".strip(),
                *(said for _, said in line.said),
                next(iter(line.checked), ""),
                line.when,
                line.path,
            )
            item.setData(Qt.ItemDataRole.AccessibleTextRole, "，".join(filter(None, words)))
            item.setToolTip(theme.plain_tip(line.path))
        self.setCurrentRow(min(current, len(lines) - 1))
        self.updateGeometry()

    @property
    def kinds(self) -> set[str]:
        """The kinds of files that are listed."""
        return {self.item(row).data(_LINE).kind for row in range(self.count())}

    def filter(self, wanted: str, kind: str | None = None) -> int:
        """Shows the rows of a kind, None for any, in which every word of `wanted` stands; how many those are."""
        words = wanted.casefold().split()
        shown = 0
        for row in range(self.count()):
            line: _Line = self.item(row).data(_LINE)
            text = f"{line.name} {line.year} {line.path}".casefold()
            fits = all(word in text for word in words) and kind in (None, line.kind)
            self.item(row).setHidden(not fits)
            shown += fits
        current = self.currentItem()
        if shown and (current is None or current.isHidden()):
            self.setCurrentRow(next(row for row in range(self.count()) if not self.item(row).isHidden()))
        self.updateGeometry()
        return shown

    def sizeHint(self) -> QSize:
        return self._rows_hint(12)

    def minimumSizeHint(self) -> QSize:
        return self._rows_hint(2)

    def _rows_hint(self, most: int) -> QSize:
        rows = sum(1 for row in range(self.count()) if not self.item(row).isHidden())
        return QSize(280, self.sizeHintForRow(0) * max(1, min(rows, most)) if self.count() else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if item is not None and not item.isHidden():
            path = item.data(_LINE).path
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.chosen.emit(path)
                return
            if event.key() == Qt.Key.Key_Delete:
                self.forgotten.emit(path)
                return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        item = self.itemAt(event.pos()) if by_mouse else self.currentItem()
        if item is None:
            return
        self.setCurrentItem(item)
        path = item.data(_LINE).path
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_it = menu.addAction("打开")
        forget = menu.addAction("从列表中移除")
        forget.setShortcut("Del")
        at = event.globalPos() if by_mouse else self.mapToGlobal(self.visualItemRect(item).center())
        done = menu.exec(at)
        if done is open_it:
            self.chosen.emit(path)
        elif done is forget:
            self.forgotten.emit(path)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(_LINE).path)


# ------------------------------------------------------------------------------------------------- ways to begin


class _Entry(QAbstractButton):
    """A way to begin: icon, what it does, a word about it, and its keys."""

    def __init__(
        self, icon: str, title: str, about: str, keys: str, tip: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{about} {keys}".strip())
        self.setToolTip(theme.plain_tip(f"{tip}（{keys}）。" if keys else f"{tip}。"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.set_icon(self, icon, "link", 20)
        self._about = about
        self._keys = keys

    def sizeHint(self) -> QSize:
        upper, lower = QFontMetrics(theme.font(10.5)), QFontMetrics(theme.font())
        width = 46 + upper.horizontalAdvance(self.text()) + 24 + lower.horizontalAdvance(self._keys) + 12
        width = max(width, 46 + lower.horizontalAdvance(self._about) + 12)
        return QSize(width, max(51, upper.height() + lower.height() + 12) + 1)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.animateClick()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, pixels = theme.current(), theme.Pixels(painter)
        width, height = self.width(), self.height()
        if self.isDown() or self.underMouse():
            pixels.fill(0, 0, width, height, colors.accenttint if self.isDown() else colors.card)
        pixels.hline(0, height - pixels.line, width, colors.line)
        if self.hasFocus():
            pixels.frame(QRectF(0, 0, width, height - 1), colors.focus, 2)
        self.paint_content(painter)
        painter.end()

    def paint_content(self, painter: QPainter) -> None:
        """Icon and words, on the ground that is painted already."""
        colors, width, height = theme.current(), self.width(), self.height()
        self.icon().paint(painter, QRect(12, (height - 21) // 2, 20, 20))
        upper, lower = QFontMetrics(theme.font(10.5)), QFontMetrics(theme.font())
        top = (height - 1 - upper.height() - lower.height()) // 2
        first = QRect(46, top, width - 58, upper.height())
        painter.setFont(theme.font(10.5))
        painter.setPen(colors.text)
        painter.drawText(first, _LEFT, self.text())
        painter.setFont(theme.font())
        painter.setPen(colors.text2)
        painter.drawText(QRect(46, top + upper.height(), width - 58, lower.height()), _LEFT, self._about)
        painter.setPen(colors.text3)
        painter.drawText(first, _RIGHT, self._keys)


class _SmallEntry(_Entry):
    """A way to begin for those who do more than their own report: a row of 34, of 24 in a low window."""

    is_low = False

    def sizeHint(self) -> QSize:
        upper, lower = QFontMetrics(theme.font(9.75)), QFontMetrics(theme.font())
        width = 46 + upper.horizontalAdvance(self.text()) + 14 + lower.horizontalAdvance(self._about)
        least, around = (24, 4) if self.is_low else (34, 12)
        return QSize(
            width + 12 + lower.horizontalAdvance(self._keys) + 14, max(least, upper.height() + around)
        )

    def paint_content(self, painter: QPainter) -> None:
        colors, width, height = theme.current(), self.width(), self.height()
        self.icon().paint(painter, QRect(14, (height - 17) // 2, 16, 16))
        painter.setFont(theme.font(9.75))
        painter.setPen(colors.text)
        room = QRect(46, 0, width - 58, height)
        painter.drawText(room, _LEFT, self.text())
        behind = QFontMetrics(painter.font()).horizontalAdvance(self.text()) + 14
        painter.setFont(theme.font())
        painter.setPen(colors.text2)
        painter.drawText(room.adjusted(behind, 0, 0, 0), _LEFT, self._about)
        painter.setPen(colors.text3)
        painter.drawText(room, _RIGHT, self._keys)


# ------------------------------------------------------------------------------------------------------ recovery


class _Recoveries(QWidget):
    """The bar in the query tint: a line with its three actions for each report that can be recovered."""

    asked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recoveries")
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(48, 12, 15, 12)
        self._rows.setSpacing(10)

    def show_lines(self, lines: Sequence[RecoveryLine]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, line in enumerate(lines):
            self._rows.addWidget(self._row(line, first=number == 0, only=len(lines) == 1))
        self.setVisible(bool(lines))

    def _row(self, line: RecoveryLine, *, first: bool, only: bool) -> QWidget:
        row = QWidget(self)
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        if first:
            what = f"{line.kind}有没写进文件的改动" if line.kind else "上次没有正常关闭，有未保存的修改"
            words.addWidget(theme.label(what, 10.5, 600))
        name = " ".join(part for part in (line.agency, f"{line.year} 年" if line.year else "") if part)
        name = f"{name}{line.kind or '年度报告'}" if name else f"未填单位的{line.kind or '年报'}"
        torn = "" if line.whole else "　记录的末尾读不出来，只能恢复到这里"
        many = "没写进文件的改动保存在本机" if line.kind else f"{line.edits} 处修改{torn}"
        told = theme.label(f"{name}　{line.when}　{many}", tone="text2")
        told.setWordWrap(True)
        told.setToolTip(theme.plain_tip(line.path))
        told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        told.setMinimumWidth(160)
        words.addWidget(told)
        across.addLayout(words, 1)
        rescued = (
            ("drop", "不要了", "link", "丢掉没写进文件的改动，原来的文件不动。"),
            ("recover", "接着改", "primary" if only else "", f"打开{line.kind}，接着没写进文件的改动做。"),
        )
        for action, text, look, tip in (
            rescued
            if line.kind
            else (
                ("show", "先看改了什么", "link", "列出没有保存的修改，看过再决定。"),
                ("copy", "另存为副本", "", "打开成一份新的年报，原来的文件不动。"),
                ("recover", "恢复", "primary" if only else "", "打开这份年报，接着没有保存的修改填。"),
            )
        ):
            button = _Ask(action, line.key, text, row)
            button.setAccessibleName(f"{text}：{name}")
            button.setToolTip(theme.plain_tip(tip))
            if look:
                button.setProperty(look, True)
            button.asked.connect(self.asked)
            across.addWidget(button)
            across.setAlignment(button, Qt.AlignmentFlag.AlignVCenter)
        return row

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, pixels = theme.current(), theme.Pixels(painter)
        rect = QRectF(self.rect())
        pixels.fill(0, 0, rect.width(), rect.height(), colors.qrytint)
        pixels.frame(rect, colors.edge)
        pixels.fill(0, 0, 3, rect.height(), colors.qry)
        if (item := self._rows.itemAt(0)) is not None:
            middle = item.geometry().center().y()
            theme.icon("recover", "qry", 20).paint(painter, QRect(16, middle - 10, 20, 20))
        painter.end()


class _OddFiles(QWidget):
    """Files of the user's folders that could not be read, in sentences, until somebody has read them."""

    read = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 10, 15, 10)
        across.setSpacing(8)
        self._told = theme.label("", tone="text2")
        self._told.setWordWrap(True)
        self._told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        across.addWidget(self._told, 1)
        known = QPushButton("知道了")
        known.setAccessibleName("知道了：读不出来的文件")
        known.setToolTip("收起这条消息，文件留在原处。")
        known.clicked.connect(self.read)
        across.addWidget(known, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def show_sentences(self, sentences: Sequence[str]) -> None:
        # Qt divides no line between two quoted names.
        self._told.setText("\n".join(sentences).replace("”、“", "”、\u200b“"))
        self.setVisible(bool(sentences))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, pixels = theme.current(), theme.Pixels(painter)
        rect = QRectF(self.rect())
        pixels.fill(0, 0, rect.width(), rect.height(), colors.card)
        pixels.frame(rect, colors.line)
        painter.end()


class _Ask(QPushButton):
    """A button that says what is asked for which piece of work."""

    asked = Signal(str, object)

    def __init__(self, action: str, key: object, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._action = action
        self._key = key
        self.clicked.connect(self._ask)

    def _ask(self) -> None:
        self.asked.emit(self._action, self._key)


# ------------------------------------------------------------------------------------------------------ the page


class StartPage(QWidget):
    """What the window shows while no report is open; every signal asks the window to do something."""

    new_rollup = Signal()
    ask_ledger = Signal()
    merge_two = Signal()
    new_blank = Signal()
    new_from_prior = Signal()
    open_file = Signal()
    import_file = Signal()
    open_recent = Signal(object)
    forget_recent = Signal(object)
    try_sample = Signal()
    recover = Signal(object)
    recover_copy = Signal(object)
    show_recovery = Signal(object)
    drop_recovery = Signal(object)
    odd_read = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("开始页")

        self._recoveries = _Recoveries()
        self._recoveries.asked.connect(self._on_recovery)
        self._recoveries.hide()

        page = self._page = QWidget()
        rows = self._rows = QVBoxLayout(page)
        rows.setSpacing(0)
        rows.addWidget(theme.label("政府信息公开年报编辑器", 16.5, 600))
        rows.addSpacing(4)
        rows.addWidget(theme.label("单机使用，不联网。数据只保存在您选择的文件夹里。", 9.75, tone="text2"))
        rows.addSpacing(24)
        rows.addWidget(self._recoveries)
        self._recovery_gap = QWidget()
        self._recovery_gap.setFixedHeight(24)
        self._recovery_gap.hide()
        rows.addWidget(self._recovery_gap)
        self._odd = _OddFiles()
        self._odd.read.connect(self.odd_read)
        rows.addWidget(self._odd)
        self._odd_gap = QWidget()
        self._odd_gap.setFixedHeight(24)
        self._odd_gap.hide()
        rows.addWidget(self._odd_gap)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(48)
        self._columns.addLayout(self._recent_column(), 29)
        self._columns.addLayout(self._start_column(), 14)
        rows.addLayout(self._columns, 1)
        rows.addSpacing(16)
        rows.addLayout(self._foot())

        around = QWidget()
        centred = QHBoxLayout(around)
        centred.setContentsMargins(32, 0, 32, 0)
        centred.addStretch(1)
        centred.addWidget(page, 1000)
        centred.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(around)
        for transparent in (area.viewport(), around):
            transparent.setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        self._show_which()

    def _recent_column(self) -> QBoxLayout:
        self._search = QLineEdit()
        self._search.setPlaceholderText("查找单位、年份")
        self._search.setAccessibleName("查找单位、年份")
        self._search.setClearButtonEnabled(True)
        self._search.setFixedWidth(
            max(200, QFontMetrics(theme.font()).horizontalAdvance("查找单位、年份") * 2)
        )
        look = self._search.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        theme.set_icon(look, "search")
        look.setText("查找")
        look.setToolTip("输入单位、年份的一部分，从最近的年报里找。")
        kept = self._search.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._search.setSizePolicy(kept)
        self._search.textChanged.connect(self._filter)
        self._search.installEventFilter(self)
        head = QHBoxLayout()
        head.addWidget(theme.label("最近打开", 10.5, 600))
        head.addSpacing(14)
        self._kinds = _Kinds()
        self._kinds.chosen.connect(self._filter)
        head.addWidget(self._kinds)
        head.addStretch(1)
        head.addWidget(self._search)

        self._list = _RecentList()
        self._list.chosen.connect(self.open_recent)
        self._list.forgotten.connect(self.forget_recent)
        self._none = theme.label("", 9.75, tone="text2")
        self._none.setWordWrap(True)
        self._none.setContentsMargins(0, 16, 0, 16)
        self._sample = QPushButton("用样例试一试")
        self._sample.setAccessibleName("打开样例")
        self._sample.setToolTip("打开样例的一份副本练手，随意修改，不影响自己的年报。")
        self._sample.clicked.connect(self.try_sample)

        column = QVBoxLayout()
        column.setSpacing(0)
        column.addLayout(head)
        column.addSpacing(9)
        column.addWidget(_Rule())
        column.addWidget(self._list, 1)
        column.addWidget(self._none)
        column.addWidget(self._sample, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(0)
        return column

    def _start_column(self) -> QBoxLayout:
        self._small: list[_SmallEntry] = []
        title = theme.label("写一份年报", 10.5, 600)
        title.setFixedHeight(self._search.sizeHint().height())
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(title)
        column.addSpacing(9)
        column.addWidget(_Rule())
        for icon, text, about, keys, tip, signal in (
            (
                "years", "从去年新建", "把上年结转、单位和文字带过来", "Ctrl+Shift+N",
                "选去年的年报，在它的基础上改成今年的，适合每年照着写的单位", self.new_from_prior,
            ),
            (
                "new", "新建空白年报", "2021 年格式，六个部分三张表", "Ctrl+N",
                "没有去年的电子文件时，从空白写起", self.new_blank,
            ),
            (
                "open", "打开", "年报、汇总、台账和下面各种文件", "Ctrl+O",
                "接着填存过的年报", self.open_file,
            ),
            (
                "import", "从旧年报导入", "Word、PDF、Excel、网页、OFD、文本", "Ctrl+I",
                "把别处写好的年报读进来，核对后再用，不用重新录入", self.import_file,
            ),
            (
                "notes", "用样例试一试", "打开样例的一份副本，可以随意修改", "",
                "先熟悉程序，不影响自己的年报", self.try_sample,
            ),
        ):  # fmt: skip
            entry = _Entry(icon, text, about, keys, tip)
            entry.clicked.connect(signal)
            column.addWidget(entry)
            self._last = entry
        self._gap = QWidget()
        column.addWidget(self._gap)
        column.addWidget(theme.label("其他工作", 9, 600, tone="text2"))
        column.addSpacing(6)
        column.addWidget(_Rule())
        for icon, text, about, keys, tip, signal in (
            (
                "rollup", "汇总", "收齐各单位年报并加总", "Ctrl+Shift+R",
                "一个县、一个市各单位的年报放在一个文件夹里，从这里收齐、检查、加总", self.new_rollup,
            ),
            (
                "ledger", "台账", "登记申请，算期限，出表三", "Ctrl+Shift+L",
                "登记每一件依申请公开，到期提醒，年底从台账计出表三、表四", self.ask_ledger,
            ),
            (
                "merge", "合并两份年报", "两人分头改过的同一份", "",
                "两个人各改了一份时，把两份合成一份，改得不同的由您逐处选", self.merge_two,
            ),
        ):  # fmt: skip
            small = _SmallEntry(icon, text, about, keys, tip)
            self._small.append(small)
            theme.set_icon(small, icon, "link", 16)
            small.clicked.connect(signal)
            column.addWidget(small)
        column.addStretch(1)
        return column

    def _foot(self) -> QBoxLayout:
        self._foot_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._foot_row.setSpacing(4)
        self._foot_row.addWidget(
            theme.label("把文件拖到窗口里也可以打开。把一个文件夹拖进来，就从它开始汇总。", tone="text2")
        )
        self._foot_row.addStretch(1)
        deadline = theme.label(_DEADLINE, tone="text2")
        self._foot_row.addWidget(deadline)
        return self._foot_row

    # --- what the window says

    def set_recent(self, files: Sequence[RecentFile], missing: set[str], now: datetime) -> None:
        """The recent files, newest first; `missing` are the paths that are not there, `now` is local time."""
        self._list.show_lines([_line(file, file.path in missing, now) for file in files])
        self._kinds.show_kinds(self._list.kinds)
        self._make_room()
        self._filter()

    def set_recoveries(self, lines: Sequence[RecoveryLine]) -> None:
        self._recoveries.show_lines(lines)
        self._make_room()
        self._recovery_gap.setVisible(bool(lines))

    def set_odd(self, sentences: Sequence[str]) -> None:
        """What is told of files that cannot be read; nothing takes the bar away."""
        self._odd.show_sentences(sentences)
        self._odd_gap.setVisible(bool(sentences))

    def _make_room(self) -> None:
        """The sample goes where work to be recovered needs its room, once a file has been opened."""
        self._last.setVisible(self._recoveries.isHidden() or not self._list.count())

    # --- what happens on the page

    def _filter(self) -> None:
        shown = self._list.filter(self._search.text(), self._kinds.kind)
        self._show_which(shown)

    def _show_which(self, shown: int = 0) -> None:
        """List, or the sentence that stands in its place."""
        listed = self._list.count() > 0
        self._search.setVisible(listed)
        self._list.setVisible(shown > 0)
        self._none.setVisible(shown == 0)
        self._sample.setVisible(not listed)
        self._none.setText(
            f"没有找到“{self._search.text()}”。"
            if listed
            else "还没有打开过年报。新建、打开或导入之后，会列在这里。\n想先看看，可以打开样例的一份副本。"
        )
        self.setFocusProxy(self._list if shown else self._search if listed else self._sample)

    def _on_recovery(self, action: str, key: object) -> None:
        {
            "show": self.show_recovery, "copy": self.recover_copy, "recover": self.recover, "drop": self.drop_recovery,
        }[action].emit(key)  # fmt: skip

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """From the search box, ↓ goes into the list, Enter opens its current row, Esc clears the search."""
        if watched is self._search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self._list.isVisible():
                self._list.setFocus()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._list.isVisible():
                self._list.keyPressEvent(event)
                return True
            if event.key() == Qt.Key.Key_Escape and self._search.text():
                self._search.clear()
                return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        low, high = _PAGE_WIDTHS
        self._page.setMaximumWidth(max(low, min(high, self.width() * 3 // 5)))
        low = self.height() < _LOW
        top, bottom = (14, 6) if low else (36, 20)
        self._gap.setFixedHeight(_OTHER_GAP // 4 if low else _OTHER_GAP)
        for small in self._small:
            if small.is_low != low:
                small.is_low = low
                small.updateGeometry()
        self._rows.setContentsMargins(0, top, 0, bottom)
        self._columns.setDirection(direction)
        self._columns.setSpacing(28 if narrow else 48)
        self._foot_row.setDirection(direction)


class _Kinds(QWidget):
    """全部 · 年报 · 汇总 · 台账: which files are listed; there from the second kind on."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.kind: str | None = None
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(2)
        self._buttons: dict[str | None, QPushButton] = {}
        for kind, word in ((None, "全部"), *((kind, word) for kind, (word, _) in _KINDS.items())):
            button = self._buttons[kind] = QPushButton(word)
            button.setProperty("chip", True)
            button.setCheckable(True)
            button.setAccessibleName(f"最近打开：{word}")
            button.setToolTip(
                theme.plain_tip("列出最近打开的全部文件。" if kind is None else f"最近打开的只列{word}。")
            )
            button.clicked.connect(lambda _=False, kind=kind: self._choose(kind))
            across.addWidget(button)
        self._buttons[None].setChecked(True)
        self.hide()

    def show_kinds(self, kinds: set[str]) -> None:
        """Those of the list; all are listed where there is one."""
        for kind, button in self._buttons.items():
            button.setVisible(kind is None or kind in kinds)
        if self.kind not in (None, *kinds) or len(kinds) < 2:
            self._choose(None)
        self.setVisible(len(kinds) > 1)

    def _choose(self, kind: str | None) -> None:
        changed, self.kind = kind != self.kind, kind
        for key, button in self._buttons.items():
            button.setChecked(key == kind)
        if changed:
            self.chosen.emit()


class _Rule(QWidget):
    """A hairline."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme.Pixels(painter).hline(0, 0, self.width(), theme.current().line)
        painter.end()
