"""Ledgers among the windows of the program: opened, with their password, made new, and what their windows ask.

Loads the room of ledgers, which a program that has none open leaves alone. What a ledger's window does is its own.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gxeditor.core.errors import GxError
from gxeditor.core.ledger.request import Ledger
from gxeditor.files.names import file_name, same_file
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.store.ledger_file import SUFFIX, OpenedLedger, read_ledger, save_ledger
from gxeditor.store.protection import NeedsPassword
from gxeditor.ui.ledger.password import open_protected
from gxeditor.ui.ledger.session import LedgerSession
from gxeditor.ui.ledger.window import LedgerWindow
from gxeditor.ui.look import dialog
from gxeditor.ui.shell.other_windows import OtherWindows, ask_previous, shown


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
        if is_kept and not ask_previous(shown(above), target):
            return None
        return self._show(opened, target, is_kept)

    def _read(self, path: Path, above: QWidget) -> OpenedLedger | None:
        """The ledger in a file; None if it was given up. Raises its `GxError`."""
        vocabulary = load_vocabulary(load_form())
        try:
            return self._beside(above, f"正在打开 {path.name}", lambda: read_ledger(path, vocabulary))
        except NeedsPassword:
            return open_protected(
                shown(above), path.name, lambda password: read_ledger(path, vocabulary, password)
            )

    def _show(self, opened: OpenedLedger, path: Path, anew: bool = False) -> LedgerWindow:
        sha256 = None if anew else opened.sha256
        session = LedgerSession(opened.ledger, path, key=opened.key, sha256=sha256, is_kept=not anew)
        window = LedgerWindow(session, self)
        self._stand(window)
        return window

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
