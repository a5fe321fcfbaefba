"""Tables whose cells stand in no columns → cells of the form, by the form's own order of labels.

Text copied from a web page, a PDF or a chat keeps the order of the cells, one row or one cell a line, but neither
columns nor merged cells: a row with an outer label has one text more than the next. Here a figure is placed only if its
row is named, the headings seen come in the printed order, and the row has just as many figures as the form has columns.
Everything else is left out and remarked upon. Where texts do stand in columns, `tables` reads them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from gxeditor.core.form import Form, Heading
from gxeditor.imports.recognize.digits import RunTogether, are_run_together, lacks_figures, read_apart
from gxeditor.imports.recognize.notes import line_number, one_row_told, one_row_words, shortened, table_name
from gxeditor.imports.recognize.offers import ready
from gxeditor.imports.recognize.table_text import Pieces
from gxeditor.imports.recognize.tables import Reading, is_figure, read_group
from gxeditor.imports.source import ImportNote, RawCell, RawTable
from gxeditor.wording.labels import Label, Lexicon, label_key, plain

_WHOLE = "整张没有读入，请对照原文填写。"
_PIECES = 8  # into so many pieces a line break in a PDF cuts one label at most
_NOTES = 30  # of one table
_MOST = 5_000  # texts; a whole report, a cell or a sentence a line, has some 500
_SHORTEST_HEADING = 4  # characters of a column's heading; what is shorter may be half of one
_SHORTEST_NOTE = 8  # characters of a piece of the note in the corner; no heading of a column is so long
_NOTE_BEGUN = re.compile(r"\([^()]*$")
_NOTE_ENDS = re.compile(r"^[^()]*\)$")
_LONGEST_ENTRY = 12  # characters of a text that somebody wrote in place of a number


@dataclass(slots=True)
class _Words:
    """Texts between figures: cells of the original, one or more of which make a label."""

    raws: list[RawCell] = field(default_factory=list)


@dataclass(slots=True)
class _Figures:
    """Figures that follow each other; blank cells count while all of them stand on one line."""

    raws: list[RawCell] = field(default_factory=list)
    whole: list[RawCell] = field(default_factory=list)
    """All cells behind the name on the first figure's line, blank ones included, where bars or tabs divide them."""

    @property
    def filled(self) -> list[RawCell]:
        return [raw for raw in self.raws if not raw.is_blank]


@dataclass
class Ordered:
    """What the order of the labels says: `values` by cell id, the rows found, figures left out, and notes about them.

    `labels` counts the labels understood, `lost` the figures that have no cell; `placed` the rows whose figures have,
    `strange` those whose names the form does not know. `loose` are the texts that are neither labels nor figures.
    """

    values: dict[str, RawCell] = field(default_factory=dict)
    lines: set[tuple[str, str]] = field(default_factory=set)
    labels: int = 0
    lost: int = 0
    placed: int = 0
    strange: int = 0
    notes: list[ImportNote] = field(default_factory=list)
    loose: list[RawCell] = field(default_factory=list)


def read_tables(group: Sequence[RawTable], lexicon: Lexicon, *, as_text: bool = False) -> Reading:
    """What tables that belong together say, by their columns if they have any, else in order.

    Tables that came as text (`as_text`) have none, whatever their rows look like. A table of which less than half can
    be placed, most rows having other names, is not the one it was taken for: nothing of it is read.
    """
    many = sum(len(table.cells) for table in group) > _MOST
    if not as_text and (many or any(table.has_spans for table in group)):
        return read_group(group, lexicon)
    rows = [row for table in group for row in _rows_of(table)]
    ordered = read_in_order(rows if not many else (), lexicon)
    placed = sum(not raw.is_blank for raw in ordered.values.values())
    if not as_text and (not placed or not ordered.labels or _in_columns(rows)):
        reading = read_group(group, lexicon)
        if any(not raw.is_blank for raw in reading.values.values()):
            return reading
        if ordered.lost or not placed:
            if ordered.labels and ordered.notes:  # what is wrong with the first row is mostly wrong with all
                return replace(
                    reading,
                    notes=[
                        replace(ordered.notes[0], done=_WHOLE, cells=_cells_in(ordered.lines, lexicon.form))
                    ],
                    loose=ordered.loose,
                )
            return reading
    notes = ordered.notes
    values = ordered.values
    if many:
        what = f"这张表有 {sum(len(table.cells) for table in group)} 格，年报没有这么大的表。"
        notes = [ImportNote("doubt", "表格", what, _WHOLE, group[0].origin)]
    elif placed < ordered.lost and ordered.placed < ordered.strange:
        what = f"这张表只有 {placed} 个数能对上格子，另有 {ordered.lost} 个对不上。"
        notes = [ImportNote("doubt", "表格", what, _WHOLE, group[0].origin), *notes]
        values = {}
    return Reading(values, ordered.lines, ordered.labels, notes, ordered.loose)


def _cells_in(lines: Container[tuple[str, str]], form: Form) -> tuple[str, ...]:
    return tuple(cell.id for cell in form.cells.values() if (cell.section, cell.row.key) in lines)


def _rows_of(table: RawTable) -> list[list[RawCell]]:
    rows: list[list[RawCell]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(cell)
    return rows


def _in_columns(rows: Sequence[Sequence[RawCell]]) -> bool:
    """Whether texts without spans stand in columns: all rows are as long, or the figures begin in one column.

    Text that lost the blank cells of merged headings has rows of differing length, whose figures begin here and there.
    """
    filled = [row for row in rows if any(not cell.is_blank for cell in row)]
    if len({len(row) for row in filled}) == 1:
        return len(filled[0]) > 1
    begins = {
        next(i for i, cell in enumerate(row) if is_figure(cell.text))
        for row in filled
        if any(is_figure(cell.text) for cell in row)
    }
    return len(begins) == 1 and any(cell.is_blank for row in filled for cell in row)


def read_in_order(rows: Iterable[Sequence[RawCell]], lexicon: Lexicon) -> Ordered:
    """What rows of texts say, each read from left to right; never raises on their content."""
    return _OrderReading(lexicon).read(rows)


class _OrderReading:
    """One text: runs of words and of figures by turns."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._form: Form = lexicon.form
        self._pieces = Pieces(lexicon)
        self._result = Ordered()
        self._blocks = [(table.key, block) for table in self._form.tables for block in table.blocks]
        self._of_cell = {
            cell.id: number for number, (_, block) in enumerate(self._blocks) for cell in block.cells
        }
        self._head = -1  # the block that the headings seen last belong to
        self._head_is_right = True
        self._columns: list[
            str
        ] = []  # where the headings are others than printed: the column below each, or none
        self._told_columns: set[tuple[str, ...]] = set()
        self._headings_told: list[RawCell] = []
        self._strange: dict[int, RawCell] = {}
        self._last = ""  # the first cell of the row read last
        self._last_row: tuple[str, ...] = ()
        self._doubled: dict[str, list[RawCell]] = {}
        self._has_blanks: set[int] = set()  # blocks with blank cells, of which run together no trace is left
        self._singles: list[tuple[Label, _Figures]] = []  # rows that have but the name of several
        self._named: set[tuple[str, str]] = set()  # rows that have a name of their own
        self._unplaced: set[str] = set()  # cells of rows whose figures were left out
        self._together: list[tuple[RunTogether, _Figures]] = []
        self._with_blanks: list[tuple[tuple[str, ...], _Figures]] = []
        self._displaced: set[str] = set()  # tables with the figures of a whole row that have no name
        self._without_figures: set[str] = set()  # tables with a row's name behind which no figures come
        self._below_name: list[
            tuple[str, list[RawCell]]
        ] = []  # by table, figures on other lines than their name
        self._stands_apart: list[bool] = []  # of whole rows: whether a blank cell stands before the figures

    def read(self, rows: Iterable[Sequence[RawCell]]) -> Ordered:
        words = _Words()
        runs = list(self._runs(rows))
        for number, run in enumerate(runs):
            if isinstance(run, _Words):
                words = run
            else:
                behind = runs[number + 1] if number + 1 < len(runs) else _Words()
                assert isinstance(behind, _Words)  # runs come by turns
                self._segment(words, run, behind)
                words = _Words()
        self._note_bare_names(self._labels(words.raws))  # counted, though no figure follows
        self._leave_out_displaced()
        self._place_with_blanks()
        self._read_apart()
        self._check_single_rows()
        for cell_id, raws in self._doubled.items():
            first = self._result.values.pop(cell_id)
            texts = "”“".join(dict.fromkeys(raw.text.strip() for raw in (first, *raws)))
            self._result.lost += 1 + len(raws)
            self._note((cell_id,), raws, f"同一格有不同的数：“{texts}”。", "没有读入，这一格不变。")
        self._leave_out_doubtful()
        told = {id(raw) for note in self._result.notes for raw in note.raw}
        self._result.loose = [
            raw
            for raw in self._strange.values()
            if id(raw) not in told and plain(raw.text) not in self._printed
        ]
        del self._result.notes[_NOTES:]
        return self._result

    def _leave_out_doubtful(self) -> None:
        """Takes back rows that come again with figures that could not be placed: which ones count nobody knows."""
        values = self._result.values
        rows: dict[tuple[str, str], list[str]] = {}
        for cell_id in self._unplaced:
            if cell_id in values and not values[cell_id].is_blank:
                cell = self._form.cells[cell_id]
                rows.setdefault((cell.section, cell.row.key), []).append(cell_id)
        for found in rows.values():
            ids = [cell_id for cell_id in self._form.cells if cell_id in found]
            raws = [values.pop(cell_id) for cell_id in ids]
            self._result.lost += len(raws)
            self._note(
                ids,
                raws,
                "这一行还有对不上格子的数，也许是断成了两行，也许行名出现了两次。",
                "都没有读入，请对照原文填写。",
            )

    # -------------------- texts → runs
    def _runs(self, rows: Iterable[Sequence[RawCell]]) -> Iterator[_Words | _Figures]:
        run: _Words | _Figures = _Words()
        for row in rows:
            cells = [piece for cell in row for piece in self._pieces.of(cell)]
            divided = list(cells) if len({cell.column for cell in cells}) == len(cells) > 2 else []
            while cells and cells[-1].is_blank:
                cells.pop()
            for place, cell in enumerate(cells):
                if not place and self._is_serial(cells):
                    continue
                if cell.is_blank:
                    # a blank cell counts as one only between the figures of its own line, or behind a label
                    if place and len(cells) > 2 and isinstance(run, _Figures):
                        run.raws.append(cell)
                elif self._is_figure(cell.text) or (
                    isinstance(run, _Figures) and self._is_between_figures(cells, place)
                ):
                    if isinstance(run, _Words):
                        yield run
                        before = max((i for i in range(place) if not cells[i].is_blank), default=-1)
                        run = _Figures(whole=divided[before + 1 :])
                    run.raws.append(cell)
                else:
                    if isinstance(run, _Figures):
                        yield run
                        run = _Words()
                    run.raws.append(cell)
        yield run

    def _is_serial(self, cells: Sequence[RawCell]) -> bool:
        """Whether a line begins with the number of its row, which is no figure of the row before."""
        if len(cells) < 2 or len({cell.column for cell in cells}) < len(cells):
            return False
        label = next((cell for cell in cells[1:] if not cell.is_blank), None)
        number = cells[0].text.strip()
        return (
            number.isdigit() and len(number) <= 3 and label is not None and self._pieces.is_label(label.text)
        )

    def _is_figure(self, text: str) -> bool:
        return self._pieces.is_figure(text)

    def _is_between_figures(self, cells: Sequence[RawCell], place: int) -> bool:
        """Whether a text like 「约3」 takes the place of a figure in its line, to be refused in its own cell.

        Only where tabs divide the cells: between blanks it may be anything.
        """
        if len({cell.column for cell in cells}) < len(cells):
            return False
        at = place
        while at < len(cells) and not self._is_figure(cells[at].text):
            if (
                len(cells[at].text) > _LONGEST_ENTRY
                or self._lexicon.read(cells[at].text)[0].kind != "unknown"
            ):
                return False
            at += 1
        return place > 0 and at < len(cells) and not cells[place - 1].is_blank

    def _labels(self, raws: Sequence[RawCell]) -> list[tuple[RawCell, Label]]:
        """The labels in texts, those put together again that line breaks cut."""
        found: list[tuple[RawCell, Label]] = []
        at = 0
        while at < len(raws):
            labels, end = self._lexicon.read(raws[at].text), at + 1
            if labels[0].kind == "unknown":
                for stop in range(min(len(raws), at + _PIECES), at + 1, -1):
                    whole = self._lexicon.label("".join(raw.text.strip() for raw in raws[at:stop]))
                    if whole.kind in ("known", "neutral"):
                        labels, end = (whole,), stop
                        break
            elif _NOTE_BEGUN.search(plain(raws[at].text)):
                for stop in range(at + 2, min(len(raws), at + _PIECES) + 1):
                    if _NOTE_ENDS.search(plain(raws[stop - 1].text)):
                        whole = self._lexicon.label("".join(raw.text.strip() for raw in raws[at:stop]))
                        labels, end = ((whole,), stop) if whole.nodes == labels[-1].nodes else (labels, end)
                        break
            found.extend((raws[at], label) for label in labels)
            if labels[0].kind == "unknown":
                self._strange[id(raws[at])] = raws[at]
            at = end
        self._result.labels += sum(label.kind in ("known", "neutral") for _, label in found)
        return found

    # -------------------- runs → rows of the form
    def _segment(self, words: _Words, figures: _Figures, behind: _Words) -> None:
        found = self._labels(words.raws)
        if found and found[-1][1].kind == "unknown" and (cut := self._cut_row(words, figures, behind)):
            self._place_named(cut, figures)
            return
        if not any(label.kind in ("known", "neutral", "foreign") for _, label in found):
            if figures.filled:
                self._result.strange += 1
                self._doubt_row_before(words, figures)
                self._doubt_order(words, figures)
                self._lose(
                    figures, (), f"“{_shown(words.raws)}”不是表中的行名。" if found else "这些数没有行名。"
                )
            return
        ids = self._row(found)
        self._note_bare_names(found[:-1] if ids else found)
        start = self._row_starts(found) if ids else len(found)
        self._take_headings(found[:start], ids)
        ids = ids or self._row_without_name(found)
        if not ids and figures.filled and (label := self._single_row(found, behind)) is not None:
            self._singles.append((label, figures))
            self._place([i for i in self._form.cells if i in self._lexicon.one_row(label)], figures)
        elif not ids:
            name = next((raw.text for raw, label in reversed(found) if label.kind != "neutral"), "")
            foreign = next((label.text for _, label in found if label.kind == "foreign"), "")
            if foreign:
                what = f"“{shortened(foreign)}”不是本年的数。"
            else:
                what = f"“{shortened(name)}”不是表中的行名。" if name else "这些数没有行名。"
            self._result.strange += bool(figures.filled)
            self._doubt_order(words, figures)
            if not self._adds_up(
                self._last_row
            ):  # else a row with the name of a group, as of another edition
                self._doubt_row_before(words, figures)
            self._lose(figures, (), what)
        else:
            if found[-1][0].row not in {raw.row for raw in figures.raws}:
                self._below_name.append((self._form.cells[ids[0]].section, figures.raws))
            self._place_named(ids, figures)

    def _doubt_row_before(self, words: _Words, figures: _Figures) -> None:
        """Marks the row read last if figures follow that have no name of their own: a narrow column cuts figures, too.

        Then 1168 stands as 116 and, a line below, 8.
        """
        pieces = all(plain(raw.text) in self._printed for raw in words.raws)
        if pieces and len(figures.filled) <= len(self._last_row):
            self._unplaced.update(self._last_row)

    def _doubt_order(self, words: _Words, figures: _Figures) -> None:
        """Marks a table if the figures of a whole row stand below its headings, or pieces of names, alone.

        Some programs write what stands lower in a row of the page after it: names come behind their figures.
        """
        at = self._head if self._head >= 0 else self._of_cell.get(self._last, -1)
        columns = len(self._blocks[at][1].columns) if at >= 0 else 0
        pieces = all(
            plain(raw.text) in self._printed or self._pieces.is_label(raw.text) for raw in words.raws[-2:]
        )
        if columns and len(figures.filled) % columns == 0 and pieces:
            self._displaced.add(self._blocks[at][0])

    def _note_bare_names(self, found: Sequence[tuple[RawCell, Label]]) -> None:
        """Marks the tables in which the name of a row has no figures behind it."""
        for _, label in found:
            if label.only("row"):
                self._without_figures.update(self._form.cells[i].section for i in label.leaf_of("row"))

    def _leave_out_displaced(self) -> None:
        """Takes back, where names and figures are not in one order, figures on other lines than a name."""
        values = self._result.values
        for section in sorted(self._displaced & self._without_figures):
            mine = {id(raw) for at, raws in self._below_name if at == section for raw in raws}
            ids = [i for i in self._form.cells if i in values and id(values[i]) in mine]
            if ids:
                raws = [values.pop(i) for i in ids]
                self._result.lost += len(raws)
                what = "原文里有的数在行名前面，有的在后面，分不清哪个数属于哪一行。"
                where = table_name(self._form, section)
                done = "行名和数不在同一行的都没有读入，请对照原文填写。"
                self._result.notes.insert(0, ImportNote.on(raws, where, what, done, ids))

    def _adds_up(self, ids: Sequence[str]) -> bool:
        """Whether the totals of a row, if it has any, are the sums of its parts as they were read."""
        texts = {i: raw.text.strip() for i in ids if (raw := self._result.values.get(i)) is not None}
        numbers = {i: int(text) for i, text in texts.items() if text.isascii() and text.isdecimal()}
        sums = [
            (i, self._form.cells[i].parts) for i in ids if set(self._form.cells[i].parts) <= numbers.keys()
        ]
        return all(numbers.get(i) == sum(map(numbers.__getitem__, parts)) for i, parts in sums if parts)

    def _cut_row(self, words: _Words, figures: _Figures, behind: _Words) -> list[str]:
        """The cells of the row whose name line breaks cut, its figures amid the pieces; empty if it is none.

        So a PDF gives a label of several lines: its figures stand in the middle, pieces of merged headings between.
        What is behind the figures is taken from the words there.
        """
        if len({raw.row for raw in figures.raws}) != 1:
            return []
        after: list[RawCell] = []
        for raw in behind.raws[:_PIECES]:
            if any(label.leaf_of("row") for label in self._lexicon.read(raw.text)):
                break  # the next row
            after.append(raw)
        pieces = [(raw, label_key(raw.text)[1]) for raw in (*words.raws[-2 * _PIECES :], *after)]
        before = {id(raw): at for at, raw in enumerate(words.raws)}
        found: dict[frozenset[str], list[RawCell]] = {}
        for name, nodes in self._lexicon.nodes.items():
            ids = frozenset().union(*(node.cells for node in nodes if node.leaf and node.axis == "row"))
            if len(ids) == len(figures.filled) and (used := _made_of(name, pieces)) and id(used[0]) in before:
                found[ids] = used
        if len(found) != 1:
            return []
        ((ids, used),) = found.items()
        last = max(before.get(id(raw), -1) for raw in used)
        if any(plain(raw.text) not in self._printed for raw in words.raws[last + 1 :]):
            return []  # something else than pieces of merged headings stands between
        mine = {id(raw) for raw in used}
        for raw in used:
            self._strange.pop(id(raw), None)
        self._result.labels += 1
        behind.raws = [raw for raw in behind.raws if id(raw) not in mine]
        block = self._of_cell[min(ids)]
        if block != self._head:
            self._head, self._head_is_right, self._columns = block, True, []
        return [i for i in self._form.cells if i in ids]

    def _row(self, found: Sequence[tuple[RawCell, Label]]) -> list[str]:
        """The cells of the row whose name the last label is, in printed order; empty if it is none."""
        telling = [label for _, label in found if label.kind != "neutral"]
        if not telling or telling[-1].kind != "known":
            return []
        last = telling[-1]
        ids = last.leaf_of("row")
        for label in reversed(telling[:-1]):
            if label.kind != "known" or label.only("column") or label.leaf_of("row"):
                break
            if label.leaf_of("column"):
                continue
            ids &= label.cells
        if not last.only("row"):  # 其他, 总计: a heading as well, unless it is just the next row's turn
            ids = frozenset(cell_id for cell_id in ids if self._is_next(cell_id))
            if any(label.only("column") for label in telling):
                ids = frozenset()
        if not ids:
            return []
        rows = {(self._form.cells[i].section, self._form.cells[i].row.key) for i in ids}
        return [i for i in self._form.cells if i in ids] if len(rows) == 1 else []

    def _is_next(self, cell_id: str) -> bool:
        """Whether a cell's row comes just after the row read last, or its label has the number that the form prints."""
        if not self._last or self._of_cell[self._last] != self._of_cell[cell_id]:
            return False
        rows = self._blocks[self._of_cell[cell_id]][1].rows
        keys = [row.key for row in rows]
        cells = self._form.cells
        return keys.index(cells[cell_id].row.key) == keys.index(cells[self._last].row.key) + 1

    def _single_row(self, found: Sequence[tuple[RawCell, Label]], behind: _Words) -> Label | None:
        """The name of several rows, with the figures of one (（六） in 2019), if none of these comes next."""
        telling = [label for _, label in found if label.kind != "neutral"]
        if not telling or any(label.kind != "known" for label in telling) or not telling[-1].only("row"):
            return None
        ids = self._lexicon.one_row(telling[-1])
        following = self._lexicon.read(behind.raws[0].text) if behind.raws else ()
        strange = any(
            label.kind == "unknown" or label.leaf_of("row") & telling[-1].cells for label in following
        )
        return telling[-1] if ids and not strange else None

    def _check_single_rows(self) -> None:
        """Takes back what was read of one row for several, and offers it for the last of them.

        Where these stand beside it, it is their sum, and nothing is offered.
        """
        values = self._result.values
        for label, figures in self._singles:
            ids = self._lexicon.one_row(label)
            all_ids = [i for i in self._form.cells if i in label.cells]
            lines = {(self._form.cells[i].section, self._form.cells[i].row.key) for i in all_ids}
            others = self._named & lines or sum(other.cells == label.cells for other, _ in self._singles) > 1
            mine = {id(raw) for raw in figures.raws}
            read = [i for i in all_ids if i in values and id(values[i]) in mine]
            self._result.lines |= lines
            if others:
                for cell_id in read:
                    del values[cell_id]
                what = f"“{shortened(label.text)}”在原文中是一行，在表中是 {len(lines)} 行。"
                self._result.lost += len(read)
                texts = "、".join(shortened(raw.text) for raw in figures.filled)
                self._note(all_ids, figures.filled, what, f"没有读入：{texts}。")
            elif read:
                texts_of = [(i, values.pop(i).text) for i in read]
                offers = [(i, text) for i, it in texts_of if (text := ready(it, self._form.cells[i]))]
                words = one_row_words(self._form, all_ids, ids)
                what, done = one_row_told(shortened(label.text), *words)
                self._note(all_ids, figures.filled, what, done, offers)

    def _row_starts(self, found: Sequence[tuple[RawCell, Label]]) -> int:
        """Where the names of the row begin: what stands before are headings, titles, other rows."""
        at = len(found) - 1
        while at > 0:
            label = found[at - 1][1]
            if label.kind != "known" or label.only("column") or not label.only("row"):
                break
            at -= 1
        return at

    def _row_without_name(self, found: Sequence[tuple[RawCell, Label]]) -> list[str]:
        """The one row of 表四, if these are its headings and nothing else."""
        last = found[-1][1]
        cells = self._lexicon.without_row_label
        own = [i for i in self._form.cells if i in cells]
        telling = any(label.only("column") and label.cells and label.cells <= cells for _, label in found)
        at_hand = bool(own) and self._head == self._of_cell[own[0]]
        named = last.kind == "unknown" or bool(
            last.leaf_of("column")
        )  # the headings are looked at as a whole
        return own if telling and at_hand and named else []

    # -------------------- headings
    def _take_headings(self, found: Sequence[tuple[RawCell, Label]], ids: Sequence[str]) -> None:
        """Sees whether the headings before a row come in the printed order; those of another block are forgotten."""
        first = next((i for i, (_, label) in enumerate(found) if _heads(label)), None)
        if ids:
            block = self._of_cell[ids[0]]
        elif first is not None:
            block = self._block_of([label for _, label in found])
        else:
            return
        if first is None:
            if self._heads_other_figures(found):
                self._head, self._head_is_right, self._columns = block, False, []
            elif block != self._head:
                self._head, self._head_is_right = block, True
            return
        while first and (
            (found[first - 1][1].kind == "unknown" and len(found[first - 1][0].text.strip()) < 5)
            or self._heads_other_figures(found[first - 1 : first])
        ):
            first -= 1  # half a heading, or a column of another year
        self._head, self._head_is_right = block, self._in_printed_order(found[first:], block)
        self._columns = [] if self._head_is_right else self._other_columns(found, block)
        if self._head_is_right:
            for raw, _ in found[first:]:
                self._strange.pop(id(raw), None)

    def _heads_other_figures(self, found: Sequence[tuple[RawCell, Label]]) -> bool:
        """Whether, behind the corner of a table, a heading stands for figures of another year or another form."""
        for _, label in reversed(found):
            if label.kind == "neutral":
                return False
            former = self._lexicon.aliases.former.get(label_key(label.text)[1], ("", ""))
            if label.kind == "foreign" and former[1] != "row":
                return True
        return False

    def _other_columns(self, found: Sequence[tuple[RawCell, Label]], block: int) -> list[str]:
        """The keys of the form's columns below headings that are others than printed, empty for those of other tables.

        Only where the form has one line of headings, and each text behind its corner is a heading: other editions have
        other columns there.
        """
        if block < 0 or any(heading.children for heading in self._blocks[block][1].column_tree):
            return []
        columns = {line.labels[-1]: line.key for line in self._blocks[block][1].columns if line.labels}
        keys = {label_key(label)[1]: key for label, key in columns.items()}
        behind = next(
            (
                at + 1
                for at in range(len(found) - 1, -1, -1)
                if (label := found[at][1]).kind == "neutral"
                or (label.only("column") and not label.leaf_of("column"))
            ),
            0,
        )
        headings = [label for _, label in found[behind:]]
        if not behind or any(len(label_key(label.text)[1]) < _SHORTEST_HEADING for label in headings):
            return []
        under = [keys.get(self._printed_key(label, block), "") for label in headings]
        known = [key for key in under if key]
        if len(set(known)) < len(known):
            return []
        self._headings_told = [raw for raw, _ in found[behind:]]
        return under

    def _block_of(self, labels: Sequence[Label]) -> int:
        """The block that most of the headings belong to; -1 if there is none."""
        votes: dict[int, int] = {}
        for label in labels:
            blocks = {self._of_cell[i] for i in label.cells} if _heads(label) else set()
            for block in blocks:
                votes[block] = votes.get(block, 0) + 1
        return max(votes, key=lambda block: votes[block], default=-1)

    def _in_printed_order(self, found: Sequence[tuple[RawCell, Label]], block: int) -> bool:
        if block < 0 or any(label.kind == "foreign" for _, label in found):
            return False
        if any(label.kind == "unknown" for _, label in found):
            pieces = [(raw.row, label.text) for raw, label in found if label.kind != "neutral"]
            return self._pieces_in_order(pieces, block)
        seen: list[str] = []
        for _, label in found:
            if label.kind != "known" or label.only("row"):
                continue
            if not any(self._of_cell[i] == block for i in label.cells):
                # another block's headings, left without figures, may stand before
                seen.clear()
                continue
            seen.append(self._printed_key(label, block))
        return any(_is_part(seen, order) for order in self._orders(block))

    @cached_property
    def _printed(self) -> str:
        """All that the form prints in its tables, to see whether a text is a piece of it."""
        lines = (line for _, block in self._blocks for line in (*block.rows, *block.columns))
        labels = dict.fromkeys(plain(label) for line in lines for label in line.labels)
        corners = (plain(block.corner) for _, block in self._blocks if block.corner)
        return "\n".join((*labels, *corners))

    def _printed_key(self, label: Label, block: int) -> str:
        """The key of the printed heading that a label, or its variant, stands for in a block."""
        for node in label.nodes:
            if node.axis == "column" and any(self._of_cell[i] == block for i in node.cells):
                return node.key
        return ""

    def _headings(self, block: int) -> list[tuple[int, int, int, str]]:
        """The printed column headings of a block: level, first column, columns, key; outermost first."""
        found: list[tuple[int, int, int, str]] = []
        band = self._blocks[block][1].band
        wide = len(self._blocks[block][1].columns)
        if band:
            found.append((-1, 0, wide, label_key(band)[1]))

        def walk(tree: Iterable[Heading], level: int, first: int) -> None:
            for heading in tree:
                leaves = sum(1 for _ in heading.leaves())
                if heading.label:
                    found.append((level, first, leaves, label_key(heading.label)[1]))
                walk(heading.children, level + 1, first)
                first += leaves

        walk(self._blocks[block][1].column_tree, 0, 0)
        return found

    def _orders(self, block: int) -> Iterator[list[str]]:
        """The orders in which the headings of a block may be met, by their keys.

        By levels as the form prints them, with the innermost all on the last level, and each with what is below it.
        """
        headings = self._headings(block)
        yield [key for _, _, _, key in sorted(headings, key=lambda h: (h[0], h[1]))]
        yield [key for _, _, _, key in headings]
        parents = {
            (level, first)
            for level, first, wide, _ in headings
            for other, start, _, _ in headings
            if other > level and first <= start < first + wide
        }
        yield [
            key
            for level, first, _, key in sorted(
                headings, key=lambda h: (h[0] if (h[0], h[1]) in parents else 99, h[1])
            )
        ]

    def _pieces_in_order(self, pieces: Sequence[tuple[int, str]], block: int) -> bool:
        """Whether texts that line breaks cut, each with its line, are pieces of the headings from left to right."""
        rest = {(level, first): key for level, first, _, key in sorted(self._headings(block))}
        begun: set[tuple[int, int]] = set()
        line, column = -1, -1
        for row, text in pieces:
            key = label_key(text)[1] or plain(text)
            if len(plain(text)) >= _SHORTEST_NOTE and plain(text) in plain(self._blocks[block][1].corner):
                continue  # the note in the corner, cut too
            if row != line:
                line, column = row, -1
            fitting = [place for place in rest if place[1] > column and rest[place].startswith(key)]
            if not fitting or not key:
                return False
            # what was begun on a line above is ended first
            place = min(fitting, key=lambda place: (place not in begun, place[1]))
            rest[place] = rest[place][len(key) :]
            begun.add(place)
            column = place[1]
        return True

    # -------------------- rows → values
    def _place_named(self, ids: Sequence[str], figures: _Figures) -> None:
        """Places the figures of a row that has a name of its own."""
        cell = self._form.cells[ids[0]]
        self._named.add((cell.section, cell.row.key))
        self._place(ids, figures)

    def _place(self, ids: Sequence[str], figures: _Figures) -> None:
        cell = self._form.cells[ids[0]]
        self._last, self._last_row = ids[0], tuple(ids)
        self._result.lines.add((cell.section, cell.row.key))
        raws, filled = figures.raws, figures.filled
        on_one_line = len({raw.row for raw in raws}) == 1
        if not filled:
            return
        if len(ids) == 1 and re.fullmatch(r"0[0-9]+", filled[0].text.strip()):
            self._lose(figures, ids, f"“{shortened(filled[0].text)}”不是一个数的写法。")
            return
        if not self._head_is_right and self._place_below_other_columns(ids, figures):
            return
        if not self._head_is_right:
            self._lose(figures, ids, "表头与规定的不一样，分不清哪个数属于哪一列。")
        elif len(filled) == len(ids):
            if on_one_line and len(ids) > 1 and figures.whole:
                self._stands_apart.append(figures.whole[0].is_blank)
            self._set(ids, filled)
        elif on_one_line and len(raws) == len(ids) and len(filled) > 1:
            self._set(ids, raws)
        elif len({raw.origin for raw in filled}) == 1 and are_run_together(
            digits := " ".join(raw.text.strip() for raw in filled), len(ids)
        ):
            self._together.append((RunTogether(tuple(ids), digits), figures))
        elif on_one_line and len(raws) == len(ids):
            self._set(ids, raws)
        elif on_one_line and len(figures.whole) == len(ids) and len(filled) < len(ids):
            self._with_blanks.append((tuple(ids), figures))
        else:
            if len(filled) == 1 and len(ids) > 1 and lacks_figures(filled[0].text.strip(), len(ids)):
                self._has_blanks.add(self._of_cell[ids[0]])
            self._lose(
                figures,
                ids,
                f"这一行有 {len(filled)} 个数，表格有 {len(ids)} 列，分不清哪个数属于哪一列。",
            )

    def _place_with_blanks(self) -> None:
        """Places rows with blank cells in front or behind, if in all whole rows the figures follow the name at once.

        Where a blank cell stands between, it may be that of a merged one.
        """
        for ids, figures in self._with_blanks:
            nameless = ids[0] in self._lexicon.without_row_label and self._proved(ids, figures.whole)
            if nameless or (self._stands_apart and not any(self._stands_apart)):
                self._set(ids, figures.whole)
            else:
                what = f"这一行有 {len(figures.filled)} 个数，表格有 {len(ids)} 列，分不清哪个数属于哪一列。"
                self._lose(figures, ids, what)

    def _proved(self, ids: Sequence[str], raws: Sequence[RawCell]) -> bool:
        """Whether the totals of a row are the sums of its parts, blank cells counted as nothing."""
        texts = [raw.text.strip() or "0" for raw in raws]
        if not all(text.isascii() and text.isdecimal() for text in texts):
            return False
        numbers = dict(zip(ids, map(int, texts), strict=True))
        sums = ((i, self._form.cells[i].parts) for i in ids if self._form.cells[i].parts)
        return any(numbers.values()) and all(
            numbers[i] == sum(numbers[p] for p in parts) for i, parts in sums
        )

    def _place_below_other_columns(self, ids: Sequence[str], figures: _Figures) -> bool:
        """Places the figures below those headings that the form has, of a row with a figure for each heading."""
        raws, under = figures.raws, self._columns
        raws = raws if len(raws) == len(under) and len({raw.row for raw in raws}) == 1 else figures.filled
        if not under or len(raws) != len(under):
            return False
        of_column = {self._form.cells[cell].column.key: cell for cell in ids}
        placed = [(of_column[key], raw) for key, raw in zip(under, raws, strict=True) if key in of_column]
        if placed:
            self._set([cell for cell, _ in placed], [raw for _, raw in placed])
        others = [raw for raw, key in zip(self._headings_told, under, strict=True) if key not in of_column]
        names = tuple(shortened(raw.text) for raw in others)
        left = [raw for key, raw in zip(under, raws, strict=True) if key not in of_column]
        if names and names not in self._told_columns:
            self._told_columns.add(names)
            what = f"栏名“{'”“'.join(names)}”不在表中。"
            self._note(ids[:1], [*others, *left], what, "这几栏没有读入。")
        return True

    def _set(self, ids: Sequence[str], raws: Sequence[RawCell]) -> None:
        values = self._result.values
        self._result.placed += 1
        for cell_id, raw in zip(ids, raws, strict=True):
            known = values.get(cell_id)
            if known is None or known.is_blank:
                values[cell_id] = raw
            elif not raw.is_blank and known.text.strip() != raw.text.strip():
                self._doubled.setdefault(cell_id, []).append(raw)

    def _read_apart(self) -> None:
        """Places the figures that run together where one reading is left, and remarks on the others."""
        entries = {i: raw.text.strip() for i, raw in self._result.values.items()}
        known = {i: int(text) for i, text in entries.items() if text.isascii() and text.isdecimal()}
        digits: dict[tuple[str, ...], set[str]] = {}
        for row, _ in self._together:
            digits.setdefault(row.ids, set()).add(row.digits)
        rows = [
            (row, figures)
            for row, figures in self._together
            if self._of_cell[row.ids[0]] not in self._has_blanks and len(digits[row.ids]) == 1
        ]
        found = read_apart([row for row, _ in rows], known, self._form)
        told = {id(rows[place][1]): apart for place, apart in found.items()}
        for row, figures in self._together:
            raw = figures.filled[0]
            if id(figures) in told:
                self._set(row.ids, [replace(raw, text=str(figure)) for figure in told[id(figures)]])
            else:
                what = f"{len(row.ids)} 格的数连在一起，分得开的办法不止一种，或者都对不上勾稽关系。"
                self._lose(figures, row.ids, what)
        if told:
            apart = [rows[place] for place in found]
            raws = [raw for _, figures in apart for raw in figures.filled]
            what = f"有 {len(told)} 行的数连在一起，如“{shortened(raws[0].text)}”。"
            ids = [cell for row, _ in apart for cell in row.ids]
            where = table_name(self._form, self._form.cells[ids[0]].section)
            done = "按勾稽关系只有一种分法，已分开读入，请核对。"
            self._result.notes.append(ImportNote.on(raws, where, what, done, ids, "info"))

    def _lose(self, figures: _Figures, ids: Sequence[str], what: str) -> None:
        filled = figures.filled
        if filled:
            self._unplaced.update(ids)
            self._result.lost += len(filled)
            texts = "、".join(shortened(raw.text) for raw in filled[:20])
            self._note(ids, filled, what, f"没有读入：{texts}{'等' if len(filled) > 20 else ''}。")

    def _note(
        self,
        ids: Sequence[str],
        raws: Sequence[RawCell],
        what: str,
        done: str,
        offers: Sequence[tuple[str, str]] = (),
    ) -> None:
        where = "表格"
        if ids:
            cell = self._form.cells[ids[0]]
            where = table_name(self._form, cell.section)
            where += f" · {line_number(cell.row)}行" if cell.row.labels else ""
        self._result.notes.append(ImportNote.on(raws, where, what, done, ids, offers=offers))


def _heads(label: Label) -> bool:
    """Whether a label is a heading of columns, whatever else it may be."""
    return label.kind == "known" and not label.only("row")


def _made_of(name: str, pieces: Sequence[tuple[RawCell, str]]) -> list[RawCell]:
    """The pieces that make a name, from left to right, others between left out; none if they do not make it whole."""
    at = 0
    used: list[RawCell] = []
    for raw, key in pieces:
        if key and name.startswith(key, at):
            used.append(raw)
            at += len(key)
    return used if at == len(name) and len(used) > 1 else []


def _is_part(some: Sequence[str], order: Sequence[str]) -> bool:
    """Whether `some` come in `order`, others left out."""
    rest = iter(order)
    return all(key in rest for key in some)


def _shown(raws: Sequence[RawCell]) -> str:
    return shortened(" ".join(raw.text for raw in raws[-2:]))
