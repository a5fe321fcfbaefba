"""The page of a section without table: its title, its text on paper, and what belongs there beside it.

Knows only the arrangement; writing is the editor's, the notes are the side card's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gxeditor.core.checks.anchors import Anchor, Span, place_in
from gxeditor.core.difference import Difference
from gxeditor.ui.editor.numbers import Numbers, counted, headline
from gxeditor.ui.editor.page import Page
from gxeditor.ui.editor.prose_editor import Counter, SectionEditor
from gxeditor.ui.editor.side_card import SideCard
from gxeditor.ui.look import theme
from gxeditor.ui.look.theme import Label, font
from gxeditor.ui.session import Session

if TYPE_CHECKING:
    from gxeditor.ui.editor.prose_beside import LastText, ProseBeside

COLUMNS = 1240
"""Pixels beside the closed card from which two texts stand side by side: a window of 1280. Below, last year's stands
above each paragraph."""


class ProsePage(Page):
    """A section without table: title, number of characters, its text, and the side card.

    Its place is where the caret is, 「一 · （二）依申请公开情况」.
    """

    kind = "prose"

    def __init__(self, session: Session, section_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.section = session.form.section(section_key)
        paper = QWidget(self)
        paper.setProperty("ground", "base")
        self.editor = SectionEditor(session, section_key, paper)
        self.editor.setProperty("bare", True)
        self.card: SideCard = SideCard(session, self.section, self)
        self.card.paragraph_asked.connect(self.editor.focus_paragraph)
        self.card.span_asked.connect(self.editor.focus_span)
        self.setFocusProxy(self.editor)
        title = Label(self.section.heading)
        title.setFont(font(12, 600))
        self._head = QHBoxLayout()
        self._head.setSpacing(16)
        self._head.addWidget(title)
        self._head.addWidget(Counter(self.editor))
        self._head.addStretch()
        self._beside: ProseBeside | None = None
        self._last: LastText | None = None
        self._numbers = Numbers(self.editor, session, section_key)
        self._numbers.ground = paper
        self.said = [theme.label(tone=tone) for tone in ("qrytext", "text2")]
        for words in self.said:
            self._head.addWidget(words)
        self.said[1].setMinimumWidth(1)  # a narrow window cuts short what is no fault, and stays narrow
        self._numbers.changed.connect(self._say_numbers)
        column = QVBoxLayout(paper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addWidget(self.editor)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(paper, 1)
        layout.addWidget(self.card)
        self._across = layout
        self._place = ""
        self._zoom = 1.0
        self._say_numbers()
        self.editor.zoom_asked.connect(self.zoom_asked)
        self.editor.column_changed.connect(self._align)
        self.editor.cursorPositionChanged.connect(self._tell_place)

    @property
    def numbers(self) -> Numbers:
        return self._numbers

    def place(self) -> str:
        heading = self.editor.heading()
        return place_in(self.section.number, heading) if heading else self.section.heading

    def target(self) -> tuple[str, int | None]:
        return self.section.key, self.editor.textCursor().blockNumber() if self.editor.text() else None

    def span(self) -> Span | None:
        return Span(self.section.key, *self.editor.selected())

    def show_target(self, target: str, paragraph: int | None) -> None:
        self.editor.focus_paragraph(paragraph or 0)

    def go_to(self, anchor: Anchor) -> None:
        if isinstance(anchor, Span):
            self.editor.focus_span(anchor.start, anchor.end)
            shown = self.session.in_view.pinned
            if self._beside is not None and self.is_beside and shown in self._beside.years():
                self._beside.show_year(shown)
        else:
            self.setFocus()

    def at(self) -> Anchor:
        return Span(self.section.key, *self.editor.selected())

    def show_found(self, where: Anchor, start: int, end: int, *, focus: bool = False) -> None:
        if isinstance(where, Span):
            self.editor.show_found(start, end, focus=focus)
        elif focus:
            self.setFocus()

    def leave_found(self) -> None:
        self.editor.leave_found()

    def show_difference(self, change: Difference) -> None:
        text = change.text_of(self.section.key)
        if text is not None:
            self.editor.show_span(text.start, text.start + len(text.new))

    # --- beside last year's

    @property
    def is_beside(self) -> bool:
        return self._beside is not None and self._beside.is_on

    def set_beside(self, on: bool) -> None:
        if self._beside is None:
            if not on:
                return
            self._make_beside()
        assert self._beside is not None
        for widget in (self._asked, self._same, self._walk):
            widget.setVisible(on)
        self._beside.set_on(on, arranged=False)
        self.beside_changed.emit()  # which may close the card
        self._arrange()
        self._beside.renew_if_due()

    def walk_years(self) -> None:
        """「逐处改年份」: shows last year's text if need be, and the first year that may be last year's."""
        if not self.is_beside:
            self.set_beside(True)
        if self._beside is None or not self._beside.walk():
            self.told.emit("这一部分没有可能是去年留下的年份。")

    def _make_beside(self) -> None:
        from gxeditor.ui.editor.prose_beside import ProseBeside

        self._beside = beside = ProseBeside(self.editor, self.session, self.section.key, self)
        self._asked, self._same = theme.label(tone="qrytext"), theme.label(tone="text2")
        self._same.setMinimumWidth(1)  # cut short in a narrow window, as it is no fault
        self._walk = QPushButton("逐处改年份")
        self._walk.setToolTip("逐处看文字里可能还是去年的年份，每处由您决定改不改。")
        self._walk.clicked.connect(self.walk_years)
        for widget in (self._asked, self._same, self._walk):
            self._head.addWidget(widget)
        self.card.installEventFilter(self)
        beside.changed.connect(self._say_beside)
        beside.told.connect(self.told)
        self.session.changed.connect(self._say_beside)

    def _say_beside(self) -> None:
        beside = self._beside
        if beside is None or not beside.is_on:
            return
        from gxeditor.ui.editor.prose_beside import missing_words

        years = len(beside.years())
        self._asked.setText(f"◆ {years} 处年份未改" if years else "")
        self._walk.setEnabled(years > 0)
        missing = missing_words(self.session, self.section.key)[0] if self._last is None else ""
        self._same.setText(missing or (f"{beside.same} 段与上年相同" if beside.same else ""))

    def _arrange(self) -> None:
        """Last year's text in a column where there is room for two, else above each paragraph."""
        beside = self._beside
        if beside is None:
            return
        columns = beside.is_on and self.width() - self.card.width() >= COLUMNS
        if columns and self._last is None:
            from gxeditor.ui.editor.prose_beside import LastText

            self._last = last = LastText(beside, self)
            last.editor.set_zoom(self._zoom)
            last.editor.zoom_asked.connect(self.zoom_asked)
            last.prior_asked.connect(self.prior_asked)
            last.read_asked.connect(self.prior_read_asked)
            self._across.insertWidget(0, last, 1)
            self._across.insertWidget(1, last.gutter)
        if self._last is not None:
            self._last.setVisible(columns)
            self._last.gutter.setVisible(columns)
            if columns:
                self._across.activate()
        beside.set_last(self._last if columns else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.card and event.type() == QEvent.Type.Resize and self.is_beside:
            self._arrange()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.is_beside:
            self._arrange()

    def finish(self) -> None:
        self.editor.end_composition()
        self.editor.rest()

    def set_scale(self, density: str, zoom: float) -> None:
        self._zoom = zoom
        self.editor.set_zoom(zoom)
        self.card.set_zoom(zoom)
        if self._last is not None:
            self._last.editor.set_zoom(zoom)
        if self._beside is not None and self._beside.is_on:
            self._beside.renew()

    def _say_numbers(self) -> None:
        """What became of comparing the numbers of the text with the tables; nothing where it states none."""
        counts = counted(self.session.findings, self.section.key)
        lines = headline(counts)
        wrong = [f"◆ {lines.pop(0)}"] if counts.get("different") else []
        for words, said in zip(self.said, (wrong, lines), strict=True):
            words.setText("　".join(said))
            words.setVisible(bool(said))

    def _align(self, left: int) -> None:
        """Keeps the title above the column of text, and what is said at its other end."""
        paper = self.editor.parentWidget()
        column = self.editor.document().rootFrame().frameFormat()
        right = round(column.rightMargin()) + (
            paper.width() - self.editor.viewport().width() - self.editor.viewport().x() if paper else 0
        )
        self._head.setContentsMargins(left, 12, max(24, right), 12)

    def _tell_place(self) -> None:
        place = self.place()
        if place != self._place:
            self._place = place
            self.card.show_heading(self.editor.heading())
            self.place_changed.emit(place)
