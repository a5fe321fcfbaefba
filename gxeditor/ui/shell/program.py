"""The running program: what is one for all its windows.

Knows the windows, those for reports and those of other kinds, the settings that they share, in which window a file is
open, and where a file goes that comes from outside. What is one window's, its report and session, its journal and its
questions, is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QPoint, QSize, Signal
from PySide6.QtWidgets import QWidget

from gxeditor.core.errors import NotWritten
from gxeditor.core.report import Report
from gxeditor.files.aside import OddFile
from gxeditor.settings import Settings, save_settings
from gxeditor.ui.session import Session
from gxeditor.ui.shell.files import Files

if TYPE_CHECKING:
    from gxeditor.ui.shell.ledgers import Ledgers
    from gxeditor.ui.shell.rollups import Rollups


class Window(Protocol):
    """A window of whatever kind, as the program sees it."""

    @property
    def is_in_use(self) -> bool:
        """Whether something is open here, or stands in its place that wants an answer."""

    @property
    def is_unsaved(self) -> bool:
        """Whether closing it asks what to do with what is not saved."""

    def come_forward(self) -> None:
        """Comes to the front, out of the task bar if need be."""

    def stand_beside(self, whole: bool, place: QPoint, size: QSize) -> None:
        """Takes a place beside a window that has this one, of this size, or the whole screen."""

    def isActiveWindow(self) -> bool: ...

    def isMaximized(self) -> bool: ...

    def isVisible(self) -> bool: ...

    def pos(self) -> QPoint: ...

    def size(self) -> QSize: ...

    def show(self) -> None: ...

    def close(self) -> bool: ...

    def deleteLater(self) -> None: ...

    def hand_over(self, path: Path | None) -> None:
        """A second start hands its file over and ends."""

    def name_odd(self, odd: OddFile) -> None:
        """Tells of a file in the user's folders that could not be read."""

    def tell(self, text: str) -> None:
        """Says what was done."""

    def flush(self) -> None:
        """Has everything on the disk that is not there yet."""

    def show_crash(self, text: str) -> None:
        """A bug: said so."""


class ReportWindow(Window, Protocol):
    """A window for one report."""

    session: Session
    files: Files

    @property
    def has_report(self) -> bool:
        """Whether a report is open here."""

    def open_at(self, key: str) -> None:
        """Shows the report that the session has taken up, on the page of a section."""

    def look_at(self, address: str, cell: str, first: bool) -> None:
        """Brings into view the finding of an address, else a cell, else the first finding if wanted."""

    def take_half(self, half: str) -> None:
        """Takes the "left" or the "right" half of its screen."""


class Program(QObject):
    """One for the running program; `windows` are in the order in which they were opened.

    `settings_changed` carries the names of the settings that are others now: every window takes them up.
    """

    settings_changed = Signal(object)

    def __init__(
        self,
        settings: Settings,
        config_folder: Path,
        make_window: Callable[[Program], ReportWindow],
        rescues: Path | None = None,
    ) -> None:
        """`rescues` is the folder for roll-ups that cannot be written to their files."""
        super().__init__()
        self.rescues = rescues
        self.settings = settings
        self._config_folder = config_folder
        self._make_window = make_window
        self.windows: list[Window] = []
        self.reports: list[ReportWindow] = []
        """Those of the windows that are for reports."""
        self._rollups: Rollups | None = None
        self._ledgers: Ledgers | None = None

    def add(self, window: ReportWindow) -> None:
        """One more window for a report, which is not shown yet."""
        self.windows.append(window)
        self.reports.append(window)

    def add_other(self, window: Window) -> None:
        """One more window of another kind, which is not shown yet."""
        self.windows.append(window)

    def forget(self, window: Window) -> None:
        """A window has been closed. The last one is left to the end of the program."""
        if window in self.windows:
            self.windows.remove(window)
            self.reports = [one for one in self.reports if one is not window]
            if self.windows:
                window.deleteLater()

    def is_last(self, window: Window) -> bool:
        """Whether the program ends with this window."""
        return all(one is window for one in self.windows)

    @property
    def window(self) -> Window:
        """The window in front, or the one that was opened last."""
        return next((one for one in self.windows if one.isActiveWindow()), self.windows[-1])

    def keep_settings(self, **changes: Any) -> None:
        """Writes changed settings. Raises `NotWritten`; they hold until the program ends all the same."""
        names = frozenset(name for name, value in changes.items() if getattr(self.settings, name) != value)
        self.settings = replace(self.settings, **changes)
        try:
            save_settings(self._config_folder, self.settings)
        except NotWritten:
            raise
        finally:
            if names:
                self.settings_changed.emit(names)

    # --- files and windows

    def open_paths(self, besides: Window) -> tuple[Path, ...]:
        """The files that are edited, or being saved, in other windows than this."""
        others = [window.session for window in self.reports if window is not besides and window.has_report]
        own = [session.path for session in others if session.path is not None]
        return (*own, *(saving.path for session in others for saving in session.savings))

    def come_forward_with(self, path: Path) -> None:
        """Brings the window to the front in which the file of `open_paths` is edited, and says why."""
        for window in self.reports:
            session = window.session
            if window.has_report and path in (session.path, *(saving.path for saving in session.savings)):
                window.come_forward()
                window.tell("这份年报已经在这个窗口里打开。")
                return

    def open_in_new(self, path: Path) -> None:
        """Opens a file in a window of its own; one that was not opened, or is open already, leaves no empty window."""
        window = self._beside()
        window.files.open_path(path)
        if window.is_in_use:
            self._show(window)
        else:
            self.forget(window)

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
        """Shows a report that is only to be read in a window of its own, on a page of it.

        `name` is what its title calls it, `original` the file that a copy of it must not replace. One that is shown
        already comes to the front. In view is the finding of `address`, else `cell`, else its first finding if that is
        wanted. `half` is the half of the screen that it takes ("left", "right"), "" for its usual place.
        """
        for window in self.reports:
            if window.has_report and window.session.read_only == name and window.session.report == report:
                window.come_forward()
                break
        else:
            window = self._beside()
            window.session.show_read_only(report, name, original)
            window.open_at(page)
            self._show(window)
        if half:
            window.take_half(half)
        window.look_at(address, cell, first)

    def begin_report(self, report: Report) -> None:
        """Opens a new report, which belongs to no file yet, in a window of its own."""
        window = self._beside()
        window.session.begin(report)
        window.open_at("requests")
        self._show(window)

    def _beside(self) -> ReportWindow:
        """A window, not shown yet, beside the one in front, so that both are seen."""
        window = self._make_window(self)
        self.place_beside(window)
        self.add(window)
        return window

    def place_beside(self, window: Window) -> None:
        """Gives a window, which is not shown yet, a place beside the one in front."""
        before = self.window
        window.stand_beside(before.isMaximized(), before.pos(), before.size())

    @property
    def rollups(self) -> Rollups:
        """Roll-ups that are opened and begun; loaded when one of them first is."""
        if self._rollups is None:
            from gxeditor.ui.shell.rollups import Rollups

            self._rollups = Rollups(self)
        return self._rollups

    @property
    def ledgers(self) -> Ledgers:
        """Ledgers that are opened and made new; loaded when one of them first is."""
        if self._ledgers is None:
            from gxeditor.ui.shell.ledgers import Ledgers

            self._ledgers = Ledgers(self)
        return self._ledgers

    @property
    def has_others(self) -> bool:
        """Whether windows of another kind than for reports are open."""
        return len(self.windows) > len(self.reports)

    def open_file(self, path: Path) -> None:
        """Opens a file in a window of its kind; a report in one in which none is open, else in one of its own."""
        name, above = path.name.lower().removesuffix("~"), self.window
        assert isinstance(above, QWidget)
        if name.endswith(".gxh"):
            self.rollups.open(path, above)
            return
        if name.endswith(".gxl"):
            self.ledgers.open(path, above)
            return
        if path.is_dir():
            self.rollups.begin(above, path)
            return
        free = [window for window in self.reports if not window.is_in_use]
        if free:
            free[-1].hand_over(path)
        else:
            self.open_in_new(path)

    @staticmethod
    def _show(window: Window) -> None:
        """Shown with its report, not with the start page before it."""
        window.show()
        window.come_forward()

    def hand_over(self, path: Path | None) -> None:
        """A second start hands its file over and ends; without one the window in front comes forward.

        A file goes to a window in which none is open, else to one of its own.
        """
        free = [window for window in self.reports if not window.is_in_use]
        if free and path is not None:
            free[-1].hand_over(path)
        else:
            self.window.hand_over(path)

    def name_odd(self, odd: OddFile) -> None:
        """Tells of a file in the user's folders that could not be read."""
        self.window.name_odd(odd)

    def show_crash(self, text: str) -> None:
        """A bug: every report is kept as it is, and it is said once."""
        for window in self.windows:
            window.flush()
        self.window.show_crash(text)

    def quit(self) -> None:
        """Closes every window, asking in each; the first that stays ends it."""
        order: Sequence[Window] = [self.window, *(one for one in self.windows if one is not self.window)]
        for window in order:
            if window.is_unsaved:
                window.come_forward()
            if not window.close():
                return
