"""Where the marks of numbers stand, and how they are painted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTextDocument
from PySide6.QtWidgets import QApplication

from gxeditor.ui.editor.number_marks import (
    Boxes,
    Look,
    Mark,
    changed_blocks,
    paint_ground,
    paint_lines,
    placed,
    rects,
    visible,
)
from gxeditor.ui.look import theme

TEXT = "发布信息286条。\n全年共收到申请68件。\n一段。"
MARKS = (Mark(4, 7, "open"), Mark(17, 19, "different"))


@pytest.fixture
def document(qapp: QApplication) -> QTextDocument:
    document = QTextDocument(TEXT)
    document.setTextWidth(600)
    document.documentLayout().documentSize()
    return document


def test_a_mark_is_placed_by_its_paragraph() -> None:
    assert placed(TEXT, MARKS) == ((0, 4, 7, "open"), (1, 7, 9, "different"))
    assert placed(f"头\n{TEXT}", [Mark(6, 9, "open")]) == ((1, 4, 7, "open"),)
    assert placed("12", [Mark(0, 2, "same")]) == ((0, 0, 2, "same"),)


def test_only_paragraphs_with_another_mark_have_changed(document: QTextDocument) -> None:
    before = placed(TEXT, MARKS)
    after = placed(TEXT, (MARKS[0], Mark(17, 19, "explained")))
    assert [block.blockNumber() for block in changed_blocks(document, before, after)] == [1]
    assert not list(changed_blocks(document, before, before))
    assert [block.blockNumber() for block in changed_blocks(document, before, ())] == [0, 1]


def test_a_number_broken_over_two_lines_has_a_box_on_each(qapp: QApplication) -> None:
    document = QTextDocument("1234567890" * 6)
    option = document.defaultTextOption()
    option.setWrapMode(option.WrapMode.WrapAnywhere)
    document.setDefaultTextOption(option)
    document.setTextWidth(200)
    boxes = rects(document, 0, 60)
    assert len(boxes) > 1
    assert boxes[1].top() >= boxes[0].bottom()


def test_only_what_can_be_seen_is_painted(qapp: QApplication) -> None:
    text = "共收到申请62件。\n" * 300
    document = QTextDocument(text)
    document.setTextWidth(600)
    height = document.size().height()
    marks = [Mark(10 * n + 5, 10 * n + 7, "same") for n in range(300)]
    seen = [boxes.mark for boxes in visible(document, marks, height / 2, QRectF(0, 0, 600, 200))]
    assert 0 < len(seen) < 30
    assert all(marks.index(mark) in range(130, 170) for mark in seen)
    assert len(list(visible(document, marks, 0, QRectF(0, 0, 600, height)))) == 300


def painted(look: Look) -> set[str]:
    image = QImage(80, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    shown = [Boxes(Mark(0, 2, look), (QRectF(20, 10, 30, 20),))]
    paint_ground(painter, shown)
    paint_lines(painter, shown)
    painter.end()
    return {image.pixelColor(x, y).name() for x in range(80) for y in range(40)} - {"#ffffff"}


@pytest.mark.parametrize(
    ("look", "tokens"),
    [
        ("different", {"qrytint", "qry"}),
        ("explained", {"qry"}),
        ("same", {"bound"}),
        ("bound", {"bound", "link"}),
        ("open", {"text3"}),
    ],
)
def test_each_look_has_its_tint_and_line(qapp: QApplication, look: Look, tokens: set[str]) -> None:
    colors = theme.current()
    assert painted(look) == {getattr(colors, token).name() for token in tokens}


def test_what_differs_has_two_lines_with_a_gap(qapp: QApplication) -> None:
    image = QImage(80, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    paint_lines(painter, [Boxes(Mark(0, 2, "different"), (QRectF(20, 10, 30, 20),))])
    painter.end()
    rows = [y for y in range(40) if image.pixelColor(30, y) == theme.current().qry]
    assert rows == [27, 29]


def test_of_a_paragraph_of_hundreds_of_lines_only_the_lines_in_view_are_looked_at(qapp: QApplication) -> None:
    document = QTextDocument("共收到申请62件。" * 2000)
    document.setTextWidth(600)
    height = document.size().height()
    marks = [Mark(9 * n + 5, 9 * n + 7, "same") for n in range(2000)]
    every = list(visible(document, marks, 0, QRectF(0, 0, 600, height)))
    assert [one.mark for one in every] == marks
    assert all(one.boxes for one in every)
    top = height / 2
    wanted = [one.mark for one in every if any(top < box.center().y() < top + 200 for box in one.boxes)]
    seen = list(visible(document, marks, top, QRectF(100, 0, 20, 200)))
    assert set(wanted) <= {one.mark for one in seen}
    assert len(seen) < 2 * len(wanted)
    assert {one.mark: one.boxes for one in seen} == {
        one.mark: tuple(box.translated(0, -top) for box in one.boxes)
        for one in every
        if one.mark in {one.mark for one in seen}
    }
