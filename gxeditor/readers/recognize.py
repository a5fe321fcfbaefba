"""Source + Form → Report + notes, the same for every file format.

Knows how a report is built: title, preamble, six titled sections with prose and tables, signature and date. Reading
never fails on content, it annotates: what is not understood is left out with a note or kept as prose, and a figure
whose cell is in doubt is not read at all. No number is ever derived, corrected or converted here.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Literal

from gxeditor.core.errors import EntryError
from gxeditor.core.form import Form, Section
from gxeditor.core.report import KEPT_TEXTS, AgencyKind, Entry, Report, blank_report, parse_entry
from gxeditor.readers.labels import Aliases, Lexicon, label_key, load_aliases, plain, split_number
from gxeditor.readers.sources import Note, Paragraph, RawCell, RawTable, Source
from gxeditor.readers.tables import Reading, group_tables, line_number, read_group, table_name

__all__ = [
    "Imported",
    "Recognized",
    "Words",
    "agency_kind",
    "load_aliases",
    "read_entries",
    "read_words",
    "recognize",
    "recognize_table",
    "remainder",
]


@dataclass(frozen=True)
class Imported:
    """A report read from a foreign file, what a person should know about it, and where each figure came from.

    `notes` come doubts first, then in the order of the original. `placed` maps the id of every cell that was read to
    its place in the original (「第 41 行」), in printed order.
    """

    report: Report
    notes: tuple[Note, ...]
    placed: Mapping[str, str]
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
    notes: tuple[Note, ...]


def recognize(source: Source, form: Form, aliases: Aliases | None = None) -> Imported:
    """The report in a source, whatever the source holds. `aliases` are the shipped ones by default."""
    lexicon = Lexicon(form, aliases or load_aliases(form))
    notes: list[Note] = []
    values: dict[str, RawCell] = {}
    doubled: dict[str, list[RawCell]] = {}
    lines: set[tuple[str, str]] = set()
    unread: list[RawCell] = []
    for group in group_tables([block for block in source.blocks if isinstance(block, RawTable)], lexicon):
        reading = read_group(group, lexicon)
        unread.extend(_unread(group, reading, lexicon))
        notes.extend(reading.notes)
        lines |= reading.lines
        for cell_id, raw in reading.values.items():
            known = values.get(cell_id)
            if known is None or known.is_blank:
                values[cell_id] = raw
            elif not raw.is_blank and raw.text.strip() != known.text.strip():
                doubled.setdefault(cell_id, [known]).append(raw)
    notes.extend(_two_tables(form, doubled))
    entries, refused = read_entries(form, {i: raw for i, raw in values.items() if i not in doubled})
    notes.extend(refused)
    text = _Text(source, lexicon)
    report = text.report().with_entries(entries)
    notes.extend(text.notes)
    notes.extend(_missing(form, lines, text.table_text))
    notes.extend(remainder(unread))
    notes.sort(key=lambda note: (note.severity != "doubt", note.line is None, note.line or 0))
    placed = {cell_id: values[cell_id].place for cell_id in form.cells if cell_id in entries}
    return Imported(report, tuple(notes), MappingProxyType(placed), source)


def recognize_table(raw: RawTable, form: Form, aliases: Aliases | None = None) -> Recognized:
    """What the labels of a pasted table say about its figures; the texts are not parsed yet."""
    reading = read_group([raw], Lexicon(form, aliases or load_aliases(form)))
    if not reading.labels:
        return Recognized(MappingProxyType({}), 0, ())
    texts = {
        cell_id: reading.values[cell_id].text.strip() for cell_id in form.cells if cell_id in reading.values
    }
    return Recognized(MappingProxyType(texts), reading.labels, tuple(reading.notes))


@dataclass(frozen=True)
class Words:
    """The words of a report: all of it but its figures, the notes on it, and the paragraphs that are no part of it."""

    report: Report
    notes: tuple[Note, ...]
    unread: tuple[Paragraph, ...]


def read_words(source: Source, form: Form, known: Container[str] = ()) -> Words:
    """What the paragraphs of a source say; its tables are not looked at.

    `known` names what the file says elsewhere, of 单位名称 and 年份: it is not missed.
    """
    text = _Text(source, Lexicon(form, load_aliases(form)), known)
    report = text.report()
    return Words(report, tuple(text.notes), tuple(text.unread))


def remainder(pieces: Sequence[RawCell]) -> tuple[Note, ...]:
    """The note on what stands in the original and went nowhere, with all its places; none if there is nothing."""
    if not pieces:
        return ()
    shown = "、".join(f"{piece.place}“{_shortened(piece.text)}”" for piece in pieces[:_SHOWN_PIECES])
    what = f"有 {len(pieces)} 处没有读入：{shown}{'等' if len(pieces) > _SHOWN_PIECES else ''}。"
    done = "是年报内容的，请自行填入。"
    severity: Literal["doubt", "info"] = "doubt" if any(map(_weighs, pieces)) else "info"
    return (Note(severity, "没有读入的内容", what, done, pieces[0].place, (), pieces[0].line, tuple(pieces)),)


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


_SHOWN_PIECES = 5  # by their words; the note carries the places of all


_REMARK = re.compile(r"(?:注|备注|说明|填表说明|填报说明|填报要求|填报口径)[::]")


def _weighs(piece: RawCell) -> bool:
    """Whether a text may be of the report: a figure or a sentence, neither a caption nor a remark on filling in."""
    text = plain(piece.text)
    return _REMARK.match(text) is None and (len(text) > 12 or re.search("[0-9]", text) is not None)


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 20 else f"{words[:19]}…"


def read_entries(form: Form, values: Mapping[str, RawCell]) -> tuple[dict[str, Entry | None], list[Note]]:
    """The entries, and a note for each text that is none; cells with the same fault are told together."""
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
        if entry is not None:
            entries[cell_id] = entry
    notes = []
    for (section, what), ids in refused.items():
        about = form.cells[ids[0]].place if len(ids) == 1 else f"{len(ids)} 格"
        raws = tuple(values[cell_id] for cell_id in ids)
        where = f"{table_name(form, section)} · {about}"
        notes.append(
            Note("doubt", where, what, "没有读入，留空。", raws[0].place, tuple(ids), raws[0].line, raws)
        )
    return entries, notes


def _two_tables(form: Form, doubled: Mapping[str, list[RawCell]]) -> list[Note]:
    """Two tables that give the same cells different figures, for instance of two years."""
    ids = tuple(cell_id for cell_id in form.cells if cell_id in doubled)
    if not ids:
        return []
    raws = tuple(raw for cell_id in ids for raw in doubled[cell_id])
    name = table_name(form, form.cells[ids[0]].section)
    shown = "”和“".join(raw.text.strip() for raw in doubled[ids[0]][:2])
    what = f"原文有两张表给出不同的数，共 {len(ids)} 格，如“{shown}”。"
    return [Note("doubt", name, what, "没有读入，这些格留空。", raws[0].place, ids, raws[0].line, raws)]


def _missing(form: Form, lines: set[tuple[str, str]], table_text: Mapping[str, Paragraph]) -> list[Note]:
    """Rows that the source's tables do not have, and tables that it does not have at all."""
    notes = []
    for table in form.tables:
        name = table_name(form, table.key)
        found = {key for section, key in lines if section == table.key}
        absent = [line for block in table.blocks for line in block.rows if line.key not in found]
        ids = tuple(cell.id for cell in table.cells if cell.row.key not in found)
        run_together = table_text.get(table.key)
        if found and absent:
            rows = "、".join(line_number(line) for line in absent)
            notes.append(Note("doubt", name, f"原文没有这几行：{rows}。", f"{len(ids)} 格留空。", "", ids))
        elif not found and run_together is not None:
            what = "表格的各格连成了一段文字，分不清哪个数属于哪一格。"
            done = f"没有读入任何数，{len(ids)} 格留空；原文留在这一部分的文字里。"
            notes.append(Note("doubt", name, what, done, run_together.place, ids, run_together.line))
        elif not found:
            notes.append(Note("doubt", name, "没有找到这张表。", f"{len(ids)} 格留空。", "", ids))
    return notes


# -------------------- title, sections, signature
_CHINESE_DIGITS = "〇一二三四五六七八九"
_CHINESE_YEAR = rf"二[○零{_CHINESE_DIGITS}]{{3}}"
_YEAR = rf"(?P<year>(?:19|20)[0-9]{{2}}|{_CHINESE_YEAR})"
_NAME = r"(?:政府|政务)?信息公开(?:工作)?的?(?:年度)?(?:工作)?的?(?:年度)?报告"
_TITLES = (
    re.compile(rf"(?P<before>[^。，,；;:《》]*?){_YEAR}年?度?(?P<middle>[^。，,；;:《》]*?){_NAME}"),
    re.compile(rf"(?P<before>[^。，,；;:《》0-9]*?)(?P<year>)(?P<middle>){_NAME}"),
)
_TITLE_LENGTH = 80
_TITLE_DEPTH = 200  # paragraphs among which the title is looked for; page furniture before it has some 50
_FILE_SUFFIX = re.compile(r"\.(?:docx?|wps|pdf|txt|html?)$", re.IGNORECASE)
_FURNITURE = re.compile(
    r"(?:标题|名称|作者|来源|信息来源|栏目|文号|发文字号|索引号|日期|时间|发布(?:时间|日期|机构|单位)|(?:发文|成文|生成)日期"
    r"|原文链接|本地目录|浏览次数|字体|字号|主题分类|主题词|有效性|当前位置)[::].{0,100}"
    r"|[=\-_—*]{3,}(?:.{1,10}[=\-_—*]{3,})?"
)
_AGENCY = re.compile(
    r"[^。，,；;:：、《》0-9]{1,30}"
    r"(?:政府|办公室|办公厅|局|委|委员会|厅|办|院|署|处|中心|队|街道|镇|乡|苏木|区|县|市|州|盟|旗|省|公司|学校|大学)"
)
_DATE = re.compile(
    rf"(?:(?:19|20)[0-9]{{2}}年[0-9]{{1,2}}月[0-9]{{1,2}}日"
    rf"|{_CHINESE_YEAR}年[{_CHINESE_DIGITS}十]{{1,2}}月[{_CHINESE_DIGITS}十]{{1,3}}日)$"
)
_CLOSING = ("signature", "date")
_END = 8  # signature and date stand among the last paragraphs

# Only endings that leave no doubt; a management committee may be anything.
_KINDS = (
    (re.compile(r".*(?:乡|镇|街道|苏木)(?:人民政府|办事处)?"), AgencyKind.TOWNSHIP),
    (re.compile(r".*人民政府"), AgencyKind.GOVERNMENT),
    (re.compile(r".*(?:局|厅|办公室|(?<!管理)(?<!居民)(?<!村民)委员会|(?<!管)委)"), AgencyKind.DEPARTMENT),
)


def agency_kind(agency: str) -> AgencyKind:
    """What kind of agency a name certainly says; OTHER if it does not."""
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(agency)), AgencyKind.OTHER)


@dataclass(frozen=True, slots=True)
class _Found:
    """A place where a section may begin: its heading covers `start` to `end` of a paragraph's text.

    `weight` says how sure that is; `slip` is the heading as found where it is not worded as any known title.
    """

    block: int
    start: int
    end: int
    section: int
    weight: int
    slip: str = ""


_CERTAIN, _LIKELY, _RESEMBLING = 100, 30, 10
_HEADING_LENGTH = 30
_LIKENESS = (
    0.7  # of a numbered line to a title of that number; row labels of 表三 with the same numbers reach 0.5
)


class _Text:
    """The paragraphs of a source, sorted into title, preamble, sections, signature and date."""

    def __init__(self, source: Source, lexicon: Lexicon, known: Container[str] = ()) -> None:
        """`known` names what the file says elsewhere, of 单位名称 and 年份: it is not missed."""
        self.notes: list[Note] = []
        self._known = known
        self.table_text: dict[str, Paragraph] = {}
        """Per section the paragraph that holds its table with all cells run together."""
        self._form = lexicon.form
        self._lexicon = lexicon
        self._blocks = source.blocks
        self._parts = dict.fromkeys(
            block.part if isinstance(block, Paragraph) else "" for block in source.blocks
        ) or {"": None}
        self._said = {
            block.role: block for block in source.blocks if isinstance(block, Paragraph) and block.role
        }
        self.unread: list[Paragraph] = []
        """What belongs to no part of the report."""
        self._front: list[Paragraph] = []
        self._prose: dict[str, list[Paragraph]] = {section.key: [] for section in self._form.sections}
        self._patterns = [
            _heading_pattern(section, lexicon.titles[section.key]) for section in self._form.sections
        ]
        self._title_keys = [
            {label_key(title)[1] for title in lexicon.titles[section.key]} for section in self._form.sections
        ]

    def report(self) -> Report:
        """The report without its figures."""
        self._divide()
        agency, year, title = self._take_title()
        preamble = self._preamble()
        signature, date = self._take_signature(agency)
        report = blank_report(self._form, year).with_fields(
            agency=agency, kind=agency_kind(agency), preamble=preamble, signature=signature, date=date
        )
        if title and title != report.computed_title:
            report = report.with_fields(own_title=title)
        for section in self._form.sections:
            prose = self._prose[section.key]
            if not self._said:
                self._remark_subheadings(section, prose)
            self._find_table_text(section, prose)
            report = report.with_section(section.key, "\n".join(paragraph.text for paragraph in prose))
        return report

    def _note(
        self,
        severity: Literal["doubt", "info"],
        where: str,
        what: str,
        done: str,
        at: Paragraph | None = None,
    ) -> None:
        place, line = (at.place, at.line) if at is not None else ("", None)
        self.notes.append(Note(severity, where, what, done, place, (), line))

    # -------------------- sections
    def _divide(self) -> None:
        """Puts every paragraph into the front or the section under whose heading it stands."""
        headings = self._headings()
        upcoming = iter(headings)
        heading = next(upcoming, None)
        target = self._front
        part = ""
        for number, block in enumerate(self._blocks):
            if not isinstance(block, Paragraph) or block.role in _CLOSING:
                continue
            if block.part != part:
                part = block.part
                target = self._front if self._begins(part, headings) else self.unread
            at = 0
            while heading is not None and heading.block == number:
                self._keep(target, block, block.text[at : heading.start], number)
                section = self._form.sections[heading.section]
                target = self._prose[section.key]
                if heading.slip:
                    what = f"标题“{heading.slip}”不是规定的写法。"
                    self._note(
                        "info", f"第{section.number}部分", what, f"作为“{section.heading}”读入。", block
                    )
                at = heading.end
                heading = next(upcoming, None)
            self._keep(target, block, block.text[at:], number)
        found = {one.section for one in headings}
        first = self._form.sections[0]
        if not found and self._front:
            self._note(
                "doubt", "文字", "没有找到六个部分的标题。", f"文字都放在“{first.heading}”里，请自行分开。"
            )
        elif found and (
            list(self._parts) == [""] or any(self._prose.values())
        ):  # a workbook may be tables only
            for i, section in enumerate(self._form.sections):
                if i not in found:
                    done = f"它之前的文字放在“{first.heading}”里。" if i == 0 else "这一部分没有文字。"
                    what = f"没有找到标题“{section.heading}”。"
                    self._note("doubt", f"第{section.number}部分", what, done)
        if 0 not in found:
            self._move_front_to(self._prose[first.key])

    def _begins(self, part: str, headings: Sequence[_Found]) -> bool:
        """Whether what stands first in a part of the file begins the report: its title or first section follows."""
        blocks = [block for block in self._blocks if isinstance(block, Paragraph) and block.part == part]
        first = any(one.section == 0 and self._part_of(one.block) == part for one in headings)
        return first or any(block.role == "title" or _title_of(block.text) for block in blocks)

    def _part_of(self, number: int) -> str:
        block = self._blocks[number]
        return block.part if isinstance(block, Paragraph) else ""

    def _move_front_to(self, prose: list[Paragraph]) -> None:
        """Empties the front of everything but the title and what surrounds it, for want of a first heading."""
        front: list[Paragraph] = []
        body: list[Paragraph] = []
        for paragraph in self._front:
            text = plain(paragraph.text)
            stays = _title_of(text) or _AGENCY.fullmatch(text) or _FURNITURE.fullmatch(text)
            (front if stays else body).append(paragraph)
        self._front = front
        prose[:0] = body

    def _keep(self, target: list[Paragraph], block: Paragraph, text: str, number: int) -> None:
        """Adds a paragraph to the prose, unless it is a label that text without tabs left beside its table."""
        text = text.strip()
        if not text:
            return
        paragraph = replace(block, text=text)
        beside = [
            0 <= i < len(self._blocks) and isinstance(self._blocks[i], RawTable)
            for i in (number - 1, number + 1)
        ]
        if target is not self._front and any(beside):
            if all(label.kind in ("known", "neutral") for label in self._lexicon.read(text)):
                return
            if len(text) <= 4 and all(beside):
                what = f"两段表格之间的“{text}”不是文字内容。"
                self._note("info", "表格", what, "没有读入。", paragraph)
                return
        target.append(paragraph)

    def _headings(self) -> list[_Found]:
        """Where the sections begin: of all candidates the best chain in the form's order, later ones if in doubt.

        Later, because a preamble or a table of contents names the sections before they come. Where the file says itself
        what is a heading, nothing else is; and each part of a file has a chain of its own.
        """
        keys = [section.key for section in self._form.sections]
        said = [
            _Found(number, 0, len(block.text), keys.index(key), _CERTAIN)
            for number, block in enumerate(self._blocks)
            if isinstance(block, Paragraph)
            if (key := block.role.removeprefix("heading:")) != block.role and key in keys
        ]
        if said:
            return said
        return [one for part in self._parts for one in self._chain(part)]

    def _chain(self, part: str) -> list[_Found]:
        candidates = (
            found
            for number, block in enumerate(self._blocks)
            if isinstance(block, Paragraph) and block.part == part
            for found in self._candidates(number, block.text)
        )
        best: dict[int, tuple[int, int, list[_Found]]] = {}  # last section → weight, lateness, chain
        for position, candidate in enumerate(candidates):
            earlier = (chain for section, chain in best.items() if section < candidate.section)
            weight, lateness, chain = max(earlier, key=lambda c: c[:2], default=(0, 0, []))
            mine = (weight + candidate.weight, lateness + position, [*chain, candidate])
            if candidate.section not in best or mine[:2] >= best[candidate.section][:2]:
                best[candidate.section] = mine
        return max(best.values(), key=lambda c: c[:2], default=(0, 0, []))[2]

    def _candidates(self, number: int, text: str) -> list[_Found]:
        """Headings in a paragraph: alone, with prose run on behind, or in the middle of text that lost its breaks."""
        short = len(text) <= 3 * _HEADING_LENGTH
        given, rest = split_number(plain(text)) if short else ("", "")
        key = label_key(rest)[1]
        found: list[_Found] = []
        for index, section in enumerate(self._form.sections):
            pattern = self._patterns[index]
            start = pattern.match(text)
            if key in self._title_keys[index] and given in ("", section.number):
                found.append(_Found(number, 0, len(text), index, _CERTAIN if start else _LIKELY))
            elif start is not None:
                behind = text[start.end() :]
                if len(text) <= _HEADING_LENGTH and not re.search("[。，；,;：:0-9(（]", behind):
                    found.append(_Found(number, 0, len(text), index, _CERTAIN, text.strip()))
                else:
                    end = len(text) - len(behind.lstrip("。：: "))
                    found.append(_Found(number, 0, end, index, _CERTAIN))
            elif given == section.number and self._resembles(key, index):
                found.append(_Found(number, 0, len(text), index, _RESEMBLING, text.strip()))
            else:
                inside = list(pattern.finditer(text))[-3:]
                found.extend(_Found(number, m.start(), m.end(), index, _LIKELY) for m in inside)
        return sorted(found, key=lambda one: one.start)

    def _resembles(self, key: str, section: int) -> bool:
        if len(key) > _HEADING_LENGTH or any(label.kind == "known" for label in self._lexicon.read(key)):
            return False
        ratios = (
            SequenceMatcher(None, key, title, autojunk=False).ratio() for title in self._title_keys[section]
        )
        return max(ratios) >= _LIKENESS

    # -------------------- front
    def _take_title(self) -> tuple[str, int | None, str]:
        """Takes the title out of the front: agency, year, and the title as found; empty if there is none.

        Short texts before the title belong to the page that it was published on, and are left out.
        """
        if self._said:
            said = self._said.get("title")
            self._front = [paragraph for paragraph in self._front if paragraph.role != "title"]
            agency, year, _ = (_title_of(said.text) if said is not None else None) or ("", None, "")
            self._note_untitled(agency, year, said)
            return agency, year, said.text if said is not None else ""
        for i, paragraph in enumerate(self._front[:_TITLE_DEPTH]):
            for end in (i + 1, i + 2):
                found = _title_of("".join(p.text for p in self._front[i:end]))
                if found is None:
                    continue
                agency, year, title = found
                start = i
                if not agency and i and _AGENCY.fullmatch(plain(self._front[i - 1].text)):
                    start = i - 1
                    agency = plain(self._front[start].text)
                    title = agency + title
                before = self._front[:start]
                again = (title, plain(paragraph.text))
                after = [p for p in self._front[end:] if plain(p.text) not in again]
                self._leave_out([p for p in before if len(p.text) <= 100], "标题之前")
                self._front = [p for p in before if len(p.text) > 100] + after
                self._note_untitled(agency, year, paragraph)
                return agency, year, title
        if missing := [name for name in ("单位名称", "年份") if name not in self._known]:
            self._note("doubt", "基本信息", "没有找到年报的标题。", f"{'和'.join(missing)}留空。")
        return "", None, ""

    def _note_untitled(self, agency: str, year: int | None, title: Paragraph | None) -> None:
        for missing, name in ((not year, "年份"), (not agency, "单位名称")):
            if missing and name not in self._known:
                self._note("doubt", "基本信息", f"标题里没有{name}。", f"{name}留空。", title)

    def _preamble(self) -> str:
        """What remains of the front, page furniture left out."""
        kept: list[Paragraph] = []
        furniture: list[Paragraph] = []
        for paragraph in self._front:
            is_furniture = not self._said and _FURNITURE.fullmatch(plain(paragraph.text))
            (furniture if is_furniture else kept).append(paragraph)
        self._leave_out(furniture, "引言中")
        return "\n".join(paragraph.text for paragraph in kept)

    def _leave_out(self, paragraphs: Sequence[Paragraph], where: str) -> None:
        if paragraphs:
            shown = " ".join(paragraph.text for paragraph in paragraphs)
            shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
            self._note("info", "文字", f"{where}的附加信息：“{shown}”。", "没有读入。", paragraphs[0])

    # -------------------- end
    def _take_signature(self, agency: str) -> tuple[str, str]:
        """Takes signature and date off the end of the last section that has prose; empty texts if there are none."""
        if self._said:
            signed, dated = (self._said.get(role) for role in _CLOSING)
            return signed.text if signed else "", dated.text if dated else ""
        prose = next((p for s in reversed(self._form.sections) if (p := self._prose[s.key])), [])
        for i in range(len(prose) - 1, max(-1, len(prose) - 1 - _END), -1):
            text = plain(prose[i].text)
            date = _DATE.search(text)
            if date is None:
                continue
            start, signature = i, text[: date.start()]
            if not signature and i and _AGENCY.fullmatch(plain(prose[i - 1].text)):
                start = i - 1
                signature = plain(prose[start].text)
            if signature and not _AGENCY.fullmatch(signature):
                continue
            self._leave_out(prose[i + 1 :], "落款之后")
            del prose[start:]
            return signature, date[0]
        if prose and agency and plain(prose[-1].text) == agency:
            del prose[-1]
            return agency, ""
        return "", ""

    # -------------------- prose
    def _remark_subheadings(self, section: Section, prose: Sequence[Paragraph]) -> None:
        for paragraph in prose[:-1]:
            text = paragraph.text
            if len(text) <= 12 and re.fullmatch(r"[^\W0-9]+", text) and not split_number(plain(text))[0]:
                done = f"作为第{section.number}部分的小标题读入。"
                self._note("info", f"{section.number}、{text}", f"“{text}”没有编号。", done, paragraph)

    def _find_table_text(self, section: Section, prose: Sequence[Paragraph]) -> None:
        if section.table is None:
            return
        lines = (line for block in section.table.blocks for line in (*block.rows, *block.columns))
        names = {label_key(label)[1] for line in lines for label in line.labels[-1:]}
        for paragraph in prose:
            text = plain(paragraph.text)
            if sum(name in text for name in names if len(name) > 2) >= 4:
                self.table_text.setdefault(section.key, paragraph)


def _title_of(text: str) -> tuple[str, int | None, str] | None:
    """Agency, year and the title without blanks, if the text is a title of a report and nothing else."""
    title = _FILE_SUFFIX.sub("", re.sub(r"^(?:标题|名称):", "", plain(text[: 3 * _TITLE_LENGTH])))
    if len(title) > _TITLE_LENGTH:
        return None
    found = next((match for pattern in _TITLES if (match := pattern.fullmatch(title))), None)
    if found is None:
        return None
    agency = found["before"] or found["middle"]
    if agency.endswith("人民"):  # “某县人民政府信息公开…”: the 政府 belongs to both
        agency += "政府"
    return agency, _year(found["year"]), title


def _year(text: str) -> int | None:
    digits = text.translate(str.maketrans("○零" + _CHINESE_DIGITS, "000123456789"))
    return int(digits) if digits else None


def _heading_pattern(section: Section, titles: Iterable[str]) -> re.Pattern[str]:
    """The number and one of the titles, blanks anywhere between."""
    longest_first = sorted(titles, key=len, reverse=True)
    spaced = "|".join(r"\s*".join(map(re.escape, title)) for title in longest_first)
    return re.compile(rf"\s*{section.number}\s*[、.．,，:：]\s*(?:{spaced})")
