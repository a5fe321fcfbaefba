"""The consistency rules (勾稽关系) and the findings they give.

Knows how the form's tree of headings implies sum rules, the rules it does not imply, and the checks of single entries.
A rule that meets a blank or a text is “not checked”, never “met”. Knows no wording and no basis of its own: both stand
in resources/rules beside their sources. Does not know how a finding is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from functools import cached_property
from string import Formatter
from typing import Any, Literal, NamedTuple

from gxeditor.core.defects import Reading
from gxeditor.core.form import Block, Cell, Form, Line, join_id
from gxeditor.core.report import KEPT_TEXTS, Entry, Report, show_entry

Number = int | Decimal
Kind = Literal["sum", "balance", "carry_over", "entry"]


class Severity(Enum):
    """How much a finding weighs: an error must be mended, a query answered, a hint is for information."""

    ERROR = "error"
    QUERY = "query"
    HINT = "hint"

    @property
    def word(self) -> str:
        return _WORDS[self]

    @property
    def sign(self) -> str:
        """The shape that stands for it wherever there may be no colour."""
        return _SIGNS[self]

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


_WORDS = {Severity.ERROR: "错误", Severity.QUERY: "核实", Severity.HINT: "提示"}
_SIGNS = {Severity.ERROR: "▲", Severity.QUERY: "◆", Severity.HINT: "○"}
_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Example(NamedTuple):
    """Entries that meet or break a rule, by cell id; `prior` are those of last year's report."""

    entries: Mapping[str, Entry]
    prior: Mapping[str, Entry]


@dataclass(frozen=True)
class Rule:
    """One rule. The cells of `left` added up should equal those of `right`; an entry rule has neither.

    The `left` of a carry-over rule are cells of last year's report. `names` are the terms as the explanation calls
    them, in the order left, right. `message` holds {left}, {right} and {difference}; `test` names an entry check.
    """

    id: str
    kind: Kind
    severity: Severity
    section: str
    title: str
    message: str
    basis: str
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    left_name: str = ""
    right_name: str = ""
    test: str = ""
    good: Example = field(default=Example({}, {}), repr=False)
    bad: Example = field(default=Example({}, {}), repr=False)

    @cached_property
    def signs(self) -> Mapping[str, str]:
        """The sign of each cell of this report in left minus right; the total of a sum has “=”."""
        right = "=" if self.kind != "balance" else "-"
        left = () if self.kind == "carry_over" else self.left
        return {**dict.fromkeys(left, "+"), **dict.fromkeys(self.right, right)}


@dataclass(frozen=True)
class Finding:
    """A rule that is not met: its cells in order, both sides and their difference (None for entry checks)."""

    rule: Rule
    cells: tuple[str, ...]
    message: str
    left: Number | None = None
    right: Number | None = None
    difference: Number | None = None
    left_values: tuple[Entry | None, ...] = ()
    right_values: tuple[Entry | None, ...] = ()

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def section(self) -> str:
        return self.rule.section

    @property
    def basis(self) -> str:
        return self.rule.basis

    @property
    def signs(self) -> Mapping[str, str]:
        return self.rule.signs

    @property
    def marks(self) -> bool:
        """Whether its cells are tinted; blanks are only counted, a new report is not a wall of colour (LOOK.md §4)."""
        return self.rule.test != "blank"


class NotChecked(NamedTuple):
    """A rule that could not be evaluated, with the reason and the cells that prevent it."""

    rule: Rule
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """What `check` found: worst first, in the order of the form.

    `checked` counts the equations that were evaluated, `checked_yearly` those of them with last year's report.
    """

    findings: tuple[Finding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    checked: int = 0
    checked_yearly: int = 0

    @cached_property
    def by_cell(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings that tint a cell, worst first."""
        index: dict[str, tuple[Finding, ...]] = {}
        for finding in self.findings:
            if finding.marks:
                for cell in finding.cells:
                    index[cell] = (*index.get(cell, ()), finding)
        return index

    @cached_property
    def unchecked_by_cell(self) -> Mapping[str, tuple[NotChecked, ...]]:
        """For each cell the rules it belongs to that could not be evaluated."""
        index: dict[str, tuple[NotChecked, ...]] = {}
        for item in self.not_checked:
            for cell in item.rule.signs:
                index[cell] = (*index.get(cell, ()), item)
        return index

    @cached_property
    def across_years(self) -> tuple[str, ...]:
        """Why rules that tie the report to last year's were not evaluated, where no cell of this one is the reason.

        A clause for each reason: 「7 条跨年关系没有检查：没有选上年年报」.
        """
        reasons = [item.reason for item in self.not_checked if not item.cells]
        return tuple(
            f"{reasons.count(reason)} 条跨年关系没有检查：{reason}" for reason in dict.fromkeys(reasons)
        )

    def of_section(self, key: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.section == key)

    def count(self, severity: Severity, section: str = "") -> int:
        return sum(1 for f in self.findings if f.severity is severity and section in ("", f.section))


def check(report: Report, rules: Iterable[Rule], prior: Report | None = None) -> Findings:
    """Evaluates every rule on a report; carry-over rules with the figures of last year's that it keeps.

    `prior` is taken in place of those. Equal reports give equal findings, whatever was checked before.
    """
    if prior is None and report.prior is not None:
        prior = report.prior.report
    findings: list[Finding] = []
    not_checked: list[NotChecked] = []
    checked = checked_yearly = 0
    values = report.values
    for rule in rules:
        if rule.kind == "entry":
            findings.extend(_ENTRY_CHECKS[rule.test](report, rule))
            continue
        source = values
        if rule.kind == "carry_over":
            if prior is None:
                not_checked.append(NotChecked(rule, "没有选上年年报", ()))
                continue
            source = prior.values
            if report.year and prior.year and prior.year != report.year - 1:
                not_checked.append(
                    NotChecked(rule, f"上年年报是 {prior.year} 年的，不是 {report.year - 1} 年", ())
                )
                continue
        left = [source.get(cell) for cell in rule.left]
        right = [values.get(cell) for cell in rule.right]
        if any(value is None or isinstance(value, str) for value in (*left, *right)):
            not_checked.append(_not_checked(rule, left, right))
            continue
        checked += 1
        checked_yearly += rule.kind == "carry_over"
        left_sum, right_sum = _total(left), _total(right)
        if left_sum != right_sum:
            difference = max(left_sum, right_sum) - min(left_sum, right_sum)
            message = rule.message.format(
                left=show_entry(left_sum), right=show_entry(right_sum), difference=show_entry(difference)
            )
            findings.append(
                Finding(
                    rule,
                    tuple(rule.signs),
                    message,
                    left_sum,
                    right_sum,
                    difference,
                    tuple(left),
                    tuple(right),
                )
            )
    findings.sort(key=lambda finding: finding.severity.rank)
    return Findings(tuple(findings), tuple(not_checked), checked, checked_yearly)


def _total(values: Iterable[Entry | None]) -> Number:
    total: Number = 0
    for value in values:
        assert value is not None
        assert not isinstance(value, str)
        total += value
    return total


def _not_checked(rule: Rule, left: list[Entry | None], right: list[Entry | None]) -> NotChecked:
    pairs = list(zip((*rule.left, *rule.right), (*left, *right), strict=True))
    texts = [(cell, value) for cell, value in pairs if isinstance(value, str)]
    if texts:
        return NotChecked(rule, f"有“{texts[0][1]}”，不是数字", tuple(cell for cell, _ in texts))
    blanks = tuple(cell for cell, value in pairs if value is None)
    if rule.kind == "carry_over" and any(cell in rule.left for cell in blanks):
        return NotChecked(rule, "上年年报这一格未填", tuple(cell for cell in blanks if cell in rule.right))
    return NotChecked(rule, f"有 {len(blanks)} 格未填", blanks)


def _blanks(report: Report, rule: Rule) -> Iterator[Finding]:
    """One finding per table that has been begun; an untouched table is no finding."""
    for table in report.form.tables:
        if any(cell.id in report.entries for cell in table.cells):
            blank = tuple(c.id for c in table.cells if report.value(c.id) is None and not _waits(report, c))
            if blank:
                yield _entry_finding(report, rule, table.key, blank)


def _waits(report: Report, cell: Cell) -> bool:
    """Whether a blank total waits only for its own details: filling those fills it."""
    return cell.is_total and any(report.value(part) is None for part in cell.parts)


def _kept_texts(report: Report, rule: Rule) -> Iterator[Finding]:
    for table in report.form.tables:
        kept = tuple(cell.id for cell in table.cells if report.entries.get(cell.id) in KEPT_TEXTS)
        if kept:
            yield _entry_finding(report, rule, table.key, kept)


def _not_numbers(report: Report, rule: Rule) -> Iterator[Finding]:
    for cell, entry in _entries(report):
        kept = isinstance(entry, str) and entry in KEPT_TEXTS
        if not kept and (isinstance(entry, str) or (isinstance(entry, Decimal) and not entry.is_finite())):
            yield _entry_finding(report, rule, cell.section, (cell.id,))


def _negatives(report: Report, rule: Rule) -> Iterator[Finding]:
    for cell, entry in _entries(report):
        if not isinstance(entry, str) and entry < 0:
            yield _entry_finding(report, rule, cell.section, (cell.id,))


def _decimals(report: Report, rule: Rule) -> Iterator[Finding]:
    """A fraction where only whole numbers are counted."""
    for cell, entry in _entries(report):
        if cell.decimals == 0 and isinstance(entry, Decimal) and _fraction(entry):
            yield _entry_finding(report, rule, cell.section, (cell.id,))


def _long_fractions(report: Report, rule: Rule) -> Iterator[Finding]:
    for cell, entry in _entries(report):
        if cell.decimals and isinstance(entry, Decimal) and _fraction(entry) > cell.decimals:
            yield _entry_finding(report, rule, cell.section, (cell.id,))


def _fraction(entry: Decimal) -> int:
    """How many decimals a number is written with; 0 if it is not finite."""
    exponent = entry.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _entries(report: Report) -> Iterator[tuple[Cell, Entry]]:
    return (
        (cell, report.entries[cell.id]) for cell in report.form.cells.values() if cell.id in report.entries
    )


def _entry_finding(report: Report, rule: Rule, section: str, cells: tuple[str, ...]) -> Finding:
    first = report.form.cells[cells[0]]
    table = f"表{report.form.section(section).number}"
    entry = report.value(cells[0])
    message = rule.message.format(
        table=table,
        count=len(cells),
        place=first.place,
        entry=show_entry(entry),
        unit=first.unit,
        decimals=first.decimals,
        found=_fraction(entry) if isinstance(entry, Decimal) else 0,
    )
    return Finding(replace(rule, section=section), cells, message)


_ENTRY_CHECKS = {
    "blank": _blanks,
    "kept_text": _kept_texts,
    "not_number": _not_numbers,
    "negative": _negatives,
    "decimals": _decimals,
    "long_fraction": _long_fractions,
}


# --- the rule file -------------------------------------------------------------------------------------------------

_EQUATION_FIELDS = {"left", "right", "difference", "line"}
_ENTRY_FIELDS = {"table", "count", "place", "entry", "unit", "decimals", "found"}


def parse_rules(data: Mapping[str, Any], form: Form) -> tuple[Rule, ...]:
    """The rules of a form, from their TOML data, in the order of the form.

    `sums` gives the wording of the rules that the form's sums imply, `equations` states what the form's tree does not
    say, `carry_overs` what ties a report to last year's, `entries` the checks of single cells. Raises `Defects` with
    every defect: unknown lines, sums without wording, messages with unknown fields, missing basis or examples.
    """
    reading = Reading(data)

    def stated(key: str) -> Iterator[_RuleReading]:
        return (_RuleReading(item, form) for item in reading.tables(key))

    rules = [
        *(rule for item in stated("equations") for rule in item.equations("balance")),
        *(rule for item in stated("sums") for rule in item.sums()),
        *(rule for item in stated("carry_overs") for rule in item.equations("carry_over")),
        *(item.entry() for item in stated("entries")),
    ]
    reading.known({"edition", "source", "equations", "sums", "carry_overs", "entries"})
    if data.get("edition") != form.edition:
        reading.defects.append(f"规则是 {data.get('edition')} 版的，格式是 {form.edition} 版的")
    worded = {cell for rule in rules if rule.kind == "sum" for cell in rule.right}
    reading.defects.extend(f"合计 {cell.id} 没有规则" for cell in form.totals if cell.id not in worded)
    ids = [rule.id for rule in rules]
    reading.defects.extend(f"规则 {i} 重复" for i in sorted({i for i in ids if ids.count(i) > 1}))
    reading.check("规则文件有误")
    order = {section.key: i for i, section in enumerate(form.sections)}
    rules.sort(key=lambda rule: order.get(rule.section, len(order)))
    return tuple(rules)


class _RuleReading:
    """A table that states a rule, or the rules of many lines in one wording, on `form`."""

    def __init__(self, item: Reading, form: Form) -> None:
        code = item.data.get("code", "?")
        self.item = replace(item, lead=f"规则 {code} ", of=f"规则 {code} 的 ")
        self.form = form

    def pattern(self, key: str, fields: set[str]) -> str:
        """A text with places for values; "" if it names one that is not among these."""
        value = self.item.text(key)
        try:
            used = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
        except ValueError:
            self.item.wrong(f"的 {key} 括号不成对")
            return ""
        for name in sorted(used - fields):
            self.item.wrong(f"的 {key} 里有不认识的 {{{name}}}")
        return "" if used - fields else value

    def severity(self) -> Severity:
        return Severity(self.item.one_of("severity", [one.value for one in Severity]) or Severity.ERROR)

    def block(self) -> Block | None:
        key = self.item.data.get("section")
        tables = [table for table in self.form.tables if table.key == key]
        if not tables:
            self.item.wrong(f"的 section “{key}”没有表")
            return None
        return tables[0].blocks[0]

    def sums(self) -> Iterator[Rule]:
        """The rules implied by the sums of one axis: `axis = "columns"` says that a column totals other columns."""
        block = self.block()
        axis = self.item.one_of("axis", ("rows", "columns"))
        if axis is None or block is None:
            return
        across = axis == "columns"
        along, lines = (block.columns, block.rows) if across else (block.rows, block.columns)
        named = {line.key: line.name for line in along}
        for total in (line for line in along if line.is_sum):
            for line in lines:
                yield self._equation("sum", line, total.parts, (total.key,), named, across, total)

    def equations(self, kind: Kind) -> Iterator[Rule]:
        """An equation between rows, once for each column, or only for those of `only`."""
        block = self.block()
        if block is None:
            return
        named = {row.key: row.name for row in block.rows}
        sides = []
        for side in ("left", "right"):
            keys = self.item.texts(side)
            for key in keys:
                if key not in named:
                    self.item.wrong(f"的 {side} 里没有 {key} 这一行")
            if not self.item.data.get(side):
                self.item.wrong(f"缺少 {side}")
            sides.append(tuple(key for key in keys if key in named))
        only = self.item.texts("only") if "only" in self.item.data else None
        columns = {column.key for column in block.columns}
        for key in only or ():
            if key not in columns:
                self.item.defects.append(f"{self.item.lead.rstrip()}：没有 {key} 这一列")
        for column in block.columns:
            if only is None or column.key in only:
                yield self._equation(kind, column, sides[0], sides[1], named, False, None)

    def _equation(
        self,
        kind: Kind,
        line: Line,
        left: tuple[str, ...],
        right: tuple[str, ...],
        named: Mapping[str, str],
        across: bool,
        total: Line | None,
    ) -> Rule:
        """The rule for one `line`; left and right are keys along the other axis."""

        item = self.item

        def cell(key: str) -> str:
            section = str(item.data["section"])
            return join_id(section, line.key, key) if across else join_id(section, key, line.key)

        name = line.name if line.labels else total.group if total is not None else ""
        words = {
            key: self.pattern(key, fields).replace("{line}", name)
            for key, fields in (("title", {"line"}), ("message", _EQUATION_FIELDS))
        }
        code = item.text("code")
        tail = line.key or (total.key.rpartition(".")[0] if total is not None else "")
        return Rule(
            f"{code}.{tail}" if tail else code,
            kind,
            self.severity(),
            str(item.data["section"]),
            words["title"],
            words["message"],
            item.text("basis"),
            tuple(cell(key) for key in left),
            tuple(cell(key) for key in right),
            tuple(named[key] for key in (*left, *right)),
            item.text("left_name"),
            item.text("right_name"),
            "",
            self.example("good", kind, left, right, cell),
            self.example("bad", kind, left, right, cell),
        )

    def example(
        self,
        which: str,
        kind: Kind,
        left: tuple[str, ...],
        right: tuple[str, ...],
        cell: Any,
    ) -> Example:
        """The stated figures by line, 0 for the lines that are not stated; `total` is the last key of a sum's total."""
        stated = self.item.data.get(which)
        if not isinstance(stated, dict) or not all(isinstance(value, int) for value in stated.values()):
            self.item.wrong(f"缺少例子 {which}")
            return Example({}, {})
        figures: dict[str, int] = dict.fromkeys((*left, *right), 0)
        for key, value in stated.items():
            match = [full for full in figures if full == key or full.endswith(f".{key}")]
            if len(match) != 1:
                self.item.wrong(f"的例子 {which} 里 {key} 不是它的一项")
                continue
            figures[match[0]] = value
        if kind == "carry_over":
            return Example({cell(k): figures[k] for k in right}, {cell(k): figures[k] for k in left})
        return Example({cell(key): value for key, value in figures.items()}, {})

    def entry(self) -> Rule:
        item = self.item
        test = item.data.get("test")
        code = item.text("code")
        if test not in _ENTRY_CHECKS:
            item.wrong(f"的 test “{test}”不认识")
        examples: list[Example] = []
        for which in ("good", "bad"):
            stated = self.item.data.get(which)
            if not isinstance(stated, dict) or not stated or not set(stated) <= set(self.form.cells):
                item.wrong(f"缺少例子 {which}")
                stated = {}
            examples.append(Example({cell: _example_entry(value) for cell, value in stated.items()}, {}))
        return Rule(
            code,
            "entry",
            self.severity(),
            "",
            item.text("title"),
            self.pattern("message", _ENTRY_FIELDS),
            item.text("basis"),
            test=str(test),
            good=examples[0],
            bad=examples[1],
        )


def _example_entry(value: Any) -> Entry:
    return (
        Decimal(str(value)) if isinstance(value, float) else value if isinstance(value, int) else str(value)
    )
