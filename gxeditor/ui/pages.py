"""The pages of the editor and the tabs above them.

Knows which page belongs to which section, where the explanation of a cell appears, and the fields of 基本信息. A page
shows the session's report and hands every change to it; it keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core import edits
from gxeditor.core.form import Cell, Form, Section
from gxeditor.core.report import AgencyKind, Report
from gxeditor.core.rules import Finding, Findings, Severity
from gxeditor.ui import theme
from gxeditor.ui.equation import EquationPopover, explain
from gxeditor.ui.grid import GridView
from gxeditor.ui.prose import ProsePage
from gxeditor.ui.prose_editor import ProseEditor
from gxeditor.ui.session import Change, Session
from gxeditor.ui.side_card import SideCard


class SectionTabs(QTabBar):
    """基本信息 and the six sections, each with badges for its errors and queries (LOOK.md §3)."""

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setObjectName("sectionTabs")
        self.setAccessibleName("年报各部分")
        self._names = ["基本信息", *(f"{section.number} {section.tab}" for section in form.sections)]
        self.keys = ["", *(section.key for section in form.sections)]
        self._counts: list[tuple[int, int]] = [(0, 0)] * len(self._names)
        for name in self._names:
            self.addTab(name)
        theme.appearance.changed.connect(self.update)

    def show_counts(self, findings: Findings) -> None:
        for place, key in enumerate(self.keys):
            counts = (0, 0)
            if key:
                found = findings.of_section(key)
                counts = (
                    sum(1 for f in found if f.severity is Severity.ERROR),
                    sum(1 for f in found if f.severity is Severity.QUERY),
                )
            if counts != self._counts[place]:
                self._counts[place] = counts
                self.setTabText(place, self._names[place])  # the bar measures its tabs again
            spoken = [f"{counts[0]} 个错误"] if counts[0] else []
            spoken += [f"{counts[1]} 处核实"] if counts[1] else []
            self.setAccessibleTabName(place, "，".join([self._names[place], *spoken]))

    def _badges(self, place: int) -> list[tuple[Severity, int]]:
        errors, queries = self._counts[place]
        return [(s, n) for s, n in ((Severity.ERROR, errors), (Severity.QUERY, queries)) if n]

    def tabSizeHint(self, index: int) -> QSize:
        text = QFontMetrics(theme.font(9.75, 600)).horizontalAdvance(self._names[index])
        badges = sum(theme.badge_size(count).width() + 4 for _, count in self._badges(index))
        height = max(30, QFontMetrics(theme.font(9.75, 600)).height() + 10)
        return QSize(text + 28 + (badges + 4 if badges else 0), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pixels, colors = theme.Pixels(painter), theme.current()
        painter.fillRect(event.rect(), colors.window)
        pixels.hline(0, self.height() - pixels.line, self.width(), colors.edge)
        for place in range(self.count()):
            rect = self.tabRect(place)
            active = place == self.currentIndex()
            if active:
                pixels.fill(rect.x(), rect.y(), rect.width(), rect.height(), colors.base)
                pixels.fill(rect.x(), rect.y(), rect.width(), 2, colors.accent)
                pixels.vline(rect.x(), rect.y(), rect.height(), colors.edge)
                pixels.vline(rect.right() + 1 - pixels.line, rect.y(), rect.height(), colors.edge)
            painter.setFont(theme.font(9.75, 600 if active else 400))
            painter.setPen(colors.text if active else colors.text2)
            left = rect.x() + 14
            width = QFontMetrics(theme.font(9.75, 600)).horizontalAdvance(self._names[place])
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            painter.drawText(
                QRect(left, rect.y() + 1, width + 2, rect.height() - 1), flags, self._names[place]
            )
            if active and self.hasFocus():
                pixels.frame(QRectF(rect.adjusted(4, 5, -4, -4)), colors.focus)
            x = left + width + 8
            for severity, count in self._badges(place):
                size = theme.badge_size(count)
                top = rect.y() + (rect.height() - size.height()) / 2
                theme.paint_badge(painter, QRectF(x, top, size.width(), size.height()), severity, count)
                x += size.width() + 4
        painter.end()


class TablePage(QWidget):
    """A table with its side card; hovering a cell explains it."""

    def __init__(self, session: Session, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert section.table is not None
        self.session = session
        self.section = section
        self.grid = GridView(session, section.table, self)
        self.card = SideCard(session, section, self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        holder = QFrame(self)
        holder.setProperty("ground", "base")
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(8, 7, 8, 0)
        inner.addWidget(self.grid)
        layout.addWidget(holder, 1)
        layout.addWidget(self.card)
        self._popover: EquationPopover | None = None
        self.grid.cell_entered.connect(self._entered)
        self.grid.hovered.connect(self._hovered)
        session.changed.connect(self._changed)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.card.show_cell(self.grid.current_cell())
        self.grid.setFocus()

    def hideEvent(self, event: object) -> None:
        super().hideEvent(event)  # type: ignore[arg-type]
        self.grid.finish_editing()
        self._hide_popover()

    def finish(self) -> None:
        """Ends what is being typed, before anything is done with the report."""
        self.grid.finish_editing()

    def go_to(self, finding: Finding, cell_id: str) -> None:
        """Jumps to a cell of a finding and explains it beside."""
        target = cell_id or (finding.cells[0] if finding.cells else "")
        if target in self.grid.model_.where:
            self.grid.setFocus()
            self.grid.go_to(target, flash=True)
            QTimer.singleShot(0, self._explain_current)

    def next_finding_of_cell(self) -> None:
        """Shows the next of several findings on the current cell."""
        cell = self.grid.current_cell()
        found = self.session.findings.by_cell.get(cell.id, ()) if cell is not None else ()
        if cell is not None and len(found) > 1:
            shown = self.session.shown
            place = found.index(shown) if shown in found else -1
            self.session.pin(found[(place + 1) % len(found)])
            self._explain(cell)

    def _entered(self, cell: Cell | None) -> None:
        self.card.show_cell(cell)

    def _changed(self, _change: Change) -> None:
        if self._popover is not None and self._popover.isVisible():
            self._hide_popover()

    def _hovered(self, cell: Cell | None, _rect: QRect) -> None:
        popover = self._popover
        if cell is None:
            if popover is not None and popover.isVisible() and popover.underMouse():
                return
            self._hide_popover()
            self.session.hover(None)
            return
        if self.grid.editor.isVisible():
            return
        self._explain(cell, hovering=True)

    def _explain_current(self) -> None:
        cell = self.grid.current_cell()
        if cell is not None and self.isVisible():
            self._explain(cell)

    def _explain(self, cell: Cell, *, hovering: bool = False) -> None:
        popover = self._popover
        if popover is None:
            popover = self._popover = EquationPopover(self)
            popover.recompute.connect(self._recompute)
            popover.pinned.connect(self.session.pin)
        popover.hide()
        finding = explain(popover, cell, self.session.report, self.session.findings, self.session.shown)
        if hovering:
            self.session.hover(finding)
        if popover.cell is None:
            return
        avoid = (
            [self.grid.rect_on_screen(c) for c in finding.cells if c in self.grid.model_.where]
            if finding
            else []
        )
        popover.place_beside(self.grid.rect_on_screen(cell.id), avoid)

    def _hide_popover(self) -> None:
        if self._popover is not None:
            self._popover.hide()

    def _recompute(self, cell_id: str) -> None:
        cell = self.session.form.cells[cell_id]
        self.session.edit(edits.recompute_totals(self.session.report, [cell]), "按明细重算", origin=self)


class Field(QLineEdit):
    """A line of 基本信息 that writes one plain field of the report; typing merges into one step until it is left."""

    def __init__(self, session: Session, name: str, label: str, read: Callable[[Report], str]) -> None:
        super().__init__()
        self._session, self._name, self._label, self._read = session, name, label, read
        self.setAccessibleName(label)
        self.textEdited.connect(self._edited)
        self.editingFinished.connect(session.seal)
        self.renew()

    def renew(self) -> None:
        text = self._read(self._session.report)
        if text != self.text():
            self.setText(text)

    def _edited(self, text: str) -> None:
        value = self._value(text)
        report = self._session.report.with_fields(**{self._name: value})
        self._session.edit(report, f"修改{self._label}", origin=self, merge_key=f"field.{self._name}")

    def _value(self, text: str) -> object:
        return text

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.renew()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            event.ignore()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo))
        ):
            event.ignore()  # undo belongs to the whole report
            return False
        return super().event(event)


class TitleField(Field):
    """The title: computed while nothing of one's own is typed."""

    def renew(self) -> None:
        super().renew()
        self.setPlaceholderText(self._session.report.computed_title)

    def _value(self, text: str) -> object:
        return text if text.strip() else None


class YearField(Field):
    """The year the report is about; anything but four digits is no year yet."""

    def _value(self, text: str) -> object:
        digits = text.strip()
        return int(digits) if len(digits) == 4 and digits.isascii() and digits.isdigit() else None


class PreambleEditor(ProseEditor):
    """The optional text between the title and the first section."""

    def __init__(self, session: Session) -> None:
        super().__init__(compact=True)
        self._session = session
        self.setAccessibleName("序文")
        self.setFixedHeight(112)
        self.set_empty_text("可以不写；印在标题和第一部分之间")
        self.edited.connect(self._hand_over)
        self.rested.connect(session.seal)
        session.changed.connect(self._session_changed)
        self.set_text(session.report.preamble)

    def _hand_over(self) -> None:
        report = self._session.report.with_fields(preamble=self.text())
        self._session.edit(report, "修改序文", origin=self, merge_key="field.preamble")

    def _session_changed(self, change: Change) -> None:
        if change.origin is not self:
            self.set_text(self._session.report.preamble)


class BasicPage(QScrollArea):
    """基本信息: who reports, about which year, title, preamble, signature, and last year's report."""

    choose_prior = Signal()
    drop_prior = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        paper = QFrame()
        paper.setProperty("ground", "base")
        self.setWidget(paper)
        outer = QVBoxLayout(paper)
        outer.setContentsMargins(24, 20, 24, 20)
        column = QWidget()
        column.setMaximumWidth(820)
        outer.addWidget(column, 0, Qt.AlignmentFlag.AlignTop)
        outer.addStretch(1)
        form = QFormLayout(column)
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(16)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = QLabel("基本信息")
        head.setFont(theme.font(12, 600))
        form.addRow(head)
        self.agency = Field(session, "agency", "单位", lambda r: r.agency)
        self.agency.setPlaceholderText("单位全称，例如：鲁山县人民政府办公室")
        self.kind = QComboBox()
        self.kind.setAccessibleName("单位类别")
        for kind in AgencyKind:
            self.kind.addItem(kind.word, kind.value)
        self.kind.activated.connect(self._kind_chosen)
        self.year = YearField(session, "year", "年份", lambda r: str(r.year) if r.year else "")
        self.year.setMaximumWidth(120)
        self.year.setPlaceholderText("四位数字")
        self.title = TitleField(session, "own_title", "标题", lambda r: r.own_title or "")
        self.preamble = PreambleEditor(session)
        self.signature = Field(session, "signature", "落款单位", lambda r: r.signature)
        self.signature.setPlaceholderText("可以不写")
        self.date = Field(session, "date", "落款日期", lambda r: r.date)
        self.date.setPlaceholderText("例如：2023年1月18日")
        self.date.setMaximumWidth(240)
        self._fields = (self.agency, self.year, self.title, self.signature, self.date)
        for label, widget in (
            ("单位(&U)", self.agency),
            ("单位类别(&K)", self.kind),
            ("年份(&Y)", self.year),
            ("标题(&B)", self.title),
            ("序文(&P)", self.preamble),
            ("落款单位(&S)", self.signature),
            ("落款日期(&D)", self.date),
        ):
            name = QLabel(label)
            name.setBuddy(widget)
            form.addRow(name, widget)
        prior = QHBoxLayout()
        self.prior = QLabel()
        self.prior.setWordWrap(True)
        self._choose = QPushButton("选择…")
        self._choose.setAccessibleName("选择上年年报")
        self._choose.clicked.connect(self.choose_prior)
        self._drop = QPushButton("不再对照")
        self._drop.clicked.connect(self.drop_prior)
        prior.addWidget(self.prior, 1)
        prior.addWidget(self._choose)
        prior.addWidget(self._drop)
        form.addRow(QLabel("上年年报"), prior)
        explained = QLabel(
            "单位类别决定应写的内容：各级人民政府还应报告工作考核、社会评议和责任追究结果情况（《条例》第五十条第四项）。"
        )
        explained.setWordWrap(True)
        explained.setProperty("tone", "text2")
        form.addRow(QLabel(), explained)
        session.changed.connect(self._renew)
        self._renew()

    def _renew(self, _change: Change | None = None) -> None:
        report = self.session.report
        for field in self._fields:
            field.renew()
        self.kind.setCurrentIndex(self.kind.findData(report.kind.value))
        prior = self.session.prior
        self._drop.setVisible(prior is not None)
        self.prior.setText(
            f"{prior.agency}{prior.year or ''}年年报，用来核对上年结转"
            if prior is not None
            else "没有选择；选择后核对上年结转与去年的结转下年度"
        )

    def _kind_chosen(self, place: int) -> None:
        kind = AgencyKind(self.kind.itemData(place))
        self.session.edit(self.session.report.with_fields(kind=kind), "修改单位类别", origin=self)

    def finish(self) -> None:
        """Ends what is being typed, before anything is done with the report."""
        self.preamble.end_composition()
        self.session.seal()


def make_page(session: Session, key: str, parent: QWidget) -> QWidget:
    """The page for a tab; made when it is first shown, so that the program starts quickly."""
    if not key:
        return BasicPage(session, parent)
    section = session.form.section(key)
    return (
        TablePage(session, section, parent) if section.table is not None else ProsePage(session, key, parent)
    )
