"""退回意见: the units that have something to mend, each with the page that it is sent, and sending it back.

Knows which units and which of their findings are listed and ticked, that the page in view is the one that is printed
and exported, and that having sent it is one undoable step. What a sheet says is `core.rollup.returning`'s, how it is
set `paper.return_sheet`'s, what is written `rollup.letters`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import (
    QDate,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import (
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QComboBox,
    QDateEdit,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.rules import Severity
from gxeditor.core.errors import GxError
from gxeditor.core.rollup.findings import severity_word
from gxeditor.core.rollup.project import Rollup, Told
from gxeditor.core.rollup.returning import (
    TITLE,
    ReturnSheet,
    askable,
    is_asked,
    received_of,
    sheet,
    told_across,
    told_key,
)
from gxeditor.core.rollup.units import Unit
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.look.rows import paint_ground
from gxeditor.ui.look.tasks import Task, Work
from gxeditor.ui.output.page_view import PageView, View, drawn
from gxeditor.ui.rollup.session import RollupDesk

if TYPE_CHECKING:
    from gxeditor.core.rollup.findings import RollupFindings
    from gxeditor.paper.pages import Pdf
    from gxeditor.paper.raster import PageImages, Picture
    from gxeditor.ui.output.page_view import Part

Index = QModelIndex | QPersistentModelIndex

_HEAD, _FOOT, _LIST, _ROW, _LINE, _FINDING = 66, 49, 330, 46, 33, 28  # logical pixels (LOOK-3, 20)
_FINDINGS = ((560, 5), (420, 3), (0, 2))
"""Findings in view before their list scrolls, by the height of the page: at 1366 × 768 and 150 % it is 430."""
_LIST_NARROW, _ROOM = 250, 1000  # the list in a page narrower than that
_ZOOM = 84  # per cent: three rows of the table stand in view beside the list at 1366 × 768
_PAUSE = 120  # milliseconds after which the page of a unit is set: keys go through the list quicker
_DAYS = 7  # until a report is wanted again, unless somebody says otherwise: a week, which needs no list of holidays
_TICK = 16  # the box of a row, and where it begins
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_UNIT = _TOLD = Qt.ItemDataRole.UserRole
_FORMATS = (("Word 和 PDF", (".docx", ".pdf")), ("Word", (".docx",)), ("PDF", (".pdf",)))
_FILTERS = ("全部", "有错误", "有疑问", "已退回")
_FILTER_TIPS = (
    "列出所有可以退回的单位。",
    "只列有错误的单位。",
    "只列没有错误、有疑问的单位。",
    "只列已经退回、还没有重报的单位。",
)


File = tuple[str, str, str]
"""A file of a unit, of which something was ticked: unit, sha256, row."""


class Ticks:
    """What a person ticked and unticked, of units and of their findings, as long as the window is open.

    It is of a file: for what comes after one that was sent back, nothing of it counts.
    """

    def __init__(self) -> None:
        self._units: dict[File, bool] = {}
        self._findings: dict[File, dict[str, bool]] = {}

    def of_unit(self, entry: Entry) -> bool:
        """Whether a unit is sent something."""
        return bool(entry.asked) and self._units.get(entry.file, entry.is_first)

    def set_unit(self, file: File, ticked: bool) -> None:
        self._units[file] = ticked

    def of_findings(self, file: File) -> Mapping[str, bool]:
        """What was said of findings of a file, by their key."""
        return self._findings.get(file, {})

    def set_finding(self, file: File, key: str, ticked: bool) -> None:
        self._findings.setdefault(file, {})[key] = ticked

    def sent(self, file: File) -> None:
        """It was sent back: whether it is sent once more is asked anew."""
        self._units.pop(file, None)


class Entry(NamedTuple):
    """A unit that can be sent something: all that it can be asked, what of it the sheet holds, and whether its file was
    sent back already. `file` is what would be sent back."""

    unit: str
    name: str
    able: tuple[Told, ...]
    asked: tuple[Told, ...]
    is_returned: bool
    file: File

    def count(self, severity: str) -> int:
        return sum(told.severity == severity for told in self.asked)

    @property
    def words(self) -> tuple[tuple[Severity, str], ...]:
        """「▲ 2 处错误」 「◆ 1 处疑问」, or how many cells could not be read."""
        counts = [(severity, self.count(severity.value)) for severity in Severity]
        unread = next((one for one in self.asked if not one.rule and one.cells), None)
        return tuple(
            (severity, f"{len(unread.cells)} 格没读到")
            if unread is not None and severity is Severity.QUERY and count == 1
            else (severity, f"{count} 处{severity_word(severity)}")
            for severity, count in counts
            if count
        )

    @property
    def has_errors(self) -> bool:
        """Whether it has an error to mend, ticked or not."""
        return any(told.severity == Severity.ERROR.value for told in self.able)

    @property
    def is_first(self) -> bool:
        """Whether it is to be sent back unless somebody says otherwise."""
        return self.has_errors and not self.is_returned

    def is_in(self, place: int) -> bool:
        """Whether it is listed by the filter of this place in `_FILTERS`."""
        return (True, self.has_errors, not self.has_errors, self.is_returned)[place]


def entries(
    rollup: Rollup, findings: RollupFindings | None = None, ticks: Ticks | None = None
) -> tuple[Entry, ...]:
    """The units with something to ask, in the order of the list: first those with errors that were not sent back."""
    ticks = ticks or Ticks()
    made = (entry_of(rollup, unit, findings, ticks) for unit in rollup.units.listed)
    return tuple(sorted((one for one in made if one is not None), key=lambda one: not one.is_first))


def entry_of(rollup: Rollup, unit: Unit, findings: RollupFindings | None, ticks: Ticks) -> Entry | None:
    """A unit with what it is asked; None where there is nothing, unless a person ticked something of it."""
    one = received_of(rollup, unit.id)
    if one is None:
        return None
    file = (unit.id, one.sha256, one.row)
    said = ticks.of_findings(file)
    wanted = [key for key, ticked in said.items() if ticked]
    across = told_across(findings, rollup, unit.id, wanted) if findings is not None else ()
    able = askable(rollup, unit.id, across)
    if not any(is_asked(told) or told_key(told) in said for told in able):
        return None
    asked = tuple(told for told in able if said.get(told_key(told), is_asked(told)))
    return Entry(unit.id, unit.name, able, asked, rollup.is_returned(unit.id) is not None, file)


class _Shown(NamedTuple):
    pdf: Pdf
    images: PageImages
    pictures: dict[Part, Picture]


def _pages(sheets: Sequence[ReturnSheet], view: View, work: Work) -> _Shown:
    from gxeditor.paper.raster import PageImages
    from gxeditor.rollup.letters import sheet_pages_apart

    pdf = sheet_pages_apart(sheets, work.cancelled)
    work.stop_if_cancelled()
    images = PageImages(pdf.data)
    return _Shown(pdf, images, drawn(images, view))


class ReturnPage(QWidget):
    """The page, shown in place of the tabs; `ticks` is what was ticked on it before."""

    def __init__(self, desk: RollupDesk, ticks: Ticks | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(TITLE)
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.desk = desk
        self.entries: tuple[Entry, ...] = ()
        self.ticks = ticks if ticks is not None else Ticks()
        self._wanted_unit = (
            "",
            "",
        )  # whose page is to be shown, once its findings are there, and which of them
        self._filter = 0
        self._task: Task | None = None
        self._wanted: ReturnSheet | None = None
        self._setting: ReturnSheet | None = None
        self._in_view: ReturnSheet | None = None
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._begin)
        self._build()
        self._findings: RollupFindings | None = None
        desk.session.changed.connect(self.renew)
        desk.session.found.connect(self._found)
        self.renew()

    # --- building

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._build_head())
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self._build_list())
        self.view = PageView()
        self.view.setAccessibleName("退回意见的页面")
        self.view.set_zoom(_ZOOM)
        self.view.escaped.connect(self.desk.leave_over)
        middle.addWidget(self.view, 1)
        whole.addLayout(middle, 1)
        whole.addWidget(self._build_foot())
        self._which, self._zoomed, self._said = (_Note(self.view) for _ in range(3))
        self.view.zoom_changed.connect(self._show_notes)
        self.view.installEventFilter(self)
        self.setFocusProxy(self.list)

    def _build_head(self) -> QWidget:
        head = QFrame()
        head.setProperty("ground", "window")
        head.setProperty("edge", "bottom")
        head.setFixedHeight(max(_HEAD, 2 * QFontMetrics(theme.font(12)).height() + 22))
        title = theme.label("退回意见", 12, 600)
        about = theme.label("一家一页，话都出自检查规则，写明文件、时间、识别码", tone="text2")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(title)
        words.addWidget(about)
        words.addStretch(1)
        self.office = QLineEdit(self.desk.settings.return_office)
        self.office.setAccessibleName("落款")
        self.office.setPlaceholderText("不写就只留盖章的地方")
        self.office.setToolTip("写在每一页末尾的单位名称，下次还用它。")
        self.office.setMaxLength(60)
        self.office.setFixedWidth(190)
        self.office.textChanged.connect(self._show_sheet)
        self.office.editingFinished.connect(self._keep_office)
        today = date.today() + timedelta(days=_DAYS)
        self.due = QDateEdit(QDate(today.year, today.month, today.day))
        self.due.setAccessibleName("重报期限")
        self.due.setDisplayFormat("yyyy年M月d日")
        self.due.setCalendarPopup(True)
        self.due.setMinimumDate(QDate.currentDate())
        self.due.setFixedWidth(130)
        self.due.setToolTip("请在哪一天以前重报，写在每一页的第一段里；先填的是一周以后。")
        self.due.dateChanged.connect(self._show_sheet)
        row = QHBoxLayout(head)
        row.setContentsMargins(20, 0, 12, 0)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for text, field in (("落款(&K)", self.office), ("重报期限(&Q)", self.due)):
            named = theme.label(text, tone="text2")
            named.setTextFormat(Qt.TextFormat.AutoText)
            named.setBuddy(field)
            row.addWidget(named)
            row.addWidget(field)
            row.addSpacing(8)
        return head

    def _build_list(self) -> QWidget:
        self._left = left = QFrame()
        left.setProperty("ground", "base")
        left.setProperty("edge", "right")
        left.setFixedWidth(_LIST)
        chips = QHBoxLayout()
        chips.setContentsMargins(8, 6, 8, 6)
        chips.setSpacing(2)
        self.chips = QButtonGroup(self)
        for place, (word, tip) in enumerate(zip(_FILTERS, _FILTER_TIPS, strict=True)):
            chip = QToolButton()
            chip.setText(word)
            chip.setCheckable(True)
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            chip.setToolTip(theme.plain_tip(tip))
            self.chips.addButton(chip, place)
            chips.addWidget(chip)
        chips.addStretch(1)
        self.chips.button(0).setChecked(True)
        self.chips.idClicked.connect(self._choose_filter)
        self.list = _Ticked("要退回的单位")
        self.list.setItemDelegate(_Row(self.list))
        self.list.currentItemChanged.connect(lambda *_: self._show_unit())
        self.list.itemChanged.connect(self._toggled)
        self.list.itemActivated.connect(self._open)
        self.findings = _Ticked("这一家的问题")
        self.findings.setItemDelegate(_FindingRow(self.findings))
        self.findings.itemChanged.connect(self._finding_toggled)
        self.findings.itemActivated.connect(self._open_finding)
        self._which_findings = theme.label("", 9, 600)
        self._which_findings.setContentsMargins(14, 6, 14, 4)
        self._which_findings.setBuddy(self.findings)
        part = self._part = QFrame()
        part.setProperty("edge", "top")
        inside = QVBoxLayout(part)
        inside.setContentsMargins(0, 1, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self._which_findings)
        inside.addWidget(self.findings)
        note = dialog.sentence("退回后状态变为“已退回”，数字仍暂计入合计，直到重报的文件读入。", tone="text2")
        note.setContentsMargins(14, 8, 14, 10)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(chips)
        column.addWidget(self.list, 1)
        column.addWidget(part)
        column.addWidget(note)
        return left

    def _build_foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("ground", "window")
        foot.setProperty("edge", "top")
        foot.setFixedHeight(max(_FOOT, QFontMetrics(theme.font(9)).height() + 30))
        self.each, self.one = QRadioButton("一家一个文件"), QRadioButton("合成一个文件")
        self.each.setToolTip("每家单独一个文件，文件名里有单位的名称，便于分别发送。")
        self.one.setToolTip("全部放在一个文件里，每家另起一页，便于一次打印。")
        self.each.setChecked(True)
        self.formats = QComboBox()
        self.formats.setAccessibleName("格式")
        self.formats.setToolTip("写成什么文件；要改动文字用 Word，直接发送用 PDF。")
        for word, suffixes in _FORMATS:
            self.formats.addItem(word, suffixes)
        self.back = QPushButton("返回")
        self.back.setToolTip("回到单位列表（Esc）。")
        self.back.clicked.connect(self.desk.leave_over)
        self.print_button = QPushButton("打印…")
        self.print_button.setToolTip("打印勾选的单位的退回意见，不记为已退回。")
        self.print_button.clicked.connect(self.print_sheets)
        self.plain = QPushButton("导出，不记退回…")
        self.plain.setToolTip("写出文件，各单位的状态不变。")
        self.plain.clicked.connect(lambda: self.export(record=False))
        self.record = QPushButton()
        self.record.setProperty("primary", True)
        self.record.clicked.connect(lambda: self.export(record=True))
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(10)
        row.addWidget(self.each)
        row.addSpacing(12)
        row.addWidget(self.one)
        row.addSpacing(12)
        row.addWidget(theme.label("格式", tone="text2"))
        row.addWidget(self.formats)
        row.addStretch(1)
        for button in (self.back, self.print_button, self.plain, self.record):
            row.addWidget(button)
        return foot

    # --- what is listed

    def renew(self) -> None:
        """Lists what the roll-up has now; what was ticked and unticked stays so.

        What was found across its units comes a moment later: the findings of the value before are not those of this.
        """
        self._findings = None
        self._list()
        self.desk.session.want_findings()

    def _found(self, findings: RollupFindings) -> None:
        if findings is not self._findings:
            self._findings = findings
            self._list()

    def _list(self) -> None:
        self.entries = entries(self.desk.session.rollup, self._findings, self.ticks)
        for place, word in enumerate(_FILTERS):
            count = sum(one.is_in(place) for one in self.entries)
            chip = self.chips.button(place)
            chip.setText(f"{word} {count}")
            chip.setMinimumWidth(chip.fontMetrics().horizontalAdvance(chip.text()) + 20)
            chip.setVisible(place == 0 or bool(count) or place == self._filter)
        self._fill()
        if self._wanted_unit[0]:
            self.show_unit(*self._wanted_unit)

    @property
    def ticked(self) -> set[str]:
        """The ids of the units that are sent something."""
        return {one.unit for one in self.entries if self.ticks.of_unit(one)}

    def _choose_filter(self, place: int) -> None:
        self._filter = place
        self._fill()

    def _fill(self) -> None:
        current, top = self.unit, self.list.verticalScrollBar().value()
        self.list.blockSignals(True)
        self.list.clear()
        shown = [one for one in self.entries if one.is_in(self._filter)]
        graver = sum(one.is_first for one in shown)
        for place, one in enumerate(shown):
            if place == graver and graver:
                self.list.addItem(_heading(f"以下 {len(shown) - graver} 家没有错误，或者已经退回"))
            item = QListWidgetItem(one.name)
            item.setData(_UNIT, one)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            self._write(item, one)
            self.list.addItem(item)
        rows = [row for row in range(self.list.count()) if self.list.item(row).data(_UNIT) is not None]
        kept = next((row for row in rows if self.list.item(row).data(_UNIT).unit == current), None)
        if rows:
            self.list.setCurrentRow(rows[0] if kept is None else kept)
        self.list.blockSignals(False)
        if kept is not None:
            self.list.verticalScrollBar().setValue(top)
        self._count()
        self._show_unit()

    def _write(self, item: QListWidgetItem, one: Entry) -> None:
        """Has the item of a unit say what the unit is sent."""
        item.setData(_UNIT, one)
        item.setCheckState(_checked(self.ticks.of_unit(one)))
        said = "，".join(words for _, words in one.words) or "一处也没有勾选"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{one.name}，{said}")
        item.setToolTip(theme.plain_tip(f"{one.name}：{said}。按 Space 键勾选，按 Enter 打开它的年报。"))

    def _toggled(self, item: QListWidgetItem) -> None:
        one: Entry | None = item.data(_UNIT)
        if one is None:
            return
        wanted = item.checkState() is Qt.CheckState.Checked
        if wanted and not one.asked:
            self.desk.tell("这一家的问题一处也没有勾选，请先在下面勾选要退回的。")
        elif wanted != self.ticks.of_unit(one):
            self.ticks.set_unit(one.file, wanted)
        self.list.blockSignals(True)
        item.setCheckState(_checked(self.ticks.of_unit(one)))
        self.list.blockSignals(False)
        self._count()
        self._show_notes()

    # --- the findings of a unit

    def _show_unit(self) -> None:
        """What the unit in hand can be asked, each ticked that its sheet holds, and that sheet."""
        one = self._entry
        self._part.setVisible(one is not None)
        place = self.findings.currentRow()
        self.findings.blockSignals(True)
        self.findings.clear()
        for told in one.able if one is not None else ():
            item = QListWidgetItem(told.place.replace("　", " ") or told.message)
            item.setData(_TOLD, told)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            item.setCheckState(_checked(one is not None and told in one.asked))
            word = severity_word(Severity(told.severity))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{word}，{item.text()}，{told.message}")
            item.setToolTip(
                theme.plain_tip(f"{told.message}\n按 Space 键勾选，勾上的写进退回意见；按 Enter 看这一处。")
            )
            self.findings.addItem(item)
        if one is not None:
            self.findings.setCurrentRow(min(max(place, 0), len(one.able) - 1))
            self._say_findings(one)
        self.findings.blockSignals(False)
        self._fit_findings()
        self._show_sheet()

    def _say_findings(self, one: Entry) -> None:
        count, of = len(one.asked), len(one.able)
        self._which_findings.setText(f"{of} 处，都写" if count == of else f"{of} 处，写其中 {count} 处")

    def _fit_findings(self) -> None:
        most = next(rows for height, rows in _FINDINGS if self.height() >= height)
        row = self.findings.sizeHintForRow(0)
        self.findings.setFixedHeight(max(1, min(self.findings.count(), most)) * max(row, _FINDING) + 4)

    def _finding_toggled(self, item: QListWidgetItem) -> None:
        """A finding that is ticked is in the sheet; the unit says at once how many are."""
        told, one = item.data(_TOLD), self._entry
        if told is None or one is None:
            return
        self.ticks.set_finding(one.file, told_key(told), item.checkState() is Qt.CheckState.Checked)
        rollup = self.desk.session.rollup
        new = entry_of(rollup, rollup.units.by_id[one.unit], self._findings, self.ticks)
        row = self.list.currentItem()
        if new is None or row is None:
            return
        self.entries = tuple(new if other.unit == one.unit else other for other in self.entries)
        self.list.blockSignals(True)
        self._write(row, new)
        self.list.blockSignals(False)
        self._say_findings(new)
        self._count()
        self._show_sheet()

    def _open_finding(self, item: QListWidgetItem) -> None:
        told, one = item.data(_TOLD), self._entry
        if told is not None and one is not None:
            self._look_at(one, told)

    def _count(self) -> None:
        count, held = len(self.ticked), self.desk.session.is_held
        self.record.setText(f"导出 {count} 份并记为已退回…" if count else "导出并记为已退回…")
        for button in (self.print_button, self.plain, self.record):
            button.setEnabled(bool(count) and not (held and button is self.record))
        self.record.setToolTip(
            theme.plain_tip(
                "这个汇总现在只能看，不能记为已退回。" if held
                else "写出文件，并把这些单位记为已退回；可以撤销。" if count
                else "先在左边勾选要退回的单位。"
            )
        )  # fmt: skip

    @property
    def _entry(self) -> Entry | None:
        """The unit whose page is in view."""
        item = self.list.currentItem()
        one: Entry | None = item.data(_UNIT) if item is not None else None
        return one

    @property
    def unit(self) -> str:
        """The id of the unit whose page is in view, "" for none."""
        return self._entry.unit if self._entry is not None else ""

    def show_unit(self, unit_id: str, key: str = "") -> None:
        """Brings the page of a unit into view and ticks it, with the finding of this key (`told_key`) on it.

        What is found across units may come a moment later; nothing happens for a unit that has nothing to mend.
        """
        rollup = self.desk.session.rollup
        self._wanted_unit = ("", "") if self._findings is not None else (unit_id, key)
        one = received_of(rollup, unit_id)
        if one is None or unit_id not in rollup.units.by_id:
            return
        file = (unit_id, one.sha256, one.row)
        if key and not self.ticks.of_findings(file).get(key):
            self.ticks.set_finding(file, key, True)
            self.entries = entries(rollup, self._findings, self.ticks)
        if unit_id not in {one.unit for one in self.entries}:
            return
        self._wanted_unit = ("", "")
        self.ticks.set_unit(file, True)
        self.chips.button(0).setChecked(True)
        self._filter = 0
        self._fill()
        for row in range(self.list.count()):
            one = self.list.item(row).data(_UNIT)
            if one is not None and one.unit == unit_id:
                self.list.setCurrentRow(row)
        for row in range(self.findings.count()):
            if key and told_key(self.findings.item(row).data(_TOLD)) == key:
                self.findings.setCurrentRow(row)

    def _open(self, item: QListWidgetItem) -> None:
        one: Entry | None = item.data(_UNIT)
        if one is not None:
            self._look_at(one, next(iter((*one.asked, *one.able))))

    def _look_at(self, one: Entry, told: Told) -> None:
        cell = told.cells[0] if told.cells else ""
        self.desk.open_report(one.unit, told.page, cell, told.address)

    # --- sheets

    def due_day(self) -> date:
        day = self.due.date()
        return date(day.year(), day.month(), day.day())

    def sheets(self, units: Sequence[str] | None = None) -> tuple[ReturnSheet, ...]:
        """The sheets of these units, by default of those that are ticked, in the order of the list."""
        rollup = self.desk.session.rollup
        wanted = self.ticked if units is None else set(units)
        found = (
            sheet(
                rollup,
                rollup.units.by_id[one.unit],
                one.asked,
                day=date.today(),
                due=self.due_day(),
                office=self.office.text().strip(),
            )
            for one in self.entries
            if one.unit in wanted
        )
        return tuple(one for one in found if one is not None)

    def _keep_office(self) -> None:
        office = self.office.text().strip()
        if office != self.desk.settings.return_office:
            self.desk.keep_settings(return_office=office)

    # --- the page in view

    def _show_sheet(self) -> None:
        found = self.sheets([self.unit]) if self.unit else ()
        self._wanted = found[0] if found else None
        if self._wanted is None:
            self._in_view = None
            self.view.set_pages(None)
            self._say(
                "这一家的问题一处也没有勾选，没有要写的。"
                if self.unit
                else "没有要退回的单位：各单位的年报都没有错误和疑问，或者还没有收到。"
            )
        self._go_on()
        self._show_notes()

    def _begin(self) -> None:
        if self._task is not None:
            if self._setting != self._wanted:
                self._task.cancel()
            return  # the next begins once this one has ended
        order = self._setting = self._wanted
        if order is None or order == self._in_view:
            return
        view = self.view.seen
        self._task = task = Task(lambda work: _pages((order,), view, work))
        task.done.connect(self._set)
        task.failed.connect(self._failed)
        task.ended.connect(self._ended)
        task.start()

    def _set(self, made: _Shown) -> None:
        if self._setting != self._wanted:
            made.images.close()
            return
        self._in_view = self._setting
        self._say("")
        self.view.set_pages(made.images, made.pdf.spots, made.pictures)
        self.view.go_to_page(0)
        self._show_notes()

    def _failed(self, error: GxError) -> None:
        self._in_view = self._setting  # not again until something changes
        self._say(error.what)

    def _ended(self) -> None:
        task, self._task = self._task, None
        if task is not None and not task.is_cancelled and self._setting == self._wanted:
            self._in_view = self._setting  # or a bug, which has been told: not again and again
        self._go_on()

    def _go_on(self) -> None:
        if self.isVisible() and self._wanted is not None and self._wanted != self._in_view:
            self._timer.start()
            if not self.view.pages:
                self._say("正在排这一页……")

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._show_notes()

    def _show_notes(self) -> None:
        order = [one.unit for one in self.entries if one.unit in self.ticked]
        if self.unit in order:
            self._which.setText(f"第 {order.index(self.unit) + 1} 张，共 {len(order)} 张")
        else:
            self._which.setText("这一张没有勾选" if self.unit else "")
        self._zoomed.setText(f"{round(self.view.factor * 100)} %" if self.view.pages else "")
        bar = self.view.verticalScrollBar()
        room = self.view.width() - (bar.width() if bar.isVisible() else 0)
        for note in (self._which, self._zoomed, self._said):
            note.setVisible(bool(note.text()))
            note.adjustSize()
        self._which.move(12, 12)
        self._zoomed.move(room - self._zoomed.width() - 12, 12)
        self._said.move(max(12, (room - self._said.width()) // 2), self.view.height() // 3)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._show_notes()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._go_on()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._left.setFixedWidth(_LIST if self.width() >= _ROOM else _LIST_NARROW)
        self._fit_findings()

    def next_pane(self) -> None:
        """F6: units, the findings of the one in hand, the page in turn."""
        panes = [pane for pane in (self.list, self.findings, self.view) if pane.isVisible()]
        here = next((at for at, pane in enumerate(panes) if pane.hasFocus()), -1)
        panes[(here + 1) % len(panes)].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.desk.leave_over()
        else:
            super().keyPressEvent(event)

    # --- out of the program

    def print_sheets(self) -> None:
        """「打印」: the ticked sheets, the very pages that would be exported."""
        from gxeditor import documents
        from gxeditor.rollup.letters import sheet_pages_apart
        from gxeditor.ui.output import printing

        frame, sheets = self.desk.frame, self.sheets()
        if not sheets:
            return

        def approved(work: Work) -> Pdf:
            pdf = sheet_pages_apart(sheets, work.cancelled)
            documents.approve_apart(pdf, work.cancelled)
            return pdf

        pdf = dialog.run_task(frame, "打印", approved)
        if pdf is None:
            return
        printer = printing.make_printer(TITLE)
        try:
            if not printing.ask_printer(frame, printer, pdf.pages, 0):
                return
        except GxError as error:
            dialog.show_error(frame, error)
            return
        sides = dialog.run_task(frame, "打印", lambda work: printing.print_pages(pdf.data, printer, work))
        if sides is not None and (name := printer.outputFileName()):
            self.desk.tell_written(f"已打印到文件“{Path(name).name}”，共 {sides} 面。", [Path(name)])
        elif sides is not None:
            self.desk.tell(f"已送到打印机“{printer.printerName()}”，共 {sides} 面。")

    def export(self, *, record: bool) -> None:
        """Writes the ticked sheets where the clerk says; with `record` their units are then sent back."""
        from gxeditor.rollup.letters import sheet_paths, write_return_sheets

        sheets, each = self.sheets(), self.each.isChecked()
        target = self._target(each=each) if sheets else None
        if target is None:
            return
        self._keep_office()
        suffixes = self.formats.currentData()
        replaced = [path.name for path in sheet_paths(sheets, target, suffixes, each=each) if path.exists()]
        if replaced and not self._may_replace(replaced):
            return
        form = self.desk.session.rollup.form
        written = dialog.run_task(
            self.desk.frame,
            "导出退回意见",
            lambda work: write_return_sheets(
                form, sheets, target, suffixes, each=each, cancelled=work.cancelled
            ),
        )
        if written is None:
            return
        if record and not self.record_returned(sheets):
            self.desk.tell_written(f"已导出 {len(sheets)} 家的退回意见，没有记为已退回。", written)
        elif record:
            self.desk.tell_written(f"已导出 {len(sheets)} 家的退回意见，并记为已退回。", written)
        else:
            self.desk.tell_written(f"已导出 {len(sheets)} 家的退回意见。", written)

    def record_returned(self, sheets: Sequence[ReturnSheet]) -> bool:
        """Writes into the roll-up that these were sent back, as one step; False if nothing may be changed."""
        session = self.desk.session
        at = datetime.now().isoformat(timespec="seconds")
        rollup = replace(
            session.rollup, returned=(*session.rollup.returned, *(one.returned(at) for one in sheets))
        )
        for one in sheets:
            self.ticks.sent((one.unit, one.received.sha256, one.received.row))
        return session.edit(rollup, f"退回 {len(sheets)} 家的年报")

    def _target(self, *, each: bool) -> Path | None:
        """A folder for a file a unit, else one file."""
        folder, frame = self.desk.session.folder, self.desk.frame
        if each:
            chosen = QFileDialog.getExistingDirectory(frame, "把退回意见放在哪个文件夹", str(folder))
        else:
            name = f"{self.desk.session.rollup.owner}{TITLE}"
            kinds = "退回意见 (*.docx *.pdf)"
            chosen, _ = QFileDialog.getSaveFileName(
                frame, "导出退回意见", str(folder / name), kinds,
                options=QFileDialog.Option.DontConfirmOverwrite,
            )  # fmt: skip
        return Path(chosen) if chosen else None

    def _may_replace(self, names: Sequence[str]) -> bool:
        shown = "、".join(f"“{name}”" for name in names[:3]) + ("等" if len(names) > 3 else "")
        choices = (dialog.Choice("cancel", "不导出"), dialog.Choice("replace", "替换", primary=True))
        what = f"已经有 {len(names)} 个同名的文件。"
        return (
            dialog.ask(
                self.desk.frame, "导出退回意见", what, f"替换以后，原来的 {shown} 就没有了。", "", choices
            )
            == "replace"
        )


class _Note(theme.Label):
    """What is said above the pages: a small box on their ground."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self.setContentsMargins(10, 4, 10, 4)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, pixels = theme.current(), theme.Pixels(painter)
        pixels.fill(0, 0, self.width(), self.height(), colors.base)
        pixels.frame(QRectF(self.rect()), colors.line2)
        painter.end()
        super().paintEvent(event)


def _heading(text: str) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item


def _checked(ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked


class _Ticked(QListWidget):
    """A list with boxes: a click on one and the space bar tick; Enter and a double click open what it is about."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif event.key() == Qt.Key.Key_Space and item is not None:
            self.turn(item)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self.itemActivated.emit(item)
        else:
            super().keyPressEvent(event)

    def turn(self, item: QListWidgetItem) -> None:
        """Ticks it, or takes the tick away."""
        if item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            item.setCheckState(_checked(item.checkState() is not Qt.CheckState.Checked))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (item := self._boxed(event)) is not None:
            self.setCurrentItem(item)
            self.turn(item)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On a box it is the second of two clicks."""
        if (item := self._boxed(event)) is not None:
            self.turn(item)
        else:
            super().mouseDoubleClickEvent(event)

    def _boxed(self, event: QMouseEvent) -> QListWidgetItem | None:
        """The item whose box the left button is on."""
        on_box = event.position().x() < 2 * _TICK + 8 and event.button() is Qt.MouseButton.LeftButton
        return self.itemAt(event.position().toPoint()) if on_box else None


class _Row(QStyledItemDelegate):
    """Draws a unit: its box, its name, what is to be mended."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        high = QFontMetrics(theme.font(9)).height()
        is_unit = index.data(_UNIT) is not None
        return QSize(100, max(_ROW, 2 * high + 12) if is_unit else max(_LINE, high + 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        colors = theme.current()
        one: Entry | None = index.data(_UNIT)
        if one is None:
            rect = QRect(option.rect)  # type: ignore[attr-defined]
            theme.Pixels(painter).hline(rect.x(), rect.bottom(), rect.width(), colors.line)
            painter.setFont(theme.font(9))
            painter.setPen(colors.text2)
            painter.drawText(rect.adjusted(14, 0, -8, 0), _LEFT, str(index.data(Qt.ItemDataRole.DisplayRole)))
            painter.restore()
            return
        ground = paint_ground(painter, option, colors.base, colors.head)
        rect = ground.rect
        _paint_box(painter, rect, index.data(Qt.ItemDataRole.CheckStateRole))
        left, high = rect.x() + 14 + _TICK + 10, rect.height() // 2
        room = rect.width() - (left - rect.x()) - 8
        painter.setFont(theme.font(9.75))
        painter.setPen(ground.text)
        name = QFontMetrics(painter.font()).elidedText(one.name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRect(left, rect.y() + 3, room, high - 3), _LEFT, name)
        painter.setFont(theme.font(9))
        metrics, x = QFontMetrics(painter.font()), left
        for severity, words in one.words:
            middle = rect.y() + high + (high - 3) / 2
            theme.paint_mark(painter, QRectF(x, middle - 5, 10, 10), severity)
            painter.setPen(colors.severity[severity].text)
            painter.drawText(QRect(x + 13, rect.y() + high, room, high - 3), _LEFT, words)
            x += 13 + metrics.horizontalAdvance(words) + 10
        if one.is_returned:
            painter.setPen(colors.text2)
            painter.drawText(QRect(x, rect.y() + high, room, high - 3), _LEFT, "↩ 已退回")
        painter.restore()


class _FindingRow(QStyledItemDelegate):
    """Draws a finding: its box, its mark, where it is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, max(_FINDING, QFontMetrics(theme.font(9)).height() + 10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        colors = theme.current()
        told: Told = index.data(_TOLD)
        ground = paint_ground(painter, option, colors.base, colors.head)
        rect = ground.rect
        _paint_box(painter, rect, index.data(Qt.ItemDataRole.CheckStateRole))
        left = rect.x() + 14 + _TICK + 10
        theme.paint_mark(painter, QRectF(left, rect.center().y() - 4.5, 10, 10), Severity(told.severity))
        painter.setFont(theme.font(9))
        painter.setPen(ground.text)
        room = QRect(left + 16, rect.y(), rect.right() - 8 - left - 16, rect.height())
        words = str(index.data(Qt.ItemDataRole.DisplayRole)).replace("\n", " ")
        shown = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, _LEFT, shown)
        painter.restore()


def _paint_box(painter: QPainter, rect: QRect, state: object) -> None:
    colors = theme.current()
    box = QRectF(rect.x() + 14, rect.y() + (rect.height() - _TICK) / 2, _TICK, _TICK)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ticked = Qt.CheckState(state) is Qt.CheckState.Checked
    painter.setPen(colors.accent if ticked else colors.text3)
    painter.setBrush(colors.accent if ticked else colors.base)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    if ticked:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.base, 2))
        places = ((4, 8), (7, 11), (12, 5))
        painter.drawPolyline([QPointF(box.x() + x, box.y() + y) for x, y in places])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
