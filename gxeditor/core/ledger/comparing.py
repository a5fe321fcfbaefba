"""A ledger's counts beside a report: which cells differ, which requests explain it, and the report that adopts them.

Knows what a clerk gets wrong with one request (the turn of the year, the row, the applicant's kind, one left out or
counted that does not count) and finds the request whose mistake would make just these differences. It is told as
likely, never as certain; nothing is adopted by itself. A report gets counts and a digest, never a name. Knows no
finding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from gxeditor.core.fields import LedgerCounts
from gxeditor.core.form import Cell, Form
from gxeditor.core.ledger.counting import DISPUTES, REQUESTS, Counts
from gxeditor.core.ledger.request import Ledger, Request
from gxeditor.core.ledger.vocabulary import Vocabulary
from gxeditor.core.report import Entry, Report

TABLES = (REQUESTS, DISPUTES)
_MANY = 60
"""Requests by which a report and a ledger may be apart for causes to be looked for: beyond, the report is another one,
and whatever request fits fits by chance."""


class Difference(NamedTuple):
    """A cell whose figure in the report is not the ledger's; `report` is a number, or a text such as 「/」."""

    cell: str
    report: Entry
    ledger: int

    @property
    def size(self) -> int | None:
        """How many more the report has; None if it has no whole number."""
        return self.report - self.ledger if isinstance(self.report, int) else None


@dataclass(frozen=True)
class Comparison:
    """A report beside counts: `differing` in the order of the form, `blank` the cells that nobody has filled in yet."""

    differing: tuple[Difference, ...]
    blank: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the report has no figure at all in the two tables: then nothing differs, and all can be filled in."""
        return not self.differing and bool(self.blank)


def compare(report: Report, counts: Counts) -> Comparison:
    """Compares what each cell of the two tables shows with the count. A text differs where something is counted."""
    differing: list[Difference] = []
    blank: list[str] = []
    values = report.values
    for cell, counted in counts.cells.items():
        if cell not in report.form.cells:
            continue
        value = values.get(cell)
        if value is None:
            blank.append(cell)
        elif value != counted and not (isinstance(value, str) and not counted):
            differing.append(Difference(cell, value, counted))
    return Comparison(tuple(differing), tuple(blank))


def compare_kept(report: Report) -> Comparison | None:
    """The cells that were changed against the counts that the report keeps of its ledger; None if it keeps none.

    Needs no ledger: what was adopted once is told even where the ledger is not at hand.
    """
    if report.ledger is None:
        return None
    nothing: Mapping[str, tuple[str, ...]] = {}
    kept = Counts(report.ledger.year, dict(report.ledger.cells), nothing, (), (), (), ())
    return compare(report, kept)


def unexplained_totals(comparison: Comparison, form: Form) -> frozenset[str]:
    """The totals among the differing cells that do not differ just as their parts do."""
    sizes = {one.cell: one.size for one in comparison.differing}
    found = set()
    for total in form.totals:
        if total.id in sizes:
            parts = [sizes.get(part, 0) for part in total.parts]
            if None in parts or sum(part or 0 for part in parts) != sizes[total.id]:
                found.add(total.id)
    return frozenset(found)


# --- causes


class Cause(NamedTuple):
    """What one request explains: `requests` are the ids of those that it may be, `cells` the differing cells.

    `title` says how likely it is (「很可能是这 1 件」), `sentence` what became of the request in ledger and report.
    """

    requests: tuple[str, ...]
    cells: tuple[str, ...]
    title: str
    sentence: str


def causes(report: Report, ledger: Ledger, counts: Counts, vocabulary: Vocabulary) -> tuple[Cause, ...]:
    """The differences that one request each explains, in the order of the form; others are in none.

    A request explains a group of cells if counting it otherwise would make each of them differ as it does. Of several
    ways the one with the best evidence and the most cells is taken, until nothing is left that one request explains.
    """
    compared = compare(report, counts)
    apart = {one.cell: one.size for one in compared.differing if not report.form.cells[one.cell].is_total}
    left = {cell: size for cell, size in apart.items() if size}
    if sum(abs(size) for size in left.values()) > 2 * _MANY:
        return ()
    search = _Search(report.form, ledger, counts, vocabulary)
    differing = {one.cell for one in compared.differing}
    found: list[Cause] = []
    used: set[str] = set()
    while left:
        ways = [way for way in (one.without(used) for one in search.ways(left)) if way.candidates]
        if not ways:
            break
        best = min(ways, key=lambda way: (way.evidence, -len(way.moved), len(way.candidates)))
        for cell, step in best.moved.items():
            left[cell] -= step
            if not left[cell]:
                del left[cell]
        cells = _with_totals(report.form, best.moved, differing)
        found.append(search.told(best, cells))
        if len(best.candidates) == 1:
            used.update(best.candidates)
    order = {cell: place for place, cell in enumerate(report.form.cells)}
    return tuple(sorted(found, key=lambda one: order[one.cells[0]]))


def _with_totals(form: Form, moved: Mapping[str, int], differing: Collection[str]) -> tuple[str, ...]:
    """The cells that differ as these move: they and the totals that move with them, in the order of the form."""
    moves = dict(moved)
    for total in form.totals:
        if step := sum(moves.get(part, 0) for part in total.parts):
            moves[total.id] = step
    return tuple(cell for cell in form.cells if cell in moves and cell in differing)


class _Way(NamedTuple):
    """One mistake that would explain some differences: how it moves cells, whose it may be, how good the evidence is.

    `kind` names it; `said` and `meant` are the row or column of the report and that of the ledger.
    """

    kind: str
    moved: Mapping[str, int]
    candidates: tuple[str, ...]
    evidence: int
    said: str = ""
    meant: str = ""

    def without(self, used: Collection[str]) -> _Way:
        return self._replace(candidates=tuple(one for one in self.candidates if one not in used))


_ENTRIES = ("received", "brought_forward")
_CARRIED = "carried_forward"


class _Search:
    """The requests of a ledger by the cells that they count in, and the mistakes that would explain differences."""

    def __init__(self, form: Form, ledger: Ledger, counts: Counts, vocabulary: Vocabulary) -> None:
        self.form, self.ledger, self.counts, self.vocabulary = form, ledger, counts, vocabulary
        cells = [cell for cell in form.cells.values() if cell.section == REQUESTS and not cell.is_total]
        self.columns = list(dict.fromkeys(cell.column.key for cell in cells))
        rows = list(dict.fromkeys(cell.row.key for cell in cells))
        self.results = [row for row in rows if row not in _ENTRIES]
        self.rows = {cell: frozenset(ids) for cell, ids in counts.rows.items()}
        self.order = {request.id: place for place, request in enumerate(ledger.requests)}
        self.disputes = [
            cell.id for cell in form.cells.values() if cell.section == DISPUTES and not cell.is_total
        ]

    def ways(self, left: Mapping[str, int]) -> Iterator[_Way]:
        for column in self.columns:
            yield from self._of_column(left, column)
        for one in self.columns:
            for other in self.columns:
                if one != other:
                    yield from self._of_kind(left, one, other)
        yield from self._of_disputes(left)

    # one mistake each

    def _of_column(self, left: Mapping[str, int], column: str) -> Iterator[_Way]:
        def at(row: str) -> str:
            return f"{REQUESTS}.{row}.{column}"

        more = [row for row in self.results if left.get(at(row), 0) > 0]
        less = [row for row in self.results if left.get(at(row), 0) < 0]
        for said in more:
            for meant in less:
                moved = {at(said): 1, at(meant): -1}
                yield from self._by_evidence("row", moved, self.rows[at(meant)], said, meant)
        for said, meant in (_ENTRIES, _ENTRIES[::-1]):
            if left.get(at(said), 0) > 0 > left.get(at(meant), 0):
                moved = {at(said): 1, at(meant): -1}
                yield from self._by_evidence("entry", moved, self.rows[at(meant)], said, meant)
        for entry in _ENTRIES:
            if left.get(at(entry), 0) < 0:
                for row in less:
                    both = self.rows[at(entry)] & self.rows[at(row)]
                    yield from self._by_evidence("left_out", {at(entry): -1, at(row): -1}, both, "", row)
            elif left.get(at(entry), 0) > 0:
                for row in more:
                    moved = {at(entry): 1, at(row): 1}
                    yield from self._by_evidence(
                        "added", moved, self._not_counted(column, entry, row), row, ""
                    )

    def _of_kind(self, left: Mapping[str, int], meant: str, said: str) -> Iterator[_Way]:
        def both(row: str) -> bool:
            return left.get(f"{REQUESTS}.{row}.{meant}", 0) < 0 < left.get(f"{REQUESTS}.{row}.{said}", 0)

        for entry in filter(both, _ENTRIES):
            for row in filter(both, self.results):
                moved = {
                    f"{REQUESTS}.{line}.{column}": step
                    for line in (entry, row)
                    for column, step in ((meant, -1), (said, 1))
                }
                ids = self.rows[f"{REQUESTS}.{entry}.{meant}"] & self.rows[f"{REQUESTS}.{row}.{meant}"]
                yield from self._by_evidence("kind", moved, ids, said, meant)

    def _of_disputes(self, left: Mapping[str, int]) -> Iterator[_Way]:
        less = [cell for cell in self.disputes if left.get(cell, 0) < 0]
        for said in self.disputes:
            if left.get(said, 0) > 0:
                for meant in less:
                    yield from self._by_evidence(
                        "dispute", {said: 1, meant: -1}, self.rows[meant], said, meant
                    )
                ids = [one.request for one in self.counts.undecided if one.table == DISPUTES]
                yield from self._by_evidence("dispute_added", {said: 1}, ids, said, "")
        for meant in less:
            yield from self._by_evidence("dispute_left_out", {meant: -1}, self.rows[meant], "", meant)

    def _not_counted(self, column: str, entry: str, row: str) -> list[str]:
        """The requests that the ledger counts nowhere in the year and that this place might have been given."""
        ids = [one.request for one in self.counts.undecided if one.table == REQUESTS]
        found = []
        for key in (*self.counts.void, *self.counts.other_years, *ids):
            request = self.ledger.by_id[key]
            kind = self._column(request)
            result = self._row(request)
            if kind in ("", column) and result in ("", row, _CARRIED):
                received = request.day("received_on")
                early = received is not None and received.year < self.counts.year
                if received is None or early == (entry == _ENTRIES[1]) or key in self.counts.other_years:
                    found.append(key)
        return found

    # evidence

    def _by_evidence(
        self, kind: str, moved: Mapping[str, int], ids: Iterable[str], said: str, meant: str
    ) -> Iterator[_Way]:
        """The way, for the requests of which most speaks for it."""
        levels: dict[int, list[str]] = {}
        for key in ids:
            levels.setdefault(self._evidence(kind, self.ledger.by_id[key], said, meant), []).append(key)
        if levels:
            best = min(levels)
            yield _Way(
                kind, moved, tuple(sorted(levels[best], key=self.order.__getitem__)), best, said, meant
            )

    def _evidence(self, kind: str, request: Request, said: str, meant: str) -> int:
        """0 if the days of a request lie where this mistake is made, 1 if it fits, 2 if it fits but is unlikely."""
        year, closed = self.counts.year, request.day(self.ledger.closed_by)
        received = request.day("received_on")
        if kind == "row" and meant == _CARRIED:
            if closed is None:
                return 2
            return 0 if closed.year == year + 1 and self._row(request) == said else 1
        if kind == "row" and said == _CARRIED:
            return 0 if closed is not None and (closed.year, closed.month) == (year, 12) else 2
        if kind == "entry" and received is not None:
            near = (year - 1, 12) if meant == _ENTRIES[1] else (year, 1)
            return 0 if (received.year, received.month) == near else 2
        if kind in ("left_out", "dispute_left_out"):
            return 2
        return 1

    def _column(self, request: Request) -> str:
        code = self.vocabulary.lists["applicant_type"].get(request.text("applicant_type"))
        return code.target if code is not None else ""

    def _row(self, request: Request) -> str:
        code = self.vocabulary.lists["outcome"].get(request.text("outcome"))
        return code.target if code is not None else ""

    # in words

    def told(self, way: _Way, cells: tuple[str, ...]) -> Cause:
        only = self.ledger.by_id[way.candidates[0]] if len(way.candidates) == 1 else None
        count = len(way.candidates)
        title = "很可能是这 1 件" if only is not None else f"可能是这 {count} 件中的 1 件"
        return Cause(way.candidates, cells, title, self._sentence(way, only))

    def _sentence(self, way: _Way, only: Request | None) -> str:
        name = only.called if only is not None else "其中 1 件"
        said, meant = self._name(way, way.said), self._name(way, way.meant)
        if way.kind == "row" and way.meant == _CARRIED:
            closed = only.day(self.ledger.closed_by) if only is not None else None
            if only is not None and closed is not None:
                received = only.day("received_on")
                assert received is not None
                days = f"{_said(received, self.counts.year)}收到，{_said(closed, self.counts.year)}答复"
                later = self._row_name(self._row(only)) or said
                return f"{name}：{days}。跨年答复的，本年计入“{meant}”，答复的那年计入“{later}”；年报像是计在“{said}”。"
            return f"{name}到年底没有答复，计入“{meant}”；年报像是计在“{said}”。"
        if way.kind == "row" and way.said == _CARRIED:
            closed = only.day(self.ledger.closed_by) if only is not None else None
            when = _said(closed, self.counts.year) if closed is not None else "年内"
            return f"{name}：{when}已经答复，计入“{meant}”；年报像是计在“{said}”。"
        if way.kind == "entry":
            received = only.day("received_on") if only is not None else None
            when = f"{_said(received, self.counts.year)}收到，" if received is not None else ""
            return f"{name}：{when}计入“{meant}”；年报像是计在“{said}”。"
        if way.kind == "kind":
            return f"{name}：台账里的申请人类别是“{meant}”，年报像是计在“{said}”。"
        if way.kind == "left_out":
            return f"年报像是少计了{name}：台账里它计入“{meant}”。"
        if way.kind == "dispute_left_out":
            return f"年报像是少计了{name}的“{meant}”。"
        if way.kind == "added":
            return f"年报像是多计了{name}：{self._why_not_counted(only)}，台账的数里没有它。"
        if way.kind == "dispute_added":
            return f"{name}的复议或诉讼没有定，台账的数里没有它；年报像是计在“{said}”。"
        return f"{name}：台账里计入“{meant}”，年报像是计在“{said}”。"

    def _why_not_counted(self, only: Request | None) -> str:
        if only is None:
            return "没有定，或不属于这一年"
        if only.is_void:
            return "登记为误登"
        if only.id in self.counts.other_years:
            received, closed = only.day("received_on"), only.day(self.ledger.closed_by)
            told = [f"{_said(received, 0)}收到"] if received else []
            told += [f"{_said(closed, 0)}答复"] if closed else []
            return f"{'，'.join(told)}，不属于 {self.counts.year} 年"
        why = next(
            one.reason for one in self.counts.undecided if one.request == only.id and one.table == REQUESTS
        )
        return why.rstrip("。")

    def _name(self, way: _Way, key: str) -> str:
        if not key:
            return ""
        if way.kind == "kind":
            cell = self._any(lambda cell: cell.section == REQUESTS and cell.column.key == key)
            return cell.column.name if cell is not None else key
        if way.kind.startswith("dispute"):
            return self.form.cells[key].place
        return self._row_name(key)

    def _row_name(self, key: str) -> str:
        cell = self._any(lambda cell: cell.section == REQUESTS and cell.row.key == key)
        return cell.row.name if cell is not None else ""

    def _any(self, fits: Callable[[Cell], bool]) -> Cell | None:
        return next((cell for cell in self.form.cells.values() if fits(cell)), None)


def _said(day: date, year: int) -> str:
    """A day in words, without its year if that is the one that is spoken of."""
    return f"{day.month}月{day.day}日" if day.year == year else f"{day.year}年{day.month}月{day.day}日"


# --- adopting


def adopt(report: Report, counts: Counts, cells: Collection[str] | None = None, digest: str = "") -> Report:
    """The report with the ledger's figures in these cells, all of the two tables if None: one step to be undone.

    A total among them becomes automatic where its parts make it, and brings its parts along if none of them is there.
    A total that is not among them keeps what was typed. The report keeps all counts and the digest of the ledger
    (`digest_of`), by which it is told later that a cell was changed against them.
    """
    form = report.form
    wanted = set(counts.cells if cells is None else cells) & set(form.cells)
    below = {total.id: _details(form, total) for total in form.totals if total.id in wanted}
    details = {cell for cell in wanted if not form.cells[cell].is_total}
    for parts in below.values():
        if not parts & details:
            details |= parts
    changed = report.with_entries({cell: counts.cells[cell] for cell in form.cells if cell in details})
    for total in form.totals:
        if total.id not in wanted:
            continue
        summed = changed.details_sum(total)
        entry = None if summed is not None else counts.cells[total.id]
        if total.id in changed.entries or entry is not None:
            changed = changed.with_entry(total.id, entry)
    kept = LedgerCounts(counts.year, digest, tuple(sorted(counts.cells.items())), len(counts.undecided))
    return replace(changed, ledger=kept)


def _details(form: Form, total: Cell) -> set[str]:
    found: set[str] = set()
    for part in total.parts:
        cell = form.cells[part]
        found |= _details(form, cell) if cell.is_total else {part}
    return found


_COUNTED_BY = (
    "received_on",
    "applicant_type",
    "outcome",
    "answered_on",
    "served_on",
    "review_on",
    "review_result",
    "suit_on",
    "suit_kind",
    "suit_result",
)
"""The columns that counting reads; none of them is private."""


def digest_of(ledger: Ledger) -> str:
    """A digest of what is counted of a ledger, in hexadecimal: equal as long as nothing changed that a count rests on.

    No name, number or text of a request is in it.
    """
    said = hashlib.sha256(ledger.closed_by.encode())
    for request in ledger.requests:
        row = [request.id, *(str(request.values.get(field, "")) for field in _COUNTED_BY)]
        said.update("\x1f".join(row).encode() + b"\x1e")
    return said.hexdigest()
