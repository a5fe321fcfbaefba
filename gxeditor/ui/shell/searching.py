"""Finding and replacing in the whole report: the bar below the page, and what its keys do.

Knows what is sought, which hit is looked at and what is said of it; where something stands is `core.searching`'s, and
marking it in place is the page's. A report that changes is searched again when typing has come to a rest, never with
a key.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QLineEdit, QPushButton, QToolButton, QWidget

from gxeditor.core.checks.anchors import Cell, Field, Span
from gxeditor.core.errors import EntryError
from gxeditor.core.report import Report
from gxeditor.core.searching import Hit, Rank, occurrences, rank_of, replace, replace_all, sought_text
from gxeditor.ui.desk import Desk
from gxeditor.ui.look import theme

_REST = 150
"""Milliseconds without a key after which what is typed is sought, and a report that changed is searched again."""
_LONGEST = 100
"""Characters of a selection that still is something to seek, and no part of the text that was marked for copying."""
_FIELD = 260


class _Searched(NamedTuple):
    """What a search gave, for as long as report and words are the same."""

    report: Report
    sought: str
    hits: tuple[Hit, ...]


class Searching(QObject):
    """One for the window. Made when first needed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.frame)
        self._desk, self._session = desk, desk.session
        self.bar = SearchBar()
        desk.put_above_findings(self.bar)
        self._found: _Searched | None = None
        self._from: Rank = (0, 0, 0)  # where the search began
        self._hit: Hit | None = None
        self._timer = QTimer(self, singleShot=True, interval=_REST)
        self._timer.timeout.connect(self._at_rest)
        self._typed = False
        # What replacing came to: it stays said for as long as the report is that.
        self._done: tuple[Report, str] | None = None
        self.bar.typed.connect(self._sought_typed)
        self.bar.stepped.connect(self.step)
        self.bar.replaced.connect(self.replace_here)
        self.bar.all_replaced.connect(self.replace_all)
        self.bar.left.connect(self.close)
        self._session.changed.connect(self._report_changed)

    def open(self, *, replacing: bool = False) -> None:
        """Ctrl+F and Ctrl+H: the bar, with what is selected if that can be meant."""
        desk, bar = self._desk, self.bar
        self._leave_preview()
        focus = QApplication.focusWidget()
        inside = focus is not None and bar.isAncestorOf(focus)
        if not inside:
            desk.finish_editing()
            at = desk.at()
            self._from = rank_of(at, self._session.form)
            self._hit = None
            selected = at.text(self._session.report)[at.start : at.end] if isinstance(at, Span) else ""
            if selected and len(selected) <= _LONGEST and "\n" not in selected:
                bar.sought.setText(selected)
        bar.open(replacing=replacing)
        self._say()
        self._timer.stop()

    def close(self) -> None:
        """Esc: the bar goes, and the focus is where the search has led."""
        self.bar.hide()
        self._timer.stop()
        self._desk.leave_found()
        hit = self._hit
        if hit is not None and hit in self._hits():
            self._desk.show_found(hit.where, hit.start, hit.end, focus=True)
            self._desk.leave_found()
        else:
            self._desk.focus_page()

    def step(self, way: int) -> None:
        """To the next hit (1) or the one before (-1) of where the clerk is, around the ends of the report."""
        if not self._words():
            self.open()
            return
        self._leave_preview()
        self._timer.stop()
        self._typed = False
        focus = QApplication.focusWidget()
        if focus is None or not self.bar.isAncestorOf(focus):
            self._desk.finish_editing()
            self._stand_at_page()
        hits = self._hits()
        if not hits:
            self._hit = None
            self._say()
            self._desk.tell(self.bar.count.text())
            return
        if self._hit in hits:
            place = hits.index(self._hit) + way
        else:
            behind = sum(hit.rank < self._from for hit in hits)
            place = behind if way > 0 else behind - 1
        around = ""
        if not 0 <= place < len(hits):
            around = "已从头查起" if way > 0 else "已从末尾查起"
        self._show(hits[place % len(hits)], around)

    def replace_here(self) -> None:
        """「替换」: what is looked at, and on to the next; with nothing looked at yet, only to the next."""
        if self._session.held():
            return
        hit = self._hit
        if hit is None or hit not in self._hits():
            self.step(1)
            return
        text = sought_text(self.bar.instead.text())
        try:
            report = replace(self._session.report, hit, text)
        except EntryError as error:
            self._say(str(error))
            self._desk.tell(str(error))
            return
        grown = len(text) - (hit.end - hit.start)
        self._session.edit(report, f"替换“{_short(self._words())}”")
        self._from, self._hit = (*hit.rank[:2], hit.end + grown), None
        if isinstance(hit.where, Cell):
            self._from = (*hit.rank[:2], hit.end + max(grown, 0))
        if self._hits():
            self.step(1)
        else:
            self._done = self._session.report, "已替换，没有别的了"
            self._say(self._done[1])
            self._desk.tell("已替换这一处，可以撤销。")

    def replace_all(self) -> None:
        """「全部替换」, one step; says how many were, and why some were not."""
        if self._session.held() or not self._words():
            return
        self._desk.finish_editing()
        sought = self._words()
        done = replace_all(self._session.report, sought, sought_text(self.bar.instead.text()))
        left = sum(number for _, number in done.left)
        why = "，".join(f"{reason}（{number} 处）" for reason, number in done.left)
        rest = f"没有替换 {left} 处：{why}。" if left else ""
        if self._session.edit(done.report, f"全部替换“{_short(sought)}”"):
            told = f"替换了 {done.number} 处，可以撤销。{rest}"
        else:
            told = rest or (
                f"没有找到“{_short(sought)}”。" if not self._hits() else "替换前后一样，没有改动。"
            )
        self._hit, self._typed = None, False
        self._done = self._session.report, told
        self._say(told)
        self._desk.tell(told)

    # --- what is sought

    def _words(self) -> str:
        return sought_text(self.bar.sought.text())

    def _hits(self) -> tuple[Hit, ...]:
        report, sought = self._session.report, self._words()
        found = self._found
        if found is None or found.report is not report or found.sought != sought:
            self._found = found = _Searched(report, sought, occurrences(report, sought))
        return found.hits

    def _stand_at_page(self) -> None:
        """Goes on from where the clerk has put himself since, unless that is the hit he was led to."""
        at = self._desk.at()
        rank = rank_of(at, self._session.form)
        hit = self._hit
        if hit is not None:
            same = hit.where == at or (isinstance(hit.where, Field) and hit.where == at)
            if same:
                return
        self._hit = None
        self._from = rank if not isinstance(at, Span) else (*rank[:2], at.end)

    def _sought_typed(self) -> None:
        self._typed = True
        self._timer.start()

    def _report_changed(self) -> None:
        if self.bar.isVisible():
            self._timer.start()

    def _at_rest(self) -> None:
        """Seeks what was typed from where the search began; or counts again in a report that has changed."""
        typed, self._typed = self._typed, False
        hits = self._hits()
        if typed:
            start = self._hit.rank if self._hit is not None else self._from
            self._from = start
            if hits:
                self._show(next((hit for hit in hits if hit.rank >= start), hits[0]))
                return
            self._hit = None
            self._desk.leave_found()
        done = self._done if not typed else None
        self._say(done[1] if done is not None and done[0] is self._session.report else "")

    def _show(self, hit: Hit, around: str = "") -> None:
        self._hit, self._from = hit, hit.rank
        self._desk.show_found(hit.where, hit.start, hit.end)
        self._say(around)
        if not self.bar.isVisible():  # F3 in the text, after the bar was closed
            self._desk.show_found(hit.where, hit.start, hit.end, focus=True)
            self._desk.tell(self.bar.count.text())

    def _say(self, also: str = "") -> None:
        sought, hits = self._words(), self._hits()
        words = ""
        missing = bool(sought) and not hits and not also  # after replacing all there is nothing to be missed
        if missing:
            words = f"没有找到“{_short(sought)}”"
        elif hits and self._hit in hits:
            words = f"第 {hits.index(self._hit) + 1} 处，共 {len(hits)} 处"
            if self._hit.heading:
                words += f"，在“{_short(self._hit.heading)}”这个标题里"
        elif hits:
            words = f"共 {len(hits)} 处"
        self.bar.say(words, also, missing=missing, several=bool(hits))

    def _leave_preview(self) -> None:
        if self._desk.is_covered:
            self._desk.close_preview()


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"


class SearchBar(QFrame):
    """What is sought, what stands there instead, and how many there are.

    `typed` comes when what is sought was changed by a person, not while it is composed; `stepped` with 1 or -1;
    `replaced`, `all_replaced` and `left` are the other commands.
    """

    typed = Signal()
    stepped = Signal(int)
    replaced = Signal()
    all_replaced = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "window")
        self.setProperty("edge", "top")
        self.setAccessibleName("查找和替换")
        self.sought, self.instead = QLineEdit(), QLineEdit()
        self.count = theme.Label()
        self.count.setProperty("tone", "text2")
        self.previous, self.next = QPushButton("上一处"), QPushButton("下一处")
        self.one, self.all = QPushButton("替换"), QPushButton("全部替换")
        self.shut = QToolButton()
        theme.set_icon(self.shut, "close")
        layout = QGridLayout(self)
        layout.setContentsMargins(12, 3, 12, 3)  # so that table three is still whole above it at 1366 × 768
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(4)
        self._second: list[QWidget] = [self.instead, self.one, self.all]
        for row, (words, field) in enumerate((("查找(&W)", self.sought), ("替换为(&J)", self.instead))):
            label = theme.Label(words)
            label.setBuddy(field)
            layout.addWidget(label, row, 0, Qt.AlignmentFlag.AlignRight)
            layout.addWidget(field, row, 1)
            field.setFixedWidth(_FIELD)
            if row:
                self._second.append(label)
        self.sought.setAccessibleName("查找")
        self.instead.setAccessibleName("替换为")
        self.sought.setPlaceholderText("文字或数")
        for column, (one, other) in enumerate(((self.previous, self.one), (self.next, self.all)), 2):
            layout.addWidget(one, 0, column)
            layout.addWidget(other, 1, column)
        layout.addWidget(self.count, 0, 4, 1, 1)
        layout.setColumnStretch(4, 1)
        layout.addWidget(self.shut, 0, 5, Qt.AlignmentFlag.AlignTop)
        for button, tip in (
            (self.previous, "到前面最近的一处（Shift+Enter 或 Shift+F3）"),
            (self.next, "到后面最近的一处（Enter 或 F3）"),
            (self.one, "替换现在选中的这一处，再到下一处"),
            (self.all, "替换全部各处，算一步，可以撤销；表中只换整个的数"),
            (self.shut, "关闭查找（Esc），光标留在找到的地方"),
        ):
            button.setToolTip(theme.plain_tip(f"{tip}。"))
        self.shut.setAccessibleName("关闭查找")
        self.sought.textChanged.connect(self._enable)
        self.sought.textChanged.connect(self.typed)
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.one.clicked.connect(self.replaced)
        self.all.clicked.connect(self.all_replaced)
        self.shut.clicked.connect(self.left)
        self.count.setMinimumWidth(1)
        self.setFocusProxy(self.sought)
        self.hide()

    def open(self, *, replacing: bool) -> None:
        """Shows the bar, with the second line if something is to be replaced, and puts the keys into its first."""
        for widget in self._second:
            widget.setVisible(replacing)
        self.show()
        self.sought.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.sought.selectAll()

    def say(self, words: str, also: str, *, missing: bool, several: bool) -> None:
        """How many there are, and what else is to be said; `missing` that there are none, which is marked."""
        text = "　".join(filter(None, (words, also)))
        if text != self.count.text():
            self.count.setText(text)
            self.count.setToolTip(theme.plain_tip(text))
            self.setAccessibleDescription(text)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        theme.restyle(self.sought, refused=missing)
        self._enable(several)

    def _enable(self, on: object) -> None:
        """What was just typed may be there: it is sought with the next key at the latest."""
        for button in (self.previous, self.next, self.one, self.all):
            button.setEnabled(bool(on))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = QApplication.focusWidget()
            if isinstance(focus, QPushButton | QToolButton):
                focus.click()
            elif focus is self.instead:
                self.replaced.emit()
            else:
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.stepped.emit(-1 if back else 1)
        else:
            super().keyPressEvent(event)
