"""The open report as Qt sees it.

Knows the history, the findings of its present state, last year's report and which finding is being shown; the one
door through which edits go. Everything that is mutable about a report is here. Knows no widget, and of files only what
became of the report: where it belongs and whether it is saved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gxeditor.core.form import Form
from gxeditor.core.history import History
from gxeditor.core.report import Report, blank_report, same_entry
from gxeditor.core.rules import Finding, Findings, Rule, check

Recorder = Callable[[History, History], None]
"""Told of every change of the history, before and after, so that it can be written down."""


@dataclass(frozen=True)
class Change:
    """What differs: reports and findings before and after, who started it, and the cells to look at again."""

    before: Report
    after: Report
    findings_before: Findings
    findings_after: Findings
    origin: object | None
    cells: frozenset[str]


class Session(QObject):
    """The open report. `changed` carries a `Change`; `file_changed` says that path, title or undo state differ."""

    changed = Signal(object)
    file_changed = Signal()
    told = Signal(str)
    focused = Signal(object)
    goto = Signal(object, str)
    replaced = Signal()

    def __init__(self, form: Form, rules: tuple[Rule, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.form = form
        self.rules = rules
        self.history = History(blank_report(form))
        self.prior: Report | None = None
        self.path: Path | None = None
        self.recorder: Recorder | None = None
        self.findings = Findings()
        self._pinned: Finding | None = None
        self._hovered: Finding | None = None
        self._step_key: tuple[str, tuple[str, ...]] | None = None

    @property
    def report(self) -> Report:
        return self.history.report

    @property
    def modified(self) -> bool:
        return self.history.modified

    # --- the report as a whole

    def open(self, history: History, path: Path | None = None, prior: Report | None = None) -> None:
        """Takes another report in place of the present one."""
        self.path = path
        self.prior = prior
        self.history = history
        before, findings = self.report, self.findings
        self.findings = check(self.report, self.rules, prior)
        self._pinned = self._hovered = None
        self._step_key = None
        self.focused.emit(None)
        self.changed.emit(
            Change(before, self.report, findings, self.findings, None, frozenset(self.form.cells))
        )
        self.replaced.emit()
        self.file_changed.emit()

    def saved(self, path: Path) -> None:
        """The present report is what stands in `path`."""
        self.path = path
        self._advance(self.history.mark_saved(), None)

    def set_prior(self, prior: Report | None) -> None:
        """Last year's report, for the rules that compare with it; not part of the report and no edit."""
        self.prior = prior
        self._announce(self.report, self.findings, None)

    # --- edits

    def edit(self, report: Report, label: str, *, origin: object | None = None, merge_key: str = "") -> bool:
        """Makes `report` the present one, one undoable step; False, and no trace, if it is the present one."""
        return self._advance(self.history.push(report, label, merge_key), origin)

    def undo(self) -> None:
        if self.history.can_undo:
            label = self.history.undo_label
            self._advance(self.history.undo(), None)
            self.told.emit(f"已撤销：{label}")

    def redo(self) -> None:
        if self.history.can_redo:
            label = self.history.redo_label
            self._advance(self.history.redo(), None)
            self.told.emit(f"已重做：{label}")

    def seal(self) -> None:
        """Ends the step that typing was merging into."""
        self._advance(self.history.seal(), None)

    def _advance(self, history: History, origin: object | None) -> bool:
        before = self.history
        if history is before:
            return False
        self.history = history
        if self.recorder is not None:
            self.recorder(before, history)
        if history.report is not before.report:
            self._announce(before.report, self.findings, origin)
        if (before.modified, before.undo_label, before.redo_label) != (
            history.modified,
            history.undo_label,
            history.redo_label,
        ) or before.saved is not history.saved:
            self.file_changed.emit()
        return True

    def _announce(self, before: Report, findings_before: Findings, origin: object | None) -> None:
        after = self.report
        self.findings = check(after, self.rules, self.prior)
        cells = frozenset(_changed_cells(before, after, findings_before, self.findings))
        self._pinned = self._same_finding(self._pinned)
        self._hovered = self._same_finding(self._hovered)
        self.changed.emit(Change(before, after, findings_before, self.findings, origin, cells))
        self.focused.emit(self.shown)

    def _same_finding(self, finding: Finding | None) -> Finding | None:
        """The finding of the same rule on the same cells in the present findings."""
        if finding is None:
            return None
        return next((f for f in self.findings.findings if _key(f) == _key(finding)), None)

    # --- the finding in view

    @property
    def shown(self) -> Finding | None:
        """The finding whose signs are drawn: the one under the mouse, else the pinned one."""
        return self._hovered or self._pinned

    @property
    def pinned(self) -> Finding | None:
        return self._pinned

    def hover(self, finding: Finding | None) -> None:
        if finding is not self._hovered:
            self._hovered = finding
            self.focused.emit(self.shown)

    def pin(self, finding: Finding | None) -> None:
        """Keeps a finding in view until it is unpinned (None) or another one is pinned."""
        self._pinned = finding
        self._hovered = None
        if finding is not None:
            self._step_key = _key(finding)
        self.focused.emit(self.shown)

    def step(self, direction: int) -> Finding | None:
        """Pins the next (1) or previous (-1) finding in the order of the form, around the end, and jumps to it."""
        found = self.in_form_order()
        if not found:
            self.told.emit("没有要处理的问题。")
            return None
        keys = [_key(f) for f in found]
        if self._step_key in keys:
            place = (keys.index(self._step_key) + direction) % len(found)
        else:
            place = 0 if direction > 0 else len(found) - 1
        finding = found[place]
        self.pin(finding)
        self.goto.emit(finding, "")
        return finding

    def in_form_order(self) -> list[Finding]:
        """The findings as they come up when reading the form from the top."""
        sections = {section.key: i for i, section in enumerate(self.form.sections)}
        return sorted(self.findings.findings, key=lambda f: sections.get(f.section, len(sections)))


def _key(finding: Finding) -> tuple[str, tuple[str, ...]]:
    return finding.rule.id, finding.cells if finding.rule.kind == "entry" and finding.marks else (finding.section,)


def _changed_cells(before: Report, after: Report, findings_before: Findings, findings_after: Findings) -> set[str]:
    cells = {
        cell
        for cell in after.form.cells
        if not same_entry(before.values.get(cell), after.values.get(cell))
        or (cell in before.entries) != (cell in after.entries)
    }
    old, new = findings_before.by_cell, findings_after.by_cell
    cells.update(cell for cell in old.keys() | new.keys() if old.get(cell) != new.get(cell))
    return cells
