"""The open report as Qt sees it.

Knows the history, the findings of its present state, last year's report, which finding is being shown, the file the
report belongs to and the journal that keeps every edit; it is the one door through which edits go. Everything that is
mutable about a report is here. Knows no widget and asks nobody: what needs an answer is raised or told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from gxeditor.core.errors import GxError
from gxeditor.core.form import Form
from gxeditor.core.history import History
from gxeditor.core.report import Report, blank_report, same_entry
from gxeditor.core.rules import Finding, Findings, Rule, check
from gxeditor.resources import load_form
from gxeditor.store import journal as journals
from gxeditor.store.journal import Journal, JournalWriter
from gxeditor.store.report_file import kept_path, read_report, save_report

_NO_STEP = (0, ("", ()))


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
    """The open report.

    `changed` carries a `Change`; `file_changed` says that path, saved state or undo state differ; `told` a sentence;
    `focused` the finding in view or None; `goto` a finding and the cell to jump to ("" for its first); `kept` the time
    at which all edits were on the disk; `trouble` an error that came up in the background; `odd` an `OddFile` among
    the journals.
    """

    changed = Signal(object)
    file_changed = Signal()
    told = Signal(str)
    focused = Signal(object)
    goto = Signal(object, str)
    kept = Signal(object)
    trouble = Signal(object)
    odd = Signal(object)

    def __init__(
        self,
        form: Form,
        rules: tuple[Rule, ...],
        parent: QObject | None = None,
        *,
        journals: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self.form = form
        self.rules = rules
        self.history = History(blank_report(form))
        self.prior: Report | None = None
        self.path: Path | None = None
        self.findings = Findings()
        self._sha256: str | None = None
        self._journals = journals
        self._writer: JournalWriter | None = None
        self._recorded = 0
        self._pinned: Finding | None = None
        self._hovered: Finding | None = None
        self._step: tuple[int, tuple[str, tuple[str, ...]]] = _NO_STEP
        self._kept_timer = QTimer(self, singleShot=True, interval=400)
        self._kept_timer.timeout.connect(self._tell_kept)

    @property
    def report(self) -> Report:
        return self.history.report

    @property
    def modified(self) -> bool:
        return self.history.modified

    # --- the report as a whole

    def begin(self, report: Report, prior: Report | None = None, *, path: Path | None = None) -> None:
        """Takes up a new report. With `path` it is what should replace that file, and counts as not saved."""
        history = History(report) if path is not None else History(report, saved=report)
        self._open(history, prior, path, None, None)

    def load(self, path: Path) -> None:
        """Opens a file with its undo history. Raises what `read_report` raises, and then changes nothing.

        Edits that a crash left over on just this file are taken up again; undo leads back to what the file holds.
        """
        path = path.absolute()
        opened = read_report(path, load_form)
        history, found = History(opened.report, saved=opened.report), None
        if self._journals is not None:
            there, told = opened.sha256, self.odd.emit
            unfinished = journals.unfinished(self._journals, load_form, path, there=there, told=told)
            left = [journal for journal in unfinished if journal.sha256 == there]
            found = left[0] if left else journals.open_history(self._journals, path, opened, load_form, told)
            if found is not None:
                history = found.history
        self._open(history, None, path, opened.sha256, found)
        if found is not None and history.modified:
            self.told.emit(f"已恢复上次没有保存的 {found.edits} 处修改；撤销可以退回。")

    def read(self, path: Path) -> Report:
        """Another report, such as last year's; the open one stays. Raises what `read_report` raises."""
        return read_report(path, load_form).report

    def recoveries(self) -> tuple[Journal, ...]:
        """The work that a program which did not end properly left unsaved, from the journals alone."""
        if self._journals is None:
            return ()
        return journals.unfinished(self._journals, load_form, told=self.odd.emit)

    def recover(self, journal: Journal, *, as_copy: bool = False) -> None:
        """Takes up work left unsaved; a copy belongs to no file yet. A file changed since is noticed when saving."""
        if not as_copy:
            journal = journals.compared(journal)
        path, sha256 = (None, None) if as_copy else (journal.path, journal.sha256)
        self._open(
            replace(journal.history, saved=None) if as_copy else journal.history, None, path, sha256, journal
        )

    def rescue(self, path: Path) -> tuple[Report | None, Journal | None]:
        """What there is in place of a damaged file: the version before the last save, and the edits of the journal."""
        kept: Report | None = None
        try:
            kept = read_report(kept_path(path), load_form).report
        except GxError:
            kept = None
        if self._journals is None:
            return kept, None
        return kept, journals.last_journal(self._journals, path, load_form)

    def save(self, path: Path, *, overwrite: bool = False) -> None:
        """Writes the report to `path`, which it belongs to from then on. Raises what `save_report` raises.

        The file the report was opened from is not overwritten if it was changed elsewhere, unless asked for.
        """
        path = path.absolute()
        expected = self._sha256 if path == self.path and not overwrite else None
        self.flush()  # a crash just after saving must not leave a journal older than the file
        self._sha256 = save_report(self.report, path, expected)
        self._saved_as(path)

    def reload(self, path: Path) -> None:
        """Reads the file again, as one undoable step. Raises what `read_report` raises, and then changes nothing."""
        opened = read_report(path, load_form)
        self.edit(opened.report, "重新读取文件")
        self._sha256 = opened.sha256
        self._saved_as(path)

    def _saved_as(self, path: Path) -> None:
        self.path = path
        self.history = self.history.mark_saved()
        if self._writer is not None and self._sha256 is not None:
            self._recorded = self._writer.saved(self.history, path, self._sha256)
        self.file_changed.emit()

    def close(self, *, discard: bool = False) -> None:
        """Ends with this report; with `discard` its unsaved edits are not offered again."""
        self._kept_timer.stop()
        if self._writer is not None:
            self._writer.close(discard=discard)
            self._writer = None

    def flush(self) -> bool:
        """Waits until every edit is on the disk; False if it could not be written."""
        return self._writer.flush() if self._writer is not None else True

    def set_prior(self, prior: Report | None) -> None:
        """Last year's report, for the rules that compare with it; not part of the report and no edit."""
        self.prior = prior
        self._announce(self.report, self.findings, None)

    def _open(
        self,
        history: History,
        prior: Report | None,
        path: Path | None,
        sha256: str | None,
        found: Journal | None,
    ) -> None:
        self.close()
        before, findings = self.report, self.findings
        self.path, self._sha256, self.prior, self.history = path, sha256, prior, history
        if self._journals is not None:
            self._writer = JournalWriter(
                self._journals, history, path=path, sha256=sha256, continues=found, on_error=self.trouble.emit
            )
            self._recorded = 0
        self.findings = check(self.report, self.rules, prior)
        self._pinned = self._hovered = None
        self._step = _NO_STEP
        self.focused.emit(None)
        self.changed.emit(
            Change(before, self.report, findings, self.findings, None, frozenset(self.form.cells))
        )
        self.file_changed.emit()

    def _tell_kept(self) -> None:
        writer = self._writer
        if writer is None:
            return
        if writer.acknowledged >= self._recorded:
            self.kept.emit(datetime.now())
        else:
            self._kept_timer.start()

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
        if self._writer is not None:
            self._recorded = self._writer.record(history)
            if not self._kept_timer.isActive():
                self._kept_timer.start()
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
        if finding in (found := self.in_form_order()):
            self._step = found.index(finding), _key(finding)
        self.focused.emit(self.shown)

    def step(self, direction: int) -> Finding | None:
        """Pins the next (1) or previous (-1) finding in the order of the form, around the end, and jumps to it.

        Where the last one has been mended it goes on from its place, not from the top.
        """
        found = self.in_form_order()
        if not found:
            self.told.emit("没有要处理的问题。")
            return None
        place, key = self._step
        keys = [_key(f) for f in found]
        if key in keys:
            place = keys.index(key) + direction
        elif direction < 0:
            place -= 1
        finding = found[place % len(found)]
        self.pin(finding)
        self.goto.emit(finding, "")
        return finding

    def in_form_order(self) -> list[Finding]:
        """The findings as they come up when reading the form from the top."""
        sections = {section.key: i for i, section in enumerate(self.form.sections)}
        return sorted(self.findings.findings, key=lambda f: sections.get(f.section, len(sections)))


def _key(finding: Finding) -> tuple[str, tuple[str, ...]]:
    return finding.rule.id, finding.cells if finding.rule.kind == "entry" and finding.marks else (
        finding.section,
    )


def _changed_cells(
    before: Report, after: Report, findings_before: Findings, findings_after: Findings
) -> set[str]:
    cells = {
        cell
        for cell in after.form.cells
        if not same_entry(before.values.get(cell), after.values.get(cell))
        or (cell in before.entries) != (cell in after.entries)
    }
    old, new = findings_before.by_cell, findings_after.by_cell
    cells.update(cell for cell in old.keys() | new.keys() if old.get(cell) != new.get(cell))
    return cells
