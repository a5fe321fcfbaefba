"""A table of the form twice: what the report says and what the ledger counts, side by side in every cell.

Knows how a pair looks: alike, the ledger's figure is quiet; different, both are tinted and the ledger's has a mark;
different and kept for a reason, the mark is hollow. Takes headings from the form, drawing from the editor's table, and
counts nothing (`core.ledger.counting`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QWidget

from gxeditor.core.checks.rules import Severity
from gxeditor.core.form import Block, Cell, Grid, Heading, Line, Table, join_id
from gxeditor.core.report import Entry, show_entry
from gxeditor.ui.editor.clipboard import put_on_clipboard
from gxeditor.ui.editor.table.cells import Look, Measures, TableModel
from gxeditor.ui.editor.table.read_only import ReadOnlyGrid
from gxeditor.ui.look import theme

REPORT, LEDGER = "report", "ledger"
SIDES = {REPORT: "年报", LEDGER: "台账"}
TITLE = "年报与台账并排"
# Logical pixels of picture 22, from rows of 18: points, the label columns, a column; the innermost labels give way
# before anything else.
_SIZES = ((17, 8.25, (24, 100, 248), 43), (20, 9.0, (28, 108, 300), 48), (24, 9.75, (32, 110, 340), 52))
_SHORTEST = 150  # of the innermost labels
_TALLEST = 26  # of a row: more room than that is left below the table
_DOWN = 26, 76  # a row, and the labels, of a table of one line


def side_id(cell: str, side: str) -> str:
    """The id of one half of a pair."""
    return f"{cell}@{side}"


def cell_of(half: str) -> str:
    """The id of the cell that a half stands for."""
    return half.partition("@")[0]


def is_across(table: Table) -> bool:
    """Whether pairs stand in columns side by side; in a table of one line they stand one below the other."""
    return any(len(block.rows) > len(SIDES) for block in table.blocks)


class _Paired(Table):
    """A table whose pairs are printed in one line below all other headings."""

    def grid(self) -> Grid:
        grid = super().grid()
        last = grid.head_rows - 1
        if not is_across(self):
            return grid
        places = []
        for place in grid.places:
            if place.kind == "column" and place.row + place.row_span == grid.head_rows:
                place = place._replace(row=last, row_span=1)
            elif place.kind == "column" and place.column_span == len(SIDES):
                place = place._replace(row_span=last - place.row)
            places.append(place)
        return replace(grid, places=tuple(sorted(places, key=lambda one: (one.row, one.column))))


def paired(table: Table) -> Table:
    """The table with two lines for each: its own headings, and below the innermost 年报 and 台账."""
    return _Paired(table.key, tuple(_across(b) if is_across(table) else _down(b) for b in table.blocks))


def _halves() -> tuple[Heading, ...]:
    return tuple(Heading(side, name, name) for side, name in SIDES.items())


def _across(block: Block) -> Block:
    def split(heading: Heading) -> Heading:
        below = tuple(split(child) for child in heading.children)
        return heading._replace(children=below or _halves())

    columns = tuple(
        Line(join_id(c.key, side), (*c.labels, name), f"{c.name} {name}", c.group, c.parts)
        for c in block.columns
        for side, name in SIDES.items()
    )
    cells = tuple(half for cell in block.cells for half in _pair(cell))
    return block._replace(
        column_tree=tuple(split(one) for one in block.column_tree), columns=columns, cells=cells
    )


def _down(block: Block) -> Block:
    """One line becomes two, each with its name beside it."""
    rows = tuple(Line(side, (name,), name, "") for side, name in SIDES.items())
    pairs = [_pair(cell) for cell in block.cells]
    cells = tuple(pair[at] for at in range(len(rows)) for pair in pairs)
    return block._replace(row_tree=_halves(), rows=rows, cells=cells)


def _pair(cell: Cell) -> tuple[Cell, ...]:
    return tuple(
        cell._replace(id=side_id(cell.id, side), place=f"{cell.place}，{name}")
        for side, name in SIDES.items()
    )


class CountModel(TableModel):
    """The pairs of a table. `differing` are the cells, in order, whose two figures are not the same."""

    def __init__(self, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(paired(table), parent)
        self.cells = tuple(cell.id for cell in table.cells)
        self.of_form: Mapping[str, Cell] = MappingProxyType({cell.id: cell for cell in table.cells})
        self.differing: tuple[str, ...] = ()
        if is_across(table):  # a heavier line after each pair
            self.group_columns = frozenset(range(1, self.columnCount(), 2))
        self.show_pairs({}, None, ())

    def show_pairs(
        self,
        report: Mapping[str, Entry],
        counts: Mapping[str, int] | None,
        differing: Collection[str],
        kept: Collection[str] = (),
        *,
        only_differing: bool = False,
    ) -> None:
        """Shows the figures of a report and of a ledger, None for not counted; `kept` are the cells whose figure in
        the report stands for a reason."""
        self.differing = tuple(cell for cell in self.cells if cell in differing)
        for cell in self.cells:
            differs = cell in differing
            is_total = bool(self.of_form[cell].parts)
            shown = differs or cell in kept or not only_differing
            theirs = show_entry(report.get(cell)) if shown else ""
            ours = "" if counts is None or not shown else str(counts[cell])
            severity = Severity.QUERY if differs else None
            total = "auto" if is_total else ""
            what = "" if not theirs else "number" if theirs.strip("0") else "zero"
            self.looks[side_id(cell, REPORT)] = Look(theirs, what, total, severity)
            what = "" if not ours else "number" if differs or not theirs else "quiet"
            what = "zero" if ours == "0" else what
            self.looks[side_id(cell, LEDGER)] = Look(ours, what, total, severity, explained=cell in kept)
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    def spoken(self, cell: Cell) -> str:
        of = cell_of(cell.id)
        theirs, ours = (self.looks[side_id(of, side)] for side in SIDES)
        words = [self.of_form[of].place, f"年报 {theirs.text or '空'}", f"台账 {ours.text or '空'}"]
        if ours.severity is not None:
            words.append("不同")
        if ours.explained:
            words.append("不同，已写明原因")
        return "，".join(words)


class CountGrid(ReadOnlyGrid[CountModel]):
    """One table with its pairs; what it emits of cells carries the id of a half (`cell_of`).

    `adopted` says that the figure in hand is to be taken over (Ctrl+Enter).
    """

    adopted = Signal()

    def __init__(self, table: Table, name: str, parent: QWidget | None = None) -> None:
        self._across_pairs = is_across(table)
        super().__init__(CountModel(table), name, parent)
        self.setObjectName(f"count_{table.key}")
        self.laid.beneath = frozenset(side_id(cell, REPORT) for cell in self.model_.cells)
        self.say_in_corner(TITLE if self._across_pairs else name, "")
        self.go_to_cell(self.model_.cells[0])

    def measured(self) -> Measures:
        zoom, grid = self.zoom, self.model_.grid
        if not self._across_pairs:
            return self._measured_down()
        fitting = int((self.height() / zoom - 1) // grid.rows)
        line = max(_SIZES[0][0], min(_TALLEST, fitting))
        _, points, shape, column = next(one for one in reversed(_SIZES) if one[0] <= line)
        row, size = round(line * zoom), points * zoom
        while size > 3 and QFontMetrics(theme.font(size)).height() > row - 1:
            size -= 0.25
        labels, column = [round(one * zoom) for one in shape], round(column * zoom)
        values = grid.columns - grid.label_columns
        bar = self.verticalScrollBar().sizeHint().width() if line > fitting else 0
        free = self.width() - bar - sum(labels) - column * values - 1
        labels[-1] = max(round(_SHORTEST * zoom), labels[-1] + min(free, round(80 * zoom)))
        return Measures(row, row, tuple(labels), column, size)

    def _measured_down(self) -> Measures:
        zoom, grid = self.zoom, self.model_.grid
        size = 8.25 * zoom
        metrics = QFontMetrics(theme.font(size, 600))
        headings = [p.text for p in grid.places if p.kind == "column" and p.column_span == 1]
        values = grid.columns - grid.label_columns
        label = round(_DOWN[1] * zoom)
        narrowest = max(metrics.horizontalAdvance(text) for text in headings) + 6
        column = max(narrowest, min(round(76 * zoom), (self.width() - label - 1) // values))
        return Measures(round(_DOWN[0] * zoom), round(_DOWN[0] * zoom), (label,), column, size)

    @property
    def current_cell(self) -> str:
        """The id of the cell of which a half is the current one."""
        return cell_of(self.current())

    def go_to_cell(self, cell: str) -> None:
        """Makes the ledger's half of a cell the current one."""
        self.go_to(side_id(cell, LEDGER))

    def go_to_differing(self, by: int) -> bool:
        """On to the next pair, or back to the one before, that differs; False if there is none."""
        return self.go_to_next_of([side_id(cell, LEDGER) for cell in self.model_.differing], by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.adopted.emit()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copies the pairs that are touched by the selection, each with its place and both figures."""
        cells = list(dict.fromkeys(cell_of(cell.id) for cell in self.chosen))
        if not cells:
            return
        put_on_clipboard(self.texts(cells))
        self.told.emit(f"已复制 {len(cells)} 格，年报和台账各一列。")

    def texts(self, cells: Sequence[str]) -> list[list[str]]:
        """Cells as rows of texts: the place, the report's figure and the ledger's, below their headings."""
        looks = self.model_.looks
        return [
            ["格", *SIDES.values()],
            *(
                [self.model_.of_form[cell].place, *(looks[side_id(cell, side)].text for side in SIDES)]
                for cell in cells
            ),
        ]
