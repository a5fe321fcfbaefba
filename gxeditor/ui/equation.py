"""The popover that explains a cell: the equation of its finding with figures, or why a total shows what it shows.

Knows how a finding is laid out as an addition on two sides (LOOK.md §4, equation tooltip) and where to stand so that no
cell of the finding is covered. Takes every word and figure from the finding, its rule and the report.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gxeditor.core.form import Cell
from gxeditor.core.report import Entry, Report, show_entry
from gxeditor.core.rules import Finding, Findings, NotChecked, Rule
from gxeditor.ui import theme

WIDTH = 316
_TERMS = 8
"""More terms than this: only those that are not 0, then 「其余 14 项为 0」."""


def terms_of(names: Sequence[str], values: Sequence[Entry | None], sign: str) -> list[tuple[str, str, str]]:
    """The lines (sign, name, value) of one side; a long side is shortened to what is not 0."""
    lines = [
        (sign, name, show_entry(value) if value is not None else "空")
        for name, value in zip(names, values, strict=True)
    ]
    if len(lines) <= _TERMS:
        return lines
    kept = [
        line
        for line, value in zip(lines, values, strict=True)
        if value is None or isinstance(value, str) or value
    ]
    zeros = len(lines) - len(kept)
    return [*kept, ("", f"其余 {zeros} 项为 0", "")] if zeros else kept


class EquationPopover(QFrame):
    """Shows one explanation at a time beside a cell. `recompute` asks for 「按明细重算」 of the cell."""

    recompute = Signal(str)
    pinned = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("equation")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._body: QWidget | None = None
        self.cell: Cell | None = None
        self.finding: Finding | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 10)

    # --- what is shown

    def show_finding(self, finding: Finding, position: tuple[int, int], report: Report, cell: Cell) -> None:
        """The finding as an equation; `position` is (its number, how many the cell has), from 1."""
        self.finding, self.cell = finding, cell
        grid = self._start(finding.rule.title, finding)
        if finding.left is None or finding.right is None or finding.difference is None:
            self._sentence(grid, finding.message)
        else:
            rule = finding.rule
            left_names, right_names = rule.names[: len(rule.left)], rule.names[len(rule.left) :]
            self._side(grid, terms_of(left_names, finding.left_values, "＋"), rule.left_name, finding.left)
            if rule.kind == "balance":
                self._side(
                    grid, terms_of(right_names, finding.right_values, "－"), rule.right_name, finding.right
                )
            else:
                self._total(grid, rule.right_name, finding.right)
            self._difference(grid, finding)
        keys = "单击固定　F8 下一处"
        if position[1] > 1:
            keys = f"{position[0]} / {position[1]}　Ctrl+F8 看另一条"
        self._foot(grid, keys, finding.rule.id, report)

    def show_unchecked(self, item: NotChecked, report: Report, cell: Cell) -> None:
        """A rule that could not be evaluated, with its blanks."""
        self.finding, self.cell = None, cell
        grid = self._start("未检查", None)
        rule = item.rule
        values = [report.value(c) for c in (*rule.left, *rule.right)]
        names = list(rule.names)
        self._side(grid, terms_of(names[: len(rule.left)], values[: len(rule.left)], "＋"), "", None)
        self._side(grid, terms_of(names[len(rule.left) :], values[len(rule.left) :], "＝"), "", None)
        self._sentence(grid, f"未检查：{item.reason}。")
        self._foot(grid, "", rule.id, report)

    def show_total(self, cell: Cell, report: Report) -> None:
        """Why a total shows what it shows."""
        self.finding, self.cell = None, cell
        typed = cell.id in report.entries
        total = report.details_sum(cell)
        grid = self._start(cell.place, None)
        if typed and total is None:
            blanks = sum(1 for part in cell.parts if report.value(part) is None)
            self._sentence(
                grid, f"总计是手填的 {show_entry(report.value(cell.id))}，明细有 {blanks} 个空格，没有核对。"
            )
        elif typed and total == report.entries[cell.id]:
            self._sentence(grid, "手填，与明细相同。")
        elif typed:
            self._sentence(
                grid, f"总计是手填的 {show_entry(report.entries[cell.id])}，按明细为 {show_entry(total)}。"
            )
        elif total is None:
            self._sentence(
                grid,
                f"明细有 {sum(1 for p in cell.parts if report.value(p) is None)} 个空格，填完后自动合计。",
            )
        else:
            self._sentence(grid, "自动合计，可以直接改填。")
        self._foot(grid, "", "", report)

    # --- building

    def _start(self, title: str, finding: Finding | None) -> QGridLayout:
        layout = self.layout()
        assert layout is not None
        if self._body is not None:
            layout.removeWidget(self._body)
            self._body.deleteLater()
        colors = theme.current().hex
        self.setStyleSheet(
            f"QFrame#equation {{ background: {colors.tip}; border: 1px solid {colors.edge}; border-radius: 4px; }}"
            f"QFrame#equation QLabel {{ background: transparent; color: {colors.text}; }}"
        )
        self._body = QWidget(self)
        layout.addWidget(self._body)
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        head = QHBoxLayout()
        if finding is not None:
            mark = _Mark(finding)
            head.addWidget(mark)
        words = QLabel(title)
        words.setFont(theme.font(10.5, 600))
        words.setWordWrap(True)
        head.addWidget(words, 1)
        if finding is not None:
            severity = QLabel(finding.severity.word)
            severity.setStyleSheet(f"color: {theme.current().severity[finding.severity].text.name()};")
            severity.setAlignment(Qt.AlignmentFlag.AlignTop)
            head.addWidget(severity)
        grid.addLayout(head, 0, 0, 1, 3)
        grid.setRowMinimumHeight(1, 2)
        return grid

    def _side(
        self, grid: QGridLayout, lines: list[tuple[str, str, str]], name: str, total: Entry | None
    ) -> None:
        for sign, words, value in lines:
            row = grid.rowCount()
            grid.addWidget(QLabel(sign), row, 0)
            text = QLabel(words)
            text.setWordWrap(True)
            grid.addWidget(text, row, 1)
            grid.addWidget(_right(value), row, 2)
        if total is not None:
            self._total(grid, name, total)

    def _total(self, grid: QGridLayout, name: str, total: Entry) -> None:
        line = QFrame()
        line.setFixedHeight(1)
        line.setStyleSheet(f"background: {theme.current().hex.line};")
        grid.addWidget(line, grid.rowCount(), 1, 1, 2)
        row = grid.rowCount()
        words, figure = QLabel(name), _right(show_entry(total))
        for label in (words, figure):
            label.setFont(theme.font(9, 600))
        grid.addWidget(words, row, 1)
        grid.addWidget(figure, row, 2)

    def _difference(self, grid: QGridLayout, finding: Finding) -> None:
        colors = theme.current().severity[finding.severity]
        bar = QFrame()
        bar.setObjectName("difference")
        bar.setStyleSheet(f"QFrame#difference {{ background: {colors.tint.name()}; }}")
        row = QHBoxLayout(bar)
        row.setContentsMargins(26, 4, 8, 4)
        for label in (QLabel("相差"), _right(show_entry(finding.difference))):
            label.setFont(theme.font(9, 600))
            label.setStyleSheet(f"color: {colors.text.name()};")
            row.addWidget(label)
        grid.setRowMinimumHeight(grid.rowCount(), 2)
        grid.addWidget(bar, grid.rowCount(), 0, 1, 3)

    def _sentence(self, grid: QGridLayout, text: str) -> None:
        words = QLabel(text)
        words.setWordWrap(True)
        grid.addWidget(words, grid.rowCount(), 0, 1, 3)

    def _foot(self, grid: QGridLayout, keys: str, code: str, report: Report) -> None:
        cell = self.cell
        if cell is not None and cell.id in report.entries and cell.is_total:
            total = report.details_sum(cell)
            if total is not None and total != report.entries[cell.id]:
                button = QPushButton("按明细重算")
                button.clicked.connect(self._ask_recompute)
                grid.addWidget(button, grid.rowCount(), 0, 1, 3, Qt.AlignmentFlag.AlignLeft)
        if keys or code:
            row = QHBoxLayout()
            colors = theme.current().hex
            for text in (keys, code):
                label = QLabel(text)
                label.setFont(theme.font(8.25))
                label.setStyleSheet(f"color: {colors.text2};")
                row.addWidget(label)
                if text is keys:
                    row.addStretch(1)
            grid.setRowMinimumHeight(grid.rowCount(), 6)
            grid.addLayout(row, grid.rowCount(), 0, 1, 3)

    def _ask_recompute(self) -> None:
        cell = self.cell
        self.hide()
        if cell is not None:
            self.recompute.emit(cell.id)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.finding is not None:
            self.pinned.emit(self.finding)
        super().mousePressEvent(event)

    # --- where it stands

    def place_beside(self, anchor: QRect, avoid: Sequence[QRect]) -> None:
        """Stands beside `anchor` (screen coordinates), one row lower, where it covers none of `avoid` if it can."""
        self.setFixedWidth(WIDTH)
        self.adjustSize()
        layout = self.layout()
        assert layout is not None
        self.resize(WIDTH, max(layout.heightForWidth(WIDTH), layout.sizeHint().height()))
        screen = QGuiApplication.screenAt(anchor.center()) or QGuiApplication.primaryScreen()
        area = screen.availableGeometry()
        width, height = self.width(), self.height()
        right, left = anchor.right() + 8, anchor.left() - width - 8
        lower, upper = anchor.bottom() + 8, anchor.top() - height - 8
        spots = [QPoint(x, y) for x in (right, left) for y in (lower, upper, anchor.top())]
        spots += [QPoint(anchor.left(), lower), QPoint(anchor.left(), upper)]
        boxes = [_within(QRect(spot, self.size()), area) for spot in spots]
        best = min(boxes, key=lambda box: sum(_overlap(box, other) for other in (anchor, *avoid)))
        self.move(best.topLeft())
        self.show()
        self.raise_()


def explain(
    popover: EquationPopover, cell: Cell, report: Report, findings: Findings, shown: Finding | None
) -> Finding | None:
    """Fills the popover for a cell; the finding it shows. Hides it when there is nothing to explain."""
    found = findings.by_cell.get(cell.id, ())
    if found:
        chosen = shown if shown in found else found[0]
        assert chosen is not None
        popover.show_finding(chosen, (found.index(chosen) + 1, len(found)), report, cell)
        return chosen
    unchecked = findings.unchecked_by_cell.get(cell.id, ())
    if cell.is_total:
        popover.show_total(cell, report)
    elif unchecked and report.value(cell.id) is None and cell.id in _begun(unchecked, report):
        popover.show_unchecked(unchecked[0], report, cell)
    else:
        popover.hide()
        popover.cell = popover.finding = None
        return None
    popover.finding = None
    return None


def _begun(items: Sequence[NotChecked], report: Report) -> set[str]:
    """The cells of rules in which something has been filled already; an untouched table explains nothing."""
    rules: list[Rule] = [item.rule for item in items]
    return {
        cell
        for rule in rules
        for cell in (*rule.left, *rule.right)
        if any(other in report.entries for other in (*rule.left, *rule.right))
    }


def _right(text: str) -> QLabel:
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
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

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self._severity = finding.severity
        self.setFixedSize(16, 16)

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        theme.paint_mark(painter, QRectF(1, 2, 12, 12), self._severity)
        painter.end()
