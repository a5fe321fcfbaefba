"""Lists of units: read from text, tables, Word, Excel, last year's roll-up or a folder, and written as a workbook.

Knows how offices write such lists: a name a line, its level by indentation, numbering or a column; headings of groups,
totals and titles between them; columns under many headings in any order, or none; former names in brackets. What a name
says is `core.rollup.naming`. Nothing of a list is lost without a word: what was left out and what is to be decided
stands in `ListRead.notes`. A list written by `write_list` reads back the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import gxeditor
from gxeditor.core.errors import GxError, UnreadableSource
from gxeditor.core.rollup.matching import FileSays, owner_of
from gxeditor.core.rollup.naming import (
    BETWEEN,
    Words,
    area_of,
    area_rank,
    is_organ,
    plain,
    unknown_areas,
    without_brackets,
)
from gxeditor.core.rollup.project import PriorYear, Rollup
from gxeditor.core.rollup.units import Alias, Duty, Role, Scope, Unit, UnitKind, Units
from gxeditor.files.decoding import decode
from gxeditor.files.digest import sha256
from gxeditor.files.divided import divided
from gxeditor.files.limits import FOREIGN_FILE, TEXT_FILE, WORKBOOK_ROWS
from gxeditor.files.reading import read_file, sha256_of
from gxeditor.resources import load_form, load_unit_words

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from gxeditor.imports.source import RawTable


class ListRead(NamedTuple):
    """A list as it was read, what is to be said of the reading in sentences, and whose it is, "" if unknown."""

    units: Units
    notes: tuple[str, ...] = ()
    owner: str = ""


@dataclass
class _Cell:
    text: str
    indent: int = 0


@dataclass
class _Line:
    """A line of the list before it is a unit: what its columns say, and by what its level may be told."""

    name: str
    where: str
    indent: int = 0
    rank: int = 0
    says: dict[str, str] = field(default_factory=dict)
    group: bool = False
    counted: bool = False
    outlined: bool = False


SUFFIXES = (".xlsx", ".xls", ".et", ".docx", ".doc", ".wps", ".csv", ".txt", ".gxh", ".ods", ".odt", ".html")
"""How files end that a list may be read from; what dialogs list."""
_NOTHING = "名单没有改动。"
_NUMBERINGS = (
    re.compile(r"[一二三四五六七八九十百]{1,4}[、.．:：]\s*"),
    re.compile(r"[（(][一二三四五六七八九十百]{1,4}[）)]\s*"),
    re.compile(r"第[一二三四五六七八九十百\d]{1,4}[、类部分]+[:：]?\s*"),
    re.compile(r"\d{1,5}(?:[、．)）]|[.](?!\d)|(?=\s))\s*"),
    re.compile(r"[（(]\d{1,5}[）)]\s*"),
    re.compile(r"[①-⑳]\s*|[●○◆◇■□▪·•※★*\-—]+\s+|[●○◆◇■□▪•※★]\s*"),
)
_RANKS = (1, 2, 1, 3, 4, 5)
_OUTLINE = re.compile(r"(\d{1,3}(?:[.．]\d{1,3}){1,3})[.．、)）]?\s*(?=[^\s\d.])")  # 4.1 公安局城东分局
_OVER, _UNDER = "一二三四1234", "[上下]级|所属|下属|直属|主管|基层|所辖|归口"
_LEVEL_HEAD = re.compile(f"(?:第?[{_OVER}]级|{_UNDER})(?:预算|管理)?(?:单位|部门|机构|机关)(?:名称|全称)?")
_UNNUMBERED = 9
_ONLY_NUMBER = re.compile(r"[（(]?(?:\d{1,5}|[一二三四五六七八九十百]{1,4})[)）、.．]?")
_CODE = re.compile("[0-9A-HJ-NPQRTUWXY]{18}")  # GB 32100—2015: without I, O, S, V, Z
_CODE_BEHIND = re.compile("[\\s,，;；:：(（]+([0-9A-HJ-NPQRTUWXY]{18})[)）]?$")
_PHONE_BEHIND = re.compile(
    r"[\s,，;；:：(（]+(?:联系)?(?:电话|手机)?[:：]?\s*(?:\d{3,4}[-—－])?\d{7,11}[)）]?$"
)
_SENTENCE = re.compile("[。；？！]|.{41}|20\\d\\d年")
_HARD_GROUP = re.compile("部门|单位|乡镇|镇街|街道|机构|组织|各|直|[县市]区|区县|名单|类$")
_LEVELS = {
    "省级": 1, "省": 1, "自治区": 1, "市级": 2, "市": 2, "地级": 2, "州": 2, "地市级": 2, "设区市": 2, "市本级": 2,
    "县级": 3, "县": 3, "区": 3, "县区级": 3, "区级": 3, "区县级": 3, "县处级": 3, "县本级": 3,
    "县直": 4, "市直": 3, "区直": 4,
    "乡级": 4, "乡": 4, "镇": 4, "乡镇": 4, "乡镇级": 4, "乡科级": 4, "街道": 4, "部门": 4, "村级": 5,
    "一级": 1, "二级": 2, "三级": 3, "四级": 4, "五级": 5, "第一级": 1, "第二级": 2, "第三级": 3, "第四级": 4,
    "一": 1, "二": 2, "三": 3, "四": 4,
}  # fmt: skip
_YES = {
    "是",
    "报",
    "要",
    "应报",
    "必报",
    "须报",
    "报送",
    "填报",
    "需要",
    "应当报送",
    "√",
    "✓",
    "Y",
    "y",
    "1",
    "有",
}
_NO = {"否", "不报", "不", "不要", "不用报", "不需要", "×", "✗", "N", "n", "0", "无", "不报送", "不填报"}
_MAY = {"可报", "可以报", "自愿", "可选", "选报"}
_EXEMPT = {"免报", "免", "豁免", "免于报送", "免填"}
_ROLES = {
    **{role.value: role for role in Role},
    "汇总": Role.SUM, "合计": Role.SUM, "比对": Role.SUM, "只比对不计入": Role.SUM, "不计入": Role.SUM, "否": Role.SUM,
    "单户": Role.LEAF, "单户表": Role.LEAF, "是": Role.LEAF, "计": Role.LEAF, "差额": Role.DIFFERENCE,
    "差额表": Role.DIFFERENCE,
    "免": Role.EXEMPT, "不报": Role.EXEMPT,
}  # fmt: skip
_DATE = re.compile(r"(?:(20\d\d)[-./年])?(\d{1,2})[-./月](\d{1,2})(?:日|号)?(?:\D.*)?")
_BY_HEADING = (UnitKind.VERTICAL, UnitKind.PUBLIC, UnitKind.AUTHORIZED, UnitKind.ZONE, UnitKind.BRANCH)
_FEW_NAMES = 3  # on one line with 、 between them, from which they are several units


# --- from where


def read_units(source: Path | str, owner: str = "", year: int | None = None) -> Units:
    """The units of a list; as `read_list`, without what is to be said of it."""
    return read_list(source, owner, year).units


def read_list(source: Path | str, owner: str = "", year: int | None = None) -> ListRead:
    """The list in a file, a folder, a roll-up's file (paths), or in a pasted text.

    `owner` is whose list it is (松塘县): its own government is compared and not added. `year` is that of the reports,
    by which a due date without one is understood. Raises `UnreadableSource` if nothing of it is a unit, and what the
    reader of the format raises.
    """
    if isinstance(source, str):
        return _checked(_Reading(owner, year).text(source, "这段文字"), "这段文字")
    if source.is_dir():
        return _checked(propose(_files_say(source), owner), f"“{source.name}”")
    if source.suffix.lower() == ".gxh":
        return _of_rollup(source)
    name = f"“{source.name}”"
    if source.suffix.lower() in (".txt", ".csv", ".tsv", ".md"):
        text = decode(read_file(source, TEXT_FILE, holder="可能正在 Excel 或 WPS 中使用"))
        if text is None or "\0" in text:
            raise UnreadableSource(
                f"{name}不是文本文件。", _NOTHING, "请用 Excel 或 Word 打开它，另存一份再导入。"
            )
        return _checked(_Reading(owner, year).text(text, name, source.suffix.lower() == ".csv"), name)
    from gxeditor.exports.unit_list import REMEMBERED_HEADS
    from gxeditor.imports.doors import read_source
    from gxeditor.imports.source import SourceText

    reading = _Reading(owner, year)
    blocks = read_source(source, load_form()).blocks
    indents = _indents(source) if any(not isinstance(block, SourceText) for block in blocks) else {}
    lines: list[_Line] = []
    texts: list[list[_Cell]] = []
    remembered: list[list[str]] = []
    for block in blocks:
        if isinstance(block, SourceText):
            texts.append([_Cell(block.text, block.indent)])
            continue
        rows = _rows(block, indents)
        if [cell.text for cell in rows[0]] == [head for head, _ in REMEMBERED_HEADS]:
            remembered = [[cell.text for cell in row] for row in rows[1:]]
        else:
            lines += reading.table(rows)
    beside = reading.plain_lines(texts) if texts and not lines else []
    if not lines:
        lines = beside
    elif left := [cell.text for (cell,) in texts if is_organ(without_brackets(plain(cell.text)))]:
        shown = "、".join(f"“{one}”" for one in left[:3])
        reading.notes.append(f"表格外面还有{shown}等 {len(left)} 行像单位名称，没有列入。")
    read = reading.units(lines)
    return _checked(read._replace(units=_with_remembered(read.units, remembered)), name)


def _with_remembered(units: Units, rows: Sequence[Sequence[str]]) -> Units:
    """The units with the spellings of the second sheet of our own workbook in front of those of the first."""
    from gxeditor.exports.unit_list import WHENCE

    whence = {word: key for key, word in WHENCE.items()}
    kept: dict[str, list[Alias]] = {}
    for name, _, came, note, used, own in rows:
        if name:
            alias = Alias(name, whence.get(came, "list"), note, int(used) if used.isdigit() else 0)
            kept.setdefault(own, []).append(alias)
    listed = []
    for unit in units.listed:
        first = kept.get(unit.id, [])
        has = {alias.name for alias in first}
        listed.append(replace(unit, aliases=(*first, *(a for a in unit.aliases if a.name not in has))))
    return Units(tuple(listed))


def _checked(read: ListRead, called: str) -> ListRead:
    if not any(unit.kind is not UnitKind.GROUP for unit in read.units.listed):
        raise UnreadableSource(
            f"{called}里没有找到单位名称。",
            _NOTHING,
            "请一行写一个单位，或在表里用“单位名称”作列名，再导入。",
        )
    return read


def _of_rollup(path: Path) -> ListRead:
    """The units of another roll-up with what was remembered there; ids stay, so the years can be compared."""
    from gxeditor.store.rollup_file import read_rollup

    rollup = read_rollup(path, load_form).rollup
    kept = [
        replace(
            unit,
            due="",
            aliases=tuple(
                replace(a, whence="prior", note=a.note or f"从 {rollup.year} 年汇总带来")
                if a.whence == "asked"
                else a
                for a in unit.aliases
            ),
        )
        for unit in rollup.units.listed
        if unit.to_year is None or unit.to_year > rollup.year
    ]
    left = len(rollup.units.listed) - len(kept)
    notes = [f"{left} 家只报到 {rollup.year} 年，没有带来。"] if left else []
    return ListRead(Units(tuple(kept)), tuple(notes), rollup.owner)


def _rows(table: RawTable, indents: dict[tuple[str, str], int]) -> list[list[_Cell]]:
    """The rows of a table, all as long; what is merged downwards stands in each of its rows."""
    grid = [[_Cell("") for _ in range(table.columns)] for _ in range(min(table.rows, WORKBOOK_ROWS))]
    for cell in table.cells:
        indent = indents.get((cell.origin.sheet, cell.origin.cell), 0)
        for row in range(cell.row, min(cell.row + cell.row_span, len(grid))):
            grid[row][cell.column] = _Cell(cell.text, indent)
    return grid


def _indents(path: Path) -> dict[tuple[str, str], int]:
    """How far Excel indents the cells of a workbook, by sheet and cell; nothing for other formats."""
    import zipfile

    from gxeditor.files.limits import FOREIGN_FILE
    from gxeditor.files.package import Package, local_name
    from gxeditor.workbook.read import read_workbook

    data = read_file(path, FOREIGN_FILE)
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return {}
    package = Package.from_bytes(data, f"“{path.name}”")
    styles = package.find("xl/styles.xml")
    if styles is None:
        return {}

    def called(element: Element, name: str) -> list[Element]:
        return [one for one in element if local_name(one.tag) == name]

    indented: dict[str, int] = {}
    for formats in called(package.xml(styles), "cellXfs"):
        for number, one in enumerate(formats):
            indent = max((int(a.get("indent", "0")) for a in called(one, "alignment")), default=0)
            if indent:
                indented[str(number)] = indent
    if not indented:
        return {}
    return {
        (sheet.name, cell.get("r", "")): indented[cell.get("s", "")]
        for sheet in read_workbook(package).sheets
        for data_of in called(package.xml(sheet.part), "sheetData")
        for row in data_of
        for cell in row
        if cell.get("s", "") in indented
    }


# --- lines


class _Reading:
    """Makes units of lines and tables."""

    def __init__(self, owner: str, year: int | None) -> None:
        self.words: Words = load_unit_words()
        self.owner, self.year = area_of(owner), year
        self.notes: list[str] = []

    def text(self, text: str, called: str, is_csv: bool = False) -> ListRead:
        lines = re.split(r"\r\n|[\r\n\v\f\u2028]", text)
        written = [line for line in lines if line.strip()]
        mark = self._separator(written, is_csv)
        if mark:
            rows = [
                [_Cell(one.strip("\ufeff"), _indent(one)) for one in row]
                for row in divided("\n".join(lines), mark, called)
            ]
            longest = max(len(row) for row in rows)
            return self.units(
                self.table([[*row, *(_Cell("") for _ in range(longest - len(row)))] for row in rows])
            )
        return self.units(
            self.plain_lines([[_Cell(line.strip("\ufeff"), _indent(line))] for line in written])
        )

    def _separator(self, lines: Sequence[str], is_csv: bool) -> str:
        """The mark between the columns of a text, "" if it has no columns."""
        if any("\t" in line.strip() for line in lines):
            return "\t"
        for mark in (",", "，", ";", "|"):
            if is_csv and any(mark in line for line in lines):
                return mark
            if any(
                mark in line and sum(1 for one in line.split(mark) if self._is_head(one)) > 1
                for line in lines[:6]
            ):
                return mark
        return ""

    def plain_lines(self, rows: Iterable[Sequence[_Cell]]) -> list[_Line]:
        """Lines without columns."""
        lines: list[_Line] = []
        cells = _without_running_numbers([row[0] for row in rows])
        for number, cell in enumerate(cells, 1):
            text = cell.text.strip()
            if labelled := self._labelled(text, f"第 {number} 行", cell.indent):
                lines += labelled
                continue
            if parts := _several(text):
                lines += [_Line(one, f"第 {number} 行", cell.indent) for one in parts]
                continue
            if self._column(text) == "name" and not lines:
                continue
            lines += self._line(text, f"第 {number} 行", cell.indent)
        return lines

    def _labelled(self, text: str, where: str, indent: int) -> list[_Line]:
        """A heading with its units on one line (县直部门：教育局、公安局), none if it is no such line."""
        found = re.fullmatch(r"([^:：]{2,24})[:：]\s*(\S.*)", text)
        heads = self._line(found[1], where, indent) if found is not None else []
        if found is None or len(heads) != 1 or not heads[0].group:
            return []
        parts = [
            one.strip()
            for one in re.split("[、，,;；](?![^（(]*[）)])", found[2].rstrip("。."))
            if one.strip()
        ]
        if not all(is_organ(without_brackets(plain(one))) for one in parts):
            return []
        return [replace(heads[0], counted=True), *(_Line(one, where, indent + 4) for one in parts)]

    def _line(self, text: str, where: str, indent: int, says: dict[str, str] | None = None) -> list[_Line]:
        """The line as a name with its level; nothing for a total, a title or a sentence."""
        says = says or {}
        text = text.strip()
        if says.get("id"):  # our own workbook: what stands there is meant
            is_group = says.get("kind") == UnitKind.GROUP.value
            return [_Line(text, where, indent, 0, says, is_group, is_group)]
        name, rank = text, 0
        outline = _OUTLINE.match(text)
        if outline is not None:
            name, rank = text[outline.end() :].strip(), 3 + len(re.findall("[.．]", outline[1]))
        for pattern, found_rank in zip(_NUMBERINGS, _RANKS, strict=True) if outline is None else ():
            found = pattern.match(text)
            if found and text[found.end() :].strip():
                name, rank = text[found.end() :].strip(), found_rank
                break
        if not rank and says.get("number"):
            number = says["number"].strip()
            if not number.isdigit() and self.words.is_total(number):
                return []
            if outline := re.fullmatch(r"\d{1,3}((?:[.．]\d{1,3}){1,3})[.．]?", number):
                rank = 3 + len(re.findall("[.．]", outline[1]))
        if not rank and says.get("number"):
            rank = 3 if number[:1].isdigit() else 1 if _ONLY_NUMBER.fullmatch(number) else 0
        phone = _PHONE_BEHIND.search(name)
        if phone is not None and is_organ(without_brackets(plain(name[: phone.start()]))):
            name = name[: phone.start()].strip()
        code = _CODE_BEHIND.search(name)
        if code and "code" not in says:
            says, name = {**says, "code": code[1]}, name[: code.start()].strip()
        bare = plain(name)
        if not re.search("[A-Za-z一-鿿]", bare) or _ONLY_NUMBER.fullmatch(bare):
            return []
        group = self.words.is_group(name)
        if not group and (self.words.is_total(text) or self.words.is_total(name)):
            return []
        if not group and _SENTENCE.search(without_brackets(bare)):
            self.notes.append(f"{where}“{bare[:20]}{'…' if len(bare) > 20 else ''}”不像单位名称，没有列入。")
            return []
        counted = group and self.words.without_count(name) != bare.rstrip(":：")
        shown = name.rstrip(":：") if group else name
        return [_Line(shown, where, indent, rank, says, group, counted, outline is not None)]

    # --- tables

    def _column(self, text: str) -> str:
        """What a column is of by its heading, "" if the heading is none."""
        return self.words.column(text)

    def _is_head(self, text: str) -> bool:
        return bool(self._column(text)) or _LEVEL_HEAD.fullmatch(plain(text)) is not None

    def table(self, rows: Sequence[Sequence[_Cell]]) -> list[_Line]:
        """The lines of a table with columns; none if it has no names."""
        rows = [row for row in rows if any(cell.text.strip() for cell in row)]
        for place, row in enumerate(rows[:8]):
            keys = [self._column(cell.text) for cell in row]
            known = sum(1 for key in keys if key)
            if "name" in keys and (known > 1 or sum(1 for cell in row if cell.text.strip()) == 1):
                return self._with_head(rows, place, keys)
        return self._without_head(rows)

    def _with_head(self, rows: Sequence[Sequence[_Cell]], at: int, keys: list[str]) -> list[_Line]:
        texts = [plain(cell.text) for cell in rows[at]]
        places = [place for place, key in enumerate(keys) if key == "name"]
        order = list(self.words.columns)
        best = min(
            places, key=lambda place: order.index(texts[place]) if texts[place] in order else len(order)
        )
        blocks = [place for place in places if texts[place] == texts[best]]
        bounds = [
            0,
            *(self._begin(keys, one, other) for other, one in pairwise(blocks)),
            len(keys),
        ]
        lines: list[_Line] = []
        for name_at, begin, end in zip(blocks, bounds[:-1], bounds[1:], strict=True):
            for number, row in enumerate(rows[at + 1 :], at + 2):
                says = {
                    keys[place]: row[place].text.strip()
                    for place in range(begin, end)
                    if keys[place] and keys[place] not in ("name", "other") and row[place].text.strip()
                }
                cell = row[name_at]
                if [self._column(one.text) for one in row] == keys:  # the head again, on the next page
                    continue
                where = f"第 {number} 行"
                if cell.text.strip():
                    lines += self._line(cell.text, where, _indent(cell.text) + cell.indent, says)
                elif (only := [one.text for one in row[begin:end] if one.text.strip()]) and len(only) == 1:
                    lines += [one for one in self._line(only[0], where, 0) if one.group]
        return lines

    def _begin(self, keys: list[str], name_at: int, before: int) -> int:
        """Where the columns of a further block begin: behind the block before, at its own number."""
        return name_at - 1 if name_at - 1 > before and keys[name_at - 1] == "number" else name_at

    def _without_head(self, rows: Sequence[Sequence[_Cell]]) -> list[_Line]:
        below = self._without_level_heads(rows)
        levelled, rows = len(below) < len(rows), below
        columns = max((len(row) for row in rows), default=0)

        def texts(place: int) -> list[str]:
            return [plain(row[place].text) for row in rows if row[place].text.strip()]

        names = [place for place in range(columns) if self._are_names(texts(place))]
        if not names:
            return []
        codes = [p for p in range(columns) if (t := texts(p)) and all(_CODE.fullmatch(x.upper()) for x in t)]
        first = names[0]
        single = all(sum(1 for place in names if row[place].text.strip()) <= 1 for row in rows)
        lines: list[_Line] = []
        if single:  # a column for each level
            level = self._level_column(columns, texts, names)
            for number, row in enumerate(rows, 1):
                for place in names:
                    cell = row[place]
                    if not cell.text.strip():
                        continue
                    says = {"code": row[codes[0]].text} if codes and row[codes[0]].text.strip() else {}
                    if level is not None and row[level].text.strip():
                        says["level"] = row[level].text.strip()
                    indent = (place - first) * 4 + _indent(cell.text) + cell.indent
                    lines += self._line(cell.text, f"第 {number} 行", indent, says)
            return lines
        grouping = first if levelled or self._is_grouping(texts(first), texts(names[1])) else None
        if grouping is not None:
            last = ""
            for number, row in enumerate(rows, 1):
                where = f"第 {number} 行"
                group = row[grouping].text.strip()
                if group and group != last:
                    last = group
                    heading = self._is_heading(group)
                    found = self._line(group, where, 0)
                    lines += [replace(one, group=one.group or heading, indent=0) for one in found]
                for place in names[1:]:
                    if row[place].text.strip() and plain(row[place].text) != plain(group):
                        lines += self._line(row[place].text, where, 4 + _indent(row[place].text))
            return lines
        for place in names:
            for number, row in enumerate(rows, 1):
                if row[place].text.strip():
                    lines += self._line(row[place].text, f"第 {number} 行", _indent(row[place].text))
        return lines

    def _without_level_heads(self, rows: Sequence[Sequence[_Cell]]) -> Sequence[Sequence[_Cell]]:
        """The rows below a head that names a level over each column (主管部门 | 下属单位); all, if there is none."""
        for place, row in enumerate(rows[:4]):
            texts = [one for cell in row if (one := plain(cell.text))]
            levels = sum(1 for one in texts if _LEVEL_HEAD.fullmatch(one))
            if levels > 1 and all(map(self._is_head, texts)):
                return rows[place + 1 :]
        return rows

    def _is_heading(self, text: str) -> bool:
        """Whether what units are grouped by is no body that reports itself: a heading, or a place."""
        bare = without_brackets(plain(text))
        return self.words.is_group(text) or not is_organ(bare) or area_rank(bare) <= 3

    def _are_names(self, texts: Sequence[str]) -> bool:
        """Whether most cells of a column end as names of bodies or of groups do."""
        able = [one for one in texts if not _ONLY_NUMBER.fullmatch(one) and not self.words.is_total(one)]
        fit = sum(1 for one in able if is_organ(without_brackets(one)) or self.words.is_group(one))
        return bool(able) and fit * 2 > len(able) and len(able) * 2 > len(texts)

    def _level_column(
        self, columns: int, texts: Callable[[int], list[str]], names: Sequence[int]
    ) -> int | None:
        """A column of small numbers that are no running number."""
        for place in range(columns):
            found = texts(place)
            if place in names or not found or not all(re.fullmatch("[1-5]", one) for one in found):
                continue
            if found != [str(number) for number in range(1, len(found) + 1)] and len(set(found)) > 1:
                return place
        return None

    def _is_grouping(self, texts: Sequence[str], others: Sequence[str]) -> bool:
        """Whether a column holds what the names beside it are grouped by."""
        return all(self.words.is_group(one) for one in texts) or len(set(texts)) * 2 <= len(others)

    # --- units

    def units(self, lines: Sequence[_Line]) -> ListRead:
        """The units of the lines, with their kinds, and what is to be said."""
        lines = self._without_false_groups(lines)
        parents = self._parents(lines)
        over = set(parents)
        lines = [
            replace(line, group=True) if place in over and self._is_no_body(line) else line
            for place, line in enumerate(lines)
        ]
        self.owner = self.owner or self._owner_of(lines, parents)
        made: list[Unit] = []
        by_id: dict[str, Unit] = {}
        ids: dict[int, str] = {}
        seen: dict[tuple[str, str], str] = {}
        taken = {line.says["id"] for line in lines if line.says.get("id")}
        number = 0
        for place, line in enumerate(lines):
            parent = ids.get(parents[place], "") if parents[place] >= 0 else ""
            key = plain(line.name), parent
            if key in seen and not line.says.get("id"):
                ids[place] = seen[key]
                self.notes.append(f"{line.where}的“{plain(line.name)}”与前面的重复，只列一次。")
                continue
            own = line.says.get("id", "")
            while not own or (own in taken and not line.says.get("id")):
                number += 1
                own = f"u{number}"
            taken.add(own)
            ids[place] = seen[key] = own
            made.append(self._unit(line, own, parent, by_id.get(parent)))
            by_id[own] = made[-1]
        made = self._with_named_parents(made, lines, ids)
        if not any(unit.parent for unit in made):
            made = self._with_parents_by_name(made)
        self._tell_twice(made)
        return ListRead(
            Units(tuple(self._with_roles(made, lines, ids))), tuple(dict.fromkeys(self.notes)), self.owner
        )

    def _is_no_body(self, line: _Line) -> bool:
        """Whether a line that others stand under is their heading: it ends as no body's name does (公共企事业)."""
        says_itself = any(line.says.get(key) for key in ("id", "kind", "code"))
        return not says_itself and not is_organ(without_brackets(plain(line.name)))

    def _owner_of(self, lines: Sequence[_Line], parents: Sequence[int]) -> str:
        """Whose list it is, by what it lists."""
        return owner_of(
            Units(
                tuple(
                    Unit(
                        str(place),
                        line.name,
                        UnitKind.GROUP if line.group else self.words.guess(line.name).kind,
                        str(parent) if parent >= 0 else "",
                    )
                    for place, (line, parent) in enumerate(zip(lines, parents, strict=True))
                )
            )
        )

    def _without_false_groups(self, lines: Sequence[_Line]) -> list[_Line]:
        """The lines, with those as units that only look like a heading: 开发区 among bureaus."""
        levels = [self._level(line.says.get("level", "")) or 0 for line in lines]
        levelled = any(line.says.get("level") for line in lines)
        found = []
        for place, line in enumerate(lines):
            if line.group and not line.counted and line.says.get("kind") != UnitKind.GROUP.value:
                after = lines[place + 1] if place + 1 < len(lines) else None
                deeper = after is not None and (
                    after.indent > line.indent
                    or (line.rank and after.rank > line.rank)
                    or 0 < levels[place] < levels[place + 1]
                )
                own = bool(line.says.get("code")) or (
                    levelled and not deeper and not _HARD_GROUP.search(line.name)
                )
                if own or not (deeper or line.rank in (1, 2) or _HARD_GROUP.search(plain(line.name))):
                    line = replace(line, group=False)
            found.append(line)
        return found

    def _parents(self, lines: Sequence[_Line]) -> list[int]:
        """For each line the place of the one that it stands under, -1 at the top."""
        levels = [self._level(line.says.get("level", "")) for line in lines]
        by_level = any(level is not None for level in levels)
        indented = len({line.indent for line in lines}) > 1
        numbered = any(line.rank in (1, 2) for line in lines) or any(
            line.outlined or (line.group and line.rank) for line in lines
        )
        keys: list[tuple[int, int, int]] = []
        level = 1
        for line, said in zip(lines, levels, strict=True):
            rank = (line.rank or _UNNUMBERED) if numbered else 0
            level = said if said is not None else level
            if by_level:
                key = (0 if line.group and said is None else level, 0, 0 if line.group else 1)
            elif indented:
                key = (line.indent, rank, 0 if line.group else 1)
            else:
                key = (rank, 0, 0 if line.group else 1)
            keys.append(key)
        parents: list[int] = []
        stack: list[int] = []
        for place, key in enumerate(keys):
            while stack and keys[stack[-1]] >= key:
                stack.pop()
            # Numbered alike, or not at all, two units stand beside each other: only a heading is over such a one.
            over = stack[-1] if stack else -1
            parents.append(over)
            stack.append(place)
        return parents

    def _level(self, text: str) -> int | None:
        text = plain(text)
        if found := re.fullmatch(r"(?:第)?(\d{1,2})(?:级|层)?", text):
            return int(found[1])
        return _LEVELS.get(text)

    def _unit(self, line: _Line, own: str, parent: str, over: Unit | None) -> Unit:
        says = line.says
        if line.group and not says.get("id"):
            name = re.sub(r"\s+", "", self.words.counts.sub("", line.name)) or line.name
            return Unit(own, name, kind=UnitKind.GROUP, parent=parent)
        former, _, name = self.words.formers(line.name) if not says.get("id") else ((), (), line.name)
        aliases = [Alias(one) for one in former]
        aliases += [Alias(one.strip()) for one in re.split(BETWEEN, says.get("aliases", "")) if one.strip()]
        aliases = list({plain(a.name): a for a in aliases if plain(a.name) != plain(name)}.values())
        kind, why = self._kind(name, says, over)
        duty, role = self._duty(says)
        exempt = (
            not says.get("id")
            and over is not None
            and over.kind is UnitKind.GROUP
            and re.search("免报|不报", over.name)
        )
        unit = Unit(
            own,
            name if says.get("id") or re.search("[A-Za-z]", name) else "".join(name.split()),
            kind=kind,
            parent=parent,
            aliases=tuple(aliases),
            code=self._code(line),
            role=role or (Role.EXEMPT if exempt else Role.LEAF),
            duty=duty,
            covers=self._covers(says),
            due=self._due(line),
            from_year=self._year(says.get("from", "")),
            to_year=self._year(says.get("to", "")),
            note=says.get("note", ""),
            why_kind=why,
        )
        return unit

    def _kind(self, name: str, says: dict[str, str], over: Unit | None) -> tuple[UnitKind, str]:
        said = plain(says.get("kind", ""))
        if said in self.words.kind_words:
            return self.words.kind_words[said], says.get(
                "why", "" if says.get("id") else f"名单的类别栏写着“{said}”。"
            )
        guess = self.words.guess(name, self.owner, over.kind if over is not None else None)
        if over is not None and over.kind is UnitKind.GROUP and guess.kind is UnitKind.DEPARTMENT:
            heading = self.words.kind_words.get(plain(over.name))
            if heading in _BY_HEADING:
                return heading, f"列在“{over.name}”下。"
        return guess.kind, guess.why

    def _duty(self, says: dict[str, str]) -> tuple[Duty, Role | None]:
        role = _ROLES.get(plain(says.get("role", "")))
        said = plain(says.get("duty", ""))
        if said in _EXEMPT:
            return Duty.NONE, role or Role.EXEMPT
        if said in _NO:
            return Duty.NONE, role
        return (Duty.MAY if said in _MAY else Duty.MUST), role

    def _covers(self, says: dict[str, str]) -> Scope:
        said = plain(says.get("covers", ""))
        return (
            Scope.TERRITORY
            if said in (Scope.TERRITORY.value, "全区域", "本行政区域", "辖区")
            else Scope.LEVEL
        )

    def _code(self, line: _Line) -> str:
        said = plain(line.says.get("code", "")).upper()
        if said and not _CODE.fullmatch(said):
            self.notes.append(
                f"{line.where}“{plain(line.name)}”的统一社会信用代码“{said[:20]}”不是 18 位，没有采用。"
            )
            return ""
        return said

    def _due(self, line: _Line) -> str:
        said = plain(line.says.get("due", ""))
        if not said:
            return ""
        found = _DATE.fullmatch(said)
        year = int(found[1]) if found and found[1] else (self.year + 1 if self.year is not None else None)
        try:
            if found is not None and year is not None:
                return date(year, int(found[2]), int(found[3])).isoformat()
        except ValueError:  # 2月30日
            pass
        self.notes.append(f"{line.where}的期限“{said[:20]}”看不出是哪一天，没有采用。")
        return ""

    def _year(self, text: str) -> int | None:
        found = re.match(r"(20\d\d)", plain(text))
        return int(found[1]) if found else None

    def _with_named_parents(
        self, made: Sequence[Unit], lines: Sequence[_Line], ids: dict[int, str]
    ) -> list[Unit]:
        """The units, each under the one that the column 上级 names."""
        said: dict[str, _Line] = {}
        for place, line in enumerate(lines):
            said.setdefault(ids.get(place, ""), line)
        by_name: dict[str, list[str]] = {}
        for unit in made:
            for name in {plain(unit.name), without_brackets(plain(unit.name)), area_of(unit.name)}:
                by_name.setdefault(name, []).append(unit.id)
                if self.owner and name.startswith(self.owner) and name != self.owner:
                    by_name.setdefault(name.removeprefix(self.owner), []).append(unit.id)
        known = {unit.id for unit in made}
        found = []
        for unit in made:
            own = said.get(unit.id)
            by_id = own.says.get("parent_id", "") if own else ""
            named = plain(own.says.get("parent", "")) if own else ""
            if by_id in known:
                unit = replace(unit, parent=by_id)
            elif own is not None and own.says.get("id"):
                unit = replace(unit, parent="")
            elif named:
                over = [one for one in dict.fromkeys(by_name.get(named, ())) if one != unit.id]
                if len(over) == 1:
                    unit = replace(unit, parent=over[0])
                elif over or area_of(named) != self.owner:
                    why = f"在名单里有 {len(over)} 家" if over else "不在名单里"
                    self.notes.append(f"“{unit.name}”的上级“{named}”{why}，没有采用。")
            found.append(unit)
        return self._without_circles(found)

    def _without_circles(self, made: Sequence[Unit]) -> list[Unit]:
        units, found = Units(tuple(made)), []
        for unit in made:
            over = list(units.above(unit))
            if over and over[-1].parent in (unit.id, *(one.id for one in over)):
                self.notes.append(f"“{unit.name}”的上级绕了一圈，没有采用。")
                unit = replace(unit, parent="")
            found.append(unit)
        return found

    def _with_parents_by_name(self, made: Sequence[Unit]) -> list[Unit]:
        """The units of a flat list of two levels, each under the government whose place its name begins with."""
        governments = {
            area_of(unit.name): unit.id
            for unit in made
            if unit.kind.is_government and area_of(unit.name) != self.owner and len(area_of(unit.name)) > 2
        }
        if not governments or not self.owner:
            return list(made)
        found = []
        for unit in made:
            name = plain(unit.name).removeprefix(self.owner)
            over = next(
                (own for area, own in governments.items() if name.startswith(area) and own != unit.id), ""
            )
            found.append(replace(unit, parent=over))
        return found

    def _with_roles(
        self, made: Sequence[Unit], lines: Sequence[_Line], ids: dict[int, str]
    ) -> Iterator[Unit]:
        """The units, those over others and the owner's own as what is compared and not added."""
        own = {ids[place] for place, line in enumerate(lines) if line.says.get("id") and place in ids}
        said = {ids[place] for place, line in enumerate(lines) if line.says.get("role") and place in ids}
        reporting = [u for u in made if u.role is not Role.EXEMPT and u.duty is not Duty.NONE]
        parents = {unit.parent for unit in reporting if unit.kind is not UnitKind.GROUP}
        parents |= {unit.parent for unit in made if unit.kind is UnitKind.GROUP and unit.id in parents}
        for unit in made:
            if unit.kind is UnitKind.GROUP or unit.id in own:
                yield unit
                continue
            is_over = unit.id in parents
            is_owner = unit.kind.is_government and bool(self.owner) and area_of(unit.name) == self.owner
            if unit.kind.is_government:
                unit = replace(unit, covers=Scope.TERRITORY)
            if unit.id not in said and unit.role is Role.LEAF and (is_over or is_owner):
                unit = replace(unit, role=Role.SUM)
            yield unit

    def _tell_twice(self, made: Sequence[Unit]) -> None:
        codes: dict[str, str] = {}
        for unit in made:
            if unit.code and codes.setdefault(unit.code, unit.name) != unit.name:
                self.notes.append(f"“{unit.name}”与“{codes[unit.code]}”的统一社会信用代码相同，请核对。")
        names: dict[str, int] = {}
        for unit in made:
            names[plain(unit.name)] = names.get(plain(unit.name), 0) + (unit.kind is not UnitKind.GROUP)
        for name, count in names.items():
            if count > 1:
                self.notes.append(
                    f"“{name}”在名单里有 {count} 家，在不同的上级下面；文件名里没有地名时会问您。"
                )


def _several(text: str) -> list[str]:
    """The names on one line that has several, with marks or blanks between them; none if it is one name."""
    apart = r"(?![^（(]*[）)])"  # not within brackets
    for marks, fewest in (("[;；]", 2), ("[、，,]", _FEW_NAMES), (r"\s+", 2)):
        parts = [one.strip() for one in re.split(marks + apart, text) if one.strip()]
        bare = [without_brackets(plain(one)) for one in parts]
        if len(parts) == 2 and all(re.search("[乡镇]$|街道$|办事处$", one) for one in bare):
            fewest = 2
        if len(parts) >= fewest and all(is_organ(one) and len(one) > 2 for one in bare):
            if marks == r"\s+" and any(area_rank(one) <= 3 for one in bare):
                continue  # 松塘县 教育局
            return parts
    return []


def _without_running_numbers(cells: Sequence[_Cell]) -> list[_Cell]:
    """The lines without the numbers that run from 1 and touch the names (1教育局)."""
    found = [re.match(r"\s*(\d+)(?=[一-鿿])", cell.text) for cell in cells]
    numbers = [int(one[1]) for one in found if one]
    if len(numbers) < 2 or numbers != list(range(1, len(numbers) + 1)):
        return list(cells)
    return [
        replace(cell, text=cell.text[one.end() :]) if one else cell
        for cell, one in zip(cells, found, strict=True)
    ]


def _indent(text: str) -> int:
    """How far a text is indented, in halves of a Chinese character; a tab is two characters."""
    front = text[: len(text) - len(text.lstrip())]
    return sum(4 if char == "\t" else 2 if char == "\u3000" else 1 for char in front)


# --- a list proposed from a folder


def _files_say(folder: Path) -> Iterator[FileSays]:
    """What the files of a folder say of whose they are; a file is opened only if its name says nothing."""
    from gxeditor import documents
    from gxeditor.imports.doors import FOREIGN

    words = load_unit_words()
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        if hidden or not path.is_file() or path.suffix.lower() not in (*documents.OWN, *FOREIGN):
            continue
        name = path.relative_to(folder).as_posix()
        agency = ""
        if documents.is_own(path) or not _named(words, path.stem):
            try:
                agency = documents.read_apart(path).report.agency
            except (GxError, OSError):
                agency = ""
        yield FileSays(agency=agency, file_name=name)


def _named(words: Words, text: str) -> str:
    """The name of a body in a text, "" if it has none."""
    pieces = [piece.text for piece in words.pieces(text) if not piece.in_brackets]
    for name in ("".join(pieces), *pieces):
        if is_organ(name) and not words.is_vague(name):
            return name
    return next((p.text for p in words.pieces(text) if p.in_brackets and is_organ(p.text)), "")


def propose(files: Iterable[FileSays], owner: str = "") -> ListRead:
    """A list of those whose files there are: by the name in each file, else by that of the file; for a person to judge.

    A folder that is called as a heading of a list is one (乡镇). A file that says no name is told.
    """
    words = load_unit_words()
    reading = _Reading(owner, None)
    named: list[tuple[str, str]] = []
    silent: list[str] = []
    for says in files:
        *folders, name = says.file_name.split("/")
        found = says.agency.strip() or _named(words, re.sub(r"\.\w{1,5}$", "", name))
        if found:
            named.append((found, next((one for one in reversed(folders) if words.is_group(one)), "")))
        else:
            silent.append(name)
    if not reading.owner:
        reading.owner = _common_area([name for name, _ in named])
    known: set[str] = set()
    lines: dict[str, list[_Line]] = {}
    for name, folder in sorted(named, key=lambda one: -len(one[0])):
        own = plain(name).removeprefix(reading.owner) or plain(name)
        forms = words.forms(own)
        if own in known:
            continue
        known.update(forms)
        lines.setdefault(folder, []).append(_Line(name, "", 4 if folder else 0))
    ordered: list[_Line] = []
    for folder in sorted(lines):
        if folder:
            ordered.append(_Line(folder, "", 0, group=True, counted=True))
        ordered += sorted(lines[folder], key=lambda line: line.name)
    if silent:
        shown = "、".join(f"“{one}”" for one in silent[:3])
        more = f"等 {len(silent)} 份文件" if len(silent) > 3 else ""
        reading.notes.append(f"{shown}{more}看不出是哪个单位的，没有列入。")
    return reading.units(ordered)


def _common_area(names: Sequence[str]) -> str:
    """The place with which most of the names begin that begin with one."""
    begun: dict[str, int] = {}
    for name in names:
        for area in unknown_areas(plain(name)):
            begun[area] = begun.get(area, 0) + 1
            break
    best = max(begun, key=lambda area: begun[area], default="")
    return best if best and begun[best] * 2 > sum(begun.values()) else ""


_NO_UNITS = Units()


def carried(new: Units, old: Units) -> Units:
    """A list that was read anew, with the ids and remembered spellings of the units that the old one has as well.

    A unit is the same by its code, else by its name; where two have the name, by what it stands under.
    """
    same = _same_units(new, old)
    ids = {own: unit.id for own, unit in same.items()}
    taken = {unit.id for unit in old.listed}
    number = 0
    for unit in new.listed:
        if unit.id in ids:
            continue
        own = unit.id
        while own in taken:
            number += 1
            own = f"n{number}"
        ids[unit.id] = own
        taken.add(own)
    made = []
    for unit in new.listed:
        aliases = list(unit.aliases)
        if unit.id in same:
            has = {plain(alias.name) for alias in aliases}
            aliases += [a for a in same[unit.id].aliases if plain(a.name) not in has and a.whence != "list"]
        made.append(replace(unit, id=ids[unit.id], parent=ids.get(unit.parent, ""), aliases=tuple(aliases)))
    return Units(tuple(made))


def listed_as(rollup: Rollup, source: Path) -> str:
    """By what is known later that the units of a roll-up are those of this list, "" for what is no file."""
    try:
        digest = sha256_of(source, FOREIGN_FILE)
    except OSError:
        return ""
    units = [_OF_UNIT(unit) for unit in rollup.units.listed]
    said = sha256(repr((gxeditor.__version__, rollup.owner, rollup.year, units)).encode())
    return f"{digest} {said.hexdigest()}"


_OF_UNIT = attrgetter(
    *(
        f"{one.name}.name" if one.name in ("kind", "role", "duty", "covers") else one.name
        for one in fields(Unit)
    )
)


def is_listed(rollup: Rollup, source: Path) -> bool:
    """Whether the units are what this list gave when it was read last, so that it need not be read again."""
    return bool(rollup.listed) and rollup.listed == listed_as(rollup, source)


def as_listed(prior: PriorYear, units: Units, before: Units = _NO_UNITS) -> PriorYear:
    """Last year's roll-up with the ids that this year's list has for the same units.

    Lists that were read each from its own file number their units alike, whoever they are: by the ids alone one unit
    would be compared with another. The same is who has the code, the name or a former name; and whoever had the id
    already in this year's list as it was `before`. All others get ids that this year's list does not have.
    """
    if not units.listed:
        return prior
    same = {own: unit.id for own, unit in _same_units(prior.units, units, formers=True).items()}
    for unit in prior.units.listed:
        kept = unit.id in before.by_id and unit.id in units.by_id and unit.id not in same.values()
        if unit.id not in same and kept:
            same[unit.id] = unit.id
    taken = {*units.by_id, *prior.units.by_id}
    for unit in prior.units.listed:
        own = unit.id
        if own not in same and own in units.by_id:
            while own in taken:
                own = f"{own}-{prior.year}"
            taken.add(own)
        same.setdefault(unit.id, own)
    if all(own == other for own, other in same.items()):
        return prior
    return replace(
        prior,
        units=Units(
            tuple(
                replace(unit, id=same[unit.id], parent=same.get(unit.parent, unit.parent))
                for unit in prior.units.listed
            )
        ),
        values=MappingProxyType({same.get(own, own): values for own, values in prior.values.items()}),
        adjustments=tuple(replace(one, unit=same.get(one.unit, one.unit)) for one in prior.adjustments),
    )


def _same_units(new: Units, old: Units, formers: bool = False) -> dict[str, Unit]:
    """For the ids of `new` the unit of `old` that is the same, each at most once; with `formers` by these as well."""
    by_code = {unit.code: unit for unit in old.listed if unit.code}
    by_name: dict[str, list[Unit]] = {}
    by_former: dict[str, list[Unit]] = {}
    for unit in old.listed:
        by_name.setdefault(plain(unit.name), []).append(unit)
        for alias in unit.aliases if formers else ():
            by_former.setdefault(plain(alias.name), []).append(unit)
    found: dict[str, Unit] = {}
    taken: set[str] = set()

    def take(unit: Unit, several: Sequence[Unit]) -> None:
        if len(several) == 1 and several[0].id not in taken:
            found[unit.id] = several[0]
            taken.add(several[0].id)

    for unit in new.listed:
        several = by_name.get(plain(unit.name), [])
        if len(several) > 1:
            over = new.by_id.get(unit.parent)
            named = plain(over.name) if over else ""
            several = [
                one
                for one in several
                if plain(old.by_id[one.parent].name if one.parent in old.by_id else "") == named
            ]
        coded = by_code.get(unit.code) if unit.code else None
        take(unit, several if coded is None else [coded])
    if formers:
        for unit in new.listed:
            if unit.id not in found:
                names = [plain(alias.name) for alias in unit.aliases]
                own = [one for name in names for one in by_name.get(name, ())]
                take(
                    unit, list({one.id: one for one in (*by_former.get(plain(unit.name), ()), *own)}.values())
                )
    return found


def write_list(units: Units, path: Path) -> None:
    """Writes the list as a workbook, whole or not at all. Raises `NotWritten`."""
    from gxeditor.exports.unit_list import list_workbook
    from gxeditor.files.atomic import write_atomic

    write_atomic(path, list_workbook(units))
