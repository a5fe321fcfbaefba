"""What is asked of a person about the password of a ledger and about the names in it.

Knows the questions, what a lost password means, and that a wrong one is said where it was typed. How a file is sealed
is known to `store.protection`; the masking of names to the session.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from gxeditor.core.errors import GxError
from gxeditor.store.protection import Key, WrongPassword, new_key, opens
from gxeditor.ui.ledger.session import SHOWN, LedgerSession
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.look.dialog import Choice, Dialog
from gxeditor.ui.look.tasks import Task

R = TypeVar("R")

LOST = "忘了密码，这份台账就打不开了：没有别的密码，也没有人能帮您找回。请把密码另外记好。"
_COPIES = "上一版本（.gxl~）一起加密；以前拷到别处、发给别人的文件不受影响，请自己删掉。"
_SHORT = 8  # characters below which a password is said to be soon guessed (NIST SP 800-63B, 5.1.1.2)


class _Asked(Dialog):
    """Fields for passwords, a tick that shows what is typed, and what is wrong with it."""

    def __init__(
        self, parent: QWidget | None, title: str, heading: str, fields: tuple[str, ...], *choices: Choice
    ) -> None:
        super().__init__(parent, title, heading, choices=(dialog.CANCEL, *choices), width=30)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self.fields = [QLineEdit() for _ in fields]
        for row, (name, field) in enumerate(zip(fields, self.fields, strict=True)):
            label = theme.Label(name)
            label.setBuddy(field)
            field.setAccessibleName(name)
            field.setToolTip(theme.plain_tip("大小写、空格都算。"))
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        self.seen = QCheckBox("显示密码")
        self.seen.setToolTip(theme.plain_tip("看得见输入的密码；旁边有人时不要打勾。"))
        self.seen.toggled.connect(self._show_typed)
        grid.addWidget(self.seen, len(fields), 1)
        self.body.addLayout(grid)
        self.wrong = dialog.sentence("", tone="errtext")
        self.wrong.hide()
        self.body.addWidget(self.wrong)
        self._show_typed(False)
        self.fields[0].setFocus()

    def _show_typed(self, seen: bool) -> None:
        for field in self.fields:
            field.setEchoMode(QLineEdit.EchoMode.Normal if seen else QLineEdit.EchoMode.Password)
            field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)

    def refuse(self, words: str, field: QLineEdit) -> None:
        """Says what is wrong, and leaves the dialog where it is."""
        self.answer = "cancel"
        self.wrong.setText(words)
        self.wrong.show()
        self.adjustSize()
        field.setFocus()
        field.selectAll()

    def reckon(self, function: Callable[[], R], title: str = "正在核对密码") -> R | GxError | None:
        """What a function that takes its time gives, or the trouble that it ends with; None if it was given up."""
        results: list[R | GxError] = []
        task = Task(lambda _: function(), may_hang=True)
        task.done.connect(results.append)
        task.failed.connect(results.append)
        dialog.wait_for(self, title, task)
        return results[0] if results else None

    def not_opening(self, typed: str, key: Key, wrong: str) -> str:
        """Why what was typed does not count as the password of a key: `wrong`, or what kept it from being compared;
        "" if it is the password."""
        found = self.reckon(lambda: opens(typed, key))
        if isinstance(found, GxError):
            return found.what
        return "" if found else wrong

    def done(self, result: int) -> None:
        for field in self.fields:
            field.clear()
        super().done(result)


class _Opening(_Asked):
    """The password of a file, asked until it opens or is given up."""

    def __init__(self, parent: QWidget | None, name: str, read: Callable[[str], object]) -> None:
        do = Choice("open", "打开", primary=True)
        super().__init__(parent, "输入密码", f"“{name}”有密码", ("密码",), do)
        self._read = read
        self.result_of: object = None

    def accept(self) -> None:
        typed = self.fields[0].text()
        if not typed:
            self.refuse("请输入密码。", self.fields[0])
            return
        found = self.reckon(lambda: self._read(typed))
        if isinstance(found, WrongPassword):
            self.refuse(found.what, self.fields[0])
        elif found is None:
            self.answer = "cancel"
        else:
            self.result_of = found
            super().accept()


def open_protected(parent: QWidget | None, name: str, read: Callable[[str], R]) -> R | None:
    """What `read` gives for the password that a person types; None if it is given up.

    A wrong password is said in the dialog. Raises whatever else `read` raises.
    """
    asked = _Opening(parent, name, read)
    if asked.run() != "open":
        return None
    if isinstance(asked.result_of, GxError):
        raise asked.result_of
    return asked.result_of  # type: ignore[return-value]


class _Setting(_Asked):
    """A new password twice, and the present one if there is one; or that there is to be none."""

    def __init__(self, parent: QWidget | None, session: LedgerSession) -> None:
        has = session.is_protected
        fields = ("现在的密码", "新密码", "再输一遍") if has else ("密码", "再输一遍")
        choices = [Choice("set", "改密码" if has else "设密码", primary=True)]
        if has:
            choices.insert(
                0, Choice("remove", "取消密码", tip="以后打开不用密码；要输入现在的密码。", letter="R")
            )
        heading = "改这份台账的密码" if has else "给这份台账设密码"
        super().__init__(parent, "台账密码", heading, fields, *choices)
        self.say(LOST, _COPIES)
        self._session = session
        self.key: Key | None = None
        self.is_short = False

    def accept(self) -> None:
        wanted, key = self.answer, self._session.key
        new, again = self.fields[-2:]
        if wanted == "set" and not new.text():
            self.refuse("请输入密码。", new)
            return
        if wanted == "set" and new.text() != again.text():
            self.refuse("两遍不一样，请再输一遍。", again)
            return
        typed = self.fields[0].text()
        if key is not None and (wrong := self.not_opening(typed, key, "现在的密码不对。")):
            self.refuse(wrong, self.fields[0])
            return
        if wanted == "set":
            text = new.text()
            made = self.reckon(lambda: new_key(text), "正在加密")
            if not isinstance(made, Key):
                self.refuse(made.what if made is not None else "没有设密码。", new)
                return
            self.key, self.is_short = made, len(text) < _SHORT
        super().accept()


def set_password(parent: QWidget | None, session: LedgerSession) -> str:
    """Asks for a new password, or that there be none, and seals the file so; what was done, "" for nothing.

    What keeps the file from the disk is shown, and then the old password holds.
    """
    before = session.is_protected
    asked = _Setting(parent, session)
    answer = asked.run()
    if answer == "cancel":
        return ""
    try:
        session.protect(asked.key)
    except GxError as error:
        dialog.show_error(parent, error)
        return ""
    if answer == "remove":
        return "已取消密码：谁拿到这个文件都能打开。"
    said = "已改密码。" if before else "已设密码，以后打开要输入。"
    return f"{said}这个密码不到 {_SHORT} 个字，容易被猜出来。" if asked.is_short else said


class _Showing(_Asked):
    """The password once more, before names are shown."""

    def __init__(self, parent: QWidget | None, key: Key) -> None:
        do = Choice("show", f"显示 {SHOWN} 分钟", primary=True)
        super().__init__(parent, "显示姓名", "显示姓名要输入这份台账的密码", ("密码",), do)
        self._key = key

    def accept(self) -> None:
        typed, key = self.fields[0].text(), self._key
        if wrong := self.not_opening(typed, key, "密码不对，姓名仍然遮住。"):
            self.refuse(wrong, self.fields[0])
        else:
            super().accept()


def show_names(parent: QWidget | None, session: LedgerSession) -> bool:
    """Shows the names for some minutes, after the password or, without one, a confirmation; whether they are shown."""
    if session.key is not None:
        shown = _Showing(parent, session.key).run() == "show"
    else:
        do = Choice("show", f"显示 {SHOWN} 分钟", primary=True)
        shown = (
            dialog.ask(
                parent,
                "显示姓名",
                f"显示申请人的姓名、证件号码和联系方式 {SHOWN} 分钟？",
                "请先看看旁边有没有别人，屏幕有没有投影或共享。",
                "离开这个窗口马上再遮住。",
                choices=(dialog.CANCEL, do),
            )
            == "show"
        )
    if shown:
        session.show_names()
    return shown
