"""Paragraphs that are the text of a table → the table, for every format whose tables may come as text.

Text copied from a page, a PDF or another program holds a table as lines: a row a line, its texts divided by blanks or
bars, a cell a line, or all cells run together with the words around them. Knows how such lines are taken apart, and
where a stretch of them begins and ends: at lines that hold nothing but labels of the form, figures and what stands
between them. What is a sentence, a heading of a section, or outside of such a stretch stays prose, and no character of
it is lost. Does not know which cell a figure belongs to; `order` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Literal

from gxeditor.imports.recognize.front import page_number
from gxeditor.imports.recognize.tables import is_figure
from gxeditor.imports.source import RawCell, RawTable, SourceText
from gxeditor.wording.labels import Lexicon, label_key, plain

_PIECES = 8  # into so many pieces a line break in a PDF cuts one label at most
_LONGEST = 400  # characters of a row on one line; what is longer is prose, or cells run together
_LONGEST_WORDS = 60  # characters of a line amid a table that is no label: half a heading, a strange row
_STRANGE = 12  # such lines below each other; more are no part of the table
_MOST_LINES = 20_000  # looked at; a whole report, a cell a line, has some 500
_MOST_CHARACTERS = 200_000  # searched for cells run together; the longest report met has 20,000
_LEAST_LABELS = 2  # of a stretch, rows or columns, below which figures beside a word are no table
_LEAST_NAMELESS = 4  # headings of columns of 表四, which has two or three lines of them
_LEAST_RUN = 5  # labels that follow each other with nothing but figures between: cells run together
_PAGE_NUMBER = re.compile(r"\s*(?:[-—–]\s*[0-9]{1,3}\s*[-—–]|第\s*[0-9]{1,3}\s*页.{0,12})\s*")
_BARS = re.compile(r"[|｜│┃║\t]")
_BARS_ONLY = re.compile(r"[|｜\s\u2500-\u257f]*|[+|][-=+|\s]*")  # rules between rows, too
_RULE = re.compile(r":?[-=]+:?")
_SENTENCE = re.compile(r"[。；;！？]")
_CLAUSE = re.compile(r"[，,。；;！？：%％]")
_LONGEST_FOREIGN = 24  # characters of a heading for figures of another year; chosen
_OUTER = re.compile(r"[一二三四五六七八]\s?[、.．]")
_NUMBER_BEFORE = re.compile(
    r"(?:[（(]\s?[一二三四五六七八]\s?[)）]\s?|[一二三四五六七八]\s?[、.．]\s?|[1-9]\s?[、.．]\s?)?[“\"（(]?$"
)
_BETWEEN = re.compile(r"[0-9.,，/\s|｜\-—]{0,120}")
_CLOSERS = '”"）)。'  # of a label whose last words stand in marks
_DIGITS = re.compile(r"[0-9]{15,60}")  # of all cells of 表四
_NOTE = re.compile(r"\s{0,4}[（(][^（()）]{1,60}[)）]")


_FEWEST_ROWS = 3  # of a table that stands in columns; 表四 has three lines of headings
_EDGES = re.compile(r"^[|｜│┃║]|[|｜│┃║]$")


class Pieces:
    """Takes the lines of tables apart."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._searched = 0

    def of(self, cell: RawCell) -> Iterator[RawCell]:
        """The texts of a cell: what bars, tabs or blanks divide; a label with blanks in it stays together.

        Bars divide cells, which get columns of their own; blanks may stand anywhere.
        """
        text = cell.text
        if _PAGE_NUMBER.fullmatch(text) or page_number(text):
            return
        if _BARS.search(text):
            parts = [part.strip() for part in _BARS.split(_without_bars(text))]
            if all(_RULE.fullmatch(part) for part in parts if part) and any(map(len, parts)):
                return  # the line below the headings of a Markdown table
            for place, part in enumerate(parts):
                yield replace(cell, text=part, column=cell.column + place)
            return
        parts = text.split()
        if self.is_label(text) or len(text) > _LONGEST:
            yield cell
            return
        if len(parts) < 2:
            stuck = self._stuck(text)
            yield from (replace(cell, text=part) for part in stuck) if len(stuck) > 1 else (cell,)
            return
        at = 0
        while at < len(parts):
            end = next(
                (
                    end
                    for end in range(min(len(parts), at + _PIECES), at + 1, -1)
                    if not any(map(self.is_figure, parts[at + 1 : end]))
                    and self.is_label(" ".join(parts[at:end]))
                ),
                at + 1,
            )
            whole = " ".join(parts[at:end])
            for part in self._stuck(whole) if end == at + 1 else (whole,):
                yield replace(cell, text=part)
            at = end

    def is_figure(self, text: str) -> bool:
        """Whether a text is a figure, or the figures of a row run together."""
        return is_figure(text, self._lexicon) or _DIGITS.fullmatch(text) is not None

    def is_label(self, text: str) -> bool:
        return self._lexicon.read(text)[0].kind in ("known", "neutral")

    def _stuck(self, text: str) -> Sequence[str]:
        """The labels and figures that a text without a border between them is made of; the text itself if it is not."""
        if self._searched > _MOST_CHARACTERS or len(text) < 3 or self.is_figure(text):
            return (text,)
        self._searched += len(text)
        for start, end, texts in self.runs(text, 1):
            if not start and end == len(text):
                return texts
        return (text,)

    # -------------------- cells run together
    @cached_property
    def _names(self) -> re.Pattern[str]:
        """The keys of all labels, the longest that fits; titles of sections are none."""
        titles = {label_key(title)[1] for worded in self._lexicon.titles.values() for title in worded}
        blocks = (block for table in self._lexicon.form.tables for block in table.blocks)
        corners = {label_key(block.corner)[1] for block in blocks if block.corner}
        keys = {*self._lexicon.nodes, *self._lexicon.aliases.neutral, *corners} - titles
        return re.compile("|".join(map(re.escape, sorted((k for k in keys if len(k) > 1), key=len)[::-1])))

    def runs(self, text: str, least: int = _LEAST_RUN) -> list[tuple[int, int, list[str]]]:
        """Where in a text at least so many labels run together: from, to, and the labels and figures there."""
        shadow, at = _shadow(text)
        found = [(at[m.start()], at[m.end() - 1] + 1) for m in self._names.finditer(shadow)]
        found = [(start - _number_before(text, start), end) for start, end in found]
        runs: list[tuple[int, int, list[str]]] = []
        run: list[tuple[int, int]] = []
        inside = 0
        for place in [*found, (len(text), len(text))]:
            if run and place[1] <= inside and place[0] < len(text):
                continue  # a word in the note behind a label
            if run and (place == (len(text), len(text)) or not _is_between(text[run[-1][1] : place[0]])):
                runs.extend(self._run(text, run, least))
                run = []
            note = _NOTE.match(text, place[1])
            inside = note.end() if note else 0
            run.append(place)
        return runs

    def _run(
        self, text: str, places: Sequence[tuple[int, int]], least: int
    ) -> Iterator[tuple[int, int, list[str]]]:
        """One run of labels as texts, if it has so many."""
        texts: list[str] = []
        end = places[0][0]
        figures = 0
        for (start, stop), (following, _) in zip(places, [*places[1:], (len(text), 0)], strict=True):
            note = _NOTE.match(text, stop)
            stop = note.end() if note and note.end() <= following else stop
            while stop < following and text[stop] in _CLOSERS:
                stop += 1
            between = _BETWEEN.match(text, stop, following)
            assert between is not None  # it matches the empty string
            texts.append(text[start:stop].strip())
            digits = between[0].strip("|｜ \t，,—-")
            end = stop + len(between[0].rstrip()) if digits else stop
            if digits:
                texts.append(digits)
                figures += 1
        if len(places) >= least and (figures or least == 1):
            yield places[0][0], end, texts


def _without_bars(text: str) -> str:
    """The text without the bars around it, one in front and one at its end."""
    return _EDGES.sub("", text.strip())


def _shadow(text: str) -> tuple[str, list[int]]:
    """The words of a text as labels are compared, without marks and blanks, and where each character stands."""
    shadow: list[str] = []
    at: list[int] = []
    for place, char in enumerate(text):
        for one in _bare(char):
            shadow.append(one)
            at.append(place)
    return "".join(shadow), at


@lru_cache(maxsize=8_000)  # a text has some 2,000 different characters
def _bare(char: str) -> str:
    """What a label's key keeps of a character."""
    return "".join(one for one in plain(char) if one.isalnum())


def _number_before(text: str, start: int) -> int:
    """How many characters the numbering in front of a label takes, with the marks that open it."""
    front = text[max(0, start - 10) : start]
    found = _NUMBER_BEFORE.search(front)
    return len(found[0]) if found else 0


def _is_between(text: str) -> bool:
    """Whether a text between two labels holds figures only, or nothing."""
    note = _NOTE.match(text)
    rest = text[note.end() if note else 0 :]
    return _BETWEEN.fullmatch(rest.strip(_CLOSERS)) is not None


# -------------------- stretches
Kind = Literal["table", "bars", "strange", "prose"]


_Line = tuple[SourceText, list[RawCell], Kind]
"""A paragraph with its texts, and what it may be."""


def tables_in_text(
    blocks: Sequence[SourceText | RawTable], lexicon: Lexicon
) -> tuple[tuple[SourceText | RawTable, ...], frozenset[int]]:
    """The blocks with each stretch of table text as a table, and the ids (`id`) of the tables that are such.

    Its cells have the origins of the paragraphs; each row is a paragraph.
    """
    return _Dividing(lexicon).divide(blocks)


class _Dividing:
    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._pieces = Pieces(lexicon)
        self._titles = {label_key(title)[1] for worded in lexicon.titles.values() for title in worded}
        self._row_keys = [
            key for key, nodes in lexicon.nodes.items() if any(node.axis == "row" for node in nodes)
        ]
        self._searched = 0  # characters
        self._made: list[SourceText | RawTable] = []
        self._tables: set[int] = set()
        self._stretch: list[_Line] = []

    def divide(
        self, blocks: Sequence[SourceText | RawTable]
    ) -> tuple[tuple[SourceText | RawTable, ...], frozenset[int]]:
        for number, block in enumerate(blocks):
            if isinstance(block, RawTable) or block.role or number >= _MOST_LINES:
                self._end()
                self._made.append(block)
                continue
            for part in self._parts(block):
                if isinstance(part, RawTable):
                    self._end()
                    self._tables.add(id(part))
                    self._made.append(part)
                    continue
                texts, kind = self._read(part)
                if kind == "prose":
                    self._end()
                    self._made.append(part)
                else:
                    self._stretch.append((part, texts, kind))
        self._end()
        return tuple(self._made), frozenset(self._tables)

    def _parts(self, block: SourceText) -> Iterator[SourceText | RawTable]:
        """A paragraph, or what it is where cells run together in it: paragraphs and tables by turns."""
        text = block.text
        if len(text) <= _LONGEST_WORDS or self._searched + len(text) > _MOST_CHARACTERS:
            yield block
            return
        if _BARS.search(text) and len(text) <= _LONGEST:
            yield block
            return
        self._searched += len(text)
        at = 0
        for start, end, texts in self._pieces.runs(text):
            if text[at:start].strip():
                yield replace(block, text=text[at:start].strip())
            rows = [RawCell(row, 0, 1, 1, one, block.origin) for row, one in enumerate(texts)]
            yield RawTable(tuple(rows), block.origin)
            at = end
        if text[at:].strip():
            yield replace(block, text=text[at:].strip()) if at else block

    def _read(self, block: SourceText) -> tuple[list[RawCell], Kind]:
        """The texts of a paragraph, and what it may be."""
        text = block.text
        if _BARS_ONLY.fullmatch(text):
            return [], "bars"
        if len(text) > _LONGEST or self._is_heading(text):
            return [], "prose"
        texts = list(self._pieces.of(RawCell(0, 0, 1, 1, text, block.origin)))
        strange = [
            one
            for one in texts
            if not (one.is_blank or self._pieces.is_figure(one.text) or self._tells(one.text))
        ]
        if texts and not strange:
            return texts, "table"
        if any(_SENTENCE.search(one.text) or len(one.text) > _LONGEST_WORDS for one in strange):
            return [], "prose"
        if len(strange) < len(texts) and _BARS.search(text):
            return texts, "table"  # bars divide cells, whatever is in one of them
        return texts, "strange"

    def _tells(self, text: str) -> bool:
        """Whether a text is a label; a sentence that speaks of last year is none."""
        label = self._lexicon.read(text)[0]
        if label.kind == "foreign" and not label.former:
            return len(text) <= _LONGEST_FOREIGN and not _CLAUSE.search(text)
        return label.kind != "unknown"

    def _is_heading(self, text: str) -> bool:
        """Whether a paragraph heads a section, well or badly: it is numbered as one, and no row begins so."""
        key = label_key(text)[1]
        if key in self._titles:
            return True
        if not _OUTER.match(text) or self._tells(text):
            return False
        texts = list(self._pieces.of(RawCell(0, 0, 1, 1, text)))
        if texts and self._tells(texts[0].text):
            return False
        first = label_key(texts[0].text if texts else text)[1]
        return bool(first) and not any(name.startswith(first) for name in self._row_keys)

    def _end(self) -> None:
        """Ends a stretch: what is a table becomes one, what stands around it stays as it is."""
        lines, self._stretch = self._stretch, []
        run: list[_Line] = []
        strange = 0
        for one in lines:
            strange = strange + 1 if one[2] == "strange" else 0
            if strange > _STRANGE:
                self._keep(run)
                self._made.append(one[0])
                run = []
                continue
            run.append(one)
        self._keep(run)

    def _keep(self, run: list[_Line]) -> None:
        first = next((i for i, one in enumerate(run) if self._begins(one)), len(run))
        last = max((i for i, one in enumerate(run) if one[2] == "table"), default=-1)
        first -= self._cut_label_before(run, first)
        while first and run[first - 1][2] == "bars":
            first -= 1
        while 0 <= last < len(run) - 1 and run[last + 1][2] == "bars":
            last += 1
        table = run[first : last + 1]
        if not self._is_table(table):
            self._made.extend(block for block, _, _ in run)
            return
        self._made.extend(block for block, _, _ in run[:first])
        rows = self._in_columns(table)
        cells = [
            replace(one, row=row, column=column)
            for row, texts in enumerate(rows or [texts for _, texts, _ in table])
            for column, one in enumerate(texts)
        ]
        made = RawTable(tuple(cells), table[0][0].origin)
        if not rows:
            self._tables.add(id(made))
        self._made.append(made)
        self._made.extend(block for block, _, _ in run[last + 1 :])

    def _in_columns(self, table: Sequence[_Line]) -> list[list[RawCell]]:
        """The rows of lines whose bars divide cells that stand in columns, blank ones included; none if they do not.

        So Markdown has them: as many bars in each line, and what is left of the first figure, if it is not blank, in
        one column. Where merged cells were dropped, names of differing depth stand left of the figures.
        """
        rows: list[list[RawCell]] = []
        names: set[int] = set()
        for block, texts, kind in table:
            if kind == "bars" or not texts:
                continue
            parts = [part.strip() for part in _BARS.split(_EDGES.sub("", block.text.strip()))]
            cells = [RawCell(0, 0, 1, 1, part, block.origin) for part in parts]
            first = next((i for i, part in enumerate(parts) if self._pieces.is_figure(part)), 0)
            if first and parts[first - 1]:
                names.add(first)
            rows.append(cells)
            if len(cells) != len(rows[0]) or len(names) > 1:
                return []
        return rows if len(rows) >= _FEWEST_ROWS and len(rows[0]) > 1 else []

    def _cut_label_before(self, run: Sequence[_Line], first: int) -> int:
        """How many lines before the first that surely is of a table make one label, cut by line breaks."""
        for lines in range(min(first, _PIECES), 1, -1):
            cut = "".join(block.text for block, _, _ in run[first - lines : first])
            if len(cut) <= _LONGEST and self._pieces.is_label(cut):
                return lines
        return 0

    def _begins(self, one: _Line) -> bool:
        """Whether a table may begin with a paragraph: its first text is a label."""
        first = next((text for text in one[1] if not text.is_blank), None)
        return first is not None and (
            self._tells(first.text) or (one[2] == "table" and not self._pieces.is_figure(first.text))
        )

    def _is_table(self, run: Sequence[_Line]) -> bool:
        """Whether a stretch is a table: it has rows, and headings of columns or rows with several figures.

        Of 表四, whose one row has no name, the headings alone.
        """
        texts = [one for _, several, _ in run for one in several if not one.is_blank]
        figures = sum(self._pieces.is_figure(one.text) for one in texts)
        labels = [label for one in texts for label in self._lexicon.read(one.text) if label.kind == "known"]
        columns = sum(label.only("column") for label in labels)
        rows = sum(label.only("row") and bool(label.leaf_of("row")) for label in labels)
        nameless = sum(
            label.only("column") and label.cells <= self._lexicon.without_row_label for label in labels
        )
        if not figures or len(labels) < _LEAST_LABELS:
            return False
        return nameless >= _LEAST_NAMELESS or (rows > 0 and (columns > 0 or figures >= 3 * len(labels)))
