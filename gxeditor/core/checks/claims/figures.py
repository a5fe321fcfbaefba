"""Numbers as prose writes them: digits of either width, thousands, 万 and 亿, Chinese numerals, shares, and units.

Knows where each stands and how exactly it is stated. Numbers of articles, documents, dates and telephones are none
(`revision.without_references`). Does not know what a number counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from gxeditor.core.checks.findings import Number
from gxeditor.core.expressions import expression
from gxeditor.core.revision import without_references


class Plain(NamedTuple):
    """A paragraph as it is read: simplified, half-width, without blanks; `places` are those of its characters.

    `places` has one more, the end of the paragraph.
    """

    text: str
    places: tuple[int, ...]


class Figure(NamedTuple):
    """A number at `start` to `end` of a plain text, its unit to `after`.

    `step` is the worth of its last digit; `vague` ones are 60余, 约60; `written` ones are Chinese numerals. The value
    of an amount is in its own unit, 元 or 万元; that of a share in percent.
    """

    start: int
    end: int
    after: int
    value: Number
    unit: str
    step: Decimal
    vague: bool = False
    written: bool = False


# Characters of reports in traditional script that the words of the vocabulary need.
_SIMPLIFIED = str.maketrans(
    "請辦結轉開務處訴訟複議覆條項總計萬億億無沒發佈廢現規範際維糾審許罰強費應類單據機關個體組織業動轄將為與",
    "请办结转开务处诉讼复议复条项总计万亿亿无没发布废现规范际维纠审许罚强费应类单据机关个体组织业动辖将为与",
)
_WIDE_THOUSANDS = expression(r"(?<![０-９，])[０-９]{1,3}(?:，[０-９]{3}){1,4}(?![０-９，])")
_TITLE = expression(r"《[^《》]{1,80}》")
_VAGUE_BEFORE = expression(r"(?:约|近|超过?|逾|大概|大约|接近|至少|不少于|突破)$")


def plain(paragraph: str) -> Plain:
    """The paragraph as it is read. Titles of documents, and numbers that count nothing, become barriers (newlines)."""
    text = paragraph.translate(_SIMPLIFIED).replace("\n", " ")
    text = without_references(_WIDE_THOUSANDS.sub(lambda wide: wide[0].replace("，", ","), text))
    text = _TITLE.sub(lambda title: "\n" * len(title[0]), text)
    places = [place for place, char in enumerate(text) if char == "\n" or not char.isspace()]
    return Plain("".join(text[place] for place in places), (*places, len(paragraph)))


MEASURES = frozenset(
    ("件", "件次", "份", "条", "宗", "起", "项", "次", "例", "个", "笔", "单", "部", "篇", "")
)
"""What requests, cases, documents and decisions are counted in; "" where the measure word is left out."""
_UNITS = (
    "%|个百分点|个?工作日|个月|个小时|件次|人次|条次|篇次|余?元|万元|亿元|批次|工作日|小时|平方|公里|件|份|条|宗|起|项|次|例|个|笔|单|封|部|篇|期|场|"
    "类|家|户|人|名|位|处|张|册|页|种|台|辆|所|卷|幅|则|批|年|月|日|天|岁|倍|点|时|号|楼|层|路|届|周"
)
_HAN = "零〇一二两三四五六七八九十百千万"
_FIGURE = expression(
    r"(?<![\d.A-Za-z])(?P<digits>\d{1,3}(?:,\d{3}){1,4}(?![\d])(?:\.\d{1,8})?|\d{1,15}(?:\.\d{1,12})?)"
    rf"(?P<scale>[万亿](?!元))?(?P<more>[余多])?(?P<unit>{_UNITS})?"
    r"|百分之(?P<share>[\d.]{1,8}|[零一二三四五六七八九十百点]{1,9})"
    rf"|(?<![第数几整统唯逐同末{_HAN}])(?P<han>[{_HAN}]{{1,9}})(?P<han_more>[余多])?"
    r"(?P<han_unit>件次|件(?!事)|份(?!子)|条(?!例|件|龙|约|块)|宗|起(?!草|诉|来|到)|项(?!目)|次(?!性|会)|例|个|笔|元|万元)"
    rf"|(?P<zero>(?<=[为是])零(?![{_HAN}])|零(?=申请|受理))"
)


def figures(text: str) -> tuple[Figure, ...]:
    """The numbers of a plain text, in order; those that count days, years, floors and the like among them."""
    return tuple(_figures(text))


def _figures(text: str) -> Iterator[Figure]:
    for found in _FIGURE.finditer(text):
        vague = bool(found["more"] or found["han_more"]) or bool(
            _VAGUE_BEFORE.search(text, max(0, found.start() - 3), found.start())
        )
        if found["digits"]:
            number = Decimal(found["digits"].replace(",", ""))
            exponent = number.as_tuple().exponent
            assert isinstance(exponent, int)
            factor = {"万": 10**4, "亿": 10**8}.get(found["scale"] or "", 1)
            unit = found["unit"] or ""
            if unit == "余元":
                vague, unit = True, "元"
            end = found.end("scale") if found["scale"] else found.end("digits")
            step = Decimal(1).scaleb(exponent) * factor
            yield Figure(found.start(), end, found.end(), _number(number * factor), unit, step, vague)
        elif found["share"]:
            share = _share(found["share"])
            if share is not None:
                exponent = share.as_tuple().exponent
                assert isinstance(exponent, int)
                step = Decimal(1).scaleb(min(exponent, 0))
                yield Figure(
                    found.start(), found.end(), found.end(), _number(share), "%", step, vague, written=True
                )
        elif found["han"]:
            value = han_number(found["han"])
            if value is not None:
                unit = found["han_unit"]
                yield Figure(
                    found.start(), found.end("han"), found.end(), value, unit, Decimal(1), vague, written=True
                )
        else:
            yield Figure(found.start(), found.end(), found.end(), 0, "件", Decimal(1), written=True)


def _number(value: Decimal) -> Number:
    return int(value) if value == value.to_integral_value() else value


_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def han_number(text: str) -> int | None:
    """三百零五 is 305, 二〇 is 20, 十二 is 12; None for what is no number (百千)."""
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text)) if len(text) < 9 else None
    total, part, digit = 0, 0, None
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            continue
        if char == "万":
            total, part, digit = (total + part + (digit or 0)) * 10**4, 0, None
            continue
        weight = {"十": 10, "百": 100, "千": 1000}[char]
        if digit is None and char != "十":
            return None
        part += (1 if digit is None else digit) * weight
        digit = None
    return total + part + (digit or 0) or None


def _share(text: str) -> Decimal | None:
    if text[0] in "0123456789.":
        return Decimal(text) if re.fullmatch(r"\d{1,5}(?:\.\d{1,4})?", text) else None
    whole, _, fraction = text.partition("点")
    value = 100 if whole == "百" else han_number(whole) if whole else None
    if value is None or (fraction and not all(char in _DIGITS for char in fraction)):
        return None
    digits = "".join(str(_DIGITS[char]) for char in fraction)
    return Decimal(f"{value}.{digits}" if digits else value)
