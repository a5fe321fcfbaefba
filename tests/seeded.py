"""Faults put into reports that agree: what is found, which cell is accused, what the first mend makes of it.

`make seeded`. Random reports, as small and large agencies publish them (many zeros, a few large figures), with all
totals typed, with all of them automatic, or mixed, half of them with last year's; in each one fault or two, of the
kinds that copying figures makes. Prints a row for each kind and exits with 1 if a fault that changes an equation is not
found, if a mend breaks an equation or does not do what it says, or if a figure is below what is promised.

    python tests/seeded.py [COUNT [FIRST]]    COUNT faulty reports, 2,000 by default
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import pairwise

from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.hints import hints
from gxeditor.core.checks.suspects import suspects
from gxeditor.core.form import Cell
from gxeditor.core.report import Entry, Prior, Report, blank_report
from gxeditor.resources import load_form, load_rules

FORM = load_form()
RULES = load_rules(FORM)
EQUATIONS = tuple(rule for rule in RULES if rule.kind in ("sum", "balance", "carry_over"))
TYPED, AUTOMATIC, MIXED = "typed", "automatic", "mixed"
MODES = (TYPED, AUTOMATIC, MIXED)
ACCUSED, RESTORED = 0.80, 0.60
"""Promised of faults in one cell where totals are typed; automatic ones leave fewer equations to tell by."""

Kind = Callable[[random.Random, Report], "Faults"]
Faults = Mapping[str, Entry | None]
"""What a fault makes of the cells it touches; None is blank."""


# -------------------- reports that agree
def _count(chance: random.Random, most: int) -> int:
    """Mostly 0, else rather small than large."""
    return 0 if chance.random() < 0.75 else 1 + int(most * chance.random() ** 3)


def _details(chance: random.Random, brought: Mapping[str, int]) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    size = chance.choice((8, 30, 120, 600))
    columns = [cell.column.key for cell in _table("requests") if cell.row.key == "received"][:-1]
    rows = list(dict.fromkeys(c.row.key for c in _table("requests") if c.row.key.startswith("handled.")))[:-1]
    for column in columns:
        scale = size if column == "natural_person" else max(2, size // chance.choice((4, 20, 50)))
        handled = 0
        for row in rows:
            usual = row in ("handled.granted", "handled.unable_to_provide.not_held")
            entries[f"requests.{row}.{column}"] = figure = (
                int(scale * chance.random()) if usual else _count(chance, max(1, scale // 4))
            )
            handled += figure
        before = brought.get(column, 0)
        forward = max(_count(chance, max(1, scale // 6)), before - handled)
        entries[f"requests.brought_forward.{column}"] = before
        entries[f"requests.carried_forward.{column}"] = forward
        entries[f"requests.received.{column}"] = handled + forward - before
    for cell in (*_table("disputes"), *_table("proactive")):
        if not cell.is_total:
            entries[cell.id] = Decimal("0.0000") if cell.decimals else _count(chance, 40)
    return entries


@cache
def _table(section: str) -> tuple[Cell, ...]:
    table = FORM.section(section).table
    assert table is not None
    return table.cells


def good_report(chance: random.Random, mode: str) -> Report:
    """A report in which every equation holds; with last year's in half of the cases."""
    before = _details(chance, {})
    columns = [cell.column.key for cell in _table("requests") if cell.row.key == "received"][:-1]
    with_prior = chance.random() < 0.5
    brought = {}
    for column in columns:
        value = before[f"requests.carried_forward.{column}"]
        assert isinstance(value, int)
        brought[column] = value
    report = blank_report(FORM, 2025).with_entries(_details(chance, brought))
    if with_prior:
        report = report.with_prior(Prior.of(blank_report(FORM, 2024).with_entries(before)))
    typed: Callable[[Cell], bool] = {
        TYPED: lambda cell: True,
        AUTOMATIC: lambda cell: False,
        MIXED: _some(chance),
    }[mode]
    return report.with_entries({c.id: report.values[c.id] for c in FORM.totals if typed(c)})


def small_office() -> Report:
    """A small office's report, as the design shows it: all totals typed, every equation holds."""
    received = (46, 6, 3, 4, 2, 1)
    brought = (3, 1, 0, 0, 0, 0)
    handled = {
        "granted": (19, 4, 1, 3, 1, 0),
        "partially_granted": (4, 1, 0, 0, 0, 0),
        "denied.process_information": (0, 0, 1, 0, 0, 0),
        "unable_to_provide.not_held": (12, 1, 1, 0, 0, 0),
        "not_handled.petition": (12, 0, 0, 0, 0, 1),
        "not_handled.duplicate": (0, 0, 0, 1, 1, 0),
    }
    forward = (2, 1, 0, 0, 0, 0)
    columns = (
        "natural_person",
        "company",
        "research",
        "public_interest",
        "legal_service",
        "other_organization",
    )
    entries: dict[str, Entry] = {
        cell.id: Decimal(0) if cell.decimals else 0 for cell in FORM.cells.values() if not cell.is_total
    }
    rows = {"received": received, "brought_forward": brought, "carried_forward": forward}
    rows |= {f"handled.{key}": figures for key, figures in handled.items()}
    for row, figures in rows.items():
        entries |= {f"requests.{row}.{column}": v for column, v in zip(columns, figures, strict=True)}
    report = blank_report(FORM, 2025).with_entries(entries)
    return report.with_entries({cell.id: report.values[cell.id] for cell in FORM.totals})


def _some(chance: random.Random) -> Callable[[Cell], bool]:
    match chance.randrange(3):
        case 0:
            return lambda cell: cell.column.is_sum  # 总计 of each row was typed, that of a column not
        case 1:
            return lambda cell: not cell.column.is_sum
        case _:
            kept = {cell.id for cell in FORM.totals if chance.random() < 0.5}
            return lambda cell: cell.id in kept


# -------------------- faults
def _number(report: Report, cell: str) -> int | None:
    value = report.entries.get(cell)
    return value if isinstance(value, int) else None


def _typed(report: Report, least: int = 0) -> list[str]:
    """The cells with a figure of `least` or more; those of the tables with equations."""
    return [
        cell.id
        for cell in (*_table("requests"), *_table("disputes"))
        if (number := _number(report, cell.id)) is not None and number >= least
    ]


def _some_cell(chance: random.Random, report: Report) -> str | None:
    """Rather one with a figure other than 0: who copies 0 seldom errs."""
    cells = _typed(report, 1 if chance.random() < 0.7 else 0)
    return chance.choice(cells) if cells else None


def off_by_one(chance: random.Random, report: Report) -> Faults:
    if (cell := _some_cell(chance, report)) is None:
        return {}
    number = _number(report, cell) or 0
    return {cell: number + (chance.choice((1, -1)) if number else 1)}


def turned(chance: random.Random, report: Report) -> Faults:
    fitting = [c for c in _typed(report, 10) if len(set(str(report.entries[c]))) > 1]
    if not fitting:
        return {}
    cell = chance.choice(fitting)
    text = str(report.entries[cell])
    places = [i for i in range(len(text) - 1) if text[i] != text[i + 1]]
    i = chance.choice(places)
    return {cell: int(text[:i] + text[i + 1] + text[i] + text[i + 2 :])}


def wrong_digit(chance: random.Random, report: Report) -> Faults:
    if (cell := _some_cell(chance, report)) is None:
        return {}
    text = str(report.entries[cell])
    i = chance.randrange(len(text))
    return {cell: int(text[:i] + chance.choice([d for d in "0123456789" if d != text[i]]) + text[i + 1 :])}


def extra_digit(chance: random.Random, report: Report) -> Faults:
    cells = _typed(report, 1)
    if not cells:
        return {}
    cell = chance.choice(cells)
    text = str(report.entries[cell])
    i = chance.randrange(len(text))
    if len(text) > 1 and chance.random() < 0.4:
        return {cell: int(text[:i] + text[i + 1 :])}
    return {cell: int(text[: i + 1] + chance.choice(("0", text[i])) + text[i + 1 :])}


def missing(chance: random.Random, report: Report) -> Faults:
    cell = _some_cell(chance, report)
    return {} if cell is None else {cell: None}


def _beside(report: Report, cell_id: str) -> list[str]:
    """The details beside a cell, in its row and its column."""
    cell = FORM.cells[cell_id]
    found: list[Cell] = []
    for line in (
        [c for c in _table(cell.section) if c.row.key == cell.row.key],
        [c for c in _table(cell.section) if c.column.key == cell.column.key],
    ):
        at = line.index(cell)
        found.extend(c for c in (*line[max(0, at - 1) : at], *line[at + 1 : at + 2]) if not c.is_total)
    return [c.id for c in found if _number(report, c.id) is not None]


def neighbour(chance: random.Random, report: Report) -> Faults:
    """A figure in the cell beside its own, where 0 belongs."""
    places = [
        (cell, other)
        for cell in _typed(report, 1)
        if not FORM.cells[cell].is_total
        for other in _beside(report, cell)
        if not report.entries[other]
    ]
    if not places:
        return {}
    cell, other = chance.choice(places)
    return {cell: 0, other: report.entries[cell]}


def swapped(chance: random.Random, report: Report) -> Faults:
    """Two figures beside each other that hold each other's place."""
    places = [
        (cell, other)
        for cell in _typed(report, 1)
        if not FORM.cells[cell].is_total
        for other in _beside(report, cell)
        if report.entries[other] and report.entries[other] != report.entries[cell]
    ]
    if not places:
        return {}
    cell, other = chance.choice(places)
    return {cell: report.entries[other], other: report.entries[cell]}


def _row(key: str) -> list[str]:
    return [cell.id for cell in _table("requests") if cell.row.key == key]


COLUMNS = [cell.column.key for cell in _table("requests") if cell.row.key == "received"]
ROWS = list(dict.fromkeys(cell.row.key for cell in _table("requests")))


def columns_swapped(chance: random.Random, report: Report) -> Faults:
    """The results of two columns beside each other changed places, what was received did not."""
    at = chance.randrange(5)
    faults: dict[str, Entry | None] = {}
    for key in ROWS:
        if key.startswith("handled.") and key != "handled.total":
            one, other = _row(key)[at : at + 2]
            faults |= {one: report.entries.get(other), other: report.entries.get(one)}
    return faults


def row_shifted(chance: random.Random, report: Report) -> Faults:
    """The figures of a row from some cell on are one cell further right or left; the one pushed out is lost."""
    rows = [[c for c in _row(key) if _number(report, c) is not None] for key in ROWS]
    rows = [row for row in rows if len(row) > 2]
    row = chance.choice([row for row in rows if any(report.entries[c] for c in row)] or rows)
    start = chance.randrange(len(row) - 1)
    figures = [report.entries[c] for c in row]
    if chance.random() < 0.6:
        return dict(zip(row[start:], [0, *figures[start:-1]], strict=True))
    return dict(zip(row[start:], [*figures[start + 1 :], 0], strict=True))


def rows_shifted(chance: random.Random, report: Report) -> Faults:
    """All rows from one on are one row further down; the last is lost."""
    start = chance.randrange(1, len(ROWS) - 3)
    faults: dict[str, Entry | None] = {}
    for i in range(start, len(ROWS)):
        for cell, above in zip(_row(ROWS[i]), _row(ROWS[i - 1]), strict=True):
            if _number(report, cell) is None or _number(report, above) is None:
                continue
            faults[cell] = 0 if i == start else report.entries[above]
    return faults


def row_copied(chance: random.Random, report: Report) -> Faults:
    """A row of results holds the figures of the one above, its typed total, too."""
    keys = [key for key in ROWS if key.startswith("handled.") and key != "handled.total"]
    places = [
        (above, below)
        for above, below in pairwise(keys)
        if any(report.entries.get(c) for c in _row(above)[:-1])
    ]
    if not places:
        return {}
    above, below = chance.choice(places)
    return {
        cell: report.entries[source]
        for source, cell in zip(_row(above), _row(below), strict=True)
        if source in report.entries and cell in report.entries
    }


ONE_CELL: tuple[Kind, ...] = (off_by_one, turned, wrong_digit, extra_digit, missing)
KINDS: tuple[Kind, ...] = (
    *ONE_CELL,
    neighbour,
    swapped,
    columns_swapped,
    row_shifted,
    rows_shifted,
    row_copied,
)


# -------------------- judging
@dataclass
class Tally:
    """How many faults of a kind there were, were to be found, were found; what came of suspects and hints."""

    faults: int = 0
    detectable: int = 0
    found: int = 0
    accused: int = 0
    among: int = 0
    restored: int = 0
    offered: int = 0
    hinted: int = 0


@dataclass
class Outcome:
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    most: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"suspects": [], "hints": []})


def state(report: Report) -> dict[str, bool | None]:
    """Whether each equation holds, None if a figure is missing: reckoned here, not by what is measured."""
    held: dict[str, bool | None] = {}
    for rule in EQUATIONS:
        source = report.prior.report if rule.kind == "carry_over" and report.prior else report
        if rule.kind == "carry_over" and not report.prior:
            continue
        figures = [source.value(c) for c in rule.left], [report.value(c) for c in rule.right]
        if any(v is None for side in figures for v in side):
            held[rule.id] = None
        else:
            left, right = (
                sum(v for v in side if not isinstance(v, str) and v is not None) for side in figures
            )
            held[rule.id] = left == right
    return held


def judge(report: Report, faults: Faults, kind: str, mode: str, outcome: Outcome, *, single: bool) -> None:
    """Puts faults into a report that agrees and looks at everything that is said of it."""
    tally = outcome.tallies.setdefault((kind, mode), Tally())
    bad = report.with_entries(faults)
    changed = {cell for cell in FORM.cells if bad.entries.get(cell) != report.entries.get(cell)}
    if not changed:
        return
    tally.faults += 1
    states = state(bad)
    detectable = not all(states.values())
    findings = check(bad, RULES)
    telling = [f for f in findings.findings if f.rule.kind in ("sum", "balance", "carry_over")]
    told = telling or [f for f in findings.findings if f.rule.test == "blank"]
    tally.detectable += detectable
    tally.found += bool(told) and detectable
    if {rule for rule, held in states.items() if held is False} != {f.rule.id for f in telling}:
        outcome.wrong.append(f"{kind} {mode}: other equations are off than are found")
    if detectable and not told:
        outcome.wrong.append(f"{kind} {mode}: {faults} changes an equation and is not found")
    start = time.process_time()
    accused = suspects(bad, findings)
    outcome.seconds["suspects"].append(time.process_time() - start)
    if not telling and accused:
        outcome.wrong.append(f"{kind} {mode}: {accused} is accused of nothing")
    if accused:
        strongest = accused[0].weight
        tally.accused += accused[0].cell in changed
        tally.among += any(one.cell in changed for one in accused if one.weight == strongest)
        outcome.most[f"{len(accused)} suspects"] += 1
    first = accused[0].findings[0] if accused else told[0] if told else None
    if first is None or not detectable:
        return
    looked = [first] if first.rule.test == "blank" else [first, *(f for f in telling if f is not first)]
    for finding in looked if len(looked) < 12 else looked[:12]:
        start = time.process_time()
        told_hints = hints(bad, RULES, findings, finding)
        outcome.seconds["hints"].append(time.process_time() - start)
        for hint in told_hints:
            if hint.changes:
                outcome.wrong.extend(
                    f"{kind} {mode}: {hint} {why}" for why in amiss(bad, states, finding, hint.changes)
                )
        if finding is first:
            mends = [hint for hint in told_hints if hint.changes]
            tally.hinted += bool(told_hints)
            right = [
                _is_right(bad.with_entries(mend.changes), mend.changes, report, single) for mend in mends
            ]
            tally.restored += right[:1] == [True]
            tally.offered += any(right)
            if kind == "missing":  # no equation tells of it: the blank is what the first mend points to
                tally.accused += bool(mends) and mends[0].cells[0] in changed


def _is_right(mended: Report, changes: Mapping[str, Entry | None], report: Report, single: bool) -> bool:
    """Whether a mend brings the report back; of two faults, the cells that it changes."""
    return _same(mended, report) if single else all(mended.value(c) == report.value(c) for c in changes)


def _same(one: Report, other: Report) -> bool:
    return dict(one.values) == dict(other.values)


def amiss(
    bad: Report, before: Mapping[str, bool | None], finding: Finding, changes: Mapping[str, Entry | None]
) -> list[str]:
    """What is wrong with a mend: an equation that held and no longer does, or its own that does not."""
    after = state(bad.with_entries(changes))
    wrong = [f"breaks {rule}" for rule, held in before.items() if held and not after[rule]]
    if finding.rule.id in after and not after[finding.rule.id]:
        wrong.append(f"does not mend {finding.rule.id}")
    return wrong


def measure(count: int, first: int = 0) -> Outcome:
    """`count` faulty reports: four of five with one fault, one with two."""
    outcome = Outcome()
    for seed in range(first, first + count):
        chance = random.Random(seed)
        mode = MODES[seed % 3]
        report = good_report(chance, mode)
        if not all(state(report).values()):
            outcome.wrong.append(f"report {seed} does not agree to begin with")
        double = seed % 5 == 4
        kind = KINDS[(seed // 15) % len(KINDS)] if not double else chance.choice(KINDS[:7])
        faults = dict(kind(chance, report))
        name = kind.__name__
        if double:
            again = chance.choice(KINDS[:7])
            faults = {**again(chance, report), **faults}
            name = "two faults"
        judge(report, faults, name, mode, outcome, single=not double)
    return outcome


def total(tallies: Sequence[Tally]) -> Tally:
    whole = Tally()
    for one in tallies:
        for key, value in vars(one).items():
            setattr(whole, key, getattr(whole, key) + value)
    return whole


def share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def show(outcome: Outcome) -> None:
    head = ("faults", "detectable", "found", "accused", "among", "restored", "offered")
    print(f"{'':28}" + "".join(f"{word:>12}" for word in head))
    names = [kind.__name__ for kind in KINDS] + ["two faults"]
    one_cell = [kind.__name__ for kind in ONE_CELL]
    groups = {name: [name] for name in names}
    groups |= {"ONE CELL, ALL KINDS": one_cell, "SINGLE FAULTS": names[:-1]}
    for mode in (*MODES, ""):
        print(mode or "all")
        for name, members in groups.items():
            whole = total([t for (k, m), t in outcome.tallies.items() if k in members and mode in ("", m)])
            shares = "".join(
                f"{share(part, whole.detectable):12.1%}"
                for part in (whole.found, whole.accused, whole.among, whole.restored, whole.offered)
            )
            print(f"  {name:26}{whole.faults:12}{whole.detectable:12}{shares}")
    for word, spent in outcome.seconds.items():
        spent.sort()
        if spent:
            print(
                f"{word}: median {spent[len(spent) // 2] * 1000:.2f} ms, "
                f"p95 {spent[int(len(spent) * 0.95)] * 1000:.2f} ms, most {spent[-1] * 1000:.2f} ms"
            )
    print(", ".join(f"{key}: {count}" for key, count in sorted(outcome.most.items())))


def promises(outcome: Outcome) -> list[str]:
    """What is not as promised, of faults in one cell of a report whose totals are typed."""
    kinds = {kind.__name__ for kind in ONE_CELL}
    whole = total([t for (kind, mode), t in outcome.tallies.items() if kind in kinds and mode == TYPED])
    figures = (
        ("the strongest suspect is the wrong cell", whole.accused, ACCUSED),
        ("the first mend brings the report back", whole.restored, RESTORED),
    )
    return [
        f"{what} in {share(part, whole.detectable):.1%}, not {least:.0%}"
        for what, part, least in figures
        if share(part, whole.detectable) < least
    ]


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    result = measure(*(numbers or [2000]))
    show(result)
    amiss_with = [*result.wrong, *promises(result)]
    for line in amiss_with[:40]:
        print("WRONG", line)
    sys.exit(bool(amiss_with))
