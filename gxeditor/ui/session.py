"""The open report as Qt sees it.

Knows the history, the findings of its present state, what has become of the file of last year's report, the file the
report belongs to and the journal that keeps every edit; it is the one door through which edits go. Everything that is
mutable about a report is here; which of its findings is looked at is kept beside (`in_view`). Knows no widget and asks
nobody: what needs an answer is raised or told.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from threading import Event, Thread
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from gxeditor.core import edits
from gxeditor.core.checks.anchors import Anchor, Cell
from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Finding, Findings, NotChecked
from gxeditor.core.checks.profiles import Given, Profile
from gxeditor.core.checks.rules import CLAIM, Rule, Severity
from gxeditor.core.edits import Pasted
from gxeditor.core.errors import EntryError, GxError, NotWritten
from gxeditor.core.following import stated_number, sum_of
from gxeditor.core.form import Form
from gxeditor.core.history import History
from gxeditor.core.report import (
    Bound,
    Explanation,
    Final,
    Prior,
    Report,
    blank_report,
    parse_reason,
    same_entry,
    show_entry,
    without_unseen,
)
from gxeditor.files.names import same_file
from gxeditor.resources import load_form, load_profiles
from gxeditor.store import journal as journals
from gxeditor.store.journal import Journal, JournalWriter
from gxeditor.store.report_file import (
    OpenedReport,
    PriorFile,
    check_code,
    content_sha256,
    find_prior,
    kept_path,
    prior_unread,
    read_report,
    save_report,
)
from gxeditor.ui.in_view import InView, Stop
from gxeditor.ui.look.tasks import Task

if TYPE_CHECKING:
    from gxeditor.core.checks.hints import Hint
    from gxeditor.core.checks.suspects import Suspect
    from gxeditor.store.common_state import State
    from gxeditor.store.saved_states import SavedState

_TEXT = "text"
_OF_TEXTS = (_TEXT, CLAIM)  # kinds of rules that look through prose
_PATIENCE = 10.0  # seconds in which what was saved is kept among the states even on a busy disk
_TURN = 0.008  # seconds of looking through prose after which the event loop has its turn: half a picture of a screen


@dataclass(frozen=True)
class Change:
    """What differs: reports and findings before and after, who started it, and the cells to look at again."""

    before: Report
    after: Report
    findings_before: Findings
    findings_after: Findings
    origin: object | None
    cells: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unfilled:
    """Something that pasting did not put in: where it belongs, why not, and its `cells` that are still as they were.

    `texts` are what can be put in after all, (cell id, text) each, if the clerk agrees to `offer` (「填 46」); `seen`
    says that it was looked at.
    """

    place: str
    reason: str
    cells: tuple[str, ...] = ()
    offer: str = ""
    texts: tuple[tuple[str, str], ...] = ()
    seen: bool = False


def refused_texts(pasted: Pasted) -> Iterator[Unfilled]:
    """What the cells refused, each with the number that it can only mean."""
    for cell_id, _, reason, number in pasted.refused:
        place = pasted.report.form.cells[cell_id].place
        if number:
            yield Unfilled(place, reason, (cell_id,), f"填 {number}", ((cell_id, number),))
        else:
            yield Unfilled(place, reason, (cell_id,))


HELD = "已定稿，改动请先重新打开。"
READ_ONLY = "这份年报是只读打开的，不能改动；要改，请用“另存为”（F12）存一份副本。"
SHORTEST_FORCED = 10
"""Characters of the reason for which a report with errors is made final (LOOK-2, 15)."""


@dataclass(eq=False)
class Saving:
    """One saving of the open report, beside the window; `report` is what it was when it was asked for.

    Once `is_over`, `is_saved` says whether it stands in the file and `error` what was wrong, if it is known;
    `replaced` whether something else stood there before.
    """

    path: Path
    overwrite: bool
    report: Report
    number: int
    is_over: bool = False
    is_saved: bool = False
    replaced: bool = False
    error: GxError | None = None


class Opening(NamedTuple):
    """What stands in an own file, with the history that its journal has of it and the journal that goes on."""

    path: Path
    sha256: str
    history: History
    found: Journal | None


class Session(QObject):
    """The open report.

    `changed` carries a `Change`; `file_changed` says that path, saved state or undo state differ; `told` a sentence;
    `kept` the time at which all edits were on the disk; `trouble` an error that came up in the background; `keeping`
    what keeps edits from reaching the journal, None once they do again; `saving_over` a `Saving` that has ended;
    `prior_found` says that `prior_file` is known or has changed, `unfilled_changed` that what pasting left out is
    another; `odd` carries an `OddFile` among the journals. `in_view` is the finding that is looked at.
    """

    changed = Signal(object)
    file_changed = Signal()
    told = Signal(str)
    kept = Signal(object)
    trouble = Signal(object)
    keeping = Signal(object)
    saving_over = Signal(object)
    _journal_state = Signal(object, object)
    prior_found = Signal()
    unfilled_changed = Signal()
    odd = Signal(object)

    def __init__(
        self,
        form: Form,
        rules: tuple[Rule, ...],
        parent: QObject | None = None,
        *,
        journals: Path | None = None,
        states: Path | None = None,
        profiles: Callable[[], tuple[Profile, ...]] = load_profiles,
    ) -> None:
        super().__init__(parent)
        self._load_profiles = profiles
        self.form = form
        self.rules = rules
        self.given = Given()
        self.history = History(blank_report(form))
        self.path: Path | None = None
        self.findings = Findings()
        self.unfilled: tuple[Unfilled, ...] = ()
        self.read_only = ""
        """What a report that is only to be read is called; "" of one that may be changed."""
        self._sha256: str | None = None
        self._journals = journals
        self._states = states
        self._states_coming: list[Event] = []
        self.original: Path | None = None
        """The file from which a report comes that is only to be read, and which a copy of it must not replace."""
        self._writer: JournalWriter | None = None
        self._recorded = 0
        self.not_kept: NotWritten | None = None
        """Why edits do not reach the journal, for as long as they do not."""
        self._kept_by: object | None = None
        self._savings: list[Saving] = []
        self._asked = self._noted = 0  # savings: the latest asked for, and the latest that counts
        # Always queued: it comes from the journal's thread.
        self._journal_state.connect(self._take_journal_state, Qt.ConnectionType.QueuedConnection)
        self.in_view = InView(
            form, self, self.suspected
        )  # ours, as it has to know every edit before any widget does
        self.in_view.told.connect(self.told)
        self._day_timer = QTimer(self, singleShot=True)
        self._day_timer.timeout.connect(self.take_day)
        self._kept_timer = QTimer(self, singleShot=True, interval=400)
        self._kept_timer.timeout.connect(self._tell_kept)
        # Later: who has just handed over what is refused is not made to show something else within that.
        self._held_timer = QTimer(self, singleShot=True, interval=0)
        self._held_timer.timeout.connect(self._show_held)
        self.prose_later = False
        """Whether a report that is opened waits for `finish_checking` until its texts are checked: at the start, when
        compiling what they are searched for would keep the first picture from the clerk."""
        self._looked: tuple[Prior, PriorFile] | None = None
        self._forced: tuple[Report, Mapping[str, int | Decimal]] | None = None
        self._suspects: tuple[Findings, tuple[Suspect, ...]] | None = None
        self._hints: tuple[Findings, dict[tuple[str, Anchor], tuple[Hint, ...]]] | None = None
        self._search: _Search | None = None
        # Asked for, not waited for: the thread may hang on a drive that does not answer longer than we live.
        self._search_timer = QTimer(self, interval=50)
        self._search_timer.timeout.connect(self._take_found)

    @property
    def report(self) -> Report:
        return self.history.report

    @property
    def prior(self) -> Report | None:
        """Last year's report, as far as this year's keeps it."""
        return self.report.prior.report if self.report.prior is not None else None

    @property
    def modified(self) -> bool:
        return self.history.modified

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """What provinces ask, the national one first; read when first asked for."""
        return self._load_profiles()

    def profile_named(self, profile: str) -> str:
        """What the clerk calls a profile; of an id that nobody has handed out the id."""
        return next((one.name for one in self.profiles if one.id == profile), profile)

    # --- the report as a whole

    def begin(self, report: Report, *, path: Path | None = None, kept: bool = True) -> None:
        """Takes up a new report. With `path` it is what should replace that file, and counts as not saved.

        Unless `kept`, no journal is written of it: after a crash nothing of it is offered.
        """
        history = History(report) if path is not None else History(report, saved=report)
        self._open(history, path, None, None, kept=kept)

    def show_read_only(self, report: Report, name: str, original: Path | None = None) -> None:
        """Shows a report that is only to be read, and is called `name`: no edit, no file, no journal.

        Saved as a file, which `original` must not be, it is a copy that may be changed.
        """
        self._open(History(report, saved=report), None, None, None, read_only=name)
        self.original = original

    def take_back(self, report: Report, label: str) -> bool:
        """Makes an earlier state the present one, one undoable step; False if it is that, or the report is final.

        That the report was made final and opened again meanwhile is no state to go back before (`holds`).
        """
        return self.edit(report.with_finals(self.report.finals), label)

    def states(self) -> tuple[SavedState, ...]:
        """The states in which the report's file was saved lately, the latest first; on any thread."""
        if self._states is None or self.path is None:
            return ()
        for done in tuple(self._states_coming):
            done.wait(_PATIENCE)
        from gxeditor.store import saved_states

        return saved_states.states_of(self._states, self.path)

    def common_state(self, theirs: Path) -> State | None:
        """The state that the report and another copy of it both began with, if that is proved; on any thread."""
        from gxeditor.store.common_state import find_base

        return find_base(self.path, theirs, load_form, journals=self._journals, history=self.history)

    def load(self, path: Path) -> None:
        """Opens a file with its undo history. Raises what `read_report` raises, and then changes nothing.

        Edits that a crash left over on just this file are taken up again; undo leads back to what the file holds.
        """
        self.take_up(self.opening(path))

    def opening(self, path: Path) -> Opening:
        """What `load` reads, for `take_up`; to be called on any thread, for the file may lie where nothing answers.

        Raises what `read_report` raises.
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
        return Opening(path, opened.sha256, history, found)

    def take_up(self, opening: Opening) -> None:
        """Opens what was read."""
        found = opening.found
        self._open(opening.history, opening.path, opening.sha256, found)
        if unread := prior_unread(self.report):
            self.told.emit(unread)
        if found is not None and opening.history.modified:
            self.told.emit(f"已恢复上次没有保存的 {found.edits} 处修改；撤销可以退回。")

    def read(self, path: Path) -> Report:
        """Another report; the open one stays. Raises what `read_report` raises."""
        return read_report(path, load_form).report

    def recoveries(self) -> tuple[Journal, ...]:
        """The work that a program which did not end properly left unsaved, from the journals alone; on any thread."""
        if self._journals is None:
            return ()
        return journals.unfinished(self._journals, load_form, told=self.odd.emit)

    def recover(self, journal: Journal, *, as_copy: bool = False) -> None:
        """Takes up work left unsaved; a copy belongs to no file yet. A file changed since is noticed when saving.

        Unless as a copy, the journal should have been compared with its file (`journals.compared`).
        """
        path, sha256 = (None, None) if as_copy else (journal.path, journal.sha256)
        self._open(
            replace(journal.history, saved=None) if as_copy else journal.history, path, sha256, journal
        )

    def rescue(self, path: Path) -> tuple[Report | None, Journal | None]:
        """What there is in place of a damaged file: the version before the last save, and the edits of the journal.

        On any thread.
        """
        kept: Report | None = None
        try:
            kept = read_report(kept_path(path), load_form).report
        except GxError:
            kept = None
        if self._journals is None:
            return kept, None
        return kept, journals.last_journal(self._journals, path, load_form)

    def save(self, path: Path, *, overwrite: bool = False) -> None:
        """As `begin_saving`, while the caller waits. Raises what `save_report` raises."""
        saving = self._asked_for(path, overwrite)
        self._note(saving, _saved(self._writer, saving.report, saving.path, *self._expected(saving)))

    def begin_saving(self, path: Path, *, overwrite: bool = False) -> Saving:
        """Writes the report, as it is now, to `path` beside the window; it belongs to that file once it stands there.

        The file the report was opened from is not overwritten if it was changed elsewhere, unless asked for. While the
        same file is being written, this one follows it, and what waits so is written once, as it was asked for last.
        `saving_over` comes in every case, but for a report that was closed meanwhile, and once for two that failed
        together: one that waits would meet what the one before it met.
        """
        same = [one for one in self._savings if one.path == path.absolute()]
        if same and not overwrite and same[-1].report is self.report:
            return same[-1]
        if len(same) > 1:  # one is being written, the other waits
            self.history = self.history.seal()
            same[-1].report, same[-1].overwrite = self.report, overwrite or same[-1].overwrite
            return same[-1]
        saving = self._asked_for(path, overwrite)
        self._savings.append(saving)
        if not same:
            self._begin_writing(saving)
        self.file_changed.emit()
        return saving

    @property
    def savings(self) -> tuple[Saving, ...]:
        """What is being saved, the first asked for first."""
        return tuple(self._savings)

    def _asked_for(self, path: Path, overwrite: bool) -> Saving:
        self.history = self.history.seal()  # what is typed from now on is a step behind what is being saved
        self._asked += 1
        return Saving(path.absolute(), overwrite, self.report, self._asked)

    def _expected(self, saving: Saving) -> tuple[str | None, Path | None]:
        return (None, None) if saving.overwrite else (self._sha256, self.path)

    def _begin_writing(self, saving: Saving) -> None:
        writer, report, path = self._writer, saving.report, saving.path
        expected, of = self._expected(saving)
        task = Task(lambda _: _saved(writer, report, path, expected, of), may_hang=True)
        task.done.connect(lambda saved: self._written(saving, saved))
        task.failed.connect(lambda error: self._give_up(saving, error))
        task.ended.connect(lambda: self._give_up(saving, None))  # by a bug, if it is not over yet
        task.start()

    def _written(self, saving: Saving, saved: tuple[str, bool]) -> None:
        if not saving.is_over:
            self._note(saving, saved)
            self._end(saving)

    def _note(self, saving: Saving, saved: tuple[str, bool]) -> None:
        sha256, saving.replaced = saved
        saving.is_saved = True
        self._keep_state(saving)
        # A file that answers late does not take the report back from the one that it was saved to meanwhile.
        if saving.number > self._noted:
            self._noted = saving.number
            self._sha256 = sha256
            self._saved_as(saving.path, saving.report)

    def _keep_state(self, saving: Saving) -> None:
        """Keeps what was saved among the states, beside the window: nobody waits for it."""
        folder = self._states
        if folder is None:
            return
        from gxeditor.store import saved_states

        given, done = (folder, saving.report, saving.path, time.time()), Event()

        def keep(_: object) -> None:
            try:
                saved_states.keep(*given)
            finally:
                done.set()

        self._states_coming = [*(one for one in self._states_coming if not one.is_set()), done]
        Task(keep, may_hang=True).start()

    def _give_up(self, saving: Saving, error: GxError | None) -> None:
        if saving.is_over:
            return
        saving.error = error
        waiting = [one for one in self._savings if one is not saving and one.path == saving.path]
        for one in waiting:
            self._savings.remove(one)
            one.is_over, one.error = True, error
        self._end(saving)

    def _end(self, saving: Saving) -> None:
        saving.is_over = True
        if saving in self._savings:
            self._savings.remove(saving)
            following = next((one for one in self._savings if one.path == saving.path), None)
            if following is not None:
                self._begin_writing(following)
        self.file_changed.emit()
        self.saving_over.emit(saving)

    def reload(self, opened: OpenedReport) -> None:
        """Takes what the report's file holds now, as one undoable step."""
        assert self.path is not None
        self._step(opened.report, "重新读取文件")  # of a final one, too: this is the file's, as it is
        self._sha256 = opened.sha256
        self._saved_as(self.path, self.report)

    def _saved_as(self, path: Path, report: Report) -> None:
        self.path = path
        self.original = None
        self.history = self.history.mark_saved(report)
        if self.read_only:
            self.read_only = ""
            self._keep_journal(path, self._sha256, None)
            self._held_timer.start()
        if self._writer is not None and self._sha256 is not None:
            self._recorded = self._writer.saved(self.history, path, self._sha256, report)
        self.file_changed.emit()

    def close(self, *, discard: bool = False) -> None:
        """Ends with this report; with `discard` its unsaved edits are not offered again."""
        self.ending(discard=discard)()

    def ending(self, *, discard: bool = False) -> Callable[[], None]:
        """Ends with this report as `close` does, but for what has still to be written; to be called on any thread."""
        self._kept_timer.stop()
        self._search_timer.stop()
        self._search = None
        for saving in self._savings:  # they go on by themselves, and nothing is heard of them
            saving.is_over = True
        self._savings.clear()
        writer, self._writer, self._kept_by = self._writer, None, None
        self._take_journal_state(None, None)
        coming, self._states_coming = self._states_coming, []

        def end() -> None:
            if writer is not None:
                writer.close(discard=discard)
            for done in coming:
                done.wait(_PATIENCE)

        return end

    def _take_journal_state(self, of: object, error: NotWritten | None) -> None:
        if of is self._kept_by and error is not self.not_kept:
            self.not_kept = error
            self.keeping.emit(error)
            if error is not None:
                self.trouble.emit(error)

    def flush(self) -> bool:
        """Waits until every edit is on the disk; False if it could not be written."""
        return self._writer.flush() if self._writer is not None else True

    # --- last year's report

    def set_prior(self, prior: Prior | None) -> None:
        """Keeps last year's report, just read from its file, with this one, one undoable step; None for none.

        A final report takes no other, as it takes no edit.
        """
        if self.held():
            return
        if prior is not None:
            self._looked = prior, PriorFile("same", Path(prior.path))
        self.edit(self.report.with_prior(prior), "选择上年年报" if prior is not None else "不再对照上年年报")
        if prior is not None and self.report.prior is not prior and self.report.prior is not None:
            self._looked = self.report.prior, PriorFile("same", Path(prior.path))  # it was this one already
        self.prior_found.emit()

    @property
    def prior_file(self) -> PriorFile | None:
        """What has become of the file of last year's report; None without one, and until it has been looked for."""
        looked = self._looked
        return looked[1] if looked is not None and looked[0] is self.report.prior else None

    def look_for_prior(self) -> None:
        """Looks for that file beside the window; `prior_found` follows, later or never. See `find_prior`."""
        prior, self._search = self.report.prior, None
        if prior is None or self.prior_file is not None:
            self._search_timer.stop()
            return
        self._search = _Search(prior, self.path.parent if self.path is not None else None)
        self._search.start()
        self._search_timer.start()

    def _take_found(self) -> None:
        search = self._search
        if search is None or search.found is None:
            return
        self._search_timer.stop()
        self._search = None
        if search.prior is self.report.prior:
            self._looked = search.prior, search.found
            self.prior_found.emit()

    def _open(
        self,
        history: History,
        path: Path | None,
        sha256: str | None,
        found: Journal | None,
        *,
        read_only: str = "",
        kept: bool = True,
    ) -> None:
        self.close()
        before, findings = self.report, self.findings
        if found is not None:
            history = history.as_earlier()
        self.path, self._sha256, self.history, self.read_only = path, sha256, history, read_only
        self.original = None
        if kept and not read_only:
            self._keep_journal(path, sha256, found)
        self.given = replace(self.given, complete=self.report.is_final)
        self.findings = self._checked_at_first() if self.prose_later else self.checked(self.report)
        self._looked = None
        self.look_for_prior()
        self._set_unfilled(())
        self.in_view.begin(self.findings)
        self.changed.emit(
            Change(before, self.report, findings, self.findings, None, frozenset(self.form.cells))
        )
        self.file_changed.emit()

    def _keep_journal(self, path: Path | None, sha256: str | None, found: Journal | None) -> None:
        """Keeps every edit from now on."""
        if self._journals is None:
            return
        this = self._kept_by = object()  # a writer of before may still have something to say
        tell = self._journal_state.emit
        self._writer = JournalWriter(
            self._journals, self.history, path=path, sha256=sha256, continues=found,
            on_error=lambda error: tell(this, error), on_works=lambda: tell(this, None),
        )  # fmt: skip
        self._recorded = 0

    def _tell_kept(self) -> None:
        writer = self._writer
        if writer is None:
            return
        if writer.acknowledged >= self._recorded:
            self.kept.emit(datetime.now())
        else:
            self._kept_timer.start()

    def checked(self, report: Report) -> Findings:
        """What a report that is open here would be found to be, by what is asked of it where it says (地区要求)."""
        return check(report, self.rules, given=self._given_for(report))

    def _given_for(self, report: Report) -> Given:
        given = self.given
        if report.profile != given.profile.id:
            asked = (one for one in self.profiles if one.id == report.profile)
            given = replace(given, profile=next(asked, given.profile))
        return given

    def _checked_at_first(self) -> Findings:
        """All but the texts, whose rules count as not checked."""
        now = tuple(rule for rule in self.rules if rule.kind not in _OF_TEXTS)
        later = (NotChecked(rule, "还没有检查", ()) for rule in self.rules if rule.kind in _OF_TEXTS)
        found = check(self.report, now, given=self._given_for(self.report))
        return replace(found, not_checked=(*found.not_checked, *later))

    def finish_checking(self) -> None:
        """Checks what was left for later, if nothing has been checked since; from now on nothing is left."""
        if self.prose_later:
            self.prose_later = False
            self._announce(self.report, self.findings, None)

    def finish_by_turns(self) -> None:
        """`finish_checking`, a little a turn of the event loop, so that neither keys nor mouse wait for all of it.

        What a rule found in a paragraph is remembered: the check of all at the end takes no long turn either.
        """
        self._check_turn(self._by_and_by(self.report))

    def _by_and_by(self, report: Report) -> Iterator[tuple[Report, tuple[Rule, ...]]]:
        """What to check for all of the prose to have been looked through: a rule of texts each, then the claims of each
        paragraph, which share what is read of it."""
        claims = tuple(rule for rule in self.rules if rule.kind == CLAIM)
        yield from ((report, (rule,)) for rule in self.rules if rule.kind == _TEXT)
        bare = replace(report, preamble="", sections=MappingProxyType({}))
        yield bare, claims
        yield replace(bare, preamble=report.preamble), claims
        for key, text in report.sections.items():
            for paragraph in text.split("\n"):
                yield replace(bare, sections=MappingProxyType({key: paragraph})), claims

    def _check_turn(self, waiting: Iterator[tuple[Report, tuple[Rule, ...]]]) -> None:
        end = time.perf_counter() + _TURN
        while self.prose_later:  # an edit checks everything and leaves nothing to do
            report, rules = next(waiting, (None, ()))
            if report is None:
                self.finish_checking()
                return
            check(report, rules, given=self._given_for(report))
            if time.perf_counter() >= end:
                QTimer.singleShot(0, self, lambda: self._check_turn(waiting))
                return

    @Slot()
    def take_day(self) -> None:
        """Takes today as the day of checking, again at midnight: deadlines are counted from it."""
        now = datetime.now()
        midnight = datetime.combine(now.date() + timedelta(1), datetime.min.time())
        self._day_timer.start(int((midnight - now).total_seconds() * 1000) + 1000)
        self.recheck(replace(self.given, today=now.date()))

    def recheck(self, given: Given) -> None:
        """Checks the report again, with something else: another day, another profile, other rules off."""
        if given != self.given:
            self.given = given
            self._announce(self.report, self.findings, None)

    def hand_over(self) -> None:
        """From now on the report is checked as one that is complete: what is still blank has been forgotten."""
        self.finish_checking()
        self.recheck(replace(self.given, complete=True))

    # --- edits

    def edit(self, report: Report, label: str, *, origin: object | None = None, merge_key: str = "") -> bool:
        """Makes `report` the present one, one undoable step; False, and no trace, if it is the present one.

        Numbers of its prose that follow cells follow them in the same step. A final report takes no edit but that it is
        reopened, one that is only to be read none at all: False, and the reason is told.
        """
        if self.is_held and report != self.report:
            self.held()
            self._held_timer.start()
            return False
        return self._step(report, label, origin, merge_key)

    @property
    def is_held(self) -> bool:
        """Whether the report takes no edit: it is final, or only to be read."""
        return bool(self.read_only) or self.report.is_final

    def held(self) -> bool:
        """The same, and why is told: asked before a clerk is asked anything."""
        if self.is_held:
            self.told.emit(READ_ONLY if self.read_only else HELD)
        return self.is_held

    def _step(self, report: Report, label: str, origin: object | None = None, merge_key: str = "") -> bool:
        followed = edits.follow(report)
        if followed is not report and any(
            report.text(key) not in (followed.text(key), self.report.text(key)) for key in followed.bound
        ):
            origin = None  # who wrote this text does not have the numbers in it that have just followed
        return self._advance(self.history.push(followed, label, merge_key, time.time()), origin)

    def _show_held(self) -> None:
        """Every widget shows the report again: what was typed in one of them was not taken."""
        self.changed.emit(Change(self.report, self.report, self.findings, self.findings, None, frozenset()))

    def tick_off(self, finding: Finding, origin: object | None = None) -> None:
        """「看过了」: what the finding doubts is as it should be; one undoable step."""
        report = self.report.without_doubts(finding.cells)
        for span in finding.spans:
            report = report.without_prose_doubts(span.section, (span.start,))
        if self.edit(report, "看过了", origin=origin):
            self.told.emit("已销去这处存疑，可以撤销。")

    def tick_off_prose(self, key: str, origin: object | None = None) -> None:
        """「这一部分都看过了」: all years and counts of a section, or of the preamble, that came from last year's."""
        found = self.report.prose_doubts.get(key, ())
        report = self.report.without_prose_doubts(key, (doubt.start for doubt in found))
        if self.edit(report, "看过了", origin=origin):
            self.told.emit(f"已销去这一部分的 {len(found)} 处，可以撤销。")

    def forced(self) -> Mapping[str, int | Decimal]:
        """What the equations leave no choice for, by blank cell (`core.checks.forced`)."""
        from gxeditor.core.checks.forced import forced

        if self._forced is None or self._forced[0] is not self.report:
            self._forced = self.report, forced(self.report, self.rules)
        return self._forced[1]

    def fill_forced(self, values: Mapping[str, int | Decimal], origin: object | None = None) -> None:
        """「按提示填入」: these values into the cells that are still blank, one undoable step."""
        if self.edit(edits.fill_forced(self.report, values), f"按提示填入 {len(values)} 格", origin=origin):
            self.told.emit(f"已按等式填入 {len(values)} 格，可以撤销。")

    def suspects(self) -> tuple[Suspect, ...]:
        """The cells to look at first where figures do not add up, the strongest first."""
        if self._suspects is None or self._suspects[0] is not self.findings:
            found: tuple[Suspect, ...] = ()
            if any(finding.is_equation for finding in self.findings.open):
                from gxeditor.core.checks.suspects import suspects

                found = suspects(self.report, self.findings)
            self._suspects = self.findings, found
        return self._suspects[1]

    def hints(self, finding: Finding) -> tuple[Hint, ...]:
        """What may have gone wrong at a finding of the present state, the likeliest first."""
        from gxeditor.core.checks.hints import hints

        if self._hints is None or self._hints[0] is not self.findings:
            self._hints = self.findings, {}
        known = self._hints[1]
        if finding.key not in known:
            known[finding.key] = hints(self.report, self.rules, self.findings, finding)
        return known[finding.key]

    def swaps(self) -> tuple[tuple[str, str], ...]:
        """Pairs of suspects that hold each other's figure."""
        values, found = self.report.values, self.suspects()
        return tuple(
            (one.cell, other.cell)
            for place, one in enumerate(found)
            for other in found[place + 1 :]
            if one.meant != other.meant
            and (values.get(one.cell), values.get(other.cell)) == (other.meant, one.meant)
        )

    def suspected(self) -> tuple[Stop, ...]:
        """The suspects as places to go to, the strongest first; two that hold each other's figure are one place."""
        second = {other: one for one, other in self.swaps()}
        findings = {one.cell: one.findings for one in self.suspects()}
        return tuple(
            Stop(
                Cell(cell),
                tuple({f.key: f for one in cells for f in findings[one]}.values()),
                cells,
            )
            for cell in findings
            if cell not in second and findings[cell]
            for cells in [(cell, *(other for other, one in second.items() if one == cell))]
        )

    def mend(self, hint: Hint, origin: object | None = None) -> None:
        """Does what a hint offers, one undoable step."""
        cells = [self.form.cells[cell].place for cell in hint.changes]
        where = cells[0] if len(cells) == 1 else f"{len(cells)} 格"
        if self.edit(self.report.with_entries(hint.changes), f"按提示改 {where}", origin=origin):
            entries = list(hint.changes.values())
            if len(entries) > 1:
                done = f"已改 {len(entries)} 格"
            else:
                done = f"已改为 {show_entry(entries[0])}" if entries[0] is not None else "已清除这一格"
            self.told.emit(f"{done}，可以撤销。")

    def undo(self) -> None:
        """Takes the last step back. Says nothing: who asks for it shows what changes (`ui.undoing`)."""
        if not self.holds(-1):
            self._advance(self.history.undo(), None)

    def redo(self) -> None:
        if not self.holds(1):
            self._advance(self.history.redo(), None)

    def holds(self, way: int) -> bool:
        """Whether undo (-1) or redo (1) is refused, which is told: it would take back that the report is final.

        Only 「重新打开」 does that, so that it is recorded. That itself can be undone and redone, and so can whatever
        put another report in place of this one (「重新读取文件」).
        """
        move = self.history.move(way)
        if move is None or not move.before.is_final:
            return False
        then, now = move.after.finals, move.before.finals
        held = then != now and now[: len(then)] == then and move.after.with_finals(now) == move.before
        if held:
            self.told.emit(HELD)
        return held

    # --- what a person says of the report

    def explain(self, finding: Finding, reason: str | None, origin: object | None = None) -> bool:
        """「核实说明」: why a finding stands, for the values it has now; None takes the explanation away.

        Raises `EntryError` for a reason that is too short or too long (`core.report.parse_reason`). An error is to be
        mended and is not explained: False, and told.
        """
        name = finding.rule.title
        if reason is None:
            report = self.report.with_explanation(finding.address, None)
            return self._said(report, f"撤回说明 {name}", "已撤回说明，这一条重新待核实，可以撤销。", origin)
        if finding.severity is Severity.ERROR:
            self.told.emit("这是错误，要改正，不能用说明代替。")
            return False
        explanation = Explanation(parse_reason(reason), finding.values)
        report = self.report.with_explanation(finding.address, explanation)
        return self._said(report, f"核实说明 {name}", "已保存说明，可以撤销；数变了会重新打开。", origin)

    def still_applies(self, finding: Finding, origin: object | None = None) -> bool:
        """「仍然适用」: the explanation of a reopened finding holds for its present values, too."""
        if finding.explanation is None or not finding.is_reopened:
            return False
        renewed = Explanation(finding.explanation.reason, finding.values)
        report = self.report.with_explanation(finding.address, renewed)
        label = f"仍然适用 {finding.rule.title}"
        return self._said(report, label, "原来的说明仍然适用，已按现在的数保存，可以撤销。", origin)

    def close_rule(self, code: str, reason: str, origin: object | None = None) -> bool:
        """「关闭这一条」: the rules of a code are not checked in this report.

        Raises `EntryError` for a reason too short or too long. False, and told, for a sum that must be right, and for a
        code that no rule has.
        """
        rules = [rule for rule in self.rules if rule.code == code]
        if not rules:
            self.told.emit(f"没有代码是“{code}”的检查项目。")
            return False
        if any(rule.left and rule.severity is Severity.ERROR for rule in rules):
            self.told.emit("表内合计和平衡关系必须相等，不能关闭。")
            return False
        report = self.report.with_closed(code, parse_reason(reason))
        return self._said(report, f"关闭检查 {code}", f"本年报不再检查 {code}，可以撤销。", origin)

    def reopen_rule(self, code: str, origin: object | None = None) -> bool:
        """The rules of a code are checked again."""
        report = self.report.with_closed(code, "")
        return self._said(report, f"重新检查 {code}", f"已重新检查 {code}，可以撤销。", origin)

    def bind(self, section: str, bounds: Iterable[Bound], origin: object | None = None) -> bool:
        """These numbers of a section's prose, or of the preamble, follow their cells from now on.

        Only those are bound that are written in digits and say what their cells say: binding changes no text. False if
        there is none, and told.
        """
        agreeing = [one for one in bounds if self._agrees(section, one)]
        if not agreeing:
            self.told.emit("没有绑定：这个数与表中的数不同，或不是用数字写的。")
            return False
        others = [
            one
            for one in self.report.bound.get(section, ())
            if all(one.end <= new.start or new.end <= one.start for new in agreeing)
        ]
        report = self.report.with_bound(section, (*others, *agreeing))
        told = f"{len(agreeing)} 个数会跟随表格，可以撤销。"
        return self._said(report, "数字跟随表格", told, origin)

    def _agrees(self, section: str, one: Bound) -> bool:
        stands = self.report.text(section)[one.start : one.end] == one.text
        known = set(one.cells) <= self.form.cells.keys()
        if not (stands and known):
            return False
        stated = stated_number(one.text)
        return stated is not None and stated == sum_of(self.report, one.cells)

    def unbind(self, section: str, bounds: Iterable[Bound], origin: object | None = None) -> bool:
        """These numbers stay as they stand and follow no cell."""
        gone = set(bounds)
        left = [one for one in self.report.bound.get(section, ()) if one not in gone]
        report = self.report.with_bound(section, left)
        return self._said(report, "数字不再跟随表格", "这个数不再跟随表格，可以撤销。", origin)

    def finalize(self, checker: str, day: date, forced: str = "") -> bool:
        """「定稿」 of what the report says now. False, and told, if it is final already.

        Raises `EntryError` without a checker, and `GxError` while errors are open and no reason of ten characters says
        why it has to be (「强制定稿」).
        """
        if self.held():
            return False
        name = " ".join(without_unseen(checker).split())
        if not name:
            raise EntryError("没有写核对人，没有定稿。", "", "请写上核对人的姓名。")
        self.hand_over()
        errors = sum(1 for one in self.findings.findings if one.severity is Severity.ERROR)
        if errors and not forced.strip():
            raise GxError(
                f"还有 {errors} 处错误，没有定稿。",
                "年报没有改变。",
                f"改正后可以定稿；不能改正的，写明原因（至少 {SHORTEST_FORCED} 个字）后强制定稿。",
            )
        why = parse_reason(forced, SHORTEST_FORCED) if errors else ""
        final = Final(day.isoformat(), name, content_sha256(self.report), why)
        report = self.report.with_finals((*self.report.finals, final))
        told = f"已定稿，校验码 {check_code(final.sha256)}。改动请先重新打开。"
        return self._said(report, "定稿", told, None)

    def reopen(self, day: date, reason: str) -> bool:
        """「重新打开」 of a final report, recorded with the day and why; False if it is not final.

        Raises `EntryError` for a reason too short or too long.
        """
        if not self.report.is_final or (self.read_only and self.held()):
            return False
        *before, last = self.report.finals
        opened = replace(last, reopened=f"{day.isoformat()} {parse_reason(reason)}")
        if done := self._step(self.report.with_finals((*before, opened)), "重新打开"):
            self.told.emit("已重新打开，可以改动；这一次定稿的记录仍然保留。")
        return done

    def _said(self, report: Report, label: str, told: str, origin: object | None) -> bool:
        if done := self.edit(report, label, origin=origin):
            self.told.emit(told)
        return done

    def agree_to_earlier(self) -> None:
        """From now on the steps of before the last start are undone and redone like any others."""
        self.history = self.history.agreed()

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
        self.prose_later = False
        self.findings = self.checked(after)
        if after.prior is not before.prior:
            self.look_for_prior()
        cells = frozenset(_changed_cells(before, after, findings_before, self.findings))
        self.in_view.follow(self.findings, before, after)
        self.changed.emit(Change(before, after, findings_before, self.findings, origin, cells))
        if self.unfilled:
            self._settle({c for c in cells if not same_entry(before.entries.get(c), after.entries.get(c))})
        self.in_view.tell()

    # --- what pasting left out

    def leave_unfilled(self, items: Iterable[Unfilled], filled: Iterable[str] = ()) -> None:
        """Keeps what pasting did not put in, beside what is left of earlier times; `filled` it did put in."""
        new = tuple(items)
        again = {cell for item in new for cell in item.cells}
        self._settle({*filled, *again})
        self._set_unfilled((*(item for item in self.unfilled if item.cells), *new))

    def look_at(self, cell: str) -> None:
        """The cell was looked at: what was left out there needs no outline any more."""
        if any(cell in item.cells and not item.seen for item in self.unfilled):
            self._set_unfilled(tuple(replace(i, seen=True) if cell in i.cells else i for i in self.unfilled))

    def forget_unfilled(self) -> None:
        """The clerk needs the list no longer."""
        self._set_unfilled(())

    def _settle(self, cells: set[str]) -> None:
        """Cells that have an entry of their own now need nothing more."""
        left = []
        for item in self.unfilled:
            open_cells = tuple(cell for cell in item.cells if cell not in cells)
            if open_cells == item.cells:
                left.append(item)
            elif open_cells:
                left.append(replace(item, cells=open_cells))
        self._set_unfilled(tuple(left))

    def _set_unfilled(self, items: tuple[Unfilled, ...]) -> None:
        if items != self.unfilled:
            self.unfilled = items
            self.unfilled_changed.emit()


def _saved(
    writer: JournalWriter | None, report: Report, path: Path, expected: str | None, of: Path | None
) -> tuple[str, bool]:
    """Writes a report; the file's sha256, and whether something else than the report's file was replaced.

    `expected` is the sha256 of the file `of`. Raises what `save_report` raises.
    """
    if writer is not None:
        writer.flush()  # a crash just after saving must not leave a journal older than the file
    if of is None or not (path == of or same_file(path, of)):
        expected = None
    replaced = expected is None and os.path.lexists(path)
    return save_report(report, path, expected), replaced


class _Search:
    """One look for a file, on a thread that nobody waits for; `found` once it has come back."""

    def __init__(self, prior: Prior, folder: Path | None) -> None:
        self.prior = prior
        self.found: PriorFile | None = None
        self._folder = folder

    def start(self) -> None:
        Thread(target=self._look, name="last-year", daemon=True).start()

    def _look(self) -> None:
        self.found = find_prior(self.prior, self._folder)


def _changed_cells(
    before: Report, after: Report, findings_before: Findings, findings_after: Findings
) -> set[str]:
    # Typing prose leaves the entries the very same object.
    cells = {
        cell
        for cell in (after.form.cells if before.entries is not after.entries else ())
        if not same_entry(before.values.get(cell), after.values.get(cell))
        or (cell in before.entries) != (cell in after.entries)
    }
    old, new = findings_before.by_cell, findings_after.by_cell
    cells.update(cell for cell in old.keys() | new.keys() if old.get(cell) != new.get(cell))
    return cells
