"""The dialog of an export: which files it names, what it warns of, and that it forbids nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPushButton,
)

from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Findings
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.form import Form
from gxeditor.core.report import Explanation, Report
from gxeditor.ui.look import theme
from gxeditor.ui.output.export_dialog import PROOF, ExportChoice, ask_export
from tests.dialogs import (
    LONG,
    all_of,
    assert_nothing_is_cut_off,
    key,
    press,
    sample_report,
    within,
    word,
    words,
)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    theme.apply_theme(qapp, "light")
    yield
    theme.apply_theme(qapp, "light")


@pytest.fixture(scope="session")
def report(form: Form) -> Report:
    return sample_report(form)


@pytest.fixture
def broken(report: Report, rules: tuple[Rule, ...]) -> Findings:
    return check(report.with_entry("requests.received.natural_person", 31), rules)


def test_an_export_without_errors_names_the_files_it_writes(report: Report, tmp_path: Path) -> None:
    def act(dialog: QDialog) -> None:
        assert "会写出“办公室2022.年报.pdf”、“办公室2022.年报.xlsx”。" in words(dialog)
        boxes = {box.text()[:3]: box for box in all_of(dialog, QCheckBox)}
        assert [name for name, box in boxes.items() if box.isChecked()] == ["PDF", "Exc"]
        boxes["Exc"].setChecked(False)
        boxes["导出后"].setChecked(True)
        press("导出")(dialog)

    choice = within(act, lambda: ask_export(None, report, Findings(), (), tmp_path / "办公室2022.年报"))
    assert choice == ExportChoice((tmp_path / "办公室2022.年报.pdf",), True)


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
        lambda: ask_export(None, report, Findings(), (), tmp_path / "甲", formats=(PROOF,), show_folder=True),
    )
    assert choice is not None
    assert [path.name for path in choice.paths] == [
        f"甲{suffix}" for suffix in (".pdf", ".docx", ".xlsx", ".html", ".txt", ".json")
    ]
    assert choice.proof == tmp_path / "甲（校对稿）.pdf"
    assert choice.show_folder


def test_what_was_explained_is_counted_apart_in_the_export_dialog(
    report: Report, broken: Findings, tmp_path: Path
) -> None:
    query = next(one for one in broken.findings if one.severity is Severity.QUERY)
    explained = replace(query, explanation=Explanation("案卷还没有移交", query.values))
    findings = replace(broken, findings=tuple(explained if one is query else one for one in broken.findings))
    told: list[str] = []

    def act(dialog: QDialog) -> None:
        told.append(words(dialog))

    within(act, lambda: ask_export(None, report, findings, (), tmp_path / "a"))
    left = broken.count(Severity.QUERY) - 1
    assert (f"另有 {left} 处核实" in told[0]) == (left > 0)
    assert "1 处已说明；表格 " in told[0]
    assert "未发现问题" not in told[0]


def test_open_errors_are_listed_once_and_forbid_nothing(
    report: Report, broken: Findings, tmp_path: Path
) -> None:
    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert told.startswith(f"还有 {broken.count(Severity.ERROR)} 个错误，可以先导出，定稿前须处理。")
        message = "自然人：第一项加第二项为 31，第三项总计加第四项为 30，相差 1。"
        assert told.count(message) == 1
        press("仍然导出")(dialog)

    assert within(act, lambda: ask_export(None, report, broken, (), tmp_path / "a")) is not None


def test_the_errors_can_be_looked_at_instead(report: Report, broken: Findings, tmp_path: Path) -> None:
    asked: list[str] = []
    choice = within(
        press("看错误"),
        lambda: ask_export(
            None, report, broken, (), tmp_path / "a", show_errors=lambda: asked.append("errors")
        ),
    )
    assert choice is None
    assert asked == ["errors"]


def test_a_character_without_a_face_is_named(report: Report, tmp_path: Path) -> None:
    def act(dialog: QDialog) -> None:
        assert "PDF 的字体里没有这样的字：𠮷（U+20BB7），印出来会是〓。" in words(dialog)

    within(act, lambda: ask_export(None, report, Findings(), ("𠮷",), tmp_path / "a"))


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
        export = next(b for b in all_of(dialog, QPushButton) if word(b) == "导出")
        assert export.isEnabled() == (name == "有了")

    within(act, lambda: ask_export(None, report, Findings(), (), tmp_path / "a"))


def test_without_a_format_there_is_nothing_to_export(report: Report, tmp_path: Path) -> None:
    def act(dialog: QDialog) -> None:
        for box in all_of(dialog, QCheckBox)[:-1]:
            box.setChecked(False)
        assert "请至少选择一种格式。" in words(dialog)
        key(Qt.Key.Key_Return)(dialog)
        assert dialog.isVisible()

    assert within(act, lambda: ask_export(None, report, Findings(), (), tmp_path / "a")) is None


def test_another_folder_can_be_chosen(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "别处"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(other))

    def act(dialog: QDialog) -> None:
        press("选择…")(dialog)
        press("导出")(dialog)

    choice = within(act, lambda: ask_export(None, report, Findings(), (), tmp_path / "a"))
    assert choice is not None
    assert choice.paths == (other / "a.pdf", other / "a.xlsx")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_and_everything_has_a_name(
    scheme: theme.Scheme, report: Report, broken: Findings, tmp_path: Path, qapp: QApplication
) -> None:
    theme.apply_theme(qapp, scheme)
    assert_nothing_is_cut_off(lambda: ask_export(None, report, broken, ("𠮷",) * 12, tmp_path / LONG))
