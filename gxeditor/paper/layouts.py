"""The choices a clerk has about the printed report, as one frozen value, and the profiles to begin from.

Knows which choices there are, their limits, the profiles in resources/layouts/, and how a changed profile is kept as
differences from its profile. Draws nothing and imports nothing but the standard library, so that windows and settings
may import it at no cost. Does not know which faces there are: a family that is not found is left to `faces`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from math import floor
from types import MappingProxyType
from typing import Any, NamedTuple

from gxeditor.core.defects import Reading
from gxeditor.resources import read_shipped, resource

PAGE = (210.0, 297.0)
"""A4 in mm, width and height (GB/T 9704-2012, 5.1)."""
MM = 72 / 25.4
"""Points in a millimetre."""
DEFAULT = "official"
ROLES = ("song", "title", "hei", "kai", "fang", "latin")
"""What faces are for: 宋体 in tables, 小标宋 in the title, 黑体 and 楷体 in headings, 仿宋 in the text; `latin` for
letters and figures amid them all, but for page numbers."""
SHIPPED = "程序自带"
"""The family name by which the face that the program ships is chosen."""
WITH_HAN = "随中文字体"
"""The family name by which letters and figures are those of the Chinese face around them."""
PAGE_NUMBERS = ("outer", "centre", "none")

MARGINS = (5.0, 80.0)
BODY_SIZES = (9.0, 26.0)
_BLOCK = (120.0, 150.0)  # mm; in less, the columns of 表三 and 表四 would hold no figure
_LEAST = (8, 12)  # lines and characters; with fewer, no page holds a heading with its text
INK = 0.98
"""Of an em: how far the Han of a full line of 仿宋 reach from top to bottom."""
LABELS: Mapping[int, tuple[float, ...]] = MappingProxyType({0: (), 1: (48,), 2: (22, 55), 3: (8.5, 16, 50)})
"""Widths of the label columns of a table in mm by their number, about in the proportions of the paper form on a block
of `FORM_BLOCK` mm. The first of 表三 holds 三 in its middle with 、 beside it, the second 不予公开, off the rules."""
FORM_BLOCK = 156
_LONGEST_NAME = 2000  # characters; no family is called so


class Margins(NamedTuple):
    """White around the block, in mm; `left` is where odd pages are bound."""

    top: float
    left: float
    right: float
    bottom: float


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Layout:
    """How a report is printed: a profile, or a profile with the clerk's changes.

    Sizes are points, lengths mm. `leading` and `pitch` are the least height of a line and width of a character in
    body sizes; lines and characters that fit are spread over the block (撑满版心), whatever its size. `page_number` is
    "outer", "centre" or "none"; its dashes stand `number_drop` below the block. Tables begin at `table_size`, with rows
    of `table_row` sizes; they shrink to `table_begun` to stand on a page that has been begun, and never below
    `table_least`; where they are `table_parted`, one with many rows may be divided rather than leave a page white.
    `mirrored` exchanges left and right on even pages. `faces` names a family by role (`ROLES`), "" being the best one
    found. `outline` opens the file with its bookmarks shown.
    """

    key: str
    name: str
    note: str
    margins: Margins
    body_size: float
    leading: float
    pitch: float
    title_size: float
    number_size: float
    number_drop: float
    table_size: float
    table_row: float
    table_begun: float
    table_least: float
    page_number: str = "outer"
    cover: bool = False
    signature: bool = True
    date: bool = True
    mirrored: bool = False
    draft: bool = False
    charts: bool = False
    outline: bool = False
    table_parted: bool = False
    faces: Mapping[str, str] = field(default_factory=_nothing)

    @property
    def width(self) -> float:
        """Of the block, in mm."""
        return PAGE[0] - self.margins.left - self.margins.right

    @property
    def height(self) -> float:
        """Of the block, in mm."""
        return PAGE[1] - self.margins.top - self.margins.bottom

    @property
    def lines(self) -> int:
        """Lines on a page: 22 in an official document."""
        return max(1, floor(self.height * MM / (self.leading * self.body_size) + 0.001))

    def leading_of(self, lines: int) -> float:
        """In points: with which the ink of so many lines of text, at least two, begins and ends where the block does
        (撑满版心)."""
        return (self.height * MM - INK * self.body_size) / (lines - 1)

    @property
    def characters(self) -> int:
        """Characters in a line: 28 in an official document."""
        return max(1, floor(self.width * MM / (self.pitch * self.body_size) + 0.001))


@cache
def layouts() -> tuple[Layout, ...]:
    """The profiles, 公文 first. Raises `Defects` for a damaged profile and `GxError` if they are missing."""
    files = sorted(resource("layouts").glob("*.toml"))
    found = [parse_layout(read_shipped(path)) for path in files]
    return tuple(sorted(found, key=lambda layout: layout.key != DEFAULT))


def default_layout() -> Layout:
    return layouts()[0]


def parse_layout(data: Mapping[str, Any]) -> Layout:
    """A profile from its TOML data; `lines` and `characters` stand there in place of `leading` and `pitch`.

    Raises `Defects` with every defect found: unknown, missing or impossible values.
    """
    names = {"key", "name", "note", "lines", "characters", *Margins._fields, *_CHOICES} - {"leading", "pitch"}
    optional = {f.name for f in fields(Layout) if f.name in _CHOICES} - _NEEDED
    reading = Reading(data)
    reading.known(names)
    for key in sorted(names - optional - set(data)):
        reading.wrong(f"缺少 {key}")
    values: dict[str, Any] = {}
    for key in (key for key in data if key in names):
        value = _READERS[key](data[key])
        if value is None:
            reading.wrong(f"{key} 不能是 {data[key]!r}")
        values[key] = value
    if not reading.defects:
        margins = Margins(*(values.pop(side) for side in Margins._fields))
        lines, characters, size = values.pop("lines"), values.pop("characters"), values["body_size"]
        layout = Layout(margins=margins, leading=1.0, pitch=1.0, **values)
        leading = layout.height * MM / lines / size
        pitch = layout.width * MM / characters / size
        if not _holds_tables(margins):
            reading.wrong("页边距太大，版心放不下表格")
        if _READERS["leading"](leading) is None or _READERS["pitch"](pitch) is None:
            reading.wrong(f"{lines} 行、{characters} 字与版心和字号不合")
        if not layout.table_least <= layout.table_begun <= layout.table_size:
            reading.wrong("table_least、table_begun、table_size 应从小到大")
    reading.check("版式文件有误")
    return replace(layout, leading=leading, pitch=pitch)


def layout_from(data: Mapping[str, Any], base: Layout | None = None) -> tuple[Layout, tuple[str, ...]]:
    """A layout from what `to_data` gave, and what in it was not taken, in words.

    `base` is the profile that `data` changes, by default the one it names. What is unknown or impossible is left out,
    one by one; no data makes an export fail.
    """
    ignored: list[str] = []
    if base is None:
        key = data.get("key", DEFAULT)
        base = next((layout for layout in layouts() if layout.key == key), None)
        if base is None:
            ignored.append(f"没有“{key}”这种版式，用“{default_layout().name}”")
            base = default_layout()
    changes: dict[str, Any] = {}
    sides: dict[str, float] = {}
    for key, given in data.items():
        if key in ("key", "name", "note"):
            continue
        value = _READERS[key](given) if key in _CHOICES or key in Margins._fields else None
        if value is None:
            ignored.append(f"版式设置 {key} 不能是 {given!r}")
        elif key in Margins._fields:
            sides[key] = value
        else:
            changes[key] = value
    margins = base.margins._replace(**sides)
    if not _holds_tables(margins):
        ignored.append("页边距太大，版心放不下表格，用原来的页边距")
        margins = base.margins
    layout = replace(base, margins=margins, **changes)
    if layout.lines < _LEAST[0] or layout.characters < _LEAST[1]:
        ignored.append("字号或行距太大，一页排不下几行，用原来的字号和行距")
        layout = replace(layout, body_size=base.body_size, leading=base.leading, pitch=base.pitch)
    if not layout.table_least <= layout.table_begun <= layout.table_size:
        ignored.append("表格最小字号大于表格字号，用原来的字号")
        sizes = {name: getattr(base, name) for name in ("table_size", "table_begun", "table_least")}
        layout = replace(layout, **sizes)
    return layout, tuple(ignored)


def to_data(layout: Layout) -> dict[str, Any]:
    """A layout for a settings file: the key of its profile and what differs from it, as plain values."""
    base = next((profile for profile in layouts() if profile.key == layout.key), None) or default_layout()
    data: dict[str, Any] = {"key": base.key}
    for side, kept, value in zip(Margins._fields, base.margins, layout.margins, strict=True):
        if value != kept:
            data[side] = value
    for name in _CHOICES:
        value = getattr(layout, name)
        if value != getattr(base, name):
            data[name] = dict(value) if isinstance(value, Mapping) else value
    return data


def _holds_tables(margins: Margins) -> bool:
    width = PAGE[0] - margins.left - margins.right
    height = PAGE[1] - margins.top - margins.bottom
    return width >= _BLOCK[0] and height >= _BLOCK[1]


# Each reader gives the value, or None for what makes no sense.


def _between(low: float, high: float) -> Callable[[object], float | None]:
    def read(value: object) -> float | None:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if number and low <= value <= high else None  # type: ignore[arg-type,operator]

    return read


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100 else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _faces(value: object) -> Mapping[str, str] | None:
    if not isinstance(value, Mapping) or not set(value) <= set(ROLES):
        return None
    named = all(isinstance(family, str) and len(family) <= _LONGEST_NAME for family in value.values())
    return MappingProxyType(dict(value)) if named else None


_CHOICES: Mapping[str, Callable[[object], Any]] = {
    "body_size": _between(*BODY_SIZES),
    "leading": _between(1.1, 4),
    "pitch": _between(0.95, 2),
    "title_size": _between(12, 42),
    "number_size": _between(7, 22),
    "number_drop": _between(0, 30),
    "table_size": _between(9, 14),
    "table_row": _between(1.5, 2),
    "table_begun": _between(9, 14),
    "table_least": _between(9, 14),
    "page_number": lambda value: value if isinstance(value, str) and value in PAGE_NUMBERS else None,
    "cover": _flag,
    "signature": _flag,
    "date": _flag,
    "mirrored": _flag,
    "draft": _flag,
    "charts": _flag,
    "outline": _flag,
    "table_parted": _flag,
    "faces": _faces,
}
"""What a clerk may change besides the margins."""

_NEEDED = frozenset({"body_size", "title_size", "number_size", "number_drop"}) | {
    "table_size",
    "table_row",
    "table_begun",
    "table_least",
}

_READERS: Mapping[str, Callable[[object], Any]] = {
    **_CHOICES,
    **dict.fromkeys(Margins._fields, _between(*MARGINS)),
    **dict.fromkeys(("key", "name", "note"), _word),
    **dict.fromkeys(("lines", "characters"), _count),
}
