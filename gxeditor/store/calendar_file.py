"""The days off of a year that an office brings itself: read from a file, and kept beside the shipped ones.

Knows the two forms that such a file may have, the data of resources/calendar (.toml) and the text of the notice (.txt),
and the folder that keeps them, a file for each year. Nothing is kept of a file with a mistake, and all its mistakes are
told at once. What the days mean is `core.ledger.workdays`.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from gxeditor.core.errors import Defects, GxError
from gxeditor.core.ledger.notice import HOLIDAYS, read_notice
from gxeditor.core.ledger.workdays import Calendar, YearOff, parse_year
from gxeditor.files.aside import Told, unheard
from gxeditor.files.atomic import write_atomic
from gxeditor.files.decoding import decode
from gxeditor.files.limits import PROFILE
from gxeditor.files.reading import read_file
from gxeditor.resources import load_calendar
from gxeditor.settings import user_folders

FOLDER = "calendar"
"""The folder among the user's data."""
_MEANING = "没有导入，原来的放假安排没有改动。"
_FORMS = "可以导入国务院办公厅放假通知的原文（存成 .txt），或放假安排文件（.toml）。"
_LEAST = 11
"""Days off that every year has: the statutory holidays before 2025 were 11 days (《全国年节及纪念日放假办法》)."""


def folder_of_years() -> Path:
    """The folder that keeps the user's own years."""
    return user_folders().data / FOLDER


def known_calendar(told: Told = unheard) -> Calendar:
    """The days off of all years that are known here: the shipped ones, and those that the office brought."""
    return load_calendar(folder_of_years(), told)


class Kept(NamedTuple):
    """A year that was kept: what it rules, the file, and whether there was one of that year before."""

    year: YearOff
    path: Path
    replaced: bool


def read_year(path: Path) -> YearOff:
    """What a file rules. Raises `GxError` that names every mistake in it, or says why it cannot be read."""
    text = decode(read_file(path, PROFILE, meaning=_MEANING))
    if text is None:
        raise GxError(f"“{path.name}”不是文本文件。", _MEANING, _FORMS)
    try:
        data = _data(text)
        year = parse_year(data, path.name)
        if odd := _odd(year):
            raise Defects(path.name, odd)
    except Defects as error:
        listed = "；".join(error.defects[:_TOLD])
        if len(error.defects) > _TOLD:
            listed += f"；等 {len(error.defects)} 处"
        raise GxError(
            f"“{path.name}”里的放假安排有 {len(error.defects)} 处不对：{listed}。",
            _MEANING,
            f"请改正后再导入。{_FORMS}",
        ) from error
    return year


def _odd(year: YearOff) -> tuple[str, ...]:
    """What no notice would leave out, or put so: a month mistyped makes a deadline wrong without anybody seeing it."""
    if len(year.off) < _LEAST:
        return (f"一年只有 {len(year.off)} 天放假，像是没有写完",)
    joined = "、".join(dict.fromkeys(year.off.values()))
    odd = [f"没有读到{word}的放假日期" for word in HOLIDAYS if word not in joined and word != _WITHIN]
    fixed = [*_FIXED, (5, 2)] if year.year >= _SINCE else _FIXED
    odd += [
        f"{month}月{day}日是法定节日，却没有放假"
        for month, day in sorted(fixed)
        if date(year.year, month, day) not in year.off
    ]
    odd += [
        f"调休上班的 {day.month}月{day.day}日前后 {_NEAR} 天没有{name}的放假"
        for day, name in sorted(year.worked.items())
        if not any(name in held and abs((off - day).days) <= _NEAR for off, held in year.off.items())
    ]
    return tuple(odd)


_FIXED = [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)]
"""The holidays whose day of the calendar is fixed (《全国年节及纪念日放假办法》第二条); 5月2日 since 2025."""
_SINCE = 2025
_WITHIN = "中秋"
"""The holiday that may fall on another one and be called by that (2020, 2031)."""
_NEAR = 21
"""Days from a holiday within which its days are worked for; in the notices of 2019 to 2026 they are 12 at most."""
_TOLD = 20


def _data(text: str) -> dict[str, Any]:
    if "部分节假日安排" in "".join(text.split()) and "[[off]]" not in text:
        return read_notice(text)
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise Defects("放假安排", ("既不是放假安排文件（.toml），也不是放假通知的原文",)) from error


def keep_year(path: Path, folder: Path) -> Kept:
    """Reads a file and keeps its year in the user's folder. Raises as `read_year`, and `NotWritten`."""
    year = read_year(path)
    replaced = year.year in load_calendar(folder).years
    target = folder / f"{year.year}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GxError(f"放假安排的文件夹 {folder} 建不起来。", _MEANING, "请核对磁盘空间和权限。") from error
    write_atomic(target, to_toml(year).encode())
    return Kept(year, target, replaced)


def to_toml(year: YearOff) -> str:
    """The data of a year as resources/calendar has it, a holiday of several days as its spans."""
    lines = [f"year = {year.year}", f"source = {_quoted(year.source)}"]
    days = sorted(year.off)
    start = 0
    for i in range(1, len(days) + 1):
        ended = (
            i == len(days) or (days[i] - days[i - 1]).days > 1 or year.off[days[i]] != year.off[days[start]]
        )
        if ended:
            name = _quoted(year.off[days[start]])
            lines += ["", "[[off]]", f"name = {name}", f"first = {days[start]}", f"last = {days[i - 1]}"]
            start = i
    for day in sorted(year.worked):
        lines += ["", "[[worked]]", f"day = {day}", f"name = {_quoted(year.worked[day])}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = "".join(f"\\u{ord(char):04x}" if ord(char) < 32 or char in '"\\\x7f' else char for char in text)
    return f'"{escaped}"'
