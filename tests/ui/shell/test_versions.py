"""A saved state is looked at beside the present report before it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from gxeditor.core.errors import DamagedFile
from gxeditor.core.form import Form
from gxeditor.core.report import Final, Report, blank_report
from gxeditor.store.report_file import kept_path, save_report
from gxeditor.store.saved_states import keep, states_of
from gxeditor.ui.look import theme
from gxeditor.ui.shell.versions import Version, _Versions, ask_version, kept
from tests.dialogs import assert_nothing_is_cut_off, press, within, words

COUNT = "requests.received.natural_person"


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    theme.apply_theme(qapp, "light")
    yield
    theme.apply_theme(qapp, "light")


@pytest.fixture
def report(form: Form) -> Report:
    text = "第一段。\n第二段写了68件。\n第三段。"
    return blank_report(form, 2025).with_entry(COUNT, 16).with_section("overview", text)


def of(*reports: Report) -> list[Version]:
    return [Version(f"14:0{place}", "", lambda one=one: one) for place, one in enumerate(reports)]  # type: ignore[misc]


def chosen(place: int, then: Callable[[QDialog], None]) -> Callable[[QDialog], None]:
    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, _Versions)
        dialog.list.setCurrentRow(place)
        then(dialog)

    return act


def test_cells_paragraphs_and_fields_that_differ_are_told_with_now_and_then(report: Report) -> None:
    text = report.sections["overview"].replace("68件", "62件").replace("第三段。", "第三段，补充。")
    present = report.with_entry(COUNT, 17).with_section("overview", text).with_fields(agency="青溪县教育局")

    def act(dialog: QDialog) -> None:
        told = words(dialog)
        assert "与现在有 4 处不同。" in told
        lines = told.splitlines()
        place = lines.index("一、本年新收 · 自然人")
        assert lines[place + 1 : place + 3] == ["17", "16"]
        place = lines.index("文字第 2 段")
        assert ("62件" in lines[place + 1], "68件" in lines[place + 2]) == (True, True)
        assert "文字第 3 段" in lines
        assert "青溪县教育局" in told
        press("恢复")(dialog)

    answer = within(act, lambda: ask_version(None, present, of(report)))
    assert answer is not None
    assert (answer[0], answer[1].name, answer[2]) == ("restore", "14:00 保存的版本", report)


def test_another_state_is_chosen_by_the_list_and_opened_as_a_copy(report: Report) -> None:
    other = report.with_entry(COUNT, 3)
    answer = within(chosen(1, press("打开副本")), lambda: ask_version(None, report, of(report, other)))
    assert answer is not None
    assert (answer[0], answer[2]) == ("copy", other)
    assert within(press("取消"), lambda: ask_version(None, report, of(other))) is None


def test_nothing_can_be_restored_that_is_so_already_or_cannot_be_read_or_into_a_final_report(
    report: Report,
) -> None:
    def unread() -> Report:
        raise DamagedFile("“x.gxr”读不出来：文件是空的。", "", "")

    def is_off(says: str, copied: bool) -> Callable[[QDialog], None]:
        def act(dialog: QDialog) -> None:
            assert isinstance(dialog, _Versions)
            assert says in words(dialog)
            assert not dialog.buttons["restore"].isEnabled()
            assert dialog.buttons["copy"].isEnabled() == copied
            press("取消")(dialog)

        return act

    within(is_off("与现在没有差别。", True), lambda: ask_version(None, report, of(report)))
    within(
        is_off("读不出来：文件是空的。", False),
        lambda: ask_version(None, report, [Version("14:22", "", unread)]),
    )

    def cut_short() -> Report:
        raise DamagedFile("第 1 行第 1 列写法不对。", "", "")  # as `parse` says it, which knows no file

    within(
        is_off("这个版本读不出来：第 1 行第 1 列写法不对。", False),
        lambda: ask_version(None, report, [Version("14:22", "", cut_short)]),
    )
    final = report.with_entry(COUNT, 1).with_finals([Final("2026-01-12", "张三", "0" * 64)])
    within(is_off("请先重新打开年报。", True), lambda: ask_version(None, final, of(report)))


def test_the_dialog_can_be_read_whole_and_by_a_screen_reader(report: Report) -> None:
    assert_nothing_is_cut_off(
        lambda: ask_version(None, report, of(*(report.with_entry(COUNT, n) for n in range(40))))
    )


def test_the_version_beside_the_file_is_named_among_the_states(tmp_path: Path, report: Report) -> None:
    path, folder = tmp_path / "年报.gxr", tmp_path / "states"
    assert kept(path, ()) == ()
    sha256 = save_report(report, path, None)
    keep(folder, report, path, 1_700_000_000.0)
    later = report.with_entry(COUNT, 17)
    save_report(later, path, sha256)
    keep(folder, later, path, 1_700_000_100.0)
    found = kept(path, states_of(folder, path))
    assert [version.aside for version in found] == ["最近一次保存", "上一版本（年报.gxr~）"]
    assert [version.load() for version in found] == [later, report]
    (only,) = kept(path, ())
    assert (only.name, only.load()) == ("上一次保存的版本", report)
    kept_path(path).write_bytes(b"{")
    damaged = kept(path, states_of(folder, path))
    assert len(damaged) == 3
    with pytest.raises(DamagedFile):
        damaged[0].load()
