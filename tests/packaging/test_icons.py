"""The committed icons hold what Windows asks for; they were made by packaging/icons.py."""

from __future__ import annotations

import importlib
import struct
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.packaging.conftest import PACKAGING

icons: Any = importlib.import_module("icons")
LAUNCHER = PACKAGING / "launcher"


@pytest.mark.parametrize("name", ["gxeditor.ico", "gxr.ico"])
def test_an_icon_holds_every_size_with_all_its_bytes(name: str) -> None:
    data = (LAUNCHER / name).read_bytes()
    _, kind, count = struct.unpack_from("<3H", data)
    entries = [struct.unpack_from("<4B2H2I", data, 6 + 16 * n) for n in range(count)]
    assert kind == 1
    assert [entry[0] or 256 for entry in entries] == list(icons.SIZES)
    assert entries[-1][7] + entries[-1][6] == len(data)


@pytest.mark.parametrize("name", ["gxeditor.ico", "gxr.ico"])
def test_the_icons_are_those_of_the_drawings(name: str, qapp: QApplication, tmp_path: Path) -> None:
    """Compared as pictures: another release of Qt may round a pixel otherwise."""
    made = tmp_path / name
    made.write_bytes(icons.icon(icons.DRAWINGS[name]))
    now, then = QImage(str(made)), QImage(str(LAUNCHER / name))
    assert now.size() == then.size()
    apart = [
        abs(a - b)
        for a, b in zip(bytes(now.constBits()), bytes(then.constBits()), strict=True)
        if abs(a - b) > 8
    ]
    assert len(apart) < 50


def test_the_installers_picture_is_as_large_as_its_place() -> None:
    picture = QImage(str(LAUNCHER / "wizard.bmp"))
    assert (picture.width(), picture.height()) == (164, 314)
