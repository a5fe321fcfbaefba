"""The numbers of a text that is being written: compared with the tables, mended, and made to follow them.

Knows which of them is at hand, when its popover comes and goes, when following is offered while one types, and what the
keys mean at a number. What a number says and means is read in `core.checks.claims`; how it is drawn is
`number_marks`', what its popover says `number_popover`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAction,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from gxeditor.core.checks.anchors import Cell
from gxeditor.core.checks.claims.comparing import followable
from gxeditor.core.checks.findings import Claimed, Finding, Findings
from gxeditor.core.difference import PREAMBLE
from gxeditor.core.form import Form
from gxeditor.core.numerals import rewritten
from gxeditor.core.report import Bound
from gxeditor.ui.editor.number_marks import Look, Mark
from gxeditor.ui.editor.prose_editor import ProseEditor
from gxeditor.ui.look import theme
from gxeditor.ui.session import Change, Session

if TYPE_CHECKING:
    from gxeditor.ui.editor.number_popover import NumberPopover, Offer

_SHOW, _HIDE = 350, 150  # milliseconds, as in the whole program
_TALL = 8  # lines of a paragraph below which a popover would stand too far from its number
_NO = Qt.KeyboardModifier.NoModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def claims_of(findings: Findings, key: str) -> tuple[Claimed, ...]:
    """The numbers that the prose of a section, or the preamble, states."""
    return tuple(claim for claim in findings.claims if claim.where.section == key)


def finding_of(findings: Findings, claim: Claimed) -> Finding | None:
    """What was found wrong with a number of the prose, if anything was."""
    return next((f for f in findings.findings if f.rule.kind == "claim" and f.where == claim.where), None)


def looks_of(findings: Findings, claims: Iterable[Claimed]) -> list[Look]:
    """How these numbers look, unless they follow a cell."""
    settled = {f.where for f in findings.findings if f.rule.kind == "claim" and f.is_explained}
    return [
        "explained" if claim.state == "different" and claim.where in settled else claim.state
        for claim in claims
    ]


def counted(findings: Findings, key: str) -> dict[Look, int]:
    """How many numbers of a text have each look but "bound"."""
    looks = looks_of(findings, claims_of(findings, key))
    return {look: looks.count(look) for look in dict.fromkeys(looks)}


WORDS: dict[Look, str] = {
    "different": "处与表不同",
    "explained": "处已说明",
    "same": "处相同",
    "open": "处没有可核对的格",
}
"""What a count of numbers of this look says, in the order in which they are told."""


def headline(counts: dict[Look, int]) -> list[str]:
    """What there is to say of the numbers of a text, worst first: 「1 处与表不同」, 「11 处相同」."""
    return [f"{counts[look]} {words}" for look, words in WORDS.items() if counts.get(look)]


def mended(claim: Claimed) -> str:
    """The number if it said what its likeliest reading says, written as it is; "" if that is not clear."""
    if claim.state != "different" or not claim.readings or rewritten(claim.text, claim.value) != claim.text:
        return ""  # a number that is not understood as it is written is not written anew
    value = claim.readings[0].value
    return "" if value is None or claim.readings[0].prior else rewritten(claim.text, value)


def tables_named(cells: Iterable[str], form: Form) -> str:
    """「表三」, 「表三、表四」: the tables in which the cells stand."""
    keys = dict.fromkeys(Cell(cell).page for cell in cells)
    return "、".join(f"表{form.section(key).number}" for key in keys)


def free_numbers(session: Session, key: str) -> list[tuple[Bound, str]]:
    """What could follow the tables in a text and does not yet, each with the name of what it would follow."""
    bound = session.report.bound.get(key, ())
    found = followable(claims_of(session.findings, key))
    return [pair for pair in found if not any(b.start < pair[0].end and pair[0].start < b.end for b in bound)]


def follow_everywhere(session: Session) -> int:
    """「与表相同的数都跟随表格」: all such numbers of the report, one undoable step; how many they are."""
    report, count = session.report, 0
    for key in (PREAMBLE, *(section.key for section in report.form.sections)):
        free = [one for one, _ in free_numbers(session, key)]
        count += len(free)
        report = report.with_bound(key, (*report.bound.get(key, ()), *free))
    session.seal()
    if count and session.edit(report, "数字跟随表格"):
        session.told.emit(f"{count} 个数会跟随表格，可以撤销。")
    return count


class Numbers(QObject):
    """The numbers of one text of the report, in the editor in which it is written.

    `key` is the section's, or "preamble"; `ground` the widget inside which the popover stands, the editor's window if
    it is None. `changed` says that they are others than before.
    """

    changed = Signal()

    def __init__(self, editor: ProseEditor, session: Session, key: str) -> None:
        super().__init__(editor)
        self.editor, self.session, self.key = editor, session, key
        self.ground: QWidget | None = None
        self.claims: tuple[Claimed, ...] = ()
        self.popover: NumberPopover | None = None
        self.chip: _Chip | None = None
        self._offered: Bound | None = None
        self._over: Claimed | None = None
        self._by_mouse = False
        self._marked: tuple[object, ...] = ()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._hovered)
        editor.installEventFilter(self)
        editor.viewport().installEventFilter(self)
        editor.viewport().setMouseTracking(True)
        session.changed.connect(self.renew)  # after the editor, which shows the text first
        editor.edited.connect(self._typed)
        editor.menu_made.connect(self._add_to_menu)
        editor.span_shown.connect(self._led_to)
        editor.rested.connect(self._withdraw)
        editor.verticalScrollBar().valueChanged.connect(self._leave)
        editor.column_changed.connect(self._leave)
        self.renew()

    # --- what they are

    @property
    def bound(self) -> tuple[Bound, ...]:
        return self.session.report.bound.get(self.key, ())

    def renew(self, change: Change | None = None) -> None:
        """Marks the numbers of the session's report; the editor shows its text already."""
        findings = self.session.findings
        self.claims = claims_of(findings, self.key)
        doubts = self.session.report.prose_doubts.get(self.key, ())
        looks = tuple(looks_of(findings, self.claims))
        self.editor.set_marks(tuple(self._marks(looks)))
        marked = (self.claims, looks, self.bound, doubts)
        if change is not None:
            self._close()
            self._withdraw()
        if marked != self._marked:
            self._marked = marked
            self.changed.emit()
            self.editor.setAccessibleDescription("，".join(headline(counted(findings, self.key))))

    def _typed(self) -> None:
        """One just typed: offers to follow what it says, if that is a number that agrees."""
        place, end = self.editor.selected()
        near = any(
            claim.state == "same" and claim.where.end <= place <= claim.where.end + 1 for claim in self.claims
        )
        if near and place == end and not self.editor.composing:
            self._offer(next((one for one in self._free() if one[0].end <= place <= one[0].end + 1), None))

    def _marks(self, looks: Iterable[Look]) -> Iterator[Mark]:
        doubtful = [(doubt.start, doubt.end) for doubt in self.session.report.prose_doubts.get(self.key, ())]
        marks: list[Mark] = []
        for claim, look in zip(self.claims, looks, strict=True):
            where = claim.where
            if look in ("same", "open") and any(s < where.end and where.start < e for s, e in doubtful):
                continue  # it came from last year's text, and nobody has looked at it
            marks.append(Mark(where.start, where.end, look))
        if not self.bound:
            return iter(marks)
        wrong = [mark for mark in marks if mark.look in ("different", "explained")]
        for one in self.bound:
            if not any(mark.start < one.end and one.start < mark.end for mark in wrong):
                marks = [mark for mark in marks if mark.end <= one.start or one.end <= mark.start]
                marks.append(Mark(one.start, one.end, "bound"))
        return iter(sorted(marks))

    def claim_at(self, place: int | None) -> Claimed | None:
        """The number with this character, or behind which the caret stands."""
        if place is None:
            return None
        inside = [c for c in self.claims if c.where.start <= place <= c.where.end]
        return next((c for c in inside if place < c.where.end), inside[0] if inside else None)

    def bound_at(self, place: int) -> Bound | None:
        """The number that follows a cell in which, or behind which, the caret stands."""
        return next((one for one in self.bound if one.start < place <= one.end), None) or next(
            (one for one in self.bound if one.start == place), None
        )

    def _free(self) -> list[tuple[Bound, str]]:
        return free_numbers(self.session, self.key)

    # --- following

    def follow(self, numbers: Iterable[Bound]) -> bool:
        """Makes these numbers follow their cells, one undoable step."""
        new = tuple(numbers)
        self.session.seal()
        return bool(new) and self.session.bind(self.key, new, origin=self)

    def follow_here(self) -> bool:
        """「跟随表格」 for the number at the caret; False if there is none that could."""
        place = self.editor.selected()[0]
        one = next((b for b, _ in self._free() if b.start <= place <= b.end), None)
        if one is not None:
            self.follow((one,))
        return one is not None

    def follow_all(self) -> int:
        """The same for all numbers of the text that agree; how many those were."""
        numbers = [one for one, _ in self._free()]
        self.follow(numbers)
        return len(numbers)

    def unbind(self, one: Bound) -> None:
        """A number follows no longer; one undoable step."""
        self.session.seal()
        self.session.unbind(self.key, (one,), origin=self)

    # --- offered while typing

    def _offer(self, offered: tuple[Bound, str] | None) -> None:
        if offered is None:
            return
        one, name = offered
        boxes = self.editor.boxes(one.start, one.end)
        if not boxes:
            return
        if self.chip is None:
            self.chip = _Chip(self.editor.viewport())
        self.chip.setText(f"跟随{tables_named(one.cells, self.session.form)} ↹")
        self.chip.setAccessibleName(f"按 Tab，“{one.text}”跟随{name}")
        self.chip.adjustSize()
        left = min(boxes[-1].left(), self.editor.viewport().width() - self.chip.width() - 4)
        self.chip.move(round(max(4.0, left)), round(boxes[-1].bottom()) + 3)
        self.chip.show()
        self.chip.raise_()
        if QAccessible.isActive():
            said = QAccessibleAnnouncementEvent(self.editor, self.chip.accessibleName())
            QAccessible.updateAccessibility(said)
        self._offered = one

    def _withdraw(self) -> None:
        self._offered = None
        if self.chip is not None:
            self.chip.hide()

    # --- the popover

    def show(self, claim: Claimed, *, focus: bool = False, by_mouse: bool = False) -> None:
        """Opens the popover of a number, in it the keys if `focus`."""
        if self.popover is None:
            from gxeditor.ui.editor.number_popover import NumberPopover

            self.popover = NumberPopover(self.ground or self.editor.window())
            self.popover.closed.connect(self._closed)
            self.popover.installEventFilter(self)
        self._by_mouse = by_mouse
        self._withdraw()
        finding = finding_of(self.session.findings, claim)
        self.popover.fill(claim, finding, self.session, self._offers(claim, finding))
        self.editor.set_at_hand((claim.where.start, claim.where.end))
        self._place()
        if focus:
            self.popover.take_focus()

    def _offers(self, claim: Claimed, finding: Finding | None) -> list[Offer]:
        from gxeditor.ui.editor.number_popover import Offer

        offers: list[Offer] = []
        where, cells = claim.where, self._cells(claim)
        mend = mended(claim)
        if mend:
            offers.append(
                Offer(
                    f"改成表中的数 {mend}",
                    lambda: self._mend(claim, mend),
                    "文字里的数改成与表相同，可以撤销。",
                    primary=True,
                )
            )
        bound = self.bound_at(where.end)
        free = next((b for b, _ in self._free() if b.start == where.start), None) if bound is None else None
        if bound is not None:
            offers.append(
                Offer("不再跟随", lambda: self.unbind(bound), "表里的数以后再改，这个数不再跟着改。")
            )
        elif free is not None:
            tables = tables_named(free.cells, self.session.form)
            offers.append(
                Offer(f"跟随{tables}", lambda: self.follow((free,)), "表里的数以后再改，这个数跟着改。")
            )
        if cells:
            offers.append(
                Offer(
                    "在表中查看",
                    lambda: self.session.in_view.goto.emit(Cell(cells[0])),
                    "转到表里的这一格，看是不是表填错了。",
                )
            )
        if finding is not None and claim.state == "different":
            offers.append(Offer("核实无误…", None, "数没有写错、口径不同时，写一句说明。", link=True))
        return offers

    def _cells(self, claim: Claimed) -> tuple[str, ...]:
        """The cells of this year's report that it can speak of."""
        readings = (claim.reading, *claim.readings) if claim.reading is not None else claim.readings
        return next((r.cells for r in readings if r is not None and not r.prior and r.cells), ())

    def _mend(self, claim: Claimed, text: str) -> None:
        report, where = self.session.report, claim.where
        whole = report.text(self.key)
        if whole[where.start : where.end] != claim.text:
            return
        self.session.seal()
        new = whole[: where.start] + text + whole[where.end :]
        report = report.with_text(self.key, new)
        if self.session.edit(report, f"“{claim.text}”改成表中的数 {text}"):
            self.session.told.emit(f"已把“{claim.text}”改为 {text}，可以撤销。")
        self.editor.focus_span(where.start, where.start + len(text))

    def _place(self) -> None:
        """The left edge at the number, below its paragraph if that is short, above where there is no room below."""
        popover = self.popover
        claim = popover.claim if popover is not None else None
        if popover is None or claim is None:
            return
        boxes = self.editor.boxes(claim.where.start, claim.where.end)
        ground = popover.parentWidget()
        if not boxes or ground is None:
            popover.close_it()
            return
        paragraph, lines = self.editor.paragraph_box(claim.where.start)
        around = paragraph if lines <= _TALL else boxes[0].united(boxes[-1])

        def on_ground(x: float, y: float) -> QPoint:
            return self.editor.viewport().mapTo(ground, QPoint(round(x), round(y)))

        upper, lower = on_ground(boxes[0].left(), around.top()), on_ground(boxes[0].left(), around.bottom())
        popover.place(QRect(upper, QPoint(upper.x(), lower.y())))

    def _close(self) -> None:
        if self.popover is not None:
            self.popover.close_it()

    def _closed(self, had_focus: bool) -> None:
        self.editor.set_at_hand(None)
        if had_focus:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        self._timer.stop()
        self._withdraw()
        self._close()

    def _led_to(self, start: int, end: int) -> None:
        """One was led to a number: what is to say of it is said."""
        claim = next((c for c in self.claims if (c.where.start, c.where.end) == (start, end)), None)
        if claim is not None and claim.state == "different":
            QTimer.singleShot(0, self, self._show_selected)  # the page may still be on its way into view

    def _show_selected(self) -> None:
        span = self.editor.selected()
        claim = next((c for c in self.claims if (c.where.start, c.where.end) == span), None)
        if claim is not None and self.editor.isVisible():
            self.show(claim)

    # --- keys and mouse

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self.editor:
            if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event)
            if kind == QEvent.Type.Hide:
                self._leave()
            elif kind == QEvent.Type.FocusOut:
                self._withdraw()
                if self.popover is not None and not self._by_mouse and not self.popover.is_entered:
                    QTimer.singleShot(0, self, self._left_for)
            elif kind == QEvent.Type.InputMethod:
                self._leave()
        elif watched is self.popover:
            if kind == QEvent.Type.Leave and self._by_mouse:
                self._timer.start(_HIDE)
            elif kind == QEvent.Type.Enter:
                self._timer.stop()
        elif isinstance(event, QMouseEvent):
            self._mouse(event)
        elif kind == QEvent.Type.Leave and self._by_mouse:
            self._over = None
            self._timer.start(_HIDE)
        return False

    def _left_for(self) -> None:
        focus = QApplication.focusWidget()
        popover = self.popover
        if popover is not None and focus is not self.editor and not (focus and popover.isAncestorOf(focus)):
            popover.close_it()

    def _key(self, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        offered = self._offered
        if key in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta):
            return False
        if self.editor.composing:
            return False
        if key == Qt.Key.Key_Tab and held == _NO and offered is not None:
            self._withdraw()
            self.follow((offered,))
            return True
        if key in _ENTER and held == Qt.KeyboardModifier.AltModifier:
            claim = self.claim_at(self.editor.selected()[0])
            if claim is not None:
                self.show(claim, focus=True)
            else:
                self.session.told.emit("光标不在数上。")
            return True
        if key == Qt.Key.Key_Escape and (offered is not None or self._is_open):
            self._leave()
            return True
        self._leave()
        if key == Qt.Key.Key_Backspace and held == _NO and not event.isAutoRepeat():
            start, end = self.editor.selected()
            one = self.bound_at(start) if start == end else None
            if one is not None and one.start < start:
                self.unbind(one)
                return True
        return False

    @property
    def _is_open(self) -> bool:
        return self.popover is not None and self.popover.isVisible()

    def _mouse(self, event: QMouseEvent) -> None:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            self._leave()
        elif kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
            claim = self._under(event.position())
            start, end = self.editor.selected()
            if claim is not None and claim.state == "different" and start == end:
                self.show(claim)
        elif kind == QEvent.Type.MouseMove and not event.buttons() and not self.editor.composing:
            claim = self._under(event.position())
            if claim is not self._over:
                self._over = claim
                self._timer.start(_SHOW if claim is not None else _HIDE)

    def _under(self, point: QPointF) -> Claimed | None:
        if not self.claims:
            return None
        place = self.editor.character_at(point)
        found = self.claim_at(place)
        return found if found is not None and place is not None and place < found.where.end else None

    def _hovered(self) -> None:
        claim = self._over
        if claim is not None and claim in self.claims and not self._pinned:
            self.show(claim, by_mouse=True)
        elif claim is None and self._by_mouse and not self._pinned:
            self._close()

    @property
    def _pinned(self) -> bool:
        """Whether a popover is open that did not come by hovering, or into which one has gone."""
        popover = self.popover
        return popover is not None and popover.isVisible() and (not self._by_mouse or popover.is_entered)

    # --- menu

    def _add_to_menu(self, menu: QMenu) -> None:
        place = self.editor.selected()[0]
        bound, free = self.bound_at(place), self._free()
        here = next((pair for pair in free if pair[0].start <= place <= pair[0].end), None)
        claim = self.claim_at(place)
        entries: list[tuple[str, Callable[[], object]]] = []
        if claim is not None and (mend := mended(claim)):
            entries.append((f"改成表中的数 {mend}", lambda: self._mend(claim, mend)))
        if bound is not None:
            entries.append(
                (f"不再跟随{tables_named(bound.cells, self.session.form)}", lambda: self.unbind(bound))
            )
        elif here is not None:
            entries.append((f"跟随{here[1]}", lambda: self.follow((here[0],))))
        if len(free) > 1:
            entries.append((f"与表相同的 {len(free)} 处数都跟随表格", self.follow_all))
        if claim is not None:
            entries.append(("这个数怎么核对的\tAlt+Enter", lambda: self.show(claim, focus=True)))
        if entries:
            first = menu.actions()[0]
            for words, does in entries:
                action = QAction(theme.plain_action(words), menu)
                action.triggered.connect(does)
                menu.insertAction(first, action)
            menu.insertSeparator(first)


class _Chip(theme.Label):
    """What Tab would do just now, below the number."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self.setFont(theme.font(9))
        self.setContentsMargins(7, 3, 7, 3)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().tip)
        theme.Pixels(painter).frame(QRectF(self.rect()), theme.current().edge)
        painter.end()
        super().paintEvent(event)
