"""The conversation about foreign workbooks: first time, second time, refused, handed on, blank ones."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QProgressBar

from gxeditor import documents
from gxeditor.app import build
from gxeditor.core.errors import Cancelled, GxError
from gxeditor.core.report import Report
from gxeditor.resources import resource
from gxeditor.settings import Folders
from gxeditor.templates import shelf as templates
from gxeditor.ui.look import dialog, opening, theme
from gxeditor.ui.look.dialog import Dialog
from gxeditor.ui.shell import questions
from gxeditor.ui.shell.window import MainWindow
from gxeditor.ui.template.page import TemplatePage
from tests.dialogs import all_of
from tests.template_pages import (
    FULL,
    PERSON,
    SAMPLES,
    SPARSE,
    UNITS,
    Book,
    button,
    changed,
    choose,
    click,
    labels,
    look,
    place,
    received,
    sheet,
    view,
    without_row,
)


@pytest.fixture(scope="module")
def sample() -> Report:
    return documents.read(resource("samples/lushan-2022.txt")).report


@pytest.fixture
def window(
    qapp: QApplication, tmp_path: Path, sample: Report, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    _, window = build([], Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log"))
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(1366, 700)
    window.show()
    window.session.begin(sample)
    window.open_at("requests")
    QApplication.processEvents()
    yield window
    monkeypatch.setattr(questions, "ask_save", lambda *_: "discard")
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.apply_theme(qapp, "light")


@pytest.fixture
def troubles(monkeypatch: pytest.MonkeyPatch) -> list[GxError]:
    shown: list[GxError] = []
    monkeypatch.setattr(dialog, "show_error", lambda _parent, error: shown.append(error))
    return shown


class Clerk:
    """Answers what is asked; the headings of the questions are kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.answers: list[str] = []
        self.saved: Path | None = None
        self.opened: Path | None = None
        self.starts: list[str] = []

        really_run = Dialog.run

        def run(shown: Dialog) -> str:
            if all_of(shown, QProgressBar):  # on a busy machine work takes its moment
                return really_run(shown)
            self.asked.append(shown.heading.text())
            answer = self.answers.pop(0) if self.answers else "cancel"
            assert answer in shown.buttons
            shown.deleteLater()
            return answer

        def ask_file(_parent: object, _title: str, start: str, *_: object, **__: object) -> tuple[str, str]:
            self.starts.append(start)
            return str(self.opened or ""), ""

        def ask_save(_parent: object, _title: str, start: str, *_: object, **__: object) -> tuple[str, str]:
            self.starts.append(start)
            return str(self.saved or ""), ""

        monkeypatch.setattr(Dialog, "run", run)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", ask_file)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", ask_save)


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch) -> Clerk:
    return Clerk(monkeypatch)


def test_the_first_time_the_view_is_shown_and_the_second_time_one_question_is_asked(
    window: MainWindow, clerk: Clerk, tmp_path: Path
) -> None:
    template = Path(shutil.copy(SPARSE, tmp_path / "附件2.xlsx"))
    before = template.read_bytes()
    clerk.opened, clerk.saved = template, tmp_path / "上报.xlsx"
    window.acts.template.trigger()
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
    window.acts.template.trigger()
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
        (
            "加密.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "密码",
        ),
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
    assert not button(page, "填好并另存为…").isEnabled()
    choose(page, "missing", [PERSON])
    click(view(page), "B3")
    assert look(page, "Sheet", "B3") == ("30", "bound")
    assert button(page, "填好并另存为…").isEnabled()


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

    monkeypatch.setattr(dialog, "ask_elsewhere", elsewhere)
    button(page, "填好并另存为…").click()
    assert said == ["“附件2.xlsx”就是模板本身，没有覆盖它。"]
    assert clerk.asked == ["已填好“上报.xlsx”，写入 183 格。"]
    assert (tmp_path / "上报.xlsx").exists()


def test_the_folder_of_the_filled_file_is_opened_when_asked_for(
    window: MainWindow, clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(opening, "show_in_folder", lambda path: shown.append(path) or "")  # type: ignore[func-returns-value]
    template = Path(shutil.copy(SPARSE, tmp_path / "附件2.xlsx"))
    clerk.saved = tmp_path / "报" / "上报.xlsx"
    clerk.saved.parent.mkdir()
    clerk.answers = ["folder"]
    window.templates.open(template)
    page = window.templates.page
    assert page is not None
    button(page, "填好并另存为…").click()
    assert shown == [clerk.saved]
    assert window.settings.filled_folder == str(clerk.saved.parent)


def test_a_cancelled_filling_writes_nothing(tmp_path: Path, sample: Report) -> None:
    opened = templates.open_template(SPARSE, sample)
    target = tmp_path / "上报.xlsx"
    with pytest.raises(Cancelled):
        templates.write_filling(templates.plan_filling(opened, [sample]), opened, target, lambda: True)
    assert not target.exists()


def test_this_years_figures_go_into_last_years_word_file(
    window: MainWindow, clerk: Clerk, sample: Report, tmp_path: Path
) -> None:
    last = tmp_path / "去年.docx"
    documents.export(sample.with_entries(dict.fromkeys(sample.form.cells)), last)
    clerk.opened, clerk.saved, clerk.answers = last, tmp_path / "今年.docx", ["cancel"]
    window.acts.fill_word.trigger()
    assert clerk.asked == ["已填好“今年.docx”，写入 200 格。"]
    assert documents.read(clerk.saved).report.values == sample.values
    assert documents.read(last).report.entries == {}


def test_what_is_no_word_file_is_refused_and_nothing_is_written(
    window: MainWindow, clerk: Clerk, troubles: list[GxError], tmp_path: Path
) -> None:
    clerk.opened, clerk.saved = FULL, tmp_path / "今年.docx"
    window.acts.fill_word.trigger()
    assert "不是 Word 文档" in troubles[0].what
    assert not clerk.saved.exists()


@pytest.mark.parametrize("kind", ["form", "rollup"])
def test_a_blank_template_is_made_and_never_replaces_a_file(
    window: MainWindow, clerk: Clerk, troubles: list[GxError], tmp_path: Path, kind: str
) -> None:
    clerk.answers, clerk.saved = [kind], tmp_path / "空白.xlsx"
    window.acts.blank_template.trigger()
    assert clerk.asked == ["新建哪一种空白模板？", "已新建“空白.xlsx”。"]
    assert len(openpyxl.load_workbook(clerk.saved).sheetnames) >= 1
    clerk.answers = [kind]
    window.acts.blank_template.trigger()
    assert len(troubles) == 1


def test_the_tools_of_a_wide_window_stand_in_the_toolbar_from_1800(window: MainWindow) -> None:
    bar = window.menus.toolbar
    assert window.acts.template not in bar.actions()
    window.resize(1820, 900)
    QApplication.processEvents()
    assert window.acts.template in bar.actions()
    assert window.acts.recompute in bar.actions()
    window.resize(1366, 700)
    QApplication.processEvents()
    assert window.acts.template not in bar.actions()
