"""The scenes of the manual's pictures run on the program as it is, so that the pictures can be drawn again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor.ui.help.manual import load_manual
from gxeditor.ui.look import theme
from tests.manual_pictures import COLORS, MOST, SCENES, SIZE, Scenes, framed, packed, window_in


@pytest.fixture
def scenes(qapp: QApplication, tmp_path: Path) -> Iterator[Scenes]:
    theme.apply_theme(qapp, "light")
    shown = Scenes(window_in(tmp_path))
    yield shown
    shown.window.session.close(discard=True)
    shown.window.forget_report()
    shown.window.close()
    shown.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_there_is_a_scene_for_every_picture_of_the_manual(qtbot: QtBot) -> None:
    assert set(SCENES) == {block.picture for block in load_manual().blocks if block.picture}


@pytest.mark.slow
def test_every_scene_gives_a_picture_with_something_in_it(scenes: Scenes) -> None:
    for name, scene in SCENES.items():
        picture = framed(scene(scenes))
        image = picture.toImage()
        assert 300 <= picture.width() <= SIZE[0], name
        assert 60 <= picture.height() <= SIZE[1], name
        colors = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
        assert len(colors) > 20, f"{name} is empty"
        data = packed(picture)
        assert data.startswith(b"\x89PNG"), name
        assert len(data) < MOST / 3, name


def test_few_colours_are_kept() -> None:
    assert COLORS <= 256
