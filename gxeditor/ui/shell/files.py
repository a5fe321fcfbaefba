"""The conversation about files: reports that are new, opened, imported, saved, closed and taken up after a crash.

Knows what is asked before anything is lost or replaced, and which files were open last. Every file goes through
`gxeditor.documents` and the session; what is shown is the window's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from importlib.util import LazyLoader, find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QFileInfo, QObject, Signal

from gxeditor.core import edits
from gxeditor.core.checks.coverage import coverage
from gxeditor.core.checks.rules import Severity
from gxeditor.core.difference import difference
from gxeditor.core.errors import ChangedElsewhere, DamagedFile, GxError, NotWritten
from gxeditor.core.report import Entry, Prior, Report, blank_report
from gxeditor.files.names import same_file
from gxeditor.settings import RecentFile
from gxeditor.store import report_file
from gxeditor.ui.desk import Desk


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


class ReportDesk(Desk, Protocol):
    """A desk on which reports come and go."""

    @property
    def has_report(self) -> bool:
        """Whether a report is open, be it behind the review of an import."""

    def open_at(self, key: str) -> None:
        """Shows the report that the session has taken up, on the page of a section."""

    def show_editor(self) -> None:
        """Shows the open report again."""

    def show_start(self) -> None:
        """Shows the start page, which stands where no report is open."""

    def forget_report(self) -> None:
        """The session has closed its report: nothing that was said or shown of it stays."""


class Files(QObject):
    """One for the window. `recent_changed` says that the list of recent files is another."""

    recent_changed = Signal()

    def __init__(self, desk: ReportDesk) -> None:
        super().__init__(desk.frame)
        self._desk, self._session = desk, desk.session

    def folder(self) -> Path:
        """Where a dialog about files begins: beside the open report, else where the last one was."""
        if self._desk.has_report and self._session.path is not None:
            return self._session.path.parent
        from PySide6.QtCore import QStandardPaths

        my_documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        known = (self._desk.settings.last_folder, my_documents)
        return next((Path(folder) for folder in known if folder and QFileInfo.exists(folder)), Path.home())

    def _ask_file(self, title: str) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        from gxeditor import documents

        filters = f"{documents.open_filter()};;所有文件 (*)"
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
        path = self._ask_file("打开年报")
        if path is not None:
            self.open_path(path)

    def open_recent(self, path: str) -> None:
        """Opens a file of the list of recent ones."""
        self.open_path(Path(path))

    def forget_recent(self, path: str) -> None:
        """Takes a file off the list of recent ones; the file itself stays."""
        self._desk.keep_settings(recent=self._desk.settings.without_recent(path).recent)
        self.recent_changed.emit()

    def open_path(self, path: Path) -> None:
        """Opens an own file, or shows the review of a foreign one, whatever it is called.

        What cannot be read leaves everything as it is.
        """
        if not self._is_own(path):
            self.import_path(path)
            return
        saved = report_file.kept_of(path)
        if saved is not None:
            self._open_previous(path, saved)
            return
        if self._desk.has_report and self._session.path is not None and same_file(path, self._session.path):
            self._desk.show_editor()
            self._desk.tell("这份年报已经打开。")
            return
        try:
            if self._desk.has_report:
                self._session.read(path)
            if not self.leave():
                return
            self._session.load(path)
        except DamagedFile as error:
            self._damaged(path, error)
        except GxError as error:
            self._refused(error)
        else:
            self._remember()
            self._desk.open_at(self._first_tab())

    def _is_own(self, path: Path) -> bool:
        if report_file.begins_as_own(path):
            return True  # a start with a report loads nothing of foreign files
        from gxeditor import documents

        return documents.is_own(path)

    def _open_previous(self, path: Path, saved: Path) -> None:
        """Takes up the previous version of a file, once what differs from the present one has been seen."""
        from gxeditor import documents
        from gxeditor.ui.shell.differences import ask_previous

        try:
            kept = documents.read(path).report
        except GxError as error:
            self._refused(error)
            return
        try:
            present = documents.read(saved).report
        except GxError:
            present = None
        if ask_previous(self._desk.frame, saved.name, kept, present) and self.leave():
            self._session.begin(kept, path=saved.absolute())
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
        kept, journal = self._session.rescue(path)
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
        after = self._review.into(before)
        self._desk.show_editor()
        self._session.edit(after, "导入")
        self._tell_imported(len(difference(before, after).cells))

    def _tell_imported(self, cells: int) -> None:
        self._desk.tell(f"已导入 {cells} 格，可以整体撤销。")

    # --- saved, closed

    def save(self) -> bool:
        """Saves; False if it was not saved, the reason having been shown."""
        self._desk.finish_editing()
        if self._session.path is None:
            return self.save_as()
        return self._save_to(self._session.path)

    def save_as(self) -> bool:
        """「另存为」; False if it was not saved, the reason having been shown."""
        from PySide6.QtWidgets import QFileDialog

        from gxeditor.documents import default_name

        self._desk.finish_editing()
        suggestion = str(self.folder() / f"{default_name(self._session.report)}.gxr")
        name, _ = QFileDialog.getSaveFileName(self._desk.frame, "另存为", suggestion, "年报文件 (*.gxr)")
        if not name:
            return False
        path = Path(name)
        if path.suffix.lower() != ".gxr":
            path = path.with_name(f"{path.name}.gxr")
            # The dialog asked about another name.
            if QFileInfo.exists(str(path)) and not questions.ask_replace(self._desk.frame, path.name):
                return False
        return self._save_to(path, fresh=True)

    def _save_to(self, path: Path, *, fresh: bool = False) -> bool:
        """Writes the report to a file; `fresh` if it was just chosen, and with it the loss of what stands there."""
        own = self._session.path is not None and same_file(path, self._session.path)
        if fresh and not own:
            return self._overwrite(path)
        try:
            self._session.save(path)
        except ChangedElsewhere as error:
            answer = questions.ask_changed_elsewhere(self._desk.frame, error)
            if answer == "overwrite":
                return self._overwrite(path)
            if answer == "save_as":
                return self.save_as()
            if answer == "reload":
                self._reload(path)
            return False
        except NotWritten as error:
            return self._not_written(error, lambda: self._save_to(path))
        self._remember()
        self._desk.tell(f"已保存到 {path}")
        return True

    def _overwrite(self, path: Path) -> bool:
        replaced = QFileInfo.exists(str(path))
        try:
            self._session.save(path, overwrite=True)
        except NotWritten as error:
            return self._not_written(error, lambda: self._overwrite(path))
        self._remember()
        left = f"，原来的内容留在 {report_file.kept_path(path).name}" if replaced else ""
        self._desk.tell(f"已保存到 {path}{left}")
        return True

    def _not_written(self, error: NotWritten, again: Callable[[], bool]) -> bool:
        """A folder that takes no file, a file that is held: another place, or the same once more."""
        answer = questions.ask_not_written(self._desk.frame, error)
        if answer == "save_as":
            return self.save_as()
        return again() if answer == "again" else False

    def _reload(self, path: Path) -> None:
        """Reads the file again as one undoable step, so that nothing typed is lost."""
        try:
            self._session.reload(path)
        except GxError as error:
            dialog.show_error(self._desk.frame, error)
            return
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
        discard = False
        if self._session.modified:
            answer = questions.ask_save(self._desk.frame, report_name(self._session.report))
            if answer == "cancel" or (answer == "save" and not self.save()):
                return False
            discard = answer == "discard"
        self._remember()
        self._session.close(discard=discard)
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
        self.recent_changed.emit()

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
        own = False
        try:
            own = documents.is_own(path)
            if own:
                filed = documents.read(path)
            else:
                read = reading.read_one(
                    self._desk.frame, path, self._session.form, likely,
                    has_report=self._desk.has_report, reviewed=False,
                )  # fmt: skip
                if read is None:
                    return None
                filed = documents.filed(read[0])
            return filed, documents.as_prior(filed, path)
        except GxError as error:
            if own:
                dialog.show_error(self._desk.frame, error)
            elif reading.ask_failed(self._desk.frame, error, has_report=self._desk.has_report):
                again()
        except OSError:
            dialog.show_error(
                self._desk.frame, GxError(f"“{path.name}”打不开。", "年报没有改动。", "请核对后再选一次。")
            )
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

    def drop_prior(self) -> None:
        """Compares with no report of last year any more."""
        self._session.set_prior(None)

    def read_prior_again(self) -> None:
        """Takes what the file of last year's report holds now; asked for, it may lie on another computer."""
        file = self._session.prior_file
        if file is not None and file.path is not None:
            self._take_prior(file.path)

    # --- recovery

    def recover(self, recovery: Journal) -> None:
        """Takes up the work of a program that did not end properly; it stays unsaved until it is saved."""
        if not self.leave():
            return
        self._session.recover(recovery)
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
        self.save_as()

    def show_recovery(self, recovery: Journal) -> None:
        """Shows what differs from the last saved state, before anything is taken up."""
        from gxeditor.ui.shell import differences

        saved = recovery.history.saved or recovery.history.first
        differences.show_diff(self._desk.frame, saved, recovery.report)


def report_name(report: Report) -> str:
    """What a report is called in a question: agency and year."""
    name = f"{report.agency}{report.year or ''}年年报" if report.agency or report.year else "新年报"
    return " ".join(name.split())[:80]


def _doubtful(filed: Filed) -> list[str]:
    """What is to be said of a foreign file that was read without a review."""
    return [f"读入“{note.where}”时：{note.what}{note.done}" for note in filed.notes]
