"""Raw tables → cells of the form.

A figure is placed by its labels: those in its row say which line it is, those above it which column, and no label may
contradict. Where the columns of the original have lost their alignment (text without spans, rows cut by a page break)
a row is read by count: as many figures as columns, in the order of the heading. Anything less certain stays blank and
is remarked upon. Knows no file format and no report; what a text means as an entry is decided later.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from gxeditor.core.form import Cell, Form
from gxeditor.core.report import KEPT_TEXTS
from gxeditor.imports.recognize.notes import Remark, note_of, number_of, one_row_words, shortened
from gxeditor.imports.recognize.offers import amount_unit, ready
from gxeditor.imports.source import ImportNote, RawCell, RawTable
from gxeditor.wording.labels import AGENCY_ENDINGS, REMARK_WORDS, Axis, Ids, Label, Lexicon, label_key, plain

_NUMBER_LIKE = re.compile(r"[+\-−]?[¥￥]?[0-9](?![0-9]{0,3}年)(?![0-9]?[、.:][^0-9])")
"""Begins like a figure: neither “2021年” nor “1.” before a label."""
_MEASURED = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?(?:件|个|次|条|项|宗|起|份|人|人次|家|元|万元)")
"""A number with its unit, which is no label 件 with the number 46."""
_LONGEST_LABEL = 60  # characters; one with a note in brackets has some 50
_LONGEST_FIGURE = 24  # a longer text that begins with digits is a sentence
_SLIPS = 200  # strange labels of a table that are compared with the printed ones; the form has some 60 labels
_NOTES = 30  # of one table
_SHOWN_UNITS = 4  # of a list of units
_UNIT = re.compile(rf"[^0-9:]{{1,40}}(?:{AGENCY_ENDINGS})")
_REMARKS = re.compile(REMARK_WORDS)
_LOST = frozenset({"strange", "contradiction", "nameless", "nowhere", "count", "gaps", "heading"})
"""The kinds of remarks on figures that no cell could be found for; what is not this year's is not among them."""


def is_figure(text: str, lexicon: Lexicon | None = None) -> bool:
    """Whether a text stands for an entry: a number, what is kept in its place, or “46件”, which is refused later.

    With a lexicon what is one of its labels is none.
    """
    text = text.strip()
    if text in KEPT_TEXTS or _MEASURED.fullmatch(plain(text)):
        return True
    if len(text) > _LONGEST_FIGURE or not _NUMBER_LIKE.match(plain(text)):
        return False
    return lexicon is None or lexicon.read(text)[0].kind not in ("known", "neutral")


@dataclass(frozen=True, slots=True)
class _Item:
    """A cell as the reading sees it; in a table on its side rows and columns are exchanged."""

    raw: RawCell
    row: int
    column: int
    row_span: int
    column_span: int
    kind: Literal["blank", "entry", "text", "labels"]
    labels: tuple[Label, ...] = ()


@dataclass
class Reading:
    """What was read from tables that belong together.

    `values` holds the raw cell of every form cell whose place was recognized, blank ones included; `lines` the row keys
    found per section; `labels` counts the label cells understood. `loose` are the texts that went nowhere, where the
    reading itself knows them.
    """

    values: dict[str, RawCell] = field(default_factory=dict)
    lines: set[tuple[str, str]] = field(default_factory=set)
    labels: int = 0
    notes: list[ImportNote] = field(default_factory=list)
    loose: list[RawCell] | None = None


@dataclass
class _Head:
    """The headings above the rows that follow: labels by column, and where they are clear, the cells they allow."""

    labels: dict[int, list[tuple[_Item, Label]]] = field(default_factory=dict)
    hints: dict[int, list[Label]] = field(default_factory=dict)
    cells: dict[int, Ids] = field(default_factory=dict)
    blocked: dict[int, _Item] = field(default_factory=dict)
    aside: dict[int, _Item] = field(
        default_factory=dict
    )  # whose figures are another year's or another form's
    slips: dict[int, tuple[_Item, Label]] = field(
        default_factory=dict
    )  # told only by a heading that resembles
    is_broken: bool = False  # a heading stands twice, below another innermost one, or beside its group
    end: int = 0  # of the longest row of headings, blank cells included

    def settle(self, form: Form, has_spans: bool) -> None:
        for column, stack in self.labels.items():
            telling = [(item, label) for item, label in stack if label.kind != "neutral"]
            if not telling:
                continue
            nearest, last = telling[-1]
            if any(label.kind == "foreign" for _, label in telling):
                self.aside[column] = nearest
            leaves = {
                plain(label.text) for _, label in telling if label.leaf_of("column") and label.only("column")
            }
            self.is_broken |= len(leaves) > 1
            allowed = last.leaf_of("column")
            for _, label in telling:
                if label.kind == "known":
                    allowed &= label.cells
            if last.kind == "unknown" or any(label.kind == "foreign" for _, label in telling):
                self.blocked[column] = nearest
                continue
            for hint in self.hints.get(column, ()):
                allowed = allowed & hint.cells or allowed
            if allowed:
                self.cells[column] = allowed
                if (slip := _decided_by_a_slip(telling, "column", allowed)) is not None:
                    self.slips[column] = slip
            elif last.leaf_of("column"):
                self.blocked[column] = nearest  # the headings contradict each other
                self.is_broken |= not has_spans  # in text they have slipped
        seen: dict[Ids, _Item] = {}
        repeated = [
            seen.setdefault(ids, self.nearest(c)) is not self.nearest(c) for c, ids in self.cells.items()
        ]
        self.is_broken |= (len(seen) > 1 and any(repeated)) or self._leaves_its_group(form)
        first = min(self.cells, default=0)
        self.blocked = {column: item for column, item in self.blocked.items() if column >= first}

    @property
    def other_figures(self) -> list[int]:
        """The columns of figures, as far as is known, that are none of the form's; a row may have lost any of them."""
        return [c for c, item in {**self.blocked, **self.aside}.items() if not _REMARKS.search(item.raw.text)]

    def _leaves_its_group(self, form: Form) -> bool:
        """Whether a column stands outside the merged heading that it belongs under; a total may."""
        groups: dict[Ids, set[int]] = {}
        for column, stack in self.labels.items():
            for item, label in stack:
                if item.column_span > 1 and label.only("column") and not label.leaf_of("column"):
                    groups.setdefault(label.cells, set()).add(column)
        return any(
            column not in columns and cells <= group and not any(form.cells[i].column.is_sum for i in cells)
            for group, columns in groups.items()
            for column, cells in self.cells.items()
        )

    def nearest(self, column: int) -> _Item:
        return next(item for item, label in reversed(self.labels[column]) if label.kind != "neutral")


@dataclass
class _Segment:
    """Labels with the cells to their right; a row is one segment, unless two tables stand side by side."""

    head: _Head
    labels: list[tuple[_Item, Label]] = field(default_factory=list)
    cells: list[_Item] = field(default_factory=list)
    ids: Ids = frozenset()
    slip: tuple[_Item, Label] | None = None
    end: int = 0
    alone: bool = True

    @property
    def filled(self) -> list[_Item]:
        return [item for item in self.cells if item.kind != "blank"]

    @property
    def is_dense(self) -> bool:
        """Whether no blank cell stands between the figures."""
        first = next((i for i, item in enumerate(self.cells) if item.kind != "blank"), 0)
        count = len(self.filled)
        return all(item.kind != "blank" for item in self.cells[first : first + count])


def _decided_by_a_slip(
    telling: Sequence[tuple[_Item, Label]], axis: Axis, allowed: Ids
) -> tuple[_Item, Label] | None:
    """The label, merely like a printed one, without which its line would not be known; None if there is none."""
    slips = [(item, label) for item, label in telling if label.read_as]
    if not slips:
        return None
    if telling[-1][1].read_as:
        return telling[-1]
    exact = telling[-1][1].leaf_of(axis)
    for _, label in telling:
        if label.kind == "known" and not label.read_as:
            exact &= label.cells
    return None if exact == allowed else slips[-1]


def group_tables(tables: Sequence[RawTable], lexicon: Lexicon) -> list[list[RawTable]]:
    """The tables, a continuation without headings of its own together with the table that it continues."""
    groups: list[list[RawTable]] = []
    of_section: dict[str, list[RawTable]] = {}
    last_section = ""
    for table in tables:
        section, headed = _survey(table, lexicon)
        group = of_section.get(section) if section and not headed else None
        if not section and last_section == "disputes" and table.columns == groups[-1][0].columns:
            # the one row of figures of 表四 has no label; its headings may stand on the page before
            group = groups[-1]
        if group is None:
            group = []
            groups.append(group)
        group.append(table)
        if section:
            of_section[section] = group
        last_section = section
    return groups


_FORMER = "proactive"
"""The table that had other columns in 2019; the two others had the same."""


def _survey(table: RawTable, lexicon: Lexicon) -> tuple[str, bool]:
    """Whose table this is by its labels (a section key, or empty), and whether column headings come before figures."""
    votes: dict[str, int] = {}
    headed = begun = False
    for cell in table.cells:
        if cell.is_blank:
            continue
        begun = begun or is_figure(cell.text, lexicon)
        for label in lexicon.read(cell.text):
            sections = {cell_id.partition(".")[0] for cell_id in label.cells}
            if len(sections) == 1:
                section = sections.pop()
                votes[section] = votes.get(section, 0) + 1
            if label.former:
                votes[_FORMER] = votes.get(_FORMER, 0) + 1
            column = bool(label.former) or (label.only("column") and bool(label.leaf_of("column")))
            headed = headed or (column and not begun)
    return max(votes, key=lambda key: votes[key], default=""), headed


def read_group(group: Sequence[RawTable], lexicon: Lexicon) -> Reading:
    """What tables that belong together say; never raises on their content."""
    return _GroupReading(lexicon, group).read()


class _GroupReading:
    """One group of tables: the rows below each other, then row by row."""

    def __init__(self, lexicon: Lexicon, group: Sequence[RawTable]) -> None:
        self._lexicon = lexicon
        self._form = lexicon.form
        self._group = group
        self._remarks: list[Remark] = []
        self._doubled: dict[str, list[RawCell]] = {}
        self._slipped: dict[int, tuple[_Item, Label, dict[str, RawCell]]] = {}
        """Labels merely like printed ones, by their cells, with the figures that would be theirs."""
        self._names: set[int] = set()
        """The strange names of rows whose figures were left out, by identity."""
        self._aside: dict[int, tuple[_Item, list[RawCell]]] = {}
        """The figures under headings that are none of the form's or of the year, by the heading's identity."""
        self._result = Reading()
        self._starts: list[int] = []
        self._singles: list[tuple[_Segment, Label]] = []  # rows that have but the name of several
        self._has_spans = any(table.has_spans for table in group)
        self._is_bare = True  # neither figures nor strange texts: a blank form

    def read(self) -> Reading:
        rows = self._rows()
        segments = list(self._segments(rows))
        for segment in segments:
            self._identify(segment)
        self._take_single_rows(segments)
        slipped = any(self._has_slipped(segment) for segment in segments if segment.ids)
        for segment in segments:
            if segment.ids:
                self._place(segment, self._is_aligned(segment, slipped))
        for cell_id, raws in self._doubled.items():
            first = self._result.values.pop(cell_id)
            texts = tuple(dict.fromkeys(raw.text.strip() for raw in (first, *raws)))
            self._remark("doubled", cell_id, raws, (cell_id,), texts)
        self._offer_slips()
        self._remark_single_rows()
        self._keep_nothing_of_a_strange_table()
        self._remark_totals()
        self._remark_breaks(segments)
        self._result.notes = self._notes()
        return self._result

    def _keep_nothing_of_a_strange_table(self) -> None:
        """Forgets what was placed where most figures found no cell: its labels agree by chance."""
        placed = [raw for raw in self._result.values.values() if not raw.is_blank]
        lost = {id(raw) for remark in self._remarks if remark.kind in _LOST for raw in remark.raw}
        lost -= self._names
        if placed and len(placed) < len(lost) and not self._is_of_an_earlier_form:
            self._remark("mostly_lost", "", placed, (), (str(len(placed)), str(len(lost))))
            self._remarks.insert(0, self._remarks.pop())  # it says what the others are about
            self._result.values.clear()

    @property
    def _is_of_an_earlier_form(self) -> bool:
        """Whether headings that only an earlier form has say what table this is, however little of it is left today."""
        former = {
            label.text
            for table in self._group
            for cell in table.cells
            if len(cell.text) <= _LONGEST_LABEL
            for label in self._lexicon.read(cell.text)
            if label.former
        }
        return len(former) > 1

    def _offer_slips(self) -> None:
        """Leaves blank, and offers, what stands beside a label that is merely like a printed one."""
        unit = amount_unit(self._group, self._lexicon)
        for item, label, raws in self._slipped.values():
            found = {i: raw for i, raw in raws.items() if i not in self._result.values}
            if not found:
                continue
            ids = self._in_order(frozenset(found))
            texts = {i: ready(found[i].text, self._form.cells[i], unit) for i in ids}
            cell = self._form.cells[ids[0]]
            facts = (shortened(label.text), label.read_as)
            raw = (item.raw, *(found[i] for i in ids))
            offers = tuple((i, text) for i, text in texts.items() if text)
            line = cell.row if len({self._form.cells[i].row.key for i in ids}) == 1 else None
            self._remarks.append(Remark("slip_offered", cell.section, line, raw, tuple(ids), facts, offers))

    # -------------------- cells → rows
    def _rows(self) -> list[list[_Item]]:
        """The items of each row, those that reach down into it included; the table set upright."""
        items: list[_Item] = []
        top = 0
        for table in self._group:
            self._starts.append(top)
            items.extend(self._item(cell, top) for cell in table.cells)
            top += table.rows
        items = self._mend_slips(items)
        self._result.labels = sum(item.kind == "labels" for item in items)
        self._is_bare = not any(item.kind in ("entry", "text") for item in items)
        if self._lies_on_its_side(items):
            self._starts = []
            if not self._has_spans and len(set(_ends(items).values())) > 1:
                self._remark("uneven", "", [i.raw for i in items if i.kind == "entry"], (), ())
                return []
            items = [
                replace(i, row=i.column, column=i.row, row_span=i.column_span, column_span=i.row_span)
                for i in items
            ]
        rows: list[list[_Item]] = [[] for _ in range(max((i.row + i.row_span for i in items), default=0))]
        for item in items:
            for row in range(item.row, item.row + item.row_span):
                rows[row].append(item)
        for row_items in rows:
            row_items.sort(key=lambda item: item.column)
        return rows

    def _item(self, cell: RawCell, top: int) -> _Item:
        kind: Literal["blank", "entry", "text", "labels"] = "text"
        labels: tuple[Label, ...] = ()
        if cell.is_blank:
            kind = "blank"
        elif cell.text.strip() in KEPT_TEXTS or _MEASURED.fullmatch(plain(cell.text)):
            kind = "entry"
        else:
            labels = self._lexicon.read(cell.text)
            if labels[0].kind != "unknown":
                kind = "labels"
            elif _NUMBER_LIKE.match(plain(cell.text)):
                kind = "entry"
        return _Item(cell, cell.row + top, cell.column, cell.row_span, cell.column_span, kind, labels)

    def _mend_slips(self, items: list[_Item]) -> list[_Item]:
        """Strange labels that only one printed heading resembles, taken for it; only in a table that is the form's."""
        if sum(label.kind == "known" for item in items for label in item.labels) < 3:
            return items
        strange = list(dict.fromkeys(item.raw.text for item in items if item.kind == "text"))[:_SLIPS]
        mended = {text: label for text in strange if (label := self._lexicon.resembling(text)) is not None}
        return [
            replace(item, kind="labels", labels=(mended[item.raw.text],))
            if item.kind == "text" and item.raw.text in mended
            else item
            for item in items
        ]

    @staticmethod
    def _lies_on_its_side(items: Iterable[_Item]) -> bool:
        """Whether the form's column headings stand below each other, and its row headings side by side."""
        lines: dict[tuple[Axis, str], set[int]] = {}
        axes: tuple[Axis, Axis] = ("row", "column")
        for item in items:
            for label in item.labels:
                for axis in axes:
                    if label.only(axis) and label.leaf_of(axis):
                        lines.setdefault((axis, "down"), set()).add(item.row)
                        lines.setdefault((axis, "across"), set()).add(item.column)

        def count(axis: Axis, way: str) -> int:
            return len(lines.get((axis, way), ()))

        upright = count("row", "down") + count("column", "across")
        return count("row", "across") + count("column", "down") > upright

    # -------------------- rows → segments
    def _segments(self, rows: Sequence[Sequence[_Item]]) -> Iterator[_Segment]:
        head = _Head()
        open_head = True
        for number, row in enumerate(rows):
            own = [item for item in row if item.row == number]
            labels = [label for item in own for label in item.labels]
            entries = any(item.kind == "entry" for item in own)
            across = any(label.only("column") or self._is_former_column(label) for label in labels)
            down = any(label.only("row") for label in labels)
            under = open_head and head.labels and len(labels) > 1  # 本年, 上年 below the headings
            if (across or under) and not entries and not down:
                if not open_head:
                    head = _Head()
                    open_head = True
                self._add_headings(head, own)
            elif entries or any(label.leaf_of("row") for label in labels):
                if open_head:
                    head.settle(self._form, self._has_spans)
                    open_head = False
                    self._remark_columns(head)
                yield from self._split(row, number, head)
            else:
                for item in own:
                    if item.kind == "text":
                        self._remark("text", "", (item.raw,), (), (shortened(item.raw.text),))
        if open_head:  # 表四 with its one row left blank
            head.settle(self._form, self._has_spans)
            for cell_id in self._lexicon.without_row_label & frozenset().union(*head.cells.values()):
                cell = self._form.cells[cell_id]
                self._result.lines.add((cell.section, cell.row.key))

    def _is_former_column(self, label: Label) -> bool:
        """Whether a heading is of a column that only an earlier form has."""
        return bool(label.former) and self._lexicon.aliases.former[label_key(label.text)[1]][1] == "column"

    def _add_headings(self, head: _Head, row: Sequence[_Item]) -> None:
        group: Label | None = None
        for item in row:
            head.end = max(head.end, item.column + item.column_span)
            if item.kind == "blank":
                if group is not None:  # text drops spans: a group's heading stands only over its first column
                    head.hints.setdefault(item.column, []).append(group)
                continue
            labels = item.labels or (Label(item.raw.text, "", "unknown"),)
            for column in range(item.column, item.column + item.column_span):
                head.labels.setdefault(column, []).extend((item, label) for label in labels)
            last = labels[-1]
            group = (
                last if last.only("column") and not last.leaf_of("column") and item.column_span == 1 else None
            )
            self._remark_slip(item)

    def _split(self, row: Sequence[_Item], number: int, head: _Head) -> Iterator[_Segment]:
        segments = [_Segment(head)]
        for item in row:
            segment = segments[-1]
            segment.end = max(segment.end, item.column + item.column_span)
            known = any(label.kind == "known" and not label.only("column") for label in item.labels)
            label_like = item.kind == "labels"
            if item.kind == "text":
                # a strange text is an entry under a heading once the row has its name, else a strange name
                named = any(label.leaf_of("row") for _, label in segment.labels)
                headed = item.column in head.cells or item.column in head.aside
                label_like = not segment.filled and not (named and headed)
            if label_like and segment.filled and known:
                if not segment.labels:
                    self._remark("serial", "", [i.raw for i in segment.filled], (), ())
                    segments.pop()
                segments.append(segment := _Segment(head, end=segment.end))
            if label_like and not segment.filled:
                segment.cells.clear()
                segment.labels.extend((item, label) for label in item.labels)
            elif item.kind in ("blank", "entry"):
                segment.cells.append(item if item.row == number else replace(item, kind="blank"))
            elif item.column in head.cells or item.column in head.aside:
                segment.cells.append(item)
            elif item.row == number:
                self._remark("tail", "", (item.raw,), (), (shortened(item.raw.text),))
        for segment in segments:
            segment.alone = len(segments) == 1
        yield from segments

    # -------------------- segments → lines of the form
    def _identify(self, segment: _Segment) -> None:
        """Finds the cells that the segment's labels allow; remarks why there are none."""
        telling = [(item, label) for item, label in segment.labels if label.kind != "neutral"]
        if not telling:
            segment.ids = self._lexicon.without_row_label
            if not any(segment.ids & cells for cells in segment.head.cells.values()):
                segment.ids = frozenset()
                self._lost(segment, "nameless")
            return
        last = telling[-1][1]
        ids = last.leaf_of("row")
        for _, label in telling:
            if label.kind == "known":
                ids &= label.cells
        if any(label.former for _, label in telling):
            return  # told with its figures by `former`
        if any(label.kind == "foreign" for _, label in telling):
            self._lost(
                segment, "foreign", next(label.text for _, label in telling if label.kind == "foreign")
            )
        elif last.kind == "unknown":
            self._lost(segment, "strange", last.text)
        elif ids:
            segment.ids = ids
            segment.slip = _decided_by_a_slip(telling, "row", ids)
            for item, label in telling:
                if segment.slip is None or segment.slip[1] is not label:
                    self._remark_slip(item)
        elif last.leaf_of("row"):
            self._lost(
                segment, "contradiction", *(label.text for _, label in telling if label.kind == "known")
            )
        elif not last.only("column"):
            self._singles.append((segment, last))
        else:
            self._lost(segment, "strange", last.text)

    def _take_single_rows(self, segments: Sequence[_Segment]) -> None:
        """Gives one row for several of the form's (（六） in 2019) its cells, where none of these stands beside it."""
        alike = [label.cells for segment, label in self._singles if segment.filled]
        after = {id(one): other for one, other in pairwise(segments)}
        for segment, label in self._singles:
            ids = self._lexicon.one_row(label)
            parts = any(one.ids & label.cells for one in segments if one.ids is not ids)
            behind = after.get(id(segment))
            strange = behind is not None and any(one.kind == "unknown" for _, one in behind.labels)
            if ids and segment.filled and not parts and not strange and alike.count(label.cells) == 1:
                segment.ids = ids
            else:
                self._lose_group(segment, label)

    def _remark_single_rows(self) -> None:
        """Takes back what was read of one row for several, and offers it for the last of them."""
        values = self._result.values
        for segment, label in self._singles:
            read = [cell_id for cell_id in self._in_order(segment.ids) if cell_id in values]
            if read:
                texts = [(cell_id, values.pop(cell_id).text) for cell_id in read]
                offers = [(i, text) for i, it in texts if (text := ready(it, self._form.cells[i]))]
                all_ids = self._in_order(label.cells)
                facts = (shortened(label.text), *one_row_words(self._form, all_ids, segment.ids))
                lines = {cell.row.key: cell for cell in map(self._form.cells.__getitem__, all_ids)}
                self._result.lines |= {(cell.section, key) for key, cell in lines.items()}
                raws = [item.raw for item in segment.filled]
                section = all_ids[0].partition(".")[0]
                self._remark("one_row", section, raws, all_ids, facts, offers)

    def _lose_group(self, segment: _Segment, label: Label) -> None:
        """Remarks one row for what the form divides into several, as （六） in 2019: which of them is not known."""
        lines = dict.fromkeys(
            (cell.section, cell.row.key) for cell in self._form.cells.values() if cell.id in label.cells
        )
        filled = segment.filled
        if filled:
            texts = "、".join(shortened(item.raw.text) for item in filled[:20])
            facts = (shortened(label.text), str(len(lines)), texts)
            section = next(iter(lines))[0]
            self._remark("group", section, [i.raw for i in filled], self._in_order(label.cells), facts)
            self._result.lines |= lines.keys()

    def _lost(self, segment: _Segment, kind: str, *facts: str) -> None:
        filled = segment.filled
        if filled:
            texts = "、".join(shortened(item.raw.text) for item in filled[:20])
            section = next((i.partition(".")[0] for _, label in segment.labels for i in label.cells), "")
            names = [item.raw for item, label in segment.labels if label.kind == "unknown"]
            self._names.update(map(id, names))
            raws = [*(item.raw for item in filled), *dict.fromkeys(names)]
            self._remark(kind, section, raws, (), (*map(shortened, facts), texts))

    # -------------------- segments → values
    @staticmethod
    def _has_slipped(segment: _Segment) -> bool:
        """Whether a label stands where a column of figures is, or a figure where no heading is."""
        head = segment.head
        if not head.cells:
            return False
        label_below_heading = any(
            label.kind != "neutral" and item.column in head.cells for item, label in segment.labels
        )
        return label_below_heading or any(
            not any(item.column in columns for columns in (head.cells, head.blocked, head.aside))
            for item in segment.filled
        )

    def _is_aligned(self, segment: _Segment, slipped: bool) -> bool:
        """Whether the columns of this row can be trusted to stand below their headings.

        A row that ends early may have lost a cell anywhere. Where cells are merged, labels reach up to the figures.
        Text says nothing of merged cells: where one row has slipped there, no other can be trusted.
        """
        columns = {
            c: len(cells & segment.ids) for c, cells in segment.head.cells.items() if cells & segment.ids
        }
        if not columns or max(columns.values()) > 1 or segment.head.is_broken or self._has_slipped(segment):
            return False
        if segment.alone and segment.end <= max((*columns, *segment.head.other_figures)):
            return False
        if segment.alone and not self._has_spans and segment.end > segment.head.end:
            return False
        if self._ends_with_a_remark(segment) and segment.end < segment.head.end:
            return False
        begins = not segment.alone or (bool(segment.cells) and segment.cells[0].column == min(columns))
        return not slipped or (self._has_spans and begins)

    def _ends_with_a_remark(self, segment: _Segment) -> bool:
        """Whether words stand last in a row of text: those of a column behind, if the row has lost a cell."""
        return not self._has_spans and bool(segment.filled) and segment.filled[-1].kind == "text"

    def _place(self, segment: _Segment, aligned: bool) -> None:
        ids = self._in_order(segment.ids)
        for cell_id in ids:
            cell = self._form.cells[cell_id]
            self._result.lines.add((cell.section, cell.row.key))
        if segment.filled and all(item.column in segment.head.aside for item in segment.filled):
            return  # its columns are told by themselves
        if aligned:
            self._place_by_column(segment)
        elif segment.filled:
            self._place_by_count(segment, ids)

    def _in_order(self, ids: Ids) -> list[str]:
        return [cell_id for cell_id in self._form.cells if cell_id in ids] if ids else []

    def _place_by_column(self, segment: _Segment) -> None:
        head = segment.head
        for item in segment.cells:
            allowed: Ids = frozenset()
            for column in range(item.column, item.column + item.column_span):
                allowed |= head.cells.get(column, frozenset())
            ids = self._in_order(allowed & segment.ids)
            columns = range(item.column, item.column + item.column_span)
            if item.kind == "blank":
                if len(ids) == 1 and item.raw.is_blank:
                    self._result.values.setdefault(ids[0], item.raw)
            elif len(ids) == 1 and item.row_span == 1:
                self._set(ids[0], item, segment.slip or head.slips.get(item.column))
            elif others := [one for c in columns if (one := head.blocked.get(c) or head.aside.get(c))]:
                self._aside.setdefault(id(others[0].raw), (others[0], []))[1].append(item.raw)
            else:
                kind = "merged" if max(item.row_span, item.column_span) > 1 else "nowhere"
                self._remark(
                    kind, ids or self._in_order(segment.ids), (item.raw,), ids, (shortened(item.raw.text),)
                )

    def _place_by_count(self, segment: _Segment, ids: list[str]) -> None:
        order = self._order(segment, ids)
        filled = segment.filled
        raws = [item.raw for item in filled]
        cells = [self._form.cells[cell_id] for cell_id in order]
        if not order:
            self._remark("heading", ids, raws, ids, ())
        elif self._ends_with_a_remark(segment):
            self._remark("count", ids, raws, ids, (str(len(filled) - 1), str(len(order))))
        elif len(filled) >= len(order) > 1 and not segment.is_dense:
            self._remark("gaps", ids, raws, ids, (str(len(filled)), str(len(order))))
        elif len(filled) == len(order):
            for cell_id, item in zip(order, filled, strict=True):
                self._set(cell_id, item, self._slip_over(segment, cell_id))
        elif len(filled) == len(order) + 1 and (kept := _without_surplus(filled, cells)) is not None:
            for cell_id, item in zip(order, kept[0], strict=True):
                self._set(cell_id, item, self._slip_over(segment, cell_id))
            after = self._after_surplus(filled, kept[1], segment.head, cells)
            self._remark("surplus", ids, raws, ids, (str(len(filled)), str(len(order)), after))
        elif len(filled) == 1 < len(order) and self._is_last_total(segment, cells):
            self._set(order[-1], filled[0], self._slip_over(segment, order[-1]))
        else:
            self._remark("count", ids, raws, ids, (str(len(filled)), str(len(order))))

    def _order(self, segment: _Segment, ids: list[str]) -> list[str]:
        """The segment's cells in the order of the headings; the printed order if there are no headings at all.

        Empty if the headings leave doubt, or if neither labels nor headings say which row this is.
        """
        head = segment.head
        if len({self._form.cells[cell_id].row.key for cell_id in ids}) != 1:
            return []
        if not head.cells and not head.blocked:
            if len(ids) > 1:
                self._remark("no_heading", ids, [segment.cells[0].raw], (), ())
            return ids
        found: dict[int, tuple[str, ...]] = {}
        for column in sorted(head.cells):
            here = tuple(self._in_order(head.cells[column] & segment.ids))
            if here:
                found.setdefault(id(head.nearest(column).raw), here)
        order = [one for several in found.values() for one in several]
        whole = sorted(order) == sorted(ids) and len(found) == len(ids)
        strange = head.blocked or any(column >= min(head.cells) for column in head.other_figures)
        strange = strange or any(item.column in head.aside for item in segment.cells)
        strange = strange or any(
            item.column < min(head.cells, default=0)
            and any(label.kind == "unknown" for _, label in head.labels.get(item.column, ()))
            for item in segment.filled
        )  # a column of other figures stands in front, and the row may have lost a cell
        return order if whole and not strange and not head.is_broken else []

    @staticmethod
    def _is_last_total(segment: _Segment, cells: Sequence[Cell]) -> bool:
        """Whether the only figure ends the row, so far to the right that no column but the last, a total, is left."""
        blanks = next(i for i, item in enumerate(segment.cells) if item.kind != "blank")
        return cells[-1].is_total and blanks == len(segment.cells) - 1 >= len(cells) - 1

    def _after_surplus(
        self, filled: list[_Item], droppable: set[int], head: _Head, cells: Sequence[Cell]
    ) -> str:
        """The heading after which the surplus figure stands, if one column without a heading gives it away."""
        bare = [i for i in sorted(droppable) if filled[i].column not in head.labels]
        if len(bare) != 1 or not 0 < bare[0] <= len(cells):
            return ""
        return cells[bare[0] - 1].column.labels[-1]

    @staticmethod
    def _slip_over(segment: _Segment, cell_id: str) -> tuple[_Item, Label] | None:
        """The label merely like a printed one by which a cell's row or column was told."""
        slips = (slip for column, slip in segment.head.slips.items() if cell_id in segment.head.cells[column])
        return segment.slip or next(slips, None)

    def _set(self, cell_id: str, item: _Item, slip: tuple[_Item, Label] | None) -> None:
        if slip is not None:
            raws = self._slipped.setdefault(id(slip[0].raw), (*slip, {}))[2]
            raws.setdefault(cell_id, item.raw)
            return
        known = self._result.values.get(cell_id)
        if known is None or known.is_blank:
            self._result.values[cell_id] = item.raw
        elif known.text.strip() != item.raw.text.strip():
            self._doubled.setdefault(cell_id, []).append(item.raw)

    # -------------------- remarks
    def _remark(
        self,
        kind: str,
        about: str | Sequence[str],
        raw: Iterable[RawCell],
        ids: Iterable[str],
        facts: Iterable[str],
        offers: Iterable[tuple[str, str]] = (),
    ) -> None:
        """`about` is a cell id, the ids of a row, or a section key (empty: unknown)."""
        first = about if isinstance(about, str) else next(iter(about), "")
        cell = self._form.cells.get(first)
        section = cell.section if cell is not None else first
        self._remarks.append(
            Remark(
                kind, section, cell.row if cell else None, tuple(raw), tuple(ids), tuple(facts), tuple(offers)
            )
        )

    def _remark_slip(self, item: _Item) -> None:
        for label in item.labels:
            if label.read_as and not (label.leaf_of("column") and label.only("column")):
                section = next(iter(label.cells)).partition(".")[0]
                self._remark("slip", section, (item.raw,), (), (shortened(label.text), label.read_as))

    def _remark_columns(self, head: _Head) -> None:
        for item in dict.fromkeys(head.blocked.values()):
            if any(label.former for label in item.labels):
                continue  # told with their figures by `former`
            kind = "foreign_column" if any(label.kind == "foreign" for label in item.labels) else "column"
            self._remark(kind, "", (item.raw,), (), (shortened(item.raw.text),))

    def _remark_totals(self) -> None:
        """Rows with a total and none of its parts."""
        values = self._result.values
        for cell in self._form.cells.values():
            raw = values.get(cell.id)
            if raw is None or raw.is_blank or not cell.column.is_sum:
                continue
            if all((part := values.get(i)) is None or part.is_blank for i in cell.parts):
                self._remark("only_total", cell.id, (raw,), (cell.id,), ())

    def _remark_breaks(self, segments: Sequence[_Segment]) -> None:
        """Where a continuation was joined on, with the group that the break cut in two; and strange outer labels."""
        explained: set[int] = set()
        placed = [segment for segment in segments if segment.ids and segment.cells]
        for before, first in pairwise(placed):
            rows = (before.cells[0].row, first.cells[0].row)
            if bisect_right(self._starts, rows[0]) == bisect_right(self._starts, rows[1]):
                continue  # in the same table
            cell, other = self._form.cells[min(first.ids)], self._form.cells[min(before.ids)]
            labels = cell.row.labels
            facts: tuple[str, ...] = ()
            if len(labels) > 2 and other.row.labels[:-1] == labels[:-1]:
                name = label_key(labels[-2])[1]
                strays = (item for item, label in first.labels if label.kind == "unknown")
                stray = next((i for i in strays if name.endswith(label_key(i.raw.text)[1])), None)
                if stray is not None:
                    explained.add(id(stray.raw))
                group = cell.row.key.rpartition(".")[0]
                count = sum(
                    s == cell.section and key.rpartition(".")[0] == group for s, key in self._result.lines
                )
                facts = (name, stray.raw.text.strip() if stray else "", str(count), number_of(labels[-2]))
            raw = first.labels[0][0].raw if first.labels else first.cells[0].raw
            self._remarks.append(Remark("break", cell.section, None, (raw,), (), facts))
        for segment in placed:
            for item, label in segment.labels:
                if (
                    label.kind == "unknown"
                    and item.row == segment.cells[0].row
                    and id(item.raw) not in explained
                ):
                    section = self._form.cells[min(segment.ids)].section
                    self._remark("outer", section, (item.raw,), (), (shortened(label.text),))

    # -------------------- remarks → notes
    def _notes(self) -> list[ImportNote]:
        mostly_lost = any(remark.kind == "mostly_lost" for remark in self._remarks)
        if not mostly_lost and all(raw.is_blank for raw in self._result.values.values()):
            return self._note_on_a_strange_table()
        together: dict[tuple[str, str, tuple[str, ...]], list[Remark]] = {}
        told = {id(remark.raw[0]) for remark in self._remarks if remark.kind in ("column", "foreign_column")}
        for item, _ in self._aside.values():  # before the first column of the form
            if id(item.raw) not in told and not any(label.former for label in item.labels):
                self._remark("foreign_column", "", (item.raw,), (), (shortened(item.raw.text),))
        for remark in self._remarks:
            if remark.kind in ("column", "foreign_column") and id(remark.raw[0]) in self._aside:
                remark = replace(remark, raw=(*remark.raw, *self._aside[id(remark.raw[0])][1]))
            together.setdefault((remark.kind, remark.section, remark.facts), []).append(remark)
        notes = [note_of(self._form, remarks, self._result.values) for remarks in together.values()]
        if len(notes) > _NOTES:
            rest = len(notes) - _NOTES
            notes = [
                *notes[:_NOTES],
                ImportNote(
                    "doubt", "表格", f"这张表另有 {rest} 处没有看懂。", "没有读入。", self._group[0].origin
                ),
            ]
        return notes

    def _note_on_a_strange_table(self) -> list[ImportNote]:
        table = self._group[0]
        shown = " ".join(shortened(cell.text) for cell in table.cells if not cell.is_blank)[:60]
        if not shown or self._is_bare:
            return []
        doubt = self._result.labels > 1
        if doubt and (units := self._units()):
            listed = "、".join(units[:_SHOWN_UNITS]) + ("等" if len(units) > _SHOWN_UNITS else "")
            what = f"这是 {len(units)} 个单位的汇总表，不是一个单位的年报：{listed}。"
            done = "没有读入；请导入各单位自己的年报。"
            ids = self._cells_of_lines()
            return [ImportNote("doubt", "表格", what, done, table.origin, ids, table.cells)]
        what = "这张表的数没有一个能对上格子" if doubt else "这不是年报的统计表"
        return [
            ImportNote(
                "doubt" if doubt else "info",
                "表格",
                f"{what}：“{shown}”。",
                "没有读入。",
                table.origin,
                self._cells_of_lines(),
                table.cells[:1],
            )
        ]

    def _cells_of_lines(self) -> tuple[str, ...]:
        lines = self._result.lines
        return tuple(cell.id for cell in self._form.cells.values() if (cell.section, cell.row.key) in lines)

    def _units(self) -> list[str]:
        """The agencies that stand below each other, or side by side, in place of headings; none if only one."""
        named = [
            cell
            for table in self._group
            for cell in table.cells
            if len(cell.text) <= _LONGEST_LABEL and _UNIT.fullmatch(plain(cell.text))
        ]
        named = [cell for cell in named if self._lexicon.read(cell.text)[0].kind == "unknown"]
        lines = Counter([("column", cell.column) for cell in named] + [("row", cell.row) for cell in named])
        (axis, line), count = next(iter(lines.most_common(1)), (("", 0), 0))
        at = [cell for cell in named if (cell.column if axis == "column" else cell.row) == line]
        units = list(dict.fromkeys(plain(cell.text) for cell in at))
        return units if len(units) > 1 and count > 1 else []


def _ends(items: Iterable[_Item]) -> dict[int, int]:
    """Where the rows that hold figures end."""
    ends: dict[int, int] = {}
    rows = {item.row for item in items if item.kind == "entry"}
    for item in items:
        if item.row in rows:
            ends[item.row] = max(ends.get(item.row, 0), item.column + item.column_span)
    return ends


def _without_surplus(filled: list[_Item], cells: Sequence[Cell]) -> tuple[list[_Item], set[int]] | None:
    """The row without its one surplus zero, if exactly one reading makes its totals right; and which may be dropped."""
    texts = [plain(item.raw.text).replace(",", "") for item in filled]
    if not all(re.fullmatch(r"[0-9]{1,12}", text) for text in texts):
        return None
    numbers = [int(text) for text in texts]
    ids = [cell.id for cell in cells]
    totals = [cell for cell in cells if cell.is_total and set(cell.parts) <= set(ids)]
    readings: dict[tuple[int, ...], set[int]] = {}
    for dropped in range(len(numbers)):
        reading = (*numbers[:dropped], *numbers[dropped + 1 :])
        values = dict(zip(ids, reading, strict=True))
        if totals and all(values[total.id] == sum(values[i] for i in total.parts) for total in totals):
            readings.setdefault(reading, set()).add(dropped)
    if len(readings) != 1:
        return None
    droppable = next(iter(readings.values()))
    last = max(droppable)
    if any(numbers[i] for i in droppable):
        return None
    return [*filled[:last], *filled[last + 1 :]], droppable
