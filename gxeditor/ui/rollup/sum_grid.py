"""A table of the form with the sums of a roll-up, drawn as the editor draws it and only to be read.

Knows how a sum looks: tinted where fewer units are in it than elsewhere, with their number beside its row, 「调」 where
an adjustment is in it, this year, last year or what changed; its keys and the clipboard, into which no sum goes without
how many units it is of. Takes drawing and sizes from the editor's table; reckons nothing (`core.rollup.sums`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from PySide6.QtWidgets import QWidget

from gxeditor.core.checks.rules import Severity
from gxeditor.core.form import Cell, Table
from gxeditor.core.report import show_entry
from gxeditor.core.rollup.sums import Number, Sum, YearSum, completeness, total_name
from gxeditor.core.year_beside import NEW, View
from gxeditor.ui.editor.clipboard import put_on_clipboard
from gxeditor.ui.editor.table.cells import Look, TableModel
from gxeditor.ui.editor.table.read_only import ReadOnlyGrid

ADJUSTED = "调"


def signed(number: Number | None) -> str:
    """A difference with its sign, ＋8 or －2; 0 has none."""
    if number is None:
        return ""
    return "0" if not number else f"＋{show_entry(number)}" if number > 0 else f"－{show_entry(-number)}"


def rate_shown(year: YearSum) -> str:
    """The rate of a cell over the same units, as the editor shows one of two years."""
    if year.rate is None:
        return NEW if year.difference else ""
    if year.difference and not year.rate:
        return "不到 0.1%"
    return f"{signed(year.rate)}%" if year.rate else "0"


class SumModel(TableModel):
    """The sums of a table, each with its look. `units` of `of` are in the sums as a whole; `differing` are the cells,
    in order, that are of fewer."""

    def __init__(self, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(table, parent)
        self.sums: Mapping[str, Sum] = MappingProxyType({})
        self.years: Mapping[str, YearSum] | None = None
        self.units = self.of = 0
        self.differing: tuple[str, ...] = ()
        for cell in table.cells:
            self.looks[cell.id] = Look("", "", "auto" if cell.parts else "", None)

    def show_sums(
        self, sums: Mapping[str, Sum], years: Mapping[str, YearSum] | None, view: View, units: int, of: int
    ) -> None:
        """Shows these, `units` of `of` being in; without years only this year's can be seen."""
        self.sums, self.years = sums, years
        self.view = view if years is not None else View.NOW
        self.units, self.of = units, of
        counts = {cell.id: self.count(cell.id) for cell in self.table.cells}
        most = units if self.view is View.NOW else max(counts.values(), default=0)
        if self.view is View.THEN and years is not None:
            most = max((one.then.units for one in years.values()), default=0)
        fewer = {cell for cell, count in counts.items() if count < most}
        self.differing = tuple(cell.id for cell in self.table.cells if cell.id in fewer)
        for cell in self.table.cells:
            self.looks[cell.id] = self._look(cell, cell.id in fewer)
        rows: dict[int, Counter[int]] = {}
        for cell_id in self.differing:
            rows.setdefault(self.where[cell_id][0], Counter())[counts[cell_id]] += 1
        self.notes = MappingProxyType(
            {row: f"{min(c)} 家" if len(c) == 1 else f"最少 {min(c)} 家" for row, c in rows.items()}
        )
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    def count(self, cell: str) -> int:
        """How many units are in what a cell shows."""
        if self.view is View.NOW or self.years is None:
            return self.sums[cell].units
        return self.years[cell].then.units if self.view is View.THEN else self.years[cell].same

    def _look(self, cell: Cell, fewer: bool) -> Look:
        year = self.years[cell.id] if self.years is not None else None
        value: Number | None
        if self.view is View.NOW or year is None:
            value = self.sums[cell.id].value
            text = show_entry(value)
            aside = ADJUSTED if self.sums[cell.id].adjusted is not None else ""
        elif self.view is View.THEN:
            value, text, aside = year.then.value, show_entry(year.then.value), ""
        else:
            value = year.difference
            text, aside = (signed(value) if self.view is View.DIFFERENCE else rate_shown(year)), ""
        what = "" if not text else "zero" if not value else "last" if self.view is View.THEN else "number"
        severity = Severity.QUERY if fewer else None
        return Look(text, what, "auto" if cell.parts else "", severity, aside=aside)

    @property
    def title(self) -> str:
        """How what is shown is called, with how many units it is of."""
        if self.view is View.NOW or self.years is None:
            return total_name(self.units, self.of)
        if self.view is View.THEN:
            then = max((one.then for one in self.years.values()), key=lambda one: one.units)
            return total_name(then.units, then.of, "上年合计")
        same = max((one.same for one in self.years.values()), default=0)
        return f"{self.view.value}（两年都有数的 {same} 家）"

    def spoken(self, cell: Cell) -> str:
        look = self.looks[cell.id]
        words = [cell.place, look.text or "还没有数"]
        if self.view is View.NOW and cell.id in self.sums:
            words.append(self.sums[cell.id].completeness)
        else:
            words += [self.view.value, f"{self.count(cell.id)} 家"]
        return "，".join([*words, *(["含调整"] if look.aside else [])])


class SumGrid(ReadOnlyGrid[SumModel]):
    """One table with the sums of a roll-up."""

    def __init__(self, table: Table, name: str, parent: QWidget | None = None) -> None:
        super().__init__(SumModel(table), name, parent)
        self.setObjectName(f"sums_{table.key}")

    def go_to_differing(self, by: int) -> bool:
        """On to the next cell, or back to the one before, that is of fewer units; False if there is none."""
        return self.go_to_next_of(self.model_.differing, by)

    # --- clipboard

    def copy(self) -> None:
        """Copies the selected cells with their headings and of how many units they are."""
        cells = self.chosen
        if not cells:
            return
        put_on_clipboard(self.texts(cells))
        self.told.emit(f"已复制 {len(cells)} 格：{self.model_.title}。")

    def texts(self, cells: Sequence[Cell]) -> list[list[str]]:
        """Cells as rows of texts: a row of headings, which begins with what they are and of how many units, then a row
        for each of theirs; at its end of how many units it is where some cells of it are of fewer."""
        rows: list[list[str]] = []
        heads: tuple[str, ...] = ()
        by_row: dict[int, list[Cell]] = {}
        for cell in cells:
            by_row.setdefault(self.model_.where[cell.id][0], []).append(cell)
        for here in by_row.values():
            columns = tuple("·".join(filter(None, (c.column.group, c.column.name))) for c in here)
            if len(self.table.blocks) > 1:
                columns = tuple(c.column.name for c in here)
            if columns != heads:
                heads = columns
                rows.append([self.model_.title, *heads])
            fewer = [c for c in here if c.id in self.model_.differing]
            note = "；".join(dict.fromkeys(self._said_of(c) for c in fewer))
            rows.append(
                [here[0].row.name, *(self.model_.looks[c.id].text for c in here), *([note] if note else [])]
            )
        return rows

    def _said_of(self, cell: Cell) -> str:
        count = self.model_.count(cell.id)
        if self.model_.view in (View.DIFFERENCE, View.RATE) or (
            self.model_.years is None and not self.model_.of
        ):
            return f"{count} 家"
        of = self.model_.of
        if self.model_.view is View.THEN and self.model_.years is not None:
            of = self.model_.years[cell.id].then.of
        return completeness(count, of)
