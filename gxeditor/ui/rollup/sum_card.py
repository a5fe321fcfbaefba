"""What the sum in hand is made of, beside the table: its units, the largest first, with last year's, and adjustments.

Knows how the parts of a sum are listed and folded (`Part`) and which key asks for what; a unit's report is opened by
the page. With very many units the branches come first. Reckons nothing (`core.rollup.sums`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QElapsedTimer,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.rules import Severity
from gxeditor.core.report import show_entry
from gxeditor.core.rollup.project import Adjustment, Rollup, State
from gxeditor.core.rollup.sums import (
    Contribution,
    Contributions,
    Number,
    Subtotal,
    contributions,
    decisions,
    total_name,
)
from gxeditor.core.rollup.units import Unit, UnitKind
from gxeditor.core.text import inert
from gxeditor.ui.editor.clipboard import put_on_clipboard
from gxeditor.ui.look import theme
from gxeditor.ui.look.rows import paint_ground
from gxeditor.ui.rollup.listing import said_day, short_name
from gxeditor.ui.rollup.sum_grid import signed

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
ROW, HEAD, WIDTH, NARROW = 25, 24, 380, 352
LARGE = 600
"""Units from which the card begins with the branches."""
_LEAST = 3  # units in view however low the card is
_UNIT, _NOW, _SHARE, _THEN = range(4)
_HEADINGS = ("单位，由大到小", "本年", "占比", "上年")
_WIDTHS = {_NOW: 60, _SHARE: 94, _THEN: 50}
_BAR = 52, 8  # the longest bar, and how high
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def brief(unit: Unit, owner: str) -> str:
    """A unit's name where there is little room: without the area's, of a township without 人民政府."""
    name = short_name(unit.name, owner)
    if unit.kind is UnitKind.TOWNSHIP:
        return name.removesuffix("人民政府") or name
    return name.removeprefix("人民") if unit.kind is UnitKind.OFFICE else name


class Part(NamedTuple):
    """A line of the card. `key` is "unit:…", "branch:…", "fold:…", "adjustment:…" or "" for one that leads nowhere."""

    key: str
    words: str
    now: str = ""
    share: Decimal | None = None
    then: str = ""
    strong: bool = False
    tone: str = "text"
    state: State | None = None
    link: str = ""


def share_shown(share: Decimal | None) -> str:
    """A share in whole per cent, one below 1 % with a decimal; "" where there is none."""
    if share is None:
        return ""
    per_cent = share * 100
    places = Decimal(1) if abs(per_cent) >= 1 or not per_cent else Decimal("0.1")
    rounded = per_cent.quantize(places, ROUND_HALF_UP)
    return "不到 0.1%" if per_cent and not rounded else f"{rounded}%"


def parts(
    rollup: Rollup,
    found: Contributions,
    *,
    room: int = 9,
    unfolded: frozenset[str] = frozenset(),
    branches: Sequence[Subtotal] = (),
) -> list[Part]:
    """The lines of the card: as many units as there is room for, the rest folded unless it is `unfolded`.

    With `branches` those stand in place of the units.
    """
    lines: list[Part] = []
    if branches:
        lines += _branches(rollup, found, branches)
    else:
        shown = found.rows if "rest" in unfolded or len(found.rows) <= room + 1 else found.rows[:room]
        lines += [_unit(rollup, one) for one in shown]
        rest = found.rows[len(shown) :]
        if rest or "rest" in unfolded:
            folded = found.rows[room:]
            lines.append(_fold("rest", f"其余 {len(folded)} 家", folded, found, "rest" in unfolded))
        if found.zeros:
            lines.append(
                _fold("zeros", f"填 0 的 {len(found.zeros)} 家", found.zeros, found, "zeros" in unfolded)
            )
            if "zeros" in unfolded:
                lines += [_unit(rollup, one) for one in found.zeros]
        lines += _outside(rollup, found.blank, "blank", unfolded)
        lines += _outside(rollup, found.missing, "missing", unfolded)
    lines.append(
        Part(
            "",
            f"{found.sum.units} 家小计",
            show_entry(found.subtotal),
            Decimal(1) if found.subtotal else None,
            show_entry(found.prior_subtotal),
            strong=True,
        )
    )
    numbers = numbers_of(rollup)
    lines += [
        Part(
            f"adjustment:{one.id}", f"调整 {numbers.get(one.id, '')}".strip(),
            signed(one.delta) if not isinstance(one.delta, str) else one.delta, link="看理由",
        )
        for one in found.adjustments
    ]  # fmt: skip
    lines.append(
        Part("", found.sum.name, show_entry(found.sum.value), None, show_entry(found.prior_subtotal), True)
    )
    return lines


def numbers_of(rollup: Rollup) -> dict[str, str]:
    """The number of each adjustment, by its id: rows that were decided at once have one."""
    return {
        row.id: str(number)
        for number, decision in enumerate(decisions(rollup.adjustments), start=1)
        for row in decision.rows
    }


def _unit(rollup: Rollup, one: Contribution) -> Part:
    state = rollup.state(one.unit)
    return Part(
        f"unit:{one.unit.id}", brief(one.unit, rollup.owner), show_entry(one.value), one.share,
        show_entry(one.prior), state=state if state in (State.ERRORS, State.QUERIES, State.RETURNED) else None,
    )  # fmt: skip


def _branches(rollup: Rollup, found: Contributions, branches: Sequence[Subtotal]) -> Iterable[Part]:
    def amount(branch: Subtotal) -> Number:
        return branch.sums[found.cell].value or 0

    for one in sorted(branches, key=amount, reverse=True):
        value = one.sums[found.cell].value
        share = Decimal(value) / Decimal(found.subtotal) if value and found.subtotal else None
        name = short_name(one.name, rollup.owner)
        yield Part(
            f"branch:{one.unit}",
            total_name(one.sums[found.cell].units, one.of, name),
            show_entry(value),
            share,
        )


def _fold(key: str, words: str, ones: Sequence[Contribution], found: Contributions, is_open: bool) -> Part:
    values = [one.value for one in ones if one.value is not None]
    priors = [one.prior for one in ones if one.prior is not None]
    total = sum(values)
    share = Decimal(total) / Decimal(found.subtotal) if total and found.subtotal else None
    return Part(
        f"fold:{key}", words, show_entry(total), share, show_entry(sum(priors)) if priors else "", tone="link",
        link="收起" if is_open else "",
    )  # fmt: skip


def _outside(
    rollup: Rollup, ones: Sequence[Contribution], key: str, unfolded: frozenset[str]
) -> Iterable[Part]:
    """Those not in the sum, together by why: named as long as they are two, else folded."""
    by_reason: dict[str, list[Contribution]] = {}
    for one in ones:
        reason = one.text if key == "missing" else f"填的是“{one.text}”" if one.text else "没有填数"
        by_reason.setdefault(reason, []).append(one)
    for reason, several in by_reason.items():
        priors = [one.prior for one in several if one.prior is not None]
        then = f"（{show_entry(sum(priors))}）" if priors else ""
        fold = f"{key}/{reason}"
        said = f"{reason}，不在内"
        state = (
            State.MISSING if reason == State.MISSING.value else State.INCOMPLETE if key == "blank" else None
        )
        if len(several) == 1:
            name = brief(several[0].unit, rollup.owner)
            yield Part(f"unit:{several[0].unit.id}", name, said, None, then, tone="qrytext", state=state)
            continue
        names = "、".join(brief(one.unit, rollup.owner) for one in several)
        words = names if len(several) == 2 else f"{len(several)} 家"
        yield Part(f"fold:{fold}", words, said, None, then, tone="qrytext", state=state)
        if fold in unfolded:
            for one in several:
                yield Part(
                    f"unit:{one.unit.id}", brief(one.unit, rollup.owner), "", None,
                    f"（{show_entry(one.prior)}）" if one.prior is not None else "",
                )  # fmt: skip


class _Lines(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Part] = []

    def set_lines(self, lines: list[Part]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        return (_RIGHT if section else _LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return texts(line)[index.column()]
        then = f"上年 {line.then}" if line.then else ""
        spoken = "，".join(filter(None, (line.words, line.now, share_shown(line.share), then)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return theme.plain_tip(spoken)
        return None


def texts(line: Part) -> tuple[str, str, str, str]:
    """A line as it is copied."""
    return line.words, line.now, share_shown(line.share), line.then


class _Painter(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Part = index.model().lines[index.row()]  # type: ignore[attr-defined]
        colors, column = theme.current(), index.column()
        base = colors.total if line.strong else None
        ground = paint_ground(painter, option, base, colors.head, bar=column == _UNIT)
        rect = ground.rect
        tone: QColor = ground.text if ground.selected else getattr(colors, line.tone)
        painter.setFont(theme.font(9, 600 if line.strong else 400))
        if column == _UNIT:
            self._write_name(painter, rect, line, tone)
        elif column == _NOW and line.tone == "qrytext":  # a reason, over the room of the shares as well
            painter.setPen(ground.text if ground.selected else colors.qrytext)
            painter.drawText(rect.adjusted(2, 0, -8, 0), _RIGHT, line.now)
        elif column == _NOW:
            painter.setPen(ground.text if line.now.strip("0") or ground.selected else colors.zero)
            painter.drawText(rect.adjusted(2, 0, -8, 0), _RIGHT, line.now)
        elif column == _SHARE and line.tone != "qrytext":
            words = share_shown(line.share)
            painter.setPen(ground.text)
            painter.drawText(rect.adjusted(2, 0, -8, 0), _RIGHT, words)
            if line.share is not None and line.key.startswith(("unit:", "branch:")):
                wide = max(1.0, float(line.share) * _BAR[0] / self._largest(index))
                top = rect.y() + (rect.height() - _BAR[1]) / 2
                painter.fillRect(QRectF(rect.right() - 44 - wide, top, wide, _BAR[1]), colors.line2)
        elif column == _THEN:
            painter.setPen(ground.text if ground.selected else colors.text2)
            painter.drawText(rect.adjusted(2, 0, -10, 0), _RIGHT, line.then)

    @staticmethod
    def _largest(index: Index) -> float:
        shares = [line.share for line in index.model().lines if line.share is not None and line.key]  # type: ignore[attr-defined]
        units = [float(s) for s in shares]
        return max((abs(one) for one in units), default=1.0) or 1.0

    @staticmethod
    def _write_name(painter: QPainter, rect: QRect, line: Part, tone: QColor) -> None:
        left = rect.x() + 16
        metrics = painter.fontMetrics()
        room = rect.right() - 4 - left
        if line.state is State.MISSING:
            theme.icon("document", "text", 13).paint(painter, left, rect.y() + 6, 13, 13)
            left, room = left + 18, room - 18
        elif line.state is State.INCOMPLETE:
            theme.paint_mark(painter, QRectF(left + 2, rect.y() + 9, 8, 8), Severity.QUERY)
            left, room = left + 18, room - 18
        elif line.state is not None:
            room -= 16
        points = 9.0
        while line.strong and points > 6 and metrics.horizontalAdvance(line.words) > room:
            points -= 0.25  # of how many units a sum is, is never cut off
            painter.setFont(theme.font(points, 600))
            metrics = painter.fontMetrics()
        painter.setPen(theme.current().text if line.state in (State.MISSING, State.INCOMPLETE) else tone)
        words = metrics.elidedText(line.words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, rect.y(), room, rect.height()), _LEFT, words)
        end = left + metrics.horizontalAdvance(words)
        if line.state in (State.ERRORS, State.QUERIES):
            severity = Severity.ERROR if line.state is State.ERRORS else Severity.QUERY
            theme.paint_mark(painter, QRectF(end + 6, rect.y() + 9, 8, 8), severity)
        elif line.state is State.RETURNED:
            theme.icon("return", "qry", 13).paint(painter, end + 4, rect.y() + 6, 13, 13)
        if line.link:
            painter.setPen(theme.current().link)
            painter.drawText(QRect(end + 14, rect.y(), 80, rect.height()), _LEFT, line.link)


class _Head(QHeaderView):
    """The headings as words on the card, without a ground of their own."""

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        colors = theme.current()
        painter.save()
        painter.setFont(theme.font(9))
        painter.setPen(colors.text2)
        room = rect.adjusted(16 if section == _UNIT else 2, 0, -10 if section == _THEN else -8, 0)
        painter.drawText(room, _RIGHT if section else _LEFT, _HEADINGS[section])
        pixels = theme.Pixels(painter)
        pixels.hline(rect.x(), rect.bottom() + 1 - pixels.line, rect.width(), colors.line)
        painter.restore()


class _View(QTableView):
    """`opened` carries the key of a line."""

    opened = Signal(str)
    left = Signal()
    copy_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._acted = QElapsedTimer()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self._open(self.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """What a click led to has other lines: the second of a double click is not one on them."""
        if self._acted.isValid() and self._acted.elapsed() < QApplication.doubleClickInterval():
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.model().lines[index.row()].key.startswith("unit:"):  # type: ignore[attr-defined]
            super().mouseDoubleClickEvent(event)

    def has_acted(self) -> None:
        """A click has led somewhere."""
        self._acted.start()

    def _open(self, index: Index) -> None:
        if index.isValid() and (key := index.model().lines[index.row()].key):  # type: ignore[attr-defined]
            self.opened.emit(key)


class SumCard(QWidget):
    """The card. `unit_asked` carries the id of a unit whose report is wanted, `branch_asked` that of a branch,
    `adjustment_asked` that of an adjustment; `closed` says that the card goes, `left` that the keys go to the table."""

    unit_asked = Signal(str)
    branch_asked = Signal(str)
    adjustment_asked = Signal(str)
    closed = Signal()
    left = Signal()
    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "card")
        self.setProperty("edge", "left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("这个合计由哪些单位组成")
        self.cell = ""
        self.found: Contributions | None = None
        self._rollup: Rollup | None = None
        self._branches: Sequence[Subtotal] = ()
        self._unfolded: frozenset[str] = frozenset()
        self._under = ""
        self._with = True
        self._had = 0  # the capacity for which the lines were made
        self._title = theme.label("", 10.5, 600)
        self._title.setWordWrap(True)
        close = QToolButton()
        theme.set_icon(close, "close", "text2", 12)
        close.setAccessibleName("关闭")
        close.setToolTip("收起这张卡片，表格变宽；在表格里按 Enter 再打开。")
        close.clicked.connect(self.closed)
        self._value = theme.label("", 15, 600)
        self._of = theme.label()
        self._year = theme.label(tone="text2")
        self._year.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        figures = QHBoxLayout()
        figures.setSpacing(9)
        figures.addWidget(self._value)
        figures.addWidget(self._of, 0, Qt.AlignmentFlag.AlignBottom)
        figures.addWidget(self._year, 1, Qt.AlignmentFlag.AlignBottom)
        top = QVBoxLayout()
        top.setContentsMargins(16, 12, 14, 6)
        top.setSpacing(4)
        top.addLayout(head)
        top.addLayout(figures)
        self._lines = _Lines(self)
        self.view = view = _View()
        view.setModel(self._lines)
        view.setItemDelegate(_Painter(view))
        view.setProperty("bare", True)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setShowGrid(False)
        view.setMouseTracking(True)
        view.setTabKeyNavigation(False)
        view.setAccessibleName("组成这个合计的单位")
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(ROW)
        header = _Head(Qt.Orientation.Horizontal, view)
        header.viewport().setAutoFillBackground(False)
        header.setProperty("bare", True)
        view.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setFixedHeight(HEAD)
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        view.clicked.connect(self._clicked)
        view.doubleClicked.connect(view._open)
        view.opened.connect(self._opened)
        view.left.connect(self.left)
        view.copy_asked.connect(self.copy)
        self._reasons = QVBoxLayout()
        self._reasons.setContentsMargins(16, 8, 14, 10)
        self._reasons.setSpacing(4)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(view, 1000)
        whole.addLayout(self._reasons)
        whole.addStretch(1)

    def show_cell(
        self,
        rollup: Rollup,
        cell: str,
        *,
        under: str = "",
        with_adjustments: bool = True,
        branches: Sequence[Subtotal] = (),
    ) -> None:
        """Shows what the sum of a cell is made of; with `branches` these first."""
        if cell != self.cell:
            self._unfolded = frozenset()
        self.cell, self._rollup, self._branches = cell, rollup, branches
        self._under, self._with = under, with_adjustments
        found = self.found = contributions(rollup, cell, under, with_adjustments)
        self._title.setText(rollup.form.cells[cell].place)
        self._value.setText(show_entry(found.sum.value) or "—")
        self._of.setText(found.sum.completeness + ("" if found.sum.units else "，还没有可加的数"))
        self._year.setText(self._beside(found))
        self._say_reasons(rollup, found.adjustments)
        self._fill()

    @staticmethod
    def _beside(found: Contributions) -> str:
        year = found.year
        if year is None or year.then_same is None:
            return ""
        said = f"上年同 {year.same} 家 {show_entry(year.then_same)}"
        if year.now_same != found.sum.value:
            said += f"，这 {year.same} 家本年 {show_entry(year.now_same)}"
        return f"{said}，差 {signed(year.difference)}"

    def _fill(self) -> None:
        if self._rollup is None or self.found is None:
            return
        row = self.view.currentIndex().row()
        capacity = room = self._had = self._capacity()
        while True:
            made = parts(
                self._rollup, self.found, room=room, unfolded=self._unfolded, branches=self._branches
            )
            if self._unfolded or self._branches or room <= _LEAST or len(made) <= capacity:
                break
            room = max(_LEAST, room - max(1, len(made) - capacity))
        self._lines.set_lines(made)
        lines = self._lines.lines
        self.view.clearSpans()
        for at, line in enumerate(lines):
            if line.tone == "qrytext":
                self.view.setSpan(at, _NOW, 1, 2)
        self.view.setMaximumHeight(HEAD + ROW * len(lines) + 2)
        if (layout := self.layout()) is not None:
            layout.activate()
        self._share_out()
        if 0 <= row < self._lines.rowCount():
            self.view.setCurrentIndex(self._lines.index(row, 0))

    def _say_reasons(self, rollup: Rollup, adjustments: Iterable[Adjustment]) -> None:
        while (item := self._reasons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        numbers = numbers_of(rollup)
        for one in adjustments:
            day = said_day(one.day)
            head = f"调整 {numbers.get(one.id, '')}" + (f"　{day}" if day else "")
            self._reasons.addWidget(theme.label(head, 9, 600))
            for words, tone in ((one.reason, "text"), (one.basis and f"依据：{one.basis}", "text2")):
                if words:
                    label = theme.label(words, 9, 400, tone)
                    label.setWordWrap(True)
                    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                    self._reasons.addWidget(label)

    def _capacity(self) -> int:
        """How many lines are in view at once."""
        if (layout := self.layout()) is not None:
            layout.activate()
        reasons = self._reasons.totalHeightForWidth(self.width()) if self._reasons.count() else 0
        return max(_LEAST, (self.height() - self.view.y() - reasons - HEAD - 4) // ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()
        self._share_out()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if (
            event.type() == QEvent.Type.LayoutRequest
            and self.found is not None
            and self._capacity() != self._had
        ):
            self._fill()  # reasons take the lines that they need once they are laid out
        return done

    def _share_out(self) -> None:
        """The widths of the columns: what figures leave is the units'."""
        bar = self.view.verticalScrollBar()
        hidden = self.view.maximumHeight() <= self.view.height() or not self.isVisible()
        wide = self.width() - 1 - (0 if hidden else bar.sizeHint().width())
        for column, width in _WIDTHS.items():
            self.view.setColumnWidth(column, width)
        self.view.setColumnWidth(_UNIT, max(60, wide - sum(_WIDTHS.values())))

    def focus_units(self) -> None:
        """The keys go to the units, the first of them if none was chosen."""
        if not self.view.currentIndex().isValid() and self._lines.rowCount():
            self.view.setCurrentIndex(self._lines.index(0, 0))
        self.view.setFocus()

    def stand(self) -> str:
        """The key of the chosen line."""
        index = self.view.currentIndex()
        return self._lines.lines[index.row()].key if index.isValid() else ""

    def stand_at(self, key: str) -> None:
        """Chooses the line of a key again, if it is there."""
        for row, line in enumerate(self._lines.lines):
            if line.key == key:
                self.view.setCurrentIndex(self._lines.index(row, 0))
                self.view.setFocus()
                return

    def _clicked(self, index: Index) -> None:
        line = self._lines.lines[index.row()]
        if line.key.startswith(("fold:", "adjustment:", "branch:")):
            self.view.has_acted()
            self._opened(line.key)

    def _opened(self, key: str) -> None:
        kind, _, what = key.partition(":")
        if kind == "fold":
            self._unfolded ^= {what}
            self._fill()
        elif kind == "unit":
            self.unit_asked.emit(what)
        elif kind == "branch":
            self.branch_asked.emit(what)
        elif kind == "adjustment":
            self.adjustment_asked.emit(what)

    def copy(self) -> None:
        """Copies all that the sum is made of, nothing folded, with of how many units it is."""
        if self._rollup is None or self.found is None:
            return
        everything = parts(self._rollup, self.found, room=len(self.found.rows) + 1, unfolded=_All())
        cell = self._rollup.form.cells[self.cell]
        lines = ([inert(words), *figures] for words, *figures in map(texts, everything))
        put_on_clipboard([[cell.place, "本年", "占比", "上年"], *lines])
        self.told.emit(f"已复制“{cell.place}”由哪些单位组成：{self.found.sum.name}。")


class _All(frozenset[str]):
    """Everything unfolded but what has nothing folded."""

    def __contains__(self, key: object) -> bool:
        return key != "rest"
