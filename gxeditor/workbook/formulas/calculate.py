"""What the formulas of a workbook give once figures have been written into it.

Knows references and ranges in any sheet, names, array formulas and cycles. What cannot be calculated for sure (another
function, another file, a text that Excel might read as a date) it says instead of guessing, and so of everything that
rests on such a formula. Knows no form and writes nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from types import MappingProxyType

from gxeditor.files.limits import FORMULA_STEPS
from gxeditor.workbook.cells import Address, ErrorValue, Result, Spot, Written, cell_ref
from gxeditor.workbook.formulas.parser import parsed
from gxeditor.workbook.formulas.values import (
    CODES,
    NAME,
    NUM,
    Area,
    Compiled,
    Context,
    Failed,
    Scalar,
    Uncalculable,
    element_of,
    matrix_of,
    scalar_of,
)
from gxeditor.workbook.read import Formula, Sheet, Workbook

Cells = Mapping[str, Mapping[Spot, Written | float]]
"""Values by the name of the sheet, then by row and column."""


@dataclass(frozen=True)
class Calculated:
    """What each formula gives; `unknown` says of those that were not calculated why, as a Chinese phrase."""

    values: Mapping[Address, Result]
    unknown: Mapping[Address, str]
    _calculation: _Calculation = field(repr=False, compare=False)

    def look_up(self, formula: str, base: Address, at: Address) -> tuple[Result | None, ...] | None:
        """The values of a formula in the cell `at`, when it is written as for the cell `base`, row by row; None if they
        are not known. So are the conditions of validations written."""
        return self._calculation.look_up(formula, base, at)


def calculate(
    workbook: Workbook, written: Cells, added: Mapping[Address, str] = MappingProxyType({})
) -> Calculated:
    """All formulas of the workbook, with `written` in place of what its cells hold and `added` formulas besides its own
    (texts without “=”).

    Raises nothing on account of what the formulas say.
    """
    return _Calculation(workbook, written, added).all()


# -------------------- the cells of a workbook
class _Calculation:
    def __init__(self, workbook: Workbook, written: Cells, added: Mapping[Address, str]) -> None:
        self.workbook = workbook
        self.sheets: Mapping[str, int] = {
            sheet.name.casefold(): number for number, sheet in enumerate(workbook.sheets)
        }
        self._names: dict[tuple[str, str], str] = {
            (one.sheet.casefold(), one.name.casefold()): one.refers_to for one in workbook.names
        }
        self._written: list[Mapping[Spot, Written | float]] = [
            written.get(sheet.name, MappingProxyType({})) for sheet in workbook.sheets
        ]
        self._values: dict[tuple[int, int, int], Scalar] = {}  # of formulas
        self._formulas: dict[tuple[int, int, int], Formula] = {}
        for number, sheet in enumerate(workbook.sheets):
            for (row, column), formula in sheet.formulas.items():
                self._formulas[number, row, column] = formula
        for place, text in added.items():
            self._formulas[self.sheets[place.sheet.casefold()], place.row, place.column] = Formula(text)
        self._unknown: dict[tuple[int, int, int], str] = {}
        self._ends = self._used()
        self._rows_of_formulas: dict[tuple[int, int], list[int]] = {}
        for number, row, column in sorted(self._formulas):
            self._rows_of_formulas.setdefault((number, column), []).append(row)
        self._done: set[tuple[int, int, int]] = set()
        self._upcoming: dict[tuple[int, int, int], Compiled] = {}
        self._names_within: list[str] = []
        self._steps = FORMULA_STEPS

    def _used(self) -> list[tuple[int, int]]:
        """The last row and column of each sheet that hold anything."""
        ends = []
        for sheet in self.workbook.sheets:
            extents = [extent for row in sheet.rows if (extent := sheet.extent(row)) is not None]
            bottom, right = max(sheet.rows, default=0), max((last for _, last in extents), default=0)
            ends.append((bottom, right))
        for number, cells in enumerate(self._written):
            bottom, right = ends[number]
            bottom = max(bottom, max((row for row, _ in cells), default=0))
            right = max(right, max((column for _, column in cells), default=0))
            ends[number] = (bottom, right)
        for number, row, column in self._formulas:
            bottom, right = ends[number]
            ends[number] = (max(bottom, row), max(right, column))
        return ends

    def all(self) -> Calculated:
        try:
            for key in self._formulas:
                if key not in self._done:
                    self._settle(key)
        except Uncalculable as too_much:
            for key in self._formulas:
                if key not in self._done:
                    self._unknown.setdefault(key, str(too_much))
        self._steps = FORMULA_STEPS
        names = [sheet.name for sheet in self.workbook.sheets]
        values: dict[Address, Result] = {}
        unknown: dict[Address, str] = {}
        for number, row, column in self._formulas:
            place = Address(names[number], row, column)
            why = self._unknown.get((number, row, column))
            if why is not None:
                unknown[place] = why
            else:
                value = self._values[number, row, column]
                values[place] = 0.0 if value is None else value
        return Calculated(MappingProxyType(values), MappingProxyType(unknown), self)

    def look_up(self, formula: str, base: Address, at: Address) -> tuple[Result | None, ...] | None:
        context = Context(self, self.sheets[at.sheet.casefold()], at.row, at.column, False)
        try:
            compiled = parsed(formula.removeprefix("="), base.row, base.column)
            self.spend(compiled.size)
            operand = compiled.node(context)
            if isinstance(operand, Area):
                operand = self.clipped(operand)
            return tuple(value for row in matrix_of(context, operand) for value in row)
        except (Uncalculable, ArithmeticError, ValueError, RecursionError):
            return None
        except Failed as failed:
            return (failed.value,)

    def spend(self, steps: int) -> None:
        self._steps -= steps
        if self._steps < 0:
            raise Uncalculable(_TOO_MUCH)

    @contextmanager
    def within(self, name: str) -> Iterator[None]:
        wanted = name.casefold()
        if wanted in self._names_within:
            raise Uncalculable("名称互相引用，成了循环")
        if len(self._names_within) >= _NAMES_DEEP:
            raise Uncalculable("名称引用名称，套得太深")
        self._names_within.append(wanted)
        try:
            yield
        finally:
            self._names_within.pop()

    # A chain of 20,000 running totals is deeper than Python recurses: what a formula needs comes first, by a stack.
    def _settle(self, first: tuple[int, int, int]) -> None:
        """Calculates a formula and all that it needs. Raises `Uncalculable` if that is too much work."""
        stack: list[tuple[tuple[int, int, int], Iterator[tuple[int, int, int]]]] = [
            (first, self._needed(first))
        ]
        path = {first: 0}
        while stack:
            key, needed = stack[-1]
            upcoming = next((one for one in needed if one not in self._done), None)
            if upcoming is None:
                stack.pop()
                del path[key]
                self._evaluate(key)
            elif upcoming in path:
                start = path[upcoming]
                self.spend(len(stack) - start)
                for one, _ in stack[start:]:
                    self._unknown.setdefault(one, "公式互相引用，成了循环")
            else:
                path[upcoming] = len(stack)
                stack.append((upcoming, self._needed(upcoming)))

    def _needed(self, key: tuple[int, int, int]) -> Iterator[tuple[int, int, int]]:
        """The formulas that a formula refers to."""
        formula = self._formulas[key]
        try:
            self._upcoming[key] = compiled = self._compiled(key, formula)
        except (Uncalculable, Failed):
            return  # says so when it is evaluated
        context = self._context(key, formula)
        for reference in compiled.references:
            try:
                area = reference(context)
            except (Failed, Uncalculable, RecursionError):
                continue
            columns = range(area.left, min(area.right, self._ends[area.sheet][1]) + 1)
            self.spend(len(columns))
            for column in columns:
                rows = self._rows_of_formulas.get((area.sheet, column))
                if rows is None:
                    continue
                first, end = bisect_left(rows, area.top), bisect_right(rows, area.bottom)
                self.spend(end - first)
                for at in range(first, end):
                    yield area.sheet, rows[at], column

    def _compiled(self, key: tuple[int, int, int], formula: Formula) -> Compiled:
        row, column = (formula.area.top, formula.area.left) if formula.area is not None else key[1:]
        if not formula.text:
            raise Uncalculable("模拟运算表不在本程序能算的公式之内")
        return parsed(formula.text, row, column)

    def _context(self, key: tuple[int, int, int], formula: Formula) -> Context:
        if formula.area is not None:
            return Context(self, key[0], formula.area.top, formula.area.left, True)
        return Context(self, *key, False)

    def _evaluate(self, key: tuple[int, int, int]) -> None:
        """Puts down what a formula gives; what it refers to is settled, or in a cycle with it."""
        self._done.add(key)
        compiled = self._upcoming.pop(key, None)
        if key in self._unknown:
            return
        formula = self._formulas[key]
        context = self._context(key, formula)
        try:
            compiled = compiled or self._compiled(key, formula)
            self.spend(compiled.size)
            found = compiled.node(context)
            if formula.area is not None:
                value = element_of(context, found, key[1] - formula.area.top, key[2] - formula.area.left)
            else:
                value = scalar_of(context, found)
            if isinstance(value, float):
                value = value + 0.0 if isfinite(value) else ErrorValue(NUM)  # and no -0
        except Failed as failed:
            value = failed.value
        except Uncalculable as why:
            self._unknown[key] = str(why)
            return
        except RecursionError:  # names within names, each of them within brackets
            self._unknown[key] = _TOO_DEEP
            return
        except (ArithmeticError, ValueError):  # a number beyond all, and what is made of it
            value = ErrorValue(NUM)
        self._values[key] = 0.0 if value is None else value

    def value(self, sheet: int, row: int, column: int) -> Scalar:
        """What a cell holds. Raises `Uncalculable` for a formula that could not be calculated."""
        key = (sheet, row, column)
        if key in self._values:
            return self._values[key]
        if key in self._formulas:
            where = f"{self.workbook.sheets[sheet].name}!{cell_ref(row, column)}"
            why = self._unknown.get(key, "公式互相引用，成了循环")
            raise Uncalculable(why if why.startswith("要用到") else f"要用到 {where}，而它{_tell(why)}")
        written = self._written[sheet]
        if (row, column) in written:
            value = written[row, column]
            return float(value) if isinstance(value, (int, float, Decimal)) else value
        return _stored(self.workbook.sheets[sheet], row, column)

    def clipped(self, area: Area) -> Area:
        """The part of an area that can hold anything; at least its first cell."""
        bottom, right = self._ends[area.sheet]
        return area._replace(
            bottom=max(area.top, min(area.bottom, bottom)), right=max(area.left, min(area.right, right))
        )

    def values(self, area: Area) -> Iterator[Scalar]:
        """What the cells of an area hold, row by row, those beyond the used part left out."""
        inside = self.clipped(area)
        self.spend(inside.size)
        for row in range(inside.top, inside.bottom + 1):
            for column in range(inside.left, inside.right + 1):
                yield self.value(area.sheet, row, column)

    def name(self, name: str, sheet: int, qualified: bool) -> str:
        """What a name refers to, that of the sheet before that of the workbook."""
        wanted = name.casefold()
        own = self._names.get((self.workbook.sheets[sheet].name.casefold(), wanted))
        found = own if own is not None or qualified else self._names.get(("", wanted))
        if found is None:
            raise Failed(NAME)
        return found


_TOO_MUCH, _TOO_DEEP = "公式要算的太多", "公式套得太深"
_NAMES_DEEP = 16  # names that refer to names; each may hold brackets as deep as a formula's


def _stored(sheet: Sheet, row: int, column: int) -> Scalar:
    value = sheet.value(row, column)
    if isinstance(value, str):
        return ErrorValue(value) if value in CODES else value
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _tell(why: str) -> str:
    return why if why.startswith("公式") else f"算不出（{why}）"
