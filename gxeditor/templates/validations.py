"""What a cell makes of a value: whether its validation accepts it, how its format shows it, whether there is room.

Says what may be wrong in words; what follows from it is the business of `plan`. Knows no report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from gxeditor.core.report import show_entry
from gxeditor.templates.words import short
from gxeditor.workbook.cells import Address, ErrorValue, Result, Spot, Written, shown_result
from gxeditor.workbook.formats import bare_format, is_date_format
from gxeditor.workbook.formulas.calculate import Calculated
from gxeditor.workbook.read import Sheet, Validation

_LINE = 14.0  # points that a line of 11-point text takes


def is_cut_off(sheet: Sheet, spot: Spot, text: str) -> bool:
    """Whether a text surely has more lines than its row, of a given height, can show."""
    row, column = spot
    merge = sheet.merge_at(row, column)
    rows = range(row, merge.bottom + 1) if merge is not None else (row,)
    columns = range(column, merge.right + 1) if merge is not None else (column,)
    if not all(one in sheet.heights for one in rows):
        return False  # Excel makes it as high as needed
    room = max(
        1.0, sum(sheet.widths.get(one, sheet.default_width) for one in columns) / 2
    )  # in Chinese characters
    lines = sum(max(1, -int(-len(line) // room)) for line in text.split("\n"))
    return len(text) > room and lines * _LINE > sum(sheet.heights[one] for one in rows) + _LINE


def format_doubt(code: str, value: int | Decimal) -> str:
    """What a number format makes of a number that a reader would take for another; empty if nothing."""
    if code in ("General", "@", ""):
        return ""
    if is_date_format(code):
        return "把数显示成日期"
    bare = bare_format(code)
    if "general" in bare.lower() or "通用" in bare:
        return ""
    if not re.search("[0#?]", bare):
        return "不显示数"
    if "%" in bare:
        return "把数显示成百分比"
    if re.search(r"[0#?],+(?![0#?,])", bare) or "!." in code:
        return "把数缩小后显示"
    decimals = len(re.findall("[0#?]", bare.partition(".")[2]))
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    if isinstance(exponent, int) and -exponent > decimals and "E" not in bare.upper():
        return f"只显示 {decimals} 位小数" if decimals else "不显示小数"
    return ""


_COMPARISONS: Mapping[str, Callable[[float, float, float], bool]] = {
    "between": lambda x, a, b: a <= x <= b,
    "notBetween": lambda x, a, b: not a <= x <= b,
    "equal": lambda x, a, b: x == a,
    "notEqual": lambda x, a, b: x != a,
    "greaterThan": lambda x, a, b: x > a,
    "lessThan": lambda x, a, b: x < a,
    "greaterThanOrEqual": lambda x, a, b: x >= a,
    "lessThanOrEqual": lambda x, a, b: x <= a,
}
_WORDS = {
    "between": "{0} 至 {1} 之间的",
    "notBetween": "{0} 至 {1} 以外的",
    "equal": "等于 {0} 的",
    "notEqual": "不等于 {0} 的",
    "greaterThan": "大于 {0} 的",
    "lessThan": "小于 {0} 的",
    "greaterThanOrEqual": "不小于 {0} 的",
    "lessThanOrEqual": "不大于 {0} 的",
}
_KINDS = {"whole": "整数", "decimal": "数", "textLength": "字数", "date": "日期", "time": "时间"}


def allowed(validation: Validation) -> str:
    """What a validation accepts, in brackets; empty if it cannot be said in a few words."""
    if validation.kind == "list" and validation.first.startswith('"'):
        return f"（只接受 {short(validation.first.strip(chr(34)).replace(',', '、'))}）"
    if validation.kind in _KINDS:
        words = _WORDS.get(validation.operator, "").format(validation.first, validation.second)
        return f"（只接受{words}{_KINDS[validation.kind]}）"
    return ""


def accepts(
    validation: Validation, value: Written, place: Address, base: Address, calculated: Calculated
) -> bool | None:
    """Whether a cell accepts a value; None if that is not known. The formulas are written for the cell `base`."""
    kind = validation.kind
    if kind == "list" and validation.first.startswith('"'):
        return _is_listed(value, [item.strip() for item in validation.first.strip('"').split(",")])
    if kind in ("list", "custom"):
        found = calculated.look_up(validation.first, base, place)
        if found is None or kind == "list":
            return None if found is None else _is_listed(value, found)
        return all(one not in (0.0, False) and not isinstance(one, ErrorValue) for one in found)
    if isinstance(value, str) and kind in ("whole", "decimal"):
        return False
    operands: list[float] = []
    for text in (validation.first, validation.second):
        found = calculated.look_up(text, base, place) if text else (0.0,)
        if found is None or len(found) != 1 or not isinstance(found[0], float):
            return None
        operands.append(found[0])
    if kind == "textLength":
        number = float(len(str(value)))
    elif kind in ("whole", "decimal") and value is not None:
        number = float(value)
        if kind == "whole" and number != int(number):
            return False
    else:
        return None
    return (
        _COMPARISONS[validation.operator](number, *operands) if validation.operator in _COMPARISONS else None
    )


def _is_listed(value: Written, items: Iterable[Result | None]) -> bool:
    wanted = show_entry(value)
    return any(shown_result(item) == wanted for item in items)
