"""The text of the yearly notice on days off (国务院办公厅关于…部分节假日安排的通知), read into the data of a year.

Knows how the notices are worded: an item for each holiday, days as 1月1日至3日, 放假 and 上班. What it cannot read it
says; days are never completed from other years. Whether the days make sense is `workdays.parse_year`'s.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from gxeditor.core.errors import Defects

_YEAR = re.compile(r"(\d{4})年部分节假日")
_NUMBER = re.compile(r"国办发(?:明电)?[〔\[(](\d{4})[〕\])]\d+号")
_ITEM = re.compile(
    r"(?:^|(?<=[。\s]))(?:[一二三四五六七八九]、|\([一二三四五六七八九]\)、?)\s*([^::。，,\s]{2,10})[::]",
    re.MULTILINE,
)
_END = re.compile(r"\n\s*\n|节假日期间|国务院办公厅")
"""What comes behind the last item: a blank line, the last paragraph, or who signs."""
_DAY = (
    r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:\(([^)]*)\))?"
    r"(?:[至到\-—－~](?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?)?"
)
_TOKEN = re.compile(rf"{_DAY}|(放假|补休|调休|上班)|共(\d+)天")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
HOLIDAYS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
"""The holidays that each notice has an item for; two may share one (国庆节、中秋节)."""


def read_notice(text: str) -> dict[str, Any]:
    """The data of a year, as `workdays.parse_year` takes it, from the text of a notice.

    Raises `Defects` with everything that cannot be read: no year, no item of a holiday, days whose weekday is another
    one or whose number is not what the notice says.
    """
    plain = re.sub(r"[^\S\n]+", "", unicodedata.normalize("NFKC", text))
    found_year = _YEAR.search(plain)
    defects: list[str] = []
    if found_year is None:
        raise Defects("通知", ("没有找到“…年部分节假日安排”，不知道是哪一年的",))
    year = int(found_year.group(1))
    number = _NUMBER.search(plain)
    source = f"国务院办公厅关于{year}年部分节假日安排的通知"
    if number is not None:
        source += f"（{number.group().replace('[', '〔').replace(']', '〕').replace('(', '〔').replace(')', '〕')}）"
    off: list[dict[str, Any]] = []
    worked: list[dict[str, Any]] = []
    items = list(_ITEM.finditer(plain))
    for i, item in enumerate(items):
        end = items[i + 1].start() if i + 1 < len(items) else len(plain)
        name = item.group(1)
        if not any(word in name for word in HOLIDAYS):
            continue
        body = _END.split(plain[item.end() : end].lstrip())[0]
        _read_item(name, body, year, off, worked, defects)
    for word in HOLIDAYS:
        if not any(word in one["name"] for one in off):
            defects.append(f"没有读到{word}的放假日期")
    if defects:
        raise Defects("通知", tuple(defects))
    return {"year": year, "source": source, "off": off, "worked": worked}


def _read_item(
    name: str,
    body: str,
    year: int,
    off: list[dict[str, Any]],
    worked: list[dict[str, Any]],
    defects: list[str],
) -> None:
    pending: list[tuple[date, date]] = []
    count = 0
    for token in _TOKEN.finditer(body):
        verb, total = token.group(9), token.group(10)
        if total is not None:
            if count and int(total) != count:
                defects.append(f"{name}写的是共 {total} 天，读到 {count} 天")
            continue
        if verb is None:
            span = _span(name, token, year, defects)
            if span is not None:
                pending.append(span)
        elif verb in ("放假", "补休"):
            for first, last in pending:
                off.append({"name": name, "first": first, "last": last})
                count += (last - first).days + 1
            pending = []
        elif verb == "上班":
            for first, last in pending:
                days = ((last - first).days + 1) if last >= first else 0
                worked += [{"name": name, "day": first + timedelta(i)} for i in range(days)]
            pending = []
    defects += [f"{name}的 {first.month}月{first.day}日没有写是放假还是上班" for first, _ in pending]


def _span(name: str, token: re.Match[str], year: int, defects: list[str]) -> tuple[date, date] | None:
    of, month, day, weekday, to_of, to_month, to_day, to_weekday = token.groups()[:8]
    try:
        first = date(int(of or year), int(month), int(day))
        last = first
        if to_day is not None:
            last = date(int(to_of or first.year), int(to_month or month), int(to_day))
    except ValueError:
        defects.append(f"{name}的“{token.group()}”没有这一天")
        return None
    for one, said in ((first, weekday), (last, to_weekday)):
        found = _WEEKDAY.search(said or "")
        if found is not None and "一二三四五六日".index(found.group(1).replace("天", "日")) != one.weekday():
            defects.append(f"{name}的 {one.month}月{one.day}日不是周{found.group(1)}")
    return first, last
