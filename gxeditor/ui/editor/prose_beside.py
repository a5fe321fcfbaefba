"""Last year's text beside the text that is being written: in a column of its own, or above each paragraph.

Knows how paragraphs that belong together are brought to one height, what is said between them, and how one goes through
the years that may be last year's, one after the other. Which paragraphs belong together is reckoned in
`core.prose_beside`, once typing has come to a rest; which years are asked about is rule C-15's. Changes nothing by
itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.anchors import Span
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.rules import Severity
from gxeditor.core.prose_beside import Pair, pair
from gxeditor.core.report import ProseDoubt, paragraphs
from gxeditor.ui.editor.prose_editor import LINE_HEIGHT, ProseEditor
from gxeditor.ui.editor.years import YearPopover
from gxeditor.ui.look import theme
from gxeditor.ui.session import Change, Session

GUTTER = 66
"""Pixels between the columns: room for 「◆ 年份未改」."""
WAIT = 400
"""Milliseconds without a key after which paragraphs are paired anew: nothing of it is on the way of a keystroke."""
YEARS = "C-15"
"""The code of the rule about years that are not the report's."""
_BACK = 60
"""Pixels before the caret, behind a year that is selected, that the popover leaves free: the year."""
_KEPT = "核实过，写的就是 {} 年的事"


class _Above(NamedTuple):
    """Last year's paragraphs above one of this year's: what is said of them, their lines laid out, how high it is."""

    said: str
    layouts: tuple[tuple[QTextLayout, float], ...]
    height: float


class ProseBeside(QObject):
    """Shows last year's text of a section, or of the preamble ("preamble"), with the editor of this year's.

    `pairs` are the paragraphs as they were when typing last came to a rest, `same` how many of them that are no
    headings read as last year's. Without `last` it stands above each paragraph. `changed` says that the pairs, or what
    is asked about, are others; `told` carries a sentence. `ground` is where the popover stands.
    """

    changed = Signal()
    told = Signal(str)

    def __init__(
        self, editor: ProseEditor, session: Session, key: str, ground: QWidget | None = None
    ) -> None:
        super().__init__(editor)
        self.editor, self.session, self.key = editor, session, key
        self.pairs: tuple[Pair, ...] = ()
        self.same = 0
        self._paired = "", ""
        self.is_on = False
        self._due = False
        self.last: LastText | None = None
        self._ground = ground
        self._above: dict[int, _Above] = {}
        self._popover: YearPopover | None = None
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.renew)
        editor.viewport().installEventFilter(self)
        editor.installEventFilter(self)
        session.changed.connect(self._session_changed)
        theme.appearance.changed.connect(self._soon)

    # --- what is shown

    def set_on(self, on: bool, *, arranged: bool = True) -> None:
        """Shows it, or no longer; unless `arranged`, `renew` is still to be called once it is known where."""
        if on == self.is_on:
            return
        self.is_on = on
        self._due = not arranged
        if not on:
            self._later.stop()
        self.editor.annotate = self._paint_above if on else None
        if arranged:
            self.renew()
        self._mark_years()

    def renew_if_due(self) -> None:
        """Renews it if it was shown, or no longer, and has not been renewed since."""
        if self._due:
            self.renew()

    def set_last(self, last: LastText | None) -> None:
        """Shows last year's text in a column beside; None: above each paragraph."""
        if last is not self.last:
            self.last = last
            if self.is_on:
                self.renew()

    @property
    def then(self) -> str:
        """Last year's text."""
        prior = self.session.prior
        return prior.text(self.key) if prior is not None else ""

    def _soon(self) -> None:
        if self.is_on:
            self._later.start(0)

    def _session_changed(self, change: Change) -> None:
        if self._popover is not None and self._popover.isVisible():
            self._popover.hide()
        if not self.is_on:
            return
        self._mark_years()
        if change.before.prior is not change.after.prior:
            self._later.start(0)
        elif change.before.text(self.key) != change.after.text(self.key):
            self._later.start(WAIT)

    def renew(self) -> None:
        """Pairs the paragraphs and brings them to one height; while one composes, later."""
        self._later.stop()
        self._due = False
        if self.editor.composing:
            self._later.start(WAIT)
            return
        then = self.then if self.is_on else ""
        texts = self.editor.text(), then
        if texts != self._paired:  # a zoom asks for nothing but their heights
            self._paired = texts
            self.pairs = pair(*texts) if then else ()
            lines = then.split("\n")
            self.same = sum(1 for p in self.pairs if p.is_same and not is_heading(lines[p.then or 0]))
        self._above = {}
        if self.last is not None and self.is_on:
            self.last.show_text(then, self.pairs)
            self._align(self.last)
        else:
            self._stack(then)
        self.changed.emit()

    def _align(self, last: LastText) -> None:
        """Room above paragraphs of either text, so that those that belong together begin at one height."""
        editor = self.editor
        mine, its = _heights(editor), _heights(last.editor)
        leads: tuple[dict[int, float], dict[int, float]] = ({}, {})
        bottoms = [0.0, 0.0]
        done = [0, 0]
        for one in (*self.pairs, Pair(None, None)):
            numbers = one.now, one.then
            for side, (number, heights) in enumerate(zip(numbers, (mine, its), strict=True)):
                # What stands before it and has no counterpart, blank lines among them.
                until = len(heights) if one.now is None and one.then is None else number
                if until is not None:
                    bottoms[side] += sum(gap + height for gap, height in heights[done[side] : until])
                    done[side] = until
            if one.now is None or one.then is None:
                continue
            gaps = mine[one.now][0], its[one.then][0]
            top = max(bottoms[side] + gaps[side] for side in (0, 1))
            for side, number in enumerate((one.now, one.then)):
                if (lead := top - bottoms[side] - gaps[side]) > 0.5:
                    leads[side][number] = lead
                bottoms[side] = top + (mine, its)[side][number][1]
                done[side] = number + 1
        whole = max(bottoms)
        editor.set_leads(leads[0], whole - bottoms[0])
        last.editor.set_leads(leads[1], whole - bottoms[1])

    def _stack(self, then: str) -> None:
        """Room for last year's paragraphs above this year's; those that have none below them stand at the end."""
        if not self.pairs:
            self.editor.set_leads({})
            return
        lines = then.split("\n")
        waiting: list[Pair] = []
        for one in self.pairs:
            if one.then is not None and not (one.is_same and is_heading(lines[one.then])):
                waiting.append(one)
            if one.now is not None and waiting:
                self._above[one.now] = self._laid(waiting, lines)
                waiting = []
        tail = 0.0
        if waiting:
            self._above[-1] = self._laid(waiting, lines)
            tail = self._above[-1].height
        leads = {number: above.height for number, above in self._above.items() if number >= 0}
        self.editor.set_leads(leads, tail)

    def _laid(self, ones: list[Pair], lines: list[str]) -> _Above:
        """Last year's paragraphs in the column of the editor; what reads the same is not shown twice."""
        said = f"上年 · {label_of(ones[-1])}" if ones[-1].changes else label_of(ones[-1])
        shown = [lines[one.then] for one in ones if one.then is not None and not one.is_same]
        document = self.editor.document()
        look = document.rootFrame().frameFormat()
        width = self.editor.viewport().width() - look.leftMargin() - look.rightMargin()
        face = document.defaultFont()
        em = QFontMetricsF(face).horizontalAdvance("国")
        high = float(round(em * LINE_HEIGHT * 0.9))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layouts: list[tuple[QTextLayout, float]] = []
        height = high  # of what is said
        for text in shown:
            layout = QTextLayout(text.strip(), face)
            layout.setTextOption(option)
            layout.beginLayout()
            at = 0.0
            while (line := layout.createLine()).isValid():
                indent = 2 * em if not at else 0.0
                line.setLineWidth(max(em, width - indent))
                line.setPosition(QPointF(indent, at))
                at += high
            layout.endLayout()
            layouts.append((layout, height))
            height += at
        return _Above(said, tuple(layouts), height + (round(0.4 * em) if shown else 0.0))

    def _paint_above(self, painter: QPainter) -> None:
        if not self._above:
            return
        editor, colors = self.editor, theme.current()
        scrolled = editor.verticalScrollBar().value()
        look = editor.document().rootFrame().frameFormat()
        rects = editor.rects_in_view()
        seen, last = editor.viewport().height(), editor.document().blockCount() - 1
        for number in (*rects, -1):
            above = self._above.get(number)
            if above is None or (number < 0 and last not in rects):
                continue  # where the text is another already, what belongs there comes when typing rests
            bottom = rects[number].top() if number >= 0 else rects[last].bottom() + above.height
            top = bottom - above.height - scrolled
            if number >= 0:
                top -= editor.gap_above(editor.document().findBlockByNumber(number))
            if top > seen or top + above.height < 0:
                continue
            painter.setPen(colors.text2)
            painter.setFont(theme.font(8.25))
            painter.drawText(QPointF(look.leftMargin(), top + painter.fontMetrics().ascent() + 4), above.said)
            painter.setPen(colors.last)
            for layout, at in above.layouts:
                layout.draw(painter, QPointF(look.leftMargin(), top + at))

    # --- years

    def years(self) -> tuple[Finding, ...]:
        """What is asked about years of this text, in its order."""
        found = (
            f for f in self.session.findings.open
            if f.rule.code == YEARS and isinstance(f.where, Span) and f.where.section == self.key
        )  # fmt: skip
        return tuple(sorted(found, key=lambda f: f.where.start if isinstance(f.where, Span) else 0))

    def _mark_years(self) -> None:
        """Tints the years that are asked about as the editor tints what it was told to look at."""
        report = self.session.report
        doubts = list(report.prose_doubts.get(self.key, ()))
        text = self.editor.text()
        if self.is_on:
            for finding in self.years():
                where = finding.where
                assert isinstance(where, Span)
                doubts.append(ProseDoubt(where.start, text[where.start : where.end], finding.message))
        self.editor.set_doubts(sorted(doubts, key=lambda doubt: doubt.start))

    def lines_with_years(self) -> frozenset[int]:
        """The paragraphs of this year's text in which a year is asked about, by number."""
        text = self.editor.text()
        return frozenset(
            text.count("\n", 0, f.where.start) for f in self.years() if isinstance(f.where, Span)
        )

    def walk(self, after: int = 0) -> bool:
        """Shows the first year at or after a character of the text, or the first of all; False if there is none."""
        found = self.years()
        if not found:
            return False
        starts = [f.where.start for f in found if isinstance(f.where, Span)]
        place = next((at for at, start in enumerate(starts) if start >= after), 0)
        self.show_year(found[place], keys=True)
        return True

    def show_year(self, finding: Finding, *, keys: bool = False) -> None:
        """The popover of a year, which is selected; with `keys` they go to its first button."""
        where = finding.where
        if not isinstance(where, Span):
            return
        self.session.in_view.pin(finding)
        self.editor.focus_span(where.start, where.end)
        height, bar = self.editor.viewport().height(), self.editor.verticalScrollBar()
        if (lower := self.editor.cursorRect().bottom()) > 0.6 * height:  # the popover stands below it
            bar.setValue(bar.value() + lower - height // 3)
        if self._popover is None:
            ground = self._ground or self.editor.parentWidget() or self.editor
            self._popover = YearPopover(ground)
            self._popover.changed.connect(self._change)
            self._popover.kept.connect(self._keep)
            self._popover.next_asked.connect(self._next)
            self._popover.left.connect(self.editor.setFocus)
        report, prior = self.session.report, self.session.prior
        popover = self._popover
        box = QRect(self.editor.cursorRect().topLeft(), self.editor.cursorRect().size()).adjusted(
            -60, 0, 0, 0
        )
        wanted, holder = report.year, popover.parentWidget()
        if wanted is None or holder is None:
            return
        anchor = QRect(self.editor.viewport().mapTo(holder, box.topLeft()), box.size())
        area = holder.rect().adjusted(4, 4, -4, -4)
        digits = _year_of(report.text(self.key)[where.start : where.end])
        before = prior.year if prior is not None else None
        popover.show_for(finding, digits, wanted, before, anchor, area)
        if keys:
            popover.take_keys()

    def _change(self, finding: Finding) -> None:
        """「改成 2025 年」: this one year, one undoable step; then the next."""
        report, where = self.session.report, finding.where
        if self.session.held() or not isinstance(where, Span) or report.year is None:
            return
        text = report.text(self.key)
        said = text[where.start : where.end]
        new = re.sub(r"\d{4}", str(report.year), said, count=1)
        changed = text[: where.start] + new + text[where.end :]
        label = f"改年份 {said} → {new}"
        if self.session.edit(report.with_text(self.key, changed), label, origin=self):
            self.told.emit(f"已改成 {report.year} 年，可以撤销。")
        self._on_from(where.start + len(new))

    def _keep(self, finding: Finding) -> None:
        """「保留 2024 年」: explained, so that it is not asked again; then the next."""
        where = finding.where
        if isinstance(where, Span) and not self.session.held():
            said = self.session.report.text(self.key)[where.start : where.end]
            self.session.explain(finding, _KEPT.format(_year_of(said)), self)
            self._on_from(where.end)

    def _next(self, finding: Finding) -> None:
        if isinstance(finding.where, Span):
            self._on_from(finding.where.end)

    def _on_from(self, place: int) -> None:
        if not self.walk(place):
            if self._popover is not None:
                self._popover.hide()
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            self.told.emit("这一部分的年份都看过了。")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.is_on and watched is self.editor.viewport():
            self._later.start(0)
        elif (
            event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and self.is_on
            and watched is self.editor.viewport()
            and not self.editor.textCursor().hasSelection()
        ):
            place = self.editor.selected()[0]
            for finding in self.years():
                if isinstance(finding.where, Span) and finding.where.start <= place <= finding.where.end:
                    self.show_year(finding)
                    break
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and watched is self.editor:
            popover = self._popover
            if popover is not None and popover.isVisible():
                alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and alt:
                    popover.take_keys()
                    return True
                if event.key() == Qt.Key.Key_Escape:
                    popover.hide()
                    return True
        return False


def _heights(editor: ProseEditor) -> list[tuple[float, float]]:
    """Of each paragraph the gap above it, as it is without further room, and how far below its top the next would
    begin: Qt's own height leaves out a part of the last line."""
    tops, last = editor.paragraph_tops()
    high = [
        below - top - room for top, below, room in zip(tops, tops[1:], editor.room_above()[1:], strict=False)
    ]
    return list(zip(editor.gaps_above(), [*high, last], strict=True))


def is_heading(line: str) -> bool:
    return any(part.heading and not part.body for part in paragraphs(line))


def _year_of(said: str) -> int:
    found = re.search(r"\d{4}", said)
    return int(found[0]) if found else 0


def label_of(one: Pair) -> str:
    """What is said between two paragraphs."""
    if one.then is None:
        return "今年新写"
    if one.now is None:
        return "上年才有"
    return f"改了 {one.changes} 处" if one.changes else "与上年相同"


# --- the columns


class _LastEditor(ProseEditor):
    """Last year's text, read-only; it is scrolled by this year's."""

    wheeled = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setProperty("bare", True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("上年的文字，只看不改")

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        else:
            self.wheeled.emit(event.angleDelta().y())
            event.accept()


class LastText(QWidget):
    """The column of last year's text with its head, and the gutter between it and this year's.

    `prior_asked` wants last year's report to be chosen, `read_asked` its file to be read again.
    """

    prior_asked = Signal()
    read_asked = Signal()

    def __init__(self, beside: ProseBeside, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("ground", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._beside = beside
        self.editor = _LastEditor(self)
        self.editor.setProperty("ground", "card")
        self.head = QWidget(self)
        self._row = QHBoxLayout(self.head)
        self._title = theme.label(weight=600, points=10.5, tone="last")
        self._state = theme.label(tone="text2")
        self._row.addWidget(self._title)
        self._row.addWidget(self._state)
        self._row.addStretch(1)
        self.missing = theme.label(tone="text2")
        self.missing.setWordWrap(True)
        self.missing.setContentsMargins(24, 12, 24, 12)
        self.choose, self.read = QPushButton("选择上年年报…"), QPushButton("重新读入文字")
        self.choose.setToolTip("选去年的年报，把它的文字放在旁边对照；不改动那个文件。")
        self.read.setToolTip("那个文件改过或当时没有读全时，再读一次。")
        self.choose.clicked.connect(self.prior_asked)
        self.read.clicked.connect(self.read_asked)
        self._wishes = QWidget(self)
        wishes = QHBoxLayout(self._wishes)
        wishes.setContentsMargins(24, 0, 24, 12)
        wishes.addWidget(self.read)
        wishes.addWidget(self.choose)
        wishes.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.missing)
        column.addWidget(self._wishes)
        column.addWidget(self.editor, 1)
        self.gutter = _Gutter(beside, parent)
        mine = beside.editor.verticalScrollBar()
        mine.valueChanged.connect(self._follow)
        self.editor.verticalScrollBar().valueChanged.connect(self._lead)
        self.editor.wheeled.connect(lambda turned: mine.setValue(mine.value() - turned))
        self.editor.column_changed.connect(self._indent)
        beside.changed.connect(self.gutter.update)
        beside.session.prior_found.connect(self._say)
        theme.appearance.changed.connect(self._colour)
        self._spans: tuple[tuple[int, int], ...] = ()
        self._coloured: tuple[str, tuple[tuple[int, int], ...], int] | None = None

    def _follow(self, value: int) -> None:
        self.editor.verticalScrollBar().setValue(value)
        self.gutter.update()

    def _lead(self, value: int) -> None:
        self._beside.editor.verticalScrollBar().setValue(value)

    def _indent(self, left: int) -> None:
        self._row.setContentsMargins(left, 12, 24, 12)

    def show_text(self, text: str, pairs: tuple[Pair, ...]) -> None:
        """Shows last year's text and what of it is not in this year's."""
        self.editor.set_text(text)
        self.head.setFixedHeight(max(1, self._beside.editor.y()))
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        self._spans = tuple(
            (starts[one.then] + start, starts[one.then] + end)
            for one in pairs
            if one.then is not None
            for start, end in one.then_spans
        )
        self._say()
        self._colour()
        self.editor.verticalScrollBar().setValue(self._beside.editor.verticalScrollBar().value())

    def _say(self) -> None:
        report = self._beside.session.report
        prior = report.prior
        year = f"{prior.report.year} 年年报" if prior is not None and prior.report.year else "年报"
        self._title.setText(f"上年　{year}" if prior is not None else "上年")
        doubts = prior.doubts(report) if prior is not None else ()
        self._state.setText("".join(doubts) or ("只看不改" if prior is not None else ""))
        theme.restyle(self._state, tone="qrytext" if doubts else "text2")
        said, can_read = missing_words(self._beside.session, self._beside.key)
        self.missing.setText(said)
        self.missing.setVisible(bool(said))
        self._wishes.setVisible(can_read or prior is None)
        self.read.setVisible(can_read)
        self.choose.setVisible(prior is None or can_read)

    def _colour(self) -> None:
        """All of it in the colour of last year, what is not in this year's underlined."""
        colors, document = theme.current(), self.editor.document()
        look, text = QTextCharFormat(), self.editor.text()
        coloured = (text, self._spans, colors.last.rgba())
        if coloured == self._coloured:
            return
        self._coloured = coloured
        look.setForeground(colors.last)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()  # or the text is laid out anew with each part
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.setCharFormat(look)
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        place = units = 0  # of what was counted already, so that a long text is gone through once
        for first, last in self._spans:
            for mode, there in (
                (QTextCursor.MoveMode.MoveAnchor, first),
                (QTextCursor.MoveMode.KeepAnchor, last),
            ):
                units += _units(text[place:there]) if there >= place else -_units(text[there:place])
                place = there
                cursor.setPosition(units, mode)
            cursor.setCharFormat(look)
        cursor.endEditBlock()


def missing_words(session: Session, key: str) -> tuple[str, bool]:
    """Why there is no text of last year to show, "" if there is; and whether its file can be read again."""
    prior, file = session.report.prior, session.prior_file
    if prior is None:
        return "还没有选上年的年报。", False
    if prior.report.text(key):
        return "", False
    if any(text for _, text in prior.report.texts):
        return "上年年报的这一部分没有文字。", False
    if file is not None and file.path is not None and file.state != "missing":
        return f"存下的上年年报只有数，没有文字。可以从 {prior.name} 重新读入，已填的不变。", True
    return "存下的上年年报只有数，没有文字；原来的文件没有找到，请在“基本信息”里重新选择。", False


def _units(text: str) -> int:
    """Positions of a QTextDocument: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Gutter(QWidget):
    """Between the columns, at the height of the paragraphs: 改了 9 处 · 与上年相同 · ◆ 年份未改."""

    def __init__(self, beside: ProseBeside, parent: QWidget) -> None:
        super().__init__(parent)
        self._beside = beside
        self.setFixedWidth(GUTTER)
        self.setAccessibleName("与上年的差别")

    def labels(self) -> Iterator[tuple[float, str, bool]]:
        """Where each label stands, in the document; the words; and whether a year is asked about."""
        beside = self._beside
        if beside.last is None:
            return
        mine, its = beside.editor.rects_in_view(), beside.last.editor.rects_in_view()
        lines, years = beside.editor.text().split("\n"), beside.lines_with_years()
        for one in beside.pairs:
            rects = its if one.now is None else mine
            number = one.then if one.now is None else one.now
            if number is None or number not in rects or (one.now is not None and one.now >= len(lines)):
                continue
            if one.now in years:
                yield rects[number].top(), "年份未改", True
            elif not (one.now is not None and is_heading(lines[one.now]) and one.then is not None):
                yield rects[number].top(), label_of(one), False

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors, painter = theme.current(), QPainter(self)
        pixels = theme.Pixels(painter)
        pixels.fill(0, 0, self.width(), self.height(), colors.card)
        pixels.vline(0, 0, self.height(), colors.line2)
        pixels.vline(self.width() - pixels.line, 0, self.height(), colors.line2)
        painter.setFont(theme.font(8.25))
        editor = self._beside.editor
        origin = (
            editor.viewport().mapTo(self.window(), QPoint()).y() - self.mapTo(self.window(), QPoint()).y()
        )
        painter.setClipRect(0, origin, self.width(), editor.viewport().height())
        high = painter.fontMetrics().height()
        free = float(origin) - 1000
        em = QFontMetricsF(editor.document().defaultFont()).horizontalAdvance("国")
        lead = (round(em * LINE_HEIGHT) - high) / 2
        for top, words, is_year in sorted(self.labels()):
            y = top - editor.verticalScrollBar().value() + origin + lead
            if y < free:  # two that stand at one height: the first is told
                continue
            free = y + high
            painter.setPen(colors.qrytext if is_year else colors.text2)
            box = QRectF(0, y, self.width(), high)
            if is_year:
                theme.paint_mark(painter, QRectF(4, y + (high - 8) / 2, 8, 8), Severity.QUERY)
                box.setLeft(12)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
