"""Number formats: what a code such as `#,##0.00;[Red]-0` makes of a number.

Knows the codes that a file names by number only, and as much of the language of codes as tells dates, percentages and
decimals apart. Shows a value about as Excel does; knows no cell and no style.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from gxeditor.workbook.cells import Value

# Formats that a file names by number only, those that a shown text depends on.
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    14: "yyyy/m/d",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    31: 'yyyy"年"m"月"d"日"',
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    49: "@",
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}

_SHOWN_DATE = re.compile(r"(?<![A-Za-z])[ymdh]", re.IGNORECASE)
_BESIDE_FIGURES = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


def bare_format(code: str) -> str:
    """The part of a format for positive numbers, without quoted texts, colours, conditions and fillers."""
    return _BESIDE_FIGURES.sub("", code.partition(";")[0])


def is_date_format(code: str) -> bool:
    """Whether a number format shows a number as a date or a time."""
    bare = bare_format(code)
    return "general" not in bare.lower() and _SHOWN_DATE.search(bare) is not None


def shown_value(value: Value, code: str, since_1904: bool) -> str:
    """A value about as Excel shows it: dates as dates, numbers without needless digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    if code not in ("General", "@") and is_date_format(code):
        return _date(value, code, since_1904)
    if code not in ("General", "@") and "%" in code:
        return f"{round(value * 100, 10):.10g}%"
    return str(value) if isinstance(value, int) else f"{value:.15g}"


def _date(value: float, code: str, since_1904: bool) -> str:
    """“2022年”, “2022年3月”, “2022年3月1日”: as much as the format shows."""
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    try:
        day = start + timedelta(days=value)
    except (OverflowError, ValueError):
        return f"{value:.15g}"
    bare = bare_format(code).lower()
    shows_day = "d" in bare
    shows_month = "m" in bare and ("y" in bare or shows_day)
    year = f"{day.year}年" if "y" in bare else ""
    return year + (f"{day.month}月" if shows_month else "") + (f"{day.day}日" if shows_day else "")
