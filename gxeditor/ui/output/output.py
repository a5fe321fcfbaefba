"""What leaves the program: the conversation about preview, printing, export and copying whole parts.

Knows which layout the report is printed in, where the preview stands (beside the editor where there is room, else in
its place), how the two lead to each other, and what is asked before a file is written. Pages are set once: what has
been made for the preview is printed and exported as it is, once the validator has approved of it. Everything long runs
in the child process, for which a task waits; formats are those of `documents`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QFileInfo, QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSplitter, QWidget

from gxeditor import documents
from gxeditor.core.checks.anchors import Anchor
from gxeditor.core.checks.rules import Severity
from gxeditor.core.difference import page_of
from gxeditor.core.errors import GxError
from gxeditor.core.report import Report
from gxeditor.files.aside import shown_name
from gxeditor.files.atomic import write_atomic
from gxeditor.paper.layouts import DEFAULT, Layout, default_layout, layout_from, layouts, to_data
from gxeditor.ui.desk import Desk
from gxeditor.ui.editor import clipboard
from gxeditor.ui.look import dialog, opening
from gxeditor.ui.look.tasks import Work, stop_all
from gxeditor.ui.output import export_dialog
from gxeditor.ui.output.export_dialog import PROOF
from gxeditor.ui.output.preview import Order, Preview

if TYPE_CHECKING:
    from gxeditor.paper.pages import PageSpot, Pdf
    from gxeditor.ui.output.page_view import PageView

R = TypeVar("R")

BESIDE = 1560
"""Logical pixels of the window from which table 三 stays whole beside a page that can be read."""
_PART = 0.36  # of the window for the preview beside the editor


class Output(QObject):
    """One for the window; made when something of it is first used.

    `previewing` is the command that opens and closes the preview: it is checked while that is open. `arranged` says
    that the editor has more or less room than before.
    """

    arranged = Signal()

    def __init__(self, desk: Desk, previewing: QAction) -> None:
        super().__init__(desk.frame)
        self.session = desk.session
        self._desk = desk
        self._previewing = previewing
        self._preview: Preview | None = None
        self._column: QWidget | None = None
        self._made: tuple[Order, Pdf] | None = None
        self._approved: Pdf | None = None  # the pages that the validator saw last and approved of
        self._proof = False
        self._placed = False  # whether the two have stood beside each other, as wide as the clerk left them

    # --- what is set

    @property
    def layout(self) -> Layout:
        """The profile in use with the clerk's changes; what of them cannot be understood is the profile's."""
        settings = self._desk.settings
        key = settings.layout or DEFAULT
        if key not in {layout.key for layout in layouts()}:
            return default_layout()
        return layout_from({**settings.layouts.get(key, {}), "key": key})[0]

    def _keep_layout(self, layout: Layout) -> None:
        changes = to_data(layout)
        key = changes.pop("key")
        kept = {**self._desk.settings.layouts, key: changes}
        self._desk.keep_settings(layout=key, layouts={k: dict(v) for k, v in kept.items() if v})
        self._renew(at_once=True)

    def order(self, *, proof: bool = False) -> Order:
        """What the report as it is would be set from."""
        session, layout = self.session, self.layout
        return Order(
            session.report,
            layout,
            session.prior if layout.charts else None,
            session.findings if proof else None,
        )

    def _made_before(self, order: Order) -> Pdf | None:
        return self._made[1] if self._made is not None and self._made[0] == order else None

    def _keep_made(self, order: Order, pdf: Pdf) -> None:
        self._made = order, pdf

    def _run(self, title: str, function: Callable[[Work], R]) -> R | None:
        return dialog.run_task(self._desk.frame, title, function)

    def _approved_pages(self, order: Order, work: Work) -> Pdf:
        """Pages that may leave the program: those that are shown, if they are of this order. In a task.

        Raises `NotArchival`, and what `Order.make` raises.
        """
        pdf = self._made_before(order) or order.make(work)
        if pdf is not self._approved:
            documents.approve_apart(pdf, work.cancelled)
            self._approved = pdf
        return pdf

    # --- preview

    @property
    def preview(self) -> Preview | None:
        """The pane while it is open."""
        return self._preview if self._preview is not None and not self._preview.isHidden() else None

    @property
    def covers(self) -> bool:
        """Whether the preview stands in the editor's place."""
        return self.preview is not None and self._column is not None and self._column.isHidden()

    @property
    def taken(self) -> int:
        """Of the window's width, what the preview beside the editor takes."""
        return self._splitter.sizes()[1] if self.preview is not None and not self.covers else 0

    def toggle_preview(self) -> None:
        """Opens the preview at the place that is being filled, or closes it."""
        if self.preview is None:
            self.open_preview()
        else:
            self.close_preview()

    def open_preview(self) -> None:
        """「在预览中看」: the preview, at the place that is being filled."""
        self._desk.finish_editing()
        if self._preview is None:
            self._build()
        assert self._preview is not None
        self._preview.show()
        self._arrange()
        self._previewing.setChecked(True)
        self._renew(at_once=True)
        self._follow()
        if self.covers:
            self._preview.setFocus()
        self.arranged.emit()

    def close_preview(self) -> None:
        """Back to the editor alone."""
        self._previewing.setChecked(False)
        if self.preview is None or self._column is None:
            return
        assert self._preview is not None
        self._preview.hide()
        self._column.show()
        self.arranged.emit()
        self._desk.focus_page()

    def stop(self) -> None:
        """The window closes: nothing goes on."""
        if self._preview is not None:
            self._preview.forget()
        stop_all()

    def leave_report(self) -> None:
        """The report is closed; nothing of it is kept."""
        self._made = self._approved = None
        if self._preview is not None:
            self.close_preview()
            self._preview.forget()

    def zoom(self, direction: int) -> bool:
        """Shows the pages larger (1), smaller (-1) or as on paper (0), if it is the preview that is meant."""
        preview = self.preview
        focus = self._desk.frame.focusWidget()
        if preview is None or not (self.covers or (focus is not None and preview.isAncestorOf(focus))):
            return False
        if direction:
            preview.zoom(direction)
        else:
            preview.view.set_zoom(100)
        return True

    def _build(self) -> None:
        """Puts the preview beside the column of page and findings."""
        desk = self._desk
        self._preview = preview = Preview()
        self._splitter: QSplitter = desk.put_beside(preview, "编辑和预览")
        self._column = self._splitter.widget(0)
        preview.made.connect(self._keep_made)
        preview.pointed.connect(self._go_to_spot)
        preview.entered.connect(self.close_preview)
        preview.closed.connect(self.close_preview)
        preview.layout_chosen.connect(self._choose_layout)
        preview.layout_asked.connect(self.ask_layout)
        preview.proof_chosen.connect(self._choose_proof)
        preview.print_asked.connect(self.print_report)
        preview.export_asked.connect(self.export)
        preview.view.name_of = self._name_of
        self.session.changed.connect(self._report_changed)
        self.session.in_view.goto.connect(self._finding_shown)
        desk.place_changed.connect(self._follow)
        desk.frame.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.preview is not None:
            self._arrange()
        return False

    def _arrange(self) -> None:
        assert self._column is not None
        width = self._desk.frame.width()
        if width < BESIDE:
            self._column.hide()
        elif self._column.isHidden() or not self._placed:
            self._column.show()
            part = round(width * _PART)
            self._splitter.setSizes([width - part, part])
            self._placed = True

    def _renew(self, *, at_once: bool = False) -> None:
        if self.preview is not None:
            order = self.order(proof=self._proof)
            self.preview.show_choices(order.layout, proof=self._proof)
            made = self._made_before(order)
            if made is not None and order != self.preview.order:
                self.preview.show_pdf(order, made)
            else:
                self.preview.renew(order, at_once=at_once)

    def _report_changed(self) -> None:
        self._renew()

    def _finding_shown(self, _anchor: Anchor) -> None:
        self._make_way()

    def _make_way(self) -> None:
        """Closes a preview that covers the pages."""
        if self.covers:
            self.close_preview()

    def _follow(self) -> None:
        """Frames in the preview what is being filled."""
        preview = self.preview
        if preview is None:
            return
        target, paragraph = self._desk.target()

        def spots(view: PageView) -> Sequence[PageSpot]:
            found = view.spots(target)
            exact = [spot for spot in found if spot.paragraph == paragraph]
            return exact or found[:1]

        preview.follow(spots)

    def _section_of(self, spot: PageSpot) -> str:
        """The key of the page on which a place is edited, "" for 基本信息."""
        cell = self.session.form.cells.get(spot.target)
        key = cell.section if cell is not None else page_of(spot.target)
        return key if any(section.key == key for section in self.session.form.sections) else ""

    def _go_to_spot(self, spot: PageSpot) -> None:
        """A click on a page: to the cell or the paragraph that stands there."""
        covered = self.covers
        if covered:
            self.close_preview()
        self._desk.finish_editing()
        self._desk.show_target(self._section_of(spot), spot.target, spot.paragraph)
        if covered:
            self._desk.tell(f"{self._previewing.shortcut().toString()} 回到预览。")

    def _name_of(self, spot: PageSpot) -> str:
        cell = self.session.form.cells.get(spot.target)
        if cell is not None:
            return f"{cell.place}\n单击去修改"
        key = self._section_of(spot)
        return f"{self.session.form.section(key).heading if key else '基本信息'}\n单击去修改"

    def _choose_layout(self, key: str) -> None:
        data = self._desk.settings.layouts.get(key, {})
        self._keep_layout(layout_from({**data, "key": key})[0])

    def _choose_proof(self, proof: bool) -> None:
        self._proof = proof
        self._renew(at_once=True)

    def ask_layout(self) -> None:
        """「版式…」"""
        from gxeditor.ui.output.layout_dialog import ask_layout

        found = self._run("读取这台电脑的字体", lambda work: documents.fonts_apart(work.cancelled))
        if found is not None:
            families, refused, odd = found
            for each in odd:
                self._desk.name_odd(each)
            told = [f"没有用字体“{shown_name(name)}”：{reason}" for name, reason in refused]
            told += [str(each) for each in odd]
            layout = ask_layout(self._desk.frame, self.layout, families, told)
            if layout is not None:
                self._keep_layout(layout)

    # --- printing

    def print_report(self) -> None:
        """「打印」: what the preview shows, else the report."""
        from gxeditor.ui.output import printing

        self._desk.finish_editing()
        order = self.order(proof=self._proof and self.preview is not None)
        pdf = self._run("准备打印", lambda work: self._approved_pages(order, work))
        if pdf is None:
            return
        self._keep_made(order, pdf)
        printer = printing.make_printer(order.report.title, duplex=order.layout.mirrored)
        current = self.preview.view.page if self.preview is not None else 0
        try:
            if not printing.ask_printer(self._desk.frame, printer, pdf.pages, current):
                return
        except GxError as error:
            dialog.show_error(self._desk.frame, error)
            return
        sides = self._run("打印", lambda work: printing.print_pages(pdf.data, printer, work))
        if sides is not None and (name := printer.outputFileName()):
            self._desk.tell_written(f"已打印到文件“{Path(name).name}”，共 {sides} 面。", [Path(name)])
        elif sides is not None:
            self._desk.tell(f"已送到打印机“{printer.printerName()}”，共 {sides} 面。")

    # --- export

    def export(self) -> None:
        """「导出」: asks for formats and place, writes all of them, and asks again for those that could not be."""
        desk = self._desk
        desk.finish_editing()
        report, settings = self.session.report, desk.settings
        layout = self.layout
        missing = self._run(
            "检查字体", lambda work: documents.missing_characters_apart(report, layout, work.cancelled)
        )
        if missing is None:
            return
        known = settings.export_folder
        folder = Path(known) if known and QFileInfo.exists(known) else desk.folder()
        choice = export_dialog.ask_export(
            desk.frame,
            report,
            self.session.findings,
            missing,
            folder / documents.default_name(report),
            formats=settings.export_formats,
            show_folder=settings.export_shows_folder,
            show_errors=self._show_errors,
        )
        if choice is None:
            return
        files = [(path, self.order()) for path in choice.paths]
        if choice.proof is not None:
            files.append((choice.proof, self.order(proof=True)))
        desk.keep_settings(
            export_folder=str(files[0][0].parent),
            export_formats=(*(path.suffix for path in choice.paths), *([PROOF] if choice.proof else [])),
            export_shows_folder=choice.show_folder,
        )
        written: list[Path] = []
        while files:
            done = self._write(files)
            written += [path for path, _, trouble in done if trouble is None]
            files = self._elsewhere([(path, order, trouble) for path, order, trouble in done if trouble])
        if written:
            desk.tell_written(f"已导出：{'、'.join(path.name for path in written)}", written)
            if choice.show_folder and (trouble := opening.show_in_folder(written[0])):
                desk.tell(trouble)

    def _write(self, files: Sequence[tuple[Path, Order]]) -> list[tuple[Path, Order, GxError | None]]:
        """Writes each file that can be written, until it is cancelled; what became of each that was tried."""
        done: list[tuple[Path, Order, GxError | None]] = []

        def write(work: Work) -> None:
            for number, (path, order) in enumerate(files):
                work.advance(number, len(files), path.name)
                work.stop_if_cancelled()
                trouble: GxError | None = None
                try:
                    suffix = path.suffix.lower()
                    if suffix == ".pdf":
                        data = self._approved_pages(order, work).data
                    else:
                        data = documents.content_apart(order.report, suffix, order.layout, work.cancelled)
                    work.stop_if_cancelled()
                    write_atomic(path, data)
                except GxError as error:
                    trouble = error
                done.append((path, order, trouble))

        self._run("导出", write)
        return done

    def _elsewhere(self, failed: Sequence[tuple[Path, Order, GxError]]) -> list[tuple[Path, Order]]:
        """Where else to write what could not be written; what the clerk gives up is left out."""
        from PySide6.QtWidgets import QFileDialog

        files = []
        for path, order, trouble in failed:
            if dialog.ask_elsewhere(self._desk.frame, trouble):
                kind = f"{documents.NAMES[path.suffix]} (*{path.suffix})"
                name, _ = QFileDialog.getSaveFileName(self._desk.frame, "另存为", str(path), kind)
                if name:
                    other = Path(name)
                    if other.suffix.lower() != path.suffix.lower():
                        other = other.with_name(f"{other.name}{path.suffix}")
                    files.append((other, order))
        return files

    def _show_errors(self) -> None:
        """Goes to the first error and opens the list of findings."""
        first = next((f for f in self.session.in_view.in_form_order() if f.severity is Severity.ERROR), None)
        if first is not None:
            self._make_way()
            self.session.in_view.lead_to(first)
        self._desk.open_findings()

    # --- copying

    def copy_section(self) -> None:
        """「复制本部分」: heading, table and text of the page in view, for Word or a website's editor."""
        self._copy(clipboard.put_section_on_clipboard)

    def copy_table(self) -> None:
        """「复制整表」: the table of the page in view, for Excel, Word or a website's editor."""
        self._copy(clipboard.put_table_on_clipboard)

    def _copy(self, put: Callable[[Report, str], None]) -> None:
        self._desk.finish_editing()
        key = self._desk.here
        if key:
            put(self.session.report, key)
            heading = self.session.form.section(key).heading
            self._desk.tell(f"已复制“{heading}”，可以粘贴到 Word、Excel 或网站编辑器。")
