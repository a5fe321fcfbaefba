"""Tables laid out at random: what is read is right, and what is not read is told; no figure ever in a wrong cell."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.form import Table
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import LooseCell, Origin, RawCell, RawTable, Source, lay_out
from gxeditor.resources import load_form

FORM = load_form()
SLIPS = "甲乙丙申情只拆内"
_STRANGE = 90_000  # figures from here on are none of the form's


@dataclass(eq=False)
class Piece:
    """A text that covers one place or several; `figure` if it is one of the form's."""

    text: str
    figure: bool = False


Places = list[list[Piece]]


@dataclass
class Sheet:
    """A table on its way: its places, of which neighbours may be the same piece, and its columns of labels."""

    places: Places
    labels: int
    rng: random.Random
    strange: int = _STRANGE

    def other(self) -> Piece:
        """A figure that is none of the form's."""
        self.strange += 1
        return Piece(str(self.strange))

    def heads(self) -> list[int]:
        """The rows without figures."""
        return [i for i, row in enumerate(self.places) if not any(piece.figure for piece in row)]


def printed(table: Table, texts: dict[str, str], rng: random.Random) -> Sheet:
    grid = table.grid()
    rows: Places = [[Piece("")] * grid.columns for _ in range(grid.rows)]
    for place in grid.places:
        piece = Piece(place.text) if place.cell is None else Piece(texts[place.cell.id], figure=True)
        for row in rows[place.row : place.row + place.row_span]:
            row[place.column : place.column + place.column_span] = [piece] * place.column_span
    return Sheet(rows, grid.label_columns, rng)


# -------------------- what people do to a table
def columns_in_another_order(sheet: Sheet) -> None:
    order = list(range(sheet.labels, len(sheet.places[0])))
    sheet.rng.shuffle(order)
    if (
        len(sheet.heads()) == 3 and sheet.labels
    ):  # 表三, where a column is one and the same from top to bottom
        sheet.places = [row[: sheet.labels] + [row[i] for i in order] for row in sheet.places]


def last_year_beside_this(sheet: Sheet) -> None:
    if len(sheet.heads()) != 3 or not sheet.labels:
        return
    this, last = sheet.rng.choice((("本年", "上年"), ("本年数", "上年数"), ("今年", "去年同期")))
    below = sheet.heads()[-1] + 1
    doubled = [
        row[: sheet.labels]
        + [new for one in row[sheet.labels :] for new in (one, sheet.other() if one.figure else one)]
        for row in sheet.places
    ]
    columns = (len(doubled[0]) - sheet.labels) // 2
    years = [Piece(text) for _ in range(columns) for text in (this, last)]
    doubled.insert(below, doubled[below - 1][: sheet.labels] + years)
    sheet.places = doubled


def a_column_more(sheet: Sheet) -> None:
    if len(sheet.heads()) != 3:
        return
    head = Piece(sheet.rng.choice(("上年数", "去年同期", "备注", "同比增减", "累计", "占比")))
    at = sheet.rng.choice((sheet.labels, len(sheet.places[0])))
    heads = sheet.heads()
    for i, row in enumerate(sheet.places):
        more = Piece("见附件") if head.text == "备注" else sheet.other()
        row.insert(at, head if i in heads else sheet.rng.choice((more, Piece(""))))


def serial_numbers(sheet: Sheet) -> None:
    heads = sheet.heads()
    for i, row in enumerate(sheet.places):
        row.insert(0, Piece("" if i in heads else str(i)) if i else Piece("序号"))
    sheet.labels += 1


def slips_of_the_pen(sheet: Sheet) -> None:
    pieces = {id(p): p for row in sheet.places for p in row if len(p.text) > 3 and not p.text.isdigit()}
    for piece in sheet.rng.sample(list(pieces.values()), min(3, len(pieces))):
        at = sheet.rng.randrange(len(piece.text))
        piece.text = piece.text[:at] + sheet.rng.choice(SLIPS) + piece.text[at + 1 :]


def a_row_more(sheet: Sheet) -> None:
    row = [Piece("其他主动公开文件"), *(sheet.other() for _ in sheet.places[0][1:])]
    sheet.places.insert(sheet.rng.randrange(2, len(sheet.places)), row)


def a_row_less(sheet: Sheet) -> None:
    del sheet.places[sheet.rng.randrange(len(sheet.places))]


def headings_again(sheet: Sheet) -> None:
    if len(sheet.heads()) == 3 and len(sheet.places) > 6:
        at = sheet.rng.randrange(6, len(sheet.places))
        sheet.places[at:at] = [[Piece(p.text) for p in row] for row in sheet.places[:3]]


DONE: tuple[Callable[[Sheet], None], ...] = (
    columns_in_another_order,
    last_year_beside_this,
    a_column_more,
    serial_numbers,
    slips_of_the_pen,
    a_row_more,
    a_row_less,
    headings_again,
)


# -------------------- how a file gives it
def merged(places: Places) -> RawTable:
    """Every piece once, over all the places that it covers."""
    taken: set[tuple[int, int]] = set()
    rows: list[list[LooseCell]] = []
    for i, row in enumerate(places):
        rows.append([])
        for j, piece in enumerate(row):
            if (i, j) in taken:
                continue
            wide = high = 1
            while j + wide < len(row) and row[j + wide] is piece and (i, j + wide) not in taken:
                wide += 1
            while i + high < len(places) and {*map(id, places[i + high][j : j + wide])} == {id(piece)}:
                high += 1
            taken |= {(y, x) for y in range(i, i + high) for x in range(j, j + wide)}
            rows[-1].append(LooseCell(piece.text, high, wide, Origin(i + 1)))
    return lay_out(rows, Origin(1))


def bare(places: Places, rng: random.Random) -> RawTable:
    """Text: a piece stands in its first place alone, or in each; blanks and cells may be lost."""
    seen: set[int] = set()
    repeated, dense, lossy = rng.random() < 0.3, rng.random() < 0.2, rng.random() < 0.3
    rows: list[list[LooseCell]] = []
    for i, row in enumerate(places, 1):
        texts = []
        for piece in row:
            texts.append(piece.text if repeated or id(piece) not in seen else "")
            seen.add(id(piece))
        rows.append([LooseCell(text, origin=Origin(i)) for text in texts if text or not dense])
    if lossy:
        row_of = rng.choice([row for row in rows if row])
        del row_of[rng.randrange(len(row_of))]
        if rng.random() < 0.4:
            rng.choice(rows).insert(0, LooseCell(rng.choice(("公开", "")), origin=Origin(99)))
    return lay_out(rows, Origin(1))


def cut_by_a_page(table: RawTable, rng: random.Random) -> list[RawTable]:
    at = rng.randrange(2, max(3, table.rows - 1))
    above = [
        RawCell(c.row, c.column, min(c.row_span, at - c.row), c.column_span, c.text, c.origin)
        for c in table.cells
        if c.row < at
    ]
    below = [
        RawCell(c.row - at, c.column, c.row_span, c.column_span, c.text, c.origin)
        for c in table.cells
        if c.row >= at
    ]
    return [RawTable(tuple(part), Origin(1)) for part in (above, below) if part]


def on_its_side(table: RawTable) -> RawTable:
    turned = (RawCell(c.column, c.row, c.column_span, c.row_span, c.text, c.origin) for c in table.cells)
    return RawTable(tuple(sorted(turned, key=lambda c: (c.row, c.column))), Origin(1))


def laid_out(table: Table, texts: dict[str, str], rng: random.Random) -> list[RawTable]:
    sheet = printed(table, texts, rng)
    for change in DONE:
        if rng.random() < 0.2:
            change(sheet)
    is_merged = rng.random() < 0.5
    raw = merged(sheet.places) if is_merged else bare(sheet.places, rng)
    if rng.random() < 0.1 and is_merged:
        return [on_its_side(raw)]
    return cut_by_a_page(raw, rng) if rng.random() < 0.2 else [raw]


@settings(max_examples=50)
@given(st.integers(0, 10**9))
def test_a_table_in_any_layout_is_read_right_or_told(seed: int) -> None:
    rng = random.Random(seed)
    table = rng.choice((*FORM.tables, FORM.tables[1]))
    texts = {cell.id: str(1000 + 7 * i) for i, cell in enumerate(table.cells)}
    tables = laid_out(table, texts, rng)
    imported = recognize(Source(tuple(tables)), FORM)
    read = {cell_id: str(entry) for cell_id, entry in imported.report.entries.items()}
    assert {i: text for i, text in read.items() if texts.get(i) != text} == {}
    offered = {i: text for note in imported.notes for i, text in note.offers}
    assert {i: text for i, text in offered.items() if texts.get(i) != text} == {}
    told = {one for note in imported.notes for one in (*note.cells, *(raw.text for raw in note.raw))}
    there = {raw.text for one in tables for raw in one.cells}
    untold = [
        i for i, text in texts.items() if text in there and i not in read and told.isdisjoint((i, text))
    ]
    assert untold == []
