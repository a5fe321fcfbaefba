"""The conversation about undo and redo: what they change is seen before it changes.

Knows when a step is done at once (on the page in view), when the first press only goes there, and when something is
asked: before a step that changes several pages, and once before the steps of an earlier session. Knows the bar that
says so, and that a press right after an entry that was not taken is meant for that entry. Where a step lands is
`core.difference`'s; bringing it into view is the page's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QAction,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QMenu,
    QMenuBar,
    QPushButton,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.difference import BASIC, Difference, TextChange, difference
from gxeditor.core.fields import BY_NAME
from gxeditor.core.form import Form
from gxeditor.core.history import History, Step
from gxeditor.core.report import Report, count_characters, show_entry
from gxeditor.ui.desk import Desk
from gxeditor.ui.editor.table.grid import NOTHING_TO_UNDO
from gxeditor.ui.look import theme

HEIGHT = 56
"""Logical pixels of the bar."""
_SHORT = 12
"""Characters up to which a changed part of a text is quoted; of a longer one the characters are counted."""
_MODIFIERS = (
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock, Qt.Key.Key_unknown,
)  # fmt: skip
TODAY = "今天"
_ALT = Qt.KeyboardModifier.AltModifier


class Words(NamedTuple):
    """How one direction is spoken of."""

    does: str
    which: str
    key: str
    other: str
    other_key: str
    beyond: str


WORDS = {
    -1: Words("撤销", "上一步", "Ctrl+Z", "重做", "Ctrl+Y", "往前"),
    1: Words("重做", "下一步", "Ctrl+Y", "撤销", "Ctrl+Z", "往后"),
}


class Told(NamedTuple):
    """A step in words: what it changed, and what undoing or redoing makes of it, 「16 → 17」 and 「改回 16」."""

    what: str
    result: str


def tell_step(way: int, step: Step, made: Difference, profile: Callable[[str], str] = str) -> Told:
    """Says what a step changed (`made`: from before it to after it) and what is about to be done.

    A single place is named with old and new; several by the label of the step and their number. `profile` names the
    requirements of a province by their id.
    """
    back = "改回" if way < 0 else "改为"
    if len(made.pages) > 1:
        return Told(f"“{step.label}”，共改了 {len(made.pages)} 个部分", "全部改回" if way < 0 else "全部重做")
    if made.said and not (made.cells or made.fields or made.texts):
        return Told(f"“{step.label}”", "改回去" if way < 0 else "再做一次")
    if len(made.cells) + len(made.fields) + len(made.texts) != 1:
        counted = f"{len(made.cells)} 格" if made.cells else f"{len(made.fields) + len(made.texts)} 处"
        return Told(f"“{step.label}”，{counted}", "全部改回" if way < 0 else "全部重做")
    if made.texts:
        return _tell_text(way, made.texts[0])
    if made.cells:
        name = made.before.form.cells[made.cells[0]].place
        old, new = (cell_shown(report, made.cells[0]) for report in (made.before, made.after))
        if old == new:  # only whether its figure is in doubt
            seen = made.cells[0] not in (made.before if way < 0 else made.after).doubts
            return Told(f"{name}，{step.label}", "销去这处存疑" if seen else "重新标为存疑")
    else:
        field = BY_NAME.get(made.fields[0])
        if field is None:
            return Told(f"“{step.label}”", "改回去" if way < 0 else "再做一次")
        name = field.word
        old, new = (
            profile(report.profile) if field.name == "profile" else field_shown(field.show(report))
            for report in (made.before, made.after)
        )
    return Told(f"{name}，{old} → {new}", f"{back}{spaced(old if way < 0 else new)}")


def cell_shown(report: Report, cell: str) -> str:
    """What stands in a cell, as a clerk says it."""
    if cell in report.entries:
        return show_entry(report.entries[cell])
    return "自动合计" if report.form.cells[cell].is_total else "未填"


def field_shown(said: str) -> str:
    """The beginning of what stands in a field."""
    text = " ".join(said.split())
    return (text if len(text) <= 2 * _SHORT else f"{text[: 2 * _SHORT]}…") or "未填"


def _tell_text(way: int, change: TextChange) -> Told:
    field = BY_NAME.get(change.text)
    where = f"{field.word if field else ''}第 {change.paragraph} 段"
    if change.old == change.new:  # only whether a number of last year's was looked at
        marked = "重新标出" if way < 0 else "销去标记"
        return Told(f"{where}，“{change.old}”", f"{marked}“{change.old}”")
    gone, come = count_characters(change.old), count_characters(change.new)
    came, went = (change.old, gone), (change.new, come)  # what undoing brings, what it takes
    if way > 0:
        came, went = went, came
    what = text_said(change)
    if not came[1] and went[1]:
        result = f"删去这 {went[1]:,} 字"
    elif came[1] and not went[1]:
        result = f"恢复这 {came[1]:,} 字" if way < 0 else f"加上这 {came[1]:,} 字"
    elif came[1] and len(came[0].strip()) <= _SHORT:
        result = f"{'改回' if way < 0 else '改为'}“{' '.join(came[0].split())}”"
    else:
        result = "改回原来的文字" if way < 0 else "改为后来的文字"
    return Told(f"{where}，{what}", result)


def text_said(change: TextChange) -> str:
    """Old and new of a changed part of a text, or how many characters went and came."""
    short = [" ".join(part.split()) for part in (change.old, change.new)]
    if all(0 < len(part) <= _SHORT for part in short):
        return f"“{short[0]}” → “{short[1]}”"
    gone, come = count_characters(change.old), count_characters(change.new)
    counted = [f"删 {gone:,} 字"] if gone else []
    counted += [f"加 {come:,} 字"] if come else []
    return "，".join(counted) or "改了空格和分段"


def spaced(value: str) -> str:
    """A figure stands apart from the Chinese before it."""
    return f" {value}" if value[:1].isascii() else value


def tell_done(way: int, told: Told) -> str:
    """「已改回 16。Ctrl+Y 重做。」"""
    words = WORDS[way]
    return f"已{told.result}。{words.other_key} {words.other}。"


def tell_earlier(way: int, history: History, now: datetime) -> str:
    """「再往前是 1 月 8 日的 23 步。」: how many steps of earlier sessions lie ahead, and from which days."""
    steps = history.steps[: min(history.position, history.earlier)]
    if way > 0:
        steps = history.steps[history.position : history.earlier]
    moments = [datetime.fromtimestamp(step.when) for step in steps if step.when is not None]
    words = WORDS[way]
    if len(moments) < len(steps):
        return f"再{words.beyond}是上次打开以前的 {len(steps)} 步。"
    first, last = day_of(min(moments), now), day_of(max(moments), now)
    days = spaced(first) if first == last else f"{spaced(first)}至{spaced(last)}"
    if first == TODAY:
        days = "今天上次打开时"
    return f"再{words.beyond}是{days}的 {len(steps)} 步。"


def day_of(moment: datetime, now: datetime) -> str:
    """「今天」, 「1 月 8 日」, of another year with that."""
    if moment.date() == now.date():
        return TODAY
    day = f"{moment.month} 月 {moment.day} 日"
    return day if moment.year == now.year else f"{moment.year} 年 {day}"


def _clock(when: float | None, now: datetime) -> str:
    """「（14:22）」, with the day if that is another; nothing where the time is not known."""
    if when is None:
        return ""
    moment = datetime.fromtimestamp(when)
    day = "" if moment.date() == now.date() else f"{day_of(moment, now)} "
    return f"（{day}{moment:%H:%M}）"


def page_name(form: Form, key: str) -> str:
    return "基本信息" if key == BASIC else f"第{form.section(key).number}部分"


_INTO = (Qt.Key.Key_Tab, Qt.Key.Key_F6)
_INSIDE = (
    Qt.Key.Key_Backtab, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter,
)  # fmt: skip
"""Keys that lead into the bar, and those that its buttons know."""


class _Asked(NamedTuple):
    """What the bar says: the step of a direction, or the steps of an earlier session."""

    way: int
    step: Step
    earlier: bool


class Undoing(QObject):
    """Undo and redo of the window, by the commands that are handed over. Made when first needed."""

    def __init__(self, desk: Desk, undo: QAction, redo: QAction) -> None:
        super().__init__(desk.frame)
        self._desk, self._session = desk, desk.session
        self._undo, self._redo = undo, redo
        self._asked: _Asked | None = None
        self._from = BASIC  # the page on which the first press was made,
        self._from_preview = False  # or that it was made in the preview
        self._dropped = False
        self._moving = self._watching = False
        self.bar = UndoBar()
        desk.put_above_findings(self.bar)
        self.bar.agreed.connect(self._agreed)
        self.bar.left.connect(self._leave)
        self._session.changed.connect(self.stop)
        desk.turned.connect(self.stop)

    def go(self, way: int) -> None:
        """One press of undo (-1) or redo (1)."""
        desk, session = self._desk, self._session
        dropped, self._dropped = self._dropped, False
        if desk.drop_entry() or (dropped and way < 0):
            self.stop()
            desk.tell(NOTHING_TO_UNDO if way < 0 else "没有填入，这一处保持原样。")
            return
        desk.finish_editing()
        move = session.history.move(way)
        if move is None or session.holds(way):
            self.stop()
            return
        covered = self._from_preview = desk.is_covered
        if covered:
            self.stop()  # what was asked is out of sight
            desk.close_preview()
        step, asked = move.step, self._asked
        if move.earlier:
            if asked != _Asked(way, step, True):
                self._ask_earlier(way, step)
                return
            session.agree_to_earlier()
        change = difference(move.before, move.after)
        made = change if way > 0 else difference(move.after, move.before)
        if asked != _Asked(way, step, False) and (
            len(change.pages) > 1 or (change.pages and (covered or change.pages[0] != desk.here))
        ):
            self._show_first(way, step, made)
            return
        self.stop()
        self._show(difference(move.after, move.before))
        if way < 0:
            session.undo()
        else:
            session.redo()
        self._show(change)
        desk.tell(tell_done(way, tell_step(way, step, made, session.profile_named)))

    def _show(self, change: Difference) -> None:
        """Brings the first page that differs into view, and on it what differs; the report is `change.after`."""
        if change.pages:
            self._moving = True
            self._desk.turn_to(change.pages[0])
            self._moving = False
            self._desk.show_difference(change.pages[0], change)

    def _show_first(self, way: int, step: Step, made: Difference) -> None:
        """The first press on a step that is elsewhere: goes there and says what a second press does."""
        words, here = WORDS[way], self._desk.here
        told = tell_step(way, step, made, self._session.profile_named)
        first, now = made.pages[0], datetime.now()
        if len(made.pages) > 1:
            where = f"还没有{words.does}。{words.which}{told.what}{_clock(step.when, now)}"
            begins = "" if first == here else f"这里是{page_name(made.before.form, first)}。"
            then = f"{begins}再按一次 {words.key}，{told.result}。"
        else:
            where = f"还没有{words.does}。{words.which}在这一页：{told.what}{_clock(step.when, now)}"
            then = f"再按一次 {words.key}，{told.result}。"
        back = "" if first == here else f"回到{page_name(made.before.form, here)}"
        if self._from_preview:
            back = "回到预览"
        self._from = here
        self._ask(_Asked(way, step, False), where, then, words.does, back)
        current = made if way < 0 else difference(made.after, made.before)
        self._show(current)

    def _ask_earlier(self, way: int, step: Step) -> None:
        words = WORDS[way]
        self._from = self._desk.here
        said = tell_earlier(way, self._session.history, datetime.now())
        self._ask(
            _Asked(way, step, True),
            f"还没有{words.does}。{said}",
            f"再按一次 {words.key}，继续{words.does}；只问这一次。",
            f"继续{words.does}",
            "留在这里",
        )

    def _ask(self, asked: _Asked, said: str, then: str, does: str, back: str) -> None:
        self._asked = asked
        self._desk.tell("")  # what was done before is not what is asked now
        self.bar.say(said, then, does, back, "undo" if asked.way < 0 else "redo")
        self._watch()

    def _agreed(self) -> None:
        if self._asked is not None:
            self.go(self._asked.way)

    def _leave(self) -> None:
        """Back to where the first press was made; a question about earlier steps was asked there."""
        desk, key = self._desk, self._from
        self.stop()
        if self._from_preview:
            desk.open_preview()
            return
        desk.turn_to(key)
        desk.focus_page()

    def entry_dropped(self) -> None:
        """An entry did not become an edit: undo that follows at once is meant for that."""
        self._dropped = True
        self._watch()

    def stop(self) -> None:
        """Closes the bar and forgets what was asked; not while the way there is being gone."""
        if self._moving:
            return
        self._asked, self._dropped = None, False
        had_keys = self.bar.has_keys
        self.bar.hide()
        if had_keys:
            self._desk.focus_page()
        if self._watching:
            self._watching = False
            app = QApplication.instance()
            if app is not None:
                app.removeEventFilter(self)

    # --- any other key

    def _watch(self) -> None:
        app = QApplication.instance()
        if not self._watching and app is not None:
            self._watching = True
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) and isinstance(event, QKeyEvent):
            return self._key(event)
        if kind == QEvent.Type.MouseButtonPress and self._dropped and not _is_command(watched):
            self._dropped = False
        return False

    def _key(self, event: QKeyEvent) -> bool:
        """Closes the bar for any key but those of undo and redo, and those that lead to their menu."""
        ours = [*self._undo.shortcuts(), *self._redo.shortcuts()]
        undoes = QKeySequence(event.keyCombination()) in ours
        if (
            undoes
            or event.key() == Qt.Key.Key_F1  # what the bar asks is what help is wanted about
            or event.key() in _MODIFIERS
            or event.modifiers() & _ALT
            or QApplication.activePopupWidget()
        ):
            # With nothing to undo the command is off, and the key arrives as a key.
            said = event.type() == QEvent.Type.KeyPress and self._dropped and not self._undo.isEnabled()
            if said and undoes and event.matches(QKeySequence.StandardKey.Undo):
                self.stop()
                self._desk.tell(NOTHING_TO_UNDO)
                return True
            return False
        if self.bar.isVisible() and (event.key() in _INTO or (self.bar.has_keys and event.key() in _INSIDE)):
            # F6 comes as a command of the window.
            if event.type() == QEvent.Type.KeyPress and not self.bar.has_keys:
                self.bar.take_keys()
                return True
            return False
        had_keys = self.bar.has_keys
        self.stop()
        return had_keys and event.key() == Qt.Key.Key_Escape


def _is_command(watched: QObject) -> bool:
    """Whether a press here may lead to the command of undo: toolbar and menus, or what stands around them."""
    if isinstance(watched, QAbstractButton):
        return isinstance(watched.parent(), QToolBar)
    return isinstance(watched, QMenu | QMenuBar | QToolBar) or not isinstance(watched, QWidget)


class UndoBar(QFrame):
    """What has not been undone yet and what a second press does. `agreed` is that press by mouse, `left` the way back.

    The focus stays where it is: keys go to the page, and close the bar. Tab and F6 lead to its buttons, Esc back.
    """

    agreed = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "accenttint")
        self.setProperty("edge", "top")
        self.setMinimumHeight(HEIGHT)
        self._sign = QToolButton()
        self._sign.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._sign.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._said, self._then = _Line(), _Line()
        self._said.setFont(theme.font(9, 600))
        self._then.setProperty("tone", "text2")
        self.does, self.back = QPushButton(), QPushButton()
        self.does.setProperty("primary", True)
        for button, signal in ((self.does, self.agreed), (self.back, self.left)):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys where they are
            button.clicked.connect(signal)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(self._said)
        words.addWidget(self._then)
        words.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(13, 0, 12, 0)
        layout.setSpacing(8)
        layout.addWidget(self._sign)
        layout.addLayout(words, 1)
        layout.addWidget(self.does)
        layout.addWidget(self.back)
        self.hide()

    def say(self, said: str, then: str, does: str, back: str, icon: str) -> None:
        """Shows two sentences, an icon and the names of the buttons; an empty `back` for none."""
        theme.set_icon(self._sign, icon, "link")
        self._said.say(said)
        self._then.say(then)
        self.does.setText(does)
        self.does.setToolTip(theme.plain_tip(then))
        self.back.setToolTip("不做这一步，保持现在的样子。")
        self.back.setText(back)
        self.back.setVisible(bool(back))
        self.setAccessibleName(f"{said}{then}")
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @property
    def has_keys(self) -> bool:
        return self.does.hasFocus() or self.back.hasFocus()

    def take_keys(self) -> None:
        """The keys go to the button that does it."""
        self.does.setFocus(Qt.FocusReason.TabFocusReason)

    def text(self) -> str:
        return f"{self._said.text()}{self._then.text()}"


class _Line(theme.Label):
    """A line that gives way in its middle where there is no room: its ends say what is asked and old and new."""

    def say(self, text: str) -> None:
        self.setText(text)
        self.setToolTip(theme.plain_tip(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        room = self.contentsRect()
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()
