"""How the title of a report is divided for centring, the same on every page that the program makes.

Knows the words that titles of such reports are made of. Knows no file format and no face: whoever draws says how wide
the line is and, where it can, how wide each character.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations, pairwise
from math import ceil
from unicodedata import east_asian_width

_LINES = 3  # a title that needs more is broken like text: the divisions to compare would be too many

_BREAKS = (
    (re.compile(r"(?<!\d)(?=\d{4}年)"), 0),
    (re.compile(r"(?<=年)(?=政府|年度)|(?<=年度)(?=政府)|(?<=关于)|(?=政府信息公开)"), 3),
    (re.compile(r"(?<=[省市州盟区县旗])(?!\d)"), 4),
    (re.compile(r"(?=人民政府)|(?<=政府)(?=办公)|(?<=[局厅委会室院])(?!\d)"), 5),
    (re.compile(r"(?=工作)|(?=年度报告)"), 6),
)
"""Where a title may be divided without tearing a word, and how gladly (GB/T 9704, 7.3.1: 词意完整)."""


def em_width(char: str) -> float:
    """The width of a character in ems, near enough where no face is at hand."""
    return 1.0 if east_asian_width(char) in "WFA" else 0.58


def title_lines(title: str, measure: float, width: Callable[[str], float] = em_width) -> list[str]:
    """A title divided for centring: whole words, lines of fair length, no hourglass (GB/T 9704, 7.3.1).

    `measure` is the width of a line and `width` that of a character, both in ems. A title that has no suitable places
    comes back whole, to be broken like text; a blank one as no line.
    """
    if not title.strip():
        return []
    widths = [width(char) for char in title]
    least = ceil(sum(widths) / measure)
    if not 1 < least <= _LINES:
        return [title]
    places = {match.start(): cost for regex, cost in reversed(_BREAKS) for match in regex.finditer(title)}
    places = {place: cost for place, cost in places.items() if 0 < place < len(title)}
    divisions: list[tuple[float, list[str]]] = []
    for count in (least, least + 1):
        for cuts in combinations(sorted(places), count - 1):
            spans = list(pairwise((0, *cuts, len(title))))
            lengths = [sum(widths[a:b]) for a, b in spans]
            if max(lengths) > measure:
                continue
            cost = sum(places[cut] for cut in cuts) + 5 * (max(lengths) - min(lengths)) / measure
            waist = any(
                b < 0.8 * min(a, c) for a, b, c in zip(lengths, lengths[1:], lengths[2:], strict=False)
            )
            divisions.append((cost + 10 * waist + 8 * (count - least), [title[a:b] for a, b in spans]))
    return min(divisions)[1] if divisions else [title]
