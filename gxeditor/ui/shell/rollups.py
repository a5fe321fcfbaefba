"""Roll-ups among the windows of the program: opened, begun from a folder, and what their windows ask of the program.

Loads the room of roll-ups, which a program that has none open leaves alone. What a roll-up's window does is its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PySide6.QtWidgets import QFileDialog, QWidget

from gxeditor.core.errors import GxError
from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.sums import counts
from gxeditor.files.names import same_file
from gxeditor.resources import load_form
from gxeditor.rollup.reading import scan
from gxeditor.store.rollup_file import SUFFIX, OpenedRollup, read_rollup, save_rollup
from gxeditor.store.rollup_rescue import Rescue, drop, rescue_of, rescued
from gxeditor.ui.look import dialog
from gxeditor.ui.rollup.beginning import ask_new
from gxeditor.ui.rollup.session import RollupSession
from gxeditor.ui.rollup.window import RollupWindow
from gxeditor.ui.shell.other_windows import OtherWindows, ask_previous, ask_rescue, shown

_LIKE = 20_000  # files of a folder that are looked at before it is begun: a province has some 10,000


class _Folder(NamedTuple):
    """What stands in a folder: how many files may be reports, and the roll-ups there, the newest first."""

    files: int
    rollups: tuple[Path, ...]


class Rollups(OtherWindows):
    """One for the program; a `RollupProgram` for the windows of roll-ups."""

    _kind, _suffix = "汇总", SUFFIX

    # --- opened and begun

    @property
    def windows(self) -> list[RollupWindow]:
        return [window for window in self._program.windows if isinstance(window, RollupWindow)]

    def is_open(self, path: Path) -> bool:
        return any(window.session.path == path for window in self.windows)

    def open(self, path: Path, above: QWidget) -> RollupWindow | None:
        """Opens a roll-up, or brings the window to the front that has it; None if it could not be, which is shown."""
        path = path.absolute()
        for window in self.windows:
            if window.session.path == path or same_file(window.session.path, path):
                window.come_forward()
                window.tell("这个汇总已经在这个窗口里打开。")
                return window
        is_kept = path.name.endswith("~")
        try:
            opened = self._beside(above, f"正在打开 {path.name}", lambda: _opened(path))
        except GxError as error:
            dialog.show_error(shown(above), error)
            return None
        if opened is None:
            return None
        left = None if self._program.rescues is None else rescue_of(self._program.rescues, path)
        if left is not None and not is_kept:
            answer = ask_rescue(shown(above), left)
            if answer == "use":
                return self.recover(left, above)
            if answer != "drop":
                return None
            drop(left.file.parent, left.path)
        target = path
        if is_kept:
            target = path.with_name(path.name[:-1])
            if not ask_previous(shown(above), target):
                return None
        return self._show(opened, target, is_kept)

    def _show(self, opened: OpenedRollup, path: Path, anew: bool = False) -> RollupWindow:
        session = RollupSession(
            opened.rollup,
            path,
            sha256=None if anew else opened.sha256,
            is_kept=not anew,
            rescues=self._program.rescues,
        )
        return self._shown(session)

    def recover(self, left: Rescue, above: QWidget) -> RollupWindow | None:
        """Goes on with what could not be written the last time; it is written to its file as soon as that is there."""
        try:
            rollup = self._beside(above, "正在恢复汇总", lambda: rescued(left, load_form))
        except GxError as error:
            dialog.show_error(shown(above), error)
            return None
        if rollup is None:
            return None
        session = RollupSession(
            rollup, left.path, sha256=left.sha256, is_kept=False, rescues=self._program.rescues
        )
        window = self._shown(session)
        session.want_kept()
        return window

    def _shown(self, session: RollupSession) -> RollupWindow:
        window = RollupWindow(session, self)
        self._stand(window)
        return window

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


def _opened(path: Path) -> OpenedRollup:
    """A roll-up with what its window asks for at once: of ten thousand units that takes a fifth of a second."""
    opened = read_rollup(path, load_form)
    counts(opened.rollup)
    return opened


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
