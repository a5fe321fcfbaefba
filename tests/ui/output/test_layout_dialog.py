"""The dialog 「版式…」: every choice comes back as it was made, and what cannot be is said before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPlainTextEdit

from gxeditor.paper.layouts import Layout, default_layout, layouts
from gxeditor.ui.look import theme
from gxeditor.ui.output.layout_dialog import _LayoutDialog, ask_layout
from tests.dialogs import within

FAMILIES = {"fang": ("FangSong", "随程序安装"), "title": ("FZXiaoBiaoSong-B05S",)}
OFFICIAL = default_layout()


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    theme.apply_theme(qapp, "light")


def chosen(layout: Layout, act: Callable[[_LayoutDialog], None], button: str = "use") -> Layout | None:
    """The layout that the dialog gives when `act` has been done in it and a button pressed."""

    def answer(shown: QDialog) -> None:
        assert isinstance(shown, _LayoutDialog)
        act(shown)
        shown.buttons[button].click()

    return within(answer, lambda: ask_layout(None, layout, FAMILIES))


def nothing(_dialog: _LayoutDialog) -> None:
    """Leaves everything as it stands."""


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.key)
def test_a_profile_that_nobody_changes_stays_what_it_is(layout: Layout) -> None:
    assert chosen(layout, nothing) == layout


def test_every_choice_comes_back() -> None:
    def act(dialog: _LayoutDialog) -> None:
        dialog.margins["top"].setValue(30)
        dialog.size_box.setCurrentIndex(dialog.size_box.findData(14.0))
        dialog.number_box.setCurrentIndex(dialog.number_box.findData("centre"))
        dialog.faces["fang"].setCurrentIndex(dialog.faces["fang"].findData("FangSong"))
        for flag in dialog.flags.values():
            flag.toggle()

    layout = chosen(OFFICIAL, act)
    assert layout is not None
    assert layout.margins == OFFICIAL.margins._replace(top=30)
    assert (layout.body_size, layout.page_number, dict(layout.faces)) == (14, "centre", {"fang": "FangSong"})
    assert (layout.cover, layout.signature, layout.date) == (True, False, False)
    assert (layout.mirrored, layout.draft, layout.charts) == (True, True, True)


def test_lines_and_characters_are_told_as_they_will_be() -> None:
    dialog = _LayoutDialog(None, OFFICIAL, {})
    assert "每页 22 行，每行 28 字" in dialog.told.text()
    dialog.size_box.setCurrentIndex(dialog.size_box.findData(12.0))
    layout, _ = dialog.value()
    assert f"每页 {layout.lines} 行，每行 {layout.characters} 字" in dialog.told.text()
    assert layout.lines > 22
    dialog.deleteLater()


def test_fonts_of_the_clerks_that_cannot_be_used_are_told() -> None:
    dialog = _LayoutDialog(None, OFFICIAL, {}, ["没有用字体“a.ttf”：文件已损坏。"])
    labels: Iterable[QLabel] = dialog.findChildren(QLabel)
    assert "没有用字体“a.ttf”：文件已损坏。" in [label.text() for label in labels]
    dialog.deleteLater()


def test_many_such_fonts_are_all_told_in_a_list_that_scrolls_by_keys() -> None:
    told = [f"没有用字体“{name}.ttf”：文件已损坏。" for name in "abcdefgh"]
    dialog = _LayoutDialog(None, OFFICIAL, {}, told)
    listed = dialog.findChild(QPlainTextEdit)
    assert isinstance(listed, QPlainTextEdit)
    assert listed.toPlainText().splitlines() == told
    assert listed.isReadOnly()
    assert listed.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert listed.accessibleName() == "没有用的字体和原因"
    dialog.deleteLater()


def test_margins_that_leave_no_room_cannot_be_used() -> None:
    dialog = _LayoutDialog(None, OFFICIAL, {})
    for side in ("left", "right"):
        dialog.margins[side].setValue(80)
    assert not dialog.buttons["use"].isEnabled()
    assert "页边距太大" in dialog.told.text()
    dialog.margins["left"].setValue(28)
    dialog.margins["right"].setValue(26)
    assert dialog.buttons["use"].isEnabled()
    dialog.deleteLater()


def test_restoring_goes_back_to_the_profile_and_stays_open() -> None:
    changed = replace(OFFICIAL, margins=OFFICIAL.margins._replace(top=20), draft=True)

    def act(dialog: _LayoutDialog) -> None:
        dialog.buttons["restore"].click()
        assert dialog.isVisible()

    assert chosen(changed, act) == OFFICIAL
    assert chosen(changed, nothing) == changed
    assert chosen(changed, nothing, "cancel") is None


def test_a_face_that_is_not_on_this_computer_is_kept_and_named_as_such() -> None:
    layout = replace(OFFICIAL, faces={"fang": "方正仿宋"})
    dialog = _LayoutDialog(None, layout, FAMILIES)
    assert dialog.faces["fang"].currentText() == "方正仿宋（这台电脑上没有）"
    assert dict(dialog.value()[0].faces) == {"fang": "方正仿宋"}
    dialog.deleteLater()


def test_every_field_has_a_name_and_fits_on_a_small_screen() -> None:
    dialog = _LayoutDialog(None, OFFICIAL, FAMILIES)
    layout = dialog.layout()
    assert layout is not None
    size = layout.totalSizeHint()
    assert size.width() <= 1280
    assert size.height() <= 640
    fields = (*dialog.margins.values(), *dialog.faces.values(), dialog.size_box, dialog.number_box)
    assert all(field.accessibleName() for field in fields)
    assert all(flag.accessibleDescription() for flag in dialog.flags.values())
    dialog.deleteLater()
