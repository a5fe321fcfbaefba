"""A workbook that somebody filled in → the report in it, with notes.

Figures stand where the filling of templates would put them (`placement`), whatever the layout; they are read as they
are shown and never calculated: a formula's value is the one that the file carries. Words outside of the tables are
paragraphs, row by row, and read as those of any other file (`recognize`); what went nowhere is told with its cells. Our
own workbook says outright which row is what. Does not know which of many units a list is about: that is no report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.fields import ASKED, FIELDS, TEXT
from gxeditor.core.form import Form
from gxeditor.core.report import KEPT_TEXTS, AgencyKind, Report, blank_report, without_unseen
from gxeditor.files.package import Package
from gxeditor.imports.recognize.report import Imported, agency_kind, read_entries, read_words, remainder
from gxeditor.imports.source import MAX_CELLS, Note, Paragraph, RawCell, RawTable, Source
from gxeditor.mapping.placement import Target, TemplateMap, map_template
from gxeditor.wording.headings import Headings, headings_of
from gxeditor.wording.labels import plain
from gxeditor.workbook.read import Sheet, SheetCell, Workbook, open_workbook

_PLACEHOLDER = re.compile(r"(\{\{[^{}]*\}\})")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_ALSO_ASKED = re.compile(r"[:：]\s*[^\s_＿{:：]")  # of a cell that says more than what was taken out of it
_REFERENCE = re.compile(r"[（(]数据见工作表“.+”。[）)]")  # our own workbook's word where a table belongs

# What our own workbook carries so that it reads back as it was: names for the rows of the sheet with the words, and
# properties of the document for what no cell says. A person may change either in Excel.
MARK = "gx_"
"""The names of rows: `gx_title`, `gx_signature`, `gx_date`, and `gx_heading_` with a section's key."""
AGENCY, KIND, YEAR, TITLE = "机关名称", "机关类别", "年度", "年报标题"
"""The properties. TITLE is there only if it is not the computed one."""
ROW_LIMIT = 500
"""Characters of prose in one row of our own workbook: a row of Excel is at most 409 points high."""
SENTENCES = re.compile("[^。！？；]*[。！？；]*[”’）」』]*")
INDENT = "\u3000\u3000"


def import_workbook(path: Path, form: Form) -> Imported:
    """The report in a filled workbook. Raises `UnreadableSource` if it is no workbook, or a list of many units."""
    package, workbook = open_workbook(path)
    mapped = map_template(workbook, form)
    agency = _one_unit(workbook, mapped, path.name)
    source = workbook_source(workbook, path.name)
    raws = _Raws(source)
    values: dict[str, RawCell] = {}
    fields: dict[str, str] = {"report.agency": agency} if agency else {}
    placed: list[Target] = []
    unread: list[RawCell] = []
    uncalculated: list[RawCell] = []
    for target in mapped.places:
        if target.id.startswith("section.") and target.how == "label":
            continue  # where prose would be put; where it stands, the text says
        placed.append(target)
        cell = workbook.sheet(target.sheet).cell(*target.place)
        raw = raws.of(target.sheet, cell)
        text = _filled_in(target, cell.text)
        if cell.formula is not None and cell.value is None:
            uncalculated.append(raw)
        if target.id in form.cells:
            first = values.setdefault(target.id, replace(raw, text=text))
            lost = text not in ("", first.text)
        else:
            if text:
                fields.setdefault(target.id, text)
            lost = bool(text) and not (_says(target.id, text) and fields[target.id] == text)
        if lost or (target.pattern and _ALSO_ASKED.search(target.pattern)):
            unread.append(raw)
    entries, notes = read_entries(form, values)
    notes.extend(_doubts(form, mapped, workbook, raws))
    if uncalculated and any(raw.text for raw in values.values()):
        notes.append(_without_values(uncalculated))
    words = _Words(workbook, headings_of(form), mapped, placed, raws)
    asked = {target.id for target in placed}
    known = {name for one, name in (("report.agency", "单位名称"), ("report.year", "年份")) if one in asked}
    properties = _Properties(package)
    if properties.title is not None or AGENCY in properties.texts or agency:
        known |= {"单位名称", "年份"}
    said = read_words(Source(tuple(words.paragraphs), path.name), form, known)
    report = properties.put_on(_with_fields(said.report, fields), words)
    report = report.with_entries(entries)
    if values or report != blank_report(form):
        notes.extend(said.notes)
        unread.extend(words.unread)
        unread.extend(raws.at[one.place] for one in said.unread if one.place in raws.at)
        unread = list({raw.place: raw for raw in unread}.values())
        notes.extend(remainder(sorted(unread, key=lambda raw: (raw.line or 0, raw.column))))
    notes.sort(key=lambda note: (note.severity != "doubt", note.line is None, note.line or 0))
    places = {cell_id: values[cell_id].place for cell_id in form.cells if cell_id in entries}
    return Imported(report, tuple(notes), MappingProxyType(places), source)


def _without_values(raws: Sequence[RawCell]) -> Note:
    """Formulas whose results the file does not carry: a program wrote it that does not calculate."""
    places = "、".join(raw.place for raw in raws[:3])
    what = f"有 {len(raws)} 格是公式，文件里没有算好的数：{places}{'等' if len(raws) > 3 else ''}。"
    done = "没有读入，留空；用 Excel 或 WPS 打开保存一次，再导入就有了。"
    return Note("doubt", "公式", what, done, raws[0].place, (), raws[0].line, tuple(raws))


class _Raws:
    """The cells of a source by what they are called (「“表三”C5」)."""

    def __init__(self, source: Source) -> None:
        self.at = {
            cell.place: cell for block in source.blocks if isinstance(block, RawTable) for cell in block.cells
        }

    def of(self, sheet: str, cell: SheetCell) -> RawCell:
        place = f"“{sheet}”{cell.ref}"
        return self.at.get(place) or RawCell(cell.row, cell.column, 1, 1, cell.text, place)


def _says(wanted: str, text: str) -> bool:
    """Whether a report has room for a text that a workbook gives for a field."""
    return wanted != "report.filler" and (wanted != "report.year" or _YEAR.search(text) is not None)


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
        self.paragraphs: list[Paragraph] = []
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
                Paragraph(line.strip(), raw.place, raw.line, part=sheet.name, role=role)
                for line in lines
                if line.strip()
            )

    def _add_own(self, sheet: Sheet, cell: SheetCell) -> None:
        """A row of our own workbook: a paragraph, or what goes on from the row above because one row is too short."""
        text = cell.text
        if _REFERENCE.fullmatch(text.strip()):
            return
        raw = self._raws.of(sheet.name, cell)
        above = self._raws.at.get(f"“{sheet.name}”A{cell.row}")  # counted from 1, so this is the row before
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
            self.paragraphs.append(Paragraph(text, raw.place, raw.line, part=sheet.name))


_TITLE = re.compile(r"信息公开(?:工作)?的?(?:年度)?(?:工作)?的?(?:年度)?报告")
_LABELS = ("known", "neutral", "foreign", "field", "year")
_REMARK = re.compile(
    r"(?:注|备注|说明|填表说明|填报说明|填报要求|填报口径|审核关系"
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


@dataclass
class _Properties:
    """What our own workbook says in the properties of the document."""

    package: Package
    texts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        part = self.package.find("docProps/custom.xml")
        for one in self.package.xml(part) if part is not None else ():
            self.texts[one.get("name", "")] = "".join(one.itertext())

    @property
    def title(self) -> str | None:
        return self.texts.get(TITLE)

    def put_on(self, report: Report, words: _Words) -> Report:
        """The report with agency, kind and year, unless a person has changed the title since."""
        if KIND not in self.texts:
            return report
        year = self.texts.get(YEAR, "")
        said = report.with_fields(
            agency=self.texts.get(AGENCY, ""),
            kind=next((kind for kind in AgencyKind if kind.word == self.texts[KIND]), report.kind),
            year=int(year) if re.fullmatch("[0-9]{1,4}", year) else None,
            own_title=self.title,
        )
        return said if words.title is None or shown_title(said.title) == shown_title(words.title) else report


def shown_title(title: str) -> str:
    """A title as a cell shows it, to be compared."""
    return "".join(title.split())


def read_workbook_file(path: Path) -> Source:
    """What stands in a workbook, before it is understood. Raises `UnreadableSource`."""
    return workbook_source(open_workbook(path)[1], path.name)


def workbook_source(workbook: Workbook, name: str) -> Source:
    """The visible sheets as tables, one below the other. Raises `UnreadableSource` if they have too many cells."""
    tables = []
    line, count = 1, 0
    for sheet in workbook.sheets:
        cells = []
        for row, column in () if sheet.hidden else sheet.cells:
            cell = sheet.cell(row, column)
            if cell.text or cell.row_span * cell.column_span > 1:
                spans = (cell.row_span, cell.column_span)
                cells.append(RawCell(row, column, *spans, cell.text, f"“{sheet.name}”{cell.ref}", line + row))
        count += len(cells)
        if count > MAX_CELLS:
            raise UnreadableSource(
                f"“{name}”超过 {MAX_CELLS} 格。", "没有读入任何内容。", "请只保留年报的几张表，另存后再导入。"
            )
        if cells:
            tables.append(RawTable(tuple(cells), sheet.name, line))
            line += max(cell.row for cell in cells) + 2
    return Source(tuple(tables), name)


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


def _with_fields(report: Report, fields: Mapping[str, str]) -> Report:
    """The report that the text gave, with what cells of their own say of it."""
    title = report.title
    changes: dict[str, object] = {}
    for one in FIELDS:
        # the agency says its kind too, and is read only where it says something
        if one.values is TEXT and one.name != "agency" and one.asked in fields:
            changes[one.name] = fields[one.asked]
    if agency := fields.get("report.agency", ""):
        changes |= {"agency": agency, "kind": agency_kind(agency)}
    year = _YEAR.search(
        fields.get("report.year", "") or ("" if report.year else fields.get("report.title", ""))
    )
    if year is not None:
        changes["year"] = int(year[1])
    named = bool(report.agency or report.year)
    report = report.with_fields(**changes, own_title=None)
    title = fields.get("report.title", title if named else "")
    if title and title != report.computed_title:
        report = report.with_fields(own_title=title)
    for section in report.form.sections:
        lines = [line.strip() for line in fields.get(f"section.{section.key}", "").split("\n")]
        lines.append(report.sections.get(section.key, ""))
        report = report.with_section(section.key, "\n".join(line for line in lines if line))
    return report


def _doubts(form: Form, mapped: TemplateMap, workbook: Workbook, raws: _Raws) -> Iterator[Note]:
    """What could not be told, and what the workbook does not have."""
    for doubt in mapped.doubtful:
        if doubt.id.startswith("section."):
            continue  # where prose would be put
        cell = form.cells.get(doubt.id)
        where = cell.place if cell is not None else ASKED.get(doubt.id, "文字")
        ids = (doubt.id,) if cell is not None else ()
        found = tuple(
            raws.of(one.sheet, workbook.sheet(one.sheet).cell(*one.place)) for one in doubt.candidates
        )
        place, line = (found[0].place, found[0].line) if found else ("", None)
        yield Note("doubt", where, doubt.why, "没有读入，留空。", place, ids, line, found)
    missing = [one for one in mapped.missing if one not in {doubt.id for doubt in mapped.doubtful}]
    if missing:
        names = "、".join(f"“{form.cells[one].place}”" for one in missing[:3])
        more = f"等 {len(missing)} 格" if len(missing) > 3 else ""
        what = f"没有认出{names}{more}。" if len(missing) < len(form.cells) else "没有认出年报的任何一格。"
        done = "没有读入，留空。" if len(missing) < len(form.cells) else "各格留空。"
        yield Note("doubt", "表格", what, done, cells=tuple(missing))
