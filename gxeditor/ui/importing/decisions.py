"""What a person has decided about an import so far: which doubtful figures to accept, and which to leave blank.

Knows what each doubt leaves to decide, what the report would hold, and what the equations force of the rest. Knows no
widget: whoever shows it asks again after each decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from gxeditor.core.checks.forced import forced
from gxeditor.core.checks.rules import Rule
from gxeditor.core.errors import EntryError
from gxeditor.core.report import Entry, Report, parse_entry, show_entry
from gxeditor.imports.source import ImportNote

if TYPE_CHECKING:
    from gxeditor.imports.recognize.report import Imported


class Decisions:
    """The decisions about one import.

    A figure that was read with a doubt is accepted until it is left blank; one that is only offered stays blank until
    it is accepted. A figure that the equations force is filled in only by `fill_forced`, and taken out by the next
    decision, since it may no longer follow then.
    """

    def __init__(self, imported: Imported, rules: Sequence[Rule] = ()) -> None:
        self._imported = imported
        self._rules = rules
        self._figures: Mapping[ImportNote, Mapping[str, Entry]] = {
            note: self._figures_of(note) for note in imported.notes if note.severity == "doubt"
        }
        self._accepted = {
            cell_id
            for figures in self._figures.values()
            for cell_id in figures
            if cell_id in imported.report.entries
        }
        self._forced: Mapping[str, Entry] = {}

    def _figures_of(self, note: ImportNote) -> Mapping[str, Entry]:
        report = self._imported.report
        figures: dict[str, Entry] = {
            cell_id: report.entries[cell_id] for cell_id in note.cells if cell_id in report.entries
        }
        for cell_id, text in note.offers:
            try:
                entry = parse_entry(text, report.form.cells[cell_id])
            except (EntryError, KeyError):
                continue  # what no cell can hold is no offer
            if entry is not None and cell_id not in figures:
                figures[cell_id] = entry
        return MappingProxyType(figures)

    def figures(self, note: ImportNote) -> Mapping[str, Entry]:
        """What there is to accept of a note: the figures by cell id, whether read or only offered."""
        return self._figures.get(note, {})

    def is_open(self, note: ImportNote) -> bool:
        """Whether a figure of the note can still be accepted."""
        return any(cell_id not in self._accepted for cell_id in self.figures(note))

    def is_accepted(self, note: ImportNote) -> bool:
        """Whether figures of the note are accepted, all of them."""
        return bool(self.figures(note)) and not self.is_open(note)

    def open_notes(self, notes: Iterable[ImportNote]) -> list[ImportNote]:
        return [note for note in notes if self.is_open(note)]

    def accept(self, notes: Iterable[ImportNote]) -> None:
        self._decide(self._accepted | {cell_id for note in notes for cell_id in self.figures(note)})

    def leave_blank(self, note: ImportNote) -> None:
        self._decide(self._accepted - set(self.figures(note)))

    def _decide(self, accepted: set[str]) -> None:
        if accepted != self._accepted:
            self._accepted = accepted
            self._forced = {}
            self.__dict__.pop("report", None)
            self.__dict__.pop("forced", None)

    @cached_property
    def forced(self) -> Mapping[str, int | Decimal]:
        """What the equations of the report force of its blank cells, as it stands without them."""
        return forced(self._taken, self._rules)

    @property
    def has_forced(self) -> bool:
        """Whether these are filled in."""
        return bool(self._forced)

    def fill_forced(self, fill: bool) -> None:
        """「按提示填入」, or taken out again."""
        self._forced = dict(self.forced) if fill else {}
        self.__dict__.pop("report", None)

    @property
    def forced_cells(self) -> frozenset[str]:
        return frozenset(self._forced)

    @property
    def _taken(self) -> Report:
        changes: dict[str, Entry | None] = {}
        why: dict[str, list[str]] = {}
        for note, figures in self._figures.items():
            for cell_id, entry in figures.items():
                if cell_id not in self._accepted:
                    changes.setdefault(cell_id, None)
                    continue
                changes[cell_id] = entry
                offered = cell_id not in self._imported.report.entries
                done = f"按 {show_entry(entry)} 采用。" if offered else note.done
                sentences = why.setdefault(cell_id, [])
                if f"{note.what}{done}" not in sentences:
                    sentences.append(f"{note.what}{done}")
        report = self._imported.report.with_entries(changes)
        return report.with_doubts({cell_id: "".join(sentences) for cell_id, sentences in why.items()})

    @cached_property
    def report(self) -> Report:
        """The report as decided so far; what was accepted in doubt is in its `doubts`."""
        return self._taken.with_entries(self._forced)

    @property
    def blank(self) -> int:
        """How many cells stay blank."""
        return sum(1 for cell_id in self.report.form.cells if cell_id not in self.report.entries)
