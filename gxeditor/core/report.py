"""One filled form, a frozen value.

Knows what may stand in a cell (a number, nothing, or a text that was found there) and tells them apart: blank is not
zero is not “/”. Knows the automatic totals, which are derived and never stored, last year's report, of which it keeps
figures and prose, which figures were taken over in doubt, which numbers of the prose follow a cell, and what a person
said of it: explanations, rules closed, that it is final. Knows no rule, opens no file and has no history.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from gxeditor.core.errors import EntryError
from gxeditor.core.expressions import expression
from gxeditor.core.fields import BY_NAME, FIELDS, NOTES, PlainField, PlainFields
from gxeditor.core.fields import AgencyKind as AgencyKind  # who knows a report knows it by this
from gxeditor.core.form import Cell, Form

Entry = int | Decimal | str
"""A count, an amount, or a text kept as found; a blank cell has no entry at all."""


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that was taken over from a file although it was not certain, until a person has looked at it.

    `entry` is the figure, `what` the sentences that say why: 「原文是字母“O”，可能是数字 0。按 0 采用。」 Two doubts
    with the same sentences in one table are one to a reader.
    """

    entry: Entry
    what: str


@dataclass(frozen=True, slots=True)
class ProseDoubt:
    """A part of a text that a person has to look at: a number that was brought over with last year's prose.

    `text` is what stands there, from character `start` on; `what` says why: 「是去年文字里的数，请改成今年的。」
    """

    start: int
    text: str
    what: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a finding stands (核实说明), with the values for which that was said, as texts in the finding's order."""

    reason: str
    values: tuple[str, ...]


class Explainable:
    """What a finding of whatever kind has of its explanation: it settles just the values that it was given for."""

    values: tuple[str, ...]
    explanation: Explanation | None

    @property
    def is_explained(self) -> bool:
        """Whether a person said why it stands, of just these values."""
        return self.explanation is not None and self.explanation.values == self.values

    @property
    def is_reopened(self) -> bool:
        """Whether it was explained for values that have changed since."""
        return self.explanation is not None and self.explanation.values != self.values

    def explained(self, reason: str) -> Explanation:
        """The explanation that settles it."""
        return Explanation(reason, self.values)


SHORTEST_REASON, LONGEST_REASON = 4, 200
"""Characters of what a person says of a finding: less says nothing, more is a letter (LOOK-2, 10)."""


def parse_reason(text: str, least: int = SHORTEST_REASON) -> str:
    """What a typed reason says, without blanks around it and on one line.

    Raises `EntryError` if it is shorter than `least` characters, blanks not counted, or longer than 200.
    """
    reason = " ".join(without_unseen(text).split())
    if count_characters(reason) < least:
        raise EntryError(f"说明太短，至少写 {least} 个字。", "还没有保存。", "请写明原因。")
    if len(reason) > LONGEST_REASON:
        raise EntryError(
            f"说明有 {len(reason)} 个字，最多 {LONGEST_REASON} 个字。", "还没有保存。", "请写短一些。"
        )
    return reason


@dataclass(frozen=True, slots=True)
class Bound:
    """A number in prose that follows the tables: `text` stands from character `start` on for the sum of `cells`."""

    start: int
    text: str
    cells: tuple[str, ...]

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Final:
    """That a report was made final (定稿).

    `date` is the day, ISO 8601; `checker` who checked it; `sha256` that of what it then said, in hexadecimal; `forced`
    the reason, if errors were left. `reopened` is the day and why, once it was opened again.
    """

    date: str
    checker: str
    sha256: str
    forced: str = ""
    reopened: str = ""


@dataclass(frozen=True, eq=False)
class Report(PlainFields):
    """A report on `form`, equal to every report that reads the same.

    The plain fields are those of `core.fields`: `own_title` replaces the computed title; `date` is the text that is
    printed. `entries` holds what was typed or read, by cell id; `sections` the prose by section key, paragraphs divided
    by newlines; `doubts` are those of the entries that nobody has looked at yet, by cell id, `prose_doubts` those of
    the prose, in order, by section key or "preamble"; `bound` are the numbers of the prose that follow cells, likewise.
    `explanations` are by the address of a finding (`Finding.address`), `closed` says of rules, by code, why they are
    not to be checked; `finals` are the times it was made final, the last of them in force unless it was reopened.
    `prior` is last year's report, None if none was chosen; `extra` are keys of the file that this version does not know
    and writes back.
    """

    form: Form = field(repr=False)
    _: KW_ONLY
    sections: Mapping[str, str] = field(default_factory=_nothing)
    entries: Mapping[str, Entry] = field(default_factory=_nothing)
    doubts: Mapping[str, Doubt] = field(default_factory=_nothing)
    prose_doubts: Mapping[str, tuple[ProseDoubt, ...]] = field(default_factory=_nothing)
    bound: Mapping[str, tuple[Bound, ...]] = field(default_factory=_nothing)
    explanations: Mapping[str, Explanation] = field(default_factory=_nothing)
    closed: Mapping[str, str] = field(default_factory=_nothing)
    finals: tuple[Final, ...] = ()
    prior: Prior | None = None
    extra: Mapping[str, Any] = field(default_factory=_nothing)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Report):
            return NotImplemented
        # The prose first: with each character typed a report is compared with the one before.
        return self.sections == other.sections and self._reading() == other._reading()

    def _reading(self) -> tuple[object, ...]:
        """What makes two reports the same to a reader; as numbers 0 and 0.0000 would be equal."""
        entries = {cell_id: (type(entry), str(entry)) for cell_id, entry in self.entries.items()}
        plain = (getattr(self, one.name) for one in FIELDS)
        doubts = {cell_id: doubt.what for cell_id, doubt in self.doubts.items()}
        said = (self.bound, self.explanations, self.closed, self.finals)
        return (*plain, entries, self.sections, doubts, self.prose_doubts, *said, self.prior, self.extra)

    @property
    def is_final(self) -> bool:
        """Whether it was made final and has not been reopened since."""
        return bool(self.finals) and not self.finals[-1].reopened

    @property
    def edition(self) -> str:
        return self.form.edition

    @property
    def computed_title(self) -> str:
        return (
            f"{self.agency}{self.year}年{self.form.title}" if self.year else f"{self.agency}{self.form.title}"
        )

    @property
    def title(self) -> str:
        return self.computed_title if self.own_title is None else self.own_title

    def shown(self, plain: PlainField) -> str:
        """What the report says under a plain field: the title as it is printed, whoever made it."""
        return self.title if plain.name == "own_title" else plain.show(self)

    @cached_property
    def values(self) -> Mapping[str, Entry]:
        """What each cell shows: the entries and the automatic totals; a blank cell is absent."""
        values = dict(self.entries)
        for cell in self.form.totals:
            if cell.id not in values:
                total = self._sum(cell, values)
                if total is not None:
                    values[cell.id] = total
        return MappingProxyType(values)

    @staticmethod
    def _sum(cell: Cell, values: Mapping[str, Entry]) -> int | Decimal | None:
        total: int | Decimal = 0
        for part in cell.parts:
            value = values.get(part)
            if value is None or isinstance(value, str):
                return None
            total += value
        return total

    def value(self, cell_id: str) -> Entry | None:
        return self.values.get(cell_id)

    def details_sum(self, cell: Cell) -> int | Decimal | None:
        """The sum of a total's parts; None while one of them is blank or a text."""
        return self._sum(cell, self.values) if cell.is_total else None

    def is_automatic(self, cell_id: str) -> bool:
        """Whether the cell is a total that nobody has typed."""
        return cell_id not in self.entries and self.form.cells[cell_id].is_total

    def with_entry(self, cell_id: str, entry: Entry | None) -> Report:
        return self.with_entries({cell_id: entry})

    def with_entries(self, changes: Mapping[str, Entry | None]) -> Report:
        """The report with these entries, None making a cell blank; itself if nothing differs. KeyError: no cell.

        A doubt ends with the figure that it is about.
        """
        entries = dict(self.entries)
        ended: set[str] = set()
        changed = False
        for cell_id, entry in changes.items():
            self.form.cells[cell_id]
            if not same_entry(entries.get(cell_id), entry):
                changed = True
                ended.add(cell_id)
                if entry is None:
                    del entries[cell_id]
                else:
                    entries[cell_id] = entry
        if not changed:
            return self
        doubts = self.doubts
        if not ended.isdisjoint(doubts):
            doubts = MappingProxyType({key: doubt for key, doubt in doubts.items() if key not in ended})
        return replace(self, entries=MappingProxyType(entries), doubts=doubts)

    def with_doubts(self, doubts: Mapping[str, str]) -> Report:
        """The report with these of its figures in doubt as well: by cell id, why. KeyError: no figure stands there."""
        more = {cell_id: Doubt(self.entries[cell_id], what) for cell_id, what in doubts.items()}
        if all(self.doubts.get(cell_id) == doubt for cell_id, doubt in more.items()):
            return self
        return replace(self, doubts=MappingProxyType({**self.doubts, **more}))

    def without_doubts(self, cells: Iterable[str]) -> Report:
        """The report with these cells looked at; itself if none of them was in doubt."""
        seen = set(cells)
        left = {cell_id: doubt for cell_id, doubt in self.doubts.items() if cell_id not in seen}
        return self if len(left) == len(self.doubts) else replace(self, doubts=MappingProxyType(left))

    def with_section(self, key: str, text: str) -> Report:
        """The report with this prose in a section; KeyError if the form has no such section.

        What is in doubt moves with its text, and ends when that is changed.
        """
        self.form.section(key)
        before = self.sections.get(key, "")
        if before == text:
            return self
        sections = {k: v for k, v in self.sections.items() if k != key}
        if text:
            sections[key] = text
        report = replace(
            self,
            sections=MappingProxyType(sections),
            prose_doubts=marks_moved(self.prose_doubts, key, before, text),
            bound=marks_moved(self.bound, key, before, text),
        )
        vars(report)["values"] = self.values  # of the same entries
        return report

    @cached_property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """The texts that are not empty, by key: the preamble, then the prose of the sections in their order."""
        keys = ("preamble", *(section.key for section in self.form.sections))
        return tuple((key, text) for key in keys if (text := self.text(key)))

    @cached_property
    def notes(self) -> tuple[tuple[str, str], ...]:
        """The notes below the tables that are not empty, by the names of their fields, in the order of the tables."""
        found = (NOTES.get(table.key) for table in self.form.tables)
        return tuple(
            (one.name, text) for one in found if one is not None and (text := one.show(self)).strip()
        )

    def note(self, table: str) -> str:
        """What is printed below the table of a section, by its key."""
        return NOTES[table].show(self) if table in NOTES else ""

    def text(self, key: str) -> str:
        """The prose of a section, of the preamble, or of the note below a table, by the name of its field."""
        field = BY_NAME.get(key)
        return field.show(self) if field is not None and field.prose else self.sections.get(key, "")

    def with_bound(self, key: str, bound: Iterable[Bound]) -> Report:
        """The report with these as the numbers of a section, or of the preamble, that follow cells.

        Those that its text does not have, that name no cell of the form, and that lie in one before are left out.
        """
        text = self.text(key)
        kept: list[Bound] = []
        for one in sorted(bound, key=lambda b: b.start):
            stands = one.text and text[one.start : one.end] == one.text
            known = one.cells and set(one.cells) <= self.form.cells.keys()
            if stands and known and (not kept or kept[-1].end <= one.start):
                kept.append(one)
        if tuple(kept) == self.bound.get(key, ()):
            return self
        return replace(self, bound=_with(self.bound, key, kept))

    def with_text(self, key: str, text: str) -> Report:
        """The report with this prose in a section, as its preamble, or as the note below a table (see `text`)."""
        return self.with_fields(**{key: text}) if key in BY_NAME else self.with_section(key, text)

    def with_replaced(self, key: str, changes: Iterable[tuple[int, int, str]]) -> Report:
        """The report in whose section, or preamble, these parts read otherwise: first character, the one behind, text.

        They are in order and apart. What is marked between them moves with its text, and ends where that is changed, as
        if each had been typed by itself.
        """
        before, parts, at = self.text(key), [], 0
        shifts = [(0, 0, 0)]  # behind which character, up to which, by how much
        for start, end, text in changes:
            parts += [before[at:start], text]
            shifts.append((start, end, shifts[-1][2] + len(text) - (end - start)))
            at = end
        after = "".join((*parts, before[at:]))
        bound = _moved_by(self.bound.get(key, ()), shifts, before, after)
        doubts = _moved_by(self.prose_doubts.get(key, ()), shifts, before, after)
        return self.with_text(key, after).with_bound(key, bound).with_prose_doubts(key, doubts)

    def with_explanation(self, address: str, explanation: Explanation | None) -> Report:
        """The report with why the finding of this address stands; None for no explanation."""
        if self.explanations.get(address) == explanation:
            return self
        others = {key: one for key, one in self.explanations.items() if key != address}
        if explanation is not None:
            others[address] = explanation
        return replace(self, explanations=MappingProxyType(others))

    def with_closed(self, code: str, reason: str) -> Report:
        """The report for which the rules of a code are not checked, and why; "" to check them again."""
        if self.closed.get(code, "") == reason:
            return self
        others = {key: one for key, one in self.closed.items() if key != code}
        return replace(self, closed=MappingProxyType({**others, code: reason} if reason else others))

    def with_finals(self, finals: Iterable[Final]) -> Report:
        """The report that was made final these times, and reopened after each of them but the last."""
        return self if (stated := tuple(finals)) == self.finals else replace(self, finals=stated)

    def with_prose_doubts(self, key: str, doubts: Iterable[ProseDoubt]) -> Report:
        """The report with these as the doubts of a section, or of the preamble, as far as its text has them."""
        text = self.text(key)
        kept = sorted(
            (d for d in doubts if d.text and text[d.start : d.end] == d.text), key=lambda d: d.start
        )
        if tuple(kept) == self.prose_doubts.get(key, ()):
            return self
        return replace(self, prose_doubts=_with(self.prose_doubts, key, kept))

    def without_prose_doubts(self, key: str, starts: Iterable[int]) -> Report:
        """The report with the doubts that begin there in a section looked at; itself if there were none."""
        seen = set(starts)
        doubts = self.prose_doubts.get(key, ())
        left = [doubt for doubt in doubts if doubt.start not in seen]
        if len(left) == len(doubts):
            return self
        return replace(self, prose_doubts=_with(self.prose_doubts, key, left))

    def with_fields(self, **changes: Any) -> Report:
        """The report with other plain fields, by their names; `extra` may be among them."""
        if all(getattr(self, name) == value for name, value in changes.items()):
            return self
        if self.prose_doubts.get("preamble") and "preamble" in changes:
            changes["prose_doubts"] = marks_moved(
                self.prose_doubts, "preamble", self.preamble, changes["preamble"]
            )
        if self.bound.get("preamble") and "preamble" in changes:
            changes["bound"] = marks_moved(self.bound, "preamble", self.preamble, changes["preamble"])
        return replace(self, **changes)

    def with_prior(self, prior: Prior | None) -> Report:
        """The report with this one as last year's; what the file said of it and could not be read goes (`extra`)."""
        extra = {key: value for key, value in self.extra.items() if key != "prior"}
        if self.prior == prior and len(extra) == len(self.extra):
            return self
        return replace(self, prior=prior, extra=MappingProxyType(extra))


@dataclass(frozen=True)
class Prior:
    """Last year's report as this year's keeps it, so that the two are compared even when its file is gone.

    `report` holds its agency, year, entries and prose and nothing else (`Prior.of` takes them). `path` names the file
    it was read from, absolute and as its system writes it, "" if it is not known; `sha256` is that of the bytes of that
    file in hexadecimal. `beside` is the same path seen from the folder of this year's file, with forward slashes: what
    is found after both were moved together. `extra` are keys that this version does not know.
    """

    report: Report
    path: str = ""
    sha256: str = ""
    beside: str = field(default="", compare=False)
    extra: Mapping[str, Any] = field(default_factory=_nothing)

    @classmethod
    def of(cls, report: Report, path: str = "", sha256: str = "") -> Prior:
        """What is kept of a whole report: not what was said of it, and not the year before it in turn."""
        kept = Report(
            report.form,
            agency=report.agency,
            year=report.year,
            preamble=report.preamble,
            sections=report.sections,
            entries=report.entries,
        )
        return cls(kept, path, sha256)

    @property
    def name(self) -> str:
        """The name of its file, whichever system wrote the path."""
        return re.split(r"[\\/]", self.path)[-1]

    @property
    def words(self) -> str:
        """Whose report of which year it is: 「鲁山县教育体育局（2021 年）」."""
        year = f"{self.report.year} 年" if self.report.year else "没有写年份"
        return f"{self.report.agency or '没有写单位'}（{year}）"

    def doubts(self, report: Report) -> tuple[str, ...]:
        """Why it may not be the one that belongs to `report`: a sentence each for year, agency and missing figures."""
        mine, doubts = self.report, []
        if report.year and mine.year != report.year - 1:
            its = f"是 {mine.year} 年的" if mine.year else "没有写年份"
            doubts.append(f"选的年报{its}，本年报的上年是 {report.year - 1} 年。")
        if report.agency and "".join(mine.agency.split()) != "".join(report.agency.split()):
            its = f"单位是“{mine.agency}”" if mine.agency else "没有写单位"
            doubts.append(f"选的年报{its}，本年报的单位是“{report.agency}”。")
        if not mine.entries:
            doubts.append("选的年报里没有数。")
        return tuple(doubts)


Mark = TypeVar("Mark", bound=ProseDoubt | Bound)


def marks_moved(
    marks: Mapping[str, tuple[Mark, ...]], key: str, before: str, after: str
) -> Mapping[str, tuple[Mark, ...]]:
    """The marks of all prose once the text of `key` is another: moved along, or ended with what they mark."""
    of_text = marks.get(key)
    if not of_text:
        return marks
    start, gone, come = text_difference(before, after)
    end, by = start + len(gone), len(come) - len(gone)
    left = []
    for mark in of_text:
        moved = replace(mark, start=mark.start + by) if end <= mark.start else mark
        if moved is mark and start < mark.end:
            continue
        if after[moved.start : moved.end] == mark.text and not _joined(before, mark, after, moved):
            left.append(moved)
    return _with(marks, key, left)


def _moved_by(
    marks: Iterable[Mark], shifts: Sequence[tuple[int, int, int]], before: str, after: str
) -> list[Mark]:
    """The marks of a text once several of its parts are others (`Report.with_replaced`)."""
    left = []
    for mark in marks:
        # The last part that begins before the mark ends.
        last = shifts[bisect_left(shifts, mark.end, key=lambda shift: shift[0]) - 1]
        moved = replace(mark, start=mark.start + last[2])
        if last[1] <= mark.start and not _joined(before, mark, after, moved):
            left.append(moved)
    return left


def _with(
    marks: Mapping[str, tuple[Mark, ...]], key: str, kept: Iterable[Mark]
) -> Mapping[str, tuple[Mark, ...]]:
    others = {name: of_text for name, of_text in marks.items() if name != key}
    return MappingProxyType({**others, key: found} if (found := tuple(kept)) else others)


_NUMERALS = frozenset("0123456789０１２３４５６７８９.．〇零一二两三四五六七八九十百千万亿")


def _joined(before: str, doubt: Mark, after: str, moved: Mark) -> bool:
    """Whether a numeral was put directly before or behind a number, which makes it another."""
    pairs = (
        (before[doubt.start - 1 : doubt.start], after[moved.start - 1 : moved.start]),
        (before[doubt.end : doubt.end + 1], after[moved.end : moved.end + 1]),
    )
    return any(was != now and now in _NUMERALS for was, now in pairs)


def text_difference(old: str, new: str) -> tuple[int, str, str]:
    """Where two texts begin to differ, what stood there and what stands there now."""
    start = _common(old, new)
    rest_old, rest_new = old[start:], new[start:]
    end = _common(rest_old[::-1], rest_new[::-1])
    return start, rest_old[: len(rest_old) - end], rest_new[: len(rest_new) - end]


def _common(one: str, other: str) -> int:
    """The length of the common beginning of two texts."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def blank_report(form: Form, year: int | None = None) -> Report:
    return Report(form, year=year)


def same_entry(one: Entry | None, other: Entry | None) -> bool:
    """Whether two entries are the same to a reader: 0 and 0.0000 are not, nor is 1 the text “1”."""
    return type(one) is type(other) and str(one) == str(other)


KEPT_TEXTS = frozenset({"/", "-", "--", "—", "——", "－", "／", "\\", "无", "不适用", "N/A", "NA", "n/a"})
"""Texts that published tables carry instead of a number; they are kept and marked, never read as 0."""

# Direction marks, joiners, blanks without width, soft hyphens, control characters, halves of characters, noncharacters,
# and the private use area, where web pages keep the pictures of their buttons; not U+E815 to U+E864, which older
# Chinese systems gave to rare characters of names (GB 18030-2005, annex), nor variation selectors, which choose a form.
_UNSEEN = expression(
    "[\x00-\x08\x0e-\x1d\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ue000-\ue814\ue865-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff"
    "\U000e0000-\U000e00ff\U000f0000-\U0010ffff]"
)
_BLANKS = expression("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3164\uffa0]")
_BREAKS = expression("[\v\f\x85\u2028\u2029]")
_WORD_HYPHEN = "\x1e"  # what Word copies for a hyphen at which no line may end


def without_unseen(text: str) -> str:
    """The text without characters that nobody sees: they would make equal words differ and numbers no numbers.

    Blanks of other kinds become ordinary ones, other line breaks newlines. Newlines, tabs and the wide blank stay.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _BREAKS.sub("\n", text.replace(_WORD_HYPHEN, "-"))
    return _BLANKS.sub(" ", _UNSEEN.sub("", text))


_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
_NUMBER = expression(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_SIGNED = expression(r"[-−‐–]\s*[0-9]")
_DIGITS = 12


def parse_entry(text: str, cell: Cell) -> Entry | None:
    """What a typed or pasted text means in a cell: a number, a kept text, or None for blank.

    Full-width digits, thousands separators and blanks around are read. Everything else that is no number of the
    cell's kind is refused with `EntryError`; nothing is ever changed silently, “12abc” is never 12. An amount may have
    more decimals than are usual: that is for the rules to ask about.
    """
    shown = without_unseen(text).strip()
    if not shown:
        return None
    if shown in KEPT_TEXTS:
        return shown
    plain = shown.translate(_HALF_WIDTH)
    wanted = "只填整数" if cell.decimals == 0 else f"填{cell.unit}数"
    if _SIGNED.match(plain):
        raise EntryError(f"“{shown}”是负数，没有填入。", "", f"这一格{wanted}，不能小于 0。")
    if not _NUMBER.fullmatch(plain):
        raise EntryError(f"“{shown}”不是数字，没有填入。", "", f"这一格{wanted}。")
    plain = plain.replace(",", "")
    whole, _, fraction = plain.partition(".")
    if len(whole.lstrip("0")) > _DIGITS:
        raise EntryError(f"“{shown}”的位数太多，没有填入。", "", f"这一格最多 {_DIGITS} 位整数。")
    if fraction and cell.decimals == 0:
        raise EntryError(f"“{shown}”不是整数，没有填入。", "", f"这一格{wanted}。")
    if len(fraction) > _DIGITS:
        raise EntryError(f"“{shown}”的小数太多，没有填入。", "", f"这一格{wanted}，最多 {_DIGITS} 位小数。")
    return Decimal(plain) if cell.decimals else int(plain)


_COUNTED = "件|个|次|条|项|宗|起|份|人|人次|家|例|篇|部|件次"
_AMOUNT = "万元|万"
_NOISE = "。.，,；;、"


def obvious_number(text: str, cell: Cell) -> str:
    """The one number that a refused text can only mean in a cell, to be offered: “46件” is 46, “2.0” is 2; else “”.

    A unit is left out only if it is the cell's own (件 for a count, 万元 for an amount), decimals only if they are 0.
    Nothing is rounded or converted: neither “85000元” nor “2.5” of a count is any.
    """
    plain = "".join(text.translate(_HALF_WIDTH).split()).rstrip(_NOISE)
    unit = _AMOUNT if cell.decimals else _COUNTED
    found = re.fullmatch(
        rf"(?P<number>{_NUMBER.pattern})(?:\((?:{unit})\)|（(?:{unit})）|(?:{unit}))?", plain
    )
    if found is None or re.search(r"[0-9.]\s+[0-9.]", text):
        return ""
    whole, point, fraction = found["number"].partition(".")
    kept, surplus = fraction[: cell.decimals], fraction[cell.decimals :]
    if surplus.strip("0"):
        return ""
    number = whole.replace(",", "") + (f".{kept}" if point and kept else "")
    try:
        return show_entry(parse_entry(number, cell))
    except EntryError:
        return ""


def show_entry(entry: Entry | None) -> str:
    """The text of an entry as it stands in a cell, on paper and in a file."""
    return "" if entry is None else format(entry, "f") if isinstance(entry, Decimal) else str(entry)


class Paragraph(NamedTuple):
    """A paragraph of prose: its （一） heading, if it begins with one, and the rest; one of them may be empty."""

    heading: str
    body: str

    @property
    def text(self) -> str:
        return self.heading + self.body


_SUBHEADING = expression(r"\s*[（(][一二三四五六七八九十]{1,3}[）)]")
_HEADING_LENGTH = (
    30  # a sub-heading is a title: longer first sentences are text, as published reports show inside 一
)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a section's prose, empty lines left out, （一） headings apart from what runs on after them."""
    return tuple(_paragraph(line.strip()) for line in text.split("\n") if line.strip())


def _paragraph(line: str) -> Paragraph:
    number = _SUBHEADING.match(line)
    if number is None:
        return Paragraph("", line)
    end = re.search("[。：:]", line)
    stop = end.end() if end else len(line)
    return Paragraph(line[:stop], line[stop:]) if stop <= _HEADING_LENGTH else Paragraph("", line)


def count_characters(text: str) -> int:
    """Characters without white space, which is what 字数 means to an office."""
    return len("".join(text.split()))
