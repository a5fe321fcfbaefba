"""Figures of several cells run together (“640020470”) → the figures, where the form's equations leave one reading.

Knows that a figure has no zero in front, that the totals of a row are the sums of its parts, and the equations between
rows. A reading is told only if no other one is possible; what several readings fit, or none, stays undecided. Blank
cells leave no trace in such text: a row is taken to have a figure in each cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gxeditor.core.form import Form
from gxeditor.resources import load_rules

_LONGEST = 7  # digits of one figure; the largest count met in a report has six
_STEPS = 10_000  # tried for one row; beyond that it stays undecided
_ALL_STEPS = 50_000  # tried for all rows together
_READINGS = 400  # of one row, that are held against the equations between rows


@dataclass(frozen=True, slots=True)
class RunTogether:
    """The cells of a row in printed order, and the digits that stand there for all of them; blanks divide figures."""

    ids: tuple[str, ...]
    digits: str


Figures = tuple[int, ...]
_LONG_ROW = 7  # cells, from which on a row of 表三 or 表四 is long


def are_run_together(text: str, cells: int) -> bool:
    """Whether a text may hold the figures of so many cells, the borders between them lost.

    A single border may be left in a long row; more would be a row that lacks figures.
    """
    parts = text.split()
    return (
        all(part.isdecimal() and part.isascii() for part in parts)
        and (
            len(parts) == 1 or (len(parts) == 2 and cells >= _LONG_ROW and max(map(len, parts)) >= cells - 1)
        )
        and cells <= sum(map(len, parts)) <= _LONGEST * cells
    )


def lacks_figures(text: str, cells: int) -> bool:
    """Whether digits are too few for a figure in each of so many cells: the table has blank ones."""
    return text.isascii() and text.isdecimal() and len(text) < cells


def read_apart(rows: Sequence[RunTogether], known: Mapping[str, int], form: Form) -> dict[int, Figures]:
    """The figures of each row that has one reading only, by the row's place in `rows`.

    `known` are the figures that were read otherwise.
    """
    left = _ALL_STEPS
    found: dict[int, list[Figures]] = {}
    for place, row in enumerate(rows):
        found[place], steps = _readings(row, form, min(left, _STEPS))
        left -= steps
    readings = {place: several for place, several in found.items() if several}
    _drop_beside_blanks(rows, found, readings, form)
    _narrow(rows, readings, known, form)
    return {place: found[0] for place, found in readings.items() if len(found) == 1}


def _readings(row: RunTogether, form: Form, most: int) -> tuple[list[Figures], int]:
    """All readings of a row that its own totals allow, none if that takes more steps; and how many were taken."""
    pieces = row.digits.split()
    text = "".join(pieces)
    count = len(row.ids)
    borders = set()
    at = 0
    for piece in pieces:
        at += len(piece)
        borders.add(at)
    if text == "0" * count:  # nothing else begins with a zero
        return [(0,) * count], 0
    places = {cell: place for place, cell in enumerate(row.ids)}
    sums: dict[int, list[int]] = {}
    for place, cell in enumerate(row.ids):
        parts = form.cells[cell].parts
        if parts and all(part in places for part in parts):
            sums[place] = [places[part] for part in parts]
    if not sums:
        return [], 0
    found: list[Figures] = []
    steps = 0

    def go_on(at: int, figures: list[int]) -> bool:
        """Whether the search ended before it took too long."""
        nonlocal steps
        steps += 1
        if steps > most or len(found) > _READINGS:
            return False
        place = len(figures)
        if place == count:
            if at == len(text):
                found.append(tuple(figures))
            return True
        for end in range(at + 1, min(at + _LONGEST, len(text)) + 1):
            if end > at + 1 and (text[at] == "0" or (end - 1) in borders):
                break
            left, cells = len(text) - end, count - place - 1
            if left < cells:
                break
            if left > cells * _LONGEST:
                continue
            figure = int(text[at:end])
            if place in sums and figure != sum(figures[part] for part in sums[place]):
                continue
            if not go_on(end, [*figures, figure]):
                return False
        return True

    return (found if go_on(0, []) else []), steps


def _drop_beside_blanks(
    rows: Sequence[RunTogether],
    found: Mapping[int, list[Figures]],
    readings: dict[int, list[Figures]],
    form: Form,
) -> None:
    """Forgets the readings in a table of which a row with totals has none: it has blank cells, or sums that are wrong.

    Then the sums of another row prove nothing either, for it may have blank cells too, unless it is all zeros.
    """
    spoilt = {
        form.cells[rows[place].ids[0]].section
        for place, several in found.items()
        if not several and any(form.cells[cell].parts for cell in rows[place].ids)
    }
    for place in list(readings):
        if form.cells[rows[place].ids[0]].section in spoilt and any(map(any, readings[place])):
            del readings[place]


def _narrow(
    rows: Sequence[RunTogether],
    readings: dict[int, list[Figures]],
    known: Mapping[str, int],
    form: Form,
) -> None:
    """Leaves of each row the readings that some choice for all other rows makes right; none where nothing does.

    An equation counts once all its cells are known or have readings.
    """
    at = {cell: (row, place) for row in readings for place, cell in enumerate(rows[row].ids)}
    usable = [
        (rule.left, rule.right)
        for rule in load_rules(form)
        if rule.kind in ("sum", "balance") and all(c in at or c in known for c in (*rule.left, *rule.right))
    ]
    while True:
        before = sum(map(len, readings.values()))
        for left, right in usable:
            signed = [(cell, 1) for cell in left] + [(cell, -1) for cell in right]
            _hold(signed, readings, at, known)
        if sum(map(len, readings.values())) == before:
            return


def _hold(
    signed: Sequence[tuple[str, int]],
    readings: dict[int, list[Figures]],
    at: Mapping[str, tuple[int, int]],
    known: Mapping[str, int],
) -> None:
    """Takes out of the readings what cannot make one equation right; all of a row's if the equation has no solution."""
    terms: list[tuple[int, list[int]]] = []  # row, its contribution for each reading
    for row in dict.fromkeys(at[cell][0] for cell, _ in signed if cell in at and cell not in known):
        mine = [(at[cell][1], sign) for cell, sign in signed if cell in at and at[cell][0] == row]
        terms.append((row, [sum(figures[p] * sign for p, sign in mine) for figures in readings[row]]))
    fixed = sum(known[cell] * sign for cell, sign in signed if cell in known)
    # sums that the rows before a row, and those behind it, may have
    ahead: list[set[int]] = [{fixed}]
    for _, values in terms:
        ahead.append(_added(ahead[-1], set(values)))
        if len(ahead[-1]) > _STEPS:
            return
    behind: list[set[int]] = [{0}]
    for _, values in reversed(terms):
        behind.append(_added(behind[-1], set(values)))
        if len(behind[-1]) > _STEPS:
            return
    behind.reverse()
    for place, (row, values) in enumerate(terms):
        reach = behind[place + 1]
        if len(ahead[place]) * len(set(values)) > _STEPS:
            continue
        possible = {v for v in set(values) if any(-(a + v) in reach for a in ahead[place])}
        kept = [f for f, v in zip(readings[row], values, strict=True) if v in possible]
        readings[row] = kept


def _added(one: set[int], other: set[int]) -> set[int]:
    if len(one) * len(other) > 10 * _STEPS:
        return set(range(_STEPS + 1))
    return {a + b for a in one for b in other}
