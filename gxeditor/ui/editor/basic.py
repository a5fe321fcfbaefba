"""The page 基本信息: who reports about which year, title, preamble, signature, and last year's report.

Knows the plain fields of a report and that typing in one is one step until it is left, and how the state of last year's
report is put. Opens no file itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core import edits
from gxeditor.core.checks import anchors
from gxeditor.core.checks.anchors import Anchor, Span
from gxeditor.core.difference import PREAMBLE, Difference
from gxeditor.core.fields import BY_NAME
from gxeditor.core.report import AgencyKind
from gxeditor.store.report_file import prior_unread
from gxeditor.ui.editor.numbers import Numbers
from gxeditor.ui.editor.page import Page
from gxeditor.ui.editor.prose_editor import ProseEditor, writes
from gxeditor.ui.editor.table.grid import NOTHING_TO_UNDO
from gxeditor.ui.look import theme
from gxeditor.ui.session import Change, Session

if TYPE_CHECKING:
    from gxeditor.ui.editor.prose_beside import ProseBeside

_HIGH, _TALL = 112, 260
"""Of the preamble: four lines, and room for last year's above them."""


_SEALED = (
    "印出来要盖章的勾上：日期右空四字，署名在日期上方居中，上面留出盖章的空；有封面的，署名和日期印在文末。"
    "不勾的按不盖章的公文排。"
)


class Field(QLineEdit):
    """A line of 基本信息 that writes one plain field of the report; typing merges into one step until it is left."""

    def __init__(self, session: Session, name: str) -> None:
        super().__init__()
        self._session, self._name, self._field = session, name, BY_NAME[name]
        self.setAccessibleName(self._field.word)
        self.textEdited.connect(self._edited)
        self.editingFinished.connect(session.seal)
        self.renew()

    def renew(self) -> None:
        self.setReadOnly(self._session.is_held)
        text = self._shown()
        if text != self.text():
            self.setText(text)

    def _shown(self) -> str:
        return self._field.show(self._session.report)

    @property
    def offered(self) -> str:
        """What is offered in place of what stands here, "" for nothing."""
        return self._field.offer(self.text())

    def take_offered(self) -> None:
        """Puts in what is offered, as a step of its own."""
        self._session.seal()
        self.setText(self.offered)
        self._edited(self.text())
        self._session.seal()

    def _edited(self, text: str) -> None:
        value = self._value(text)
        report = self._session.report.with_fields(**{self._name: value})
        self._session.edit(report, f"修改{self._field.word}", origin=self, merge_key=f"field.{self._name}")

    def _value(self, text: str) -> object:
        return self._field.values.typed(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.renew()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            event.ignore()
            return
        if self.isReadOnly() and writes(event):
            self._session.held()
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
    """The title as it is printed: computed, until it is changed here; emptied or typed as computed, it is so again."""

    def renew(self) -> None:
        super().renew()
        report = self._session.report
        self.setPlaceholderText(report.computed_title)
        own = report.own_title is not None
        theme.restyle(self, tone="text" if own else "text2")
        said = (
            f"自己写的标题。清空就恢复自动的标题：{report.computed_title}"
            if own
            else "自动的标题，跟着单位和年份变；改动以后就不再跟着变"
        )
        self.setToolTip(theme.plain_tip(said))
        self.setAccessibleDescription(said)

    def _shown(self) -> str:
        return self._session.report.title

    def _value(self, text: str) -> object:
        return None if text == self._session.report.computed_title else super()._value(text)

    def _edited(self, text: str) -> None:
        super()._edited(text)
        theme.restyle(self, tone="text2" if self._session.report.own_title is None else "text")


class OfferedField(QWidget):
    """A line with, beside it, what is offered in place of its text: a date as official documents write it.

    Nothing is changed unasked: Enter in the line, or the button, takes what is offered.
    """

    def __init__(self, line: Field, width: int) -> None:
        super().__init__()
        self.line = line
        self.setFocusProxy(line)
        line.setFixedWidth(width)
        self.button = QPushButton()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(line)
        layout.addWidget(self.button)
        line.textChanged.connect(self._renew)
        line.returnPressed.connect(self._take)
        self.button.clicked.connect(self._take)
        self._renew()

    def _renew(self) -> None:
        offered = "" if self.line.isReadOnly() else self.line.offered
        if offered:
            self.button.setText(f"写成 {offered}")
            self.button.setToolTip(theme.plain_tip(f"在左边按 Enter 也可以。公文的日期写成“{offered}”"))
        self.button.setVisible(bool(offered))

    def _take(self) -> None:
        if self.line.offered:
            had_focus = self.button.hasFocus()
            self.line.take_offered()
            if had_focus:
                self.line.setFocus()


class YearField(Field):
    """The year the report is about; anything but four digits is no year yet. `told` says what was not taken."""

    told = Signal(str)
    dropped = Signal()

    def drop_entry(self) -> bool:
        """Gives up a text that was not taken; False if there is none, or if typing it took a year away."""
        refused = self._is_refused() and not self._took_away()
        if refused:
            self.renew()
            theme.restyle(self, refused=False)
        return refused

    def _took_away(self) -> bool:
        """Whether the last step is that typing here left no year where one was: that is an edit like any other."""
        move = self._session.history.move(-1)
        return move is not None and move.step.merge_key == "field.year" and move.step.report.year is None

    def _is_refused(self) -> bool:
        return bool(self.text().strip()) and self._value(self.text()) is None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Comes here only where the window has nothing to undo.
        if event.matches(QKeySequence.StandardKey.Undo) and self.drop_entry():
            self.told.emit(NOTHING_TO_UNDO)
            return
        super().keyPressEvent(event)

    def _value(self, text: str) -> object:
        year = super()._value(text)
        theme.restyle(self, refused=bool(text.strip()) and year is None)
        return year

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self._is_refused():
            self.told.emit(f"“{self.text().strip()}”没有填入年份，年份是四位数字。")
            if not self._took_away():
                self.dropped.emit()
        super().focusOutEvent(event)
        theme.restyle(self, refused=False)


class ProfileBox(QComboBox):
    """Which province's requirements the report is checked by; the list is read when it is first seen."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setAccessibleName("地区要求")
        self.activated.connect(self._chosen)

    def renew(self) -> None:
        profile = self._session.report.profile
        if not self.count():
            return
        if self.findData(profile) < 0:  # of an office that handed out a file which is not here
            self.addItem(f"{profile}（没有这个地区的要求）", profile)
        self.setCurrentIndex(self.findData(profile))

    def showEvent(self, event: QShowEvent) -> None:
        if not self.count():
            for one in self._session.profiles:
                self.addItem(one.name, one.id)
            self.renew()
        super().showEvent(event)

    def _chosen(self, place: int) -> None:
        report = self._session.report.with_fields(profile=self.itemData(place))
        self._session.edit(report, "修改地区要求", origin=self)


class PreambleEditor(ProseEditor):
    """The optional text between the title and the first section."""

    def __init__(self, session: Session) -> None:
        super().__init__(compact=True)
        self._session = session
        self.setAccessibleName("序文")
        self.setFixedHeight(_HIGH)
        self.set_empty_text("可以不写；印在标题和第一部分之间")
        self.edited.connect(self._hand_over)
        self.rested.connect(session.seal)
        self.refused.connect(session.held)
        self.told.connect(session.told)
        session.changed.connect(self._session_changed)
        self._show()

    def _hand_over(self) -> None:
        report = self._session.report.with_fields(preamble=self.text())
        self._session.edit(report, "修改序文", origin=self, merge_key="field.preamble")
        if self._session.report.preamble != self.text():
            self._show()  # it was not taken: a report that is final stays as it is

    def _session_changed(self, change: Change) -> None:
        if change.origin is not self:
            self._show()
        else:
            self.set_doubts(self._session.report.prose_doubts.get(PREAMBLE, ()))

    def _show(self) -> None:
        report = self._session.report
        self.set_held(self._session.is_held)
        self.set_text(report.preamble)
        self.set_doubts(report.prose_doubts.get(PREAMBLE, ()))


class BasicPage(Page):
    """基本信息: who reports, about which year, title, preamble, signature, and last year's report."""

    kind = "basic"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._beside: ProseBeside | None = None
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        paper = QFrame()
        paper.setProperty("ground", "base")
        area.setWidget(paper)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(area)
        outer = QVBoxLayout(paper)
        outer.setContentsMargins(24, 20, 24, 20)
        column = QWidget()
        column.setMaximumWidth(820)
        across = (
            QHBoxLayout()
        )  # which asks the column how high it is at the width that it has, not at the page's
        across.addWidget(column, 1)
        across.addStretch(0)
        outer.addLayout(across)
        outer.addStretch(1)
        form = QGridLayout(column)  # a form layout reckons wrapped words at another width than it gives them
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(16)
        form.setColumnStretch(1, 1)
        beside = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        head = theme.Label("基本信息")
        head.setFont(theme.font(12, 600))
        form.addWidget(head, 0, 0, 1, 2)
        self.agency = Field(session, "agency")
        self.agency.setPlaceholderText("单位全称，例如：鲁山县人民政府办公室")
        self.agency_kind = QComboBox()
        self.agency_kind.setAccessibleName("单位类别")
        for kind in AgencyKind:
            self.agency_kind.addItem(kind.word, kind.value)
        self.agency_kind.activated.connect(self._kind_chosen)
        self.profile = ProfileBox(session)
        self.year = YearField(session, "year")
        self.year.setFixedWidth(120)
        self.year.setPlaceholderText("四位数字")
        self.year.told.connect(self.told)
        self.year.dropped.connect(self.dropped)
        self.title = TitleField(session, "own_title")
        self.preamble = PreambleEditor(session)
        self._numbers = Numbers(self.preamble, session, PREAMBLE)
        self._numbers.ground = self
        self.signature = Field(session, "signature")
        self.signature.setPlaceholderText("可以不写")
        self.date = Field(session, "date")
        self.date.setPlaceholderText("例如：2023年1月18日")
        offered = OfferedField(self.date, 240)
        self.sealed = QCheckBox("加盖印章(&G)")
        self.sealed.setToolTip(theme.plain_tip(_SEALED))
        self.sealed.setAccessibleDescription(_SEALED)
        self.sealed.clicked.connect(self._sealed_chosen)
        dated = QWidget()
        beside_date = QHBoxLayout(dated)
        beside_date.setContentsMargins(0, 0, 0, 0)
        beside_date.setSpacing(16)
        beside_date.addWidget(offered)
        beside_date.addWidget(self.sealed)
        self._fields = (self.agency, self.year, self.title, self.signature, self.date)
        self._widgets: dict[str, QWidget] = {
            "agency": self.agency, "kind": self.agency_kind, "profile": self.profile, "year": self.year,
            "own_title": self.title, "signature": self.signature, "date": self.date,
            "sealed": self.sealed,
        }  # fmt: skip
        for label, widget in (
            ("单位(&U)", self.agency),
            ("单位类别(&K)", self.agency_kind),
            ("地区要求(&R)", self.profile),
            ("年份(&Y)", self.year),
            ("标题(&B)", self.title),
            ("序文(&P)", self.preamble),
            ("落款单位(&S)", self.signature),
            ("落款日期(&D)", dated),
        ):
            name = theme.Label(label)
            name.setBuddy(self.date if widget is dated else widget)
            narrow = widget in (self.year, dated)
            name.setFixedHeight(self.agency.sizeHint().height())  # at the first line of what it names
            form.addWidget(name, row := form.rowCount(), 0, beside)
            form.addWidget(widget, row, 1, Qt.AlignmentFlag.AlignLeft if narrow else Qt.AlignmentFlag(0))
        self.prior, self.prior_doubts, self.prior_state = theme.Label(), theme.Label(), theme.Label()
        for line, label, tone in (
            (self.prior, "上年年报", "text"),
            (self.prior_doubts, "", "qrytext"),
            (self.prior_state, "", "text2"),
        ):
            line.setWordWrap(True)
            line.setProperty("tone", tone)
            form.addWidget(line, row := form.rowCount(), 1)
            if label:
                form.addWidget(theme.Label(label), row, 0, beside)
        self._choose = QPushButton("选择…")
        self._choose.setAccessibleName("选择上年年报")
        self._choose.setToolTip("选去年的年报，用来核对上年结转、看增减；不改动那个文件。")
        self._choose.clicked.connect(self.prior_asked)
        self._show = QPushButton("打开（只读）")
        self._show.setAccessibleName("打开上年年报（只读）")
        self._show.setToolTip(theme.plain_tip("在另一个窗口里看上年年报，两个窗口可以并排。"))
        self._show.clicked.connect(self.prior_show_asked)
        self._read_again = QPushButton("重新读入")
        self._read_again.setToolTip("上年的文件改过以后，再读一次。")
        self._read_again.clicked.connect(self.prior_read_asked)
        self._drop = QPushButton("不再对照")
        self._drop.setToolTip("选错了文件时用，上年的数不再显示，跨年的检查也不做。")
        self._drop.clicked.connect(self.prior_dropped)
        self._draft = QPushButton("用去年的文字起草…")
        self._draft.setToolTip("还空着的部分用去年的文字起头，年份和数会标出来。")
        self._draft.clicked.connect(self.prior_prose_asked)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._choose, self._show, self._read_again, self._drop, self._draft):
            buttons.addWidget(button)
        buttons.addStretch(1)
        form.addLayout(buttons, form.rowCount(), 1)
        explained = theme.Label(
            "单位类别决定应写的内容：各级人民政府还应报告工作考核、社会评议和责任追究结果情况（《条例》第五十条第四项）。"
        )
        explained.setWordWrap(True)
        explained.setProperty("tone", "text2")
        form.addWidget(explained, form.rowCount(), 1)
        self.setFocusProxy(self.agency)
        session.changed.connect(self._renew)
        session.prior_found.connect(self._renew_prior)
        self._renew()

    def _renew(self, change: Change | None = None) -> None:
        report = self.session.report
        for field in self._fields:
            if change is None or change.origin is not field:  # half a year is not taken out of the hand
                field.renew()
        self.agency_kind.setCurrentIndex(self.agency_kind.findData(report.kind.value))
        self.sealed.setChecked(report.sealed)
        for choice in (self.agency_kind, self.profile, self.sealed):
            choice.setEnabled(not self.session.is_held)
        self.profile.renew()
        self._renew_prior()

    def _renew_prior(self) -> None:
        report, file = self.session.report, self.session.prior_file
        prior = report.prior
        self._drop.setVisible(prior is not None)
        self._show.setVisible(prior is not None)
        bare = any(section.table is None for section in edits.without_prose(report))
        self._draft.setVisible(prior is not None and bare)
        self._read_again.setVisible(file is not None and file.state in ("changed", "closed", "remote"))
        if prior is not None:
            name = f"，{prior.name}" if prior.name else ""
            self.prior.setText(f"{prior.words}{name}。它的数已存在本年报里，用来核对上年结转。")
            self.prior_doubts.setText("\n".join(f"◆ {doubt}" for doubt in prior.doubts(report)))
        else:
            self.prior.setText("没有选择；选择后核对上年结转与去年的结转下年度。")
            self.prior_doubts.setText(prior_unread(report))
        unchecked = [f"{clause}。" for clause in self.session.findings.across_years]
        self.prior_state.setText(
            "\n".join(filter(None, (file.words if file is not None else "", *unchecked)))
        )
        for line in (self.prior_doubts, self.prior_state):
            line.setVisible(bool(line.text()))

    @property
    def is_beside(self) -> bool:
        return self._beside is not None and self._beside.is_on

    def set_beside(self, on: bool) -> None:
        """Last year's preamble above each paragraph of this year's."""
        if self._beside is None and on:
            from gxeditor.ui.editor.prose_beside import ProseBeside

            self._beside = ProseBeside(self.preamble, self.session, PREAMBLE, self)
            self._beside.told.connect(self.told)
        if self._beside is not None:
            self.preamble.setFixedHeight(_TALL if on and self._beside.then else _HIGH)
            self._beside.set_on(on)
            if on and not self._beside.then:
                from gxeditor.ui.editor.prose_beside import missing_words

                self.told.emit(missing_words(self.session, PREAMBLE)[0].replace("这一部分", "序文"))
            self.beside_changed.emit()

    def walk_years(self) -> None:
        self.set_beside(True)
        if self._beside is None or not self._beside.walk():
            self.told.emit("序文里没有可能是去年留下的年份。")

    def _kind_chosen(self, place: int) -> None:
        kind = AgencyKind(self.agency_kind.itemData(place))
        self.session.edit(self.session.report.with_fields(kind=kind), "修改单位类别", origin=self)

    def _sealed_chosen(self, sealed: bool) -> None:
        self.session.edit(self.session.report.with_fields(sealed=sealed), "修改印章", origin=self)

    @property
    def numbers(self) -> Numbers:
        return self._numbers

    def place(self) -> str:
        return "基本信息"

    def target(self) -> tuple[str, int | None]:
        named = {self.preamble: "preamble", self.signature: "signature", self.date: "date"}
        return next((name for field, name in named.items() if field.hasFocus()), "title"), None

    def span(self) -> Span | None:
        return Span(PREAMBLE, *self.preamble.selected()) if self.preamble.hasFocus() else None

    def show_target(self, target: str, paragraph: int | None) -> None:
        fields: dict[str, QWidget] = {
            "title": self.title, "preamble": self.preamble, "signature": self.signature, "date": self.date,
        }  # fmt: skip
        if target == "preamble":
            self.preamble.focus_paragraph(paragraph or 0)
        else:
            fields.get(target, self.agency).setFocus()

    def go_to(self, anchor: Anchor) -> None:
        if isinstance(anchor, Span):
            self.preamble.focus_span(anchor.start, anchor.end)
            self._area.ensureWidgetVisible(self.preamble)
            return
        widget = (
            self._widgets.get(anchor.key, self._choose) if isinstance(anchor, anchors.Field) else self.agency
        )
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self._area.ensureWidgetVisible(widget)

    def at(self) -> Anchor:
        if self.preamble.hasFocus():
            return Span(PREAMBLE, *self.preamble.selected())
        focused = (name for name, widget in self._widgets.items() if widget.hasFocus())
        return anchors.Field(next(focused, "agency"))

    def show_found(self, where: Anchor, start: int, end: int, *, focus: bool = False) -> None:
        widget: QWidget | None = None
        if isinstance(where, Span):
            widget = self.preamble
            self.preamble.show_found(start, end)
            self._deselect(None)
        elif isinstance(where, anchors.Field):
            widget = self._widgets.get(where.key)
            self._deselect(widget)
            if isinstance(widget, QLineEdit):
                widget.setSelection(start, end - start)
        if widget is not None:
            self._area.ensureWidgetVisible(widget)
            if focus:
                widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _deselect(self, but: QWidget | None) -> None:
        for field in self._fields:
            if field is not but:
                field.deselect()

    def leave_found(self) -> None:
        self.preamble.leave_found()
        focused = (field for field in self._fields if field.hasFocus())
        self._deselect(next(focused, None))

    def show_difference(self, change: Difference) -> None:
        text = change.text_of(PREAMBLE)
        widget = next((self._widgets[name] for name in change.fields if name in self._widgets), None)
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(widget)
        elif text is not None:
            self.preamble.show_span(text.start, text.start + len(text.new))
            self._area.ensureWidgetVisible(self.preamble)
        elif "prior" in change.fields:
            self._area.ensureWidgetVisible(self.prior)

    def drop_entry(self) -> bool:
        return self.year.drop_entry()

    def finish(self) -> None:
        """Ends what is being typed, before anything is done with the report."""
        self.preamble.end_composition()
        self.session.seal()
