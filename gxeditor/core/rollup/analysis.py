"""The analysis of a roll-up (分析材料) as text in which every number is bound to what it was reckoned from.

Knows which sums, shares, changes and counts are told, in what order, and how a sentence says of how many units a sum
is. A number gets into a text only as a `Figure`, which says what it is of and can be reckoned again, so text, workbook
and window cannot say different things. Judges nothing: no word here says that a figure is high, good or late. Draws
nothing, and knows neither clock nor file. Whoever signs it writes the rest.

Decisions of its own: compared with last year are the units that have a number in both, named by their count where the
lists differ; a share is told only of two sums over the same number of units; 审结 are the disputes that have one of the
three outcomes, and the share of 纠正 is of these; the changes told are the greatest in 件, of totals only, so that one
change is not told six times, and fees in 万元 are told under 主动公开.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from gxeditor.core.checks.rules import Rule
from gxeditor.core.report import show_entry
from gxeditor.core.rollup.findings import RollupFinding, RollupFindings
from gxeditor.core.rollup.project import Rollup, State
from gxeditor.core.rollup.sums import (
    Counts,
    Number,
    Subtotal,
    Sum,
    UnitChanges,
    YearSum,
    adjustments_of,
    by_kind,
    change_reason,
    completeness,
    contributions,
    counts,
    decisions,
    last_year,
    sums,
    total_name,
    unit_changes,
    years,
)
from gxeditor.core.rollup.units import Unit, UnitKind
from gxeditor.core.year_beside import rate

HEADING = "政府信息公开工作年度报告汇总分析"
_RECEIVED, _BROUGHT, _CARRIED = "requests.received", "requests.brought_forward", "requests.carried_forward"
_HANDLED = "requests.handled"
_DISPUTES = ("reconsideration", "direct_suit", "suit_after_reconsideration")
_OUTCOMES = ("upheld", "corrected", "other")
_CHANGES = 5  # of the greatest changes, as the specification asks
_MOVERS = 3  # units named with each of them
_NAMED = 10  # units named in a sentence; the workbook has all of them
_CODES = 10  # rules named among the faults
_BY_UNIT = 15  # bars of single units in a chart; the others are one bar
_TENTH = Decimal("0.1")

Kind = Literal[
    "sum", "completeness", "same", "now_same", "then_same", "difference", "rate", "share",
    "count", "kind", "unit_difference", "unit", "label", "code",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """What a stretch of a text stands for.

    By `kind`: "sum" of `cells`; "completeness" of that sum, or without cells of the list; "same" how many units have
    numbers in both years, "now_same" and "then_same" the two sums over these, "difference" and "rate" by how much they
    differ, without sign; "share" of `cells` in `of`, in per cent; "count" what `key` names (`Reckoned.count`); "kind"
    the completeness of the units whose `UnitKind.name` is `key`; "unit_difference" that of one `unit` in `cells`.
    "unit", "label" and "code" are names that may hold digits: of a unit, a cell, a rule.
    """

    kind: Kind
    cells: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    unit: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """`text` stands from character `start` of a paragraph on for a figure."""

    start: int
    text: str
    figure: Figure

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or a heading of a level (1: 一、, 2: （一）); 0 is text."""

    text: str
    tokens: tuple[Token, ...] = ()
    level: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a chart: a value for each of the chart's years, None where there is no number."""

    name: str
    values: tuple[Number | None, ...]


@dataclass(frozen=True, slots=True)
class ChartFigures:
    """What a chart shows: `years` name its values, `total` stands by the title, `caption` says of how many units."""

    title: str
    unit: str
    years: tuple[str, ...]
    bars: tuple[Bar, ...]
    total: Bar | None
    caption: str


@dataclass(frozen=True)
class Analysis:
    """The whole: title, paragraphs and charts, and what it was reckoned from."""

    title: str
    owner: str
    year: int
    paragraphs: tuple[Paragraph, ...]
    charts: tuple[ChartFigures, ...]


_NO_TITLES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Reckoned:
    """A roll-up with everything that a figure can stand for."""

    rollup: Rollup
    findings: RollupFindings | None = None
    titles: Mapping[str, str] = field(default_factory=lambda: _NO_TITLES)

    @cached_property
    def sums(self) -> Mapping[str, Sum]:
        return sums(self.rollup)

    @cached_property
    def years(self) -> Mapping[str, YearSum] | None:
        return years(self.rollup)

    @cached_property
    def counts(self) -> Counts:
        return counts(self.rollup)[""]

    def where(self, unit: Unit) -> str:
        """Whether a unit is "in" the sum, is not because another counts for it ("twice"), or has no report ("out")."""
        return "in" if unit.id in self._inside else "twice" if unit.id in self.rollup.used else "out"

    @cached_property
    def _inside(self) -> frozenset[str]:
        return frozenset(unit.id for unit in self.rollup.entered)

    @cached_property
    def changes(self) -> UnitChanges | None:
        return unit_changes(self.rollup)

    # --- numbers

    def sum(self, cells: Sequence[str]) -> Number | None:
        """Of several cells together; None while one of them has none."""
        return _added(self.sums[cell].value for cell in cells)

    def units(self, cells: Sequence[str]) -> tuple[int, int]:
        """How many units are in the sum of these cells, and how many have to report."""
        return len(self.rollup.entered) - len(self._blank(cells)), len(self.rollup.must)

    def _blank(self, cells: Sequence[str]) -> set[str]:
        """The units that are in and of which one of these cells has no number, by their ids."""
        return {unit for cell in cells for unit in self.sums[cell].blank}

    def same(self, cells: Sequence[str]) -> int | None:
        """How many units have numbers in both years; None if that is not the same number for each of the cells."""
        if self.years is None:
            return None
        found = {self.years[cell].same for cell in cells}
        return found.pop() if len(found) == 1 else None

    def of_same(self, cells: Sequence[str]) -> tuple[Number, Number] | None:
        """The two sums over the units that have numbers in both years, this year's first."""
        if self.years is None or not self.same(cells):
            return None
        now, then = (
            _added(self.years[cell].now_same for cell in cells),
            _added(self.years[cell].then_same for cell in cells),
        )
        return None if now is None or then is None else (now, then)

    def share(self, cells: Sequence[str], of: Sequence[str]) -> Decimal | None:
        """In per cent with one decimal; None where the two are not of the same units, or there is nothing to divide."""
        part, whole = self.sum(cells), self.sum(of)
        if part is None or not whole or self._blank(cells) != self._blank(of):
            return None
        return (Decimal(part) * 100 / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP)

    def count(self, key: str) -> int:
        """What a "count" is of.

        "of", "entered", "zeros", "exempt" of the list; "state:", the name of a `State`, a colon and what `where` says;
        "then", "came", "went" of last year's list; "adjustments"; "error", "query", and "error_units", "query_units" of
        those reports; "rule:" and a code: units concerned; "across:" and a severity or a code: findings across units;
        "missed": checks across units that were not made.
        """
        word, _, which = key.partition(":")
        if word == "state":
            name, _, where = which.partition(":")
            units = [unit for unit in self.rollup.must if self.rollup.state(unit) is State[name]]
            return sum(self.where(unit) == where for unit in units)
        if word == "rule":
            return self.rules[which]
        if word == "across":
            return sum(which in (one.rule, one.severity.value) for one in self.across)
        return self._named[word]

    @cached_property
    def _named(self) -> Mapping[str, int]:
        used = [self.rollup.used[unit.id] for unit in self.rollup.entered]
        changes = self.changes
        return {
            "of": self.counts.of,
            "entered": self.counts.entered,
            "zeros": self.counts.zeros,
            "exempt": self.counts.exempt,
            "then": changes.then if changes else 0,
            "came": len(changes.came) if changes else 0,
            "went": len(changes.went) if changes else 0,
            "adjustments": len(decisions(adjustments_of(self.rollup))),
            "missed": self.findings.missed if self.findings else 0,
            **{word: sum(one.count(word) for one in used) for word in ("error", "query")},
            **{f"{word}_units": sum(bool(one.count(word)) for one in used) for word in ("error", "query")},
        }

    @cached_property
    def rules(self) -> Counter[str]:
        """How many of the units that are in have an error or a query of each rule, by its code."""
        used = (self.rollup.used[unit.id] for unit in self.rollup.entered)
        return Counter(
            code
            for one in used
            for code in {told.rule for told in one.found if told.severity in ("error", "query")}
        )

    @cached_property
    def across(self) -> tuple[RollupFinding, ...]:
        """The errors and queries across units that nobody has explained."""
        found = self.findings.open if self.findings else ()
        return tuple(one for one in found if one.severity.value in ("error", "query"))

    def unit_change(self, cell: str, unit: str) -> Number | None:
        return self._moved(cell).get(unit)

    def _moved(self, cell: str) -> Mapping[str, Number]:
        """By how much each unit changed that has numbers in both years, by its id."""
        if cell not in self._changed:
            made = contributions(self.rollup, cell)
            self._changed[cell] = {
                row.unit.id: row.value - row.prior
                for row in (*made.rows, *made.zeros)
                if row.value is not None and row.prior is not None
            }
        return self._changed[cell]

    @cached_property
    def _changed(self) -> dict[str, Mapping[str, Number]]:
        return {}

    @cached_property
    def kinds(self) -> Mapping[str, Subtotal]:
        """The sums by kind of unit, by the word for it."""
        return {one.name: one for one in by_kind(self.rollup)}

    def movers(self, cell: str) -> list[str]:
        """The units that changed most, by their ids."""
        moved = self._moved(cell)
        place = {unit.id: at for at, unit in enumerate(self.rollup.units.listed)}
        found = sorted((unit for unit in moved if moved[unit]), key=lambda u: (-_size(moved[u]), place[u]))
        return found[:_MOVERS]

    # --- as they are shown

    def shown(self, figure: Figure) -> str:
        """The text of a figure. ValueError: it has none, and no sentence may be made of it."""
        text = self._shown(figure)
        if text is None:
            raise ValueError(f"no number: {figure}")
        return text

    def _shown(self, figure: Figure) -> str | None:
        cells = figure.cells
        match figure.kind:
            case "sum":
                return _said(self.sum(cells))
            case "completeness":
                return completeness(*self.units(cells)) if cells else self.counts.completeness
            case "same":
                return _said(self.same(cells))
            case "now_same" | "then_same" | "difference":
                pair = self.of_same(cells)
                if pair is None:
                    return None
                now, then = pair
                return _said(
                    {"now_same": now, "then_same": then, "difference": _size(now - then)}[figure.kind]
                )
            case "rate":
                both = self.of_same(cells)
                found = None if both is None else rate(*both)
                return None if found is None else f"{abs(found)}%"
            case "share":
                share = self.share(cells, figure.of)
                return None if share is None else f"{share}%"
            case "count":
                return str(self.count(figure.key))
            case "kind":
                found_kind = next(
                    one for one in by_kind(self.rollup) if one.name == UnitKind[figure.key].value
                )
                return completeness(found_kind.units, found_kind.of)
            case "unit_difference":
                moved = self.unit_change(cells[0], figure.unit)
                return None if moved is None else _said(_size(moved))
            case "unit":
                return self._unit(figure.unit).name
            case "label":
                return self.rollup.form.cells[cells[0]].place.replace(" · ", "·")
            case "code":
                return figure.key

    def _unit(self, unit_id: str) -> Unit:
        known = self.rollup.units.by_id.get(unit_id)
        if known is None:
            last = last_year(self.rollup)
            assert last is not None
            known = last.units.by_id[unit_id]
        return known


def _added(values: Iterable[Number | None]) -> Number | None:
    total: Number = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _size(value: Number) -> Number:
    return -value if value < 0 else value


def _said(value: Number | None) -> str | None:
    return None if value is None else show_entry(value)


# ---- sentences -----------------------------------------------------------------------------------------------------

Piece = str | Figure


def _written(reckoned: Reckoned, pieces: Iterable[Piece], level: int = 0) -> Paragraph:
    """A paragraph of words and figures."""
    text, tokens = "", []
    for piece in pieces:
        if isinstance(piece, Figure):
            shown = reckoned.shown(piece)
            tokens.append(Token(len(text), shown, piece))
            text += shown
        else:
            text += piece
    return Paragraph(text, tuple(tokens), level)


def analysis(rollup: Rollup, findings: RollupFindings | None = None, rules: Iterable[Rule] = ()) -> Analysis:
    """What a roll-up says. `findings` are those across units, None if they were not looked for; `rules` name faults."""
    reckoned = Reckoned(rollup, findings, rule_titles(rules))
    parts: tuple[tuple[str, Callable[[Reckoned], Iterator[Paragraph]]], ...] = (
        ("一、范围和报送情况", _scope),
        ("二、主动公开政府信息情况", _proactive),
        ("三、收到和处理政府信息公开申请情况", _requests),
        ("四、政府信息公开行政复议、行政诉讼情况", _disputes),
        ("五、与上年相比变化最大的项目", _changes),
        ("六、报告中存在的问题", _faults),
    )
    paragraphs: list[Paragraph] = []
    for heading, write in parts:
        paragraphs.append(Paragraph(heading, level=1))
        paragraphs += write(reckoned)
    title = f"{rollup.owner}{rollup.year}年{HEADING}"
    return Analysis(title, rollup.owner, rollup.year, tuple(paragraphs), _charts(reckoned))


def rule_titles(rules: Iterable[Rule]) -> Mapping[str, str]:
    """What the rules of each code look for: of several lines of one rule, what their titles have in common."""
    found: dict[str, set[str]] = {}
    for rule in rules:
        line, colon, rest = rule.title.partition("：")
        found.setdefault(rule.code, set()).add(rest if colon else line)
    return {code: titles.pop() for code, titles in found.items() if len(titles) == 1}


def _scope(reckoned: Reckoned) -> Iterator[Paragraph]:
    rollup = reckoned.rollup
    scope = (
        f"本材料汇总{rollup.owner}各单位{rollup.year}年政府信息公开工作年度报告，口径为{rollup.scope.value}。"
    )
    pieces: list[Piece] = [
        scope,
        "应报 ",
        Figure("count", key="of"),
        " 家，计入合计 ",
        Figure("count", key="entered"),
    ]
    pieces += [" 家（", Figure("completeness"), "）。"]
    kinds = list(reckoned.kinds.values())
    if len(kinds) > 1:
        names = {kind.value: kind.name for kind in UnitKind}
        listed = _joined([[f"{one.name} ", Figure("kind", key=names[one.name])] for one in kinds])
        pieces += ["按单位类别：", *listed, "。"]
    yield _written(reckoned, pieces)

    said: list[list[Piece]] = []
    for state in State:
        if state is State.EXEMPT or not reckoned.counts.count(state):
            continue
        there = [unit for unit in rollup.must if rollup.state(unit) is state]
        for where, word in _WHERE:
            units = [unit for unit in there if reckoned.where(unit) == where]
            if units and (state, where) != (State.USABLE, "in"):  # whoever is in and well needs no word
                count = Figure("count", key=f"state:{state.name}:{where}")
                said.append([f"{state.value} ", count, f" 家（{word}）：", *_names(units)])
    if reckoned.count("exempt"):
        said.append(["免报 ", Figure("count", key="exempt"), " 家"])
    if reckoned.count("zeros"):
        said.append(["各项均为零的报告 ", Figure("count", key="zeros"), " 份"])
    if reckoned.count("adjustments"):
        said.append(["调整表有 ", Figure("count", key="adjustments"), " 条，合计已包括调整"])
    if said:
        yield _written(reckoned, [*_joined(said, "；"), "。"])

    changes = reckoned.changes
    if changes is None:
        yield Paragraph("没有可以比较的上年汇总，本材料不与上年比较。")
        return
    pieces = ["上年应报 ", Figure("count", key="then"), " 家"]
    for key, word, which in (("came", "新增", changes.came), ("went", "减少", changes.went)):
        if which:
            pieces += [f"；本年{word} ", Figure("count", key=key), " 家："]
            pieces += _reasons(reckoned, which, went=key == "went")
    if not changes.came and not changes.went:
        pieces.append("，本年单位没有变化")
    yield _written(
        reckoned, [*pieces, "。与上年比较的，都是两年均有数的单位；与合计的单位不同的，写明家数。"]
    )


_WHERE = (("in", "已计入合计"), ("twice", "与别家重复，不在合计内"), ("out", "不在合计内"))


def _names(units: Sequence[Unit]) -> list[Piece]:
    pieces = _joined([[Figure("unit", unit=unit.id)] for unit in units[:_NAMED]])
    return [*pieces, "等"] if len(units) > _NAMED else pieces


def _reasons(reckoned: Reckoned, units: Sequence[Unit], *, went: bool) -> list[Piece]:
    told: list[list[Piece]] = []
    for unit in units[:_NAMED]:
        reason = change_reason(reckoned.rollup, unit, went)
        # What a person wrote may hold digits of its own: it is told in the workbook, here whether there is a reason.
        told.append([Figure("unit", unit=unit.id), "" if reason else "（没有说明原因）"])
    return [*_joined(told), "等"] if len(units) > _NAMED else _joined(told)


def _joined(told: Sequence[Sequence[Piece]], between: str = "、") -> list[Piece]:
    pieces: list[Piece] = []
    for number, one in enumerate(told):
        pieces += [between] * bool(number) + list(one)
    return pieces


def _of(reckoned: Reckoned, *cells: str) -> list[Piece]:
    """「（49 家中 47 家）」 behind a sum that is not of all; nothing behind one that is."""
    units, of = reckoned.units(cells)
    return [] if units == of else ["（", Figure("completeness", cells), "）"]


def _sums(
    reckoned: Reckoned,
    told: Sequence[tuple[str, tuple[str, ...]]],
    share_of: tuple[str, ...] = (),
    unit: str = "件",
) -> list[Piece]:
    """「自然人 30 件，占 50.0%；商业企业 2 件，占 3.3%（以上均为 49 家中 47 家）」; what has no number is named."""
    known = [(name, cells) for name, cells in told if reckoned.sum(cells) is not None]
    alike = {reckoned.units(cells) for _, cells in known}
    listed: list[list[Piece]] = []
    for name, cells in known:
        pieces: list[Piece] = [name if name.endswith("）") else f"{name} ", Figure("sum", cells), f" {unit}"]
        if len(alike) > 1:
            pieces += _of(reckoned, *cells)
        if share_of and reckoned.share(cells, share_of) is not None:
            pieces += ["，占 ", Figure("share", cells, share_of)]
        listed.append(pieces)
    pieces = _joined(listed, "；" if share_of else "、")
    if len(alike) == 1 and known:
        units, of = alike.pop()
        if units != of:
            pieces += ["（以上均为 " if len(known) > 1 else "（", Figure("completeness", known[0][1]), "）"]
    if missing := [name for name, cells in told if reckoned.sum(cells) is None]:
        pieces += ["；" if pieces else "", f"{'、'.join(missing)}没有可加的数"]
    return pieces


def _compared(reckoned: Reckoned, *cells: str, unit: str = "件") -> list[Piece]:
    """「，比上年增加 12 件、增长 15.0%」; nothing without two numbers to compare."""
    pair = reckoned.of_same(cells)
    if pair is None:
        return []
    all_of_it = reckoned.years is not None and all(reckoned.years[cell].is_of_the_same for cell in cells)
    pieces: list[Piece] = ["，"]
    if not all_of_it:
        pieces += ["两年均有数的 ", Figure("same", cells), " 家"]
    return [*pieces, *_difference(reckoned, cells, unit)]


def _difference(reckoned: Reckoned, cells: tuple[str, ...], unit: str) -> list[Piece]:
    """「比上年增加 12 件、增长 15.0%」 of two numbers that there are."""
    pair = reckoned.of_same(cells)
    assert pair is not None
    now, then = pair
    if now == then:
        return ["与上年相同"]
    more = now > then
    pieces: list[Piece] = [f"比上年{'增加' if more else '减少'} ", Figure("difference", cells), f" {unit}"]
    if then:
        pieces += [f"、{'增长' if more else '下降'} ", Figure("rate", cells)]
    return pieces


def _cells(reckoned: Reckoned, *ids: str) -> tuple[str, ...]:
    """Those of these cells that the form has."""
    return tuple(cell for cell in ids if cell in reckoned.rollup.form.cells)


def _proactive(reckoned: Reckoned) -> Iterator[Paragraph]:
    form = reckoned.rollup.form
    groups: dict[str, list[str]] = {}
    for cell in form.cells.values():
        if cell.section == "proactive":
            groups.setdefault(cell.row.name, []).append(cell.id)
    single: list[tuple[str, str]] = []
    for name, ids in groups.items():
        if len(ids) == 1:
            single.append((name, ids[0]))
            continue
        told = [(form.cells[one].column.name, (one,)) for one in ids]
        yield _written(reckoned, [f"{name}：", *_sums(reckoned, told), *_each(reckoned, told), "。"])
    for name, one in single:
        unit = form.cells[one].unit
        pieces = _sums(reckoned, [(name, (one,))], unit=unit)
        yield _written(reckoned, [*pieces, *_compared(reckoned, one, unit=unit), "。"])


def _each(reckoned: Reckoned, told: Sequence[tuple[str, tuple[str, ...]]]) -> list[Piece]:
    """The changes of several sums, each by its name; those that are as last year together."""
    changed: list[list[Piece]] = []
    equal: dict[int | None, list[tuple[str, list[Piece]]]] = {}
    for name, cells in told:
        compared, pair = _compared(reckoned, *cells)[1:], reckoned.of_same(cells)
        if pair is not None and pair[0] == pair[1]:
            equal.setdefault(reckoned.same(cells), []).append((name, compared))
        elif compared:
            changed.append([name, *compared])
    changed += [["、".join(name for name, _ in several), *several[0][1]] for several in equal.values()]
    return ["。", *_joined(changed, "；")] if changed else []


def _requests(reckoned: Reckoned) -> Iterator[Paragraph]:
    form = reckoned.rollup.form
    total = f"{_RECEIVED}.total"
    yield Paragraph("（一）总量", level=2)
    pieces: list[Piece] = [
        *_sums(reckoned, [("本年新收政府信息公开申请", (total,))]),
        *_compared(reckoned, total),
        "。",
    ]
    brought = f"{_BROUGHT}.total"
    pieces += [*_sums(reckoned, [("上年结转政府信息公开申请", (brought,))]), "。"]
    yield _written(reckoned, pieces)

    yield Paragraph("（二）申请人", level=2)
    askers = [
        (c.column.name, (c.id,))
        for c in form.cells.values()
        if c.row.key == "received" and not c.column.is_sum
    ]
    yield _written(reckoned, ["本年新收的申请中，", *_sums(reckoned, askers, (total,)), "。"])

    yield Paragraph("（三）办理结果", level=2)
    handled = f"{_HANDLED}.total.total"
    pieces = [*_sums(reckoned, [("本年度办理的申请总计", (handled,))]), *_compared(reckoned, handled), "。"]
    pieces += ["其中，", *_sums(reckoned, outcomes(reckoned.rollup), (handled,)), "。"]
    yield _written(reckoned, pieces)

    yield Paragraph("（四）结转", level=2)
    carried = f"{_CARRIED}.total"
    pieces = _sums(reckoned, [("结转下年度继续办理", (carried,))])
    yield _written(reckoned, [*pieces, *_compared(reckoned, carried), "。"])


def outcomes(rollup: Rollup) -> list[tuple[str, tuple[str, ...]]]:
    """How requests ended (予以公开, 不予公开 …): each group of rows by its name, with its cells of all applicants."""
    groups: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for cell in rollup.form.cells.values():
        if not cell.row.key.startswith("handled.") or not cell.column.is_sum or cell.row.is_sum:
            continue
        key = cell.row.key.split(".")[1]
        groups.setdefault(key, []).append(cell.id)
        names[key] = _plain(cell.row.labels[1] if len(cell.row.labels) > 1 else cell.row.name)
    return [(names[key], tuple(cells)) for key, cells in groups.items()]


def _plain(label: str) -> str:
    """不予公开 of （三）不予公开, 部分公开 of （二）部分公开（区分处理的…）."""
    text = label.partition("）")[2] if label.startswith("（") else label
    return text.partition("（")[0] or label


def _disputes(reckoned: Reckoned) -> Iterator[Paragraph]:
    form = reckoned.rollup.form
    for kind in _DISPUTES:
        total, *_ = cells = _cells(
            reckoned, *(f"disputes.{kind}.{key}" for key in ("total", *_OUTCOMES, "pending"))
        )
        if len(cells) != 2 + len(_OUTCOMES):
            continue
        name = form.cells[total].column.group
        pieces: list[Piece] = [
            *_sums(reckoned, [(_dispute_name(kind, name), (total,))]),
            *_compared(reckoned, total),
            "。",
        ]
        told = [(form.cells[cell].column.name, (cell,)) for cell in cells[1:]]
        if reckoned.sum((total,)):
            pieces += ["其中，", *_sums(reckoned, told), "。"]
            ended, corrected = cells[1:4], cells[2:3]
            if reckoned.share(corrected, ended) is not None:
                pieces += ["审结 ", Figure("sum", ended), " 件", *_of(reckoned, *ended), "，其中结果纠正占 "]
                pieces += [Figure("share", corrected, ended), "。"]
        yield _written(reckoned, pieces)


def _dispute_name(kind: str, name: str) -> str:
    return name if kind == _DISPUTES[0] else f"行政诉讼（{name}）"


def _changes(reckoned: Reckoned) -> Iterator[Paragraph]:
    if reckoned.years is None:
        yield Paragraph("没有可以比较的上年汇总。")
        return
    form = reckoned.rollup.form
    found: list[tuple[Number, str]] = []
    for cell in form.cells.values():
        is_total = cell.section == "proactive" or cell.column.is_sum
        if cell.unit != "件" or not is_total or cell.row.is_sum:
            continue
        pair = reckoned.of_same((cell.id,))
        if pair is not None and pair[0] != pair[1]:
            found.append((_size(pair[0] - pair[1]), cell.id))
    found.sort(key=lambda one: -one[0])
    if not found:
        yield Paragraph("两年均有数的单位，各项合计都与上年相同。")
        return
    for number, (_, cell_id) in enumerate(found[:_CHANGES], 1):
        cells = (cell_id,)
        pieces: list[Piece] = [f"（{'一二三四五'[number - 1]}）", Figure("label", cells), "：两年均有数的 "]
        pieces += [Figure("same", cells), " 家，本年 ", Figure("now_same", cells), " 件，上年 "]
        pieces += [Figure("then_same", cells), " 件，", *_difference(reckoned, cells, "件"), "。"]
        moved = reckoned.movers(cell_id)
        pieces += ["变化最大的单位：" if moved else "各单位都没有变化，变化来自调整"]
        pieces += _joined([_move(reckoned, cell_id, unit) for unit in moved])
        yield _written(reckoned, [*pieces, "。"])


def _move(reckoned: Reckoned, cell: str, unit: str) -> list[Piece]:
    by = reckoned.unit_change(cell, unit)
    assert by is not None
    return [
        Figure("unit", unit=unit),
        "增加 " if by > 0 else "减少 ",
        Figure("unit_difference", (cell,), unit=unit),
        " 件",
    ]


def _faults(reckoned: Reckoned) -> Iterator[Paragraph]:
    """Counted, not judged."""
    pieces: list[Piece] = ["计入合计的 ", Figure("count", key="entered"), " 份报告中，"]
    for key, word in (("error", "错误"), ("query", "疑问")):
        pieces += [
            f"有{word}的 ",
            Figure("count", key=f"{key}_units"),
            " 份、共 ",
            Figure("count", key=key),
            " 处",
        ]
        pieces.append("；" if key == "error" else "。")
    yield _written(reckoned, pieces)
    if reckoned.rules:
        codes = sorted(reckoned.rules, key=lambda code: (-reckoned.rules[code], code))
        listed: list[list[Piece]] = []
        for code in codes[:_CODES]:
            title = reckoned.titles.get(code, "")
            named: list[Piece] = (
                [f"{title}（", Figure("code", key=code), "）"] if title else [Figure("code", key=code), " "]
            )
            listed.append([*named, Figure("count", key=f"rule:{code}"), " 家"])
        more = "等" if len(codes) > _CODES else ""
        yield _written(reckoned, ["按检查规则：", *_joined(listed), f"{more}。"])
    if reckoned.findings is None:
        yield Paragraph("单位之间的检查没有做。")
        return
    pieces = ["单位之间的检查有错误 ", Figure("count", key="across:error"), " 处、疑问 "]
    pieces += [Figure("count", key="across:query"), " 处"]
    if reckoned.across:
        by_code = Counter(one.rule for one in reckoned.across)
        title_of = {one.rule: one.title for one in reckoned.across}
        listed = [
            [
                f"{title_of[code]}（",
                Figure("code", key=code),
                "）",
                Figure("count", key=f"across:{code}"),
                " 处",
            ]
            for code in sorted(by_code, key=lambda code: (-by_code[code], code))[:_CODES]
        ]
        pieces += ["：", *_joined(listed)]
    if reckoned.count("missed"):
        pieces += ["；另有 ", Figure("count", key="missed"), " 项没有检查"]
    yield _written(reckoned, [*pieces, "。"])


# ---- charts --------------------------------------------------------------------------------------------------------


def _charts(reckoned: Reckoned) -> tuple[ChartFigures, ...]:
    rollup, form = reckoned.rollup, reckoned.rollup.form
    this = f"{rollup.year}年"
    total, handled = f"{_RECEIVED}.total", f"{_HANDLED}.total.total"
    askers = [
        (c.column.name, (c.id,))
        for c in form.cells.values()
        if c.row.key == "received" and not c.column.is_sum
    ]
    charts = [
        _of_sums(reckoned, "本年新收政府信息公开申请（按申请人）", askers, (total,), this),
        _of_sums(reckoned, "本年度办理结果", outcomes(rollup), (handled,), this),
    ]
    made = contributions(rollup, total)
    if made.rows:
        bars = [Bar(row.unit.name, (row.value,)) for row in made.rows[:_BY_UNIT]]
        if rest := made.rows[_BY_UNIT:]:
            bars.append(Bar(f"其余 {len(rest)} 家", (_added(row.value for row in rest),)))
        caption = f"各单位本年新收，{made.sum.name}"
        if made.zeros:
            caption += f"，填 0 的 {len(made.zeros)} 家没有画出"
        if made.adjustments:
            caption += "，不含调整"
        whole = Bar(made.sum.name, (made.subtotal,))
        charts.append(
            ChartFigures(
                "本年新收政府信息公开申请（按单位）", "件", (this,), tuple(bars), whole, f"{caption}。"
            )
        )
    if reckoned.years is not None:
        last = last_year(rollup)
        assert last is not None
        main = [("本年新收", total), ("办理总计", handled), ("结转下年度", f"{_CARRIED}.total")]
        main += [
            (_dispute_name(kind, form.cells[cell].column.group), cell)
            for kind in _DISPUTES
            for cell in _cells(reckoned, f"disputes.{kind}.total")
        ]
        pairs = [(name, cell, reckoned.of_same((cell,))) for name, cell in main]
        known = [(name, cell, pair) for name, cell, pair in pairs if pair is not None]
        if known:
            same = sorted({reckoned.years[cell].same for _, cell, _ in known})
            units = f"{same[0]} 家" if len(same) == 1 else f"{same[0]} 至 {same[-1]} 家"
            charts.append(
                ChartFigures(
                    "与上年相比",
                    "件",
                    (this, f"{last.year}年"),
                    tuple(Bar(name, pair) for name, _, pair in known),
                    None,
                    f"只比两年均有数的 {units}；本年{total_name(*reckoned.units((total,)))}，"
                    f"上年{reckoned.years[total].then.name}。",
                )
            )
    return tuple(charts)


def _of_sums(
    reckoned: Reckoned,
    title: str,
    told: Sequence[tuple[str, tuple[str, ...]]],
    of: tuple[str, ...],
    year: str,
) -> ChartFigures:
    bars = tuple(Bar(name, (reckoned.sum(cells),)) for name, cells in told)
    caption = total_name(*reckoned.units(of))
    others = [
        f"{name}（{completeness(*reckoned.units(cells))}）"
        for name, cells in told
        if reckoned.units(cells) != reckoned.units(of)
    ]
    if others:
        caption += f"，其中{'、'.join(others)}"
    return ChartFigures(
        title, "件", (year,), bars, Bar(total_name(*reckoned.units(of)), (reckoned.sum(of),)), f"{caption}。"
    )
