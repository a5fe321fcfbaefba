"""The dialog of an export: formats, name and folder, what is still wrong, and what will be written.

Knows how formats are offered and which names a file cannot have. Open errors are listed and forbid nothing. Writes no
file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFileInfo, QRectF
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.checks.anchors import part_named
from gxeditor.core.checks.coverage import coverage
from gxeditor.core.checks.findings import Findings
from gxeditor.core.checks.rules import Severity
from gxeditor.core.report import Report
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog, Document, sentence, table_html


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
_USES = {
    ".pdf": "打印、上网发布用，别人不能改，样子与预览相同。",
    PROOF: "在页面上标出问题，印出来给人核对，不用来发布。",
    ".docx": "上级要可以修改的文件时用，表格可以接着改。",
    ".xlsx": "报送数据、汇总时用，三张表各在一张工作表。",
    ".html": "贴到网站后台的编辑器里，表格不走样。",
    ".txt": "只要文字时用，表格写成一行一行。",
    ".json": "交给其他系统读取，人不用看。",
}
"""What each format is good for."""
NO_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


class PlaceDialog(Dialog):
    """A dialog in which a name and a folder are chosen for files; its button `export` is off while none can be written.

    Whoever makes one of it says which files are `wanted`, and what is said while none is (`NOTHING`).
    """

    NOTHING = "请至少选择一种格式。"

    def ask_place(self, fields: QFormLayout, suggestion: Path) -> None:
        """Adds the fields; `told`, which says what will be written, is put into the body by whoever calls this."""
        self._folder = suggestion.parent
        self.name = QLineEdit(NO_NAME.sub("", suggestion.name))
        self.name.setAccessibleName("文件名")
        self.name.textChanged.connect(self.look)
        fields.addRow("文件名", self.name)
        self.folder = QLineEdit(str(self._folder))
        self.folder.setReadOnly(True)
        self.folder.setAccessibleName("文件夹")
        choose = QPushButton("选择…")
        choose.setAccessibleName("选择文件夹")
        choose.setToolTip("换一个文件夹放导出的文件。")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose_folder)
        across = QHBoxLayout()
        across.addWidget(self.folder, 1)
        across.addWidget(choose)
        fields.addRow("文件夹", across)
        self.told = sentence("", tone="text2")

    @property
    def stem(self) -> Path:
        """Folder and name of the files, without what their kinds end in."""
        return self._folder / self.name.text().strip()

    @property
    def wanted(self) -> Sequence[Path]:
        """The files that would be written."""
        raise NotImplementedError

    def look(self) -> None:
        """Says what will be written, or why nothing can be."""
        name = self.name.text().strip()
        wrong = sorted(set(NO_NAME.findall(name)))
        paths = self.wanted
        there = [path.name for path in paths if QFileInfo.exists(str(path))]
        if wrong:
            told = f"文件名里不能有 {' '.join(wrong)}。"
        elif not name:
            told = "请填写文件名。"
        elif not paths:
            told = self.NOTHING
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
            self.look()


class _Export(PlaceDialog):
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
        errors = [f for f in findings.open if f.severity is Severity.ERROR]
        queries = findings.count(Severity.QUERY)
        heading = "导出年报"
        if errors:
            heading = f"还有 {len(errors)} 个错误，可以先导出，定稿前须处理。"
        choices = [CANCEL]
        if errors and errors_can_be_seen:
            choices.append(Choice("errors", "看错误"))
        choices.append(Choice("export", "仍然导出" if errors else "导出", primary=True))
        super().__init__(parent, "导出", heading, choices=choices, width=46)
        if errors:
            listed = table_html(
                ("", ""),
                [("", [(f"▲ {part_named(f.where, report.form)}", f.message) for f in errors])],
                (14, 86),
            )
            self.body.addWidget(Document(listed, "错误", width=46, most=8, rest=420))
        if queries:
            self.say(f"{'另' if errors else ''}有 {queries} 处核实，见问题列表。")
        explained = len(findings.findings) - len(findings.open)
        self.say(
            f"{f'{explained} 处已说明；' if explained else ''}{coverage(report, findings).wordings[1]}。"
        )
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
            box.setToolTip(theme.plain_tip(_USES[suffix]))
            box.setMinimumHeight(24)
            box.toggled.connect(self.look)
            boxes.addWidget(box, i // 2, i % 2)
        fields.addRow("格式", boxes)
        self.ask_place(fields, suggestion)
        self.show_folder = QCheckBox("导出后打开所在文件夹")
        self.show_folder.setToolTip("导出以后马上看到文件，便于发送、复制。")
        self.show_folder.setMinimumHeight(24)
        self.show_folder.setChecked(show_folder)
        fields.addRow("", self.show_folder)
        self.body.addLayout(fields)
        self.body.addWidget(self.told)
        self.look()

    def value(self) -> ExportChoice:
        stem = self.stem
        wanted = [suffix for suffix, box in self.formats.items() if box.isChecked()]
        paths = tuple(Path(f"{stem}{suffix}") for suffix in wanted if suffix != PROOF)
        proof = Path(f"{stem}（校对稿）.pdf") if PROOF in wanted else None
        return ExportChoice(paths, self.show_folder.isChecked(), proof)

    @property
    def wanted(self) -> Sequence[Path]:
        choice = self.value()
        return [*choice.paths, *([choice.proof] if choice.proof else [])]


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
