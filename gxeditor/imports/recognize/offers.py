"""What a text that is no entry can only mean in its cell: a figure to be offered, never taken.

Knows a digit written as a letter, a unit behind a figure, an amount in 元 where 万元 is wanted, and the words of a
table that say in which unit its amounts are. Offers nothing that would have to be rounded, and nothing that two people
could read differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from gxeditor.core.errors import EntryError
from gxeditor.core.form import Cell
from gxeditor.core.report import KEPT_TEXTS, obvious_number, parse_entry, show_entry
from gxeditor.imports.source import RawTable
from gxeditor.wording.labels import Lexicon, plain

_LETTERS = str.maketrans("Oo〇零Il", "000011")
_LETTERED = re.compile(r"[0-9Oo〇零Il][0-9Oo〇零Il,.]*")
_UNITS = {
    "元": Decimal(10_000),
    "百元": Decimal(100),
    "千元": Decimal(10),
    "万元": Decimal(1),
    "亿元": Decimal("0.0001"),
}
"""How many of a unit are one 万元, in which the form wants amounts."""
_MONEY_WORD = r"(?:百万|千万|[百千亿万])?元"
_NUMBER = r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?"
_MONEY = re.compile(rf"[¥￥]?(?P<number>{_NUMBER})(?:\(?(?P<unit>{_MONEY_WORD})\)?)?")
_UNIT_OF_LABEL = re.compile(rf"(?:单位:?(?:人民币)?|[(\[,/])({_MONEY_WORD})|({_MONEY_WORD})$")
_UNIT_LINE = re.compile(rf"[(\[]?(?:金额|计量|货币)?单位:?(?:人民币)?({_MONEY_WORD})[)\]]?")
_LONGEST = 24  # characters of a text that may be a figure


def amount_unit(tables: Iterable[RawTable], lexicon: Lexicon) -> str:
    """The unit other than 万元 in which tables give amounts; empty if they do not say, or say 万元 as well."""
    amounts = frozenset(cell.id for cell in lexicon.form.cells.values() if cell.decimals)
    said: set[str] = set()
    for table in tables:
        texts = [plain(cell.text) for cell in table.cells if not cell.is_blank and len(cell.text) <= 200]
        labels = [lexicon.read(text)[-1] for text in texts]
        if not any(label.cells & amounts for label in labels):
            continue
        for text, label in zip(texts, labels, strict=True):
            own = bool(label.cells) and label.cells <= amounts
            found = _UNIT_LINE.fullmatch(text) or (_UNIT_OF_LABEL.search(text) if own else None)
            if found is not None:
                said.add(next(one for one in found.groups() if one))
    return said.pop() if len(said) == 1 and "万元" not in said else ""


def offered(text: str, cell: Cell, unit: str = "") -> str:
    """The figure that a text can only mean in a cell; empty if it is none, or more than one might be meant.

    `unit` is the one that the original names for its amounts: a bare number is one of those.
    """
    if len(text) > _LONGEST or re.search(r"[0-9.]\s+[0-9.]", text.strip()):
        return ""
    shown = plain(text).rstrip("。.，,；;、").removeprefix("+")
    money = _MONEY.fullmatch(shown) if cell.decimals else None
    if money is not None:
        given = money["unit"] or unit or "万元"
        number = Decimal(money["number"].replace(",", ""))
        return _entry(number / _UNITS[given], cell) if given in _UNITS else ""
    if _LETTERED.fullmatch(shown):
        letters = shown.translate(_LETTERS)
        return offered(letters, cell, unit) if letters != shown else obvious_number(shown, cell)
    return obvious_number(shown, cell)


def ready(text: str, cell: Cell, unit: str = "") -> str:
    """The entry that a text is, or can only mean, as a text to offer; empty if it is none."""
    if cell.decimals and unit and text.strip() not in KEPT_TEXTS:
        return offered(text, cell, unit)
    try:
        return show_entry(parse_entry(text, cell))
    except EntryError:
        return offered(text, cell)


def _entry(number: Decimal, cell: Cell) -> str:
    whole, _, fraction = format(number, "f").partition(".")
    fraction = fraction.rstrip("0")
    try:
        return show_entry(parse_entry(f"{whole}.{fraction}" if fraction else whole, cell))
    except EntryError:
        return ""
