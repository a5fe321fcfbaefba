"""How a statistics table looks: what every cell shows, how large everything is, and the painting of both.

Knows the states of a cell, the sizes of rows and columns and the nested headings, which it takes from
the form's `Grid`. Knows no key and no edit; a click on a heading is passed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from types import MappingProxyType
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QHeaderView, QToolTip, QWidget

from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.form import Cell, Place, Table
from gxeditor.core.report import Report, show_entry
from gxeditor.core.year_beside import View, beside
from gxeditor.ui.look import theme
from gxeditor.ui.session import Change, Session

Index = QModelIndex | QPersistentModelIndex
Where = tuple[int, int]
"""Row and column in the body of a table: below the head rows and right of the label columns."""

TOP, RIGHT, BOTTOM, LEFT = 1, 2, 4, 8

_ROOT = QModelIndex()
_EDITABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
_HEADING = Qt.ItemFlag.NoItemFlags
# Joined once: every `|` of two enums makes objects, and these are asked for with every cell.
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip)
_CENTER = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip)
_WRAPPED = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextDontClip)


class Look(NamedTuple):
    """What a cell shows: its text, what it is (“”, zero, number, text), its total state and its worst finding.

    `total` is “” for an ordinary cell, `auto` for an automatic total or a typed one that equals its details, `typed`
    for a typed one that does not. Of sums that do not fit only the suspects have a `severity`; every cell of them is
    `washed`, and the total says by how much it is off, its `gap` (「差 9」). `explained` is ◇: a great change for which
    a reason was given; last year's figures are `last` in `what`, one that only repeats another `quiet`. `aside` is a
    word at the left end (「调」).
    """

    text: str
    what: str
    total: str
    severity: Severity | None
    washed: bool = False
    suspect: bool = False
    gap: str = ""
    explained: bool = False
    aside: str = ""


class Preview(NamedTuple):
    """What a mend would do: the figures that the cells would show, those of them that it sets itself, and the totals
    that would fit then."""

    texts: Mapping[str, str] = MappingProxyType({})
    changed: frozenset[str] = frozenset()
    fitting: frozenset[str] = frozenset()


NO_PREVIEW = Preview()


CHANGES = "Y-04"
"""The code of the rule about figures that changed a lot."""


class TableModel(QAbstractTableModel):
    """A table of the form by row and column of its body, and how each of its cells looks: what painters ask.

    `view` is what of two years the cells show. `off` are the places in the form's grid of the headings whose line does
    not add up. `notes` are words at the right end of the innermost headings, by row of the body. Knows no session: what
    fills `looks` is its owner's business.
    """

    def __init__(self, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self.grid = table.grid()
        self.top, self.left = self.grid.head_rows, self.grid.label_columns
        self.places: dict[Where, Place] = {
            (place.row - self.top, place.column - self.left): place
            for place in self.grid.places
            if place.row >= self.top and place.column >= self.left
        }
        self.where: dict[str, Where] = {
            place.cell.id: where for where, place in self.places.items() if place.cell is not None
        }
        self.bands = [p.row - self.top for p in self.grid.places if p.kind == "band"]
        self.headings = dict(self._headings())
        self.group_rows = frozenset(r for r in range(self.rowCount()) if self._ends_group(r))
        columns = table.blocks[0].columns
        self.group_columns = frozenset(
            i
            for i, column in enumerate(columns)
            if i + 1 == len(columns) or column.is_sum or (columns[i + 1].is_sum and self.left)
        )
        self._names: dict[Qt.Orientation, dict[int, str]] = {
            Qt.Orientation.Vertical: {self.where[c.id][0]: c.row.name for c in table.cells},
            Qt.Orientation.Horizontal: (
                {self.where[c.id][1]: c.column.name for c in table.cells} if len(table.blocks) == 1 else {}
            ),
        }
        self.looks: dict[str, Look] = {}
        self.view = View.NOW
        self.off: frozenset[Where] = frozenset()
        self.notes: Mapping[int, str] = MappingProxyType({})

    @property
    def is_held(self) -> bool:
        """Whether cells that could be filled in are not to be."""
        return False

    @property
    def shown(self) -> Finding | None:
        """The finding in view."""
        return None

    def _headings(self) -> Iterable[tuple[Where, Where]]:
        """For each cell the heading inside the body that stands above it, as in 表二."""
        for row, column in self.where.values():
            for above in range(row - 1, -1, -1):
                place = self.grid.at[above + self.top, column + self.left]
                if place.kind == "column":
                    yield (row, column), (place.row - self.top, place.column - self.left)
                    break

    def _ends_group(self, row: int) -> bool:
        """Whether a group of rows ends below this row: a heavier line is drawn there."""
        rows = [line.labels for block in self.table.blocks for line in block.rows]
        if self.left != 3 or row + 1 >= len(rows):
            return True
        here, below = rows[row], rows[row + 1]
        if here[:2] == below[:2]:
            return False
        return len(here) > 2 or len(below) > 2 or (here[0] != below[0] and max(len(here), len(below)) > 1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self.grid.rows - self.top

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self.grid.columns - self.left

    def cell(self, row: int, column: int) -> Cell | None:
        place = self.places.get((row, column))
        return place.cell if place is not None else None

    def anchor(self, row: int, column: int) -> Where | None:
        """Where the cell that covers this position begins; None on a heading or outside."""
        place = self.grid.at.get((row + self.top, column + self.left))
        if place is None or place.cell is None:
            return None
        return place.row - self.top, place.column - self.left

    def is_left_of(self, one: Where, other: Where) -> bool:
        """Whether one cell stands just left of another."""
        return one[0] == other[0] and other[1] == one[1] + self.places[one].column_span

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _EDITABLE if self.cell(index.row(), index.column()) is not None else _HEADING

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        place = self.places.get((index.row(), index.column()))
        if place is None and role == Qt.ItemDataRole.AccessibleTextRole:  # what reaches over it is meant
            place = self.grid.at.get((index.row() + self.top, index.column() + self.left))
        if place is None:
            return None
        if place.cell is None:
            if role == Qt.ItemDataRole.AccessibleTextRole:  # a corner has no words
                return f"栏目：{place.text}" if place.text else "栏目"
            return place.text if role == Qt.ItemDataRole.DisplayRole else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.looks[place.cell.id].text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(place.cell)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The name of a row or column, for screen readers; on the screen `MergedHeader` shows what is printed."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._names[orientation].get(section, "")
        return None

    def spoken(self, cell: Cell) -> str:
        """Row and column heading and what the cell shows, as a screen reader says them."""
        return f"{cell.place}，{self.looks[cell.id].text or '空'}"


class GridModel(TableModel):
    """The cells of a table of the open report: figures, totals, findings, what changed against last year (`set_view`).

    `off_changed` carries the places of `off` that joined or left.
    """

    off_changed = Signal(object)

    def __init__(self, session: Session, table: Table, parent: QObject | None = None) -> None:
        super().__init__(table, parent)
        self.session = session
        self._heading_of: dict[str, Where | None] = {}
        self._look_again()
        session.changed.connect(self._changed)

    @property
    def is_held(self) -> bool:
        return self.session.is_held

    @property
    def shown(self) -> Finding | None:
        return self.session.in_view.shown

    def spoken(self, cell: Cell) -> str:
        """Row and column heading, value and findings, as a screen reader says them."""
        look = self.looks[cell.id]
        if self.view is not View.NOW:
            asked = "已说明" if look.explained else "与上年相比变化很大" if look.severity else ""
            return "，".join(filter(None, (cell.place, f"{self.view.value} {look.text or '未填'}", asked)))
        words = [cell.place, look.text or "未填"]
        if look.total and look.text:
            words.append("自动合计" if self.session.report.is_automatic(cell.id) else "手填的合计")
        if look.suspect:
            words.append("这一格最可能填错")
        words.extend(
            f"{finding.severity.word}：{finding.message}"
            for finding in self.session.findings.by_cell.get(cell.id, ())
        )
        words.extend(f"没有填入：{i.reason}" for i in self.session.unfilled if cell.id in i.cells)
        return "，".join(words)

    def _changed(self, change: Change) -> None:
        if self.view is not View.NOW or any(cell in self.where for cell in change.cells):
            self._tell_looks()

    def _tell_looks(self) -> None:
        for cell in self._look_again():
            index = self.index(*self.where[cell])
            self.dataChanged.emit(index, index)  # one by one: Qt repaints the rectangle around a range

    def set_view(self, view: View) -> None:
        """Shows this year's figures, or last year's, or what changed; without last year's report only the first."""
        self.view = view
        self._tell_looks()

    def changed_a_lot(self, cell_id: str) -> Finding | None:
        """What asks for a reason for the change of a figure, be it given."""
        return next(
            (f for f in self.session.findings.findings if f.rule.code == CHANGES and cell_id in f.cells), None
        )

    def _look_again(self) -> list[str]:
        """Renews the looks; the cells whose look differs."""
        prior = self.session.prior
        if self.view is not View.NOW and prior is not None:
            return self._look_at_years(prior)
        report = self.session.report
        values, entries = report.values, report.entries
        strong: dict[str, Severity] = {}
        washed: set[str] = set()
        for finding in self.session.findings.open:  # the worst first
            if finding.is_equation:
                washed.update(finding.cells)
            elif finding.marks:
                for cell_id in finding.cells:
                    strong.setdefault(cell_id, finding.severity)
        suspects = {one.cell for one in self.session.suspects()} if washed else set()
        gaps, off = self._gaps() if washed else ({}, frozenset())
        differing = []
        for cell in self.table.cells:
            name = cell.id
            value = values.get(name)
            what = (
                "" if value is None else "text" if isinstance(value, str) else "number" if value else "zero"
            )
            total = ""
            if cell.parts:
                typed = name in entries and report.details_sum(cell) != entries[name]
                total = "typed" if typed else "auto"
            suspect = name in suspects
            severity = Severity.ERROR if suspect else strong.get(name)
            look = Look(show_entry(value), what, total, severity, name in washed, suspect, gaps.get(name, ""))
            if self.looks.get(name) != look:
                self.looks[name] = look
                differing.append(name)
        if off != self.off:
            before, self.off = self.off, off
            self.off_changed.emit(before ^ off)
        return differing

    def _look_at_years(self, prior: Report) -> list[str]:
        """The looks beside last year's report: nothing of sums, what changed a lot marked."""
        report, view = self.session.report, self.view
        differing = []
        for cell in self.table.cells:
            text = beside(report, prior, cell.id).shown(view)
            number = text.strip("0.") if text else ""
            what = "" if not text else "zero" if not number else "last" if view is View.THEN else "number"
            found = self.changed_a_lot(cell.id)
            severity = found.severity if found is not None and not found.is_explained else None
            look = Look(
                text,
                what,
                "auto" if cell.parts else "",
                severity,
                explained=found is not None and found.is_explained,
            )
            if self.looks.get(cell.id) != look:
                self.looks[cell.id] = look
                differing.append(cell.id)
        if self.off:
            before, self.off = self.off, frozenset()
            self.off_changed.emit(before)
        return differing

    def _gaps(self) -> tuple[dict[str, str], frozenset[Where]]:
        """What the totals of sums that do not fit say, by cell, and the headings of their lines."""
        gaps: dict[str, str] = {}
        off: set[Where] = set()
        for finding in self.session.findings.open:
            if finding.is_equation:
                here = self.heading_of(finding.rule)
                if here is not None:
                    off.add(here)
                total = finding.rule.decisive.id
                if total in self.where:
                    gap = show_entry(finding.difference)
                    said = gaps.get(total)
                    gaps[total] = f"差 {gap}" if said in (None, f"差 {gap}") else f"{said}、{gap}"
        return gaps, frozenset(off)

    def heading_of(self, rule: Rule) -> Where | None:
        """The place in the form's grid of the narrowest heading that all cells of an equation stand under or beside;
        None if there is none here."""
        if rule.id not in self._heading_of:
            self._heading_of[rule.id] = self._find_heading(rule)
        return self._heading_of[rule.id]

    def _find_heading(self, rule: Rule) -> Where | None:
        grid = self.grid
        cells = [grid.of_cell[cell] for cell in rule.signs if cell in grid.of_cell]
        if not cells:
            return None
        rows, columns = [c.row for c in cells], [c.column for c in cells]
        beside = [
            (place.row_span, -place.column, (place.row, place.column))
            for place in grid.places
            if place.kind == "row"
            and place.row <= min(rows)
            and max(rows) < place.row + place.row_span
            and place.column < grid.label_columns
        ]
        above = [
            (place.column_span, -place.row, (place.row, place.column))
            for place in grid.places
            if place.kind == "column"
            and place.row < min(rows)
            and place.column <= min(columns)
            and max(columns) < place.column + place.column_span
        ]
        found = beside + above
        return min(found)[2] if found else None

    def label_of(self, cell: str) -> Where | None:
        """The place in the form's grid of the innermost heading beside a cell."""
        row = self.grid.of_cell[cell].row
        place = self.grid.at.get((row, self.left - 1))
        return (place.row, place.column) if place is not None and self.left else None

    def edges_of(self, findings: Iterable[Finding]) -> dict[str, int]:
        """Around each run of cells of a finding the sides at which it ends, by cell: sums of `TOP`, `RIGHT` …"""
        edges: dict[str, int] = {}
        for finding in findings:
            mine = {self.where[cell] for cell in finding.cells if cell in self.where}
            for row, column in mine:
                place = self.places[row, column]
                beside = (
                    (TOP, self.anchor(row - 1, column)),
                    (RIGHT, self.anchor(row, column + place.column_span)),
                    (BOTTOM, self.anchor(row + place.row_span, column)),
                    (LEFT, self.anchor(row, column - 1)),
                )
                sides = sum(side for side, other in beside if other not in mine)
                assert place.cell is not None
                edges[place.cell.id] = edges.get(place.cell.id, 0) | sides
        return edges


# --- sizes


class Measures(NamedTuple):
    """Sizes in logical pixels: a body row, a head row, the label columns, a value column; the text in points."""

    row: int
    head: int
    labels: tuple[int, ...]
    column: int
    points: float


# Row height → point size, label widths 1 / 2 / 3 and number column of 表三
_DENSITIES = (
    (17, 8.25, (26, 100, 426), 92),
    (19, 9.0, (28, 108, 456), 98),
    (24, 9.75, (32, 110, 508), 98),
    (28, 10.5, (34, 120, 548), 104),
)
_TABLE_TWO = (200,), 168
DENSITIES = {"auto": "自动", "fit": "适应窗口", "compact": "紧凑", "standard": "标准", "wide": "宽松"}
_ROWS = {"fit": 17, "compact": 19, "standard": 24, "wide": 28}
_NARROW = (58, 76, 190)
"""The least a column of 表四 shrinks to, one of the others, and the innermost labels."""
_MOST_LABELS = 0.6
"""Of the width: however large the zoom, some figures stand beside their labels."""


def measure(table: Table, width: int, height: int, density: str, zoom: float, bar: int = 0) -> Measures:
    """The sizes for a table in an area, at a density and zoom; `bar` is the thickness of a scroll bar.

    「自动」 takes the tallest row that shows the whole table; number and label columns shrink before the view scrolls.
    """
    grid = table.grid()
    fitting = int((height / zoom - 2 - grid.head_rows) // grid.rows)  # a head row is 1 higher than a row
    line = _ROWS.get(density) or max(17, min(28, fitting))
    if line > fitting:
        width -= bar
    shape: tuple[int, ...]
    _, points, shape, column = next(d for d in reversed(_DENSITIES) if d[0] <= line)
    row, size = round(line * zoom), points * zoom
    while size > 3 and QFontMetrics(theme.font(size)).height() > row - 1:
        size -= 0.25
    metrics = QFontMetrics(theme.font(size, 600))
    headings = [p.text for p in grid.places if p.kind == "column" and p.column_span == 1]
    narrowest = max(metrics.horizontalAdvance(text) for text in headings) + 3
    values = grid.columns - grid.label_columns
    labels: tuple[int, ...] = ()
    if grid.label_columns == 0:
        column = max(narrowest, round(_NARROW[0] * zoom), min(round(110 * zoom), width // values))
    else:
        if grid.label_columns == 1:
            shape, column = _TABLE_TWO
        labels, column = tuple(round(label * zoom) for label in shape), max(narrowest, round(column * zoom))
        narrowest = max(narrowest, round(_NARROW[1] * zoom))
        if (lacking := sum(labels) + column * values - width) > 0:
            column = max(narrowest, column - ceil(lacking / values))
        if (lacking := sum(labels) + column * values - width) > 0:
            most = int(_MOST_LABELS * width) - sum(labels[:-1])
            shortest = min(labels[-1], max(round(60 * zoom), min(round(_NARROW[2] * zoom), most)))
            labels = (*labels[:-1], max(shortest, labels[-1] - lacking))
    return Measures(row, round((line + 1) * zoom), labels, column, size)


class Laid:
    """What the painters of one table share: its sizes and faces, and where the clerk is in it.

    `shown_cells` are those of the finding in view. `rows`, `columns` and `headings` are the lines, and the headings
    inside the body, that `current` and `selected` touch; `handle` is the cell in whose lower right corner filling can
    be dragged from.
    """

    def __init__(self, model: TableModel) -> None:
        self.model = model
        self.resize(measure(model.table, 1280, 560, "auto", 1.0), 1.0)
        self.focused = False
        self.flashing = False
        self.shown_cells: frozenset[str] = frozenset()
        self.edges: dict[str, int] = {}  # of the equations at hand, see `GridModel.edges_of`
        self.swaps: tuple[tuple[str, str], ...] = ()  # pairs of cells that hold each other's figure
        self.beneath: frozenset[str] = frozenset()  # those of them whose mark lies under ⇄
        self.preview = NO_PREVIEW
        self.unfilled: frozenset[str] = frozenset()  # what pasting left out and nobody has looked at
        self.current = self.handle = (-1, -1)
        self.selected: frozenset[Where] = frozenset()
        self.rows: set[int] = set()
        self.columns: set[int] = set()
        self.headings: set[Where] = set()

    def resize(self, measures: Measures, zoom: float) -> None:
        self.measures, self.zoom = measures, zoom
        row, scale = measures.row, max(1.0, zoom)  # in a small table marks stay legible as long as they fit
        self.mark = min(round((8 if row >= 22 * zoom else 7) * scale), row // 2)
        self.sign = min(round((15 if row >= 24 * zoom else 13) * scale), row - 4)
        # Made once and kept: every cell asks for one with every paint.
        self.plain, self.figure, self.strong = (theme.font(measures.points, w) for w in (400, 500, 600))
        self.small = theme.font(min(7.5 * scale, measures.points), 400)
        self.metrics = {id(f): QFontMetrics(f) for f in (self.plain, self.figure, self.strong, self.small)}

    def advance(self, face: QFont, text: str) -> int:
        return self.metrics[id(face)].horizontalAdvance(text)

    def stand(self, current: Where, selected: frozenset[Where]) -> tuple[set[Where], set[int], set[int]]:
        """Takes up where the clerk is; the places, rows and columns that look different then."""
        before = {*self.headings, self.current, self.handle}, self.selected, self.rows, self.columns
        self.current, self.selected = current, selected
        touched = selected | {current}
        self.rows, self.columns = {row for row, _ in touched}, {column for _, column in touched}
        self.headings = {self.model.headings[where] for where in touched if where in self.model.headings}
        self.handle = max(touched)
        places = before[0] ^ {*self.headings, current, self.handle} | before[1] ^ selected
        return places | {current, self.handle}, before[2] ^ self.rows, before[3] ^ self.columns

    def right_padding(self, width: int, place: Place) -> int:
        """What is left free to the right of a figure, so that it stands near the middle of its column."""
        return width * 45 // 100 if place.column_span > 1 else max(12, width * 3 // 10)


# --- painting


def make_viewport() -> QWidget:
    """A viewport of ours: of one that Qt made, the binding first finds out the type, which costs a start 12 ms."""
    viewport = QWidget()
    viewport.setAutoFillBackground(True)
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    return viewport


class MergedHeader(QHeaderView):
    """Nested, merged headings of one axis, painted from the form's places; they stay in view while scrolling.

    `chosen` carries the first and last line of a heading that was pressed, and whether the selection is to reach there.
    """

    chosen = Signal(int, int, bool)

    def __init__(self, orientation: Qt.Orientation, laid: Laid, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self.setViewport(make_viewport())
        self._laid = laid
        self._across = orientation == Qt.Orientation.Horizontal
        grid = laid.model.grid
        self._places = [
            place
            for place in grid.places
            if place.kind != "cell"
            and (
                (place.row < grid.head_rows and place.column >= grid.label_columns)
                if self._across
                else (place.row >= grid.head_rows and place.column < grid.label_columns)
            )
        ]
        self._origin = grid.label_columns if self._across else grid.head_rows
        self._levels: list[int] = []
        self._pressed: Place | None = None
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(4)
        self.setAccessibleName("栏目" if self._across else "项目")

    def set_levels(self, sizes: Sequence[int]) -> None:
        """The thickness of each level of headings, from the outermost."""
        self._levels = list(sizes)
        self.updateGeometry()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        # Only the thickness is asked for; Qt's own hint measures every heading, dozens of times for each layout.
        thick = sum(self._levels)
        return QSize(0, thick) if self._across else QSize(thick, 0)

    def update_lines(self, lines: Iterable[int]) -> None:
        """Repaints the headings of these lines."""
        for line in lines:
            start, size = self.sectionViewportPosition(line), self.sectionSize(line)
            thick = sum(self._levels)
            self.viewport().update(
                QRect(start, 0, size, thick) if self._across else QRect(0, start, thick, size)
            )

    def _extent(self, place: Place) -> tuple[int, int]:
        """The first of the lines under a heading, and how many there are."""
        first, count = (place.column, place.column_span) if self._across else (place.row, place.row_span)
        return first - self._origin, count

    def rect_of(self, place: Place) -> QRect:
        first, count = self._extent(place)
        level, deep = (place.row, place.row_span) if self._across else (place.column, place.column_span)
        start = self.sectionViewportPosition(first)
        last = min(first + count, self.count()) - 1
        end = self.sectionViewportPosition(last) + self.sectionSize(last)
        low, high = sum(self._levels[:level]), sum(self._levels[: level + deep])
        return (
            QRect(start, low, end - start, high - low)
            if self._across
            else QRect(low, start, high - low, end - start)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        pixels, colors = theme.Pixels(painter), theme.current()
        active = self._laid.columns if self._across else self._laid.rows
        painter.fillRect(event.rect(), colors.base)
        painter.setPen(colors.headtext)
        for place in self._places:
            rect = self.rect_of(place)
            if not event.region().intersects(rect):
                continue
            first, count = self._extent(place)
            current = count == 1 and place.kind in ("row", "column") and first in active
            x, y, width, height = _sides(rect)
            pixels.fill(x, y, width, height, colors.headact if current else colors.head)
            heavy = self._across or first + count - 1 in self._laid.model.group_rows
            pixels.hline(x, y + height - pixels.line, width, colors.line2 if heavy else colors.line)
            if place.kind != "band":  # a band goes on in the body
                pixels.vline(x + width - pixels.line, y, height, colors.line2)
            self._write(painter, place, rect)
            if (place.row, place.column) in self._laid.model.off:
                theme.paint_mark(painter, self._mark(rect), Severity.ERROR, hollow=True)
            if place.row == 0:
                pixels.hline(x, 0, width, colors.line2)
            if place.column == 0:
                pixels.vline(x, y, height, colors.line2)
        painter.end()

    def _mark(self, rect: QRect) -> QRectF:
        """Where △ stands: at the right end, in a heading above columns in the corner, where no word is."""
        side = self._laid.mark
        top = rect.y() + 2 if self._across else rect.y() + (rect.height() - side) / 2
        return QRectF(rect.x() + rect.width() - side - 3, top, side, side)

    def update_places(self, places: Iterable[Where]) -> None:
        """Repaints the headings at these places of the form's grid."""
        wanted = set(places)
        for place in self._places:
            if (place.row, place.column) in wanted:
                self.viewport().update(self.rect_of(place))

    def _write(self, painter: QPainter, place: Place, rect: QRect) -> None:
        laid = self._laid
        face = laid.strong if place.is_sum or place.kind == "band" else laid.plain
        metrics = laid.metrics[id(face)]
        painter.setFont(face)
        _, count = self._extent(place)
        if self._is_stacked(place, rect):
            text = "\n".join(place.text)
            needed = QSize(metrics.maxWidth(), metrics.lineSpacing() * len(place.text))
            painter.drawText(self._in_view(rect, needed), _CENTER, text)
        elif self._across or place.kind == "corner" or count > 1:
            needed = QSize(metrics.horizontalAdvance(place.text) + 2, metrics.height())
            painter.drawText(self._in_view(rect, needed), _CENTER, place.text)
        else:
            marked = (place.row, place.column) in laid.model.off
            room = rect.adjusted(8, 0, -6 - (laid.mark + 2 if marked else 0), -1)
            if note := self._note(place):
                painter.setPen(theme.current().severity[Severity.QUERY].text)
                painter.setFont(laid.strong)
                painter.drawText(room, _RIGHT, note)
                painter.setPen(theme.current().headtext)
                painter.setFont(face)
                room.setRight(room.right() - laid.advance(laid.strong, note) - 6)
            painter.drawText(
                room, _LEFT, metrics.elidedText(place.text, Qt.TextElideMode.ElideRight, room.width())
            )

    def _note(self, place: Place) -> str:
        """What the model says at the right end of a heading beside cells."""
        innermost = place.column + place.column_span == self._laid.model.left
        return self._laid.model.notes.get(place.row - self._origin, "") if innermost else ""

    def _is_stacked(self, place: Place, rect: QRect) -> bool:
        """Whether the words of a tall, narrow heading stand one below the other, as on paper."""
        return not self._across and place.row_span > 6 and rect.width() * 3 < rect.height()

    def _in_view(self, rect: QRect, needed: QSize) -> QRect:
        """The room of a caption: the middle of what is in view of its heading, and never outside the heading."""
        seen = rect.intersected(self.viewport().rect())
        if not seen.isValid():
            return rect
        x = seen.x() + (seen.width() - needed.width()) // 2
        y = seen.y() + (seen.height() - needed.height()) // 2
        x = max(rect.left(), min(x, rect.right() - needed.width()))
        y = max(rect.top(), min(y, rect.bottom() - needed.height()))
        across = QRect(x, rect.y(), needed.width(), rect.height())
        return across if self._across else QRect(rect.x(), y, rect.width(), needed.height())

    def _place_at(self, point: QPoint) -> Place | None:
        return next((place for place in self._places if self.rect_of(place).contains(point)), None)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._place_at(event.pos())
            words = self._hidden_words(place) if place else ""
            QToolTip.showText(event.globalPos(), theme.plain_tip(words), self)
            return True
        return super().viewportEvent(event)

    def _hidden_words(self, place: Place) -> str:
        """The words of a heading that does not show them all."""
        rect = self.rect_of(place)
        face = self._laid.strong if place.is_sum else self._laid.plain
        if self._is_stacked(place, rect) or self._laid.advance(face, place.text) <= rect.width() - 14:
            return ""
        return place.text

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a heading selects all cells under it, however many lines it spans; dragging goes on."""
        place = self._place_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place and place.kind in ("row", "column"):
            self._pressed = place
            first, count = self._extent(place)
            self.chosen.emit(first, first + count - 1, event.modifiers() == Qt.KeyboardModifier.ShiftModifier)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint()) if self._pressed else None
        if place is not None and place is not self._pressed and place.kind in ("row", "column"):
            self._pressed = place
            first, count = self._extent(place)
            self.chosen.emit(first, first + count - 1, True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)


_FITS = "改后相等", "相等"  # the shorter in the narrow columns beside an open card


def _sides(rect: QRect) -> tuple[int, int, int, int]:
    return rect.x(), rect.y(), rect.width(), rect.height()


class CellPainter:
    """Paints the body, each cell in this order: frame over outline and signs over tint over selection."""

    def __init__(self, laid: Laid) -> None:
        self._laid = laid

    def paint(self, painter: QPainter, region: QRegion, xs: Sequence[int], ys: Sequence[int]) -> None:
        """Paints what lies in `region`; `xs` and `ys` are the edges of columns and rows, one more than there are."""
        pixels = theme.Pixels(painter)
        around = region.boundingRect()
        top, bottom, left, right = around.top(), around.bottom(), around.left(), around.right()
        for row in self._laid.model.bands:
            if ys[row + 1] > top and ys[row] <= bottom:
                rect = QRect(xs[0], ys[row], xs[-1] - xs[0], ys[row + 1] - ys[row])
                self._heading(painter, pixels, (row, 0), None, rect)
        for where, place in self._laid.model.places.items():
            x, y = xs[where[1]], ys[where[0]]
            x2, y2 = xs[where[1] + place.column_span], ys[where[0] + place.row_span]
            if y2 > top and y <= bottom and x2 > left and x <= right:
                rect = QRect(x, y, x2 - x, y2 - y)
                if region.intersects(rect):
                    if place.cell is None:
                        self._heading(painter, pixels, where, place, rect)
                    else:
                        self._cell(painter, pixels, where, place, place.cell, rect)
        for pair in self._laid.swaps if self._laid.model.view is View.NOW else ():
            self._swap(painter, region, pair, xs, ys)

    def _swap(
        self, painter: QPainter, region: QRegion, pair: tuple[str, str], xs: Sequence[int], ys: Sequence[int]
    ) -> None:
        """⇄ on the border between two cells beside or above each other, else at the left end of both."""
        model = self._laid.model
        first, second = sorted(model.where[cell] for cell in pair)
        wide, high = theme.SWAP_SIZE
        if model.is_left_of(first, second):
            centers = [QPointF(xs[second[1]] - 0.5, (ys[first[0]] + ys[first[0] + 1] - 1) / 2)]
        elif first[1] == second[1] and second[0] == first[0] + 1:
            centers = [QPointF(xs[first[1]] + 4 + wide / 2, ys[second[0]] - 0.5)]
        else:
            centers = [QPointF(xs[c] + 4 + wide / 2, (ys[r] + ys[r + 1] - 1) / 2) for r, c in (first, second)]
        for center in centers:
            chip = QRectF(center.x() - wide / 2, center.y() - high / 2, wide, high)
            if region.intersects(chip.toAlignedRect()):
                theme.paint_swap(painter, chip)

    def _cell(
        self, painter: QPainter, pixels: theme.Pixels, where: Where, place: Place, cell: Cell, rect: QRect
    ) -> None:
        laid, colors = self._laid, theme.current()
        look = laid.model.looks[cell.id]
        current = laid.current == where
        selected = where in laid.selected and not current
        x, y, width, height = _sides(rect)
        line, severity = pixels.line, look.severity
        if severity is not None:
            ground = colors.severity[severity].tint
        elif selected:
            ground = colors.sel
        elif look.washed:
            ground = colors.errwash
        else:
            ground = colors.total if look.total == "auto" else colors.base
        if ground is colors.base and laid.model.is_held:
            ground = colors.window  # nothing is typed here
        pixels.fill(x, y, width, height, ground)
        heavy = where[1] + place.column_span - 1 in laid.model.group_columns
        pixels.vline(x + width - line, y, height, colors.line2 if heavy else colors.line)
        heavy = where[0] + place.row_span - 1 in laid.model.group_rows
        pixels.hline(x, y + height - line, width, colors.line2 if heavy else colors.line)
        if where[1] == 0 and not laid.model.left:
            pixels.vline(x, y, height, colors.line2)
        is_now = laid.model.view is View.NOW  # beside last year's nothing is said of sums
        shown = laid.model.shown if is_now and cell.id in laid.shown_cells else None
        # In a sum the heading and 「差 9」 say which part a cell plays; of a balance no one sees it.
        sign = ""
        if shown is not None and not (shown.is_equation and (shown.rule.kind == "sum" or laid.preview.texts)):
            sign = shown.signs.get(cell.id, "")
        coming = laid.preview.texts.get(cell.id)
        fits = cell.id in laid.preview.fitting
        taken = laid.sign + 5 if sign else 0
        if coming is not None:
            self._coming(painter, place, look, coming, rect)
        elif look.text:
            self._figure(painter, place, look, rect, selected, taken, fits=fits)
        if (severity is not None and cell.id not in laid.beneath) or (look.gap and not fits):
            side = laid.mark
            mark = QRectF(x + width - side - 4, y + 3, side, side)
            theme.paint_mark(painter, mark, severity or Severity.ERROR, hollow=severity is None)
        elif look.explained:
            side = laid.mark
            mark = QRectF(x + width - side - 4, y + 3, side, side)
            theme.paint_mark(painter, mark, Severity.QUERY, hollow=True)
        frame = QRectF(x, y, width - line, height - line)
        if cell.id in laid.preview.changed:
            pen = QPen(colors.link, 2)
            pen.setDashPattern([2.5, 1.5])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(frame.adjusted(1, 1, -1, -1))
            return
        if look.suspect:
            pixels.frame(frame, colors.err)
        if shown is not None and not shown.is_equation:
            pixels.frame(frame, colors.severity[shown.severity].mark)
        if is_now and (sides := laid.edges.get(cell.id, 0)):
            self._edges(pixels, frame, sides)
        if sign and shown is not None:
            chip = QRectF(x + 3, y, laid.sign + 2, height - 1)
            theme.paint_sign(painter, chip, sign, shown.severity, laid.sign)
        if is_now and cell.id in laid.unfilled:  # inside the frame of the current cell
            inner = 3 if current else 1
            pixels.frame(frame.adjusted(inner, inner, -inner, -inner), colors.err, 2)
        if current and (laid.focused or laid.flashing):
            pixels.frame(frame, colors.focus, 3 if laid.flashing else 2)
        elif current or (selected and severity is not None):
            pixels.frame(frame, colors.focus)
        if where == laid.handle and laid.focused and laid.model.view is View.NOW:
            pixels.fill(x + width - 6, y + height - 6, 5, 5, colors.focus)

    @staticmethod
    def _edges(pixels: theme.Pixels, frame: QRectF, sides: int) -> None:
        """The sides of a cell at which the equation at hand ends."""
        color, line = theme.current().err, pixels.line
        x, y, width, height = frame.x(), frame.y(), frame.width(), frame.height()
        if sides & TOP:
            pixels.hline(x, y, width, color)
        if sides & BOTTOM:
            pixels.hline(x, y + height - line, width, color)
        if sides & LEFT:
            pixels.vline(x, y, height, color)
        if sides & RIGHT:
            pixels.vline(x + width - line, y, height, color)

    def _coming(self, painter: QPainter, place: Place, look: Look, coming: str, rect: QRect) -> None:
        """What a mend would put here, at the place of the figure, and left of it what stands there now, struck out."""
        laid, colors = self._laid, theme.current()
        face = laid.strong
        x, y, width, height = _sides(rect)
        wide = laid.advance(face, coming)
        left = max(x + 4, x + width - wide - min(laid.right_padding(width, place), max(4, width - wide - 4)))
        painter.setFont(face)
        painter.setPen(colors.link)
        painter.drawText(QRect(left, y, wide, height - 1), _LEFT, coming)
        old = laid.advance(laid.plain, look.text)
        if look.text and left - old - 6 > x + 2:
            struck = QFont(laid.plain)
            struck.setStrikeOut(True)
            painter.setFont(struck)
            painter.setPen(colors.errtext)
            painter.drawText(QRect(left - old - 6, y, old, height - 1), _LEFT, look.text)
            left -= old + 6
        if place.cell is not None and place.cell.id in laid.preview.fitting:
            self._beside(painter, _FITS, "link", rect, left, 0)

    def _beside(
        self, painter: QPainter, wordings: Sequence[str], tone: str, rect: QRect, figure: int, taken: int
    ) -> None:
        """Small words at the left end of a cell, right of what is `taken`: the first that end before the figure."""
        laid = self._laid
        x, y, width, height = _sides(rect)
        start = x + max(5, taken + 2 if taken else 0)
        fitting = (words for words in wordings if start + laid.advance(laid.small, words) < figure)
        if (words := next(fitting, "")) != "":
            painter.setPen(getattr(theme.current(), tone))
            painter.setFont(laid.small)
            painter.drawText(QRect(start, y, width - 10, height - 1), _LEFT, words)

    def _figure(
        self,
        painter: QPainter,
        place: Place,
        look: Look,
        rect: QRect,
        selected: bool,
        taken: int,
        *,
        fits: bool = False,
    ) -> None:
        """The text of a cell, right of what is `taken` by a sign, and where there is room 「差 9」, or 「改后相等」 if
        it `fits` in a preview, or 「手填」."""
        laid, colors = self._laid, theme.current()
        if look.severity is not None:
            pen = colors.severity[look.severity].text
        elif look.gap and not fits:
            pen = colors.errtext
        elif look.what == "zero":
            pen = colors.text2 if selected else colors.zero
        elif look.what == "last":
            pen = colors.last
        elif look.what in ("text", "quiet"):
            pen = colors.text2
        elif selected:
            pen = colors.seltext
        else:
            pen = colors.totaltext if look.total else colors.text
        quiet = look.what in ("zero", "quiet") and look.severity is None and not look.gap
        bold = look.total or look.suspect or look.gap
        face = laid.plain if quiet else laid.strong if bold else laid.figure
        x, y, width, height = _sides(rect)
        wide, room = laid.advance(face, look.text), width - max(4, taken) - 4
        left = x + width - wide - min(laid.right_padding(width, place), 4 + max(0, room - wide))
        if wide > room:  # smaller rather than cut: half a figure is another figure
            face, left = QFont(face), x + max(4, taken)
            while QFontMetrics(face).horizontalAdvance(look.text) > room and face.pointSizeF() > 3:
                face.setPointSizeF(face.pointSizeF() - 0.25)
        painter.setPen(pen)
        painter.setFont(face)
        painter.drawText(QRect(left, y, wide, height - 1), _LEFT, look.text)
        if fits:
            self._beside(painter, _FITS, "link", rect, left, taken)
        elif look.gap:
            self._beside(painter, (look.gap,), "errtext", rect, left, taken)
        elif look.aside:
            self._beside(painter, (look.aside,), "text2", rect, left, 0)
        elif look.total == "typed" and not taken:
            self._beside(painter, ("手填",), "text2", rect, left, 0)

    def _heading(
        self, painter: QPainter, pixels: theme.Pixels, where: Where, place: Place | None, rect: QRect
    ) -> None:
        """A heading inside the body; without a place the rest of a band, whose words stand among the labels."""
        laid, colors = self._laid, theme.current()
        x, y, width, height = _sides(rect)
        pixels.fill(x, y, width, height, colors.headact if where in laid.headings else colors.head)
        pixels.hline(x, y + height - pixels.line, width, colors.line2)
        pixels.vline(x + width - pixels.line, y, height, colors.line2)
        if where[0] == 0 and not laid.model.top:
            pixels.hline(x, y, width, colors.line2)
        if place is not None:
            painter.setPen(colors.headtext)
            painter.setFont(laid.plain)
            painter.drawText(rect.adjusted(0, 0, 0, -1), _CENTER, place.text)
            if (place.row, place.column) in laid.model.off:
                side = laid.mark
                mark = QRectF(x + width - side - 4, y + 3, side, side)
                theme.paint_mark(painter, mark, Severity.ERROR, hollow=True)


class Corner(QWidget):
    """The field above the labels with the sentence that the form prints there; pressed, it selects the whole table."""

    pressed = Signal()

    def __init__(self, laid: Laid, parent: QWidget) -> None:
        super().__init__(parent)
        self._laid = laid
        self._bar: QWidget | None = None
        self._said: tuple[str, str] | None = None
        self.setAccessibleName("选择整张表")

    def hold(self, bar: QWidget | None) -> None:
        """Gives the lower part of the field to a widget as long as that lies in it; None takes nothing any more."""
        self._bar = bar
        if bar is not None:
            bar.setParent(self)
            bar.show()
            self._place_bar()
        self.update()

    def _place_bar(self) -> None:
        if self._bar is not None:
            high = self._bar.height()
            self._bar.setGeometry(12, self.height() - high - 6, max(0, self.width() - 20), high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_bar()

    def paintEvent(self, _event: QPaintEvent) -> None:
        laid, colors = self._laid, theme.current()
        room, face = self.rect().adjusted(6, 2, -6, -2), QFont(laid.plain)
        if self._bar is not None:
            room.setBottom(self._bar.y() - 1)
        text = laid.model.table.blocks[0].corner if self._said is None else ""
        while face.pointSizeF() > 5:
            needed = QFontMetrics(face).boundingRect(room, _WRAPPED, text)
            if needed.height() <= room.height() and needed.width() <= room.width():
                break
            face.setPointSizeF(face.pointSizeF() - 0.75)
        painter = QPainter(self)
        pixels = theme.Pixels(painter)
        pixels.fill(*_sides(self.rect()), colors.head)
        pixels.frame(QRectF(self.rect()), colors.line2)
        painter.setPen(colors.text2)
        painter.setFont(face)
        painter.drawText(room, _WRAPPED, text)
        if self._said is not None:
            self._write_said(painter, room, *self._said)
        painter.end()

    def say(self, head: str, below: str) -> None:
        """Shows a title and a line below it in place of what the form prints."""
        self._said = head, below
        self.setAccessibleName(f"{head}，{below}" if below else head)
        self.setToolTip(theme.plain_tip(self.accessibleName()))
        self.update()

    def _write_said(self, painter: QPainter, room: QRect, title: str, below: str) -> None:
        laid, colors = self._laid, theme.current()
        face = theme.font(laid.measures.points + 0.75, 600)
        high = QFontMetrics(face).height()
        lower = laid.metrics[id(laid.plain)].height() if below else 0
        top = room.y() + max(0, (room.height() - high - lower) // 2)
        painter.setPen(colors.text)
        painter.setFont(face)
        painter.drawText(QRect(room.x(), top, room.width(), high), _CENTER, title)
        painter.setPen(colors.text2)
        painter.setFont(laid.plain)
        words = laid.metrics[id(laid.plain)].elidedText(below, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(QRect(room.x(), top + high, room.width(), lower), _CENTER, words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.pressed.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
