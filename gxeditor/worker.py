"""A second process for everything foreign or heavy: what hangs, crashes or grows there is ended there.

Knows the child processes (started when first wanted, kept warm, started again when they died), how a call and its
result get there and back, the clock and the memory a call has, and how it is cancelled. There are two: `shared` for
what is foreign, `pages` for our own heavy work, which no foreign file may hold up. `run` waits for the result of a
call, in any thread; `ui.look.tasks` waits beside the window. The function called says how far it is by `tell_kind` and
`advance`, which do nothing where nobody listens, and learns by `is_unwanted` that it may give up. Where no child can be
had, the call is made in the calling thread, with neither clock nor limit, and the log says so. Knows no format, no
window and not what is called.

Function and arguments go over as pickles, so a function is one that a module names. Frozen mappings go with them, and a
shipped form as its edition: what comes back refers to the form that this process has. The child is started by hand and
not by `multiprocessing`, which loads the socket module (the program ships none) and runs the starting program's
`__main__` again. It imports what the called function asks for, never Qt; it ends when the parent does, by the end of
its input, and by a job object on Windows.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, NoReturn, TypeVar

from gxeditor.core.errors import Cancelled, GxError, Unfinished

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

    from gxeditor.core.form import Form

R = TypeVar("R")

SECONDS = 10.0
"""How long a call may work, from when the child has begun it: the worst file that is still read takes a third of it.

What counts is the processor's time, so that a file is read on a busy PC as well; what only waits is given `_BUSY` times
as long."""
MEMORY = 600_000_000
"""Bytes that the child may take for itself: a PC with 4 GB has them while Word and a browser are open."""
PAGES_MEMORY = 1_000_000_000
"""The same for our own work: a report of 3 million characters becomes a PDF within it."""
PAGES_SECONDS = 60.0
"""How long our own work may take: 50 pages are set and validated within 3 seconds on a slow PC."""
IDLE = 300.0
"""Seconds without a call after which the child for our own work ends: some 90 MB are free for others then."""
SWITCH = "--worker"
"""The argument that makes the installed program the child."""
VALIDATOR = "gxeditor.paper.archive"
"""What to `warm` the child for our own work with, where a PDF will be made."""

_BUSY = 3  # times its seconds that a call may take on a PC that gives the child only a part of a processor
_START = 30.0  # seconds in which a child is up, on a slow disk behind a virus scanner too
_ENDING = 2.0  # seconds in which a killed process is gone
_LOOK = 0.05  # seconds between two looks at the clock and at whether the result is still wanted
_GIVING_UP = 1.0  # seconds in which a call that can give up has done so, before its child is ended
_TELLING = 0.05  # seconds between two tellings of one step: nobody reads faster
_TIMES = 20  # that a value is tried to be sent over which changes meanwhile
_LENGTH = 8  # bytes that say how long a message is

# -I -S: the child's modules are those of the parent, whose path it gets, and no other's.
_SERVE = (
    "import sys; sys.path[:] = sys.argv[2:]; from gxeditor.worker import serve; sys.exit(serve(sys.argv[1]))"
)
_RARELY = 50_000, 20, 20
"""How often a process of one piece of work looks for garbage: 700 objects, as usual, are a twentieth of a library,
and the looking took a quarter of its time. So many objects are some 10 MB."""


class Step(NamedTuple):
    """How far a part of the work is: `done` of `of` (0: not known), counted in `unit`, as in 表三 112 / 175 格."""

    part: str
    done: int = 0
    of: int = 0
    unit: str = ""


Heard = Callable[[str | Step], None]
"""Who is told: what is being worked on, in words (「PDF 文件，5 页」), and the steps."""


class ChildBug(Exception):
    """A bug in what the child was called for; `crash_report` is the report that was made of it there."""

    def __init__(self, crash_report: str) -> None:
        super().__init__(crash_report)
        self.crash_report = crash_report


# --- what the called function may say -------------------------------------------------------------------------


class _Listener(threading.local):
    hear: Heard | None = None
    told: tuple[str, float] = ("", 0.0)
    cancelled: Callable[[], bool] | None = None


_listener = _Listener()


def tell_kind(words: str) -> None:
    """Says what the file is that is being worked on, as a person would: 「PDF 文件，5 页」."""
    if _listener.hear is not None:
        _listener.hear(words)


def advance(part: str, done: int = 0, of: int = 0, unit: str = "") -> None:
    """Says how far a part of the work is. Cheap: may be called for every page or row. `done == of` ends the part."""
    if _listener.hear is None:
        return
    last, at = _listener.told
    now = time.monotonic()
    if part == last and now - at < _TELLING and (done < of or not of):
        return
    _listener.told = part, now
    _listener.hear(Step(part, done, of, unit))


def is_unwanted() -> bool:
    """Whether nobody waits for the result of the call any more: it may then raise `Cancelled`. To be asked often."""
    return _listener.cancelled is not None and _listener.cancelled()


# --- how values go over ---------------------------------------------------------------------------------------


def _frozen(items: dict[Any, Any]) -> Mapping[Any, Any]:
    from types import MappingProxyType

    return MappingProxyType(items)


def _reduce_mapping(mapping: Mapping[Any, Any]) -> tuple[Any, ...]:
    return _frozen, (dict(mapping),)


def _reduce_form(form: Form) -> tuple[Any, ...] | str:
    from gxeditor.resources import load_form

    with suppress(GxError):
        if form is load_form(form.edition):
            return load_form, (form.edition,)
    return form.__reduce_ex__(5)  # a form of somebody's own goes over whole


def dumped(value: object) -> bytes:
    """A value as it goes over; frozen mappings and forms may be anywhere in it. Raises what pickle does."""
    import copyreg
    import io
    import pickle
    from types import MappingProxyType

    for left in reversed(range(_TIMES)):
        data = io.BytesIO()
        pickler = pickle.Pickler(data, 5)
        pickler.dispatch_table = {**copyreg.dispatch_table, MappingProxyType: _reduce_mapping}
        if (known := sys.modules.get("gxeditor.core.form")) is not None:  # else no form can be in it
            pickler.dispatch_table[known.Form] = _reduce_form
        try:
            pickler.dump(value)
            break
        except RecursionError:
            raise
        except RuntimeError:  # the window's thread works out something that a frozen value then keeps
            if not left:
                raise
    return data.getvalue()


class _Pieces:
    """A pickle, handed to the unpickler piece by piece by Python: in between, the window's thread has its turn."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = 0

    def read(self, size: int) -> bytes:
        piece = self._data[self._at : self._at + size]
        self._at += len(piece)
        return bytes(piece)

    def readline(self) -> bytes:
        end = bytes(self._data[self._at : self._at + 1000]).index(b"\n") + 1
        return self.read(end)


def loaded(data: bytes) -> Any:
    """The value that `dumped` made these bytes of."""
    import pickle

    return pickle.Unpickler(_Pieces(data)).load()


def _write(stream: BinaryIO, message: bytes) -> None:
    whole = memoryview(len(message).to_bytes(_LENGTH, "little") + message)
    while whole:
        whole = whole[stream.write(whole) :]


def _read(stream: BinaryIO) -> bytes | None:
    """The next message; None at the end."""
    length = _exactly(stream, _LENGTH)
    return None if length is None else _exactly(stream, int.from_bytes(length, "little"))


def _exactly(stream: BinaryIO, size: int) -> bytes | None:
    parts = []
    while size:
        part = stream.read(min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


# --- the child ------------------------------------------------------------------------------------------------


def collect_rarely() -> None:
    """Has a process that does one piece of work, or one after the other, look for garbage when there may be much."""
    import gc

    gc.set_threshold(*_RARELY)


def serve(expected: str = "") -> int:
    """The child: makes calls until its input ends. Never returns before that; the exit code.

    What is `expected` is a module whose `load` is called before the first call comes.
    """
    import signal

    collect_rarely()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which then ends us
    jobs = open(os.dup(0), "rb", buffering=0)  # noqa: SIM115 - as long as the process
    answers = open(os.dup(1), "wb", buffering=0)  # noqa: SIM115
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):  # what a library prints must not get between the answers
        os.dup2(nothing, standard)
    waiting: SimpleQueue[bytes] = SimpleQueue()
    unwanted = threading.Event()
    threading.Thread(target=_listen, args=(jobs, waiting, unwanted), daemon=True).start()

    def answer(kind: str, value: object = None) -> None:
        _write(answers, dumped((kind, value)))

    _listener.hear = lambda told: answer("told", told)
    _listener.cancelled = unwanted.is_set
    if expected:
        _load(expected)
    answer("up")
    idle: float | None = None
    while True:
        try:
            job = waiting.get(timeout=idle)
        except Empty:
            return 0
        answer("begun")
        kind, memory = "bug", MEMORY
        value: object = None
        try:
            seconds, memory, idle, call = loaded(job)
            _limit(seconds, memory)
            function, arguments = loaded(call)
            kind, value = "done", dumped(function(*arguments))
        except GxError as error:
            kind, value = "failed", error
        except Cancelled:
            kind = "cancelled"
        except MemoryError:
            kind = "too large"
        except BaseException as error:  # SystemExit too: whatever it is, the parent has to hear it
            value = _crash_report(error)
        try:
            answer(kind, value)
        except OSError:  # nobody listens any more
            return 0
        except Exception as error:  # an error of ours that holds what cannot be pickled
            answer("bug", _crash_report(error))
        job = call = value = None  # type: ignore[assignment]
        if _has_grown(memory):
            return 0


def _load(module: str) -> None:
    """What fails here fails again, and is told, when it is called for."""
    import gc
    from importlib import import_module

    with suppress(Exception):
        import_module(module).load()
    gc.freeze()  # libraries are no garbage


def _crash_report(error: BaseException) -> str:
    from gxeditor.crash import report_text

    return report_text(error)


def _listen(jobs: BinaryIO, waiting: SimpleQueue[bytes], unwanted: threading.Event) -> NoReturn:
    """Takes jobs in; an empty one says that the last is no longer wanted, which its answer need not have crossed.

    The end of the input is that of the parent, whatever is being done meanwhile.
    """
    with suppress(OSError):
        while (job := _read(jobs)) is not None:
            if job:
                unwanted.clear()
                waiting.put(job)
            else:
                unwanted.set()
    os._exit(0)


def _limit(seconds: float, memory: int) -> None:
    """What one call may take; on Windows the parent's job object holds it.

    Of memory what is private: the whole address space would count libraries and unused arenas. Of the processor's time
    twice what the parent gives, which knows more to say and comes first: it ends what hangs inside a library, holding
    the interpreter, when the parent is gone.
    """
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    for limit, wanted in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + 2 * seconds) + 2),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(limit)
        with suppress(OSError, ValueError):
            resource.setrlimit(limit, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


def _has_grown(memory: int) -> bool:
    """Whether calls left so much behind that the next had better have a fresh process."""
    if sys.platform != "linux":
        return False
    import resource

    with open("/proc/self/statm", encoding="ascii") as counted:
        data = int(counted.read().split()[5])  # pages of what RLIMIT_DATA counts, and the stack
    return data * resource.getpagesize() > memory // 2


# --- the parent -----------------------------------------------------------------------------------------------


class _NoChild(Exception):
    """No child can be had, for this reason."""


def command(expected: str = "") -> list[str]:
    """What starts the child: this interpreter, or the installed program, which holds one and opens no console."""
    if sys.platform == "win32" and "python" not in os.path.basename(sys.executable).lower():
        return [os.path.join(os.path.dirname(sys.executable), "gxeditor.exe"), SWITCH, expected]
    flags = ["-I", "-S", "-X", f"utf8={sys.flags.utf8_mode}", *(["-B"] if sys.dont_write_bytecode else [])]
    return [sys.executable, *flags, "-c", _SERVE, expected, *(os.path.abspath(path) for path in sys.path)]


class _Child:
    """One process, and the thread that listens to it. `heard` gets its answers, None at its end."""

    def __init__(self, memory: int, expected: str = "") -> None:
        import subprocess

        how: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "bufsize": 0}
        if sys.platform == "win32":
            how["creationflags"] = subprocess.CREATE_NO_WINDOW
        else:
            how["process_group"] = 0  # the terminal's Ctrl+C is for the parent
        try:
            self.process: subprocess.Popen[bytes] = subprocess.Popen(
                command(expected), stderr=subprocess.DEVNULL, **how
            )
        except (OSError, ValueError) as error:
            raise _NoChild(str(error)) from error
        self.heard: SimpleQueue[bytes | None] = SimpleQueue()
        self.is_up = False
        self._job = _Job(self.process, memory) if sys.platform == "win32" else None
        self._thread = threading.Thread(target=self._hear, name="gxeditor-worker", daemon=True)
        self._thread.start()

    def _hear(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        with suppress(OSError, ValueError):
            while (answer := _read(stream)) is not None:  # type: ignore[arg-type]
                self.heard.put(answer)
        self.heard.put(None)

    def send(self, job: bytes) -> None:
        """Raises `OSError` if the child is gone."""
        assert self.process.stdin is not None
        _write(self.process.stdin, job)  # type: ignore[arg-type]

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def worked(self) -> float:
        """The seconds that a processor has worked for the process; infinite where the system does not tell."""
        with suppress(OSError, ValueError):
            return _worked(self.process)
        return float("inf")

    def end(self) -> int:
        """Ends the process, whatever it does; its exit code, -1 if it does not end.

        Nobody waits long for it: another process may hold its pipe open, and a system may take its time. What is still
        read from then is left to its thread, for closing it would wait, too.
        """
        from subprocess import TimeoutExpired

        with suppress(OSError):
            self.process.kill()
        try:
            code = self.process.wait(_ENDING)
        except TimeoutExpired:
            code = -1
        self._thread.join(_ENDING)
        streams = (self.process.stdin, None if self._thread.is_alive() else self.process.stdout)
        for stream in streams:
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        if self._job is not None:
            self._job.close()
        return code


class Worker:
    """The child process and who waits for it: one call at a time, the others wait their turn.

    After `idle` seconds without a call the child ends, and the next call has a new one; None keeps it.
    """

    def __init__(self, memory: int = MEMORY, idle: float | None = None) -> None:
        self._memory = memory
        self._idle = idle
        self._child: _Child | None = None
        self._turn = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one."""
        child = self._child
        return child.process.pid if child is not None and child.is_alive else None

    def run(
        self,
        function: Callable[..., R],
        *arguments: object,
        doing: str,
        remedy: str = "",
        meaning: str = "当前年报没有变。",
        seconds: float = SECONDS,
        heard: Heard = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
        gives_up: bool = False,
    ) -> R:
        """The result of a call in the child; both are frozen values.

        `doing` says what is done (「读“a.pdf”」). `heard` and `cancelled` are called in the calling thread. Raises the
        `GxError` that the function raises; `Unfinished` (with `meaning` and `remedy`) if it is not done within
        `seconds`, takes more memory than it may, or breaks off; `Cancelled` within a moment of `cancelled`; and
        `ChildBug` for anything else that it raises. A function that asks `is_unwanted` (`gives_up`) is given a moment
        to give up by itself, so that the child stays warm.
        """
        while not self._turn.acquire(timeout=_LOOK):
            _stop(cancelled)
        try:
            job = dumped((seconds, self._memory, self._idle, dumped((function, arguments))))
            try:
                begun = self._begin(job, cancelled, gives_up)
            except _NoChild as error:
                self.close()
                _log(f"no child process ({error}): done in the program's own")
                return _here(function, arguments, heard, cancelled)
            try:
                kind, value = self._answer(begun, doing, remedy, meaning, seconds, heard, cancelled, gives_up)
            except BaseException:
                self.close()
                raise
            if kind == "done":
                result: R = loaded(value)
                return result
            if kind == "failed":
                raise value
            raise ChildBug(value) if kind == "bug" else Cancelled
        finally:
            self._turn.release()

    def warm(self, module: str) -> None:
        """Has a child come up and call the `load` of a module, beside whatever the caller does; returns at once.

        For the first call of something that takes its time to load: that waits for it. A child that is there already
        is left alone.
        """
        with self._turn, suppress(_NoChild):
            self._child = self._child or _Child(self._memory, module)

    def _begin(self, job: bytes, cancelled: Callable[[], bool], gives_up: bool) -> _Child:
        """A child that has begun the job. Raises `_NoChild`, and `Cancelled`."""
        for _ in range(2):  # a warm one may have ended a moment ago
            child = self._warm(cancelled, gives_up)
            with suppress(OSError):
                child.send(job)
                if self._next(child, (lambda: False) if gives_up else cancelled) is not None:
                    return child
            self.close()
        raise _NoChild("it ends when it should begin")

    def _warm(self, cancelled: Callable[[], bool], gives_up: bool) -> _Child:
        """A child that listens; a new one if the last has ended. Raises as `_begin`.

        One that comes up for a call that would give up by itself goes on coming up for the next.
        """
        if self._child is not None and not self._child.is_alive:
            self.close()
        child = self._child = self._child or _Child(self._memory)
        if not child.is_up:
            child.is_up = self._next(child, cancelled, kept=gives_up) is not None
        if not child.is_up:
            raise _NoChild(f"it ended with {child.end()}")
        return child

    def _next(self, child: _Child, cancelled: Callable[[], bool], *, kept: bool = False) -> bytes | None:
        """What a child says that has nothing to do yet; None at its end. Raises `_NoChild`, and `Cancelled`."""
        end = time.monotonic() + _START
        while time.monotonic() < end:
            if cancelled():
                if not kept:
                    self.close()
                raise Cancelled
            with suppress(Empty):
                return child.heard.get(timeout=_LOOK)
        raise _NoChild("it does not answer")

    def _answer(
        self,
        child: _Child,
        doing: str,
        remedy: str,
        meaning: str,
        seconds: float,
        heard: Heard,
        cancelled: Callable[[], bool],
        gives_up: bool,
    ) -> tuple[str, Any]:
        before, began = child.worked(), time.monotonic()
        end = began + seconds
        given_up = False
        while True:
            if not given_up and cancelled():
                given_up = gives_up
                if not given_up:
                    raise Cancelled
                end = min(end, time.monotonic() + _GIVING_UP)
                with suppress(OSError):  # it has ended: what comes next says so
                    child.send(b"")
            if (now := time.monotonic()) > end:
                if given_up:
                    raise Cancelled
                left = seconds - (child.worked() - before)
                if left > 0 and now < began + _BUSY * seconds:
                    end = min(now + left, began + _BUSY * seconds)
                    continue
                raise _unfinished(f"{doing}用了 {seconds:g} 秒还没有完成，已经停止。", meaning, remedy)
            try:
                answer = child.heard.get(timeout=_LOOK)
            except Empty:
                continue
            if answer is None and given_up:
                raise Cancelled
            if answer is None:
                raise _unfinished(f"{doing}时，负责这一步的程序意外停止了。", meaning, remedy)
            kind, value = loaded(answer)
            if kind == "told":
                heard(value)
            elif given_up:
                return "cancelled", None
            elif kind == "too large":
                size = f"{self._memory // 1_000_000} MB"
                raise _unfinished(f"{doing}需要的内存超过 {size}，已经停止。", meaning, remedy)
            else:
                return kind, value

    def dismiss(self) -> None:
        """Has the child end, waiting for nothing: `close` finds it gone. For who comes to an end soon."""
        if (child := self._child) is not None:
            with suppress(OSError):
                child.process.kill()

    def close(self) -> None:
        """Ends the child; the next call has a new one."""
        child, self._child = self._child, None
        if child is not None:
            child.end()


def _unfinished(what: str, meaning: str, remedy: str) -> Unfinished:
    _log(f"the child process is ended: {what.partition('”')[2] or what}")
    return Unfinished(what, meaning, remedy)


def _stop(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled


def _here(
    function: Callable[..., R], arguments: tuple[object, ...], heard: Heard, cancelled: Callable[[], bool]
) -> R:
    before = _listener.hear, _listener.cancelled
    _listener.hear, _listener.cancelled = heard, cancelled
    try:
        return function(*arguments)
    finally:
        _listener.hear, _listener.cancelled = before


def _log(text: str) -> None:
    import logging

    logging.getLogger("gxeditor").info("%s", text)  # a warning would be printed where no log is open


_shared: Worker | None = None
_pages: Worker | None = None


def shared() -> Worker:
    """The worker of this process for what is foreign; it ends with the process."""
    global _shared
    if _shared is None:
        _shared = _made(Worker())
    return _shared


def pages() -> Worker:
    """The worker of this process for our own heavy work: setting pages, drawing up files, validating."""
    global _pages
    if _pages is None:
        _pages = _made(Worker(PAGES_MEMORY, IDLE))
    return _pages


def run_ours(
    function: Callable[..., R],
    *arguments: object,
    doing: str,
    cancelled: Callable[[], bool] = lambda: False,
    heard: Heard = lambda _: None,
) -> R:
    """The result of our own heavy work in the child for it; raises as `Worker.run`. It is given up for `cancelled`."""
    return pages().run(
        function,
        *arguments,
        doing=doing,
        remedy="请再试一次；还是这样，请向维护人员反映。",
        meaning="年报没有变。",
        seconds=PAGES_SECONDS,
        cancelled=cancelled,
        heard=heard,
        gives_up=True,
    )


def _made(made: Worker) -> Worker:
    import atexit

    atexit.register(made.close)
    return made


def run(function: Callable[..., R], *arguments: object, doing: str, **how: Any) -> R:
    """The result of a call in the child of this process; as `Worker.run`."""
    return shared().run(function, *arguments, doing=doing, **how)


# --- Windows --------------------------------------------------------------------------------------------------

if sys.platform == "win32":

    def _worked(process: subprocess.Popen[bytes]) -> float:
        import ctypes
        from ctypes import wintypes

        times = [
            ctypes.c_uint64() for _ in range(4)
        ]  # begun, ended, in the kernel, in the program; units of 100 ns
        ask = ctypes.WinDLL("kernel32", use_last_error=True).GetProcessTimes
        ask.argtypes = (wintypes.HANDLE, *(ctypes.POINTER(ctypes.c_uint64),) * 4)
        if not ask(int(process._handle), *(ctypes.byref(one) for one in times)):
            raise OSError(ctypes.get_last_error())
        return (times[2].value + times[3].value) / 1e7

    class _Job:
        """A job object with one process: it holds the memory it may take, and ends when the handle does, that is us."""

        _EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
        _PROCESS_MEMORY, _DIE_ON_EXCEPTION, _KILL_ON_CLOSE = 0x100, 0x400, 0x2000

        def __init__(self, process: subprocess.Popen[bytes], memory: int) -> None:
            import ctypes
            from ctypes import wintypes

            class Limits(ctypes.Structure):
                # JOBOBJECT_EXTENDED_LIMIT_INFORMATION, the basic limits and the six I/O counters laid out flat.
                _fields_ = (
                    ("process_time", ctypes.c_int64),
                    ("job_time", ctypes.c_int64),
                    ("flags", wintypes.DWORD),
                    ("least_set", ctypes.c_size_t),
                    ("most_set", ctypes.c_size_t),
                    ("processes", wintypes.DWORD),
                    ("affinity", ctypes.c_size_t),
                    ("priority", wintypes.DWORD),
                    ("scheduling", wintypes.DWORD),
                    ("counters", ctypes.c_uint64 * 6),
                    ("process_memory", ctypes.c_size_t),
                    ("job_memory", ctypes.c_size_t),
                    ("process_peak", ctypes.c_size_t),
                    ("job_peak", ctypes.c_size_t),
                )

            kernel = self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.CreateJobObjectW.restype = wintypes.HANDLE
            kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
            kernel.SetInformationJobObject.argtypes = (
                wintypes.HANDLE,
                ctypes.c_int,
                ctypes.c_void_p,
                wintypes.DWORD,
            )
            kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
            kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
            limits = Limits(
                flags=self._PROCESS_MEMORY | self._DIE_ON_EXCEPTION | self._KILL_ON_CLOSE,
                process_memory=memory,
            )
            self._handle = kernel.CreateJobObjectW(None, None)
            set_up = kernel.SetInformationJobObject(
                self._handle, self._EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
            )
            if not (set_up and kernel.AssignProcessToJobObject(self._handle, int(process._handle))):
                _log(f"the child process has no limit of memory (error {ctypes.get_last_error()})")

        def close(self) -> None:
            self._kernel.CloseHandle(self._handle)

else:

    def _worked(process: subprocess.Popen[bytes]) -> float:
        with open(f"/proc/{process.pid}/stat", encoding="ascii", errors="replace") as told:
            of_all = told.read().rpartition(")")[2].split()  # proc(5): utime and stime are fields 14 and 15
        return (int(of_all[11]) + int(of_all[12])) / os.sysconf("SC_CLK_TCK")

    class _Job:
        """Only Windows has them."""

        def __init__(self, process: subprocess.Popen[bytes], memory: int) -> None: ...

        def close(self) -> None: ...
