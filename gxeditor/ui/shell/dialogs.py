"""The questions and messages of the window.

Each function shows one dialog and returns what was chosen as a plain value. Knows the wording (LOOK.md §5: buttons are
verbs, the one that names the result is last, Esc chooses nothing) and how long content scrolls instead of growing past
the screen. Knows no file format and changes no report: the window does what was chosen.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QFileInfo, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

import gxeditor
from gxeditor.core.coverage import coverage
from gxeditor.core.errors import GxError
from gxeditor.core.fields import FIELDS
from gxeditor.core.form import Cell
from gxeditor.core.report import AgencyKind, Report, show_entry
from gxeditor.core.rules import Findings, Severity
from gxeditor.resources import load_form
from gxeditor.ui.look import theme
from gxeditor.ui.look.tasks import Task, Work

D = TypeVar("D", bound="Dialog")
R = TypeVar("R")
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: the value it stands for and its word; `primary` is what Enter chooses."""

    key: str
    text: str
    primary: bool = False


CANCEL = Choice("cancel", "取消")
CLOSE = Choice("cancel", "关闭", primary=True)


def em() -> int:
    """The width of a full-width character in the interface face."""
    return QFontMetrics(theme.font()).horizontalAdvance("国")


def sentence(text: str, points: float = 9, weight: int = 400, tone: str = "text") -> QLabel:
    """Words that wrap and can be selected and copied."""
    label = theme.Label(text)
    label.setFont(theme.font(points, weight))
    label.setProperty("tone", tone)
    label.setTextInteractionFlags(_SELECTABLE)
    label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    label.setWordWrap(True)
    return label


class Dialog(QDialog):
    """A heading, a body and a foot of buttons; `answer` is the key of the button that was pressed."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        heading: str,
        *,
        choices: Sequence[Choice] = (CLOSE,),
        copied: tuple[str, str] | None = None,
        width: int = 36,
    ) -> None:
        """`copied` is the word and the text of a link that copies; `width` is in full-width characters."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(heading)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.answer = "cancel"
        self._copied = copied[1] if copied else ""
        self.body = QVBoxLayout()
        self.body.setContentsMargins(20, 18, 20, 18)
        self.body.setSpacing(8)
        self.heading = sentence(heading, 10.5, 600)
        self.heading.setMinimumWidth(min(width * em(), self.screen().availableGeometry().width() - 80))
        self.body.addWidget(self.heading)
        self._foot = QHBoxLayout()
        self._foot.setContentsMargins(20, 10, 20, 10)
        self._foot.setSpacing(8)
        if copied:
            copy = QPushButton(copied[0])
            copy.setProperty("link", True)
            copy.setAutoDefault(False)
            copy.clicked.connect(self._copy)
            self._foot.addWidget(copy)
        self._foot.addStretch(1)
        self.buttons = {choice.key: self._button(choice) for choice in choices}
        foot = QFrame()
        foot.setProperty("ground", "window")
        foot.setProperty("edge", "top")
        foot.setLayout(self._foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self.body, 1)
        whole.addWidget(foot)
        for choice in choices:
            if choice.primary:
                self.buttons[choice.key].setFocus()

    def _button(self, choice: Choice) -> QPushButton:
        button = QPushButton(choice.text)
        button.setProperty("answer", choice.key)
        button.ensurePolished()
        button.setMinimumWidth(max(5 * em() + 16, button.sizeHint().width()))
        button.clicked.connect(self._pressed)
        button.setAutoDefault(False)
        if choice.primary:
            button.setProperty("primary", True)
            button.setDefault(True)
        self._foot.addWidget(button)
        return button

    def say(self, *sentences: str, tone: str = "text2") -> None:
        """Adds sentences to the body; empty ones are left out."""
        for words in sentences:
            if words:
                self.body.addWidget(sentence(words, tone=tone))

    def run(self) -> str:
        """Shows the dialog until a button is pressed; its key, or "cancel"."""
        # Qt's own first size forgets that wrapped sentences need height, and stops at two thirds of the screen.
        layout = self.layout()
        if layout is not None:
            self.resize(layout.totalSizeHint().boundedTo(self.screen().availableGeometry().size()))
        self.exec()
        self.deleteLater()
        return self.answer

    def _pressed(self) -> None:
        self.answer = self.sender().property("answer")
        if self.answer == "cancel":
            self.reject()
        else:
            self.accept()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._copied)


def ask(
    parent: QWidget | None,
    title: str,
    what: str,
    meaning: str = "",
    remedy: str = "",
    choices: Sequence[Choice] = (CLOSE,),
    *,
    copied: tuple[str, str] | None = None,
) -> str:
    """What happened, what it means for the data, what to do; the key of the choice, "cancel" for Esc."""
    dialog = Dialog(parent, title, what, choices=choices, copied=copied)
    dialog.say(meaning, remedy)
    return dialog.run()


# ------------------------------------------------------------------------------------------------ long content


class _Document(QTextBrowser):
    """Text and tables that scroll once they are taller than `most` lines or the screen less `rest` pixels."""

    def __init__(self, content: str, name: str, *, width: int = 44, most: int = 20, rest: int = 180) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.document().setDefaultFont(theme.font())
        self.document().setDocumentMargin(4)
        self.setHtml(content)
        self._width = width * em()
        self._most = most
        self._rest = rest

    def sizeHint(self) -> QSize:
        line = QFontMetrics(theme.font()).lineSpacing()
        screen = self.screen().availableGeometry()
        width = min(self._width, screen.width() - 80)
        self.document().setTextWidth(width - 26)  # frame, margin and, where it scrolls, the bar
        whole = ceil(self.document().size().height()) + 14
        return QSize(width, min(whole, self._most * line, max(4 * line, screen.height() - self._rest)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() // 2, self.sizeHint().height())


def _table(
    head: Sequence[str], groups: Iterable[tuple[str, Iterable[Sequence[str]]]], widths: Sequence[int]
) -> str:
    """A table with a heading line per group; `widths` in per cent."""
    colors = theme.current().hex
    span = len(widths)
    lines: list[str] = []
    if any(head):
        cells = "".join(
            f'<td width="{width}%" style="color:{colors.text2}; border-bottom:1px solid {colors.line2}">'
            f"{html.escape(text)}</td>"
            for text, width in zip(head, widths, strict=True)
        )
        lines.append(f"<thead><tr>{cells}</tr></thead>")
    for title, rows in groups:
        if title:
            lines.append(
                f'<tr><td colspan="{span}" style="background-color:{colors.head}; color:{colors.headtext}">'
                f"<b>{html.escape(title)}</b></td></tr>"
            )
        for row in rows:
            cells = "".join(
                f'<td width="{width}%" style="border-bottom:1px solid {colors.line}">{_lines(text)}</td>'
                for text, width in zip(row, widths, strict=True)
            )
            lines.append(f"<tr>{cells}</tr>")
    return (
        '<table width="100%" cellspacing="0" cellpadding="4" style="border-collapse:collapse; border-width:0">'
        f"{''.join(lines)}</table>"
    )


def _lines(text: str) -> str:
    mark = f'<span style="color:{theme.current().hex.err}">▲</span>'
    return html.escape(text).replace("▲", mark).replace("\n", "<br>")


# ------------------------------------------------------------------------------------------------ saving, opening


def ask_save(parent: QWidget | None, name: str) -> str:
    """ "save", "discard" or "cancel", before a report with unsaved changes is closed."""
    return ask(
        parent,
        "关闭年报",
        f"“{name}”有没有保存的修改。",
        "不保存就关闭，这些修改不会留在文件里。",
        choices=(CANCEL, Choice("discard", "不保存"), Choice("save", "保存", primary=True)),
    )


def ask_changed_elsewhere(parent: QWidget | None, error: GxError) -> str:
    """ "reload", "save_as", "overwrite" or "cancel". Enter saves under another name, which loses nothing."""
    return ask(
        parent,
        "文件在别处改过",
        error.what,
        error.meaning,
        error.remedy,
        (
            CANCEL,
            Choice("reload", "重新读取"),
            Choice("overwrite", "覆盖"),
            Choice("save_as", "另存为…", primary=True),
        ),
    )


def ask_not_written(parent: QWidget | None, error: GxError) -> str:
    """ "save_as", "again" or "cancel", for a report that was not written. Enter looks for another place."""
    return ask(
        parent,
        "没有保存",
        error.what,
        error.meaning,
        error.remedy,
        (CANCEL, Choice("again", "再试一次"), Choice("save_as", "另存为…", primary=True)),
        copied=("复制这段话", str(error)),
    )


def ask_replace(parent: QWidget | None, name: str) -> bool:
    """Whether to replace a file that is there already; what it held is kept beside it."""
    return (
        ask(
            parent,
            "另存为",
            f"文件夹里已有“{name}”。",
            f"替换后，它原来的内容留在“{name}~”。",
            choices=(CANCEL, Choice("replace", "替换", primary=True)),
        )
        == "replace"
    )


def show_error(parent: QWidget | None, error: GxError) -> None:
    """What went wrong, with a link that copies the words."""
    ask(parent, "没有完成", error.what, error.meaning, error.remedy, copied=("复制这段话", str(error)))


def ask_damaged(parent: QWidget | None, error: GxError, kept: bool, journal: bool) -> str:
    """ "kept", "journal" or "cancel", for a file that cannot be read; only what is there is offered."""
    choices = [Choice("cancel", "取消") if kept or journal else CLOSE]
    if kept:
        choices.append(Choice("kept", "用上一版本打开", primary=not journal))
    if journal:
        choices.append(Choice("journal", "用自动保留的修改恢复", primary=True))
    dialog = Dialog(parent, "文件读不出来", error.what, choices=choices, copied=("复制这段话", str(error)))
    dialog.say(error.meaning)
    if kept:
        dialog.say("上一版本是最近一次保存之前的内容。")
    if journal:
        dialog.say("自动保留的修改是上次编辑到最后的内容，包括没有保存的。")
    if not (kept or journal):
        dialog.say(error.remedy)
    return dialog.run()


# ----------------------------------------------------------------------------------------------------- filling


def ask_fill_blanks(parent: QWidget | None, cells: Sequence[Cell]) -> bool:
    """Whether to write 0 into these blank cells, which are listed by table and row first."""
    dialog = Dialog(
        parent,
        "其余空格填 0",
        f"把 {len(cells)} 个未填的格填为 0。已有内容的格不变，可以撤销。",
        choices=(CANCEL, Choice("fill", "填 0", primary=True)),
    )
    tables: dict[str, dict[str, list[str]]] = {}
    for cell in cells:
        row, _, column = cell.place.partition(" · ")
        tables.setdefault(cell.section, {}).setdefault(row, []).append(column)
    form = load_form()
    groups = [
        (
            f"表{form.section(key).number}，{sum(map(len, rows.values()))} 格",
            [(row, "、".join(filter(None, columns))) for row, columns in rows.items()],
        )
        for key, rows in tables.items()
    ]
    dialog.body.addWidget(_Document(_table(("", ""), groups, (45, 55)), "要填 0 的格"))
    return dialog.run() == "fill"


def show_told(parent: QWidget | None, title: str, sentences: Sequence[str]) -> None:
    """What a step filled, a line each."""
    dialog = Dialog(parent, title, title)
    dialog.body.addWidget(_Document("".join(f"<p>{_lines(s)}</p>" for s in sentences), title, width=36))
    dialog.run()


# ------------------------------------------------------------------------------------------------- a new report


@dataclass(frozen=True, slots=True)
class NewReport:
    """What a new report begins with."""

    agency: str
    kind: AgencyKind
    year: int


class _NewReport(Dialog):
    def __init__(
        self, parent: QWidget | None, prior: Report | None, year: int, carried: Sequence[str]
    ) -> None:
        title = "从去年新建" if prior else "新建空白年报"
        super().__init__(
            parent, title, title, choices=(CANCEL, Choice("new", "新建年报", primary=True)), width=38
        )
        self._prior_year = prior.year if prior else None
        self._kind_chosen = prior is not None
        self.agency = QLineEdit(prior.agency if prior else "")
        self.agency.setPlaceholderText("如：鲁山县人民政府办公室")
        self.kind = QComboBox()
        for kind in AgencyKind:
            self.kind.addItem(kind.word, kind.value)
        self.kind.setCurrentIndex(list(AgencyKind).index(prior.kind if prior else AgencyKind.OTHER))
        self.year = QSpinBox()
        self.year.setRange(2008, 2099)  # the 条例 took effect in 2008
        self.year.setSuffix(" 年")
        self.year.setValue(year)
        fields = QFormLayout()
        fields.setContentsMargins(0, 8, 0, 8)
        fields.setSpacing(8)
        for name, field in (("单位", self.agency), ("单位类别", self.kind), ("年份", self.year)):
            field.setAccessibleName(name)
            fields.addRow(name, field)
        self.body.addLayout(fields)
        if carried:
            self.say("会带过来：")
            self.body.addWidget(
                _Document(
                    "".join(f"<p>{_lines(s)}</p>" for s in carried),
                    "会带过来的内容",
                    width=38,
                    most=8,
                    rest=340,
                )
            )
        self.gap = sentence("", tone="qrytext")
        self.body.addWidget(self.gap)
        self.agency.textEdited.connect(self._name_typed)
        self.kind.activated.connect(self._kind_was_chosen)
        self.year.valueChanged.connect(self._year_changed)
        self._year_changed(year)
        (self.buttons["new"] if prior else self.agency).setFocus()

    def _name_typed(self, name: str) -> None:
        from gxeditor.imports.recognize.report import agency_kind  # most starts of the program need no reader

        if not self._kind_chosen:
            self.kind.setCurrentIndex(list(AgencyKind).index(agency_kind(name.strip())))

    def _kind_was_chosen(self) -> None:
        self._kind_chosen = True

    def _year_changed(self, year: int) -> None:
        apart = self._prior_year is not None and year != self._prior_year + 1
        self.gap.setText(
            f"去年的年报是 {self._prior_year} 年的，与 {year} 年不相连，带过来的结转数请核对。"
            if apart
            else ""
        )
        self.gap.setVisible(apart)

    def value(self) -> NewReport:
        return NewReport(self.agency.text().strip(), AgencyKind(self.kind.currentData()), self.year.value())


def ask_new_report(
    parent: QWidget | None, *, prior: Report | None, year: int, carried: Sequence[str] = ()
) -> NewReport | None:
    """Agency, kind and year of a new report, None if cancelled.

    With last year's report they begin with its own. `carried` are the sentences on what comes over from it
    (`bring_forward` gives them); without, the parts are named in general.
    """
    if prior is not None and not carried:
        prose = [section.number for section in prior.form.sections if prior.sections.get(section.key)]
        carried = [
            "上年结转：取自去年的结转下年度",
            *([f"文字：{'、'.join(prose)}，共 {len(prose)} 部分，请改成今年的内容"] if prose else []),
        ]
    dialog = _NewReport(parent, prior, year, carried)
    return dialog.value() if dialog.run() == "new" else None


# ------------------------------------------------------------------------------------------------------ export


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """The files to write, their suffixes telling the format, the PDF that is a proof if one is wanted, and whether to
    show their folder afterwards."""

    paths: tuple[Path, ...]
    show_folder: bool
    proof: Path | None = None


PROOF = "proof"
_FORMATS = (
    (".pdf", "PDF 文档（打印、发布）"),
    (PROOF, "校对稿（PDF，标出问题）"),
    (".docx", "Word 文档（修改、报送）"),
    (".xlsx", "Excel 工作簿（报送、汇总）"),
    (".html", "网页（贴到网站编辑器）"),
    (".txt", "纯文本"),
    (".json", "数据文件（供其他系统）"),
)
_NO_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


class _Export(Dialog):
    def __init__(
        self,
        parent: QWidget | None,
        report: Report,
        findings: Findings,
        missing: Sequence[str],
        suggestion: Path,
        formats: Sequence[str],
        show_folder: bool,
        errors_can_be_seen: bool,
    ) -> None:
        errors = [f for f in findings.findings if f.severity is Severity.ERROR]
        queries = findings.count(Severity.QUERY)
        heading = "导出年报"
        if errors:
            heading = f"还有 {len(errors)} 个错误，可以先导出，定稿前须处理。"
        choices = [CANCEL]
        if errors and errors_can_be_seen:
            choices.append(Choice("errors", "看错误"))
        choices.append(Choice("export", "仍然导出" if errors else "导出", primary=True))
        super().__init__(parent, "导出", heading, choices=choices, width=46)
        self._folder = suggestion.parent
        if errors:
            listed = _table(
                ("", ""), [("", [(f"▲ {_table_of(f.section, report)}", f.message) for f in errors])], (14, 86)
            )
            self.body.addWidget(_Document(listed, "错误", width=46, most=8, rest=420))
        if queries:
            self.say(f"{'另' if errors else ''}有 {queries} 处核实，见问题列表。")
        self.say(f"{coverage(report, findings).wordings[1]}。")
        if missing:
            self.body.addWidget(_Warning(_missing_words(missing)))

        fields = QFormLayout()
        fields.setContentsMargins(0, 8, 0, 0)
        fields.setSpacing(8)
        self.formats = {suffix: QCheckBox(text) for suffix, text in _FORMATS}
        boxes = QGridLayout()
        boxes.setHorizontalSpacing(20)
        boxes.setVerticalSpacing(0)
        for i, (suffix, box) in enumerate(self.formats.items()):
            box.setChecked(suffix in formats)
            box.setMinimumHeight(24)
            box.toggled.connect(self._look)
            boxes.addWidget(box, i // 2, i % 2)
        fields.addRow("格式", boxes)
        self.name = QLineEdit(_NO_NAME.sub("", suggestion.name))
        self.name.setAccessibleName("文件名")
        self.name.textChanged.connect(self._look)
        fields.addRow("文件名", self.name)
        self.folder = QLineEdit(str(self._folder))
        self.folder.setReadOnly(True)
        self.folder.setAccessibleName("文件夹")
        choose = QPushButton("选择…")
        choose.setAccessibleName("选择文件夹")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose_folder)
        across = QHBoxLayout()
        across.addWidget(self.folder, 1)
        across.addWidget(choose)
        fields.addRow("文件夹", across)
        self.show_folder = QCheckBox("导出后打开所在文件夹")
        self.show_folder.setMinimumHeight(24)
        self.show_folder.setChecked(show_folder)
        fields.addRow("", self.show_folder)
        self.body.addLayout(fields)
        self.told = sentence("", tone="text2")
        self.body.addWidget(self.told)
        self._look()

    def value(self) -> ExportChoice:
        name = self.name.text().strip()
        wanted = [suffix for suffix, box in self.formats.items() if box.isChecked()]
        paths = tuple(self._folder / f"{name}{suffix}" for suffix in wanted if suffix != PROOF)
        proof = self._folder / f"{name}（校对稿）.pdf" if PROOF in wanted else None
        return ExportChoice(paths, self.show_folder.isChecked(), proof)

    def _look(self) -> None:
        """Says what will be written, or why nothing can be."""
        name = self.name.text().strip()
        wrong = sorted(set(_NO_NAME.findall(name)))
        choice = self.value()
        paths = [*choice.paths, *([choice.proof] if choice.proof else [])]
        there = [path.name for path in paths if QFileInfo.exists(str(path))]
        if wrong:
            told = f"文件名里不能有 {' '.join(wrong)}。"
        elif not name:
            told = "请填写文件名。"
        elif not paths:
            told = "请至少选择一种格式。"
        elif there:
            told = f"文件夹里已有{'、'.join(f'“{name}”' for name in there)}，导出时会替换。"
        elif len(paths) > 2:
            told = f"会写出 {len(paths)} 个文件。"
        else:
            told = f"会写出{'、'.join(f'“{path.name}”' for path in paths)}。"
        theme.restyle(self.name, refused=bool(wrong) or not name)
        theme.restyle(self.told, tone="qrytext" if there or wrong else "text2")
        self.told.setText(told)
        self.buttons["export"].setEnabled(bool(name and paths and not wrong))

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "导出到哪个文件夹", str(self._folder))
        if folder:
            self._folder = Path(folder)
            self.folder.setText(str(self._folder))
            self._look()


class _Warning(QFrame):
    """A sentence on the query tint with its ◆."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setProperty("ground", "qrytint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(30, 8, 12, 8)
        layout.addWidget(sentence(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        first_line = QRectF(12, 8, 10, QFontMetrics(theme.font()).height())
        theme.paint_mark(painter, first_line, Severity.QUERY)
        painter.end()


def _missing_words(missing: Sequence[str]) -> str:
    named = named_characters(missing)
    return f"PDF 的字体里没有这样的字：{named}，印出来会是〓。请换成别的写法，或印好后补上。"


def named_characters(characters: Sequence[str]) -> str:
    """Characters with their code points; of many the first ones and how many there are."""
    # Without quotation marks: Qt breaks no line beside them.
    named = "、".join(f"{char}（U+{ord(char):04X}）" for char in characters[:8])
    return f"{named}等 {len(characters)} 个字" if len(characters) > 8 else named


def _table_of(section: str, report: Report) -> str:
    return f"表{report.form.section(section).number}" if report.form.section(section).table else "文字"


def ask_export(
    parent: QWidget | None,
    report: Report,
    findings: Findings,
    missing_characters: Sequence[str],
    suggestion: Path,
    *,
    formats: Sequence[str] = (".pdf", ".xlsx"),
    show_folder: bool = False,
    show_errors: Callable[[], None] | None = None,
) -> ExportChoice | None:
    """Formats, name and folder of an export, None if cancelled. Open errors are listed, they forbid nothing.

    `suggestion` is the folder and the file name without suffix, `formats` and `show_folder` what is ticked at first.
    `missing_characters` are those that no face of the PDF has. With `show_errors` there is a button 「看错误」, which
    cancels and calls it.
    """
    dialog = _Export(
        parent,
        report,
        findings,
        missing_characters,
        suggestion,
        formats,
        show_folder,
        show_errors is not None,
    )
    answer = dialog.run()
    if answer == "errors" and show_errors is not None:
        show_errors()
    return dialog.value() if answer == "export" else None


def ask_elsewhere(parent: QWidget | None, error: GxError) -> bool:
    """A file could not be written: what happened, and whether to write it somewhere else."""
    choices = (Choice("cancel", "不写这个文件"), Choice("save_as", "另存为…", primary=True))
    copied = ("复制这段话", str(error))
    return (
        ask(parent, "没有写成", error.what, error.meaning, error.remedy, choices, copied=copied) == "save_as"
    )


# -------------------------------------------------------------------------------------------------------- long work


_MOMENT = 300  # milliseconds that pass unnoticed; a dialog for less would only flash


class _Progress(Dialog):
    def __init__(self, parent: QWidget | None, title: str, task: Task) -> None:
        super().__init__(parent, title, f"{title}…", choices=(CANCEL,), width=24)
        self._task = task
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(title)
        self.body.addWidget(self.bar)
        self.step = sentence(" ", tone="text2")
        self.body.addWidget(self.step)
        task.advanced.connect(self._advanced)
        task.ended.connect(self.accept)

    def _advanced(self, done: int, of: int, what: str) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        self.step.setText(what or " ")

    def reject(self) -> None:
        """Gives the work up; the dialog stays until that has been noticed, so that nothing overlaps."""
        self._task.cancel()
        self.heading.setText("正在取消…")
        self.buttons["cancel"].setEnabled(False)


def wait_for(parent: QWidget | None, title: str, task: Task) -> None:
    """Waits until a task has ended. `title` says what is being done; after a moment it stands above a bar, beside a
    button that cancels."""
    progress = _Progress(parent, title, task)
    task.start()
    if not task.wait(_MOMENT):
        progress.run()
    else:
        progress.deleteLater()


def run_task(parent: QWidget | None, title: str, function: Callable[[Work], R]) -> R | None:
    """The result of a task that is waited for; None if it was cancelled or failed, which has been shown."""
    results: list[R] = []
    troubles: list[GxError] = []
    task = Task(function)
    task.done.connect(results.append)
    task.failed.connect(troubles.append)
    wait_for(parent, title, task)
    for trouble in troubles:
        show_error(parent, trouble)
    return results[0] if results else None


# ------------------------------------------------------------------------------------------------------ differences


def show_diff(parent: QWidget | None, before: Report, after: Report) -> None:
    """What stands in `after` otherwise than in `before`: fields, cells as printed, and the changed part of the texts.

    Automatic totals follow by themselves and are left out.
    """
    groups = list(filter(lambda group: group[1], _differences(before, after)))
    count = sum(len(rows) for _, rows in groups)
    heading = f"没有保存的修改有 {count} 处。" if count else "与文件里的内容没有差别。"
    dialog = Dialog(parent, "没有保存的修改", heading, width=52)
    if count:
        table = _table(("", "文件里", "修改后"), groups, (30, 35, 35))
        dialog.body.addWidget(_Document(table, "没有保存的修改", width=60, most=26))
    dialog.run()


def _differences(before: Report, after: Report) -> Iterable[tuple[str, list[tuple[str, str, str]]]]:
    def row(name: str, old: str, new: str) -> list[tuple[str, str, str]]:
        return [(name, *_excerpts(old, new))] if old != new else []

    yield (
        "基本信息",
        [
            *(one for field in FIELDS for one in row(field.word, field.show(before), field.show(after))),
            *row("上年年报", *(one.prior.words if one.prior else "" for one in (before, after))),
        ],
    )
    for section in after.form.sections:
        rows = row("文字", before.sections.get(section.key, ""), after.sections.get(section.key, ""))
        for cell in section.table.cells if section.table else ():
            if not (before.is_automatic(cell.id) and after.is_automatic(cell.id)):
                old, new = show_entry(before.value(cell.id)), show_entry(after.value(cell.id))
                rows += [(cell.place, old or "空", new or "空")] if old != new else []
        yield section.heading, rows


_CONTEXT = 8
_LONGEST = 120


def _excerpts(old: str, new: str) -> tuple[str, str]:
    """The part in which two texts differ, with a few characters around it; empty ones are 「空」."""
    most = min(len(old), len(new))
    start = next((i for i in range(most) if old[i] != new[i]), most)
    end = next((i for i in range(most - start) if old[-1 - i] != new[-1 - i]), most - start)
    return _excerpt(old, start, end), _excerpt(new, start, end)


def _excerpt(text: str, start: int, end: int) -> str:
    if not text:
        return "空"
    first, last = max(0, start - _CONTEXT), min(len(text), len(text) - end + _CONTEXT)
    part = text[first:last].replace("\n", " ")
    if len(part) > _LONGEST:
        part = f"{part[: _LONGEST // 2]}……{part[-_LONGEST // 2 :]}"
    return f"{'…' if first else ''}{part}{'…' if last < len(text) else ''}"


# ---------------------------------------------------------------------------------------------------- the program


class _Crash(Dialog):
    def __init__(self, parent: QWidget | None, text: str) -> None:
        super().__init__(
            parent,
            "程序出错",
            "程序出错了。您的年报没有丢失：刚才的修改已自动保留，重新打开时可以恢复。",
            choices=(Choice("cancel", "继续编辑", primary=True),),
            width=44,
        )
        self.say("可以把下面的内容复制给维护人员。里面没有年报的内容，也没有您的姓名。")
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("出错详情")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setMinimumHeight(8 * QFontMetrics(theme.font()).lineSpacing())
        self.body.addWidget(self.text, 1)
        copy = QPushButton("复制详情")
        copy.setProperty("link", True)
        copy.setAutoDefault(False)
        copy.clicked.connect(self._copy_all)
        self._foot.insertWidget(0, copy)

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def show_crash(parent: QWidget | None, text: str) -> None:
    """A crash report that can be copied. While one is open, the next is added to it: faults come in swarms."""
    shown = QApplication.activeModalWidget()
    if isinstance(shown, _Crash):
        shown.text.appendPlainText(f"\n{text}")
        return
    _Crash(parent, text).run()


def show_shortcuts(parent: QWidget | None) -> None:
    """All keys: those of the actions of `parent` as they are set, and those of tables, text and lists."""
    own = []
    for action in parent.actions() if parent is not None else ():
        keys = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()]
        if keys:
            own.append(("，".join(keys), re.sub(r"\(&.\)|…", "", action.text())))
    dialog = Dialog(parent, "快捷键", "快捷键")
    groups = [*([("全部窗口", own)] if own else []), *_KEYS]
    dialog.body.addWidget(_Document(_table(("", ""), groups, (38, 62)), "快捷键", most=28))
    dialog.run()


_KEYS = [
    (
        "表格",
        [
            ("方向键", "移到旁边的格"),
            ("Ctrl+方向键，Home，End", "移到有内容的边上，行首，行尾"),
            ("Ctrl+Home，Ctrl+End", "移到第一格，最后一格"),
            ("Shift+以上各键", "扩大选择"),
            ("Enter，Shift+Enter", "填好，下移，上移"),
            ("Tab，Shift+Tab", "填好，右移，左移；再按 Enter 回到起始列的下一行"),
            ("F2", "修改这一格"),
            ("Esc", "不改，恢复原来的值"),
            ("Delete", "清除内容"),
            ("Ctrl+Enter", "把内容填进所选的各格"),
            ("Ctrl+D，Ctrl+R", "向下填充，向右填充"),
            ("Ctrl+C，Ctrl+X，Ctrl+V", "复制，剪切，粘贴；可以与 Excel、WPS 互相粘贴"),
            ("Ctrl+A", "全选"),
            ("Ctrl+滚轮", "放大，缩小"),
        ],
    ),
    (
        "预览",
        [
            ("单击", "转到这一格或这一段"),
            ("Enter，Esc", "回到正在填的地方，关闭预览"),
            ("Ctrl+PgDn，Ctrl+PgUp", "下一页，上一页"),
            ("Home，End，空格", "开头，末尾，往下看"),
            ("Ctrl+滚轮", "放大，缩小"),
        ],
    ),
    (
        "填 Excel 模板",
        [
            ("Enter", "到模板中找格子；填在这一格，指定内容"),
            ("Delete", "不填"),
            ("Ctrl+Z，Ctrl+Y", "撤销，重做改正"),
            ("F6", "在模板和对应关系之间移动"),
            ("Ctrl+PgDn，Ctrl+PgUp", "下一张，上一张工作表"),
        ],
    ),
    (
        "问题列表，最近的年报",
        [
            ("↑，↓", "上一条，下一条"),
            ("Enter", "转到这一格，打开这份年报"),
            ("Delete", "从最近的年报中移除"),
        ],
    ),
]


_LICENCES = (
    ("gxeditor", "MIT"),
    ("Python", "PSF"),
    ("Qt，PySide6，Shiboken", "LGPL 3"),
    ("reportlab", "BSD"),
    ("openpyxl，appdirs，python-docx", "MIT"),
    ("PDFium，pypdfium2", "BSD，Apache 2.0"),
    ("pikepdf，qpdf", "MPL 2.0，Apache 2.0"),
    ("思源宋体，思源黑体（Noto SC）", "SIL OFL 1.1"),
    ("霞鹜文楷（改名 GXKai）", "SIL OFL 1.1"),
    ("FandolFang 仿宋", "GPL 3，附字体例外"),
)


def show_about(parent: QWidget | None) -> None:
    """Version, that nothing leaves the computer, and what the program is made of."""
    dialog = Dialog(parent, "关于", "政府信息公开年报编辑器")
    dialog.say(
        f"版本 {gxeditor.__version__}",
        "单机使用，不联网：不上传年报，不检查更新，不统计使用情况。数据只保存在您选择的文件夹里。",
        f"表格和核对规则依据{load_form().basis}，核对结果供填报时参考。",
    )
    dialog.body.addSpacing(8)
    parts = _table(("组成部分", "许可"), [("", _LICENCES)], (64, 36))
    dialog.body.addWidget(_Document(parts, "组成部分和许可", rest=300))
    dialog.run()
