"""Work that takes longer than a keystroke, done beside the window.

Knows the one way in which anything runs on another thread: a function gets a `Work`, by which it tells how far it is
and learns that nobody wants its result any more; result, progress and trouble come back in the thread that started it.
`in_child` makes a task whose thread only waits, for the child process of `gxeditor.worker`.
The function may hold frozen values only (a report, a layout, bytes), no widget and not the session. A bug in it is
raised in its thread, where the hook of `gxeditor.crash` takes it as from anywhere else. Knows no format, shows nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer, Signal

from gxeditor.core.errors import Cancelled, GxError

if TYPE_CHECKING:
    from gxeditor.worker import Step

_running: set[Task] = set()
_collects = False
"""Whether garbage is looked for again once nothing runs any more."""
_left: set[Task] = set()
"""Tasks that were given up and whose threads have not come back; their objects must not end over there."""


class Work:
    """The side of a task that its function sees, in the other thread. It may give up by raising `Cancelled`."""

    def __init__(
        self,
        tell: Callable[[tuple[int, int, str]], None],
        hear: Callable[[str | Step], None] = lambda _: None,
    ) -> None:
        self._tell = tell
        self._cancel = Event()
        self.hear = hear
        """Passes on what the child process tells."""

    def cancelled(self) -> bool:
        """Whether the result is no longer wanted; to be asked often."""
        return self._cancel.is_set()

    def stop_if_cancelled(self) -> None:
        """Raises `Cancelled` if the result is no longer wanted."""
        if self.cancelled():
            raise Cancelled

    def advance(self, done: int, of: int, what: str = "") -> None:
        """Says that `done` of `of` steps are behind, and what comes now, as a clerk would say it."""
        self._tell((done, of, what))


class Task(QObject):
    """One piece of work under way.

    `advanced` carries steps done, steps in all and what is being done; `heard` what the child process tells (a `Step`,
    or in words what it works on); `done` the result, `failed` a `GxError`. `ended` comes last, and in every case: also
    after `cancel`, which drops the result, and after a bug.

    With `may_hang` the function touches a place that may never answer (a file of the clerk's, on whatever drive): such
    a task has ended as soon as it is cancelled, whatever its thread waits for, and the program does not wait for it.
    """

    advanced = Signal(int, int, str)
    heard = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    ended = Signal()
    _came = Signal(str, object)

    def __init__(self, function: Callable[[Work], Any], *, may_hang: bool = False) -> None:
        super().__init__()
        self._function = function
        self._may_hang = may_hang
        self._work = Work(self._tell, self._hear)
        self.is_running = False
        # Through a slot of ours: a plain function connected to `done` would be called in the other thread.
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._thread = Thread(target=self._run, name="gxeditor-task", daemon=may_hang)

    def start(self) -> Task:
        """Begins; signals that matter should be connected before. The task keeps itself until it has ended."""
        global _collects
        if not _running:
            # Python looks for garbage in whatever thread allocates, and would end widgets and timers over there.
            _collects = gc.isenabled()
            gc.disable()
        _running.add(self)
        self.is_running = True
        self._thread.start()
        return self

    @property
    def is_cancelled(self) -> bool:
        return self._work.cancelled()

    def cancel(self) -> None:
        """Says that the result is no longer wanted; what is on its way is dropped."""
        self._work._cancel.set()
        if self._may_hang and self.is_running:
            _left.add(self)
            self._came.emit("left", None)  # queued, so that nobody hears of an end within this call

    def wait(self, milliseconds: int = -1) -> bool:
        """Lets the window live until the task has ended, or for so long; False if it is still running."""
        if self.is_running:
            loop = QEventLoop()
            self.ended.connect(loop.quit)
            if milliseconds >= 0:
                QTimer.singleShot(milliseconds, loop.quit)
            # Keys and clicks wait: nothing may be started that the caller is in the middle of.
            loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            self.ended.disconnect(loop.quit)
        return not self.is_running

    def wait_still(self, milliseconds: int) -> bool:
        """The same where nothing is shown yet: nothing else is done meanwhile."""
        self._thread.join(milliseconds / 1000)
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall)
        return not self.is_running

    def _tell(self, progress: tuple[int, int, str]) -> None:
        self._came.emit("advanced", progress)

    def _hear(self, told: str | Step) -> None:
        self._came.emit("heard", told)

    def _run(self) -> None:
        outcome: tuple[str, object] = ("ended", None)
        try:
            outcome = "done", self._function(self._work)
        except Cancelled:
            pass
        except GxError as error:
            outcome = "failed", error
        finally:
            self._came.emit(*outcome)

    def _take(self, what: str, value: Any) -> None:
        if what in ("advanced", "heard"):
            if self.is_running and not self._work.cancelled():
                if what == "advanced":
                    self.advanced.emit(*value)
                else:
                    self.heard.emit(value)
            return
        if what != "left":
            self._thread.join()  # all that is left to it is to return; then nothing over there holds this object
            _left.discard(self)
        if not self.is_running:
            return
        self.is_running = False
        _forget(self)
        if what not in ("ended", "left") and not self._work.cancelled():
            getattr(self, what).emit(value)
        self.ended.emit()


def _forget(task: Task) -> None:
    _running.discard(task)
    if not _running and _collects:
        gc.enable()


def in_child(function: Callable[..., Any], *arguments: object, **how: Any) -> Task:
    """A task, not yet started, that makes a call in the child process; `how` is what `worker.run` takes.

    `cancel` ends the call there at once.
    """

    def wait(work: Work) -> Any:
        from gxeditor import worker

        return worker.run(function, *arguments, heard=work.hear, cancelled=work.cancelled, **how)

    return Task(wait)


class LastWish(QObject):
    """Work of one kind, done for the newest wish: an older one that is still under way is given up.

    `done` carries the result; `slow` is emitted when one wish takes longer than `patience` milliseconds. `ended` comes
    when nothing is under way any more: after the result, after `give_up`, and after a bug, which has no result.
    """

    done = Signal(object)
    slow = Signal()
    ended = Signal()

    def __init__(self, patience: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = None
        self._next: Callable[[Callable[[], bool]], Any] | None = None
        self._slow = QTimer(self, singleShot=True, interval=patience)
        self._slow.timeout.connect(self.slow)

    def want(self, function: Callable[[Callable[[], bool]], Any]) -> None:
        """Has this done next: it is called with what says whether it is given up, and may hold frozen values only."""
        self._next = function
        if self._task is not None:
            self._task.cancel()  # what was given up goes on until it is back: two at a time would both be slow
        else:
            self._begin()
        if not self._slow.isActive():
            self._slow.start()

    def give_up(self) -> None:
        """Nothing is wanted any more."""
        self._next = None
        self._slow.stop()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        function, self._next = self._next, None
        assert function is not None
        task = self._task = Task(lambda work: function(work.cancelled))
        task.done.connect(self.done)
        task.ended.connect(self._ended)
        task.start()

    def _ended(self) -> None:
        self._task = None
        if self._next is not None:
            self._begin()
        else:
            self._slow.stop()
            self.ended.emit()


def stop_all() -> None:
    """Cancels what is running and waits for its threads, but for those that may hang; nothing more is heard of it.

    For the end of the program.
    """
    for task in tuple(_running):
        task.cancel()
    for task in tuple(_running):
        if not task._may_hang:
            task._thread.join()
        task.is_running = False
        QCoreApplication.sendPostedEvents(
            task, QEvent.Type.MetaCall
        )  # what lies in the queue must not outlive it
        _forget(task)
