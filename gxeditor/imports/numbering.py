"""How numbers of lists and headings are written: 一, （十二）, iv, ③.

Knows the kinds of numbers of Chinese documents. Does not know how a format calls them, nor what is counted.
"""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = {
    1000: "M", 900: "CM", 500: "D", 400: "CD", 100: "C", 90: "XC", 50: "L", 40: "XL", 10: "X", 9: "IX", 5: "V", 4: "IV",
    1: "I",
}  # fmt: skip
_MOST_LETTERS = 9  # of one kind, AAAAAAAAA: no list is longer


def chinese(number: int) -> str:
    """一, 十二, 一百〇三; from 10,000 on digit by digit, which no list reaches."""
    written = _counted(number, _DIGITS, "十百千")
    return written[1:] if written.startswith("一十") else written


def formal_chinese(number: int) -> str:
    """壹, 壹拾贰."""
    return _counted(number, _FORMAL, "拾佰仟")


def chinese_digits(number: int) -> str:
    """一, 一二."""
    return "".join(_DIGITS[int(digit)] for digit in str(max(0, number)))


def _counted(number: int, digits: str, units: str) -> str:
    if not 0 < number < 10_000:
        return "".join(digits[int(digit)] for digit in str(max(0, number)))
    written, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if not digit:
            gap = bool(written)
            continue
        written += (digits[0] if gap else "") + digits[digit] + (units[place - 1] if place else "")
        gap = False
    return written


def wide(number: int) -> str:
    """１２."""
    return "".join(chr(ord("０") + int(digit)) for digit in str(max(0, number)))


def roman(number: int) -> str:
    """XII."""
    if not 0 < number < 4000:
        return str(number)
    written = ""
    for worth, letters in _ROMAN.items():
        written += letters * (number // worth)
        number %= worth
    return written


def alphabetic(number: int) -> str:
    """A, B … Z, AA, BB …, as word processors count."""
    if not 0 < number <= 26 * _MOST_LETTERS:
        return str(number)
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def running(first: str, count: int) -> Callable[[int], str]:
    """Signs that follow each other in Unicode: ①, ②, ③; behind the last one digits."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= count else str(number)


def turning(signs: str) -> Callable[[int], str]:
    """Signs that begin anew when they are used up: 甲, 乙, 丙."""
    return lambda number: signs[(number - 1) % len(signs)] if number > 0 else str(number)


STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
