"""Ledgers among the windows of the program: opened and begun, their passwords, and what their windows ask of it.

Loads the room of ledgers, which a program that has none open leaves alone. What a ledger's window does is its own; how
a content is sealed is known to `store.protection`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gxeditor.core.errors import GxError
from gxeditor.core.ledger.request import Ledger
from gxeditor.core.ledger.workdays import Calendar
from gxeditor.core.report import Report
from gxeditor.resources import load_calendar, load_form, load_vocabulary
from gxeditor.settings import user_folders
from gxeditor.store.ledger_file import SUFFIX, OpenedLedger, read_ledger, save_ledger
from gxeditor.store.protection import NeedsPassword
from gxeditor.ui.ledger.password import may_show_names, open_protected, set_password
from gxeditor.ui.ledger.session import LedgerSession
from gxeditor.ui.ledger.window import LedgerWindow
from gxeditor.ui.look import dialog
from gxeditor.ui.session import Session
from gxeditor.ui.shell.own_windows import OwnWindows, ask_previous, shown


class Ledgers(OwnWindows):
    """One for the program; a `LedgerProgram` for the windows of ledgers."""

    # --- opened and begun

    @property
    def windows(self) -> list[LedgerWindow]:
        return [window for window in self._program.windows if isinstance(window, LedgerWindow)]

    def open(self, path: Path, above: QWidget) -> LedgerWindow | None:
        """Opens a ledger, or brings the window to the front that has it; None if it could not be, which is shown."""
        path = path.absolute()
        window = self._open_already(path, self.windows, "这份台账已经在这个窗口里打开。")
        if window is not None:
            return window
        opened = self._read(path, above)
        if opened is None:
            return None
        if not path.name.endswith("~"):
            return self._show(opened, path)
        target = path.with_name(path.name[:-1])
        return self._show(opened, target, anew=True) if ask_previous(shown(above), target) else None

    def _show(self, opened: OpenedLedger, path: Path, *, anew: bool = False) -> LedgerWindow:
        session = LedgerSession(
            opened.ledger,
            path,
            key=opened.key,
            sha256=None if anew else opened.sha256,
            is_kept=not anew,
            calendar=_calendar(),
        )
        return self._put(LedgerWindow(session, self))

    def _read(self, path: Path, above: QWidget) -> OpenedLedger | None:
        """Reads a ledger, asking for its password; None if it was given up or cannot be read, which is shown."""
        vocabulary = load_vocabulary(load_form())
        try:
            try:
                return self._beside(above, f"正在打开 {path.name}", lambda: read_ledger(path, vocabulary))
            except NeedsPassword:
                return open_protected(
                    shown(above), path.name, lambda password: read_ledger(path, vocabulary, password)
                )
        except GxError as error:
            dialog.show_error(shown(above), error)
            return None

    def read_other(self, path: Path, above: QWidget) -> Ledger | None:
        """The ledger in another file, which is not opened; None if it could not be read."""
        opened = self._read(path, above)
        return opened.ledger if opened is not None else None

    def ask(self, above: QWidget) -> LedgerWindow | None:
        """「台账」: the one that was open last, another one, or a new one."""
        last = next((file for file in self.settings.recent if file.kind == "ledger"), None)
        choices = [dialog.CANCEL, dialog.Choice("open", "打开已有的…", tip="选一份 .gxl 台账。")]
        new = dialog.Choice(
            "new",
            "新建台账…",
            primary=last is None,
            tip="先定文件放在哪里；以后可以导入 Excel 台账，或从空行登记。",
        )
        choices.append(new)
        if last is not None:
            choices.append(dialog.Choice("last", "打开上次的", primary=True, tip="接着上次的登记。"))
        answer = dialog.ask(
            shown(above), "台账", "台账记下每一件依申请公开，算期限，出表三、表四。",
            f"上次打开的是 {Path(last.path).name}。" if last is not None else "姓名默认遮住，只留在台账文件里。",
            "", choices,
        )  # fmt: skip
        if answer == "last" and last is not None:
            return self.open(Path(last.path), above)
        if answer == "open":
            name, _ = QFileDialog.getOpenFileName(
                above, "打开台账", self.settings.last_folder, f"台账 (*{SUFFIX} *{SUFFIX}~)"
            )
            return self.open(Path(name), above) if name else None
        return self.begin(above) if answer == "new" else None

    def begin(self, above: QWidget) -> LedgerWindow | None:
        """Begins a ledger, once it was asked where its file is to be."""
        agency = next((file.agency for file in self.settings.recent if not file.kind and file.agency), "")
        start = Path(self.settings.last_folder) / f"{agency}申请台账{SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(above, "新建台账", str(start), f"台账 (*{SUFFIX})")
        if not name:
            return None
        path = Path(name).absolute()
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(f"{path.name}{SUFFIX}")
        ledger = Ledger(agency=agency)
        vocabulary = load_vocabulary(load_form())
        try:
            sha256 = self._beside(above, "正在新建台账", lambda: save_ledger(ledger, path, None, vocabulary))
        except GxError as error:
            dialog.show_error(shown(above), error)
            return None
        return self._show(OpenedLedger(ledger, sha256), path) if sha256 is not None else None

    # --- what the window of a ledger asks of the program

    def open_reports(self) -> Sequence[Session]:
        """The sessions of the reports that are open in other windows."""
        return [window.session for window in self._program.reports if window.has_report]

    def open_report(self, path: Path, cell: str) -> None:
        """Opens a report, or brings its window to the front, with a cell in view."""
        self._program.open_file(path)
        for window in self._program.reports:
            if window.has_report and window.session.path == path:
                window.come_forward()
                window.look_at("", cell, False)
                return

    def may_show_names(self, above: QWidget, session: LedgerSession) -> bool:
        """Asks for the password, or without one whether names may be shown here."""
        return may_show_names(above, session)

    def ask_password(self, above: QWidget, session: LedgerSession) -> None:
        """Has the password of a ledger set, changed or taken away; the old one is asked for before."""
        if said := set_password(above, session):
            session.told.emit(said)

    def import_calendar(self, above: QWidget, session: LedgerSession) -> bool:
        """Has a file with days off chosen and kept; whether they are others now."""
        name, _ = QFileDialog.getOpenFileName(
            above, "导入放假安排", self.settings.last_folder, "放假安排 (*.toml);;所有文件 (*)"
        )
        if not name:
            return False
        from gxeditor.store.calendar_file import FOLDER, keep_year

        try:
            keep_year(Path(name), user_folders().data / FOLDER)
        except GxError as error:
            dialog.show_error(above, error)
            return False
        calendar = _calendar()
        for window in self.windows:
            window.session.take_calendar(calendar)
        return True

    def begin_report(self, report: Report) -> None:
        """Opens a report that belongs to no file yet in a window of its own."""
        self._program.begin_report(report)


def _calendar() -> Calendar:
    """The days off that are shipped, and those that were imported."""
    from gxeditor.store.calendar_file import FOLDER

    return load_calendar(user_folders().data / FOLDER)
