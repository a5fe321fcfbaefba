"""A cell of a workbook: what it is called and what it can hold.

Knows rows, columns, ranges and how they are written, how a formula reads when it is copied elsewhere, and the kinds of
values. Knows no file and no other cell.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384

Value = int | float | str | bool | None
"""What a cell of a file holds; an error such as #DIV/0! is a text there."""

Spot = tuple[int, int]
"""Row and column within a sheet, from 0."""


class Address(NamedTuple):
    """A cell of a workbook: the sheet's name, row and column from 0."""

    sheet: str
    row: int
    column: int

    @property
    def ref(self) -> str:
        return cell_ref(self.row, self.column)


class Range(NamedTuple):
    """A rectangle of cells: first and last row and column, from 0, the last included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    @property
    def ref(self) -> str:
        first, last = cell_ref(self.top, self.left), cell_ref(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"


class ErrorValue(NamedTuple):
    """A result such as #DIV/0!."""

    code: str


Result = float | str | bool | ErrorValue
"""What a formula gives."""

Written = int | Decimal | str | None
"""What is put into a cell: an amount keeps its decimals; None for blank."""


def number_text(number: float) -> str:
    """A number as it is stored in a file: its 15 digits."""
    return f"{number:.15g}"


def shown_result(result: Result | None) -> str:
    """What a formula gives as a cell shows it; empty if nothing."""
    if isinstance(result, bool):
        return "TRUE" if result else "FALSE"
    if isinstance(result, float):
        return number_text(result)
    return result.code if isinstance(result, ErrorValue) else result or ""


def is_same(there: Value, value: Written) -> bool:
    """Whether a cell that holds `there` holds a value already."""
    if there is None or value is None:
        return there is value
    if isinstance(there, bool):
        return False
    if isinstance(there, str) or isinstance(value, str):
        return there == value
    return float(there) == float(value)


# -------------------- references
_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def cell_ref(row: int, column: int) -> str:
    """“B4” for row 3, column 1."""
    return f"{column_letters(column)}{row + 1}"


@cache
def column_letters(column: int) -> str:
    """“AA” for column 26; empty for what is no column."""
    letters = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """26 for “AA”."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of(ref: str) -> str:
    """“B” for “b4” or “$B$4”; empty for what is no reference."""
    found = _REF.fullmatch(ref)
    return found[1].upper() if found is not None else ""


@lru_cache(10_000)  # the places of a template are asked for by each step
def parse_ref(ref: str) -> tuple[int, int]:
    """Row and column, from 0, of “B4” or “$B$4”. Raises `ValueError`."""
    found = _REF.fullmatch(ref.strip())
    if found is None:
        raise ValueError(ref)
    row, column = int(found[2]) - 1, column_number(found[1])
    if not (0 <= row < MAX_ROWS and column < MAX_COLUMNS):
        raise ValueError(ref)
    return row, column


def parse_range(ref: str) -> Range:
    """The rectangle of “B4” or “B4:D6”. Raises `ValueError`."""
    first, _, last = ref.partition(":")
    (r1, c1), (r2, c2) = parse_ref(first), parse_ref(last or first)
    return Range(min(r1, r2), min(c1, c2), max(r1, r2), max(c1, c2))


def parse_ranges(refs: str, most: int = 1_000) -> tuple[Range, ...]:
    """The rectangles of “B4 D5:E6”, those left out that are none, and all behind the first `most`."""
    found = []
    for ref in refs.split(maxsplit=most)[:most]:
        try:
            found.append(parse_range(ref))
        except ValueError:
            continue
    return tuple(found)


# -------------------- formulas
_IN_FORMULA = re.compile(
    r'"(?:[^"]|"")*"'  # a text
    r"|'(?:[^']|'')*'"  # the name of a sheet
    r"|(?<![A-Za-z0-9_.$])(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})(?![A-Za-z0-9_.(!])"
    r"|(?<![A-Za-z0-9_.$])(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})(?![A-Za-z0-9_.(!])"
    r"|(?<![A-Za-z0-9_.$])(\$?)([0-9]{1,7}):(\$?)([0-9]{1,7})(?![A-Za-z0-9_.(!])"
)


def shifted(formula: str, rows: int, columns: int) -> str:
    """A formula as it reads when copied so many rows down and columns to the right; a reference may leave the sheet."""

    def column(fixed: str, letters: str) -> str:
        number = column_number(letters)
        moved = number if fixed else number + columns
        return f"{fixed}{column_letters(moved)}" if 0 <= moved < MAX_COLUMNS else "#REF!"

    def row(fixed: str, digits: str) -> str:
        moved = int(digits) if fixed else int(digits) + rows
        return f"{fixed}{moved}" if 0 < moved <= MAX_ROWS else "#REF!"

    def move(found: re.Match[str]) -> str:
        groups = found.groups()
        if groups[1] is not None:
            return column(groups[0], groups[1]) + row(groups[2], groups[3])
        if groups[5] is not None:
            return f"{column(groups[4], groups[5])}:{column(groups[6], groups[7])}"
        if groups[9] is not None:
            return f"{row(groups[8], groups[9])}:{row(groups[10], groups[11])}"
        return found[0]

    return _IN_FORMULA.sub(move, formula)
