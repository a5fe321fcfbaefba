"""Lines of a page joined to the paragraphs they were.

Knows how text looks that was broken at the width of a page, as PDF viewers copy it: many lines of one width that end
amid a sentence. Text that is not broken so stays as it is, paragraph for paragraph. Does not know what the text says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean, median
from unicodedata import east_asian_width

from gxeditor.imports.source import SourceText

# Chosen; the tests and the published reports at hand, few of which were broken at the width of a page, come out the
# same with _SLACK from 0.06 to 0.2, _MOST_FULL from 0.5 to 0.9, _MOST_LONG from 0 to 0.25, _LEAST_OPEN from 0.1 to
# 0.35 and _OPEN from 0.4 to 0.7.
_NARROWEST, _WIDEST = 16, 60  # Chinese characters in a line of a page: large print to A4 across
_SLACK = 0.13  # of the width, by which full lines differ: punctuation hangs over, a word does not fit
_FEWEST = 2  # lines that end amid a sentence, below which nothing says that the text was broken
_MOST_FULL, _MOST_LONG, _LEAST_OPEN = 0.7, 0.1, 0.25
"""Of the lines that end amid a sentence so many are full; of all lines not more are longer than full ones, and so many
end amid a sentence."""

_ENDS = re.compile(r"[。！？!?；;：:…][”’」』）)】》\"]*$")
_CLOSES = re.compile(r"[。，；：、！？）”’》】%％]")
_WORD = re.compile(r"[0-9A-Za-z.%％-]{2,20}")
_BEGINS = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[）)](?![项款条目])|[0-9]{1,2}[.．、](?![0-9])|[0-9]{1,2}[）)]"
    r"|[①-⑳⑴-⒇●■◆★▲·•]|[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}[，,、]|其[一二三四五六七八九十][，,是]"
    r"|首先[，,]|其次[，,]|再次[，,]|最后[，,]|第[一二三四五六七八九十]{1,2}部分|附件?[：:0-9]"
)
_ORDINAL = re.compile(r"[一二三四五六七八九十]{1,2}是")
_ARTICLE = re.compile(r"第[二三四五六七八九十零0-9]{0,4}条?第?$|第$")
_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,2}[.．、])[^，。；,;]{1,30}$"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SPACED_END = re.compile(r"[\u4e00-\u9fff] [0-9A-Za-z.]{1,20}$")  # 共 21 件, written with blanks
_SPACED_START = re.compile(r"[0-9A-Za-z.]{1,20} [\u4e00-\u9fff]")
_OPEN = 0.6  # of the full width, from which on a line without an end goes on
_ROOM = 1.6  # characters left in a full line: a mark may not begin the next one
_LONGEST_ADDRESS = 80  # characters
_INDENT = 2  # halves of a character more than other lines, with which a paragraph begins


def unwrap(
    regions: Sequence[Sequence[SourceText]], is_apart: Callable[[int, str], bool]
) -> tuple[list[list[SourceText]], int]:
    """Each region's paragraphs with broken lines joined, and how many line breaks went.

    `is_apart` says of a region (by its place) and a text that it is no prose (a label, a figure), which stays apart.
    """
    apart = [[is_apart(i, one.text) for one in region] for i, region in enumerate(regions)]
    prose = [
        [one for one, no_prose in zip(region, alone, strict=True) if not no_prose]
        for region, alone in zip(regions, apart, strict=True)
    ]
    # A region with one long paragraph was not broken, whatever the others are.
    broken = [bool(region) and max(width(one.text) for one in region) <= 1.5 * _WIDEST for region in prose]
    pages = [region for region, may in zip(prose, broken, strict=True) if may]
    page = _Page.of([one for region in pages for one in region], pages)
    if page is None:
        return [list(region) for region in regions], 0
    joined: list[list[SourceText]] = []
    breaks = 0
    for region, alone, may in zip(regions, apart, broken, strict=True):
        kept: list[SourceText] = []
        last: SourceText | None = None  # the line above as it was, if it may go on
        for one, no_prose in zip(region, alone, strict=True):
            if may and last is not None and not no_prose and page.continues(last, one):
                breaks += 1
                start = kept[-1]
                kept[-1] = replace(start, text=join(start.text, one.text))
            else:
                kept.append(one)
            last = None if no_prose else one
        joined.append(kept)
    return joined, breaks


def width(text: str) -> float:
    """In Chinese characters; others take half of one."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text) / 2


def join(one: str, other: str) -> str:
    """Two lines as one: Chinese without a blank between, words of letters with one, an address without."""
    word = re.search(r"[A-Za-z0-9@:/._-]*$", one[-_LONGEST_ADDRESS:])
    address = word is not None and re.search(r"[@/.:_-]", word[0]) is not None
    letters = re.search(r"[A-Za-z,;]$", one) and re.match(r"[A-Za-z(]", other)
    spaced = (_SPACED_END.search(one) and _HAN.match(other)) or (
        _HAN.match(one[-1:]) and _SPACED_START.match(other)
    )
    return f"{one} {other}" if (letters and not address) or spaced else one + other


@dataclass(frozen=True, slots=True)
class _Page:
    """How the lines of a page were broken: at `full`, counted by `measure`.

    `marked` if paragraphs begin with an indent beyond `margin`; `gap` is how many lines further the next one stands.
    """

    measure: Callable[[str], float]
    full: float
    margin: int
    marked: bool
    gap: int

    @classmethod
    def of(cls, lines: Sequence[SourceText], regions: Sequence[Sequence[SourceText]]) -> _Page | None:
        """None if the lines were not broken at one width."""
        # Some programs break after so many characters, whatever their width.
        found = [(*fit, measure) for measure in (width, len) if (fit := _full(lines, measure)) is not None]
        if not found:
            return None
        _, full, measure = min(found, key=lambda one: one[0])
        margin = min(one.indent for one in lines)
        several = [region for region in regions if len(region) > 1]
        marked = any(one.indent == margin for one in lines) and all(
            region[0].indent >= margin + _INDENT for region in several
        )
        pairs = (pair for region in regions for pair in pairwise(region))
        stand = ((above.origin.line, below.origin.line) for above, below in pairs)
        gaps = (below - above for above, below in stand if above and below)
        return cls(measure, full, margin, marked, max(1, min(gaps, default=1)))

    def continues(self, last: SourceText, one: SourceText) -> bool:
        """Whether a line goes on with the sentence or the paragraph of the line above it."""
        if _CLOSES.match(one.text):
            return True
        ended = _ENDS.search(last.text) is not None
        begins = _BEGINS.match(one.text) is not None
        indented = one.indent >= self.margin + _INDENT and one.indent > last.indent
        if begins and not (_ARTICLE.search(last.text) and one.text[0] in "（("):
            inside = not ended or (_ORDINAL.match(one.text) is not None and self._is_full(last, one))
            return self.marked and not indented and inside and one.indent == self.margin
        if self.marked:
            return one.indent < self.margin + _INDENT and not _HEADING.fullmatch(last.text)
        if indented:
            return False
        if ended:
            below, above = one.origin.line, last.origin.line
            together = below is None or above is None or below - above <= self.gap
            return together and self._is_full(last, one)
        long = self.measure(last.text)
        return long >= self.full * (1 - _SLACK if _HEADING.fullmatch(last.text) else _OPEN)

    def _is_full(self, last: SourceText, one: SourceText) -> bool:
        """Whether nothing more of the next line would have fitted in."""
        word = _WORD.match(one.text)
        room = self.full - self.measure(last.text) - (self.measure(word[0]) if word else 0)
        return room < _ROOM


def _full(lines: Sequence[SourceText], measure: Callable[[str], float]) -> tuple[float, float] | None:
    """How much full lines differ, and the width at which the text was broken; None if it was not."""
    open_ = [
        measure(one.text) for one in lines if not _ENDS.search(one.text) and not _HEADING.fullmatch(one.text)
    ]
    longest = max(open_, default=0.0)
    open_ = [one for one in open_ if one > 0.5 * longest]
    if (
        len(open_) < max(_FEWEST, _LEAST_OPEN * len(lines))
        or not _NARROWEST <= (usual := median(open_)) <= _WIDEST
    ):
        return None
    near = [one for one in open_ if abs(one - usual) <= max(2.0, _SLACK * usual)]
    longer = [one for one in lines if measure(one.text) > usual * (1 + _SLACK) + 2]
    if len(near) < max(_FEWEST, _MOST_FULL * len(open_)) or len(longer) > _MOST_LONG * len(lines):
        return None
    return mean(abs(one - usual) for one in near), usual
