"""The side card: what belongs in the cell, or in the section, that is being filled.

Knows the card beside a page, its two leaves (explanation and, beside tables, the section's prose), and the rail it
becomes when closed. What it says is `card_notes`', loaded when it is first opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.errors import GxError
from gxeditor.core.form import Cell, Section
from gxeditor.core.report import count_characters
from gxeditor.ui.look import theme
from gxeditor.ui.session import Change, Session

if TYPE_CHECKING:
    from gxeditor.ui.editor.card_notes import Notes
    from gxeditor.ui.editor.numbers import Numbers
    from gxeditor.ui.editor.prose_beside import ProseBeside
    from gxeditor.ui.editor.prose_editor import ProseBox

RAIL = 36
_REST = 300
"""Milliseconds without an edit after which the card of a text lists its points and numbers anew: writing dozens of
lines takes longer than a keystroke may."""
_SETTLED = 150
"""The same for the card of a table, without a step to another cell either: Enter and a digit often follow faster."""


_ABOUT = {
    "填报说明": "看这一格、这一部分填什么，依据哪一条（F4）。",
    "本节文字": "写这张表下面的文字，与表格一起印出。",
}


class _RailButton(QAbstractButton):
    """An entry of the rail: an icon above upright words, and a dot where there is something to read."""

    def __init__(self, words: str, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(theme.plain_tip(_ABOUT[words]))
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

    `opened` is emitted when the user opens or closes it, not by `set_open`; `paragraph_asked` with a paragraph of the
    section's text, counted from 0, to which the user wants to go, `span_asked` with the first character of a number
    there and the one behind it, `checks_asked` when the user wants the list of the rules of the cell.
    """

    opened = Signal(bool)
    paragraph_asked = Signal(int)
    span_asked = Signal(int, int)
    checks_asked = Signal()

    def __init__(self, session: Session, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "card")
        self.setProperty("edge", "left")
        self.session = session
        self.section = section
        self.box: ProseBox | None = None
        self.numbers: Numbers | None = None
        self._cell: Cell | None = None
        self._heading = ""
        self._whole = False  # whether every number of the text is listed
        self._open = False
        self._is_beside = False
        self.beside: ProseBeside | None = None
        self._zoom = 1.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._renew)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 0)  # the edge
        self._body: QWidget | None = None
        self._build_rail()
        layout.addWidget(self._rail)
        session.changed.connect(self._session_changed)
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
        self.show_notes = QToolButton(self)
        self.show_prose = QToolButton(self)
        self.show_notes.hide()
        self.show_prose.hide()

    @property
    def notes(self) -> Notes:
        """The explanation; made with the rest of the card when it is first asked for."""
        if self._body is None:
            self._build_body()
        return self._notes

    def _build_body(self) -> None:
        from gxeditor.ui.editor.card_notes import Notes

        self._body = QWidget(self)
        self._body.setVisible(False)
        outer = self.layout()
        assert outer is not None
        outer.addWidget(self._body)
        layout = QVBoxLayout(self._body)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 8, 0)
        head.setSpacing(4)
        if self.section.table is None:
            title = theme.Label("本节写什么")
            title.setFont(theme.font(10.5, 600))
            head.addWidget(title)
        else:
            head.setContentsMargins(13, 0, 8, 0)  # the words, not the buttons, stand above the text
            group = QButtonGroup(self)
            for button, words in ((self.show_notes, "填报说明"), (self.show_prose, "本节文字")):
                button.setText(words)
                button.setAccessibleName(f"旁边看{words}")
                button.setToolTip(theme.plain_tip(_ABOUT[words]))
                button.setCheckable(True)
                group.addButton(button)
                head.addWidget(button)
                button.show()
            self.show_notes.setChecked(True)
            self.show_notes.clicked.connect(self._turn_to_notes)
            self.show_prose.clicked.connect(self._turn_to_prose)
        head.addStretch()
        self.close_button = QToolButton()
        self.close_button.setToolTip("收起说明，给表格和文字让出地方；F4 再打开。")
        self.close_button.setAccessibleName("收起填报说明")
        theme.set_icon(self.close_button, "chevron")
        self.close_button.clicked.connect(self._close)
        head.addWidget(self.close_button)
        self._notes = Notes(self._body)
        self._notes.set_zoom(self._zoom)
        theme.appearance.changed.connect(self._notes.renew)
        self._notes.paragraph_chosen.connect(self.paragraph_asked)
        self._notes.number_chosen.connect(self._number_chosen)
        self._notes.unfolded.connect(self._unfold)
        self._notes.checks_asked.connect(self.checks_asked)
        self._notes.setAccessibleName("填报说明" if self.section.table is not None else "本节写什么")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._notes)
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
        if self._body is not None:
            self._notes.set_zoom(zoom)
        if self.box is not None:
            self.box.editor.set_zoom(zoom)

    def _apply_open(self) -> None:
        focus = QApplication.focusWidget()
        had_focus = focus is not None and self.isAncestorOf(focus)
        if self._open and self._body is None:
            self._build_body()
        self._rail.setVisible(not self._open)
        if self._body is not None:
            self._body.setVisible(self._open)
        self.setFocusProxy(self._stack.currentWidget() if self._open else self.rail_notes)
        self._fit()
        if had_focus:
            self.setFocus()
        self._later()

    def _fit(self) -> None:
        """Its width, by the width of the page, which is the window's."""
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
            layout = parent.layout() if parent is not None else None
            if layout is not None and self.isVisible():
                layout.activate()  # at once: a window that is maximized while it opens may paint before it is asked

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

    def set_beside(self, on: bool) -> None:
        """Shows last year's text above each paragraph of the section's, or no longer."""
        self._is_beside = on
        if self.box is None:
            return
        if self.beside is None and on:
            from gxeditor.ui.editor.prose_beside import ProseBeside

            self.beside = ProseBeside(self.box.editor, self.session, self.section.key)
        if self.beside is not None:
            self.beside.set_on(on)

    def show_paragraph(self, number: int) -> None:
        """Opens the section's text at a paragraph, counted from 0."""
        self._turn_to_prose()
        self.set_open(True)
        if self.box is not None:
            self.box.editor.focus_paragraph(number)

    def show_span(self, start: int, end: int) -> None:
        """Opens the section's text and frames the paragraphs that hold these characters."""
        self._unfold_prose()
        if self.box is not None:
            self.box.editor.show_span(start, end)

    def focus_span(self, start: int, end: int) -> None:
        """Opens the section's text and selects these characters."""
        self._unfold_prose()
        if self.box is not None:
            self.box.editor.focus_span(start, end)

    def show_found(self, start: int, end: int, *, focus: bool = False) -> None:
        """Opens the section's text and selects what was found there; the focus comes only if wanted."""
        self._unfold_prose()
        if self.box is not None:
            self.box.editor.show_found(start, end, focus=focus)

    def _unfold_prose(self) -> None:
        self._turn_to_prose()
        self.set_open(True)
        parent = self.parentWidget()
        layout = parent.layout() if parent is not None else None
        if layout is not None:
            layout.activate()  # the text is laid out anew in the width it has now

    def toggle_notes(self) -> None:
        """Opens the explanation, whatever was beside the page, or closes it; says which, as the user's act."""
        if self._open and self._stack.currentWidget() is self._notes:
            self._user_opens(False)
        else:
            self._open_notes()

    def _close(self) -> None:
        self._user_opens(False)

    def _user_opens(self, is_open: bool) -> None:
        self.set_open(is_open)
        self.opened.emit(is_open)

    def _turn_to_notes(self) -> None:
        notes = self.notes
        self.show_notes.setChecked(True)
        self._turn_to(notes)

    def _turn_to_prose(self) -> None:
        if self._body is None:
            self._build_body()
        if self.box is None:  # made, and its module loaded, on first use: most tables have no prose
            from gxeditor.ui.editor.numbers import Numbers
            from gxeditor.ui.editor.prose_editor import ProseBox

            self.box = ProseBox(self.session, self.section.key)
            self.numbers = Numbers(self.box.editor, self.session, self.section.key)
            self.numbers.ground = self.parentWidget()
            self.box.setContentsMargins(20, 0, 12, 12)
            self.box.editor.set_zoom(self._zoom)
            self.set_beside(self._is_beside)
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
            was_empty, self._cell = self._cell is None, cell
            if was_empty:
                self._later()
            else:
                self._at_rest(_SETTLED)

    def show_heading(self, heading: str) -> None:
        """Explains what belongs under this heading of the section's text from now on; "" is before the first."""
        if heading != self._heading:
            self._heading = heading
            self._later()

    def _session_changed(self, change: Change) -> None:
        if self.section.table is not None:
            self._at_rest(_SETTLED)
        elif change.origin is not None:
            self._at_rest(_REST)
        else:
            self._later()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        self._later()

    def _at_rest(self, milliseconds: int) -> None:
        """Renews the card once nothing has happened for so long: beginning anew with each key."""
        if self.isVisible():
            self._timer.start(milliseconds)

    def _later(self) -> None:
        """Renews the card after what is going on, so that typing does not wait for it."""
        if self.isVisible() and not self._timer.isActive():
            self._timer.start(0)

    def _number_chosen(self, number: int) -> None:
        claims = [one for one in self.session.findings.claims if one.where.section == self.section.key]
        if number < len(claims):
            self.span_asked.emit(claims[number].where.start, claims[number].where.end)

    def _unfold(self) -> None:
        self._whole = True
        self._later()

    def _renew(self) -> None:
        if self.section.table is not None:
            written = count_characters(self.session.report.sections.get(self.section.key, ""))
            self.rail_prose.set_dotted(bool(written))
            name = f"本节文字，{written} 字" if written else "本节文字，没有内容"
            self.rail_prose.setAccessibleName(name)
            self.show_prose.setAccessibleName(name)
        if not self._open:
            return
        from gxeditor.ui.editor.card_notes import CardLine, cell_lines, section_lines

        try:
            if self.section.table is None:
                lines = tuple(section_lines(self.session, self.section, self._heading, whole=self._whole))
            elif self._cell is not None:
                lines = tuple(cell_lines(self.session, self._cell))
            else:
                lines = (CardLine("text", "选中表中的一格，这里说明它填什么。", "text2"),)
        except GxError as error:  # the shipped notes are damaged: filling in goes on without them
            lines = (CardLine("text", str(error), "errtext"),)
        self.notes.write(lines)
