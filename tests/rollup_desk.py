"""A desk for the pages of a roll-up without their window: it keeps what pages say and ask of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from gxeditor.core.rollup.project import Rollup
from gxeditor.settings import Settings
from gxeditor.ui.rollup.session import RollupSession


class KeepingDesk:
    """A `RollupDesk`. `told` are the sentences, `opened` the reports asked for: (unit, page, cell); `tabs` the tabs."""

    def __init__(self, rollup: Rollup, folder: Path, frame: QWidget) -> None:
        self.session = RollupSession(rollup, folder / "汇总.gxh", frame, save=lambda *_: "")
        self.frame = frame
        self.told: list[str] = []
        self.opened: list[tuple[str, str, str]] = []
        self.tabs: list[str] = []
        self._back: list[Callable[[], None]] = []

    def tell(self, text: str) -> None:
        self.told.append(text)

    def tell_written(self, text: str, paths: Sequence[Path]) -> None:
        self.told.append(text)

    def open_report(self, unit_id: str, page: str = "", cell: str = "", address: str = "") -> None:
        self.opened.append((unit_id, page, cell))

    def open_beside(self, units: Sequence[str], cell: str = "") -> None:
        self.opened += [(unit, "", cell) for unit in units]

    def open_file(self, path: str, row: str = "", page: str = "", cell: str = "", address: str = "") -> None:
        self.opened.append((path, page, cell))

    @property
    def settings(self) -> Settings:
        return Settings()

    def keep_settings(self, **changes: Any) -> None:
        raise AssertionError(changes)

    def came_from(self, back: Callable[[], None], name: str) -> None:
        self._back.append(back)

    def go_back(self) -> None:
        self._back.pop()()

    def turn_to(self, tab: str) -> None:
        self.tabs.append(tab)

    def show_over(self, page: QWidget) -> None:
        raise AssertionError(page)

    def leave_over(self) -> None:
        raise AssertionError

    def write_letters(self) -> None:
        self.tabs.append("letters")

    def write_letters_to(self, unit_id: str, finding: str = "") -> None:
        self.tabs.append(f"letters/{unit_id}")
