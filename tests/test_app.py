"""The program put together: one running program, Chinese dialogs, bugs that are told, and a lean start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Timer

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor import app, documents
from gxeditor.app import SingleInstance, build
from gxeditor.core.form import Form
from gxeditor.core.report import blank_report
from gxeditor.resources import resource
from gxeditor.settings import Folders
from gxeditor.store.report_file import save_report
from gxeditor.ui.shell.window import MainWindow
from tests.waiting import PATIENCE

PROJECT = Path(__file__).parents[1]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "config", tmp_path / "data", tmp_path / "log")


@pytest.fixture
def window(folders: Folders, qtbot: QtBot) -> Iterator[MainWindow]:
    _, window = build([], folders)
    qtbot.addWidget(window)
    yield window
    window.session.close(discard=True)


@pytest.fixture
def file(form: Form, tmp_path: Path) -> Path:
    path = tmp_path / "鲁山.gxr"
    save_report(blank_report(form, 2022).with_fields(agency="鲁山"), path, None)
    return path


def test_the_application_is_made_once(qapp: QApplication) -> None:
    assert app.make_application([]) is qapp


def test_what_waits_for_the_first_picture_is_done_once_it_was_painted(
    window: MainWindow, qtbot: QtBot
) -> None:
    done: list[bool] = []
    app.FirstPicture(window, lambda: done.append(window.isVisible()))
    QApplication.processEvents()
    assert done == []
    window.show()
    qtbot.waitUntil(lambda: done == [True], timeout=30_000)


# --- with what reports are checked


def test_the_window_counts_from_today_and_again_when_it_is_looked_at(
    window: MainWindow, qapp: QApplication
) -> None:
    assert window.session.given.today == date.today()
    window.session.given = replace(window.session.given, today=date(2023, 1, 20))
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert window.session.given.today == date.today()


def test_a_report_that_names_a_profile_of_the_office_is_checked_by_it_and_a_broken_one_is_named(
    window: MainWindow, folders: Folders, form: Form
) -> None:
    folder = folders.config / "profiles"
    folder.mkdir(parents=True)
    (folder / "bad.toml").write_text("id =", encoding="utf-8")
    (folder / "ours.toml").write_text(
        'id = "ours"\nname = "我县"\n[[values]]\nkey = "fee.decimals"\nvalue = 2\nstatus = "rule"\nsource = "通知"\n',
        encoding="utf-8",
    )
    report = blank_report(form, 2022).with_entry("proactive.fees.amount", 7)
    window.session.begin(report)
    assert (folder / "bad.toml").exists()  # nothing is read for a report that names none
    window.session.edit(report.with_fields(profile="ours"), "地区要求")
    assert "U-01" in {finding.rule.code for finding in window.session.findings.findings}
    assert (folder / "aside" / "bad.toml").exists()
    assert "地区要求文件“bad.toml”读不出来" in "".join(str(odd) for odd in window._odd)


# --- one running program


def hand_in(folder: Path, path: Path | None) -> SingleInstance:
    """What a second start leaves for the first."""
    second = SingleInstance(folder)
    assert not second.first
    note = folder / "handover" / "1.json"
    note.write_text(json.dumps({"path": str(path) if path else None}), encoding="utf-8")
    return second


def test_the_first_start_takes_the_files_of_later_ones(
    window: MainWindow, folders: Folders, file: Path, qtbot: QtBot
) -> None:
    first = SingleInstance(folders.data)
    assert first.first
    first.watch(window)
    window.show()
    hand_in(folders.data, file)
    qtbot.waitUntil(lambda: window.session.path == file)
    assert list((folders.data / "handover").iterdir()) == []
    first.release()


def test_a_file_that_waited_from_before_is_taken_too(
    window: MainWindow, folders: Folders, file: Path
) -> None:
    first = SingleInstance(folders.data)
    hand_in(folders.data, file)
    first.watch(window)
    assert window.session.path == file
    first.release()


def test_a_start_without_file_brings_the_window_to_the_front(
    window: MainWindow, folders: Folders, qtbot: QtBot
) -> None:
    first = SingleInstance(folders.data)
    first.watch(window)
    window.showMinimized()
    hand_in(folders.data, None)
    qtbot.waitUntil(lambda: not window.isMinimized())
    first.release()


def test_a_note_that_makes_no_sense_is_passed_over(window: MainWindow, folders: Folders, file: Path) -> None:
    first = SingleInstance(folders.data)
    (folders.data / "handover" / "0.json").write_text("[", encoding="utf-8")
    hand_in(folders.data, file)
    first.watch(window)
    assert window.session.path == file
    first.release()


def test_a_running_program_that_takes_nothing_is_not_waited_for_forever(
    folders: Folders, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_PATIENCE", 0.1)
    first, second = SingleInstance(folders.data), SingleInstance(folders.data)
    assert not second.hand_over(file)
    assert list((folders.data / "handover").iterdir()) == []
    first.release()
    assert SingleInstance(folders.data).first


def test_without_a_folder_for_the_lock_the_program_starts_all_the_same(tmp_path: Path, file: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    single = SingleInstance(tmp_path / "data")
    assert not single.first
    assert not single.hand_over(file)


def test_a_note_that_a_virus_scanner_holds_for_a_moment_is_waited_for(
    window: MainWindow, folders: Folders, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = SingleInstance(folders.data)
    hand_in(folders.data, file)
    unlink, refusals = Path.unlink, [True]

    def refused_once(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".json" and refusals:
            refusals.pop()
            raise PermissionError(13, "sharing violation")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refused_once)
    first.watch(window)
    assert window.session.path == file
    assert list((folders.data / "handover").iterdir()) == []
    first.release()


# --- the whole program, in a process of its own

_TOLD = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

def tell():
    windows = sorted((w for w in QApplication.topLevelWidgets() if w.inherits("QMainWindow")), key=lambda w: w.x())
    print(*(f"{w.windowTitle()} {type(w.stack.currentWidget()).__name__}" for w in windows), flush=True)

def run_loop(application=None):
    timer = QTimer()
    timer.timeout.connect(tell)
    timer.start(50)
    return loop()

loop, QApplication.exec = QApplication.exec, run_loop
from gxeditor.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def program(home: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a program; what still runs at the end is ended."""
    running: list[subprocess.Popen[str]] = []

    def begin(code: str, *arguments: str | Path) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"}
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment,
        )  # fmt: skip
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    """The first line of a process with these words. One that hangs is killed, which ends its lines."""
    assert process.stdout is not None
    watchdog = Timer(PATIENCE, process.kill)
    watchdog.start()
    line = ""
    try:
        while line := process.stdout.readline():
            if words in line:
                return line
    finally:
        watchdog.cancel()
    raise AssertionError(f"{words} never came, the last was {line}")


@pytest.mark.slow
def test_a_second_start_hands_its_file_over_and_ends(
    program: Callable[..., subprocess.Popen[str]], form: Form, file: Path
) -> None:
    other = file.with_name("另一份.gxr")
    save_report(blank_report(form, 2021).with_fields(agency="另一"), other, None)
    first = program(_TOLD, file)
    wait_for(first, "[*]鲁山.gxr")
    second = program(_TOLD, other)
    assert second.wait(PATIENCE) == 0
    told = wait_for(first, "[*]另一份.gxr")
    assert "[*]鲁山.gxr" in told  # in a window of its own
    assert first.poll() is None


@pytest.mark.slow
def test_after_a_program_was_killed_the_next_start_is_the_first_again(
    program: Callable[..., subprocess.Popen[str]], file: Path
) -> None:
    first = program(_TOLD, file)
    wait_for(first, "[*]鲁山.gxr")
    first.kill()
    first.wait()
    second = program(_TOLD, file)
    wait_for(second, "[*]鲁山.gxr")


_COPIED = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

def copy():
    (window,) = [w for w in QApplication.topLevelWidgets() if w.inherits("QMainWindow")]
    window.tabs.setCurrentIndex(window.tabs.keys.index(sys.argv[2]))
    page = window.shown_page
    if sys.argv[2] == "requests":
        page.grid.selectAll()
        page.grid.copy()
    else:
        page.editor.setPlainText("主动公开")
        page.editor.selectAll()
        page.editor.copy()
        window.session.close(discard=True)
        window.session.begin(window.session.report)
    print("copied", len(QGuiApplication.clipboard().text()), flush=True)
    window.close()

def run_loop(application=None):
    QTimer.singleShot(300, copy)
    return loop()

loop, QApplication.exec = QApplication.exec, run_loop
from gxeditor.cli import main
sys.exit(main(sys.argv[1:2]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("page", ["requests", "overview"])
def test_a_program_ends_well_with_what_it_copied_on_the_clipboard(
    program: Callable[..., subprocess.Popen[str]], file: Path, page: str
) -> None:
    process = program(_COPIED, file, page)
    assert wait_for(process, "copied").split()[1] != "0"
    assert process.wait(PATIENCE) == 0


_CHINESE = """
from PySide6.QtWidgets import QMessageBox
from gxeditor.app import make_application
application = make_application(["gxeditor"])
box = QMessageBox()
box.setStandardButtons(QMessageBox.StandardButton.Cancel | QMessageBox.StandardButton.Save)
print(*(button.text() for button in box.buttons()), flush=True)
"""


@pytest.mark.slow
def test_qt_speaks_chinese(program: Callable[..., subprocess.Popen[str]]) -> None:
    words = wait_for(program(_CHINESE), "保存")
    assert "取消" in words


_BUG = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gxeditor import app
from gxeditor.ui.shell import about
from gxeditor.ui.shell.files import Files
from gxeditor.ui.shell.window import MainWindow
from tests.waiting import PATIENCE

def show(parent, text):
    print("shown", text.splitlines()[-1], flush=True)
    parent.session.close(discard=True)
    QApplication.exit(7)

def edit():
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
    window.session.edit(window.session.report.with_fields(agency="甲"), "修改单位")
    raise ZeroDivisionError("a bug")

about.show_crash = show
where = sys.argv[1]
if where == "opening":
    def open_path(files, path):
        raise ZeroDivisionError("a bug")
    Files.open_path = open_path
elif where == "later":
    QTimer.singleShot(0, edit)
elif where == "painting":
    from gxeditor.ui.editor.pages import SectionTabs
    def paintEvent(tabs, event):
        raise ZeroDivisionError("a bug")
    SectionTabs.paintEvent = paintEvent
from pathlib import Path
app.make_application(["gxeditor"])
sys.exit(app.run([Path(sys.argv[2])]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("where", ["opening", "later", "painting"])
def test_a_bug_is_told_in_the_window_and_kept_in_the_log(
    program: Callable[..., subprocess.Popen[str]], home: Path, file: Path, where: str
) -> None:
    process = program(_BUG, where, file)
    assert "ZeroDivisionError" in wait_for(process, "shown")
    assert process.wait(PATIENCE) == 7
    log = (home / "log" / "gxeditor.log").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log
    assert "甲" not in log


_LEAN = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

def tell():
    (window,) = [w for w in QApplication.topLevelWidgets() if w.inherits("QMainWindow")]
    assert window.isVisible() and window.session.report.agency == "鲁山"
    # A module that is loaded when it is first used has its name there before.
    print(*sorted(n for n, module in sys.modules.items() if type(module).__name__ != "_LazyModule"), flush=True)

def run_loop(application=None):
    QTimer.singleShot(300, tell)
    return loop()

loop, QApplication.exec = QApplication.exec, run_loop
from gxeditor.cli import main
main(sys.argv[1:])
"""


ROOMS = tuple(
    f"gxeditor.{room}." for room in ("exports", "imports", "mapping", "paper", "templates", "workbook")
)


@pytest.mark.slow
def test_a_start_with_a_report_loads_no_format_no_network_and_no_page_that_is_not_shown(
    program: Callable[..., subprocess.Popen[str]], file: Path
) -> None:
    loaded = set(wait_for(program(_LEAN, file), "gxeditor.ui.shell.window").split())
    for heavy in (
        "openpyxl",
        "reportlab",
        "lxml",
        "PIL",
        "PySide6.QtNetwork",
        "PySide6.QtPrintSupport",
        "_hashlib",
    ):
        assert heavy not in loaded
    others = {
        name for name in loaded if name.startswith(ROOMS) or name in (
            "gxeditor.documents", "gxeditor.ui.shell.start", "gxeditor.ui.editor.basic", "gxeditor.ui.editor.prose",
            "gxeditor.ui.importing.review", "gxeditor.ui.look.dialog", "gxeditor.ui.shell.questions",
            "gxeditor.ui.shell.about", "gxeditor.ui.shell.differences", "gxeditor.ui.shell.undoing",
            "gxeditor.ui.shell.helping", "gxeditor.ui.shell.tour", "gxeditor.ui.shell.searching",
            "gxeditor.ui.shell.undo_panel", "gxeditor.ui.shell.undo_rows", "gxeditor.ui.shell.versions",
            "gxeditor.ui.look.written", "gxeditor.ui.editor.equation", "gxeditor.ui.recomputing",
            "gxeditor.core.checks.hints", "gxeditor.core.searching", "gxeditor.store.saved_states",
        ) or name.startswith(("gxeditor.ui.output.", "gxeditor.ui.template.", "gxeditor.ui.help"))
    }  # fmt: skip
    assert others == set()
    assert "gxeditor.ui.editor.table.grid" in loaded


@pytest.mark.slow
def test_a_foreign_file_on_the_command_line_is_reviewed(
    program: Callable[..., subprocess.Popen[str]],
) -> None:
    wait_for(program(_TOLD, resource("samples/lushan-2022.txt")), "政府信息公开年报编辑器 ImportReview")


@pytest.mark.slow
def test_the_sample_opens_without_a_word_to_the_terminal(
    program: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    path = tmp_path / "样例.gxr"
    documents.export(documents.read(resource("samples/lushan-2022.txt")).report, path)
    process = program(_TOLD, path)
    assert wait_for(process, "").startswith("[*]样例.gxr")


# --- the lock


@pytest.mark.parametrize("content", [b"", b"\n", b"rubbish \xff\n", b"abc\ngxeditor\nhost\n\n"])
def test_a_lock_that_names_no_program_costs_no_waiting_and_is_set_aside(
    folders: Folders, content: bytes
) -> None:
    folders.data.mkdir()
    (folders.data / "running.lock").write_bytes(content)
    told: list[str] = []
    first = SingleInstance(folders.data, lambda odd: told.append(str(odd)))
    assert first.first
    assert (folders.data / "aside" / "running.lock").read_bytes() == content
    assert len(told) == 1
    assert not SingleInstance(folders.data).first
    first.release()
    assert SingleInstance(folders.data).first


def test_a_start_that_ends_by_a_bug_lets_go_of_the_lock(
    qapp: QApplication, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(_application: object = None) -> int:
        assert not SingleInstance(folders.data).first
        raise ZeroDivisionError

    before = set(qapp.topLevelWidgets())
    monkeypatch.setattr(app, "user_folders", lambda: folders)
    monkeypatch.setattr(QApplication, "exec", bug)
    with pytest.raises(ZeroDivisionError) as kept:  # its traceback keeps the lock, were it not let go of
        app.run([])
    assert SingleInstance(folders.data).first
    assert kept.tb is not None
    (window,) = [one for one in qapp.topLevelWidgets() if isinstance(one, MainWindow) and one not in before]
    window.close()
    window.deleteLater()
