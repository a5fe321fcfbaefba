"""A sheet with a line per unit: who has which line, which one is free, and which it takes its look from.

Knows how units are told apart (by name or code, however blanks and widths are written) and that a total or a footer
closes a list. Knows no report.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from gxeditor.core.errors import GxError
from gxeditor.mapping.placement import UnitLines
from gxeditor.templates.words import NOTHING, short
from gxeditor.workbook.cells import Spot
from gxeditor.workbook.read import Formula, Sheet

_TOTAL = re.compile("(?:合|总|共|小)计|汇总|总数|全[市县区省]合计")
_FOOTER = re.compile(
    r"(?:备?注|说明|附)[:：]|(?:填表|填报|制表|审核|联系|经办)(?:人|单位|日期|时间|电话|机关)"
)
_LIKENESS = 0.75
"""Of two names (1: the same) from which on a person is asked whether they are one unit's. Chosen, not measured."""
_FEW = 20  # reports, for which resembling names are looked for


class UnitSheet:
    """A sheet with a line per unit: who has which line, and which is free.

    Lines count from 0, rows where `by_row`, else columns. `spots` are the cells of the first line that reports fill,
    `taken` the lines that have been given away; both are kept by whoever plans.
    """

    def __init__(self, sheet: Sheet, units: UnitLines) -> None:
        self.sheet = sheet
        self.units = units
        self.by_row = units.axis == "row"
        self.spots: list[Spot] = []
        self.taken: set[int] = set()
        self._numbers: dict[str, list[int]] = {}
        self._free_from = units.first
        extents = [extent for row in sheet.rows if (extent := sheet.extent(row)) is not None]
        self._end = max(sheet.rows if self.by_row else (last for _, last in extents), default=-1)
        self._formulas: dict[int, list[tuple[Spot, Formula]]] = {}
        for spot, formula in sheet.formulas.items():
            self._formulas.setdefault(spot[0 if self.by_row else 1], []).append((spot, formula))
        for number in range(units.first, self._end + 1):
            for text in (self.name(number), self._text(number, units.code)):
                if text and not _TOTAL.fullmatch(text):
                    self._numbers.setdefault(text, []).append(number)

    def spot(self, number: int, across: int) -> Spot:
        """The cell of a line that stands `across` it: in a column of rows, in a row of columns."""
        return (number, across) if self.by_row else (across, number)

    def _text(self, number: int, across: int | None) -> str:
        text = self.sheet.text(*self.spot(number, across)) if across is not None else ""
        return "" if "{{" in text else _plain(text)

    def name(self, number: int) -> str:
        """The unit that has a line, without blanks; empty if none has."""
        return self._text(number, self.units.name)

    def formulas(self, number: int) -> list[tuple[Spot, Formula]]:
        """The formulas in a line."""
        return self._formulas.get(number, [])

    def find(self, name: str) -> int | None:
        """The line of a unit, by name or code; None if it has none. Raises `GxError` if there are several."""
        numbers = sorted(set(self._numbers.get(_plain(name), ())))
        if len(numbers) > 1:
            lines = "、".join(self.label(number) for number in numbers[:5])
            raise GxError(
                f"“{self.sheet.name}”里有 {len(numbers)} 处“{name}”（{lines}）。",
                NOTHING,
                "请改用编码指定，或在模板里改正。",
            )
        return numbers[0] if numbers else None

    def add(self, number: int, name: str) -> None:
        """Gives a line to a unit."""
        if number not in self._numbers.setdefault(_plain(name), []):
            self._numbers[_plain(name)].append(number)

    def similar(self, name: str, reports: int) -> tuple[str, ...]:
        """Names in the sheet that may be this unit's, written otherwise."""
        if reports > _FEW:
            return ()
        wanted = _plain(name)
        return tuple(
            one
            for one in self._numbers
            if one != wanted
            and len(one) > 3
            and SequenceMatcher(None, one, wanted, autojunk=False).ratio() >= _LIKENESS
        )[:3]

    def label(self, number: int) -> str:
        """A line as Excel counts it."""
        return f"第 {number + 1} 行" if self.by_row else f"第 {number + 1} 列"

    def free(self) -> int:
        """The first line without a unit. Raises `GxError` if a total or a footer stands in the way."""
        for number in range(self._free_from, self._end + 1):
            name = self.name(number)
            if number in self.taken:
                continue
            if _TOTAL.fullmatch(name) or _FOOTER.match(name) or (not name and self._closes(number)):
                shown = name or "合计"
                raise GxError(
                    f"“{self.sheet.name}”里没有空行了：{self.label(number)}是“{short(shown)}”。",
                    NOTHING,
                    "请在 Excel 里给它上面插入空行，保存后再填。",
                )
            if not name and not self._text(number, self.units.code) and self._is_free(number):
                self._free_from = number + 1
                return number
        number = max(self._end + 1, self._free_from)
        self._free_from = number + 1
        return number

    def _closes(self, number: int) -> bool:
        """Whether a total or a footer stands in the line, beside the column of names."""
        texts = self.sheet.texts(number, words=True) if self.by_row else ()
        return any(_TOTAL.fullmatch(_plain(text)) or _FOOTER.match(_plain(text)) for _, text in texts)

    def _is_free(self, number: int) -> bool:
        sheet = self.sheet
        for row, column in self.spots:
            spot = (number, column) if self.by_row else (row, number)
            value = sheet.value(*spot)
            if sheet.merge_at(*spot) is not None:
                return False
            if value is not None and spot not in sheet.formulas and "{{" not in str(value):
                return False
        return True

    def before(self, number: int) -> int | None:
        """The last line before this one that has cells in the file."""
        for one in range(min(number - 1, self._end), self.units.first - 1, -1):
            if any(
                self.sheet.has(*((one, column) if self.by_row else (row, one))) for row, column in self.spots
            ):
                return one
        return None


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
