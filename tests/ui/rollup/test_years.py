"""与上年: sums beside last year's, and the units that are on one year's list only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import current_thread

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.rollup.project import Rollup
from gxeditor.core.rollup.units import Unit, Units
from gxeditor.ui.rollup import years
from gxeditor.ui.rollup.years import ReasonDialog, YearsPage
from tests.rollup_desk import KeepingDesk
from tests.rollup_sample import songtang, unit_id

Make = Callable[[Rollup], tuple[YearsPage, KeepingDesk]]
NEW_TOTAL = "requests.received.total"


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Make:
    def page_of(rollup: Rollup) -> tuple[YearsPage, KeepingDesk]:
        frame = QWidget()
        qtbot.addWidget(frame)
        desk = KeepingDesk(rollup, tmp_path, frame)
        return YearsPage(desk, frame), desk

    return page_of


def changed_list() -> Rollup:
    """松塘县, but last year without 审计局 and with 粮食局."""
    whole = songtang()
    assert whole.prior is not None
    grain = Unit("grain", "松塘县粮食局", parent="d")
    units = tuple(unit for unit in whole.prior.units.listed if unit.id != unit_id("审计局"))
    values = {**whole.prior.values, "grain": whole.prior.values[unit_id("公安局")]}
    return replace(whole, prior=replace(whole.prior, units=Units((*units, grain)), values=values))


def test_each_line_tells_all_units_and_the_same_units_apart(make: Make) -> None:
    page, _ = make(changed_list())
    line = next(one for one in page.sums.lines if one.key == NEW_TOTAL)
    assert line.texts[2] == "49 家中 45 家"
    assert line.texts[4] == "49 家全部"
    assert line.texts[5] == "44 家"
    now, then, difference = (int(line.texts[i].replace("＋", "").replace("－", "-")) for i in (6, 7, 8))
    assert now - then == difference


def test_only_what_changed_is_listed_at_first(make: Make) -> None:
    page, _ = make(songtang())
    few = len(page.sums.lines)
    page._which.setCurrentIndex(0)
    assert few < len(page.sums.lines) == len(songtang().form.cells)


def test_units_of_one_year_only_are_listed_and_ask_for_a_reason(make: Make) -> None:
    page, _ = make(changed_list())
    assert [line.texts[:3] for line in page.units.lines] == [
        ("松塘县审计局", "部门", "只在本年"), ("松塘县粮食局", "部门", "只在上年"),
    ]  # fmt: skip
    assert page._changes.text().endswith("还有 2 家没有说明。")


def test_a_reason_is_kept_as_one_step(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    page, desk = make(changed_list())

    class Answered(ReasonDialog):
        def run(self) -> str:
            self.box.edit.setPlainText("机构改革，并入发改委")
            self.accept()
            self.deleteLater()
            return self.answer

    monkeypatch.setattr(years, "ReasonDialog", Answered)
    page.explain("went:grain")
    page.show_years()
    assert page.units.lines[1].texts[3] == "机构改革，并入发改委"
    desk.session.undo()
    page.show_years()
    assert page.units.lines[1].texts[3] == "还没有说明"


def test_a_reason_that_is_too_short_is_not_kept(qtbot: QtBot) -> None:
    dialog = ReasonDialog(None, Unit("g", "粮食局"), True, "")
    qtbot.addWidget(dialog)
    dialog.box.edit.setPlainText("撤")
    assert not dialog.buttons["keep"].isEnabled()
    dialog.accept()
    assert dialog.answer == "cancel"


def test_without_last_years_rollup_the_page_says_so(make: Make) -> None:
    page, _ = make(replace(songtang(), prior=None))
    assert page._said.text().startswith("还没有去年的汇总。")
    assert not page._parts.isVisibleTo(page)
    asked: list[bool] = []
    page.prior_asked.connect(lambda: asked.append(True))
    assert page.choose.isVisibleTo(page)
    page.choose.click()
    assert asked == [True]
    page, _ = make(songtang())
    assert not page.choose.isVisibleTo(page)


def test_a_line_leads_to_the_units_of_its_sum(make: Make) -> None:
    page, _ = make(songtang())
    asked: list[str] = []
    page.cell_asked.connect(asked.append)
    page.sums.opened.emit(NEW_TOTAL)
    assert asked == [NEW_TOTAL]


def test_of_very_many_units_both_years_are_reckoned_beside_the_window(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    reckoned: list[str] = []
    usual = YearsPage._reckon

    def reckon(rollup: Rollup, _given_up: object = None) -> Rollup:
        reckoned.append(current_thread().name)
        return usual(rollup)

    monkeypatch.setattr(YearsPage, "_reckon", staticmethod(reckon))
    monkeypatch.setattr(years, "BESIDE", 10)
    page, desk = make(songtang())
    assert page.sums.lines == ()
    qtbot.waitUntil(lambda: bool(page.sums.lines))
    page.show()
    page.parentWidget().show()  # type: ignore[union-attr]
    desk.session.edit(replace(desk.session.rollup, prior=None), "没有去年")
    qtbot.waitUntil(lambda: page._said.text().startswith("还没有去年的汇总"))
    assert set(reckoned) == {"gxeditor-task"}


def test_a_reason_keeps_what_was_read_while_it_was_asked_for(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, desk = make(changed_list())
    other = replace(desk.session.rollup.used[unit_id("司法局")], date="2026-01-20")

    class Answered(ReasonDialog):
        def run(self) -> str:
            desk.session.take_in(lambda rollup: rollup.with_received([other]))
            self.box.edit.setPlainText("机构改革，并入发改委")
            self.accept()
            self.deleteLater()
            return self.answer

    monkeypatch.setattr(years, "ReasonDialog", Answered)
    page.explain("went:grain")
    assert desk.session.rollup.used[unit_id("司法局")].date == "2026-01-20"
