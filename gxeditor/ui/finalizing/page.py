"""The page 定稿: what is open, explained and not checked, who signs, and beside it the 校验报告 as it would be printed.

Knows what is shown and typed, and when 定稿 may be pressed. Decides nothing: what is pressed goes to its conversation
(`finalizing`), which also keeps what was typed while the page is away. The pages are set beside the window; what they
say is `core.checks.summary`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.rules import Group, Severity
from gxeditor.core.checks.standing import State
from gxeditor.core.checks.summary import Summary
from gxeditor.core.errors import EntryError, GxError
from gxeditor.core.report import parse_reason
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import sentence
from gxeditor.ui.look.tasks import Task, Work
from gxeditor.ui.output.page_view import PageView
from gxeditor.ui.session import SHORTEST_FORCED, Change, Session

if TYPE_CHECKING:
    from gxeditor.paper.pages import Pdf

BESIDE = 1000
"""Logical pixels of the page from which the 校验报告 stands beside it; on less both would be too narrow to read."""
_LEFT, _RIGHT = 736, 586  # their widths at 1366 (LOOK-2, 15)
_PAUSE = 120  # milliseconds after a change, in which the next one usually comes
_SHOWN = 40  # lines of a kind; who has more open finds them in the list
_MARK = 10
_SAID = "定稿后只能看，重新打开会记下时间和原因。"
_CHECKLIST = ("已签字盖章", "要求备案的已备案", "已做保密审查")
"""What no program can look at (D-04 to D-06 of the catalogue): a reminder, kept nowhere."""


@dataclass
class Draft:
    """What was typed and ticked, kept while the page is away."""

    checker: str = ""
    day: date = field(default_factory=date.today)
    formats: tuple[str, ...] = (".pdf",)
    forced: str = ""


class _Sign(QWidget):
    """The shape of a state, beside its word."""

    def __init__(self, state: State, severity: Severity = Severity.QUERY) -> None:
        super().__init__()
        self._state, self._severity = state, severity
        self.setFixedSize(QSize(_MARK + 2, _MARK + 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme.paint_state(painter, QRectF(1, 1, _MARK, _MARK), self._state, self._severity)
        painter.end()


class FinalPage(QWidget):
    """The page. `final_asked` carries whether it is forced, `went` a finding to go to, `explain_asked` one to explain.

    `print_asked` carries a `Pdf`; `list_asked`, `export_asked` and `left` are pressed. `make` sets the pages of a
    `Summary`; `summary` says what there is to print now.
    """

    final_asked = Signal(bool)
    went = Signal(object)
    explain_asked = Signal(object)
    list_asked = Signal()
    export_asked = Signal()
    print_asked = Signal(object)
    left = Signal()

    def __init__(
        self,
        session: Session,
        draft: Draft,
        summary: Callable[[], Summary],
        make: Callable[[Summary, Work], Pdf],
    ) -> None:
        super().__init__()
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("定稿")
        self.session, self.draft = session, draft
        self._summarize, self._make = summary, make
        self.pdf: Pdf | None = None
        self._task: Task | None = None
        self._wanted: Summary | None = None
        self._buttons: list[QPushButton] = []  # of the lines, in order
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._set_pages)
        self._build()
        session.changed.connect(self._session_changed)
        self.renew()

    # --- building

    def _build(self) -> None:
        self.said = theme.label(_SAID, tone="text2")
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(theme.label("定稿", 12, 600))
        titles.addWidget(self.said)
        self._counts = QHBoxLayout()
        self._counts.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(20, 8, 20, 8)
        head.setSpacing(20)
        head.addLayout(titles, 1)
        head.addLayout(self._counts)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self._build_left(), _LEFT)
        self._beside = self._build_right()
        middle.addWidget(self._beside, _RIGHT)

        self.sentence = theme.label("", tone="text2")
        self.cancel, self.export = QPushButton("取消"), QPushButton("导出校验报告…")
        self.finalize = QPushButton("定稿")
        self.finalize.setProperty("primary", True)
        self.cancel.setToolTip("不定稿，回到年报接着填（Esc）。")
        self.export.setToolTip("现在就把检查了什么、结果怎样写成 PDF 或 Excel，不定稿也可以。")
        self.finalize.setToolTip("签上核对人和日期，把各格锁住，以免误改；要改时可以重新打开。")
        self.cancel.clicked.connect(self.left)
        self.export.clicked.connect(self.export_asked)
        self.finalize.clicked.connect(lambda: self.final_asked.emit(False))
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 8, 20, 8)
        foot.setSpacing(8)
        self.look = QPushButton("看校验报告")
        self.look.setCheckable(True)
        self.look.setToolTip("窗口窄，列表和校验报告轮流显示。")
        self.look.toggled.connect(self._arrange)
        foot.addWidget(self.sentence, 1)
        for button in (self.look, self.cancel, self.export, self.finalize):
            button.setMinimumWidth(72)
            foot.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(_bar(head, "bottom"))
        whole.addLayout(middle, 1)
        whole.addWidget(_bar(foot, "top"))
        self.setFocusProxy(self.checker)
        leave = QShortcut(QKeySequence("Esc"), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.left)

    def _build_left(self) -> QWidget:
        self.area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QFrame()
        content.setProperty("ground", "base")
        area.setWidget(content)
        column = QVBoxLayout(content)
        column.setContentsMargins(20, 12, 20, 16)
        column.setSpacing(0)
        self._found = QVBoxLayout()
        self._found.setSpacing(0)
        column.addLayout(self._found)
        column.addLayout(self._build_signing())
        column.addWidget(self._build_forced())
        column.addStretch(1)
        return area

    def _build_signing(self) -> QLayout:
        self.checker = QLineEdit(self.draft.checker)
        self.checker.setAccessibleName("核对人")
        self.checker.setPlaceholderText("姓名")
        self.checker.setMaxLength(40)
        self.checker.setFixedWidth(200)
        self.checker.textChanged.connect(self._typed)
        self.day = QDateEdit(QDate(self.draft.day.year, self.draft.day.month, self.draft.day.day))
        self.day.setAccessibleName("定稿日期")
        self.day.setDisplayFormat("yyyy年M月d日")
        self.day.setFixedWidth(200)
        self.day.dateChanged.connect(self._typed)
        self.ticks = {
            suffix: QCheckBox(f"校验报告 {word}") for suffix, word in ((".pdf", "PDF"), (".xlsx", "Excel"))
        }
        grid = QGridLayout()
        grid.setContentsMargins(0, 8, 0, 12)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.addWidget(_named("核对人(&N)", self.checker), 0, 0)
        grid.addWidget(self.checker, 0, 1)
        grid.addWidget(_named("定稿日期(&D)", self.day), 0, 2)
        grid.addWidget(self.day, 0, 3)
        also = QHBoxLayout()
        also.setSpacing(20)
        for suffix, tick in self.ticks.items():
            tick.setChecked(suffix in self.draft.formats)
            tick.setToolTip("定稿时同时存一份校验报告，可以随年报报送。")
            tick.toggled.connect(self._typed)
            also.addWidget(tick)
        also.addStretch(1)
        grid.addWidget(theme.label("同时保存"), 1, 0)
        grid.addLayout(also, 1, 1, 1, 3)
        reminded = QVBoxLayout()
        reminded.setSpacing(4)
        ticks = QHBoxLayout()
        ticks.setSpacing(20)
        for words in _CHECKLIST:
            tick = QCheckBox(words)
            tick.setToolTip("办好了就勾上，只提醒自己，不保存。")
            ticks.addWidget(tick)
        ticks.addStretch(1)
        reminded.addLayout(ticks)
        reminded.addWidget(theme.label("只在这里提醒，程序不检查，也不保存。", 8.25, tone="text2"))
        grid.addWidget(theme.label("公布以前"), 2, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(reminded, 2, 1, 1, 3)
        grid.setColumnStretch(4, 1)
        signing = QVBoxLayout()
        signing.setSpacing(0)
        signing.addWidget(_title("签注"))
        signing.addLayout(grid)
        return signing

    def _build_forced(self) -> QWidget:
        self.forced_box = box = QFrame()
        box.setProperty("ground", "card")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(12, 8, 12, 8)
        self.unfold = QToolButton()
        self.unfold.setText("强制定稿")
        self.unfold.setCheckable(True)
        self.unfold.setAccessibleName("展开强制定稿")
        self.unfold.setToolTip("有错误确实改不了时，写明原因也可以定稿，原因会印在校验报告上。")
        self.unfold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.unfold.setArrowType(Qt.ArrowType.RightArrow)
        self.unfold.toggled.connect(self._unfold)
        top = QHBoxLayout()
        top.addWidget(self.unfold)
        top.addWidget(theme.label("错误确实改不了时用，比如系统里的旧数不能动。", tone="text2"), 1)
        self.reason = QLineEdit(self.draft.forced)
        self.reason.setAccessibleName("强制定稿的原因")
        self.reason.setPlaceholderText(f"写明原因，不少于 {SHORTEST_FORCED} 个字，会印在校验报告第一页")
        self.reason.textChanged.connect(self._typed)
        self.force = QPushButton("强制定稿")
        self.force.clicked.connect(lambda: self.final_asked.emit(True))
        self._folded = QWidget()
        row = QHBoxLayout(self._folded)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.reason, 1)
        row.addWidget(self.force)
        inside.addLayout(top)
        inside.addWidget(self._folded)
        self.unfold.setChecked(bool(self.draft.forced))
        self._unfold(self.unfold.isChecked())
        return box

    def _build_right(self) -> QWidget:
        self.view = PageView()
        self.view.setAccessibleName("校验报告的页面")
        self.view.set_zoom("width")
        self.view.escaped.connect(self.left)
        self.view.page_changed.connect(self._show_place)
        self.place = theme.label("正在排版…", tone="text2")
        self.print_button, self.fit_button = _link("打印…"), _link("整页")
        self.back_button, self.next_button = _link("上一页"), _link("下一页")
        for button, tip in (
            (self.print_button, "印出校验报告，附在年报后面存档。"),
            (self.fit_button, "整页看版面，或放大到窗口的宽度看字。"),
            (self.back_button, "看前面一页校验报告。"),
            (self.next_button, "看后面一页校验报告。"),
        ):
            button.setToolTip(theme.plain_tip(tip))
        self.print_button.clicked.connect(self._print)
        self.fit_button.clicked.connect(self._fit)
        self.back_button.clicked.connect(lambda: self.view.go_to_page(self.view.page - 1))
        self.next_button.clicked.connect(lambda: self.view.go_to_page(self.view.page + 1))
        top = QHBoxLayout()
        top.setContentsMargins(20, 6, 12, 6)
        top.setSpacing(4)
        top.addWidget(theme.label("校验报告", weight=600))
        top.addSpacing(8)
        top.addWidget(self.place, 1)
        for button in (self.print_button, self.fit_button, self.back_button, self.next_button):
            top.addWidget(button)
        beside = QFrame()
        beside.setProperty("edge", "left")
        column = QVBoxLayout(beside)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        return beside

    # --- what is shown

    def _session_changed(self, _change: Change) -> None:
        self.renew()

    def renew(self) -> None:
        """Shows how the report stands now, and has its 校验报告 set."""
        summary = self._wanted = self._summarize()
        errors = self._of(Severity.ERROR)
        had_focus = any(button.hasFocus() for button in self._buttons)
        self._buttons.clear()
        _clear(self._found)
        _clear(self._counts)
        queries, hints = self._of(Severity.QUERY), self._of(Severity.HINT)
        explained = [one for one in self.session.findings.findings if one.is_explained and one not in errors]
        total = summary.total
        for state, severity, count, words in (
            (State.OPEN, Severity.ERROR, len(errors), "个错误"),
            (State.OPEN, Severity.QUERY, len(queries), "处待核实"),
            (State.EXPLAINED, Severity.QUERY, len(explained), "处已说明"),
            (State.NOT_CHECKED, Severity.QUERY, total.not_checked, "条未检查"),
        ):
            strong = state is State.OPEN and severity is Severity.ERROR and count
            self._counts.addSpacing(10)
            self._counts.addWidget(_Sign(state, severity))
            tone = "errtext" if strong else "text" if count else "text2"
            self._counts.addWidget(theme.label(f"{count} {words}", weight=600 if strong else 400, tone=tone))
        if errors:
            title = f"定稿前要改正 {len(errors)} 处"
            self._section(_Sign(State.OPEN, Severity.ERROR), title, errors, ("去改正",))
        if queries:
            title = f"待核实 {len(queries)} 处，可以改正，也可以写明原因"
            self._section(_Sign(State.OPEN, Severity.QUERY), title, queries, ("转到", "写说明"))
        if explained:
            title = f"已说明 {len(explained)} 处，请核对人再看一遍"
            self._section(_Sign(State.EXPLAINED), title, explained, ("改说明",))
        if hints:
            self._section(
                _Sign(State.OPEN, Severity.HINT), f"提示 {len(hints)} 处，供参考", hints, ("转到", "写说明")
            )
        self._not_checked(summary)
        self.forced_box.setVisible(bool(errors))
        deadlines = [one.message for one in self.session.findings.open if one.rule.group is Group.DEADLINES]
        self.said.setText("".join((_SAID, *deadlines)))
        self.said.setToolTip(theme.plain_tip(self.said.text()))
        for before, after in pairwise((*self._buttons, self.checker)):
            self.setTabOrder(before, after)  # what is made last stands first
        if had_focus:
            self.checker.setFocus()
        self._judge()
        self._timer.start()

    def _of(self, severity: Severity) -> list[Finding]:
        """What is open of a weight. An error is open whatever a file calls its explanation."""
        return [
            one
            for one in self.session.findings.findings
            if one.severity is severity and (severity is Severity.ERROR or not one.is_explained)
        ]

    def _section(self, mark: QWidget, title: str, findings: Sequence[Finding], verbs: Sequence[str]) -> None:
        self._found.addWidget(_title(title, mark))
        for one in findings[:_SHOWN]:
            self._found.addWidget(self._row(one, verbs))
        if len(findings) > _SHOWN:
            self._found.addWidget(self._more(f"另有 {len(findings) - _SHOWN} 处。"))
        self._found.addSpacing(14)

    def _row(self, finding: Finding, verbs: Sequence[str]) -> QWidget:
        frame, row = _framed()
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(sentence(finding.message))
        if finding.explanation is not None:
            reason = finding.explanation.reason
            again = f"数变了，原来的说明要重看：{reason}" if finding.is_reopened else reason
            words.addWidget(sentence(again, tone="text2"))
        row.addLayout(words, 1)
        row.addWidget(theme.label(finding.rule.code, 8.25, tone="text3"))
        for verb in verbs:
            if verb in ("写说明", "改说明") and not finding.can_be_explained:
                continue
            button = QPushButton(verb) if verb == "去改正" else _link(verb)
            button.setAccessibleName(f"{verb}：{finding.message}")
            button.setToolTip(theme.plain_tip(_TIPS[verb]))
            asked = self.explain_asked if verb in ("写说明", "改说明") else self.went
            button.clicked.connect(lambda _=False, asked=asked, one=finding: asked.emit(one))
            self._buttons.append(button)
            row.addWidget(button)
        return frame

    def _not_checked(self, summary: Summary) -> None:
        total = summary.total
        if not summary.reasons:
            return
        words = f"没有检查 {total.not_checked} 条" + (f"，已关闭 {total.closed} 条" if total.closed else "")
        self._found.addWidget(_title(words, _Sign(State.NOT_CHECKED)))
        self._found.addWidget(self._more(f"{summary.why_not}。"))
        note = sentence("不妨碍定稿。校验报告里照实列出。", tone="text2")
        note.setContentsMargins(14, 4, 0, 0)
        self._found.addWidget(note)
        self._found.addSpacing(14)

    def _more(self, words: str) -> QWidget:
        frame, row = _framed()
        row.addWidget(sentence(words), 1)
        button = _link("看检查项目")
        button.setToolTip("看没有检查的是哪几条、为什么，能补的补上。")
        button.clicked.connect(self.list_asked)
        self._buttons.append(button)
        row.addWidget(button)
        return frame

    # --- what is typed

    def _typed(self) -> None:
        self.draft.checker = self.checker.text()
        chosen = self.day.date()
        self.draft.day = date(chosen.year(), chosen.month(), chosen.day())
        self.draft.formats = tuple(suffix for suffix, tick in self.ticks.items() if tick.isChecked())
        self.draft.forced = self.reason.text()
        self._judge()

    def _judge(self) -> None:
        """Says what is still wanted, and lets 定稿 be pressed once nothing is."""
        errors, queries = len(self._of(Severity.ERROR)), len(self._of(Severity.QUERY))
        named = bool(self.checker.text().strip())
        if errors:
            words = f"改正 {errors} 处错误后可以定稿。"
        elif not named:
            words = "写上核对人后可以定稿。"
        elif queries:
            words = f"还有 {queries} 处没有说明，会照实印出。"
        else:
            words = ""
        self.sentence.setText(words)
        self.finalize.setEnabled(not errors and named)
        try:
            parse_reason(self.reason.text(), SHORTEST_FORCED)
        except EntryError:
            self.force.setEnabled(False)
        else:
            self.force.setEnabled(named)
        self.force.setToolTip(
            "带着错误定稿，原因印在校验报告第一页。" if named else "先写上核对人，才能定稿。"
        )

    def _unfold(self, is_open: bool) -> None:
        self._folded.setVisible(is_open)
        self.unfold.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        if is_open and self.isVisible():
            self.reason.setFocus()
            self.area.ensureWidgetVisible(self._folded)

    # --- its pages

    def _set_pages(self) -> None:
        """Has the pages set, beside the window, if they can be seen; the newest wish alone counts."""
        summary = self._wanted
        if summary is None or self._task is not None or not self._beside.isVisible():
            return
        self._wanted = None
        task = self._task = Task(lambda work: self._make(summary, work))
        task.done.connect(self._show_pages)
        task.failed.connect(self._failed)
        task.ended.connect(self._ended)
        task.start()

    def _show_pages(self, pdf: Pdf) -> None:
        from gxeditor.paper.raster import PageImages

        self.pdf = pdf
        self.view.set_pages(PageImages(pdf.data))
        self._show_place(self.view.page)

    def _failed(self, error: GxError) -> None:
        self.place.setText(error.what)

    def _ended(self) -> None:
        self._task = None
        self._set_pages()

    def _show_place(self, page: int) -> None:
        pages = self.view.pages
        self.place.setText(f"第 {page + 1} 页，共 {pages} 页" if pages else "正在排版…")
        self.print_button.setEnabled(self.pdf is not None)
        self.back_button.setEnabled(page > 0)
        self.next_button.setEnabled(page + 1 < pages)

    def _fit(self) -> None:
        whole = self.view.zoom == "page"
        self.view.set_zoom("width" if whole else "page")
        self.fit_button.setText("整页" if whole else "适合宽度")

    def _print(self) -> None:
        if self.pdf is not None:
            self.print_asked.emit(self.pdf)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """List and pages beside each other, or, where there is no room for both, the one that is wanted."""
        wide = self.width() >= BESIDE
        self.look.setVisible(not wide)
        self.look.setText("回到列表" if self.look.isChecked() else "看校验报告")
        self._beside.setVisible(wide or self.look.isChecked())
        self.area.setVisible(wide or not self.look.isChecked())
        if self._beside.isVisible():
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
        self.view.set_pages(None)


def _bar(layout: QHBoxLayout, edge: str) -> QFrame:
    bar = QFrame()
    bar.setProperty("ground", "window")
    bar.setProperty("edge", edge)
    bar.setLayout(layout)
    return bar


def _framed() -> tuple[QFrame, QHBoxLayout]:
    """A line of a list with a rule below it."""
    frame = QFrame()
    frame.setProperty("edge", "bottom")
    row = QHBoxLayout(frame)
    row.setContentsMargins(14, 6, 8, 6)
    row.setSpacing(8)
    return frame, row


def _title(words: str, mark: QWidget | None = None) -> QWidget:
    frame, row = _framed()
    row.setContentsMargins(0, 4, 0, 6)
    if mark is not None:
        row.addWidget(mark)
    row.addWidget(theme.label(words, weight=600), 1)
    return frame


def _named(words: str, widget: QWidget) -> QLabel:
    label = theme.label(words)
    label.setBuddy(widget)
    return label


_TIPS = {
    "去改正": "转到有错误的那一格改正，改完再回来定稿。",
    "转到": "转到那里核对，核对后再回来定稿。",
    "写说明": "核对无误、确有原因时，写一句说明，随年报留存。",
    "改说明": "改写原来的核实说明。",
}
"""What the buttons of a finding do."""


def _link(words: str) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("link", True)
    return button


def _clear(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
