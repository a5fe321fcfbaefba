"""The dialog 「版式…」: what a clerk may choose about the printed report.

Knows the words for the choices of a `Layout` and which of them exclude each other on paper; limits and profiles are
`writers.layouts`', faces `writers.faces`'. Keeps nothing: the layout that was chosen is handed back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from gxeditor.paper.layouts import BODY_SIZES, MARGINS, Layout, Margins, layout_from, layouts, to_data
from gxeditor.ui.look import theme
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog, sentence

SIZES = {
    22.0: "二号",
    18.0: "小二",
    16.0: "三号",
    15.0: "小三",
    14.0: "四号",
    12.0: "小四",
    10.5: "五号",
    9.0: "小五",
}
"""Points of the sizes that offices name (GB/T 148; the usual typesetting table)."""
_SIDES = {"top": "上", "bottom": "下", "left": "左（订口）", "right": "右"}
_ROLES = {
    "title": "标题（小标宋）",
    "fang": "正文（仿宋）",
    "hei": "一、二、三（黑体）",
    "kai": "（一）（二）（楷体）",
    "song": "表格、页码（宋体）",
    "latin": "字母、数字",
}
_FLAGS = {
    "cover": ("封面", "标题单独一页；不盖章的，署名和日期也印在这一页，文末不再印"),
    "signature": ("署名", "文末的单位"),
    "date": ("日期", "文末的日期"),
    "mirrored": ("双面打印", "偶数页的左右边距对调，订口在同一边"),
    "draft": ("标明“草稿”", "每页上角印“草稿”二字"),
    "charts": ("图表页", "末尾附申请人和办理结果的图，正文后写明附件；选了上年年报时与上年对照"),
}
_NUMBERS = {"outer": "单页在右、双页在左", "centre": "居中", "none": "不印"}
_REFUSED = 3  # sentences on fonts that have room in the dialog; more are scrolled, in as many lines


class _Told(QPlainTextEdit):
    """What fonts are not used and why, a line each."""

    def __init__(self, told: Sequence[str]) -> None:
        super().__init__("\n".join(told))
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFont(theme.font(9))
        self.setAccessibleName("没有用的字体和原因")
        self.setFixedHeight(2 * _REFUSED * self.fontMetrics().lineSpacing())


class _LayoutDialog(Dialog):
    def __init__(
        self,
        parent: QWidget | None,
        layout: Layout,
        families: Mapping[str, Sequence[str]],
        refused: Sequence[str] = (),
    ) -> None:
        super().__init__(
            parent,
            "版式",
            f"版式：{layout.name}",
            choices=(CANCEL, Choice("restore", "恢复原样"), Choice("use", "用这个版式", primary=True)),
            width=52,
        )
        self._profile = next((one for one in layouts() if one.key == layout.key), layouts()[0])
        self.body.addWidget(sentence(self._profile.note, tone="text2"))
        across = QHBoxLayout()
        across.setSpacing(24)
        self.body.addLayout(across)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(2)  # else it would be that between the columns
        right.setSpacing(2)
        across.addLayout(left)
        across.addLayout(right, 1)
        left.addWidget(_title("页边距（毫米）和字号"))
        page = _form(left)
        self.margins = {side: QDoubleSpinBox() for side in _SIDES}
        for side, name in _SIDES.items():
            box = self.margins[side]
            box.setRange(*MARGINS)
            box.setDecimals(1)
            box.setSingleStep(1)
            box.setAccessibleName(f"{name}边距，毫米")
            box.valueChanged.connect(self._look)
            _row(page, name, box)
        self.size_box = QComboBox()
        self.size_box.setAccessibleName("正文字号")
        self.size_box.currentIndexChanged.connect(self._look)
        _row(page, "正文字号", self.size_box)
        self.number_box = QComboBox()
        self.number_box.setAccessibleName("页码")
        for key, name in _NUMBERS.items():
            self.number_box.addItem(name, key)
        _row(page, "页码", self.number_box)
        left.addStretch(1)

        right.addWidget(_title("字体"))
        fonts = _form(right)
        self.faces = {role: QComboBox() for role in _ROLES}
        for role, name in _ROLES.items():
            face = self.faces[role]
            face.setAccessibleName(f"{name}的字体")
            face.addItem("自动（现有最合适的）", "")
            for family in families.get(role, ()):
                face.addItem(family, family)
            _row(fonts, name, face)
        if len(refused) > _REFUSED:
            right.addWidget(_Told(refused))
        else:
            for told in refused:
                right.addWidget(sentence(told, tone="text2"))
        right.addStretch(1)

        self.body.addWidget(_title("内容"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(0)
        self.flags = {}
        for i, (key, (name, what)) in enumerate(_FLAGS.items()):
            flag = self.flags[key] = QCheckBox(name)
            flag.setMinimumHeight(24)
            flag.setToolTip(theme.plain_tip(f"{what.rstrip('。')}。"))
            flag.setAccessibleDescription(what)
            grid.addWidget(flag, i // 3, i % 3)
        self.body.addLayout(grid)
        self.told = sentence("", tone="text2")
        self.body.addWidget(self.told)
        self.buttons["restore"].setToolTip(
            theme.plain_tip(f"改乱了时，回到“{self._profile.name}”本来的样子。")
        )
        self.show_layout(layout)

    def show_layout(self, layout: Layout) -> None:
        """Fills all fields with a layout."""
        self._layout = layout
        for side, margin in self.margins.items():
            margin.setValue(getattr(layout.margins, side))
        self.size_box.clear()
        low, high = BODY_SIZES
        sizes = {size: name for size, name in SIZES.items() if low <= size <= high}
        for size in sorted({*sizes, layout.body_size}, reverse=True):
            self.size_box.addItem(f"{sizes.get(size, '')} {size:g} 磅".strip(), size)
        self.size_box.setCurrentIndex(self.size_box.findData(layout.body_size))
        self.number_box.setCurrentIndex(self.number_box.findData(layout.page_number))
        for role, box in self.faces.items():
            family = layout.faces.get(role, "")
            if box.findData(family) < 0:
                box.addItem(f"{family}（这台电脑上没有）", family)
            box.setCurrentIndex(box.findData(family))
        for key, flag in self.flags.items():
            flag.setChecked(getattr(layout, key))
        self._look()

    def value(self) -> tuple[Layout, tuple[str, ...]]:
        """The layout as filled in, and what of it cannot be."""
        margins = Margins(**{side: box.value() for side, box in self.margins.items()})
        size = self.size_box.currentData()
        faces = {role: box.currentData() for role, box in self.faces.items() if box.currentData()}
        wanted = replace(
            self._layout,
            margins=margins,
            body_size=size if size is not None else self._layout.body_size,
            page_number=self.number_box.currentData() or self._layout.page_number,
            faces=faces,
        )
        flags = {key: flag.isChecked() for key, flag in self.flags.items()}
        return layout_from({**to_data(wanted), **flags})

    def _look(self) -> None:
        """Says how many lines and characters stand on a page, or what cannot be."""
        layout, defects = self.value()
        self.told.setText(
            "；".join(defects) + "。"
            if defects
            else f"每页 {layout.lines} 行，每行 {layout.characters} 字；版心 "
            f"{layout.width:g} × {layout.height:g} 毫米。"
        )
        theme.restyle(self.told, tone="errtext" if defects else "text2")
        self.buttons["use"].setEnabled(not defects)

    def _pressed(self) -> None:
        if self.sender() is self.buttons["restore"]:
            self.show_layout(self._profile)
        else:
            super()._pressed()


def _title(text: str) -> QLabel:
    label = theme.Label(text)
    label.setFont(theme.font(9, 600))
    return label


def _form(column: QVBoxLayout) -> QGridLayout:
    form = QGridLayout()
    form.setContentsMargins(0, 4, 0, 4)
    form.setHorizontalSpacing(8)
    form.setVerticalSpacing(6)
    form.setColumnStretch(1, 1)
    column.addLayout(form)
    return form


def _row(form: QGridLayout, name: str, field: QWidget) -> None:
    row = form.rowCount()
    form.addWidget(theme.Label(name), row, 0)
    form.addWidget(field, row, 1)


def ask_layout(
    parent: QWidget | None,
    layout: Layout,
    families: Mapping[str, Sequence[str]],
    refused: Sequence[str] = (),
) -> Layout | None:
    """The layout as the clerk wants it, None if cancelled.

    `families` names, by role, the faces there are; `refused` are sentences on fonts of the clerk's that cannot be used.
    """
    dialog = _LayoutDialog(parent, layout, families, refused)
    return dialog.value()[0] if dialog.run() == "use" else None
