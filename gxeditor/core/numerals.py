"""How a number stands in prose, and how another one is written in its place.

Knows digits of either width, their separators, Chinese numerals up to 9999, percentages and 万. Knows no cell and does
not know what a number speaks of.
"""

from __future__ import annotations

import re
from decimal import Decimal

from gxeditor.core.expressions import expression

Number = int | Decimal

_HALF = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
_DIGITS = expression(r"[0-9０-９](?:[0-9０-９,，.．]*[0-9０-９])?")
_CHINESE = expression("[〇零一二两三四五六七八九十百千]+")
_NAMES = "零一二三四五六七八九"
_SHARE = "百分之"
_LARGE = {"万": 10**4, "亿": 10**8}


def rewritten(text: str, value: Number) -> str:
    """The text with `value` for the number that it holds, written as that was; "" where it holds none, or several.

    Digits keep their width and their separators of thousands, 「二十」 becomes 「二十一」. What stands around stays:
    the sign of percent, the measure word. Before 万 and 亿 `value` is the whole number;
    one that is not said well in them is written out.
    """
    if text.startswith(_SHARE):
        share = rewritten(text.removeprefix(_SHARE), value)
        return _SHARE + share if share else ""
    digits, chinese = _DIGITS.findall(text), _CHINESE.findall(text)
    if len(digits) == 1 and value >= 0:
        found = _DIGITS.search(text)
        assert found is not None
        before, after = text[: found.start()], text[found.end() :]
        scale = _LARGE.get(after[:1], 1)
        if scale == 1:
            return before + _like(found[0], _plain(value)) + after
        scaled = Decimal(value) / scale
        if scaled >= 1 and scaled == round(scaled, 2):
            return before + _like(found[0], _plain(scaled)) + after
        return before + _like(re.split("[.．]", found[0])[0], _plain(value)) + after[1:]
    if not digits and len(chinese) == 1 and value >= 0:
        found = _CHINESE.search(text)
        assert found is not None
        if text[found.end() : found.end() + 1] in _LARGE:
            return ""
        return text[: found.start()] + _chinese(found[0], value) + text[found.end() :]
    return ""


def _plain(value: Number) -> str:
    """Digits without an exponent and without zeros that say nothing."""
    if isinstance(value, int):
        return str(value)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _like(old: str, new: str) -> str:
    """Plain digits in the manner of others: their width, their separators, at least as many decimals."""
    half = old.translate(_HALF)
    decimals, has = len(half.partition(".")[2]), len(new.partition(".")[2])
    if "." in half and has < decimals:
        new = f"{new}{'' if has else '.'}{'0' * (decimals - has)}"
    if "," in half:
        whole, point, fraction = new.partition(".")
        new = f"{int(whole):,}{point}{fraction}"
    if "０" <= old[0] <= "９":
        new = new.translate(_WIDE)
    comma = next((mark for mark in ",，" if mark in old), "")
    return re.sub("[,，]", comma, new) if comma else new


def _chinese(old: str, value: Number) -> str:
    """A whole number up to 9999 in Chinese numerals, with 两 where that stood; any other in digits."""
    if value != int(value) or value >= 10000:
        return _plain(value)
    number = int(value)
    if number == 2 and old in "一两二三四五六七八九":
        return "二" if old == "二" else "两"  # 两件: before a measure word, as any single numeral stands here
    if number == 0:
        return "〇" if old == "〇" else "零"
    written, gap = "", False
    for name, place in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, number = divmod(number, place)
        if digit:
            written += ("零" if gap and written else "") + _NAMES[digit] + name
            gap = False
        elif written:
            gap = True
    return written.removeprefix("一") if written.startswith("一十") else written
