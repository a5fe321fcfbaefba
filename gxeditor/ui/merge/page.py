"""The page on which two copies of a report become one: what both changed differently, side by side, to be chosen.

Knows how a conflict is drawn, that nothing is chosen beforehand, and the keys (← ours, → theirs, B both, F8 on). What
is a conflict and what a choice breaks is `core.merge`'s; checking waits until the event loop has nothing else to do,
one conflict at a time, those in view first. Changes no report: it says what was chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
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

from gxeditor.core.checks.anchors import Cell
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.merge import BASE, BOTH, NO_BASE, OURS, THEIRS, Choice, Conflict, Merged, Own, Taken
from gxeditor.core.prose_beside import Piece, pieces
from gxeditor.core.report import Report
from gxeditor.ui.look import theme
from gxeditor.ui.look.rows import PlainCells
from gxeditor.ui.merge.asking import ask_words

_SIDES = {OURS: "本机", THEIRS: "对方"}
_MARGIN, _GAP = 16, 16
_RADIO = 16
_AT_FIRST, _BATCH = 24, 12
"""Conflicts that are drawn up before the page is shown, and at a time after that."""
_BROKEN = 3  # sentences of what a choice breaks that are shown; the others are counted


class Said(NamedTuple):
    """What the page says of the three states: the common one (「1月8日 16:20」, "" if unknown), ours, theirs."""

    base: str
    ours: str
    theirs: str


class _Columns(NamedTuple):
    """Where the columns begin, and how wide they are, in pixels of a page so wide (LOOK-3, 24)."""

    place: tuple[int, int]
    base: tuple[int, int]
    ours: tuple[int, int]
    theirs: tuple[int, int]

    @classmethod
    def of(cls, width: int) -> _Columns:
        place = max(140, min(236, width * 17 // 100))
        base = max(110, min(216, width * 16 // 100))
        side = (width - place - base - _GAP - 20) // 2
        return cls((_MARGIN, place - _MARGIN - 8), (place, base - _GAP), (place + base, side),
                   (place + base + side + _GAP, side))  # fmt: skip


class _Words:
    """A text laid out in a width: its pieces, in one size."""

    def __init__(
        self, said: Sequence[Piece], points: float = 9, weight: int = 400, tone: str = "text"
    ) -> None:
        self._said, self._points, self._weight, self._tone = tuple(said), points, weight, tone
        self._laid: tuple[int, bool, QTextLayout, float] | None = None

    def height(self, width: int) -> float:
        return self._layout(width)[1] if any(text for _, text in self._said) else 0

    def draw(self, painter: QPainter, x: float, y: float, width: int) -> float:
        """Draws it and returns its height."""
        height = self.height(width)
        if height:
            painter.setPen(getattr(theme.current(), self._tone))
            self._layout(width)[0].draw(painter, QPointF(x, y))
        return height

    def _layout(self, width: int) -> tuple[QTextLayout, float]:
        dark = theme.current().dark
        if self._laid is None or self._laid[:2] != (width, dark):
            self._laid = (width, dark, *self._made(max(20, width)))
        return self._laid[2:]

    def _made(self, width: int) -> tuple[QTextLayout, float]:
        face = theme.font(self._points, self._weight)
        text = "".join(text for _, text in self._said).replace("\n", "\u2028")
        layout = QTextLayout(text, face)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        formats, at = [], 0
        for kind, part in self._said:
            if kind != "same":
                one = QTextLayout.FormatRange()
                one.start = at  # type: ignore[attr-defined]
                one.length = len(part)  # type: ignore[attr-defined]
                one.format = _format(kind)  # type: ignore[attr-defined]
                formats.append(one)
            at += len(part)
        layout.setFormats(formats)
        layout.beginLayout()
        height, step = 0.0, QFontMetricsF(face).lineSpacing() * 1.12
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += step
        layout.endLayout()
        return layout, height


def _format(kind: str) -> QTextCharFormat:
    """What has come is underlined, what is gone struck out: neither is told by colour alone."""
    colors, made = theme.current(), QTextCharFormat()
    if kind == "come":
        made.setFontUnderline(True)
        made.setForeground(colors.link)
        made.setBackground(colors.accenttint)
    else:
        made.setFontStrikeOut(True)
        made.setForeground(colors.text2)
    return made


def _plain(text: str) -> tuple[Piece, ...]:
    return (("same", text),)


class SideBox(QAbstractButton):
    """What one side says, to be chosen: a circle, the text, and what the choice would break."""

    def __init__(self, conflict: Conflict, side: str, note: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.conflict, self.side = conflict, side
        self.setCheckable(True)
        value = conflict.ours if side == OURS else conflict.theirs
        self._is_cell = not conflict.paragraph and isinstance(conflict.place.where, Cell)
        if value is None:
            gone = "这一段删去了" if conflict.paragraph and conflict.base is not None else "没有"
            gone = "未填" if self._is_cell else gone
            self._text = _Words(_plain(gone), tone="text2")
        elif self._is_cell:
            self._text = _Words(_plain(value), 13, 600)
        elif (
            conflict.base is None
        ):  # nothing is gone of what nobody knows: what only this side says is underlined
            other = (conflict.theirs if side == OURS else conflict.ours) if conflict.paragraph else value
            self._text = _Words([one for one in pieces(value, other or value) if one[0] != "gone"])
        else:
            self._text = _Words(pieces(value, conflict.base))
        self._note = _Words(_plain(note), tone="text2")
        self._broken: list[tuple[Severity | None, _Words]] = []
        self._said = value if value is not None else ("未填" if self._is_cell else "没有这一段")
        self.setAccessibleName(f"{conflict.place.name}：用{_SIDES[side]}的“{self._said[:60]}”")
        key = "←" if side == OURS else "→"
        self.setToolTip(theme.plain_tip(f"用{_SIDES[side]}的内容（{key}）。"))

    def tell(self, findings: Sequence[Finding]) -> None:
        """What the choice would break."""
        lines: list[tuple[Severity | None, _Words]] = []
        for one in findings[:_BROKEN]:
            tone = "errtext" if one.severity is Severity.ERROR else "qrytext"
            lines.append((one.severity, _Words(_plain(one.message), tone=tone)))
        if len(findings) > _BROKEN:
            lines.append((None, _Words(_plain(f"另有 {len(findings) - _BROKEN} 处"), tone="text2")))
        if not findings:
            lines.append((None, _Words(_plain("检查没有多出问题"), tone="text2")))
        self._broken = lines
        self.setAccessibleDescription("；".join(one.message for one in findings) or "检查没有多出问题")
        self.updateGeometry()
        self.update()

    def height_for(self, width: int) -> int:
        room = width - 38 - 14
        height = 10 + self._text.height(room) + self._note.height(room) + 10
        for mark, words in self._broken:
            height += 4 + words.height(room - (16 if mark is not None else 0))
        return max(56, int(height))

    def sizeHint(self) -> QSize:
        return QSize(200, self.height_for(200))

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, focused = self.isChecked(), self.hasFocus()
        edge = 2 if chosen or focused else 1
        frame = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        painter.setPen(QPen(colors.focus if chosen or focused else colors.edge, edge))
        painter.setBrush(colors.sel if chosen else colors.card if self.underMouse() else colors.base)
        painter.drawRoundedRect(frame, 3, 3)
        circle = QRectF(13, 12, _RADIO - 2, _RADIO - 2)
        painter.setPen(QPen(colors.accent if chosen else colors.text3, 4.5 if chosen else 1.2))
        painter.setBrush(colors.base)
        inner = circle.adjusted(2, 2, -2, -2) if chosen else circle
        painter.drawEllipse(inner)
        room, y = self.width() - 38 - 14, 10.0
        y += self._text.draw(painter, 38, y, room)
        y += self._note.draw(painter, 38, y, room)
        for mark, words in self._broken:
            y += 4
            if mark is not None:
                theme.paint_mark(painter, QRectF(38, y + 3, 9, 9), mark)
            shift = 16 if mark is not None else 0
            y += words.draw(painter, 38 + shift, y, room - shift)
        painter.end()


class Block(QFrame):
    """One conflict: its place and what is chosen, the common state, both sides, and below them the other answers."""

    def __init__(self, conflict: Conflict, notes: tuple[str, str], page: MergePage) -> None:
        super().__init__()
        self.conflict, self._page = conflict, page
        self.setAccessibleName(conflict.place.name)
        head, _, rest = conflict.place.name.partition(" · ")
        self._head = _Words(_plain(conflict.place.name if conflict.paragraph else head), weight=600)
        self._rest = _Words(_plain("" if conflict.paragraph else rest), tone="text2")
        base = conflict.base
        if base is None:
            base = (
                ""
                if page.merged.base is None
                else "未填"
                if isinstance(conflict.place.where, Cell)
                else "没有"
            )
        self._base = _Words(_plain(base), tone="text2")
        self._state = _Words(())
        self.ours = SideBox(conflict, OURS, notes[0], self)
        self.theirs = SideBox(conflict, THEIRS, notes[1], self)
        self.others: list[QPushButton] = []
        offers = [
            ("两段都留", "本机的一段在上，对方的在下（B）。", BOTH in conflict.options,
             lambda: page.choose(BOTH, self)),
            ("自己改写…", "两边都不用，写一段新的。", conflict.paragraph, lambda: page.rewrite(self)),
            ("用原稿的", "两边都不改，回到分头改以前的内容。", BASE in conflict.options,
             lambda: page.choose(BASE, self)),
        ]  # fmt: skip
        for words, tip, there, does in offers:
            if there:
                self._add(words, tip, does)
        for box in (self.ours, self.theirs):
            box.clicked.connect(self._clicked)
        for child in (self.ours, self.theirs, *self.others):
            child.installEventFilter(self)
        self.is_current = False
        self.is_stale = True
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_choice(None)

    def _add(self, words: str, tip: str, does: Callable[[], object]) -> None:
        button = QPushButton(words, self)
        button.setAccessibleName(f"{self.conflict.place.name}：{words.rstrip('…')}")
        button.setToolTip(theme.plain_tip(tip))
        button.setAutoDefault(False)
        button.clicked.connect(does)
        button.hide()
        self.others.append(button)

    def _clicked(self) -> None:
        box = self.sender()
        assert isinstance(box, SideBox)
        self._page.choose(box.side, self)

    def show_choice(self, choice: Choice | None) -> None:
        """Shows what is chosen, None for nothing yet."""
        self.ours.setChecked(choice == OURS)
        self.theirs.setChecked(choice == THEIRS)
        short = _short(self.conflict.ours if choice == OURS else self.conflict.theirs)
        words = {
            OURS: f"用本机的{short}", THEIRS: f"用对方的{short}", BASE: "用原稿的", BOTH: "两段都留",
        }  # fmt: skip
        if choice is None:
            self._state = _Words(_plain("还没有选"), tone="qrytext")
        else:
            said = "用自己改写的" if isinstance(choice, Own) else words[choice]
            self._state = _Words(_plain(said))
        self.is_open = choice is None
        self.setAccessibleDescription("还没有选" if choice is None else "已选")
        self.update()

    def tell(self, ours: Sequence[Finding], theirs: Sequence[Finding]) -> None:
        self.is_stale = False
        self.ours.tell(ours)
        self.theirs.tell(theirs)
        self.updateGeometry()
        self._arrange()

    def set_current(self, is_current: bool) -> None:
        self.is_current = is_current
        for button in self.others:
            button.setVisible(is_current)
        self.updateGeometry()
        self._arrange()
        self.update()

    # --- room

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        columns = _Columns.of(width)
        sides = max(self.ours.height_for(columns.ours[1]), self.theirs.height_for(columns.theirs[1]))
        below = 40 if self.is_current and self.others else 0
        place = (
            14 + sum(one.height(columns.place[1] - 18) for one in (self._head, self._rest, self._state)) + 14
        )
        return int(max(8 + sides + 8 + below, place, 14 + self._base.height(columns.base[1]) + 14))

    def sizeHint(self) -> QSize:
        width = self.width() or 900
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.heightForWidth(self.width() or 900))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = _Columns.of(self.width())
        high = max(self.ours.height_for(columns.ours[1]), self.theirs.height_for(columns.theirs[1]))
        for box, (x, width) in ((self.ours, columns.ours), (self.theirs, columns.theirs)):
            box.setGeometry(x, 8, width, high)
        x = columns.ours[0]
        for button in self.others:
            size = button.sizeHint()
            button.setGeometry(x, 8 + high + 8, size.width(), size.height())
            x += size.width() + 8

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors, painter = theme.current(), QPainter(self)
        pixels, columns = theme.Pixels(painter), _Columns.of(self.width())
        if self.is_current:
            pixels.fill(0, 0, self.width(), self.height(), colors.card)
            pixels.fill(0, 0, 3, self.height(), colors.accent)
        pixels.hline(0, self.height() - pixels.line, self.width(), colors.line)
        x, width = columns.place
        y = 14.0
        if self.is_open:
            theme.paint_mark(painter, QRectF(x, y + 2, 10, 10), Severity.QUERY)
        for words in (self._head, self._rest, self._state):
            y += words.draw(painter, x + 18, y, width - 18)
        self._base.draw(painter, columns.base[0], 14, columns.base[1])
        if self.is_current and self.others:
            last = self.others[-1].geometry()
            keys = (
                "← 用本机　→ 用对方　" + ("B 都留　" if BOTH in self.conflict.options else "") + "F8 下一处"
            )
            painter.setFont(theme.font(9))
            painter.setPen(colors.text2)
            room = QRectF(last.right() + 16, last.top(), self.width() - last.right() - 36, last.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, keys)
        painter.end()

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self._page.look_at(self)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._page.key(event):
            return True
        return super().eventFilter(watched, event)

    def mousePressEvent(self, _event: object) -> None:
        self._page.look_at(self)


def _short(value: str | None) -> str:
    """A value in the line that says what is chosen; long ones are not repeated."""
    return f" {value}" if value is not None and len(value) <= 12 else ""


class MergePage(QWidget):
    """The page. `merged_asked` is pressed once everything is chosen, `base_asked` to name the common state, `left`."""

    merged_asked = Signal()
    base_asked = Signal()
    left = Signal()

    def __init__(self, merged: Merged, said: Said, rules: tuple[Rule, ...], given: Given) -> None:
        super().__init__()
        self.merged, self._rules, self._given = merged, rules, given
        self.choices: dict[str, Choice] = {}
        self.blocks: list[Block] = []
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("合并两份年报")
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._work)
        self._build(said)
        self._draw_up(_AT_FIRST)
        self._show_counts()
        self.show_taken(not merged.conflicts)
        if self.blocks:
            self.look_at(self.blocks[0])

    # --- building

    def _build(self, said: Said) -> None:
        merged = self.merged
        report = merged.ours
        who = [report.agency, f"{report.year} 年" if report.year else ""]
        began = f"从 {said.base} 的同一份原稿分头改的" if said.base else "从同一份原稿分头改的"
        words = "　".join(filter(None, (*who, began if merged.base is not None else NO_BASE)))
        self.origin = theme.label(words, tone="text2" if merged.base is not None else "qrytext")
        self.origin.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(theme.label("合并两份年报", 12, 600))
        titles.addWidget(self.origin)
        self.counts = theme.label("")
        self.open_count = theme.label("", weight=600, tone="qrytext")
        head = QHBoxLayout()
        head.setContentsMargins(20, 8, 20, 8)
        head.setSpacing(16)
        head.addLayout(titles, 1)
        head.addWidget(self.counts)
        head.addWidget(self.open_count)

        self._heads = _Heads(said, merged, self)
        self._list = QFrame()
        self._list.setProperty("ground", "base")
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rest = theme.label("", tone="text2")
        self._rest.setContentsMargins(_MARGIN, 14, _MARGIN, 14)
        self._rest.setWordWrap(True)
        self._rows.addWidget(self._rest)
        self._rows.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._list)
        self.area.verticalScrollBar().valueChanged.connect(self._begin)
        self.table = _taken_table(merged)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.area)
        self._stack.addWidget(self.table)

        self.sentence = theme.label("", tone="qrytext")
        self.undone = theme.label("两份原件都不改；合并是一步，可以撤销。", tone="text2")
        self.undone.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.cancel, self.merge = QPushButton("取消"), QPushButton("合并到本机这一份")
        self.cancel.setToolTip("不合并，回到年报；两份都没有改（Esc）。")
        self.merge.setToolTip("把选好的和已合并的一次写进打开着的这一份，可以撤销（Ctrl+Enter）。")
        self.merge.setProperty("primary", True)
        self.cancel.clicked.connect(self.left)
        self.merge.clicked.connect(self.merged_asked)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 10)
        foot.setSpacing(10)
        foot.addWidget(self.sentence)
        foot.addWidget(self.undone, 1)
        for button in (self.cancel, self.merge):
            foot.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(_bar(head, "bottom"))
        whole.addWidget(self._heads)
        whole.addWidget(self._stack, 1)
        whole.addWidget(_bar(foot, "top"))

    def _draw_up(self, many: int) -> None:
        """Draws up so many more of the conflicts."""
        conflicts = self.merged.conflicts[len(self.blocks) : len(self.blocks) + many]
        for conflict in conflicts:
            block = Block(conflict, self._notes(conflict), self)
            block.show_choice(self.choices.get(conflict.key))
            self._rows.insertWidget(len(self.blocks), block)
            self.blocks.append(block)

    def _notes(self, conflict: Conflict) -> tuple[str, str]:
        """Of a total whether it was typed; of a figure what its total becomes."""
        cell = conflict.key if isinstance(conflict.place.where, Cell) else ""
        if cell not in self.merged.ours.form.cells:
            return "", ""
        notes = []
        for report in (self.merged.ours, self.merged.theirs):
            typed = cell in report.entries
            is_total = report.form.cells[cell].is_total
            notes.append(("手填" if typed else "自动合计") if is_total else "")
        return notes[0], notes[1]

    # --- choosing

    def choose(self, choice: Choice, block: Block | None = None) -> None:
        """Answers a conflict, by default the one that is looked at; what cannot be chosen in it is no answer."""
        block = block or self.current
        if block is None:
            return
        if not isinstance(choice, Own) and choice not in block.conflict.options:
            return
        self.look_at(block)
        self.choices[block.conflict.key] = choice
        block.show_choice(choice)
        for other in self.blocks:  # what the others break may be something else now
            other.is_stale = True
        self._show_counts()
        self._begin()

    def rewrite(self, block: Block) -> None:
        """「自己改写」: asks for the words of a paragraph."""
        before = self.choices.get(block.conflict.key)
        first = before.text if isinstance(before, Own) else block.conflict.ours or block.conflict.theirs or ""
        text = ask_words(self, block.conflict.place.name, first)
        if text is not None:
            self.choose(Own(text), block)

    @property
    def current(self) -> Block | None:
        return next((one for one in self.blocks if one.is_current), None)

    def look_at(self, block: Block) -> None:
        """Makes a conflict the one that keys answer."""
        if block.is_current:
            return
        for one in self.blocks:
            if one.is_current:
                one.set_current(False)
        block.set_current(True)
        self._begin()

    def go(self, way: int, *, open_only: bool = False) -> None:
        """Brings the next conflict into view (-1: the one before), or the next in which nothing is chosen yet."""
        self._draw_up(len(self.merged.conflicts))
        if not self.blocks:
            return
        self.show_taken(False)
        count, current = len(self.blocks), self.current
        at = self.blocks.index(current) if current is not None else -way
        steps = [(at + way * step) % count for step in range(1, count + 1)]
        if not open_only:
            steps = [max(0, min(count - 1, at + way))]
        wanted = next((one for one in steps if not open_only or self.blocks[one].is_open), steps[0])
        self.look_at(self.blocks[wanted])
        self.blocks[wanted].ours.setFocus(Qt.FocusReason.OtherFocusReason)
        self._list.layout().activate()  # type: ignore[union-attr]
        self.area.ensureWidgetVisible(self.blocks[wanted], 0, 8)

    def key(self, event: QKeyEvent) -> bool:
        """What a key does on this page; False for one that it does not know."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = modifiers == Qt.KeyboardModifier.ShiftModifier
        ctrl = modifiers == Qt.KeyboardModifier.ControlModifier
        if key == Qt.Key.Key_F8 and (shift or not modifiers):
            self.go(-1 if shift else 1, open_only=True)
        elif ctrl and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.merge.click()
        elif modifiers:
            return False
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif self._stack.currentWidget() is not self.area:
            return False
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.go(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.choose(OURS if key == Qt.Key.Key_Left else THEIRS)
        elif key == Qt.Key.Key_B:
            self.choose(BOTH)
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.key(event):
            super().keyPressEvent(event)

    # --- what is said

    def show_taken(self, taken: bool) -> None:
        """Lists what was taken without a question, or the conflicts."""
        taken = taken or not self.merged.conflicts
        self._stack.setCurrentWidget(self.table if taken else self.area)
        self._heads.show_taken(taken)

    def _show_counts(self) -> None:
        merged, waiting = self.merged, len(self.merged.open(self.choices))
        mine, its = merged.changed
        of_all = len(merged.conflicts)
        known = merged.base is not None
        self.counts.setText(
            f"本机改了 {mine} 处　　对方改了 {its} 处　　已合并 {len(merged.taken)} 处" if known else ""
        )
        self.open_count.setText(f"◆ 两边不同 {of_all} 处，已选 {of_all - waiting} 处" if of_all else "")
        self.sentence.setText(f"◆ 还有 {waiting} 处没有选，选完才能合并。" if waiting else "")
        self.merge.setEnabled(not waiting)
        count = len(merged.taken)
        said = f"另有 {count} 处只有一边改过，或两边改得一样，已经合并；逐处看请点上面的“已合并”。"
        self._rest.setText(said if count else "")
        self._rest.setVisible(bool(count))

    def focus_first(self) -> None:
        """Puts the focus where the first answer is given."""
        (self.blocks[0].ours if self.blocks else self.table).setFocus()

    # --- what a choice would break, and the conflicts that are not drawn up yet

    def _begin(self) -> None:
        if self.isVisible():
            self._timer.start()

    def _work(self) -> None:
        """One piece of work: a conflict in view is checked, else more conflicts are drawn up."""
        block = next((one for one in self.blocks if one.is_stale and self._in_view(one)), None)
        if block is not None:
            found = self.merged.breaks(block.conflict, self.choices, self._rules, self._given)
            block.tell(found[OURS], found[THEIRS])
            self._timer.start()
        elif len(self.blocks) < len(self.merged.conflicts):
            self._draw_up(_BATCH)
            self._timer.start()

    def _in_view(self, block: Block) -> bool:
        top = block.mapTo(self._list, block.rect().topLeft()).y() - self.area.verticalScrollBar().value()
        return -block.height() < top < self.area.viewport().height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._begin()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()


class _Heads(QFrame):
    """The line of tabs and headings, in the columns of the blocks."""

    HEIGHT = 40

    def __init__(self, said: Said, merged: Merged, page: MergePage) -> None:
        super().__init__()
        self._page, self._said = page, said
        self.setFixedHeight(self.HEIGHT)
        self.setProperty("edge", "bottom")
        self.conflicts = self._tab(f"两边不同 {len(merged.conflicts)}", "看两边改得不同、要选的各处。", False)
        self.taken = self._tab(
            f"已合并 {len(merged.taken)}", "看只有一边改过或改得一样、已经合并的各处。", True
        )
        self.conflicts.setVisible(bool(merged.conflicts))
        self.taken.setVisible(bool(merged.taken) or not merged.conflicts)
        self.base = QPushButton("换原稿…" if merged.base is not None else "选原稿…", self)
        self.base.setProperty("link", True)
        self.base.setToolTip(
            "由您指定两份都从它改来的那一份，比如发给对方以前存的文件；只有一边改过的就不用选。"
        )
        self.base.clicked.connect(page.base_asked)
        self._columns: list[tuple[str, str]] = [
            ("本机", said.ours),
            ("对方", said.theirs),
        ]

    def _tab(self, words: str, tip: str, taken: bool) -> QToolButton:
        button = QToolButton(self)
        button.setText(f" {words} ")
        button.setAccessibleName(words)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolTip(theme.plain_tip(tip))
        button.clicked.connect(lambda: self._page.show_taken(taken))
        return button

    def show_taken(self, taken: bool) -> None:
        self.conflicts.setChecked(not taken)
        self.taken.setChecked(taken)
        self._is_taken = taken
        self.base.setVisible(not taken)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        x = _MARGIN - 2
        for button in (self.conflicts, self.taken):
            if not button.isVisibleTo(self):
                continue
            size = button.sizeHint()
            button.setGeometry(x, (self.HEIGHT - size.height()) // 2, size.width(), size.height())
            x += size.width() + 2
        size = self.base.sizeHint()
        columns = _Columns.of(self.width() - self._page.area.verticalScrollBar().sizeHint().width())
        left = max(columns.base[0] + 30, x + 34)
        self.base.setGeometry(left, (self.HEIGHT - size.height()) // 2, size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_taken:
            return
        colors, painter = theme.current(), QPainter(self)
        columns = _Columns.of(self.width() - self._page.area.verticalScrollBar().sizeHint().width())
        left = self.base.geometry().left() - 30
        _heading(painter, QRectF(left, 0, 40, self.HEIGHT), "原稿", "", colors.text)
        for (name, said), (x, width) in zip(self._columns, (columns.ours, columns.theirs), strict=True):
            left = max(x, self.base.geometry().right() + 8) if name == "本机" else x
            _heading(painter, QRectF(left, 0, width - (left - x), self.HEIGHT), name, said, colors.text)
        painter.end()


def _heading(painter: QPainter, room: QRectF, name: str, said: str, color: QColor) -> None:
    middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    face: QFont = theme.font(9, 600)
    painter.setFont(face)
    painter.setPen(color)
    painter.drawText(room, middle, name)
    shift = QFontMetricsF(face).horizontalAdvance(name) + 8
    plain = theme.font(9)
    painter.setFont(plain)
    painter.setPen(theme.current().text2)
    rest = room.adjusted(shift, 0, 0, 0)
    elided = QFontMetricsF(plain).elidedText(said, Qt.TextElideMode.ElideMiddle, rest.width())
    painter.drawText(rest, middle, elided)


def _now(one: Taken, report: Report) -> str:
    """What something reads now; of what reads as before what else has changed of it."""
    is_cell = isinstance(one.place.where, Cell)
    words = ("未填" if is_cell else "删去了") if one.after is None else one.after
    if one.before != one.after:
        return words
    if not is_cell or one.place.key not in report.form.cells:
        return f"{words}（跟随表格或存疑的标记变了）"
    if report.form.cells[one.place.key].is_total and one.place.key not in report.doubts:
        return f"{words}（{'自动合计' if report.is_automatic(one.place.key) else '手填'}）"
    return f"{words}（存疑的标记变了）"


def _taken_table(merged: Merged) -> QTableWidget:
    """What was taken without a question, a line each."""
    taken, report = merged.taken, merged.report
    table = QTableWidget(len(taken), 4)
    table.setAccessibleName("已合并的各处")
    table.setToolTip("只有一边改过，或两边改得一样，已经合并的各处。")
    table.setHorizontalHeaderLabels(["位置", "哪一边改的", "原来", "现在"])
    table.verticalHeader().hide()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setItemDelegate(PlainCells(table))
    table.setProperty("bare", True)
    sides = {"ours": "本机", "theirs": "对方", "both": "两边一样"}
    for row, one in enumerate(taken):
        cell = isinstance(one.place.where, Cell)
        words = ("未填" if cell else "没有") if one.before is None else one.before
        for column, text in enumerate((one.place.name, sides[one.side], words, _now(one, report))):
            item = QTableWidgetItem(" ".join(text.split("\n")))
            item.setToolTip(theme.plain_tip(text))
            table.setItem(row, column, item)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, mode in enumerate(("Interactive", "Interactive", "Stretch", "Stretch")):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode[mode])
    table.setColumnWidth(0, 280)
    table.setColumnWidth(1, 90)
    if taken:
        table.setCurrentCell(0, 0)
    return table


def _bar(layout: QHBoxLayout, edge: str) -> QFrame:
    bar = QFrame()
    bar.setProperty("ground", "window")
    bar.setProperty("edge", edge)
    bar.setLayout(layout)
    return bar
