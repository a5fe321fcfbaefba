"""The questions that the window asks about the open report and its file.

Each function shows one dialog and returns what was chosen as a plain value. Changes no report and no file: the window
does what was chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QRadioButton, QSpinBox, QWidget

from gxeditor.core.edits import Less
from gxeditor.core.errors import GxError
from gxeditor.core.form import Cell
from gxeditor.core.report import AgencyKind, Entry, Report, show_entry
from gxeditor.resources import load_form
from gxeditor.ui.look.dialog import (
    CANCEL,
    CLOSE,
    Choice,
    Dialog,
    Document,
    ask,
    ask_less,
    lines_html,
    sentence,
    table_html,
)


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


def saving_dialog(parent: QWidget | None, name: str, *, closing: bool, kept: bool) -> Dialog:
    """What is shown while the file `name` is being written and somebody waits for it: "cancel" to wait no longer.

    Who is `closing` the report can "leave" without waiting, if all edits are `kept` to be offered again.
    """
    choices = [Choice("cancel", "回到年报", primary=True)]
    heading = f"正在保存“{name}”"
    if closing:
        heading += "，保存好了就关闭"
        if kept:
            choices.insert(0, Choice("leave", "直接关闭"))
    dialog = Dialog(parent, "正在保存", f"{heading}。", choices=choices)
    dialog.say("文件所在的磁盘写得很慢。可以回到年报接着填写，保存会继续做。")
    if closing and kept:
        dialog.say("也可以直接关闭：修改都已自动保留，这次没有存好的，下次打开程序时可以恢复。")
    return dialog


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


def ask_less_imported(parent: QWidget | None, less: Sequence[Less]) -> frozenset[str] | None:
    """The keys of what an import is not to replace by less; None if nothing is to be imported after all."""
    return ask_less(
        parent,
        "导入会变少",
        f"当前年报有 {len(less)} 处会变少。哪些保留现在的内容？",
        [(one.key, one.told) for one in less],
        Choice("import", "填入当前年报", primary=True),
    )


def ask_lesser_prior(parent: QWidget | None, present: str, new: str) -> bool:
    """Whether to compare with another report of last year, which says less than the present one."""
    dialog = Dialog(
        parent,
        "换上年年报",
        "这份上年年报比现在对照的那份内容少，换吗？",
        choices=(Choice("cancel", "不换"), Choice("change", "换成这一份", primary=True)),
    )
    dialog.say(f"现在对照的有 {present}，这一份有 {new}。")
    dialog.say("本年的数和文字不变，可以撤销。")
    return dialog.run() == "change"


def ask_fill_blanks(parent: QWidget | None, cells: Sequence[Cell]) -> bool:
    """Whether to write 0 into these blank cells, which are listed by table and row first."""
    dialog = Dialog(
        parent,
        "其余空格填 0",
        f"把 {len(cells)} 个未填的格填为 0。已有内容的格不变，可以撤销。",
        choices=(CANCEL, Choice("fill", "填 0", primary=True)),
    )
    dialog.body.addWidget(_listed([(cell, "") for cell in cells], "要填 0 的格"))
    return dialog.run() == "fill"


def ask_fill_forced(parent: QWidget | None, values: Mapping[str, int | Decimal]) -> bool:
    """Whether to write these values, by cell id, into blank cells; each is shown first."""
    dialog = Dialog(
        parent,
        "按提示填入",
        f"按勾稽关系，有 {len(values)} 个未填的格只能是下面的数。填入后可以撤销。",
        choices=(CANCEL, Choice("fill", "填入", primary=True)),
    )
    cells = load_form().cells
    dialog.body.addWidget(_listed([(cells[i], f" {show_entry(v)}") for i, v in values.items()], "能推出的格"))
    return dialog.run() == "fill"


def ask_fill_carried(parent: QWidget | None, values: Mapping[str, Entry], source: str) -> bool:
    """Whether to write what last year left, by cell id, into blank cells; each is shown first, and whence it comes."""
    dialog = Dialog(
        parent,
        "填上年结转",
        f"本年“上年结转”有 {len(values)} 格没有填，去年的“结转下年度”有数。填进去吗？",
        choices=(Choice("cancel", "不填"), Choice("fill", "填上年结转", primary=True)),
    )
    dialog.say(f"取自{source}。已填的格不变，合计自动算出；可以撤销。")
    cells = load_form().cells
    dialog.body.addWidget(_listed([(cells[i], f" {show_entry(v)}") for i, v in values.items()], "要填的格"))
    return dialog.run() == "fill"


def ask_draft(parent: QWidget | None, numbers: Sequence[str], source: str) -> bool:
    """Whether to begin these parts of the prose, which are empty, with last year's."""
    dialog = Dialog(
        parent,
        "用去年的文字起草",
        f"把去年的文字放进还空着的 {len(numbers)} 部分（{'、'.join(numbers)}）吗？",
        choices=(CANCEL, Choice("draft", "用去年的文字起草", primary=True)),
    )
    dialog.say(f"取自{source}。已有文字的部分不变，可以撤销。")
    dialog.say("文字里的年份和数会逐处标出，列在“问题”里，请改成今年的。")
    return dialog.run() == "draft"


def _listed(cells: Iterable[tuple[Cell, str]], name: str) -> Document:
    """Cells by table and row, each with what is to be said of it."""
    tables: dict[str, dict[str, list[str]]] = {}
    for cell, said in cells:
        row, _, column = cell.place.partition(" · ")
        tables.setdefault(cell.section, {}).setdefault(row, []).append(f"{column}{said}".strip())
    form = load_form()
    groups = [
        (
            f"表{form.section(key).number}，{sum(map(len, rows.values()))} 格",
            [(row, "、".join(filter(None, columns))) for row, columns in rows.items()],
        )
        for key, rows in tables.items()
    ]
    return Document(table_html(("", ""), groups, (45, 55)), name)


@dataclass(frozen=True, slots=True)
class NewReport:
    """What a new report begins with; `prose` says whether last year's comes over."""

    agency: str
    kind: AgencyKind
    year: int
    prose: bool = True


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
        self.with_prose, self.without_prose = QRadioButton(), QRadioButton("不带，文字从空白写起")
        self.with_prose.setToolTip("去年的文字作底稿，在上面改；年份和数会标出来。")
        self.without_prose.setToolTip("今年的工作与去年很不一样时，各部分从头写。")
        written = (
            [s.number for s in prior.form.sections if prior.sections.get(s.key, "").strip()] if prior else []
        )
        if written:
            parts = f"{'、'.join(written)}，共 {len(written)} 部分"
            self.with_prose.setText(f"带过来（{parts}），年份和数标出来请改")
            self.with_prose.setChecked(True)
            fields.addRow("文字", self.with_prose)
            fields.addRow("", self.without_prose)
        self.body.addLayout(fields)
        if carried:
            self.say("会带过来：")
            self.body.addWidget(
                Document(
                    "".join(f"<p>{lines_html(s)}</p>" for s in carried),
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
        return NewReport(
            self.agency.text().strip(),
            AgencyKind(self.kind.currentData()),
            self.year.value(),
            not self.without_prose.isChecked(),
        )


def ask_new_report(
    parent: QWidget | None, *, prior: Report | None, year: int, carried: Sequence[str] = ()
) -> NewReport | None:
    """Agency, kind and year of a new report, None if cancelled.

    With last year's report they begin with its own. `carried` are the sentences on what comes over from it
    (`bring_forward` gives them); without, the parts are named in general.
    """
    if prior is not None and not carried:
        carried = ["上年结转：取自去年的结转下年度"]
    dialog = _NewReport(parent, prior, year, carried)
    return dialog.value() if dialog.run() == "new" else None
