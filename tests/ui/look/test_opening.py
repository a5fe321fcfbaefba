"""A written file is opened, or its folder, by the system alone; where that cannot be, a sentence says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from gxeditor.ui.look.opening import open_file, show_in_folder


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[QUrl]:
    asked: list[QUrl] = []
    monkeypatch.setattr("sys.platform", "linux")

    def open_url(url: QUrl) -> bool:
        asked.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return asked


def test_a_file_and_its_folder_are_opened_as_files_of_this_computer(
    opened: list[QUrl], tmp_path: Path
) -> None:
    file = tmp_path / "年报 #1.pdf"
    file.write_bytes(b"%PDF")
    assert open_file(file) == ""
    assert show_in_folder(file) == ""
    assert [Path(url.toLocalFile()) for url in opened] == [file, tmp_path]
    assert all(url.isLocalFile() for url in opened)


def test_a_file_that_is_gone_is_said_and_nothing_is_opened(opened: list[QUrl], tmp_path: Path) -> None:
    assert "已经不在" in open_file(tmp_path / "没有.pdf")
    assert "已经不在" in show_in_folder(tmp_path / "没有" / "没有.pdf")
    assert opened == []


def test_that_no_program_opens_it_is_said_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: False)
    file = tmp_path / "年报.docx"
    file.write_bytes(b"PK")
    assert str(tmp_path) in open_file(file)
    assert str(tmp_path) in show_in_folder(file)
