"""The side card: what belongs in the cell, or in the section, that is being filled.

Knows how the form's notes, the rules of a cell, last year's figure and the statute are laid out beside a page, and the
rail it becomes when closed. Every word of substance is the form's or the rules'; the card only orders and joins them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.form import Cell, Section
from gxeditor.core.report import Entry, Report, count_characters, show_entry
from gxeditor.core.rules import Rule, Severity
from gxeditor.ui import theme
from gxeditor.ui.session import Change, Session

if TYPE_CHECKING:
    from gxeditor.ui.prose_editor import ProseBox

RAIL = 36
OURS = "本项目的理解，非官方解释。"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the card: its look, its text, a value at the right, and the mark before it.

    `look` is title, head, text, small or rule (a line across); `mark` a severity's value or "check".
    """

    look: str
    text: str = ""
    tone: str = "text"
    value: str = ""
    mark: str = ""


def cell_lines(session: Session, cell: Cell) -> Iterator[Line]:
    """What there is to say about a cell of the present report."""
    report, findings = session.report, session.findings
    labels = cell.row.labels or cell.column.labels
    yield Line("title", labels[-1])
    if labels[:-1]:
        yield Line("small", " · ".join(labels[:-1]), "text2")
    if cell.row.labels:
        yield Line("small", " · ".join(cell.column.labels), "text2")
    for finding in findings.by_cell.get(cell.id, ()):
        if finding.rule.kind == "entry":
            severity = finding.severity
            yield Line("text", finding.message, _TONES[severity], mark=severity.value)

    notes = [note for note in (cell.row.note, cell.column.note) if note is not None]
    state = _total_state(report, cell)
    if notes or state:
        yield Line("head", "填什么")
    for note in notes:
        yield Line("text", note.text)
    if state:
        yield Line("text", state)

    relations = [line for rule in session.rules if cell.id in rule.signs for line in _relation(session, rule)]
    if relations:
        yield Line("head", "与其他格的关系")
        yield from relations
    if session.prior is not None:
        yield Line("head", "上年对照")
        yield from _last_year(session, session.prior, cell)
    if notes:
        yield Line("head", "依据")
    for note in notes:
        if note.basis:
            yield Line("small", note.basis)
        for paragraph in note.quote.strip().split("\n") if note.quote else ():
            yield Line("small", paragraph, "text2")
    if any(note.ours for note in notes):
        yield Line("small", OURS, "text2")


def _total_state(report: Report, cell: Cell) -> str:
    """How a total came to be what it shows; empty for other cells."""
    if not cell.is_total:
        return ""
    total = report.details_sum(cell)
    if not report.is_automatic(cell.id):
        typed = show_entry(report.value(cell.id))
        if total is None:
            return f"现在是手填的 {typed}，明细没有填全。"
        same = total == report.value(cell.id)
        return (
            "现在是手填的，与明细相同。" if same else f"现在是手填的 {typed}，按明细为 {show_entry(total)}。"
        )
    return "没有手填时由明细自动合计。" if total is not None else "明细填全后自动合计，也可以直接填。"


def _relation(session: Session, rule: Rule) -> Iterator[Line]:
    """A rule as a sentence with its present figures."""
    finding = next((f for f in session.findings.findings if f.rule.id == rule.id), None)
    if finding is not None:
        yield Line("text", finding.message, _TONES[finding.severity], mark=finding.severity.value)
        return
    if rule.kind == "carry_over" and session.prior is None:
        return
    place = rule.title.partition("：")[0]
    waiting = next((item for item in session.findings.not_checked if item.rule.id == rule.id), None)
    if waiting is not None:
        equation = f"{place}：{rule.left_name}应等于{rule.right_name}。"
        yield Line("text", f"{equation}未检查：{waiting.reason}。")
        return
    values = [session.report.value(cell) for cell in rule.right]
    side = show_entry(_sum(values))
    yield Line("text", f"{place}：{rule.left_name}为 {side}，{rule.right_name}为 {side}，两边相等。")


def _sum(values: list[Entry | None]) -> Entry:
    numbers = [value for value in values if value is not None and not isinstance(value, str)]
    return sum(numbers[1:], numbers[0])


def _last_year(session: Session, prior: Report, cell: Cell) -> Iterator[Line]:
    year = f"{prior.year} 年" if prior.year else "上年"
    yield Line("text", year, "last", show_entry(prior.value(cell.id)) or "空")
    for rule in session.rules:
        if rule.kind == "carry_over" and cell.id in rule.right:
            for name, source in zip(rule.names, rule.left, strict=False):
                yield Line("text", f"{year}“{name}”", "last", show_entry(prior.value(source)) or "空")


def section_lines(session: Session, section: Section) -> Iterator[Line]:
    """What the prose of a section should say, whether it does, and the statute."""
    text = session.report.sections.get(section.key, "")
    kind = session.report.kind.value
    points = [point for point in section.points if not point.kinds or kind in point.kinds]
    yield Line("small", session.form.basis, "text2")
    for point in points:
        found = any(word in text for word in point.words)
        # A section not yet begun misses nothing: marks would only be noise (LOOK.md §4, empty and first run).
        mark = "" if not text.strip() else "check" if found else Severity.QUERY.value
        yield Line("point", point.title, mark=mark)
        if mark == Severity.QUERY.value:
            words = "".join(f"“{word}”" for word in point.words[:2])
            yield Line("under", f"没有见到{words}{'等' if len(point.words) > 2 else ''}字样", "qrytext")
        if point.text:
            yield Line("under", point.text, "text2")
    if text.strip() and points:
        yield Line("small", "按字样查找，仅供提醒。", "text3")
    yield Line("rule")
    for statute in section.statute:
        yield Line("head", statute.article)
        for paragraph in statute.text.strip().split("\n"):
            yield Line("small", paragraph)
    sources = list(dict.fromkeys(point.basis for point in points if point.basis))
    if sources:
        yield Line("head", "依据")
        for source in sources:
            yield Line("small", source, "text2")
    ours = [point.title for point in points if point.ours]
    if ours:
        yield Line("small", f"“{'”“'.join(ours)}”一条：{OURS}", "text2")


_TONES = {Severity.ERROR: "errtext", Severity.QUERY: "qrytext", Severity.HINT: "hinttext"}

# Points, weight, gap above, left margin; pixels at 100 %.
_LOOKS = {
    "title": (10.5, 600, 0, 0),
    "head": (9, 600, 16, 0),
    "text": (9.75, 400, 4, 0),
    "small": (9, 400, 4, 0),
    "point": (9.75, 400, 12, 24),
    "under": (9, 400, 1, 24),
}
_MARK = 18  # width of a mark with the gap after it


class _Notes(QTextEdit):
    """The lines of the card; text that can be selected and scrolled, never edited."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("bare", True)
        self.setProperty("ground", "card")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTabChangesFocus(True)
        self.setCursorWidth(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._lines: tuple[Line, ...] = ()
        self._zoom = 1.0
        self._width = 0

    def write(self, lines: tuple[Line, ...], *, again: bool = False) -> None:
        """Shows these lines; where they continue what was shown, it stays scrolled as it is."""
        if lines == self._lines and not again:
            return
        bar = self.verticalScrollBar()
        place = bar.value() if lines[:1] == self._lines[:1] else 0
        self._lines = lines
        self._width = self.width()
        document = self.document()
        document.clear()
        document.setDocumentMargin(0)
        frame = document.rootFrame().frameFormat()
        frame.setLeftMargin(20)
        frame.setRightMargin(12)
        frame.setTopMargin(4)
        frame.setBottomMargin(20)
        document.rootFrame().setFrameFormat(frame)
        cursor = QTextCursor(document)
        for number, line in enumerate(lines):
            self._write(cursor, line, number)
        bar.setValue(place)

    def _write(self, cursor: QTextCursor, line: Line, number: int) -> None:
        zoom, colors = self._zoom, theme.current()
        block = QTextBlockFormat()
        if line.look == "rule":
            block.setProperty(QTextBlockFormat.Property.BlockTrailingHorizontalRulerWidth, 1)
            block.setTopMargin(8 * zoom)
            block.setBackground(colors.line)
            cursor.insertBlock(block)
            return
        points, weight, gap, margin = _LOOKS[line.look]
        face = theme.font(points, weight, zoom)
        block.setTopMargin(gap * zoom if number else 0)
        block.setLineHeight(4 * zoom, QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
        if line.mark:
            margin = 24 if line.look == "point" else _MARK
            block.setTextIndent(-margin * zoom)
        block.setLeftMargin(margin * zoom)
        if line.value:
            # Of the widget, not the viewport: a scroll bar may come while the lines are written.
            width = self._width - 20 - 24 - margin * zoom
            block.setTabPositions([QTextOption.Tab(width, QTextOption.TabType.RightTab)])
        if number:
            cursor.insertBlock(block)
        else:
            cursor.setBlockFormat(block)
        if line.mark:
            cursor.insertImage(self._mark(line.mark, round(margin * zoom)))
        letters = QTextCharFormat()
        letters.setFont(face)
        tone = "text2" if line.look == "head" else line.tone
        letters.setForeground(getattr(colors, tone))
        cursor.insertText(line.text, letters)
        if line.value:
            letters.setFont(theme.font(points, 600, zoom))
            cursor.insertText(f"\t{line.value}", letters)

    def _mark(self, name: str, width: int) -> QTextImageFormat:
        """A mark as an image in the text, with the gap after it."""
        ratio = self.devicePixelRatioF()
        height = round(10 * self._zoom)
        pixmap = QPixmap(QSize(width, height) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        if name == "check":
            _paint_check(painter, QRectF(0, 0, height, height), theme.current().text3)
        else:
            theme.paint_mark(painter, QRectF(0, 0, height, height), Severity(name))
        painter.end()
        url = QUrl(f"mark:{name}")
        self.document().addResource(QTextDocument.ResourceType.ImageResource.value, url, pixmap)
        image = QTextImageFormat()
        image.setName(url.toString())
        image.setWidth(width)
        image.setHeight(height)
        return image

    def set_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        self.write(self._lines, again=True)

    def renew(self) -> None:
        """Writes the same lines in the colours of the scheme in use."""
        self.write(self._lines, again=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.width() != self._width and any(line.value for line in self._lines):
            self.write(self._lines, again=True)  # values stand at the right edge

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.context_menu().popup(event.globalPos())

    def context_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction("复制\tCtrl+C")
        copy.setEnabled(self.textCursor().hasSelection())
        copy.triggered.connect(self.copy)
        menu.addAction("全选\tCtrl+A").triggered.connect(self.selectAll)
        return menu


def _paint_check(painter: QPainter, rect: QRectF, color: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(color, max(1.4, rect.width() * 0.15))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    size = rect.width()
    corners = ((0.1, 0.55), (0.38, 0.82), (0.9, 0.2))
    painter.drawPolyline([QPointF(rect.x() + x * size, rect.y() + y * size) for x, y in corners])
    painter.restore()


class _RailButton(QAbstractButton):
    """An entry of the rail: an icon above upright words, and a dot where there is something to read."""

    def __init__(self, words: str, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(f"打开{words}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.set_icon(self, icon)
        self.dotted = False

    def set_dotted(self, dotted: bool) -> None:
        if dotted != self.dotted:
            self.dotted = dotted
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(RAIL - 1, 40 + len(self.text()) * (self.fontMetrics().height() + 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        if self.underMouse():
            painter.fillRect(self.rect(), colors.head)
        if self.hasFocus():
            theme.Pixels(painter).frame(QRectF(self.rect()), colors.focus, 2)
        self.icon().paint(painter, QRect((self.width() - 16) // 2, 12, 16, 16))
        painter.setPen(colors.text2)
        line = self.fontMetrics().height() + 1
        for place, word in enumerate(self.text()):
            painter.drawText(
                QRect(0, 32 + place * line, self.width(), line), Qt.AlignmentFlag.AlignCenter, word
            )
        if self.dotted:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.accent)
            painter.drawEllipse(QRectF(self.width() / 2 + 7, 9, 5, 5))
        painter.end()


class SideCard(QWidget):
    """The card beside the page of `section`; on a table's page it explains the current cell and holds the prose.

    `opened` is emitted when the user opens or closes it, not by `set_open`.
    """

    opened = Signal(bool)

    def __init__(self, session: Session, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "card")
        self.setProperty("edge", "left")
        self.session = session
        self.section = section
        self.box: ProseBox | None = None
        self._cell: Cell | None = None
        self._open = False
        self._zoom = 1.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._renew)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 0)  # the edge
        self._build_rail()
        self._build_body()
        layout.addWidget(self._rail)
        layout.addWidget(self._body)
        session.changed.connect(self._session_changed)
        theme.appearance.changed.connect(self.notes.renew)
        if parent is not None:
            parent.installEventFilter(self)
        self._apply_open()

    def _build_rail(self) -> None:
        self._rail = QWidget(self)
        layout = QVBoxLayout(self._rail)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        self.rail_notes = _RailButton("填报说明", "notes", self._rail)
        self.rail_notes.clicked.connect(self._open_notes)
        layout.addWidget(self.rail_notes)
        self.rail_prose = _RailButton("本节文字", "rows", self._rail)
        self.rail_prose.clicked.connect(self._open_prose)
        self.rail_prose.setVisible(self.section.table is not None)
        layout.addWidget(self.rail_prose)
        layout.addStretch()

    def _build_body(self) -> None:
        self._body = QWidget(self)
        layout = QVBoxLayout(self._body)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 8, 0)
        head.setSpacing(4)
        self.show_notes = QToolButton()
        self.show_prose = QToolButton()
        if self.section.table is None:
            title = QLabel("本节写什么")
            title.setFont(theme.font(10.5, 600))
            head.addWidget(title)
        else:
            head.setContentsMargins(13, 0, 8, 0)  # the words, not the buttons, stand above the text
            group = QButtonGroup(self)
            for button, words in ((self.show_notes, "填报说明"), (self.show_prose, "本节文字")):
                button.setText(words)
                button.setCheckable(True)
                group.addButton(button)
                head.addWidget(button)
            self.show_notes.setChecked(True)
            self.show_notes.clicked.connect(self._turn_to_notes)
            self.show_prose.clicked.connect(self._turn_to_prose)
        head.addStretch()
        self.close_button = QToolButton()
        self.close_button.setToolTip("收起")
        self.close_button.setAccessibleName("收起填报说明")
        theme.set_icon(self.close_button, "chevron")
        self.close_button.clicked.connect(self._close)
        head.addWidget(self.close_button)
        self.notes = _Notes(self._body)
        self.notes.setAccessibleName("填报说明" if self.section.table is not None else "本节写什么")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.notes)
        layout.addLayout(head)
        layout.addWidget(self._stack)

    # --- open and closed

    @property
    def is_open(self) -> bool:
        return self._open

    def set_open(self, is_open: bool) -> None:
        """Opens the card or makes it a rail, without saying so."""
        if is_open != self._open:
            self._open = is_open
            self._apply_open()

    def set_zoom(self, zoom: float) -> None:
        """Shows the notes larger or smaller; 1.0 is 100 %. The width stays."""
        self._zoom = zoom
        self.notes.set_zoom(zoom)
        if self.box is not None:
            self.box.editor.set_zoom(zoom)

    def _apply_open(self) -> None:
        focus = QApplication.focusWidget()
        had_focus = focus is not None and self.isAncestorOf(focus)
        self._rail.setVisible(not self._open)
        self._body.setVisible(self._open)
        self.setFocusProxy(self._stack.currentWidget() if self._open else self.rail_notes)
        self._fit()
        if had_focus:
            self.setFocus()
        self._later()

    def _fit(self) -> None:
        """The width of LOOK.md §3, by the width of the page, which is the window's."""
        parent = self.parentWidget()
        room = parent.width() if parent is not None else 0
        if not self._open:
            width = RAIL
        elif room >= 1800:
            width = 440
        else:
            width = 300 if self.section.table is not None and room < 1440 else 320
        if self.minimumWidth() != width or self.maximumWidth() != width:
            self.setFixedWidth(width)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def _open_notes(self) -> None:
        self._turn_to_notes()
        self._user_opens(True)

    def _open_prose(self) -> None:
        self._turn_to_prose()
        self._user_opens(True)
        self.setFocus()

    def _close(self) -> None:
        self._user_opens(False)

    def _user_opens(self, is_open: bool) -> None:
        self.set_open(is_open)
        self.opened.emit(is_open)

    def _turn_to_notes(self) -> None:
        self.show_notes.setChecked(True)
        self._turn_to(self.notes)

    def _turn_to_prose(self) -> None:
        if self.box is None:  # made, and its module loaded, on first use: most tables have no prose
            from gxeditor.ui.prose_editor import ProseBox

            self.box = ProseBox(self.session, self.section.key)
            self.box.setContentsMargins(20, 0, 12, 12)
            self.box.editor.set_zoom(self._zoom)
            self._stack.addWidget(self.box)
        self.show_prose.setChecked(True)
        self._turn_to(self.box)

    def _turn_to(self, widget: QWidget) -> None:
        self._stack.setCurrentWidget(widget)
        if self._open:
            self.setFocusProxy(widget)

    # --- content

    def show_cell(self, cell: Cell | None) -> None:
        """Explains this cell from now on."""
        if cell is not self._cell:
            self._cell = cell
            self._later()

    def _session_changed(self, _change: Change) -> None:
        self._later()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        self._later()

    def _later(self) -> None:
        """Renews the card after what is going on, so that typing does not wait for it."""
        if self.isVisible() and not self._timer.isActive():
            self._timer.start(0)

    def _renew(self) -> None:
        if self.section.table is not None:
            written = count_characters(self.session.report.sections.get(self.section.key, ""))
            self.rail_prose.set_dotted(bool(written))
            name = f"本节文字，{written} 字" if written else "本节文字，没有内容"
            self.rail_prose.setAccessibleName(name)
            self.show_prose.setAccessibleName(name)
        if not self._open:
            return
        if self.section.table is None:
            self.notes.write(tuple(section_lines(self.session, self.section)))
        elif self._cell is not None:
            self.notes.write(tuple(cell_lines(self.session, self._cell)))
        else:
            self.notes.write((Line("text", "选中表中的一格，这里说明它填什么。", "text2"),))
