"""Compound edits: from one report to the next.

Each function returns the new report together with what a person is told about it. Knows nothing of undo: one returned
report is one step, whoever makes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from gxeditor.core.errors import EntryError
from gxeditor.core.fields import BY_NAME, FIELDS, OWN_TEXT, TEXT
from gxeditor.core.following import follow as follow  # who edits a report knows it by this
from gxeditor.core.form import Cell, Section
from gxeditor.core.report import Entry, Report, count_characters, obvious_number, parse_entry, same_entry
from gxeditor.core.revision import to_revise


class Refused(NamedTuple):
    """A text that was not put into its cell, with the reason, and the number it can only mean (“46”), or “”."""

    cell: str
    text: str
    reason: str
    offer: str


def blanked(report: Report, texts: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The cells with an entry that pasting these texts, (cell id, text) each, would make blank."""
    return tuple(cell_id for cell_id, text in texts if not text.strip() and cell_id in report.entries)


class Pasted(NamedTuple):
    """What pasting did: the new report, the cells that received a text, and the texts refused."""

    report: Report
    cells: tuple[str, ...]
    refused: tuple[Refused, ...]


def paste(report: Report, texts: Iterable[tuple[str, str]]) -> Pasted:
    """Puts texts into cells, (cell id, text) each; a refused text leaves its cell as it was."""
    changes: dict[str, Entry | None] = {}
    refused: list[Refused] = []
    for cell_id, text in texts:
        cell = report.form.cells[cell_id]
        try:
            changes[cell_id] = parse_entry(text, cell)
        except EntryError as error:
            refused.append(Refused(cell_id, text.strip(), str(error), obvious_number(text, cell)))
    return Pasted(report.with_entries(changes), tuple(changes), tuple(refused))


def clear(report: Report, cells: Iterable[str]) -> Report:
    """Makes cells blank; a cleared total becomes automatic again."""
    return report.with_entries({cell_id: None for cell_id in cells})


def blank_cells(report: Report, cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells to be filled by hand that show nothing; automatic totals follow by themselves."""
    return tuple(c for c in cells if not c.is_total and report.value(c.id) is None)


def fill_blanks(report: Report, cells: Iterable[Cell]) -> Report:
    """Writes 0 into the blank ones among these cells (「其余空格填 0」); nothing else changes."""
    zeros: dict[str, Entry | None] = {}
    for cell in blank_cells(report, cells):
        zeros[cell.id] = parse_entry("0", cell)
    return report.with_entries(zeros)


def fill_forced(report: Report, values: Mapping[str, Entry]) -> Report:
    """Writes values that the equations force (`checks.forced`) into their cells, as far as these are blank."""
    return report.with_entries({cell: v for cell, v in values.items() if report.value(cell) is None})


def disagreeing_totals(report: Report) -> tuple[Cell, ...]:
    """The typed totals whose details are all there and add up to something else."""
    return tuple(
        cell
        for cell in report.form.totals
        if cell.id in report.entries
        and (total := report.details_sum(cell)) is not None
        and total != report.entries[cell.id]
    )


def totals_to_mend(report: Report) -> tuple[Cell, ...]:
    """The totals that disagree, and those typed ones that would once these are mended."""
    wrong = disagreeing_totals(report)
    while more := set(disagreeing_totals(recompute_totals(report, wrong))) - set(wrong):
        wrong = tuple(cell for cell in report.form.totals if cell in more or cell in wrong)
    return wrong


def recompute_totals(report: Report, cells: Iterable[Cell]) -> Report:
    """Makes these totals automatic again (「按明细重算」), as far as their details are complete."""
    wanted = {cell.id for cell in cells}
    for cell in report.form.totals:  # a total of totals comes after them, so it sees the recomputed ones
        if cell.id in wanted and report.details_sum(cell) is not None:
            report = report.with_entry(cell.id, None)
    return report


class Recomputed(NamedTuple):
    """What 「按明细重算」 would do: `report` afterwards, the totals that become `automatic`, and all that `changes`.

    A change is a cell with what it shows before and after; totals that follow by themselves are among them.
    """

    report: Report
    automatic: tuple[Cell, ...]
    changes: tuple[tuple[Cell, Entry | None, Entry | None], ...]


def recomputed(report: Report, cells: Iterable[Cell]) -> Recomputed:
    """`recompute_totals` with what it does to whom, in the order of the form."""
    new = recompute_totals(report, cells)
    totals = report.form.totals
    return Recomputed(
        new,
        tuple(cell for cell in totals if new.is_automatic(cell.id) and not report.is_automatic(cell.id)),
        tuple(
            (cell, report.value(cell.id), new.value(cell.id))
            for cell in totals
            if not same_entry(report.value(cell.id), new.value(cell.id))
        ),
    )


class BroughtForward(NamedTuple):
    """What 「从去年新建」 made: the new report and a sentence for each thing it filled."""

    report: Report
    told: tuple[str, ...]


def carried_figures(prior: Report, pairs: Sequence[tuple[str, str]]) -> dict[str, Entry]:
    """What last year's report leaves for this one, by this year's cell: `pairs` are last year's cell and this one.

    Totals that add up are left to add themselves up, blank details counting nothing; a typed one that does not agree
    is handed over as it is.
    """
    figures: dict[str, Entry] = {}
    for source, target in pairs:
        value = prior.value(source)
        if value is None or isinstance(value, str) or prior.is_automatic(source):
            continue
        if not same_entry(_stated_sum(prior, prior.form.cells[source]), value):
            figures[target] = value
    return figures


def _stated_sum(report: Report, total: Cell) -> int | Decimal | None:
    """The sum of those parts of a total that are stated; None if none is, or one is a text."""
    stated = [value for part in total.parts if (value := report.value(part)) is not None]
    numbers = [value for value in stated if not isinstance(value, str)]
    return sum(numbers) if numbers and len(numbers) == len(stated) else None


def fill_carried(report: Report, figures: Mapping[str, Entry]) -> Report:
    """Writes what last year left (`carried_figures`) into its cells, as far as these are blank (「填上年结转」)."""
    return report.with_entries({i: v for i, v in figures.items() if report.value(i) is None})


def bring_forward(
    report: Report, prior: Report, pairs: Sequence[tuple[str, str]], *, prose: bool = True
) -> BroughtForward:
    """Carries last year's report into `report`: agency, the figures of `pairs` (`carried_figures`), and its prose.

    Last year's 结转下年度 becomes this year's 上年结转 (rules Y-01, Y-02). Every year and count of the prose is in
    doubt from then on; without `prose` no text comes over. A rule that was closed for this agency stays so, with its
    reason; explanations, bound numbers and that it was final were said of last year's figures, and stay there.
    """
    told: list[str] = []
    new = report.with_fields(
        **{f.name: f.carried(getattr(report, f.name), getattr(prior, f.name)) for f in FIELDS if not f.prose}
    )
    if prior.agency:
        told.append(f"单位：{prior.agency}")
    figures = carried_figures(prior, pairs)
    if figures:
        new = new.with_entries(figures)
        told.append(f"上年结转：{len(figures)} 格，取自去年的结转下年度")
    closed = {code: reason for code, reason in prior.closed.items() if code not in report.closed}
    for code, reason in closed.items():
        new = new.with_closed(code, reason)
    if closed:
        told.append(f"去年关闭的 {len(closed)} 项检查，原因照旧，可以在“检查项目”里重新打开")
    drafted = draft_prose(new, prior) if prose else BroughtForward(new, ())
    return BroughtForward(drafted.report, (*told, *drafted.told))


def without_prose(report: Report) -> tuple[Section, ...]:
    """The sections in which nothing is written yet."""
    return tuple(s for s in report.form.sections if not report.sections.get(s.key, "").strip())


def draft_prose(report: Report, prior: Report) -> BroughtForward:
    """Begins the empty parts of the prose with last year's, every year and count of which is then in doubt.

    Nothing is told if there is nothing to begin, or nothing to begin with.
    """
    new, marked = report, 0
    for one in (f for f in FIELDS if f.prose and not f.table):  # a note speaks of last year's figures
        if not getattr(report, one.name).strip() and getattr(prior, one.name).strip():
            text = getattr(prior, one.name)
            new = new.with_fields(**{one.name: text}).with_prose_doubts(one.name, to_revise(text))
            marked += len(new.prose_doubts.get(one.name, ()))
    carried = [section for section in without_prose(report) if prior.sections.get(section.key, "").strip()]
    for section in carried:
        text = prior.sections[section.key]
        new = new.with_section(section.key, text).with_prose_doubts(section.key, to_revise(text))
        marked += len(new.prose_doubts.get(section.key, ()))
    told = []
    if carried:
        numbers = "、".join(section.number for section in carried)
        told.append(f"文字：{numbers}，共 {len(carried)} 部分，请改成今年的内容")
    if marked:
        told.append(f"文字里的 {marked} 处年份和数已标出，按 F8 逐处改；不用改的按“看过了”")
    return BroughtForward(new, tuple(told))


class Compared(NamedTuple):
    """What a report has that is also in a file: `filled` cells show something, of which the file's `different` differ.

    `words` are the fields and sections that both have and that read differently, as a clerk calls them.
    """

    filled: int
    different: tuple[str, ...]
    words: tuple[str, ...]


def compare(report: Report, read: Report) -> Compared:
    """How a report and what was read from a file differ where both say something."""
    filled = [cell_id for cell_id in report.form.cells if report.value(cell_id) is not None]
    different = tuple(
        cell_id
        for cell_id in filled
        if cell_id in read.entries and not same_entry(report.value(cell_id), read.entries[cell_id])
    )
    pairs = [(f"“{f.word}”", f.show(report), f.show(read)) for f in FIELDS if f.name != "kind"]
    pairs += [
        (f"第{s.number}部分文字", report.sections.get(s.key, ""), read.sections.get(s.key, ""))
        for s in report.form.sections
    ]
    words = tuple(name for name, had, gets in pairs if had.strip() and gets.strip() and had != gets)
    return Compared(len(filled), different, words)


def fill_in(report: Report, read: Report) -> Report:
    """Puts what was read from a file only where `report` says nothing yet (「只填空着的格」).

    A blank total takes the file's figure unless it adds itself up; a field or a section with any text stays as it is.
    What a person said of the report (explanations, rules closed) stays, and what was said of the file is not taken.
    """
    fields = {
        f.name: getattr(read, f.name)
        for f in FIELDS
        if not getattr(report, f.read_with or f.name) and getattr(read, f.read_with or f.name)
    }
    new = report.with_fields(**fields)
    for section in report.form.sections:
        if not report.sections.get(section.key, "").strip() and read.sections.get(section.key):
            new = new.with_section(section.key, read.sections[section.key])
    entries = {i: entry for i, entry in read.entries.items() if report.value(i) is None}
    parts = {i: entry for i, entry in entries.items() if not report.form.cells[i].is_total}
    new = new.with_entries(parts)
    totals = {i: e for i, e in entries.items() if i not in parts and not same_entry(new.value(i), e)}
    new = new.with_entries(totals)
    return new.with_doubts(_doubts_of(read, new))


def _doubts_of(read: Report, new: Report) -> dict[str, str]:
    """The doubts about figures that came over just as they were read."""
    return {
        cell_id: doubt.what
        for cell_id, doubt in read.doubts.items()
        if same_entry(new.entries.get(cell_id), doubt.entry)
    }


class Less(NamedTuple):
    """What an import would replace by less: `told` says so in a sentence, and `take_over` keeps it by its `key`."""

    key: str
    told: str


class TakenOver(NamedTuple):
    """What 「导入到当前年报」 makes: the new report, what gets less in it, and a sentence on what the file lacks.

    What the file lacks is kept as it was; without any the sentence is "".
    """

    report: Report
    less: tuple[Less, ...]
    absent: str

    @property
    def told(self) -> tuple[str, ...]:
        return (*(one.told for one in self.less), *filter(None, (self.absent,)))


_TEXTS = (TEXT, OWN_TEXT)
_NAMED = 3  # cells of a table that are named one by one; the others are counted


def take_over(report: Report, read: Report, keep: Collection[str] = ()) -> TakenOver:
    """Puts what was read from a file into `report`. Fields, sections and tables that the file does not have are kept.

    A table that it has replaces the present one whole: figures of two files in one table would be nobody's. `keep` are
    keys of what would get less (`Less`) and stays as it is instead. What a person said of the report (explanations,
    rules closed) stays, and what was said of the file is not taken.
    """
    less: list[Less] = []
    absent: list[str] = []
    fields = {f.name: getattr(read, f.name) for f in FIELDS if getattr(read, f.read_with or f.name)}
    absent.extend(
        f"“{f.word}”"
        for f in FIELDS
        if f.name not in fields and not (f.read_with or f.internal) and getattr(report, f.name)
    )
    texts = [(f.name, f.word, f.show(report), f.show(read), f.prose) for f in FIELDS if f.values in _TEXTS]
    sections: dict[str, str] = {}
    for section in report.form.sections:
        had, gets = report.sections.get(section.key, ""), read.sections.get(section.key, "")
        texts.append((section.key, section.heading, had, gets, True))
        if gets:
            sections[section.key] = gets
        elif had:
            absent.append(f"“{section.heading}”")
    for key, name, had, gets, is_prose in texts:
        before, after = count_characters(had), count_characters(gets)
        if 0 < after < before:
            change = (
                f"由 {before} 字变为 {after} 字" if is_prose else f"由“{had.strip()}”变为“{gets.strip()}”"
            )
            less.append(Less(key, f"“{name}”会{change}。"))
    changes: dict[str, Entry | None] = dict(read.entries)
    for section in report.form.sections:
        ids = [cell.id for cell in section.table.cells] if section.table is not None else []
        had_figures = [cell_id for cell_id in ids if cell_id in report.entries]
        gone = [cell_id for cell_id in had_figures if cell_id not in read.entries]
        key = _table_key(section)
        if had_figures and len(gone) == len(had_figures) and not any(one in read.entries for one in ids):
            absent.append(f"表{section.number}的数")
        elif gone:
            blank = report.with_entries({**read.entries, **dict.fromkeys(gone)})
            lost = [cell_id for cell_id in gone if blank.value(cell_id) is None]
            if lost:
                places = "、".join(report.form.cells[cell_id].place for cell_id in lost[:_NAMED])
                named = f"{places}{'等' if len(lost) > _NAMED else ''}"
                told = f"表{section.number}现在有数的 {len(lost)} 格文件里没有读到，会变为未填：{named}。"
                less.append(Less(key, told))
            changes.update(dict.fromkeys(gone))
        if key in keep:
            changes = {cell_id: entry for cell_id, entry in changes.items() if cell_id not in ids}
    # What goes with a field that stays, as the kind of an agency does with its name, stays with it.
    taken = {n: v for n, v in fields.items() if n not in keep and BY_NAME[n].read_with not in keep}
    new = report.with_fields(**taken)
    for key, text in sections.items():
        if key not in keep:
            new = new.with_section(key, text)
    new = new.with_entries(changes)
    told = f"文件里没有{'、'.join(absent)}，保留现在的内容。" if absent else ""
    return TakenOver(new.with_doubts(_doubts_of(read, new)), tuple(less), told)


def _table_key(section: Section) -> str:
    return f"table.{section.key}"
