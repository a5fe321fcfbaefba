"""What may have gone wrong where an equation is not met, and how to mend it.

Knows the slips of people who copy figures: digits turned about, a figure in the wrong cell or counted twice, a row
shifted, two columns swapped. Every mend is tried on all equations first: one that breaks another is never told. Changes
nothing.

A cause is the better the more equations it mends with fewer figures chosen freely for that (`displaced.points_of`);
where many cells would do as well, none of them is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from gxeditor.core.checks.check import check
from gxeditor.core.checks.displaced import (
    MOST,
    Cause,
    Lines,
    copied,
    lines_swapped,
    points_of,
    shifted,
    told_apart,
)
from gxeditor.core.checks.equations import EQUATIONS, Equations, is_finite, lines_of
from gxeditor.core.checks.findings import Finding, Findings, Number
from gxeditor.core.checks.forced import forced
from gxeditor.core.checks.rules import Rule
from gxeditor.core.checks.slips import COMMON, Slip, slip
from gxeditor.core.checks.suspects import accused
from gxeditor.core.form import Cell
from gxeditor.core.report import Entry, Report, show_entry

_SEVERAL = 6
"""So many cells of one equation may be wrong each by itself; more are no slips."""
_TRIED = 12
"""So many of the best causes are tried on the whole report."""


@dataclass(frozen=True)
class Hint:
    """A likely cause, and its mend if the equations leave no doubt about it.

    `kind` tells slips apart; `cause` is said to a clerk (「数字颠倒：12 写成了 21」); `effect` what the mend does
    (「改后本行、本列相等」); `button` asks for it (「改为 12」). `changes` are the cells it sets, None making one
    blank; empty for a cause without mend. `cells` are the cells it speaks of, first the one to look at.
    """

    kind: str
    cause: str
    cells: tuple[str, ...]
    effect: str = ""
    button: str = ""
    changes: Mapping[str, Entry | None] = field(default_factory=lambda: MappingProxyType({}))


def hints(report: Report, rules: Iterable[Rule], findings: Findings, finding: Finding) -> tuple[Hint, ...]:
    """The likely causes of one finding, best first, `MOST` at most; none if nothing fits."""
    rules = tuple(rules)
    if finding.rule.kind not in EQUATIONS:
        return _blanks(report, rules, findings, finding)
    web = Equations(report, findings)
    if finding.rule.id not in web.failing:
        return ()
    seen: set[frozenset[tuple[str, Number]]] = set()
    told: list[Hint] = []
    for cause in sorted(_causes(web, finding), key=lambda cause: -cause.points)[:_TRIED]:
        key = frozenset(cause.changes.items())
        if len(told) == MOST or key in seen:
            continue
        seen.add(key)
        mended, left = _tried(report, rules, findings, cause.changes)
        if finding.rule.id in mended:
            cells = cause.cells or tuple(cause.changes)
            effect = _effect(report, mended.values(), left, cells[0])
            changes = MappingProxyType(dict(cause.changes))
            told.append(Hint(cause.kind, cause.cause, cells, effect, cause.button, changes))
    told.extend(_equal_to_one(web, finding, told))
    return tuple(_named_apart(report, told[:MOST]))


def _named_apart(report: Report, told: Sequence[Hint]) -> Iterator[Hint]:
    """The hints, those that read the same with the column or the row that they speak of."""
    said = [hint.cause for hint in told]
    for hint in told:
        cells = [report.form.cells[cell] for cell in hint.cells]
        if said.count(hint.cause) == 1:
            yield hint
        elif len(cells) == 1:
            yield replace(hint, cause=f"{cells[0].place}：{hint.cause}")
        elif len({cell.column.key for cell in cells}) == 1:
            yield replace(hint, cause=f"{cells[0].column.name}：{hint.cause}")
        else:
            yield replace(hint, cause=f"{cells[0].row.name}：{hint.cause}")


def _tried(
    report: Report, rules: Iterable[Rule], findings: Findings, changes: Mapping[str, Entry | None]
) -> tuple[Mapping[str, Rule], tuple[Rule, ...]]:
    """The equations that hold after these changes and did not before, by rule id; none if one ceases to hold.

    And those of the changed cells that still do not hold.
    """
    equations = _checkable(report, rules, findings)
    checked = {rule.id for rule in equations}
    after = check(report.with_entries(changes), equations)
    before = {met.rule.id for met in findings.met} & checked
    failing = {finding.rule.id for finding in findings.findings}
    holding = {met.rule.id: met.rule for met in after.met}
    if not before <= holding.keys() or any(one.rule.id not in failing for one in after.findings):
        return {}, ()
    left = tuple(one.rule for one in after.findings if not changes.keys().isdisjoint(one.rule.signs))
    return {rule_id: rule for rule_id, rule in holding.items() if rule_id not in before}, left


def _checkable(report: Report, rules: Iterable[Rule], findings: Findings) -> list[Rule]:
    """The equations that a check evaluates: none that is closed, those with last year's if the report has it."""
    closed = {item.rule.id for item in findings.closed}
    return [
        rule
        for rule in rules
        if rule.kind in EQUATIONS
        and rule.id not in closed
        and (rule.kind != "carry_over" or report.prior is not None)
    ]


_NUMBERS = {2: "两", 3: "三", 4: "四", 5: "五", 6: "六"}


def _effect(report: Report, mended: Iterable[Rule], left: Iterable[Rule], cell: str) -> str:
    """「改后本行、本列都相等」, seen from a cell; what does not hold yet is said, too."""
    good = _where(report, mended, cell)
    said = "、".join(good) + ("都" if len(good) > 1 or (good and good[0][:2] not in _HERE) else "")
    rest = [word for word in _where(report, left, cell) if word not in good]
    said = f" {said}" if said[:1].isdigit() else said
    return f"改后{said}相等" + (f"，{'、'.join(rest)}还不相等" if rest else "")


_HERE = ("本行", "本列", "本组", "与上")


def _where(report: Report, rules: Iterable[Rule], cell: str) -> list[str]:
    """In which lines equations are: 「本行」「本列」 for those of a cell, 「两列」「9 行」 for more.

    A row without a heading (表四) has a group of columns for each equation.
    """
    at = report.form.cells[cell]
    row, column = f"{at.section}.{at.row.key}", f"{at.section}.{at.column.key}"
    all_rows: set[str] = set()
    all_columns: set[str] = set()
    groups: set[str] = set()
    group, years = "", False
    for rule in rules:
        rows, columns = lines_of(report, rule.signs)
        if rule.kind == "carry_over":
            years = True
        elif not report.form.cells[rule.decisive.id].row.labels:
            groups.add(rule.id)
            group = rule.id if cell in rule.signs else group
        elif len(rows) == 1:
            all_rows |= rows
        else:
            all_columns |= columns
    words = []
    for lines, here, word in ((all_rows, row, "行"), (all_columns, column, "列"), (groups, group, "组")):
        if lines == {here}:
            words.append(f"本{word}")
        elif lines:
            words.append(
                f"{_NUMBERS.get(len(lines), f'{len(lines)} ')}{word}" if len(lines) > 1 else f"那一{word}"
            )
    return [*words, "与上年"] if years else words


# -------------------- causes
def _causes(web: Equations, finding: Finding) -> Iterator[Cause]:
    """Whatever would make the finding's equation hold without breaking another."""
    lines = Lines(web.report.form, finding)
    wrong = {one.cell: one.meant for one in accused(web)}
    singles = list(_single(web, finding))
    # One that leaves another equation of its cell unmended is told only of a suspect: of others it is a guess.
    wholly = [one for one in singles if not any(web.after(one.changes).values())]
    partly = [one for one in singles if one.changes.items() <= wrong.items()]
    few = told_apart(wholly or partly) + told_apart(_swapped(web, finding, lines))
    yield from few
    yield from _several(web, finding, wrong)
    yield from lines_swapped(web, finding, lines)
    yield from told_apart(copied(web, finding, lines))
    whole = len(web.failing)
    if whole > 1 and not any(len(web.mended(web.after(cause.changes))) == whole for cause in few):
        yield from told_apart(shifted(web, finding, lines))


def _single(web: Equations, finding: Finding) -> Iterator[Cause]:
    """One figure is wrong: the value that mends every failing equation it is in, or at least this one."""
    off = web.off[finding.rule.id]
    for cell in web.cells(finding.rule.id):
        number, sign = web.numbers.get(cell), web.of(cell)[finding.rule.id]
        if number is None or abs(sign) != 1:
            continue
        meant = number - sign * off
        points = points_of(web, finding, {cell: meant}, 1)
        if points is None:
            continue
        at = web.report.form.cells[cell]
        kind, cause = _slip_words(number, meant)
        weight = slip(number, meant).weight
        if at.is_total and web.report.details_sum(at) == meant and weight <= COMMON:
            kind, cause = "total", f"总计填错：按明细相加是 {show_entry(meant)}"
            points += 1
        left_over = len(web.of(cell)) - len(web.mended(web.after({cell: meant})))
        points += weight * 0.75 - left_over
        yield Cause(points, kind, cause, f"改为 {show_entry(meant)}", {cell: meant})


def _slip_words(number: Number, meant: Number) -> tuple[str, str]:
    """The kind of a single wrong figure, and how it is said."""
    was, is_ = show_entry(meant), show_entry(number)
    match slip(number, meant):
        case Slip.TURNED:
            return "turned", f"数字颠倒：{was} 写成了 {is_}"
        case Slip.LONGER | Slip.DOUBLED:
            return "longer", f"多写了一位：{was} 写成了 {is_}"
        case Slip.SHORTER:
            return "shorter", f"少写了一位：{was} 写成了 {is_}"
        case Slip.DIGIT if number > 9:
            return "digit", f"一位数字写错：{was} 写成了 {is_}"
        case _:
            more = number - meant
            if not number:
                return "off", f"漏填 {was}"
            return "off", f"多填 {show_entry(more)}" if more > 0 else f"少填 {show_entry(-more)}"


def _several(web: Equations, finding: Finding, wrong: Mapping[str, Number]) -> Iterator[Cause]:
    """Several cells of this equation are wrong, each told by other equations as well."""
    inside = web.cells(finding.rule.id)
    changes = {cell: meant for cell, meant in wrong.items() if cell in inside}
    if not 1 < len(changes) <= _SEVERAL:
        return
    points = points_of(web, finding, changes, len(changes))
    if points is not None:
        yield Cause(points, "several", f"有 {len(changes)} 格要改", f"改这 {len(changes)} 格", changes)


def _swapped(web: Equations, finding: Finding, lines: Lines) -> Iterator[Cause]:
    """Two figures of a line hold each other's place; with 0 in one of them, a figure is in the wrong cell."""
    rule = finding.rule.id
    off, numbers = web.off[rule], web.numbers
    for one in web.cells(rule):
        number, sign = numbers[one], web.of(one)[rule]
        for axis, line in (("row", lines.row_of(one)), ("column", lines.column_of(one))):
            at = next((cell for cell in line if cell.id == one), None)
            for there in line:
                other = numbers.get(there.id)
                if at is None or other is None or other == number or there.is_total != at.is_total:
                    continue
                if (sign - web.of(there.id).get(rule, 0)) * (other - number) != -off:
                    continue
                changes = {one: other, there.id: number}
                points = points_of(web, finding, changes, 0)
                if points is not None and not any(web.after(changes).values()):
                    apart = abs(line.index(at) - line.index(there))
                    # Beside each other figures change places easily; a row and one far below it hardly.
                    points += (1 if number and other else 0) + (0.5 if apart == 1 else 0)
                    points -= 1.5 if axis == "column" and apart > 1 else 0
                    first, second = (at, there) if line.index(at) < line.index(there) else (there, at)
                    yield _exchange(points, first, second, numbers[first.id], numbers[second.id], axis)


def _exchange(points: float, one: Cell, other: Cell, number: Number, there: Number, axis: str) -> Cause:
    names = _names(one, other, axis)
    changes = {one.id: there, other.id: number}
    if number and there:
        return Cause(points, "swapped", f"{names[0]}和{names[1]}填反了", "换过来", changes)
    if number:
        return Cause(
            points, "moved", f"{show_entry(number)} 填到了{names[0]}，应在{names[1]}", "移过去", changes
        )
    return Cause(
        points,
        "moved",
        f"{show_entry(there)} 填到了{names[1]}，应在{names[0]}",
        "移过来",
        changes,
        (other.id, one.id),
    )


def _names(one: Cell, other: Cell, axis: str) -> tuple[str, str]:
    """How two cells of a line are called: by what they differ in."""
    if one.column.group != other.column.group:
        return one.place, other.place
    return (one.column.name, other.column.name) if axis == "row" else (one.row.name, other.row.name)


def _equal_to_one(web: Equations, finding: Finding, told: Sequence[Hint]) -> Iterator[Hint]:
    """The one cell of the equation whose figure is the difference, or half of it: left out, or counted twice."""
    spoken = {cell for hint in told for cell in hint.cells}
    amount = web.off[finding.rule.id]
    off = amount if amount > 0 else -amount
    if off < 2:  # cells with 1 are many
        return
    report, total = web.report, finding.rule.decisive.id
    details = [cell for cell in finding.cells if cell != total or finding.rule.kind != "sum"]
    rows, _ = lines_of(report, details)
    for times, kind, words in ((1, "equal", "相差正好等于“{}”"), (2, "twice", "相差正好是“{}”的两倍")):
        cells = [cell for cell in details if _number(report, cell) * times == off]
        if len(cells) == 1:
            cell = report.form.cells[cells[0]]
            if cells[0] not in spoken:
                name = cell.column.name if len(rows) == 1 else cell.row.name
                yield Hint(kind, words.format(name), (cells[0],))
            return


def _number(report: Report, cell: str) -> Number:
    value = report.value(cell)
    return value if is_finite(value) else 0


# -------------------- blanks
def _blanks(report: Report, rules: Sequence[Rule], findings: Findings, finding: Finding) -> tuple[Hint, ...]:
    """What the equations leave for the cells of a finding that have no figure: blank, or a text."""
    cells = [cell for cell in finding.cells if not is_finite(report.value(cell))]
    if not cells:
        return ()
    without = report.with_entries({cell: None for cell in cells if cell in report.entries})
    equations = _checkable(report, rules, findings)
    left = forced(without, equations) or _agreed(without, equations, cells)
    values = {cell: value for cell, value in left.items() if cell in cells}
    told = []
    for hint in _blank_hints(report, values):
        after = check(report.with_entries(hint.changes), equations)
        failing = {one.rule.id for one in findings.findings}
        if all(one.rule.id in failing for one in after.findings):
            told.append(hint)
    return tuple(told)


def _agreed(report: Report, equations: Iterable[Rule], cells: Iterable[str]) -> Mapping[str, Number]:
    """The blank cells for which two equations or more leave the same value, where others contradict each other."""
    left: dict[str, set[Number]] = {cell: set() for cell in cells}
    count = dict.fromkeys(left, 0)
    for rule in equations:
        blank = [cell for cell in rule.signs if report.value(cell) is None]
        values = [report.value(cell) for cell in rule.signs if cell not in blank]
        if rule.kind == "carry_over" or len(blank) != 1 or blank[0] not in left:
            continue
        if not all(is_finite(value) for value in values):
            continue
        total: Number = 0
        for cell, sign in rule.signs.items():
            if cell != blank[0]:
                value = report.value(cell)
                assert is_finite(value)
                total += value if sign == "+" else -value
        left[blank[0]].add(total if rule.signs[blank[0]] != "+" else -total)
        count[blank[0]] += 1
    form = report.form.cells
    return {
        cell: value
        for cell, values in left.items()
        if len(values) == 1 and count[cell] > 1
        for value in values
        if value >= 0 and (form[cell].decimals or isinstance(value, int))
    }


def _blank_hints(report: Report, values: Mapping[str, Number]) -> Iterator[Hint]:
    zeros = tuple(cell for cell, value in values.items() if not value)
    others = {cell: value for cell, value in values.items() if value}
    if len(others) == 1:
        (cell, value), shown = next(iter(others.items())), show_entry(next(iter(others.values())))
        cause = f"{_no_figure(report, (cell,))}只能是 {shown}"
        yield Hint("forced", cause, (cell,), "", f"填 {shown}", MappingProxyType({cell: value}))
    elif others:
        cause = f"{_no_figure(report, others)} {len(others)} 格只有一种填法"
        yield Hint(
            "forced", cause, tuple(others), "", f"填这 {len(others)} 格", MappingProxyType(dict(others))
        )
    if zeros:
        many = f" {len(zeros)} 格" if len(zeros) > 1 else ""
        cause = f"{_no_figure(report, zeros)}{many}只能是 0"
        yield Hint("zeros", cause, zeros, "", "填 0", MappingProxyType(dict.fromkeys(zeros, 0)))


def _no_figure(report: Report, cells: Iterable[str]) -> str:
    """「未填的」, of texts 「填“/”的」."""
    texts = {value for cell in cells if isinstance(value := report.value(cell), str)}
    return f"填“{texts.pop()}”的" if len(texts) == 1 else "未填的"
