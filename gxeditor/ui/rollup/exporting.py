"""「导出」 and 「未交名单」 of a roll-up: what is written, under which names, and how complete its sums are.

Knows which files there are, what each is good for and how they are called beside each other. Nothing is forbidden: an
incomplete sum says in every file of how many units it is, and here before. What stands in the files is `rollup.writing`
and `rollup.letters`; letters to units have a page of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.rollup.checks import check
from gxeditor.core.rollup.missing import HEAD, MissingList, missing_list
from gxeditor.core.rollup.project import Rollup, State
from gxeditor.core.rollup.sums import completeness, counts
from gxeditor.resources import load_rollup_checks, load_unit_words
from gxeditor.rollup.writing import suggested_name
from gxeditor.ui.editor.clipboard import blank_mime_data
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog, Document, run_task, table_html
from gxeditor.ui.look.tasks import Work
from gxeditor.ui.output.export_dialog import PlaceDialog
from gxeditor.ui.rollup.session import RollupDesk

WORKBOOK, MISSING, LONG, ANALYSIS_WORD, ANALYSIS_PDF = (
    "workbook",
    "missing",
    "long",
    "analysis",
    "analysis_pdf",
)
LETTERS = "letters"
_SHOWN = 300
"""Rows of each part that the dialog lists: more than anybody reads there, and few enough to be laid out at once."""


class _Output(NamedTuple):
    """A file that can be written: what the box says, what it is good for, and how its name ends."""

    words: str
    use: str
    ending: str


_OUTPUTS: Mapping[str, _Output] = {
    WORKBOOK: _Output(
        "汇总工作簿（Excel）",
        "合计、分单位明细、层级小计、与上年、未交和退回、调整、检查，各在一张工作表。",
        ".xlsx",
    ),
    MISSING: _Output(
        "未交名单（Word）", "谁没有交、期限和剩余天数，另列未认领和已退回的，用来催报。", "（未交名单）.docx"
    ),
    ANALYSIS_WORD: _Output(
        "分析（Word）", "用合计写成的分析，文字里的数都来自合计，可以接着改。", "（分析）.docx"
    ),
    ANALYSIS_PDF: _Output("分析（PDF）", "同样的分析，带图表，用来打印、传阅。", "（分析）.pdf"),
    LONG: _Output(
        "长表（CSV，供其他工具）",
        "一行一个数，给数据库和统计软件读；用 Excel 看，请选汇总工作簿。",
        "（长表）.csv",
    ),
}


class _Chosen(NamedTuple):
    """What is to be written: the path of each file, by its key."""

    paths: Mapping[str, Path]


class _RollupExport(PlaceDialog):
    NOTHING = "请至少选择一项。"

    def __init__(self, desk: RollupDesk, suggestion: Path, ticked: Sequence[str]) -> None:
        rollup = desk.session.rollup
        number = counts(rollup)[""]
        super().__init__(
            desk.frame,
            "导出汇总",
            f"合计是 {number.completeness}的。" if number.of else "还没有应报的单位。",
            choices=(
                CANCEL,
                Choice(LETTERS, "写退回意见…", tip="退回意见在另一页里选单位、看样子，再导出或打印。"),
                Choice("export", "导出", primary=True),
            ),
            width=46,
        )
        if number.of:
            self.say(number.words)
        if number.entered < number.of:
            self.say("写出的每个合计都注明是几家的；没有数的格留空，不当作 0。")
        fields = QFormLayout()
        fields.setContentsMargins(0, 8, 0, 0)
        fields.setSpacing(8)
        boxes = QVBoxLayout()
        boxes.setSpacing(0)
        self.outputs = {key: QCheckBox(one.words) for key, one in _OUTPUTS.items()}
        for key, box in self.outputs.items():
            box.setChecked(key in ticked)
            box.setToolTip(theme.plain_tip(_OUTPUTS[key].use))
            box.setMinimumHeight(24)
            box.toggled.connect(self.look)
            boxes.addWidget(box)
        fields.addRow("内容", boxes)
        self.ask_place(fields, suggestion)
        self.body.addLayout(fields)
        self.body.addWidget(self.told)
        self.look()

    def value(self) -> _Chosen:
        wanted = [key for key, box in self.outputs.items() if box.isChecked()]
        return _Chosen({key: Path(f"{self.stem}{_OUTPUTS[key].ending}") for key in wanted})

    @property
    def wanted(self) -> Sequence[Path]:
        return list(self.value().paths.values())


def ask_export(desk: RollupDesk) -> None:
    """Asks what of the roll-up is to be written, and writes it; what was ticked is ticked the next time."""
    rollup = desk.session.rollup
    suggestion = desk.session.folder / suggested_name(rollup, "年报汇总")
    dialog = _RollupExport(desk, suggestion, desk.settings.rollup_outputs)
    answer = dialog.run()
    if answer == LETTERS:
        desk.write_letters_to("")
    if answer != "export":
        return
    chosen = dialog.value()
    desk.keep_settings(rollup_outputs=tuple(chosen.paths))
    written: list[Path] = []
    run_task(desk.frame, "导出汇总", _writing(desk, rollup, chosen.paths, written))
    if written:
        number = completeness(len(rollup.entered), len(rollup.must))
        desk.tell_written(f"已导出{_counted(written)}，合计是 {number}的。", written)


def _counted(written: Sequence[Path]) -> str:
    return f"“{written[0].name}”" if len(written) == 1 else f" {len(written)} 个文件"


def _writing(
    desk: RollupDesk, rollup: Rollup, paths: Mapping[str, Path], written: list[Path]
) -> Callable[[Work], None]:
    """The work of writing these files; each that is on the disk is added to `written`."""
    need_findings = bool({WORKBOOK, ANALYSIS_WORD, ANALYSIS_PDF} & set(paths))
    known = desk.session.known_findings(rollup) if need_findings else None
    checks, words = load_rollup_checks(rollup.form), load_unit_words()
    when = datetime.now()

    def write(work: Work) -> None:
        from gxeditor.rollup.writing import write_long_table, write_missing_list, write_workbook

        findings = known
        if need_findings and findings is None:
            work.advance(0, len(paths), "检查各单位之间")
            findings = check(rollup, checks, words=words, given_up=work.cancelled)
        for done, (key, path) in enumerate(paths.items()):
            work.stop_if_cancelled()
            work.advance(done, len(paths), f"写“{path.name}”")
            if key == WORKBOOK:
                write_workbook(rollup, path, findings, when=when, cancelled=work.cancelled)
            elif key == MISSING:
                write_missing_list(rollup, path, today=when.date(), cancelled=work.cancelled)
            elif key == LONG:
                write_long_table(rollup, path, cancelled=work.cancelled)
            else:
                from gxeditor.core.rollup.analysis import analysis
                from gxeditor.resources import load_rules
                from gxeditor.rollup.letters import write_analysis

                said = analysis(rollup, findings, load_rules(rollup.form))
                write_analysis(rollup.form, said, path, (path.suffix,), cancelled=work.cancelled)
            written.append(path)

    return write


class _Missing(Dialog):
    def __init__(self, parent: QWidget, owing: MissingList) -> None:
        choices = [
            Choice("cancel", "关闭"),
            Choice("word", "存为 Word…", tip="写成 Word 文件，可以打印、发文。"),
        ]
        choices.append(
            Choice(
                "copy",
                "复制",
                primary=True,
                tip="放进剪贴板：贴到微信、QQ 里是文字，贴到 Word、Excel 里是表格。",
            )
        )
        super().__init__(parent, "未交名单", owing.head, choices=choices, width=60)
        if owing.parts:
            groups = [(part.heading, list(owing.rows(part))[:_SHOWN]) for part in owing.parts]
            listed = table_html(HEAD, groups, (7, 33, 12, 14, 12, 22))
            self.body.addWidget(Document(listed, "未交名单", width=60, most=16, rest=300))
        if any(len(part.rows) > _SHOWN for part in owing.parts):
            self.say(f"这里每一类只列出前 {_SHOWN} 家；复制和存为 Word 的是全部。")


def show_missing(desk: RollupDesk) -> None:
    """Shows the 未交名单 of today, which can be copied or written as Word."""
    rollup = desk.session.rollup
    today = date.today()
    owing = missing_list(rollup, today)
    answer = _Missing(desk.frame, owing).run()
    if answer == "copy":
        data = blank_mime_data()
        data.setText(owing.text())
        data.setHtml(owing.html())
        QGuiApplication.clipboard().setMimeData(data)
        desk.tell(f"已复制未交名单：{owing.must} 家中 {counts(rollup)[''].count(State.MISSING)} 家未交。")
    elif answer == "word":
        _save_missing(desk, rollup, today)


def _save_missing(desk: RollupDesk, rollup: Rollup, today: date) -> None:
    suggestion = desk.session.folder / f"{suggested_name(rollup, '年报未交名单')}.docx"
    name, _ = QFileDialog.getSaveFileName(desk.frame, "未交名单", str(suggestion), "Word 文档 (*.docx)")
    if not name:
        return
    path = Path(name) if name.lower().endswith(".docx") else Path(f"{name}.docx")

    def write(work: Work) -> MissingList:
        from gxeditor.rollup.writing import write_missing_list

        return write_missing_list(rollup, path, today=today, cancelled=work.cancelled)

    owing = run_task(desk.frame, "未交名单", write)
    if owing is not None:
        desk.tell_written(
            f"已写出“{path.name}”：{owing.must} 家中 {len(owing.missing.rows)} 家未交。", [path]
        )
