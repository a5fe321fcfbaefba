"""Chinese paragraphs for reportlab: line breaking, and one flowable.

Sets text as three documents ask: W3C, Requirements for Chinese Text Layout (clreq); GB/T 15834-2011, 5.1 (the
places of punctuation); GB/T 9704-2012 (official documents).
* No closing mark starts a line, no opening one ends it, ——, …… and numbers stay whole (clreq, "Prohibition rules
  for line start and line end"; GB/T 15834, 5.1.1 to 5.1.6).
* Marks that meet share half an em, and a mark at the end of a line takes half an em (clreq, "Width adjustment of
  punctuation marks"; GB/T 15834, 5.1.10).
* A quarter of an em stands between Han and Latin (clreq, "Mixed text composition"), and gives way last of all.
* Lines end flush, squeezed first and stretched only then (clreq, "Line adjustment"); nothing hangs into the margin.
* An address is broken at its slashes, else at its other joints; a word only where it is wider than the line.
Breaks are chosen for the paragraph as a whole. A character that no face has is drawn as 〓 and named by
`missing_characters`; which face draws the others is known by `faces`.

Lengths inside are in em, the size of the type; those that a caller sees are in points. Knows nothing of reports,
pages and tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import pairwise
from math import inf
from typing import Any, Literal

from gxeditor.paper.faces import (
    BUNDLED,
    CLOSING,
    MIDDLES,
    OPENING,
    PAIRED,
    PAUSES,
    STOPS,
    Face,
    FaceSet,
    Font,
)
from gxeditor.paper.flowables import Flowable
from gxeditor.paper.tags import Part

Align = Literal["justify", "left", "center", "right"]


UNBROKEN = inf
"""The width in which a text stands on one line, however long."""

GETA = "〓"
"""Drawn in place of a character that no face has: the mark compositors put for a missing sort."""

_QUOTES = frozenset("\"'")  # straight ones open and close: only a blank beside them tells which
_MEASURES = frozenset("％‰℃℉°′″㎡㎏㎜㎝㎞㏄%")
_NOT_FIRST = (
    CLOSING | PAUSES | STOPS | MIDDLES | PAIRED | _QUOTES | _MEASURES | frozenset("々〃～－/)]},.;:!?")
)
_NOT_LAST = OPENING | _QUOTES | frozenset("￥＄¥$￡£#№([{")
_WIDE_LATIN = re.compile("[０-９Ａ-Ｚａ-ｚ．]")

_LETTER = "A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u0370-\u04ff\u1e00-\u1eff"
_WORD = re.compile(rf"[{_LETTER}](?:[{_LETTER}.,:/\-_@+'%‰&=?#~]*[{_LETTER}%‰/\-+=#~])?")
_NUMBER = re.compile(r"[\d.,%‰:/\-]+")
_JOINT = re.compile(r"(?<=[/\-?&=_.@])(?![/\-?&=_.@])(?!(?<=\d[.,])\d)")
_LONG_WORD = 12  # characters; longer tokens are addresses and may be broken after their joints
_ENUMERATION = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]")
_ACCENTED = re.compile(r"\w[\u0300-\u036f]+")

_UNITS = (
    "个工作日|平方公里|平方米|立方米|工作日|个月|公里|公顷|公斤|千克|小时|分钟|季度|年度|月份|周年|周岁|世纪|人次|件次|"
    "户次|页次|[百千万亿]*[年月日时分秒天周岁件条个次元角项名份人家篇部期场起宗例户页卷册批类种款章节号届位处所辆台套"
    "吨亩米里度倍成组轮级座栋间门只张幅步点款目]|[百千万亿]+"
)
_SIGNS = r"±∓＋－+\-−﹢﹣≤≥≦≧⩽⩾≈≒≃≠＝=≡＜＞<>≪≫～~∽∝×÷*∶√∑Δ△↑↓"
_BOTH, _AFTER = r"±∓＋－+\-−×÷*∶／∕～~", r"＋+↑↓"
"""Signs before a number, between two of them, and behind one."""
_HAN_NUMBER = "[〇零一二三四五六七八九十百千万亿两]+"
_KEPT_WHOLE = re.compile(
    rf"(?<![\d０-９])(?:第|[{_SIGNS}])? ?[\d０-９]++(?:[.,．/:][\d０-９]++)*+ ?[余多来几]? ?(?:{_UNITS})"
    # A sign belongs to its number: ±5, ≤30％, 2＋3, 12.5％↑.
    rf"|[{_SIGNS}]++ ?[\d０-９]"
    rf"|[\d０-９][％%‰℃]?+ ?[{_BOTH}] ?[\d０-９]"
    rf"|[\d０-９][％%‰℃]?+[{_AFTER}]"
    rf"|[百千万]分之{_HAN_NUMBER}(?:点{_HAN_NUMBER})?"
    rf"|(?:第|[{_SIGNS}])?{_HAN_NUMBER}(?:点{_HAN_NUMBER})?[余多几]?(?:{_UNITS})?"
    rf"|第[（(](?:\d+|{_HAN_NUMBER})[）)](?:{_UNITS})"
    r"|[〔（\[(]\d{4}[〕）\])] ?第?\d+号"
)
"""Numbers with what they count: 30 件, 1.2万元, 2022年, 第二十条, 〔2022〕3号."""

_SQUEEZED = 0.08  # em; marks that gave up less are drawn in full

_GAP, _GAP_SHRINK, _GAP_STRETCH = 0.25, 0.125, 0.25
"""Between Han and Latin: a quarter of an em, an eighth in the fullest line and half of one in a loose line."""
_WIDEST = 0.75  # em that a line may be stretched by between two atoms
_BLANKS = {"\t": 1.0, "\u3000": 1.0, "\u2003": 1.0, "\u2001": 1.0, "\u2002": 0.5, "\u2000": 0.5}


@cache
def _ignored(char: str) -> bool:
    """Whether a character has no form of its own: controls, joiners, variation selectors."""
    selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return selector or unicodedata.category(char) in ("Cc", "Cf")


def _composed(text: str) -> str:
    """The text with letters and the accents typed after them as one character, which faces have more often."""
    return _ACCENTED.sub(lambda match: unicodedata.normalize("NFC", match.group()), text)


def missing_characters(text: str, faces: FaceSet = BUNDLED) -> tuple[str, ...]:
    """The characters of a text that no face has, each once, in the order of their appearance."""
    return tuple(
        char
        for char in dict.fromkeys(_composed(text))
        if not char.isspace() and not _ignored(char) and faces.owner(char, Face.SONG) is None
    )


# ---- text to atoms -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one face."""

    text: str
    face: Face


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set.

    `size` and `leading` in points; `pitch` the advance of a full-width character as a part of the size; `indent`
    of the first line in characters. `faces` are the fonts of the document.
    """

    size: float
    leading: float
    pitch: float = 1.0
    indent: float = 0.0
    align: Align = "justify"
    faces: FaceSet = BUNDLED


_NO_BREAK = "\u00a0"
_NO_BREAKS = frozenset("\u00a0\u2007\u202f")


class _Kind(Enum):
    HAN = 0
    OPEN = 1
    CLOSE = 2
    PAUSE = 3
    STOP = 4
    MIDDLE = 5
    WORD = 6
    LETTER = 10
    SPACE = 7
    SYMBOL = 8
    WIDE = 9


_MARKS = (_Kind.OPEN, _Kind.CLOSE, _Kind.PAUSE, _Kind.STOP)
_LEADS = {_Kind.OPEN: 0.5, _Kind.CLOSE: 0.0, _Kind.PAUSE: 0.0, _Kind.STOP: 0.0, _Kind.MIDDLE: 0.25}
"""How far into the em of a mark its half-width twin begins."""
_SQUEEZE_ORDER = ((_Kind.MIDDLE,), (_Kind.OPEN, _Kind.CLOSE), (_Kind.PAUSE,), (_Kind.STOP,), ())
"""Whose blank goes first in a full line (clreq, "Line adjustment"); () stands for the gaps between Han and Latin.

clreq has them before 。？！; a figure that touches the word before it is harder to read than a full stop without room.
"""


@dataclass(slots=True)
class _Atom:
    """What is never divided: a character, a word, a number, a double mark. Lengths in em.

    `front` and `back` are blank parts inside `width` that a full line may take; `shift` is how far the glyph
    stands left of the atom's edge because blank in front of it is already taken. `tie` is the cost of a line break
    before the atom, None where none is allowed.
    """

    text: str
    font: Font
    rise: float
    width: float
    kind: _Kind
    front: float = 0.0
    back: float = 0.0
    shift: float = 0.0
    tie: float | None = 0.0


def _atoms(runs: Iterable[Run], style: Style) -> list[_Atom]:
    """The atoms of a paragraph, marks that meet already drawn together, ties set."""
    pitch, faces = style.pitch, style.faces
    atoms: list[_Atom] = []
    for run in runs:
        position, text = 0, _composed(run.text)
        while position < len(text):
            char = text[position]
            word = _WORD.match(text, position)
            if word is not None:
                atoms += _word(word.group(), run.face, faces)
                position = word.end()
                continue
            position += 1
            if char.isspace():
                width = _BLANKS.get(char, 0.25)
                if atoms and atoms[-1].kind is _Kind.SPACE:
                    atoms[-1].width += width
                else:
                    font = faces.letters(" ", run.face) or faces.font(run.face)
                    atoms.append(
                        _Atom(_NO_BREAK if char in _NO_BREAKS else " ", font, 0.0, width, _Kind.SPACE)
                    )
            elif char in PAIRED and text.startswith(char, position):
                position += 1
                atoms.append(_mark(char, run.face, faces, pitch, double=True))
            elif not _ignored(char):
                atoms.append(_mark(char, run.face, faces, pitch))
    while atoms and atoms[-1].kind is _Kind.SPACE:
        atoms.pop()
    while atoms and atoms[0].kind is _Kind.SPACE:
        del atoms[0]
    for number, (before, after) in enumerate(pairwise(atoms)):
        _draw_together(before, after)
        after.tie = _tie(before, after, atoms[number - 1] if number else None)
    _keep_numbers(atoms)
    if atoms:
        atoms[0].front = 0.0  # a paragraph starts on the grid, whatever its first mark
    if style.indent:
        _freeze_enumeration(atoms)
    return atoms


def _keep_numbers(atoms: Sequence[_Atom]) -> None:
    """Forbid breaks between a number and its unit, unless a line could not be built otherwise."""
    edges = {0: 0}
    text = ""
    for number, atom in enumerate(atoms):
        text += atom.text
        edges[len(text)] = number + 1
    for match in _KEPT_WHOLE.finditer(text.replace(_NO_BREAK, " ")):
        for place in range(match.start() + 1, match.end()):
            there = atoms[edges[place]] if place in edges else None
            if there is not None and there.tie is not None:
                # Where all of it is too wide, the unit goes before the number is torn.
                there.tie += _KEPT * (1 if text[place - 1].isdigit() else 2)


def _word(text: str, face: Face, faces: FaceSet) -> list[_Atom]:
    """A Latin word or a number; an address in parts that may go on different lines."""
    font = faces.letters(text, face)
    if font is None:
        return [_mark(char, face, faces, 1.0) for char in text]
    parts = [text]
    if len(text) > _LONG_WORD and not _NUMBER.fullmatch(text):
        parts = [part for part in _JOINT.split(text) if part]
    rise = faces.font(face).centre - font.centre
    atoms = [_Atom(part, font, rise, font.width(part), _Kind.WORD) for part in parts]
    for before, after in pairwise(atoms):
        after.tie = _JOINT_FEES.get(before.text[-1], _JOINT_FEE)
    return atoms


def _mark(char: str, face: Face, faces: FaceSet, pitch: float, *, double: bool = False) -> _Atom:
    """The atom of one character that belongs to no word."""
    base, font = faces.font(face), faces.owner(char, face)
    if font is None:
        char, font = GETA, faces.owner(GETA, face) or base
    rise = base.centre - font.centre
    if double:
        return _Atom(char * 2, font, rise, 2 * pitch, _Kind.WIDE)
    natural = font.advance(char) or 0.0
    if natural < 0.9:
        return _Atom(char, font, rise, natural, _Kind.SYMBOL)
    han = char == "〇" or unicodedata.category(char) == "Lo"
    atom = _Atom(char, font, rise, pitch, _Kind.HAN if han else _Kind.WIDE)
    if char in OPENING:
        atom.kind, atom.front = _Kind.OPEN, 0.5
    elif char in CLOSING:
        atom.kind, atom.back = _Kind.CLOSE, 0.5
    elif char in PAUSES:
        atom.kind, atom.back = _Kind.PAUSE, 0.5
    elif char in STOPS:
        atom.kind, atom.back = _Kind.STOP, 0.5
    elif char in MIDDLES:
        atom.kind, atom.front, atom.back = _Kind.MIDDLE, 0.25, 0.25
    return atom


def _freeze_enumeration(atoms: Sequence[_Atom]) -> None:
    """Marks of a leading （一） or 一、 keep their em, so that all headings of a report look alike."""
    number = _ENUMERATION.match("".join(atom.text for atom in atoms[:5]))
    length = number.end() if number else 0
    for atom in atoms:
        length -= len(atom.text)
        if length < 0:
            break
        atom.front = atom.back = 0.0


def _draw_together(before: _Atom, after: _Atom) -> None:
    """Two marks that meet share one blank half: 2 em become 1½."""
    if before.back and before.kind is not _Kind.MIDDLE and after.kind in _MARKS:
        before.width -= before.back
        before.back = 0.0
    elif before.kind is _Kind.OPEN and after.kind is _Kind.OPEN:
        after.width -= after.front
        after.shift, after.front = after.front, 0.0


def _tie(before: _Atom, after: _Atom, earlier: _Atom | None) -> float | None:
    """The cost of a line break between two atoms; `earlier` stands before them. Blanks at a break go."""
    if after.kind is _Kind.SPACE or _NO_BREAK in (before.text, after.text):
        return None
    first, last = after.text[0], before.text[-1]
    if before.kind is _Kind.SPACE:
        closes = first in _NOT_FIRST and first not in _QUOTES
        opens = earlier is not None and earlier.text[-1] in _NOT_LAST and earlier.text[-1] not in _QUOTES
        return None if closes or opens else 0.0
    if first in _NOT_FIRST or last in _NOT_LAST or unicodedata.category(first).startswith("M"):
        return None
    if _WIDE_LATIN.match(first) and _WIDE_LATIN.match(last):
        return None
    if before.kind in (_Kind.WORD, _Kind.SYMBOL) and after.kind in (_Kind.WORD, _Kind.SYMBOL):
        return after.tie or None
    return 0.0


def _gap(before: _Atom, after: _Atom) -> bool:
    if after.kind is _Kind.HAN:
        return before.kind in (_Kind.WORD, _Kind.LETTER)
    return before.kind is _Kind.HAN and after.kind in (_Kind.WORD, _Kind.LETTER)


# ---- atoms to lines ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetPiece:
    """Text to draw: its left edge, its height above the baseline of the line, and its advance."""

    x: float
    text: str
    font: Font
    rise: float
    width: float


@dataclass(frozen=True, slots=True)
class SetLine:
    """One set line: its pieces from left to right, placed from its left end, and where it begins and ends."""

    pieces: tuple[SetPiece, ...]
    left: float
    right: float

    def scaled(self, factor: float) -> SetLine:
        pieces = (
            SetPiece(p.x * factor, p.text, p.font, p.rise * factor, p.width * factor) for p in self.pieces
        )
        return SetLine(tuple(pieces), self.left * factor, self.right * factor)


def set_lines(runs: Iterable[Run], style: Style, width: float) -> tuple[SetLine, ...]:
    """The lines of a paragraph, `width` points wide; none if the runs hold no character."""
    atoms = _atoms(runs, style)
    if not atoms:
        return ()
    measure, indent = width / style.size, style.indent * style.pitch
    atoms = _cut_to(atoms, measure - indent)
    flush = style.align == "justify"
    lines = []
    for start, stop in _breaks(atoms, measure - indent, measure, flush=flush):
        left = indent if start == 0 else 0.0
        pieces, length = _place(atoms, start, stop, measure - left, style.pitch, flush=flush)
        room = measure - left - length
        left += {"justify": 0.0, "left": 0.0, "center": room / 2, "right": room}[style.align]
        lines.append(SetLine(tuple(pieces), left, left + length).scaled(style.size))
    return tuple(lines)


def _cut_to(atoms: list[_Atom], measure: float) -> list[_Atom]:
    """What is wider than the measure cut into characters: better broken anywhere than in the margin."""
    if all(atom.width <= measure for atom in atoms):
        return atoms
    return [
        part
        for atom in atoms
        for part in (_letters(atom) if atom.width > measure and len(atom.text) > 1 else (atom,))
    ]


def _letters(atom: _Atom) -> Iterator[_Atom]:
    """The characters of a word or of a double mark."""
    word = atom.kind is _Kind.WORD
    for number, char in enumerate(atom.text):
        width = atom.font.width(char) if word else atom.width / len(atom.text)
        tie = _TEAR_FEE if number else atom.tie
        yield _Atom(char, atom.font, atom.rise, width, _Kind.LETTER if word else atom.kind, tie=tie)


def _is_joint(before: _Atom, after: _Atom) -> bool:
    """Whether a line may be stretched between two atoms: not between the parts of a word."""
    return before.kind is not _Kind.WORD or after.kind is not _Kind.WORD


class _Sums:
    """Running sums over the atoms, so that a line from i to j is measured in constant time.

    `natural`: widths with the gap after each atom; `soft` and `hard`: what can be squeezed before 。？！ must be
    touched, and in them and the gaps; `spread`: by how much gaps may grow; `joints`: where a line may be stretched.
    `head` and `tail`: what a line saves that starts or ends at an atom, with the part of it that is counted in `soft`
    and `hard`.
    """

    def __init__(self, atoms: Sequence[_Atom]) -> None:
        self.natural, self.soft, self.hard, self.spread = [0.0], [0.0], [0.0], [0.0]
        self.joints = [0]
        self.gap: list[bool] = []
        self.head: list[tuple[float, float]] = []
        self.tail: list[tuple[float, float, float]] = []
        for number, atom in enumerate(atoms):
            gap = number + 1 < len(atoms) and _gap(atom, atoms[number + 1])
            stop = atom.kind is _Kind.STOP
            blank = atom.front + atom.back
            space = atom.kind is _Kind.SPACE
            self.gap.append(gap)
            self.joints.append(self.joints[-1] + (number > 0 and _is_joint(atoms[number - 1], atom)))
            self.natural.append(self.natural[-1] + atom.width + _GAP * gap)
            self.soft.append(self.soft[-1] + (0.0 if stop else blank))
            self.hard.append(self.hard[-1] + (blank if stop else 0.0) + _GAP_SHRINK * gap)
            self.spread.append(self.spread[-1] + _GAP_STRETCH * gap)
            self.head.append((atom.width if space else atom.front, atom.front))
            # A blank at the end of a line goes, and with it that of the mark before.
            final = atoms[number - 1] if space and number else atom
            soft, hard = (0.0, final.back) if final.kind is _Kind.STOP else (final.back, 0.0)
            self.tail.append((final.back + space * atom.width, soft, hard))


# What a line costs, by the em it is squeezed or stretched. Only their relation counts: squeezing is cheaper than
# stretching, blank of 。？！ and of gaps is dear, and the power makes two middling lines better than a good and a bad.
_SQUEEZE_COST, _STOP_COST, _STOP_FEE = 12.0, 80.0, 60.0
_GAP_COST, _EVEN_COST = 4.0, 3.0e4  # in gaps; between all atoms, by the square of the em each gets
_SHORT_COST = 500.0  # in a line that is not stretched, by the em that it ends short
_JOINT_FEES, _JOINT_FEE = (
    {"/": 400.0, "?": 600.0, "&": 600.0},
    1200.0,
)  # a break in an address, after this or that
_TEAR_FEE = 4000.0  # a break in a word wider than the measure
_KEPT = 1.0e11  # a number parted from its unit: only where there is no other way
_ORPHAN_FEE = 300.0  # one or two characters alone on the last line
_UNMARKED_FEE = 6.0  # a centred line that ends without a mark
_FORCED_FEE = 1.0e14  # a forbidden break
_LINE_FEE = 0.5
_THINNEST = 16  # atoms to the em; more have no width to speak of, and a line of nothing else has an end too
_POWER = 1.3


def _breaks(atoms: Sequence[_Atom], first: float, other: float, *, flush: bool) -> list[tuple[int, int]]:
    """The cheapest division into lines, by dynamic programming over the whole paragraph.

    `first` and `other` are the measures of the first line and of the rest. Where the ties leave no division, as
    in a long row of closing brackets, they are overruled at a price.
    """
    sums = _Sums(atoms)
    if sums.natural[-1] - sums.tail[-1][0] <= first:  # no division costs less than one line that fits
        return [(0, len(atoms))]
    return (
        _cheapest(atoms, sums, first, other, flush, forced=False)
        or _cheapest(atoms, sums, first, other, flush, forced=True)
        or [(0, len(atoms))]
    )


def _cheapest(
    atoms: Sequence[_Atom], sums: _Sums, first: float, other: float, flush: bool, *, forced: bool
) -> list[tuple[int, int]]:
    natural, soft, hard, spread, joints = sums.natural, sums.soft, sums.hard, sums.spread, sums.joints
    count, never = len(atoms), inf
    most = int(_THINNEST * other) + _THINNEST
    best, origin = [never] * (count + 1), [0] * (count + 1)
    best[0] = 0.0
    for stop in range(1, count + 1):
        last = stop == count
        tie = 0.0 if last else atoms[stop].tie
        if tie is None:
            if not forced:
                continue
            tie = _FORCED_FEE
        if not (flush or last or atoms[stop - 1].back):
            tie += _UNMARKED_FEE
        edge, edge_soft, edge_hard = sums.tail[stop - 1]
        gap = sums.gap[stop - 1]
        base = natural[stop] - edge - _GAP * gap
        base_soft = soft[stop] - edge_soft
        base_hard = hard[stop] - edge_hard - _GAP_SHRINK * gap
        base_spread = spread[stop] - _GAP_STRETCH * gap
        joints_there, cheapest, nearest = joints[stop], never, 0
        for start in range(stop - 1, max(stop - most, 0) - 1, -1):
            before = best[start]
            if before == never:
                if base - natural[start] > 2 * other + 4:  # no line gives up half of its width
                    break
                continue
            saved, saved_soft = sums.head[start]
            measure = other if start else first
            slack = measure - (base - natural[start] - saved)
            squeeze = base_soft - soft[start] - saved_soft
            whole = squeeze + base_hard - hard[start]
            alone = stop - start == 1
            if slack + whole < -0.001 and not alone:
                if slack + whole < -3:
                    break
                continue
            if before + tie + _LINE_FEE >= cheapest:  # whatever the line costs
                continue
            if slack >= 0:
                within = base_spread - spread[start]
                if slack <= within:
                    within = slack
                between = joints_there - joints[start + 1]
                even = (slack - within) / (between if between > 1 else 1)
                if even <= _WIDEST:
                    cost = within * _GAP_COST + even**2 * _EVEN_COST
                else:  # it ends short, as is natural where it holds nothing but an address
                    address = between < 1 and atoms[start].kind is _Kind.WORD
                    cost = slack * _SHORT_COST + (0.0 if address else _WIDEST**2 * _EVEN_COST)
                if not flush:
                    cost = slack
                elif last:
                    cost = _ORPHAN_FEE if start and stop - start <= 2 and measure > 8 else 0.0
            elif -slack <= squeeze + 0.001:
                cost = -slack * _SQUEEZE_COST
            else:
                cost = _STOP_FEE + (-slack - squeeze) * _STOP_COST
            total = before + cost**_POWER + tie + _LINE_FEE
            if total < cheapest:
                cheapest, nearest = total, start
        best[stop], origin[stop] = cheapest, nearest
    if best[count] == never:
        return []
    lines: list[tuple[int, int]] = []
    stop = count
    while stop:
        lines.append((origin[stop], stop))
        stop = origin[stop]
    return lines[::-1]


def _place(
    atoms: Sequence[_Atom], start: int, stop: int, measure: float, pitch: float, *, flush: bool
) -> tuple[list[SetPiece], float]:
    """The pieces of a line and its length, in em."""
    line = atoms[start:stop]
    widths = [atom.width for atom in line]
    shifts = [atom.shift for atom in line]
    gaps = [_GAP * _gap(before, after) for before, after in pairwise(line)]
    _trim_ends(line, widths, shifts)
    need = sum(widths) + sum(gaps) - measure
    if need > 0:
        _squeeze(line, widths, shifts, gaps, need)
    elif flush and stop < len(atoms):
        _stretch(line, gaps, -need)
    pieces, x = [], 0.0
    for number, atom in enumerate(line):
        width, left, text = widths[number], x - shifts[number], atom.text
        if atom.kind in _LEADS and width < pitch - _SQUEEZED and (half := atom.font.half(text)) is not None:
            text, left = half, left + _LEADS[atom.kind]
        pieces.append(SetPiece(left, text, atom.font, atom.rise, width))
        x += width + (gaps[number] if number < len(gaps) else 0.0)
    return pieces, x


def _trim_ends(line: Sequence[_Atom], widths: list[float], shifts: list[float]) -> None:
    """The blank before the first and after the last glyph goes."""
    first, last = line[0], line[-1]
    if first.kind is _Kind.SPACE:
        widths[0] = 0.0
    else:
        widths[0] -= first.front
        shifts[0] += first.front
    if last.kind is _Kind.SPACE:
        widths[-1] = 0.0
    end = _end(line)
    widths[end] -= line[end].back


def _end(line: Sequence[_Atom]) -> int:
    """The place of the last atom that is seen."""
    return len(line) - 2 if len(line) > 1 and line[-1].kind is _Kind.SPACE else len(line) - 1


def _squeeze(
    line: Sequence[_Atom], widths: list[float], shifts: list[float], gaps: list[float], need: float
) -> None:
    """Take `need` em out of the blanks inside the line, in clreq's order, each step evenly."""
    end = _end(line)
    fronts = [atom.front if number else 0.0 for number, atom in enumerate(line)]
    blanks = [front + (line[n].back if n < end else 0.0) for n, front in enumerate(fronts)]
    for kinds in _SQUEEZE_ORDER:
        if not kinds:
            rooms = [(number, _GAP_SHRINK) for number, gap in enumerate(gaps) if gap]
        else:
            rooms = [(n, blank) for n, blank in enumerate(blanks) if line[n].kind in kinds]
        total = sum(room for _, room in rooms)
        if total <= 0:
            continue
        part = min(1.0, need / total)
        need -= part * total
        for number, room in rooms:
            if not kinds:
                gaps[number] -= part * room
                continue
            widths[number] -= part * room
            shifts[number] += part * fronts[number]
        if need <= 1e-9:
            return


def _stretch(line: Sequence[_Atom], gaps: list[float], spare: float) -> None:
    """Put `spare` em into the line: first into Han-Latin gaps, then between all atoms alike.

    A line of little else than an address has few places and ends short, rather than with holes.
    """
    end = _end(line)
    between = [number for number, gap in enumerate(gaps) if gap]
    part = min(_GAP_STRETCH, spare / len(between)) if between else 0.0
    for number in between:
        gaps[number] += part
    spare -= part * len(between)
    joints = [n for n in range(end) if _is_joint(line[n], line[n + 1])]
    if spare <= _WIDEST * len(joints):
        for number in joints:
            gaps[number] += spare / len(joints)


# ---- lines to the page -------------------------------------------------------------------------


def draw_lines(canvas: Any, lines: Sequence[SetLine], style: Style, face: Face, x: float, top: float) -> None:
    """Draw set lines below `top`, each in the middle of its leading by the Han of `face`."""
    text = canvas.beginText()
    baseline = top - style.leading / 2 - style.faces.font(face).centre * style.size
    font: Font | None = None
    for line in lines:
        for origin, rise, string, owner, spacing in _strings(line, style.size):
            if owner is not font:
                text.setFont(owner.name, style.size)
                font = owner
            text.setTextOrigin(x + line.left + origin, baseline + rise)
            text.setCharSpace(spacing)
            text.textOut(string)
        baseline -= style.leading
    text.setCharSpace(0)
    canvas.drawText(text)


def _strings(line: SetLine, size: float) -> Iterable[tuple[float, float, str, Font, float]]:
    """Pieces joined where font, height and spacing go on: x, rise, text, font, character spacing."""
    pieces = line.pieces
    number = 0
    while number < len(pieces):
        piece = pieces[number]
        text, spacing, follower = piece.text, 0.0, number + 1
        if len(text) == 1:
            while follower < len(pieces):
                before, after = pieces[follower - 1], pieces[follower]
                if len(after.text) != 1 or after.font is not piece.font or after.rise != piece.rise:
                    break
                step = after.x - before.x - piece.font.width(before.text) * size
                if follower == number + 1:
                    spacing = step
                elif abs(step - spacing) > 0.005:
                    break
                text += after.text
                follower += 1
        elif text[0] in PAIRED:
            spacing = piece.width / len(text) - piece.font.width(text[0]) * size
        yield piece.x, piece.rise, text, piece.font, spacing
        number = follower


class ChineseParagraph(Flowable):
    """A paragraph of runs; `face` of the first run gives the height of its lines.

    Splits between lines, never leaving one line alone at the foot or at the head of a page. `role` says what it is in
    the structure of the document.
    """

    def __init__(self, runs: Sequence[Run], style: Style, role: str = "P") -> None:
        super().__init__()
        self.runs = tuple(runs)
        self.style = style
        self.tag = Part(role)
        self._lines: tuple[SetLine, ...] = ()
        self._set_for = -1.0

    def lines(self, width: float) -> tuple[SetLine, ...]:
        """The lines at a width in points."""
        if self._set_for != width:
            self._lines, self._set_for = set_lines(self.runs, self.style, width), width
        return self._lines

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, len(self.lines(width)) * self.style.leading
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        lines = self.lines(width)
        room = int((height + 0.01) // self.style.leading)
        if room >= len(lines):
            return [self]
        if len(lines) - room == 1:
            room -= 1
        if room < 2:
            return []
        return [self.part(lines[:room]), self.part(lines[room:])]

    def part(self, lines: Sequence[SetLine]) -> ChineseParagraph:
        """A paragraph of some of the lines that this one was set in."""
        part = ChineseParagraph(self.runs, self.style)
        part._lines, part._set_for, part.tag = tuple(lines), self._set_for, self.tag
        return part

    def draw(self) -> None:
        with self.canv.part(self.tag):
            draw_lines(self.canv, self._lines, self.style, self.runs[0].face, 0, self.height)
