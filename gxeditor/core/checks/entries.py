"""The checks of single cells, and of what came over from elsewhere: blanks, texts, signs, decimals, doubts.

Each takes a report, a rule that names it in `test`, and what else a report is checked with, and tells what is wrong.
Knows no wording: that is the rule's.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gxeditor.core import form
from gxeditor.core.checks.anchors import Anchor, Cell, Span, Whole, named, part_named
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import DOUBT, PROSE_DOUBT, Rule
from gxeditor.core.difference import PREAMBLE
from gxeditor.core.expressions import expression
from gxeditor.core.report import KEPT_TEXTS, Entry, Report, show_entry


def _blanks(report: Report, rule: Rule, given: Given) -> Iterator[Finding]:
    """One finding per table that has been begun; an untouched table is no finding."""
    for table in report.form.tables:
        if any(cell.id in report.entries for cell in table.cells):
            blank = tuple(c.id for c in table.cells if report.value(c.id) is None and not _waits(report, c))
            if blank:
                yield _entry_finding(report, rule, Whole(table.key), blank)


def _waits(report: Report, cell: form.Cell) -> bool:
    """Whether a blank total waits only for its own details: filling those fills it."""
    return cell.is_total and any(report.value(part) is None for part in cell.parts)


def _kept_texts(report: Report, rule: Rule, given: Given) -> Iterator[Finding]:
    for table in report.form.tables:
        kept = tuple(cell.id for cell in table.cells if report.entries.get(cell.id) in KEPT_TEXTS)
        if kept:
            yield _entry_finding(report, rule, Cell(kept[-1]), kept)


def _not_numbers(report: Report, rule: Rule, given: Given) -> Iterator[Finding]:
    for cell, entry in _entries(report):
        kept = isinstance(entry, str) and entry in KEPT_TEXTS
        if not kept and (isinstance(entry, str) or (isinstance(entry, Decimal) and not entry.is_finite())):
            yield _entry_finding(report, rule, Cell(cell.id), (cell.id,))


def _negatives(report: Report, rule: Rule, given: Given) -> Iterator[Finding]:
    for cell, entry in _entries(report):
        if not isinstance(entry, str) and entry < 0:
            yield _entry_finding(report, rule, Cell(cell.id), (cell.id,))


def _decimals(report: Report, rule: Rule, given: Given) -> Iterator[Finding]:
    """A fraction where only whole numbers are counted."""
    for cell, entry in _entries(report):
        if cell.decimals == 0 and isinstance(entry, Decimal) and _fraction(entry):
            yield _entry_finding(report, rule, Cell(cell.id), (cell.id,))


def _long_fractions(report: Report, rule: Rule, given: Given) -> Iterator[Finding]:
    for cell, entry in _entries(report):
        if cell.decimals and isinstance(entry, Decimal) and _fraction(entry) > cell.decimals:
            yield _entry_finding(report, rule, Cell(cell.id), (cell.id,))


def _fraction(entry: Decimal) -> int:
    """How many decimals a number is written with; 0 if it is not finite."""
    exponent = entry.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _entries(report: Report) -> Iterator[tuple[form.Cell, Entry]]:
    return (
        (cell, report.entries[cell.id]) for cell in report.form.cells.values() if cell.id in report.entries
    )


def _entry_finding(report: Report, rule: Rule, where: Anchor, cells: tuple[str, ...]) -> Finding:
    first = report.form.cells[cells[0]]
    entry = report.value(cells[0])
    message = rule.message.format(
        table=part_named(where, report.form),
        count=len(cells),
        place=first.place,
        entry=show_entry(entry),
        unit=first.unit,
        decimals=first.decimals,
        found=_fraction(entry) if isinstance(entry, Decimal) else 0,
    )
    return Finding(rule, where, message, tuple(Cell(cell) for cell in cells))


def _doubts(report: Report, rule: Rule, given: Given) -> Iterator[Finding]:
    """Figures taken over in doubt; those of one table that are doubted for one reason are told together."""
    together: dict[tuple[str, str], list[str]] = {}
    for cell in report.form.cells.values() if report.doubts else ():
        if (doubt := report.doubts.get(cell.id)) is not None:
            together.setdefault((cell.section, doubt.what), []).append(cell.id)
    for (_, what), cells in together.items():
        place = report.form.cells[cells[0]].place
        more = f"等 {len(cells)} 格" if len(cells) > 1 else ""
        message = rule.message.format(place=f"{place}{more}", doubt=what)
        yield Finding(rule, Cell(cells[0]), message, tuple(Cell(cell) for cell in cells))


_AROUND = 6  # characters before a number that tell which one it is
_UNIT = expression("[余多]?(?:[万亿]?元|[人条件][次]|个工作日|[^\\W0-9_])|[%％]")
_STOPS = expression("[，。；：、！？,;:!?（）()“”《》\\s]")


def _prose_doubts(report: Report, rule: Rule, given: Given) -> Iterator[Finding]:
    """Numbers of last year's prose, one by one, so that F8 leads from each to the next."""
    for key in (PREAMBLE, *(section.key for section in report.form.sections)) if report.prose_doubts else ():
        text = Span(key, 0, 0).text(report)
        for doubt in report.prose_doubts.get(key, ()):
            where = Span(key, doubt.start, doubt.end)
            first = max(0, doubt.start - _AROUND)
            before = _STOPS.split(text[first : doubt.start])[-1]
            if first and len(before) == _AROUND and text[first - 1].isdecimal():
                before = before.lstrip("0123456789０１２３４５６７８９")  # no part of another number
            unit = _UNIT.match(text, doubt.end)
            quoted = f"{before}{doubt.text}{unit[0] if unit is not None else ''}"
            message = rule.message.format(place=named(where, report.form), text=quoted, doubt=doubt.what)
            yield Finding(rule, where, message)


TESTS = {
    "blank": _blanks,
    "kept_text": _kept_texts,
    "not_number": _not_numbers,
    "negative": _negatives,
    "decimals": _decimals,
    "long_fraction": _long_fractions,
    DOUBT: _doubts,
    PROSE_DOUBT: _prose_doubts,
}
"""The checks that a rule can name in `test`."""
