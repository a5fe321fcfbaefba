"""The window of a file that keeps itself (a roll-up, a ledger): its frame, and what every such window does alike.

Knows menus, tools, tabs, the status bar, the sentence over a page, help, and how such a window is one of the program's.
Its file is an `OwnFile`. What it shows, and what its own commands do, is known to the window made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.errors import GxError, NotWritten
from gxeditor.files.aside import OddFile
from gxeditor.settings import Settings
from gxeditor.ui.help.above import ask_save, classes, show_above
from gxeditor.ui.help.manual import load_manual
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.look.tabs import BadgedTabs
from gxeditor.ui.look.told import Told
from gxeditor.ui.look.written import Written
from gxeditor.ui.own_file import OwnFile

_JUMPS = 20  # so many places to go back to: more than anybody remembers
_APART = (
    40  # logical pixels between a window and one opened beside it: a title bar, so that both titles are read
)
_ZOOMS = (80, 90, 100, 110, 125, 150, 175, 200)

Command = tuple[str, str, str | list[str], str, str, str]
"""Name, text, keys, icon, word in the toolbar, tip without its full stop."""


def usual_commands(what: str) -> tuple[Command, ...]:
    """The commands of every such window; `what` its file is called."""
    return (
        ("open", "打开(&O)…", "Ctrl+O", "open", "打开", f"打开{what}、年报或别的文件，各在自己的窗口里"),
        ("save", "保存(&S)", "Ctrl+S", "save", "保存", f"现在就把{what}写进它的文件；平时每一步也会自动写"),
        (
            "save_as", "另存为(&A)…", ["F12", "Ctrl+Shift+S"], "", "",
            "换一个名字存一份，以后的改动写进新的那份",
        ),
        ("close", f"关闭{what}(&C)", "Ctrl+W", "", "", "收起这个窗口；改动都已经写进文件"),
        ("quit", "退出(&X)", "Ctrl+Q", "", "", "关闭程序的全部窗口，没有保存的会先问"),
        ("undo", "撤销(&U)", "Ctrl+Z", "undo", "撤销", "退回上一步"),
        ("redo", "重做(&R)", ["Ctrl+Y", "Ctrl+Shift+Z"], "redo", "重做", "把撤销的一步再做一遍"),
        ("back", "回到跳转前的地方(&B)", "Alt+Left", "", "", "回到跳转以前看的地方"),
        ("pane", "到下一个区域(&F)", "F6", "", "", "不用鼠标，光标依次到这一页的各个区域"),
        ("zoom_in", "放大(&I)", ["Ctrl++", "Ctrl+="], "", "", "表格的字和格大一些，只在屏幕上"),
        ("zoom_out", "缩小(&O)", "Ctrl+-", "", "", "表格的字和格小一些，一屏看到更多"),
        ("zoom_100", "按 100% 显示(&1)", "Ctrl+0", "", "", "恢复原来的大小"),
        ("help", "使用说明(&H)", "F1", "", "", "打开使用说明里讲这一处的地方"),
        ("keys", "快捷键(&K)", "", "", "", "列出全部按键"),
        ("about", "关于(&A)", "", "", "", "看程序的版本、所用的组件和许可"),
    )  # fmt: skip


class OwnProgram(Protocol):
    """The program, as such a window sees it."""

    @property
    def settings(self) -> Settings:
        """The settings, which all windows share."""

    @property
    def settings_changed(self) -> SignalInstance:
        """Carries the names of the settings that are others now."""

    def keep_settings(self, **changes: Any) -> None:
        """Writes changed settings. Raises `NotWritten`; they hold until the program ends all the same."""

    def open_file(self, path: Path) -> None:
        """Opens a file in a window of its own, or in one that is free."""

    def ask_open(self, parent: QWidget) -> None:
        """「打开」"""

    def tell_about(self, what: str, parent: QWidget) -> None:
        """Shows the keys ("keys"), the program ("about") or, with any other text, a bug."""

    def forget(self, window: Any) -> None:
        """The window has been closed."""

    def quit(self) -> None:
        """Closes every window."""


class _Place(NamedTuple):
    back: Callable[[], None]
    name: str


class OwnWindow(QMainWindow):
    """One window, one file. What is in capitals says what the windows of a kind have: `WHAT` they are called, the
    `SUFFIX` of their files, `NOTE` in the status bar, the `COMMANDS` that are theirs or other than `usual_commands` has
    them, menus, tools, and their tabs (key and name)."""

    WHAT: ClassVar[str]
    SUFFIX: ClassVar[str]
    NOTE: ClassVar[str]
    COMMANDS: ClassVar[tuple[Command, ...]]
    MENUS: ClassVar[tuple[tuple[str | tuple[str, ...], ...], ...]]
    TOOLS: ClassVar[tuple[tuple[str, ...], ...]]
    TAIL: ClassVar[tuple[str, ...]] = ()
    TABS: ClassVar[tuple[tuple[str, str], ...]]
    session: OwnFile[Any]
    program: OwnProgram

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setMinimumSize(760, 480)
        self._over: QWidget | None = None
        self._jumps: list[_Place] = []
        self._left = False
        self.acts: dict[str, QAction] = {}

    # --- what the windows of a kind say

    def page(self, tab: str) -> QWidget:
        """The page of a tab, made when it is first turned to."""
        raise NotImplementedError

    def remember(self) -> None:
        """The file, with what is known of it, is first in the list of recent ones."""
        raise NotImplementedError

    def start(self) -> None:
        """The window is shown: what goes on beside it begins."""
        raise NotImplementedError

    def stop(self) -> None:
        """The window closes: what goes on beside it is given up."""

    # --- building

    def make_actions(self, does: Mapping[str, Callable[..., object]]) -> None:
        """Makes the commands, each doing what is given for its name, and one for each tab."""
        commands = {one[0]: one for one in (*usual_commands(self.WHAT), *self.COMMANDS)}
        for name, text, keys, icon, short, tip in commands.values():
            action = self.acts[name] = QAction(text, self)
            shortcuts = [QKeySequence(key) for key in ([keys] if isinstance(keys, str) else keys) if key]
            action.setShortcuts(shortcuts)
            if icon:
                theme.set_icon(action, icon)
            if short:
                action.setIconText(f" {short}")
            shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(theme.plain_tip(f"{tip}（{shown}）。" if shown else f"{tip}。"))
            self.addAction(action)
        for place, (tab, name) in enumerate(self.TABS, start=1):
            action = self.acts[f"tab_{tab}"] = QAction(name + f"(&{place})", self)
            action.setShortcut(QKeySequence(f"Alt+{place}"))
            action.setToolTip(theme.plain_tip(f"转到“{name}”一页（Alt+{place}）。"))
            action.setData(tab)
            action.triggered.connect(self._tab_asked)
            self.addAction(action)
        usual: dict[str, Callable[..., object]] = {
            "open": self.ask_open, "save": self.save, "save_as": self.ask_save_as,
            "close": self.close, "quit": self.program.quit, "undo": self.session.undo, "redo": self.session.redo,
            "back": self.go_back, "pane": self.next_pane,
            "zoom_in": self.zoom_in, "zoom_out": self.zoom_out, "zoom_100": self.zoom_reset,
            "help": self.open_help, "keys": self.show_keys, "about": self.show_about,
        }  # fmt: skip
        for name, done in {**usual, **does}.items():
            self.acts[name].triggered.connect(done)

    def fill_menus(self) -> None:
        """The menus: a title with groups of commands each."""
        for title, *groups in self.MENUS:
            menu = self.menuBar().addMenu(str(title))
            menu.setToolTipsVisible(True)
            for place, group in enumerate(groups):
                if place:
                    menu.addSeparator()
                menu.addActions([self.acts[name] for name in group])

    def make_toolbar(self) -> None:
        """The tools, in groups; those of the tail stand at the right."""
        self.toolbar = bar = QToolBar("工具栏", self)
        bar.setMovable(False)
        bar.setIconSize(QSize(16, 16))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(bar)
        for place, group in enumerate(self.TOOLS):
            if place:
                bar.addSeparator()
            bar.addActions([self.acts[name] for name in group])
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(spacer)
        bar.addActions([self.acts[name] for name in self.TAIL])
        more = bar.findChild(QAbstractButton, "qt_toolbar_ext_button")
        if isinstance(more, QAbstractButton):
            more.setToolTip("窗口窄，放不下的工具在这里。")
            more.setAccessibleName("更多工具")

    def make_status(self) -> None:
        """What is in hand, what was done, a word about the file, and when it was kept."""
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(12, 0, 12, 0)
        self._place = theme.Label()
        self._told = Told()
        self._note = theme.Label(self.NOTE)
        self._kept = theme.Label()
        bar.addWidget(self._place)
        bar.addWidget(self._told, 1)
        self._written: Written | None = None
        for label in (self._note, self._kept):
            label.setContentsMargins(12, 0, 0, 0)
            bar.addPermanentWidget(label)

    def build(self, first: QWidget) -> None:
        """Tabs with what stands at their right, the sentence over the page, and the pages, `first` among them."""
        names = tuple(name for _, name in self.TABS)
        self.tabs = BadgedTabs(names)
        self.tabs.setObjectName("sectionTabs")
        self.tabs.setAccessibleName(f"{self.WHAT}各页")
        self._about = theme.label("", tone="text2")
        self._about.setProperty("edge", "bottom")  # the line below the tabs goes on
        self._about.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        self._about.setContentsMargins(12, 0, 12, 0)
        head = QFrame()
        head.setProperty("ground", "window")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        across = QHBoxLayout(head)
        across.setContentsMargins(8, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.tabs, 1)
        across.addWidget(self._about)
        self.bar = Bar()
        self.book = QStackedWidget()
        self.book.addWidget(first)
        tabbed = self._tabbed = QWidget()
        down = QVBoxLayout(tabbed)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        for widget in (head, self.bar):
            down.addWidget(widget)
        down.addWidget(self.book, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(tabbed)
        self.setCentralWidget(self.stack)

    def restore(self) -> None:
        """Its place on the screen, and the lock of its file."""
        area = QGuiApplication.primaryScreen().availableGeometry()
        geometry = self.settings.geometry
        if not (geometry and self.restoreGeometry(QByteArray.fromHex(geometry.encode("ascii")))):
            self.resize(min(1600, area.width()), min(1000, area.height()))
        if not self.session.is_held:
            self.session.lock()
        if self.session.is_held:
            self._say_held()

    def _say_held(self) -> None:
        self.bar.show_words(self.session.held, (("anyway", "那边已经不开着了，仍要改"),))

    def show_steps(self) -> None:
        """What undo and redo would do, and that something is not kept yet."""
        session, held = self.session, self.session.is_held
        for name, label in (("undo", session.undo_label), ("redo", session.redo_label)):
            self.acts[name].setEnabled(bool(label))
            self.acts[name].setText(
                f"{'撤销' if name == 'undo' else '重做'}{f'“{theme.plain_action(label)}”' if label else ''}"
            )
        if not session.is_kept:
            self._kept.setText("正在保留…" if not held else "只读")

    # --- what the pages ask

    @property
    def frame(self) -> QWidget:
        """The window itself."""
        return self

    @property
    def settings(self) -> Settings:
        """The settings of the program, which all its windows share."""
        return self.program.settings

    def keep_settings(self, **changes: Any) -> None:
        """Writes changed settings; that this failed is told, and they hold until the program ends."""
        try:
            self.program.keep_settings(**changes)
        except NotWritten as error:
            self.tell(error.what)

    def tell(self, text: str) -> None:
        """Says what was done, for some seconds."""
        self._told.say(text)

    def tell_written(self, text: str, paths: Sequence[Path]) -> None:
        """Says which files were written, and offers to open them and their folder."""
        if self._written is None:
            self._written = Written()
            self._written.told.connect(self.tell)
            self.statusBar().insertWidget(2, self._written)
        self.tell(text)
        self._written.offer(paths)

    def tell_trouble(self, error: GxError) -> None:
        """Says for some seconds what went wrong beside the window."""
        self.tell(error.what)

    def next_pane(self) -> None:
        """F6: the keys go to the next part of the page that is shown (its `panes`), unless it moves them itself."""
        page = self._over or self.book.currentWidget()
        if callable(move := getattr(page, "next_pane", None)):
            move()
        elif callable(panes := getattr(page, "panes", None)):
            shown = [pane for pane in panes() if pane.isVisible() and pane.isEnabled()]
            focus = QApplication.focusWidget()
            # The last one: a part may stand over another.
            here = max((i for i, pane in enumerate(shown) if _has_keys(pane, focus)), default=-1)
            if shown:
                shown[(here + 1) % len(shown)].setFocus(Qt.FocusReason.TabFocusReason)

    def turn_to(self, tab: str) -> None:
        """Brings a tab into view."""
        self.leave_over()
        self.tabs.setCurrentIndex([key for key, _ in self.TABS].index(tab))

    def came_from(self, back: Callable[[], None], name: str) -> None:
        """Alt+← leads back by `back` to what is called `name`."""
        self._jumps = [*self._jumps, _Place(back, name)][-_JUMPS:]
        self._name_way_back()

    def go_back(self) -> None:
        """Back to where the last jump began."""
        if self._jumps:
            *self._jumps, place = self._jumps
            self._name_way_back()
            place.back()

    def _name_way_back(self) -> None:
        self.acts["back"].setText(f"回到{self._jumps[-1].name if self._jumps else '跳转前的地方'}(&B)")
        self.acts["back"].setEnabled(bool(self._jumps))

    def show_over(self, page: QWidget) -> None:
        """Shows a page in place of the tabs, until it is left."""
        self._drop_over()
        self._over = page
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.setFocus()

    def leave_over(self) -> None:
        """Back from such a page."""
        if self._over is not None:
            self._drop_over()
            self.stack.setCurrentWidget(self._tabbed)
            self.book.currentWidget().setFocus()

    def _drop_over(self) -> None:
        if self._over is not None:
            self.stack.removeWidget(self._over)
            self._over.deleteLater()
            self._over = None

    def ask_leave_over(self) -> bool:
        """Leaves such a page, which may ask first (`leave`); whether none is left."""
        if callable(leave := getattr(self._over, "leave", None)):
            leave()
        else:
            self.leave_over()
        return self._over is None

    @property
    def over(self) -> QWidget | None:
        """The page that stands in place of the tabs."""
        return self._over

    def _turned(self, place: int) -> None:
        page = self.page(self.TABS[place][0])
        self._place.setText("")  # of the page before; one that has a place says so as it is shown
        self.book.setCurrentWidget(page)
        if self.tabs.hasFocus():
            return
        page.setFocus()

    def _tab_asked(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.turn_to(action.data())

    def _is_kept(self, moment: Any) -> None:
        self._kept.setText(f"已自动保留 {moment:%H:%M}")
        self._kept.setToolTip("")

    def _show_keeping(self, error: GxError | None) -> None:
        if error is None:
            self.bar.hide_words("save_as")
            if self.session.is_kept and self.session.kept_at is not None:
                self._is_kept(self.session.kept_at)
            return
        self._kept.setText("修改没有自动保留")
        self._kept.setToolTip(theme.plain_tip(str(error)))
        self.bar.show_words(f"{error.what}{error.meaning}", (("save_as", "另存为…"), ("again", "再试一次")))

    def ask_open(self) -> None:
        self.program.ask_open(self)

    def save(self) -> bool:
        """Writes what is not written yet; False if it could not be, which is said."""
        if self.session.flush():
            self.tell("已保存。")
            return True
        if (error := self.session.refused) is not None:
            dialog.show_error(self, error)
        return False

    def ask_save_as(self) -> bool:
        """「另存为」; False if it was not saved."""
        path = self.session.path
        name, _ = QFileDialog.getSaveFileName(
            self, f"另存{self.WHAT}", str(path), f"{self.WHAT} (*{self.SUFFIX})"
        )
        if not name:
            return False
        chosen = Path(name)
        if chosen.suffix.lower() != self.SUFFIX:
            chosen = chosen.with_name(f"{chosen.name}{self.SUFFIX}")
        try:
            self.session.save_as(chosen)
        except GxError as error:
            dialog.show_error(self, error)
            return False
        for key in ("save_as", "anyway"):  # what was said of the file before
            self.bar.hide_words(key)
        if self.session.is_held:
            self._say_held()
        self.remember()
        self.tell(f"已存为：{chosen.name}")
        return True

    def _zoom(self, direction: int) -> None:
        now = self.settings.zoom
        steps = [z for z in _ZOOMS if z > now][:1] if direction > 0 else [z for z in _ZOOMS if z < now][-1:]
        if steps:
            self.keep_settings(zoom=steps[0])

    def zoom_in(self) -> None:
        self._zoom(1)

    def zoom_out(self) -> None:
        self._zoom(-1)

    def zoom_reset(self) -> None:
        self.keep_settings(zoom=100)

    def topic(self) -> str:
        """The title of the chapter about the part of the window that has the keys."""
        manual = load_manual()
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            focus = None
        for start in (focus, self._over, self.book.currentWidget()):
            if found := manual.about("places", *classes(start)):
                return found
        return self.WHAT

    def open_help(self) -> None:
        """F1: the manual above the window, at what is in hand."""
        try:
            show_above(self, load_manual(), self.topic(), self.save_help)
        except GxError as error:
            dialog.show_error(self, error)

    def help_above(self, asked: QWidget) -> None:
        """F1 in a dialog: the manual above it."""
        manual = load_manual()
        title = manual.about("dialogs", asked.windowTitle(), *classes(asked), "")
        show_above(asked, manual, title, self.save_help)

    def save_help(self) -> None:
        if name := ask_save(QApplication.activeModalWidget() or self, self.session.path.parent):
            self.tell(f"已存为：{name}")

    def show_keys(self) -> None:
        self.program.tell_about("keys", self)

    def show_about(self) -> None:
        self.program.tell_about("about", self)

    @property
    def is_in_use(self) -> bool:
        """Always: it has its file."""
        return True

    def come_forward(self) -> None:
        """Comes to the front, out of the task bar if need be."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def stand_beside(self, whole: bool, place: QPoint, size: QSize) -> None:
        """Takes a place beside a window that has this one, of this size, or the whole screen."""
        if whole:
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)
            return
        area = (QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()).availableGeometry()
        self.resize(size)
        place += QPoint(_APART, _APART)
        self.move(place if area.contains(place + QPoint(_APART, _APART)) else area.topLeft())

    def hand_over(self, path: Path | None) -> None:
        """A second start hands its file over and ends."""
        self.come_forward()
        if path is not None:
            self.program.open_file(path)

    def name_odd(self, odd: OddFile) -> None:
        """Tells of a file in the user's folders that could not be read."""
        self.tell(str(odd))

    def flush(self) -> None:
        """Has everything written that is not written yet."""
        self.session.flush()

    @property
    def is_unsaved(self) -> bool:
        """Whether closing would have to ask: what was done cannot be written to its file."""
        return self.session.refused is not None and not self.session.is_kept

    def show_crash(self, text: str) -> None:
        """A bug: said so, and the file is kept as it is."""
        self.session.flush()
        self.program.tell_about(text, self)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        for path in paths[:1]:
            self.program.open_file(path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as everywhere in Windows; Esc leaves a page over the tabs."""
        focus = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, QAbstractButton):
            focus.animateClick()
        elif event.key() == Qt.Key.Key_Escape and self._over is not None:
            self.ask_leave_over()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if QApplication.activeModalWidget() is not None:
            event.ignore()
            return
        if not self.session.flush() and not self._left:
            error = self.session.refused or GxError(
                f"{self.WHAT}还没有写完，磁盘没有回答。",
                "最近的改动还没有写进文件。",
                "请等一会儿再关，或另存到别处。",
            )
            answer = dialog.ask(
                self, "没有保存", error.what, error.meaning, error.remedy,
                (dialog.CANCEL, dialog.Choice("discard", "不保存，关闭"),
                 dialog.Choice("save_as", "另存为…", primary=True)),
            )  # fmt: skip
            if answer == "save_as":
                if not self.ask_save_as():
                    event.ignore()
                    return
            elif answer != "discard":
                event.ignore()
                return
            else:
                self.session.drop_rescue()
        self._left = True
        self.stop()
        self.remember()
        self.session.unlock()
        self.keep_settings(geometry=bytes(self.saveGeometry().toHex().data()).decode("ascii"))
        event.accept()
        self.program.forget(self)


def _has_keys(pane: QWidget, focus: QWidget | None) -> bool:
    return focus is not None and (pane is focus or pane.isAncestorOf(focus))


class Bar(QFrame):
    """A sentence in the query tint over the page, with what can be done about it; `asked` carries the key of that."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "qrytint")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 5, 12, 5)
        self._row.setSpacing(8)
        self.told = theme.label("", tone="qrytext")
        self.told.setWordWrap(True)
        self._row.addWidget(self.told, 1)
        self.buttons: dict[str, QPushButton] = {}
        self._said: dict[
            str, tuple[str, tuple[tuple[str, str], ...]]
        ] = {}  # by the first choice, the last one shown
        self.hide()

    def show_words(self, words: str, choices: Sequence[tuple[str, str]]) -> None:
        """Says this, with a button for each choice (its key and word); what was said before comes back after it, but
        for a sentence with the same first choice, in whose place this one is."""
        self._said.pop(choices[0][0], None)
        self._said[choices[0][0]] = words, tuple(choices)
        self._show_last()

    def _show_last(self) -> None:
        for button in self.buttons.values():
            button.hide()
            button.deleteLater()
        self.buttons = {}
        if not self._said:
            self.hide()
            return
        words, choices = next(reversed(self._said.values()))
        self.told.setText(words)
        for key, word in choices:
            button = self.buttons[key] = QPushButton(word)
            button.setAccessibleName(word.rstrip("…"))
            button.setToolTip(theme.plain_tip(BAR_TIPS[key]))
            button.clicked.connect(lambda _=False, key=key: self.asked.emit(key))
            self._row.addWidget(button)
        self.show()

    def hide_words(self, key: str) -> None:
        """The sentence that offers this choice goes: another one stays."""
        kept = {first: said for first, said in self._said.items() if key not in (one for one, _ in said[1])}
        if len(kept) < len(self._said):
            self._said = kept
            self._show_last()


BAR_TIPS = {
    "place": "指出年报现在放在哪个文件夹，从那里接着读。",
    "hide": "收起这一行；合计仍用已经读入的数。",
    "save_as": "存到另一个地方，以后的改动写进那里。",
    "again": "再往原来的文件里写一次。",
    "anyway": "确定另一台电脑上已经不开着它了，才在这里改。",
    "mask": "现在就把姓名遮住。",
}
"""What comes of each choice."""
