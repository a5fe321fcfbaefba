"""The list that opens under a code column: what was used lately first, then all in the order of the table.

Knows how a few letters find a code: by the initials of its words (bcz for 不存在), by the code itself (U1) or by a part
of the word. Chooses nothing by itself and changes no ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.ledger.request import Ledger
from gxeditor.core.ledger.vocabulary import Code, Vocabulary, plain
from gxeditor.core.rollup.naming import initials
from gxeditor.ui.look import theme

Index = QModelIndex | QPersistentModelIndex
RECENT = 3
"""So many of what was used lately stand first."""
_FOLDED = 3  # codes from which a group of the form is one row until it is asked for
_LOOKED = 200  # requests at the end of the ledger in which what was used lately is looked for
_ROW, _HEAD, _MOST = 26, 20, 14  # logical pixels of a row and of a heading; rows before the list scrolls
_WIDTH = 230
_ENTRY = Qt.ItemDataRole.UserRole
_ORDER = {"outcome": "按表三的顺序", "applicant_type": "按表三的顺序"}


def group_of(code: Code) -> str:
    """The part of the form that a code belongs to: 不予公开."""
    return code.label.partition("·")[0]


def name_in_list(code: Code) -> str:
    """How a code is called in the list: 不予公开 is said by its heading."""
    return code.label.partition("·")[2] or code.label


def used_lately(ledger: Ledger, field: str, picked: Sequence[str] = ()) -> tuple[str, ...]:
    """The codes of a column that were used last: those picked by hand before those of the last requests."""
    seen = dict.fromkeys(picked)
    for request in ledger.requests[: -_LOOKED - 1 : -1]:
        if code := request.text(field):
            seen.setdefault(code)
        if len(seen) >= RECENT:
            break
    return tuple(seen)[:RECENT]


@cache
def _keys(code: Code) -> tuple[tuple[str, ...], str]:
    """The initials of the words of a code, and its words as they are compared; 重 is read both ways (重复, 重新)."""
    words = (code.label, name_in_list(code), *code.aliases)
    letters = [initials(word) for word in words]
    letters += [initials(word.replace("重", "虫")) for word in words if "重" in word]
    return tuple(dict.fromkeys(letters)), " ".join(plain(word) for word in words)


def matching(codes: Iterable[Code], typed: str) -> list[Code]:
    """The codes that a few letters mean, the surest first: the code itself, what begins so, what contains it."""
    wanted = plain(typed)
    if not wanted:
        return list(codes)
    ranked = []
    for place, code in enumerate(codes):
        letters, words = _keys(code)
        own = code.code.lower()
        if own == wanted:
            rank = 0
        elif any(one == wanted for one in letters) or wanted in words.split():
            rank = 1
        elif own.startswith(wanted):
            rank = 2
        elif any(one.startswith(wanted) for one in letters):
            rank = 3
        elif wanted in words or any(wanted in one for one in letters):
            rank = 4
        else:
            continue
        ranked.append((rank, place, code))
    return [code for _, _, code in sorted(ranked, key=lambda one: one[:2])]


class _Delegate(QStyledItemDelegate):
    """A row: the word and its code, a heading, or a part of the form that can be unfolded."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        text = QFontMetrics(theme.font()).height()
        return QSize(_WIDTH, max(_ROW, text + 8) if index.data(_ENTRY) is not None else max(_HEAD, text + 4))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(_ENTRY)
        colors, pixels = theme.current(), theme.Pixels(painter)
        rect = QRect(option.rect)  # type: ignore[attr-defined]
        listing = self.parent()
        chosen = isinstance(listing, QListWidget) and listing.currentRow() == index.row()
        if chosen:
            pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), colors.sel)
        room = rect.adjusted(10, 0, -10, 0)
        painter.setFont(theme.font(9 if entry is not None else 8.25))
        painter.setPen(colors.text2 if entry is None else colors.seltext if chosen else colors.text)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        metrics = QFontMetrics(painter.font())
        aside = entry.code if isinstance(entry, Code) else ""
        wide = room.width() - (metrics.horizontalAdvance(aside) + 12 if aside else 24)
        painter.drawText(
            room, flags, metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, wide)
        )
        if aside:
            painter.setPen(colors.text2)
            painter.drawText(room, right, aside)
        elif entry is not None:
            theme.icon("chevron", "text2", 12).paint(
                painter, QRect(room.right() - 12, rect.y() + (rect.height() - 12) // 2, 12, 12)
            )


class CodeList(QFrame):
    """The codes of one column at a time, `field`; "" while it is closed.

    `chosen` carries the code and the key that chose it (Tab goes on to the right, Enter stays in the grid's order);
    `left` says that it was closed without any.
    """

    chosen = Signal(str, int)
    left = Signal()

    def __init__(self, vocabulary: Vocabulary, parent: QWidget) -> None:
        super().__init__(parent)
        self.vocabulary = vocabulary
        self.field = ""
        self.composing = False
        self._stands: tuple[QRect, QRect] | None = None
        self._recent: tuple[str, ...] = ()
        self._open: set[str] = set()
        self.setProperty("ground", "tip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.line = QLineEdit()
        self.line.setFrame(False)
        self.line.setProperty("bare", True)
        self.line.setTextMargins(6, 5, 6, 5)
        self.line.setPlaceholderText("键入首字母或代码，如 bcz、U1")
        self.line.setToolTip("键入首字母（bcz）、代码（U1）或词的一部分，Enter 选定，Esc 收起。")
        self.line.textChanged.connect(self._fill)
        self.line.installEventFilter(self)
        self.rows = QListWidget()
        self.rows.setProperty("bare", True)
        self.rows.setItemDelegate(_Delegate(self.rows))
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.itemClicked.connect(self._clicked)
        down = QVBoxLayout(self)
        down.setContentsMargins(1, 1, 1, 1)
        down.setSpacing(0)
        down.addWidget(self.line)
        down.addWidget(self.rows)
        self.hide()

    # --- open and closed

    def open(self, field: str, current: str, recent: Sequence[str], *, typed: str = "") -> None:
        """Shows the codes of a column; `current` is the one that stands there, `typed` what was typed already."""
        self.field = field
        self._recent = tuple(recent)
        self._open = set()
        heading = self.vocabulary.by_field[field].heading
        self.line.setAccessibleName(f"{heading}：键入首字母或代码")
        self.rows.setAccessibleName(f"{heading}的各种")
        self.line.blockSignals(True)
        self.line.setText(typed)
        self.line.blockSignals(False)
        self._fill(typed)
        if not typed and current:
            self._choose_row(lambda entry: isinstance(entry, Code) and entry.code == current)
        self.show()
        self.raise_()

    def take_keys(self) -> None:
        """The keys go into its line."""
        self.composing = False
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)
        self.line.end(False)

    def compose(self, event: QInputMethodEvent) -> None:
        """What is being composed goes into its line; the keys stay where they are until the composition ends."""
        self.composing = bool(event.preeditString())
        QApplication.sendEvent(self.line, event)
        if not self.composing:
            self.take_keys()

    def dismiss(self) -> None:
        """Closes without choosing."""
        self.field, self.composing, self._stands = "", False, None
        self.hide()

    def place_under(self, cell: QRect, room: QRect) -> None:
        """Stands below a cell, above it where there is no room; both in the coordinates of its parent.

        As high as what it lists, also when typing makes that less.
        """
        self._stands = cell, room
        heights = [self.rows.sizeHintForRow(row) for row in range(min(self.rows.count(), _MOST))]
        width = max(_WIDTH, min(cell.width(), 2 * _WIDTH))
        wanted = sum(heights) + self.line.sizeHint().height() + 4
        below, above = room.bottom() - cell.bottom() - 2, cell.top() - room.top() - 2
        height = min(wanted, max(below, above, 120))
        top = cell.bottom() + 2 if below >= height or below >= above else cell.top() - height - 2
        left = max(room.left(), min(cell.left(), room.right() - width))
        self.setGeometry(left, top, width, height)

    # --- rows

    def _fill(self, typed: str) -> None:
        codes = self.vocabulary.lists[self.field] if self.field else {}
        self.rows.clear()
        if plain(typed):
            for code in matching(codes.values(), typed):
                self._add(code.label, code)
            if not self.rows.count():
                self._add(f"没有“{typed.strip()}”这一种", None)
        else:
            recent = [codes[code] for code in self._recent if code in codes]
            if recent:
                self._add("最近用过", None)
                for code in recent:
                    self._add(name_in_list(code), code)
                self._add(_ORDER.get(self.field, "全部"), None)
            self._fill_all(list(codes.values()))
        self._choose_row(lambda entry: entry is not None)
        if self._stands is not None:
            self.place_under(*self._stands)

    def _fill_all(self, codes: list[Code]) -> None:
        sizes: dict[str, int] = {}
        for code in codes:
            if "·" in code.label:
                sizes[group_of(code)] = sizes.get(group_of(code), 0) + 1
        said: set[str] = set()
        for code in codes:
            group = group_of(code)
            if sizes.get(group, 0) < _FOLDED:
                self._add(code.label, code)
                continue
            if group not in said:
                said.add(group)
                opened = group in self._open
                self._add(f"{group}　{sizes[group]} 种", None if opened else group)
            if group in self._open:
                self._add(f"　{name_in_list(code)}", code)

    def _add(self, text: str, entry: Code | str | None) -> None:
        item = QListWidgetItem(text, self.rows)
        item.setData(_ENTRY, entry)
        if isinstance(entry, Code):
            item.setToolTip(theme.plain_tip(f"{entry.label}（{entry.code}）"))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.label}，{entry.code}")
        if entry is None:
            item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _entry(self, row: int) -> Code | str | None:
        item = self.rows.item(row)
        entry: Code | str | None = item.data(_ENTRY) if item is not None else None
        return entry

    def _choose_row(self, wanted: object) -> None:
        assert callable(wanted)
        for row in range(self.rows.count()):
            if wanted(self._entry(row)):
                self.rows.setCurrentRow(row)
                return
        self.rows.setCurrentRow(-1)

    def current(self) -> str:
        """The code that Enter would choose; "" for none."""
        entry = self._entry(self.rows.currentRow())
        return entry.code if isinstance(entry, Code) else ""

    def _step(self, by: int) -> None:
        row = self.rows.currentRow() + by
        while 0 <= row < self.rows.count() and self._entry(row) is None:
            row += by
        if 0 <= row < self.rows.count():
            self.rows.setCurrentRow(row)

    def _unfold(self, group: str) -> None:
        self._open.add(group)
        self._fill("")
        self._choose_row(
            lambda entry: (
                isinstance(entry, Code) and group_of(entry) == group and entry.code not in self._recent
            )
        )
        self.rows.viewport().update()

    def _clicked(self, item: QListWidgetItem) -> None:
        self.rows.setCurrentItem(item)
        self._take(int(Qt.Key.Key_Return))

    def _take(self, key: int) -> bool:
        """Chooses the current row or unfolds it; False if there is none."""
        entry = self._entry(self.rows.currentRow())
        if isinstance(entry, str):
            self._unfold(entry)
        elif entry is not None:
            self.chosen.emit(entry.code, key)
        return entry is not None

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._pressed(event)
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        key = event.key()
        if (
            key in (Qt.Key.Key_Down, Qt.Key.Key_Up)
            and not event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            for _ in range(8):
                self._step(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._take(key)
        elif (
            key == Qt.Key.Key_Right
            and not self.line.text()
            and isinstance(entry := self._entry(self.rows.currentRow()), str)
        ):
            self._unfold(entry)
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_F4) or key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.left.emit()
        else:
            return False
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        theme.Pixels(painter).frame(self.rect().toRectF(), theme.current().line2)
        painter.end()
