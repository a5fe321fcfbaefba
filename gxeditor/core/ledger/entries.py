"""What a clerk types under a column of a ledger, understood as a day, yuan, a number or a code, or refused in words.

Knows how offices write days (2025.3.4, 20250304, 3月4日, 25-3-4, 二〇二五年三月四日, a serial number of Excel,
each with or without a time of day) and amounts. What can be read in two ways is refused, never chosen; a day without a
year has one only if the caller says which. Knows no file and no other row.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from gxeditor.core.ledger.request import Value
from gxeditor.core.ledger.vocabulary import Code, Column, Vocabulary, plain

Kind = Literal["impossible", "year", "unclear", "unknown"]
"""Why something is refused: a day that does not exist, one without its year, one that can be read in two ways or lacks
a part, and what is no day, amount or known word at all."""


class Refused(NamedTuple):
    """What was not understood: a sentence for the person who typed it, and of which kind it is."""

    why: str
    kind: Kind = "unknown"


FIRST_YEAR, LAST_YEAR = 2000, 2099
"""The years that a day of a ledger may have: 《条例》 is in force since 2008, and the records of an office begin with
the rules of the places before it."""
SERIAL_OF_FIRST = 36526
"""Excel's number of 2000-01-01; its days count from 1899-12-30 from March 1900 on."""
SERIAL_OF_LAST = 73050
_SERIAL_EPOCH = date(1899, 12, 30)

NOTHING = frozenset(
    plain(word)
    for word in (
        "",
        "/",
        "\\",
        "-",
        "—",
        "——",
        "无",
        "空",
        "空白",
        "暂无",
        "没有",
        "N/A",
        "NA",
        "不适用",
        "无此项",
        "*",
    )
)
"""Words that say that nothing is there, as `plain` compares them."""
_STROKES = re.compile(r"[\s/\\|_—–\-~*.。]*")

_DIGITS = "〇一二三四五六七八九"
_CHINESE = re.compile(r"[〇○零OoΟ一二三四五六七八九十]+(?=[年月日号])")
_WEEKDAY = re.compile(r"[(（]?\s*(?:星期|周|礼拜)[一二三四五六日天][)）]?")
_TIME = re.compile(
    r"(?:(?<=\d)T|\s|(?<=[日号]))\s*(?:上午|下午|中午|早上|晚上|AM|PM)?\s*\d{1,2}\s*(?:[:时点]\s*(?:\d{1,2}\s*分?)?"
    r"(?:[:]?\s*\d{1,2}(?:\.\d+)?\s*秒?)?)?(?:[+]\d{2}:?\d{2}|Z)?\s*(?:AM|PM|整|许|左右)?$"
    r"|(?<=[日号])\s*(?:上午|下午|中午|早上|晚上)$",
    re.IGNORECASE,
)
_HAS_TIME = re.compile(r"[:时点]|上午|下午|中午|早上|晚上|AM|PM", re.IGNORECASE)
_MARK = r"\s*[.\-/、,，。_年月\s]\s*"
_YMD = re.compile(rf"(\d{{4}}|\d{{2}}){_MARK}(\d{{1,2}}){_MARK}(\d{{1,2}})\s*[日号]?[.。]?")
_MD = re.compile(r"(\d{1,2})\s*[.\-/、月]\s*(\d{1,2})\s*[日号]?[.。]?")
_TURNED = re.compile(r"(\d{1,2})[./\-](\d{1,2})[./\-](\d{4})")
_ENGLISH = re.compile(
    r"(?:(\d{1,2})[\s\-]*([A-Za-z]{3})[a-z]*|([A-Za-z]{3})[a-z]*\.?\s*(\d{1,2}))[\s\-,]*(\d{4}|\d{2})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YM = re.compile(r"(\d{4})\s*[年.\-/]\s*(\d{1,2})\s*月?")


def says_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing: it is blank, or holds a stroke or 「无」."""
    return plain(text) in NOTHING or _STROKES.fullmatch(text) is not None


def parse_date(text: str, year_hint: int | None = None) -> date | Refused:
    """The day that a text means; one without a year is of `year_hint`.

    Refused with the sentence for the clerk: 「2月30日没有这一天。」; without year and hint, with a month only, or where
    day and month may be exchanged, what is lacking.
    """
    said = unicodedata.normalize("NFKC", text).strip().strip("'‘’\"“”")
    short = _WEEKDAY.sub("", _CHINESE.sub(lambda found: str(_number(found.group())), said)).strip()
    timed = _TIME.search(short)
    if timed is not None and timed.start() and _HAS_TIME.search(timed.group()):
        short = short[: timed.start()].strip()
    if short.isascii() and re.fullmatch(r"\d+(?:\.\d+)?", short):
        found = _of_digits(short)
        if found is not None:
            return found
    if match := _YMD.fullmatch(short):
        year, month, day = match.groups()
        return _turned_short(said, short, year, month, day) or _day(_century(year), int(month), int(day))
    if match := _TURNED.fullmatch(short):
        return _turned(said, *(int(part) for part in match.groups()))
    if match := _ENGLISH.fullmatch(short):
        return _english(said, match)
    if (match := _YM.fullmatch(short)) and FIRST_YEAR <= int(match.group(1)) <= LAST_YEAR:
        return Refused(f"“{said}”没有写是哪一日。", "unclear")
    if match := _MD.fullmatch(short):
        month, day = (int(part) for part in match.groups())
        refused = _impossible(month, day)
        if refused is not None:
            return refused
        if year_hint is None:
            return Refused(f"“{said}”没有写年份，请补上。", "year")
        return _day(year_hint, month, day)
    return Refused(f"看不出“{said}”是哪一天。")


def day_of_number(number: float, year_hint: int | None = None) -> date | Refused:
    """The day that a number in a cell means: Excel's serial number, or 20250304.

    3.1 was typed as 3.1 or as 3.10, which a number does not tell: refused where both are days of that month.
    """
    if SERIAL_OF_FIRST <= number < SERIAL_OF_LAST + 1:
        return _SERIAL_EPOCH + timedelta(days=int(number))
    text = f"{number:.10g}"
    month, _, day = text.partition(".")
    if len(day) == 1 and len(month) < 3 and not _impossible(int(month), 10 * int(day)):
        shown = f"{month}月{day}日”还是“{month}月{day}0日"
        return Refused(f"“{text}”看不出是“{shown}”，请改一下。", "unclear")
    return parse_date(text, year_hint)


def _number(chinese: str) -> str:
    """三十一 as 31, 二〇二五 as 2025."""
    plain_digits = re.sub("[○零OoΟ]", "〇", chinese)
    if "十" not in plain_digits:
        return "".join(str(_DIGITS.index(one)) for one in plain_digits)
    tens, _, ones = plain_digits.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return chinese
    return str((_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0))


def _of_digits(text: str) -> date | Refused | None:
    """What digits without marks mean; None if they are a month and a day with a point between them."""
    whole, _, part = text.partition(".")
    if len(whole) in (8, 12, 14) and not part:
        return _day(int(whole[:4]), int(whole[4:6]), int(whole[6:8]))
    if len(whole) == 6 and not part:
        year_month = FIRST_YEAR <= int(whole[:4]) <= LAST_YEAR and 1 <= int(whole[4:]) <= 12
        found = _day(2000 + int(whole[:2]), int(whole[2:4]), int(whole[4:]))
        if year_month and not isinstance(found, Refused):
            return Refused(f"“{text}”可以读作两个日子，请写成 2025.3.4 的样子。", "unclear")
        return Refused(f"“{text}”没有写是哪一日。", "unclear") if year_month else found
    if len(whole) == 5 and SERIAL_OF_FIRST <= int(whole) <= SERIAL_OF_LAST:
        return _SERIAL_EPOCH + timedelta(days=int(whole))
    if len(whole) <= 2 and 1 <= len(part) <= 2:
        return None
    if len(whole) == 4 and 1 <= len(part) <= 2 and FIRST_YEAR <= int(whole) <= LAST_YEAR:
        return Refused(f"“{text}”没有写是哪一日。", "unclear")
    return Refused(f"看不出“{text}”是哪一天，请写成 2025.3.4 的样子。")


def _century(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _turned(said: str, first: int, second: int, year: int) -> date | Refused:
    if first == second or first > 12:
        return _day(year, second, first)
    if second > 12:
        return _day(year, first, second)
    return Refused(f"“{said}”看不出哪个是月、哪个是日，请写成 {year}.{first}.{second} 的样子。", "unclear")


_MONTHS_OF_A_YEAR = 12


def _turned_short(said: str, short: str, year: str, month: str, day: str) -> Refused | None:
    """Why 12/3/25 is no day: Excel shows 2025-12-03 so where it is set up for another country; None if it is one.

    Two digits that can be no month are the year; so are those before the signs 年 and 月.
    """
    is_short = len(year) == 2 and "年" not in short and "月" not in short
    if not is_short or not 0 < int(year) <= _MONTHS_OF_A_YEAR < int(day):
        return None
    if isinstance(_day(_century(day), int(year), int(month)), Refused):
        return None
    shown = (
        f"{2000 + int(day)}年{int(year)}月{int(month)}日”还是“{2000 + int(year)}年{int(month)}月{int(day)}日"
    )
    return Refused(f"“{said}”看不出是“{shown}”，请写全年份。", "unclear")


def _english(said: str, match: re.Match[str]) -> date | Refused:
    day, month, month_first, day_after, year = match.groups()
    name = (month or month_first).lower()
    if name not in _MONTHS:
        return Refused(f"看不出“{said}”是哪一天。")
    return _day(_century(year), _MONTHS.index(name) + 1, int(day or day_after))


def _impossible(month: int, day: int) -> Refused | None:
    """Why there is no such day in any year; None if there is one."""
    if not 1 <= month <= 12:
        return Refused(f"没有{month}月。", "impossible")
    try:
        date(2000, month, day)  # a leap year
    except ValueError:
        return Refused(f"{month}月{day}日没有这一天。", "impossible")
    return None


def _day(year: int, month: int, day: int) -> date | Refused:
    refused = _impossible(month, day)
    if refused is not None:
        return refused
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Refused(f"{year}年不会是台账里的年份，请核对。", "impossible")
    try:
        return date(year, month, day)
    except ValueError:
        return Refused(f"{year}年{month}月{day}日没有这一天。", "impossible")


_FREE = frozenset(("免收", "免费", "未收", "不收费", "未收费", "免收费", "不收", "免"))
_MONEY = re.compile(r"(?:[¥￥]|人民币|RMB|CNY)?(\d+(?:\.\d+)?)(万元|万|元|圆)?整?", re.IGNORECASE)
_GROUPED = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?")


def parse_money(text: str) -> Decimal | Refused | None:
    """The yuan that a text means: 1,240.50元, ￥30, 0.5万元; None for 「免收」 and nothing at all."""
    said = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if says_nothing(said) or said in _FREE:
        return None
    bare = _GROUPED.sub(lambda found: found.group().replace(",", ""), said)
    match = _MONEY.fullmatch(bare)
    if match is None:
        return Refused(f"看不出“{text.strip()}”是多少元。")
    amount = Decimal(match.group(1))
    return amount * 10000 if (match.group(2) or "").startswith("万") else amount


_CODE_FIRST = re.compile(r"([A-Za-z]{1,4}\d{0,2})[\s\-—.、:：·]+(.+)")


def parse_code(text: str, field: str, vocabulary: Vocabulary) -> Code | Refused:
    """The code that a word means: its code, its label, either before the other, a declared word, that word behind the
    first step of the label (不予公开·商业秘密) or behind a word that adds nothing (涉及商业秘密, 信息不存在)."""
    word = plain(text)
    found = vocabulary.meant(field, text)
    if found is None and (match := _CODE_FIRST.fullmatch(unicodedata.normalize("NFKC", text).strip())):
        first, rest = (vocabulary.meant(field, part) for part in match.groups())
        if first is not None and (first is rest or plain(match.group(2)) in plain(first.label)):
            found = first
    if found is None and (match := _BRACKETED.fullmatch(text.strip())):
        outer, inner = (vocabulary.meant(field, part) for part in match.groups())
        found = outer if outer is inner or _NAMES_PARTS.match(match[2]) else None
    if found is None:
        heads = {plain(head) for head, step in map(_steps, vocabulary.lists.get(field, {}).values()) if step}
        head = next((one for one in heads if word.startswith(one) and word != one), "")
        found = _meant_behind(word.removeprefix(head), head, field, vocabulary)
    if found is None and field == "outcome":
        found = next(
            (one for one in _parts(text, field, vocabulary) if one is not None and one.code == PARTLY), None
        )
    return found or Refused(f"“{text.strip()}”不是“{vocabulary.by_field[field].heading}”里的一种。")


_BRACKETED = re.compile("([^（(]+)[（(]([^）)]+)[）)]")
_NAMES_PARTS = re.compile("含|包括|包含|即")
"""How a bracket begins that only tells what belongs to the word before it: 办理中（含待补正）."""
PARTLY = "P1"
"""The outcome that counts whatever stands beside it: 区分处理的，只计这一情形，不计其他情形 (表三)."""
_PARTED = re.compile("[、，,；;/＋+（）()]|(?<=公开)[和及]")


def _parts(text: str, field: str, vocabulary: Vocabulary) -> list[Code | None]:
    return [vocabulary.meant(field, part) for part in _PARTED.split(text) if part.strip()]


_IDLE = re.compile(
    "^(?:因|属于?|涉及|系|所申请的?|申请的?|相关|该)*(?:政府)?(?:信息)?(?:属于?|涉及)?(?=..)|(?:类|的|信息|情形)$"
)
"""Words before and behind a reason that add nothing to it."""


def _meant_behind(word: str, head: str, field: str, vocabulary: Vocabulary) -> Code | None:
    """The only code whose last step or declared word this is, of those whose label begins with `head`, "" for all."""
    words = {word, _IDLE.sub("", word)}
    found = {}
    for code in vocabulary.lists.get(field, {}).values():
        first, last = _steps(code)
        if head and plain(first) != head:
            continue
        whole = re.split("[·：]", code.label)[-1]
        known = {plain(one) for one in (last or first, whole, *code.aliases)}
        if words & (known | {_IDLE.sub("", one) for one in known}):
            found[code.code] = code
    return next(iter(found.values())) if len(found) == 1 else None


def _steps(code: Code) -> tuple[str, str]:
    """The first step of a label and the last, without what stands in brackets there; "" if it has but one."""
    first, _, last = code.label.partition("·")
    last = re.split("[·：]", last)[-1]
    return re.sub("（.*）", "", first), re.sub("（.*）", "", last)


def parse_entry(
    text: str, column: Column, vocabulary: Vocabulary, year_hint: int | None = None
) -> Value | Refused | None:
    """What a text means under a column; None for nothing. A text stays as it is typed, without blanks around it."""
    if column.type == "text":
        return text.strip() or None
    if says_nothing(text):
        return None
    if column.type == "date":
        return parse_date(text, year_hint)
    if column.type == "money":
        return parse_money(text)
    if column.type == "code":
        found = parse_code(text, column.field, vocabulary)
        return found.code if isinstance(found, Code) else found
    whole = unicodedata.normalize("NFKC", text).strip()
    return int(whole) if re.fullmatch(r"\d{1,9}", whole) else Refused(f"“{text.strip()}”不是一个数。")
