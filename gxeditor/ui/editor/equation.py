"""The popover that explains a cell: the equation of its finding with figures, or why a total shows what it shows.

Knows how a finding is laid out as an addition on two sides and where to stand so that no
cell of the finding is covered. Takes every word and figure from the finding, its rule and the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gxeditor.core.checks.findings import Finding, Findings, NotChecked
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.form import Cell
from gxeditor.core.report import Entry, Report, show_entry
from gxeditor.ui.look import theme

WIDTH = 316
_TERMS = 8
"""More terms than this: only those that are not 0, then 「其余 14 项为 0」."""

Term = tuple[str, str, str]
"""Sign, name and value of a line."""


def terms_of(names: Sequence[str], values: Sequence[Entry | None], sign: str) -> list[Term]:
    """The lines of one side; a long side is shortened to what is not 0."""
    pairs = list(zip(names, values, strict=True))
    if len(pairs) > _TERMS:
        pairs = [(name, value) for name, value in pairs if value is None or value]
    lines = [(sign, name, "空" if value is None else show_entry(value)) for name, value in pairs]
    zeros = len(names) - len(lines)
    return [*lines, ("", f"其余 {zeros} 项为 0", "")] if zeros else lines


def explain(
    popover: EquationPopover, cell: Cell, report: Report, findings: Findings, shown: Finding | None
) -> Finding | None:
    """Fills the popover for a cell; the finding it shows. Hides it when there is nothing to explain."""
    found = findings.by_cell.get(cell.id, ())
    if found:
        chosen = shown if shown is not None and shown in found else found[0]
        popover.show_finding(chosen, (found.index(chosen) + 1, len(found)), report, cell)
        return chosen
    waiting = next((i for i in findings.unchecked_by_cell.get(cell.id, ()) if _is_begun(i, report)), None)
    if cell.is_total:
        popover.show_total(cell, report)
    elif waiting is not None and report.value(cell.id) is None:
        popover.show_unchecked(waiting, report, cell)
    else:
        popover.clear()
    return None


def _is_begun(item: NotChecked, report: Report) -> bool:
    """Whether something of a rule has been filled; an untouched table explains nothing."""
    return any(cell in report.entries for cell in (*item.rule.left, *item.rule.right))


class EquationPopover(QFrame):
    """Shows one explanation at a time beside a cell. `recompute` asks for 「按明细重算」 of the cell,
    `seen` for 「看过了」 of a finding.

    `cell` is the cell explained, None if there is nothing to explain; `finding` the finding shown, if any.
    """

    recompute = Signal(str)
    seen = Signal(object)
    pinned = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setProperty("ground", "tip")
        self.cell: Cell | None = None
        self.finding: Finding | None = None
        self._body = QWidget(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 10)
        layout.addWidget(self._body)

    # --- what is shown

    def show_finding(self, finding: Finding, position: tuple[int, int], report: Report, cell: Cell) -> None:
        """The finding as an equation; `position` is (its number, how many the cell has), from 1."""
        rule = finding.rule
        grid = self._start(cell, rule.title, finding)
        if finding.left is None or finding.right is None or finding.difference is None:
            self._sentence(grid, finding.message)
            if finding.is_doubt:
                self._button(grid, "看过了", self._ask_seen)
        else:
            names = rule.names[: len(rule.left)], rule.names[len(rule.left) :]
            self._lines(grid, terms_of(names[0], finding.left_values, "＋"))
            self._total(grid, rule.left_name, finding.left)
            if rule.kind == "balance":
                self._lines(grid, terms_of(names[1], finding.right_values, "－"))
            self._total(grid, rule.right_name, finding.right)
            self._difference(grid, finding)
        self._offer(grid, cell, report)
        several = f"{position[0]} / {position[1]}　Ctrl+F8 看另一条"
        self._foot(grid, several if position[1] > 1 else "单击固定　F8 下一处", _code(rule))

    def show_unchecked(self, item: NotChecked, report: Report, cell: Cell) -> None:
        """A rule that could not be evaluated, with its blanks."""
        rule = item.rule
        # The title of a rule says what is wrong; here nothing is known to be.
        grid = self._start(cell, f"{rule.title.partition('：')[0]}：{rule.left_name}应等于{rule.right_name}")
        if rule.kind != "carry_over":  # the left side of those stands in last year's report
            names = rule.names[: len(rule.left)], rule.names[len(rule.left) :]
            self._lines(grid, terms_of(names[0], [report.value(c) for c in rule.left], "＋"))
            sign = "－" if rule.kind == "balance" else "＝"
            self._lines(grid, terms_of(names[1], [report.value(c) for c in rule.right], sign))
        self._sentence(grid, f"未检查：{item.reason}。")
        self._foot(grid, "", _code(rule))

    def show_total(self, cell: Cell, report: Report) -> None:
        """Why a total shows what it shows."""
        grid = self._start(cell, cell.place)
        typed, total = report.entries.get(cell.id), report.details_sum(cell)
        if typed is None and total is None:
            self._sentence(grid, f"明细有{_what_is_missing(cell, report)}，填完后自动合计。")
        elif typed is None:
            self._sentence(grid, "自动合计，可以直接改填。")
        elif total is None:
            missing = _what_is_missing(cell, report)
            self._sentence(grid, f"总计是手填的 {show_entry(typed)}，明细有{missing}，没有核对。")
        elif typed == total:
            self._sentence(grid, "手填，与明细相同。")
        else:
            self._sentence(grid, f"总计是手填的 {show_entry(typed)}，按明细为 {show_entry(total)}。")
        self._offer(grid, cell, report)

    def clear(self) -> None:
        """Hides itself: there is nothing to explain."""
        self.cell = self.finding = None
        self.hide()

    # --- building

    def _start(self, cell: Cell, title: str, finding: Finding | None = None) -> QGridLayout:
        self.hide()  # what is added to a visible widget has no size until later
        self.cell, self.finding = cell, finding
        self.setAccessibleName(title)
        self.setAccessibleDescription(finding.message if finding is not None else "")
        layout = self.layout()
        assert layout is not None
        layout.removeWidget(self._body)
        self._body.deleteLater()
        self._body = QWidget(self)
        layout.addWidget(self._body)
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(3)
        grid.setColumnMinimumWidth(0, 16)
        grid.setColumnStretch(1, 1)
        words = theme.label(title, 10.5, 600)
        words.setWordWrap(True)
        if finding is None:
            grid.addWidget(words, 0, 0, 1, 3)
        else:
            grid.addWidget(_Mark(finding.severity), 0, 0)
            grid.addWidget(words, 0, 1)
            word = theme.label(finding.severity.word, tone=f"{theme.TONES[finding.severity]}text")
            grid.addWidget(word, 0, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.setRowMinimumHeight(1, 3)
        return grid

    def _lines(self, grid: QGridLayout, lines: Iterable[Term]) -> None:
        for sign, name, value in lines:
            row = grid.rowCount()
            grid.addWidget(theme.label(sign), row, 0, Qt.AlignmentFlag.AlignTop)
            words = theme.label(name)
            words.setWordWrap(True)
            grid.addWidget(words, row, 1)
            grid.addWidget(_figure(value), row, 2)

    def _total(self, grid: QGridLayout, name: str, total: Entry) -> None:
        line = QFrame()
        line.setFixedHeight(1)
        line.setProperty("edge", "top")
        grid.addWidget(line, grid.rowCount(), 1, 1, 2)
        row = grid.rowCount()
        grid.addWidget(theme.label(name, weight=600), row, 1)
        grid.addWidget(_figure(show_entry(total), weight=600), row, 2)

    def _difference(self, grid: QGridLayout, finding: Finding) -> None:
        tone = theme.TONES[finding.severity]
        bar = QFrame()
        bar.setProperty("ground", f"{tone}tint")
        row = QHBoxLayout(bar)
        row.setContentsMargins(22, 4, 0, 4)
        row.addWidget(theme.label("相差", weight=600, tone=f"{tone}text"))
        row.addWidget(_figure(show_entry(finding.difference), f"{tone}text", weight=600))
        grid.setRowMinimumHeight(grid.rowCount(), 2)
        grid.addWidget(bar, grid.rowCount(), 0, 1, 3)

    def _sentence(self, grid: QGridLayout, text: str) -> None:
        words = theme.label(text)
        words.setWordWrap(True)
        grid.addWidget(words, grid.rowCount(), 0, 1, 3)

    def _offer(self, grid: QGridLayout, cell: Cell, report: Report) -> None:
        """「按明细重算」, where a typed total disagrees with its details."""
        total = report.details_sum(cell)
        if total is not None and cell.id in report.entries and total != report.entries[cell.id]:
            self._button(grid, "按明细重算", self._ask_recompute)

    def _button(self, grid: QGridLayout, words: str, does: Callable[[], None]) -> None:
        button = QPushButton(words)
        button.clicked.connect(does)
        grid.setRowMinimumHeight(grid.rowCount(), 4)
        grid.addWidget(button, grid.rowCount(), 0, 1, 3, Qt.AlignmentFlag.AlignLeft)

    def _foot(self, grid: QGridLayout, keys: str, code: str) -> None:
        row = QHBoxLayout()
        row.addWidget(theme.label(keys, 8.25, tone="text2"), 1)
        row.addWidget(theme.label(code, 8.25, tone="text2"))
        grid.setRowMinimumHeight(grid.rowCount(), 6)
        grid.addLayout(row, grid.rowCount(), 0, 1, 3)

    def _ask_recompute(self) -> None:
        cell = self.cell
        self.clear()
        if cell is not None:
            self.recompute.emit(cell.id)

    def _ask_seen(self) -> None:
        finding = self.finding
        self.clear()
        if finding is not None:
            self.seen.emit(finding)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.finding is not None:
            self.pinned.emit(self.finding)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        theme.Pixels(painter).frame(QRectF(self.rect()), theme.current().edge)
        painter.end()

    # --- where it stands

    def place_beside(self, anchor: QRect, avoid: Sequence[QRect]) -> None:
        """Stands beside `anchor` (screen coordinates), one row lower, where it covers none of `avoid` if it can."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.setFixedSize(WIDTH, max(layout.totalHeightForWidth(WIDTH), layout.totalMinimumSize().height()))
        screen = QGuiApplication.screenAt(anchor.center()) or QGuiApplication.primaryScreen()
        area = screen.availableGeometry()
        right, left = anchor.right() + 8, anchor.left() - self.width() - 8
        lower, upper = anchor.bottom() + 8, anchor.top() - self.height() - 8
        spots = [QPoint(x, y) for x in (right, left) for y in (lower, upper, anchor.top())]
        spots += [QPoint(anchor.left(), lower), QPoint(anchor.left(), upper)]
        boxes = [_within(QRect(spot, self.size()), area) for spot in spots]
        best = min(boxes, key=lambda box: sum(_overlap(box, other) for other in (anchor, *avoid)))
        self.move(best.topLeft())
        self.show()
        self.raise_()


def _code(rule: Rule) -> str:
    """The rule's code as a clerk may quote it, without the line of the form."""
    return rule.id.partition(".")[0]


def _what_is_missing(cell: Cell, report: Report) -> str:
    """Why the details of a total do not add up."""
    values = [report.value(part) for part in cell.parts]
    blanks = sum(1 for value in values if value is None)
    text = next((value for value in values if isinstance(value, str)), "")
    return f" {blanks} 格未填" if blanks else f"“{text}”，不是数字"


def _figure(text: str, tone: str = "text", weight: int = 400) -> QLabel:
    label = theme.label(text, weight=weight, tone=tone)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    label.setContentsMargins(0, 0, 6, 0)
    return label


def _within(box: QRect, area: QRect) -> QRect:
    x = max(area.left(), min(box.left(), area.right() - box.width()))
    y = max(area.top(), min(box.top(), area.bottom() - box.height()))
    return QRect(x, y, box.width(), box.height())


def _overlap(one: QRect, other: QRect) -> int:
    both = one.intersected(other)
    return both.width() * both.height() if both.isValid() else 0


class _Mark(QWidget):
    """The severity's shape before the title."""

    def __init__(self, severity: Severity) -> None:
        super().__init__()
        self._severity = severity
        self.setFixedSize(16, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme.paint_mark(painter, QRectF(1, 2, 12, 12), self._severity)
        painter.end()
