"""What formulas work on: values, ranges, arrays, and the operators between them, as Excel has them.

Knows doubles of which 15 digits count, what of a text is a number, how values are ordered, and how a function of single
values is one of arrays. Knows neither how a formula is written nor which functions there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from math import isfinite
from typing import NamedTuple, Protocol

from gxeditor.files.limits import CELL_TEXT
from gxeditor.workbook.cells import ErrorValue, number_text


class Uncalculable(Exception):
    """A formula that is not calculated for sure; its text says why, as a Chinese phrase."""


class Failed(Exception):
    """The formula gives an error value."""

    def __init__(self, code: str) -> None:
        self.value = ErrorValue(code)


# The error values of Excel, as a file holds them.
DIV0, VALUE, REF, NAME, NUM, NA, NULL = (
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#N/A",
    "#NULL!",
)
CODES = frozenset(
    (  # The error values of Excel, as a file holds them.
        DIV0,
        VALUE,
        REF,
        NAME,
        NUM,
        NA,
        NULL,
    )
)

Scalar = float | str | bool | ErrorValue | None
LARGE = 200_000  # cells: ranges beyond are whole columns, of which only the used part is looked at


class Area(NamedTuple):
    """A reference: the sheet's number and the rectangle."""

    sheet: int
    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


class Array(NamedTuple):
    """Values that no cell holds, row by row."""

    rows: list[list[Scalar]]


Operand = float | str | bool | ErrorValue | None | Area | Array


class CellValues(Protocol):
    """The cells that formulas refer to; sheets by their number, rows and columns from 0."""

    sheets: Mapping[str, int]
    """Numbers by casefolded name."""

    def value(self, sheet: int, row: int, column: int) -> Scalar:
        """What a cell holds. Raises `Uncalculable` for a formula that could not be calculated."""

    def clipped(self, area: Area) -> Area:
        """The part of an area that can hold anything; at least its first cell."""

    def values(self, area: Area) -> Iterator[Scalar]:
        """What the cells of an area hold, row by row, those beyond the used part left out."""

    def name(self, name: str, sheet: int, qualified: bool) -> str:
        """What a name refers to, seen from a sheet, or only there where `qualified`. Raises `Failed`."""

    def within(self, name: str) -> AbstractContextManager[None]:
        """Where what a name refers to is calculated. Raises `Uncalculable` if names go round, or too deep."""

    def spend(self, steps: int) -> None:
        """Counts work before it is done. Raises `Uncalculable` once all formulas together are too much of it."""


class Context(NamedTuple):
    """Where a formula stands; `array`: ranges count with all their cells, not with the one beside the formula."""

    calculation: CellValues
    sheet: int
    row: int
    column: int
    array: bool


Node = Callable[[Context], Operand]
"""A formula, or a part of one, as what it gives where it stands."""
Reference = Callable[[Context], Area]


class Compiled(NamedTuple):
    """A formula that was read, what it refers to, and of how many parts it is."""

    node: Node
    references: tuple[Reference, ...]
    size: int


def constant(value: Operand) -> Node:
    """What gives the same everywhere."""
    return lambda context: value


# -------------------- operands
def scalar_of(context: Context, operand: Operand) -> Scalar:
    """One value: of a range the cell that stands in the formula's row or column. Raises `Failed` for an error."""
    if isinstance(operand, Area):
        operand = _beside(context, operand)
    elif isinstance(operand, Array):
        operand = operand.rows[0][0]
    if isinstance(operand, ErrorValue):
        raise Failed(operand.code)
    return operand


def _beside(context: Context, area: Area) -> Scalar:
    row, column = area.top, area.left
    if area.size > 1:
        if area.left == area.right and area.top <= context.row <= area.bottom:
            row = context.row
        elif area.top == area.bottom and area.left <= context.column <= area.right:
            column = context.column
        else:
            raise Failed(VALUE)
    return context.calculation.value(area.sheet, row, column)


def is_many(context: Context, operand: Operand) -> bool:
    """Whether an operand counts with several values here."""
    return isinstance(operand, Array) or (isinstance(operand, Area) and context.array and operand.size > 1)


def matrix_of(context: Context, operand: Operand) -> list[list[Scalar]]:
    """The values of an operand, row by row; one row of one for a single value."""
    if isinstance(operand, Array):
        return operand.rows
    if isinstance(operand, Area):
        if operand.size > LARGE:
            raise Uncalculable("公式引用的区域太大")
        calculation = context.calculation
        calculation.spend(operand.size)
        return [
            [
                calculation.value(operand.sheet, row, column)
                for column in range(operand.left, operand.right + 1)
            ]
            for row in range(operand.top, operand.bottom + 1)
        ]
    return [[operand]]


def element_of(context: Context, operand: Operand, row: int, column: int) -> Scalar:
    """What an array formula gives in one of its cells."""
    rows = matrix_of(context, operand)
    row = 0 if len(rows) == 1 else row
    column = 0 if len(rows[0]) == 1 else column
    if row >= len(rows) or column >= len(rows[row]):
        return ErrorValue(NA)
    return rows[row][column]


def lifted(function: Callable[..., Scalar], nodes: Sequence[Node]) -> Node:
    """A function of single values, of arrays value by value."""

    return lambda context: _applied(function, context, [one(context) for one in nodes])


def folded(first: Node, rest: Sequence[tuple[Callable[..., Scalar], Node]]) -> Node:
    """Operators of one precedence from left to right, such as a - b + c; however many, no deeper than one."""

    def node(context: Context) -> Operand:
        found = first(context)
        for function, one in rest:
            found = _applied(function, context, [found, one(context)])
        return found

    return node if rest else first


def _applied(function: Callable[..., Scalar], context: Context, operands: Sequence[Operand]) -> Operand:
    if not any(is_many(context, operand) for operand in operands):
        return function(*(scalar_of(context, operand) for operand in operands))
    matrices = [
        matrix_of(context, operand) if is_many(context, operand) else [[_kept(context, operand)]]
        for operand in operands
    ]
    height = max(len(matrix) for matrix in matrices)
    width = max(len(matrix[0]) for matrix in matrices)
    if height * width > LARGE:
        raise Uncalculable("公式引用的区域太大")
    context.calculation.spend(height * width)

    def at(matrix: list[list[Scalar]], row: int, column: int) -> Scalar:
        row = 0 if len(matrix) == 1 else row
        column = 0 if len(matrix[0]) == 1 else column
        if row >= len(matrix) or column >= len(matrix[0]):
            return ErrorValue(NA)
        return matrix[row][column]

    return Array(
        [
            [_one(function, [at(matrix, r, c) for matrix in matrices]) for c in range(width)]
            for r in range(height)
        ]
    )


def _kept(context: Context, operand: Operand) -> Scalar:
    """A single value, an error among them."""
    try:
        return scalar_of(context, operand)
    except Failed as failed:
        return failed.value


def _one(function: Callable[..., Scalar], values: Sequence[Scalar]) -> Scalar:
    for value in values:
        if isinstance(value, ErrorValue):
            return value
    try:
        return function(*values)
    except Failed as failed:
        return failed.value


PLAIN_NUMBER = re.compile(
    r"\s*([+-]?(?:[0-9]+\.?[0-9]*|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?)(%?)\s*"
)
PERHAPS_NUMBER = re.compile(r"\s*[(+\-￥¥$]*\s*[0-9０-９]")


def number_of(value: Scalar) -> float:
    """A value as a number. A text that only Excel knows to read (a date, an amount of money) is not guessed."""
    if isinstance(value, float):
        return value
    if value is None:
        return 0.0
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, ErrorValue):
        raise Failed(value.code)
    found = PLAIN_NUMBER.fullmatch(value)
    if found is not None:
        return float(found[1].replace(",", "")) / (100 if found[2] else 1)
    if PERHAPS_NUMBER.match(value):
        raise Uncalculable(f"文字“{value[:12]}”要作为数来算")
    raise Failed(VALUE)


def text_of(value: Scalar) -> str:
    """A value as a text. Numbers that Excel would write as powers are not guessed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value and not 1e-9 <= abs(value) < 1e15:
            raise Uncalculable("很大或很小的数要变成文字")
        return number_text(value)
    if isinstance(value, ErrorValue):
        raise Failed(value.code)
    return value


def joined(pieces: Iterable[str]) -> str:
    """Texts as one, which has to go into a cell. Raises `Failed`."""
    found, length = [], 0
    for piece in pieces:
        length += len(piece)
        if length > CELL_TEXT:
            raise Failed(VALUE)
        found.append(piece)
    return "".join(found)


def truth_of(value: Scalar) -> bool:
    """A value as a truth value. Raises `Failed`."""
    if isinstance(value, str):
        if value.upper() in ("TRUE", "FALSE"):
            return value.upper() == "TRUE"
        raise Failed(VALUE)
    return bool(number_of(value))


_NEAR = 2.0**-48  # relative difference of numbers whose 15 digits are the same


def _is_near(x: float, y: float) -> bool:
    return x == y or (isfinite(x) and isfinite(y) and abs(x - y) < abs(x) * _NEAR)


def added(x: float, y: float) -> float:
    """The sum; nothing where the two only differ in digits that do not count."""
    return 0.0 if (x < 0) != (y < 0) and _is_near(x, -y) else x + y


def divided(x: float, y: float) -> float:
    """The quotient of two numbers. Raises `Failed` for a division by 0."""
    if y == 0:
        raise Failed(DIV0)
    return x / y


def _finite(number: float) -> float:
    if not isfinite(number):
        raise Failed(NUM)
    return number


def _raised(x: float, y: float) -> float:
    if (x == 0 and y == 0) or (x < 0 and y != int(y)):
        raise Failed(NUM)
    if x == 0 and y < 0:
        raise Failed(DIV0)
    return float(x**y)


def order_of(x: Scalar, y: Scalar) -> int:
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


def _compared(wanted: Callable[[int], bool]) -> Callable[[Scalar, Scalar], bool]:
    def compare(x: Scalar, y: Scalar) -> bool:
        order = order_of(x, y)
        if abs(order) == 2:
            if not (str(x).isascii() and str(x).isalnum() and str(y).isascii() and str(y).isalnum()):
                raise Uncalculable("公式比较两段文字的先后")
            order //= 2
        return wanted(order)

    return compare


OPERATORS: dict[str, Callable[..., Scalar]] = {
    "+": lambda x, y: _finite(added(number_of(x), number_of(y))),
    "-": lambda x, y: _finite(added(number_of(x), -number_of(y))),
    "*": lambda x, y: _finite(number_of(x) * number_of(y)),
    "/": lambda x, y: _finite(divided(number_of(x), number_of(y))),
    "^": lambda x, y: _raised(number_of(x), number_of(y)),
    "&": lambda x, y: joined((text_of(x), text_of(y))),
    "=": lambda x, y: order_of(x, y) == 0,
    "<>": lambda x, y: order_of(x, y) != 0,
    "<": _compared(lambda order: order < 0),
    ">": _compared(lambda order: order > 0),
    "<=": _compared(lambda order: order <= 0),
    ">=": _compared(lambda order: order >= 0),
}
