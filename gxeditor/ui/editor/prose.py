"""The page of a section without table: its title, its text on paper, and what belongs there beside it.

Knows only the arrangement; writing is the editor's, the notes are the side card's.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gxeditor.core.checks.anchors import Anchor, Span
from gxeditor.core.difference import Difference
from gxeditor.ui.editor.numbers import Numbers, counted, headline
from gxeditor.ui.editor.page import Page
from gxeditor.ui.editor.prose_editor import Counter, SectionEditor
from gxeditor.ui.editor.side_card import SideCard
from gxeditor.ui.look import theme
from gxeditor.ui.look.theme import Label, font
from gxeditor.ui.session import Session


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
        self._place = ""
        self._say_numbers()
        self.editor.zoom_asked.connect(self.zoom_asked)
        self.editor.column_changed.connect(self._align)
        self.editor.cursorPositionChanged.connect(self._tell_place)

    @property
    def numbers(self) -> Numbers:
        return self._numbers

    def place(self) -> str:
        heading = self.editor.heading()
        return f"{self.section.number} · {heading}" if heading else self.section.heading

    def target(self) -> tuple[str, int | None]:
        return self.section.key, self.editor.textCursor().blockNumber() if self.editor.text() else None

    def span(self) -> Span | None:
        return Span(self.section.key, *self.editor.selected())

    def show_target(self, target: str, paragraph: int | None) -> None:
        self.editor.focus_paragraph(paragraph or 0)

    def go_to(self, anchor: Anchor) -> None:
        if isinstance(anchor, Span):
            self.editor.focus_span(anchor.start, anchor.end)
        else:
            self.setFocus()

    def show_difference(self, change: Difference) -> None:
        text = change.text_of(self.section.key)
        if text is not None:
            self.editor.show_span(text.start, text.start + len(text.new))

    def finish(self) -> None:
        self.editor.end_composition()
        self.editor.rest()

    def set_scale(self, density: str, zoom: float) -> None:
        self.editor.set_zoom(zoom)
        self.card.set_zoom(zoom)

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
            self.place_changed.emit(place)
