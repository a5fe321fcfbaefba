"""What an import read, beside the original, before it replaces anything.

Knows how original, result and doubts are kept in step, and what there is to choose: which doubtful figures to accept,
whether to replace or only to fill what is blank, which of several years. Knows no file and imports nothing: the window
does what was decided (`report`, `replaces`). The two sides are `original` and `result`, the list below them `doubts`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core import edits
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.report import Report
from gxeditor.files.reading import read_head
from gxeditor.imports.source import ImportNote, Lines, Origin, Source, SourceText, told_together
from gxeditor.ui.importing.decisions import Decisions
from gxeditor.ui.importing.doubts import ACCEPT, BLANK, NoteList
from gxeditor.ui.importing.original import Original, origins_of
from gxeditor.ui.importing.paper_view import PaperView
from gxeditor.ui.importing.result import ProsePicture, TablePicture
from gxeditor.ui.look import theme

if TYPE_CHECKING:
    from gxeditor.imports.recognize.report import Imported

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_PROSE = ""  # the key of the tab with the texts


class _Places(theme.Label):
    """Where a note leads, as far as there is room: two hundred places must not widen the window. The tip has all."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(theme.font())
        self.setProperty("tone", "text2")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(theme.current().text2)
        room = self.contentsRect()
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _LEFT, words)
        painter.end()


class _Mark(QWidget):
    """The shape of a severity before a figure."""

    def __init__(self, severity: Severity) -> None:
        super().__init__()
        self._severity = severity
        self.setFixedSize(12, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme.paint_mark(painter, QRectF(0.5, 0.5, 11, 11), self._severity)
        painter.end()


class _Tab(QToolButton):
    """A tab of the result: its name, and behind it how much is doubtful and how much is only told."""

    def __init__(self, name: str, doubts: int, told: int) -> None:
        super().__init__()
        self.setText(f" {name} ")
        self.setCheckable(True)
        self._counts = [(s, n) for s, n in ((Severity.QUERY, doubts), (Severity.HINT, told)) if n]
        said = [name, *([f"有存疑 {doubts} 处"] if doubts else []), *([f"说明 {told} 条"] if told else [])]
        self.setAccessibleName("，".join(said))
        self.setToolTip(theme.plain_tip(f"看读入的{name}，与左边的原文对照。"))

    def _room(self) -> int:
        metrics = QFontMetrics(theme.font(9, 600))
        return sum(20 + metrics.horizontalAdvance(str(count)) for _, count in self._counts)

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return QSize(size.width() + self._room(), size.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        if self.isChecked() or self.underMouse():
            painter.fillRect(self.rect(), colors.accenttint if self.isChecked() else colors.head)
        if self.hasFocus():
            theme.Pixels(painter).frame(QRectF(self.rect()), colors.focus)
        painter.setFont(theme.font(9, 600 if self.isChecked() else 400))
        painter.setPen(colors.link if self.isChecked() else colors.text)
        name = self.text().strip()
        metrics = painter.fontMetrics()
        x = (self.width() - metrics.horizontalAdvance(name) - self._room()) // 2
        painter.drawText(x, 0, self.width(), self.height(), _LEFT, name)
        x += metrics.horizontalAdvance(name)
        painter.setFont(theme.font(9, 600))
        for severity, count in self._counts:
            theme.paint_mark(painter, QRectF(x + 6, self.height() / 2 - 4.5, 9, 9), severity)
            painter.setPen(getattr(colors, f"{theme.TONES[severity]}text"))
            painter.drawText(x + 18, 0, 60, self.height(), _LEFT, str(count))
            x += 20 + painter.fontMetrics().horizontalAdvance(str(count))
        painter.end()


class ImportReview(QWidget):
    """The page between reading a foreign file and taking it over.

    `accepted_new` and `accepted_into_current` ask for what is decided: `report`, and `replaces` whether figures and
    texts of the open report that differ give way.
    """

    accepted_new = Signal()
    accepted_into_current = Signal()
    cancelled = Signal()

    def __init__(
        self,
        imported: Imported,
        file_name: str,
        current: Report | None = None,
        parent: QWidget | None = None,
        *,
        rules: Sequence[Rule] = (),
        path: Path | None = None,
        reread: Callable[[int], None] | None = None,
    ) -> None:
        """`current` is the open report, None if there is none; `rules` are those that may force what is blank.

        `path` is the file, to show its pages. `reread` is called with the year that a person wants to see, if the file
        holds several; whoever gives it shows another review then.
        """
        super().__init__(parent)
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("核对导入结果")
        self._imported = imported
        self._form = imported.report.form
        self._current = current
        self._reread = reread
        self.decisions = Decisions(imported, rules)
        self._ids: dict[Origin, list[str]] = {}
        for cell_id, origin in imported.placed.items():
            self._ids.setdefault(origin, []).append(cell_id)
        self._turns: list[QPushButton] = []
        self._original = _original_of(imported.source, imported.notes, imported.placed, path)
        self._connect_original()
        self._range = _Places()
        self._pictures: dict[str, TablePicture | ProsePicture] = {}

        panes = self._panes = QGridLayout()
        panes.setContentsMargins(20, 10, 20, 0)
        panes.setHorizontalSpacing(24)
        panes.setVerticalSpacing(8)
        panes.addLayout(self._original_head(), 0, 0)
        panes.addLayout(self._result_head(), 0, 1)
        panes.addWidget(self._original, 1, 0)
        panes.addWidget(self._book, 1, 1)
        panes.setColumnStretch(0, 1)
        panes.setColumnStretch(1, 1)
        panes.setRowStretch(1, 1)
        for pane in (self._original, self._book):
            _make_pane(pane)

        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head(file_name))
        if len(imported.source.years) > 1:
            whole.addWidget(self._year_bar())
        whole.addLayout(panes, 1)
        whole.addLayout(self._notes_part())
        whole.addWidget(self._foot())
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            import_now = QShortcut(QKeySequence(keys), self)
            import_now.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            import_now.activated.connect(self._primary.click)
        self._first()
        self._renew()

    # --- what is decided

    @property
    def report(self) -> Report:
        """What was read, as it was decided upon; figures accepted in doubt are among its `doubts`."""
        return self.decisions.report

    @property
    def replaces(self) -> bool:
        """Whether what differs in the open report gives way; else only what is blank there is filled."""
        return self._replace is None or self._replace.isChecked()

    def into(self, current: Report, keep: Collection[str] = ()) -> Report:
        """The open report with what was decided taken into it; `keep` are keys of what does not get `less`."""
        if self.replaces:
            return edits.take_over(current, self.report, keep).report
        return edits.fill_in(current, self.report)

    def less(self, current: Report) -> tuple[edits.Less, ...]:
        """What of the open report would be replaced by less."""
        return edits.take_over(current, self.report).less if self.replaces else ()

    # --- building

    def _head(self, file_name: str) -> QWidget:
        head = QFrame()
        head.setProperty("ground", "window")
        head.setProperty("edge", "bottom")
        across = QHBoxLayout(head)
        across.setContentsMargins(20, 8, 20, 8)
        across.setSpacing(18)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(theme.label("核对导入结果", 12, 600))
        kind = self._imported.source.kind
        said = "　".join(filter(None, (file_name, kind, "导入后可以整体撤销")))
        about = theme.label(said, tone="text2")
        about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        about.setToolTip(theme.plain_tip(file_name))
        words.addWidget(about)
        across.addLayout(words, 1)
        notes = self._imported.notes
        doubts = sum(1 for note in notes if note.severity == "doubt")
        self._read = theme.label("", 9.75, 600)
        self._blank = theme.label("", 9.75, 600)
        across.addWidget(self._read)
        across.addWidget(self._blank)
        for severity, count, text, tone in (
            (Severity.QUERY, doubts, f"存疑 {doubts} 处", "qrytext"),
            (Severity.HINT, len(notes) - doubts, f"说明 {len(notes) - doubts} 条", "hinttext"),
        ):
            if count:
                pair = QHBoxLayout()
                pair.setSpacing(4)
                pair.addWidget(_Mark(severity))
                pair.addWidget(theme.label(text, 9.75, 600, tone))
                across.addLayout(pair)
        return head

    def _year_bar(self) -> QWidget:
        """Which year of the file is shown, and the others to choose."""
        years = self._imported.source.years
        now = self._imported.report.year
        bar = QFrame()
        bar.setProperty("ground", "qrytint")
        bar.setProperty("edge", "bottom")
        across = QHBoxLayout(bar)
        across.setContentsMargins(20, 5, 20, 5)
        across.setSpacing(8)
        if len(years) == 2:
            told = f"这个文件里有 {years[0]} 和 {years[1]} 两年，读哪一年？"
        else:
            told = f"这个文件里有 {'、'.join(map(str, years))} 共 {len(years)} 年，读哪一年？"
        across.addWidget(_Mark(Severity.QUERY))
        across.addWidget(theme.label(told, 9.75, 600, "qrytext"))
        self._years = QButtonGroup(self)
        for year in years:
            button = QToolButton()
            button.setText(f" {year} 年 ")
            button.setCheckable(True)
            button.setChecked(year == now)
            button.setEnabled(self._reread is not None or year == now)
            button.setAccessibleName(f"读 {year} 年")
            button.setToolTip(theme.plain_tip(f"从文件里读 {year} 年的内容，重新核对。"))
            self._years.addButton(button, year)
            across.addWidget(button)
        self._years.idClicked.connect(self._year_chosen)
        across.addStretch(1)
        return bar

    def _year_chosen(self, year: int) -> None:
        if self._reread is not None and year != self._imported.report.year:
            self._reread(year)
            present = self._imported.report.year  # still on show if that could not be read
            if present is not None and (button := self._years.button(present)) is not None:
                button.setChecked(True)

    def _original_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(theme.label("原文", 9.75, 600))
        row.addWidget(self._range, 1)
        self._page = theme.label("", tone="text2")
        row.addWidget(self._page)
        for words, by in (("上一页", -1), ("下一页", 1)):
            turn = QPushButton(words)
            turn.setToolTip(theme.plain_tip(f"看原文的{'前' if by < 0 else '后'}一页，与右边读入的对照。"))
            turn.setProperty("link", True)
            turn.clicked.connect(self._previous_page if by < 0 else self._next_page)
            row.addWidget(turn)
            self._turns.append(turn)
        self._say_page()
        return row

    def _connect_original(self) -> None:
        from gxeditor.ui.importing.pdf_view import PageView

        self._original.pointed.connect(self._place_chosen)
        self._original.moved.connect(self._say_page)
        if isinstance(self._original, PageView):
            self._original.failed.connect(self._show_blocks)

    def _show_blocks(self) -> None:
        """The pages cannot be shown: what was read of them is."""
        pages = self._original
        self._original = PaperView(self._imported.source, self._imported.notes)
        self._connect_original()
        _make_pane(self._original)
        self._panes.replaceWidget(pages, self._original)
        pages.deleteLater()
        self._say_page()

    def _previous_page(self) -> None:
        self._original.turn(-1)

    def _next_page(self) -> None:
        self._original.turn(1)

    def _say_page(self) -> None:
        self._page.setText(self._original.here)
        self._page.setVisible(bool(self._original.here))
        for turn in self._turns:
            turn.setVisible(self._original.pages > 1)

    def _result_head(self) -> QHBoxLayout:
        """The title and the tabs; the pictures go into `_book` in the same order."""
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(theme.label("读入后", 9.75, 600))
        row.addSpacing(8)
        self._book = QStackedWidget()
        self._tabs = QButtonGroup(self)
        self._keys: list[str] = []
        for section in self._form.sections:
            if section.table is not None:
                name = f"表{section.number}"
                table = TablePicture(section.table, name, self._imported, self.decisions, self._current)
                table.chosen.connect(self._cell_chosen)
                self._add_tab(row, section.key, name, table)
        prose = ProsePicture(self._imported, self._current)
        prose.chosen.connect(self._text_chosen)
        self._add_tab(row, _PROSE, "文字", prose)
        self._tabs.idClicked.connect(self._tab_chosen)
        row.addStretch(1)
        self._only = QCheckBox("只看存疑的行")
        self._only.setToolTip("表长时，把没有疑问的行收起来，先看要您定的。")
        self._only.toggled.connect(self._only_toggled)
        self._only.setVisible(any(note.cells for note in self._imported.notes if note.severity == "doubt"))
        row.addWidget(self._only)
        return row

    def _add_tab(self, row: QHBoxLayout, key: str, name: str, picture: TablePicture | ProsePicture) -> None:
        about = [note for note in self._imported.notes if self._key_of(note) == key]
        doubts = sum(1 for note in about if note.severity == "doubt")
        tab = _Tab(name, doubts, len(about) - doubts)
        self._tabs.addButton(tab, len(self._keys))
        self._keys.append(key)
        self._pictures[key] = picture
        self._book.addWidget(picture)
        row.addWidget(tab)

    def _notes_part(self) -> QVBoxLayout:
        part = QVBoxLayout()
        part.setContentsMargins(20, 8, 20, 8)
        part.setSpacing(6)
        notes = self._imported.notes
        self._list = NoteList(notes, self._imported.source.lines, self.decisions)
        self._list.currentItemChanged.connect(self._note_chosen)
        self._list.itemClicked.connect(self._note_chosen)
        self._list.asked.connect(self._asked)
        head = QHBoxLayout()
        head.setSpacing(8)
        if notes:
            head.addWidget(theme.label("需要您看一眼的地方", 9.75, 600))
        else:
            head.addWidget(theme.label("没有存疑的地方。", 9.75, tone="text2"))
            self._list.hide()
        told = theme.label("采用的照样记在“问题”里，看过再销。", tone="text2")
        told.setVisible(any(map(self.decisions.figures, notes)))
        head.addWidget(told)
        head.addStretch(1)
        self._hints = QPushButton("")
        self._hints.setCheckable(True)
        self._hints.clicked.connect(self._hints_clicked)
        self._accept_tab = QPushButton("")
        self._accept_tab.setToolTip("这张表里存疑而读出了数的各处都采用，导入后仍会标出。")
        self._accept_tab.clicked.connect(self._accept_of_tab)
        self._accept_all = QPushButton("")
        self._accept_all.setToolTip("存疑而读出了数的各处都采用，导入后仍会标出。")
        self._accept_all.clicked.connect(self._accept_everything)
        for button in (self._hints, self._accept_tab, self._accept_all):
            head.addWidget(button)
        part.addLayout(head)
        part.addWidget(self._list)
        return part

    def _foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("ground", "window")
        foot.setProperty("edge", "top")
        down = QVBoxLayout(foot)
        down.setContentsMargins(20, 9, 20, 9)
        down.setSpacing(6)
        self._losses = theme.label("", tone="text2")
        self._losses.setWordWrap(True)
        down.addWidget(self._losses)
        across = QHBoxLayout()
        across.setSpacing(8)
        down.addLayout(across)
        self._said = theme.label("", tone="text2")
        self._replace: QToolButton | None = None
        across.addWidget(self._said)
        compared = edits.compare(self._current, self._imported.report) if self._current is not None else None
        if compared is not None and (compared.filled or compared.words):
            self._choices = QButtonGroup(self)
            for text, checked, tip in (
                ("只填空着的格", True, "年报里已有的数和文字都不动，只补没有填的。"),
                ("不同的也替换", False, "与文件不同的改成文件里的；会变少的先问您。"),
            ):
                choice = QToolButton()
                choice.setToolTip(theme.plain_tip(tip))
                choice.setText(f" {text} ")
                choice.setCheckable(True)
                choice.setChecked(checked)
                choice.toggled.connect(self._say_what_happens)
                self._choices.addButton(choice)
                across.addWidget(choice)
            self._replace = choice
        across.addStretch(1)
        buttons = [("取消", self.cancelled), ("导入为新年报", self.accepted_new)]
        if self._current is not None:
            buttons.append(("填入当前年报", self.accepted_into_current))
        tips = {
            "取消": "不导入，什么也不改（Esc）。",
            "导入为新年报": "另开一份年报，正在填的这一份不变。",
            "填入当前年报": "把读入的数和文字填进正在填的这一份，可以整体撤销。",
        }
        for text, signal in buttons:
            button = QPushButton(text)
            button.setToolTip(theme.plain_tip(tips[text]))
            button.clicked.connect(signal)
            across.addWidget(button)
        button.setProperty("primary", True)
        button.setToolTip(theme.plain_tip(f"{tips[text].rstrip('。')}（Ctrl+Enter）。"))
        self._primary = button
        return foot

    # --- decisions

    def _asked(self, note: ImportNote, what: str) -> None:
        if what == ACCEPT:
            self.decisions.accept([note])
        elif what == BLANK:
            self.decisions.leave_blank(note)
        self._renew()
        self._show_note(note)

    def _accept_of_tab(self) -> None:
        key = self._keys[self._book.currentIndex()]
        self.decisions.accept(note for note in self._imported.notes if self._key_of(note) == key)
        self._renew()

    def _accept_everything(self) -> None:
        self.decisions.accept(self._imported.notes)
        self._renew()

    def _hints_clicked(self) -> None:
        self.decisions.fill_forced(self._hints.isChecked())
        self._renew()

    def _tab_chosen(self, number: int) -> None:
        self._book.setCurrentIndex(number)
        self._say_accepts()

    def _only_toggled(self, only: bool) -> None:
        for picture in self._pictures.values():
            if isinstance(picture, TablePicture):
                picture.show_only_doubtful(only)

    def _renew(self) -> None:
        """Everything that tells of what is decided."""
        report = self.report
        self._read.setText(f"读入 {len(report.entries)} 格")
        self._blank.setText(f"留空 {self.decisions.blank} 格")
        for picture in self._pictures.values():
            picture.renew()
        self._list.renew()
        count = len(self.decisions.forced)
        self._hints.setVisible(bool(count))
        self._hints.setChecked(self.decisions.has_forced)
        self._hints.setText(
            f"已按提示填入 {count} 格" if self.decisions.has_forced else f"按提示填入 {count} 格"
        )
        self._hints.setToolTip(
            theme.plain_tip("按勾稽关系，这些未填的格各只能是一个数。不按下就不填，再按一次取消。")
        )
        self._say_accepts()
        self._say_what_happens()

    def _say_accepts(self) -> None:
        notes = self._imported.notes
        whole = len(self.decisions.open_notes(notes))
        key = self._keys[self._book.currentIndex()]
        here = len(self.decisions.open_notes(note for note in notes if self._key_of(note) == key))
        self._accept_all.setVisible(whole > 1)
        self._accept_all.setText(f"全部采用 {whole} 处")
        name = f"表{self._form.section(key).number}" if key else "文字"
        self._accept_tab.setVisible(1 < here < whole)
        self._accept_tab.setText(f"采用{name}的 {here} 处")

    def _say_what_happens(self) -> None:
        """The foot: what the open report has already, and what becomes of it."""
        if self._current is None:
            self._said.setText("存疑的格导入后仍会标出，可以先导入再改。")
            self._losses.hide()
            return
        compared = edits.compare(self._current, self.report)
        if self._replace is None:
            self._said.setText("当前年报还是空的。")
        else:
            differ = f"，其中 {len(compared.different)} 格不同" if compared.different else "，没有不同的"
            words = f"；{'、'.join(compared.words)}不同" if compared.words else ""
            tail = words if len(words) <= 30 else f"；另有 {len(compared.words)} 处文字不同"
            self._said.setText(f"当前年报已有 {compared.filled} 格{differ}{tail}：")
            self._said.setToolTip(theme.plain_tip("、".join(compared.words)))
        for picture in self._pictures.values():
            if isinstance(picture, TablePicture):
                picture.show_replacing(self.replaces)
        losses = edits.take_over(self._current, self.report).told if self.replaces else ()
        self._losses.setText("".join(losses))
        self._losses.setVisible(bool(losses))

    # --- keeping the panes in step

    def _first(self) -> None:
        """Shows the first note, else the table with the most cells."""
        if self._imported.notes:
            self._list.setCurrentRow(0)
            self.setFocusProxy(self._list)
        else:
            largest = max(self._form.tables, key=lambda table: len(table.cells)).key
            self._show(largest)
            self.setFocusProxy(self._pictures[largest])

    def _key_of(self, note: ImportNote) -> str:
        """The tab that a note is about: the table of its cells or of its place, else the texts."""
        if note.cells:
            return self._form.cells[note.cells[0]].section
        named = (
            s.key
            for s in self._form.sections
            if s.table is not None and note.where.startswith(f"表{s.number}")
        )
        return next(named, _PROSE)

    def _show(self, key: str) -> None:
        index = self._keys.index(key)
        self._book.setCurrentIndex(index)
        self._tabs.button(index).setChecked(True)
        if hasattr(self, "_accept_all"):
            self._say_accepts()

    def _note_chosen(self) -> None:
        note = self._list.current_note()
        if note is not None:
            self._show_note(note)

    def _show_note(self, note: ImportNote) -> None:
        """Both sides where a note leads."""
        self._original.show_raws(note.raw, note.origin)
        self._show_in_form(self._key_of(note), note.cells, note.where[:1])
        lines: Lines = self._imported.source.lines
        places = [one for one in (note.origin, *(raw.origin for raw in note.raw)) if one in lines.at]
        self._say_where(told_together(places))

    def _say_where(self, words: str) -> None:
        self._range.setText(words)
        self._range.setToolTip(theme.plain_tip(words))

    def _show_in_form(self, key: str, cells: Sequence[str], section: str = "") -> None:
        self._show(key)
        for other, picture in self._pictures.items():
            if isinstance(picture, TablePicture):
                picture.outline(cells if other == key else ())
            elif other == key and section:
                picture.show_section(section)

    def _cell_chosen(self, cell_id: str) -> None:
        """A cell of the form: its place in the original, and the doubt about it."""
        about = next((note for note in self._imported.notes if cell_id in note.cells), None)
        self._point_list_at(about)
        origin = self._imported.placed.get(cell_id)
        if origin:
            ids, columns = self._ids[origin], self._original.columns_at(origin)
            at = (columns[ids.index(cell_id)],) if len(columns) == len(ids) else ()
            self._original.show_origins([origin], at)
            self._say_where(origin.words)
        elif about is not None:
            self._original.show_origins(origins_of(about))
            self._say_where(told_together(origins_of(about)))
        else:
            self._original.show_origins([])
            self._say_where("原文里没有找到这一格")
        self._show_in_form(self._form.cells[cell_id].section, [cell_id])

    def _place_chosen(self, origin: Origin, column: int, text: str) -> None:
        """A place of the original: the cell of the form that it was read into, the note about it, or the section."""
        self._say_where(origin.words)
        about = next(
            (
                note
                for note in self._imported.notes
                if any(raw.origin == origin and column in (-1, raw.column) for raw in note.raw)
            ),
            None,
        )
        self._point_list_at(about)
        ids, columns = self._ids.get(origin, []), self._original.columns_at(origin)
        if len(columns) == len(ids) and column in columns:
            ids = [ids[columns.index(column)]]
        if len(ids) == 1:
            self._show_in_form(self._form.cells[ids[0]].section, ids)
        elif about is not None and about.cells:
            self._show_in_form(self._key_of(about), about.cells)
        elif ids and column >= 0:
            self._show_in_form(self._form.cells[ids[0]].section, ())
        elif section := self._section_with(text):
            self._show_in_form(_PROSE, (), section)

    def _section_with(self, text: str) -> str:
        """The number of the section that a paragraph of the original stands in now; empty if in none."""
        beginning = "".join(text.split())[:20]
        return next(
            (
                section.number
                for section in self._form.sections
                if beginning
                and beginning in "".join(self._imported.report.sections.get(section.key, "").split())
            ),
            "",
        )

    def _text_chosen(self, text: str) -> None:
        """A paragraph of the texts: where it stands in the original."""
        wanted = "".join(text.split())
        for block in self._imported.source.blocks:
            if isinstance(block, SourceText) and block.origin:
                here = "".join(block.text.split())
                if len(here) > 1 and (here in wanted or wanted in here):
                    self._original.show_origins([block.origin])
                    self._say_where(block.origin.words)
                    return

    def _point_list_at(self, note: ImportNote | None) -> None:
        """Chooses the note's row without leading anywhere; none if there is no note."""
        self._list.blockSignals(True)
        self._list.setCurrentRow(self._imported.notes.index(note) if note is not None else -1)
        self._list.blockSignals(False)
        self._list.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._list.setMaximumHeight(max(72, event.size().height() * 23 // 100))  # the panes come first

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return
        super().keyPressEvent(event)


def _original_of(
    source: Source, notes: Sequence[ImportNote], placed: Mapping[str, Origin], path: Path | None
) -> Original:
    """The original as a person knows it: the pages of its PDF if that can be shown, else the blocks of its source.

    `path` is the file that was read, None if it came another way.
    """
    origins = [*placed.values(), *(origin for note in notes for origin in origins_of(note))]
    if path is not None and any(origin.box is not None for origin in origins):
        from gxeditor.ui.importing.pdf_view import PageView

        with suppress(OSError):  # gone meanwhile: what was read is still there
            if b"%PDF-" in read_head(path, 1024):
                return PageView(path, origins, notes)
    return PaperView(source, notes)


def _make_pane(pane: QWidget) -> None:
    pane.setMinimumSize(280, 140)
    pane.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
