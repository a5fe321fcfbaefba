"""Roll-ups among the windows of the program: opened, begun from a folder, and what their windows ask of the program.

Loads the room of roll-ups, which a program that has none open leaves alone. What a roll-up's window does is its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PySide6.QtWidgets import QFileDialog, QWidget

from gxeditor.core.errors import GxError
from gxeditor.core.rollup.project import Rollup
from gxeditor.resources import load_form
from gxeditor.rollup.reading import scan
from gxeditor.store.rollup_file import SUFFIX, OpenedRollup, read_rollup, save_rollup
from gxeditor.ui.look import dialog
from gxeditor.ui.rollup.beginning import ask_new
from gxeditor.ui.rollup.session import RollupSession
from gxeditor.ui.rollup.window import RollupWindow
from gxeditor.ui.shell.own_windows import OwnWindows, ask_previous, shown

_LIKE = 20_000  # files of a folder that are looked at before it is begun: a province has some 10,000


class _Folder(NamedTuple):
    """What stands in a folder: how many files may be reports, and the roll-ups there, the newest first."""

    files: int
    rollups: tuple[Path, ...]


class Rollups(OwnWindows):
    """One for the program; a `RollupProgram` for the windows of roll-ups."""

    # --- opened and begun

    @property
    def windows(self) -> list[RollupWindow]:
        return [window for window in self._program.windows if isinstance(window, RollupWindow)]

    def open(self, path: Path, above: QWidget) -> RollupWindow | None:
        """Opens a roll-up, or brings the window to the front that has it; None if it could not be, which is shown."""
        path = path.absolute()
        if (window := self._open_already(path, self.windows, "这个汇总已经在这个窗口里打开。")) is not None:
            return window
        is_kept = path.name.endswith("~")
        try:
            opened = self._beside(above, f"正在打开 {path.name}", lambda: read_rollup(path, load_form))
        except GxError as error:
            dialog.show_error(shown(above), error)
            return None
        if opened is None:
            return None
        target = path
        if is_kept:
            target = path.with_name(path.name[:-1])
            if not ask_previous(shown(above), target):
                return None
        return self._show(opened, target, is_kept)

    def _show(self, opened: OpenedRollup, path: Path, anew: bool = False) -> RollupWindow:
        session = RollupSession(opened.rollup, path, sha256=None if anew else opened.sha256, is_kept=not anew)
        return self._put(RollupWindow(session, self))

    def ask_folder(self, above: QWidget) -> RollupWindow | None:
        """「汇总」: the folder of the reports, and then as `begin`."""
        start = self._program.settings.last_folder
        name = QFileDialog.getExistingDirectory(above, "各单位的年报放在哪个文件夹", start)
        return self.begin(above, Path(name)) if name else None

    def begin(self, above: QWidget, folder: Path) -> RollupWindow | None:
        """Begins a roll-up of a folder, once it was asked for what; opens the one that stands there already."""
        try:
            found = self._beside(above, "正在看文件夹里有什么", lambda: _look_into(folder))
        except GxError as error:
            dialog.show_error(shown(above), error)
            return None
        if found is None:
            return None
        if found.rollups:
            window = self.open(found.rollups[0], above)
            if window is not None:
                window.tell(f"这个文件夹里已经有汇总“{found.rollups[0].name}”，已经打开。")
            return window
        asked = ask_new(shown(above), folder, found.files)
        if asked is None:
            return None
        rollup: Rollup = asked.rollup
        path = folder.absolute() / f"{rollup.owner}{rollup.year}年汇总{SUFFIX}"
        try:
            sha256 = self._beside(above, "正在新建汇总", lambda: save_rollup(rollup, path, None))
        except GxError as error:
            dialog.show_error(shown(above), error)
            return None
        if sha256 is None:
            return None
        window = self._show(OpenedRollup(rollup, sha256), path)
        if asked.whence:
            window.begin_units(asked.whence)
        return window


def _look_into(folder: Path) -> _Folder:
    found = scan(folder, folder)
    rollups = sorted(
        (
            path
            for path in folder.iterdir()
            if path.suffix.lower() == SUFFIX and not path.name.startswith(".")
        ),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    return _Folder(sum(1 for one in found.files[:_LIKE] if _may_be_report(one.path)), tuple(rollups))


def _may_be_report(path: str) -> bool:
    from gxeditor.imports import doors

    known = {".gxr", *(suffix for one in doors.FORMATS for suffix in one.suffixes)}
    return Path(path).suffix.lower() in known
