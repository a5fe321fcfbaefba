"""The note below a table (表下注释): a quiet line while there is none, a few lines of text once there is one.

Knows how much room it takes from the table above it, and that typing in it is one step until it rests. What is printed
of it, and where, is no business of this module; the editor is loaded when there is something to write in it.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from gxeditor.core.fields import NOTES
from gxeditor.core.form import Section
from gxeditor.ui.look import theme
from gxeditor.ui.session import Change, Session

if TYPE_CHECKING:
    from gxeditor.ui.editor.prose_editor import ProseEditor

WORD = "表下注释"
_EMPTY = "印在表格下面，一段一行，例如：注：上年结转的数含依法延期办理的申请。"
_TIP = "写一段印在这张表下面的注释，说明表里的数；各种导出都带上它。"
_LINES = 3
"""Lines in view; the table above keeps the rest of the page."""
_AROUND = 12  # pixels above and below them inside the editor
_WIDE = 820  # pixels, as the fields of 基本信息: in more the text would stand far from its word


class TableNote(QWidget):
    """The note below the table of `section`. `left` says that the keys are to go back to the table, `zoom_asked` as a
    page's."""

    left = Signal()
    zoom_asked = Signal(int)

    def __init__(self, session: Session, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._name = session, NOTES[section.key].name
        self._word = f"表{section.number}的{WORD}"
        self._zoom = 1.0
        self.editor: ProseEditor | None = None
        self.open_button = QPushButton(f"＋ {WORD}")
        self.open_button.setProperty("link", True)
        self.open_button.setAccessibleName(f"写{self._word}")
        self.open_button.setToolTip(theme.plain_tip(_TIP))
        self.open_button.clicked.connect(self.write)
        self._label = theme.label(WORD, tone="text2")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2)
        layout.setSpacing(8)
        layout.addWidget(self.open_button)
        layout.addWidget(self._label, 0, Qt.AlignmentFlag.AlignTop)
        layout.addStretch(1)
        self._row = layout
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        session.changed.connect(self._session_changed)
        self._renew()

    @property
    def name(self) -> str:
        """The name of its text (`Report.text`)."""
        return self._name

    def has_keys(self) -> bool:
        return self.editor is not None and self.editor.hasFocus()

    def write(self) -> None:
        """Opens the note, empty or not, with the keys in it."""
        editor = self._open()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_paragraph(self, number: int) -> None:
        self._open().focus_paragraph(number)

    def focus_span(self, start: int, end: int) -> None:
        self._open().focus_span(start, end)

    def show_span(self, start: int, end: int) -> None:
        """Brings these characters into view and frames their paragraphs; a note that was emptied is shown as that."""
        if self.editor is not None and self._text():
            self.editor.show_span(start, end)

    def paragraph(self) -> int:
        return self.editor.textCursor().blockNumber() if self.editor is not None else 0

    def finish(self) -> None:
        """Ends what is being typed."""
        if self.editor is not None:
            self.editor.end_composition()
            self.editor.rest()

    def set_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        if self.editor is not None:
            self.editor.set_zoom(zoom)
            self._fit()

    def _text(self) -> str:
        return self._session.report.text(self._name)

    def _open(self) -> ProseEditor:
        if self.editor is None:
            from gxeditor.ui.editor.prose_editor import ProseEditor

            self.editor = editor = ProseEditor(self, compact=True)
            editor.setAccessibleName(self._word)
            editor.set_empty_text(_EMPTY)
            editor.setMaximumWidth(_WIDE)
            editor.set_zoom(self._zoom)
            editor.edited.connect(self._hand_over)
            editor.rested.connect(self._session.seal)
            editor.refused.connect(self._session.held)
            editor.told.connect(self._session.told)
            editor.zoom_asked.connect(self.zoom_asked)
            editor.installEventFilter(self)
            editor.document().documentLayout().documentSizeChanged.connect(self._fit)
            self._row.insertWidget(2, editor, 1000)  # before anything is left over
            self._show()
        self._fold(False)
        return self.editor

    def _fold(self, folded: bool) -> None:
        self.open_button.setVisible(folded)
        self._label.setVisible(not folded)
        if self.editor is not None:
            self.editor.setVisible(not folded)
        self._fit()
        parent = self.parentWidget()
        layout = parent.layout() if parent is not None else None
        if layout is not None and self.isVisible():
            layout.activate()  # what is scrolled to or painted next has its place

    def _fit(self) -> None:
        """As high as the text, up to a few lines; a quiet line while there is none."""
        height = self.open_button.sizeHint().height()
        if self.editor is not None and not self.editor.isHidden():
            document = self.editor.document()
            line = document.firstBlock().blockFormat().lineHeight()
            text = min(document.size().height(), _LINES * line + _AROUND)
            height = max(height, ceil(text) + 2 * self.editor.frameWidth())
            self.editor.setFixedHeight(height)
        if self.minimumHeight() != height + 2:
            self.setFixedHeight(height + 2)

    def _renew(self) -> None:
        if self._text().strip():
            self._open()
        elif self.editor is None or not self.editor.hasFocus():
            self._fold(True)

    def _show(self) -> None:
        assert self.editor is not None
        self.editor.set_held(self._session.report.is_final)
        self.editor.set_text(self._text())

    def _session_changed(self, change: Change) -> None:
        if self.editor is not None and change.origin is not self.editor:
            self._show()
        if change.origin is not self.editor or self.editor is None:
            self._renew()
        self.open_button.setEnabled(not self._session.report.is_final)

    def _hand_over(self) -> None:
        assert self.editor is not None
        report = self._session.report.with_fields(**{self._name: self.editor.text()})
        word = NOTES[self._name.removeprefix("note_")].word
        self._session.edit(report, f"修改{word}", origin=self.editor, merge_key=f"field.{self._name}")
        if self._text() != self.editor.text():
            self._show()  # it was not taken: a report that is final stays as it is

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and not self._text().strip():
            self._fold(True)
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self.left.emit()
            return True
        return False
