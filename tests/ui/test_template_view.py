"""Filling foreign workbooks in the window: the sheets as drawn, corrections by mouse and keys, the second time."""

from __future__ import annotations

import io
import json
import shutil
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from gxeditor import filing, templates
from gxeditor.app import build
from gxeditor.core.errors import Cancelled, GxError
from gxeditor.core.report import Report
from gxeditor.resources import resource
from gxeditor.settings import Folders
from gxeditor.ui import dialogs, theme
from gxeditor.ui import filling as filling_module
from gxeditor.ui import template_view as view_module
from gxeditor.ui.sheet_view import SheetView
from gxeditor.ui.template_list import Item, Row, _Choosing
from gxeditor.ui.template_view import TemplatePage
from gxeditor.ui.window import MainWindow

SAMPLES = Path(__file__).parents[1] / "samples" / "templates"
FULL, UNITS, SPARSE = SAMPLES / "full.xlsx", SAMPLES / "T3_row_per_unit.xlsx", SAMPLES / "V_sparse.xlsx"
PERSON = "requests.received.natural_person"
LEFT = Qt.MouseButton.LeftButton
Book = openpyxl.Workbook


@pytest.fixture(scope="module")
def sample() -> Report:
    return filing.read(resource("samples/lushan-2022.txt")).report


def page_of(qtbot: QtBot, path: Path, report: Report) -> TemplatePage:
    theme.apply_theme(QApplication.instance(), "light")  # type: ignore[arg-type]
    page = TemplatePage(templates.open_template(path, report), report)
    qtbot.addWidget(page)
    page.resize(1366, 662)
    page.show()
    QApplication.processEvents()
    return page


def changed(path: Path, source: Path, change: Callable[[Book], object]) -> Path:
    """A trial template with something else in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it drops
        book = openpyxl.load_workbook(source)
    change(book)
    book.save(path)
    return path


def view(page: TemplatePage) -> SheetView:
    shown = page._view
    assert shown is not None
    return shown


def sheet(page: TemplatePage, name: str) -> SheetView:
    names = [one.name for one in page._sheets]
    page._tabs.setCurrentIndex(names.index(name))
    return view(page)


def click(shown: SheetView, ref: str) -> None:
    row, column = openpyxl.utils.cell.coordinate_from_string(ref)[1] - 1, _column(ref)
    shown.bring_into_view(row, column)
    QTest.mouseClick(shown.viewport(), LEFT, pos=shown.rect_of(row, column).center().toPoint())


def _column(ref: str) -> int:
    letters, _ = openpyxl.utils.cell.coordinate_from_string(ref)
    return openpyxl.utils.column_index_from_string(letters) - 1


def items(page: TemplatePage, kind: str) -> list[tuple[QTreeWidgetItem, Item]]:
    found = []
    pending = [page._list.topLevelItem(i) for i in range(page._list.topLevelItemCount())]
    while pending:
        one = pending.pop(0)
        assert one is not None
        item: Item = one.data(0, int(Qt.ItemDataRole.UserRole))
        if item.kind == kind:
            found.append((one, item))
        pending += [one.child(i) for i in range(one.childCount())]
    return found


def groups(page: TemplatePage) -> list[str]:
    return [item.text for _, item in items(page, "group")]


def choose(page: TemplatePage, kind: str, wanted: Sequence[str]) -> None:
    made = next(one for one, item in items(page, kind) if item.ids == tuple(wanted))
    page._list.setCurrentItem(made)


def place(page: TemplatePage, wanted: str) -> str:
    target = page.opened.map.targets.get(wanted)
    return "" if target is None else f"{target.sheet}!{target.ref}"


def look(page: TemplatePage, name: str, ref: str) -> tuple[str | None, str]:
    found = sheet(page, name)._look(openpyxl.utils.cell.coordinate_from_string(ref)[1] - 1, _column(ref))
    return ("", "") if found is None else (found.text, found.ground)


# --- drawing


def test_each_matched_cell_shows_the_value_that_will_be_written(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, FULL, sample)
    assert look(page, "表三", "D5") == ("30", "bound")
    assert look(page, "表三", "J5") == ("30", "total")
    assert look(page, "表三", "A5") == ("", "")
    assert groups(page)[-1] == "将写入　150 格"


def test_a_formula_that_differs_shows_its_result_and_the_reports(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, FULL, sample)
    found = sheet(page, "表三")._look(6, 9)
    assert found is not None
    assert (found.text, found.beside, found.ground) == ("0", "年报 1", "qrytint")
    assert "与模板公式的差异　3" in groups(page)
    one = items(page, "difference")[0][0]
    page._tabs.setCurrentIndex(0)
    page._list.setCurrentItem(one)
    assert page._tabs.tabText(page._tabs.currentIndex()).startswith("表三")
    assert view(page).current == (6, 9)


def test_merged_cells_are_one_and_keys_step_over_them(qtbot: QtBot, sample: Report) -> None:
    shown = sheet(page_of(qtbot, FULL, sample), "表三")
    shown.go_to(0, 3)
    assert shown.current == (0, 0)
    QTest.keyClick(shown, Qt.Key.Key_Down)
    assert shown.current == (1, 0)
    QTest.keyClick(shown, Qt.Key.Key_Right)
    assert shown.current == (1, 3)
    assert shown.rect_of(0, 0).width() == sum(shown._width(c) for c in range(10))


def test_colours_of_matched_cells_and_totals_are_on_the_paper(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, FULL, sample)
    image = sheet(page, "表三").viewport().grab().toImage()
    pixels = {QColor(image.pixel(x, y)).name().upper() for x in range(0, 900, 2) for y in range(0, 400, 2)}
    assert {theme.LIGHT.bound, theme.LIGHT.total, theme.LIGHT.qrytint, theme.LIGHT.head} <= pixels


def test_the_hidden_sheet_has_no_tab_and_tabs_tell_how_much_is_written(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, FULL, sample)
    assert [page._tabs.tabText(i) for i in range(page._tabs.count())] == [
        "封面　2",
        "表二　10",
        "表三　126",
        "表四　12",
        "校验",
    ]


def test_ctrl_wheel_zooms_the_sheet(qtbot: QtBot, sample: Report) -> None:
    shown = view(page_of(qtbot, SPARSE, sample))
    before = shown.rect_of(0, 0).width()
    at = QPointF(200, 200)
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(shown.viewport(), event)
    assert shown.zoom == 125
    assert shown.rect_of(0, 0).width() == pytest.approx(before * 1.25, abs=1)


def test_a_cell_is_told_to_those_who_cannot_see_it(qtbot: QtBot, sample: Report) -> None:
    shown = sheet(page_of(qtbot, FULL, sample), "表三")
    shown.go_to(4, 3)
    assert shown.accessibleName() == "工作表“表三”"
    assert shown.accessibleDescription().startswith("D5，一、本年新收 · 自然人，将写入 30")


def test_twenty_thousand_rows_scroll_as_quickly_as_twenty(
    qtbot: QtBot, sample: Report, tmp_path: Path
) -> None:
    def lengthen(book: Book) -> None:
        for number in range(8, 20_008):
            book.worksheets[0].append([number, f"第{number}单位"])

    page = page_of(qtbot, changed(tmp_path / "长.xlsx", UNITS, lengthen), sample)
    shown = view(page)
    assert shown.rows > 20_000
    assert len(page._views) == 1
    bar = shown.verticalScrollBar()
    times = []
    for step in range(1, 11):
        bar.setValue(step * bar.maximum() // 10)
        start = time.perf_counter()
        shown.viewport().grab()
        times.append(time.perf_counter() - start)
    assert sorted(times)[5] < 0.1, times
    assert shown.spot_at(QPoint(60, 400)) != (0, 0)
    assert shown._frozen == (4, 2)  # the headings stay


# --- correcting


def without_row(book: Book) -> None:
    """「一、本年新收」 is called something that nobody knows."""
    book["表三"]["A5"] = "甲类事项数"


@pytest.fixture
def odd(qtbot: QtBot, sample: Report, tmp_path: Path) -> TemplatePage:
    """A template in which one row cannot be found."""
    return page_of(qtbot, changed(tmp_path / "省模板.xlsx", FULL, without_row), sample)


RECEIVED = [
    f"requests.received.{key}"
    for key in (
        "natural_person",
        "legal_person.commercial",
        "legal_person.research",
        "legal_person.public_welfare",
        "legal_person.legal_service",
        "legal_person.other",
        "total",
    )
]


def received(page: TemplatePage) -> tuple[str, ...]:
    return next(item.ids for _, item in items(page, "missing") if len(item.ids) > 1)


def test_what_is_not_found_is_listed_by_rows_with_the_reports_figures(odd: TemplatePage) -> None:
    assert groups(odd)[0] == "未找到　7"
    listed = items(odd, "missing")
    assert listed[0][1].text == "表三 一、本年新收"
    assert [(item.text, item.side) for _, item in listed[1:3]] == [
        ("一、本年新收 · 自然人", "年报 30"),
        ("一、本年新收 · 商业企业", "年报 0"),
    ]


def test_an_id_chosen_in_the_list_goes_where_the_cell_is_clicked(odd: TemplatePage) -> None:
    choose(odd, "missing", [PERSON])
    click(sheet(odd, "表三"), "D5")
    assert place(odd, PERSON) == "表三!D5"
    assert look(odd, "表三", "D5") == ("30", "bound")
    assert groups(odd)[0] == "未找到　6"
    assert odd._told.text() == "“一、本年新收 · 自然人”填在 D5，可以撤销。"


def test_a_whole_row_goes_to_the_right_of_the_clicked_cell(odd: TemplatePage) -> None:
    ids = received(odd)
    choose(odd, "missing", ids)
    click(sheet(odd, "表三"), "D5")
    assert [place(odd, one) for one in ids] == [f"表三!{letter}5" for letter in "DEFGHIJ"]
    assert odd.opened.map.targets[ids[-1]].formula
    assert not odd.opened.map.missing


def test_a_row_that_has_no_room_is_not_placed(qtbot: QtBot, sample: Report, tmp_path: Path) -> None:
    def crowd(book: Book) -> None:
        without_row(book)
        book["表三"]["G5"] = "见附表"

    page = page_of(qtbot, changed(tmp_path / "挤.xlsx", FULL, crowd), sample)
    ids = received(page)
    choose(page, "missing", ids)
    click(sheet(page, "表三"), "D5")
    assert page._told.text() == f"D5 往右只有 3 格，放不下 {len(ids)} 项，请逐项指定。"
    assert place(page, ids[0]) == ""


def test_wording_of_the_template_is_only_written_over_when_clicked_twice(odd: TemplatePage) -> None:
    choose(odd, "missing", [PERSON])
    shown = sheet(odd, "表三")
    click(shown, "A5")
    assert place(odd, PERSON) == ""
    click(shown, "A5")
    assert place(odd, PERSON) == "表三!A5"


def test_a_correction_by_keys_alone(odd: TemplatePage) -> None:
    choose(odd, "missing", [PERSON])
    sheet(odd, "表三").go_to(4, 2)
    QTest.keyClick(odd._list, Qt.Key.Key_Return)
    shown = view(odd)
    assert shown.hasFocus()
    QTest.keyClick(shown, Qt.Key.Key_Right)
    assert shown.current == (4, 3)
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert place(odd, PERSON) == "表三!D5"
    QTest.keyClick(shown, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert place(odd, PERSON) == ""
    QTest.keyClick(shown, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert place(odd, PERSON) == "表三!D5"
    QTest.keyClick(shown, Qt.Key.Key_Delete)
    assert place(odd, PERSON) == ""


def test_esc_stops_looking_for_a_place_and_then_leaves_the_page(odd: TemplatePage, qtbot: QtBot) -> None:
    choose(odd, "missing", [PERSON])
    view(odd).setFocus()
    QTest.keyClick(view(odd), Qt.Key.Key_Escape)
    click(sheet(odd, "表三"), "D5")
    assert place(odd, PERSON) == ""
    with qtbot.waitSignal(odd.left):
        QTest.keyClick(view(odd), Qt.Key.Key_Escape)


def test_a_cell_gets_its_content_from_a_list_of_printed_names(
    odd: TemplatePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[Row]] = []

    def answer(_parent: object, _title: str, heading: str, _hint: str, rows: list[Row], *_: str) -> str:
        asked.append(list(rows))
        assert heading == "D5 填什么"
        return PERSON

    monkeypatch.setattr(view_module, "ask_row", answer)
    shown = sheet(odd, "表三")
    shown.go_to(4, 3)
    shown.setFocus()
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert place(odd, PERSON) == "表三!D5"
    row = next(row for row in asked[0] if row.key == PERSON)
    assert (row.text, row.side) == ("表三　一、本年新收 · 自然人", "还没有格子")
    assert len(asked[0]) == len(odd.report.form.cells) + 7 + 6


def test_a_few_letters_find_a_row_among_many(qtbot: QtBot) -> None:
    rows = [Row(str(n), f"单位{n}", f"第 {n} 行", "全称") for n in range(1000)]
    dialog = _Choosing(None, "换一行", "填在哪一行", "查找", rows, "填在这里")
    qtbot.addWidget(dialog)
    assert dialog.told.text() == "另有 700 条，请多输几个字。"
    dialog.line.insert("位77 全称")
    assert [dialog.list.item(i).data(int(Qt.ItemDataRole.UserRole)).key for i in range(dialog.list.count())] == [
        "77", *(str(n) for n in range(770, 780))
    ]  # fmt: skip
    QTest.keyClick(dialog.line, Qt.Key.Key_Down)
    assert dialog.key == "770"
    dialog.line.setText("没有的")
    assert dialog.key is None
    assert not dialog.buttons["take"].isEnabled()


def test_a_match_is_taken_off_and_given_back(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, FULL, sample)
    choose(page, "placed", [PERSON])
    QTest.keyClick(page._list, Qt.Key.Key_Delete)
    assert place(page, PERSON) == ""
    assert page.opened.map.missing == (PERSON,)
    assert page.is_corrected
    page.undo()
    assert place(page, PERSON) == "表三!D5"
    assert not page.is_corrected


def test_blanks_of_the_report_stay_blank_or_become_0(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, FULL, sample)
    assert look(page, "表三", "D7") == ("", "bound")
    page._zero.click()
    assert look(page, "表三", "D7") == ("0", "bound")
    assert page.opened.map.zero
    page.undo()
    assert not page._zero.isChecked()


@pytest.fixture
def doubtful(qtbot: QtBot, sample: Report, tmp_path: Path) -> TemplatePage:
    """A template that has table 四 twice."""

    def twice(book: Book) -> None:
        copy = book.copy_worksheet(book["表四"])
        copy.title = "表四（副本）"

    return page_of(qtbot, changed(tmp_path / "两张.xlsx", FULL, twice), sample)


def test_a_doubtful_cell_shows_its_candidates_and_is_settled_by_a_click(doubtful: TemplatePage) -> None:
    page = doubtful
    assert groups(page)[0] == "有疑问　15"
    one, item = items(page, "doubt")[1]
    page._list.setCurrentItem(one)
    assert [place.sheet for place in item.cells] == ["表四", "表四（副本）"]
    shown = sheet(page, "表四（副本）")
    found = shown._look(item.cells[0].row, item.cells[0].column)
    assert found is not None
    assert found.ground == "qrytint"
    ref = item.cells[0].ref
    click(shown, ref)
    assert place(page, item.ids[0]) == f"表四（副本）!{ref}"
    assert groups(page)[0] == "有疑问　14"


def test_doubts_of_one_reason_are_settled_together(doubtful: TemplatePage) -> None:
    page = doubtful
    one, item = items(page, "doubt")[0]
    assert len(item.ids) == 15
    assert "分不清填哪一张" in item.text
    page._list.setCurrentItem(one)
    cell = next(place for place in item.cells if place.sheet == "表四（副本）")
    click(sheet(page, "表四（副本）"), cell.ref)
    assert {page.opened.map.targets[wanted].sheet for wanted in item.ids} == {"表四（副本）"}
    assert "有疑问" not in "".join(groups(page))
    page.undo()
    assert groups(page)[0] == "有疑问　15"


# --- a row per unit


def test_the_agencys_row_is_found_by_name_and_framed(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, UNITS, sample)
    assert page._line_text.text() == "填在第 6 行 鲁山县人民政府办公室（按名称找到），会替换这一行原有的数。"
    assert view(page).current == (5, 0)
    assert look(page, "汇总", "Q6") == ("30", "bound")
    assert look(page, "汇总", "Q5") == ("", "")


def test_an_agency_without_row_gets_a_new_one(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, UNITS, sample.with_fields(agency="鲁山县人民政府办"))
    assert "新添在第 8 行" in page._line_text.text()
    assert "有相近的名称：鲁山县人民政府办公室" in page._line_text.text()
    assert look(page, "汇总", "B8") == ("鲁山县人民政府办", "bound")


def test_another_row_may_be_chosen(qtbot: QtBot, sample: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(qtbot, UNITS, sample)
    seen: list[str] = []

    def answer(_p: object, _t: str, _h: str, _hint: str, rows: list[Row], *_: str) -> str:
        seen.extend(row.text for row in rows)
        return "新华区人民政府"

    monkeypatch.setattr(view_module, "ask_row", answer)
    page._line_button.click()
    assert seen == [
        "按机关名称：鲁山县人民政府办公室",
        "省发展改革委",
        "鲁山县人民政府办公室",
        "新华区人民政府",
    ]
    assert "填在第 7 行 新华区人民政府（您选的）" in page._line_text.text()
    assert look(page, "汇总", "Q7") == ("30", "bound")
    page.undo()
    assert look(page, "汇总", "Q6") == ("30", "bound")


def test_a_correction_in_any_row_counts_for_all_rows(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, UNITS, sample)
    choose(page, "placed", [PERSON])
    page._off.click()
    choose(page, "missing", [PERSON])
    click(view(page), "D7")
    assert place(page, PERSON) == "汇总!D5"
    assert look(page, "汇总", "D6") == ("30", "bound")


def test_a_report_without_agency_says_that_no_row_is_known(qtbot: QtBot, sample: Report) -> None:
    page = page_of(qtbot, UNITS, sample.with_fields(agency=""))
    assert page.filling is None
    assert "年报没有填机关名称" in page._status.text()
    assert not page._save.isEnabled()


# --- the conversation


@pytest.fixture
def window(
    qapp: QApplication, tmp_path: Path, sample: Report, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    _, window = build([], Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log"))
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(1366, 700)
    window.show()
    window.session.begin(sample)
    window._open_at("requests")
    QApplication.processEvents()
    yield window
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: "discard")
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.apply_theme(qapp, "light")


@pytest.fixture
def troubles(monkeypatch: pytest.MonkeyPatch) -> list[GxError]:
    shown: list[GxError] = []
    monkeypatch.setattr(dialogs, "show_error", lambda _parent, error: shown.append(error))
    return shown


class Clerk:
    """Answers what is asked; the headings of the questions are kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.answers: list[str] = []
        self.saved: Path | None = None
        self.opened: Path | None = None
        self.starts: list[str] = []

        def run(dialog: dialogs.Dialog) -> str:
            self.asked.append(dialog.heading.text())
            answer = self.answers.pop(0) if self.answers else "cancel"
            assert answer in dialog.buttons
            dialog.deleteLater()
            return answer

        def ask_file(_parent: object, _title: str, start: str, *_: object, **__: object) -> tuple[str, str]:
            self.starts.append(start)
            return str(self.opened or ""), ""

        def ask_save(_parent: object, _title: str, start: str, *_: object, **__: object) -> tuple[str, str]:
            self.starts.append(start)
            return str(self.saved or ""), ""

        monkeypatch.setattr(dialogs.Dialog, "run", run)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", ask_file)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", ask_save)


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch) -> Clerk:
    return Clerk(monkeypatch)


def labels(page: TemplatePage) -> list[QLabel]:
    found: Iterable[QLabel] = page.findChildren(QLabel)
    return list(found)


def button(page: TemplatePage, text: str) -> QPushButton:
    buttons: Iterable[QPushButton] = page.findChildren(QPushButton)
    return next(b for b in buttons if b.text().strip() == text)


def test_the_first_time_the_view_is_shown_and_the_second_time_one_question_is_asked(
    window: MainWindow, clerk: Clerk, tmp_path: Path
) -> None:
    template = Path(shutil.copy(SPARSE, tmp_path / "附件2.xlsx"))
    before = template.read_bytes()
    clerk.opened, clerk.saved = template, tmp_path / "上报.xlsx"
    window.act_template.trigger()
    page = window.templates.page
    assert isinstance(page, TemplatePage)
    assert window.stack.currentWidget() is page
    button(page, "填好并另存为…").click()
    assert clerk.starts[-1].endswith("附件2 鲁山县人民政府办公室.xlsx")
    assert clerk.asked == ["已填好“上报.xlsx”，写入 183 格。"]
    assert window.stack.currentWidget() is window.editor
    assert template.read_bytes() == before
    clerk.saved = tmp_path / "再报.xlsx"
    clerk.answers = ["fill"]
    window.act_template.trigger()
    assert clerk.starts[-2] == str(template)  # the last template is at hand
    assert clerk.asked[1:] == ["和上次一样的模板，将写入 183 格。", "已填好“再报.xlsx”，写入 183 格。"]
    book = openpyxl.load_workbook(clerk.saved)
    assert window.session.report.value(PERSON) in [c.value for row in book.worksheets[0] for c in row]


def test_a_known_template_can_be_looked_at_before_it_is_filled(
    window: MainWindow, clerk: Clerk, tmp_path: Path, sample: Report
) -> None:
    template = Path(shutil.copy(UNITS, tmp_path / "汇总.xlsx"))
    templates.store_map(templates.open_template(template, sample))
    clerk.answers = ["view"]
    window.templates.open(template)
    assert clerk.asked == ["和上次一样的模板，将写入 182 格。"]
    assert window.stack.currentWidget() is window.templates.page


def test_a_template_whose_structure_changed_is_shown_with_what_changed(
    window: MainWindow, clerk: Clerk, tmp_path: Path, sample: Report
) -> None:
    template = Path(shutil.copy(FULL, tmp_path / "附件2.xlsx"))
    templates.store_map(templates.open_template(template, sample))

    def swap(book: Book) -> None:
        first, second = book["表三"]["A5"], book["表三"]["A6"]
        first.value, second.value = second.value, first.value

    changed(template, template, swap)
    window.templates.open(template)
    assert clerk.asked == []
    page = window.templates.page
    assert page is not None
    said = [label.text() for label in labels(page)]
    told = next(text for text in said if "结构不同" in text)
    assert "14 项换了位置（如“一、本年新收 · 自然人”原在 D5，现在 D6）" in told
    assert "没有沿用上次的对应关系" in told


def test_corrections_are_asked_about_before_the_page_is_left(
    window: MainWindow, clerk: Clerk, tmp_path: Path
) -> None:
    template = changed(tmp_path / "省模板.xlsx", FULL, without_row)
    window.templates.open(template)
    page = window.templates.page
    assert page is not None
    choose(page, "missing", received(page))
    click(sheet(page, "表三"), "D5")
    button(page, "返回").click()
    assert clerk.asked == ["您改过对应关系，还没有记住。"]
    assert window.stack.currentWidget() is page
    clerk.answers = ["keep", "cancel"]
    button(page, "返回").click()
    assert window.stack.currentWidget() is window.editor
    window.templates.open(template)
    assert clerk.asked[-1].startswith("和上次一样的模板，将写入")


def test_a_map_is_handed_to_another_office(
    window: MainWindow, clerk: Clerk, tmp_path: Path, troubles: list[GxError]
) -> None:
    template = changed(tmp_path / "省模板.xlsx", FULL, without_row)
    window.templates.open(template)
    page = window.templates.page
    assert page is not None
    choose(page, "missing", [PERSON])
    click(sheet(page, "表三"), "D5")
    clerk.saved = tmp_path / "对应关系"
    button(page, "导出对应关系…").click()
    handed = tmp_path / "对应关系.json"
    assert json.loads(handed.read_text(encoding="utf-8"))["edition"] == page.report.edition
    page.undo()
    clerk.opened = handed
    button(page, "导入对应关系…").click()
    assert place(page, PERSON) == "表三!D5"
    page.undo()
    assert place(page, PERSON) == ""
    clerk.opened = SAMPLES / "V_sparse.map.json"
    button(page, "导入对应关系…").click()
    assert len(troubles) == 1
    assert place(page, PERSON) == ""


def zipped(content: bytes) -> bytes:
    book, data = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0]["A1"] = content.decode()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存为"),
        ("表.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存为"),
        ("坏.xlsx", b"PK\x03\x04 nothing", ""),
        ("假.xlsx", "这不是工作簿".encode(), ""),
    ],
)
def test_what_cannot_be_filled_is_refused_in_one_sentence(
    window: MainWindow, troubles: list[GxError], tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    window.templates.open(path)
    assert len(troubles) == 1
    assert words in str(troubles[0])
    assert name in troubles[0].what
    assert window.stack.currentWidget() is window.editor
    assert path.read_bytes() == content


def test_a_workbook_without_any_heading_is_only_filled_by_hand(
    window: MainWindow, clerk: Clerk, tmp_path: Path
) -> None:
    path = tmp_path / "通讯录.xlsx"
    path.write_bytes(zipped("姓名".encode()))
    window.templates.open(path)
    assert clerk.asked == ["“通讯录.xlsx”里没有认出年报的任何一格。"]
    assert window.stack.currentWidget() is window.editor
    clerk.answers = ["by_hand"]
    window.templates.open(path)
    page = window.templates.page
    assert page is not None
    assert not page._save.isEnabled()
    choose(page, "missing", [PERSON])
    click(view(page), "B3")
    assert page._save.isEnabled()
    assert look(page, "Sheet", "B3") == ("30", "bound")


def test_a_file_that_cannot_be_written_may_go_elsewhere(
    window: MainWindow, clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = Path(shutil.copy(SPARSE, tmp_path / "附件2.xlsx"))
    window.templates.open(template)
    page = window.templates.page
    assert page is not None
    clerk.saved = template
    said: list[str] = []

    def elsewhere(_parent: object, error: GxError) -> bool:
        said.append(error.what)
        clerk.saved = tmp_path / "上报"
        return True

    monkeypatch.setattr(dialogs, "ask_elsewhere", elsewhere)
    button(page, "填好并另存为…").click()
    assert said == ["“附件2.xlsx”就是模板本身，没有覆盖它。"]
    assert clerk.asked == ["已填好“上报.xlsx”，写入 183 格。"]
    assert (tmp_path / "上报.xlsx").exists()


def test_the_folder_of_the_filled_file_is_opened_when_asked_for(
    window: MainWindow, clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(filling_module, "open_folder", shown.append)
    template = Path(shutil.copy(SPARSE, tmp_path / "附件2.xlsx"))
    clerk.saved = tmp_path / "报" / "上报.xlsx"
    clerk.saved.parent.mkdir()
    clerk.answers = ["folder"]
    window.templates.open(template)
    page = window.templates.page
    assert page is not None
    button(page, "填好并另存为…").click()
    assert shown == [clerk.saved.parent]
    assert window.settings.filled_folder == str(clerk.saved.parent)


def test_a_cancelled_filling_writes_nothing(tmp_path: Path, sample: Report) -> None:
    opened = templates.open_template(SPARSE, sample)
    target = tmp_path / "上报.xlsx"
    with pytest.raises(Cancelled):
        templates.write_filling(templates.plan_filling(opened, [sample]), opened, target, lambda: True)
    assert not target.exists()


@pytest.mark.parametrize("kind", ["form", "rollup"])
def test_a_blank_template_is_made_and_never_replaces_a_file(
    window: MainWindow, clerk: Clerk, troubles: list[GxError], tmp_path: Path, kind: str
) -> None:
    clerk.answers, clerk.saved = [kind], tmp_path / "空白.xlsx"
    window.act_blank_template.trigger()
    assert clerk.asked == ["新建哪一种空白模板？", "已新建“空白.xlsx”。"]
    assert len(openpyxl.load_workbook(clerk.saved).sheetnames) >= 1
    clerk.answers = [kind]
    window.act_blank_template.trigger()
    assert len(troubles) == 1


def test_the_tools_of_a_wide_window_stand_in_the_toolbar_from_1800(window: MainWindow) -> None:
    bar = window.menus.toolbar
    assert window.act_template not in bar.actions()
    window.resize(1820, 900)
    QApplication.processEvents()
    assert window.act_template in bar.actions()
    assert window.act_recompute in bar.actions()
    window.resize(1366, 700)
    QApplication.processEvents()
    assert window.act_template not in bar.actions()
