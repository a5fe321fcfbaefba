"""An own file keeps every step of its value by itself, whatever the value is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Timer

import pytest
from PySide6.QtWidgets import QApplication

from gxeditor.core.errors import NotWritten
from gxeditor.ui.own_file import OwnFile
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


def save(value: str, path: Path, _sha256: str | None) -> str:
    path.write_text(value, encoding="utf-8")
    return value


def an_own_file(path: Path) -> OwnFile[str]:
    return OwnFile("零", path, None, save, what="台账")


def settled(is_so: Callable[[], bool]) -> None:
    def so() -> bool:
        QApplication.processEvents()
        return is_so()

    until(so)


def test_every_step_and_every_undo_reaches_the_file(tmp_path: Path) -> None:
    own = an_own_file(path := tmp_path / "a.gxl")
    own.edit("一", "写一")
    own.edit("二", "写二")
    assert own.flush()
    assert path.read_text(encoding="utf-8") == "二"
    own.undo()
    settled(lambda: own.is_kept)
    assert path.read_text(encoding="utf-8") == "一"


def test_in_another_file_it_keeps_its_steps(tmp_path: Path) -> None:
    own = an_own_file(tmp_path / "a.gxl")
    own.edit("一", "写一")
    own.keep_at(tmp_path / "b.gxl")
    assert own.is_kept
    assert own.undo()
    assert own.flush()
    assert (tmp_path / "b.gxl").read_text(encoding="utf-8") == "零"
    own.unlock()


def test_another_value_in_another_file_has_no_steps(tmp_path: Path) -> None:
    own = an_own_file(tmp_path / "a.gxl")
    own.edit("一", "写一")
    own.keep_at(tmp_path / "b.gxl", "别的")
    assert not own.undo()
    assert (own.value, own.is_kept) == ("别的", True)
    own.unlock()


def test_where_it_cannot_be_written_it_stays_where_it_is(tmp_path: Path) -> None:
    def refuse(*_: object) -> str:
        raise NotWritten("磁盘满了。", "改动还在。", "请腾出地方。")

    own = OwnFile("零", tmp_path / "a.gxl", None, refuse, what="台账")
    with pytest.raises(NotWritten):
        own.keep_at(tmp_path / "b.gxl", "别的")
    assert (own.value, own.path) == ("零", tmp_path / "a.gxl")


def test_whoever_has_it_open_is_told_by_what_it_is(tmp_path: Path) -> None:
    own, other = an_own_file(tmp_path / "a.gxl"), an_own_file(tmp_path / "a.gxl")
    assert own.lock()
    assert not other.lock()
    assert other.held == "这份台账已经在这台电脑上打开了。这里只能看，不能改动。"
    assert not other.edit("一", "写一")
    own.unlock()


class Slow:
    """A drive that answers when it is let: `writes` are the values that reached it."""

    def __init__(self) -> None:
        self.let = Event()
        self.began = Event()
        self.writes: list[str] = []

    def __call__(self, value: str, path: Path, _sha256: str | None) -> str:
        self.began.set()
        self.let.wait(20)
        self.writes.append(value)
        return f"{path.name} {value}"


def test_a_step_that_is_undone_while_it_is_written_is_written_back_before_the_end(tmp_path: Path) -> None:
    drive = Slow()
    own = OwnFile("零", tmp_path / "a.gxl", None, drive, what="台账")
    own.edit("一", "写一")
    own._write()
    drive.began.wait(20)
    own.undo()
    Timer(0.05, drive.let.set).start()
    assert own.flush()
    assert drive.writes == ["一", "零"]


def test_a_drive_that_answers_after_it_was_saved_elsewhere_changes_nothing(tmp_path: Path) -> None:
    drive, kept = Slow(), []

    def keep(value: str, path: Path, sha256: str | None) -> str:
        if path.name == "a.gxl":
            return drive(value, path, sha256)
        kept.append((value, sha256))
        return "b's"

    own = OwnFile("零", tmp_path / "a.gxl", None, keep, what="台账")
    own.edit("一", "写一")
    own._write()
    drive.began.wait(20)
    own.keep_at(tmp_path / "b.gxl")
    drive.let.set()
    settled(lambda: bool(drive.writes))
    QApplication.processEvents()
    own.edit("二", "写二")
    assert own.flush()
    assert kept == [("一", None), ("二", "b's")]
    own.unlock()


def test_a_step_that_is_undone_before_it_is_written_is_said_to_be_kept(tmp_path: Path) -> None:
    own = an_own_file(tmp_path / "a.gxl")
    moments: list[object] = []
    own.kept.connect(moments.append)
    own.edit("一", "写一")
    own.undo()
    settled(lambda: bool(moments))
    assert own.is_kept
