"""How a title is divided for centring, and where a signature stands with a seal and without: alike on every page made.

Knows the words that titles of such reports are made of. Knows no file format and no face: whoever draws says how wide
the line is and, where it can, how wide each character.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from math import ceil
from unicodedata import east_asian_width

_LINES = 3  # a title that needs more is broken like text: the divisions to compare would be too many

_BREAKS = (
    (re.compile(r"(?<!\d)(?=\d{4}年)"), 0),
    (re.compile(r"(?<=\d年)(?=政府信息|年度)|(?<=年度)(?=政府信息)|(?=政府信息公开)"), 3),
    (re.compile(r"(?<=关于)|(?<=....)(?=（)"), 3),
    # 自治州, but not 广州; 市, but not 城市, nor 市场 and 市委, nor the 市 of 市北区; 旗, but not 红旗区.
    (
        re.compile(
            r"(?<=自治州)|(?<=地区)|(?<=[^联]盟)(?=行政|[^\d]{2,}旗)|(?<=兵团)(?=第)|(?<=[一二三四五六七八九十]师)"
            r"|(?<=..[省县])(?![委级属直城])|(?<=.[^城都市]市)(?![委级属直场镇])|(?<=..区)(?![委级属域划])"
            r"|(?<=..旗)(?![区镇街乡])"
        ),
        4,
    ),
    (
        re.compile(
            r"(?<=[局厅])(?!长)|(?<=委)(?![员会])|(?<=委员会)|(?<=管委会)|(?<=大学)|(?<=公司)|(?<=研究院)"
        ),
        5,
    ),
    (re.compile(r"(?<=[县市区旗州镇乡])(?=人民政府|管理委员会|管委会)|(?<=人民政府)(?!办公)"), 6),
    (re.compile(r"(?<=政府)(?=办公)|(?=工作)|(?=年度报告)"), 7),
)
"""Where a title may be divided without tearing a word, and how gladly (GB/T 9704, 7.3.1: 词意完整)."""

_YEAR = re.compile(r"\d{4}年")
_TAIL_FEE = 20  # the year stands amid a line that begins with the end of the agency's name
_WAIST_FEE, _LINE_FEE, _RAGGED_FEE = 10, 8, 5


def em_width(char: str) -> float:
    """The width of a character in ems, near enough where no face is at hand."""
    return 1.0 if east_asian_width(char) in "WFA" else 0.58


def signed_room(signature: Sequence[float], date: Sequence[float]) -> list[float]:
    """The room to the right of each line of signature and date without a seal (GB/T 9704, 7.3.5.2), all in ems.

    Given are the widths of the lines. The signature ends two characters from the edge and the date starts two
    characters further right than it; a date longer than the signature takes the place at the edge instead. Several
    lines of a signature are centred on each other, those of a date begin together; without signature they end at the
    edge.
    """
    longest, after = max(signature, default=0.0), max(date, default=0.0)
    if not signature:
        return [2.0] * len(date)
    if after > longest:
        return [*(4 + after - width for width in signature), *(2 + after - width for width in date)]
    return [*(2 + (longest - width) / 2 for width in signature), *(longest - width for width in date)]


SEAL_ROOM = 4.0
"""Characters between a date under a seal and the edge (GB/T 9704, 7.3.5.1)."""
_SEAL = 22.5 / 25.4 * 72  # points: half of a seal of 45 mm; 国发〔1999〕25号 has them from 42 to 50


def sealed_room(signature: Sequence[float], date: Sequence[float]) -> list[float]:
    """The room to the right of each line of signature and date under a seal (GB/T 9704, 7.3.5.1), all in ems.

    Given are the widths of the lines. The date ends four characters from the edge and the signature is centred on it;
    one so wide that it would pass the edge takes both to the left. Without date the signature ends where it would.
    """
    longest, after = max(signature, default=0.0), max(date, default=0.0)
    room = max(SEAL_ROOM, (longest - after) / 2) if date else SEAL_ROOM
    middle = room + (after if date else longest) / 2
    return [*(middle - width / 2 for width in signature), *(room + after - width for width in date)]


def sealed_space(lines: int, leading: float) -> int:
    """Empty lines between the text and so many lines of signature and date under a seal; `leading` in points.

    The seal lies with its middle on theirs and stands clear of the text, by less than a line (7.3.5.1).
    """
    return max(1, ceil((_SEAL - lines * leading / 2) / leading))


def signature_lines(
    text: str, date: float, block: float, *, sealed: bool, width: Callable[[str], float] = em_width
) -> list[str]:
    """A line of a signature, divided as a title is where it is too long to stand on one line; never inside a word.

    `date` is the width of the date and `block` that of the block, in ems; `width` that of a character. Under a seal a
    line that is centred on its date has the room that leaves the date in its place. What has no place to be divided
    comes back whole, to be broken like text.
    """
    measures = [block - 4]
    if sealed and date:
        middle = SEAL_ROOM + date / 2
        measures.insert(0, min(2 * middle, 2 * (block - middle)))
    for measure in measures:
        lines = title_lines(text, measure, width)
        if max((sum(map(width, line)) for line in lines), default=0.0) <= measure:
            return lines
    return [text] if text.strip() else []


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
    places = {
        place: cost
        for place, cost in places.items()
        if 0 < place < len(title) and title.count("（", 0, place) <= title.count("）", 0, place)
    }
    divisions: list[tuple[float, list[str]]] = []
    for count in (least, least + 1):
        for cuts in combinations(sorted(places), count - 1):
            spans = list(pairwise((0, *cuts, len(title))))
            lengths = [sum(widths[a:b]) for a, b in spans]
            if max(lengths) > measure:
                continue
            cost = sum(places[cut] for cut in cuts) + _RAGGED_FEE * (max(lengths) - min(lengths)) / measure
            waist = any(
                b < 0.8 * min(a, c) for a, b, c in zip(lengths, lengths[1:], lengths[2:], strict=False)
            )
            lines = [title[a:b] for a, b in spans]
            tail = any(
                (year := _YEAR.search(line)) and year.start() > 0 and year.end() < len(line) for line in lines
            )
            fees = _WAIST_FEE * waist + _LINE_FEE * (count - least) + _TAIL_FEE * tail
            divisions.append((cost + fees, lines))
    return min(divisions)[1] if divisions else [title]
