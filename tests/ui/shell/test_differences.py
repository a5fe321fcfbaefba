"""What differs between two states of a report is told as printed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
)

from gxeditor.core.form import Form
from gxeditor.core.report import Bound, Explanation, Final, Report, blank_report
from gxeditor.core.revision import to_revise
from gxeditor.ui.look import theme
from gxeditor.ui.shell.differences import ask_previous, show_diff
from tests.dialogs import (
    assert_nothing_is_cut_off,
    press,
    sample_report,
    within,
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
        assert lines[place + 1 : place + 3] == ["未填", "2"]
        place = lines.index("行政规范性文件 · 本年制发")
        assert lines[place + 1 : place + 3] == ["19", "未填"]
        assert "…全年共收到申请30件，均已按时回复…" in lines
        assert "…全年共收到申请31件，均已按时回复…" in lines

    within(act, lambda: show_diff(None, report, after))


def test_an_automatic_total_is_no_change_of_its_own(form: Form) -> None:
    cells = [cell for cell in form.cells if cell.startswith("requests.received.")]
    filled = blank_report(form).with_entries({cell: 1 for cell in cells if not form.cells[cell].is_total})

    def act(dialog: QDialog) -> None:
        assert words(dialog).startswith("没有保存的修改有 1 处。")

    within(act, lambda: show_diff(None, filled, filled.with_entry(cells[0], 9)))


def test_a_figure_that_is_no_longer_in_doubt_is_a_difference(form: Form) -> None:
    cell = "requests.received.natural_person"
    doubted = blank_report(form).with_entry(cell, 3).with_doubts({cell: "看不清。"})

    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert told.startswith("没有保存的修改有 1 处。")
        assert "（导入时存疑）" in told
        assert "不再存疑" in told

    within(act, lambda: show_diff(None, doubted, doubted.without_doubts([cell])))


def test_equal_reports_have_no_difference(report: Report) -> None:
    def act(dialog: QDialog) -> None:
        assert words(dialog) == "与文件里的内容没有差别。"

    within(act, lambda: show_diff(None, report, report))


def test_a_long_change_of_text_is_shortened(report: Report) -> None:
    after = report.with_section("problems", "甲" * 500)

    def act(dialog: QDialog) -> None:
        assert f"{'甲' * 60}……{'甲' * 60}" in words(dialog)

    within(act, lambda: show_diff(None, report, after))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_and_everything_has_a_name(
    scheme: theme.Scheme, report: Report, qapp: QApplication
) -> None:
    theme.apply_theme(qapp, scheme)
    assert_nothing_is_cut_off(lambda: show_diff(None, blank_report(report.form), report))


def test_numbers_of_last_year_that_were_looked_at_are_a_difference(form: Form) -> None:
    text = "2022年收到62件。"
    marked = blank_report(form).with_section("overview", text).with_prose_doubts("overview", to_revise(text))

    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert told.startswith("没有保存的修改有 1 处。")
        assert "文字里待改的去年的年份和数" in told
        assert "2 处" in told

    within(act, lambda: show_diff(None, marked, marked.without_prose_doubts("overview", [0])))


def test_before_a_previous_version_is_opened_what_differs_is_told(report: Report) -> None:
    saved = report.with_entry("requests.received.natural_person", 31)
    heads: list[str] = []

    def note(dialog: QDialog) -> None:
        heads.append(words(dialog).splitlines()[0])
        press("用上一版本打开")(dialog)

    assert within(note, lambda: ask_previous(None, "年报.gxr", report, saved))
    assert within(note, lambda: ask_previous(None, "年报.gxr", report, report))
    assert within(note, lambda: ask_previous(None, "年报.gxr", report, None))
    assert heads == [
        "这是“年报.gxr”上一次保存的版本，与最近保存的有 1 处不同。",
        "这是“年报.gxr”上一次保存的版本，与最近保存的没有差别。",
        "这是“年报.gxr”上一次保存的版本，最近保存的那份读不出来。",
    ]
    assert not within(press("取消"), lambda: ask_previous(None, "年报.gxr", report, saved))
    assert_nothing_is_cut_off(lambda: ask_previous(None, "年报.gxr", report, saved))


def test_what_a_person_said_of_a_report_is_a_difference(form: Form) -> None:
    cell = "requests.received.natural_person"
    before = blank_report(form).with_entry(cell, 3).with_section("overview", "收到3件。")
    after = (
        before.with_bound("overview", [Bound(2, "3", (cell,))])
        .with_explanation(f"E-01@{cell}", Explanation("上年数已经核实", ("3",)))
        .with_closed("Y-01", "机构合并")
        .with_finals([Final("2026-01-12", "张三", "0" * 64, reopened="2026-01-13 补充")])
    )

    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert told.startswith("没有保存的修改有 4 处。")
        lines = told.splitlines()
        for name, now in (
            ("定稿", "2026-01-12 张三（已重新打开）"),
            ("核实说明", "上年数已经核实"),
            ("关闭的检查 Y-01", "机构合并"),
            ("文字里跟随表格的数", "1 处"),
        ):
            assert lines[lines.index(name) + 2] == now

    within(act, lambda: show_diff(None, before, after))
