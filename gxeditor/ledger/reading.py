"""Any file → a ledger, with what each column is, unknown words, what is in doubt and what was left out.

Knows how offices keep such lists: a sheet for each month, half-year or year, sub-totals and repeated headings between
the requests, cells merged over several of them, days without a year, one column for two things. What is not certain is
never chosen: the field stays unsettled, with what stood there and why, and the row is listed. No sentence names an
applicant. What a person said (`maps`) counts before everything.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.ledger.entries import (
    FIRST_YEAR,
    Refused,
    day_of_number,
    parse_code,
    parse_date,
    parse_money,
    says_nothing,
)
from gxeditor.core.ledger.request import Ledger, Origin, Request, Settled, Value
from gxeditor.core.ledger.vocabulary import OPEN, VOID, Code, Vocabulary, plain
from gxeditor.ledger.columns import (
    BESIDE,
    COUNT,
    LEGAL,
    NO_TICKS,
    REASON,
    TICKS,
    YEAR,
    Layout,
    Use,
    find_layout,
    is_alike,
    is_other_headings,
    mark,
)
from gxeditor.ledger.maps import LedgerMap, stored_map
from gxeditor.ledger.pages import BLANK, Item, Page, Row, read_pages
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.workbook.cells import column_letters
from gxeditor.workbook.own import LEDGER_SHEET

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".docx", ".doc", ".wps", ".ods", ".txt", ".html")
"""How files end that a ledger may be read from; what dialogs list."""


class ColumnRead(NamedTuple):
    """A column of a sheet: its letter, what stands above it, and the fields that it gives, none if it is not read."""

    letter: str
    heading: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class SheetRead:
    """What became of a sheet: `why` it was not read, "" if it was. `year` is that of days without one.

    `headings` are the first and last row of its headings, counted from 1; `read` how many requests it gave.
    """

    name: str
    why: str = ""
    year: int | None = None
    headings: tuple[int, int] = (0, 0)
    columns: tuple[ColumnRead, ...] = ()
    missing: tuple[str, ...] = ()
    read: int = 0
    fingerprint: str = ""


class UnknownWord(NamedTuple):
    """A word of a code column that means no code: in how many rows it stands, and codes that it may mean.

    `why` is what keeps it from being understood. Nothing of `similar` counts before a person says so.
    """

    field: str
    word: str
    rows: int
    similar: tuple[str, ...]
    why: str


class Doubt(NamedTuple):
    """Something a person should look at: the row as counted in the file from 1, the column by letter and heading.

    `request` is the id of the request, "" for a row that is none.
    """

    sheet: str
    row: int
    column: str
    text: str
    reason: str
    request: str = ""


class LeftOut(NamedTuple):
    """A row that is no request, and why."""

    sheet: str
    row: int
    why: str


@dataclass(frozen=True)
class LedgerRead:
    """A file as it was read. `notes` are sentences on the whole of it."""

    ledger: Ledger
    sheets: tuple[SheetRead, ...] = ()
    unknown: tuple[UnknownWord, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def doubtful(self) -> int:
        """How many rows something is in doubt of."""
        return len({(doubt.sheet, doubt.row) for doubt in self.doubts})

    @property
    def fingerprint(self) -> str:
        """That of the layout by which what a person said is remembered; "" if nothing was read."""
        return next((sheet.fingerprint for sheet in self.sheets if sheet.fingerprint), "")


def read_ledger(
    path: Path, year: int | None = None, given: LedgerMap | None = None, *, kept: Path | None = None
) -> LedgerRead:
    """The ledger in a file of any layout.

    `year` is that of the report, which days without a year get if nothing in the file says another. `given` is what a
    person said of columns and words, in place of what is kept for such a layout (`kept`: where, by default the user's
    folder). Raises `UnreadableSource` if the file cannot be read or nothing in it looks like a ledger.
    """
    vocabulary = load_vocabulary(load_form())
    pages = read_pages(path)
    found: Sequence[Layout | None] = ()
    if given is None:
        found = [find_layout(page, vocabulary) for page in pages]
        shown = (one for one, page in zip(found, pages, strict=True) if one is not None and not page.hidden)
        given = stored_map((one.fingerprint for one in shown), vocabulary, kept)
    if not found or given.columns:
        found = [find_layout(page, vocabulary, given.columns) for page in pages]
    return _Reading(path, year, given, vocabulary).read(pages, found)


@dataclass
class _Row:
    """A request on its way: what its columns say, by field, and the rows of the file that it stands in."""

    page: Page
    number: int
    items: dict[int, Item]
    layout: Layout
    year: int | None = None
    more: list[dict[int, Item]] = field(default_factory=list)
    further: list[int] = field(default_factory=list)
    several: str = ""


_REPEATED, _TITLE = "重复的表头", "分段的标题"
_NOT_LEDGER = re.compile("说明|须知|填写|字典|选项|下拉|代码|封面|目录|统计|参数|示例|样表|附件")
_TOTAL = re.compile(
    r".{0,14}(?:小计|合计|总计|累计|共计)(?:[:：（(\d].{0,16}|(?:件数?|数量?|收到|受理|办结|答复|申请|人次).{0,12})?"
    r"|(?:.{0,8}[本当][页月季年]|)计(?:[:：\d].{0,16})?|(?:承|接)[前上]页.{0,8}|(?:过|转)[次下]页.{0,8}"
    r"|其中(?:[:：].{0,16})?|.{0,10}(?:率|占比|平均.{0,8})(?:[:：].{0,16})?"
)
_TOTAL_START = re.compile(
    r"(?:本月|本季度?|本年|上半年|下半年|全年|截至.{0,12}|共)(?:收到|受理|办结|答复|申请)?.{0,6}\d+.{0,3}件.*"
)
_REMARK = re.compile(
    r"(?:注|备注|说明|填表说明|填表人|制表人?|审核人?|负责人|填报人|填报单位|编制单位|联系人|联系电话|单位|填报日期|制表日期|打印日期)\d?\s*[:：].*"
)
_SECTION = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．].{0,20}|[（(][一二三四五六七八九十]{1,3}[）)].{0,20}|(?:20\d\d年?度?)?\s*第?[一二三四1234]季度"
    r"|(?:20\d\d\s*年)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})月份?(?:申请|台账)?|20\d\d\s*年度?.{0,16}|[上下]半年|.{0,8}(?:结转|台账|一览表|登记表|登记簿|情况表).{0,12}"
)
_EXAMPLE = re.compile(
    r"(?:填写)?(?:示例|样例|范例|举例|例如|例)(?:[:：].*|\d{0,2})?|[（(](?:示例|样例)[）)].*"
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)\s*年")
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)|#{3,}|Err:\d+", re.IGNORECASE)
_NO = frozenset(
    (
        "否",
        "未",
        "不",
        "不需要",
        "无需",
        "未征求",
        "未补正",
        "未延期",
        "没有延期",
        "不延期",
        "未收费",
        "没",
        "0",
    )
)


_YES = frozenset(("是", "已延期", "有", "√", "✓", "已征求", "已补正", "已收费", "已告知"))
_OTHERS = frozenset(("其他组织", "非法人组织"))
"""Words for who is neither a person nor 法人, as 公民／法人／其他组织 divides them: a law firm is one. Where the name
does not say another kind they are the form's 其他; in a file that writes 法人, where all are meant, they are asked."""


def is_unlike_persons(word: str) -> bool:
    """Whether a word stands for all applicants that are no natural person, which the form divides into five kinds."""
    return plain(word) in LEGAL


def _names_legal_persons(page: Page) -> bool:
    return any(
        plain(item.text).startswith("法人") and is_unlike_persons(item.text)
        for row in page.rows.values()
        for item in row.values()
    )


_ENDINGS = (
    (re.compile("(?:公司|厂|合作社)$"), "C2"),
    (re.compile("律师事务所$"), "C5"),
    (re.compile("(?:大学|研究院|研究所)$"), "C3"),
    (re.compile("(?:协会|基金会|商会|社会组织)$"), "C4"),
)
_DAY = (
    r"(?:20)?\d\d\s*[.\-/年]\s*\d{1,2}\s*[.\-/月]\s*\d{1,2}\s*[日号]?|20\d{6}|\d{1,2}\s*月\s*\d{1,2}\s*[日号]?"
    r"|(?<![\d.])\d{1,2}[./]\d{1,2}(?![\d.])"
)
_DAYS = re.compile(_DAY)
_ONE = re.compile(r"(?:[01](?:\.0+)?|[一壹])\s*[件份]?")
_SEVERAL = re.compile(r"\d{1,3}\s*[-—–~～至、,，]\s*\d{1,4}")
_MISTAKEN = re.compile("作废|误登|误录|重复登记|登记错误|录入错误|错登|登错|不算件|不计件|不予统计")
_DONE = re.compile(
    "(?<![未待尚拟])(?:办结|办毕|结案)|已(?!.{0,6}(?:延期|延长|补正|征求|转|受理|登记|收)).{0,12}(?:答复|回复|公开|办理完)"
    "|(?<![未待尚拟])(?:撤回|撤销申请|放弃|终止)|不再(?:处理|办理|要求|需要)"
)
"""What says in a note, or in a column of states, that a request has come to its end."""
_LONGEST = 2
"""Years between receipt and answer beyond which one of the two is more likely mistyped: the longest lawful ways take
one, and a carried one more."""
_COUNTING = ("received_on", "answered_on", "outcome", "applicant_type")
_RESULTS = ("review_result", "suit_result")
_NO_DISPUTE = re.compile("否|(?:没有?|未|无)(?:曾|被|申请|提起|提出|发生)*(?:行政)?(?:复议|诉讼|起诉)?")
"""What says under 是否复议 that there was none."""
_DISPUTES = ("review_on", "review_result", "suit_on", "suit_kind", "suit_result")


_BESIDE = frozenset(("subject", "note", "contact", "keywords", "unit"))
"""What a row with nothing else says may belong to the request above it."""
_FEW = 2
"""Cells of a row with a day of receipt, up to which it may be something else than a request."""


class _Reading:
    def __init__(self, path: Path, year: int | None, given: LedgerMap, vocabulary: Vocabulary) -> None:
        self._path, self._year, self._given, self._vocabulary = path, year, given, vocabulary
        self._said = {
            (field, plain(word)): code for field, words in given.words.items() for word, code in words.items()
        }
        self.requests: list[Request] = []
        self.sheets: list[SheetRead] = []
        self.doubts: list[Doubt] = []
        self.left_out: list[LeftOut] = []
        self.notes: list[str] = []
        self._words: Counter[tuple[str, str]] = Counter()
        self._why: dict[tuple[str, str], str] = {}
        self._settled: Counter[tuple[str, str]] = Counter()
        self._parsed: dict[tuple[str, str], Code | Refused] = {}
        self._own = False
        self._undivided = False
        self._yearless: set[str] = set()
        self._columns: dict[str, list[tuple[int, tuple[ColumnRead, ...]]]] = {}

    def read(self, pages: Sequence[Page], layouts: Sequence[Layout | None]) -> LedgerRead:
        self._undivided = any(map(_names_legal_persons, pages))
        before: tuple[Layout, Page] | None = None
        for page, layout in zip(pages, layouts, strict=True):
            if layout is None and before is not None and _goes_on(page, *before):
                layout = replace(before[0], top=0, bottom=0)
            if self._is_read(page, layout):
                assert layout is not None
                before = layout, page
                self._read_page(page, layout)
        if not any(not sheet.why for sheet in self.sheets):
            raise UnreadableSource(
                f"“{self._path.name}”里没有找到台账：没有一行像“收到日期、申请人、答复类型”这样的列名。",
                "没有读入任何内容。",
                "请核对是不是选错了文件，或先在表里写上列名。",
            )
        self._find_twice()
        self._find_lacking()
        ledger = Ledger(requests=tuple(self.requests), settled=tuple(self._settled_words()))
        return LedgerRead(
            ledger,
            tuple(self._counted_sheets()),
            tuple(self._unknown()),
            self._in_order(pages),
            tuple(self.left_out),
            tuple(self.notes),
        )

    def _in_order(self, pages: Sequence[Page]) -> tuple[Doubt, ...]:
        """The doubts in the order of the file, each once."""
        place = {page.name: at for at, page in enumerate(pages)}
        listed = sorted(self.doubts, key=lambda doubt: (place[doubt.sheet], doubt.row))
        return tuple(dict.fromkeys(listed))

    # -------------------- sheets

    def _is_read(self, page: Page, layout: Layout | None) -> bool:
        """Whether a page holds requests; if not, why is noted, and asked where it looks as if it might."""
        known = layout.fields if layout is not None else frozenset()
        why = ""
        if not page.rows:
            why = "空表"
        elif page.hidden:
            why = "工作表是隐藏的，没有读"
            if layout is not None and _NOT_LEDGER.search(page.name) is None:
                self._doubt(
                    page,
                    layout.bottom,
                    "",
                    "",
                    "这个工作表是隐藏的，没有读；里面有申请的话，请取消隐藏再导入。",
                )
        elif layout is None or not known & {"received_on", "answered_on", "applicant", "subject", "outcome"}:
            why = "没有找到台账的列名"
            days = sum(
                any(item.dated or (item.number is None and _says_a_day(item)) for item in row.values())
                for row in page.rows.values()
            )
            if days > 2 and _NOT_LEDGER.search(page.name) is None:
                first = min(page.rows)
                self._doubt(
                    page, first, "", "", "没有找到列名，这个表没有读；里面有申请的话，请在表里写上列名。"
                )
        elif not known & {"received_on", "applicant", "applicant_type"}:
            why = "没有收到日期、申请人这样的列，没有读"
            if _NOT_LEDGER.search(page.name) is None and "主动公开" not in page.name:
                self._doubt(page, layout.bottom, "", "", f"{why}；里面有申请的话，请指定是哪一列。")
        elif _NOT_LEDGER.search(page.name) and not {"received_on", "outcome"} <= known:
            why = "像是说明或统计，没有读"
        if why:
            self.sheets.append(SheetRead(page.name, why))
        return not why

    def _read_page(self, page: Page, layout: Layout) -> None:
        year = self._year_of(page, layout)
        known = layout.fields
        self._own = page.name == LEDGER_SHEET
        missing = tuple(one for one in ("received_on", "applicant_type", "outcome") if one not in known)
        for one in missing:
            heading = self._vocabulary.by_field[one].heading
            self._doubt(page, max(1, layout.bottom), "", "", f"没有找到“{heading}”，请指定是哪一列。")
        columns = self._tell_headings(page, layout)
        self.sheets.append(
            SheetRead(
                page.name, "", year, (layout.top, layout.bottom), columns, missing, 0, layout.fingerprint
            )
        )
        first = len(self.requests)
        for row in self._rows(page, layout, year):
            made = _Made(self, row)
            self.requests.append(made.request(str(len(self.requests) + 1)))
            if made.is_yearless:
                self._yearless.add(self.requests[-1].id)
        self._find_turn_of_year(page, first)

    def _tell_headings(self, page: Page, layout: Layout, *, first: bool = True) -> tuple[ColumnRead, ...]:
        """Keeps the columns of a sheet, from the row below headings on, and notes what is not read of them."""
        columns = tuple(
            ColumnRead(
                column_letters(column),
                _flat(text),
                tuple(use.field for use in layout.uses.get(column, ())),
            )
            for column, text in sorted(layout.headings.items())
        )
        self._columns.setdefault(page.name, []).append((layout.bottom, columns))
        if not first:
            self.notes.append(f"“{page.name}”第 {layout.top} 行起换了列名，下面按这里的列名读。")
        for column, unread in layout.unused.items():
            here = f"“{page.name}”{column_letters(column)} 列“{_flat(layout.headings[column])}”"
            used = "、".join(
                f" {column_letters(one)} 列“{_flat(layout.headings[one])}”" for one in layout.columns(unread)
            )
            ours = self._vocabulary.by_field.get(unread)
            self.notes.append(f"{here}没有读：“{ours.heading}”用的是{used}。" if ours else f"{here}没有读。")
        return columns

    def _find_turn_of_year(self, page: Page, first: int) -> None:
        """Asks the year of days without one that stand before January or behind December in a list by days: carried
        requests of the year before on top, or the first of the next year at the end."""
        titles = {one.row for one in self.left_out if one.sheet == page.name and one.why == _TITLE}
        parts: list[list[int]] = [[]]
        for at in range(first, len(self.requests)):
            row = _row_of(self.requests[at])
            if parts[-1] and any(_row_of(self.requests[parts[-1][-1]]) < title < row for title in titles):
                parts.append([])
            if self.requests[at].day("received_on") is not None:
                parts[-1].append(at)
        for part in parts:
            days = [self.requests[at].day("received_on") for at in part]
            turns = _turns([day for day in days if day is not None])
            for at in (part[place] for place in turns):
                request = self.requests[at]
                if request.id in self._yearless:
                    day = request.day("received_on")
                    assert day is not None
                    text = f"{day.month}月{day.day}日"
                    reason = f"“{text}”没有写年份，按上下行的次序像是另一年的，请补上。"
                    self.requests[at] = _without(request, "received_on", text, reason)
                    self._doubt_of(self.requests[at], "received_on", reason, text)

    def _counted_sheets(self) -> Iterator[SheetRead]:
        counts = Counter(request.origin.sheet for request in self.requests if request.origin is not None)
        for sheet in self.sheets:
            yield replace(sheet, read=counts[sheet.name]) if not sheet.why else sheet

    def _year_of(self, page: Page, layout: Layout) -> int | None:
        """The year of days that are written without one."""
        above = " ".join(
            item.text for number, row in page.rows.items() if number < layout.top for item in row.values()
        )
        for text in (page.name, f"{above} {page.title}", self._path.stem):
            said = _DAYS.sub(" ", unicodedata.normalize("NFKC", text))  # such as the day of printing
            years = {int(one) for one in _YEAR.findall(said)} or {
                2000 + int(one) for one in _SHORT_YEAR.findall(said)
            }
            if len(years) == 1:
                return years.pop()
            if years:
                break
        found: Counter[int] = Counter()
        without = 0
        for column in layout.columns("received_on"):
            for number, row in page.rows.items():
                if number > layout.bottom and (item := row.get(column)) is not None:
                    day = day_of_number(item.number) if item.number is not None else parse_date(item.text)
                    if not isinstance(day, Refused):
                        found[day.year] += 1
                    elif day.kind == "year":
                        without += 1
        if len(found) == 1:  # the few that were carried may be the only ones whose year is written
            ((year, times),) = found.items()
            return year if times >= without or year == self._year else None
        return self._year if not found else None

    # -------------------- rows

    def _rows(self, page: Page, layout: Layout, year: int | None) -> Iterator[_Row]:
        """The requests of a page; what is none is noted."""
        grouped: _Row | None = None
        before: Row = {}
        of_page = year
        twins = _twins(layout)
        for number, row in page.rows.items():
            if number <= layout.bottom:
                continue
            own = {column: item for column, item in row.items() if item.text or item.formula}
            texts = {(item.top, item.left): item for item in own.values() if item.text}
            if not texts:
                continue
            if any(column in own for column in twins):
                self._doubt(page, number, "", "", _TWINS)
            other = self._other_headings(page, number, own, layout)
            if other is not None:
                if grouped is not None:
                    yield grouped
                grouped, before, layout = None, {}, other
                self._tell_headings(page, layout, first=False)
                self.left_out += [
                    LeftOut(page.name, one, _REPEATED) for one in range(layout.top, layout.bottom + 1)
                ]
                continue
            why, text = self._not_a_request(layout, own, list(texts.values()))
            if why:
                year = _year_said(text, year, of_page) if text else year
                self.left_out.append(LeftOut(page.name, number, why))
                continue
            own = _without_ditto(own, before)
            before = own
            for column in layout.columns(YEAR):
                year = _year_said(own.get(column, BLANK).text, year, year)
            keys = [*layout.columns("serial"), *layout.columns("reg_no")]
            if grouped is not None and self._is_more(grouped, own, keys, layout):
                grouped.more.append(own)
                grouped.further.append(number)
                continue
            if grouped is not None:
                yield grouped
            grouped = _Row(page, number, own, layout, year)
        if grouped is not None:
            yield grouped

    def _other_headings(self, page: Page, number: int, own: Row, layout: Layout) -> Layout | None:
        """The layout of the rows below, if this one begins other headings than those above."""
        if any(_says_a_day(own.get(column, BLANK)) for column in layout.columns("received_on")):
            return None
        if not is_other_headings(own, layout, self._vocabulary):
            return None
        below = replace(page, rows={one: row for one, row in page.rows.items() if one >= number})
        found = find_layout(below, self._vocabulary, self._given.columns)
        return found if found is not None and found.top == number and found.uses != layout.uses else None

    def _not_a_request(self, layout: Layout, own: Row, texts: Sequence[Item]) -> tuple[str, str]:
        """Why a row is no request, "" if it is one; and what it says as a title of those below it."""
        received = any(_says_a_day(own.get(column, BLANK)) for column in layout.columns("received_on"))
        if received and len(texts) > _FEW and not _EXAMPLE.fullmatch(texts[0].text):
            return "", ""
        if is_alike(own, layout):
            return _REPEATED, ""
        numbers = [int(item.text) for item in texts if re.fullmatch(r"\d{1,2}", item.text)]
        if len(numbers) == len(texts) >= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            return "栏号", ""
        first = texts[0].text
        if not received:
            for item in texts[:3] if not self._is_answered(layout, own) else ():
                is_total = _TOTAL.fullmatch(re.sub(r"\s", "", item.text)) or _TOTAL_START.fullmatch(item.text)
                if is_total and not self._says_more(layout, own, item):
                    return "小计、合计", ""
            if _EXAMPLE.fullmatch(first):
                return "填写示例", ""
            if _REMARK.fullmatch(first):
                return "表外的说明、签字", ""
        elif _EXAMPLE.fullmatch(first):
            return "填写示例", ""
        if len(texts) == 1:
            at = {use.field for column in own for use in layout.uses.get(column, ())}
            if not received and (_SECTION.fullmatch(first) or texts[0].wide > 2):
                return _TITLE, first
            if at <= {"serial", "reg_no"} and re.fullmatch(r"\d{1,5}", first):
                return "只有序号", ""
            if at <= {"serial", "reg_no"} and not any(item.formula for item in own.values()):
                return _TITLE, first
        if all(item.formula or self._is_only(layout, column, "serial") for column, item in own.items()):
            return "只有序号和公式", ""
        fields = {
            use.field for column, item in own.items() if item.text for use in layout.uses.get(column, ())
        }
        if not fields:
            return "只有没有读的列", ""
        return "", ""

    def _is_answered(self, layout: Layout, own: Row) -> bool:
        """Whether a row says an outcome or the kind of an applicant in a known word, which no total does: 累计 in it is
        then of a name or a subject."""
        for one in ("outcome", "applicant_type"):
            for column in layout.columns(one):
                item = own.get(column)
                if item is None or not item.text or layout.uses[column] != (Use(one),):
                    continue
                known = (one, plain(item.text)) in self._said or not isinstance(
                    self.meant(one, item.text), Refused
                )
                if known or (one == "applicant_type" and plain(item.text) in LEGAL):
                    return True
        return False

    def _says_more(self, layout: Layout, own: Row, total: Item) -> bool:
        """Whether a row says beside its 计 a day of an answer or several words without a figure: 统计局 may have asked for
        something, undated."""
        if any(_says_a_day(own.get(column, BLANK)) for column in layout.columns("answered_on")):
            return True
        others = {(item.top, item.left): item.text for item in own.values() if item.text}
        others.pop((total.top, total.left))
        words = [
            text
            for text in others.values()
            if not (re.search(r"\d", text) or says_nothing(text) or _ERROR.fullmatch(text))
        ]
        return len(words) > 1

    def _is_only(self, layout: Layout, column: int, field: str) -> bool:
        return layout.uses.get(column, ()) == (Use(field),)

    def _is_more(self, row: _Row, own: Row, keys: Sequence[int], layout: Layout) -> bool:
        """Whether a row goes on with the request above: they share a merged number, or have nothing but its text."""
        merged = [
            column
            for column, item in own.items()
            if item.tall > 1 and item.top == row.items.get(column, BLANK).top
        ]
        needed = [column for field in _COUNTING for column in layout.columns(field)]
        if any(column in keys for column in merged):
            if any(column in own and own[column].text and own[column].tall == 1 for column in needed):
                row.several = "一个序号下的几行各有日期、类别或答复，看不出是一件还是几件，请分开写明。"
            return True
        shared = [column for column in needed if column in merged]
        has_own = [
            column
            for column in (*needed, *layout.columns("applicant"))
            if column in own and column not in shared and own[column].tall == 1
        ]
        if len(shared) >= 2 and not has_own and not any(column in own for column in keys):
            row.several = "几行的日期、答复合并成一格，看不出是一件还是几件，请分开写明。"
            return True
        fields = [
            use.field for column, item in own.items() if item.text for use in layout.uses.get(column, ())
        ]
        if fields and _BESIDE.issuperset(fields):
            row.several = row.several or "下面一行只有内容，没有日期和申请人，看不出是一件还是几件，请写明。"
            return True
        return False

    # -------------------- words

    def code(self, field: str, word: str, name: str = "") -> tuple[str, str, str]:
        """The code of a word, why it is none, and how it was decided."""
        said = self._said.get((field, plain(word)))
        legal = field == "applicant_type" and (
            plain(word) in LEGAL or (self._undivided and plain(word) in _OTHERS)
        )
        by_name = legal or (field == "applicant_type" and plain(word) in _OTHERS)
        if by_name and (code := _kind_of(name)):
            label = self._vocabulary.lists[field][code].label
            return code, "", f"“{word}”按名称的末尾归入“{label}”。"
        if said is not None:
            self._settled[field, word] += 1
            return said, "", ""
        if legal:
            return "", f"“{word}”要分为商业企业、科研机构等，从名称看不出是哪一种，请指定。", ""
        found = self.meant(field, word)
        if isinstance(found, Refused):
            return "", found.why, ""
        if found.ask and not (self._own and plain(word) in (plain(found.label), plain(found.code))):
            return "", f"“{word}”要由人确认是不是“{found.label}”。", ""
        return found.code, "", ""

    def meant(self, field: str, word: str) -> Code | Refused:
        """What a word means by itself, nothing that a person said looked at."""
        found = self._parsed.get((field, word))
        if found is None:
            found = self._parsed[field, word] = parse_code(word, field, self._vocabulary)
        return found

    def unknown(self, field: str, word: str, why: str) -> None:
        self._words[field, word] += 1
        self._why.setdefault((field, word), why)

    def _settled_words(self) -> Iterator[Settled]:
        for (one, word), rows in self._settled.items():
            yield Settled(one, word, self._said[one, plain(word)], rows)

    def _unknown(self) -> Iterator[UnknownWord]:
        order = list(self._vocabulary.by_field)
        for (one, word), rows in sorted(
            self._words.items(), key=lambda it: (order.index(it[0][0]), -it[1], it[0][1])
        ):
            yield UnknownWord(one, word, rows, similar(word, one, self._vocabulary), self._why[one, word])

    # -------------------- doubts

    def _doubt(self, page: Page, row: int, column: str, text: str, reason: str, request: str = "") -> None:
        self.doubts.append(Doubt(page.name, row, column, text, reason, request))

    def note_yes(self, page: Page, column: int, layout: Layout) -> None:
        """Says once of a column that it holds 是 in place of days."""
        here = f"“{page.name}”{column_letters(column)} 列“{_flat(layout.headings[column])}”"
        note = f"{here}有的只写着是，没有日期，这些申请的期限算不出来。"
        if note not in self.notes:
            self.notes.append(note)

    def doubt(self, page: Page, row: int, column: str, text: str, reason: str, request: str) -> None:
        self._doubt(page, row, column, text, reason, request)

    def _doubt_of(self, request: Request, field: str, reason: str, text: str = "") -> None:
        origin = request.origin
        assert origin is not None
        self.doubts.append(
            Doubt(
                origin.sheet,
                origin.row,
                self._called(origin.sheet, field, origin.row),
                text,
                reason,
                request.id,
            )
        )

    def _called(self, sheet: str, field: str, row: int) -> str:
        """The column of a field in a row of a sheet, by letter and heading; its own name if the sheet has none."""
        above = [columns for bottom, columns in self._columns.get(sheet, ()) if bottom < row or not bottom]
        for column in above[-1] if above else ():
            if field in column.fields:
                return f"{column.letter} {column.heading}"
        return self._vocabulary.by_field[field].heading if field in self._vocabulary.by_field else ""

    def _find_lacking(self) -> None:
        """Doubts of requests that lack what counting needs, where nothing was said of it yet."""
        said = {(doubt.request, doubt.column) for doubt in self.doubts}
        told = {(doubt.request, doubt.reason) for doubt in self.doubts}
        missing = {sheet.name: sheet.missing for sheet in self.sheets}
        for request in self.requests:
            assert request.origin is not None
            for one, reason in _lacking(request):
                called = self._called(request.origin.sheet, one, request.origin.row)
                if one in request.unsettled and (request.id, called) in said:
                    continue
                if (request.id, reason) in told:
                    continue
                if one in missing[request.origin.sheet]:
                    reason = f"没有“{self._vocabulary.by_field[one].heading}”这一列，不知道填什么。"
                self._doubt_of(request, one, reason)

    def _find_twice(self) -> None:
        """Leaves out what a sheet of all months repeats, and asks of other requests that stand in two sheets."""
        places: dict[tuple[object, ...], list[int]] = {}
        for at, request in enumerate(self.requests):
            for key in _identity(request):
                places.setdefault(key, []).append(at)
        self._find_numbers_twice(places)
        pairs: dict[int, int] = {}
        for found in places.values():
            for first, second in pairwise(found):
                sheets = {self._sheet(first), self._sheet(second)}
                if len(sheets) == 2:
                    pairs.setdefault(second, first)
        total = Counter(self._sheet(at) for at in range(len(self.requests)))
        twice = Counter(self._sheet(at) for at in pairs)
        back = Counter(self._sheet(first) for first in pairs.values())
        dropped: set[int] = set()
        for second, first in pairs.items():
            later, earlier = self.requests[second], self.requests[first]
            whole = twice[self._sheet(second)] >= _MOST * total[self._sheet(second)]
            other = back[self._sheet(first)] >= _MOST * total[self._sheet(first)] and len(total) > 2
            more = _says_more(earlier, later) or _says_more(later, earlier)
            if _agree(earlier, later) and (whole or other or more):
                gone, kept = (
                    (first, second)
                    if (other and not whole) or _says_more(later, earlier)
                    else (second, first)
                )
                origin, stays = self.requests[gone].origin, self.requests[kept].origin
                assert origin is not None
                assert stays is not None
                dropped.add(gone)
                self.left_out.append(
                    LeftOut(origin.sheet, origin.row, f"与“{stays.sheet}”第 {stays.row} 行是同一件，不重复计")
                )
            else:
                origin = earlier.origin
                assert origin is not None
                self._doubt_of(
                    later,
                    "reg_no",
                    f"与“{origin.sheet}”第 {origin.row} 行像是同一件，请核对是不是登记了两次。",
                )
        gone_ids = {self.requests[at].id for at in dropped}
        self.requests = [one for one in self.requests if one.id not in gone_ids]
        self.doubts = [doubt for doubt in self.doubts if doubt.request not in gone_ids]

    def _find_numbers_twice(self, places: Mapping[tuple[object, ...], Sequence[int]]) -> None:
        """Asks of requests of one sheet that have one number and one day."""
        for key, found in places.items():
            for first, second in pairwise(found):
                origin = self.requests[first].origin
                if key[0] == "reg_no" and origin is not None and self._sheet(first) == self._sheet(second):
                    reason = f"编号和收到日期与第 {origin.row} 行相同，请核对是不是登记了两次。"
                    self._doubt_of(self.requests[second], "reg_no", reason)

    def _sheet(self, at: int) -> str:
        origin = self.requests[at].origin
        return origin.sheet if origin is not None else ""


_MOST = 0.6
"""The part of a sheet's requests that must stand on other sheets before it counts as a list of all of them."""


_IDLE = re.compile(
    r"[\s,，。;；:：()（）]|已|于|由|以|答复|回复|办结|办毕|出具|送达|寄出|邮寄|寄送|寄|发出|发|签收|收到|收件|受理|登记|EMS|快递|挂号信?|信函|当面"
    "|网上|网络|电子邮件|邮件|书面|完成|公开"
)
"""What may stand beside a day and changes nothing of it: 2025.3.4邮寄. 前, 拟, 延期至 do."""


def _without_words(item: Item) -> Item:
    """A cell with a day, without words beside it that change nothing of it."""
    said = unicodedata.normalize("NFKC", item.text)
    days = _DAYS.findall(said)
    return item._replace(text=days[0]) if len(days) == 1 and not _IDLE.sub("", _DAYS.sub("", said)) else item


_DOCUMENT = re.compile(
    r"[^\s,，。;；:：()（）、]{0,12}[〔\[【(（]\s*20\d\d\s*年?[〕\]】)）]\s*第?\s*\d+\s*号"
)
_BOUND = r"(?:^|(?<=[\s,，。;；:：()（）、]))"
_SENT = re.compile(
    _BOUND
    + r"(?:已|于|以|通过|由|经)*(?:当面|EMS|快递|挂号信?|邮寄|信函|网上|网络|电子邮件|传真|书面|送达|寄出|领取|答复"
    r"|告知|回复|出具|方式|给)+"
    r"(?:申请人)?(?=$|[\s,，。;；:：()（）、])"
)


def _outcome_in(text: str) -> str:
    """The outcome in a cell that says day, number and way of the answer as well; "" if it says nothing more."""
    said = unicodedata.normalize("NFKC", text)
    left = _DAYS.sub(",", _DOCUMENT.sub(",", said))
    while left != (shorter := _SENT.sub(",", left)):
        left = shorter
    left = re.sub(
        r"[(]\s*[,，、;；:：\s]*[)]",
        "",
        re.sub(r"[(][\s,，、;；]+", "(", re.sub(r"[\s,，、;；]+[)]", ")", left)),
    )
    left = left.strip(" ,，。;；:：、\n\t")
    return left if left != said.strip() else ""


_THIS_YEAR = re.compile("本年|今年|当年|新收|新增|结转(?:至)?(?:下|次|明)|转入(?:下|次|明)")
_EARLIER = re.compile("上一?年|去年|往年|以前年|跨年|结转|历年")
_PART_OF_YEAR = re.compile(r"\d\s*月|[一二三四五六七八九十]月|季度|半年")


def _year_said(title: str, year: int | None, of_page: int | None) -> int | None:
    """The year of days without one below a title between the requests; None where they have to be asked."""
    said = unicodedata.normalize("NFKC", title)
    years = {int(one) for one in _YEAR.findall(said)} or {
        2000 + int(one) for one in _SHORT_YEAR.findall(said)
    }
    if len(years) == 1:
        return years.pop()
    if _THIS_YEAR.search(said):
        return of_page
    if years or _EARLIER.search(said):
        return None
    return year if year == of_page or _PART_OF_YEAR.search(said) else None


_DITTO = frozenset(("同上", "同前", "〃", "″", "''", '"', "”", "“", "〞", "′′", "ditto"))


_TWINS = "同一行里还有一组同样的列，没有读；里面有申请的话，请移到下面，一行写一件。"


def _row_of(request: Request) -> int:
    return request.origin.row if request.origin is not None else 0


_FAR = 180
"""Days by which one day is before the one above it in a list by days, where a year turns between them."""
_SIDE = 3
"""The part of a list, one in so many, that the days on one side of the turn may be: more is a list of its own."""


def _turns(days: Sequence[date]) -> list[int]:
    """The places of days that are of another year than the others, in a list by days, upwards or downwards."""
    found = _turned_up(days)
    return found or [len(days) - 1 - place for place in _turned_up(days[::-1])]


def _turned_up(days: Sequence[date]) -> list[int]:
    falls = [place for place, (one, other) in enumerate(pairwise(days), 1) if other < one]
    far = [place for place in falls if (days[place - 1] - days[place]).days > _FAR]
    if len(far) != 1 or len(falls) > 1 + len(days) // 10:
        return []
    before, behind = range(far[0]), range(far[0], len(days))
    if _SIDE * len(before) <= len(days) and all(days[place].month > 9 for place in before):
        return list(before)
    if _SIDE * len(behind) <= len(days) and all(days[place].month < 4 for place in behind):
        return list(behind)
    return []


def _without(request: Request, field: str, text: str, reason: str) -> Request:
    """A request with a field that is not certain after all."""
    return replace(
        request,
        values=MappingProxyType({key: value for key, value in request.values.items() if key != field}),
        unsettled=MappingProxyType({**request.unsettled, field: text}),
        why=MappingProxyType({**request.why, field: reason}),
    )


def _twins(layout: Layout) -> tuple[int, ...]:
    """The columns of a second list beside the first, by its days of receipt, applicants and outcomes."""
    again = {
        column: field
        for column, field in layout.unused.items()
        if field in (*_COUNTING, "applicant")
        and any(layout.headings[one] == layout.headings[column] for one in layout.columns(field))
    }
    return tuple(again) if len(set(again.values())) > 2 else ()


_DITTO_BEGINS = frozenset(one[0] for one in _DITTO)


def _without_ditto(own: dict[int, Item], before: Row) -> dict[int, Item]:
    """A row with what stands above in place of 同上; where nothing does, the word stays, and is asked."""
    again = [
        column
        for column, item in own.items()
        if item.text[:1] in _DITTO_BEGINS and re.sub(r"\s", "", item.text).lower() in _DITTO
    ]
    above = {
        column: before[column]._replace(top=own[column].top, left=own[column].left, wide=1, tall=1)
        for column in again
        if column in before
    }
    return {**own, **above} if above else own


def _flat(heading: str) -> str:
    """The lines of a heading as one."""
    return heading.replace("\n", "／")


def _says_a_day(item: Item) -> bool:
    if item.number is not None:
        return item.dated or not isinstance(day_of_number(item.number, 2024), Refused)
    return _DAYS.search(unicodedata.normalize("NFKC", item.text)) is not None


def _goes_on(page: Page, layout: Layout, before: Page) -> bool:
    """Whether a table without headings goes on with the one before: the same columns, and a day where one belongs."""
    if not page.width or page.width != before.width:
        return False
    days = layout.columns("received_on")
    return any(_says_a_day(row.get(column, BLANK)) for row in page.rows.values() for column in days)


def _identity(request: Request) -> Iterator[tuple[object, ...]]:
    if not says_nothing(request.text("reg_no")):
        yield "reg_no", plain(request.text("reg_no")), request.day("received_on")
    said = (request.day("received_on"), plain(request.text("applicant")), plain(request.text("subject")))
    if all(said):
        yield said


def _agree(one: Request, other: Request) -> bool:
    """Whether nothing that both say differs, serial numbers left out."""
    return all(
        other.values.get(field, value) == value
        for field, value in one.values.items()
        if field not in ("serial", "note") and not (field == "outcome" and OPEN in (value, other.outcome))
    ) and not (one.unsettled.keys() & other.values.keys() or other.unsettled.keys() & one.values.keys())


def _says_more(one: Request, other: Request) -> bool:
    """Whether the one is answered and the other still open."""
    return one.day("answered_on") is not None and other.day("answered_on") is None


def _lacking(request: Request) -> Iterator[tuple[str, str]]:
    if request.is_void:
        return
    if request.day("received_on") is None:
        yield "received_on", request.why.get("received_on", "没有收到日期。")
    if not request.text("applicant_type"):
        yield "applicant_type", request.why.get("applicant_type", "没有申请人类别。")
    answered, outcome = request.day("answered_on"), request.text("outcome")
    if "answered_on" in request.unsettled:
        yield "answered_on", request.why.get("answered_on", "答复日期没有定。")
    elif answered is None and outcome not in ("", OPEN) and request.day("served_on") is None:
        yield "answered_on", "有答复类型，没有答复日期。"
    if answered is not None and not outcome and "outcome" not in request.unsettled:
        yield "outcome", "有答复日期，没有答复类型。"
    if answered is not None and outcome == OPEN:
        yield "outcome", "有答复日期，答复类型却是办理中。"
    if "outcome" in request.unsettled:
        yield "outcome", request.why.get("outcome", "答复类型没有定。")


def _kind_of(name: str) -> str:
    """The kind of applicant that the ending of a name says (L-15); "" if it says none."""
    bare = re.sub(r"[（(][^）)]*[）)]$", "", unicodedata.normalize("NFKC", name).strip())
    return next((code for ending, code in _ENDINGS if ending.search(bare)), "")


_LIKENESS = 0.45
"""From which a word is offered as like another; below, words of four characters share but one. Chosen."""


def similar(word: str, field: str, vocabulary: Vocabulary, most: int = 3) -> tuple[str, ...]:
    """The codes whose words are most like a word: for a person to choose among, never taken by themselves."""
    said = plain(word)
    if said in LEGAL and field == "applicant_type":
        return ()  # any but a natural person, which no likeness tells
    scores: dict[str, float] = {}
    codes = vocabulary.lists.get(field, {})
    heads = {code: plain(known.label.partition("·")[0]) for code, known in codes.items()}
    under = [code for code, head in heads.items() if head == said or said.startswith(head)]
    refuses = re.search("[不无未非]", said) is not None
    for code in codes.values():
        if (under and code.code not in under) or (refuses and not under and code.target.endswith("granted")):
            continue
        for one in (code.label, *code.aliases):
            other = plain(one)
            score = SequenceMatcher(None, said, other).ratio()
            if len(other) > 1 and (other in said or said in other):
                score += 0.4
            scores[code.code] = max(scores.get(code.code, 0), score)
    best = sorted(scores, key=lambda code: -scores[code])
    return tuple(code for code in best[:most] if scores[code] >= _LIKENESS)


class _Made:
    """One request from the cells of its row."""

    def __init__(self, reading: _Reading, row: _Row) -> None:
        self._reading, self._row, self._layout, self._hint = reading, row, row.layout, row.year
        self._vocabulary = reading._vocabulary
        self.values: dict[str, Value] = {}
        self.unsettled: dict[str, str] = {}
        self.why: dict[str, str] = {}
        self._yearless: set[str] = set()
        self._divided: dict[str, dict[str, str]] = {}
        self._ticked: dict[str, list[str]] = {}
        self._id = ""

    def request(self, key: str) -> Request:
        self._id = key
        for use, column in self._layout.turns:
            item = self._row.items.get(column)
            for more in self._row.more:
                item = self._joined(use.field, item, more.get(column))
            if item is not None:
                self._read(use, column, item)
        for one, parts in self._divided.items():
            self._divided_day(one, parts)
        for one, codes in self._ticked.items():
            self._take_ticks(one, codes)
        self._check()
        page = self._row.page
        if self._row.number in page.hidden_rows:
            self._doubt("", "", "这一行在表里是隐藏的，已读入，请核对要不要。")
        origin = Origin(self._reading._path.name, page.name, self._row.number)
        return Request(
            key,
            MappingProxyType(self.values),
            MappingProxyType(self.unsettled),
            MappingProxyType(self.why),
            origin,
        )

    def _doubt(self, field: str, text: str, reason: str) -> None:
        row = self._row
        column = self._reading._called(row.page.name, field, row.number) if field else ""
        self._reading.doubt(row.page, row.number, column, text, reason, self._id)

    def _unsettle(self, field: str, text: str, reason: str, *, tell: bool = True) -> None:
        self.values.pop(field, None)
        self.unsettled[field] = text
        self.why[field] = reason
        if tell:
            self._doubt(field, text, reason)

    def _joined(self, field: str, item: Item | None, more: Item | None) -> Item | None:
        """What a request that stands in several rows says under a column."""
        if more is None or not more.text or (item is not None and item.top == more.top):
            return item
        if item is None or not item.text:
            return more
        type_of = self._vocabulary.by_field[field].type if field in self._vocabulary.by_field else "text"
        if item.text == more.text:
            return item
        return Item(f"{item.text}\n{more.text}", formula=item.formula) if type_of != "number" else item

    def _read(self, use: Use, column: int, item: Item) -> None:
        text = item.text
        field = use.field
        if field == COUNT:
            said = unicodedata.normalize("NFKC", text).strip()
            if not (says_nothing(said) or _ERROR.fullmatch(said) or _ONE.fullmatch(said)):
                number = re.match(r"\d+|[两二三四五六七八九十]+", said)
                many = f"这一行写的是 {number.group()} 件" if number else "这一行写的不是 1 件"
                self._row.several = f"{many}，请分成几行，一行一件。"
            return
        if field in BESIDE:
            return  # read with the outcome, or before the row
        if item.formula and not text:
            if field in (*_COUNTING, *_DISPUTES):
                self._unsettle(field, "", "公式没有保存结果，请在 Excel 里打开并保存一次。")
            return
        if _ERROR.fullmatch(text):
            if (
                field in self._vocabulary.by_field
                and self._vocabulary.by_field[field].need < 3
                and field != "due_on"
            ):
                self._unsettle(field, text, f"公式出错，显示 {text}，没有读到内容。")
            return
        if item.formula and field in (*_COUNTING, *_DISPUTES):
            self._doubt(field, text, "是公式算出来的，按文件里保存的结果读入，请核对。")
        if use.part in ("年", "月", "日"):
            self._divided.setdefault(field, {})[use.part] = text
        elif use.part == "tick":
            self._tick(use, item)
        elif use.part in ("first", "second"):
            self._two(use, column, item)
        else:
            self._whole(field, item)

    def _whole(self, field: str, item: Item) -> None:
        text = item.text
        type_of = self._vocabulary.by_field[field].type
        if type_of == "text":
            if text:
                self.values.setdefault(field, text)
        elif type_of == "number":
            self._serial(text)
        elif says_nothing(text) or (field in _RESULTS and _NO_DISPUTE.fullmatch(plain(text))):
            return
        elif type_of == "date":
            self._date(field, item)
        elif type_of == "money":
            self._money(field, item)
        else:
            self._code(field, text)

    def _serial(self, text: str) -> None:
        whole = unicodedata.normalize("NFKC", text).strip().removesuffix(".0")
        if re.fullmatch(r"\d{1,9}", whole):
            self.values["serial"] = int(whole)
        elif _SEVERAL.fullmatch(whole):
            self._row.several = f"序号写的是“{text}”，像是几件写在一行，请一行写一件。"
        elif not says_nothing(text) and not _ERROR.fullmatch(text) and not self._layout.columns("reg_no"):
            self.values["reg_no"] = text

    def _date(self, field: str, item: Item) -> None:
        found = self._day(item, self._hint)
        if isinstance(found, Refused) and found.kind == "unknown" and item.number is None:
            item = _without_words(item)
            found = self._day(item, self._hint)
        received = self.values.get("received_on")
        if isinstance(received, date) and field != "received_on" and "received_on" not in self._yearless:
            found = self._beside(item, received, found)
        if isinstance(found, date):
            self.values[field] = found
            if item.number is None and isinstance(parse_date(item.text), Refused):
                self._yearless.add(field)
            return
        word = plain(item.text)
        if word in _NO and field not in ("received_on",):
            return
        said = self._vocabulary.meant("outcome", item.text)
        if field in ("answered_on", "served_on") and said is not None and said.code == OPEN:
            return
        if field != "due_on":
            only_yes = word in _YES and self._vocabulary.by_field[field].need > 1
            self._unsettle(field, item.text, found.why, tell=not only_yes)
            if only_yes:
                self._reading.note_yes(self._row.page, self._layout.columns(field)[0], self._layout)

    def _beside(self, item: Item, received: date, found: date | Refused) -> date | Refused:
        """The day of a cell without a year in a row whose receipt has one: of its year or of that of the sheet, if only
        one of them is not before the receipt."""
        bare = found if item.number is not None else parse_date(item.text)
        if not (isinstance(bare, Refused) and bare.kind == "year"):
            return found
        years = {received.year, self._hint or received.year}
        days = [parse_date(item.text, year) for year in sorted(years)]
        behind = [day for day in days if isinstance(day, date) and day >= received]
        if len(behind) == 1:
            return behind[0]
        return bare if all(isinstance(day, date) for day in days) else days[0]

    @staticmethod
    def _day(item: Item, hint: int | None) -> date | Refused:
        if item.number is not None:
            return day_of_number(item.number, hint)
        return parse_date(item.text, hint)

    def _money(self, field: str, item: Item) -> None:
        found = parse_money(item.text)
        if isinstance(found, Refused):
            self._unsettle(field, item.text, found.why)
        elif found is not None:
            self.values[field] = found

    def _code(self, field: str, text: str) -> None:
        name = self.values.get("applicant")
        code, why, how = self._reading.code(field, text, name if isinstance(name, str) else "")
        if field == "outcome" and not code and (core := _outcome_in(text)):
            code, _, _ = self._reading.code(field, core)
            days = _DAYS.findall(unicodedata.normalize("NFKC", text))
            if code and len(days) == 1 and not self._layout.columns("answered_on"):
                self._date("answered_on", Item(days[0]))
        if field == "outcome" and not code and (reason := self._said_in(self._layout.columns(REASON))):
            text = f"{text}（{reason}）"
            code, why, how = self._reading.code(field, text)
        if code:
            self.values[field] = code
            if how:
                self.why[field] = how
            return
        self._reading.unknown(field, text, why)
        self._unsettle(field, text, why, tell=self._vocabulary.by_field[field].need == 1)

    def _said_in(self, columns: Sequence[int]) -> str:
        """What stands in the first of these columns that says something."""
        texts = (self._row.items.get(column, BLANK).text for column in columns)
        return next((text for text in texts if not says_nothing(text) and not _ERROR.fullmatch(text)), "")

    def _two(self, use: Use, column: int, item: Item) -> None:
        """One of the two things that a cell says."""
        uses = self._layout.uses[column]
        fields = [one.field for one in uses]
        if len(fields) == 1:  # the other has a column of its own
            self._alone(use.field, item)
            return
        types = [self._vocabulary.by_field[one].type for one in fields]
        if use.part == "second":
            return  # read together with the first
        if item.number is not None:
            at = types.index("date")
            self._whole(fields[at], item)
            return
        text = unicodedata.normalize("NFKC", item.text)
        if says_nothing(text):
            return
        days = [found.group() for found in _DAYS.finditer(text)]
        rest = re.sub(
            r"^[\s,，。.;；:：、/／()（）\-—]+|[\s,，。.;；:：、/／()（）\-—]+$", "", _DAYS.sub(" ", text)
        ).strip()
        if types == ["date", "date"]:
            nothing = not rest or says_nothing(rest) or self._is_open(rest)
            if nothing and len(days) <= 2 and days:
                for one, day in zip(fields, days, strict=False):
                    self._whole(one, Item(day))
                return
        elif len(days) <= 1:
            for one, kind in zip(fields, types, strict=True):
                if kind == "date" and days:
                    self._whole(one, Item(days[0]))
                elif kind != "date" and rest:
                    self._whole(one, Item(rest))
            return
        for one in fields:
            self._unsettle(one, item.text, f"一格里有两样内容，“{item.text}”分不开，请分开写。")

    def _is_open(self, text: str) -> bool:
        said = self._vocabulary.meant("outcome", text)
        return said is not None and said.code == OPEN

    def _alone(self, field: str, item: Item) -> None:
        text = item.text
        type_of = self._vocabulary.by_field[field].type
        days = [found.group() for found in _DAYS.finditer(unicodedata.normalize("NFKC", text))]
        if item.number is not None:
            if type_of == "date":
                self._whole(field, item)
        elif type_of == "date" and len(days) == 1:
            self._whole(field, Item(days[0]))
        elif not days:
            self._whole(field, item)
        else:
            self._unsettle(field, text, f"一格里有两样内容，“{text}”分不开，请分开写。")

    def _tick(self, use: Use, item: Item) -> None:
        text = item.text
        is_day = item.dated or not isinstance(parse_date(text, FIRST_YEAR), Refused)
        if use.field == "outcome" and is_day and not self._layout.columns("answered_on"):
            self._date("answered_on", item)
            self._ticked.setdefault(use.field, []).append(use.code)
            return
        if mark(text) in TICKS:
            self._ticked.setdefault(use.field, []).append(use.code)
        elif not (says_nothing(text) or mark(text) in NO_TICKS):
            if use.field == "applicant_type" and not self._layout.columns("applicant"):
                self.values.setdefault("applicant", text)
                self._ticked.setdefault(use.field, []).append(use.code)
            else:
                self._unsettle(use.field, "", "打勾的地方写了别的，看不出是不是勾。")  # it may be a name

    def _take_ticks(self, field: str, codes: Sequence[str]) -> None:
        if field in self.unsettled:
            return
        known = self._vocabulary.lists[field]
        if len(codes) > 1:
            labels = "、".join(known[code].label if code in known else code for code in codes)
            self._unsettle(field, labels, f"同时勾了“{labels}”，请只留一项。")
        elif codes[0] in known:
            self.values[field] = codes[0]
        else:
            self._code(field, codes[0])

    def _divided_day(self, field: str, parts: Mapping[str, str]) -> None:
        said = {part: text for part, text in parts.items() if not says_nothing(text)}
        if not said:
            return
        pieces = {part: re.sub(r"\D", "", unicodedata.normalize("NFKC", text)) for part, text in said.items()}
        year = pieces.get("年", "")
        text = "".join(f"{said[part]}{part}" for part in ("年", "月", "日") if part in said)
        if not (pieces.get("月") and pieces.get("日")):
            self._unsettle(field, text, f"“{text}”没有写全是哪一天。")
            return
        written = f"{year + '年' if year else ''}{pieces['月']}月{pieces['日']}日"
        self._date(field, Item(written))

    @property
    def is_yearless(self) -> bool:
        """Whether the year of its receipt is that of the sheet."""
        return "received_on" in self._yearless and "received_on" in self.values

    # -------------------- what the cells of a row say together

    def _check(self) -> None:
        received, answered = self.values.get("received_on"), self.values.get("answered_on")
        if isinstance(received, date) and isinstance(answered, date):
            if answered < received:
                said = "答复日期早于收到日期"
                if "answered_on" in self._yearless:
                    self._unsettle(
                        "answered_on", f"{answered.month}月{answered.day}日", f"{said}，没有写年份，请补上。"
                    )
                elif "received_on" in self._yearless:
                    self._unsettle(
                        "received_on", f"{received.month}月{received.day}日", f"{said}，没有写年份，请补上。"
                    )
                else:
                    self._doubt("answered_on", answered.isoformat(), f"{said}，请核对。")
            elif answered.year - received.year > _LONGEST:
                self._unsettle("received_on", received.isoformat(), "收到和答复相隔几年，请核对年份。")
        if (
            isinstance(received, date)
            and self._hint is not None
            and abs(received.year - self._hint) > _LONGEST
        ):
            self._unsettle(
                "received_on", received.isoformat(), f"年份与这张表的 {self._hint} 年相差太多，请核对。"
            )
        if "outcome" not in self._layout.fields and "outcome" not in self.unsettled:
            self._unsettle("outcome", "", "没有“答复类型”这一列，不知道填什么。", tell=False)
        self._check_beside()
        if self._row.several:
            self._unsettle("received_on", self._shown_day(), self._row.several, tell=False)
            for number in (self._row.number, *self._row.further):
                self._reading.doubt(self._row.page, number, "", "", self._row.several, self._id)

    def _check_beside(self) -> None:
        """Asks where a row is struck out, or a note or a second column of results says another thing than what counts.

        A note is not repeated, for it may name somebody.
        """
        if self._row.number in self._row.page.struck_rows:
            self._ask("这一行划了删除线，看不出还算不算一件。", "received_on")
        outcome = self.values.get("outcome")
        if outcome == VOID or "outcome" in self.unsettled:
            return
        is_open = outcome in (None, OPEN) and "answered_on" not in {*self.values, *self.unsettled}
        spare = tuple(column for column, field in self._layout.unused.items() if field == "outcome")
        note = self.values.get("note")
        beside = [("备注", note)] if isinstance(note, str) else []
        beside += [(_flat(self._layout.headings[column]), self._said_in((column,))) for column in spare]
        for heading, text in beside:
            of_results = text != note
            if _MISTAKEN.search(text):
                self._ask(f"“{heading}”写着作废或登记有误，看不出还算不算一件。", "received_on")
            elif is_open and (_DONE.search(text) or (of_results and self._is_result(text))):
                self._ask(f"没有答复日期，“{heading}”却像是办完了。")
            elif of_results and isinstance(outcome, str) and self._contradicts(text, outcome):
                self._ask(f"“{heading}”写的是“{text}”，与这里的不一样。")
            else:
                continue
            return

    def _ask(self, reason: str, field: str = "outcome") -> None:
        """Leaves a field to a person: the outcome, or the day of receipt, without which nothing counts."""
        text = self._said_in(self._layout.columns(field)) if field == "outcome" else self._shown_day()
        self._unsettle(field, text, f"{reason}请核对。")

    def _is_result(self, text: str) -> bool:
        found = self._reading.meant("outcome", text)
        return not isinstance(found, Refused) and found.code != OPEN

    def _contradicts(self, text: str, outcome: str) -> bool:
        """Whether a word is of a refusal and the outcome a grant, or the other way round."""
        found = self._reading.meant("outcome", text)
        if isinstance(found, Refused) or OPEN in (found.code, outcome):
            return False
        ours = self._vocabulary.lists["outcome"][outcome]
        return found.target.endswith("granted") != ours.target.endswith("granted")

    def _shown_day(self) -> str:
        day = self.values.get("received_on")
        return day.isoformat() if isinstance(day, date) else self.unsettled.get("received_on", "")
