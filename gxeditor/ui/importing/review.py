"""What an import read, beside the original, before it replaces anything.

Knows how source, result and doubts are shown side by side and kept in step. Knows no file and imports nothing: the
window does what was decided. The result is drawn from the form's `Grid`, the original from its lines.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTextBrowser,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.rules import Severity
from gxeditor.core.fields import FIELDS
from gxeditor.core.form import Cell, Place, Table
from gxeditor.core.report import paragraphs, show_entry
from gxeditor.imports.source import ImportNote, Lines, told_together
from gxeditor.ui.look import theme
from gxeditor.ui.look.rows import paint_ground

if TYPE_CHECKING:
    from gxeditor.imports.recognize.report import Imported

Index = QModelIndex | QPersistentModelIndex
_NOTE = Qt.ItemDataRole.UserRole
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_WRAP = int(Qt.TextFlag.TextWordWrap)
_PROSE = ""  # the key of the tab with the texts


def _severity(note: ImportNote) -> Severity:
    return Severity.QUERY if note.severity == "doubt" else Severity.HINT


class _Places(theme.Label):
    """Where a note leads, as far as there is room: two hundred places must not widen the window. The tip has all."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(theme.font())
        self.setProperty("tone", "text2")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(theme.current().text2)
        room = self.contentsRect()
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _LEFT, words)
        painter.end()


class _Mark(QWidget):
    """The shape of a severity before a figure."""

    def __init__(self, severity: Severity) -> None:
        super().__init__()
        self._severity = severity
        self.setFixedSize(12, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme.paint_mark(painter, QRectF(0.5, 0.5, 11, 11), self._severity)
        painter.end()


# ------------------------------------------------------------------------------------------------- the original


class _Original(QTextBrowser):
    """The lines of the original with their numbers; lines with tabs as tables, doubtful cells tinted.

    Of a very long original only the neighbourhood of the selected note is set.
    """

    NEIGHBOURHOOD = 200

    def __init__(self, lines: Lines, notes: Sequence[ImportNote]) -> None:
        super().__init__()
        self.setAccessibleName("原文")
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.document().setDefaultFont(theme.font())
        self._lines = lines
        self._marks: dict[int, Severity] = {}
        self._doubtful: set[tuple[int, int]] = set()
        for note in notes:
            severity = _severity(note)
            for line in _lines_of(note, lines):
                known = self._marks.get(line)
                self._marks[line] = severity if known is None or severity.rank < known.rank else known
            if severity is Severity.QUERY:
                self._doubtful |= {
                    (lines.at[raw.origin], raw.column) for raw in note.raw if raw.origin in lines.at
                }
        self._selected: set[int] = set()
        theme.appearance.changed.connect(self._set_lines)

    def show_note(self, note: ImportNote) -> None:
        """Highlights the note's lines and scrolls to the first."""
        self._selected = _lines_of(note, self._lines)
        self._set_lines()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_lines()

    def _set_lines(self) -> None:
        middle = min(self._selected, default=1)
        first = max(1, middle - self.NEIGHBOURHOOD)
        last = min(len(self._lines.texts), middle + self.NEIGHBOURHOOD)
        self.setHtml("".join(self._tables(first, last)))
        if self._selected:
            self.scrollToAnchor(f"L{middle}")
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() - self.viewport().height() // 4)

    def _tables(self, first: int, last: int) -> Iterator[str]:
        """A table for each run of lines with tabs, and one for each run of lines without; blank lines part them."""
        run: dict[int, list[str]] = {}
        tabs = False
        for number in range(first, last + 1):
            line = self._lines.texts[number - 1].rstrip("\n")
            if run and (not line.strip() or ("\t" in line) != tabs):
                yield self._table(run, tabs)
                run = {}
            if line.strip():
                tabs = "\t" in line
                run[number] = [text.strip() for text in line.split("\t")]
        if run:
            yield self._table(run, tabs)

    def _table(self, run: Mapping[int, Sequence[str]], tabs: bool) -> str:
        metrics = QFontMetrics(theme.font())
        gutter = metrics.horizontalAdvance("◆ 00000")
        room = self.viewport().width() - gutter - 24
        widths = _column_widths(run.values(), room, metrics) if tabs else [room]
        rows = "".join(self._row(number, texts, gutter, widths, tabs) for number, texts in run.items())
        return (
            f'<table width="{gutter + sum(widths)}" cellspacing="0" cellpadding="3" '
            f'style="border-collapse:collapse; border-width:0; margin-bottom:6px">{rows}</table>'
        )

    def _row(self, number: int, texts: Sequence[str], gutter: int, widths: Sequence[int], tabs: bool) -> str:
        colors = theme.current().hex
        selected = number in self._selected
        ground = f"background-color:{colors.sel};" if selected else ""
        mark = self._marks.get(number)
        shape = f"{_shape(mark)} " if mark else ""
        cells = [
            f'<td width="{gutter}" align="right" style="{ground} color:{colors.text3}">'
            f'<a name="L{number}"></a>{shape}{number}</td>'
        ]
        for column, width in enumerate(widths):
            text = texts[column] if column < len(texts) else ""
            tint, after = ground, ""
            if tabs and (number, column) in self._doubtful:
                tint = f"background-color:{colors.qrytint};"
                after = f' <span style="font-size:6pt; vertical-align:super">{_shape(Severity.QUERY)}</span>'
            line = f"border:1px solid {colors.focus if selected and after else colors.line};" if tabs else ""
            align = "center" if _NUMBER.fullmatch(text) else "left"
            cells.append(
                f'<td width="{width}" align="{align}" style="{tint}{line}">{html.escape(text)}{after}</td>'
            )
        return f"<tr>{''.join(cells)}</tr>"


_NUMBER = re.compile(r"[0-9０-９.,，/—－-]+")


def _column_widths(rows: Iterable[Sequence[str]], available: int, metrics: QFontMetrics) -> list[int]:
    """Columns of figures as wide as those, columns of words by their need, shrunk as far as can be read to fit."""
    em = metrics.horizontalAdvance("国")
    widths, least = [], []
    for column in zip_longest(*rows, fillvalue=""):
        figures = [text for text in column if _NUMBER.fullmatch(text)]
        is_figures = 2 * len(figures) >= sum(bool(text) for text in column)
        need = max(map(metrics.horizontalAdvance, figures if is_figures else column), default=0) + em + 8
        least.append(3 * em + 8 if is_figures else 5 * em)
        widths.append(max(need, least[-1]))
    while sum(widths) > available and widths != least:
        widest = max((i for i in range(len(widths)) if widths[i] > least[i]), key=widths.__getitem__)
        widths[widest] = max(least[widest], widths[widest] - max(1, (sum(widths) - available) // 4))
    return widths


def _shape(severity: Severity) -> str:
    color = getattr(theme.current().hex, theme.TONES[severity])
    return f'<span style="color:{color}">{severity.sign}</span>'


def _lines_of(note: ImportNote, lines: Lines) -> set[int]:
    """The lines of the original that a note is about."""
    return {lines.at[one] for one in (note.origin, *(raw.origin for raw in note.raw)) if one in lines.at}


def _range_of(note: ImportNote, lines: Lines) -> str:
    """Where a note leads, from the first to the last; empty if nowhere."""
    return told_together((note.origin, *(raw.origin for raw in note.raw))) if _lines_of(note, lines) else ""


# --------------------------------------------------------------------------------------------- what was read


class _TablePicture(QAbstractScrollArea):
    """A table of the form with the figures that were read. Its heads stay in view; nothing can be edited."""

    def __init__(self, table: Table, name: str, imported: Imported) -> None:
        super().__init__()
        self._grid = table.grid()
        self._imported = imported
        self._doubts: dict[str, list[ImportNote]] = {}
        for note in imported.notes:
            for cell in note.cells if note.severity == "doubt" else ():
                self._doubts.setdefault(cell, []).append(note)
        self._outlined: frozenset[str] = frozenset()
        self._xs: list[int] = [0]
        self._ys: list[int] = [0]
        read = sum(1 for cell in table.cells if cell.id in imported.report.entries)
        doubtful = sum(1 for cell in table.cells if cell.id in self._doubts)
        self.setAccessibleName(f"{name}，读入 {read} 格，共 {len(table.cells)} 格，存疑 {doubtful} 格")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        theme.appearance.changed.connect(self.viewport().update)

    def outline(self, cells: Sequence[str]) -> None:
        """Frames these cells and brings the first into view."""
        self._outlined = frozenset(cells)
        self.viewport().update()
        self._bring_into_view()

    def _bring_into_view(self) -> None:
        place = next(
            (p for p in self._grid.places if p.cell is not None and p.cell.id in self._outlined), None
        )
        if place is not None and len(self._ys) > 1:
            view, grid = self.viewport().size(), self._grid
            down, across = (place.row, place.row_span), (place.column, place.column_span)
            for bar, edges, size, fixed, (at, span) in (
                (self.verticalScrollBar(), self._ys, view.height(), grid.head_rows, down),
                (self.horizontalScrollBar(), self._xs, view.width(), grid.label_columns, across),
            ):
                head, first, last = edges[fixed], edges[at], edges[at + span]
                if not bar.value() + head <= first <= last <= bar.value() + size:
                    bar.setValue(first - head - (size - head) // 4)

    # --- measures

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
        self._bring_into_view()

    def _measure(self) -> None:
        """Columns share the width; rows are as high as their texts need."""
        grid, width = self._grid, self.viewport().width()
        metrics = QFontMetrics(theme.font())
        em = metrics.horizontalAdvance("国")
        values = grid.columns - grid.label_columns
        if grid.label_columns == 3:
            number = max(3 * em + 8, min(5 * em + 8, width // 14))
            labels = [2 * em + 10, 6 * em + 12, max(8 * em, width - number * values - 8 * em - 22)]
        elif grid.label_columns == 1:
            number = width // (values + 2)
            labels = [width - number * values]
        else:
            number, labels = max(2 * em + 8, width // values), []
        widths = [*labels, *[number] * values]
        if sum(widths) < width:
            widths[-1] += width - sum(widths)
        self._xs = [sum(widths[:i]) for i in range(len(widths) + 1)]
        heights = [max(22, metrics.height() + 6)] * grid.rows
        for place in sorted(grid.places, key=lambda p: p.row_span):
            if place.text:
                room = QRect(
                    0, 0, self._xs[place.column + place.column_span] - self._xs[place.column] - 8, 10_000
                )
                needed = metrics.boundingRect(room, _WRAP, place.text).height() + 6
                rows = range(place.row, place.row + place.row_span)
                heights[rows[-1]] += max(0, needed - sum(heights[row] for row in rows))
        self._ys = [sum(heights[:i]) for i in range(len(heights) + 1)]
        for bar, whole, size, step in (
            (self.verticalScrollBar(), self._ys[-1] + 1, self.viewport().height(), heights[-1]),
            (self.horizontalScrollBar(), self._xs[-1], width, number),
        ):
            bar.setRange(0, max(0, whole - size))
            bar.setPageStep(size)
            bar.setSingleStep(step)

    def _fixed(self, place: Place) -> int:
        """In how many directions a place stays in view."""
        return (place.row < self._grid.head_rows) + (place.column < self._grid.label_columns)

    def _rect(self, place: Place) -> QRect:
        left, right = self._xs[place.column], self._xs[place.column + place.column_span]
        top, bottom = self._ys[place.row], self._ys[place.row + place.row_span]
        x = 0 if place.column < self._grid.label_columns else self.horizontalScrollBar().value()
        y = 0 if place.row < self._grid.head_rows else self.verticalScrollBar().value()
        return QRect(left - x, top - y, right - left, bottom - top)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        pixels, colors = theme.Pixels(painter), theme.current()
        view, heads = self.viewport().rect(), self._grid.head_rows
        painter.fillRect(view, colors.base)
        for place in sorted(self._grid.places, key=self._fixed):  # headings over what has scrolled under them
            rect = self._rect(place)
            if rect.intersects(view):
                self._paint(painter, pixels, place, rect)
        if heads:
            pixels.hline(0, self._ys[heads] - pixels.line, view.width(), colors.line2)
        painter.end()

    def _paint(self, painter: QPainter, pixels: theme.Pixels, place: Place, rect: QRect) -> None:
        colors = theme.current()
        cell = place.cell
        doubtful = cell is not None and cell.id in self._doubts
        ground = colors.head if cell is None else colors.total if place.is_sum else colors.base
        pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), colors.qrytint if doubtful else ground)
        pixels.hline(rect.x(), rect.bottom() + 1 - pixels.line, rect.width(), colors.line)
        pixels.vline(rect.right() + 1 - pixels.line, rect.y(), rect.height(), colors.line)
        if cell is None:
            painter.setFont(theme.font())
            painter.setPen(colors.headtext)
            at_left = place.kind == "row" and rect.width() > 60
            side = Qt.AlignmentFlag.AlignLeft if at_left else Qt.AlignmentFlag.AlignHCenter
            flags = int(Qt.AlignmentFlag.AlignVCenter | side) | _WRAP
            painter.drawText(rect.adjusted(4, 0, -4, 0), flags, place.text)
            return
        entry = self._imported.report.entries.get(cell.id)
        if entry is not None:
            quiet = entry == 0 or isinstance(entry, str)
            painter.setFont(theme.font(9, 600 if place.is_sum and not quiet else 400 if quiet else 500))
            painter.setPen(
                colors.qrytext if doubtful and not quiet else colors.zero if quiet else colors.text
            )
            if doubtful and quiet:
                painter.setPen(colors.text2)
            pad = max(12, int(rect.width() * 0.3))
            right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(rect.adjusted(2, 0, -pad, 0), right, show_entry(entry))
        if doubtful:
            theme.paint_mark(painter, QRectF(rect.right() - 9, rect.y() + 2, 7, 7), Severity.QUERY)
        if cell.id in self._outlined:
            pixels.frame(QRectF(rect), colors.focus)

    # --- what stands under the mouse

    def _cell_at(self, point: QPoint) -> Cell | None:
        places = sorted(self._grid.places, key=self._fixed, reverse=True)
        return next((place.cell for place in places if self._rect(place).contains(point)), None)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self._cell_at(event.pos())
            words = self.told(cell.id) if cell is not None else ""
            QToolTip.showText(event.globalPos(), theme.plain_tip(words), self.viewport())
            return True
        return super().viewportEvent(event)

    def told(self, cell_id: str) -> str:
        """A cell in words: its place, what was read and where, and the doubts about it."""
        report = self._imported.report
        read = show_entry(report.entries.get(cell_id))
        origin = self._imported.placed.get(cell_id)
        source = f"原文{origin.words}" if origin else "原文"
        lines = [report.form.cells[cell_id].place, f"读入 {read}，{source}" if read else "没有读入，留空"]
        lines += [f"◆ {note.what}{note.done}" for note in self._doubts.get(cell_id, ())]
        return "\n".join(lines)


class _ProsePicture(QTextBrowser):
    """Title, agency and the texts of all sections as they were read."""

    def __init__(self, imported: Imported) -> None:
        super().__init__()
        self.setAccessibleName("读入的文字")
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.document().setDefaultFont(theme.font(9.75))
        self._imported = imported
        self._set()
        theme.appearance.changed.connect(self._set)

    def _set(self) -> None:
        report, colors = self._imported.report, theme.current().hex
        fields = [(one.word, report.shown(one)) for one in FIELDS if not one.prose]
        basic = "".join(
            f'<tr><td style="color:{colors.text2}" width="80">{name}</td><td>{html.escape(value) or "（空）"}</td></tr>'
            for name, value in fields
        )
        parts = [
            f'<table cellpadding="2">{basic}</table>',
            *(_prose(one.show(report)) for one in FIELDS if one.prose),
        ]
        for section in report.form.sections:
            text = _prose(report.sections.get(section.key, ""))
            parts.append(f'<h3><a name="{section.number}"></a>{html.escape(section.heading)}</h3>')
            parts.append(text or f'<p style="color:{colors.text3}">没有读到文字。</p>')
        self.setHtml("".join(parts))

    def show_section(self, number: str) -> None:
        self.scrollToAnchor(number)


def _prose(text: str) -> str:
    return "".join(
        f'<p style="text-indent:26px; line-height:150%; margin:2px 0">'
        f"<b>{html.escape(p.heading)}</b>{html.escape(p.body)}</p>"
        for p in paragraphs(text)
    )


# --------------------------------------------------------------------------------------------------- the notes


class _NoteDelegate(QStyledItemDelegate):
    """A row: shape, where, what was found, what was done, and the line of the original."""

    def __init__(self, view: QListWidget, lines: Lines) -> None:
        super().__init__(view)
        self._view = view
        self._lines = lines

    def _columns(self, width: int) -> tuple[QRect, QRect, QRect, QRect]:
        """Where, what, done and link, of a row `width` wide; heights are for the caller."""
        link = QFontMetrics(theme.font()).horizontalAdvance("看原文第 0000 行") + 16
        rest = width - 38 - link
        where, what = rest * 22 // 100, rest * 40 // 100
        return (
            QRect(38, 0, where - 12, 0),
            QRect(38 + where, 0, what - 12, 0),
            QRect(38 + where + what, 0, rest - where - what - 12, 0),
            QRect(width - link, 0, link - 12, 0),
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        note: ImportNote = index.data(_NOTE)
        width = max(400, self._view.viewport().width())
        where, what, done, _ = self._columns(width)
        bold, plain = QFontMetrics(theme.font(9.75, 600)), QFontMetrics(theme.font(9.75))
        heights = [
            metrics.boundingRect(QRect(0, 0, column.width(), 10_000), _WRAP, text).height()
            for metrics, column, text in (
                (bold, where, note.where),
                (plain, what, note.what),
                (plain, done, note.done),
            )
        ]
        return QSize(300, max(30, max(heights) + 10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        note: ImportNote = index.data(_NOTE)
        colors = theme.current()
        rect, _, text = paint_ground(painter, option, colors.base, colors.card)
        middle = rect.y() + 15
        theme.paint_mark(painter, QRectF(rect.x() + 14, middle - 5.5, 11, 11), _severity(note))
        where, what, done, link = self._columns(rect.width())
        word = "看" if note.origin.sheet else "看原文"  # a sheet's name is the original's own
        line = f"{word}{note.origin.words}" if note.origin in self._lines.at else ""
        line = QFontMetrics(theme.font()).elidedText(line, Qt.TextElideMode.ElideMiddle, link.width())
        for column, said, weight, points, color in zip(
            (where, what, done, link),
            (note.where, note.what, note.done, line),
            (600, 400, 400, 400),
            (9.75, 9.75, 9.75, 9),
            (text, text, colors.text2, colors.link),
            strict=True,
        ):
            painter.setFont(theme.font(points, weight))
            painter.setPen(color)
            box = QRect(rect.x() + column.x(), rect.y(), column.width(), rect.height())
            painter.drawText(box, _LEFT | _WRAP, said)


class _NoteList(QListWidget):
    def __init__(self, notes: Sequence[ImportNote], lines: Lines) -> None:
        super().__init__()
        self.setProperty("bare", True)
        self.setAccessibleName("需要您看一眼的地方")
        self.setItemDelegate(_NoteDelegate(self, lines))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        for note in notes:
            item = QListWidgetItem(self)
            item.setData(_NOTE, note)
            word = "存疑" if note.severity == "doubt" else "说明"
            line = f"原文{note.origin.words}" if note.origin in lines.at else ""
            words = "，".join(filter(None, (word, note.where, note.what, note.done, line)))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(600, sum(self.sizeHintForRow(row) for row in range(min(self.count(), 5))))

    def minimumSizeHint(self) -> QSize:
        return QSize(300, sum(self.sizeHintForRow(row) for row in range(min(self.count(), 2))))


# ---------------------------------------------------------------------------------------------------- the page


class ImportReview(QWidget):
    """The page between reading a foreign file and taking it over."""

    accepted_new = Signal()
    accepted_into_current = Signal()
    cancelled = Signal()

    def __init__(
        self,
        imported: Imported,
        file_name: str,
        has_report: bool,
        parent: QWidget | None = None,
        losses: Sequence[str] = (),
    ) -> None:
        """`losses` say of what the open report would have less, or what it would keep, if this were taken into it."""
        super().__init__(parent)
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("核对导入结果")
        self._imported = imported
        self._form = imported.report.form
        self._original = _Original(imported.source.lines, imported.notes)
        self._range = _Places()
        self._pictures: dict[str, _TablePicture | _ProsePicture] = {}

        panes = QGridLayout()
        panes.setContentsMargins(20, 14, 20, 0)
        panes.setHorizontalSpacing(24)
        panes.setVerticalSpacing(8)
        panes.addLayout(self._original_head(), 0, 0)
        panes.addLayout(self._result_head(), 0, 1)
        panes.addWidget(self._original, 1, 0)
        panes.addWidget(self._book, 1, 1)
        panes.setColumnStretch(0, 1)
        panes.setColumnStretch(1, 1)
        panes.setRowStretch(1, 1)
        for pane in (self._original, self._book):
            pane.setMinimumSize(280, 140)
            pane.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head(file_name))
        whole.addLayout(panes, 1)
        whole.addLayout(self._notes_part())
        whole.addWidget(self._foot(has_report, losses))
        self._first()

    # --- building

    def _head(self, file_name: str) -> QWidget:
        head = QFrame()
        head.setProperty("ground", "window")
        head.setProperty("edge", "bottom")
        across = QHBoxLayout(head)
        across.setContentsMargins(20, 10, 20, 10)
        across.setSpacing(18)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(theme.label("核对导入结果", 12, 600))
        about = theme.label(f"{file_name}　导入后可以整体撤销", tone="text2")
        about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        about.setToolTip(theme.plain_tip(file_name))
        words.addWidget(about)
        across.addLayout(words, 1)
        notes = self._imported.notes
        doubts = sum(1 for note in notes if note.severity == "doubt")
        across.addWidget(theme.label(f"读入 {len(self._imported.report.entries)} 格", 9.75, 600))
        across.addWidget(theme.label(f"留空 {len(self._imported.blank)} 格", 9.75, 600))
        for severity, count, text, tone in (
            (Severity.QUERY, doubts, f"存疑 {doubts} 处", "qrytext"),
            (Severity.HINT, len(notes) - doubts, f"说明 {len(notes) - doubts} 条", "hinttext"),
        ):
            if count:
                pair = QHBoxLayout()
                pair.setSpacing(4)
                pair.addWidget(_Mark(severity))
                pair.addWidget(theme.label(text, 9.75, 600, tone))
                across.addLayout(pair)
        return head

    def _original_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(theme.label("原文", 9.75, 600))
        row.addWidget(self._range, 1)
        return row

    def _result_head(self) -> QHBoxLayout:
        """The title and the tabs; the pictures go into `_book` in the same order."""
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(theme.label("读入后", 9.75, 600))
        row.addStretch(1)
        self._book = QStackedWidget()
        self._tabs = QButtonGroup(self)
        self._keys: list[str] = []
        doubted = {self._key_of(note) for note in self._imported.notes if note.severity == "doubt"}
        for section in self._form.sections:
            if section.table is not None:
                name = f"表{section.number}"
                self._add_tab(
                    row,
                    section.key,
                    name,
                    _TablePicture(section.table, name, self._imported),
                    section.key in doubted,
                )
        self._add_tab(row, _PROSE, "文字", _ProsePicture(self._imported), _PROSE in doubted)
        self._tabs.idClicked.connect(self._book.setCurrentIndex)
        return row

    def _add_tab(
        self, row: QHBoxLayout, key: str, name: str, picture: _TablePicture | _ProsePicture, doubted: bool
    ) -> None:
        tab = QToolButton()
        tab.setText(f" {name} ")
        tab.setCheckable(True)
        tab.setAccessibleName(f"{name}，有存疑" if doubted else name)
        if doubted:
            tab.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            tab.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            tab.setIconSize(QSize(10, 10))
            theme.set_icon(tab, "mark-query", "qry", 10)
        self._tabs.addButton(tab, len(self._keys))
        self._keys.append(key)
        self._pictures[key] = picture
        self._book.addWidget(picture)
        row.addWidget(tab)

    def _notes_part(self) -> QVBoxLayout:
        part = QVBoxLayout()
        part.setContentsMargins(20, 14, 20, 14)
        part.setSpacing(8)
        self._list = _NoteList(self._imported.notes, self._imported.source.lines)
        self._list.currentItemChanged.connect(self._note_chosen)
        self._list.itemClicked.connect(self._note_chosen)
        if self._imported.notes:
            part.addWidget(theme.label("需要您看一眼的地方", 9.75, 600))
        else:
            part.addWidget(theme.label("没有存疑的地方。", 9.75, tone="text2"))
            self._list.hide()
        part.addWidget(self._list)
        return part

    def _foot(self, has_report: bool, losses: Sequence[str]) -> QWidget:
        foot = QFrame()
        foot.setProperty("ground", "window")
        foot.setProperty("edge", "top")
        across = QHBoxLayout(foot)
        across.setContentsMargins(20, 10, 20, 10)
        across.setSpacing(8)
        said = "存疑的格导入后仍会标出，可以先导入再改。"
        if has_report:
            said += "导入到当前年报会替换其中的数字和文字。" + "".join(losses)
        told = theme.label(said, tone="text2")
        told.setWordWrap(True)
        across.addWidget(told, 1)
        buttons = [("取消", self.cancelled)]
        if has_report:
            buttons.append(("导入到当前年报", self.accepted_into_current))
        buttons.append(("导入为新年报", self.accepted_new))
        for text, signal in buttons:
            button = QPushButton(text)
            button.clicked.connect(signal)
            across.addWidget(button)
        button.setProperty("primary", True)
        return foot

    # --- keeping the panes in step

    def _first(self) -> None:
        """Shows the first note, else the table with the most cells."""
        if self._imported.notes:
            self._list.setCurrentRow(0)
            self.setFocusProxy(self._list)
        else:
            largest = max(self._form.tables, key=lambda table: len(table.cells)).key
            self._show(largest)
            self.setFocusProxy(self._pictures[largest])

    def _key_of(self, note: ImportNote) -> str:
        """The tab that a note is about: the table of its cells or of its place, else the texts."""
        if note.cells:
            return self._form.cells[note.cells[0]].section
        named = (
            s.key
            for s in self._form.sections
            if s.table is not None and note.where.startswith(f"表{s.number}")
        )
        return next(named, _PROSE)

    def _show(self, key: str) -> None:
        index = self._keys.index(key)
        self._book.setCurrentIndex(index)
        self._tabs.button(index).setChecked(True)

    def _note_chosen(self) -> None:
        item = self._list.currentItem()
        if item is None:
            return
        note: ImportNote = item.data(_NOTE)
        key = self._key_of(note)
        self._show(key)
        self._original.show_note(note)
        self._range.setText(_range_of(note, self._imported.source.lines))
        self._range.setToolTip(theme.plain_tip(self._range.text()))
        for other, picture in self._pictures.items():
            if isinstance(picture, _TablePicture):
                picture.outline(note.cells if other == key else ())
            elif other == key:
                picture.show_section(note.where[:1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._list.setMaximumHeight(max(72, event.size().height() // 5))  # the panes come first

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return
        super().keyPressEvent(event)
