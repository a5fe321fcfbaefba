"""The 汇总 workbook read back: its units, their figures, the adjustments, and the sums that it states.

Knows such a workbook by its properties, so that it is never taken for a report, and finds its lists by the names of
their first rows: sorting, filtering and formatting in Excel do no harm. What comes out is a roll-up of its own, whose
sums are reckoned from its rows and compared with those stated. Numbers have the fifteen digits that Excel keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import NamedTuple, TypeVar

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import Entry
from gxeditor.core.rollup.project import Adjustment, Received, Rollup
from gxeditor.core.rollup.sums import sums
from gxeditor.core.rollup.units import Alias, Duty, Role, Scope, Unit, UnitKind, Units
from gxeditor.exports.rollup_workbook import (
    ADJUSTED_HEAD,
    FACTS,
    LEAD,
    LEVEL_LEAD,
    LEVELS,
    PLACE_ADJUSTED,
    PLACE_LEVELS,
    PLACE_TOTAL,
    PLACE_UNITS,
    TOTAL,
    UNITS,
    YES,
    total_lanes,
)
from gxeditor.files.limits import XLSX_FILE
from gxeditor.files.package import Package
from gxeditor.files.reading import read_file
from gxeditor.imports.formats.workbook import properties
from gxeditor.workbook.cells import Range, Value, parse_range
from gxeditor.workbook.own import OWNER, ROLLUP, ROLLUP_EDITION, ROLLUP_FORMAT, ROLLUP_SCOPE, ROLLUP_YEAR
from gxeditor.workbook.read import Sheet, Workbook, open_workbook

_Word = TypeVar("_Word", bound=Enum)
_FACTS = tuple(name for name, _ in FACTS)


class ReadBack(NamedTuple):
    """What a workbook holds: the roll-up, the sums that it states by cell, and the cells whose sum is another than its
    rows and adjustments come to, because somebody changed a figure in Excel."""

    rollup: Rollup
    stated: Mapping[str, Entry | None]
    differs: tuple[str, ...]


def is_rollup_workbook(path: Path) -> bool:
    """Whether a file is a 汇总 workbook of ours, by its properties; one that cannot be read is none."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return False
    try:
        return ROLLUP in properties(Package.from_bytes(read_file(path, XLSX_FILE), f"“{path.name}”"))
    except UnreadableSource:
        return False


def read_rollup_workbook(path: Path, form: Form) -> ReadBack:
    """The roll-up in a 汇总 workbook.

    Raises `UnreadableSource`: none of ours, of a later format or another form, or its lists are gone.
    """
    package, book = open_workbook(path)
    said = properties(package)
    if ROLLUP not in said:
        raise _unreadable(path, "不是本程序写出的汇总工作簿", "请选择“导出”写出的汇总工作簿。")
    if said[ROLLUP] != ROLLUP_FORMAT:
        raise _unreadable(path, "是更新版本的程序写出的", "请用新版本的程序打开它。")
    year = said.get(ROLLUP_YEAR, "")
    if said.get(ROLLUP_EDITION) != form.edition or not (year.isascii() and year.isdigit()):
        raise _unreadable(path, "用的是另一种表式", "它的数字不能与本年的格对应。")
    return _Reading(path, book, form).read_back(said.get(OWNER, ""), int(year), said.get(ROLLUP_SCOPE, ""))


def _unreadable(path: Path, what: str, remedy: str) -> UnreadableSource:
    return UnreadableSource(f"“{path.name}”{what}，没有读。", "没有读入任何内容。", remedy)


class _Row(NamedTuple):
    """A row of a list of units: its name, figures, code, and the facts behind the figures by their headings."""

    name: str
    code: str
    values: tuple[Entry | None, ...]
    facts: Mapping[str, str]


class _Reading:
    def __init__(self, path: Path, book: Workbook, form: Form) -> None:
        self._path, self._book, self._form = path, book, form
        self._names = {one.name: one.refers_to for one in book.names}

    def read_back(self, owner: str, year: int, scope: str) -> ReadBack:
        rows = list(self._rows(UNITS, PLACE_UNITS, len(LEAD), coded=True))
        branches = [row for row in self._rows(LEVELS, PLACE_LEVELS, len(LEVEL_LEAD)) if row.facts["编号"]]
        ids = {row.facts["编号"] for row in rows}
        every = sorted(
            [*rows, *(row for row in branches if row.facts["编号"] not in ids)],
            key=lambda row: int(row.facts["名单序号"]) if row.facts["名单序号"].isdigit() else 0,
        )
        rollup = Rollup(
            self._form,
            year=year,
            owner=owner,
            scope=_word(Scope, scope, Scope.TERRITORY),
            units=Units(tuple(map(_unit, every))),
            received=tuple(self._received(row, year) for row in rows if row.facts["计入合计"] == YES),
            adjustments=tuple(self._adjustments()),
        )
        stated = dict(self._stated())
        differs = tuple(cell for cell, one in sums(rollup).items() if not _same(one.value, stated.get(cell)))
        return ReadBack(rollup, stated, differs)

    def _place(self, name: str) -> tuple[Sheet, Range]:
        """Sheet and first cell of a list. Raises `UnreadableSource`: it is gone."""
        title, _, ref = self._names.get(name, "").rpartition("!")
        try:
            return self._book.sheet(title.strip("'")), parse_range(ref.replace("$", ""))
        except (KeyError, ValueError) as error:
            raise _unreadable(self._path, "缺了程序写出的工作表或行", "请重新导出一份。") from error

    def _rows(self, title: str, place: str, lead: int, *, coded: bool = False) -> Iterator[_Row]:
        sheet, first = self._place(place)
        count = len(self._form.cells)
        facts = first.left + lead + count
        head = tuple(sheet.text(first.top - 2, facts + at) for at in range(len(_FACTS)))
        if head != _FACTS:
            raise _unreadable(self._path, f"的工作表“{title}”增减过列", "请重新导出一份。")
        for row in sheet.rows:
            if row < first.top:
                continue
            yield _Row(
                sheet.text(row, first.left + 1).strip("\u3000"),
                sheet.text(row, first.left + 2) if coded else "",
                tuple(_entry(sheet.value(row, first.left + lead + at)) for at in range(count)),
                {name: sheet.text(row, facts + at) for at, name in enumerate(_FACTS)},
            )

    def _received(self, row: _Row, year: int) -> Received:
        return Received(
            row.facts["文件"] or self._path.name,
            row=row.name,
            reader="row",
            received=row.facts["收到"].replace(" ", "T"),
            agency=row.name,
            year=year,
            edition=self._form.edition,
            values=row.values,
            unit=row.facts["编号"],
            matched="汇总工作簿里的一行",
        )

    def _adjustments(self) -> Iterator[Adjustment]:
        sheet, first = self._place(PLACE_ADJUSTED)
        columns = {name: first.left + at for at, name in enumerate(ADJUSTED_HEAD)}
        for row in sheet.rows:
            cell = sheet.text(row, columns["格的编号"])
            delta = _entry(sheet.value(row, columns["增减"]))
            if row < first.top or cell not in self._form.cells or delta is None:
                continue
            texts = {name: sheet.text(row, column) for name, column in columns.items()}
            yield Adjustment(
                texts["序号"], cell, delta, texts["原因"], texts["依据"], texts["单位编号"], texts["日期"]
            )

    def _stated(self) -> Iterator[tuple[str, Entry | None]]:
        for section in self._form.sections:
            if section.table is None:
                continue
            sheet, first = self._place(f"{PLACE_TOTAL}{section.key}")
            if sheet.name != TOTAL:
                raise _unreadable(self._path, f"没有工作表“{TOTAL}”", "请重新导出一份。")
            grid = section.table.grid()
            lanes = total_lanes(grid)
            for cell, place in grid.of_cell.items():
                yield cell, _entry(sheet.value(first.top + place.row, first.left + lanes[place.column]))


def _unit(row: _Row) -> Unit:
    facts = row.facts
    first, last = (
        int(text) if text.isascii() and text.isdigit() else None for text in (facts["自"], facts["至"])
    )
    return Unit(
        facts["编号"],
        row.name,
        _word(UnitKind, facts["类别"], UnitKind.DEPARTMENT),
        facts["上级编号"],
        tuple(Alias(name) for name in facts["曾用名和别名"].split("；") if name),
        row.code,
        _word(Role, facts["在汇总里"], Role.LEAF),
        _word(Duty, facts["报送"], Duty.MUST),
        _word(Scope, facts["年报范围"], Scope.LEVEL),
        facts["期限"],
        first,
        last,
        facts["备注"],
    )


def _word(kind: type[_Word], text: str, otherwise: _Word) -> _Word:
    return next((one for one in kind if one.value == text), otherwise)


def _same(one: Entry | None, other: Entry | None) -> bool:
    """Whether two sums are one to Excel, which keeps numbers in binary."""
    if one is None or other is None or isinstance(one, str) or isinstance(other, str):
        return one == other
    return float(one) == float(other)


def _entry(value: Value) -> Entry | None:
    """A figure as it was: Excel knows no decimals beside the binary ones, which are shown as they were written."""
    if isinstance(value, bool) or value is None or value == "":
        return None
    return Decimal(str(value)) if isinstance(value, float) else value
