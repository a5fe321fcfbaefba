"""Lines of a page joined to the paragraphs they were.

Knows how text looks that was broken at the width of a page, as PDF viewers copy it: many lines of one width that end
amid a sentence. Text that is not broken so stays as it is, paragraph for paragraph. Does not know what the text says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from statistics import median
from unicodedata import east_asian_width

from gxeditor.readers.sources import Paragraph

_NARROWEST, _WIDEST = 12, 60  # Chinese characters in a line of a page: narrow columns to A4 across
_SLACK = 0.13  # of the width, by which full lines differ: punctuation hangs over, a word does not fit
_FEWEST = 2  # lines that end amid a sentence, below which nothing says that the text was broken
_MOST_FULL, _MOST_LONG = 0.7, 0.1
"""Of the lines that end amid a sentence so many are full; of all lines not more are longer than full ones."""

_ENDS = re.compile(r"[。！？!?；;：:…][”’」』）)】》\"]*$")
_AMID = re.compile(r"[，,、（(《“‘\[【—-]$")
_BEGINS = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[）)](?![项款条目])|[0-9]{1,2}[.．、](?![0-9])|[0-9]{1,2}[）)]"
    r"|[①-⑳⑴-⒇●■◆★▲·•]|[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}[，,、]|其[一二三四五六七八九十][，,是]"
    r"|首先[，,]|其次[，,]|再次[，,]|最后[，,]|第[一二三四五六七八九十]{1,2}部分|附件?[：:0-9]"
)
_ARTICLE = re.compile(r"第[二三四五六七八九十零0-9]{0,4}条?第?$|第$")
_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,2}[.．、])[^，。；,;]{1,30}$"
)
_INDENT = 2  # halves of a character more than other lines, with which a paragraph begins


def unwrap(
    regions: Sequence[Sequence[Paragraph]], is_apart: Callable[[int, str], bool]
) -> tuple[list[list[Paragraph]], int]:
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
    pool = [one for region, may in zip(prose, broken, strict=True) if may for one in region]
    full = _full_width(pool)
    if full is None:
        return [list(region) for region in regions], 0
    margin = min(one.indent for one in pool)
    joined: list[list[Paragraph]] = []
    breaks = 0
    for region, alone, may in zip(regions, apart, broken, strict=True):
        kept: list[Paragraph] = []
        last: Paragraph | None = None  # the line above as it was, if it may go on
        for one, no_prose in zip(region, alone, strict=True):
            if may and last is not None and not no_prose and _continues(last, one, full, margin):
                breaks += 1
                start = kept[-1]
                kept[-1] = Paragraph(join(start.text, one.text), start.place, start.line, start.indent)
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
    word = re.search(r"[A-Za-z0-9@:/._-]*$", one)
    address = word is not None and re.search(r"[@/.:_-]", word[0]) is not None
    letters = re.search(r"[A-Za-z,;]$", one) and re.match(r"[A-Za-z(]", other)
    return f"{one} {other}" if letters and not address else one + other


def _full_width(lines: Sequence[Paragraph]) -> float | None:
    """The width at which the text was broken; None if it was not."""
    open_ = [
        width(one.text) for one in lines if not _ENDS.search(one.text) and not _HEADING.fullmatch(one.text)
    ]
    longest = max(open_, default=0.0)
    open_ = [one for one in open_ if one > 0.5 * longest]
    if len(open_) < _FEWEST or not _NARROWEST <= (usual := median(open_)) <= _WIDEST:
        return None
    near = [one for one in open_ if abs(one - usual) <= max(2.0, _SLACK * usual)]
    longer = [one for one in lines if width(one.text) > usual * (1 + _SLACK) + 2]
    if len(near) < max(_FEWEST, _MOST_FULL * len(open_)) or len(longer) > _MOST_LONG * len(lines):
        return None
    return usual


def _continues(last: Paragraph, one: Paragraph, full: float, margin: int) -> bool:
    """Whether a line goes on with the sentence or the paragraph of the line above it."""
    begins = _BEGINS.match(one.text) is not None
    if begins and not (_ARTICLE.search(last.text) and one.text[0] in "（("):
        return False
    if one.indent >= margin + _INDENT and one.indent > last.indent:
        return False
    long = width(last.text) >= full * (1 - _SLACK) - 1
    if _ENDS.search(last.text):
        together = one.line is None or last.line is None or one.line - last.line <= 1
        return long and together
    return long or (_AMID.search(last.text) is not None and width(last.text) >= full / 2)
