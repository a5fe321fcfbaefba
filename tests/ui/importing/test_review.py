"""The review of an import: figures, doubts, both sides kept in step, and the three ways out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
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
from gxeditor.core.report import Entry, Report, blank_report
from gxeditor.imports.formats.text import parse_text, read_text_file
from gxeditor.imports.recognize.report import Imported, recognize
from gxeditor.imports.source import ImportNote, Origin, RawCell, RawTable, Source, SourceText
from gxeditor.resources import load_form, load_rules, resource
from gxeditor.ui.importing.paper_view import PaperView
from gxeditor.ui.importing.pdf_view import PageView
from gxeditor.ui.importing.result import TablePicture
from gxeditor.ui.importing.review import ImportReview
from gxeditor.ui.look import theme

W = TypeVar("W", bound=QWidget)
FORM = load_form()
RULES = load_rules(FORM)
SAMPLE = resource("samples/lushan-2022.txt")
LINES = SAMPLE.read_text(encoding="utf-8").split("\n")


@pytest.fixture(scope="session")
def sample(form: Form) -> Imported:
    return recognize(read_text_file(SAMPLE), form)


@pytest.fixture
def review(qtbot: QtBot, qapp: QApplication, sample: Imported) -> ImportReview:
    theme.apply_theme(qapp, "light")
    return shown(qtbot, ImportReview(sample, "鲁山县2022年报.txt", blank_report(FORM)))


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


def original(page: QWidget) -> PaperView:
    return all_of(page, PaperView)[0]


def seen_in(view: PaperView) -> str:
    """The texts of the original that are in view, line by line."""
    rows = []
    for y in range(0, view.viewport().height(), 6):
        row = []
        for x in range(0, view.viewport().width(), 12):
            place = view.place_at(QPoint(x, y))
            if place is not None and place not in row:
                row.append(place)
        rows.append("\t".join(_text(view, block, cell) for block, cell in row))
    return "\n".join(dict.fromkeys(rows))


def _text(view: PaperView, block: int, cell: RawCell | None) -> str:
    if cell is not None:
        return cell.text.strip()
    whole = view.blocks[block]
    return whole.text if isinstance(whole, SourceText) else ""


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
        "鲁山县2022年报.txt　文本文件　导入后可以整体撤销",
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
        choice = {14: "，已采用 14 格，按 Del 留空", 3: "，已采用 3 格，按 Del 留空"}.get(len(note.cells), "")
        assert said == f"{word}，{note.where}，{note.what}，{note.done}，原文{note.origin.words}{choice}"


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
        assert {tint, frame} <= colors_of(side), side.accessibleName()
    tab(review, "表四").click()
    assert not {tint, frame} & colors_of(picture(review))
    assert "有存疑" in tab(review, "表三").accessibleName()
    assert "有存疑" not in tab(review, "表四").accessibleName()


def test_the_original_shows_lines_with_tabs_as_cells(review: ImportReview) -> None:
    shown_lines = seen_in(original(review)).split("\n")
    assert "一、本年新收政府信息公开申请数量\t30\t0\t0\t0\t0\t0\t0\t30" in shown_lines


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
    [("取消", "cancelled"), ("填入当前年报", "accepted_into_current"), ("导入为新年报", "accepted_new")],
)
def test_there_are_three_ways_out(review: ImportReview, qtbot: QtBot, text: str, signal: str) -> None:
    button = next(b for b in all_of(review, QPushButton) if b.text() == text)
    with qtbot.waitSignal(getattr(review, signal)):
        button.click()


def test_esc_cancels(review: ImportReview, qtbot: QtBot) -> None:
    with qtbot.waitSignal(review.cancelled):
        QTest.keyClick(notes(review), Qt.Key.Key_Escape)


def test_without_an_open_report_nothing_can_be_replaced(qtbot: QtBot, sample: Imported) -> None:
    page = shown(qtbot, ImportReview(sample, "a.txt", None))
    shown_buttons = [button.text() for button in all_of(page, QPushButton) if button.isVisible()]
    assert shown_buttons == ["取消", "导入为新年报"]
    assert not any("替换" in text for text in texts(page))


def test_an_import_without_doubts_begins_with_the_largest_table(qtbot: QtBot, form: Form) -> None:
    clean = recognize(read_text_file(SAMPLE), form)
    clean = Imported(clean.report, (), clean.placed, clean.source)
    page = shown(qtbot, ImportReview(clean, "a.txt", None))
    assert "没有存疑的地方。" in texts(page)
    assert not notes(page).isVisible()
    assert tab(page, "表三").isChecked()
    assert not picture(page).grab().isNull()


def test_a_text_without_any_table_can_be_reviewed(qtbot: QtBot, form: Form) -> None:
    text = "甲局2022年政府信息公开工作年度报告\n一、总体情况\n全年无申请。"
    page = shown(qtbot, ImportReview(recognize(parse_text(text), form), "a.txt", None))
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
    page = shown(qtbot, ImportReview(replace(sample, notes=(note,), source=source), "a", None))
    said = notes(page).item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert f"，{spoken}，" in said
    assert told in texts(page)
    assert "约1件" in seen_in(original(page))
    assert theme.LIGHT.focus.upper() in colors_of(original(page)), "the cells of the note are not framed"


def test_a_note_with_hundreds_of_places_leaves_the_page_as_wide_as_it_was(
    qtbot: QtBot, sample: Imported
) -> None:
    raws = tuple(RawCell(row, 2, 1, 1, "约", Origin(sheet="表二", cell=f"C{row}")) for row in range(1, 200))
    note = ImportNote.on(raws, "没有读入的内容", "有 199 处没有读入。", "请自行填入。")
    page = shown(
        qtbot, ImportReview(replace(sample, notes=(note,), source=Source((RawTable(raws),))), "a", None)
    )
    assert page.width() == 1366
    assert original(page).width() == pytest.approx(picture(page).width(), abs=4)
    (places,) = [label for label in all_of(page, QLabel) if label.text().startswith("“表二”C1、")]
    assert "“表二”C199" in places.toolTip()


def test_a_very_long_original_is_shown_where_the_note_leads(qtbot: QtBot, sample: Imported) -> None:
    behind = tuple(SourceText(f"附件第 {i} 行", Origin(len(LINES) + i)) for i in range(20_000))
    long = replace(sample, source=replace(sample.source, blocks=(*sample.source.blocks, *behind)))
    page = shown(qtbot, ImportReview(long, "a.txt", None))
    assert "一、本年新收政府信息公开申请数量" in seen_in(original(page))
    bar = original(page).verticalScrollBar()
    bar.setValue(bar.maximum())
    assert "附件第 19999 行" in seen_in(original(page))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("width", "height"), [(911, 454), (1000, 574), (1366, 662), (1920, 980), (3840, 2060)]
)
def test_nothing_is_cut_off_at_any_size(
    qtbot: QtBot, qapp: QApplication, sample: Imported, width: int, height: int, scheme: theme.Scheme
) -> None:
    theme.apply_theme(qapp, scheme)
    page = shown(qtbot, ImportReview(sample, "鲁山县2022年报.txt", blank_report(FORM)), width, height)
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


def test_a_change_of_scheme_reaches_the_form_and_leaves_the_paper_light(
    review: ImportReview, qapp: QApplication
) -> None:
    theme.apply_theme(qapp, "dark")
    qapp.processEvents()
    assert theme.DARK.qrytint.upper() in colors_of(picture(review))
    assert theme.LIGHT.qrytint.upper() not in colors_of(picture(review))
    assert {theme.LIGHT.qrytint.upper(), theme.LIGHT.base.upper()} <= colors_of(original(review))


def test_a_closed_review_no_longer_listens(qtbot: QtBot, qapp: QApplication, sample: Imported) -> None:
    page = ImportReview(sample, "a.txt", None)
    page.show()
    with qtbot.waitSignal(page.destroyed):
        page.deleteLater()
    theme.apply_theme(qapp, "dark")
    theme.apply_theme(qapp, "light")


# --- what a person decides

RECEIVED = "requests.received.natural_person"
BROUGHT = "requests.brought_forward.other_organization"


def word_like(*, years: tuple[int, ...] = ()) -> Imported:
    """A report as a Word file gives it: blocks without lines, a letter in place of a figure, and an amount in 元."""
    blocks: list[SourceText | RawTable] = []
    number = 0
    for section in FORM.sections:
        number += 1
        blocks.append(SourceText(section.heading, Origin(paragraph=number)))
        if section.key == "overview":
            number += 1
            blocks.append(SourceText("全年主动公开信息316条，受理申请46件。", Origin(paragraph=number), 4))
        if section.table is None:
            continue
        cells = []
        for place in sorted(section.table.grid().places, key=lambda one: (one.row, one.column)):
            number += 1
            text = (
                place.text if place.cell is None else {RECEIVED: "46", BROUGHT: "O"}.get(place.cell.id, "0")
            )
            cells.append(
                RawCell(
                    place.row, place.column, place.row_span, place.column_span, text, Origin(paragraph=number)
                )
            )
        blocks.append(RawTable(tuple(cells)))
    source = Source(tuple(blocks), "送审.docx", kind="Word 文档，6 页", years=years)
    read = recognize(source, FORM)
    letter = next(c for b in blocks if isinstance(b, RawTable) for c in b.cells if c.text == "O")
    notes = (
        ImportNote.on(
            [letter], "表三 · 二、上年结转 · 其他", "原文是字母“O”，可能是数字 0。", "留空。", [BROUGHT],
            offers=[(BROUGHT, "0")],
        ),
        ImportNote.on(
            [], "表二 · 行政事业性收费", "原文“12800 元”，单位应为万元。", "没有读入。", ["proactive.fees.amount"],
            offers=[("proactive.fees.amount", "1.28")],
        ),
        ImportNote.on([], "表三", "表格在第 3 页断开。", "已接上。", severity="info"),
    )  # fmt: skip
    report = read.report.with_entries({"proactive.fees.amount": None, BROUGHT: None})
    return replace(read, report=report, notes=notes)


@pytest.fixture
def open_report() -> Report:
    entries: dict[str, Entry] = {RECEIVED: 45, "requests.received.company": 0}
    return blank_report(FORM, 2025).with_entries(entries).with_section("overview", "原来的文字。")


@pytest.fixture
def word(qtbot: QtBot, qapp: QApplication, open_report: Report) -> ImportReview:
    theme.apply_theme(qapp, "light")
    return shown(qtbot, ImportReview(word_like(), "送审.docx", open_report, rules=RULES))


def button(page: QWidget, text: str) -> QAbstractButton:
    every = [*all_of(page, QPushButton), *all_of(page, QToolButton)]
    return next(one for one in every if one.text().strip() == text and one.isVisible())


def test_what_the_file_is_stands_on_top(word: ImportReview) -> None:
    assert "送审.docx　Word 文档，6 页　导入后可以整体撤销" in texts(word)


def test_enter_accepts_and_del_leaves_blank(word: ImportReview) -> None:
    found = notes(word)
    found.setCurrentRow(0)
    assert BROUGHT not in word.report.entries
    QTest.keyClick(found, Qt.Key.Key_Return)
    assert word.report.entries[BROUGHT] == 0
    assert word.report.doubts[BROUGHT].what == "原文是字母“O”，可能是数字 0。按 0 采用。"
    assert found.item(0).data(Qt.ItemDataRole.AccessibleTextRole).endswith("已采用 0，按 Del 留空")
    QTest.keyClick(found, Qt.Key.Key_Delete)
    assert BROUGHT not in word.report.entries


def test_the_doubts_of_a_file_are_accepted_all_at_once(word: ImportReview) -> None:
    before = len(word.report.entries)
    button(word, "全部采用 2 处").click()
    assert len(word.report.entries) == before + 2
    assert str(word.report.entries["proactive.fees.amount"]) == "1.28"
    assert f"读入 {before + 2} 格" in texts(word)
    assert not any(one.text().startswith("全部采用") and one.isVisible() for one in all_of(word, QPushButton))


def test_the_doubts_of_one_table_are_accepted_together(qtbot: QtBot, open_report: Report) -> None:
    read = word_like()
    more = replace(read.notes[0], where="表三 · 一", cells=(RECEIVED,), offers=((RECEIVED, "46"),))
    read = replace(read, notes=(*read.notes, more), report=read.report.with_entries({RECEIVED: None}))
    page = shown(qtbot, ImportReview(read, "a.docx", open_report))
    tab(page, "表三").click()
    button(page, "采用表三的 2 处").click()
    assert (page.report.entries[BROUGHT], page.report.entries[RECEIVED]) == (0, 46)
    assert "proactive.fees.amount" not in page.report.entries


def test_a_click_on_a_figure_of_the_form_frames_it_in_the_original(word: ImportReview) -> None:
    table = all_of(word, TablePicture)[1]
    table.chosen.emit(RECEIVED)
    place = original(word).current
    assert place is not None
    assert place[1] is not None
    assert place[1].text == "46"
    assert f"第 {place[1].origin.paragraph} 段" in texts(word)


def test_a_click_in_the_original_frames_the_cell_of_the_form_and_finds_its_doubt(word: ImportReview) -> None:
    view = original(word)
    notes(word).setCurrentRow(2)
    tab(word, "表四").click()
    block, cell = next(
        (number, cell)
        for number, block in enumerate(view.blocks)
        if isinstance(block, RawTable)
        for cell in block.cells
        if cell.text == "O"
    )
    view.show_origins([cell.origin])
    middle = view.rect_of(block, cell).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert tab(word, "表三").isChecked()
    assert notes(word).currentRow() == 0
    assert picture(word).accessibleDescription().startswith("二、上年结转 · 其他")


def test_a_figure_of_a_line_of_text_is_told_by_its_place_in_the_line(review: ImportReview) -> None:
    all_of(review, TablePicture)[2].chosen.emit("disputes.reconsideration.total")
    place = original(review).current
    assert place is not None
    assert place[1] is not None
    line = place[1].origin.line
    assert line is not None
    figures = [i for i, text in enumerate(LINES[line - 1].split("\t")) if text.strip().isdigit()]
    assert place[1].column == figures[4], "the fifth figure of the line, though others are equal"


def test_a_paragraph_of_the_original_leads_to_its_section(word: ImportReview) -> None:
    view = original(word)
    number = next(
        i for i, block in enumerate(view.blocks) if isinstance(block, SourceText) and "316" in block.text
    )
    view.verticalScrollBar().setValue(0)
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, view.rect_of(number, None).center()
    )  # fmt: skip
    assert tab(word, "文字").isChecked()


def test_what_the_open_report_has_is_counted_before_anything_is_replaced(word: ImportReview) -> None:
    assert "当前年报已有 2 格，其中 1 格不同；第一部分文字不同：" in texts(word)


def test_only_blank_cells_and_sections_are_filled_unless_told_otherwise(
    word: ImportReview, open_report: Report
) -> None:
    assert not word.replaces
    filled = word.into(open_report)
    assert filled.entries[RECEIVED] == 45
    assert filled.sections["overview"] == "原来的文字。"
    assert filled.entries["requests.received.research"] == 0
    button(word, "不同的也替换").click()
    replaced = word.into(open_report)
    assert replaced.entries[RECEIVED] == 46
    assert replaced.sections["overview"].startswith("全年主动公开")


def test_a_figure_that_differs_tells_the_old_one(word: ImportReview) -> None:
    table = all_of(word, TablePicture)[1]
    assert "当前年报是 45，保留不变" in table.told(RECEIVED)
    button(word, "不同的也替换").click()
    assert "当前年报是 45，会被替换" in table.told(RECEIVED)
    assert "当前年报" not in table.told("requests.received.company"), "the same is no difference"


def test_ctrl_enter_imports(word: ImportReview, qtbot: QtBot) -> None:
    with qtbot.waitSignal(word.accepted_into_current):
        QTest.keyClick(notes(word), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_what_the_equations_force_is_filled_in_when_asked_and_taken_out_again(
    qtbot: QtBot, sample: Imported
) -> None:
    page = shown(qtbot, ImportReview(sample, "a.txt", None, rules=RULES))
    assert len(page.report.entries) == 182
    button(page, "按提示填入 18 格").click()
    assert len(page.report.entries) == 200
    assert "留空 0 格" in texts(page)
    assert "按勾稽关系填入 1" in all_of(page, TablePicture)[1].told("requests.handled.granted.natural_person")
    button(page, "已按提示填入 18 格").click()
    assert len(page.report.entries) == 182


def test_only_the_rows_in_doubt_are_shown_when_asked(word: ImportReview) -> None:
    tab(word, "表三").click()
    table = picture(word)
    assert table.verticalScrollBar().maximum() > 0
    only = next(box for box in all_of(word, QCheckBox) if box.text() == "只看存疑的行")
    only.click()
    assert table.verticalScrollBar().maximum() == 0
    only.click()
    assert table.verticalScrollBar().maximum() > 0


def test_of_several_years_another_one_is_asked_for(qtbot: QtBot) -> None:
    asked: list[int] = []
    read = word_like(years=(2023, 2024))
    read = replace(read, report=read.report.with_fields(year=2024))
    page = shown(qtbot, ImportReview(read, "a.docx", None, reread=asked.append))
    assert "这个文件里有 2023 和 2024 两年，读哪一年？" in texts(page)
    assert tab(page, "2024 年").isChecked()
    tab(page, "2024 年").click()
    assert asked == []
    tab(page, "2023 年").click()
    assert asked == [2023]


def test_the_tabs_count_what_is_doubtful_and_what_is_told(word: ImportReview) -> None:
    assert tab(word, "表三").accessibleName() == "表三，有存疑 1 处，说明 1 条"
    assert tab(word, "表二").accessibleName() == "表二，有存疑 1 处"
    assert tab(word, "表四").accessibleName() == "表四"


def test_a_pdf_is_shown_by_its_pages_and_by_its_blocks_once_it_is_gone(
    qtbot: QtBot, tmp_path: Path, sample: Imported
) -> None:
    from gxeditor.paper.pdf import make_pdf

    path = tmp_path / "年报.pdf"
    path.write_bytes(make_pdf(sample.report).data)
    box = Origin(page=2, box=(0.1, 0.2, 0.3, 0.25))
    raw = RawCell(0, 0, 1, 1, "30", box)
    note = ImportNote.on([raw], "表三 · 一、本年新收", "看不清。", "照原样读入。", [RECEIVED])
    read = replace(
        sample, source=Source((RawTable((raw,)),), kind="PDF 文件"), notes=(note,), placed={RECEIVED: box}
    )
    page = shown(qtbot, ImportReview(read, "年报.pdf", None, path=path))
    (view,) = all_of(page, PageView)
    qtbot.waitUntil(lambda: any(text.startswith("第 2 页，共") for text in texts(page)))
    qtbot.waitUntil(lambda: view.drawn(1))
    assert theme.LIGHT.focus.upper() in colors_of(view)
    gone = shown(qtbot, ImportReview(read, "年报.pdf", None, path=tmp_path / "没有.pdf"))
    assert all_of(gone, PageView) == []
    assert "30" in seen_in(original(gone))
    path.write_bytes(path.read_bytes()[:200])  # of such a one no page can be shown
    damaged = shown(qtbot, ImportReview(read, "年报.pdf", None, path=path))
    qtbot.waitUntil(lambda: bool(all_of(damaged, PaperView)))
    qtbot.waitUntil(lambda: "30" in seen_in(original(damaged)))
