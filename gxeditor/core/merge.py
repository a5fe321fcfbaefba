"""Two copies of one report as one again: what each side changed of the state that both began with.

Knows what a report consists of (cells, plain fields, the paragraphs of every text, and what a person said of it), which
of it both sides changed differently, and what a choice would break. Does not know where the common state comes from,
nor how a question is put. Decided here:

- A thing that one side changed is taken from that side; what both changed alike is taken once. A conflict is only what
  reads differently: blanks around a paragraph, blank lines, and a total that is typed on one side and adds up to the
  same on the other are none (the typed one stays).
- Texts are merged by paragraphs, aligned as `prose_beside` does it. Paragraphs that both sides put in at one place are
  a conflict, as their order is anybody's guess. One that one side moved and the other rewrote is rewritten where it is
  now; moved and deleted is a conflict; one that both moved to different places stands at both. A number that follows
  cells is compared by what it follows and then says what the merged cells say, so that it is no change of the text.
- A figure, or a number in prose, stays in doubt unless one side has looked at it. What is marked on either side moves
  with its text.
- The agency's name is a field as any other if one side still has that of the common state: a corrected name. If both
  sides renamed it differently, or it differs and there is no common state, they are reports of two agencies, which are
  never merged; nor are two years or two editions of the form.
- Last year's report is the same if it says the same, wherever its file lies; that of our side stays.
- That a report was made final (定稿) is kept as it was said, but is in force only if the merged report says just what
  was made final; else it is noted as opened again by the merging.
- Without a common state nothing can be told to be new on one side: each difference is a conflict, but for doubts (which
  stay) and for what only one side said of a rule or a finding (which is kept).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeVar

from gxeditor.core.checks.anchors import Anchor, Cell, Field, Span, Whole, named
from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.errors import GxError
from gxeditor.core.fields import BY_NAME, FIELDS, PRIOR, PlainField
from gxeditor.core.following import restated, sum_of
from gxeditor.core.form import Form
from gxeditor.core.prose_beside import aligned
from gxeditor.core.report import (
    Bound,
    Doubt,
    Entry,
    Explanation,
    Final,
    ProseDoubt,
    Report,
    marks_moved,
    same_entry,
    show_entry,
)

Side = Literal["ours", "theirs", "both"]
OURS: Literal["ours"] = "ours"
THEIRS: Literal["theirs"] = "theirs"
BASE: Literal["base"] = "base"
BOTH: Literal["both"] = "both"
"""What can be chosen in a conflict; `BOTH` puts paragraphs of the one below those of the other, ours first."""

SAME = "两份内容相同，不用合并。"
NO_BASE = "找不到同一份原稿，两边不同的地方都要选。"


class Own(NamedTuple):
    """A choice of neither side: the words that a person writes instead, for a paragraph."""

    text: str


Choice = str | Own


@dataclass(frozen=True, slots=True)
class Place:
    """Something that two reports may say differently: `key` tells it from all others of a merging.

    A key is a cell's id, the name of a field, text and number of a paragraph (`overview:3`), or what else with its
    kind before it (`explanation:…`, `closed:Y-01`, `extra:…`). `where` is in our report, a place where something
    is missing has no characters; `name` is what a clerk calls it.
    """

    key: str
    where: Anchor
    name: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both sides changed differently, as it reads on each side; None for nothing there.

    `options` are what may be chosen, of `OURS`, `THEIRS`, `BASE` and `BOTH`; a `paragraph` may be written anew (`Own`).
    """

    place: Place
    base: str | None
    ours: str | None
    theirs: str | None
    options: tuple[str, ...]
    paragraph: bool = False

    @property
    def key(self) -> str:
        return self.place.key

    @property
    def mirrored(self) -> Conflict:
        """The same seen from the other side, but for its place."""
        return replace(self, ours=self.theirs, theirs=self.ours)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken over without a question: from which side, what it read before and reads now."""

    place: Place
    side: Side
    before: str | None
    after: str | None


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing with its three values; `decided` is what stands without a question, or None for a conflict."""

    conflict: Conflict | None
    taken: Taken | None
    base: Any
    ours: Any
    theirs: Any
    decided: Any

    def value(self, choices: Mapping[str, Choice]) -> Any:
        if self.conflict is None:
            return self.decided
        chosen = choices.get(self.conflict.key, "")
        if isinstance(chosen, Own) or (chosen and chosen not in self.conflict.options):
            raise ValueError(f"{self.conflict.key}: {chosen}")
        return self.theirs if chosen == THEIRS else self.ours if chosen == OURS else self.base


@dataclass(frozen=True)
class Merged:
    """What became of two copies: `conflicts` in the order of the form, and what was `taken` without a question.

    `base` is None if no common state is known.
    """

    base: Report | None
    ours: Report
    theirs: Report
    conflicts: tuple[Conflict, ...]
    taken: tuple[Taken, ...]
    _parts: _Parts = field(repr=False, compare=False)

    @property
    def is_same(self) -> bool:
        """Whether there is nothing to merge, as both say the same."""
        return self.ours == self.theirs

    @cached_property
    def report(self) -> Report:
        """The merged report, conflicts being left as the common state has them (without one: as ours)."""
        return self.resolve({})

    @property
    def changed(self) -> tuple[int, int]:
        """In how many places ours, and theirs, differ from the common state."""
        ours = sum(one.side != THEIRS for one in self.taken) + len(self.conflicts)
        theirs = sum(one.side != OURS for one in self.taken) + len(self.conflicts)
        return ours, theirs

    def open(self, choices: Mapping[str, Choice]) -> tuple[Conflict, ...]:
        """The conflicts in which nothing is chosen yet."""
        return tuple(one for one in self.conflicts if one.key not in choices)

    def resolve(self, choices: Mapping[str, Choice], day: str = "") -> Report:
        """The report with these choices, by the keys of conflicts; one without a choice is left as in `report`.

        `day` (ISO 8601) is noted with what was final and is not any more. KeyError for a conflict that there is not,
        ValueError for what cannot be chosen in it.
        """
        known = {one.key for one in self.conflicts}
        for key in choices:
            if key not in known:
                raise KeyError(key)
        return self._parts.report(choices, day)

    def breaks(
        self,
        conflict: Conflict,
        choices: Mapping[str, Choice],
        rules: Iterable[Rule],
        given: Given | None = None,
    ) -> Mapping[str, tuple[Finding, ...]]:
        """The errors and queries that come with ours (`OURS`) and not with theirs, and the other way; worst first.

        The other conflicts are as `choices` has them. It checks the report twice.
        """
        rules = tuple(rules)
        found = {}
        for side in (OURS, THEIRS):
            report = self.resolve({**choices, conflict.key: side})
            findings = check(report, rules, given=given) if given is not None else check(report, rules)
            found[side] = {
                (one.address, one.message): one for one in findings.open if one.severity is not Severity.HINT
            }
        return {
            side: tuple(one for mark, one in found[side].items() if mark not in found[other])
            for side, other in ((OURS, THEIRS), (THEIRS, OURS))
        }


def merge(base: Report | None, ours: Report, theirs: Report) -> Merged:
    """Merges two copies of one report; `base` is the state that both began with, None if it is not known.

    Raises `GxError` for reports of another agency, year or edition of the form, see the module.
    """
    _demand_one(base, ours, theirs)
    parts = _Parts.of(base, ours, theirs)
    items = tuple(parts.items)
    return Merged(
        base,
        ours,
        theirs,
        tuple(one.conflict for one in items if one.conflict is not None),
        tuple(one.taken for one in items if one.taken is not None),
        parts,
    )


# --- whether they are copies of one report ---------------------------------------------------------------------------

_NOTHING_DONE = "两份都没有改动。"


def agency_key(name: str) -> str:
    """An agency's name without blanks and widths, by which two are the same."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def _demand_one(base: Report | None, ours: Report, theirs: Report) -> None:
    if ours.edition != theirs.edition:
        raise GxError(
            f"两份年报的格式版本不同（{ours.edition} 和 {theirs.edition}），不能合并。",
            _NOTHING_DONE,
            "请先把旧格式的一份改成新格式。",
        )
    if ours.year and theirs.year and ours.year != theirs.year:
        raise GxError(
            f"一份是 {ours.year} 年的，另一份是 {theirs.year} 年的，不能合并。",
            _NOTHING_DONE,
            "请选同一年的两份年报。",
        )
    if base is not None and (
        base.edition != ours.edition or (base.year and {ours.year, theirs.year} - {base.year, None})
    ):
        raise GxError(
            "选的原稿是另一年的，或是另一种格式，不能用来合并。", _NOTHING_DONE, "请选这份年报以前的版本。"
        )
    names = {agency_key(one.agency) for one in (ours, theirs)} - {""}
    if len(names) > 1 and (base is None or agency_key(base.agency) not in names):
        raise GxError(
            f"一份的单位是“{ours.agency}”，另一份是“{theirs.agency}”，不是同一份年报，不能合并。",
            _NOTHING_DONE,
            "如果只是名称写法不同，请先把两份的单位改成一样。",
        )


# --- what is merged, by kinds ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Parts:
    """All things of which a report consists, each with what becomes of it."""

    ours: Report
    theirs: Report
    plain: Mapping[str, _Item]
    prior: _Item
    cells: Mapping[str, _Item]
    texts: Mapping[str, _Text]
    said: Mapping[str, Mapping[str, _Item]]
    finals: tuple[Final, ...]

    @classmethod
    def of(cls, base: Report | None, ours: Report, theirs: Report) -> _Parts:
        form = ours.form
        sides = _Sides(base, ours, theirs)
        keys = [one.name for one in FIELDS if one.prose and not one.table]
        for section in form.sections:
            keys += [one.name for one in FIELDS if one.table == section.key]
            keys.append(section.key)
        return cls(
            ours,
            theirs,
            {one.name: sides.field(one) for one in FIELDS if not one.prose},
            sides.prior(),
            {cell: item for cell in form.cells if (item := sides.cell(cell)) is not None},
            {key: _Text.of(key, base, ours, theirs) for key in keys},
            {
                "explanations": sides.named("explanation", "explanations", _explanation_shown),
                "closed": sides.named("closed", "closed", str),
                "extra": sides.named("extra", "extra", str),
            },
            _all_finals(ours, theirs),
        )

    @property
    def items(self) -> Iterator[_Item]:
        """In the order of the form: fields, section by section the cells, the note and the prose, then the rest."""
        yield from self.plain.values()
        yield self.prior
        form = self.ours.form
        by_section: dict[str, list[_Item]] = {}
        for cell, item in self.cells.items():
            by_section.setdefault(form.cells[cell].section, []).append(item)
        sections = {one.key for one in form.sections}
        for key, text in self.texts.items():
            if (table := BY_NAME[key].table if key in BY_NAME else key) in sections:
                yield from by_section.pop(table, ())
            yield from text.items
        for items in self.said.values():
            yield from items.values()

    def report(self, choices: Mapping[str, Choice], day: str) -> Report:
        plain: dict[str, Any] = {name: item.value(choices) for name, item in self.plain.items()}
        entries: dict[str, Entry] = {}
        doubts: dict[str, Doubt] = {}
        for cell, item in self.cells.items():
            entry, doubt = item.value(choices)
            if entry is not None:
                entries[cell] = entry
                if doubt is not None:
                    doubts[cell] = replace(doubt, entry=entry)
        said: dict[str, Any] = {
            name: MappingProxyType(
                {key: value for key, item in items.items() if (value := item.value(choices)) is not _ABSENT}
            )
            for name, items in self.said.items()
        }
        report = Report(
            self.ours.form,
            entries=MappingProxyType(entries),
            doubts=MappingProxyType(doubts),
            prior=self.prior.value(choices),
            **plain,
            **said,
        )
        sections: dict[str, str] = {}
        fields: dict[str, Any] = {}
        bound: dict[str, tuple[Bound, ...]] = {}
        prose_doubts: dict[str, tuple[ProseDoubt, ...]] = {}
        for key, text in self.texts.items():
            whole, its_bound, its_doubts = _written(text.lines(choices), report)
            if key in BY_NAME:
                fields[key] = whole
            elif whole:
                sections[key] = whole
            if its_bound:
                bound[key] = its_bound
            if its_doubts:
                prose_doubts[key] = its_doubts
        report = replace(
            report,
            sections=MappingProxyType(sections),
            bound=MappingProxyType(bound),
            prose_doubts=MappingProxyType(prose_doubts),
            **fields,
        )
        return _with_finals(report, self.ours, self.theirs, self.finals, day)


_ABSENT, _DIFFERENT = object(), object()
"""Nothing said under a name; that two values do not read the same."""


class _Sides(NamedTuple):
    """The three reports, and the rule by which one thing of them is decided."""

    base: Report | None
    ours: Report
    theirs: Report

    def item(
        self,
        place: Place,
        values: tuple[Any, Any, Any],
        shown: tuple[str | None, str | None, str | None],
        same: Callable[[Any, Any], bool],
        equal: Callable[[], Any] = lambda: _DIFFERENT,
    ) -> _Item:
        """What becomes of a thing with these values in base, ours and theirs.

        `same` compares two values; `equal` gives the one to keep if the two sides read the same although they are not,
        `_DIFFERENT` if they do not read the same.
        """
        base, ours, theirs = values
        no_base = self.base is None
        if same(ours, theirs):
            side: Side = BOTH
            decided: Any = ours
            changed = not no_base and not same(base, ours)
        elif not no_base and same(ours, base):
            side, decided, changed = THEIRS, theirs, True
        elif not no_base and same(theirs, base):
            side, decided, changed = OURS, ours, True
        elif (kept := equal()) is not _DIFFERENT:
            side, decided, changed = BOTH, kept, not no_base
        else:
            options = (OURS, THEIRS) if no_base else (OURS, THEIRS, BASE)
            conflict = Conflict(place, *shown, options)
            return _Item(conflict, None, ours if no_base else base, ours, theirs, None)
        was, mine, its = shown
        taken = Taken(place, side, was, its if side == THEIRS else mine) if changed else None
        return _Item(None, taken, base, ours, theirs, decided)

    def field(self, plain: PlainField) -> _Item:
        values = tuple(getattr(one or self.ours, plain.name) for one in self)
        shown = tuple(None if one is None else one.shown(plain) or None for one in self)

        def equal() -> Any:
            reads_same = plain.values.show(values[1]) == plain.values.show(values[2])
            return values[1] if reads_same else _DIFFERENT

        place = Place(plain.name, Field(plain.name), plain.word)
        return self.item(place, values, shown, lambda one, other: bool(one == other), equal)  # type: ignore[arg-type]

    def prior(self) -> _Item:
        """Last year's report: the same if it says the same. What of it could not be read goes with `extra`."""
        values = tuple(one.prior if one is not None else None for one in self)
        shown = tuple(None if one is None else one.words for one in values)

        def equal() -> Any:
            mine, its = self.ours.prior, self.theirs.prior
            if mine is None or its is None or mine.report != its.report or mine.extra != its.extra:
                return _DIFFERENT
            return mine

        place = Place(PRIOR, Field(PRIOR), named(Field(PRIOR), self.ours.form))
        return self.item(place, values, shown, lambda one, other: bool(one == other), equal)  # type: ignore[arg-type]

    def cell(self, cell: str) -> _Item | None:
        """A figure with its doubt; None where no side has any."""
        entries = tuple(None if one is None else one.entries.get(cell) for one in self)
        if entries == (None, None, None):
            return None
        doubts = tuple(None if one is None else one.doubts.get(cell) for one in self)
        base, ours, theirs = zip(entries, doubts, strict=True)
        shown = tuple(
            None if one is None or (value := one.value(cell)) is None else show_entry(value) for one in self
        )

        def same(one: Any, other: Any) -> bool:
            return same_entry(one[0], other[0])

        def equal() -> Any:
            reads_same = same_entry(self.ours.value(cell), self.theirs.value(cell))
            return (ours if ours[0] is not None else theirs) if reads_same else _DIFFERENT

        name = named(Cell(cell), self.ours.form)
        place = Place(cell, Cell(cell), name)
        item = self.item(place, (base, ours, theirs), shown, same, equal)  # type: ignore[arg-type]
        if not same(ours, theirs):
            return item
        doubt = _doubt(*doubts, base_known=self.base is not None and same_entry(base[0], ours[0]))
        taken = item.taken
        if taken is None and self.base is not None and doubt != base[1]:
            side: Side = BOTH if ours[1] == theirs[1] else OURS if ours[1] != base[1] else THEIRS
            taken = Taken(place, side, shown[0], shown[1])
        return replace(item, taken=taken, decided=(ours[0], doubt))

    def named(self, kind: str, attribute: str, show: Callable[[Any], str]) -> dict[str, _Item]:
        """What was said under names: explanations, rules closed, keys of the file that nobody knows."""
        base, ours, theirs = (dict(getattr(one, attribute)) if one is not None else {} for one in self)
        found: dict[str, _Item] = {}
        for key in dict.fromkeys((*sorted({*base, *ours, *theirs}),)):
            values = tuple(one.get(key, _ABSENT) for one in (base, ours, theirs))
            shown = tuple(None if one is _ABSENT else show(one) for one in values)
            where, name = _said_place(kind, key, self.ours.form)

            def equal(values: tuple[Any, ...] = values) -> Any:
                if self.base is None and _ABSENT in values[1:]:
                    return values[1] if values[2] is _ABSENT else values[2]
                return _DIFFERENT

            place = Place(f"{kind}:{key}", where, name)
            found[key] = self.item(place, values, shown, _same_said, equal)  # type: ignore[arg-type]
        return found


def _same_said(one: Any, other: Any) -> bool:
    return one is other or (one is not _ABSENT and other is not _ABSENT and bool(one == other))


def _said_place(kind: str, key: str, form: Form) -> tuple[Anchor, str]:
    if kind == "explanation":
        rule, _, place = key.partition("@")
        place = place.partition(":")[0]
        where: Anchor = Whole()
        if place in form.cells:
            where = Cell(place)
        elif place in BY_NAME and not BY_NAME[place].prose:
            where = Field(place)
        elif any(section.key == place for section in form.sections):
            where = Whole(place)
        return where, f"核实说明 · {named(where, form)}（{rule}）"
    if kind == "closed":
        return Whole(), f"关闭的检查（{key}）"
    return Whole(), f"文件里本版本不认识的内容（{key}）"


def _explanation_shown(one: Explanation) -> str:
    return one.reason


def _doubt(base: Doubt | None, ours: Doubt | None, theirs: Doubt | None, *, base_known: bool) -> Doubt | None:
    """The doubt about a figure that both sides have: gone if one of them has looked at it, else all that is said."""
    if ours == theirs:
        return ours
    if base_known and base in (ours, theirs):
        return theirs if ours == base else ours
    said = sorted({one.what for one in (ours, theirs) if one is not None})
    kept = ours or theirs
    return None if kept is None else Doubt(kept.entry, "".join(said))


# --- texts by paragraphs ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Following(Bound):
    """A number that follows cells, as all sides are made to write it; `said` is how `side` wrote it."""

    said: str = field(default="", compare=False)
    side: Report | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text with what is marked in it, places counted from its beginning.

    `at` is where its side has it, and `moved` that the other side has changed it where it was before.
    """

    text: str
    bound: tuple[_Following, ...] = ()
    doubts: tuple[ProseDoubt, ...] = ()
    at: int = field(default=0, compare=False)
    moved: bool = field(default=False, compare=False)

    @property
    def said(self) -> str:
        """The line as its side wrote it."""
        parts, at = [], 0
        for one in self.bound:
            parts += [self.text[at : one.start], one.said]
            at = one.end
        return "".join((*parts, self.text[at:]))


_Lines = tuple[_Line, ...]


def _lines(report: Report, key: str, reference: Report) -> _Lines:
    """The lines of a text, the numbers that follow cells as they would be with the figures of `reference`."""
    text = report.text(key)
    if not text:
        return ()
    bound = list(report.bound.get(key, ()))
    doubts = list(report.prose_doubts.get(key, ()))
    found, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        its_bound = [replace(b, start=b.start - start) for b in bound if start <= b.start and b.end <= end]
        its_doubts = [replace(d, start=d.start - start) for d in doubts if start <= d.start and d.end <= end]
        found.append(replace(_line(line, its_bound, its_doubts, report, reference), at=start))
        start = end + 1
    return tuple(found)


def _line(
    line: str, bound: Sequence[Bound], doubts: Sequence[ProseDoubt], report: Report, reference: Report
) -> _Line:
    changes: list[tuple[Bound, str]] = []
    for one in bound:
        value, text = sum_of(report, one.cells), one.text
        in_doubt = any(doubt.start < one.end and one.start < doubt.end for doubt in doubts)
        # What is in doubt, or does not say what its cells say, is compared as it stands.
        if not in_doubt and restated(text, value) == text and value != sum_of(reference, one.cells):
            text = restated(text, sum_of(reference, one.cells))
        changes.append((one, text))
    whole, moved, its_doubts = _rewritten(line, changes, doubts)
    followed = tuple(
        _Following(new.start, new.text, new.cells, old.text, report)
        for new, (old, _) in zip(moved, changes, strict=True)
    )
    return _Line(whole, followed, its_doubts)


def _rewritten(
    line: str, changes: Sequence[tuple[Bound, str]], doubts: Iterable[ProseDoubt]
) -> tuple[str, list[Bound], tuple[ProseDoubt, ...]]:
    """The line with these of its numbers written so, and its marks where they are then; a doubt about one ends."""
    parts: list[str] = []
    moved: list[Bound] = []
    at = by = 0
    for one, text in changes:
        parts += [line[at : one.start], text]
        moved.append(Bound(one.start + by, text, one.cells))
        by += len(text) - len(one.text)
        at = one.end
    new = [(one, text) for one, text in changes if text != one.text]
    left = [d for d in doubts if not any(one.start < d.end and d.start < one.end for one, _ in new)]
    shifted = (
        replace(d, start=d.start + sum(len(text) - len(one.text) for one, text in new if one.end <= d.start))
        for d in left
    )
    return "".join((*parts, line[at:])), moved, tuple(shifted)


def _written(lines: Iterable[_Line], report: Report) -> tuple[str, tuple[Bound, ...], tuple[ProseDoubt, ...]]:
    """A text of these lines with its marks, the numbers that follow cells saying what those of `report` say."""
    texts: list[str] = []
    bound: list[Bound] = []
    doubts: list[ProseDoubt] = []
    start = 0
    for line in lines:
        changes: list[tuple[Bound, str]] = []
        for one in line.bound:
            value = sum_of(report, one.cells)
            kept = one.side is None or value == sum_of(one.side, one.cells)
            changes.append((one, one.said if kept else restated(one.said, value)))
        text, moved, its_doubts = _rewritten(line.text, changes, line.doubts)
        texts.append(text)
        bound += [replace(one, start=one.start + start) for one in moved]
        doubts += [replace(one, start=one.start + start) for one in its_doubts]
        start += len(text) + 1
    return "\n".join(texts), tuple(bound), tuple(doubts)


@dataclass(frozen=True)
class _Slot:
    """Lines at one place of a text: `decided`, or a conflict between `ours` and `theirs`."""

    base: _Lines
    ours: _Lines
    theirs: _Lines
    decided: _Lines | None
    conflict: Conflict | None = None
    taken: Taken | None = None


@dataclass(frozen=True)
class _Text:
    """A text as slots, in the order of its lines."""

    slots: tuple[_Slot, ...]

    @property
    def items(self) -> Iterator[_Item]:
        for one in self.slots:
            yield _Item(one.conflict, one.taken, one.base, one.ours, one.theirs, one.decided)

    def lines(self, choices: Mapping[str, Choice]) -> Iterator[_Line]:
        for slot in self.slots:
            if slot.conflict is None:
                yield from slot.decided or ()
                continue
            chosen = choices.get(slot.conflict.key, BASE)
            if isinstance(chosen, Own):
                yield from (_Line(line) for line in chosen.text.split("\n")) if chosen.text else ()
            elif chosen == BOTH and BOTH in slot.conflict.options:
                yield from (*slot.ours, *slot.theirs)
            elif chosen in (OURS, THEIRS):
                yield from slot.ours if chosen == OURS else slot.theirs
            elif chosen in (BASE, ""):
                yield from slot.base if BASE in slot.conflict.options else slot.ours
            else:
                raise ValueError(f"{slot.conflict.key}: {chosen}")

    @classmethod
    def of(cls, key: str, base: Report | None, ours: Report, theirs: Report) -> _Text:
        reference = base or min(ours, theirs, key=_figures)
        mine, its = _lines(ours, key, reference), _lines(theirs, key, reference)
        was = None if base is None else _lines(base, key, base)
        rough = _beside(mine, its) if was is None else _between(was, mine, its)
        slots: list[_Slot] = []
        places = _Places(key, ours, theirs)
        for before, one, other in rough:
            elsewhere = any(line.moved for line in (*one, *other))
            slots.append(_decided(before, one, other, base is not None, places, elsewhere=elsewhere))
            places.move(one)
        return cls(tuple(slots))


def _figures(report: Report) -> list[tuple[str, str]]:
    """By which of two reports is the first in whichever order they come."""
    return sorted((cell, str(entry)) for cell, entry in report.entries.items())


class _Places:
    """Where in our text each slot is, counting as it goes; where something is missing, behind what came before."""

    def __init__(self, key: str, ours: Report, theirs: Report) -> None:
        self._key, self._ours = key, ours
        self._texts = ours.text(key), theirs.text(key)
        self._end = 0
        self._number = 0

    def of(self, ours: _Lines, theirs: _Lines) -> Place:
        mine, its = _seen_lines(ours), _seen_lines(theirs)
        start, end = (mine[0].at, mine[-1].at + len(mine[-1].said)) if mine else (self._end, self._end)
        text, at = (self._texts[1], its[0].at) if its and not mine else (self._texts[0], start)
        number = 1 + sum(1 for line in text[:at].split("\n")[:-1] if line.strip())
        field = BY_NAME.get(self._key)
        called = field.word if field is not None else self._ours.form.section(self._key).heading
        place = Span(self._key, start, end)
        return Place(f"{self._key}:{self._number}", place, f"{called} · 第 {number} 段")

    def move(self, ours: _Lines) -> None:
        self._number += 1
        if ours:
            self._end = min(len(self._texts[0]), ours[-1].at + len(ours[-1].said) + 1)


def _seen_lines(lines: Iterable[_Line]) -> list[_Line]:
    return [line for line in lines if line.text.strip()]


def _seen(lines: Iterable[_Line]) -> tuple[str, ...]:
    """What is to be read of lines: paragraphs, without the blanks around them."""
    return tuple(line.text.strip() for line in _seen_lines(lines))


def _texts(lines: Iterable[_Line]) -> tuple[str, ...]:
    return tuple(line.text for line in lines)


def _shown(lines: _Lines) -> str | None:
    return "\n".join(line.said for line in lines) if _seen(lines) else None


def _decided(
    base: _Lines, ours: _Lines, theirs: _Lines, known: bool, places: _Places, *, elsewhere: bool = False
) -> _Slot:
    """What becomes of the lines at one place; `elsewhere`: one side has moved them here, where the other never was."""
    chosen: _Lines | None = None
    if elsewhere and not (ours and theirs):
        pass  # moved here, deleted there
    elif _texts(ours) == _texts(theirs):
        chosen = ours
    elif known and _texts(ours) == _texts(base):
        chosen = theirs
    elif known and _texts(theirs) == _texts(base):
        chosen = ours
    elif _seen(ours) == _seen(theirs):
        chosen = min(ours, theirs, key=_texts)
    elif known and _seen(ours) == _seen(base):
        chosen = theirs
    elif known and _seen(theirs) == _seen(base):
        chosen = ours
    if chosen is not None:
        chosen = _marked(chosen, base, ours, theirs, known)
    if chosen is None:
        options = [OURS, THEIRS]
        if known:
            options.append(BASE)
        if _seen(ours) and _seen(theirs) and _seen(ours) != _seen(theirs):
            options.append(BOTH)
        shown = (_shown(base), _told(ours, theirs), _told(theirs, ours))
        conflict = Conflict(places.of(ours, theirs), *shown, tuple(options), paragraph=True)
        return _Slot(base, ours, theirs, None, conflict)
    taken = None
    if known and (_seen(chosen) != _seen(base) or _all_marks(chosen) != _all_marks(base)):
        mine, its = (
            (_seen(one), _all_marks(one)) != (_seen(base), _all_marks(base)) for one in (ours, theirs)
        )
        side: Side = BOTH if mine and its else OURS if mine else THEIRS
        taken = Taken(places.of(ours, theirs), side, _shown(base), _shown(chosen))
    return _Slot(base, ours, theirs, chosen, None, taken)


def _told(lines: _Lines, others: _Lines) -> str | None:
    """What a side reads; of a line that reads the same on the other, what its numbers follow as well."""
    shown = _shown(lines)
    if shown is None or _texts(lines) != _texts(others):
        return shown
    ties = [f"“{one.said}”跟着 {'＋'.join(one.cells)}" for line in lines for one in line.bound]
    return f"{shown}（{'；'.join(ties) or '其中的数不跟着表格变'}）"


def _all_marks(lines: Iterable[_Line]) -> list[tuple[object, ...]]:
    return [(line.bound, line.doubts) for line in lines if line.bound or line.doubts]


def _marked(chosen: _Lines, base: _Lines, ours: _Lines, theirs: _Lines, known: bool) -> _Lines | None:
    """The chosen lines with what is marked on either side; None if one number follows this here and that there."""
    if not len(chosen) == len(ours) == len(theirs) or (known and len(base) != len(chosen)):
        if _texts(ours) != _texts(theirs) or len(ours) != len(theirs):
            return chosen  # put in, or taken away, by one side: with what it marked
        base = ()
    found: list[_Line] = []
    for number, line in enumerate(chosen):
        was = base[number] if number < len(base) else None
        merged = _both_marked(line, was, ours[number], theirs[number])
        if merged is None:
            return None
        found.append(merged)
    return tuple(found)


def _both_marked(line: _Line, base: _Line | None, ours: _Line, theirs: _Line) -> _Line | None:
    sides = ours, theirs
    if base is None and ours.text != theirs.text:
        sides = line, line
    bound = [_carried(one.bound, one.text, line.text) for one in sides]
    doubts = [_carried(one.doubts, one.text, line.text) for one in sides]
    was_bound = _carried(base.bound, base.text, line.text) if base is not None else ()
    was_doubts = _carried(base.doubts, base.text, line.text) if base is not None else ()
    kept = sorted(
        _three(was_bound, *bound, settle=base is not None), key=lambda one: (one.start, one.text, one.cells)
    )
    for one, other in pairwise(kept):
        if other.start < one.end:
            return None
    in_doubt = sorted(
        _three(was_doubts, *doubts, settle=base is not None),
        key=lambda one: (one.start, one.text, one.what),
    )
    return _Line(line.text, tuple(kept), tuple(in_doubt))


_Mark = TypeVar("_Mark", _Following, ProseDoubt)


def _carried(marks: tuple[_Mark, ...], before: str, after: str) -> tuple[_Mark, ...]:
    return marks if before == after else marks_moved({"": marks}, "", before, after).get("", ())


def _three(
    base: Iterable[_Mark], ours: Iterable[_Mark], theirs: Iterable[_Mark], *, settle: bool
) -> Iterator[_Mark]:
    """The marks that stand: on both sides, or newly on one."""
    was = set(base) if settle else set()
    mine, its = {one: one for one in ours}, {one: one for one in theirs}
    for one in {**mine, **its}:
        if one in mine and one in its:
            yield _written_by(mine[one], its[one])
        elif one not in was:
            yield one


def _written_by(one: _Mark, other: _Mark) -> _Mark:
    """Of two marks that are the same the one whose side made the number follow, so that its writing stays."""
    if isinstance(one, _Following) and isinstance(other, _Following):
        return min(one, other, key=lambda mark: (mark.said == mark.text, mark.said))
    return one


_Rough = list[tuple[_Lines, _Lines, _Lines]]
"""Base, ours and theirs at each place of a text."""


def _between(base: _Lines, ours: _Lines, theirs: _Lines) -> _Rough:
    """The three texts by places: each line of the common state with what either side made of it, and what was put in
    before it."""
    mine, its = _counterparts(base, ours), _counterparts(base, theirs)
    moved = _moved(base, mine, its) | {
        place: (was, one, other) for place, (was, other, one) in _moved(base, its, mine).items()
    }
    gone = {was[0].at for was, _, _ in moved.values()}
    rough: _Rough = []
    for at in range(len(base) + 1):
        put = mine.put.get(at, ()), its.put.get(at, ())
        if put[0] and put[1]:
            rough.append(((), *put))
        else:
            rough += _put_in(put[0] or put[1], moved, is_ours=bool(put[0]))
        if at < len(base) and base[at].at not in gone:
            rough.append(((base[at],), mine.of[at], its.of[at]))
    return rough


_Moved = dict[int, tuple[_Lines, _Lines, _Lines]]


def _moved(base: _Lines, side: _Counterparts, other: _Counterparts) -> _Moved:
    """The lines that one side has put elsewhere and the other has changed: the three of each, by the new line (`id`).

    A line that stands there more than once is not known again; one that the other side has left alone is simply gone
    here and put in there.
    """
    texts = Counter(_texts(base))
    new = Counter(line.text for lines in side.put.values() for line in lines)
    lines = {line.text: line for at, lines in side.put.items() if at not in other.put for line in lines}
    elsewhere = {line.text for lines in other.put.values() for line in lines}
    found: _Moved = {}
    for at, line in enumerate(base):
        there = lines.get(line.text)
        unique = line.text.strip() and texts[line.text] == new[line.text] == 1
        if not unique or there is None or side.of[at] or _texts(other.of[at]) == (line.text,):
            continue
        if other.of[at] or line.text not in elsewhere:
            found[id(there)] = ((line,), (replace(there, moved=True),), other.of[at])
    return found


def _put_in(lines: _Lines, moved: _Moved, *, is_ours: bool) -> _Rough:
    """What one side alone has put in at a place, lines that come from elsewhere by themselves."""
    rough: _Rough = []
    group: list[_Line] = []
    for line in (*lines, None):
        if line is None or id(line) in moved:
            if group:
                rough.append(((), tuple(group), ()) if is_ours else ((), (), tuple(group)))
                group = []
            if line is not None:
                rough.append(moved[id(line)])
        else:
            group.append(line)
    return rough


class _Counterparts(NamedTuple):
    """What became of each line, () if it is gone, and what was put in before it."""

    of: list[_Lines]
    put: dict[int, _Lines]


def _counterparts(base: _Lines, side: _Lines) -> _Counterparts:
    of: list[_Lines] = [()] * len(base)
    put: dict[int, _Lines] = {}
    gone: list[int] = []
    come: list[int] = []
    done = 0

    def settle() -> None:
        # Lines that are gone and those that stand there instead are rewritten ones, alike or not.
        for was, now in zip(gone, come, strict=False):
            of[was] = (side[now],)
        if more := come[len(gone) :]:
            put[done] = tuple(side[now] for now in more)
        gone.clear()
        come.clear()

    for was, now in aligned(_texts(base), _texts(side)):
        if was is not None and now is not None:
            settle()
            of[was] = (side[now],)
            done = was + 1
        elif was is not None:
            gone.append(was)
            done = was + 1
        elif now is not None:
            come.append(now)
    settle()
    return _Counterparts(of, put)


def _beside(ours: _Lines, theirs: _Lines) -> _Rough:
    """Two texts by places, without a common state: each pair of paragraphs, and what only one side has in a row."""
    rough: _Rough = []
    if _texts(theirs) < _texts(ours):  # whichever comes first, they are aligned alike
        return [((), mine, its) for _, its, mine in _beside(theirs, ours)]
    mine: list[_Line] = []
    its: list[_Line] = []

    def settle() -> None:
        # What stands there on either side instead is one rewritten, alike or not; the rest is of one side.
        both = min(len(mine), len(its))
        rough.extend(((), (one,), (other,)) for one, other in zip(mine[:both], its[:both], strict=True))
        if len(mine) != len(its):
            rough.append(((), tuple(mine[both:]), tuple(its[both:])))
        mine.clear()
        its.clear()

    for one, other in aligned(_texts(ours), _texts(theirs)):
        if one is not None and other is not None:
            settle()
            rough.append(((), (ours[one],), (theirs[other],)))
        elif one is not None:
            mine.append(ours[one])
        elif other is not None:
            its.append(theirs[other])
    settle()
    return rough


# --- that it was made final ------------------------------------------------------------------------------------------


def _all_finals(ours: Report, theirs: Report) -> tuple[Final, ...]:
    """The times that either side was made final, by their days; one that was opened again on one side is so."""
    found: dict[tuple[str, str, str, str], Final] = {}
    for one in (*ours.finals, *theirs.finals):
        mark = one.date, one.checker, one.sha256, one.forced
        had = found.get(mark)
        if had is None or (one.reopened and (not had.reopened or one.reopened < had.reopened)):
            found[mark] = one
    return tuple(sorted(found.values(), key=lambda one: (one.date, one.reopened == "")))


REOPENED = "合并了另一份的修改"


def _with_finals(report: Report, ours: Report, theirs: Report, finals: tuple[Final, ...], day: str) -> Report:
    """The merged report with what was said of being final, in force only where it says just what was made final."""
    for side in (ours, theirs):
        if report.with_finals(side.finals) == side and set(finals) == set(side.finals):
            return side
    said = tuple(
        one if one.reopened else replace(one, reopened=f"{day} {REOPENED}".strip()) for one in finals
    )
    return report.with_finals(said)
