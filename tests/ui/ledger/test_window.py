"""The window of a ledger: opened from wherever, its tabs, names, keys alone, and closing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from gxeditor.core.ledger.request import Ledger
from gxeditor.core.report import blank_report
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.store.ledger_file import read_ledger, save_ledger
from gxeditor.store.report_file import save_report
from gxeditor.ui.ledger.check_list import CheckList
from gxeditor.ui.ledger.count import CountPage
from gxeditor.ui.ledger.window import LedgerWindow
from gxeditor.ui.look import dialog
from gxeditor.ui.shell.start import StartPage
from gxeditor.ui.shell.window import MainWindow
from tests import walking
from tests.ledger_sample import AGENCY, sample_ledger
from tests.ui.ledger.conftest import Open
from tests.window import children, drop, settled


def names(window: LedgerWindow) -> str:
    """Everything that is said of the window but in cells."""
    said = [window.windowTitle(), window._place.text(), window._told.text(), window.bar.told.text()]
    return " ".join([*said, *(one.name + one.value for one in walking.heard(window))])


def test_its_title_says_whose_ledger_it_is_and_the_tabs_how_many(window: LedgerWindow) -> None:
    assert window.windowTitle().startswith(f"{AGENCY} 申请台账 — ")
    assert window.tabs.tabText(0) == "申请 87"
    assert "1 件超期" in window.tabs.accessibleTabName(1)
    assert window._about.text() == "今天 2026年1月12日　放假安排收录到 2026 年"


@pytest.mark.parametrize("way", ["open", "drop", "command line"])
def test_a_ledger_is_opened_in_a_window_of_its_own_from_wherever_it_comes(
    program_window: MainWindow, ledger_path: Path, way: str
) -> None:
    save_ledger(sample_ledger(), ledger_path, None, load_vocabulary(load_form()))
    if way == "open":
        program_window.files.open_path(ledger_path)
    elif way == "drop":
        drop(program_window, ledger_path)
    else:
        program_window.program.hand_over(ledger_path)
    settled(lambda: bool(program_window.program.ledgers.windows))
    window = program_window.program.ledgers.windows[0]
    assert len(window.model.ledger.requests) == 87
    program_window.files.open_path(ledger_path)
    assert program_window.program.ledgers.windows == [window]


def test_the_start_page_leads_to_ledgers_and_lists_them(
    program_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        program_window.actions_by_key("Ctrl+Shift+L") if hasattr(program_window, "actions_by_key") else True
    )
    monkeypatch.setattr(dialog, "ask", lambda *_, **__: "new")
    path = tmp_path / "新的.gxl"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    children(program_window, StartPage)[0].ask_ledger.emit()
    window = program_window.program.ledgers.windows[0]
    assert window.model.ledger.requests == ()
    assert path.exists()
    assert program_window.program.settings.recent[0].kind == "ledger"


def test_each_tab_can_be_turned_to_and_leads_back(window: LedgerWindow) -> None:
    for tab in ("due", "checks", "count", "requests"):
        window.turn_to(tab)
        assert window.book.currentWidget() is window.page(tab)
    window.turn_to("due")
    window._show_due("r25074")
    current = window.grid.current()
    assert current is not None
    assert current.id == "r25074"
    window.go_back()
    assert window.book.currentWidget() is window.due


# --- names


def test_names_are_masked_at_opening_and_stand_nowhere(window: LedgerWindow) -> None:
    assert window.acts["names"].iconText().strip() == "姓名已遮住"
    for request in window.model.ledger.requests[-10:]:
        window.requests.go_to(request.id, "applicant")
        assert request.text("applicant") not in names(window)


def test_names_are_shown_once_confirmed_said_in_a_bar_and_masked_again(
    window: LedgerWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialog, "ask", lambda *_, **__: "cancel")
    window.acts["names"].trigger()
    assert not window.session.names_shown
    assert window.acts["names"].isChecked()
    monkeypatch.setattr(dialog, "ask", lambda *_, **__: "show")
    window.acts["names"].trigger()
    assert window.session.names_shown
    assert "正在显示姓名" in window.bar.told.text()
    window.bar.buttons["mask"].click()
    assert not window.session.names_shown
    assert not window.bar.isVisible()


def test_names_are_masked_at_once_when_another_window_is_in_front(
    window: LedgerWindow, program_window: MainWindow
) -> None:
    window.session.show_names()
    window.requests.go_to("r25072", "applicant")
    window.grid.open_editor()
    program_window.activateWindow()
    QApplication.processEvents()
    QApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))
    window._left_alone() if QApplication.activeWindow() is not window else None
    settled(lambda: not window.session.names_shown)
    assert window.grid.editor.cell is None


def test_names_are_masked_at_once_when_a_projector_is_plugged_in(window: LedgerWindow) -> None:
    window.session.show_names()
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.screenAdded.emit(application.primaryScreen())
    assert not window.session.names_shown


def test_the_recent_files_know_how_many_and_no_name(window: LedgerWindow) -> None:
    window.remember()
    file = window.settings.recent[0]
    assert (file.kind, file.agency, file.said) == ("ledger", AGENCY, "87 件，未答复 10 件")
    assert file.errors == 1


# --- kept


def test_what_is_typed_is_in_the_file_and_closing_puts_in_what_is_being_typed(
    window: LedgerWindow, ledger_path: Path
) -> None:
    window.requests.go_to("r25074", "unit")
    window.grid.open_editor("耕保科")
    assert window.close()
    kept = read_ledger(ledger_path, load_vocabulary(load_form())).ledger
    assert kept.by_id["r25074"].text("unit") == "耕保科"


def test_undo_and_redo_are_named_and_lead_back(window: LedgerWindow) -> None:
    window.requests.go_to("r25074", "unit")
    window.grid.open_editor("耕保科")
    window.grid.commit()
    assert window.acts["undo"].text() == "撤销“填写承办单位”"
    window.acts["undo"].trigger()
    assert window.model.ledger.by_id["r25074"].text("unit") == ""
    window.acts["redo"].trigger()
    assert window.model.ledger.by_id["r25074"].text("unit") == "耕保科"
    current = window.grid.current()
    assert current is not None
    assert current.id == "r25074"


def test_a_year_without_requests_is_confirmed(open_ledger: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_ledger(Ledger(agency=AGENCY))
    monkeypatch.setattr(dialog, "ask", lambda *_, **__: "y2025")
    window.confirm_none()
    assert window.session.ledger.none_in == (2025,)
    assert set(window.session.counts(2025).cells.values()) == {0}


def test_days_off_of_the_next_year_are_imported_and_the_days_follow(
    window: LedgerWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    notice = tmp_path / "2027.toml"
    notice.write_text(
        'year = 2027\nsource = "试"\n'
        + "".join(
            f'[[off]]\nname = "{name}"\nfirst = 2027-{first}\nlast = 2027-{last}\n'
            for name, first, last in (
                ("元旦", "01-01", "01-03"), ("春节", "02-05", "02-13"), ("清明节", "04-03", "04-05"),
                ("劳动节", "05-01", "05-05"), ("端午节", "06-09", "06-11"), ("中秋节", "09-15", "09-17"),
                ("国庆节", "10-01", "10-07"),
            )
        ),
        encoding="utf-8",
    )  # fmt: skip
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(notice), ""))
    window.import_calendar()
    assert "放假安排收录到 2027 年" in window._about.text()


# --- keys alone


def test_a_screen_reader_hears_names_of_everything_and_every_button_says_more(window: LedgerWindow) -> None:
    for tab in ("requests", "due"):
        window.turn_to(tab)
        QApplication.processEvents()
        heard = walking.heard(window)
        assert walking.nameless(heard) == []
        assert walking.without_tips(window) == []
        assert walking.out_of_reach(window) == []


def test_no_two_commands_have_the_same_key(window: LedgerWindow) -> None:
    keys = [key.toString() for action in window.actions() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert QKeySequence("Ctrl+Z").toString() in keys


def test_the_manual_opens_at_what_is_in_hand(window: LedgerWindow) -> None:
    assert window.topic() == "登记申请"
    window.turn_to("due")
    window.due.setFocus()
    assert window.topic() == "答复期限"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_painted_at_every_size(window: LedgerWindow, scheme: str) -> None:
    from gxeditor.ui.look import theme

    theme.apply_theme(QApplication.instance(), scheme)  # type: ignore[arg-type]
    for size in ((760, 480), (1366, 700), (1920, 1000)):
        window.resize(*size)
        window.grid.show_deadline(window.model.row("r25072"))
        QApplication.processEvents()
        image = window.grab().toImage()
        assert not image.isNull()
        assert window.grid.rect().contains(window.grid.popover.geometry()) or size[1] < 500


def test_a_held_ledger_says_so_and_offers_no_change(open_ledger: Open) -> None:
    window = open_ledger()
    window.session.held = "这份台账正在另一台电脑上打开。"
    window._changed()
    assert "（只读）" in window.windowTitle()
    assert not window.acts["paste"].isEnabled()


def test_a_title_says_the_ledger_once(open_ledger: Open) -> None:
    """The file of the tests is called 松塘县自然资源局申请台账."""
    window = open_ledger(replace(sample_ledger(), agency=""))
    assert window.windowTitle().startswith(f"{AGENCY} 申请台账 — ")


# --- what is found


def test_what_does_not_fit_stands_on_its_tab_before_that_was_opened(open_ledger: Open) -> None:
    ledger = sample_ledger()
    bare = ledger.requests[10].with_value("applicant_type", None)
    window = open_ledger(ledger.with_request(bare))
    window.session.want_findings(0)
    settled(lambda: "处错误" in window.tabs.accessibleTabName(2))
    assert "checks" not in window._pages
    assert "处错误" in window.requests._wrong.text()


def test_the_tabs_compare_with_one_report(window: LedgerWindow, tmp_path: Path) -> None:
    path = tmp_path / "年报.gxr"
    save_report(blank_report(load_form(), 2025).with_entry("requests.received.total", 9), path, None)
    checks = window.page("checks")
    assert isinstance(checks, CheckList)
    window.turn_to("checks")
    settled(lambda: bool(checks.findings.met))
    assert "L-14" in {one.check.code for one in checks.findings.not_checked}
    window.turn_to("count")
    window.beside.choose(path)
    window.turn_to("checks")
    settled(lambda: "L-14" in {one.rule for one in checks.findings.open})


# --- nothing is lost


def test_what_cannot_be_put_in_keeps_the_window_open_and_in_view(window: LedgerWindow) -> None:
    window.requests.go_to("r25074", "answered_on")
    window.grid.open_editor("2.30")
    assert not window.grid.commit()
    window.turn_to("due")
    assert not window.close()
    assert window.book.currentWidget() is window.requests
    assert window.grid.editor.text() == "2.30"
    assert window.save()
    assert window.grid.editor.text() == "2.30", "saving gives nothing up"
    window.grid.editor.dismiss()


class Over(QWidget):
    """A page over the tabs that is left once it may be."""

    def __init__(self, window: LedgerWindow) -> None:
        super().__init__()
        self.window_, self.may, self.asked = window, False, 0

    def leave(self) -> None:
        self.asked += 1
        if self.may:
            self.window_.leave_over()


def test_a_page_over_the_tabs_is_left_by_itself_only(window: LedgerWindow) -> None:
    page = Over(window)
    window.show_over(page)
    for name in ("undo", "paste", "remove", "add", "import", "find", "tab_due"):
        assert not window.acts[name].isEnabled(), name
    assert window.acts["save"].isEnabled()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.over is page
    assert not window.close()
    assert page.asked == 2
    page.may = True
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.over is None
    assert window.acts["paste"].isEnabled()


def test_a_ledger_of_another_layout_that_is_dropped_is_imported_and_any_other_file_is_opened(
    window: LedgerWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    taken: list[tuple[str, Path]] = []
    monkeypatch.setattr(LedgerWindow, "import_file", lambda _, path: taken.append(("import", path)))
    monkeypatch.setattr(window.program, "open_file", lambda path: taken.append(("open", path)))
    for name in ("登记表.xlsx", "去年.gxl", "年报.gxr", "放假通知.txt"):
        drop(window, tmp_path / name)
    assert [how for how, _ in taken] == ["import", "open", "open", "open"]


# --- keys alone


def test_f6_leads_through_the_parts_of_a_page(window: LedgerWindow) -> None:
    window.activateWindow()
    window.grid.setFocus()
    window.acts["pane"].trigger()
    assert window.requests._row.isAncestorOf(window.focusWidget())
    window.acts["pane"].trigger()
    assert window.focusWidget() is window.grid
    window.turn_to("count")
    page = window.page("count")
    assert isinstance(page, CountPage)
    page.grid.setFocus()
    window.acts["pane"].trigger()
    assert page.card.isAncestorOf(window.focusWidget())
    window.acts["pane"].trigger()
    assert page._switches.isAncestorOf(window.focusWidget())
    window.acts["pane"].trigger()
    assert window.focusWidget() is page.grid


def test_what_is_done_to_cells_is_offered_only_where_they_are_seen(window: LedgerWindow) -> None:
    for tab in ("due", "checks", "count"):
        window.turn_to(tab)
        before = window.session.ledger
        for name in ("clear", "paste", "remove", "fill_down", "today", "list"):
            assert not window.acts[name].isEnabled(), (tab, name)
            window.acts[name].trigger()
        assert window.session.ledger is before
    window.turn_to("requests")
    assert window.acts["remove"].isEnabled()
