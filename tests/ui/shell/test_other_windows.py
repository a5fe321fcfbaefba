"""What rooms of other windows ask alike: the version before, and what could not be written the last time."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxeditor.store.rollup_rescue import Rescue
from gxeditor.ui.look import dialog
from gxeditor.ui.shell.other_windows import ask_previous, ask_rescue


def test_questions_name_the_file_and_what_becomes_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def answer(_above: object, title: str, what: str, meaning: str, *_: object) -> str:
        asked.extend((title, what, meaning))
        return "use"

    monkeypatch.setattr(dialog, "ask", answer)
    path = tmp_path / "台账.gxl"
    assert ask_previous(None, path)
    assert ask_rescue(None, Rescue(tmp_path / "a.gxl-rescue", path, 0.0, "", 0, None)) == "use"
    assert asked[0] == "打开上一版本"
    assert "台账.gxl" in asked[1]
    assert asked[3] == "有没写进文件的改动"
    assert "台账.gxl" in asked[4]
