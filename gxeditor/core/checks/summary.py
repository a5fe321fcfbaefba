"""What the 校验报告 says of a report, as a value: the window, the PDF and the workbook all draw from it.

Knows its parts, what is counted in each, and every sentence of them. Never says that a report is right: what was not
checked or was closed stands there with its reason, and what is open and what was explained in full. Draws nothing and
knows no clock; the check code is reckoned by `store`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from gxeditor.core.checks.anchors import Span, named
from gxeditor.core.checks.coverage import coverage
from gxeditor.core.checks.findings import Finding, Findings, Number
from gxeditor.core.checks.rules import Group, Rule, Severity
from gxeditor.core.checks.standing import Standing, State, looks_at, standings, states
from gxeditor.core.report import Final, Report, show_entry

TITLE = "政府信息公开工作年度报告校验报告"
TO_BE_NAMED = "（定稿时填写）"
COUNTED = ("检查项目", "相等、符合", "不等、不符", "已说明", "未检查", "已关闭")
"""The columns of `Summary.counts`, in the order of `Counts`."""
COUNTED_NOTE = "“相等、符合”只指列出的项目；未检查和已关闭的，原因见第四部分。"
ALL_NOTE = (
    "“相等”是两边的数相等；“未提出”是查过，没有要提出的，不表示没有错。"
    "本报告由政府信息公开年报编辑器生成，不代替人工审核。"
)

_SHOWN_VALUES = 8  # that a finding rests on and its sentence does not name
_NAMED = 2  # rules with one reason that are named; of more, the codes tell enough
_BLANKS = re.compile("有 [0-9]+ 格未填")
_TEXT = re.compile("有“.*”，不是数字", re.DOTALL)


class Counts(NamedTuple):
    """How many rules of a group there are, and how they stand; `COUNTED` names the columns."""

    rules: int = 0
    met: int = 0
    open: int = 0
    explained: int = 0
    not_checked: int = 0
    closed: int = 0


class Open(NamedTuple):
    """What is not settled. `finding` is what is to be gone to or explained."""

    severity: Severity
    what: str
    place: str
    code: str
    finding: Finding


class Explained(NamedTuple):
    """What a person explained, with the figures for which that was said."""

    severity: Severity
    what: str
    reason: str
    code: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rules were not checked, or are closed: how many for this reason, and which."""

    reason: str
    count: int
    which: str
    is_closed: bool


class Line(NamedTuple):
    """How a rule stands, or one of its findings: the two sides where it compares any, else what there is to say."""

    code: str
    what: str
    state: State
    word: str
    left: Number | None
    right: Number | None
    difference: Number | None
    said: str

    @property
    def values(self) -> str:
        """「33＝33」, 「16 与 17，相差 1」, or what is said in place of figures."""
        if self.left is None or self.right is None:
            return self.said
        left, right = show_entry(self.left), show_entry(self.right)
        sides = (
            f"{left} 与 {right}，相差 {show_entry(self.difference)}"
            if self.difference
            else f"{left}＝{right}"
        )
        return f"{sides}。{self.said}" if self.said else sides


@dataclass(frozen=True)
class Summary:
    """A 校验报告. `head` are its first lines, name and text each, in pairs that stand beside each other.

    `wide` are lines that take the whole width. `counts` are by group in the order of `Group`, groups without rules left
    out; `scope` is the sentence on what was looked at. `lines` are all rules, by group in the order of the catalogue.
    """

    agency: str
    year: int | None
    code: str
    checker: str
    head: tuple[tuple[str, str], ...]
    wide: tuple[tuple[str, str], ...]
    counts: Mapping[str, Counts]
    scope: str
    open: tuple[Open, ...]
    explained: tuple[Explained, ...]
    reasons: tuple[Reason, ...]
    lines: Mapping[str, tuple[Line, ...]]

    @property
    def total(self) -> Counts:
        return Counts(*(sum(column) for column in zip(*self.counts.values(), strict=True)))

    @property
    def name(self) -> str:
        """What stands at the foot of every page, before the check code."""
        year = f"{self.year} 年" if self.year else ""
        return f"{self.agency}{year}" or "未填写单位"

    @property
    def title_open(self) -> str:
        """「没有解决的 3 处」: the headings count places, of which a rule may have several."""
        return f"没有解决的 {len(self.open)} 处" if self.open else "没有解决的：没有"

    @property
    def title_explained(self) -> str:
        return f"已说明的 {len(self.explained)} 处" if self.explained else "已说明的：没有"

    @property
    def title_reasons(self) -> str:
        total = self.total
        if not self.reasons:
            return "没有检查的和已关闭的：没有"
        return f"没有检查的 {total.not_checked} 条和已关闭的 {total.closed} 条，为什么"

    @property
    def title_lines(self) -> str:
        return f"全部检查项目 {self.total.rules} 条"

    @property
    def why_not(self) -> str:
        """「没有选上年年报 7 条；有格未填 16 条」: the reasons, counted."""
        return "；".join(
            f"{'已关闭：' if one.is_closed else ''}{one.reason} {one.count} 条" for one in self.reasons
        )


def summary(
    report: Report,
    rules: Sequence[Rule],
    findings: Findings,
    *,
    code: str,
    when: datetime,
    profile: str = "全国",
    code_then: str = "",
) -> Summary:
    """The 校验报告 of a report. `findings` are those of `rules` on it, `when` they were looked for.

    `code` is the check code of what the report says now, `code_then` that of its 定稿, which also gives the checker.
    `profile` is what the 地区要求 is called by which it was checked.
    """
    lines = standings(rules, findings)
    stood = states(findings)
    final = report.finals[-1] if report.is_final else None
    checker = final.checker if final is not None else ""
    counts: dict[str, Counts] = {}
    by_group: dict[str, tuple[Line, ...]] = {}
    order = {rule.id: place for place, rule in enumerate(rules)}
    for group in Group:
        of_group = [state for rule, state in stood.values() if rule.group is group]
        if of_group:
            tally = (State.MET, State.OPEN, State.EXPLAINED, State.NOT_CHECKED, State.CLOSED)
            counts[group.word] = Counts(len(of_group), *(of_group.count(state) for state in tally))
            mine = sorted(
                (one for one in lines if one.rule.group is group),
                key=lambda one: order.get(one.rule.id, len(order)),
            )
            by_group[group.word] = tuple(_line(one) for one in mine)
    wide = [("强制定稿的原因", final.forced)] if final is not None and final.forced else []
    if code_then and code_then != code:
        wide.append(("定稿时的校验码", f"{code_then}。年报的内容在定稿以后变了。"))
    before = [one for one in report.finals if one.reopened]
    wide += [("以前的定稿", "\n".join(map(_reopened, before)))] if before else []
    return Summary(
        agency=report.agency,
        year=report.year,
        code=code,
        checker=checker,
        head=(
            ("填报单位", report.agency or "未填写"),
            ("年度", f"{report.year} 年" if report.year else "未填写"),
            ("校验时间", f"{said_day(when.date())} {when:%H:%M}"),
            ("核对人", checker or TO_BE_NAMED),
            ("对照上年", _compared(report)),
            ("年报文件校验码", code),
            ("定稿日期", said_date(final.date) if final is not None else "还没有定稿"),
            ("地区要求", profile),
        ),
        wide=tuple(wide),
        counts=counts,
        scope=f"检查的范围：{coverage(report, findings).wordings[1]}。",
        open=tuple(
            Open(one.severity, _told(one), _place(one, report), one.rule.code, one) for one in findings.open
        ),
        explained=tuple(
            Explained(one.severity, _told(one), one.explanation.reason, one.rule.code, one)
            for one in findings.findings
            if one.explanation is not None and one.is_explained
        ),
        reasons=tuple(_reasons(lines, stood)),
        lines=by_group,
    )


def said_day(day: date) -> str:
    """「2026年1月12日」"""
    return f"{day.year}年{day.month}月{day.day}日"


def _reopened(final: Final) -> str:
    day, _, why = final.reopened.partition(" ")
    return f"{said_date(final.date)} {final.checker}，{said_date(day)}重新打开：{why}"


def said_date(text: str) -> str:
    """The same of a day in ISO 8601; another text as it is."""
    try:
        return said_day(date.fromisoformat(text))
    except ValueError:
        return text


def _compared(report: Report) -> str:
    if report.prior is None:
        return "没有选上年年报"
    doubts = "".join(f"（{doubt}）" for doubt in report.prior.doubts(report))
    return f"{report.prior.words}{doubts}"


def _told(finding: Finding) -> str:
    """Its sentence, with the figures it rests on that the sentence does not name."""
    again = ""
    if finding.explanation is not None and finding.is_reopened:
        again = f"（原来的说明要重看：{finding.explanation.reason}）"
    rest = [value for value in dict.fromkeys(finding.values) if value and value not in finding.message]
    more = "……" if len(rest) > _SHOWN_VALUES else ""
    values = f"（数：{'、'.join(rest[:_SHOWN_VALUES])}{more}）" if finding.rule.left and rest else ""
    return f"{finding.message}{values}{again}"


def _place(finding: Finding, report: Report) -> str:
    where = finding.anchors[0]
    name = named(where, report.form)
    return f"{name}第 {where.paragraph(report) + 1} 段" if isinstance(where, Span) else name


def _line(one: Standing) -> Line:
    said = one.reason
    if one.finding is not None:
        is_equation = one.left is not None
        told = "" if is_equation else one.finding.message
        said = "。".join(filter(None, (told.rstrip("。"), f"说明：{one.reason}" if one.reason else "")))
    return Line(
        one.rule.code, looks_at(one.rule), one.state, one.word, one.left, one.right, one.difference, said
    )


def _reasons(lines: Sequence[Standing], stood: Mapping[str, tuple[Rule, State]]) -> list[Reason]:
    """The reasons, the commonest first, those why rules are closed last."""
    found: dict[tuple[bool, str], dict[str, Rule]] = {}
    for line in lines:
        if line.state in (State.NOT_CHECKED, State.CLOSED):
            reason = _TEXT.sub("有格不是数字", _BLANKS.sub("有格未填", line.reason))
            if stood[line.rule.id][1] is not line.state:
                reason += "（这些条的其余内容已检查）"
            found.setdefault((line.state is State.CLOSED, reason), {})[line.rule.id] = line.rule
    reasons = [
        Reason(reason, len(rules), _which(list(rules.values())), closed)
        for (closed, reason), rules in found.items()
    ]
    return sorted(reasons, key=lambda one: (one.is_closed, -one.count))


def _which(rules: Sequence[Rule]) -> str:
    """「T3-03 的 9 条、T3-02」; where there are but few, what they look at."""
    codes: dict[str, list[Rule]] = {}
    for rule in rules:
        codes.setdefault(rule.code, []).append(rule)
    if len(rules) <= _NAMED:
        return "；".join(f"{rule.code} {looks_at(rule)}" for rule in rules)
    return "、".join(f"{code}（{len(of)} 条）" if len(of) > 1 else code for code, of in codes.items())
