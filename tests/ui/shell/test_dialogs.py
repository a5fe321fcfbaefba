"""The dialogs: what they say, what each button and key answers, and that nothing is cut off."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gxeditor.core import edits
from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Findings
from gxeditor.core.checks.rules import Rule
from gxeditor.core.errors import ChangedElsewhere, DamagedFile, NotWritten
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Entry, Report, blank_report
from gxeditor.ui.look import theme
from gxeditor.ui.look.tasks import Task, Work
from gxeditor.ui.shell import dialogs

W = TypeVar("W", bound=QWidget)
R = TypeVar("R")
SAMPLE = Path(__file__).parents[2] / "samples" / "lushan-2022.expected.json"
DAMAGED = DamagedFile("“a.gxr”读不出来：第 17 行不完整。", "文件没有改动。", "请换一份备份打开。")
HELD = NotWritten("“a.gxr”正被其他程序占用。", "磁盘上原来的内容没有改动。", "请关闭 Excel 再保存。")


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    theme.apply_theme(qapp, "light")


@pytest.fixture(scope="session")
def report(form: Form) -> Report:
    """The sample as it should be read: 182 of 200 cells, 18 blank."""
    data: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    cells: dict[str, Any] = data["cells"]
    entries: dict[str, Entry | None] = {
        key: Decimal(value) if form.cells[key].decimals else value for key, value in cells.items()
    }
    report = blank_report(form, 2022).with_entries(entries)
    return report.with_fields(agency="鲁山县人民政府办公室", kind=AgencyKind.DEPARTMENT).with_section(
        "overview", "2022年以来，本机关认真落实条例。\n全年共收到申请30件，均已按时回复。"
    )


@pytest.fixture
def broken(report: Report, rules: tuple[Rule, ...]) -> Findings:
    return check(report.with_entry("requests.received.natural_person", 31), rules)


def within(act: Callable[[QDialog], None], call: Callable[[], R]) -> R:
    """The answer of a dialog that `call` shows, `act` standing in for the clerk."""
    met: list[QDialog] = []

    def meet() -> None:
        shown = QApplication.activeModalWidget()
        assert isinstance(shown, QDialog)
        met.append(shown)
        try:
            act(shown)
        finally:
            if shown.isVisible():
                shown.reject()

    QTimer.singleShot(0, meet)
    answer = call()
    assert met, "no dialog was shown"
    return answer


def all_of(parent: QWidget, kind: type[W]) -> list[W]:
    children: Iterable[QWidget] = parent.findChildren(QWidget)
    return [child for child in children if isinstance(child, kind)]


def words(dialog: QDialog) -> str:
    """Everything that the dialog says."""
    said = [label.text() for label in all_of(dialog, QLabel) if not label.isHidden()]
    return "\n".join([*said, *(view.toPlainText() for view in all_of(dialog, QTextBrowser))])


def press(text: str) -> Callable[[QDialog], None]:
    def act(dialog: QDialog) -> None:
        next(b for b in all_of(dialog, QPushButton) if b.text() == text).click()

    return act


def key(code: Qt.Key) -> Callable[[QDialog], None]:
    def act(dialog: QDialog) -> None:
        QTest.keyClick(QApplication.focusWidget() or dialog, code)

    return act


def buttons(dialog: QDialog) -> list[str]:
    return [button.text() for button in all_of(dialog, QPushButton)]


def elsewhere(parent: None = None) -> str:
    return dialogs.ask_changed_elsewhere(parent, ChangedElsewhere("文件在别处改过。", "您的修改还没有写入。"))


@pytest.mark.parametrize(("word", "answer"), [("保存", "save"), ("不保存", "discard"), ("取消", "cancel")])
def test_closing_asks_whether_to_save(word: str, answer: str) -> None:
    assert within(press(word), lambda: dialogs.ask_save(None, "年报")) == answer


@pytest.mark.parametrize(
    ("word", "answer"), [("另存为…", "save_as"), ("再试一次", "again"), ("取消", "cancel")]
)
def test_a_report_that_was_not_written_can_go_elsewhere_or_be_tried_again(word: str, answer: str) -> None:
    def act(dialog: QDialog) -> None:
        assert all(part in words(dialog) for part in (HELD.what, HELD.meaning, HELD.remedy))
        press(word)(dialog)

    assert within(act, lambda: dialogs.ask_not_written(None, HELD)) == answer


@pytest.mark.parametrize(("word", "replaces"), [("替换", True), ("取消", False)])
def test_a_file_that_is_there_is_replaced_only_if_asked_for(word: str, replaces: bool) -> None:
    def act(dialog: QDialog) -> None:
        assert "“年报.gxr~”" in words(dialog)
        press(word)(dialog)

    assert within(act, lambda: dialogs.ask_replace(None, "年报.gxr")) is replaces


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (lambda: dialogs.ask_save(None, "年报"), "save"),
        (elsewhere, "save_as"),
        (lambda: dialogs.ask_not_written(None, HELD), "save_as"),
        (lambda: dialogs.ask_damaged(None, DAMAGED, True, True), "journal"),
        (lambda: dialogs.ask_damaged(None, DAMAGED, True, False), "kept"),
    ],
)
def test_enter_chooses_what_loses_nothing_and_esc_chooses_nothing(
    call: Callable[[], str], answer: str
) -> None:
    assert within(key(Qt.Key.Key_Return), call) == answer
    assert within(key(Qt.Key.Key_Escape), call) == "cancel"


@pytest.mark.parametrize(
    ("word", "answer"),
    [("重新读取", "reload"), ("另存为…", "save_as"), ("覆盖", "overwrite"), ("取消", "cancel")],
)
def test_a_file_changed_elsewhere_has_three_ways_out(word: str, answer: str) -> None:
    assert within(press(word), elsewhere) == answer


@pytest.mark.parametrize(
    ("kept", "journal", "offered"),
    [
        (True, True, ["取消", "用上一版本打开", "用自动保留的修改恢复"]),
        (True, False, ["取消", "用上一版本打开"]),
        (False, True, ["取消", "用自动保留的修改恢复"]),
        (False, False, ["关闭"]),
    ],
)
def test_a_damaged_file_offers_only_what_there_is(kept: bool, journal: bool, offered: list[str]) -> None:
    def act(dialog: QDialog) -> None:
        assert buttons(dialog) == ["复制这段话", *offered]
        press(offered[-1])(dialog)

    answer = {"取消": "cancel", "关闭": "cancel", "用上一版本打开": "kept", "用自动保留的修改恢复": "journal"}
    assert within(act, lambda: dialogs.ask_damaged(None, DAMAGED, kept, journal)) == answer[offered[-1]]


def test_an_error_is_told_in_full_and_can_be_copied() -> None:
    error = NotWritten(
        "文件正被 Excel 占用，没有保存。", "修改仍在这里。", "请关闭 Excel 中的这个文件后再保存。"
    )

    def act(dialog: QDialog) -> None:
        assert words(dialog).splitlines() == [error.what, error.meaning, error.remedy]
        press("复制这段话")(dialog)
        assert dialog.isVisible()

    within(act, lambda: dialogs.show_error(None, error))
    assert QGuiApplication.clipboard().text() == str(error)


def test_filling_blanks_lists_the_cells_before_it_asks(report: Report) -> None:
    blanks = edits.blank_cells(report, report.form.cells.values())

    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert told.startswith("把 18 个未填的格填为 0。已有内容的格不变，可以撤销。")
        assert "表三，18 格" in told
        assert "三（一）予以公开" in told
        assert "自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他组织" in told
        press("填 0")(dialog)

    assert within(act, lambda: dialogs.ask_fill_blanks(None, blanks))
    assert not within(press("取消"), lambda: dialogs.ask_fill_blanks(None, blanks))


def test_a_blank_report_begins_with_what_was_filled_in() -> None:
    def act(dialog: QDialog) -> None:
        agency = all_of(dialog, QLineEdit)[0]
        assert dialog.focusWidget() is agency
        agency.setText("  鲁山县水利局 ")
        agency.textEdited.emit(agency.text())
        all_of(dialog, QSpinBox)[0].setValue(2023)
        press("新建年报")(dialog)

    new = within(act, lambda: dialogs.ask_new_report(None, prior=None, year=2022))
    assert new == dialogs.NewReport("鲁山县水利局", AgencyKind.DEPARTMENT, 2023)
    assert within(key(Qt.Key.Key_Escape), lambda: dialogs.ask_new_report(None, prior=None, year=2022)) is None


def test_a_kind_that_was_chosen_by_hand_stays() -> None:
    def act(dialog: QDialog) -> None:
        agency, kind = all_of(dialog, QLineEdit)[0], all_of(dialog, QComboBox)[0]
        kind.setCurrentIndex(3)
        kind.activated.emit(3)
        agency.setText("鲁山县水利局")
        agency.textEdited.emit(agency.text())
        press("新建年报")(dialog)

    new = within(act, lambda: dialogs.ask_new_report(None, prior=None, year=2022))
    assert new is not None
    assert new.kind is AgencyKind.OTHER


def test_from_last_year_says_what_comes_over_and_warns_of_a_gap(report: Report) -> None:
    def act(dialog: QDialog) -> None:
        assert "上年结转：取自去年的结转下年度" in words(dialog)
        assert "文字：一，共 1 部分，请改成今年的内容" in words(dialog)
        assert "不相连" not in words(dialog)
        all_of(dialog, QSpinBox)[0].setValue(2025)
        assert "去年的年报是 2022 年的，与 2025 年不相连" in words(dialog)
        all_of(dialog, QSpinBox)[0].setValue(2023)
        key(Qt.Key.Key_Return)(dialog)

    new = within(act, lambda: dialogs.ask_new_report(None, prior=report, year=2023))
    assert new == dialogs.NewReport("鲁山县人民政府办公室", AgencyKind.DEPARTMENT, 2023)

    def told(dialog: QDialog) -> None:
        assert "上年结转：7 格" in words(dialog)

    within(told, lambda: dialogs.ask_new_report(None, prior=report, year=2023, carried=["上年结转：7 格"]))


def test_an_export_without_errors_names_the_files_it_writes(report: Report, tmp_path: Path) -> None:
    def act(dialog: QDialog) -> None:
        assert "会写出“办公室2022.年报.pdf”、“办公室2022.年报.xlsx”。" in words(dialog)
        boxes = {box.text()[:3]: box for box in all_of(dialog, QCheckBox)}
        assert [name for name, box in boxes.items() if box.isChecked()] == ["PDF", "Exc"]
        boxes["Exc"].setChecked(False)
        boxes["导出后"].setChecked(True)
        press("导出")(dialog)

    choice = within(
        act, lambda: dialogs.ask_export(None, report, Findings(), (), tmp_path / "办公室2022.年报")
    )
    assert choice == dialogs.ExportChoice((tmp_path / "办公室2022.年报.pdf",), True)


def test_a_proof_and_every_format_have_a_name_of_their_own(report: Report, tmp_path: Path) -> None:
    def act(dialog: QDialog) -> None:
        boxes = all_of(dialog, QCheckBox)
        assert not boxes[0].isChecked()
        assert boxes[1].isChecked()
        for box in boxes[:-1]:
            box.setChecked(True)
        assert "会写出 7 个文件。" in words(dialog)
        press("导出")(dialog)

    choice = within(
        act,
        lambda: dialogs.ask_export(
            None, report, Findings(), (), tmp_path / "甲", formats=(dialogs.PROOF,), show_folder=True
        ),
    )
    assert choice is not None
    assert [path.name for path in choice.paths] == [
        f"甲{suffix}" for suffix in (".pdf", ".docx", ".xlsx", ".html", ".txt", ".json")
    ]
    assert choice.proof == tmp_path / "甲（校对稿）.pdf"
    assert choice.show_folder


@pytest.mark.parametrize(("word", "again"), [("另存为…", True), ("不写这个文件", False)])
def test_a_file_that_could_not_be_written_can_go_elsewhere(word: str, again: bool) -> None:
    error = NotWritten("“a.docx”正被别的程序占用，没有写出。", "", "请关闭它，或另存为别的名字。")

    def act(dialog: QDialog) -> None:
        assert error.what in words(dialog)
        press(word)(dialog)

    assert within(act, lambda: dialogs.ask_elsewhere(None, error)) is again


def test_long_work_shows_how_far_it_is_and_can_be_given_up() -> None:
    heard: list[object] = []

    def function(work: Work) -> None:
        work.advance(1, 4, "第 2 页，共 4 页")
        while True:
            work.stop_if_cancelled()
            time.sleep(0.005)

    task = Task(function)
    task.done.connect(heard.append)

    def give_up() -> None:
        dialog = QApplication.activeModalWidget()
        bars = all_of(dialog, QProgressBar) if isinstance(dialog, QDialog) else []
        if not bars:
            QTimer.singleShot(20, give_up)
            return
        assert isinstance(dialog, QDialog)
        (bar,) = bars
        assert (bar.value(), bar.maximum()) == (1, 4)
        assert "第 2 页，共 4 页" in words(dialog)
        key(Qt.Key.Key_Escape)(dialog)
        assert "正在取消…" in words(dialog)

    QTimer.singleShot(0, give_up)
    dialogs.wait_for(None, "打印", task)
    assert not task.is_running
    assert heard == []


def test_short_work_shows_nothing() -> None:
    heard: list[object] = []
    task = Task(lambda _work: "好了")
    task.done.connect(heard.append)
    dialogs.wait_for(None, "导出", task)
    assert heard == ["好了"]
    assert QApplication.activeModalWidget() is None


def test_open_errors_are_listed_once_and_forbid_nothing(
    report: Report, broken: Findings, tmp_path: Path
) -> None:
    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert told.startswith("还有 2 个错误，可以先导出，定稿前须处理。")
        message = "自然人：第一项加第二项为 31，第三项总计加第四项为 30，相差 1。"
        assert told.count(message) == 1
        press("仍然导出")(dialog)

    assert within(act, lambda: dialogs.ask_export(None, report, broken, (), tmp_path / "a")) is not None


def test_the_errors_can_be_looked_at_instead(report: Report, broken: Findings, tmp_path: Path) -> None:
    asked: list[str] = []
    choice = within(
        press("看错误"),
        lambda: dialogs.ask_export(
            None, report, broken, (), tmp_path / "a", show_errors=lambda: asked.append("errors")
        ),
    )
    assert choice is None
    assert asked == ["errors"]


def test_a_character_without_a_face_is_named(report: Report, tmp_path: Path) -> None:
    def act(dialog: QDialog) -> None:
        assert "PDF 的字体里没有这样的字：𠮷（U+20BB7），印出来会是〓。" in words(dialog)

    within(act, lambda: dialogs.ask_export(None, report, Findings(), ("𠮷",), tmp_path / "a"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "请填写文件名。"),
        ("a/b:c", "文件名里不能有 / :。"),
        ("有了", "文件夹里已有“有了.pdf”，导出时会替换。"),
    ],
)
def test_a_name_that_cannot_be_or_is_taken_is_told_before(
    report: Report, tmp_path: Path, name: str, told: str
) -> None:
    (tmp_path / "有了.pdf").write_bytes(b"")

    def act(dialog: QDialog) -> None:
        all_of(dialog, QLineEdit)[0].setText(name)
        assert told in words(dialog)
        export = next(b for b in all_of(dialog, QPushButton) if b.text() == "导出")
        assert export.isEnabled() == (name == "有了")

    within(act, lambda: dialogs.ask_export(None, report, Findings(), (), tmp_path / "a"))


def test_without_a_format_there_is_nothing_to_export(report: Report, tmp_path: Path) -> None:
    def act(dialog: QDialog) -> None:
        for box in all_of(dialog, QCheckBox)[:-1]:
            box.setChecked(False)
        assert "请至少选择一种格式。" in words(dialog)
        key(Qt.Key.Key_Return)(dialog)
        assert dialog.isVisible()

    assert within(act, lambda: dialogs.ask_export(None, report, Findings(), (), tmp_path / "a")) is None


def test_another_folder_can_be_chosen(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "别处"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(other))

    def act(dialog: QDialog) -> None:
        press("选择…")(dialog)
        press("导出")(dialog)

    choice = within(act, lambda: dialogs.ask_export(None, report, Findings(), (), tmp_path / "a"))
    assert choice is not None
    assert choice.paths == (other / "a.pdf", other / "a.xlsx")


def test_what_a_step_filled_is_told_line_by_line() -> None:
    def act(dialog: QDialog) -> None:
        assert words(dialog).splitlines() == ["带过来的内容", "单位：甲局", "上年结转：6 格"]

    within(act, lambda: dialogs.show_told(None, "带过来的内容", ["单位：甲局", "上年结转：6 格"]))


def test_a_difference_is_told_as_printed(report: Report) -> None:
    after = report.with_entries(
        {
            "requests.received.natural_person": 31,
            "requests.handled.granted.natural_person": 2,
            "proactive.normative_documents.issued": None,
        }
    ).with_section("overview", report.sections["overview"].replace("30件", "31件"))

    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert told.startswith("没有保存的修改有 4 处。")
        lines = told.splitlines()
        place = lines.index("一、本年新收 · 自然人")
        assert lines[place + 1 : place + 3] == ["30", "31"]
        place = lines.index("三（一）予以公开 · 自然人")
        assert lines[place + 1 : place + 3] == ["空", "2"]
        place = lines.index("行政规范性文件 · 本年制发")
        assert lines[place + 1 : place + 3] == ["19", "空"]
        assert "…全年共收到申请30件，均已按时回复…" in lines
        assert "…全年共收到申请31件，均已按时回复…" in lines

    within(act, lambda: dialogs.show_diff(None, report, after))


def test_an_automatic_total_is_no_change_of_its_own(form: Form) -> None:
    cells = [cell for cell in form.cells if cell.startswith("requests.received.")]
    filled = blank_report(form).with_entries({cell: 1 for cell in cells if not form.cells[cell].is_total})

    def act(dialog: QDialog) -> None:
        assert words(dialog).startswith("没有保存的修改有 1 处。")

    within(act, lambda: dialogs.show_diff(None, filled, filled.with_entry(cells[0], 9)))


def test_equal_reports_have_no_difference(report: Report) -> None:
    def act(dialog: QDialog) -> None:
        assert words(dialog) == "与文件里的内容没有差别。"

    within(act, lambda: dialogs.show_diff(None, report, report))


def test_a_long_change_of_text_is_shortened(report: Report) -> None:
    after = report.with_section("problems", "甲" * 500)

    def act(dialog: QDialog) -> None:
        assert f"{'甲' * 60}……{'甲' * 60}" in words(dialog)

    within(act, lambda: dialogs.show_diff(None, report, after))


def test_a_second_crash_joins_the_first() -> None:
    def act(dialog: QDialog) -> None:
        assert "您的年报没有丢失" in words(dialog)
        dialogs.show_crash(None, "second fault")
        text = all_of(dialog, QPlainTextEdit)[0].toPlainText()
        assert text == "first fault\n\nsecond fault"
        press("复制详情")(dialog)

    within(act, lambda: dialogs.show_crash(None, "first fault"))
    assert QGuiApplication.clipboard().text() == "first fault\n\nsecond fault"


def test_the_keys_of_the_window_are_listed_as_they_are_set(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    action = QAction("新建空白年报(&N)…", window)
    action.setShortcuts([QKeySequence("Ctrl+N"), QKeySequence("Ctrl+T")])
    window.addAction(action)
    window.addAction(QAction("没有键", window))

    def act(dialog: QDialog) -> None:
        lines = words(dialog).splitlines()
        assert lines[lines.index("Ctrl+N，Ctrl+T") + 1] == "新建空白年报"
        assert "没有键" not in lines
        assert "向下填充，向右填充" in lines

    within(act, lambda: dialogs.show_shortcuts(window))


def test_about_names_version_licences_and_that_nothing_leaves_the_computer() -> None:
    import gxeditor

    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert f"版本 {gxeditor.__version__}" in told
        assert "不联网" in told
        assert "LGPL 3" in told

    within(act, lambda: dialogs.show_about(None))


def every_dialog(report: Report, findings: Findings, folder: Path) -> dict[str, Callable[[], object]]:
    blanks = edits.blank_cells(report, report.form.cells.values())
    long = "很长的单位名称" * 6
    return {
        "save": lambda: dialogs.ask_save(None, long),
        "elsewhere": elsewhere,
        "error": lambda: dialogs.show_error(None, DAMAGED),
        "damaged": lambda: dialogs.ask_damaged(None, DAMAGED, True, True),
        "blanks": lambda: dialogs.ask_fill_blanks(None, blanks),
        "new": lambda: dialogs.ask_new_report(None, prior=None, year=2022),
        "prior": lambda: dialogs.ask_new_report(None, prior=report, year=2024),
        "export": lambda: dialogs.ask_export(None, report, findings, ("𠮷",) * 12, folder / long),
        "told": lambda: dialogs.show_told(None, "带过来的内容", ["一句话"] * 40),
        "diff": lambda: dialogs.show_diff(None, blank_report(report.form), report),
        "crash": lambda: dialogs.show_crash(None, "line\n" * 80),
        "keys": lambda: dialogs.show_shortcuts(None),
        "about": lambda: dialogs.show_about(None),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name",
    [
        "save",
        "elsewhere",
        "error",
        "damaged",
        "blanks",
        "new",
        "prior",
        "export",
        "told",
        "diff",
        "crash",
        "keys",
        "about",
    ],
)
def test_nothing_is_cut_off_and_everything_has_a_name(
    name: str, scheme: theme.Scheme, report: Report, broken: Findings, tmp_path: Path, qapp: QApplication
) -> None:
    theme.apply_theme(qapp, scheme)

    def act(dialog: QDialog) -> None:
        assert not dialog.grab().isNull()
        assert dialog.accessibleName()
        screen = dialog.screen().availableGeometry()
        assert dialog.width() <= screen.width()
        assert dialog.height() <= screen.height()
        for label in all_of(dialog, QLabel):
            if label.isVisible() and label.text():
                assert label.height() >= label.heightForWidth(label.width()), label.text()
        for button in all_of(dialog, QPushButton):
            assert button.width() >= button.sizeHint().width(), button.text()
            assert button.text() not in ("确定", "是", "否")
        fields: list[QWidget] = [*all_of(dialog, QTextBrowser), *all_of(dialog, QPlainTextEdit)]
        fields += [f for f in all_of(dialog, QLineEdit) if not isinstance(f.parent(), QSpinBox)]
        for field in [*fields, *all_of(dialog, QComboBox), *all_of(dialog, QSpinBox)]:
            assert field.accessibleName(), type(field)
            assert field.height() >= field.minimumSizeHint().height(), type(field)
        assert sum(bool(button.property("primary")) for button in all_of(dialog, QPushButton)) == 1

    within(act, every_dialog(report, broken, tmp_path)[name])
