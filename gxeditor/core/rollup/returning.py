"""What a unit is told when its report is sent back (退回意见): what it filled in where, and what it is asked.

Knows how a finding is put to somebody else, in words that are the rules' or stand here, so that the sheet can be signed
as it is: no judgement, no guess, and no personal data that a finding is about. Knows which findings are asked of a unit
unless a person says otherwise, and what stands around them. Draws nothing and knows no clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gxeditor.core.checks.anchors import Anchor, Cell, Span, named, part_named
from gxeditor.core.checks.findings import Finding, Findings, Number
from gxeditor.core.checks.rules import CLAIM, Group
from gxeditor.core.report import Entry, Report, show_entry
from gxeditor.core.rollup.project import Told

_APART = "　"
"""Between table, row and column of a place, as an official paper sets them apart."""
_NAMED = 3  # cells of one finding that are named; of more, the first and how many
_LONGEST = 60  # characters of the unit's own words that are quoted; the place says where the rest is
_CLAIM = re.compile("^正文写“.*?”，(.+)，请核实。$", re.DOTALL)


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
