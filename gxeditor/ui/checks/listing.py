"""What the list of rules shows: which lines a filter leaves, the figures of one, and the words about its explanation.

Without Qt. How a rule stands is `core.checks.standing`'s; here it becomes what a clerk reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from gxeditor.core.checks.anchors import Anchor, Cell, Field, Span, Whole, named
from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.profiles import given_of
from gxeditor.core.checks.rules import Group, Rule
from gxeditor.core.checks.standing import Standing, State, is_equation
from gxeditor.core.form import Form
from gxeditor.core.report import Entry, Report, show_entry

BLANK = "未填"
_MANY = 8
"""Terms of an equation that are all shown; of more, those that are 0 are counted (LOOK-2, 8)."""
_NUMERALS = "零一两三四五六七八九十"
_NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?")
_PHRASES = {
    Group.TABLES: (("台账核对", "已与原始台账核对，数据属实。"),),
    Group.YEARS: (
        ("文件清理", "本年开展了文件清理。"),
        ("统计口径调整", "本年统计口径有调整。"),
        ("上年数有误", "上年年报的数有误，以本年为准。"),
        ("机构调整", "本年机构职能有调整。"),
    ),
    Group.PROSE: (
        ("含上年结转", "文中的数包含上年结转。"),
        ("统计范围不同", "文中与表中的统计范围不同。"),
    ),
    Group.CONTENT: (("本年未发生", "本年没有发生这一情况。"), ("不适用", "本机关不适用这一项。")),
}
_ANY = (("已核对", "已核对原始材料，数据属实。"),)


@dataclass(frozen=True)
class Filter:
    """Which lines are wanted; nothing set wants all. `cell` is a cell that they compare or name."""

    text: str = ""
    group: Group | None = None
    state: State | None = None
    cell: str = ""

    @property
    def wants_all(self) -> bool:
        return self == Filter()

    def lets(self, line: Standing, words: str) -> bool:
        """Whether a line with these words (`words_of`) is wanted."""
        sought = self.text.casefold().split()
        return (
            (self.group is None or line.rule.group is self.group)
            and (self.state is None or line.state is self.state)
            and (not self.cell or line.is_about(self.cell))
            and all(word in words for word in sought)
        )

    def without(self, *, group: bool = False, state: bool = False) -> Filter:
        """The same for counting what a choice of group or state would leave."""
        return replace(self, group=None if group else self.group, state=None if state else self.state)


def words_of(line: Standing, form: Form) -> str:
    """All by which a line is found: what it looks at, how it stands, its code and kind, the cells it compares."""
    rule = line.rule
    said = line.finding.message if line.finding is not None else ""
    cells = " ".join(form.cells[cell].place for cell in (*rule.signs, *line.cells) if cell in form.cells)
    parts = (line.title, line.word, line.reason, rule.id, rule.group.word, said, cells, rule.title)
    return " ".join(parts).casefold()


def aside_of(line: Standing) -> str:
    """What stands behind the title in grey: the explanation, or what a named check has to say."""
    if line.state is State.EXPLAINED:
        return line.reason
    if line.finding is not None and line.finding.is_reopened:
        return f"{what_changed(line.finding)}原来的说明要重看"
    if line.finding is not None and not is_equation(line.rule):
        return line.finding.message
    return ""


def instead_of(line: Standing) -> str:
    """What stands in place of the values of a line that has none."""
    return line.reason if line.state in (State.NOT_CHECKED, State.CLOSED) else ""


def spoken(line: Standing) -> str:
    """A line as a screen reader says it."""
    sides = ""
    if line.left is not None and line.right is not None:
        sides = f"左边 {show_entry(line.left)}，右边 {show_entry(line.right)}"
        sides += f"，相差 {show_entry(line.difference)}" if line.difference else ""
    return "，".join(
        part
        for part in (line.word, line.title, sides, aside_of(line) or instead_of(line), line.rule.code)
        if part
    )


# --- the figures of a line


class Figure(NamedTuple):
    """A row of the figures: 「＋ 本年制发 3」."""

    sign: str
    name: str
    value: str
    kind: Literal["term", "sum", "difference"] = "term"


def figures(line: Standing, report: Report) -> tuple[Figure, ...]:
    """What a line compares, as an addition; of a named check the places that it names."""
    rule, finding = line.rule, line.finding
    if not is_equation(rule):
        return tuple(_places(finding, report)) if finding is not None else ()
    last = report.prior.report if report.prior is not None else None
    source = report if rule.kind != "carry_over" else last
    count = len(rule.left)
    one_each = count == len(rule.right) == 1
    left = _terms(source, rule.left, (rule.left_name,) if one_each else rule.names[:count])
    right = _terms(report, rule.right, (rule.right_name,) if one_each else rule.names[count:])
    rows = [*left]
    if count > 1:
        rows.append(Figure("", rule.left_name or "合起来", _shown(line.left), "sum"))
    rows += right
    if len(rule.right) > 1:
        rows.append(Figure("", rule.right_name or "合起来", _shown(line.right), "sum"))
    if line.difference:
        rows.append(Figure("", "相差", show_entry(line.difference), "difference"))
    return tuple(rows)


def _terms(source: Report | None, cells: Sequence[str], names: Sequence[str]) -> list[Figure]:
    values = [source.value(cell) if source is not None else None for cell in cells]
    rows = [
        (name, value) for name, value in zip(names, values, strict=True) if len(cells) <= _MANY or value != 0
    ]
    left_out = len(cells) - len(rows)
    told = [Figure("＋" if place else "", name, _shown(value)) for place, (name, value) in enumerate(rows)]
    if left_out:
        told.append(Figure("", f"其余 {left_out} 项", "0"))
    return told


def _places(finding: Finding, report: Report) -> Iterable[Figure]:
    places = [anchor for anchor in finding.anchors if isinstance(anchor, Cell)]
    for anchor in places[:_MANY]:
        yield Figure("", report.form.cells[anchor.id].place, _shown(report.value(anchor.id)))
    if len(places) > _MANY:
        yield Figure("", f"其余 {len(places) - _MANY} 格", "")
    if finding.left is not None and finding.right is not None:
        yield Figure("", finding.rule.left_name or "左边", _shown(finding.left))
        yield Figure("", finding.rule.right_name or "右边", _shown(finding.right))
    if finding.difference:
        yield Figure("", "相差", show_entry(finding.difference), "difference")


def _shown(value: Entry | None) -> str:
    return show_entry(value) if value is not None else BLANK


# --- the words of a line


def jump_of(line: Standing, form: Form) -> str:
    """What 「转到」 is called for a line, "" where there is nowhere to go."""
    where = target_of(line)
    match where:
        case None:
            return ""
        case Cell():
            return "转到这一格" if not line.cells else "转到未填的格"
        case Span() | Field():
            return f"转到{named(where, form)}"
        case Whole(section=key):
            return f"转到{named(where, form)}" if key else "转到基本信息"


def target_of(line: Standing) -> Anchor | None:
    """Where a line leads: to the cells that keep it from being checked, else to its own place."""
    if line.finding is None and line.cells:
        return Cell(line.cells[0])
    return line.where


def kept_with(finding: Finding) -> str:
    """「说明和这四个数一起保存：16、3、1、17。其中一个变了，这一条会重新打开。」"""
    if not any(finding.values):
        again = "这些格填了数，这一条会重新打开。" if finding.cells else ""
        return f"说明和这一条一起保存。{again}"
    values = [_short(value) or BLANK for value in finding.values]
    numbers = all(value == BLANK or _NUMBER.fullmatch(value) for value in values)
    listed = "、".join(values if numbers else (f"“{value}”" for value in values))
    if len(values) == 1:
        what = "个数" if numbers else "里的内容"
        return f"说明和这{what}一起保存：{listed}。它变了，这一条会重新打开。"
    count = _NUMERALS[len(values)] if len(values) < len(_NUMERALS) else f" {len(values)} "
    unit, what = ("个", "数") if numbers else ("处", "内容")
    kept = f"：{listed}" if len(values) < len(_NUMERALS) else ""
    return f"说明和这{count}{unit}{what}一起保存{kept}。其中一{unit}变了，这一条会重新打开。"


def what_changed(finding: Finding) -> str:
    """「数变了：17 改成 18。」 of a finding that was explained for other values."""
    if finding.explanation is None:
        return ""
    old, new = finding.explanation.values, finding.values
    if len(old) != len(new):
        return "这一条的内容变了。"
    pairs = [(a or BLANK, b or BLANK) for a, b in zip(old, new, strict=True) if a != b]
    told = "，".join(f"{_short(a)} 改成 {_short(b)}" for a, b in pairs[:_MANY])
    more = f"等 {len(pairs)} 处" if len(pairs) > _MANY else ""
    return f"数变了：{told}{more}。"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 2 * _MANY else f"{text[: 2 * _MANY]}…"


def phrases(rule: Rule) -> tuple[tuple[str, str], ...]:
    """What explanations of such a rule often say: a name and the words that it puts in."""
    return _PHRASES.get(rule.group, _ANY)


def example_of(rule: Rule, form: Form) -> str:
    """What the rule says of its bad example, "" if it says nothing."""
    found = check(rule.bad.on(form), [rule], rule.bad.prior_on(form), given_of(rule.bad)).findings
    return found[0].message if found else ""
