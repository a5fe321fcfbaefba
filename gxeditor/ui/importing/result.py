"""The form as it will be after an import: its tables with the figures that were read, and its texts.

Knows how a figure is shown that is new, that differs from the open report's, or that is in doubt. Nothing can be edited
here; what is decided is asked of `Decisions`. Knows no original.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QTextBrowser, QToolTip

from gxeditor.core.checks.rules import Severity
from gxeditor.core.fields import FIELDS, NOTES
from gxeditor.core.form import Cell, Place, Table
from gxeditor.core.report import Report, paragraphs, same_entry, show_entry
from gxeditor.imports.source import ImportNote
from gxeditor.ui.importing.decisions import Decisions
from gxeditor.ui.look import theme

if TYPE_CHECKING:
    from gxeditor.imports.recognize.report import Imported

_WRAP = int(Qt.TextFlag.TextWordWrap)


class TablePicture(QAbstractScrollArea):
    """A table of the form with the figures that would be taken over. Its heads stay in view; nothing can be edited.

    `chosen` carries the id of the cell that was clicked or gone to by keys.
    """

    chosen = Signal(str)

    def __init__(
        self, table: Table, name: str, imported: Imported, decisions: Decisions, current: Report | None = None
    ) -> None:
        super().__init__()
        self._table, self._name = table, name
        self._grid = table.grid()
        self._imported, self._decisions, self._had = imported, decisions, current
        self._doubts: dict[str, list[ImportNote]] = {}
        for note in imported.notes:
            for cell in note.cells if note.severity == "doubt" else ():
                self._doubts.setdefault(cell, []).append(note)
        self._rows_in_doubt = {
            row
            for place in self._grid.places
            if place.cell is not None and place.cell.id in self._doubts
            for row in range(place.row, place.row + place.row_span)
        }
        self._only_doubtful = False
        self._replacing = True
        self._outlined: frozenset[str] = frozenset()
        self._at: str = ""
        self._xs: list[int] = [0]
        self._ys: list[int] = [0]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        theme.appearance.changed.connect(self.viewport().update)
        self.renew()

    def renew(self) -> None:
        """Shows what has been decided since."""
        report, cells = self._decisions.report, self._table.cells
        read = sum(1 for cell in cells if cell.id in report.entries)
        doubtful = sum(1 for cell in cells if cell.id in self._doubts)
        self.setAccessibleName(f"{self._name}，读入 {read} 格，共 {len(cells)} 格，存疑 {doubtful} 格")
        self.viewport().update()

    def show_only_doubtful(self, only: bool) -> None:
        """Leaves out the rows without any doubt; all of them if there is none at all."""
        self._only_doubtful = only and bool(self._rows_in_doubt)
        self._measure()
        self._bring_into_view()
        self.viewport().update()

    def show_replacing(self, replacing: bool) -> None:
        """Whether figures of the open report that differ give way; else those of the file are struck through."""
        self._replacing = replacing
        self.viewport().update()

    def outline(self, cells: Sequence[str]) -> None:
        """Frames these cells and brings the first into view."""
        self._outlined = frozenset(cells)
        self._at = cells[0] if cells else ""
        self.viewport().update()
        self._bring_into_view()
        self.setAccessibleDescription(self.told(self._at) if self._at else "")

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
            number = max(3 * em + 8, min(5 * em + 8, width // 12))
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
        plain = max(22, metrics.height() + 6)
        heights = [plain if self._is_shown(row) else 0 for row in range(grid.rows)]
        for place in sorted(grid.places, key=lambda p: p.row_span):
            shown = [row for row in range(place.row, place.row + place.row_span) if self._is_shown(row)]
            if place.text and shown and not (self._only_doubtful and place.row_span > 1):
                room = QRect(
                    0, 0, self._xs[place.column + place.column_span] - self._xs[place.column] - 8, 10_000
                )
                needed = metrics.boundingRect(room, _WRAP, place.text).height() + 6
                heights[shown[-1]] += max(0, needed - sum(heights[row] for row in shown))
        self._ys = [sum(heights[:i]) for i in range(len(heights) + 1)]
        for bar, whole, size, step in (
            (self.verticalScrollBar(), self._ys[-1] + 1, self.viewport().height(), plain),
            (self.horizontalScrollBar(), self._xs[-1], width, number),
        ):
            bar.setRange(0, max(0, whole - size))
            bar.setPageStep(size)
            bar.setSingleStep(step)

    def _is_shown(self, row: int) -> bool:
        return row < self._grid.head_rows or not self._only_doubtful or row in self._rows_in_doubt

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
            if rect.height() > 0 and rect.intersects(view):
                self._paint(painter, pixels, place, rect)
        if heads:
            pixels.hline(0, self._ys[heads] - pixels.line, view.width(), colors.line2)
        painter.end()

    def _paint(self, painter: QPainter, pixels: theme.Pixels, place: Place, rect: QRect) -> None:
        colors = theme.current()
        cell = place.cell
        doubtful = cell is not None and cell.id in self._doubts
        ground = colors.head if cell is None else colors.total if place.is_sum else colors.base
        if cell is not None and cell.id in self._decisions.forced_cells:
            ground = colors.hinttint
        pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), colors.qrytint if doubtful else ground)
        pixels.hline(rect.x(), rect.bottom() + 1 - pixels.line, rect.width(), colors.line)
        pixels.vline(rect.right() + 1 - pixels.line, rect.y(), rect.height(), colors.line)
        if cell is None:
            painter.save()
            painter.setClipRect(rect)
            painter.setFont(theme.font())
            painter.setPen(colors.headtext)
            at_left = place.kind == "row" and rect.width() > 60
            side = Qt.AlignmentFlag.AlignLeft if at_left else Qt.AlignmentFlag.AlignHCenter
            flags = int(Qt.AlignmentFlag.AlignVCenter | side) | _WRAP
            painter.drawText(rect.adjusted(4, 0, -4, 0), flags, place.text)
            painter.restore()
            return
        self._paint_figure(painter, pixels, cell, place, rect, doubtful)
        if doubtful:
            theme.paint_mark(painter, QRectF(rect.right() - 9, rect.y() + 2, 7, 7), Severity.QUERY)
        if cell.id in self._outlined:
            pixels.frame(QRectF(rect), colors.focus, 2 if len(self._outlined) == 1 else 1)

    def _paint_figure(
        self, painter: QPainter, pixels: theme.Pixels, cell: Cell, place: Place, rect: QRect, doubtful: bool
    ) -> None:
        colors = theme.current()
        entry = self._decisions.report.entries.get(cell.id)
        had = self._differing(cell)
        if had:
            painter.setFont(theme.font(7.5))
            painter.setPen(colors.text2)
            left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            small = painter.fontMetrics().horizontalAdvance(f"原{had}")
            beside = QFontMetrics(theme.font(9, 600)).horizontalAdvance(show_entry(entry))
            if small + beside + 10 <= rect.width():  # else the tip has it
                painter.drawText(rect.adjusted(3, 0, 0, 0), left, f"原{had}")
            pixels.fill(rect.x(), rect.bottom() - 1, rect.width() - pixels.line, 2, colors.line2)
        if entry is None:
            return
        quiet = entry == 0 or isinstance(entry, str)
        painter.setFont(theme.font(9, 600 if (place.is_sum and not quiet) or had else 400 if quiet else 500))
        color = colors.zero if quiet else colors.text
        if doubtful:
            color = colors.text2 if quiet else colors.qrytext
        if had and not self._replacing:
            color = colors.text2
            struck = painter.font()
            struck.setStrikeOut(True)
            painter.setFont(struck)
        painter.setPen(color)
        pad = 5 if had else max(12, int(rect.width() * 0.3))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(rect.adjusted(2, 0, -pad, 0), right, show_entry(entry))

    def _differing(self, cell: Cell) -> str:
        """What the open report shows in a cell, if the file says something else; else empty."""
        read = self._decisions.report.entries.get(cell.id)
        had = self._had.value(cell.id) if self._had is not None else None
        return "" if had is None or read is None or same_entry(had, read) else show_entry(had)

    # --- what stands under the mouse, and keys

    def _cell_at(self, point: QPoint) -> Cell | None:
        places = sorted(self._grid.places, key=self._fixed, reverse=True)
        return next((place.cell for place in places if self._rect(place).contains(point)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        cell = self._cell_at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _choose(self, cell: Cell) -> None:
        self.outline([cell.id])
        self.chosen.emit(cell.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)
        }  # fmt: skip
        step = next((step for key, step in steps.items() if event.key() == key), None)
        if step is None:
            super().keyPressEvent(event)
        elif (cell := self._beside(*step)) is not None:
            self._choose(cell)

    def _beside(self, down: int, across: int) -> Cell | None:
        """The next cell in a direction, or the first one if none is framed."""
        cells = {
            (place.row, place.column): place.cell
            for place in self._grid.places
            if place.cell is not None and self._is_shown(place.row)
        }
        here = next((at for at, cell in cells.items() if cell.id == self._at), None)
        if here is None:
            return next(iter(cells.values()), None)
        row, column = here[0] + down, here[1] + across
        while 0 <= row < self._grid.rows and 0 <= column < self._grid.columns:
            if (cell := cells.get((row, column))) is not None:
                return cell
            row, column = row + down, column + across
        return None

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self._cell_at(event.pos())
            words = self.told(cell.id) if cell is not None else ""
            QToolTip.showText(event.globalPos(), theme.plain_tip(words), self.viewport())
            return True
        return super().viewportEvent(event)

    def told(self, cell_id: str) -> str:
        """A cell in words: its place, what was read and where, what stands there now, and the doubts about it."""
        report = self._decisions.report
        cell = report.form.cells[cell_id]
        shown = show_entry(report.entries.get(cell_id))
        origin = self._imported.placed.get(cell_id)
        source = f"原文{origin.words}" if origin else "原文"
        if cell_id in self._decisions.forced_cells:
            told = f"按勾稽关系填入 {shown}"
        elif not shown:
            told = "没有读入，留空"
        elif cell_id in self._imported.report.entries:
            told = f"读入 {shown}，{source}"
        else:
            told = f"采用 {shown}"
        lines = [cell.place, told]
        if had := self._differing(cell):
            lines.append(f"当前年报是 {had}，{'会被替换' if self._replacing else '保留不变'}")
        lines += [f"◆ {note.what}{note.done}" for note in self._doubts.get(cell_id, ())]
        return "\n".join(lines)


class ProsePicture(QTextBrowser):
    """Title, agency and the texts of all sections as they were read, those that differ marked as such.

    `chosen` carries the text of the paragraph that was clicked.
    """

    chosen = Signal(str)

    def __init__(self, imported: Imported, current: Report | None = None) -> None:
        super().__init__()
        self.setAccessibleName("读入的文字")
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.document().setDefaultFont(theme.font(9.75))
        self._imported, self._had = imported, current
        self._set()
        theme.appearance.changed.connect(self._set)

    def renew(self) -> None:
        """Nothing that can be decided so far changes a text."""

    def _set(self) -> None:
        report, colors = self._imported.report, theme.current().hex
        rows = []
        for one in FIELDS:
            if one.prose or one.internal:
                continue
            value = report.shown(one)
            had = self._had.shown(one) if self._had is not None else ""
            note = f'　<span style="color:{colors.text2}">原：{html.escape(had)}</span>'
            rows.append(
                f'<tr><td style="color:{colors.text2}" width="80">{one.word}</td>'
                f"<td>{html.escape(value) or '（空）'}{note if had and value and had != value else ''}</td></tr>"
            )
        parts = [
            f'<table cellpadding="2">{"".join(rows)}</table>',
            *(_prose(one.show(report)) for one in FIELDS if one.prose and not one.table),
        ]
        for section in report.form.sections:
            read = report.sections.get(section.key, "")
            parts.append(f'<h3><a name="{section.number}"></a>{html.escape(section.heading)}</h3>')
            if note := report.note(section.key):
                parts.append(f'<p style="color:{colors.text2}">{NOTES[section.key].word}</p>{_prose(note)}')
            had = self._had.sections.get(section.key, "") if self._had is not None else ""
            if had.strip() and read and had != read:
                parts.append(f'<p style="color:{colors.text2}">与当前年报的文字不同。</p>')
            parts.append(_prose(read) or f'<p style="color:{colors.text3}">没有读到文字。</p>')
        self.setHtml("".join(parts))

    def show_section(self, number: str) -> None:
        self.scrollToAnchor(number)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        text = self.cursorForPosition(event.position().toPoint()).block().text().strip()
        if text and not self.textCursor().hasSelection():
            self.chosen.emit(text)


def _prose(text: str) -> str:
    return "".join(
        f'<p style="text-indent:26px; line-height:150%; margin:2px 0">'
        f"<b>{html.escape(p.heading)}</b>{html.escape(p.body)}</p>"
        for p in paragraphs(text)
    )
