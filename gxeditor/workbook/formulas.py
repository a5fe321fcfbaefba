"""What the formulas of a workbook give once figures have been written into it.

Knows the operators and functions that templates of tables use, references and ranges in any sheet, names, array
formulas and cycles; calculates as Excel does, in doubles of which 15 digits count. What it does not know for sure
(another function, another file, a text that Excel might read as a date) it says instead of guessing, and so of
everything that rests on such a formula. Knows no form and writes nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal
from functools import cache, lru_cache
from itertools import chain
from math import isfinite
from types import MappingProxyType
from typing import NamedTuple, NoReturn

from gxeditor.workbook.cells import (
    MAX_COLUMNS,
    MAX_ROWS,
    Address,
    ErrorValue,
    Result,
    Spot,
    Written,
    cell_ref,
    column_number,
    number_text,
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


class _Uncalculable(Exception):
    """A formula that this module does not know how to calculate; says why."""


class _Failed(Exception):
    """The formula gives an error value."""

    def __init__(self, code: str) -> None:
        self.value = ErrorValue(code)


_DIV0, _VALUE, _REF, _NAME, _NUM, _NA, _NULL = (
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#N/A",
    "#NULL!",
)
_CODES = frozenset((_DIV0, _VALUE, _REF, _NAME, _NUM, _NA, _NULL))

_Scalar = float | str | bool | ErrorValue | None
_LARGE = 200_000  # cells: ranges beyond are whole columns, of which only the used part is looked at


class _Area(NamedTuple):
    """A reference: the sheet's number and the rectangle."""

    sheet: int
    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


class _Array(NamedTuple):
    rows: list[list[_Scalar]]


_Operand = float | str | bool | ErrorValue | None | _Area | _Array


class _Context(NamedTuple):
    """Where a formula stands; `array`: ranges count with all their cells, not with the one beside the formula."""

    calculation: _Calculation
    sheet: int
    row: int
    column: int
    array: bool


_Node = Callable[[_Context], _Operand]
_Reference = Callable[[_Context], _Area]


class _Compiled(NamedTuple):
    node: _Node
    references: tuple[_Reference, ...]


# -------------------- the cells of a workbook
class _Calculation:
    def __init__(self, workbook: Workbook, written: Cells, added: Mapping[Address, str]) -> None:
        self.workbook = workbook
        self.sheets = {sheet.name.casefold(): number for number, sheet in enumerate(workbook.sheets)}
        self._names: dict[tuple[str, str], str] = {
            (one.sheet.casefold(), one.name.casefold()): one.refers_to for one in workbook.names
        }
        self._written: list[Mapping[Spot, Written | float]] = [
            written.get(sheet.name, MappingProxyType({})) for sheet in workbook.sheets
        ]
        self._values: dict[tuple[int, int, int], _Scalar] = {}  # of formulas
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
        self._upcoming: dict[tuple[int, int, int], _Compiled] = {}

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
        for key in self._formulas:
            if key not in self._done:
                self._settle(key)
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
        context = _Context(self, self.sheets[at.sheet.casefold()], at.row, at.column, False)
        try:
            operand = _compile(_tokens(formula.removeprefix("="), base.row, base.column)).node(context)
            if isinstance(operand, _Area):
                operand = self.clipped(operand)
            return tuple(value for row in _matrix(context, operand) for value in row)
        except (_Uncalculable, OverflowError, RecursionError):
            return None
        except _Failed as failed:
            return (failed.value,)

    # A chain of 20,000 running totals is deeper than Python recurses: what a formula needs comes first, by a stack.
    def _settle(self, first: tuple[int, int, int]) -> None:
        stack: list[tuple[tuple[int, int, int], Iterator[tuple[int, int, int]]]] = [
            (first, iter(self._needed(first)))
        ]
        path = {first}
        while stack:
            key, needed = stack[-1]
            upcoming = next((one for one in needed if one not in self._done), None)
            if upcoming is None:
                stack.pop()
                path.discard(key)
                self._evaluate(key)
            elif upcoming in path:
                start = next(number for number, (one, _) in enumerate(stack) if one == upcoming)
                for one, _ in stack[start:]:
                    self._unknown.setdefault(one, "公式互相引用，成了循环")
            else:
                path.add(upcoming)
                stack.append((upcoming, iter(self._needed(upcoming))))

    def _needed(self, key: tuple[int, int, int]) -> list[tuple[int, int, int]]:
        """The formulas that a formula refers to."""
        formula = self._formulas[key]
        try:
            self._upcoming[key] = compiled = self._compiled(key, formula)
        except (_Uncalculable, _Failed):
            return []  # says so when it is evaluated
        found: list[tuple[int, int, int]] = []
        context = self._context(key, formula)
        for reference in compiled.references:
            try:
                area = reference(context)
            except (_Failed, _Uncalculable):
                continue
            for column in range(area.left, min(area.right, self._ends[area.sheet][1]) + 1):
                rows = self._rows_of_formulas.get((area.sheet, column))
                if rows is None:
                    continue
                at = bisect_left(rows, area.top)
                while at < len(rows) and rows[at] <= area.bottom:
                    found.append((area.sheet, rows[at], column))
                    at += 1
        return found

    def _compiled(self, key: tuple[int, int, int], formula: Formula) -> _Compiled:
        row, column = (formula.area.top, formula.area.left) if formula.area is not None else key[1:]
        if not formula.text:
            raise _Uncalculable("模拟运算表不在本程序能算的公式之内")
        return _compile(_tokens(formula.text, row, column))

    def _context(self, key: tuple[int, int, int], formula: Formula) -> _Context:
        if formula.area is not None:
            return _Context(self, key[0], formula.area.top, formula.area.left, True)
        return _Context(self, *key, False)

    def _evaluate(self, key: tuple[int, int, int]) -> None:
        """Puts down what a formula gives; what it refers to is settled, or in a cycle with it."""
        self._done.add(key)
        compiled = self._upcoming.pop(key, None)
        if key in self._unknown:
            return
        formula = self._formulas[key]
        context = self._context(key, formula)
        try:
            found = (compiled or self._compiled(key, formula)).node(context)
            if formula.area is not None:
                value = _element(context, found, key[1] - formula.area.top, key[2] - formula.area.left)
            else:
                value = context_scalar(context, found)
            if isinstance(value, float):
                value = value + 0.0 if isfinite(value) else ErrorValue(_NUM)  # and no -0
        except _Failed as failed:
            value = failed.value
        except _Uncalculable as why:
            self._unknown[key] = str(why)
            return
        except (OverflowError, RecursionError):
            value = ErrorValue(_NUM)
        self._values[key] = 0.0 if value is None else value

    def value(self, sheet: int, row: int, column: int) -> _Scalar:
        """What a cell holds. Raises `_Uncalculable` for a formula that could not be calculated."""
        key = (sheet, row, column)
        if key in self._values:
            return self._values[key]
        if key in self._formulas:
            where = f"{self.workbook.sheets[sheet].name}!{cell_ref(row, column)}"
            why = self._unknown.get(key, "公式互相引用，成了循环")
            raise _Uncalculable(why if why.startswith("要用到") else f"要用到 {where}，而它{_tell(why)}")
        written = self._written[sheet]
        if (row, column) in written:
            value = written[row, column]
            return float(value) if isinstance(value, (int, float, Decimal)) else value
        return _stored(self.workbook.sheets[sheet], row, column)

    def clipped(self, area: _Area) -> _Area:
        """The part of an area that can hold anything; at least its first cell."""
        bottom, right = self._ends[area.sheet]
        return area._replace(
            bottom=max(area.top, min(area.bottom, bottom)), right=max(area.left, min(area.right, right))
        )

    def values(self, area: _Area) -> Iterator[_Scalar]:
        """What the cells of an area hold, row by row, those beyond the used part left out."""
        inside = self.clipped(area)
        for row in range(inside.top, inside.bottom + 1):
            for column in range(inside.left, inside.right + 1):
                yield self.value(area.sheet, row, column)

    def name(self, name: str, sheet: int, qualified: bool) -> str:
        """What a name refers to, that of the sheet before that of the workbook."""
        wanted = name.casefold()
        own = self._names.get((self.workbook.sheets[sheet].name.casefold(), wanted))
        found = own if own is not None or qualified else self._names.get(("", wanted))
        if found is None:
            raise _Failed(_NAME)
        return found


def _stored(sheet: Sheet, row: int, column: int) -> _Scalar:
    value = sheet.value(row, column)
    if isinstance(value, str):
        return ErrorValue(value) if value in _CODES else value
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _tell(why: str) -> str:
    return why if why.startswith("公式") else f"算不出（{why}）"


# -------------------- reading a formula
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"]|"")*")
    | (?P<error>\#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|NULL!))
    | (?P<sheet>(?:'(?:[^']|'')+'|[^\W\d][\w.]*(?::[^\W\d][\w.]*)?|\[[^\]]*\][\w.]*)!)?
      (?: (?P<c1>\$?[A-Za-z]{1,3})(?P<r1>\$?[0-9]{1,7})(?::(?P<c2>\$?[A-Za-z]{1,3})(?P<r2>\$?[0-9]{1,7}))?(?![\w.(!])
        | (?P<f1>\$?[A-Za-z]{1,3}):(?P<f2>\$?[A-Za-z]{1,3})(?![\w.(!])
        | (?P<l1>\$?[0-9]{1,7}):(?P<l2>\$?[0-9]{1,7})(?![\w.(!])
        | (?P<function>[^\W\d][\w.]*)\(
        | (?P<name>[^\W\d][\w.\\?]*)(?![(!])
        | (?P<lost>\#REF!)
      )
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?)
    | (?P<sign><>|<=|>=|[-+*/^&=<>%(),{};])
    )""",
    re.VERBOSE,
)


class _Token(NamedTuple):
    """A piece of a formula. References are relative to the formula's cell unless they are fixed: so all formulas of a
    column that were filled down are the same formula."""

    kind: str
    text: str
    sheet: str | None = None
    corners: tuple[tuple[int, bool], ...] = ()


@cache
def _sheet_name(text: str) -> str:
    """The sheet before “!”, without its quotation marks."""
    name = text[:-1]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    if "[" in name:
        raise _Uncalculable("公式引用了其他文件")
    if ":" in name:
        raise _Uncalculable("公式一次引用了几张工作表")
    return name


def _tokens(text: str, row: int, column: int) -> tuple[_Token, ...]:
    tokens = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _Uncalculable(f"公式中的“{text[at : at + 12]}”不在本程序能算的公式之内")
        at = found.end()
        kind = found.lastgroup or ""
        sheet = found["sheet"]
        name = _sheet_name(sheet) if sheet else None
        if kind in ("r1", "r2", "f2", "l2"):
            tokens.append(_Token("area", "", name, _corners(found, row, column)))
        elif kind in ("error", "lost"):
            tokens.append(_Token("error", found[kind]))
        elif sheet and kind == "function":
            raise _Uncalculable("公式引用了其他文件里的函数")
        else:
            tokens.append(_Token(kind, found[kind], name))
    return tuple(tokens)


def _corners(found: re.Match[str], row: int, column: int) -> tuple[tuple[int, bool], ...]:
    """First row, first column, last row, last column: the number, less that of the formula unless it is fixed."""

    def line(text: str) -> tuple[int, bool]:
        return (int(text[1:]) - 1, True) if text.startswith("$") else (int(text) - 1 - row, False)

    def file(text: str) -> tuple[int, bool]:
        return (
            (column_number(text[1:]), True) if text.startswith("$") else (column_number(text) - column, False)
        )

    if found["c1"]:
        first = (line(found["r1"]), file(found["c1"]))
        return (*first, *((line(found["r2"]), file(found["c2"])) if found["c2"] else first))
    if found["f1"]:
        return ((0, True), file(found["f1"]), (MAX_ROWS - 1, True), file(found["f2"]))
    return (line(found["l1"]), (0, True), line(found["l2"]), (MAX_COLUMNS - 1, True))


_KEPT_FORMULAS = 5_000  # of a template, or of several; more than any list has kinds of


# What it keeps is never changed (nodes hold no state), so threads may share it; the cache itself is guarded by Python.
@lru_cache(maxsize=_KEPT_FORMULAS)
def _compile(tokens: tuple[_Token, ...]) -> _Compiled:
    return _Parser(tokens).parse()


_COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")


class _Parser:
    """Recursive descent over the precedence of Excel: comparison, &, + -, * /, ^, sign, %."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._references: list[_Reference] = []

    def parse(self) -> _Compiled:
        node = self._comparison()
        if self._at < len(self._tokens):
            raise _Uncalculable(_ODD)
        return _Compiled(node, tuple(self._references))

    def _sign(self, *wanted: str) -> str:
        """Takes the next sign if it is one of these."""
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == "sign" and token.text in wanted:
                self._at += 1
                return token.text
        return ""

    def _binary(self, below: Callable[[], _Node], *signs: str) -> _Node:
        node = below()
        while sign := self._sign(*signs):
            node = _lifted(_OPERATORS[sign], (node, below()))
        return node

    def _comparison(self) -> _Node:
        return self._binary(self._joined, *_COMPARISONS)

    def _joined(self) -> _Node:
        return self._binary(self._sum, "&")

    def _sum(self) -> _Node:
        return self._binary(self._product, "+", "-")

    def _product(self) -> _Node:
        return self._binary(self._power, "*", "/")

    def _power(self) -> _Node:
        return self._binary(self._signed, "^")

    def _signed(self) -> _Node:
        if self._sign("-"):
            return _lifted(lambda x: -_number(x), (self._signed(),))
        if self._sign("+"):
            return self._signed()
        node = self._primary()
        while self._sign("%"):
            node = _lifted(lambda x: _number(x) / 100, (node,))
        return node

    def _primary(self) -> _Node:
        if self._at >= len(self._tokens):
            raise _Uncalculable(_ODD)
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "number":
            return _constant(float(token.text))
        if token.kind == "text":
            return _constant(token.text[1:-1].replace('""', '"'))
        if token.kind == "error":
            return _constant(ErrorValue(token.text))
        if token.kind == "area":
            reference = _reference(token)
            self._references.append(reference)
            return reference
        if token.kind == "name":
            return self._name(token)
        if token.kind == "function":
            return self._function(token.text)
        if token.text == "(":
            node = self._comparison()
            self._close()
            return node
        if token.text == "{":
            return self._constants()
        raise _Uncalculable(_ODD)

    def _close(self) -> None:
        if not self._sign(")"):
            raise _Uncalculable(_ODD)

    def _name(self, token: _Token) -> _Node:
        if token.sheet is None and token.text.upper() in ("TRUE", "FALSE"):
            return _constant(token.text.upper() == "TRUE")
        sheet, text = token.sheet, token.text

        def refers_to(context: _Context) -> tuple[_Compiled, _Context]:
            number = context.sheet if sheet is None else _sheet_number(context, sheet)
            meaning = context.calculation.name(text, number, sheet is not None)
            tokens = _tokens(meaning.removeprefix("="), 0, 0)
            if any(not fixed for one in tokens for _, fixed in one.corners):
                raise _Uncalculable(f"名称“{text}”用的是相对引用")
            return _compile(tokens), context

        def area(context: _Context) -> _Area:
            compiled, inside = refers_to(context)
            if len(compiled.references) != 1:
                raise _Uncalculable(f"名称“{text}”不是一个区域")
            return compiled.references[0](inside)

        def node(context: _Context) -> _Operand:
            compiled, inside = refers_to(context)
            return compiled.node(inside)

        self._references.append(area)
        return node

    def _function(self, called: str) -> _Node:
        name = called.upper().removeprefix("_XLFN.").removeprefix("_XLWS.")
        arguments: list[_Node | None] = []
        if not self._sign(")"):
            while True:
                if self._at < len(self._tokens) and self._tokens[self._at].text in (",", ")"):
                    arguments.append(None)
                else:
                    arguments.append(self._comparison())
                if self._sign(")"):
                    break
                if not self._sign(","):
                    raise _Uncalculable(_ODD)
        if name not in _FUNCTIONS:
            raise _Uncalculable(f"函数 {name} 不在本程序能算的公式之内")
        least, most, build = _FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            raise _Uncalculable(f"函数 {name} 的参数不对")
        return build([_constant(None) if one is None else one for one in arguments])

    def _constants(self) -> _Node:
        """An array such as {1,2;3,4}."""
        rows: list[list[_Scalar]] = [[]]
        while True:
            negative = self._sign("-") == "-"
            if self._at >= len(self._tokens):
                raise _Uncalculable(_ODD)
            token = self._tokens[self._at]
            self._at += 1
            if token.kind == "number":
                rows[-1].append(float(token.text) * (-1 if negative else 1))
            elif token.kind == "text" and not negative:
                rows[-1].append(token.text[1:-1].replace('""', '"'))
            else:
                raise _Uncalculable(_ODD)
            sign = self._sign(",", ";", "}")
            if sign == "}":
                break
            if sign == ";":
                rows.append([])
            elif not sign:
                raise _Uncalculable(_ODD)
        return _constant(_Array(rows))


_ODD = "公式的写法不在本程序能算的公式之内"


def _constant(value: _Operand) -> _Node:
    return lambda context: value


def _sheet_number(context: _Context, name: str) -> int:
    number = context.calculation.sheets.get(name.casefold())
    if number is None:
        raise _Failed(_REF)
    return number


def _reference(token: _Token) -> _Reference:
    (r1, fixed_r1), (c1, fixed_c1), (r2, fixed_r2), (c2, fixed_c2) = token.corners
    name = token.sheet

    def area(context: _Context) -> _Area:
        top = r1 if fixed_r1 else r1 + context.row
        left = c1 if fixed_c1 else c1 + context.column
        bottom = r2 if fixed_r2 else r2 + context.row
        right = c2 if fixed_c2 else c2 + context.column
        if (
            min(top, left, bottom, right) < 0
            or max(top, bottom) >= MAX_ROWS
            or max(left, right) >= MAX_COLUMNS
        ):
            raise _Failed(_REF)
        sheet = context.sheet if name is None else _sheet_number(context, name)
        return _Area(sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right))

    return area


# -------------------- operands
def context_scalar(context: _Context, operand: _Operand) -> _Scalar:
    """One value: of a range the cell that stands in the formula's row or column. Raises `_Failed` for an error."""
    if isinstance(operand, _Area):
        operand = _beside(context, operand)
    elif isinstance(operand, _Array):
        operand = operand.rows[0][0]
    if isinstance(operand, ErrorValue):
        raise _Failed(operand.code)
    return operand


def _beside(context: _Context, area: _Area) -> _Scalar:
    row, column = area.top, area.left
    if area.size > 1:
        if area.left == area.right and area.top <= context.row <= area.bottom:
            row = context.row
        elif area.top == area.bottom and area.left <= context.column <= area.right:
            column = context.column
        else:
            raise _Failed(_VALUE)
    return context.calculation.value(area.sheet, row, column)


def _is_many(context: _Context, operand: _Operand) -> bool:
    return isinstance(operand, _Array) or (isinstance(operand, _Area) and context.array and operand.size > 1)


def _matrix(context: _Context, operand: _Operand) -> list[list[_Scalar]]:
    if isinstance(operand, _Array):
        return operand.rows
    if isinstance(operand, _Area):
        if operand.size > _LARGE:
            raise _Uncalculable("公式引用的区域太大")
        calculation = context.calculation
        return [
            [
                calculation.value(operand.sheet, row, column)
                for column in range(operand.left, operand.right + 1)
            ]
            for row in range(operand.top, operand.bottom + 1)
        ]
    return [[operand]]


def _element(context: _Context, operand: _Operand, row: int, column: int) -> _Scalar:
    """What an array formula gives in one of its cells."""
    rows = _matrix(context, operand)
    row = 0 if len(rows) == 1 else row
    column = 0 if len(rows[0]) == 1 else column
    if row >= len(rows) or column >= len(rows[row]):
        return ErrorValue(_NA)
    return rows[row][column]


def _lifted(function: Callable[..., _Scalar], nodes: Sequence[_Node]) -> _Node:
    """A function of single values, of arrays value by value."""

    def node(context: _Context) -> _Operand:
        operands = [one(context) for one in nodes]
        if not any(_is_many(context, operand) for operand in operands):
            return function(*(context_scalar(context, operand) for operand in operands))
        matrices = [
            _matrix(context, operand) if _is_many(context, operand) else [[_kept(context, operand)]]
            for operand in operands
        ]
        height = max(len(matrix) for matrix in matrices)
        width = max(len(matrix[0]) for matrix in matrices)

        def at(matrix: list[list[_Scalar]], row: int, column: int) -> _Scalar:
            row = 0 if len(matrix) == 1 else row
            column = 0 if len(matrix[0]) == 1 else column
            if row >= len(matrix) or column >= len(matrix[0]):
                return ErrorValue(_NA)
            return matrix[row][column]

        return _Array(
            [
                [_one(function, [at(matrix, r, c) for matrix in matrices]) for c in range(width)]
                for r in range(height)
            ]
        )

    return node


def _kept(context: _Context, operand: _Operand) -> _Scalar:
    """A single value, an error among them."""
    try:
        return context_scalar(context, operand)
    except _Failed as failed:
        return failed.value


def _one(function: Callable[..., _Scalar], values: Sequence[_Scalar]) -> _Scalar:
    for value in values:
        if isinstance(value, ErrorValue):
            return value
    try:
        return function(*values)
    except _Failed as failed:
        return failed.value


_PLAIN_NUMBER = re.compile(
    r"\s*([+-]?(?:[0-9]+\.?[0-9]*|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?)(%?)\s*"
)
_PERHAPS_NUMBER = re.compile(r"\s*[(+\-￥¥$]*\s*[0-9０-９]")


def _number(value: _Scalar) -> float:
    """A value as a number. A text that only Excel knows to read (a date, an amount of money) is not guessed."""
    if isinstance(value, float):
        return value
    if value is None:
        return 0.0
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, ErrorValue):
        raise _Failed(value.code)
    found = _PLAIN_NUMBER.fullmatch(value)
    if found is not None:
        return float(found[1].replace(",", "")) / (100 if found[2] else 1)
    if _PERHAPS_NUMBER.match(value):
        raise _Uncalculable(f"文字“{value[:12]}”要作为数来算")
    raise _Failed(_VALUE)


def _text(value: _Scalar) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value and not 1e-9 <= abs(value) < 1e15:
            raise _Uncalculable("很大或很小的数要变成文字")
        return number_text(value)
    if isinstance(value, ErrorValue):
        raise _Failed(value.code)
    return value


def _truth(value: _Scalar) -> bool:
    if isinstance(value, str):
        if value.upper() in ("TRUE", "FALSE"):
            return value.upper() == "TRUE"
        raise _Failed(_VALUE)
    return bool(_number(value))


_NEAR = 2.0**-48  # relative difference of numbers whose 15 digits are the same


def _is_near(x: float, y: float) -> bool:
    return x == y or (isfinite(x) and isfinite(y) and abs(x - y) < abs(x) * _NEAR)


def _added(x: float, y: float) -> float:
    """The sum; nothing where the two only differ in digits that do not count."""
    return 0.0 if (x < 0) != (y < 0) and _is_near(x, -y) else x + y


def _divided(x: float, y: float) -> float:
    if y == 0:
        raise _Failed(_DIV0)
    return x / y


def _raised(x: float, y: float) -> float:
    if (x == 0 and y == 0) or (x < 0 and y != int(y)):
        raise _Failed(_NUM)
    if x == 0 and y < 0:
        raise _Failed(_DIV0)
    return float(x**y)


def _order(x: _Scalar, y: _Scalar) -> int:
    """-1, 0 or 1: numbers before texts before truth values; a blank is as little as what it is compared with."""
    if x is None:
        x = "" if isinstance(y, str) else False if isinstance(y, bool) else 0.0
    if y is None:
        y = "" if isinstance(x, str) else False if isinstance(x, bool) else 0.0
    ranks = [2 if isinstance(one, bool) else 1 if isinstance(one, str) else 0 for one in (x, y)]
    if ranks[0] != ranks[1]:
        return -1 if ranks[0] < ranks[1] else 1
    if isinstance(x, str) and isinstance(y, str):
        one, other = x.casefold(), y.casefold()
        if one == other:
            return 0
        return (
            -2 if one < other else 2
        )  # by code points, which is not how Excel sorts: only good for “differs”
    assert isinstance(x, (float, bool))
    assert isinstance(y, (float, bool))
    if _is_near(float(x), float(y)):
        return 0
    return -1 if x < y else 1


def _compared(wanted: Callable[[int], bool]) -> Callable[[_Scalar, _Scalar], bool]:
    def compare(x: _Scalar, y: _Scalar) -> bool:
        order = _order(x, y)
        if abs(order) == 2:
            if not (str(x).isascii() and str(x).isalnum() and str(y).isascii() and str(y).isalnum()):
                raise _Uncalculable("公式比较两段文字的先后")
            order //= 2
        return wanted(order)

    return compare


_OPERATORS: dict[str, Callable[..., _Scalar]] = {
    "+": lambda x, y: _added(_number(x), _number(y)),
    "-": lambda x, y: _added(_number(x), -_number(y)),
    "*": lambda x, y: _number(x) * _number(y),
    "/": lambda x, y: _divided(_number(x), _number(y)),
    "^": lambda x, y: _raised(_number(x), _number(y)),
    "&": lambda x, y: _text(x) + _text(y),
    "=": lambda x, y: _order(x, y) == 0,
    "<>": lambda x, y: _order(x, y) != 0,
    "<": _compared(lambda order: order < 0),
    ">": _compared(lambda order: order > 0),
    "<=": _compared(lambda order: order <= 0),
    ">=": _compared(lambda order: order >= 0),
}


# -------------------- functions
_Build = Callable[[list[_Node]], _Node]
_MANY = 255


def _numbers(context: _Context, nodes: Iterable[_Node]) -> Iterator[float]:
    """The numbers of arguments: in ranges and arrays only what is a number, elsewhere what can be read as one."""
    for node in nodes:
        operand = node(context)
        if isinstance(operand, (_Area, _Array)):
            for value in _values(context, operand):
                if isinstance(value, ErrorValue):
                    raise _Failed(value.code)
                if isinstance(value, float):
                    yield value
        else:
            yield _number(operand)


def _values(context: _Context, operand: _Area | _Array) -> Iterator[_Scalar]:
    if isinstance(operand, _Area):
        yield from context.calculation.values(operand)
    else:
        for row in operand.rows:
            yield from row


def _total(numbers: Iterable[float]) -> float:
    total = 0.0
    for number in numbers:
        total = _added(total, number)
    return total


def _mean(numbers: list[float]) -> float:
    return _divided(_total(numbers), float(len(numbers)))


def _product(numbers: list[float]) -> float:
    result = 1.0
    for number in numbers:
        result *= number
    return result if numbers else 0.0


def _aggregate(function: Callable[[list[float]], float]) -> _Build:
    def build(nodes: list[_Node]) -> _Node:
        return lambda context: function(list(_numbers(context, nodes)))

    return build


def _counting(counts: Callable[[_Scalar, bool], bool]) -> _Build:
    """Counts values; `counts` is told whether the value stands in a range."""

    def build(nodes: list[_Node]) -> _Node:
        def node(context: _Context) -> float:
            count = 0
            for one in nodes:
                try:
                    operand = one(context)
                except _Failed as failed:
                    operand = failed.value
                if isinstance(operand, (_Area, _Array)):
                    count += sum(counts(value, True) for value in _values(context, operand))
                else:
                    count += counts(operand, False)
            return float(count)

        return node

    return build


def _is_number(value: _Scalar, in_range: bool) -> bool:
    if isinstance(value, float) or in_range:
        return isinstance(value, float)
    if isinstance(value, str):
        try:
            _number(value)
        except _Failed:
            return False
        return True
    return not isinstance(value, ErrorValue)


def _blanks(nodes: list[_Node]) -> _Node:
    def node(context: _Context) -> float:
        operand = nodes[0](context)
        if not isinstance(operand, _Area):
            raise _Failed(_VALUE)
        filled = sum(value not in (None, "") for value in context.calculation.values(operand))
        return float(operand.size - filled)

    return node


def _each(function: Callable[..., _Scalar], *defaults: _Scalar) -> _Build:
    """A function of single values; `defaults` stand for arguments at the end that may be left out."""
    arity = function.__code__.co_argcount

    def build(nodes: list[_Node]) -> _Node:
        left_out = defaults[len(defaults) - (arity - len(nodes)) :] if len(nodes) < arity else ()
        return _lifted(function, [*nodes, *map(_constant, left_out)])

    return build


def _if(nodes: list[_Node]) -> _Node:
    condition, then = nodes[0], nodes[1]
    otherwise = nodes[2] if len(nodes) > 2 else _constant(False)
    by_value = _lifted(lambda c, x, y: x if _truth(c) else y, (condition, then, otherwise))

    def node(context: _Context) -> _Operand:
        found = condition(context)
        if _is_many(context, found):
            return by_value(context)
        chosen = (then if _truth(context_scalar(context, found)) else otherwise)(context)
        return 0.0 if chosen is None else chosen

    return node


def _if_failed(*codes: str) -> _Build:
    """IFERROR, and IFNA for its one code."""

    def caught(value: _Scalar) -> bool:
        return isinstance(value, ErrorValue) and (not codes or value.code in codes)

    def build(nodes: list[_Node]) -> _Node:
        def node(context: _Context) -> _Operand:
            try:
                found = nodes[0](context)
                if _is_many(context, found):
                    other = context_scalar(context, nodes[1](context))
                    return _Array(
                        [
                            [other if caught(value) else value for value in row]
                            for row in _matrix(context, found)
                        ]
                    )
                value = context_scalar(context, found)
                return 0.0 if value is None else value
            except _Failed as failed:
                if not caught(failed.value):
                    raise
            other_value = context_scalar(context, nodes[1](context))
            return 0.0 if other_value is None else other_value

        return node

    return build


def _logical(result: Callable[[list[bool]], bool]) -> _Build:
    """AND and OR: texts and blanks in ranges do not count."""

    def build(nodes: list[_Node]) -> _Node:
        def node(context: _Context) -> bool:
            truths: list[bool] = []
            for one in nodes:
                operand = one(context)
                if isinstance(operand, (_Area, _Array)):
                    for value in _values(context, operand):
                        if isinstance(value, ErrorValue):
                            raise _Failed(value.code)
                        if isinstance(value, (float, bool)):
                            truths.append(bool(value))
                else:
                    truths.append(_truth(operand))
            if not truths:
                raise _Failed(_VALUE)
            return result(truths)

        return node

    return build


def _kind(test: Callable[[_Scalar], bool]) -> _Build:
    """ISNUMBER and its like: of errors, too."""

    def build(nodes: list[_Node]) -> _Node:
        def node(context: _Context) -> _Operand:
            try:
                found = nodes[0](context)
                if _is_many(context, found):
                    return _Array([[test(value) for value in row] for row in _matrix(context, found)])
                return test(context_scalar(context, found))
            except _Failed as failed:
                return test(failed.value)

        return node

    return build


def _rounded(rounding: str) -> Callable[[_Scalar, _Scalar], float]:
    def function(value: _Scalar, digits: _Scalar) -> float:
        number, places = _number(value), int(_number(digits))
        if abs(places) > 20:
            return number if places > 0 else 0.0
        # The 15 digits that count: 2.675 rounds up, though as a double it is a little less.
        return float(Decimal(number_text(number)).quantize(Decimal(1).scaleb(-places), rounding))

    return function


def _whole(value: _Scalar) -> float:
    return float(Decimal(number_text(_number(value))).to_integral_value(ROUND_FLOOR))


def _modulo(value: _Scalar, divisor: _Scalar) -> float:
    x, y = _number(value), _number(divisor)
    return _added(x, -y * _whole(_divided(x, y)))


def _value_of(text: _Scalar) -> float:
    return _number(text)


_NUMBER_FORMAT = re.compile(r"([#,]*0+)(?:\.(0+))?(%?)")


def _shown(value: _Scalar, code: _Scalar) -> str:
    """TEXT with the formats 0, 0.00, #,##0.00, 0.00%, @."""
    wanted = _text(code)
    if wanted in ("@", "General", "G/通用格式") or isinstance(value, str):
        if isinstance(value, str) and _PERHAPS_NUMBER.match(value):
            raise _Uncalculable(f"文字“{value[:12]}”要作为数来算")
        return _text(value)
    found = _NUMBER_FORMAT.fullmatch(wanted)
    if found is None or ("," in found[1] and found[1] != "#,##0"):
        raise _Uncalculable(f"TEXT 的格式“{wanted}”不在本程序能算的公式之内")
    decimals = len(found[2] or "")
    number = _rounded(ROUND_HALF_UP)(_number(value) * (100 if found[3] else 1), float(decimals))
    grouping = "," if "," in found[1] else ""
    shown = f"{abs(number):{grouping}.{decimals}f}"
    least = found[1].replace("#", "").replace(",", "")
    whole, dot, rest = shown.partition(".")
    return ("-" if number < 0 else "") + whole.rjust(len(least), "0") + dot + rest + found[3]


def _part(text: _Scalar, start: int, count: int) -> str:
    if start < 0 or count < 0:
        raise _Failed(_VALUE)
    return _text(text)[start : start + count]


def _joined(nodes: list[_Node]) -> _Node:
    def node(context: _Context) -> str:
        pieces: list[str] = []
        for one in nodes:
            operand = one(context)
            if isinstance(operand, (_Area, _Array)):
                pieces.extend(map(_text, _values(context, operand)))
            else:
                pieces.append(_text(operand))
        return "".join(pieces)

    return node


def _sum_product(nodes: list[_Node]) -> _Node:
    def node(context: _Context) -> float:
        inside = context._replace(array=True)
        matrices = []
        for one in nodes:
            operand = one(inside)
            if isinstance(operand, _Area):
                operand = inside.calculation.clipped(operand) if operand.size > _LARGE else operand
            matrices.append(_matrix(inside, operand))
        shapes = {(len(matrix), len(matrix[0])) for matrix in matrices}
        if len(shapes) > 1:
            raise _Failed(_VALUE)
        products = []
        for cells in zip(*(chain.from_iterable(matrix) for matrix in matrices), strict=True):
            product = 1.0
            for value in cells:
                if isinstance(value, ErrorValue):
                    raise _Failed(value.code)
                product *= value if isinstance(value, float) else 0.0
            products.append(product)
        return _total(products)

    return node


_CRITERION = re.compile(r"(<>|<=|>=|=|<|>)?(.*)", re.DOTALL)


def _criterion(wanted: _Scalar) -> Callable[[_Scalar], bool]:
    """What SUMIF and COUNTIF look for: a value, or a text such as “>=5”, “<>”, “教育*”."""
    if isinstance(wanted, ErrorValue):
        raise _Failed(wanted.code)
    if wanted is None:
        wanted = 0.0
    if isinstance(wanted, bool):
        return lambda value: value is wanted
    if isinstance(wanted, float):
        number = wanted
        return lambda value: _as_number(value) == number
    found = _CRITERION.fullmatch(wanted)
    assert found is not None
    sign, rest = found[1] or "", found[2]
    plain = _PLAIN_NUMBER.fullmatch(rest)
    if sign in ("<", ">", "<=", ">="):
        if plain is None:
            raise _Uncalculable("按文字的先后作条件")
        limit = _number(rest)
        meets = _OPERATORS[sign]
        return lambda value: isinstance(value, float) and bool(meets(value, limit))
    if plain is not None:
        number = _number(rest)
        if sign == "<>":
            return lambda value: _as_number(value) != number
        return lambda value: _as_number(value) == number
    if _PERHAPS_NUMBER.match(rest):
        raise _Uncalculable(f"文字“{rest[:12]}”作条件")
    if not rest:
        if sign == "=":
            return lambda value: value is None
        if sign == "<>":
            return lambda value: value is not None
        return lambda value: value in (None, "")
    pattern = re.compile(_wildcards(rest), re.IGNORECASE | re.DOTALL)
    if sign == "<>":
        return lambda value: not (isinstance(value, str) and pattern.fullmatch(value))
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _wildcards(text: str) -> str:
    pieces = re.findall(r"~[*?~]|[*?]|[^*?~]+|~", text)
    return "".join(
        ".*"
        if one == "*"
        else "."
        if one == "?"
        else re.escape(one[1:] if len(one) == 2 and one[0] == "~" else one)
        for one in pieces
    )


def _as_number(value: _Scalar) -> float | None:
    """A number, or what a text of digits says; None for everything else."""
    if isinstance(value, float):
        return value
    if isinstance(value, str) and (found := _PLAIN_NUMBER.fullmatch(value)):
        return float(found[1].replace(",", "")) / (100 if found[2] else 1)
    return None


def _area(context: _Context, node: _Node) -> _Area:
    operand = node(context)
    if not isinstance(operand, _Area):
        raise _Uncalculable("按条件计算时没有给出区域")
    return operand


def _matching(
    context: _Context, pairs: Sequence[tuple[_Node, _Node]], summed: _Node | None
) -> Iterator[_Scalar]:
    """The values to add or count where all criteria are met."""
    areas = [_area(context, node) for node, _ in pairs]
    tests = [_criterion(context_scalar(context, node(context))) for _, node in pairs]
    shape = (areas[0].bottom - areas[0].top, areas[0].right - areas[0].left)
    if any((area.bottom - area.top, area.right - area.left) != shape for area in areas):
        raise _Failed(_VALUE)
    calculation = context.calculation
    source = _area(context, summed) if summed is not None else areas[0]
    height, width = shape
    if areas[0].size > _LARGE:
        if summed is None and all(test(None) for test in tests):
            raise _Uncalculable("要数出整列中的空格")
        used = [calculation.clipped(area) for area in (*areas, source)]
        height = min(height, max(one.bottom - one.top for one in used))
        width = min(width, max(one.right - one.left for one in used))
    for row in range(height + 1):
        for column in range(width + 1):
            if all(
                test(calculation.value(area.sheet, area.top + row, area.left + column))
                for area, test in zip(areas, tests, strict=True)
            ):
                yield calculation.value(source.sheet, source.top + row, source.left + column)


def _found_numbers(values: Iterable[_Scalar]) -> list[float]:
    numbers = []
    for value in values:
        if isinstance(value, ErrorValue):
            raise _Failed(value.code)
        if isinstance(value, float):
            numbers.append(value)
    return numbers


def _pairs(nodes: Sequence[_Node]) -> list[tuple[_Node, _Node]]:
    if len(nodes) % 2:
        raise _Uncalculable("条件的个数不对")
    return list(zip(nodes[::2], nodes[1::2], strict=True))


def _sum_if(function: Callable[[list[float]], float]) -> _Build:
    def build(nodes: list[_Node]) -> _Node:
        summed = nodes[2] if len(nodes) > 2 else nodes[0]
        return lambda context: function(_found_numbers(_matching(context, [(nodes[0], nodes[1])], summed)))

    return build


def _sum_ifs(function: Callable[[list[float]], float]) -> _Build:
    def build(nodes: list[_Node]) -> _Node:
        pairs = _pairs(nodes[1:])
        return lambda context: function(_found_numbers(_matching(context, pairs, nodes[0])))

    return build


def _count_ifs(nodes: list[_Node]) -> _Node:
    pairs = _pairs(nodes)
    return lambda context: float(sum(1 for _ in _matching(context, pairs, None)))


def _line_number(of: Callable[[_Context], int], first: Callable[[_Area], int]) -> _Build:
    """ROW and COLUMN."""

    def build(nodes: list[_Node]) -> _Node:
        def node(context: _Context) -> float:
            if not nodes:
                return float(of(context) + 1)
            return float(first(_area(context, nodes[0])) + 1)

        return node

    return build


def _not_available(_: list[_Node]) -> _Node:
    def node(_: _Context) -> NoReturn:
        raise _Failed(_NA)

    return node


_FUNCTIONS: dict[str, tuple[int, int, _Build]] = {
    "SUM": (1, _MANY, _aggregate(_total)),
    "PRODUCT": (1, _MANY, _aggregate(_product)),
    "AVERAGE": (1, _MANY, _aggregate(_mean)),
    "MAX": (1, _MANY, _aggregate(lambda numbers: max(numbers, default=0.0))),
    "MIN": (1, _MANY, _aggregate(lambda numbers: min(numbers, default=0.0))),
    "COUNT": (1, _MANY, _counting(_is_number)),
    "COUNTA": (1, _MANY, _counting(lambda value, in_range: value is not None or not in_range)),
    "COUNTBLANK": (1, 1, _blanks),
    "SUMIF": (2, 3, _sum_if(_total)),
    "SUMIFS": (3, _MANY, _sum_ifs(_total)),
    "AVERAGEIF": (2, 3, _sum_if(_mean)),
    "AVERAGEIFS": (3, _MANY, _sum_ifs(_mean)),
    "COUNTIF": (2, 2, _count_ifs),
    "COUNTIFS": (2, _MANY, _count_ifs),
    "SUMPRODUCT": (1, _MANY, _sum_product),
    "IF": (2, 3, _if),
    "IFERROR": (2, 2, _if_failed()),
    "IFNA": (2, 2, _if_failed(_NA)),
    "AND": (1, _MANY, _logical(all)),
    "OR": (1, _MANY, _logical(any)),
    "NOT": (1, 1, _each(lambda value: not _truth(value))),
    "TRUE": (0, 0, lambda _: _constant(True)),
    "FALSE": (0, 0, lambda _: _constant(False)),
    "NA": (0, 0, _not_available),
    "ISNUMBER": (1, 1, _kind(lambda value: isinstance(value, float))),
    "ISTEXT": (1, 1, _kind(lambda value: isinstance(value, str))),
    "ISBLANK": (1, 1, _kind(lambda value: value is None)),
    "ISERROR": (1, 1, _kind(lambda value: isinstance(value, ErrorValue))),
    "ABS": (1, 1, _each(lambda value: abs(_number(value)))),
    "INT": (1, 1, _each(_whole)),
    "MOD": (2, 2, _each(_modulo)),
    "ROUND": (2, 2, _each(_rounded(ROUND_HALF_UP))),
    "ROUNDUP": (2, 2, _each(_rounded(ROUND_UP))),
    "ROUNDDOWN": (2, 2, _each(_rounded(ROUND_DOWN))),
    "TRUNC": (1, 2, _each(_rounded(ROUND_DOWN), 0.0)),
    "LEN": (1, 1, _each(lambda text: float(len(_text(text).encode("utf-16-le")) // 2))),
    "VALUE": (1, 1, _each(_value_of)),
    "TEXT": (2, 2, _each(_shown)),
    "TRIM": (1, 1, _each(lambda text: re.sub(" +", " ", _text(text).strip(" ")))),
    "LEFT": (1, 2, _each(lambda text, count: _part(text, 0, int(_number(count))), 1.0)),
    "RIGHT": (
        1,
        2,
        _each(lambda text, count: _text(text)[max(0, len(_text(text)) - int(_number(count))) :], 1.0),
    ),
    "MID": (
        3,
        3,
        _each(lambda text, start, count: _part(text, int(_number(start)) - 1, int(_number(count)))),
    ),
    "CONCATENATE": (1, _MANY, _joined),
    "CONCAT": (1, _MANY, _joined),
    "EXACT": (2, 2, _each(lambda one, other: _text(one) == _text(other))),
    "ROW": (0, 1, _line_number(lambda context: context.row, lambda area: area.top)),
    "COLUMN": (0, 1, _line_number(lambda context: context.column, lambda area: area.left)),
}
