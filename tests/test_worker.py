"""The child process: what comes back, what ends it, and that the program goes on in every case.

The calls below are made in the child, which imports this module; so it asks for nothing heavy.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import pytest

from gxeditor import crash, worker
from gxeditor.core import errors
from gxeditor.core.errors import Cancelled, GxError, NotWritten, Unfinished, UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import Prior, blank_report
from gxeditor.worker import ChildBug, Step, Worker, dumped, loaded
from tests.waiting import PATIENCE, until

SMALL = 150_000_000
"""Bytes that a child of these tests may take."""
WAITS = "读“去年.pdf”"


@pytest.fixture
def one() -> Iterator[Worker]:
    made = Worker(SMALL)
    yield made
    made.close()


def run(one: Worker, function: Callable[..., object], *arguments: object, **how: object) -> object:
    how.setdefault("seconds", PATIENCE)
    return one.run(function, *arguments, doing=WAITS, remedy="请换一个文件。", **how)  # type: ignore[arg-type]


def is_there(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for has ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


# --- what is done over there


def own_pid() -> int:
    return os.getpid()


def given_back(value: object) -> object:
    return value


def hang(*_: object) -> None:
    while True:
        time.sleep(1)


def spin() -> None:
    while True:
        pass


def hang_and_leave(path: str) -> None:
    Path(path).write_text(str(os.getpid()), encoding="utf-8")
    hang()


def leave_word(path: str) -> None:
    Path(path).write_text(str(os.getpid()), encoding="utf-8")


def abort() -> None:
    os.abort()


def segfault() -> None:
    ctypes.string_at(0)


def leave() -> None:
    os._exit(3)


def ask_to_end() -> None:
    sys.exit(3)


def grow() -> int:
    parts = []
    while True:
        parts.append(bytearray(10_000_000))


kept: list[bytearray] = []


def keep(size: int) -> int:
    kept.append(bytearray(size))
    return len(kept)


def nest(depth: int) -> int:
    return nest(depth + 1) + 1


def fail(error: Exception) -> None:
    raise error


def fail_with_something_that_stays() -> None:
    error = UnreadableSource("读不出来。")
    error.where = threading.Lock()  # type: ignore[attr-defined]
    raise error


def what_stays() -> object:
    return threading.Lock()


def divide(by: int) -> float:
    return 1 / by


def give_up_when_asked(path: str) -> None:
    Path(path).write_text(str(os.getpid()), encoding="utf-8")
    while not worker.is_unwanted():
        time.sleep(0.001)
    raise Cancelled


def is_unwanted() -> bool:
    return worker.is_unwanted()


def chatter() -> str:
    print("a library says something")
    os.write(1, b"and so does one that is written in C")
    print("to whoever asks", file=sys.stderr)
    return sys.stdin.read()


def report_on_the_way() -> str:
    worker.tell_kind("PDF 文件，2 页")
    for page in range(1, 3):
        worker.advance("找到正文", page, 2, "页")
    worker.advance("表三", 175, 175, "格")
    return "好了"


# --- results


def test_a_call_is_made_in_another_process_which_is_kept(one: Worker) -> None:
    first = run(one, own_pid)
    assert first == run(one, own_pid) == one.pid
    assert first != os.getpid()


def test_frozen_values_come_back_equal_and_refer_to_the_form_of_this_process(one: Worker, form: Form) -> None:
    report = blank_report(form, 2024).with_entries({"requests.received.natural_person": 3})
    report = report.with_fields(
        agency="青溪县教育局", extra=MappingProxyType({"将来": MappingProxyType({"a": 1})})
    )
    report = report.with_prior(Prior.of(blank_report(form, 2023), "/去年.gxr", "ab"))
    assert report.values  # what has been worked out goes along
    back = run(one, given_back, report)
    assert back == report
    assert isinstance(back, type(report))
    assert back.form is form
    assert back.prior is not None
    assert back.prior.report.form is form
    assert isinstance(back.entries, MappingProxyType)
    assert back.values == report.values


def test_a_form_that_is_not_shipped_goes_over_whole(one: Worker, form: Form) -> None:
    from dataclasses import replace

    other = replace(form, edition="2099", title="另一种年报")
    back = run(one, given_back, other)
    assert isinstance(back, Form)
    assert (back.edition, back.title, dict(back.cells)) == ("2099", "另一种年报", dict(form.cells))


def test_a_large_value_comes_back(one: Worker) -> None:
    value = tuple((number, f"第 {number} 格", ("x",) * 3) for number in range(60_000))
    assert run(one, given_back, value) == value


def test_what_libraries_print_does_not_get_between_the_answers(one: Worker) -> None:
    assert run(one, chatter) == ""


def test_the_child_loads_neither_qt_nor_sockets_nor_the_starting_program(one: Worker) -> None:
    modules = run(one, eval, "tuple(__import__('sys').modules)")
    assert isinstance(modules, tuple)
    roots = {name.partition(".")[0] for name in modules}
    assert not roots & {"PySide6", "shiboken6", "socket", "_socket", "multiprocessing"}
    assert "gxeditor.cli" not in modules
    assert run(one, eval, "hasattr(__import__('__main__'), '__file__')") is False


def test_progress_is_told_in_order_in_the_thread_that_waits(one: Worker) -> None:
    heard: list[object] = []
    threads: set[int] = set()

    def hear(told: str | Step) -> None:
        heard.append(told)
        threads.add(threading.get_ident())

    assert run(one, report_on_the_way, heard=hear) == "好了"
    assert heard == [
        "PDF 文件，2 页",
        Step("找到正文", 1, 2, "页"),
        Step("找到正文", 2, 2, "页"),
        Step("表三", 175, 175, "格"),
    ]
    assert threads == {threading.get_ident()}


def test_where_nobody_listens_progress_goes_nowhere() -> None:
    assert report_on_the_way() == "好了"


# --- troubles


KINDS = sorted(
    {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GxError)},
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_trouble_of_ours_comes_back_whole(one: Worker, kind: type[GxError]) -> None:
    if kind is errors.Defects:
        error: GxError = errors.Defects("文件有误", ("一", "二"))
    else:
        error = kind("打不开。", "没有读入任何内容。", "请换一个文件。")
    error.page = 3  # type: ignore[attr-defined]
    with pytest.raises(GxError) as caught:
        run(one, fail, error)
    assert type(caught.value) is kind
    assert vars(caught.value) == vars(error)
    assert caught.value.args == error.args
    assert str(caught.value) == str(error)


def test_giving_up_over_there_is_giving_up(one: Worker) -> None:
    with pytest.raises(Cancelled):
        run(one, fail, Cancelled())


@pytest.mark.parametrize(
    ("function", "arguments", "told"),
    [
        (divide, (0,), "ZeroDivisionError"),
        (nest, (0,), "RecursionError"),
        (ask_to_end, (), "SystemExit"),
        (what_stays, (), "TypeError"),
        (fail_with_something_that_stays, (), "TypeError"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_bug_over_there_is_reported_as_one_and_the_child_goes_on(
    one: Worker, function: Callable[..., object], arguments: tuple[object, ...], told: str, tmp_path: Path
) -> None:
    before = run(one, own_pid)
    with pytest.raises(ChildBug) as caught:
        run(one, function, *arguments)
    log = crash.install(tmp_path)
    try:
        text = log.record(caught.value)
    finally:
        log.close()
    assert "程序出错" in text
    assert told in text
    assert told in (tmp_path / crash.LOG_NAME).read_text(encoding="utf-8")
    assert run(one, own_pid) == before


def test_what_hangs_is_ended_and_the_next_call_has_a_new_child(one: Worker) -> None:
    for function in (hang, spin):
        before = run(one, own_pid)
        with pytest.raises(Unfinished) as caught:
            run(one, function, seconds=0.3)
        assert str(caught.value) == (
            "读“去年.pdf”用了 0.3 秒还没有完成，已经停止。当前年报没有变。请换一个文件。"
        )
        assert isinstance(before, int)
        assert not is_there(before)
        assert run(one, own_pid) != before


def nap() -> str:
    time.sleep(0.3)
    return "有了"


def test_on_a_busy_pc_a_call_has_the_time_that_it_does_not_work(
    one: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(one, own_pid)
    monkeypatch.setattr(worker, "_BUSY", 10 * PATIENCE)
    assert run(one, nap, seconds=0.1) == "有了"
    with pytest.raises(Unfinished):
        run(one, spin, seconds=0.1)


# Python for Windows makes an error of such an access.
CRASHES = [abort, leave] if sys.platform == "win32" else [abort, segfault, leave]


@pytest.mark.parametrize("function", CRASHES, ids=lambda function: function.__name__)
def test_what_crashes_is_told_and_the_next_call_has_a_new_child(
    one: Worker, function: Callable[[], None]
) -> None:
    with pytest.raises(Unfinished) as caught:
        run(one, function)
    assert caught.value.what == "读“去年.pdf”时，负责这一步的程序意外停止了。"
    assert caught.value.meaning == "当前年报没有变。"
    assert run(one, divide, 2) == 0.5


@pytest.mark.skipif(
    sys.platform != "linux", reason="Windows holds the limit by a job object, see the Wine proof"
)
def test_what_grows_past_its_memory_is_ended(one: Worker) -> None:
    with pytest.raises(Unfinished) as caught:
        run(one, grow)
    assert caught.value.what == "读“去年.pdf”需要的内存超过 150 MB，已经停止。"
    assert run(one, keep, 10_000_000) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only there the child looks at what it has")
def test_a_child_that_keeps_much_makes_room_for_a_fresh_one(one: Worker) -> None:
    assert run(one, keep, 1_000_000) == 1
    assert run(one, keep, 100_000_000) == 2
    assert run(one, keep, 1_000_000) == 1


def test_a_child_that_was_killed_while_idle_is_replaced_unnoticed(one: Worker) -> None:
    before = run(one, own_pid)
    assert isinstance(before, int)
    os.kill(before, signal.SIGTERM)
    assert run(one, divide, 4) == 0.25


@pytest.mark.skipif(sys.platform == "win32", reason="a console of its own keeps Ctrl+C away there")
def test_ctrl_c_is_for_the_program_alone(one: Worker) -> None:
    before = run(one, own_pid)
    assert isinstance(before, int)
    os.kill(before, signal.SIGINT)
    assert run(one, own_pid) == before
    assert os.getpgid(before) != os.getpgid(0)


# --- cancelled


def test_a_call_that_is_cancelled_is_ended_at_once(one: Worker, tmp_path: Path) -> None:
    there = tmp_path / "there"

    def has_begun() -> bool:
        return there.exists() and there.read_text(encoding="utf-8") != ""

    with pytest.raises(Cancelled):
        run(one, hang_and_leave, str(there), cancelled=has_begun)
    assert not is_there(int(there.read_text(encoding="utf-8")))
    assert run(one, divide, 2) == 0.5


def test_a_call_that_is_cancelled_while_the_child_comes_up_leaves_none(one: Worker) -> None:
    with pytest.raises(Cancelled):
        run(one, hang, cancelled=lambda: True)
    assert one.pid is None


def test_calls_wait_their_turn_and_one_that_is_cancelled_meanwhile_is_never_made(
    one: Worker, tmp_path: Path
) -> None:
    there, stop = tmp_path / "there", threading.Event()
    ended: list[str] = []

    def first() -> None:
        try:
            run(one, hang_and_leave, str(there), cancelled=stop.is_set)
        except Cancelled:
            ended.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    until(there.exists)
    with pytest.raises(Cancelled):
        run(one, hang_and_leave, str(tmp_path / "never"), cancelled=lambda: True)
    assert ended == []
    stop.set()
    assert run(one, divide, 2) == 0.5
    thread.join(PATIENCE)
    assert ended == ["first"]
    assert not (tmp_path / "never").exists()


def begun(there: Path) -> Callable[[], bool]:
    return lambda: there.exists() and there.read_text(encoding="utf-8") != ""


def test_a_call_that_gives_up_by_itself_leaves_the_child_warm(one: Worker, tmp_path: Path) -> None:
    there = tmp_path / "there"
    with pytest.raises(Cancelled):
        run(one, give_up_when_asked, str(there), cancelled=begun(there), gives_up=True)
    assert one.pid == int(there.read_text(encoding="utf-8"))
    assert run(one, is_unwanted) is False
    assert run(one, own_pid) == one.pid


def test_a_result_that_crosses_its_cancelling_is_dropped_and_the_next_call_is_wanted(one: Worker) -> None:
    asked: list[bool] = []

    def late() -> bool:
        asked.append(True)
        return len(asked) > 1

    before = run(one, own_pid)
    for _ in range(20):
        asked.clear()
        with suppress(Cancelled):
            run(one, given_back, "x" * 1000, cancelled=late, gives_up=True)
        assert run(one, is_unwanted) is False
    assert run(one, own_pid) == before


def test_a_call_that_should_give_up_and_does_not_is_ended(one: Worker, tmp_path: Path) -> None:
    there = tmp_path / "there"
    with pytest.raises(Cancelled):
        run(one, hang_and_leave, str(there), cancelled=begun(there), gives_up=True)
    assert not is_there(int(there.read_text(encoding="utf-8")))
    assert run(one, divide, 2) == 0.5


def test_a_child_that_comes_up_for_a_call_no_longer_wanted_comes_up_for_the_next(one: Worker) -> None:
    with pytest.raises(Cancelled):
        run(one, hang, cancelled=lambda: True, gives_up=True)
    coming = one.pid
    assert coming is not None
    assert run(one, own_pid) == coming


def test_a_call_made_here_may_give_up_too(
    one: Worker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(worker, "command", lambda _: ["/there/is/no/such/program"])
    there = tmp_path / "there"
    with pytest.raises(Cancelled):
        run(one, give_up_when_asked, str(there), cancelled=begun(there), gives_up=True)
    assert not worker.is_unwanted()


# --- our own work


def test_a_child_without_work_ends_and_the_next_call_has_a_new_one() -> None:
    one = Worker(SMALL, idle=0.05)
    try:
        first = run(one, own_pid)
        until(lambda: one.pid is None)
        assert run(one, own_pid) != first
    finally:
        one.close()


def loaded_modules() -> tuple[str, ...]:
    return tuple(sys.modules)


def test_a_child_loads_what_is_expected_beside_the_caller() -> None:
    one = Worker(worker.PAGES_MEMORY)
    try:
        one.warm("gxeditor.paper.archive")
        first = one.pid
        assert first is not None
        there = run(one, loaded_modules)
        assert isinstance(there, tuple)
        assert {"pikepdf.pdfa", "fontTools.ttLib.tables._g_l_y_f"} <= {*there}
        one.warm("gxeditor.paper.archive")
        assert run(one, own_pid) == first
    finally:
        one.close()


@pytest.mark.parametrize("module", ["gxeditor.there_is_none", "gxeditor.core.errors"])
def test_a_child_that_cannot_load_what_is_expected_still_makes_calls(one: Worker, module: str) -> None:
    one.warm(module)
    assert run(one, own_pid) == one.pid


def test_a_child_that_was_dismissed_is_followed_by_another(one: Worker) -> None:
    first = run(one, own_pid)
    one.dismiss()
    assert run(one, own_pid) != first


def test_what_hangs_in_a_foreign_file_does_not_hold_up_our_own_work(tmp_path: Path) -> None:
    there, stop = tmp_path / "there", threading.Event()

    def read() -> None:
        with suppress(Cancelled):
            worker.run(hang_and_leave, str(there), doing=WAITS, cancelled=stop.is_set)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        until(begun(there))
        assert worker.run_ours(own_pid, doing="排版") == worker.pages().pid
        assert worker.pages().pid != worker.shared().pid
    finally:
        stop.set()
        thread.join(PATIENCE)


# --- the end of the program


PARENT = """
import signal
import sys
from gxeditor import worker
from tests import test_worker

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's job in the background ignores it
worker.run(test_worker.{call}, *sys.argv[1:], doing="", seconds=600)
{after}
"""


def start_parent(
    call: str, *arguments: str, after: str = "", error: int | None = None
) -> subprocess.Popen[bytes]:
    program = PARENT.format(call=call, after=after)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", program, *arguments], env=environment, stderr=error)


@pytest.mark.skipif(sys.platform == "win32", reason="asks /proc; Windows ends the child by the job object")
def test_the_child_of_a_program_that_is_killed_ends_by_itself(tmp_path: Path) -> None:
    there = tmp_path / "there"
    parent = start_parent("hang_and_leave", str(there))
    try:
        until(lambda: there.exists() and there.read_text(encoding="utf-8") != "")
    finally:
        parent.kill()
        parent.wait()
    pid = int(there.read_text(encoding="utf-8"))
    until(lambda: not is_there(pid))


@pytest.mark.skipif(sys.platform == "win32", reason="asks /proc")
def test_a_program_that_is_interrupted_ends_its_child_first(tmp_path: Path) -> None:
    there = tmp_path / "there"
    parent = start_parent("hang_and_leave", str(there), error=subprocess.PIPE)
    until(lambda: there.exists() and there.read_text(encoding="utf-8") != "")
    parent.send_signal(signal.SIGINT)
    _, said = parent.communicate(timeout=PATIENCE)
    assert b"KeyboardInterrupt" in said
    assert not is_there(int(there.read_text(encoding="utf-8")))


@pytest.mark.skipif(sys.platform == "win32", reason="asks /proc")
def test_a_program_that_ends_ends_its_child(tmp_path: Path) -> None:
    there = tmp_path / "there"
    after = f"open({str(there)!r}, 'w', encoding='utf-8').write(str(worker.shared().pid))"
    assert start_parent("own_pid", after=after).wait(PATIENCE) == 0
    pid = int(there.read_text(encoding="utf-8"))
    until(lambda: not is_there(pid))


def test_the_program_started_as_the_child_serves_and_opens_no_window() -> None:
    """What the launcher of the Windows program does, which has no Python to call."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(
        [sys.executable, "-m", "gxeditor", worker.SWITCH],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    length = int.from_bytes(child.stdout.read(8), "little")
    assert worker.loaded(child.stdout.read(length)) == ("up", None)
    assert child.communicate(timeout=PATIENCE) == (b"", b"")
    assert child.returncode == 0


# --- no child


@pytest.mark.parametrize(
    "command",
    [["/there/is/no/such/program"], [sys.executable, "-c", "raise SystemExit(5)"]],
    ids=["cannot be started", "ends at once"],
)
def test_without_a_child_the_call_is_made_here_and_the_log_says_so(
    one: Worker, command: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "command", lambda _: command)
    heard: list[object] = []
    with caplog.at_level(logging.INFO, "gxeditor"):
        assert run(one, own_pid) == os.getpid()
        assert run(one, report_on_the_way, heard=heard.append) == "好了"
    assert "no child process" in caplog.text
    assert heard[0] == "PDF 文件，2 页"
    with pytest.raises(NotWritten):
        run(one, fail, NotWritten("没有写成。"))
    monkeypatch.undo()
    assert run(one, own_pid) != os.getpid()


def test_the_worker_of_a_program_is_one_for_all() -> None:
    first = worker.run(own_pid, doing=WAITS)
    assert first == worker.run(own_pid, doing=WAITS) == worker.shared().pid


def test_values_are_dumped_and_loaded_with_frozen_mappings_at_every_depth() -> None:
    value: Mapping[str, object] = MappingProxyType({"a": (MappingProxyType({1: [MappingProxyType({})]}),)})
    back = worker.loaded(worker.dumped(value))
    assert back == value
    assert isinstance(back["a"][0][1][0], MappingProxyType)


def test_a_value_that_keeps_something_meanwhile_goes_over_all_the_same() -> None:
    """As a report does whose sums the window asks for just then: a dictionary that grows cannot be gone through."""

    class Growing(dict[int, int]):
        tries = 0

        def __reduce__(self) -> tuple[object, ...]:
            Growing.tries += 1
            if Growing.tries < 3:
                raise RuntimeError("dictionary changed size during iteration")
            return dict, (dict(self),)

    assert loaded(dumped(Growing({1: 2}))) == {1: 2}
    assert Growing.tries == 3
