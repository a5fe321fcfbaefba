"""Source + Form → Report + notes, the same for every file format.

Knows how a report is put together: its figures, by the labels beside them or by the map that came with the source; its
words; what a file says outright of agency, year and title; and what stood in the source and went nowhere. Reading never
fails on content, it annotates: what is not understood is left out with a note or kept as prose, and a figure whose cell
is in doubt is not read at all. No number is ever derived, corrected or converted here.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from gxeditor.core.errors import EntryError
from gxeditor.core.fields import FIELDS, NOTE, NOTES, TEXT
from gxeditor.core.form import Form
from gxeditor.core.report import KEPT_TEXTS, AgencyKind, Entry, Report, blank_report, parse_entry
from gxeditor.imports.recognize.former import former_notes
from gxeditor.imports.recognize.front import Page
from gxeditor.imports.recognize.notes import (
    about_the_page,
    missing,
    remainder,
    shortened,
    table_name,
    two_tables,
    unmapped,
    without_values,
)
from gxeditor.imports.recognize.offers import amount_unit, offered, ready
from gxeditor.imports.recognize.order import read_tables
from gxeditor.imports.recognize.table_text import tables_in_text
from gxeditor.imports.recognize.tables import Reading, group_tables
from gxeditor.imports.recognize.text import ReportText, agency_kind, is_table_note
from gxeditor.imports.source import ImportNote, Mapped, Origin, RawCell, RawTable, Said, Source, SourceText
from gxeditor.wording.labels import Aliases, Lexicon, load_aliases

__all__ = ["Imported", "Recognized", "agency_kind", "figure_cells", "recognize", "recognize_table"]

_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
# What may be missed of the front of a report, and the field of a workbook that says it.
_FRONT = {"report.agency": "单位名称", "report.year": "年份"}


@dataclass(frozen=True)
class Imported:
    """A report read from a foreign file, what a person should know about it, and where each figure came from.

    `notes` come doubts first, then in the order of the original. `placed` maps the id of every cell that was read to
    its place in the original, in printed order.
    """

    report: Report
    notes: tuple[ImportNote, ...]
    placed: Mapping[str, Origin]
    source: Source

    @property
    def blank(self) -> tuple[str, ...]:
        """The cells that were not read, in printed order."""
        return tuple(cell_id for cell_id in self.report.form.cells if cell_id not in self.report.entries)


@dataclass(frozen=True)
class Recognized:
    """A pasted table: the text for each cell recognized (empty where the table is blank), and what was skipped.

    `values` is empty if no label says where the figures belong. `skipped` counts the label cells understood.
    """

    values: Mapping[str, str]
    skipped: int
    notes: tuple[ImportNote, ...]


def recognize(source: Source, form: Form, aliases: Aliases | None = None) -> Imported:
    """The report in a source, whatever the source holds. `aliases` are the shipped ones by default."""
    lexicon = Lexicon(form, aliases or load_aliases(form))
    mapped = source.mapped
    blocks, as_text = (
        tables_in_text(source.blocks, lexicon) if mapped is None else (mapped.texts, frozenset())
    )
    figures = (
        _by_labels(blocks, as_text, lexicon) if mapped is None else _by_map(mapped, source.blocks, lexicon)
    )
    said = source.said if mapped is None else mapped.said
    text = ReportText(blocks, lexicon, _said_elsewhere(mapped, said))
    report = text.report()
    if mapped is not None:
        report = _with_fields(report, figures.fields)
    report = _with_said(report, said)
    report = report.with_entries(figures.entries)
    report = report.with_fields(
        **{NOTES[key].name: text for key, text in figures.noted.items() if not report.note(key)}
    )
    notes = [*source.notes, *figures.notes]
    if mapped is None:
        notes += [*text.notes, *missing(form, figures.lines, text.table_text), *remainder(figures.unread)]
    elif figures.values or report != blank_report(form):  # else the one note says that it is none
        notes += [*text.notes, *remainder(_in_order(source, [*figures.unread, *_cells_of(source, text)]))]
    at = source.lines.at
    notes.sort(key=lambda note: (note.severity != "doubt", note.origin not in at, at.get(note.origin, 0)))
    placed = {cell_id: figures.values[cell_id].origin for cell_id in form.cells if cell_id in figures.entries}
    return Imported(report, tuple(notes), MappingProxyType(placed), source)


def figure_cells(source: Source, form: Form, aliases: Aliases | None = None) -> Mapping[str, RawCell]:
    """The cell of the original for each cell of the form that its tables have, blank or not; none that is in doubt."""
    return _by_labels(source.blocks, frozenset(), Lexicon(form, aliases or load_aliases(form))).values


def recognize_table(raw: RawTable, form: Form, aliases: Aliases | None = None) -> Recognized:
    """What the labels of a pasted table say about its figures; the texts are not parsed yet."""
    reading = read_tables([raw], Lexicon(form, aliases or load_aliases(form)))
    if not reading.labels:
        return Recognized(MappingProxyType({}), 0, ())
    texts = {
        cell_id: reading.values[cell_id].text.strip() for cell_id in form.cells if cell_id in reading.values
    }
    return Recognized(MappingProxyType(texts), reading.labels, tuple(reading.notes))


# -------------------- figures
@dataclass(frozen=True)
class _Figures:
    """The figures of a source: the entries, and the cell of the original for each cell that has one, blank or not.

    `lines` are the rows found, by section and key; `unread` the cells that are no part of what was read; `fields` what
    cells say of the report beside its figures, by the ids that maps use; `noted` the notes below the figures of tables,
    by the keys of their sections.
    """

    entries: Mapping[str, Entry | None]
    values: Mapping[str, RawCell]
    notes: Sequence[ImportNote]
    unread: Sequence[RawCell]
    lines: frozenset[tuple[str, str]] = frozenset()
    fields: Mapping[str, str] = field(default_factory=dict)
    noted: Mapping[str, str] = field(default_factory=dict)


def _by_labels(
    blocks: Sequence[SourceText | RawTable], as_text: Container[int], lexicon: Lexicon
) -> _Figures:
    """The figures of the tables of a source, by what stands beside and above them.

    `as_text` are the ids of the tables that were paragraphs.
    """
    form = lexicon.form
    notes: list[ImportNote] = []
    values: dict[str, RawCell] = {}
    doubled: dict[str, list[RawCell]] = {}
    lines: set[tuple[str, str]] = set()
    unread: list[RawCell] = []
    left_out: dict[
        str, int
    ] = {}  # cells of rows whose figures a table that came as text could not give, by table
    given: dict[str, set[int]] = {}
    page = Page(lexicon.aliases.page)
    tables = [block for block in blocks if isinstance(block, RawTable)]
    for number, group in enumerate(group_tables(tables, lexicon)):
        if all(page.is_metadata(table, lexicon) for table in group):
            notes.append(about_the_page(group[0]))
            continue
        texts = [id(table) in as_text for table in group]
        reading = _read(group, lexicon, as_text=all(texts))
        if reading.loose is not None and any(texts):
            unread.extend(reading.loose)
        else:
            unread.extend(_unread(group, reading, lexicon))
        notes.extend(reading.notes)
        lines |= reading.lines
        if any(texts):
            told = (note for note in reading.notes if note.severity == "doubt" and note.raw)
            left_out.update((cell_id, number) for note in told for cell_id in note.cells)
        for cell_id, raw in reading.values.items():
            if not raw.is_blank:
                given.setdefault(cell_id, set()).add(number)
            known = values.get(cell_id)
            if known is None or known.is_blank:
                values[cell_id] = raw
            elif not raw.is_blank and raw.text.strip() != known.text.strip():
                doubled.setdefault(cell_id, [known]).append(raw)
    for cell_id, number in left_out.items():
        if given.get(cell_id, {number}) != {number}:  # another table gives it: which one counts nobody knows
            doubled.setdefault(cell_id, [values[cell_id]])
    notes.extend(two_tables(form, doubled))
    notes.extend(former := former_notes(tables, lexicon, values.values()))
    listed = {id(raw) for note in former for raw in note.raw}
    unread = [raw for raw in unread if id(raw) not in listed]
    noted, taken = _table_notes(values, tables)
    unread = [raw for raw in unread if id(raw) not in taken]
    notes = [note for note in notes if not note.raw or any(id(raw) not in taken for raw in note.raw)]
    values_of = {i: raw for i, raw in values.items() if i not in doubled}
    entries, refused = _entries(form, values_of, amount_unit(tables, lexicon))
    return _Figures(entries, values_of, [*notes, *refused], unread, frozenset(lines), noted=noted)


def _table_notes(
    values: Mapping[str, RawCell], tables: Sequence[RawTable]
) -> tuple[dict[str, str], frozenset[int]]:
    """The notes in rows of their own below the figures of a table, by section, and the ids of the cells that hold them.

    A table that holds figures of several sections ends with the note of the last.
    """
    noted: dict[str, list[str]] = {}
    taken: set[int] = set()
    read = {id(raw): cell_id for cell_id, raw in values.items()}
    for table in tables:
        figures = [(cell.row, read[id(cell)]) for cell in table.cells if id(cell) in read]
        if not figures:
            continue
        last, cell_id = max(figures)
        for cell in table.cells:
            alone = sum(not one.is_blank for one in table.cells if one.row == cell.row) == 1
            if cell.row > last and alone and is_table_note(cell.text):
                noted.setdefault(cell_id.partition(".")[0], []).append(cell.text.strip())
                taken.add(id(cell))
    return {key: "\n".join(texts) for key, texts in noted.items()}, frozenset(taken)


def _read(group: Sequence[RawTable], lexicon: Lexicon, *, as_text: bool) -> Reading:
    """What tables that belong together say; where a page lost its merged rows, by the order of labels."""
    reading = read_tables(group, lexicon, as_text=as_text)
    if as_text or any(not raw.is_blank for raw in reading.values.values()):
        return reading
    if not all(map(_has_lost_row_spans, group)):
        return reading
    of: dict[int, RawCell] = {}
    loosened = []
    for table in group:
        cells = [replace(cell, column_span=1) for cell in table.cells]
        of.update(zip(map(id, cells), table.cells, strict=True))
        loosened.append(replace(table, cells=tuple(cells)))
    again = read_tables(loosened, lexicon)
    if all(raw.is_blank for raw in again.values.values()):
        return reading
    return replace(
        again,
        values={cell_id: of[id(raw)] for cell_id, raw in again.values.items()},
        notes=[replace(note, raw=tuple(of[id(raw)] for raw in note.raw)) for note in again.notes],
        loose=None if again.loose is None else [of[id(raw)] for raw in again.loose],
    )


def _has_lost_row_spans(table: RawTable) -> bool:
    """Whether cells are merged across but none down, and the rows end here and there: those below have moved left."""
    ends: dict[int, int] = {}
    for cell in table.cells:
        ends[cell.row] = max(ends.get(cell.row, 0), cell.column + cell.column_span)
    return table.has_spans and len(set(ends.values())) > 1 and all(one.row_span == 1 for one in table.cells)


def _unread(group: Sequence[RawTable], reading: Reading, lexicon: Lexicon) -> Iterator[RawCell]:
    """The cells of tables that are neither figures read, nor headings, nor told in a note already."""
    told = {id(raw) for raw in reading.values.values()}
    told |= {id(raw) for note in reading.notes for raw in note.raw}
    for cell in (cell for table in group for cell in table.cells):
        if cell.is_blank or id(cell) in told or cell.text.strip() in KEPT_TEXTS:
            continue
        labels = lexicon.read(cell.text)
        heading = all(label.kind in ("known", "neutral", "foreign") for label in labels)
        if not heading and (not reading.labels or lexicon.resembling(cell.text) is None):
            yield cell


def _by_map(mapped: Mapped, blocks: Sequence[SourceText | RawTable], lexicon: Lexicon) -> _Figures:
    """The figures, and the fields, that stand where a map says; `blocks` are the original."""
    form = lexicon.form
    tables = [block for block in blocks if isinstance(block, RawTable)]
    values: dict[str, RawCell] = {}
    fields: dict[str, str] = {"report.agency": mapped.agency} if mapped.agency else {}
    unread: list[RawCell] = []
    for one in mapped.cells:
        if one.id in form.cells:
            first = values.setdefault(one.id, replace(one.raw, text=one.text))
            lost = one.text not in ("", first.text)
        else:
            if one.text:
                fields.setdefault(one.id, one.text)
            lost = bool(one.text) and not (_has_room(one.id, one.text) and fields[one.id] == one.text)
        if lost or one.says_more:
            unread.append(one.raw)
    unit = amount_unit(tables, lexicon)
    entries, notes = _entries(form, values, unit)
    notes.extend(unmapped(form, mapped, _accepted(form, mapped, unit)))
    notes.extend(former := former_notes(tables, lexicon, (one.raw for one in mapped.cells)))
    told = {id(raw) for note in former for raw in note.raw}
    left = [raw for raw in mapped.unread if id(raw) not in told and not lexicon.read(raw.text)[-1].former]
    left, noted = _sheet_notes(left, values)
    unread.extend(left)
    if mapped.uncalculated and any(raw.text for raw in values.values()):
        places = {raw.origin for raw in mapped.uncalculated}
        ids = [one.id for one in mapped.cells if one.id in form.cells and one.raw.origin in places]
        notes.append(without_values(mapped.uncalculated, ids))
    return _Figures(entries, values, notes, unread, fields=fields, noted=noted)


def _sheet_notes(
    unread: Sequence[RawCell], values: Mapping[str, RawCell]
) -> tuple[list[RawCell], dict[str, str]]:
    """The notes below the tables of a workbook: on the sheet of figures, under the last row of one section's."""
    lowest: dict[tuple[str, str], int] = {}
    for cell_id, raw in values.items():
        place = raw.origin.sheet, cell_id.partition(".")[0]
        lowest[place] = max(lowest.get(place, raw.row), raw.row)
    left: list[RawCell] = []
    noted: dict[str, list[str]] = {}
    for raw in unread:
        above = [
            (row, key) for (sheet, key), row in lowest.items() if sheet == raw.origin.sheet and row < raw.row
        ]
        if above and is_table_note(raw.text):
            noted.setdefault(max(above)[1], []).append(raw.text.strip())
        else:
            left.append(raw)
    return left, {key: "\n".join(texts) for key, texts in noted.items()}


def _accepted(form: Form, mapped: Mapped, unit: str) -> Mapping[str, str]:
    """What would be entered for the cells of a workbook that a person has but to say yes to."""
    texts = ((one.id, ready(one.text, form.cells[one.id], unit)) for one in mapped.doubtful if one.text)
    return {cell_id: text for cell_id, text in texts if text}


def _has_room(wanted: str, text: str) -> bool:
    """Whether a report has room for a text that a workbook gives for a field."""
    return wanted != "report.filler" and (wanted != "report.year" or _YEAR.search(text) is not None)


def _cells_of(source: Source, text: ReportText) -> list[RawCell]:
    """The cells whose words belong to no part of the report."""
    tables = (block for block in source.blocks if isinstance(block, RawTable))
    at = {cell.origin: cell for table in tables for cell in table.cells}
    return [at[one.origin] for one in text.unread if one.origin in at]


def _in_order(source: Source, raws: Sequence[RawCell]) -> list[RawCell]:
    """The cells in the order of the original, each once."""
    at = source.lines.at
    return sorted(dict.fromkeys(raws), key=lambda raw: (at.get(raw.origin, 0), raw.column))


def _entries(
    form: Form, values: Mapping[str, RawCell], unit: str
) -> tuple[dict[str, Entry | None], list[ImportNote]]:
    """The entries, and a note for each text that is none; cells with the same fault are told together.

    `unit` is that of the original's amounts where it is not 万元. What a text can only mean is offered.
    """
    entries: dict[str, Entry | None] = {}
    refused: dict[tuple[str, str], list[str]] = {}
    for cell_id, cell in form.cells.items():
        raw = values.get(cell_id)
        if raw is None or raw.is_blank:
            continue
        try:
            entry = parse_entry(raw.text, cell)
        except EntryError as error:
            refused.setdefault((cell.section, error.what.replace("，没有填入。", "。")), []).append(cell_id)
            continue
        if unit and cell.decimals and isinstance(entry, Decimal) and entry:
            what = f"原文的金额以“{unit}”为单位：“{shortened(raw.text)}”；这一格填万元数。"
            refused.setdefault((cell.section, what), []).append(cell_id)
        elif entry is not None:
            entries[cell_id] = entry
    notes = []
    for (section, what), ids in refused.items():
        about = form.cells[ids[0]].place if len(ids) == 1 else f"{len(ids)} 格"
        raws = [values[cell_id] for cell_id in ids]
        offers = [(i, text) for i in ids if (text := offered(values[i].text, form.cells[i], unit))]
        where = f"{table_name(form, section)} · {about}"
        done = "没有读入，留空。"
        if offers:
            done += f"可以采用 {offers[0][1]}。" if len(ids) == 1 else "能认出的数可以采用。"
        notes.append(ImportNote.on(raws, where, what, done, ids, offers=offers))
    return entries, notes


# -------------------- what is said outright
def _said_elsewhere(mapped: Mapped | None, said: Said | None) -> frozenset[str]:
    """What the file says of 单位名称 and 年份 outside of its text, and is not missed there."""
    if said is not None and (said.own_title is not None or said.agency is not None):
        return frozenset(_FRONT.values())
    if mapped is None:
        return frozenset()
    if mapped.agency:
        return frozenset(_FRONT.values())
    asked = {one.id for one in mapped.cells}
    return frozenset(name for one, name in _FRONT.items() if one in asked)


def _with_fields(report: Report, fields: Mapping[str, str]) -> Report:
    """The report that the text gave, with what cells of their own say of it."""
    title = report.title
    changes: dict[str, object] = {}
    for one in FIELDS:
        # the agency says its kind too, and is read only where it says something
        if one.values in (TEXT, NOTE) and one.name != "agency" and one.asked in fields:
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


def _with_said(report: Report, said: Said | None) -> Report:
    """The report with agency, kind and year as our own file says them, unless a person has changed the title since."""
    if said is None or said.kind is None:
        return report
    own = report.with_fields(
        agency=said.agency or "",
        kind=next((kind for kind in AgencyKind if kind.word == said.kind), report.kind),
        year=said.year,
        own_title=said.own_title,
    )
    if own.own_title == own.computed_title:  # a PDF says the title, whoever made it
        own = own.with_fields(own_title=None)
    shown = said.shown_title
    return own if shown is None or "".join(own.title.split()) == "".join(shown.split()) else report
