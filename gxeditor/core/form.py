"""The statutory form of one edition, read-only.

Knows sections, tables, the trees of printed headings, the 200 cells with their ids, which lines are sums, and the
printed picture of each table (`Grid`). Everything that draws, reads or checks a report asks here, so no label is
written twice. Knows no report, no file and no rule beyond what the tree of headings itself says; what belongs in a
line is told by `cards`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from gxeditor.core.defects import Reading

PlaceKind = Literal["corner", "band", "column", "row", "cell"]


class Point(NamedTuple):
    """Something that the prose of a section should say; found when one of `words` stands in it."""

    title: str
    words: tuple[str, ...]
    kinds: tuple[str, ...] = ()


class Heading(NamedTuple):
    """A node in the tree of printed headings of one axis.

    `key` is the segment it adds to a cell id, empty when it adds none; `name` is how messages call it.
    A leaf with `is_sum` totals every other leaf under its parent.
    """

    key: str
    label: str
    name: str
    is_sum: bool = False
    children: tuple[Heading, ...] = ()

    def leaves(self) -> Iterator[Heading]:
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    @property
    def depth(self) -> int:
        return 1 + max((child.depth for child in self.children), default=0)


class Line(NamedTuple):
    """A row or a column: a leaf of the tree with the way to it.

    `key` is the dotted path inside the block (may be empty), `labels` the printed headings from the outermost,
    `group` the name of the nearest heading above that adds a segment, `parts` the keys of the lines it sums.
    """

    key: str
    labels: tuple[str, ...]
    name: str
    group: str
    parts: tuple[str, ...] = ()

    @property
    def is_sum(self) -> bool:
        return bool(self.parts)


class Cell(NamedTuple):
    """One figure of the form.

    `unit` is 件 or 万元, `decimals` how many decimals are usual, 0 where only whole numbers count. `parts` are the ids
    whose sum an automatic total shows: those of its row if the column is a sum, else those of its column.
    """

    id: str
    section: str
    row: Line
    column: Line
    place: str
    unit: str
    decimals: int
    parts: tuple[str, ...] = ()

    @property
    def is_total(self) -> bool:
        return bool(self.parts)


class Place(NamedTuple):
    """A rectangle of the printed table: a heading or a cell, with its spans."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    kind: PlaceKind
    cell: Cell | None = None
    is_sum: bool = False


@dataclass(frozen=True)
class Grid:
    """The printed picture of one table: `rows` × `columns` places without gap or overlap, in reading order.

    The first `head_rows` rows and `label_columns` columns hold headings only; 表二 has headings in between as well.
    """

    rows: int
    columns: int
    head_rows: int
    label_columns: int
    places: tuple[Place, ...]

    @cached_property
    def at(self) -> Mapping[tuple[int, int], Place]:
        """The place that covers each (row, column)."""
        return {
            (place.row + i, place.column + j): place
            for place in self.places
            for i in range(place.row_span)
            for j in range(place.column_span)
        }

    @cached_property
    def of_cell(self) -> Mapping[str, Place]:
        return {place.cell.id: place for place in self.places if place.cell is not None}


class Block(NamedTuple):
    """A rectangle of cells under its own headings; 表二 has four of them, the others one."""

    band: str
    corner: str
    row_tree: tuple[Heading, ...]
    column_tree: tuple[Heading, ...]
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A statistics table; `key` is that of its section."""

    key: str
    blocks: tuple[Block, ...]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for block in self.blocks for cell in block.cells)

    @cached_property
    def sums(self) -> tuple[tuple[Cell, tuple[str, ...]], ...]:
        """Every addition that the headings imply: a total and the ids of what it totals, along its row or column."""
        of = {cell.id: cell for cell in self.cells}
        found = []
        for block in self.blocks:
            found += [
                (
                    of[join_id(self.key, row.key, total.key)],
                    tuple(join_id(self.key, row.key, k) for k in total.parts),
                )
                for total in block.columns
                for row in block.rows
                if total.is_sum
            ]
            found += [
                (
                    of[join_id(self.key, total.key, c.key)],
                    tuple(join_id(self.key, k, c.key) for k in total.parts),
                )
                for total in block.rows
                for c in block.columns
                if total.is_sum
            ]
        return tuple(found)

    def grid(self) -> Grid:
        return self._grid

    @cached_property
    def _grid(self) -> Grid:
        return _draw(self.blocks)


@dataclass(frozen=True)
class Section:
    """One of the six parts; every one may carry prose, three carry a table."""

    key: str
    number: str
    title: str
    tab: str
    table: Table | None = None
    points: tuple[Point, ...] = ()

    @property
    def heading(self) -> str:
        return f"{self.number}、{self.title}"


@dataclass(frozen=True)
class Form:
    """One edition of the form."""

    edition: str
    title: str
    basis: str
    sections: tuple[Section, ...]
    cells: Mapping[str, Cell] = field(repr=False)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        return tuple(section.table for section in self.sections if section.table is not None)

    @cached_property
    def totals(self) -> tuple[Cell, ...]:
        """The total cells, each after the totals that it sums itself."""
        done: dict[str, Cell] = {}

        def visit(cell: Cell) -> None:
            for part in cell.parts:
                visit(self.cells[part])
            if cell.is_total:
                done.setdefault(cell.id, cell)

        for cell in self.cells.values():
            visit(cell)
        return tuple(done.values())

    def section(self, key: str) -> Section:
        """The section with this key; KeyError if there is none."""
        return next((s for s in self.sections if s.key == key), None) or _missing(key)

    def cell(self, row: str, column: str, section: str) -> Cell:
        """The cell where a row and a column of a section's table cross; KeyError if they do not."""
        return self.cells[join_id(section, row, column)]


def _missing(key: str) -> Section:
    raise KeyError(key)


def join_id(*segments: str) -> str:
    """Segments of a cell id, empty ones left out."""
    return ".".join(segment for segment in segments if segment)


def parse_form(data: Mapping[str, Any]) -> Form:
    """A form from its TOML data.

    Raises `Defects` with every defect found: missing or unknown keys, wrong types, duplicate ids, sums without parts.
    """
    reading = Reading(data, "文件：")
    sections = tuple(_section(item) for item in reading.tables("sections"))
    edition, title, basis = (reading.text(key) for key in ("edition", "title", "basis"))
    reading.known({"edition", "title", "basis", "source", "sections"})
    if not sections:
        reading.defects.append("没有任何部分（sections）")
    keys = [section.key for section in sections]
    reading.defects.extend(f"部分 {key} 重复" for key in sorted({k for k in keys if keys.count(k) > 1}))
    cells: dict[str, Cell] = {}
    for section in sections:
        for cell in section.table.cells if section.table is not None else ():
            if cell.id in cells:
                reading.defects.append(f"单元格 {cell.id} 重复")
            cells[cell.id] = cell
    reading.check("报表格式文件有误")
    return Form(edition, title, basis, sections, MappingProxyType(cells))


def _section(data: Reading) -> Section:
    data.known({"key", "number", "title", "tab", "points", "table"})
    key = data.text("key")
    table = data.table("table")
    return Section(
        key,
        data.text("number"),
        data.text("title"),
        data.text("tab"),
        _table(table, key) if table is not None else None,
        tuple(_point(item) for item in data.tables("points")),
    )


def _point(data: Reading) -> Point:
    data.known({"title", "words", "kinds"})
    return Point(
        data.text("title"),
        data.texts("words"),
        data.texts("kinds"),
    )


def _table(data: Reading, section: str) -> Table:
    data.known({"blocks"})
    if not data.data.get("blocks"):
        data.wrong("没有 blocks")
    return Table(section, tuple(_block(item, section) for item in data.tables("blocks")))


def _block(data: Reading, section: str) -> Block:
    data.known({"band", "corner", "unit", "decimals", "rows", "columns"})
    unit = data.text("unit")
    decimals = data.data.get("decimals", 0)
    if not isinstance(decimals, int) or not 0 <= decimals <= 6:
        data.should("decimals", "为 0 至 6 的整数")
        decimals = 0
    row_tree, column_tree = (
        tuple(_heading(item, axis) for item in data.tables(axis)) for axis in ("rows", "columns")
    )
    rows = tuple(_lines(row_tree, "", (), "", data, "rows"))
    columns = tuple(_lines(column_tree, "", (), "", data, "columns"))
    cells = tuple(_cell(section, r, c, rows, columns, unit, decimals) for r in rows for c in columns)
    if not cells:
        data.wrong("没有单元格")
    return Block(
        data.text("band", needed=False),
        data.text("corner", needed=False),
        row_tree,
        column_tree,
        rows,
        columns,
        cells,
    )


def _heading(data: Reading, axis: str) -> Heading:
    data.known({"key", "label", "name", "sum", axis})
    children = tuple(_heading(item, axis) for item in data.tables(axis))
    label = data.text("label", needed=False)
    key = data.text("key", needed=False)
    if not all(part.isascii() and part.isidentifier() for part in key.split(".") if key):
        data.defects.append(f"{data.of}key “{key}”不能用作编号")
    return Heading(
        key,
        label,
        data.text("name", needed=False) or label,
        data.flag("sum", False),
        children,
    )


def _lines(
    siblings: tuple[Heading, ...], prefix: str, labels: tuple[str, ...], group: str, block: Reading, axis: str
) -> Iterator[Line]:
    for heading in siblings:
        key = join_id(prefix, heading.key)
        path = (*labels, heading.label) if heading.label else labels
        if heading.children:
            inner = heading.name if heading.key else group
            yield from _lines(heading.children, key, path, inner, block, axis)
            continue
        parts: tuple[str, ...] = ()
        if heading.is_sum:
            parts = tuple(_leaf_keys([s for s in siblings if s is not heading], prefix))
            if not parts:
                block.defects.append(f"{block.of}{axis}：合计 {key} 没有可加的项")
        yield Line(key, path, heading.name, group, parts)


def _leaf_keys(headings: list[Heading], prefix: str) -> Iterator[str]:
    for heading in headings:
        key = join_id(prefix, heading.key)
        if heading.children:
            yield from _leaf_keys(list(heading.children), key)
        else:
            yield key


def _cell(
    section: str,
    row: Line,
    column: Line,
    rows: tuple[Line, ...],
    columns: tuple[Line, ...],
    unit: str,
    decimals: int,
) -> Cell:
    parts: tuple[str, ...] = ()
    if column.is_sum:
        parts = tuple(join_id(section, row.key, key) for key in column.parts)
    elif row.is_sum:
        parts = tuple(join_id(section, key, column.key) for key in row.parts)
    if not row.labels:  # 表四: one row without a heading, the group of columns says where
        place = f"{column.group} · {column.name}"
    elif len(columns) == 1:
        place = row.name
    else:
        place = f"{row.name} · {column.name}"
    return Cell(join_id(section, row.key, column.key), section, row, column, place, unit, decimals, parts)


def _draw(blocks: tuple[Block, ...]) -> Grid:
    """Lays the blocks out below each other, as wide as the widest, as the printed form does."""
    label_columns = max(_label_depth(block) for block in blocks)
    value_columns = max(len(block.columns) for block in blocks)
    width = label_columns + value_columns
    places: list[Place] = []
    top = 0
    for block in blocks:
        if block.band:
            places.append(Place(top, 0, 1, width, block.band, "band"))
            top += 1
        depth = max(heading.depth for heading in block.column_tree)
        if label_columns:
            places.append(Place(top, 0, depth, label_columns, block.corner, "corner"))
        stretch = value_columns // len(block.columns)
        places.extend(_headings(block.column_tree, top, label_columns, depth, stretch, across=True))
        top += depth
        if label_columns:
            places.extend(_headings(block.row_tree, top, 0, label_columns, 1, across=False))
        for i, row in enumerate(block.rows):
            for j, column in enumerate(block.columns):
                cell = block.cells[i * len(block.columns) + j]
                left = label_columns + j * stretch
                places.append(Place(top + i, left, 1, stretch, "", "cell", cell, row.is_sum or column.is_sum))
        top += len(block.rows)
    places.sort(key=lambda place: (place.row, place.column))
    single = len(blocks) == 1
    head_rows = max(h.depth for h in blocks[0].column_tree) if single else 0
    return Grid(top, width, head_rows, label_columns, tuple(places))


def _label_depth(block: Block) -> int:
    return max((h.depth for h in block.row_tree if h.label or h.children), default=0)


def _headings(
    tree: tuple[Heading, ...], row: int, column: int, levels: int, stretch: int, *, across: bool
) -> Iterator[Place]:
    """The places of a heading tree; a leaf reaches down (or right) through all levels that are left."""
    for heading in tree:
        leaves = sum(1 for _ in heading.leaves()) * stretch
        deep = 1 if heading.children else levels
        if across:
            yield Place(row, column, deep, leaves, heading.label, "column", None, heading.is_sum)
            yield from _headings(heading.children, row + 1, column, levels - 1, stretch, across=True)
            column += leaves
        else:
            yield Place(row, column, leaves, deep, heading.label, "row", None, heading.is_sum)
            yield from _headings(heading.children, row, column + 1, levels - 1, stretch, across=False)
            row += leaves
