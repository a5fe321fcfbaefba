"""Two copies of one report as one again: what each side changed of the state that both began with.

Knows what a report consists of (cells, plain fields, the paragraphs of every text, and what a person said of it), which
of it both sides changed differently, and what a choice would break. Does not know where the common state comes from,
nor how a question is put. Decided here:

- A thing that one side changed is taken from that side; what both changed alike is taken once. A conflict is only what
  reads differently: blanks around a paragraph, blank lines, one day written in two ways, an amount with more decimals,
  and a total that is typed on one side and adds up to the same on the other are none (the typed one stays).
- Texts are merged by paragraphs, aligned as `prose_beside` does it. Paragraphs that both sides put in at one place are
  a conflict, as their order is anybody's guess. One that one side moved and the other rewrote is rewritten where it is
  now; moved and deleted is a conflict, and so is one that both moved, to different places: it stands once, where it is
  chosen. One that a side divided, or joined to its neighbour, is one conflict in all its parts if the other side
  changed any of them. A number that follows cells is compared by what it follows and then says what the merged cells
  say, so that it is no change of the text.
- A figure, or a number in prose, stays in doubt unless one side has looked at it. What is marked on either side moves
  with its text.
- Reports of two agencies are never merged, nor are two years or two editions of the form. A name that one side has
  corrected cannot be told from another agency's: whoever merges writes it alike in both first. A common state of
  another agency is none, unless it says for the most part what the two say: then it was of before the correction.
- Last year's report is the same if it says the same, wherever its file lies; that of our side stays.
- That a report was made final (定稿) is kept as it was said, but is in force only if the merged report says just what
  was made final; else it is noted as opened again by the merging.
- Without a common state nothing can be told to be new on one side: each difference is a conflict, but for doubts (which
  stay) and for what only one side said of a rule or a finding (which is kept).
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
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
    if len(names) > 1:
        raise GxError(
            f"一份的单位是“{ours.agency}”，另一份是“{theirs.agency}”，不是同一份年报，不能合并。",
            _NOTHING_DONE,
            "如果只是名称写法不同，请先把两份的单位改成一样。",
        )
    is_anothers = base is not None and names and agency_key(base.agency) not in {"", *names}
    if base is not None and is_anothers and not all(_is_mostly(base, one) for one in (ours, theirs)):
        raise GxError(
            f"选的原稿是“{base.agency}”的，不是这份年报的，不能用来合并。",
            _NOTHING_DONE,
            "请选这份年报以前的版本。",
        )


def _is_mostly(base: Report, later: Report) -> bool:
    """Whether a report says at least half of what another says: its figures but for 0, and its paragraphs."""

    def said(report: Report) -> frozenset[object]:
        figures = {(cell, str(entry)) for cell, entry in report.entries.items() if entry}
        return frozenset(figures | {line.strip() for _, text in report.texts for line in text.split("\n")})

    was = said(base)
    return 2 * len(was & said(later)) >= len(was)


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
                "extra": sides.named("extra", "extra", _extra_shown),
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
        said["extra"] = _nested(said["extra"])
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
        after = its if side == THEIRS or (decided is theirs and decided is not ours) else mine
        taken = Taken(place, side, was, after) if changed else None
        return _Item(None, taken, base, ours, theirs, decided)

    def field(self, plain: PlainField) -> _Item:
        values = tuple(getattr(one or self.ours, plain.name) for one in self)
        shown = tuple(None if one is None else one.shown(plain) or None for one in self)

        def equal() -> Any:
            mine, its = (plain.values.show(one) for one in values[1:])
            if mine == its:
                return values[1]
            # One day written in two ways is written as the program would have it.
            written = plain.offer(mine) or mine
            if written != (plain.offer(its) or its):
                return _DIFFERENT
            return values[2] if written == its else written

        place = Place(plain.name, Field(plain.name), plain.word)
        return self.item(place, values, shown, lambda one, other: bool(one == other), equal)  # type: ignore[arg-type]

    def prior(self) -> _Item:
        """Last year's report: the same if it says the same. What of it could not be read goes with `extra`."""
        was = None if self.base is None else self.base.prior
        mine, its = self.ours.prior, self.theirs.prior
        values = was, mine, its
        shown = [None if one is None else one.words for one in values]
        if mine is not None and its is not None and mine.words == its.words:
            shown[1:] = (
                f"{one.words}，{_apart(one.report, other.report)}"
                for one, other in ((mine, its), (its, mine))
            )

        def equal() -> Any:
            if mine is None or its is None or mine.report != its.report or mine.extra != its.extra:
                return _DIFFERENT
            return mine

        place = Place(PRIOR, Field(PRIOR), named(Field(PRIOR), self.ours.form))
        told = shown[0], shown[1], shown[2]
        return self.item(place, values, told, lambda one, other: bool(one == other), equal)

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
            if same_entry(mine := self.ours.value(cell), its := self.theirs.value(cell)):
                return ours if ours[0] is not None else theirs
            if mine is None or its is None or isinstance(mine, str) or isinstance(its, str) or mine != its:
                return _DIFFERENT
            typed = (one for one in (ours, theirs) if one[0] is not None)
            return max(typed, key=lambda one: (len(str(one[0])), isinstance(one[0], Decimal)))

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
        if attribute == "extra":
            base, ours, theirs = _flat(base), _flat(ours), _flat(theirs)
        found: dict[str, _Item] = {}
        for key in dict.fromkeys((*sorted({*base, *ours, *theirs}),)):
            values = tuple(one.get(key, _ABSENT) for one in (base, ours, theirs))
            shown = tuple(None if one is _ABSENT else show(one) for one in values)
            where, name = _said_place(kind, key, self.ours.form)

            def equal(values: tuple[Any, ...] = values) -> Any:
                if self.base is None and _ABSENT in values[1:]:
                    return values[1] if values[2] is _ABSENT else values[2]
                return _DIFFERENT

            place = Place(f"{kind}:{key.replace(_INSIDE, '/')}", where, name)
            found[key] = self.item(place, values, shown, _same_said, equal)  # type: ignore[arg-type]
        return found


def _apart(one: Report, other: Report) -> str:
    """What tells a report from another of the same agency and year: the first of its figures that differ."""
    cells = [cell for cell in one.form.cells if not same_entry(one.value(cell), other.value(cell))]
    if not cells:
        return "文字不同"
    value = one.value(cells[0])
    said = f"{named(Cell(cells[0]), one.form)}是 {show_entry(value)}" if value is not None else ""
    first = said or f"{named(Cell(cells[0]), one.form)}没有填"
    return f"{first}（共 {len(cells)} 格不同）"


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
    return Whole(), f"文件里本版本不认识的内容（{key.replace(_INSIDE, ' · ')}）"


def _explanation_shown(one: Explanation) -> str:
    return one.reason


_INSIDE = "\0"
"""Between a key of the file that nobody knows and that of an item in it: each item is a thing of its own."""


def _flat(extra: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that nobody knows, those of the objects in them each by itself; an empty object stays one."""
    flat: dict[str, Any] = {}
    for key, value in extra.items():
        if isinstance(value, Mapping) and value:
            flat.update((f"{key}{_INSIDE}{name}", one) for name, one in value.items())
        else:
            flat[key] = value
    return flat


def _nested(flat: Mapping[str, Any]) -> Mapping[str, Any]:
    """The reverse of `_flat`. An item has the last word where one side made of its object something else."""
    nested: dict[str, Any] = {}
    objects: dict[str, dict[str, Any]] = {}
    for key, value in flat.items():
        over, inside, name = key.partition(_INSIDE)
        if inside:
            objects.setdefault(over, {})[name] = value
        else:
            nested[key] = value
    return MappingProxyType({**nested, **objects})


def _extra_shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=dict)


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
    """Lines at one place of a text: `decided`, or a conflict between `ours` and `theirs`.

    Lines that both sides moved have three places, of which two wait for what is chosen in the conflict at the third:
    `waits` is its key, and `is_moved` of all three.
    """

    base: _Lines
    ours: _Lines
    theirs: _Lines
    decided: _Lines | None
    conflict: Conflict | None = None
    taken: Taken | None = None
    waits: str = ""
    is_moved: bool = False


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
            key = slot.conflict.key if slot.conflict is not None else slot.waits
            if not key:
                yield from slot.decided or ()
                continue
            chosen = choices.get(key, BASE)
            options = slot.conflict.options if slot.conflict is not None else (OURS, THEIRS, BASE)
            if isinstance(chosen, Own):
                if chosen.text and (slot.ours or not slot.is_moved):
                    yield from (_Line(line) for line in chosen.text.split("\n"))
            elif chosen == BOTH and BOTH in options:
                yield from (*slot.ours, *slot.theirs)
            elif chosen in (OURS, THEIRS):
                yield from slot.ours if chosen == OURS else slot.theirs
            elif chosen in (BASE, ""):
                yield from slot.base if BASE in options else slot.ours
            else:
                raise ValueError(f"{key}: {chosen}")

    @classmethod
    def of(cls, key: str, base: Report | None, ours: Report, theirs: Report) -> _Text:
        reference = base or min(ours, theirs, key=_figures)
        mine, its = _lines(ours, key, reference), _lines(theirs, key, reference)
        was = None if base is None else _lines(base, key, base)
        rough = _beside(mine, its) if was is None else _between(was, mine, its)
        slots: list[_Slot] = []
        places = _Places(key, ours, theirs)
        asked: dict[int, str] = {}
        for before, one, other, roaming in rough:
            if roaming is not None:
                conflict = places.moved(roaming) if before else None
                if conflict is not None:
                    asked[id(roaming)] = conflict.key
                slots.append(_Slot(before, one, other, None, conflict, is_moved=True))
            else:
                elsewhere = any(line.moved for line in (*one, *other))
                slots.append(_decided(before, one, other, base is not None, places, elsewhere=elsewhere))
            places.move(one)
        return cls(
            tuple(
                replace(slot, waits=asked[id(row.roaming)]) if row.roaming is not None else slot
                for slot, row in zip(slots, rough, strict=True)
            )
        )


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
        number = _number(text, at)
        field = BY_NAME.get(self._key)
        called = field.word if field is not None else self._ours.form.section(self._key).heading
        place = Span(self._key, start, end)
        return Place(f"{self._key}:{self._number}", place, f"{called} · 第 {number} 段")

    def moved(self, roaming: _Roaming) -> Conflict:
        """The question where lines go that both sides have moved."""
        ours, theirs = (
            f"{_shown(lines)}（移到第 {_number(text, lines[0].at)} 段）"
            for text, lines in zip(self._texts, (roaming.ours, roaming.theirs), strict=True)
        )
        options = (OURS, THEIRS, BASE)
        return Conflict(
            self.of(roaming.ours, ()), _shown(roaming.base), ours, theirs, options, paragraph=True
        )

    def move(self, ours: _Lines) -> None:
        self._number += 1
        if ours:
            self._end = min(len(self._texts[0]), ours[-1].at + len(ours[-1].said) + 1)


def _number(text: str, at: int) -> int:
    """Which paragraph of a text the line is in that begins there, counted from 1; blank lines are none."""
    return 1 + sum(1 for line in text[:at].split("\n")[:-1] if line.strip())


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


class _Roaming(NamedTuple):
    """Lines that both sides have moved, to different places, as each of the three has them."""

    base: _Lines
    ours: _Lines
    theirs: _Lines


class _Row(NamedTuple):
    """Base, ours and theirs at one place of a text; of `roaming` lines one of the three alone."""

    base: _Lines
    ours: _Lines
    theirs: _Lines
    roaming: _Roaming | None = None


_Rough = list[_Row]


def _between(base: _Lines, ours: _Lines, theirs: _Lines) -> _Rough:
    """The three texts by places: each line of the common state with what either side made of it, and what was put in
    before it."""
    mine, its = _counterparts(base, ours), _counterparts(base, theirs)
    _gather_parts(base, mine, its)
    _gather_parts(base, its, mine)
    moves = _Moves(base, mine, its)
    last = _joined(base, mine, its, moves.apart)
    rough: _Rough = []
    at = 0
    while at <= len(base):
        rough += moves.put_in(at)
        if (row := moves.roaming.get(at)) is not None:
            if row.base[0] is base[at]:
                rough.append(_Row(row.base, (), (), row))
        elif at < len(base) and at not in moves.apart:
            end = last.get(at, at)
            rough.append(_Row(base[at : end + 1], mine.run(at, end), its.run(at, end)))
            at = end
        at += 1
    return rough


class _Moves:
    """What becomes of the lines that a side has put elsewhere: they are known by standing once in both texts.

    `roaming` are those that both sides have moved, to different places, by their number in the common state;
    neighbours that stay neighbours go together. `apart` are the numbers of all that have no row where they were.
    """

    def __init__(self, base: _Lines, mine: _Counterparts, its: _Counterparts) -> None:
        self._base, self._mine, self._its = base, mine, its
        self._alike = self._to_one_place()
        self.roaming = self._roaming()
        self._rows = self._changed(mine, its)
        for at, (was, one, other, _) in self._changed(its, mine).items():
            self._rows[at] = _Row(was, other, one)
        self.apart = frozenset((*self.roaming, *self._rows))

    def _to_one_place(self) -> frozenset[str]:
        """Those that both sides have put into one place, in one order."""
        found: set[str] = set()
        for at, lines in self._mine.put.items():
            theirs = self._its.put.get(at, ())
            texts = [
                [line.text for line in one if line.text in self._mine.moved and line.text in self._its.moved]
                for one in (lines, theirs)
            ]
            both = [[text for text in one if text in other] for one, other in (texts, texts[::-1])]
            if both[0] == both[1]:
                found.update(both[0])
        return frozenset(found)

    def _roaming(self) -> dict[int, _Roaming]:
        places = [
            {
                line.text: (at, number, line)
                for at, lines in side.put.items()
                for number, line in enumerate(lines)
            }
            for side in (self._mine, self._its)
        ]
        found: dict[int, _Roaming] = {}
        before: tuple[int, ...] = ()
        for at, line in enumerate(self._base):
            if (
                line.text not in self._mine.moved
                or line.text not in self._its.moved
                or line.text in self._alike
            ):
                continue
            (mine_at, number, one), (its_at, its_number, other) = (there[line.text] for there in places)
            row = _Roaming((), (), ())
            if before == (at - 1, mine_at, number - 1, its_at, its_number - 1):
                row = found[at - 1]
            before = at, mine_at, number, its_at, its_number
            row = _Roaming((*row.base, line), (*row.ours, one), (*row.theirs, other))
            found.update((at - n, row) for n in range(len(row.base)))
        return found

    def _changed(self, side: _Counterparts, other: _Counterparts) -> dict[int, _Row]:
        """The lines that one side has moved and the other has changed, or taken away: they are there what they are on
        both. One that the other has left alone is simply gone here and put in there."""
        found = {}
        for lines in side.put.values():
            for line in lines:
                if line.text not in side.moved or line.text in other.moved:
                    continue
                at = side.moved[line.text]
                was, now = (self._base[at],), other.of[at]
                if _texts(now) != _texts(was) or _all_marks(now) != _all_marks(was):
                    found[at] = _Row(was, (replace(line, moved=True),), now)
        return found

    def put_in(self, at: int) -> _Rough:
        """What the sides have put in before a line; what comes from elsewhere stands by itself, and is never part of a
        question which of two new paragraphs is to stand."""
        left = [list(side.put.get(at, ())) for side in (self._mine, self._its)]
        rough: _Rough = []
        while left[0] or left[1]:
            ours, theirs = (self._take_new(lines, n) for n, lines in enumerate(left))
            if ours or theirs:
                rough.append(_Row((), ours, theirs))
            fronts = [lines[0].text if lines else None for lines in left]
            if fronts[0] is not None and fronts[0] == fronts[1] and fronts[0] in self._alike:
                rough.append(_Row((), (left[0].pop(0),), (left[1].pop(0),)))
            elif waiting := [n for n in (0, 1) if left[n] and fronts[n] not in self._alike]:
                first = min(waiting, key=lambda n: self._number(left[n][0]))
                rough += self._from_elsewhere(left[first].pop(0), is_ours=not first)
        return rough

    def _take_new(self, lines: list[_Line], side: int) -> _Lines:
        """Takes the lines off that come from nowhere else, up to the first that does."""
        moved = (self._mine, self._its)[side].moved
        count = next((n for n, line in enumerate(lines) if line.text in moved), len(lines))
        taken = tuple(lines[:count])
        del lines[:count]
        return taken

    def _number(self, line: _Line) -> int:
        """Which line of the common state a line is that was moved."""
        return self._mine.moved.get(line.text, self._its.moved.get(line.text, 0))

    def _from_elsewhere(self, line: _Line, *, is_ours: bool) -> _Rough:
        at = self._number(line)
        if (row := self.roaming.get(at)) is not None:
            lines = row.ours if is_ours else row.theirs
            if line is not lines[0]:
                return []  # it came with the one before
            return [_Row((), lines, (), row) if is_ours else _Row((), (), lines, row)]
        if at in self._rows:
            return [self._rows[at]]
        return [_Row((), (line,), ()) if is_ours else _Row((), (), (line,))]


_PART = 6
"""Characters of a paragraph of its own that are known as a part of another; fewer stand in many by chance."""


def _bare(lines: Iterable[_Line]) -> str:
    return "".join("".join(line.text.split()) for line in lines)


def _is_changed(base: _Lines, side: _Counterparts, first: int, last: int) -> bool:
    """Whether a side has changed any of these lines."""
    return any(_texts(side.of[at]) != (base[at].text,) for at in range(first, last + 1))


def _gather_parts(base: _Lines, side: _Counterparts, other: _Counterparts) -> None:
    """Takes together what a side has divided of a line: it is one thing, and no part of it is a new paragraph.

    Not where the other has only marked something in it, which would be lost.
    """
    for at, line in enumerate(base):
        if not side.of[at] or _texts(side.of[at]) == (line.text,):
            continue
        if not _is_changed(base, other, at, at) and _all_marks(other.of[at]) != _all_marks((line,)):
            continue
        whole = _bare((line,))

        def is_part(put: _Line, whole: str = whole) -> bool:
            return put.text not in side.moved and len(part := _bare((put,))) >= _PART and part in whole

        before, behind = list(side.put.get(at, ())), list(side.put.get(at + 1, ()))
        parts = list(side.of[at])
        while before and is_part(before[-1]):
            parts.insert(0, before.pop())
        while behind and is_part(behind[0]):
            parts.append(behind.pop(0))
        side.of[at] = tuple(parts)
        for place, left in ((at, before), (at + 1, behind)):
            side.put.pop(place, None)
            if left:
                side.put[place] = tuple(left)


def _joined(
    base: _Lines, mine: _Counterparts, its: _Counterparts, apart: frozenset[int]
) -> Mapping[int, int]:
    """The runs of lines that a side has joined to one, and of which the other changed any: the last of each by the
    first. None has a line in it that stands `apart`, or that a side has moved."""
    bonds: set[int] = set()  # lines that are one with the line before
    for side, other in ((mine, its), (its, mine)):
        for at, line in enumerate(base):
            part = _bare((line,))
            if side.of[at] or len(part) < _PART or line.text in side.moved:
                continue
            for way in (-1, 1):
                to = at + way
                while 0 <= to < len(base) and not side.of[to]:
                    to += way
                if not 0 <= to < len(base):
                    continue
                first, last = min(at, to), max(at, to)
                is_in = part in _bare(side.of[to]) and part not in _bare((base[to],))
                if (
                    is_in
                    and _is_changed(base, other, first, last)
                    and apart.isdisjoint(range(first, last + 1))
                ):
                    bonds.update(range(first + 1, last + 1))
    runs: dict[int, int] = {}
    for at in sorted(bonds):
        first = next((one for one, end in runs.items() if end == at - 1), at - 1)
        runs[first] = at
    return runs


class _Counterparts(NamedTuple):
    """What became of each line, () if it is gone, and what was put in before it.

    `moved` are the lines that stand once in both texts and elsewhere on this side, by their text: their number in the
    common state.
    """

    of: list[_Lines]
    put: dict[int, _Lines]
    moved: Mapping[str, int]

    def run(self, first: int, last: int) -> _Lines:
        """What became of some lines, with what was put in between them."""
        found = list(self.of[first])
        for at in range(first + 1, last + 1):
            found += (*self.put.get(at, ()), *self.of[at])
        return tuple(found)


def _counterparts(base: _Lines, side: _Lines) -> _Counterparts:
    of: list[_Lines] = [()] * len(base)
    put: dict[int, _Lines] = {}
    gone: list[int] = []
    come: list[int] = []
    done = 0
    once = [Counter(_texts(lines)) for lines in (base, side)]

    def is_elsewhere(text: str) -> bool:
        """Whether a line without its like beside it has only been moved."""
        return bool(text.strip()) and all(counts[text] == 1 for counts in once)

    wholes = _bare(base), _bare(side)

    def stands(line: _Line, whole: str) -> bool:
        return is_elsewhere(line.text) or (len(part := _bare((line,))) >= _PART and part in whole)

    def settle() -> None:
        # Lines that are gone and those that stand there instead are rewritten ones, alike or not; not those that were
        # moved, joined to another or divided from one, nor what stands behind such a one.
        left = [was for was in gone if not stands(base[was], wholes[1])]
        new = next((n for n, now in enumerate(come) if stands(side[now], wholes[0])), len(come))
        paired = min(len(left), new)
        for was, now in zip(left, come[:paired], strict=False):
            of[was] = (side[now],)
        if more := come[paired:]:
            put[done] = tuple(side[now] for now in more)
        gone.clear()
        come.clear()

    for was, now in aligned(_texts(base), _texts(side)):
        if was is not None and now is not None:
            same = base[was].text == side[now].text
            if same or not (is_elsewhere(base[was].text) or is_elsewhere(side[now].text)):
                settle()
                of[was] = (side[now],)
                done = was + 1
                continue
        if was is not None:
            gone.append(was)
            done = was + 1
        if now is not None:
            come.append(now)
    settle()
    moved = {line.text: at for at, line in enumerate(base) if not of[at] and is_elsewhere(line.text)}
    return _Counterparts(of, put, moved)


def _beside(ours: _Lines, theirs: _Lines) -> _Rough:
    """Two texts by places, without a common state: each pair of paragraphs, and what only one side has in a row."""
    rough: _Rough = []
    if _texts(theirs) < _texts(ours):  # whichever comes first, they are aligned alike
        return [_Row((), mine, its) for _, its, mine, _ in _beside(theirs, ours)]
    mine: list[_Line] = []
    its: list[_Line] = []

    def settle() -> None:
        # What stands there on either side instead is one rewritten, alike or not; the rest is of one side.
        both = min(len(mine), len(its))
        rough.extend(_Row((), (one,), (other,)) for one, other in zip(mine[:both], its[:both], strict=True))
        if len(mine) != len(its):
            rough.append(_Row((), tuple(mine[both:]), tuple(its[both:])))
        mine.clear()
        its.clear()

    for one, other in aligned(_texts(ours), _texts(theirs)):
        if one is not None and other is not None:
            settle()
            rough.append(_Row((), (ours[one],), (theirs[other],)))
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
