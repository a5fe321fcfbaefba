"""Ledgers among the windows of the program: opened, with their password, made new, and what their windows ask.

Loads the room of ledgers, which a program that has none open leaves alone. What a ledger's window does is its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gxeditor.core.errors import GxError
from gxeditor.core.ledger.request import Ledger
from gxeditor.files.names import file_name, same_file
from gxeditor.resources import load_calendar, load_form, load_vocabulary
from gxeditor.settings import user_folders
from gxeditor.store.calendar_file import FOLDER, keep_year
from gxeditor.store.ledger_file import SUFFIX, OpenedLedger, parse, read_ledger, save_ledger
from gxeditor.store.protection import Key, NeedsPassword
from gxeditor.store.rollup_rescue import Rescue, content_of, drop, rescue_of
from gxeditor.ui.ledger.password import open_protected
from gxeditor.ui.ledger.session import LedgerSession
from gxeditor.ui.ledger.window import LedgerWindow
from gxeditor.ui.look import dialog
from gxeditor.ui.session import Session
from gxeditor.ui.shell.other_windows import OtherWindows, ask_previous, ask_rescue, shown


class Ledgers(OtherWindows):
    """One for the program; a `LedgerProgram` for the windows of ledgers."""

    _kind, _suffix = "台账", SUFFIX

    @property
    def windows(self) -> list[LedgerWindow]:
        return [window for window in self._program.windows if isinstance(window, LedgerWindow)]

    def open(self, path: Path, above: QWidget) -> LedgerWindow | None:
        """Opens a ledger, or brings the window to the front that has it; None if it could not be, which is shown.

        The previous version of a file (`.gxl~`) takes the place of the file, once that is wanted.
        """
        path = path.absolute()
        for window in self.windows:
            if window.session.path == path or same_file(window.session.path, path):
                window.come_forward()
                window.tell("这份台账已经在这个窗口里打开。")
                return window
        try:
            opened = self._read(path, above)
        except GxError as error:
            dialog.show_error(shown(above), error)
            return None
        if opened is None:
            return None
        is_kept = path.name.endswith("~")
        target = path.with_name(path.name[:-1]) if is_kept else path
        if is_kept:
            return self._show(opened, target, True) if ask_previous(shown(above), target) else None
        folder = self._program.rescues
        left = None if folder is None else rescue_of(folder, path)
        if folder is None or left is None:
            return self._show(opened, path)
        answer = ask_rescue(shown(above), left)
        if answer == "use":
            return self._recover(left, opened.key, above)
        if answer != "drop":
            return None
        drop(folder, path)
        return self._show(opened, path)

    def is_open(self, path: Path) -> bool:
        return any(window.session.path == path for window in self.windows)

    def recover(self, left: Rescue, above: QWidget) -> LedgerWindow | None:
        """Goes on with what could not be written the last time; its password is asked if it has one."""
        return self._recover(left, None, above)

    def _recover(self, left: Rescue, key: Key | None, above: QWidget) -> LedgerWindow | None:
        """Goes on with what could not be written the last time; it is written to its file at once."""
        vocabulary = load_vocabulary(load_form())
        try:
            content = content_of(left)
            try:
                ledger, key = parse(content, vocabulary, key)
            except NeedsPassword:  # the password has become another since
                found = open_protected(
                    shown(above), left.path.name, lambda password: parse(content, vocabulary, password)
                )
                if found is None:
                    return None
                ledger, key = found
        except GxError as error:
            dialog.show_error(shown(above), error)
            return None
        opened = OpenedLedger(ledger, left.sha256 or "", key)
        window = self._show(opened, left.path, left.sha256 is None, is_kept=False)
        window.session.want_kept()
        return window

    def _read(self, path: Path, above: QWidget) -> OpenedLedger | None:
        """The ledger in a file; None if it was given up. Raises its `GxError`."""
        vocabulary = load_vocabulary(load_form())
        try:
            return self._beside(above, f"正在打开 {path.name}", lambda: read_ledger(path, vocabulary))
        except NeedsPassword:
            return open_protected(
                shown(above), path.name, lambda password: read_ledger(path, vocabulary, password)
            )

    def _show(
        self, opened: OpenedLedger, path: Path, anew: bool = False, *, is_kept: bool = True
    ) -> LedgerWindow:
        sha256 = None if anew else opened.sha256
        session = LedgerSession(
            opened.ledger, path, key=opened.key, sha256=sha256, is_kept=is_kept and not anew,
            rescues=self._program.rescues, calendar=load_calendar(user_folders().data / FOLDER),
        )  # fmt: skip
        window = LedgerWindow(session, self)
        self._stand(window)
        return window

    def read_other(self, path: Path, above: QWidget) -> Ledger | None:
        """The ledger in another file, which is not opened; None if it was given up or cannot be read."""
        try:
            opened = self._read(path, above)
        except GxError as error:
            dialog.show_error(shown(above), error)
            return None
        return opened.ledger if opened is not None else None

    def ask(self, above: QWidget) -> LedgerWindow | None:
        """「台账」: the one that was open last, another one, or a new one."""
        last = next((file for file in self.settings.recent if file.kind == "ledger"), None)
        choices = [
            dialog.CANCEL,
            dialog.Choice("open", "打开已有的…", tip="选一份 .gxl 台账。"),
            dialog.Choice(
                "new",
                "新建台账…",
                primary=last is None,
                tip="先定文件放在哪里；以后可以导入 Excel 台账，或从空行登记。",
            ),
        ]
        if last is not None:
            choices.append(dialog.Choice("last", "打开上次的", primary=True, tip="接着上次的登记。"))
        answer = dialog.ask(
            shown(above), "台账", "台账记下每一件依申请公开，算答复期限，出表三、表四。",
            f"上次打开的是“{Path(last.path).name}”。" if last is not None else "姓名默认遮住，只留在台账文件里。",
            "", choices,
        )  # fmt: skip
        if answer == "last" and last is not None:
            return self.open(Path(last.path), above)
        if answer == "open":
            name, _ = QFileDialog.getOpenFileName(
                above, "打开台账", self.settings.last_folder, f"台账 (*{SUFFIX} *{SUFFIX}~)"
            )
            return self.open(Path(name), above) if name else None
        if answer != "new":
            return None
        agency = next((file.agency for file in self.settings.recent if not file.kind and file.agency), "")
        return self.begin(above, Ledger(agency=agency))

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

    def import_calendar(self, above: QWidget, session: LedgerSession) -> bool:
        """Has a file with days off chosen and kept; whether they are others now."""
        name, _ = QFileDialog.getOpenFileName(
            above,
            "导入放假安排",
            self.settings.last_folder,
            "放假通知或放假安排 (*.txt *.toml);;所有文件 (*)",
        )
        if not name:
            return False
        try:
            keep_year(Path(name), user_folders().data / FOLDER)
        except GxError as error:
            dialog.show_error(shown(above), error)
            return False
        calendar = load_calendar(user_folders().data / FOLDER)
        for window in self.windows:
            window.session.take_calendar(calendar)
        return True

    def begin(self, above: QWidget, ledger: Ledger) -> LedgerWindow | None:
        """Asks where a new ledger is to be kept, writes it there, and opens it; None if it is not wanted."""
        name = f"{file_name(ledger.agency, '新')}台账{SUFFIX}"
        start = Path(self.settings.last_folder) / name
        chosen, _ = QFileDialog.getSaveFileName(above, "新建台账", str(start), f"台账 (*{SUFFIX})")
        if not chosen:
            return None
        path = Path(chosen)
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(f"{path.name}{SUFFIX}")
        vocabulary = load_vocabulary(load_form())
        try:
            sha256 = self._beside(above, "正在新建台账", lambda: save_ledger(ledger, path, None, vocabulary))
        except GxError as error:
            dialog.show_error(shown(above), error)
            return None
        return None if sha256 is None else self._show(OpenedLedger(ledger, sha256), path)
