"""The conversation about 定稿: the page before it, making the report final, its 校验报告 on disk and paper, reopening.

Knows which step each button is and keeps what was typed while the page is away. What the page shows is the page's, that
a report is final the session's, what a 校验报告 says `core.checks.summary`'s. Never replaces a 校验报告 of an earlier
time without being told to: one saved along with 定稿 takes a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gxeditor import documents
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.standing import State
from gxeditor.core.checks.summary import Summary
from gxeditor.core.errors import GxError
from gxeditor.paper.layouts import DEFAULT, layout_from
from gxeditor.ui.checks.reason import ask_reason
from gxeditor.ui.desk import Desk
from gxeditor.ui.finalizing.page import Draft, FinalPage
from gxeditor.ui.look import dialog
from gxeditor.ui.look.tasks import Work
from gxeditor.ui.session import HELD

if TYPE_CHECKING:
    from gxeditor.paper.pages import Pdf


class Finalizing:
    """「定稿」 for a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._draft: Draft | None = None

    def open(self) -> FinalPage | None:
        """Shows the page; of a final report says how it is opened again."""
        desk = self._desk
        desk.finish_editing()
        if desk.session.report.is_final:
            desk.tell(HELD)
            return None
        desk.session.hand_over()
        if self._draft is None:
            self._draft = Draft(desk.settings.checker, date.today(), desk.settings.final_formats)
        page = FinalPage(desk.session, self._draft, self._summary, self._make)
        page.went.connect(self._go)
        page.explain_asked.connect(desk.explain)
        page.list_asked.connect(self._list)
        page.export_asked.connect(self.export)
        page.print_asked.connect(self._print)
        page.final_asked.connect(self._finalize)
        page.left.connect(self._leave)
        desk.show_over(page)
        page.setFocus()
        return page

    def forget(self) -> None:
        """Another report: nothing typed for this one stays."""
        self._draft = None

    def _leave(self) -> None:
        self._desk.leave_over()

    def _go(self, finding: Finding) -> None:
        """「去改正」: to the place, from which Alt+← comes back."""
        self._desk.leave_over()
        self._desk.session.in_view.lead_to(finding)
        self._desk.came_from(self._again, "定稿")

    def _again(self) -> None:
        self.open()

    def _list(self) -> None:
        self._desk.list_checks(State.NOT_CHECKED)

    # --- the step itself

    def _finalize(self, forced: bool) -> None:
        desk, draft = self._desk, self._draft
        assert draft is not None
        try:
            done = desk.session.finalize(draft.checker, draft.day, draft.forced if forced else "")
        except GxError as error:
            dialog.show_error(desk.frame, error)
            return
        if not done:
            return
        desk.keep_settings(checker=draft.checker.strip(), final_formats=draft.formats)
        self._draft = None
        desk.leave_over()
        saved = desk.save_report()
        path = desk.session.path
        folder = path.parent if path is not None else desk.folder()
        name = documents.check_report_name(desk.session.report)
        written = self._write([_free(folder, name, suffix) for suffix in draft.formats])
        told = ["已定稿。" if saved else "已定稿，年报还没有保存。"]
        if written:
            told.append(
                f"校验报告已存为“{'”“'.join(one.name for one in written)}”，在“{written[0].parent}”。"
            )
        if written:
            desk.tell_written("".join(told), written)
        else:
            desk.tell("".join(told))

    def reopen(self) -> None:
        """「重新打开」: asks why, which is kept with the report."""
        desk, report = self._desk, self._desk.session.report
        if not report.is_final:
            desk.tell("这份年报没有定稿，可以直接改动。")
            return
        said = (
            "重新打开以后可以改动。这一次定稿的日期、核对人和校验码仍然留在年报里，原因印在以后的校验报告上。",
        )
        reason = ask_reason(desk.frame, "重新打开", "重新打开已定稿的年报？", said, "重新打开")
        if reason is not None:
            desk.session.reopen(date.today(), reason)

    # --- the 校验报告

    def _summary(self) -> Summary:
        session = self._desk.session
        report = session.report
        asked = (one for one in session.profiles if one.id == report.profile) if report.profile else ()
        profile = next(iter(asked), session.given.profile)
        return documents.check_summary(report, session.rules, session.findings, profile, datetime.now())

    @property
    def _faces(self) -> Mapping[str, str]:
        """The faces that the clerk has chosen for the report."""
        settings = self._desk.settings
        key = settings.layout or DEFAULT
        return layout_from({**settings.layouts.get(key, {}), "key": key})[0].faces

    def _make(self, summary: Summary, work: Work) -> Pdf:
        return documents.check_pages_apart(summary, self._faces, work.cancelled)

    def export(self) -> None:
        """「导出校验报告」: asks where, and writes it as the report stands now, final or not."""
        from PySide6.QtWidgets import QFileDialog

        desk = self._desk
        desk.finish_editing()
        desk.session.hand_over()
        name = documents.check_report_name(desk.session.report)
        filters = {suffix: f"{documents.NAMES[suffix]} (*{suffix})" for suffix in documents.CHECK_REPORTS}
        chosen, kind = QFileDialog.getSaveFileName(
            desk.frame, "导出校验报告", str(desk.folder() / f"{name}.pdf"), ";;".join(filters.values())
        )
        if not chosen:
            return
        path = Path(chosen)
        wanted = next((suffix for suffix, words in filters.items() if words == kind), ".pdf")
        if path.suffix.lower() not in filters or (path.suffix.lower() != wanted and path.stem == name):
            stem = path.stem if path.suffix.lower() in filters else path.name
            path = _free(path.parent, stem, wanted)  # the dialog asked about another name
        if written := self._write([path]):
            desk.tell_written(f"校验报告已存为“{written[0].name}”，在“{written[0].parent}”。", written)

    def _write(self, paths: Iterable[Path]) -> list[Path]:
        """Writes the 校验报告 to each place; asks for another where that cannot be done. What was written."""
        summary, written = self._summary(), []
        waiting = list(paths)
        while waiting:
            path = waiting.pop(0)
            trouble = self._written(summary, path)
            if trouble is None:
                written.append(path)
            elif isinstance(trouble, GxError) and dialog.ask_elsewhere(self._desk.frame, trouble):
                waiting += self._elsewhere(path)
        return written

    def _written(self, summary: Summary, path: Path) -> GxError | bool | None:
        """None once it is written, what went wrong, or False if it was given up."""
        troubles: list[GxError] = []

        def write(work: Work) -> bool:
            try:
                documents.export_check_report(summary, path, faces=self._faces, cancelled=work.cancelled)
            except GxError as error:
                troubles.append(error)
            return True

        if dialog.run_task(self._desk.frame, "写校验报告", write) is None:
            return False
        return troubles[0] if troubles else None

    def _elsewhere(self, path: Path) -> list[Path]:
        from PySide6.QtWidgets import QFileDialog

        kind = f"{documents.NAMES[path.suffix]} (*{path.suffix})"
        name, _ = QFileDialog.getSaveFileName(self._desk.frame, "另存为", str(path), kind)
        if not name:
            return []
        other = Path(name)
        same = other.suffix.lower() == path.suffix
        return [other if same else _free(other.parent, other.name, path.suffix)]

    def _print(self, pdf: Pdf) -> None:
        from gxeditor.ui.output import printing

        frame = self._desk.frame
        printer = printing.make_printer(documents.check_report_name(self._desk.session.report))
        try:
            if not printing.ask_printer(frame, printer, pdf.pages, 0):
                return
        except GxError as error:
            dialog.show_error(frame, error)
            return

        def send(work: Work) -> int:
            documents.approve_apart(pdf, work.cancelled)
            return printing.print_pages(pdf.data, printer, work)

        sides = dialog.run_task(frame, "打印", send)
        if sides is not None and (name := printer.outputFileName()):
            self._desk.tell_written(f"已打印到文件“{Path(name).name}”，共 {sides} 面。", [Path(name)])
        elif sides is not None:
            self._desk.tell(f"已送到打印机“{printer.printerName()}”，共 {sides} 面。")


def _free(folder: Path, name: str, suffix: str) -> Path:
    """A file that is not there yet: 「…校验报告.pdf」, else 「…校验报告（2）.pdf」."""
    path, number = folder / f"{name}{suffix}", 1
    while path.exists():
        number += 1
        path = folder / f"{name}（{number}）{suffix}"
    return path
