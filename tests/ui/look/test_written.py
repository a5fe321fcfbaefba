"""After a file was written it can be opened, and its folder, from the status bar."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gxeditor.ui.look import opening
from gxeditor.ui.look.written import Written


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


@pytest.fixture
def said(written: Written) -> list[str]:
    told: list[str] = []
    written.told.connect(told.append)
    return told


@pytest.fixture
def written(qtbot: QtBot) -> Written:
    written = Written()
    qtbot.addWidget(written)
    return written


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "鲁山2022.gxr"
    path.write_bytes(b"")
    return path


def test_one_file_is_opened_by_its_button_and_its_folder_by_the_other(
    written: Written, file: Path, opened: list[tuple[str, Path]]
) -> None:
    assert not written.isVisible()
    written.offer([file])
    assert written.isVisible()
    assert [b.focusPolicy() for b in (written.open, written.folder)] == [Qt.FocusPolicy.StrongFocus] * 2
    written.open.click()
    written.folder.click()
    assert opened == [("open_file", file), ("show_in_folder", file)]


def test_of_several_files_one_is_chosen(
    written: Written, file: Path, tmp_path: Path, opened: list[tuple[str, Path]]
) -> None:
    other = tmp_path / "a&b.pdf"
    other.write_bytes(b"")
    written.offer([file, other])
    menu = written.open.menu()
    assert menu is not None
    menu.actions()[1].trigger()
    assert opened == [("open_file", other)]
    written.offer([file])
    written.open.click()
    assert opened[-1] == ("open_file", file)


def test_that_a_file_could_not_be_opened_is_said(
    written: Written, tmp_path: Path, opened: list[tuple[str, Path]], said: list[str]
) -> None:
    written.offer([tmp_path / "没有.pdf"])
    written.open.click()
    assert said == ["没有打开"]
