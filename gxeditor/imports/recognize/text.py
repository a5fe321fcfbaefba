"""The words of a report out of the paragraphs of a source: title, preamble, six sections, signature and date.

Knows how sections are headed, well or badly, what a table of contents and the head of a page look like, and who signs.
What belongs to no part is kept apart or told. Reads no figures: of tables it knows only where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from gxeditor.core.fields import NOTES
from gxeditor.core.form import Section
from gxeditor.core.report import AgencyKind, Report, blank_report
from gxeditor.imports.recognize.front import CHINESE_YEAR, Front, Page, page_number
from gxeditor.imports.recognize.notes import shortened
from gxeditor.imports.recognize.wrapping import unwrap
from gxeditor.imports.source import NOWHERE, ImportNote, Origin, RawCell, RawTable, SourceText
from gxeditor.wording.labels import AGENCY_ENDINGS, Lexicon, label_key, plain, simplified, split_number

_AGENCY = re.compile(rf"[^。，,；;:：、《》0-9]{{1,30}}(?:{AGENCY_ENDINGS})")
_DATE = re.compile(
    rf"(?:(?:19|20)[0-9]{{2}}年[0-9]{{1,2}}月[0-9]{{1,2}}日"
    rf"|{CHINESE_YEAR}年[一二三四五六七八九十]{{1,2}}月[一二三四五六七八九十]{{1,3}}日"
    rf"|(?P<loose>(?:19|20)[0-9]{{2}}年[0-9]{{1,2}}月|{CHINESE_YEAR}年[一二三四五六七八九十]{{1,2}}月"
    rf"|(?:19|20)[0-9]{{2}}([-./])[0-9]{{1,2}}\2[0-9]{{1,2}}))$"
)  # loose: what may be anything, unless a signature stands before it or nothing follows
_CLOSING = ("signature", "date")
_END = 8  # signature and date stand among the last paragraphs

# Only endings that leave no doubt; a management committee may be anything.
_KINDS = (
    (re.compile(r".*(?:乡|镇|街道|苏木)(?:(?:人民)?政府|办事处|办)?"), AgencyKind.TOWNSHIP),
    (re.compile(r".*(?:(?:人民)?政府|行政公署)"), AgencyKind.GOVERNMENT),
    (
        re.compile(r".*(?:局|厅|办公室|办公厅|(?<!管理)(?<!居民)(?<!村民)委员会|(?<!管)委)"),
        AgencyKind.DEPARTMENT,
    ),
)


_NOTE_ROLE = "note:"
_TABLE_NOTE = re.compile(r"[(\[【]?表?注[0-9]{0,2}[)\]】]?\s?:|[\[【]注[\]】]")
_NUMBERED_NOTE = re.compile(r"[(\[【]?表?注[)\]】]?\s?:\s?(?:[(]?1[).、]|1\.)")
_ITEM = re.compile(r"[(]?[0-9]{1,2}[).、](?![0-9])")
_ON_FILLING = re.compile(
    "填报|填写|填列|填表|勾稽|逻辑关系|审核关系|对应关系|第[一二三]项加|保留.{0,6}小数|必填|不得为空"
)


def is_table_note(text: str) -> bool:
    """Whether a text below a table is certainly a note that is published with it, and none on filling it in."""
    return _TABLE_NOTE.match(plain(text)) is not None and _ON_FILLING.search(text) is None


def agency_kind(agency: str) -> AgencyKind:
    """What kind of agency a name certainly says; OTHER if it does not."""
    name = re.sub(r"[（(][^（()）]*[）)]$", "", simplified(agency))
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(name)), AgencyKind.OTHER)


@dataclass(frozen=True, slots=True)
class _Found:
    """A place where a section may begin: its heading covers `start` to `end` of a paragraph's text.

    `weight` says how sure that is; `slip` is the heading as found where it is not worded as any known title, or its
    number is another section's (`misnumbered`).
    """

    block: int
    start: int
    end: int
    section: int
    weight: int
    slip: str = ""
    misnumbered: bool = False


# The words of a heading say more than its number, and a heading in a line of its own more than one with text behind it.
_CERTAIN, _MISNUMBERED, _RUN_ON, _LIKELY, _UNNUMBERED, _RESEMBLING, _NUMBER_ONLY = 100, 60, 40, 30, 15, 10, 2
_HEADING_LENGTH = 30
# How much a numbered line must resemble a title of that number, and of another number, to be it with a slip of the pen.
# Chosen between what was measured: row labels of the form reach 0.5 to the title of their own number (其他处理 to 六)
# and 0.67 to any, two titles 0.63; 下步改进打算 for 改进情况 has 0.83. Of the published reports at hand none decides:
# any value from 0.5 to 0.95 gives the same sections.
_LIKENESS, _LIKENESS_ALONE = 0.7, 0.8
_COLUMNS = re.compile(r"\S\s{2,12}\S+\s{2,12}\S|(?:\s[0-9.]{1,9}){3}")  # of a table that came as text
_FRONT_CELLS = 60  # of a table before the first section; those of metadata have some 20
_LONGEST_ENTRY = 90  # characters of a line in a table of contents
_CONTENTS = 4  # headings directly below each other that come again later are a table of contents
_LEADERS = re.compile(r"(?:[\s.…·．_-]{2,}|\()[0-9]{1,3}\)?$")
_DIGITS = "一二三四五六七八九十"
_HINT = re.compile(
    r"[(\[【<]?(?:此处|这里|本部分)?(?:为|填写?|请填写?)?文字(?:描述|说明|叙述|表述)(?:部分|内容)?"
    r"(?:[,:;。][^()]{0,80})?[)\]】>]?"
)
"""What the form prints where prose belongs, 「（文字描述）」: a hint to the writer and nothing of a report."""
_OPENED = re.compile(r"[【\[*#“\"\s]{1,6}")  # 【一、总体情况】, and what editors of web pages write for bold
_NUMBERED = re.compile(
    rf"(?:第\s?(?P<part>[{_DIGITS}]{{1,2}}|[1-9])\s?(?:部分|章|节)[\s、.．:：,，]{{0,4}}"
    rf"|(?P<outer>[{_DIGITS}]{{1,2}})\s{{0,4}}(?P<mark>[、.．,，:：]?)\s{{0,4}}"
    rf"|[（(]\s?(?P<paren>[{_DIGITS}]{{1,2}}|[1-9])\s?[）)][\s、.．]{{0,4}}"
    r"|(?P<arabic>[1-9])\s?[、.．]\s{0,4}(?![0-9]))"
)


class ReportText:
    """The paragraphs of a source, sorted into title, preamble, sections, signature and date.

    `known` names what the file says elsewhere, of 单位名称 and 年份: it is not missed.
    """

    def __init__(
        self, blocks: Sequence[SourceText | RawTable], lexicon: Lexicon, known: Container[str] = ()
    ) -> None:
        self.notes: list[ImportNote] = []
        self._known = known
        self.table_text: dict[str, SourceText] = {}
        """Per section the paragraph that holds its table with all cells run together."""
        self._form = lexicon.form
        self._lexicon = lexicon
        self._page = Page(lexicon.aliases.page)
        self._blocks = blocks
        self._parts = dict.fromkeys(
            block.part if isinstance(block, SourceText) else "" for block in blocks
        ) or {"": None}
        self._said = {block.role: block for block in blocks if isinstance(block, SourceText) and block.role}
        self._below: set[Origin] = set()
        self._noted: dict[str, list[SourceText]] = {}
        self.unread: list[SourceText] = []
        """What belongs to no part of the report."""
        self._front: list[SourceText] = []
        self._front_cells: list[SourceText] = []
        self._page_numbers: list[SourceText] = []
        self._prose: dict[str, list[SourceText]] = {section.key: [] for section in self._form.sections}
        titles = [lexicon.titles[section.key] for section in self._form.sections]
        self._titles = [_spaced(worded) for worded in titles]
        self._patterns = [
            heading_pattern(section.number, worded)
            for section, worded in zip(self._form.sections, titles, strict=True)
        ]
        self._title_keys = [{label_key(title)[1] for title in worded} for worded in titles]

    def report(self) -> Report:
        """The report without its figures."""
        first = self._form.sections[0]
        found_first = self._divide()
        front = self._said_front() if self._said else self._divide_front()
        signature, date = self._take_signature(front.agency)
        agency = self._agency(front, signature)
        if not found_first:
            self._prose[first.key][:0] = front.preamble
            front.preamble = []
        preamble = front.preamble
        if not self._said:
            self._leave_out_headers(front.title)
            preamble = self._unwrap(preamble)
            self._take_table_notes()
        report = blank_report(self._form, front.year).with_fields(
            agency=agency,
            kind=agency_kind(agency),
            preamble="\n".join(paragraph.text for paragraph in preamble),
            signature=signature,
            date=date,
            **self._table_notes(),
        )
        if front.title and front.title != report.computed_title:
            report = report.with_fields(own_title=front.title)
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
        at: SourceText | None = None,
    ) -> None:
        self.notes.append(ImportNote(severity, where, what, done, at.origin if at is not None else NOWHERE))

    # -------------------- sections
    def _divide(self) -> bool:
        """Puts every paragraph into the front or the section under whose heading it stands; is the first one found?"""
        headings = self._headings()
        upcoming = iter(headings)
        heading = next(upcoming, None)
        target = self._front
        part = ""
        for number, block in enumerate(self._blocks):
            if isinstance(block, RawTable):
                if target is self._front:
                    cells = block.cells[:_FRONT_CELLS]
                    self._front_cells += [SourceText(cell.text, cell.origin) for cell in cells]
                continue
            if block.role in _CLOSING or block.role.startswith(_NOTE_ROLE):
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
                    done = f"作为“{section.heading}”读入。"
                    if heading.misnumbered:
                        what, done = f"标题“{heading.slip}”的编号和文字不一致。", f"按文字{done}"
                    self._note("info", f"第{section.number}部分", what, done, block)
                at = heading.end
                heading = next(upcoming, None)
            self._keep(target, block, block.text[at:], number)
        if self._page_numbers:
            shown = "”“".join(paragraph.text for paragraph in self._page_numbers[:3])
            what = f"正文中夹有页码，共 {len(self._page_numbers)} 处，如“{shown}”。"
            self._note("info", "文字", what, "没有读入。", self._page_numbers[0])
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
        return 0 in found

    def _begins(self, part: str, headings: Sequence[_Found]) -> bool:
        """Whether what stands first in a part of the file begins the report: its title or first section follows."""
        blocks = [block for block in self._blocks if isinstance(block, SourceText) and block.part == part]
        first = any(one.section == 0 and self._part_of(one.block) == part for one in headings)
        return first or any(block.role == "title" or self._page.title(block.text) for block in blocks)

    def _part_of(self, number: int) -> str:
        block = self._blocks[number]
        return block.part if isinstance(block, SourceText) else ""

    def _keep(self, target: list[SourceText], block: SourceText, text: str, number: int) -> None:
        """Adds a paragraph to the prose, unless it is a label that text without tabs left beside its table."""
        text = text.strip()
        if not text or (not self._said and _HINT.fullmatch(plain(text))):
            return
        paragraph = replace(block, text=text)
        if target is not self._front and not self._said and page_number(text):
            self._page_numbers.append(paragraph)
            return
        beside = [
            0 <= i < len(self._blocks) and isinstance(self._blocks[i], RawTable)
            for i in (number - 1, number + 1)
        ]
        if target is not self._front and beside[0]:
            self._below.add(paragraph.origin)
        if target is not self._front and any(beside) and not self._said:
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
        at = {name: i for i, one in enumerate(self._form.sections) for name in (one.key, one.number)}
        said = [
            _Found(number, 0, len(block.text), at[key], _CERTAIN)
            for number, block in enumerate(self._blocks)
            if isinstance(block, SourceText)
            if (key := block.role.removeprefix("heading:")) != block.role and key in at
        ]
        if said:
            return said
        return [one for part in self._parts for one in self._chain(part)]

    def _chain(self, part: str) -> list[_Found]:
        candidates = [
            found
            for number, block in enumerate(self._blocks)
            if isinstance(block, SourceText) and block.part == part
            for found in self._candidates(number, simplified(block.text))
        ]
        candidates = _without_contents(candidates)
        best: dict[int, tuple[int, int, list[_Found]]] = {}  # last section → weight, lateness, chain
        for position, candidate in enumerate(candidates):
            earlier = (chain for section, chain in best.items() if section < candidate.section)
            weight, lateness, chain = max(earlier, key=lambda c: c[:2], default=(0, 0, []))
            mine = (weight + candidate.weight, lateness + position, [*chain, candidate])
            if candidate.section not in best or mine[:2] >= best[candidate.section][:2]:
                best[candidate.section] = mine
        chain = max(best.values(), key=lambda c: c[:2], default=(0, 0, []))[2]
        return [one for i, one in enumerate(chain) if not self._is_item(one, chain[i - 1] if i else None)]

    def _is_item(self, found: _Found, before: _Found | None) -> bool:
        """Whether a heading known by its number only is an item of a list that begins after the heading before it."""
        if found.weight != _NUMBER_ONLY or not found.section:
            return False
        between = self._blocks[before.block + 1 if before else 0 : found.block]
        return any(isinstance(block, SourceText) and block.text.startswith("一、") for block in between)

    def _candidates(self, number: int, text: str) -> list[_Found]:
        """Headings in a paragraph: alone, with prose run on behind, or in the middle of text that lost its breaks."""
        found: list[_Found] = []
        start = self._at_start(number, text)
        if start is not None:
            found.append(start)
        for index, pattern in enumerate(self._patterns):
            if start is None or start.section != index:
                inside = [match for match in pattern.finditer(text) if match.start() or start is None][-3:]
                found.extend(_Found(number, m.start(), m.end(), index, _LIKELY) for m in inside)
        return sorted(found, key=lambda one: one.start)

    def _at_start(self, number: int, text: str) -> _Found | None:
        """The heading with which a paragraph begins."""
        opened = _OPENED.match(text)
        numbered = _NUMBERED.match(text, opened.end() if opened else 0)
        at = numbered.end() if numbered else 0
        groups = numbered.groupdict() if numbered else {}
        style = next((name for name in ("part", "outer", "paren", "arabic") if groups.get(name)), "")
        given = groups.get(style) or ""
        given = _DIGITS[int(given) - 1] if given.isdigit() else given
        words = [(m.end(), i) for i, titles in enumerate(self._titles) if (m := titles.match(text, at))]
        key = label_key(_LEADERS.sub("", text[at:]))[1] if len(text) <= 3 * _HEADING_LENGTH else ""
        if words:
            end, index = max(words)
            right = given in ("", self._form.sections[index].number)
            whole = key in self._title_keys[index]
            return self._worded(number, text, end, index, style, right, whole)
        alone = [i for i, keys in enumerate(self._title_keys) if key and key in keys]
        if alone and (not given or given == self._form.sections[alone[0]].number):
            return _Found(number, 0, len(text), alone[0], _LIKELY)
        if not given or len(key) > _HEADING_LENGTH or self._is_label(key):
            return None
        here = _DIGITS.find(given)
        likeness = [self._likeness(key, i) for i in range(len(self._title_keys))]
        if here < len(likeness) and likeness[here] >= _LIKENESS:
            return _Found(number, 0, len(text), here, _RESEMBLING, text.strip())
        closest = max(range(len(likeness)), key=lambda i: likeness[i])
        if style not in ("outer", "part"):
            return None
        if likeness[closest] >= _LIKENESS_ALONE:
            return _Found(number, 0, len(text), closest, _RESEMBLING, text.strip(), True)
        marked = style == "part" or groups.get("mark") in ("、", ".", "．")
        if here < len(likeness) and marked and key and not re.search("[。，；,;：:0-9(（]", text[at:]):
            return _Found(number, 0, len(text), here, _NUMBER_ONLY, text.strip())
        return None

    def _worded(
        self, number: int, text: str, end: int, index: int, style: str, right: bool, whole: bool
    ) -> _Found | None:
        """The heading that is worded as a title of a section, up to `end`; its number may be `right` or another's."""
        behind = text[end:]
        outer = style in ("outer", "part")
        slip = "" if right else text[:end].strip()
        if whole:
            if not right:
                # （一） and 1. head parts of a section, which may be called like another one
                return _Found(number, 0, len(text), index, _MISNUMBERED, slip, True) if outer else None
            return _Found(number, 0, len(text), index, _CERTAIN if outer else _LIKELY)
        short = len(text) <= _HEADING_LENGTH and not re.search("[。，；,;：:0-9(（]", behind)
        if outer and short:
            weight = _CERTAIN if right else _MISNUMBERED
            return _Found(number, 0, len(text), index, weight, text.strip(), not right)
        end = len(text) - len(behind.lstrip("。：: "))
        stopped = behind[:1] in ("。", "：", ":")
        if outer and right and (style == "outer" or stopped or behind[:1].isspace()):
            return _Found(number, 0, end, index, _CERTAIN)
        if outer and stopped:
            return _Found(number, 0, end, index, _MISNUMBERED, slip, True)
        if style and right and stopped:
            return _Found(number, 0, end, index, _RUN_ON if style == "paren" else _LIKELY)
        if not style and behind[:1] in ("：", ":") and text.startswith(self._form.sections[index].title):
            return _Found(number, 0, end, index, _UNNUMBERED)
        return None

    def _is_label(self, key: str) -> bool:
        return any(label.kind == "known" for label in self._lexicon.read(key))

    def _likeness(self, key: str, section: int) -> float:
        return max(
            SequenceMatcher(None, key, title, autojunk=False).ratio() for title in self._title_keys[section]
        )

    # -------------------- front
    def _divide_front(self) -> Front:
        """The front divided; what belongs to the page is left out and said."""
        labels = frozenset(key for key, asks in self._lexicon.aliases.fields.items() if asks == "agency")
        front = Front(self._front, self._page, labels, self._front_cells)
        self._leave_out(front.before, "标题之前")
        contents = self._contents(front.preamble)
        self._leave_out(front.after, "引言中")
        self._leave_out(contents, "目录，即标题之前")
        return front

    def _said_front(self) -> Front:
        """The front of a file that says itself what its title is."""
        said = self._said.get("title")
        front = Front([said] if said is not None else [], self._page, frozenset())
        front.title = said.text if said is not None else ""
        computed = re.fullmatch(rf"(.*?)((?:19|20)[0-9]{{2}})年{self._form.title}", front.title)
        if computed is not None:  # so the program words it, whatever the agency is called
            front.agency, front.year = computed[1], int(computed[2])
        front.anchor = said
        front.preamble = [paragraph for paragraph in self._front if paragraph.role != "title"]
        return front

    def _contents(self, preamble: list[SourceText]) -> list[SourceText]:
        """Takes a table of contents out of the preamble."""
        keys = set().union(*self._title_keys)
        lines = [one for one in preamble if label_key(_LEADERS.sub("", one.text[:_LONGEST_ENTRY]))[1] in keys]
        if len(lines) < _CONTENTS:  # a heading that comes again in the next line
            lines = [
                one
                for one in lines
                if (at := self._at_start(0, simplified(one.text))) and at.weight >= _MISNUMBERED
            ]
        left_out = set(map(id, lines))
        preamble[:] = [one for one in preamble if id(one) not in left_out]
        return lines

    def _agency(self, front: Front, signature: str) -> str:
        """The agency of the title; where that names none, of the signature, which is said."""
        if front.agency or front.doubtful or "单位名称" in self._known:
            self._remark_front(front, front.agency)
            return front.agency
        # An office signs for its government, too.
        signed = plain(signature)
        if self._page.certainty(signed) < 2 or simplified(signed).endswith(("政府办公室", "政府办公厅")):
            self._remark_front(front, "")
            return ""
        self._remark_front(front, signature)
        done = f"按落款填为“{signature}”，请核对。"
        self._note("doubt", "基本信息", "标题里没有单位名称。", done, front.anchor)
        return signature

    def _remark_front(self, front: Front, agency: str) -> None:
        """Says what the title does not tell, and why."""
        missing = [
            name
            for name, there in (("单位名称", agency), ("年份", front.year))
            if not there and name not in self._known
        ]
        if front.anchor is None:
            if missing:
                self._note("doubt", "基本信息", "没有找到年报的标题。", f"{'和'.join(missing)}留空。")
            return
        if "年份" in missing:
            self._note("doubt", "基本信息", "标题里没有年份。", "年份留空。", front.anchor)
        if "单位名称" not in missing:
            return
        if front.doubtful:
            what = f"标题里的“{front.doubtful}”是不是单位名称，拿不准。"
            self._note("doubt", "基本信息", what, "单位名称留空。", front.anchor)
        else:
            self._note("doubt", "基本信息", "标题里没有单位名称。", "单位名称留空。", front.anchor)

    def _leave_out(self, paragraphs: Sequence[SourceText], where: str) -> None:
        if paragraphs:
            shown = shortened(" ".join(paragraph.text for paragraph in paragraphs), 60)
            what = f"{where}的附加信息：“{shown}”。"
            raw = [RawCell(i, 0, 1, 1, one.text, one.origin) for i, one in enumerate(paragraphs)]
            self.notes.append(ImportNote.on(raw, "文字", what, "没有读入。", severity="info"))

    # -------------------- end
    def _take_signature(self, agency: str) -> tuple[str, str]:
        """Takes signature and date off the end of the last section that has prose; empty texts if there are none."""
        if self._said:
            signed, dated = (
                "\n".join(
                    one.text for one in self._blocks if isinstance(one, SourceText) and one.role == role
                )
                for role in _CLOSING
            )
            return signed, dated
        prose = next((p for s in reversed(self._form.sections) if (p := self._prose[s.key])), [])
        for i in range(len(prose) - 1, max(-1, len(prose) - 1 - _END), -1):
            text = plain(prose[i].text)
            date = _DATE.search(text)
            if date is None:
                continue
            start, signature = i, text[: date.start()]
            if not signature and i and _AGENCY.fullmatch(simplified(plain(prose[i - 1].text))):
                start = i - 1
                signature = plain(prose[start].text)
                if start and self._signs(plain(prose[start - 1].text), agency):
                    start -= 1
                    signature = f"{plain(prose[start].text)}\n{signature}"
            if signature and not _AGENCY.fullmatch(simplified(signature.replace("\n", ""))):
                continue
            if not signature and date["loose"] and i < len(prose) - 1:
                continue
            self._leave_out(prose[i + 1 :], "落款之后")
            del prose[start:]
            return signature, date[0]
        for lines in (1, 2):  # signed, not dated
            last = [plain(one.text) for one in prose[-lines:]]
            if (
                agency
                and last[:1] == [agency]
                and all(_AGENCY.fullmatch(simplified(one)) for one in last[1:])
            ):
                del prose[-lines:]
                return "\n".join(last), ""
        return "", ""

    def _signs(self, text: str, agency: str) -> bool:
        """Whether a line above the one that signs is a part of the signature: the agency, whose office signs."""
        return bool(text) and (text == agency or self._page.certainty(text) == 2)

    # -------------------- notes below tables
    def _take_table_notes(self) -> None:
        """Takes 「注：……」 directly below a table off its section's prose, and lines that are numbered on from it."""
        for key in NOTES:
            prose, noted = self._prose.get(key, []), self._noted.setdefault(key, [])
            at = next((i for i, one in enumerate(prose) if one.origin in self._below), len(prose))
            numbered = False
            while at < len(prose) and (
                is_table_note(prose[at].text) or (numbered and _ITEM.match(plain(prose[at].text)))
            ):
                numbered = numbered or _NUMBERED_NOTE.match(plain(prose[at].text)) is not None
                noted.append(prose.pop(at))

    def _table_notes(self) -> dict[str, str]:
        """The notes below tables, by the names of their fields: those found there, or as the file says itself."""
        keys = {section.number: section.key for section in self._form.sections}
        for one in self._blocks:
            if isinstance(one, SourceText) and one.role.startswith(_NOTE_ROLE):
                key = one.role.removeprefix(_NOTE_ROLE)
                self._noted.setdefault(keys.get(key, key), []).append(one)
        return {
            NOTES[key].name: "\n".join(one.text for one in found)
            for key, found in self._noted.items()
            if found and key in NOTES
        }

    # -------------------- prose
    def _unwrap(self, preamble: list[SourceText]) -> list[SourceText]:
        """The preamble, lines joined that the width of a page had broken, in the sections too."""
        regions, breaks = unwrap([preamble, *self._prose.values()], self._is_apart)
        if breaks:
            self._prose.update(zip(self._prose, regions[1:], strict=True))
            what = f"原文一行一行断开，有 {breaks} 处断在一段话中间。"
            self._note("info", "文字", what, "已把断开的行连成整段，请看一看分段。")
        return regions[0]

    def _is_apart(self, region: int, text: str) -> bool:
        """Whether a text is a label or figures of a table that came as text; `region` 0 is the preamble."""
        if "|" in text or _COLUMNS.search(text) or re.fullmatch(r"[0-9.,/\s-]+", text):
            return True
        if text.endswith(("。", "；", "，")):
            return False
        tabled = region > 0 and self._form.sections[region - 1].table is not None
        if tabled and not re.search("[，。；,;]", text):
            return True
        return len(text) <= 3 * _HEADING_LENGTH and any(
            label.kind in ("known", "neutral") for label in self._lexicon.read(text)
        )

    def _leave_out_headers(self, title: str) -> None:
        """Takes the title out of the prose, where it stands at the head of each page."""
        for key, prose in self._prose.items():
            headers = [one for one in prose if title and plain(one.text) == title]
            self._leave_out(headers, "正文中的页眉，即")
            if headers:
                self._prose[key] = [one for one in prose if plain(one.text) != title]

    def _remark_subheadings(self, section: Section, prose: Sequence[SourceText]) -> None:
        for paragraph in prose[:-1]:
            text = paragraph.text
            if len(text) <= 12 and re.fullmatch(r"[^\W0-9]+", text) and not split_number(plain(text))[0]:
                done = f"作为第{section.number}部分的小标题读入。"
                self._note("info", f"{section.number}、{text}", f"“{text}”没有编号。", done, paragraph)

    def _find_table_text(self, section: Section, prose: Sequence[SourceText]) -> None:
        if section.table is None:
            return
        lines = (line for block in section.table.blocks for line in (*block.rows, *block.columns))
        names = {label_key(label)[1] for line in lines for label in line.labels[-1:]}
        for paragraph in prose:
            text = plain(paragraph.text)
            if sum(name in text for name in names if len(name) > 2) >= 4:
                self.table_text.setdefault(section.key, paragraph)


def _without_contents(candidates: list[_Found]) -> list[_Found]:
    """The candidates without those of a table of contents: headings below each other that all come again."""
    begin = [one for one in candidates if not one.start]
    last = {one.section: one.block for one in begin}
    contents: set[int] = set()
    run: list[_Found] = []
    for one in [*begin, None]:
        if one is not None and (
            not run or (one.block == run[-1].block + 1 and one.section > run[-1].section)
        ):
            run.append(one)
            continue
        later = {section for section, block in last.items() if run and block > run[-1].block}
        if len(run) >= _CONTENTS and len(later & {other.section for other in run}) >= _CONTENTS - 1:
            contents.update(other.block for other in run)
        run = [one] if one is not None else []
    return [one for one in candidates if one.block not in contents]


def heading_pattern(number: str, titles: Iterable[str]) -> re.Pattern[str]:
    """The number and one of the titles, a few blanks anywhere between; it takes time only in proportion to the text."""
    return re.compile(rf"{number}\s{{0,4}}[、.．,，:：]\s{{0,4}}(?:{_spaced(titles).pattern})")


def _spaced(titles: Iterable[str]) -> re.Pattern[str]:
    """One of the titles, the longest that fits."""
    longest_first = sorted(titles, key=len, reverse=True)
    worded = (r"\s{0,4}".join(map(re.escape, title)) for title in longest_first)
    return re.compile("|".join(one.replace("其\\s{0,4}他", "其\\s{0,4}[他它]") for one in worded))
