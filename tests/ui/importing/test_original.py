"""What every way of showing an original has in common: where a note leads, and how much it weighs."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Severity
from gxeditor.imports.source import ImportNote, Origin, RawCell
from gxeditor.ui.importing.original import PAPER, Original, origins_of, severity_of
from gxeditor.ui.look import theme

FIRST, SECOND = Origin(page=2, box=(0.1, 0.1, 0.2, 0.2)), Origin(page=3)
RAWS = (RawCell(0, 1, 1, 1, "O", FIRST), RawCell(1, 1, 1, 1, "l", SECOND), RawCell(2, 1, 1, 1, "？"))


@pytest.mark.parametrize(
    ("note", "places"),
    [
        (ImportNote.on(RAWS, "表三", "是字母。", "留空。"), (FIRST, SECOND)),
        (ImportNote("info", "表三", "断开。", "已接上。", SECOND), (SECOND,)),
        (ImportNote("info", "文字", "没有标题。", "留空。"), ()),
        (ImportNote("doubt", "表三", "是字母。", "留空。", SECOND, raw=RAWS[:1]), (FIRST, SECOND)),
    ],
)
def test_a_note_leads_to_its_cells_first_and_to_each_place_once(
    note: ImportNote, places: tuple[Origin, ...]
) -> None:
    assert origins_of(note) == places


def test_a_doubt_is_a_query_and_the_rest_a_hint() -> None:
    assert severity_of(ImportNote("doubt", "表三", "是字母。", "留空。")) is Severity.QUERY
    assert severity_of(ImportNote("info", "表三", "断开。", "已接上。")) is Severity.HINT


def test_paper_does_not_follow_the_scheme(qapp: QApplication) -> None:
    theme.apply_theme(qapp, "dark")
    assert PAPER.base.name().upper() == theme.LIGHT.base.upper()


def test_a_note_shows_its_cells_or_the_one_place_that_it_names(qtbot: QtBot) -> None:
    class Asked(Original):
        def __init__(self) -> None:
            super().__init__()
            self.met: list[list[Origin]] = []

        def show_origins(self, origins: object, columns: object = ()) -> bool:
            assert isinstance(origins, list)
            self.met.append(origins)
            return True

    view = Asked()
    qtbot.addWidget(view)
    assert view.accessibleName() == "原文"
    view.show_raws(RAWS[:2], FIRST)
    view.show_raws((), SECOND)
    assert view.met == [[FIRST, SECOND], [SECOND]]
    assert view.pages == 0
