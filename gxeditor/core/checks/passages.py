"""Finding words in the prose of a report: paragraph by paragraph, each looked through once.

Knows how texts divide into paragraphs and sentences, and how a rule file states what to look for: `find`, a regular
expression; `unless`, another that makes a sentence none of these; `said`, what is said of it. Knows no rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from itertools import chain, islice
from typing import Any, NamedTuple, TypeVar, cast
from zlib import crc32

from gxeditor.core.checks.anchors import Span
from gxeditor.core.checks.rules import Rule
from gxeditor.core.expressions import expression
from gxeditor.core.report import Report, text_difference

_STOPS = "。；！？;!?\n"
_LONG, _PIECE, _LONGEST = 2000, 200, 1200
"""A paragraph of more characters than the first is looked through in pieces, none shorter than the second but the last,
none longer than the third, so that no expression meets an unbounded text (`pieces`)."""

_BLOCK = 16
"""Lines that are looked through as one: with a keystroke one block is gone through by paragraph, no other."""

MOST = 100
"""What one rule tells of one text: a longer list helps nobody, and pasted rubbish must not fill the window."""


Finds = TypeVar("Finds", bound=Callable[..., Any])


def kept(most: int, long: int) -> Callable[[Finds], Finds]:
    """A cache by a text and more, of so many texts, but of no more than `long` of those that are long.

    A day of typing into a section of 20,000 characters would else leave thousands of copies of it.
    """

    def of(find: Finds) -> Finds:
        some, few = lru_cache(maxsize=most)(find), lru_cache(maxsize=long)(find)

        @wraps(find)
        def found(text: str, *more: Any) -> Any:
            return (some if len(text) <= _LONG else few)(text, *more)

        def clear() -> None:
            some.cache_clear()
            few.cache_clear()

        vars(found)["cache_clear"] = clear
        return cast("Finds", found)

    return of


class Passage(NamedTuple):
    """A paragraph, or a sentence, and the character of the whole text at which it begins."""

    start: int
    text: str


class Hit(NamedTuple):
    """What was found from `start` to before `end`, and what is said of it."""

    start: int
    end: int
    said: str = ""


@dataclass(frozen=True, eq=False)
class Looks:
    """What a rule looks for, in the order in which it is stated; equal only to itself, so that it can be a key."""

    looks: tuple[tuple[re.Pattern[str], re.Pattern[str] | None, str], ...]


@kept(128, 32)
def paragraphs(text: str) -> tuple[Passage, ...]:
    """The paragraphs of a text that are not blank, without the blanks around them."""
    found = []
    start = 0
    for line in text.split("\n"):
        for at, piece in pieces(line) if len(line) > _LONG else ((0, line),):
            if bare := piece.lstrip():
                found.append(Passage(start + at + len(piece) - len(bare), bare.rstrip()))
        start += len(line) + 1
    return tuple(found)


_ENDS = tuple(
    expression(rf"[{marks}](?![0-9０-９。，、；：！？;!?.,”’》）)」』\s])")
    for marks in ("。", "；！？;!?", "，、")
)
"""Where a piece may end, the best first; not where marks meet, as what is wrong with them would not be seen."""
_TOLD_BY = 48
"""Characters before a cut by which it is chosen: many sentences of one text end with the same words."""
_OF_NUMBERS = frozenset("0123456789.,０１２３４５６７８９．，零〇一二两三四五六七八九十百千万亿")
"""What no piece ends with, if it can be helped: half a number would be another number."""


@lru_cache(maxsize=16)
def pieces(line: str) -> tuple[Passage, ...]:
    """A paragraph; a long one in pieces that end with a sentence, else with a clause, else where they have to.

    Which sentence that is depends on its own words, as if one were drawn by lot among those that could: so the cuts
    stay where they are while one types before them, and a keystroke changes one piece, hardly ever two or three.
    """
    if len(line) <= _LONG:
        return (Passage(0, line),)
    last, cut = _last_cut[0]
    start, gone, come = text_difference(last, line)
    end, by = start + len(gone), len(come) - len(gone)
    # Where a piece ends rests on what follows, up to a character more than the longest has.
    found = [piece for piece in cut[:-1] if piece.start + _LONGEST < start]
    behind = {piece.start + by: number for number, piece in enumerate(cut) if piece.start >= end}
    at = found[-1].start + len(found[-1].text) if found else 0
    while at not in behind and len(line) - at > _LONGEST:
        piece = line[at : at + _end_within(line[at : at + _LONGEST + 1], _PIECE, _LONGEST)]
        found.append(Passage(at, piece))
        at += len(piece)
    if at in behind:  # from here on it is cut as it was
        found += [Passage(piece.start + by, piece.text) for piece in cut[behind[at] :]]
    else:
        found.append(Passage(at, line[at:]))
    _last_cut[0] = line, tuple(found)
    return _last_cut[0][1]


_last_cut: list[tuple[str, tuple[Passage, ...]]] = [("", ())]
"""The long paragraph that was cut last: with a keystroke one or two of its pieces are cut anew."""


def _drawn(line: str, ends: list[int]) -> int:
    """One of these places, as if drawn by lot, but the same behind the same words in every run."""
    return max(
        ends, key=lambda end: crc32(line[max(0, end - _TOLD_BY) : end].encode("utf-8", "surrogatepass"))
    )


def _end_within(line: str, first: int, last: int) -> int:
    for marks in _ENDS:
        # One more is looked at, as it tells whether what stands before it may end.
        ends = [found.end() for found in marks.finditer(line, first, first + _PIECE + 1)]
        ends = [end for end in ends if end <= first + _PIECE]
        if not ends:
            ends = [found.end() for found in marks.finditer(line, first + _PIECE, last + 1)]
            ends = [end for end in ends if end <= last]
        if ends:
            return _drawn(line, ends)
    for least in (_OF_NUMBERS, ""):
        ends = [at + 1 for at in range(first, first + _PIECE) if line[at] not in least]
        if ends:
            return _drawn(line, ends)
    return last


@lru_cache(maxsize=4096)
def sentences(paragraph: str) -> tuple[Passage, ...]:
    """The sentences of a paragraph, with their marks; a semicolon ends one as well."""
    return tuple(
        Passage(found.start(), found[0]) for found in re.finditer(f"[^{_STOPS}]+[{_STOPS}]?", paragraph)
    )


def sentence_at(paragraph: str, at: int) -> Passage:
    """The sentence to which a character belongs."""
    return next(
        (s for s in sentences(paragraph) if s.start <= at < s.start + len(s.text)), Passage(0, paragraph)
    )


def looks_of(rule: Rule, key: str = "patterns") -> Looks:
    """What a rule says to look for: a list of `{ find, said, unless }`, or of expressions."""
    if key not in rule.made:
        stated = [one if isinstance(one, Mapping) else {"find": one} for one in rule.data.get(key, ())]
        rule.made[key] = Looks(
            tuple(
                (
                    expression(one["find"]),
                    expression(one["unless"]) if "unless" in one else None,
                    str(one.get("said", "")),
                )
                for one in stated
            )
        )
    looks: Looks = rule.made[key]
    return looks


def words_of(rule: Rule, key: str) -> re.Pattern[str]:
    """An expression that finds any of those that a rule lists under this key."""
    if key not in rule.made:
        rule.made[key] = expression("|".join(rule.data[key]))
    pattern: re.Pattern[str] = rule.made[key]
    return pattern


def missing_of(
    rule: Rule, key: str, texts: Iterable[str], only: Callable[[str], bool] = lambda name: True
) -> tuple[str, ...]:
    """The names that a rule lists under this key none of whose expressions is found in any of these texts."""
    if key not in rule.made:
        rule.made[key] = {name: expression("|".join(told)) for name, told in rule.data[key].items()}
    asked = [(name, told) for name, told in rule.made[key].items() if only(name)]
    return tuple(name for name, told in asked if not any(_tells(text, told) for text in texts))


@kept(512, 128)
def _tells(text: str, told: re.Pattern[str]) -> bool:
    if len(text) <= _LONG:
        return told.search(text) is not None
    return next(_by_blocks(_pairs(text), _told_in, told), None) is not None


@lru_cache(maxsize=1024)
def _told_in(part: str, told: re.Pattern[str]) -> tuple[Hit, ...]:
    found = told.search(part)
    return () if found is None else (Hit(*found.span()),)


@kept(2048, 256)
def in_text(text: str, of_paragraph: Callable[..., tuple[Hit, ...]], *more: Any) -> tuple[Hit, ...]:
    """What a pure function finds in each paragraph, at its place in the whole text, up to `MOST`.

    The function should be cached by paragraph, this is by text and by block of lines: a keystroke costs one paragraph,
    a figure nothing.
    """
    return tuple(islice(_by_blocks(_blocks(text), _in_block, of_paragraph, *more), MOST))


@dataclass(frozen=True, eq=False)
class _Blocks:
    """A text in blocks; itself only, as a key."""

    passages: tuple[Passage, ...] = ()


@kept(128, 16)
def _blocks(text: str) -> _Blocks:
    """A text by `_BLOCK` lines at a time; the pieces of a long line are blocks of their own."""
    lines = text.split("\n")
    found: list[Passage] = []
    start = 0
    for at in range(0, len(lines), _BLOCK):
        block = "\n".join(lines[at : at + _BLOCK])
        if len(block) > _LONG and any(len(line) > _LONG for line in lines[at : at + _BLOCK]):
            found += _paragraphs_at(block, start)
        else:
            found.append(Passage(start, block))
        start += len(block) + 1
    return _Blocks(tuple(found))


@kept(128, 16)
def _pairs(text: str) -> _Blocks:
    """Each block with the one behind it, where what goes over the end of the first is found as well."""
    blocks = _blocks(text).passages
    ends = [start + len(block) for start, block in blocks]
    pairs = zip(blocks, ends[1:] or ends, strict=False)
    return _Blocks(tuple(Passage(start, text[start:end]) for (start, _), end in pairs))


def _paragraphs_at(text: str, at: int) -> Iterator[Passage]:
    """The paragraphs of a part of a text that begins there, at their places in the whole."""
    for start, paragraph in paragraphs(text):
        yield Passage(at + start, paragraph)


@dataclass
class _Known:
    """What one function found in the blocks of a text, as far as it was asked: those with anything, by number."""

    blocks: _Blocks = _Blocks()
    hits: tuple[tuple[int, tuple[Hit, ...]], ...] = ()


@lru_cache(maxsize=256)
def _known(_find: Callable[..., tuple[Hit, ...]], *_more: Any) -> _Known:
    """Of the text that was looked through last, which is mostly the one before a key."""
    return _Known()


@lru_cache(maxsize=8)
def _changed(old: _Blocks, new: _Blocks) -> tuple[int, int, int]:
    """Which blocks of a text are others than those of an older one, the same for all that is looked for.

    The first of them, the one behind the last, and the number that this had in the old.
    """
    was, now = ([block for _, block in one.passages] for one in (old, new))
    most = min(len(was), len(now))
    first = next((n for n in range(most) if was[n] != now[n]), most)
    most -= first
    same = next((n for n in range(most) if was[-1 - n] != now[-1 - n]), most)
    return first, len(now) - same, len(was) - same


def _by_blocks(blocks: _Blocks, find: Callable[..., tuple[Hit, ...]], *more: Any) -> Iterator[Hit]:
    """What a pure function finds in each block, at its place in the whole.

    It looks at no block that the text before had as well, and at no more than is asked for.
    """
    known = _known(find, *more)
    first, last, behind = _changed(known.blocks, blocks)
    before = [one for one in known.hits if one[0] < first]
    after = [(number + last - behind, its) for number, its in known.hits if number >= behind]
    here = (
        (number, its) for number in range(first, last) if (its := find(blocks.passages[number].text, *more))
    )
    found = []
    for number, its in chain(before, here, after):
        found.append((number, its))
        start = blocks.passages[number].start
        for hit in its:
            yield Hit(start + hit.start, start + hit.end, hit.said)
    known.blocks, known.hits = blocks, tuple(found)


def _in_block(block: str, of_paragraph: Callable[..., tuple[Hit, ...]], *more: Any) -> tuple[Hit, ...]:
    found: list[Hit] = []
    for start, paragraph in paragraphs(block):
        if here := of_paragraph(paragraph, *more):
            found += [Hit(start + hit.start, start + hit.end, hit.said) for hit in here]
    return tuple(found)


def found_in(
    report: Report, of_paragraph: Callable[..., tuple[Hit, ...]], *more: Any, keys: tuple[str, ...] = ()
) -> tuple[tuple[Span, Hit, str], ...]:
    """The same of the texts of these sections, or of all and of the notes below tables: each with its place and its
    words."""
    texts = report.texts + report.notes if report.notes else report.texts
    return _in_texts(texts, keys, of_paragraph, *more)


@lru_cache(maxsize=128)
def _in_texts(
    texts: tuple[tuple[str, str], ...],
    keys: tuple[str, ...],
    of_paragraph: Callable[..., tuple[Hit, ...]],
    *more: Any,
) -> tuple[tuple[Span, Hit, str], ...]:
    return tuple(
        (Span(key, hit.start, hit.end), hit, text[hit.start : hit.end])
        for key, text in texts
        if not keys or key in keys
        for hit in in_text(text, of_paragraph, *more)
    )


@lru_cache(maxsize=8192)
def hits(paragraph: str, looks: Looks) -> tuple[Hit, ...]:
    """What is found in a paragraph, in its order; what begins within something found before it is left out."""
    found: list[Hit] = []
    for find, unless, said in looks.looks:
        for one in find.finditer(paragraph):
            if unless is None or unless.search(sentence_at(paragraph, one.start()).text) is None:
                found.append(Hit(one.start(), one.end(), said))
    found.sort()
    kept: list[Hit] = []
    for hit in found:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return tuple(kept)


def spotted(report: Report, rule: Rule) -> tuple[tuple[Span, Hit, str], ...]:
    """What a rule looks for by its `patterns`, in the sections that it names in `where`."""
    return found_in(report, hits, looks_of(rule), keys=tuple(rule.data.get("where", ())))
