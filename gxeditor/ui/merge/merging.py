"""The conversation about merging two copies of one report: which is the other one, what both began with, and the step.

Knows what is asked in which order, and that the open report is ours. What is merged is `core.merge`'s, which state is
common `store.common_state`'s, how it is chosen the page's. No file is written: the merged report is the next step of
the open one, and saved as any.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from PySide6.QtWidgets import QFileDialog

from gxeditor import documents
from gxeditor.core.errors import GxError
from gxeditor.core.merge import SAME, Merged, merge
from gxeditor.core.report import Report
from gxeditor.files.reading import reachable
from gxeditor.imports.source import ImportNote
from gxeditor.store.common_state import State, moment
from gxeditor.ui.desk import Desk
from gxeditor.ui.look import dialog
from gxeditor.ui.look.tasks import Work
from gxeditor.ui.merge.asking import ask_base
from gxeditor.ui.merge.page import MergePage, Said

TITLE = "合并两份年报"
_NOTES = 8  # sentences about the reading of a foreign file that are shown


class _Theirs(NamedTuple):
    """The other copy: its report, when its file was written, what both began with, and when our file was written."""

    path: Path
    report: Report
    notes: tuple[ImportNote, ...]
    written: float | None
    base: State | None
    ours_written: float | None = None


class Merging:
    """「合并两份年报」 for a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._theirs: _Theirs | None = None
        self.page: MergePage | None = None

    def choose(self) -> None:
        """Asks for the other copy of the open report, and shows what both changed."""
        desk = self._desk
        if desk.session.held():
            return
        desk.finish_editing()
        name, _ = QFileDialog.getOpenFileName(
            desk.frame, "选对方的那一份", str(desk.folder()), documents.open_filter()
        )
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Reads the other copy and shows what both changed."""
        desk = self._desk
        session = desk.session
        if session.held():
            return
        desk.finish_editing()

        def read(_work: Work) -> _Theirs:
            mine = session.path
            if mine is not None and _is_one_file(mine, path):
                raise GxError("选的就是打开着的这一份。", "没有改动。", "请选对方的那一份。")
            filed = documents.read_apart(path)
            base = session.common_state(path) if filed.sha256 is not None else None
            saved = _written(mine) if mine is not None else None
            return _Theirs(path, filed.report, filed.notes, _written(path), base, saved)

        theirs = dialog.run_task(desk.frame, "读取对方的年报", read)
        if theirs is not None:
            self._begin(theirs)

    def _begin(self, theirs: _Theirs) -> None:
        report = self._desk.session.report
        base = theirs.base.report if theirs.base is not None else None
        try:
            merged = merge(base, report, theirs.report)
        except GxError as error:
            dialog.show_error(self._desk.frame, error)
            return
        if merged.is_same:
            self._tell(SAME)
        elif not merged.conflicts and all(one.side == "ours" for one in merged.taken):
            self._tell("对方这一份没有本机没有的修改，不用合并。")
        else:
            if theirs.notes:
                told = [f"{note.where}：{note.what}{note.done}" for note in theirs.notes]
                more = [f"另有 {len(told) - _NOTES} 处。"] if len(told) > _NOTES else []
                self._tell("读对方的文件时：", *told[:_NOTES], *more)
            self._show(theirs, merged)

    def _tell(self, *sentences: str) -> None:
        dialog.show_told(self._desk.frame, TITLE, sentences)

    def _show(self, theirs: _Theirs, merged: Merged) -> None:
        session = self._desk.session
        self._theirs = theirs
        base = theirs.base.words if theirs.base is not None else ""
        ours = session.path.name if session.path is not None else "还没有存成文件"
        said = Said(base, _with_time(ours, theirs.ours_written), _with_time(str(theirs.path), theirs.written))
        self.page = page = MergePage(merged, said, session.rules, session.given)
        page.left.connect(self._leave)
        page.merged_asked.connect(self._merge)
        page.base_asked.connect(self._ask_base)
        self._desk.show_over(page)
        page.focus_first()

    def _leave(self) -> None:
        self.page = None
        self._desk.leave_over()

    def _merge(self) -> None:
        """「合并到本机这一份」: one step of the open report."""
        page, desk = self.page, self._desk
        if page is None or page.merged.open(page.choices):
            return
        merged = page.merged
        if desk.session.report != merged.ours:
            self._leave()
            desk.tell("本机这一份刚才又改了，没有合并，请重新合并。")
            return
        report = merged.resolve(page.choices, date.today().isoformat())
        its = merged.changed[1] if merged.base is not None else len(merged.conflicts)
        self._leave()
        if desk.session.edit(report, TITLE):
            desk.tell(f"已合并对方的 {its} 处不同，还没有保存；撤销可以退回。")
        else:
            desk.tell("合并以后与本机这一份相同，没有改动。")

    def _ask_base(self) -> None:
        """「选原稿」: a person says what both began with, a state that was saved lately or any file."""
        desk, theirs = self._desk, self._theirs
        assert theirs is not None
        states = desk.session.states()
        chosen = ask_base(desk.frame, [f"{moment(one.when)} 保存的" for one in states]) if states else None
        if states and chosen is None:
            return
        when: float | None = None
        if chosen is not None and chosen < len(states):
            path, when = states[chosen].file, states[chosen].when
        else:
            name, _ = QFileDialog.getOpenFileName(
                desk.frame, "选原稿", str(desk.folder()), documents.open_filter()
            )
            if not name:
                return
            path = Path(name)

        def read(_work: Work) -> State:
            return State(documents.read_apart(path).report, when or _written(path))

        base = dialog.run_task(desk.frame, "读取原稿", read)
        if base is not None:
            self._begin(theirs._replace(base=base, notes=()))


def _with_time(words: str, when: float | None) -> str:
    return words if when is None else f"{words}　{moment(when)}"


def _written(path: Path) -> float | None:
    try:
        return reachable(path).stat().st_mtime
    except OSError:
        return None


def _is_one_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
