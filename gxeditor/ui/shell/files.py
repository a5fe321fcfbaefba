"""The conversation about files: reports that are new, opened, imported, saved, closed and taken up after a crash.

Knows what is asked before anything is lost or replaced, and which files were open last. Every file goes through
`gxeditor.documents` and the session; what is shown is the window's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.util import LazyLoader, find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from PySide6.QtCore import QEventLoop, QFileInfo, QObject, QTimer

from gxeditor.core import edits
from gxeditor.core.checks.coverage import coverage
from gxeditor.core.checks.rules import Severity
from gxeditor.core.difference import difference
from gxeditor.core.errors import ChangedElsewhere, DamagedFile, GxError
from gxeditor.core.report import Entry, Prior, Report, blank_report
from gxeditor.files.names import same_file
from gxeditor.resources import load_form
from gxeditor.settings import RecentFile
from gxeditor.store import journal as journals
from gxeditor.store import report_file
from gxeditor.ui.desk import Desk
from gxeditor.ui.look.tasks import Task
from gxeditor.ui.session import Saving


def _load_when_used(name: str) -> ModuleType:
    """A module that is loaded when something of it is first used; a loaded one as it is."""
    if name in sys.modules:
        return sys.modules[name]
    spec = find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


if TYPE_CHECKING:
    from gxeditor.documents import Filed
    from gxeditor.imports.doors import Which
    from gxeditor.imports.recognize.report import Imported
    from gxeditor.store.journal import Journal
    from gxeditor.ui.importing import reading
    from gxeditor.ui.look import dialog
    from gxeditor.ui.shell import questions
else:
    # Nothing is asked or told at the start.
    dialog = _load_when_used("gxeditor.ui.look.dialog")
    questions = _load_when_used("gxeditor.ui.shell.questions")
    reading = _load_when_used("gxeditor.ui.importing.reading")


R = TypeVar("R")
Kind = Literal["foreign", "own", "open", "rollup", "ledger", "folder"]
"""What may be opened: a foreign file, a report of ours, the one that is open here, a roll-up, a ledger, a folder of
reports."""
Wait = Literal["", "back", "close"]
"""Whether a saving is waited for: not at all, or by who goes on with the report, or is about to close it."""

_ROLLUP = ("汇总", (".gxh", ".gxh~"))  # of `store.rollup_file`, which is loaded when one is opened
_LEDGER = ("台账", (".gxl", ".gxl~"))  # of `store.ledger_file`, likewise
_MOMENT = 300  # milliseconds that pass unnoticed; a dialog for less would only flash
_SLOW = 1500  # after which it is said that a saving goes on beside the window
_LATER = 300  # milliseconds until it is looked again whether another question has had its answer


class ReportDesk(Desk, Protocol):
    """A desk on which reports come and go."""

    is_practice: bool

    @property
    def has_report(self) -> bool:
        """Whether a report is open, be it behind the review of an import."""

    @property
    def is_in_use(self) -> bool:
        """Whether a report is open, or something stands in its place that wants an answer."""

    def open_at(self, key: str) -> None:
        """Shows the report that the session has taken up, on the page of a section."""

    def show_editor(self) -> None:
        """Shows the open report again."""

    def show_start(self) -> None:
        """Shows the start page, which stands where no report is open."""

    def forget_report(self) -> None:
        """The session has closed its report: nothing that was said or shown of it stays."""

    def open_elsewhere(self) -> tuple[Path, ...]:
        """The files that are edited in other windows."""

    def come_forward_with(self, path: Path) -> None:
        """Brings the window to the front in which one of these is edited."""

    def open_in_new(self, path: Path) -> None:
        """Opens a file in a window of its own."""

    def open_rollup(self, path: Path) -> None:
        """Opens a roll-up in a window of its own."""

    def open_ledger(self, path: Path) -> None:
        """Opens a ledger in a window of its own."""

    def begin_rollup(self, folder: Path) -> None:
        """Asks whether a roll-up of this folder is to be begun."""


class Files(QObject):
    """One for the window."""

    def __init__(self, desk: ReportDesk) -> None:
        super().__init__(desk.frame)
        self._desk, self._session = desk, desk.session
        self._waiting = 0
        self._awaited: list[Saving] = []
        self._unsettled: list[Saving] = []
        self._session.saving_over.connect(self._saving_over)
        self._slow = QTimer(self, singleShot=True, interval=_SLOW)
        self._slow.timeout.connect(self._tell_slow)

    @property
    def is_waiting(self) -> bool:
        """Whether something that was begun waits for a disk; nothing else should be begun within."""
        return self._waiting > 0

    def _beside(self, title: str, function: Callable[[], R]) -> R | None:
        """The result of what touches files that may lie on a drive that does not answer, the window living meanwhile.

        None if it was given up, or broke off by a bug, which has been reported. Raises the `GxError` it ended with.
        """
        results: list[R] = []
        troubles: list[GxError] = []
        task = Task(lambda _: function(), may_hang=True)
        task.done.connect(results.append)
        task.failed.connect(troubles.append)
        self._waiting += 1
        try:
            task.start()
            wait = task.wait if self._desk.frame.isVisible() else task.wait_still
            if not wait(_MOMENT):
                self._desk.frame.show()  # a start that has not shown it yet
                progress = dialog.Progress(self._desk.frame, title, task)
                if task.is_running:
                    progress.run()
        finally:
            self._waiting -= 1
        if troubles:
            raise troubles[0]
        return results[0] if results else None

    def folder(self) -> Path:
        """Where a dialog about files begins: beside the open report, else where the last one was."""
        if self._desk.has_report and self._session.path is not None:
            return self._session.path.parent
        from PySide6.QtCore import QStandardPaths

        my_documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        known = (self._desk.settings.last_folder, my_documents)
        return next((Path(folder) for folder in known if folder and QFileInfo.exists(folder)), Path.home())

    def _ask_file(self, title: str, *others: tuple[str, tuple[str, ...]]) -> Path | None:
        """Which report; `others` are kinds of files that may be chosen besides."""
        from PySide6.QtWidgets import QFileDialog

        from gxeditor import documents

        filters = f"{documents.open_filter(*others)};;所有文件 (*)"
        name, _ = QFileDialog.getOpenFileName(self._desk.frame, title, str(self.folder()), filters)
        return Path(name) if name else None

    # --- new, opened

    def new_blank(self) -> None:
        """「新建空白年报」"""
        asked = questions.ask_new_report(self._desk.frame, prior=None, year=datetime.now().year - 1)
        if asked is None or not self.leave():
            return
        report = blank_report(self._session.form, asked.year).with_fields(
            agency=asked.agency, kind=asked.kind
        )
        self._session.begin(report)
        self._desk.open_at("")

    def new_from_prior(self) -> None:
        """「从去年新建」: with what can be brought forward, which is told."""
        path = self._ask_file("选择去年的年报")
        if path is None:
            return
        kept = self._read_prior(path, self.new_from_prior, None)
        if kept is None:
            return
        prior, last = kept[0].report, kept[1]
        asked = questions.ask_new_report(
            self._desk.frame, prior=prior, year=(prior.year or datetime.now().year - 2) + 1
        )
        if asked is None or not self.leave():
            return
        blank = blank_report(self._session.form, asked.year).with_fields(agency=asked.agency, kind=asked.kind)
        blank = blank.with_prior(last)
        self._session.begin(blank)
        brought = edits.bring_forward(blank, prior, self._carry_overs(), prose=asked.prose)
        self._session.edit(brought.report, "从去年新建")
        self._desk.open_at("")
        told = (*brought.told, *last.doubts(brought.report), *_doubtful(kept[0]))
        dialog.show_told(self._desk.frame, "从去年带过来的内容", told)

    def ask_open(self) -> None:
        """「打开」"""
        self.ask_open_as("打开年报")

    def ask_open_as(self, title: str) -> None:
        """The same, asked for in other words."""
        path = self._ask_file(title, _ROLLUP, _LEDGER)
        if path is not None:
            self.open_path(path)

    def open_recent(self, path: str) -> None:
        """Opens a file of the list of recent ones."""
        self.open_path(Path(path))

    def forget_recent(self, path: str) -> None:
        """Takes a file off the list of recent ones; the file itself stays."""
        self._desk.keep_settings(recent=self._desk.settings.without_recent(path).recent)

    def open_path(self, path: Path) -> None:
        """Opens an own file, or shows the review of a foreign one, whatever it is called.

        What cannot be read leaves everything as it is.
        """
        self._open_as(path, self._kind(path))

    def open_handed(self, path: Path) -> None:
        """As `open_path` for a file that was opened outside; an own one leaves what is open here alone."""
        kind = self._kind(path)
        if kind == "own" and self._desk.is_in_use:
            self._desk.open_in_new(path)
        else:
            self._open_as(path, kind)

    def ask_open_new(self) -> None:
        """「在新窗口打开」; in this one as long as it is free."""
        path = self._ask_file("在新窗口打开年报", _ROLLUP, _LEDGER)
        if path is None:
            return
        if self._desk.is_in_use:
            self._desk.open_in_new(path)
        else:
            self.open_path(path)

    def _kind(self, path: Path) -> Kind | Path | None:
        opened = self._session.path if self._desk.has_report else None
        elsewhere = self._desk.open_elsewhere()
        saved = report_file.kept_of(path)
        return self._beside(f"正在打开 {path.name}", lambda: _kind_of(path, opened, saved, elsewhere))

    def _open_as(self, path: Path, kind: Kind | Path | None) -> None:
        if kind is None:
            return
        if isinstance(kind, Path):
            if not self._desk.has_report:
                self._desk.show_start()
            self._desk.come_forward_with(kind)
            return
        elsewhere = {
            "rollup": self._desk.open_rollup,
            "ledger": self._desk.open_ledger,
            "folder": self._desk.begin_rollup,
        }
        if kind in elsewhere:
            if not self._desk.has_report and self._desk.frame.isVisible():
                self._desk.show_start()
            elsewhere[kind](path)
            return
        if kind == "foreign":
            self.import_path(path)
            return
        saved = report_file.kept_of(path)
        if saved is not None:
            self._open_previous(path, saved)
        elif kind == "open":
            self._desk.show_editor()
            self._desk.tell("这份年报已经打开。")
        else:
            self._open_own(path)

    def _open_own(self, path: Path) -> bool:
        """Opens an own file; False if it is not open now, for which the reason has been shown."""
        session, title = self._session, f"正在打开 {path.name}"
        try:
            if self._desk.has_report and (
                self._beside(title, lambda: session.read(path)) is None or not self.leave()
            ):
                return False
            opening = self._beside(title, lambda: session.opening(path))
        except DamagedFile as error:
            self._damaged(path, error)
        except GxError as error:
            self._refused(error)
        else:
            if opening is not None:
                session.take_up(opening)
                self._remember()
                self._desk.open_at(self._first_tab())
                return True
            if not self._desk.has_report:
                self._desk.show_start()
        return False

    def _open_previous(self, path: Path, saved: Path) -> None:
        """Takes up the previous version of a file, once what differs from the present one has been seen.

        It is a step on the report of that file, so that undo leads back; of the open one it is chosen among all that
        are kept.
        """
        if self._desk.has_report and self._session.path == saved.absolute():
            self._desk.show_editor()
            self.ask_restore()
            return
        from gxeditor.ui.shell.differences import ask_previous

        def both() -> tuple[Report, Report | None]:
            kept = self._session.read(path)
            try:
                return kept, self._session.read(saved)
            except GxError:
                return kept, None

        try:
            read = self._beside(f"正在打开 {path.name}", both)
        except GxError as error:
            self._refused(error)
            return
        if read is None or not ask_previous(self._desk.frame, saved.name, *read):
            return
        if read[1] is not None:
            if self._open_own(saved) and self._session.take_back(read[0], "恢复上一版本"):
                self._desk.tell(f"已恢复上一版本，可以撤销；保存后会替换“{saved.name}”。")
        elif self.leave():
            self._session.begin(read[0], path=saved.absolute())
            self._desk.open_at(self._first_tab())
            self._desk.tell(f"已用上一版本打开；保存后会替换“{saved.name}”。")

    def _first_tab(self) -> str:
        return "requests" if self._session.report.agency else ""

    def _refused(self, error: GxError) -> None:
        """A file could not be opened: said over what is open, else over the start page."""
        if not self._desk.has_report:
            self._desk.show_start()
        dialog.show_error(self._desk.frame, error)

    def _unread(self, error: GxError) -> None:
        """A foreign file could not be read: said as `_refused` does, with the way to another file."""
        if not self._desk.has_report:
            self._desk.show_start()
        if reading.ask_failed(self._desk.frame, error, has_report=self._desk.has_report):
            self.ask_open()

    def _damaged(self, path: Path, error: DamagedFile) -> None:
        found = self._beside(f"正在打开 {path.name}", lambda: self._session.rescue(path))
        kept, journal = found or (None, None)
        if not self._desk.has_report:
            self._desk.show_start()
        answer = questions.ask_damaged(self._desk.frame, error, kept is not None, journal is not None)
        if answer == "kept" and kept is not None and self.leave():
            self._session.begin(kept, path=path.absolute())
            self._desk.open_at(self._first_tab())
            self._desk.tell("已用上一版本打开；保存后会替换损坏的文件。")
        elif answer == "journal" and journal is not None:
            self.recover(journal)

    # --- imported

    def try_sample(self) -> None:
        """Shows the import of a report that comes with the program."""
        from gxeditor.resources import resource

        self.import_path(resource("samples/lushan-2022.txt"))

    def ask_import(self) -> None:
        """「导入」"""
        path = self._ask_file("导入旧年报")
        if path is not None:
            self.open_path(path)

    def import_path(self, path: Path) -> None:
        """Reads a foreign file and shows what was read, before anything is replaced."""
        from gxeditor.imports.doors import Which

        self._desk.finish_editing()
        likely = Which()
        if self._desk.has_report:
            likely = Which(self._session.report.year, self._session.report.agency)
        try:
            read = reading.read_one(
                self._desk.frame, path, self._session.form, likely,
                has_report=self._desk.has_report, reviewed=True,
            )  # fmt: skip
        except GxError as error:
            self._unread(error)
            return
        if read is not None:  # else given up, or for a file that was wanted since
            self._show_review(path, *read)

    def _show_review(self, path: Path, imported: Imported, which: Which) -> None:
        from gxeditor.ui.importing.review import ImportReview

        current = self._session.report if self._desk.has_report else None
        review = ImportReview(
            imported, path.name, current, rules=self._session.rules, path=path,
            reread=lambda year: self._read_year(path, which._replace(year=year)),
        )  # fmt: skip
        review.cancelled.connect(self._desk.leave_over)
        review.accepted_new.connect(self._import_as_new)
        review.accepted_into_current.connect(self._import_into_current)
        self._desk.show_over(review)
        self._review = review

    def _read_year(self, path: Path, which: Which) -> None:
        """Shows the review of another year of the same file; the present one stays if it cannot be read."""
        try:
            imported = reading.read_which(
                self._desk.frame, path, self._session.form, which, has_report=self._desk.has_report
            )
        except GxError as error:
            self._unread(error)
            return
        if imported is not None:
            self._show_review(path, imported, which)

    def _import_as_new(self) -> None:
        read = self._review.report  # leaving the open report may close the review
        if self.leave():
            self._session.begin(blank_report(self._session.form, read.year))
            self._session.edit(read, "导入")
            self._desk.open_at("requests")
            self._tell_imported(len(read.entries))

    def _import_into_current(self) -> None:
        if self._session.held():
            return
        before = self._session.report
        keep: frozenset[str] = frozenset()
        if less := self._review.less(before):
            chosen = questions.ask_less_imported(self._desk.frame, less)
            if chosen is None:
                return
            keep = chosen
        after = self._review.into(before, keep)
        self._desk.show_editor()
        self._session.edit(after, "导入")
        self._tell_imported(len(difference(before, after).cells))

    def _tell_imported(self, cells: int) -> None:
        self._desk.tell(f"已导入 {cells} 格，可以整体撤销。")

    # --- saved, closed

    def begin_save(self) -> None:
        """「保存」, beside the window: what comes of it is told or asked when it is known."""
        self._save("")

    def begin_save_as(self) -> None:
        """「另存为」, beside the window."""
        self._save_as("")

    def save(self) -> bool:
        """Saves and waits for it, the window living meanwhile; False if it was not saved, the reason having been shown.

        Who does not want to wait goes back to the report; the saving goes on.
        """
        return self._save("back") == "saved"

    def _save(self, wait: Wait) -> str:
        """What came of it: "saved", "left" to be closed without it, or ""; "" also where nobody waits."""
        if self._session.read_only:
            self._session.held()
            return ""
        self._desk.finish_editing()
        savings = (
            self._session.savings
        )  # to another file, that has still to come: it is the report's file by then
        path = savings[-1].path if savings else self._session.path
        return self._save_as(wait) if path is None else self._save_to(path, wait)

    def _save_as(self, wait: Wait) -> str:
        from PySide6.QtWidgets import QFileDialog

        from gxeditor.documents import default_name

        self._desk.finish_editing()
        copied = "（副本）" if self._session.read_only else ""
        suggestion = str(self.folder() / f"{default_name(self._session.report)}{copied}.gxr")
        name, _ = QFileDialog.getSaveFileName(self._desk.frame, "另存为", suggestion, "年报文件 (*.gxr)")
        if not name:
            return ""
        path = Path(name)
        if path.suffix.lower() != ".gxr":
            path = path.with_name(f"{path.name}.gxr")
            # The dialog asked about another name.
            if QFileInfo.exists(str(path)) and not questions.ask_replace(self._desk.frame, path.name):
                return ""
        original = self._session.original
        if original is not None:
            same = self._beside(f"正在保存 {path.name}", lambda: same_file(path, original))
            if same is None:
                return ""
            if same:
                dialog.show_error(self._desk.frame, _replaces_original(path))
                return ""
        return self._save_to(path, wait)

    def _save_to(self, path: Path, wait: Wait, *, overwrite: bool = False) -> str:
        if self._is_elsewhere(path):
            error = GxError(
                f"“{path.name}”正在另一个窗口里编辑，没有保存。",
                "您的修改仍在这里。",
                "请另存为别的名字，或先关闭那个窗口。",
            )
            dialog.show_error(self._desk.frame, error)
            return ""
        saving = self._session.begin_saving(path, overwrite=overwrite)
        self._slow.start()
        return self._finish(saving, wait) if wait else ""

    def _is_elsewhere(self, path: Path | None) -> bool:
        """Whether another window edits this file."""
        alike = [one for one in self._desk.open_elsewhere() if path and _is_one_name(one, path)]
        if path is None or not alike:
            return False
        return bool(self._beside(f"正在核对 {path.name}", lambda: any(same_file(path, o) for o in alike)))

    def _finish(self, saving: Saving, wait: Wait) -> str:
        """Waits for a saving, and for what is asked about it."""
        self._awaited.append(saving)
        self._waiting += 1
        try:
            answer = self._wait(saving, wait)
        finally:
            self._waiting -= 1
            self._awaited.remove(saving)
        if saving.is_over:
            return self._settle(saving, wait)
        return "left" if answer == "leave" else ""

    def _wait(self, saving: Saving, wait: Wait) -> str:
        """Until the saving is over, or the clerk will not wait: "cancel", or "leave" to close all the same."""
        if saving.is_over:
            return ""
        over = self._session.saving_over
        loop = QEventLoop()
        over.connect(loop.quit)
        QTimer.singleShot(_MOMENT, loop, loop.quit)
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        over.disconnect(loop.quit)
        if saving.is_over:
            return ""
        is_kept = self._session.not_kept is None
        shown = questions.saving_dialog(
            self._desk.frame, saving.path.name, closing=wait == "close", kept=is_kept
        )

        def look(_: object) -> None:
            if saving.is_over:
                shown.accept()

        over.connect(look)
        try:
            return shown.run()
        finally:
            over.disconnect(look)

    def _saving_over(self, saving: Saving) -> None:
        if not self._session.savings:
            self._slow.stop()
        asked = any(one is saving or (one.is_over and one.error is saving.error) for one in self._awaited)
        if asked:
            return
        self._unsettled.append(saving)
        self._settle_beside()

    def _settle_beside(self) -> None:
        """Tells what came of a saving that nobody waits for; a question waits until another has had its answer."""
        from PySide6.QtWidgets import QApplication

        while self._unsettled:
            asks = not self._unsettled[0].is_saved
            if asks and (self.is_waiting or QApplication.activeModalWidget() is not None):
                QTimer.singleShot(_LATER, self, self._settle_beside)
                return
            self._settle(self._unsettled.pop(0), "")

    def _tell_slow(self) -> None:
        for saving in self._session.savings[-1:]:
            self._desk.tell(f"正在保存到 {saving.path}，可以继续填写。")

    def _settle(self, saving: Saving, wait: Wait) -> str:
        """Says what came of a saving that is over, and asks what to do where it failed."""
        path, error = saving.path, saving.error
        if saving.is_saved:
            kept = f"，原来的内容留在 {report_file.kept_path(path).name}" if saving.replaced else ""
            other = "" if self._session.path == path else f"；现在编辑的是 {self._session.path}"
            self._remember()
            self._desk.tell(f"已保存到 {path}{kept}{other}")
            return "saved"
        if isinstance(error, ChangedElsewhere):
            answer = questions.ask_changed_elsewhere(self._desk.frame, error)
            if answer == "overwrite":
                return self._save_again(path, wait, overwrite=True)
            if answer == "reload":
                self._reload(path)
                return ""
        elif error is not None:
            answer = questions.ask_not_written(self._desk.frame, error)
            if answer == "again":
                return self._save_again(path, wait, overwrite=saving.overwrite)
        else:
            return ""  # by a bug, which has been reported
        if answer == "save_as":
            return self._save_as(wait)
        self._desk.tell(error.what)
        return ""

    def _save_again(self, path: Path, wait: Wait, *, overwrite: bool) -> str:
        self._desk.finish_editing()
        return self._save_to(path, wait, overwrite=overwrite)

    def _reload(self, path: Path) -> None:
        """Reads the file again as one undoable step, so that nothing typed is lost."""
        self._desk.finish_editing()
        try:
            opened = self._beside(
                f"正在重新读取 {path.name}", lambda: report_file.read_report(path, load_form)
            )
        except GxError as error:
            dialog.show_error(self._desk.frame, error)
            return
        if opened is not None:
            self._session.reload(opened)
            self._desk.tell("已重新读取文件；撤销可以回到您的修改。")

    def close_report(self) -> None:
        """「关闭年报」: back to the start page."""
        if self.leave():
            self._desk.show_start()

    def leave(self) -> bool:
        """Ends with the open report, asking what to do with unsaved work; False to stay with it."""
        if not self._desk.has_report:
            return True
        self._desk.finish_editing()
        discard, done = False, ""
        while done != "left" and (savings := self._session.savings):
            done = self._finish(savings[-1], "close")
            if not done:
                return False
        if done != "left" and self._session.modified and not self._desk.is_practice:
            answer = questions.ask_save(self._desk.frame, report_name(self._session.report))
            if answer == "cancel" or (answer == "save" and not self._save("close")):
                return False
            discard = answer == "discard"
        self._remember()
        self._unsettled.clear()
        self._slow.stop()
        self._beside("正在关闭年报", self._session.ending(discard=discard))
        self._desk.forget_report()
        return True

    def _remember(self) -> None:
        """The open file, with what is known of it, is first in the list of recent ones."""
        path, report = self._session.path, self._session.report
        if path is None:
            return
        findings = self._session.findings
        file = RecentFile(
            str(path), report.agency, report.year, findings.count(Severity.ERROR), findings.count(Severity.QUERY),
            datetime.now().isoformat(timespec="seconds"), coverage(report, findings).wordings[2:],
        )  # fmt: skip
        recent = self._desk.settings.with_recent(file).recent
        self._desk.keep_settings(recent=recent, last_folder=str(path.parent))

    # --- last year's report

    def choose_prior(self) -> None:
        """「选择上年年报」"""
        if self._session.held():
            return
        path = self._ask_file("选择上年年报")
        if path is not None:
            self._take_prior(path)

    def _take_prior(self, path: Path) -> None:
        """Keeps the report in a file as last year's; what speaks against it is said, and it is taken all the same."""
        if self._session.held():
            return
        kept = self._read_prior(path, self.choose_prior, self._session.report)
        if kept is None:
            return
        self._desk.finish_editing()
        filed, prior = kept
        had = self._session.prior
        if had is not None and _holds_less(prior.report, had):
            present, new = _size(had), _size(prior.report)
            if not questions.ask_lesser_prior(self._desk.frame, present, new):
                return
        self._session.set_prior(prior)
        self._desk.tell(f"已对照 {path.name}，核对上年结转；可以撤销。")
        doubts = [*prior.doubts(self._session.report), *_doubtful(filed)]
        if doubts:
            doubts += [f"{clause}。" for clause in self._session.findings.across_years]
            remedy = "已经选用。如果选错了，请撤销，或在“基本信息”里重新选择。"
            dialog.show_told(self._desk.frame, "请核对选的上年年报", (*doubts, remedy))
        if self._left_by_prior():
            self.fill_carried()

    def _read_prior(
        self, path: Path, again: Callable[[], None], mine: Report | None
    ) -> tuple[Filed, Prior] | None:
        """What is in a file, and what this year's report keeps of it as last year's.

        `mine` is the report of this year, if it is known: of a file with several years and units the year before it
        and its agency are taken. None if that was given up or failed, which has been told; `again` asks for another.
        """
        from gxeditor import documents
        from gxeditor.imports.doors import Which

        likely = Which()
        if mine is not None:
            likely = Which(mine.year - 1 if mine.year else None, mine.agency)
        title = f"正在读 {path.name}"

        def own_file() -> tuple[Filed, Prior] | Literal["foreign"]:
            if not documents.is_own(path):
                return "foreign"
            filed = documents.read(path)
            return filed, _as_prior(filed, path)

        own = True
        try:
            found = self._beside(title, own_file)
            if found != "foreign":
                return found
            own = False
            read = reading.read_one(
                self._desk.frame, path, self._session.form, likely,
                has_report=self._desk.has_report, reviewed=False,
            )  # fmt: skip
            if read is None:
                return None
            filed = documents.filed(read[0])
            prior = self._beside(title, lambda: _as_prior(filed, path))
            return None if prior is None else (filed, prior)
        except _Unopened as error:
            dialog.show_error(self._desk.frame, error)
        except GxError as error:
            if own:
                dialog.show_error(self._desk.frame, error)
            elif reading.ask_failed(self._desk.frame, error, has_report=self._desk.has_report):
                again()
        return None

    def _carry_overs(self) -> list[tuple[str, str]]:
        """Last year's cell and this year's, for each that the rules tie together."""
        return [(r.left[0], r.right[0]) for r in self._session.rules if r.kind == "carry_over"]

    def _left_by_prior(self) -> dict[str, Entry]:
        """What last year's report left for cells that are still blank; nothing of one of another year."""
        report, prior = self._session.report, self._session.prior
        if prior is None or (report.year and prior.year != report.year - 1):
            return {}
        figures = edits.carried_figures(prior, self._carry_overs())
        return {cell: value for cell, value in figures.items() if report.value(cell) is None}

    def fill_carried(self) -> None:
        """「填上年结转」: what last year left, into the cells that are still blank, after it has been shown."""
        if self._session.held():
            return
        self._desk.finish_editing()
        report, prior = self._session.report, self._session.report.prior
        figures = self._left_by_prior()
        if prior is None:
            self._desk.tell("还没有选择上年年报，请先选择。")
        elif not figures:
            fits = not report.year or prior.report.year == report.year - 1
            self._desk.tell(
                "没有能填的格：上年结转已经填了，或去年的结转下年度没有数。" if fits
                else f"没有填：上年年报不是 {(report.year or 0) - 1} 年的。"
            )  # fmt: skip
        elif questions.ask_fill_carried(self._desk.frame, figures, prior.words):
            self._session.edit(edits.fill_carried(report, figures), "填上年结转")
            self._desk.tell(f"已填上年结转 {len(figures)} 格，可以撤销。")

    def draft_prose(self) -> None:
        """「用去年的文字起草」: the empty parts of the prose from the file of last year's report, read again."""
        if self._session.held():
            return
        self._desk.finish_editing()
        report, prior = self._session.report, self._session.report.prior
        if prior is None:
            self._desk.tell("还没有选择上年年报，请先选择。")
            return
        if not edits.without_prose(report):
            self._desk.tell("各部分都已经有文字，没有可以起草的部分。")
            return
        file = self._session.prior_file
        path = file.path if file is not None and file.path is not None else Path(prior.path)
        kept = self._read_prior(path, self._draft_from_another, report)
        if kept is not None:
            self._draft_from(*kept)

    def _draft_from_another(self) -> None:
        path = self._ask_file("选择去年的年报")
        kept = (
            None if path is None else self._read_prior(path, self._draft_from_another, self._session.report)
        )
        if kept is not None:
            self._draft_from(*kept)

    def _draft_from(self, filed: Filed, last: Prior) -> None:
        report = self._session.report
        brought = edits.draft_prose(report, filed.report)
        sections = [s.number for s in edits.without_prose(report) if brought.report.sections.get(s.key)]
        if not sections:
            self._desk.tell(f"{last.name} 里没有这几部分的文字。")
            return
        if questions.ask_draft(self._desk.frame, sections, last.words):
            self._session.edit(brought.report, "用去年的文字起草")
            dialog.show_told(self._desk.frame, "用去年的文字起草", (*brought.told, *last.doubts(report)))

    def show_prior(self) -> None:
        """「打开上年年报」: beside this one, only to be read; without its file what is kept of it in this report."""
        prior, file = self._session.report.prior, self._session.prior_file
        if prior is None:
            self._desk.tell("还没有选择上年年报，请先选择。")
            return
        path = file.path if file is not None else Path(prior.path) if prior.path else None
        if path is None or (file is not None and file.state in ("missing", "closed")):
            self._desk.show_read_only(prior.report, f"{report_name(prior.report)}（存在本年报里的数和文字）")
            return
        other = self._kind(path)
        if isinstance(other, Path):
            self._desk.come_forward_with(other)
            return
        kept = self._read_prior(path, self.choose_prior, self._session.report)
        if kept is not None:
            self._desk.show_read_only(kept[0].report, path.name, path)

    def drop_prior(self) -> None:
        """Compares with no report of last year any more."""
        self._session.set_prior(None)

    def read_prior_again(self) -> None:
        """Takes what the file of last year's report holds now; asked for, it may lie on another computer."""
        file = self._session.prior_file
        if file is not None and file.path is not None:
            self._take_prior(file.path)

    # --- former states

    def open_copy(self, report: Report, name: str) -> None:
        """Shows a state of the open report, called `name`, in a window of its own, only to be read."""
        session = self._session
        original = session.path if session.path is not None else session.original
        whose = original.name if original is not None else report_name(session.report)
        self._desk.show_read_only(report, f"{whose}　{name}（副本）", original, self._desk.here)

    def ask_restore(self) -> None:
        """「恢复上一版本」: the states of the file that are kept, what differs from now, and the way back to one."""
        from gxeditor.ui.shell import versions

        self._desk.finish_editing()
        session = self._session
        found = self._beside("正在读保存过的版本", lambda: versions.kept(session.path, session.states()))
        if found is None:
            return
        if not found:
            self._desk.tell("还没有保存过的版本：每次保存都会留一份。")
            return
        chosen = versions.ask_version(self._desk.frame, session.report, found)
        if chosen is None:
            return
        how, version, report = chosen
        if how == "copy":
            self.open_copy(report, version.name)
        elif session.take_back(report, f"恢复{version.name}"):
            self._desk.tell(f"已恢复{version.name}，还没有保存；Ctrl+Z 撤销。")

    # --- recovery

    def recover(self, recovery: Journal) -> None:
        """Takes up the work of a program that did not end properly; it stays unsaved until it is saved."""
        # Its file may lie where nothing answers; given up, the work stays offered, and can still become another file.
        if self._is_elsewhere(recovery.path):
            assert recovery.path is not None
            error = GxError(
                f"“{recovery.path.name}”正在另一个窗口里编辑，没有恢复。",
                "这些修改还留着。",
                "请先关闭那个窗口，或用“另存为副本”恢复成另一个文件。",
            )
            dialog.show_error(self._desk.frame, error)
            return
        compared = self._beside("正在恢复", lambda: journals.compared(recovery))
        if compared is None or not self.leave():
            return
        self._session.recover(compared)
        self._desk.open_at(self._first_tab())
        self._desk.tell(
            "已恢复上次的修改，还没有保存。" if self._session.modified else "上次的修改已经保存在文件里了。"
        )

    def recover_copy(self, recovery: Journal) -> None:
        """Takes the work up as a report that belongs to no file, and asks for one."""
        if not self.leave():
            return
        self._session.recover(recovery, as_copy=True)
        self._desk.open_at(self._first_tab())
        self.begin_save_as()

    def show_recovery(self, recovery: Journal) -> None:
        """Shows what differs from the last saved state, before anything is taken up."""
        from gxeditor.ui.shell import differences

        saved = recovery.history.saved or recovery.history.first
        differences.show_diff(self._desk.frame, saved, recovery.report)


def report_name(report: Report) -> str:
    """What a report is called in a question: agency and year."""
    name = f"{report.agency}{report.year or ''}年年报" if report.agency or report.year else "新年报"
    return " ".join(name.split())[:80]


def _kind_of(path: Path, opened: Path | None, kept_of: Path | None, elsewhere: Sequence[Path]) -> Kind | Path:
    """What kind of file it is; "open" if it is the one at `opened`, whose drive is not asked without need.

    The one of `elsewhere` that it is, or of which it is the previous version (`kept_of`).
    """
    for other in elsewhere:
        if _is_one(path, other) or (kept_of is not None and _is_one(kept_of, other)):
            return other
    if not report_file.begins_as_own(path):
        if path.is_dir():
            return "folder"
        from gxeditor.store import ledger_file, rollup_file

        if rollup_file.is_own(path):
            return "rollup"
        if ledger_file.is_own(path):
            return "ledger"
        from gxeditor import documents  # a start with a report loads nothing of foreign files

        if not documents.is_own(path):
            return "foreign"
    return "open" if opened is not None and _is_one(path, opened) else "own"


def _is_one(path: Path, other: Path) -> bool:
    """Whether two paths name one file; asked of the drive only where the names agree."""
    return _is_one_name(path, other) and same_file(path, other)


def _is_one_name(path: Path, other: Path) -> bool:
    return path.name.casefold() == other.name.casefold()


class _Unopened(GxError):
    """A file that was read a moment ago cannot be opened any more."""


def _replaces_original(path: Path) -> GxError:
    return GxError(
        f"这里看的就是“{path.name}”里的年报，存的副本不能替换它。",
        "没有保存；两份都没有改动。",
        "请另存为别的名字；要把那份年报恢复成这个样子，请打开它，用“恢复上一版本”或“撤销历史”。",
    )


def _as_prior(filed: Filed, path: Path) -> Prior:
    from gxeditor import documents

    try:
        return documents.as_prior(filed, path)
    except OSError as error:
        raise _Unopened(f"“{path.name}”打不开。", "年报没有改动。", "请核对后再选一次。") from error


def _doubtful(filed: Filed) -> list[str]:
    """What is to be said of a foreign file that was read without a review."""
    return [f"读入“{note.where}”时：{note.what}{note.done}" for note in filed.notes]


def _holds_less(report: Report, than: Report) -> bool:
    """Whether a report shows fewer figures than another, or has fewer of its parts written."""
    return any(mine < other for mine, other in zip(_counts(report), _counts(than), strict=True))


def _counts(report: Report) -> tuple[int, int]:
    return len(report.values), len(report.texts)


def _size(report: Report) -> str:
    figures, texts = _counts(report)
    return f"{figures} 格、{texts} 部分文字"
