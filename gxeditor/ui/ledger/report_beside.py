"""The report that a ledger is compared with: which one, as it stands now, and how figures are put into it.

Knows that a report that is open in a window is taken as it stands there, and changed there as one step that is undone
there; one that is not open is read from its file, and opened in a window before anything is put into it. Remembers for
each ledger which report that is. Compares nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gxeditor.core.errors import GxError
from gxeditor.core.report import Report
from gxeditor.files.names import same_file
from gxeditor.resources import load_form
from gxeditor.settings import Settings
from gxeditor.store.report_file import read_report
from gxeditor.ui.look.tasks import Task
from gxeditor.ui.session import Session

FINAL = "这份年报已定稿，不能采用；要改，先在它的窗口里重新打开。"
READ_ONLY = "这份年报在别的窗口里只能看，不能采用；要改，在那里另存一份。"
HELD = "这份台账只能看，不能改动。"
_REMEMBERED = 50  # ledgers of which the report is known


class _Ledger(Protocol):
    """The open ledger: which file it is in, and who is told of the report."""

    path: Path

    def compare_with(self, report: Report | None) -> None: ...


class Desk(Protocol):
    """What is asked of the window of a ledger here (`ui.ledger.session.LedgerDesk`)."""

    @property
    def session(self) -> _Ledger: ...

    @property
    def settings(self) -> Settings: ...

    def keep_settings(self, **changes: Any) -> None: ...

    def open_reports(self) -> Sequence[Session]: ...

    def open_report(self, path: Path, cell: str = "") -> None: ...


class ReportBeside(QObject):
    """`report` is None as long as none is chosen or read; `problem` says why it could not be read.

    `changed` comes whenever another report, or another state of it, is to be compared with; the session of the ledger
    knows it then.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.path: Path | None = None
        self.problem = ""
        self._session: Session | None = None
        self._read: tuple[Path, Report] | None = None
        self._reading: Task | None = None
        self._reading_of: Path | None = None
        self.changed.connect(self._tell_session)
        remembered = desk.settings.ledger_reports.get(str(desk.session.path))
        if remembered:
            self.path = Path(remembered)

    @property
    def report(self) -> Report | None:
        if self._session is not None:
            return self._session.report
        if self._read is not None and self._read[0] == self.path:
            return self._read[1]
        return None

    @property
    def name(self) -> str:
        """What the report is called: its file's name."""
        return self.path.name if self.path is not None else ""

    @property
    def is_open(self) -> bool:
        """Whether it is open in a window."""
        return self._session is not None

    @property
    def held(self) -> str:
        """Why nothing can be put into it, as a sentence; "" if it can."""
        if self._session is not None and self._session.read_only:
            return READ_ONLY
        report = self.report
        return FINAL if report is not None and report.is_final else ""

    # --- which one

    def choose(self, path: Path) -> None:
        """Compares with this file from now on, and remembers it."""
        self.path, self._read, self.problem = path.absolute(), None, ""
        key = str(self._desk.session.path)
        others = {k: v for k, v in self._desk.settings.ledger_reports.items() if k != key}
        kept: Mapping[str, str] = {key: str(self.path), **dict(list(others.items())[: _REMEMBERED - 1])}
        self._desk.keep_settings(ledger_reports=MappingProxyType(dict(kept)))
        self.look()

    def ask(self, parent: QWidget) -> bool:
        """Asks which report it is; the open ones need no search. False if none was chosen."""
        folder = self.path.parent if self.path is not None else self._desk.session.path.parent
        name, _ = QFileDialog.getOpenFileName(
            parent, "选一份年报，与台账比较", str(folder), "年报 (*.gxr);;所有文件 (*)"
        )
        if name:
            self.choose(Path(name))
        return bool(name)

    def offered(self) -> list[Path]:
        """The reports that are open now and have a file: those asked for most likely."""
        return [one.path for one in self._desk.open_reports() if one.path is not None and not one.read_only]

    # --- as it stands

    def look(self) -> None:
        """Looks again where the report is open, or what its file holds now; `changed` follows."""
        session = self._of_window()
        if session is not self._session:
            if self._session is not None:
                self._session.changed.disconnect(self._moved)
            self._session = session
            if session is not None:
                session.changed.connect(self._moved)
        if session is not None or self.path is None:
            self.problem = ""
            self.changed.emit()
        elif self._reading is None:
            path = self._reading_of = self.path
            task = self._reading = Task(lambda _: read_report(path, load_form).report, may_hang=True)
            # Methods, which are not called any more once this is deleted.
            task.done.connect(self._have_read)
            task.failed.connect(self._not_read)
            task.ended.connect(self._ended)
            task.start()
        else:
            self.changed.emit()

    def _of_window(self) -> Session | None:
        """The session of the window in which the chosen report is open."""
        path = self.path
        if path is None:
            return None
        for one in self._desk.open_reports():
            if one.path is not None and (one.path == path or same_file(one.path, path)):
                return one
        return None

    def _moved(self, _change: object) -> None:
        if self._of_window() is self._session:
            self.changed.emit()
        else:  # another report was opened in that window, or this one saved elsewhere
            self.look()

    def _have_read(self, report: Report) -> None:
        if (path := self._reading_of) is not None and path == self.path:
            self._read, self.problem = (path, report), ""

    def _not_read(self, error: GxError) -> None:
        if self._reading_of == self.path:
            self._read, self.problem = None, f"{error.what}{error.meaning}"

    def _ended(self) -> None:
        self._reading = None
        if self._reading_of != self.path:
            self.look()  # another one was chosen meanwhile
        else:
            self.changed.emit()

    def _tell_session(self) -> None:
        self._desk.session.compare_with(self.report)

    # --- put into it

    def edit(self, report: Report, label: str) -> bool:
        """Makes this the state of the report, one step called `label` in its window; False if it could not be.

        `report` is made of the present one; where that has changed meanwhile nothing is done.
        """
        if self.held or self.path is None:
            return False
        before = self.report
        if self._session is None:
            self._desk.open_report(self.path)
            self.look()
        session = self._session
        if session is None or session.is_held or session.report != before:
            return False
        return session.edit(report, label) is not False
