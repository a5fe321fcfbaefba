"""How a person is told what was not understood, or went nowhere, when a report was read.

Knows the words for it: rows and tables as they are called in short, the sentence for each kind of remark, the summaries
of what is missing and of what is left over. Decides nothing about what is read.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gxeditor.core.form import Form, Line
from gxeditor.imports.source import ImportNote, Mapped, RawCell, RawTable, SourceText, Unmapped
from gxeditor.wording.labels import REMARK_WORDS, plain, split_number

_SHOWN_ROWS = 6  # named one by one in a note


def shortened(text: str, most: int = 40) -> str:
    """A text in one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that becomes a note; remarks of the same kind and facts about one table are told together."""

    kind: str
    section: str
    line: Line | None
    raw: tuple[RawCell, ...]
    ids: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()


def number_of(label: str) -> str:
    """The number of a printed label as printed: “（三）”, “1”, “一”."""
    number = split_number(plain(label))[0]
    return f"（{number}）" if label.lstrip().startswith(("（", "(")) else number


def line_number(line: Line) -> str:
    """How a row is called in short: “一”, “（一）”, “（三）1”, its name if it has no number."""
    numbers = [number for label in line.labels if (number := number_of(label))]
    return "".join(numbers[1:] or numbers) or line.name


def one_row_words(form: Form, ids: Iterable[str], taken: Iterable[str]) -> tuple[str, str]:
    """Of one row for several (`ids`) of the form's: the row it is offered for (`taken`), and the others."""
    cells = form.cells
    read = next(cells[i].row for i in taken)
    rest = dict.fromkeys(cells[i].row.labels[-1] for i in ids if cells[i].row.key != read.key)
    numbers = [f"“{split_number(plain(label))[0] or shortened(label, 12)}.”" for label in rest]
    count = {2: "两", 3: "三", 4: "四"}.get(len(numbers), str(len(numbers)))
    return read.labels[-1], f"{''.join(numbers)}{count}行" if len(numbers) > 1 else f"{numbers[0]}这一行"


def one_row_told(name: str, row: str, rest: str) -> tuple[str, str]:
    """What is told of one row for several of the form's: which of them its figures belong to nobody knows."""
    return f"原文“{name}”只有一行。", f"没有读入；如果都是“{row}”，可以采用，{rest}仍留空。"


def table_name(form: Form, section: str) -> str:
    """“表三”; “表格” for what belongs to no section."""
    return next((f"表{s.number}" for s in form.sections if s.key == section), "表格")


def _where(form: Form, remarks: Sequence[Remark]) -> str:
    name = table_name(form, remarks[0].section)
    lines = list(dict.fromkeys(line_number(r.line) for r in remarks if r.line is not None and r.line.labels))
    if not lines:
        return name
    if len(lines) > _SHOWN_ROWS:
        return f"{name} · {len(lines)} 行"
    if all(line.startswith("（") for line in lines):
        return name + "".join(lines)
    return f"{name} · {'、'.join(lines)}行"


def _rows_word(remarks: Sequence[Remark]) -> str:
    count = len({remark.line.key for remark in remarks if remark.line is not None})
    return {0: "这一行", 1: "这一行", 2: "这两行"}.get(count, f"这 {count} 行")


def note_of(form: Form, remarks: Sequence[Remark], values: Mapping[str, RawCell]) -> ImportNote:
    """Remarks of one kind with the same facts about one table, as one note; `values` are what was read."""
    first = remarks[0]
    facts = first.facts
    rows = _rows_word(remarks)
    each = rows + ("各" if rows != "这一行" else "")
    where = _where(form, remarks)
    doubt = True
    left_out = "没有读入，请对照原文填写。"
    match first.kind:
        case "surplus":
            what = f"{each}有 {facts[0]} 个数，表格只有 {facts[1]} 列。"
            done = f"多出的“0”在“{facts[2]}”之后，未读入。" if facts[2] else "多出的“0”未读入。"
        case "only_total":
            what = "只有总计，没有分项。"
            texts = "、".join(values[remark.ids[0]].text.strip() for remark in remarks[:_SHOWN_ROWS])
            done = f"总计照原样读入 {texts}{'等' if len(remarks) > _SHOWN_ROWS else ''}，分项留空。"
        case "break" if facts:
            where += facts[3]
            stray = f"，“{facts[1]}”落到了后一段" if facts[1] else ""
            what, done, doubt = (
                f"换页把“{facts[0]}”拆成两段{stray}。",
                f"已按行名接上，共 {facts[2]} 行。",
                False,
            )
        case "break":
            what, done, doubt = "这张表在原文中断成两段。", "已按行名接上。", False
        case "count":
            what, done = f"{each}有 {facts[0]} 个数，表格有 {facts[1]} 列，分不清哪个数属于哪一列。", left_out
        case "gaps":
            what, done = f"{each}有 {facts[0]} 个数，中间夹着空格，分不清哪个数属于哪一列。", left_out
        case "heading":
            what, done = "表头不完整，分不清哪个数属于哪一列。", left_out
        case "uneven":
            what, done = "行和列对调的表各行长短不一，可能缺了一格，分不清哪个数属于哪一行。", left_out
        case "no_heading":
            what, done, doubt = "原文没有表头。", "各数按表格原来的列顺序读入。", False
        case "strange":
            what, done = f"行名“{facts[0]}”不在表中。", f"没有读入：{facts[1]}。"
        case "group":
            what, done = f"“{facts[0]}”在原文中是一行，在表中是 {facts[1]} 行。", f"没有读入：{facts[2]}。"
        case "one_row":
            what, done = one_row_told(*facts)
        case "contradiction":
            what, done = f"“{'”和“'.join(facts[:-1])}”在表中不是一行。", f"没有读入：{facts[-1]}。"
        case "foreign":
            what, done, doubt = f"“{facts[0]}”不是本年的数。", f"没有读入：{facts[1]}。", False
        case "serial":
            what, done, doubt = "行名左边还有数。", "当作序号，没有读入。", False
        case "nameless":
            what, done = "这一行没有行名。", f"没有读入：{facts[0]}。"
        case "column":
            what, done = f"栏名“{facts[0]}”不在表中。", "这一栏没有读入。"
        case "foreign_column":
            what, done, doubt = f"“{facts[0]}”一栏不是本年的数。", "这一栏没有读入。", False
        case "nowhere":
            what, done = f"“{facts[0]}”上方没有对应的栏名。", "没有读入。"
        case "merged":
            what, done = f"“{facts[0]}”占了几格，分不清属于哪一格。", "没有读入。"
        case "mostly_lost":
            what = f"这张表只有 {facts[0]} 个数能对上格子，另有 {facts[1]} 个对不上。"
            done = "整张没有读入，请对照原文填写。"
        case "doubled":
            what, done = f"同一格有不同的数：“{'”“'.join(facts)}”。", "没有读入，这一格留空。"
        case "slip":
            what, done, doubt = f"“{facts[0]}”与表中的“{facts[1]}”只差几个字。", "按后者读入。", False
        case "slip_offered":
            what = f"“{facts[0]}”与表中的“{facts[1]}”只差几个字，拿不准是不是同一栏。"
            done = "没有读入，留空；是同一栏的，可以采用原文的数。"
        case "outer":
            what, done, doubt = f"行首的“{facts[0]}”不在表中。", "未采用，数按同一行的其他行名读入。", False
        case "tail":
            what, done, doubt = f"行末的“{facts[0]}”不是数。", "没有读入。", False
        case _:
            what, done, doubt = f"“{facts[0]}”不是表中的栏目。", "没有读入。", False
    raw = tuple(cell for remark in remarks for cell in remark.raw)
    ids = tuple(dict.fromkeys(cell_id for remark in remarks for cell_id in remark.ids))
    offers = tuple(dict.fromkeys(one for remark in remarks for one in remark.offers))
    return ImportNote.on(raw, where, what, done, ids, "doubt" if doubt else "info", offers)


def about_the_page(table: RawTable) -> ImportNote:
    """A table in which a site says where the page belongs."""
    shown = " ".join(shortened(cell.text) for cell in table.cells if not cell.is_blank)[:60]
    what = f"这是网页的附加信息，不是统计表：“{shown}”。"
    return ImportNote("info", "表格", what, "没有读入。", table.origin, raw=table.cells)


# -------------------- what is missing, and what is left over
def two_tables(form: Form, doubled: Mapping[str, list[RawCell]]) -> list[ImportNote]:
    """Two tables that give the same cells different figures, for instance of two years; one of which may be unclear."""
    ids = tuple(cell_id for cell_id in form.cells if cell_id in doubled)
    if not ids:
        return []
    raws = tuple(raw for cell_id in ids for raw in doubled[cell_id])
    name = table_name(form, form.cells[ids[0]].section)
    clear = next((doubled[cell_id] for cell_id in ids if len(doubled[cell_id]) > 1), None)
    example = f"，如“{'”和“'.join(raw.text.strip() for raw in clear[:2])}”" if clear else ""
    what = f"原文有两张表给出不同的数，共 {len(ids)} 格{example}。"
    return [ImportNote.on(raws, name, what, "没有读入，这些格留空。", ids)]


def missing(
    form: Form, lines: Container[tuple[str, str]], table_text: Mapping[str, SourceText]
) -> list[ImportNote]:
    """Rows that the source's tables do not have, and tables that it does not have at all."""
    notes = []
    for table in form.tables:
        name = table_name(form, table.key)
        rows = [line for block in table.blocks for line in block.rows]
        found = {line.key for line in rows if (table.key, line.key) in lines}
        absent = [line for line in rows if line.key not in found]
        ids = tuple(cell.id for cell in table.cells if cell.row.key not in found)
        run_together = table_text.get(table.key)
        if found and absent:
            names = "、".join(line_number(line) for line in absent)
            notes.append(
                ImportNote("doubt", name, f"原文没有这几行：{names}。", f"{len(ids)} 格留空。", cells=ids)
            )
        elif not found and run_together is not None:
            what = "表格的各格连成了一段文字，分不清哪个数属于哪一格。"
            done = f"没有读入任何数，{len(ids)} 格留空；原文留在这一部分的文字里。"
            notes.append(ImportNote("doubt", name, what, done, run_together.origin, ids))
        elif not found:
            notes.append(ImportNote("doubt", name, "没有找到这张表。", f"{len(ids)} 格留空。", cells=ids))
    return notes


def unmapped(form: Form, mapped: Mapped, accepted: Mapping[str, str]) -> list[ImportNote]:
    """What no one cell could be told for, and what the file does not have; `accepted` is offered, by cell id."""
    alike: dict[tuple[str, str], list[Unmapped]] = {}
    for one in mapped.doubtful:
        section = form.cells[one.id].section if one.id in form.cells else one.id
        alike.setdefault((section, one.why), []).append(one)
    notes = []
    for (section, why), several in alike.items():
        where = several[0].where if len(several) == 1 else f"{table_name(form, section)} · {len(several)} 格"
        raws = [raw for one in several for raw in one.raws]
        ids = [one.id for one in several if one.id in form.cells]
        offers = [(one, accepted[one]) for one in ids if one in accepted]
        done = "没有读入，留空；是同一栏的，可以采用原文的数。" if offers else "没有读入，留空。"
        notes.append(ImportNote.on(raws, where, why, done, ids, offers=offers))
    missing = mapped.missing
    if missing:
        names = "、".join(f"“{form.cells[one].place}”" for one in missing[:3])
        more = f"等 {len(missing)} 格" if len(missing) > 3 else ""
        what = f"没有认出{names}{more}。" if len(missing) < len(form.cells) else "没有认出年报的任何一格。"
        done = "没有读入，留空。" if len(missing) < len(form.cells) else "各格留空。"
        notes.append(ImportNote("doubt", "表格", what, done, cells=missing))
    return notes


def without_values(raws: Sequence[RawCell], ids: Sequence[str]) -> ImportNote:
    """Formulas, for the cells `ids`, whose results the file does not carry: its writer does not calculate."""
    places = "、".join(raw.origin.words for raw in raws[:3])
    what = f"有 {len(raws)} 格是公式，文件里没有算好的数：{places}{'等' if len(raws) > 3 else ''}。"
    done = "没有读入，留空；用 Excel 或 WPS 打开保存一次，再导入就有了。"
    return ImportNote.on(raws, "公式", what, done, ids)


def remainder(pieces: Sequence[RawCell]) -> tuple[ImportNote, ...]:
    """The note on what stands in the original and went nowhere, with all its places; none if there is nothing."""
    if not pieces:
        return ()
    shown = "、".join(
        f"{piece.origin.words}“{shortened(piece.text, 20)}”" for piece in pieces[:_SHOWN_PIECES]
    )
    what = f"有 {len(pieces)} 处没有读入：{shown}{'等' if len(pieces) > _SHOWN_PIECES else ''}。"
    done = "是年报内容的，请自行填入。"
    severity: Literal["doubt", "info"] = "doubt" if any(map(_weighs, pieces)) else "info"
    return (ImportNote.on(pieces, "没有读入的内容", what, done, severity=severity),)


_SHOWN_PIECES = 5  # by their words; the note carries the places of all


_REMARK = re.compile(rf"(?:{REMARK_WORDS})[::]")


def _weighs(piece: RawCell) -> bool:
    """Whether a text may be of the report: a figure or a sentence, neither a caption nor a remark on filling in."""
    text = plain(piece.text)
    return _REMARK.match(text) is None and (len(text) > 12 or re.search("[0-9]", text) is not None)
