"""The bar over a final report: who and when in words, and two ways on."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gxeditor.core.report import Final
from gxeditor.store.report_file import check_code
from gxeditor.ui.finalizing.bar import FinalBar

SHA = "1" * 64


def test_it_names_the_checker_the_day_and_the_check_code_and_whether_it_was_forced(qtbot: QtBot) -> None:
    bar = FinalBar()
    qtbot.addWidget(bar)
    bar.show_final(Final("2026-01-12", "张敏", SHA))
    assert bar.words.text() == "已定稿　核对人 张敏　2026年1月12日"
    assert bar.code.text() == f"校验码 {check_code(SHA)}"
    bar.show_final(Final("2026-01-12", "张敏", SHA, forced="上级系统要求今天先行报送"))
    assert bar.words.text() == "强制定稿　核对人 张敏　2026年1月12日"


def test_a_day_that_a_file_states_otherwise_is_shown_as_it_stands(qtbot: QtBot) -> None:
    bar = FinalBar()
    qtbot.addWidget(bar)
    bar.show_final(Final("年初", "张敏", SHA))
    assert bar.words.text().endswith("　年初")


def test_its_buttons_ask(qtbot: QtBot) -> None:
    bar = FinalBar()
    qtbot.addWidget(bar)
    with qtbot.waitSignal(bar.reopen_asked):
        bar.reopen.click()
    with qtbot.waitSignal(bar.report_asked):
        bar.report.click()
