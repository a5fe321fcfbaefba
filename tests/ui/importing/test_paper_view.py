"""The original as paper: ruled tables with their spans, what is chosen in it, and very long ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor.imports.source import ImportNote, Origin, RawCell, RawTable, Source, SourceText
from gxeditor.ui.importing.paper_view import PaperView
from gxeditor.ui.look import theme

Shown = Callable[..., PaperView]
TITLE = SourceText("三、收到和处理政府信息公开申请情况", Origin(paragraph=1))
TABLE = RawTable(
    (
        RawCell(0, 0, 2, 1, "申请人", Origin(paragraph=2)),
        RawCell(0, 1, 1, 2, "法人或其他组织", Origin(paragraph=3)),
        RawCell(1, 1, 1, 1, "商业企业", Origin(paragraph=4)),
        RawCell(1, 2, 1, 1, "其他", Origin(paragraph=5)),
        RawCell(2, 0, 1, 1, "本年新收", Origin(paragraph=6)),
        RawCell(2, 1, 1, 1, "46", Origin(paragraph=7)),
        RawCell(2, 2, 1, 1, "O", Origin(paragraph=8)),
    )
)
TAIL = SourceText("四、行政复议", Origin(paragraph=9))


@pytest.fixture
def paper(qtbot: QtBot, qapp: QApplication) -> Shown:
    theme.apply_theme(qapp, "light")

    def show(
        *blocks: SourceText | RawTable,
        notes: tuple[ImportNote, ...] = (),
        width: int = 640,
        height: int = 322,
    ) -> PaperView:
        view = PaperView(Source(blocks), notes)
        qtbot.addWidget(view)
        view.resize(width, height)
        view.show()
        QApplication.processEvents()
        return view

    return show


def text_at(view: PaperView, point: QPoint) -> str:
    place = view.place_at(point)
    if place is None:
        return ""
    block = view.blocks[place[0]]
    return place[1].text if place[1] is not None else block.text if isinstance(block, SourceText) else ""


def colour(view: PaperView, point: QPoint) -> str:
    return view.viewport().grab().toImage().pixelColor(point).name().upper()


def test_a_merged_cell_covers_all_that_it_spans(paper: Shown) -> None:
    view = paper(TITLE, TABLE)
    first, second = TABLE.cells[0], TABLE.cells[1]
    assert view.rect_of(1, first).height() == pytest.approx(
        view.rect_of(1, TABLE.cells[2]).bottom() - view.rect_of(1, second).top(), abs=2
    )
    assert view.rect_of(1, second).width() == pytest.approx(
        view.rect_of(1, TABLE.cells[2]).width() + view.rect_of(1, TABLE.cells[3]).width(), abs=2
    )
    for cell in TABLE.cells:
        assert text_at(view, view.rect_of(1, cell).center()) == cell.text


def test_cells_stand_on_the_paper_and_do_not_overlap(paper: Shown) -> None:
    view = paper(TITLE, TABLE, TAIL)
    rects = [view.rect_of(1, cell).adjusted(1, 1, -1, -1) for cell in TABLE.cells]
    assert not [1 for one in rects for other in rects if one is not other and one.intersects(other)]
    assert view.horizontalScrollBar().maximum() == 0
    assert view.rect_of(2, None).top() > view.rect_of(1, None).bottom()


def test_the_cells_of_a_doubt_are_tinted_and_framed_when_chosen(paper: Shown) -> None:
    letter = TABLE.cells[-1]
    note = ImportNote.on([letter], "表三", "是字母。", "留空。")
    view = paper(TITLE, TABLE, notes=(note,))
    inside = view.rect_of(1, letter).topLeft() + QPoint(4, 4)
    assert colour(view, inside) == theme.LIGHT.qrytint.upper()
    edge = view.rect_of(1, letter).topLeft() + QPoint(2, 10)
    assert colour(view, edge) != theme.LIGHT.focus.upper()
    assert view.show_raws(note.raw, note.origin)
    assert colour(view, edge) == theme.LIGHT.focus.upper()
    assert view.accessibleDescription() == "O"


def test_a_place_that_is_not_in_it_frames_nothing(paper: Shown) -> None:
    view = paper(TITLE, TABLE)
    assert not view.show_origins([Origin(paragraph=77)])


def test_a_click_tells_place_column_and_text(paper: Shown, qtbot: QtBot) -> None:
    view = paper(TITLE, TABLE)
    with qtbot.waitSignal(view.pointed) as got:
        middle = view.rect_of(1, TABLE.cells[5]).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert got.args == [Origin(paragraph=7), 1, "46"]


def test_arrows_go_from_cell_to_cell_and_out_of_the_table(paper: Shown) -> None:
    view = paper(TITLE, TABLE, TAIL)
    met = []
    view.pointed.connect(lambda _origin, _column, text: met.append(text))
    for key in (Qt.Key.Key_Down,) * 5:
        QTest.keyClick(view, key)
    assert met == [TITLE.text, "申请人", "本年新收", TAIL.text]
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert met[-2:] == ["本年新收", "46"]


def test_the_chosen_text_is_copied(paper: Shown, qapp: QApplication) -> None:
    view = paper(TITLE, TABLE)
    view.show_origins([Origin(paragraph=7)])
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert qapp.clipboard().text() == "46"


def test_a_figure_of_a_line_is_told_by_its_column(paper: Shown) -> None:
    line = Origin(line=41)
    row = RawTable(
        tuple(RawCell(0, i, 1, 1, text, line) for i, text in enumerate(("一、本年新收", "0", "", "0")))
    )
    view = paper(row)
    assert view.columns_at(line) == (1, 3)
    view.show_origins([line], [3])
    assert view.current is not None
    assert view.current[1] is row.cells[3]


def test_a_place_out_of_sight_is_scrolled_into_view(paper: Shown) -> None:
    many = [SourceText(f"第 {i} 段", Origin(paragraph=100 + i)) for i in range(3_000)]
    view = paper(*many, TABLE)
    assert view.show_origins([Origin(paragraph=8)])
    assert view.viewport().rect().contains(view.rect_of(3_000, TABLE.cells[-1]))
    view.show_origins([Origin(paragraph=100)])
    assert view.verticalScrollBar().value() == 0


def test_of_a_large_table_only_what_is_in_view_is_asked_for(paper: Shown) -> None:
    cells = tuple(
        RawCell(row, column, 1, 1, f"{row}", Origin(sheet="汇总", cell=f"C{row}"))
        for row in range(6_000)
        for column in range(8)
    )
    view = paper(RawTable(cells))
    asked: list[int] = []
    rect_of = view.rect_of

    def counted(block: int, cell: RawCell | None) -> object:
        asked.append(block)
        return rect_of(block, cell)

    view.rect_of = counted  # type: ignore[method-assign,assignment]
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    view.grab()
    assert 0 < len(asked) < 1_000


def test_a_very_wide_table_scrolls_across(paper: Shown) -> None:
    row = tuple(
        RawCell(0, column, 1, 1, "12345", Origin(sheet="一", cell=f"{column}")) for column in range(120)
    )
    view = paper(RawTable(row))
    assert view.horizontalScrollBar().maximum() > 0
    assert view.show_origins([row[-1].origin])
    assert view.viewport().rect().intersects(view.rect_of(0, row[-1]))


@pytest.mark.parametrize(
    "blocks", [(), (RawTable(()),), (SourceText("甲"),), (RawTable((RawCell(0, 0, 1, 1, "1"),)),)]
)
def test_what_has_no_content_or_no_place_is_drawn_all_the_same(
    paper: Shown, blocks: tuple[SourceText | RawTable, ...]
) -> None:
    view = paper(*blocks)
    assert not view.grab().isNull()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_End):
        QTest.keyClick(view, key)
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(60, 30)
    )
    assert not view.show_origins([Origin()])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_light_in_every_scheme(paper: Shown, qapp: QApplication, scheme: theme.Scheme) -> None:
    view = paper(TITLE)
    theme.apply_theme(qapp, scheme)
    qapp.processEvents()
    assert colour(view, QPoint(300, 200)) == theme.LIGHT.base.upper()
