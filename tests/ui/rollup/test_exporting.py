"""「导出」 and 「未交名单」 of a roll-up: what is offered, which files are written, and the counts that they tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QWidget

from gxeditor.core.rollup.missing import missing_list
from gxeditor.core.rollup.project import Rollup
from gxeditor.rollup.own_workbook import read_rollup_workbook
from gxeditor.settings import Settings
from gxeditor.ui.look import theme
from gxeditor.ui.rollup import exporting
from gxeditor.ui.rollup.exporting import ask_export, show_missing
from tests.dialogs import all_of, assert_nothing_is_cut_off, press, within, words
from tests.rollup_desk import KeepingDesk
from tests.rollup_sample import many, songtang

TODAY = date(2026, 1, 21)


class Today(date):
    @classmethod
    def today(cls) -> Today:
        return cls(2026, 1, 21)


class Desk(KeepingDesk):
    """The window of a roll-up as far as a dialog asks it."""

    def __init__(self, rollup: Rollup, folder: Path) -> None:
        super().__init__(rollup, folder, QWidget())
        self.kept = Settings()
        self.written: list[Path] = []
        self.letters: list[str] = []

    @property
    def settings(self) -> Settings:
        return self.kept

    def keep_settings(self, **changes: Any) -> None:
        self.kept = replace(self.kept, **changes)

    def tell_written(self, text: str, paths: Sequence[Path]) -> None:
        super().tell_written(text, paths)
        self.written += paths

    def write_letters_to(self, unit_id: str, finding: str = "") -> None:
        self.letters.append(unit_id)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    theme.apply_theme(qapp, "light")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(exporting, "date", Today)
    made = Desk(songtang(), tmp_path)
    yield made
    made.frame.deleteLater()


def ticking(*keys: str, then: Callable[[QDialog], None] = lambda _: None) -> Callable[[QDialog], None]:
    """A clerk who ticks just these and presses 导出."""

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, exporting._RollupExport)
        for key, box in dialog.outputs.items():
            box.setChecked(key in keys)
        then(dialog)
        press("导出")(dialog)

    return act


def test_the_dialog_says_of_how_many_units_the_sums_are(desk: Desk) -> None:
    def act(dialog: QDialog) -> None:
        said = words(dialog)
        assert "合计是 49 家中 45 家的。" in said
        assert "未交 2 家、未认领 2 家不在内" in said
        assert "写出的每个合计都注明是几家的；没有数的格留空，不当作 0。" in said
        assert "会写出“松塘县2025年年报汇总.xlsx”。" in said

    within(act, lambda: ask_export(desk))
    assert_nothing_is_cut_off(lambda: ask_export(desk))
    assert_nothing_is_cut_off(lambda: show_missing(desk))
    assert desk.written == []


def test_the_workbook_the_list_and_the_long_table_are_written_beside_each_other(
    desk: Desk, tmp_path: Path
) -> None:
    wanted = (exporting.WORKBOOK, exporting.MISSING, exporting.LONG)
    within(ticking(*wanted), lambda: ask_export(desk))
    names = [
        "松塘县2025年年报汇总.xlsx",
        "松塘县2025年年报汇总（未交名单）.docx",
        "松塘县2025年年报汇总（长表）.csv",
    ]
    assert [path.name for path in desk.written] == names
    assert all((tmp_path / name).stat().st_size for name in names)
    assert desk.told == ["已导出 3 个文件，合计是 49 家中 45 家的。"]
    assert desk.settings.rollup_outputs == wanted
    back = read_rollup_workbook(tmp_path / names[0], desk.session.rollup.form)
    assert (len(back.rollup.entered), len(back.rollup.must)) == (45, 49)


def test_the_analysis_is_written_as_word(desk: Desk, tmp_path: Path) -> None:
    within(ticking(exporting.ANALYSIS_WORD), lambda: ask_export(desk))
    assert [path.name for path in desk.written] == ["松塘县2025年年报汇总（分析）.docx"]
    assert desk.told == ["已导出“松塘县2025年年报汇总（分析）.docx”，合计是 49 家中 45 家的。"]


def test_nothing_ticked_or_no_name_leaves_nothing_to_write(desk: Desk) -> None:
    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, exporting._RollupExport)
        for box in dialog.outputs.values():
            box.setChecked(False)
        assert dialog.told.text() == "请至少选择一项。"
        assert not dialog.buttons["export"].isEnabled()
        dialog.outputs[exporting.LONG].setChecked(True)
        name = next(one for one in all_of(dialog, QLineEdit) if one.accessibleName() == "文件名")
        name.setText("一/二")
        assert dialog.told.text() == "文件名里不能有 /。"
        name.setText("  ")
        assert dialog.told.text() == "请填写文件名。"
        assert not dialog.buttons["export"].isEnabled()
        press("取消")(dialog)

    within(act, lambda: ask_export(desk))


def test_a_file_that_is_there_is_named_before_it_is_replaced(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "松塘县2025年年报汇总.xlsx").write_text("旧", encoding="utf-8")

    def act(dialog: QDialog) -> None:
        assert "已有“松塘县2025年年报汇总.xlsx”，导出时会替换" in words(dialog)
        press("取消")(dialog)

    within(act, lambda: ask_export(desk))


def test_letters_to_units_have_a_page_of_their_own(desk: Desk) -> None:
    within(press("写退回意见…"), lambda: ask_export(desk))
    assert desk.letters == [""]
    assert desk.written == []


def test_what_was_ticked_is_ticked_the_next_time(desk: Desk) -> None:
    desk.kept = Settings(rollup_outputs=("long", "of another version"))

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, exporting._RollupExport)
        assert [key for key, box in dialog.outputs.items() if box.isChecked()] == [exporting.LONG]
        press("取消")(dialog)

    within(act, lambda: ask_export(desk))


def test_the_missing_list_is_shown_with_its_parts_and_copied_as_text_and_table(desk: Desk) -> None:
    owing = missing_list(desk.session.rollup, TODAY)

    def act(dialog: QDialog) -> None:
        said = words(dialog)
        assert owing.head in said
        for part in owing.parts:
            assert part.heading in said
        assert "松塘县小箬乡人民政府" in said
        assert "已过 1 天" in said
        press("复制")(dialog)

    within(act, lambda: show_missing(desk))
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == owing.text()
    assert "松塘县小箬乡人民政府" in data.html()
    assert desk.told == ["已复制未交名单：49 家中 2 家未交。"]


def test_the_missing_list_is_written_as_word(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = str(tmp_path / "名单")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (target, ""))
    within(press("存为 Word…"), lambda: show_missing(desk))
    assert desk.written == [tmp_path / "名单.docx"]
    assert desk.told == ["已写出“名单.docx”：49 家中 2 家未交。"]


def test_nobody_missing_is_said_without_a_table(tmp_path: Path) -> None:
    desk = Desk(many(3, reported=1.0), tmp_path)

    def act(dialog: QDialog) -> None:
        assert "3 家中没有未交的。" in words(dialog)
        press("关闭")(dialog)

    within(act, lambda: show_missing(desk))
    desk.frame.deleteLater()


def test_of_a_province_the_first_are_listed_and_all_are_copied(tmp_path: Path) -> None:
    desk = Desk(many(700, reported=0.1), tmp_path)
    owing = missing_list(desk.session.rollup, date.today())

    def act(dialog: QDialog) -> None:
        said = words(dialog)
        assert "这里每一类只列出前 300 家；复制和存为 Word 的是全部。" in said
        assert f"未交（{len(owing.missing.rows)} 家）" in said
        assert owing.missing.rows[299].unit.name in said
        assert owing.missing.rows[-1].unit.name not in said
        press("复制")(dialog)

    within(act, lambda: show_missing(desk))
    assert owing.missing.rows[-1].unit.name in QGuiApplication.clipboard().mimeData().text()
    desk.frame.deleteLater()
