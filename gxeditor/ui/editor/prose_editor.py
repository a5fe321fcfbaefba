"""The editor of prose: plain text that is set like paper.

Knows composition by input methods, pasting, the look of paragraphs and when typing has come to a rest, so that undo
goes in sensible steps. The text itself is the session's: the editor hands every change to it and has no undo of its
own. Knows no rule and no table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QTextEdit, QVBoxLayout, QWidget

from gxeditor.core.difference import text_difference
from gxeditor.core.errors import GxError
from gxeditor.core.form import Section
from gxeditor.core.report import ProseDoubt, Report, count_characters, paragraphs, without_unseen
from gxeditor.files.limits import PASTED_PROSE
from gxeditor.resources import load_cards
from gxeditor.ui.editor import number_marks
from gxeditor.ui.editor.clipboard import Copied, blank_mime_data, prose_apart, prose_of
from gxeditor.ui.editor.number_marks import Boxes, Look, Mark
from gxeditor.ui.look import theme
from gxeditor.ui.look.theme import Label, Pixels, current, font, restyle
from gxeditor.ui.session import Change, Session

if TYPE_CHECKING:
    from gxeditor.ui.look.tasks import Task

COLUMN = 51.5
"""Width of the column in characters: 51, and room for a closing bracket's rounding (772 px at 11.25 pt)."""
LINE_HEIGHT = 1.8
PAUSE = 2000
"""Milliseconds without a key after which further typing is a step of its own."""
FLASH = 600
"""Milliseconds for which a frame is heavy."""

_LONG = 2000
"""Characters from which a paragraph keeps what its layout has found of its letters: painting a few of its lines would
find out all of it again. Of short ones that costs more memory than it saves time."""

_SHAPED = re.compile(
    "[\u0300-\u036f\u0590-\u1cff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\ua800-\uabff"
    "\ufb00-\ufdff\ufe00-\ufe0f\ufe20-\ufe2f\ufe70-\ufefe\U00010000-\U0001ffff]"
)
"""Letters that are joined, stacked or put together: Uyghur, Tibetan, Mongolian, accents of their own, emoji."""

_FOREMOST = 400
"""Characters of a paragraph in which its heading, and blanks before it, are looked for."""

_MODIFIERS = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
    Qt.Key.Key_unknown,
}
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def applying_points(section: Section, report: Report) -> str:
    """What the section should say, a line for each point asked of this kind of agency.

    What is told of a point stands with its status; where the notes are damaged, which the side card says, only points.
    """
    points = [point for point in section.points if not point.kinds or report.kind.value in point.kinds]
    if not points:
        return ""
    try:
        cards = load_cards(report.form)
    except GxError:
        return "\n".join(point.title for point in points)
    told = (cards.of_point(section, point.title, report.year) for point in points)
    return "\n".join(
        f"{point.title}：{''.join(one.text + one.mark for one in statements)}"
        for point, statements in zip(points, told, strict=True)
    )


def pasted_text(text: str) -> str:
    """Text of the clipboard as it may stand in a section: paragraphs divided by newlines, and nothing but text.

    Blanks around each line go: the page indents by itself. Zero-width and control characters of web pages go too.
    """
    text = without_unseen(text.replace("\r\n", "\n").replace("\r", "\n")).replace("\t", " ")
    return "\n".join(line.strip() for line in text.split("\n"))


def _units(text: str) -> int:
    """How many positions of a QTextDocument a text takes: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _block_format(indent: float, line: float, gap: float) -> QTextBlockFormat:
    look = QTextBlockFormat()
    look.setTextIndent(indent)
    look.setLineHeight(line, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    look.setTopMargin(gap)
    look.setAlignment(Qt.AlignmentFlag.AlignJustify)
    return look


def _of_document(raw: str) -> str:
    """The raw text of a document, paragraphs divided by newlines."""
    return raw.replace("\u2029", "\n").replace("\u2028", "\n")


@lru_cache(maxsize=4096)
def _heading(beginning: str) -> str:
    """The （一） heading with which a paragraph begins, "" without one; `_FOREMOST` characters of it tell."""
    found = paragraphs(beginning)
    return found[0].heading if found else ""


class _Headings(QSyntaxHighlighter):
    """Sets （一） headings in 600 without touching the text."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._format = QTextCharFormat()
        self._format.setFontWeight(font(11.25, 600).weight())

    def highlightBlock(self, text: str) -> None:
        if heading := _heading(text[:_FOREMOST]):
            lead = len(text) - len(text.lstrip())
            self.setFormat(lead, _units(heading), self._format)


class ProseEditor(QTextEdit):
    """Plain text in a column. `compact` is a smaller face for narrow places.

    `edited` comes with every change by the user, never during a composition; `rested` when a run of typing has ended:
    the field was left, the caret put elsewhere, a paragraph ended, deleting follows typing, nothing for two seconds,
    before and after pasting. `zoom_asked` carries +1 or -1 for a notch of the wheel with Ctrl, `column_changed` the
    left edge of the column in pixels of the editor, `menu_made` the context menu before it is shown, `span_shown` the
    characters to which one was led. `refused` says that something was typed into a text that is only to be read
    (`set_held`), `told` a sentence.
    """

    # A QTextEdit, although the text is plain: QPlainTextEdit knows neither indents nor line heights.
    edited = Signal()
    rested = Signal()
    refused = Signal()
    told = Signal(str)
    zoom_asked = Signal(int)
    column_changed = Signal(int)
    menu_made = Signal(QMenu)
    span_shown = Signal(int, int)

    def __init__(self, parent: QWidget | None = None, *, compact: bool = False) -> None:
        super().__init__(parent)
        self._is_shaped, self._zoomed = False, 1.0
        self._points = 9.75 if compact else 11.25
        self._margins = (4, 4, 4, 4) if compact else (24, 8, 24, 48)
        self._text = ""
        self._read = (-1, 0), ""  # the state of the document in which it was read last, and the text
        self._narrow = "", True
        self._changes: list[tuple[int, int, int]] = []  # of the document since it was read
        self._caret = 0
        self._run = ""  # what the run of typing that is under way does: "type", "delete" or nothing
        self._composing = False
        self._reading: Task | None = None  # of a page that is to be put in,
        self._waits = QTextCursor()  # and where
        self._replacing = False
        self._writing: tuple[int, QSize] | None = (
            None  # how the viewport stood before a key in a long paragraph
        )
        self._written = 0  # the first position that this has changed
        self._wheel = 0
        self._doubts: tuple[ProseDoubt, ...] = ()
        self._tinted = False
        self._marks: tuple[Mark, ...] = ()  # in positions of the document
        self._placed: tuple[tuple[int, int, int, Look], ...] = ()
        self._at_hand: tuple[int, int] | None = None
        self._found: tuple[int, int] | None = None  # in positions of the document
        self._framed: tuple[int, int] | None = None  # the first and last paragraph inside a frame
        self._arrived = True  # nobody has moved in the text since it came into view
        self._flash = QTimer(self, singleShot=True, interval=FLASH)
        self._flash.timeout.connect(self._repaint)
        self.empty_text = ""
        self._leads: Mapping[int, float] = {}  # room above paragraphs, by number
        self._tail = 0.0  # and below the last
        self._gaps: tuple[tuple[str, float], tuple[float, ...]] = (
            ("", 0.0),
            (),
        )  # and of which text and face they are
        self._rooms: list[float] = []  # what stands free above each paragraph; empty when that is not known
        self.annotate: Callable[[QPainter], None] | None = None
        self.pause = QTimer(self)
        self.pause.setSingleShot(True)
        self.pause.setInterval(PAUSE)
        self.pause.timeout.connect(self.rest)
        self.setUndoRedoEnabled(False)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._headings = _Headings(self.document())
        self.set_zoom(1.0)
        self.document().contentsChange.connect(self._note_change)
        self.textChanged.connect(self._repaint_written)
        self.textChanged.connect(self._unframe)
        self.textChanged.connect(self.leave_found)
        self.textChanged.connect(self._text_changed)
        self.cursorPositionChanged.connect(self._caret_moved)

    # --- text

    def text(self) -> str:
        """The text without what is being composed; paragraphs divided by newlines."""
        document = self.document()
        state = document.revision(), document.characterCount()
        if state != self._read[0]:  # asked for six times with every key
            text = self._with_change(state[1] - 1)
            if text is None:
                text = _of_document(document.toRawText())
            self._read = state, self._text if text == self._text else text
            self._changes.clear()
        return self._read[1]

    def _note_change(self, position: int, removed: int, added: int) -> None:
        self._changes.append((position, removed, added))
        self._written = min(self._written, position)

    def _with_change(self, length: int) -> str | None:
        """The text as it was read last with the one change made since; None if that is not all that it takes."""
        known = self._read[1]
        if len(self._changes) != 1 or self._changes[0][2] > _LONG or not self._is_narrow(known):
            return None
        position, removed, added = self._changes[0]
        end, behind = min(position + added, length), min(position + removed, len(known))
        if not position <= end or len(known) - behind + end != length:
            return None  # Qt tells of more than has changed where a text begins or ends
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        new = _of_document(cursor.selectedText())
        if len(new) != end - position:
            return None
        text = known[:position] + new + known[behind:]
        self._narrow = text, True
        return text

    def set_text(self, text: str) -> None:
        """Shows another text, as on undo: only what differs is replaced, and the caret stands where that was."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._replacing = True
        self.end_composition(keep=False)
        shown = self.text()
        if text != shown:
            start, old, new = text_difference(shown, text)
            cursor = QTextCursor(self.document())
            first = _units(text[:start])
            cursor.setPosition(first)
            cursor.setPosition(first + _units(old), QTextCursor.MoveMode.KeepAnchor)
            if new == text:
                self._is_shaped = _SHAPED.search(new) is not None
                self.document().setDefaultFont(self._face())
            self._shape(new)
            cursor.insertText(new)
            self._text = self.text()
            self._run = ""
            self.pause.stop()
            self._set_blocks()
            if new == text and (old or not self.hasFocus()):
                cursor.setPosition(0)  # another report is read from its beginning
            self._caret = cursor.position()
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
        self._replacing = False

    def set_held(self, held: bool) -> None:
        """Whether the text is only to be read, selected and copied; it looks so, too."""
        if held != self.isReadOnly():
            self.end_composition()
            self.setReadOnly(held)
            if held:  # with a caret: what stands there is still gone through by keys
                self.setTextInteractionFlags(
                    Qt.TextInteractionFlag.TextSelectableByMouse
                    | Qt.TextInteractionFlag.TextSelectableByKeyboard
                )
            restyle(self, held=held)

    def set_empty_text(self, text: str) -> None:
        """What stands there, greyed, as long as nothing is typed."""
        if text != self.empty_text:
            self.empty_text = text
            self.viewport().update()

    def focus_span(self, start: int, end: int) -> None:
        """Selects the characters from `start` to before `end` of `text()` and brings them into view, with the focus."""
        self.end_composition()
        cursor = self.textCursor()
        cursor.setPosition(_units(self._text[:start]))
        cursor.setPosition(_units(self._text[:end]), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureCursorVisible()
        self.span_shown.emit(start, end)

    def show_found(self, start: int, end: int, *, focus: bool = False) -> None:
        """Selects and frames these characters of `text()` and brings them into view; the focus comes only if wanted."""
        self.end_composition()
        first, last = self._positions((start, end))
        cursor = self.textCursor()
        cursor.setPosition(first)
        cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        self._found = first, last
        if focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._repaint()

    def leave_found(self) -> None:
        """Frames no longer what was found."""
        if self._found is not None:
            self._found = None
            self._repaint()

    def set_doubts(self, doubts: Sequence[ProseDoubt]) -> None:
        """Tints and underlines these parts of `text()`, which a person has to look at; nothing while one composes."""
        if not doubts and not self._doubts:
            return  # what marks are tinted moves along with what is typed
        self._doubts = tuple(doubts)
        self._tint()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Marks these numbers, places being characters of `text()`; none is seen while one composes.

        Only the paragraphs in which a mark has changed are painted again.
        """
        before, self._placed = self._placed, number_marks.placed(self._text, marks)
        self._marks = tuple(marks)
        if not self._is_narrow(self._text):
            places = self._positions([place for mark in marks for place in mark[:2]])
            pairs = zip(places[::2], places[1::2], marks, strict=True)
            self._marks = tuple(Mark(start, end, mark.look) for start, end, mark in pairs)
        if before == self._placed:
            return
        for block in number_marks.changed_blocks(self.document(), before, self._placed):
            self._repaint_block(block)
        self._tint()

    def set_at_hand(self, span: tuple[int, int] | None) -> None:
        """Frames these characters of `text()`, those at hand; None for none."""
        places = None if span is None else (self._positions(span)[0], self._positions(span)[1])
        if places != self._at_hand:
            self._at_hand = places
            self._repaint()

    def boxes(self, start: int, end: int) -> tuple[QRectF, ...]:
        """Where these characters of `text()` stand in the viewport, a box for each line that they are on."""
        first, last = self._positions((start, end))
        scrolled = self.verticalScrollBar().value()
        return tuple(box.translated(0, -scrolled) for box in number_marks.rects(self.document(), first, last))

    def paragraph_box(self, place: int) -> tuple[QRectF, int]:
        """Where the paragraph with a character of `text()` stands in the viewport, and of how many lines it is."""
        block = self.document().findBlock(self._positions((place,))[0])
        box = self.document().documentLayout().blockBoundingRect(block)
        return box.translated(0, -self.verticalScrollBar().value()), block.layout().lineCount()

    def character_at(self, point: QPointF) -> int | None:
        """The character of `text()` that stands there in the viewport, None beside the text."""
        layout = self.document().documentLayout()
        place = layout.hitTest(
            point + QPointF(0, self.verticalScrollBar().value()), Qt.HitTestAccuracy.ExactHit
        )
        return None if place < 0 else self._character(place)

    def _positions(self, places: Sequence[int]) -> Sequence[int]:
        """The positions in the document of characters of the text."""
        if self._is_narrow(self._text):
            return places
        return [_units(self._text[:place]) for place in places]

    def _is_narrow(self, text: str) -> bool:
        """Whether each character of the text takes one position of the document."""
        if self._narrow[0] is not text:
            self._narrow = text, _units(text) == len(text)
        return self._narrow[1]

    def _character(self, position: int) -> int:
        if self._is_narrow(self.text()):
            return position
        raw = self.document().toRawText().encode("utf-16-le", "surrogatepass")
        return len(raw[: 2 * position].decode("utf-16-le", "surrogatepass"))

    def _repaint_block(self, block: QTextBlock) -> None:
        box = self.document().documentLayout().blockBoundingRect(block)
        box.translate(0, -self.verticalScrollBar().value())
        self.viewport().update(box.adjusted(-2, -1, 2, 2).toAlignedRect())

    def selected(self) -> tuple[int, int]:
        """The first character that is selected and the one behind, or twice where the caret stands."""
        cursor = self.textCursor()
        return self._character(cursor.selectionStart()), self._character(cursor.selectionEnd())

    def _tint(self) -> None:
        shown = () if self._composing else self._doubts
        marks = [] if self._composing else [mark for mark in self._marks if mark.look == "different"]
        if not shown and not marks and not self._tinted:
            return
        self._tinted = bool(shown or marks)
        colours, selections = current(), []
        look = QTextCharFormat()
        look.setBackground(colours.qrytint)
        look.setForeground(colours.text)
        look.setUnderlineColor(colours.qry)
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        place, units = 0, 0  # of what was counted already, so that a long text is gone through once
        for doubt in shown:
            units += _units(self._text[place : doubt.start])
            length = _units(doubt.text)
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(min(units, self.document().characterCount() - 1))
            end = min(units + length, self.document().characterCount() - 1)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            selection.cursor, selection.format = cursor, look  # type: ignore[attr-defined]
            selections.append(selection)
            units += length
            place = doubt.end
        coloured = QTextCharFormat()
        coloured.setForeground(colours.qrytext)
        last = self.document().characterCount() - 1
        for mark in marks:
            if mark.end <= last:  # the text may be another already
                selection = QTextEdit.ExtraSelection()
                cursor = QTextCursor(self.document())
                cursor.setPosition(mark.start)
                cursor.setPosition(mark.end, QTextCursor.MoveMode.KeepAnchor)
                selection.cursor, selection.format = cursor, coloured  # type: ignore[attr-defined]
                selections.append(selection)
        self.setExtraSelections(selections)

    def focus_paragraph(self, number: int) -> None:
        """Puts the caret, and the focus, at the beginning of a paragraph, counted from 0."""
        self.end_composition()
        self.setTextCursor(QTextCursor(self.document().findBlockByNumber(number)))
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureCursorVisible()

    def show_span(self, start: int, end: int) -> None:
        """Frames the paragraphs that hold the characters from `start` to before `end` of `text()`, with the focus.

        Where one just arrives, and unless all of them are in view, the first is scrolled to a third of the height.
        Nothing is selected, so that typing on takes nothing away.
        """
        self.end_composition()
        part = self._text[start:end]
        inner = start + len(part) - len(part.lstrip("\n")) if part.strip("\n") else start
        cursor = self.textCursor()
        cursor.setPosition(_units(self._text[: inner + len(self._text[inner:end].rstrip("\n"))]))
        last = cursor.blockNumber()
        caret = QTextCursor(cursor)
        cursor.setPosition(_units(self._text[:inner]))
        first = cursor.blockNumber()
        self.setTextCursor(caret if first == last else cursor)
        self._caret = self.textCursor().position()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._framed = first, last
        self._flash.start()
        frame, height = self._frame_rect(), self.viewport().height()
        if frame is not None and (self._arrived or frame.top() < 0 or frame.bottom() > height):
            self._arrived = False
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.cursorRect(cursor).top() - height // 3)
        self._repaint()

    def _unframe(self) -> None:
        if self._framed is not None:
            self._framed = None
            self._repaint()

    def _repaint(self) -> None:
        self.viewport().update()

    def _frame_rect(self) -> QRectF | None:
        """Where the framed paragraphs stand in the viewport."""
        if self._framed is None:
            return None
        layout = self.document().documentLayout()
        first, last = (
            layout.blockBoundingRect(self.document().findBlockByNumber(number)) for number in self._framed
        )
        rect = first.united(last).translated(0, -self.verticalScrollBar().value())
        rect.adjust(-8, 0, 8, 0.66 * self._em)  # a line's room is above its letters
        return rect.intersected(QRectF(1, rect.top(), self.viewport().width() - 2, rect.height()))

    def heading(self) -> str:
        """The （一） heading that the caret stands under, without its full stop; empty before the first."""
        text = self.text()
        end = text.find("\n", self._character(self.textCursor().position()))
        end = len(text) if end < 0 else end
        while end >= 0:
            begin = text.rfind("\n", 0, end) + 1
            if heading := _heading(text[begin : min(end, begin + _FOREMOST)]):
                return heading.rstrip("。：:")
            end = begin - 1
        return ""

    def rest(self) -> None:
        """Ends the run of typing, if one is under way."""
        self.pause.stop()
        if self._run:
            self._run = ""
            self.rested.emit()

    def _text_changed(self) -> None:
        if self._replacing or self._composing:
            return
        text = self.text()
        if text == self._text:  # formats only
            return
        start, old, new = text_difference(self._text, text)
        self._text = text
        self._shape(new)
        self._caret = self.textCursor().position()
        first, last = self._positions((start, start + len(new)))
        self._set_blocks(first, last)
        run = "type" if new else "delete"
        if run != self._run or (old and new):
            self.rest()
        self._run = run
        self.edited.emit()
        if "\n" in new:
            self.rest()
        else:
            self.pause.start()

    def _caret_moved(self) -> None:
        # The caret also moves with each character, before the text is known to differ.
        position = self.textCursor().position()
        if position != self._caret and not self._composing and self.text() == self._text:
            self._caret = position
            self.rest()

    # --- look

    def set_zoom(self, zoom: float) -> None:
        """Sets face, indents and column to a zoom; 1.0 is 100 %."""
        self._zoomed = zoom
        face = self._face()
        self.document().setDefaultFont(face)
        self._em = QFontMetricsF(face).horizontalAdvance("国")
        self._set_all_blocks()
        self._set_column()

    def _face(self) -> QFont:
        face = font(self._points, 400, self._zoomed)
        if not self._is_shaped:
            # Chinese needs no shaping; with it, a key in a paragraph of 20,000 characters takes Qt twice as long.
            face.setStyleStrategy(face.styleStrategy() | QFont.StyleStrategy.PreferNoShaping)
        return face

    def _shape(self, new: str) -> None:
        """From now on letters are shaped, if what has come into the text needs that."""
        if not self._is_shaped and _SHAPED.search(new):
            self._is_shaped = True
            self.document().setDefaultFont(self._face())

    def _set_all_blocks(self) -> None:
        """The same for every paragraph, all as most are at once, as a call for each of thousands takes its time."""
        document, line = self.document(), float(round(self._em * LINE_HEIGHT))
        edit = QTextCursor(document)
        edit.beginEditBlock()
        edit.select(QTextCursor.SelectionType.Document)
        edit.setBlockFormat(_block_format(2 * self._em, line, 0.0))
        rooms = [gap + self._leads.get(number, 0.0) for number, gap in enumerate(self.gaps_above())]
        for number, (text, room) in enumerate(zip(self.text().split("\n"), rooms, strict=True)):
            if room or text[:1].isspace() or len(text) > _LONG:
                block = document.findBlockByNumber(number)
                QTextCursor(block).setBlockFormat(_block_format(*self._look(number, text, line)))
                block.layout().setCacheEnabled(block.length() > _LONG)
        edit.endEditBlock()
        self._rooms = rooms

    def _set_blocks(self, first: int = 0, last: int | None = None) -> None:
        """Indent, line height and the gap above headings of every paragraph that has not got them.

        `first` and `last` are positions of the document between which something has changed.
        """
        self._rooms = []
        line = float(round(self._em * LINE_HEIGHT))
        block = self.document().findBlock(first)
        edit: QTextCursor | None = None  # what ends one tells of a change, even if there is none
        while block.isValid() and (last is None or block.position() <= last):
            wanted = self._block_look(block, line)
            have = block.blockFormat()
            if (have.textIndent(), have.lineHeight(), have.topMargin()) != wanted:
                if edit is None:
                    edit = QTextCursor(self.document())
                    edit.beginEditBlock()  # or each paragraph would have all behind it laid out again
                QTextCursor(block).setBlockFormat(_block_format(*wanted))
            block.layout().setCacheEnabled(block.length() > _LONG)
            block = block.next()
        if edit is not None:
            edit.endEditBlock()

    def _block_look(self, block: QTextBlock, line: float) -> tuple[float, float, float]:
        return self._look(block.blockNumber(), self._beginning(block), line)

    def _beginning(self, block: QTextBlock) -> str:
        """As much of a paragraph as tells how it looks: to hand over all of a long one takes its time."""
        if block.length() <= _LONG:
            return block.text()
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + _FOREMOST, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText()

    def _look(self, number: int, text: str, line: float) -> tuple[float, float, float]:
        indent = 0.0 if text[:1].isspace() else 2 * self._em  # who indents by hand gets no second indent
        return indent, line, self._gap(number, text) + self._leads.get(number, 0.0)

    def gap_above(self, block: QTextBlock) -> float:
        """What parts a heading from the paragraph before it."""
        return self._gap(block.blockNumber(), block.text())

    def gaps_above(self) -> Sequence[float]:
        """The same of every paragraph."""
        text = self.text()
        if (text, self._em) != self._gaps[0]:
            gaps = tuple(self._gap(number, line) for number, line in enumerate(text.split("\n")))
            self._gaps = (text, self._em), gaps
        return self._gaps[1]

    def _gap(self, number: int, text: str) -> float:
        return float(round(0.66 * self._em)) if number and _heading(text[:_FOREMOST]) else 0.0

    @property
    def leads(self) -> tuple[Mapping[int, float], float]:
        """The room that was made above paragraphs and below the last (`set_leads`)."""
        return self._leads, self._tail

    def set_leads(self, leads: Mapping[int, float], tail: float = 0.0) -> None:
        """Makes room above these paragraphs, by number from 0, and below the last; in pixels.

        What stands there `annotate` paints, which is called with a painter of the viewport.
        """
        self._leads, self._tail = dict(leads), tail
        self._replacing = True  # only looks change
        edit = QTextCursor(self.document())
        edit.beginEditBlock()
        rooms = [gap + leads.get(number, 0.0) for number, gap in enumerate(self.gaps_above())]
        for number, (wanted, room) in enumerate(zip(rooms, self.room_above(), strict=True)):
            if room != wanted:
                block = self.document().findBlockByNumber(number)
                self._set_blocks(block.position(), block.position())
        edit.endEditBlock()
        self._rooms = rooms
        self._set_column()
        self._replacing = False
        self._repaint()

    def room_above(self) -> list[float]:
        """What stands free above each paragraph just now: its gap, and the room that was made there or where it was."""
        if self._rooms:
            return self._rooms
        found, block = [], self.document().begin()
        while block.isValid():
            found.append(block.blockFormat().topMargin())
            block = block.next()
        return found

    def rects_in_view(self) -> Mapping[int, QRectF]:
        """The same of those that can be seen, by number, and of the one before and behind them."""
        document, scrolled = self.document(), self.verticalScrollBar().value()
        layout, fuzzy = document.documentLayout(), Qt.HitTestAccuracy.FuzzyHit
        block = document.findBlock(max(0, layout.hitTest(QPointF(0, scrolled), fuzzy)))
        block = block.previous() if block.previous().isValid() else block
        end, found = scrolled + self.viewport().height(), {}
        while block.isValid():
            rect = found[block.blockNumber()] = layout.blockBoundingRect(block)
            if rect.top() > end:
                break
            block = block.next()
        return found

    def paragraph_tops(self) -> tuple[list[float], float]:
        """Where each paragraph begins in the document, without the room above it, and how tall the last one is."""
        document = self.document()
        last = document.documentLayout().blockBoundingRect(document.lastBlock())  # lays out what is not yet
        found, block = [], document.begin()
        while block.isValid():
            found.append(block.layout().position().y())
            block = block.next()
        return found, last.height()

    def _set_column(self) -> None:
        left, top, right, bottom = self._margins
        room = self.viewport().width()
        column = min(ceil(COLUMN * self._em), room - left - right)
        # Centred in the whole width, so that it stays where it is when the scroll bar comes.
        left = max(left, min((self.width() - column) // 2, room - column - right))
        # Margins of the document, not of the viewport: those make candidate windows cover the text (QOwnNotes #3590).
        frame = self.document().rootFrame()
        look = frame.frameFormat()
        look.setLeftMargin(left)
        look.setRightMargin(room - left - column)
        look.setTopMargin(top + self._leads.get(0, 0.0))  # Qt gives none to the first paragraph
        look.setBottomMargin(bottom + self._tail)
        if look != frame.frameFormat():
            frame.setFrameFormat(look)
        self.column_changed.emit(left + self.viewport().x())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_column()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrived = True
        self._set_column()  # a scroll bar that comes during the first layout is not announced by a resize

    def _seen_marks_in(self, area: QRect) -> list[Boxes]:
        if not self._marks or self._composing:
            return []
        scrolled = self.verticalScrollBar().value()
        return list(number_marks.visible(self.document(), self._marks, scrolled, QRectF(area)))

    def paintEvent(self, event: QPaintEvent) -> None:
        marks = self._seen_marks_in(event.rect())
        if marks:
            painter = QPainter(self.viewport())
            number_marks.paint_ground(painter, marks)
            painter.end()
        super().paintEvent(event)
        if marks:
            painter = QPainter(self.viewport())
            number_marks.paint_lines(painter, marks)
            self._paint_frame(painter, self._at_hand)
            painter.end()
        if self._found is not None:
            painter = QPainter(self.viewport())
            self._paint_frame(painter, self._found)
            painter.end()
        if self.annotate is not None:
            painter = QPainter(self.viewport())
            self.annotate(painter)
            painter.end()
        frame = self._frame_rect()
        if frame is not None:
            painter = QPainter(self.viewport())
            Pixels(painter).frame(frame, current().focus, 3 if self._flash.isActive() else 1)
            painter.end()
        if not self.empty_text or not self.document().isEmpty() or self._composing:
            return
        look = self.document().rootFrame().frameFormat()
        painter = QPainter(self.viewport())
        painter.setFont(self.document().defaultFont())
        painter.setPen(current().text3)
        left = look.leftMargin() + 2 * self._em
        rect = QRectF(left, look.topMargin() - self.verticalScrollBar().value(), 0, 0)
        rect.setRight(self.viewport().width() - look.rightMargin())
        rect.setHeight(self.viewport().height())
        line = QFontMetricsF(painter.font()).height()
        lead = (self._em * LINE_HEIGHT - line) / 2
        for paragraph in self.empty_text.split("\n"):
            needed = painter.boundingRect(rect, Qt.TextFlag.TextWordWrap, paragraph)
            painter.drawText(rect.translated(0, lead), Qt.TextFlag.TextWordWrap, paragraph)
            rect.setTop(rect.top() + needed.height() + 2 * lead)
        painter.end()

    def _paint_frame(self, painter: QPainter, span: tuple[int, int] | None) -> None:
        if span is None:
            return
        pixels, scrolled = theme.Pixels(painter), self.verticalScrollBar().value()
        for box in number_marks.rects(self.document(), *span):
            pixels.frame(box.translated(0, -scrolled).adjusted(-3, -2, 3, 2), current().focus, 2)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & _CTRL:
            super().wheelEvent(event)
            return
        self._wheel += event.angleDelta().y()
        while abs(self._wheel) >= 120:  # touch pads send parts of a notch
            step = 1 if self._wheel > 0 else -1
            self._wheel -= 120 * step
            self.zoom_asked.emit(step)
        event.accept()

    # --- composition

    @property
    def composing(self) -> bool:
        return self._composing

    def end_composition(self, *, keep: bool = True) -> None:
        """Ends what is being composed: as the input method commits it, or dropped."""
        if not self._composing:
            return
        method = QGuiApplication.inputMethod()
        if keep:
            method.commit()
        else:
            method.reset()
        if self._composing:  # no input method answered
            QApplication.sendEvent(self, QInputMethodEvent())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if self.isReadOnly() and (event.preeditString() or event.commitString()):
            self.refused.emit()  # Qt would put it in all the same
            event.ignore()
            return
        composed, self._composing = self._composing, bool(event.preeditString())
        super().inputMethodEvent(event)
        if not self._composing:
            self._text_changed()
        if composed != self._composing:
            self._tint()
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # QTextEdit crashes when a key moves the caret during a composition, and real input methods keep their keys.
        if event.key() not in _MODIFIERS:
            self._arrived = False
            self._unframe()
            self.end_composition()
        if self.isReadOnly() and writes(event):
            self.refused.emit()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & _SHIFT:
            self.textCursor().insertBlock()  # Qt would put a line separator, which is no paragraph
            self.ensureCursorVisible()
            return
        cursor = self.textCursor()
        if cursor.block().length() > _LONG and not cursor.hasSelection() and writes(event):
            stood = self._writing = self._stand()
            self._written = cursor.position()
            self.viewport().setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled)
            super().keyPressEvent(event)
            self._repaint_written()
            if stood != self._stand():
                self._repaint()  # what was to be painted has been scrolled away
        else:
            super().keyPressEvent(event)

    def _stand(self) -> tuple[int, QSize]:
        return self.verticalScrollBar().value(), self.viewport().size()

    def _repaint_written(self) -> None:
        """Paints a long paragraph again from where a key has changed it, as Qt would paint all of it that is in view.

        That is from two lines above: a word that has grown longer leaves the end of the line before it.
        """
        before, self._writing = self._writing, None
        if before is None:
            return
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, False)
        block = self.document().findBlock(self._written)
        line = block.layout().lineForTextPosition(self._written - block.position())
        if before != self._stand() or not line.isValid():
            self._repaint()
            return
        first = block.layout().lineAt(max(0, line.lineNumber() - 2))
        top = self.document().documentLayout().blockBoundingRect(block).top() + first.y() - before[0]
        changed = self.viewport().rect()
        changed.setTop(max(0, int(top) - 1))
        self.viewport().update(changed)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._arrived = False
        self._unframe()
        self.end_composition()
        super().mousePressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.end_composition()
        super().focusOutEvent(event)
        self.rest()

    def hideEvent(self, event: QHideEvent) -> None:
        self.end_composition()
        super().hideEvent(event)
        self._unframe()
        self.rest()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _undoes(event):
            event.ignore()  # undo and redo are the window's
            return False
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
        return super().event(event)

    # --- clipboard, dragging, menu

    def createMimeDataFromSelection(self) -> QMimeData:
        data = blank_mime_data()
        data.setText(self.textCursor().selectedText().replace("\u2029", "\n"))
        return data

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return (source.hasText() or source.hasHtml()) and not _has_files(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if not self.canInsertFromMimeData(source):
            return
        if self.isReadOnly():
            self.refused.emit()
            return
        if source.hasText():
            self._put_in(self.textCursor(), source.text())
        else:
            self._put_in_html(source.html())

    def _put_in_html(self, html: str) -> None:
        """Puts in what a program copied that offers no plain text; a large page is read beside the window.

        Where the caret was, whatever is typed meanwhile.
        """
        if Copied(html, "").is_quick:
            try:
                self._put_in(self.textCursor(), prose_of(html))
            except GxError as error:
                self._tell_unread(error)
            return
        if self._reading is not None:
            self._reading.cancel()
        self._reading, self._waits = prose_apart(html), QTextCursor(self.textCursor())
        self._reading.done.connect(self._page_read)
        self._reading.failed.connect(self._tell_unread)
        self.told.emit("剪贴板里的网页很大，正在读。")
        self._reading.start()

    def _page_read(self, text: str) -> None:
        self._reading = None
        if not self.isReadOnly():
            self._put_in(self._waits, text)

    def _tell_unread(self, error: GxError) -> None:
        self.told.emit(f"没有粘贴：{error.what}{error.remedy}")

    def _put_in(self, cursor: QTextCursor, text: str) -> None:
        if not text.strip("\n"):
            self.told.emit("没有粘贴：复制的内容里没有文字。")
            return
        if len(text) > PASTED_PROSE:
            self.told.emit(
                f"没有粘贴：要粘贴的文字太多，有 {len(text) // 10_000} 万字。请只复制这一部分的文字。"
            )
            return
        self.rest()
        cursor.insertText(pasted_text(text))
        self.ensureCursorVisible()
        self.rest()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _has_files(event.mimeData()):
            event.ignore()  # the window opens files
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if _has_files(event.mimeData()):
            event.ignore()
        else:
            super().dragMoveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.end_composition()
        self.context_menu().popup(event.globalPos())

    def context_menu(self) -> QMenu:
        """The clipboard in Chinese; Qt's own menu also offers an undo that is not the report's."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        selected = self.textCursor().hasSelection()
        menu.setToolTipsVisible(True)
        for words, slot, enabled, tip in (
            ("剪切\tCtrl+X", self.cut, selected, "拿走选中的文字，可以粘贴到别处。"),
            ("复制\tCtrl+C", self.copy, selected, "复制选中的文字，可以粘贴到 Word。"),
            ("粘贴\tCtrl+V", self.paste, self.canPaste(), "粘贴从别处复制的文字，去掉原来的格式。"),
            ("全选\tCtrl+A", self.selectAll, not self.document().isEmpty(), "选中这一部分的全部文字。"),
        ):
            action = menu.addAction(words)
            action.setToolTip(theme.plain_tip(tip))
            action.triggered.connect(slot)
            action.setEnabled(enabled)
        self.menu_made.emit(menu)
        return menu


def writes(event: QKeyEvent) -> bool:
    """Whether a key would change a text that may be written in."""
    if event.matches(QKeySequence.StandardKey.Paste) or event.matches(QKeySequence.StandardKey.Cut):
        return True
    plain = not event.modifiers() & (_CTRL | Qt.KeyboardModifier.AltModifier)
    keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
    return event.key() in keys or (plain and bool(event.text()) and event.text().isprintable())


def _undoes(event: QKeyEvent) -> bool:
    """Whether the keys mean undo or redo, on this system or in the habits of another."""
    if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
        return True
    held = event.modifiers()
    return (event.key() == Qt.Key.Key_Z and held in (_CTRL, _CTRL | _SHIFT)) or (
        event.key() == Qt.Key.Key_Y and held == _CTRL
    )


def _has_files(data: QMimeData) -> bool:
    return any(url.isLocalFile() for url in data.urls())


class SectionEditor(ProseEditor):
    """The prose of one section of the session's report. `key` is the section's."""

    def __init__(
        self, session: Session, key: str, parent: QWidget | None = None, *, compact: bool = False
    ) -> None:
        super().__init__(parent, compact=compact)
        self.session = session
        self.section = session.form.section(key)
        self.setAccessibleName(f"{self.section.heading}，文字")
        self.edited.connect(self._hand_over)
        self.rested.connect(session.seal)
        self.refused.connect(session.held)
        self.told.connect(session.told)
        session.changed.connect(self._session_changed)
        self._show()

    def _hand_over(self) -> None:
        key = self.section.key
        self.session.edit(
            self.session.report.with_section(key, self._text),
            f"修改文字 {self.section.heading}",
            origin=self,
            merge_key=f"prose.{key}",
        )
        if self.session.report.text(key) != self._text:
            self._show()  # it was not taken: a report that is final stays as it is

    def _session_changed(self, change: Change) -> None:
        if change.origin is not self:
            self._show()
        else:
            self.set_doubts(self.session.report.prose_doubts.get(self.section.key, ()))

    def _show(self) -> None:
        report = self.session.report
        self.set_held(self.session.is_held)
        self.set_text(report.sections.get(self.section.key, ""))
        self.set_empty_text(applying_points(self.section, report) or "本节的文字，可以不写。")
        self.set_doubts(report.prose_doubts.get(self.section.key, ()))


class Counter(Label):
    """「982 字」, or 「选中 12 字」 while something is selected."""

    def __init__(self, editor: SectionEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._editor = editor
        self.setProperty("tone", "text2")
        editor.textChanged.connect(self.renew)
        editor.selectionChanged.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        selected = self._editor.textCursor().selectedText()
        words = (
            f"选中 {count_characters(selected)} 字"
            if selected
            else f"{count_characters(self._editor.text())} 字"
        )
        if words != self.text():
            self.setText(words)


class ProseBox(QWidget):
    """The prose of a section in a narrow place: number of characters and a compact editor."""

    def __init__(self, session: Session, section_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = session.form.section(section_key)
        self.editor = SectionEditor(session, section_key, self, compact=True)
        self.setFocusProxy(self.editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.editor)
        layout.addWidget(Counter(self.editor))
