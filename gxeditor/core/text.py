"""What the texts of a report need on their way into a file.

Knows which characters XML and HTML cannot hold, which beginnings make a spreadsheet take a text for a formula, and
which paragraphs are headings that must not end a page. Knows no file format beyond that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gxeditor.core.report import Paragraph

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNSEEN = "\u200b"  # a blank without width; `parse_entry` takes it off again
_FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠]")


RADICALS = dict(
    zip(
        "⺟⺠⺮⺴⺻⻁⻄⻅⻆⻉⻋⻓⻔⻗⻘⻙⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻮⻰⻳⺩⺼⺝⺜⺧⺬⺶⺸⻊⺍⺌⺥⺪⺫⺹⻑",
        "母民竹网聿虎西见角贝车长门雨青韦页风飞食首马骨鬼鱼鸟卤麦黄黾齐齐齿龙龟王肉月日牛示羊羊足小小爪疋目老长",
        strict=True,
    )
) | {"⼾": "户", "⾭": "青"}  # of these NFKC gives the forms of old
"""Radicals that fonts without a proper table give for characters, in what is read of a PDF or copied out of one (NFKC
knows the others)."""


def printable(text: str) -> str:
    """The text with a blank for each character that XML cannot hold."""
    return _NOT_IN_XML.sub(" ", text)


def inert(text: str) -> str:
    """The text as a spreadsheet keeps it when it is pasted: led by an unseen character if it looked like a formula.

    Spreadsheets drop blanks in front of a formula and some take full-width signs for plain ones. The texts that stand
    in tables in place of a number (`KEPT_TEXTS`) are no formulas and stay as they are.
    """
    from gxeditor.core.report import KEPT_TEXTS  # who needs `printable` alone needs no report

    return _UNSEEN + text if _FORMULA.match(text) and text.strip() not in KEPT_TEXTS else text


HEADS = 3
"""Headings, and lines of them, that are kept together with what follows: part, （一） and 1."""
_SHORT, _ENDS, _LEADS_UP = 28, "。！？；…”）", ("：", ":")
"""A paragraph no longer than a line of an official document that ends with no such mark may be a heading."""
_NUMBERED = re.compile(
    r"[（(]?(?:[〇一二三四五六七八九十百]{1,5}|\d{1,3}(?:\.\d{1,3})*|[A-Za-z])[）)、.．](?!\d)"
    r"|第[〇一二三四五六七八九十百\d]{1,5}[章节条项]|[①-⑳⑴-⒛㈠-㈩]|[-•·●○◆■▪*—](?=[^-•·●○◆■▪*—])"
)
"""How headings and items of a list begin: 一、 （一） 1. （1） of GB/T 9704-2012, 7.3.3, and what else is typed."""


def held(prose: Sequence[Paragraph]) -> tuple[bool, ...]:
    """Which paragraphs of a text belong to the next and are not to be parted from it by the end of a page.

    Those are headings: short lines that are numbered, or stand directly before a longer paragraph, or end with a
    colon. Short lines numbered alike that follow each other are a list and no headings, however many. Of headings
    that follow each other at most `HEADS` are held, so that the fourth may be parted from the fifth.
    """
    levels = [_level(paragraph) for paragraph in prose]
    short = [_is_short(paragraph) for paragraph in prose]
    found: list[bool] = []
    for number, paragraph in enumerate(prose):
        after = number + 1
        if after == len(prose) or not short[number] or (all(found[-HEADS:]) and len(found) >= HEADS):
            found.append(False)
        elif levels[number]:
            beside = (other for other in (number - 1, after) if 0 <= other < len(prose) and short[other])
            found.append(all(levels[other] != levels[number] for other in beside))
        else:
            found.append(not short[after] or paragraph.text.endswith(_LEADS_UP))
    return tuple(found)


def _is_short(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return len(text) <= _SHORT and (text[-1] not in _ENDS or not paragraph.body)


def _level(paragraph: Paragraph) -> str:
    """How a paragraph is numbered, whatever the number; empty if it is not."""
    number = _NUMBERED.match(paragraph.text)
    if number is None:
        return ""
    level = re.sub(r"[〇一二三四五六七八九十百]+", "一", re.sub(r"\d+", "1", number.group()))
    return re.sub("[①-⑳⑴-⒛㈠-㈩]", "①", re.sub("[A-Za-z]", "a", level))
