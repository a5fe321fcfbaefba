"""Windows of files that keep themselves, among those of the program: what opening them and their asking has alike.

Knows how a file is read beside the window, and what of the program such a window may ask. How its file is read and what
its window is, is known to whoever is made of it: roll-ups, ledgers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QFileDialog, QWidget

from gxeditor.core.errors import GxError
from gxeditor.core.report import Report
from gxeditor.files.names import same_file
from gxeditor.settings import Settings
from gxeditor.ui.look import dialog
from gxeditor.ui.look.tasks import Task
from gxeditor.ui.own_window import OwnWindow

R = TypeVar("R")
W = TypeVar("W", bound=OwnWindow)
OTHERS = ("汇总", (".gxh", ".gxh~")), ("台账", (".gxl", ".gxl~"))
"""What may be opened besides reports: the word of each kind and its suffixes."""


class Program(Protocol):
    """The running program, as roll-ups see it."""

    @property
    def settings(self) -> Settings:
        """The settings that all windows share."""

    @property
    def settings_changed(self) -> SignalInstance:
        """Carries the names of the settings that are others now."""

    @property
    def windows(self) -> Sequence[Any]:
        """All windows, of whatever kind."""

    @property
    def reports(self) -> Sequence[Any]:
        """Those for reports."""

    def open_own(self, path: Path, above: Any) -> bool:
        """Opens a roll-up, a ledger or a folder, by its name; False for any other file."""

    @property
    def window(self) -> Any:
        """The window in front."""

    def keep_settings(self, **changes: Any) -> None:
        """Writes changed settings. Raises `NotWritten`; they hold until the program ends all the same."""

    def place_beside(self, window: OwnWindow) -> None:
        """Gives a window a place beside the one in front."""

    def add_other(self, window: OwnWindow) -> None:
        """One more window of another kind than for reports."""

    def open_file(self, path: Path) -> None:
        """Opens a file in a window in which no report is open, else in one of its own."""

    def show_read_only(
        self,
        report: Report,
        name: str,
        original: Path | None = None,
        page: str = "requests",
        *,
        address: str = "",
        cell: str = "",
        first: bool = False,
    ) -> None:
        """Shows a report that is only to be read."""

    def begin_report(self, report: Report) -> None:
        """Opens a new report in a window of its own."""

    def forget(self, window: OwnWindow) -> None:
        """A window has been closed."""

    def quit(self) -> None:
        """Closes every window."""


class OwnWindows:
    """One of each kind for the program; an `OwnProgram` for its windows."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def _open_already(self, path: Path, windows: Sequence[W], said: str) -> W | None:
        """The window that has a file, brought to the front; None if none has it."""
        for window in windows:
            if window.session.path == path or same_file(window.session.path, path):
                window.come_forward()
                window.tell(said)
                return window
        return None

    def _put(self, window: W) -> W:
        """Shows a new window beside the one in front."""
        self._program.place_beside(window)
        self._program.add_other(window)
        window.show()
        window.come_forward()
        window.start()
        return window

    def _beside(self, above: QWidget, title: str, function: Callable[[], R]) -> R | None:
        """The result of what touches files on whatever drive; None if it was given up. Raises its `GxError`."""
        results: list[R] = []
        troubles: list[GxError] = []
        task = Task(lambda _: function(), may_hang=True)
        task.done.connect(results.append)
        task.failed.connect(troubles.append)
        dialog.wait_for(shown(above), title, task)
        if troubles:
            raise troubles[0]
        return results[0] if results else None

    # --- what such a window asks of the program

    @property
    def settings(self) -> Settings:
        return self._program.settings

    @property
    def settings_changed(self) -> SignalInstance:
        return self._program.settings_changed

    def keep_settings(self, **changes: Any) -> None:
        """Writes changed settings. Raises `NotWritten`; they hold until the program ends all the same."""
        self._program.keep_settings(**changes)

    def open_file(self, path: Path) -> None:
        """Opens a file in a window of its own, or in one that is free."""
        if not self._program.open_own(path, self._above()):
            self._program.open_file(path)

    def ask_open(self, parent: QWidget) -> None:
        """「打开」"""
        from gxeditor import documents

        filters = f"{documents.open_filter(*OTHERS)};;所有文件 (*)"
        name, _ = QFileDialog.getOpenFileName(parent, "打开", self.settings.last_folder, filters)
        if name:
            self.open_file(Path(name))

    def show_read_only(
        self, report: Report, name: str, original: Path | None = None, page: str = "requests", **where: Any
    ) -> None:
        """Shows a report that is only to be read, in a window of its own, at a finding or a cell."""
        self._program.show_read_only(report, name, original, page, **where)

    def begin_report(self, report: Report) -> None:
        """Opens a new report, which belongs to no file yet, in a window of its own."""
        self._program.begin_report(report)

    def tell_about(self, what: str, parent: QWidget) -> None:
        """Shows the keys ("keys"), the program ("about") or, with any other text, a bug."""
        from gxeditor.ui.shell import about

        shows: dict[str, Callable[[QWidget], None]] = {
            "keys": about.show_shortcuts,
            "about": about.show_about,
        }
        if what in shows:
            shows[what](parent)
        else:
            about.show_crash(parent, what)

    def forget(self, window: OwnWindow) -> None:
        """The window has been closed."""
        self._program.forget(window)

    def quit(self) -> None:
        """Closes every window."""
        self._program.quit()

    def _above(self) -> QWidget:
        window = self._program.window
        assert isinstance(window, QWidget)
        return window


def shown(above: QWidget) -> QWidget | None:
    """The window above which a dialog stands; none where the program starts on a file and shows nothing yet."""
    return above if above.isVisible() else None


def ask_previous(above: QWidget | None, target: Path) -> bool:
    choices = (dialog.CANCEL, dialog.Choice("use", "用上一版本", primary=True))
    return (
        dialog.ask(
            above,
            "打开上一版本",
            f"这是“{target.name}”上一次保存的内容。",
            f"打开以后，它会替换“{target.name}”现在的内容。",
            "",
            choices,
        )
        == "use"
    )
