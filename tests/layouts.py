"""Templates as a province might hand them out, made from the form, each with the place of every figure.

Every layout is a function that draws pages; `TRIED` were at hand while the mapping was written, `HELD_OUT` were written
afterwards. A page's truth holds what the mapping should find; cells that nothing tells for sure are left out of it.
Used by the accuracy table and by tests; knows the form and how a workbook is written, not how it is read.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from openpyxl import Workbook as Book
from openpyxl.utils import get_column_letter

from gxeditor.core.form import Block, Cell, Table
from gxeditor.resources import load_form
from gxeditor.wording.labels import label_key, load_aliases

FORM = load_form()
PROACTIVE, REQUESTS, DISPUTES = FORM.tables
UNITS = ("鲁山县人民政府办公室", "新华区人民政府", "卫东区教育体育局")
YEAR = 2022
Wording = Callable[[str], str]
Labels = Callable[[Cell], Sequence[str]]


@dataclass
class Page:
    """A worksheet on its way: texts and formulas by (row, column) from 0, merges, and where the figures belong."""

    name: str
    cells: dict[tuple[int, int], str | int] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    truth: dict[str, tuple[int, int]] = field(default_factory=dict)
    hidden: bool = False

    def put(self, row: int, column: int, text: str | int, rows: int = 1, columns: int = 1) -> None:
        if text != "":
            self.cells[row, column] = text
        if rows * columns > 1:
            self.merges.append((row, column, row + rows - 1, column + columns - 1))

    @property
    def bottom(self) -> int:
        places = (*self.cells, *self.truth.values(), *((m[2], m[3]) for m in self.merges))
        return max((row for row, _ in places), default=-1) + 1

    @property
    def right(self) -> int:
        places = (*self.cells, *self.truth.values(), *((m[2], m[3]) for m in self.merges))
        return max((column for _, column in places), default=-1) + 1

    def moved(self, rows: int, columns: int) -> Page:
        return Page(
            self.name,
            {(r + rows, c + columns): text for (r, c), text in self.cells.items()},
            [(a + rows, b + columns, c + rows, d + columns) for a, b, c, d in self.merges],
            {one: (r + rows, c + columns) for one, (r, c) in self.truth.items()},
            self.hidden,
        )

    def turned(self) -> Page:
        return Page(
            self.name,
            {(c, r): text for (r, c), text in self.cells.items()},
            [(b, a, d, c) for a, b, c, d in self.merges],
            {one: (c, r) for one, (r, c) in self.truth.items()},
            self.hidden,
        )

    def unmerged(self) -> Page:
        return replace(self, merges=[])

    def worded(self, wording: Wording) -> Page:
        texts = {
            place: wording(text) if isinstance(text, str) else text for place, text in self.cells.items()
        }
        return replace(self, cells=texts)

    def join(self, other: Page) -> None:
        self.cells |= other.cells
        self.merges += other.merges
        self.truth |= other.truth


@dataclass(frozen=True)
class Layout:
    """A template: its bytes, the place of every figure as (sheet, ref), and what the report would say to the mapping.

    `least` is how many places are known to be found.
    """

    name: str
    data: bytes
    truth: dict[str, tuple[str, str]]
    least: int
    year: int | None = YEAR
    agency: str = UNITS[0]


def workbook_bytes(pages: Iterable[Page]) -> bytes:
    book = Book()
    book.remove(book.active)  # type: ignore[arg-type]
    for page in pages:
        sheet = book.create_sheet(page.name)
        for (row, column), text in sorted(page.cells.items()):
            sheet.cell(row + 1, column + 1, text)
        for top, left, bottom, right in page.merges:
            sheet.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
        if page.hidden:
            sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ref(row: int, column: int) -> str:
    return f"{get_column_letter(column + 1)}{row + 1}"


# -------------------- pieces
def drawn(table: Table, title: bool = True) -> Page:
    """A table as it is printed, with the title of its section."""
    grid = table.grid()
    page = Page(f"表{FORM.section(table.key).number}")
    top = 0
    if title:
        page.put(0, 0, FORM.section(table.key).heading, 1, grid.columns)
        top = 1
    for place in grid.places:
        page.put(place.row + top, place.column, place.text, place.row_span, place.column_span)
        if place.cell is not None:
            page.truth[place.cell.id] = (place.row + top, place.column)
    return page


def all_drawn() -> list[Page]:
    return [drawn(table) for table in FORM.tables]


def stacked(pages: Sequence[Page], gap: int = 1, name: str = "年报") -> Page:
    whole = Page(name)
    for page in pages:
        whole.join(page.moved(whole.bottom + (gap if whole.cells else 0), 0))
    return whole


def beside(pages: Sequence[Page], gap: int = 1, name: str = "年报") -> Page:
    whole = Page(name)
    for page in pages:
        whole.join(page.moved(0, whole.right + (gap if whole.cells else 0)))
    return whole


def path_of(cell: Cell) -> list[str]:
    """Section, rows and columns of a cell, outermost first."""
    section = FORM.section(cell.section).heading
    return [section, *cell.row.labels, *cell.column.labels]


def short_path(cell: Cell) -> list[str]:
    """Its row and its column alone, the group with it where the row needs it."""
    rows = list(cell.row.labels[-2:] if len(cell.row.labels) > 2 else cell.row.labels[-1:])
    columns = list(cell.column.labels[-1:] if cell.row.labels else cell.column.labels)
    return [*rows, *columns]


def bare(text: str) -> str:
    """A label without its number and without what stands in brackets."""
    return label_key(text)[1]


def spaced(text: str) -> str:
    return " ".join(text)


def upright(text: str) -> str:
    return "\n".join(text)


def broken(text: str) -> str:
    return "\n".join(text[i : i + 4] for i in range(0, len(text), 4))


def noted(text: str) -> str:
    return f" {text}（件）" if len(text) < 12 else f"{text}（按件统计）"


def aliased(seed: int) -> Wording:
    """Every label by one of its variants."""
    variants: dict[str, list[str]] = {}
    for variant, key in load_aliases(FORM).labels.items():
        variants.setdefault(key, []).append(variant)
    chance = random.Random(seed)

    def wording(text: str) -> str:
        key = label_key(text)[1]
        return chance.choice(variants[key]) if key in variants else text

    return wording


def slipped(seed: int) -> Wording:
    """A wrong or a missing character in every long label."""
    chance = random.Random(seed)

    def wording(text: str) -> str:
        key = label_key(text)[1]
        if len(key) < 8 or "二十条" in key or "勾稽" in key:
            return text
        at = text.index(key[3]) + 1 if key[3] in text else len(text) // 2
        return text[:at] + chance.choice(["", "的"]) + text[at + 1 :]

    return wording


def in_order(cells: Iterable[Cell], seed: int) -> list[Cell]:
    listed = list(cells)
    random.Random(seed).shuffle(listed)
    return listed


def crossed(block: Block, seed: int, wording: Wording = str) -> Page:
    """A block with its rows and its columns shuffled, groups kept by joined labels."""
    chance = random.Random(seed)
    rows, columns = list(range(len(block.rows))), list(range(len(block.columns)))
    chance.shuffle(rows)
    chance.shuffle(columns)
    page = Page("表")
    for i, r in enumerate(rows):
        page.put(i + 1, 0, wording("-".join(block.rows[r].labels[-2:])))
        for j, c in enumerate(columns):
            page.put(0, j + 1, wording(block.columns[c].labels[-1]))
            page.truth[block.cells[r * len(block.columns) + c].id] = (i + 1, j + 1)
    return page


def with_sub_columns(page: Page, first: int, head: int, heads: Sequence[str], chosen: int) -> Page:
    """Every column from `first` on divided in as many as there are heads, below the row `head`; figures in `chosen`."""
    many = len(heads)

    def column(c: int) -> int:
        return c if c < first else first + (c - first) * many

    wide = Page(page.name)
    spans = {(a, b): (c - a + 1, d - b + 1) for a, b, c, d in page.merges}
    for (row, c), text in page.cells.items():
        down, across = spans.get((row, c), (1, 1))
        if row <= head and c >= first:
            wide.put(row, column(c), text, down, across * many)
        elif row <= head:
            wide.put(row, c, text, down + (row + down > head), column(c + across) - c)
        else:
            wide.put(row + 1, column(c), text, down, column(c + across) - column(c) if across > 1 else 1)
    for (row, c), (down, across) in spans.items():
        if (row, c) not in page.cells:
            wide.merges.append((row + 1, column(c), row + down, column(c + across) - 1))
    for c in range(first, page.right):
        for i, text in enumerate(heads):
            wide.put(head + 1, column(c) + i, text)
    wide.truth = {one: (row + 1, column(c) + chosen) for one, (row, c) in page.truth.items()}
    return wide


def listed(
    cells: Iterable[Cell],
    labels: Callable[[Cell], Sequence[str]],
    heads: Sequence[str] = ("数值",),
    chosen: int = 0,
    title: Sequence[str] = ("指标",),
    name: str = "指标",
    before: Callable[[int], Sequence[str | int]] = lambda i: (),
) -> Page:
    """A long list: one figure per row, its labels in columns, then as many columns as there are heads."""
    page = Page(name)
    many = list(cells)
    wide = max(len(labels(cell)) for cell in many)
    lead = len(before(0))
    top = 0
    if heads or title:
        for j, text in enumerate(title):
            page.put(0, j, text)
        for j, text in enumerate(heads):
            page.put(0, lead + wide + j, text)
        top = 1
    for i, cell in enumerate(many):
        values: list[str | int] = [*before(i), *labels(cell)]
        for j, value in enumerate(values):
            page.put(top + i, j, value)
        page.truth[cell.id] = (top + i, lead + wide + chosen)
    return page


CELLS = tuple(FORM.cells.values())


def per_unit(
    levels: Callable[[Cell], Sequence[str]],
    lead: Sequence[str] = ("序号", "单位名称", "统一社会信用代码"),
    cells: Sequence[Cell] = CELLS,
    merged: bool = True,
    line: int = 0,
    name: str = "汇总",
) -> Page:
    """A row per unit; the headings of a column from the outermost; equal ones beside each other joined."""
    page = Page(name)
    deep = max(len(levels(cell)) for cell in cells)
    page.put(0, 0, "××省政府信息公开工作年度报告数据汇总表", 1, len(lead) + len(cells))
    for j, text in enumerate(lead):
        page.put(1, j, text, deep, 1)
    for level in range(deep):
        start = 0
        while start < len(cells):
            path = levels(cells[start])[: level + 1]
            stop = start + 1
            while stop < len(cells) and levels(cells[stop])[: level + 1] == path:
                stop += 1
            if level < len(levels(cells[start])) and (text := levels(cells[start])[level]):
                down = deep - level if level == len(levels(cells[start])) - 1 else 1
                page.put(1 + level, len(lead) + start, text, down, stop - start)
            start = stop
    for i, unit in enumerate(UNITS):
        for j, text in enumerate(lead):
            known: dict[str, str | int] = {"序号": i + 1, "单位名称": unit, "单位": unit}
            page.put(1 + deep + i, j, known.get(text, ""))
    for j, cell in enumerate(cells):
        page.truth[cell.id] = (1 + deep + line, len(lead) + j)
    return page if merged else page.unmerged()


def two_levels(cell: Cell) -> list[str]:
    if not cell.row.labels:
        return ["-".join(cell.column.labels[:-1]), cell.column.labels[-1]]
    return [
        "-".join(cell.row.labels[-2:] if len(cell.row.labels) > 2 else cell.row.labels[-1:]),
        cell.column.labels[-1],
    ]


def all_levels(cell: Cell) -> list[str]:
    return path_of(cell)


# -------------------- layouts
TRIED: dict[str, Callable[[], Layout]] = {}
HELD_OUT: dict[str, Callable[[], Layout]] = {}


Draw = Callable[[], list[Page]]


def _kept(
    into: dict[str, Callable[[], Layout]], name: str, year: int | None, missed: int
) -> Callable[[Draw], Draw]:
    def keep(draw: Draw) -> Draw:
        def build() -> Layout:
            pages = draw()
            truth = {one: (page.name, ref(*place)) for page in pages for one, place in page.truth.items()}
            return Layout(name, workbook_bytes(pages), truth, len(truth) - missed, year)

        into[name] = build
        return draw

    return keep


def tried(name: str, *, year: int | None = YEAR, missed: int = 0) -> Callable[[Draw], Draw]:
    return _kept(TRIED, name, year, missed)


def held_out(name: str, *, year: int | None = YEAR, missed: int = 0) -> Callable[[Draw], Draw]:
    return _kept(HELD_OUT, name, year, missed)


@tried("三张表各一页")
def _() -> list[Page]:
    return all_drawn()


@tried("同一页，空一行")
def _() -> list[Page]:
    return [stacked(all_drawn())]


@tried("同一页，不空行")
def _() -> list[Page]:
    return [stacked(all_drawn(), gap=0)]


@tried("同一页，左右并排")
def _() -> list[Page]:
    return [beside(all_drawn())]


@tried("没有表名")
def _() -> list[Page]:
    return [drawn(table, title=False) for table in FORM.tables]


@tried("没有合并单元格")
def _() -> list[Page]:
    return [page.unmerged() for page in all_drawn()]


@tried("没有合并，同一页")
def _() -> list[Page]:
    return [stacked([page.unmerged() for page in all_drawn()])]


@tried("行列互换")
def _() -> list[Page]:
    return [drawn(table, title=False).turned() for table in FORM.tables]


@tried("行列打乱")
def _() -> list[Page]:
    pages = [crossed(block, i) for i, block in enumerate(PROACTIVE.blocks)]
    return [
        stacked([*pages, crossed(REQUESTS.blocks[0], 7)]),
        replace(drawn(DISPUTES), name="表四"),
    ]


@tried("去掉序号")
def _() -> list[Page]:
    return [page.worded(bare) for page in all_drawn()]


@tried("字间空格")
def _() -> list[Page]:
    return [page.worded(spaced) for page in all_drawn()]


@tried("一字一行")
def _() -> list[Page]:
    return [page.worded(upright) for page in all_drawn()]


@tried("换行")
def _() -> list[Page]:
    return [page.worded(broken) for page in all_drawn()]


@tried("带注")
def _() -> list[Page]:
    return [page.worded(noted) for page in all_drawn()]


@tried("别名 1")
def _() -> list[Page]:
    return [page.worded(aliased(1)) for page in all_drawn()]


@tried("别名 2，没有合并")
def _() -> list[Page]:
    return [page.worded(aliased(2)).unmerged() for page in all_drawn()]


@tried("错字", missed=7)
def _() -> list[Page]:
    return [page.worded(slipped(3)) for page in all_drawn()]


@tried("备注、同比栏")
def _() -> list[Page]:
    pages = all_drawn()
    for page, head in zip(pages, (2, 3, 3), strict=True):
        right = page.right
        page.put(head, right, "同比增减")
        page.put(head, right + 1, "备注")
    return pages


@tried("序号、代码栏")
def _() -> list[Page]:
    page = drawn(REQUESTS).moved(0, 2)
    page.put(3, 0, "序号")
    page.put(3, 1, "指标代码")
    for row in range(4, 29):
        page.put(row, 0, row - 3)
        page.put(row, 1, f"C{row - 3:03}")
    return [drawn(PROACTIVE), page, drawn(DISPUTES)]


@tried("栏次行")
def _() -> list[Page]:
    pages = all_drawn()
    down = Page(pages[1].name)
    for (row, column), text in pages[1].cells.items():
        down.cells[row + (row > 3), column] = text
    down.merges = [(a + (a > 3), b, c + (a > 3), d) for a, b, c, d in pages[1].merges]
    down.truth = {one: (row + 1, column) for one, (row, column) in pages[1].truth.items()}
    down.put(4, 0, "栏次")
    for column in range(3, 10):
        down.put(4, column, column - 2)
    return [pages[0], down, pages[2]]


@tried("本年|上年")
def _() -> list[Page]:
    return [drawn(PROACTIVE), with_sub_columns(drawn(REQUESTS), 3, 3, ("本年", "上年"), 0), drawn(DISPUTES)]


@tried("2021年|2022年")
def _() -> list[Page]:
    heads = ("2021年", "2022年")
    return [drawn(PROACTIVE), with_sub_columns(drawn(REQUESTS), 3, 3, heads, 1), drawn(DISPUTES)]


@tried("上年一页，本年一页")
def _() -> list[Page]:
    last = replace(stacked(all_drawn()), name="2021年", truth={})
    return [last, replace(stacked(all_drawn()), name="2022年")]


@tried("长表，分栏")
def _() -> list[Page]:
    return [listed(CELLS, path_of, title=("表", "行", "行", "行", "列"), heads=("数值", "备注"))]


@tried("长表，连写 -")
def _() -> list[Page]:
    return [listed(CELLS, lambda cell: ["-".join(path_of(cell))])]


@tried("长表，连写 /")
def _() -> list[Page]:
    def joined(cell: Cell) -> list[str]:
        return [f"表{FORM.section(cell.section).number} / {' / '.join(short_path(cell))}", cell.unit]

    return [listed(CELLS, joined, title=("指标名称", "计量单位"), heads=("本年数", "上年数", "说明"))]


@tried("长表，上年在前")
def _() -> list[Page]:
    def joined(cell: Cell) -> list[str]:
        return [">".join(short_path(cell))]

    return [listed(in_order(CELLS, 5), joined, title=("项目",), heads=("上年", "本年"), chosen=1)]


@tried("长表，没有表头")
def _() -> list[Page]:
    return [listed(CELLS, lambda cell: ["_".join(short_path(cell))], heads=(), title=())]


@tried("长表，按年份")
def _() -> list[Page]:
    page = listed(CELLS, lambda cell: [" ".join(short_path(cell))], heads=("", ""), chosen=1)
    page.put(0, 1, 2021)
    page.put(0, 2, 2022)
    return [page]


@tried("长表，带序号和代码")
def _() -> list[Page]:
    return [
        listed(
            CELLS,
            lambda cell: [":".join(bare(text) for text in short_path(cell))],
            title=("序号", "代码", "指标"),
            heads=("填报数",),
            before=lambda i: (i + 1, f"XX{i:04}"),
        )
    ]


@tried("每单位一行，两级")
def _() -> list[Page]:
    return [per_unit(two_levels)]


@tried("每单位一行，各级合并")
def _() -> list[Page]:
    return [per_unit(all_levels)]


@tried("每单位一行，没有合并")
def _() -> list[Page]:
    return [per_unit(two_levels, merged=False)]


@tried("每单位一行，一级连写")
def _() -> list[Page]:
    return [per_unit(lambda cell: ["-".join(short_path(cell))], lead=("单位",))]


@tried("每单位一行，三页")
def _() -> list[Page]:
    return [
        per_unit(two_levels, cells=table.cells, name=f"汇总{FORM.section(table.key).number}")
        for table in FORM.tables
    ]


@tried("每单位一列")
def _() -> list[Page]:
    return [listed(CELLS, lambda cell: ["-".join(short_path(cell))], heads=UNITS)]


@tried("每单位一页")
def _() -> list[Page]:
    pages = [replace(stacked(all_drawn()), name=unit, truth={}) for unit in UNITS[1:]]
    return [pages[0], replace(stacked(all_drawn()), name=UNITS[0]), pages[1]]


@tried("同一页几个单位")
def _() -> list[Page]:
    whole = Page("各单位")
    for unit in UNITS:
        page = stacked(all_drawn(), gap=0)
        if unit != UNITS[0]:
            page.truth = {}
        titled = Page("")
        titled.put(0, 0, unit, 1, 15)
        titled.join(page.moved(1, 0))
        whole.join(titled.moved(whole.bottom + 1, 0))
    return [whole]


@tried("隐藏的旧表")
def _() -> list[Page]:
    old = [replace(page, name=f"旧{page.name}", hidden=True, truth={}) for page in all_drawn()]
    return [*old, *all_drawn()]


@tried("汇总页引用各表")
def _() -> list[Page]:
    pages = all_drawn()
    copies = []
    for page in pages:
        copy = replace(
            page, name=f"打印{page.name}", cells=dict(page.cells), merges=list(page.merges), truth={}
        )
        for place in page.truth.values():
            copy.put(*place, f"={page.name}!{ref(*place)}")
        copies.append(copy)
    return [*copies, *pages]


@tried("二〇一九年版", year=2019)
def _() -> list[Page]:
    """The columns of the 2019 form where they differ; only what both editions have has a place."""
    page = Page("表二")
    rows = iter(range(100))
    page.put(next(rows), 0, "一、主动公开政府信息情况", 1, 4)

    def heads(band: str, *texts: str) -> int:
        page.put(next(rows), 0, band, 1, 4)
        row = next(rows)
        for column, text in enumerate(("信息内容", *texts)):
            page.put(row, column, text)
        return row

    heads("第二十条第（一）项", "本年新制作数量", "本年新公开数量", "对外公开总数量")
    page.put(next(rows), 0, "规章")
    page.put(next(rows), 0, "规范性文件")
    heads("第二十条第（五）项", "上一年项目数量", "本年增/减", "处理决定数量")
    for text, cell in (("行政许可", "licensing"), ("其他对外管理服务事项", "")):
        row = next(rows)
        page.put(row, 0, text)
        if cell:
            page.truth[f"proactive.{cell}.decisions"] = (row, 3)
    heads("第二十条第（六）项", "上一年项目数量", "本年增/减", "处理决定数量")
    for text, cell in (("行政处罚", "penalties"), ("行政强制", "compulsion")):
        row = next(rows)
        page.put(row, 0, text)
        page.truth[f"proactive.{cell}.decisions"] = (row, 3)
    heads("第二十条第（八）项", "上一年项目数量", "本年增/减")
    page.put(next(rows), 0, "行政事业性收费")
    heads("第二十条第（九）项", "采购项目数量", "采购总金额")
    page.put(next(rows), 0, "政府集中采购")
    return [page, drawn(REQUESTS), drawn(DISPUTES)]


@tried("合计行在前")
def _() -> list[Page]:
    page = per_unit(two_levels)
    down = Page(page.name)
    down.cells = {(row + (row > 2), column): text for (row, column), text in page.cells.items()}
    down.merges = page.merges
    down.put(3, 0, "合计", 1, 3)
    down.truth = {one: (row + 1, column) for one, (row, column) in page.truth.items()}
    return [down]


# -------------------- written after the mapping was finished
@held_out("并排，中间不空列", missed=15)
def _() -> list[Page]:
    return [beside(all_drawn(), gap=0)]


@held_out("离左上角很远")
def _() -> list[Page]:
    return [page.moved(12, 5) for page in all_drawn()]


@held_out("三张表换顺序，一字一行表头")
def _() -> list[Page]:
    pages = [drawn(DISPUTES), drawn(REQUESTS), drawn(PROACTIVE)]
    return [stacked([page.worded(upright) for page in pages], gap=2)]


@held_out("转置的长表")
def _() -> list[Page]:
    return [listed(CELLS, path_of, heads=("本年数",), title=("表", "行")).turned()]


@held_out("长表：栏在前，行在后")
def _() -> list[Page]:
    def columns_first(cell: Cell) -> list[str]:
        return [bare(cell.column.labels[-1]), *(map(bare, cell.row.labels or cell.column.labels[:-1]))]

    return [listed(in_order(CELLS, 11), columns_first, title=("申请人", "事项"))]


@held_out("长表：组名只写一次")
def _() -> list[Page]:
    page = listed(CELLS, lambda cell: short_path(cell), heads=("数值",), title=("指标",))
    last: dict[int, str] = {}
    for row, column in sorted(page.cells):
        text = str(page.cells[row, column])
        if last.get(column) == text and column < 2 and (row, column + 1) in page.cells:
            del page.cells[row, column]
        else:
            last[column] = text
            last = {c: t for c, t in last.items() if c <= column}
    return [page]


@held_out("长表：计量单位、上年、本年、增长率")
def _() -> list[Page]:
    def labels(cell: Cell) -> list[str]:
        return [" — ".join(bare(text) for text in short_path(cell)), cell.unit]

    return [
        listed(
            CELLS, labels, title=("统计指标", "单位"), heads=("上年同期", "本年度", "增长率（%）"), chosen=1
        )
    ]


@held_out("长表：先审核数后填报数")
def _() -> list[Page]:
    def labels(cell: Cell) -> list[str]:
        return ["/".join(short_path(cell))]

    page = listed(CELLS, labels, heads=("上级审核数", "本级填报数"), chosen=1)
    page.truth = {}  # nothing says which
    return [page]


@held_out("两列并列的长表")
def _() -> list[Page]:
    def labels(cell: Cell) -> list[str]:
        return ["·".join(short_path(cell))]

    return [beside([listed(CELLS[:100], labels), listed(CELLS[100:], labels)], gap=0)]


@held_out("行名在右")
def _() -> list[Page]:
    page = drawn(REQUESTS)
    swapped = Page(page.name)
    for (row, column), text in page.cells.items():
        swapped.cells[row, column - 3 if column > 2 else column + 7] = text
    swapped.merges = [
        (a, b - 3 if b > 2 else b + 7, c, d - 3 if b > 2 else d + 7) for a, b, c, d in page.merges if a > 0
    ]
    swapped.truth = {}  # names to the right of the figures are not read; nothing may be guessed from them
    return [drawn(PROACTIVE), swapped, drawn(DISPUTES)]


@held_out("2022年|2021年，年份为数字")
def _() -> list[Page]:
    page = with_sub_columns(drawn(REQUESTS), 3, 3, ("2022", "2021"), 0)
    page.cells = {p: int(t) if t in ("2022", "2021") else t for p, t in page.cells.items()}
    return [drawn(PROACTIVE), page, drawn(DISPUTES)]


@held_out("年份不详的两张表", year=None)
def _() -> list[Page]:
    return [replace(stacked(all_drawn()), name=name, truth={}) for name in ("2021年", "2022年")]


@held_out("上年表在左，本年表在右")
def _() -> list[Page]:
    def titled(text: str, keep: bool) -> Page:
        page = Page("对照")
        table = stacked(all_drawn(), gap=0)
        page.put(0, 0, text, 1, 15)
        page.join(table.moved(1, 0))
        if not keep:
            page.truth = {}
        return page

    return [beside([titled("2021年度", False), titled("2022年度", True)], gap=1, name="对照")]


@held_out("上年在上，本年在下")
def _() -> list[Page]:
    whole = Page("对照")
    for text in ("2021年度数据", "2022年度数据"):
        page = Page("")
        page.put(0, 0, text)
        page.join(stacked(all_drawn()).moved(1, 0))
        if "2021" in text:
            page.truth = {}
        whole.join(page.moved(whole.bottom + 1, 0))
    return [whole]


@held_out("每单位一行，五级，组名不合并", missed=1)
def _() -> list[Page]:
    return [per_unit(all_levels, merged=False, lead=("序号", "单位"))]


@held_out("每单位一行，倒序")
def _() -> list[Page]:
    return [per_unit(two_levels, cells=CELLS[::-1])]


@held_out("每单位一行，合计行在后")
def _() -> list[Page]:
    page = per_unit(two_levels)
    bottom = page.bottom
    page.put(bottom, 0, "合计", 1, 3)
    for column in range(3, 203):
        page.put(bottom, column, f"=SUM({ref(3, column)}:{ref(bottom - 1, column)})")
    return [page]


@held_out("每单位一行，还没有单位")
def _() -> list[Page]:
    page = per_unit(two_levels)
    page.cells = {place: text for place, text in page.cells.items() if place[0] < 3}
    return [page]


@held_out("每单位一行，先栏后行")
def _() -> list[Page]:
    def turned(cell: Cell) -> list[str]:
        return [two_levels(cell)[1], two_levels(cell)[0]]

    return [per_unit(turned, cells=sorted(CELLS, key=lambda cell: (cell.section, cell.column.labels[-1])))]


@held_out("每单位一列，各级分栏")
def _() -> list[Page]:
    return [listed(CELLS, path_of, heads=UNITS, title=("项目",))]


@held_out("几个单位的长表")
def _() -> list[Page]:
    page = Page("明细")
    for j, text in enumerate(("单位名称", "指标", "数值")):
        page.put(0, j, text)
    for i, unit in enumerate(UNITS):
        for k, cell in enumerate(CELLS):
            row = 1 + i * len(CELLS) + k
            page.put(row, 0, unit)
            page.put(row, 1, "-".join(short_path(cell)))
            if unit == UNITS[0]:
                page.truth[cell.id] = (row, 2)
    return [page]


@held_out("已填好的表")
def _() -> list[Page]:
    pages = all_drawn()
    value = 0
    for page in pages:
        for place in page.truth.values():
            value += 1
            page.put(*place, value)
    return pages


@held_out("已填好，值为年份大小")
def _() -> list[Page]:
    pages = all_drawn()
    value = 1990
    for page in pages:
        for place in page.truth.values():
            value += 1
            page.put(*place, value)
    return pages


@held_out("填着“无”和“/”")
def _() -> list[Page]:
    pages = all_drawn()
    for page in pages:
        for i, place in enumerate(page.truth.values()):
            page.put(*place, ("/", "无", "—", "0")[i % 4])
    return pages


@held_out("多出行：属于工作秘密、小计")
def _() -> list[Page]:
    page = drawn(REQUESTS)
    down = Page(page.name)
    shift = {row: row + sum(row > at for at in (15, 18)) for row in range(40)}
    down.cells = {(shift[row], column): text for (row, column), text in page.cells.items()}
    down.merges = [(shift[a], b, shift[c], d) for a, b, c, d in page.merges]
    down.truth = {one: (shift[row], column) for one, (row, column) in page.truth.items()}
    down.put(16, 2, "9.属于工作秘密")
    down.put(20, 2, "小计")
    down.merges = [m for m in down.merges if not (m[1] == 1 and m[3] == 1)]
    return [drawn(PROACTIVE), down, drawn(DISPUTES)]


@held_out("多出列：其中涉企、外籍")
def _() -> list[Page]:
    page = drawn(REQUESTS)
    wide = Page(page.name)
    wide.cells = {(row, c + (c > 3) + (c > 4)): text for (row, c), text in page.cells.items()}
    wide.merges = [(a, b + (b > 3) + (b > 4), c, d + (d > 3) + (d > 4)) for a, b, c, d in page.merges]
    wide.truth = {one: (row, c + (c > 3) + (c > 4)) for one, (row, c) in page.truth.items()}
    wide.put(3, 4, "其中：外籍人员")
    wide.put(3, 6, "其中：外商投资企业")
    return [drawn(PROACTIVE), wide, drawn(DISPUTES)]


@held_out("封面、说明、示例和三张表")
def _() -> list[Page]:
    cover = Page("封面")
    cover.put(0, 0, "××市2022年度政府信息公开工作年度报告", 1, 6)
    for i, text in enumerate(("填报单位：", "填报人：", "联系电话：", "填报日期：")):
        cover.put(2 + i, 0, text)
    note = Page("填表说明")
    note.put(0, 0, "一、本表由各级行政机关填报。自然人、商业企业等申请人情况按申请件数统计。")
    note.put(1, 0, "二、上年结转数应与上年度年报的结转下年度数一致。")
    sample = [replace(page, name=f"示例-{page.name}", truth={}) for page in all_drawn()]
    return [cover, note, *sample, *all_drawn()]


@held_out("说明夹在标题和表头之间")
def _() -> list[Page]:
    pages = []
    for page in all_drawn():
        down = page.moved(1, 0)
        title = down.cells.pop((1, 0))
        down.merges = [m for m in down.merges if m[0] != 1]
        down.put(0, 0, str(title), 1, page.right)
        down.put(1, 0, "单位：件（收费金额为万元），上年数不填；没有的填0，不得留空。", 1, page.right)
        pages.append(down)
    return pages


@held_out("摘要页重复几个数")
def _() -> list[Page]:
    brief = Page("主要指标")
    brief.put(0, 0, "主要指标", 1, 3)
    brief.put(1, 1, "自然人")
    brief.put(1, 2, "总计")
    for i, text in enumerate(("一、本年新收政府信息公开申请数量", "（一）予以公开", "（七）总计")):
        brief.put(2 + i, 0, text)
    return [brief, *all_drawn()]


@held_out("只有表三")
def _() -> list[Page]:
    return [drawn(REQUESTS, title=False).worded(bare)]


@held_out("别名、转置、没有合并")
def _() -> list[Page]:
    return [drawn(table, title=False).turned().unmerged().worded(aliased(5)) for table in FORM.tables]


@held_out("别的带字：申请量、件次")
def _() -> list[Page]:
    def wording(text: str) -> str:
        key = bare(text)
        return (
            f"{key}数量"
            if key in ("自然人", "商业企业", "科研机构", "予以公开", "重复申请", "结果维持")
            else text
        )

    return [page.worded(wording) for page in all_drawn()]


@held_out("繁体、全角")
def _() -> list[Page]:
    table = str.maketrans("0123456789().:", "０１２３４５６７８９（）．：")
    return [page.worded(lambda text: text.translate(table)) for page in all_drawn()]


@held_out("空一列再填数")
def _() -> list[Page]:
    pages = []
    for page, first in zip(all_drawn(), (1, 3, 0), strict=True):
        wide = Page(page.name)
        wide.cells = {(row, c + (c >= first)): text for (row, c), text in page.cells.items()}
        wide.merges = [(a, b + (b >= first), c, d + (d >= first)) for a, b, c, d in page.merges]
        wide.truth = {one: (row, c + (c >= first)) for one, (row, c) in page.truth.items()}
        pages.append(wide)
    return pages


@held_out("表头下空一行")
def _() -> list[Page]:
    page = drawn(REQUESTS)
    down = Page(page.name)
    down.cells = {(row + (row > 3), column): text for (row, column), text in page.cells.items()}
    down.merges = [(a + (a > 3), b, c + (a > 3), d) for a, b, c, d in page.merges]
    down.truth = {one: (row + 1, column) for one, (row, column) in page.truth.items()}
    return [drawn(PROACTIVE), down, drawn(DISPUTES)]


@held_out("四个无名小表")
def _() -> list[Page]:
    """The groups of 表三 as tables of their own, without a group's name where a label says it all."""
    pages = [drawn(PROACTIVE), drawn(DISPUTES)]
    block = REQUESTS.blocks[0]
    groups: dict[str, list[int]] = {}
    for i, row in enumerate(block.rows):
        groups.setdefault(row.labels[-2] if len(row.labels) > 2 else "", []).append(i)
    for k, (group, rows) in enumerate(groups.items()):
        page = Page(f"表三之{k + 1}")
        page.put(0, 0, group or "总的情况")
        for j, column in enumerate(block.columns):
            page.put(0, j + 1, column.labels[-1])
        for i, r in enumerate(rows):
            page.put(i + 1, 0, block.rows[r].labels[-1])
            for j in range(len(block.columns)):
                page.truth[block.cells[r * len(block.columns) + j].id] = (i + 1, j + 1)
        pages.append(page)
    return pages


@held_out("标签前有年度")
def _() -> list[Page]:
    def wording(text: str) -> str:
        return (
            f"2022年度{text}"
            if bare(text) in ("自然人", "商业企业", "规章", "行政许可", "行政处罚")
            else text
        )

    return [page.worded(wording) for page in all_drawn()]


@held_out("表三左右两半")
def _() -> list[Page]:
    block = REQUESTS.blocks[0]
    halves = []
    for rows in (range(12), range(12, 25)):
        page = Page("")
        page.put(0, 0, "项目", 1, 2)
        for j, column in enumerate(block.columns):
            page.put(0, 2 + j, column.labels[-1])
        for i, r in enumerate(rows):
            labels = block.rows[r].labels
            page.put(i + 1, 0, labels[-2] if len(labels) > 1 else labels[0])
            page.put(i + 1, 1, labels[-1] if len(labels) > 1 else "")
            for j in range(len(block.columns)):
                page.truth[block.cells[r * len(block.columns) + j].id] = (i + 1, 2 + j)
        halves.append(page)
    return [drawn(PROACTIVE), beside(halves, gap=0, name="表三"), drawn(DISPUTES)]


@held_out("像公文一样的一页")
def _() -> list[Page]:
    whole = Page("年报")
    whole.put(0, 0, "××县2022年政府信息公开工作年度报告", 1, 15)
    whole.put(2, 0, "一、总体情况", 1, 15)
    whole.put(
        3,
        0,
        "2022年，本机关认真贯彻《政府信息公开条例》，主动公开、依申请公开有序开展，上年结转的申请全部办结。",
        1,
        15,
    )
    for page in all_drawn():
        whole.join(page.moved(whole.bottom + 1, 0))
    bottom = whole.bottom
    whole.put(bottom + 1, 0, "五、存在的主要问题及改进情况", 1, 15)
    whole.put(bottom + 2, 0, "", 1, 15)
    whole.put(bottom + 3, 0, "六、其他需要报告的事项", 1, 15)
    whole.put(bottom + 4, 0, "", 1, 15)
    whole.put(bottom + 5, 0, "填报人：张三    审核人：李四    填报日期：2023年1月5日", 1, 15)
    return [whole]


@held_out("每单位一行，一级倒写，下有代码行")
def _() -> list[Page]:
    page = Page("数据")
    page.put(0, 0, "单位名称")
    page.put(1, 0, "DWMC")
    for j, cell in enumerate(CELLS):
        page.put(0, 1 + j, "_".join(bare(text) for text in reversed(short_path(cell))))
        page.put(1, 1 + j, f"ZB{j:03}")
        page.truth[cell.id] = (2, 1 + j)
    for i, unit in enumerate(UNITS):
        page.put(2 + i, 0, unit)
    return [page]


@held_out("每单位一行，地区和单位两栏")
def _() -> list[Page]:
    page = per_unit(two_levels, lead=("地区", "单位名称", "联系电话"))
    for i in range(3):
        page.put(3 + i, 0, "平顶山市")
    return [page]


@held_out("与上年对比表")
def _() -> list[Page]:
    heads = ("本年数", "上年数", "增减")
    pages = [
        with_sub_columns(drawn(REQUESTS), 3, 3, heads, 0),
        with_sub_columns(drawn(DISPUTES), 0, 3, heads, 0),
    ]
    out = []
    for page in pages:
        down = page.moved(1, 0)
        down.put(0, 0, "政府信息公开情况与上年对比表", 1, page.right)
        out.append(down)
    return [drawn(PROACTIVE), *out]


@held_out("编号 3.3.1 式")
def _() -> list[Page]:
    page = drawn(REQUESTS)
    numbered = Page(page.name, dict(page.cells), list(page.merges), dict(page.truth))
    count = 0
    for (row, column), text in sorted(page.cells.items()):
        if row > 3 and isinstance(text, str):
            count += 1
            numbered.cells[row, column] = f"3.{column + 1}.{count} {bare(text)}"
    return [drawn(PROACTIVE), numbered, drawn(DISPUTES)]


@held_out("编号（1）①1、式")
def _() -> list[Page]:
    styles = ("（{}）", "{}、", "{}.", "【{}】", "{}）")

    def restyled(page: Page) -> Page:
        cells = dict(page.cells)
        for k, (place, text) in enumerate(sorted(page.cells.items())):
            key = bare(str(text))
            if len(key) > 3 and "勾稽" not in key and "二十条" not in key:
                cells[place] = styles[k % len(styles)].format(k % 9 + 1) + key
        return replace(page, cells=cells)

    return [restyled(page) for page in all_drawn()]


@held_out("标签后有冒号和单位")
def _() -> list[Page]:
    return [
        page.worded(lambda text: f"{text}（单位：件）：" if len(text) < 30 else text) for page in all_drawn()
    ]


@held_out("总计在前，公式")
def _() -> list[Page]:
    block = REQUESTS.blocks[0]
    page = Page("表三")
    order = [6, 0, 1, 2, 3, 4, 5]
    for j, c in enumerate(order):
        page.put(0, 2 + j, block.columns[c].labels[-1])
    for i, row in enumerate(block.rows):
        for k, text in enumerate(row.labels[-2:]):
            page.put(1 + i, k, text)
        page.put(1 + i, 2, f"=SUM(D{i + 2}:I{i + 2})")
        for j, c in enumerate(order):
            page.truth[block.cells[i * 7 + c].id] = (1 + i, 2 + j)
    return [drawn(PROACTIVE), page, drawn(DISPUTES)]


def _blocks(heads: Sequence[str], chosen: int) -> Page:
    """表三 with its seven columns once below each of several headings."""
    base = drawn(REQUESTS)
    page = Page("表三")
    for (row, column), text in base.cells.items():
        for k in range(len(heads)):
            if column > 2:
                page.cells[row + 1 if row else row, column + 7 * k] = text
        if column < 3:
            page.cells[row + 1 if row else row, column] = text
    for a, b, c, d in base.merges:
        if a == 0:
            page.merges.append((0, 0, 0, 2 + 7 * len(heads)))
        elif b < 3:
            page.merges.append((a + 1 if a > 1 else 1, b, c + 1, d))
        else:
            page.merges.extend((a + 1, b + 7 * k, c + 1, d + 7 * k) for k in range(len(heads)))
    page.cells[1, 0] = page.cells.pop((2, 0))
    for k, text in enumerate(heads):
        page.put(1, 3 + 7 * k, text, 1, 7)
    page.truth = {one: (row + 1, column + 7 * chosen) for one, (row, column) in base.truth.items()}
    return page


@held_out("单位名在列组上方")
def _() -> list[Page]:
    return [drawn(PROACTIVE), _blocks(UNITS, 0), drawn(DISPUTES)]


@held_out("年份在列组上方")
def _() -> list[Page]:
    return [drawn(PROACTIVE), _blocks(("2021年", "2022年"), 1), drawn(DISPUTES)]


@held_out("多出行：其中网上申请")
def _() -> list[Page]:
    page = drawn(REQUESTS)
    down = Page(page.name)
    down.cells = {(row + (row > 4), column): text for (row, column), text in page.cells.items()}
    down.merges = [(a + (a > 4), b, c + (a > 4), d) for a, b, c, d in page.merges]
    down.truth = {one: (row + (row > 4), column) for one, (row, column) in page.truth.items()}
    down.put(5, 0, "其中：网上申请", 1, 3)
    return [drawn(PROACTIVE), down, drawn(DISPUTES)]


@held_out("法人小计栏")
def _() -> list[Page]:
    page = drawn(REQUESTS)
    wide = Page(page.name)
    wide.cells = {(row, c + (c > 8)): text for (row, c), text in page.cells.items()}
    wide.merges = [(a, b + (b > 8), c, d + (d > 7)) for a, b, c, d in page.merges]
    wide.truth = {one: (row, c + (c > 8)) for one, (row, c) in page.truth.items()}
    wide.put(3, 9, "小计")
    return [drawn(PROACTIVE), wide, drawn(DISPUTES)]


@held_out("每格合并两列")
def _() -> list[Page]:
    pages = []
    for page in all_drawn():
        wide = Page(page.name)
        spans = {(a, b): (c - a + 1, d - b + 1) for a, b, c, d in page.merges}
        places = {*page.cells, *page.truth.values(), *spans}
        for row, c in places:
            down, across = spans.get((row, c), (1, 1))
            wide.put(row, 2 * c, page.cells.get((row, c), ""), down, 2 * across)
        wide.truth = {one: (row, 2 * c) for one, (row, c) in page.truth.items()}
        pages.append(wide)
    return pages


@held_out("表四竖排三级", missed=5)
def _() -> list[Page]:
    page = Page("表四")
    for j, text in enumerate(("类别", "方式", "结果", "件数")):
        page.put(0, j, text)
    block = DISPUTES.blocks[0]
    for i, column in enumerate(block.columns):
        labels = column.labels if len(column.labels) == 3 else (column.labels[0], "—", column.labels[1])
        for j, text in enumerate(labels):
            page.put(1 + i, j, text)
        page.truth[block.cells[i].id] = (1 + i, 3)
    return [drawn(PROACTIVE), drawn(REQUESTS), page]


@held_out("制表人落款在表间")
def _() -> list[Page]:
    whole = Page("年报")
    for page in all_drawn():
        top = whole.bottom
        whole.put(top, 0, "填报单位：鲁山县人民政府办公室（盖章）        2022年度        单位：件", 1, 10)
        whole.join(page.moved(top + 1, 0))
        whole.put(whole.bottom, 0, "单位负责人：王五    填表人：张三    联系电话：0375-5051000", 1, 10)
    return [whole]


@held_out("不认识的简称")
def _() -> list[Page]:
    short = {"属于国家秘密": "国密", "重复申请": "重复件", "自然人": "自然", "结果维持": "维持率"}
    pages = [page.worded(lambda text: short.get(bare(text), text)) for page in all_drawn()]
    for page in pages:
        page.truth = {
            one: place
            for one, place in page.truth.items()
            if not any(word in one for word in ("state_secret", "duplicate", "natural_person", "upheld"))
        }
    return pages


@held_out("格内填空，不可读")
def _() -> list[Page]:
    page = Page("问卷")
    for i, cell in enumerate(CELLS):
        page.put(i, 0, f"{i + 1}. {'，'.join(short_path(cell))}：____件")
    return [page]


@held_out("多单位一行，上年行紧跟本年行", missed=200)
def _() -> list[Page]:
    page = per_unit(two_levels, lead=("单位名称", "年度"))
    rows = {}
    for (row, column), text in page.cells.items():
        if row < 3:
            rows[row, column] = text
    for i, unit in enumerate(UNITS):
        for k, year in enumerate(("2021年", "2022年")):
            rows[3 + 2 * i + k, 0] = unit
            rows[3 + 2 * i + k, 1] = year
    page.cells = rows
    page.truth = {one: (3, column) for one, (row, column) in page.truth.items()}
    return [page]


# -------------------- composed at random
_SUB_HEADS = (
    ("本年", "上年"),
    ("上年", "本年"),
    ("本年数", "上年数", "增减%"),
    ("2021年", "2022年"),
    ("件数", "备注"),
)
_LIST_HEADS = (
    ("数值",),
    ("本年", "上年"),
    ("上年", "本年"),
    (),
    ("计量单位", "数量"),
    ("2021年度", "2022年度"),
    UNITS,
)
_THIS = ("本年", "本年数", "2022年", "2022年度", "件数", "数值", "数量", UNITS[0])
_WORDINGS: tuple[Wording, ...] = (str, bare, spaced, upright, broken, noted)


def _chosen(heads: Sequence[str]) -> int:
    return next((i for i, head in enumerate(heads) if head in _THIS), 0)


def composed(seed: int) -> Layout:
    """A template put together at random: tables in some arrangement, a list, or rows of units, in some wording."""
    chance = random.Random(seed)
    alias = aliased(seed)
    wordings: tuple[Wording, ...] = (*_WORDINGS, alias, lambda text: bare(alias(text)))
    wording = chance.choice(wordings)
    kind = chance.choice(("tables", "tables", "stacked", "beside", "list", "units"))
    if kind == "list":
        divider = chance.choice("-/_>:·")
        joined: Labels = lambda cell: [divider.join(short_path(cell))]  # noqa: E731
        labels = chance.choice((path_of, short_path, joined))
        heads = chance.choice(_LIST_HEADS)
        pages = [listed(in_order(CELLS, seed), labels, heads, _chosen(heads), ("指标",) if heads else ())]
    elif kind == "units":
        single: Labels = lambda cell: ["-".join(short_path(cell))]  # noqa: E731
        levels = chance.choice((two_levels, all_levels, single))
        lead = chance.choice((("序号", "单位名称", "统一社会信用代码"), ("单位",), ("单位名称", "联系电话")))
        pages = [per_unit(levels, lead, chance.choice((CELLS, CELLS[::-1])), chance.random() < 0.7)]
    else:
        pages = []
        for table in in_any_order(FORM.tables, chance):
            title = chance.random() < 0.7
            page = drawn(table, title)
            if table is REQUESTS and chance.random() < 0.3:
                sub = chance.choice(_SUB_HEADS)
                page = with_sub_columns(page, 3, 2 + title, sub, _chosen(sub))
            elif chance.random() < 0.25:
                page = page.unmerged()
            if chance.random() < 0.2:
                page = page.turned()
            if chance.random() < 0.2:
                for place in page.truth.values():
                    page.put(*place, chance.randrange(50))
            pages.append(page)
        if kind == "stacked":
            pages = [stacked(pages, chance.randrange(3))]
        elif kind == "beside":
            pages = [beside(pages, 1 + chance.randrange(2))]
    pages = [page.worded(lambda text: text if text in UNITS else wording(text)) for page in pages]
    pages = [page.moved(chance.randrange(5), chance.randrange(4)) for page in pages]
    truth = {one: (page.name, ref(*place)) for page in pages for one, place in page.truth.items()}
    return Layout(f"{kind} {seed}", workbook_bytes(pages), truth, 0)


def in_any_order(tables: Sequence[Table], chance: random.Random) -> list[Table]:
    return chance.sample(tables, len(tables))
