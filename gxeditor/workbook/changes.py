"""What becomes of a workbook, as a value: cells with other contents, formulas with other results, new rows and columns.

Whoever plans makes it, `write` carries it out. Knows no file, and not what the values are for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from gxeditor.workbook.cells import Address, Result, Spot, Written


class NewLine(NamedTuple):
    """A row or column (`axis`) `number`, from 0, of a list, that continues it: its cells look like those of line `like`
    and may have `formulas` (without “=”)."""

    sheet: str
    axis: Literal["row", "column"]
    number: int
    like: int
    formulas: Mapping[Address, str] = MappingProxyType({})


@dataclass(frozen=True)
class Changes:
    """What becomes of a workbook; what is not named stays byte for byte.

    `values`, by sheet, are put into cells that hold none of its formulas (None: blank). `results` are what formulas
    give, its own and those of `new_lines`; None for one that then has no result, until Excel calculates it. What a cell
    holds already may be named as well. `calculates_on_load`: Excel is to calculate all formulas when it opens the file.
    Sheets are named as the workbook spells them.
    """

    values: Mapping[str, Mapping[Spot, Written]] = field(default_factory=dict)
    results: Mapping[Address, Result | None] = field(default_factory=dict)
    new_lines: tuple[NewLine, ...] = ()
    calculates_on_load: bool = False

    @property
    def formulas(self) -> Mapping[Address, str]:
        """The formulas of all new lines."""
        return {place: formula for line in self.new_lines for place, formula in line.formulas.items()}
