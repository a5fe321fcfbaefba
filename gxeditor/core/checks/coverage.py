"""What was looked at in a report, and what was not: the sentence that stands wherever no finding is shown.

Knows how equations that hold, that fail, that are explained and that could not be evaluated are told apart, how far the
numbers of the prose were compared, and which other kinds were looked at. Says nothing of a single finding, and never
that a report is right: only what was compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from gxeditor.core.checks.findings import Findings, NotChecked
from gxeditor.core.checks.rules import Group, Severity
from gxeditor.core.checks.standing import State, is_equation, states
from gxeditor.core.fields import FIELDS
from gxeditor.core.report import Report

_OTHERS = {
    Group.TABLES: "表内",
    Group.YEARS: "与上年对照",
    Group.CONTENT: Group.CONTENT.word,
    Group.FORMAT: Group.FORMAT.word,
    Group.DISCLOSURE: Group.DISCLOSURE.word,
    Group.DEADLINES: Group.DEADLINES.word,
}
"""Named checks by what they look at. Those of what was taken over only tell what nobody has looked at yet."""


class Equations(NamedTuple):
    """How many equations hold, fail, were explained and were not evaluated.

    `reason` says why the last, "" if there are none or several reasons.
    """

    equal: int = 0
    different: int = 0
    explained: int = 0
    not_checked: int = 0
    reason: str = ""

    def words(self, name: str, *, reason: bool) -> str:
        """“表格 33 条相等，9 条未检查：有格未填”; "" where there is no equation."""
        told = _counted(
            "条",
            (self.equal, "相等"),
            (self.different, "不等"),
            (self.explained, "已说明"),
            (self.not_checked, "未检查"),
        )
        why = f"：{self.reason}" if reason and self.reason else ""
        return f"{name} {told}{why}" if told else ""


class Stated(NamedTuple):
    """The numbers that the prose states: the same as in the tables, others, explained, and what nothing tells."""

    same: int = 0
    different: int = 0
    explained: int = 0
    open: int = 0

    @property
    def words(self) -> str:
        return _counted(
            "处",
            (self.same, "相同"),
            (self.different, "不同"),
            (self.explained, "已说明"),
            (self.open, "未能核对"),
        )


def _counted(unit: str, *counts: tuple[int, str]) -> str:
    return "，".join(f"{count} {unit}{what}" for count, what in counts if count)


class Other(NamedTuple):
    """Named checks of one kind: how many were made, and how many could not be made."""

    word: str
    made: int
    not_checked: int


@dataclass(frozen=True)
class Coverage:
    """What was checked of a report.

    `errors`, `queries` count what is open, `explained` what an explanation settles. `tables` are the equations within
    its tables, `yearly` those with last year's report, `stated` the numbers of the prose, None if nothing compares
    them; `others` are further checks by kind. `closed` counts the rules that are not to be checked. `begun` says
    whether any cell is filled, `written` whether there is any prose; `unwritten` are the numbers of the sections that
    consist of prose and have none.
    """

    errors: int
    queries: int
    tables: Equations
    yearly: Equations
    begun: bool
    written: bool
    unwritten: tuple[str, ...]
    explained: int = 0
    stated: Stated | None = None
    others: tuple[Other, ...] = ()
    closed: int = 0

    @property
    def sentence(self) -> str:
        """All of it, without a full stop."""
        return self.wordings[0]

    @property
    def wordings(self) -> tuple[str, ...]:
        """The sentence, the longest first; the second leaves the counts of findings to what stands beside it.

        The third leaves out reasons, each further one whole parts from the middle: the kinds of other checks, then
        equations and numbers that agree. None leaves out that something was not checked, closed or not written; the
        last only counts all that was not checked.
        """
        counts = "，".join(
            f"{count} {what}"
            for count, what in (
                (self.errors, "个错误"),
                (self.queries, "处核实"),
                (self.explained, "处已说明"),
            )
            if count
        )
        full, short = (
            ("表格未填" if not self.begun else self.tables.words("表格", reason=reason))
            for reason in (True, False)
        )
        made = "、".join(f"{one.word} {one.made} 条" for one in self.others if one.made)
        made = f"另查{made}" if made else ""
        closed = f"{self.closed} 条已关闭" if self.closed else ""
        prose, alone = self._prose()
        others = [f"{one.word} {one.not_checked} 条" for one in self.others if one.not_checked]
        left = sum(one.not_checked for one in self.others)
        folded = others if len(others) < 2 else [f"其他 {left} 条"]
        waiting = [f"跨年 {self.yearly.not_checked} 条"] if self.yearly.not_checked else []
        waiting += folded
        waiting += ["正文"] if self.written and self.stated is None else []
        tables = [f"表格 {self.tables.not_checked} 条"] if self.begun and self.tables.not_checked else []
        yearly, plain = (self.yearly.words("跨年", reason=reason) for reason in (True, False))
        end = (closed, self._unwritten())
        forms = (
            (counts, full, yearly, prose, made, _unchecked(others), *end),
            (full, yearly, prose, made, _unchecked(others), *end),
            (short, plain, prose, made, _unchecked(others), *end),
            (short, plain, prose, _unchecked(others), *end),
            (short, plain, prose, _unchecked(folded), *end),
            (short, prose if self.stated is not None else "", _unchecked(waiting), *end),
            (short, _unchecked(waiting), alone, *end),
            ("" if self.begun else short, _unchecked([*tables, *waiting]), alone, *end),
            ("" if self.begun else short, self._all_unchecked(), alone.replace("未能", "未"), *end),
        )
        return tuple("；".join(part for part in parts if part) for parts in forms)

    def _all_unchecked(self) -> str:
        """What was not checked in one number: where there is room for no more."""
        rules = (self.tables.not_checked if self.begun else 0) + self.yearly.not_checked
        rules += sum(one.not_checked for one in self.others)
        prose = ["正文"] if self.written and self.stated is None else []
        return _unchecked([*([f"共 {rules} 条"] if rules else []), *prose])

    def _prose(self) -> tuple[str, str]:
        """What is said of the numbers in the prose, and the part of it that is never left out."""
        if not self.written:
            return "", ""
        if self.stated is None:
            return "正文未检查", ""
        if not any(self.stated):
            return ("正文没有读出可核对的数",) * 2
        return f"正文 {self.stated.words}", f"正文 {self.stated.open} 处未能核对" if self.stated.open else ""

    def _unwritten(self) -> str:
        if not self.unwritten:
            return ""
        return f"第{'、'.join(self.unwritten)}部分未写" if self.written else "正文未写"


def _unchecked(what: Iterable[str]) -> str:
    listed = "、".join(what)
    return f"{listed}未检查" if listed else ""


def coverage(report: Report, findings: Findings) -> Coverage:
    """What `findings`, those of this report, rest on; hardly ever something else with a key in a text."""
    settled = {finding.where for finding in findings.findings if finding.is_explained}
    rests_on = (
        tuple((finding.rule, finding.is_explained) for finding in findings.findings),
        findings.not_checked,
        findings.met,
        findings.closed,
        settled,
        # Which of them are explained is told by their places, which move.
        findings.claims if settled else tuple(claim.state for claim in findings.claims),
        tuple(bool(text.strip()) for text in _texts(report)),
    )
    seen, known = _last[0]
    if seen is not None and seen[:2] == (report.form, report.entries) and seen[2:] == rests_on:
        assert known is not None
        return known
    found = _coverage(report, findings)
    _last[0] = (report.form, report.entries, *rests_on), found
    return found


_last: list[tuple[tuple[object, ...] | None, Coverage | None]] = [(None, None)]


def _texts(report: Report) -> tuple[str, ...]:
    sections = (report.text(section.key) for section in report.form.sections)
    return (*(one.show(report) for one in FIELDS if one.prose), *sections)


def _coverage(report: Report, findings: Findings) -> Coverage:
    count: Counter[tuple[Group, bool, State]] = Counter()
    for rule, state in states(findings).values():
        count[rule.group, is_equation(rule), state] += 1
    begun = bool(report.entries)
    prose = [section for section in report.form.sections if section.table is None]
    written = any(text.strip() for text in _texts(report))
    waiting, yearly = (
        [item for item in findings.not_checked if item.rule.group is group and is_equation(item.rule)]
        for group in (Group.TABLES, Group.YEARS)
    )
    reasons = {item.reason for item in yearly}
    idle = {Group.FORMAT: not begun, Group.DISCLOSURE: not written}
    others = []
    for group, word in _OTHERS.items():
        made = sum(count[group, False, state] for state in (State.OPEN, State.EXPLAINED, State.MET))
        left = count[group, False, State.NOT_CHECKED]
        if not idle.get(group, not (begun or written)):
            others.append(Other(word, made, left))
    return Coverage(
        findings.count(Severity.ERROR),
        findings.count(Severity.QUERY),
        _equations(count, Group.TABLES, _reason(report, waiting)),
        _equations(count, Group.YEARS, reasons.pop() if len(reasons) == 1 else ""),
        begun,
        written,
        tuple(section.number for section in prose if not report.sections.get(section.key, "").strip()),
        len(findings.findings) - len(findings.open),
        _stated(findings, count),
        tuple(others),
        sum(number for (_, _, state), number in count.items() if state is State.CLOSED),
    )


def _equations(count: Counter[tuple[Group, bool, State]], group: Group, reason: str) -> Equations:
    equal, different, explained = (
        count[group, True, state] for state in (State.MET, State.OPEN, State.EXPLAINED)
    )
    waiting = count[group, True, State.NOT_CHECKED]
    return Equations(equal, different, explained, waiting, reason)


def _stated(findings: Findings, count: Counter[tuple[Group, bool, State]]) -> Stated | None:
    """The numbers of the prose; None where nothing compares them with the tables, or all that does is closed."""
    if not any(
        number
        for (group, _, state), number in count.items()
        if group is Group.PROSE and state is not State.CLOSED
    ):
        return None
    if not findings.claims and any(item.rule.kind == "claim" for item in findings.not_checked):
        return None  # nobody has read the prose yet: where it was, a number is why a rule was not evaluated
    settled = {finding.where for finding in findings.findings if finding.is_explained}
    told = Counter(
        "explained"
        if settled and one.state == "different" and {one.where, one.phrase} & settled
        else one.state
        for one in findings.claims
    )
    return Stated(told["same"], told["different"], told["explained"], told["open"])


def _reason(report: Report, waiting: Iterable[NotChecked]) -> str:
    """Why equations within the tables were not evaluated, in a few words."""
    blanks = {report.value(cell) is None for item in waiting for cell in item.cells}
    return {(True,): "有格未填", (False,): "有格不是数字", (False, True): "有格未填或不是数字"}.get(
        tuple(sorted(blanks)), ""
    )
