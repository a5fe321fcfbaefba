"""The manual on the screen: chapters, links, looking words up, keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from gxeditor.ui.help.manual import load_manual
from gxeditor.ui.help.view import PICTURE, ManualView, chapter_html
from gxeditor.ui.look import theme

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot) -> ManualView:
    theme.apply_theme(qapp, "light")
    shown = ManualView(load_manual())
    qtbot.addWidget(shown)
    shown.resize(556, 560)
    shown.show()
    shown.activateWindow()
    shown.setFocus()
    return shown


def visible(view: ManualView) -> list[str]:
    rows = [view.list.item(row) for row in range(view.list.count())]
    return [row.text().strip() for row in rows if not row.isHidden()]


def key(
    view: ManualView, code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(QApplication.focusWidget() or view, code, modifiers)


def test_a_chapter_shows_its_text_and_what_it_is_part_of(view: ManualView) -> None:
    view.show_chapter("哪里最可能错")
    assert view.text.toPlainText().startswith("哪里最可能错\n算不平的行和列")
    assert view.path.text() == "检查 › 哪里最可能错"
    assert view.list.currentItem().text().strip() == "哪里最可能错"
    view.show_chapter("打印")
    assert view.path.isHidden()


def test_only_the_parts_of_the_chapter_at_hand_are_listed(view: ManualView) -> None:
    view.show_chapter("填表")
    assert "合计" in visible(view)
    assert "版式" not in visible(view)
    view.show_chapter("版式")
    assert "合计" not in visible(view)
    assert "填表" in visible(view)


def test_a_chapter_that_is_divided_leads_to_its_parts(view: ManualView) -> None:
    view.show_chapter("填表")
    assert view.text.toPlainText().endswith("填报说明")
    view._follow(QUrl("#合计"))
    assert view.chapter.title == "合计"


def test_a_click_in_the_list_shows_the_chapter(view: ManualView) -> None:
    row = next(r for r in range(view.list.count()) if view.list.item(r).text() == "打印")
    view.list.setCurrentRow(row)
    assert view.chapter.title == "打印"


def test_a_link_that_leads_out_is_passed_on(view: ManualView, qtbot: QtBot) -> None:
    for link in ("go:requests", "do:export"):
        with qtbot.waitSignal(view.link_asked) as asked:
            view._follow(QUrl(link))
        assert asked.args == [link]


def test_a_link_with_a_space_in_it_leads_to_its_chapter(view: ManualView) -> None:
    view._follow(QUrl("#空格填%200"))
    assert view.chapter.title == "空格填 0"


# --- looking up


def test_hits_are_counted_in_the_whole_manual_and_marked(view: ManualView) -> None:
    view.show_chapter("十分钟填一份")
    view.search.setText("手填的合计")
    assert view.count.text() == f"1 / {len(view.hits)} 处"
    assert view.chapter.title == "合计"
    marks = view.text.extraSelections()
    assert [mark.cursor.selectedText() for mark in marks] == ["手填的合计"]  # type: ignore[attr-defined]


def test_enter_goes_to_the_next_hit_and_around(view: ManualView) -> None:
    view.begin_search()
    view.search.setText("校验码")
    whole = len(view.hits)
    assert whole > 1
    seen = [view.chapter.title]
    for number in range(2, whole + 1):
        key(view, Qt.Key.Key_Return)
        assert view.count.text() == f"{number} / {whole} 处"
        seen.append(view.chapter.title)
    assert len(set(seen)) > 1, "it goes on in other chapters"
    key(view, Qt.Key.Key_Return)
    assert view.count.text() == f"1 / {whole} 处"
    key(view, Qt.Key.Key_Return, SHIFT)
    assert view.count.text() == f"{whole} / {whole} 处"


def test_it_begins_in_the_chapter_in_view(view: ManualView) -> None:
    view.show_chapter("打印")
    view.search.setText("打印机")
    assert view.chapter.title == "打印"


def test_capitals_make_no_difference(view: ManualView) -> None:
    view.search.setText("excel 模板")
    lower = len(view.hits)
    view.search.setText("EXCEL 模板")
    assert len(view.hits) == lower > 0


def test_what_is_marked_is_what_was_looked_for_in_every_chapter(view: ManualView) -> None:
    view.search.setText("Ctrl+")
    for _ in view.hits:
        texts = {mark.cursor.selectedText() for mark in view.text.extraSelections()}  # type: ignore[attr-defined]
        assert texts == {"Ctrl+"}, view.chapter.title
        view.step(1)


def test_what_is_not_there_is_answered_with_three_chapters(view: ManualView) -> None:
    view.search.setText("审批流程")
    text = view.text.toPlainText()
    assert "没有找到“审批流程”" in text
    assert len(text.splitlines()) == 5
    view._follow(QUrl(f"#{text.splitlines()[-1]}"))
    assert view.chapter.title == text.splitlines()[-1]
    assert view.text.toPlainText().startswith(view.chapter.title)


def test_markup_that_is_looked_for_is_only_text(view: ManualView) -> None:
    view.search.setText("<b>粗</b>")
    assert "没有找到“<b>粗</b>”" in view.text.toPlainText()


def test_an_emptied_field_shows_the_chapter_again(view: ManualView) -> None:
    view.show_chapter("打印")
    view.search.setText("审批流程")
    view.search.clear()
    assert view.text.toPlainText().startswith("打印")
    assert view.text.extraSelections() == []


# --- keys


def test_ctrl_f_goes_to_the_field_and_escape_out_again(view: ManualView, qtbot: QtBot) -> None:
    view.text.setFocus()
    key(view, Qt.Key.Key_F, CTRL)
    assert view.search.hasFocus()
    view.search.setText("合计")
    key(view, Qt.Key.Key_Escape)
    assert view.search.text() == ""
    with qtbot.waitSignal(view.closed):
        key(view, Qt.Key.Key_Escape)


def test_f6_leaves_without_closing(view: ManualView, qtbot: QtBot) -> None:
    for widget in (view.text, view.list, view.search):
        widget.setFocus()
        with qtbot.waitSignal(view.left):
            key(view, Qt.Key.Key_F6)


def test_everything_has_a_name(view: ManualView) -> None:
    for widget in (view, view.search, view.list, view.text, view.close_button):
        assert widget.accessibleName()
    assert isinstance(view.search, QLineEdit)


# --- how it looks


def test_pictures_are_no_wider_than_the_text(view: ManualView) -> None:
    for chapter in view.manual.chapters:
        for part in chapter_html(chapter).split("<img ")[1:]:
            assert int(part.split('width="')[1].split('"')[0]) <= PICTURE


def test_the_colours_follow_the_theme(view: ManualView, qapp: QApplication) -> None:
    view.show_chapter("检查项目")
    theme.apply_theme(qapp, "dark")
    assert theme.current().hex.link in chapter_html(view.chapter)
    assert view.text.document().toPlainText().startswith("检查项目")


def test_no_chapter_is_wider_than_the_page_beside(view: ManualView) -> None:
    for chapter in view.manual.chapters:
        view.show_chapter(chapter.title)
        assert view.text.document().idealWidth() <= view.text.viewport().width() + 1, chapter.title
