"""Windows of another kind than for reports: what a room of them may ask of the program, and what each does alike.

Knows how a file is opened beside a window that lives meanwhile, and where a dialog stands. What stands in the windows
is the room's own (`ui.shell.rollups`, `ui.shell.ledgers`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QFileDialog, QWidget

from gxeditor.core.errors import GxError
from gxeditor.core.report import Report
from gxeditor.settings import Settings
from gxeditor.store.rollup_rescue import Rescue
from gxeditor.ui.look import dialog
from gxeditor.ui.look.tasks import Task

R = TypeVar("R")


class Program(Protocol):
    """The running program, as rooms of other windows see it."""

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
        """Those of the windows that are for reports."""

    @property
    def rescues(self) -> Path | None:
        """The folder for what cannot be written to its file."""

    @property
    def window(self) -> Any:
        """The window in front."""

    def keep_settings(self, **changes: Any) -> None:
        """Writes changed settings. Raises `NotWritten`; they hold until the program ends all the same."""

    def place_beside(self, window: Any) -> None:
        """Gives a window a place beside the one in front."""

    def add_other(self, window: Any) -> None:
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
        half: str = "",
    ) -> None:
        """Shows a report that is only to be read."""

    def begin_report(self, report: Report) -> None:
        """Opens a new report in a window of its own."""

    def forget(self, window: Any) -> None:
        """A window has been closed."""

    def quit(self) -> None:
        """Closes every window."""


class OtherWindows:
    """A room of windows of one kind; for each of them it is the program."""

    _kind, _suffix = "", ""
    """What the files of these windows are called, and what their names end in."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def _stand(self, window: Any) -> None:
        """Shows a window, made a moment ago, beside the one in front."""
        self._program.place_beside(window)
        self._program.add_other(window)
        window.show()
        window.come_forward()
        window.start()

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

    # --- what a window asks of the program

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
        self._program.open_file(path)

    def ask_open(self, parent: QWidget) -> None:
        """「打开」"""
        from gxeditor import documents

        kind = self._kind, (self._suffix, f"{self._suffix}~")
        filters = f"{self._kind} (*{self._suffix});;{documents.open_filter(kind)};;所有文件 (*)"
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

    def forget(self, window: Any) -> None:
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


def ask_rescue(above: QWidget | None, left: Rescue) -> str:
    """ "use", "drop" or "cancel"."""
    when = datetime.fromtimestamp(left.when)
    choices = (
        dialog.CANCEL,
        dialog.Choice("drop", "不要这些改动", tip="丢掉没写进去的改动，打开文件里的内容。"),
        dialog.Choice("use", "接着改", primary=True, tip="打开没写进去的改动，写进这个文件。"),
    )
    return dialog.ask(
        above,
        "有没写进文件的改动",
        f"“{left.path.name}”上次有改动没能写进文件。",
        f"这些改动保存在本机，是 {when.month} 月 {when.day} 日 {when:%H:%M} 的。",
        "",
        choices,
    )
