"""Ledgers as offices keep them, made up with a known truth: layouts to be read, and tried unseen with other seeds.

`composed` gives the bytes of a file, what stands in it, and the rows that a person has to look at. The layouts are the
variants that the specification names (a sheet a month, sub-totals, three lines of headings, merged cells, days as text
and as numbers, #REF!, formulas); names and subjects are invented.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gxeditor.core.ledger.request import Ledger, Request

YEAR = 2025

Say = dict[str, Any]
"""A request in words: the field of each column, and what is written there."""


@dataclass
class Made:
    """A file with its truth: `certain` are the requests that count, `doubtful` the (sheet, row) to be looked at."""

    name: str
    data: bytes
    certain: list[Request] = field(default_factory=list)
    doubtful: set[tuple[str, int]] = field(default_factory=set)
    requests: int = 0

    @property
    def truth(self) -> Ledger:
        return Ledger(requests=tuple(self.certain))


_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨何吕施张", "志远建国丽华秀英文博思齐子轩雨桐海涛晓东"
_STEMS = ("青禾", "临原", "松岭", "北溪", "东望", "长风", "安澜", "云起")
_NAMES: dict[str, Callable[[random.Random], str]] = {
    "C1": lambda r: r.choice(_SURNAMES) + "".join(r.sample(_GIVEN, r.choice((1, 2)))),
    "C2": lambda r: r.choice(_STEMS) + r.choice(("种业有限公司", "置业有限责任公司", "农民专业合作社", "机械厂",
    "建设集团股份公司")),
    "C3": lambda r: r.choice(_STEMS) + r.choice(("大学", "农业研究院", "规划研究所")),
    "C4": lambda r: r.choice(_STEMS) + r.choice(("商会", "环保协会", "教育基金会")),
    "C5": lambda r: r.choice(_STEMS) + "律师事务所",
    "C6": lambda r: r.choice(_STEMS) + r.choice(("村民小组", "业主委员会")),
}  # fmt: skip
_TYPES = {
    "C1": ("自然人", "公民", "个人"), "C2": ("商业企业", "企业", "公司"), "C3": ("科研机构", "科研院所"),
    "C4": ("社会公益组织", "公益组织"), "C5": ("法律服务机构", "律师事务所"), "C6": ("其他", "其他组织"),
}  # fmt: skip
_OUTCOMES = {
    "G1": ("予以公开", "同意公开", "公开", "提供"), "G2": ("已主动公开", "告知获取途径"), "P1": ("部分公开",
    "区分处理"),
    "D1": ("国家秘密", "不予公开（国家秘密）"), "D4": ("商业秘密", "不予公开-个人隐私", "不予公开：涉及商业秘密"),
    "D5": ("内部事务", "不予公开·三类内部事务信息"), "D6": ("过程性信息", "讨论记录"), "D7": ("执法案卷",),
    "D8": ("行政查询", "按有关规定办理"), "U1": ("信息不存在", "无法提供（信息不存在）", "经检索未找到"),
    "U2": ("不属于本机关", "非本机关职权范围"), "U3": ("需加工分析",), "U4": ("补正后仍不明确",), "N1": ("信访",
    "不予处理-信访"),
    "N2": ("重复申请",), "N4": ("大量反复",), "O1": ("逾期未补正", "视为放弃"), "O3": ("撤回",),
}  # fmt: skip
_SUBJECTS = (
    "某地块征收补偿方案",
    "建设工程规划许可",
    "道路改造资金使用情况",
    "养老机构名单",
    "水库移民档案",
    "学区划分依据",
)
HEADS: dict[str, tuple[str, ...]] = {
    "serial": ("序号", "编号", "序 号", "No."),
    "reg_no": ("登记编号", "受理号", "收件编号", "申请编号", "登记号"),
    "received_on": ("收到日期", "收到申请时间", "受理日期", "申请日期", "来件日期", "收件时间", "登记时间",
    "收到申请的日期"),
    "channel": ("申请方式", "受理方式", "来件方式", "申请渠道", "提交方式"),
    "applicant": ("申请人", "申请人姓名", "姓名/名称", "申请人姓名（名称）", "申请人名称"),
    "applicant_type": ("申请人类别", "申请人类型", "申请人性质", "申请人身份", "申请主体类别"),
    "contact": ("联系电话", "联系方式", "通信地址"),
    "subject": ("申请内容", "所需信息内容描述", "申请公开的信息", "申请事项", "申请公开内容", "所需政府信息"),
    "unit": ("承办单位", "办理科室", "承办部门", "责任科室"),
    "answered_on": ("答复日期", "答复时间", "办结日期", "结束时间", "回复日期", "答复书日期", "办结时间"),
    "answer_no": ("答复文号", "告知书编号", "答复书文号"),
    "outcome": ("答复类型", "答复方式", "办理结果", "处理方式", "答复情况", "是否公开", "答复结果", "决定类型",
    "处理结果"),
    "note": ("备注", "备 注"),
}  # fmt: skip


def requests(r: random.Random, number: int, year: int = YEAR) -> list[tuple[Request, Say]]:
    """Requests of a year and of the end of the one before, in the order of receipt, with what is written of each."""
    found = []
    days = sorted(date(year - 1, 11, 20) + timedelta(days=r.randrange(400)) for _ in range(number))
    for at, day in enumerate(min(day, date(year, 12, 31)) for day in days):
        kind = r.choices(list(_TYPES), (60, 15, 5, 5, 8, 7))[0]
        values: dict[str, Any] = {
            "serial": at + 1, "reg_no": f"{year}依申{at + 1:04}", "received_on": day, "applicant_type": kind,
            "applicant": _NAMES[kind](r), "subject": f"{r.choice(_SUBJECTS)}（{at + 1}）", "channel": "xh",
        }  # fmt: skip
        said: Say = {
            "serial": at + 1, "reg_no": values["reg_no"], "received_on": day, "applicant": values["applicant"],
            "applicant_type": r.choice(_TYPES[kind]), "subject": values["subject"], "channel": r.choice(("信函",
            "邮寄", "信件")),
            "contact": f"139{r.randrange(10**8):08}", "unit": r.choice(("办公室", "法规科")), "note": "",
        }  # fmt: skip
        if r.random() < 0.88:
            code = r.choice(list(_OUTCOMES))
            answered = day + timedelta(days=r.randrange(1, 45))
            values |= {"answered_on": answered, "outcome": code}
            said |= {
                "answered_on": answered,
                "outcome": r.choice(_OUTCOMES[code]),
                "answer_no": f"松答〔{year}〕{at + 1}号",
            }
        elif r.random() < 0.5:
            said["outcome"] = r.choice(("待答复", "办理中", ""))
        found.append((Request(str(at + 1), values), said))
    return found


_STYLES: tuple[Callable[[date], str], ...] = (
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d:%Y-%m-%d} 09:30:00",
    lambda d: f"{d:%y}.{d.month}.{d.day}",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}．{d.month}．{d.day}",
)
FIELDS = (
    "serial",
    "reg_no",
    "received_on",
    "channel",
    "applicant",
    "applicant_type",
    "contact",
    "subject",
    "unit",
    "answered_on",
    "answer_no",
    "outcome",
    "note",
)


def _fields(r: random.Random, *, mixed: bool = True, without: Sequence[str] = ()) -> list[str]:
    fields = [one for one in FIELDS if one not in without]
    if mixed:
        middle = fields[1:-1]
        r.shuffle(middle)
        fields = [fields[0], *middle, fields[-1]]
    return fields


def _headings(r: random.Random, fields: Sequence[str]) -> list[str]:
    return [r.choice(HEADS[one]) for one in fields]


def _day(request: Request) -> date:
    """The day of receipt, which all of them have."""
    day = request.day("received_on")
    assert day is not None
    return day


class _Book:
    """A workbook that remembers which rows are to be looked at."""

    def __init__(self) -> None:
        self.book = Workbook()
        assert isinstance(self.book.active, Worksheet)
        self.book.remove(self.book.active)
        self.certain: list[Request] = []
        self.doubtful: set[tuple[str, int]] = set()
        self.number = 0

    def sheet(self, name: str) -> Worksheet:
        made = self.book.create_sheet(name)
        assert isinstance(made, Worksheet)
        return made

    def put(
        self,
        sheet: Worksheet,
        row: int,
        request: Request | None,
        cells: Sequence[Any],
        doubtful: bool = False,
    ) -> None:
        for column, value in enumerate(cells, 1):
            if value not in ("", None):
                sheet.cell(row, column).value = value
        self.number += 1
        if request is not None and not (doubtful and request.id.startswith("?")):
            self.certain.append(request)
        if doubtful:
            self.doubtful.add((sheet.title, row))

    def made(self, name: str) -> Made:
        written = io.BytesIO()
        self.book.save(written)
        return Made(name, written.getvalue(), self.certain, self.doubtful, self.number)


def _plain(r: random.Random) -> Made:
    book = _Book()
    sheet = book.sheet("台账")
    fields = _fields(r)
    sheet.append(_headings(r, fields))
    for row, (request, said) in enumerate(requests(r, 80), 2):
        book.put(sheet, row, request, [said.get(one, "") for one in fields])
    return book.made("依申请公开台账.xlsx")


def _months(r: random.Random) -> Made:
    """A sheet a month, days without their year, sub-totals, blank rows."""
    book = _Book()
    fields = _fields(r)
    heads = _headings(r, fields)
    listed = [
        (q, s)
        for q, s in requests(r, 90)
        if _day(q).year == YEAR and (q.day("answered_on") or date(YEAR, 1, 1)).year == YEAR
    ]
    for month in range(1, 13):
        sheet = book.sheet(f"{month}月")
        sheet.append([f"松塘县某局{YEAR}年依申请公开台账"])
        sheet.append(["填表单位：松塘县某局"])
        sheet.append(heads)
        row = 4
        here = [(q, s) for q, s in listed if _day(q).month == month]
        for request, said in here:
            said = dict(said)
            for one in ("received_on", "answered_on"):
                if one in said:
                    said[one] = f"{said[one].month}月{said[one].day}日"
            book.put(sheet, row, request, [said.get(one, "") for one in fields])
            row += 1
        sheet.cell(row + 1, 1).value = "小计"
        sheet.cell(row + 1, 3).value = f"{len(here)}件"
        sheet.cell(row + 2, 1).value = "填表人：某某"
    return book.made(f"{YEAR}年台账.xlsx")


def _three_lines(r: random.Random) -> Made:
    book = _Book()
    sheet = book.sheet("Sheet1")
    sheet["A1"] = f"{YEAR}年度政府信息公开申请办理情况登记表"
    sheet.merge_cells("A1:N1")
    groups: list[tuple[str, str, str, str]] = [
        ("serial", "序号", "", ""), ("received_on", "申请情况", "收到", "日期"), ("channel", "申请情况", "申请方式",
        ""),
        ("applicant", "申请情况", "申请人", r.choice(("姓名", "姓名或名称"))), ("applicant_type", "申请情况",
        "申请人", r.choice(("类别", "类型", "性质"))),
        ("contact", "申请情况", "申请人", "联系电话"), ("subject", "申请情况", "申请内容", ""),
        ("correction_sent_on", "办理过程", "补正", "告知日期"), ("correction_back_on", "办理过程", "补正", "收到日期"),
        ("extended_on", "办理过程", "延期", "告知日期"),
        ("answered_on", "办理结果", "答复", r.choice(("日期", "时间"))), ("outcome", "办理结果", "答复",
        r.choice(("类型", "方式", "情况"))),
        ("answer_no", "办理结果", "答复", "文号"), ("note", "备注", "", ""),
    ]  # fmt: skip
    for line in range(3):
        at = 1
        while at <= len(groups):
            text = groups[at - 1][line + 1]
            last = at
            while text and last < len(groups) and groups[last][1 : line + 2] == groups[at - 1][1 : line + 2]:
                last += 1
            if text:
                sheet.cell(line + 2, at).value = text
                below = line
                while below < 2 and not groups[at - 1][below + 2]:
                    below += 1
                if last > at or below > line:
                    sheet.merge_cells(start_row=line + 2, start_column=at, end_row=below + 2, end_column=last)
            at = last + 1
    for column in range(1, len(groups) + 1):
        sheet.cell(5, column).value = column
    for row, (request, said) in enumerate(requests(r, 70), 6):
        said = dict(said)
        if r.random() < 0.2:
            said["correction_sent_on"] = _day(request) + timedelta(days=3)
            said["correction_back_on"] = _day(request) + timedelta(days=9)
        book.put(sheet, row, request, [said.get(one[0], "") for one in groups])
    return book.made("登记表.xlsx")


def _legal_persons(r: random.Random) -> Made:
    """公民 and 法人 only; a name that does not say its kind is asked."""
    book = _Book()
    sheet = book.sheet(f"{YEAR}年")
    fields = _fields(r)
    heads = _headings(r, fields)
    heads[fields.index("applicant_type")] = "公民/法人"
    sheet.append(heads)
    for row, (request, said) in enumerate(requests(r, 90), 2):
        kind = request.text("applicant_type")
        said = {**said, "applicant_type": "公民" if kind == "C1" else r.choice(("法人", "法人或其他组织"))}
        asked = kind == "C6"
        book.put(sheet, row, None if asked else request, [said.get(one, "") for one in fields], asked)
    return book.made("申请台账.xlsx")


def _csv(r: random.Random) -> Made:
    fields = _fields(r)
    lines: list[list[Any]] = [[f"{YEAR}年依申请公开台账", *[""] * (len(fields) - 1)], _headings(r, fields)]
    made = Made("台账.csv", b"")
    style = r.choice(_STYLES)
    for request, said in requests(r, 60):
        said = {one: style(value) if isinstance(value, date) else value for one, value in said.items()}
        doubtful = r.random() < 0.06 and "answered_on" in said
        if doubtful:
            said["answered_on"] = r.choice(("2月30日", f"{YEAR}.13.2", "见附件", f"{YEAR}年3月"))
            made.doubtful.add((made.name.partition(".")[0], len(lines) + 1))
        else:
            made.certain.append(request)
        lines.append([said.get(one, "") for one in fields])
    made.requests = len(lines) - 2
    written = io.StringIO()
    csv.writer(written).writerows(lines)
    made.data = written.getvalue().encode("gb18030")
    return made


def _word(r: random.Random) -> Made:
    """Tables in a document: the headings repeated in some, left out in others."""
    from docx import Document

    document: Any = Document()
    document.add_paragraph(f"松塘县某局{YEAR}年政府信息公开申请登记簿")
    fields = _fields(r, without=("contact", "unit"))
    heads = _headings(r, fields)
    made = Made("登记簿.docx", b"")
    listed = requests(r, 45)
    style = r.choice(_STYLES)
    for begin, headed in ((0, True), (15, False), (30, True)):
        part = listed[begin : begin + 15]
        table = document.add_table(rows=0, cols=len(fields))
        if headed:
            for cell, head in zip(table.add_row().cells, heads, strict=True):
                cell.text = head
        for request, said in part:
            for cell, one in zip(table.add_row().cells, fields, strict=True):
                value = said.get(one, "")
                cell.text = style(value) if isinstance(value, date) else str(value)
            made.certain.append(request)
        document.add_paragraph("")
    made.requests = len(listed)
    written = io.BytesIO()
    document.save(written)
    made.data = written.getvalue()
    return made


def _serials(r: random.Random) -> Made:
    """Days as bare numbers, #REF!, and formulas whose result the file does not carry."""
    book = _Book()
    sheet = book.sheet("Sheet1")
    fields = _fields(r)
    sheet.append(["依申请公开台账"])
    sheet.append(_headings(r, fields))
    for row, (request, said) in enumerate(requests(r, 70), 3):
        said = dict(said)
        for one in ("received_on", "answered_on"):
            if one in said:
                said[one] = (said[one] - date(1899, 12, 30)).days + r.choice((0, 0, 0.5))
        chance = r.random()
        doubtful = False
        if chance < 0.06 and "answered_on" in said:
            said["answered_on"] = "#REF!"
            doubtful = True
        elif chance < 0.1 and "answered_on" in said:
            said["answered_on"] = f"=A{row}+45000"
            doubtful = True
        elif chance < 0.14:
            said["received_on"] = "3.1"
            said["received_on"] = 3.1
            doubtful = True
        book.put(sheet, row, None if doubtful else request, [said.get(one, "") for one in fields], doubtful)
    return book.made("台账.xlsx")


def _combined(r: random.Random) -> Made:
    """One column for day and outcome, or for both days."""
    book = _Book()
    sheet = book.sheet("Sheet1")
    both_days = r.random() < 0.5
    joined = (
        r.choice(("受理/答复日期", "收到/答复时间", "受理及答复日期"))
        if both_days
        else r.choice(("答复时间及方式", "答复日期及结果", "答复时间、方式"))
    )
    fields = _fields(r, without=("received_on", "answered_on") if both_days else ("answered_on", "outcome"))
    sheet.append([*_headings(r, fields), joined])
    style = r.choice(_STYLES[:3])
    mark = r.choice(("/", "；", "\n")) if both_days else r.choice(("，", " ", "\n"))
    for row, (request, said) in enumerate(requests(r, 60), 2):
        answered = style(said["answered_on"]) if "answered_on" in said else ""
        if both_days:
            text = style(said["received_on"]) + (mark + answered if answered else "")
        else:
            text = f"{answered}{mark}{said['outcome']}" if answered else ""
        cells = [
            style(value) if isinstance(value, date) else value
            for value in (said.get(one, "") for one in fields)
        ]
        book.put(sheet, row, request, [*cells, text])
    return book.made("情况.xlsx")


def _merged(r: random.Random) -> Made:
    """Applicants and days of receipt merged over the requests that came together; hidden rows."""
    book = _Book()
    sheet = book.sheet("台账")
    fields = _fields(r)
    sheet.append(_headings(r, fields))
    listed = requests(r, 60)
    row = 2
    at = 0
    while at < len(listed):
        size = r.choice((1, 1, 2, 3))
        part = listed[at : at + size]
        first, said_first = part[0]
        for k, (request, said) in enumerate(part):
            values = {**request.values}
            said = dict(said)
            for one in ("applicant", "applicant_type", "received_on"):
                values[one], said[one] = first.values[one], said_first[one]
            if (request.day("answered_on") or _day(first)) < _day(first):
                values["answered_on"] = said["answered_on"] = values["received_on"]
            if k:
                for one in ("applicant", "applicant_type", "received_on"):
                    said[one] = ""
            hidden = r.random() < 0.04
            book.put(
                sheet, row + k, Request(request.id, values), [said.get(one, "") for one in fields], hidden
            )
            sheet.row_dimensions[row + k].hidden = hidden
        if len(part) > 1:
            for one in ("applicant", "applicant_type", "received_on"):
                column = fields.index(one) + 1
                sheet.merge_cells(
                    start_row=row, start_column=column, end_row=row + len(part) - 1, end_column=column
                )
        row += len(part)
        at += size
    return book.made("台账.xlsx")


def _years(r: random.Random) -> Made:
    """A sheet a year, headings repeated, notes below, a sheet of instructions."""
    book = _Book()
    notes = book.sheet("填写说明")
    notes.append(["一、日期写成 2025.3.4"])
    notes.append(["二、申请人类别", "自然人", "商业企业"])
    listed = requests(r, 80)
    for year in (YEAR - 1, YEAR):
        sheet = book.sheet(str(year))
        fields = _fields(r)
        heads = _headings(r, fields)
        sheet.append(heads)
        row = 2
        for number, (request, said) in enumerate([(q, s) for q, s in listed if _day(q).year == year]):
            if number and number % 15 == 0:
                for column, head in enumerate(heads, 1):
                    sheet.cell(row, column).value = head
                row += 1
            book.put(sheet, row, request, [said.get(one, "") for one in fields])
            row += 1
        sheet.cell(row, 1).value = "合计"
        sheet.cell(row, 2).value = row - 2
        sheet.cell(row + 1, 1).value = "注：本表由办公室填写。"
    return book.made("历年台账.xlsx")


def _ticks(r: random.Random) -> Made:
    """A column for each kind of applicant, ticked."""
    book = _Book()
    sheet = book.sheet("登记")
    fields = _fields(r, without=("applicant_type",))
    kinds = list(_TYPES)
    words = [_TYPES[kind][0] for kind in kinds]
    sheet.append([*_headings(r, fields), "申请人类别", *[""] * 5])
    sheet.append([*[""] * len(fields), *words])
    for column in range(1, len(fields) + 1):
        sheet.merge_cells(start_row=1, start_column=column, end_row=2, end_column=column)
    sheet.merge_cells(start_row=1, start_column=len(fields) + 1, end_row=1, end_column=len(fields) + 6)
    mark = r.choice(("√", "1", 1, "✓"))
    for row, (request, said) in enumerate(requests(r, 60), 3):
        ticks = [mark if kind == request.text("applicant_type") else "" for kind in kinds]
        twice = r.random() < 0.05
        if twice:
            ticks = [mark, mark, "", "", "", ""]
        book.put(
            sheet, row, None if twice else request, [*(said.get(one, "") for one in fields), *ticks], twice
        )
    return book.made("登记.xlsx")


def _halves(r: random.Random) -> Made:
    """Two halves and a sheet of the whole year that repeats them; unknown words; the day in three columns."""
    book = _Book()
    fields = _fields(r, mixed=False)
    listed = [(q, s) for q, s in requests(r, 70) if _day(q).year == YEAR]
    lines = []
    for request, said in listed:
        unknown = r.random() < 0.08 and "answered_on" in said
        if unknown:
            said = {**said, "outcome": r.choice(("本机关不掌握", "不予公开", "已办"))}
        lines.append((request, said, unknown))
    split = fields.index("received_on")

    def drawn(name: str, some: Sequence[tuple[Request, Say, bool]], counted: bool) -> None:
        sheet = book.sheet(name)
        heads = _headings(r, fields)
        sheet.append([*heads[:split], heads[split], "", "", *heads[split + 1 :]])
        sheet.append([*[""] * split, "年", "月", "日"])
        sheet.merge_cells(start_row=1, start_column=split + 1, end_row=1, end_column=split + 3)
        for row, (request, said, unknown) in enumerate(some, 3):
            day = _day(request)
            cells = [said.get(one, "") for one in fields]
            cells[split : split + 1] = [day.year, day.month, day.day]
            if counted:
                open_still = (request.day("answered_on") or _day(request)) > date(YEAR, 12, 31)
                book.put(sheet, row, None if unknown and not open_still else request, cells, unknown)
            else:
                for column, value in enumerate(cells, 1):
                    sheet.cell(row, column).value = value if value != "" else None

    drawn(f"{YEAR}年上半年", [one for one in lines if _day(one[0]).month < 7], True)
    drawn(f"{YEAR}年下半年", [one for one in lines if _day(one[0]).month > 6], True)
    drawn(f"{YEAR}年全年", lines, False)
    return book.made("台账.xlsx")


LAYOUTS: dict[str, Callable[[random.Random], Made]] = {
    "一张表": _plain,
    "每月一张表，日期没有年份": _months,
    "三行表头，合并": _three_lines,
    "公民、法人": _legal_persons,
    "CSV，GBK": _csv,
    "Word，几个表": _word,
    "日期是数字，#REF!，公式": _serials,
    "一列两样内容": _combined,
    "行间合并，隐藏的行": _merged,
    "每年一张表，表头重复": _years,
    "类别打勾": _ticks,
    "上下半年和全年，年月日分列": _halves,
}


def composed(name: str, seed: int) -> Made:
    """The ledger of a layout for a seed; the same for the same."""
    return LAYOUTS[name](random.Random(f"{name}/{seed}"))


def as_moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
