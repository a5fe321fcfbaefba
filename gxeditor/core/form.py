"""The statutory form of one edition, read-only.

Knows sections, tables, the trees of printed headings, the 200 cells with their ids, which lines are sums, and the
printed picture of each table (`Grid`). Everything that draws, reads or checks a report asks here, so no label is
written twice. Knows no report, no file and no rule beyond what the tree of headings itself says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from gxeditor.core.errors import Defects

PlaceKind = Literal["corner", "band", "column", "row", "cell"]


class Note(NamedTuple):
    """How to fill a line: `text` for the clerk, `basis` its article, `quote` the statute's words.

    `ours` is true where the assignment of the line to the article is this project's reading.
    """

    text: str
    basis: str = ""
    quote: str = ""
    ours: bool = True


class Point(NamedTuple):
    """Something that the prose of a section should say; found when one of `words` stands in it."""

    title: str
    text: str
    words: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    basis: str = ""
    ours: bool = True


class Statute(NamedTuple):
    """An article, verbatim."""

    article: str
    text: str


class Heading(NamedTuple):
    """A node in the tree of printed headings of one axis.

    `key` is the segment it adds to a cell id, empty when it adds none; `name` is how messages call it.
    A leaf with `is_sum` totals every other leaf under its parent.
    """

    key: str
    label: str
    name: str
    is_sum: bool = False
    note: Note | None = None
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
    note: Note | None = None

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
    statute: tuple[Statute, ...] = ()

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
    reading = _Reading()
    sections = tuple(reading.section(item, where) for item, where in reading.tables(data, "sections", ""))
    edition = reading.text(data, "edition", "")
    title = reading.text(data, "title", "")
    basis = reading.text(data, "basis", "")
    reading.known(data, {"edition", "title", "basis", "source", "sections"}, "")
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
    if reading.defects:
        raise Defects("报表格式文件有误", tuple(reading.defects))
    return Form(edition, title, basis, sections, MappingProxyType(cells))


class _Reading:
    """Reads the form's data and collects what is wrong with it."""

    def __init__(self) -> None:
        self.defects: list[str] = []

    def known(self, data: Mapping[str, Any], allowed: set[str], where: str) -> None:
        self.defects.extend(f"{where or '文件'}：不认识的键 {key}" for key in data if key not in allowed)

    def tables(
        self, data: Mapping[str, Any], key: str, where: str
    ) -> Iterator[tuple[Mapping[str, Any], str]]:
        """The tables of an array with their places; whatever stands there instead is a defect."""
        place = f"{where}.{key}" if where else key
        items = data.get(key, [])
        if not isinstance(items, list):
            self.defects.append(f"{place} 应为表")
            return
        for i, item in enumerate(items):
            if isinstance(item, dict):
                yield item, f"{place}[{i}]"
            else:
                self.defects.append(f"{place}[{i}] 应为表")

    def one_table(self, data: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any] | None:
        """The table under a key; None if there is none."""
        item = data.get(key)
        if item is None or isinstance(item, dict):
            return item
        self.defects.append(f"{where}.{key} 应为表")
        return None

    def text(self, data: Mapping[str, Any], key: str, where: str, *, needed: bool = True) -> str:
        value = data.get(key, "")
        if not isinstance(value, str):
            self.defects.append(f"{where}.{key} 应为文字")
            return ""
        if needed and not value.strip():
            self.defects.append(f"{where or '文件'}：缺少 {key}")
        return value

    def texts(self, data: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.defects.append(f"{where}.{key} 应为文字列表")
            return ()
        return tuple(value)

    def flag(self, data: Mapping[str, Any], key: str, where: str, default: bool) -> bool:
        value = data.get(key, default)
        if not isinstance(value, bool):
            self.defects.append(f"{where}.{key} 应为 true 或 false")
            return default
        return value

    def section(self, data: Mapping[str, Any], where: str) -> Section:
        self.known(data, {"key", "number", "title", "tab", "points", "statute", "table"}, where)
        key = self.text(data, "key", where)
        table = self.one_table(data, "table", where)
        return Section(
            key,
            self.text(data, "number", where),
            self.text(data, "title", where),
            self.text(data, "tab", where),
            self.table(table, key, f"{where}.table") if table is not None else None,
            tuple(self.point(item, place) for item, place in self.tables(data, "points", where)),
            tuple(
                Statute(self.text(item, "article", place), self.text(item, "text", place))
                for item, place in self.tables(data, "statute", where)
            ),
        )

    def point(self, data: Mapping[str, Any], where: str) -> Point:
        self.known(data, {"title", "text", "words", "kinds", "basis", "ours"}, where)
        return Point(
            self.text(data, "title", where),
            self.text(data, "text", where, needed=False),
            self.texts(data, "words", where),
            self.texts(data, "kinds", where),
            self.text(data, "basis", where, needed=False),
            self.flag(data, "ours", where, True),
        )

    def table(self, data: Mapping[str, Any], section: str, where: str) -> Table:
        self.known(data, {"blocks"}, where)
        if not data.get("blocks"):
            self.defects.append(f"{where}：没有 blocks")
        return Table(
            section, tuple(self.block(b, section, place) for b, place in self.tables(data, "blocks", where))
        )

    def block(self, data: Mapping[str, Any], section: str, where: str) -> Block:
        self.known(data, {"band", "corner", "unit", "decimals", "rows", "columns"}, where)
        unit = self.text(data, "unit", where)
        decimals = data.get("decimals", 0)
        if not isinstance(decimals, int) or not 0 <= decimals <= 6:
            self.defects.append(f"{where}.decimals 应为 0 至 6 的整数")
            decimals = 0
        trees = {
            axis: tuple(self.heading(item, axis, place) for item, place in self.tables(data, axis, where))
            for axis in ("rows", "columns")
        }
        rows, columns = (tuple(self.lines(trees[axis], f"{where}.{axis}")) for axis in ("rows", "columns"))
        cells = tuple(_cell(section, r, c, rows, columns, unit, decimals) for r in rows for c in columns)
        if not cells:
            self.defects.append(f"{where}：没有单元格")
        return Block(
            self.text(data, "band", where, needed=False),
            self.text(data, "corner", where, needed=False),
            trees["rows"],
            trees["columns"],
            rows,
            columns,
            cells,
        )

    def heading(self, data: Mapping[str, Any], axis: str, where: str) -> Heading:
        self.known(data, {"key", "label", "name", "sum", "note", axis}, where)
        children = tuple(self.heading(item, axis, place) for item, place in self.tables(data, axis, where))
        label = self.text(data, "label", where, needed=False)
        key = self.text(data, "key", where, needed=False)
        if not all(part.isascii() and part.isidentifier() for part in key.split(".") if key):
            self.defects.append(f"{where}.key “{key}”不能用作编号")
        note = self.one_table(data, "note", where)
        return Heading(
            key,
            label,
            self.text(data, "name", where, needed=False) or label,
            self.flag(data, "sum", where, False),
            self.note(note, f"{where}.note") if note is not None else None,
            children,
        )

    def note(self, data: Mapping[str, Any], where: str) -> Note:
        self.known(data, {"text", "basis", "quote", "ours"}, where)
        return Note(
            self.text(data, "text", where),
            self.text(data, "basis", where, needed=False),
            self.text(data, "quote", where, needed=False),
            self.flag(data, "ours", where, True),
        )

    def lines(self, tree: tuple[Heading, ...], where: str) -> Iterator[Line]:
        yield from self._lines(tree, "", (), "", where)

    def _lines(
        self, siblings: tuple[Heading, ...], prefix: str, labels: tuple[str, ...], group: str, where: str
    ) -> Iterator[Line]:
        for heading in siblings:
            key = join_id(prefix, heading.key)
            path = (*labels, heading.label) if heading.label else labels
            if heading.children:
                inner = heading.name if heading.key else group
                yield from self._lines(heading.children, key, path, inner, where)
                continue
            parts: tuple[str, ...] = ()
            if heading.is_sum:
                parts = tuple(_leaf_keys([s for s in siblings if s is not heading], prefix))
                if not parts:
                    self.defects.append(f"{where}：合计 {key} 没有可加的项")
            yield Line(key, path, heading.name, group, parts, heading.note)


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
