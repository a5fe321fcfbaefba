"""The questions about the open report: what they say, and what each button and key answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QRadioButton,
    QSpinBox,
)

from gxeditor.core import edits
from gxeditor.core.errors import ChangedElsewhere
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Report
from gxeditor.ui.look import theme
from gxeditor.ui.shell.questions import (
    NewReport,
    ask_changed_elsewhere,
    ask_damaged,
    ask_draft,
    ask_fill_blanks,
    ask_fill_carried,
    ask_fill_forced,
    ask_new_report,
    ask_not_written,
    ask_replace,
    ask_save,
)
from tests.dialogs import (
    DAMAGED,
    HELD,
    LONG,
    all_of,
    assert_nothing_is_cut_off,
    buttons,
    key,
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


def elsewhere(parent: None = None) -> str:
    return ask_changed_elsewhere(parent, ChangedElsewhere("文件在别处改过。", "您的修改还没有写入。"))


@pytest.mark.parametrize(("word", "answer"), [("保存", "save"), ("不保存", "discard"), ("取消", "cancel")])
def test_closing_asks_whether_to_save(word: str, answer: str) -> None:
    assert within(press(word), lambda: ask_save(None, "年报")) == answer


@pytest.mark.parametrize(
    ("word", "answer"), [("另存为…", "save_as"), ("再试一次", "again"), ("取消", "cancel")]
)
def test_a_report_that_was_not_written_can_go_elsewhere_or_be_tried_again(word: str, answer: str) -> None:
    def act(dialog: QDialog) -> None:
        assert all(part in words(dialog) for part in (HELD.what, HELD.meaning, HELD.remedy))
        press(word)(dialog)

    assert within(act, lambda: ask_not_written(None, HELD)) == answer


@pytest.mark.parametrize(("word", "replaces"), [("替换", True), ("取消", False)])
def test_a_file_that_is_there_is_replaced_only_if_asked_for(word: str, replaces: bool) -> None:
    def act(dialog: QDialog) -> None:
        assert "“年报.gxr~”" in words(dialog)
        press(word)(dialog)

    assert within(act, lambda: ask_replace(None, "年报.gxr")) is replaces


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (lambda: ask_save(None, "年报"), "save"),
        (elsewhere, "save_as"),
        (lambda: ask_not_written(None, HELD), "save_as"),
        (lambda: ask_damaged(None, DAMAGED, True, True), "journal"),
        (lambda: ask_damaged(None, DAMAGED, True, False), "kept"),
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
    assert within(act, lambda: ask_damaged(None, DAMAGED, kept, journal)) == answer[offered[-1]]


def test_filling_blanks_lists_the_cells_before_it_asks(report: Report) -> None:
    blanks = edits.blank_cells(report, report.form.cells.values())

    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert told.startswith("把 18 个未填的格填为 0。已有内容的格不变，可以撤销。")
        assert "表三，18 格" in told
        assert "三（一）予以公开" in told
        assert "自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他组织" in told
        press("填 0")(dialog)

    assert within(act, lambda: ask_fill_blanks(None, blanks))
    assert not within(press("取消"), lambda: ask_fill_blanks(None, blanks))


def test_forced_values_are_listed_with_their_cells_before_it_asks(report: Report) -> None:
    values = {"requests.handled.granted.natural_person": 1, "requests.handled.granted.company": 0}

    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert told.startswith("按勾稽关系，有 2 个未填的格只能是下面的数。填入后可以撤销。")
        assert "表三，2 格" in told
        assert "自然人 1、商业企业 0" in told
        press("填入")(dialog)

    assert within(act, lambda: ask_fill_forced(None, values))
    assert not within(press("取消"), lambda: ask_fill_forced(None, values))


def test_a_blank_report_begins_with_what_was_filled_in() -> None:
    def act(dialog: QDialog) -> None:
        agency = all_of(dialog, QLineEdit)[0]
        assert dialog.focusWidget() is agency
        agency.setText("  鲁山县水利局 ")
        agency.textEdited.emit(agency.text())
        all_of(dialog, QSpinBox)[0].setValue(2023)
        press("新建年报")(dialog)

    new = within(act, lambda: ask_new_report(None, prior=None, year=2022))
    assert new == NewReport("鲁山县水利局", AgencyKind.DEPARTMENT, 2023)
    assert within(key(Qt.Key.Key_Escape), lambda: ask_new_report(None, prior=None, year=2022)) is None


def test_a_kind_that_was_chosen_by_hand_stays() -> None:
    def act(dialog: QDialog) -> None:
        agency, kind = all_of(dialog, QLineEdit)[0], all_of(dialog, QComboBox)[0]
        kind.setCurrentIndex(3)
        kind.activated.emit(3)
        agency.setText("鲁山县水利局")
        agency.textEdited.emit(agency.text())
        press("新建年报")(dialog)

    new = within(act, lambda: ask_new_report(None, prior=None, year=2022))
    assert new is not None
    assert new.kind is AgencyKind.OTHER


def test_from_last_year_says_what_comes_over_and_warns_of_a_gap(report: Report) -> None:
    def act(dialog: QDialog) -> None:
        assert "上年结转：取自去年的结转下年度" in words(dialog)
        assert [one.text() for one in all_of(dialog, QRadioButton)] == [
            "带过来（一，共 1 部分），年份和数标出来请改",
            "不带，文字从空白写起",
        ]
        assert "不相连" not in words(dialog)
        all_of(dialog, QSpinBox)[0].setValue(2025)
        assert "去年的年报是 2022 年的，与 2025 年不相连" in words(dialog)
        all_of(dialog, QSpinBox)[0].setValue(2023)
        key(Qt.Key.Key_Return)(dialog)

    new = within(act, lambda: ask_new_report(None, prior=report, year=2023))
    assert new == NewReport("鲁山县人民政府办公室", AgencyKind.DEPARTMENT, 2023)

    def told(dialog: QDialog) -> None:
        assert "上年结转：7 格" in words(dialog)

    within(told, lambda: ask_new_report(None, prior=report, year=2023, carried=["上年结转：7 格"]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name", ["save", "elsewhere", "damaged", "blanks", "forced", "carried", "draft", "new", "prior"]
)
def test_nothing_is_cut_off_and_everything_has_a_name(
    name: str, scheme: theme.Scheme, report: Report, qapp: QApplication
) -> None:
    theme.apply_theme(qapp, scheme)
    blanks = edits.blank_cells(report, report.form.cells.values())
    calls: dict[str, Callable[[], object]] = {
        "save": lambda: ask_save(None, LONG),
        "elsewhere": elsewhere,
        "damaged": lambda: ask_damaged(None, DAMAGED, True, True),
        "blanks": lambda: ask_fill_blanks(None, blanks),
        "forced": lambda: ask_fill_forced(None, dict.fromkeys((cell.id for cell in blanks), 999_999)),
        "carried": lambda: ask_fill_carried(None, dict.fromkeys((cell.id for cell in blanks), 999_999), LONG),
        "draft": lambda: ask_draft(None, list("一二三四五六"), LONG),
        "new": lambda: ask_new_report(None, prior=None, year=2022),
        "prior": lambda: ask_new_report(None, prior=report, year=2024),
    }
    assert_nothing_is_cut_off(calls[name])


def test_last_years_prose_may_be_left_behind(report: Report) -> None:
    def act(dialog: QDialog) -> None:
        all_of(dialog, QRadioButton)[1].click()
        press("新建年报")(dialog)

    new = within(act, lambda: ask_new_report(None, prior=report, year=2023))
    assert new is not None
    assert not new.prose


def test_what_last_year_left_is_shown_by_column_before_it_is_filled_in() -> None:
    values = {"requests.brought_forward.natural_person": 5, "requests.brought_forward.company": 0}

    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert "有 2 格没有填" in told
        assert "自然人 5" in told
        assert "取自甲局（2022 年）" in told
        press("填上年结转")(dialog)

    assert within(act, lambda: ask_fill_carried(None, values, "甲局（2022 年）"))
    assert not within(press("不填"), lambda: ask_fill_carried(None, values, "甲局（2022 年）"))


def test_the_parts_that_get_last_years_prose_are_named_before() -> None:
    def act(dialog: QDialog) -> None:
        assert "还空着的 2 部分（一、五）" in words(dialog)
        press("用去年的文字起草")(dialog)

    assert within(act, lambda: ask_draft(None, ["一", "五"], "甲局（2022 年）"))
    assert not within(press("取消"), lambda: ask_draft(None, ["一", "五"], "甲局（2022 年）"))
