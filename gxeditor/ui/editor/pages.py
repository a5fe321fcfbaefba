"""The tabs of the editor and the page behind each; the page of a table.

Knows which page belongs to which tab, and where the explanation of a cell appears. A page shows the session's report
and hands every change to it; it keeps nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks import anchors
from gxeditor.core.checks.anchors import Anchor, Span, Whole
from gxeditor.core.checks.findings import Finding, Findings
from gxeditor.core.checks.rules import Severity
from gxeditor.core.difference import Difference
from gxeditor.core.form import Cell, Form, Section
from gxeditor.core.year_beside import View, beside
from gxeditor.ui.editor.page import Page
from gxeditor.ui.editor.side_card import SideCard
from gxeditor.ui.editor.table.cells import CHANGES, NO_PREVIEW
from gxeditor.ui.editor.table.grid import GridView
from gxeditor.ui.editor.table_note import TableNote
from gxeditor.ui.editor.years import HEIGHT, NO_PRIOR, YearBar
from gxeditor.ui.look import theme
from gxeditor.ui.look.tabs import BadgedTabs
from gxeditor.ui.session import Session

if TYPE_CHECKING:
    from gxeditor.core.checks.hints import Hint
    from gxeditor.ui.editor.equation import EquationPopover, Standing
    from gxeditor.ui.editor.numbers import Numbers
    from gxeditor.ui.editor.unfilled import UnfilledList
    from gxeditor.ui.editor.years import ChangePopover

_LEAST = 0.8
"""The zoom below which the corner of a table has no room for the switch below its sentence."""


class SectionTabs(BadgedTabs):
    """基本信息 and the six sections, each with badges for its errors and queries."""

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(
            ["基本信息", *(f"{section.number} {section.tab}" for section in form.sections)], parent
        )
        self.setObjectName("sectionTabs")
        self.setAccessibleName("年报各部分")
        self.keys = ["", *(section.key for section in form.sections)]

    def show_counts(self, findings: Findings) -> None:
        for place, key in enumerate(self.keys):
            counts = findings.count(Severity.ERROR, key), findings.count(Severity.QUERY, key)
            changed = self.show_badges(place, ((Severity.ERROR, counts[0]), (Severity.QUERY, counts[1])))
            if not changed and self.accessibleTabName(place):
                continue
            spoken = [f"{counts[0]} 个错误"] if counts[0] else []
            spoken += [f"{counts[1]} 处核实"] if counts[1] else []
            self.setAccessibleTabName(place, "，".join([self.names[place], *spoken]))
            found = f"有 {'、'.join(spoken)}，按 F8 逐处看。" if spoken else "没有要改正和核实的。"
            self.setTabToolTip(
                place,
                theme.plain_tip(f"填“{self.names[place]}”：{found}Ctrl+PgDn、Ctrl+PgUp 换到旁边的部分。"),
            )


class TablePage(Page):
    """A table with its side card; hovering a cell explains it."""

    kind = "table"

    def __init__(self, session: Session, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert section.table is not None
        self.session = session
        self.section = section
        self.grid = GridView(session, section.table, self)
        self.card: SideCard = SideCard(session, section, self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        holder = QFrame(self)
        holder.setProperty("ground", "base")
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(8, 7, 8, 0)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(0, 0, 0, 6)
        inner.addLayout(self._head)
        inner.addWidget(self.grid)
        self.note = TableNote(session, section, holder)
        self.note.left.connect(self._out_of_popover)
        self.note.zoom_asked.connect(self.zoom_asked)
        inner.addWidget(self.note)
        self._holder = inner
        self.years = YearBar(session, self)
        self.years.asked.connect(self.set_view)
        self.years.prior_asked.connect(self.prior_asked)
        self.grid.turned.connect(self._turned)
        self._change_popover: ChangePopover | None = None
        self._place_switch(1.0)
        self._unfilled: UnfilledList | None = None
        layout.addWidget(holder, 1)
        layout.addWidget(self.card)
        self._popover: EquationPopover | None = None
        self._by_mouse = False
        self.setFocusProxy(self.grid)
        self.grid.cell_entered.connect(self._entered)
        self.grid.figures.connect(self.figures)
        self.grid.told.connect(self.told)
        self.grid.zoom_asked.connect(self.zoom_asked)
        self.grid.dropped.connect(self.dropped)
        self.grid.hovered.connect(self._hovered)
        self.grid.explanation_asked.connect(self._into_popover)
        # The popover belongs to what was there when it came up.
        for bar in (self.grid.verticalScrollBar(), self.grid.horizontalScrollBar()):
            bar.valueChanged.connect(self._hide_popover)
        self.grid.editor.textChanged.connect(self._hide_popover)
        session.changed.connect(self._hide_popover)
        session.in_view.focused.connect(self._finding_in_view)
        session.unfilled_changed.connect(self._show_unfilled)
        self._show_unfilled()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.card.show_cell(self.grid.current_cell())
        self.grid.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._hide_popover()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hide_popover()  # what it stood beside is elsewhere

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowDeactivate:
            self._hide_popover()  # who comes back looks afresh
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._popover and event.type() == QEvent.Type.Leave and self._by_mouse:
            self._hide_popover()
            self.session.in_view.hover(None)
        return super().eventFilter(watched, event)

    @property
    def numbers(self) -> Numbers | None:
        return self.card.numbers

    @property
    def aside(self) -> QWidget | None:
        return self._unfilled if self.session.unfilled else None

    def place(self) -> str:
        cell = self.grid.current_cell()
        return anchors.place_in(self.section.number, cell.place) if cell is not None else self.section.heading

    def target(self) -> tuple[str, int | None]:
        if self.note.has_keys():
            return self.note.name, self.note.paragraph()
        cell = self.grid.current_cell()
        return (cell.id, None) if cell is not None else (self.section.key, None)

    def show_target(self, target: str, paragraph: int | None) -> None:
        if target in self.grid.model_.where:
            self.grid.setFocus()
            self.grid.go_to(target, flash=True)
        elif target == self.note.name:
            self.note.show_paragraph(paragraph or 0)
        elif paragraph is not None:
            self.card.show_paragraph(paragraph)
        else:
            self.setFocus()

    def show_difference(self, change: Difference) -> None:
        cells, text = change.cells_of(self.section.key), change.text_of(self.section.key)
        if cells:
            self.grid.setFocus()
            self.grid.show_cells(cells)
        elif text is not None:
            self.card.show_span(text.start, text.start + len(text.new))
        elif (noted := change.text_of(self.note.name)) is not None:
            self.note.show_span(noted.start, noted.start + len(noted.new))

    def drop_entry(self) -> bool:
        return self.grid.drop_entry()

    def finish(self) -> None:
        self.grid.finish_editing()
        self.note.finish()

    # --- beside last year's

    @property
    def is_beside(self) -> bool:
        return self.grid.view is not View.NOW

    def set_beside(self, on: bool) -> None:
        self.set_view(View.DIFFERENCE if on else View.NOW)

    def set_view(self, view: View) -> None:
        """Turns the table to one of two years, or to what changed; without last year's report it says so."""
        if not self.grid.set_view(view) and self.session.prior is None:
            self.told.emit(f"{NO_PRIOR}，请先选择。")
            self.beside_changed.emit()

    def _turned(self, view: View) -> None:
        self._hide_popover()
        self.years.show_view(view)
        self.card.set_beside(view is not View.NOW)
        self.beside_changed.emit()

    def _place_switch(self, zoom: float) -> None:
        """The switch stands in the corner of the table where that is large enough, else in a line above it."""
        in_corner = self.grid.has_corner and zoom >= _LEAST
        self._head.removeWidget(self.years)
        self.grid.hold_in_corner(self.years if in_corner else None)
        if not in_corner:
            self.years.setParent(self.grid.parentWidget())
            self._head.addWidget(self.years)
        self._head.setContentsMargins(0, 0, 0, 0 if in_corner else 6)
        self.years.setFixedHeight(HEIGHT)
        self.years.show()

    def _explain_change(self, cell: Cell) -> None:
        """The figure of both years where it changed a lot; nothing elsewhere, the status bar has all four."""
        finding, prior = self.grid.model_.changed_a_lot(cell.id), self.session.prior
        if finding is None or prior is None:
            return
        if self._change_popover is None:
            from gxeditor.ui.editor.years import ChangePopover

            self._change_popover = ChangePopover(self.session, self)
            self._change_popover.left.connect(self._out_of_popover)
        figures = beside(self.session.report, prior, cell.id)
        anchor = self._here(self.grid.rect_on_screen(cell.id))
        area = self.rect().adjusted(4, 4, -4 - self.card.width(), -4)
        self._change_popover.explain(finding, cell, figures, anchor, area)

    def set_scale(self, density: str, zoom: float) -> None:
        self._hide_popover()
        self._place_switch(zoom)
        self.grid.set_density(density, zoom)
        self.note.set_zoom(zoom)
        self.card.set_zoom(zoom)

    def go_to(self, anchor: Anchor) -> None:
        """Jumps to a cell and explains it beside, or opens the text at the part that is meant."""
        if isinstance(anchor, anchors.Cell):
            self.grid.setFocus()
            shown = self.session.in_view.shown
            of_years = shown is not None and shown.rule.code == CHANGES
            self.grid.set_view(View.DIFFERENCE if of_years else View.NOW)
            self.grid.go_to(anchor.id, flash=True)
            QTimer.singleShot(0, self._explain_current)
        elif isinstance(anchor, Span) and anchor.section == self.note.name:
            self.note.focus_span(anchor.start, anchor.end)
        elif isinstance(anchor, Span):
            self.card.focus_span(anchor.start, anchor.end)
        else:
            self.setFocus()

    def at(self) -> Anchor:
        box, cell = self.card.box, self.grid.current_cell()
        if self.note.has_keys():
            return Span(self.note.name, *self.note.selected())
        if box is not None and box.editor.hasFocus():
            return Span(self.section.key, *box.editor.selected())
        return anchors.Cell(cell.id) if cell is not None else Whole(self.section.key)

    def show_found(self, where: Anchor, start: int, end: int, *, focus: bool = False) -> None:
        if isinstance(where, Span):
            holder = self.note if where.section == self.note.name else self.card
            holder.show_found(start, end, focus=focus)
            return
        if isinstance(where, anchors.Cell):
            self.grid.set_view(View.NOW)
            self.grid.go_to(where.id, flash=True)
        if focus:
            self.grid.setFocus()

    def leave_found(self) -> None:
        if self.card.box is not None:
            self.card.box.editor.leave_found()
        self.note.leave_found()

    def next_finding_of_cell(self) -> None:
        """Shows the next of the findings on the current cell."""
        cell = self.grid.current_cell()
        found = self.session.findings.by_cell.get(cell.id, ()) if cell is not None else ()
        if cell is not None and found:
            shown = self.session.in_view.shown
            place = found.index(shown) if shown in found else -1
            self.session.in_view.pin(found[(place + 1) % len(found)])
            self._explain(cell)

    def _entered(self, cell: Cell | None) -> None:
        self._hide_popover()
        self.card.show_cell(cell)
        self.place_changed.emit(self.place())

    def _finding_in_view(self, finding: Finding | None) -> None:
        if finding is None:
            self._hide_popover()

    def _into_popover(self) -> None:
        """Alt+Enter: the keys go to what can be done about the current cell."""
        cell = self.grid.current_cell()
        if cell is None or not self.grid.commit():
            return
        if self.is_beside:
            self._explain_change(cell)
            if self._change_popover is None or not self._change_popover.take_keys():
                self.told.emit("这一格与上年相比变化不大。")
            return
        if self._popover is None or not self._popover.isVisible() or self._popover.cell is not cell:
            self._explain(cell)
        if self._popover is None or not self._popover.take_keys():
            self.told.emit("这一格没有可以选用的改法。")

    def _out_of_popover(self) -> None:
        self.grid.setFocus()

    def _mouse_on_popover(self) -> bool:
        popover = self._popover
        return popover is not None and popover.isVisible() and popover.underMouse()

    def _hovered(self, cell: Cell | None, _rect: QRect) -> None:
        if self._popover is not None and self._popover.has_keys():
            return
        if self._change_popover is not None and self._change_popover.isVisible():
            if self._change_popover.has_keys() or self._change_popover.underMouse():
                return
            self._change_popover.hide()
        if cell is not None:
            if not self.grid.editor.isVisible():
                self._explain(cell, hovering=True)
        elif self._by_mouse and not self._mouse_on_popover():
            self._hide_popover()
            self.session.in_view.hover(None)

    def _explain_current(self) -> None:
        cell = self.grid.current_cell()
        if cell is not None and self.isVisible():
            self._explain(cell)

    def _explain(self, cell: Cell, *, hovering: bool = False) -> None:
        if self.is_beside:
            self._by_mouse = hovering
            self._explain_change(cell)
            return
        from gxeditor.ui.editor.equation import EquationPopover, explain

        popover = self._popover
        if popover is None:
            popover = self._popover = EquationPopover(self)
            popover.recompute.connect(self._recompute)
            popover.seen.connect(self.session.tick_off)
            popover.pinned.connect(self.session.in_view.pin)
            popover.previewed.connect(self._preview)
            popover.mend_asked.connect(self._mend)
            popover.left.connect(self._out_of_popover)
            popover.installEventFilter(self)
        self._hide_popover()
        self._by_mouse = hovering
        shown = self.session.in_view.shown
        finding = explain(
            popover,
            cell,
            self.session.report,
            self.session.findings,
            shown,
            lambda at_hand: self._standing(cell, at_hand),
        )
        if hovering:
            self.session.in_view.hover(finding)
        if popover.cell is None:
            return
        anchor = self._here(self.grid.rect_on_screen(cell.id))
        if finding is not None and finding.is_equation:
            self._place_at_sums(popover, cell, anchor)
            return
        # A finding about blanks marks no cell, so another explanation may stand here; its cells stay in view as well.
        about = finding or self.session.in_view.shown
        where = self.grid.model_.where
        avoid = [self.grid.rect_on_screen(c) for c in about.cells if c in where] if about is not None else []
        popover.place_beside(anchor, [self._here(box) for box in avoid], self.rect())

    def _here(self, box: QRect) -> QRect:
        """A rectangle of the screen in the page's own coordinates."""
        return QRect(self.mapFromGlobal(box.topLeft()), box.size())

    def _standing(self, cell: Cell, at_hand: Finding) -> Standing:
        """The causes that the popover tells of a cell, those that speak of it first, and its number among the places
        that F8 leads to in sums."""
        from gxeditor.ui.editor.equation import Standing

        session = self.session
        mine = [f for f in session.findings.by_cell.get(cell.id, ()) if f.is_equation and f is not at_hand]
        found = next((told for f in (at_hand, *mine) if (told := session.hints(f))), ())
        hints = sorted(found, key=lambda hint: cell.id not in hint.cells)
        places = [stop for stop in session.in_view.stops() if stop.is_sum]
        numbers = (
            number
            for number, stop in enumerate(places, 1)
            if cell.id in stop.cells or stop.where == anchors.Cell(cell.id)
        )
        number = next(numbers, None)
        place = (number, len(places)) if number is not None else None
        return Standing(tuple(hints), place)

    def _place_at_sums(self, popover: EquationPopover, cell: Cell, anchor: QRect) -> None:
        """Where it covers nothing of the sums of a cell, no suspect and no list; else over the side card; else what it
        says goes into the status bar."""
        sums = [f for f in self.session.findings.by_cell[cell.id] if f.is_equation]
        for stop in self.session.suspected():
            if cell.id in stop.cells:
                sums += stop.findings
        avoid = [self._here(box) for box in self.grid.rects_of(sums)]
        if self.aside is not None:
            avoid.append(self._here(QRect(self.aside.mapToGlobal(QPoint()), self.aside.size())))
        page = self.rect().adjusted(4, 4, -4, -4)
        table = page.adjusted(0, 0, -self.card.width(), 0)
        if not popover.place_free(anchor, avoid, (table, page)):
            from gxeditor.ui.editor.equation import NO_CAUSE

            causes = [mend.hint.cause for mend in popover.mends]
            self.told.emit(f"{cell.place}：{causes[0] if causes else NO_CAUSE.rstrip('。')}。")

    def _preview(self, hint: Hint | None, by_keys: bool) -> None:
        """Shows in the table what a mend would do, and says that nothing is done yet."""
        if hint is None:
            self._end_preview()
        else:
            self.grid.preview(hint.changes)
            how = f"Enter {hint.button}，Esc 回到格子" if by_keys else f"按“{hint.button}”才改"
            self.told.emit(f"预览：虚线框里是改后的数，还没有改。{how}。")

    def _end_preview(self) -> None:
        if self.grid.laid.preview is not NO_PREVIEW:
            self.grid.preview({})
            self.told.emit("")  # what was said of it is no longer so

    def _mend(self, hint: Hint) -> None:
        self.grid.setFocus()
        self._hide_popover()
        if (cell := next((c for c in hint.cells if c in self.grid.model_.where), None)) is not None:
            self.grid.go_to(cell)
        self.session.mend(hint, self)

    def _show_unfilled(self) -> None:
        """The list of what pasting did not put in, once there is any."""
        if self._unfilled is None and self.session.unfilled:
            from gxeditor.ui.editor.unfilled import UnfilledList

            self._unfilled = UnfilledList(self.session, self._holder.parentWidget())
            self._unfilled.cell_asked.connect(self._go_to_unfilled)
            self._holder.addWidget(self._unfilled)

    def _go_to_unfilled(self, cell_id: str) -> None:
        if cell_id in self.grid.model_.where:
            self.grid.setFocus()
            self.grid.go_to(cell_id, flash=True)

    def _hide_popover(self) -> None:
        if self._change_popover is not None and self._change_popover.isVisible():
            if self._change_popover.has_keys():
                self.grid.setFocus()
            self._change_popover.hide()
        if self._popover is not None and self._popover.isVisible():
            if self._popover.has_keys():
                self.grid.setFocus()
            self._end_preview()
            self._popover.hide()

    def _recompute(self, cell_id: str) -> None:
        from gxeditor.ui.recomputing import recompute

        self.grid.setFocus()
        recompute(self.window(), self.session, [self.session.form.cells[cell_id]], self)


def make_page(session: Session, key: str, parent: QWidget) -> Page:
    """The page for a tab; made, and its module loaded, when it is first shown, so that the program starts quickly."""
    if not key:
        from gxeditor.ui.editor.basic import BasicPage

        return BasicPage(session, parent)
    section = session.form.section(key)
    if section.table is not None:
        return TablePage(session, section, parent)

    from gxeditor.ui.editor.prose import ProsePage

    return ProsePage(session, key, parent)
