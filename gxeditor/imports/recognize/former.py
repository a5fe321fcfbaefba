"""What a table of an earlier form says that the present form has no cell for.

Knows rows and columns that only the form of 2019 has (`former` in resources/aliases): what they head is listed with its
figures and never carried over, for the same words may count something else. Reads tables as they stand upright; what
the present form has too is read elsewhere, in the same way as ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from gxeditor.core.form import Form
from gxeditor.imports.recognize.notes import shortened
from gxeditor.imports.source import ImportNote, RawCell, RawTable
from gxeditor.wording.labels import Axis, Label, Lexicon, label_key

_FEWEST = 2  # headings of an earlier form, each worded otherwise, that are no accident
_SHOWN_ROWS = 12  # told with their figures; the form of 2019 has seven such rows
_LONGEST_FIGURE = 24  # characters of what stands in place of a figure


@dataclass(frozen=True, slots=True)
class _Former:
    """A figure of an earlier form, with the row and the column it stands in as they are worded there."""

    row: str
    column: str
    raw: RawCell


def former_notes(tables: Iterable[RawTable], lexicon: Lexicon, read: Iterable[RawCell]) -> list[ImportNote]:
    """The note that tables are on an earlier form, with the figures left out; none if they are not.

    `read` are the cells that were read as figures all the same: those of the rows that both forms have.
    """
    tables = list(tables)
    headings = [label for table in tables for label in _labels_of(table, lexicon)]
    former = {label.text: label.former for label in headings if label.former}
    if len(former) < _FEWEST:
        return []
    taken = {id(raw) for raw in read}
    left = [one for table in tables for one in _left_out(table, lexicon) if id(one.raw) not in taken]
    edition = min(former.values())
    whole = not any(_is_of_the_present(label, lexicon.form) for label in headings)
    what = f"这是 {edition} 年的格式" if whole else f"表里有 {edition} 年格式的栏目"
    rows: dict[str, list[str]] = {}
    for one in left:
        rows.setdefault(one.row, []).append(f"{one.column} {shortened(one.raw.text, 12)}".strip())
    listed = [f"{row}：{'，'.join(figures)}" for row, figures in rows.items()]
    shown = "；".join(listed[:_SHOWN_ROWS]) + ("等" if len(listed) > _SHOWN_ROWS else "")
    what += f"，有 {len(left)} 个数现在的表里没有位置：{shown}。" if left else "，有的栏目现在没有了。"
    done = "没有读入；两种格式都有的数照常读入。"
    note = ImportNote.on([one.raw for one in left], "表格", what, done)
    return [replace(note, edition=edition if whole else "")]


def _labels_of(table: RawTable, lexicon: Lexicon) -> Iterator[Label]:
    for cell in table.cells:
        if not cell.is_blank:
            yield from lexicon.read(cell.text)


def _is_of_the_present(label: Label, form: Form) -> bool:
    """Whether a heading is of a column that only the present form has."""
    return label.only("column") and any(form.cells[i].column.key in _PRESENT for i in label.leaf_of("column"))


_PRESENT = ("issued", "repealed", "in_force")
"""The columns of the present 表二 whose place was taken, in 2019, by columns that count something else."""


def _left_out(table: RawTable, lexicon: Lexicon) -> Iterator[_Former]:
    """The figures under a column, or beside a row, that only an earlier form has."""
    rows: dict[int, list[RawCell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    heads: dict[int, Label] = {}
    for row in rows.values():
        labels = [(cell, lexicon.read(cell.text)[-1]) for cell in row if not cell.is_blank]
        name = next((label for _, label in labels if _names(label, "row", lexicon)), None)
        if name is not None:
            yield from _of_row(name, labels, heads)
            continue
        for cell, label in labels:
            if _names(label, "column", lexicon):
                heads.update(dict.fromkeys(range(cell.column, cell.column + cell.column_span), label))


def _names(label: Label, axis: Axis, lexicon: Lexicon) -> bool:
    """Whether a label names a row, or a column: one of the form's, or one that only an earlier form has."""
    if label.former:
        return lexicon.aliases.former[label_key(label.text)[1]][1] == axis
    return label.only(axis) and bool(label.leaf_of(axis))


def _of_row(
    name: Label, labels: Sequence[tuple[RawCell, Label]], heads: dict[int, Label]
) -> Iterator[_Former]:
    for cell, label in labels:
        head = heads.get(cell.column)
        if label.kind != "unknown" or len(cell.text) > _LONGEST_FIGURE:
            continue
        if name.former or (head is not None and head.former):
            yield _Former(_worded(name), "" if head is None else _worded(head), cell)


def _worded(label: Label) -> str:
    """A label as it stands there, in short: without notes in brackets."""
    text = "".join(label.text.split())
    return shortened(re.split(r"[（(]", text, maxsplit=1)[0] or text, 16)
