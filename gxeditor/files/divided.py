"""A text that a mark divides into cells (CSV, what was copied of a table) → its rows, none lost in silence.

Knows when a quotation mark that nobody closed makes one cell of all rows behind it. Which mark it is, and what stands
in a cell, is the reader's to say.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from gxeditor.core.errors import UnreadableSource


def divided(text: str, mark: str, called: str) -> Iterator[list[str]]:
    """The rows of a text, whose cells are divided by a mark; a cell in quotation marks may hold it, and ends of lines.

    `called` is how a sentence names the text (“台账.csv”). Raises `UnreadableSource` that names the row, counted from 1
    as spreadsheets count it, where a quotation mark is not closed and a row behind it would be lost.
    """
    row = 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            row += 1
            yield cells
    except csv.Error as error:  # a cell of 131072 characters
        raise _unclosed(called, row + 1) from error
    strict = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    row = begun = 0
    try:
        for _ in strict:
            row, begun = row + 1, strict.line_num
    except csv.Error as error:
        if begun + 1 < strict.line_num:  # within one line no row is lost
            raise _unclosed(called, row + 1) from error


def _unclosed(called: str, row: int) -> UnreadableSource:
    return UnreadableSource(
        f"{called}第 {row} 行起读不出来：这一行的引号没有成对，后面各行都连成了一格。",
        "没有读入任何内容。",
        "请改好这一行的引号，或在 Excel、WPS 里打开它，另存为 .xlsx 再导入。",
    )
