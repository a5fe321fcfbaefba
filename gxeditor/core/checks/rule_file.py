"""The rule file: wording, basis and examples of the rules of a form, as data, with every defect it may have.

Knows how the form's tree of headings implies sum rules, and what else is stated. Opens no file and evaluates no rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from string import Formatter
from typing import Any

from gxeditor.core.checks.check import ENTRY_CHECKS
from gxeditor.core.checks.rules import Example, Kind, Rule, Severity
from gxeditor.core.errors import Defects
from gxeditor.core.form import Block, Form, Line, join_id
from gxeditor.core.report import Entry

_EQUATION_FIELDS = {"left", "right", "difference", "line"}
_ENTRY_FIELDS = {"table", "count", "place", "entry", "unit", "decimals", "found"}


def parse_rules(data: Mapping[str, Any], form: Form) -> tuple[Rule, ...]:
    """The rules of a form, from their TOML data, in the order of the form.

    `sums` gives the wording of the rules that the form's sums imply, `equations` states what the form's tree does not
    say, `carry_overs` what ties a report to last year's, `entries` the checks of single cells. Raises `Defects` with
    every defect: unknown lines, sums without wording, messages with unknown fields, missing basis or examples.
    """
    reading = _Reading(form)
    rules = [
        *(rule for item in reading.tables(data, "equations") for rule in reading.equations(item, "balance")),
        *(rule for item in reading.tables(data, "sums") for rule in reading.sums(item)),
        *(
            rule
            for item in reading.tables(data, "carry_overs")
            for rule in reading.equations(item, "carry_over")
        ),
        *(reading.entry(item) for item in reading.tables(data, "entries")),
    ]
    unknown = set(data) - {"edition", "source", "equations", "sums", "carry_overs", "entries"}
    reading.defects.extend(f"不认识的键 {key}" for key in sorted(unknown))
    if data.get("edition") != form.edition:
        reading.defects.append(f"规则是 {data.get('edition')} 版的，格式是 {form.edition} 版的")
    worded = {cell for rule in rules if rule.kind == "sum" for cell in rule.right}
    reading.defects.extend(f"合计 {cell.id} 没有规则" for cell in form.totals if cell.id not in worded)
    ids = [rule.id for rule in rules]
    reading.defects.extend(f"规则 {i} 重复" for i in sorted({i for i in ids if ids.count(i) > 1}))
    if reading.defects:
        raise Defects("规则文件有误", tuple(dict.fromkeys(reading.defects)))  # one wording serves many rules
    order = {section.key: i for i, section in enumerate(form.sections)}
    rules.sort(key=lambda rule: order.get(rule.section, len(order)))
    return tuple(rules)


class _Reading:
    """Reads the rule data and collects what is wrong with it."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.defects: list[str] = []

    def tables(self, data: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
        """The tables of an array; whatever stands there instead is a defect."""
        items = data.get(key, [])
        if not isinstance(items, list):
            self.defects.append(f"{key} 应为表")
            return
        for i, item in enumerate(items):
            if isinstance(item, dict):
                yield item
            else:
                self.defects.append(f"{key}[{i}] 应为表")

    def keys(self, item: Mapping[str, Any], key: str) -> list[str]:
        keys = item.get(key, [])
        if isinstance(keys, list) and all(isinstance(one, str) for one in keys):
            return keys
        self.defects.append(f"规则 {item.get('code', '?')} 的 {key} 应为文字列表")
        return []

    def text(self, item: Mapping[str, Any], key: str, fields: set[str] | None = None) -> str:
        value = item.get(key)
        where = item.get("code", "?")
        if not isinstance(value, str) or not value.strip():
            self.defects.append(f"规则 {where} 缺少 {key}")
            return ""
        if fields is not None:
            try:
                used = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
            except ValueError:
                self.defects.append(f"规则 {where} 的 {key} 括号不成对")
                return ""
            self.defects.extend(
                f"规则 {where} 的 {key} 里有不认识的 {{{name}}}" for name in sorted(used - fields)
            )
            if used - fields:
                return ""
        return value

    def severity(self, item: Mapping[str, Any]) -> Severity:
        try:
            return Severity(item.get("severity"))
        except ValueError:
            self.defects.append(f"规则 {item.get('code', '?')} 的 severity 应为 error、query 或 hint")
            return Severity.ERROR

    def block(self, item: Mapping[str, Any]) -> Block | None:
        key = item.get("section")
        tables = [table for table in self.form.tables if table.key == key]
        if not tables:
            self.defects.append(f"规则 {item.get('code', '?')} 的 section “{key}”没有表")
            return None
        return tables[0].blocks[0]

    def sums(self, item: Mapping[str, Any]) -> Iterator[Rule]:
        """The rules implied by the sums of one axis: `axis = "columns"` says that a column totals other columns."""
        block = self.block(item)
        axis = item.get("axis")
        if axis not in ("rows", "columns"):
            self.defects.append(f"规则 {item.get('code', '?')} 的 axis 应为 rows 或 columns")
            return
        if block is None:
            return
        across = axis == "columns"
        along, lines = (block.columns, block.rows) if across else (block.rows, block.columns)
        named = {line.key: line.name for line in along}
        for total in (line for line in along if line.is_sum):
            for line in lines:
                yield self._equation(item, "sum", line, total.parts, (total.key,), named, across, total)

    def equations(self, item: Mapping[str, Any], kind: Kind) -> Iterator[Rule]:
        """An equation between rows, once for each column, or only for those of `only`."""
        block = self.block(item)
        if block is None:
            return
        named = {row.key: row.name for row in block.rows}
        sides = []
        for side in ("left", "right"):
            keys = self.keys(item, side)
            unknown = [key for key in keys if key not in named]
            self.defects.extend(
                f"规则 {item.get('code', '?')} 的 {side} 里没有 {key} 这一行" for key in unknown
            )
            if not item.get(side):
                self.defects.append(f"规则 {item.get('code', '?')} 缺少 {side}")
            sides.append(tuple(key for key in keys if key in named))
        only = self.keys(item, "only") if "only" in item else None
        columns = {column.key for column in block.columns}
        unknown = [key for key in only or () if key not in columns]
        self.defects.extend(f"规则 {item.get('code', '?')}：没有 {key} 这一列" for key in unknown)
        for column in block.columns:
            if only is None or column.key in only:
                yield self._equation(item, kind, column, sides[0], sides[1], named, False, None)

    def _equation(
        self,
        item: Mapping[str, Any],
        kind: Kind,
        line: Line,
        left: tuple[str, ...],
        right: tuple[str, ...],
        named: Mapping[str, str],
        across: bool,
        total: Line | None,
    ) -> Rule:
        """The rule for one `line`; left and right are keys along the other axis."""

        def cell(key: str) -> str:
            section = str(item["section"])
            return join_id(section, line.key, key) if across else join_id(section, key, line.key)

        name = line.name if line.labels else total.group if total is not None else ""
        words = {
            key: self.text(item, key, fields).replace("{line}", name)
            for key, fields in (("title", {"line"}), ("message", _EQUATION_FIELDS))
        }
        code = self.text(item, "code")
        tail = line.key or (total.key.rpartition(".")[0] if total is not None else "")
        return Rule(
            f"{code}.{tail}" if tail else code,
            kind,
            self.severity(item),
            str(item["section"]),
            words["title"],
            words["message"],
            self.text(item, "basis"),
            tuple(cell(key) for key in left),
            tuple(cell(key) for key in right),
            tuple(named[key] for key in (*left, *right)),
            self.text(item, "left_name"),
            self.text(item, "right_name"),
            "",
            self.example(item, "good", kind, left, right, cell),
            self.example(item, "bad", kind, left, right, cell),
        )

    def example(
        self,
        item: Mapping[str, Any],
        which: str,
        kind: Kind,
        left: tuple[str, ...],
        right: tuple[str, ...],
        cell: Any,
    ) -> Example:
        """The stated figures by line, 0 for the lines that are not stated; `total` is the last key of a sum's total."""
        stated = item.get(which)
        if not isinstance(stated, dict) or not all(isinstance(value, int) for value in stated.values()):
            self.defects.append(f"规则 {item.get('code', '?')} 缺少例子 {which}")
            return Example({}, {})
        figures: dict[str, int] = dict.fromkeys((*left, *right), 0)
        for key, value in stated.items():
            match = [full for full in figures if full == key or full.endswith(f".{key}")]
            if len(match) != 1:
                self.defects.append(f"规则 {item.get('code', '?')} 的例子 {which} 里 {key} 不是它的一项")
                continue
            figures[match[0]] = value
        if kind == "carry_over":
            return Example({cell(k): figures[k] for k in right}, {cell(k): figures[k] for k in left})
        return Example({cell(key): value for key, value in figures.items()}, {})

    def entry(self, item: Mapping[str, Any]) -> Rule:
        test = item.get("test")
        code = self.text(item, "code")
        if test not in ENTRY_CHECKS:
            self.defects.append(f"规则 {code} 的 test “{test}”不认识")
        examples: list[Example] = []
        for which in ("good", "bad"):
            stated = item.get(which)
            if not isinstance(stated, dict) or not stated or not set(stated) <= set(self.form.cells):
                self.defects.append(f"规则 {code} 缺少例子 {which}")
                stated = {}
            examples.append(Example({cell: _example_entry(value) for cell, value in stated.items()}, {}))
        return Rule(
            code,
            "entry",
            self.severity(item),
            "",
            self.text(item, "title"),
            self.text(item, "message", _ENTRY_FIELDS),
            self.text(item, "basis"),
            test=str(test),
            good=examples[0],
            bad=examples[1],
        )


def _example_entry(value: Any) -> Entry:
    return (
        Decimal(str(value)) if isinstance(value, float) else value if isinstance(value, int) else str(value)
    )
