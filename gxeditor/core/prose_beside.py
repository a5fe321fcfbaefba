"""A text beside last year's: which paragraphs belong together, and what differs in them.

Knows headings and likeness, nothing of rules or years. Work is bounded: of what is longer than any report, paragraphs
go by their order alone and the change is told as one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal, NamedTuple

from gxeditor.core.report import paragraphs, text_difference

_ALIKE = 0.34
"""Of the pairs of characters two paragraphs must share so much to be one that was rewritten."""
_MOST = 60
"""Paragraphs between two that are the same in both years, of either text; more go by their order."""
_TOKENS = 900
"""Numbers, words and characters of a paragraph; in a longer one only where the change begins and ends is told."""

Spans = tuple[tuple[int, int], ...]


class Pair(NamedTuple):
    """A paragraph of this year's text and its counterpart: numbers of the lines, None where there is none.

    `changes` is in how many places they differ, 0 if they read the same; `now_spans` and `then_spans` are the
    characters of each that the other has not, within the paragraph.
    """

    now: int | None
    then: int | None
    changes: int = 0
    now_spans: Spans = ()
    then_spans: Spans = ()

    @property
    def is_same(self) -> bool:
        return self.now is not None and self.then is not None and not self.changes


def pair(now: str, then: str) -> tuple[Pair, ...]:
    """The paragraphs of two texts side by side, in the order of both; blank lines are no paragraphs.

    A heading is paired with the same heading whatever its number, a paragraph with one that is like it.
    """
    mine = [(number, line) for number, line in enumerate(now.split("\n")) if line.strip()]
    its = [(number, line) for number, line in enumerate(then.split("\n")) if line.strip()]
    keys = [_key(line) for _, line in mine], [_key(line) for _, line in its]
    found: list[Pair] = []
    for tag, first, last, start, end in _same(*keys):
        if tag == "equal":
            pairs: Iterator[tuple[int | None, int | None]] = zip(
                range(first, last), range(start, end), strict=True
            )
        else:
            pairs = _between(keys[0][first:last], keys[1][start:end], first, start)
        for one, other in pairs:
            if one is None or other is None:
                found.append(
                    Pair(
                        mine[one][0] if one is not None else None,
                        its[other][0] if other is not None else None,
                    )
                )
            else:
                found.append(Pair(mine[one][0], its[other][0], *_changes(mine[one][1], its[other][1])))
    return tuple(found)


def aligned(mine: Sequence[str], its: Sequence[str]) -> tuple[tuple[int | None, int | None], ...]:
    """Which lines of two texts belong together, by their numbers, in the order of both; None where there is none.

    Lines that are the same to the last character go first, blank ones among them; of the others those that are alike.
    """
    head = 0
    while head < min(len(mine), len(its)) and mine[head] == its[head]:
        head += 1
    tail = 0
    while tail < min(len(mine), len(its)) - head and mine[-1 - tail] == its[-1 - tail]:
        tail += 1
    found: list[tuple[int | None, int | None]] = [(at, at) for at in range(head)]
    ends = len(mine) - tail, len(its) - tail
    for tag, *places in _same(mine[head : ends[0]], its[head : ends[1]]):
        first, last, start, end = (head + place for place in places)
        if tag == "equal":
            found.extend(zip(range(first, last), range(start, end), strict=True))
        else:
            keys = [_key(line) for line in mine[first:last]], [_key(line) for line in its[start:end]]
            found.extend(_between(*keys, first, start))
    found.extend((ends[0] + at, ends[1] + at) for at in range(tail))
    return tuple(found)


_Ranges = tuple[str, int, int, int, int]


def _same(mine: Sequence[str], its: Sequence[str]) -> Iterator[_Ranges]:
    """Which runs of paragraphs are the same in both and which are not, as `SequenceMatcher.get_opcodes` tells it.

    In long texts what lies between the paragraphs that stand once in either and in the same order: the matcher would
    look through all of a text for each run.
    """
    done = 0, 0
    for here, there in (*_anchors(mine, its), (len(mine), len(its))):
        first, start = done
        if first < here or start < there:
            if (here - first) * (there - start) > _WORK:
                yield "replace", first, here, start, there
            else:
                matcher = SequenceMatcher(None, mine[first:here], its[start:there], autojunk=False)
                for tag, a, b, c, d in matcher.get_opcodes():
                    yield tag, first + a, first + b, start + c, start + d
        if here < len(mine):
            yield "equal", here, here + 1, there, there + 1
        done = here + 1, there + 1


_WORK = 400_000
"""Pairs of paragraphs that are compared at most between two that stand once: the same one a thousand times over is none
of a report, and goes by its order."""
_LONG = 200
"""Paragraphs from which a text is long."""


def _anchors(mine: Sequence[str], its: Sequence[str]) -> list[tuple[int, int]]:
    """The most paragraphs that stand once in either text and in the same order in both; none in short texts."""
    if min(len(mine), len(its)) < _LONG:
        return []
    counts = Counter(mine), Counter(its)
    places = {key: place for place, key in enumerate(its) if counts[1][key] == 1}
    ends: list[int] = []  # the least place with which a row of each length ends
    rows: list[tuple[int, int, int]] = []  # place, place there, the one before in its row
    last: list[int] = []
    for place, key in enumerate(mine):
        there = places.get(key) if counts[0][key] == 1 else None
        if there is None:
            continue
        length = bisect_left(ends, there)
        rows.append((place, there, last[length - 1] if length else -1))
        ends[length : length + 1] = [there]
        last[length : length + 1] = [len(rows) - 1]
    found, at = [], last[-1] if last else -1
    while at >= 0:
        place, there, at = rows[at]
        found.append((place, there))
    return found[::-1]


@lru_cache(maxsize=8192)
def _key(line: str) -> str:
    """What a paragraph is known by: its words without blanks, a heading without its number."""
    bare = "".join(line.split())
    heading = _heading(line)
    return f"#{heading}" if heading and len(heading) + 6 >= len(bare) else bare


_NUMBER = re.compile(r"^[（(]?[一二三四五六七八九十0-9０-９]{1,3}[)）、.．]\s?")


@lru_cache(maxsize=512)
def _heading(line: str) -> str:
    """The words of the heading that a paragraph begins with, without number and full stop."""
    parts = paragraphs(line)
    return _NUMBER.sub("", parts[0].heading).rstrip("。：:").strip() if parts else ""


@lru_cache(maxsize=512)
def _grams(line: str) -> Counter[str]:
    """The pairs of neighbouring characters, figures apart: they change every year."""
    bare = re.sub(r"[\d０-９\s]+", "", line)
    return Counter(bare[at : at + 2] for at in range(len(bare) - 1))


def _likeness(one: str, other: str) -> float:
    """From 0 to 1; 0 for different headings, and for a heading and a text."""
    if one.startswith("#") or other.startswith("#"):
        return 1.0 if one == other else 0.0
    heads = _heading(one), _heading(other)
    if heads[0] and heads[1]:
        return 1.0 if heads[0] == heads[1] else 0.0
    mine, its = _grams(one), _grams(other)
    whole = mine.total() + its.total()
    return 2 * (mine & its).total() / whole if whole else 0.0


def _between(
    mine: Sequence[str], its: Sequence[str], first: int, start: int
) -> Iterator[tuple[int | None, int | None]]:
    """Pairs of paragraphs that differ, the alignment with the most likeness in all; numbers from `first`, `start`."""
    rows, columns = len(mine), len(its)
    if rows > _MOST or columns > _MOST:
        paired = min(rows, columns)
        yield from ((first + at, start + at) for at in range(paired))
        yield from ((first + at, None) for at in range(paired, rows))
        yield from ((None, start + at) for at in range(paired, columns))
        return
    like = [[_likeness(one, other) for other in its] for one in mine]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            score = like[row][column]
            paired_score = score + best[row + 1][column + 1] if score >= _ALIKE else 0.0
            best[row][column] = max(best[row + 1][column], best[row][column + 1], paired_score)
    row = column = 0
    while row < rows and column < columns:
        score = like[row][column]
        if score >= _ALIKE and best[row][column] == score + best[row + 1][column + 1]:
            yield first + row, start + column
            row, column = row + 1, column + 1
        elif best[row][column] == best[row][column + 1]:
            yield None, start + column
            column += 1
        else:
            yield first + row, None
            row += 1
    yield from ((first + at, None) for at in range(row, rows))
    yield from ((None, start + at) for at in range(column, columns))


_TOKEN = re.compile(
    r"[0-9０-９][0-9０-９.．,，]*[%％]?(?:人次|条次|件次|万元|[年月日件条次项宗份篇期场个家人部元])?|\s+|.",
    re.DOTALL,
)


@lru_cache(maxsize=4096)
def _changes(now: str, then: str) -> tuple[int, Spans, Spans]:
    """In how many places two paragraphs differ, and where; blanks do not count."""
    if now == then or "".join(now.split()) == "".join(then.split()):
        return 0, (), ()
    mine, its = (
        [(found.start(), found[0]) for found in _TOKEN.finditer(text) if not found[0].isspace()]
        for text in (now, then)
    )
    if len(mine) > _TOKENS or len(its) > _TOKENS:
        start, old, new = text_difference(then, now)
        return 1, _span(start, start + len(new)), _span(start, start + len(old))
    matcher = SequenceMatcher(None, [word for _, word in mine], [word for _, word in its], autojunk=False)
    count = 0
    spans: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        count += 1
        for kept, words, (low, high) in ((spans[0], mine, (first, last)), (spans[1], its, (start, end))):
            if low < high:
                kept.append((words[low][0], words[high - 1][0] + len(words[high - 1][1])))
    return count, tuple(spans[0]), tuple(spans[1])


Piece = tuple[Literal["same", "gone", "come"], str]


def pieces(now: str, then: str) -> tuple[Piece, ...]:
    """What a text says, with what is gone of an earlier one where it stood, and what has come marked as such."""
    mine, its = ([found[0] for found in _TOKEN.finditer(text)] for text in (now, then))
    found: list[Piece] = []
    if len(mine) > _TOKENS or len(its) > _TOKENS:
        start, old, new = text_difference(then, now)
        found = [("same", now[:start]), ("gone", old), ("come", new), ("same", now[start + len(new) :])]
        return tuple(one for one in found if one[1])
    matcher = SequenceMatcher(None, its, mine, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(mine[start:end])))
            continue
        found += [("gone", "".join(its[first:last])), ("come", "".join(mine[start:end]))]
    return tuple(one for one in found if one[1])


def _span(start: int, end: int) -> Spans:
    return ((start, end),) if start < end else ()
