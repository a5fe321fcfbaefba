"""A bug is logged and reported without the report's content, and the program goes on."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import gxeditor
from gxeditor import crash
from gxeditor.crash import FAULTS_NAME, LOG_NAME, CrashLog, install, report_text


@pytest.fixture
def installed(home: Path) -> Iterator[CrashLog]:
    crash_log = install(home / "log")
    yield crash_log
    crash_log.close()


def bug(message: str) -> ValueError:
    """An exception as it arrives in a hook: raised, with a secret in a local variable."""
    try:
        secret = "申请人张三"
        raise ValueError(message) if secret else AssertionError
    except ValueError as error:
        return error


def raise_(error: BaseException) -> None:
    raise error


def test_a_crash_report_says_program_version_and_place() -> None:
    text = report_text(bug("list index out of range"))
    assert text.startswith(f"gxeditor {gxeditor.__version__} 程序出错\nPython 3.")
    assert "test_crash.py:" in text
    assert text.endswith("ValueError: list index out of range\n")


def test_local_variables_are_not_in_a_crash_report() -> None:
    assert "张三" not in report_text(bug("no"))


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("could not convert string to float: '3，051'", "could not convert string to float: '…'"),
        ("答复申请人张三的信", "…"),
        ("total is 3051 of 12.5000", "total is … of …"),
        ("'requests.received.natural_person'", "'requests.received.natural_person'"),
        ("'int' object has no attribute 'cells'", "'int' object has no attribute 'cells'"),
        ("[Errno 13] Permission denied: 'C:/Users/zhang/report.gxr'", "[Errno 13] Permission denied: '…'"),
        ('no "C:/Users/li" here', "no '…' here"),
    ],
)
def test_figures_prose_and_paths_in_a_message_are_left_out(message: str, shown: str) -> None:
    assert report_text(bug(message)).splitlines()[-1] == f"builtins.ValueError: {shown}"


def test_a_message_that_cannot_be_had_does_not_stop_the_crash_report() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert report_text(Mute()).endswith("Mute: …\n")


def test_the_folders_above_the_program_are_not_in_a_crash_report() -> None:
    code = compile("raise KeyError('x')", "/Users/zhang/gxeditor/core/gxeditor/core/form.py", "exec")
    with pytest.raises(KeyError) as caught:
        exec(code)
    assert "zhang" not in report_text(caught.value)
    assert "  gxeditor/core/form.py:1" in report_text(caught.value)


def test_causes_come_first_and_suppressed_ones_not_at_all() -> None:
    try:
        try:
            raise KeyError("first")
        except KeyError as error:
            raise ValueError("second") from error
    except ValueError as error:
        text = report_text(error)
        error.__cause__ = None
        hidden = report_text(error)
    assert text.index("KeyError: 'first'") < text.index("then:") < text.index("ValueError: second")
    assert "KeyError" not in hidden


def test_a_circle_of_causes_ends() -> None:
    one, two = ValueError("one"), ValueError("two")
    one.__context__, two.__context__ = two, one
    assert report_text(one).count("ValueError: two") == 1


def test_every_exception_of_a_group_is_reported() -> None:
    text = report_text(ExceptionGroup("both", [KeyError("a"), bug("b")]))
    assert "KeyError: 'a'" in text
    assert "ValueError: b" in text


def test_an_unexpected_exception_is_logged_and_handed_on(installed: CrashLog) -> None:
    told: list[str] = []
    installed.on_crash = told.append
    error = bug("oops")
    sys.excepthook(type(error), error, error.__traceback__)
    assert told == [report_text(error)]
    assert "ValueError: oops" in installed.path.read_text(encoding="utf-8")


def test_an_exception_in_another_thread_is_a_bug_too(installed: CrashLog) -> None:
    told: list[str] = []
    installed.on_crash = told.append
    thread = threading.Thread(target=raise_, args=(bug("in a thread"),))
    thread.start()
    thread.join()
    assert "in a thread" in told[0]


def test_a_bug_in_showing_a_bug_is_logged_and_said_in_one_sentence(
    installed: CrashLog, capsys: pytest.CaptureFixture[str]
) -> None:
    installed.on_crash = lambda text: raise_(RuntimeError("no window"))
    error = bug("first")
    sys.excepthook(type(error), error, error.__traceback__)
    logged = installed.path.read_text(encoding="utf-8")
    assert logged.index("ValueError: first") < logged.index("RuntimeError: no window")
    assert capsys.readouterr().err == (f"程序出错了。已保存的年报不受影响。详情记在 {installed.path}。\n")


def test_without_a_console_a_bug_is_still_logged(
    installed: CrashLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    error = bug("silent")
    sys.excepthook(type(error), error, error.__traceback__)
    assert "silent" in installed.path.read_text(encoding="utf-8")


def test_control_c_is_no_bug(installed: CrashLog, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    installed.on_crash = told.append
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert told == []
    assert not installed.path.exists()
    assert capsys.readouterr().err == "KeyboardInterrupt\n"


def test_closing_puts_the_hooks_back(home: Path) -> None:
    before = sys.excepthook, threading.excepthook
    install(home).close()
    assert (sys.excepthook, threading.excepthook) == before
    logging.getLogger("gxeditor").info("to nobody")
    assert not (home / LOG_NAME).exists()


def test_a_log_grown_too_long_becomes_the_one_older_copy(
    installed: CrashLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash, "_LOG_BYTES", 1000)
    for number in range(100):
        crash.log.info("line %03d", number)
    older = installed.path.with_name(f"{LOG_NAME}.1")
    assert {path.name for path in installed.path.parent.glob("*.log*")} == {
        LOG_NAME,
        f"{LOG_NAME}.1",
        FAULTS_NAME,
    }
    kept = older.read_text(encoding="utf-8") + installed.path.read_text(encoding="utf-8")
    numbers = [int(line.split()[-1]) for line in kept.splitlines()]
    assert numbers == list(range(numbers[0], 100))
    assert older.stat().st_size < 1100


def test_a_log_that_somebody_reads_loses_no_line(
    installed: CrashLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows lets nobody rename a file that is open elsewhere: then the log goes on as it is."""
    monkeypatch.setattr(crash, "_LOG_BYTES", 1000)
    crash.log.info("line 000")
    with installed.path.open(encoding="utf-8"):
        for number in range(1, 40):
            crash.log.info("line %03d", number)
    files = [installed.path.with_name(f"{LOG_NAME}.1"), installed.path]
    kept = "".join(file.read_text(encoding="utf-8") for file in files if file.exists())
    numbers = [int(line.split()[-1]) for line in kept.splitlines()]
    assert numbers == list(range(numbers[0], 40))


def test_a_log_folder_that_cannot_be_made_costs_only_the_log(home: Path) -> None:
    home.write_text("no folder", encoding="utf-8")
    crash_log = install(home / "log")
    try:
        assert "oops" in crash_log.record(bug("oops"))
    finally:
        crash_log.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_makes_no_second_trouble(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "log").mkdir(parents=True)
    (home / "log" / LOG_NAME).symlink_to("/dev/full")
    crash_log = install(home / "log")
    crash_log.record(bug("oops"))
    crash_log.close()
    assert capsys.readouterr().err == ""


def test_faults_grown_too_long_begin_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crash, "_LOG_BYTES", 10)
    home.mkdir()
    (home / FAULTS_NAME).write_text("x" * 11, encoding="utf-8")
    install(home).close()
    assert (home / FAULTS_NAME).read_text(encoding="utf-8") == ""


def test_a_fault_of_the_interpreter_leaves_its_trace_in_a_file(home: Path) -> None:
    """A real segmentation fault, in a process of its own."""
    program = (
        "import sys, faulthandler, pathlib, gxeditor.crash as crash;"
        f"crash.install(pathlib.Path({json.dumps(str(home))}));"
        "faulthandler._sigsegv()"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert ran.returncode != 0
    assert "Segmentation fault" in (home / FAULTS_NAME).read_text(encoding="utf-8")


def test_a_program_that_fails_says_so_without_a_traceback(home: Path) -> None:
    program = (
        "import pathlib, gxeditor.crash as crash;"
        f"crash.install(pathlib.Path({json.dumps(str(home))}));"
        "raise ValueError('oops')"
    )
    ran = subprocess.run([sys.executable, "-X", "utf8", "-c", program], capture_output=True, encoding="utf-8")
    assert ran.returncode == 1
    assert ran.stderr.startswith("程序出错了。")
    assert "Traceback" not in ran.stderr
    assert "ValueError: oops" in (home / LOG_NAME).read_text(encoding="utf-8")


def test_no_program_is_started_for_a_crash_report() -> None:
    """Whatever stands first in PATH would be it."""
    code = (
        "import sys\n"
        "from gxeditor.crash import report_text\n"
        "sys.addaudithook(lambda event, what: event.startswith(('subprocess.', 'os.system', 'os.posix_spawn', "
        "'os.exec', 'os.fork')) and print(event, what))\n"
        "assert 'gxeditor' in report_text(ValueError('a'))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert ran.stdout == ""


class Keeper:
    """Something open that has names in it."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def texts(self) -> frozenset[str]:
        return frozenset(self.names)


def test_names_in_english_letters_are_kept_out_while_what_has_them_is_open() -> None:
    keeper = Keeper("Tadeusz Brzezinski", "黎霁川", "J")
    crash.keep_out(keeper.texts)
    text = report_text(bug("no key 'Tadeusz' of Brzezinski in report.agency, but 'entries'"))
    assert "Tadeusz" not in text
    assert "Brzezinski" not in text
    assert "entries" in text
    assert "report.agency" in text
    del keeper
    assert "'Tadeusz'" in report_text(bug("no key 'Tadeusz'"))


def test_what_the_child_process_reported_has_no_such_name_either() -> None:
    keeper = Keeper("Zbigniew")
    crash.keep_out(keeper.texts)
    error = RuntimeError("x")
    error.crash_report = "gxeditor\nKeyError: 'Zbigniew'\n"  # type: ignore[attr-defined]
    assert report_text(error) == "gxeditor\nKeyError: '…'\n"


def test_a_bug_in_whoever_should_name_them_leaves_nothing_of_the_message() -> None:
    class Broken:
        def texts(self) -> frozenset[str]:
            raise RuntimeError("again")

    broken = Broken()
    crash.keep_out(broken.texts)
    text = report_text(bug("no key 'Zbigniew'"))
    assert "Zbigniew" not in text
    assert "builtins.ValueError: …" in text
