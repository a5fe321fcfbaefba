"""How every rule stands: open, explained, not checked, closed or met, for whoever lists them all.

Knows which state wins where a rule has several findings, what a rule looks at in words, and the order of the list. A
rule is never left out because it is met or closed. Counts nothing and draws nothing: that is `coverage`'s and the
screen's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from gxeditor.core.checks.anchors import Anchor
from gxeditor.core.checks.findings import Finding, Findings, Number
from gxeditor.core.checks.rules import Group, Rule


class State(Enum):
    """In the order of the list."""

    OPEN = "open"
    EXPLAINED = "explained"
    NOT_CHECKED = "not_checked"
    CLOSED = "closed"
    MET = "met"

    __hash__ = object.__hash__  # as that of `Group`

    @property
    def word(self) -> str:
        """For all rules of a state together; of one, `Standing.word` knows more."""
        return _WORDS[self]

    @property
    def rank(self) -> int:
        return _RANKS[self]


_WORDS = {
    State.OPEN: "要处理",
    State.EXPLAINED: "已说明",
    State.NOT_CHECKED: "未检查",
    State.CLOSED: "已关闭",
    State.MET: "相等、未提出",
}
_RANKS = {state: rank for rank, state in enumerate(State)}
_GROUPS = {group: rank for rank, group in enumerate(Group)}


@dataclass(frozen=True)
class Standing:
    """One line of the list: a finding, or a rule that has none.

    `left`, `right` and `difference` are the sides that were compared, None where nothing is added up. `reason` says why
    it was not checked or is closed, or what explains it; `cells` keep it from being checked. `key` stays its own
    through edits, and when it is explained or mended.
    """

    rule: Rule
    state: State
    key: tuple[str, str, int]
    finding: Finding | None = None
    left: Number | None = None
    right: Number | None = None
    difference: Number | None = None
    reason: str = ""
    cells: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What is looked at: an equation with the names of its sides, else what a named check looks for."""
        return looks_at(self.rule)

    @property
    def word(self) -> str:
        """How it stands. A named check that found nothing is 「未提出」: it was made, and had nothing to say."""
        if self.state is State.OPEN and self.finding is not None:
            return "不等" if is_equation(self.rule) else self.finding.severity.word
        if self.state is State.MET:
            return "相等" if self.left is not None else "未提出"
        return self.state.word

    @property
    def where(self) -> Anchor | None:
        """The place to go to, None where there is none."""
        if self.finding is not None:
            return self.finding.anchors[0]
        return self.rule.decisive if is_equation(self.rule) else None

    def is_about(self, cell: str) -> bool:
        """Whether it compares or names a cell, or looks at every single one and found nothing to name."""
        if self.finding is not None:
            return cell in self.finding.cells or cell in self.rule.signs
        everywhere = self.rule.kind == "entry" and self.rule.group is Group.FORMAT and not self.cells
        return everywhere or cell in self.cells or cell in self.rule.signs


def is_equation(rule: Rule) -> bool:
    return not rule.test


def looks_at(rule: Rule) -> str:
    """「自然人：第一项加第二项＝第三项总计加第四项」; of a named check its title."""
    if not is_equation(rule):
        return rule.title
    line, colon, _ = rule.title.partition("：")
    return (
        f"{line}{colon}{rule.left_name}＝{rule.right_name}"
        if colon
        else f"{rule.left_name}＝{rule.right_name}"
    )


def states(findings: Findings) -> Mapping[str, tuple[Rule, State]]:
    """The state of each rule by its id: the first of all that it has."""
    found: dict[str, tuple[Rule, State]] = {}
    for one in findings.findings:
        if not one.is_explained:
            found[one.rule.id] = one.rule, State.OPEN
        elif one.rule.id not in found:
            found[one.rule.id] = one.rule, State.EXPLAINED
    for items, state in ((findings.not_checked, State.NOT_CHECKED), (findings.closed, State.CLOSED)):
        for item in items:
            found.setdefault(item.rule.id, (item.rule, state))
    for met in findings.met:
        found.setdefault(met.rule.id, (met.rule, State.MET))
    return found


def standings(rules: Sequence[Rule], findings: Findings) -> tuple[Standing, ...]:
    """All rules as they stand: open ones first, the worst of them first, then explained, not checked, closed, met.

    A line for each finding, so a rule may have several. `rules` are those that were checked; they give the order.
    """
    order = {rule.id: place for place, rule in enumerate(rules)}
    counted: dict[tuple[str, str], int] = {}

    def key(rule: Rule, address: str = "") -> tuple[str, str, int]:
        number = counted[rule.id, address] = counted.get((rule.id, address), -1) + 1
        return rule.id, address, number

    lines = [
        Standing(
            one.rule,
            State.EXPLAINED if one.is_explained else State.OPEN,
            key(one.rule, one.address),
            one,
            one.left,
            one.right,
            one.difference,
            one.explanation.reason if one.explanation is not None and one.is_explained else "",
        )
        for one in findings.findings
    ]
    for state, items in ((State.NOT_CHECKED, findings.not_checked), (State.CLOSED, findings.closed)):
        lines += [
            Standing(item.rule, state, key(item.rule), reason=item.reason, cells=item.cells) for item in items
        ]
    for met in findings.met:
        same = 0 if met.left is not None else None
        lines.append(
            Standing(met.rule, State.MET, key(met.rule), left=met.left, right=met.right, difference=same)
        )

    def place(line: Standing) -> tuple[int, int, int, int]:
        rank = line.rule.severity.rank if line.state is State.OPEN else 0
        return line.state.rank, rank, _GROUPS[line.rule.group], order.get(line.rule.id, len(order))

    return tuple(sorted(lines, key=place))


def count_rules(lines: Iterable[Standing]) -> int:
    return len({line.rule.id for line in lines})
