"""The page 基本信息: who reports about which year, title, preamble, signature, and last year's report.

Knows the plain fields of a report and that typing in one is one step until it is left. Opens no file itself.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.report import AgencyKind, Report
from gxeditor.ui import theme
from gxeditor.ui.pages import Page
from gxeditor.ui.prose_editor import ProseEditor
from gxeditor.ui.session import Change, Session


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
    """The year the report is about; anything but four digits is no year yet. `told` says what was not taken."""

    told = Signal(str)

    def _value(self, text: str) -> object:
        digits = text.strip()
        year = int(digits) if len(digits) == 4 and digits.isdecimal() else None
        theme.restyle(self, refused=bool(digits) and year is None)
        return year

    def focusOutEvent(self, event: QFocusEvent) -> None:
        typed = self.text().strip()
        if typed and self._value(typed) is None:
            self.told.emit(f"“{typed}”没有填入年份，年份是四位数字。")
        super().focusOutEvent(event)
        theme.restyle(self, refused=False)


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


class BasicPage(Page):
    """基本信息: who reports, about which year, title, preamble, signature, and last year's report."""

    kind = "basic"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        area = QScrollArea()
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
        outer.addWidget(column, 0, Qt.AlignmentFlag.AlignTop)
        outer.addStretch(1)
        form = QFormLayout(column)
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(16)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = theme.Label("基本信息")
        head.setFont(theme.font(12, 600))
        form.addRow(head)
        self.agency = Field(session, "agency", "单位", lambda r: r.agency)
        self.agency.setPlaceholderText("单位全称，例如：鲁山县人民政府办公室")
        self.agency_kind = QComboBox()
        self.agency_kind.setAccessibleName("单位类别")
        for kind in AgencyKind:
            self.agency_kind.addItem(kind.word, kind.value)
        self.agency_kind.activated.connect(self._kind_chosen)
        self.year = YearField(session, "year", "年份", lambda r: str(r.year) if r.year else "")
        self.year.setMaximumWidth(120)
        self.year.setPlaceholderText("四位数字")
        self.year.told.connect(self.told)
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
            ("单位类别(&K)", self.agency_kind),
            ("年份(&Y)", self.year),
            ("标题(&B)", self.title),
            ("序文(&P)", self.preamble),
            ("落款单位(&S)", self.signature),
            ("落款日期(&D)", self.date),
        ):
            name = theme.Label(label)
            name.setBuddy(widget)
            form.addRow(name, widget)
        prior = QHBoxLayout()
        self.prior = theme.Label()
        self.prior.setWordWrap(True)
        self._choose = QPushButton("选择…")
        self._choose.setAccessibleName("选择上年年报")
        self._choose.clicked.connect(self.prior_asked)
        self._drop = QPushButton("不再对照")
        self._drop.clicked.connect(self.prior_dropped)
        prior.addWidget(self.prior, 1)
        prior.addWidget(self._choose)
        prior.addWidget(self._drop)
        form.addRow(theme.Label("上年年报"), prior)
        explained = theme.Label(
            "单位类别决定应写的内容：各级人民政府还应报告工作考核、社会评议和责任追究结果情况（《条例》第五十条第四项）。"
        )
        explained.setWordWrap(True)
        explained.setProperty("tone", "text2")
        form.addRow(theme.Label(), explained)
        self.setFocusProxy(self.agency)
        session.changed.connect(self._renew)
        self._renew()

    def _renew(self, change: Change | None = None) -> None:
        report = self.session.report
        for field in self._fields:
            if change is None or change.origin is not field:  # half a year is not taken out of the hand
                field.renew()
        self.agency_kind.setCurrentIndex(self.agency_kind.findData(report.kind.value))
        prior = self.session.prior
        self._drop.setVisible(prior is not None)
        self.prior.setText(
            f"{prior.agency}{prior.year or ''}年年报，用来核对上年结转"
            if prior is not None
            else "没有选择；选择后核对上年结转与去年的结转下年度"
        )

    def _kind_chosen(self, place: int) -> None:
        kind = AgencyKind(self.agency_kind.itemData(place))
        self.session.edit(self.session.report.with_fields(kind=kind), "修改单位类别", origin=self)

    def place(self) -> str:
        return "基本信息"

    def target(self) -> tuple[str, int | None]:
        named = {self.preamble: "preamble", self.signature: "signature", self.date: "date"}
        return next((name for field, name in named.items() if field.hasFocus()), "title"), None

    def show_target(self, target: str, paragraph: int | None) -> None:
        fields: dict[str, QWidget] = {
            "title": self.title, "preamble": self.preamble, "signature": self.signature, "date": self.date,
        }  # fmt: skip
        if target == "preamble":
            self.preamble.focus_paragraph(paragraph or 0)
        else:
            fields.get(target, self.agency).setFocus()

    def finish(self) -> None:
        """Ends what is being typed, before anything is done with the report."""
        self.preamble.end_composition()
        self.session.seal()
