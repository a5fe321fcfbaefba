"""Ledgers among the windows of the program: opened and begun, their passwords, and what their windows ask of it.

Loads the room of ledgers, which a program that has none open leaves alone. What a ledger's window does is its own; how
a content is sealed is known to `store.protection`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from gxeditor.core.errors import GxError
from gxeditor.core.ledger.request import Ledger
from gxeditor.core.ledger.workdays import Calendar
from gxeditor.core.report import Report
from gxeditor.resources import load_calendar, load_form, load_vocabulary
from gxeditor.settings import user_folders
from gxeditor.store.ledger_file import SUFFIX, OpenedLedger, has_password, read_ledger, save_ledger
from gxeditor.store.protection import Key, WrongPassword, new_key, opens
from gxeditor.ui.ledger.session import SHOWN, LedgerSession
from gxeditor.ui.ledger.window import LedgerWindow
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.session import Session
from gxeditor.ui.shell.own_windows import OwnWindows, ask_previous, shown

_LOST = "密码只在您手里，程序不留底：忘了密码，这份台账就打不开了，谁也找不回来。请另外记在稳妥的地方。"


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
        password, wrong = None, ""
        if has_password(path):
            password = _ask_password(shown(above), path.name, wrong)
            if password is None:
                return None
        while True:
            read = partial(read_ledger, path, vocabulary, password)
            try:
                return self._beside(above, f"正在打开 {path.name}", read)
            except WrongPassword as error:
                password = _ask_password(shown(above), path.name, error.what)
                if password is None:
                    return None
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
        key = session.key
        if key is None:
            return (
                dialog.ask(
                    above, "显示姓名", f"显示申请人的姓名、证件号码和联系方式 {SHOWN} 分钟？",
                    "请先看看旁边有没有别人，屏幕有没有投影或共享。", "离开这个窗口马上再遮住。",
                    (dialog.CANCEL, dialog.Choice("show", f"显示 {SHOWN} 分钟", primary=True)),
                ) == "show"
            )  # fmt: skip
        wrong = ""
        while (password := _ask_password(above, session.path.name, wrong, "显示姓名")) is not None:
            if opens(password, key):
                return True
            wrong = WrongPassword().what
        return False

    def ask_password(self, above: QWidget, session: LedgerSession) -> None:
        """Has the password of a ledger set, changed or taken away; the old one is asked for before."""
        if session.key is not None and not self._knows(above, session.key, session.path.name):
            return
        asked = _NewPassword(above, protected=session.is_protected)
        answer = asked.run()
        if answer == "cancel":
            return
        try:
            key: Key | None = new_key(asked.password) if answer == "set" else None
            session.protect(key)
        except GxError as error:
            dialog.show_error(above, error)
            return
        session.told.emit("已加密码；以后打开这份台账先要密码。" if key is not None else "已去掉密码。")

    def _knows(self, above: QWidget, key: Key, name: str) -> bool:
        wrong = ""
        while (password := _ask_password(above, name, wrong, "密码")) is not None:
            if opens(password, key):
                return True
            wrong = WrongPassword().what
        return False

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


class _Password(dialog.Dialog):
    """Asks for a password."""

    def __init__(self, parent: QWidget | None, title: str, name: str, wrong: str) -> None:
        go_on = dialog.Choice("go_on", "确定", primary=True, tip="用这个密码；Enter 也可以。")
        super().__init__(parent, title, f"“{name}”有密码", choices=(dialog.CANCEL, go_on), width=26)
        self._line = _password_line("密码")
        self.body.addWidget(self._line)
        if wrong:
            self.say(wrong, tone="errtext")
        self._line.setFocus()

    @property
    def password(self) -> str:
        return self._line.text()


def _password_line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setAccessibleName(name)
    line.setPlaceholderText(name)
    line.setToolTip("键入的字不显示出来。")
    return line


def _ask_password(parent: QWidget | None, name: str, wrong: str, title: str = "打开台账") -> str | None:
    """The password that was typed; None if it was given up."""
    asked = _Password(parent, title, name, wrong)
    return asked.password if asked.run() == "go_on" else None


class _NewPassword(dialog.Dialog):
    """Asks for a new password, twice, and says what losing it means."""

    def __init__(self, parent: QWidget, *, protected: bool) -> None:
        away = (dialog.Choice("away", "去掉密码", tip="以后谁拿到文件都能打开。"),) if protected else ()
        sets = dialog.Choice(
            "set", "换成这个密码" if protected else "加密码", primary=True, tip="以后打开先要密码。"
        )
        super().__init__(parent, "密码", "给这份台账加密码" if not protected else "换一个密码",
                         choices=(dialog.CANCEL, *away, sets), width=30)  # fmt: skip
        self._first, self._again = _password_line("新密码"), _password_line("再键入一次")
        self.body.addWidget(self._first)
        self.body.addWidget(self._again)
        self._wrong = theme.label("", tone="errtext")
        self._wrong.hide()
        self.body.addWidget(self._wrong)
        self.say(_LOST)
        self._first.setFocus()

    @property
    def password(self) -> str:
        return self._first.text()

    def accept(self) -> None:
        if self.answer == "set" and not self._first.text():
            self._refuse("密码不能是空的。", self._first)
        elif self.answer == "set" and self._first.text() != self._again.text():
            self._refuse("两次键入的不一样。", self._again)
        else:
            super().accept()

    def _refuse(self, why: str, line: QLineEdit) -> None:
        self.answer = "cancel"
        self._wrong.setText(why)
        self._wrong.show()
        line.setFocus()
        line.selectAll()
