"""A desk for the pages of a ledger without their window: it keeps what pages say and ask of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from gxeditor.core.errors import GxError
from gxeditor.core.ledger.request import Ledger
from gxeditor.core.report import Report
from gxeditor.resources import load_form, load_rules
from gxeditor.settings import Settings
from gxeditor.ui.ledger.report_beside import ReportBeside
from gxeditor.ui.ledger.session import LedgerSession
from gxeditor.ui.session import Session
from tests.ledger_sample import TODAY


class KeepingDesk:
    """A `LedgerDesk`. `told` are the sentences, `shown` the requests asked for: (ids, why, field); `tabs` the tabs;
    `over` the pages that were shown in place of the tabs; `begun` the reports that were opened and have no file."""

    def __init__(self, ledger: Ledger, folder: Path, frame: QWidget) -> None:
        self.session = LedgerSession(
            ledger, folder / "台账.gxl", frame, save=lambda *_: "0" * 64, day=lambda: TODAY
        )
        self.frame = frame
        self.folder = folder
        self.told: list[str] = []
        self.written: list[Path] = []
        self.shown: list[tuple[tuple[str, ...], str, str]] = []
        self.tabs: list[str] = []
        self.over: list[QWidget | None] = []
        self.begun: list[Report] = []
        self.sessions: list[Session] = []
        self._settings = Settings()
        self._back: list[Callable[[], None]] = []
        self.beside = ReportBeside(self, frame)

    def tell_trouble(self, error: GxError) -> None:
        self.told.append(error.what)

    def tell(self, text: str) -> None:
        self.told.append(text)

    def tell_written(self, text: str, paths: Sequence[Path]) -> None:
        self.told.append(text)
        self.written += paths

    @property
    def settings(self) -> Settings:
        return self._settings

    def keep_settings(self, **changes: Any) -> None:
        self._settings = replace(self._settings, **changes)

    def open_reports(self) -> Sequence[Session]:
        return self.sessions

    def open_report(self, path: Path, cell: str = "") -> None:
        form = load_form()
        session = Session(form, load_rules(form), self.frame, journals=self.folder / "journals")
        session.load(path)
        self.sessions.append(session)

    def begin_report(self, report: Report) -> None:
        self.begun.append(report)

    def show_requests(self, ids: Sequence[str], why: str, field: str = "") -> None:
        self.shown.append((tuple(ids), why, field))

    def turn_to(self, tab: str) -> None:
        self.tabs.append(tab)

    def came_from(self, back: Callable[[], None], name: str) -> None:
        self._back.append(back)

    def go_back(self) -> None:
        self._back.pop()()

    def show_over(self, page: QWidget) -> None:
        self.over.append(page)

    def leave_over(self) -> None:
        self.over.append(None)
