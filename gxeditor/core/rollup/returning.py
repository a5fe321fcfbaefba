"""What a unit is told when its report is sent back (退回意见): what it filled in where, and what it is asked.

Knows how a finding is put to somebody else, in words that are the rules' or stand here, so that the sheet can be signed
as it is: no judgement, no guess, and no personal data that a finding is about. Knows which findings are asked of a unit
unless a person says otherwise, and what stands around them. Draws nothing and knows no clock.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from gxeditor.core.checks.anchors import Anchor, Cell, Span, named, part_named
from gxeditor.core.checks.findings import Finding, Findings, Number
from gxeditor.core.checks.rules import CLAIM, Group, Severity
from gxeditor.core.checks.summary import said_day
from gxeditor.core.report import Entry, Report, show_entry
from gxeditor.core.rollup.findings import RollupFinding, RollupFindings
from gxeditor.core.rollup.project import Received, Returned, Rollup, Told
from gxeditor.core.rollup.units import Unit

TITLE = "年度报告退回意见"
COLUMNS = ("序号", "位置", "填的是", "应当相等的是", "请做什么", "答复")
NOTHING = "—"
"""What stands in a column that a finding has nothing to say in: a blank one would look forgotten."""
REPORT_ALL = "改正后请重新报送整份年度报告，不要只报改动的表。报来的文件与本次完全相同的，视为未改正。"
ANSWER = "答复和说明"
ANSWER_HOW = "（如数字属实不改，请写明原因）"
SIGNED = ("单位经办人：", "电话：", "（盖章）　　　年　　月　　日")

_ASKED = ("error", "query")
"""What a unit is asked unless a person says otherwise: a hint asks for nothing."""
_OFFICES = ("H-12", "H-14", "H-18", "H-24")
"""The checks across units that the office itself has to answer, of its list and of the figures it was given."""
_SAID_BY_OWN = {"H-11": ("Y-01", "Y-02"), "H-13": ("T2-09",)}
"""The checks across units that say again what these rules say of a unit's own report, where they could be made."""
_OF_BLANKS = ("E-01", "E-02", "E-03")
"""The rules that tell a unit of its blank cells and of those that hold a text."""
_WORDS = {"error": "错误", "query": "疑问", "hint": "提示"}
"""◆ is 核实 in one's own report, 疑问 toward a unit: there somebody else must answer (LOOK-3)."""
_CODE = 16  # of the 64 digits of a check code: enough to tell any two files of a county apart, and to be read aloud
_APART = "　"
"""Between table, row and column of a place, as an official paper sets them apart."""
_NAMED = 3  # cells of one finding that are named; of more, the first and how many
_TWO = 2  # units that a finding names beside each other, such as two that sent the same file
_LONGEST = 60  # characters of the unit's own words that are quoted; the place says where the rest is
_CLAIM = re.compile("^正文写“.*?”，(.+)，请核实。$", re.DOTALL)


class Row(NamedTuple):
    """A line of the sheet: `mark` is the shape and the word of its weight, the rest what stands in `COLUMNS`."""

    number: int
    mark: str
    place: str
    stands: str
    should: str
    ask: str


class Phrase(NamedTuple):
    """A stretch of a sentence; `strong` for what must not be overlooked."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class ReturnSheet:
    """What one unit is sent. `head` are name and text in pairs; `opening` the sentence before the table.

    `office` and `day` close it: who sends it, "" where the seal alone says it, and when, as printed. `basis` stands at
    the foot. `unit` is the unit's id and `received` what is sent back.
    """

    unit: str
    name: str
    subtitle: str
    head: tuple[tuple[str, str], ...]
    opening: tuple[Phrase, ...]
    rows: tuple[Row, ...]
    office: str
    day: str
    basis: str
    received: Received
    asked: tuple[Told, ...]
    due: str = ""

    @property
    def file_stem(self) -> str:
        """What its file is called, before `files.names` has made it one that every disk takes."""
        return f"{self.name}退回意见"

    def returned(self, at: str) -> Returned:
        """That it was sent back at a moment, ISO 8601."""
        one = self.received
        rules = tuple(dict.fromkeys(told.rule for told in self.asked if told.rule))
        return Returned(self.unit, one.path, one.sha256, at, self.due, one.row, one.values, rules)


def received_of(rollup: Rollup, unit_id: str) -> Received | None:
    """What would be sent back to a unit: what is used of it, else the last that came and was not refused."""
    if (used := rollup.used.get(unit_id)) is not None:
        return used
    came = [one for one in rollup.of_unit.get(unit_id, ()) if one.decided != "reject"]
    return max(came, key=lambda one: (one.received, one.path, one.row), default=None)


def askable(rollup: Rollup, unit_id: str, across: Iterable[Told] = ()) -> tuple[Told, ...]:
    """All that can be asked of a unit, the gravest first: the findings of its report, and those `across` units.

    A file of which not even the bytes are known was in use, or its reader was stopped: that is nothing to ask a unit.
    """
    one = received_of(rollup, unit_id)
    if one is None:
        return ()
    own = {told.rule for told in one.found}
    found = [*one.found, *(told for told in across if own.isdisjoint(_SAID_BY_OWN.get(told.rule, ())))]
    if one.is_report and (unread := one.unread) and not any(told.rule in _OF_BLANKS for told in found):
        cells = tuple(rollup.form.cells)
        place = named(Cell(cells[unread[0]]), rollup.form).replace(" · ", _APART)
        ids = tuple(cells[at] for at in unread if at < len(cells))
        several = f"等 {len(ids)} 格" if len(ids) > 1 else ""
        found.append(
            Told(
                "", "query", f"{len(ids)} 格没有读到数。", ids, Cell(ids[0]).page, "", f"{place}{several}",
                f"{len(ids)} 格没有读到数", "", "没有的请填 0；填了的，请换一种能读的文件重报。",
            )
        )  # fmt: skip
    if one.problem and one.sha256:
        ask = "请在原来的程序里打开看看，另存一份再报。"
        found.insert(0, Told("", "error", one.problem, place="整个文件", stands=one.problem, ask=ask))
    return tuple(sorted(found, key=lambda told: Severity(told.severity).rank))


def asked(rollup: Rollup, unit_id: str, across: Iterable[Told] = ()) -> tuple[Told, ...]:
    """Those of `askable` that a sheet holds unless a person says otherwise."""
    return tuple(told for told in askable(rollup, unit_id, across) if is_asked(told))


def is_asked(told: Told) -> bool:
    """Whether a sheet holds it unless a person says otherwise."""
    return told.severity in _ASKED and told.rule not in _OFFICES


def told_key(told: Told) -> str:
    """What one of a unit's findings is known by among the others of its report."""
    return told.address or told.message


def sheet(
    rollup: Rollup,
    unit: Unit,
    asked: Sequence[Told],
    *,
    day: date,
    due: date | None = None,
    office: str = "",
) -> ReturnSheet | None:
    """The sheet that asks this of a unit; None where nothing is asked, or nothing came that could be sent back."""
    one = received_of(rollup, unit.id)
    if one is None or not asked:
        return None
    rows = tuple(
        Row(
            number,
            f"{Severity(told.severity).sign} {_WORDS[told.severity]}",
            told.place or NOTHING,
            told.stands or NOTHING,
            told.should or NOTHING,
            told.ask or told.message,
        )
        for number, told in enumerate(asked, 1)
    )
    counts = Counter(told.severity for told in asked)
    what = "、".join(f"{counts[key]} 处{word}" for key, word in _WORDS.items() if counts[key])
    opening = [Phrase(f"你单位报来的年度报告，经核对有 {what}，请按下表改正或说明")]
    if due is None:
        opening.append(Phrase("后重报。"))
    else:
        opening += [Phrase("，于 "), Phrase(f"{said_day(due)}前", strong=True), Phrase(" 重报。")]
    return ReturnSheet(
        unit=unit.id,
        name=unit.name,
        subtitle=f"{unit.name}{_APART}{rollup.year}年{rollup.form.title}",
        head=(
            ("收到的文件", one.path.rpartition("/")[2] + (f"（{one.row}）" if one.row else "")),
            ("收到时间", said_moment(one.received)),
            ("文件识别码", code(one)),
            ("检查情况", _looked(one)),
        ),
        opening=tuple(opening),
        rows=rows,
        office=office,
        day=said_day(day),
        basis=f"依据：{rollup.form.basis}",
        received=one,
        asked=tuple(asked),
        due=due.isoformat() if due is not None else "",
    )


def code(one: Received) -> str:
    """The check code of a received file as it is read aloud: the first digits of its SHA-256, in groups of four."""
    digits = one.sha256[:_CODE]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4)) or NOTHING


def said_moment(moment: str) -> str:
    """「2026年1月21日 09:08」 of a moment in ISO 8601; another text as it is."""
    try:
        when = datetime.fromisoformat(moment)
    except ValueError:
        return moment or NOTHING
    return f"{said_day(when.date())} {when:%H:%M}"


def in_lines(place: str, most: float) -> str:
    """A place broken between its names, as many on a line as have room; `most` in full-width characters."""
    lines: list[str] = []
    for name in place.split(_APART):
        joined = f"{lines[-1]}{_APART}{name}" if lines else name
        if lines and len(joined) <= most:
            lines[-1] = joined
        else:
            lines.append(name)
    return "\n".join(lines)


def _looked(one: Received) -> str:
    if one.problem:
        return "文件没有读成，没有检查"
    if not one.not_checked:
        return f"检查 {one.checked} 条"
    return f"检查 {one.checked} 条，\n{one.not_checked} 条缺数未检查"


def told(finding: Finding, report: Report) -> Told:
    """A finding of a report as it is kept of a received file and put to its unit."""
    place = _place(finding, report)
    if finding.left is not None and finding.right is not None and not finding.rule.test:
        stands, should, ask = _equation(finding)
    elif finding.rule.kind == CLAIM and (found := _CLAIM.match(finding.message)) and finding.values:
        stands, should = f"“{_short(finding.values[0])}”", found[1]
        ask = f"{_apart(finding)}请改成一致；口径不同的，请在文中写明。"
    else:
        stands, should, ask = _standing(finding, report), "", _without_place(finding, report)
    return Told(
        finding.rule.code,
        finding.severity.value,
        finding.message,
        finding.cells,
        finding.page,
        finding.address,
        place,
        stands,
        should,
        ask,
    )


def told_across(
    findings: RollupFindings, rollup: Rollup, unit_id: str, wanted: Collection[str] = ()
) -> tuple[Told, ...]:
    """The open findings across units that this unit can answer: it is the first that they name, or one of two.

    Of a check that is about each of several units (it has an `ask`), whoever differs is asked for their own figures.
    Those whose address is `wanted` are the unit's because a person said so.
    """
    return tuple(
        _told_of(one, rollup, unit_id)
        for one in findings.of_unit.get(unit_id, ())
        if one.units[0] == unit_id
        or len(one.units) <= _TWO
        or "ask" in one.check.messages
        or one.address in wanted
    )


def _told_of(one: RollupFinding, rollup: Rollup, unit_id: str) -> Told:
    form, compared = rollup.form, one.compared
    if one.cells:
        several = f"等 {len(one.cells)} 格" if len(one.cells) > _NAMED else ""
        place = named(Cell(one.cells[0]), form).replace(" · ", _APART) + several
    else:
        place = one.title
    own = next((row for row in compared.rows if row.unit == unit_id), None)
    stands = ""
    if own is not None and own.values:
        heads = compared.heads[1:] if len(compared.heads) > len(own.values) else ("",) * len(own.values)
        stands = "，".join(
            f"{head} {value}".strip() for head, value in zip(heads, own.values, strict=False) if value
        )
    page = Cell(one.cells[0]).page if one.cells else ""
    return Told(
        one.rule,
        one.severity.value,
        one.message,
        one.cells,
        page,
        one.address,
        place,
        stands,
        "",
        one.check.messages.get("ask", one.message),
    )


def counted(findings: Findings) -> tuple[int, int]:
    """How many rules could be evaluated, and how many could not (`Received.checked`, `Received.not_checked`)."""
    missed = {item.rule.id for item in findings.not_checked}
    looked = {one.rule.id for one in findings.findings} | {one.rule.id for one in findings.met}
    return len(looked - missed), len(missed)


# ---- one finding ---------------------------------------------------------------------------------------------------


def _place(finding: Finding, report: Report) -> str:
    """「表四　行政复议　总计」, 「第一部分正文第 3 段」; of many cells the first and how many."""
    form, where = report.form, finding.where if not finding.rule.test else finding.anchors[0]
    if isinstance(where, Span):
        return f"{named(where, form)}第 {where.paragraph(report) + 1} 段"
    several = f"等 {len(finding.cells)} 格" if finding.rule.test and len(finding.cells) > _NAMED else ""
    return named(where, form).replace(" · ", _APART) + several


def _equation(finding: Finding) -> tuple[str, str, str]:
    """What was filled in, what it ought to equal, and what is asked, of two sides that differ."""
    rule = finding.rule
    names = rule.names or (rule.left_name, rule.right_name)
    count = len(rule.left)
    left = _side(names[:count], finding.left_values, finding.left)
    right = _side(names[count:], finding.right_values, finding.right)
    apart = f"相差 {show_entry(finding.difference)}。"
    if rule.kind == "sum":
        return right, left, f"{apart}总计或某一项填错，请改正。"
    if rule.kind == "balance":
        return right, left, f"{apart}请核对这几项，改正填错的。"
    return right, f"上年年报：{left}", f"{apart}请核实；属实的，请写明原因。"


def _apart(finding: Finding) -> str:
    """By how much a number of the prose differs; of words such as 均 and of shares there is no such figure to give."""
    phrase = finding.values[0]
    counts = re.search("[0-9]", phrase) and not re.search("[%％]", phrase)
    return f"相差 {show_entry(finding.difference)}。" if counts and finding.difference else ""


def _side(names: Sequence[str], values: Sequence[Entry | None], total: Number | None) -> str:
    """「维持 3、纠正 1、其他 0，合计 4」; of a long side the terms that are not 0, and how many are."""
    terms = list(zip(names, values, strict=False))
    if len(terms) == 1:
        return f"{terms[0][0]}填 {show_entry(total)}"
    told = terms if len(terms) <= _NAMED + 1 else [(name, value) for name, value in terms if value]
    between = "，" if any("、" in name for name, _ in told) else "、"
    shown = [between.join(f"{name} {show_entry(value)}" for name, value in told)] if told else []
    if zeros := len(terms) - len(told):
        shown.append(f"其余 {zeros} 项为 0" if told else f"{zeros} 项都是 0")
    return f"{'，'.join(shown)}，合计 {show_entry(total)}"


def _standing(finding: Finding, report: Report) -> str:
    """What stands where a finding without two sides points; "" for a whole, and for what is nobody's to repeat."""
    if finding.rule.group is Group.DISCLOSURE:
        return ""  # a number of an identity card does not go round a second time
    where = finding.anchors[0]
    if isinstance(where, Cell):
        return _cells(finding.cells, report)
    if isinstance(where, Span):
        return f"“{_short(where.text(report)[where.start : where.end])}”" if where.end > where.start else ""
    return (
        f"“{_short(finding.values[0])}”" if _is_field(where) and finding.values and finding.values[0] else ""
    )


def _cells(cells: Sequence[str], report: Report) -> str:
    values = [report.value(cell) for cell in cells]
    if len(cells) == 1:
        return f"填 {show_entry(values[0])}" if values[0] is not None else "没有填"
    if len(cells) <= _NAMED:
        return "，".join(
            f"{report.form.cells[cell].place.replace(' · ', _APART)} {show_entry(value) or '没有填'}"
            for cell, value in zip(cells, values, strict=True)
        )
    blanks = sum(value is None for value in values)
    return f"{blanks} 格没有填" if blanks == len(cells) else f"{len(cells)} 格"


def _is_field(where: Anchor) -> bool:
    return not isinstance(where, Cell | Span) and hasattr(where, "key")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}……"


def _without_place(finding: Finding, report: Report) -> str:
    """The sentence of a finding without the name of the cell before it, which stands in a column of its own."""
    where = finding.anchors[0]
    if isinstance(where, Cell):
        place = report.form.cells[where.id].place
        for name in (place, f"{part_named(where, report.form)} · {place}"):
            if finding.message.startswith(f"{name}："):
                return finding.message[len(name) + 1 :]
    return finding.message
