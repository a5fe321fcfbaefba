"""The review of an import: figures, doubts, both sides kept in step, and the three ways out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QListWidget,
    QPushButton,
    QTextBrowser,
    QToolButton,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gxeditor.core.form import Form
from gxeditor.imports.formats.text import parse_text, read_text_file
from gxeditor.imports.recognize.report import Imported, recognize
from gxeditor.imports.source import ImportNote, Origin, RawCell, RawTable, Source, SourceText
from gxeditor.resources import resource
from gxeditor.ui.importing.review import ImportReview
from gxeditor.ui.look import theme

W = TypeVar("W", bound=QWidget)
SAMPLE = resource("samples/lushan-2022.txt")
LINES = SAMPLE.read_text(encoding="utf-8").split("\n")


@pytest.fixture(scope="session")
def sample(form: Form) -> Imported:
    return recognize(read_text_file(SAMPLE), form)


@pytest.fixture
def review(qtbot: QtBot, qapp: QApplication, sample: Imported) -> ImportReview:
    theme.apply_theme(qapp, "light")
    return shown(qtbot, ImportReview(sample, "鲁山县2022年报.txt", True))


def shown(qtbot: QtBot, page: ImportReview, width: int = 1366, height: int = 662) -> ImportReview:
    qtbot.addWidget(page)
    page.resize(width, height)
    page.show()
    QApplication.processEvents()
    return page


def all_of(parent: QWidget, kind: type[W]) -> list[W]:
    children: Iterable[QWidget] = parent.findChildren(QWidget)
    return [child for child in children if isinstance(child, kind)]


def texts(page: QWidget) -> list[str]:
    return [label.text() for label in all_of(page, QLabel) if label.isVisible()]


def notes(page: QWidget) -> QListWidget:
    return all_of(page, QListWidget)[0]


def original(page: QWidget) -> QTextBrowser:
    return next(view for view in all_of(page, QTextBrowser) if view.accessibleName() == "原文")


def tab(page: QWidget, name: str) -> QToolButton:
    return next(t for t in all_of(page, QToolButton) if t.text().strip() == name)


def picture(page: QWidget) -> QAbstractScrollArea:
    """The side of the result that is in view."""
    views = (view for view in all_of(page, QAbstractScrollArea) if view.isVisible())
    return next(view for view in views if view.accessibleName().startswith(("表", "读入的文字")))


def colors_of(view: QAbstractScrollArea) -> set[str]:
    """The colours on a view's paper."""
    image = view.viewport().grab().toImage()
    pixels = (image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2))
    return {QColor(pixel).name().upper() for pixel in set(pixels)}


def test_the_figures_of_the_sample_are_told_on_top(review: ImportReview) -> None:
    assert {
        "鲁山县2022年报.txt　导入后可以整体撤销",
        "读入 182 格",
        "留空 18 格",
        "存疑 2 处",
        "说明 2 条",
    } <= set(texts(review))


def test_every_note_is_a_row_with_place_what_was_found_and_what_was_done(
    review: ImportReview, sample: Imported
) -> None:
    found = notes(review)
    spoken = [found.item(i).data(Qt.ItemDataRole.AccessibleTextRole) for i in range(found.count())]
    assert len(spoken) == len(sample.notes) == 4
    for said, note in zip(spoken, sample.notes, strict=True):
        word = "存疑" if note.severity == "doubt" else "说明"
        assert said == f"{word}，{note.where}，{note.what}，{note.done}，原文{note.origin.words}"


def test_arrows_through_the_notes_scroll_the_original_and_turn_to_the_table(
    review: ImportReview, qapp: QApplication
) -> None:
    assert QApplication.focusWidget() in (None, notes(review))
    assert "第 41—42 行" in texts(review)
    assert tab(review, "表三").isChecked()
    before = original(review).verticalScrollBar().value()
    for _ in range(3):
        QTest.keyClick(notes(review), Qt.Key.Key_Down)
    qapp.processEvents()
    assert "第 81 行" in texts(review)
    assert tab(review, "文字").isChecked()
    assert original(review).verticalScrollBar().value() > before


def test_a_click_on_a_note_comes_back_to_its_table(review: ImportReview, qapp: QApplication) -> None:
    tab(review, "表四").click()
    assert picture(review).accessibleName().startswith("表四")
    found = notes(review)
    middle = found.visualItemRect(found.item(1)).center()
    QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert picture(review).accessibleName() == "表三，读入 157 格，共 175 格，存疑 17 格"
    assert "第 43—45 行" in texts(review)
    QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    tab(review, "表四").click()
    QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert tab(review, "表三").isChecked(), "the note that is current already can be clicked again"


def test_doubtful_cells_are_tinted_on_both_sides_and_the_selected_ones_framed(review: ImportReview) -> None:
    tint, frame = theme.LIGHT.qrytint.upper(), theme.LIGHT.focus.upper()
    for side in (original(review), picture(review)):
        assert {tint, frame} <= colors_of(side)
    tab(review, "表四").click()
    assert not {tint, frame} & colors_of(picture(review))
    assert "有存疑" in tab(review, "表三").accessibleName()
    assert "有存疑" not in tab(review, "表四").accessibleName()


def test_the_original_shows_lines_with_tabs_as_cells(review: ImportReview) -> None:
    lines = [line.strip() for line in original(review).toPlainText().split("\n") if line.strip()]
    start = lines.index("一、本年新收政府信息公开申请数量")
    assert lines[start - 1].endswith("41")
    assert [text.rstrip(" ◆") for text in lines[start + 1 : start + 9]] == [
        "30",
        "0",
        "0",
        "0",
        "0",
        "0",
        "0",
        "30",
    ]
    assert "2022年以来，鲁山县人民政府办公室严格按照" in original(review).toPlainText()


def test_a_cell_tells_what_was_read_from_where_and_what_is_doubtful(
    review: ImportReview, qapp: QApplication
) -> None:
    view = picture(review)
    seen: set[str] = set()
    for x in range(4, view.viewport().width(), 12):
        for y in range(4, view.viewport().height(), 12):
            point = QPoint(x, y)
            QToolTip.hideText()
            event = QHelpEvent(QEvent.Type.ToolTip, point, view.viewport().mapToGlobal(point))
            QApplication.sendEvent(view.viewport(), event)
            seen.add(QToolTip.text())
    assert any(
        text.startswith("一、本年新收 · 自然人\n读入 30，原文第 41 行\n◆ 这两行各有 8 个数") for text in seen
    )
    assert "三（一）予以公开 · 自然人\n没有读入，留空" in seen
    QToolTip.hideText()


def test_the_texts_are_shown_under_their_headings(review: ImportReview) -> None:
    tab(review, "文字").click()
    view = picture(review)
    assert isinstance(view, QTextBrowser)
    told = view.toPlainText()
    assert "鲁山县人民政府办公室" in told
    assert told.index("一、总体情况") < told.index("2022年以来") < told.index("五、存在的主要问题及改进情况")
    assert told.count("没有读到文字。") == 3


@pytest.mark.parametrize(
    ("text", "signal"),
    [("取消", "cancelled"), ("导入到当前年报", "accepted_into_current"), ("导入为新年报", "accepted_new")],
)
def test_there_are_three_ways_out(review: ImportReview, qtbot: QtBot, text: str, signal: str) -> None:
    button = next(b for b in all_of(review, QPushButton) if b.text() == text)
    with qtbot.waitSignal(getattr(review, signal)):
        button.click()


def test_esc_cancels(review: ImportReview, qtbot: QtBot) -> None:
    with qtbot.waitSignal(review.cancelled):
        QTest.keyClick(notes(review), Qt.Key.Key_Escape)


def test_without_an_open_report_nothing_can_be_replaced(qtbot: QtBot, sample: Imported) -> None:
    page = shown(qtbot, ImportReview(sample, "a.txt", False))
    assert [button.text() for button in all_of(page, QPushButton)] == ["取消", "导入为新年报"]
    assert not any("替换" in text for text in texts(page))


def test_an_import_without_doubts_begins_with_the_largest_table(qtbot: QtBot, form: Form) -> None:
    clean = recognize(read_text_file(SAMPLE), form)
    clean = Imported(clean.report, (), clean.placed, clean.source)
    page = shown(qtbot, ImportReview(clean, "a.txt", False))
    assert "没有存疑的地方。" in texts(page)
    assert not notes(page).isVisible()
    assert tab(page, "表三").isChecked()
    assert not picture(page).grab().isNull()


def test_a_text_without_any_table_can_be_reviewed(qtbot: QtBot, form: Form) -> None:
    text = "甲局2022年政府信息公开工作年度报告\n一、总体情况\n全年无申请。"
    page = shown(qtbot, ImportReview(recognize(parse_text(text), form), "a.txt", False))
    assert "读入 0 格" in texts(page)
    for row in range(notes(page).count()):
        notes(page).setCurrentRow(row)
    assert not page.grab().isNull()


@pytest.mark.parametrize(
    ("origins", "spoken", "told"),
    [
        ([Origin(line=2), Origin(line=3)], "原文第 2 行", "第 2—3 行"),
        (
            [Origin(sheet="表二", cell="B2"), Origin(sheet="表二", cell="B3")],
            "原文“表二”B2",
            "“表二”B2、“表二”B3",
        ),
        ([Origin(page=2, paragraph=1), Origin(page=3)], "原文第 2 页第 1 段", "第 2 页第 1 段、第 3 页"),
    ],
)
def test_a_note_leads_to_its_place_whatever_the_format_calls_places(
    qtbot: QtBot, sample: Imported, origins: list[Origin], spoken: str, told: str
) -> None:
    raws = tuple(RawCell(row, 1, 1, 1, f"约{row}件", at) for row, at in enumerate(origins, 1))
    source = Source((RawTable((RawCell(0, 0, 1, 1, "规章", Origin(paragraph=9)), *raws)),))
    note = ImportNote.on(raws, "表二", "不是数字。", "留空。", ["proactive.government_rules.issued"])
    page = shown(qtbot, ImportReview(replace(sample, notes=(note,), source=source), "a", False))
    said = notes(page).item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.endswith(f"，{spoken}")
    assert told in texts(page)
    shown_original = original(page).toPlainText()
    assert "约1件" in shown_original
    assert theme.current().hex.sel.upper() in colors_of(original(page)), (
        "the line of the note is not highlighted"
    )


def test_a_note_with_hundreds_of_places_leaves_the_page_as_wide_as_it_was(
    qtbot: QtBot, sample: Imported
) -> None:
    raws = tuple(RawCell(row, 2, 1, 1, "约", Origin(sheet="表二", cell=f"C{row}")) for row in range(1, 200))
    note = ImportNote.on(raws, "没有读入的内容", "有 199 处没有读入。", "请自行填入。")
    page = shown(
        qtbot, ImportReview(replace(sample, notes=(note,), source=Source((RawTable(raws),))), "a", False)
    )
    assert page.width() == 1366
    assert original(page).width() == pytest.approx(picture(page).width(), abs=4)
    (places,) = [label for label in all_of(page, QLabel) if label.text().startswith("“表二”C1、")]
    assert "“表二”C199" in places.toolTip()


def test_of_a_very_long_original_the_neighbourhood_of_the_note_is_shown(
    qtbot: QtBot, sample: Imported
) -> None:
    behind = tuple(SourceText(f"附件第 {i} 行", Origin(len(LINES) + i)) for i in range(20_000))
    long = replace(sample, source=replace(sample.source, blocks=(*sample.source.blocks, *behind)))
    page = shown(qtbot, ImportReview(long, "a.txt", False))
    told = original(page).toPlainText()
    assert "一、本年新收政府信息公开申请数量" in told
    assert "附件第 10 行" in told
    assert "附件第 19999 行" not in told


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("width", "height"), [(911, 454), (1000, 574), (1366, 662), (1920, 980), (3840, 2060)]
)
def test_nothing_is_cut_off_at_any_size(
    qtbot: QtBot, qapp: QApplication, sample: Imported, width: int, height: int, scheme: theme.Scheme
) -> None:
    theme.apply_theme(qapp, scheme)
    page = shown(qtbot, ImportReview(sample, "鲁山县2022年报.txt", True), width, height)
    assert (page.width(), page.height()) == (width, height), "the page asks for more room than there is"
    for name in ("表二", "表三", "表四", "文字"):
        tab(page, name).click()
        assert not page.grab().isNull()
        view = picture(page)
        assert view.accessibleName()
        assert view.height() >= 138
    for label in all_of(page, QLabel):
        if label.isVisible() and label.text() and "导入后可以" not in label.text():
            needed = (
                label.heightForWidth(label.width())
                if label.hasHeightForWidth()
                else label.sizeHint().height()
            )
            assert label.height() >= needed, label.text()
            assert label.width() >= label.minimumSizeHint().width(), label.text()
    for button in all_of(page, QPushButton):
        assert button.width() >= button.sizeHint().width()


def test_a_change_of_scheme_reaches_both_sides(review: ImportReview, qapp: QApplication) -> None:
    theme.apply_theme(qapp, "dark")
    qapp.processEvents()
    for side in (original(review), picture(review)):
        assert theme.DARK.qrytint.upper() in colors_of(side)
        assert theme.LIGHT.qrytint.upper() not in colors_of(side)


def test_a_closed_review_no_longer_listens(qtbot: QtBot, qapp: QApplication, sample: Imported) -> None:
    page = ImportReview(sample, "a.txt", False)
    page.show()
    with qtbot.waitSignal(page.destroyed):
        page.deleteLater()
    theme.apply_theme(qapp, "dark")
    theme.apply_theme(qapp, "light")
