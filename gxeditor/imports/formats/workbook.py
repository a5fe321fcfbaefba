"""A workbook → its sheets as tables, with what the map of the form's cells finds in them.

Figures stand where the filling of templates would put them (`placement`), whatever the layout; they are read as they
are shown and never calculated: a formula's value is the one that the file carries. Words outside of the tables become
paragraphs, row by row; what is neither is handed on with its cell. Our own workbook says outright which row is what.
Does not know which of many units a list is about: that is no report. Makes no report of anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.fields import ASKED
from gxeditor.core.form import Form
from gxeditor.core.report import KEPT_TEXTS, without_unseen
from gxeditor.files.package import Package
from gxeditor.imports.source import (
    MAX_CELLS,
    Mapped,
    MappedCell,
    Origin,
    RawCell,
    RawTable,
    Said,
    Source,
    SourceText,
    Unmapped,
)
from gxeditor.mapping.placement import Target, TemplateMap, map_template
from gxeditor.wording.headings import Headings, headings_of
from gxeditor.wording.labels import REMARK_WORDS, plain
from gxeditor.workbook.own import AGENCY, INDENT, KIND, MARK, ROW_LIMIT, SENTENCES, TITLE, YEAR
from gxeditor.workbook.read import Sheet, SheetCell, Workbook, open_workbook

_PLACEHOLDER = re.compile(r"(\{\{[^{}]*\}\})")
_ALSO_ASKED = re.compile(r"[:：]\s*[^\s_＿{:：]")  # of a cell that says more than what was taken out of it
_REFERENCE = re.compile(r"[（(]数据见工作表“.+”。[）)]")  # our own workbook's word where a table belongs


def read_workbook_file(path: Path, form: Form) -> Source:
    """What stands in a filled workbook. Raises `UnreadableSource` if it is none, too large, or a list of many units."""
    package, workbook = open_workbook(path)
    found = map_template(workbook, form)
    agency = _one_unit(workbook, found, path.name)
    sheets = _sheets(workbook, path.name)
    raws = _Raws(sheets)
    # a label says where prose would be put; where it stands, the text says
    placed = [one for one in found.places if not (one.id.startswith("section.") and one.how == "label")]
    words = _Words(workbook, headings_of(form), found, placed, raws)
    cells: list[MappedCell] = []
    uncalculated: list[RawCell] = []
    for target in placed:
        cell = workbook.sheet(target.sheet).cell(*target.place)
        raw = raws.of(target.sheet, cell)
        says_more = bool(target.pattern) and _ALSO_ASKED.search(target.pattern) is not None
        cells.append(MappedCell(target.id, _filled_in(target, cell.text), raw, says_more))
        if cell.formula is not None and cell.value is None:
            uncalculated.append(raw)
    doubtful = {one.id for one in found.doubtful}
    mapped = Mapped(
        cells=tuple(cells),
        doubtful=tuple(_doubtful(form, found, workbook, raws)),
        missing=tuple(one for one in found.missing if one not in doubtful),
        texts=tuple(words.paragraphs),
        unread=tuple(words.unread),
        uncalculated=tuple(uncalculated),
        agency=agency,
        said=_said(package, words.title),
    )
    return Source(sheets, path.name, mapped)


def _sheets(workbook: Workbook, name: str) -> tuple[RawTable, ...]:
    """The visible sheets as tables. Raises `UnreadableSource` if they have too many cells."""
    tables = []
    count = 0
    for sheet in workbook.sheets:
        cells = []
        for row, column in () if sheet.hidden else sheet.cells:
            cell = sheet.cell(row, column)
            if cell.text or cell.row_span * cell.column_span > 1:
                spans = (cell.row_span, cell.column_span)
                cells.append(RawCell(row, column, *spans, cell.text, Origin(sheet=sheet.name, cell=cell.ref)))
        count += len(cells)
        if count > MAX_CELLS:
            raise UnreadableSource(
                f"“{name}”超过 {MAX_CELLS} 格。", "没有读入任何内容。", "请只保留年报的几张表，另存后再导入。"
            )
        if cells:
            tables.append(RawTable(tuple(cells), Origin(sheet=sheet.name)))
    return tuple(tables)


class _Raws:
    """The cells of the sheets by where they stand."""

    def __init__(self, tables: Iterable[RawTable]) -> None:
        self._at = {cell.origin: cell for table in tables for cell in table.cells}

    def at(self, sheet: str, ref: str) -> RawCell | None:
        """The cell, if anything stands there."""
        return self._at.get(Origin(sheet=sheet, cell=ref))

    def of(self, sheet: str, cell: SheetCell) -> RawCell:
        origin = Origin(sheet=sheet, cell=cell.ref)
        return self._at.get(origin) or RawCell(cell.row, cell.column, 1, 1, cell.text, origin)


def _one_unit(workbook: Workbook, mapped: TemplateMap, name: str) -> str:
    """The unit that a list is about; empty for other workbooks. Raises `UnreadableSource` unless it is one."""
    found = ""
    for units in mapped.units:
        sheet = workbook.sheet(units.sheet)
        lines = range(units.first, units.last + 1)
        by_row = units.axis == "row"
        names = [
            sheet.text(*((line, units.name) if by_row else (units.name, line)))
            for line in lines
            if units.name is not None
        ]
        if len(lines) != 1:
            raise UnreadableSource(
                f"“{name}”是每个单位一{'行' if by_row else '列'}的汇总表，有 {len(lines)} 个单位。",
                "没有读入任何内容。",
                "请导入各单位自己的年报。",
            )
        found = found or "".join(names).strip()
    return found


def _filled_in(target: Target, text: str) -> str:
    """What somebody wrote in a cell: of one that says more (「填报单位：…」) just that."""
    if not target.pattern:
        return "" if _PLACEHOLDER.search(text) else text.strip()
    pieces = _PLACEHOLDER.split(target.pattern)
    wanted = f"{{{{{target.id}}}}}"
    pattern = "".join(
        ("(.*)" if piece.replace(" ", "") == wanted else ".*")
        if _PLACEHOLDER.fullmatch(piece)
        else re.escape(piece)
        for piece in pieces
    )
    found = re.fullmatch(pattern, text, re.DOTALL)
    return found[1].strip() if found is not None and found.groups() and "{{" not in found[1] else ""


def _doubtful(form: Form, found: TemplateMap, workbook: Workbook, raws: _Raws) -> Iterator[Unmapped]:
    """What the map could not tell, but for where prose would be put."""
    for doubt in found.doubtful:
        if doubt.id.startswith("section."):
            continue
        cell = form.cells.get(doubt.id)
        where = cell.place if cell is not None else ASKED.get(doubt.id, "文字")
        candidates = (
            raws.of(one.sheet, workbook.sheet(one.sheet).cell(*one.place)) for one in doubt.candidates
        )
        yield Unmapped(doubt.id, where, doubt.why, tuple(candidates))


def _said(package: Package, shown_title: str | None) -> Said | None:
    """What our own workbook says in the properties of the document; None for any other."""
    part = package.find("docProps/custom.xml")
    texts = {one.get("name", ""): "".join(one.itertext()) for one in package.xml(part)} if part else {}
    if not texts.keys() & {AGENCY, KIND, TITLE}:
        return None
    year = texts.get(YEAR, "")
    return Said(
        agency=texts.get(AGENCY),
        kind=texts.get(KIND),
        year=int(year) if re.fullmatch("[0-9]{1,4}", year) else None,
        own_title=texts.get(TITLE),
        shown_title=shown_title,
    )


# -------------------- the words
class _Words:
    """The texts of a workbook outside of its tables: paragraphs, and what is none of a report's."""

    def __init__(
        self,
        workbook: Workbook,
        headings: Headings,
        mapped: TemplateMap,
        placed: Iterable[Target],
        raws: _Raws,
    ) -> None:
        self.paragraphs: list[SourceText] = []
        self.unread: list[RawCell] = []
        self._headings = headings
        self._raws = raws
        self._sheets = {sheet.name for sheet in workbook.sheets}
        cells = headings.form.cells
        figures = [target for target in placed if target.id in cells]
        doubted = [
            target
            for doubt in mapped.doubtful
            if not doubt.id.startswith("section.")
            for target in doubt.candidates
        ]
        self._figures = {(target.sheet, target.place[0]) for target in (*figures, *doubted)}
        self._taken = {(target.sheet, target.place) for target in (*placed, *doubted)}
        self._roles = _roles(workbook)
        for sheet in workbook.sheets:
            if not sheet.hidden:
                self._read(sheet)

    @property
    def title(self) -> str | None:
        """The title where the workbook says itself which row that is; empty if it is blank, None if nothing says so."""
        if "title" not in self._roles.values():
            return None
        return next((one.text for one in self.paragraphs if one.role == "title"), "")

    def _read(self, sheet: Sheet) -> None:
        rows = [row for name, row in self._figures if name == sheet.name]
        table = range(min(rows), max(rows) + 1) if rows else range(0)
        own = any(name == sheet.name for name, _ in self._roles)
        for row in sheet.rows:
            cells = [sheet.cell(row, column) for column, text in sheet.texts(row) if text.strip()]
            free = [cell for cell in cells if (sheet.name, (cell.row, cell.column)) not in self._taken]
            words = [cell for cell in free if cell.formula is None or len(cell.text) > _CALCULATED]
            if own and (role := self._roles.get((sheet.name, row))) is not None:
                self._add(sheet, words[:1], role)
                words = words[1:]
            if own and words and words[0].column == 0:
                self._add_own(sheet, words[0])
                words = words[1:]
            self._sort(sheet, row, cells, words, bool(rows), row in table)

    def _sort(
        self,
        sheet: Sheet,
        row: int,
        cells: list[SheetCell],
        words: list[SheetCell],
        has_table: bool,
        in_table: bool,
    ) -> None:
        """Sorts the words of a row that the map has no use for into paragraphs, labels and what is neither."""
        kinds = [self._headings.read(cell.text) for cell in words]
        headed = bool(kinds) and bool(kinds[0].section)
        if headed and self._roles:  # our own workbook has named those that count
            return
        title = any(_TITLE.search(plain(cell.text)) for cell in words) and len(words) == 1
        few = len(words) <= 2 or not has_table
        if words and few and (headed or title) and (sheet.name, row) not in self._figures:
            self._add(sheet, [cell for cell in words if not (cell.locked and cell is not words[0])])
            return
        if (sheet.name, row) in self._figures:
            main = None
        elif len(words) == len(cells) == 1 and not (in_table and kinds[0].kind == "known"):
            main = words[0]
        else:  # what is written beside a paragraph does not make it less of one
            main = next((cell for cell in words[:1] if not in_table and _SENTENCE.search(cell.text)), None)
        for cell, heading in zip(words, kinds, strict=True):
            is_main = cell is main and not (has_table and (_REMARK.match(plain(cell.text)) or heading.field))
            if heading.kind in _LABELS and (has_table or not is_main):
                continue
            if cell.locked or self._is_label(sheet, cell):
                continue
            if is_main and not _is_figure(cell):
                self._add(sheet, [cell])
            else:
                self.unread.append(self._raws.of(sheet.name, cell))

    def _is_label(self, sheet: Sheet, cell: SheetCell) -> bool:
        """Whether the cell to the right is one that was read, or that the workbook calculates."""
        beside = sheet.cell(cell.row, cell.column + cell.column_span)
        taken = (sheet.name, (beside.row, beside.column)) in self._taken
        return not _is_figure(cell) and (taken or beside.formula is not None)

    def _add(self, sheet: Sheet, cells: Iterable[SheetCell], role: str = "") -> None:
        for cell in cells:
            raw = self._raws.of(sheet.name, cell)
            whole = role or self._headings.read(cell.text).section  # a heading may be broken into lines
            text = without_unseen(cell.text)
            lines = [text if role else plain(text)] if whole else text.split("\n")
            self.paragraphs.extend(
                SourceText(line.strip(), raw.origin, part=sheet.name, role=role)
                for line in lines
                if line.strip()
            )

    def _add_own(self, sheet: Sheet, cell: SheetCell) -> None:
        """A row of our own workbook: a paragraph, or what goes on from the row above because one row is too short."""
        text = cell.text
        if _REFERENCE.fullmatch(text.strip()):
            return
        raw = self._raws.of(sheet.name, cell)
        above = self._raws.at(sheet.name, f"A{cell.row}")  # counted from 1, so this is the row before
        last = self.paragraphs[-1] if self.paragraphs else None
        first = SENTENCES.match(text)
        if (
            above is not None
            and last is not None
            and not last.role
            and not text.startswith(INDENT)
            and len(above.text) + len(first[0] if first else "") > ROW_LIMIT
        ):
            self.paragraphs[-1] = replace(last, text=last.text + text)
        else:
            self.paragraphs.append(SourceText(text, raw.origin, part=sheet.name))


_TITLE = re.compile(r"信息公开(?:工作)?的?(?:年度)?(?:工作)?的?(?:年度)?报告")
_LABELS = ("known", "neutral", "foreign", "field", "year")
_REMARK = re.compile(
    rf"(?:{REMARK_WORDS}|审核关系"
    r"|(?:填报|填表|制表|联系|审核|复核|经办|负责|单位负责)人|(?:联系)?电话|(?:填报|报送)(?:单位|日期))(?:[(（].{1,10}[)）])?[::].*"
)
"""What stands below a table and is no prose: remarks on filling it in, and who did."""
_SENTENCE = re.compile(r"[。；！？][”’）]?\s*$|.{13}")
_CALCULATED = 12  # characters; a formula's longer text is prose put together, and longer words are no caption
_FIGURE = re.compile(r"[+\-−]?[0-9][0-9,]*(?:\.[0-9]+)?%?")


def _is_figure(cell: SheetCell) -> bool:
    text = plain(cell.text)
    return text in KEPT_TEXTS - {"无", "不适用"} or _FIGURE.fullmatch(text) is not None


def _roles(workbook: Workbook) -> dict[tuple[str, int], str]:
    """What our own workbook says of its rows, by sheet and row."""
    roles = {}
    for name in workbook.names:
        found = re.fullmatch(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$A\$([0-9]{1,7})", name.refers_to)
        if found is not None and name.name.startswith(MARK):
            sheet = (found[1] or found[2]).replace("''", "'")
            roles[sheet, int(found[3]) - 1] = name.name.removeprefix(MARK).replace("heading_", "heading:")
    return roles
