"""What may have gone wrong where an equation is not met, and how to mend it.

Knows the slips of people who copy figures: digits turned about, a figure in the wrong cell or counted twice, a row
shifted, two columns swapped. Every mend is tried on all equations first: one that breaks another is never told. Changes
nothing.

A cause is the better the more equations it mends with fewer figures chosen freely for that (`_points`); where many
cells would do as well, none of them is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from gxeditor.core.checks.check import check
from gxeditor.core.checks.equations import EQUATIONS, Equations, lines_of
from gxeditor.core.checks.findings import Finding, Findings, Number
from gxeditor.core.checks.forced import forced
from gxeditor.core.checks.rules import Rule
from gxeditor.core.checks.slips import Slip, slip
from gxeditor.core.checks.suspects import accused
from gxeditor.core.form import Block, Cell, Form
from gxeditor.core.report import Entry, Report, show_entry

MOST = 3
"""So many are told of one finding."""

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


class _Cause(NamedTuple):
    """A hint to be tried: `points` order it, `free` figures were chosen so that an equation holds."""

    points: float
    kind: str
    cause: str
    button: str
    changes: Mapping[str, Number]
    cells: tuple[str, ...] = ()


def hints(report: Report, rules: Iterable[Rule], findings: Findings, finding: Finding) -> tuple[Hint, ...]:
    """The likely causes of one finding, best first, `MOST` at most; none if nothing fits."""
    rules = tuple(rules)
    if finding.rule.kind not in EQUATIONS:
        return _blanks(report, rules, finding)
    web = Equations(report, findings)
    if finding.rule.id not in web.failing:
        return ()
    seen: set[frozenset[tuple[str, Number]]] = set()
    told: list[Hint] = []
    causes = sorted(_causes(web, finding), key=lambda cause: -cause.points)
    equations = [rule for rule in rules if rule.kind in EQUATIONS]
    for cause in causes[:_TRIED]:
        key = frozenset(cause.changes.items())
        if len(told) == MOST or key in seen:
            continue
        seen.add(key)
        mended = _mended(report, equations, findings, cause.changes)
        if finding.rule.id in mended:
            cells = cause.cells or tuple(cause.changes)
            told.append(
                Hint(
                    cause.kind,
                    cause.cause,
                    cells,
                    _effect(report, mended, cells[0]),
                    cause.button,
                    MappingProxyType(dict(cause.changes)),
                )
            )
    if len(told) < MOST:
        told.extend(_equal_to_one(web, finding, told))
    return tuple(told[:MOST])


def _mended(
    report: Report, equations: Sequence[Rule], findings: Findings, changes: Mapping[str, Entry | None]
) -> Mapping[str, Rule]:
    """The equations that hold after these changes and did not before, by rule id; none if one ceases to hold."""
    prior = report.prior.report if report.prior is not None else None
    after = check(report.with_entries(changes), equations, prior)
    holding = {met.rule.id: met.rule for met in after.met}
    before = {met.rule.id for met in findings.met if met.rule.kind in EQUATIONS}
    if not before <= holding.keys():
        return {}
    return {rule_id: rule for rule_id, rule in holding.items() if rule_id not in before}


def _effect(report: Report, mended: Mapping[str, Rule], cell: str) -> str:
    """「改后本行、本列都相等」, of the row and the column of a cell; else how many equations hold."""
    words: dict[str, None] = {}
    here = report.form.cells[cell]
    others = 0
    for rule in mended.values():
        rows, columns = lines_of(report, rule.signs)
        if rule.kind == "carry_over":
            words["与上年"] = None
        elif rows == {f"{here.section}.{here.row.key}"}:
            words["本行"] = None
        elif columns == {f"{here.section}.{here.column.key}"}:
            words["本列"] = None
        else:
            others += 1
    if others:
        return f"改后 {len(mended)} 条都相等" if len(mended) > 1 else "改后这一条相等"
    return f"改后{'、'.join(words)}{'都' if len(words) > 1 else ''}相等"


# -------------------- causes
def _causes(web: Equations, finding: Finding) -> Iterator[_Cause]:
    """Whatever would make the finding's equation hold without breaking another."""
    lines = _Lines(web.report.form, finding)
    few = _told_apart(list(_single(web, finding))) + _told_apart(list(_swapped(web, finding, lines)))
    yield from few
    yield from _several(web, finding)
    yield from _lines_swapped(web, finding, lines)
    yield from _copied(web, finding, lines)
    whole = len(web.failing)
    if whole > 1 and not any(len(web.mended(web.after(cause.changes))) == whole for cause in few):
        yield from _shifted(web, finding, lines)


def _points(web: Equations, finding: Finding, changes: Mapping[str, Number], free: int) -> float | None:
    """How well a mend explains: 3 for each equation mended beyond the figures chosen freely; None if it is no mend."""
    for cell, value in changes.items():
        if not web.can_be(cell, value):
            return None
    after = web.after(changes)
    if after.get(finding.rule.id, 1) or web.breaks(after):
        return None
    return 3.0 * (len(web.mended(after)) - free)


def _told_apart(causes: list[_Cause]) -> list[_Cause]:
    """The causes without those of which there are too many that are as good: any one of them would be a guess."""
    best: list[_Cause] = []
    for points in sorted({cause.points for cause in causes}, reverse=True):
        as_good = [cause for cause in causes if cause.points == points]
        if len(best) + len(as_good) > MOST:
            break
        best.extend(as_good)
    return best


def _single(web: Equations, finding: Finding) -> Iterator[_Cause]:
    """One figure is wrong: the value that mends every failing equation it is in, or at least this one."""
    off = web.off[finding.rule.id]
    for cell in web.cells(finding.rule.id):
        number, sign = web.numbers.get(cell), web.of(cell)[finding.rule.id]
        if number is None or abs(sign) != 1:
            continue
        meant = number - sign * off
        points = _points(web, finding, {cell: meant}, 1)
        if points is None:
            continue
        at = web.report.form.cells[cell]
        kind, cause = _slip_words(number, meant)
        if at.is_total and web.report.details_sum(at) == meant:
            points += 1
            if kind in ("off", "digit"):
                kind, cause = "total", f"总计填错：按明细相加是 {show_entry(meant)}"
        left_over = len(web.of(cell)) - len(web.mended(web.after({cell: meant})))
        points += slip(number, meant).weight * 0.75 - left_over
        yield _Cause(points, kind, cause, f"改为 {show_entry(meant)}", {cell: meant})


def _slip_words(number: Number, meant: Number) -> tuple[str, str]:
    """The kind of a single wrong figure, and how it is said."""
    was, is_ = show_entry(meant), show_entry(number)
    match slip(number, meant):
        case Slip.TURNED:
            return "turned", f"数字颠倒：{was} 写成了 {is_}"
        case Slip.LONGER:
            return "longer", f"多写了一位：{was} 写成了 {is_}"
        case Slip.SHORTER:
            return "shorter", f"少写了一位：{was} 写成了 {is_}"
        case Slip.DIGIT if number > 9:
            return "digit", f"一位数字写错：{was} 写成了 {is_}"
        case _:
            more = number - meant
            return "off", f"多填 {show_entry(more)}" if more > 0 else f"少填 {show_entry(-more)}"


def _several(web: Equations, finding: Finding) -> Iterator[_Cause]:
    """Several cells of this equation are wrong, each told by other equations as well."""
    cells = set(web.cells(finding.rule.id))
    wrong = [one for one in accused(web) if one.cell in cells and one.findings]
    if len(wrong) < 2 or len(wrong) > 6:
        return
    changes = {one.cell: one.meant for one in wrong}
    points = _points(web, finding, changes, len(changes))
    if points is not None:
        yield _Cause(points, "several", f"有 {len(changes)} 格要改", f"改这 {len(changes)} 格", changes)


def _swapped(web: Equations, finding: Finding, lines: _Lines) -> Iterator[_Cause]:
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
                points = _points(web, finding, {one: other, there.id: number}, 0)
                if points is not None:
                    apart = abs(line.index(at) - line.index(there))
                    points += (1 if number and other else 0) + (0.5 if apart == 1 else 0)
                    first, second = (at, there) if line.index(at) < line.index(there) else (there, at)
                    yield _exchange(points, first, second, numbers[first.id], numbers[second.id], axis)


def _exchange(points: float, one: Cell, other: Cell, number: Number, there: Number, axis: str) -> _Cause:
    names = _names(one, other, axis)
    changes = {one.id: there, other.id: number}
    if number and there:
        return _Cause(points, "swapped", f"{names[0]}和{names[1]}填反了", "换过来", changes)
    if number:
        return _Cause(
            points, "moved", f"{show_entry(number)} 填到了{names[0]}，应在{names[1]}", "移过去", changes
        )
    return _Cause(
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


class _Lines:
    """The rows and columns of the block in which a finding's equation is decided."""

    def __init__(self, form: Form, finding: Finding) -> None:
        decisive = finding.rule.decisive.id
        section = form.section(form.cells[decisive].section)
        assert section.table is not None
        block: Block = next(b for b in section.table.blocks if any(c.id == decisive for c in b.cells))
        width = len(block.columns)
        self.rows = [block.cells[i : i + width] for i in range(0, len(block.cells), width)]
        self.columns = [tuple(row[i] for row in self.rows) for i in range(width)]
        at = form.cells[decisive]
        self._row_of = {cell.id: row for row in self.rows for cell in row}
        self._column_of = {cell.id: column for column in self.columns for cell in column}
        self.row = next((row for row in self.rows if at in row), ())
        self.column = next((column for column in self.columns if at in column), ())

    def row_of(self, cell: str) -> tuple[Cell, ...]:
        return self._row_of.get(cell, ())

    def column_of(self, cell: str) -> tuple[Cell, ...]:
        return self._column_of.get(cell, ())

    def stretches(self, line: Sequence[Cell], axis: str) -> list[slice]:
        """Parts of a line that are copied as one: all of it, and the details before each total that it runs into."""
        found = [slice(0, len(line))]
        start = 0
        for i, cell in enumerate(line):
            is_sum = cell.column.is_sum if axis == "row" else cell.row.is_sum
            if is_sum:
                parts = set((cell.column if axis == "row" else cell.row).parts)
                keys = [(c.column if axis == "row" else c.row).key for c in line]
                start = next(k for k, key in enumerate(keys) if key in parts)
                found.extend((slice(start, i), slice(start, i + 1)))
        return list(dict.fromkeys((s.start, s.stop) for s in found)) and [
            slice(a, b) for a, b in dict.fromkeys((s.start, s.stop) for s in found) if b - a > 1
        ]


def _lines_swapped(web: Equations, finding: Finding, lines: _Lines) -> Iterator[_Cause]:
    """Two columns or two rows changed places, as a whole or only the details that a total sums."""
    off = web.off[finding.rule.id]

    def rules_of(line: Sequence[Cell]) -> set[str]:
        return {rule for cell in line for rule in web.of(cell.id) if rule in web.failing}

    for axis, all_lines, here in (("column", lines.columns, lines.column), ("row", lines.rows, lines.row)):
        for there in all_lines:
            if there is here or not any(web.off.get(rule) == -off for rule in rules_of(there)):
                continue
            for part in lines.stretches(here, "column" if axis == "column" else "row"):
                changes: dict[str, Number] = {}
                for one, other in zip(here[part], there[part], strict=True):
                    a, b = web.numbers.get(one.id), web.numbers.get(other.id)
                    if a is not None and b is not None and a != b:
                        changes |= {one.id: b, other.id: a}
                if len(changes) < 4:  # a single pair is told as such
                    continue
                points = _points(web, finding, changes, 0)
                if points is not None:
                    names = (
                        (here[0].column.name, there[0].column.name)
                        if axis == "column"
                        else (here[0].row.name, there[0].row.name)
                    )
                    what = "两列" if axis == "column" else "两行"
                    yield _Cause(
                        points + 0.5,
                        f"{axis}s_swapped",
                        f"{names[0]}和{names[1]}{what}填反了",
                        "换过来",
                        changes,
                    )


def _shifted(web: Equations, finding: Finding, lines: _Lines) -> Iterator[_Cause]:
    """The figures of a row or a column, or whole rows, one place too far; the one pushed out follows from the sums."""
    for axis, all_lines, here in (("row", lines.rows, lines.row), ("column", lines.columns, lines.column)):
        for line in all_lines:
            failing = {rule for cell in line for rule in web.of(cell.id) if rule in web.failing}
            if len(failing) > (1 if line is here else 2):
                yield from _shifted_line(web, finding, line, lines.stretches(line, axis), axis)
    if len(web.failing) > 4:
        yield from _shifted_rows(web, finding, lines)


def _shifted_line(
    web: Equations, finding: Finding, line: Sequence[Cell], parts: Iterable[slice], axis: str
) -> Iterator[_Cause]:
    for part in parts:
        cells = line[part]
        while cells and cells[-1].id not in web.numbers:  # an automatic total has not moved
            cells = cells[:-1]
        if any(cell.id not in web.numbers for cell in cells):
            continue
        figures = [web.numbers[cell.id] for cell in cells]
        last = len(cells) - 1
        if last > 0:
            # Further from the start: 0 stands where the shift began, the last figure was pushed out.
            moves = _Moves(web)
            for i in range(last - 1, -1, -1):
                moves.set(cells[i].id, figures[i + 1])
                if not figures[i]:
                    yield from _pushed(finding, moves, cells, i, cells[last].id, axis, "far")
        if last > 0 and not figures[last]:
            moves = _Moves(web)
            for i in range(last - 1, -1, -1):
                moves.set(cells[i + 1].id, figures[i])
                yield from _pushed(finding, moves, cells, i, cells[i].id, axis, "near")


class _Moves:
    """Changes that are made one after the other, and what becomes of the equations on the way."""

    def __init__(self, web: Equations) -> None:
        self.web = web
        self.changes: dict[str, Number] = {}
        self.off: dict[str, Number] = {}
        self.broken: set[str] = set()

    def set(self, cell: str, value: Number) -> None:
        more = value - self.changes.get(cell, self.web.numbers[cell])
        if not more:
            return
        self.changes[cell] = value
        for rule, sign in self.web.of(cell).items():
            off = self.off[rule] = self.off.get(rule, self.web.off.get(rule, 0)) + sign * more
            if rule not in self.web.failing:
                (self.broken.add if off else self.broken.discard)(rule)


def _pushed(
    finding: Finding, moves: _Moves, cells: Sequence[Cell], start: int, lost: str, axis: str, way: str
) -> Iterator[_Cause]:
    """The cause that a line moved from `start` on, if the figure of the cell that was `lost` puts all right."""
    web = moves.web
    signs = web.of(lost)
    if not moves.changes or not moves.broken <= signs.keys():
        return
    wanted = {sign * moves.off.get(rule, web.off.get(rule, 0)) for rule, sign in signs.items()}
    if len(wanted) > 1:
        return
    changes = dict(moves.changes)
    more = wanted.pop() if wanted else 0
    changes[lost] = changes.get(lost, web.numbers[lost]) - more
    changes = {cell: value for cell, value in changes.items() if value != web.numbers[cell]}
    if len(changes) < 2:
        return
    points = _points(web, finding, changes, 1 if more else 0)
    if points is None:
        return
    first = cells[start]
    if axis == "row":
        name, moved, button = first.column.name, *(("右移", "左移") if way == "far" else ("左移", "右移"))
        cause = f"从“{name}”起整行{moved}一格"
    else:
        name, moved, button = first.row.name, *(("下移", "上移") if way == "far" else ("上移", "下移"))
        cause = f"从“{name}”起整列{moved}一格"
    yield _Cause(points + 0.25, "shifted", cause, button, changes)


def _shifted_rows(web: Equations, finding: Finding, lines: _Lines) -> Iterator[_Cause]:
    """Whole rows one place too far down or up."""
    rows = [[cell for cell in row if web.numbers.get(cell.id) is not None] for row in lines.rows]
    if any(len(row) != len(rows[0]) for row in rows):
        rows = [[cell for cell in row if not cell.column.is_sum] for row in lines.rows]
    figures: list[list[Number]] = []
    for row in rows:
        numbers = [web.numbers.get(cell.id) for cell in row]
        figures.append([number for number in numbers if number is not None])
        if len(figures[-1]) != len(rows[0]):
            return
    stops = {len(rows) - 1}
    for i, row in enumerate(rows):
        if row[0].row.is_sum:
            stops.add(i - 1)
    for last in sorted(stops):
        for start in range(last):
            for way, gap in (("far", start), ("near", last)):
                if any(figures[gap]) or not any(map(any, figures[start : last + 1])):
                    continue
                changes: dict[str, Number] = {}
                for i in range(start, last + 1):
                    source = i + 1 if way == "far" else i - 1
                    if start <= source <= last:
                        for j, cell in enumerate(rows[i]):
                            if figures[source][j] != figures[i][j]:
                                changes[cell.id] = figures[source][j]
                lost = [cell.id for cell in rows[last if way == "far" else start]]
                if len(changes) < 3 or not _solve(web, changes, lost):
                    continue
                free = sum(cell in changes for cell in lost)
                points = _points(web, finding, changes, free)
                if points is not None:
                    moved, button = ("下移", "上移") if way == "far" else ("上移", "下移")
                    name = rows[start][0].row.name
                    yield _Cause(points + 1, "rows_shifted", f"从“{name}”起整行{moved}一行", button, changes)


def _solve(web: Equations, changes: dict[str, Number], unknown: Sequence[str]) -> bool:
    """Puts the figures into `unknown` cells that their equations leave after `changes`; False if these differ."""
    for cell in unknown:
        number = web.numbers.get(cell)
        if number is None:
            return False
        signs = web.of(cell)
        after = web.after(changes)
        wanted = {sign * after.get(rule, web.off.get(rule, 0)) for rule, sign in signs.items()}
        own = set()
        for rule, sign in signs.items():
            if not set(web.cells(rule)) & (set(unknown) - {cell}):
                own.add(sign * after.get(rule, web.off.get(rule, 0)))
        wanted = own or wanted
        if len(wanted) != 1:
            return False
        value = changes.get(cell, number) - wanted.pop()
        if value == number:
            changes.pop(cell, None)
        else:
            changes[cell] = value
    return True


def _copied(web: Equations, finding: Finding, lines: _Lines) -> Iterator[_Cause]:
    """A row, or a column, with the figures of the one beside it: what belongs there is what the sums leave."""
    for axis, all_lines, before, after in (
        ("row", lines.rows, "上一行", "下一行"),
        ("column", lines.columns, "左边一列", "右边一列"),
    ):
        for one, other in zip(all_lines, all_lines[1:], strict=False):
            pairs = [
                (a, b)
                for a, b in zip(one, other, strict=True)
                if not (a.column if axis == "row" else a.row).is_sum
            ]
            same = [(web.numbers.get(a.id), web.numbers.get(b.id)) for a, b in pairs]
            if any(a is None or a != b for a, b in same) or not any(a for a, _ in same):
                continue
            told = sum(bool(a) for a, _ in same)
            for line, beside in ((other, before), (one, after)):
                details = [c for c in line if not (c.column if axis == "row" else c.row).is_sum]
                changes: dict[str, Number] = {}
                for cell in details:
                    across = [
                        sign * web.off.get(rule, 0)
                        for rule, sign in web.of(cell.id).items()
                        if not set(web.cells(rule)) & {c.id for c in details if c is not cell}
                    ]
                    number = web.numbers.get(cell.id)
                    if len(set(across)) == 1 and across[0] and number is not None:
                        changes[cell.id] = number - across[0]
                free = len(changes)
                for cell in line:
                    if cell not in details and web.numbers.get(cell.id) is not None:
                        signs = web.of(cell.id)
                        left = web.after(changes)
                        over = {
                            sign * left.get(rule, web.off.get(rule, 0))
                            for rule, sign in signs.items()
                            if set(web.cells(rule)) & {c.id for c in details}
                        }
                        number = web.numbers.get(cell.id)
                        if len(over) == 1 and number is not None and (by := over.pop()):
                            changes[cell.id] = number - by
                if not changes:
                    continue
                points = _points(web, finding, changes, free)
                if points is not None:
                    zeros = not any(changes.values())
                    button = "改为 0" if zeros else f"改这 {len(changes)} 格"
                    yield _Cause(
                        points + min(told, 4) + (1.5 if zeros else 0),
                        "copied",
                        f"与{beside}相同，可能复制了两次",
                        button,
                        changes,
                    )


def _equal_to_one(web: Equations, finding: Finding, told: Sequence[Hint]) -> Iterator[Hint]:
    """The one cell of the equation whose figure is the difference, or half of it: left out, or counted twice."""
    spoken = {cell for hint in told for cell in hint.cells}
    off = abs(web.off[finding.rule.id])
    cells = [cell for cell in finding.cells if web.report.value(cell) == off]
    here = web.report.form.cells
    if len(cells) == 1 and cells[0] not in spoken:
        yield Hint("equal", f"相差正好等于“{_short(finding, here[cells[0]])}”", (cells[0],))
    twice = [cell for cell in finding.cells if (v := web.report.value(cell)) and v * 2 == off]
    if len(twice) == 1 and not cells and twice[0] not in spoken:
        yield Hint("twice", f"相差正好是“{_short(finding, here[twice[0]])}”的两倍", (twice[0],))


def _short(finding: Finding, cell: Cell) -> str:
    return cell.column.name if finding.rule.decisive.id.endswith(".total") and False else cell.place


# -------------------- blanks
def _blanks(report: Report, rules: Sequence[Rule], finding: Finding) -> tuple[Hint, ...]:
    """What the equations leave for the blank cells of a finding."""
    blank = [cell for cell in finding.cells if report.value(cell) is None]
    if not blank:
        return ()
    values = {cell: value for cell, value in forced(report, rules).items() if cell in blank}
    return tuple(_blank_hints(values))


def _blank_hints(values: Mapping[str, Number]) -> Iterator[Hint]:
    zeros = tuple(cell for cell, value in values.items() if not value)
    others = tuple(cell for cell, value in values.items() if value)
    if len(others) == 1:
        shown = show_entry(values[others[0]])
        yield Hint(
            "forced",
            f"未填的只能是 {shown}",
            others,
            "",
            f"填 {shown}",
            MappingProxyType({others[0]: values[others[0]]}),
        )
    elif others:
        yield Hint(
            "forced",
            f"未填的 {len(others)} 格只有一种填法",
            others,
            "",
            f"填这 {len(others)} 格",
            MappingProxyType({cell: values[cell] for cell in others}),
        )
    if zeros:
        cause = "未填的只能是 0" if len(zeros) == 1 else f"未填的 {len(zeros)} 格只能是 0"
        yield Hint("zeros", cause, zeros, "", "填 0", MappingProxyType(dict.fromkeys(zeros, 0)))
