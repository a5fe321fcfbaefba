"""How a title is divided for centring, and where a signature stands with a seal and without: alike on every page made.

Knows the words that titles of such reports are made of. Knows no file format and no face: whoever draws says how wide
the line is and, where it can, how wide each character.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, combinations, pairwise
from math import ceil
from unicodedata import east_asian_width

_LINES = 3  # a title that needs more is broken like text: the divisions to compare would be too many

_YEAR = re.compile(r"(?<!\d)\d{4}年")
_BREAKS = (
    (re.compile(r"(?<=\d年)(?=政府信息|年度)|(?<=年度)(?=政府信息)|(?=政府信息公开)"), 3),
    (re.compile(r"(?<=关于)|(?<=....)(?=[（(][^（()）]{4,}[）)])|(?<=、)"), 3),
    # 自治州, but not 广州; 市, but not 城市, nor 市场 and 市委, nor the 市 of 市北区; 旗, but not 红旗区.
    (
        re.compile(
            r"(?<=自治州)|(?<=地区)|(?<=[^联]盟)(?=行政|[^\d]{2,}旗)|(?<=兵团)(?=第)|(?<=[一二三四五六七八九十]师)"
            r"|(?<=..[省县])(?![委级属直城会域]|政府)"
            r"|(?<=.[^城都市超夜集]市)(?![委级属直场镇容区辖]|政[府公工建设]|民[中服热]|[中北南]区)"
            r"|(?<=..区)(?![委级属域划块位])|(?<=..旗)(?![区镇街乡])"
        ),
        4,
    ),
    (
        re.compile(
            r"(?<=[^布格]局)(?![长部域级属])|(?<=[^餐客]厅)(?!长)|(?<=委)(?![员会托派办任书常])|(?<=委员会)|(?<=管委会)"
            r"|(?<=大学)(?![城生])|(?<=公司)|(?<=研究院)"
        ),
        5,
    ),
    (
        re.compile(
            r"(?<=[县市区旗州镇乡])(?=人民政府|管理委员会|管委会)|(?<=人民政府)(?!办公)"
            r"|(?<=中心)(?![城区站医小校支])|(?<=[总支大]队)|(?<=联合会)|(?<=协会)|(?<=医院)|(?<=学院)"
            r"|(?=驻.{2,}(?:办事处|专员))|(?<=年度报告)(?=的)"
        ),
        6,
    ),
    (re.compile(r"(?<=政府)(?=办公)|(?=工作)|(?=年度报告)"), 7),
)
"""Where a title may be divided without tearing a word, and how gladly (GB/T 9704, 7.3.1: 词意完整)."""

_WORDS = re.compile(
    "政府信息|信息公开|政务公开|主动公开|人民政府|办公室|委员会|管理局|办事处|街道|年度|报告|工作|情况|总结|公开|政务|"
    "数据|服务|管理|监督|行政|审批|综合|执法|应急|城市|城乡|建设|住房|规划|自然|资源|生态|环境|保护|市场|农业|农村|水利|"
    "林业|草原|交通|运输|文化|广播|电视|旅游|体育|卫生|健康|医疗|保障|人力|社会|保险|民政|民族|宗教|事务|退役|军人|财政|"
    "审计|统计|教育|科学|技术|工业|信息化|商务|发展|改革|公安|司法|税务|海关|机构|编制|政策|研究|乡村|振兴|机关|国有|资产|"
    "公共|交易|开发|经济|合作|国际|投资|促进|招商|粮食|物资|储备|知识产权|气象|地震|消防|救援|邮政|烟草|专卖|档案|有限|责任|"
    "公司|集团|股份|中心|大队|支队|总队|关于|进一步|做好|加强|推进|开展|落实|实施|意见|通知|方案|说明|补充"
)
_WORD_COST = 9
"""Between two words that such titles are made of: where nothing better is found."""

_NEVER_BEFORE = "、，；：。）)》〉】”’·的"
_NEVER_AFTER = "（(《〈【“‘·"
_WAIST_FEE = 1000  # a line shorter than those above and below it: 梯形或菱形, never an hourglass
_YEAR_FEE = 100  # there is a year, and no line begins with it
_LINE_FEE, _RAGGED_FEE = 8, 5
_WAIST = 0.3  # em; less is not seen
_SHORT_BRACKET = re.compile("[（(][^（()）]{0,3}[）)]")  # （局） is part of the name before it


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
    """A title divided for centring: whole words, before the year first, trapezoid or rhomb (GB/T 9704, 7.3.1).

    `measure` is the width of a line and `width` that of a character, both in ems. A title that has no suitable places
    comes back whole, to be broken like text; a blank one as no line. Shape goes before the year: of a line shorter than
    those around it the year is made a part, or of the one below.
    """
    if not title.strip():
        return []
    widths = [width(char) for char in title]
    least = ceil(sum(widths) / measure)
    if not 1 < least <= _LINES:
        return [title]
    places = {match.start(): cost for regex, cost in reversed(_BREAKS) for match in regex.finditer(title)}
    places |= {match.start(): 0 for match in _YEAR.finditer(title)}
    best = _best_division(title, widths, measure, least, _sound(title, places))
    if best is None or best[0] >= _WAIST_FEE:
        words = [match.span() for match in _WORDS.finditer(title)]
        between = {stop: _WORD_COST for (_, stop), (start, _) in pairwise(words) if stop == start}
        best = _best_division(title, widths, measure, least, _sound(title, between | places)) or best
    return best[1] if best is not None else [title]


def _sound(title: str, places: Mapping[int, int]) -> dict[int, int]:
    """The places that are in no brackets and at no mark that belongs to the word beside it.

    和 goes with what follows it.
    """
    sound: dict[int, int] = {}
    for place, cost in places.items():
        at = place - 1 if place > 1 and title[place - 1] in "和与及" else place
        opened = sum(title.count(mark, 0, at) for mark in "（(《“") - sum(
            title.count(mark, 0, at) for mark in "）)》”"
        )
        if not 0 < at < len(title) or opened > 0 or title[at - 1] in _NEVER_AFTER:
            continue
        if (title[at] in _NEVER_BEFORE and not title.startswith("的", at)) or _SHORT_BRACKET.match(title, at):
            continue
        sound[at] = min(cost, sound.get(at, cost))
    return sound


def _best_division(
    title: str, widths: Sequence[float], measure: float, least: int, places: Mapping[int, int]
) -> tuple[float, list[str]] | None:
    years = {match.start() for match in _YEAR.finditer(title)}
    sums = list(accumulate(widths, initial=0.0))
    divisions: list[tuple[float, list[str]]] = []
    for count in (least, least + 1):
        for cuts in combinations(sorted(places), count - 1):
            spans = list(pairwise((0, *cuts, len(title))))
            lengths = [sums[b] - sums[a] for a, b in spans]
            if max(lengths) > measure:
                continue
            cost = sum(places[cut] for cut in cuts) + _RAGGED_FEE * (max(lengths) - min(lengths)) / measure
            waist = any(
                max(lengths[:n]) - _WAIST > lengths[n] < max(lengths[n + 1 :]) - _WAIST
                for n in range(1, count - 1)
            )
            late = bool(years) and years.isdisjoint({0, *cuts})
            fees = _WAIST_FEE * waist + _YEAR_FEE * late + _LINE_FEE * (count - least)
            divisions.append((cost + fees, [title[a:b] for a, b in spans]))
    return min(divisions) if divisions else None
