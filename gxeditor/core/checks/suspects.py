"""Where to look first: which cells alone explain the most equations that are not met.

Knows how a wrong figure spreads over the equations it is in: each is off by the same amount, and none that it is in
holds. So a cell in an equation that holds is acquitted, unless another in that equation is wrong by just as much (two
figures that changed places). What several cells explain as well stays open, but for two. Knows no cause and no mend:
those are `hints`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from gxeditor.core.checks.displaced import Lines, copied, lines_swapped
from gxeditor.core.checks.equations import Equations
from gxeditor.core.checks.findings import Finding, Findings, Number
from gxeditor.core.checks.slips import COMMON, slip
from gxeditor.core.report import Report

_MOST = 12
"""More wrong cells than this are no slip but another table; then nobody is helped by cells singled out."""
_MOST_FAILING = 2 * _MOST
"""So many equations fail of that many cells, each in a row and a column."""

_CLEAR = 0.25
"""A displacement explains better than another by so many points (`displaced.points_of`)."""


class Suspect(NamedTuple):
    """A cell that is likely wrong: how many of the failing equations it alone explains, and which those are.

    `meant` is the figure with which they would hold.
    """

    cell: str
    weight: float
    findings: tuple[Finding, ...]
    meant: Number = 0


class _Candidate(NamedTuple):
    """A cell whose `number` is too great by `more`, with the failing equations that this explains."""

    cell: str
    number: Number
    more: Number
    explains: tuple[str, ...]


def suspects(report: Report, findings: Findings) -> tuple[Suspect, ...]:
    """The cells to look at, the strongest first; none where no cell stands out."""
    return accused(Equations(report, findings))


def accused(web: Equations) -> tuple[Suspect, ...]:
    """The suspects of the equations that are not met."""
    off = dict(web.off)
    if len(off) > _MOST_FAILING:
        return ()
    found: dict[str, Suspect] = {}
    undecided: set[str] = set()
    while True:
        clear = _clearest(web, off, undecided)
        chosen = clear or _changed_places(web, off)
        if not chosen or len(found) > _MOST:
            break
        if len(clear) > 1:  # two that would do: both are told, neither is taken for wrong
            undecided.update(rule for rule in clear[0].explains if rule in clear[1].explains)
            for one in clear:
                if one.cell not in found:
                    found[one.cell] = _suspect(web, one, len(one.explains) / 2, None)
            continue
        for one in chosen:
            found[one.cell] = _suspect(web, one, len(one.explains), found.get(one.cell))
            for rule, sign in web.of(one.cell).items():
                off[rule] = off.get(rule, 0) - sign * one.more
        off = {rule: amount for rule, amount in off.items() if amount}
    if len(found) > _MOST:
        return ()
    if not found:
        return _displaced(web)
    return tuple(sorted(found.values(), key=lambda one: -one.weight))


def _suspect(web: Equations, one: _Candidate, weight: float, before: Suspect | None) -> Suspect:
    """The suspect that a candidate is, on top of what it was accused of before."""
    findings = {rule: web.failing[rule] for rule in one.explains}
    if before is None:
        return Suspect(one.cell, weight, tuple(findings.values()), one.number - one.more)
    findings = {**{finding.rule.id: finding for finding in before.findings}, **findings}
    return Suspect(one.cell, before.weight + weight, tuple(findings.values()), before.meant - one.more)


def _displaced(web: Equations) -> tuple[Suspect, ...]:
    """The figures of a row that was copied twice, or of two lines that changed places, if that explains everything."""
    if len(web.failing) < 2:
        return ()
    finding = next(iter(web.failing.values()))
    lines = Lines(web.report.form, finding)
    causes = [
        cause
        for cause in (*copied(web, finding, lines), *lines_swapped(web, finding, lines))
        if len(web.mended(web.after(cause.changes))) == len(web.failing)
    ]
    if not causes:
        return ()
    causes = list({frozenset(cause.changes.items()): cause for cause in causes}.values())
    causes.sort(key=lambda cause: -cause.points)
    if len(causes) > 1 and causes[0].points - causes[1].points < _CLEAR:
        return ()
    changes = causes[0].changes
    wrong = {cell: meant for cell, meant in changes.items() if web.numbers[cell]}
    if not 0 < len(wrong) <= _MOST:
        return ()
    weight = len(web.failing) / len(wrong)
    found = []
    for cell, meant in wrong.items():
        explains = tuple(web.failing[rule] for rule in web.of(cell) if rule in web.failing)
        found.append(Suspect(cell, weight, explains or (finding,), meant))
    return tuple(found)


def _clearest(web: Equations, off: Mapping[str, Number], undecided: Set[str]) -> list[_Candidate]:
    """The cell that explains most without being in an equation that holds; two if both do; none if more do."""
    of_rule: dict[str, list[_Candidate]] = {}
    for one in _candidates(web, off, acquitted=False):
        for rule in one.explains:
            of_rule.setdefault(rule, []).append(one)
    best: list[_Candidate] = []
    rank = (0, 0, 0)
    for rule, rivals in of_rule.items():
        if rule in undecided:
            continue
        most = max(_evidence(web, one) for one in rivals)
        top = [one for one in rivals if _evidence(web, one) == most]
        if len(top) > 1:
            whole = [one for one in top if len(web.of(one.cell)) == len(one.explains)]
            top = whole or top
        if len(top) > 1:
            traces = [slip(one.number, one.number - one.more).weight for one in top]
            # A trace tells one cell from others only if it is one that few pairs of figures leave.
            if max(traces) > COMMON:
                top = [one for one, trace in zip(top, traces, strict=True) if trace == max(traces)]
        if len(top) > (2 if most > 1 else 1):
            continue
        if (most, -len(top)) < rank[:2]:
            continue
        # Where fewer cells are not acquitted, it is surer that the whole difference is that of one.
        open_cells = sum(web.of(cell).keys() <= off.keys() for cell in web.cells(rule))
        if (most, -len(top), -open_cells) > rank:
            best, rank = top, (most, -len(top), -open_cells)
    return best


def _evidence(web: Equations, one: _Candidate) -> int:
    """How many equations speak against a cell, without those that only say what others say together."""
    return sum(rule not in web.derived for rule in one.explains) or 1


def _candidates(web: Equations, off: Mapping[str, Number], *, acquitted: bool) -> Iterator[_Candidate]:
    """Cells of failing equations with each amount by which they may be wrong; `acquitted`: those in one that holds."""
    votes: dict[str, dict[Number, list[str]]] = {}
    failing = off.keys()
    derived = [rule for rule in off if rule in web.derived]
    if len(derived) == len(off):
        derived = []
    for rule, amount in off.items():
        if rule in derived:  # of nearly every cell; whoever explains the others explains it
            continue
        for cell in web.cells(rule):
            signs = web.of(cell)
            if (signs.keys() <= failing) is acquitted or abs(signs[rule]) != 1:
                continue
            votes.setdefault(cell, {}).setdefault(signs[rule] * amount, []).append(rule)
    for cell, amounts in votes.items():
        number = web.numbers[cell]
        for more, rules in amounts.items():
            if web.can_be(cell, number - more):
                also = [rule for rule in derived if web.of(cell).get(rule, 0) * more == off[rule]]
                yield _Candidate(cell, number, more, (*rules, *also))


def _changed_places(web: Equations, off: Mapping[str, Number]) -> list[_Candidate]:
    """Two cells of a row or a column that hold each other's figure; none unless just one pair explains most."""
    by_line: dict[tuple[object, ...], list[_Candidate]] = {}
    form = web.report.form
    for one in _candidates(web, off, acquitted=True):
        cell = form.cells[one.cell]
        for line in ((cell.section, "row", cell.row.key), (cell.section, "column", cell.column.key)):
            by_line.setdefault((*line, abs(one.more)), []).append(one)
    pairs = [pair for line in by_line.values() for pair in _exact_pairs(web, off, line)]
    if not pairs:
        return []
    most = max(_explained(pair) for pair in pairs)
    top = [pair for pair in pairs if _explained(pair) == most]
    if len(top) > 1:  # a figure that moved into a cell with 0 fits in many rows, two figures rarely
        top = [pair for pair in top if all(one.number for one in pair)] or top
    return top[0] if len(top) == 1 else []


def _explained(pair: Iterable[_Candidate]) -> int:
    return sum(len(one.explains) for one in pair)


def _exact_pairs(
    web: Equations, off: Mapping[str, Number], line: list[_Candidate]
) -> Iterator[list[_Candidate]]:
    for i, one in enumerate(line):
        for other in line[i + 1 :]:
            if one.more != -other.more or one.cell == other.cell:
                continue
            if one.number - one.more != other.number:
                continue
            after: dict[str, Number] = {}
            for each in (one, other):
                for rule, sign in web.of(each.cell).items():
                    after[rule] = after.get(rule, off.get(rule, 0)) - sign * each.more
            if not any(after.values()):
                yield [one, other]
