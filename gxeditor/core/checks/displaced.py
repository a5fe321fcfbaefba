"""Figures that stand in each other's place: two lines swapped, a line or whole rows one place too far, a row copied.

Knows rows and columns as a person copies them, with or without the total at their end, and which displacement would
make an equation hold without breaking one. Knows single figures not at all: those are `suspects` and `hints`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from gxeditor.core.checks.equations import Equations
from gxeditor.core.checks.findings import Finding, Number
from gxeditor.core.form import Block, Cell, Form

MOST = 3
"""So many causes are told of one finding; more that are as good as each other are not told at all."""

_SHIFTED = 5
"""A shift must earn so many points (`points_of`): one equation beyond those for which a figure was chosen."""

_ALIKE = 10
"""A figure below this that two lines have in common, and no other, is chance."""


class Cause(NamedTuple):
    """What may have gone wrong, in words, with the figures that would mend it; `points` order causes.

    `cells` are those it speaks of, if not just the changed ones.
    """

    points: float
    kind: str
    cause: str
    button: str
    changes: Mapping[str, Number]
    cells: tuple[str, ...] = ()


def points_of(web: Equations, finding: Finding, changes: Mapping[str, Number], free: int) -> float | None:
    """How well a mend explains what is wrong; None if it is no mend of this finding, or breaks an equation.

    Each equation that it mends counts 4, each of the `free` figures that were chosen so that one holds takes 3 away: a
    figure can always be chosen so that one equation holds, so what tells is a second one that holds then as well.
    """
    for cell, value in changes.items():
        if not web.can_be(cell, value):
            return None
    after = web.after(changes)
    if after.get(finding.rule.id, 1) or web.breaks(after):
        return None
    return 4.0 * sum(rule not in web.derived for rule in web.mended(after)) - 3.0 * free


def told_apart(causes: Iterable[Cause]) -> list[Cause]:
    """The causes without those of which there are too many that are as good: any one of them would be a guess."""
    causes = list(causes)
    best: list[Cause] = []
    for points in sorted({cause.points for cause in causes}, reverse=True):
        as_good = [cause for cause in causes if cause.points == points]
        if len(best) + len(as_good) > MOST:
            break
        best.extend(as_good)
    return best


class Lines:
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

    @staticmethod
    def stretches(line: Sequence[Cell], axis: str) -> list[slice]:
        """Parts of a line that are copied as one: all of it, and the details of each total without it or with it."""
        found = {(0, len(line))}
        lines = [cell.column if axis == "row" else cell.row for cell in line]
        for i, one in enumerate(lines):
            if one.is_sum:
                start = next(k for k, other in enumerate(lines) if other.key in one.parts)
                found |= {(start, i), (start, i + 1)}
        return [slice(start, stop) for start, stop in sorted(found) if stop - start > 1]


def lines_swapped(web: Equations, finding: Finding, lines: Lines) -> Iterator[Cause]:
    """Two columns or two rows changed places, as a whole or only the details that a total sums."""
    off = web.off[finding.rule.id]
    opposite = {rule for rule, other in web.off.items() if other == -off}
    if not opposite:
        return
    for axis, all_lines, here in (("column", lines.columns, lines.column), ("row", lines.rows, lines.row)):
        for there in all_lines:
            if there is here or not any(rule in web.of(cell.id) for cell in there for rule in opposite):
                continue
            for part in lines.stretches(here, axis):
                changes: dict[str, Number] = {}
                for one, other in zip(here[part], there[part], strict=True):
                    a, b = web.numbers.get(one.id), web.numbers.get(other.id)
                    if a is not None and b is not None and a != b:
                        changes |= {one.id: b, other.id: a}
                if len(changes) < 4:  # a single pair is told as such
                    continue
                points = points_of(web, finding, changes, 0)
                if points is not None:
                    names = (
                        (here[0].column.name, there[0].column.name)
                        if axis == "column"
                        else (here[0].row.name, there[0].row.name)
                    )
                    what = "两列" if axis == "column" else "两行"
                    yield Cause(
                        points + 0.5,
                        f"{axis}s_swapped",
                        f"{names[0]}和{names[1]}{what}填反了",
                        "换过来",
                        changes,
                    )


def shifted(web: Equations, finding: Finding, lines: Lines) -> Iterator[Cause]:
    """The figures of a row or a column, or whole rows, one place too far; the one pushed out follows from the sums."""
    for axis, all_lines, here in (("row", lines.rows, lines.row), ("column", lines.columns, lines.column)):
        for line in all_lines:
            failing = {rule for cell in line for rule in web.of(cell.id) if rule in web.failing}
            if len(failing) > (1 if line is here else 2):
                yield from _shifted_line(web, finding, line, lines.stretches(line, axis), axis)
    if len(web.failing) > 4:
        # Rows of 0 hide where the shift began: told are the starts that move least, and the one that moves most.
        starts: dict[frozenset[tuple[str, Number]], Cause] = {}
        for cause in _shifted_rows(web, finding, lines):
            starts.setdefault(frozenset(cause.changes.items()), cause)
        found = sorted(starts.values(), key=lambda cause: len(cause.changes))
        yield from found if len(found) <= MOST else (*found[: MOST - 1], found[-1])


def _shifted_line(
    web: Equations, finding: Finding, line: Sequence[Cell], parts: Iterable[slice], axis: str
) -> Iterator[Cause]:
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
) -> Iterator[Cause]:
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
    exchanged = (
        len(changes) == 2
        and {web.numbers[cell] for cell in changes} == set(changes.values())
        and len({web.report.form.cells[cell].is_total for cell in changes}) == 1
    )
    if len(changes) < 2 or exchanged:
        return  # one figure, or two that changed places: told as such
    points = points_of(web, finding, changes, 1 if more else 0)
    if points is None or points < _SHIFTED:
        return
    first = cells[start]
    if axis == "row":
        name, moved, button = first.column.name, *(("右移", "左移") if way == "far" else ("左移", "右移"))
        cause = f"从“{name}”起整行{moved}一格"
    else:
        name, moved, button = first.row.name, *(("下移", "上移") if way == "far" else ("上移", "下移"))
        cause = f"从“{name}”起整列{moved}一格"
    yield Cause(points + 0.25, "shifted", cause, button, changes)


def _shifted_rows(web: Equations, finding: Finding, lines: Lines) -> Iterator[Cause]:
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
        for way in ("far", "near"):
            if way == "near" and any(figures[last]):
                continue
            moves = _Moves(web)
            for start in range(last - 1, -1, -1):
                source, target = (start + 1, start) if way == "far" else (start, start + 1)
                for cell, figure in zip(rows[target], figures[source], strict=True):
                    moves.set(cell.id, figure)
                if way == "far" and any(figures[start]):
                    continue
                lost = [cell.id for cell in rows[last if way == "far" else start]]
                if len(moves.changes) < 3 or any(
                    all(rule not in web.of(cell) for cell in lost) for rule in moves.broken
                ):
                    continue
                changes = dict(moves.changes)
                if not _solve(web, changes, lost):
                    continue
                changes = {cell: value for cell, value in changes.items() if value != web.numbers[cell]}
                points = points_of(web, finding, changes, sum(cell in changes for cell in lost))
                if points is not None and points >= _SHIFTED:
                    moved, button = ("下移", "上移") if way == "far" else ("上移", "下移")
                    name = rows[start][0].row.name
                    points += 1 - len(changes) / 1000  # of two that do as well, the one that moves less
                    yield Cause(points, "rows_shifted", f"从“{name}”起整行{moved}一行", button, changes)


def _solve(web: Equations, changes: dict[str, Number], unknown: Sequence[str]) -> bool:
    """Puts the figures into `unknown` cells that their equations leave after `changes`; False if these differ."""
    for cell in unknown:
        others = set(unknown) - {cell}
        after = web.after(changes)
        over = {rule: sign * after.get(rule, web.off.get(rule, 0)) for rule, sign in web.of(cell).items()}
        alone = {amount for rule, amount in over.items() if others.isdisjoint(web.cells(rule))}
        wanted = alone or set(over.values())
        if len(wanted) != 1:
            return False
        changes[cell] = changes.get(cell, web.numbers[cell]) - wanted.pop()
        if changes[cell] == web.numbers[cell]:
            del changes[cell]
    return True


def copied(web: Equations, finding: Finding, lines: Lines) -> Iterator[Cause]:
    """A row, or a column, with the figures of the one beside it: what belongs there is what the sums leave."""
    for axis, all_lines, before, after in (
        ("row", lines.rows, "上一行", "下一行"),
        ("column", lines.columns, "左边一列", "右边一列"),
    ):
        figures = [
            [web.numbers.get(c.id) for c in line if not (c.column if axis == "row" else c.row).is_sum]
            for line in all_lines
        ]
        for i, (one, other) in enumerate(pairwise(all_lines)):
            same = figures[i]
            if len(same) < 3 or same != figures[i + 1] or None in same:
                continue  # 表四 is one row: two equal figures beside each other are no line that was copied
            # Two rows with a single 1 in the same column are alike by chance.
            told = sum(1.0 if figure > 1 else 0.25 for figure in same if figure)
            if not told:
                continue
            single = sum(map(bool, same)) == 1 and max(figure or 0 for figure in same) < _ALIKE
            for line, beside in ((other, before), (one, after)):
                changes, free = _left_over(web, line, axis)
                points = points_of(web, finding, changes, free) if changes else None
                # Without an equation beyond the figures chosen a single equal figure tells only if it is a large one.
                if points is None or (points <= free and single):
                    continue
                zeros = not any(changes.values())
                button = "改为 0" if zeros else f"改这 {len(changes)} 格" if len(changes) > 1 else "改过来"
                points += min(told, 4) + (1.5 if zeros else 0) + (0.25 if line is other else 0)
                yield Cause(points, "copied", f"与{beside}相同，可能复制了两次", button, changes)


def _left_over(web: Equations, line: Sequence[Cell], axis: str) -> tuple[dict[str, Number], int]:
    """What equations across a line leave for its cells, then those along it for its totals; how many of the former."""
    details = [cell.id for cell in line if not (cell.column if axis == "row" else cell.row).is_sum]
    changes: dict[str, Number] = {}
    for cell in details:
        others = set(details) - {cell}
        across = {
            sign * web.off.get(rule, 0)
            for rule, sign in web.of(cell).items()
            if others.isdisjoint(web.cells(rule))
        }
        if len(across) == 1 and (more := across.pop()):
            changes[cell] = web.numbers[cell] - more
    free = len(changes)
    for total in line:
        if total.id not in details and total.id in web.numbers:
            after = web.after(changes)
            along = {
                sign * after.get(rule, web.off.get(rule, 0))
                for rule, sign in web.of(total.id).items()
                if not set(details).isdisjoint(web.cells(rule))
            }
            if len(along) == 1 and (more := along.pop()):
                changes[total.id] = web.numbers[total.id] - more
    return changes, free
