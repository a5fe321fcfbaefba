"""What the headings on the way to a cell say about it, however they are arranged.

Knows how a heading in a form to fill in may be worded (joined: 「不予公开-属于国家秘密」, with a word more or less, a
year, a slip of the pen), and which cells of the form agree with all headings of a path. Stricter than the reading of
reports: a cell counts only if every heading that it needs is there, each by a label of its own, and none contradicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, NamedTuple

from gxeditor.core.form import Cell, Form
from gxeditor.wording.labels import Axis, Lexicon, label_key, load_aliases, plain

PRINTED, VARIANT, DERIVED, SLIP = 1.0, 0.97, 0.94, 0.85
"""How sure a label is: worded as printed, as in the aliases, made of known words, or merely like one."""

Kind = Literal["known", "neutral", "foreign", "field", "year", "unknown", "noise"]


class Part(NamedTuple):
    """A label within a text: the headings (by number) that it may stand for, and the cells under any of them."""

    nodes: tuple[int, ...]
    cells: int
    plain: bool
    """Whether the label can mean one heading only, whatever number stands before it."""


@dataclass(frozen=True, eq=False, slots=True)
class ReadHeading:
    """A text as a heading.

    known: `parts` are headings of the form, outermost first; neutral: tells nothing; foreign: heads no figures of this
    year; field: asks for something else (`field`); year: only says for which year; noise: a code or a note; unknown:
    anything else. `strange` are unknown words joined before known ones, `years` the years that the text names.
    """

    text: str
    kind: Kind
    parts: tuple[Part, ...] = ()
    certainty: float = PRINTED
    strange: tuple[str, ...] = ()
    years: frozenset[int] = frozenset()
    field: str = ""
    section: str = ""


class Fit(NamedTuple):
    """The cell that all labels of a path agree on; `whole` unless it was found without a heading of its column.

    `rivals` are the cells, if they are several, that the labels fit entirely: 「其他」 beside 「总计」 fits two.
    """

    cell: str
    whole: bool
    rivals: tuple[str, ...] = ()


_CONTRADICTION = Fit("", False)

_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?=年|$|[^0-9])")
_YEAR_ALONE = re.compile(r"((?:19|20)[0-9]{2})(?:年度?)?(?:数据|数量|数|情况|实际|统计|填报|报告)?")
_CHINESE_YEAR = re.compile(r"二[〇○零]([〇○零一二三四五六七八九])([〇○零一二三四五六七八九])(?=年)")
_DIGIT = {digit: value for value, digits in enumerate(("〇○零", *"一二三四五六七八九")) for digit in digits}
_TABLE = re.compile(r"(?:附?表|附件|sheet)[一二三四五六1-6]?(?:[-.][0-9])?", re.IGNORECASE)
_CJK = re.compile(r"[\u3400-\u9fff]")
_NOTE_LENGTH = 36  # of a plain text without known wording that is a remark to the reader, not a heading
_SENTENCE = re.compile(r"[,，;；。].")
_NOTE = re.compile(r"(?:注|备注|说明|填表说明|填报说明|填报要求|审核关系|填报口径)[::].+")
_KEPT = 50_000  # readings
_LONGEST = 400  # characters that are looked at

_BEFORE = re.compile(r"^(?:(?:19|20)[0-9]{2}年度?|其中|本年度|本年|当年|年度)[::]?")
_TO_FILL = re.compile(r"[_＿]{2,}")
_AFTER = (
    "申请数量",
    "申请件数",
    "申请数",
    "数量",
    "件数",
    "数",
    "情况",
    "申请",
    "案件数",
    "案件",
    "类",
    "信息",
    "的",
)
_DIVIDERS = re.compile(
    r"[-—–−‐_/|\\>＞·•→~～:：;；,，\n]+|\s{2,}|(?<=[\u3400-\u9fff])\s(?=[\u3400-\u9fff(（0-9])"
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）|【[^【】]*】")
_NUMBER_INSIDE = re.compile(
    r"(?<=[\u3400-\u9fff)）])(?=(?:[（(][一二三四五六七八九十]{1,3}[)）]|[①-⑩]|[0-9]{1,2}\s*[.、．](?![0-9])))"
)
_NUMBER_WITHIN = re.compile(r"(?<=[\u3400-\u9fff])[0-9]{1,2}(?=[\u3400-\u9fff])(?!年)")
_TAIL = re.compile(r"^(.+?)\(([^()]+)\)$")


class Headings:
    """The headings of a form, to read texts as and to fit to each other. Readings are kept: templates repeat them."""

    def __init__(self, form: Form, lexicon: Lexicon) -> None:
        self.form = form
        self._lexicon = lexicon
        self._ids = tuple(form.cells)
        self._index = {cell_id: i for i, cell_id in enumerate(self._ids)}
        bit = {cell_id: 1 << i for i, cell_id in enumerate(self._ids)}
        self._bit = bit
        self._masks: list[int] = []
        self._leaf: list[bool] = []
        self._axis: list[Axis] = []
        numbers: dict[int, int] = {}
        """Of a `Node`, by its identity: the lexicon keeps them alive, and variants share them."""
        self._parts: dict[str, tuple[tuple[str, int], ...]] = {}
        for key, nodes in lexicon.nodes.items():
            listed = []
            for node in nodes:
                if id(node) not in numbers:
                    numbers[id(node)] = len(self._masks)
                    self._masks.append(sum(bit[cell_id] for cell_id in node.cells))
                    self._leaf.append(node.leaf)
                    self._axis.append(node.axis)
                listed.append((node.number, numbers[id(node)]))
            self._parts[key] = tuple(listed)
        self._sections: dict[str, tuple[str, Part]] = {}
        for section in form.sections:
            mask = sum(bit[cell.id] for cell in section.table.cells) if section.table is not None else 0
            number = len(self._masks)
            self._masks.append(mask)
            self._leaf.append(False)
            self._axis.append("row")
            for title in lexicon.titles[section.key]:
                self._sections[label_key(title)[1]] = (section.key, Part((number,), mask, True))
        self._needed = [self._needs(cell) for cell in form.cells.values()]
        self._leaves = [self._own(cell) for cell in form.cells.values()]
        self._printed = {
            label_key(label)[1]
            for cell in form.cells.values()
            for line in (cell.row, cell.column)
            for label in line.labels
        }
        self._shortest = min((len(key) for key in self._parts if len(key) > 1), default=2)
        self._longest = max(map(len, self._parts), default=0)
        self._known: dict[str, ReadHeading] = {}
        self._mended: dict[str, ReadHeading] = {}
        self._fits: dict[tuple[Part, ...], Fit] = {}

    def _node(self, cell: Cell, label: str, axis: Axis) -> int:
        fitting = (n for _, n in self._parts[label_key(label)[1]] if self._axis[n] == axis)
        return next(number for number in fitting if self._masks[number] & self._bit[cell.id])

    def _own(self, cell: Cell) -> tuple[int, int] | None:
        """The headings of a cell's own row and column; None if its row has none."""
        if not cell.row.labels:
            return None
        return self._node(cell, cell.row.labels[-1], "row"), self._node(
            cell, cell.column.labels[-1], "column"
        )

    def _needs(self, cell: Cell) -> tuple[frozenset[int], frozenset[int]]:
        """The headings that a path to a cell must name, and those of them that may be missing if nothing else fits."""
        own = self._own(cell)
        if own is None:  # 表四: the group of columns says which line it would be
            return frozenset(
                self._node(cell, label, "column") for label in cell.column.labels[-2:]
            ), frozenset()
        others = (other for other in self.form.cells.values() if other.section == cell.section)
        is_only = not any(other.row == cell.row and other.id != cell.id for other in others)
        return frozenset(own), frozenset({own[1]} if is_only else ())

    # -------------------- texts
    def read(self, text: str) -> ReadHeading:
        """What a text says as a heading."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) > _KEPT:
                self._known.clear()
                self._mended.clear()
            known = self._known[text] = self._read(text[:_LONGEST])
        return known

    def has_read(self, text: str) -> bool:
        """Whether a text has been read before: quick, for long lists of other things."""
        return text in self._known

    def resembling(self, heading: ReadHeading) -> ReadHeading:
        """An unknown heading read as the only one that it resembles; itself if there is none. Slow."""
        if heading.kind != "unknown":
            return heading
        mended = self._mended.get(heading.text)
        if mended is None:
            label = self._lexicon.resembling(heading.text)
            mended = heading
            if label is not None:
                part = self._part(label.read_as, label.number)
                mended = ReadHeading(heading.text, "known", (part,), SLIP, (), heading.years)
            self._mended[heading.text] = mended
        return mended

    def _read(self, text: str) -> ReadHeading:
        bare = plain(text)
        years = _years(bare)
        if not bare or _TO_FILL.search(text):
            return ReadHeading(bare, "noise")
        alone = _YEAR_ALONE.fullmatch(_arabic(label_key(bare)[1]))
        if alone is not None:
            return ReadHeading(bare, "year", years=years)
        one = self._with_inner(bare)
        if one.kind != "unknown":
            return one
        joined = self._joined(text)
        if joined is not None:
            return joined
        if not _CJK.search(bare):
            return ReadHeading(bare, "noise")
        if _NOTE.match(bare) or (len(bare) > _NOTE_LENGTH and _SENTENCE.search(bare)):
            return ReadHeading(bare, "noise", years=years)
        kind: Kind = "foreign" if self._is_foreign(bare) else "unknown"
        return ReadHeading(bare, kind, years=years)

    def _is_foreign(self, bare: str) -> bool:
        """Whether a text heads figures of another year, or none, over all that is below it.

        A heading of an earlier form is only unknown: in a form with many blanks it may stand above another table.
        """
        label = self._lexicon.label(bare)
        return label.kind == "foreign" and (not label.former or self._lexicon.says_another_year(bare))

    def _part(self, key: str, number: str) -> Part:
        nodes = self._parts[key]
        same = tuple(node for own, node in nodes if number and own == number)
        chosen = same or tuple(node for _, node in nodes)
        cells = 0
        for node in chosen:
            cells |= self._masks[node]
        return Part(chosen, cells, len(nodes) == 1)

    def _with_inner(self, bare: str) -> ReadHeading:
        """A plain text as one label, or as two if one stands in brackets: 「不予公开（属于国家秘密）」."""
        one, tail = self._one(bare), _TAIL.match(bare)
        inner = self._one(tail[2]) if tail is not None else one
        if one.parts and inner.parts and one.parts[0].nodes != inner.parts[0].nodes:
            return ReadHeading(bare, "known", (*one.parts, *inner.parts), min(DERIVED, inner.certainty))
        return one

    def _one(self, bare: str) -> ReadHeading:
        """A plain text as one label."""
        number, key = label_key(bare)
        if key in self._parts and self._lexicon.is_of_another_year(bare):
            return ReadHeading(bare, "foreign", years=_years(bare))
        if key in self._parts:
            certainty = PRINTED if key in self._printed else VARIANT
            return ReadHeading(bare, "known", (self._part(key, number),), certainty)
        if key in self._sections:
            section, part = self._sections[key]
            return ReadHeading(
                bare, "known" if part.cells else "neutral", (part,) if part.cells else (), section=section
            )
        asked = self._lexicon.aliases.fields.get(key)
        if asked is not None:
            return ReadHeading(bare, "field", field=asked)
        if not key or self._lexicon.label(bare).kind == "neutral" or _TABLE.fullmatch(key):
            return ReadHeading(bare, "neutral")
        inner = _BEFORE.sub("", key)
        for shorter in (inner, *(inner.removesuffix(word) for word in _AFTER)):
            if len(shorter) > 1 and shorter in self._parts:
                return ReadHeading(bare, "known", (self._part(shorter, number),), DERIVED, (), _years(bare))
        return ReadHeading(bare, "unknown")

    def _joined(self, text: str) -> ReadHeading | None:
        """A text that holds several labels; None if it does not, or if the last of them is none."""
        partly: ReadHeading | None = None
        for pieces in chain(self._divisions(text), self._divisions(plain(text))):
            heading = self._together(text, pieces) if len(pieces) > 1 else None
            if heading is not None and not heading.strange:
                return heading
            partly = partly or heading
        return partly or self._run_together(plain(text))

    def _together(self, text: str, pieces: Sequence[str]) -> ReadHeading | None:
        """The pieces of a text as one heading; only the first may be unknown."""
        bare = plain(text)
        read = [
            self._with_inner(plain(piece))
            for piece in pieces
            if _YEAR_ALONE.fullmatch(_arabic(plain(piece))) is None
        ]
        known = [i for i, heading in enumerate(read) if heading.kind == "known"]
        unknown = [i for i, heading in enumerate(read) if heading.kind == "unknown"]
        if not known or unknown not in ([], [0]) or any(heading.kind == "field" for heading in read):
            return None
        if unknown and self._is_foreign(read[0].text):
            return ReadHeading(bare, "foreign", years=_years(bare))
        parts = tuple(part for heading in read for part in heading.parts)
        certainty = min((read[i].certainty for i in known), default=PRINTED)
        if len(known) > 1:
            certainty = min(certainty, DERIVED)
        return ReadHeading(
            bare, "known", parts, certainty, tuple(read[i].text for i in unknown), _years(bare)
        )

    def _divisions(self, text: str) -> Iterator[list[str]]:
        """The ways in which a text may be divided into labels, the plainest first."""
        shielded = _BRACKETS.sub(lambda found: "\1" * len(found[0]), text)
        for pattern in (_DIVIDERS, _NUMBER_INSIDE):
            cuts = [0]
            for found in pattern.finditer(shielded if pattern is _DIVIDERS else text):
                cuts.extend(found.span())
            cuts.append(len(text))
            yield [piece for a, b in zip(cuts[::2], cuts[1::2], strict=True) if (piece := text[a:b]).strip()]
        cuts = [0]
        pieces: list[str] = []
        for piece in _DIVIDERS.split(
            shielded
        ):  # both ways at once: 「办理结果/（三）不予公开1.属于国家秘密」
            at = shielded.index(piece, cuts[-1]) if piece else cuts[-1]
            cuts.append(at + len(piece))
            pieces.extend(one for one in _NUMBER_INSIDE.split(text[at : at + len(piece)]) if one.strip())
        yield pieces
        yield text.split()

    def _run_together(self, bare: str) -> ReadHeading | None:
        """Labels without anything between them: 「本年新收自然人」; only if they are so in one way."""
        key = _NUMBER_WITHIN.sub("", label_key(bare)[1])
        if not 2 * self._shortest <= len(key) <= 60:
            return None
        ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in key)]
        for stop in range(1, len(key) + 1):
            for start in range(max(0, stop - self._longest), stop - 1):
                if ways[start] and key[start:stop] in self._parts:
                    ways[stop].extend((*way, key[start:stop]) for way in ways[start])
        found = [way for way in ways[-1] if len(way) > 1]
        fewest = min(map(len, found), default=0)
        found = [way for way in found if len(way) == fewest]
        if len(found) != 1:
            return None
        return ReadHeading(bare, "known", tuple(self._part(piece, "") for piece in found[0]), DERIVED)

    # -------------------- paths
    def is_column(self, part: Part) -> bool:
        """Whether a label can only be a column's own; beside a figure and above it, it would be one too many."""
        return part.plain and self._leaf[part.nodes[0]] and self._axis[part.nodes[0]] == "column"

    def has_neighbours(self, cell: str) -> bool:
        """Whether the form has other cells in the row or the column of a cell."""
        own = self.form.cells[cell]
        block = next(b for t in self.form.tables for b in t.blocks if own in b.cells)
        return len(block.cells) > 1

    def fit(self, parts: Sequence[Part], soft: Iterable[Part] = ()) -> Fit | None:
        """The cell that labels agree on, or those between which they leave the choice; None if there is none.

        `soft` are labels that may belong to the path: a group's that stands, unmerged, over its first column only. They
        decide between cells that all agree with the others.
        """
        fit = self._fit(tuple(parts))
        more = list(parts)
        for part in soft:
            if fit.cell or fit is _CONTRADICTION:
                break
            narrower = self._fit((*more, part))
            if narrower is not _CONTRADICTION:
                more.append(part)
                fit = narrower
        return fit if fit.cell or fit.rivals else None

    def rows_first(self, parts: Sequence[Part], cell: str) -> bool | None:
        """Whether labels that fit a cell name its row before its column; None if they may do either, or name no row."""
        orders = self._orders(parts, self._index[cell])
        return next(iter(orders)) if len(orders) == 1 else None

    def in_order(self, parts: Sequence[Part], rivals: Iterable[str], rows_first: bool) -> str | None:
        """The only one of several cells that labels fit if they name row and column in this order."""
        found = [cell for cell in rivals if rows_first in self._orders(parts, self._index[cell])]
        return found[0] if len(found) == 1 else None

    def _orders(self, parts: Sequence[Part], cell: int) -> set[bool]:
        own = self._leaves[cell]
        if own is None:
            return set()
        rows = [i for i, part in enumerate(parts) if own[0] in part.nodes]
        columns = [i for i, part in enumerate(parts) if own[1] in part.nodes]
        return {r < c for r in rows for c in columns if r != c}

    def _fit(self, parts: tuple[Part, ...]) -> Fit:
        known = self._fits.get(parts)
        if known is None:
            known = self._fits[parts] = self._search(parts)
        return known

    def _search(self, parts: tuple[Part, ...]) -> Fit:
        common = -1
        for part in parts:
            common &= part.cells
        if not parts or common <= 0:
            return _CONTRADICTION
        whole: list[str] = []
        headless: list[str] = []
        possible = False
        for i, cell_id in enumerate(self._ids):
            if not common >> i & 1:
                continue
            used = self._assign(parts, i)
            if used is None:
                continue
            possible = True
            needed, optional = self._needed[i]
            if any(needed <= one for one in used):
                whole.append(cell_id)
            elif any(needed - optional <= one for one in used):
                headless.append(cell_id)
        if len(whole) == 1:
            return Fit(whole[0], True)
        if not whole and len(headless) == 1:
            return Fit(headless[0], False)
        return Fit("", True, tuple(whole)) if possible else _CONTRADICTION

    def _assign(self, parts: tuple[Part, ...], cell: int) -> list[frozenset[int]] | None:
        """The sets of headings that the labels may name, each its own innermost one; None if there is no such set.

        A label that can mean one thing only may be repeated.
        """
        ways: set[frozenset[int]] = {frozenset()}
        for part in parts:
            further: set[frozenset[int]] = set()
            for node in part.nodes:
                if self._masks[node] >> cell & 1:
                    free = part.plain or not self._leaf[node]
                    further.update(way | {node} for way in ways if free or node not in way)
            ways = further
        return list(ways) or None


def _arabic(bare: str) -> str:
    return _CHINESE_YEAR.sub(lambda found: f"20{_DIGIT[found[1]]}{_DIGIT[found[2]]}", bare)


def _years(bare: str) -> frozenset[int]:
    return frozenset(int(year) for year in _YEAR.findall(_arabic(bare)))


_SHIPPED: dict[str, Headings] = {}


def headings_of(form: Form) -> Headings:
    """The headings of a form with the shipped aliases. Raises what `load_aliases` raises."""
    known = _SHIPPED.get(form.edition)
    if known is None or known.form is not form:
        known = _SHIPPED[form.edition] = Headings(form, Lexicon(form, load_aliases(form)))
    return known
