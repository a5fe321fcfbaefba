"""Comparing what the prose says with the tables: which numbers are the same, which differ, and which cannot be told.

Knows when a difference counts: never where words, scope or year leave a doubt, or a cell is blank. A number that agrees
with another cell than those its words speak of is not the same. Does not know how a sentence is read (`reading`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from gxeditor.core.checks.anchors import Cell, Span
from gxeditor.core.checks.claims.reading import NAMED, Listing, Option, Read, Statement, read_text, vocabulary
from gxeditor.core.checks.findings import Claimed, Finding, NotChecked, Number, Reading
from gxeditor.core.checks.rules import CLAIM, Rule
from gxeditor.core.difference import PREAMBLE
from gxeditor.core.report import AgencyKind, Bound, Entry, Report, show_entry

_WAN = 10**4
_HANDLED = "requests.handled."
_TOTAL, _NEW, _BROUGHT = (
    "requests.handled.total.total",
    "requests.received.total",
    "requests.brought_forward.total",
)
_OFFICES = ("done", "answered", "handled", "through")
_INTAKE = ("new", "got", "accepted", "in_hand", *_OFFICES)


class Fault(NamedTuple):
    """A number of the prose that does not agree, with what its rule's message needs."""

    code: str
    where: Span
    text: str
    name: str
    wanted: str
    cells: tuple[str, ...]
    left: Number
    right: Number


@dataclass(frozen=True)
class Compared:
    """All numbers of a report's prose, in its order, and what is wrong with them, by the code of the rule.

    `added` are the codes of the rules that added numbers up or laid them side by side.
    """

    claims: tuple[Claimed, ...] = ()
    faults: Mapping[str, Sequence[Fault]] = field(default_factory=dict)
    added: frozenset[str] = frozenset()

    def of(self, rule: Rule, report: Report) -> Iterator[Finding | NotChecked]:
        """What a rule says of it; why it could not look, where the prose states nothing that it could compare."""
        faults = self.faults.get(rule.code, ())
        for fault in faults:
            message = rule.message.format(text=fault.text, name=fault.name, wanted=fault.wanted)
            yield Finding(
                rule,
                fault.where,
                message,
                (fault.where, *(Cell(cell) for cell in fault.cells)),
                fault.left,
                fault.right,
                abs(Decimal(fault.left) - Decimal(fault.right)),
                values=(fault.text, fault.wanted),
                quoted=fault.where.text(report)[fault.where.start : fault.where.end],
            )
        if faults:
            return
        its = self._by_code.get(rule.code, ())
        if its and all(claim.state == "open" for claim in its):
            cells = tuple(
                dict.fromkeys(cell for claim in its for one in claim.readings for cell in one.cells)
            )
            yield NotChecked(rule, "正文写的数没有能对应的", cells)
        elif not its and rule.code not in self.added:
            yield NotChecked(rule, "文中没有这句话", ())

    @cached_property
    def _by_code(self) -> Mapping[str, list[Claimed]]:
        found: dict[str, list[Claimed]] = {}
        for claim in self.claims:
            found.setdefault(claim.code, []).append(claim)
        return found


def compared(report: Report, rules: Iterable[Rule], prior: Report | None) -> Compared:
    """Every number of the prose beside the cells it speaks of; nothing if no rule speaks of prose."""
    rule = next((one for one in rules if one.kind == CLAIM), None)
    if rule is None:
        return Compared()
    words = vocabulary(rule.data["words"], tuple(report.form.cells))
    if prior is not None and report.year and prior.year and prior.year != report.year - 1:
        prior = None
    tables = _tables(
        _Values(report.values),
        None if prior is None else _Values(prior.values),
        "".join(report.agency.split()),
        report.kind is AgencyKind.DEPARTMENT,
        tuple((table.key, f"表{report.form.section(table.key).number}") for table in report.form.tables),
        tuple(report.form.cells),
    )
    claims: list[Claimed] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, ...], Claimed] = {}
    added: set[str] = set()
    for key in (PREAMBLE, *(section.key for section in report.form.sections)):
        text = report.text(key)
        for start, its in read_text(text, words, report.year, key) if text else ():
            placed = _placed(its, tables, key, start)
            claims.extend(placed.claims)
            faults.extend(placed.faults)
            added |= placed.added
            if placed.unsettled:
                faults.extend(_twice(its, placed, seen, added))
    by_code: dict[str, list[Fault]] = {}
    for fault in faults:
        by_code.setdefault(fault.code, []).append(fault)
    return Compared(tuple(claims), by_code, frozenset(added))


def bindable(report: Report, rules: Iterable[Rule], section: str) -> tuple[tuple[Bound, str], ...]:
    """The numbers of a section's prose, or of the preamble's, that can follow the tables, in order.

    Each with what it would follow, as a clerk calls it. Those are the claims that agree with what they speak of,
    have one reading only, and state in plain digits what the cells say.
    """
    return followable(one for one in compared(report, rules, None).claims if one.where.section == section)


def followable(claims: Iterable[Claimed]) -> tuple[tuple[Bound, str], ...]:
    """The same of numbers that were compared already."""
    return tuple(
        (Bound(claim.where.start, claim.text, claim.reading.cells), claim.reading.name)
        for claim in claims
        if claim.reading is not None and _follows(claim)
    )


def _follows(claim: Claimed) -> bool:
    """Whether a claim has one reading, and its figure written as the cells would write it."""
    agreeing = [one for one in claim.readings if one.value == claim.value]
    return (
        claim.state == "same"
        and len(agreeing) == 1
        and not agreeing[0].prior
        and not claim.how
        and claim.text == show_entry(agreeing[0].value)
    )


@dataclass(frozen=True, eq=False)
class _Tables:
    """What prose is compared with; itself only, as a key. `names` are those of tables, `results` lines of 表三."""

    values: Mapping[str, Entry]
    prior: Mapping[str, Entry] | None
    agency: str
    is_department: bool
    names: Mapping[str, str]
    results: frozenset[str]


class _Values:
    """What cells show, as a key: equal to the same object, and to what equals it."""

    def __init__(self, values: Mapping[str, Entry]) -> None:
        self.values = values

    def __hash__(self) -> int:
        return hash(tuple(self.values.values()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Values):
            return NotImplemented
        return self.values is other.values or self.values == other.values


@lru_cache(maxsize=8)
def _tables(
    values: _Values,
    prior: _Values | None,
    agency: str,
    is_department: bool,
    names: tuple[tuple[str, str], ...],
    cells: tuple[str, ...],
) -> _Tables:
    results = (cell for cell in cells if cell.startswith(_HANDLED) and cell.endswith(".total"))
    return _Tables(
        values.values,
        None if prior is None else prior.values,
        agency,
        is_department,
        dict(names),
        frozenset(results) - {_TOTAL},
    )


@dataclass(frozen=True, eq=False)
class _Placed:
    """The claims and faults of a paragraph; `unsettled` says that a firm one has nothing to be compared with.

    `added` are the codes of the rules whose sums were looked at.
    """

    claims: tuple[Claimed, ...]
    faults: tuple[Fault, ...]
    unsettled: bool
    added: frozenset[str]


@lru_cache(maxsize=1024)
def _judged(read: Read, tables: _Tables) -> _Placed:
    """A paragraph's, as if it stood at the beginning of a text."""
    return _judged_at(read, tables, "", 0)


def _judged_at(read: Read, tables: _Tables, section: str, start: int) -> _Placed:
    one = _Paragraph(tables, read, section, start)
    unsettled = any(
        statement.firm and claim.state == "open"
        for statement, claim in zip(read.statements, one.claims, strict=True)
    )
    return _Placed(tuple(one.claims), tuple(one.faults), unsettled, frozenset(one.added))


def _placed(read: Read, tables: _Tables, section: str, start: int) -> _Placed:
    """The same at its place; of a long one each part is moved by itself, so that a keystroke moves those behind it."""
    return (_long_one if len(read.parts) > 1 else _short_one)(read, tables, section, start)


# Few, as a day of typing would leave thousands of a long paragraph.
_long_one = lru_cache(maxsize=32)(_judged_at)


@lru_cache(maxsize=1024)
def _short_one(read: Read, tables: _Tables, section: str, start: int) -> _Placed:
    judged = _judged(read, tables)
    return _Placed(
        tuple(_moved(claim, section, start) for claim in judged.claims),
        tuple(_faults_moved(judged.faults, section, start)),
        judged.unsettled,
        judged.added,
    )


def _faults_moved(faults: Iterable[Fault], section: str, by: int) -> Iterator[Fault]:
    for fault in faults:
        yield fault._replace(where=Span(section, fault.where.start + by, fault.where.end + by))


class _Same:
    """Statements as a key: equal only to the very same, as comparing them takes as long as counting them."""

    def __init__(self, statements: tuple[Statement, ...]) -> None:
        self.statements = statements

    def __hash__(self) -> int:
        return id(self.statements)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.statements is other.statements


_Counted = tuple[tuple[Claimed | None, tuple[Fault, ...]], ...]


@lru_cache(maxsize=1024)
def _counted(its: _Same, text: str, tables: _Tables, section: str, start: int) -> _Counted:
    """The same of a part of a paragraph: a keystroke has one part counted, and those behind it moved."""
    if not section and not start:
        return tuple(_Paragraph(tables, Read(text, its.statements, (), "")).counted())
    return tuple(
        (
            _moved(claim, section, start) if claim is not None else None,
            tuple(_faults_moved(faults, section, start)),
        )
        for claim, faults in _counted(its, text, tables, "", 0)
    )


def _moved(claim: Claimed, section: str, by: int) -> Claimed:
    where, phrase = claim.where, claim.phrase
    return Claimed(
        Span(section, where.start + by, where.end + by),
        Span(section, phrase.start + by, phrase.end + by),
        claim.text,
        claim.value,
        claim.state,
        claim.readings,
        claim.reading,
        claim.how,
        claim.code,
    )


def _twice(
    read: Read, placed: _Placed, seen: dict[tuple[str, ...], Claimed], added: set[str]
) -> Iterator[Fault]:
    """The same cell stated twice differently, where the table itself says nothing."""
    for statement, claim in zip(read.statements, placed.claims, strict=True):
        if not statement.firm or claim.state != "open" or len(claim.readings) != 1 or statement.vague:
            continue
        if statement.year or statement.scope or statement.unit == "%":
            continue
        before = seen.setdefault(claim.readings[0].cells, claim)
        if before is not claim:
            added.add("P-24")
        if before.value != claim.value:
            yield Fault(
                "P-24",
                claim.where,
                _short(read.text, statement),
                claim.readings[0].name,
                before.text,
                (),
                claim.value,
                before.value,
            )


class _Paragraph:
    """The numbers of one paragraph beside the tables."""

    def __init__(self, tables: _Tables, read: Read, section: str = "", start: int = 0) -> None:
        self.tables, self.read, self.values = tables, read, tables.values
        self.section, self.start = section, start
        self.faults: list[Fault] = []
        self.bases: list[tuple[int, frozenset[Number]]] = []
        self.claims: list[Claimed] = []
        self.added: set[str] = set()
        for part in read.parts:
            its = _Same(part.statements)
            for claim, faults in _counted(its, part.text, tables, section, start + part.start):
                if claim is None:
                    number = len(self.claims)
                    self.claims.append(self._share(number, read.statements[number]))
                else:
                    self.claims.append(claim)
                    self.faults.extend(faults)
        if read.parts:  # else it is a piece, whose statements are counted one by one
            for listing in read.listings:
                self.faults.extend(self._parts(listing))
            self.faults.extend(self._shares_together())

    def span(self, statement: Statement) -> Span:
        return Span(self.section, self.start + statement.start, self.start + statement.end)

    def short(self, statement: Statement) -> str:
        return _short(self.read.text, statement)

    def counted(self) -> Iterator[tuple[Claimed | None, tuple[Fault, ...]]]:
        """What becomes of each statement by itself; None for a share, which is of what else the paragraph says."""
        for statement in self.read.statements:
            before = len(self.faults)
            claim = None if statement.code == "P-11" else self._count(statement)
            yield claim, tuple(self.faults[before:])

    # --- counts and amounts

    def _count(self, statement: Statement) -> Claimed:
        readings = tuple(self._reading(statement, option) for option in self._options(statement))
        agree = next(
            (one for one in readings if one.value is not None and _agrees(statement, one.value)), None
        )
        state: Literal["same", "different", "open"] = "open"
        if agree is not None:
            state = "same"
        elif self._is_firm(statement) and readings and not any(self._may_be(statement, r) for r in readings):
            state = "different"
            self._fault(statement, [one for one in readings if one.value is not None] or readings)
        return self._claimed(statement, state, readings, agree)

    def _may_be(self, statement: Statement, reading: Reading) -> bool:
        """Whether blanks among the cells leave room for what the prose says, or one holds a text."""
        if reading.value is not None:
            return False
        known = [self._of(reading).get(cell) for cell in reading.cells]
        if any(isinstance(value, str) for value in known) or statement.unit in ("元", "亿元"):
            return True
        return self._least(reading) <= statement.value

    def _of(self, reading: Reading) -> Mapping[str, Entry]:
        if not reading.prior:
            return self.values
        return self.tables.prior if self.tables.prior is not None else {}

    def _least(self, reading: Reading) -> Number:
        """The sum of those of its cells that hold a number."""
        values = (self._of(reading).get(cell) for cell in reading.cells)
        return sum(value for value in values if value is not None and not isinstance(value, str))

    def _options(self, statement: Statement) -> tuple[Option, ...]:
        return statement.options if statement.year in (0, -1) else ()

    def _reading(self, statement: Statement, option: Option) -> Reading:
        is_prior = statement.year == -1
        total = _sum(self._of(Reading("", (), None, is_prior)), option.cells)
        if total is not None and statement.unit in ("元", "亿元"):
            total = total * _WAN if statement.unit == "元" else total / Decimal(_WAN)
            total = int(total) if total == int(total) else total
        return Reading(option.name, option.cells, total, is_prior)

    def _is_firm(self, statement: Statement) -> bool:
        if not statement.firm or statement.vague or statement.scope == "narrow":
            return False
        if statement.scope.startswith(NAMED):
            body, agency = statement.scope.removeprefix(NAMED), self.tables.agency
            return not agency or body.endswith(agency[-_NAME:]) or agency.endswith(body[-_NAME:])
        return statement.scope != "wide" or not self.tables.is_department

    def _claimed(
        self,
        statement: Statement,
        state: Literal["same", "different", "open"],
        readings: tuple[Reading, ...],
        agree: Reading | None,
        how: str = "",
    ) -> Claimed:
        first, last = statement.phrase
        return Claimed(
            self.span(statement),
            Span(self.section, self.start + first, self.start + last),
            statement.text,
            statement.value,
            state,
            readings,
            agree,
            how,
            statement.code,
        )

    def _fault(self, statement: Statement, readings: Sequence[Reading]) -> None:
        first = readings[0]
        # Without value it is more than the prose says, whatever the blanks are.
        wanted_value = self._least(first) if first.value is None else first.value
        unit = statement.unit if statement.unit in ("元", "万元", "亿元") else ""
        wanted = f"{show_entry(wanted_value)}{f' {unit}' if unit else ''}"
        told = {wanted_value}
        for other in readings[1:]:
            if other.value is not None and other.value not in told:
                told.add(other.value)
                wanted += f"，{other.name}是 {show_entry(other.value)}"
        cells = tuple(dict.fromkeys(cell for one in readings for cell in one.cells))
        table = self.tables.names[Cell(first.cells[0]).page]
        name = f"{'上年年报' if first.prior else ''}{table}的{first.name}"
        where = self.span(statement)
        shown = () if first.prior else cells
        self.faults.append(
            Fault(
                statement.code,
                where,
                self.short(statement),
                name,
                wanted,
                shown,
                statement.value,
                wanted_value,
            )
        )

    # --- percentages

    def _share(self, number: int, statement: Statement) -> Claimed:
        if statement.growth:
            return self._growth(statement)
        read = self.read.statements
        subject = read[statement.share_of] if statement.share_of >= 0 else statement
        options = self._options(subject)
        if subject.year:
            return self._claimed(statement, "open", (), None)
        tops: dict[Number, tuple[str, ...]] = {}
        if statement.share_of >= 0:
            tops[subject.value] = options[0].cells if options else ()
        for option in options:
            count = _sum(self.values, option.cells)
            if count is not None:
                tops.setdefault(count, option.cells)
        bases: dict[Number, tuple[str, ...]] = {}
        for total, some in self._bases(options, statement):
            bases.setdefault(total, some)
        pairs = [(n, d) for n in tops for d in bases if d]
        rounded = {pair: _percent(*pair, statement.step) for pair in pairs}
        agreeing = [
            pair
            for pair in pairs
            if abs(Decimal(100) * pair[0] / pair[1] - Decimal(statement.value)) <= statement.step
        ]
        known = any(cells for cells in bases.values())
        readings = tuple(
            Reading(
                f"{options[0].name if options else ''} ÷ {show_entry(d)}",
                (*tops[n], *bases[d]),
                rounded[n, d],
            )
            for n, d in agreeing or pairs
        )
        if agreeing:
            self.bases.append((number, frozenset(d for _, d in agreeing)))
            n, d = agreeing[0]
            return self._claimed(statement, "same", readings, readings[0], _how(n, d, rounded[n, d]))
        if not pairs or not known or not self._is_firm(subject):
            return self._claimed(statement, "open", readings, None)
        n, d = min(pairs, key=lambda pair: abs(rounded[pair] - Decimal(statement.value)))
        how = _how(n, d, rounded[n, d])
        cells = tuple(dict.fromkeys((*tops[n], *bases[d])))
        self.faults.append(
            Fault(
                "P-11",
                self.span(statement),
                self.short(statement),
                "",
                f"按表格算是 {how}",
                cells,
                statement.value,
                rounded[n, d],
            )
        )
        return self._claimed(statement, "different", readings, None, how)

    def _bases(
        self, options: Sequence[Option], statement: Statement
    ) -> Iterator[tuple[Number, tuple[str, ...]]]:
        """What a part can be a share of: totals of the table, and those that the paragraph states itself."""
        cells = options[0].cells if options else ()
        groups = {cell.rpartition(".")[0] for cell in cells if cell.startswith("disputes.")}
        if groups:
            sums = [tuple(f"{group}.total" for group in groups)]
            codes: tuple[str, ...] = ("P-07", "P-08")
        else:
            sums = [(_TOTAL,), (_NEW,), (_NEW, _BROUGHT)]
            codes = ("P-01", "P-02", "P-03", "P-05")
        for some in sums:
            total = _sum(self.values, some)
            if total:
                yield total, some
        for other in self.read.statements:
            if other.code in codes and other.value and other.unit != "%" and other.start < statement.start:
                yield other.value, ()

    def _growth(self, statement: Statement) -> Claimed:
        read = self.read.statements
        subject = read[statement.share_of]
        sums = [option.cells for option in subject.options]
        now = {subject.value, *(v for some in sums if (v := _sum(self.values, some)) is not None)}
        before: set[Number] = {
            one.value for one in read if one.year == -1 and one.options and one.unit != "%" and one.value
        }
        stated = bool(before)
        prior = self.tables.prior
        if prior is not None:
            before |= {v for some in sums if (v := _sum(prior, some))}
        pairs = [(n, d) for n in sorted(now) for d in sorted(before)]
        grown = {pair: (Decimal(100) * (pair[0] - pair[1]) / pair[1] * statement.growth) for pair in pairs}
        for (n, d), value in grown.items():
            if abs(value - Decimal(statement.value)) <= statement.step:
                how = f"（{show_entry(n)}－{show_entry(d)}）÷ {show_entry(d)}"
                return self._claimed(statement, "same", (), None, how)
        if not pairs or not (stated or prior is not None) or not self._is_firm(subject):
            return self._claimed(statement, "open", (), None)
        n, d = min(pairs, key=lambda pair: abs(grown[pair] - Decimal(statement.value)))
        value = grown[n, d].quantize(statement.step, ROUND_HALF_UP) * statement.growth
        how = f"（{show_entry(n)}－{show_entry(d)}）÷ {show_entry(d)} ＝ {show_entry(value)}%"
        wanted = f"按件数算是 {how}"
        self.faults.append(
            Fault(
                "P-11",
                self.span(statement),
                self.short(statement),
                "",
                wanted,
                sums[0],
                statement.value,
                value,
            )
        )
        return self._claimed(statement, "different", (), None, how)

    def _shares_together(self) -> Iterator[Fault]:
        """Percentages of one paragraph that have no base in common; complete lists that are not 100 %."""
        read = self.read.statements
        if len(self.bases) > 1:
            common = frozenset.intersection(*(of for _, of in self.bases))
            if not common:
                first = self.bases[0][1]
                number, of = next((b for b in self.bases if not b[1] & first), self.bases[-1])
                statement = read[number]
                yield Fault(
                    "P-11",
                    self.span(statement),
                    self.short(statement),
                    "",
                    f"是占 {show_entry(min(of))} 的，前面的百分比是占 {show_entry(min(first))} 的，口径不同",
                    (),
                    statement.value,
                    statement.value,
                )
        shares = [one for one in read if one.key == "share" and not one.growth]
        subjects = [read[one.share_of] if one.share_of >= 0 else one for one in shares]
        if len(shares) > 2 and self._covers_results(subjects):
            self.added.add("P-12")
            total = sum((Decimal(one.value) for one in shares), Decimal(0))
            slack = max(Decimal("0.5"), sum((one.step for one in shares), Decimal(0)) / 2)
            if abs(total - 100) > slack:
                last = shares[-1]
                yield Fault(
                    "P-12",
                    self.span(last),
                    self.short(shares[0]),
                    "",
                    f"{show_entry(total)}%",
                    (),
                    total,
                    100,
                )

    # --- lists

    def _covers_results(self, parts: Iterable[Statement]) -> bool:
        parts = list(parts)
        every = self.tables.results
        said = {cell for part in parts if part.options for cell in part.options[0].cells}
        if not said or not said <= every:
            return False
        if any(part.key == "others" for part in parts):
            others = {
                cell for part in parts if part.key == "others" for o in part.options for cell in o.cells
            }
            said |= others
        return said >= every

    def _parts(self, listing: Listing) -> Iterator[Fault]:
        read = self.read.statements
        whole = read[listing.whole]
        parts = [read[number] for number in listing.parts]
        if whole.year or any(part.year for part in parts):
            return
        if listing.kind == "metrics":
            yield from self._known_parts(whole, parts, complete=listing.complete)
            return
        total = sum(part.value for part in parts)
        code = "P-19" if listing.kind == "channels" else "P-23"
        self.added.add(code)
        begun = (sum(part.value for part in parts[:count]) for count in range(2, len(parts)))
        if total == whole.value or (len(parts) < _LONG and whole.value in begun):
            return  # what stands behind a short list may be none of its parts
        many = listing.kind == "channels" or len(parts) > 2
        if (total > whole.value and many) or (total < whole.value and listing.complete):
            yield self._sum_fault(code, whole, parts, total)

    def _known_parts(
        self, whole: Statement, parts: Sequence[Statement], *, complete: bool
    ) -> Iterator[Fault]:
        kept: list[Statement] = []
        said: set[str] = set()
        for part in parts:
            cells = set(part.options[0].cells)
            if cells <= said:
                continue
            if cells & said:
                return
            said |= cells
            kept.append(part)
        if len(kept) < 2:
            return
        keys = {part.key for part in kept}
        is_columns = all(key.startswith("c_") for key in keys)
        is_outcomes = all(key.startswith("d_") for key in keys)
        is_results = all(part.code == "P-09" for part in kept)
        every: bool
        if is_columns and whole.key in _INTAKE:
            columns = {cell.rpartition(".")[2] for cell in said}
            every = len(columns) == len(_COLUMNS) and columns == _COLUMNS
            code = "P-13"
        elif is_outcomes and whole.code in ("P-07", "P-08"):
            groups = {cell.rpartition(".")[0] for cell in whole.options[0].cells}
            every = said == {f"{group}.{part}" for group in groups for part in _OUTCOMES}
            code = "P-10"
        elif is_results and whole.key in _OFFICES:
            every = self._covers_results(kept)
            code = "P-10"
        elif is_results and whole.code == "P-09" and said < set(whole.options[0].cells):
            every, code = False, "P-10"
        else:
            return
        self.added.add(code)
        total = sum(part.value for part in kept)
        if total == whole.value:
            return
        weak = any(not part.firm for part in kept)
        if (every and complete) or (total > whole.value and not weak):
            yield self._sum_fault(code, whole, kept, total)

    def _sum_fault(self, code: str, whole: Statement, parts: Sequence[Statement], total: Number) -> Fault:
        terms = "＋".join(show_entry(part.value) for part in parts)
        wanted = f"{terms}＝{show_entry(total)}" if len(parts) <= _TERMS else show_entry(total)
        return Fault(code, self.span(whole), self.short(whole), "", wanted, (), whole.value, total)


def _short(text: str, statement: Statement) -> str:
    """The number with the words before it, as a message quotes it."""
    if statement.key == "none":
        return text[statement.phrase[0] : statement.phrase[1]][:_WORDS]
    first = max(statement.phrase[0], statement.start - _QUOTED)
    said = text[first : statement.end]
    if first > statement.phrase[0]:
        said = "…" + said.lstrip("0123456789.,%年度，的 ")
    unit = statement.unit
    return said + unit if unit and text[statement.end :].lstrip().startswith(unit) else said


_QUOTED = 20  # characters of a phrase that a message quotes before the number
_WORDS = 30  # characters of a phrase without number
_NAME = 4  # characters at the end of an agency's name by which a shorter one is known
_LONG = 5  # parts of a list that is no accident
_TERMS = 6  # a longer sum is told by its result alone
_COLUMNS = frozenset(
    ("natural_person", "company", "research", "public_interest", "legal_service", "other_organization")
)
_OUTCOMES = ("upheld", "corrected", "other", "pending")


def _sum(values: Mapping[str, Entry], cells: Iterable[str]) -> Number | None:
    total: Number = 0
    for cell in cells:
        value = values.get(cell)
        if value is None or isinstance(value, str):
            return None
        total += value
    return total


def _agrees(statement: Statement, value: Number) -> bool:
    """Whether a figure is what the prose says, as exactly as it says it."""
    stated = statement.value
    if value == stated:
        return True
    difference = abs(Decimal(value) - Decimal(stated))
    if statement.vague:
        return Decimal(stated) * Decimal("0.9") <= value <= Decimal(stated) * Decimal("1.2")
    if statement.unit in ("元", "万元", "亿元"):
        kept = Decimal(value)
        if statement.unit == "元":
            kept /= _WAN
        exponent = kept.normalize().as_tuple().exponent
        shown = Decimal(1).scaleb(min(int(exponent), 0)) * (_WAN if statement.unit == "元" else 1)
        return difference < statement.step or difference * 2 <= shown
    return statement.step > 1 and difference < statement.step


def _percent(part: Number, whole: Number, step: Decimal) -> Decimal:
    return (Decimal(100) * part / whole).quantize(min(step, Decimal(1)), ROUND_HALF_UP)


def _how(part: Number, whole: Number, percent: Decimal) -> str:
    return f"{show_entry(part)} ÷ {show_entry(whole)} ＝ {show_entry(percent)}%"
