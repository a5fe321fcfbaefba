"""What the equations force: blank cells for which the other figures leave exactly one value (「按提示填入」).

Knows that nothing counted is below 0 and that both sides of an equation are equal; each equation then narrows what its
blank cells may hold, until nothing narrows any more. Whatever is told is the only value that the equations allow.
Where they contradict each other nothing is told of any cell that hangs together with them: one of the figures is wrong,
and what follows from it would be as well. Fills nothing in: that is for a person to ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from gxeditor.core.checks.rules import Rule
from gxeditor.core.report import Report

_Number = int | Decimal

_ROUNDS = 100
"""Equations are gone through so often at most; those of the form settle in five. Where they do not, nothing is told."""


class _Equation(NamedTuple):
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        return (*self.left, *self.right)


def forced(report: Report, rules: Iterable[Rule]) -> Mapping[str, _Number]:
    """The values of blank cells that follow from the report's own equations, by cell id in the order of the form.

    A total that adds itself up once these are filled in is not among them. Equations with a text among their cells, and
    those that take last year's figures, say nothing here.
    """
    values = report.values
    equations = [
        _Equation(rule.left, rule.right)
        for rule in rules
        if rule.kind in ("sum", "balance")
        and not any(isinstance(values.get(cell), str) for cell in (*rule.left, *rule.right))
    ]
    told: dict[str, _Number] = {}
    for group in _hanging_together(equations):
        told |= _settled(report, group)
    return {
        cell.id: told[cell.id]
        for cell in report.form.cells.values()
        if cell.id in told
        and not (cell.is_total and all(part in told or part in values for part in cell.parts))
        and (cell.decimals or isinstance(told[cell.id], int))
    }


def _hanging_together(equations: Sequence[_Equation]) -> Iterable[list[_Equation]]:
    """The equations in groups that share no cell."""
    groups: list[tuple[set[str], list[_Equation]]] = []
    for equation in equations:
        cells, members = set(equation.cells), [equation]
        apart = []
        for group in groups:
            if group[0].isdisjoint(cells):
                apart.append(group)
            else:
                cells |= group[0]
                members = [*group[1], *members]
        groups = [*apart, (cells, members)]
    return [members for _, members in groups]


def _settled(report: Report, equations: Sequence[_Equation]) -> dict[str, _Number]:
    """The blank cells of equations that hang together of which one value is left; none if there is a contradiction."""
    least: dict[str, _Number] = {}
    most: dict[str, _Number | None] = {}
    blank: list[str] = []
    for cell in dict.fromkeys(cell for equation in equations for cell in equation.cells):
        value = report.value(cell)
        if value is None:
            blank.append(cell)
            least[cell], most[cell] = 0, None
        elif isinstance(value, str) or (isinstance(value, Decimal) and not value.is_finite()) or value < 0:
            return {}
        else:
            least[cell] = most[cell] = value
    for _ in range(_ROUNDS):
        narrowed = False
        for equation in equations:
            for one, other in (
                (equation.left, equation.right),
                (equation.right, equation.left),
            ):
                for cell in one:
                    rest = [c for c in one if c != cell]
                    low = _sum(least, other), _sum(most, rest)
                    if low[0] is not None and low[1] is not None and low[0] - low[1] > least[cell]:
                        least[cell], narrowed = low[0] - low[1], True
                    high = _sum(most, other), _sum(least, rest)
                    if high[0] is not None and high[1] is not None:
                        limit, known = high[0] - high[1], most[cell]
                        if known is None or limit < known:
                            most[cell], narrowed = limit, True
                    top = most[cell]
                    if top is not None and top < least[cell]:
                        return {}
        if not narrowed:
            return {cell: least[cell] for cell in blank if most[cell] == least[cell]}
    return {}


def _sum(bounds: Mapping[str, _Number | None], cells: Iterable[str]) -> _Number | None:
    """The bounds added up; None if one of them is open."""
    total: _Number = 0
    for cell in cells:
        bound = bounds[cell]
        if bound is None:
            return None
        total += bound
    return total
