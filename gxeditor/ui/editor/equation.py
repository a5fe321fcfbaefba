"""The popover that explains a cell: sums that do not fit, with causes and mends; another finding; a total's source.

Knows how each is laid out, how the keys go through the mends, and where to stand so that nothing that must be compared
is covered. Takes every word and figure from the findings, their rules, the hints and the report; changes nothing: a
mend is shown and asked for by signals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.findings import Finding, Findings, NotChecked
from gxeditor.core.checks.hints import Hint
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.form import Cell
from gxeditor.core.report import Entry, Report, show_entry
from gxeditor.ui.look import theme

WIDTH = 316
WIDE = 388
TALL = 224
"""The most height of what explains sums: half of 表三 at 1366×768, so that it stands above or below any row."""
_WIDTHS = WIDE, 352, WIDTH
_TERMS = 8
"""More terms than this: only those that are not 0, then 「其余 14 项为 0」."""
NO_CAUSE = "看不出是哪一格，请对照原始台账。"
SHOW_FIRST = "看改后"
_TIPS = {
    "按明细重算": "先列出会变的合计，看过以后改为由明细相加。",
    "看过了": "核对无误后销去标记，可以撤销。",
}
_EQUATIONS = 3  # a cell is in no more: its row, its column, the balance of its column

Term = tuple[str, str, str]
"""Sign, name and value of a line."""


def terms_of(names: Sequence[str], values: Sequence[Entry | None], sign: str) -> list[Term]:
    """The lines of one side; a long side is shortened to what is not 0."""
    pairs = list(zip(names, values, strict=True))
    if len(pairs) > _TERMS:
        pairs = [(name, value) for name, value in pairs if value is None or value]
    lines = [(sign, name, "未填" if value is None else show_entry(value)) for name, value in pairs]
    zeros = len(names) - len(lines)
    return [*lines, ("", f"其余 {zeros} 项为 0", "")] if zeros else lines


class _Room(NamedTuple):
    """How much is told of sums: causes, effects of them, and on how many lines the sides of a sum stand."""

    causes: int
    effects: int
    lines: int


_ROOMS = _Room(3, 3, 2), _Room(3, 1, 2), _Room(3, 1, 1), _Room(2, 1, 1), _Room(1, 1, 1), _Room(1, 0, 1)


class Standing(NamedTuple):
    """What is known of a cell at sums that do not fit: the likely causes, and which of how many places it is."""

    hints: tuple[Hint, ...] = ()
    place: tuple[int, int] | None = None


def explain(
    popover: EquationPopover,
    cell: Cell,
    report: Report,
    findings: Findings,
    shown: Finding | None,
    standing: Callable[[Finding], Standing] = lambda _finding: Standing(),
) -> Finding | None:
    """Fills the popover for a cell; the finding it shows. Hides it when there is nothing to explain."""
    found = findings.by_cell.get(cell.id, ())
    if found:
        chosen = shown if shown is not None and shown in found else found[0]
        position = found.index(chosen) + 1, len(found)
        if chosen.is_equation:
            sums = [chosen, *(f for f in found if f.is_equation and f is not chosen)]
            popover.show_sums(sums, report, cell, standing(chosen), position)
        else:
            popover.show_finding(chosen, position, report, cell, standing(chosen))
        return chosen
    if shown is not None and cell.id in shown.cells and (known := standing(shown)).hints:
        popover.show_finding(
            shown, (1, 1), report, cell, known
        )  # it marks no cell, but says what belongs there
        return shown
    waiting = next((i for i in findings.unchecked_by_cell.get(cell.id, ()) if _is_begun(i, report)), None)
    if cell.is_total:
        popover.show_total(cell, report)
    elif waiting is not None and report.value(cell.id) is None:
        popover.show_unchecked(waiting, report, cell)
    else:
        popover.clear()
    return None


def sum_lines(finding: Finding, cell: str) -> tuple[list[tuple[str, bool]], str]:
    """A sum as it is added up: the words of its left side, each with whether it is the figure of `cell`, and the right
    side: 「21 ＋ 0 ＋ 1 ＝ 22」 and 「总计 13」. Of more than 8 terms those that are 0 are left out.
    """
    rule = finding.rule
    left = list(zip(rule.left, rule.names, finding.left_values, strict=False))
    names = rule.names[len(rule.left) :]
    if len(left) > _TERMS:
        left = [one for one in left if one[2] or one[0] == cell] or left[:1]
    balance = rule.kind == "balance"
    words: list[tuple[str, bool]] = []
    for place, (term, name, value) in enumerate(left):
        words.append((f"{' ＋ ' if place else ''}{name + ' ' if balance else ''}", False))
        words.append((show_entry(value), term == cell))
    words.append((f" ＝ {show_entry(finding.left)}", False))
    right = " ＋ ".join(
        f"{name} {show_entry(value)}" for name, value in zip(names, finding.right_values, strict=False)
    )
    return words, f"{right} ＝ {show_entry(finding.right)}" if len(names) > 1 else right


def line_word(finding: Finding, report: Report) -> str:
    """Whether a sum runs along a row or a column; in 表四, which has one row, it is that."""
    return "本行" if len({report.form.cells[cell].row.key for cell in finding.rule.signs}) == 1 else "本列"


def _is_begun(item: NotChecked, report: Report) -> bool:
    """Whether something of a rule has been filled; an untouched table explains nothing."""
    return any(cell in report.entries for cell in (*item.rule.left, *item.rule.right))


class EquationPopover(QFrame):
    """Shows one explanation at a time, above the page that is its parent. `recompute` asks for 「按明细重算」 of the
    cell, `seen` for 「看过了」 of a finding, `mend_asked` for what a hint offers; `previewed` carries the hint whose
    mend is to be shown and whether the keys are on it, None for none; `left`: the keys go back to the table.

    `cell` is the cell explained, None if there is nothing to explain; `finding` the finding shown, if any.
    """

    recompute = Signal(str)
    seen = Signal(object)
    pinned = Signal(object)
    mend_asked = Signal(object)
    previewed = Signal(object, bool)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("ground", "tip")
        self.hide()
        self.cell: Cell | None = None
        self.finding: Finding | None = None
        self.mends: list[_Mend] = []
        self._body = QWidget(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 10)
        layout.addWidget(self._body)

    # --- what is shown

    def show_finding(
        self,
        finding: Finding,
        position: tuple[int, int],
        report: Report,
        cell: Cell,
        standing: Standing | None = None,
    ) -> None:
        """The finding as an equation or a sentence, and what can be done; `position` is (its number, how many the cell
        has), from 1."""
        hints = standing.hints if standing is not None else ()
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
        if hints:
            heading = "可能的原因" if finding.difference is not None else "可以这样填"
            self._hints(grid, hints, heading, _Room(3, 3, 2))
        if not any(cell.id in hint.changes for hint in hints):
            self._offer(grid, cell, report)
        several = f"{position[0]} / {position[1]}　Ctrl+F8 看另一条"
        self._foot(grid, several if position[1] > 1 else "单击固定　F8 下一处", _code(rule))

    def show_sums(
        self,
        sums: Sequence[Finding],
        report: Report,
        cell: Cell,
        standing: Standing,
        position: tuple[int, int] = (1, 1),
    ) -> None:
        """The sums of a cell that do not fit, the one at hand first, and what may have gone wrong.

        What would make it taller than `TALL` is left out: effects, lines between the sides, then the last causes.
        """
        for room in _ROOMS:
            self._sums(sums[:_EQUATIONS], report, cell, standing, position, room)
            if self._height(WIDE) <= TALL:
                break

    def _sums(
        self,
        sums: Sequence[Finding],
        report: Report,
        cell: Cell,
        standing: Standing,
        position: tuple[int, int],
        room: _Room,
    ) -> None:
        grid = self._start(cell, cell.place, sums[0], self._which(standing, position, sums))
        for finding in sorted(sums, key=lambda one: line_word(one, report) == "本列"):  # as one reads
            self._sum(grid, finding, report, cell, lines=room.lines)
        line = QFrame()
        line.setFixedHeight(1)
        line.setProperty("edge", "top")
        grid.addWidget(line, grid.rowCount(), 0, 1, 3)
        if not standing.hints:
            self._sentence(grid, NO_CAUSE)
        else:
            self._hints(grid, standing.hints, "可能的原因", room)
        if not any(cell.id in hint.changes for hint in standing.hints):
            self._offer(grid, cell, report)

    @staticmethod
    def _which(standing: Standing, position: tuple[int, int], sums: Sequence[Finding]) -> str:
        """「第 3 处，共 3 处」; of a cell that F8 does not lead to which of its findings it is."""
        if standing.place is not None:
            return f"第 {standing.place[0]} 处，共 {standing.place[1]} 处"
        if position[1] > len(sums):
            return f"{position[0]} / {position[1]}　Ctrl+F8 看另一条"
        return ""

    def _sum(self, grid: QGridLayout, finding: Finding, report: Report, cell: Cell, *, lines: int) -> None:
        words, right = sum_lines(finding, cell.id)
        row = grid.rowCount()
        head = theme.label(line_word(finding, report), tone="text2")
        grid.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
        if lines == 1:
            grid.addWidget(Addition([*words, (f"；{right}", False)]), row, 1)
            row -= 1
        else:
            grid.addWidget(Addition(words), row, 1, 1, 2)
            total = theme.label(right)
            total.setWordWrap(True)
            grid.addWidget(total, row + 1, 1, Qt.AlignmentFlag.AlignTop)
        gap = theme.label(f"差 {show_entry(finding.difference)}", weight=600, tone="errtext")
        gap.setProperty("ground", "errtint")
        gap.setContentsMargins(8, 0, 8, 1)
        grid.addWidget(gap, row + 1, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)

    def _hints(self, grid: QGridLayout, hints: Sequence[Hint], heading: str, room: _Room) -> None:
        row = QHBoxLayout()
        row.addWidget(theme.label(heading, weight=600, tone="text2"), 1)
        if any(hint.changes for hint in hints):
            row.addWidget(theme.label("Alt+Enter 选用", 8.25, tone="text2"))
        grid.addLayout(row, grid.rowCount(), 0, 1, 3)
        for place, hint in enumerate(hints[: room.causes]):
            self._hint(grid, hint, first=place == 0, effect=place < room.effects)

    def _hint(self, grid: QGridLayout, hint: Hint, *, first: bool, effect: bool) -> None:
        row = grid.rowCount()
        said = QVBoxLayout()
        said.setSpacing(0)
        cause = theme.label(_sentence(hint.cause))
        cause.setWordWrap(True)
        said.addWidget(cause)
        if hint.effect and effect:
            words = theme.label(_sentence(hint.effect), tone="text2")
            words.setWordWrap(True)
            said.addWidget(words)
        holder = QWidget()
        holder.setLayout(said)
        said.setContentsMargins(0, 0, 0, 0)
        if not hint.changes:
            grid.addWidget(holder, row, 0, 1, 3)
            return
        button = _Mend(self, hint, primary=first)
        self.mends.append(button)
        grid.addWidget(holder, row, 0, 1, 2)
        grid.addWidget(button, row, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

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
        self.mends = []
        self.hide()

    # --- building

    def _start(self, cell: Cell, title: str, finding: Finding | None = None, right: str = "") -> QGridLayout:
        self.hide()  # what is added to a visible widget has no size until later
        self.cell, self.finding = cell, finding
        self.mends = []
        self.setAccessibleName(title)
        self.setAccessibleDescription(finding.message if finding is not None else "")
        layout = self.layout()
        assert layout is not None
        layout.removeWidget(self._body)
        self._body.hide()
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
            tone = "text2" if right else f"{theme.TONES[finding.severity]}text"
            word = theme.label(right or finding.severity.word, tone=tone)
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
        button.setToolTip(theme.plain_tip(_TIPS[words]))
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

    # --- the keys

    def take_keys(self) -> bool:
        """The keys go to the first mend, or to any other button; False if there is nothing to press."""
        buttons: list[QPushButton] = [*self.mends, *self._body.findChildren(QPushButton)]
        if not self.isVisible() or not buttons:
            return False
        buttons[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def has_keys(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape or (
            key == Qt.Key.Key_Left and event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            self.left.emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            pressed := QApplication.focusWidget(), QPushButton
        ):
            pressed.click()
        event.accept()  # nothing of it is meant for the table

    def focusNextPrevChild(self, following: bool) -> bool:
        """Round the buttons; only Esc leads out."""
        found: Iterable[QPushButton] = self._body.findChildren(QPushButton)
        buttons = [button for button in found if button.isVisible()]
        focus = QApplication.focusWidget()
        if isinstance(focus, QPushButton) and focus in buttons:
            step = 1 if following else -1
            buttons[(buttons.index(focus) + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    # --- where it stands

    def _height(self, width: int) -> int:
        layout = self.layout()
        assert layout is not None
        layout.activate()
        return max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height())

    def place_free(self, anchor: QRect, avoid: Sequence[QRect], areas: Sequence[QRect]) -> bool:
        """Stands in the nearest free place to `anchor` that meets none of `avoid`, in the first of `areas` that has
        one; False, and hidden, if there is none. All in the coordinates of its parent."""
        for area in areas:
            for width in _WIDTHS:
                size = QSize(width, self._height(width))
                if (spot := free_place(size, anchor, [anchor, *avoid], area)) is not None:
                    self._stand(QRect(spot, size))
                    return True
        self.hide()
        return False

    def place_beside(self, anchor: QRect, avoid: Sequence[QRect], area: QRect) -> None:
        """Stands beside `anchor`, where it covers as little of `avoid` as can be."""
        size = QSize(WIDTH, self._height(WIDTH))
        spot = free_place(size, anchor, [anchor, *avoid], area)
        if spot is not None:
            self._stand(QRect(spot, size))
            return
        right, left = anchor.right() + 8, anchor.left() - size.width() - 8
        lower, upper = anchor.bottom() + 8, anchor.top() - size.height() - 8
        spots = [QPoint(x, y) for x in (right, left) for y in (lower, upper, anchor.top())]
        spots += [QPoint(anchor.left(), lower), QPoint(anchor.left(), upper)]
        boxes = [_within(QRect(spot, size), area) for spot in spots]
        self._stand(min(boxes, key=lambda box: sum(_overlap(box, other) for other in (anchor, *avoid))))

    def _stand(self, box: QRect) -> None:
        self.setFixedSize(box.size())
        self.move(box.topLeft())
        self.show()
        self.raise_()


_AWAY, _APART = 8, 4
"""How far it stands from the cell that it explains, and from anything else that it must not cover."""


def free_place(size: QSize, anchor: QRect, avoid: Sequence[QRect], area: QRect) -> QPoint | None:
    """Where a rectangle of `size` inside `area` stands nearest to `anchor` and meets none of `avoid`; None: nowhere.

    Nearest by the way between the two, then by how little it is out of line with the anchor, right and below first.
    """
    wide, high = size.width(), size.height()
    apart = [box.adjusted(-_APART, -_APART, _APART, _APART) for box in avoid if box.isValid()]
    apart.append(anchor.adjusted(-_AWAY, -_AWAY, _AWAY, _AWAY))
    xs = {area.left(), area.right() + 1 - wide, anchor.left()}
    ys = {area.top(), area.bottom() + 1 - high, anchor.top()}
    for box in apart:
        xs |= {box.right() + 1, box.left() - wide}
        ys |= {box.bottom() + 1, box.top() - high}
    best: tuple[tuple[int, int, bool, bool], QPoint] | None = None
    for x in xs:
        for y in ys:
            box = QRect(x, y, wide, high)
            if not area.contains(box):
                continue
            across = max(x - anchor.right(), anchor.left() - box.right(), 0)
            down = max(y - anchor.bottom(), anchor.top() - box.bottom(), 0)
            off = box.center() - anchor.center()
            rank = across + down, abs(off.x()) + abs(off.y()), off.x() < 0, off.y() < 0
            if (best is None or rank < best[0]) and not any(box.intersects(other) for other in apart):
                best = rank, QPoint(x, y)
    return best[1] if best is not None else None


def _sentence(words: str) -> str:
    return words if words.endswith(("。", "？")) else f"{words}。"


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


class Addition(QWidget):
    """The words of an addition, wrapped where they must be, with the figure of the cell at hand underlined.

    `text` is what it says, `underlined` the figures that stand out.
    """

    def __init__(self, words: Sequence[tuple[str, bool]]) -> None:
        super().__init__()
        self.text = "".join(text for text, _ in words)
        self.underlined = tuple(text for text, mine in words if mine)
        self.setAccessibleName(self.text)
        self._ranges: list[tuple[int, int]] = []
        start = 0
        for text, mine in words:
            if mine:
                self._ranges.append((start, len(text)))
            start += len(text)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
        self.setSizePolicy(policy)

    def _laid(self, width: int) -> tuple[QTextLayout, int]:
        """The lines in a width, and their height."""
        layout = QTextLayout(self.text, theme.font(9))
        marked = QTextCharFormat()
        marked.setForeground(theme.current().errtext)
        marked.setFont(theme.font(9, 600))
        marked.setFontUnderline(True)
        formats = []
        for start, length in self._ranges:
            found = QTextLayout.FormatRange()
            found.start, found.length = start, length  # type: ignore[attr-defined]
            found.format = marked  # type: ignore[attr-defined]
            formats.append(found)
        layout.setFormats(formats)
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, y))
            y += line.height()
        layout.endLayout()
        return layout, ceil(y)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._laid(width)[1]

    def sizeHint(self) -> QSize:
        layout, height = self._laid(10000)
        return QSize(ceil(layout.maximumWidth()) + 1, height)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.current().text)
        self._laid(self.width())[0].draw(painter, QPointF(0, 0))
        painter.end()


class _Mend(QPushButton):
    """Asks for what a hint offers. Under the mouse or with the keys on it, it has that shown; a mend of several cells
    is shown when it is pressed first, and done when it is pressed again."""

    def __init__(self, popover: EquationPopover, hint: Hint, *, primary: bool) -> None:
        self._several = len(hint.changes) > 1
        super().__init__(SHOW_FIRST if self._several else hint.button)
        self.setProperty("primary" if primary else "link", True)
        self.setAccessibleName(f"{hint.cause}，{self.text()}")
        self.setToolTip(
            "先在表格里看改后的样子，再按一次才改。"
            if self._several
            else "照这个原因改，可以撤销；指着它先看改后的样子。"
        )
        self.hint = hint
        self._popover = popover
        self._asked = not self._several
        self.clicked.connect(self._pressed)

    def _pressed(self) -> None:
        if self._asked:
            self._popover.mend_asked.emit(self.hint)
            return
        self._asked = True
        self.setText(self.hint.button)
        self.setAccessibleName(f"{self.hint.cause}，{self.hint.button}")
        self._popover.previewed.emit(self.hint, self.hasFocus() and not self.underMouse())

    def _show(self, *, by_keys: bool) -> None:
        if self._asked:
            self._popover.previewed.emit(self.hint, by_keys)

    def _end(self) -> None:
        if self._several and self._asked:
            self._asked = False
            self.setText(SHOW_FIRST)
        self._popover.previewed.emit(None, False)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show(by_keys=False)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self.hasFocus():
            self._show(by_keys=True)
        else:
            self._end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show(by_keys=event.reason() != Qt.FocusReason.MouseFocusReason)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self.underMouse():
            self._end()
