"""What was looked at in a report, and what was not: the sentence that stands wherever no finding is shown.

Knows how equations that hold, that fail and that could not be evaluated are told apart, and that prose is not checked.
Says nothing of a single finding, and never that a report is right: only what was compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from gxeditor.core.checks.findings import Findings, NotChecked
from gxeditor.core.checks.rules import Severity
from gxeditor.core.fields import FIELDS
from gxeditor.core.report import Report


class Equations(NamedTuple):
    """How many equations hold, fail and were not evaluated; `reason` says why the last, "" if there are none."""

    equal: int = 0
    different: int = 0
    not_checked: int = 0
    reason: str = ""

    def words(self, name: str, *, reason: bool) -> str:
        """“表格 33 条相等，9 条未检查：有格未填”; "" where there is no equation."""
        told = [
            f"{count} 条{what}"
            for count, what in (
                (self.equal, "相等"),
                (self.different, "不等"),
                (self.not_checked, "未检查"),
            )
            if count
        ]
        why = f"：{self.reason}" if reason and self.reason else ""
        return f"{name} {'，'.join(told)}{why}" if told else ""


@dataclass(frozen=True)
class Coverage:
    """What was checked of a report.

    `tables` are the equations within its tables, `yearly` those with last year's report. `begun` says whether any cell
    is filled, `written` whether there is any prose; `unwritten` are the numbers of the sections that consist of prose
    and have none.
    """

    errors: int
    queries: int
    tables: Equations
    yearly: Equations
    begun: bool
    written: bool
    unwritten: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """All of it, without a full stop."""
        return self.wordings[0]

    @property
    def wordings(self) -> tuple[str, ...]:
        """The sentence, the longest first; the second leaves the counts of findings to what stands beside it.

        The shorter ones leave out reasons, then equations that hold. None leaves out that something was not checked
        or not written.
        """
        counts = "，".join(
            f"{count} {what}" for count, what in ((self.errors, "个错误"), (self.queries, "处核实")) if count
        )
        full, short = (
            ("表格未填" if not self.begun else self.tables.words("表格", reason=reason))
            for reason in (True, False)
        )
        yearly = self.yearly.words("跨年", reason=True)
        prose = "正文未检查" if self.written else ""
        empty = self._unwritten()
        waiting = [f"跨年 {self.yearly.not_checked} 条"] if self.yearly.not_checked else []
        waiting += ["正文"] if self.written else []
        tables = [f"表格 {self.tables.not_checked} 条"] if self.begun and self.tables.not_checked else []
        forms = (
            (counts, full, yearly, prose, empty),
            (full, yearly, prose, empty),
            (short, self.yearly.words("跨年", reason=False), prose, empty),
            (short, _unchecked(waiting), empty),
            ("" if self.begun else short, _unchecked([*tables, *waiting]), empty),
        )
        return tuple("；".join(part for part in parts if part) for parts in forms)

    def _unwritten(self) -> str:
        if not self.unwritten:
            return ""
        return f"第{'、'.join(self.unwritten)}部分未写" if self.written else "正文未写"


def _unchecked(what: Iterable[str]) -> str:
    listed = "、".join(what)
    return f"{listed}未检查" if listed else ""


def coverage(report: Report, findings: Findings) -> Coverage:
    """What `findings`, those of this report, rest on."""
    yearly, tables = (
        [one for one in findings.findings if one.rule.kind in kinds]
        for kinds in (("carry_over",), ("sum", "balance"))
    )
    waiting_yearly, waiting = (
        [item for item in findings.not_checked if item.rule.kind in kinds]
        for kinds in (("carry_over",), ("sum", "balance"))
    )
    reasons = {item.reason for item in waiting_yearly}
    prose = [section for section in report.form.sections if section.table is None]
    texts = (*(one.show(report) for one in FIELDS if one.prose), *report.sections.values())
    return Coverage(
        findings.count(Severity.ERROR),
        findings.count(Severity.QUERY),
        Equations(
            findings.checked - findings.checked_yearly - len(tables),
            len(tables),
            len(waiting),
            _reason(report, waiting),
        ),
        Equations(
            findings.checked_yearly - len(yearly),
            len(yearly),
            len(waiting_yearly),
            reasons.pop() if len(reasons) == 1 else "",
        ),
        bool(report.entries),
        any(text.strip() for text in texts),
        tuple(section.number for section in prose if not report.sections.get(section.key, "").strip()),
    )


def _reason(report: Report, waiting: Iterable[NotChecked]) -> str:
    """Why equations within the tables were not evaluated, in a few words."""
    blanks = {report.value(cell) is None for item in waiting for cell in item.cells}
    return {(True,): "有格未填", (False,): "有格不是数字", (False, True): "有格未填或不是数字"}.get(
        tuple(sorted(blanks)), ""
    )
