"""The rule file: wording, basis and examples of the rules of a form, as data, with every defect it may have.

Knows how the form's tree of headings implies sum rules, and what else is stated. Opens no file and evaluates no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from string import Formatter
from typing import Any

from gxeditor.core.checks.check import TESTS
from gxeditor.core.checks.claims.reading import words_of
from gxeditor.core.checks.profiles import KEYS
from gxeditor.core.checks.rules import CLAIM, Example, Group, Kind, Rule, Severity
from gxeditor.core.defects import Reading
from gxeditor.core.difference import PREAMBLE
from gxeditor.core.fields import BY_NAME
from gxeditor.core.form import Block, Form, Line, join_id
from gxeditor.core.report import Entry

_EQUATION_FIELDS = {"left", "right", "difference", "line"}
_CHECK_FIELDS = {
    *("table", "count", "place", "entry", "unit", "decimals", "found", "doubt", "text"),
    *("said", "cells", "name", "wanted", "left", "right", "difference"),
}
"""What a message of a named check may hold: see `checks.entries` and its siblings."""
_EXAMPLE_PARTS = (
    *(
        "",
        "_doubts",
        "_brought",
        "_texts",
        "_fields",
        "_prior",
        "_prior_texts",
        "_prior_fields",
        "_today",
        "_profile",
    ),
)


_LISTS = ("equations", "sums", "carry_overs", "entries", "texts", "claims")
_SAID_OF_ALL = {"code", "group", "severity", "title", "message", "basis", "test"}


def joined(files: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The data of several rule files as that of one; what a file says of all its rules (`group`) is said of each.

    Files of different editions are left for `parse_rules` to refuse.
    """
    whole: dict[str, Any] = {}
    for data in files:
        said = dict(data)
        group = said.pop("group", None)
        for key in _LISTS:
            rules = said.pop(key, None)
            if isinstance(rules, list):
                whole.setdefault(key, []).extend(
                    {"group": group, **rule} if isinstance(rule, dict) else rule for rule in rules
                )
            elif rules is not None:
                whole[key] = rules
        for key, value in said.items():
            if whole.setdefault(key, value) != value:
                whole[key] = f"{whole[key]}、{value}"
    return whole


def parse_rules(data: Mapping[str, Any], form: Form) -> tuple[Rule, ...]:
    """The rules of a form, from their TOML data, in the order of the form.

    `sums` gives the wording of the rules that the form's sums imply, `equations` states what the form's tree does not
    say, `carry_overs` what ties a report to last year's, `entries` the checks of single cells, `texts` those of prose
    and fields, `claims` those of what the prose says of cells. Raises `Defects` with every defect: unknown lines, sums
    without wording, messages with unknown fields, missing basis or examples.
    """
    reading = Reading(data)

    def stated(key: str) -> Iterator[_RuleReading]:
        return (_RuleReading(item, form) for item in reading.tables(key))

    rules = [
        *(rule for item in stated("equations") for rule in item.equations("balance")),
        *(rule for item in stated("sums") for rule in item.sums()),
        *(rule for item in stated("carry_overs") for rule in item.equations("carry_over")),
        *(item.named_check("entry") for item in stated("entries")),
        *(item.named_check("text") for item in stated("texts")),
        *(item.named_check("claim") for item in stated("claims")),
    ]
    words = words_of(rules)
    rules = [replace(r, data={**r.data, "words": words}) if r.kind == "claim" else r for r in rules]
    reading.known({"edition", *_LISTS})
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

    def group(self) -> Group:
        return Group(self.item.one_of("group", [one.value for one in Group]) or Group.TABLES)

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
            code,
            self.group(),
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

    def named_check(self, kind: Kind) -> Rule:
        """A check that the program knows by the name in `test`; what it is not told here it reads in `data`."""
        item = self.item
        test = item.data.get("test")
        code = item.text("code")
        if test not in TESTS and not (kind == test == CLAIM):
            item.wrong(f"的 test “{test}”不认识")
        examples = [self._example_of_check(which) for which in ("good", "bad")]
        known = _SAID_OF_ALL | {f"{which}{part}" for which in ("good", "bad") for part in _EXAMPLE_PARTS}
        return Rule(
            code,
            kind,
            self.severity(),
            "",
            item.text("title"),
            self.pattern("message", _CHECK_FIELDS),
            item.text("basis"),
            test=str(test),
            good=examples[0],
            bad=examples[1],
            code=code,
            group=self.group(),
            data={key: value for key, value in item.data.items() if key not in known},
        )

    def _example_of_check(self, which: str) -> Example:
        """`good` and `bad` are figures by cell; what stands behind a report besides has a key of its own each.

        `bad_texts` is prose by section, `bad_fields` are plain fields as files have them, `bad_prior`,
        `bad_prior_texts`, `bad_prior_fields` the same of last year's report, `bad_today` is a day, `bad_profile`
        what a province asks.
        """
        item = self.item
        cells = set(self.form.cells)
        stated = self._stated(which, cells)
        texts, fields = self._stated(f"{which}_texts", self._texts()), self._fields(f"{which}_fields")
        brought, today = (item.text(f"{which}_{part}", needed=False) for part in ("brought", "today"))
        if not (stated or texts or fields or brought):
            item.wrong(f"缺少例子 {which}")
        doubts = self._stated(f"{which}_doubts", set(stated))
        prior = self._stated(f"{which}_prior", cells)
        return Example(
            {cell: _example_entry(value) for cell, value in stated.items()},
            {cell: _example_entry(value) for cell, value in prior.items()},
            {cell: str(what) for cell, what in doubts.items()},
            brought,
            {key: str(text) for key, text in texts.items()},
            fields,
            {key: str(text) for key, text in self._stated(f"{which}_prior_texts", self._texts()).items()},
            self._fields(f"{which}_prior_fields"),
            today,
            self._asked(f"{which}_profile"),
        )

    def _texts(self) -> set[str]:
        return {PREAMBLE, *(section.key for section in self.form.sections)}

    def _stated(self, key: str, known: set[str]) -> dict[str, Any]:
        """A table of an example; nothing, and a defect, if it names what is not known."""
        stated = self.item.data.get(key, {})
        if isinstance(stated, dict) and set(stated) <= known:
            return stated
        self.item.wrong(f"的例子 {key} 里有不认识的项")
        return {}

    def _asked(self, key: str) -> Mapping[str, Any]:
        asked = self._stated(key, set(KEYS))
        for name, value in asked.items():
            if not KEYS[name].fits(value):
                self.item.wrong(f"的例子 {key} 里 {name} 应{KEYS[name].wanted}")
        return asked

    def _fields(self, key: str) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, value in self._stated(key, set(BY_NAME)).items():
            try:
                fields[name] = BY_NAME[name].values.read(value)
            except ValueError:
                self.item.wrong(f"的例子 {key} 里 {name} 应{BY_NAME[name].values.wanted}")
        return fields


def _example_entry(value: Any) -> Entry:
    return (
        Decimal(str(value)) if isinstance(value, float) else value if isinstance(value, int) else str(value)
    )
