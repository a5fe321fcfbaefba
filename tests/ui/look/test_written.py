"""After a file was written it can be opened, and its folder, from the status bar."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from gxeditor.ui.look import opening
from gxeditor.ui.shell.window import MainWindow
from gxeditor.ui.look.written import Written
from tests.window import children, told


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Path]]:
    asked: list[tuple[str, Path]] = []

    def stand_in(name: str) -> None:
        def note(path: Path) -> str:
            asked.append((name, path))
            return "" if path.exists() else "没有打开"

        monkeypatch.setattr(opening, name, note)

    stand_in("open_file")
    stand_in("show_in_folder")
    return asked


def offered(window: MainWindow) -> Written:
    (written,) = children(window, Written)
    return written


def test_one_file_is_opened_by_its_button_and_its_folder_by_the_other(
    window: MainWindow, file: Path, opened: list[tuple[str, Path]]
) -> None:
    window.files.open_path(file)
    window.tell_written("已导出：鲁山2022.gxr", [file])
    written = offered(window)
    assert written.isVisible()
    assert told(window) == "已导出：鲁山2022.gxr"
    assert [b.focusPolicy() for b in (written.open, written.folder)] == [Qt.FocusPolicy.StrongFocus] * 2
    written.open.click()
    written.folder.click()
    assert opened == [("open_file", file), ("show_in_folder", file)]


def test_of_several_files_one_is_chosen(
    window: MainWindow, file: Path, tmp_path: Path, opened: list[tuple[str, Path]]
) -> None:
    window.files.open_path(file)
    other = tmp_path / "a&b.pdf"
    other.write_bytes(b"")
    window.tell_written("已导出", [file, other])
    menu = offered(window).open.menu()
    assert menu is not None
    menu.actions()[1].trigger()
    assert opened == [("open_file", other)]
    window.tell_written("已导出", [file])
    offered(window).open.click()
    assert opened[-1] == ("open_file", file)


def test_that_a_file_could_not_be_opened_is_said(
    window: MainWindow, file: Path, tmp_path: Path, opened: list[tuple[str, Path]]
) -> None:
    window.files.open_path(file)
    window.tell_written("已导出", [tmp_path / "没有.pdf"])
    offered(window).open.click()
    assert told(window) == "没有打开"


def test_with_the_report_what_was_written_of_it_goes(window: MainWindow, file: Path) -> None:
    window.files.open_path(file)
    window.tell_written("已导出", [file])
    window.acts.close.trigger()
    assert not offered(window).isVisible()
