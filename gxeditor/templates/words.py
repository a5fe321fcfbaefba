"""How cells of a template and their values are named to a person, and what to say where nothing was written.

Knows no report; what belongs into a cell is named by the form.
"""

from __future__ import annotations

from gxeditor.core.text import printable
from gxeditor.workbook.cells import Address, shown_result

NOTHING = "没有写出任何文件。"


def where(place: Address) -> str:
    """A cell as a person finds it: “表三”J5."""
    return f"“{place.sheet}”{place.ref}"


def short(value: object) -> str:
    """A value in not more than 20 characters, a blank for each that no sentence can hold."""
    shown = (
        value if isinstance(value, str) else shown_result(value) if isinstance(value, float) else str(value)
    )
    shown = printable(shown)
    return shown if len(shown) <= 20 else f"{shown[:19]}…"
